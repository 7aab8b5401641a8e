"""DTP: what is readable, what is an echo, the window of a row, and the benefit date filter.

SPEC 3.3.2, 3.3.5, 3.3.6; decisions 3, 4, 5, 10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .document import Row, Segment

OPEN_YEAR = 2099  # an end in this year or later means open


@dataclass(frozen=True)
class Dated:
    """One DTP. start is None if it cannot be read; end is None unless the format is RD8."""

    qualifier: str
    start: date | None
    end: date | None
    is_range: bool


@dataclass(frozen=True)
class Window:
    start: date | None
    end: date | None

    @property
    def is_empty(self) -> bool:
        return self.start is None and self.end is None


@dataclass(frozen=True)
class Question:
    """What was asked, and when it was answered."""

    date_of_service: date | None
    requested_range: tuple[date, date] | None
    answered: date | None  # BHT04
    service_types: tuple[str, ...]


def read_date(text: str) -> date | None:
    """CCYYMMDD, or None if it is no day of the calendar."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def read_dtp(dtp: Segment) -> Dated:
    qualifier, form, text = dtp.get(1), dtp.get(2), dtp.get(3)
    if form == "D8":
        return Dated(qualifier, read_date(text), None, is_range=False)
    if form == "RD8" and re.fullmatch(r"[0-9]{8}-[0-9]{8}", text):
        start, end = read_date(text[:8]), read_date(text[9:])
        if start and end:
            return Dated(qualifier, start, end, is_range=True)
    return Dated(qualifier, None, None, is_range=form == "RD8")


def readable(segments: list[Segment]) -> list[Dated]:
    return [dated for dated in map(read_dtp, segments) if dated.start]


def is_echo(dated: Dated, question: Question) -> bool:
    """Decision 4: a 291 or 307 that repeats the question."""
    if dated.qualifier not in ("291", "307"):
        return False
    if not dated.is_range:
        return dated.start in (question.date_of_service, question.answered)
    return dated.start == dated.end or (dated.start, dated.end) == question.requested_range


STARTS = ("346", "291", "356", "307", "348")
ENDS = ("347", "291", "357", "307", "349")


def _window(dates: list[Dated], starts: tuple[str, ...], ends: tuple[str, ...]) -> Window:
    """Decision 5."""
    start = end = None
    for qualifier in starts:
        for dated in dates:
            if dated.qualifier == qualifier and start is None:
                start = dated.start
    for qualifier in ends:
        for dated in dates:
            if dated.qualifier == qualifier and end is None:
                if dated.is_range:
                    end = dated.end
                elif qualifier not in ("291", "307"):
                    end = dated.start
    if end is not None and end.year >= OPEN_YEAR:
        end = None
    return Window(start, end)


def row_window(row: Row, question: Question) -> Window:
    """SPEC 3.3.5: from the row's own DTPs, without echoes."""
    dates = [dated for dated in readable(row.all("DTP")) if not is_echo(dated, question)]
    return _window(dates, STARTS, ENDS)


def level_window(dtps: list[Segment], question: Question) -> Window:
    """SPEC 3.3.5 for a 2100 loop: 382 and 539 are starts too, 540 an end; echoes do not count here either."""
    dates = [dated for dated in readable(dtps) if not is_echo(dated, question)]
    return _window(dates, (*STARTS, "382", "539"), (*ENDS, "540"))


def within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def covers(window: Window, day: date | None) -> bool:
    """Decision 5: it has a start or an end, and none of them excludes the day."""
    return day is not None and not window.is_empty and within(day, window.start, window.end)


def ended_before(window: Window, day: date | None) -> bool:
    return day is not None and window.end is not None and window.end < day


def starts_after(window: Window, day: date | None) -> bool:
    return day is not None and window.start is not None and window.start > day


PAIRS = (("193", "194"), ("346", "347"), ("348", "349"), ("356", "357"))


def date_filter_excludes(row: Row, question: Question, *, coordination: bool = False) -> bool:
    """SPEC 3.3.6, decision 10. With coordination=True 290 counts as well (SPEC 3.6, field 60)."""
    day = question.date_of_service
    if day is None:  # decision 3: then no date excludes anything
        return False
    dates = [dated for dated in readable(row.all("DTP")) if not is_echo(dated, question)]

    for qualifier in ("292", "291", "307", "472", *(("290",) if coordination else ())):
        mine = [dated for dated in dates if dated.qualifier == qualifier]
        if mine and not any(_includes(dated, day) for dated in mine):
            return True

    for begin_qualifier, end_qualifier in PAIRS:
        begins = [dated.start for dated in dates if dated.qualifier == begin_qualifier]
        ends = [dated.end or dated.start for dated in dates if dated.qualifier == end_qualifier]
        if begins or ends:
            begin = begins[0] if begins else None
            end = ends[0] if ends else None
            if end is not None and end.year >= OPEN_YEAR:
                end = None
            if not within(day, begin, end):
                return True
    return False


def _includes(dated: Dated, day: date) -> bool:
    if dated.is_range:
        end = dated.end if dated.end is not None and dated.end.year < OPEN_YEAR else None
        return within(day, dated.start, end)
    if dated.qualifier == "472":  # a single day
        return dated.start == day
    return within(day, dated.start, None)  # a start
