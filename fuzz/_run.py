"""What the targets share: coverage of the package, mutations, and what must hold for every error."""

from __future__ import annotations

import pkgutil
import random
import re
import sys
import warnings
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["x271"]):
    import x271

    for module in pkgutil.walk_packages(x271.__path__, "x271."):
        # pyspark and other extras need not be there, and nothing of them reads bytes
        if not module.name.endswith(("__main__", ".spark")):
            import_module(module.name)

from x271 import errors

from _mutate import Mutator

MOST = 16_384  # bytes of an input
_WORD = re.compile(r"[^\W_]{7,}")
_SHOWN = re.compile(
    r"\d{6}X\d{3}([A-Z]\d{1,2})?|\d+", re.ASCII
)  # a guide's name; numbers are positions or counts


@cache
def _ours() -> frozenset[str]:
    """The words that our messages may hold, whatever the document says: those of the package."""
    package = Path(x271.__path__[0])
    texts = (
        path.read_text(encoding="utf-8") for path in package.rglob("*") if path.suffix in (".py", ".tsv")
    )
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


def told(error: x271.X271Error, data: bytes) -> None:
    """An error of ours has a code, a hint, a place in the input if any, and none of the document's words."""
    assert error.code in errors.catalogue()
    assert error.hint
    assert str(error).startswith(error.code)
    at = error.position
    assert at is None or at.offset is None or 0 <= at.offset <= 3 * len(data) + 1000
    silent(data, str(error), repr(error), repr(error.args), *getattr(error, "__notes__", ()))
    assert error.__cause__ is None or isinstance(error.__cause__, x271.X271Error)


def silent(data: bytes, *texts: str) -> None:
    """The texts have none of the document's words that are not ours, too."""
    words = {word.lower() for text in texts for word in _WORD.findall(text)} - _ours()
    words = {word for word in words if not _SHOWN.fullmatch(word.upper())}
    if words:
        document = data.decode("latin-1").lower()
        assert not [word for word in words if word in document], "a text of ours says what the document says"


def run(check: Callable[[bytes], None], mutate: Mutator) -> None:
    """Fuzzes; the arguments are those of libFuzzer."""
    warnings.simplefilter("error")

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        made = mutate(data, rng) if rng.random() < 0.7 else atheris.Mutate(data, most)
        return made[:most]

    atheris.Setup([*sys.argv, f"-max_len={MOST}"], check, custom_mutator=mutated)
    atheris.Fuzz()
