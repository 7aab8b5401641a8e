"""Faults of XML and JSON, and ways to write them that are none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

Text = Callable[[bytes], bytes | None]


def _replaced(old: str, new: str) -> Text:
    """The first text that the pattern fits, replaced."""
    pattern = re.compile(old.encode())

    def made(data: bytes) -> bytes | None:
        found = pattern.sub(new.encode(), data, count=1)
        return None if found == data else found

    return made


def _without_declaration(data: bytes) -> bytes:
    return data[data.find(b"?>") + 2 :].lstrip() if data.startswith(b"<?xml") else data


def _declaring(encoding: str, written: str) -> Text:
    """XML that says that it is in one encoding, and is in another, with a letter in which the two differ."""

    def made(data: bytes) -> bytes | None:
        before, word, behind = _without_declaration(data).decode("latin-1").rpartition("EXAMPLE")
        if "NM1" not in before:
            return None
        text = f"{before}{word.replace('A', 'Ä')}{behind}"
        return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'.encode(written)

    return made


def _loads(data: bytes) -> object:
    return json.loads(data)


XML: dict[str, Text] = {
    "xml-cut": lambda data: data[: len(data) * 2 // 3],
    "xml-bare-ampersand": _replaced(r'="([A-Z])', r'="A & \1'),
    "xml-unknown-entity": _replaced(r'="([A-Z])', r'="&nbsp;\1'),
    "xml-doctype": lambda data: b"<!DOCTYPE PPMDResults>\n" + _without_declaration(data),
    "xml-wrong-encoding": _declaring("UTF-8", "latin-1"),
    "xml-latin-1": _declaring("ISO-8859-1", "latin-1"),
    "xml-no-declaration": _without_declaration,
    "xml-byte-order-mark": lambda data: b"\xef\xbb\xbf" + _without_declaration(data),
    "xml-blank-line": lambda data: b"\r\n" + data,
    "xml-mixed-up-tags": _replaced("</Results>", "</Result>"),
    "xml-control-character": _replaced(r'="([A-Z])', '="\x0b\\1'),
    "xml-other-words": _replaced("NM103_LastOrOrganizationalName", "NM103_LastName"),
    "xml-comment": _replaced("<Results", "<!-- sent again --><Results"),
    "xml-in-one-line": lambda data: re.sub(rb">\s+<", b"><", data),
    "xml-element-twice": _replaced(r"(NM101_[A-Za-z]+)=", r'\1="PR" \1='),
}
JSON: dict[str, Text] = {
    "json-cut": lambda data: data[: len(data) * 2 // 3],
    "json-trailing-comma": lambda data: data.rstrip().removesuffix(b"}") + b",}",
    "json-single-quotes": lambda data: repr(_loads(data)).encode(),
    "json-byte-order-mark": lambda data: b"\xef\xbb\xbf" + data,
    "json-line-break-in-text": _replaced(r'": "([A-Z])', r'": "\n\1'),
    "json-nested": lambda data: json.dumps({"id": 1, "raw_response": _loads(data)}).encode(),
    "json-numbers": lambda data: re.sub(rb'("@EB07_[A-Za-z]+": )"(\d+)"', rb"\1\2", data),
    "json-in-a-list": lambda data: b"[" + data + b"]",
    "json-as-text": lambda data: json.dumps(data.decode()).encode(),
    "json-escaped": lambda data: json.dumps(_loads(data), ensure_ascii=True).encode(),
}
