"""The 999 (005010X231A1) and the 997, top to bottom: what became of a group that was sent.

A 999 speaks of each transaction set, of its segments in error and of their elements; the older 997 says the same with
other segments. The TA1, which answers for an interchange, is a segment of the envelope.
"""

from __future__ import annotations

from .base import Loop, Segment
from .composites import Context, PositionInSegment, ReferenceInSegment
from .fields import element, loop, segment
from .segments import TransactionHeader, TransactionTrailer

TRIGGER = ("SITUATIONAL TRIGGER",)


class GroupResponse(Segment, segment_id="AK1"):
    """AK1: which group is answered."""

    functional_identifier: str = element(1, "AK101: GS01 of the group.", "479", "R")
    control_number: str = element(2, "AK102: GS06 of the group.", "28", "R")
    version: str = element(3, "AK103: GS08 of the group.", "480")


class SetResponse(Segment, segment_id="AK2"):
    """AK2: which transaction set is answered."""

    transaction: str = element(1, "AK201: its ST01.", "143", "R")
    control_number: str = element(2, "AK202: its ST02.", "329", "R")
    version: str = element(3, "AK203: its ST03.", "1705")


class SegmentError(Segment, segment_id="IK3"):
    """IK3: a segment in error."""

    segment: str = element(1, "IK301: its identifier.", "721", "R")
    place: int | None = element(2, "IK302: counted from 1, the ST.", "719", "R")
    loop: str = element(3, "IK303: the loop's identifier.", "447")
    error: str = element(4, "IK304.", "620")


class SegmentNote(Segment, segment_id="AK3"):
    """AK3: a segment in error."""

    segment: str = element(1, "AK301: its identifier.", "721", "R")
    place: int | None = element(2, "AK302: counted from 1, the ST.", "719", "R")
    loop: str = element(3, "AK303: the loop's identifier.", "447")
    error: str = element(4, "AK304.", "720")


class ErrorContext(Segment, segment_id="CTX"):
    """CTX: what in the transaction set made it an error, or whose business it is."""

    contexts: tuple[Context, ...] = element(1, "CTX01, repeated.", "C998", "R", repeat=10)
    segment: str = element(2, "CTX02: identifier of the segment.", "721", "R")
    place: int | None = element(3, "CTX03: counted from 1, the ST.", "719", "R")
    loop: str = element(4, "CTX04: the loop's identifier.", "447")
    where: PositionInSegment | None = element(5, "CTX05.", "C030")
    data_elements: ReferenceInSegment | None = element(6, "CTX06.", "C999")


class ElementError(Segment, segment_id="IK4"):
    """IK4: an element in error."""

    where: PositionInSegment | None = element(1, "IK401.", "C030", "R")
    data_element: str = element(2, "IK402: its number in X12's dictionary.", "725")
    error: str = element(3, "IK403.", "621", "R")
    value: str = element(4, "IK404: a copy of what was sent.", "724")


class ElementNote(Segment, segment_id="AK4"):
    """AK4: an element in error."""

    where: PositionInSegment | None = element(1, "AK401.", "C030", "R")
    data_element: str = element(2, "AK402: its number in X12's dictionary.", "725")
    error: str = element(3, "AK403.", "723", "R")
    value: str = element(4, "AK404: a copy of what was sent.", "724")


class SetResult(Segment, segment_id="IK5"):
    """IK5: whether the transaction set was accepted."""

    acknowledgment: str = element(1, "IK501: A accepted, E with errors, R rejected.", "717", "R")
    error_1: str = element(2, "IK502.", "618")
    error_2: str = element(3, "IK503.", "618")
    error_3: str = element(4, "IK504.", "618")
    error_4: str = element(5, "IK505.", "618")
    error_5: str = element(6, "IK506.", "618")


class SetVerdict(Segment, segment_id="AK5"):
    """AK5: whether the transaction set was accepted."""

    acknowledgment: str = element(1, "AK501: A accepted, E with errors, R rejected.", "717", "R")
    error_1: str = element(2, "AK502.", "718")
    error_2: str = element(3, "AK503.", "718")
    error_3: str = element(4, "AK504.", "718")
    error_4: str = element(5, "AK505.", "718")
    error_5: str = element(6, "AK506.", "718")


class GroupResult(Segment, segment_id="AK9"):
    """AK9: whether the group was accepted."""

    acknowledgment: str = element(1, "AK901: A accepted, E with errors, P in part, R rejected.", "715", "R")
    included: int | None = element(2, "AK902: GE01 of the group.", "97", "R")
    received: int | None = element(3, "AK903: transaction sets counted.", "123", "R")
    accepted: int | None = element(4, "AK904: transaction sets accepted.", "2", "R")
    error_1: str = element(5, "AK905.", "716")
    error_2: str = element(6, "AK906.", "716")
    error_3: str = element(7, "AK907.", "716")
    error_4: str = element(8, "AK908.", "716")
    error_5: str = element(9, "AK909.", "716")


class ErrorInElement(Loop, loop_id="2110"):
    """2110: an element in error."""

    error: ElementError | None = segment("IK4.", "R")
    triggers: tuple[ErrorContext, ...] = segment("CTX.", max=10, codes={"1-1": TRIGGER}, unused=("1-2",))


class ErrorInSegment(Loop, loop_id="2100"):
    """2100: a segment in error, with its elements in error."""

    error: SegmentError | None = segment("IK3.", "R")
    triggers: tuple[ErrorContext, ...] = segment(
        "CTX: what made the segment an error.", max=9, codes={"1-1": TRIGGER}, unused=("1-2",)
    )
    business_unit: ErrorContext | None = segment(
        "CTX: whose claim, member or question it is.", required=("1-2",), unused=(2, 3, 4, 6)
    )
    elements: tuple[ErrorInElement, ...] = loop("2110.")


class TransactionResponse(Loop, loop_id="2000"):
    """2000: what became of one transaction set."""

    header: SetResponse | None = segment("AK2.", "R")
    segments: tuple[ErrorInSegment, ...] = loop("2100.")
    result: SetResult | None = segment("IK5.", "R")


class ImplementationAcknowledgment(Loop, loop_id="999"):
    """A 999: ST to SE."""

    header: TransactionHeader | None = segment("ST.", "R")
    group: GroupResponse | None = segment("AK1.", "R", required=(3,))
    responses: tuple[TransactionResponse, ...] = loop("2000.")
    result: GroupResult | None = segment("AK9.", "R")
    trailer: TransactionTrailer | None = segment("SE.", "R")


class NotedSegment(Loop, loop_id="AK3"):
    """AK3: a segment in error, with its elements in error."""

    error: SegmentNote | None = segment("AK3.", "R")
    elements: tuple[ElementNote, ...] = segment("AK4.", max=99)


class TransactionNotes(Loop, loop_id="AK2"):
    """AK2: what became of one transaction set."""

    header: SetResponse | None = segment("AK2.", "R")
    segments: tuple[NotedSegment, ...] = loop("AK3.")
    result: SetVerdict | None = segment("AK5.", "R")


class FunctionalAcknowledgment(Loop, loop_id="997"):
    """A 997: ST to SE."""

    header: TransactionHeader | None = segment("ST.", "R", situational=(3,))
    group: GroupResponse | None = segment("AK1.", "R")
    responses: tuple[TransactionNotes, ...] = loop("AK2.")
    result: GroupResult | None = segment("AK9.", "R")
    trailer: TransactionTrailer | None = segment("SE.", "R")
