"""The docs tell the truth: their Python runs, and what is made from tables is up to date."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from x271.commands import app
from x271.normalize import profile as profiles

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")])
# A block of Python, and the comment above it that says why it is not run.
BLOCK = re.compile(
    r"(?:<!-- not run: (?P<why>[^>]+) -->\n)?^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page: Path) -> list[tuple[int, str]]:
    """The page's Python that is meant to run, each block with its line from 1."""
    text = page.read_text(encoding="utf-8")
    found = [match for match in BLOCK.finditer(text) if match["why"] is None]
    return [(text.count("\n", 0, match.start("code")) + 1, match["code"]) for match in found]


def run(page: Path, line: int, code: str, names: dict[str, Any]) -> None:
    """Runs one block; one that has prompts must also print what it says."""
    if ">>> " not in code:
        exec(compile("\n" * (line - 1) + code, str(page), "exec"), names)  # noqa: S102 - our own docs
        return
    test = doctest.DocTestParser().get_doctest(code, {}, page.name, str(page), line - 1)
    test.globs = names
    output: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=OPTIONS, verbose=False).run(
        test, out=output.append, clear_globs=False
    )
    assert not failed, "".join(output)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page share their names, run in order, and find `answer` and the fixtures."""
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    monkeypatch.chdir(tmp_path)
    names = {
        "__name__": "__docs__",
        "answer": (ROOT / "fixtures" / "archive" / "active-ppo.271").read_bytes(),
    }
    for line, code in blocks(page):
        run(page, line, code, names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_that_is_python_is_run(page: Path) -> None:
    """No block hides behind an indent or another name; the catalogues' snippets are run when the page is made."""
    fences = re.findall(r"^[ \t>]*(?:```|~~~)[ \t]*(\S+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    made = {"errors.md": {"py"}, "findings.md": {"py"}}.get(page.name, set())
    assert set(fences) - made <= {"python", "sh", "text", "toml", "json"}
    every = list(BLOCK.finditer(page.read_text(encoding="utf-8")))
    assert fences.count("python") == len(every)  # one that is not run says why


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_are_there(page: Path) -> None:
    """Each `x271 ...` line of a block names a command, with options that it has."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line for language, code in found if language in ("", "sh") for line in code.splitlines()]
    for line in lines:
        for name, given in re.findall(r"(?:^|\| )x271 ([a-z]+)([^|#]*)", line):
            named = re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", given.partition("   ")[0])
            assert set(named) <= _options(name), line


@cache
def _options(command: str) -> set[str]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    found = (name for one in group.commands[command].params for name in (*one.opts, *one.secondary_opts))
    return {*found, "-h", "--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    gone = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert not gone


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_every_page_is_led_to(page: Path) -> None:
    others = [one.read_text(encoding="utf-8") for one in PAGES if one != page]
    assert any(f"({page.name}" in text or f"docs/{page.name}" in text for text in others)


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """`docs/generate_field_page.py`, which is no part of the package."""
    spec = importlib.util.spec_from_file_location(
        "generate_field_page", ROOT / "docs" / "generate_field_page.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their own module up by its name.
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("sys").modules, spec.name, module)
        spec.loader.exec_module(module)
    return module


def test_the_pages_made_from_tables_are_up_to_date(generator: ModuleType, capsys: Any) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_noticed(
    generator: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "page.md"
    stale.write_text("old", encoding="utf-8")
    monkeypatch.setattr(generator, "PAGE", stale)
    assert generator.main(["--check"]) == 1
    assert stale.read_text(encoding="utf-8") == "old"


def test_every_field_and_rule_stands_on_the_page(generator: ModuleType) -> None:
    from x271.normalize.explanation import field_names, rules

    shown = [name for group in generator.GROUPS for name, _ in generator.fields_of(group)]
    assert sorted(shown) == sorted(field_names())
    assert {rule for group in generator.GROUPS for rule in group.rules} == set(rules())


def test_every_key_of_a_profile_stands_in_the_docs(generator: ModuleType) -> None:
    listed = list(generator._comments())
    known = profiles.preferences().model_dump()
    assert listed == [f"{table}.{key}" for table, part in known.items() for key in part]
    text = (ROOT / "docs" / "preferences.md").read_text(encoding="utf-8")
    for key in listed:
        table, _, name = key.partition(".")
        part = text.partition(f"### `[{table}]`")[2].partition("### ")[0]
        assert f"| `{name}` |" in part, key


def test_a_page_links_only_to_files_that_are_there() -> None:
    for page in (ROOT / "docs" / "preferences.md", ROOT / "docs" / "how-a-field-gets-its-value.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), target
