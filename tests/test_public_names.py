"""The public names and how each is called: a contract, held by a list (`public_names.txt`).

A change of that list is a change for everybody who uses x271. `python tests/test_public_names.py` writes it anew.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

LIST = Path(__file__).with_name("public_names.txt")
MODULES = (
    *("x271", "x271.batch.read", "x271.codes", "x271.errors", "x271.findings", "x271.forms"),
    *("x271.inquiries", "x271.shapes", "x271.sources", "x271.synthetic", "x271.tables", "x271.testing"),
    "x271.validation",
)


def listed() -> Iterator[str]:
    """Each public name of each module with its parameters; of a class its fields and methods."""
    for name in MODULES:
        module = importlib.import_module(name)
        names = sorted(getattr(module, "__all__", ()))
        if names:
            yield f"# {name}"
        for one in names:
            yield from _described(one, getattr(module, one))


def _described(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, type):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        yield f"{name}({bases})" if bases else name
        if issubclass(value, BaseModel):
            yield from (f"    {field}" for field in value.model_fields)
        for attribute in sorted(vars(value)):
            member = inspect.getattr_static(value, attribute)
            if attribute.startswith("_") or attribute in getattr(value, "model_fields", ()):
                continue
            if inspect.isfunction(member) or isinstance(member, (classmethod, staticmethod)):
                yield f"    {attribute}{_signature(getattr(value, attribute))}"
            elif isinstance(member, property):
                yield f"    {attribute}"
    elif callable(value) and hasattr(value, "__name__"):
        yield f"{name}{_signature(value)}"
    elif inspect.ismodule(value):
        yield f"{name} (module)"
    else:
        yield f"{name}: {type(value).__name__}"


def _signature(function: Any) -> str:
    """The names and kinds of the parameters, and which can be left out; types and defaults may grow."""
    try:
        given = inspect.signature(function)
    except ValueError:
        return "(...)"
    parts, is_bare = [], False
    for one in given.parameters.values():
        if one.kind is one.KEYWORD_ONLY and not is_bare:
            parts.append("*")
            is_bare = True
        is_bare = is_bare or one.kind is one.VAR_POSITIONAL
        stars = "*" if one.kind is one.VAR_POSITIONAL else "**" if one.kind is one.VAR_KEYWORD else ""
        parts.append(f"{stars}{one.name}{'=' if one.default is not one.empty else ''}")
    return f"({', '.join(parts)})"


def test_the_public_names_are_those_of_the_list() -> None:
    expected, found = LIST.read_text(encoding="utf-8").splitlines(), list(listed())
    assert "\n".join(difflib.unified_diff(expected, found, "the list", "the package", lineterm="")) == ""


@pytest.mark.parametrize("module", MODULES)
def test_all_names_what_is_there_and_public(module: str) -> None:
    found = importlib.import_module(module)
    for name in getattr(found, "__all__", ()):
        assert not name.startswith("_")
        assert getattr(found, name, Enum) is not Enum, name


def test_the_contract_of_the_design_is_kept() -> None:
    """The calls that DESIGN.md promises, as they stand there."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    options = "date_of_service=, service_types=, trace=, profile="
    for promised in (
        "parse(data, *, limits=)",  # limits came later, as in the next two
        f"normalize(data, *, {options}, limits=)",
        f"normalize_all(data, *, {options}, limits=)",
        f"read(source, *, {options}, field=, limits=, on_error=)",
        f"tables(source, *, only=, {options}, field=, limits=, on_error=, batch_rows=)",
        "validate(data, *, copies=)",
        "redact(data, *, key)",
    ):
        assert promised in lines
    for name in (
        "to_integrex",
        "to_vsee_insurance",
        "to_vsee_webhook",
        "to_verifytreatment",
        "explain(self, field)",
    ):
        assert any(line.startswith(f"    {name}") for line in lines), name


if __name__ == "__main__":
    LIST.write_text("\n".join(listed()) + "\n", encoding="utf-8")
