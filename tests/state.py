"""What the tests of threads, processes and state share: everything that x271 does with a document, as plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import x271
from x271.forms import to_json, to_xml
from x271.tables import tables_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
KEY = "a secret of ours"


def documents() -> list[bytes]:
    """Answers, questions and acknowledgements in every form; some are refused."""
    folders = ("archive", "variants", "ppmd", "acknowledgments", "inquiries")
    return [
        path.read_bytes()
        for name in folders
        for path in sorted((FIXTURES / name).iterdir())
        if path.is_file()
    ]


def _explained(data: bytes) -> list[str]:
    fields = ("coverage", "deductible.individual.in_network.total", "payer.name")
    return [str(record.explain(field)) for record in x271.normalize_all(data) for field in fields]


def _rows(data: bytes) -> dict[str, int]:
    return {name: batch.num_rows for name, batch in tables_of(data).items()}


DOES: dict[str, Callable[[bytes], Any]] = {
    "parse": lambda data: x271.parse(data).model_dump_json(),
    "write": lambda data: x271.parse(data).to_x12(),
    "normalize": lambda data: [record.model_dump_json() for record in x271.normalize_all(data)],
    "integrex": lambda data: [record.to_integrex() for record in x271.normalize_all(data)],
    "explain": _explained,
    "tables": _rows,
    "validate": lambda data: x271.validate(data).model_dump_json(),
    "redact": lambda data: x271.redact(data, key=KEY),
    "xml": to_xml,
    "json": to_json,
    "card": lambda data: [record.summary() for record in x271.normalize_all(data)],
}


def done(what: str, data: bytes) -> str:
    """What one function makes of a document: a digest, or the code by which it is refused."""
    try:
        made = DOES[what](data)
    except x271.X271Error as error:
        return error.code
    return hashlib.blake2b(repr(made).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def all_done(given: list[bytes]) -> list[str]:
    """What all functions make of all documents, one after the other."""
    return [done(what, data) for what in DOES for data in given]
