"""Writes what the core is told by Python, for the fuzz targets of the core; `fuzz_all.py` calls it."""

from __future__ import annotations

import json
from pathlib import Path

from x271.grammar.compiled import description
from x271.normalize.integrex import table
from x271.normalize.profile import STANDARD, preferences

CORE = Path(__file__).parent / "core"


def write() -> None:
    """`core/knowledge/`: grammar and tables, the standard preferences, the fields that can be explained."""
    folder = CORE / "knowledge"
    folder.mkdir(exist_ok=True)
    (folder / "engine.json").write_text(json.dumps(description()), encoding="utf-8")
    (folder / "orders.json").write_text(preferences(STANDARD).model_dump_json(), encoding="utf-8")
    (folder / "fields.json").write_text(
        json.dumps(["coverage", *(row["field"] for row in table())]), encoding="utf-8"
    )


if __name__ == "__main__":
    write()
