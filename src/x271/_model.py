"""The base of our models: frozen, and made without a second validation from what the core has checked already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict
from pydantic_core import SchemaValidator, core_schema


class Model(BaseModel):
    """A frozen value. Its fields are checked when it is made from foreign data, not when the core makes it."""

    # defer_build: a schema is built when it is first needed, so that importing stays cheap.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", defer_build=True)

    # Makes an instance in one call from (its fields, None, the names of those that were set), all of it unchecked.
    _maker: ClassVar[Callable[[tuple[dict[str, Any], None, set[str]]], Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # The schema inside a model's gives pydantic these three. Made here, since for a class that has its own
        # schema pydantic takes that one instead.
        unchecked = core_schema.model_schema(cls, core_schema.any_schema())
        cls._maker = SchemaValidator(unchecked).validate_python

    @classmethod
    def _trusted(cls, values: dict[str, Any]) -> Self:
        """Takes `values`, which must hold every field, as they are."""
        made: Self = cls._maker((values, None, set(values)))
        return made
