"""Documents written back: what was read byte for byte, what was changed with everything around it right."""

from __future__ import annotations

import copy
import json
import pickle
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import x271
from drawn import answers, whole
from variants import VARIANTS
from x12 import (
    ACTIVE,
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    answer,
    interchange,
    meaning,
    transaction,
    written,
)
from x12 import segments as cut
from x271.errors import Position
from x271.grammar.answer import SubscriberBenefit, SubscriberBenefitEntity
from x271.grammar.base import Segment
from x271.grammar.composites import DiagnosisPointers, MedicalProcedure
from x271.grammar.envelope import Delimiters, Group, Interchange
from x271.grammar.segments import (
    BenefitInformation,
    Demographics,
    GroupHeader,
    InterchangeHeader,
    InterchangeTrailer,
    LoopHeader,
    MessageText,
    Name,
    TraceNumber,
)
from x271.testing import mangled

FIXTURES = Path(__file__).parents[2] / "fixtures"
SUFFIXES = {".x12", ".270", ".271", ".997", ".999", ".ta1"}
VALID = sorted(
    path
    for folder in ("acknowledgments", "archive", "questions", "variants")
    for path in (FIXTURES / folder).iterdir()
    if path.suffix in SUFFIXES
)
# What writing puts right, or leaves out; a document without these is in the guide's order.
MENDED = {
    *("BYTE_ORDER_MARK", "LEADING_BLANKS", "CONTROL_MISMATCH", "HL_CHILD_MISMATCH", "MISSING_TRAILER"),
    *("UNTERMINATED_SEGMENT", "ENTITY_WITHOUT_LS", "LS_NOT_CLOSED", "BAD_HL"),
}
PIPES = Delimiters(element="|", repetition="!", component=">", terminator="'")


def changed(document: Interchange, kind: type[Segment], **update: Any) -> Interchange:
    """The document with this said in every segment of a kind."""
    return document.map_segments(lambda one: one.model_copy(update=update) if isinstance(one, kind) else one)


def rows(data: bytes) -> list[str]:
    return cut(data)


def codes(document: Interchange) -> set[str]:
    return {one.code for one in document.findings}


def refused(act: Callable[[], Any]) -> x271.UsageError:
    with pytest.raises(x271.UsageError) as caught:
        act()
    return caught.value


def pickled(document: Interchange) -> Any:
    return pickle.loads(pickle.dumps(document))  # noqa: S301 - our own


# --- unchanged


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize("key", VARIANTS)
def test_what_was_read_is_written_byte_for_byte_also_by_its_copies(key: str, copied: Any) -> None:
    document = x271.parse(VARIANTS[key].data)
    assert document.to_x12() == VARIANTS[key].data
    assert copied(document).to_x12() == VARIANTS[key].data
    assert copied(document) == document


@given(mangled(whole()))
def test_whatever_can_be_read_is_written_byte_for_byte(data: bytes) -> None:
    try:
        document = x271.parse(data)
    except x271.DataError:
        return
    assert document.to_x12() == data
    following = tuple(one.model_copy() for one in document.following)
    try:
        again = document.model_copy(update={"following": following}).to_x12()
    except x271.UsageError as error:
        if (error.code, error.position and error.position.segment) != ("DELIMITER_IN_VALUE", 1):
            raise
        return  # an ISA whose widths hide a terminator
    assert "CONTROL_MISMATCH" not in codes(x271.parse(again))


def test_an_isa_with_too_long_an_element_stays_as_it_was_sent() -> None:
    data = written(answer(ACTIVE)).replace(b"*PAYERX  ", b"*PAYERX OF THE NORTH  ", 1)
    assert x271.parse(data).model_copy().to_x12() == data


def test_an_isa_with_a_separator_inside_an_element_stays_as_it_was_sent() -> None:
    data = written(answer(ACTIVE)).replace(b"*0900*^*", b"*090**^*", 1)
    again = x271.parse(data).model_copy(update={"following": ()}).to_x12()
    # Its elements count from where the separators stand, so what was ISA12 comes back as the control number.
    assert again == data.replace(b"IEA*1*000000001", b"IEA*1*00501")


