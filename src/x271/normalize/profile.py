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
from typing import TYPE_CHECKING, Any

from .. import _core
from .._tables import read_text
from ..errors import Position, ProfileError, UsageError

if TYPE_CHECKING:
    from .profile_keys import Preferences

Profile = str | os.PathLike[str] | Mapping[str, Any]

STANDARD = "standard"


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
    from pydantic import ValidationError

    from .profile_keys import Preferences

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
