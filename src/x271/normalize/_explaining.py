"""Makes one explanation from what the core found: its places become evidence, its words sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .. import codes
from ..findings import Finding
from . import integrex
from .explanation import (
    OWN_FIELDS,
    VERDICTS,
    Candidate,
    Evidence,
    Explanation,
    ReasonText,
    Verdict,
    paths,
    preferences_of,
    reasons,
    rules,
)

if TYPE_CHECKING:
    from .eligibility import Eligibility

# Findings without a field of their own, by what they are about.
_OF_COVERAGE = frozenset(
    {"TERMED", "FUTURE", "CONFLICTING_STATUS", "SERVICE_LEVEL_STATUS", "STATUS_IMPLIED_FROM_BENEFITS"}
    | {"NON_COVERED_AS_PLAN_STATUS", "MULTIPLE_PLANS", "SCOPE_FALLBACK_SUBSCRIBER"}
)
_COVERAGE_FIELDS = frozenset({"coverage", "coverageStatusCode", "coverageStatusDesc"})
_CANNOT_BE_READ = frozenset({"unreadable", "no_number", "unknown_code"})
# Reasons that are about the date of service, which stands elsewhere.
_OF_THE_DAY = frozenset({"dated_elsewhere", "covers_the_day", "other_time"})
# Segments that a reason shows whole; of the others it shows one element.
_SHOWN_WHOLE = frozenset({"DTP", "III", "MSG"})
_SHOWN_LENGTH = 60
# Reasons of our own, which the core cannot know: it has no descriptions.
OWN_REASONS = frozenset({"unknown_code"})


class Maker:
    """Makes one explanation from what the core found."""

    def __init__(self, record: Eligibility, field: str) -> None:
        self.record = record
        self.field = field
        self.handle: Any = record._handle()
        self.lines = getattr(record, "_lines", None)
        self.segments: dict[int, dict[str, Any]] = {}
        self.taken: list[Evidence] = []

    def explanation(self, rule: str, places: list[tuple[int, int]], found: list[Any]) -> Explanation:
        value = self.value()
        sources = [self.evidence(segment, element) for segment, element in places]
        elements = dict(reversed(places))
        self.taken = sources + [self.evidence(one[0]) for one in found if one[1] == "chosen"]
        made = [self.candidate(segment, verdict, because, elements) for segment, verdict, because in found]
        if paths().get(self.field, "").split(".")[-1] in {"description", "entity_description"}:
            sources, made = _with_known_codes(value, sources, made)
        made.sort(key=lambda one: (VERDICTS.index(one.verdict), len(one.reasons), one.evidence.segment))
        row = rules()[rule]
        return Explanation(
            field=self.field,
            value=value,
            rule=rule,
            rule_text=(row["text_if_empty"] if not value else "") or row["text"] or row["text_if_empty"],
            place=OWN_FIELDS.get(self.field) or _places()[self.field],
            specification=row["spec"],
            preferences=preferences_of(rule, self.field),
            findings=tuple(self.findings(sources, made)),
            sources=tuple(sources),
            candidates=tuple(made),
        )

    def value(self) -> str:
        if self.field in OWN_FIELDS:
            return str(getattr(self.record, self.field))
        return self.record.to_integrex()[self.field]

    def evidence(self, segment: int, element: int = 0) -> Evidence:
        if segment not in self.segments:
            (offset, number, _, loop, _), text = self.handle.segment(segment)
            line = self.lines[segment] if self.lines is not None and segment < len(self.lines) else None
            self.segments[segment] = {
                "segment": number,
                "offset": offset,
                "line": line or None,
                "loop": loop,
                "text": text,
            }
        return Evidence._trusted({**self.segments[segment], "element": element or None})

    def candidate(
        self,
        segment: int,
        verdict: Verdict,
        found: list[tuple[str, tuple[int, int] | None]],
        elements: dict[int, int],
    ) -> Candidate:
        evidence = self.evidence(segment, elements.get(segment, 0))
        because = []
        for code, place in found:
            at = self.evidence(*place) if place is not None else None
            about = [_detail(evidence, at, self.taken if verdict == "lost" else [])]
            if code in _OF_THE_DAY and self.record.date_of_service is not None:
                about.append(f"the date of service is {self.record.date_of_service}")
            because.append(_reason(code, at, about))
        return Candidate(evidence=evidence, verdict=verdict, reasons=tuple(because))

    def findings(self, sources: list[Evidence], candidates: list[Candidate]) -> list[Finding]:
        places = {(at.segment, at.element) for at in sources}
        unread = (
            reason.evidence for one in candidates for reason in one.reasons if reason.code in _CANNOT_BE_READ
        )
        places |= {(at.segment, at.element) for at in unread if at is not None}
        segments = {at.segment for at in sources}
        loops = {at.loop for at in sources}

        def concerns(finding: Finding) -> bool:
            if finding.field or finding.position is None:
                return finding.field == self.field
            if finding.code == "SCOPE_FALLBACK_SUBSCRIBER" and "2110C" in loops:
                return True
            if finding.code in _OF_COVERAGE:
                return self.field in _COVERAGE_FIELDS
            if finding.code == "PERCENT_SCALE":
                return self.field.startswith("coins") and finding.position.segment in segments
            return (finding.position.segment, finding.position.element) in places

        return [finding for finding in self.record.findings if concerns(finding)]


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    return {row["field"]: row["place"] for row in integrex.table()}


def _with_known_codes(
    value: str, sources: list[Evidence], candidates: list[Candidate]
) -> tuple[list[Evidence], list[Candidate]]:
    """Keeps the source whose code gives the description; a code that no table has gives none."""
    kept = [at for at in sources if value and codes.describe(at.reference, _code(at)) == value][:1]
    if kept or (value and len(sources) < 2):
        return kept or sources, candidates
    unknown: dict[int, list[ReasonText]] = {}
    for at in sources:
        because = _reason("unknown_code", at, [f"{at.reference} is {at.value}"])
        unknown.setdefault(at.segment, []).append(because)
    others = [one for one in candidates if one.evidence.segment not in unknown]
    bases = {at.segment: at for at in reversed(sources)}
    refused = [
        Candidate(evidence=bases[segment], verdict="refused", reasons=tuple(several))
        for segment, several in unknown.items()
    ]
    return [], refused + others


def _code(at: Evidence) -> str:
    """The code of an element; of EB03, which may repeat, the one that stands for the plan, else the first."""
    if at.reference != "EB03":
        return at.value
    repeated = [part.strip() for part in re.split(r"[^\w]", at.value) if part.strip()]
    return "30" if "30" in repeated else (repeated or [""])[0]


def _reason(code: str, at: Evidence | None, about: list[str]) -> ReasonText:
    """The sentence of a reason, with what it is about in brackets."""
    said = "; ".join(part for part in about if part)
    return ReasonText(code=code, text=reasons()[code] + (f" ({said})" if said else ""), evidence=at)


def _detail(candidate: Evidence, at: Evidence | None, taken: list[Evidence]) -> str:
    """What a reason is about, beside what was taken."""
    if at is None:
        return ""
    if at.element is None or (at.name in _SHOWN_WHOLE and at.segment != candidate.segment):
        return _shortened(at.text)
    beside = next((one for one in taken if one.name == at.name), None)
    against = ""
    if beside is not None:
        against = f"; the chosen one has {_described(beside.model_copy(update={'element': at.element}))}"
    return f"{at.reference} is {_described(at)}{against}"


def _described(at: Evidence) -> str:
    """What an element says, with what its code means."""
    if not at.value:
        return "absent"
    known = codes.lookup(at.reference).get(at.value) if at.reference in codes.tables() else None
    if known is None:
        return _shortened(at.value)
    return f"{at.value}, {known.notes.get('meaning_in_271') or known.description}"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}..."
