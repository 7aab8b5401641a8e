"""What the vendor says around the answer: its record of the check, faults, and waiting."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from sources.documents import PPMD, answer, as_xml
from x271.errors import AnswerPending, VendorFault
from x271.sources import Fault, Results, load


def moment(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  # vendors send no zone


def results(data: Any) -> Results:
    found = load(data).results
    assert found is not None
    return found


def test_the_vendors_sample_says_this() -> None:
    found = results(PPMD / "sample.json")
    when = moment(2022, 4, 14, 8, 38)
    assert (found.created_at, found.changed_at, found.response_at) == (when, when, when)
    assert (found.session, found.lst) == ("PRDAPI1WFEYU1PO", "4/14/2022 8:39:02 AM")
    assert (found.eligibility_id, found.eligibility_status_id, found.success) == ("2505465", "1", None)
    assert (found.patient_name, found.address1, found.address2) == ("VSEE,EDWARD", "", "2868 TULLY STREET")
    assert (found.city, found.state, found.zip_code) == ("MI", "DET", "48226 ")
    assert (found.birth_date, found.subscriber_id, found.service_type) == (date(1986, 1, 1), "234234", "30")
    assert found.fault is None
    assert found.extra == {}
    assert found.raw["eligibilityresponsedate"] == "04/14/2022 8:38AM"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("04/14/2022 8:38AM", moment(2022, 4, 14, 8, 38)),
        ("4/14/2022 8:39:02 PM", moment(2022, 4, 14, 20, 39, 2)),
        ("4/4/2022 12:00 am", moment(2022, 4, 4)),
        ("4/4/2022 12:30PM", moment(2022, 4, 4, 12, 30)),
        ("2026-09-29 23:55", moment(2026, 9, 29, 23, 55)),
        ("1986-01-01T00:00:00.000", moment(1986, 1, 1)),
        (" 1/2/2026 ", moment(2026, 1, 2)),
        ("", None),
        ("13/14/2022", None),
        ("4/14/2022 13:00PM", None),
        ("4/14/2022 25:00", None),
        ("soon", None),
        ("4/14/2022 later", None),
    ],
)
def test_times_are_read_as_vendors_write_them(text: str, read: datetime | None) -> None:
    found = results(answer({}, eligibilitychangedat=text))
    assert found.changed_at == read
    assert found.raw["eligibilitychangedat"] == text


def test_attributes_that_we_do_not_know_are_kept() -> None:
    assert results(answer({}, payerreply="x")).extra == {"payerreply": "x"}


@pytest.mark.parametrize(
    ("sent", "success"), [("1", True), ("true", True), ("0", False), ("", None), ("no", False)]
)
def test_success_is_what_was_sent(sent: str, success: bool | None) -> None:
    assert results(answer({}, success=sent)).success is success


FAULT = {"Fault": {"detail": {"code": "1025", "description": "Session has timed out"}}}
FLAT = {"@Code": "1025", "@Description": "Session has timed out"}
FLAT_LOWER = {"@code": "1025", "@description": "Session has timed out"}
SHAPES: list[dict[str, Any]] = [
    {"Results": {"@success": "0", "Error": FAULT}},
    {"Results": {"@success": "0", "Error": FLAT}},
    {"Results": {"@success": "0", "Error": FLAT_LOWER}},
    {"Results": {"@success": "0"}, "Error": FAULT},
    {"Results": {"@success": "0"}, "Error": FLAT},
    {"Results": {"Error": FLAT}},
    {"Error": FAULT},
    {"error": FLAT_LOWER},
    {"Results": {"@success": "1"}, "Error": FAULT},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_fault_is_found_in_every_shape(shape: dict[str, Any]) -> None:
    document = {"PPMDResults": shape}
    for data in (document, json.dumps(document), as_xml(document)):
        with pytest.raises(VendorFault) as caught:
            load(data)
        assert (caught.value.fault_code, caught.value.description) == ("1025", "Session has timed out")
        assert "timed out" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "code"),
    [("fault_login.xml", "-2147220476"), ("fault_flat.xml", "1025"), ("fault_beside.json", "2048")],
)
def test_the_fixtures_of_faults_are_faults(name: str, code: str) -> None:
    with pytest.raises(VendorFault) as caught:
        load(PPMD / name)
    assert caught.value.fault_code == code
    assert caught.value.description


def test_a_fault_without_a_code_is_a_fault() -> None:
    for shape in ({"@success": "0"}, {"@eligibilitystatusid": "2"}, {"@eligibilitystatusid": "3"}):
        with pytest.raises(VendorFault) as caught:
            load({"PPMDResults": {"Results": shape}})
        assert (caught.value.fault_code, caught.value.description) == ("", "")
    with pytest.raises(VendorFault) as caught:
        load("<PPMDResults><Error>Server is down</Error></PPMDResults>")
    assert caught.value.description == "Server is down"


def test_json_may_come_without_its_outer_name() -> None:
    with pytest.raises(VendorFault):
        load({"Results": {"@success": "0"}, "Error": FAULT})
    with pytest.raises(VendorFault):
        load('<Results success="0"/>')


@pytest.mark.parametrize("error", [None, "", {}, {"@xmlns:x": "urn:x"}, {"Fault": None}])
def test_an_empty_error_is_no_fault(error: Any) -> None:
    document = answer({}, success="1")
    document["PPMDResults"]["Error"] = error
    assert results(document).fault is None


def test_a_fault_beside_an_answer_is_kept_and_the_answer_too() -> None:
    document = answer({"a": {"@EB01_x": "1"}})
    document["PPMDResults"]["Error"] = FAULT
    for data in (document, as_xml(document)):
        assert results(data).fault == Fault(code="1025", description="Session has timed out")
        assert b"EB*1~" in load(data).x12
    assert results(answer({}, success="0")).fault == Fault()


@pytest.mark.parametrize("status", ["0", "1", "", "9"])
def test_no_segment_and_no_fault_is_pending(status: str) -> None:
    with pytest.raises(AnswerPending) as caught:
        load(
            {
                "PPMDResults": {
                    "Results": {"@eligibilityid": "7", "@eligibilitystatusid": status, "Edi271": None}
                }
            }
        )
    assert (caught.value.eligibility_id, caught.value.status_id) == ("7", status)


def test_the_fixture_that_is_pending_is_pending() -> None:
    with pytest.raises(AnswerPending) as caught:
        load(PPMD / "pending.xml")
    assert (caught.value.eligibility_id, caught.value.status_id) == ("9000002", "0")


def test_a_status_of_pending_with_an_answer_is_an_answer() -> None:
    assert load(answer({}, eligibilitystatusid="0")).x12
