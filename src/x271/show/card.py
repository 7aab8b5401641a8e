"""A benefits card for a terminal. What it says is made in `view`; here it is only drawn, for any width from 60."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .bar import Bar
from .view import Refusal, View, refusal, view
from .words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from ..errors import NoPatient
    from ..normalize.eligibility import Eligibility
    from .boxes import Box
    from .services import Row, Service
    from .view import Oddity, Share

_COLOURS = {"good": "green", "bad": "red", "doubtful": "yellow"}
_SEVERITIES = {"info": "cyan", "warning": "yellow", "error": "red"}
_AUTHORIZATIONS = {
    "required": ("authorization required", "bold yellow"),
    "not required": ("no authorization needed", "dim"),
}
_WIDTHS = (0, 26, 6, 10, 13, 12)  # of a benefit's columns; the first indents
_SHORT = 60  # characters of notes that share a line
_THREE_BOXES, _BARS, _NOTES_BESIDE = 100, 88, 116  # columns from which there is room


def render(eligibility: Eligibility, *, patient_data: bool) -> RenderableType:
    """The card of one patient; without `patient_data` no name, number, date or text of the answer is on it."""
    return Card(view(eligibility, patient_data=patient_data))


def refused(error: NoPatient) -> RenderableType | None:
    """Why the answer has no patient, as far as it says so: its rejections, or the vendor's fault."""
    shown = refusal(error)
    if shown is None:
        return None
    rows: list[RenderableType] = [Text(shown.title, style="bold red")]
    rows += [Text(text) for text in shown.texts]
    rows += _refusals(shown.refusals)
    return Panel(Group(*rows), box=box.ROUNDED, border_style="red", padding=(0, 1))


class Card:
    """The view as rich draws it."""

    def __init__(self, shown: View) -> None:
        self._view = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield _head(self._view)
        for part in self._parts(options.max_width):
            yield Padding(part, (1, 1, 0, 1))

    def _parts(self, width: int) -> Iterator[RenderableType]:
        shown = self._view
        if shown.boxes:
            yield _boxes(shown.boxes, 3 if width >= _THREE_BOXES else 2)
        if shown.costs:
            yield Group(Text("What the patient pays", style="cyan"), _costs(shown, bars=width >= _BARS))
        services = shown.services
        for name, types in (("Covered", services.covered), ("Not covered", services.not_covered)):
            if types:
                yield Group(Text(name, style="cyan"), Text(", ".join(types)))
        yield from (_service(one, beside=width >= _NOTES_BESIDE) for one in services.detailed)
        if shown.oddities:
            yield _oddities(shown.oddities)


def _head(shown: View) -> Panel:
    colour = _COLOURS[shown.tone]
    badge = Text.assemble((f" {shown.status.upper()} ", f"bold reverse {colour}"))
    if shown.period:
        badge.append(f"  {shown.period}", style=colour)
    rows: list[RenderableType] = [badge]
    if shown.reasons:
        rows.append(Text(f"{sentence(', '.join(shown.reasons))}.", style=colour))
    if shown.plan:
        rows.append(Text(shown.plan, style="bold"))
    if shown.about_plan:
        rows.append(Text(shown.about_plan))
    if shown.asked:
        rows.append(Text(shown.asked, style="dim"))
    rows += [Text(f"! {notice}", style="yellow") for notice in shown.notices]
    rows += _refusals(shown.refusals)
    title = Text(shown.payer, style="bold") if shown.payer else None
    return Panel(
        Group(*rows), title=title, title_align="left", box=box.ROUNDED, border_style=colour, padding=(0, 1)
    )


def _refusals(rejected: Sequence[Refusal]) -> Iterable[RenderableType]:
    for one in rejected:
        yield Text()
        yield Text.assemble((one.reason, "bold"), (f"  {one.about}" if one.about else "", "dim"))
        if one.follow_up:
            yield Padding(Text(f"What to do: {one.follow_up}"), (0, 0, 0, 2))


