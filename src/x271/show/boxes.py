"""The boxes of a card: who is concerned, each with a title and lines. All of it is patient data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import codes
from .words import joined, period, phone, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..normalize.eligibility import Eligibility
    from ..normalize.record import Address, Party, Person, PrimaryCare

Line = tuple[str, str]  # a label, maybe empty, and what it labels


@dataclass(frozen=True, slots=True)
class Box:
    """A title, who it is, and labelled lines."""

    title: str
    name: str
    lines: tuple[Line, ...]


def boxes(record: Eligibility) -> tuple[Box, ...]:
    """The patient first, then who insures and who looks after him, then who asked."""
    found = [_patient(record)]
    if record.is_dependent:
        found.append(Box("Subscriber", plain(record.subscriber.full_name), _kept(_person(record.subscriber))))
    found.append(_box("Payer", record.payer))
    others = [("Second payer", record.second_payer), ("Other payer", record.alternate_payer)]
    for title, other in others:
        if other is not None:
            found.append(_box(title, other, _kind(record) if other is record.alternate_payer else ""))
    found.append(_primary_care(record.primary_care))
    if len(record.plans) > 1:
        found.append(Box("Plans", "", _kept(_plans(record))))
    asked = _box("Asked by", record.provider)
    traces = [("Trace" if one.kind == "2" else "Payer's trace", plain(one.number)) for one in record.traces]
    found.append(Box(asked.title, asked.name, _kept([*asked.lines, *traces])))
    return tuple(box for box in found if box.name or box.lines)


def party(one: Party) -> list[Line]:
    """What is known of a party besides its name."""
    identifier = {"XX": "NPI", "PI": "ID", "": "ID"}.get(one.identifier_qualifier, "")
    label = identifier or codes.describe("NM108", one.identifier_qualifier) or "ID"
    lines = [
        (label, plain(one.identifier)),
        *(("Phone", phone(number)) for number in one.phone_numbers),
        *(("Fax", phone(number)) for number in one.numbers("FX")),
        *(("E-mail", plain(number)) for number in one.numbers("EM")),
        *(("Web", plain(number)) for number in one.numbers("UR")),
        ("", address(one.address)),
    ]
    return list(_kept(lines))


def address(sent: Address | None) -> str:
    """On one line; empty if none was sent."""
    return "" if sent is None else plain(joined([str(sent), sent.country]))


def _kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(dict.fromkeys(line for line in lines if line[1]))


def _patient(record: Eligibility) -> Box:
    person = record.patient
    relation = record.relationship.description or plain(record.relationship.code)
    lines = _person(person)
    if record.is_dependent and not person.member_id:
        lines = [line for line in lines if line[0] != "Member ID"]
    if record.is_dependent:
        lines.append(("", f"{relation} of the subscriber" if relation else "A dependent of the subscriber"))
    lines.append(("Account", plain(record.account_number)))
    title = "Patient" if record.is_dependent else "Patient, the subscriber"
    return Box(title, plain(person.full_name), _kept(lines))


def _person(person: Person) -> list[Line]:
    gender = codes.describe("DMG03", person.gender) or plain(person.gender)
    born = "" if person.birth_date is None else str(person.birth_date)
    return [
        ("Member ID", plain(person.member_id)),
        ("Born", joined([born, gender.lower()]) if born else ""),
        ("Gender", "" if born else gender.lower()),
        ("", address(person.address)),
    ]


def _box(title: str, one: Party, kind: str = "") -> Box:
    return Box(title, plain(one.full_name), _kept([("", kind), *party(one)]))


def _kind(record: Eligibility) -> str:
    if record.alternate_payer is None:
        return ""
    kind = record.alternate_payer.kind
    return plain(kind.description or kind.code)


def _primary_care(care: PrimaryCare) -> Box:
    who = plain(care.full_name)
    lines = [
        ("", plain(care.facility) if who else ""),
        ("NPI", plain(care.npi)),
        ("Phone", phone(care.phone)),
        ("Fax", phone(care.fax)),
        ("", address(care.address)),
    ]
    return Box("Primary care provider", who or plain(care.facility), _kept(lines))


def _plans(record: Eligibility) -> Iterable[Line]:
    for plan in record.plans:
        kind = plan.insurance_type_description or plain(plan.insurance_type)
        yield plan.status, joined([kind, plain(plan.plan_description), period(plan.start, plan.end)])
