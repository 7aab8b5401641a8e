"""Nothing that we log, warn of, raise or show by `repr` says what a document says.

Documents are filled with tokens, one of its own for every element, and none of them may come out again: not in a log
line, a warning, an error with all that hangs on it, the `repr` of anything public, or what a command says on stderr.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import x271
from inquiries.vendors import VENDORS, ask, example
from x12 import FIXTURES, answer, written, x12_fixtures
from x271.forms import to_dict, to_json, to_x12, to_xml
from x271.inquiries import inquiries_of
from x271.normalize.explanation import field_names
from x271.normalize.record import Coded
from x271.shapes.vsee import read_webhook

# Words, amounts and days that nobody else writes.
TOKEN = re.compile(r"qz[a-z]?\d{4}|8673\d{4}|1873-\d\d|1873, ?\d|1873\d{4}", re.IGNORECASE)
BASES = [path.read_bytes() for path in x12_fixtures() if path.stat().st_size < 6000]
ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA", "HL", "LS", "LE")


# An example here is a thousand `repr`s.
FEWER = settings(max_examples=max(10, settings().max_examples // 5))


class Heard(logging.Handler):
    """Every line that any logger gets, as it was written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [record.getMessage(), repr(record.__dict__)]


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collects logs and warnings at every level."""
    heard, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield heard.lines
        heard.lines += [str(one.message) for one in warned]
    finally:
        root.removeHandler(heard)
        root.setLevel(level)


def told(error: BaseException | None) -> list[str]:
    """An error and all that hangs on it."""
    if error is None:
        return []
    parts = [str(error), repr(error), repr(error.args), *getattr(error, "__notes__", ())]
    parts += traceback.format_exception(error)
    return [*parts, *told(error.__cause__), *told(error.__context__)]


def seen(value: Any, depth: int = 12) -> list[str]:
    """The `repr` of a value and of everything in it that is of ours; texts and numbers are what was asked for."""
    if depth == 0:
        return []
    if isinstance(value, BaseModel):
        inside = [one for _, part in value for one in seen(part, depth - 1)]
        return [repr(value), *inside]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in seen(one, depth - 1)]
    return (
        []
        if value is None or type(value).__module__ in ("builtins", "datetime", "decimal")
        else [repr(value)]
    )


def looked_at(data: Any) -> list[str]:
    """Everything that reads a document, and what comes of it."""
    texts: list[str] = []
    for read in (
        _parsed,
        _normalized,
        _validated,
        _tabled,
        *map(_made, (to_x12, to_xml, to_json, to_dict, _redacted)),
    ):
        try:
            texts += read(data)
        except x271.X271Error as error:
            texts += told(error)
    return texts


def _parsed(data: Any) -> list[str]:
    document = x271.parse(data)
    return [
        *seen(document),
        *map(str, document.findings),
        *seen(document.answers()),
        *seen(inquiries_of(data)),
    ]


def _normalized(data: Any) -> list[str]:
    texts = []
    for record in x271.normalize_all(data):
        texts += [*seen(record), *map(str, record.findings)]
        texts += [text for field in field_names()[::5] for text in seen(record.explain(field))]
    return [*texts, repr(x271.normalize(data))]


def _validated(data: Any) -> list[str]:
    report = x271.validate(data)
    return [str(report), *seen(report), *seen(x271.read_acknowledgment(data))]


def _tabled(data: Any) -> list[str]:
    tables = x271.tables(data)
    texts = [repr(tables), *(repr(getattr(tables, name)) for name in tables.names)]
    return texts + [repr(batch) for batches in tables for batch in batches.values()]


def _redacted(data: Any) -> bytes:
    return x271.redact(data, key="12345678")


def _made(convert: Callable[[Any], Any]) -> Callable[[Any], list[str]]:
    def made(data: Any) -> list[str]:
        convert(data)
        return []

    return made


def silent(texts: list[str]) -> None:
    for text in texts:
        found = TOKEN.search(text)
        assert found is None, f"{found[0]} in {text[:300]}"


@st.composite
def planted(draw: st.DrawFn) -> bytes:
    """An answer, question or acknowledgment with a token in every element, or in those that `keep` leaves."""
    base = draw(st.sampled_from(BASES))
    element, terminator = chr(base[3]), chr(base[105])
    keep = draw(st.sampled_from(("nothing", "codes", "first elements")))
    segments, number = [], 0
    for text in base.decode("latin-1").split(terminator):
        parts = text.split(element)
        name = parts[0].strip()
        for at in range(1, len(parts)):
            number += 1
            is_kept = name in ENVELOPE or not parts[at] or (keep == "first elements" and at == 1)
            if not is_kept and (keep != "codes" or len(parts[at]) > 3):
                parts[at] = _token(parts[at], number)
        if name == "ISA" and len(parts) > 8 and keep == "nothing":
            parts[6], parts[8] = f"QZ{number:04}".ljust(15), f"QZ{number + 1:04}".ljust(15)
        segments.append(element.join(parts))
    return terminator.join(segments).encode("latin-1")


def _token(sent: str, number: int) -> str:
    if re.fullmatch(r"\d{8}", sent):
        return f"1873{1 + number % 12:02}{1 + number % 28:02}"
    if re.fullmatch(r"\d+\.?\d*", sent) and len(sent) > 1:
        return f"8673{number:04}"
    return f"QZ{number:04}W"


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Cut, or with a few bytes changed."""
    at = draw(st.integers(0, len(whole)))
    new = draw(
        st.sampled_from((b"", b"\xff\xfe", b"<", b'"', b"~", b"*", b"\x00", b"ISA*", b"]]>", b"&x;", b"{"))
    )
    rest = draw(st.sampled_from((whole[at:], whole[at + 1 :], whole[at + 30 :], b"")))
    return whole[:at] + new + rest


