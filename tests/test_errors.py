"""Errors: a closed, documented catalogue; each has code, position and hint, and none tells what an element says."""

from __future__ import annotations

import copy
import inspect
import json
import logging
import pickle
import traceback
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from generators import DOCS, generator
from variants import base, joined
from x271 import errors
from x271.errors import Position, catalogue
from x271.testing import mangled

PAGES = generator("generate_catalogues")
EXAMPLES = PAGES.examples()["errors"]
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, x271.X271Error)]


def made(kind: type[x271.X271Error]) -> x271.X271Error:
    """An error of that kind with everything that it can hold."""
    if kind is x271.SeveralPatients:
        return x271.SeveralPatients(count=3, position=Position(segment=4))
    if kind is x271.VendorFault:
        return x271.VendorFault(fault_code="1025", description="NO SUCH USER")
    if kind is x271.AnswerPending:
        return x271.AnswerPending(eligibility_id="17", status_id="0")
    if kind is x271.InvalidInquiry:
        problems = [x271.Finding(code="BAD_NPI", field="npi", position=Position(key="provider.identifier"))]
        return x271.InvalidInquiry(problems, position=Position(key="inquiry"))
    return kind("BAD_INPUT_TYPE", position=Position(offset=5, key="a.b"), detail="float")


@pytest.mark.parametrize("code", catalogue())
def test_an_error_has_a_kind_a_meaning_and_a_hint(code: str) -> None:
    row = catalogue()[code]
    assert row["kind"] in ("data", "usage")
    assert row["meaning"][0].islower()
    assert not row["meaning"].endswith(".")
    assert row["hint"].endswith(".")


@pytest.mark.parametrize("code", catalogue())
def test_the_example_of_an_error_really_raises_it(code: str) -> None:
    assert code in EXAMPLES, f"docs/examples.toml has no example of the error {code}"
    error = PAGES.error_of(EXAMPLES[code])
    assert error is not None, code
    assert error.code == code
    kind = x271.UsageError if catalogue()[code]["kind"] == "usage" else x271.DataError
    assert isinstance(error, kind)
    assert error.hint == catalogue()[code]["hint"]
    assert str(error).startswith(f"{code}: {catalogue()[code]['meaning']}")
    assert error.hint in str(error)


def test_there_is_no_example_of_an_error_that_does_not_exist() -> None:
    assert set(EXAMPLES) <= set(catalogue())


def test_the_page_of_errors_is_up_to_date() -> None:
    assert (DOCS / "errors.md").read_text(encoding="utf-8") == PAGES.errors_page()


def test_every_error_is_public_and_either_the_callers_fault_or_the_datas() -> None:
    for kind in KINDS:
        assert getattr(x271, kind.__name__) is kind
        if kind is not x271.X271Error:
            assert issubclass(kind, x271.UsageError) != issubclass(kind, x271.DataError)


def pickled(error: x271.X271Error) -> Any:
    return pickle.loads(pickle.dumps(error))  # noqa: S301 - our own


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_an_error_survives_copy_and_pickle(kind: type[x271.X271Error], copied: Any) -> None:
    error = made(kind)
    again = copied(error)
    assert type(again) is kind
    assert str(again) == str(error)
    assert (again.code, again.position, again.hint, again.args) == (
        error.code,
        error.position,
        error.hint,
        error.args,
    )
    assert again.__dict__ == error.__dict__


def test_an_error_from_a_real_answer_survives_pickle_with_its_rejections() -> None:
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(DOCS.parent / "fixtures" / "archive" / "payer-down-no-patient.271")
    again = pickled(caught.value)
    assert again.rejections == caught.value.rejections
    assert again.rejections[0].code == "42"
    assert again.eligibility_response == caught.value.eligibility_response


def test_a_position_says_what_is_known_and_nothing_else() -> None:
    place = Position(loop="2100C", segment=4, element=9, component=2, offset=0)
    assert str(place) == "loop 2100C, segment 4, element 9, component 2, byte offset 0"
    assert str(Position()) == ""
    assert str(Position(key="amounts.total[2]")) == "key amounts.total[2]"
    assert str(Position(line=3, column=14)) == "line 3, column 14"


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        x271.DataError("NO_SUCH_CODE")


# --- nothing that an element says

TOKEN = "QZEBRAFISHQ"  # noqa: S105 - stands for a patient's data
_WHOLE = joined(base())
_PLANTED = (
    "SAMPLE",
    "DEVON",
    "MSP000000001",
    "GRP-0271",
    "27 EXAMPLE STREET",
    "PRIMARY CARE PHYSICIAN",
    "PRIMER",
)


def planted(data: bytes) -> bytes:
    """The answer with the token in names, identifiers, addresses and messages."""
    for text in _PLANTED:
        data = data.replace(text.encode(), TOKEN.encode())
    return data


ANSWER = planted(_WHOLE)


