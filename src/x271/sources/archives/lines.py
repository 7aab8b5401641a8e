"""JSON Lines as a stream: one JSON document a line, however many there are."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...errors import LimitExceeded, X271Error
from .stream import Stream

_LOOK = 2**16
_BLOCK = 2**20

Block = tuple[int, int, bytes | X271Error]  # line of its first line from 1, its size, whole lines or why not


def are_lines(stream: Stream, *, most: int) -> bool:
    """Whether a text that starts with `{` or `[` is JSON Lines: its first two lines say so, one of them may be bad.

    A text of one line is one document. Nothing is read.
    """
    first, second = _first_two(stream, most)
    if not second or first in (b"{", b"["):
        return False
    return second[:1] in (b"{", b"[") and (_is_json(first) or _is_json(second))


def blocks(stream: Stream, *, most: int) -> Iterator[Block]:
    """The stream in blocks of whole lines, about a megabyte each; a line longer than `most` is `TOO_LARGE`."""
    kept: list[bytes]
    number, kept, size = 1, [], 0
    while data := stream.read(_BLOCK):
        end = data.rfind(b"\n") + 1
        if end:
            whole = b"".join((*kept, data[:end]))
            yield number, len(whole), whole
            number += whole.count(b"\n")
            kept, size = [data[end:]], len(data) - end
            continue
        kept.append(data)
        size += len(data)
        if size > most:
            yield number, size + _skip_line(stream), LimitExceeded("TOO_LARGE")
            number, kept, size = number + 1, [], 0
    if size:
        yield number, size, b"".join(kept)


def lines(block: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a block that are not blank, each with its number."""
    for number, line in enumerate(block.split(b"\n"), first):
        if line and not line.isspace():
            yield number, line


def _first_two(stream: Stream, most: int) -> tuple[bytes, bytes]:
    """The first two lines that are not blank, without blanks around them; fewer if the text has fewer."""
    look = _LOOK
    while True:
        head = stream.head(min(look, most))
        is_all = len(head) < look
        found = head.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 2)
        rest = found[1].lstrip() if len(found) > 1 else b""
        if len(found) == 3 and not rest:  # blank lines between them
            found = [found[0], *found[2].lstrip().split(b"\n", 1)]
        if len(found) == 3 or is_all:
            second = found[1].strip() if len(found) > 1 else b""
            return found[0].strip(), second
        look *= 4


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _skip_line(stream: Stream) -> int:
    skipped = 0
    while True:
        head = stream.head(_LOOK)
        end = head.find(b"\n") + 1
        skipped += len(stream.read(end or len(head)))
        if end or not head:
            return skipped
