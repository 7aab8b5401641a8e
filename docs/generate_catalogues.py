"""Writes errors.md and findings.md from the package's own tables: `python docs/generate_catalogues.py`.

It also writes the table of situational rules in validation.md, between two marks. With --check it only says, by the
exit code 1, that a page is stale. Each code has an example in `examples.toml`, and
what the page shows of it is what the example really gave.
"""

from __future__ import annotations

import ast
import os
import sys
import tomllib
from collections.abc import Callable, Iterable
from contextlib import chdir
from pathlib import Path
from typing import Any

import x271
from x271 import errors, findings
from x271._tables import read_table

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples.toml"
NAMES = """\
In the examples, `answer` is the valid answer `fixtures/variants/base.271` as bytes, and `inquiry` is what
`fixtures/questions/subscriber.270` asks. They run in the tests; what they print stands below each.
"""

ERRORS = f"""\
# Errors

What stops x271. Every error is an `x271.X271Error`: `UsageError` is the caller's fault, `DataError` the data's. Each
has a `code` from this page, a `position` where one is known, and a `hint` for the mend. None holds what a patient's
element says. What is odd but readable is no error but a [finding](findings.md).

{NAMES}
This page is made from `src/x271/errors.tsv` and `docs/examples.toml` by `docs/generate_catalogues.py`.
"""
FINDINGS = f"""\
# Findings

What is odd in an answer, and was survived. Findings stand in `findings` of a document (`x271.parse`) and of a record
(`x271.normalize`), in a report (`x271.validate`) and in the check of a question (`Inquiry.check`); each has a `code`
from this page, a `severity`, a `position`, and of a record's or question's field the field's name. None holds what a
patient's element says. What cannot be read at all is an [error](errors.md).

{NAMES}
This page is made from `src/x271/findings.tsv` and `docs/examples.toml` by `docs/generate_catalogues.py`.
"""


def examples() -> dict[str, dict[str, str]]:
    """The examples by `errors` and `findings`, and then by code."""
    read: dict[str, dict[str, str]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    return {kind: {code: text.strip() for code, text in by_code.items()} for kind, by_code in read.items()}


def run(snippet: str) -> Any:
    """What the last line of an example gives."""
    names: dict[str, Any] = {
        "x271": x271,
        "answer": (ROOT / "fixtures" / "variants" / "base.271").read_bytes(),
        "inquiry": next(x271.parse(ROOT / "fixtures" / "questions" / "subscriber.270").inquiries()),
    }
    *before, last = ast.parse(snippet).body
    if not isinstance(last, ast.Expr):
        raise TypeError("the last line of an example is an expression")
    with chdir(ROOT):  # the examples name files as somebody in the project's folder does
        exec(compile(ast.Module(before, []), "example", "exec"), names)  # noqa: S102  (our own file)
        return eval(compile(ast.Expression(last.value), "example", "eval"), names)  # noqa: S307  (our own file)


def error_of(snippet: str) -> x271.X271Error | None:
    """The error that an example raises."""
    try:
        run(snippet)
    except x271.X271Error as error:
        return error
    return None


def findings_of(snippet: str) -> list[x271.Finding]:
    """The findings of what an example gives."""
    given = run(snippet)
    several: Iterable[Any] = given if isinstance(given, list) else [given]
    return [found for one in several for found in one.findings]


def errors_page() -> str:
    """The page of all errors."""
    parts = [ERRORS]
    for code, row in errors.catalogue().items():
        snippet = examples()["errors"].get(code, "")
        error = error_of(snippet) if snippet else None
        kind = type(error).__name__ if error is not None else ""
        whose = "the caller's fault" if row["kind"] == "usage" else "the data's fault"
        parts += [f"## {code}\n", f"`x271.{kind}`, {whose}.\n", f"{_block(snippet, str(error))}\n"]
    return "\n".join(parts)


def findings_page() -> str:
    """The page of all findings, by area."""
    parts = [FINDINGS]
    area = ""
    for code, row in findings.catalogue().items():
        if row["area"] != area:
            area = row["area"]
            parts.append(f"## About the {AREAS.get(area, area)}\n")
        snippet = examples()["findings"].get(code, "")
        said = next((str(one) for one in findings_of(snippet) if one.code == code), "") if snippet else ""
        mend = (
            f"To mend it: {row['mend']}"
            if not row["mend"].startswith("None")
            else "There is nothing to mend."
        )
        parts += [f"### {code}\n", f"{row['severity'].capitalize()}. {mend}\n", f"{_block(snippet, said)}\n"]
    return "\n".join(parts)


AREAS = {
    "version": "version of the guide",
    "structure": "loops",
    "code": "codes",
    "element": "elements",
    "guide": "rules of the guide, from `x271.validate`",
    "inquiry": "question, from `Inquiry.check`",
    "meaning": "meaning of the answer",
}


def validation_page() -> str:
    """The page on validation, with the situational rules as the table has them."""
    text = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    before, mark, rest = text.partition("by docs/generate_catalogues.py -->\n")
    _, end, after = rest.partition("<!-- end of rules -->")
    if not mark or not end:
        raise ValueError("docs/validation.md has lost the marks of the rules")
    rows = [f"| `{row['rule']}` | {row['sets']} | {row['meaning']} | {row['source']} |" for row in RULES]
    return "".join(
        (
            before,
            mark,
            "\n".join(["| rule | of | it says | source |", "| --- | --- | --- | --- |", *rows, ""]),
            end,
            after,
        )
    )


RULES = read_table("validation/situations.tsv")


def _block(snippet: str, printed: str) -> str:
    return f"```py\n{snippet}\n```\n\n```text\n{printed}\n```"


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "findings.md": findings_page,
    "validation.md": validation_page,
}


def main(arguments: list[str]) -> int:
    """Writes the pages, or with --check says which are stale."""
    stale = 0
    for name, page in PAGES.items():
        path = ROOT / "docs" / name
        text = page()
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"docs{os.sep}{name} is stale: run python docs/generate_catalogues.py\n")
            stale = 1
    return stale


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
