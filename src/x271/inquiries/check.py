"""Everything that speaks against sending an inquiry, at once: what the grammar says, then `checks.tsv` and the search.

The grammar's rules are those that `x271.validate` holds a document to; a fault of an element is said of the field that
the element was made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from pydantic import Field

from .._model import Model
from ..errors import InvalidInquiry, Position
from ..findings import Finding
from ..grammar.envelope import Delimiters
from .building import Builder, Placed
from .checks import broken
from .envelope import is_control_number
from .inquiry import Inquiry
from .parts import Most
from .people import Dependent
from .places import of_grammar
from .search import search
from .sending import as_sent, check_delimiters, problem, with_originator

MOST_PATIENTS = 99  # of a transaction set in a batch

_ABSENT = ("MISSING_", "ALTERNATE_", "REQUIRED_")  # findings that say that nothing is there
_ORIGINATOR = "9" * 10  # one that is left out is the writer's to fill


class Check(Model):
    """What was found. A finding's `field` is the caller's own name of the field, its `position.key` the path."""

    findings: tuple[Finding, ...] = Field((), description="In the order of the inquiry's fields.")
    searches: dict[str, str] = Field(
        {},
        description="By the path of each patient the best search option that it has the fields for "
        "(`search_options.tsv`: `primary` and others), empty if it has none.",
    )

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Those for which it must not be sent: of severity error."""
        return tuple(one for one in self.findings if one.severity == "error")

    @property
    def valid(self) -> bool:
        """There is no problem; what else there is to say is in `findings`."""
        return not self.problems

    def raise_for_problems(self) -> None:
        """
        Raises:
            InvalidInquiry: there are problems; it has all of them.
        """
        if self.problems:
            raise InvalidInquiry(self.problems)


def check(
    inquiry: Inquiry,
    *,
    at: date | None = None,
    batch: bool = False,
    control_number: int | str | None = None,
    delimiters: Delimiters | None = None,
    later_service_types: bool = False,
    names: Mapping[str, str] | None = None,
    also: Iterable[Finding] = (),
) -> Check:
    """See `Inquiry.check`."""
    if delimiters is not None:
        check_delimiters(delimiters)
    sent, found = as_sent(inquiry, delimiters, stand_in="?")
    today = at.date() if isinstance(at, datetime) else at or datetime.now().astimezone().date()
    searches, missing = search(sent)
    found += [
        *also,
        *of_grammar(placed(with_originator(sent, _ORIGINATOR)), later_service_types=later_service_types),
        *_counts(inquiry, ""),
        *_patients(sent, batch=batch),
        *missing,
        *broken(sent, today),
    ]
    if control_number is not None and not is_control_number(control_number):
        found.append(problem("BAD_CONTROL_NUMBER", "control_number"))
    return Check(findings=tuple(arranged(found, names or {})), searches=searches)


def placed(sent: Inquiry) -> list[Placed]:
    """Every segment that is written of an inquiry, but for its envelope and the HL."""
    builder = Builder(sent)
    builder.beginning()
    builder.source()
    builder.receiver()
    builder.subscriber()
    return builder.placed


# --- how often


def _counts(made: Model, path: str) -> Iterator[Finding]:
    """Parts that stand more often than they may."""
    for name, field in type(made).model_fields.items():
        value, here = getattr(made, name), f"{path}.{name}" if path else name
        most = next((one.count for one in field.metadata if isinstance(one, Most)), None)
        if most is not None and len(value) > most:
            yield problem("TOO_MANY_REPETITIONS", here)
        if isinstance(value, Model):
            yield from _counts(value, here)
        elif isinstance(value, tuple):
            for at, one in enumerate(value):
                if isinstance(one, Model):
                    yield from _counts(one, f"{here}[{at}]")


def _patients(sent: Inquiry, *, batch: bool) -> Iterator[Finding]:
    patients = sent.patients()
    if len(patients) > (MOST_PATIENTS if batch else 1):
        yield problem("TOO_MANY_PATIENTS", "dependents")
    for path, one in patients.items():
        if not one.services:
            yield problem("MISSING_ELEMENT", f"{path}.services")
        if isinstance(one, Dependent):
            for at, service in enumerate(one.services):
                for name in ("spend_down", "billed"):
                    if getattr(service, name) is not None:
                        yield problem("ELEMENT_NOT_USED", f"{path}.services[{at}].{name}")


# --- the list


def arranged(found: Sequence[Finding], names: Mapping[str, str]) -> list[Finding]:
    """Each once, in the order of the fields, with the caller's names; what is wrong is not called missing, too."""
    order = {name: at for at, name in enumerate(Inquiry.model_fields)}
    wrong = {_key(one) for one in found if one.severity == "error" and not one.code.startswith(_ABSENT)}

    def rank(one: Finding) -> tuple[int, list[tuple[int, str]]]:
        parts = re.findall(r"\d+|[^\d]+", _key(one))
        top = re.split(r"[.\[]", _key(one))[0]
        return order.get(top, len(order)), [
            (int(part), "") if part.isdigit() else (-1, part) for part in parts
        ]

    listed: dict[tuple[str, str], Finding] = {}
    for one in found:
        key = _key(one)
        if key in wrong and one.code.startswith(_ABSENT):
            continue
        place = (one.position or Position()).model_copy(update={"key": key})
        listed.setdefault((one.code, key), Finding(code=one.code, field=_name(key, names), position=place))
    return sorted(listed.values(), key=rank)


def _key(one: Finding) -> str:
    return (one.position.key if one.position is not None else None) or one.field


def _name(path: str, names: Mapping[str, str]) -> str:
    """The caller's name of a field or of the nearest part around it; else the path."""
    at = path
    while at:
        every = re.sub(r"\[\d+\]", "[]", at)
        for one in (at, every):
            if one in names:
                return names[one]
        at = re.sub(r"(\.?[^.\[\]]+|\[\d*\])$", "", at)
    return path
