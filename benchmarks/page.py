"""RESULTS.md: the figures as tables, with the ratios that are asked about."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from run import Measured

_COUNTED = {"sets": "transaction sets", "benefits": "EB", "services": "service types", "messages": "messages"}
# What is asked of x271: of which program, beside which, and the least and the hoped for ratio of their speeds.
_ASKED = (
    ("bytes to eligibility table", "x271: eligibility table", "oxedi", "large", 10, 20),
    ("bytes to eligibility table", "x271: eligibility table", "count the terminators", "large", 0.25, None),
    ("bytes to all four tables", "x271: four tables", "oxedi", "large", 5, 10),
    ("bytes to segments and loops", "x271: segments and loops", "count the terminators", "large", 0.4, 0.8),
    ("one answer to typed models", "x271: typed models, reduced", "x12sdk", "warm", 20, 40),
    ("many answers to typed models", "x271: typed models, reduced", "x12sdk", "large", 20, None),
    ("many answers to typed models", "x271: typed models, reduced", "linuxforhealth", "large", 20, None),
)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _correct(one: Measured, expected: dict[str, int]) -> str:
    """Where the counts differ from what the file holds; and how many full files are read."""
    said = _counted(one, expected)
    return said if one.accepted is None else f"{said}; reads {one.accepted} of the full files"


def _counted(one: Measured, expected: dict[str, int]) -> str:
    if not one.counts:
        return "-"
    wrong = [
        f"{_COUNTED[what]} {found:,} of {expected[what]:,}"
        for what, found in one.counts.items()
        if found is not None and found != expected[what]
    ]
    return "; ".join(wrong) if wrong else "right"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{' --- |' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def results(
    measured: Sequence[Measured],
    *,
    expected: dict[str, dict[str, int]],
    imports: dict[str, float],
    machine: str,
    versions: dict[str, list[str]],
    day: datetime.date,
    command: str,
    python: str,
    sets: int,
    files: int,
    more: Sequence[str] = (),
) -> str:
    """The page. `more` are sections that other programs measured in the same run."""
    lines = [
        "# Results",
        "",
        f"Measured on {day} by `{command}`: {machine}, CPython {python}. Made by that program; do not edit.",
        "",
        f"- **many**: {sets:,} answers in one interchange, the file read and parsed once in a fresh process.",
        "- **one**: one answer from memory in a warm process, median of up to 200 parses.",
        f"- **files**: {files} files of one answer each, in one process.",
        "- MB/s are medians of the rounds, of 10^6 bytes; each program runs once per round. Peak is the process.",
        "- Programs marked *reduced* read a smaller file, without III, PER in 2100A, HSD and EB09 with a letter code,"
        " which the typed peers refuse. That flatters them: the column *result* says how many full files they read.",
        "- *result* compares what can be counted in the result with what was generated: transaction sets, EB, service"
        " types (repetitions of EB03 apart), messages. `-`: nothing that could be counted.",
        "",
        "## Everybody",
        "",
    ]
    rows = [
        [
            one.name + (" (*reduced*)" if one.file == "reduced" else ""),
            one.gives,
            *(_number(one.rate(mode)) for mode in ("large", "warm", "files")),
            _number(one.peak_mb) if one.peak_mb else "-",
            one.missing or _correct(one, expected[one.file]),
        ]
        for one in measured
    ]
    lines += _table(["program", "gives", "many MB/s", "one MB/s", "files MB/s", "peak MB", "result"], rows)
    lines += ["## What is asked", ""]
    lines += _table(["what", "beside", "ratio", "at least", "hoped for"], _ratios(measured, imports))
    lines += [
        "## Versions",
        "",
        *(f"- {name}: {', '.join(packages)}" for name, packages in versions.items() if packages),
    ]
    return "\n".join([*lines, "", *more]).rstrip() + "\n"


def _ratios(measured: Sequence[Measured], imports: dict[str, float]) -> list[list[str]]:
    rows = []
    for what, ours, theirs, mode, least, hoped in _ASKED:
        pair = [next((one for one in measured if name in one.name), None) for name in (ours, theirs)]
        rates = [one.rate(mode) if one is not None else None for one in pair]
        if rates[0] is not None and rates[1] is not None and pair[1] is not None:
            ratio = _number(rates[0] / rates[1])
            rows.append([what, pair[1].name, f"{ratio} x", f"{least} x", f"{hoped} x" if hoped else "-"])
    ratio = _number(imports["import x271"] / imports["import pydantic"])
    rows.append(
        ["`import x271` (time, less is better)", "`import pydantic`", f"{ratio} x", "1.25 x", "1.1 x"]
    )
    return rows
