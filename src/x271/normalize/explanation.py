"""Why a field has its value: the segment that gave it, the rule that chose it, and what else was looked at.

The core says which rule and which places; the words stand in `rules.tsv` and `reasons.tsv`. An explanation shows
what the patient's segments say, since the caller asked for it by name; its `repr` does not.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from .._model import Model
from .._tables import read_table
from ..errors import Position, UsageError
from ..findings import Finding
from . import integrex

if TYPE_CHECKING:
    from .eligibility import Eligibility

Verdict = Literal["chosen", "used", "tied", "lost", "refused"]
VERDICTS: tuple[Verdict, ...] = ("chosen", "used", "tied", "lost", "refused")

# Fields of the record that are no Integrex fields, with where they come from.
OWN_FIELDS = {
    "coverage": "EB01 of the status rows, their dates, and those of the patient's 2100 loop",
    "eligibility_response": "AAA03 of the primary rejection, in VSee's words",
    "eligibility_text": "MSG01 of the rows that say why nothing could be answered (EB*V)",
}
_MOST_SHOWN = 12


class Evidence(Model):
    """A place in the answer and what stands there."""

    own_words = ("loop",)

    segment: int = Field(description="Segments counted from 1.")
    offset: int = Field(
        description="Bytes from 0 in the X12; of XML and JSON, in the X12 that they are turned into."
    )
    line: int | None = Field(None, description="Of XML, the line of the segment's element, from 1.")
    element: int | None = Field(None, description="Element number; None if the whole segment is meant.")
    loop: str | None = Field(None, description="Loop identifier, such as `2110C`.")
    text: str = Field(repr=False, description="The segment as sent, without its terminator.")

    @property
    def name(self) -> str:
        """The segment's identifier, such as `EB`."""
        match = re.match(r"[^\W_]*", self.text)
        return match.group() if match else ""

    @property
    def reference(self) -> str:
        """The element as people write it, such as `EB07`; without an element the segment's identifier."""
        return self.name if self.element is None else f"{self.name}{self.element:02}"

    @property
    def value(self) -> str:
        """What the element says, trimmed of blanks; empty if it is absent or no element is meant."""
        separator = self.text[len(self.name) : len(self.name) + 1]
        if self.element is None or not separator:
            return ""
        elements = self.text.split(separator)
        return elements[self.element].strip() if self.element < len(elements) else ""

    @property
    def where(self) -> str:
        """The position in words: `segment 26, byte 1207, loop 2110C`."""
        line = f", line {self.line}" if self.line is not None else f", byte {self.offset}"
        return f"segment {self.segment}{line}" + (f", loop {self.loop}" if self.loop else "")


class ReasonText(Model):
    """What speaks for or against a candidate."""

    own_words = ("code",)

    code: str = Field(description="A word of `reasons.tsv`, such as `dated_elsewhere`.")
    text: str = Field(
        repr=False, description="The same as a sentence about the candidate, with what it is about."
    )
    evidence: Evidence | None = Field(None, description="The element or segment that the reason is about.")


class Candidate(Model):
    """One place that could have given the value."""

    evidence: Evidence
    verdict: Verdict
    reasons: tuple[ReasonText, ...] = ()


class Explanation(Model):
    """Why a field has its value. `str` gives it as text; `x271.show` draws it for a terminal."""

    field: str
    value: str = Field(
        repr=False, description="As `to_integrex` or the record writes it; empty if there is none."
    )
    rule: str = Field(description="A word of `rules.tsv`, such as `derived_remaining`.")
    rule_text: str = Field(description="The rule as a sentence.")
    place: str = Field(description="Where values of this field stand.")
    specification: str = Field("", description="Section of the specification.")
    preferences: tuple[str, ...] = Field(
        (), description="Keys of the profile that decide here: `amounts.total`."
    )
    findings: tuple[Finding, ...] = Field((), description="The record's findings about this field.")
    sources: tuple[Evidence, ...] = Field((), description="The elements that the value is made of.")
    candidates: tuple[Candidate, ...] = Field(
        (),
        description="Chosen, used, tied, lost, and refused ones; of these those with the fewest reasons first.",
    )

    def of(self, verdict: Verdict) -> tuple[Candidate, ...]:
        """The candidates with this verdict."""
        return tuple(one for one in self.candidates if one.verdict == verdict)

    def origins(self) -> list[tuple[str, Evidence, tuple[ReasonText, ...]]]:
        """Each segment of the sources: its elements in words, the segment, and what it was chosen or used for."""
        elements: dict[int, list[str]] = {}
        for at in self.sources:
            elements.setdefault(at.segment, []).append(at.reference)
        first = {at.segment: at for at in reversed(self.sources)}
        taken = {one.evidence.segment: one.reasons for one in (*self.of("used"), *self.of("chosen"))}
        return [(", ".join(names), first[at], taken.get(at, ())) for at, names in elements.items()]

    def others(self) -> list[Candidate]:
        """The candidates that are no source, in the order of `candidates`."""
        sources = {at.segment for at in self.sources}
        return [one for one in self.candidates if one.evidence.segment not in sources]

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.of(verdict))} {verdict}" for verdict in VERDICTS if self.of(verdict))
        return f"Explanation({self.field!r}, rule={self.rule!r}{', ' if counts else ''}{counts})"

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def explain(record: Eligibility, field: str) -> Explanation:
    """Why `field` of the record has its value.

    `field` is one of the 74 Integrex names, its path in the record (`deductible.individual.in_network.total`), or
    `coverage`, `eligibility_response`, `eligibility_text`.

    Raises:
        UsageError: UNKNOWN_FIELD, or NOT_EXPLAINABLE for a record that was loaded, copied or made by hand.
    """
    from ._explaining import Maker

    name = field_name(field)
    handle = record._handle()
    if handle is None:
        raise UsageError("NOT_EXPLAINABLE", position=Position(key=name))
    found = handle.explain(name)
    if found is None:  # a test holds the core's names and ours together
        raise UsageError("UNKNOWN_FIELD", position=Position(key="field"))
    return Maker(record, name).explanation(*found)


