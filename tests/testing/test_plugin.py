"""The pytest plugin: somebody's archive under the invariants, and what a run says of it."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import x271
from show.cards import DAY, PLANTED, SHOWN_DAY, planted
from x12 import ACTIVE, FIXTURES, answer, written
from x271.sources import pieces
from x271.sources.archives import walk
from x271.synthetic import scenarios
from x271.testing import INVARIANTS, archive, plugin
from x271.testing.tally import Tally

pytest_plugins = ["pytester"]

ARCHIVE = FIXTURES / "archive"
DATA = written(answer(ACTIVE))
SECRET = PLANTED


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """A folder of three files."""
    made = pytester.path / "answers"
    made.mkdir()
    for name in ("active-ppo.271", "member-not-found.271", "ppmd-active.xml"):
        shutil.copy(ARCHIVE / name, made)
    return made


def test_each_file_is_a_test_and_the_sum_is_told(pytester: pytest.Pytester, folder: Path) -> None:
    result = pytester.runpytest("--x271-archive", "answers", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "x271-archive: 3 tests of answers",
            "x271-archive::answers/active-ppo.271 PASSED*",
            "x271-archive::answers/member-not-found.271 PASSED*",
            "x271-archive::answers/ppmd-active.xml PASSED*",
            "*= x271 archive =*",
            "read          answers",
            "documents     3 (X12 2, XML 1), * bytes",
            "transactions  3 (271 3)",
            "patients      3 (active 2, unknown 1); 1 rejected",
            "rejections (AAA)",
            "         1  71  Patient Birth Date Does Not Match That for the Patient on the Database",
            "         1  72  Invalid/Missing Subscriber/Insured ID",
            "         1  73  Invalid/Missing Subscriber/Insured Name",
            "invariants    13 of 13 held in every document",
        ]
    )


def test_without_the_option_nothing_is_different(pytester: pytest.Pytester, folder: Path) -> None:
    pytester.makepyfile("def test_own(): pass")
    result = pytester.runpytest()
    result.assert_outcomes(passed=1)
    assert "x271 archive" not in result.stdout.str()


def test_the_marker_selects_them(pytester: pytest.Pytester, folder: Path) -> None:
    pytester.makepyfile("def test_own(): pass")
    both = ("--strict-markers", "--x271-archive", "answers")
    pytester.runpytest(*both).assert_outcomes(passed=4)
    pytester.runpytest(*both, "-m", "x271_archive").assert_outcomes(passed=3, deselected=1)
    pytester.runpytest(*both, "-m", "not x271_archive").assert_outcomes(passed=1, deselected=3)
    pytester.runpytest(*both, "-k", "ppmd").assert_outcomes(passed=1, deselected=3)


def test_what_is_packed_is_opened(pytester: pytest.Pytester) -> None:
    with zipfile.ZipFile("a.zip", "w") as packed:
        packed.writestr("one.271", DATA)
        packed.writestr("two.271", b"nothing of the kind")
    Path("b.271.gz").write_bytes(gzip.compress(DATA))
    Path("c.jsonl").write_text("\n".join(json.dumps({"raw_response": DATA.decode()}) for _ in range(3)))
    result = pytester.runpytest(
        "--x271-archive", "a.zip", "--x271-archive", "b.271.gz", "--x271-archive", "*.jsonl"
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "read          a.zip, b.271.gz, [*].jsonl",
            "documents     6 (JSON 3, X12 2, other 1), * bytes",
            "patients      5 (active 5)",
            "refused documents",
            "         1  UNKNOWN_FORM  the input is neither X12 nor XML nor JSON",
        ]
    )


def test_what_is_refused_fails_only_if_it_is_asked_for(pytester: pytest.Pytester, folder: Path) -> None:
    (folder / "cut.zip").write_bytes((FIXTURES / "archives" / "cut.zip").read_bytes())
    (folder / "other.txt").write_bytes(b"nothing of the kind")
    pytester.runpytest("--x271-archive", "answers").assert_outcomes(passed=5)
    result = pytester.runpytest("--x271-archive", "answers", "--x271-strict")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(
        [
            "answers/cut.zip*",
            "  refused: CORRUPT_ARCHIVE: *",
            "answers/other.txt",
            "  refused: UNKNOWN_FORM: *",
        ]
    )


def _leak(self: Any) -> str:
    name: str = self.subscriber.last_name
    raise KeyError(name)


@pytest.mark.parametrize("style", ["long", "short", "native", "auto", "line"])
def test_a_broken_invariant_is_told_without_a_value(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    """With -l, which shows local values, and in the report of JUnit; the error's own message is the name."""
    Path("one.271").write_bytes(planted((ARCHIVE / "active-ppo.271").read_bytes()))
    monkeypatch.setattr(x271.Eligibility, "summary", lambda self: self.subscriber.last_name)
    monkeypatch.setattr(x271.Eligibility, "to_integrex", _leak)
    result = pytester.runpytest(
        "--x271-archive", ".", "-l", f"--tb={style}", "-vv", "--junitxml=report.xml", "-rA"
    )
    result.assert_outcomes(failed=1)
    text = result.stdout.str() + result.stderr.str() + Path("report.xml").read_text()
    assert not [secret for secret in (SECRET, DAY, SHOWN_DAY) if secret in text]
    result.stdout.fnmatch_lines(["FAILED x271-archive::one.271*"])
    if style != "line":
        result.stdout.fnmatch_lines(
            [
                "one.271",
                "  shapes: KeyError at x271/testing/saying.py:* Others' shapes are complete and are JSON.",
                "  silence: record 1. Nothing says unasked what identifies a person.",
            ]
        )
    result.stdout.fnmatch_lines(
        ["invariants    10 of 13 held in every document", "         1  silence: not so: Nothing says *"]
    )


