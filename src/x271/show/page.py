"""The benefits card as one HTML page that needs nothing else, for a screen and for paper. The extra is `html`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .._tables import read_text
from .view import NoCard, View, refusal, view
from .words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Template

    from ..errors import NoPatient
    from ..normalize.eligibility import Eligibility


def render(found: Iterable[Eligibility | NoPatient], *, patient_data: bool) -> str:
    """One page with a card for each record, in their order; for an error, what the answer says instead.

    Raises:
        ModuleNotFoundError: jinja2 is not installed.
    """
    shown: list[View | NoCard] = []
    for one in found:
        if isinstance(one, Exception):
            reason = refusal(one)
            if reason is not None:
                shown.append(reason)
        else:
            shown.append(view(one, patient_data=patient_data))
    return _template().render(cards=shown)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["sentence"] = sentence
    return environment.from_string(read_text("show/card.html.j2"))
