"""The explanation on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import x271
from normalize.documents import DAY, FIXTURES, answer, case, fixtures
from x271.normalize.explanation import Explanation, field_names
from x271.show.explanation import render


def shown(explanation: Explanation, *, width: int = 100, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None
    )
    console.print(render(explanation))
    return out.getvalue()


def test_value_segment_reasons_and_what_decided_are_shown() -> None:
    text = shown(x271.normalize(case("T07"), date_of_service=DAY).explain("ded($)IndivOutOfNetworkRemaining"))
    for part in (
        "ded($)IndivOutOfNetworkRemaining",
        "1750.00",
        "EB*C*IND*30***23*2000*****N",
        "EB07, segment 17, byte 501, loop 2110C",
        "it gives the part that was used so far",
        "refused",
        "EB12 is Y",
        "DERIVED_REMAINING",
        "amounts.applied",
    ):
        assert part in text


def test_an_empty_field_says_that_it_is_empty() -> None:
    text = shown(x271.normalize(case("T08"), date_of_service=DAY).explain("ded($)IndivInNetwork"))
    assert "empty" in text
    assert "No row fits" in text


def test_the_element_that_gave_the_value_stands_out() -> None:
    explanation = x271.normalize(case("T09"), date_of_service=DAY).explain("ded($)IndivInNetwork")
    assert "\x1b[1;32m0\x1b[0m" in shown(explanation, colour=True)


def test_a_payers_text_neither_steers_the_terminal_nor_is_read_as_markup() -> None:
    record = x271.normalize(answer("EB*1**30*PR*[red]GOLD\x1b[2J"))
    text = shown(record.explain("planTypeDescription"))
    assert "\x1b" not in text
    assert "[red]GOLD" in text


def test_only_as_many_others_are_shown_as_asked_for() -> None:
    rows = [f"EB*C*FAM*30***23*{amount}*****N" for amount in range(20)]
    explanation = x271.normalize(answer("EB*1**30", *rows)).explain("ded($)IndivInNetwork")
    assert "... and 8 more" in shown(explanation)


@pytest.mark.parametrize("name", ["archive/active-ppo.271", "archive/ppmd-dependent.xml", "cases/T24.x12"])
def test_every_field_is_drawn_on_a_narrow_terminal(name: str) -> None:
    record = x271.normalize(fixtures()[name])
    for field in field_names():
        lines = shown(record.explain(field), width=60).splitlines()
        assert max(len(line) for line in lines) <= 60


def test_an_xml_answer_shows_the_line() -> None:
    record = x271.normalize(FIXTURES / "archive" / "ppmd-dependent.xml")
    assert "line 34" in shown(record.explain("groupNumber"))
