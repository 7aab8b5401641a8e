"""What the faults are written with: segments found, replaced, put in, and counted again.

Segments are text with standard delimiters. A function of a fault gives None where the fault cannot happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Segments = list[str]
Change = Callable[[Segments], Segments | None]

CHANGES: dict[str, Change] = {}


def change(name: str) -> Callable[[Change], Change]:
    """Enters a fault of segments under its name."""

    def enter(made: Change) -> Change:
        CHANGES[name] = made
        return made

    return enter


def place(segments: Segments, start: str, after: int = 0) -> int | None:
    """Where the first segment stands that begins so."""
    return next((at for at in range(after, len(segments)) if segments[at].startswith(start)), None)


def last(segments: Segments, start: str) -> int | None:
    """Where the last segment stands that begins so."""
    return next((at for at in reversed(range(len(segments))) if segments[at].startswith(start)), None)


def with_element(segment: str, number: int, value: str) -> str:
    """The segment with another value in an element."""
    parts = segment.split("*")
    parts += [""] * (number + 1 - len(parts))
    parts[number] = value
    return "*".join(parts).rstrip("*")


def setting(start: str, number: int, value: str) -> Change:
    """Another value in an element of the first segment that begins so."""

    def made(segments: Segments) -> Segments | None:
        at = place(segments, start)
        if at is None or (segments[at].split("*") + [""] * number)[number] == value:
            return None
        return [*segments[:at], with_element(segments[at], number, value), *segments[at + 1 :]]

    return made


def dropping(start: str) -> Change:
    """Without the last segment that begins so."""

    def made(segments: Segments) -> Segments | None:
        at = last(segments, start)
        return None if at is None else [*segments[:at], *segments[at + 1 :]]

    return made


def putting(start: str, new: Sequence[str], *, behind: bool) -> Change:
    """With these segments before or behind the first one that begins so."""

    def made(segments: Segments) -> Segments | None:
        at = place(segments, start)
        return None if at is None else counted([*segments[: at + behind], *new, *segments[at + behind :]])

    return made


def adding(new: Sequence[str]) -> Change:
    """With these benefits behind those of the last patient, if there are such."""

    def made(segments: Segments) -> Segments | None:
        trailer = last(segments, "SE*")
        if trailer is None or place(segments, "EB*") is None:
            return None
        return counted([*segments[:trailer], *new, *segments[trailer:]])

    return made


def counted(segments: Segments) -> Segments:
    """The same with SE01 of each transaction set counted again."""
    found = list(segments)
    start = None
    for at, segment in enumerate(found):
        if segment.startswith("ST*"):
            start = at
        elif segment.startswith("SE*") and start is not None:
            found[at] = with_element(segment, 1, str(at - start + 1))
    return found
