"""Which form an input has, and what of it becomes X12."""

from __future__ import annotations

import codecs
import json
import os
import subprocess
import sys
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.documents import FIXTURES, PPMD, answer, of
from x271.errors import AnswerPending, DataError, SeveralPatients, UsageError, VendorFault, X271Error
from x271.sources import Limits, Source, load, load_all

X12 = (FIXTURES / "variants" / "base.271").read_bytes()
XML = (PPMD / "active.xml").read_bytes()
JSON = (PPMD / "active.json").read_bytes()
EXPECTED = load(XML).x12


def found(data: Any) -> list[Source | DataError]:
    return list(load_all(data))


@pytest.mark.parametrize("start", [b"", b"\r\n  ", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"\n"])
def test_x12_passes_unchanged_with_all_that_stands_before_it(start: bytes) -> None:
    source = load(start + X12)
    assert source == Source(x12=start + X12, form="x12")
    assert source.x12[len(start) :] == X12


def test_x12_in_a_str_is_utf8_and_a_lone_surrogate_is_a_question_mark() -> None:
    assert load("ISA*é\ud800~").x12 == "ISA*é?~".encode()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes_is_content(kind: Any) -> None:
    assert load(kind(XML)).x12 == EXPECTED


@pytest.mark.parametrize("name", ["active.xml", "active.json"])
def test_a_path_is_a_file_and_its_name_does_not_matter(tmp_path: Path, name: str) -> None:
    file = tmp_path / "misleading.x12"
    file.write_bytes((PPMD / name).read_bytes())
    assert load(file).x12 == EXPECTED


