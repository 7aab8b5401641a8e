"""A 271 specification for oxedi, which ships one for the 835 only: made from the models of `x271.grammar`.

    python benchmarks/peers/oxedi_spec.py > 271.json

Loops, segments, elements with type and lengths, and eleven tables: what somebody would set down who wants oxedi to
give tables of eligibility answers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from x271.grammar.rules import LoopRule, SegmentRule, transaction

_USAGE = {"R": "required", "S": "situational"}
# The tables: its segment, the loops it is taken from, and the elements that are columns.
_TABLES: dict[str, tuple[str, tuple[str, ...], dict[str, int]]] = {
    "payers": ("NM1", ("2100A",), {"name": 3, "id_qualifier": 8, "id": 9}),
    "providers": ("NM1", ("2100B",), {"entity": 1, "name": 3, "first_name": 4, "id_qualifier": 8, "id": 9}),
    "patients": ("NM1", ("2100C", "2100D"), {"entity": 1, "last_name": 3, "first_name": 4, "member_id": 9}),
    "demographics": ("DMG", ("2100C", "2100D"), {"birth_date": 2, "gender": 3}),
    "benefits": (
        "EB",
        ("2110C", "2110D"),
        {
            "information_code": 1,
            "coverage_level": 2,
            "service_types": 3,
            "insurance_type": 4,
            "plan": 5,
            "time_period": 6,
            "amount": 7,
            "percent": 8,
            "quantity_qualifier": 9,
            "quantity": 10,
            "authorization": 11,
            "network": 12,
        },
    ),
    "dates": ("DTP", ("2100C", "2100D", "2110C", "2110D"), {"qualifier": 1, "form": 2, "value": 3}),
    "references": (
        "REF",
        ("2100C", "2100D", "2110C", "2110D"),
        {"qualifier": 1, "value": 2, "description": 3},
    ),
    "messages": ("MSG", ("2110C", "2110D"), {"text": 1}),
    "deliveries": ("HSD", ("2110C", "2110D"), {"qualifier": 1, "quantity": 2, "period": 5, "periods": 6}),
    "rejections": (
        "AAA",
        ("2000A", "2100A", "2100B", "2100C", "2100D", "2110C", "2110D"),
        {"valid": 1, "reason": 3, "follow_up": 4},
    ),
    "entities": ("NM1", ("2120C", "2120D"), {"entity": 1, "name": 3, "first_name": 4, "id": 9}),
}


def spec() -> dict[str, Any]:
    """The specification as oxedi's `Spec.from_json` takes it."""
    root = transaction("271")
    loops: dict[str, Any] = {}
    segments: dict[str, Any] = {}
    position = _occurrences(root, loops, segments, parent=None, position=100)
    assert position > 100
    return {
        "name": "271",
        "version": {"segment": "GS", "element": 8, "values": ["005010X279A1"]},
        "segments": segments,
        "loops": loops,
        "tables": {name: _table(*told) for name, told in _TABLES.items()},
        "balancing": {},
    }


def _table(segment: str, loops: tuple[str, ...], columns: dict[str, int]) -> dict[str, Any]:
    return {
        "segment": segment,
        "loops": list(loops),
        "columns": {name: {"element": number} for name, number in columns.items()},
    }


def _occurrences(
    rule: LoopRule, loops: dict[str, Any], segments: dict[str, Any], *, parent: str | None, position: int
) -> int:
    name = "transaction" if parent is None else rule.loop_id
    mine: dict[str, Any] = {}
    entry: dict[str, Any] = {"occurrences": mine, "usage": _USAGE.get(rule.usage, "situational")}
    if parent is not None:
        opener = rule.segments()[0]
        where = {"3": rule.level} if rule.level else {}
        if (
            opener.segment_id == "LS"
        ):  # the loop's name stands after the header; the header itself is its parent's
            opener = rule.segment("NM1")[0]
        entry |= {
            "parent": parent,
            "trigger": {"segment": opener.segment_id, **({"where": where} if where else {})},
        }
    if rule.max:
        entry["max"] = rule.max
    loops[name] = entry
    for one in rule.contents:
        position += 10
        if isinstance(one, SegmentRule):
            _segment(one, segments)
            if one.segment_id in ("ST", "SE"):
                continue
            told: dict[str, Any] = {
                "segment": one.segment_id,
                "pos": position,
                "usage": _USAGE.get(one.usage, "situational"),
            }
            if one.max:
                told["max"] = one.max
            mine[one.name] = told
        else:
            position = _occurrences(one, loops, segments, parent=name, position=position)
    return position


def _all_codes() -> dict[str, dict[int, frozenset[str]]]:
    """Per segment and element the codes of all its places; none where a place takes any."""
    found: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for loop in transaction("271").walk():
        for segment in loop.segments():
            for element in segment.elements:
                if element.repeat == 1 and element.usage != "N":
                    known = found[segment.segment_id].get(element.number, element.codes)
                    found[segment.segment_id][element.number] = (
                        known | element.codes if known and element.codes else frozenset()
                    )
    return found


_CODES = _all_codes()


def _segment(rule: SegmentRule, segments: dict[str, Any]) -> None:
    known = segments.setdefault(rule.segment_id, {"elements": {}})["elements"]
    for element in rule.elements:
        if element.kind and str(element.number) not in known:
            told: dict[str, Any] = {
                "name": element.name,
                "type": element.kind,
                "min": element.min,
                "max": element.max,
            }
            if element.repeat > 1:
                told["max"] = 35 * element.repeat  # it does not split repetitions: the length of them all
            if codes := _CODES[rule.segment_id].get(element.number):
                told["codes"] = sorted(codes)
            if element.usage == "R":
                told["required"] = True
            known[str(element.number)] = told


if __name__ == "__main__":
    print(json.dumps(spec(), indent=1))
