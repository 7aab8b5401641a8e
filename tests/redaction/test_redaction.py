"""De-identification: what is replaced, what stays, and that the record says the same."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import x271
from drawn import answers
from variants import VARIANTS
from x12 import ACTIVE, FIXTURES, ISA, answer, written, x12_fixtures
from x271.commands import app
from x271.forms import to_json, to_x12, to_xml
from x271.testing.hiding import shape, unlike

KEY = "a secret of ours"
DOCUMENTS = {
    **{path.name: path.read_bytes() for path in x12_fixtures()},
    **{path.name: path.read_bytes() for path in sorted((FIXTURES / "archive").iterdir())},
    **{f"variant {name}": variant.data for name, variant in VARIANTS.items()},
}


def same_but_for_values(before: Any, after: Any) -> None:
    """Two records that differ in texts of one shape and in days moved alike, and whose rejections are the same."""
    assert list(unlike(before, after)) == []
    assert before.rejections == after.rejections


def records(data: bytes) -> list[Any]:
    """The records, or the code by which the document is refused."""
    try:
        return x271.normalize_all(data)
    except x271.X271Error as error:
        return [error.code]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_record_differs_in_nothing_but_the_values(name: str) -> None:
    data = DOCUMENTS[name]
    before = records(data)
    try:
        redacted = x271.redact(data, key=KEY)
    except x271.DataError:  # what cannot be read cannot be redacted
        assert all(isinstance(one, str) for one in before)
        return
    after = records(redacted)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        if isinstance(one, str):
            assert one == other
        else:
            same_but_for_values(one, other)


@settings(max_examples=40)
@given(answers())
def test_any_answer_keeps_its_meaning(data: bytes) -> None:
    redacted = x271.redact(data, key=KEY)
    assert len(redacted) == len(data)
    for one, other in zip(x271.normalize_all(data), x271.normalize_all(redacted), strict=True):
        same_but_for_values(one, other)
        amounts = {name: value for name, value in one.to_integrex().items() if "$" in name or "%" in name}
        assert amounts.items() <= other.to_integrex().items()


def test_who_it_is_about_is_gone_and_codes_and_amounts_stay() -> None:
    data = written(
        answer(
            ACTIVE,
            "MSG*CALL JOHNATHAN QUIMBY AT 5551234567",
            "EB*C*IND*30***23*1250.50*****Y",
        )
    )
    redacted = x271.redact(data, key=KEY)
    for word in (b"QUIMBY", b"JOHNATHAN", b"5551234567"):
        assert word in data
        assert word not in redacted
    assert b"EB*C*IND*30***23*1250.50*****Y~" in redacted
    assert x271.normalize(redacted).coverage == "active"


def test_the_same_value_has_one_pseudonym_under_one_key_and_another_under_another() -> None:
    data = (FIXTURES / "archive" / "dependent-child.271").read_bytes()
    one, again, other = (x271.redact(data, key=key) for key in (KEY, KEY, "another key"))
    assert one == again
    assert one != other
    twice = x271.redact(data.replace(b"*0900~", b"*1000~"), key=KEY)
    assert x271.normalize(twice).subscriber == x271.normalize(one).subscriber


def test_names_that_differ_only_in_case_stay_the_same_name() -> None:
    from x271.redaction.pseudonyms import Pseudonyms

    pseudonyms = Pseudonyms(b"key")
    assert pseudonyms.text("Mc Quimby") == pseudonyms.text("MC QUIMBY").title()


def test_the_national_provider_identifier_stays_one() -> None:
    from x271.codes.npi import is_npi
    from x271.redaction.pseudonyms import Pseudonyms

    pseudonyms = Pseudonyms(b"key")
    right, wrong = "1999999984", "1999999985"
    assert is_npi(pseudonyms.npi(right))
    assert not is_npi(pseudonyms.npi(wrong))
    assert pseudonyms.npi(right) != right
    for odd in ("", "199999998", "199999998\n", "199999998-", "19999999844", "NOTANUMBER"):
        assert shape(pseudonyms.npi(odd)) == shape(odd)


@given(st.text(alphabet="abcXYZ019 -é日", max_size=30), st.text(alphabet="abcXYZ019 -", max_size=30))
def test_pseudonyms_have_the_shape_and_stay_apart(one: str, other: str) -> None:
    from x271.redaction.pseudonyms import Pseudonyms

    pseudonyms = Pseudonyms(b"key")
    made = pseudonyms.text(one)
    assert len(made.encode()) == len(one.encode())
    if one.isascii():
        assert shape(made) == shape(one)
        assert (made == pseudonyms.text(other)) == (one == other)


def test_dates_of_a_family_move_by_whole_weeks_into_the_past() -> None:
    before, after = (
        x271.normalize(data)
        for data in (DOCUMENTS["dependent-child.271"], x271.redact(DOCUMENTS["dependent-child.271"], key=KEY))
    )
    assert before.patient is not None
    assert after.patient is not None
    assert before.patient.birth_date is not None
    assert after.patient.birth_date is not None
    distance = before.patient.birth_date - after.patient.birth_date
    assert distance >= timedelta(weeks=26)
    assert distance.days % 7 == 0
    assert before.subscriber is not None
    assert after.subscriber is not None
    if before.subscriber.birth_date is not None and after.subscriber.birth_date is not None:
        assert before.subscriber.birth_date - after.subscriber.birth_date == distance


def planted(data: bytes, token: bytes) -> bytes:
    """The document with the token in each element that may hold text, one after the other in its segment."""
    return re.sub(
        rb"(?<=\*)[^*~:^\r\n]{5,}(?=[*~])", lambda match: match[0] if _structural(match[0]) else token, data
    )


def _structural(value: bytes) -> bool:
    return bool(re.fullmatch(rb"[\d.]{1,9}|\d{8}(-\d{8})?|00\d{4}X.*|[A-Z0-9]{1,4}| +|.{15}|.{10}", value))


@pytest.mark.parametrize("token", [b"QXZTOKENVALUE", b"481516234299", b"qxz.token@mail.test"])
@pytest.mark.parametrize("path", sorted((FIXTURES / "archive").glob("*.271")), ids=lambda path: path.name)
def test_a_planted_token_is_in_no_form_of_the_output(path: Path, token: bytes) -> None:
    data = planted(path.read_bytes(), token)
    assert token in data
    assert token not in x271.redact(data, key=KEY)
    for made in (to_xml(data), to_json(data)):
        assert token in made
        assert token not in x271.redact(made, key=KEY)


@settings(max_examples=40)
@given(answers(), st.integers(0, 10**6))
def test_no_element_that_may_identify_survives(data: bytes, where: int) -> None:
    places = [
        match.span(1)
        for match in re.finditer(rb"(?:NM1|N3|N4|PER|REF|TRN|MSG|DMG|BHT)\*[^~]*?(?<=\*)([^*~]{5,})", data)
    ]
    if not places:
        return
    start, end = places[where % len(places)]
    token = b"QXZTOKEN" + b"7" * (end - start)
    changed = data[:start] + token + data[end:]
    if x271.parse(changed).to_x12() != changed:
        return
    assert token not in x271.redact(changed, key=KEY)


@pytest.mark.parametrize(
    "name", ["sample.json", "sample.xml", "vsee_user_data.json", "active.xml", "active.json"]
)
def test_what_the_vendor_says_around_the_answer_is_replaced(name: str) -> None:
    path = FIXTURES / "ppmd" / name
    text = path.read_text(encoding="utf-8", errors="replace")
    redacted = x271.redact(path, key=KEY)
    for said in (
        "patientname",
        "subscriberid",
        "address2",
        "zipcode",
        "email",
        "username",
        "first_name",
        "last_name",
    ):
        for value in re.findall(rf'{said}"?\s*[:=]\s*"([^"]+)"', text):
            if value.strip():
                assert value.encode() not in redacted, said
    for before, after in zip(x271.normalize_all(path), x271.normalize_all(redacted), strict=True):
        same_but_for_values(before, after)


def test_x12_xml_and_json_are_treated_alike() -> None:
    xml = to_xml(FIXTURES / "ppmd" / "sample.json")
    twin = x271.redact(to_json(xml), key=KEY)
    assert to_x12(x271.redact(xml, key=KEY)) == to_x12(twin)
    assert (
        json.loads(twin)["PPMDResults"]["Results"].keys()
        == json.loads(to_json(xml))["PPMDResults"]["Results"].keys()
    )


def test_a_raw_response_that_is_text_is_treated_too() -> None:
    inner = DOCUMENTS["active-ppo.271"].decode()
    redacted = json.loads(x271.redact(json.dumps({"raw_response": inner, "name": "QUIMBY"}), key=KEY))
    assert redacted["raw_response"].encode() == x271.redact(inner, key=KEY)
    assert redacted["name"] != "QUIMBY"


def test_json_lines_stay_lines() -> None:
    line = json.dumps({"raw_response": DOCUMENTS["active-ppo.271"].decode()})
    redacted = x271.redact(f"{line}\n{line}\n", key=KEY)
    first, second = redacted.splitlines()
    assert first == second
    assert len(x271.normalize_all(redacted)) == 2


def test_text_outside_segments_is_replaced() -> None:
    data = DOCUMENTS["active-ppo.271"] + b"\nPRINTED FOR QUIMBY\n"
    assert b"QUIMBY" not in x271.redact(data, key=KEY)


@pytest.mark.parametrize("key", ["short", "", None, 12345678])
def test_a_key_must_be_a_secret(key: Any) -> None:
    with pytest.raises(x271.UsageError) as caught:
        x271.redact(DOCUMENTS["active-ppo.271"], key=key)
    assert caught.value.code == "BAD_OPTION"


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_an_error_of_ours(data: bytes) -> None:
    try:
        x271.redact(ISA.encode() + b"~" + data, key=KEY)
        x271.redact(data, key=KEY)
    except x271.X271Error:
        pass


def test_amounts_are_not_touched() -> None:
    record = x271.normalize(x271.redact(DOCUMENTS["active-ppo.271"], key=KEY))
    same = x271.normalize(DOCUMENTS["active-ppo.271"])
    amounts = [benefit.amount for benefit in record.benefits if benefit.amount is not None]
    assert amounts == [benefit.amount for benefit in same.benefits if benefit.amount is not None]
    assert all(isinstance(amount, Decimal) for amount in amounts)


@pytest.mark.parametrize("day", ["10010101", "00010101", "99991231", "00000000", "20260230"])
def test_a_birth_date_that_cannot_be_right_stays_a_date_or_none(day: str) -> None:
    data = re.sub(rb"DMG\*D8\*\d{8}", f"DMG*D8*{day}".encode(), DOCUMENTS["active-ppo.271"])
    before, after = x271.normalize(data), x271.normalize(x271.redact(data, key=KEY))
    assert before.findings == after.findings
    assert before.coverage == after.coverage


# The command.


def test_the_command_writes_a_file_and_takes_the_key_from_a_file(tmp_path: Path) -> None:
    source, out, key = tmp_path / "in.271", tmp_path / "out.271", tmp_path / "key"
    source.write_bytes(DOCUMENTS["active-ppo.271"])
    key.write_text(f"{KEY}\n")
    done = CliRunner().invoke(app, ["redact", str(source), "-o", str(out), "--key", f"@{key}"])
    assert done.exit_code == 0, done.output
    assert out.read_bytes() == x271.redact(source, key=KEY)


def test_the_command_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    source = tmp_path / "in.271"
    source.write_bytes(b"no document")
    assert CliRunner().invoke(app, ["redact", str(source), "--key", KEY]).exit_code == 1
    assert CliRunner().invoke(app, ["redact", str(source), "--key", "short"]).exit_code == 2
    assert CliRunner().invoke(app, ["redact", str(source), "--key", f"@{tmp_path / 'none'}"]).exit_code == 2


def test_an_isa_ends_with_its_last_terminator_also_when_it_is_redacted() -> None:
    data = (FIXTURES / "regressions" / "terminator-in-isa" / "input.271").read_bytes()
    twin = x271.redact(data, key=KEY)
    assert twin[84:106] == data[84:106]  # from ISA12 on
    assert [one.code for one in x271.normalize_all(twin)[0].findings] == []