def test_a_count_of_very_many_digits_is_counted_anew() -> None:
    data = written(answer(ACTIVE)).replace(b"SE*12*", b"SE*" + b"1" * 5000 + b"*", 1)
    assert b"~SE*12*0001~" in x271.parse(data).model_copy(update={"following": ()}).to_x12()


def test_a_control_number_with_a_character_that_only_python_takes_for_a_blank_is_repeated() -> None:
    data = written(answer(ACTIVE)).replace(b"ST*271*0001", b"ST*271*000\x85", 1)
    again = x271.parse(data).model_copy(update={"following": ()}).to_x12()
    assert b"~SE*12*000\x85~" in again


def test_a_control_number_that_header_and_trailer_decode_differently_is_still_the_same() -> None:
    """The header has a byte that is no UTF-8, the trailer has none."""
    data = written(answer(ACTIVE)).replace(b"GS*HB*PAYERX", b"GS*HB*\x80AYERX", 1)
    data = data.replace(b"*0900*1*X", b"*0900*\xe1\x80\x80*X", 1).replace(
        b"GE*1*1~", b"GE*1*\xe1\x80\x80~", 1
    )
    again = x271.parse(data).model_copy(update={"following": ()}).to_x12()
    assert "CONTROL_MISMATCH" not in codes(x271.parse(again))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_valid_document_written_from_its_models_is_the_same(path: Path) -> None:
    assert x271.parse(path).model_copy().to_x12() == path.read_bytes()
    assert x271.parse(path).model_copy(deep=True).to_x12() == path.read_bytes()


@pytest.mark.parametrize("key", VARIANTS)
def test_so_is_a_variant_in_which_writing_has_nothing_to_mend(key: str) -> None:
    document = x271.parse(VARIANTS[key].data)
    assert (document.model_copy().to_x12() == VARIANTS[key].data) == (not codes(document) & MENDED)


@given(answers())
def test_a_generated_answer_written_from_its_models_has_the_same_segments_and_records(data: bytes) -> None:
    document = x271.parse(data)
    again = document.model_copy().to_x12()

    def kept(of: bytes) -> Counter[str]:
        return Counter(row for row in rows(of) if row.partition("*")[0] not in {"HL", "SE", "LS", "LE"})

    assert kept(again) == kept(data)
    assert not codes(x271.parse(again)) & MENDED
    assert x271.parse(again).model_copy().to_x12() == again
    assert _said(again) == _said(data)


def _said(data: bytes) -> list[str]:
    """What the records mean, in any order: a dependent may be sent after another subscriber, and is numbered so."""
    found = [meaning(one.model_dump(mode="json", exclude={"findings"})) for one in x271.normalize_all(data)]
    for benefit in (benefit for record in found for benefit in record["benefits"]):
        del benefit["record_id"]
    return sorted(map(json.dumps, found))


# --- changed


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_changed_copy_of_a_valid_document_is_valid(path: Path) -> None:
    before = x271.parse(path)
    after = changed(before, Name, last_name="ROE")
    for group in after.groups:
        shorter = group.model_copy(update={"transactions": group.transactions[-1:]})
        after = after.model_copy(update={"groups": (shorter,)})
    again = x271.parse(after.to_x12())
    assert codes(again) <= codes(before)
    assert after.to_x12() == again.to_x12()


def test_only_what_was_changed_is_written_anew() -> None:
    data = written(answer("EB*C*IND*30***23*0500.50*****Y**", "MSG*OLD*", "EB*H*IND*98**"))
    after = changed(x271.parse(data), MessageText, text="NEW").to_x12()
    assert after == data.replace(b"MSG*OLD*", b"MSG*NEW")


