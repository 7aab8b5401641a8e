"""What our tests draw, of the strategies in `x271.testing`: answers as bytes, and our own documents to be mangled."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from variants import VARIANTS
from x12 import all_fixtures, x12_fixtures
from x271.testing import responses, wild_responses


def answers() -> st.SearchStrategy[bytes]:
    """Answers that can be read: such as say anything, and such as keep to the guide."""
    return st.one_of(wild_responses().map(bytes), responses().map(bytes), wild_responses().map(bytes))


@cache
def whole() -> tuple[bytes, ...]:
    """Every X12 fixture and every variant."""
    return (
        *(path.read_bytes() for path in x12_fixtures()),
        *(variant.data for variant in VARIANTS.values()),
    )


@cache
def of_every_form() -> tuple[bytes, ...]:
    """The same and the XML and JSON fixtures."""
    return (*(path.read_bytes() for path in all_fixtures()), *whole())
