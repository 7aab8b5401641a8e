"""`x271 show` as a caller sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from normalize.documents import DAY, answer
from show.cards import ARCHIVE, PLANTED, planted
from x271.commands import app

BATCH = ARCHIVE / "batch-three-sets.271"


def run(*words: str | Path, stdin: bytes = b"", width: int = 100) -> tuple[int, str, str]:
    ran = CliRunner().invoke(
        app, ["show", *map(str, words)], input=stdin, env={"COLUMNS": str(width), "NO_COLOR": "1"}
    )
    return ran.exit_code, ran.stdout, ran.stderr


def test_the_card_is_on_stdout_with_patient_data() -> None:
    code, out, err = run(ARCHIVE / "active-ppo.271")
    assert (code, err) == (0, "")
    assert "ACTIVE   2026-01-01 to 2026-12-31" in out
    assert "AVERY Q SAMPLE" in out


def test_several_patients_have_one_card_each() -> None:
    code, out, _ = run(BATCH)
    assert code == 0
    assert out.count("╭─ ") == 7


def test_a_trace_number_takes_its_patient() -> None:
    code, out, _ = run(BATCH, "--trace", "BATCH-B")
    assert code == 0
    assert "BOB BATCHER" in out
    assert out.count("╭─ ") == 1
    code, out, err = run(BATCH, "--trace", "NOBODY-1")
    assert (code, out) == (1, "")
    assert "TRACE_NOT_FOUND" in err


def test_the_options_reach_the_normalizer() -> None:
    _, out, _ = run(ARCHIVE / "termed-pos.271", "--date-of-service", "2026-09-30")
    assert " ACTIVE " in out
    data = answer("EB*1**30", "EB*B**98***27*25*****Y", "EB*B**UC***27*75*****Y")
    _, out, _ = run("-", "--date-of-service", DAY, "--service-type", "UC", stdin=data)
    assert out.index("Urgent Care") < out.index("Professional (Physician) Visit")


def test_an_answer_without_a_patient_shows_why_and_is_exit_1() -> None:
    code, out, err = run(ARCHIVE / "payer-down-no-patient.271")
    assert code == 1
    assert "What to do: Do Not Resubmit" in out
    assert "NO_PATIENT" in err


def test_what_cannot_be_read_is_said_on_stderr_without_its_data() -> None:
    code, out, err = run("-", stdin=f"{PLANTED} has coverage".encode())
    assert (code, out) == (1, "")
    assert err.startswith("-: UNKNOWN_FORM")
    assert PLANTED not in err


def test_messages_on_stderr_hold_no_patient_data() -> None:
    code, out, err = run("-", stdin=planted((ARCHIVE / "member-not-found.271").read_bytes()))
    assert (code, err) == (0, "")
    assert PLANTED in out


def test_html_writes_one_page_and_prints_nothing(tmp_path: Path) -> None:
    target = tmp_path / "cards.html"
    code, out, err = run(BATCH, "--html", target)
    assert (code, out, err) == (0, "", "")
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<article") == 7
    assert list(tmp_path.iterdir()) == [target]


def test_html_minus_is_stdout() -> None:
    code, out, _ = run(ARCHIVE / "ppmd-active.xml", "--html", "-")
    assert code == 0
    assert "RENÉE NÚÑEZ-SAMPLE" in out


def test_nothing_to_show_writes_no_page(tmp_path: Path) -> None:
    code, _, _ = run("-", "--html", tmp_path / "x.html", stdin=b"no answer")
    assert code == 1
    assert not list(tmp_path.iterdir())


def test_a_page_that_cannot_be_written_is_wrong_usage(tmp_path: Path) -> None:
    code, _, err = run(BATCH, "--html", tmp_path / "not there" / "x.html")
    assert code == 2
    assert "--html" in err


@pytest.mark.parametrize("words", [("--date-of-service", "soon"), ("--profile", "nonsense")])
def test_a_wrong_option_is_exit_2(words: tuple[str, str]) -> None:
    code, out, _ = run(BATCH, *words)
    assert (code, out) == (2, "")


def test_without_jinja2_html_says_what_to_install() -> None:
    code = "import sys; sys.modules['jinja2'] = None; from x271.cli import main; main()"
    words = [sys.executable, "-c", code, "show", str(BATCH), "--html", "-"]
    done = subprocess.run(words, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().strip() == 'x271: --html needs jinja2: pip install "x271[html]"'


def test_a_terminal_without_unicode_gets_a_card() -> None:
    words = [sys.executable, "-m", "x271", "show", str(ARCHIVE / "ppmd-active.xml")]
    environment = {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = subprocess.run(words, capture_output=True, check=False, env=environment)  # noqa: S603
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"+- NORTHSTAR SAMPLE HEALTH -" in done.stdout


@pytest.mark.parametrize(
    "name", ["questions/procedure.270", "acknowledgments/accepted.999", "acknowledgments/rejected.ta1"]
)
def test_what_is_no_answer_is_shown_as_a_tree(name: str) -> None:
    code, out, err = run(ARCHIVE.parent / name)
    assert (code, err) == (0, "")
    assert out.startswith("an interchange\n")


def test_an_answer_is_shown_as_a_tree_if_asked_for() -> None:
    code, out, err = run(ARCHIVE / "active-ppo.271", "--tree")
    assert (code, err) == (0, "")
    assert "NM1 IL 1 SAMPLE AVERY Q" in out
    assert "ACTIVE" not in out


def test_a_tree_that_cannot_be_read_says_why() -> None:
    code, out, err = run("-", "--tree", stdin=b"ISA*00*")
    assert (code, out) == (1, "")
    assert "BAD_ENVELOPE" in err


def test_a_tree_is_no_page(tmp_path: Path) -> None:
    assert run(BATCH, "--tree", "--html", tmp_path / "page.html")[0] == 2
