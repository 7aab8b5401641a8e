"""VerifyTreatment's VOB after a check, its words for coverage and relation, and its batch file (seed 003)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from .. import codes
from .._tables import read_table
from ..errors import Position, UsageError

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..normalize.record import Coverage

_SELF = "18"
_GENDERS = ("F", "M")  # Other is a third gender, U a gender that the payer does not say


def vob(record: Eligibility, request: Mapping[str, Any]) -> dict[str, Any]:
    """`Eligibility.to_verifytreatment`, which says what it does."""
    made: dict[str, Any] = {}
    for name, get, write in _plan():
        sent = request.get(name)
        if name != "coverage" and sent not in (None, ""):
            made[name] = sent
            continue
        value = "" if get is None else write(get(record))
        if value:
            made[name] = value
    return {
        **made,
        **{name: value for name, value in request.items() if name not in made and name != "coverage"},
    }


def coverage_word(coverage: Coverage) -> str:
    """VerifyTreatment's word: active, inactive, unavailable."""
    return next(row["word"] for row in _words() if row["coverage"] == coverage)


def coverage_option(coverage: Coverage) -> str:
    """The value of `vob_coverage` for a batch run: Active Coverage, Inactive, Unknown."""
    return next(row["option"] for row in _words() if row["coverage"] == coverage)


def coverage(word: str) -> Coverage:
    """What a word of VerifyTreatment means, in any of its spellings and any case.

    Raises:
        UsageError: `BAD_OPTION` for another word.
    """
    wanted = word.strip().lower()
    for row in _words():
        if wanted in (row[column].lower() for column in ("word", "printed", "option")):
            return cast("Coverage", row["coverage"])
    raise UsageError("BAD_OPTION", position=Position(key="coverage"), detail=_choice("word"))


def relation(relationship: str) -> str:
    """VerifyTreatment's code (SR01 to SR05) for a relationship code (INS02); empty for no code."""
    if not relationship:
        return ""
    known = codes.lookup("INS02").get(relationship) or codes.lookup("INS02")["G8"]
    return known.notes["verifytreatment"].partition(" ")[0]


def relationship(relation: str) -> str:
    """What a 270 says for SR01 to SR05 (INS02): 18, 01, 19, 34; empty for SR04, for which it has no code.

    Raises:
        UsageError: `BAD_OPTION` for another code.
    """
    wanted = relation.strip().upper()
    found = [code for code in codes.lookup("INS02").values() if wanted == code.notes["verifytreatment"][:4]]
    if not found:
        raise UsageError(
            "BAD_OPTION", position=Position(key="subscriber_relation"), detail="SR01 to SR05 are known"
        )
    legal = (one.code for one in found if one.code == _SELF or "tr3_270_2100D" in one.notes)
    return next(legal, "")


def columns() -> tuple[str, ...]:
    """The columns of the batch file: those of the import, then `coverage`, which the file that comes back has."""
    return tuple(row["field"] for row in _table() if row["batch"])


def to_csv(vobs: Iterable[Mapping[str, Any]]) -> str:
    """VOBs as a batch file: CSV with a header and the columns of `columns()`; a VOB's other fields are left out.

    Read back, by us or by VerifyTreatment's import, it asks again for the same people.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns(), extrasaction="ignore", restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(vobs)
    return text.getvalue()


def _gender(value: str) -> str:
    return value if value in _GENDERS else ""


def _date(value: Any) -> str:
    return "" if value is None else str(value.isoformat())


_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "date": _date,
    "gender": _gender,
    "relation": relation,
    "coverage": coverage_word,
    "caller": str,
}


@cache
def _table() -> tuple[dict[str, str], ...]:
    return tuple(read_table("shapes/verifytreatment.tsv"))


@cache
def _plan() -> tuple[tuple[str, Callable[[Any], Any] | None, Callable[[Any], str]], ...]:
    return tuple(
        (row["field"], attrgetter(row["value"]) if row["value"] else None, _WRITERS[row["kind"]])
        for row in _table()
    )


@cache
def _words() -> tuple[dict[str, str], ...]:
    return tuple(read_table("shapes/verifytreatment_coverage.tsv"))


def _choice(column: str) -> str:
    return "one of " + ", ".join(row[column] for row in _words())
