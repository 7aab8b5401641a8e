"""A key's pseudonyms: a text of the same shape for each text, and for each family the days its dates are moved by.

Each run of letters and digits is permuted among all runs of its shape (a letter stays a letter of its case, a digit a
digit), by a keyed shuffle: the same value always gets the same pseudonym, and different values never do, so what is
equal in a document stays equal and what differs stays different. Source: Hoang, Morris, Rogaway, "An Enciphering
Scheme Based on a Card Shuffle" (2012).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

from ..codes.npi import check_digit

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
# A letter beyond ASCII gives one of those that take as many bytes in UTF-8; these are not told apart again.
_TWO = "".join(map(chr, range(0xC0, 0xD7)))
_THREE = "".join(map(chr, range(0x4E00, 0x4F00)))
_FOUR = "".join(map(chr, range(0x20000, 0x20100)))
_RUN = re.compile(
    r"[0-9A-Za-z]{1,24}|[^\x00-\x7f\ufeff]{1,24}"
)  # a longer run in pieces: the work stays linear
_MIN_ROUNDS = 96  # six for each bit of the number of runs, and never fewer than that
_WEEKS = (26, 520)
OPEN_FROM_YEAR = 2099  # 9999-12-31 and the like say that no end is known, and keep saying it


class Pseudonyms:
    """The pseudonyms of one key."""

    def __init__(self, key: bytes) -> None:
        self._key = blake2b(key, person=b"x271 redact", digest_size=32).digest()
        self.run: Callable[[str], str] = lru_cache(maxsize=65536)(self._run)
        self.turns: Callable[[str, int], list[int]] = lru_cache(maxsize=1024)(self._turns)

    def forget(self) -> None:
        """Frees what was remembered at once: the functions above hold this object, so nothing else would soon."""
        self.run, self.turns = self._run, self._turns

    def text(self, value: str) -> str:
        """The same shape with other letters and digits; what is neither stays."""
        return _RUN.sub(lambda match: self.run(match[0]), value)

    def npi(self, value: str) -> str:
        """As `text` for a National Provider Identifier: its check digit is right if it was."""
        if not (len(value) == 10 and value.isascii() and value.isdigit()):
            return self.text(value)
        masked = self.text(value[:9])
        right = check_digit(value[:9]) == value[9:]
        other = self.run(value[9:])
        return masked + (
            check_digit(masked) if right else other if other != check_digit(masked) else value[9:]
        )

    def offset(self, family: str) -> timedelta:
        """How far the dates of a family are moved: half a year to ten years back, by whole weeks."""
        low, high = _WEEKS
        number = self._number(b"offset", family.encode("utf-8", "surrogatepass"))
        return -timedelta(weeks=low + number % (high - low))

    def _number(self, what: bytes, value: bytes) -> int:
        return int.from_bytes(blake2b(value, key=self._key, person=what, digest_size=32).digest(), "big")

    def _run(self, run: str) -> str:
        if ord(run[0]) > 0x7F:
            return "".join(self._beyond_ascii(letter, at) for at, letter in enumerate(run))
        # Letters are permuted without regard to case, and keep theirs: SMITH and Smith stay the same name.
        alphabets = [_DIGITS if one in _DIGITS else _LETTERS for one in run]
        number, size = 0, 1
        for letter, alphabet in zip(run.upper(), alphabets, strict=True):
            number = number * len(alphabet) + alphabet.index(letter)
            size *= len(alphabet)
        number = self._shuffled(number, size, "".join(alphabet[0] for alphabet in alphabets))
        masked = []
        for letter, alphabet in zip(reversed(run), reversed(alphabets), strict=True):
            number, at = divmod(number, len(alphabet))
            masked.append(alphabet[at].lower() if letter.islower() else alphabet[at])
        return "".join(reversed(masked))

    def _shuffled(self, number: int, size: int, shape: str) -> int:
        """Swap or not: in each round a number and its partner change places, or both stay."""
        width = (size.bit_length() + 7) // 8
        for at, turn in enumerate(self.turns(shape, size)):
            partner = (turn - number) % size
            about = f"{shape} {at} ".encode() + max(number, partner).to_bytes(width, "big")
            if self._number(b"swap", about) & 1:
                number = partner
        return number

    def _turns(self, shape: str, size: int) -> list[int]:
        """Per round of a shape's shuffle what a number and its partner add up to."""
        rounds = range(max(_MIN_ROUNDS, 6 * size.bit_length()))
        return [self._number(b"partner", f"{shape} {at}".encode()) % size for at in rounds]

    def _beyond_ascii(self, letter: str, at: int) -> str:
        alphabet = {2: _TWO, 3: _THREE, 4: _FOUR}[len(letter.encode("utf-8", "surrogatepass"))]
        return alphabet[
            self._number(b"letter", f"{letter} {at}".encode("utf-8", "surrogatepass")) % len(alphabet)
        ]


def moved(day: date, offset: timedelta) -> date:
    """The day by so much earlier; one that means "no end is known" stays, and one in the first years, too."""
    if day.year >= OPEN_FROM_YEAR or day.year < 20:
        return day
    return day + offset
