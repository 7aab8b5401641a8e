"""Segments as X12 bytes, with delimiters that no value holds.

A document's own separators (ISA11, ISA16) mean something in the few elements that repeat or are composites.
Anywhere else the same characters are text, and then another separator is written.
"""

from __future__ import annotations

from itertools import chain

from .envelope import Envelope, Segment
from .names import COMPOSITE, REPEATING

_SEPARATORS = "\x1d\x1e\x1f\x1c"
_OTHERS = "!%&;<=>@[]_{}#$`\\\"'" + "".join(map(chr, (*range(1, 9), 11, 12, *range(14, 28), 127)))
_NONE_LEFT = "no delimiter is left"
Values = list[list[str]]  # an element's repetitions, each of its components


class NoDelimiter(ValueError):
    """Every character that could be a delimiter is in the data. XML cannot do this, JSON can."""


def write(envelope: Envelope) -> bytes:
    """The interchange as X12, UTF-8; each segment ends with the terminator and nothing else.

    Raises:
        NoDelimiter: nothing is left to cut segments with.
    """
    own = {_own(isa) for isa in envelope.sent.values()} or {("^", ":")}
    if len(own) == 1 and not envelope.parts:
        text = _as_sent(envelope, *own.pop())
        if text is not None:
            return text.encode("utf-8", "replace")
    return _translated(envelope).encode("utf-8", "replace")


def _as_sent(envelope: Envelope, repetition: str, component: str) -> str | None:
    """The usual case: `*`, `~` and the document's own separators do; None if they do not."""
    items = envelope.items
    if not (repetition + component).isascii() or len({"*", "~", repetition, component}) < 4:
        return None
    for index in envelope.sent:
        items[index] = _with_separators(items[index], repetition, component)
    text = "~".join(map("*".join, items))
    if text.count("*") != sum(map(len, items)) - len(items) or text.count("~") != len(items) - 1:
        return None
    for separator, places in ((repetition, REPEATING), (component, COMPOSITE)):
        excess = text.count(separator) - len(envelope.sent)
        if excess and excess != sum(
            item[element].count(separator)
            for item in items
            if item[0] in _COMPOUND
            for segment, element in places
            if item[0] == segment and element < len(item)
        ):
            return None
    return text + "~"


def _translated(envelope: Envelope) -> str:
    repetition_in, component_in = "^", ":"
    compound: dict[tuple[int, int], Values] = {}
    for index, item in enumerate(envelope.items):
        if index in envelope.sent:
            repetition_in, component_in = _own(envelope.sent[index])
        elif item[0] in _COMPOUND or envelope.parts:
            for element in range(1, len(item)):
                values = _values(item, element, envelope.parts.get((index, element)), repetition_in, component_in)
                if values is not None:
                    compound[index, element] = values
    first = _own(next(iter(envelope.sent.values()), ()))
    used = set[str]()
    for index, item in enumerate(envelope.items):
        for element, value in enumerate(item):
            if index in envelope.sent and element in (11, 16):
                continue
            used.update(*chain.from_iterable(compound.get((index, element), [[value]])))
    component = _free(first[1] + ":^|" + _SEPARATORS[2:], used)
    repetition = _free(first[0] + "^|" + _SEPARATORS[2:], used)
    separator = _free("*|" + _SEPARATORS, used)
    terminator = _free("~" + _SEPARATORS[::-1], used)
    lines = []
    for index, item in enumerate(envelope.items):
        if index in envelope.sent:
            item = _with_separators(item, repetition, component)
        whole = [
            repetition.join(map(component.join, compound[index, element])) if (index, element) in compound else value
            for element, value in enumerate(item)
        ]
        lines.append(separator.join(whole) + terminator)
    return "".join(lines)


def _values(
    item: Segment, element: int, parts: list[tuple[int, str]] | None, repetition: str, component: str
) -> Values | None:
    """An element's repetitions and components, or None for plain text."""
    where = (item[0], element)
    if parts is None:
        if where not in REPEATING and where not in COMPOSITE:
            return None
        parts = [(0, item[element])]
    found: Values = []
    at = 0
    for number, text in parts:
        if number == 0:
            whole = text.split(repetition) if where in REPEATING else [text]
            found += [one.split(component) if where in COMPOSITE else [one] for one in whole]
        else:
            if not found or number <= at or any(found[-1][number - 1 : number]):
                found.append([])
            found[-1] += [""] * (number - len(found[-1]))
            found[-1][number - 1] = text
        at = number
    return found


def _free(wanted: str, used: set[str]) -> str:
    """The first character that is not used yet, and it is used from now on."""
    for character in wanted + _OTHERS:
        if character not in used and character.isascii():
            used.add(character)
            return character
    raise NoDelimiter(_NONE_LEFT)


def _own(isa: Segment) -> tuple[str, str]:
    """A document's repetition and component separators; `^` and `:` if it names none that can be one."""
    repetition = isa[11].strip() if len(isa) > 11 else ""
    component = isa[16].strip() if len(isa) > 16 else ""
    return repetition if _usable(repetition) else "^", component if _usable(component) else ":"


def _usable(character: str) -> bool:
    return len(character) == 1 and not character.isalnum()


def _with_separators(isa: Segment, repetition: str, component: str) -> Segment:
    return (*isa[:11], repetition, *isa[12:16], component)


_COMPOUND = {segment for segment, _ in (*REPEATING, *COMPOSITE)}
