"""The programs that are measured, each as somebody would call it, and what can be counted in its result.

Run by `harness.py` with the interpreter of the program's own environment, so nothing here imports x271 or a peer at
the top. `read` takes the bytes of a file, `read_file` its path where that is quicker. `count` gives the numbers of
transaction sets, EB segments, service types (EB03, repetitions apart) and messages below EB that the result holds;
what it does not hold is left out.
"""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Counts = dict[str, int]


@dataclass(frozen=True)
class Program:
    read: Callable[[bytes], Any]
    count: Callable[[Any], Counts]
    read_file: Callable[[Path], Any] | None = None

    def file(self, path: Path) -> Any:
        """Reads a file the quicker way."""
        return self.read(path.read_bytes()) if self.read_file is None else self.read_file(path)


def _flat(segments: Iterable[tuple[str, str]], *, split: bool = False) -> Counts:
    """Counts of flat segments, each its identifier and its EB03."""
    found = {"sets": 0, "benefits": 0, "services": 0, "messages": 0}
    for name, services in segments:
        found["sets"] += name == "ST"
        found["messages"] += name == "MSG"
        if name == "EB":
            found["benefits"] += 1
            found["services"] += len([one for one in (services.split("^") if split else [services]) if one])
    return found


def _nothing(_: Any) -> Counts:
    return {}


# Floors: what the machine and the interpreter give before anything is understood.


def read_only() -> Program:
    return Program(lambda data: data, _nothing)


def count_terminators() -> Program:
    return Program(lambda data: data.count(b"~"), _nothing)


def _lists(data: bytes) -> list[list[str]]:
    return [segment.split("*") for segment in data.decode().split("~")]


def split() -> Program:
    return Program(_lists, lambda rows: _flat((row[0], row[3] if row[0] == "EB" else "") for row in rows))


def split_without_gc() -> Program:
    def read(data: bytes) -> list[list[str]]:
        gc.disable()
        try:
            return _lists(data)
        finally:
            gc.enable()

    return Program(read, split().count)


# x271 itself.


def x271_loops() -> Program:
    from x271.sources.pieces import pieces

    # In pieces that stay in the cache, each freed before the next, as there is no output. What is placed in loops is
    # a piece's document.
    def read(source: bytes | Path) -> int:
        file = io.BytesIO(source) if isinstance(source, bytes) else source
        sets = 0
        for piece in pieces(file, size=2**17):
            sets += piece.transactions
            piece.read()
        return sets

    return Program(read, lambda sets: {"sets": sets}, read_file=read)


def _tables(only: tuple[str, ...] | None) -> Program:
    from x271.tables import tables_of

    def count(batches: dict[str, Any]) -> Counts:
        found = {"sets": batches["eligibility"].num_rows}
        if "benefits" in batches:
            import pyarrow as pa

            table = pa.table(batches["benefits"])
            found["services"] = sum(one is not None for one in table["service_type"].to_pylist())
        return found

    def read(source: bytes | Path) -> Any:
        return tables_of(source, only=only)

    return Program(read, count, read_file=read)


def x271_eligibility() -> Program:
    return _tables(("eligibility",))


def x271_tables() -> Program:
    return _tables(None)


def x271_typed() -> Program:
    import x271

    def count(answers: list[Any]) -> Counts:
        benefits = [one for answer in answers for patient in answer.patients() for one in patient.benefits]
        return {
            "sets": len(answers),
            "benefits": len(benefits),
            "services": sum(len(one.benefit.service_types) for one in benefits),
            "messages": sum(len(one.messages) for one in benefits),
        }

    return Program(lambda data: list(x271.parse(data).answers()), count)


def x271_records() -> Program:
    import x271

    def count(records: list[Any]) -> Counts:
        benefits = [one for record in records for one in record.benefits]
        return {"sets": len(records), "services": sum(one.service_type is not None for one in benefits)}

    return Program(x271.normalize_all, count)


# Peers.


