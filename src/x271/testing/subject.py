"""One document under test, and what is read of it: each thing once, and an error of ours in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from .. import api
from .._reading import document
from ..errors import X271Error
from ..redaction import redact
from ..sources import Source, load_all
from ..sources.given import Form, recognize
from ..sources.limits import Limits

if TYPE_CHECKING:
    from .. import _core
    from ..grammar.envelope import Interchange
    from ..normalize.eligibility import Eligibility

_LIMITS = Limits()
_KEY = "a key of the tests"
Made = TypeVar("Made")


def attempt(make: Callable[..., Made], *given: Any, **options: Any) -> Made | X271Error:
    """What a function makes, or the error of ours that it raises. Any other passes."""
    try:
        return make(*given, **options)
    except X271Error as error:
        return error.with_traceback(None)


class Subject:
    """A document. What is read of it is made when it is first asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        return f"<a document of {len(self.data)} bytes>"

    @cached_property
    def form(self) -> Form | None:
        """X12, XML or JSON; None if it is neither."""
        found = attempt(recognize, self.data, limits=_LIMITS)
        return None if isinstance(found, X271Error) else found.form

    @cached_property
    def x12(self) -> bytes | None:
        """The bytes of an X12 document, of UTF-16 as UTF-8; None of other forms."""
        found = attempt(recognize, self.data, limits=_LIMITS)
        return found.text if not isinstance(found, X271Error) and found.form == "x12" else None

    @cached_property
    def document(self) -> Interchange | X271Error:
        """As `x271.parse`."""
        return attempt(api.parse, self.data)

    @cached_property
    def records(self) -> list[Eligibility] | X271Error:
        """As `x271.normalize_all`."""
        return attempt(api.normalize_all, self.data)

    @cached_property
    def patients(self) -> list[Eligibility]:
        """The records; none of a document that is refused."""
        return [] if isinstance(self.records, X271Error) else self.records

    @cached_property
    def redacted(self) -> bytes | X271Error:
        """Its de-identified twin."""
        return attempt(redact, self.data, key=_KEY)

    @cached_property
    def read(self) -> list[_core.Document]:
        """What the core found in each of its answers that can be read."""
        found = attempt(load_all, self.data)
        if isinstance(found, X271Error):
            return []
        read = (attempt(document, one) for one in found if isinstance(one, Source))
        return [one for one in read if not isinstance(one, X271Error)]
