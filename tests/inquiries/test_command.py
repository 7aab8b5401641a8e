"""`x271 inquire` as a caller sees it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import x271
from inquiries.vendors import CONFIG, EXAMPLES, REQUESTS, VENDORS, Vendor, example, user

Run = Callable[..., tuple[int, list[str], str]]
OPTIONS = ("--config", CONFIG, "--date-of-service", "2026-11-21", "--control-number", "123456789")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs the command in this process: exit code, lines of stdout, stderr."""
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def runs(*words: str | Path, stdin: bytes = b"") -> tuple[int, list[str], str]:
        from x271.cli import main

        monkeypatch.setattr(sys, "argv", ["x271", "inquire", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        captured = capfdbinary.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, captured.out.decode("ascii").splitlines(), captured.err.decode()

    return runs


def timeless(lines: list[str]) -> list[str]:
    """Without ISA, GS, BHT and GE, which have the time and the group's number."""
    return [line for line in lines if line[:3] not in ("ISA", "GS*", "BHT", "GE*")]


@pytest.mark.parametrize(
    ("vendor", "number"), list(zip(VENDORS, ("000000002", "000000001", "", ""), strict=True))
)
def test_each_format_gives_its_example_270(run: Run, vendor: Vendor, number: str) -> None:
    words = ("--trace", number) if number else ()
    code, lines, err = run(REQUESTS / f"{vendor}.json", "--from", vendor, *OPTIONS, *words)
    expected = EXAMPLES[vendor].decode("ascii").splitlines()
    assert code == 0
    assert timeless(lines) == timeless(expected)
    assert [line.split("*")[3] for line in lines if line.startswith("BHT")] == ["123456789"]
    assert "error" not in err
    assert x271.validate("".join(lines)).findings == ()


def test_a_minus_is_stdin_and_o_is_a_file(run: Run, tmp_path: Path) -> None:
    text = json.dumps(example("changehealthcare")).encode()
    _, plain, _ = run("-", "--from", "changehealthcare", *OPTIONS, stdin=text)
    code, lines, _ = run("-", "--from", "changehealthcare", *OPTIONS, "-o", tmp_path / "out.270", stdin=text)
    assert (code, lines) == (0, [])
    assert timeless((tmp_path / "out.270").read_text(encoding="ascii").splitlines()) == timeless(plain)


def test_a_single_request_brings_its_control_number(run: Run) -> None:
    file = REQUESTS / "changehealthcare.json"
    _, lines, _ = run(file, "--from", "changehealthcare", "--config", CONFIG)
    assert lines[0].split("*")[13] == lines[-1].split("*")[2].rstrip("~") == "123456789"
    _, lines, _ = run(file, "--from", "changehealthcare", "--config", CONFIG, "--control-number", "7")
    assert lines[0].split("*")[13] == "000000007"
    _, lines, _ = run(REQUESTS / "verifytreatment.json", "--from", "verifytreatment", "--config", CONFIG)
    assert lines[0].split("*")[13] == "000000001"


def test_a_request_without_a_trace_number_gets_one_of_the_control_number(run: Run) -> None:
    several = json.dumps([example("integrex"), example("integrex")]).encode()
    _, lines, _ = run("-", "--from", "integrex", *OPTIONS, stdin=several)
    assert [line for line in lines if line.startswith("TRN")] == [
        "TRN*1*123456789-1*9SUBMITTER~",
        "TRN*1*123456789-2*9SUBMITTER~",
    ]


def test_a_bad_request_among_many_is_reported_and_the_others_are_written(run: Run, tmp_path: Path) -> None:
    bad = example("verifytreatment", member_id=None, last_name=None, payer_id="vtx_9", date_of_birth="soon")
    lines_ = [
        json.dumps(one) for one in (example("verifytreatment"), bad, example("verifytreatment", _id="4"))
    ]
    file = tmp_path / "vobs.jsonl"
    file.write_text("\n".join([*lines_[:2], '{"first_name": ', lines_[2]]), encoding="utf-8")
    code, lines, err = run(file, "--from", "verifytreatment", *OPTIONS)
    assert code == 1
    assert [line for line in lines if line.startswith("TRN")] == [
        "TRN*1*000000003*9SUBMITTER~",
        "TRN*1*4*9SUBMITTER~",
    ]
    assert x271.validate("".join(lines)).findings == ()
    reported = [line.removeprefix(f"{file}") for line in err.splitlines()]
    assert reported[0].startswith(": MALFORMED_JSON: ")
    assert "line 3" in reported[0]
    assert {line.split(": ")[0] for line in reported[1:]} == {" at line 2"}
    assert sorted(line.split(": ")[2] for line in reported[1:]) == [
        "MISSING_FOR_SEARCH last_name",
        "MISSING_FOR_SEARCH member_id",
        "PAYER_NOT_CONFIGURED payer_id",
        "UNREADABLE_DATE date_of_birth",
    ]


def test_csv_is_verifytreatments_batch_file(run: Run) -> None:
    text = (
        b"_id,first_name,last_name,date_of_birth,payer_id,facility\n1,Sam,Doe,01/01/1990,vtx_01,F1\n2,,,,,\n"
    )
    code, lines, err = run("-", "--from", "verifytreatment", *OPTIONS, stdin=text)
    assert code == 1
    assert "NM1*IL*1*DOE*SAM~" in lines
    assert "- at line 2: warning: ALTERNATE_SEARCH member_id: " in err
    assert "- at line 3: error: MISSING_FOR_SEARCH last_name: " in err
    code, lines, err = run("-", "--from", "integrex", *OPTIONS, stdin=text)
    assert (code, lines) == (1, [])
    assert "MALFORMED_JSON" in err


def test_vsees_secondary_insurance_is_asked_about_by_name(run: Run) -> None:
    plan = {"carrier_code": "vtx_01", "subscriber_num": "S2"}
    text = json.dumps(user(insurance__secondary=plan)).encode()
    _, lines, _ = run("-", "--from", "vsee", *OPTIONS, "--which", "secondary", stdin=text)
    assert "NM1*PR*2*VTX PAYER*****PI*VTX01~" in lines
    assert "NM1*IL*1*VSEE*PARENT****MI*S2~" in lines


def test_an_end_of_the_interchange_that_cannot_be_is_the_configurations(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "x271.toml"
    config.write_text(
        '[submitter]\nsender = "A SENDER OF MORE THAN 15"\nreceiver = "R"\nreceiver_qualifier = "??"\n'
    )
    code, lines, err = run(
        REQUESTS / "changehealthcare.json", "--from", "changehealthcare", "--config", config
    )
    assert (code, lines) == (2, [])
    assert "[submitter] sender" in err
    assert "[submitter] receiver_qualifier" in err


def test_without_a_submitter_provider_and_payer_are_the_ends(run: Run) -> None:
    _, lines, _ = run(REQUESTS / "changehealthcare.json", "--from", "changehealthcare")
    assert lines[1].split("*")[2:4] == ["1234567893", "UHC"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "availity"], 2, "verifytreatment"),
        ([], 2, "--from"),
        (["--from", "integrex", "--date-of-service", "soon"], 2, "BAD_DATE"),
        (["--from", "integrex", "--control-number", "1000000000"], 2, "--control-number"),
        (["--from", "integrex", "--config", "none.toml"], 2, "UNREADABLE_FILE"),
        (["--from", "integrex", "--config", "pyproject.toml"], 2, "BAD_CONFIG"),
        (["--from", "integrex", "--trace", "1"], 2, "--trace"),
    ],
)
def test_a_wrong_option_is_exit_2(run: Run, words: list[str], code: int, said: str) -> None:
    several = json.dumps([example("integrex")] * 2).encode()
    root = REQUESTS.parents[1]
    ran = run("-", *[str(root / word) if word == "pyproject.toml" else word for word in words], stdin=several)
    assert ran[:2] == (code, [])
    assert said in ran[2]
    assert "Traceback" not in ran[2]


