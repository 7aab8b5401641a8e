"""`acknowledgements`: what a receiver says of what it was sent (TA1, 999, 997)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hypothesis import strategies as st

from ..grammar import rules
from ..grammar.envelope import Delimiters
from .document import Document
from .envelopes import Group, sheet, styles
from .options import bad_option
from .pools import allowed

Kind = Literal["999", "997", "ta1"]
GUIDES = {"999": "005010X231A1", "997": "005010X230"}

# What may be said to be wrong: a segment of a question, its place, its loop, an element of it and its data element.
_WRONG = (
    ("NM1", 8, "2100", 9, "67"),
    ("DTP", 13, "2110", 3, "1251"),
    ("EQ", 12, "2110", 1, "1365"),
    ("HL", 5, "", 2, "734"),
    ("DMG", 10, "2100", 2, "1251"),
)
_TRIGGER = "SITUATIONAL TRIGGER"


def acknowledgements(
    *,
    kind: Kind | None = None,
    accepted: bool | None = None,
    delimiters: Delimiters | str | None = None,
    line_ends: str | None = None,
) -> st.SearchStrategy[Document]:
    """An acknowledgement in an interchange of its own, valid by its guide; what is None is drawn.

    Args:
        kind: 999, the older 997, or ta1.
        accepted: True if nothing is rejected, False if something is.
        delimiters, line_ends: as for `responses`.

    Raises:
        UsageError: BAD_OPTION.
    """
    kinds: tuple[Kind, ...] = ("999", "ta1", "997")
    if kind is not None and kind not in kinds:
        raise bad_option("kind", f"one of {', '.join(kinds)} is expected")
    return _acknowledgements(kinds if kind is None else (kind,), accepted, styles(delimiters, line_ends))


@st.composite
def _acknowledgements(
    draw: st.DrawFn,
    kinds: Sequence[Kind],
    accepted: bool | None,
    style: st.SearchStrategy[tuple[str, str]],
) -> Document:
    kind = draw(st.sampled_from(kinds))
    is_accepted = not draw(st.booleans()) if accepted is None else accepted
    if kind == "ta1":
        made = sheet((), acknowledgments=[ta1(draw, is_accepted=is_accepted)], style=draw(style))
    else:
        group = Group(kind, GUIDES[kind], [of_group(draw, kind, is_accepted=is_accepted)])
        made = sheet([group], style=draw(style))
    return Document.of(made)


def ta1(draw: st.DrawFn, *, is_accepted: bool) -> str:
    """A TA1."""
    control = draw(_CONTROL)
    if not is_accepted:
        return f"TA1*{control:09}*261117*1405*R*{draw(_note)}"
    verdict = draw(st.sampled_from("AAE"))
    note = "000" if verdict == "A" else draw(_note)
    return f"TA1*{control:09}*261117*1405*{verdict}*{note}"


_CONTROL = st.integers(1, 999_999_999)
_note = st.deferred(lambda: st.sampled_from(_notes()))


def _notes() -> list[str]:
    (rule,) = rules.interchange("271").segment("TA1")
    return sorted(rule.elements[4].codes - {"000"})


def of_group(draw: st.DrawFn, kind: str, *, is_accepted: bool, number: str = "0001") -> list[str]:
    """A 999 or 997 about one group, ST to SE, whose counts agree with what it says of its transaction sets."""
    sets = draw(st.integers(1, 3))
    rejected = 0 if is_accepted else draw(st.integers(1, sets))
    body = []
    for at in range(sets):
        verdict = "R" if at < rejected else draw(st.sampled_from("AAE"))
        body += _of_set(draw, kind, at + 1, verdict)
    taken = sets - rejected
    verdict = "A" if taken == sets else "P" if taken else "R"
    if verdict == "A" and any(segment[:4] in ("IK3*", "AK3*") for segment in body):
        verdict = "E"
    codes = allowed("AK905", kind, kind)
    errors = draw(st.lists(st.sampled_from(codes), max_size=2, unique=True)) if verdict in "RP" else []
    guide = "*005010X279A1" if kind == "999" or draw(st.booleans()) else ""
    st03 = f"*{GUIDES[kind]}" if kind == "999" or draw(st.booleans()) else ""
    made = [
        f"ST*{kind}*{number}{st03}",
        f"AK1*HS*{draw(_CONTROL)}{guide}",
        *body,
        "*".join(("AK9", verdict, str(sets), str(sets), str(taken), *errors)),
    ]
    return [*made, f"SE*{len(made) + 1}*{number}"]


def _of_set(draw: st.DrawFn, kind: str, number: int, verdict: str) -> list[str]:
    own, loops = ("IK", ("2000", "2100", "2110")) if kind == "999" else ("AK", ("AK2", "AK3", "AK3"))
    version = "*005010X279A1" if kind == "999" and draw(st.booleans()) else ""
    found = [f"AK2*270*{number:04}{version}"]
    if verdict == "A":
        return [*found, f"{own}5*A"]
    for segment, place, loop, element, data_element in draw(_wrong):
        error = draw(st.sampled_from(allowed(f"{own}304", loops[1], kind)))
        found.append(f"{own}3*{segment}*{place}*{loop}*{error}")
        if kind == "999":
            found += _contexts(draw, segment, place, loop, element, with_unit=True)
        if draw(st.booleans()):
            code = draw(st.sampled_from(allowed(f"{own}403", loops[2], kind)))
            where = draw(st.sampled_from((str(element), f"{element}:1", f"{element}::2")))
            copy = draw(st.sampled_from(("", "", "EXAMPLE")))
            found.append(f"{own}4*{where}*{data_element}*{code}*{copy}".rstrip("*"))
            if kind == "999":
                found += _contexts(draw, segment, place, loop, element, with_unit=False)
    codes = allowed(f"{own}502", loops[0], kind)
    errors = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
    return [*found, "*".join((f"{own}5", verdict, *errors))]


_wrong = st.lists(st.sampled_from(_WRONG), min_size=1, max_size=2, unique=True).map(sorted)


def _contexts(
    draw: st.DrawFn, segment: str, place: int, loop: str, element: int, *, with_unit: bool
) -> list[str]:
    """What made it an error, and whose business it is."""
    found = []
    if draw(st.booleans()):
        where = draw(st.sampled_from(("", str(element), f"{element}:1")))
        found.append(f"CTX*{_TRIGGER}*{segment}*{place}*{loop}*{where}".rstrip("*"))
    if with_unit and draw(st.booleans()):
        found.append("CTX*TRN02:EXAMPLE-TRACE-2")
    return found
