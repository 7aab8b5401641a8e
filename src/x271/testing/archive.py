"""`pytest --x271-archive`: the invariants over the documents of somebody's archive, a test per file, and the sum.

A report names files, positions, codes and fields, and never says what an element says.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from .._reading import Question, patients
from ..batch.files import documents
from ..batch.read import all_documents
from ..errors import X271Error
from ..findings import Finding
from ..sources import FIELD, Limits
from ..sources.archives.documents import Document
from ..sources.archives.stream import Stream
from ..sources.ranges import Range
from .invariants import INVARIANTS, Broken, broken, places, raised
from .saying import explanations_of, json_of, shapes_of
from .subject import Subject
from .tally import Tally

NAME = "x271-archive"
_MOST_TESTS = 1000  # of more files, several share a test
_MOST_SHOWN = 20  # documents that a failing test lists
_LIMITS = Limits()
_OF_RECORDS = {"json": json_of, "shapes": shapes_of, "explain": explanations_of}


class BrokenArchive(Exception):
    """What a test found: documents, each with the invariants that do not hold."""

    def __init__(self, found: list[tuple[str, str]], count: int) -> None:
        super().__init__(f"{count} documents")
        self.found, self.count = found, count

    def lines(self) -> Iterator[str]:
        last = ""
        for name, problem in self.found:
            if name != last:
                yield name
            yield f"  {problem}"
            last = name
        if self.count > _MOST_SHOWN:
            yield f"... and {self.count - _MOST_SHOWN} documents more"


class Archive:
    """The plugin of a run with an archive: gives the tests, and sums up what they found."""

    def __init__(self, sources: list[str], *, share: float, is_strict: bool) -> None:
        self.sources, self.share, self.is_strict = sources, share, is_strict
        self.tally = Tally()
        self.tests = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        found = Files.from_parent(session, name=NAME, nodeid=NAME, archive=self).collect()
        self.tests = len(found)
        items += found

    def pytest_report_collectionfinish(self) -> str:
        return f"{NAME}: {self.tests} test{'' if self.tests == 1 else 's'} of {', '.join(self.sources)}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In the process that prints, whichever process ran the test."""
        for name, counts in report.user_properties if report.when == "call" else ():
            if name == NAME and isinstance(counts, dict):
                self.tally.add(counts)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("x271 archive")
        terminalreporter.line(f"read          {', '.join(self.sources)}")
        for line in self.tally.lines():
            terminalreporter.line(line)


class Files(pytest.Collector):
    """All files of the archive."""

    def __init__(self, *, archive: Archive, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.archive = archive

    def collect(self) -> list[pytest.Item]:
        names = []
        for name, found in documents(self.archive.sources):
            if isinstance(found, X271Error) and name in self.archive.sources:
                raise pytest.UsageError(f"--x271-archive {name}: {found}")
            names.append(name)
        share = max(1, math.ceil(len(names) / _MOST_TESTS))
        made: list[pytest.Item] = []
        for at in range(0, len(names), share):
            several = names[at : at + share]
            more = f" and {len(several) - 1} more" if len(several) > 1 else ""
            made.append(Part.from_parent(self, name=f"{several[0]}{more}", files=several))
        return made


class Part(pytest.Item):
    """A test: one file, or a few files, with every document in them."""

    def __init__(self, *, files: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.files = files
        self.archive: Archive = kwargs["parent"].archive
        self.add_marker("x271_archive")

    def runtest(self) -> None:
        tally = Tally()
        found: list[tuple[str, str]] = []
        count = 0
        for document in all_documents(self.files, limits=_LIMITS):
            if zlib.crc32(document.label.encode("utf-8", "surrogateescape")) >= self.archive.share * 2**32:
                tally.count("left out")
                continue
            problems = list(_problems(document, tally, is_strict=self.archive.is_strict))
            count += bool(problems)
            if count <= _MOST_SHOWN:
                found += [(document.label, problem) for problem in problems]
        self.user_properties.append((NAME, tally.plain()))
        if found:
            raise BrokenArchive(found, count)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Never a traceback: it may show what an element says, with the option -l above all."""
        error = excinfo.value
        return "\n".join(error.lines()) if isinstance(error, BrokenArchive) else raised(error)

    def reportinfo(self) -> tuple[Any, None, str]:
        return self.session.path / NAME, None, f"{NAME}: {self.name}"


def _problems(document: Document, tally: Tally, *, is_strict: bool) -> Iterator[str]:
    """What does not hold for one document, in words; counts what it is."""
    if isinstance(document.data, X271Error):
        tally.count("documents", "other")
        tally.count("refused", document.data.code)
        if is_strict:
            yield f"refused: {document.data}"
    elif not isinstance(document.data, bytes):
        yield from map(str, _in_stream(document.data, tally))
    elif isinstance(document.data, bytes):  # a range comes of a plan alone
        subject = Subject(document.data)
        failed: X271Error | None = None
        try:
            tally.of_document(subject)
            failed = subject.document if isinstance(subject.document, X271Error) else None
        except Exception as error:  # noqa: BLE001  # the invariants say which function raises it
            yield f"not counted: {raised(error)}"
        for one in broken(subject):
            tally.of_broken(one)
            yield str(one)
        if is_strict and failed is not None:
            yield f"refused: {failed}"


def _in_stream(long: Stream | Range, tally: Tally) -> Iterator[Broken]:
    """Long X12 in pieces: what must hold of each record."""
    tally.count("documents", "X12")
    tally.count("long")
    findings: dict[str, Finding] = {}
    found: dict[str, list[str]] = {}
    for number, record in enumerate(patients(long, Question.of(), limits=_LIMITS, field=FIELD), start=1):
        if isinstance(record, X271Error):
            tally.count("refused", record.code)
            continue
        tally.of_record(record)
        findings |= {one.code: one for one in record.findings}
        for name, check in _OF_RECORDS.items():
            found.setdefault(name, []).extend(f"record {number}, {at}" for at in places(check, record)[:1])
    tally.of_findings(iter(findings.values()))
    tally.count("bytes", by=long.taken if isinstance(long, Stream) else long.size)
    for one in INVARIANTS:
        if found.get(one.name):
            made = Broken(one, found[one.name][0], len(found[one.name]))
            tally.of_broken(made)
            yield made
