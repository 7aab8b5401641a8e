"""Killed at any moment and started again, a run gives the rows of an undisturbed one, none twice."""

from __future__ import annotations

import errno
import gc
import io
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.conftest import ARCHIVE, GOOD, PATIENTS, RECORDS
from x271 import UsageError
from x271.batch import forms, parts, run
from x271.batch.columns import _Parquet
from x271.batch.parts import Folder, alone
from x271.batch.run import to_file
from x271.batch.settings import Asked, Settings
from x271.batch.work import Done, Worker
from x271.tables import TABLES, tables_of

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


class Stopped(Exception):
    """Stands for the end of the process."""


def settings(source: Path, form: str = "jsonl", **options: Any) -> Settings:
    return Settings(
        sources=(str(source),), form=form, tables=forms.tables(form, None), field="body", **options
    )


def stopped(settings: Settings, out: Path, after: int) -> None:
    """A run that ends after so many units."""
    left = after

    def report(_: Done) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stopped

    with pytest.raises(Stopped):
        to_file(settings, out, report=report, resume=True)


def rows(out: Path) -> object:
    if out.is_dir():
        tables = {path.name: pq.read_table(path).to_pylist() for path in out.iterdir() if path.is_dir()}
        return tables, (out / "refused.jsonl").read_bytes()
    refused = out.with_name("refused.jsonl").read_bytes()
    return (pq.read_table(out).to_pylist() if out.suffix == ".parquet" else out.read_bytes()), refused


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The units that were worked on, by number."""
    numbers: list[int] = []
    do = Worker.do

    def counted(self: Worker, unit: Any) -> Done:
        numbers.append(unit.number)
        return do(self, unit)

    monkeypatch.setattr(Worker, "do", counted)
    return numbers


@pytest.mark.parametrize("form", ["jsonl", "parquet", "folder"])
def test_a_run_goes_on_where_it_ended(mixed: Path, small_units: None, done: list[int], form: str) -> None:
    whole, out = (mixed.parent / name / f"out.{form}".removesuffix(".folder") for name in ("whole", "cut"))
    for path in (whole, out):
        path.parent.mkdir()
    tally = to_file(settings(mixed, form), whole)
    count = len(done)
    for after in (1, 4, count):  # in the end only what is put together is missing
        done.clear()
        stopped(settings(mixed, form), out, after)
        assert not out.exists()
    done.clear()
    assert to_file(settings(mixed, form), out, resume=True) == tally
    assert done == []
    assert rows(out) == rows(whole)
    assert sorted(os.listdir(out.parent)) == sorted(os.listdir(whole.parent))  # noqa: PTH208


def test_finished_units_are_not_done_again(mixed: Path, small_units: None, done: list[int]) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 5)
    assert done == [0, 1, 2, 3, 4]
    done.clear()
    to_file(settings(mixed), out, resume=True)
    assert done[0] == 5
    assert len(out.read_text().splitlines()) == RECORDS


def test_a_part_that_is_lost_or_cut_is_made_again(mixed: Path, small_units: None, done: list[int]) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 6)
    kept = mixed.parent / ".out.jsonl.x271-part"
    units = [json.loads(line) for line in (kept / "journal.jsonl").read_text().splitlines()[1:]]
    (_, file, start, _), *_ = units[4]["parts"]
    os.truncate(kept / file, start + 1)
    (kept / "whole" / "out.jsonl.1.tmp").write_bytes(b"{")  # killed while it was put together
    done.clear()
    to_file(settings(mixed), out, resume=True)
    assert done[:2] == [4, 5]
    assert not list(mixed.parent.glob("*.tmp"))
    assert len(out.read_text().splitlines()) == RECORDS


def test_a_journal_that_was_cut_counts_up_to_its_last_whole_line(mixed: Path, small_units: None) -> None:
    out, whole = mixed.parent / "out.jsonl", mixed.parent / "whole.jsonl"
    to_file(settings(mixed), whole)
    journal = mixed.parent / ".out.jsonl.x271-part" / "journal.jsonl"
    for cut in (-1, -40, 30):
        stopped(settings(mixed), out, 6)
        journal.write_bytes(journal.read_bytes()[:cut])
    to_file(settings(mixed), out, resume=True)
    assert out.read_bytes() == whole.read_bytes()


def test_without_resume_an_unfinished_run_is_not_thrown_away(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 3)
    with pytest.raises(UsageError, match=r"UNFINISHED_RUN.*\.out\.jsonl\.x271-part"):
        to_file(settings(mixed), out)
    to_file(settings(mixed), out, resume=True)


def test_other_options_do_not_go_on_with_it(mixed: Path, small_units: None) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 3)
    for other, named in (
        (replace(settings(mixed), shape="integrex"), "--as"),
        (replace(settings(mixed), asked=Asked(date_of_service="2026-01-01")), "--date-of-service"),
        (replace(settings(mixed), sources=(str(ARCHIVE),)), "SOURCE"),
    ):
        with pytest.raises(UsageError, match=f"OTHER_RUN.*{named} differ"):
            to_file(other, out, resume=True)
    to_file(settings(mixed), out, resume=True)


@pytest.mark.parametrize("change", ["written", "added", "removed"])
def test_other_sources_do_not_go_on_with_it(mixed: Path, small_units: None, change: str) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 1 if change == "written" else 7)
    first = mixed / "a.zip"
    if change == "written":
        os.utime(first, ns=(1, 1))
    elif change == "added":
        (mixed / "0.271").write_bytes(b"ISA")
    else:
        first.unlink()
    with pytest.raises(UsageError, match=r"OTHER_RUN.*the sources changed"):
        to_file(settings(mixed), out, resume=True)


def test_resume_without_a_run_to_go_on_with_begins_one(mixed: Path) -> None:
    out = mixed.parent / "out.jsonl"
    assert to_file(settings(mixed), out, resume=True).patients == RECORDS


@pytest.mark.parametrize("form", ["jsonl", "folder"])
@pytest.mark.parametrize("moment", ["_publish", "_list_refused", "rmtree"])
def test_a_run_that_ends_while_it_gives_the_output_its_name_is_completed(
    mixed: Path, monkeypatch: pytest.MonkeyPatch, form: str, moment: str
) -> None:
    whole, out = (mixed.parent / name / f"out.{form}".removesuffix(".folder") for name in ("whole", "cut"))
    for path in (whole, out):
        path.parent.mkdir()
    to_file(settings(mixed, form), whole)

    def ends(*given: object, **_: object) -> None:
        if given[0] != out.with_name(f".{out.name}.x271-part") / "whole":  # which is cleared first
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree" if moment == "rmtree" else f"x271.batch.run.{moment}", ends)
        with pytest.raises(Stopped):
            to_file(settings(mixed, form), out)
    assert out.exists() == (moment != "_publish")
    tally = to_file(settings(mixed, form), out, resume=True)
    assert tally.patients == RECORDS
    assert rows(out) == rows(whole)
    assert sorted(os.listdir(out.parent)) == sorted(os.listdir(whole.parent))  # noqa: PTH208


def test_a_second_process_does_not_write_the_same_output(mixed: Path, small_units: None) -> None:
    pytest.importorskip("fcntl")
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed), out, 3)
    folder = Folder(mixed.parent / ".out.jsonl.x271-part")
    with alone(folder), pytest.raises(UsageError, match="RUN_IN_PROGRESS"):
        to_file(settings(mixed), out, resume=True)
    to_file(settings(mixed), out, resume=True)


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, after: int) -> Iterator[None]:
    """A disk that takes so many more files or additions to files."""
    left = after

    def full(_: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(parts, "flush", full)
        yield


@pytest.mark.parametrize("after", [0, 4, 10**6])
def test_a_full_disk_keeps_what_is_finished(
    mixed: Path, small_units: None, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    out, whole = mixed.parent / "out.jsonl", mixed.parent / "whole.jsonl"
    to_file(settings(mixed), whole)
    with full_disk(monkeypatch, after):
        if after < 100:
            with pytest.raises(OSError, match="No space left"):
                to_file(settings(mixed), out)
        else:
            to_file(settings(mixed), out)
    assert run.is_unfinished(out) == (after == 4)
    assert not list(mixed.parent.rglob("*.tmp"))
    to_file(settings(mixed), out, resume=True)
    assert out.read_bytes() == whole.read_bytes()


class Full(io.BytesIO):
    """A file on a disk that has room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: Any) -> int:
        if self.tell() + memoryview(data).nbytes > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


