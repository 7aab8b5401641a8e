"""Whether a document keeps to its guide, and the acknowledgements (TA1, 999, 997) that say so.

`validate` walks what the core found against the rules of the grammar; `read_acknowledgment` reads what came back.
In the order of the data: `elements` and `loops` find, `envelopes` surrounds, `verdicts` sorts the findings by the codes
of a TA1 and 999 (`verdicts.tsv`), `writing` writes those, `reading` reads them.
"""

from __future__ import annotations

from .acknowledgment import Acknowledgment
from .reading import read_acknowledgment
from .report import Report, validate

__all__ = ["Acknowledgment", "Report", "read_acknowledgment", "validate"]
