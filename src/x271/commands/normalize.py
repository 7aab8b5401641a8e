"""`x271 normalize`: what answers mean, of one file or of an archive of millions."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..batch import again as lists
from ..batch import forms, run
from ..batch.settings import Asked, Settings, as_profile
from ..batch.tally import Tally
from ..errors import NoPatient, UsageError
from ..sources import FIELD, Limits
from . import options
from .progress import Reporter, reporter, total
from .streams import INTERRUPTED, guarded, output, say

_DEFAULT = Limits()
_MOST_BYTES, _MOST_UNPACKED = options.shown(_DEFAULT.max_bytes), options.shown(_DEFAULT.max_unpacked)
_BATCH = "Archives"  # the panel of the help


class Shape(StrEnum):
    """What a patient's line looks like."""

    eligibility = "eligibility"
    integrex = "integrex"
    vsee = "vsee"
    verifytreatment = "verifytreatment"


def _target(path: Path | None) -> Path | None:
    if path is not None and not _is_stream(path):
        try:
            forms.form(path)
        except UsageError as error:
            problem = error.detail
        else:
            return path
        raise typer.BadParameter(f"{problem[0].upper()}{problem[1:]}.")
    return path


def _is_stream(path: Path | None) -> bool:
    """Stdout, or what is written as it is: /dev/null, a named pipe."""
    return path is None or str(path) == "-" or (path.exists() and not path.is_file() and not path.is_dir())


@guarded
def normalize(
    source: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders (with all below them) or globs such as 'answers/**/*.271'; - is stdin. Archives, "
            "compressed files and JSON Lines are opened, by their content.",
            show_default=False,
        ),
    ] = None,
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
    field: Annotated[
        str, typer.Option("--field", metavar="NAME", help="Of JSON records, the name that holds the answer.")
    ] = FIELD,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="OUT",
            help="Write here instead of stdout, in the form of the name: .jsonl (records), .parquet, .csv, .duckdb, "
            "or a folder of Parquet parts (tables). It appears when it is whole; what is refused is listed in "
            "refused.jsonl beside it.",
            callback=_target,
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="TABLE|all",
            help="Of tables, only this one: eligibility, benefits, rejections or findings. By default eligibility in "
            ".parquet and .csv, else all.",
            rich_help_panel=_BATCH,
        ),
    ] = None,
    csv_raw: Annotated[
        bool,
        typer.Option(
            "--csv-raw",
            help="Of .csv, leave text as it is. Else an apostrophe stands before what a spreadsheet would run as a "
            "formula.",
            rich_help_panel=_BATCH,
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j",
            "--jobs",
            min=1,
            help="Processes; by default one for each core, at most 8, and of small inputs one.",
            rich_help_panel=_BATCH,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on with a run that was ended before it was done.", rich_help_panel=_BATCH
        ),
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option(
            "--refused",
            metavar="FILE",
            help="Where the list of refusals goes instead.",
            rich_help_panel=_BATCH,
        ),
    ] = None,
    again: Annotated[
        Path | None,
        typer.Option(
            "--again",
            metavar="REFUSED.jsonl",
            help="Only the documents of such a list.",
            rich_help_panel=_BATCH,
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            "--summary", metavar="OUT.html", help="Write the summary as a page, too.", rich_help_panel=_BATCH
        ),
    ] = None,
    max_document: options.MaxDocument = _MOST_BYTES,
    max_depth: options.MaxDepth = _DEFAULT.max_depth,
    max_archives: options.MaxArchives = _DEFAULT.max_archives,
    max_segments: options.MaxSegments = _DEFAULT.max_segments,
    max_elements: options.MaxElements = _DEFAULT.max_elements,
    max_repetitions: options.MaxRepetitions = _DEFAULT.max_repetitions,
    max_growth: options.MaxGrowth = _DEFAULT.max_growth,
    max_expansion: options.MaxExpansion = _DEFAULT.max_expansion,
    max_unpacked: options.MaxUnpacked = _MOST_UNPACKED,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no summary; refusals are still reported.")
    ] = False,
) -> int:
    """What answers mean: JSON Lines, one line per patient, or tables.

    A document that cannot be read never stops the run: stderr says why, the closing summary counts it, and the exit
    code is 1. A run with -o that is ended before it is done, however it is, goes on with --resume.
    """
    limits = Limits(
        max_bytes=options.size(max_document, "--max-document"),
        max_depth=max_depth,
        max_segments=max_segments,
        max_elements=max_elements,
        max_repetitions=max_repetitions,
        max_growth=max_growth,
        max_archives=max_archives,
        max_expansion=max_expansion,
        max_unpacked=options.size(max_unpacked, "--max-unpacked"),
    )
    stream = _is_stream(out)
    form = "jsonl" if stream or out is None else forms.form(out)
    only = lists.read(again) if again is not None else None
    settings = Settings(
        sources=_sources(source, only),
        asked=Asked(date_of_service, tuple(service_type or ("30",)), trace, as_profile(profile)),
        form=form,
        shape=shape.value,
        tables=forms.tables(form, table),
        limits=limits,
        field=field,
        is_raw=csv_raw,
        only=only,
    )
    _check(settings, shape, stream=stream, resume=resume)
    started = time.monotonic()
    is_free = not sys.stdout.isatty() or out is not None  # lines and a progress line do not share a terminal
    with reporter(shown=is_free and not quiet, quiet=quiet, total=lambda: total(settings)) as report:
        if stream or out is None:
            with output(out) as lines:
                tally = run.to_stream(settings, lines, jobs=jobs or 1, refused=refused, report=report.done)
        else:
            tally = _to_file(settings, out, jobs, report, resume=resume, refused=refused)
    code = 1 if tally.errors else 0
    if trace is not None and not tally.patients:
        say(f"x271: {NoPatient('TRACE_NOT_FOUND')}")
        code = 1
    _close(tally, summary, seconds=time.monotonic() - started, asked_trace=trace is not None, quiet=quiet)
    return code


