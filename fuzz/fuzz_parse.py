"""Any bytes are read alike each time and written back byte for byte, or refused by an error of ours.

What is read is validated, acknowledged and redacted to the same shape. An error has a code, a hint and a place, and no
text of ours says what the document says.
"""

from __future__ import annotations

from _mutate import by_form
from _run import run, silent, told

import x271
from x271.grammar.compiled import engine
from x271.sources import Limits
from x271.sources.given import recognize

_KEY = b"0123456789"


def check(data: bytes) -> None:
    try:
        document = x271.parse(data)
    except x271.X271Error as error:
        told(error, data)
    else:
        again = x271.parse(data)
        assert document == again
        assert recognize(data, limits=Limits()).form != "x12" or document.to_x12() in (data, _utf8(data))
        assert len(document.model_dump_json()) <= 20_000 + 200 * len(data)
        silent(data, repr(document), *map(str, document.findings), *map(repr, document.answers()))
        assert list(document.answers()) is not None
    for function in (_validated, _redacted, x271.read_acknowledgment):
        if function is _redacted and len(data) % 4:
            continue  # it takes ten times as long as all the rest
        try:
            function(data)
        except x271.X271Error as error:
            told(error, data)


def _utf8(data: bytes) -> bytes:
    """X12 in UTF-16 is read as UTF-8."""
    return recognize(data, limits=Limits()).text


def _validated(data: bytes) -> None:
    report = x271.validate(data)
    silent(data, str(report), repr(report))
    report.model_dump_json()


def _redacted(data: bytes) -> None:
    made = x271.redact(data, key=_KEY)
    assert made == x271.redact(data, key=_KEY)
    if recognize(data, limits=Limits()).form == "x12":
        assert len(made) == len(_utf8(data))
        assert _places(made) == _places(_utf8(data)) or b"ISA" in _utf8(data)[3:]


def _places(data: bytes) -> list[int]:
    """Where segments begin; an ISA that is no header gets a pseudonym, and the text around it may be cut otherwise."""
    return [offset for offset, _, _ in engine().read(data).segments()]


if __name__ == "__main__":
    run(check, by_form)
