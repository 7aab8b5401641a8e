"""Segments as X12 bytes, with delimiters that no value holds.

A document's own separators (ISA11, ISA16) mean something in the few elements that repeat or are composites.
Anywhere else the same characters are text, and then another separator is written.
"""

from __future__ import annotations

from itertools import chain

from .envelope import Envelope, Segment
from .names import COMPOSITE, REPEATING, Places

# What is tried, the usual first; `?` is not among them, as a lone surrogate is written so.
_ELEMENT, _TERMINATOR, _REPETITION, _COMPONENT = "*|\x1d", "~\x1c", "^|\x1e", ":^|\x1f"
_OTHERS = "\x1f\x1e\x1d\x1c!%&;<=>@[]_{}#$`\\\"'" + "".join(
    map(chr, (*range(1, 9), 11, 12, *range(14, 28), 127))
)
Values = list[list[str]]  # an element's repetitions, each of its components


class NoDelimiterError(ValueError):
    """Every character that could be a delimiter is in the data. XML cannot do this, JSON can."""


def write(envelope: Envelope) -> bytes:
    """The interchange as X12, UTF-8; each segment ends with the terminator and nothing else.

    The document's own separators are kept where they are nothing else's text.

    Raises:
        NoDelimiterError: nothing is left to cut segments with.
    """
    items, parts = envelope.items, envelope.parts
    text = "".join(chain.from_iterable(items))  # ISA11 and ISA16 are empty yet
    text += "".join(value for values in parts.values() for _, value in values)
    own = list(dict.fromkeys(map(_own, envelope.sent.values())))
    repetition_in, component_in = own[0] if own else ("^", ":")
    separator = _free(_ELEMENT, text, "")
    terminator = _free(_TERMINATOR, text, separator)
    taken = separator + terminator
    keep = not parts and len(own) == 1
    keep_repetition = (
        keep and repetition_in not in taken and _is_only_in(REPEATING, repetition_in, text, items)
    )
    repetition = repetition_in if keep_repetition else _free(_REPETITION, text, taken + component_in)
    taken += repetition
    keep_component = keep and component_in not in taken and _is_only_in(COMPOSITE, component_in, text, items)
    component = component_in if keep_component else _free(_COMPONENT, text, taken)
    for index in envelope.sent:
        items[index] = (*items[index][:11], repetition, *items[index][12:16], component)
    if not (keep_repetition and keep_component):
        _translate(envelope, repetition, component)
    lines = map(separator.join, items)
    return (terminator.join(lines) + terminator).encode("utf-8", "replace")


def _is_only_in(places: Places, separator: str, text: str, items: list[Segment]) -> bool:
    """Whether a separator is ASCII, and all of it that is in the text stands where it separates."""
    if not separator.isascii() or separator == "?":
        return False
    count = text.count(separator)
    return not count or count == sum(
        item[element].count(separator)
        for item in items
        if item[0] in _COMPOUND
        for segment, element in places
        if item[0] == segment and element < len(item)
    )


def _translate(envelope: Envelope, repetition: str, component: str) -> None:
    """Writes the elements that repeat or are composites with these separators."""
    own = ("^", ":")
    for index, item in enumerate(envelope.items):
        if index in envelope.sent:
            own = _own(envelope.sent[index])
        if item[0] not in _COMPOUND and not envelope.parts:
            continue
        whole = list(item)
        for element in range(1, len(item)):
            values = _values(item, element, envelope.parts.get((index, element)), *own)
            if values is not None:
                whole[element] = repetition.join(map(component.join, values))
        envelope.items[index] = tuple(whole)


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


def _free(wanted: str, text: str, taken: str) -> str:
    """The first character that is neither in the text nor taken."""
    for character in wanted + _OTHERS:
        if character not in taken and character not in text:
            return character
    raise NoDelimiterError("no character is left")


def _own(isa: Segment) -> tuple[str, str]:
    """A document's repetition and component separators; `^` and `:` if it names none that can be one."""
    repetition = isa[11].strip() if len(isa) > 11 else ""
    component = isa[16].strip() if len(isa) > 16 else ""
    return repetition if _usable(repetition) else "^", component if _usable(component) else ":"


def _usable(character: str) -> bool:
    return len(character) == 1 and not character.isalnum()


_COMPOUND = {segment for segment, _ in (*REPEATING, *COMPOSITE)}
