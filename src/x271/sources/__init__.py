"""Where bytes come from: X12, PPMDResults XML, its JSON twin, each found by content and made X12.

`load_all` reads every answer of an input, `load` the only one. `twin` turns XML into its JSON twin and back.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import chain

from ..errors import DataError, SeveralPatients
from .finding import FIELD, guarded, in_mapping, in_text
from .given import content, recognize
from .limits import Limits
from .results import Fault, Results
from .source import Source

__all__ = ["FIELD", "Data", "Fault", "Limits", "Results", "Source", "load", "load_all"]

Data = bytes | bytearray | memoryview | str | os.PathLike[str] | Mapping[str, object]
_DEFAULT = Limits()


def load_all(
    data: Data, *, limits: Limits = _DEFAULT, field: str = FIELD, line: int = 1
) -> Iterator[Source | DataError]:
    """Every answer of an input in document order; for an answer that cannot be had, the error as a value.

    So a fault or a bad line does not lose the answers beside it. `bytes` and `str` are content, `os.PathLike`
    is a file, a mapping is the JSON twin in xmltodict's form. Answers stand at any depth of JSON, under
    `PPMDResults` or `raw_response`, which may itself be X12, XML or JSON text; in a list, each element may
    hold some; in JSON Lines, each line. An empty `raw_response` is passed over.

    Raises (at the call, for what concerns the whole input):
        UsageError: `BAD_INPUT_TYPE`, `UNREADABLE_FILE`.
        DataError: `EMPTY_INPUT`, `UNKNOWN_FORM`, `MALFORMED_XML`, `FORBIDDEN_XML`, `MALFORMED_JSON`,
            `TOO_LARGE`, `TOO_DEEP`, and `NOT_AN_ANSWER` if there is none.
    """
    if isinstance(data, Mapping):
        found = in_mapping(data, limits=limits, field=field)
    else:
        given = recognize(content(data, limits=limits), limits=limits)
        found = in_text(given, limits=limits, field=field, line=line)
    first = next(found, None)
    if first is None:
        raise DataError("NOT_AN_ANSWER")
    return chain((first,), guarded(found))


def load(data: Data, *, limits: Limits = _DEFAULT) -> Source:
    """The only answer of an input; see `load_all`.

    Raises:
        X271Error: as `load_all`.
        VendorFault: the vendor sent a fault instead of an answer.
        AnswerPending: the vendor has no answer yet.
        SeveralPatients: the input holds several answers.
    """
    found = list(load_all(data, limits=limits))
    if len(found) > 1:
        raise SeveralPatients(count=len(found))
    if isinstance(found[0], DataError):
        raise found[0]
    return found[0]