@pytest.mark.parametrize(
    ("text", "said"), [(b"", "EMPTY_INPUT"), (b"[]", "no request"), (b"[1]", "NOT_A_REQUEST")]
)
def test_a_file_without_a_request_is_exit_1(run: Run, text: bytes, said: str) -> None:
    code, lines, err = run("-", "--from", "integrex", stdin=text)
    assert (code, lines) == (1, [])
    assert said in err
    code, lines, err = run("nothing/here.json", "--from", "integrex")
    assert (code, lines) == (1, [])
    assert "UNREADABLE_FILE" in err


def test_an_output_that_cannot_be_written_is_exit_2_and_nothing_is_left(run: Run, tmp_path: Path) -> None:
    file = REQUESTS / "changehealthcare.json"
    code, lines, _ = run(file, "--from", "changehealthcare", "-o", tmp_path / "nothere" / "out.270")
    assert (code, lines) == (2, [])
    assert list(tmp_path.iterdir()) == []


def test_messages_never_say_what_a_request_says(run: Run) -> None:
    text = json.dumps(user(dob="19771231x", gender="Confidential", first_name="Secretname1")).encode()
    _, _, err = run("-", "--from", "vsee", *OPTIONS, stdin=text)
    assert err
    assert not any(word in err for word in ("19771231", "Confidential", "Secretname"))
