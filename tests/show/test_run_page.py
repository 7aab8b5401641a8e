"""The summary of a run as a page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import html

from x271.batch.run import to_file
from x271.batch.settings import Settings
from x271.batch.tally import Tally
from x271.show.run_page import render

ARCHIVE = Path(__file__).parents[2] / "fixtures" / "archive"


def tally() -> Tally:
    return Tally(
        documents=1000,
        refused=1,
        in_part=2,
        without_patient=7,
        size=5_400_000,
        coverage=Counter(active=700, inactive=200, unknown=100),
        reasons=Counter(
            {"Patient not found": 60, "": 2, **{f"reason {number}": 30 - number for number in range(20)}}
        ),
        errors=Counter({"UNKNOWN_FORM": 2, "MALFORMED_JSON": 1}),
    )


def found(page: str, path: str) -> Any:
    return html.fromstring(page).xpath(path)


def texts(page: str, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in found(page, path)]


def test_the_page_counts() -> None:
    page = render(tally(), seconds=10)
    assert texts(page, "//dl/div") == [
        "documents1,000",
        "patients1,000",
        "refusals3",
        "read5.4 MB",
        "taken10.0 s",
        "documents/s100",
    ]
    legend = texts(page, "//li")
    assert legend[:3] == ["active700 70 %", "inactive200 20 %", "unknown100 10 %"]
    assert legend[3:] == [
        "read990 99 %",
        "without a patient7 under 1 %",
        "read in part2 under 1 %",
        "refused1 under 1 %",
    ]


def test_the_parts_of_a_bar_fill_it_and_the_smallest_can_be_seen() -> None:
    first, second = found(render(tally()), "//svg[@class='stack']")
    for bar in (first, second):
        parts = [(float(one.get("x")), float(one.get("width"))) for one in bar.iter("rect")]
        assert abs(sum(width for _, width in parts) - 1000) < 0.1
        assert min(width for _, width in parts) >= 7
        ends = [round(start + width, 1) for start, width in parts]
        assert ends[:-1] == [round(start, 1) for start, _ in parts[1:]]
    assert first.get("aria-label") == "Coverage of the patients: active 700, inactive 200, unknown 100"


def test_the_most_frequent_reasons_are_drawn_and_the_others_summed_up() -> None:
    rows = texts(render(tally()), "//table[contains(@class, 'reasons')]//tr")
    assert rows[0].startswith("Patient not found 60")
    assert rows[-1].startswith("other reasons")
    assert len(rows) == 13
    drawn = sum(int(re.findall(r"(\d+) \d+ %|(\d+) under", row)[0][0] or 0) for row in rows)
    assert drawn == tally().reasons.total()


def test_a_refusal_has_its_meaning_and_hint() -> None:
    row = texts(render(tally()), "//table[contains(@class, 'refusals')]//tr")[0]
    assert row.startswith(
        "UNKNOWN_FORMThe input is neither X12 nor XML nor JSON. An X12 answer starts with ISA"
    )


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    page = render(tally())
    assert not re.search(r"<script|https?:|url\(|@import|<link|<img", page)
    assert "prefers-color-scheme: dark" in page


def test_an_empty_run_has_a_page_too() -> None:
    page = render(Tally(), seconds=0.01, asked_trace=True)
    assert "No document was found." in page
    assert "<svg" not in page


def test_nothing_of_a_patient_is_on_the_page(tmp_path: Path) -> None:
    page = render(to_file(Settings(sources=(str(ARCHIVE),)), tmp_path / "out.jsonl"), seconds=1)
    text = (ARCHIVE / "active-ppo.271").read_text()
    names = {
        part
        for segment in text.split("~")
        if segment.strip().startswith("NM1*IL")
        for part in segment.split("*")[3:6]
    }
    assert names
    assert not any(name in page for name in names if len(name) > 3)
