"""Twice as much of anything takes about twice as long: no document takes time by the square of its size."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

_PATH = Path(__file__).parents[1] / "benchmarks" / "hostile.py"
_SMALL, _TIMES = 6_000, 8
_MOST = 4 * _TIMES  # by the square it would be 64 times as long; a busy machine makes some difference
_TOO_SHORT = 0.05  # seconds, which say nothing


def _hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOSTILE = _hostile()


@pytest.mark.parametrize("name", HOSTILE.ALL)
def test_time_grows_with_the_size(name: str) -> None:
    small, large = (HOSTILE.ALL[name](size) for size in (_SMALL, _SMALL * _TIMES))
    for doing in ("records", "validate", "tables"):
        work = HOSTILE.WORK[doing]
        taken = HOSTILE.seconds(work, large)
        if taken > _TOO_SHORT:
            HOSTILE.seconds(work, small)  # what is made once
            before = max(HOSTILE.seconds(work, small), 0.001)
            assert taken < _MOST * before or HOSTILE.seconds(work, large) < _MOST * before, doing
