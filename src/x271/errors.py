"""What stops us. Two kinds: the caller's fault (`UsageError`) and the data's fault (`DataError`).

Every error has a stable `code` (listed with its meaning in `errors.tsv`), a `position` where one is known,
and a `hint` that says how to mend it. None of them ever holds what a patient's element says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from ._tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .findings import Finding
    from .normalize.record import Rejection

_LISTED = 20  # problems that a message names


class Position(BaseModel):
    """Where in the input: all parts that are known, the others are None."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    offset: int | None = Field(None, description="Bytes from 0 in the input.")
    segment: int | None = Field(None, description="Segments counted from 1.")
    element: int | None = Field(None, description="Element number as X12 counts them: NM109 is 9.")
    component: int | None = Field(None, description="Component number from 1.")
    loop: str | None = Field(None, description="Loop identifier, such as `2110C`.")
    loop_path: str | None = Field(
        None,
        description="The loops from the transaction set to that loop, each with its repetition from the second on: "
        "`271/2000A/2000B/2000C[2]/2100C/2110C[14]`.",
    )
    line: int | None = Field(None, description="Line from 1, for XML and JSON text.")
    column: int | None = Field(None, description="Column from 1, for XML and JSON text.")
    key: str | None = Field(
        None, description="For the caller's own input: the path to the value, such as `amounts.total[2]`."
    )

    def __str__(self) -> str:
        loop = "loop" if self.loop_path is None else "loop_path"
        order = ("key", loop, "segment", "element", "component", "line", "column", "offset")
        values = ((name, getattr(self, name)) for name in order)
        words = {"offset": "byte offset", "loop_path": "loop"}
        return ", ".join(f"{words.get(name, name)} {value}" for name, value in values if value is not None)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """Every error code with its `kind`, `meaning` and `hint` (from `errors.tsv`)."""
    return {row["code"]: row for row in read_table("errors.tsv")}


class X271Error(Exception):
    """Base of every error that x271 raises on purpose.

    Attributes:
        code: stable identifier, listed in `errors.tsv` and in the docs.
        position: where, or None when the whole input is meant.
        hint: how to mend it.
    """

    def __init__(self, code: str, *, position: Position | None = None, detail: str = "") -> None:
        row = catalogue()[code]
        self.code = code
        self.position = position
        self.hint = row["hint"]
        self.detail = detail
        where = f" at {position}" if position is not None and str(position) else ""
        what = f" ({detail})" if detail else ""
        super().__init__(f"{code}: {row['meaning']}{what}{where}. {self.hint}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.code, self.position, self.detail, self.__dict__))


def _rebuild(
    kind: type[X271Error], code: str, position: Position | None, detail: str, state: dict[str, Any]
) -> X271Error:
    error = kind.__new__(kind)
    X271Error.__init__(error, code, position=position, detail=detail)
    error.__dict__.update(state)
    return error


class UsageError(X271Error):
    """The caller's fault: a wrong option, a wrong type, a file that is not there."""


class ProfileError(UsageError):
    """A preference profile with a mistake; `position.key` says where."""


class InvalidInquiry(UsageError):
    """An inquiry that must not be sent.

    Attributes:
        problems: everything that speaks against it (`Finding`, of severity error): `field` is the caller's own name
            of the field, `position.key` its path in the inquiry.
    """

    def __init__(self, problems: Sequence[Finding] = (), *, position: Position | None = None) -> None:
        self.problems = tuple(problems)
        listed = ", ".join(f"{one.code} {one.field}".strip() for one in self.problems[:_LISTED])
        more = len(self.problems) - _LISTED
        super().__init__(
            "INVALID_INQUIRY", position=position, detail=f"{listed} and {more} more" if more > 0 else listed
        )


class DataError(X271Error):
    """The data's fault: the input cannot be read as an eligibility answer."""


class UnreadableEnvelope(DataError):
    """The X12 envelope gives no delimiters, so nothing behind it can be cut."""


class UnsupportedTransaction(DataError):
    """Readable X12, but of a guide that is not eligibility (an 837, say)."""


class MalformedText(DataError):
    """XML or JSON text that is not well-formed, or not allowed (a DOCTYPE)."""


class LimitExceeded(DataError):
    """The input is larger or deeper than the limits allow."""


class NoPatient(DataError):
    """The answer is readable and names no patient (or none with the asked trace number).

    Attributes:
        rejections: why, if the answer says so: it was refused at its source or receiver (`Rejection`, in document
            order).
        eligibility_response: VSee's documented string for the first of them; empty if there is none.
    """

    rejections: tuple[Rejection, ...] = ()

    @property
    def eligibility_response(self) -> str:
        return self.rejections[0].eligibility_response if self.rejections else ""


class SeveralPatients(DataError):
    """More than one patient where exactly one was asked for; `count` says how many."""

    def __init__(
        self, code: str = "SEVERAL_PATIENTS", *, count: int = 0, position: Position | None = None
    ) -> None:
        super().__init__(code, position=position, detail=f"{count} patients")
        self.count = count


class VendorFault(NoPatient):
    """The vendor answered with a fault of its own instead of a 271 (`PPMDResults/…/Error`).

    Attributes:
        fault_code: the vendor's code as sent, such as `1025`; empty if it gave none.
        description: the vendor's text as sent. Not part of the message: a vendor's text may name the patient.
    """

    def __init__(self, code: str = "VENDOR_FAULT", *, fault_code: str = "", description: str = "") -> None:
        shown = fault_code if fault_code.lstrip("-").isdigit() else ""
        super().__init__(code, detail=f"fault code {shown}" if shown else "")
        self.fault_code = fault_code
        self.description = description


class AnswerPending(NoPatient):
    """The vendor took the question and has no answer yet; ask again later.

    Attributes:
        eligibility_id: the vendor's identifier of the check (`Results/@eligibilityid`).
        status_id: the vendor's raw status (`Results/@eligibilitystatusid`).
    """

    def __init__(
        self, code: str = "ANSWER_PENDING", *, eligibility_id: str = "", status_id: str = ""
    ) -> None:
        super().__init__(code)
        self.eligibility_id = eligibility_id
        self.status_id = status_id
