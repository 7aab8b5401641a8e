"""`x271 convert` as a caller sees it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from x12 import FIXTURES
from x271.forms import to_json, to_x12, to_xml

CHILD = FIXTURES / "archive" / "dependent-child.271"
Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs the command in this process: exit code, stdout, stderr."""
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def runs(*words: str | Path, stdin: bytes = b"") -> tuple[int, bytes, str]:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", "convert", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capfdbinary.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, captured.out, captured.err.decode()

    return runs


def test_each_form_goes_to_stdout(run: Run) -> None:
    assert run(CHILD, "--to", "xml") == (0, to_xml(CHILD) + b"\n", "")
    assert run(CHILD, "--to", "json") == (0, to_json(CHILD) + b"\n", "")
    assert run(CHILD, "--to", "x12") == (0, CHILD.read_bytes(), "")


def test_a_minus_is_stdin_and_the_way_back_is_the_same_answer(run: Run) -> None:
    _, xml, _ = run("-", "--to", "xml", stdin=CHILD.read_bytes())
    _, twin, _ = run("-", "--to", "json", stdin=xml)
    assert run("-", "--to", "x12", stdin=twin) == (0, to_x12(to_xml(CHILD)), "")


def test_o_writes_a_file_and_leaves_it_alone_if_the_answer_cannot_be_converted(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "answer.xml"
    assert run(CHILD, "--to", "xml", "-o", out) == (0, b"", "")
    assert out.read_bytes() == to_xml(CHILD) + b"\n"
    code, _, err = run("-", "--to", "xml", "-o", out, stdin=CHILD.read_bytes().replace(b"MSG*", b"MSG*\x01"))
    assert code == 1
    assert err.startswith("-: UNWRITABLE_VALUE")
    assert out.read_bytes() == to_xml(CHILD) + b"\n"
    assert list(tmp_path.iterdir()) == [out]


def test_the_encoding_can_be_chosen_for_xml_alone(run: Run) -> None:
    assert run(CHILD, "--to", "xml", "--encoding", "ISO-8859-1")[1].startswith(
        b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    )
    assert run(CHILD, "--to", "json", "--encoding", "UTF-8")[0] == 2
    code, _, err = run(CHILD, "--to", "xml", "--encoding", "zlib")
    assert (code, "BAD_OPTION" in err) == (2, True)


def test_wrong_usage_is_exit_2(run: Run) -> None:
    assert run(CHILD)[0] == 2
    assert run(CHILD, "--to", "edifact")[0] == 2
    code, out, err = run(FIXTURES / "archive", "--to", "xml")
    assert (code, out) == (2, b"")
    assert "Several documents" in err


def test_what_cannot_be_read_is_exit_1(run: Run, tmp_path: Path) -> None:
    for document, code in ((b"no answer", "UNKNOWN_FORM"), (b"<a/>", "NOT_AN_ANSWER"), (b"", "EMPTY_INPUT")):
        found, out, err = run("-", "--to", "x12", stdin=document)
        assert (found, out, code in err) == (1, b"", True)
    assert run(tmp_path / "none.271", "--to", "xml")[0] == 1
    assert run(tmp_path, "--to", "xml")[0] == 1
