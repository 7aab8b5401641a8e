"""`damaged`: documents to which one of the field's real faults has happened; `mangled`: bytes out of bad cables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hypothesis import assume
from hypothesis import strategies as st

from .document import Document
from .faults import FAULTS, Fault
from .options import bad_option


@dataclass(frozen=True, eq=False, repr=False)
class Damaged(Document):
    """A document with faults, and the sound one that it was.

    Attributes:
        faults: the names of what happened to it, in this order.
        sound: the document before.
    """

    faults: tuple[str, ...] = ()
    sound: Document = field(default_factory=lambda: Document(b""))

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        return "; ".join(FAULTS[name].sentence for name in self.faults)

    @property
    def findings(self) -> frozenset[str]:
        """The codes that `x271.validate` reports because of it, if it can be read and had one fault."""
        return frozenset().union(*(FAULTS[name].findings for name in self.faults))

    @property
    def error(self) -> str:
        """The code of the error that `x271.parse` raises; empty if it reads it."""
        return next((FAULTS[name].error for name in self.faults if FAULTS[name].error), "")

    _repr_pretty_ = Document._repr_pretty_  # hypothesis looks for it class by class

    def _told(self) -> str:
        named = ", ".join(map(repr, self.faults))
        expected = f", error={self.error!r}" if self.error else f", findings={sorted(self.findings)}"
        return f"{named}: {self.sentence}{expected},\n{super()._told()}"

    def _lines(self) -> str:
        """A segment a line, with a mark before those that the sound document has not; else what can be shown."""
        if not self.sheets:
            return self.data.decode("ascii", "backslashreplace").replace("~", "~\n")
        if self.form != "x12":
            return self.data.decode("utf-8", "backslashreplace")
        known = set(self.sound.segments)
        return "".join(f"{'  ' if one in known else '> '}{one}~\n" for one in self.segments)


def damaged(
    documents: st.SearchStrategy[Document], faults: Iterable[str] | None = None, *, most: int = 1
) -> st.SearchStrategy[Damaged]:
    """The documents with faults that happen in the field, each named, so that a failing example reads like a report.

    Args:
        documents: such as `responses()` or `ppmd_results()`.
        faults: names of `FAULTS`; None for all that can happen to a document of its form.
        most: how many at once; they are done one after the other.

    Raises:
        UsageError: BAD_OPTION, a fault of that name is not known.
    """
    chosen = tuple(FAULTS) if faults is None else tuple(faults)
    for name in chosen:
        if name not in FAULTS:
            raise bad_option("faults", f"{name} is not the name of a fault")
    if not chosen or most < 1:
        raise bad_option("faults", "at least one is expected")
    by_form = {
        form: [FAULTS[name] for name in chosen if FAULTS[name].form == form]
        for form in ("x12", "xml", "json")
    }
    return _damaged(documents, by_form, most)


@st.composite
def _damaged(
    draw: st.DrawFn, documents: st.SearchStrategy[Document], by_form: dict[str, list[Fault]], most: int
) -> Damaged:
    sound = draw(documents)
    faults = by_form[sound.form]
    assume(faults)
    made: Document = sound
    happened: tuple[str, ...] = ()
    for _ in range(draw(st.integers(1, most)) if most > 1 else 1):
        start = draw(st.integers(0, len(faults) - 1))
        found = _first_that_can_happen(made, [*faults[start:], *faults[:start]])
        if found is not None:
            fault, made = found
            happened = (*happened, fault.name)
    assume(happened)
    return Damaged(made.data, made.form, made.sheets, happened, sound)


def _first_that_can_happen(document: Document, faults: Sequence[Fault]) -> tuple[Fault, Document] | None:
    for fault in faults:
        made = fault.done_to(document)
        if made is not None and made.data != document.data:
            return fault, made
    return None


_OF_X12 = (
    *(
        b"~",
        b"\n",
        b"\r\n",
        b"*",
        b":",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff",
        b"ISA",
        b"ISA*",
        b"IEA",
        b"IEA*1*1",
    ),
    *(b"ST*271*1~", b"SE~", b"GS*HB~", b"GE~", b"TA1*~", b"HL*9*9*23~", b"HL*3*3*22~", b"HL~", b"NM1*~"),
    *(b"EB*1~", b"EB~", b"LS*2120~", b"LE*2120~", b"III*~", b"AAA~", b"DTP*291*RD8*-~", b"DMG*D8~", b"^"),
)
_OF_TEXTS = (
    b"<",
    b">",
    b"&",
    b'"',
    b"'",
    b"/",
    b"=",
    b" ",
    b"\n",
    b"\r",
    b"\0",
    b"\x01",
    b"\x1c",
    b"\xc2\x85",
    b"\xe9",
    b"\xef\xbf\xbe",
    b"\xef\xbb\xbf",
    b"&amp;",
    b"&#13;",
    b"&#xD800;",
    b"&#0;",
    b"&#+5;",
    b"&lt",
    b"&x;",
    b"--",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?x y?>",
    b"<?xml version='1.0'?>",
    b"<a>",
    b"</a>",
    b"<a/>",
    b"p:",
    b" xmlns:p='urn:x'",
    b" x='1' x='2'",
    b"<Error>",
    b"<Results>",
    b"</Results>",
    b"\xc3\xa9",
    b"<!DOCTYPE a>",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1.50",
    b"-0",
    b"1e5",
    b"01",
    b"NaN",
    b"\\u0041",
    b"\\ud800",
    b"\\ud83d\\ude00",
    b"\\n",
    b"\\x",
    b"\xed\xa0\x80",
    b'"a":1,',
    b'"@MSG01_x":["a",1,true,null],',
    b'"#text":"x",',
)
_LENGTHS = st.sampled_from((0, 1, 1, 2, 5, 20, 200))


@st.composite
def mangled(draw: st.DrawFn, documents: Sequence[bytes] | st.SearchStrategy[Document]) -> bytes:
    """Bytes as they come out of bad cables: one to four times a piece is cut, doubled, turned over or swapped.

    documents: some to choose from, or a strategy of them.
    """
    if isinstance(documents, st.SearchStrategy):
        documents = [bytes(draw(documents))]
    data = draw(st.sampled_from(documents))
    others = st.sampled_from(documents)
    pieces = st.sampled_from(_OF_X12 if data.lstrip()[:3] == b"ISA" else _OF_TEXTS)
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(data))), draw(_LENGTHS)
        piece = data[start : start + length]
        replacement = draw(
            st.one_of(
                st.sampled_from((b"", piece * 2, piece[::-1])),
                st.binary(min_size=1, max_size=3),
                pieces,
                others.map(lambda other: other[:400]),
            )
        )
        behind = draw(st.sampled_from((data[start + length :], data[start + length :], b"")))
        data = data[:start] + replacement + behind
    return data


def cuts(size: int) -> st.SearchStrategy[list[int]]:
    """Where to cut so many bytes into chunks: at a few places, or into equal parts of any size."""
    equal = st.integers(1, max(1, size)).map(lambda step: list(range(0, size, step)))
    few = st.lists(st.integers(0, size), max_size=8).map(sorted)
    return st.one_of(few, equal)
