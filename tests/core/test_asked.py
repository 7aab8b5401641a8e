"""Loops that are found when somebody asks are those that are found at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from drawn import answers
from x12 import ACTIVE, all_fixtures, answer, everything, written
from x271 import _core
from x271.grammar.compiled import engine

MOST = (10**6, 5, 5, 100, 10**6)


def asked(data: bytes, *, loops: bool) -> Any:
    """What a document says to those who make tables, and to all others."""
    try:
        read = engine().read(data, loops)
    except _core.Refused as refused:
        return refused.args
    return read.kinds(), read.plain(), read.beyond(MOST), read.traced("1"), everything(read)


@given(answers())
def test_what_is_found_does_not_depend_on_when(data: bytes) -> None:
    assert asked(data, loops=False) == asked(data, loops=True)


@pytest.mark.parametrize("path", all_fixtures(), ids=lambda path: path.name)
def test_nor_in_the_fixtures(path: Path) -> None:
    data = path.read_bytes()
    assert asked(data, loops=False) == asked(data, loops=True)


def test_an_input_is_plain_as_long_as_nothing_is_odd_around_its_transaction_sets() -> None:
    data = written(answer(ACTIVE))
    segments = data.count(b"~")
    assert engine().read(data).plain() == (segments, 0)
    latin = data.replace(b"*GOLD", b"*G\xd6LD")
    assert latin != data
    assert engine().read(latin).plain() == (segments, 1)
    assert engine().read(data + b"and more text").plain() is None
    assert engine().read(data.replace(b"IEA*1*", b"IEA*2*")).plain() is None
