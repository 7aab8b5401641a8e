"""The invariants hold for every document that we have, and each notices what would break it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import x271
from drawn import answers, of_every_form
from show.cards import PLANTED
from variants import VARIANTS
from x12 import ACTIVE, FIXTURES, all_fixtures, answer, read, written
from x271 import api, forms
from x271.normalize import integrex
from x271.tables import tables_of
from x271.testing import INVARIANTS, broken, keeping, mangled, saying, subject
from x271.testing.separating import oddly_separated, separated_otherwise

DATA = (FIXTURES / "archive" / "dependent-child.271").read_bytes()
OTHERS = [
    path for folder in ("acknowledgments", "inquiries") for path in sorted((FIXTURES / folder).iterdir())
]


def told(data: bytes) -> list[str]:
    return [str(one) for one in broken(data)]


@pytest.mark.parametrize("path", [*all_fixtures(), *OTHERS], ids=lambda path: path.name)
def test_all_hold_for_every_fixture(path: Path) -> None:
    assert told(path.read_bytes()) == []


@pytest.mark.parametrize("key", VARIANTS)
def test_all_hold_for_every_variant(key: str) -> None:
    assert told(VARIANTS[key].data) == []


@settings(max_examples=60)
@given(answers())
def test_all_hold_for_any_answer(data: bytes) -> None:
    assert told(data) == []


@settings(max_examples=100)
@given(mangled(of_every_form()))
@example(written(answer(ACTIVE)).replace(b"*261121*", b"*121162*", 1))
@example(written(answer(ACTIVE, "HSD")))
def test_all_hold_for_any_damaged_document(data: bytes) -> None:
    assert told(data) == []


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_all_hold_for_any_bytes(data: bytes) -> None:
    assert told(data) == []


def test_names_and_sentences_are_short_and_the_own_ones_of_each() -> None:
    assert (
        len({one.name for one in INVARIANTS}) == len({one.sentence for one in INVARIANTS}) == len(INVARIANTS)
    )
    for one in INVARIANTS:
        assert one.name.isidentifier()
        assert one.sentence.endswith(".")
        assert len(one.sentence) < 80


# --- each notices what would break it


def _of_views(data: Any, **options: Any) -> Any:
    """Reads a memoryview otherwise than bytes."""
    is_view = isinstance(data, memoryview)
    return x271.normalize_all(bytes(data).replace(b"EB*1*", b"EB*6*") if is_view else data, **options)


def _without_benefits(convert: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def made(data: Any) -> bytes:
        return convert(data).replace(b"EB01", b"ZZ01")

    return made


def _raises(*_: Any, **__: Any) -> Any:
    raise KeyError(SECRET)


SECRET = PLANTED
DEFECTS: dict[str, tuple[Any, str, Any]] = {
    "refusal": (saying, "_READERS", {"parse": _raises}),
    "lossless": (x271.Interchange, "to_x12", lambda self: DATA[:-1]),
    "forms": (forms, "to_xml", _without_benefits(forms.to_xml)),
    "delimiters": (keeping, "separated_otherwise", lambda x12, _: x12.replace(b"EB*1*", b"EB*6*")),
    "pieces": (keeping, "_PIECE", 0),
    "twice": (api, "normalize_all", _of_views),
    "json": (x271.Eligibility, "model_dump_json", lambda self: "{}"),
    "shapes": (x271.Eligibility, "to_verifytreatment", lambda self: {"coverage": object()}),
    "explain": (x271.Eligibility, "explain", _raises),
    "tables": (saying, "tables_of", lambda data: tables_of(written(answer(ACTIVE)))),
    "acknowledgment": (x271.Report, "ack_999", lambda self: written(answer("EB*1**30**************1"))),
    "redaction": (subject, "redact", lambda data, key: data.replace(b"EB*1*", b"EB*6*")),
    "silence": (x271.Eligibility, "summary", lambda self: self.subscriber.last_name),
}


def test_there_is_a_defect_for_each() -> None:
    assert list(DEFECTS) == [one.name for one in INVARIANTS]


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_noticed_and_told_without_a_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    holder, attribute, defect = DEFECTS[name]
    monkeypatch.setattr(holder, attribute, defect)
    found = list(broken(DATA))
    assert name in [one.invariant.name for one in found]
    assert not [one for one in found if SECRET in str(one)]


def test_an_error_that_is_none_of_ours_is_told_by_its_type_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrex, "fields", _raises)
    (first, *_) = told(DATA)
    assert first.startswith("shapes: KeyError at x271/normalize/eligibility.py:")
    assert " in to_integrex. " in first


def test_without_pyarrow_the_rows_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying, "find_spec", lambda name: None)
    monkeypatch.setattr(saying, "unlike", _raises)
    assert told(DATA) == []


def test_a_cell_that_says_something_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    other = DATA.replace(b"EB*1*", b"EB*6*")
    monkeypatch.setattr(saying, "tables_of", lambda data: tables_of(other))
    (first, *_) = told(DATA)
    assert first.startswith("tables: eligibility[0].coverage and ")


def test_more_places_than_one_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x271.Eligibility, "to_integrex", lambda self: {})
    (first, *_) = told(VARIANTS["two-subscribers"].data)
    assert first == "shapes: record 1, to_integrex and 1 more. Others' shapes are complete and are JSON."


# --- other delimiters


def test_only_what_delimits_becomes_another_delimiter() -> None:
    data = written(answer(ACTIVE, "MSG*SEE A:B^C", "EB*B**98^UC***27*20*****Y*HC:99213"))
    made = separated_otherwise(data, read(data))
    assert made is not None
    assert len(made) == len(data)
    assert made[3:4] not in data
    element, repetition, component, terminator = (chr(made[at]) for at in (3, 82, 104, 105))
    otherwise = data.decode().replace("*", element).replace("~", terminator)
    otherwise = otherwise.replace("98^UC", f"98{repetition}UC").replace("HC:99213", f"HC{component}99213")
    assert made.decode()[106:] == otherwise[106:]
    assert oddly_separated(read(data)) == {"MSG"}


@pytest.mark.parametrize(
    "data",
    [
        written(answer(ACTIVE)) * 2,
        written(answer(ACTIVE), "\n"),
        written(answer(ACTIVE)).replace(b"CLINIC", bytes(range(33, 127))),
        written(answer(ACTIVE)).replace(b"*00501*", b"*005*"),
    ],
    ids=["two interchanges", "lines", "no free character", "an ISA that is not padded"],
)
def test_what_cannot_have_other_delimiters_keeps_its_own(data: bytes) -> None:
    assert separated_otherwise(data, read(data)) is None
