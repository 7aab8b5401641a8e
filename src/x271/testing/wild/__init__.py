"""What can be read and keeps to no guide, and text of every guise: for tests of what picks single values out of it."""

from .answers import wild_questions, wild_responses
from .texts import awkward_texts, wild_json, wild_values, wild_xml

__all__ = ["awkward_texts", "wild_json", "wild_questions", "wild_responses", "wild_values", "wild_xml"]
