"""What a run over many documents met, as a table for the terminal. Holds no patient's data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..batch.tally import Tally
from ..errors import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

_TOP = 8  # reject reasons shown; the others are summed up


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
