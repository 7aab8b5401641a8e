"""The elements of one segment against the rule of its place: usage, length, type, codes, and relational notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..grammar.base import BLANKS, Separators, read_date
from ..grammar.rules import ElementRule, SegmentRule

# What names the transaction set and its guide is the core's to judge: it knows older names of a guide.
_NAMES = frozenset({"GS01", "GS08", "ST01", "ST03"})
_NUMBER = re.compile(r"-?(?=[.\d]*\d)\d*\.?\d*", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Fault(NamedTuple):
    """What is wrong with a segment. about: the rule's reference, such as `EB13-2`, or the note, such as `P0910`."""

    code: str
    about: str
    element: int | None = None
    component: int | None = None


def faults(parts: tuple[str, ...], rule: SegmentRule, separators: Separators) -> list[Fault]:
    """Every fault of a segment that was sent as these parts, the identifier first; each kind once per element."""
    found: list[Fault] = []
    for element in rule.elements:
        sent = parts[element.number] if element.number < len(parts) else ""
        if sent.strip(BLANKS):
            found += dict.fromkeys(_element(sent, element, separators))
        elif element.usage == "R":
            found.append(Fault("MISSING_ELEMENT", element.reference, element.number))
    last = rule.elements[-1].number if rule.elements else 0
    for number in range(last + 1, len(parts)):
        if parts[number].strip(BLANKS):
            found.append(Fault("TOO_MANY_ELEMENTS", rule.segment_id, number))
            break
    at_fault = {one.element for one in found}
    for note in rule.notes:
        number = broken(note, parts)
        if number and not at_fault & set(_numbers(note)):
            found.append(Fault("RELATION", note, number))
    return found


def header_faults(parts: tuple[str, ...], rule: SegmentRule, *, padded: bool) -> list[Fault]:
    """The same for ISA, whose elements have a fixed width and are filled with blanks."""
    found = []
    for element in rule.elements:
        sent = parts[element.number] if element.number < len(parts) else ""
        value = sent.strip(BLANKS)
        if element.kind == "AN" and len(sent) == 1:  # the separators, which the core judges
            continue
        if not value:
            code = "" if element.reference in ("ISA02", "ISA04") else "MISSING_ELEMENT"
        else:
            code = _value(sent if padded else value, element, width=padded)
        if code and (padded or code != "TOO_SHORT"):
            found.append(Fault(code, element.reference, element.number))
    return found


def broken(note: str, parts: tuple[str, ...]) -> int:
    """The element by which a relational note is broken; 0 if it is kept."""
    numbers = _numbers(note)
    there = [number < len(parts) and bool(parts[number].strip(BLANKS)) for number in numbers]
    missing = [number for number, present in zip(numbers, there, strict=True) if not present]
    present = [number for number in numbers if number not in missing]
    match note[0]:
        case "P":  # all or none
            return missing[0] if missing and present else 0
        case "R":  # at least one
            return 0 if present else numbers[0]
        case "E":  # at most one
            return present[1] if len(present) > 1 else 0
        case "C":  # if the first, all
            return missing[0] if there[0] and missing else 0
        case _:  # L: if the first, one of the others
            return numbers[1] if there[0] and len(present) == 1 else 0


def _numbers(note: str) -> list[int]:
    return [int(note[at : at + 2]) for at in range(1, len(note), 2)]


def _element(sent: str, rule: ElementRule, separators: Separators) -> Iterator[Fault]:
    """What is wrong with an element that was sent."""
    number = rule.number
    if rule.usage == "N":
        yield Fault("ELEMENT_NOT_USED", rule.reference, number)
        return
    repetitions = sent.split(separators.repetition) if separators.repetition else [sent]
    if len(repetitions) > rule.repeat:
        yield Fault("TOO_MANY_REPETITIONS", rule.reference, number)
        repetitions = repetitions[: rule.repeat]
    for value in repetitions:
        if rule.components:
            yield from _components(value, rule, separators)
        elif separators.component and separators.component in value:
            yield Fault("TOO_MANY_COMPONENTS", rule.reference, number)
        elif value.strip(BLANKS):
            code = _value(value, rule)
            if code:
                yield Fault(code, rule.reference, number)


def _components(value: str, rule: ElementRule, separators: Separators) -> Iterator[Fault]:
    sent = value.split(separators.component) if separators.component else [value]
    for component in rule.components:
        number = component.number
        text = sent[number - 1] if number <= len(sent) else ""
        if not text.strip(BLANKS):
            code = "MISSING_ELEMENT" if component.usage == "R" else ""
        elif component.usage == "N":
            code = "ELEMENT_NOT_USED"
        else:
            code = _value(text, component)
        if code:
            yield Fault(code, component.reference, rule.number, number)
    if any(text.strip(BLANKS) for text in sent[rule.components[-1].number :]):
        yield Fault("TOO_MANY_COMPONENTS", rule.reference, rule.number)


def _value(sent: str, rule: ElementRule, *, width: bool = False) -> str:
    """What is wrong with a value that was sent; empty if nothing. width: blanks count as length."""
    value = sent.strip(BLANKS)
    if rule.codes and rule.reference not in _NAMES:
        return "" if value in rule.codes else "CODE_NOT_ALLOWED"
    is_number = rule.kind in ("N0", "R")
    length = sum(map(str.isdigit, value)) if is_number else len(sent if width else value)
    if rule.max is not None and length > rule.max:
        return "TOO_LONG"
    if rule.min is not None and (length if is_number else len(sent)) < rule.min:
        return "TOO_SHORT"
    return "" if _is_of(rule.kind, value) else "BAD_TYPE"


def _is_of(kind: str, value: str) -> bool:
    match kind:
        case "N0":
            return bool(_WHOLE.fullmatch(value))
        case "R":
            return bool(_NUMBER.fullmatch(value))
        case "DT":
            return read_date(value if len(value) == 8 else f"20{value}") is not None
        case "TM":
            return bool(_TIME.fullmatch(value))
        case _:
            return not _CONTROL.search(value)
