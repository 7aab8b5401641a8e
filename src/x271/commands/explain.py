"""`x271 explain`: why a field of the record has its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .._reading import patients
from ..errors import NoPatient, X271Error
from . import options
from .streams import exit_code, guarded, inputs, output, say

if TYPE_CHECKING:
    from ..normalize.eligibility import Eligibility
    from ..normalize.explanation import Explanation


@guarded
def explain(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="One document; - is stdin.", show_default=False)
    ],
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD",
            help="One of the 74 Integrex fields (x271 codes fields lists them), coverage, eligibility_response "
            "or eligibility_text.",
            show_default=False,
        ),
    ],
    date_of_service: options.DateOfService = None,
    service_type: options.ServiceTypes = None,
    trace: options.Trace = None,
    profile: options.Profile = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one line per patient.")] = False,
) -> int:
    """Why a field has its value: the segment it stands in, the rule that chose it, and what else could have been.

    Of several patients, each is explained, by its number in the document. The answer quotes the document.
    """
    question = options.question(date_of_service, service_type, trace, profile)
    records: list[Eligibility] = []
    code = 0
    for name, found in inputs([file]):
        for one in [found] if isinstance(found, X271Error) else patients(found, question):
            if isinstance(one, X271Error):
                say(f"{name}: {one}")
                code = exit_code(one)
            else:
                records.append(one)
    if not records and not code:
        say(f"{file}: {NoPatient('NO_PATIENT' if trace is None else 'TRACE_NOT_FOUND')}")
        code = 1
    explanations = [record.explain(field) for record in records]
    if as_json:
        with output(None) as lines:
            lines.writelines(one.model_dump_json().encode() + b"\n" for one in explanations)
    else:
        for number, explanation in enumerate(explanations, start=1):
            _show(explanation, f"Patient {number}" if len(explanations) > 1 else "")
    return code


def _show(explanation: Explanation, heading: str) -> None:
    from rich.console import Console

    from ..show.explanation import render

    console = Console()
    if heading:
        console.rule(heading, align="left")
    console.print(render(explanation))
