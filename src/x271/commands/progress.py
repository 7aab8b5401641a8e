"""What is shown while a run goes on: a line that counts, and messages above it. All on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..batch.tally import Tally
from .streams import clean, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True, slots=True)
class Reporter:
    """Takes what happens in a run to stderr."""

    _bar: Progress | None = None
    _task: TaskID | None = None

    def say(self, message: str) -> None:
        if self._bar is None:
            say(message)
        else:
            self._bar.console.print(clean(message), markup=False, highlight=False, soft_wrap=True)

    def count(self, tally: Tally) -> None:
        if self._bar is not None and self._task is not None:
            counted = f"{tally.documents:,} documents, {tally.patients:,} patients"
            refused = f", {tally.refused:,} refused" if tally.refused else ""
            self._bar.update(self._task, description=counted + refused)


@contextmanager
def reporter(*, shown: bool) -> Iterator[Reporter]:
    """A reporter that counts on a terminal if `shown`; elsewhere it only gives the messages."""
    if not shown or not sys.stderr.isatty():
        yield Reporter()
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Reporter(bar, bar.add_task("", total=None))
