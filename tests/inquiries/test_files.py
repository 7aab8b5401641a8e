"""A file of requests: one, a list, JSON Lines, or VerifyTreatment's CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from inquiries.vendors import REQUESTS, VENDORS, Vendor, example
from x271.inquiries.files import Asked, requests
from x271.shapes import verifytreatment

ONE = {"a": "1"}
COLUMNS = "first_name,last_name,date_of_birth,payer_id"


def said(source: Any, vendor: Vendor = "verifytreatment") -> list[tuple[str, Any]]:
    """Where each stands, and the request or the code of its error."""
    return [
        (str(position), one.code if isinstance(one, x271.X271Error) else one)
        for position, one in requests(source, vendor)
    ]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_file_holds_one_request(vendor: Vendor) -> None:
    path = REQUESTS / f"{vendor}.json"
    assert said(path, vendor) == [("line 1", example(vendor) if vendor != "vsee" else numbers_as_text())]
    assert list(requests(path.read_bytes(), vendor)) == list(requests(path.read_text(), vendor))


def numbers_as_text() -> dict[str, Any]:
    made = example("vsee")
    made["data"]["gender"] = "1"
    made["data"]["insurance"]["primary"]["insurance_order"] = "1"
    return made


def test_a_list_holds_several() -> None:
    assert said(json.dumps([ONE, 7, {"b": "2"}])) == [
        ("key [0], line 1", ONE),
        ("key [1], line 1", "NOT_A_REQUEST"),
        ("key [2], line 1", {"b": "2"}),
    ]
    assert said("[]") == []


def test_vsees_data_may_be_a_list_of_users() -> None:
    text = json.dumps({"data": [ONE, ONE]})
    assert [where for where, _ in said(text, "vsee")] == ["key data[0], line 1", "key data[1], line 1"]
    assert said(text, "integrex") == [("line 1", {"data": [ONE, ONE]})]


def test_json_lines_are_one_request_a_line_and_a_bad_line_is_an_error_among_them() -> None:
    assert said('{"a": "1"}\n\n{"b": \n{"c": "3"}\n') == [
        ("line 1", ONE),
        ("line 3, column 7", "MALFORMED_JSON"),
        ("line 4", {"c": "3"}),
    ]
    assert said('{"a": "1"}\n[{"b": "2"}, 3]\n')[1:] == [
        ("key [0], line 2", {"b": "2"}),
        ("key [1], line 2", "NOT_A_REQUEST"),
    ]


def test_csv_has_a_request_a_row() -> None:
    text = (
        f'\ufeff {COLUMNS} \r\n"Jane","Doe, ""Jr""",01/02/1990,p\r\n\r\n,Roe,,\r\n"two\nlines",X,,\r\nA,B\r\n'
    )
    assert said(text) == [
        (
            "line 2",
            {"first_name": "Jane", "last_name": 'Doe, "Jr"', "date_of_birth": "01/02/1990", "payer_id": "p"},
        ),
        ("line 4", {"last_name": "Roe"}),
        ("line 5", {"first_name": "two\nlines", "last_name": "X"}),
        ("line 7", {"first_name": "A", "last_name": "B"}),
    ]


def test_a_cell_without_a_column_is_an_error_of_its_row() -> None:
    assert said("a,b\n1,2,3\n4,5\n") == [("line 2", "MALFORMED_CSV"), ("line 3", {"a": "4", "b": "5"})]


def test_a_quote_that_is_never_closed_ends_the_file() -> None:
    assert said('a,b\n1,2\n"3,4\n5,6\n') == [("line 2", {"a": "1", "b": "2"}), ("line 3", "MALFORMED_CSV")]


@pytest.mark.parametrize(
    ("source", "vendor", "code"),
    [
        (b"", "vsee", "EMPTY_INPUT"),
        (b" \xef\xbb\xbf"[1:] + b" \n", "verifytreatment", "EMPTY_INPUT"),
        ("a,b\n1,2", "integrex", "MALFORMED_JSON"),
        ('{"a": ', "vsee", "MALFORMED_JSON"),
        (b"a,b\n\xff,1", "verifytreatment", "MALFORMED_CSV"),
        ('"a', "verifytreatment", "MALFORMED_CSV"),
        ('"a"', "integrex", "NOT_A_REQUEST"),
        ("null", "vsee", "NOT_A_REQUEST"),
        ("[" * 100_000, "changehealthcare", "TOO_DEEP"),
        (7, "vsee", "BAD_INPUT_TYPE"),
        (Path("nothing/here.json"), "vsee", "UNREADABLE_FILE"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused(source: Any, vendor: Vendor, code: str) -> None:
    with pytest.raises(x271.X271Error) as caught:
        list(requests(source, vendor))
    assert caught.value.code == code


def test_text_is_content_and_no_file_name() -> None:
    with pytest.raises(x271.DataError):
        list(requests(str(REQUESTS / "vsee.json"), "vsee"))


@given(st.one_of(st.binary(max_size=80), st.text(max_size=80)), st.sampled_from(VENDORS))
def test_any_file_has_requests_or_an_error_of_ours(source: bytes | str, vendor: Vendor) -> None:
    try:
        found = list(requests(source, vendor))
    except x271.DataError:
        return
    assert all(isinstance(one, Asked) for one in found)


_CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n",'), min_size=1, max_size=8
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(("first_name", "last_name", "tag", "external_id")), _CELLS, min_size=1
        )
    )
)
def test_a_batch_file_that_we_write_is_read_as_it_was(rows: list[dict[str, str]]) -> None:
    text = verifytreatment.to_csv(rows)
    read = [dict(one) for _, one in requests(text, "verifytreatment") if isinstance(one, dict)]
    assert read == rows
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == len(rows) + 1
