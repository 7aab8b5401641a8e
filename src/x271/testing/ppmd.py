"""`ppmd_results`: an answer as AdvancedMD sends it, `PPMDResults` XML or its JSON twin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from .answering import responses
from .document import Document, Form
from .options import Level, bad_option
from .templates import Segments

if TYPE_CHECKING:
    from ..grammar.envelope import Delimiters

Outcome = Literal["answered", "pending", "fault"]

_ENCODINGS = ("UTF-8", "ISO-8859-1")
_FAULTS = (("1025", "Session has timed out"), ("-2147220476", "The login is another server's"))
_AROUND: tuple[dict[str, str], ...] = (
    {},
    {"success": "1"},
    {"eligibilityid": "9000001", "eligibilitystatusid": "1", "eligibilitystc": "30"},
    {
        "eligibilityid": "9000002",
        "eligibilitystatusid": "1",
        "eligibilitycreatedat": "11/21/2026 9:14AM",
        "eligibilitychangedat": "11/21/2026 9:15AM",
        "eligibilityresponsedate": "11/21/2026 9:15AM",
        "patientname": "SAMPLE,AVERY",
        "address2": "100 EXAMPLE STREET",
        "city": "NV",
        "state": "EX",
        "zipcode": "89999",
        "dob": "1980-01-01T00:00:00",
        "subscriberid": "W100",
        "eligibilitystc": "30",
    },
)


def ppmd_results(
    *,
    form: Literal["xml", "json"] | None = None,
    outcome: Outcome | None = "answered",
    dependents: bool | None = None,
    plans: bool | None = None,
    entities: bool | None = None,
    repetition: bool | None = None,
    procedures: bool | None = None,
    rejections: Level | bool | None = None,
    benefits: st.SearchStrategy[Segments] | None = None,
    delimiters: Delimiters | str | None = None,
) -> st.SearchStrategy[Document]:
    """An answer as `PPMDResults` XML or as its JSON twin, with what the vendor says around it.

    Args:
        form: xml or json; None draws it.
        outcome: answered; pending or fault for a document without an answer; None draws it.

    The other options are those of `responses`. The document's `segments` are those of the same answer as X12.

    Raises:
        UsageError: BAD_OPTION.
    """
    forms: tuple[Form, ...] = ("xml", "json")
    outcomes: tuple[Outcome, ...] = ("answered", "pending", "fault")
    if form is not None and form not in forms:
        raise bad_option("form", "xml or json is expected")
    if outcome is not None and outcome not in outcomes:
        raise bad_option("outcome", f"one of {', '.join(outcomes)} is expected")
    answers = responses(
        dependents=dependents,
        plans=plans,
        entities=entities,
        repetition=repetition,
        procedures=procedures,
        rejections=rejections,
        benefits=benefits,
        delimiters=delimiters,
        line_ends="",
    )
    return _results(answers, forms if form is None else (form,), outcomes if outcome is None else (outcome,))


@st.composite
def _results(
    draw: st.DrawFn,
    answers: st.SearchStrategy[Document],
    forms: tuple[Form, ...],
    outcomes: tuple[Outcome, ...],
) -> Document:
    outcome = draw(st.sampled_from(outcomes))
    form = draw(st.sampled_from(forms))
    around = draw(st.sampled_from(_AROUND))
    if outcome != "answered":
        told = draw(st.sampled_from(_FAULTS)) if outcome == "fault" else None
        return _written(form, _without_answer(dict(around), told))
    answer = draw(answers)
    if form == "json":
        return _json(answer, around)
    return _xml(answer, around, draw(st.sampled_from(_ENCODINGS)))


def _json(answer: Document, around: dict[str, str]) -> Document:
    from ..forms import to_dict

    tree: dict[str, Any] = to_dict(answer.data)
    results = tree["PPMDResults"]
    results["Results"] = {**{f"@{name}": text for name, text in around.items()}, **results["Results"]}
    return Document(_dumped(tree), "json", answer.sheets)


def _xml(answer: Document, around: dict[str, str], encoding: str) -> Document:
    from ..forms import to_xml

    told = "".join(f" {name}={quoteattr(text)}" for name, text in around.items())
    made = to_xml(answer.data, encoding=encoding)
    return Document(made.replace(b"<Results>", f"<Results{told}>".encode(), 1), "xml", answer.sheets)


def _without_answer(around: dict[str, str], fault: tuple[str, str] | None) -> dict[str, Any]:
    """The JSON twin of a check that has no answer yet, or of one that the vendor could not make."""
    if fault is None:
        around |= {"success": "1", "eligibilitystatusid": "0"}
        return {"Results": {f"@{name}": text for name, text in around.items()}, "Error": None}
    code, description = fault
    return {"Results": {"@success": "0", "Error": {"@Code": code, "@Description": description}}}


def _written(form: Form, results: dict[str, Any]) -> Document:
    tree = {"PPMDResults": results}
    if form == "json":
        return Document(_dumped(tree), "json")
    from ..sources import twin

    return Document(twin.to_xml(tree, pretty=True), "xml")


def _dumped(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=1).encode()
