"""The envelope around transaction sets: ISA, GS, and how the segments are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from ..grammar.envelope import Delimiters
from .document import STANDARD, Sheet
from .options import bad_option

# Delimiters that are seen, the usual first. No word that is drawn holds one of them.
USUAL = (*(STANDARD, "|^:~", "*!>~", "*^:\n", "~!|\n", "|{}~", "*^<~", "\x1d\x1e\x1f\x1c"),)
LINE_ENDS = ("", "\n", "\r\n")
KINDS = {"271": "HB", "270": "HS", "999": "FA", "997": "FA"}

_IN_WORDS = frozenset(" -.,'&/@$%()")


def styles(delimiters: Delimiters | str | None, line_end: str | None) -> st.SearchStrategy[tuple[str, str]]:
    """Delimiters and line end; what is None is drawn.

    Raises:
        UsageError: BAD_OPTION.
    """
    if isinstance(delimiters, Delimiters):
        given = delimiters
        delimiters = given.element + given.repetition + given.component + given.terminator
    chosen = USUAL if delimiters is None else (_checked(delimiters),)
    ends = LINE_ENDS if line_end is None else (line_end,)
    if any(one not in ("", "\n", "\r\n", "\r") for one in ends):
        raise bad_option("line_ends", "a line end is expected")
    found = [(one, end) for end in ends for one in chosen if one[3] not in "\r\n" or not end]
    if not found:
        raise bad_option("line_ends", "a terminator that is a line break has no other behind it")
    return st.sampled_from([*found[:1] * len(found), *found])


def _checked(delimiters: str) -> str:
    if len(set(delimiters)) != 4 or any(one.isalnum() or one in _IN_WORDS for one in delimiters):
        raise bad_option("delimiters", "four different characters that no word holds are expected")
    return delimiters


class Group(NamedTuple):
    """Transaction sets of one kind and guide."""

    kind: str
    guide: str
    sets: Sequence[Sequence[str]]


def sheet(
    groups: Sequence[Group],
    *,
    control: int = 1,
    style: tuple[str, str] = (STANDARD, ""),
    acknowledgments: Sequence[str] = (),
) -> Sheet:
    """An interchange of these groups, counted; acknowledgments: its TA1."""
    is_old = any(group.guide.startswith("004010") for group in groups)
    version, repetition = ("00401", "U") if is_old else ("00501", "^")
    number = f"{control:09}"
    body = [segment for at, group in enumerate(groups) for segment in _group(group, control + at)]
    segments = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'EXAMPLEPAYER':15}*ZZ*{'EXAMPLECLINIC':15}*261121*0900"
        f"*{repetition}*{version}*{number}*0*P*:",
        *acknowledgments,
        *body,
        f"IEA*{len(groups)}*{number}",
    )
    return Sheet(segments, *style)


def _group(group: Group, control: int) -> list[str]:
    header = f"GS*{KINDS[group.kind]}*EXAMPLEPAYER*EXAMPLECLINIC*20261121*0900*{control}*X*{group.guide}"
    return [header, *(segment for one in group.sets for segment in one), f"GE*{len(group.sets)}*{control}"]
