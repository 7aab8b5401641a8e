"""An inquiry in the making: what a table (`vsee.tsv` and its like) says of a request, and what is wrong with it.

A table names for every field of a vendor's request where the inquiry has it. So what speaks against the inquiry is
said with the vendor's name of the field, and all of it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from pydantic import ValidationError

from .._tables import read_table
from ..findings import Finding
from . import kinds
from .check import Check
from .config import Clinic, Config
from .inquiry import Inquiry
from .parts import Payer, Provider
from .paths import named, steps, value_of, with_nothing, without
from .people import Subscriber
from .requests import Request, documented
from .sending import problem

_GENERAL = ("30",)


class Draft:
    """What is known so far.

    Attributes:
        patient: the path of whoever is asked about.
        names: the vendor's names of the inquiry's fields, by path.
        found: what cannot be read.
        control_number: ISA13, if the request says it.
        service_types: what is asked where the request does not say.
    """

    def __init__(self, config: Config, notes: Mapping[str, str], *, is_self: bool) -> None:
        """notes: by the vendor's name of a field the code of what is wrong with it."""
        self.config = config
        self.patient = "subscriber" if is_self else "dependents[0]"
        self.names: dict[str, str] = {}
        self.found: list[Finding] = []
        self.control_number: str | None = None
        self.service_types: tuple[str, ...] = _GENERAL
        self._notes = dict(notes)
        self._values: dict[str, Any] = {"payer": {}, "provider": {}, "subscriber": {}}
        if not is_self:
            self._values["dependents"] = [{}]

    def note(self, code: str, path: str, name: str) -> None:
        """Keeps a problem of a field of the inquiry, under the vendor's name."""
        self.names[path] = name
        self.found.append(problem(code, path))

    def fill(self, table: str, request: Request, **words: str) -> None:
        """Takes from the request what the table says; `words` stand for those in braces in it."""
        sent = documented(request)
        wanted = ("", "self" if self.patient == "subscriber" else "other")
        for row in rows(table):
            if row["when"] not in wanted:
                continue
            fields = [name.format(**words) for name in row["field"].split("|")]
            path = re.sub(r"^patient\b", self.patient, row["path"])
            wrong = [name for name in fields if name in self._notes]
            for name in wrong:
                self.note(self._notes.pop(name), path, name)
            name, value = next(
                ((name, got) for name in fields if (got := value_of(sent, name))), (fields[0], None)
            )
            if value or not wrong:
                kinds.TAKES[row["kind"]](self, path, value, name)
            if not value and not wrong and row.get("required"):
                self.note("REQUIRED_BY_VENDOR", path, name)

    def put(self, path: str, value: Any, name: str) -> None:
        """Sets a field of the inquiry, and says what the vendor calls it. An empty value sets nothing.

        A reference is named by its qualifier: `subscriber.references[6P]`.
        """
        if path.endswith(".begin"):  # what is said of a period is said of its first day
            self.names.setdefault(path.removesuffix(".begin"), name)
        if not value:
            self.names.setdefault(path, name)
            return
        *way, last = steps(path)
        owner: Any = self._values
        for step in way:
            if isinstance(step, int):
                owner.extend({} for _ in range(step + 1 - len(owner)))
                owner = owner[step]
            else:
                owner = owner.setdefault(step, [] if step in _LISTS else {})
        if isinstance(owner, list):
            self.names[f"{path.rpartition('[')[0]}[{len(owner)}]"] = name
            owner.append({"qualifier": last, "value": value})
        else:
            self.names[path] = name
            owner[last] = value

    def put_missing(self, path: str, value: str) -> None:
        """Sets a field that the request left empty."""
        if not value_of(self._values, path):
            self.put(path, value, self.names.get(path, path))

    def holder(self, subscriber: Subscriber) -> None:
        """Takes the subscriber as the caller has it."""
        self._values["subscriber"] = {name: getattr(subscriber, name) for name in subscriber.model_fields_set}

    def clinic(self, clinic: Clinic, name: str) -> None:
        """Who asks, from the configuration; `name` says what named it."""
        is_person = bool(clinic.last_name)
        self.put("provider.name", clinic.last_name or clinic.name, f"{name} name")
        self.put("provider.first_name", clinic.first_name if is_person else "", f"{name} first_name")
        self.put("provider.identifier", clinic.npi, f"{name} npi")
        self.put("provider.entity", clinic.entity, f"{name} entity")
        self.put("provider.role.role", clinic.role, f"{name} role")
        self.put("provider.role.identifier", clinic.taxonomy, f"{name} taxonomy")
        self.service_types = clinic.service_types or _GENERAL

    def inquiry(self) -> Inquiry:
        """The inquiry.

        Raises:
            InvalidInquiry: everything that speaks against sending it.
        """
        made, check = self._checked()
        check.raise_for_problems()
        return made

    def check(self) -> Check:
        """Everything that there is to say against sending it, with the vendor's names; see `Inquiry.check`."""
        return self._checked()[1]

    def _checked(self) -> tuple[Inquiry, Check]:
        made, found = self._made()
        check = made.check(names=self.names, also=found, control_number=self.control_number)
        # Two fields of an inquiry may be made of one of theirs; and what the payer needs, the vendor need not ask for.
        once = {(one.code, one.field): one for one in reversed(check.findings)}
        for one in check.findings:
            if one.code != "REQUIRED_BY_VENDOR":
                once.pop(("REQUIRED_BY_VENDOR", one.field), None)
        return made, check.model_copy(update={"findings": tuple(reversed(once.values()))})

    def _made(self) -> tuple[Inquiry, list[Finding]]:
        """The inquiry as far as it can be made, and what cannot."""
        data = deepcopy(self._values)
        patient = data["subscriber"] if self.patient == "subscriber" else data["dependents"][0]
        self._ask(patient)
        submitter = self.config.submitter
        for trace in patient.get("traces", ()):
            trace.setdefault("originator", submitter.trace_originator if submitter is not None else "")
        for part in ("payer", "provider"):
            data[part].setdefault("identifier", "")
        made, found = _inquiry(data)
        rest = [problem(code, name) for name, code in self._notes.items()]  # of fields that no inquiry has
        return made, [*self.found, *rest, *found]

    def _ask(self, patient: dict[str, Any]) -> None:
        """The patient's services: what the request says, else what the clinic asks, else the plan in general."""
        services: list[dict[str, Any]] = patient.setdefault("services", [{}])
        asked = services[0]
        if "procedure" not in asked:
            asked.setdefault("service_types", self.service_types)
        elif "service_types" in asked:  # X12 asks for one of them at a time
            services.append({name: value for name, value in asked.items() if name != "service_types"})
            del asked["procedure"]
            first, second = (f"{self.patient}.services[{number}]." for number in (0, 1))
            for path in [path for path in self.names if path.startswith(first)]:
                self.names[path.replace(first, second)] = self.names[path]


_LISTS = ("dependents", "references", "traces", "services")


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a vendor's table, in its order."""
    return tuple(read_table(f"inquiries/{table}.tsv"))


def _inquiry(data: dict[str, Any]) -> tuple[Inquiry, list[Finding]]:
    """The inquiry of these values without those that it cannot have, and what is to be said of them."""
    found: list[Finding] = []
    for _ in range(4):  # what stands in a wrong place may hide what stands in it
        try:
            return Inquiry.model_validate(data), found
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
        for one in reversed(wrong):
            path = one["loc"]
            if one["type"] != "missing":
                found.append(problem("UNREADABLE_VALUE", named(path)))
                data = without(data, path)
            elif path[-1] == "begin":  # a day cannot be empty; the check says what else is missing
                found.append(problem("MISSING_ELEMENT", named(path)))
                data = without(data, path[:-1])
            else:
                data = with_nothing(data, path)
    nobody = Inquiry(payer=Payer(identifier=""), provider=Provider(identifier=""), subscriber=Subscriber())
    return nobody, found
