"""`x271.synth`: what it takes, what it gives, and that the same arguments always give the same."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Context, localcontext
from itertools import islice
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from x271.synthetic import differences, scenarios, synth
from x271.synthetic.making import Kind

KINDS = ("271", "270", "999", "ppmd")

# SHA-256, the first 16 digits, of the bytes of ten documents of the mix. They change only if a scenario, a word list
# or a writer changes, and then the changelog says so: a seed in somebody's test must not mean something else unnoticed.
GOLDEN = {
    ("271", 0): "a17552cb1b5673ae",
    ("271", 1): "78ab427bf663d997",
    ("271", 2**64 - 1): "486ae2b560091c15",
    ("270", 1): "fba1988c3a746c64",
    ("999", 1): "7a879c201b72c727",
    ("ppmd", 1): "d06123c3c4f73582",
}


def digest(kind: str, seed: int, **options: Any) -> str:
    """Of ten documents."""
    made: Any = synth(kind, seed=seed, count=10, **options)  # type: ignore[arg-type]
    return hashlib.sha256(b"".join(one.data for one in made)).hexdigest()[:16]


def test_questions_and_acknowledgements_together_are_without_fault() -> None:
    for seed in range(3):
        (question,) = synth("270", seed=seed, count=30, together=True)
        (one,) = synth("999", seed=seed, count=30, together=True)
        assert not [each for each in x271.validate(question.data).findings if each.severity == "error"]
        assert x271.read_acknowledgment(one.data).accepted


@pytest.mark.parametrize(("kind", "seed"), list(GOLDEN))
def test_a_seed_gives_the_bytes_that_it_always_gave(kind: str, seed: int) -> None:
    assert digest(kind, seed) == GOLDEN[kind, seed]


def test_another_process_gives_the_same_bytes() -> None:
    """Whatever its hash seed, its time zone and its locale."""
    code = (
        "import hashlib, x271; print(hashlib.sha256(b''.join(one.data for kind in ('271', '270', '999', 'ppmd') "
        "for one in x271.synth(kind, seed=9, count=5))).hexdigest())"
    )
    said = set()
    for number, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("2", "America/Los_Angeles")):
        env = {**os.environ, "PYTHONHASHSEED": number, "TZ": zone, "LC_ALL": "C"}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)  # noqa: S603
        said.add(done.stdout)
    assert len(said) == 1


@given(st.integers(0, 2**64 - 1), st.sampled_from(KINDS))
def test_a_document_does_not_depend_on_how_many_are_asked_for(seed: int, kind: Any) -> None:
    few = [one.data for one in synth(kind, seed=seed, count=2)]
    assert [one.data for one in islice(synth(kind, seed=seed, count=10**9 - 1), 2)] == few


def test_the_callers_own_arithmetic_changes_nothing() -> None:
    usual = digest("271", 12)
    with localcontext(Context(prec=2)):
        assert digest("271", 12) == usual


def test_a_seed_is_another_story() -> None:
    assert len({digest("271", seed) for seed in range(20)}) == 20


def test_documents_of_one_run_have_control_numbers_and_traces_of_their_own() -> None:
    made = list(synth("271", seed=3, count=50))
    headers = [one.data[:106] for one in made]
    assert len(set(headers)) == 50
    traces = [trace for one in made for record in one.expected for trace in record["traces"]]
    assert len(set(traces)) == len(traces)
    together = b"".join(one.data for one in made)
    assert x271.validate(together).valid


def test_kinds_of_one_seed_tell_the_same_story() -> None:
    told = [[one.scenarios for one in synth(kind, seed=4, count=40)] for kind in get_args(Kind)]
    assert told[1:] == told[:1] * 3
    (answer,) = synth("271", seed=4, scenario="dependent-child")
    (question,) = synth("270", seed=4, scenario="dependent-child")
    assert answer.inquiries == question.inquiries
    assert x271.normalize(answer.data).answers(question.inquiries[0]).by == "trace"


def test_the_mix_has_common_ones_and_rare_ones() -> None:
    told = [one.scenarios[0] for one in synth("271", seed=1, count=600)]
    assert len(set(told)) > 50
    assert told.count("active-ppo") > 5 * told.count("other-payer-ended")


def test_scenarios_take_turns() -> None:
    made = synth("271", count=5, scenario=["termed", "future"])
    assert [one.scenarios for one in made] == [("termed",), ("future",)] * 2 + [("termed",)]


def test_all_is_each_of_them_once() -> None:
    those = [one.name for one in scenarios().values() if "271" in one.kinds]
    made = synth("271", count=len(those), scenario="all")
    assert [one.scenarios[0] for one in made] == those


def test_together_is_one_interchange_with_a_set_for_each() -> None:
    (one,) = synth("271", seed=6, count=12, together=True)
    assert len(one.stories) == 12
    assert x271.validate(one.data).findings == ()
    assert len(list(x271.parse(one.data).answers())) == 12
    records = x271.normalize_all(one.data)
    assert len(records) == len(one.expected)
    for expected, record in zip(one.expected, records, strict=True):
        if "35" not in one.service_types:
            assert differences(expected, record) == []


def test_questions_together_are_one_interchange() -> None:
    (one,) = synth("270", seed=6, count=12, together=True)
    assert not [each for each in x271.validate(one.data).findings if each.severity == "error"]
    asked = [each for said in x271.parse(one.data).questions() for each in x271.inquiries.inquiries_of(said)]
    assert sum(len(each.patients()) for each in asked) == len(one.inquiries)


def test_nothing_together_is_nothing() -> None:
    assert list(synth("271", count=0, together=True)) == []
    assert list(synth("271", count=0)) == []


def test_dates_move_with_today() -> None:
    (one,) = synth("271", seed=1, scenario="active-ppo")
    (other,) = synth("271", seed=1, scenario="active-ppo", date="2030-06-15")
    (same,) = synth("271", seed=1, scenario="active-ppo", date=datetime(2030, 6, 15, 12, tzinfo=UTC))
    assert one.expected[0]["date_of_service"] == date(2026, 11, 21)
    assert other.expected[0]["date_of_service"] == date(2030, 6, 15)
    assert same.data == other.data
    assert x271.normalize(other.data).coverage == "active"


@pytest.mark.parametrize(
    ("options", "code", "key"),
    [
        ({"kind": "835"}, "BAD_OPTION", "kind"),
        ({"scenario": "nothing-of-that-name"}, "BAD_OPTION", "scenario"),
        ({"scenario": ["termed", "vendor-fault"]}, "BAD_OPTION", "scenario"),
        ({"kind": "270", "form": "xml"}, "BAD_OPTION", "form"),
        ({"kind": "ppmd", "form": "x12"}, "BAD_OPTION", "form"),
        ({"seed": -1}, "BAD_OPTION", "seed"),
        ({"seed": 2**64}, "BAD_OPTION", "seed"),
        ({"seed": 1.5}, "BAD_OPTION", "seed"),
        ({"count": -1}, "BAD_OPTION", "count"),
        ({"count": "many"}, "BAD_OPTION", "count"),
        ({"date": "21.11.2026"}, "BAD_DATE", "date"),
        ({"date": 20261121}, "BAD_DATE", "date"),
        ({"date": "1900-01-01"}, "BAD_OPTION", "date"),
        ({"date": date(2999, 1, 1)}, "BAD_OPTION", "date"),
    ],
)
def test_a_wrong_option_is_named_at_once(options: dict[str, Any], code: str, key: str) -> None:
    with pytest.raises(x271.UsageError) as caught:
        synth(**options)
    assert caught.value.code == code
    assert caught.value.position is not None
    assert caught.value.position.key == key


@pytest.mark.parametrize(("kind", "name"), [("ppmd", "vendor-fault"), ("270", "question-miscounted")])
def test_a_fault_stands_alone(kind: Any, name: str) -> None:
    with pytest.raises(x271.UsageError) as caught:
        list(synth(kind, count=2, scenario=name, together=True))
    assert caught.value.position is not None
    assert caught.value.position.key == "together"


def test_a_record_that_differs_is_told_by_field_and_without_values() -> None:
    (one,) = synth("271", seed=1, scenario="visit-limits")
    record = x271.normalize(one.data)
    wrong = {
        **one.expected[0],
        "coverage": "inactive",
        "patient.last_name": "SOMEBODY",
        "copay.office_visit": 5,
        "benefits": 1,
        "plans": (),
        "has": ({"information_code": "F", "quantity": 1},),
    }
    assert set(differences(wrong, record)) == {
        "coverage",
        "patient.last_name",
        "copay.office_visit",
        "benefits",
        "plans",
        "has[0]",
    }


def test_no_repr_shows_what_is_in_a_document() -> None:
    (one,) = synth("271", seed=1, scenario="active-ppo")
    assert one.expected[0]["patient.last_name"] not in repr(one)
    assert "active-ppo" in repr(one)
