"""What a code means, and in which loops the guide allows it."""

from __future__ import annotations

import json
import pickle

import pytest

from x271 import codes
from x271.errors import UsageError

# (in the guide, altogether)
SIZES = {
    "EB01": (35, 43),
    "EB02": (9, 25),
    "EB03": (187, 239),
    "EB04": (45, 63),
    "EB06": (19, 19),
    "EB09": (18, 18),
    "EB11": (3, 3),
    "EB12": (4, 4),
    "EB13-1": (7, 7),
    "AAA01": (2, 2),
    "AAA03": (55, 256),
    "AAA04": (8, 8),
    "HSD01": (5, 5),
    "HSD03": (5, 5),
    "HSD05": (17, 17),
    "HSD07": (39, 39),
    "HSD08": (8, 8),
    "DTP01": (32, 32),
    "REF01": (39, 39),
    "NM101": (27, 27),
    "NM108": (13, 13),
    "NM110": (7, 7),
    "INS02": (10, 10),
    "III01": (3, 3),
    "III02": (52, 52),
    "DMG03": (3, 3),
    "PRV01": (18, 18),
    "MPI01": (7, 7),
    "MPI05": (55, 55),
    "EQ01": (187, 239),
    "TA105": (32, 32),
    "IK304": (13, 13),
    "IK403": (18, 18),
    "IK506": (25, 25),
    "AK304": (8, 8),
    "AK403": (12, 12),
    "AK502": (23, 23),
    "AK901": (7, 7),
    "AK909": (20, 20),
}

# Each of these is misread in some public documentation or code.
MISLABELS = [
    ("EB04", "PP", "Personal Payment (Cash - No Insurance)"),
    ("EB04", "PR", "Preferred Provider Organization (PPO)"),
    (
        "EB04",
        "12",
        "Medicare Secondary Working Aged Beneficiary or Spouse with Employer Group Health Plan",
    ),
    ("EB04", "MA", "Medicare Part A"),
    ("EB04", "HN", "Health Maintenance Organization (HMO) - Medicare Risk"),
    ("EB06", "24", "Year to Date"),
    ("EB01", "M", "Pre-existing Condition"),
    ("EB01", "MC", "Managed Care Coordinator"),
    ("EB01", "N", "Services Restricted to Following Provider"),
    ("EB01", "O", "Not Deemed a Medical Necessity"),
    ("EB01", "R", "Other or Additional Payor"),
    ("REF01", "1L", "Group or Policy Number"),
    ("REF01", "IL", ""),
    ("NM101", "1I", "Preferred Provider Organization (PPO)"),
]

ORDINARY = [
    ("EB01", "1", "Active Coverage"),
    ("EB01", "WV", "Waiver"),
    ("EB02", "IND", "Individual"),
    ("EB03", "30", "Health Benefit Plan Coverage"),
    ("EB12", "W", "Not Applicable"),
    ("AAA03", "72", "Invalid/Missing Subscriber/Insured ID"),
    ("AAA04", "C", "Please Correct and Resubmit"),
    ("DTP01", "347", "Plan End"),
    ("III02", "10", "Telehealth Provided in Patient's Home"),
    ("HI07-1", "ABF", "ICD-10-CM diagnosis"),
    ("BHT02", "11", "Response"),
    ("BHT02", "13", "Request"),
    ("PER07", "EX", "Telephone Extension"),
    ("TA105", "023", "Improper (Premature) End-of-File (Transmission)"),
    ("IK304", "I6", "Implementation dependent segment missing"),
    ("IK403", "7", "Invalid code value"),
    ("AK901", "P", "Partially accepted, at least one transaction set was rejected"),
    ("AK304", "I6", ""),
    ("EB03", "EI", ""),
    ("EB03", "uc", ""),
    ("EB02", " IND", ""),
    ("EB01", "", ""),
]

# Section by section as the guide lists them.
REJECT_REASONS = {
    "2000A": "04 41 42 79",
    "2100A": "04 41 42 79 80 T4",
    "2100B": "15 41 43 44 45 46 47 48 50 51 79 97 T4",
    "2100C": "15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 71 72 73 74 75 76 78",
    "2100D": "15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 77",
    "2110C": "15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA",
    "2110D": "15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA",
}
FOLLOW_UPS = {
    "2000A": "C N P R S Y",
    "2100A": "C N P R S W X Y",
    "2100B": "C N R S W X Y",
    "2100C": "C N R S W X Y",
    "2100D": "C N R S W X Y",
    "2110C": "C N R W X Y",
    "2110D": "C N R W X Y",
}


@pytest.mark.parametrize(("table", "code", "description"), MISLABELS + ORDINARY)
def test_a_code_means_what_the_standard_says(table: str, code: str, description: str) -> None:
    assert codes.describe(table, code) == description


