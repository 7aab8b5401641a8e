"""What an inquiry says is what its 270 says, whatever it says; and nothing is written that the guide does not allow."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import x271
from x12 import FIXTURES
from x271.grammar.envelope import Delimiters
from x271.inquiries import Inquiry, to_x12
from x271.inquiries.sending import with_originator
from x271.testing import inquiries, mangled, spoiled_inquiries
from x271.testing.asking import TODAY

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 0, tzinfo=UTC)
# An inquiry is large, so that fewer are drawn than the profile says.
FEWER = settings(max_examples=max(1, settings().max_examples // 4))
PIPES = Delimiters(element="~", repetition="*", component=":", terminator="^")
LINES = Delimiters(element="|", repetition="&", component=">", terminator="\n")


def written(made: list[Inquiry]) -> bytes:
    return to_x12(made, sender="SUBMITTER", receiver="RECEIVER", at=AT, batch=True)


def batches() -> st.SearchStrategy[list[Inquiry]]:
    """Few different inquiries, some of them again and again, so that some stand side by side."""
    few = st.lists(inquiries(wide=True), min_size=1, max_size=3)
    return few.flatmap(lambda made: st.lists(st.sampled_from(made), min_size=1, max_size=9))


@given(inquiries(wide=True))
@FEWER
def test_an_inquiry_is_read_back_as_it_was(inquiry: Inquiry) -> None:
    data = written([inquiry])
    assert list(x271.parse(data).inquiries()) == [inquiry]
    assert x271.validate(data).findings == ()


@given(batches())
@FEWER
def test_a_batch_is_read_back_in_its_order(made: list[Inquiry]) -> None:
    data = written(made)
    assert list(x271.parse(data).inquiries()) == made
    assert x271.validate(data).findings == ()


@given(inquiries(wide=True))
@FEWER
def test_what_is_valid_changes_nothing_on_its_way(inquiry: Inquiry) -> None:
    assert inquiry.as_sent() is inquiry or inquiry.as_sent() == inquiry
    assert inquiry.check(at=TODAY, batch=True).valid


@given(inquiries(wide=True))
@FEWER
def test_an_inquiry_survives_json(inquiry: Inquiry) -> None:
    assert Inquiry.model_validate_json(inquiry.model_dump_json()) == inquiry


@given(spoiled_inquiries())
@FEWER
def test_anything_is_refused_with_our_error_or_written_as_the_guide_wants_it(inquiry: Inquiry) -> None:
    report = inquiry.check(at=TODAY, batch=True)
    if not report.valid:
        with pytest.raises(x271.InvalidInquiry) as caught:
            written([inquiry])
        assert caught.value.problems == report.problems
        return
    data = written([inquiry])
    assert x271.validate(data).findings == ()
    (read,) = x271.parse(data).inquiries()
    assert read == with_originator(inquiry.as_sent(), "9SUBMITTER")


@FEWER
@given(inquiries(wide=True), st.sampled_from((PIPES, LINES)))
def test_with_other_delimiters_an_inquiry_is_read_back_as_it_is_sent(
    inquiry: Inquiry, delimiters: Delimiters
) -> None:
    report = inquiry.check(at=TODAY, batch=True, delimiters=delimiters)
    if report.valid:  # else a delimiter stands where it cannot, or little is left of a name without it
        data = to_x12([inquiry], at=AT, batch=True, sender="S1", receiver="R1", delimiters=delimiters)
        assert list(x271.parse(data).inquiries()) == [inquiry.as_sent(delimiters=delimiters)]
        assert x271.validate(data).findings == ()


@FEWER
@given(spoiled_inquiries(), st.sampled_from((None, PIPES)))
def test_being_made_fit_twice_is_being_made_fit_once(inquiry: Inquiry, delimiters: Delimiters | None) -> None:
    once = inquiry.as_sent(delimiters=delimiters)
    assert once.as_sent(delimiters=delimiters) == once


QUESTIONS = tuple(path.read_bytes() for path in sorted(FIXTURES.rglob("*.270")))


@given(mangled(QUESTIONS))
def test_a_damaged_question_gives_inquiries_or_our_error(data: bytes) -> None:
    try:
        found = list(x271.parse(data).inquiries())
    except x271.X271Error:
        return
    for one in found:
        one.check(at=TODAY)
        repr(one)
