"""How a run is divided: always the same way, and cheap to hand over."""

from __future__ import annotations

import pickle
from contextlib import closing
from pathlib import Path

import pytest

from batch.conftest import GOOD
from sources.archives.packing import zipped
from x271.batch.settings import Settings
from x271.batch.units import same, units
from x271.sources import Limits
from x271.sources.archives.documents import documents
from x271.sources.archives.reader import Reader
from x271.sources.archives.walk import Item, items

LARGEST = max(path.stat().st_size for path in GOOD)


def names(found: list[Item]) -> list[str]:
    with closing(Reader()) as reader:
        return [one.name for item in found for one in documents(item, reader, limits=Limits())]


def test_the_plan_is_the_same_each_time_and_covers_all(mixed: Path, small_units: None) -> None:
    first, second = (list(units(Settings(sources=(str(mixed),)))) for _ in range(2))
    assert first == second
    assert [unit.number for unit in first] == list(range(len(first)))
    assert sum(len(unit.items) for unit in first) == 23


def test_a_unit_arrives_in_another_process_as_it_was(mixed: Path) -> None:
    big = mixed / "a.zip"
    planned = list(units(Settings(sources=(str(mixed),))))
    assert pickle.loads(pickle.dumps(planned)) == planned  # noqa: S301
    opened = list(units(Settings(sources=(str(big), str(mixed / "d"), str(big)))))
    assert pickle.loads(pickle.dumps(opened)) == opened  # noqa: S301


def test_small_files_of_a_zip_are_planned_together(mixed: Path) -> None:
    only = list(items("a.zip", mixed / "a.zip", limits=Limits(), sealed=LARGEST))
    assert [(item.name, item.what, item.files) for item in only] == [("a.zip", "files", len(GOOD) + 1)]
    assert only[0].size == sum(path.stat().st_size for path in GOOD) + len(b"no answer")
    assert names(only) == [*(f"a.zip!{path.name}" for path in GOOD), "a.zip!notes.txt"]


def test_a_larger_file_of_a_zip_stands_between_the_small_ones_of_before_and_after(mixed: Path) -> None:
    found = list(items("a.zip", mixed / "a.zip", limits=Limits(), sealed=LARGEST - 1))
    assert [item.what for item in found] == ["files", "stream", "files"]
    assert names(found) == [*(f"a.zip!{path.name}" for path in GOOD), "a.zip!notes.txt"]


def test_the_plan_of_a_zip_does_not_depend_on_how_its_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{'n' * (number % 90)}{number}": b"ISA" * number for number in range(700)}))
    all_names = [item.name for item in items("z", path, limits=Limits())]
    for read in (2**18, 64, 777):
        monkeypatch.setattr("x271.sources.archives.directory._READ", read)
        found = list(items("z", path, limits=Limits(), sealed=3000))
        assert sum(item.files for item in found) == 700
        assert names(found) == all_names


def test_the_runs_own_files_are_not_planned(mixed: Path) -> None:
    everything = list(units(Settings(sources=(str(mixed),))))
    fewer = list(
        units(Settings(sources=(str(mixed),)), outputs=same(mixed / "a.zip", mixed / "nothere", None))
    )
    assert sum(len(unit.items) for unit in fewer) == sum(len(unit.items) for unit in everything) - 1
