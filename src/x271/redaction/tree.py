"""XML and its JSON twin, and JSON records that hold answers, with other values under the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache

from .._tables import read_table
from ..errors import DataError, LimitExceeded
from ..forms import to_x12
from ..sources.json_values import Number, pairs, scalar
from ..sources.names import COMPOSITE, REPEATING, Place, place
from ..sources.xml import local, named
from .pseudonyms import Pseudonyms, moved
from .treatment import Redactor, Treatment, treatment
from .x12 import family

_DAY = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4})", re.ASCII
)
_CLOCK = re.compile(r"[T ]*\d\d?:\d\d(:\d\d(\.\d+)?)?\s*([AaPp][Mm])?Z?", re.ASCII)
_SEVERAL = REPEATING | COMPOSITE  # their values may hold separators, whichever the document has
_ATOM = re.compile(r"[A-Za-z0-9. -]+", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([Ee][+-]?\d+)?", re.ASCII)  # as JSON writes it
_DEEPEST = 200  # objects and lists


@cache
def _attributes() -> Mapping[str, Treatment]:
    return {
        row["name"]: Treatment(
            row["treatment"], re.compile(row["pattern"], re.ASCII) if row["pattern"] else None
        )
        for row in read_table("redaction/attributes.tsv")
    }


class Tree:
    """Rewrites JSON values; `text` does the same to a text that stands in one (a `raw_response`)."""

    def __init__(self, pseudonyms: Pseudonyms, text: Callable[[str], str | None]) -> None:
        self._pseudonyms = pseudonyms
        self._text = text

    def value(self, value: object) -> object:
        """The same value of a document with pseudonyms.

        Raises:
            LimitExceeded: `TOO_DEEP`.
        """
        first = self._first(value, _DEEPEST)
        return self._any(value, self._pseudonyms.offset("") if first is None else first, "", {}, _DEEPEST)

    def _first(self, value: object, depth: int) -> timedelta | None:
        """How far the dates of the first answer in a record move: so do the record's own."""
        if depth < 1:
            raise LimitExceeded("TOO_DEEP")
        inner: Iterable[object] = ()
        if isinstance(value, Mapping):
            for name, one in pairs(value):
                if named(name, "ppmdresults") and (offset := self._offset(one)) is not None:
                    return offset
            inner = value.values()
        elif isinstance(value, (list, tuple)):
            inner = value
        found = (self._first(one, depth - 1) for one in inner)
        return next((offset for offset in found if offset is not None), None)

    def _any(
        self, value: object, offset: timedelta, name: str, beside: Mapping[str, object], depth: int
    ) -> object:
        if depth < 1:
            raise LimitExceeded("TOO_DEEP")
        if isinstance(value, Mapping):
            return self._object(value, offset, depth - 1)
        if isinstance(value, (list, tuple)):
            return [self._any(one, offset, name, beside, depth - 1) for one in value]
        if isinstance(value, str) and not isinstance(value, Number):
            return self._leaf(value, offset, name, beside)
        if value is None or isinstance(value, bool):
            return value
        text = scalar(value)
        made = self._leaf(text, offset, name, beside)
        made = made.lstrip("0") or "0" if made.isdigit() and made != text else made
        return Number(made) if _NUMBER.fullmatch(made) else made

    def _object(self, node: Mapping[str, object], offset: timedelta, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in pairs(node):
            inner = self._offset(value) if named(name, "ppmdresults") else None
            found[name] = self._any(value, offset if inner is None else inner, name, node, depth)
        return found

    def _offset(self, answer: object) -> timedelta | None:
        """How far the dates of an answer move."""
        try:
            return self._pseudonyms.offset(family(to_x12({"PPMDResults": answer})))
        except DataError:
            return None

    def _leaf(self, value: str, offset: timedelta, name: str, beside: Mapping[str, object]) -> str:
        if name.startswith("@xmlns") or not value.strip():
            return value
        redactor = Redactor(self._pseudonyms, offset)
        where = place(name.removeprefix("@"))
        if where is not None:
            how, is_npi = treatment(*where), (where.segment, where.element) == ("NM1", 9) and _is_npi(beside)
            if (where.segment, where.element) in _SEVERAL:
                return _ATOM.sub(lambda match: redactor.value(how, match[0]), value)
            return redactor.value(how, value, npi=is_npi)
        nested = self._text(value)
        if nested is not None:
            return nested
        known = _attributes().get(local(name.lstrip("@")).lower())
        if known is None:
            return self._pseudonyms.text(value)
        return self._moment(value, offset) if known.kind == "date" else redactor.value(known, value)

    def _moment(self, value: str, offset: timedelta) -> str:
        """A time in the vendor's forms, moved; anything else is replaced."""
        stripped = value.strip()
        match = _DAY.match(stripped)
        clock = stripped[match.end() :] if match else ""
        if match is None or (clock and not _CLOCK.fullmatch(clock)):
            return self._pseudonyms.text(value)
        try:
            day = date(
                *(int(match[one] or match[two]) for one, two in (("y", "year"), ("m", "month"), ("d", "day")))
            )
        except ValueError:
            return self._pseudonyms.text(value)
        new = moved(day, offset)
        return (f"{new:%Y-%m-%d}" if match["y"] else f"{new.month:02}/{new.day:02}/{new.year:04}") + clock


def _is_npi(beside: Mapping[str, object]) -> bool:
    return any(
        place(name.removeprefix("@")) == Place("NM1", 8, 0) and scalar(value) == "XX"
        for name, value in pairs(beside)
    )
