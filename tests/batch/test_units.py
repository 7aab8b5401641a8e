"""How a run is divided: always the same way, and cheap to hand over."""

from __future__ import annotations

import pickle
from pathlib import Path

from x271.batch.settings import Settings
from x271.batch.units import Unit, same, units
from x271.sources import Limits
from x271.sources.archives.walk import items


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


def test_files_of_several_zips_arrive_as_they_were(mixed: Path) -> None:
    found = [
        item
        for name in ("a.zip", "active-ppo.271", "d", "a.zip")
        for item in items(name, mixed / name, limits=Limits(), sealed=9000)
    ]
    unit = Unit(3, tuple(found), "x", 5)
    assert len(found) > 30
    assert pickle.loads(pickle.dumps(unit)) == unit  # noqa: S301


def test_the_runs_own_files_are_not_planned(mixed: Path) -> None:
    everything = list(units(Settings(sources=(str(mixed),))))
    fewer = list(
        units(Settings(sources=(str(mixed),)), outputs=same(mixed / "a.zip", mixed / "nothere", None))
    )
    assert sum(len(unit.items) for unit in fewer) == sum(len(unit.items) for unit in everything) - 1
