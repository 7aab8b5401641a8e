"""The example card in docs/show.md is what the command draws."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """`docs/generate_show_page.py`, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("generate_show_page", DOCS / "generate_show_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_card_in_the_page_is_the_one_that_is_drawn(
    generator: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_card_is_noticed_and_written_anew(
    generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (DOCS / "show.md").read_text(encoding="utf-8")
    stale = tmp_path / "show.md"
    stale.write_text(whole.replace("ACTIVE", "NATIVE"), encoding="utf-8")
    monkeypatch.setattr(generator, "PAGE", stale)
    assert generator.main(["--check"]) == 1
    assert generator.main([]) == 0
    assert stale.read_text(encoding="utf-8") == whole
