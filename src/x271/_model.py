"""The base of our models: frozen, and made without a second validation from what the core has checked already."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value. Its fields are checked when it is made from foreign data, not when the core makes it."""

    # defer_build: a schema is built when it is first needed, so that importing stays cheap.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", defer_build=True)

    @classmethod
    def _trusted(cls, values: dict[str, Any]) -> Self:
        """Takes `values`, which must hold every field, as they are."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", values)
        object.__setattr__(made, "__pydantic_fields_set__", set(values))
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made
