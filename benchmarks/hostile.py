"""How long hostile documents take, in nanoseconds per byte, for everything that reads them.

    python benchmarks/hostile.py [--size BYTES] [--only NAME]

Each document is one thing repeated that an answer has once. What is linear has the same figure at any size; a test
(`fuzz/test_linear.py`) holds the growth, `SECURITY.md` names the worst.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import x271
from x271.forms import to_json, to_x12, to_xml

_ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261121*0900*^*00501*000000001*0*P*:~"
_GS = "GS*HB*A*B*20261121*0900*1*X*005010X279A1~"
_ST = "ST*271*0001*005010X279A1~BHT*0022*11*R*20261121*0900~"
_SOURCE = "HL*1**20*1~NM1*PR*2*ACME*****PI*1~"
_RECEIVER = "HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1234567893~"
_SUBSCRIBER = "HL*3*2*22*0~TRN*2*T1*9C~NM1*IL*1*DOE*JANE****MI*W1~DMG*D8*19800101*F~"
_END = "SE*9*0001~GE*1*1~IEA*1*000000001~"


def _around(body: str, *, above: str = "", source: str = "") -> bytes:
    return f"{_ISA}{_GS}{_ST}{_SOURCE}{source}{_RECEIVER}{above or _SUBSCRIBER}{body}{_END}".encode()


def _times(text: str, size: int) -> str:
    return text * (size // len(text))


def _numbered(text: str, size: int, first: int = 4) -> str:
    """The text with `#` and `@` for the number and the one before, so many times as fit."""
    made: list[str] = []
    length, at = 0, first
    while length < size:
        made.append(text.replace("#", str(at)).replace("@", str(at - 1)))
        length += len(made[-1])
        at += 1
    return "".join(made)


X12: dict[str, Callable[[int], bytes]] = {
    "plain EB": lambda size: _around(_times("EB*1**30*PR*GOLD~", size)),
    "amounts": lambda size: _around(_times("EB*C*IND*30***23*500*****Y~", size)),
    "plans with dates": lambda size: _around(_numbered("EB*1**30*PR*P#~DTP*291*D8*20260101~", size)),
    "one EB with many service types": lambda size: _around(f"EB*1**{_times('30^', size)}*PR~"),
    "EBs with many service types": lambda size: _around(_times(f"EB*1**{'30^' * 500}*PR~MSG*X~", size)),
    "one EB with many components": lambda size: _around(f"EB*1**30**********{_times('HC:', size)}~"),
    "one segment with many elements": lambda size: _around(f"EB{_times('*1', size)}~"),
    "one long element": lambda size: _around(f"MSG*{_times('A', size)}~"),
    "one long number": lambda size: _around(f"EB*C*IND*30***23*{_times('9', size)}~"),
    "one long identifier": lambda size: _around(f"{_times('A', size)}*1~"),
    "one segment of blanks": lambda size: _around(f"MSG*{_times(' ', size)}~"),
    "messages": lambda size: _around("EB*1**30~" + _times("MSG*X~", size)),
    "references": lambda size: _around("", above=_SUBSCRIBER + _times("REF*18*1~", size)),
    "dates": lambda size: _around("EB*1**30~" + _times("DTP*291*D8*20260101~", size)),
    "entities": lambda size: _around("EB*1**30~LS*2120~" + _times("NM1*P3*1*DR~", size) + "LE*2120~"),
    "LS in LS": lambda size: _around("EB*1**30~" + _times("LS*2120~", size) + _times("LE*2120~", size)),
    "places": lambda size: _around("EB*1**30~" + _times("III*ZZ*11~", size)),
    "rejections": lambda size: _around("", above=_SUBSCRIBER + _times("AAA*N**72*C~", size)),
    "rejections of the source": lambda size: _around("EB*1**30~", source=_times("AAA*N**42*C~", size)),
    "HL in HL": lambda size: _around(_numbered("HL*#*@*22*1~", size)),
    "subscribers": lambda size: _around(_numbered("HL*#*2*22*0~NM1*IL*1*D~EB*1**30~", size)),
    "dependents of one": lambda size: _around(_numbered("HL*#*3*23*0~NM1*03*1*D~EB*1**30~", size)),
    "dependents who borrow": lambda size: _around(
        _numbered("HL*#*3*23*0~NM1*03*1*D~", size // 2), above=_SUBSCRIBER + _times("EB*1**30~", size // 2)
    ),
    "patients under a source full of findings": lambda size: _around(
        _numbered("HL*#*2*22*0~NM1*IL*1*D~EB*1**30~", size // 2), source=_times("REF*QQ*1~", size // 2)
    ),
    "the same HL01": lambda size: _around(_times("HL*1*1*22*1~", size)),
    "no parents": lambda size: _around(_times("HL*9*99999*23*0~NM1*03*1*D~", size)),
    "names in a row": lambda size: _around(_times("NM1*IL*1*D~", size)),
    "ST without SE": lambda size: (
        _ISA + _GS + _times("ST*271*0001*005010X279A1~HL*1**20*1~", size)
    ).encode(),
    "transaction sets": lambda size: (_ISA + _GS + _times(f"{_ST}{_SOURCE}SE*5*0001~", size)).encode(),
    "sets of a wrong group": lambda size: (
        _ISA + _GS.replace("HB", "HS") + _times(f"{_ST}{_SOURCE}SE*5*0001~", size)
    ).encode(),
    "groups": lambda size: (_ISA + _times(f"{_GS}{_ST}SE*3*0001~GE*1*1~", size)).encode(),
    "interchanges": lambda size: _times(f"{_ISA}{_GS}{_ST}{_SOURCE}{_END}", size).encode(),
    "ISA that are cut": lambda size: _around(_times("ISA*00*~", size)),
    "ISA in text behind": lambda size: _around("EB*1**30~") + _times("ISA ISA*1 ", size).encode(),
    "IEA without end": lambda size: _around("") + _times("IEA*1\n", size).encode(),
    "empty segments": lambda size: _around(_times("~", size)),
    "TA1": lambda size: (_ISA + _times("TA1*000000001*261121*0900*A*000~", size)).encode(),
    "segments that no guide knows": lambda size: _around(_times("ZZZ*1~", size)),
    "Latin-1": lambda size: _around("EB*1**30~" + _times("MSG*\xe9~", size)).decode().encode("latin-1"),
    "a wrapped file": lambda size: b"\r\n".join(
        text[at : at + 80]
        for text in (_around(_times("EB*1**30*PR*GOLD~", size)),)
        for at in range(0, len(text), 80)
    ),
}
_SEGMENT = '<E EB01_a="1" EB03_b="30"/>'


def _full(head: str, part: str, tail: str) -> Callable[[int], bytes]:
    """So many parts as fit, between a head and a tail."""
    is_numbered = "#" in part and "&#" not in part
    return lambda size: (
        head + (_numbered(part, size) if is_numbered else _times(part, size)) + tail
    ).encode()


def _nested(size: int) -> bytes:
    text = "A" * (size // 16)
    for _ in range(7):
        text = json.dumps({"raw_response": text})
    return text.encode()


XML: dict[str, Callable[[int], bytes]] = {
    "elements": _full("<PPMDResults>", _SEGMENT, "</PPMDResults>"),
    "attributes": _full("<PPMDResults ", 'EB01_#="1" ', "/>"),
    "attributes of no segment": _full("<PPMDResults ", 'a#="1" ', "/>"),
    "one long attribute": _full('<PPMDResults MSG01_x="', "A", '"/>'),
    "references": _full("<PPMDResults><MSG01_x>", "&#65;", "</MSG01_x></PPMDResults>"),
    "comments": _full("<PPMDResults>", "<!-- a -->", f"{_SEGMENT}</PPMDResults>"),
    "pieces of text": _full("<PPMDResults><MSG01_x>", "a<!-- -->", "</MSG01_x></PPMDResults>"),
    "CDATA": _full("<PPMDResults><MSG01_x>", "<![CDATA[a]]>", "</MSG01_x></PPMDResults>"),
    "Results": _full("<PPMDResults>", f'<Results a="1">{_SEGMENT}</Results>', "</PPMDResults>"),
    "PPMDResults": _full("<r>", f"<PPMDResults>{_SEGMENT}</PPMDResults>", "</r>"),
    "elements that alternate": _full("<PPMDResults>", '<a EB01_a="1"/><b EB01_a="1"/>', "</PPMDResults>"),
    "open tags": _full("", "<a>", ""),
    "entities": _full("<!DOCTYPE a [", '<!ENTITY a# "&a@;&a@;">', "]><a>&a9;</a>"),
    "namespaces": _full("<PPMDResults ", 'xmlns:a#="u" ', "/>"),
    "ISAs": _full("<PPMDResults>", '<I ISA13_a="1"/><E EB01_a="1"/>', "</PPMDResults>"),
}

JSON: dict[str, Callable[[int], bytes]] = {
    "objects": _full('{"PPMDResults": {"a": [', '{"@EB01_a": 1},', "{}]}}"),
    "names": _full('{"PPMDResults": {', '"@EB01_#": 1,', '"x": 1}}'),
    "one name again and again": _full('{"PPMDResults": {', '"@EB01_a": 1,', '"x": 1}}'),
    "an attribute with a list": _full('{"PPMDResults": {"@EB03_a": [', "30,", "35]}}"),
    "composites": _full('{"PPMDResults": {', '"@EB13_2_#": 1,', '"x": 1}}'),
    "open lists": _full("", "[", ""),
    "lists in lists": lambda size: (_times("[", size // 2) + _times("]", size // 2)).encode(),
    "open objects": _full("", '{"a":', ""),
    "one long number": _full('{"PPMDResults": {"@EB07_a": ', "9", "}}"),
    "one long exponent": _full('{"PPMDResults": {"@EB07_a": 1e', "9", "}}"),
    "escapes": _full('{"PPMDResults": {"@MSG01_a": "', "\\u0041", '"}}'),
    "halves of characters": _full('{"PPMDResults": {"@MSG01_a": "', "\\ud800", '"}}'),
    "lines": _full("", '{"PPMDResults": {"@EB01_a": 1}}\n', ""),
    "bad lines": _full("", "{\n", ""),
    "raw responses": _full("[", '{"raw_response": "ISA"},', "{}]"),
    "text in text": _nested,
    "records without an answer": _full("[", '{"a": 1},', "{}]"),
}


ALL = {
    **{f"X12: {name}": make for name, make in X12.items()},
    **{f"XML: {name}": make for name, make in XML.items()},
    **{f"JSON: {name}": make for name, make in JSON.items()},
}


def _records(data: bytes) -> list[x271.Eligibility]:
    return x271.normalize_all(data)


def _dumped(data: bytes) -> None:
    for record in _records(data):
        record.model_dump_json()


def _explained(data: bytes) -> None:
    for record in _records(data)[:1]:
        for field in ("coverage", "ded($)IndivInNetwork", "payerName1"):
            record.explain(field)


def _shown(data: bytes) -> None:
    from x271.show.view import view

    for record in _records(data)[:1]:
        view(record, patient_data=True)


def _tabled(data: bytes) -> None:
    for _ in x271.tables(data, on_error=lambda _name, _error: None):
        pass


WORK: dict[str, Callable[[bytes], object]] = {
    "parse": x271.parse,
    "records": _dumped,
    "tables": _tabled,
    "explain": _explained,
    "show": _shown,
    "validate": x271.validate,
    "acknowledge": x271.read_acknowledgment,
    "redact": lambda data: x271.redact(data, key="12345678"),
    "to XML": to_xml,
    "to JSON": to_json,
    "to X12": to_x12,
}


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    """The processor's time of one call, which may end with an error of ours."""
    gc.collect()
    start = time.process_time()
    with suppress(x271.X271Error):
        work(data)
    return time.process_time() - start


def rows(size: int, only: str) -> Iterator[tuple[str, str, int, float]]:
    for name, make in ALL.items():
        if only not in name:
            continue
        data = make(size)
        for doing, work in WORK.items():
            yield name, doing, len(data), seconds(work, data)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--size", type=int, default=1_000_000)
    ask.add_argument("--only", default="")
    args = ask.parse_args()
    for work in WORK.values():
        seconds(work, ALL["X12: plain EB"](1000))  # what is made once
    for name, doing, size, taken in rows(args.size, args.only):
        print(f"{name:45} {doing:12} {size:10} {taken * 1e9 / size:10.0f} ns/byte", flush=True)


if __name__ == "__main__":
    main()
