"""Writes how-a-field-gets-its-value.md from the package's own tables: `python docs/generate_field_page.py`.

With --check it only says, by the exit code 1, that a page is stale. It also writes the list of keys in
preferences.md, between two marks. The page holds nothing that the code does not use: fields from `integrex.tsv`,
rules from `rules.tsv`, reasons from `reasons.tsv`, orders of preference with their comments from `standard.toml`,
examples as `explain` prints them. `field_page.toml` groups the fields.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import x271
from x271 import codes
from x271._tables import read_table, read_text
from x271.normalize import integrex
from x271.normalize.explanation import OWN_FIELDS, preferences_of
from x271.normalize.profile_keys import Preferences

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "how-a-field-gets-its-value.md"
PREFERENCES = ROOT / "docs" / "preferences.md"
BEGIN, END = "<!-- keys, written by generate_field_page.py -->\n", "<!-- end of keys -->\n"
WIDTH = 118
DAY = "2026-11-21"

INTRODUCTION = """\
# How a field gets its value

This page is made from the tables that the code itself reads (`docs/generate_field_page.py`), so it cannot say
anything else than what happens. It is for people who know benefits and need not know X12.

An answer is a list of **segments** such as `EB*C*IND*30***23*1500*****Y`. The word before the first star names the
segment, and the parts between the stars are its **elements**: `EB07` is the seventh, here 1500. A **row** is one EB
segment with what hangs on it: its dates (DTP), messages (MSG), places of service (III) and related entities (NM1). The
**status row** is the row that decided whether there is coverage.

For each field the same happens. Rows or segments of the right kind are its **candidates**. What cannot be meant is
**refused**, with every reason. What is left is compared by an order of preference: the best is **chosen**, another
**lost** on the first thing in which it is worse, and one that is as good in everything is **tied**; then the first
one counts and a finding says so. A row is **used** where a value is made of several. Nothing is ever guessed: where
no candidate is left, the field is empty.

`record.explain("copay($)")`, or `x271 explain FILE 'copay($)'`, shows all of this for one field of one answer. The
orders below are those of the profile "standard"; [Preferences](preferences.md) says how to change them.
"""


@dataclass(frozen=True)
class Group:
    """Fields that get their values the same way, as `field_page.toml` lists them."""

    title: str
    text: str
    fields: str
    rules: list[str]
    areas: list[str]
    examples: list[tuple[str, str]]


_SETTINGS = tomllib.loads((ROOT / "docs" / "field_page.toml").read_text(encoding="utf-8"))
TABLES: dict[str, str] = _SETTINGS["tables"]
GROUPS = [Group(**group) for group in _SETTINGS["groups"]]
WORDS = {"": "absent", "*": "any other", "requested": "a service type that was asked for"}


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, _contents()]
    parts += [section(group) for group in GROUPS]
    return "\n".join(parts)


def _contents() -> str:
    return "".join(f"- [{group.title}](#{_anchor(group.title)})\n" for group in GROUPS)


def _anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def fields_of(group: Group) -> list[tuple[str, str]]:
    """The group's fields and where each comes from."""
    known = [(row["field"], row["place"]) for row in integrex.table()]
    return [item for item in (*OWN_FIELDS.items(), *known) if re.fullmatch(group.fields, item[0])]


def section(group: Group) -> str:
    """One group: its fields, rules, orders, reasons and examples."""
    lines = [f"## {group.title}", "", *textwrap.wrap(group.text, WIDTH), ""]
    lines += ["| field | where it comes from |", "| --- | --- |"]
    lines += [f"| `{name}` | {place} |" for name, place in fields_of(group)]
    lines += ["", "### Rules", "", *_rules(group)]
    orders = list(_orders(group))
    if orders:
        lines += [
            "",
            "### Orders of preference",
            "",
            "Where a key holds an order, what stands first wins.",
            "",
            *orders,
        ]
    lines += ["", "### Reasons", "", *_reasons(group), "### Examples", ""]
    for document, field in group.examples:
        lines += _example(document, field)
    return "\n".join(lines).rstrip() + "\n"


