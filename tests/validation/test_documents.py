"""Whole documents: our fixtures are valid or we know why not, and whatever comes in is validated and answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from drawn import answers, whole
from variants import VARIANTS
from x12 import FIXTURES
from x271.grammar.base import Segment
from x271.grammar.envelope import Delimiters
from x271.grammar.segments import BeginningOfTransaction, InterchangeHeader, MessageText, TraceNumber
from x271.testing import mangled

# What is known to be odd in a fixture: code, what it is about, how often.
ODD = {
    # The vendor's form has no LS and LE; validity does not hang on it.
    "ppmd-dependent.xml": [("ENTITY_WITHOUT_LS", "")],
    "ppmd-dependent-vsee.json": [("ENTITY_WITHOUT_LS", "")],
    # Medicaid programs say each service of its own; X12 asks for one benefit with several. [RFI 2267]
    "medicaid-managed-care.271": [("REPEATED_BENEFIT", "EB03")],
    "T22.x12": [("REPEATED_BENEFIT", "EB03")],
    # The case is about ISA11 that is no separator.
    "T01.x12": [("BAD_REPETITION_SEPARATOR", "")],
    # The case is X12's own example, in which a dependent announces children.
    "T34.x12": [("HL_CHILD_MISMATCH", ""), ("CODE_NOT_ALLOWED", "HL04")],
}
PIPES = Delimiters(element="|", repetition="!", component=">", terminator="'")
SKIPPED = ("cases.json", "PROVENANCE.md")


def documents() -> list[Path]:
    folders = ("archive", "questions", "acknowledgments", "variants", "cases")
    return [
        path
        for folder in folders
        for path in sorted((FIXTURES / folder).iterdir())
        if path.is_file() and path.name not in SKIPPED
    ]


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_fixture_is_quiet_or_we_know_why_not(path: Path) -> None:
    report = x271.validate(path)
    assert [(one.code, one.field) for one in report.findings] == ODD.get(path.name, [])


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_what_answers_a_fixture_is_valid(path: Path) -> None:
    answered_by_valid_documents(x271.validate(path))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_has_the_findings_of_reading_and_no_others(name: str) -> None:
    variant = VARIANTS[name]
    report = x271.validate(variant.data)
    assert {one.code for one in report.findings} == variant.findings
    answered_by_valid_documents(report)


def answered_by_valid_documents(report: x271.Report) -> None:
    """TA1 and 999 are valid by our grammar, and read back they say what was to be said."""
    first = report.ta1()
    if first:
        assert x271.validate(first).findings == ()
        told = x271.read_acknowledgment(first).interchanges
        meant = [one.verdict for one in report.answers if not one.is_acknowledgment]
        assert [(one.verdict, one.note) for one in told] == [(one.verdict, one.note) for one in meant]
    second = report.ack_999()
    if second:
        assert x271.validate(second).findings == ()
        said = x271.read_acknowledgment(second).groups
        groups = [one.verdict for answer in report.answers for one in answer.groups]
        assert [
            one.model_copy(
                update={
                    "position": None,
                    "transactions": tuple(
                        each.model_copy(update={"position": None}) for each in one.transactions
                    ),
                }
            )
            for one in said
        ] == groups


@given(answers())
def test_any_answer_is_validated_and_answered(data: bytes) -> None:
    report = x271.validate(data)
    assert report.valid == (not report.snip)
    assert report == x271.Report.model_validate_json(report.model_dump_json())
    answered_by_valid_documents(report)


@given(st.one_of(mangled(whole())))
def test_damage_is_reported_or_refused_and_what_answers_it_can_be_read(data: bytes) -> None:
    try:
        report = x271.validate(data)
    except x271.X271Error:
        return
    parsed = x271.parse(data).findings
    assert len(report.findings) >= len(parsed)
    for written in (report.ta1(), report.ack_999()):
        if written:
            x271.read_acknowledgment(written)
            assert "CONTROL_MISMATCH" not in {one.code for one in x271.validate(written).findings}


@pytest.mark.parametrize("style", [None, PIPES], ids=["its own delimiters", "others"])
@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_changed_copy_has_no_finding_that_the_document_had_not(
    path: Path, style: Delimiters | None
) -> None:
    if path.suffix in {".xml", ".json"}:
        return
    before, after = (
        x271.validate(path),
        x271.validate(x271.parse(path).map_segments(change).to_x12(delimiters=style)),
    )
    assert {(one.code, one.field) for one in after.findings} <= {
        (one.code, one.field) for one in before.findings
    }
    assert after.valid or not before.valid


def change(segment: Segment) -> Segment | None:
    """Another sender, time and trace, and no messages."""
    if isinstance(segment, InterchangeHeader):
        return segment.model_copy(update={"sender": "SOMEBODY ELSE"})
    if isinstance(segment, BeginningOfTransaction):
        return segment.model_copy(update={"time": "2359"})
    if isinstance(segment, TraceNumber):
        return segment.model_copy(update={"number": f"{segment.number}-2"})
    return None if isinstance(segment, MessageText) else segment