def test_an_error_of_the_test_itself_is_told_by_its_type(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("one.271").write_bytes(DATA)

    def fails(self: Tally, subject: Any) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(Tally, "of_document", fails)
    result = pytester.runpytest("--x271-archive", ".", "-l")
    result.assert_outcomes(failed=1)
    assert SECRET not in result.stdout.str()
    result.stdout.fnmatch_lines(["  not counted: ValueError at x271/*"])


def test_a_failing_file_lists_only_some_of_its_documents(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.jsonl").write_text("\n".join(json.dumps({"raw_response": DATA.decode()}) for _ in range(25)))
    monkeypatch.setattr(x271.Eligibility, "to_verifytreatment", lambda self: object())
    result = pytester.runpytest("--x271-archive", ".")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["a.jsonl:1", "  shapes: *", "a.jsonl:20", "... and 5 documents more"])
    result.stdout.no_fnmatch_line("a.jsonl:21")


def test_of_a_sample_the_same_documents_are_checked_every_time(pytester: pytest.Pytester) -> None:
    Path("a.jsonl").write_text("\n".join(json.dumps({"raw_response": DATA.decode()}) for _ in range(200)))

    def counts() -> tuple[str, str]:
        lines = pytester.runpytest("--x271-archive", "a.jsonl", "--x271-archive-sample", "0.1").stdout.lines
        found = [line for line in lines if line.startswith(("documents", "left out"))]
        return found[0], found[1]

    first = counts()
    checked, left_out = (int(line.split()[at]) for line, at in zip(first, (1, 2), strict=True))
    assert checked + left_out == 200
    assert 8 <= checked <= 35
    assert counts() == first


@pytest.mark.parametrize(
    "options",
    [
        ("--x271-archive-sample", "0"),
        ("--x271-archive-sample", "1.5"),
        ("--x271-archive-sample", "some"),
        ("--x271-archive", "not-there"),
        ("--x271-archive", "*.nothing"),
    ],
)
def test_a_wrong_option_is_wrong_usage(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    pytester.makepyfile("def test_own(): pass")
    assert pytester.runpytest(*options).ret == pytest.ExitCode.USAGE_ERROR


def test_many_files_share_tests(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_MOST_TESTS", 2)
    result = pytester.runpytest("--x271-archive", "answers", "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["x271-archive::answers/active-ppo.271 and 1 more PASSED*", "documents     3 (X12 2, XML 1)*"]
    )


def test_a_folder_without_documents_gives_no_test(pytester: pytest.Pytester) -> None:
    Path("empty").mkdir()
    result = pytester.runpytest("--x271-archive", "empty")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["documents     0"])


def test_long_x12_is_read_in_pieces_and_its_records_are_checked(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "_LONG", 1000)
    monkeypatch.setattr(pieces, "SIZE", 700)
    Path("long.271").write_bytes(DATA * 4)
    result = pytester.runpytest("--x271-archive", "long.271")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            f"documents     1 (X12 1), {4 * len(DATA):,} bytes",
            "patients      4 (active 4)",
            "long          1 of the documents, of which only the records were checked",
        ]
    )
    monkeypatch.setattr(x271.Eligibility, "to_integrex", _leak)
    result = pytester.runpytest("--x271-archive", "long.271")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["long.271", "  shapes: record 1, KeyError at x271/testing/saying.py:* and 3 more. Others' shapes *"]
    )


