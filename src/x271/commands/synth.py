"""`x271 synth`: invented documents that tell stories a biller knows."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from .convert import Form
from .streams import guarded, output, say

if TYPE_CHECKING:
    from ..synthetic import Synthetic


class Kind(StrEnum):
    """What is made."""

    answer = "271"
    question = "270"
    acknowledgment = "999"
    ppmd = "ppmd"


@guarded
def synth(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="271 answers, 270 their questions, 999 what acknowledges these, ppmd answers as AdvancedMD's XML."
        ),
    ] = Kind.answer,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="What everything is drawn from.", min=0, max=2**64 - 1)
    ] = 1,
    count: Annotated[
        int | None,
        typer.Option(
            "--count",
            metavar="M",
            help="How many documents. By default one of each scenario that is named.",
            min=0,
            show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="A scenario of --list, or all; several take turns. By default a mix of the common ones.",
            show_default=False,
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="Today in the stories, such as 2026-11-21, which it is by default: the same bytes every day.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option("--form", help="Of 271 x12, xml or json; of ppmd xml or json.", show_default=False),
    ] = None,
    together: Annotated[
        bool,
        typer.Option("--one-interchange", help="All in one document, a transaction set for each."),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--out",
            metavar="OUT",
            help="Write to this file, or into this folder (OUT/) a file for each. By default stdout.",
            show_default=False,
        ),
    ] = None,
    expected: Annotated[
        Path | None,
        typer.Option(
            "--expected",
            metavar="FILE",
            help="Also write what each document's records must give, as JSON Lines.",
            show_default=False,
        ),
    ] = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the scenarios and end.")] = False,
) -> int:
    """Invented answers, questions and acknowledgements by seed: the same arguments give the same bytes everywhere.

    Nobody in them exists. Documents of one seed belong together: the 271 echoes the trace number of the 270.
    docs/synthetic.md says what each scenario shows and the record it must give.
    """
    from ..synthetic import synth as made

    if list_them:
        _listed()
        return 0
    documents = made(
        kind.value,
        seed=seed,
        count=count,
        scenario=scenario,
        date=day,
        form=form.value if form else None,
        together=together,
    )
    with ExitStack() as stack:
        if expected is not None:
            documents = _noted(documents, stack.enter_context(output(expected)))
        if out is not None and (out.endswith(("/", "\\")) or Path(out).is_dir()):
            _into(Path(out), documents)
        else:
            lines = _lines(documents)
            stream = stack.enter_context(output(Path(out) if out is not None else None))
            stream.writelines(lines)
    return 0


def _lines(documents: Iterator[Synthetic]) -> Iterator[bytes]:
    """What goes into one file; several of JSON as JSON Lines."""
    begin = list(islice(documents, 2))
    is_one = len(begin) < 2
    if not is_one and begin[0].form == "xml":
        raise typer.BadParameter(
            "Several XML documents do not go into one file: give a folder (OUT/), or --one-interchange.",
            param_hint="-o",
        )
    return (_line(one.data, is_one) if one.form != "x12" else one.data for one in chain(begin, documents))


def _line(data: bytes, is_one: bool) -> bytes:
    made = data if is_one else json.dumps(json.loads(data), ensure_ascii=False).encode()
    return made if made.endswith(b"\n") else made + b"\n"


def _into(folder: Path, documents: Iterable[Synthetic]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, one in enumerate(documents, start=1):  # noqa: B007  (said below)
        name = one.scenarios[0] if len(one.stories) == 1 else "together"
        suffix = one.kind if one.form == "x12" else one.form
        (folder / f"{one.stories[0].number:05}-{name}.{suffix}").write_bytes(one.data)
    say(f"{folder}: {count} documents")


def _noted(documents: Iterable[Synthetic], stream: IO[bytes]) -> Iterator[Synthetic]:
    """The documents, each with a line written about it."""
    for one in documents:
        line = {
            "number": one.stories[0].number,
            "scenarios": one.scenarios,
            "service_types": one.service_types,
            "error": one.error,
            "expected": one.expected,
        }
        stream.write(json.dumps(line, default=_plain).encode() + b"\n")
        yield one


def _plain(value: Any) -> str:
    """Dates as ISO text, amounts as their digits."""
    if isinstance(value, (date, Decimal)):
        return str(value)
    raise TypeError(type(value).__name__)


def _listed() -> None:
    from ..synthetic import scenarios

    rows = [(one.name, " ".join(one.kinds), one.shows, one.gives) for one in scenarios().values()]
    if not sys.stdout.isatty():
        sys.stdout.write("scenario\tkinds\tshows\tgives\n")
        sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("scenario", "what it shows, and what its record must give")
    for name, _, shows, gives in rows:
        table.add_row(name, f"{shows}\n[dim]{gives}[/dim]")
    Console().print(table)
