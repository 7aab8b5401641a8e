"""What a code means: tables by element (`EB03`, `AAA03`, `EB13-1`), and the reject-reason texts (`vsee`).

The tables are the `.tsv` files beside this module; `elements.tsv` says which of their rows make which table.
A code is looked up as sent: no case is changed and nothing is trimmed. Codes are open: one that is in no
table has the empty description and is the caller's to keep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from .._tables import read_table
from ..errors import Position, UsageError

__all__ = [
    "Code",
    "allowed",
    "compiled",
    "describe",
    "eligibility_response",
    "lookup",
    "tables",
    "title",
    "vsee_fallback",
]

VSEE = "vsee"

# The columns that name the loops of a code: tr3_2000A, tr3_271_2110CD, tr3_2100B_2120CD, tr3_270_2100C.
_LOOPS = re.compile(r"tr3_(?:(?P<transaction>27[01])_)?(?P<loops>\d{4}[A-D]+(?:_\d{4}[A-D]+)*)")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one table.

    Attributes:
        code: as the standard prints it.
        description: what it means, in the standard's words.
        part: `tr3` if the 005010X279A1 guide has it, `base` if only the X12 base or a later release does,
            `own` if it is not X12's.
        notes: the other columns of its row that are not empty, such as `class` or `normalizer_role`.
    """

    code: str
    description: str
    part: str
    notes: Mapping[str, str] = field(default_factory=dict, hash=False)


def tables() -> tuple[str, ...]:
    """The names of all tables, in the order in which the elements come in a transaction."""
    return tuple(_elements())


def title(table: str) -> str:
    """What the table is about, in a few words.

    Raises:
        UsageError: UNKNOWN_TABLE.
    """
    return _sources(table)[0]["title"]


@cache
def lookup(table: str) -> Mapping[str, Code]:
    """Every code of the table, the guide's first.

    Raises:
        UsageError: UNKNOWN_TABLE.
    """
    codes: dict[str, Code] = {}
    for source in _sources(table):
        for row in _rows(source):
            code = _code(source, row)
            if not _is_fallback(code):
                codes.setdefault(code.code, code)
    return MappingProxyType(codes)


def describe(table: str, code: str) -> str:
    """What the code means; empty if the table does not have it.

    Raises:
        UsageError: UNKNOWN_TABLE.
    """
    known = lookup(table).get(code)
    return known.description if known is not None else ""


def allowed(table: str, loop: str, *, transaction: Literal["270", "271"] = "271") -> frozenset[str]:
    """The codes that the guide allows in that loop (`2110C`); empty if the tables say nothing about it there.

    Raises:
        UsageError: UNKNOWN_TABLE.
    """
    return _per_loop(table, transaction).get(loop, frozenset())


@cache
def vsee_fallback() -> str:
    """The `eligibility_response` without a reject reason, and of a reason that the table lacks."""
    rows = (_code(source, row) for source in _sources(VSEE) for row in _rows(source))
    return next(code.description for code in rows if _is_fallback(code))


def eligibility_response(reject_reason: str) -> str:
    """The documented text for an AAA03 code, or the fallback."""
    return describe(VSEE, reject_reason) or vsee_fallback()


@cache
def compiled() -> dict[str, Any]:
    """All tables as the native core takes them, of JSON's types only. Shared: do not change it.

    `codes`: table, code, description. `allowed`: table, loop, sorted codes of the 271. `when`: table, and the
    [element, value] that must hold for the table to speak. `vsee` and `vsee_fallback`: AAA03 code to
    eligibility_response.
    """
    x12 = [table for table in tables() if table != VSEE]
    per_loop = {table: _per_loop(table, "271") for table in x12}
    return {
        "codes": {table: _descriptions(table) for table in x12},
        "allowed": {
            table: {loop: sorted(codes) for loop, codes in sorted(loops.items())}
            for table, loops in per_loop.items()
            if loops
        },
        "when": {table: _sources(table)[0]["when"].split("=") for table in x12 if _sources(table)[0]["when"]},
        "vsee": _descriptions(VSEE),
        "vsee_fallback": vsee_fallback(),
    }


def _descriptions(table: str) -> dict[str, str]:
    return {code.code: code.description for code in lookup(table).values()}


@cache
def _elements() -> dict[str, list[dict[str, str]]]:
    """`elements.tsv`: where the rows of each table stand."""
    elements: dict[str, list[dict[str, str]]] = {}
    for row in read_table("codes/elements.tsv"):
        elements.setdefault(row["table"], []).append(row)
    return elements


def _sources(table: str) -> list[dict[str, str]]:
    try:
        return _elements()[table]
    except KeyError:
        raise UsageError("UNKNOWN_TABLE", position=Position(key="table"), detail=table) from None


@cache
def _file(name: str) -> list[dict[str, str]]:
    return read_table(f"codes/{name}")


def _rows(source: dict[str, str]) -> list[dict[str, str]]:
    column, value = source["column"], source["value"]
    return [row for row in _file(source["file"]) if not column or row[column] == value]


def _code(source: dict[str, str], row: dict[str, str]) -> Code:
    known = {source["code"], source["text"], "element"}
    notes = {name: text for name, text in row.items() if text and name not in known}
    return Code(row[source["code"]], row[source["text"]], source["part"], notes)


def _is_fallback(code: Code) -> bool:
    return code.code.startswith("(")  # the one row that the vendor prints without a code


@cache
def _per_loop(table: str, transaction: str) -> dict[str, frozenset[str]]:
    """From the columns that name loops: loop to codes."""
    loops: dict[str, set[str]] = {}
    for code in lookup(table).values():
        for column, text in code.notes.items():
            named = _LOOPS.fullmatch(column)
            if named is None or text != "Y" or (named["transaction"] or "271") != transaction:
                continue
            for name in named["loops"].split("_"):
                for letter in name[4:]:
                    loops.setdefault(name[:4] + letter, set()).add(code.code)
    return {loop: frozenset(codes) for loop, codes in loops.items()}
