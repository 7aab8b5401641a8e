"""`assert_same_record`: two records say the same, or the fields in which they do not, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..api import normalize
from ..errors import UsageError
from ..normalize.eligibility import Eligibility
from .comparing import Difference, differences
from .showing import shown

if TYPE_CHECKING:
    from .._reading import Data
    from ..normalize.explanation import Explanation

_MOST_SHOWN = 25


def assert_same_record(
    a: Eligibility | Data,
    b: Eligibility | Data,
    *,
    ignore: str | Iterable[str] = (),
    places: bool = False,
    values: bool = False,
    **question: Any,
) -> None:
    """Two records say the same, wherever it stood and in whatever form it came.

    The message names each field that differs by its path, old -> new, and says from which segment by which rule
    either got its value (`explain`). Codes, amounts and counts are shown. Of names, numbers, dates and free text it
    says only in what they differ, so the message may stand in a log.

    Args:
        a, b: a record, or whatever `x271.normalize` takes.
        ignore: paths that may differ, with all below them: `findings`, `payer.contacts`, `benefits[3]`.
        places: positions, control numbers and the vendor's own attributes must be the same, too.
        values: the message shows every value as it is. For invented patients.
        question: options of `x271.normalize` (`date_of_service`, `service_types`, ...) for what is no record yet.

    Raises:
        AssertionError: they differ.
        X271Error: as `x271.normalize`, for an `a` or `b` that it refuses.
    """
    __tracebackhide__ = True
    before, after = (one if isinstance(one, Eligibility) else normalize(one, **question) for one in (a, b))
    left_out = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    found = [one for one in differences(before, after, places=places) if not _is_in(one.path, left_out)]
    if found:
        raise AssertionError("\n".join(told(before, after, found, values=values)))


def told(
    before: Eligibility, after: Eligibility, found: list[Difference], *, values: bool = False
) -> Iterator[str]:
    """The differences in lines of text."""
    yield f"the records differ in {len(found)} field{'' if len(found) == 1 else 's'}"
    for one in found[:_MOST_SHOWN]:
        yield f"  {one.path}: {shown(one, values=values)}"
        if values and (one.before, one.after) == one.rows:
            continue
        yield from _because(_reasons(before, one, 0, values), _reasons(after, one, 1, values))
    if len(found) > _MOST_SHOWN:
        yield f"  ... and {len(found) - _MOST_SHOWN} more"
    if not values:
        yield "  (values that may identify a person are not shown; values=True shows them)"


def _because(first: tuple[str, list[str]], second: tuple[str, list[str]]) -> Iterator[str]:
    """Why the two records have their values: a rule that both went by once, then the places of each."""
    if first[0] == second[0] and first[0]:
        yield f"      both   {first[0]}"
        first, second = ("", first[1]), ("", second[1])
    for name, (rule, places) in (("first", first), ("second", second)):
        for at, line in enumerate([*([rule] if rule else []), *places]):
            yield f"      {name if at == 0 else '':6} {line}"


def _reasons(record: Eligibility, one: Difference, which: int, values: bool) -> tuple[str, list[str]]:
    """The rule by which a record has its value, and the segments; of a row, where it stands."""
    place = getattr(one.rows[which], "position", None)
    if place is not None:
        return "", [f"at {place}"]
    explanation = _explanation(record, one.path)
    if explanation is None:
        return "", []
    lines = []
    for references, at, reasons in explanation.origins():
        lines.append(f"from {references}, {at.where}" + (f": {at.text}" if values else ""))
        lines += [f"- {reason.text if values else reason.code.replace('_', ' ')}" for reason in reasons]
    return explanation.rule_text, lines


def _explanation(record: Eligibility, path: str) -> Explanation | None:
    """None for a field that has no explanation, and for a record that no longer knows its document."""
    while path:
        try:
            return record.explain(path)
        except UsageError as error:
            if error.code != "UNKNOWN_FIELD":
                return None
        path = path.rpartition(".")[0]
    return None


def _is_in(path: str, left_out: tuple[str, ...]) -> bool:
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in left_out)
