"""The catalogue of faults: `faults.tsv`, and the function that does each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ..._tables import read_table
from ..document import Document, Form, Sheet
from . import elements, envelope, structure
from .editing import CHANGES, Change, adding, dropping, putting, setting
from .texts import JSON, XML
from .writing import WRITINGS

__all__ = ["FAULTS", "Fault", "elements", "envelope", "structure"]  # whose import enters their faults

_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}?)(\d\d)(?:=(\w+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that happens to documents on their way.

    Attributes:
        name: such as `service-types-by-comma`.
        sentence: what happened, as one would write it into a bug report.
        form: of x12, xml or json.
        findings: the codes that `x271.validate` reports because of it; with others, if it has a cause of them.
        error: the code of the error that `x271.parse` raises; empty where it reads the document.
    """

    name: str
    sentence: str
    form: Form
    findings: frozenset[str] = frozenset()
    error: str = ""

    @property
    def harmless(self) -> bool:
        """It is allowed, or means the same: nothing is reported, though programs stumble over it."""
        return not self.findings and not self.error

    def done_to(self, document: Document) -> Document | None:
        """The document with the fault; None where it cannot happen to this one."""
        if document.form != self.form:
            return None
        if self.form != "x12":
            text = (XML if self.form == "xml" else JSON)[self.name](document.data)
            return None if text is None else Document(text, self.form, document.sheets)
        if not document.sheets:
            return None
        sheet, *others = document.sheets
        behind = b"".join(other.written() for other in others)
        if self.name in WRITINGS:
            made = None if others else WRITINGS[self.name](document.data, sheet)
            return None if made is None else Document(made, "x12")
        changed = _changes()[self.name](list(sheet.segments))
        if changed is None:
            return None
        new = Sheet(tuple(changed), sheet.delimiters, sheet.line_end)
        return Document(new.written() + behind, "x12", (new, *others))


def _catalogue() -> dict[str, Fault]:
    rows = read_table("testing/faults/faults.tsv")
    return {
        row["name"]: Fault(
            row["name"], row["sentence"], _form(row["of"]), frozenset(row["findings"].split()), row["error"]
        )
        for row in rows
    }


def _form(of: str) -> Form:
    return "xml" if of == "xml" else "json" if of == "json" else "x12"


FAULTS: Mapping[str, Fault] = MappingProxyType(_catalogue())


@cache
def _changes() -> dict[str, Change]:
    """What is done to segments, by fault: the rows that say it themselves, and the functions."""
    told = {
        row["name"]: _told(row["does"], row["where"], row["with"])
        for row in read_table("testing/faults/faults.tsv")
        if row["does"]
    }
    return {**CHANGES, **told}


def _told(does: str, where: str, new: str) -> Change:
    match does:
        case "set":
            found = _ELEMENT.fullmatch(where)
            assert found is not None, where  # noqa: S101  (our own table; a test reads all of it)
            segment, number, qualifier = found.groups()
            return setting(f"{segment}*{qualifier or ''}", int(number), new)
        case "drop":
            return dropping(f"{where}*")
        case "add":
            return adding(new.split("~"))
        case _:
            return putting(f"{where}*", new.split("~"), behind=does == "after")
