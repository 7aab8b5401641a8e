"""Options that several commands share."""

from __future__ import annotations

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
