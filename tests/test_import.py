"""What `import x271` costs and gives."""

from __future__ import annotations

import subprocess
import sys

import pytest

import x271


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def test_importing_loads_nothing_heavy() -> None:
    heavy = ("pydantic", "lxml", "xmltodict", "json", "hypothesis", "pyarrow", "x271._core")
    assert fresh(f"import sys, x271; print([name for name in {heavy!r} if name in sys.modules])") == "[]"


@pytest.mark.parametrize("name", x271.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(x271, name).__name__ == name
    assert name in dir(x271)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "from x271.normalize import integrex",
        "import x271.normalize.integrex",
        "import x271.api, x271.batch.read",
    ],
)
def test_normalize_is_the_function_whatever_was_imported_before(before: str) -> None:
    assert fresh(f"{before}\nimport x271; print(type(x271.normalize).__name__)") == "function"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'normalise'"):
        x271.normalise  # noqa: B018


@pytest.mark.parametrize("vendor", ["vsee", "integrex", "verifytreatment", "changehealthcare"])
def test_a_vendors_requests_are_named_from_the_top(vendor: str) -> None:
    assert fresh(f"import x271; print(callable(x271.inquiries.{vendor}.inquiry))") == "True"
