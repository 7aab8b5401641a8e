"""What the core takes from the models: the loops of each transaction set, what each element is, and what makes them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .. import _core
from . import acknowledgments, segments
from .base import Composite, Loop, Segment, element_fields, slots
from .envelope import ROOTS


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


def walk() -> dict[str, Any]:
    """The loops of each transaction set, and of every element of a segment whether it is a number or a date.

    `walk.json` holds it, so that who only reads answers need not make the models, which takes longer than to read
    hundreds of them.
    """
    elements = [
        [identifier, field.number, _is_a(field.type, identifier, field.number)]
        for identifier, model in by_identifier().items()
        for field in element_fields(model)
    ]
    return {"loops": {kind: loops(model) for kind, model in ROOTS.items()}, "elements": elements}


def _is_a(kind: type, identifier: str, number: int) -> str:
    if kind is Decimal:
        return "number"
    return "date" if kind is datetime.date or (identifier, number) == ("DTP", 3) else ""


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