def test_a_str_is_content_and_never_a_path(tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(XML)
    with pytest.raises(DataError) as caught:
        load(str(file))
    assert caught.value.code == "UNKNOWN_FORM"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("mark", [True, False])
def test_utf16_and_utf32_are_read_with_a_mark_and_without(codec: str, mark: bool) -> None:
    xml = XML.decode("latin-1").replace("ISO-8859-1", codec)
    for text in (xml, JSON.decode()):
        data = ("\ufeff" * (mark and codec[-1] == "e") + text).encode(codec)
        source = load(data)
        assert source.x12 == EXPECTED
        assert source.original == data
    assert load(X12.decode().encode(codec)).x12 == X12


def test_xml_in_a_str_is_read_as_it_stands_and_kept_in_the_encoding_that_it_declares() -> None:
    source = load(XML.decode("latin-1"))
    assert source.x12 == EXPECTED
    assert source.original == XML
    assert load(XML.decode("latin-1").replace("ISO-8859-1", "utf-16")).x12 == EXPECTED


def test_characters_that_the_declared_encoding_lacks_become_references() -> None:
    source = load('<?xml version="1.0" encoding="us-ascii"?><a MSG01_x="é中"/>')
    assert source.original == b'<?xml version="1.0" encoding="us-ascii"?><a MSG01_x="&#233;&#20013;"/>'
    assert load(source.original).x12 == source.x12
    assert of(source.x12, "MSG") == [["MSG", "é中"]]


@pytest.mark.parametrize("start", [b"\r\n", codecs.BOM_UTF8, b"  \n "])
def test_blanks_and_a_mark_before_xml_and_json_do_not_matter(start: bytes) -> None:
    xml = XML.decode("latin-1").replace("ISO-8859-1", "UTF-8").encode()
    assert load(start + xml).x12 == EXPECTED
    assert load(start + JSON).x12 == EXPECTED


def test_utf8_that_calls_itself_utf16_is_read_as_utf8() -> None:
    xml = XML.decode("latin-1").replace("ISO-8859-1", "utf-16").encode()
    assert load(xml).x12 == EXPECTED


def test_json_is_read_as_text_as_a_dict_and_inside_a_record() -> None:
    document = json.loads(JSON)
    record = {"data": {"insurance": {"primary": {"raw_response": document}}}}
    for data in (JSON, JSON.decode(), document, record, json.dumps(record), [record], [document]):
        source = load(json.dumps(data) if isinstance(data, list) else data)
        assert source.x12 == EXPECTED
        assert source.form == "json"
        assert source.lines is None
    assert load(document).original is None
    assert load(JSON).original == JSON


@pytest.mark.parametrize("text", [X12, XML.replace(b"ISO-8859-1", b"UTF-8"), JSON])
def test_a_raw_response_may_be_text_of_any_form(text: bytes) -> None:
    inner = text.decode("latin-1" if text.startswith(b"<") else "utf-8")
    for data in (
        inner,
        {"raw_response": inner},
        [inner],
        {"raw_response": json.dumps({"raw_response": inner})},
    ):
        source = load(json.dumps(data))
        assert source.form == load(inner).form
        assert source.x12 == load(inner).x12
        assert source.original == (None if text == X12 else inner.encode())


def test_the_vendors_sample_and_the_record_that_holds_it_give_one_answer() -> None:
    sources = [load(PPMD / name) for name in ("sample.json", "sample.xml", "vsee_user_data.json")]
    assert len({source.x12 for source in sources}) == 1
    assert [source.form for source in sources] == ["json", "xml", "json"]
    assert sources[0].results == sources[1].results == sources[2].results


@pytest.mark.parametrize("xml", sorted((FIXTURES / "archive").glob("*.xml")), ids=lambda path: path.name)
def test_the_archives_xml_and_its_twin_give_one_answer(xml: Path) -> None:
    twin = next(path for path in xml.parent.glob(f"{xml.stem}*.json"))
    assert load(xml).x12 == load(twin).x12


def test_a_record_gives_primary_and_secondary_in_their_order_and_passes_over_what_is_empty() -> None:
    first, second = answer({"M": {"@MSG01_x": "1"}}), answer({"M": {"@MSG01_x": "2"}})
    record = {
        "primary": {"raw_response": first},
        "secondary": {"raw_response": second},
        "third": {"raw_response": ""},
        "fourth": {"raw_response": None},
        "fifth": {"raw_response": {}},
    }
    answers = [one for one in load_all(record) if isinstance(one, Source)]
    assert [of(one.x12, "MSG")[0][1] for one in answers] == ["1", "2"]
    with pytest.raises(SeveralPatients) as caught:
        load(record)
    assert caught.value.count == 2


def test_json_lines_give_each_line_and_a_bad_line_does_not_lose_the_others() -> None:
    line = json.dumps(answer({"M": {"@MSG01_x": "1"}}))
    pending = json.dumps({"PPMDResults": {"Results": {"@eligibilityid": "7"}}})
    text = f'{line}\n\n{{"cut": \n{pending}\n{json.dumps({"user": 1})}\n{line}\n'
    first, bad, waiting, last = found(text)
    assert isinstance(first, Source)
    assert first.original == line.encode()
    assert isinstance(bad, DataError)
    assert (bad.code, str(bad.position)) == ("MALFORMED_JSON", "line 3, column 9")
    assert isinstance(waiting, AnswerPending)
    assert waiting.eligibility_id == "7"
    assert last == first


def test_a_fault_in_a_list_does_not_lose_the_answers_beside_it() -> None:
    fault = {"PPMDResults": {"Error": {"@Code": "1025", "@Description": "x"}}}
    good = answer({"M": {"@MSG01_x": "1"}})
    kinds = [type(one) for one in load_all(json.dumps([good, fault, {"raw_response": "nothing"}, good]))]
    assert kinds == [Source, VendorFault, DataError, Source]


def test_an_error_behind_the_first_answer_is_a_value_too() -> None:
    deep: dict[str, Any] = {}
    deep["deep"] = deep
    good = answer({"M": {"@MSG01_x": "1"}})
    first, second, third = found({"a": {"raw_response": good}, "b": {"raw_response": deep}, "c": deep})
    assert isinstance(first, Source)
    assert [one.code for one in (second, third) if isinstance(one, DataError)] == ["TOO_DEEP", "TOO_DEEP"]


def test_several_ppmdresults_in_one_xml_are_several_answers() -> None:
    one = b'<PPMDResults><Results eligibilityid="1"><a MSG01_x="1"/></Results></PPMDResults>'
    answers = found(b"<all>" + one + one.replace(b'"1"', b'"2"') + b"</all>")
    assert [one.results.eligibility_id for one in answers if isinstance(one, Source) and one.results] == [
        "1",
        "2",
    ]
    both = found(
        b'<PPMDResults><Results><a MSG01_x="1"/></Results><Results><a MSG01_x="2"/></Results></PPMDResults>'
    )
    assert [of(one.x12, "MSG")[0][1] for one in both if isinstance(one, Source)] == ["1", "2"]


def test_a_name_that_comes_twice_in_a_json_object_loses_neither_value() -> None:
    source = load('{"PPMDResults": {"Results": {"a": {"@MSG01_x": "1"}, "a": {"@MSG01_x": "2"}}}}')
    assert of(source.x12, "MSG") == [["MSG", "1"], ["MSG", "2"]]


def test_numbers_in_json_keep_their_digits() -> None:
    source = load('{"PPMDResults": {"a": {"@EB07_x": 1500.50, "@EB10_x": 123456789012345678901234567890}}}')
    [eb] = of(source.x12, "EB")
    assert (eb[7], eb[10]) == ("1500.50", "123456789012345678901234567890")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_INPUT"),
        ("", "EMPTY_INPUT"),
        (" \r\n\t", "EMPTY_INPUT"),
        (codecs.BOM_UTF8 + b" ", "EMPTY_INPUT"),
        (codecs.BOM_UTF16_LE, "EMPTY_INPUT"),
        (b"hello", "UNKNOWN_FORM"),
        (b"PK\x03\x04", "UNKNOWN_FORM"),
        ("hello".encode("utf-16"), "UNKNOWN_FORM"),
        (b"<a/>", "NOT_AN_ANSWER"),
        (b"<PPMDResults/>", "NOT_AN_ANSWER"),
        (b"{}", "NOT_AN_ANSWER"),
        ({}, "NOT_AN_ANSWER"),
        (b"[]", "NOT_AN_ANSWER"),
        (b'[1, null, "", {"results": {"count": 0}}]', "NOT_AN_ANSWER"),
        (b'{"raw_response": ""}', "NOT_AN_ANSWER"),
        (b'{"raw_response": {"a": 1}}', "NOT_AN_ANSWER"),
        (b'{"PPMDResults": null}', "NOT_AN_ANSWER"),
        (b'"hello"', "UNKNOWN_FORM"),
        (b"{", "MALFORMED_JSON"),
        (b'{"a": "\xff"}', "MALFORMED_JSON"),
        ('{"a": 1}'.encode("utf-16")[:-1], "MALFORMED_JSON"),
        ("<a/>".encode("utf-16")[:-1], "MALFORMED_XML"),
    ],
)
def test_what_is_no_answer_is_refused_by_name(data: Any, code: str) -> None:
    with pytest.raises(DataError) as caught:
        load(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "data", [None, 1, ["x"], {"x"}, object(), {1: 2}, {"@MSG01_x": b"1"}, {"@MSG01_x": 10**5000}]
)
def test_what_is_no_input_is_the_callers_fault(data: Any) -> None:
    with pytest.raises(UsageError) as caught:
        load(data)
    assert caught.value.code == "BAD_INPUT_TYPE"


