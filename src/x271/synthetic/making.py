"""`synth`: documents by seed, each with what its record must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..errors import Position, UsageError
from . import documents
from .numbers import Numbers
from .scenario import ANSWER_KINDS, Scenario, scenario, scenarios
from .story import Story, story

if TYPE_CHECKING:
    from ..inquiries.inquiry import Inquiry

Kind = Literal["271", "270", "999", "ppmd"]
Form = Literal["x12", "xml", "json"]

DAY = date(2026, 11, 21)  # today, where none is given: the same documents every day
# Ends of plans are before 2099 then, which means that none is known.
_FIRST, _LAST = date(1990, 1, 1), date(2090, 12, 31)
ALL = "all"
_FORMS: dict[str, tuple[Form, ...]] = {"271": ("x12", "xml", "json"), "ppmd": ("xml", "json")}
_MOST = 999_999_999  # control numbers have nine digits
_APART = 100_000  # the control numbers of two seeds


@dataclass(frozen=True, slots=True, repr=False)
class Synthetic:
    """One synthetic document.

    Attributes:
        kind: 271, 270, 999 or ppmd.
        form: x12, xml or json.
        data: the document.
        stories: what it tells, one per transaction set.
    """

    kind: Kind
    form: Form
    data: bytes
    stories: tuple[Story, ...]

    def __repr__(self) -> str:
        return f"Synthetic(kind={self.kind!r}, form={self.form!r}, scenarios={self.scenarios!r})"

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the stories' scenarios."""
        return tuple(one.scenario.name for one in self.stories)

    @property
    def expected(self) -> tuple[dict[str, Any], ...]:
        """What the record of each patient of the answer must give, in document order (`Story.expected`)."""
        return tuple(record for one in self.stories for record in one.expected())

    @property
    def error(self) -> str:
        """The code of the error that `normalize` must give instead of a record, such as NO_PATIENT; mostly empty."""
        return "" if self.expected else self.stories[0].scenario.error

    @property
    def service_types(self) -> tuple[str, ...]:
        """What was asked for, as `normalize` takes it."""
        return tuple(
            dict.fromkeys(
                code for one in self.stories for asks in one.scenario.asks for code in asks["service_types"]
            )
        )

    @property
    def inquiries(self) -> tuple[Inquiry, ...]:
        """The questions that the document answers, or asks."""
        return tuple(asked for one in self.stories for asked in documents.inquiries(one))


def synth(
    kind: Kind = "271",
    *,
    seed: int = 1,
    count: int | None = None,
    scenario: str | Sequence[str] | None = None,
    date: date | str | None = None,
    form: Form | None = None,
    together: bool = False,
) -> Iterator[Synthetic]:
    """Invented documents that tell stories a biller knows. The same arguments give the same bytes everywhere.

    Document `n` of a seed tells the same story whatever its kind and form and however many are asked for, so the 270,
    the 271 and the 999 of a seed belong together: the answer echoes the question's trace number. Questions with a
    fault, which have 999s that reject them, and the vendor's faults are had by their names, and stand alone.

    Args:
        kind: `271` the answer, `270` the question, `999` the acknowledgement of the question, `ppmd` the answer as
            AdvancedMD's PPMDResults.
        seed: what everything is drawn from, 0 to 2**64 - 1. It varies persons, numbers, dates, amounts and payers.
        count: how many; by default one of each scenario that is named.
        scenario: a name or several of `scenarios()`, which take turns; `all` for each of them. By default a mix in
            which the common ones are common.
        date: today in the stories, a date or ISO text, 1990 to 2090: every date is relative to it. By default
            2026-11-21, so that the bytes are the same every day.
        form: of an answer `x12`, `xml` or `json`; of `ppmd` `xml` or `json`. By default the first of these.
        together: one document with everything in it, an interchange with a transaction set per story; a 270 may have
            several patients in a set.

    Raises:
        UsageError: BAD_OPTION; BAD_DATE for a text that is no date.
    """
    form = _form(kind, form)
    day = _day(date)
    chosen = _chosen(kind, scenario)
    if count is None:
        count = len(chosen) or 1
    for key, value, most in (("seed", seed, (1 << 64) - 1), ("count", count, _MOST)):
        if not isinstance(value, int) or not 0 <= value <= most:
            raise UsageError("BAD_OPTION", position=Position(key=key))
    choose = _turns(chosen) if chosen else _mix(seed)
    stories = (story(choose(number), seed=seed, number=number, day=day) for number in range(1, count + 1))
    return _documents(kind, form, seed, stories, day, together=together)


