"""Writes what the core needs to know of the models to src/x271/grammar/walk.json: `python docs/generate_walk.py`.

With --check it only says, by the exit code 1, that the file is stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from x271.grammar.mapped import walk

WALK = Path(__file__).parent.parent / "src" / "x271" / "grammar" / "walk.json"


def written() -> str:
    """The file, a line for each loop and for the elements of each segment."""
    found = walk()
    loops = ",\n".join(
        f"  {json.dumps(kind)}: [\n" + ",\n".join(f"   {json.dumps(loop)}" for loop in listed) + "\n  ]"
        for kind, listed in found["loops"].items()
    )
    lines: dict[str, list[str]] = {}
    for element in found["elements"]:
        lines.setdefault(element[0], []).append(json.dumps(element))
    elements = ",\n".join("  " + ", ".join(line) for line in lines.values())
    return f'{{\n "loops": {{\n{loops}\n }},\n "elements": [\n{elements}\n ]\n}}\n'


def main(arguments: list[str]) -> int:
    """Writes the file, or with --check says whether it is stale."""
    if "--check" not in arguments:
        WALK.write_text(written(), encoding="utf-8")
    elif not WALK.exists() or WALK.read_text(encoding="utf-8") != written():
        sys.stderr.write("src/x271/grammar/walk.json is stale: run python docs/generate_walk.py\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
