"""The core's readers of XML and JSON beside lxml and Python's own: what they take, they read alike."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import event, example, given

from sources.documents import FIXTURES, PPMD, answer, as_xml, nodes, of
from x271 import _core
from x271.errors import DataError, UsageError, X271Error
from x271.sources import Limits, Source, json_text, load, load_all, xml
from x271.testing import mangled, wild_json, wild_values, wild_xml

WHOLE = ("sample.xml", "active.xml", "sample.json", "vsee_user_data.json")

FORMS = sorted(path for folder in ("ppmd", "archive") for path in (FIXTURES / folder).glob("*.[xj][ms][lo]*"))


@contextmanager
def without_ours() -> Iterator[None]:
    """Leaves all reading to lxml and to Python's `json`."""

    def tree(text: bytes, *, limits: Limits) -> _core.Tree:
        return xml.by_lxml(xml.utf8(text), limits=limits)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml, "tree", tree)
        patch.setattr(json_text, "_tree", json_text.by_python)
        yield


def outcome(data: Any) -> list[Any]:
    """All that a caller can tell of an input."""
    found: list[Any] = []
    try:
        for one in load_all(data):
            found.append(_told(one) if isinstance(one, DataError) else (one, one.results, one.has_fault))
    except X271Error as error:
        found.append(("raised", _told(error)))
    return found


def _told(error: X271Error) -> tuple[object, ...]:
    kept = ("fault_code", "description", "eligibility_id", "status_id")
    return (error.code, str(error.position), error.detail, *(getattr(error, name, None) for name in kept))


def same(data: Any) -> list[Any]:
    """The outcome, which is the same with the full parsers."""
    ours = outcome(data)
    with without_ours():
        theirs = outcome(data)
    assert ours == theirs
    return ours


def takes(data: bytes) -> bool:
    """Whether one of the core's readers takes a text."""
    return (_core.Tree.of_xml(data, 100) or _core.Tree.of_json(data)) is not None


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_every_fixture_is_read_by_the_core_and_as_the_full_parsers_read_it(path: Any) -> None:
    data = path.read_bytes()
    assert same(data)
    assert takes(xml.utf8(data) if data.startswith(b"<") else data)


@given(wild_xml())
@example("<?xml version='1.0'?><PPMDResults><a EB03_x='&#51;0' MSG01_x=\"x\r\ny\"\n/></PPMDResults>")
def test_xml_in_any_guise_is_read_as_lxml_reads_it(text: str) -> None:
    event("taken" if takes(text.encode()) else "handed over")
    same(text)
    same(text.encode())


@given(wild_json())
@example('{"PPMDResults": {"@EB07_x": 1500.50, "a": {"EB03_x": [1, -0, 1e5, true, null]}}}')
def test_json_in_any_guise_is_read_as_python_reads_it(text: str) -> None:
    event("taken" if takes(text.encode("utf-8", "surrogatepass")) else "handed over")
    same(text)


@given(mangled([(PPMD / name).read_bytes() for name in WHOLE]))
def test_damaged_text_is_read_or_refused_alike_and_in_the_same_place(data: bytes) -> None:
    event("taken" if takes(data) else "handed over")
    same(data)


@given(wild_values())
def test_a_value_of_the_callers_is_read_as_its_text_is(value: Any) -> None:
    record = {"PPMDResults": value}
    if "NaN" not in (text := json.dumps(record)) and "Infinity" not in text:
        assert [_x12(one) for one in outcome(record)] == [_x12(one) for one in outcome(text)]


def _x12(one: Any) -> object:
    return one[0].x12 if isinstance(one[0], Source) else one


@given(nodes)
def test_the_lines_of_segments_are_those_of_lxml(node: dict[str, Any]) -> None:
    text = as_xml(answer({"Detail": node})).replace(b"><", b">\n<").replace(b" EB", b"\n EB")
    assert takes(text)
    same(text)


def handed_over(*texts: str) -> list[str]:
    return [text for text in texts if not takes(text.encode("utf-8", "surrogatepass"))]


def test_what_a_full_parser_must_judge_is_handed_over() -> None:
    texts = (
        *(
            "<!DOCTYPE a><a/>",
            "<a>&b;</a>",
            "<é/>",
            "<a x='1' x='2'/>",
            "<p:a/>",
            "<a xml:lang='en'/>",
            "<a:b:c/>",
        ),
        *(
            "<a>]]></a>",
            "<!-- -- --><a/>",
            "<a x='<'/>",
            "<a x=1/>",
            "<a x='1'y='2'/>",
            "<a/><b/>",
            "<a></b>",
            "<a",
        ),
        *(
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
            "<a>&#+5;</a>",
            "<a>\x01</a>",
            "<a>\ufffe</a>",
            "<?XML x?><a/>",
            "a<a/>",
        ),
        *(
            "<?xml version='1.1'?><a/>",
            "<?xml version='1.0' encoding='ebcdic'?><a/>",
            "<a xmlns:p='a b'/>",
            "<a>\0</a>",
        ),
        *(
            "<a xmlns:p='' />",
            "<a xmlns:p='u:p' xmlns:q='u:p' p:x='' q:x=''/>",
            "<?p?><?xml version='1.0'?><a/>",
        ),
        *(
            '{"a": 1, "a": 2}',
            '{"a": NaN}',
            '"\\ud800"',
            '"\ud800"',
            "[1,]",
            "[01]",
            "[1] 2",
            '"\t"',
            "[tru]",
            '{"a"}',
        ),
    )
    assert handed_over(*texts) == list(texts)
    for text in texts:
        same(text)