def test_counts_control_numbers_and_levels_are_made_right() -> None:
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, *DEPENDENT, ACTIVE)))
    document = x271.parse(data)
    assert "HL_CHILD_MISMATCH" in codes(document)  # the subscriber says that it has no dependents
    (one,) = document.answers()
    source = one.sources[0]
    twice = one.model_copy(update={"sources": (source, source)})
    group = document.groups[0].model_copy(update={"transactions": (twice, one)})
    header = document.header.model_copy(update={"control_number": "77"})
    after = document.model_copy(update={"groups": (group,), "header": header}).to_x12()
    assert [row for row in rows(after) if row.startswith("HL*")] == [
        *("HL*1**20*1", "HL*2*1*21*1", "HL*3*2*22*1", "HL*4*3*23*0"),
        *("HL*5**20*1", "HL*6*5*21*1", "HL*7*6*22*1", "HL*8*7*23*0"),
        *("HL*1**20*1", "HL*2*1*21*1", "HL*3*2*22*1", "HL*4*3*23*0"),
    ]
    assert rows(after)[0].split("*")[13] == "000000077"
    assert rows(after)[-2:] == ["GE*2*1", "IEA*1*000000077"]
    assert not codes(x271.parse(after)) & MENDED


def test_the_isa_keeps_its_widths() -> None:
    after = changed(x271.parse(written(answer(ACTIVE))), InterchangeHeader, sender="ME", security=None)
    data = after.to_x12()
    assert data[:106] == (
        b"ISA*00*          *00*          *ZZ*ME             *ZZ*RECEIVER       "
        b"*261121*0900*^*00501*000000001*0*P*:~"
    )


def test_ls_and_le_come_and_go_with_the_entities() -> None:
    document = x271.parse(written(answer(ACTIVE, "LS*2120", "NM1*PR*2*A", "LE*2120")))
    entity = SubscriberBenefitEntity(name=Name(entity="P3", entity_type="1", last_name="PRIMER"))

    def with_entities(*entities: SubscriberBenefitEntity, **update: Any) -> list[str]:
        (one,) = document.answers()
        return rows(_with_benefit(document, one.sources[0], entities=entities, **update).to_x12())[-9:]

    assert with_entities(entity, entity)[2:6] == ["LS*2120", "NM1*P3*1*PRIMER", "NM1*P3*1*PRIMER", "LE*2120"]
    assert with_entities(entity, loop_headers=(), loop_trailers=())[3:6] == [
        *("LS*2120", "NM1*P3*1*PRIMER", "LE*2120"),
    ]
    assert not any(row.startswith(("LS", "LE")) for row in with_entities())


def _with_benefit(document: Interchange, source: Any, **update: Any) -> Interchange:
    """The document with its first benefit changed, level by level."""
    receiver = source.receivers[0]
    subscriber = receiver.subscribers[0]
    benefit = subscriber.name.benefits[0].model_copy(update=update)
    name = subscriber.name.model_copy(update={"benefits": (benefit,)})
    subscriber = subscriber.model_copy(update={"name": name})
    receiver = receiver.model_copy(update={"subscribers": (subscriber,)})
    source = source.model_copy(update={"receivers": (receiver,)})
    (one,) = document.answers()
    group = document.groups[0]
    group = group.model_copy(update={"transactions": (one.model_copy(update={"sources": (source,)}),)})
    return document.model_copy(update={"groups": (group,)})


def test_segments_made_by_hand_are_written_from_their_fields() -> None:
    document = x271.parse(written(answer(ACTIVE)))
    benefit = BenefitInformation(
        information_code="C",
        service_types=("30", "98"),
        amount=Decimal("1E+3"),
        percent=Decimal("0.20"),
        procedure=MedicalProcedure(qualifier="HC", code="99213", last_code="99215"),
        diagnosis_pointers=DiagnosisPointers(pointer_1=1, pointer_2=2),
    )
    made = SubscriberBenefit(benefit=benefit, messages=(MessageText(text="SPECIALIST"),))
    (one,) = document.answers()
    after = _with_benefit(
        document, one.sources[0], **{name: getattr(made, name) for name in made.model_fields_set}
    )
    after = changed(after, Demographics, birth_date=date(1979, 1, 2))
    text = rows(after.to_x12())
    assert "EB*C**30^98****1000*0.20*****HC:99213::::::99215*1:2" in text
    assert "MSG*SPECIALIST" in text
    assert "DMG*D8*19790102*F" in text
    (patient,) = (patient for one in x271.parse(after.to_x12()).answers() for patient in one.patients())
    read = patient.benefits[0].benefit
    assert read is not None
    assert (read.amount, read.percent, read.service_types) == (Decimal(1000), Decimal("0.2"), ("30", "98"))
    assert read.procedure is not None
    assert read.procedure.last_code == "99215"


