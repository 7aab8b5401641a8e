"""Faults of the envelope: ISA, GS, ST and their trailers."""

from __future__ import annotations

from .editing import Segments, change, counted, place, with_element


@change("isa-not-padded")
def _isa_not_padded(segments: Segments) -> Segments | None:
    parts = [part.strip() for part in segments[0].split("*")]
    return ["*".join(parts), *segments[1:]]


@change("repetition-u")
def _repetition_u(segments: Segments) -> Segments | None:
    parts = segments[0].split("*")
    if parts[11] == "U":
        return None
    parts[11] = "U"
    return ["*".join(parts), *segments[1:]]


def _named(segments: Segments, guide: str) -> Segments | None:
    """The guide by another name in GS08 and ST03."""
    if not any("005010X279A1" in segment for segment in segments):
        return None
    found = list(segments)
    for at, segment in enumerate(found):
        if segment[:3] in ("GS*", "ST*"):
            found[at] = segment.replace("005010X279A1", guide)
    return found


@change("no-addendum")
def _no_addendum(segments: Segments) -> Segments | None:
    return _named(segments, "005010X279")


@change("old-version")
def _old_version(segments: Segments) -> Segments | None:
    return _named(segments, "004010X092A1")


@change("unknown-version")
def _unknown_version(segments: Segments) -> Segments | None:
    return _named(segments, "005010X999")


@change("repeated-set")
def _repeated_set(segments: Segments) -> Segments | None:
    start, end, total = place(segments, "ST*"), place(segments, "SE*"), place(segments, "GE*")
    if start is None or end is None or total is None:
        return None
    sets = sum(segment.startswith("ST*") for segment in segments[:total])
    trailer = with_element(segments[total], 1, str(sets + 1))
    return [
        *segments[: end + 1],
        *segments[start : end + 1],
        *segments[end + 1 : total],
        trailer,
        *segments[total + 1 :],
    ]


@change("empty-set")
def _empty_set(segments: Segments) -> Segments | None:
    start, end = place(segments, "ST*"), place(segments, "SE*")
    if start is None or end is None:
        return None
    return counted([*segments[: start + 1], *segments[end:]])
