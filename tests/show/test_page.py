"""The benefits card as an HTML page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from normalize.documents import DAY, answer, fixtures
from show.cards import ARCHIVE
from x271.show.page import render

_VOID = {"meta", "br", "!doctype"}
_TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "article",
        "header",
        "section",
        "div",
        "h1",
        "h2",
        "p",
    ),
    *("span", "strong", "i", "ul", "li", "br", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}


class Outline(HTMLParser):
    """Reads a page strictly: every tag is one of ours and closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.scopes: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)


def outline(page: str) -> Outline:
    read = Outline()
    read.feed(page)
    read.close()
    assert read.open == []
    return read


def words(page: str) -> str:
    return " ".join("".join(outline(page).text).split())


def of_rows(*rows: str) -> str:
    return render([x271.normalize(answer(*rows), date_of_service=DAY)], patient_data=True)


@pytest.mark.parametrize("name", fixtures())
def test_a_page_is_whole_and_asks_for_nothing_from_elsewhere(name: str) -> None:
    found: list[x271.Eligibility | x271.NoPatient]
    try:
        found = [*x271.normalize_all(fixtures()[name])]
    except x271.NoPatient as refused:
        found = [refused]
    for patient_data in (False, True):
        page = render(found, patient_data=patient_data)
        read = outline(page)
        assert not {name for name, _ in read.attributes} & {"src", "href", "action", "onclick", "onload"}
        assert "url(" not in page
        assert "@import" not in page
        assert None not in read.scopes  # every header says what it is the header of


def test_the_page_says_what_the_card_says() -> None:
    page = words(render([x271.normalize(ARCHIVE / "active-ppo.271")], patient_data=True))
    for part in (
        "active 2026-01-01 to 2026-12-31",
        "AVERY Q SAMPLE",
        "420.55 of 1,500.00",
        "Hospital - Inpatient 48 active coverage, family",
        "required CALL 8005550102 BEFORE ADMISSION",
        "Not covered Dental Care (35)",
        "The payer corrected the identity",
    ):
        assert part in page


def test_a_rejection_says_what_to_do() -> None:
    page = words(render([x271.normalize(ARCHIVE / "payer-down.271")], patient_data=True))
    assert "coverage unknown The question was rejected." in page
    assert "Unable to Respond at Current Time (42) said of the payer What to do: Resubmission Allowed" in page


def test_each_patient_has_a_card_and_an_answer_without_one_its_reason() -> None:
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(ARCHIVE / "payer-down-no-patient.271")
    fault = x271.VendorFault(fault_code="1025", description="<b>No such member</b>")
    records = x271.normalize_all(ARCHIVE / "batch-three-sets.271")
    page = render([*records, caught.value, fault, x271.NoPatient("NO_PATIENT")], patient_data=True)
    assert page.count("<article") == len(records) + 2
    assert "The answer names no patient" in page
    assert "&lt;b&gt;No such member" in page


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 98765+1 }}{% raw %}"


def test_what_a_payer_sends_is_text_wherever_it_stands() -> None:
    page = of_rows(
        f"EB*1*{HOSTILE}*{HOSTILE}*{HOSTILE}*{HOSTILE}*{HOSTILE}",
        f"REF*{HOSTILE}*{HOSTILE}*{HOSTILE}",
        f"MSG*{HOSTILE}",
        f"LS*2120~NM1*{HOSTILE}*1*{HOSTILE}*{HOSTILE}****{HOSTILE}*{HOSTILE}",
        f"N3*{HOSTILE}",
        f"PER*IC*{HOSTILE}*TE*{HOSTILE}*UR*{HOSTILE}",
        "LE*2120",
        f"EB*{HOSTILE}*IND*30*{HOSTILE}*{HOSTILE}******{HOSTILE}*{HOSTILE}*{HOSTILE}",
        f"AAA*N**{HOSTILE}*{HOSTILE}",
    )
    outline(page)  # asserts that no tag is there but ours
    assert "<script" not in page
    assert "<img" not in page
    assert "98766" not in page
    assert HOSTILE in words(page)


@given(st.text(st.characters(exclude_characters="*^:~", codec="utf-8"), min_size=1, max_size=40))
def test_no_message_breaks_the_page(message: str) -> None:
    page = of_rows("EB*1**30", f"MSG*{message}")
    assert all(letter.isprintable() or letter == "\n" for letter in page)
    outline(page)


def test_a_page_without_patient_data_has_none() -> None:
    page = render([x271.normalize(ARCHIVE / "active-ppo.271")], patient_data=False)
    assert "420.55" in page
    assert not re.findall(r"AVERY|NSH\d|1984|2026|EXAMPLEVILLE|PRIMER|AUTH-|NORTHSTAR", page)


def test_the_template_is_part_of_the_package() -> None:
    assert Path(x271.__file__).with_name("show").joinpath("card.html.j2").is_file()
