"""What a run is asked for: plain values, so that they go to other processes and into the journal."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .._reading import Question
from ..normalize import profile as profiles
from ..sources import FIELD, Limits

UNIT_BYTES = 4 * 2**20  # what one worker takes at a time, and what is lost at most when it is killed
UNIT_ITEMS = 2000
SEALED = 2**20  # files larger than this are opened by the planner, so that they can be divided


@dataclass(frozen=True, slots=True)
class Asked:
    """The question to every document, as the caller gave it."""

    date_of_service: str | None = None
    service_types: tuple[str, ...] = ("30",)
    trace: str | None = None
    profile: str | os.PathLike[str] | None = None

    def question(self) -> Question:
        """The options checked.

        Raises:
            UsageError: one of them has a wrong value.
        """
        return Question.of(
            date_of_service=self.date_of_service,
            service_types=self.service_types,
            trace=self.trace,
            profile=self.profile,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run reads, asks and writes.

    Attributes:
        sources: files, folders, globs; `-` is stdin.
        asked: the question to every document.
        form: what is written: `jsonl`, `csv`, `parquet`, `duckdb`, or `folder` (of Parquet parts).
        shape: of `jsonl`, what a line looks like.
        tables: of the others, which tables.
        limits: bounds for what is read.
        field: of JSON, the name that holds an answer as text.
        is_raw: of `csv`, text stays as it is, though a spreadsheet would run it as a formula.
        only: names of documents to read, all others are passed over; None for all.
    """

    sources: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)
    form: str = "jsonl"
    shape: str = "eligibility"
    tables: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    field: str = FIELD
    is_raw: bool = False
    only: frozenset[tuple[str, int]] | None = None

    def fingerprint(self) -> dict[str, str]:
        """Each setting that the rows depend on, as a digest, so that the journal holds no text of the caller's."""
        from .. import __version__

        profile = self.asked.profile
        orders = profiles.preferences(profile).model_dump_json() if profile is not None else ""
        values: dict[str, Any] = {
            "x271": __version__,
            "SOURCE": self.sources,
            "--date-of-service": self.asked.date_of_service,
            "--service-type": self.asked.service_types,
            "--trace": self.asked.trace,
            "--profile": orders,
            "-o": self.form,
            "--as": self.shape,
            "--table": self.tables,
            "--field": self.field,
            "--csv-raw": self.is_raw,
            "the limits": asdict(self.limits),
            "--again": sorted(self.only) if self.only is not None else None,
        }
        return {name: digest(repr(value).encode()) for name, value in values.items()}


def digest(data: bytes) -> str:
    """A short digest for comparing, not for secrecy."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def as_profile(given: str | None) -> str | Path | None:
    """A profile's name, or the path of a file if there is no profile of that name and such a file."""
    if given is not None and given not in profiles.named() and Path(given).exists():
        return Path(given)
    return given
