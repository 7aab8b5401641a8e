"""Why a field has its value: what a biller reads in the cases of the specification."""

from __future__ import annotations

import x271
from normalize.documents import DAY, FIXTURES, answer, case
from x271.normalize.explanation import Candidate, Explanation


def explained(name: str, field: str) -> Explanation:
    return x271.normalize(case(name), date_of_service=DAY).explain(field)


def of(explanation: Explanation, start: str) -> Candidate:
    """The one candidate whose segment starts so."""
    (found,) = [one for one in explanation.candidates if one.evidence.text.startswith(start)]
    return found


def words(candidate: Candidate) -> list[str]:
    return [reason.code for reason in candidate.reasons]


def sent(explanation: Explanation) -> list[str]:
    return [at.text for at in explanation.sources]


def test_a_derived_remaining_names_both_rows() -> None:
    explanation = explained("T07", "ded($)IndivOutOfNetworkRemaining")
    assert explanation.value == "1750.00"
    assert explanation.rule == "derived_remaining"
    assert sent(explanation) == ["EB*C*IND*30***23*2000*****N", "EB*C*IND*30***24*250*****N"]
    assert [words(one) for one in explanation.of("used")] == [["total"], ["applied"]]
    assert [finding.code for finding in explanation.findings] == ["DERIVED_REMAINING"]


def test_a_remaining_alone_is_a_near_miss_of_the_total() -> None:
    explanation = explained("T08", "ded($)IndivInNetwork")
    assert explanation.value == ""
    assert explanation.sources == ()
    miss = of(explanation, "EB*C*IND*30***29*350")
    assert miss.verdict == "refused"
    assert words(miss) == ["other_time_period"]
    assert "EB06 is 29, Remaining" in miss.reasons[0].text
    assert sent(explained("T08", "ded($)IndivInNetworkRemaining")) == ["EB*C*IND*30***29*350*****Y"]


def test_a_filler_for_no_limit_is_called_one_and_so_is_what_remains_of_it() -> None:
    total = explained("T15", "oop($)FamilyInNetwork")
    assert (total.value, total.rule, total.sources) == ("", "placeholder", ())
    assert words(of(total, "EB*G*FAM*30***23")) == ["placeholder"]
    assert "Read it as no limit" in total.rule_text
    remaining = explained("T15", "oop($)FamilyInNetworkRemaining")
    assert (remaining.value, remaining.rule) == ("", "placeholder_total")
    assert words(of(remaining, "EB*G*FAM*30***29")) == ["total_is_placeholder"]
    assert words(of(remaining, "EB*G*FAM*30***23")) == ["placeholder"]


def test_a_tie_shows_the_other_row_and_its_message() -> None:
    explanation = explained("T17", "coins(%)InNetwork")
    assert sent(explanation) == ["EB*A**30***27**.1****Y"]
    (tied,) = explanation.of("tied")
    assert tied.evidence.text == "EB*A**30***27**.3****Y"
    assert "MSG*TIER 2" in tied.reasons[0].text
    assert [finding.code for finding in explanation.findings] == ["AMBIGUOUS"]


def test_a_telehealth_copay_lost_on_its_place_of_service() -> None:
    explanation = explained("T19", "copay($)")
    assert sent(explanation) == ["EB*B**98***27*40*****Y"]
    lost = of(explanation, "EB*B**98***27*0")
    assert (lost.verdict, words(lost)) == ("lost", ["later_place_of_service"])
    assert "III*ZZ*10" in lost.reasons[0].text
    assert "copay.places" in explanation.preferences


def test_a_terminated_plan_shows_the_date_that_ended_it() -> None:
    explanation = explained("T30", "coverage")
    assert explanation.value == "inactive"
    assert explanation.rule == "plan_status_of_other_time"
    assert sent(explanation) == ["EB*1**30*PR*GOLD"]
    (reason,) = explanation.of("chosen")[0].reasons
    assert reason.code == "other_time"
    assert reason.evidence is not None
    assert reason.evidence.text == "DTP*347*D8*20260930"
    assert "2026-11-21" in reason.text
    assert [finding.code for finding in explanation.findings] == ["TERMED"]
    raw = explained("T30", "coverageStatusCode")
    assert (raw.value, raw.rule) == ("1", "status_code")


