"""Documents of stories: the answer (271) in its forms, the question (270), and the acknowledgement of that (999)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from .story import Story

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..inquiries.inquiry import Inquiry

GUIDE = "005010X279A1"
ASKED, ANSWERED = time(8, 59, tzinfo=UTC), time(9, 0, tzinfo=UTC)
HUB, PRACTICE = "EXAMPLEHUB", "SAMPLEPRACTICE"  # who sends answers, and who sends questions
ORIGINATOR = "9SAMPLEPRA"  # of the trace numbers: 9, and nine characters of the practice


def answer(stories: Sequence[Story], *, control_number: int, day: date) -> bytes:
    """The stories as one interchange of answers, a transaction set each."""
    sets = [transaction(one, f"{at:04}", day) for at, one in enumerate(stories, start=1)]
    return interchange(sets, control_number=control_number, day=day)


def transaction(one: Story, number: str, day: date) -> list[str]:
    """The segments from ST to SE of one answer."""
    body = one.segments()
    return [
        f"ST*271*{number}*{GUIDE}",
        f"BHT*0022*11*{one.values['reference']}*{day:%Y%m%d}*{ANSWERED:%H%M}",
        *body,
        f"SE*{len(body) + 3}*{number}",
    ]


def interchange(
    sets: Sequence[Sequence[str]], *, control_number: int, day: date, line_end: str = "\n"
) -> bytes:
    """Transaction sets of answers in their envelope."""
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{HUB:15}*ZZ*{PRACTICE:15}*{day:%y%m%d}*{ANSWERED:%H%M}*^*00501"
        f"*{control_number:09}*0*T*:",
        f"GS*HB*{HUB}*{PRACTICE}*{day:%Y%m%d}*{ANSWERED:%H%M}*{control_number}*X*{GUIDE}",
        *(segment for one in sets for segment in one),
        f"GE*{len(sets)}*{control_number}",
        f"IEA*1*{control_number:09}",
    ]
    return written(segments, line_end)


def written(segments: Sequence[str], line_end: str = "\n") -> bytes:
    """Segments as bytes, each with its terminator and what ends its line."""
    end = f"~{line_end}"
    return (end.join(segments) + end).encode("ascii")


def inquiries(one: Story) -> list[Inquiry]:
    """What was asked so that the story is the answer; of a scenario about 999s, what it asks instead."""
    return [_inquiry(said, one.values) for said in one.scenario.asks]


def _inquiry(said: Mapping[str, Any], values: Mapping[str, Any]) -> Inquiry:
    from ..inquiries import Dependent, Inquiry, Payer, Procedure, Provider, Service, Subscriber, TraceNumber
    from .template import filled

    asked = filled(dict(said), values)
    services = [Service(service_types=asked["service_types"])]
    services += [
        Service(procedure=Procedure(code=code, qualifier=asked["qualifier"])) for code in asked["procedures"]
    ]
    patient = {
        "traces": (TraceNumber(number=asked["trace"], originator=ORIGINATOR),),
        "date_of_service": asked["day"],
        "services": tuple(services),
    }
    subscriber, dependent = _names(asked["subscriber"], values), asked["dependent"]
    member = asked["member"] or values[f"{asked['subscriber']}.member"]
    if asked["birth"]:
        subscriber["birth_date"] = asked["birth"]
    return Inquiry(
        payer=Payer(
            name=values[f"{asked['payer']}.name"],
            identifier=values[f"{asked['payer']}.id"],
            entity=asked["entity"],
        ),
        provider=Provider(name=values["clinic.name"], identifier=values["clinic.npi"]),
        subscriber=Subscriber(member_id=member, **subscriber, **({} if dependent else patient)),
        dependents=(Dependent(**_names(dependent, values), **patient),) if dependent else (),
        reference=asked["reference"],
    )


def _names(person: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "last_name": values[f"{person}.last"],
        "first_name": values[f"{person}.first"],
        "birth_date": values[f"{person}.birth"],
        "gender": values[f"{person}.gender"],
    }


def question(stories: Sequence[Story], *, control_number: int, day: date) -> bytes:
    """What was asked so that these are the answers, as one interchange; damaged where the scenario says so."""
    from ..inquiries import to_x12

    asked = [inquiry for one in stories for inquiry in inquiries(one)]
    made = to_x12(
        asked,
        sender=PRACTICE,
        receiver=HUB,
        control_number=control_number,
        usage="T",
        at=datetime.combine(day, ASKED),
        line_end="\n",
        batch=len(asked) > 1,
    )
    damage = [one for each in stories for one in each.scenario.damage]
    return damaged(made, damage) if damage else made


def damaged(data: bytes, damage: Sequence[Mapping[str, Any]]) -> bytes:
    """The document with an element of a segment overwritten, or the segment left out, for each damage.

    `segment` is the segment as it begins, `nth` which one of these, from 1; `element` and `value` what is written, and
    without them the segment goes, and SE counts one less.
    """
    segments = [one.split("*") for one in data.decode("ascii").replace("~\n", "~").rstrip("~").split("~")]
    for one in damage:
        begin = one["segment"].split("*")
        hits = [at for at, parts in enumerate(segments) if parts[: len(begin)] == begin]
        at = hits[one.get("nth", 1) - 1]
        if "element" in one:
            segments[at][one["element"]] = one["value"]
        else:
            del segments[at]
            end = next(later for later, parts in enumerate(segments) if later >= at and parts[0] == "SE")
            segments[end][1] = str(int(segments[end][1]) - 1)
    return written(["*".join(parts) for parts in segments])


def acknowledgment(stories: Sequence[Story], *, control_number: int, day: date) -> bytes:
    """The 999 that a receiver gives to that question."""
    from .. import validate

    asked = question(stories, control_number=control_number, day=day)
    at = datetime.combine(day, ANSWERED)
    return validate(asked).ack_999(control_number=control_number, at=at)
