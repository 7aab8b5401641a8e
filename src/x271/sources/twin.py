"""PPMDResults XML and its JSON twin, each from the other, in xmltodict's conventions.

Attributes have `@`, text is `#text`, one child is an object and several of one name are a list. The XML
declaration is `?xml`, as VSee keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers.expat import ExpatError

import xmltodict

from ..errors import DataError, LimitExceeded, MalformedText, Position
from . import xml
from .json_values import pairs, scalar
from .limits import Limits

_HEAD = re.compile(r"\s*<\?xml(\s[^>]*)\?>")
_SAID = re.compile(r"""\s(version|encoding|standalone)\s*=\s*["']([A-Za-z0-9._-]*)["']""")
_NAME = re.compile(r"[^\W\d][\w.:-]*")
_WORD = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_DEFAULT = Limits()


def to_dict(text: bytes | str, *, declaration: bool = False, limits: Limits = _DEFAULT) -> dict[str, object]:
    """The JSON twin of XML text; with `declaration`, what the XML declaration says comes first, as `?xml`.

    Raises:
        MalformedText: `MALFORMED_XML`, `FORBIDDEN_XML`.
        LimitExceeded: `TOO_LARGE`, `TOO_DEEP`.
    """
    if len(text) > limits.max_bytes:
        raise LimitExceeded("TOO_LARGE")
    xml.read(text, limits=limits)
    whole = _text(text)
    head = _HEAD.match(whole)
    twin: dict[str, object] = {}
    if head and declaration:
        twin["?xml"] = {f"@{name}": value for name, value in _SAID.findall(head[1])}
    position = None
    try:
        twin.update(xmltodict.parse(whole[head.end() :] if head else whole.lstrip()))
    except ExpatError as error:  # expat knows fewer letters in names than libxml2 does
        position = Position(line=error.lineno)
    if position is not None:
        raise MalformedText("MALFORMED_XML", position=position)
    return twin


def _text(given: bytes | str) -> str:
    try:
        return xml.utf8(given).decode("utf-8")
    except UnicodeDecodeError:  # in a declaration behind blanks, which the parser did not see
        problem = MalformedText("MALFORMED_XML", position=Position(line=1), detail="encoding")
    raise problem


def to_xml(document: Mapping[str, object], *, pretty: bool = False, limits: Limits = _DEFAULT) -> bytes:
    """The XML of a JSON twin, in the encoding that its `?xml` names, else UTF-8.

    Characters that the encoding lacks become character references. `pretty` breaks and indents the lines.

    Raises:
        DataError: `NOT_AN_ANSWER` if the document has not exactly one root.
        MalformedText: `MALFORMED_XML` if a name, a value or the encoding cannot stand in XML.
        LimitExceeded: `TOO_DEEP`.
    """
    declaration = _declaration(document.get("?xml"))
    encoding = xml.declared(declaration.encode("ascii"))
    if not encoding:
        raise MalformedText("MALFORMED_XML", detail="encoding")
    roots = {name: value for name, value in document.items() if name != "?xml"}
    if len(roots) != 1 or any(isinstance(root, (list, tuple)) for root in roots.values()):
        raise DataError("NOT_AN_ANSWER", detail="not exactly one root")
    plain = _checked(roots, limits.max_depth + 1)
    text = declaration + xmltodict.unparse(plain, full_document=False, pretty=pretty, indent=" ")
    xml.read(text, limits=limits)
    return text.encode(encoding, "xmlcharrefreplace")


def _declaration(head: object) -> str:
    said = {"version": "1.0", "encoding": "utf-8", "standalone": ""}
    if isinstance(head, (list, tuple)) or (
        isinstance(head, Mapping) and head.keys() - {f"@{name}" for name in said}
    ):
        raise MalformedText("MALFORMED_XML", detail="declaration")  # whatever stands there would get lost
    if isinstance(head, Mapping):
        said.update({name: scalar(head[f"@{name}"]) for name in said if f"@{name}" in head})
    said = {name: value for name, value in said.items() if value}
    if not all(map(_WORD.fullmatch, said.values())):
        raise MalformedText("MALFORMED_XML", detail="declaration")
    return "<?xml" + "".join(f' {name}="{value}"' for name, value in said.items()) + "?>\n"


def _checked(node: Mapping[str, object], depth: int) -> dict[str, object]:
    """The same as plain dicts, lists and texts, which is all that xmltodict writes faithfully."""
    if depth < 1:
        raise LimitExceeded("TOO_DEEP")
    checked: dict[str, object] = {}
    for name, value in pairs(node):
        if name != "#text" and not _NAME.fullmatch(name.removeprefix("@")):
            raise MalformedText("MALFORMED_XML", detail="name")
        is_leaf = name == "#text" or name[:1] == "@"
        if isinstance(value, (list, tuple)):
            # XML has an attribute once, and no list in a list: neither may get lost
            if is_leaf or any(isinstance(one, (list, tuple)) for one in value):
                raise MalformedText("MALFORMED_XML", detail="list")
            checked[name] = [_value(one, depth) for one in value]
        else:
            checked[name] = scalar(value) if is_leaf else _value(value, depth)
    return checked


def _value(value: object, depth: int) -> object:
    if isinstance(value, Mapping):
        return _checked(value, depth - 1)
    return None if value is None else scalar(value)
