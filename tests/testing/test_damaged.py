"""Every fault is found as the catalogue says, and a damaged document says what happened to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import x271
from x271.errors import UsageError, X271Error
from x271.errors import catalogue as errors
from x271.findings import catalogue as findings
from x271.testing import (
    FAULTS,
    Damaged,
    Document,
    acknowledgements,
    damaged,
    mangled,
    ppmd_results,
    responses,
)
from x271.testing.faults.catalogue import _changes
from x271.testing.faults.texts import JSON, XML
from x271.testing.faults.writing import WRITINGS

FEW = settings(max_examples=12, suppress_health_check=list(HealthCheck))

# Rejections are seldom, and some faults need one, others an answer without.
SOUND = {
    "x12": st.one_of(
        responses(rejections=False, entities=True), responses(rejections=False), responses(rejections=True)
    ),
    "xml": ppmd_results(form="xml"),
    "json": ppmd_results(form="json"),
}


def codes(data: bytes) -> set[str]:
    return {one.code for one in x271.validate(data).findings}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_as_the_catalogue_says(name: str) -> None:
    fault = FAULTS[name]

    @FEW
    @given(damaged(SOUND[fault.form], [name]))
    def check(document: Damaged) -> None:
        assert document.faults == (name,)
        assert document.data != document.sound.data
        if fault.error:
            with pytest.raises(X271Error) as caught:
                x271.parse(document.data)
            assert caught.value.code == fault.error
            return
        found = codes(document.data)
        assert fault.findings <= found
        if fault.harmless:
            assert found <= codes(document.sound.data)

    check()


@pytest.mark.parametrize("name", [name for name, one in FAULTS.items() if one.harmless])
def test_what_is_no_fault_loses_no_benefit(name: str) -> None:
    @FEW
    @given(damaged(SOUND[FAULTS[name].form], [name]))
    def check(document: Damaged) -> None:
        assert benefits(document.data) >= benefits(document.sound.data)

    check()


def benefits(data: bytes) -> int:
    return sum(len(one.benefits) for one in x271.parse(data).patients())


def test_the_catalogue_names_findings_and_errors_that_exist() -> None:
    for fault in FAULTS.values():
        assert fault.findings <= set(findings())
        assert not fault.error or fault.error in errors()
        assert not (fault.findings and fault.error)


def test_every_fault_of_the_catalogue_is_done_and_every_one_that_is_done_is_in_it() -> None:
    done = [*_changes(), *WRITINGS, *XML, *JSON]
    assert sorted(done) == sorted(FAULTS)


def test_a_sentence_says_what_happened_without_a_stop() -> None:
    for fault in FAULTS.values():
        assert len(fault.sentence.split()) > 2
        assert fault.sentence[-1] not in ".!"
    assert len({fault.sentence for fault in FAULTS.values()}) == len(FAULTS)


def test_a_damaged_answer_reads_like_a_report() -> None:
    sound = Document.of(*_plain().sheets)
    made = FAULTS["service-types-by-comma"].done_to(sound)
    assert made is not None
    shown = repr(Damaged(made.data, made.form, made.sheets, ("service-types-by-comma",), sound))
    assert shown.split("\n")[:2] == [
        "Damaged('service-types-by-comma': service types are parted by a comma (EB03), findings=['UNKNOWN_CODE'],",
        "segments='''",
    ]
    assert "\n> EB*1**30,98*PR*GOLD~\n" in shown
    assert "\n  HL*3*2*22*0~\n" in shown


def _plain() -> Document:
    from x12 import answer
    from x271.testing.document import Sheet

    return Document.of(Sheet(tuple(answer("EB*1**30*PR*GOLD"))))


def test_damaged_bytes_are_shown_as_far_as_they_can_be() -> None:
    made = FAULTS["latin-1"].done_to(_plain())
    assert made is not None
    shown = repr(Damaged(made.data, made.form, made.sheets, ("latin-1",), _plain()))
    assert "NM1*IL*1*MU\\xd1OZ*JANE" in shown


@given(damaged(responses(), most=3))
@FEW
def test_several_faults_may_happen_at_once(document: Damaged) -> None:
    assert 1 <= len(document.faults) <= 3
    assert len(document.sentence.split("; ")) == len(document.faults)
    assert document.findings == {code for name in document.faults for code in FAULTS[name].findings}


@given(damaged(st.one_of(responses(), acknowledgements(), ppmd_results())))
def test_a_damaged_document_is_read_or_refused_with_our_error(document: Damaged) -> None:
    refused = ""
    try:
        x271.validate(document.data)
    except X271Error as error:
        refused = error.code
    assert refused == document.error


@given(mangled(responses()))
@FEW
def test_documents_that_are_drawn_can_be_mangled(data: bytes) -> None:
    assert isinstance(data, bytes)


def test_unknown_faults_are_refused_at_once() -> None:
    for faults in (["no-such-fault"], []):
        with pytest.raises(UsageError) as caught:
            damaged(responses(), faults)
        assert caught.value.code == "BAD_OPTION"
    with pytest.raises(UsageError):
        damaged(responses(), most=0)
