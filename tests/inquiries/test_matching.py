"""An answer and its question: by trace number, by identity, and what the payer changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import x271
from inquiries.asked import AT, BABY, JANE, about_baby, about_jane, inquiry
from x12 import FIXTURES
from x271.inquiries import Dependent, Inquiry, Match, Reference, Subscriber, TraceNumber

TRACED = {"traces": (TraceNumber(number="T1", originator="9CLEARING1"),)}
OTHER = {"traces": (TraceNumber(number="T2", originator="9CLEARING1"),)}


def answer(case: str, *changes: tuple[bytes, bytes]) -> x271.Eligibility:
    """A case of the specification: T34 is about Jane's dependent BABY, T30 about Jane, both with the trace T1."""
    data = (FIXTURES / "cases" / f"{case}.x12").read_bytes()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    return x271.normalize(data)


UNTRACED = (b"TRN*2*T1*9CLEARING1~", b"")


def changed(match: Match) -> dict[str, tuple[Any, Any]]:
    return {one.field: (one.asked, one.answered) for one in match.differences}


def test_an_answer_is_found_by_its_trace_number() -> None:
    found = answer("T30").answers(about_jane(**TRACED))
    assert found
    assert (found.by, found.patient, found.answered_as) == ("trace", "subscriber", "subscriber")
    assert found.differences == ()
    assert not found.identity_changed


def test_a_trace_number_is_found_whatever_its_case_and_without_our_knowing_the_originator() -> None:
    assert answer("T30").answers(about_jane(traces=(TraceNumber(number=" t1 "),))).by == "trace"


def test_by_its_trace_number_an_answer_is_found_though_all_else_changed() -> None:
    made = about_jane(
        **TRACED | {"member_id": "X1", "last_name": "ROE", "birth_date": date(1981, 1, 1), "gender": "M"}
    )
    found = answer("T30").answers(made)
    assert found.by == "trace"
    assert changed(found) == {
        "subscriber.member_id": ("X1", "W100"),
        "subscriber.last_name": ("ROE", "DOE"),
        "subscriber.birth_date": (date(1981, 1, 1), date(1980, 1, 1)),
        "subscriber.gender": ("M", "F"),
    }


def test_another_trace_number_of_the_same_originator_is_another_question() -> None:
    found = answer("T30").answers(about_jane(**OTHER))
    assert not found
    assert found == Match()


def test_a_trace_number_of_another_originator_says_nothing() -> None:
    made = about_jane(traces=(TraceNumber(number="T1", originator="9SUBMITTER"),))
    assert answer("T30").answers(made).by == "identity"


def test_the_payers_own_trace_number_says_nothing() -> None:
    own = answer("T30", (b"TRN*2*T1*", b"TRN*1*T2*"))
    assert own.answers(about_jane(**TRACED)).by == "identity"
    assert own.answers(about_jane(**OTHER)).by == "identity"


@pytest.mark.parametrize(
    ("wrong", "by"),
    [
        ({}, "identity"),
        ({"first_name": "JANET"}, "identity"),
        ({"birth_date": date(1981, 1, 1)}, "identity"),
        ({"member_id": "W101"}, "identity"),
        ({"member_id": "W101", "first_name": "JANET"}, ""),
        ({"last_name": "ROE", "first_name": "JANET"}, ""),
        ({"last_name": "ROE"}, ""),
    ],
)
def test_without_a_trace_number_all_fields_of_a_search_option_must_agree(
    wrong: dict[str, Any], by: str
) -> None:
    found = answer("T30", UNTRACED).answers(about_jane(**wrong))
    assert found.by == by
    if by:
        assert set(changed(found)) == {f"subscriber.{name}" for name in wrong}


def test_signs_case_and_accents_do_not_make_another_person() -> None:
    made = about_jane(last_name="d'öe", first_name="jáne", member_id="w-100")
    found = answer("T30", UNTRACED, (b"*DOE*JANE*", b"*DOE*Jane*")).answers(made)
    assert found.by == "identity"
    assert set(changed(found)) == {
        "subscriber.last_name",
        "subscriber.member_id",
    }  # written otherwise all the same


def test_a_dependent_is_found_with_its_subscriber() -> None:
    found = answer("T34", UNTRACED).answers(about_baby())
    assert (found.by, found.patient, found.answered_as) == ("identity", "dependents[0]", "dependent")
    assert changed(found) == {}
    assert found.agreed == (
        "subscriber.member_id",
        *(f"dependents[0].{name}" for name in ("last_name", "first_name", "birth_date", "gender")),
    )


