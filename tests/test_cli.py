"""The command line as a caller sees it: what is on stdout, what on stderr, and the exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import x271
from x271.normalize import integrex

ROOT = Path(__file__).parents[1]
ARCHIVE = ROOT / "fixtures" / "archive"
CHILD = ARCHIVE / "dependent-child.271"
BATCH = ARCHIVE / "batch-three-sets.271"
DOWN = ARCHIVE / "payer-down-no-patient.271"
PLANTED = "ZQXPLANTED"  # stands for a patient's data


class Ran(NamedTuple):
    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs the command in this process, as its entry point does."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def runs(*words: str | Path, stdin: bytes = b"") -> Ran:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capfdbinary.readouterr()
        code = end.value.code
        assert isinstance(code, int)
        return Ran(code, captured.out, captured.err.decode())

    return runs


def process(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Runs the command in a process of its own."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "x271", *map(str, words)], capture_output=True, check=False, **options
    )


# normalize


def test_the_archive_gives_one_integrex_line_per_patient_and_exit_0(run: Run) -> None:
    ran = run("normalize", ARCHIVE, "--as", "integrex")
    assert ran.code == 0
    assert len(ran.lines) == 22
    names = [row["field"] for row in integrex.table()]
    assert all(list(line) == names for line in ran.lines)


def test_a_line_is_the_patient_s_record_by_default(run: Run) -> None:
    ran = run("normalize", BATCH)
    records = [x271.Eligibility.model_validate_json(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert records == x271.normalize_all(BATCH)


def test_lines_are_utf8_whatever_the_locale_is() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = process("normalize", ARCHIVE / "ppmd-active.xml", "--as", "integrex", env=environment)
    assert done.returncode == 0
    assert json.loads(done.stdout)["patientLastName"] == "NÚÑEZ-SAMPLE"
    assert "Ú".encode() in done.stdout


def test_the_summary_counts_documents_patients_coverage_and_reasons_on_stderr(run: Run) -> None:
    ran = run("normalize", ARCHIVE)
    said = [line.strip().rsplit(maxsplit=1) for line in ran.err.splitlines() if line.strip()]
    counts = {words[0]: words[-1] for words in said}
    assert counts["Documents"] == "17"
    assert counts["no patient in it"] == "1"
    assert counts["Patients"] == "22"
    assert counts["coverage active"] == "13"
    assert counts["coverage inactive"] == "3"
    assert counts["coverage unknown"] == "6"
    assert counts["Unable to respond at current time."] == "2"  # one of them without a patient
    assert "Refusals" not in counts


def test_quiet_says_nothing_if_all_is_good(run: Run) -> None:
    ran = run("normalize", ARCHIVE, "--quiet")
    assert (ran.code, ran.err) == (0, "")


def test_an_answer_without_a_patient_is_mentioned_and_no_fault(run: Run) -> None:
    ran = run("normalize", DOWN)
    assert (ran.code, ran.out) == (0, b"")
    assert f"{DOWN}: NO_PATIENT: the answer names no patient" in ran.err


def test_a_broken_document_among_good_ones_does_not_stop_the_run(run: Run, tmp_path: Path) -> None:
    shutil.copy(CHILD, tmp_path / "1.271")
    (tmp_path / "2.271").write_text("no answer at all")
    shutil.copy(CHILD, tmp_path / "3.271")
    ran = run("normalize", tmp_path, tmp_path / "nothere", str(tmp_path / "*.pdf"))
    assert ran.code == 1
    assert len(ran.lines) == 2
    assert (
        f"{tmp_path / '2.271'}: UNKNOWN_FORM: the input is neither X12 nor XML nor JSON. An X12 " in ran.err
    )
    assert f"{tmp_path / 'nothere'}: UNREADABLE_FILE: " in ran.err
    assert f"{tmp_path / '*.pdf'}: UNREADABLE_FILE: " in ran.err
    assert "UNREADABLE_FILE: the file cannot be read " in ran.err.split("Refusals")[1]


def test_quiet_still_reports_refusals(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("no answer at all")
    ran = run("normalize", tmp_path, "-q")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "UNKNOWN_FORM" in ran.err


def test_a_bad_line_of_json_lines_is_a_refusal_beside_the_patients_of_the_others(run: Run) -> None:
    good = json.dumps({"raw_response": CHILD.read_text()}).encode()
    ran = run("normalize", "-", stdin=good + b"\n{broken\n" + good)
    assert ran.code == 1
    assert len(ran.lines) == 2
    assert "-:2: MALFORMED_JSON" in ran.err
    assert "at line 2" in ran.err
    assert re.search(r"refused +1\n", ran.err)


def test_a_minus_is_stdin(run: Run) -> None:
    ran = run("normalize", "-", BATCH, stdin=CHILD.read_bytes())
    assert ran.code == 0
    assert len(ran.lines) == 8
    assert run("normalize", "-", stdin=b"").code == 1


def test_the_options_reach_the_normalizer(run: Run, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('[networks]\nin_network = [["Y"]]\n')
    options: dict[str, Any] = {"date_of_service": "2020-01-01", "service_types": ("98", "30")}
    words = ["--date-of-service", "2020-01-01", "--service-type", "98", "--service-type", "30"]
    for name, given in (("stated-network", "stated-network"), (str(profile), profile)):
        ran = run("normalize", CHILD, *words, "--profile", name, "--as", "integrex")
        assert ran.lines == [one.to_integrex() for one in x271.normalize_all(CHILD, profile=given, **options)]


def test_a_trace_number_picks_its_patient(run: Run) -> None:
    number = x271.normalize_all(BATCH)[2].traces[0].number
    ran = run("normalize", ARCHIVE, "--trace", number, "--as", "integrex")
    assert ran.code == 0
    assert x271.normalize(BATCH, trace=number).to_integrex() in ran.lines
    assert "no patient with that trace number" in ran.err


def test_a_trace_number_of_nobody_is_exit_1(run: Run) -> None:
    ran = run("normalize", CHILD, "--trace", "of nobody", "-q")
    assert (ran.code, ran.out) == (1, b"")
    assert ran.err.startswith("x271: TRACE_NOT_FOUND: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--date-of-service", "soon"], "BAD_DATE"),
        (["--profile", "nobody's"], "UNKNOWN_PROFILE"),
        (["--profile", str(ROOT / "README.md")], "BAD_PROFILE"),
        (["--as", "word"], "integrex"),
        (["--nonsense"], "--nonsense"),
        (["-o", "out.txt"], ".jsonl"),
        (["-o", "out.jsonl", "--table", "benefits"], "table"),
        (["-o", "out.csv", "--table", "claims"], "eligibility"),
        (["-o", "out.csv", "--as", "integrex"], "--as"),
        (["--resume"], "-o"),
        (["--jobs", "0"], "--jobs"),
        (["--max-document", "much"], "256M"),
        (["--again", "nothere.jsonl"], "UNREADABLE_FILE"),
        (["--again", str(CHILD)], "refused.jsonl"),
        (["-o", "nothere/out.jsonl"], "cannot be written"),
    ],
)
def test_a_wrong_option_is_exit_2_with_a_message_and_reads_nothing(
    run: Run, words: list[str], said: str
) -> None:
    ran = run("normalize", CHILD, *words)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err
    assert "Traceback" not in ran.err


# normalize -o


def test_o_writes_the_same_lines_and_leaves_stdout_empty(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ran = run("normalize", ARCHIVE, "-o", out)
    assert (ran.code, ran.out) == (0, b"")
    assert out.read_bytes() == run("normalize", ARCHIVE).out
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208


def test_o_replaces_a_file_only_when_the_run_is_done(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("of yesterday")
    out.chmod(0o640)

    def interrupts(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("x271.show.summary.Tally.document", interrupts)
        ran = run("normalize", CHILD, "-o", out)
    assert (ran.code, ran.err) == (130, "")
    assert out.read_text() == "of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert run("normalize", CHILD, "-o", out).code == 0
    assert len(out.read_bytes().splitlines()) == 1
    assert out.stat().st_mode & 0o777 == 0o640


def test_o_is_written_though_a_document_was_refused(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run("normalize", CHILD, tmp_path / "nothere", "-o", out).code == 1
    assert len(out.read_bytes().splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_o_through_a_link_keeps_the_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to("real.jsonl")
    assert run("normalize", CHILD, "-o", tmp_path / "link.jsonl").code == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").stat().st_size > 0


def test_o_minus_is_stdout_and_a_device_is_written_as_it_is(run: Run) -> None:
    assert len(run("normalize", CHILD, "-o", "-").lines) == 1
    assert run("normalize", CHILD, "-o", os.devnull).out == b""
    assert Path(os.devnull).exists()


# no patient's data on stderr


def _broken() -> dict[str, bytes]:
    """Documents that cannot be read, full of tokens where a patient's data would be."""
    x12 = CHILD.read_bytes()
    named = x12.replace(b"NM1*IL*1*", f"NM1*IL*1*{PLANTED}".encode())
    assert PLANTED.encode() in named
    xml = (ARCHIVE / "ppmd-active.xml").read_bytes().replace(b"NSH000000020", PLANTED.encode())
    twin = (ARCHIVE / "ppmd-active.json").read_bytes().replace(b"NSH000000020", PLANTED.encode())
    fault = "<PPMDResults><Error><Fault><detail><code>{0}</code><description>{0}</description></detail></Fault></Error>"
    return {
        "no-elements": b"ISA" + named[106:],
        "text": f"{PLANTED} has coverage".encode(),
        "other-guide": named.replace(b"ST*271*", b"ST*837*"),
        "cut.xml": xml[: xml.rindex(PLANTED.encode()) + len(PLANTED)],
        "doctype.xml": f"<!DOCTYPE {PLANTED} [<!ENTITY {PLANTED} '{PLANTED}'>]>".encode() + b"<PPMDResults/>",
        "tag.xml": f"<PPMDResults><{PLANTED}></PPMDResults>".encode(),
        "encoding.xml": f"<?xml version='1.0' encoding='{PLANTED}'?><PPMDResults/>".encode(),
        "cut.json": twin[: twin.rindex(PLANTED.encode()) + len(PLANTED)],
        "value.json": f'{{"PPMDResults": {PLANTED}}}'.encode(),
        "other.json": json.dumps({PLANTED: [PLANTED]}).encode(),
        "nested.json": json.dumps({"raw_response": PLANTED}).encode(),
        "fault.xml": (fault + "</PPMDResults>").format(PLANTED).encode(),
        "pending.xml": (
            f'<PPMDResults><Results eligibilitystatusid="0" patientname="{PLANTED}"/></PPMDResults>'.encode()
        ),
    }


