"""`x271 show`: a benefits card for people, on the terminal or as an HTML page; or the document as a tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .._reading import Question, patients
from ..errors import NoPatient, X271Error
from . import options
from .streams import exit_code, guarded, inputs, output, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from ..grammar.envelope import Interchange
    from ..normalize.eligibility import Eligibility


@guarded
def show(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="One document; - is stdin.", show_default=False)
    ],
    date_of_service: options.DateOfService = None,
    service_type: options.ServiceTypes = None,
    trace: options.Trace = None,
    profile: options.Profile = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="OUT.html",
            help="Write one page that a browser shows and prints, instead of the card; - is stdout.",
        ),
    ] = None,
    tree: Annotated[
        bool, typer.Option("--tree", help="The document's loops and segments as sent, instead of cards.")
    ] = False,
) -> int:
    """What an answer says, for eyes: a card for each patient.

    Coverage, what the patient pays, and every benefit by service type; of a rejected question, what to do. A question
    or an acknowledgement is shown as the tree of its loops and segments. Card and tree are patient data.
    """
    question = options.question(date_of_service, service_type, trace, profile)
    if tree and html is not None:
        raise typer.BadParameter("--tree and --html exclude each other.")
    if html is not None and not _has_jinja():
        say('x271: --html needs jinja2: pip install "x271[html]"')
        return 2
    found, code = _found(file, question, is_tree=tree, has_trees=html is None)
    if html is None:
        _print(found)
    elif found:
        _write(found, html)
    return code


def _found(
    file: str, question: Question, *, is_tree: bool, has_trees: bool
) -> tuple[list[Eligibility | NoPatient | Interchange], int]:
    """The patients, and in their places the answers that say why there is none; and the exit code.

    has_trees: what is no answer is shown as a tree. is_tree: everything is.
    """
    found: list[Eligibility | NoPatient | Interchange] = []
    code = 0
    for name, document in inputs([file]):
        parsed = _parsed(document) if has_trees else None
        if parsed is not None and (is_tree or next(parsed.answers(), None) is None):
            found.append(parsed)
            continue
        for one in _read(document, question):
            if isinstance(one, X271Error):
                say(f"{name}: {one}")
                code = code or exit_code(one)
            if not isinstance(one, X271Error) or isinstance(one, NoPatient):
                found.append(one)
    return found, code


def _parsed(document: Path | bytes | X271Error) -> Interchange | None:
    """The typed document; None for one that cannot be read so, which the reading of patients says."""
    from ..api import parse

    if isinstance(document, X271Error):
        return None
    try:
        return parse(document)
    except X271Error:
        return None


def _read(document: Path | bytes | X271Error, question: Question) -> Iterable[Eligibility | X271Error]:
    from ..api import nobody

    if isinstance(document, X271Error):
        return [document]
    try:
        return list(patients(document, question)) or [nobody(document, question.trace)]
    except X271Error as error:  # the file went away meanwhile
        return [error]


def _print(found: list[Eligibility | NoPatient | Interchange]) -> None:
    from rich.console import Console

    console = Console()
    for number, one in enumerate(found):
        card = _drawn(one)
        if card is not None:
            if number:
                console.print()
            console.print(card)


def _drawn(one: Eligibility | NoPatient | Interchange) -> RenderableType | None:
    from ..grammar.envelope import Interchange
    from ..show import card, tree

    if isinstance(one, Interchange):
        return tree.render(one, patient_data=True)
    return card.refused(one) if isinstance(one, NoPatient) else card.render(one, patient_data=True)


def _write(found: list[Eligibility | NoPatient | Interchange], target: Path) -> None:
    from ..grammar.envelope import Interchange
    from ..show.page import render

    page = render([one for one in found if not isinstance(one, Interchange)], patient_data=True)
    try:
        with output(target) as file:
            file.write(page.encode(errors="replace"))
    except typer.BadParameter as refused:
        refused.param_hint = "--html"
        raise


def _has_jinja() -> bool:
    try:
        import jinja2  # noqa: F401
    except ModuleNotFoundError:
        return False
    return True
