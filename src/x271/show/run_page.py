"""The summary of a run as one HTML page that needs nothing else: counts, and bars drawn as SVG. No patient's data."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .._tables import read_text
from ..batch.tally import Tally
from ..errors import catalogue

if TYPE_CHECKING:
    from jinja2 import Template

_TOP = 12  # reject reasons drawn; the others are summed up
_WIDE = 1000  # units of the drawing that the longest bar takes
_SEEN = 8  # the least that a part of a bar takes
_COVERAGE = ("active", "inactive", "unknown")


class Bar(NamedTuple):
    """A bar: where it starts and how long it is, in units of the drawing."""

    name: str
    number: str
    share: str
    start: float
    length: float
    more: str = ""


def render(tally: Tally, *, seconds: float | None = None, asked_trace: bool = False) -> str:
    """The page; `seconds` is how long the run took.

    Raises:
        ModuleNotFoundError: jinja2 is not installed.
    """
    from .. import __version__

    whom = "without a patient of that trace number" if asked_trace else "without a patient"
    readable = tally.documents - tally.refused - tally.in_part - tally.without_patient
    documents = Counter(
        {
            "read": readable,
            whom: tally.without_patient,
            "read in part": tally.in_part,
            "refused": tally.refused,
        }
    )
    refusals = [bar._replace(more=_help(bar.name)) for bar in _bars(_top(tally.errors, len(tally.errors)))]
    return _template().render(
        tally=tally,
        facts=_facts(tally, seconds),
        documents=_stacked(documents),
        coverage=_stacked(Counter({name: tally.coverage[name] for name in _COVERAGE})),
        reasons=_bars(_top(tally.reasons)),
        refusals=refusals,
        wide=_WIDE,
        version=__version__,
    )


def _facts(tally: Tally, seconds: float | None) -> list[tuple[str, str]]:
    facts = [
        (f"{tally.documents:,}", "documents"),
        (f"{tally.patients:,}", "patients"),
        (f"{tally.errors.total():,}", "refusals"),
        (_size(tally.size), "read"),
    ]
    if seconds is not None:
        facts.append((_time(seconds), "taken"))
        if seconds >= 0.1 and tally.documents:
            facts.append((f"{tally.documents / seconds:,.0f}", "documents/s"))
    return facts


def _help(code: str) -> str:
    row = catalogue()[code]
    return f"{row['meaning'][0].upper()}{row['meaning'][1:]}. {row['hint']}"


def _stacked(counts: Counter[str]) -> list[Bar]:
    """One bar in parts: each starts where the last one ends. What is there at all is wide enough to be seen."""
    found = {name: count for name, count in counts.items() if count > 0}
    total = sum(found.values())
    lengths = {name: max(_WIDE * count / total, _SEEN) for name, count in found.items()}
    bars, start = [], 0.0
    for name, count in found.items():
        length = _WIDE * lengths[name] / sum(lengths.values())
        bars.append(Bar(name, f"{count:,}", _share(count, total), round(start, 2), round(length, 2)))
        start += length
    return bars


def _bars(counts: Counter[str]) -> list[Bar]:
    """A bar for each, in the order given."""
    total, most = counts.total(), max(counts.values(), default=0)
    return [
        Bar(name or "(none)", f"{count:,}", _share(count, total), 0, round(max(_WIDE * count / most, 2), 2))
        for name, count in counts.items()
        if count
    ]


def _top(counts: Counter[str], most: int = _TOP) -> Counter[str]:
    """The most frequent ones, and then the others in one."""
    shown = Counter(dict(counts.most_common(most)))
    rest = counts.total() - shown.total()
    if rest:
        shown["other reasons"] = rest
    return shown


def _share(count: int, total: int) -> str:
    share = 100 * count / total
    return f"{share:.0f} %" if share >= 1 else "under 1 %"


def _size(size: int) -> str:
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:,.1f} {unit}"
    return f"{size} bytes"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(read_text("show/run.html.j2"))