def _documents(
    kind: Kind, form: Form, seed: int, stories: Iterator[Story], day: date, *, together: bool
) -> Iterator[Synthetic]:
    if not together:
        for one in stories:
            yield _document(kind, form, (one,), seed, day)
    elif everything := tuple(stories):
        yield _document(kind, form, everything, seed, day)


def _document(kind: Kind, form: Form, stories: tuple[Story, ...], seed: int, day: date) -> Synthetic:
    control_number = (seed * _APART + stories[0].number - 1) % _MOST + 1
    alone = next((one.scenario for one in stories if one.scenario.document or one.scenario.damage), None)
    if alone is not None and len(stories) > 1:
        raise UsageError("BAD_OPTION", position=Position(key="together"), detail=f"{alone.name} stands alone")
    if alone is not None and alone.document:
        return _vendor_document(form, stories[0])
    make = {"270": documents.question, "999": documents.acknowledgment}.get(kind, documents.answer)
    data = make(stories, control_number=control_number, day=day)
    if form != "x12":
        from .. import forms

        data = forms.to_xml(data) if form == "xml" else forms.to_json(data)
    return Synthetic(kind=kind, form=form, data=data, stories=stories)


def _vendor_document(form: Form, one: Story) -> Synthetic:
    data = one.vendor_document()
    if form == "json":
        from .. import forms

        data = forms.to_json(data)
    return Synthetic(kind="ppmd", form=form, data=data, stories=(one,))


def _chosen(kind: str, named: str | Sequence[str] | None) -> list[Scenario]:
    """The scenarios that are named; none for the mix."""
    names = [named] if isinstance(named, str) else list(named or ())
    if ALL in names:
        return [one for one in scenarios().values() if kind in one.kinds]
    chosen = [scenario(name) for name in names]
    if any(kind not in one.kinds for one in chosen):
        raise UsageError("BAD_OPTION", position=Position(key="scenario"), detail=f"not for a {kind}")
    return chosen


def _turns(chosen: Sequence[Scenario]) -> Callable[[int], Scenario]:
    """Which scenario a document has, by its number from 1: one after the other."""
    return lambda number: chosen[(number - 1) % len(chosen)]


def _mix(seed: int) -> Callable[[int], Scenario]:
    """Which scenario a document has, by its number: one that is drawn by its weight, the same for every kind."""
    those = [one for one in scenarios().values() if one.kinds == ANSWER_KINDS]
    total = sum(one.weight for one in those)
    return lambda number: _nth(those, Numbers(seed, number, 2).below(total))


def _nth(those: Sequence[Scenario], left: int) -> Scenario:
    """The one in which the number lies, if each takes as many numbers as it weighs."""
    for one in those:
        left -= one.weight
        if left < 0:
            return one
    return those[-1]


def _form(kind: str, form: str | None) -> Form:
    if kind not in get_args(Kind):
        raise UsageError("BAD_OPTION", position=Position(key="kind"))
    forms = _FORMS.get(kind, ("x12",))
    if form is None:
        return forms[0]
    for one in forms:
        if one == form:
            return one
    raise UsageError("BAD_OPTION", position=Position(key="form"))


def _day(given: date | str | None) -> date:
    if given is None:
        return DAY
    if isinstance(given, str):
        try:
            given = date.fromisoformat(given)
        except ValueError:
            given = None
    elif isinstance(given, datetime):
        given = given.date()
    if not isinstance(given, date):
        raise UsageError("BAD_DATE", position=Position(key="date"))
    if not _FIRST <= given <= _LAST:
        raise UsageError("BAD_OPTION", position=Position(key="date"), detail=f"from {_FIRST} to {_LAST}")
    return given
