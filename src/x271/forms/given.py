"""Which document of an input is meant: X12, XML, or a JSON twin, wherever in a record it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import DataError, LimitExceeded, NoPatient, SeveralPatients
from ..sources import Data, Limits, Source, load_all
from ..sources.given import Given, content, recognize
from ..sources.json_text import documents
from ..sources.json_values import Number, listed, pairs, scalar, writable
from ..sources.xml import named

_LIMITS = Limits()
_DEEPEST = 2 * _LIMITS.max_depth  # objects and lists


class Found(NamedTuple):
    """One document.

    Attributes:
        text: as text, if it is X12 or XML, or the whole input is this JSON document.
        twin: the JSON twin, if it is one.
        answers: what `sources.load_all` makes of the input.
    """

    text: Given | None
    twin: Mapping[str, object] | None
    answers: list[Source | DataError]


def find(data: Data) -> Found:
    """The only document of an input.

    Raises:
        DataError: as `sources.load_all`, but that a fault or a missing answer is a document like others.
        UsageError: as `sources.load_all`.
        SeveralPatients: the input holds several documents.
    """
    given = data if isinstance(data, Mapping) else recognize(content(data, limits=_LIMITS), limits=_LIMITS)
    answers = list(load_all(given if isinstance(given, Mapping) else given.original))
    for answer in answers:
        if isinstance(answer, DataError) and not isinstance(answer, NoPatient):
            raise answer
    every = list(_record(given) if isinstance(given, Mapping) else _text(given))
    found = [one for one in every if one.is_named] or every
    if len(found) > 1:
        raise SeveralPatients(count=len(found))
    return Found(found[0].text, found[0].twin, answers)


def plain(value: object, depth: int = _DEEPEST) -> object:
    """A JSON value in types that `json` writes; a number that was JSON text is text.

    Raises:
        LimitExceeded: `TOO_DEEP`.
        UsageError: `BAD_INPUT_TYPE` for what JSON does not have.
    """
    if depth < 1:
        raise LimitExceeded("TOO_DEEP")
    if isinstance(value, Mapping):
        return {writable(name): plain(one, depth - 1) for name, one in pairs(value)}
    if isinstance(value, (list, tuple)):
        return [plain(one, depth - 1) for one in value]
    # NaN, too, is beyond: json would write it, and no reader takes it.
    if value is None or (isinstance(value, (int, float)) and abs(value) < 2**63):
        return value
    return str(scalar(value))


class _Document(NamedTuple):
    text: Given | None
    twin: Mapping[str, object] | None
    is_named: bool = True  # False: a record that may be an answer or not, for want of better


def _text(given: Given) -> Iterator[_Document]:
    if given.form != "json":
        yield _Document(given, None)
        return
    for document in documents(given.text):
        for one in _value(document.value):
            is_whole = one.twin is document.value and document.text is given.text
            yield one._replace(text=given) if is_whole else one


def _value(value: object) -> Iterator[_Document]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _value(one)
    elif isinstance(value, str) and not isinstance(value, Number):
        if value.strip():
            yield from _text(recognize(value, limits=_LIMITS))
    elif isinstance(value, Mapping) and value:
        yield from _record(value)


def _record(record: Mapping[str, object]) -> Iterator[_Document]:
    """The documents that a record names; failing that, the record itself."""
    found = list(_search(record))
    yield from found or [_Document(None, record, is_named=False)]


def _search(node: object) -> Iterator[_Document]:
    if isinstance(node, (list, tuple)):
        for one in node:
            yield from _search(one)
    if not isinstance(node, Mapping):
        return
    twin = {name: value for name, value in node.items() if name == "?xml" or named(name, "ppmdresults")}
    if twin.keys() - {"?xml"}:  # a twin holds nothing else; of a record, the document alone is taken
        yield _Document(None, node if len(twin) == len(node) else twin)
    for name, value in node.items():
        if named(name, "raw_response"):
            for one in listed(value):
                yield from _value(one) if isinstance(one, (str, Mapping)) else ()
        elif name not in twin:
            yield from _search(value)
