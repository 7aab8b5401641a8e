"""VSee's user record after a check, and its webhook `eligibility.checked` (seed 000, final version)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, ValidationError

from .. import codes
from .._model import Model
from ..errors import DataError, Position, UsageError
from ..sources.json_text import documents
from ..sources.results import moment_of

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..sources import Data

Which = Literal["primary", "secondary"]
Moment = datetime | int | None

EVENT: Literal["eligibility.checked"] = "eligibility.checked"
# PPMDResults/@lst of the published check, read in this zone, is the published last_checked to the second.
_ADVANCEDMD_CLOCK = "America/Los_Angeles"


class WebhookData(Model):
    """What was checked, for whom, and what came out."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True, hide_input_in_errors=True)

    eligibility_id: str = Field(description="AdvancedMD's identifier of the check.")
    member_id: str = Field(description="VSee's user id.", repr=False)
    eligibility_response: str
    external_member_id: str = Field(
        description="AdvancedMD's patient id: text in the final version, a number in the draft; both are read.",
        repr=False,
    )


class Webhook(Model):
    """The event that VSee sends when a check is done; `read_webhook` reads one."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    id: str = Field(description="A UUID.")
    type: Literal["eligibility.checked"]
    created: int = Field(description="Unix seconds.")
    account_code: str
    data: WebhookData


def insurance(
    record: Eligibility,
    before: Mapping[str, Any],
    *,
    which: Which,
    answer: Data | None,
    eligibility_id: str,
    last_checked: Moment,
) -> dict[str, Any]:
    """`Eligibility.to_vsee_insurance`, which says what it does."""
    if which not in get_args(Which):
        raise UsageError(
            "BAD_OPTION", position=Position(key="which"), detail="primary or secondary is expected"
        )
    made = dict(_object(before, "insurance"))
    plan = dict(_object(made.get(which), f"insurance.{which}"))
    subscriber = record.subscriber.member_id
    for name, value in (("group_number", record.group_number), ("subscriber_num", subscriber)):
        if value and not plan.get(name):
            plan[name] = value
    plan.setdefault("insurance_order", 1 if which == "primary" else 2)
    checked: dict[str, Any] = {
        "eligibility_id": eligibility_id or _given_id(record),
        "last_checked": _checked(record) if last_checked is None else _seconds(last_checked, "last_checked"),
        "eligibility_response": record.eligibility_response,
        "eligibility_text": record.eligibility_text,
        "raw_response": None if answer is None else _twin(answer),
    }
    for name, value in checked.items():
        plan.pop(name, None)  # of an earlier check
        if value or name == "eligibility_text":
            plan[name] = value
    patient = dict(_object(made.get("patient"), "insurance.patient"))
    relation = respparty(record.relationship.code)
    if relation and not patient.get("respparty"):
        patient["respparty"] = relation
    made[which] = plan
    if patient:
        made["patient"] = patient
    return made


def webhook(
    record: Eligibility,
    user: Mapping[str, Any],
    *,
    event_id: str,
    created: Moment,
    account_code: str,
    eligibility_id: str,
    member_id: str,
    external_member_id: str,
) -> dict[str, Any]:
    """`Eligibility.to_vsee_webhook`, which says what it does."""
    known = _object(user, "user")
    known = _object(known["data"], "user.data") if "data" in known else known
    patient = _object(_object(known.get("insurance"), "insurance").get("patient"), "insurance.patient")
    told = {
        "account_code": account_code or _text(known, "account_code"),
        "eligibility_id": eligibility_id or _given_id(record),
        "member_id": member_id or _text(known, "id"),
        "external_member_id": external_member_id or _text(patient, "member_id"),
    }
    for name, value in told.items():
        if not value:
            raise UsageError("BAD_OPTION", position=Position(key=name), detail="it is missing")
    return {
        "id": event_id or str(uuid4()),
        "type": EVENT,
        "created": _now() if created is None else _seconds(created, "created"),
        "account_code": told["account_code"],
        "data": {
            "eligibility_id": told["eligibility_id"],
            "member_id": told["member_id"],
            "eligibility_response": record.eligibility_response,
            "external_member_id": told["external_member_id"],
        },
    }


def read_webhook(body: bytes | str | Mapping[str, Any]) -> Webhook:
    """The event in the body of a webhook, in its final version or as the draft has it.

    Raises:
        DataError: MALFORMED_JSON, EMPTY_INPUT, or NOT_A_WEBHOOK with the name of the field that is missing or wrong.
    """
    event: Any = body
    if not isinstance(body, Mapping):
        text = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        if not text.strip():
            raise DataError("EMPTY_INPUT")
        event = next(documents(text)).value
    try:
        return Webhook.model_validate(event)
    except ValidationError as error:
        place = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
    raise DataError("NOT_A_WEBHOOK", position=Position(key=".".join(map(str, place))) if place else None)


def respparty(relationship: str) -> str:
    """VSee's word for a relationship code (INS02): self, spouse, child, other; empty for no code."""
    if not relationship:
        return ""
    known = codes.lookup("INS02").get(relationship)
    return known.notes["vsee_respparty"] if known is not None else "other"


def _given_id(record: Eligibility) -> str:
    return record.results.eligibility_id if record.results is not None else ""


def _checked(record: Eligibility) -> int | None:
    """When AdvancedMD says that it answered; None if the answer did not come from there."""
    moment = moment_of(record.results.lst) if record.results is not None else None
    if moment is None:
        return None
    try:
        return int(moment.replace(tzinfo=ZoneInfo(_ADVANCEDMD_CLOCK)).timestamp())
    except ZoneInfoNotFoundError:  # a system without time zones
        return None


def _seconds(moment: Moment, key: str) -> int:
    if isinstance(moment, int) and not isinstance(moment, bool):
        return moment
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return int(moment.timestamp())
    detail = "Unix seconds or a datetime with a time zone are expected"
    raise UsageError("BAD_OPTION", position=Position(key=key), detail=detail)


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _twin(answer: Data) -> dict[str, object]:
    from .. import forms

    return forms.to_dict(answer)


def _object(value: Any, key: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise UsageError("BAD_OPTION", position=Position(key=key), detail="an object is expected")
    return value


def _text(node: Mapping[str, Any], name: str) -> str:
    value = node.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
