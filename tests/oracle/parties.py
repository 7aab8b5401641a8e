"""Who else is named: payers, alternate payer, primary care: SPEC 3.6, fields 51 to 73; decisions 20, 21."""

from __future__ import annotations

from collections.abc import Iterable

from . import codes
from .coverage import ACTIVE, plan_level_rows
from .dates import Question, date_filter_excludes
from .document import Entity, Level, Patient, Row, Segment


def address(segments: list[Segment]) -> str:
    """N301 N302, N401, N402 N403; empty parts left out."""
    n3 = next((segment for segment in segments if segment.name == "N3"), None)
    n4 = next((segment for segment in segments if segment.name == "N4"), None)
    parts = []
    if n3:
        parts.append(f"{n3.get(1)} {n3.get(2)}".strip())
    if n4:
        parts.append(n4.get(1))
        parts.append(f"{n4.get(2)} {n4.get(3)}".strip())
    return ", ".join(part for part in parts if part)


def level_address(level: Level) -> str:
    return address(level.all("N3") + level.all("N4"))


def contact(segments: list[Segment], *qualifiers: str) -> str:
    """The first number of the first qualifier that has one."""
    for qualifier in qualifiers:
        for per in segments:
            if per.name != "PER":
                continue
            for position in (3, 5, 7):
                if per.get(position) == qualifier and per.get(position + 1):
                    return per.get(position + 1)
    return ""


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def payers(patient: Patient) -> dict[str, str]:
    """Fields 51 to 59."""
    source = patient.source
    id1 = source.nm1(9) if source else ""
    name1 = source.nm1(3) if source else ""
    entities = [entity for row in plan_level_rows(patient.rows) for entity in row.entities]
    payer_entities = [entity for entity in entities if entity.nm1.get(1) == "PR"]

    second: Entity | None = None
    for entity in payer_entities:
        other_id = bool(entity.nm1.get(9)) and entity.nm1.get(9) != id1
        other_name = bool(entity.nm1.get(3)) and entity.nm1.get(3) != name1
        if second is None and (other_id or other_name):
            second = entity
    for entity in entities:
        if second is None and entity.nm1.get(1) == "VER":
            second = entity

    is_tpa = (source is not None and source.nm1(1) == "2B") or any(
        entity.nm1.get(1) == "2B" for row in patient.rows for entity in row.entities
    )
    places = [source.all("PER") if source else []] + [entity.others for entity in payer_entities]
    return {
        "payerID1": id1,
        "payerName1": name1,
        "payerTPA": "True" if is_tpa else "False",
        "payerID2": second.nm1.get(9) if second else "",
        "payerName2": second.nm1.get(3) if second else "",
        "payerPhone": _first(contact(place, "TE") for place in places),
        "payerFax": _first(contact(place, "FX") for place in places),
        "payerWebsite": _first(contact(place, "UR") for place in places),
        "payerAddress": _first(address(entity.others) for entity in payer_entities),
    }


NEVER_ALTERNATE = ("P3", "1P", "FA", "73", "13", "IL", "LR", "36", "P5", "VER", "GP")
CARVE_OUT = ("Y2", "I3", "2B", "VN", "X3", "1I", "GW")
WITHIN_R = ("PRP", "SEP", "TTP", "PR")


def _alternate_rank(row: Row, entity: Entity, plan_level: list[Row]) -> tuple[int, int, int] | None:
    """The order of field 60; None is never."""
    kind = entity.nm1.get(1)
    if kind in NEVER_ALTERNATE:
        return None
    within = 0
    if row.information == "R":
        group = 0
        within = WITHIN_R.index(kind) if kind in WITHIN_R else len(WITHIN_R)
    elif row.information == "MC":
        group = 1
    elif row.information == "U":
        group = 2
    elif row.information in ACTIVE and (kind in CARVE_OUT or (kind == "PR" and row not in plan_level)):
        group = 3
    else:
        return None
    is_general = not row.service_types or "30" in row.service_types
    return group, within, 0 if is_general else 1


def alternate(patient: Patient, question: Question) -> dict[str, str]:
    """Fields 60 to 64; decision 21: the first entity, with or without a name."""
    plan_level = plan_level_rows(patient.rows)
    chosen: tuple[Row, Entity] | None = None
    chosen_rank: tuple[int, int, int] | None = None
    for row in patient.rows:
        if date_filter_excludes(row, question, coordination=True):
            continue
        for entity in row.entities:
            rank = _alternate_rank(row, entity, plan_level)
            if rank is not None and (chosen_rank is None or rank < chosen_rank):
                chosen, chosen_rank = (row, entity), rank
    if chosen is None:
        return dict.fromkeys(("altName", "altCategory", "altType", "altAddress", "altPhone"), "")
    row, entity = chosen
    return {
        "altName": entity.nm1.get(3),
        "altCategory": codes.entity(entity.nm1.get(1)),
        "altType": codes.insurance_type(row.eb.get(4)) or codes.information(row.information),
        "altAddress": address(entity.others),
        "altPhone": contact(entity.others, "TE", "WP"),
    }


def primary_care(patient: Patient) -> dict[str, str]:
    """Fields 65 to 71."""
    pairs = [(row, entity) for row in patient.rows for entity in row.entities]
    persons = [(row, entity) for row, entity in pairs if entity.nm1.get(2) == "1"]
    organizations = [(row, entity) for row, entity in pairs if entity.nm1.get(2) == "2"]

    facilities = [
        entity for row, entity in organizations if row.information == "L" or entity.nm1.get(1) == "P3"
    ]
    doctors = [entity for row, entity in persons if row.information == "L"]
    doctors += [entity for row, entity in persons if entity.nm1.get(1) == "P3"]

    doctor = doctors[0] if doctors else None
    return {
        "primaryCareFacility": facilities[0].nm1.get(3) if facilities else "",
        "pcpLastName": doctor.nm1.get(3) if doctor else "",
        "pcpFirstName": doctor.nm1.get(4) if doctor else "",
        "pcpNPI": doctor.nm1.get(9) if doctor and doctor.nm1.get(8) == "XX" else "",
        "pcpAddress": address(doctor.others) if doctor else "",
        "pcpPhone": contact(doctor.others, "TE", "WP") if doctor else "",
        "pcpFax": contact(doctor.others, "FX") if doctor else "",
    }
