"""JSON text is read by the core as Python reads it, or refused by an error of ours in the same place; what it becomes in XML and X12 means the same."""

from __future__ import annotations

from _mutate import json_text
from _run import run
from _twins import mean_alike, read_alike


def check(data: bytes) -> None:
    if data.lstrip()[:1] in (b"{", b"[", b'"'):
        read_alike(data)
        mean_alike(data)


if __name__ == "__main__":
    run(check, json_text)
