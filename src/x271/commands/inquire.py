"""`x271 inquire`: vendors' requests as one 270."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import Position, UsageError, X271Error
from ..sources import Limits
from .streams import Out, guarded, output, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..inquiries.config import Config
    from ..inquiries.draft import Draft
    from ..inquiries.inquiry import Inquiry


class Vendor(StrEnum):
    """Whose request it is."""

    vsee = "vsee"
    integrex = "integrex"
    verifytreatment = "verifytreatment"
    changehealthcare = "changehealthcare"


class Which(StrEnum):
    """Which of VSee's two insurances is asked about."""

    primary = "primary"
    secondary = "secondary"


# Where the configuration has the ends of the interchange.
_ENDS = {
    name: f"[submitter] {name}"
    for name in ("sender", "receiver", "sender_qualifier", "receiver_qualifier", "usage")
}


@dataclass(frozen=True, slots=True)
class _Options:
    config: Config
    which: Which
    day: date | None
    control_number: int | None


@guarded
def inquire(
    file: Annotated[
        str,
        typer.Argument(
            metavar="REQUEST",
            help="A JSON file with one request, a list, or JSON Lines; of VerifyTreatment also CSV. - is stdin.",
            show_default=False,
        ),
    ],
    vendor: Annotated[Vendor, typer.Option("--from", help="Whose request it is.", show_default=False)],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="x271.toml",
            help="What the requests lack: submitter, provider, the payers' identifiers.",
            show_default=False,
        ),
    ] = None,
    out: Out = None,
    which: Annotated[
        Which, typer.Option("--which", help="Of VSee: the insurance to be checked.")
    ] = Which.primary,
    date_of_service: Annotated[
        str | None,
        typer.Option(
            "--date-of-service",
            metavar="DATE",
            help="Where a request has none, such as 2026-11-21. By default today.",
        ),
    ] = None,
    trace: Annotated[
        str,
        typer.Option(
            "--trace",
            metavar="TRN02",
            help="The number by which the answer finds the question, of one request that has none itself. "
            "By default the control number and a count.",
            show_default=False,
        ),
    ] = "",
    control_number: Annotated[
        int | None,
        typer.Option(
            "--control-number",
            metavar="ISA13",
            help="Yours, from 1. By default that of a single request, if it has one, else 1.",
            min=0,
            max=999_999_999,
            show_default=False,
        ),
    ] = None,
) -> int:
    """Vendors' requests as a 270: one interchange, which asks all of them.

    A request that cannot be sent is reported with everything that speaks against it, in the vendor's own names; the
    others are written, and the exit code is 1.
    """
    from ..inquiries import to_x12
    from ..inquiries.config import config as configuration

    options = _Options(configuration(config), which, _day(date_of_service), control_number)
    drafts, refused = _read(file, vendor, options)
    if trace and len(drafts) + refused > 1:
        raise typer.BadParameter("Several requests cannot have one trace number.", param_hint="--trace")
    number = _control_number(drafts, options)
    inquiries = []
    for count, (where, draft) in enumerate(drafts, start=1):
        made = _checked(where, draft, str(number).zfill(9), trace or f"{number}-{count}")
        if made is None:
            refused += 1
        else:
            inquiries.append(made)
    if inquiries:
        written = to_x12(
            inquiries, **_envelope(options.config), control_number=number, line_end="\n", names=_ENDS
        )
        with output(out) as stream:
            stream.write(written)
    return 1 if refused or not inquiries else 0


def _read(file: str, vendor: Vendor, options: _Options) -> tuple[list[tuple[str, Draft]], int]:
    """What can be asked, each with the words for where it stands; and how many cannot be read."""
    from ..inquiries.files import requests

    drafts: list[tuple[str, Draft]] = []
    refused = 0
    source = sys.stdin.buffer.read(Limits().max_bytes + 1) if file == "-" else Path(file)
    try:
        for position, asked in requests(source, vendor.value):
            if isinstance(asked, X271Error):
                say(f"{file}: {asked}")
                refused += 1
            else:
                drafts.append((f"{file} at {position}", _draft(vendor, asked, options)))
    except X271Error as error:
        say(f"{file}: {error}")
        refused += 1
    if not drafts and not refused:
        say(f"{file}: no request is there")
    return drafts, refused


def _draft(vendor: Vendor, asked: Mapping[str, Any], options: _Options) -> Draft:
    from ..inquiries import changehealthcare, integrex, verifytreatment, vsee

    config = options.config
    if vendor is Vendor.vsee:
        return vsee.draft(
            asked,
            config=config,
            which=options.which.value,
            date_of_service=options.day,
        )
    if vendor is Vendor.integrex:
        return integrex.draft(asked, config=config)
    if vendor is Vendor.verifytreatment:
        return verifytreatment.draft(asked, config=config, date_of_service=options.day)
    return changehealthcare.draft(asked, config=config)


def _control_number(drafts: list[tuple[str, Draft]], options: _Options) -> int | str:
    if options.control_number is not None:
        return options.control_number
    own = drafts[0][1].control_number if len(drafts) == 1 else None
    return own or 1


def _checked(where: str, draft: Draft, reference: str, trace: str) -> Inquiry | None:
    """The inquiry, with numbers where it has none; None, and stderr says why, if it must not be sent."""
    draft.put_missing("reference", reference)
    draft.put_missing(f"{draft.patient}.traces[0].number", trace)
    check = draft.check()
    for one in check.findings:
        if one.severity != "info":
            say(f"{where}: {one.severity}: {one.code} {one.field}: {one.message}")
    return draft.inquiry() if check.valid else None


def _envelope(config: Config) -> dict[str, Any]:
    submitter = config.submitter
    if submitter is None:
        return {}
    return submitter.model_dump(exclude={"trace_originator"})


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError("BAD_DATE", position=Position(key="date_of_service"))
