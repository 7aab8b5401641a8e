"""`x271 redact`: a document with pseudonyms, to be shared."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from ..errors import X271Error
from .streams import Out, exit_code, guarded, inputs, output, say


@guarded
def redact(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="One document in any form; - is stdin.", show_default=False)
    ],
    key: Annotated[
        str,
        typer.Option(
            "--key",
            metavar="KEY",
            envvar="X271_KEY",
            help="A secret of at least 8 characters, or @FILE that holds it. One key gives the same pseudonyms.",
            show_default=False,
        ),
    ],
    out: Out = None,
) -> int:
    """A document of the same shape that can be shared: pseudonyms in place of who it is about, dates moved.

    Codes, amounts, counts and, in X12, the place of every byte stay. docs/redaction.md says what is replaced, and what
    this does not promise.
    """
    from ..redaction import redact as redacted

    secret = _key(key)
    found = list(islice(inputs([file]), 2))
    if len(found) != 1:
        raise typer.BadParameter("Not one document is meant; redact takes one.", param_hint="FILE")
    name, document = found[0]
    try:
        if isinstance(document, X271Error):
            raise document
        made = redacted(document, key=secret)
    except X271Error as error:
        say(f"{name}: {error}")
        return exit_code(error)
    with output(out) as stream:
        stream.write(made)
    return 0


def _key(given: str) -> bytes:
    if not given.startswith("@"):
        return given.encode("utf-8", "surrogateescape")
    try:
        return Path(given[1:]).read_bytes().strip()
    except OSError as error:
        problem = error.strerror
    raise typer.BadParameter(f"The key's file cannot be read: {problem}.", param_hint="--key")
