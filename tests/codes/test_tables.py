"""The tables as files: complete, clean, and of the sizes that their sources have."""

from __future__ import annotations

from importlib.resources import files

import pytest

from x271 import codes
from x271._tables import read_table, read_text

ROWS = {
    "eb01_eligibility_or_benefit_information": 35,
    "eb01_base_not_in_tr3": 8,
    "eb02_coverage_level": 9,
    "eb02_base_not_in_tr3": 16,
    "eb03_service_type": 239,
    "eb04_insurance_type": 63,
    "eb06_time_period": 19,
    "eb09_quantity_qualifier": 18,
    "eb11_eb12_yes_no": 7,
    "eb13_product_service_id_qualifier": 7,
    "aaa01_valid_request": 2,
    "aaa03_reject_reason_tr3": 55,
    "aaa03_reject_reason_base": 256,
    "aaa04_follow_up_action": 8,
    "vsee_aaa03_eligibility_response": 54,
    "hsd_codes": 5 + 5 + 17 + 39 + 8,
    "dtp01_date_qualifier": 32,
    "ref01_qualifier": 39,
    "nm101_entity": 27,
    "nm108_id_qualifier": 13,
    "nm110_entity_relationship": 7,
    "ins02_relationship": 10,
    "ins03_ins04": 2,
    "per_qualifiers": 14,
    "iii01_code_list_qualifier": 3,
    "iii02_place_of_service": 52,
    "dmg03_gender": 3,
    "mpi_military": 97,
    "prv01_provider_code": 18,
    "misc_header_codes": 25,
    "ta104_interchange_acknowledgment": 3,
    "ta105_note_code": 32,
    "ik304_segment_error": 13,
    "ik403_element_error": 18,
    "ik501_set_acknowledgment": 6,
    "ik502_set_error": 25,
    "ak901_group_acknowledgment": 7,
    "ak905_group_error": 20,
}
FILES = sorted(path.name for path in files("x271.codes").iterdir() if path.name.endswith(".tsv"))


def lines(name: str) -> list[str]:
    return [line for line in read_text(f"codes/{name}").split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_a_table_has_the_rows_of_its_source(name: str, rows: int) -> None:
    assert len(read_table(f"codes/{name}.tsv")) == rows


def test_the_index_names_every_file_with_its_rows_and_source() -> None:
    index = {row["file"]: row for row in read_table("codes/INDEX.tsv")}
    assert {name: int(row["rows"]) for name, row in index.items()} == {f"{n}.tsv": c for n, c in ROWS.items()}
    assert all(row["source"] for row in index.values())
    assert {"INDEX.tsv", "elements.tsv", *index} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_no_cell_has_stray_blanks_and_no_row_too_many_cells(name: str) -> None:
    header, *rows = (line.split("\t") for line in lines(name))
    assert len(set(header)) == len(header)
    for row in rows:
        assert len(row) <= len(header), row
        assert all(cell == cell.strip() and "  " not in cell and cell.isprintable() for cell in row), row


@pytest.mark.parametrize("name", sorted(set(FILES) - {"INDEX.tsv", "elements.tsv"}))
def test_no_code_stands_twice_in_a_file(name: str) -> None:
    rows = read_table(f"codes/{name}")
    keys = [(row.get("element", ""), row.get("code", row.get("aaa03"))) for row in rows]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("table", codes.tables())
def test_every_source_of_a_table_gives_codes_and_all_agree_on_its_title(table: str) -> None:
    sources = [row for row in read_table("codes/elements.tsv") if row["table"] == table]
    assert len({(row["title"], row["when"]) for row in sources}) == 1
    assert {row["part"] for row in sources} <= {"tr3", "base", "own"}
    for source in sources:
        rows = read_table(f"codes/{source['file']}")
        assert {source["code"], source["text"]} <= set(rows[0])
        assert not source["column"] or any(row[source["column"]] == source["value"] for row in rows)


def test_every_file_is_used_by_a_table() -> None:
    used = {row["file"] for row in read_table("codes/elements.tsv")}
    assert {"INDEX.tsv", "elements.tsv", *used} == set(FILES)
