"""Why a field has its value: what every explanation holds, on every document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import x271
from drawn import answers
from normalize import said
from normalize.documents import DAY, FIXTURES, answer, case, fixtures
from x271 import _core
from x271._tables import read_table
from x271.normalize import integrex
from x271.normalize import profile as profiles
from x271.normalize._explaining import OWN_REASONS
from x271.normalize.explanation import (
    OWN_FIELDS,
    VERDICTS,
    Explanation,
    field_names,
    preferences_of,
    reasons,
    rules,
)
from x271.testing import wild_questions

# Rules that give a value which stands nowhere in the answer.
WITHOUT_SOURCE = {"subscriber_is_self", "callers_date", "no_rejection", "administrator", "no_status"}

# Documents in which the rules and reasons meet that the fixtures do not show.
OTHERS: dict[str, bytes] = {
    "first message": answer(
        "EB*W**30", "MSG*ASK THE PAYER", receiver=("HL*2*1*21*1", "NM1*1P*2*C", "AAA*N**43*C")
    ),
    "implied": answer("EB*B**98***27*20*****Y", "EB*C**30***23*100*****Y"),
    "non-covered": answer("EB*I**30", "EB*I**30"),
    "services": answer("EB*1**MH", "EB*6**30**********HC:99213"),
    "services asked for": answer("EB*1**MH", "EB*1**30^98**********HC:99213"),
    "ended services": answer("EB*1**MH", "DTP*346*D8*20240101", "DTP*347*D8*20241231"),
    "conflict": answer("EB*1**30*PR*GOLD", "EB*6**30*PR*GOLD", "EB*1**30*PR*SILVER", "DTP*346*D8*20260101"),
    "contradiction": answer("EB*1*QQ*30*PR*GOLD", "EB*6**30*PR*GOLD"),
    "dated beside undated": answer("EB*1**30", "DTP*346*D8*20260101", "EB*1**30"),
    "two loops": answer("EB*D**30", source=("HL*1**20*1", "AAA*Y**42*R", "NM1*PR*2*ACME", "AAA*Y**79*N")),
    "money": answer(
        "EB*1**30*PR*GOLD",
        "EB*1**30*PR*SILVER",
        "EB*C*IND*30***23*1000*****Y",
        "EB*C**30***23*900*****Y",
        "EB*C*IND*30***22*800*****Y",
        "EB*C*IND*30***23*700*****W",
        "EB*C*IND*30***23*500*****Y",
        "MSG*TIER 2",
        "EB*C*IND*30*PR*SILVER*23*400*****Y",
        "EB*C*IND*30***23*abc*****Y",
        "EB*C*FAM*30***24*100*****Y",
    ),
    "used so far of another level": answer(
        "EB*1**30", "EB*C*IND*30***23*100*****Y", "EB*C**30***24*40*****Y"
    ),
    "open end": answer(
        "EB*1**30", "DTP*346*D8*20260101", "DTP*347*D8*99991231", "DTP*291*RD8*20260101-20261231"
    ),
    "payers": answer(
        "EB*1**30",
        "LS*2120",
        "NM1*PR*2*ACME HEALTH*****PI*12345",
        "NM1*PR*2*OTHER HEALTH*****PI*999",
        "NM1*Y2*2*CARE",
        "LE*2120",
    ),
}


def explanations(data: Any, **request: Any) -> list[Explanation]:
    """Every explanation of every patient of a document; none of one that gives no answer."""
    try:
        records = x271.normalize_all(data, **request)
    except (x271.VendorFault, x271.AnswerPending):
        return []
    return [record.explain(field) for record in records for field in field_names()]


def check(explanation: Explanation) -> None:
    """What holds for every explanation."""
    if explanation.sources:
        assert explanation.value, "an empty field has a source"
        assert said.agrees(explanation)
    else:
        assert not explanation.value or explanation.rule in WITHOUT_SOURCE
    verdicts = [VERDICTS.index(one.verdict) for one in explanation.candidates]
    assert verdicts == sorted(verdicts)
    assert all(one.reasons for one in explanation.candidates if one.verdict != "chosen")
    segments = [one.evidence.segment for one in explanation.candidates]
    assert len(segments) == len(set(segments)), "a candidate stands twice"
    refused = [len(one.reasons) for one in explanation.of("refused")]
    assert refused == sorted(refused), "the near misses stand last"
    if not explanation.value:
        assert not explanation.of("chosen")
    assert explanation.rule_text
    assert explanation.place
    assert str(explanation).startswith(explanation.field)


def test_all_74_fields_and_three_more_are_explained() -> None:
    assert len(field_names()) == 77
    assert field_names()[:74] == tuple(row["field"] for row in integrex.table())
    assert set(field_names()[74:]) == set(OWN_FIELDS)


@pytest.mark.parametrize("day", [None, DAY])
@pytest.mark.parametrize("name", fixtures())
def test_every_field_of_every_fixture_is_explained_by_what_its_segments_say(
    name: str, day: str | None
) -> None:
    for explanation in explanations(fixtures()[name], date_of_service=day):
        check(explanation)


@pytest.mark.parametrize("name", OTHERS)
def test_rules_that_collide_are_explained_too(name: str) -> None:
    for explanation in explanations(OTHERS[name], date_of_service=DAY):
        check(explanation)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=answers(), request=wild_questions())
def test_every_field_of_any_answer_is_explained_by_what_its_segments_say(
    data: bytes, request: dict[str, Any]
) -> None:
    for explanation in explanations(data, **request):
        check(explanation)


def test_a_segment_is_shown_where_it_stands_and_as_sent() -> None:
    for name in ("active-ppo.271", "pipes-newline.x12"):
        data = (FIXTURES / "archive" / name).read_bytes()
        for explanation in explanations(data):
            for at in (*explanation.sources, *(one.evidence for one in explanation.candidates)):
                text = at.text.encode()
                assert data[at.offset : at.offset + len(text)] == text


def test_an_xml_answer_is_explained_by_the_line_of_its_element() -> None:
    path = FIXTURES / "archive" / "ppmd-dependent.xml"
    lines = path.read_bytes().decode("iso-8859-1").split("\n")
    record = x271.normalize(path)
    for field, attribute in (
        ("sub.MemberID", "NM109_"),
        ("coverage", "EB01_"),
        ("groupNumber", "REF02_"),
        ("ded($)FamilyInNetwork", "EB07_"),
        ("relationshipCode", "INS02_"),
    ):
        (source,) = record.explain(field).sources
        assert source.line is not None
        assert f"{attribute}" in lines[source.line - 1]
        assert f'"{source.value}' in lines[source.line - 1]
        assert f"line {source.line}" in str(record.explain(field))


def test_an_x12_answer_has_no_lines() -> None:
    assert all(at.line is None for one in explanations(case("T07")) for at in one.sources)


def test_every_rule_and_reason_of_the_core_has_its_sentence_and_no_other_has() -> None:
    assert [row["rule"] for row in read_table("normalize/rules.tsv")] == _core.rule_names()
    assert set(reasons()) == set(_core.reason_words()) | OWN_REASONS
    assert len(read_table("normalize/reasons.tsv")) == len(reasons())
    assert all(reasons().values())
    for row in rules().values():
        assert row["text"] or row["text_if_empty"]
        assert row["spec"]


def test_every_rule_and_reason_really_occurs() -> None:
    """A sentence that no document can bring up would be a lie waiting to be told."""
    documents: list[bytes | Path] = [*fixtures().values(), *OTHERS.values()]
    seen = [
        one for data in documents for day in (None, DAY) for one in explanations(data, date_of_service=day)
    ]
    seen += [one for data, request in _with_profiles() for one in explanations(data, **request)]
    verdicts: dict[str, set[str]] = {}
    for candidate in (candidate for one in seen for candidate in one.candidates):
        for reason in candidate.reasons:
            verdicts.setdefault(reason.code, set()).add(candidate.verdict)
    table = {row["reason"]: set(row["verdicts"].split()) for row in read_table("normalize/reasons.tsv")}
    assert {code: found for code, found in verdicts.items() if not found <= table[code]} == {}
    assert set(_core.rule_names()) - {one.rule for one in seen} == set()
    assert set(reasons()) - set(verdicts) == set()


def _with_profiles() -> list[tuple[bytes, dict[str, Any]]]:
    """Documents whose reasons need orders of preference other than the standard ones, or another question."""
    plain = {"places": [""], "messages": [""]}
    levels = {"rejections": {"levels": ["2100C"], "benefit_levels": []}}
    return [
        (case("T19"), {"profile": {"copay": plain}}),
        (OTHERS["money"], {"profile": {"amounts": {"messages": [""]}}, "date_of_service": DAY}),
        (OTHERS["two loops"], {"profile": levels}),
        (OTHERS["services asked for"], {"service_types": ["98"]}),
    ]


def test_every_preference_that_an_explanation_names_is_a_key_of_the_profile() -> None:
    known = {f"{table}.{key}" for table, part in profiles.preferences().model_dump().items() for key in part}
    for data in (*fixtures().values(), *OTHERS.values()):
        for explanation in explanations(data):
            assert set(explanation.preferences) <= known
    named = {key for rule in rules() for field in field_names() for key in preferences_of(rule, field)}
    assert {"amounts.remaining", "networks.out_of_network", "references.group_number"} <= named


def test_a_name_with_a_blank_and_a_path_in_the_record_name_the_same_field() -> None:
    record = x271.normalize(case("T07"), date_of_service=DAY)
    one = record.explain("ded($)IndivInNetworkRemaining")
    assert record.explain("ded($) IndivInNetworkRemaining") == one
    assert record.explain("deductible.individual.in_network.remaining") == one


def test_an_unknown_field_is_refused_with_the_nearest_names() -> None:
    record = x271.normalize(case("T07"))
    with pytest.raises(x271.UsageError) as caught:
        record.explain("ded($)IndivInNetworkRemainig")
    assert caught.value.code == "UNKNOWN_FIELD"
    assert "did you mean ded($)IndivInNetworkRemaining" in caught.value.detail
    for nonsense in ("", "DOE", 7, None):
        with pytest.raises(x271.UsageError, match="UNKNOWN_FIELD"):
            record.explain(nonsense)  # type: ignore[arg-type]


def test_a_record_that_was_loaded_cannot_be_explained() -> None:
    record = x271.normalize(case("T07"))
    loaded = x271.Eligibility.model_validate_json(record.model_dump_json())
    with pytest.raises(x271.UsageError) as caught:
        loaded.explain("coverage")
    assert caught.value.code == "NOT_EXPLAINABLE"


def test_neither_repr_nor_error_shows_what_a_patient_said() -> None:
    record = x271.normalize(FIXTURES / "archive" / "active-ppo.271")
    secrets = ("SAMPLE", "AVERY", "NSH000000001", "1984", "420.55", "GRP-0001")
    for field in field_names():
        explanation = record.explain(field)
        shown = repr(explanation) + repr(explanation.candidates) + repr(explanation.sources)
        assert not [secret for secret in secrets if secret in shown]
    assert repr(record.explain("ded($)IndivInNetworkRemaining")) == (
        "Explanation('ded($)IndivInNetworkRemaining', rule='remaining_amount', 1 chosen, 8 refused)"
    )
    with pytest.raises(x271.UsageError) as caught:
        record.explain("NSH000000001")
    assert "NSH" not in str(caught.value)


def test_an_explanation_survives_json() -> None:
    explanation = x271.normalize(case("T07"), date_of_service=DAY).explain("ded($)IndivInNetwork")
    assert Explanation.model_validate_json(explanation.model_dump_json()) == explanation


def test_text_names_at_most_twelve_others_and_counts_the_rest() -> None:
    rows = [f"EB*C*FAM*30***23*{amount}*****N" for amount in range(20)]
    text = str(x271.normalize(answer("EB*1**30", *rows)).explain("ded($)IndivInNetwork"))
    assert text.count("  refused  ") == 12
    assert "... and 8 more" in text
