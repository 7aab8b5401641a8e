"""What is done with one value: kept, shifted or replaced, by the data element that it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .._tables import read_table, read_text
from ..grammar.base import Composite, Segment, element_fields
from ..grammar.mapped import by_identifier
from ..normalize import profile
from .pseudonyms import Pseudonyms, moved

_RUN = re.compile(r"\d+|[^\d-]+", re.ASCII)
_NUMBER = re.compile(r"-?\d{0,18}(\.\d{0,18})?", re.ASCII)
_TIME = re.compile(r"\d{4,8}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{1,5}", re.ASCII)
_WORD = re.compile(r"[A-Za-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with the values of one place."""

    kind: str
    pattern: re.Pattern[str] | None = None


_REPLACE = Treatment("replace")


@cache
def _by_data_element() -> dict[str, Treatment]:
    kinds = {"ID": _CODE, "N0": _NUMBER, "R": _NUMBER, "TM": _TIME}
    found = {}
    for row in read_table("grammar/data_elements.tsv"):
        kind = row["kind"]
        found[row["data_element"]] = (
            Treatment("keep", kinds[kind])
            if kind in kinds
            else Treatment("date")
            if kind == "DT"
            else _REPLACE
        )
    for row in read_table("redaction/treatments.tsv"):
        pattern = re.compile(row["pattern"], re.ASCII) if row["pattern"] else None
        found[row["place"]] = Treatment(row["treatment"], pattern)
    return found


def treatments(segment_id: str) -> Mapping[tuple[int, int], Treatment]:
    """By element and component (0: the whole element); a segment or element that is not here is replaced."""
    model = by_identifier().get(segment_id)
    return {} if model is None else _of_segment(model)  # only what we know is kept: others' names have no end


@cache
def _of_segment(model: type[Segment]) -> Mapping[tuple[int, int], Treatment]:
    found: dict[tuple[int, int], Treatment] = {}
    for field in element_fields(model):
        if issubclass(field.type, Composite):
            for inner in element_fields(field.type):
                found[field.number, inner.number] = _one(
                    f"{model.segment_id}{field.number:02}-{inner.number}", inner.told
                )
        else:
            found[field.number, 0] = _one(f"{model.segment_id}{field.number:02}", field.told)
    return found


def _one(place: str, told: Mapping[str, object]) -> Treatment:
    table = _by_data_element()
    return table.get(place) or table.get(str(told["data_element"])) or _REPLACE


def treatment(segment_id: str, element: int, component: int) -> Treatment:
    """Of one place; a component of a simple element is treated as the element."""
    known = treatments(segment_id)
    first = known.get((element, max(component, 1)))
    return first or known.get((element, 0)) or _REPLACE


@cache
def _understood() -> re.Pattern[str]:
    """What the orders of preference look for in a message, wherever it stands, with a NON before it."""
    words = sorted(
        {word for words in profile.standard()["words"].values() for word in words}, key=len, reverse=True
    )
    return re.compile(rf"(?:NON[- ])?(?:{'|'.join(map(re.escape, words))})", re.IGNORECASE)


@cache
def _vocabulary() -> frozenset[str]:
    lines = read_text("redaction/words.txt").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class Redactor:
    """Treats the values of one family: its dates move together."""

    def __init__(self, pseudonyms: Pseudonyms, offset: timedelta) -> None:
        self._pseudonyms = pseudonyms
        self._offset = offset

    def value(self, treatment: Treatment, value: str, *, npi: bool = False) -> str:
        """The value that stands for `value`; of the same length."""
        if not value or treatment.kind == "delimiter":
            return value
        if treatment.kind == "keep" and treatment.pattern is not None and treatment.pattern.fullmatch(value):
            return value
        if treatment.kind == "date":
            return self.date(value)
        if treatment.kind == "text":
            return self.text(value)
        return self._pseudonyms.npi(value) if npi else self._pseudonyms.text(value)

    def text(self, value: str) -> str:
        """A message: its words replaced but for those by which it is understood."""
        understood = [match.span() for match in _understood().finditer(value)]
        known = [match.span() for match in _WORD.finditer(value) if match[0].upper() in _vocabulary()]
        masked, at = "", 0
        for start, end in sorted([*understood, *known]):
            if end > at:
                masked += self._pseudonyms.text(value[at:start]) + value[max(at, start) : end]
                at = end
        masked += self._pseudonyms.text(value[at:])
        if [match.span() for match in _understood().finditer(masked)] == understood:
            return masked
        # A pseudonym happens to be, or to make with its neighbour, a word that is looked for: letters without sense.
        spoken = {at for span in understood for at in range(*span)}
        return "".join(one if at in spoken or not one.isalpha() else "X" for at, one in enumerate(masked))

    def date(self, value: str) -> str:
        """Days moved, in any form that X12 has for them; what is no day stays none."""
        return value if not value.strip("0-") else _RUN.sub(self._day, value)

    def _day(self, match: re.Match[str]) -> str:
        run = match[0]
        if not run.isdigit() or len(run) not in (6, 8, 12, 14):
            return self._pseudonyms.text(run)
        full = f"20{run}" if len(run) == 6 else run[:8]  # ISA09 has no century
        try:
            day = date(int(full[:4]), int(full[4:6]), int(full[6:]))
        except ValueError:
            return "9" * len(run)  # the shape of a day, and none
        other = moved(day, self._offset)
        new = f"{other.year:04}{other.month:02}{other.day:02}"  # strftime leaves out zeros of early years
        return new[2:] if len(run) == 6 else new + run[8:]
