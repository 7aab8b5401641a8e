"""What AdvancedMD says around the answer: `PPMDResults`, `Results`, and a fault if there is one."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from pydantic import Field

from .._model import Model

_DAY = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)|(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4}))", re.ASCII
)
_CLOCK = re.compile(r"[T ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(?:([AaPp])[Mm])?", re.ASCII)

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


def read(raw: dict[str, str], fault: tuple[str, str] | None) -> Results:
    """The results whose attributes these are, as sent; `fault` is code and description of one that was sent.

    `Results.fault` is set, too, if `success` is sent and is not 1.
    """
    fields: dict[str, Any] = dict(_UNSAID, raw=raw)
    extra: dict[str, str] = {}
    for name, text in raw.items():
        field = _FIELDS.get(name.lower())
        if field is None:
            extra[name] = text
        elif field == "success":
            fields[field] = text.strip().lower() in ("1", "true") if text.strip() else None
        elif field == "birth_date":
            moment = _moment(text)
            fields[field] = moment.date() if moment else None
        else:
            fields[field] = _moment(text) if field.endswith("_at") else text
    fields["extra"] = extra
    if fault is not None:
        fields["fault"] = Fault._trusted({"code": fault[0], "description": fault[1]})
    elif fields["success"] is False:
        fields["fault"] = Fault._trusted({"code": "", "description": ""})
    return Results._trusted(fields)


def _moment(text: str) -> datetime | None:
    """`04/14/2022 8:38AM`, `4/14/2022 8:39:02 AM`, `1986-01-01T00:00:00`, or a day alone."""
    text = text.strip()
    day = _DAY.match(text)
    clock = _CLOCK.fullmatch(text, day.end()) if day else None
    if day is None or (clock is None and day.end() < len(text)):
        return None
    year, month, number = (
        int(day["y"] or day["year"]),
        int(day["m"] or day["month"]),
        int(day["d"] or day["day"]),
    )
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3]) if clock else (0, 0, 0)
    if clock and clock[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[4] in "pP" else 0)
    try:
        return datetime(year, month, number, hour, minute, second)  # noqa: DTZ001  # sent without a zone
    except ValueError:
        return None