@pytest.mark.parametrize(("table", "sizes"), SIZES.items())
def test_a_table_has_the_guides_codes_and_the_later_ones(table: str, sizes: tuple[int, int]) -> None:
    known = codes.lookup(table).values()
    assert (sum(code.part == "tr3" for code in known), len(known)) == sizes


@pytest.mark.parametrize("table", codes.tables())
def test_every_table_has_a_title_and_every_code_a_description(table: str) -> None:
    assert codes.title(table)
    assert codes.lookup(table)
    for key, code in codes.lookup(table).items():
        assert key == code.code
        assert code.description


def test_a_code_brings_the_other_columns_of_its_row() -> None:
    assert codes.lookup("EB01")["6"].notes["class"] == "status"
    assert codes.lookup("AAA04")["Y"].notes["retry_class"] == "wait-payer"
    assert codes.lookup("INS02")["19"].notes["vsee_respparty"] == "child"
    assert codes.lookup("NM110")["01"].notes == {}


def test_eight_service_types_are_marked_as_from_memory() -> None:
    from_memory = {code.code for code in codes.lookup("EB03").values() if "verify" in code.notes["origin"]}
    assert from_memory == {"E32", "E33", "E34", "E35", "E36", "EG", "EH", "EJ"}


def test_a_code_can_be_kept_in_sets_and_pickled() -> None:
    code = codes.lookup("EB03")["30"]
    assert code in {code}
    assert pickle.loads(pickle.dumps(code)) == code  # noqa: S301  # our own bytes


def test_a_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        codes.lookup("EB01")["1"] = codes.lookup("EB01")["6"]  # type: ignore[index]


@pytest.mark.parametrize("loop", REJECT_REASONS)
def test_reject_reasons_and_follow_ups_are_allowed_by_loop(loop: str) -> None:
    assert codes.allowed("AAA03", loop) == set(REJECT_REASONS[loop].split())
    assert codes.allowed("AAA04", loop) == set(FOLLOW_UPS[loop].split())


def test_qualifiers_are_allowed_by_loop() -> None:
    assert len(codes.allowed("DTP01", "2100C")) == 23
    assert len(codes.allowed("DTP01", "2110D")) == 20
    assert "347" not in codes.allowed("DTP01", "2110C")
    assert len(codes.allowed("NM101", "2120C")) == 25
    assert codes.allowed("NM101", "2100C") == {"IL"}
    assert codes.allowed("NM108", "2100D") == frozenset()
    assert codes.allowed("REF01", "2110C") - codes.allowed("REF01", "2110D") == {"M7"}
    assert codes.allowed("EB02", "2110C") - codes.allowed("EB02", "2110D") == {"EMP"}
    assert codes.allowed("PRV01", "2120D") - codes.allowed("PRV01", "2100D") == {"SB"}
    assert codes.allowed("EB03", "2110C") == frozenset()


def test_the_question_has_lists_of_its_own() -> None:
    assert codes.allowed("REF01", "2110C", transaction="270") == {"9F", "G1"}
    assert codes.allowed("INS02", "2100D", transaction="270") == {"01", "19", "34"}
    assert codes.allowed("DTP01", "2100C", transaction="270") == {"102", "291"}
    assert codes.allowed("DTP01", "2110D", transaction="270") == {"291"}
    assert codes.allowed("NM101", "2100C", transaction="270") == {"IL"}
    assert codes.allowed("NM108", "2100C", transaction="270") == {"II", "MI"}
    assert "SB" not in codes.allowed("PRV01", "2100D", transaction="270")


def test_what_is_allowed_is_in_the_table() -> None:
    for table, loops in codes.compiled()["allowed"].items():
        for allowed in loops.values():
            assert set(allowed) <= set(codes.lookup(table))


def test_an_unknown_table_is_the_callers_fault() -> None:
    for call in (
        lambda: codes.lookup("EB99"),
        lambda: codes.describe("eb01", "1"),
        lambda: codes.allowed("EB99", "2110C"),
        lambda: codes.title(""),
    ):
        with pytest.raises(UsageError) as caught:
            call()
        assert caught.value.code == "UNKNOWN_TABLE"


def test_the_core_gets_plain_json() -> None:
    compiled = codes.compiled()
    assert json.loads(json.dumps(compiled)) == compiled
    assert set(compiled) == {"codes", "allowed", "when", "vsee", "vsee_fallback"}
    assert compiled["codes"]["EB01"]["1"] == "Active Coverage"
    assert set(compiled["codes"]) == set(codes.tables()) - {"vsee"}
    assert compiled["allowed"]["AAA03"]["2000A"] == ["04", "41", "42", "79"]
    assert compiled["when"] == {"III02": ["III01", "ZZ"]}
