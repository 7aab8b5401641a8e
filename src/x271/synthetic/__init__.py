"""Synthetic documents: invented answers, questions and acknowledgements that tell a story a biller knows.

In the order of the data: `numbers` are drawn, `values` makes persons, dates and amounts of them (`words.toml`), a
`scenario` is a story as data (`scenarios/*.toml`), a `story` one with its values, `template` its segments,
`documents` what is sent; `expected` holds a record against what the story says. docs/synthetic.md lists the scenarios.
"""

from __future__ import annotations

from .expected import differences
from .making import Synthetic, synth
from .scenario import Scenario, scenarios
from .story import Story

__all__ = ["Scenario", "Story", "Synthetic", "differences", "scenarios", "synth"]
