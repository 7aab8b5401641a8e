"""Finds the answers in what holds them: a document, a list, JSON Lines, a record with `raw_response`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DataError, LimitExceeded
from . import ppmd, xml
from .given import Given, recognize
from .json_text import trees
from .json_values import Number
from .limits import Limits
from .source import Source

if TYPE_CHECKING:
    from .. import _core

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
    from .. import _core

    tree = _core.Tree.of_value(document, Number)
    return _record(tree, 0, _Context(limits, None, field.lower()), limits.max_depth)


def _text(given: Given, context: _Context) -> Found:
    if context.texts > _NESTED:
        raise LimitExceeded("TOO_DEEP")
    if given.form == "x12":
        yield Source(x12=given.text, form="x12")
    elif given.form == "xml":
        tree = xml.tree(given.text, limits=context.limits)
        for answer in tree.answers():
            yield from _source(tree, answer, context, None)
    else:
        for document in trees(given.text, line=context.line):
            is_whole = document.text is given.text
            inside = context if is_whole else context._replace(original=document.text)
            if document.error is not None:
                yield document.error
            elif document.value is not None:
                found = _value(document.value, 0, inside, context.limits.max_depth)
                yield from found if is_whole else guarded(found)


def _value(tree: _core.Tree, node: int, context: _Context, depth: int) -> Found:
    """A whole JSON value: a record, a text, or a list of such."""
    kind = tree.kind(node)
    if kind == "list":
        if depth < 1:
            raise LimitExceeded("TOO_DEEP")
        for one in tree.children(node):
            yield from guarded(_value(tree, one, context, depth - 1))
    elif kind == "text":
        yield from _nested(tree.text(node), context)
    elif kind == "object":
        yield from _record(tree, node, context, depth)


def _record(tree: _core.Tree, node: int, context: _Context, depth: int) -> Found:
    """The answers that a record names; failing that, the record itself as an answer without its names."""
    found = False
    for one in _named(tree, node, context, depth):
        found = True
        yield one
    if not found:
        for answer in tree.unnamed(node):
            yield from _source(tree, answer, context, depth)


def _named(tree: _core.Tree, node: int, context: _Context, depth: int) -> Found:
    from .. import _core

    problem = None
    try:
        for step in tree.search(node, depth, context.field):
            if step[0] == "answer":
                yield from _source(tree, step[1], context, step[2])
            elif step[0] == "text":
                yield from guarded(_nested(tree.text(step[1]), context))
            else:
                found = list(guarded(_record(tree, step[1], context, step[2])))
                yield from found or [DataError("NOT_AN_ANSWER")]
    except _core.Unreadable as error:
        problem = ppmd.refusal(error)
    if problem is not None:
        raise problem


def _nested(text: str, context: _Context) -> Found:
    if text.strip():
        given = recognize(text, limits=context.limits)
        yield from _text(given, context._replace(original=given.original, line=1, texts=context.texts + 1))


def _source(tree: _core.Tree, answer: ppmd.At, context: _Context, depth: int | None) -> Found:
    """The answer's source, or the error that it met; nothing if it is no answer."""
    problem = None
    try:
        made = ppmd.source(tree, answer, original=context.original, limits=context.limits, depth=depth)
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