def _boxes(boxes: Sequence[Box], across: int) -> Table:
    grid = Table.grid(expand=True, padding=(0, 3, 0, 0))
    for _ in range(across):
        grid.add_column(ratio=1)
    for start in range(0, len(boxes), across):
        if start:
            grid.add_row()
        row = [_box(one) for one in boxes[start : start + across]]
        grid.add_row(*row, *[""] * (across - len(row)))
    return grid


def _box(one: Box) -> RenderableType:
    lines: list[RenderableType] = [Text(one.title, style="cyan")]
    if one.name:
        lines.append(Text(one.name, style="bold"))
    lines += [Text.assemble((f"{label} " if label else "", "dim"), text) for label, text in one.lines]
    return Group(*lines)


def _costs(shown: View, *, bars: bool) -> Table:
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shares = [share for cost in shown.costs for share in cost.shares]
    table.add_column("left of total" if any(one.left and one.total for one in shares) else "", no_wrap=True)
    table.add_column("", no_wrap=True)
    columns = list(zip(*(cost.shares for cost in shown.costs), strict=True))
    widths = [max(len(share.total) for share in column) for column in columns]
    for name, column in zip(shown.networks, columns, strict=True):
        table.add_column(name, justify="right", no_wrap=True)
        if bars:
            table.add_column("", width=10 if any(share.met is not None for share in column) else 0)
    group = ""
    for cost in shown.costs:
        cells: list[RenderableType] = [
            Text("" if cost.group == group else cost.group, style="bold"),
            cost.level,
        ]
        group = cost.group
        for share, width in zip(cost.shares, widths, strict=True):
            cells.append(_share(share, width))
            if bars:
                cells.append("" if share.met is None else Bar(share.met))
        table.add_row(*cells)
    return table


def _share(share: Share, width: int) -> Text:
    """The totals of a column stand below each other."""
    if share.left and share.total:
        return Text.assemble((share.left, "bold"), (f" of {share.total:>{width}}", ""))
    return Text(share.text, style="bold" if share.left else "")


def _service(service: Service, *, beside: bool) -> Group:
    title = Text.assemble((service.title, "bold"), (f"  {service.code}", "dim"))
    title.append(f"  {service.status}", style="red" if service.excluded else "dim")
    lines: list[RenderableType] = [title]
    for row in service.rows:
        notes = _notes(row)
        lines.append(_row(row, notes if beside else None))
        if notes and not beside:
            lines.append(Padding(notes, (0, 0, 0, 4)))
    return Group(*lines)


def _row(row: Row, notes: Text | None) -> RenderableType:
    """One benefit as a table of its own, of the same widths as every other; `notes` stand beside it."""
    what = Text(row.what, style="red" if row.excluded else "")
    values = (row.network, row.level, row.period, row.value)
    if not notes and not any(values):
        return Padding(what, (0, 0, 0, 2))
    grid = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        grid.add_column(width=width)
    cells = [Text(), what, *map(Text, values[:3]), Text(row.value, style="bold", justify="right")]
    if notes:
        grid.add_column()
        cells.append(notes)
    grid.add_row(*cells)
    return grid


def _notes(row: Row) -> Text:
    """What the payer words first, then what else hangs on the benefit; on one line if it is short."""
    parts: list[tuple[str, str]] = []
    if row.authorization:
        unsure = (f"authorization: {row.authorization}", "yellow")
        parts.append(_AUTHORIZATIONS.get(row.authorization, unsure))
    parts += [(message, "italic") for message in row.messages]
    parts += [(detail, "dim") for detail in row.details]
    is_short = sum(len(text) for text, _ in parts) <= _SHORT
    return Text("; " if is_short else "\n").join(Text(text, style=style) for text, style in parts)


def _oddities(oddities: Sequence[Oddity]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for one in oddities:
        text = Text(f"{sentence(one.message)}.")
        text.append(f" {one.code}{f' ({one.places})' if one.places else ''}", style="dim")
        table.add_row(Text(one.severity, style=_SEVERITIES[one.severity]), text)
    return Group(Text("Findings", style="cyan"), table)