def test_a_component_is_changed_among_its_neighbours() -> None:
    document = x271.parse(written(answer("EB*1**30**********HC:99213:25:odd :::X")))

    def change(one: Segment) -> Segment:
        if not isinstance(one, BenefitInformation) or one.procedure is None:
            return one
        return one.model_copy(update={"procedure": one.procedure.model_copy(update={"code": "99214"})})

    assert "EB*1**30**********HC:99214:25:odd :::X" in rows(document.map_segments(change).to_x12())


def test_an_interchange_can_be_made_by_hand() -> None:
    header = InterchangeHeader(
        authorization_qualifier="00",
        security_qualifier="00",
        sender_qualifier="ZZ",
        sender="A",
        receiver_qualifier="ZZ",
        receiver="B",
        date="261121",
        time="0900",
        version="00501",
        control_number="7",
        acknowledgment_requested="0",
        usage="T",
    )
    group = Group(header=GroupHeader(functional_identifier="HB", control_number="3", date=date(2026, 11, 21)))
    delimiters = Delimiters(element="*", repetition="^", component=":", terminator="~")
    made = Interchange(header=header, groups=(group,), delimiters=delimiters)
    data = made.to_x12(line_end="\n")
    assert data == (
        b"ISA*00*          *00*          *ZZ*A              *ZZ*B              "
        b"*261121*0900*^*00501*000000007*0*T*:~\nGS*HB***20261121**3~\nGE*0*3~\nIEA*1*000000007~\n"
    )
    assert x271.parse(data).header.sender == "A"


def test_what_no_field_holds_stays_where_it_stood() -> None:
    data = written(
        [
            *answer("ZZZ*BEFORE*A:B^C", ACTIVE, "ZZY*1", "MSG*TEXT", "ZZX*2")[:-2],
            *("STRAY*1", "GE*1*1", "IEA*1*000000001", "GE*1*1"),
        ]
    )
    document = x271.parse(data)
    assert "UNKNOWN_SEGMENT" in codes(document)
    assert document.model_copy().to_x12() == data


@pytest.mark.parametrize("text", ["MUÑOZ", "MÜLLER É"])
def test_a_changed_document_stays_in_its_encoding(text: str) -> None:
    for encoding in ("utf-8", "latin-1"):
        data = written(answer(ACTIVE, f"MSG*{text}")).decode().encode(encoding)
        after = changed(x271.parse(data), TraceNumber, number="T2").to_x12()
        assert after == data.replace(b"TRN*2*T1", b"TRN*2*T2")


def test_text_that_its_encoding_cannot_hold_is_written_in_utf_8() -> None:
    data = written(answer(ACTIVE, "MSG*MUÑOZ")).decode().encode("latin-1")
    for text in ("ŁÓDŹ", "Ã©"):  # not in Latin-1; Latin-1 that looks like UTF-8
        again = x271.parse(changed(x271.parse(data), MessageText, text=text).to_x12())
        assert [one.text for one in _messages(again)] == [text]


def _messages(document: Interchange) -> list[MessageText]:
    found: list[MessageText] = []

    def look(one: Segment) -> Segment:
        if isinstance(one, MessageText):
            found.append(one)
        return one

    document.map_segments(look)
    return found


# --- several interchanges


def test_of_several_interchanges_each_is_written_in_its_own_way() -> None:
    data = VARIANTS["two-interchanges"].data
    document = x271.parse(data)
    assert document.model_copy().to_x12() == data
    (second,) = document.following
    first_only = changed(document.model_copy(update={"following": ()}), TraceNumber, number="N1").to_x12()
    assert first_only + second.to_x12() == data.replace(b"VARIANT-0001", b"N1", 1)
    both = changed(document, TraceNumber, number="N1").to_x12()
    assert both == data.replace(b"VARIANT-0001", b"N1")
    assert changed(second, TraceNumber, number="N1").to_x12() == second.to_x12().replace(
        b"VARIANT-0001", b"N1"
    )


