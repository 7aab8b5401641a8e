"""One answer in each of its forms gives one record, and of several answers a broken one loses no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import x271
from x12 import ACTIVE, FIXTURES, answer, meaning, written

PPMD = FIXTURES / "ppmd"
TWIN = json.loads((PPMD / "sample.json").read_text(encoding="utf-8"))
USER = json.loads((PPMD / "vsee_user_data.json").read_text(encoding="utf-8"))
BARE = {name: value for name, value in TWIN.items() if name != "?xml"}

FORMS: dict[str, Callable[[], Any]] = {
    "XML as bytes": (PPMD / "sample.xml").read_bytes,
    "XML as text": lambda: (PPMD / "sample.xml").read_bytes().decode("latin-1"),
    "XML as a file": lambda: PPMD / "sample.xml",
    "JSON as bytes": (PPMD / "sample.json").read_bytes,
    "JSON as text": lambda: (PPMD / "sample.json").read_text(encoding="utf-8"),
    "JSON as a file": lambda: PPMD / "sample.json",
    "JSON with a byte order mark": lambda: b"\xef\xbb\xbf" + (PPMD / "sample.json").read_bytes(),
    "a dict with ?xml": lambda: TWIN,
    "a dict without ?xml": lambda: BARE,
    "JSON without ?xml": lambda: json.dumps(BARE),
    "VSee's user record as a dict": lambda: USER,
    "VSee's user record as bytes": (PPMD / "vsee_user_data.json").read_bytes,
    "VSee's user record as a file": lambda: PPMD / "vsee_user_data.json",
    "a record with the JSON as text in it": lambda: {"raw_response": json.dumps(TWIN)},
    "a list of one": lambda: json.dumps([TWIN]),
    "JSON Lines of one": lambda: json.dumps(TWIN) + "\n",
    "rewritten as X12": lambda: x271.parse(PPMD / "sample.xml").to_x12(),
    "rewritten as X12 text": lambda: x271.parse(PPMD / "sample.json").to_x12().decode(),
}
EXPECTED = meaning(x271.normalize(PPMD / "sample.xml").model_dump())


@pytest.mark.parametrize("form", FORMS)
def test_the_vendors_sample_gives_one_record_in_every_form(form: str) -> None:
    record = x271.normalize(FORMS[form]())
    assert record.eligibility_response == "No response received by clearinghouse"
    assert record.eligibility_text == "The payer response contains invalid or non compliant data.(70002)"
    assert record.coverage == "unknown"
    assert record.rejected
    fields = record.to_integrex()
    assert fields["requestStatusCode"] == "80"
    assert fields["coverageStatusCode"] == ""
    assert (fields["subLastName"], fields["payerName1"]) == ("VSEE", "HEALTH CHOICE ARIZONA")
    assert meaning(record.model_dump()) == EXPECTED


@pytest.mark.parametrize("form", FORMS)
def test_the_vendors_sample_is_parsed_to_one_document_in_every_form(form: str) -> None:
    document = x271.parse(FORMS[form]())
    assert document.to_x12() == x271.parse(PPMD / "sample.xml").to_x12()
    assert (document.results is not None) == ("X12" not in form)


def test_what_the_vendor_says_around_the_answer_is_in_the_record() -> None:
    record = x271.normalize(PPMD / "sample.xml")
    assert record.results is not None
    assert record.results.eligibility_id == "2505465"
    assert x271.normalize(x271.parse(PPMD / "sample.xml").to_x12()).results is None


def test_a_fault_beside_an_answer_is_kept_and_reported() -> None:
    path = FIXTURES / "archive" / "ppmd-active.json"
    twin = json.loads(path.read_text(encoding="utf-8"))
    twin["PPMDResults"]["Error"] = {"Fault": {"detail": {"code": "2048"}}}
    document = x271.parse(twin)
    assert "VENDOR_FAULT" in {one.code for one in document.findings}
    assert document.results is not None
    assert document.results.fault is not None
    assert document.results.fault.code == "2048"
    assert x271.normalize(twin).coverage == x271.normalize(path).coverage == "active"


# --- several answers in one input

GOOD = written(answer(ACTIVE)).decode()
OTHER = written(answer("EB*6**30")).decode()
BROKEN = ("<PPMDResults><Results", '{"PPMDResults": {', "ISA*00*~", "no answer at all", "<PPMDResults/>")


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_broken_answer_among_others_loses_none_of_them(broken: str, at: int) -> None:
    texts = [GOOD, OTHER]
    texts.insert(at, broken)
    for data in ([{"raw_response": one} for one in texts], texts):
        records = x271.normalize_all(json.dumps(data))
        assert [record.coverage for record in records] == ["active", "inactive"]


def test_a_broken_line_among_json_lines_loses_no_other() -> None:
    lines = [json.dumps({"raw_response": GOOD}), '{"raw_response": ', json.dumps({"raw_response": OTHER})]
    records = x271.normalize_all("\n".join(lines))
    assert [record.coverage for record in records] == ["active", "inactive"]


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (["<PPMDResults><Results", "no answer"], "MALFORMED_XML"),
        (["no answer", "<PPMDResults><Results"], "UNKNOWN_FORM"),
        (["ISA*00*~"], "BAD_ENVELOPE"),
    ],
)
def test_if_no_answer_can_be_read_the_first_ones_error_is_raised(broken: list[str], error: str) -> None:
    with pytest.raises(x271.DataError) as caught:
        x271.normalize_all(json.dumps(broken))
    assert caught.value.code == error


def test_parse_reads_one_answer_and_refuses_several() -> None:
    with pytest.raises(x271.SeveralPatients) as caught:
        x271.parse(json.dumps([GOOD, OTHER]))
    assert caught.value.count == 2


@pytest.mark.parametrize("path", sorted((FIXTURES / "archive").glob("*.xml")), ids=lambda path: path.name)
def test_the_archives_xml_and_its_twin_give_one_record(path: Path) -> None:
    twin = next(other for other in path.parent.glob(f"{path.stem}*.json"))
    assert meaning(x271.normalize(path).model_dump()) == meaning(x271.normalize(twin).model_dump())
    assert meaning(x271.normalize(path).model_dump()) == meaning(
        x271.normalize(x271.parse(path).to_x12()).model_dump()
    )
