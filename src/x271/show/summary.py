"""What a run over many documents met: counted while it runs, and shown when it ends. Holds no patient's data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import X271Error, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from ..normalize.eligibility import Eligibility

_TOP = 8  # reject reasons shown; the others are summed up


@dataclass(slots=True)
class Tally:
    """Counts of one run.

    Attributes:
        documents: all that were looked at.
        refused: documents of which nothing could be read.
        in_part: documents of which a part could be read, and a part not.
        without_patient: readable documents that name no patient (or none of the asked trace number).
        coverage: patients by coverage.
        reasons: rejected patients, and rejected documents without a patient, by `eligibility_response`.
        errors: what could not be read, by error code.
    """

    documents: int = 0
    refused: int = 0
    in_part: int = 0
    without_patient: int = 0
    coverage: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

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


def render(tally: Tally, *, asked_trace: bool = False) -> Table:
    """The tally as a table of two columns: what, and how many."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False, show_edge=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    whom = "no patient with that trace number" if asked_trace else "no patient in it"
    parts = [(whom, tally.without_patient), ("read in part", tally.in_part), ("refused", tally.refused)]
    _section(table, "Documents", tally.documents, parts)
    coverage = [(f"coverage {name}", tally.coverage[name]) for name in ("active", "inactive", "unknown")]
    _section(table, "Patients", tally.patients, coverage)
    if tally.reasons:
        _section(table, "Rejections", tally.reasons.total(), _top(tally.reasons))
    if tally.errors:
        codes = [
            (f"{code}: {catalogue()[code]['meaning']}", count) for code, count in tally.errors.most_common()
        ]
        _section(table, "Refusals", tally.errors.total(), codes)
    return table


def _top(reasons: Counter[str]) -> list[tuple[str, int]]:
    shown = reasons.most_common(_TOP)
    rest = reasons.total() - sum(count for _, count in shown)
    return [*shown, ("other reasons", rest)]


def _section(table: Table, title: str, total: int, parts: Iterable[tuple[str, int]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if table.row_count:
        table.add_section()
    table.add_row(Text(title, style="bold"), Text(f"{total:,}", style="bold"))
    for what, count in parts:
        if count:
            table.add_row(Padding(Text(what), (0, 0, 0, 2)), f"{count:,}")
