"""XML is read by the core as lxml reads it, or refused in the same place; in JSON and X12 it means the same."""

from __future__ import annotations

from _mutate import xml
from _run import run
from _twins import mean_alike, read_alike


def check(data: bytes) -> None:
    if data.lstrip()[:1] == b"<":
        read_alike(data)
        mean_alike(data)


if __name__ == "__main__":
    run(check, xml)
