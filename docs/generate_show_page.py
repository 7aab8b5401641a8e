"""Writes the example card in show.md as `x271 show` draws it: `python docs/generate_show_page.py`.

With --check it only says, by the exit code 1, that the example is stale. It stands between two marks.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from rich.console import Console

import x271
from x271.show.card import render

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "show.md"
EXAMPLE = "active-ppo"  # the scenario, of seed 1
BEGIN, END = "<!-- card, written by generate_show_page.py -->\n", "<!-- end of card -->\n"
WIDTH = 100


def card() -> str:
    """The card of the example without colour, in a block of text."""
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, force_terminal=False, color_system=None, legacy_windows=False)
    (made,) = x271.synth("271", scenario=EXAMPLE)
    console.print(render(x271.normalize(made.data), patient_data=True))
    lines = (line.rstrip() for line in out.getvalue().splitlines())
    return "```text\n" + "\n".join(lines) + "\n```\n"


def with_card(text: str) -> str:
    """The page's text with the card between the marks."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{card()}\n{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    """Writes the card, or with --check says whether it is stale."""
    text = PAGE.read_text(encoding="utf-8")
    made = with_card(text)
    if "--check" not in arguments:
        PAGE.write_text(made, encoding="utf-8")
    elif made != text:
        sys.stderr.write("the card in show.md is stale: run python docs/generate_show_page.py\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
