"""Faults of the structure: levels, loops, the order of segments."""

from __future__ import annotations

from .editing import Segments, change, counted, dropping, last, place, with_element


def _counted_without(segments: Segments, start: str) -> Segments | None:
    found = dropping(start)(segments)
    return None if found is None else counted(found)


@change("no-beginning")
def _no_beginning(segments: Segments) -> Segments | None:
    return _counted_without(segments, "BHT*")


@change("no-name")
def _no_name(segments: Segments) -> Segments | None:
    at = place(segments, "NM1*IL*")
    if at is None or segments[at + 1][:3] in ("HL*", "SE*"):
        return None
    return counted([*segments[:at], *segments[at + 1 :]])


@change("no-payer-name")
def _no_payer_name(segments: Segments) -> Segments | None:
    at = place(segments, "NM1*")
    if at is None or not segments[at + 1].startswith("HL*"):
        return None
    return counted([*segments[:at], *segments[at + 1 :]])


@change("no-level")
def _no_level(segments: Segments) -> Segments | None:
    at = next((at for at, one in enumerate(segments) if one.startswith("HL*") and "*22*" in one), None)
    return None if at is None else counted([*segments[:at], *segments[at + 1 :]])


@change("no-benefits")
def _no_benefits(segments: Segments) -> Segments | None:
    """The last patient ends before its benefits."""
    level = last(segments, "HL*")
    first = None if level is None else place(segments, "EB*", level)
    end = last(segments, "SE*")
    if level is None or first is None or end is None or any(one[:4] == "AAA*" for one in segments[:first]):
        return None
    return counted([*segments[:first], *segments[end:]])


@change("entity-without-ls")
def _entity_without_ls(segments: Segments) -> Segments | None:
    kept = [one for one in segments if one[:3] not in ("LS*", "LE*")]
    return None if len(kept) == len(segments) else counted(kept)


@change("ls-not-closed")
def _ls_not_closed(segments: Segments) -> Segments | None:
    return _counted_without(segments, "LE*")


@change("parent-unknown")
def _parent_unknown(segments: Segments) -> Segments | None:
    at = last(segments, "HL*")
    if at is None or segments[at].startswith("HL*1*"):
        return None
    return [*segments[:at], with_element(segments[at], 2, "77"), *segments[at + 1 :]]


@change("level-unknown")
def _level_unknown(segments: Segments) -> Segments | None:
    at = last(segments, "HL*")
    if at is None or segments[at].startswith("HL*1*"):
        return None
    return [*segments[:at], with_element(segments[at], 3, "99"), *segments[at + 1 :]]


@change("levels-not-counted")
def _levels_not_counted(segments: Segments) -> Segments | None:
    """HL01 and HL02 go on from an earlier transaction set."""
    found = []
    for segment in segments:
        parts = segment.split("*")
        if parts[0] == "HL":
            parts[1] = f"{int(parts[1]) + 40}"
            parts[2] = f"{int(parts[2]) + 40}" if parts[2] else ""
        found.append("*".join(parts))
    return found if found != segments else None


@change("childless-parent")
def _childless_parent(segments: Segments) -> Segments | None:
    at = last(segments, "HL*")
    if at is None or not segments[at].endswith("*0"):
        return None
    return [*segments[:at], with_element(segments[at], 4, "1"), *segments[at + 1 :]]


@change("child-not-told")
def _child_not_told(segments: Segments) -> Segments | None:
    at = next((at for at, one in enumerate(segments) if one.startswith("HL*") and one.endswith("*1")), None)
    return None if at is None else [*segments[:at], with_element(segments[at], 4, "0"), *segments[at + 1 :]]


@change("many-messages")
def _many_messages(segments: Segments) -> Segments | None:
    trailer = last(segments, "SE*")
    if trailer is None or place(segments, "EB*") is None:
        return None
    new = ["EB*D**30", *[f"MSG*LINE {number}" for number in range(1, 13)]]
    return counted([*segments[:trailer], *new, *segments[trailer:]])
