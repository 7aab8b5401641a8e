"""The situational rules: every row of the table has a document that breaks it, and one that keeps it."""

from __future__ import annotations

import pytest

import x271
from variants import BASE, base, counted, joined
from x12 import FIXTURES
from x271._tables import read_table
from x271.findings import Finding
from x271.validation.situations import table

VALID = BASE.read_bytes()
QUESTION = (FIXTURES / "questions" / "procedure.270").read_bytes()
ROWS = {row["rule"]: row for row in read_table("validation/situations.tsv")}


def without(*starts: bytes) -> bytes:
    """The valid answer without the segments that start so."""
    return joined(counted([one for one in base() if not one.startswith(starts)]))


def after(start: bytes, *new: bytes) -> bytes:
    """The valid answer with new segments after the first that starts so."""
    segments = base()
    at = next(place for place, one in enumerate(segments) if one.startswith(start))
    return joined(counted([*segments[: at + 1], *new, *segments[at + 1 :]]))


def changed(old: bytes, new: bytes, document: bytes = VALID) -> bytes:
    assert document.count(old) == 1
    return document.replace(old, new)


def fewer(document: bytes, *starts: bytes) -> bytes:
    """The document without the segments that start so, SE01 counted."""
    kept = [one for one in document.split(b"~") if not one.startswith(starts)]
    gone = document.count(b"~") + 1 - len(kept)
    head, _, tail = b"~".join(kept).partition(b"~SE*")
    count, _, rest = tail.partition(b"*")
    return b"~SE*".join([head, b"%d*" % (int(count) - gone) + rest])


DEPENDENT = (b"HL*4*3*23*0", b"NM1*03*1*SAMPLE*ROWAN", b"DMG*D8*20150505*F")
MILITARY = b"MPI*A*AO*A***%s*%s"

# Per rule, a document that breaks it; and where: loop path, segment (from 1), element.
BROKEN: dict[str, tuple[bytes, str, str, int | None]] = {
    "COINSURANCE_PERCENT": (changed(b"EB*A*IND*30*****.2*", b"EB*A*IND*30******"), "2110C[7]", "EB", 8),
    "COINSURANCE_NO_AMOUNT": (changed(b"EB*A*IND*30*****.2*", b"EB*A*IND*30****5*.2*"), "2110C[7]", "EB", 7),
    "PAYMENT_AMOUNT": (changed(b"EB*B*IND*98***27*25*", b"EB*B*IND*98***27**"), "2110C[6]", "EB", 7),
    "PAYMENT_NO_PERCENT": (changed(b"*98***27*25*", b"*98***27*25*.1"), "2110C[6]", "EB", 8),
    "POINTER_DIAGNOSIS": (changed(b"EB*L**30", b"EB*L**30***********1"), "2110C[11]", "EB", None),
    "QUESTION_DIAGNOSIS": (fewer(QUESTION, b"HI*"), "2110C", "EQ", None),
    "PLACE_OF_SERVICE_ONCE": (after(b"III*ZZ*11", b"III*ZZ*12", b"III*ZZ*11"), "2110C[6]/2115C[3]", "III", None),
    "SUBSCRIBER_NAMED": (changed(b"NM1*IL*1*SAMPLE*DEVON*", b"NM1*IL*1***"), "2100C", "NM1", 3),
    "CHANGED_IDENTITY_REASON": (after(b"DMG*", b"INS*Y*18*001"), "2100C", "INS", 4),
    "CHANGED_IDENTITY_TYPE": (after(b"DMG*", b"INS*Y*18**25"), "2100C", "INS", 3),
    "PATIENT_ANSWERED": (after(b"EB*H*", b"HL*4*2*22*0", b"NM1*IL*1*SAMPLE"), "2000C[2]", "HL", None),
    "DEPENDENT_ANSWERED": (
        after(b"EB*H*", *DEPENDENT).replace(b"HL*3*2*22*0", b"HL*3*2*22*1"), "2000D", "HL", None,
    ),
    "RECEIVER_ANSWERED": (
        joined(counted([*base()[:7], b"NM1*1P*2*CLINIC*****XX*2999000013", *base()[-3:]])), "2000B", "HL", None,
    ),
    "SOURCE_ANSWERED": (joined(counted([*base()[:6], *base()[-3:]])), "2000A", "HL", None),
    "SUBSCRIBER_ASKED_ABOUT": (
        fewer(QUESTION, b"EQ*", b"AMT*", b"III*", b"REF*9F", b"DTP*291").replace(b"*1405*RT~", b"*1405~"),
        "2000C", "HL", None,
    ),
    "COUNTRY_NOT_HOME": (
        VALID.replace(b"N4*EXAMPLEVILLE*NV*89999", b"N4*EXAMPLEVILLE*NV*89999*US", 1), "2100C", "N4", 4,
    ),
    "STATE_AT_HOME": (VALID.replace(b"N4*EXAMPLEVILLE*NV*89999", b"N4*EXAMPLEVILLE", 1), "2100C", "N4", 2),
    "POSTAL_CODE_AT_HOME": (VALID.replace(b"EXAMPLEVILLE*NV*89999", b"EXAMPLEVILLE*NV", 1), "2100C", "N4", 3),
    "DATE_FORM": (changed(b"DTP*348*D8*20261001", b"DTP*348*D8*20261001-20261031"), "2110C[9]", "DTP", 3),
    "PERIOD_FORM": (changed(b"DTP*348*D8*20261001", b"DTP*348*RD8*20261001"), "2110C[9]", "DTP", 3),
    "SERVICE_DATE_FORM": (after(b"DTP*346*", MILITARY % (b"D8", b"20200101-20201231")), "2100C", "MPI", 7),
    "SERVICE_PERIOD_FORM": (after(b"DTP*346*", MILITARY % (b"RD8", b"20200101")), "2100C", "MPI", 7),
}  # fmt: skip

