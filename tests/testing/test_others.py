"""Questions, acknowledgements, whole inputs, PPMDResults, and the types that hypothesis knows."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import x271
from x271.errors import UsageError
from x271.inquiries import Inquiry
from x271.testing import (
    Document,
    acknowledgements,
    inquiries,
    interchanges,
    ppmd_results,
    responses,
    wild_questions,
    wild_responses,
)

FEWER = settings(max_examples=40)


def sound(data: bytes) -> bool:
    return x271.validate(data).findings == ()


@given(inquiries())
@FEWER
def test_a_question_can_be_sent(inquiry: Inquiry) -> None:
    data = inquiry.to_x12(batch=True)
    assert sound(data)
    assert list(x271.parse(data).inquiries()) == [inquiry]


@given(st.integers(0, 3), st.data())
@FEWER
def test_a_question_has_as_many_dependents_as_wanted(count: int, data: st.DataObject) -> None:
    assert len(data.draw(inquiries(dependents=count)).dependents) == count


@given(acknowledgements())
def test_an_acknowledgement_keeps_to_its_guide(document: Document) -> None:
    assert sound(document.data)
    x271.read_acknowledgment(document.data)


@given(st.sampled_from(("999", "997", "ta1")), st.booleans(), st.data())
@FEWER
def test_an_acknowledgement_accepts_or_rejects_as_wanted(
    kind: str, accepted: bool, data: st.DataObject
) -> None:
    document = data.draw(acknowledgements(kind=kind, accepted=accepted))  # type: ignore[arg-type]
    read = x271.read_acknowledgment(document.data)
    assert read.accepted is accepted
    assert [one.kind for one in read.groups] == ([] if kind == "ta1" else [kind])


@given(interchanges())
@FEWER
def test_a_whole_input_has_no_finding(document: Document) -> None:
    assert sound(document.data)
    assert b"".join(sheet.written() for sheet in document.sheets) == document.data


@given(interchanges(kinds=("271",), most=2))
@FEWER
def test_a_whole_input_holds_what_was_asked_for(document: Document) -> None:
    kinds = [type(one).__name__ for one in document.interchange.transactions()]
    assert set(kinds) == {"EligibilityAnswer"}
    assert 1 <= len(kinds) <= 8


@given(ppmd_results())
@FEWER
def test_an_answer_as_xml_or_json_has_no_finding_and_means_what_its_x12_means(document: Document) -> None:
    assert sound(document.data)
    (sheet,) = document.sheets
    own = [benefit.amount for record in x271.normalize_all(document.data) for benefit in record.benefits]
    x12 = [benefit.amount for record in x271.normalize_all(sheet.written()) for benefit in record.benefits]
    assert own == x12


@given(st.sampled_from(("xml", "json")), st.data())
@FEWER
def test_the_form_can_be_chosen(form: str, data: st.DataObject) -> None:
    document = data.draw(ppmd_results(form=form))  # type: ignore[arg-type]
    assert document.form == form
    assert document.data.lstrip().startswith(b"<" if form == "xml" else b"{")
    assert document.data.decode("latin-1" if b"8859" in document.data[:60] else "utf-8") in repr(document)


@pytest.mark.parametrize(("outcome", "code"), [("pending", "ANSWER_PENDING"), ("fault", "VENDOR_FAULT")])
def test_a_check_may_have_no_answer(outcome: str, code: str) -> None:
    @FEWER
    @given(ppmd_results(outcome=outcome))  # type: ignore[arg-type]
    def check(document: Document) -> None:
        with pytest.raises(x271.X271Error) as caught:
            x271.parse(document.data)
        assert caught.value.code == code

    check()


@given(wild_responses(), wild_questions())
@FEWER
def test_wild_answers_can_be_asked_wild_questions(document: Document, question: dict[str, object]) -> None:
    for record in x271.normalize_all(document.data, **question):  # type: ignore[arg-type]
        assert record.coverage in ("active", "inactive", "unknown")


@pytest.mark.parametrize(
    "make",
    [
        lambda: inquiries(dependents=99),
        lambda: acknowledgements(kind="835"),  # type: ignore[arg-type]
        lambda: interchanges(kinds=()),
        lambda: interchanges(kinds=("837",)),  # type: ignore[arg-type]
        lambda: interchanges(most=0),
        lambda: ppmd_results(form="x12"),  # type: ignore[arg-type]
        lambda: ppmd_results(outcome="lost"),  # type: ignore[arg-type]
    ],
)
def test_an_option_that_is_none_is_refused_at_once(make: object) -> None:
    assert callable(make)
    with pytest.raises(UsageError):
        make()


TYPES = (
    *(x271.Interchange, x271.Inquiry, x271.Eligibility, x271.Benefit, x271.Report, x271.Acknowledgment),
    *(x271.Payer, x271.Provider, x271.Service, x271.Subscriber, x271.Dependent),
)


@pytest.mark.parametrize("model", TYPES)
def test_hypothesis_draws_our_models_by_their_type(model: type) -> None:
    @settings(max_examples=8)
    @given(st.from_type(model))
    def check(drawn: object) -> None:
        assert type(drawn) is model

    check()


def test_the_types_are_known_by_an_entry_point() -> None:
    (found,) = (one for one in entry_points(group="hypothesis") if one.name == "x271")
    assert found.value == "x271.testing.registration:register"


def test_every_public_name_is_there_and_no_other() -> None:
    import x271.testing

    for name in x271.testing.__all__:
        assert getattr(x271.testing, name) is not None
        assert not hasattr(getattr(x271.testing, name), "__path__"), name
    with pytest.raises(AttributeError, match="no attribute 'answers_of_nobody'"):
        _ = x271.testing.answers_of_nobody
    assert responses is x271.testing.responses


def _printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def test_importing_hypothesis_loads_none_of_our_models() -> None:
    """Everybody who has x271 installed pays for the entry point in every run."""
    heavy = ("pydantic", "lxml", "x271._core", "x271.grammar.envelope")
    code = f"import sys, hypothesis; print([name for name in {heavy!r} if name in sys.modules])"
    assert _printed(code) == "[]"


@pytest.mark.parametrize(
    "imports", ["import hypothesis, x271", "import x271; x271.Inquiry; import hypothesis"]
)
def test_types_are_known_whether_they_or_hypothesis_are_loaded_first(imports: str) -> None:
    code = f"{imports}; from hypothesis import find, strategies as st; find(st.from_type(x271.Inquiry), bool)"
    assert _printed(f"{code}; find(st.from_type(x271.Interchange), bool); print('drawn')") == "drawn"
