"""`x271 synth` as a caller sees it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import x271
from x271.synthetic import differences, scenarios


class Ran(NamedTuple):
    code: int
    out: bytes
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs the command in this process, as its entry point does."""
    monkeypatch.setenv("TERMINAL_WIDTH", "200")
    if "numpy" not in sys.modules:  # the command does without it for good, other tests must not
        monkeypatch.setitem(sys.modules, "numpy", None)

    def runs(*words: str | Path) -> Ran:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capfdbinary.readouterr()
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, captured.out, captured.err.decode())

    return runs


def test_an_answer_goes_to_stdout_as_the_function_gives_it(run: Run) -> None:
    ran = run("synth", "271", "--seed", "7", "--scenario", "termed")
    assert ran == Ran(0, next(x271.synth("271", seed=7, scenario="termed")).data, "")


@pytest.mark.parametrize("kind", ["270", "999", "ppmd"])
def test_the_other_kinds(run: Run, kind: str) -> None:
    ran = run("synth", kind, "--scenario", "active-hmo")
    assert ran.code == 0
    assert ran.out.startswith(b"<?xml" if kind == "ppmd" else b"ISA*00*")


def test_without_a_word_it_is_an_answer_of_the_mix(run: Run) -> None:
    assert run("synth").out == next(x271.synth()).data


def test_several_x12_documents_follow_one_another(run: Run) -> None:
    ran = run("synth", "--count", "5", "--date", "2027-03-04")
    assert ran.out == b"".join(one.data for one in x271.synth(count=5, date="2027-03-04"))


def test_one_interchange(run: Run) -> None:
    ran = run("synth", "--count", "5", "--one-interchange")
    assert ran.out.count(b"ISA*") == 1
    assert ran.out.count(b"\nST*271*") == 5


def test_several_json_documents_are_json_lines(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    ran = run("synth", "ppmd", "--form", "json", "--scenario", "termed", "--scenario", "future", "-o", out)
    assert ran == Ran(0, b"", "")
    records = list(x271.read(out))
    assert [one.coverage_reason for one in records] == ["TERMED", "FUTURE"]


def test_several_xml_documents_need_a_folder(run: Run, tmp_path: Path) -> None:
    ran = run("synth", "ppmd", "--count", "2", "-o", tmp_path / "answers.xml")
    assert ran.code == 2
    assert "--one-interchange" in ran.err
    assert not (tmp_path / "answers.xml").exists()
    assert run("synth", "ppmd", "--count", "2", "-o", f"{tmp_path}/new/folder/").code == 0
    assert len(list((tmp_path / "new" / "folder").glob("*.xml"))) == 2


def test_a_folder_gets_a_file_for_each_and_the_list_says_what_they_must_give(
    run: Run, tmp_path: Path
) -> None:
    ran = run(
        "synth", "--count", "12", "-o", tmp_path / "answers" / "x", "--expected", tmp_path / "expected.jsonl"
    )
    assert ran.code == 2  # no such folder, so a file was meant
    folder = tmp_path / "answers"
    ran = run("synth", "--count", "12", "-o", f"{folder}/", "--expected", tmp_path / "expected.jsonl")
    assert ran.code == 0
    assert ran.err == f"{folder}: 12 documents\n"
    names = sorted(one.name for one in folder.iterdir())
    said = [json.loads(line) for line in (tmp_path / "expected.jsonl").read_text().splitlines()]
    assert names == [f"{one['number']:05}-{one['scenarios'][0]}.271" for one in said]
    for name, one in zip(names, said, strict=True):
        records = x271.normalize_all(folder / name, service_types=one["service_types"])
        assert [record.coverage for record in records] == [each["coverage"] for each in one["expected"]]


def test_every_scenario_once(run: Run, tmp_path: Path) -> None:
    assert run("synth", "--scenario", "all", "-o", f"{tmp_path}/").code == 0
    made = {one.name.partition("-")[2].removesuffix(".271") for one in tmp_path.iterdir()}
    assert made == {one.name for one in scenarios().values() if "271" in one.kinds}


def test_the_list_is_text_elsewhere_than_on_a_terminal(run: Run) -> None:
    ran = run("synth", "--list")
    head, *rows = ran.out.decode().splitlines()
    assert head.split("\t") == ["scenario", "kinds", "shows", "gives"]
    assert [row.split("\t")[0] for row in rows] == list(scenarios())


def test_the_list_is_a_table_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("synth", "--list")
    assert ran.code == 0
    assert "medicare-hospice" in ran.out.decode()


@pytest.mark.parametrize(
    "words",
    [
        ["--scenario", "no-such-thing"],
        ["--date", "tomorrow"],
        ["270", "--form", "xml"],
        ["837"],
        ["--count", "-1"],
    ],
)
def test_wrong_usage_ends_with_2(run: Run, words: list[str]) -> None:
    assert run("synth", *words).code == 2


def test_what_it_gives_is_what_it_says(run: Run) -> None:
    ran = run("synth", "--scenario", "dependent-child", "--seed", "3")
    (expected,) = next(x271.synth(scenario="dependent-child", seed=3)).expected
    assert differences(expected, x271.normalize(ran.out)) == []
