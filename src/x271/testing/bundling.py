"""`interchanges`: whole inputs, with several interchanges, groups and transaction sets of several kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hypothesis import strategies as st

from ..grammar.envelope import Delimiters
from . import options
from .acknowledging import GUIDES, of_group, ta1
from .answers import GUIDE, Wanted, transaction
from .asking import inquiries
from .document import STANDARD, Document, Sheet
from .envelopes import Group, sheet, styles
from .options import bad_option

Kind = Literal["271", "270", "999", "ta1"]
KINDS: tuple[Kind, ...] = ("271", "270", "999", "ta1")


def interchanges(
    *,
    kinds: Sequence[Kind] = KINDS,
    most: int = 3,
    delimiters: Delimiters | str | None = None,
    line_ends: str | None = None,
) -> st.SearchStrategy[Document]:
    """An input of one or more interchanges, each of one or more groups, each of one or more transaction sets.

    The control numbers differ, and each interchange may have delimiters of its own.

    Args:
        kinds: what there may be: 271, 270, 999 and ta1. The first is what examples shrink to.
        most: of interchanges in the input, of groups in an interchange, and of transaction sets in a group.
        delimiters, line_ends: as for `responses`.

    Raises:
        UsageError: BAD_OPTION.
    """
    if not kinds or not set(kinds) <= set(KINDS):
        raise bad_option("kinds", f"some of {', '.join(KINDS)} are expected")
    if most < 1:
        raise bad_option("most", "at least one is expected")
    return _interchanges(tuple(kinds), most, styles(delimiters, line_ends))


@st.composite
def _interchanges(
    draw: st.DrawFn, kinds: tuple[Kind, ...], most: int, style: st.SearchStrategy[tuple[str, str]]
) -> Document:
    count = draw(_up_to(most))
    return Document.of(*(_sheet(draw, kinds, most, 1 + 100 * at, draw(style)) for at in range(count)))


def _up_to(most: int) -> st.SearchStrategy[int]:
    """One to so many, one oftener."""
    return st.sampled_from([1] * most + list(range(1, most + 1)))


def _sheet(
    draw: st.DrawFn, kinds: tuple[Kind, ...], most: int, control: int, style: tuple[str, str]
) -> Sheet:
    groups: list[Group] = []
    acknowledgments: list[str] = []
    for _ in range(draw(_up_to(most))):
        kind = draw(st.sampled_from(kinds))
        if kind == "ta1":
            acknowledgments.append(ta1(draw, is_accepted=draw(st.booleans())))
            continue
        count = draw(_up_to(most))
        sets = [_set(draw, kind, f"{number:04}") for number in range(1, count + 1)]
        groups.append(Group(kind, GUIDES.get(kind, GUIDE), sets))
    return sheet(groups, control=control, style=style, acknowledgments=acknowledgments)


def _set(draw: st.DrawFn, kind: Kind, number: str) -> list[str]:
    match kind:
        case "271":
            return transaction(draw, _any_answer(), number)
        case "270":
            return question(draw, number)
        case _:
            return of_group(draw, kind, is_accepted=draw(st.booleans()), number=number)


def _any_answer() -> Wanted:
    drawn = options.features(
        dependents=None, plans=None, entities=None, repetition=None, procedures=None, rejections=None
    )
    return Wanted(drawn, st.integers(1, 2), None, 4, GUIDE)


def question(draw: st.DrawFn, number: str) -> list[str]:
    """A 270, ST to SE, as `Inquiry.to_x12` writes it."""
    data = draw(inquiries()).to_x12(batch=True).decode()
    segments = data.split(STANDARD[3])
    start = next(at for at, segment in enumerate(segments) if segment.startswith("ST*"))
    end = next(at for at, segment in enumerate(segments) if segment.startswith("SE*"))
    _, _, *guide = segments[start].split("*", 3)
    _, count, _ = segments[end].split("*")
    return ["*".join(("ST*270", number, *guide[1:])), *segments[start + 1 : end], f"SE*{count}*{number}"]
