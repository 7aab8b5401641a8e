"""Inquiries to X12: one interchange, its transaction sets, and in them the levels that inquiries share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..errors import InvalidInquiry, Position, UsageError
from ..findings import Finding
from ..grammar.envelope import Delimiters, Group, Interchange
from ..grammar.question import EligibilityQuestion, QuestionReceiver, QuestionSource
from ..grammar.segments import TransactionHeader
from ..grammar.write import check_options
from .building import Builder
from .check import MOST_PATIENTS, arranged, check
from .envelope import GUIDE, Envelope
from .inquiry import Inquiry
from .sending import STANDARD, as_sent, with_originator

if TYPE_CHECKING:
    from typing import Unpack

    from .inquiry import Options


def to_x12(inquiries: Iterable[Inquiry], **options: Unpack[Options]) -> bytes:
    """The interchange that asks these inquiries, in their order: 005010X279A1, counts and levels right.

    Several are a batch: up to 99 patients stand in one transaction set, then another begins; so it does where
    `reference`, `cancels` or `spend_down` change. Inquiries behind one another with the same payer share its level,
    and so do those with the same provider.

    Args:
        inquiries: one or more.
        options: see `Options`.

    Raises:
        InvalidInquiry: there are problems, all of which it lists; see `Inquiry.check`. Of several inquiries their
            paths begin with `inquiries[0]` and so on.
        UsageError: BAD_OPTION, there is no inquiry; an option of a wrong type; delimiters or a line end that cannot be.
    """
    given = dict(options)
    delimiters: Delimiters = options.get("delimiters") or STANDARD
    line_end = options.get("line_end", "")
    check_options(delimiters, line_end)
    made = list(inquiries)
    if not made:
        position = Position(key="inquiries")
        raise UsageError("BAD_OPTION", position=position, detail="one inquiry or more are expected")
    at = options.get("at") or datetime.now().astimezone()
    names = options.get("names") or {}
    sent = [as_sent(one, delimiters)[0] for one in made]
    asked = _envelope({name: given[name] for name in Envelope.model_fields if name in given})
    envelope, found = asked.filled(sent[0], delimiters)
    problems = arranged([*found, *envelope.problems(at, delimiters)], names)
    for number, one in enumerate(made):
        report = check(
            one,
            at=at.date(),
            batch=options.get("batch", False) or len(made) > 1,
            delimiters=delimiters,
            later_service_types=options.get("later_service_types", False),
            names=names,
        )
        problems += report.findings if len(made) == 1 else _numbered(report.findings, number)
    if any(one.severity == "error" for one in problems):
        raise InvalidInquiry([one for one in problems if one.severity == "error"])
    return _interchange(sent, envelope, at, delimiters).to_x12(line_end=line_end)


def _envelope(given: dict[str, object]) -> Envelope:
    try:
        return Envelope.model_validate(given)
    except ValidationError as error:
        key = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
    raise UsageError("BAD_OPTION", position=Position(key=key))


def _numbered(findings: Iterable[Finding], number: int) -> Iterator[Finding]:
    """Findings of one of several inquiries."""
    for one in findings:
        key = one.position.key if one.position is not None else ""
        position = Position(key=f"inquiries[{number}].{key}")
        yield one.model_copy(update={"field": f"inquiries[{number}].{one.field}", "position": position})


def _interchange(
    sent: Sequence[Inquiry], envelope: Envelope, at: datetime, delimiters: Delimiters
) -> Interchange:
    originator = envelope.originator()
    traced = [with_originator(one, originator) for one in sent]
    transactions = tuple(
        _transaction(inside, number, at) for number, inside in enumerate(_sets(traced), start=1)
    )
    group = Group(header=envelope.group_header(at), transactions=transactions)
    header = envelope.interchange_header(at, delimiters)
    return Interchange(header=header, groups=(group,), delimiters=delimiters)


def _sets(inquiries: Iterable[Inquiry]) -> Iterator[list[Inquiry]]:
    """The inquiries of each transaction set."""
    inside: list[Inquiry] = []
    count = 0
    for one in inquiries:
        more = len(one.patients())
        if inside and (count + more > MOST_PATIENTS or _beginning(one) != _beginning(inside[0])):
            yield inside
            inside, count = [], 0
        inside.append(one)
        count += more
    if inside:
        yield inside


def _beginning(one: Inquiry) -> tuple[str, bool, bool]:
    return one.reference, one.cancels, one.spend_down


def _transaction(inside: Sequence[Inquiry], number: int, at: datetime) -> EligibilityQuestion:
    sources = []
    for _, of_source in groupby(inside, key=lambda one: one.payer):
        receivers = []
        for _, of_receiver in groupby(of_source, key=lambda one: one.provider):
            builders = [Builder(one) for one in of_receiver]
            below = tuple(one.subscriber() for one in builders)
            receivers.append(QuestionReceiver(name=builders[0].receiver(), subscribers=below))
        sources.append(QuestionSource(name=builders[0].source(), receivers=tuple(receivers)))
    beginning = Builder(inside[0]).beginning()
    return EligibilityQuestion(
        header=TransactionHeader(transaction="270", control_number=f"{number:04}", version=GUIDE),
        beginning=beginning.model_copy(update={"date": at.date(), "time": f"{at:%H%M}"}),
        sources=tuple(sources),
    )
