"""Bytes to transactions, levels, benefits and patients: SPEC 1.1, 1.2 and the notes below the table of loops.

Only well-formed X12 is read here. What a broken envelope means is tested elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Segment:
    """One segment; elements[0] is its name, so elements[n] is element n of the guide."""

    elements: list[str]
    repetition: str

    @property
    def name(self) -> str:
        return self.elements[0]

    def get(self, number: int) -> str:
        return self.elements[number].strip() if number < len(self.elements) else ""

    def repeats(self, number: int) -> list[str]:
        parts = [part.strip() for part in self.get(number).split(self.repetition)]
        return [part for part in parts if part]


@dataclass
class Entity:
    """Loop 2120: one NM1 and what follows it."""

    nm1: Segment
    others: list[Segment] = field(default_factory=list)


@dataclass
class Row:
    """Loop 2110: one EB and what belongs to it."""

    eb: Segment
    loop: str  # 2110C or 2110D
    segments: list[Segment] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    @property
    def information(self) -> str:
        return self.eb.get(1)

    @property
    def service_types(self) -> list[str]:
        return self.eb.repeats(3)

    def all(self, name: str) -> list[Segment]:
        return [segment for segment in self.segments if segment.name == name]

    @property
    def messages(self) -> list[str]:
        return [segment.get(1) for segment in self.all("MSG")]


@dataclass
class Level:
    """One HL: loops 2000x and 2100x, and the 2110 loops below."""

    number: str
    parent_number: str
    code: str
    before_name: list[Segment] = field(default_factory=list)
    name: Segment | None = None
    after_name: list[Segment] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    parent: Level | None = None
    children: list[Level] = field(default_factory=list)

    def nm1(self, number: int) -> str:
        return self.name.get(number) if self.name else ""

    def all(self, name: str) -> list[Segment]:
        """The segments of that name at this level itself, not under an EB."""
        return [segment for segment in self.before_name + self.after_name if segment.name == name]


@dataclass
class Transaction:
    header: list[Segment] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)


@dataclass
class Patient:
    level: Level  # 2000C or 2000D
    subscriber: Level  # 2000C
    receiver: Level | None  # 2000B
    source: Level | None  # 2000A
    header: list[Segment]
    rows: list[Row]
    borrowed: bool  # the rows are the subscriber's

    @property
    def is_dependent(self) -> bool:
        return self.level.code == "23"


def split(data: bytes) -> list[list[Segment]]:
    """SPEC 1.1: the segments of each interchange."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    interchanges = []
    while text.strip():
        text = text[text.index("ISA") :]
        element, repetition, component, terminator = text[3], text[82], text[104], text[105]
        if repetition.isalnum() or repetition == " " or repetition in (element, component, terminator):
            repetition = "^"
        segments = []
        while text:
            raw, _, text = text.partition(terminator)
            raw = raw.lstrip("\r\n")
            if raw:
                segments.append(Segment(raw.split(element), repetition))
            if raw.startswith("IEA"):
                break
        interchanges.append(segments)
    return interchanges


def transactions(data: bytes) -> list[Transaction]:
    """Every ST of every GS of every ISA, in document order; each is read alone (SPEC 1.1)."""
    found: list[Transaction] = []
    for segments in split(data):
        current: list[Segment] | None = None
        for segment in segments:
            if segment.name == "ST":
                current = []
            elif segment.name == "SE" and current is not None:
                found.append(_walk(current))
                current = None
            elif current is not None:
                current.append(segment)
    return found


def _walk(segments: list[Segment]) -> Transaction:
    transaction = Transaction()
    level: Level | None = None
    row: Row | None = None
    entity: Entity | None = None
    for segment in segments:
        if segment.name == "HL":  # note 2: also closes an LS that was left open
            level = Level(segment.get(1), segment.get(2), segment.get(3))
            transaction.levels.append(level)
            row = entity = None
        elif level is None:
            transaction.header.append(segment)
        elif segment.name == "EB":  # note 1: a new EB starts without entities; note 2: it closes an open LS
            row = Row(segment, "2110C" if level.code == "22" else "2110D")
            level.rows.append(row)
            entity = None
        elif segment.name == "NM1" and row is not None:  # notes 1 and 2: with or without LS
            entity = Entity(segment)
            row.entities.append(entity)
        elif segment.name == "NM1" and level.name is None:
            level.name = segment
        elif segment.name in ("LS", "LE"):
            entity = None
        elif segment.name in ("HSD", "REF", "DTP", "AAA", "MSG", "III") and row is not None:  # note 3
            row.segments.append(segment)
        elif segment.name in ("N3", "N4", "PER", "PRV") and entity is not None:  # note 3
            entity.others.append(segment)
        elif level.name is None:  # note 4
            level.before_name.append(segment)
        else:
            level.after_name.append(segment)
    for child in transaction.levels:  # note 5: by HL02, not by order, and HL04 is not looked at
        for parent in transaction.levels:
            if child.parent_number and parent.number == child.parent_number:
                child.parent = parent
                parent.children.append(child)
    return transaction


def _above(level: Level | None, code: str) -> Level | None:
    while level is not None and level.code != code:
        level = level.parent
    return level


def patients(transaction: Transaction) -> list[Patient]:
    """Note 6 of SPEC 1.2, decision 1; and whose rows are read, SPEC 5.1.2, decision 25."""
    found = []
    for level in transaction.levels:
        has_dependents = any(child.code == "23" for child in level.children)
        if level.code == "22" and (not has_dependents or level.rows):
            subscriber = level
        elif level.code == "23" and level.parent is not None:
            subscriber = level.parent
        else:
            continue
        rows, borrowed = level.rows, False
        if level.code == "23" and not level.rows and not level.all("AAA") and subscriber.rows:
            rows, borrowed = subscriber.rows, True
        found.append(
            Patient(
                level=level,
                subscriber=subscriber,
                receiver=_above(subscriber, "21"),
                source=_above(subscriber, "20"),
                header=transaction.header,
                rows=rows,
                borrowed=borrowed,
            )
        )
    return found


def traces(patient: Patient) -> list[str]:
    """Decision 2: TRN02 of the TRN*2 at the own level; a dependent without one takes the subscriber's."""
    own = [trn.get(2) for trn in patient.level.all("TRN") if trn.get(1) == "2"]
    if not own and patient.is_dependent:
        return [trn.get(2) for trn in patient.subscriber.all("TRN") if trn.get(1) == "2"]
    return own
