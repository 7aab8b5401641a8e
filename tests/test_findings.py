"""The catalogue of findings: closed, documented, and each code with an example that really gives it."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import get_args

import pytest

import x271
from generators import DOCS, generator
from x271 import _core
from x271.errors import Position
from x271.findings import Finding, Severity, catalogue

PAGES = generator("generate_catalogues")
EXAMPLES = PAGES.examples()["findings"]


def test_every_code_of_the_core_is_in_the_catalogue() -> None:
    assert set(_core.finding_codes()) <= set(catalogue())
    assert len(set(_core.finding_codes())) == len(_core.finding_codes())


def test_what_the_core_does_not_report_is_the_vendors_the_guides_or_a_questions() -> None:
    rest = set(catalogue()) - set(_core.finding_codes())
    assert {catalogue()[code]["area"] for code in rest} <= {"vendor", "guide", "inquiry"}


@pytest.mark.parametrize("code", catalogue())
def test_a_finding_has_a_severity_a_meaning_and_a_mend(code: str) -> None:
    row = catalogue()[code]
    assert row["severity"] in get_args(Severity)
    assert all(row[name].strip() for name in ("area", "meaning", "mend"))
    assert not row["meaning"].endswith(".")
    assert row["mend"].endswith(".")
    assert Finding(code=code).severity == row["severity"]
    assert Finding(code=code).message == row["meaning"]


@pytest.mark.parametrize("code", catalogue())
def test_the_example_of_a_finding_really_gives_it(code: str) -> None:
    assert code in EXAMPLES, f"docs/examples.toml has no example of the finding {code}"
    assert code in {one.code for one in PAGES.findings_of(EXAMPLES[code])}


def test_there_is_no_example_of_a_finding_that_does_not_exist() -> None:
    assert set(EXAMPLES) <= set(catalogue())


def test_the_page_of_findings_is_up_to_date() -> None:
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == PAGES.findings_page()


def test_a_stale_page_is_noticed_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(PAGES, "PAGES", {"findings.md": lambda: "new"})
    monkeypatch.setattr(PAGES, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    assert PAGES.main(["--check"]) == 1
    assert "findings.md" in capsys.readouterr().err
    assert PAGES.main([]) == 0
    assert PAGES.main(["--check"]) == 0


def test_a_finding_says_code_field_place_and_meaning() -> None:
    place = Position(loop="2110C", segment=7, element=3, offset=120)
    finding = Finding(code="AMBIGUOUS", field="copay($)", position=place)
    assert str(finding) == (
        "AMBIGUOUS:copay($) at loop 2110C, segment 7, element 3, byte offset 120: " + finding.message
    )
    assert str(Finding(code="NOT_UTF8")) == f"NOT_UTF8: {Finding(code='NOT_UTF8').message}"


def test_a_finding_is_a_value() -> None:
    finding = Finding(code="BAD_DATE", position=Position(offset=1), others=(Position(segment=2),))
    assert finding == copy.deepcopy(finding) == pickle.loads(pickle.dumps(finding))  # noqa: S301 - our own
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
    assert len({finding, copy.copy(finding)}) == 1
    with pytest.raises(ValueError, match="frozen"):
        finding.code = "OTHER"  # type: ignore[misc]


def test_findings_come_in_the_order_of_the_document() -> None:
    data = b"\r\n" + (DOCS.parent / "fixtures" / "variants" / "base.271").read_bytes()
    data = (
        data.replace(b"EB*H*", b"EB*Z7*").replace(b"*23*1000*", b"*23*$1,000*").replace(b"SE*41*", b"SE*14*")
    )
    found = x271.parse(data).findings
    assert [one.code for one in found] == ["LEADING_BLANKS", "BAD_NUMBER", "UNKNOWN_CODE", "CONTROL_MISMATCH"]
    offsets = [one.position.offset for one in found if one.position is not None]
    assert offsets == sorted(offsets, key=lambda offset: offset or 0)
    number = found[1].position
    assert number is not None
    assert (number.loop, number.element) == ("2110C", 7)
    assert number.offset is not None
    assert data[number.offset :].startswith(b"EB*C*IND*30***23*$1,000")


def test_the_examples_are_toml_with_the_codes_in_the_catalogues_order() -> None:
    for kind, known in (("findings", catalogue()), ("errors", x271.errors.catalogue())):
        listed = list(PAGES.examples()[kind])
        assert listed == [code for code in known if code in listed], kind
    assert json.dumps(PAGES.examples())