def field_names() -> tuple[str, ...]:
    """Every field that can be explained."""
    return (*(row["field"] for row in integrex.table()), *OWN_FIELDS)


def field_name(given: object) -> str:
    """The field that a caller means.

    Raises:
        UsageError: UNKNOWN_FIELD, with the nearest names in `detail`.
    """
    if not isinstance(given, str):
        raise UsageError("UNKNOWN_FIELD", position=Position(key="field"), detail="a name is expected")
    wanted = re.sub(r"\)\s+", ")", given.strip())
    known = _known()
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    detail = f"did you mean {' or '.join(near)}?" if near else ""
    raise UsageError("UNKNOWN_FIELD", position=Position(key="field"), detail=detail)


@lru_cache(maxsize=1)
def rules() -> dict[str, dict[str, str]]:
    """Every rule with its `text`, `text_if_empty`, `spec` and `preferences` (from `rules.tsv`)."""
    return {row["rule"]: row for row in read_table("normalize/rules.tsv")}


@lru_cache(maxsize=1)
def reasons() -> dict[str, str]:
    """Every reason word with its sentence (from `reasons.tsv`)."""
    return {row["reason"]: row["text"] for row in read_table("normalize/reasons.tsv")}


def preferences_of(rule: str, field: str) -> tuple[str, ...]:
    """The keys of the profile that decide when this rule fills this field."""
    parts = paths().get(field, "").split(".")
    last = parts[-1]
    words = {
        "kind": parts[0],
        "level": parts[1] if len(parts) > 1 else "",
        "network": next((part for part in parts if part.endswith("_network")), "in_network"),
        "last": last,
        "side": last.removeprefix("coverage_"),
        "contact": "entity_phone" if last == "phone" else last,
    }
    keys = rules()[rule]["preferences"].split(", ")
    return tuple(key.format(**words) for key in keys if key)


@lru_cache(maxsize=1)
def paths() -> dict[str, str]:
    """Every Integrex field's path in the record; empty for one that only a caller knows."""
    return {row["field"]: row["value"] for row in integrex.table()}


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """What a caller may write, and the field that it means."""
    by_path = {path: field for field, path in paths().items() if path}
    return by_path | {name: name for name in field_names()}


def _lines(explanation: Explanation) -> list[str]:
    lines = [f"{explanation.field} = {explanation.value or '(empty)'}", explanation.rule_text, ""]
    for references, at, because in explanation.origins():
        lines += [f"  from     {at.text}", f"           {references}, {at.where}"]
        lines += [f"           - {reason.text}" for reason in because]
    others = explanation.others()
    for one in others[:_MOST_SHOWN]:
        lines += [f"  {one.verdict:8} {one.evidence.text}", f"           {one.evidence.where}"]
        lines += [f"           - {reason.text}" for reason in one.reasons]
    if len(others) > _MOST_SHOWN:
        lines.append(f"  ... and {len(others) - _MOST_SHOWN} more")
    lines += [f"  finding  {finding}" for finding in explanation.findings]
    if explanation.preferences:
        lines += [""] * bool(lines[-1])
        lines.append(f"Decided by {explanation.rule}: {', '.join(explanation.preferences)}")
    return lines if lines[-1] else lines[:-1]
