"""Orders of preference of one's own: each key takes effect, and each mistake is refused by its key."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import x271
from normalize.documents import DAY, answer
from normalize.effects import EFFECTS, Effect
from x271.normalize import profile as profiles

KEYS = [f"{table}.{key}" for table, part in profiles.preferences().model_dump().items() for key in part]
DEDUCTIBLE = answer("EB*1**30", "EB*C*IND*30***23*900*****Y", "EB*C*IND*30***25*500*****Y")
CONTRACT_FIRST = {"amounts": {"total": ["25", "23"]}}


def deductible(profile: Any) -> str:
    record = x271.normalize(DEDUCTIBLE, profile=profile)
    return record.to_integrex()["ded($)IndivInNetwork"]


def _seen(effect: Effect, profile: dict[str, Any] | None) -> Any:
    data = answer(*effect.rows.split("~"), source=effect.source, subscriber=effect.subscriber)
    record = x271.normalize(data, date_of_service=effect.day, profile=profile)
    if effect.field.startswith("!"):
        return effect.field[1:] in {finding.code for finding in record.findings}
    fields = record.to_integrex()
    return fields[effect.field] if effect.field in fields else getattr(record, effect.field)


@pytest.mark.parametrize("effect", EFFECTS, ids=[effect.key for effect in EFFECTS])
def test_each_key_takes_effect(effect: Effect) -> None:
    assert _seen(effect, None) == effect.before
    assert _seen(effect, effect.profile) == effect.after


def test_no_key_is_without_effect() -> None:
    assert [effect.key for effect in EFFECTS] == KEYS


def test_the_standard_profile_is_what_nothing_given_means() -> None:
    assert profiles.preferences("standard") == profiles.preferences(None) == profiles.preferences({})
    assert deductible("standard") == deductible(None) == "900.00"


def test_a_profile_is_a_dict_a_path_to_toml_or_a_path_to_json(tmp_path: Path) -> None:
    toml = tmp_path / "payer.toml"
    toml.write_text('[amounts]\ntotal = ["25", "23"]\n', encoding="utf-8")
    written = tmp_path / "payer.json"
    written.write_text(json.dumps(CONTRACT_FIRST), encoding="utf-8")
    assert deductible(CONTRACT_FIRST) == deductible(toml) == deductible(written) == "500.00"


def test_a_named_profile_is_one_that_x271_ships() -> None:
    assert profiles.named() == ("standard", "stated-network")
    data = answer("EB*1**30", "EB*C*IND*30***23*900")
    assert x271.normalize(data).to_integrex()["ded($)IndivInNetwork"] == "900.00"
    assert x271.normalize(data, profile="stated-network").to_integrex()["ded($)IndivInNetwork"] == ""


def test_every_shipped_profile_is_valid_and_differs_from_the_standard() -> None:
    for name in profiles.named()[1:]:
        assert profiles.preferences(name) != profiles.preferences(None)


def test_checking_a_shipped_profile_changes_nothing_so_that_reading_answers_need_not() -> None:
    for name in profiles.named():
        assert profiles.preferences(name).model_dump() == profiles._merged(name)


def test_a_profile_changes_only_what_it_holds() -> None:
    standard = profiles.preferences().model_dump()
    changed = profiles.preferences(CONTRACT_FIRST).model_dump()
    standard["amounts"]["total"] = ["25", "23"]
    assert changed == standard


def test_the_callers_dict_is_not_changed() -> None:
    given = copy.deepcopy(CONTRACT_FIRST)
    deductible(given)
    assert given == CONTRACT_FIRST
    assert deductible(None) == "900.00"


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ({"amount": {}}, "amount"),
        ({"amounts": ["23"]}, "amounts"),
        ({"amounts": {"totals": ["23"]}}, "amounts.totals"),
        ({"amounts": {"total": "23"}}, "amounts.total"),
        ({"amounts": {"total": ["23", 25]}}, "amounts.total[1]"),
        ({"amounts": {"total": ["23", "23"]}}, "amounts.total"),
        ({"amounts": {"order": ["service_type", "price"]}}, "amounts.order[1]"),
        ({"amounts": {"messages": ["PCP"]}}, "amounts.messages[0]"),
        ({"amounts": {"placeholder_nines": 0}}, "amounts.placeholder_nines"),
        ({"dates": {"benefit_pairs": [["193"]]}}, "dates.benefit_pairs[0]"),
        ({"dates": {"open_from_year": "2099"}}, "dates.open_from_year"),
        ({"networks": {"in_network": ["Y"]}}, "networks.in_network[0]"),
        ({"copay": {"periods": ["7" * 36]}}, "copay.periods[0]"),
    ],
)
def test_a_mistake_is_refused_with_its_key(profile: dict[str, Any], key: str) -> None:
    with pytest.raises(x271.ProfileError) as caught:
        x271.normalize(DEDUCTIBLE, profile=profile)
    assert caught.value.code == "BAD_PROFILE"
    assert caught.value.position is not None
    assert caught.value.position.key == key
    assert key in str(caught.value)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(x271.UsageError, match="standard, stated-network") as caught:
        x271.normalize(DEDUCTIBLE, profile="stated_network")
    assert caught.value.code == "UNKNOWN_PROFILE"


def test_a_mistake_in_toml_gives_its_line(tmp_path: Path) -> None:
    path = tmp_path / "payer.toml"
    path.write_text('[amounts]\ntotal = ["25", "23"\nremaining = ["29"]\n', encoding="utf-8")
    with pytest.raises(x271.ProfileError, match="line 3"):
        x271.normalize(DEDUCTIBLE, profile=path)


@pytest.mark.parametrize("content", [b'{"amounts": ', b"\xff\xfe", b"amounts", b"[" * 100_000])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "payer"
    path.write_bytes(content)
    with pytest.raises(x271.ProfileError):
        x271.normalize(DEDUCTIBLE, profile=path)


def test_a_file_that_is_not_there_is_the_callers_fault(tmp_path: Path) -> None:
    with pytest.raises(x271.UsageError, match="UNREADABLE_FILE"):
        x271.normalize(DEDUCTIBLE, profile=tmp_path / "none.toml")


def test_a_profile_of_another_type_is_refused() -> None:
    with pytest.raises(x271.UsageError, match="BAD_INPUT_TYPE"):
        x271.normalize(DEDUCTIBLE, profile=7)  # type: ignore[arg-type]


def test_an_explanation_follows_the_profile() -> None:
    record = x271.normalize(DEDUCTIBLE, profile=CONTRACT_FIRST, date_of_service=DAY)
    explanation = record.explain("ded($)IndivInNetwork")
    assert explanation.sources[0].text == "EB*C*IND*30***25*500*****Y"
    assert [one.reasons[0].code for one in explanation.of("lost")] == ["later_time_period"]
    assert "amounts.total" in explanation.preferences
