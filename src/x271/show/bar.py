"""A bar for a terminal that shows how much of an amount is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class Bar:
    """`met` from 0 to 1. Drawn with = and - where the terminal has no lines."""

    def __init__(self, met: float) -> None:
        self._met = met

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        done, rest = ("=", "-") if options.ascii_only or console.legacy_windows else ("━", "╌")
        width = options.max_width
        full = min(
            max(round(self._met * width), 1 if self._met else 0), width if self._met == 1 else width - 1
        )
        yield Segment(done * full, Style(color="green"))
        yield Segment(rest * (width - full), Style(dim=True))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(4, options.max_width)
