"""The tables of names and places: complete, and true to the sample; and the page that shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from forms.compare import attributes, paths
from sources.documents import PPMD
from x271._tables import read_table
from x271.forms.names import attribute, loop_path
from x271.grammar import mapped
from x271.grammar.answer import EligibilityAnswer
from x271.sources.names import place

NAMES = read_table("forms/ppmd_names.tsv")
WRAPPERS = read_table("forms/ppmd_wrappers.tsv")
SAMPLE = json.loads((PPMD / "sample.json").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def test_what_the_sample_shows_is_named_as_in_the_sample_and_nothing_else_is_said_to_be() -> None:
    shown = {name for name, _ in attributes(SAMPLE)}
    ours = {attribute(row["segment"], int(row["element"])) for row in NAMES if row["source"] == "sample"}
    assert ours == shown
    assert {"HL04_HierarchicaChildCode", "ISA16_SubElementDelimeter"} < ours


def test_every_name_is_read_as_the_element_that_it_stands_for() -> None:
    for row in NAMES:
        found = place(attribute(row["segment"], int(row["element"])))
        assert found == (row["segment"], int(row["element"]), 0)
        assert re.fullmatch(r"[A-Z][A-Za-z]+", row["name"])
        assert row["source"] in ("sample", "dictionary")


def test_elements_of_a_segment_are_counted_without_a_gap() -> None:
    segments = dict.fromkeys(row["segment"] for row in NAMES)
    for segment in segments:
        numbers = [row["element"] for row in NAMES if row["segment"] == segment]
        assert numbers == [f"{number:02}" for number in range(1, len(numbers) + 1)]


def test_a_data_element_has_one_name_and_it_is_the_sample_s_if_the_sample_has_one() -> None:
    for row in NAMES:
        same = [other for other in NAMES if other["data_element"] == row["data_element"]]
        shown = {other["name"] for other in same if other["source"] == "sample"}
        if row["source"] == "dictionary":
            assert {row["name"]} <= (shown or {row["name"]})
            assert {other["name"] for other in same if other["source"] == "dictionary"} == {row["name"]}


def test_every_segment_and_element_of_the_grammar_has_a_name() -> None:
    named = {(row["segment"], int(row["element"])) for row in NAMES}
    loops = mapped.loops(EligibilityAnswer)
    for segment in {name for item in loops for name in item["segments"]}:
        for field in mapped.by_identifier()[segment].model_fields.values():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and "element" in extra:
                assert (segment, int(str(extra["element"]))) in named


def test_every_loop_and_segment_of_the_grammar_has_a_place() -> None:
    segments = {(loop, row["segment"]) for row in WRAPPERS if row["segment"] for loop in row["loop"].split()}
    listed = {loop for row in WRAPPERS for loop in row["loop"].split()}
    for item in mapped.loops(EligibilityAnswer):
        assert item["id"] in listed
        assert {(item["id"], name) for name in item["segments"]} <= segments
        assert loop_path(item["id"]).own or item["id"].startswith("2115")


def test_wrappers_that_are_said_to_be_the_sample_s_are() -> None:
    shown = {name for path in paths(SAMPLE) for name in path.split("/")}
    for row in WRAPPERS:
        names = set(row["path"].strip("/").split("/"))
        if row["source"] == "sample":
            assert names <= shown
        assert row["source"] in ("sample", "dictionary")


def test_the_page_shows_the_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for title, table in (("names", names_table()), ("wrappers", wrappers_table())):
        shown = text.partition(f"<!-- {title} -->\n")[2].partition(f"<!-- end of {title} -->")[0]
        assert shown == table, f"put this between the marks:\n{table}"


def names_table() -> str:
    """Each segment with the words behind its prefix, the vendor's in bold."""
    lines = ["| segment | elements from 01 |", "| --- | --- |"]
    for segment in dict.fromkeys(row["segment"] for row in NAMES):
        rows = [row for row in NAMES if row["segment"] == segment]
        words = [f"**{row['name']}**" if row["source"] == "sample" else row["name"] for row in rows]
        same = len(words) > 1 and len(set(words)) == 1
        lines.append(f"| {segment} | {f'{words[0]}, {len(words)} times' if same else ', '.join(words)} |")
    return "\n".join(lines) + "\n"


def wrappers_table() -> str:
    """Each loop with its element and those of its segments, the vendor's in bold."""
    lines = ["| loop | segment | elements |", "| --- | --- | --- |"]
    for row in WRAPPERS:
        path = "none of its own" if row["path"] == "." else row["path"].removeprefix("/")
        shown = f"**{path}**" if row["source"] == "sample" else path
        lines.append(f"| {row['loop'].replace(' ', ', ')} | {row['segment'] or 'the loop'} | {shown} |")
    return "\n".join(lines) + "\n"
