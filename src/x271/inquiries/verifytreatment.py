"""VerifyTreatment's VOB as an inquiry: POST /vobs, the update of a VOB, and a row of its batch file (seed 003)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from . import config as configuration
from .draft import Draft
from .inquiry import Inquiry
from .people import Subscriber
from .requests import Day, Request, Text, read, today


class Vob(Request):
    """A verification of benefits; the fields are those of the three forms together."""

    id: Text = Field("", alias="_id", description="Of a VOB that is there already.")
    first_name: Text = ""
    last_name: Text = ""
    member_id: Text = Field("", description="The client's own.")
    payer_id: Text = Field(
        "", description="VerifyTreatment's payer id; a configuration says the payer's own."
    )
    payer_name: Text = ""
    date_of_birth: Day = Field(None, description="MM/DD/YYYY or YYYY-MM-DD.")
    gender: Text = Field("", description="M, F or Other.")
    ssn: Text = ""
    subscriber_relation: Text = Field(
        "", description="SR01 self, SR02 spouse, SR03 child, SR04 and SR05 others."
    )
    group_number: Text = ""
    facility: Text = Field("", description="A facility's id, or ACCOUNT_DEFAULT.")
    place_of_service: Text = ""
    client_type: Text = Field("", description="prospect, termed, client, referred or discharged; not sent.")
    insurance_phone: Text = Field("", description="Not sent, as all below.")
    client_phone: Text = ""
    phone: Text = ""
    email: Text = ""
    tag: Text = ""
    external_id: Text = ""
    action: Text = ""


def inquiry(
    vob: Vob | Mapping[str, Any],
    *,
    config: configuration.Given = None,
    subscriber: Subscriber | None = None,
    date_of_service: date | None = None,
) -> Inquiry:
    """A VOB as an inquiry. A VOB says nothing of a subscriber, so the client is asked about by its own member id.

    Args:
        vob: the VOB, or a row of a batch file.
        config: payers by VerifyTreatment's `payer_id`, clinics by `facility`.
        subscriber: who holds the plan, if it is known and is not the client: then the client is its dependent, and
            `subscriber_relation` is sent. Without a member id of its own it has the client's.
        date_of_service: by default today.

    Raises:
        InvalidInquiry: everything that speaks against sending it, with VerifyTreatment's names of the fields.
        UsageError: BAD_INPUT_TYPE for what is no object; as `config`, for a mistake in the configuration.
    """
    return draft(vob, config=config, subscriber=subscriber, date_of_service=date_of_service).inquiry()


def draft(
    vob: Vob | Mapping[str, Any],
    *,
    config: configuration.Given = None,
    subscriber: Subscriber | None = None,
    date_of_service: date | None = None,
) -> Draft:
    """The same before it is checked: its `check()` says all there is to say, warnings, too, and raises nothing."""
    asked, notes = read(Vob, vob)
    made = Draft(configuration.config(config), notes, is_self=subscriber is None)
    if subscriber is not None:
        made.holder(subscriber)
        if not subscriber.member_id:
            made.put("subscriber.member_id", asked.member_id, "member_id")
    made.fill("verifytreatment", asked)
    made.put(f"{made.patient}.date_of_service.begin", date_of_service or today(), "date_of_service")
    return made
