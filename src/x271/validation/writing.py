"""Writes the acknowledgements: TA1 for an interchange, 999 (005010X231A1) for its groups.

What is copied from the document is its envelope, the names of its segments, and the trace number of the patient's
question (CTX, as the guide asks); what stood in an element in error (IK404) only where `validate` was asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

from .._tables import read_table
from ..grammar import rules
from .acknowledgment import GroupVerdict, SegmentError, TransactionVerdict, Trigger
from .verdicts import Answer

GUIDE = "005010X231A1"

_UNWRITABLE = re.compile(r"[^ -~]|[*^:~]")
_MOST = 999_999_999


def ta1(answers: Sequence[Answer], control_number: int | None, at: datetime | None) -> bytes:
    """The TA1 of each interchange that is more than an acknowledgement."""
    due = [one for one in answers if not one.is_acknowledgment]
    numbered = zip(due, _numbers(due, control_number), strict=True)
    return b"".join(_ta1(one, number, _now(at)) for one, number in numbered)


def ack_999(answers: Sequence[Answer], control_number: int | None, at: datetime | None) -> bytes:
    """The 999 of each group, one interchange and one group per interchange."""
    due = [one for one in answers if one.groups]
    numbered = zip(due, _numbers(due, control_number), strict=True)
    return b"".join(_999(one, number, _now(at)) for one, number in numbered)


def _now(at: datetime | None) -> datetime:
    return at or datetime.now().astimezone()


def _numbers(answers: Iterable[Answer], given: int | None) -> Iterator[str]:
    """ISA13 of each: as given and counting on, else that of the interchange answered; none of them twice."""
    taken: set[int] = set()
    latest = 0  # that was chosen for being free
    for nth, one in enumerate(answers):
        number = (
            int(_digits(one.verdict.control_number, 9)) if given is None else (given + nth - 1) % _MOST + 1
        )
        if number in taken:
            number = max(number, latest)
        while number in taken:
            latest = number = number % _MOST + 1
        taken.add(number)
        yield f"{number:09}"


def _digits(text: str, width: int) -> str:
    """The text if it is a number of at most that width, filled with zeros, else zeros."""
    is_number = text.isascii() and text.isdigit() and len(text) <= width
    return text.zfill(width) if is_number else "0" * width


def _text(value: str, most: int, least: int = 0) -> str:
    """The text without what would be cut, no longer than it may be; filled with zeros if it is too short."""
    return _UNWRITABLE.sub(" ", value).strip()[:most].strip().ljust(least, "0")


def _written(segments: Iterable[Sequence[str]]) -> bytes:
    return "".join("*".join(parts).rstrip("*") + "~\n" for parts in segments).encode("ascii")


@cache
def _qualifiers() -> frozenset[str]:
    """The codes that the guide allows in ISA05 and ISA07."""
    header = rules.interchange("999").segments()[0]
    return next(one.codes for one in header.elements if one.reference == "ISA05")


def _header(answer: Answer, number: str, at: datetime) -> list[str]:
    """ISA back to the sender."""

    def qualifier(text: str) -> str:
        return text if text in _qualifiers() else "ZZ"

    return [
        *("ISA", "00", " " * 10, "00", " " * 10),
        *(qualifier(answer.receiver_qualifier), _text(answer.receiver, 15, 1).ljust(15)),
        *(qualifier(answer.sender_qualifier), _text(answer.sender, 15, 1).ljust(15)),
        *(f"{at:%y%m%d}", f"{at:%H%M}", "^", "00501", number, "0"),
        *("T" if answer.usage == "T" else "P", ":"),
    ]


def _ta1(answer: Answer, number: str, at: datetime) -> bytes:
    told = answer.verdict
    sent = [
        told.date if _is_day(told.date) else f"{at:%y%m%d}",
        told.time if re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]", told.time) else f"{at:%H%M}",
    ]
    control = _digits(told.control_number, 9)
    return _written(
        [
            _header(answer, number, at),
            ["TA1", control, *sent, told.verdict.code, told.note.code],
            ["IEA", "0", number],
        ]
    )


def _is_day(text: str) -> bool:
    """Whether it is a day as ISA09 and TA102 write it; one that is none would make the TA1 invalid."""
    try:
        return bool(re.fullmatch(r"[0-9]{6}", text) and datetime.strptime(text, "%y%m%d"))
    except ValueError:
        return False


def _999(answer: Answer, number: str, at: datetime) -> bytes:
    control = str(int(number) or 1)
    first = answer.groups[0]
    segments: list[Sequence[str]] = [_header(answer, number, at)]
    ends = (_text(first.receiver, 15, 2), _text(first.sender, 15, 2))
    segments.append(["GS", "FA", *ends, f"{at:%Y%m%d}", f"{at:%H%M}", control, "X", GUIDE])
    for count, group in enumerate(answer.groups, start=1):
        body = list(_group(group.verdict))
        segments += [["ST", "999", f"{count:04}", GUIDE], *body, ["SE", str(len(body) + 2), f"{count:04}"]]
    segments += [["GE", str(len(answer.groups)), control], ["IEA", "1", number]]
    return _written(segments)


def _group(told: GroupVerdict) -> Iterator[list[str]]:
    version = _text(told.version, 12, 1)
    number = told.control_number  # AK102 is a number, and 0 where GS06 was none
    is_number = number.isascii() and number.isdigit() and len(number) <= 9
    yield ["AK1", _identifier(told), number if is_number else "0", version]
    for one in told.transactions:
        yield from _set(one, told)
    counts = (told.included, told.received, told.taken)
    errors = (code.code for code in told.errors)
    yield ["AK9", told.verdict.code, *(str(count or 0) for count in counts), *errors]


def _identifier(told: GroupVerdict) -> str:
    """AK101 repeats GS01; a code that no guide has would make the 999 itself invalid, so the set's own is taken, and of
    a group without a set that of answers."""
    known = {row["functional_identifier"]: row["transaction"] for row in read_table("grammar/guides.tsv")}
    if told.functional_identifier in known:
        return told.functional_identifier
    kinds = [one.transaction for one in told.transactions]
    return next((name for name, kind in known.items() if kind in kinds), next(iter(known)))


def _kind(told: TransactionVerdict, group: GroupVerdict) -> str:
    """AK201 repeats ST01; where that is no number of a transaction set, what the group says that it holds."""
    if re.fullmatch(r"[1-9][0-9]{2}", told.transaction):
        return told.transaction
    rows = read_table("grammar/guides.tsv")
    said = (row["transaction"] for row in rows if row["functional_identifier"] == group.functional_identifier)
    return next(said, "271")


def _set(told: TransactionVerdict, group: GroupVerdict) -> Iterator[list[str]]:
    yield [
        "AK2",
        _kind(told, group),
        _text(told.control_number, 9, 4),
        _text(told.version, 35),
    ]
    for one in told.segments:
        yield from _segment(one)
    yield ["IK5", told.verdict.code, *(code.code for code in told.errors)]


def _segment(one: SegmentError) -> Iterator[list[str]]:
    yield ["IK3", one.segment, str(one.place), one.loop, one.error.code]
    if one.business_unit is not None:  # both CTX have the same position; pyx12 takes them in this order only
        yield ["CTX", f"{one.business_unit.name}:{one.business_unit.reference}"]
    yield from map(_trigger, one.triggers)
    for element in one.elements:
        where = _where(element.element, element.component)
        copy = "" if _UNWRITABLE.search(element.copied) else element.copied[:99]
        yield ["IK4", where, element.data_element, element.error.code, copy]
        yield from map(_trigger, element.triggers)


def _trigger(one: Trigger) -> list[str]:
    where = _where(one.element, one.component)
    return ["CTX", "SITUATIONAL TRIGGER", one.segment, str(one.place), one.loop, where, one.data_element]


def _where(element: int | None, component: int | None) -> str:
    if element is None:
        return ""
    return f"{element}:{component}" if component else str(element)
