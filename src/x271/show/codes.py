"""Tables for people and scripts: the code tables, the Integrex fields, the findings, the errors, the profiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from .. import codes, errors, findings
from .._tables import read_text
from ..errors import Position, UsageError
from ..normalize import integrex
from ..normalize import profile as profiles

if TYPE_CHECKING:
    from rich.table import Table


class Listing(NamedTuple):
    """Rows of text under named columns; the first column identifies a row."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def row(self, key: str) -> tuple[str, ...] | None:
        """The row of that key, as written or in upper case."""
        found = {row[0]: row for row in self.rows}
        return found.get(key) or found.get(key.upper())


def everything() -> Listing:
    """The tables themselves: name, what it is about, number of rows."""
    rows = [(name, codes.title(name), str(len(codes.lookup(name)))) for name in codes.tables()]
    rows += [(name, title, str(len(make().rows))) for name, (title, make) in _OTHERS.items()]
    return Listing("Tables", ("table", "title", "rows"), rows)


def listing(name: str) -> Listing:
    """One table by its name; the case does not matter.

    Raises:
        UsageError: UNKNOWN_TABLE, with near names.
    """
    names = {known.upper(): known for known in (*codes.tables(), *_OTHERS)}
    known = names.get(name.upper())
    if known is None:
        near = [names[one] for one in get_close_matches(name.upper(), names, n=5, cutoff=0.5)]
        detail = f"near: {', '.join(near)}" if near else ""
        raise UsageError("UNKNOWN_TABLE", position=Position(key="table"), detail=detail)
    if known in _OTHERS:
        return _OTHERS[known][1]()
    rows = [(code.code, code.description, code.part) for code in codes.lookup(known).values()]
    return Listing(f"{known}: {codes.title(known)}", ("code", "description", "part"), rows)


def one(table: Listing, key: str) -> Listing | None:
    """All that is known of one row, one line for each column; None if the table does not have it."""
    row = table.row(key)
    if row is None:
        return None
    said = list(zip(table.columns, row, strict=True))
    name = table.title.partition(":")[0]
    if name in codes.tables():
        said += codes.lookup(name)[row[0]].notes.items()
    return Listing(f"{name} {row[0]}", ("column", "value"), [(column, text) for column, text in said if text])


def near(table: Listing, key: str) -> list[str]:
    """Keys of the table that look like `key`."""
    return get_close_matches(key, [row[0] for row in table.rows], n=5)


def text(table: Listing) -> str:
    """Tab-separated text with a header, for scripts."""
    return "".join("\t".join(row) + "\n" for row in (table.columns, *table.rows))


def render(table: Listing) -> Table:
    """The same for eyes."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(title=Text(table.title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, column in enumerate(table.columns):
        made.add_column(column, no_wrap=number == 0, overflow="fold", style="cyan" if number == 0 else "")
    for row in table.rows:
        made.add_row(*map(Text, row))
    return made


def _fields() -> Listing:
    rows = [(row["field"], row["kind"], row["place"]) for row in integrex.table()]
    return Listing("fields: the 74 fields of Integrex", ("field", "kind", "place"), rows)


def _findings() -> Listing:
    columns = ("code", "severity", "area", "meaning", "mend")
    rows = [tuple(row[column] for column in columns) for row in findings.catalogue().values()]
    return Listing("findings: what is odd but survivable", columns, rows)


def _errors() -> Listing:
    columns = ("code", "kind", "meaning", "hint")
    rows = [tuple(row[column] for column in columns) for row in errors.catalogue().values()]
    return Listing("errors: what stops us", columns, rows)


def _profiles() -> Listing:
    rows = [(name, _first_comment(name)) for name in profiles.named()]
    return Listing("profiles: orders of preference", ("profile", "about"), rows)


def _first_comment(profile: str) -> str:
    path = "standard.toml" if profile == profiles.STANDARD else f"profiles/{profile}.toml"
    return read_text(f"normalize/{path}").partition("\n")[0].lstrip("# ")


_OTHERS: dict[str, tuple[str, Callable[[], Listing]]] = {
    "fields": ("The 74 fields of Integrex", _fields),
    "findings": ("What is odd but survivable", _findings),
    "errors": ("What stops us", _errors),
    "profiles": ("Orders of preference", _profiles),
}
