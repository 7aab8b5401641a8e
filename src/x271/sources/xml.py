"""How XML text is read, and how strictly: the core reads what is plain, lxml the rest.

No DOCTYPE, so no entities and nothing to fetch. No guessing at broken text. Bounded depth, and libxml2's own
bounds on text and names stay on. Comments and processing instructions are dropped. Errors say where, and
never what libxml2 says, because its messages quote the text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import LimitExceeded, MalformedText, Position
from . import wide
from .limits import Limits

if TYPE_CHECKING:
    from lxml import etree

    from .. import _core

_DECLARATION = re.compile(rb"\s*(<\?xml\s[^>]{0,400}?\?>)")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_SINGLE_BYTE = re.compile(r"iso8859-\d+|cp125\d")
_UNICODE = re.compile(r"utf-(?:8(?:-sig)?|16|32)(?:-[lb]e)?|ascii")
# Blanks, comments and processing instructions, then a DOCTYPE. Atomic groups: no text makes this slow.
_DOCTYPE = re.compile(rb"(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_Element = tuple[int, str, int, list[tuple[str, str]], str | None]
_RESOURCE_CODES = (1, 114)  # XML_ERR_INTERNAL_ERROR (older libxml2) and XML_ERR_RESOURCE_LIMIT


def tree(text: bytes, *, limits: Limits) -> _core.Tree:
    """XML text as a tree of the core.

    Raises:
        MalformedText, LimitExceeded: as `read`.
    """
    from .. import _core

    data = utf8(text)
    made = _core.Tree.of_xml(data, limits.max_depth)
    return by_lxml(data, limits=limits) if made is None else made


def by_lxml(data: bytes, *, limits: Limits) -> _core.Tree:
    """The same of any XML text in UTF-8, as lxml reads it.

    Raises:
        MalformedText, LimitExceeded: as `read`.
    """
    from .. import _core

    return _core.Tree.of_elements(list(_elements(_parsed(data, limits))))


def read(text: bytes | str, *, limits: Limits) -> etree._Element:
    """Parses XML text and gives its root element; a str is read as it stands, whatever encoding it declares.

    Raises:
        MalformedText: `MALFORMED_XML` with line and column, `FORBIDDEN_XML` for a DOCTYPE.
        LimitExceeded: `TOO_DEEP`, or `TOO_LARGE` for a text or a name beyond libxml2's 10 MB.
    """
    return _parsed(utf8(text), limits)


def _parsed(data: bytes, limits: Limits) -> etree._Element:
    from lxml import etree  # not needed to import x271, nor for X12 and plain XML

    data = _start_at_declaration(data)
    if _DOCTYPE.match(data):
        raise MalformedText("FORBIDDEN_XML")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
        problem = None
    except etree.XMLSyntaxError as error:
        problem = _problem(error)
    if problem is not None:  # raised here, outside the except, so that libxml2's words do not ride along
        raise problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedText("FORBIDDEN_XML")
    if _deeper_than(limits.max_depth)(root):
        raise LimitExceeded("TOO_DEEP")
    return root


def utf8(text: bytes | str) -> bytes:
    """The same XML text in UTF-8 without a mark, from the encoding that it declares (UTF-8 if none).

    A str and text with a UTF-8 byte order mark are taken as they are, whatever they declare.

    Raises:
        MalformedText: `MALFORMED_XML` if the encoding is unknown or the bytes are not in it.
    """
    if isinstance(text, str):  # of a lone surrogate, bytes that libxml2 refuses
        return text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    if text.startswith(codecs.BOM_UTF8):
        return text.removeprefix(codecs.BOM_UTF8)
    codec = wide.codec(text)
    encoding = codec or declared(text)
    if codec or _SINGLE_BYTE.fullmatch(encoding):
        try:
            return text.decode(encoding).removeprefix("\ufeff").encode("utf-8")
        except UnicodeDecodeError:
            encoding = ""
    if not encoding:
        raise MalformedText("MALFORMED_XML", position=Position(line=1, column=1), detail="encoding")
    # UTF-16 cannot be meant by a declaration that reads as ASCII: .NET's StringWriter writes such ones
    return text


def declared(text: bytes) -> str:
    """The encoding that the XML declaration names, as Python spells it: `utf-8` if none, empty if unknown."""
    declaration = _DECLARATION.match(text[:500])
    said = _ENCODING.search(declaration[1]) if declaration else None
    if said is None:
        return "utf-8"
    try:
        name = codecs.lookup(said[1].decode("ascii")).name
    except LookupError:
        return ""
    return name if _SINGLE_BYTE.fullmatch(name) or _UNICODE.fullmatch(name) else ""


def local(tag: str) -> str:
    """The local name: what stands behind a namespace (`{uri}name`) or a prefix (`p:name`)."""
    return tag.rpartition("}")[2].rpartition(":")[2] if "}" in tag or ":" in tag else tag


def _elements(root: etree._Element) -> Iterator[_Element]:
    """Elements in document order, as the core takes them."""
    from lxml import etree  # as above

    level = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        if event == "start":
            attributes = [(str(name), str(value)) for name, value in element.items()]
            line = element.sourceline or 0
            yield level, str(element.tag), line, attributes, str(element.text) if element.text else None


def named(name: str, wanted: str) -> bool:
    """Whether the local name is `wanted` (in lower case), whatever its case."""
    return local(name).lower() == wanted


def _start_at_declaration(data: bytes) -> bytes:
    """Blanks out a declaration that blanks precede: XML forbids that, HTTP bodies do it."""
    declaration = _DECLARATION.match(data)
    if declaration is None or declaration.start(1) == 0:
        return data
    return data[: declaration.start(1)] + b" " * len(declaration[1]) + data[declaration.end(1) :]


def _problem(error: etree.XMLSyntaxError) -> MalformedText | LimitExceeded:
    if getattr(error, "code", 0) in _RESOURCE_CODES:
        return LimitExceeded("TOO_DEEP" if "depth" in (error.msg or "") else "TOO_LARGE")
    line, column = error.position
    return MalformedText("MALFORMED_XML", position=Position(line=line or 1, column=column or 1))


@lru_cache(maxsize=16)
def _deeper_than(depth: int) -> etree.XPath:
    from lxml import etree  # as above

    return etree.XPath("boolean(" + "/*" * (depth + 1) + ")")
