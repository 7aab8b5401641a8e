"""The entry point of hypothesis: `st.from_type(x271.Interchange)` and the like draw what our strategies draw."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis import strategies as st


Made = Callable[[], "st.SearchStrategy[Any]"]


def register() -> None:
    """Called by hypothesis when it is first imported. Loads none of our models: those that are loaded already are
    registered now, the others when they are made (`_model.py`). No strategy is made before somebody asks for a type."""
    for module, name in _made():
        model = getattr(sys.modules.get(module), name, None)
        if model is not None:
            learn(model)


def learn(model: type) -> None:
    """Registers a model if there is a strategy for it."""
    from hypothesis import strategies as st

    strategy = _made().get((model.__module__, model.__qualname__))
    if strategy is not None:
        st.register_type_strategy(model, lambda _: strategy())


def _made() -> dict[tuple[str, str], Made]:
    """The strategies of models by module and name."""
    return {
        ("x271.grammar.envelope", "Interchange"): interchanges,
        ("x271.inquiries.inquiry", "Inquiry"): inquiries,
        ("x271.inquiries.parts", "Payer"): payers,
        ("x271.inquiries.parts", "Provider"): providers,
        ("x271.inquiries.parts", "Service"): services,
        ("x271.inquiries.people", "Subscriber"): subscribers,
        ("x271.inquiries.people", "Dependent"): dependents,
        ("x271.normalize.benefits", "Benefit"): benefits,
        ("x271.normalize.eligibility", "Eligibility"): records,
        ("x271.validation.acknowledgment", "Acknowledgment"): acknowledgments,
        ("x271.validation.report", "Report"): reports,
    }


def interchanges() -> st.SearchStrategy[Any]:
    """What `parse` gives."""
    from .bundling import interchanges as of

    return of().map(lambda document: document.interchange)


def inquiries() -> st.SearchStrategy[Any]:
    """Questions that can be sent."""
    from .asking import inquiries as of

    return of()


def payers() -> st.SearchStrategy[Any]:
    """Who is asked."""
    from .asking import parts

    return parts(wide=False).payers


def providers() -> st.SearchStrategy[Any]:
    """Who asks."""
    from .asking import parts

    return parts(wide=False).providers


def services() -> st.SearchStrategy[Any]:
    """What is asked of a patient born in 1980, who has no diagnoses."""
    from datetime import date

    from .asking import services as of

    return of("2110C", 0, date(1980, 1, 1))


def subscribers() -> st.SearchStrategy[Any]:
    """Who holds the plan."""
    from .asking import subscribers as of

    return of()


def dependents() -> st.SearchStrategy[Any]:
    """Patients under a plan."""
    from .asking import dependents as of

    return of()


def records() -> st.SearchStrategy[Any]:
    """What `normalize_all` gives for the last patient of an answer that has one."""
    from ..api import normalize_all
    from .answering import responses

    found = responses().map(lambda document: normalize_all(document.data))
    return found.filter(bool).map(lambda patients: patients[-1])


def benefits() -> st.SearchStrategy[Any]:
    """The last benefit of a record that has one."""
    return records().filter(lambda one: bool(one.benefits)).map(lambda one: one.benefits[-1])


def acknowledgments() -> st.SearchStrategy[Any]:
    """What `read_acknowledgment` gives."""
    from ..validation import read_acknowledgment
    from .acknowledging import acknowledgements as of

    return of().map(lambda document: read_acknowledgment(document.data))


def reports() -> st.SearchStrategy[Any]:
    """What `validate` gives."""
    from ..validation import validate
    from .answering import responses

    return responses().map(lambda document: validate(document.data))
