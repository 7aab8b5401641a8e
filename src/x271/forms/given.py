"""Which document of an input is meant: X12, XML, or a JSON twin, wherever in a record it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import DataError, NoPatient, SeveralPatients
from ..sources import Data, Limits, Source, load_all
from ..sources.given import Given, content, recognize
from ..sources.json_text import documents
from ..sources.json_values import Number, listed, scalar, writable
from ..sources.xml import named

_LIMITS = Limits()


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
    found = list(_record(given) if isinstance(given, Mapping) else _text(given))
    if len(found) != 1:
        raise SeveralPatients(count=len(found)) if found else DataError("NOT_AN_ANSWER")
    text, twin = found[0]
    return Found(text, twin, answers)


def plain(value: object) -> object:
    """A JSON value in types that `json` writes; a number that was JSON text is text."""
    if isinstance(value, Mapping):
        return {writable(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    is_finite = isinstance(value, float) and value - value == 0
    if value is None or isinstance(value, int) or is_finite:
        return value
    return str(scalar(value))


_Document = tuple[Given | None, Mapping[str, object] | None]


def _text(given: Given) -> Iterator[_Document]:
    if given.form != "json":
        yield given, None
        return
    for document in documents(given.text):
        for text, twin in _value(document.value):
            is_whole = twin is document.value and document.text is given.text
            yield (given if is_whole else text), twin


def _value(value: object) -> Iterator[_Document]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _value(one)
    elif isinstance(value, str) and not isinstance(value, Number):
        if value.strip():
            yield from _text(recognize(value, limits=_LIMITS))
    elif isinstance(value, Mapping):
        yield from _record(value)


def _record(record: Mapping[str, object]) -> Iterator[_Document]:
    """The documents that a record names; failing that, the record itself."""
    found = list(_search(record))
    yield from found or [(None, record)]


def _search(node: object) -> Iterator[_Document]:
    if isinstance(node, (list, tuple)):
        for one in node:
            yield from _search(one)
    if not isinstance(node, Mapping):
        return
    roots = [name for name in node if named(name, "ppmdresults")]
    if roots:
        around = [name for name in node if name not in roots and name != "?xml"]
        # Twins hold nothing else; of a record, the document alone is taken.
        yield None, {name: node[name] for name in node if name not in around} if around else node
        return
    for name, value in node.items():
        if named(name, "raw_response"):
            for one in listed(value):
                yield from _value(one) if isinstance(one, (str, Mapping)) and one else ()
        else:
            yield from _search(value)