def _oxedi_spec() -> Any:
    import oxedi

    ours = json.loads(Path(os.environ["OXEDI_SPEC"]).read_text(encoding="utf-8"))
    theirs = json.loads(oxedi.Spec.builtin().to_json())
    for name in ("interchange", "group"):  # the envelope is the same for every transaction set
        ours["loops"][name] = theirs["loops"][name]
    for name in ("ISA", "GS", "GE", "IEA", "ST", "SE", "TA1"):
        ours["segments"][name] = theirs["segments"][name]
    ours["segments"]["GS"]["elements"]["1"]["codes"] = ["HB"]
    ours["segments"]["GS"]["elements"]["8"]["codes"] = ["005010X279A1"]
    ours["segments"]["ST"]["elements"]["1"]["codes"] = ["271"]
    body = ours["loops"]["transaction"]["occurrences"]
    header = theirs["loops"]["transaction"]["occurrences"]["transaction_set_header"]
    ours["loops"]["transaction"] = {
        **theirs["loops"]["transaction"],
        "occurrences": {"transaction_set_header": header, **body},
    }
    return oxedi.Spec.from_json(json.dumps(ours))


def oxedi_tables() -> Program:
    import oxedi

    spec = _oxedi_spec()

    def count(result: Any) -> Counts:
        import pyarrow as pa

        tables = result.tables
        return {
            "sets": len(tables["payers"]),
            "benefits": len(tables["benefits"]),
            "services": len(pa.table(tables["benefits"])["service_types"].drop_null()),
            "messages": len(tables["messages"]),
        }

    return Program(lambda data: oxedi.parse(data, spec=spec), count)


def _models(module: str) -> Program:
    from importlib import import_module

    reader = import_module(module).X12ModelReader

    def read(data: bytes) -> list[Any]:
        with reader(data.decode()) as opened:
            return list(opened.models())

    def count(models: list[Any]) -> Counts:
        found = {"sets": len(models), "benefits": 0, "services": 0, "messages": 0}
        for model in models:
            for source in model.loop_2000a:
                for receiver in source.loop_2000b:
                    for subscriber in receiver.loop_2000c:
                        for loop in subscriber.loop_2100c.loop_2110c or []:
                            found["benefits"] += 1
                            found["services"] += len(loop.eb_segment.service_type_code or [])
                            found["messages"] += len(loop.msg_segment or [])
        return found

    return Program(read, count)


def x12sdk_models() -> Program:
    return _models("x12sdk.io")


def linuxforhealth_models() -> Program:
    return _models("linuxforhealth.x12.io")


def pyx12_segments() -> Program:
    from pyx12.x12file import X12Reader

    def read(data: bytes) -> list[Any]:
        return list(X12Reader(io.StringIO(data.decode())))

    def count(segments: list[Any]) -> Counts:
        return _flat(
            (one.get_seg_id(), one.get_value("EB03") or "" if one.get_seg_id() == "EB" else "")
            for one in segments
        )

    return Program(read, count)


def x12_edi_tools() -> Program:
    from x12_edi_tools.x12_parser import X12Parser

    def count(segments: dict[str, list[Any]]) -> Counts:
        return {
            "sets": len(segments["ST"]),
            "benefits": len(segments["EB"]),
            "services": sum(len(one.elements) > 2 and bool(one.elements[2]) for one in segments["EB"]),
            "messages": len(segments["MSG"]),
        }

    return Program(lambda data: X12Parser().parse(data.decode()), count)


def x12_edi_tools_checker() -> Program:
    from x12_edi_tools.eligibility_checker import EligibilityChecker

    return Program(
        lambda data: EligibilityChecker().process_271_response(data.decode()), lambda _: {"sets": 1}
    )


def x12_tidy() -> Program:
    from x12_tidy import tidy

    return Program(tidy, _nothing)


def x12_python() -> Program:
    from x12.core.parser import Parser

    def count(result: Any) -> Counts:
        sets = [one for group in result.functional_groups for one in group.transactions]

        def segments(loop: Any) -> Iterable[Any]:
            yield from getattr(loop, "segments", ())
            for inner in getattr(loop, "loops", ()) or getattr(loop, "children", ()):
                yield from segments(inner)

        found = [
            segment
            for one in sets
            for segment in (*getattr(one, "segments", ()), *segments(getattr(one, "root_loop", None)))
        ]
        return {"sets": len(sets)} | (
            {"benefits": sum(getattr(s, "segment_id", "") == "EB" for s in found)} if found else {}
        )

    return Program(lambda data: Parser().parse(data.decode()), count)
