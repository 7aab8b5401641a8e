"""`x271 normalize`: what answers mean, one JSON line per patient."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from .. import api
from .._reading import Question, patients
from ..errors import NoPatient, X271Error
from ..show.summary import Tally
from . import options
from .progress import Reporter, reporter
from .streams import guarded, inputs, output, say

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility

_SUFFIXES = (".jsonl", ".ndjson")


class Shape(StrEnum):
    """What a patient's line looks like."""

    eligibility = "eligibility"
    integrex = "integrex"
    vsee = "vsee"
    verifytreatment = "verifytreatment"


def _target(path: Path | None) -> Path | None:
    if path is None or str(path) == "-" or path.suffix.lower() in _SUFFIXES:
        return path
    if path.exists() and not path.is_file() and not path.is_dir():  # /dev/null, a named pipe
        return path
    raise typer.BadParameter("The name of the file must end in .jsonl.")


@guarded
def normalize(
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Files, folders (with all below them) or globs such as 'answers/**/*.271'; - is stdin.",
            show_default=False,
        ),
    ],
    shape: Annotated[
        Shape,
        typer.Option(
            "--as",
            help="The whole record, Integrex's 74 text fields, VSee's insurance, or VerifyTreatment's VOB.",
            case_sensitive=False,
        ),
    ] = Shape.eligibility,
    date_of_service: options.DateOfService = None,
    service_type: options.ServiceTypes = None,
    trace: options.Trace = None,
    profile: options.Profile = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="OUT.jsonl",
            help="Write the lines here instead of stdout; the file appears when it is whole.",
            callback=_target,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no summary; refusals are still reported.")
    ] = False,
) -> int:
    """What answers mean: JSON Lines, one line per patient.

    A document that cannot be read never stops the run: stderr says why, the closing summary counts it,
    and the exit code is 1.
    """
    question = options.question(date_of_service, service_type, trace, profile)
    tally = Tally()
    is_free = not sys.stdout.isatty() or out is not None  # lines and a progress line do not share a terminal
    with output(out) as lines, reporter(shown=is_free and not quiet) as report:
        for name, found in inputs(source):
            _document(name, found, question, shape, lines, tally, report, quiet=quiet)
            report.count(tally)
    code = 1 if tally.errors else 0
    if trace is not None and not tally.patients:
        say(f"x271: {NoPatient('TRACE_NOT_FOUND')}")
        code = 1
    if not quiet:
        _summary(tally, asked_trace=trace is not None)
    return code


def _document(
    name: str,
    found: Path | bytes | X271Error,
    question: Question,
    shape: Shape,
    lines: IO[bytes],
    tally: Tally,
    report: Reporter,
    *,
    quiet: bool,
) -> None:
    """Writes the patients of one document, and says what of it cannot be read."""
    read = errors = 0
    for one in [found] if isinstance(found, X271Error) else patients(found, question):
        if isinstance(one, X271Error):
            errors += 1
            tally.error(one)
            report.say(f"{name}: {one}")
        else:
            read += 1
            tally.patient(one)
            lines.write(_line(one, shape) + b"\n")
    tally.document(read, errors)
    if not read and not errors and not isinstance(found, X271Error) and question.trace is None:
        why = _why(found)
        if why.rejections:
            tally.reasons[why.eligibility_response] += 1
        if not quiet:
            report.say(f"{name}: {why}")


def _why(found: Path | bytes) -> NoPatient:
    try:
        return api.nobody(found, None)
    except X271Error:  # the file went away meanwhile
        return NoPatient("NO_PATIENT")


def _line(record: Eligibility, shape: Shape) -> bytes:
    from pydantic_core import to_json

    if shape is Shape.integrex:
        return to_json(record.to_integrex())
    if shape is Shape.vsee:
        return to_json(record.to_vsee_insurance())
    if shape is Shape.verifytreatment:
        return to_json(record.to_verifytreatment())
    return record.model_dump_json().encode()


def _summary(tally: Tally, *, asked_trace: bool) -> None:
    from rich.console import Console

    from ..show.summary import render

    console = Console(stderr=True)
    console.print()
    console.print(render(tally, asked_trace=asked_trace))
