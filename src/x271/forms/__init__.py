"""The three forms of an answer, each from the others: X12, `PPMDResults` XML, and its JSON twin.

XML and JSON are twins: nothing is lost between them. X12 holds the segments, and nothing of what the vendor says
around them. `docs/forms.md` says what each form looks like, and which of its names are ours.
"""

from __future__ import annotations

import json
import re

from .._reading import document as read
from ..errors import DataError, Position, UsageError
from ..sources import Data, Limits, Source, twin
from ..sources import xml as xml_text
from . import from_x12
from .given import Found, find, plain

__all__ = ["Data", "to_dict", "to_json", "to_x12", "to_xml"]

_ENCODING = re.compile(r"[A-Za-z][A-Za-z0-9._-]*", re.ASCII)
_LIMITS = Limits()


def to_xml(data: Data, *, encoding: str | None = None) -> bytes:
    """An answer as PPMDResults XML; what is XML already comes back as it is.

    Args:
        data: as for `x271.parse`. Of a record that holds an answer (`raw_response`, say), the answer.
        encoding: what the XML declares and is written in: UTF-8, ISO-8859-1 or another that XML is read in here.
            By default what the document says, else UTF-8. Characters that it lacks are written as references.

    Raises:
        DataError: the input cannot be read; `UNWRITABLE_VALUE` or `MALFORMED_XML` for what XML cannot hold (a control
            character, say); UnsupportedTransaction (`NO_XML_FORM`) for X12 that is no 271.
        UsageError: as `x271.parse`; `BAD_OPTION` for an unknown encoding.
        SeveralPatients: the input holds several documents (JSON Lines, say).
    """
    if encoding is not None:
        _check(encoding)
    found = find(data)
    if found.text is not None and found.text.form == "xml":
        return found.text.original if encoding is None else _encoded(found.text.text, encoding)
    tree = _twin(found, encoding=encoding or "UTF-8", for_xml=True)
    if encoding is not None:
        head = tree.pop("?xml", None)
        said = head if isinstance(head, dict) else {"@version": "1.0"}
        tree = {"?xml": {**said, "@encoding": encoding}, **tree}
    return twin.to_xml(tree, pretty=True)


def to_json(data: Data) -> bytes:
    """An answer as the JSON twin of PPMDResults: UTF-8 text, indented; what is that already comes back as it is.

    Parameters and errors as for `to_xml`. JSON can hold control characters.
    """
    found = find(data)
    if found.text is not None and found.text.form == "json":
        return found.text.text.removeprefix(b"\xef\xbb\xbf")
    return json.dumps(_twin(found), ensure_ascii=False, indent=1).encode("utf-8")


def to_dict(data: Data) -> dict[str, object]:
    """The same as `to_json` as a dict, in xmltodict's conventions; `?xml` holds the XML declaration."""
    return _twin(find(data))


def to_x12(data: Data) -> bytes:
    """An answer as X12; what is X12 already comes back as it is. Several `Results` give several interchanges.

    Raises:
        X271Error: as `to_xml`. VendorFault and AnswerPending for a document without an answer.
    """
    found = find(data)
    if found.text is not None and found.text.form == "x12":
        return found.text.text
    return b"".join(_x12(answer) for answer in found.answers)


def _x12(answer: Source | DataError) -> bytes:
    if isinstance(answer, DataError):
        raise answer
    return answer.x12


def _twin(found: Found, *, encoding: str = "UTF-8", for_xml: bool = False) -> dict[str, object]:
    if found.twin is not None:
        return {name: plain(value) for name, value in found.twin.items()}
    assert found.text is not None  # noqa: S101  (for the type checker: one of the two is there)
    if found.text.form == "xml":
        return twin.to_dict(found.text.text, declaration=True)
    made = read(Source(x12=found.text.text, form="x12"))
    return from_x12.document(made, encoding=encoding, for_xml=for_xml)


def _check(encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    if not _ENCODING.fullmatch(encoding) or not xml_text.declared(declaration.encode("ascii")):
        raise UsageError("BAD_OPTION", position=Position(key="encoding"))


def _encoded(text: bytes, encoding: str) -> bytes:
    """The same XML in another encoding; characters that it lacks become references."""
    from lxml import etree

    root = xml_text.read(text, limits=_LIMITS)
    said = f'<?xml version="1.0" encoding="{encoding}"?>\n{etree.tostring(root, encoding="unicode")}'
    made = said.encode(encoding, "xmlcharrefreplace")
    xml_text.read(made, limits=_LIMITS)  # a name cannot hold a reference
    return made
