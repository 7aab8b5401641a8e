"""The map that the core walks, made once from the models: transaction sets, loops, segments, what each element is."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .. import _core, codes, findings
from .._tables import read_table
from . import acknowledgments, segments
from .base import Composite, Loop, Segment, element_fields, slots
from .envelope import ROOTS

# Elements whose loops allow different codes, where another loop's code is a finding. [SPEC 1.3]
_BY_LOOP = ("AAA03", "AAA04")


@lru_cache(maxsize=1)
def by_identifier() -> dict[str, type[Segment]]:
    """The segment models by their identifier."""
    modules = vars(segments) | vars(acknowledgments)
    models = (value for value in modules.values() if isinstance(value, type))
    return {model.segment_id: model for model in models if issubclass(model, Segment) and model.segment_id}


def loops(model: type[Loop], parent: str = "", repeat: int = 1) -> list[dict[str, Any]]:
    """A loop and those in it, outermost first; a level that may also stand elsewhere is listed where it belongs."""
    inner = [slot for slot in slots(model) if issubclass(slot.model, Loop)]
    own = list(
        dict.fromkeys(slot.model.segment_id for slot in slots(model) if issubclass(slot.model, Segment))
    )
    bounds = {bound for slot in inner if issubclass(slot.model, Loop) for bound in slot.model.bounds}
    listed: list[dict[str, Any]] = [
        {
            "id": model.loop_id,
            "parent": parent,
            "opener": own[0],
            "level": model.level,
            "segments": [name for name in own if name not in bounds],
            "repeat": repeat,
            "bounds": list(model.bounds),
        }
    ]
    for slot in inner:
        assert issubclass(slot.model, Loop)  # noqa: S101  (for the type checker; the comprehension above has it)
        known = {item["id"] for item in listed}
        below = loops(slot.model, model.loop_id, slot.told.get("max") or 0)
        listed += [item for item in below if item["id"] not in known]
    return listed


def checks() -> list[dict[str, Any]]:
    """What the core checks of single elements: codes by their tables, dates and numbers."""
    found: list[dict[str, Any]] = []
    tables = codes.compiled()
    for identifier, model in by_identifier().items():
        for field in element_fields(model):
            table = f"{identifier}{field.number:02}"
            item: dict[str, Any] = {"segment": identifier, "element": field.number}
            if table in tables["codes"] and table not in tables["when"]:
                allowed = tables["allowed"].get(table, {}) if table in _BY_LOOP else {}
                found.append(
                    item | {"kind": "code", "codes": list(tables["codes"][table]), "allowed": allowed}
                )
            elif field.type is Decimal:
                found.append(item | {"kind": "number"})
            elif field.type is datetime.date or table == "DTP03":
                found.append(item | {"kind": "date"})
    return sorted(found, key=lambda item: (item["segment"], item["element"]))


def description() -> dict[str, Any]:
    """Everything that the core needs to know."""
    transactions: dict[str, Any] = {}
    for row in read_table("grammar/guides.tsv"):
        entry = transactions.setdefault(
            row["transaction"],
            {"functional_identifier": row["functional_identifier"], "guides": {}, "loops": []},
        )
        entry["guides"][row["guide"]] = row["finding"] or None
    for kind, model in ROOTS.items():
        transactions[kind]["loops"] = loops(model)
    tables = codes.compiled()
    return {
        "transactions": transactions,
        "checks": checks(),
        "codes": tables["codes"],
        "eligibility_responses": tables["vsee"],
        "eligibility_response_fallback": tables["vsee_fallback"],
        "findings": findings.catalogue(),
    }


@lru_cache(maxsize=1)
def engine() -> _core.Engine:
    """The core, compiled at its first use."""
    return _core.Engine(json.dumps(description()))


_KINDS: dict[type, str] = {str: "text", Decimal: "decimal", int: "integer", datetime.date: "date"}


def _fields(model: type[Segment] | type[Composite]) -> list[tuple[str, int, str, Any]]:
    """Per element field: name, number, how it is read, and for a composite what makes it and its fields."""
    found: list[tuple[str, int, str, Any]] = []
    for one in element_fields(model):
        if issubclass(one.type, Composite):
            kind = "composites" if one.several else "composite"
            found.append((one.name, one.number, kind, (one.type._maker, _fields(one.type))))
        else:
            found.append((one.name, one.number, "repetitions" if one.several else _KINDS[one.type], None))
    return found


def _loop_models(model: type[Loop], found: dict[str, Any]) -> None:
    """Adds a loop and those in it: identifier, what makes it, and per field what it holds."""
    listed = []
    for slot in slots(model):
        is_loop = issubclass(slot.model, Loop)
        segment_id = "" if issubclass(slot.model, Loop) else slot.model.segment_id
        loop_id = slot.model.loop_id if issubclass(slot.model, Loop) else ""
        listed.append((slot.name, segment_id, loop_id, slot.several, sorted(slot.qualifiers)))
        if is_loop and issubclass(slot.model, Loop) and loop_id not in found:
            found[loop_id] = None
            _loop_models(slot.model, found)
    found[model.loop_id] = (model.loop_id, model._maker, listed)


@lru_cache(maxsize=8)
def models(kind: str = "271") -> _core.Models:
    """What the core needs to build the typed models of one kind of transaction set, compiled at its first use."""
    segments = [(identifier, (model._maker, _fields(model))) for identifier, model in by_identifier().items()]
    found: dict[str, Any] = {}
    if kind in ROOTS:
        _loop_models(ROOTS[kind], found)
    return _core.Models(segments, Segment._maker, list(found.values()))