def test_an_inactive_status_beats_an_active_one_of_another_time() -> None:
    explanation = explained("T29", "coverage")
    assert words(explanation.of("chosen")[0]) == ["covers_the_day"]
    lost = of(explanation, "EB*1**30")
    assert (lost.verdict, words(lost)) == ("lost", ["other_time"])
    end = explained("T29", "coverageEndDate")
    assert (end.rule, sent(end)) == ("window_of_active_span", ["DTP*307*RD8*20250101-20260630"])


def test_the_requesting_provider_is_no_primary_care_provider() -> None:
    explanation = explained("T27", "pcpLastName")
    assert explanation.value == "SMITH"
    echo = of(explanation, "NM1*1P")
    assert (echo.verdict, words(echo)) == ("refused", ["not_primary_care"])
    npi = explained("T27", "pcpNPI")
    assert npi.value == ""
    assert words(of(npi, "NM1*P3")) == ["other_qualifier"]
    assert "NM108 is SV" in of(npi, "NM1*P3").reasons[0].text


def test_near_misses_say_each_reason_and_the_nearest_stands_first() -> None:
    record = x271.normalize(
        answer(
            "EB*1**30*PR*GOLD",
            "EB*1**30*PR*SILVER",
            "EB*C*FAM*98***24*10*****N",
            "EB*C*IND*30*PR*SILVER*23*20*****Y",
            "EB*C*IND*30***23*30*****Y*HC:99213",
            "EB*C*IND*30***23*40*****N",
            "EB*C*IND*30***23*50*****Y",
            "DTP*292*RD8*20250101-20251231",
        ),
        date_of_service=DAY,
    )
    explanation = record.explain("ded($)IndivInNetwork")
    assert explanation.value == ""
    refused = {
        one.evidence.value or one.evidence.text.split("*")[7]: words(one) for one in explanation.of("refused")
    }
    assert refused == {
        "20": ["other_plan"],
        "30": ["procedure_specific"],
        "40": ["other_network"],
        "50": ["dated_elsewhere"],
        "10": ["other_service_type", "other_network", "other_coverage_level", "other_time_period"],
    }
    assert next(reversed(refused)) == "10"
    text = str(explanation)
    assert "it is about another plan than the status row's (EB05 is SILVER)" in text
    assert "it is about one procedure, not about the plan (EB13 is HC:99213)" in text
    assert "(EB12 is N, out-of-plan-network benefit)" in text
    assert "(DTP*292*RD8*20250101-20251231; the date of service is 2026-11-21)" in text


def test_a_lost_row_says_what_the_chosen_one_has_instead() -> None:
    record = x271.normalize(answer("EB*1**30", "EB*C*IND*30***22*1*****Y", "EB*C*IND*30***23*2*****Y"))
    (lost,) = record.explain("ded($)IndivInNetwork").of("lost")
    assert words(lost) == ["later_time_period"]
    assert "(EB06 is 22, Service Year; the chosen one has 23, Calendar Year)" in lost.reasons[0].text


def test_an_applied_amount_of_another_level_is_no_near_total() -> None:
    record = x271.normalize(answer("EB*1**30", "EB*C*IND*30***23*100*****Y", "EB*C**30***24*40*****Y"))
    explanation = record.explain("ded($)IndivInNetworkRemaining")
    assert explanation.value == ""
    assert words(of(explanation, "EB*C**30***24")) == ["other_time_period", "applied_unlike_total"]


