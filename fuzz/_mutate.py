"""Mutations that keep a document's form: plain bytes hardly ever pass an ISA, a closing tag or a brace."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from collections.abc import Callable
from typing import Any

Mutator = Callable[[bytes, random.Random], bytes]

_SEGMENTS = tuple(
    line.split("=", 1)[1].strip('"\n').encode()
    for line in Path(__file__).with_name("x12.dict").read_text().splitlines()
    if line.startswith("segment_")
)
_VALUES: tuple[str, ...] = (
    "",
    "1",
    "30",
    "C",
    "IND",
    "29",
    "0",
    "-1",
    "9" * 30,
    "1e9",
    "NaN",
    ".",
    "0.2",
    "20260101",
    "D8",
    "RD8",
)
_VALUES += (
    "20260101-20251231",
    "Y",
    "2120",
    "22",
    "W",
    "XX",
    "0" * 40,
    " ",
    "\n",
    "é",
    "\x00",
    "~",
    "*",
    "^",
    ":",
)
_TAG = re.compile(rb"<[^<>]*>")


def x12(data: bytes, rng: random.Random) -> bytes:
    """Segments, elements, repetitions and components in, out, doubled and swapped."""
    at = data.find(b"ISA")
    if at < 0 or len(data) < at + 106:
        return data
    element, terminator = data[at + 3 : at + 4], data[at + 105 : at + 106]
    segments = data.split(terminator)
    for _ in range(rng.randint(1, 3)):
        _change(segments, element, rng)
    return terminator.join(segments)


def _change(segments: list[bytes], element: bytes, rng: random.Random) -> None:
    at, other = rng.randrange(len(segments)), rng.randrange(len(segments))
    choice = rng.randrange(8)
    if choice == 0:
        segments[at], segments[other] = segments[other], segments[at]
    elif choice == 1 and len(segments) > 1:
        del segments[at]
    elif choice == 2:
        segments.insert(other, segments[at])
    elif choice in (3, 4):
        segments.insert(at, rng.choice(_SEGMENTS).replace(b"*", element))
    elif choice == 5:
        segments[other:other] = segments[at : at + rng.randint(1, 12)]
    else:
        parts = segments[at].split(element)
        one, value = rng.randrange(len(parts)), rng.choice(_VALUES).encode()
        parts[one] = rng.choice((value, parts[one] + b"^" + value, parts[one] + b":" + value, parts[one] * 2))
        segments[at] = element.join(parts)


def json_text(data: bytes, rng: random.Random) -> bytes:
    """Values of a JSON document changed, moved, doubled, wrapped; X12 in it mutated as such."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.randint(1, 3)):
        value = _value(value, rng)
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _value(value: Any, rng: random.Random) -> Any:  # noqa: PLR0911  (one return for each mutation)
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        choice = rng.randrange(6)
        if choice == 0:
            return {one: what for one, what in value.items() if one != name}
        if choice == 1:
            other = rng.choice(list(value))
            return {**value, name: value[other]}
        if choice == 2:
            return {**value, name: [value[name], value[name]]}
        return {**value, name: _value(value[name], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        return [*value[:at], _value(value[at], rng), *value[at + 1 :]]
    if isinstance(value, str) and "ISA" in value:
        return x12(value.encode("utf-8", "replace"), rng).decode("utf-8", "replace")
    return rng.choice(
        (None, True, 7, -1.5, [], {}, [value], {"PPMDResults": value}, json.dumps(value), *_VALUES)
    )


def xml(data: bytes, rng: random.Random) -> bytes:
    """Tags in, out, doubled and swapped, and the values in them changed."""
    tags = [match.span() for match in _TAG.finditer(data)]
    if not tags:
        return data
    (start, end), (other, _) = rng.choice(tags), rng.choice(tags)
    tag = data[start:end]
    choice = rng.randrange(6)
    if choice == 0:
        return data[:start] + data[end:]
    if choice == 1:
        return data[:other] + tag + data[other:]
    if choice == 2:
        extra = rng.choice(
            (b"<!-- a -->", b"<?a b?>", b"<![CDATA[<x>]]>", b"&lt;", b"&#x41;", b"\r\n", b"<Results/>")
        )
        return data[:start] + extra + data[start:]
    quoted = list(re.finditer(rb"\"[^\"]*\"|'[^']*'", tag))
    if not quoted:
        return data[:start] + tag.replace(b">", b" success='1'>", 1) + data[end:]
    value = rng.choice(quoted)
    made = rng.choice(_VALUES).encode().replace(b"<", b"&lt;").replace(b"&", b"&amp;")
    return data[: start + value.start() + 1] + made + data[start + value.end() - 1 :]


def by_form(data: bytes, rng: random.Random) -> bytes:
    """Whichever of these the document begins like."""
    first = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if first == b"<":
        return xml(data, rng)
    return json_text(data, rng) if first in (b"{", b"[", b'"') else x12(data, rng)