@pytest.mark.parametrize("command", ["normalize", "parse", "explain"])
@pytest.mark.parametrize("name", _broken())
def test_a_refusal_holds_nothing_of_the_document(run: Run, tmp_path: Path, name: str, command: str) -> None:
    (tmp_path / name).write_bytes(_broken()[name])
    ran = run(command, tmp_path / name, *(["coverage"] if command == "explain" else []))
    assert ran.err.startswith(f"{tmp_path / name}: ")
    assert PLANTED not in ran.err
    assert "Traceback" not in ran.err
    assert (ran.code, ran.out) == (1, b"")


def test_stderr_holds_nothing_of_what_was_read(run: Run, tmp_path: Path) -> None:
    whole = CHILD.read_bytes()
    for number, segment in enumerate(whole.split(b"~")):
        name, *elements = segment.split(b"*")
        if name.strip() not in {b"ISA", b"GS", b"ST", b"HL", b"SE", b"GE", b"IEA", b""}:
            planted = b"*".join([name, *[PLANTED.encode() if element else b"" for element in elements]])
            (tmp_path / f"{number}.271").write_bytes(whole.replace(segment, planted, 1))
    ran = run("normalize", tmp_path)
    assert PLANTED.encode() in ran.out
    assert PLANTED not in ran.err


