"""The worked example of `docs/testing.md`: ten lines of test find both mistakes of a little converter."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

DOCS = Path(__file__).parent.parent.parent / "docs"
CONVERTER = (DOCS / "converter" / "converter.py").read_text(encoding="utf-8")
TEST = (DOCS / "converter" / "test_converter.py").read_text(encoding="utf-8")
PAGE = (DOCS / "testing.md").read_text(encoding="utf-8")

# Each mistake, and what stands there when it is mended. The page shows both.
MISTAKES = {
    "amount": (
        '"amount": Decimal(elements[7] or 0) or None,',
        '"amount": Decimal(elements[7]) if elements[7] else None,',
    ),
    "service_types": (
        '"service_types": (elements[3],) if elements[3] else (),',
        '"service_types": tuple(elements[3].split(repetition)) if elements[3] else (),',
    ),
}


def property_of(converter: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The example's test over this converter, with the same examples each time."""
    module = ModuleType("converter")
    exec(converter, module.__dict__)  # noqa: S102 - our own docs
    monkeypatch.setitem(sys.modules, "converter", module)
    names: dict[str, Any] = {}
    exec(TEST, names)  # noqa: S102 - our own docs
    (name,) = (name for name in names if name.startswith("test_"))
    calm = settings(
        max_examples=300,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    found: Callable[..., None] = calm(names[name])
    return found


def mended(*names: str) -> str:
    text = CONVERTER
    for name in names:
        mistake, right = MISTAKES[name]
        assert text.count(mistake) == 1
        text = text.replace(mistake, right)
    return text


@pytest.mark.parametrize(("name", "shown"), [("amount", r"\*\.?0(\.00)?(\*|~)"), ("service_types", r"\^")])
def test_each_mistake_is_found_and_its_example_is_short(
    name: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AssertionError) as caught:
        property_of(CONVERTER, monkeypatch)(name=name)
    told = "\n".join(caught.value.__notes__)
    segments = re.findall(r"^\s*([A-Z0-9]{2,3}\*.*~)$", told, re.MULTILINE)
    assert 10 < len(segments) <= 16
    assert re.search(shown, "\n".join(one for one in segments if one.startswith("EB*")))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_that_is_mended_is_not_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    property_of(mended(name), monkeypatch)(name=name)


def test_the_mended_converter_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    check = property_of(mended(*MISTAKES), monkeypatch)
    for name in MISTAKES:
        check(name=name)


def test_the_page_shows_the_files_and_the_mistakes() -> None:
    assert f"```python\n{TEST}```" in PAGE
    assert CONVERTER.split('"""One EB."""\n')[1].strip() in PAGE
    assert all(right in PAGE for _, right in MISTAKES.values())


def test_the_test_has_ten_lines() -> None:
    lines = [line for line in TEST.split("\n") if line.strip()]
    assert len(lines) == 10
