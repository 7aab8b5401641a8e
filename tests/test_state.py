"""Nothing is remembered from one document to the next: no order of calls, no document that makes a cache grow."""

from __future__ import annotations

import functools
import gc
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import x271
from state import DOES, all_done, documents, done
from x12 import ACTIVE, answer, written
from x271._gc import _after_fork, paused

_FROM_BEHIND = """
import sys
sys.path.insert(0, {tests!r})
from state import DOES, documents, done
given = documents()
made = {{(what, at): done(what, given[at]) for what in reversed(DOES) for at in reversed(range(len(given)))}}
print("\\n".join(made[what, at] for what in DOES for at in range(len(given))))
"""


def test_the_order_of_calls_does_not_matter() -> None:
    """In another process everything from behind, from the first call on."""
    code = _FROM_BEHIND.format(tests=str(Path(__file__).parent))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.split() == all_done(documents())


def _modules() -> dict[str, ModuleType]:
    return {name: one for name, one in sys.modules.items() if name.partition(".")[0] == "x271"}


def _held() -> dict[str, str]:
    """Every list, dict and set that a module holds, as text."""
    return {
        f"{name}.{key}": repr(value)
        for name, module in _modules().items()
        for key, value in vars(module).items()
        if isinstance(value, (list, dict, set, bytearray, MappingProxyType)) and not key.startswith("__")
    }


def test_no_module_holds_anything_that_changes() -> None:
    given = documents()
    all_done(given)
    before = _held()
    assert len(before) > 20
    all_done([*given, *(_strange(number) for number in range(50))])
    assert _held() == before


def _caches() -> dict[str, Any]:
    made = (one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))
    ours = (one for one in made if str(one.__module__).partition(".")[0] == "x271")
    return {
        f"{one.__module__}.{one.__qualname__}": one for one in ours if "Pseudonyms" not in one.__qualname__
    }


def _strange(number: int) -> bytes:
    """An answer with names and codes that nobody else has, wherever there may be one."""
    name, code = f"Q{number % 36**2:02X}"[:3], f"{number:04X}"
    rows = (
        f"{name}*{code}*{code}",
        f"EB*{code}*{code}*{code}*{code}*{code}*{code}***{code}**{code}*{code}*{code}:{code}:{code}",
        *(
            f"{segment}*{code}*{code}*{code}"
            for segment in ("HSD", "REF", "DTP", "AAA", "III", "MPI", "PRV", "PER")
        ),
        f"NM1*{code}*{code}*{code}*****{code}*{code}*{code}",
    )
    return written(answer(ACTIVE, *rows)).replace(b"005010X279A1", f"00{code}X{number % 1000:03}".encode())


def test_no_document_makes_a_cache_grow_without_bound() -> None:
    strange = [_strange(number) for number in range(160)]
    xml = [_xml(number) for number in range(160)]
    warm = [*documents(), *strange[:80], *xml[:80]]
    all_done(warm)
    before = {name: one.cache_info() for name, one in _caches().items()}
    assert len(before) > 30
    all_done([*strange[80:], *xml[80:]])
    grown = {
        name: (before[name].currsize, now.currsize)
        for name, one in _caches().items()
        if name in before
        and (now := one.cache_info()).maxsize is None
        and now.currsize > before[name].currsize
    }
    assert grown == {}


def _xml(number: int) -> bytes:
    return (
        f"<PPMDResults><Results a{number}='1'><S{number}><NM1 NM1{number:02}_x{number}='A'/>"
        f"<EB EB01_n{number}='1' X{number}='2'/></S{number}></Results></PPMDResults>"
    ).encode()


def test_every_function_is_tried() -> None:
    assert {done(what, documents()[0]).isalpha() for what in DOES} == {False}


# --- the collector


def test_a_copy_of_a_process_begins_with_the_collector_as_it_was(capfd: Any) -> None:
    """The thread that had paused it is not in the copy, and will not end its pause there."""
    assert gc.isenabled()
    with paused():
        _after_fork()  # as in the child
        assert gc.isenabled()
        with paused():
            assert not gc.isenabled()
        assert gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off_in_a_copy() -> None:
    gc.disable()
    try:
        with paused():
            _after_fork()
            assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_refused_document_leaves_the_collector_on() -> None:
    for data in documents():
        for what in DOES:
            done(what, data[: len(data) // 2])
        assert gc.isenabled()
    assert x271.normalize(written(answer(ACTIVE))).coverage == "active"