# Whoever has nothing to say of a person, a receiver or a source also leaves out what the guide requires below.
BESIDE = {
    "SOURCE_ANSWERED": {"HL_CHILD_MISMATCH"},
    "RECEIVER_ANSWERED": {"HL_CHILD_MISMATCH"},
}


def of_rules(document: bytes) -> list[Finding]:
    return [one for one in x271.validate(document).findings if one.field in ROWS]


@pytest.mark.parametrize("rule", ROWS)
def test_a_broken_rule_is_found_at_its_place_and_nothing_else_is(rule: str) -> None:
    document, loop, segment_id, element = BROKEN[rule]
    findings = x271.validate(document).findings
    (one,) = (each for each in findings if each.field == rule)
    assert one.position is not None
    assert one.position.segment is not None
    assert one.position.loop_path is not None
    sent = document.split(b"~")[one.position.segment - 1].split(b"*")[0].decode()
    assert (sent, one.position.element) == (segment_id, element)
    assert one.position.loop_path.endswith(loop)
    assert {each.code for each in findings} - {one.code} == BESIDE.get(rule, set())


@pytest.mark.parametrize("rule", ROWS)
def test_a_rule_that_looks_at_one_segment_is_of_type_2_and_at_several_of_type_4(rule: str) -> None:
    (one,) = (each for each in x271.validate(BROKEN[rule][0]).findings if each.field == rule)
    row = ROWS[rule]
    if row["asks"] in ("D8", "RD8"):
        assert (one.code, one.snip, one.severity) == ("BAD_TYPE", 1, "error")
    else:
        assert (one.snip, one.severity) == (2 if row["of"] == "segment" else 4, "error")


@pytest.mark.parametrize("rule", ROWS)
def test_what_makes_the_rule_apply_is_named(rule: str) -> None:
    (one,) = (each for each in x271.validate(BROKEN[rule][0]).findings if each.field == rule)
    (trigger,) = one.others
    assert trigger.segment is not None
    assert one.position is not None
    assert (trigger.segment == one.position.segment) == (ROWS[rule]["asks"] != "once")
    assert trigger.loop_path is not None


def test_the_valid_answer_and_the_question_keep_every_rule() -> None:
    assert of_rules(VALID) == of_rules(QUESTION) == []


def test_a_pointer_is_content_with_the_diagnoses_of_its_patient() -> None:
    document = after(b"DMG*", b"HI*ABK:M5450").replace(b"EB*L**30", b"EB*L**30***********1")
    assert x271.validate(document).findings == ()


def test_a_subscriber_without_a_name_is_right_where_something_was_rejected() -> None:
    """AAA anywhere in the transaction set will do. [RFI 1410]"""
    document = after(b"EB*H*", b"AAA*N**70*C").replace(b"NM1*IL*1*SAMPLE*DEVON*", b"NM1*IL*1***")
    assert x271.validate(document).findings == ()


def test_a_rejection_of_the_receiver_answers_for_everybody_below() -> None:
    document = joined(
        counted([*base()[:8], b"AAA*N**50*N", b"HL*3*2*22*0", b"NM1*IL*1*SAMPLE", *base()[-3:]])
    )
    assert x271.validate(document).findings == ()


def test_a_benefit_names_several_places_of_service() -> None:
    """[RFI 2236]"""
    assert x271.validate(after(b"III*ZZ*11", b"III*ZZ*12")).findings == ()


def test_a_foreign_address_has_its_country_and_no_state() -> None:
    document = VALID.replace(b"N4*EXAMPLEVILLE*NV*89999", b"N4*EXAMPLEVILLE***MX", 1)
    assert x271.validate(document).findings == ()


@pytest.mark.parametrize(
    "second", [b"EB*H*IND*81*********Y", b"EB*H*IND*80*********Y", b"EB*H*IND**********Y**"]
)
def test_a_benefit_that_repeats_another_but_for_its_service_types_is_reported(second: bytes) -> None:
    (one,) = x271.validate(after(b"EB*H*", second)).findings
    assert (one.code, one.field, one.severity, one.snip) == ("REPEATED_BENEFIT", "EB03", "warning", 4)
    assert one.position is not None
    assert (one.position.segment, one.others[0].segment) == (43, 42)


@pytest.mark.parametrize("second", [(b"EB*H*IND*81*********N",), (b"EB*H*IND*81*********Y", b"MSG*ANOTHER")])
def test_benefits_that_differ_in_more_than_their_service_types_are_no_repetition(
    second: tuple[bytes, ...],
) -> None:
    assert x271.validate(after(b"EB*H*", *second)).findings == ()


def test_every_rule_is_read_and_has_a_source() -> None:
    read = {rule.name for kind in ("270", "271") for rule in table(kind)}
    assert read == set(ROWS) == set(BROKEN)
    assert all(row["source"] and row["meaning"] for row in ROWS.values())


def test_the_rules_cost_no_more_than_the_document_is_long() -> None:
    """Many subscribers, each of whom asks for what stands nowhere."""
    people = [
        one for at in range(3000) for one in (b"HL*%d*2*22*0" % (at + 3), b"NM1*IL*1", b"EB*D*************1")
    ]
    document = joined(counted([*base()[:8], *people, *base()[-3:]]))
    assert len(of_rules(document)) == 6000
