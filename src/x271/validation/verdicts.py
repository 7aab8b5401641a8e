"""From findings to what a TA1 and a 999 say: each finding goes to its interchange, group, set, segment or element."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from pydantic import Field

from .._model import Model
from .._tables import read_table
from ..findings import Finding
from ..grammar.base import BLANKS
from ..normalize.record import Coded
from .acknowledgment import GroupVerdict, InterchangeVerdict, TransactionVerdict, coded
from .envelopes import GroupSent, InterchangeSent, TransactionSent
from .loops import Sent
from .noted import Noted, segment_errors

_NOT_ANSWERED = "FA"  # an acknowledgement is not acknowledged
_MOST = 5  # IK502 to IK506, AK905 to AK909


class GroupAnswer(Model):
    """What a 999 says of one group, and to whom."""

    sender: str = Field("", description="GS02.")
    receiver: str = Field("", description="GS03.")
    verdict: GroupVerdict


class Answer(Model):
    """What a TA1 and 999 say of one interchange, and to whom."""

    sender_qualifier: str = Field("", description="ISA05.")
    sender: str = Field("", description="ISA06.")
    receiver_qualifier: str = Field("", description="ISA07.")
    receiver: str = Field("", description="ISA08.")
    usage: str = Field("", description="ISA15.")
    verdict: InterchangeVerdict
    is_acknowledgment: bool = Field(False, description="It holds nothing to acknowledge.")
    groups: tuple[GroupAnswer, ...] = Field((), description="Those that a 999 answers.")


def breaks(finding: Finding) -> bool:
    """The finding says that the standard or the guide is not kept."""
    return finding.snip is not None and finding.severity != "info"


def answers(
    sent: Sequence[InterchangeSent], segments: Sequence[Sent], findings: Sequence[Finding], *, copies: bool
) -> tuple[Answer, ...]:
    """One per interchange. copies: those of elements in error are in it (IK404)."""
    noted = [one for one in (_noted(finding, segments) for finding in findings) if one is not None]
    noted.sort(key=lambda one: one.segment)
    return tuple(_answer(one, segments, noted, copies) for one in sent)


def _within(noted: list[Noted], first: int, end: int) -> list[Noted]:
    """Those of the segments from `first` to before `end`, by whose order they are sorted."""

    def at(index: int) -> int:
        return bisect_left(noted, index, key=lambda one: one.segment)

    return noted[at(first) : at(end)]


@cache
def _table() -> list[dict[str, str]]:
    return read_table("validation/verdicts.tsv")


def _noted(finding: Finding, segments: Sequence[Sent]) -> Noted | None:
    place = finding.position
    index = (place.segment or 1) - 1 if place is not None else 0
    if not breaks(finding) or index >= len(segments):
        return None
    name = segments[index][2][0]
    element = place.element if place is not None else None
    places = {name, "*"} | ({f"{name}{element:02}"} if element is not None else set())
    for row in _table():
        if row["finding"] in (finding.code, "*") and row["place"] in places:
            return Noted(finding, index, row["element"], row["code"], row["verdict"])
    return None


def _part(segments: Sequence[Sent], index: int | None, number: int) -> str:
    parts = segments[index][2] if index is not None else ()
    return parts[number].strip(BLANKS) if number < len(parts) else ""


def _answer(one: InterchangeSent, segments: Sequence[Sent], noted: list[Noted], copies: bool) -> Answer:
    def isa(number: int) -> str:
        return _part(segments, one.header, number)

    own = _within(noted, one.header, one.end)
    mine = [each for each in own if each.element == "TA105"] + _strays(one, own)
    worst = next((each for each in mine if each.verdict == "R"), mine[0] if mine else None)
    groups = [group for group in one.groups if group.header is not None]
    due = [group for group in groups if _part(segments, group.header, 1) != _NOT_ANSWERED]
    return Answer(
        sender_qualifier=isa(5),
        sender=isa(6),
        receiver_qualifier=isa(7),
        receiver=isa(8),
        usage=isa(15),
        verdict=InterchangeVerdict(
            control_number=isa(13),
            date=isa(9),
            time=isa(10),
            verdict=coded("TA104", worst.verdict if worst else "A"),
            note=coded("TA105", worst.code if worst else "000"),
        ),
        is_acknowledgment=not one.groups,
        groups=tuple(_group(group, segments, own, copies) for group in due),
    )


def _strays(one: InterchangeSent, noted: list[Noted]) -> list[Noted]:
    """What is wrong with segments that stand in no transaction set: the interchange's content is invalid."""
    sets = sorted((each.first, each.end) for group in one.groups for each in group.transactions)
    found = []
    for each in noted:
        at = bisect_right(sets, each.segment, key=lambda pair: pair[0]) - 1
        is_inside = at >= 0 and each.segment < sets[at][1]
        if each.element in ("IK304", "IK403") and not is_inside:
            found.append(each._replace(element="TA105", code="024", verdict="R"))
    return found


def _group(group: GroupSent, segments: Sequence[Sent], noted: list[Noted], copies: bool) -> GroupAnswer:
    sets = tuple(_set(one, segments, noted, copies) for one in group.transactions)
    ends = [at for at in (group.header, group.trailer) if at is not None]
    mine = [one for at in ends for one in _within(noted, at, at + 1) if one.element == "AK905"]
    taken = sum(one.accepted for one in sets)
    if any(one.verdict == "R" for one in mine) or (sets and not taken):
        verdict, taken = "R", 0
    elif taken < len(sets):
        verdict = "P"
    else:
        verdict = "E" if mine or any(one.verdict.code == "E" for one in sets) else "A"
    counted = _part(segments, group.trailer, 1)
    is_count = counted.isascii() and counted.isdigit() and len(counted) <= 6
    return GroupAnswer(
        sender=_part(segments, group.header, 2),
        receiver=_part(segments, group.header, 3),
        verdict=GroupVerdict(
            functional_identifier=_part(segments, group.header, 1),
            control_number=_part(segments, group.header, 6),
            version=_part(segments, group.header, 8),
            verdict=coded("AK901", verdict),
            included=int(counted) if is_count else len(sets),
            received=len(sets),
            taken=taken,
            errors=_errors("AK905", mine),
            transactions=sets,
        ),
    )


def _errors(table: str, noted: list[Noted], *before: str) -> tuple[Coded, ...]:
    codes = dict.fromkeys((*before, *(one.code for one in noted)))
    return tuple(coded(table, code) for code in list(codes)[:_MOST])


def _set(
    one: TransactionSent, segments: Sequence[Sent], noted: list[Noted], copies: bool
) -> TransactionVerdict:
    mine = _within(noted, one.first, one.end)
    whole = [each for each in mine if each.element == "IK502"]
    inside = [each for each in mine if each.element in ("IK304", "IK403")]
    verdicts = {each.verdict for each in (*whole, *inside)}
    before = ["5"] if inside else []
    if not one.nodes:
        verdicts.add("R")
        before.append("1")
    header = one.first if segments[one.first][2][0] == "ST" else None
    return TransactionVerdict(
        transaction=one.kind or _part(segments, header, 1),
        control_number=_part(segments, header, 2),
        version=_part(segments, header, 3),
        verdict=coded("IK501", "R" if "R" in verdicts else "E" if verdicts else "A"),
        errors=_errors("IK502", whole, *before),
        segments=segment_errors(one, segments, inside, copies=copies) if inside else (),
    )
