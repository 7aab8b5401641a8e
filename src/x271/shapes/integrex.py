"""What Integrex's [GET] response repeats of the question (seed 002): no 271 says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..inquiries import Inquiry
    from ..inquiries.integrex import Discovery

ACCOUNT = "EJ"


def echo(asked: Inquiry | Discovery | Mapping[str, Any]) -> dict[str, str]:
    """The fields that an inquiry, or the body of the POST itself, fills."""
    from ..inquiries import Inquiry
    from ..inquiries.integrex import Discovery
    from ..inquiries.requests import read

    if isinstance(asked, Inquiry):
        patient = next(iter(asked.patients().values()))
        numbers = [one.value for one in asked.subscriber.references if one.qualifier == ACCOUNT]
        begin = patient.date_of_service.begin if patient.date_of_service is not None else None
        told = {"internalAccountNumber1": numbers[0] if numbers else ""}
    else:
        request, _ = read(Discovery, asked)
        begin = request.begin_dos
        told = {
            "internalAccountNumber1": request.internal_account_number_1,
            "internalAccountNumber2": request.internal_account_number_2,
        }
    return {**told, "beginDOS": begin.isoformat() if begin is not None else ""}
