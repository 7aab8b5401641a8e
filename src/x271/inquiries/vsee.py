"""VSee's user record as an inquiry about its primary or secondary insurance (seed 000).

The documentation has the insurance twice: as fields of `insurance` (`primary_carrier_code`, what POST /me takes) and,
in a record that was checked, as objects (`primary.carrier_code`). Both are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from pydantic import Field

from ..errors import Position, UsageError
from ..shapes.vsee import Which
from . import config as configuration
from .draft import Draft
from .inquiry import Inquiry
from .requests import Day, Request, Text, read, today


class Plan(Request):
    """`insurance.primary` or `insurance.secondary`."""

    carrier_code: Text = Field(
        "", description="VSee's id of the insurer; a configuration says the payer's own."
    )
    group_number: Text = ""
    subscriber_num: Text = ""
    eligibility_id: Text = Field("", description="Of the last check.")


class Patient(Request):
    """`insurance.patient`."""

    respparty: Text = Field("", description="self, spouse, child or other.")
    member_id: Text = Field("", description="AdvancedMD's patient id.")
    response_party_id: Text = ""


class Insurance(Request):
    """`insurance` of a user."""

    primary: Plan = Plan()
    secondary: Plan = Plan()
    patient: Patient = Patient()
    respparty: Text = Field(
        "", description="Who the patient is to the insured: self, child, spouse or other."
    )
    primary_carrier_code: Text = ""
    primary_group_number: Text = ""
    primary_subscriber_num: Text = ""
    secondary_carrier_code: Text = ""
    secondary_group_number: Text = ""
    secondary_subscriber_num: Text = ""
    guarantor_name: Text = Field(
        "", description="Of the insured, who is not the patient: first and last name."
    )
    guarantor_dob: Day = None
    guarantor_address: Text = ""
    guarantor_city: Text = ""
    guarantor_state: Text = ""
    guarantor_zip: Text = ""


class User(Request):
    """The user: who is treated."""

    id: Text = Field("", description="VSee's user id.")
    first_name: Text = ""
    last_name: Text = ""
    dob: Day = None
    gender: Text = Field("", description="1 or male, 2 or female.")
    street_addr: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    account_code: Text = Field("", description="The clinic, of which a configuration knows name and NPI.")
    insurance: Insurance = Insurance()


def inquiry(
    user: User | Mapping[str, Any],
    *,
    config: configuration.Given = None,
    which: Which = "primary",
    eligibility_id: str = "",
    date_of_service: date | None = None,
) -> Inquiry:
    """A check of one insurance of a user as an inquiry. The user is the dependent, unless `respparty` is self.

    Args:
        user: the user record, with or without `data` around it.
        config: payers by `carrier_code`, the clinic by `account_code`.
        which: the insurance to be checked.
        eligibility_id: that of this check, for TRN02.
        date_of_service: by default today.

    Raises:
        InvalidInquiry: everything that speaks against sending it, with VSee's names of the fields.
        UsageError: BAD_INPUT_TYPE for what is no object; BAD_OPTION; as `config`, for a mistake in the configuration.
    """
    made = draft(
        user, config=config, which=which, eligibility_id=eligibility_id, date_of_service=date_of_service
    )
    return made.inquiry()


def draft(
    user: User | Mapping[str, Any],
    *,
    config: configuration.Given = None,
    which: Which = "primary",
    eligibility_id: str = "",
    date_of_service: date | None = None,
) -> Draft:
    """The same before it is checked: its `check()` says all there is to say, warnings, too, and raises nothing."""
    if which not in get_args(Which):
        raise UsageError(
            "BAD_OPTION", position=Position(key="which"), detail="primary or secondary is expected"
        )
    asked, notes = read(User, unwrapped(user))
    relation = asked.insurance.patient.respparty or asked.insurance.respparty
    is_self = relation.lower() == "self" if relation else not asked.insurance.guarantor_name
    made = Draft(configuration.config(config), notes, is_self=is_self)
    made.fill("vsee", asked, which=which)
    if not relation:
        made.note("MISSING_ELEMENT", "respparty", "insurance.patient.respparty")
    made.put(f"{made.patient}.traces[0].number", eligibility_id, "eligibility_id")
    made.put(f"{made.patient}.date_of_service.begin", date_of_service or today(), "date_of_service")
    return made


def unwrapped(user: User | Mapping[str, Any]) -> User | Mapping[str, Any]:
    """The user of a record that has it in `data`, alone or as the only one of a list."""
    inner = user.get("data") if isinstance(user, Mapping) else None
    if isinstance(inner, (list, tuple)) and len(inner) == 1:
        inner = inner[0]
    return inner if isinstance(inner, Mapping) else user
