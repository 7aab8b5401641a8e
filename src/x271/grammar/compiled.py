"""The map that the core walks, made once: transaction sets, loops, segments, what each element is."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from .. import _core, codes, findings
from .._tables import read_table, read_text

# Elements whose loops allow different codes, where another loop's code is a finding. [SPEC 1.3]
_BY_LOOP = ("AAA03", "AAA04")


@lru_cache(maxsize=1)
def _walk() -> dict[str, Any]:
    """What the models say, see `mapped.walk`: `docs/generate_walk.py` writes the file."""
    found: dict[str, Any] = json.loads(read_text("grammar/walk.json"))
    return found


def checks() -> list[dict[str, Any]]:
    """What the core checks of single elements: codes by their tables, dates and numbers."""
    found: list[dict[str, Any]] = []
    tables = codes.compiled()
    for identifier, number, kind in _walk()["elements"]:
        table = f"{identifier}{number:02}"
        item: dict[str, Any] = {"segment": identifier, "element": number}
        if table in tables["codes"] and table not in tables["when"]:
            allowed = tables["allowed"].get(table, {}) if table in _BY_LOOP else {}
            found.append(item | {"kind": "code", "codes": list(tables["codes"][table]), "allowed": allowed})
        elif kind:
            found.append(item | {"kind": kind})
    return sorted(found, key=lambda item: (item["segment"], item["element"]))


def description() -> dict[str, Any]:
    """Everything that the core needs to know."""
    transactions: dict[str, Any] = {}
    for row in read_table("grammar/guides.tsv"):
        entry = transactions.setdefault(
            row["transaction"],
            {"functional_identifier": row["functional_identifier"], "guides": {}, "loops": []},
        )
        entry["guides"][row["guide"]] = row["finding"] or None
    for kind, loops in _walk()["loops"].items():
        transactions[kind]["loops"] = loops
    tables = codes.compiled()
    return {
        "transactions": transactions,
        "checks": checks(),
        "codes": tables["codes"],
        "eligibility_responses": tables["vsee"],
        "eligibility_response_fallback": tables["vsee_fallback"],
        "findings": findings.catalogue(),
    }


@lru_cache(maxsize=1)
def engine() -> _core.Engine:
    """The core, compiled at its first use."""
    return _core.Engine(json.dumps(description()))
