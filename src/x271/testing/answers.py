"""One answer: the segments of a 271, ST to SE, with the features that were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from .options import Features, repeated, some_of
from .parts import benefit, draw_plan, other_plan, person, rejection, said, with_plans
from .pools import PLANS, Types, pool
from .templates import Segments, choices, drawn

GUIDE = "005010X279A1"
OLD_GUIDE = "004010X092A1"  # has no ST03, and no repetition
GUIDES = (GUIDE, "005010X279", OLD_GUIDE, "004010X092")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is drawn: the features, how many subscribers, where benefits come from, and how many there are at most."""

    features: st.SearchStrategy[Features]
    subscribers: st.SearchStrategy[int]
    benefits: st.SearchStrategy[Segments] | None
    most: int
    guide: str


class _Levels:
    """The HL segments of one transaction set, numbered as they come."""

    def __init__(self, number: str) -> None:
        self.segments: list[str] = []
        self.count = 0
        self.number = number

    def open(self, level: str, parent: int, *, children: bool) -> int:
        self.count += 1
        above = str(parent) if parent else ""
        self.segments.append(f"HL*{self.count}*{above}*{level}*{int(children)}")
        return self.count


def transaction(draw: st.DrawFn, wanted: Wanted, number: str = "0001") -> list[str]:
    """A 271."""
    has = draw(wanted.features)
    made = _Levels(number)
    _source(draw, made, has)
    if has.rejections != "source":
        _receiver(draw, made, has)
        if has.rejections != "receiver":
            for _ in range(draw(wanted.subscribers)):
                _subscriber(draw, made, has, wanted)
    body = [_header(number, wanted.guide), _beginning(draw), *made.segments]
    return [*body, f"SE*{len(body) + 1}*{number}"]


def _header(number: str, guide: str) -> str:
    return f"ST*271*{number}" if guide.startswith("004010") else f"ST*271*{number}*{guide}"


def _beginning(draw: st.DrawFn) -> str:
    reference, day, time = draw(_BEGINNING)
    return f"BHT*0022*11*{reference}*{day}*{time}"


_BEGINNING = st.deferred(
    lambda: st.tuples(
        st.sampled_from([*pool("reference", "2100C"), ""]),
        st.sampled_from(["20261121", "20261121", *pool("day", "2100C")]),
        st.sampled_from(pool("time", "2100C")),
    )
)


def _source(draw: st.DrawFn, made: _Levels, has: Features) -> None:
    is_refused = has.rejections == "source"
    made.open("20", 0, children=not is_refused)
    refused_before = is_refused and draw(st.booleans())
    if refused_before:
        made.segments += rejection(draw, "2000A")
    made.segments += drawn(draw, choices("payer", "2100A"))
    for _ in repeated(draw, 3, 2):
        made.segments += drawn(draw, choices("payer contact", "2100A"))
    if is_refused and not refused_before:
        made.segments += rejection(draw, "2100A")


_RECEIVER = ("receiver reference", "another reference", "street", "city", "speciality")
_about_receiver = st.sampled_from(_RECEIVER)


def _receiver(draw: st.DrawFn, made: _Levels, has: Features) -> None:
    is_refused = has.rejections == "receiver"
    made.open("21", 1, children=not is_refused)
    made.segments += drawn(draw, choices("receiver", "2100B"))
    about = some_of(draw, _about_receiver, 4, 2)
    for part in _RECEIVER:
        if part == "speciality" and is_refused:
            made.segments += rejection(draw, "2100B")
        if part in about:
            made.segments += drawn(draw, choices(part.replace("another", "receiver"), "2100B"))


def _subscriber(draw: st.DrawFn, made: _Levels, has: Features, wanted: Wanted) -> None:
    patients = _PATIENTS[has.dependents] if has.dependents is not None else draw(_WHO)
    own = made.open("22", 2, children="dependents" in patients)
    _traces(draw, made, "2000C")
    refused = has.rejections == "subscriber"
    rejected = rejection(draw, "2100C") if refused else ()
    name = "rejected subscriber" if refused else "subscriber"
    about, features = person(draw, "2100C", name=name, rejected=rejected)
    made.segments += about
    if "subscriber" in patients and not refused:
        made.segments += _benefits(draw, "2110C", has, features, wanted)
    if "dependents" in patients:
        _dependent(draw, made, has, wanted, own)
        for _ in repeated(draw, 2, 2):
            _dependent(draw, made, has, wanted, own)


_PATIENTS = {False: ("subscriber",), True: ("dependents",)}
_WHO = st.sampled_from((("subscriber",), ("subscriber",), ("dependents",), ("subscriber", "dependents")))


def _dependent(draw: st.DrawFn, made: _Levels, has: Features, wanted: Wanted, parent: int) -> None:
    made.open("23", parent, children=False)
    _traces(draw, made, "2000D")
    refused = has.rejections == "dependent"
    rejected = rejection(draw, "2100D") if refused else ()
    about, features = person(draw, "2100D", rejected=rejected)
    made.segments += about
    if not refused:
        made.segments += _benefits(draw, "2110D", has, features, wanted)


def _traces(draw: st.DrawFn, made: _Levels, loop: str) -> None:
    for _ in repeated(draw, 3, 1):
        made.segments += drawn(draw, choices("trace", loop))


def _benefits(
    draw: st.DrawFn, loop: str, has: Features, features: frozenset[str], wanted: Wanted
) -> list[str]:
    """The 2110 loops of a patient: its plans, what the features ask for, and any others."""
    types: Types = "one" if has.repetition is False else "any"
    allowed = features | has.of_templates
    of_patient = [draw_plan(draw, named=bool(has.plans))]
    found: list[Segments] = []
    if wanted.benefits is None:
        found.append(_plan(draw, loop, 0, "several" if has.repetition else types, allowed))
    for at in _further_plans(draw, has) if wanted.benefits is None or has.plans else ():
        of_patient.append(other_plan(draw, of_patient))
        found.append(_plan(draw, loop, at, types, allowed))
    if has.procedures:
        found.append(benefit(draw, loop, features=allowed, only="procedures", types=types))
    if has.entities:
        found.append(benefit(draw, loop, features=allowed, types=types, with_entity=True))
    if has.rejections == "benefit":
        found.append(benefit(draw, loop, features=allowed, types=types, rejected=rejection(draw, loop)))
    if wanted.benefits is not None and not found:
        found.append(draw(wanted.benefits))
    for _ in repeated(draw, wanted.most):
        if wanted.benefits is not None:
            found.append(draw(wanted.benefits))
        else:
            found.append(benefit(draw, loop, features=allowed, types=types, plans=len(of_patient)))
    different = {said(one): one for one in reversed(found)}
    kept = [segment for one in reversed(different.values()) for segment in one]
    return with_plans(kept, of_patient)


def _further_plans(draw: st.DrawFn, has: Features) -> Iterator[int]:
    """The numbers of the plans besides the first."""
    if has.plans:
        yield 1
        if draw(_SELDOM):
            yield 2
    elif has.plans is None:
        yield from (1 + number for number in repeated(draw, 2, 2))


_SELDOM = st.sampled_from((False, False, False, True))


def _plan(draw: st.DrawFn, loop: str, number: int, types: Types, features: frozenset[str]) -> Segments:
    """A plan-level row of the patient's plan of that number."""
    row, *under = benefit(draw, loop, part="plan", types=types, features=features)
    return (row.replace(PLANS[0], PLANS[number]), *under)
