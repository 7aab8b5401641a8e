"""A stream gives the bytes in their order, however it is looked at and read, and copies each only a few times."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from x271.sources import Limits
from x271.sources.archives.stream import Stream
from x271.sources.archives.walk import items

ASKED = st.tuples(st.sampled_from(["head", "has", "read", "some"]), st.integers(1, 40))


@given(st.binary(max_size=100), st.integers(1, 30), st.lists(ASKED, max_size=20))
def test_it_gives_what_a_file_would(data: bytes, most: int, asked: list[tuple[str, int]]) -> None:
    file = io.BytesIO(data)
    stream = Stream(lambda count: file.read(min(count, most)))
    at = 0
    for how, count in asked:
        left = data[at:]
        if how == "head":
            assert stream.head(count) == left[:count]
        elif how == "has":
            assert stream.has(count) == (len(left) >= count)
        elif how == "read":
            assert stream.read(count) == left[:count]
            at = min(at + count, len(data))
        else:
            some = stream.some(count)
            assert left.startswith(some)
            assert bool(some) == bool(left)
            assert len(some) <= count
            at += len(some)
        assert stream.taken == file.tell()
    rest = b"".join(iter(stream.some, b""))
    assert rest == data[at:]


def test_it_reads_no_further_than_it_is_asked_to() -> None:
    asked: list[int] = []

    def more(count: int) -> bytes:
        asked.append(count)
        return b"x" * count

    stream = Stream(more)
    assert len(stream.head(10)) == 10
    assert stream.has(10)
    assert len(stream.some(30)) == 10  # what is ahead comes first
    assert len(stream.some(30)) == 30
    assert asked == [10, 30]


def test_a_long_file_is_given_as_a_stream_by_its_size_of_which_only_the_head_was_read(tmp_path: Path) -> None:
    path = tmp_path / "long.271"
    path.write_bytes(b"ISA" + b"*" * (5 * 2**20))
    found = items("long.271", path, limits=Limits())
    item = next(found)
    assert isinstance(item.data, Stream)
    assert item.data.taken < 2**16
    assert item.data.skip() == 3 + 5 * 2**20
    assert list(found) == []


def test_a_long_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "long.271"
    for change in (b"", b"ISA*", b"ISA" + b"*" * (6 * 2**20)):
        path.write_bytes(b"ISA" + b"*" * (5 * 2**20))
        found = items("long.271", path, limits=Limits())
        item = next(found)
        assert isinstance(item.data, Stream)
        path.write_bytes(change)
        item.data.skip()
        codes = [getattr(one.data, "code", None) for one in found]
        assert codes == ["CHANGED_FILE"]
