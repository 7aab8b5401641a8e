"""The orders of preference: the standard profile (`standard.toml`), named ones, and a caller's own.

A profile holds only what differs from the standard, under the same keys; a list replaces the whole list.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from .. import _core
from .._tables import read_text
from ..errors import Position, ProfileError, UsageError

Profile = str | os.PathLike[str] | Mapping[str, Any]

STANDARD = "standard"


def _distinct(codes: list[str]) -> list[str]:
    if len(set(codes)) != len(codes):
        raise ValueError("an order holds a code twice")
    return codes


Code = Annotated[str, Field(max_length=35)]
Order = Annotated[list[Code], AfterValidator(_distinct)]
Groups = list[Order]
Criterion = Literal["service_type", "network", "level", "period", "place", "message"]
Criteria = Annotated[list[Criterion], AfterValidator(_distinct)]
ReferencePlace = Literal["status_row", "patient", "subscriber"]
ReferencePlaces = Annotated[list[ReferencePlace], AfterValidator(_distinct)]
Message = Literal["primary_care", "", "*"]
Messages = Annotated[list[Message], AfterValidator(_distinct)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class CoverageRules(_Part):
    active: Order
    inactive: Order
    pending: Order
    plan_service_types: Order
    implied_by: Order
    non_covered: Order
    non_covered_not_networks: Order
    text_from: Order


class DateRules(_Part):
    start: Order
    end: Order
    name_start: Order
    name_end: Order
    start_if_single: Order
    echo: Order
    service: Order
    date_of_service: Order
    benefit: Order
    benefit_pairs: list[Annotated[list[Code], Field(min_length=2, max_length=2)]]
    other_payer: Order
    open_from_year: Annotated[int, Field(ge=1900, le=9999)]


class NetworkRules(_Part):
    in_network: Groups
    out_of_network: Groups
    unspecified: Order


class PlanRules(_Part):
    same: Groups


class WordRules(_Part):
    specialist: Order
    primary_care: Order


class AmountRules(_Part):
    deductible: Order
    out_of_pocket: Order
    service_types: Order
    individual: Order
    family: Order
    total: Order
    remaining: Order
    applied: Order
    places: Order
    messages: Messages
    order: Criteria
    placeholder_nines: Annotated[int, Field(ge=1, le=18)]


class CostShareRules(_Part):
    information: Order
    service_types: Order
    levels: Order
    not_periods: Order
    periods: Order
    places: Order
    messages: Messages
    order: Criteria


class ReferenceRules(_Part):
    places: ReferencePlaces
    group_number: Order
    plan_number: Order
    member_id: Order
    member_id_qualifiers: Order
    account_number: Order


class ContactRules(_Part):
    phone: Order
    fax: Order
    website: Order
    entity_phone: Order


class PayerRules(_Part):
    second: Order
    second_must_differ: Order
    administrators: Order


class AlternatePayerRules(_Part):
    information: Order
    carve_out_information: Order
    entities: Order
    carve_out_entities: Order
    service_level_entities: Order
    never: Order
    service_types: Groups


class PrimaryCareRules(_Part):
    information: Order
    entities: Order
    npi_qualifiers: Order


class RejectionRules(_Part):
    levels: Order
    benefit_levels: Order


class Preferences(_Part):
    """Every key of a profile, as `standard.toml` has it with its reasons."""

    coverage: CoverageRules
    dates: DateRules
    networks: NetworkRules
    plans: PlanRules
    words: WordRules
    amounts: AmountRules
    coinsurance: CostShareRules
    copay: CostShareRules
    specialist_copay: CostShareRules
    references: ReferenceRules
    contacts: ContactRules
    payers: PayerRules
    alternate_payer: AlternatePayerRules
    primary_care: PrimaryCareRules
    rejections: RejectionRules


def named() -> tuple[str, ...]:
    """The names of the profiles that x271 ships."""
    found = files("x271").joinpath("normalize", "profiles").iterdir()
    return (STANDARD, *sorted(item.name[:-5] for item in found if item.name.endswith(".toml")))


@lru_cache(maxsize=1)
def standard() -> dict[str, Any]:
    """The standard profile as it stands in `standard.toml`."""
    return tomllib.loads(read_text("normalize/standard.toml"))


def preferences(profile: Profile | None = None) -> Preferences:
    """The standard profile with a caller's changes.

    Raises:
        ProfileError: BAD_PROFILE, with the key of the mistake in `position.key`.
        UsageError: UNKNOWN_PROFILE or UNREADABLE_FILE.
    """
    try:
        return Preferences.model_validate(_merged(profile))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _mistake(_key(first["loc"]), first["msg"]) from None


def _merged(profile: Profile | None) -> dict[str, Any]:
    merged = {name: dict(part) for name, part in standard().items()}
    for name, part in (_changes(profile) if profile is not None else {}).items():
        if name not in merged:
            raise _mistake(str(name), "there is no such table")
        if not isinstance(part, Mapping):
            raise _mistake(str(name), "a table is expected")
        merged[name].update(part)
    return merged


def compiled(profile: Profile | None = None) -> _core.Preferences:
    """The same for the core; a named profile and the standard one are compiled once."""
    if profile is None or isinstance(profile, str):
        return _compiled_name(profile or STANDARD)
    return _core.Preferences(preferences(profile).model_dump_json())


@lru_cache(maxsize=32)
def _compiled_name(name: str) -> _core.Preferences:
    """One of ours, which a test has checked: to check it again takes longer than to read an answer."""
    return _core.Preferences(json.dumps(_merged(name)))


def _changes(profile: Profile) -> Mapping[str, Any]:
    if isinstance(profile, Mapping):
        return profile
    if isinstance(profile, str):
        if profile == STANDARD:
            return {}
        if profile not in named():
            raise UsageError("UNKNOWN_PROFILE", detail=f"the names are {', '.join(named())}")
        return tomllib.loads(read_text(f"normalize/profiles/{profile}.toml"))
    if not isinstance(profile, os.PathLike):
        raise UsageError("BAD_INPUT_TYPE", position=Position(key="profile"), detail="a profile")
    try:
        text = Path(profile).read_bytes().decode("utf-8")
        changes: Mapping[str, Any] = (
            json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        )
    except OSError:
        raise UsageError("UNREADABLE_FILE", position=Position(key="profile")) from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "neither TOML nor JSON"
        raise _mistake("profile", detail) from None
    return changes


def _key(location: tuple[int | str, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".")


def _mistake(key: str, detail: str) -> ProfileError:
    return ProfileError("BAD_PROFILE", position=Position(key=key), detail=detail)
