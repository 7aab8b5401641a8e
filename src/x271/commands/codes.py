"""`x271 codes`: what a code means."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .streams import guarded, say


@guarded
def codes(
    table: Annotated[
        str | None,
        typer.Argument(
            help="An element such as EB03 or AAA03, or vsee, fields, findings, errors, profiles; "
            "without it, all tables are listed.",
            show_default=False,
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Argument(help="A code of the table; without it, all are listed.", show_default=False),
    ] = None,
) -> int:
    """What a code means: the tables, the codes of one table, or one code.

    Tables for eyes on a terminal; tab-separated text with a header elsewhere.
    """
    from ..show import codes as shown

    found = shown.everything() if table is None else shown.listing(table)
    if code is not None:
        row = shown.one(found, code)
        if row is None:
            near = shown.near(found, code)
            also = f" Near: {', '.join(near)}." if near else ""
            say(f"x271: {table} has no {code}.{also} Codes are open: an unknown one is kept as sent.")
            return 1
        found = row
    if sys.stdout.isatty():
        from rich.console import Console

        Console().print(shown.render(found))
    else:
        sys.stdout.write(shown.text(found))
    return 0
