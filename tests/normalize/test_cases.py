"""The specification's acceptance cases (section 8), and the rules that they leave open, as sentences."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import x271
from variants import SECOND_SUBSCRIBER, base, counted, joined
from x12 import (
    ACTIVE,
    DEPENDENT,
    FIXTURES,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    SUBSCRIBER_ABOVE,
    answer,
    interchange,
    transaction,
    written,
)
from x271.errors import Position

CASES = FIXTURES / "cases"
VERIFYTREATMENT = {"active": "active", "inactive": "inactive", "unknown": "unavailable"}


def _cases() -> list[Any]:
    cases = json.loads((CASES / "cases.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["id"]) for case in cases]


def _said(records: list[x271.Eligibility], key: str) -> Any:
    """What x271 says under a key of cases.json."""
    record = records[0]
    benefits = record.benefits
    by_key: dict[str, Any] = {
        "#patients": len(records),
        "#records": len(benefits),
        "coverage": record.coverage,
        "reason": record.coverage_reason,
        "rejected": record.rejected,
        "errors": [[one.loop, one.code, one.follow_up_code] for one in record.rejections],
        "vsee.eligibility_response": record.eligibility_response,
        "vsee.eligibility_text": record.eligibility_text,
        "verifytreatment": VERIFYTREATMENT[record.coverage],
        "fields.identity_changed": record.identity_changed,
        "records[].service_type": [one.service_type for one in benefits],
        "records[].entities": [[f"{one.entity}:{one.name}" for one in row.entities] for row in benefits],
    }
    if key in by_key:
        return by_key[key]
    head, _, name = key.partition(".")
    if head == "fields":
        return record.to_integrex()[name]
    assert head == "records[1]", f"cases.json has a new key: {key}"
    second = benefits[1]
    return {
        "hsd": [list(one.elements) for one in second.deliveries],
        "auth": second.authorization,
        "network": second.network,
        "quantity": "" if second.quantity is None else str(second.quantity),
    }[name]


@pytest.mark.parametrize("case", _cases())
def test_the_case_holds(case: dict[str, Any]) -> None:
    context = case["context"]
    records = x271.normalize_all(
        CASES / case["file"],
        date_of_service=datetime.strptime(context["dos"], "%Y%m%d").date(),
        service_types=context["stc"],
        trace=context["trn"],
    )
    found = {one.code for one in records[0].findings}
    found |= {f"{one.code}:{one.field}" for one in records[0].findings if one.field}
    for key, expected in case["expect"].items():
        if key == "warnings+":
            assert set(expected) <= found
        elif key == "warnings-":
            assert not set(expected) & found
        else:
            assert _said(records, key) == expected, key


def test_there_is_a_file_for_every_case_and_a_case_for_every_file() -> None:
    cases = json.loads((CASES / "cases.json").read_text(encoding="utf-8"))
    assert sorted(case["file"] for case in cases) == sorted(path.name for path in CASES.glob("*.x12"))


# --- several patients

TWO = written(answer(ACTIVE)) + written(answer("EB*6**30")).replace(b"*T1*", b"*T2*")
FAMILY = written(
    interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, ACTIVE, *DEPENDENT, "EB*6**30"))
)
TWINS = [*DEPENDENT, ACTIVE, "HL*5*3*23*0", "TRN*2*T2*9CLEARING1", "NM1*03*1*DOE*TWO", "EB*6**30"]


def test_every_subscriber_of_one_transaction_set_is_a_patient() -> None:
    segments = base()
    end = next(at for at, segment in enumerate(segments) if segment.startswith(b"SE*"))
    data = joined(counted([*segments[:end], *SECOND_SUBSCRIBER, *segments[end:]]))
    first, second = x271.normalize_all(data)
    assert (first.patient.first_name, second.patient.first_name) == ("DEVON", "EMERY")
    assert (first.source.patient, second.source.patient) == (1, 2)
    assert first.deductible.individual.in_network.total == second.deductible.individual.in_network.total
    assert second.deductible.individual.in_network.remaining == 0
    assert len(second.benefits) == 3


def test_normalize_refuses_several_patients_and_says_how_many() -> None:
    for data in (TWO, FAMILY):
        with pytest.raises(x271.SeveralPatients) as caught:
            x271.normalize(data)
        assert caught.value.count == 2
        assert caught.value.code == "SEVERAL_PATIENTS"


def test_a_trace_number_picks_its_patient_out_of_several() -> None:
    assert x271.normalize(TWO, trace="T1").coverage == "active"
    assert x271.normalize(TWO, trace="T2").coverage == "inactive"
    assert [one.coverage for one in x271.normalize_all(TWO, trace="T2")] == ["inactive"]
    assert x271.normalize(FAMILY, trace="T1").is_dependent


def test_a_trace_number_that_somebody_else_carries_picks_nobody() -> None:
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(TWO, trace="T9")
    assert caught.value.code == "TRACE_NOT_FOUND"
    assert x271.normalize_all(TWO, trace="T9") == []


def test_a_patient_without_trace_number_is_taken_if_it_is_the_only_one() -> None:
    silent = written(answer(ACTIVE, subscriber=[SUBSCRIBER[0], *SUBSCRIBER[2:]]))
    record = x271.normalize(silent, trace="T1")
    assert "TRACE_NOT_ECHOED" in {one.code for one in record.findings}
    assert "TRACE_NOT_ECHOED" not in {one.code for one in x271.normalize(silent).findings}
    assert x271.normalize_all(silent + silent, trace="T1") == []


def test_the_payers_own_trace_number_is_not_the_questions() -> None:
    own = written(answer(ACTIVE)).replace(b"TRN*2*T1", b"TRN*1*T1")
    assert "TRACE_NOT_ECHOED" in {one.code for one in x271.normalize(own, trace="T1").findings}


def test_a_dependent_without_trace_number_has_its_subscribers() -> None:
    subscriber = (SUBSCRIBER_ABOVE[0], "TRN*2*T7*9CLEARING1", *SUBSCRIBER_ABOVE[1:])
    data = written(
        interchange(transaction(*SOURCE, *RECEIVER, *subscriber, DEPENDENT[0], *DEPENDENT[2:], ACTIVE))
    )
    record = x271.normalize(data, trace="T7")
    assert record.is_dependent
    assert record.findings == ()


def test_each_dependent_is_a_patient_and_the_subscriber_without_benefits_is_none() -> None:
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *TWINS)))
    assert [(one.patient.first_name, one.coverage) for one in x271.normalize_all(data)] == [
        ("BABY", "active"),
        ("TWO", "inactive"),
    ]
    assert x271.normalize(data, trace="T2").patient.first_name == "TWO"


# --- no patient


def test_an_answer_that_names_no_patient_says_why() -> None:
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(FIXTURES / "archive" / "payer-down-no-patient.271")
    assert caught.value.code == "NO_PATIENT"
    assert [(one.loop, one.code) for one in caught.value.rejections] == [("2000A", "42")]
    assert x271.normalize_all(FIXTURES / "archive" / "payer-down-no-patient.271") == []


def test_a_vendors_fault_and_a_pending_answer_are_no_patient() -> None:
    with pytest.raises(x271.VendorFault) as fault:
        x271.normalize(FIXTURES / "ppmd" / "fault_login.xml")
    assert isinstance(fault.value, x271.NoPatient)
    with pytest.raises(x271.AnswerPending) as pending:
        x271.normalize(FIXTURES / "ppmd" / "pending.xml")
    assert isinstance(pending.value, x271.NoPatient)


# --- whose rows

LENT = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, ACTIVE, *DEPENDENT)))


def test_a_dependent_without_benefits_has_its_subscribers_with_a_finding() -> None:
    record = x271.normalize(LENT)
    assert record.is_dependent
    assert record.coverage == "active"
    assert [one.code for one in record.findings] == ["SCOPE_FALLBACK_SUBSCRIBER"]
    assert [one.is_dependent for one in x271.normalize_all(LENT)] == [False, True]


def test_a_dependent_that_was_rejected_borrows_nothing() -> None:
    data = LENT.replace(b"NM1*03*1*DOE*BABY~", b"NM1*03*1*DOE*BABY~AAA*N**67*C~")
    dependent = x271.normalize_all(data)[-1]
    assert dependent.rejected
    assert dependent.coverage == "unknown"
    assert dependent.benefits == ()
    assert "SCOPE_FALLBACK_SUBSCRIBER" not in {one.code for one in dependent.findings}


# --- the date of service

DATED = written(answer("EB*1**30*PR*GOLD", "DTP*291*RD8*20260101-20260630"))


@pytest.mark.parametrize(
    ("day", "coverage", "reason"),
    [
        (date(2026, 3, 1), "active", ""),
        (datetime(2026, 3, 1, 8, 15), "active", ""),  # noqa: DTZ001 - a caller's own
        ("2026-03-01", "active", ""),
        ("20260301", "active", ""),
        ("2026-03-01/2026-03-31", "active", ""),
        ("2026-06-30", "active", ""),
        ("2026-07-01", "inactive", "TERMED"),
        ("2025-12-31", "inactive", "FUTURE"),
        (None, "inactive", "TERMED"),
    ],
)
def test_the_date_of_service_is_a_date_or_iso_text_or_a_range(day: Any, coverage: str, reason: str) -> None:
    record = x271.normalize(DATED, date_of_service=day)
    assert (record.coverage, record.coverage_reason) == (coverage, reason)


def test_without_one_the_date_of_service_is_what_the_answer_says() -> None:
    assert x271.normalize(DATED).date_of_service == date(2026, 11, 21)
    asked = written(answer(ACTIVE, subscriber=[*SUBSCRIBER, "DTP*472*D8*20260215"]))
    assert x271.normalize(asked).date_of_service == date(2026, 2, 15)
    silent = written(answer(ACTIVE)).replace(b"*20261121*0900~HL", b"**0900~HL")
    assert x271.normalize(silent).date_of_service is None


@pytest.mark.parametrize(
    "day",
    ["", "/", "21.11.2026", "2026-13-01", "2026-11-21/", "2026-11-21/2026-11-20", "/2026-11-21", "today", 20261121,
     ("2026-11-21",), 1.5, b"2026-11-21"],
)  # fmt: skip
def test_what_is_no_date_is_refused(day: Any) -> None:
    for function in (x271.normalize, x271.normalize_all):
        with pytest.raises(x271.UsageError) as caught:
            function(DATED, date_of_service=day)
        assert caught.value.code == "BAD_DATE"
        assert caught.value.position == Position(key="date_of_service")


# --- what was asked


@pytest.mark.parametrize("types", ["30", 30, None, ["30", 98], {"30"}, b"30", iter(["30"])])
def test_service_types_that_are_no_list_of_codes_are_refused(types: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        x271.normalize(DATED, service_types=types)
    assert caught.value.code == "BAD_OPTION"
    assert caught.value.position == Position(key="service_types")


def test_the_service_types_asked_for_stand_in_the_record() -> None:
    assert x271.normalize(DATED, service_types=["98", "MH"]).service_types == ("98", "MH")
    assert x271.normalize(DATED, service_types=[]).service_types == ("30",)
    assert x271.normalize(DATED).service_types == ("30",)


def test_the_service_type_asked_for_decides_where_only_services_have_a_status() -> None:
    data = written(answer("EB*1**98", "EB*6**MH"))
    assert x271.normalize(data, service_types=["98"]).coverage == "active"
    assert x271.normalize(data, service_types=["MH"]).coverage == "inactive"
    assert "SERVICE_LEVEL_STATUS" in {one.code for one in x271.normalize(data).findings}


@pytest.mark.parametrize("trace", [7, b"T1", ["T1"]])
def test_a_trace_number_that_is_no_text_is_refused(trace: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        x271.normalize(DATED, trace=trace)
    assert caught.value.position == Position(key="trace")


def test_options_are_looked_at_before_the_data() -> None:
    with pytest.raises(x271.UsageError):
        x271.normalize(b"no answer", date_of_service="never")


# --- findings


def test_a_patient_does_not_show_the_findings_of_another_transaction_set() -> None:
    odd = transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, "EB*Z9**30", number="0002")
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE), odd))
    first, second = x271.normalize_all(data)
    assert first.findings == ()
    assert "UNKNOWN_CODE" in {one.code for one in second.findings}


def test_a_patient_does_not_show_the_findings_of_another_patient() -> None:
    data = [*TWINS[:-1], "EB*Z9**30"]
    first, second = x271.normalize_all(
        written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *data)))
    )
    assert first.findings == ()
    assert "UNKNOWN_CODE" in {one.code for one in second.findings}


def test_what_concerns_the_whole_answer_stands_with_each_of_its_patients() -> None:
    data = b"\xef\xbb\xbf" + FAMILY.replace(b"NM1*PR*2*ACME", b"NM1*Q7*2*ACME")
    for record in x271.normalize_all(data):
        assert {"BYTE_ORDER_MARK", "UNKNOWN_CODE"} <= {one.code for one in record.findings}


# --- values


def test_money_is_exact_and_zero_is_not_nothing() -> None:
    rows = ["EB*C*IND*30***23*0*****Y", "EB*C*IND*30***29*.5*****Y", "EB*G*IND*30***23*1234567.891*****Y"]
    record = x271.normalize(written(answer(ACTIVE, *rows)))
    individual = record.deductible.individual.in_network
    assert (individual.total, individual.remaining) == (Decimal(0), Decimal("0.5"))
    assert str(record.out_of_pocket.individual.in_network.total) == "1234567.891"
    assert record.out_of_pocket.individual.out_of_network.total is None
    fields = record.to_integrex()
    assert fields["ded($)IndivInNetwork"] == "0.00"
    assert fields["ded($)IndivInNetworkRemaining"] == "0.50"
    assert fields["oop($)IndivOutOfNetwork"] == ""


@pytest.mark.parametrize("amount", ["$100", "1,000", "1E3", "+5", "--5", "1.2.3", "1234567890123456789", "."])
def test_an_amount_that_cannot_be_read_is_no_amount_and_reported(amount: str) -> None:
    data = written(answer(ACTIVE, f"EB*C*IND*30***23*{amount}*****Y"))
    record = x271.normalize(data)
    assert record.deductible.individual.in_network.total is None
    assert record.benefits[1].amount is None
    finding = next(one for one in record.findings if one.code == "BAD_NUMBER")
    assert finding.position is not None
    assert finding.position.element == 7
    (patient,) = next(x271.parse(data).answers()).patients()
    assert patient.benefits[1].benefit is not None
    assert patient.benefits[1].benefit.amount is None
    assert patient.benefits[1].benefit.elements[6] == amount
