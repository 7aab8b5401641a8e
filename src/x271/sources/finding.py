"""Finds the answers in what holds them: a document, a list, JSON Lines, a record with `raw_response`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import DataError, LimitExceeded
from . import ppmd, xml
from .given import Given, recognize
from .json_text import documents
from .json_values import Number, listed, pairs
from .limits import Limits
from .source import Source

FIELD = "raw_response"  # what holds an answer as text in a record of VSee's kind
_NESTED = 8  # how many texts may stand in each other: JSON in a string in JSON
Found = Iterator[Source | DataError]


class _Context(NamedTuple):
    limits: Limits
    original: bytes | None
    field: str
    line: int = 1
    texts: int = 0


def in_text(given: Given, *, limits: Limits, field: str = FIELD, line: int = 1) -> Found:
    """Every answer of a text, or the error that it met; nothing at all if there is none.

    Raises:
        DataError: the text as a whole cannot be read.
    """
    return _text(given, _Context(limits, given.original, field.lower(), line))


def in_mapping(document: Mapping[str, object], *, limits: Limits, field: str = FIELD) -> Found:
    """The same of a JSON document that is a dict already."""
    return _record(document, _Context(limits, None, field.lower()), limits.max_depth)


def _text(given: Given, context: _Context) -> Found:
    if context.texts > _NESTED:
        raise LimitExceeded("TOO_DEEP")
    if given.form == "x12":
        yield Source(x12=given.text, form="x12")
    elif given.form == "xml":
        for answer in ppmd.in_xml(xml.read(given.text, limits=context.limits)):
            yield from _source(answer, context, 0)
    else:
        for document in documents(given.text, line=context.line):
            is_whole = document.text is given.text
            inside = context if is_whole else context._replace(original=document.text)
            if document.error is not None:
                yield document.error
            elif is_whole:
                yield from _value(document.value, inside, context.limits.max_depth)
            else:
                yield from guarded(_value(document.value, inside, context.limits.max_depth))


def _value(value: object, context: _Context, depth: int) -> Found:
    """A whole JSON value: a record, a text, or a list of such."""
    if isinstance(value, (list, tuple)):
        if depth < 1:
            raise LimitExceeded("TOO_DEEP")
        for one in value:
            yield from guarded(_value(one, context, depth - 1))
    elif isinstance(value, str) and not isinstance(value, Number):
        yield from _nested(value, context)
    elif isinstance(value, Mapping):
        yield from _record(value, context, depth)


def _record(record: Mapping[str, object], context: _Context, depth: int) -> Found:
    """The answers that a record names; failing that, the record itself as an answer without its names."""
    found = False
    for one in _search(record, context, depth):
        found = True
        yield one
    if not found:
        for answer in ppmd.unnamed_in_json(record):
            yield from _source(answer, context, depth)


def _search(node: object, context: _Context, depth: int) -> Found:
    if not isinstance(node, (Mapping, list, tuple)):
        return
    if depth < 1:
        raise LimitExceeded("TOO_DEEP")
    if not isinstance(node, Mapping):
        for one in node:
            yield from _search(one, context, depth - 1)
        return
    for name, value in pairs(node):
        if xml.named(name, "ppmdresults"):
            for answer in ppmd.in_json(value):
                yield from _source(answer, context, depth - 1)
        elif xml.named(name, context.field):
            for one in listed(value):
                yield from _raw_response(one, context, depth - 1)
        else:
            yield from _search(value, context, depth - 1)


def _raw_response(value: object, context: _Context, depth: int) -> Found:
    if isinstance(value, str) and value.strip():
        yield from guarded(_nested(value, context))
    elif isinstance(value, Mapping) and value:
        found = list(guarded(_record(value, context, depth)))
        yield from found or [DataError("NOT_AN_ANSWER")]


def _nested(text: str, context: _Context) -> Found:
    if text.strip():
        given = recognize(text, limits=context.limits)
        yield from _text(given, context._replace(original=given.original, line=1, texts=context.texts + 1))


def _source(answer: ppmd.Answer, context: _Context, depth: int) -> Found:
    """The answer's source, or the error that it met; nothing if it is no answer."""
    problem = None
    try:
        made = ppmd.source(answer, original=context.original, limits=context.limits, depth=depth)
    except DataError as error:
        problem = error.with_traceback(None)
    if problem is not None:
        yield problem
    elif made is not None:
        yield made


def guarded(found: Found) -> Found:
    """Makes the error that ends an iteration its last value, freed of the frames that hold the data."""
    error = None
    try:
        yield from found
    except DataError as problem:
        error = problem.with_traceback(None)
    if error is not None:
        yield error
