"""`x271 validate`: whether documents keep to their guide, and the acknowledgement that answers one."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import X271Error
from .streams import clean, guarded, inputs, output, say

if TYPE_CHECKING:
    from ..findings import Finding
    from ..validation import Acknowledgment, Report

COLUMNS = (
    "severity",
    "snip",
    "code",
    "about",
    "loop",
    "loop_path",
    "segment",
    "element",
    "component",
    "offset",
    "message",
)
SHOWN = tuple(column for column in COLUMNS if column != "loop")  # on a terminal; the path ends with the loop


class Ack(StrEnum):
    """The acknowledgements that answer a document."""

    TA1 = "ta1"
    IMPLEMENTATION = "999"


@guarded
def validate(
    file: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files, folders or globs; - is stdin.", show_default=False),
    ],
    ack: Annotated[
        Ack | None,
        typer.Option("--ack", help="Write the acknowledgement that answers each document, and no findings."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help="Where it goes; by default stdout."),
    ] = None,
    control_number: Annotated[
        int | None,
        typer.Option(
            "--control-number",
            metavar="N",
            min=1,
            max=999_999_999,
            help="ISA13 of the acknowledgement; the next documents' count on. By default that of the document.",
        ),
    ] = None,
    copies: Annotated[
        bool,
        typer.Option(
            "--copies", help="With --ack 999: repeat what stood in an element in error (IK404). Patient data."
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per document: valid, snip, findings.")
    ] = False,
) -> int:
    """Whether documents keep to the standard and their guide: envelope, structure, elements, codes, HL tree.

    A table on a terminal, tab-separated lines elsewhere; never a value of an element. Of a TA1, 999 or 997 it also
    says what became of the document that it answers, and what to do as an AAA would. The exit code is 1 if a
    document is not valid or cannot be read.
    """
    from ..validation import validate as check

    if ack is not None and as_json:
        raise typer.BadParameter("--ack and --json exclude each other.")
    if copies and ack is not Ack.IMPLEMENTATION:
        raise typer.BadParameter("--copies goes with --ack 999.")
    code = 0
    with output(out) as lines:
        if ack is None and not as_json and not _is_terminal(out):
            lines.write("\t".join(("file", *COLUMNS)).encode() + b"\n")
        for name, found in inputs(file):
            try:
                if isinstance(found, X271Error):
                    raise found
                report = check(found, copies=copies)
                answered = None if ack is not None else _explained(found)
            except X271Error as error:
                say(f"{name}: {error}")
                code = 1
                continue
            code = code or (0 if report.valid else 1)
            if ack is not None:
                write = report.ta1 if ack is Ack.TA1 else report.ack_999
                written = write(control_number=control_number)
                lines.write(written)
                if control_number is not None:
                    control_number += written.count(b"ISA*")
                if not written:
                    say(f"{name}: there is nothing in it to acknowledge with a {ack.value}")
            elif as_json:
                lines.write(json.dumps(_json(name, report, answered)).encode() + b"\n")
            elif _is_terminal(out):
                _show(name, report, answered)
            else:
                lines.write(_rows(name, report))
                _say_all(name, answered)
    return code


def _is_terminal(out: Path | None) -> bool:
    return out is None and sys.stdout.isatty()


def _explained(document: Path | bytes) -> Acknowledgment | None:
    """What the document says as an acknowledgement; None if it is none."""
    from ..validation import read_acknowledgment

    try:
        return read_acknowledgment(document)
    except X271Error as error:
        if error.code != "NOT_AN_ACKNOWLEDGMENT":
            raise
        return None


def _rows(name: str, report: Report) -> bytes:
    lines = ("\t".join((clean(name), *_row(one))) + "\n" for one in report.findings)
    return "".join(lines).encode(errors="replace")


def _say_all(name: str, answered: Acknowledgment | None) -> None:
    for line in answered.lines() if answered is not None else ():
        say(f"{name}: {line}")


def _row(one: Finding) -> tuple[str, ...]:
    place = one.position
    places = ("loop", "loop_path", "segment", "element", "component", "offset")
    values = [getattr(place, name) if place is not None else None for name in places]
    shown = ["" if value is None else str(value) for value in values]
    return one.severity, str(one.snip or ""), one.code, one.field, *shown, one.message


def _json(name: str, report: Report, answered: Acknowledgment | None) -> dict[str, Any]:
    findings = [
        {
            "code": one.code,
            "severity": one.severity,
            "snip": one.snip,
            "about": one.field,
            "message": one.message,
            "position": one.position.model_dump(exclude_none=True) if one.position is not None else None,
        }
        for one in report.findings
    ]
    told: dict[str, Any] = {"file": name, "valid": report.valid, "snip": report.snip, "findings": findings}
    if answered is not None:
        told["acknowledgment"] = answered.model_dump(mode="json")
    return told


def _show(name: str, report: Report, answered: Acknowledgment | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    levels = ", ".join(f"{count} of SNIP level {level}" for level, count in report.snip.items())
    console.print(Text(f"{clean(name)}: {'valid' if report.valid else f'not valid: {levels}'}", style="bold"))
    if report.findings:
        table = Table()
        for column in SHOWN:
            table.add_column(column)
        for one in report.findings:
            row = dict(zip(COLUMNS, _row(one), strict=True))
            table.add_row(*(Text(row[column]) for column in SHOWN))
        console.print(table)
    if answered is not None:
        console.print(Text(_lines(answered)))


def _lines(answered: Acknowledgment) -> str:
    """What an acknowledgement says, with unprintable characters escaped."""
    return "\n".join(clean(line) for line in answered.lines())