def test_line_ends_are_those_of_the_input_or_those_asked_for() -> None:
    for end in ("", "\n", "\r\n"):
        data = written(answer(ACTIVE), after=end)
        document = x271.parse(data)
        assert changed(document, TraceNumber, number="T2").to_x12() == data.replace(b"*T1*", b"*T2*")
        assert document.to_x12(line_end=end) == data
        assert document.to_x12(line_end="\r\n") == written(answer(ACTIVE), after="\r\n")
    unended = written(answer(ACTIVE), after="\n").rstrip(b"\n")
    assert x271.parse(unended).model_copy().to_x12() == unended


# --- other delimiters


def test_delimiters_asked_for_separate_repetitions_and_components() -> None:
    data = written(answer("EB*1**30^98**********HC:99213", "ZZZ*A:B^C", "MSG*NOTE: 5^2"))
    text = x271.parse(data).to_x12(delimiters=PIPES, line_end="\n").decode()
    assert "EB|1||30!98||||||||||HC>99213'\nZZZ|A>B!C'\nMSG|NOTE: 5^2'\n" in text
    assert text.startswith("ISA|00|")
    assert text[82] == "!"
    assert text[104:107] == ">'\n"
    assert x271.parse(text.encode()).model_copy().to_x12() == text.encode()


def test_delimiters_asked_for_and_back_give_the_same_document() -> None:
    data = written(answer("EB*1**30^98**********HC:99213", "ZZZ*A:B^C", "HSD*VS*12"))
    document = x271.parse(data)
    there = x271.parse(document.to_x12(delimiters=PIPES, line_end="\n"))
    assert there.to_x12(delimiters=document.delimiters, line_end="") == data


def test_the_own_delimiters_asked_for_change_nothing() -> None:
    data = VARIANTS["blank-line"].data
    document = x271.parse(data)
    assert document.to_x12(delimiters=document.delimiters) == data


def test_delimiters_asked_for_are_those_of_all_interchanges() -> None:
    document = x271.parse(VARIANTS["two-interchanges"].data)
    again = x271.parse(document.to_x12(delimiters=PIPES))
    assert [one.delimiters for one in again.interchanges()] == [PIPES, PIPES]


def test_a_copy_with_other_delimiters_is_written_in_these() -> None:
    document = x271.parse(written(answer("EB*1**30^98")))
    asked = document.to_x12(delimiters=PIPES)
    assert document.model_copy(update={"delimiters": PIPES}).to_x12() == asked


@given(answers(), st.permutations("|!>}{;"))
def test_a_generated_answer_in_other_delimiters_gives_the_same_records(data: bytes, drawn: list[str]) -> None:
    element, repetition, component, terminator, *_ = drawn
    wanted = Delimiters(element=element, repetition=repetition, component=component, terminator=terminator)
    document = x271.parse(data).model_copy()
    again = document.to_x12(delimiters=wanted)
    assert x271.parse(again).delimiters == wanted
    assert _said(again) == _said(data)


# --- refused


@pytest.mark.parametrize("delimiter", ["*", "^", ":", "~"])
def test_a_value_with_a_delimiter_is_refused_with_its_place_and_without_the_value(delimiter: str) -> None:
    document = changed(x271.parse(written(answer(ACTIVE, "MSG*A"))), MessageText, text=f"SECRET{delimiter}X")
    error = refused(document.to_x12)
    assert error.code == "DELIMITER_IN_VALUE"
    assert error.position == Position(segment=14, element=1, loop="2110C")
    assert "MSG01" in str(error)
    assert "SECRET" not in str(error)


