"""What is odd but survivable: findings, and the closed catalogue of their codes (`findings.tsv`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ._tables import read_table
from .errors import Position

Severity = Literal["info", "warning", "error"]


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """Every finding code with its `severity`, `area`, `meaning`, `mend` and `snip` level."""
    return {row["code"]: row for row in read_table("findings.tsv")}


class Finding(BaseModel):
    """One oddity that was survived. Holds codes and positions, never what an element says.

    `field` names the Integrex field that the finding is about, where it is about one. Of `x271.validate` it names what
    the guide asks: an element (`EB13-2`), a note (`P0910`), a segment (`N4`) or a loop (`2100C`). Of an inquiry's
    check it is the caller's own name of the field, and `position.key` its path. Else it is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    code: str
    field: str = ""
    position: Position | None = None
    others: tuple[Position, ...] = ()

    @property
    def severity(self) -> Severity:
        """`info`, `warning` or `error`, from the catalogue."""
        return catalogue()[self.code]["severity"]  # type: ignore[return-value]  # a test holds the table's words

    @property
    def snip(self) -> int | None:
        """The level of the WEDI SNIP test types that finds it, 1 to 4; None where none does."""
        level = catalogue()[self.code]["snip"]
        return int(level) if level else None

    @property
    def message(self) -> str:
        """What the code means, in a sentence from the catalogue."""
        return catalogue()[self.code]["meaning"]

    def __str__(self) -> str:
        field = f":{self.field}" if self.field else ""
        where = f" at {self.position}" if self.position is not None and str(self.position) else ""
        return f"{self.code}{field}{where}: {self.message}"
