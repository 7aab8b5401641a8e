"""Faults of elements that a row of the table cannot say."""

from __future__ import annotations

from .editing import Segments, change, place, with_element


@change("member-id-missing")
def _member_id_missing(segments: Segments) -> Segments | None:
    at = place(segments, "NM1*IL*")
    if at is None or len(segments[at].split("*")) < 10:
        return None
    return [*segments[:at], with_element(segments[at], 9, ""), *segments[at + 1 :]]


@change("subscriber-unnamed")
def _subscriber_unnamed(segments: Segments) -> Segments | None:
    at = place(segments, "NM1*IL*")
    if at is None or any(one[:4] == "AAA*" for one in segments):
        return None
    return [*segments[:at], with_element(with_element(segments[at], 3, ""), 4, ""), *segments[at + 1 :]]


@change("blanks-around")
def _blanks_around(segments: Segments) -> Segments | None:
    """As a mainframe's fixed columns leave them."""
    at = place(segments, "NM1*IL*")
    if at is None or not segments[at].split("*")[3:]:
        return None
    name = segments[at].split("*")[3]
    return [*segments[:at], with_element(segments[at], 3, f"{name}    "), *segments[at + 1 :]]


@change("separators-at-the-end")
def _separators_at_the_end(segments: Segments) -> Segments | None:
    """Empty elements are written to the end of the segment."""
    full = {"EB": 13, "NM1": 9, "HSD": 8}
    found = []
    for segment in segments:
        parts = segment.split("*")
        found.append(segment + "*" * max(0, full.get(parts[0], 0) - len(parts) + 1))
    return found if found != segments else None
