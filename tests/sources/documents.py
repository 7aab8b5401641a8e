"""What the tests of sources share: fixtures, invented documents, and a plain way to cut X12."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from x271.testing.wild import awkward_texts

FIXTURES = Path(__file__).parents[2] / "fixtures"
PPMD = FIXTURES / "ppmd"
PLANTED = "ZEBRAFISH"  # stands for a patient's data: no message may hold it

ISA = {
    "@ISA01_AuthorizationInformationQualifier": "00",
    "@ISA06_SendersInterchangeId": "SENDER ",
    "@ISA11_InterchangeStandardsIdentifier": "^",
    "@ISA12_InterchangeVersionId": "00501",
    "@ISA13_InterchangeControlNumber": "000000001",
    "@ISA16_SubElementDelimeter": ":",
}


def answer(body: dict[str, Any], *, isa: dict[str, str] | None = None, **attributes: str) -> dict[str, Any]:
    """A PPMDResults document around a transaction set's content."""
    return {
        "PPMDResults": {
            "Results": {
                **{f"@{name}": value for name, value in attributes.items()},
                "Edi271": {
                    "InterchangeControlHeader": {**ISA, **(isa or {})},
                    "TransactionSet": {"STSegment": {"@ST01_Id": "271", "@ST02_Number": "0001"}, **body},
                },
            }
        }
    }


def cut(x12: bytes) -> list[list[str]]:
    """Segments and their elements, by the delimiters that ISA names; nothing but `split`."""
    text = x12.decode("utf-8")
    separator = text[3]
    terminator = text.split(separator)[16][1]
    segments = text.split(terminator)
    assert segments.pop() == ""
    return [segment.split(separator) for segment in segments]


def separators(x12: bytes) -> tuple[str, str]:
    """Repetition and component separator."""
    isa = cut(x12)[0]
    return isa[11], isa[16]


def of(x12: bytes, segment: str) -> list[list[str]]:
    """The segments of one id."""
    return [one for one in cut(x12) if one[0] == segment]


# --- strategies

values = awkward_texts

_NAMES = [
    *(
        f"{segment}{n:02}"
        for segment, count in (("NM1", 9), ("REF", 3), ("DTP", 3))
        for n in range(1, count + 1)
    ),
    *(f"EB{n:02}" for n in range(1, 15)),
    "MSG01",
    "N301",
    "N401",
    "HI01",
]
_WORDS = ("_Code", "_HierarchicaChildCode", "_X")
_WRAPPERS = ("Name", "Detail", "MSGSegment", "Level", "p:Dates")

attributes = st.dictionaries(
    st.builds("@{}{}".format, st.sampled_from([*_NAMES, "other", "city"]), st.sampled_from(_WORDS)),
    values,
    max_size=5,
)
leaves = st.builds("{}{}".format, st.sampled_from(_NAMES), st.sampled_from(_WORDS))
nodes: st.SearchStrategy[dict[str, Any]] = st.recursive(
    attributes,
    lambda inner: st.builds(
        lambda own, children, texts: {**own, **texts, **children},
        attributes,
        st.dictionaries(
            st.sampled_from(_WRAPPERS), st.one_of(inner, st.lists(inner, min_size=2, max_size=3)), max_size=3
        ),
        st.dictionaries(leaves, st.one_of(values, st.lists(values, min_size=2, max_size=3)), max_size=2),
    ),
    max_leaves=12,
)


def as_xml(document: dict[str, Any]) -> bytes:
    """A JSON twin written as XML by lxml alone, so that tests of the twin do not test it with itself."""
    [(name, root)] = document.items()
    return etree.tostring(_element(name, root), encoding="utf-8", xml_declaration=True)


def _element(name: str, value: Any) -> etree._Element:
    element = etree.Element(name.replace("p:", "{urn:p}"), nsmap={"p": "urn:p"})
    if isinstance(value, str):
        element.text = value
        return element
    for key, one in value.items():
        if key.startswith("@"):
            element.set(key[1:], one)
        else:
            element.extend(_element(key, each) for each in (one if isinstance(one, list) else [one]))
    return element
