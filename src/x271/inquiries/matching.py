"""Whether an answer is about a question's patient, and what the payer has otherwise than it was asked.

By trace number first: the payer echoes it (TRN01 2). Else by identity: all fields of a search option
(`search_options.tsv`) agree, the best option first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from .._model import Model
from .inquiry import Inquiry
from .parts import Kind
from .people import Patient
from .search import search_options, search_path
from .texts import fit

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..normalize.record import Person, Trace

Said = date | str | None

_WORDS = Kind("words")
_COMPARED = ("last_name", "first_name", "middle_name", "suffix", "birth_date", "gender")
_NO_GENDER = "U"  # the payer does not know it, which corrects nothing


class Difference(Model):
    """One field that the payer has otherwise. `str` and `repr` show the field and not the values."""

    own_words = ("field",)

    field: str = Field(description="Its path in the inquiry, such as `subscriber.member_id`.")
    asked: Said = Field(None, description="As it was asked; None if it was not.", repr=False)
    answered: Said = Field(None, description="As the payer has it.", repr=False)


class Match(Model):
    """How an answer belongs to an inquiry. It is true if it does."""

    by: Literal["trace", "identity", ""] = Field(
        "", description="What they have in common; empty if nothing."
    )
    patient: str = Field("", description="Which patient: `subscriber`, `dependents[0]` and so on.")
    agreed: tuple[str, ...] = Field(
        (), description="The identifying fields that both have and that are equal, as paths."
    )
    answered_as: Literal["subscriber", "dependent", ""] = Field(
        "",
        description="The level of the answer: a dependent with a member number of its own comes as a subscriber.",
    )
    identity_changed: bool = Field(
        False, description="The payer says that it changed the identity (INS03 001, INS04 25)."
    )
    differences: tuple[Difference, ...] = Field(
        (), description="Fields that were asked with another value: names, member number, birth date, gender."
    )
    added: tuple[Difference, ...] = Field(
        (), description="Such fields that were not asked, and that the payer has."
    )

    def __bool__(self) -> bool:
        return bool(self.by)


def match(inquiry: Inquiry, answer: Eligibility) -> Match:
    """See `Eligibility.answers`."""
    sent = inquiry.as_sent()
    traced = [path for path, one in sent.patients().items() if _is_traced(one, answer)]
    if traced:
        return _match("trace", _nearest(sent, answer, traced) or traced[0], sent, answer)
    if _answers_another(sent, answer):
        return Match()
    path = _nearest(sent, answer, list(sent.patients()))
    return _match("identity", path, sent, answer) if path else Match()


# --- by trace


def _is_traced(patient: Patient, answer: Eligibility) -> bool:
    return any(
        one.number
        and _plain(one.number) == _plain(echo.number)
        and (not one.originator or _plain(one.originator) == _plain(echo.originator))
        for one in patient.traces
        for echo in _echoes(answer)
    )


def _echoes(answer: Eligibility) -> Iterator[Trace]:
    """The trace numbers that are not the answerer's own (TRN01 1)."""
    return (one for one in answer.traces if one.kind != "1")


def _answers_another(inquiry: Inquiry, answer: Eligibility) -> bool:
    """Whether it echoes a trace number of the same originator that is none of the inquiry's."""
    traces = [one for patient in inquiry.patients().values() for one in patient.traces]
    own = {_plain(one.originator) for one in traces if one.originator}
    return any(_plain(echo.originator) in own for echo in _echoes(answer))


# --- by identity


def _nearest(inquiry: Inquiry, answer: Eligibility, paths: list[str]) -> str:
    """The patient with the best search option whose fields all agree; empty if there is none, or no single one."""
    best: list[tuple[tuple[int, int], str]] = []
    for path in paths:
        agreed = set(_agreed(inquiry, path, answer))
        for rank, option in enumerate(search_options()):
            if agreed >= {search_path(path, field) for field in option.fields}:
                best.append(((rank, -len(agreed)), path))
                break
    best.sort()
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return ""
    return best[0][1]


def _agreed(inquiry: Inquiry, path: str, answer: Eligibility) -> Iterator[str]:
    for field, asked, answered in _pairs(inquiry, path, answer):
        if asked and answered and _same(asked, answered):
            yield field


def _pairs(inquiry: Inquiry, path: str, answer: Eligibility) -> Iterator[tuple[str, Said, Said]]:
    """The identifying fields of a patient, as asked and as answered; the member number is the subscriber's."""
    yield "subscriber.member_id", inquiry.subscriber.member_id, answer.subscriber.member_id
    yield from _person(path, inquiry.patients()[path], answer.patient)


def _person(path: str, asked: Patient, answered: Person) -> Iterator[tuple[str, Said, Said]]:
    for name in _COMPARED:
        yield f"{path}.{name}", getattr(asked, name), getattr(answered, name)


def _match(by: Literal["trace", "identity"], path: str, inquiry: Inquiry, answer: Eligibility) -> Match:
    pairs = list(_pairs(inquiry, path, answer))
    if path != "subscriber" and answer.is_dependent:
        pairs += _person("subscriber", inquiry.subscriber, answer.subscriber)
    found = [
        Difference(field=field, asked=asked or None, answered=answered)
        for field, asked, answered in pairs
        if answered and _plain(asked) != _plain(answered) and not _is_unknown(field, answered)
    ]
    return Match(
        by=by,
        patient=path,
        agreed=tuple(_agreed(inquiry, path, answer)),
        answered_as="dependent" if answer.is_dependent else "subscriber",
        identity_changed=answer.identity_changed,
        differences=tuple(one for one in found if one.asked is not None),
        added=tuple(one for one in found if one.asked is None),
    )


def _is_unknown(field: str, answered: Said) -> bool:
    return field.endswith(".gender") and answered == _NO_GENDER


def _plain(value: Said) -> Said:
    """A text as both sides would send it."""
    return fit(value, _WORDS, "")[0] if isinstance(value, str) else value


def _same(one: Said, other: Said) -> bool:
    """Whether two values say the same, whatever their case, accents, blanks and signs."""
    if isinstance(one, str) and isinstance(other, str):
        return _letters(one) == _letters(other)
    return one == other


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fit(text, _WORDS, "")[0]))