def test_so_are_a_component_and_what_was_read_when_other_delimiters_are_asked_for() -> None:
    document = x271.parse(written(answer("EB*1**30**********HC:9>9", "MSG*A")))
    error = refused(lambda: document.to_x12(delimiters=PIPES))
    assert error.position == Position(segment=13, element=13, component=2, loop="2110C")
    benefit = BenefitInformation(information_code="1", procedure=MedicalProcedure(qualifier="HC", code="9:9"))
    (one,) = document.answers()
    error = refused(_with_benefit(document, one.sources[0], benefit=benefit).to_x12)
    assert error.position == Position(segment=13, element=13, component=2, loop="2110C")
    by_hand = Segment(segment_identifier="ZZZ", elements=("A", "B*C"))
    error = refused(_with_benefit(document, one.sources[0], others=(by_hand,)).to_x12)
    assert error.position == Position(segment=15, element=2, loop="2110C")


@pytest.mark.parametrize(
    ("kind", "update"),
    [
        (InterchangeHeader, {"sender": "X" * 16}),
        (BenefitInformation, {"amount": Decimal("NaN")}),
        (BenefitInformation, {"amount": Decimal(10**18)}),
        (BenefitInformation, {"amount": 1.5}),
        (BenefitInformation, {"network": True}),
        (MessageText, {"text": "\ud800"}),
    ],
)
def test_a_value_that_an_element_cannot_have_is_refused(kind: type[Segment], update: dict[str, Any]) -> None:
    document = changed(x271.parse(written(answer(ACTIVE, "MSG*A"))), kind, **update)
    error = refused(document.to_x12)
    assert error.code == "UNWRITABLE_FIELD"
    assert error.position is not None
    assert error.position.element is not None


@pytest.mark.parametrize(
    "wrong",
    [{"element": "^"}, {"element": ""}, {"component": "::"}, {"terminator": "A"}, {"repetition": " "}],
)
def test_delimiters_that_would_not_be_read_back_are_refused(wrong: dict[str, str]) -> None:
    document = x271.parse(written(answer(ACTIVE)))
    error = refused(lambda: document.to_x12(delimiters=document.delimiters.model_copy(update=wrong)))
    assert error.code == "BAD_OPTION"
    wrong_copy = document.model_copy(update={"delimiters": document.delimiters.model_copy(update=wrong)})
    assert refused(wrong_copy.to_x12).code == "BAD_OPTION"
    assert refused(lambda: document.to_x12(line_end=" ")).position == Position(key="line_end")


# --- map_segments


def test_map_segments_gives_the_same_object_if_nothing_changes() -> None:
    document = x271.parse(VARIANTS["latin-1"].data)
    assert document.map_segments(lambda one: one) is document


def test_map_segments_shares_what_lies_beside_the_path() -> None:
    data = written(
        interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, "MSG*A"), transaction(*SOURCE))
    )
    document = x271.parse(data)
    after = changed(document, MessageText, text="B")
    assert after.groups[0].transactions[0] is not document.groups[0].transactions[0]
    assert after.groups[0].transactions[1] is document.groups[0].transactions[1]
    assert after.header is document.header
    assert document.to_x12() == data


def test_map_segments_takes_away_what_it_gives_none_for() -> None:
    data = written(answer("ZZZ*1", ACTIVE, "MSG*A", "MSG*B"))
    after = x271.parse(data).map_segments(
        lambda one: None if one.segment_identifier in ("MSG", "ZZZ", "DMG") else one
    )
    subscriber = SUBSCRIBER[:-1]
    assert after.to_x12() == written(answer(ACTIVE, subscriber=subscriber))


def test_map_segments_refuses_a_segment_of_another_kind_and_the_loss_of_the_isa() -> None:
    document = x271.parse(written(answer(ACTIVE, "MSG*A")))
    error = refused(
        lambda: document.map_segments(lambda one: LoopHeader() if isinstance(one, MessageText) else one)
    )
    assert error.code == "BAD_OPTION"
    assert error.position is not None
    assert error.position.key is not None
    assert error.position.key.endswith("benefits[0].messages[0]")
    error = refused(
        lambda: document.map_segments(lambda one: None if isinstance(one, InterchangeHeader) else one)
    )
    assert error.position == Position(key="header")
    after = document.map_segments(lambda one: None if isinstance(one, InterchangeTrailer) else one)
    assert after.to_x12() == document.to_x12()
