"""Inquiries to X12: one interchange, its transaction sets, and in them the levels that inquiries share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from ..errors import InvalidInquiry, Position, UsageError
from ..findings import Finding
from ..grammar.envelope import Group, Interchange
from ..grammar.question import EligibilityQuestion, QuestionReceiver, QuestionSource
from ..grammar.segments import TransactionHeader
from .building import Builder
from .check import MOST_PATIENTS, arranged, check
from .envelope import GUIDE, Envelope
from .inquiry import Inquiry
from .sending import as_sent, with_originator

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
    given = Envelope.of(options)
    made = list(inquiries)
    if not made or not all(isinstance(one, Inquiry) for one in made):
        position = Position(key="inquiries")
        raise UsageError("BAD_OPTION", position=position, detail="one Inquiry or more are expected")
    sent = [as_sent(one, given.delimiters)[0] for one in made]
    envelope, found = given.filled(sent[0])
    findings = arranged([*found, *envelope.problems()], given.names)
    for number, one in enumerate(made):
        report = check(
            one,
            at=given.at.date(),
            batch=given.batch or len(made) > 1,
            delimiters=given.delimiters,
            later_service_types=given.later_service_types,
            names=given.names,
        )
        findings += report.findings if len(made) == 1 else _numbered(report.findings, number)
    problems = [one for one in findings if one.severity == "error"]
    if problems:
        raise InvalidInquiry(problems)
    return _interchange(sent, envelope).to_x12(line_end=given.line_end)


def _numbered(findings: Iterable[Finding], number: int) -> Iterator[Finding]:
    """Findings of one of several inquiries."""
    for one in findings:
        key = one.position.key if one.position is not None else ""
        position = Position(key=f"inquiries[{number}].{key}")
        yield one.model_copy(update={"field": f"inquiries[{number}].{one.field}", "position": position})


def _interchange(sent: Sequence[Inquiry], envelope: Envelope) -> Interchange:
    originator = envelope.originator()
    traced = [with_originator(one, originator) for one in sent]
    transactions = tuple(
        _transaction(inside, number, envelope.at) for number, inside in enumerate(_sets(traced), start=1)
    )
    group = Group(header=envelope.group_header(), transactions=transactions)
    header = envelope.interchange_header()
    return Interchange(header=header, groups=(group,), delimiters=envelope.delimiters)


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
