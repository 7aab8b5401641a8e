"""`x271 parse`: everything an answer says, as typed JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import X271Error
from .streams import guarded, inputs, output, say


@guarded
def parse(
    file: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files, folders or globs; - is stdin.", show_default=False),
    ],
    indent: Annotated[
        int | None,
        typer.Option("--indent", metavar="N", min=0, help="Break the JSON into lines, indented by N blanks."),
    ] = None,
) -> int:
    """Everything that answers say: typed JSON, one line per document.

    Segments, elements and positions are as the payer sent them; findings say what is odd. A document that
    cannot be read is reported on stderr, and the exit code is 1.
    """
    from ..api import parse as parsed

    code = 0
    with output(None) as lines:
        for name, found in inputs(file):
            try:
                if isinstance(found, X271Error):
                    raise found
                line = parsed(found).model_dump_json(indent=indent)
            except X271Error as error:
                say(f"{name}: {error}")
                code = 1
            else:
                lines.write(line.encode() + b"\n")
    return code
