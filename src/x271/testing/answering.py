"""`responses`: one answer (271), with the features that a test asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from . import options, parts
from .answers import GUIDE, GUIDES, Wanted, transaction
from .document import Document
from .envelopes import Group, sheet, styles
from .options import Level, bad_option
from .pools import Types, allowed
from .templates import Segments

if TYPE_CHECKING:
    from ..grammar.envelope import Delimiters

MOST = 8


def responses(
    *,
    dependents: bool | None = None,
    plans: bool | None = None,
    entities: bool | None = None,
    repetition: bool | None = None,
    procedures: bool | None = None,
    rejections: Level | bool | None = None,
    subscribers: int | None = 1,
    benefits: st.SearchStrategy[Segments] | None = None,
    most: int = MOST,
    version: str = GUIDE,
    delimiters: Delimiters | str | None = None,
    line_ends: str | None = None,
) -> st.SearchStrategy[Document]:
    """An answer: one interchange with one 271, valid by the guide. What an option leaves open (None) is drawn.

    Args:
        dependents: whether the patients are dependents.
        plans: whether a patient has several plans (rows of EB01 1 to 8 that differ in EB05).
        entities: whether benefits name others (2120).
        repetition: whether EB03 is repeated.
        procedures: whether benefits are of a procedure (EB13).
        rejections: at which level something is rejected (AAA): source, receiver, subscriber, dependent or benefit;
            True for any of them, False for none.
        subscribers: how many; None for one to three.
        benefits: where benefits come from, such as `benefits(codes="BC")`; by default plans and then any.
        most: how many benefits a patient has at most besides those that the features ask for.
        version: the guide, one of 005010X279A1, 005010X279, 004010X092A1 and 004010X092. The old ones have no
            repetition; what `x271.validate` says of such a document, it says by the new one.
        delimiters: element, repetition, component and terminator: four characters, or `x271`'s Delimiters.
        line_ends: what follows the terminator.

    A failing example shrinks to one patient with a plain name, one plan and the benefit that matters.

    Raises:
        UsageError: BAD_OPTION, at once.
    """
    wanted, style = (
        _wanted(
            options.features(
                dependents=dependents,
                plans=plans,
                entities=entities,
                repetition=_repetition(repetition, version),
                procedures=procedures,
                rejections=rejections,
            ),
            subscribers=subscribers,
            benefits=benefits,
            most=most,
            version=version,
        ),
        styles(delimiters, line_ends),
    )
    return _responses(wanted, style)


@st.composite
def _responses(draw: st.DrawFn, wanted: Wanted, style: st.SearchStrategy[tuple[str, str]]) -> Document:
    made = transaction(draw, wanted)
    return Document.of(sheet([Group("271", wanted.guide, [made])], style=draw(style)))


def _repetition(repetition: bool | None, version: str) -> bool | None:
    if version not in GUIDES:
        raise bad_option("version", f"one of {', '.join(GUIDES)} is expected")
    if not version.startswith("004010"):
        return repetition
    if repetition:
        raise bad_option("repetition", f"{version} has none")
    return False


def _wanted(
    features: st.SearchStrategy[options.Features],
    *,
    subscribers: int | None,
    benefits: st.SearchStrategy[Segments] | None,
    most: int,
    version: str,
) -> Wanted:
    if most < 0:
        raise bad_option("most", "a number of benefits is expected")
    if subscribers is not None and subscribers < 1:
        raise bad_option("subscribers", "at least one is expected")
    many = st.integers(1, 3) if subscribers is None else st.just(subscribers)
    return Wanted(features, many, benefits, most, version)


def _loop(loop: str, *known: str) -> str:
    if loop not in known:
        raise bad_option("loop", f"one of {', '.join(known)} is expected")
    return loop


def benefits(
    *,
    loop: str = "2110D",
    codes: str | tuple[str, ...] = (),
    entities: bool = True,
    repetition: bool = True,
    procedures: bool = True,
) -> st.SearchStrategy[Segments]:
    """The segments of one benefit (2110): EB and what stands under it, written with `*`, `^` and `:`.

    Args:
        loop: 2110D of a dependent, all of which a subscriber may have, too; or 2110C of a subscriber.
        codes: the information codes (EB01) wanted, such as `"BC"` or `("MC", "R")`; none for any.
        entities, repetition, procedures: whether there may be such.
    """
    has = {"entities": entities, "procedures": procedures}
    features = frozenset(name for name, there in has.items() if there)
    wanted = frozenset(codes)
    unknown = wanted - set(allowed("EB01", _loop(loop, "2110C", "2110D")))
    if unknown:
        raise bad_option("codes", f"{', '.join(sorted(unknown))}: not of EB01")
    return _benefits(loop, features, repetition, wanted)


@st.composite
def _benefits(
    draw: st.DrawFn, loop: str, features: frozenset[str], repetition: bool, codes: frozenset[str]
) -> Segments:
    types: Types = "any" if repetition else "one"
    found = parts.benefit(draw, loop, features=features, types=types, codes=codes)
    return tuple(parts.with_plans(found, [parts.draw_plan(draw)]))


@st.composite
def _people(draw: st.DrawFn, loop: str) -> Segments:
    found, _ = parts.person(draw, loop)
    return found


def people(*, loop: str = "2100C") -> st.SearchStrategy[Segments]:
    """The segments of one person (NM1 to MPI): 2100C a subscriber, 2100D a dependent."""
    return _people(_loop(loop, "2100C", "2100D"))


@st.composite
def _rejections(draw: st.DrawFn, loop: str) -> Segments:
    return parts.rejection(draw, loop)


def rejections(*, loop: str = "2100C") -> st.SearchStrategy[Segments]:
    """One to three AAA with the codes that the guide allows in a loop: 2000A, 2100A to 2100D, 2110C or 2110D."""
    return _rejections(_loop(loop, "2000A", "2100A", "2100B", "2100C", "2100D", "2110C", "2110D"))