def test_a_file_s_name_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    try:
        (tmp_path / "a\x1b[2J\nb").write_text("no answer")
    except OSError:
        pytest.skip("the file system takes no such name")
    ran = run("normalize", tmp_path, "-q")
    assert r"a\x1b[2J\nb: UNKNOWN_FORM" in ran.err


# parse


def test_parse_gives_one_line_per_document(run: Run) -> None:
    ran = run("parse", CHILD, BATCH)
    assert (ran.code, ran.err) == (0, "")
    expected = [x271.parse(path).model_dump_json() for path in (CHILD, BATCH)]
    assert ran.out.decode().splitlines() == expected


def test_parse_can_indent(run: Run) -> None:
    ran = run("parse", "-", "--indent", "2", stdin=CHILD.read_bytes())
    assert ran.out.startswith(b'{\n  "')
    assert json.loads(ran.out) == json.loads(x271.parse(CHILD).model_dump_json())


def test_parse_reports_what_it_cannot_read_and_goes_on(run: Run, tmp_path: Path) -> None:
    ran = run("parse", tmp_path / "nothere", CHILD)
    assert ran.code == 1
    assert len(ran.lines) == 1
    assert ran.err.startswith(f"{tmp_path / 'nothere'}: UNREADABLE_FILE: ")


def test_parse_takes_an_answer_without_a_patient(run: Run) -> None:
    assert run("parse", DOWN).code == 0


# explain


def test_explain_says_why_in_words_for_people(run: Run) -> None:
    ran = run("explain", CHILD, "coverage")
    assert (ran.code, ran.err) == (0, "")
    assert b"coverage" in ran.out


def test_explain_can_give_json(run: Run) -> None:
    ran = run("explain", CHILD, "coverageStartDate", "--json")
    (record,) = x271.normalize_all(CHILD)
    assert ran.lines == [json.loads(record.explain("coverageStartDate").model_dump_json())]


def test_explain_numbers_several_patients_and_does_not_name_them(run: Run) -> None:
    ran = run("explain", BATCH, "coverage")
    assert ran.code == 0
    assert re.findall(r"^Patient (\d) ", ran.out.decode(), re.MULTILINE) == list("1234567")
    assert not any(one.patient.last_name in ran.out.decode() for one in x271.normalize_all(BATCH))


