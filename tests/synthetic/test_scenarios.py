"""Every scenario keeps its promise: the answer follows the guide, and its record is what the scenario says."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest

import x271
from oracle import read
from oracle.compare import differences as oracle_differences
from oracle.compare import of_core, of_oracle
from x271.synthetic import Scenario, Synthetic, differences, scenarios, synth

SEEDS = range(int(os.environ.get("X271_SYNTHETIC_SEEDS", "12")))
# When dates are easily wrong: the year's ends, a leap day, and the days around the ends of months.
DAYS = ("2024-02-29", "2025-01-01", "2025-12-31", "2026-03-01", "2027-10-31")

ALL = list(scenarios().values())
ANSWERS = [one for one in ALL if "271" in one.kinds]
ACKNOWLEDGED = [one for one in ALL if "999" in one.kinds]
VENDORS = [one for one in ALL if one.kinds == ("ppmd",)]


def named(of: list[Scenario]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scenario", of, ids=lambda one: one.name)


def holds(one: Synthetic) -> list[x271.Eligibility]:
    """The records of an answer, once they are found to be as its scenario says."""
    if one.error:
        with pytest.raises(x271.X271Error) as caught:
            x271.normalize(one.data)
        assert caught.value.code == one.error
        return []
    records = x271.normalize_all(one.data, service_types=one.service_types)
    assert len(records) == len(one.expected)
    for expected, record in zip(one.expected, records, strict=True):
        assert differences(expected, record) == []
    return records


@named(ANSWERS)
def test_the_record_is_what_the_scenario_says_and_the_answer_follows_the_guide(scenario: Scenario) -> None:
    for seed in SEEDS:
        (one,) = synth("271", seed=seed, scenario=scenario.name)
        assert x271.validate(one.data).findings == ()
        assert x271.parse(one.data).to_x12() == one.data
        holds(one)


@named(ANSWERS)
def test_it_holds_on_any_day(scenario: Scenario) -> None:
    for seed, day in enumerate(DAYS):
        (one,) = synth("271", seed=seed, scenario=scenario.name, date=day)
        assert x271.validate(one.data).findings == ()
        holds(one)


@named([one for one in ALL if "ppmd" in one.kinds])
def test_it_holds_in_every_form(scenario: Scenario) -> None:
    for form in ("xml", "json"):
        (one,) = synth("ppmd", seed=3, scenario=scenario.name, form=form)
        holds(one)


@named(ANSWERS)
def test_the_question_of_the_same_seed_is_the_one_that_is_answered(scenario: Scenario) -> None:
    (answer,) = synth("271", seed=5, scenario=scenario.name)
    (question,) = synth("270", seed=5, scenario=scenario.name)
    assert not [one for one in x271.validate(question.data).findings if one.severity == "error"]
    asked = [
        each for one in x271.parse(question.data).questions() for each in x271.inquiries.inquiries_of(one)
    ]
    assert sum(len(one.patients()) for one in asked) == len(answer.inquiries)
    for record in holds(answer):
        (match,) = [found for found in map(record.answers, answer.inquiries) if found]
        assert match.by == "trace"
        assert any(record.answers(one).by == "trace" for one in asked)


def test_a_corrected_birth_date_differs_from_the_question() -> None:
    (one,) = synth("271", seed=2, scenario="corrected-birth-date")
    (match,) = (record.answers(one.inquiries[0]) for record in holds(one))
    assert [each.field for each in match.differences] == ["subscriber.birth_date"]


def test_who_was_asked_about_as_a_dependent_is_answered_as_a_subscriber() -> None:
    (one,) = synth("271", seed=2, scenario="dependent-answered-as-subscriber")
    (match,) = (record.answers(one.inquiries[0]) for record in holds(one))
    assert match.answered_as == "subscriber"
    assert match.identity_changed


@named(ACKNOWLEDGED)
def test_the_999_says_what_the_scenario_says(scenario: Scenario) -> None:
    for seed in range(3):
        (one,) = synth("999", seed=seed, scenario=scenario.name)
        assert x271.validate(one.data).findings == ()
        (group,) = x271.read_acknowledgment(one.data).groups
        errors = [
            [
                segment.segment,
                segment.error.code,
                segment.elements[0].element if segment.elements else 0,
                segment.elements[0].error.code if segment.elements else "",
            ]
            for each in group.transactions
            for segment in each.segments
        ]
        said = {
            "verdict": group.verdict.code,
            "sets": [each.verdict.code for each in group.transactions],
            "errors": errors,
        }
        assert said == scenario.acknowledged


def test_a_miscounted_question_says_so_in_the_set() -> None:
    (one,) = synth("999", scenario="question-miscounted")
    (group,) = x271.read_acknowledgment(one.data).groups
    assert [error.code for error in group.transactions[0].errors] == ["4"]


def test_the_vendors_fault_has_its_code() -> None:
    (one,) = synth("ppmd", scenario="vendor-fault")
    with pytest.raises(x271.VendorFault) as caught:
        x271.normalize(one.data)
    assert caught.value.fault_code == "1025"


@pytest.mark.parametrize(
    ("scenario", "response"),
    [
        ("payer-down-no-patient", "Unable to respond at current time."),
        ("provider-not-on-file", "Provider not on file"),
    ],
)
def test_an_answer_about_nobody_says_why(scenario: str, response: str) -> None:
    (one,) = synth("271", scenario=scenario)
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(one.data)
    assert caught.value.eligibility_response == response


@named(ALL)
def test_a_scenario_is_told_in_sentences(scenario: Scenario) -> None:
    assert scenario.name == scenario.name.lower()
    assert " " not in scenario.name
    for text in (scenario.shows, scenario.gives):
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit()
    assert not any("\t" in text or "|" in text for text in (scenario.shows, scenario.gives))


def test_the_same_story_has_other_people_and_amounts_for_another_seed() -> None:
    told = [next(synth("271", seed=seed, scenario="active-ppo")) for seed in range(20)]
    assert len({one.expected[0]["patient.last_name"] for one in told}) > 10
    assert len({one.expected[0]["payer.name"] for one in told}) > 2
    assert len({one.expected[0]["deductible.individual.in_network.remaining"] for one in told}) == 20
    assert len({one.data.count(b"\nEB*") for one in told}) > 3


def test_nobody_in_it_exists() -> None:
    """Telephones are 555-0100 to 555-0199; providers' identifiers have their check digit and belong to nobody."""
    for one in synth("271", seed=11, count=60):
        for segment in one.data.decode().split("~\n"):
            parts = segment.split("*")
            if parts[0] == "PER":
                assert parts[4][3:8] == "55501"
            if "XX" in parts and parts[0] == "NM1":
                npi = parts[parts.index("XX") + 1]
                assert npi.startswith("2999")
                assert x271.codes.npi.is_npi(npi)


def test_ages_are_those_of_the_story() -> None:
    for day in (date(2024, 2, 29), date(2025, 3, 1)):
        for seed in range(40):
            (one,) = synth("271", seed=seed, scenario="newborn-not-enrolled", date=day)
            born = one.expected[0]["patient.birth_date"]
            assert day - timedelta(366) <= born <= day


@named(ANSWERS)
def test_the_oracle_reads_the_same(scenario: Scenario) -> None:
    """The specification read once more, in plain slow Python, comes to the same record."""
    for seed in range(2):
        (one,) = synth("271", seed=seed, scenario=scenario.name)
        expected = [of_oracle(each) for each in read(one.data, service_types=one.service_types)]
        found = [of_core(each) for each in x271.normalize_all(one.data, service_types=one.service_types)]
        assert oracle_differences(found, expected) == []
