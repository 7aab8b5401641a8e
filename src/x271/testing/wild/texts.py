"""`wild_xml`, `wild_json`, `wild_values`: XML and JSON as nobody writes it on purpose, every way to say the same."""

from __future__ import annotations

import json
import string
from typing import Any

from hypothesis import strategies as st

_AWKWARD = "*~^|:>!\\\"'<&{}[]?=;`#$%_@ "
awkward_texts = st.text(
    st.one_of(
        st.sampled_from(string.ascii_uppercase + string.digits + _AWKWARD + "éñÜß中\u00a0"),
        st.characters(exclude_categories=["C"]),
    ),
    min_size=1,
    max_size=12,
).filter(lambda value: value == value.strip())

_NAMES = (
    *(
        "EB01_x",
        "EB03_x",
        "EB03_y",
        "EB13_x",
        "EB13_1_q",
        "EB13_12_q",
        "DMG05_x",
        "HI12_3_x",
        "MSG01_x",
        "NM103_x",
    ),
    *("ISA06_x", "ISA11_x", "ISA16_x", "GS06_x", "ST02_x", "SE01_x", "IEA01_x", "TA101_x", "EB1_x", "EB00_x"),
)
_TAGS = (
    *("PPMDResults", "p:PPMDResults", "Results", "results", "Error", "error", "Fault", "detail", "code", "a"),
    *("EB13_Composite", "EB03_x", "MSG01_x", "raw_response"),
)
_SAID = ("success", "p:success", "eligibilityid", "code", "description", "dob", "city", "p:EB01_x", "xmlnsq")
_TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "1", "0", "271", "30^35", "a|b", ":", "U", "a\nb", "\x85b", "é", "04/14/2022 8:38AM"]
    ),
    awkward_texts,
)
_NAMESPACES = (
    *(
        "xmlns='urn:d'",
        'xmlns=""',
        'xmlns:p="urn:p"',
        'xmlns:q="urn:p"',
        'xmlns:r="a b"',
        'xmlns:r=""',
        'xml:lang="en"',
    ),
    *('xmlns:xml="urn:x"', 'xmlns:r="http://h:80/x"', 'xmlns:r="http://www.w3.org/2001/XMLSchema"'),
)
_HEADS = (
    *("", "", "", "\n", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n'),
    *(
        "",
        '<?xml version="1.0"?>',
        "<?xml version='1.0' encoding='utf-8' standalone='no' ?>\n",
        "\n<!-- c --><?p i?> ",
    ),
    *(
        '<?xml  version = "1.0"?>',
        '<?xml version="1.1"?>',
        '<?xml version="1.0" encoding="utf-16"?>',
        "<!DOCTYPE a>",
    ),
)


@st.composite
def _escaped(draw: st.DrawFn, quote: str = "") -> str:
    text = draw(_TEXTS).replace("&", "&amp;").replace("<", "&lt;").replace(quote or "\0", "&#x22;&#39;"[:6])
    return text + draw(st.sampled_from(["", "", "&#65;", "&#xE9;", "\r\n", "\t", "&gt;", "&apos;"]))


@st.composite
def _content(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return "<![CDATA[" + draw(_TEXTS).replace("]]>", "") + "&<]]>"
    if kind == 1:
        return draw(st.sampled_from(["<!-- <b> -->", "<!---->", "<?pi x<y?>", "<?pi?>"]))
    return draw(_escaped())


@st.composite
def _element(draw: st.DrawFn, depth: int) -> str:
    tag = draw(st.sampled_from(_TAGS))
    names = draw(st.lists(st.sampled_from(_NAMES + _SAID), max_size=4, unique=True))
    blanks = st.sampled_from([" ", " ", "\n", "\r\n", "\t "])
    told = [
        f"{name}={quote}{draw(_escaped(quote))}{quote}" for name in names for quote in ("'\""[len(name) % 2],)
    ]
    is_odd = draw(st.integers(0, 9)) == 0
    told += [draw(st.sampled_from(_NAMESPACES)) if is_odd else "xmlns:p='urn:p'"]
    start = tag + "".join(draw(blanks) + one for one in told) + draw(st.sampled_from(["", "", "\n"]))
    inside = [_content()] if depth == 0 else [_content(), _element(depth - 1)]
    body = "".join(draw(st.lists(st.one_of(inside), max_size=3)))
    return (
        f"<{start}>{body}</{tag}>" if body else draw(st.sampled_from([f"<{start}/>", f"<{start}></{tag} >"]))
    )


_documents = st.builds(
    "{}{}{}".format, st.sampled_from(_HEADS), _element(3), st.sampled_from(["", "", "\n", "<!--e-->", "x"])
)

_json_names = st.one_of(
    st.sampled_from([*_TAGS, "#text", "?xml", "@", "@@code", "@xmlns:x"]),
    st.sampled_from(_NAMES + _SAID).map("@{}".format),
    st.sampled_from(_NAMES),
)
_json_leaves = st.one_of(
    _TEXTS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["ISA*1~", "<a MSG01_x='1'/>", "\ud800"]),
)
_json_values: st.SearchStrategy[Any] = st.recursive(
    _json_leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_json_names, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def _json_texts(draw: st.DrawFn) -> str:
    """JSON in any layout, with a name that comes twice now and then, or of several lines."""
    lines = draw(
        st.lists(st.dictionaries(_json_names, _json_values, min_size=1, max_size=4), min_size=1, max_size=2)
    )
    made = [
        json.dumps(one, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
        for one in lines
    ]
    if draw(st.booleans()):
        made[0] = made[0].replace('"code"', '"detail"').replace('"a"', '"Results"')
    return "\n".join(one.replace("\n", " ") for one in made) if len(made) > 1 else made[0]


def wild_xml() -> st.SearchStrategy[str]:
    """XML of every guise, with the names of PPMDResults here and there; some of it is not well-formed."""
    return _documents


def wild_json() -> st.SearchStrategy[str]:
    """JSON of every guise, JSON Lines, and names that come twice."""
    return _json_texts()


def wild_values() -> st.SearchStrategy[Any]:
    """What JSON may say: any nesting of lists and objects, with the names of PPMDResults here and there."""
    return _json_values
