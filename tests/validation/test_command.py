"""`x271 validate` as a caller sees it: what is on stdout, what on stderr, and the exit code."""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import x271
from variants import BASE
from x12 import FIXTURES


class Ran(NamedTuple):
    code: int
    out: bytes
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs the command in this process, as its entry point does."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def runs(*words: str | Path, stdin: bytes = b"") -> Ran:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", "validate", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capfdbinary.readouterr()
        code = end.value.code
        assert isinstance(code, int)
        return Ran(code, captured.out, captured.err.decode())

    return runs


ODD = BASE.read_bytes().replace(b"NM1*IL*1*SAMPLE*DEVON", b"NM1*PR*1*ZQXPLANTED*DEVON")


def test_a_valid_document_gives_the_header_alone_and_exit_0(run: Run) -> None:
    ran = run(BASE)
    assert ran.code == 0
    assert ran.out.decode().split("\t")[:4] == ["file", "severity", "snip", "code"]
    assert ran.out.count(b"\n") == 1


def test_findings_are_lines_with_tabs_and_the_exit_code_is_1(run: Run) -> None:
    ran = run("-", stdin=ODD)
    assert ran.code == 1
    header, row = ran.out.decode().splitlines()
    cells = dict(zip(header.split("\t"), row.split("\t"), strict=True))
    assert (cells["file"], cells["severity"], cells["snip"]) == ("-", "error", "2")
    assert (cells["code"], cells["about"], cells["loop"]) == ("CODE_NOT_ALLOWED", "NM101", "2100C")
    assert cells["loop_path"] == "271/2000A/2000B/2000C/2100C"
    assert (cells["segment"], cells["element"], cells["component"]) == ("11", "1", "")
    assert "ZQX" not in ran.out.decode() + ran.err


def test_json_has_one_object_per_document(run: Run) -> None:
    ran = run("--json", BASE, FIXTURES / "acknowledgments" / "rejected.ta1", FIXTURES / "cases" / "T34.x12")
    valid, returned, odd = (json.loads(line) for line in ran.out.splitlines())
    assert ran.code == 1
    assert (valid["valid"], valid["findings"]) == (True, [])
    assert returned["acknowledgment"]["rejections"][0]["follow_up_code"] == "P"
    assert odd["snip"] == {"2": 1, "4": 1}
    assert odd["findings"][0]["position"] == {
        "loop": "2000D",
        "loop_path": "271/2000A/2000B/2000C/2000D",
        "segment": 15,
        "element": 4,
        "offset": 428,
    }


def test_a_document_that_cannot_be_read_is_reported_and_the_others_are_validated(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.271").write_bytes(b"ISA*00*")
    (tmp_path / "b.271").write_bytes(ODD)
    ran = run(tmp_path)
    assert ran.code == 1
    assert "BAD_ENVELOPE" in ran.err
    assert b"CODE_NOT_ALLOWED" in ran.out


def test_the_999_goes_to_stdout_and_the_exit_code_still_says_invalid(run: Run) -> None:
    ran = run("-", "--ack", "999", "--control-number", "5", stdin=ODD)
    assert ran.code == 1
    read = x271.read_acknowledgment(ran.out)
    assert read.rejected
    assert b"IEA*1*000000005~" in ran.out


def test_the_ta1_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "answer.ta1"
    ran = run(BASE, BASE, "--ack", "ta1", "-o", out, "--control-number", "5")
    assert (ran.code, ran.out) == (0, b"")
    read = x271.parse(out)
    assert [one.header.control_number for one in read.interchanges()] == ["000000005", "000000006"]


def test_what_is_not_acknowledged_is_said(run: Run) -> None:
    ran = run(FIXTURES / "acknowledgments" / "accepted.999", "--ack", "999")
    assert (ran.code, ran.out) == (0, b"")
    assert "nothing in it to acknowledge" in ran.err


def test_an_acknowledgement_is_explained_on_stderr(run: Run) -> None:
    ran = run(FIXTURES / "acknowledgments" / "partly-rejected.999")
    assert ran.code == 0
    assert "segment 8 NM1 in loop 2100: 8 Segment has data element errors" in ran.err
    assert "as an AAA: 33 Input Errors; follow-up C" in ran.err


def test_a_terminal_gets_a_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("x271.commands")
    module = sys.modules["x271.commands.validate"]
    monkeypatch.setattr(module, "_is_terminal", lambda out: True)
    ran = run(FIXTURES / "cases" / "T34.x12", FIXTURES / "acknowledgments" / "rejected.ta1")
    shown = ran.out.decode()
    assert "not valid: 1 of SNIP level 2, 1 of SNIP level 4" in shown
    assert "HL_CHILD_MISMATCH" in shown
    assert "as an AAA: 80" in shown


def test_json_and_an_acknowledgement_exclude_each_other(run: Run) -> None:
    assert run(BASE, "--json", "--ack", "ta1").code == 2


def test_copies_go_into_the_999_only_where_asked_for(run: Run) -> None:
    wrong = BASE.read_bytes().replace(b"EB*H*", b"EB*ZQ*")
    assert b"ZQ" not in run("-", "--ack", "999", stdin=wrong).out
    assert b"IK4*1*1390*7*ZQ~" in run("-", "--ack", "999", "--copies", stdin=wrong).out


@pytest.mark.parametrize("words", [("--copies",), ("--copies", "--ack", "ta1"), ("--copies", "--json")])
def test_copies_without_a_999_are_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run(BASE, *words).code == 2