def test_what_is_plain_is_not_handed_over() -> None:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    texts = [
        "<a/>",
        " \n<?xml version='1.0' encoding='ISO-8859-1' standalone='yes'?>\n<!-- é --><?p i?><a b = 'é'></a >",
        f"<a xmlns='u:d' xmlns:p='{xsi}'><p:b p:c='1' c='2'/></a>\n<!----><?p?>",
        "<a>&lt;&#13;\r\n]]&gt;<![CDATA[]]]]><![CDATA[>]]></a>",
        "<a b='&quot;\n&#10;'/>",
        "[]",
        "{}",
        ' {"a": [1.50, -0, 1E+5, "\\u00e9\\ud83d\\ude00\\/", true, false, null, {}]}\r\n',
        '"a"',
    ]
    assert handed_over(*texts) == []
    for text in texts:
        same(text)


def test_plain_xml_needs_no_lxml() -> None:
    code = (
        "import sys; from x271.sources import load;"
        "load('<a MSG01_x=\"1\"/>');"
        "print(sorted({'lxml', 'xmltodict'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert ran.stdout.strip() == "[]"


def test_lines_beyond_65535_are_exact_though_libxml2_counts_no_further_for_an_element_with_children() -> None:
    source = load(b"<a>" + b"\n" * 70_000 + b'<b MSG01_x="1">\n<c MSG01_x="2"/></b></a>')
    assert source.lines is not None
    assert sorted(set(source.lines)) == [70_001, 70_002]


@pytest.mark.parametrize("count", [90, 5_000])
def test_many_attributes_and_many_names_take_no_square_of_time(count: int) -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(count))
    source = load(f'<a {attributes} MSG01_x="1"/>')
    assert of(source.x12, "MSG") == [["MSG", "1"]]
    names = {f"a{number}": number for number in range(count)}
    assert of(load(json.dumps({"PPMDResults": {**names, "@MSG01_x": "1"}})).x12, "MSG") == [["MSG", "1"]]


def test_a_name_that_comes_again_after_many_others_loses_no_value() -> None:
    names = ", ".join(f'"a{number}": 0' for number in range(40))
    text = f'{{"PPMDResults": {{"M": {{"@MSG01_x": "1"}}, {names}, "M": {{"@MSG01_x": "2"}}}}}}'
    assert of(load(text).x12, "MSG") == [["MSG", "1"], ["MSG", "2"]]


def test_a_fault_below_more_levels_than_anybody_reads_is_too_deep() -> None:
    error: Any = "x"
    for _ in range(300):
        error = {"a": error}
    document = {"PPMDResults": {"Results": [{"@success": "1"}, {"@success": "1"}], "Error": error}}
    for data in (document, json.dumps(document)):
        assert {one[0] for one in outcome(data)} == {"TOO_DEEP"}


# --- the caller's own values


def test_what_json_does_not_have_matters_only_where_it_would_be_read() -> None:
    document = answer({"a": {"@MSG01_x": "1"}})
    record = {"created": date(2026, 1, 1), "id": object(), "raw_response": document}
    assert of(load(record).x12, "MSG") == [["MSG", "1"]]
    for bad in (date(2026, 1, 1), b"1", object(), 10**5000):
        with pytest.raises(UsageError) as caught:
            load(answer({"a": {"@MSG01_x": bad}}))
        assert (caught.value.code, caught.value.detail) == ("BAD_INPUT_TYPE", type(bad).__name__)


def test_a_name_that_is_no_text_is_the_callers_fault_wherever_it_stands() -> None:
    records: list[Any] = [{1: "x"}, {"PPMDResults": {None: "x"}}, {"a": [{1: "x"}]}]
    for record in records:
        with pytest.raises(UsageError) as caught:
            load(record)
        assert caught.value.detail.endswith(" as a name")


def test_numbers_tuples_and_mappings_of_the_callers_are_values_like_others() -> None:
    node = {
        "@EB01_x": 1,
        "@EB03_x": ("30", 35),
        "@EB07_x": Decimal("12.50"),
        "@EB11_x": True,
        "@EB12_x": None,
    }
    for one in (node, MappingProxyType(node)):
        assert of(load(answer({"a": one})).x12, "EB") == [
            ["EB", "1", "", "30^35", "", "", "", "12.50", "", "", "", "true"]
        ]


def test_half_of_a_character_is_a_question_mark_and_stays_itself_in_a_text_that_holds_a_document() -> None:
    assert of(load({"PPMDResults": {"@MSG01_x": "a\ud800b"}}).x12, "MSG") == [["MSG", "a?b"]]
    with pytest.raises(DataError) as caught:
        load({"raw_response": "<a MSG01_x='\ud800'/>"})
    assert caught.value.code == "MALFORMED_XML"


def test_a_number_under_raw_response_is_no_answer_if_it_is_the_callers_own() -> None:
    with pytest.raises(DataError) as caught:
        load({"raw_response": 1})
    assert caught.value.code == "NOT_AN_ANSWER"


def test_an_object_that_holds_itself_twice_is_too_deep_at_once() -> None:
    loop: dict[str, Any] = {}
    loop.update(a=loop, b=[loop, loop], PPMDResults=loop)
    assert {one[0] for one in outcome(loop)} <= {"TOO_DEEP", "raised"}


# --- what a fault is


@pytest.mark.parametrize(
    "said",
    [{"success": "0"}, {"success": "1"}, {"success": " "}, {"Success": "no"}, {"eligibilityid": "1"}, {}],
)
def test_a_source_knows_of_a_fault_without_reading_the_results(said: dict[str, Any]) -> None:
    for error in ("", "x"):
        document = answer({"a": {"@MSG01_x": "1"}}, **said)
        document["PPMDResults"]["Error"] = error
        source = load(document)
        assert source.results is not None
        assert source.has_fault == (source.results.fault is not None)
    assert not load((PPMD / "active.xml").read_bytes()).has_fault
