"""The document as a tree: every segment stands in it, and no patient data unless asked."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import x271
from show.cards import ARCHIVE, PLANTED, flooded, planted
from variants import BASE
from x12 import ACTIVE, FIXTURES, answer, written
from x271.show import tree

DOCUMENTS = sorted(path for path in ARCHIVE.iterdir() if path.suffix in {".271", ".x12"})


def drawn(one: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=160, color_system=None).print(one)
    return out.getvalue()


def test_a_benefit_reads_in_words() -> None:
    assert (
        "EB B Co-Payment, IND Individual, 98 Professional (Physician) Visit - Office, 27 Visit  24"
        in drawn(x271.parse(BASE))
    )


@pytest.mark.parametrize("folder", ["archive", "questions", "acknowledgments"])
def test_every_segment_of_a_transaction_set_stands_in_it(folder: str) -> None:
    for path in (FIXTURES / folder).iterdir():
        if path.suffix not in {".271", ".270", ".999", ".997"}:
            continue
        document = x271.parse(path)
        text = drawn(tree.render(document, patient_data=True))
        for segment in path.read_bytes().decode().split("~"):
            words = segment.replace("*", " ").split()
            if words and words[0] not in ("ISA", "GS", "GE", "IEA"):
                assert " ".join(words) in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_nobodys_data_is_shown_unasked(path: Path) -> None:
    for data in (planted(path.read_bytes()), *islice(flooded(path.read_bytes()), 0, None, 4)):
        assert PLANTED not in drawn(x271.parse(data))
    assert PLANTED in drawn(tree.render(x271.parse(planted(path.read_bytes())), patient_data=True))


def test_what_is_not_read_is_counted() -> None:
    data = written(answer(ACTIVE)).replace(b"GE*1*", b"ST*837*0002~BHT*1~SE*3*0002~GE*2*")
    text = drawn(x271.parse(data))
    assert "transaction set 837" in text
    assert "3 segments that are not read" in text


def test_acknowledgements_of_the_envelope_and_further_interchanges_are_shown() -> None:
    returned = (FIXTURES / "acknowledgments" / "rejected.ta1").read_bytes()
    text = drawn(x271.parse(returned + returned))
    assert text.startswith("2 interchanges\n")
    assert text.count("TA1") == 2


def test_a_long_loop_is_cut_and_says_so() -> None:
    text = drawn(x271.parse(written(answer(*[ACTIVE] * (tree.MOST + 7)))))
    assert text.count("EB 1") == tree.MOST
    assert "and 7 more" in text
