"""Builds the typed models from what the core found; the core makes those of the loops and segments."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .. import _core
from .._gc import paused
from .._places import finding
from ..findings import Finding
from .envelope import ROOTS, Delimiters, Group, Interchange, OtherTransaction
from .mapped import models


def interchange(document: _core.Document, x12: bytes, lines: Any = None) -> Interchange:
    """The first interchange of a document, with the others behind it."""
    with paused():
        first, *later = document.interchanges()
        following = tuple(_interchange(document, item) for item in later)
        findings = tuple(finding(item, lines) for item in document.findings())
        made = _interchange(document, first, following, findings)
    offsets = [one.header.segment_offset or 0 for one in following]
    for one, start, end in zip(following, offsets, [*offsets[1:], len(x12)], strict=False):
        one._keep(x12[start:end])
    made._keep(x12)
    return made


def _interchange(
    document: _core.Document,
    item: Any,
    following: tuple[Interchange, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Interchange:
    isa, iea, acknowledgments, groups, others, delimiters = item
    return Interchange._trusted(
        {
            "header": _segment(document, isa),
            "acknowledgments": document.segment_models(models(), acknowledgments),
            "groups": tuple([_group(document, group) for group in groups]),
            "trailer": _segment(document, iea),
            "others": document.segment_models(models(), others),
            "delimiters": _delimiters(delimiters),
            "following": following,
            "findings": findings,
            "results": None,
        }
    )


@lru_cache(maxsize=8)
def _delimiters(sent: bytes) -> Delimiters:
    names = ("element", "repetition", "component", "terminator")
    texts = (chr(byte) if byte else "" for byte in sent)
    return Delimiters._trusted(dict(zip(names, texts, strict=True)))


def _group(document: _core.Document, item: Any) -> Group:
    gs, ge, transactions, others = item
    return Group._trusted(
        {
            "header": _segment(document, gs),
            "transactions": tuple([_transaction(document, index) for index in transactions]),
            "trailer": _segment(document, ge),
            "others": document.segment_models(models(), others),
        }
    )


def _segment(document: _core.Document, index: int | None) -> Any:
    return None if index is None else document.segment_models(models(), [index])[0]


def _transaction(document: _core.Document, index: int) -> Any:
    kind, first, end = document.span(index)
    made = document.models(models(kind), index) if kind in ROOTS else None
    if made is not None:
        return made
    segments = document.segment_models(models(), list(range(first, end)))
    return OtherTransaction._trusted({"kind": kind, "segments": segments})
