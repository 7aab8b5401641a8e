"""What the vendors' requests have in common: models with the vendors' own names, read without a word being lost.

A request is read leniently and judged as a whole: a value that cannot be read is a problem with the vendor's name of
its field, and the rest is read on. No `repr` and no message shows what a field says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from ..errors import UsageError
from ..sources.json_values import writable
from .paths import first_small, named, without

_DAY = re.compile(
    r"(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)|(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>\d{4})", re.ASCII
)


def _text(value: Any) -> Any:
    """Null is no text, and a whole number is its digits: some send identifiers without quotes."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**50:
        return str(value)
    return value


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else "?"
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if found is not None:
        year, month, day = (
            int(found[short] or found[long]) for short, long in (("y", "year"), ("m", "month"), ("d", "day"))
        )
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise PydanticCustomError("day", "no date")


Text = Annotated[str, BeforeValidator(_text)]
Day = Annotated[date | None, BeforeValidator(_day)]
Texts = tuple[Text, ...]


class Request(BaseModel):
    """A vendor's request, or an object in it. Fields have the vendor's names; those that it does not document stay."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        validate_by_alias=True,
        validate_by_name=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        defer_build=True,
    )

    _EITHER_CASE: ClassVar[bool] = False  # a name's first letter may be large

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        """Null is nothing, and a name in another spelling is the documented one."""
        if not isinstance(data, Mapping):
            return data
        known = _names(cls)
        made: dict[Any, Any] = {}
        for name, value in data.items():
            documented = name
            if cls._EITHER_CASE and isinstance(name, str) and first_small(name) not in data:
                documented = first_small(name)
            if documented not in known:
                made[name] = value
            elif value is not None:
                made[documented] = value
        return made

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """How much was given, not what: a `repr` may end up in a log."""
        yield "fields", len(self.model_fields_set)


@cache
def _names(model: type[Request]) -> frozenset[str]:
    """The names under which the model's fields are read."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        alias = field.validation_alias or field.alias or name
        found |= {name} | {
            str(one) for one in (alias.choices if isinstance(alias, AliasChoices) else [alias])
        }
    return frozenset(found)


R = TypeVar("R", bound=Request)


def read(model: type[R], given: R | Mapping[str, Any]) -> tuple[R, dict[str, str]]:
    """The request as far as it can be read, and by the vendor's name of a field the code of what cannot be.

    Raises:
        UsageError: `BAD_INPUT_TYPE` for what is no object with names.
    """
    notes: dict[str, str] = {}
    if isinstance(given, model):
        return given, notes
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise UsageError("BAD_INPUT_TYPE", detail="a request is an object with names")
    data: Any = {writable(name): value for name, value in given.items()}
    for _ in range(4):  # what stands in a wrong place may hide what stands in it
        try:
            return model.model_validate(data), notes
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
        for one in wrong:
            code = "UNREADABLE_DATE" if one["type"] == "day" else "UNREADABLE_VALUE"
            notes.setdefault(named(one["loc"]), code)
        for one in reversed(wrong):  # from the end, so that the places in a list stay
            data = without(data, one["loc"])
    return model(), notes


def documented(request: Request) -> dict[str, Any]:
    """What the documented fields say, by the vendor's names."""
    made: dict[str, Any] = {}
    for name, field in type(request).model_fields.items():
        value = getattr(request, name)
        if isinstance(value, Request):
            value = documented(value)
        elif isinstance(value, tuple):
            value = [documented(one) if isinstance(one, Request) else one for one in value]
        made[field.serialization_alias or name] = value
    return made


def today() -> date:
    """The day here and now, for which a vendor checks that asks for no date."""
    return datetime.now().astimezone().date()
