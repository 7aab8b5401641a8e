"""The pytest plugin, which pytest loads by its entry point: options, fixtures, and how two records are compared.

Every run of everybody who has x271 loads this, so nothing of x271 is imported before it is used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..synthetic import Synthetic
    from ..synthetic.making import Kind

_RECORDS = "x271.normalize.eligibility"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("x271", "eligibility answers (x271)")
    group.addoption(
        "--x271-archive",
        action="append",
        default=[],
        metavar="PATH",
        help="Also run x271's invariants over every document of a file, folder, glob or archive, and sum up what was "
        "found. May be given several times. No report says what an element says.",
    )
    group.addoption(
        "--x271-archive-sample",
        type=float,
        default=1.0,
        metavar="SHARE",
        help="Check only this share of the archive's documents (0.01 is one in a hundred), the same ones on every run.",
    )
    group.addoption(
        "--x271-strict",
        action="store_true",
        help="A document of the archive that is refused fails its test; otherwise it is counted.",
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "x271_archive: a test of --x271-archive; select them with -m x271_archive",
        "x271_scenarios(name, ..., seed=1): the scenarios and the seed of x271_answer; by default all of them",
    ):
        config.addinivalue_line("markers", marker)
    share = config.getoption("--x271-archive-sample")
    if not 0 < share <= 1:
        raise pytest.UsageError("--x271-archive-sample: a number above 0 and up to 1 is expected")
    sources = config.getoption("--x271-archive")
    if sources:
        from .archive import NAME, Archive

        archive = Archive(sources, share=share, is_strict=config.getoption("--x271-strict"))
        config.pluginmanager.register(archive, NAME)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `x271_answer` runs once for each scenario."""
    if "x271_answer" not in metafunc.fixturenames:
        return
    from ..synthetic import synth

    marker = metafunc.definition.get_closest_marker("x271_scenarios")
    names, options = (marker.args, marker.kwargs) if marker is not None else ((), {})
    made = list(synth("271", scenario=names or "all", **options))
    metafunc.parametrize("x271_answer", made, ids=["+".join(one.scenarios) for one in made])


@pytest.fixture(scope="session")
def x271_synth() -> Callable[..., Synthetic]:
    """Makes one synthetic document: `x271_synth("termed", kind="270", seed=7)`; options as for `x271.synth`.

    Its `data` are the bytes, `expected` says what the record of each patient must give.
    """
    from ..synthetic import synth

    def made(scenario: str, *, kind: Kind = "271", seed: int = 1, **options: Any) -> Synthetic:
        return next(synth(kind, seed=seed, scenario=scenario, **options))

    return made


@pytest.fixture(scope="session")
def x271_strategies() -> ModuleType:
    """`x271.testing` with its hypothesis strategies, for `data.draw(x271_strategies.responses())`."""
    from .. import testing

    return testing


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """What `assert record == other` prints: the fields, without what may identify a person."""
    module = sys.modules.get(_RECORDS)
    if module is None or op != "==":
        return None
    if not (isinstance(left, module.Eligibility) and isinstance(right, module.Eligibility)):
        return None
    return _differences(left, right)


def _differences(left: Eligibility, right: Any) -> list[str]:
    from .asserting import told
    from .comparing import differences

    return list(told(left, right, list(differences(left, right, places=True))))