def test_what_changed_of_the_subscriber_is_named_of_the_subscriber() -> None:
    made = inquiry(
        subscriber=Subscriber(**JANE | {"first_name": "JANET"}), dependents=(Dependent(**BABY, **TRACED),)
    )
    assert changed(answer("T34").answers(made)) == {"subscriber.first_name": ("JANET", "JANE")}


def test_of_twins_the_right_one_is_found() -> None:
    twins = tuple(Dependent(**BABY | {"first_name": name}) for name in ("BOBBY", "BABY", "BILLY"))
    made = inquiry(dependents=twins)
    assert answer("T34", UNTRACED).answers(made).patient == "dependents[1]"


def test_where_two_fit_as_well_none_is_found() -> None:
    twins = tuple(Dependent(**BABY | {"first_name": name}) for name in ("BOBBY", "BILLY"))
    assert not answer("T34", UNTRACED).answers(inquiry(dependents=twins))


def test_of_several_patients_with_one_trace_number_the_identity_decides() -> None:
    twins = tuple(Dependent(**BABY | {"first_name": name}, **TRACED) for name in ("BOBBY", "BABY"))
    found = answer("T34").answers(inquiry(dependents=twins))
    assert (found.by, found.patient) == ("trace", "dependents[1]")


def test_asked_as_a_dependent_and_answered_as_a_subscriber_with_a_number_of_its_own() -> None:
    found = answer("T35").answers(about_baby(**TRACED))
    assert (found.by, found.patient, found.answered_as) == ("trace", "dependents[0]", "subscriber")
    assert found.identity_changed  # INS*Y*18*001*25
    assert changed(found) == {"subscriber.member_id": ("W100", "W10002")}


def test_what_was_not_asked_and_is_answered_is_added_and_not_changed() -> None:
    made = inquiry(subscriber=Subscriber(last_name="DOE", first_name="JANE", birth_date=date(1980, 1, 1)))
    found = answer("T30", UNTRACED).answers(made)
    assert found.by == "identity"
    assert found.differences == ()
    assert {one.field: one.answered for one in found.added} == {
        "subscriber.member_id": "W100",
        "subscriber.gender": "F",
    }


def test_a_gender_that_the_payer_does_not_know_corrects_nothing() -> None:
    found = answer("T30", (b"*19800101*F~", b"*19800101*U~")).answers(about_jane(**TRACED))
    assert found.differences == ()


def test_what_the_payer_leaves_out_is_no_difference() -> None:
    found = answer("T30", (b"DMG*D8*19800101*F~", b"")).answers(about_jane(**TRACED))
    assert found.by == "trace"
    assert found.differences == ()


def test_a_refusal_belongs_to_its_question_too() -> None:
    refused = x271.normalize(FIXTURES / "archive" / "member-not-found.271")
    echo = refused.traces[0]
    made = about_jane(traces=(TraceNumber(number=echo.number, originator=echo.originator),))
    assert refused.rejected
    assert refused.answers(made).by == "trace"


def test_the_questions_of_a_batch_find_their_answers() -> None:
    answers = x271.normalize_all(FIXTURES / "archive" / "batch-three-sets.271")
    asked = [question_of(one) for one in answers]
    assert len(asked) > 5
    for number, made in enumerate(asked):
        assert [at for at, one in enumerate(answers) if one.answers(made)] == [number]


def question_of(found: x271.Eligibility) -> Inquiry:
    """An inquiry that the answer could be of."""
    holder = found.subscriber
    subscriber = Subscriber(
        member_id=holder.member_id,
        last_name=holder.last_name,
        first_name=holder.first_name,
        birth_date=holder.birth_date,
    )
    if not found.is_dependent:
        return inquiry(subscriber=subscriber)
    person = found.patient
    child = Dependent(last_name=person.last_name, first_name=person.first_name, birth_date=person.birth_date)
    return inquiry(subscriber=subscriber, dependents=(child,))


def test_a_match_shows_fields_and_no_values() -> None:
    found = answer("T30").answers(about_jane(**TRACED | {"member_id": "X1", "birth_date": date(1981, 1, 1)}))
    shown = repr(found) + str(found)
    assert "subscriber.member_id" in shown
    assert not any(text in shown for text in ("X1", "W100", "1981", "1980"))


def test_a_match_is_made_from_its_json() -> None:
    found = answer("T30").answers(about_jane(**TRACED | {"member_id": "X1"}))
    assert Match.model_validate_json(found.model_dump_json()) == found


def test_a_question_that_was_written_and_read_finds_its_answer() -> None:
    made = about_jane(**TRACED, references=(Reference(qualifier="6P", value="G1"),))
    (read,) = x271.parse(made.to_x12(at=AT)).inquiries()
    assert answer("T30").answers(read).by == "trace"