@pytest.mark.parametrize("room", [4, 1000, 20_000])
def test_parquet_that_cannot_be_written_says_nothing_more_when_it_is_thrown_away(room: int) -> None:
    """pyarrow's writer writes its end when it is freed, which a full disk refuses once more, with a traceback."""
    rows = pa.table(tables_of(GOOD[0])["benefits"])

    def write() -> None:
        with Full(room) as file, _Parquet(file, "benefits") as writer:
            for _ in range(3):
                writer.write(rows)

    with pytest.raises(OSError, match="No space left"):
        write()
    gc.collect()


# Per form a size that no file may exceed, within what a run writes: of rows on their way, or of what is made of them.
ROOM = {"jsonl": 300_000, "parquet": 100_000, "csv": 50_000, "duckdb": 700_000, "folder": 50_000}


@posix
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("form", ROOM)
def test_a_file_system_that_takes_no_more_is_reported_and_the_run_goes_on_later(
    mixed: Path, form: str, jobs: str
) -> None:
    """The system's own refusal (RLIMIT_FSIZE), in a process of its own."""
    name = "" if form == "folder" else f".{form}"
    out, whole = mixed.parent / f"out{name}", mixed.parent / f"whole{name}"
    limit = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM[form]}, resource.RLIM_INFINITY))"
    )
    ended = subprocess.run(  # noqa: S603
        command(mixed, out, "--jobs", jobs, before=limit), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    is_kept = run.is_unfinished(out)
    assert is_kept or form == "folder"  # whose parts are all of the same size
    kept = ". What is finished is kept; --resume goes on with it." if is_kept else ""
    assert ended.stderr.splitlines()[-1] == f"x271: File too large{kept}"
    assert "Traceback" not in ended.stderr
    assert not out.exists()
    assert not (mixed.parent / "refused.jsonl").exists()
    for words in ([out, "--resume"], [whole]):
        again = subprocess.run(command(mixed, *words), capture_output=True, check=False)  # noqa: S603
        assert again.returncode == 1  # some are refused
    assert not list(mixed.parent.glob(".*x271-part"))
    assert held(out) == held(whole)


def held(out: Path) -> Any:
    """What an output holds, of any form."""
    if out.is_dir():
        return {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}
    if out.suffix != ".duckdb":
        return out.read_bytes()
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(out), read_only=True) as connection:
        return [connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in TABLES]  # noqa: S608


