"""An inquiry as X12 carries it: every text made fit, and what X12 writes in one way written so."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from .._model import Model
from ..errors import Position, UsageError
from ..findings import Finding
from ..grammar.envelope import Delimiters
from ..grammar.write import check_options
from .inquiry import Inquiry
from .parts import Address, Diagnosis, Kind, Payer, Period, ProviderRole
from .people import Patient, Subscriber
from .texts import fit

STANDARD = Delimiters(element="*", repetition="^", component=":", terminator="~")

_NOWHERE = Address()
_HOME = ("US", "USA")  # N404 is sent of other countries only (X12 RFI 1667)

_Made = TypeVar("_Made", bound=Model)


def as_sent(
    inquiry: Inquiry, delimiters: Delimiters | None = None, stand_in: str = ""
) -> tuple[Inquiry, list[Finding]]:
    """The inquiry as it is sent, and what its texts lost on the way or cannot say.

    stand_in: for characters that cannot be sent; by default they stay, and are refused.
    """
    return fitted(inquiry, delimiters or STANDARD, stand_in)


def check_delimiters(delimiters: Delimiters) -> None:
    """Refuses delimiters with which no inquiry, or not every one, can be written.

    Raises:
        UsageError: BAD_OPTION.
    """
    check_options(delimiters, None)
    if any(getattr(delimiters, name) in "-." for name in Delimiters.model_fields):
        detail = "ranges of dates and amounts have - and . in them"
        raise UsageError("BAD_OPTION", position=Position(key="delimiters"), detail=detail)


def fitted(made: _Made, delimiters: Delimiters, stand_in: str = "") -> tuple[_Made, list[Finding]]:
    """The same of any model whose texts say of which kind they are."""
    walk = _Walk("".join(getattr(delimiters, name) for name in Delimiters.model_fields), stand_in)
    return walk.model(made, ""), walk.found


def with_originator(inquiry: Inquiry, originator: str) -> Inquiry:
    """The inquiry with this originator (TRN03) in each trace number that has none."""

    def patient(one: Patient) -> Patient:
        if all(trace.originator for trace in one.traces):
            return one
        traces = (
            trace if trace.originator else trace.model_copy(update={"originator": originator})
            for trace in one.traces
        )
        return one.model_copy(update={"traces": tuple(traces)})

    changes = {
        "subscriber": patient(inquiry.subscriber),
        "dependents": tuple(patient(one) for one in inquiry.dependents),
    }
    return inquiry.model_copy(update=changes)


def problem(code: str, path: str) -> Finding:
    """A finding about a field of an inquiry, such as `problem("UNREADABLE_DATE", "subscriber.birth_date")`."""
    return Finding(code=code, field=path, position=Position(key=path))


class _Walk:
    """Goes through every field of an inquiry; paths are `subscriber.references[0].value` and the like."""

    def __init__(self, delimiters: str, stand_in: str) -> None:
        self._delimiters = delimiters
        self._stand_in = stand_in
        self.found: list[Finding] = []

    def model(self, made: _Made, path: str) -> _Made:
        changed: dict[str, Any] = {}
        for name, field in type(made).model_fields.items():
            kind = next((one for one in field.metadata if isinstance(one, Kind)), None)
            value = getattr(made, name)
            new = self._value(value, f"{path}.{name}" if path else name, kind)
            if new is not value:
                changed[name] = new
        changed.update(_settled(made, changed))
        return made.model_copy(update=changed) if changed else made

    def _value(self, value: Any, path: str, kind: Kind | None) -> Any:
        if isinstance(value, Model):
            made = self.model(value, path)
            return None if isinstance(made, Address) and made == _NOWHERE else made
        if isinstance(value, tuple):
            new = tuple(self._value(one, f"{path}[{at}]", kind) for at, one in enumerate(value))
            if kind is not None:
                new = tuple(filter(None, new))
            return value if new == value else new
        if kind is None or not value:
            return value
        text, codes = fit(value, kind, self._delimiters, self._stand_in)
        self.found += (problem(code, path) for code in codes)
        return value if text == value else text


def _settled(made: Model, changed: dict[str, Any]) -> dict[str, Any]:
    """What X12 writes in one way only."""

    def value(name: str) -> Any:
        return changed.get(name, getattr(made, name))

    settled: dict[str, Any] = {}
    match made:
        case Payer() if not value("name"):
            settled = {"name": value("identifier")}
        case Subscriber() if not value("member_id"):
            settled = {"member_id_qualifier": "MI"}
        case ProviderRole() if not value("identifier"):
            settled = {"qualifier": "PXC"}
        case Period() if made.end == made.begin:
            settled = {"end": None}
        case Diagnosis() if "." in value("code"):
            settled = {"code": value("code").replace(".", "")}
        case Address():
            settled["postal_code"] = re.sub(r"[- ]", "", value("postal_code"))
            settled["country"] = "" if value("country") in _HOME else value("country")
    return {name: new for name, new in settled.items() if new != value(name)}
