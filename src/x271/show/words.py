"""How values read on a card: money, shares, dates, telephone numbers, and text as a payer sent it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal


def plain(text: str) -> str:
    """Text from a payer on one line; bytes in it that steer a terminal are shown as a mark."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)


def number(value: Decimal) -> str:
    """A count without needless zeros: `20`, `2.5`."""
    shown = f"{value:,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def money(value: Decimal) -> str:
    """Dollars with at least two decimals: `1,500.00`."""
    exponent = value.as_tuple().exponent
    return f"{value:,f}" if isinstance(exponent, int) and exponent < -2 else f"{value:,.2f}"


def dollars(value: Decimal) -> str:
    """`$30.00`, `-$30.00`."""
    return f"-${money(-value)}" if value < 0 else f"${money(value)}"


def share(percent: Decimal) -> str:
    """A fraction as sent in percent; above 1 it is a percent already (PERCENT_SCALE): `.2` and `20` are `20%`."""
    return f"{number(percent if percent > 1 else percent * 100)}%"


def period(start: date | None, end: date | None) -> str:
    """`2026-01-01 to 2026-12-31`, `since 2026-01-01`, `until 2026-12-31`, or empty."""
    if start is not None and end is not None:
        return f"{start} to {end}"
    if start is not None:
        return f"since {start}"
    return f"until {end}" if end is not None else ""


def phone(sent: str) -> str:
    """Ten digits in groups, `800-555-0100`; anything else as sent."""
    digits, extension = sent[:10], sent[10:]
    if len(digits) == 10 and digits.isascii() and digits.isdigit() and extension[:1] in ("", " "):
        return plain(f"{digits[:3]}-{digits[3:6]}-{digits[6:]}{extension}")
    return plain(sent)


def joined(parts: Iterable[str], by: str = ", ") -> str:
    """The parts that are not empty, each once."""
    return by.join(dict.fromkeys(part for part in parts if part))


def counted(many: int, what: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{many:,} {what}" if many == 1 else f"{many:,} {what}s"


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
