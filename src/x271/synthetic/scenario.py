"""A scenario: what a biller calls a case, as data. `scenarios/*.toml` has them all, `parts.toml` what they share."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from .._tables import read_text
from ..errors import Position, UsageError

ANSWER_KINDS = ("271", "270", "999", "ppmd")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of an answer, once or for each of some values.

    Attributes:
        lines: segments with `{names}`; an HL has its level only.
        each: the rounds: in each one these names have these values.
        at_most: how many of the rounds are taken, as a rule that draws it; empty for all.
        draws: what is drawn anew in each round, rule by name.
    """

    lines: tuple[str, ...]
    each: tuple[Mapping[str, str], ...] = ({},)
    at_most: str = ""
    draws: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case: what it shows, and what its record must give.

    Attributes:
        name: such as `active-ppo`.
        shows: a sentence that says what the payer answers.
        gives: a sentence that says what a biller must get of it.
        kinds: what can be had of it: 271, 270, 999, ppmd.
        weight: how often it stands in the mix that is drawn where no scenario is named; of answers only.
    """

    name: str
    shows: str = field(repr=False)
    gives: str = field(repr=False)
    kinds: tuple[str, ...] = field(repr=False)
    weight: int = field(repr=False)
    draws: Mapping[str, str] = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    asks: tuple[Mapping[str, Any], ...] = field(repr=False)
    expects: tuple[Mapping[str, Any], ...] = field(repr=False)
    error: str = field(default="", repr=False)
    document: str = field(default="", repr=False)
    damage: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    acknowledged: Mapping[str, Any] = field(default_factory=dict, repr=False)


@cache
def scenarios() -> Mapping[str, Scenario]:
    """All of them by name, in the order of the page."""
    shared = tomllib.loads(read_text("synthetic/parts.toml"))
    folder = files("x271").joinpath("synthetic", "scenarios")
    found: dict[str, Scenario] = {}
    for file in sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml")):
        read = tomllib.loads(read_text(f"synthetic/scenarios/{file}"))
        found.update((name, _scenario(name, said, shared)) for name, said in read.items())
    return found


def scenario(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        UsageError: BAD_OPTION, there is none.
    """
    found = scenarios().get(name)
    if found is None:
        raise UsageError(
            "BAD_OPTION", position=Position(key="scenario"), detail="x271 synth --list has the names"
        )
    return found


def _scenario(name: str, said: Mapping[str, Any], shared: Mapping[str, Any]) -> Scenario:
    answer = said.get("answer", [])
    blocks = [{"lines": answer}] if isinstance(answer, str) else answer
    expect = said.get("expect", {})
    asks = said.get("asks", {})
    return Scenario(
        name=name,
        shows=said["shows"],
        gives=said["gives"],
        kinds=tuple(said.get("kinds", ANSWER_KINDS)),
        weight=said.get("weight", 1),
        draws={**shared["draw"], **said.get("draw", {})},
        blocks=tuple(_block(one, shared["parts"]) for one in blocks),
        asks=tuple({**shared["asks"], **one} for one in (asks if isinstance(asks, list) else [asks])),
        expects=tuple(
            {**shared["expect"], **one} for one in (expect if isinstance(expect, list) else [expect])
        ),
        error=said.get("error", ""),
        document=said.get("document", ""),
        damage=tuple(said.get("damage", ())),
        acknowledged=said.get("acknowledged", shared["acknowledged"]),
    )


def _block(said: Mapping[str, Any], parts: Mapping[str, str]) -> Block:
    return Block(
        lines=tuple(_lines(said["lines"], parts)),
        each=tuple(_rounds(said.get("each", {}))),
        at_most=said.get("at_most", ""),
        draws=said.get("draw", {}),
    )


def _lines(text: str, parts: Mapping[str, str]) -> Iterator[str]:
    """The lines of a text; `+name` stands for the lines of a part."""
    for line in text.split("\n"):
        if line.startswith("+"):
            yield from _lines(parts[line[1:]], parts)
        elif line:
            yield line


def _rounds(each: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Every combination of the values, the last name's the fastest."""
    if not each:
        yield {}
        return
    (name, values), *others = each.items()
    for value in values.split():
        for rest in _rounds(dict(others)):
            yield {name: value, **rest}
