"""Hypothesis strategies for tests of whatever reads eligibility answers: `pip install x271[testing]`."""

from .document import Document
from .responses import benefits, people, rejections, responses

__all__ = ["Document", "benefits", "people", "rejections", "responses"]
