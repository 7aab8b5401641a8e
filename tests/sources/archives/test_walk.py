"""What is found in files, archives and compressed files, and by which name."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from sources.archives.packing import COMPRESSED, streamed_zip, tarred, zipped
from x271.errors import X271Error
from x271.sources import Limits
from x271.sources.archives.documents import documents
from x271.sources.archives.reader import Reader
from x271.sources.archives.stream import Stream
from x271.sources.archives.walk import items, items_of
from x271.sources.ranges import Range

A, B = b"ISA*one", b"ISA*two"
FILES = {"b/2.271": B, "a/1.271": A}
Said = list[tuple[str, bytes | str]]


def said(path: Path, *, sealed: int = -1, limits: Limits | None = None) -> Said:
    """Each document's label and content, or its error's code; as a reader sees it, or by way of a plan."""
    bounds = limits or Limits()
    found: Said = []
    reader = Reader()
    for item in items(path.name, path, limits=bounds, sealed=sealed):
        for one in documents(item, reader, limits=bounds):
            data = one.data.read(2**30) if isinstance(one.data, Stream) else one.data
            assert not isinstance(data, Range)
            found.append((one.label, data.code if isinstance(data, X271Error) else data))
    reader.close()
    return found


@pytest.fixture(params=[-1, 2, 2**20], ids=["read", "planned small", "planned large"])
def sealed(request: pytest.FixtureRequest) -> int:
    """What comes out must not depend on who opens what."""
    size: int = request.param
    return size


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_plain_file_is_one_document(tmp_path: Path, sealed: int) -> None:
    assert said(put(tmp_path, "a.271", A), sealed=sealed) == [("a.271", A)]


def test_a_zip_gives_its_files_in_its_own_order(tmp_path: Path, sealed: int) -> None:
    expected = [("z!b/2.271", B), ("z!a/1.271", A)]
    for made in (
        zipped(FILES),
        zipped(FILES, zipfile.ZIP_STORED),
        zipped(FILES, zipfile.ZIP_BZIP2),
        streamed_zip(FILES),
        b"#!/bin/sh\n" + zipped(FILES),  # behind a program that unpacks it
    ):
        if made.startswith(b"PK"):
            assert said(put(tmp_path, "z", made), sealed=sealed) == expected
    assert said(put(tmp_path, "z", zipped({})), sealed=sealed) == []


def test_a_zip_with_bytes_before_it_is_read_by_its_directory(tmp_path: Path) -> None:
    first = zipped({"x": b"old"})
    assert said(put(tmp_path, "z", first + zipped(FILES))) == [("z!b/2.271", B), ("z!a/1.271", A)]


def test_a_zip64_is_read(tmp_path: Path, sealed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    made = zipped(FILES)
    assert b"PK\6\6" in made
    assert said(put(tmp_path, "z", made), sealed=sealed) == [("z!b/2.271", B), ("z!a/1.271", A)]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_gives_its_files_whatever_its_dialect(tmp_path: Path, sealed: int, form: int) -> None:
    long = "f" * 90 + "/" + "n" * 95
    files = {**FILES, long: A} if form == tarfile.USTAR_FORMAT else {**FILES, "x" * 300 + "é": A}
    expected = [(f"t!{name}", data) for name, data in files.items()]
    assert said(put(tmp_path, "t", tarred(files, form)), sealed=sealed) == expected


def test_links_folders_and_devices_of_a_tar_are_passed_over(tmp_path: Path, sealed: int) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("beside")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a")
        info.size = len(A)
        archive.addfile(info, io.BytesIO(A))
    assert said(put(tmp_path, "t", made.getvalue()), sealed=sealed) == [("t!a", A)]


@pytest.mark.parametrize("packed", COMPRESSED)
def test_compressed_files_are_what_is_in_them(tmp_path: Path, sealed: int, packed: str) -> None:
    compress = COMPRESSED[packed]
    assert said(put(tmp_path, "a", compress(A)), sealed=sealed) == [("a", A)]
    two = compress(A[:3]) + compress(A[3:])  # parts behind each other are one file
    assert said(put(tmp_path, "a", two), sealed=sealed) == [("a", A)]
    expected = [("t!b/2.271", B), ("t!a/1.271", A)]
    assert said(put(tmp_path, "t", compress(tarred(FILES))), sealed=sealed) == expected


def test_archives_in_archives_are_named_from_the_outside_in(tmp_path: Path, sealed: int) -> None:
    inner = zipped({"in.tar": tarred({"a.271": A}), "b.271.gz": gzip.compress(B)})
    path = put(tmp_path, "out.tar.gz", gzip.compress(tarred({"mid.zip": inner})))
    assert said(path, sealed=sealed) == [
        ("out.tar.gz!mid.zip!in.tar!a.271", A),
        ("out.tar.gz!mid.zip!b.271.gz", B),
    ]


def test_json_lines_are_a_document_each_by_its_line(tmp_path: Path, sealed: int) -> None:
    lines = [b'{"raw_response": "x"}', b"", b"{broken", b'{"raw_response": "y"}']
    expected = [(f"a:{number}", line) for number, line in enumerate(lines, 1) if line]
    for end in (b"", b"\n", b"\r\n"):
        found = said(put(tmp_path, "a", b"\n".join(lines) + end), sealed=sealed)
        assert [(name, bytes(data).strip()) for name, data in found if isinstance(data, bytes)] == expected
    assert [
        name for name, _ in said(put(tmp_path, "a", gzip.compress(b"\n".join(lines))), sealed=sealed)
    ] == [
        "a:1",
        "a:3",
        "a:4",
    ]


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1}',
        b'{"a": 1}\n\n',
        b'{\n "a": {\n}}',
        b'[\n{"a": 1},\n{"a": 2}\n]',
        b'[{"a": 1},\n{"a": 2}]',
        b'[\n{"a": 1}\n]',
        b"<a>\n<b/></a>",
        b'"text"\n"text"',
    ],
)
def test_one_json_or_xml_document_is_one_though_it_has_lines(tmp_path: Path, text: bytes) -> None:
    assert said(put(tmp_path, "a", text)) == [("a", text)]


def test_lines_longer_than_what_is_looked_at_first_are_found(tmp_path: Path, sealed: int) -> None:
    line = json.dumps({"raw_response": "x" * 3_000_000}).encode()
    found = said(put(tmp_path, "a", b"\n".join([line] * 3)), sealed=sealed)
    assert [(name, len(data)) for name, data in found] == [(f"a:{number}", len(line)) for number in (1, 2, 3)]


def test_a_line_beyond_the_limit_is_refused_and_the_others_are_read(tmp_path: Path, sealed: int) -> None:
    lines = [b'{"a": 1}', b'{"a": 2}', json.dumps("x" * 3_000_000).encode(), b'{"a": 3}']
    path = put(tmp_path, "a", b"\n".join(lines))
    found = said(path, sealed=sealed, limits=Limits(max_bytes=1_500_000))
    assert found == [("a:1", lines[0]), ("a:2", lines[1]), ("a:3", "TOO_LARGE"), ("a:4", lines[3])]


def test_a_document_beyond_the_limit_is_refused_and_the_others_are_read(tmp_path: Path, sealed: int) -> None:
    files = {"1": A, "2": b"<" + b"x" * 5000, "3": B}
    expected = [("z!1", A), ("z!2", "TOO_LARGE"), ("z!3", B)]
    limits = Limits(max_bytes=4000)
    assert said(put(tmp_path, "z", zipped(files)), sealed=sealed, limits=limits) == expected
    assert said(put(tmp_path, "z", tarred(files)), sealed=sealed, limits=limits) == expected
    assert said(put(tmp_path, "z", files["2"]), sealed=sealed, limits=limits) == [("z", "TOO_LARGE")]


def test_long_x12_is_a_stream_of_any_length(tmp_path: Path, sealed: int) -> None:
    text = b"ISA" + b"x" * 6_000_000
    limits = Limits(max_bytes=2**20)
    for data in (text, gzip.compress(text), zipped({"a": text})):
        ((_, found),) = said(put(tmp_path, "a", data), sealed=sealed, limits=limits)
        assert found == text


def test_hidden_files_of_an_archive_are_passed_over(tmp_path: Path) -> None:
    files = {".hidden": B, "__MACOSX/._a": B, "a/.git/x": B, "./a": A, "../b": A}
    assert said(put(tmp_path, "z", zipped(files))) == [("z!./a", A), ("z!../b", A)]


def test_an_encrypted_file_is_refused_and_the_others_are_read(tmp_path: Path, sealed: int) -> None:
    made = bytearray(zipped(FILES))
    made[made.index(b"PK\1\2") + 8] |= 1  # of the first one
    assert said(put(tmp_path, "z", bytes(made)), sealed=sealed) == [
        ("z!b/2.271", "ENCRYPTED"),
        ("z!a/1.271", A),
    ]


def test_a_damaged_file_is_refused_and_the_others_are_read(tmp_path: Path, sealed: int) -> None:
    made = zipped(FILES, zipfile.ZIP_STORED).replace(B, b"ISA*2wo")
    found = said(put(tmp_path, "z", made), sealed=sealed)
    assert found == [("z!b/2.271", "CORRUPT_ARCHIVE"), ("z!a/1.271", A)]


def test_what_stands_before_the_damage_of_a_stream_is_read(tmp_path: Path, sealed: int) -> None:
    whole = tarred({"1": A * 1000, "2": B * 1000})
    for data in (whole[:7700], gzip.compress(whole, mtime=0)[:-20], gzip.compress(whole) + b"garbage"):
        found = said(put(tmp_path, "t", data), sealed=sealed)
        assert found[0] == ("t!1", A * 1000)
        assert found[-1][1] == "CORRUPT_ARCHIVE"


def test_more_archives_in_each_other_than_allowed_are_refused(tmp_path: Path, sealed: int) -> None:
    data = A
    for _ in range(3):
        data = zipped({"x": data})
    path = put(tmp_path, "z", zipped({"1": data, "2": B}))
    assert said(path, sealed=sealed, limits=Limits(max_archives=4)) == [("z!1!x!x!x", A), ("z!2", B)]
    found = said(path, sealed=sealed, limits=Limits(max_archives=3))
    assert found == [("z!1!x!x", "TOO_MANY_ARCHIVES"), ("z!2", B)]


@pytest.mark.parametrize("packed", ["gz", "xz", "zst", "zip", "tar.gz"])
def test_a_bomb_ends_at_the_limit_and_not_in_memory(tmp_path: Path, packed: str) -> None:
    zeros = b"{" + bytes(80_000_000)
    bomb = (
        zipped({"1": A, "2": zeros})
        if packed == "zip"
        else gzip.compress(tarred({"2": zeros}))
        if packed == "tar.gz"
        else COMPRESSED[packed](zeros)
    )
    found = said(put(tmp_path, "z", bomb), limits=Limits(max_expansion=20))
    assert found[-1][1] == "TOO_EXPANDED"
    found = said(put(tmp_path, "z", bomb), limits=Limits(max_unpacked=1000))
    assert found[-1][1] == "TOO_EXPANDED"


def test_the_same_bytes_named_many_times_are_a_bomb_too(tmp_path: Path) -> None:
    """Files of a zip may overlap: each is small, and all together are not."""
    made = zipped({"a": bytes(20_000_000)})
    start = made.index(b"PK\1\2")
    entry, end = made[start : made.index(b"PK\5\6")], made[made.index(b"PK\5\6") :]
    count = 50
    sizes = (count).to_bytes(2, "little") * 2 + (len(entry) * count).to_bytes(4, "little")
    path = put(tmp_path, "z", made[:start] + entry * count + end[:8] + sizes + end[16:])
    found = said(path, sealed=2**30, limits=Limits(max_bytes=2**30))
    assert 3 <= len(found) < count
    assert found[-1] == ("z", "TOO_EXPANDED")


def test_a_file_that_grows_or_is_written_anew_while_it_is_read_is_reported(tmp_path: Path) -> None:
    path = put(tmp_path, "a", b'{"a": 1}\n{"a": 2}\n')
    found = items("a", path, limits=Limits())
    next(found)
    with path.open("ab") as file:
        file.write(b'{"a": 3}\n')
    *_, error = [item.data for item in found]
    assert isinstance(error, X271Error)
    assert error.code == "CHANGED_FILE"


@pytest.mark.parametrize("what", ["grows", "shrinks", "goes", "turns"])
def test_a_file_that_changes_after_it_was_planned_is_refused(tmp_path: Path, what: str) -> None:
    path = put(tmp_path, "a.271", A)
    other = put(tmp_path, "b.271", B)
    planned = [one for each in (path, other) for one in items(each.name, each, limits=Limits(), sealed=100)]
    if what == "goes":
        path.unlink()
    else:
        path.write_bytes({"grows": A + A, "shrinks": b"", "turns": B}[what])
        os.utime(path, ns=(1, 1))
    reader = Reader()
    first, second = (one for item in planned for one in documents(item, reader, limits=Limits()))
    reader.close()
    assert isinstance(first.data, X271Error)
    assert first.data.code == ("UNREADABLE_FILE" if what == "goes" else "CHANGED_FILE")
    assert second.data == B


def test_a_stream_such_as_stdin_is_opened_like_a_file() -> None:
    for data in (zipped(FILES), tarred(FILES), gzip.compress(tarred(FILES))):
        found = [one.name for one in items_of("-", io.BytesIO(data), limits=Limits())]
        assert found == ["-!b/2.271", "-!a/1.271"]


def test_what_a_plan_weighs_is_the_size_of_the_files(tmp_path: Path) -> None:
    lines = b'{"raw_response": "' + b"x" * 500 + b'"}\n'
    for data in (
        zipped({str(number): lines for number in range(99)}),
        gzip.compress(lines * 99),
        lines * 9999,
    ):
        path = put(tmp_path, "a", data)
        weight = sum(item.weight for item in items("a", path, limits=Limits(), sealed=100))
        assert 0.5 * len(data) < weight <= len(data)
