"""What AdvancedMD says around the answer: `PPMDResults`, `Results`, and a fault if there is one."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import Field

from .._model import Model

_MOMENT = re.compile(
    r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{4}))"
    r"(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(?:([AaPp])[Mm])?)?",
    re.ASCII,
)

_FIELDS = {  # the vendor's attribute, in lower case: our field
    "s": "session",
    "lst": "lst",
    "success": "success",
    "eligibilityid": "eligibility_id",
    "eligibilitystatusid": "eligibility_status_id",
    "eligibilitycreatedat": "created_at",
    "eligibilitychangedat": "changed_at",
    "eligibilityresponsedate": "response_at",
    "patientname": "patient_name",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "state": "state",
    "zipcode": "zip_code",
    "dob": "birth_date",
    "subscriberid": "subscriber_id",
    "eligibilitystc": "service_type",
}

_MOMENTS = ("created_at", "changed_at", "response_at", "birth_date")


class Said(NamedTuple):
    """What was sent around an answer: attributes by name, and the code and description of a fault."""

    attributes: dict[str, str]
    fault: tuple[str, str] | None


class Fault(Model):
    """The vendor's own error; both are as sent, empty if not given. The description may name the patient."""

    code: str = ""
    description: str = Field("", repr=False)


class Results(Model):
    """What `PPMDResults` and `Results` say besides the 271: the vendor's record of the check.

    Texts are as sent, and empty if not sent. Times carry no zone; AdvancedMD's are Pacific time as observed.
    A time or a date that cannot be read is None, and stands in `raw`. Do not take the address for truth: in
    the only sample, city and state are swapped and cut. Source: the vendor's sample, VSee's documentation.
    """

    success: bool | None = Field(None, description="`@success`: 1 is true; None if not sent, as usual.")
    eligibility_id: str = Field("", description="The vendor's identifier of the check.")
    eligibility_status_id: str = Field(
        "", description="As sent: 0 pending, 1 answered, 2 rejected, 3 error (unconfirmed but for 1)."
    )
    session: str = Field("", repr=False, description="`PPMDResults/@s`.")
    lst: str = Field("", repr=False, description="`PPMDResults/@lst`, a time stamp as sent.")
    created_at: datetime | None = Field(None, repr=False)
    changed_at: datetime | None = Field(None, repr=False)
    response_at: datetime | None = Field(None, repr=False)
    patient_name: str = Field("", repr=False)
    address1: str = Field("", repr=False)
    address2: str = Field("", repr=False)
    city: str = Field("", repr=False)
    state: str = Field("", repr=False)
    zip_code: str = Field("", repr=False)
    birth_date: date | None = Field(None, repr=False)
    subscriber_id: str = Field("", repr=False)
    service_type: str = Field("", repr=False, description="`@eligibilitystc`: what was asked for.")
    fault: Fault | None = Field(None, repr=False, description="A fault that came beside the answer.")
    extra: dict[str, str] = Field(default_factory=dict, repr=False, description="Attributes not named here.")
    raw: dict[str, str] = Field(default_factory=dict, repr=False, description="All attributes as sent.")


_UNSAID: dict[str, Any] = {name: field.default for name, field in Results.model_fields.items()}


def read(said: Said) -> Results:
    """The results of what was sent. `Results.fault` is set, too, if `success` is sent and is not 1."""
    fields: dict[str, Any] = dict(_UNSAID, raw=said.attributes)
    extra: dict[str, str] = {}
    for name, text in said.attributes.items():
        field = _FIELDS.get(name.lower())
        if field is None:
            extra[name] = text
        elif field == "success":
            fields[field] = _is_success(text)
        elif field in _MOMENTS:
            fields[field] = moment_of(text)
        else:
            fields[field] = text
    if fields["birth_date"] is not None:
        fields["birth_date"] = fields["birth_date"].date()
    fields["extra"] = extra
    fault = said.fault
    if fault is None and fields["success"] is False:
        fault = ("", "")
    if fault is not None:
        fields["fault"] = Fault._trusted({"code": fault[0], "description": fault[1]})
    return Results._trusted(fields)


def is_fault(said: Said) -> bool:
    """Whether `read` gives a fault."""
    if said.fault is not None:
        return True
    sent = [text for name, text in said.attributes.items() if name.lower() == "success"]
    return bool(sent) and _is_success(sent[-1]) is False


def _is_success(text: str) -> bool | None:
    """What `success` says: None if nothing."""
    text = text.strip().lower()
    return text in ("1", "true") if text else None


def moment_of(text: str) -> datetime | None:
    """`04/14/2022 8:38AM`, `4/14/2022 8:39:02 AM`, `1986-01-01T00:00:00`, or a day alone."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    y, m, d, month, day, year, hours, minute, second, half = found.groups()
    hour = int(hours or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    parts = (y or year, m or month, d or day, hour, minute or 0, second or 0)
    try:
        return datetime(*map(int, parts))  # type: ignore[arg-type]  # noqa: DTZ001  # sent without a zone
    except ValueError:
        return None
