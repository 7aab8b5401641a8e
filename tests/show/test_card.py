"""The benefits card on a terminal.

`golden/` holds cards that people have read; X271_WRITE_GOLDEN=1 writes them anew, and the difference is then read.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

import x271
from normalize.documents import DAY, answer, fixtures
from show.cards import ARCHIVE, drawn
from x271.show.bar import Bar
from x271.show.card import refused, render

GOLDEN = Path(__file__).parent / "golden"
STATUS = "EB*1**30*PR*GOLD"


def card(record: x271.Eligibility, width: int = 100) -> str:
    return drawn(render(record, patient_data=True), width)


def of_rows(*rows: str, width: int = 100) -> str:
    return card(x271.normalize(answer(*rows), date_of_service=DAY), width)


@pytest.mark.parametrize("name", ["active-ppo", "dependent-child", "member-not-found"])
def test_a_card_is_as_people_have_read_it(name: str) -> None:
    made = card(x271.normalize(ARCHIVE / f"{name}.271"))
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("X271_WRITE_GOLDEN"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
def test_every_fixture_fits_every_width(width: int) -> None:
    for name, data in fixtures().items():
        try:
            records = x271.normalize_all(data)
        except x271.X271Error:
            continue
        for record in records:
            for patient_data in (False, True):
                lines = drawn(render(record, patient_data=patient_data), width).splitlines()
                assert max(map(len, lines)) <= width, name


def test_the_status_stands_first_with_its_dates() -> None:
    for name, first in (
        ("active-ppo.271", "ACTIVE   2026-01-01 to 2026-12-31"),
        ("dependent-child.271", "ACTIVE   since 2026-01-01"),
        ("inactive-hmo.271", "INACTIVE   2025-01-01 to 2026-06-30"),
        ("member-not-found.271", "COVERAGE UNKNOWN"),
    ):
        lines = card(x271.normalize(ARCHIVE / name)).splitlines()
        assert lines[1].strip("│ ") == first


def test_coverage_has_a_colour_where_there_is_colour() -> None:
    for name, code in (("active-ppo.271", 32), ("termed-pos.271", 31), ("member-not-found.271", 33)):
        shown = drawn(render(x271.normalize(ARCHIVE / name), patient_data=True), colour=True)
        assert f"\x1b[{code}m" in shown
        assert f"\x1b[1;7;{code}m" in shown


def test_an_old_terminal_gets_plain_letters() -> None:
    shown = drawn(render(x271.normalize(ARCHIVE / "active-ppo.271"), patient_data=True), encoding="ascii")
    assert shown.isascii()
    assert "+- NORTHSTAR SAMPLE HEALTH -" in shown
    assert "=======---" in shown


def test_a_plan_that_ended_says_so_and_claims_no_cover() -> None:
    text = card(x271.normalize(ARCHIVE / "termed-pos.271"))
    assert "The plan ended before the date of service." in text
    assert "Covered" not in text
    assert "active coverage, individual" not in text  # only the payer's own row has it


def test_a_rejection_says_whom_it_is_about_and_what_to_do() -> None:
    text = card(x271.normalize(ARCHIVE / "member-not-found.271"))
    assert "The question was rejected." in text
    assert "Invalid/Missing Subscriber/Insured ID (72)  said of the subscriber" in text
    assert "What to do: Please Correct and Resubmit" in text


def test_the_same_rejection_is_said_once() -> None:
    text = of_rows("AAA*N**72*C", "AAA*N**72*C", "AAA*N**72*N")
    assert text.count("Invalid/Missing Subscriber/Insured ID (72)") == 2
    assert "What to do: Resubmission Not Allowed" in text


def test_a_reason_that_no_table_knows_is_shown_as_sent() -> None:
    assert "Q9  said of the subscriber" in of_rows("AAA*N**Q9*C")


def test_each_patient_of_a_document_has_a_card() -> None:
    cards = [card(record) for record in x271.normalize_all(ARCHIVE / "batch-three-sets.271")]
    names = [
        "ANN BATCHER",
        "BOB BATCHER",
        "CAT BATCHER",
        "DREW FAMILIAR",
        "ELLIS FAMILIAR",
        "FINLEY FAMILIAR",
        "GERI GHOST",
    ]
    assert [name for name, text in zip(names, cards, strict=True) if name in text] == names


def test_an_answer_without_a_patient_has_its_reason_instead() -> None:
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(ARCHIVE / "payer-down-no-patient.271")
    text = drawn(refused(caught.value))
    assert "The answer names no patient" in text
    assert "What to do: Do Not Resubmit; We Will Hold Your Request and Respond Again Shortly" in text
    assert refused(x271.NoPatient("NO_PATIENT")) is None


def test_a_vendors_fault_is_shown_in_its_words() -> None:
    text = drawn(refused(x271.VendorFault(fault_code="1025", description="No such \x1b[2J member")))
    assert "Fault 1025" in text
    assert "No such \N{REPLACEMENT CHARACTER}[2J member" in text


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (("EB*C*IND*30***23*500*****Y", "EB*C*IND*30***29*0*****Y"), "Deductible individual 0.00 of 500.00"),
        (("EB*C*IND*30***23*500*****Y",), "Deductible individual 500.00"),
        (("EB*C*FAM*30***29*500*****Y",), "Deductible family 500.00 left"),
        (("EB*A*IND*30*****.125****Y",), "Co-insurance 12.5%"),
    ],
)
def test_what_the_patient_pays_is_shown_as_far_as_it_is_known(rows: tuple[str, ...], line: str) -> None:
    lines = [" ".join(one.split()) for one in of_rows(STATUS, *rows, width=80).splitlines()]
    assert line in lines


def test_a_network_of_which_nothing_is_said_has_no_column() -> None:
    text = of_rows(STATUS, "EB*C*IND*30***23*500*****N")
    assert "Out of network" in text
    assert "In network" not in text


def test_amounts_that_contradict_each_other_are_pointed_out() -> None:
    text = of_rows(STATUS, "EB*C*IND*30***23*500*****Y", "EB*C*IND*30***29*900*****Y")
    assert "900.00 of 500.00" in text
    assert "! More of the deductible is left than there is" in text


@pytest.mark.parametrize(
    ("met", "bar"),
    [(0, "----------"), (0.01, "=---------"), (0.5, "=====-----"), (0.999, "=========-"), (1, "==========")],
)
def test_a_bar_is_empty_or_full_only_if_the_amount_is(met: float, bar: str) -> None:
    assert drawn(Bar(met), 10, encoding="ascii").strip() == bar


def test_services_of_which_only_yes_or_no_is_said_are_named_together() -> None:
    text = of_rows("EB*1**30^33^47", "EB*I**35^AL", "EB*B*IND*33***27*25*****Y")
    assert "Covered\n Health Benefit Plan Coverage (30), Hospital (47)" in text
    assert "Not covered\n Dental Care (35), Vision (Optometry) (AL)" in text
    assert "Chiropractic  33  active coverage\n   Co-Payment" in text


def test_what_was_asked_for_comes_first() -> None:
    data = answer("EB*1**30", "EB*B**98***27*25*****Y", "EB*B**UC***27*75*****Y")
    text = card(x271.normalize(data, date_of_service=DAY, service_types=("UC",)))
    assert text.index("Urgent Care") < text.index("Professional (Physician) Visit - Office")


def test_every_benefit_with_more_to_say_is_a_row() -> None:
    text = of_rows(
        STATUS,
        "EB*F*IND*33***23***VS*20*Y*Y",
        "HSD*VS*20***23*1",
        "DTP*292*RD8*20260101-20261231",
        "REF*G1*AUTH-1",
        "MSG*IN PERSON ONLY",
        "EB*K**47*MA**33***LA*60",
        "EB*D*IND*********N*W*HC:99213:25",
    )
    for part in (
        "Limitations                 in      Individual  Calendar Year     20 visits",
        "authorization required",
        "IN PERSON ONLY",
        "20 Visits, for 1 Calendar Year",
        "Benefit 2026-01-01 to 2026-12-31",
        "Prior Authorization Number AUTH-1",
        "Life-time Reserve - Actual: 60",
        "Medicare Part A",
        "no authorization needed; procedure 99213 with modifier 25",
        "both",
        "No service type",
    ):
        assert part in text


def test_notes_stand_beside_where_there_is_room_and_below_elsewhere() -> None:
    rows = (STATUS, "EB*B*IND*98***27*30*****Y", "MSG*PRIMARY CARE")
    below, beside = of_rows(*rows), of_rows(*rows, width=120)
    assert "$30.00\n     PRIMARY CARE" in below
    assert "$30.00  PRIMARY CARE" in beside


def test_findings_come_last_each_code_once() -> None:
    text = card(x271.normalize(ARCHIVE / "medicare-advantage.271"))
    findings = text.partition("\n Findings\n")[2]
    assert findings.count("NETWORK_UNSPECIFIED") == 1
    assert "ded($)IndivInNetworkRemaining" in findings
    assert "segments 22, 26" in findings


def test_a_payers_text_neither_steers_the_terminal_nor_is_read_as_markup() -> None:
    text = of_rows("EB*1**30*PR*[red]GOLD\x1b[2J", "MSG*[bold]a\x1b]8;;x\x07b", "EB*C*\x1bQ*30")
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[red]GOLD" in text
    assert "[bold]a" in text


def test_a_corrected_identity_is_pointed_out() -> None:
    assert "! The payer corrected the identity" in card(x271.normalize(ARCHIVE / "active-ppo.271"))


def test_rich_draws_a_record_without_being_asked_for_patient_data() -> None:
    record = x271.normalize(ARCHIVE / "active-ppo.271")
    assert drawn(record) == drawn(render(record, patient_data=False))
    assert "420.55 of 1,500.00" in drawn(record)
    assert "AVERY" not in drawn(record)


def test_amounts_of_any_size_are_drawn() -> None:
    record = x271.normalize(answer(STATUS, "EB*C*IND*30***23*123456789012.345*****Y"), date_of_service=DAY)
    assert record.deductible.individual.in_network.total == Decimal("123456789012.345")
    assert "123,456,789,012.345" in card(record, 60)
