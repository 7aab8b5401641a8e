"""What must be the same of one answer in its three forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import x271
from x12 import read
from x271.sources.names import COMPOSITE, REPEATING

ENVELOPE = ("ISA", "TA1", "GS", "ST", "SE", "GE", "IEA")
Said = tuple[str, tuple[Any, ...]]


def said(x12: bytes) -> list[Said]:
    """Every segment: its identifier and elements, without empty ones at the end.

    An element that repeats or is a composite is its parts, as the delimiters may be others.
    """
    document = read(x12)
    starts = [(item[0], item[-1]) for item in document.interchanges()]
    found = []
    for index, (_, _, parts) in enumerate(document.segments()):
        delimiters = next(given for start, given in reversed(starts) if start <= index)
        elements = [
            _parts(parts[0], number, text, delimiters) for number, text in enumerate(parts[1:], start=1)
        ]
        while elements and not elements[-1]:
            elements.pop()
        if elements == [" "]:  # what a segment without any element becomes, or it would be lost
            elements = []
        if parts[0] == "ISA":  # its widths and separators are the form's
            elements = [text.strip() for text in elements[:10]] + elements[11:15]
        found.append((parts[0].strip(), tuple(elements)))
    return found


def _parts(segment: str, number: int, text: str, delimiters: bytes) -> Any:
    _, repetition, component, _ = (chr(byte) if byte else "" for byte in delimiters)
    whole = [text]
    if (segment, number) in REPEATING and repetition:
        whole = text.split(repetition)
    if (segment, number) in COMPOSITE and component:
        return tuple(tuple(one.split(component)) for one in whole) if text else ""
    return tuple(whole) if len(whole) > 1 else text


def transactions(x12: bytes) -> list[list[Said]]:
    """Every transaction set, ST to SE."""
    whole = said(x12)
    return [whole[first:end] for _, first, end, _, _ in read(x12).transactions()]


def records(data: Any, **question: Any) -> list[dict[str, Any]]:
    """What the answer means: each record without positions and without what the vendor says around it."""
    envelope = {
        code for code, row in x271.findings.catalogue().items() if row["area"] in ("envelope", "version")
    }
    found = []
    for one in x271.normalize_all(data, **question):
        dumped = _without_positions(one.model_dump(mode="json"))
        dumped["findings"] = [item for item in dumped["findings"] if item["code"] not in envelope]
        found.append(dumped)
    return found


def _without_positions(value: Any) -> Any:
    if isinstance(value, dict):
        dropped = ("position", "positions", "others", "results", "eligibility_id", "segments", "offset")
        return {name: _without_positions(one) for name, one in value.items() if name not in dropped}
    if isinstance(value, list):
        return [_without_positions(one) for one in value]
    return value


def attributes(node: Any) -> Iterator[tuple[str, str]]:
    """The attributes of a JSON twin's segments in document order."""
    if isinstance(node, list):
        for one in node:
            yield from attributes(one)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name.startswith("@") and name[1].isupper():
                yield name[1:], value
            elif not name.startswith("@"):
                yield from attributes(value)


def paths(node: Any, above: str = "") -> Iterator[str]:
    """The way to each element of a JSON twin, in document order."""
    for name, value in node.items():
        if not name.startswith(("@", "?", "#")):
            for one in value if isinstance(value, list) else [value]:
                yield f"{above}/{name}"
                if isinstance(one, dict):
                    yield from paths(one, f"{above}/{name}")