def as_ppmd(data: bytes) -> str:
    """The same as a flat PPMDResults in XML."""
    rows = [segment.split("*") for segment in data.decode().split("~") if segment]
    cells = [
        f"<s {' '.join(f'{row[0]}{at:02}_x={chr(34)}{text}{chr(34)}' for at, text in enumerate(row[1:], 1) if text)}/>"
        for row in rows
    ]
    return f"<PPMDResults><Results patientname='{TOKEN}'><Edi271>{''.join(cells)}</Edi271></Results></PPMDResults>"


XML = as_ppmd(ANSWER)


def told(error: BaseException) -> str:
    """All that an error and the errors behind it say, as a log would show it; values of variables excepted."""
    shown = [*traceback.format_exception(error), str(error), repr(error), repr(error.args)]
    if isinstance(error, x271.X271Error):
        shown += [repr(error.position), str(error.position), error.hint, error.detail]
    return "\n".join(shown)


def everything_said(data: Any, **options: Any) -> str:
    """What reading an input lets others see: reprs, findings, errors, log records and warnings."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for function in (x271.parse, x271.normalize, x271.normalize_all):
                given = options if function is not x271.parse else {}
                try:
                    result: Any = function(data, **given)
                except x271.X271Error as error:
                    said.append(told(error))
                    continue
                results = result if isinstance(result, list) else [result]
                for one in results:
                    said += [repr(one), str(one), repr(one.findings)]
                    said += [str(finding) for finding in one.findings]
            said += [str(warning.message) for warning in caught]
    finally:
        logging.getLogger().removeHandler(handler)
    return "\n".join(said)


def test_the_token_is_really_in_the_answer_and_in_the_record() -> None:
    assert ANSWER.count(TOKEN.encode()) >= len(_PLANTED)
    assert TOKEN in x271.normalize(ANSWER).model_dump_json()
    assert TOKEN in x271.normalize(XML).model_dump_json()


@given(mangled([ANSWER]))
def test_no_damaged_x12_makes_x271_tell_what_an_element_says(data: bytes) -> None:
    assert TOKEN not in everything_said(data)


@given(mangled([XML.encode()]))
def test_no_damaged_xml_makes_x271_tell_what_an_attribute_says(data: bytes) -> None:
    assert TOKEN not in everything_said(data)


@given(
    mangled(
        [json.dumps({"PPMDResults": {"Results": {"@patientname": TOKEN, "a": {"@NM103_x": TOKEN}}}}).encode()]
    )
)
def test_no_damaged_json_makes_x271_tell_what_a_value_says(data: bytes) -> None:
    assert TOKEN not in everything_said(data)


@given(mangled([ANSWER]), st.sampled_from((TOKEN, "VARIANT-0001", None)))
def test_neither_does_a_trace_number_that_nobody_carries(data: bytes, trace: str | None) -> None:
    assert TOKEN not in everything_said(data, trace=trace)


def test_a_whole_answer_does_not_show_its_patient_either() -> None:
    assert TOKEN not in everything_said(ANSWER)
    assert TOKEN not in everything_said(XML)


@pytest.mark.parametrize(
    "options",
    [
        {"date_of_service": TOKEN},
        {"date_of_service": f"2026-11-21/{TOKEN}"},
        {"service_types": TOKEN},
        {"service_types": [TOKEN, 7]},
        {"profile": {"amounts": {TOKEN: 1}}},
    ],
)
def test_an_option_is_refused_by_its_name(options: dict[str, Any]) -> None:
    with pytest.raises(x271.UsageError) as caught:
        x271.normalize(ANSWER, **options)
    assert caught.value.code in ("BAD_DATE", "BAD_OPTION", "BAD_PROFILE")
    if "profile" not in options:
        assert TOKEN not in told(caught.value)
        assert caught.value.position == Position(key=next(iter(options)))


def test_every_segment_model_hides_its_elements() -> None:
    document = x271.parse(ANSWER)
    for answer in document.answers():
        for patient in answer.patients():
            assert TOKEN not in repr(patient)
            assert patient.name is not None
            assert TOKEN not in repr(patient.name)


def test_a_transaction_set_that_is_not_read_is_named_by_its_number_alone() -> None:
    with pytest.raises(x271.UnsupportedTransaction, match=r"a set 837\b"):
        x271.parse(_WHOLE.replace(b"ST*271*", b"ST*837*"))
    with pytest.raises(x271.UnsupportedTransaction, match="of an unknown kind") as caught:
        x271.parse(_WHOLE.replace(b"ST*271*", b"ST*DOE*"))
    assert "DOE" not in str(caught.value)


@pytest.mark.parametrize("places", [b"*005010X279A1", b"0001*005010X279A1"])
def test_another_guide_is_refused_by_its_name(places: bytes) -> None:
    other = _WHOLE.replace(places, places.replace(b"005010X279A1", b"006020X313"))
    with pytest.raises(x271.UnsupportedTransaction, match=r"a set 271 by the guide 006020X313\)"):
        x271.parse(other)


def test_text_that_only_begins_as_a_guides_name_is_not_shown() -> None:
    with pytest.raises(x271.UnsupportedTransaction, match=r"a set 271\)"):
        x271.parse(_WHOLE.replace(b"005010X279A1", b"005010X279ZQXPLANTED"))