def _sources(given: list[str] | None, only: lists.Only | None) -> tuple[str, ...]:
    if only is not None and not given:
        return lists.sources(only)
    if not given:
        raise typer.BadParameter("Name at least one, or give --again.", param_hint="SOURCE")
    return tuple(given)


def _check(settings: Settings, shape: Shape, *, stream: bool, resume: bool) -> None:
    settings.asked.question()
    if resume and stream:
        raise typer.BadParameter("Only a run with -o can go on.", param_hint="--resume")
    if settings.is_raw and settings.form != "csv":
        raise typer.BadParameter("Only text in .csv is changed.", param_hint="--csv-raw")
    if settings.tables:
        if shape is not Shape.eligibility:
            raise typer.BadParameter(
                "Tables have columns of their own; shapes are for JSON Lines.", param_hint="--as"
            )
        from ..batch import columns

        columns.check(settings.form)


def _to_file(
    settings: Settings, out: Path, jobs: int | None, report: Reporter, *, resume: bool, refused: Path | None
) -> Tally:
    if not out.resolve().parent.is_dir():
        raise typer.BadParameter("The file cannot be written: its folder is not there.", param_hint="-o")
    try:
        return run.to_file(settings, out, jobs=jobs, resume=resume, refused=refused, report=report.done)
    except (KeyboardInterrupt, OSError) as end:
        if run.is_unfinished(out):
            why = "" if isinstance(end, KeyboardInterrupt) else f"{end.strerror}. "
            say(f"x271: {why}What is finished is kept; --resume goes on with it.")
            raise typer.Exit(INTERRUPTED if isinstance(end, KeyboardInterrupt) else 1) from None
        raise


def _close(tally: Tally, page: Path | None, *, seconds: float, asked_trace: bool, quiet: bool) -> None:
    """The summary on stderr, and as a page."""
    if page is not None:
        from ..show.run_page import render as render_page

        with output(page) as file:
            file.write(render_page(tally, seconds=seconds, asked_trace=asked_trace).encode())
    if not quiet:
        from rich.console import Console

        from ..show.summary import render

        console = Console(stderr=True)
        console.print()
        console.print(render(tally, asked_trace=asked_trace))
