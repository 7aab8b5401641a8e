"""The acknowledgements that we write, judged by somebody else's map of the 999."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import pyx12.params
import pyx12.x12n_document
from hypothesis import given, settings
from hypothesis import strategies as st

import x271
from drawn import whole
from variants import VARIANTS
from x271.testing import mangled

ARCHIVE = Path(__file__).parent.parent.parent / "fixtures" / "archive"
DOCUMENTS = {name: variant.data for name, variant in VARIANTS.items()} | {
    path.name: path.read_bytes() for path in sorted(ARCHIVE.iterdir()) if path.suffix in {".271", ".x12"}
}


def accepted(ack: bytes) -> bool:
    """True if pyx12 finds no fault in it."""
    said = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), io.StringIO(ack.decode("ascii")), io.StringIO(), None, None
    )
    return bool(said)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.filterwarnings("ignore")  # pyx12's own
def test_our_999_is_valid_by_the_map_of_pyx12(name: str) -> None:
    assert accepted(x271.validate(DOCUMENTS[name]).ack_999())


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=25)
@given(mangled(whole()), st.booleans())
def test_so_is_one_about_a_damaged_document(data: bytes, copies: bool) -> None:
    try:
        ack = x271.validate(data, copies=copies).ack_999()
    except x271.DataError:
        return
    assert not ack or accepted(ack)
    assert not ack or x271.validate(ack).findings == ()


@pytest.mark.filterwarnings("ignore")
def test_so_is_one_about_a_group_of_an_unknown_kind() -> None:
    damaged = VARIANTS[next(iter(VARIANTS))].data.replace(b"GS*HB*", b"GS*XX*")
    ack = x271.validate(damaged).ack_999()
    assert accepted(ack)
    assert b"AK1*HB*" in ack


@pytest.mark.parametrize("sent", [b"", b"XX", b"A B"])
@pytest.mark.filterwarnings("ignore")
def test_so_is_one_about_a_group_of_an_unknown_kind_that_holds_nothing(sent: bytes) -> None:
    whole = DOCUMENTS["active-ppo.271"]
    ack = x271.validate(whole.replace(b"~GS*", b"~GS*" + sent + b"**9~GS*", 1)).ack_999()
    assert accepted(ack)
    assert ack.count(b"AK1*HB*") == 2


@pytest.mark.parametrize("sent", [b"ISA", b"", b"2711", b"000", b"xyz", b"27 "])
@pytest.mark.filterwarnings("ignore")
def test_so_is_one_about_a_set_that_names_no_transaction(sent: bytes) -> None:
    whole = DOCUMENTS["active-ppo.271"]
    begin = whole.index(b"ST*271*")
    odd = whole[begin : whole.index(b"GE*")].replace(b"ST*271*", b"ST*" + sent + b"*")
    ack = x271.validate(whole[:begin] + odd + whole[begin:]).ack_999()
    assert accepted(ack)
    assert ack.count(b"AK2*271*") == 2


@pytest.mark.filterwarnings("ignore")
def test_the_judge_does_refuse_what_is_wrong() -> None:
    ack = x271.validate(next(iter(DOCUMENTS.values()))).ack_999()
    assert not accepted(ack.replace(b"AK9*", b"ZZ9*"))
