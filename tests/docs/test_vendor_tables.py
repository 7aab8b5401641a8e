"""The tables of vendors' fields in the pages are those that the package goes by."""

from __future__ import annotations

from pathlib import Path

import pytest

from generators import DOCS, generator

TABLES = generator("generate_vendor_tables")


def test_the_tables_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert TABLES.main(["--check"]) == 0, capsys.readouterr().err


def test_every_vendors_table_stands_on_a_page() -> None:
    pages = "".join((DOCS / name).read_text(encoding="utf-8") for name in TABLES.PAGES)
    shown = {mark[1] for mark in TABLES.MARK.finditer(pages)}
    assert shown == {
        *(
            f"inquiries/{vendor}.tsv"
            for vendor in ("vsee", "integrex", "verifytreatment", "changehealthcare")
        ),
        "shapes/verifytreatment.tsv",
        "shapes/verifytreatment_coverage.tsv",
    }


def test_a_stale_table_is_noticed_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TABLES.PAGES:
        whole = (DOCS / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(whole.replace("NM109", "NM110"), encoding="utf-8")
    monkeypatch.setattr(TABLES, "DOCS", tmp_path)
    assert TABLES.main(["--check"]) == 1
    assert TABLES.main([]) == 0
    assert TABLES.main(["--check"]) == 0
    assert "NM110" not in (tmp_path / "requests.md").read_text(encoding="utf-8")
