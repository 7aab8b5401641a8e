"""Long X12 files: `sources.pieces`, and `x271.read` over them."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import x271
from x12 import ACTIVE, RECEIVER, SOURCE, interchange, transaction, written
from x271.batch.read import read
from x271.sources import Limits
from x271.sources import pieces as module
from x271.sources.pieces import pieces


def stream(sets: int, *more: str) -> bytes:
    """One interchange of this many answers, each with a subscriber of its own."""
    return written(interchange(*(_set(number, *more) for number in range(1, sets + 1))))


def _set(number: int, *more: str) -> list[str]:
    name = (f"TRN*2*T{number}*9CLEARING1", f"NM1*IL*1*DOE{number}*JANE****MI*W{number}")
    return transaction(*SOURCE, *RECEIVER, "HL*3*2*22*0", *name, ACTIVE, *more, number=f"{number:04}")


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of many pieces, which are small here."""
    monkeypatch.setattr(module, "SIZE", 2000)
    path = tmp_path / "long.271"
    path.write_bytes(stream(40))
    return path


def test_a_file_and_a_stream_give_the_same_pieces(long: Path) -> None:
    of_path = [(piece.offset, piece.transactions) for piece in pieces(long, size=2000)]
    assert sum(count for _, count in of_path) == 40
    assert len(of_path) == 5
    opened = io.BytesIO(long.read_bytes())
    assert [(piece.offset, piece.transactions) for piece in pieces(opened, size=2000)] == of_path


def test_reading_a_long_file_gives_the_records_of_the_whole(long: Path) -> None:
    whole = x271.normalize_all(long.read_bytes())
    assert list(read(long)) == whole
    assert x271.normalize_all(long) == whole
    assert [record.source.position for record in read(long)] == [one.source.position for one in whole]


def test_an_explanation_from_a_piece_names_places_in_the_file(long: Path) -> None:
    last = list(read(long))[-1]
    place = last.explain("coverage").sources[0]
    data = long.read_bytes()
    assert place.offset == data.rindex(b"EB*1")
    assert place.segment == data[: place.offset].count(b"~") + 1


def test_a_trace_number_is_found_in_whatever_piece_it_stands(long: Path) -> None:
    assert [one.subscriber.last_name for one in read(long, trace="T33")] == ["DOE33"]
    assert list(read(long, trace="of nobody")) == []


def test_a_long_file_of_another_guide_is_refused_at_its_end(long: Path) -> None:
    long.write_bytes(long.read_bytes().replace(b"ST*271*", b"ST*837*"))
    with pytest.raises(x271.UnsupportedTransaction) as refused:
        list(read(long))
    assert refused.value.position is not None
    assert refused.value.position.segment == 3


def test_a_set_that_is_larger_than_the_limit_is_refused_with_the_place_where_its_piece_begins() -> None:
    data = stream(3, *["MSG*AGAIN AND AGAIN"] * 2**17)
    with pytest.raises(x271.LimitExceeded) as refused:
        list(pieces(io.BytesIO(data), limits=Limits(max_bytes=2**20)))
    assert refused.value.code == "TOO_LARGE"
    assert refused.value.position is not None
    assert refused.value.position.offset == 0


def test_what_is_no_x12_is_refused() -> None:
    with pytest.raises(x271.UnreadableEnvelope):
        list(pieces(io.BytesIO(b"<no/>")))
    with pytest.raises(x271.UsageError, match="UNREADABLE_FILE"):
        list(pieces("/nowhere/at/all"))
    with pytest.raises(x271.UsageError, match="BAD_OPTION"):
        pieces(io.BytesIO(), size=0)


def test_a_long_file_that_only_looks_like_x12_is_read_as_ever(long: Path) -> None:
    for content, code in ((b"x" * 5000, "UNKNOWN_FORM"), (b" " * 5000, "EMPTY_INPUT")):
        long.write_bytes(content)
        with pytest.raises(x271.DataError, match=code):
            list(read(long))


_PEAK = """
import sys, x271
count = sum(1 for _ in x271.read(sys.argv[1]))
status = open("/proc/self/status").read()
print(count, status.split("VmHWM:")[1].split()[0])
"""


def _peak(path: Path, sets: int) -> int:
    """Peak memory of reading so many answers of about 20 kB, in kB."""
    path.write_bytes(stream(sets, *["MSG*PRIOR AUTHORIZATION IS REQUIRED FOR SOME SERVICES"] * 400))
    done: Any = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True
    )
    count, peak = map(int, done.stdout.split())
    assert count == sets
    return peak


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_thirty_megabytes_more_of_a_file_take_less_than_that_of_memory(tmp_path: Path) -> None:
    # Read at once they take some hundred; what is left is the allocator's, and grows no further.
    short, long = _peak(tmp_path / "short.271", 500), _peak(tmp_path / "long.271", 2000)
    assert long - short < 20_000
