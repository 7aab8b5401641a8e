"""JSON is read by the core as Python reads it, or refused in the same place; in XML and X12 it means the same."""

from __future__ import annotations

import json

from _mutate import json_text
from _run import run
from _twins import mean_alike, read_alike


def check(data: bytes) -> None:
    if data.lstrip()[:1] in (b"{", b"[", b'"'):
        read_alike(data)
        if _is_twin(data):
            mean_alike(data)


def _is_twin(data: bytes) -> bool:
    """Whether it is one `PPMDResults`; a record may hold several documents, and none."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    root = (
        {name: value for name, value in document.items() if name != "?xml"}
        if isinstance(document, dict)
        else {}
    )
    return root.keys() == {"PPMDResults"} and isinstance(root["PPMDResults"], dict)


if __name__ == "__main__":
    run(check, json_text)
