"""`x271 normalize` over archives, as a caller of the command sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest

from batch.conftest import ARCHIVE, PATIENTS, RECORDS
from x271.commands import options

BATCH = ARCHIVE / "batch-three-sets.271"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `x271 normalize` in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def runs(*words: str | Path) -> Ran:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", "normalize", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ran(end.value.code, *capfd.readouterr())

    return runs


def test_an_archive_becomes_a_table_and_the_summary_tells_of_it(run: Run, mixed: Path) -> None:
    out = mixed.parent / "out.parquet"
    ran = run(mixed, "-o", out, "--field", "body")
    assert (ran.code, ran.out) == (1, "")
    assert pq.read_table(out).num_rows == RECORDS
    assert f"{mixed}/a.zip!notes.txt: UNKNOWN_FORM" in ran.err
    assert f"{mixed}/c.jsonl:4: MALFORMED_JSON" in ran.err
    words = [line.strip().rsplit(maxsplit=1) for line in ran.err.splitlines() if line.strip()]
    counts = {pair[0]: pair[-1] for pair in words}
    assert (counts["Documents"], counts["Patients"], counts["refused"]) == ("89", str(RECORDS), "4")


def test_the_table_and_the_jobs_can_be_chosen(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    assert run(ARCHIVE, "-o", out, "--table", "rejections", "--jobs", "2", "-q") == (0, "", "")
    assert "follow_up_code" in pq.read_table(out).column_names


def test_refused_documents_are_run_again_and_listed_where_the_caller_says(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.271"
    bad.write_text("no answer")
    listed = tmp_path / "list.jsonl"
    assert run(ARCHIVE, bad, "-o", tmp_path / "out.jsonl", "--refused", listed, "-q").code == 1
    assert json.loads(listed.read_text())["source"] == str(bad)
    bad.write_bytes(BATCH.read_bytes())
    ran = run("--again", listed, "-o", tmp_path / "again.jsonl", "-q")
    assert (ran.code, ran.err) == (0, "")
    assert len((tmp_path / "again.jsonl").read_text().splitlines()) == 7


def test_without_out_refusals_are_listed_if_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("no answer")
    ran = run(tmp_path / "bad", ARCHIVE, "--refused", tmp_path / "list.jsonl", "-q")
    assert len(ran.out.splitlines()) == PATIENTS
    assert json.loads((tmp_path / "list.jsonl").read_text())["code"] == "UNKNOWN_FORM"


def test_the_limits_reach_the_walk(run: Run) -> None:
    archives = Path(__file__).parents[2] / "fixtures" / "archives"
    for words, code in (
        ([archives / "answers.zip", "--max-unpacked", "1K"], "TOO_EXPANDED"),
        ([archives / "answers.zip", "--max-document", "1k"], "TOO_LARGE"),
        ([archives / "answers.zip", "--max-depth", "2"], "TOO_DEEP"),
        ([archives / "answers.jsonl", "--max-depth", "1"], "TOO_DEEP"),
        ([archives / "five-times.271.gz"], "TOO_MANY_ARCHIVES"),
        ([archives / "answers.zip", "--max-segments", "5"], "TOO_MANY_SEGMENTS"),
        ([archives / "answers.zip", "--max-elements", "5"], "TOO_MANY_ELEMENTS"),
        ([archives / "answers.zip", "--max-repetitions", "2"], "TOO_MANY_PARTS"),
    ):
        assert code in run(*words, "-q").err
    assert run(archives / "five-times.271.gz", "--max-archives", "5", "-q").code == 0


def test_an_unfinished_run_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".out.jsonl.x271-part").mkdir()
    ran = run(ARCHIVE, "-o", tmp_path / "out.jsonl")
    assert ran.code == 2
    assert "(.out.jsonl.x271-part). Give --resume to go on with it" in ran.err
    assert run(ARCHIVE, "-o", tmp_path / "out.jsonl", "--resume").code == 0


def test_many_refusals_are_not_all_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(250):
        (tmp_path / "in" / str(number)).write_text("no answer")
    ran = run(tmp_path / "in", "-o", tmp_path / "out.jsonl", "-q")
    assert ran.code == 1
    assert ran.err.count("UNKNOWN_FORM") < 120
    assert "more messages like these" in ran.err
    assert len((tmp_path / "refused.jsonl").read_text().splitlines()) == 250


def test_an_output_in_a_folder_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run(ARCHIVE, "-o", tmp_path / "nothere" / "out.parquet")
    assert ran.code == 2
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("256M", 2**28), ("1 GiB", 2**30), ("10kb", 10240), ("1T", 2**40)]
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert options.size(text, "--max-document") == size
    assert options.size(options.shown(size), "--max-document") == size


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_a_bar_shows_rate_and_time_left(tmp_path: Path) -> None:
    master, terminal = os.openpty()
    words = ["normalize", str(ARCHIVE), "-o", str(tmp_path / "out.jsonl")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "x271", *words], stdout=terminal, stderr=terminal, check=False, env=environment
    )
    shown = os.read(master, 1 << 16).decode()
    os.close(terminal)
    os.close(master)
    assert done.returncode == 0
    assert "17 documents, 22 patients" in shown
    assert "/s" in shown
    assert "left" in shown
    assert "100%" in shown