@posix
@pytest.mark.parametrize("is_refused", [True, False])
def test_the_list_of_refusals_may_go_to_a_pipe_which_stays_one(mixed: Path, is_refused: bool) -> None:
    """A device takes it in the same way: the list must not be put in the place of /dev/null."""
    pipe = mixed.parent / "pipe"
    os.mkfifo(pipe)
    taken: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        if is_refused:
            pool.submit(lambda: taken.extend(pipe.read_text().splitlines()))
        to_file(settings(mixed if is_refused else GOOD[0]), mixed.parent / "out.jsonl", refused=pipe)
    assert pipe.is_fifo()
    assert len(taken) == (4 if is_refused else 0)


def command(source: Path, out: Path, *words: str, before: str = "pass") -> list[str]:
    """The command line in a process of its own, with units of two items."""
    code = f"""
from x271.batch import units
{before}
units.UNIT_ITEMS = 2
from x271.cli import main
if __name__ == "__main__":
    main()
"""
    script = out.with_name("run.py")
    script.write_text(code)
    given = ["normalize", str(source), "-o", str(out), "--field", "body", "-q", *words]
    return [sys.executable, str(script), *given]


@posix
@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_any_moment_and_resumed_it_gives_the_same_rows(mixed: Path, jobs: int) -> None:
    out, whole = mixed.parent / "out.jsonl", mixed.parent / "whole.jsonl"
    to_file(settings(mixed), whole)
    refused = (mixed.parent / "refused.jsonl").read_bytes()
    journal = mixed.parent / ".out.jsonl.x271-part" / "journal.jsonl"
    rng = random.Random(jobs)  # noqa: S311
    slow = "from x271.batch import work; import time; add = work.Lines.add\n" + (
        "work.Lines.add = lambda *given: (time.sleep(0.004), add(*given))"
    )
    kills = 0
    for _ in range(4 - jobs):
        words = command(mixed, out, "--resume", "--jobs", str(jobs), before=slow)
        with subprocess.Popen(words, stderr=subprocess.PIPE) as running:  # noqa: S603
            before = journal.stat().st_size if journal.exists() else 0
            until = time.monotonic() + 20
            while running.poll() is None and time.monotonic() < until:
                if journal.exists() and journal.stat().st_size > before + rng.randrange(200, 2000):
                    break  # some more is done than last time
                time.sleep(0.002)
            time.sleep(rng.random() * 0.02)
            kills += running.poll() is None
            running.kill()
    words = command(mixed, out, "--resume", "--jobs", str(jobs))
    ended = subprocess.run(words, check=False, capture_output=True)  # noqa: S603
    assert kills
    assert ended.returncode == 1, ended.stderr
    assert out.read_bytes() == whole.read_bytes()
    assert (mixed.parent / "refused.jsonl").read_bytes() == refused
    assert not (mixed.parent / ".out.jsonl.x271-part").exists()


