"""The texts of inquiries: a few invented words, or whatever X12 carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from .pools import words

Texts = st.SearchStrategy[str]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WORDS = _LETTERS + "0123456789 '-.,&/()#+=!?;\"%@[]_{}<>$|\\"
_PLAIN = _LETTERS + "0123456789-"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A strategy for each kind of text. short: two characters; long_number: an identifier of two and more."""

    line: Texts
    city: Texts
    state: Texts
    postal_code: Texts
    country: Texts
    subdivision: Texts
    organization: Texts
    last: Texts
    first: Texts
    middle: Texts
    suffix: Texts
    number: Texts
    long_number: Texts
    nine: Texts
    short: Texts
    procedure: Texts
    diagnosis: Texts


@cache
def invented() -> Vocabulary:
    """A few words, as X12 carries them: capital letters."""

    def some(name: str) -> Texts:
        return st.sampled_from([word for word in words(name) if word == word.upper()])

    return Vocabulary(
        line=some("street"),
        city=st.sampled_from(("EXAMPLEVILLE", "ST. SAMPLE")),
        state=st.sampled_from(("NV", "UT")),
        postal_code=st.sampled_from(("89999", "849990001")),
        country=st.sampled_from(("CA", "MX")),
        subdivision=st.sampled_from(("ON", "JAL")),
        organization=some("provider"),
        last=some("last"),
        first=some("first"),
        middle=some("middle"),
        suffix=some("suffix"),
        number=st.sampled_from(("A1", "000123", "GRP-0001")),
        long_number=st.sampled_from(("W100", "EXH000000001", "000123456789")),
        nine=st.sampled_from(("EXAMPLE01", "999999999")),
        short=st.sampled_from(("25", "GP")),
        procedure=st.sampled_from(("99213", "D1110")),
        diagnosis=some("diagnosis"),
    )


@cache
def anything() -> Vocabulary:
    """Texts of every length that the guide allows, of every character that X12 carries and no delimiter."""
    return Vocabulary(
        line=_sentence(55),
        city=_sentence(30, 2),
        state=st.text(_LETTERS, min_size=2, max_size=2),
        postal_code=st.text("0123456789", min_size=3, max_size=15),
        country=st.text(_LETTERS, min_size=2, max_size=3).filter(lambda code: code not in ("US", "USA")),
        subdivision=st.text(_LETTERS, min_size=1, max_size=3),
        organization=_sentence(60),
        last=_name(60),
        first=_name(35),
        middle=_name(25),
        suffix=_name(10),
        number=_number(50),
        long_number=_number(80, 2),
        nine=_number(9, 9),
        short=_number(2, 2),
        procedure=_number(48),
        diagnosis=st.text(_LETTERS + "0123456789", min_size=1, max_size=30),
    )


def _sentence(most: int, least: int = 1, alphabet: str = _WORDS) -> Texts:
    """Texts of these lengths, without blanks around them or two in a row."""
    return (
        st.text(alphabet, min_size=least, max_size=most)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: len(text) >= least)
    )


def _name(most: int) -> Texts:
    return _sentence(most, alphabet=_LETTERS + " '-")


def _number(most: int, least: int = 1) -> Texts:
    return st.text(_PLAIN, min_size=least, max_size=most)
