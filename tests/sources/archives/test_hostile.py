"""Any bytes in an archive's place give documents and errors of ours, never another error."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.archives.packing import COMPRESSED, tarred, zipped
from x271.errors import X271Error
from x271.sources import Limits
from x271.sources.archives.documents import documents
from x271.sources.archives.reader import Reader
from x271.sources.archives.stream import Stream
from x271.sources.archives.walk import items
from x271.sources.ranges import Range

LIMITS = Limits(max_bytes=100_000, max_unpacked=1_000_000)
FILES = {
    "a/1.271": b"ISA*00*one",
    "2.jsonl": b'{"a": 1}\n{"b": 2}\n',
    "3.gz": gzip.compress(b"ISA"),
    "n" * 120: b"",
}
WHOLE = [
    zipped(FILES),
    zipped(FILES, 0),
    tarred(FILES),
    zipped({"in": tarred(FILES)}),
    *(compress(tarred(FILES)) for compress in COMPRESSED.values()),
]
STARTS = [
    b"PK\3\4",
    b"PK\5\6",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"{",
    b"[\n{",
    b"\0" * 257 + b"ustar",
]


def walked(data: bytes, sealed: int) -> list[tuple[str, bytes | str]]:
    found: list[tuple[str, bytes | str]] = []
    reader = Reader()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(data)
        for item in items("a", path, limits=LIMITS, sealed=sealed):
            for one in documents(item, reader, limits=LIMITS):
                got = one.data.read(2**20) if isinstance(one.data, Stream) else one.data
                assert not isinstance(got, Range)
                found.append((one.label, got.code if isinstance(got, X271Error) else got))
        reader.close()
    return found


@given(whole=st.sampled_from(WHOLE), data=st.data())
def test_damaged_archives_give_documents_and_errors_of_ours(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(damaged)) | st.just(len(damaged)))
    read = walked(bytes(damaged[:end]), -1)
    assert all(label.startswith("a") for label, _ in read)
    # a plan opens other things at other times, and comes to the same documents
    assert [one for one in walked(bytes(damaged[:end]), 20) if isinstance(one[1], bytes)] == [
        one for one in read if isinstance(one[1], bytes)
    ]


def test_a_file_that_a_cut_tar_ends_in_is_an_error_and_no_shorter_document() -> None:
    whole = tarred({"1.271": b"ISA*00*one", "2.271": b"ISA*00*two"})
    for end in (1536, 1537, 1545):  # of the second file, whose header ends at 1536, nothing or a part
        for sealed in (-1, 20):
            read = walked(whole[:end], sealed)
            assert [one for one in read if isinstance(one[1], bytes)] == [("a!1.271", b"ISA*00*one")]
            assert read[-1] == ("a", "CORRUPT_ARCHIVE")


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=2000))
@example(start=b"PK\5\6", rest=b"\xff" * 18)
@example(start=b"", rest=b"")
@settings(max_examples=200)
def test_any_bytes_behind_a_known_start_are_read_or_refused(start: bytes, rest: bytes) -> None:
    assert walked(start + rest, -1)
    walked(start + rest, 20)