def test_explain_takes_the_patient_that_a_trace_number_names(run: Run) -> None:
    number = x271.normalize_all(BATCH)[2].traces[0].number
    ran = run("explain", BATCH, "coverage", "--trace", number, "--json")
    assert len(ran.lines) == 1
    assert run("explain", BATCH, "coverage", "--trace", "of nobody").code == 1


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_explain_survives_a_terminal_that_lacks_a_letter(options: list[str]) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = process("explain", ARCHIVE / "ppmd-active.xml", "patientLastName", *options, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"EZ-SAMPLE" in done.stdout


def test_explain_refuses_a_field_that_is_not_there(run: Run) -> None:
    ran = run("explain", CHILD, "nonsense")
    assert (ran.code, ran.out) == (2, b"")
    assert "UNKNOWN_FIELD" in ran.err


def test_explain_of_nobody_is_exit_1(run: Run) -> None:
    ran = run("explain", DOWN, "coverage")
    assert (ran.code, ran.out) == (1, b"")
    assert "NO_PATIENT" in ran.err


# the command itself


def test_version_is_the_package_s(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out.decode().strip()) == (0, f"x271 {x271.__version__}")


@pytest.mark.parametrize("command", ["normalize", "parse", "show", "explain", "convert", "codes"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    assert command in run("--help").out.decode()
    ran = run(command, "--help")
    assert ran.code == 0
    assert ran.err == ""


def test_an_unknown_command_is_exit_2(run: Run) -> None:
    assert run("nonsense").code == 2


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_on_a_terminal_a_line_counts_while_the_run_goes_on(tmp_path: Path) -> None:
    master, terminal = os.openpty()
    words = ["normalize", str(ARCHIVE), "nothere", "-o", str(tmp_path / "out.jsonl")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "60"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "x271", *words], stdout=terminal, stderr=terminal, check=False, env=environment
    )
    shown = os.read(master, 1 << 16).decode()
    os.close(terminal)
    os.close(master)
    assert done.returncode == 1
    assert "18 documents, 22 patients, 1 refused" in shown
    assert (
        "nothere: UNREADABLE_FILE: the file cannot be read (ENOENT). Check the path and its permissions."
        in shown
    )
    assert "Refusals" in shown


def test_codes_are_a_drawn_table_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = run("codes", "EB01")
    assert ran.code == 0
    assert "EB01: Eligibility or benefit information" in ran.out.decode()
    assert "\t" not in ran.out.decode()


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_has_enough_ends_the_run_quietly(tmp_path: Path) -> None:
    for number in range(60):  # more than a pipe holds
        shutil.copy(BATCH, tmp_path / f"{number}.271")
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "x271", "normalize", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 141


def test_without_typer_the_command_says_what_to_install() -> None:
    for missing in ("typer", "rich"):
        code = f"import sys; sys.modules[{missing!r}] = None; from x271.cli import main; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)  # noqa: S603
        assert done.returncode == 2
        assert done.stderr.decode().strip() == (
            'x271: the command line needs typer and rich: pip install "x271[cli]"'
        )


def test_import_x271_imports_nothing_of_the_command_line() -> None:
    code = "import sys, x271; print([name for name in ('typer', 'rich', 'x271.cli') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603
    assert done.stdout.strip() == b"[]"


# codes: what they show is tested in tests/show/test_codes.py


def test_codes_are_tab_separated_text_where_no_terminal_is(run: Run) -> None:
    assert run("codes").out.decode().splitlines()[0] == "table\ttitle\trows"
    assert "30\tHealth Benefit Plan Coverage\ttr3" in run("codes", "eb03").out.decode().splitlines()
    assert "description\tActive Coverage" in run("codes", "EB01", "1").out.decode().splitlines()


def test_an_unknown_table_is_exit_2_with_near_names(run: Run) -> None:
    ran = run("codes", "EB3")
    assert (ran.code, ran.out) == (2, b"")
    assert "UNKNOWN_TABLE" in ran.err
    assert "EB03" in ran.err


def test_an_unknown_code_is_exit_1_and_said(run: Run) -> None:
    ran = run("codes", "EB01", "nonsense")
    assert (ran.code, ran.out) == (1, b"")
    assert "EB01 has no nonsense" in ran.err


def test_a_lone_surrogate_in_a_json_twin_does_not_end_the_run(run: Run) -> None:
    twin = (ARCHIVE / "ppmd-active.json").read_bytes().replace(b"NSH000000020", rb"\ud800")
    for command in ("normalize", "parse"):
        assert run(command, "-", stdin=twin).code == 0
