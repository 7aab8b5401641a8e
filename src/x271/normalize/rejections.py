"""The rejections of an answer that names no patient: it was refused at its source or receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import codes
from ..errors import Position
from .record import Rejection

if TYPE_CHECKING:
    from .. import _core


def of_document(document: _core.Document) -> tuple[Rejection, ...]:
    """Every AAA of a document, in document order, as a record would have it."""
    found = []
    for index, (offset, loop, parts) in enumerate(document.segments(), start=1):
        if parts[0] != "AAA":
            continue
        _, valid, _, code, action = (*(part.strip() for part in parts), "", "", "", "")[:5]
        found.append(
            Rejection(
                loop=loop or "",
                valid_request=valid,
                code=code,
                description=codes.describe("AAA03", code),
                follow_up_code=action,
                follow_up=codes.describe("AAA04", action),
                eligibility_response=codes.eligibility_response(code),
                position=Position(
                    offset=offset, segment=index, loop=loop, loop_path=document.loop_path(index - 1)
                ),
            )
        )
    return tuple(found)
