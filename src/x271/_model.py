"""The base of our models: frozen, and made without a second validation from what the core has checked already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal, Self, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import SchemaValidator, core_schema


def _is_ours(value: object) -> bool:
    """Whether a value cannot be what an element says, or is a model, which judges for itself."""
    if isinstance(value, tuple):
        return all(isinstance(one, BaseModel) for one in value)
    return value is None or value == "" or isinstance(value, (bool, int, BaseModel))


def _is_one_of(field: FieldInfo) -> bool:
    """Whether a field can only be one of our words."""
    kinds = (field.annotation, *get_args(field.annotation))
    return any(get_origin(kind) is Literal for kind in kinds)


class Model(BaseModel):
    """A frozen value. Its fields are checked when it is made from foreign data, not when the core makes it."""

    # defer_build: a schema is built when it is first needed, so that importing stays cheap.
    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_inf_nan="null", defer_build=True, hide_input_in_errors=True
    )

    # Fields of text whose words are our own, so that a `repr` may show them.
    own_words: ClassVar[tuple[str, ...]] = ()

    # Makes an instance in one call from (its fields, None, the names of those that were set), all of it unchecked.
    _maker: ClassVar[Callable[[tuple[dict[str, Any], None, set[str]]], Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # The schema inside a model's gives pydantic these three. Made here, since for a class that has its own
        # schema pydantic takes that one instead.
        unchecked = core_schema.model_schema(cls, core_schema.any_schema())
        cls._maker = SchemaValidator(unchecked).validate_python
        # hypothesis loads this one, so that it knows what to draw for our types.
        if registration := sys.modules.get("x271.testing.registration"):
            registration.learn(cls)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Codes that a table knows, our own words, places and counts: a `repr` may end up in a log.

        What else an element says, amounts and dates among it, is left out; so are the fields with `repr=False`.
        """
        fields = type(self).model_fields
        for name, field in fields.items():
            value = getattr(self, name)
            description = "description" if name == "code" else f"{name}_description"
            if not field.repr:
                continue
            if isinstance(value, str) and description in fields:
                # One that no table knows has no description, and may be any text.
                yield name, value if getattr(self, description) or not value else "unknown"
            elif _is_ours(value) or name in self.own_words or "description" in name or _is_one_of(field):
                yield name, value

    @classmethod
    def _blank(cls, **given: Any) -> Self:
        """One that says nothing but what is given, unchecked: for defaults, which then need no schema on import."""
        return cast("Self", cls.model_construct(**given))  # the type checker takes it for a Model

    @classmethod
    def _trusted(cls, values: dict[str, Any]) -> Self:
        """Takes `values`, which must hold every field, as they are."""
        made: Self = cls._maker((values, None, set(values)))
        return made
