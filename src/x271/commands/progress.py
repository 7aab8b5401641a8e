"""What is shown while a run goes on: a bar with counts, and messages above it. All on stderr."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..batch.files import documents
from ..batch.settings import Settings
from ..batch.tally import Tally
from ..batch.work import Done
from ..errors import X271Error
from .streams import clean, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MOST = 100  # messages of a run; the list of refusals has all of them


class Reporter:
    """Takes what happens in a run to stderr."""

    def __init__(
        self,
        *,
        quiet: bool,
        bar: Progress | None = None,
        task: TaskID | None = None,
        total: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._quiet = quiet
        self._bar = bar
        self._task = task
        self._total = total
        self._tally = Tally()
        self._said = self._unsaid = 0
        self._began = time.monotonic()

    def done(self, done: Done) -> None:
        """Tells of a unit that is done."""
        if self._bar is not None and not self._bar.live.is_started:
            self._begin(self._bar)
        self._tally.add(done.tally)
        for is_refusal, message in done.messages:
            if is_refusal or not self._quiet:
                self._say(message)
        self._unsaid += done.unsaid
        if self._bar is not None and self._task is not None:
            tally = self._tally
            refused = f", {tally.refused:,} refused" if tally.refused else ""
            counted = f"{tally.documents:,} documents, {tally.patients:,} patients{refused}"
            rate = tally.documents / max(time.monotonic() - self._began, 1e-3)
            self._bar.update(self._task, advance=done.weight, counted=counted, rate=f"{rate:,.0f}/s")

    def _begin(self, bar: Progress) -> None:
        """Draws the bar: not before the first unit is done, as it has a thread; see `batch.workers`."""
        bar.start()
        task, total = self._task, self._total
        if task is not None:
            threading.Thread(target=lambda: bar.update(task, total=total()), daemon=True).start()

    def close(self) -> None:
        """Says how many messages were left out."""
        if self._unsaid:
            say(f"and {self._unsaid:,} more messages like these")

    def _say(self, message: str) -> None:
        if self._said >= _MOST:
            self._unsaid += 1
            return
        self._said += 1
        if self._bar is None:
            say(message)
        else:
            self._bar.console.print(clean(message), markup=False, highlight=False, soft_wrap=True)


@contextmanager
def reporter(*, shown: bool, quiet: bool, total: Callable[[], int | None]) -> Iterator[Reporter]:
    """A reporter that draws a bar on a terminal if `shown`; elsewhere it only gives the messages.

    `total` says how many bytes there are to read. It runs beside, as that may take a while.
    """
    if not shown or not sys.stderr.isatty():
        report = Reporter(quiet=quiet)
        yield report
        report.close()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[counted]}"),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None, counted="", rate="")
    report = Reporter(quiet=quiet, bar=bar, task=task, total=total)
    try:
        yield report
    finally:
        bar.stop()
    report.close()


def total(settings: Settings) -> int | None:
    """Bytes of all files that the sources mean; None if stdin is among them."""
    if "-" in settings.sources:
        return None
    size = 0
    for _, path in documents(settings.sources):
        if not isinstance(path, X271Error):
            try:
                size += os.stat(path).st_size  # noqa: PTH116  # a million of them
            except (OSError, ValueError):
                continue
    return size or None
