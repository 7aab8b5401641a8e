"""The oracle holds the specification's cases, and the core agrees with the oracle."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from drawn import answers
from oracle import read
from oracle.compare import MEANING, MEANING_OF_A_FIELD, differences, of_core, of_oracle
from x271.testing import wild_questions

CASES = Path(__file__).parent.parent / "fixtures" / "cases"
EXAMPLES = int(os.environ.get("X271_ORACLE_EXAMPLES", "300"))
VERIFYTREATMENT = {"active": "active", "inactive": "inactive", "unknown": "unavailable"}


def _cases() -> list[Any]:
    cases = json.loads((CASES / "cases.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["id"]) for case in cases]


def _normalized(case: dict[str, Any]) -> list[dict[str, Any]]:
    context = case["context"]
    day = context["dos"]
    return read(
        (CASES / case["file"]).read_bytes(),
        date_of_service=f"{day[:4]}-{day[4:6]}-{day[6:]}",
        service_types=tuple(context["stc"]),
        trace=context["trn"],
    )


def _said(records: list[dict[str, Any]], key: str) -> Any:
    """What the oracle says under a key of cases.json."""
    record = records[0]
    benefits = record["benefits"]
    by_key = {
        "#patients": len(records),
        "#records": len(benefits),
        "reason": record["coverage_reason"],
        "errors": record["rejections"],
        "vsee.eligibility_response": record["eligibility_response"],
        "vsee.eligibility_text": record["eligibility_text"],
        "verifytreatment": VERIFYTREATMENT[record["coverage"]],
        "fields.identity_changed": record["identity_changed"],
        "records[].service_type": [b["service_type"] for b in benefits],
        "records[].entities": [[f"{kind}:{name}" for kind, name in b["entities"]] for b in benefits],
    }
    if key in by_key:
        return by_key[key]
    if key.startswith("fields."):
        return record["fields"][key.removeprefix("fields.")]
    if key.startswith("records[1]."):
        name = {"hsd": "deliveries", "auth": "authorization"}.get(key.removeprefix("records[1]."))
        return benefits[1][name or key.removeprefix("records[1].")]
    return record[key]


@pytest.mark.parametrize("case", _cases())
def test_the_oracle_holds_the_case(case: dict[str, Any]) -> None:
    records = _normalized(case)
    findings = records[0]["findings"]
    for key, expected in case["expect"].items():
        if key == "warnings+":
            meanings = [w for w in expected if w.partition(":")[0] in MEANING + MEANING_OF_A_FIELD]
            assert set(meanings) <= set(findings)
        elif key == "warnings-":
            assert not set(expected) & set(findings)
        else:
            assert _said(records, key) == expected, key


def test_the_oracle_gives_74_fields_and_all_are_strings() -> None:
    for case in json.loads((CASES / "cases.json").read_text(encoding="utf-8")):
        for record in _normalized(case):
            assert len(record["fields"]) == 74
            assert all(isinstance(value, str) for value in record["fields"].values())


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=answers(), request=wild_questions())
def test_the_core_and_the_oracle_agree(data: bytes, request: dict[str, Any]) -> None:
    import x271

    note(data.decode().replace("~", "~\n"))
    expected = [of_oracle(record) for record in read(data, **request)]
    try:
        found = [of_core(eligibility) for eligibility in x271.normalize_all(data, **request)]
    except x271.NoPatient:
        found = []
    assert differences(found, expected) == []