def _rules(group: Group) -> Iterator[str]:
    table = {row["rule"]: row for row in read_table("normalize/rules.tsv")}
    for name in group.rules:
        row = table[name]
        text = row["text"] or row["text_if_empty"]
        if row["text"] and row["text_if_empty"] and row["text"] != row["text_if_empty"]:
            text += f" If empty: {row['text_if_empty']}"
        yield from textwrap.wrap(f"- `{name}`: {text}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _orders(group: Group) -> Iterator[str]:
    """Each key that decides in this group, with its value in words and the comment of `standard.toml`."""
    names = [name for name, _ in fields_of(group)]
    keys = {key for rule in group.rules for name in names for key in preferences_of(rule, name)}
    comments, values = _comments(), tomllib.loads(read_text("normalize/standard.toml"))
    for key in comments:
        if key not in keys:
            continue
        table, _, name = key.partition(".")
        comment = f" {comments[key]}" if comments[key] else ""
        text = f"- `{key}`: {_said(name, values[table][name])}.{comment}"
        yield from textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _comments() -> dict[str, str]:
    """Every key of `standard.toml` in its order, with the comment above it."""
    found: dict[str, str] = {}
    table, above = "", []
    for line in read_text("normalize/standard.toml").splitlines():
        if line.startswith("#"):
            above.append(line.removeprefix("#").strip())
            continue
        if line.startswith("["):
            table = line.strip("[]")
        elif "=" in line:
            found[f"{table}.{line.partition('=')[0].strip()}"] = " ".join(above)
        above = []
    return found


def _said(name: str, value: Any) -> str:
    table = next((table for table, names in TABLES.items() if name in names.split()), "")
    if not isinstance(value, list):
        return str(value)
    if not value:
        return "none"
    if value == ["*"]:
        return "anything"
    if isinstance(value[0], list):
        joined = "; then " if name not in {"benefit_pairs", "same"} else "; "
        return joined.join(" or ".join(_code(table, one) for one in group) for group in value)
    return ", ".join(_code(table, one) for one in value)


def _code(table: str, code: str) -> str:
    if code in WORDS:
        return WORDS[code]
    known = codes.lookup(table).get(code) if table else None
    if known is None:
        return code
    return f"{code} ({known.notes.get('meaning_in_271') or known.description})"


def _reasons(group: Group) -> Iterator[str]:
    shown = {"refused": "Refused", "lost": "Lost", "tied": "Tied", "used": "Used", "chosen": "Chosen"}
    rows = [
        row for row in read_table("normalize/reasons.tsv") if set(group.areas) & set(row["areas"].split(", "))
    ]
    for verdict, title in shown.items():
        texts = [(row["reason"], row["text"]) for row in rows if verdict in row["verdicts"].split()]
        if texts:
            yield f"{title} because"
            yield ""
            for code, text in texts:
                yield from textwrap.wrap(f"- {text} (`{code}`)", WIDTH, subsequent_indent="  ")
            yield ""


def _example(document: str, field: str) -> list[str]:
    record = x271.normalize(ROOT / "fixtures" / document, date_of_service=DAY)
    title = f"`x271 explain fixtures/{document} '{field}' --date-of-service {DAY}`, as text:"
    text = [line.rstrip() for line in str(record.explain(field)).split("\n")]
    return [title, "", "```text", *text, "```", ""]


def keys() -> str:
    """Every key of a profile: what it may hold, its standard value, and the comment of `standard.toml`."""
    values, lines = tomllib.loads(read_text("normalize/standard.toml")), []
    last = ""
    for key, comment in _comments().items():
        table, _, name = key.partition(".")
        if table != last:
            lines += [
                "",
                f"### `[{table}]`",
                "",
                "| key | may hold | standard | |",
                "| --- | --- | --- | --- |",
            ]
            last = table
        value = json.dumps(values[table][name])
        lines.append(f"| `{name}` | {_kind(table, name)} | `{value}` | {comment} |")
    return "\n".join(lines[1:]) + "\n"


def _kind(table: str, name: str) -> str:
    """What a key may hold, in words, from its type."""
    part = Preferences.model_fields[table].annotation
    field = part.model_fields[name] if isinstance(part, type) and issubclass(part, BaseModel) else None
    if field is None or field.annotation is int:
        return "a number"
    kinds = {"messages": "an order of `primary_care`, empty and `*`", "order": "an order of criteria"}
    if name in kinds:
        return kinds[name]
    if table == "words":
        return "words"
    if name == "benefit_pairs":
        return "pairs of codes"
    return (
        "groups of codes"
        if "list[list[" in str(field.annotation).replace("typing.Annotated[", "")
        else "codes"
    )


def preferences_page() -> str:
    """preferences.md with its list of keys written anew."""
    before, _, rest = PREFERENCES.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n{keys()}\n{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    """Writes the pages; with --check, says by the exit code 1 that one is stale."""
    stale = 0
    for path, made in ((PAGE, page()), (PREFERENCES, preferences_page())):
        if "--check" not in arguments:
            path.write_text(made, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != made:
            sys.stderr.write(f"{path.name} is stale: run python docs/generate_field_page.py\n")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
