"""What a request lacks and a 270 needs: who sends, who asks, and the payers' own identifiers. Typed, or a TOML file.

[submitter]
sender = "SUBMITTER"
receiver = "RECEIVER"

[provider]
name = "CLINIC"
npi = "2999000013"

[payers.car7556]
id = "12345"
name = "ACME HEALTH"
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError

from .._model import Model
from ..errors import Position, UsageError
from .paths import named


class _Part(Model):
    model_config = ConfigDict(
        str_strip_whitespace=True, hide_input_in_errors=True, validate_by_name=True, validate_by_alias=True
    )


class Submitter(_Part):
    """The two ends of the interchange, and the name by which answers find their questions."""

    sender: str = Field(description="ISA06 and GS02.")
    receiver: str = Field(description="ISA08 and GS03.")
    sender_qualifier: str = Field("ZZ", description="ISA05.")
    receiver_qualifier: str = Field("ZZ", description="ISA07.")
    usage: Literal["P", "T"] = Field("P", description="ISA15: P production, T test.")
    trace_originator: str = Field("", description="TRN03; by default 9 and the sender.")


class Clinic(_Part):
    """Who asks: an organization by its name, or a person by last and first name."""

    name: str = Field("", description="The organization's name (2100B NM103).")
    last_name: str = Field("", description="A person's last name (2100B NM103).")
    first_name: str = Field("", description="A person's first name (2100B NM104).")
    npi: str = Field("", description="2100B NM109.")
    entity: str = Field("1P", description="2100B NM101: 1P provider, FA facility, 80 hospital.")
    role: str = Field("", description="2100B PRV01, such as BI billing.")
    taxonomy: str = Field("", description="2100B PRV03.")
    service_types: tuple[str, ...] = Field(
        (), description="What it asks about where a request does not say (EQ01)."
    )


def _payer(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class PayerName(_Part):
    """A payer under the name that it has in a vendor's requests. In TOML, its id alone is enough."""

    identifier: str = Field(alias="id", description="The payer's own identifier (2100A NM109).")
    name: str = Field(
        "", description="Its name (2100A NM103); by default the identifier is sent as the name."
    )


Payers = dict[str, Annotated[PayerName, BeforeValidator(_payer)]]


class Config(_Part):
    """All that requests may lack. What is not configured and is needed is said when an inquiry is made."""

    submitter: Submitter | None = None
    provider: Clinic | None = Field(None, description="Who asks, where a request names nobody else.")
    facilities: dict[str, Clinic] = Field(
        {}, description="By a vendor's name of a facility or clinic, or by NPI: who asks in its requests."
    )
    payers: Payers = Field({}, description="By a vendor's name of a payer.")


Given = Config | Mapping[str, Any] | os.PathLike[str] | None


def config(given: Given) -> Config:
    """A configuration from itself, a dict, or a TOML file.

    Raises:
        UsageError: BAD_CONFIG with the key of the mistake, UNREADABLE_FILE.
    """
    if isinstance(given, Config):
        return given
    if isinstance(given, os.PathLike):
        given = _file(given)
    try:
        return Config.model_validate({} if given is None else given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    raise UsageError(
        "BAD_CONFIG", position=Position(key=named(first["loc"]) or "config"), detail=first["msg"]
    )


def _file(path: os.PathLike[str]) -> dict[str, Any]:
    detail = "no TOML"
    try:
        return tomllib.loads(Path(path).read_bytes().decode("utf-8"))
    except OSError:
        raise UsageError("UNREADABLE_FILE", position=Position(key="config")) from None
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
    except (UnicodeDecodeError, RecursionError):
        pass
    raise UsageError("BAD_CONFIG", position=Position(key="config"), detail=detail)
