"""What senders do to an answer loses no benefit, and is reported exactly as `variants.py` and README say."""

from __future__ import annotations

from pathlib import Path

import pytest

import x271
from generators import generator
from variants import BASE_BENEFITS, VARIANTS, base, joined
from x12 import meaning

TABLE = generator("generate_readme_table")
keys = pytest.mark.parametrize("key", VARIANTS)


@keys
def test_a_variant_keeps_every_benefit_in_the_document(key: str) -> None:
    document = x271.parse(VARIANTS[key].data)
    patients = [patient for answer in document.answers() for patient in answer.patients()]
    assert sum(len(patient.benefits) for patient in patients) == VARIANTS[key].benefits


@keys
def test_a_variant_keeps_every_benefit_in_the_records(key: str) -> None:
    records = x271.normalize_all(VARIANTS[key].data)
    assert len(records) == VARIANTS[key].patients
    rows = {
        (record.source.interchange_control_number, benefit.position.segment)
        for record in records
        for benefit in record.benefits
        if benefit.position is not None
    }
    assert len(rows) == VARIANTS[key].benefits


@keys
def test_a_variant_is_reported_as_it_says_and_by_nothing_else(key: str) -> None:
    variant = VARIANTS[key]
    found = {one.code for one in x271.parse(variant.data).findings}
    found |= {one.code for record in x271.normalize_all(variant.data) for one in record.findings}
    assert found == variant.findings


@keys
def test_a_variant_is_written_as_it_came(key: str) -> None:
    assert x271.parse(VARIANTS[key].data).to_x12() == VARIANTS[key].data


_SAME = (
    *("crlf", "newline", "pipes", "segment-count", "unknown-segment", "ta1", "byte-order-mark", "blank-line"),
    *("childless-parent", "no-iea", "no-addendum", "unterminated"),
)


@pytest.mark.parametrize("key", _SAME)
def test_a_variant_of_the_form_alone_means_what_the_base_means(key: str) -> None:
    plain = meaning(x271.normalize(joined(base())).model_dump(exclude={"findings"}))
    varied = meaning(x271.normalize(VARIANTS[key].data).model_dump(exclude={"findings"}))
    assert varied == plain


def test_the_base_itself_has_no_findings() -> None:
    document = x271.parse(joined(base()))
    assert document.findings == ()
    (record,) = x271.normalize_all(joined(base()))
    assert record.findings == ()
    assert len({one.position.segment for one in record.benefits if one.position}) == BASE_BENEFITS


def test_readmes_table_is_made_of_the_variants(capsys: pytest.CaptureFixture[str]) -> None:
    assert TABLE.main(["--check"]) == 0, capsys.readouterr().err


def test_a_readme_without_the_marks_or_with_another_table_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    monkeypatch.setattr(TABLE, "README", readme)
    readme.write_text("# x271\n", encoding="utf-8")
    with pytest.raises(ValueError, match="each once"):
        TABLE.main(["--check"])
    readme.write_text(f"before\n{TABLE.BEGIN}old\n{TABLE.END}\nafter\n", encoding="utf-8")
    assert TABLE.main(["--check"]) == 1
    assert TABLE.main([]) == 0
    assert TABLE.main(["--check"]) == 0
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert all(variant.title.replace("|", "\\|") in text for variant in VARIANTS.values())
