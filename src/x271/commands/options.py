"""Options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from .._reading import Question
from ..normalize import profile as profiles

DateOfService = Annotated[
    str | None,
    typer.Option(
        "--date-of-service",
        metavar="DATE",
        help="The day to judge coverage for, such as 2026-11-21, or a range 2026-11-21/2026-11-30. "
        "By default what each answer itself says.",
    ),
]
ServiceTypes = Annotated[
    list[str] | None,
    typer.Option(
        "--service-type",
        metavar="CODE",
        help="What was asked for (EB03); may be given several times. By default 30.",
        show_default=False,
    ),
]
Trace = Annotated[
    str | None,
    typer.Option(
        "--trace", metavar="TRN02", help="Only the patient that this trace number of the question names."
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME|FILE",
        help="Orders of preference: a name that x271 codes profiles lists, or a TOML or JSON file of your own.",
    ),
]
_LIMITS = "Limits"  # the panel of the help
MaxDocument = Annotated[
    str,
    typer.Option("--max-document", metavar="SIZE", help="Size of one document.", rich_help_panel=_LIMITS),
]
MaxDepth = Annotated[
    int,
    typer.Option(
        "--max-depth",
        min=1,
        max=250,
        help="Nesting of XML elements, of JSON and of X12 loops.",
        rich_help_panel=_LIMITS,
    ),
]
MaxSegments = Annotated[
    int,
    typer.Option(
        "--max-segments",
        min=1,
        help="Segments of one document, or of a piece of a long one.",
        rich_help_panel=_LIMITS,
    ),
]
MaxElements = Annotated[
    int, typer.Option("--max-elements", min=1, help="Elements of one segment.", rich_help_panel=_LIMITS)
]
MaxRepetitions = Annotated[
    int,
    typer.Option(
        "--max-repetitions",
        min=1,
        help="Repetitions of one element, and components of one.",
        rich_help_panel=_LIMITS,
    ),
]
MaxGrowth = Annotated[
    int,
    typer.Option(
        "--max-growth",
        metavar="TIMES",
        min=1,
        help="How many times a document's size its records may come to by repeating; 64M are always allowed.",
        rich_help_panel=_LIMITS,
    ),
]
MaxArchives = Annotated[
    int,
    typer.Option(
        "--max-archives",
        min=1,
        max=16,
        help="How many archives may stand in each other.",
        rich_help_panel=_LIMITS,
    ),
]
MaxExpansion = Annotated[
    int,
    typer.Option(
        "--max-expansion",
        metavar="TIMES",
        min=1,
        help="How many times a file's size all that is unpacked from it may be; 64M are always allowed.",
        rich_help_panel=_LIMITS,
    ),
]
MaxUnpacked = Annotated[
    str,
    typer.Option(
        "--max-unpacked", metavar="SIZE", help="Bytes unpacked from one file.", rich_help_panel=_LIMITS
    ),
]
_UNITS = "KMGT"
_SIZE = re.compile(rf"(\d{{1,15}})\s*([{_UNITS}]?)(?:i?B)?", re.IGNORECASE)


def size(text: str, option: str) -> int:
    """Bytes as people write them: `268435456`, `256M`, `1G`; K, M, G and T are powers of 1024.

    Raises:
        typer.BadParameter: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise typer.BadParameter("A size such as 256M or 1G is expected.", param_hint=option)
    power: int = _UNITS.index(match[2].upper()) + 1 if match[2] else 0
    return int(match[1]) << 10 * power


def shown(size: int) -> str:
    """Bytes as `size` reads them."""
    power = max(power for power in range(5) if size % 1024**power == 0)
    return f"{size // 1024**power}{' KMGT'[power].strip()}"


def question(
    date_of_service: str | None, service_types: list[str] | None, trace: str | None, profile: str | None
) -> Question:
    """The options as the batch takes them.

    Raises:
        UsageError: one of them has a wrong value.
    """
    chosen: profiles.Profile | None = profile
    if profile is not None and profile not in profiles.named() and Path(profile).exists():
        chosen = Path(profile)
    return Question.of(
        date_of_service=date_of_service,
        service_types=tuple(service_types or ("30",)),
        trace=trace,
        profile=chosen,
    )
