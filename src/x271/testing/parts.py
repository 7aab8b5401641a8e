"""The parts of an answer: people, benefits with what stands under them, rejections. Each is a run of segments.

Segments are text with `*`, `^` and `:`; `responses` joins them. The functions with an underscore draw; the others make
strategies of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from .options import repeated, some_of
from .pools import PLANS, Types, pool
from .templates import Segments, choices, drawn

_NONE: frozenset[str] = frozenset()

# What a person may have besides a name. "one diagnosis" is for those without "diagnoses", to which benefits point.
_ABOUT = (
    *("demographics", "street", "city", "patient reference", "patient date", "relationship", "diagnoses"),
    *("speciality", "one diagnosis", "military", "another reference", "another date"),
)
_about = st.sampled_from(_ABOUT)

# What a benefit may have under it.
_UNDER = (
    *("date", "message", "reference", "place", "delivery", "injury", "entity"),
    *("another date", "another message", "another reference"),
)
_under_any = st.sampled_from(_UNDER)
_under_without_entity = st.sampled_from([one for one in _UNDER if one != "entity"])


def person(
    draw: st.DrawFn, loop: str, *, name: str = "", rejected: Segments = ()
) -> tuple[Segments, frozenset[str]]:
    """NM1 to MPI of a 2100 loop, with its rejections; and what benefits may point to.

    name: the part of the templates that names the person.
    """
    letter = loop[-1]
    about = some_of(draw, _about, 5, 1)
    name = name or ("subscriber" if letter == "C" else "dependent")
    found = list(drawn(draw, choices(name, loop)))

    def add(what: str, part: str) -> None:
        if what in about:
            found.extend(drawn(draw, choices(part, loop)))

    add("patient reference", "patient reference")
    add("another reference", "patient reference")
    add("street", "street")
    add("city", "city")
    found += rejected
    add("speciality", "speciality")
    add("demographics", "demographics")
    add("relationship", "subscriber relationship" if letter == "C" else "dependent relationship")
    if "diagnoses" not in about:
        add("one diagnosis", "one diagnosis")
    add("diagnoses", "diagnoses")
    add("patient date", "patient date")
    add("another date", "patient date")
    add("military", "military")
    features = frozenset({"diagnoses"}) if "diagnoses" in about else _NONE
    return tuple(found), features


def benefit(
    draw: st.DrawFn,
    loop: str,
    *,
    part: str = "benefit",
    features: frozenset[str] = _NONE,
    only: str = "",
    types: Types = "any",
    plans: int = 1,
    codes: frozenset[str] = _NONE,
    rejected: Segments = (),
    with_entity: bool = False,
) -> Segments:
    """A 2110 loop: EB and what stands under it, in the guide's order. only: the templates of that feature alone.

    codes: the information codes that may be.
    """
    letter = loop[-1]
    ways = choices(part, loop, features=features, only=only, types=types, plans=plans, codes=codes)
    found = list(drawn(draw, ways))
    under = some_of(draw, _under_any if "entities" in features else _under_without_entity, 4, 2)

    def add(what: str, part: str, inner: str = loop) -> None:
        if what in under:
            found.extend(drawn(draw, choices(part, inner)))

    add("delivery", "delivery")
    add("reference", "reference")
    add("another reference", "reference")
    add("date", "date")
    add("another date", "date")
    found += rejected
    add("message", "message")
    add("another message", "message")
    add("place", "place", f"2115{letter}")
    add("injury", "injury", f"2115{letter}")
    if with_entity or "entity" in under:
        found.append("LS*2120")
        found += drawn(draw, choices("entity", f"2120{letter}", features=features))
        if with_entity and "entity" in under:
            found += drawn(draw, choices("entity", f"2120{letter}", features=features))
        found.append("LE*2120")
    return tuple(found)


def rejection(draw: st.DrawFn, loop: str) -> Segments:
    """One to three AAA of a loop, each once."""
    ways = choices("rejection", loop)
    found = [*drawn(draw, ways), *(segment for _ in repeated(draw, 2, 3) for segment in drawn(draw, ways))]
    return tuple(dict.fromkeys(found))


def said(segments: Segments) -> Segments:
    """A benefit without its service types: two that say the same are one with EB03 repeated."""
    eb = segments[0].split("*")
    if len(eb) > 3:
        eb[3] = ""
    return ("*".join(eb).rstrip("*"), *segments[1:])


def with_plans(segments: Sequence[str], plans: Sequence[str]) -> list[str]:
    """The patient's plans (EB04 and EB05) where benefits speak of them."""
    table = {ord(mark): plan for mark, plan in zip(PLANS, plans, strict=False)}
    return [_trimmed(segment.translate(table)) if segment[:2] == "EB" else segment for segment in segments]


def _trimmed(segment: str) -> str:
    return segment.rstrip("*")


def draw_plan(draw: st.DrawFn, *, named: bool = False) -> str:
    """EB04 and EB05 of a patient's first plan; named: with EB05 in any case."""
    plan: str = draw(_plans)
    return plan + pool("plan name", "2110C")[0] if named and plan.endswith("*") else plan


def other_plan(draw: st.DrawFn, plans: Sequence[str]) -> str:
    """EB04 and EB05 of a plan besides these, which differs from them in EB05."""
    names = {plan.split("*")[1] for plan in plans}
    name = next(one for one in pool("plan name", "2110C") if one not in names)
    return f"{draw(_insurance_types)}*{name}"


_plans = st.deferred(lambda: st.sampled_from(pool("plans", "2110C")))
_insurance_types = st.deferred(lambda: st.sampled_from(pool("EB04", "2110C")))