@posix
def test_workers_end_with_their_parent(mixed: Path) -> None:
    out = mixed.parent / "out.jsonl"
    wait = "from x271.batch import work; import time; work.Lines.add = lambda *_: time.sleep(60)"
    with subprocess.Popen(command(mixed, out, "--jobs", "2", before=wait)) as running:  # noqa: S603
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        if not children.exists():
            pytest.skip("the system does not tell a process's children")
        until = time.monotonic() + 20
        while len(children.read_text().split()) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        workers = [int(number) for number in children.read_text().split()]
        time.sleep(0.5)
        running.kill()
    assert workers
    until = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


@posix
def test_a_worker_that_the_system_ends_is_reported_and_the_run_goes_on_later(
    mixed: Path, small_units: None
) -> None:
    out = mixed.parent / "out.jsonl"

    def report(_: Done) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(UsageError, match="WORKER_DIED"):
        to_file(settings(mixed), out, jobs=2, report=report)
    assert run.is_unfinished(out)
    assert to_file(settings(mixed), out, resume=True).patients == RECORDS


@posix
def test_ctrl_c_keeps_what_is_finished_and_says_so(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("x271.batch.units.UNIT_ITEMS", 2)  # as in the other process
    out = mixed.parent / "out.jsonl"
    slow = "from x271.batch import work; import time; add = work.Lines.add\n" + (
        "work.Lines.add = lambda *given: (time.sleep(0.02), add(*given))"
    )
    journal = mixed.parent / ".out.jsonl.x271-part" / "journal.jsonl"
    words = command(mixed, out, "--jobs", "2", before=slow)
    with subprocess.Popen(words, stderr=subprocess.PIPE, start_new_session=True) as running:  # noqa: S603
        until = time.monotonic() + 20
        while not (journal.exists() and b'"unit"' in journal.read_bytes()) and time.monotonic() < until:
            time.sleep(0.005)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        assert running.stderr is not None
        said = running.stderr.read().decode()
    assert running.returncode == 130
    assert "What is finished is kept; --resume goes on with it." in said
    assert "Traceback" not in said
    assert to_file(settings(mixed), out, resume=True).patients == RECORDS


def test_the_journal_holds_no_options_as_text_and_nothing_of_the_documents(
    mixed: Path, small_units: None
) -> None:
    out = mixed.parent / "out.jsonl"
    stopped(settings(mixed, asked=Asked(trace="ZQXTRACE")), out, 6)
    text = (mixed.parent / ".out.jsonl.x271-part" / "journal.jsonl").read_text()
    assert "ZQXTRACE" not in text
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    assert PATIENTS
