"""What the core knows of the models without them: the kept file is what they say, and it is enough."""

from __future__ import annotations

import json
import subprocess
import sys

from generators import generator
from x12 import ACTIVE, answer, written
from x271._tables import read_text
from x271.grammar.base import element_fields
from x271.grammar.mapped import by_identifier, walk

DATA = written(answer(ACTIVE))


def test_the_kept_walk_is_that_of_the_models() -> None:
    assert json.loads(read_text("grammar/walk.json")) == walk()
    assert generator("generate_walk").main(["--check"]) == 0


def test_it_tells_amounts_and_dates_from_text() -> None:
    kinds = {(segment, number): kind for segment, number, kind in walk()["elements"]}
    assert kinds["EB", 7] == "number"  # a monetary amount
    assert kinds["DMG", 2] == "date"
    assert kinds["DTP", 3] == "date"  # a day or a range, as DTP02 says
    assert kinds["NM1", 3] == ""
    assert len(kinds) == sum(len(element_fields(model)) for model in by_identifier().values())


def test_tables_are_made_without_the_models_and_without_any_schema() -> None:
    code = (
        "import sys, x271\n"
        "made = x271.tables(sys.stdin.buffer.read())\n"
        "assert [batches['eligibility'].num_rows for batches in made] == [1]\n"
        "heavy = ('x271.grammar.segments', 'x271.normalize.record', 'pydantic.plugin._loader')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=DATA, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.decode().strip() == "[]"