def _in_form(form: str, data: bytes) -> bytes:
    if form == "x12":
        return data
    try:
        made = to_xml(data) if form == "xml" else to_json(data)
    except x271.X271Error:  # questions and acknowledgments have one form
        return data
    if form == "xml":  # the element names hold no values, what stands around them does
        return made.replace(
            b"<Results>", b'<Results patientname="QZ9991W" dob="1873-05-04" success="1" extra="QZ9992W">'
        )
    return made


@FEWER
@given(planted(), st.sampled_from(("x12", "xml", "json", "record")), st.data())
def test_no_token_of_a_document_comes_out_unasked(data: bytes, form: str, more: st.DataObject) -> None:
    if form == "record":
        text = _in_form("x12", data).decode("latin-1")
        data = json.dumps(
            {"id": "QZ9993W", "QZ9994W": 1, "raw_response": text, "note": {"QZ9995W": ["QZ9996W"]}}
        ).encode()
    else:
        data = _in_form(form, data)
    if more.draw(st.booleans()):
        data = more.draw(damaged(data))
    with listening() as heard:
        texts = looked_at(data)
    silent([*texts, *heard])


@given(st.sampled_from(VENDORS), st.data())
def test_no_token_of_a_request_comes_out_unasked(vendor: Any, more: st.DataObject) -> None:
    request = _tokens(example(vendor), more)
    with listening() as heard:
        try:
            texts = seen(ask(vendor, request))
        except (x271.X271Error, ValidationError) as error:
            texts = told(error)
    silent([*texts, *heard])


def _tokens(value: Any, more: st.DataObject) -> Any:
    """The same with tokens for some of its texts."""
    if isinstance(value, dict):
        return {name: _tokens(one, more) for name, one in value.items()}
    if isinstance(value, list):
        return [_tokens(one, more) for one in value]
    return more.draw(st.sampled_from((value, "QZ0001W", "1873-05-04"))) if isinstance(value, str) else value


@given(st.data())
def test_no_token_of_a_webhook_comes_out_unasked(more: st.DataObject) -> None:
    webhook = json.loads((FIXTURES / "requests" / "vsee_webhook.json").read_bytes())
    with listening() as heard:
        try:
            texts = seen(read_webhook(_tokens(webhook, more)))
        except x271.X271Error as error:
            texts = told(error)
    silent([*texts, *heard])


@given(
    st.dictionaries(
        st.sampled_from(sorted({*x271.Eligibility.model_fields} - {"service_types"})),
        st.just(["QZ0001W"]),
        min_size=1,
    )
)
def test_a_record_that_is_none_is_refused_without_its_values(record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        x271.Eligibility.model_validate(record)
    silent(told(caught.value))
    with pytest.raises(ValidationError) as caught:
        x271.Eligibility.model_validate_json(json.dumps(record))
    silent(told(caught.value))


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("normalize",),
    ("normalize", "--refused", "refused.jsonl"),
    ("parse",),
    ("validate",),
    ("convert", "--to", "xml"),
    ("redact", "--key", "12345678"),
    ("explain", "coverage"),
)


@FEWER
@given(planted(), st.data())
def test_no_command_says_a_token_on_stderr(tmp_path_factory: Any, data: bytes, more: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("answers")
    path = folder / "a.271"
    path.write_bytes(more.draw(st.one_of(st.just(data), damaged(data))))
    words = more.draw(st.sampled_from(COMMANDS))
    words = tuple(str(folder / word) if word.endswith(".jsonl") else word for word in words)
    at = len(words) if words[0] != "explain" else 1
    with listening() as heard:
        code, said = _run([*words[:at], str(path), *words[at:]])
    assert code in (0, 1, 2)
    silent([*heard, said])
    if "--refused" in words:
        silent([(folder / "refused.jsonl").read_text(encoding="utf-8")])


def _run(words: list[str]) -> tuple[int, str]:
    from x271.cli import main

    said, kept = io.StringIO(), sys.argv
    sys.argv = ["x271", *words]
    try:
        with (
            redirect_stderr(said),
            redirect_stdout(io.TextIOWrapper(io.BytesIO())),
            pytest.raises(SystemExit) as end,
        ):
            main()
    finally:
        sys.argv = kept
    assert isinstance(end.value.code, int)
    return end.value.code, said.getvalue()


def test_a_code_that_no_table_knows_is_not_shown_though_something_else_describes_it() -> None:
    """The kind of an alternate payer is EB04, with EB01's description where EB04 has none."""
    rows = ("EB*1**30", "EB*MC**30*QZ9997W", "LS*2120", "NM1*Y2*2*CARE*****PI*1", "LE*2120")
    payer = x271.normalize(written(answer(*rows))).alternate_payer
    assert payer is not None
    assert payer.kind == Coded(code="QZ9997W", description="Managed Care Coordinator")
    assert "QZ9997W" not in repr(payer) + repr(payer.kind)
    assert repr(Coded(code="HM", description="Health Maintenance Organization (HMO)")).count("HM") > 1
