"""The commands, one module each. Records go to stdout, everything else to stderr."""

from __future__ import annotations

from typing import Annotated

import rich  # noqa: F401  # typer may come without it: cli.main says what to install
import typer

from .codes import codes
from .convert import convert
from .explain import explain
from .inquire import inquire
from .normalize import normalize
from .parse import parse
from .redact import redact
from .show import show
from .synth import synth
from .validate import validate

app = typer.Typer(
    help="Reads eligibility answers (X12 271, AdvancedMD PPMDResults XML and JSON) and says what they mean.",
    epilog="Exit codes: 0 all good, 1 some inputs were refused, 2 wrong usage. Every command takes - for stdin.",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # paragraphs of help are set anew to the terminal's width
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local values, and those are patients' data
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(show)
app.command()(normalize)
app.command()(parse)
app.command()(explain)
app.command()(validate)
app.command()(convert)
app.command()(inquire)
app.command()(redact)
app.command()(synth)
app.command()(codes)


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"x271 {__version__}")
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass
