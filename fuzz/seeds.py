"""What the fuzzers begin with: the fixtures, small invented answers, and their XML and JSON twins."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import x271
from x271.forms import to_json, to_xml

FUZZ = Path(__file__).parent
WORK = FUZZ / ".work"
_FIXTURES = FUZZ.parent / "fixtures"
_LARGEST = 6_000  # bytes; small ones are run more often
_X12 = (".271", ".270", ".999", ".997", ".ta1", ".x12", ".edi")

sys.path.insert(0, str(FUZZ.parent / "benchmarks"))
from answers import interchange  # noqa: E402

Seeds = Iterator[tuple[str, bytes]]


def _of(*endings: str) -> Seeds:
    for path in sorted(_FIXTURES.rglob("*")):
        if path.name.endswith(endings) and path.is_file() and path.stat().st_size <= _LARGEST:
            yield "-".join(path.relative_to(_FIXTURES).parts), path.read_bytes()


def x12() -> Seeds:
    """Answers, questions and acknowledgments."""
    yield from _of(*_X12)
    yield "invented.271", interchange(1, 7, reduced=True)


def _twins(write: Callable[[bytes], bytes]) -> Seeds:
    for name, data in x12():
        try:
            yield name, write(data)
        except x271.X271Error:
            continue


def xml() -> Seeds:
    """`PPMDResults`, as vendors and as we write it."""
    yield from _of(".xml")
    yield from _twins(to_xml)


def json_text() -> Seeds:
    """The same as JSON, records that hold an answer as text, and JSON Lines."""
    yield from _of(".json", ".jsonl")
    yield from _twins(to_json)
    for name, data in x12():
        yield f"raw-{name}", json.dumps({"id": 1, "raw_response": data.decode("latin-1")}).encode()


def files() -> Seeds:
    """Archives and what stands in them."""
    yield from _of(".zip", ".gz", ".jsonl", ".271", ".xml")


BY_TARGET = {
    "parse": (x12, xml, json_text),
    "normalize": (x12, xml, json_text),
    "xml": (xml,),
    "json": (json_text,),
    "batch": (files,),
    "core/records": (x12,),
    "core/pieces": (x12,),
    "core/xml": (xml,),
    "core/json": (json_text,),
}


def corpus(target: str) -> Path:
    """The folder of what a target begins with and of what it found since; written anew is only what is missing."""
    folder = WORK / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for kind in BY_TARGET[target]:
        for name, data in kind():
            path = folder / f"{kind.__name__}-{name}"
            if not path.exists():
                path.write_bytes(data)
    return folder
