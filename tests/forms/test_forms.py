"""Answers in another form: what a person expects."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import x271
from forms.compare import attributes, paths, records, said, transactions
from sources.documents import PPMD, cut, of
from variants import VARIANTS
from x12 import (
    ACTIVE,
    DEPENDENT,
    FIXTURES,
    GS,
    ISA,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    SUBSCRIBER_ABOVE,
    answer,
    interchange,
    transaction,
    written,
    x12_fixtures,
)
from x271.forms import to_dict, to_json, to_x12, to_xml

SAMPLE = PPMD / "sample.json"
SAMPLE_TWIN: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))


def _is_refused(path: Path) -> bool:
    """A defect that was mended by a refusal."""
    expected = path.with_name("expect.toml")
    return expected.exists() and "to_json" in tomllib.loads(expected.read_text("utf-8")).get("refused", {})


XML_FIXTURES = sorted(path for path in FIXTURES.rglob("*.xml") if not _is_refused(path))
ANSWERS_IN_XML = [path for path in XML_FIXTURES if b"<Edi271" in path.read_bytes()]
DOCUMENTS = {
    **{path.stem: path.read_bytes() for path in x12_fixtures()},
    **{f"variant {name}": variant.data for name, variant in VARIANTS.items()},
}


def edi271(data: Any) -> Any:
    return to_dict(data)["PPMDResults"]["Results"]["Edi271"]  # type: ignore[index]


# XML and JSON


def test_the_sample_goes_from_json_to_xml_and_back() -> None:
    xml = to_xml(SAMPLE)
    assert xml == (PPMD / "sample.xml").read_bytes()
    assert to_dict(xml) == SAMPLE_TWIN
    assert to_json(xml) + b"\n" == SAMPLE.read_bytes()


@pytest.mark.parametrize("path", XML_FIXTURES, ids=lambda path: path.name)
def test_every_xml_fixture_goes_to_json_and_back(path: Path) -> None:
    twin = to_json(path)
    assert to_dict(path) == json.loads(twin)
    assert {"?xml": None, **to_dict(path)}.keys() == to_dict(
        to_xml(twin)
    ).keys()  # a declaration is always written
    assert to_dict(to_xml(twin))["PPMDResults"] == to_dict(path)["PPMDResults"]


def test_a_fault_and_a_missing_answer_are_documents_and_no_x12() -> None:
    for name in ("fault_login.xml", "pending.xml"):
        assert to_dict(to_xml(to_dict(PPMD / name))) == to_dict(PPMD / name)
        with pytest.raises(x271.NoPatient):
            to_x12(PPMD / name)


@pytest.mark.parametrize("wanted", [to_x12, to_xml, to_json])
def test_what_has_the_form_already_comes_back_as_it_is(wanted: Any) -> None:
    document = wanted(SAMPLE)
    assert wanted(document) == document
    given = {to_x12: b"\r\n" + document, to_xml: document + b"\n<!-- kept -->", to_json: document + b"\n\n"}[
        wanted
    ]
    assert wanted(given) == given


def test_of_a_record_that_holds_an_answer_the_answer_is_taken() -> None:
    record = json.loads((PPMD / "vsee_user_data.json").read_text(encoding="utf-8"))
    twin = to_dict(record)
    assert list(twin) in (["?xml", "PPMDResults"], ["PPMDResults"])
    assert to_dict(to_xml(record)) | {"?xml": 0} == twin | {"?xml": 0}
    assert to_x12(record) == to_x12(twin)
    for raw in (SAMPLE_TWIN, SAMPLE.read_text(encoding="utf-8"), (PPMD / "sample.xml").read_text("latin-1")):
        assert to_dict({"id": "1", "raw_response": raw}) == SAMPLE_TWIN
    x12 = to_x12(SAMPLE)
    assert to_x12({"raw_response": x12.decode(), "id": "1"}) == x12


def test_several_documents_are_refused_and_empty_records_beside_one_are_not() -> None:
    line = json.dumps(SAMPLE_TWIN)
    for wanted in (to_x12, to_xml, to_json):
        with pytest.raises(x271.SeveralPatients):
            wanted(f"{line}\n{line}\n")
    assert to_dict(f'{{"raw_response": ""}}\n{line}\n') == SAMPLE_TWIN


def test_values_of_other_types_are_kept_in_json_and_text_in_xml() -> None:
    node = {
        "PPMDResults": {"Results": {"@n": 1, "@d": 1.5, "@b": True, "a": None, "Edi271": {"@ST01_": 271}}}
    }
    assert to_dict(node) == node
    assert to_xml(node).count(b'n="1" d="1.5" b="true"') == 1
    assert to_json('{"PPMDResults": {"@ST01_": 1.50}}') == b'{"PPMDResults": {"@ST01_": 1.50}}'


def test_the_encoding_is_what_the_document_says_or_what_is_asked_for() -> None:
    x12 = written(answer("EB*1**30*PR*RENÉE 中"))
    assert to_xml(x12).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<PPMDResults>')
    latin = to_xml(x12, encoding="ISO-8859-1")
    assert latin.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>\n')
    assert b"REN\xc9E &#20013;" in latin
    assert records(latin) == records(x12)
    assert to_xml(to_json(latin)) == latin
    again = to_xml(latin, encoding="UTF-8")
    assert "RENÉE 中".encode() in again
    assert to_dict(again) == to_dict(x12)
    assert to_dict(to_xml(to_dict(x12), encoding="utf-16")) | {"?xml": 0} == to_dict(x12) | {"?xml": 0}
    for unknown in ("zlib", "é", '"?>', ""):
        with pytest.raises(x271.UsageError, match="BAD_OPTION"):
            to_xml(x12, encoding=unknown)


def test_a_document_that_is_no_answer_is_refused() -> None:
    for wanted in (to_x12, to_xml, to_json):
        for data in (b"<a><b/></a>", {"a": {"b": "1"}}, b"", b"no form"):
            with pytest.raises(x271.DataError):
                wanted(data)
        with pytest.raises(x271.UsageError):
            wanted(Path("not there"))


# X12 to XML


def test_the_sample_s_x12_gives_the_sample_s_names_and_nesting() -> None:
    """All of the Edi271, also the order; what is around it does not stand in X12."""
    made = edi271(to_x12(SAMPLE))
    sent = SAMPLE_TWIN["PPMDResults"]["Results"]["Edi271"]
    assert json.dumps(made) == json.dumps(sent)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_the_same_transaction_in_each_form(name: str) -> None:
    x12 = DOCUMENTS[name]
    xml, twin = to_xml(x12), to_json(x12)
    for form in (xml, twin):
        back = to_x12(form)
        assert transactions(back) == transactions(x12)
        assert records(form) == records(x12)
    assert to_json(xml) == twin
    assert to_xml(twin) == xml


@pytest.mark.parametrize("path", ANSWERS_IN_XML, ids=lambda path: path.name)
def test_a_vendor_s_xml_keeps_its_elements_through_x12(path: Path) -> None:
    """The words behind `_` become ours, and so may the separators; of what is in a segment nothing changes."""
    assert elements(to_dict(to_x12(path))) == elements(to_dict(path))


def elements(twin: dict[str, Any]) -> list[tuple[str, Any]]:
    """Segment and number of each element with its value; blanks say nothing, as ISA is filled up with them."""
    sent = [(name.partition("_")[0], value.strip()) for name, value in attributes(twin)]
    repetition, component = dict(sent)["ISA11"], dict(sent)["ISA16"]
    several = {"EB03": repetition, "EB13": component, "EB14": component}
    return [
        (name, value.split(several[name]) if name in several else value)
        for name, value in sent
        if value and name not in ("ISA11", "ISA16")
    ]


def test_our_own_examples_of_the_vendor_s_form_come_back_with_their_elements() -> None:
    for name in ("ppmd-active.xml", "ppmd-rejected.xml"):
        path = FIXTURES / "archive" / name
        assert list(paths(edi271(to_x12(path)))) == list(paths(edi271(path)))


def test_dependents_stand_beside_subscribers() -> None:
    made = edi271(written(answer(ACTIVE, subscriber=(*SUBSCRIBER_ABOVE, *DEPENDENT))))
    one = made["TransactionSets"]["TransactionSet"]
    assert list(one) == [
        "Header",
        "InformationSourceDetail",
        "InformationReceiverDetail",
        "SubscriberDetail",
        "DependentDetail",
    ]
    assert one["DependentDetail"]["Name"]["Name"]["@NM104_FirstName"] == "BABY"


def test_a_name_that_comes_back_after_another_stands_in_continued() -> None:
    """JSON has one place for all children of one name, and the order must not change."""
    both = (*SUBSCRIBER_ABOVE, *DEPENDENT)
    x12 = written(interchange(transaction(*SOURCE, *RECEIVER, *both, *both, *both)))
    one = edi271(x12)["TransactionSets"]["TransactionSet"]
    assert list(one)[-3:] == ["SubscriberDetail", "DependentDetail", "Continued"]
    assert [list(part) for part in one["Continued"]] == [["SubscriberDetail", "DependentDetail"]] * 2
    assert said(to_x12(to_json(x12))) == said(x12)
    rows = ("MSG*A", "DTP*291*D8*20260101", "MSG*B", "III*ZZ*11", "MSG*C", "MSG*D")
    x12 = written(answer(ACTIVE, *rows))
    assert said(to_x12(to_json(x12))) == said(to_x12(to_xml(x12))) == said(x12)


def test_each_group_is_an_edi271_and_each_interchange_a_results() -> None:
    group = [GS, *transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE), "GE*1*1"]
    x12 = written([ISA, *group, *group, "IEA*2*000000001"])
    made = edi271(x12)
    assert [list(one)[2:] for one in made] == [
        ["InterchangeControlHeader", "FunctionalGroupHeader", "TransactionSets", "FunctionalGroupTrailer"],
        ["FunctionalGroupHeader", "TransactionSets", "FunctionalGroupTrailer", "InterchangeControlTrailer"],
    ]
    assert said(to_x12(to_json(x12))) == said(x12)
    several = x12 + x12.replace(b"*", b"|").replace(b"~", b"\n")
    root: Any = to_dict(several)["PPMDResults"]
    assert [list(one) for one in root["Results"]] == [["Edi271"], ["Edi271"]]
    for form in (to_xml(several), to_json(several)):
        assert said(to_x12(form)) == said(several)
        assert len(x271.normalize_all(form)) == 4


def test_se_is_left_out_if_it_is_as_counted_and_kept_if_not() -> None:
    right = answer(ACTIVE)
    assert b"SESegment" not in to_xml(written(right))
    at = next(index for index, one in enumerate(right) if one.startswith("SE*"))
    for wrong in ("SE*99*0001", "SE*13*0002", "SE*13"):
        x12 = written([*right[:at], wrong, *right[at + 1 :]])
        assert b"<Trailer>\n      <SESegment SE01_NumberOfIncludedSegments=" in to_xml(x12)
        assert said(to_x12(to_xml(x12))) == said(x12)
        assert said(to_x12(to_json(x12))) == said(x12)


def test_what_no_dictionary_knows_has_a_name_all_the_same() -> None:
    x12 = written(answer(ACTIVE, "ZZZ*A**B", "MSG*A****E", "TA1*000000001*261121*0900*A*000"))
    twin = to_json(x12).decode()
    assert '"ZZZSegment": {\n' in twin
    assert '"@ZZZ01_Unknown": "A"' in twin
    assert '"@MSG05_Unknown": "E"' in twin
    assert said(to_x12(twin)) == said(to_x12(to_xml(x12))) == said(x12)


def test_ta1_stands_before_the_group() -> None:
    segments = answer(ACTIVE)
    x12 = written([segments[0], "TA1*000000001*261121*0900*A*000", *segments[1:]])
    made = edi271(x12)
    assert list(made)[2:5] == [
        "InterchangeControlHeader",
        "InterchangeAcknowledgements",
        "FunctionalGroupHeader",
    ]
    assert made["InterchangeAcknowledgements"]["TA1Segment"]["@TA104_InterchangeAcknowledgementCode"] == "A"
    assert said(to_x12(to_xml(x12))) == said(x12)


def test_a_segment_without_any_element_is_kept() -> None:
    x12 = written(answer(ACTIVE, "EB*", "MSG*OF THE SECOND"))
    for form in (to_xml(x12), to_json(x12)):
        assert said(to_x12(form)) == said(x12)
        assert [one.messages for one in x271.normalize(form).benefits] == [
            one.messages for one in x271.normalize(x12).benefits
        ]


def test_blanks_and_line_breaks_in_a_value_are_kept() -> None:
    x12 = written(answer(ACTIVE, "MSG* A\tB\r\nC  "))
    assert said(to_x12(to_xml(x12))) == said(to_x12(to_json(x12))) == said(x12)


# separators


def test_the_document_s_separators_stay() -> None:
    x12 = written(answer("EB*1**30!98***********HC>99213")).replace(b"*^*", b"*!*").replace(b"P*:", b"P*>")
    for form in (to_xml(x12), to_json(x12)):
        back = to_x12(form)
        assert cut(back)[0][11:17:5] == ["!", ">"]
        assert of(back, "EB") == of(x12, "EB")


@pytest.mark.parametrize("sent", [b"\x1e", b"\x7f", b"\t"])
def test_separators_that_xml_cannot_hold_are_others_there(sent: bytes) -> None:
    x12 = written(answer("EB*1**30^98***********HC:99213", "MSG*NOT ^")).replace(b"98*", b"98*")
    x12 = x12.replace(b"*^*00501", b"*" + sent + b"*00501").replace(b"30^98", b"30" + sent + b"98")
    assert transactions(to_x12(to_xml(x12))) == transactions(x12)
    assert transactions(to_x12(to_json(x12))) == transactions(x12)
    assert [one.service_type for one in x271.normalize(to_xml(x12)).benefits] == ["30", "98"]


def test_a_letter_in_isa11_separates_nothing_and_xml_says_what_does() -> None:
    x12 = written(answer("EB*1**30^98")).replace(b"*^*00501", b"*U*00501")
    assert edi271(x12)["InterchangeControlHeader"]["@ISA11_InterchangeStandardsIdentifier"] == "^"
    assert of(to_x12(to_xml(x12)), "EB") == of(x12, "EB")


# what cannot be written


def test_only_an_answer_has_this_form() -> None:
    question = written(answer(ACTIVE)).replace(b"ST*271", b"ST*270").replace(b"GS*HB", b"GS*HS")
    beside = written(answer(ACTIVE)) + question
    ta1 = written([ISA, "TA1*000000001*261121*0900*A*000", "IEA*0*000000001"])
    for data, segment in ((question, 3), (beside, len(answer(ACTIVE)) + 3), (ta1, None)):
        for wanted in (to_xml, to_json, to_dict):
            with pytest.raises(x271.UnsupportedTransaction, match="NO_XML_FORM") as caught:
                wanted(data)
            position = caught.value.position
            assert (position.segment if position else None) == segment


def test_a_control_character_is_refused_in_xml_with_its_place_and_kept_in_json() -> None:
    segments = answer(ACTIVE, "MSG*SECRET\x01")
    x12 = written(segments)
    with pytest.raises(x271.DataError, match="UNWRITABLE_VALUE") as caught:
        to_xml(x12)
    position = caught.value.position
    assert position is not None
    assert (position.segment, position.element, position.loop) == (len(segments) - 3, 1, "2110C")
    assert position.offset == x12.index(b"MSG")
    assert "SECRET" not in str(caught.value)
    assert said(to_x12(to_json(x12))) == said(x12)


@pytest.mark.parametrize("segment", ["zz*1", "Z*1", "ZZZZ*1", "Z-Z*1", "MSG" + "*" * 100 + "1"])
def test_what_no_name_can_say_is_refused(segment: str) -> None:
    for wanted in (to_xml, to_json):
        with pytest.raises(x271.DataError, match="UNWRITABLE_VALUE"):
            wanted(written(answer(ACTIVE, segment)))


@pytest.mark.parametrize("wanted", [to_xml, to_json, to_dict, to_x12])
def test_what_json_does_not_have_and_what_is_too_deep_is_refused(wanted: Any) -> None:
    around: dict[str, Any] = {}
    around["inside"] = around
    for document in (
        {"Edi271": around},
        {"PPMDResults": {"Results": [{"@ST01_": "271"}] * 2, "deep": around}},
    ):
        if wanted is not to_x12 or "Edi271" in document:
            with pytest.raises(x271.LimitExceeded, match="TOO_DEEP"):
                wanted(document)
    for value in (object(), b"bytes", 10**5000):
        with pytest.raises(x271.UsageError, match="BAD_INPUT_TYPE"):
            wanted({"PPMDResults": {"Edi271": {"@ST01_": "271", "@x": value}}})