@pytest.mark.parametrize(("name", "reason"), [("missing", "ENOENT"), ("", "EISDIR"), ("nul\0", "ValueError")])
def test_a_file_that_cannot_be_read_is_named_by_reason_and_not_by_path(
    tmp_path: Path, name: str, reason: str
) -> None:
    class Given(os.PathLike[str]):
        def __fspath__(self) -> str:
            return f"{tmp_path}/{name}"

    with pytest.raises(UsageError) as caught:
        load(Given())
    assert (caught.value.code, caught.value.detail) == ("UNREADABLE_FILE", reason)
    assert tmp_path.name not in str(caught.value)
    assert caught.value.__context__ is None


def test_lines_name_the_xml_line_of_every_segment() -> None:
    source = load(XML)
    text = XML.decode("latin-1").split("\n")
    assert isinstance(source.lines, array)
    assert len(source.lines) == EXPECTED.count(b"~")
    for line, segment in zip(source.lines, EXPECTED.decode().split("~"), strict=False):
        name = segment.partition("*")[0]
        assert name == "SE" or f" {name}01_" in text[line - 1]


def test_lines_go_beyond_65535() -> None:
    source = load(b"<a>" + b"\n" * 70_000 + b'<b MSG01_x="1"/></a>')
    assert source.lines is not None
    assert set(source.lines) == {70_001}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("ISA*00~"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "PPMDResults",
                    "Results",
                    "raw_response",
                    "Error",
                    "@MSG01_x",
                    "EB03_x",
                    "#text",
                    "@success",
                    "x",
                    "?xml",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(
    st.one_of(
        st.binary(), st.text(), json_values, json_values.map(json.dumps), st.text().map("<a>{}</a>".format)
    )
)
def test_anything_gives_sources_or_our_error(data: Any) -> None:
    problem = None
    try:
        for one in load_all(data):
            assert isinstance(one, (Source, DataError))
    except X271Error as error:
        problem = error
    assert problem is None or problem.__context__ is None


@given(st.integers(0, len(XML)), st.sampled_from([XML, JSON]))
def test_a_document_that_is_cut_anywhere_is_refused_by_us(end: int, text: bytes) -> None:
    if text[end:].strip():
        with pytest.raises(DataError):
            load(text[:end])


def test_x12_and_json_need_neither_lxml_nor_xmltodict() -> None:
    code = (
        "import sys; from x271.sources import load;"
        'load(\'ISA*\'); load(\'{"a": {"@MSG01_x": "1"}}\');'
        "print(sorted({'lxml', 'xmltodict'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert ran.stdout.strip() == "[]"


def test_limits_hold_for_bytes_text_and_files(tmp_path: Path) -> None:
    file = tmp_path / "answer.xml"
    file.write_bytes(XML)
    small = Limits(max_bytes=len(XML) - 1)
    for data in (
        XML,
        bytearray(XML),
        memoryview(XML),
        XML.decode("latin-1"),
        file,
        "é" * (len(XML) // 2 + 1) + "ISA",
    ):
        with pytest.raises(DataError) as caught:
            load(data, limits=small)
        assert caught.value.code == "TOO_LARGE"
    assert load(file, limits=Limits(max_bytes=len(XML))).x12 == EXPECTED


@pytest.mark.parametrize(
    "bad", [{"max_bytes": 0}, {"max_depth": -1}, {"max_depth": 251}, {"max_bytes": 1.5}, {"max_depth": True}]
)
def test_a_limit_must_be_a_positive_integer_in_range(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        Limits(**bad)
    assert caught.value.code == "BAD_OPTION"
    assert str(caught.value.position) == f"key limits.{next(iter(bad))}"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
@pytest.mark.parametrize("times", [1, 200])
def test_a_pipe_is_read_to_its_end_and_no_further_than_the_limit(tmp_path: Path, times: int) -> None:
    """It has no size to look at, and gives what is in it piece by piece."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sent = X12 + b"\n" * (1000 * times)

    def send() -> None:
        with suppress(BrokenPipeError), pipe.open("wb", buffering=0) as file:
            for at in range(0, len(sent), 1000):
                file.write(sent[at : at + 1000])

    with ThreadPoolExecutor(1) as pool:
        pool.submit(send)
        assert load(pipe).x12 == sent
        pool.submit(send)
        with pytest.raises(DataError) as caught:
            load(pipe, limits=Limits(max_bytes=len(sent) - 1))
    assert caught.value.code == "TOO_LARGE"


@pytest.mark.parametrize("said", [-1, 1, 7])
def test_a_file_that_grew_or_shrank_since_its_size_was_looked_at_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    file = tmp_path / "answer.271"
    file.write_bytes(X12)
    found = os.stat_result((*file.stat()[:6], len(X12) + said, *file.stat()[7:10]))
    monkeypatch.setattr("x271.sources.given.os.fstat", lambda _: found)
    assert load(file).x12 == X12
