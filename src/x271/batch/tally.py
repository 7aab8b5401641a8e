"""What a run over many documents met, counted. Holds no patient's data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..errors import X271Error
    from ..normalize.eligibility import Eligibility


@dataclass(slots=True)
class Tally:
    """Counts of one run.

    Attributes:
        documents: all that were looked at.
        refused: documents of which nothing could be read.
        in_part: documents of which a part could be read, and a part not.
        without_patient: readable documents that name no patient (or none of the asked trace number).
        size: bytes of the documents, unpacked.
        coverage: patients by coverage.
        reasons: rejected patients, and rejected documents without a patient, by `eligibility_response`.
        errors: what could not be read, by error code.
        ranges: of long documents that are not counted yet, their ranges, patients and errors, each by its name.
    """

    documents: int = 0
    refused: int = 0
    in_part: int = 0
    without_patient: int = 0
    size: int = 0
    coverage: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    ranges: Counter[str] = field(default_factory=Counter)

    @property
    def patients(self) -> int:
        return self.coverage.total()

    def patient(self, record: Eligibility) -> None:
        """Counts one patient."""
        self.coverage[record.coverage] += 1
        if record.rejected:
            self.reasons[record.eligibility_response] += 1

    def error(self, error: X271Error) -> None:
        """Counts one document, or one part of it, that could not be read."""
        self.errors[error.code] += 1

    def document(self, patients: int, errors: int) -> None:
        """Counts one document that is done, by what came out of it."""
        self.documents += 1
        if errors and patients:
            self.in_part += 1
        elif errors:
            self.refused += 1
        elif not patients:
            self.without_patient += 1

    def range(self, document: int, patients: int, errors: int) -> None:
        """Counts a part of a long document, which has a number in the run."""
        found = {"ranges": 1, "patients": patients, "errors": errors}
        self.ranges.update({f"{document} {what}": count for what, count in found.items() if count})

    def settle(self) -> None:
        """Counts the long documents, when all of their ranges are there."""
        for name in [name for name in self.ranges if name.endswith(" ranges")]:
            number = name.removesuffix(" ranges")
            self.document(self.ranges[f"{number} patients"], self.ranges[f"{number} errors"])
        self.ranges.clear()

    def add(self, other: Tally) -> None:
        """Adds the counts of another."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def values(self) -> dict[str, Any]:
        """The counts as plain values, for the journal."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def of(cls, values: dict[str, Any]) -> Tally:
        """The tally that `values` gave."""
        kept: dict[str, Any] = {
            name: Counter(value) if isinstance(value, dict) else value for name, value in values.items()
        }
        return cls(**kept)
