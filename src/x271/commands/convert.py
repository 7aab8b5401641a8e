"""`x271 convert`: an answer in another of its three forms."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from typing import Annotated

import typer

from ..errors import X271Error
from .streams import Out, exit_code, guarded, inputs, output, say


class Form(StrEnum):
    """The three forms."""

    X12 = "x12"
    XML = "xml"
    JSON = "json"


@guarded
def convert(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="One document; - is stdin.", show_default=False)
    ],
    to: Annotated[Form, typer.Option("--to", help="The form that is wanted.", show_default=False)],
    out: Out = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding",
            metavar="NAME",
            help="For XML: the encoding, such as ISO-8859-1. By default what the document says, else UTF-8.",
        ),
    ] = None,
) -> int:
    """An answer in another form: X12, PPMDResults XML, or the JSON twin of that XML.

    Between XML and JSON nothing is lost. What is in the wanted form already is written as it is. docs/forms.md
    says which names in XML made of X12 are the vendor's and which are ours.
    """
    from .. import forms

    if encoding is not None and to is not Form.XML:
        raise typer.BadParameter("Only XML has an encoding.", param_hint="--encoding")
    found = list(islice(inputs([file]), 2))
    if len(found) > 1:
        raise typer.BadParameter("Several documents are meant; convert takes one.", param_hint="FILE")
    for name, document in found:
        try:
            if isinstance(document, X271Error):
                raise document
            if to is Form.XML:
                made = forms.to_xml(document, encoding=encoding)
            else:
                made = forms.to_x12(document) if to is Form.X12 else forms.to_json(document)
        except X271Error as error:
            say(f"{name}: {error}")
            return exit_code(error)
        if to is not Form.X12 and not made.endswith(b"\n"):
            made += b"\n"
        with output(out) as stream:
            stream.write(made)
        return 0
    say(f"{file}: no document is there")
    return 1
