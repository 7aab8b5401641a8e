"""How a field of a request becomes fields of an inquiry: the kinds that the vendors' tables name.

Each takes the draft, the path in the inquiry, the value as it was sent (or None), and the vendor's name of the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from .. import codes
from .._tables import read_table
from ..errors import UsageError
from ..shapes import verifytreatment

if TYPE_CHECKING:
    from .draft import Draft

DEFAULT_FACILITY = "ACCOUNT_DEFAULT"  # VerifyTreatment's word for the facility of the account


def _as_is(draft: Draft, path: str, value: Any, name: str) -> None:
    draft.put(path, value, name)


def _codes(draft: Draft, path: str, value: Any, name: str) -> None:
    """Codes, or one alone."""
    codes = (value,) if isinstance(value, str) else value or ()
    draft.put(path, tuple(code for code in codes if code), name)


def _gender(draft: Draft, path: str, value: Any, name: str) -> None:
    code = _genders().get(value.lower(), None) if value else ""
    _word(draft, path, code, name)


def _respparty(draft: Draft, path: str, value: Any, name: str) -> None:
    """VSee's self, spouse, child and other: the one code that a 270 has for it, else none."""
    meant = [
        one for one in codes.lookup("INS02").values() if one.notes["vsee_respparty"] == (value or "").lower()
    ]
    legal = [one.code for one in meant if "tr3_270_2100D" in one.notes]
    code = legal[0] if len(meant) == len(legal) == 1 else ""
    _word(draft, path, code if meant or not value else None, name)


def _relation(draft: Draft, path: str, value: Any, name: str) -> None:
    try:
        code = verifytreatment.relationship(value) if value else ""
    except UsageError:
        code = None
    _word(draft, path, code, name)


def _known_relation(draft: Draft, path: str, value: Any, name: str) -> None:
    """A relation that is not sent, and is read all the same."""
    try:
        verifytreatment.relationship(value or "SR01")
    except UsageError:
        draft.note("UNKNOWN_WORD", path, name)


def _ssn(draft: Draft, path: str, value: Any, name: str) -> None:
    """A social security number: X12 has its digits only."""
    draft.put(path, re.sub(r"[- ]", "", value or ""), name)


def _word(draft: Draft, path: str, code: str | None, name: str) -> None:
    if code is None:
        draft.note("UNKNOWN_WORD", path, name)
    else:
        draft.put(path, code, name)


def _name(draft: Draft, path: str, value: Any, name: str) -> None:
    """A whole name: what follows its last space is the last name."""
    first, _, last = (value or "").rpartition(" ")
    draft.put(f"{path}.last_name", last, name)
    draft.put(f"{path}.first_name", first.rstrip(), name)


def _payer(draft: Draft, path: str, value: Any, name: str) -> None:
    """The payer's own id, unless the configuration has it for a vendor's."""
    known = draft.config.payers.get(value or "")
    draft.put(f"{path}.identifier", known.identifier if known is not None else value, name)
    draft.put(f"{path}.name", known.name if known is not None else None, name)


def _vendor_payer(draft: Draft, path: str, value: Any, name: str) -> None:
    """A vendor's id, of which only the configuration knows the payer."""
    if value and value not in draft.config.payers:
        for field in ("identifier", "name"):
            draft.note("PAYER_NOT_CONFIGURED", f"{path}.{field}", name)
    else:
        _payer(draft, path, value, name)


def _clinic(draft: Draft, path: str, value: Any, name: str) -> None:
    """A vendor's name of a facility or clinic. Without one, and where no facility has a name: the provider."""
    config = draft.config
    if value and value in config.facilities:
        draft.clinic(config.facilities[value], "[facilities]")
    elif config.provider is not None and (not config.facilities or value in (None, "", DEFAULT_FACILITY)):
        draft.clinic(config.provider, "[provider]")
    else:
        for field in ("identifier", "name"):
            draft.note("PROVIDER_NOT_CONFIGURED", f"{path}.{field}", name)


def _npi(draft: Draft, path: str, value: Any, name: str) -> None:
    """An NPI, of whose owner only the configuration knows the name; without one, the configuration's provider."""
    every = [one for one in (draft.config.provider, *draft.config.facilities.values()) if one is not None]
    known = draft.config.facilities.get(value or "") or next((one for one in every if one.npi == value), None)
    default = draft.config.provider
    if known is None and default is not None and (not value or not default.npi):
        known = default
    if known is None:
        draft.put(f"{path}.identifier", value, name)
        draft.note("PROVIDER_NOT_CONFIGURED", f"{path}.name", name)
        return
    draft.clinic(known, name)
    draft.put(f"{path}.identifier", value, name)


@cache
def _genders() -> dict[str, str]:
    return {row["word"]: row["code"] for row in read_table("inquiries/genders.tsv")}


TAKES: dict[str, Callable[[Draft, str, Any, str], None]] = {
    "text": _as_is,
    "day": _as_is,
    "number": _as_is,
    "ssn": _ssn,
    "known_relation": _known_relation,
    "codes": _codes,
    "gender": _gender,
    "respparty": _respparty,
    "relation": _relation,
    "name": _name,
    "payer": _payer,
    "vendor_payer": _vendor_payer,
    "clinic": _clinic,
    "npi": _npi,
}
