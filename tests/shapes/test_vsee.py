"""VSee's record after a check and its webhook come out as its documentation prints them (seed 000)."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given

import x271
from drawn import answers
from x12 import ACTIVE, FIXTURES, answer, written
from x271.errors import Position
from x271.shapes import vsee

USER: dict[str, Any] = json.loads((FIXTURES / "ppmd" / "vsee_user_data.json").read_text(encoding="utf-8"))
EVENT: dict[str, Any] = json.loads((FIXTURES / "requests" / "vsee_webhook.json").read_text(encoding="utf-8"))
AFTER: dict[str, Any] = USER["data"]["insurance"]
CHECKED = ("eligibility_id", "last_checked", "eligibility_response", "eligibility_text", "raw_response")
PLAIN = x271.normalize(written(answer("EB*1**30*PR*GOLD", "REF*6P*G77")))
ARCHIVE = FIXTURES / "archive"


def before() -> dict[str, Any]:
    """The published `insurance` as it was before the check."""
    made = deepcopy(AFTER)
    for name in CHECKED:
        del made["primary"][name]
    return made


@pytest.fixture
def record() -> x271.Eligibility:
    return x271.normalize(USER)


# --- the record


def test_the_published_record_comes_out_key_by_key(record: x271.Eligibility) -> None:
    made = record.to_vsee_insurance(before(), answer=USER)
    assert made == AFTER
    assert [list(part) for part in made.values()] == [list(part) for part in AFTER.values()]


def test_the_published_record_comes_out_of_the_vendors_xml(record: x271.Eligibility) -> None:
    xml = FIXTURES / "ppmd" / "sample.xml"
    assert x271.normalize(xml).to_vsee_insurance(before(), answer=xml) == AFTER


def test_a_second_check_replaces_what_the_first_one_said(record: x271.Eligibility) -> None:
    old = {"eligibility_response": "Patient not found", "eligibility_text": "old", "raw_response": {"old": 1}}
    given = before()
    given["primary"] |= {**old, "eligibility_id": "1", "last_checked": 1}
    assert record.to_vsee_insurance(given, answer=USER) == AFTER
    assert PLAIN.to_vsee_insurance({"primary": old}) == {
        "primary": {
            "group_number": "G77",
            "subscriber_num": "W100",
            "insurance_order": 1,
            "eligibility_response": "Success / Reject reason not found",
            "eligibility_text": "",
        },
        "patient": {"respparty": "self"},
    }


def test_the_secondary_insurance_is_checked_beside_the_primary() -> None:
    made = PLAIN.to_vsee_insurance(AFTER, which="secondary", eligibility_id="7", last_checked=1649950742)
    assert made["primary"] == AFTER["primary"]
    assert made["secondary"] == {
        "carrier_code": "car11406",
        "group_number": "asdasd",
        "subscriber_num": "aaaaa",
        "insurance_order": 2,
        "eligibility_id": "7",
        "last_checked": 1649950742,
        "eligibility_response": "Success / Reject reason not found",
        "eligibility_text": "",
    }
    assert PLAIN.to_vsee_insurance(which="secondary")["secondary"]["insurance_order"] == 2


def test_what_was_given_is_not_changed(record: x271.Eligibility) -> None:
    given = before()
    record.to_vsee_insurance(given, answer=USER)
    assert given == before()


def test_fields_that_nobody_knows_stay_where_they_are(record: x271.Eligibility) -> None:
    made = PLAIN.to_vsee_insurance({"primary": {"card_front": "front.png"}, "notes": ["x"]})
    assert made["primary"]["card_front"] == "front.png"
    assert made["notes"] == ["x"]


@pytest.mark.parametrize(("code", "word"), [("18", "self"), ("01", "spouse"), ("19", "child"), ("34", "other"),
                                            ("53", "other"), ("G8", "other"), ("ZZ", "other"), ("", "")])  # fmt: skip
def test_a_relationship_has_vsees_word(code: str, word: str) -> None:
    assert vsee.respparty(code) == word


def test_a_dependent_is_the_subscribers_child() -> None:
    made = x271.normalize(ARCHIVE / "dependent-child.271").to_vsee_insurance()
    assert made["patient"] == {"respparty": "child"}
    assert (
        made["primary"]["subscriber_num"]
        == x271.normalize(ARCHIVE / "dependent-child.271").subscriber.member_id
    )


def test_last_checked_is_unix_seconds_or_a_time_with_its_zone() -> None:
    for moment in (
        1649950742,
        datetime(2022, 4, 14, 15, 39, 2, tzinfo=UTC),
        datetime(2022, 4, 14, 8, 39, 2, tzinfo=timezone(timedelta(hours=-7))),
        datetime(2022, 4, 14, 8, 39, 2, 900_000, tzinfo=ZoneInfo("America/Los_Angeles")),
    ):
        assert PLAIN.to_vsee_insurance(last_checked=moment)["primary"]["last_checked"] == 1649950742


def test_in_winter_advancedmds_clock_is_eight_hours_behind() -> None:
    winter = deepcopy(AFTER["primary"]["raw_response"])
    winter["PPMDResults"]["@lst"] = "1/14/2022 8:39:02 AM"
    made = x271.normalize(winter).to_vsee_insurance()
    assert made["primary"]["last_checked"] == int(datetime(2022, 1, 14, 16, 39, 2, tzinfo=UTC).timestamp())


def test_without_a_time_or_a_zone_it_is_not_said_when_it_was_checked(
    record: x271.Eligibility, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeless = deepcopy(AFTER["primary"]["raw_response"])
    timeless["PPMDResults"]["@lst"] = "yesterday"
    assert "last_checked" not in x271.normalize(timeless).to_vsee_insurance()["primary"]

    def nowhere(key: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(key)

    monkeypatch.setattr(vsee, "ZoneInfo", nowhere)
    assert "last_checked" not in record.to_vsee_insurance()["primary"]


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"which": "tertiary"}, "which"),
        ({"last_checked": "today"}, "last_checked"),
        ({"last_checked": True}, "last_checked"),
        ({"last_checked": datetime(2022, 4, 14)}, "last_checked"),  # noqa: DTZ001 - that is what is wrong
        ({"insurance": ["primary"]}, "insurance"),
        ({"insurance": {"primary": "car7556"}}, "insurance.primary"),
        ({"insurance": {"patient": {1: 2}}}, "insurance.patient"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], key: str) -> None:
    with pytest.raises(x271.UsageError) as caught:
        PLAIN.to_vsee_insurance(**options)
    assert caught.value.code == "BAD_OPTION"
    assert caught.value.position == Position(key=key)


# --- the webhook


def test_the_published_webhook_comes_out_key_by_key(record: x271.Eligibility) -> None:
    # The documentation prints the event of the check before the one in its user record.
    made = record.to_vsee_webhook(
        USER, event_id=EVENT["id"], created=EVENT["created"], eligibility_id="2505464"
    )
    assert made == EVENT
    assert list(made) == list(EVENT)
    assert list(made["data"]) == list(EVENT["data"])


def test_without_options_the_webhook_says_what_the_record_knows(record: x271.Eligibility) -> None:
    begin = int(datetime.now(UTC).timestamp())
    made = record.to_vsee_webhook(USER["data"])
    assert made["data"] == {**EVENT["data"], "eligibility_id": "2505465"}
    assert begin <= made["created"] <= datetime.now(UTC).timestamp()
    assert UUID(made["id"]).version == 4
    assert record.to_vsee_webhook(USER)["id"] != made["id"]


def test_the_webhook_of_an_x12_answer_takes_all_from_its_caller() -> None:
    known = {"account_code": "a", "eligibility_id": "7", "member_id": "60610", "external_member_id": "1111"}
    made = PLAIN.to_vsee_webhook(**known)  # type: ignore[arg-type]  # all of them are text
    assert made["account_code"] == "a"
    assert made["data"] == {
        "eligibility_id": "7",
        "member_id": "60610",
        "eligibility_response": "Success / Reject reason not found",
        "external_member_id": "1111",
    }
    for name in known:
        with pytest.raises(x271.UsageError) as caught:
            PLAIN.to_vsee_webhook(**{**known, name: ""})  # type: ignore[arg-type]
        assert caught.value.position == Position(key=name)


def test_a_number_in_the_user_record_becomes_text() -> None:
    user = {"id": 60610, "account_code": "vclinic", "insurance": {"patient": {"member_id": 1111}}}
    data = PLAIN.to_vsee_webhook(user, eligibility_id="1")["data"]
    assert (data["member_id"], data["external_member_id"]) == ("60610", "1111")


@pytest.mark.parametrize(
    "user", [["id"], {"data": []}, {"insurance": 7}, {"data": {"insurance": {"patient": "x"}}}]
)
def test_a_user_record_of_another_shape_is_refused(user: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        PLAIN.to_vsee_webhook(user, eligibility_id="1")
    assert caught.value.code == "BAD_OPTION"


def test_a_webhook_is_read_in_its_final_version_and_as_a_draft() -> None:
    final = vsee.read_webhook(EVENT)
    assert final.model_dump() == EVENT
    assert vsee.read_webhook(json.dumps(EVENT)) == vsee.read_webhook(json.dumps(EVENT).encode()) == final
    draft = {**EVENT, "data": {**EVENT["data"], "external_member_id": 1111}}
    for body in (draft, json.dumps(draft)):
        assert vsee.read_webhook(body).data.external_member_id == "1111"
    assert "5991794" not in repr(final)


def test_a_webhook_may_say_more() -> None:
    event = {**EVENT, "livemode": True, "data": {**EVENT["data"], "carrier_code": "car7556"}}
    assert vsee.read_webhook(event).model_dump() == event


@pytest.mark.parametrize(
    ("body", "code", "key"),
    [
        ({**EVENT, "type": "claim.checked"}, "NOT_A_WEBHOOK", "type"),
        ({**EVENT, "data": {}}, "NOT_A_WEBHOOK", "data.eligibility_id"),
        ({**EVENT, "created": "now"}, "NOT_A_WEBHOOK", "created"),
        ("[1]", "NOT_A_WEBHOOK", None),
        ("7", "NOT_A_WEBHOOK", None),
        ("{", "MALFORMED_JSON", None),
        (b" ", "EMPTY_INPUT", None),
        (b"\xff", "MALFORMED_JSON", None),
    ],
)
def test_what_is_no_webhook_is_refused(body: Any, code: str, key: str | None) -> None:
    with pytest.raises(x271.DataError) as caught:
        vsee.read_webhook(body)
    assert caught.value.code == code
    assert "5991794" not in str(caught.value)
    if key is not None:
        assert caught.value.position == Position(key=key)


@given(answers())
def test_whatever_is_read_has_both_shapes(data: bytes) -> None:
    for record in x271.normalize_all(data):
        made = record.to_vsee_insurance(answer=data)
        assert json.loads(json.dumps(made)) == made
        event = record.to_vsee_webhook(USER, eligibility_id="1")
        assert vsee.read_webhook(event).model_dump() == event


def test_the_example_of_the_specification_is_active() -> None:
    assert x271.normalize(written(answer(ACTIVE))).to_vsee_insurance()["primary"]["eligibility_response"] == (
        "Success / Reject reason not found"
    )