def test_two_records_that_are_not_equal_are_told_by_their_fields(pytester: pytest.Pytester) -> None:
    Path("one.271").write_bytes(DATA)
    Path("two.271").write_bytes(DATA.replace(b"DOE", b"ROE").replace(b"EB*1", b"EB*6"))
    pytester.makepyfile(
        """
        from pathlib import Path
        import x271

        def test_own():
            assert x271.normalize(Path("one.271")) == x271.normalize(Path("two.271"))
        """
    )
    result = pytester.runpytest("-vv", "-l")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*the records differ in * fields",
            "*coverage: active -> inactive",
            "*subscriber.last_name: 3 characters -> 3 characters, from character 1 on",
        ]
    )
    for name in ("DOE", "ROE"):
        assert name not in result.stdout.str()


def test_a_test_that_takes_an_answer_runs_for_each_scenario(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        import x271

        def test_all(x271_answer):
            assert x271_answer.kind == "271"

        @pytest.mark.x271_scenarios("termed", "member-not-found", seed=7)
        def test_two(x271_answer):
            (record,) = x271.normalize_all(x271_answer.data)
            (expected,) = x271_answer.expected
            assert record.coverage == expected["coverage"]
        """
    )
    result = pytester.runpytest("-v", "--strict-markers")
    count = sum("271" in one.kinds for one in scenarios().values())
    result.assert_outcomes(passed=count + 2)
    result.stdout.fnmatch_lines(
        [
            "*::test_all[[]active-ppo[]] PASSED*",
            "*::test_two[[]termed[]] PASSED*",
            "*::test_two[[]member-not-found[]] *",
        ]
    )


def test_a_scenario_that_is_not_there_is_told_when_tests_are_collected(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.x271_scenarios("nobody-knows")
        def test_own(x271_answer): pass
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*BAD_OPTION*"])


def test_one_document_of_a_scenario_can_be_made_in_a_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import x271
        from x271.testing import assert_same_record

        def test_own(x271_synth):
            answer, question = x271_synth("termed", seed=7), x271_synth("termed", kind="270", seed=7)
            record = x271.normalize(answer.data)
            assert record.answers(question.inquiries[0])
            assert_same_record(record, x271_synth("termed", seed=7, form="xml").data)
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


def test_strategies_are_drawn_from_in_a_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import x271
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=5, deadline=None)
        @given(data=st.data())
        def test_own(x271_strategies, data):
            answer = data.draw(x271_strategies.responses())
            assert not list(x271_strategies.broken(bytes(answer)))
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


def test_it_can_be_switched_off(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_own(): pass")
    pytester.runpytest("-p", "no:x271").assert_outcomes(passed=1)
    assert pytester.runpytest("-p", "no:x271", "--x271-archive", ".").ret == pytest.ExitCode.USAGE_ERROR


def test_what_processes_counted_adds_up() -> None:
    one, other = Tally(), Tally()
    one.count("patients", "active", 2)
    other.count("patients", "active")
    other.count("patients", "unknown")
    one.add(json.loads(json.dumps(other.plain())))
    assert one.plain() == {"patients": {"active": 3, "unknown": 1}}


def test_loading_the_plugin_loads_nothing_heavy() -> None:
    """pytest loads it in every run of everybody who has x271."""
    heavy = (
        "pydantic",
        "lxml",
        "hypothesis",
        "x271.api",
        "x271._core",
        "x271.errors",
        "x271.testing.archive",
    )
    code = f"import sys, {plugin.__name__}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


# --- the page

PAGE = (FIXTURES.parent / "docs" / "pytest.md").read_text(encoding="utf-8")


def test_the_page_shows_what_is_printed(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES.parent)
    result = pytester.runpytest_inprocess(
        "-q", "--x271-archive", "fixtures/archive", "-m", "x271_archive", "benchmarks"
    )
    shown = PAGE.partition("<!-- archive:")[2].partition("```text\n")[2].partition("```")[0].splitlines()
    printed = result.stdout.lines
    start = printed.index(next(line for line in printed if "= x271 archive =" in line)) + 1
    assert printed[start : start + len(shown) - 1] == shown[1:]


def test_the_page_lists_the_invariants() -> None:
    rows = [f"| `{one.name}` | {one.sentence} |" for one in INVARIANTS]
    assert "\n".join(rows) in PAGE


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    code = PAGE.partition("## Fixtures")[2].partition("```python\n")[2].partition("```")[0]
    pytester.makepyfile(code)
    pytester.runpytest("--strict-markers").assert_outcomes(passed=5)
