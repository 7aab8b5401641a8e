"""An explanation for a terminal: the value, the segment that gave it, and what else was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from ..normalize.explanation import Candidate, Evidence, Explanation, ReasonText

_COLOURS = {"chosen": "green", "used": "green", "tied": "yellow", "lost": "cyan", "refused": "red"}
_MOST_SHOWN = 12


def render(explanation: Explanation, *, most: int = _MOST_SHOWN) -> RenderableType:
    """The explanation as a panel with the value and its source, the other candidates, and what decided.

    `most` limits how many of the other candidates are shown.
    """
    from rich import box
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    head: list[RenderableType] = [_value(explanation), Text(explanation.rule_text)]
    for references, at, because in explanation.origins():
        head += [Text(), _segment(at, _elements(explanation, at))]
        head.append(Text(f"{references}, {at.where}", style="dim"))
        head += _because(because)
    parts: list[RenderableType] = [
        Panel(Group(*head), title=Text(explanation.field, style="bold"), title_align="left", box=box.ROUNDED)
    ]
    others = explanation.others()
    if others:
        parts.append(_table(others[:most]))
    if len(others) > most:
        parts.append(Text(f" ... and {len(others) - most} more", style="dim"))
    parts += [_finding(str(finding)) for finding in explanation.findings]
    parts.append(_footer(explanation))
    return Group(*parts)


def _value(explanation: Explanation) -> Text:
    from rich.text import Text

    if explanation.value:
        return Text(_plain(explanation.value), style="bold green")
    return Text("empty", style="bold yellow")


def _table(candidates: list[Candidate]) -> Table:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("", no_wrap=True)
    table.add_column("Segment", overflow="fold", ratio=2)
    table.add_column("Why", overflow="fold", ratio=3)
    for one in candidates:
        elements = {
            reason.evidence.element
            for reason in one.reasons
            if reason.evidence is not None and reason.evidence.segment == one.evidence.segment
        }
        where = Text(one.evidence.where, style="dim")
        colour = _COLOURS[one.verdict]
        table.add_row(
            Text(one.verdict, style=colour),
            Group(_segment(one.evidence, elements, colour), where),
            Group(*_because(one.reasons)),
        )
    return table


def _segment(at: Evidence, elements: Iterable[int | None], colour: str = "green") -> Text:
    """The segment as sent, the elements that matter standing out."""
    from rich.text import Text

    wanted = set(elements)
    separator = at.text[len(at.name) : len(at.name) + 1]
    text = Text()
    for number, part in enumerate(at.text.split(separator) if separator else [at.text]):
        if number:
            text.append(separator, style="dim")
        text.append(_plain(part), style=f"bold {colour}" if number in wanted and number else "")
    return text


def _elements(explanation: Explanation, at: Evidence) -> set[int | None]:
    return {source.element for source in explanation.sources if source.segment == at.segment}


def _because(reasons: Iterable[ReasonText]) -> list[Text]:
    from rich.text import Text

    texts = [_plain(reason.text) for reason in reasons]
    return [Text(f"- {text}" if len(texts) > 1 else text) for text in texts]


def _finding(text: str) -> Text:
    from rich.text import Text

    return Text.assemble((" ! ", "yellow"), text)


def _footer(explanation: Explanation) -> Text:
    from rich.text import Text

    decided = f"; decided by {', '.join(explanation.preferences)}" if explanation.preferences else ""
    spec = f" (specification {explanation.specification})" if explanation.specification else ""
    return Text(f" Rule {explanation.rule}{spec}{decided}", style="dim")


def _plain(text: str) -> str:
    """Text from a payer may hold bytes that steer a terminal; they are shown as a mark."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
