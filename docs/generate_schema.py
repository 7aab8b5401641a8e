"""Writes the JSON schema of the record to eligibility.schema.json: `python docs/generate_schema.py`.

With --check it only says, by the exit code 1, that the file is stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import x271

SCHEMA = Path(__file__).parent / "eligibility.schema.json"


def schema() -> str:
    """The schema of a record as `model_dump_json` writes it."""
    made = x271.Eligibility.model_json_schema(mode="serialization")
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the schema, or with --check says whether it is stale."""
    if "--check" not in arguments:
        SCHEMA.write_text(schema(), encoding="utf-8")
    elif not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != schema():
        sys.stderr.write("docs/eligibility.schema.json is stale: run python docs/generate_schema.py\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
