"""Changing segments deep in a document: what lies on the path to a changed segment is made anew, the rest is shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .._model import Model
from ..errors import Position, UsageError
from .base import Loop, Segment

Change = Callable[[Segment], Segment | None]
_M = TypeVar("_M", bound=Model)


def mapped(model: _M, change: Change, path: str = "") -> _M:
    """The model with what `change` gives for each of its segments; the same object if it gives nothing else.

    Raises:
        UsageError: BAD_OPTION, `change` gave a segment of another kind, or took away one that must be there.
    """
    changes: dict[str, Any] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        place = f"{path}.{name}" if path else name
        is_open = name in ("others", "segments")  # any segment may stand there
        if isinstance(value, tuple):
            made = [
                _one(one, change, f"{place}[{index}]", is_open=is_open) for index, one in enumerate(value)
            ]
            if any(after is not before for after, before in zip(made, value, strict=True)):
                changes[name] = tuple(one for one in made if one is not None)
        else:
            new = _one(value, change, place, is_open=is_open)
            if new is None and value is not None and field.is_required():
                raise _refusal(place, "this segment cannot be taken away")
            if new is not value:
                changes[name] = new
    return model.model_copy(update=changes) if changes else model


def _one(value: Any, change: Change, place: str, *, is_open: bool) -> Any:
    if isinstance(value, Segment):
        new = change(value)
        kind = Segment if is_open else type(value)
        if new is not None and not isinstance(new, kind):
            raise _refusal(place, "a segment of the same kind, or None, is expected")
        return new
    # What holds segments: loops and the envelope's models, which have no name of their own in common.
    return mapped(value, change, place) if isinstance(value, Loop | Model) else value


def _refusal(place: str, detail: str) -> UsageError:
    return UsageError("BAD_OPTION", position=Position(key=place), detail=detail)
