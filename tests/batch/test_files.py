"""Which files a source means, and in which order."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from x271 import UsageError, X271Error
from x271.batch.files import documents

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX links, pipes and permissions")


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"ISA")


def names(*sources: str | os.PathLike[str]) -> list[str]:
    found = list(documents(sources))
    assert all(isinstance(path, str) and Path(path).is_file() for _, path in found)
    return [Path(name).as_posix() for name, _ in found]


def problems(sources: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, path.code) for name, path in documents(sources) if isinstance(path, X271Error)]


def test_a_file_is_itself_whatever_its_name() -> None:
    write("a.271", ".hidden", "odd[1].271")
    assert names("a.271", ".hidden", "odd[1].271") == ["a.271", ".hidden", "odd[1].271"]


def test_a_path_object_is_as_good_as_its_text() -> None:
    write("a.271")
    assert names(Path("a.271")) == ["a.271"]


def test_a_folder_gives_all_below_it_by_name() -> None:
    write("in/b.271", "in/a/2.xml", "in/a/1.json", "in/c", "in/a.271")
    assert names("in") == ["in/a/1.json", "in/a/2.xml", "in/a.271", "in/b.271", "in/c"]


def test_sources_come_in_the_order_given_and_as_often_as_given() -> None:
    write("b", "a")
    assert names("b", "a", "b") == ["b", "a", "b"]


def test_hidden_files_and_folders_below_a_folder_are_left_out() -> None:
    write("in/a", "in/.b", "in/.git/c", ".work/d")
    assert names("in") == ["in/a"]
    assert names(".work") == [".work/d"]


def test_an_empty_folder_gives_nothing() -> None:
    Path("in").mkdir()
    assert names("in") == []


def test_a_file_that_is_not_there_is_an_error_value_and_ends_nothing() -> None:
    write("a")
    found = list(documents(["nothere", "a"]))
    assert [name for name, _ in found] == ["nothere", "a"]
    assert isinstance(found[0][1], UsageError)
    assert found[0][1].code == "UNREADABLE_FILE"
    assert "ENOENT" in str(found[0][1])


def test_a_path_with_a_nul_is_an_error_value() -> None:
    assert problems(["a\0b"]) == [("a\0b", "UNREADABLE_FILE")]


def test_a_glob_takes_what_it_matches_by_name() -> None:
    write("in/b.271", "in/a.271", "in/c.xml", "in/.d.271", "in/sub/e.271")
    assert names("in/*.271") == ["in/a.271", "in/b.271"]
    assert names("in/[!a].271") == ["in/b.271"]
    assert names("*/sub/?.271") == ["in/sub/e.271"]
    assert names("in/.*.271") == ["in/.d.271"]


def test_an_absolute_glob_works_like_a_relative_one(tmp_path: Path) -> None:
    write("in/a.271")
    assert names(str(tmp_path / "*" / "*.271")) == [(tmp_path / "in" / "a.271").as_posix()]


def test_two_stars_stand_for_any_folders_and_for_none() -> None:
    write("in/a.271", "in/x/b.271", "in/x/y/c.271", "in/.z/d.271")
    assert names("in/**/*.271") == ["in/a.271", "in/x/b.271", "in/x/y/c.271"]


@pytest.mark.parametrize("pattern", ["in/**", "in/**/*", "i*", "**", "**/*", "**/**/*"])
def test_a_file_comes_once_from_one_glob(pattern: str) -> None:
    write("in/a", "in/x/b", "in/x/y/c", "in/x/x/d")
    assert sorted(names(pattern)) == ["in/a", "in/x/b", "in/x/x/d", "in/x/y/c"]


def test_two_ways_through_a_glob_give_a_file_once() -> None:
    write("x/x/x/f")
    assert names("**/x/**/f") == ["x/x/x/f"]


def test_a_folder_that_a_glob_matches_is_taken_whole() -> None:
    write("2026-01/a", "2026-02/x/b", "2025-12/c")
    assert names("2026-*") == ["2026-01/a", "2026-02/x/b"]


def test_a_glob_that_matches_nothing_is_an_error_value() -> None:
    assert problems(["in/*.271"]) == [("in/*.271", "UNREADABLE_FILE")]


@posix
def test_links_in_a_circle_end() -> None:
    write("in/a", "in/sub/b")
    Path("in/sub/up").symlink_to(Path("in").resolve())
    Path("in/sub/self").symlink_to("self")
    found = list(documents(["in"]))
    assert [name for name, path in found if isinstance(path, str)] == ["in/a", "in/sub/b"]
    assert [name for name, path in found if isinstance(path, X271Error)] == ["in/sub/self"]
    assert names("in/**/[ab]") == ["in/a", "in/sub/b"]


@posix
def test_a_linked_folder_is_entered_once() -> None:
    write("in/a/1", "other/2")
    Path("in/b").symlink_to(Path("other").resolve())
    Path("in/c").symlink_to(Path("other").resolve())
    assert names("in") == ["in/a/1", "in/b/2"]


@posix
def test_a_link_to_nothing_is_reported() -> None:
    write("in/a")
    Path("in/b").symlink_to("gone")
    assert problems(["in"]) == [("in/b", "UNREADABLE_FILE")]


@posix
def test_a_pipe_in_a_folder_is_passed_over_and_a_named_one_is_taken() -> None:
    write("in/a")
    os.mkfifo("in/pipe")
    assert names("in") == ["in/a"]
    assert names("in/*") == ["in/a"]
    assert list(documents(["in/pipe"])) == [("in/pipe", "in/pipe")]


def test_a_folder_that_cannot_be_listed_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    write("in/a", "in/b/c", "in/d")
    listdir = os.listdir

    def refuses(path: str | os.PathLike[str]) -> list[str]:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuses)
    assert problems(["in"]) == [("in/b", "UNREADABLE_FILE")]
    assert len(list(documents(["in"]))) == 3
    assert problems(["in/*/?"]) == [("in/b", "UNREADABLE_FILE")]


def test_a_very_deep_folder_is_walked() -> None:
    folders = [Path("d")]
    while len(folders) < 1200:  # deeper than Python's own recursion goes
        folders.append(folders[-1] / "d")
    for folder in folders:
        folder.mkdir()
    file = folders[-1] / "a"
    file.write_bytes(b"ISA")
    try:
        assert names("d") == [file.as_posix()]
    finally:  # pytest's own clearing away is recursive
        file.unlink()
        for folder in reversed(folders):
            folder.rmdir()