def test_what_was_used_so_far_is_not_needed_beside_what_remains() -> None:
    rows = ("EB*C*IND*30***23*100*****Y", "EB*C*IND*30***24*40*****Y", "EB*C*IND*30***29*60*****Y")
    explanation = x271.normalize(answer("EB*1**30", *rows)).explain("ded($)IndivInNetworkRemaining")
    assert explanation.value == "60.00"
    assert words(of(explanation, "EB*C*IND*30***24")) == ["other_time_period", "applied_not_needed"]


def test_a_second_amount_used_so_far_comes_after_the_first() -> None:
    rows = ("EB*C*IND*30***23*100*****Y", "EB*C*IND*30***24*40*****Y", "EB*C*IND*30***24*50*****Y")
    explanation = x271.normalize(answer("EB*1**30", *rows)).explain("ded($)IndivInNetworkRemaining")
    assert explanation.value == "60.00"
    assert words(of(explanation, "EB*C*IND*30***24*50")) == ["other_time_period", "document_order"]


def test_a_rejection_is_no_word_about_coverage() -> None:
    record = x271.normalize(FIXTURES / "archive" / "member-not-found.271")
    coverage = record.explain("coverage")
    assert coverage.value == "unknown"
    assert {word for one in coverage.candidates for word in words(one)} == {"rejection_is_no_status"}
    response = record.explain("eligibility_response")
    assert sent(response) == ["AAA*N**72*C"]
    assert [words(one) for one in response.of("lost")] == [["document_order"], ["document_order"]]


def test_a_dependents_dates_are_its_own() -> None:
    explanation = explained("T34", "coverageStartDate")
    assert sent(explanation) == ["DTP*346*D8*20260315"]
    assert words(of(explanation, "DTP*346*D8*20200101")) == ["subscribers_date"]


def test_a_home_plan_is_the_second_payer_and_never_the_alternate_one() -> None:
    assert explained("T38", "payerName2").sources[0].value == "HOME BLUE PLAN"
    assert words(of(explained("T38", "altName"), "NM1*VER")) == ["never_a_payer"]


def test_a_description_that_no_table_has_names_the_unknown_code() -> None:
    record = x271.normalize(answer("EB*1**30*QQ"))
    assert record.explain("planTypeCode").value == "QQ"
    explanation = record.explain("planType")
    assert (explanation.value, explanation.sources) == ("", ())
    (refused,) = explanation.of("refused")
    assert words(refused) == ["unknown_code"]
    assert "EB04 is QQ" in refused.reasons[0].text
    assert [finding.code for finding in explanation.findings] == ["UNKNOWN_CODE"]


def test_a_date_that_cannot_be_read_is_said_to_be_so() -> None:
    subscriber = ("HL*3*2*22*0", "NM1*IL*1*DOE*JANE****MI*W100", "DMG*D8*19801301*F")
    explanation = x271.normalize(answer("EB*1**30", subscriber=subscriber)).explain("patientDOB")
    assert explanation.value == ""
    assert [words(one) for one in explanation.of("refused")] == [["unreadable"]]
    assert [finding.code for finding in explanation.findings] == ["BAD_DATE"]


def test_a_borrowed_row_carries_the_finding_that_it_is_borrowed() -> None:
    rows = ("EB*1**30", "EB*C*IND*30***23*100*****Y")
    dependent = ("HL*4*3*23*0", "NM1*03*1*DOE*BABY", "DMG*D8*20200101*F")
    record = x271.normalize(answer(*rows, *dependent))
    for field in ("coverage", "ded($)IndivInNetwork"):
        codes = [finding.code for finding in record.explain(field).findings]
        assert "SCOPE_FALLBACK_SUBSCRIBER" in codes


def test_what_no_271_says_is_the_callers() -> None:
    record = x271.normalize(case("T07"), date_of_service=DAY)
    assert record.explain("integrexId").rule == "caller_only"
    assert record.explain("beginDOS").rule == "callers_date"
    assert x271.normalize(case("T07")).explain("beginDOS").rule == "implied_date_of_service"
