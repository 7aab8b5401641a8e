"""A story: a scenario with its values drawn. Answer, question and record are of the same values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, localcontext
from typing import Any

from .numbers import Numbers
from .scenario import Scenario
from .template import elements, filled, numbered, segment
from .values import Values, draw

EXACT = Context(prec=28)  # whatever the caller has set for arithmetic of its own


@dataclass(frozen=True, slots=True)
class Story:
    """A scenario as it was drawn for one document.

    Attributes:
        scenario: what it is about.
        number: which one of the seed's it is, from 1.
    """

    scenario: Scenario
    number: int
    values: Mapping[str, Any] = field(repr=False)
    _key: tuple[int, ...] = field(repr=False)

    def segments(self) -> list[str]:
        """The answer from the first HL to the last segment before SE."""
        numbers = Numbers(*self._key, 1)
        with localcontext(EXACT):
            return list(numbered(_lines(self.scenario, dict(self.values), numbers)))

    def vendor_document(self) -> bytes:
        """What the vendor says instead of an answer; empty if it answers."""
        texts = elements(self.values)
        lines = self.scenario.document.strip().split("\n")
        return "\n".join(segment(line, texts) for line in lines).encode("ascii")

    def expected(self) -> tuple[dict[str, Any], ...]:
        """What the record of each patient must give: a value by field, `None` where the payer said nothing.

        A field is a path into `Eligibility`. Of `rejections` loop, code and follow-up are given, of `plans` status,
        type and description, of `traces` the numbers, of `findings` code and field; `benefits` is how many there
        are, and each table of `has` fits one of them.
        """
        if self.scenario.error:
            return ()
        return tuple(_expected(one, self.values) for one in self.scenario.expects)


def story(scenario: Scenario, *, seed: int, number: int, day: date) -> Story:
    """The story that a scenario has for a seed, a number and a day: always the same."""
    key = (seed, number)
    numbers = Numbers(*key, 0)
    mark = f"{seed}-{number}"
    values: Values = {
        "today": day,
        "clock": f"{day.month}/{day.day}/{day.year} 9:00:00 AM",  # as AdvancedMD writes it
        "year_start": date(day.year, 1, 1),
        "year_end": date(day.year, 12, 31),
        "last_year_start": date(day.year - 1, 1, 1),
        "last_year_end": date(day.year - 1, 12, 31),
        "trace": f"X{mark}",
        "reference": f"REF{mark}",
    }
    with localcontext(EXACT):
        for name, rule in scenario.draws.items():
            values |= draw(name, rule, values, numbers)
    return Story(scenario=scenario, number=number, values=values, _key=key)


def _lines(scenario: Scenario, values: Values, numbers: Numbers) -> Iterator[str]:
    texts = elements(values)
    for block in scenario.blocks:
        rounds = block.each
        if block.at_most:
            rounds = rounds[: draw("rounds", block.at_most, values, numbers)["rounds"]]
        for one in rounds:
            inside: Values = {**values, **one}
            texts |= one
            for name, rule in block.draws.items():
                drawn = draw(name, rule, inside, numbers)
                inside |= drawn
                texts |= elements(drawn)
            for line in block.lines:
                yield segment(line, texts)


def _expected(said: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with those of `patient` and `subscriber` under these names."""
    people = {"patient": said["patient"], "subscriber": said["subscriber"]}
    known = dict(values)
    for role, person in people.items():
        known.update(
            {
                f"{role}.{name[len(person) + 1 :]}": value
                for name, value in values.items()
                if name.startswith(f"{person}.")
            }
        )
    made = {
        name: filled(value, known)
        for name, value in said.items()
        if name not in ("patient", "subscriber", "nothing")
    }
    made.update(dict.fromkeys(said.get("nothing", ()), None))
    return made
