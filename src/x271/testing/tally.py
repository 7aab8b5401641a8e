"""What was found in an archive: counts by code, which can be added up and sent from one process to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .. import codes
from ..errors import X271Error
from ..errors import catalogue as errors
from ..findings import Finding
from ..findings import catalogue as findings
from ..normalize.eligibility import Eligibility
from .invariants import INVARIANTS, Broken
from .subject import Subject

_FORMS = {"x12": "X12", "xml": "XML", "json": "JSON"}


class Tally:
    """Counts under a name each, such as `refused`: of an item, or of all."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}

    def count(self, name: str, key: str = "", by: int = 1) -> None:
        self.counts.setdefault(name, Counter())[key] += by

    def add(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Adds what another has counted, as `plain` gives it."""
        for name, keys in counts.items():
            self.counts.setdefault(name, Counter()).update(keys)

    def plain(self) -> dict[str, dict[str, int]]:
        """The counts in types that JSON has."""
        return {name: dict(keys) for name, keys in self.counts.items()}

    def of_document(self, subject: Subject) -> None:
        """Counts what a document is and says: codes and numbers of ours, nothing of its own."""
        self.count("documents", _FORMS.get(subject.form or "", "other"))
        self.count("bytes", by=len(subject.data))
        for read in subject.read:
            for kind, _, is_read in read.kinds():
                self.count("transactions", kind if is_read or kind.isdigit() else "other")
        if isinstance(subject.records, X271Error):
            # A question or an acknowledgement is readable, and no answer.
            if isinstance(subject.document, X271Error):
                self.count("refused", subject.document.code)
            return
        said = [one.findings for one in subject.patients]
        if not isinstance(subject.document, X271Error):
            said.append(subject.document.findings)
        self.of_findings(one for each in said for one in each)
        for record in subject.patients:
            self.of_record(record)

    def of_findings(self, found: Iterator[Finding]) -> None:
        """Counts a document's findings, each code once."""
        for code in sorted({one.code for one in found}):
            self.count("findings", code)

    def of_record(self, record: Eligibility) -> None:
        self.count("patients", record.coverage)
        if record.rejected:
            self.count("rejected")
        for one in record.rejections:
            self.count("rejections", one.code if one.description else "unknown")

    def of_broken(self, found: Broken) -> None:
        self.count("broken", found.invariant.name)

    def total(self, name: str) -> int:
        return sum(self.counts.get(name, {}).values())

    def lines(self) -> Iterator[str]:
        """The sum for people."""
        size = self.total("bytes")
        yield f"documents     {self._by_key('documents')}{f', {size:,} bytes' if size else ''}"
        yield f"transactions  {self._by_key('transactions')}"
        rejected = self.total("rejected")
        yield f"patients      {self._by_key('patients')}{f'; {rejected} rejected' if rejected else ''}"
        yield from self._listed("rejections", "rejections (AAA)", lambda code: codes.describe("AAA03", code))
        yield from self._listed("refused", "refused documents", lambda code: errors()[code]["meaning"])
        yield from self._listed("findings", "findings, with the documents that have each", _finding)
        long, left_out = self.total("long"), self.total("left out")
        if long:
            yield f"long          {long} of the documents, of which only the records were checked"
        if left_out:
            yield f"left out      {left_out} documents that are not in the sample"
        broken: Mapping[str, int] = self.counts.get("broken", {})
        yield f"invariants    {len(INVARIANTS) - len(broken)} of {len(INVARIANTS)} held in every document"
        for one in INVARIANTS:
            if one.name in broken:
                yield f"  {broken[one.name]:>8}  {one.name}: not so: {one.sentence}"

    def _by_key(self, name: str) -> str:
        keys: Mapping[str, int] = self.counts.get(name, {})
        parts = ", ".join(f"{key} {count}" for key, count in sorted(keys.items(), key=_most_first))
        return f"{self.total(name)}{f' ({parts})' if parts else ''}"

    def _listed(self, name: str, title: str, meaning: Any) -> Iterator[str]:
        keys: Mapping[str, int] = self.counts.get(name, {})
        if keys:
            yield title
        width = max(map(len, keys), default=0)
        for code, count in sorted(keys.items(), key=_most_first):
            yield f"  {count:>8}  {code:{width}}  {meaning(code)}".rstrip()


def _finding(code: str) -> str:
    return findings()[code]["meaning"]


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
