"""From attributes to segments: names, places, the envelope and the delimiters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.documents import ISA, PPMD, answer, as_xml, cut, nodes, of, separators, values
from x271.sources import Source, load
from x271.sources.twin import to_dict


def body(node: dict[str, Any], segment: str, **options: Any) -> list[list[str]]:
    """The segments of one id that a document of this content gives: the same from XML, JSON and dict."""
    document = answer({"Detail": node}, **options)
    sources = [load(document), load(json.dumps(document)), load(as_xml(document))]
    assert len({source.x12 for source in sources}) == 1
    return of(sources[0].x12, segment)


def test_the_vendors_sample_is_this_interchange() -> None:
    assert load(PPMD / "sample.json").x12.split(b"~") == [
        b"ISA*00*          *00*          *ZZ*MCKESSON_TSH   *ZZ*007454         *220414*1038*|*00501"
        b"*000000001*0*P*:",
        b"GS*HB*ZZDEMO*025924AMD*20220414*103848*314159265*X*005010X279A1",
        b"ST*271*000000001*005010X279A1",
        b"BHT*0022*11*Prod9917412505465*20220414*103848",
        b"HL*1**20*1",
        b"NM1*PR*2*HEALTH CHOICE ARIZONA*****PI*ZZDEMO",
        b"AAA*N**80*R",
        b"HL*2*1*21*1",
        b"NM1*1P*1*JONES*CAMERON****XX*2133321234",
        b"HL*3*2*22*0",
        b"NM1*IL*1*VSEE*EDWARD****MI*234234",
        b"EB*V",
        b"MSG*The payer response contains invalid or non compliant data.(70002)",
        b"SE*12*000000001",
        b"GE*1*314159265",
        b"IEA*1*000000001",
        b"",
    ]


def test_a_whole_active_answer_keeps_its_order_its_accents_and_its_repetitions() -> None:
    source = load(PPMD / "active.xml")
    segments = cut(source.x12)
    assert [one[0] for one in segments].count("EB") == 13
    assert ["NM1", "IL", "1", "MUÑOZ", "RENÉ", "", "", "", "MI", "XYZ000000001"] in segments
    ls = segments.index(["LS", "2120"])
    assert [one[0] for one in segments[ls : ls + 6]] == ["LS", "NM1", "N3", "N4", "PER", "LE"]
    assert ["MSG", "Deductible and co-payments count: medical | pharmacy"] in segments
    repetition, component = separators(source.x12)
    assert (repetition, component) == ("^", "\x1f")  # ISA16 was a colon, and a message has one
    assert ["EB", "1", "", "1^33^35^47^86^88^98^AL^MH^UC", "PR"] in segments
    assert of(source.x12, "EB")[10][13] == "HC\x1f90837"
    assert segments[-3:] == [["SE", "51", "0001"], ["GE", "1", "42"], ["IEA", "1", "000000042"]]


def test_names_count_up_to_the_underscore_and_the_words_do_not() -> None:
    node = {"@HL01_Wrong": "1", "@HL03_": "22", "@HL04_HierarchicaChildCode": "0"}
    assert body(node, "HL") == [["HL", "1", "", "22", "0"]]


@pytest.mark.parametrize(
    "name", ["city", "EB1_x", "eb01_x", "EB00_x", "E01_x", "EBXY01_x", "EB01", "xmlns:EB01_x"]
)
def test_a_name_of_no_place_is_passed_over(name: str) -> None:
    assert load({"PPMDResults": {"a": {f"@{name}": "x", "@MSG01_x": "1"}}}).x12.count(b"*x") == 0


def test_the_order_of_attributes_does_not_matter() -> None:
    assert body({"@EB03_x": "30", "@EB01_x": "1", "@EB02_x": ""}, "EB") == [["EB", "1", "", "30"]]


def test_trailing_empty_elements_are_left_out_and_inner_blanks_kept() -> None:
    assert body({"@NM101_x": " IL ", "@NM103_x": "A  B", "@NM104_x": "", "@NM109_x": ""}, "NM1") == [
        ["NM1", " IL ", "", "A  B"]
    ]


def test_a_segment_without_any_value_is_left_out() -> None:
    assert body({"@AAA01_x": "", "@AAA03_x": ""}, "AAA") == []


def test_another_segment_id_among_the_attributes_starts_another_segment() -> None:
    node = {"@EB01_x": "1", "@EB03_x": "30", "@MSG01_x": "a", "@DTP01_x": "291"}
    assert [one[0] for one in cut(load(answer({"Detail": node})).x12)][3:6] == ["EB", "MSG", "DTP"]
    assert body(node, "EB") == [["EB", "1", "", "30"]]
    assert body(node, "MSG") == [["MSG", "a"]]
    assert body(node, "DTP") == [["DTP", "291"]]


def test_wrappers_may_have_any_name_depth_and_namespace() -> None:
    deep: dict[str, Any] = {"@EB01_x": "1"}
    for name in ("EB", "p:Deep", "Nonsense", "Name", "Name"):
        deep = {name: deep}
    assert body(deep, "EB") == [["EB", "1"]]
    inner = b'<x:Results x:success="1"><a x:EB01_y="1"/></x:Results>'
    source = load(b'<x:PPMDResults xmlns:x="urn:x">' + inner + b"</x:PPMDResults>")
    assert of(source.x12, "EB") == [["EB", "1"]]
    assert source.results is not None
    assert source.results.success is True


def test_child_elements_are_read_like_attributes_of_their_parent() -> None:
    assert body({"@EB01_x": "1", "EB03_x": ["30", "35"], "EB07_x": "12.5"}, "EB") == [
        ["EB", "1", "", "30^35", "", "", "", "12.5"]
    ]
    assert body({"EB01_x": "1", "EB03_x": "30", "W": {"MSG01_x": "a"}}, "EB") == [["EB", "1", "", "30"]]


def test_a_child_that_repeats_where_the_guide_has_no_repetition_is_the_next_segment() -> None:
    assert body({"MSG01_x": ["a", "b"]}, "MSG") == [["MSG", "a"], ["MSG", "b"]]
    assert body({"@MSG01_x": "a", "MSG01_x": "b"}, "MSG") == [["MSG", "a"], ["MSG", "b"]]
    flat = b"<a><EB01_x>1</EB01_x><EB03_x>30</EB03_x><EB01_x>C</EB01_x><EB03_x>35</EB03_x></a>"
    assert of(load(flat).x12, "EB") == [["EB", "1", "", "30"], ["EB", "C", "", "35"]]


def test_children_of_two_parents_are_two_segments() -> None:
    assert body({"E": [{"EB01_x": "1"}, {"EB03_x": "30"}]}, "EB") == [["EB", "1"], ["EB", "", "", "30"]]


def test_one_attribute_name_twice_with_different_words_repeats_the_element() -> None:
    assert body({"@EB01_x": "1", "@EB03_a": "30", "@EB03_b": "35"}, "EB") == [["EB", "1", "", "30^35"]]


@pytest.mark.parametrize(
    "node",
    [
        {"@EB01_x": "B", "@EB13_1_q": "HC", "@EB13_2_code": "90837", "@EB13_4_modifier": "95"},
        {"@EB01_x": "B", "EB13_1_q": "HC", "EB13_2_code": "90837", "EB13_4_modifier": "95"},
        {"@EB01_x": "B", "EB13_Composite": {"@EB13_1_q": "HC", "@EB13_2_code": "90837", "@EB13_4_m": "95"}},
        {"@EB01_x": "B", "EB13_Composite": {"EB13_1_q": "HC", "EB13_2_code": "90837", "EB13_4_m": "95"}},
        {"@EB01_x": "B", "@EB13_x": "HC:90837::95"},
    ],
)
def test_components_may_be_written_in_any_of_these_ways(node: dict[str, Any]) -> None:
    [eb] = body(node, "EB")
    assert eb[1] == "B"
    assert eb[13] == "HC:90837::95"


def test_an_attribute_in_json_may_hold_a_list() -> None:
    assert of(load(answer({"a": {"@EB03_x": ["30", "35"]}})).x12, "EB") == [["EB", "", "", "30^35"]]


def test_a_separator_that_is_text_elsewhere_is_written_as_another_one() -> None:
    node = {"@EB03_x": "30|35", "@EB05_x": "a|b", "@EB13_x": "HC:1", "W": {"@MSG01_x": "x: y"}}
    document = answer({"D": node}, isa={"@ISA11_x": "|"})
    del document["PPMDResults"]["Results"]["Edi271"]["InterchangeControlHeader"][
        "@ISA11_InterchangeStandardsIdentifier"
    ]
    x12 = load(document).x12
    repetition, component = separators(x12)
    assert "|" not in (repetition, component)
    assert component != ":"
    [eb] = of(x12, "EB")
    assert (eb[3].split(repetition), eb[5], eb[13].split(component)) == (["30", "35"], "a|b", ["HC", "1"])


@pytest.mark.parametrize("sent", ["U", " ", "", "ab", "0"])
def test_an_isa11_that_is_no_separator_is_replaced(sent: str) -> None:
    document = answer({"D": {"@EB03_x": "30^35"}}, isa={"@ISA11_InterchangeStandardsIdentifier": sent})
    assert separators(load(document).x12) == ("^", ":")


def test_a_separator_that_is_no_byte_in_utf8_is_replaced() -> None:
    document = answer({"D": {"@EB03_x": "30§35"}}, isa={"@ISA11_InterchangeStandardsIdentifier": "§"})
    x12 = load(document).x12
    assert separators(x12) == ("^", ":")
    assert of(x12, "EB") == [["EB", "", "", "30^35"]]


def test_isa_gets_its_widths_back_and_keeps_what_is_too_long() -> None:
    document = answer({"D": {"@EB01_x": "1"}}, isa={"@ISA08_x": "RECEIVER-OF-20-CHARS "})
    isa = cut(load(document).x12)[0]
    assert isa[6] == "SENDER".ljust(15)
    assert isa[8] == "RECEIVER-OF-20-CHARS"
    assert [len(value) for value in isa] == [3, 2, 10, 2, 10, 2, 15, 2, 20, 6, 4, 1, 5, 9, 1, 1, 1]


def test_a_document_without_an_envelope_gets_one() -> None:
    segments = cut(load('<a MSG01_x="1"><b MSG01_x="2"/></a>').x12)
    assert [one[0] for one in segments] == ["ISA", "GS", "ST", "MSG", "MSG", "SE", "GE", "IEA"]
    assert segments[2] == ["ST", "271", "0001", "005010X279A1"]
    assert segments[5] == ["SE", "4", "0001"]
    assert (segments[6][1], segments[7][1]) == ("1", "1")
    assert segments[1][6] == segments[6][2]
    assert segments[0][13] == segments[7][2]


def test_every_transaction_set_is_closed_and_counted() -> None:
    sets = [{"S": {"@ST01_x": "271", "@ST02_x": number}, "B": {"@BHT01_x": "0022"}} for number in ("1", "2")]
    document = {
        "PPMDResults": {"I": ISA, "G": {"@GS01_x": "HB", "@GS06_x": "9"}, "T": sets, "E": {"@IEA01_x": "1"}}
    }
    assert [one for one in cut(load(document).x12) if one[0] not in ("ISA", "GS", "BHT")] == [
        ["ST", "271", "1"],
        ["SE", "3", "1"],
        ["ST", "271", "2"],
        ["SE", "3", "2"],
        ["GE", "2", "9"],
        ["IEA", "1"],
    ]


def test_an_se_that_was_sent_stays_as_sent() -> None:
    document = answer({"a": {"@EB01_x": "1"}, "z": {"@SE01_x": "99", "@SE02_x": "0007"}})
    assert of(load(document).x12, "SE") == [["SE", "99", "0007"]]


def test_a_ta1_stands_in_the_interchange_and_before_the_group() -> None:
    document = {
        "PPMDResults": {"I": ISA, "T": {"@TA101_x": "1", "@TA104_x": "A"}, "B": {"@EB03_x": ["30", "35"]}}
    }
    segments = cut(load(document).x12)
    assert [one[0] for one in segments] == ["ISA", "TA1", "GS", "ST", "EB", "SE", "GE", "IEA"]
    assert segments[4] == ["EB", "", "", "30^35"]
    assert [one[0] for one in cut(load({"PPMDResults": {"T": {"@TA101_x": "1"}}}).x12)] == [
        "ISA",
        "TA1",
        "IEA",
    ]


def test_what_stands_behind_se_stays_there() -> None:
    document = answer({"a": {"@SE01_x": "2"}, "b": {"@MSG01_x": "late"}})
    assert [one[0] for one in cut(load(document).x12)] == ["ISA", "GS", "ST", "SE", "MSG", "GE", "IEA"]


def test_what_stands_behind_iea_or_before_isa_is_put_into_an_envelope() -> None:
    body = {"@MSG01_x": "1"}
    assert [one[0] for one in cut(load({"PPMDResults": {"E": {"@IEA01_x": "1"}, "B": body}}).x12)] == [
        *("ISA", "IEA"),
        *("ISA", "GS", "ST", "MSG", "SE", "GE", "IEA"),
    ]
    assert [one[0] for one in cut(load({"PPMDResults": {"B": body, "I": ISA}}).x12)] == [
        *("ISA", "GS", "ST", "MSG", "SE", "GE", "IEA"),
        *("ISA", "IEA"),
    ]


def test_several_interchanges_keep_their_own_separators_meaning() -> None:
    def interchange(repetition: str) -> dict[str, Any]:
        return {
            "I": {"@ISA11_x": repetition, "@ISA16_x": ">", "@ISA13_x": "1"},
            "S": {"@ST01_x": "271"},
            "E": {"@EB03_x": "30|35^98"},
        }

    x12 = load({"PPMDResults": {"Edi271": [interchange("|"), interchange("^")]}}).x12
    repetition, _ = separators(x12)
    assert [one[3].split(repetition) for one in of(x12, "EB")] == [["30", "35^98"], ["30|35", "98"]]


@given(nodes)
def test_xml_json_text_and_dict_give_the_same_bytes(node: dict[str, Any]) -> None:
    document = answer({"Detail": node})
    xml = as_xml(document)
    sources = [load(document), load(json.dumps(document)), load(xml), load(to_dict(xml)), load(xml.decode())]
    assert len({source.x12 for source in sources}) == 1


@given(
    st.lists(
        st.tuples(values, st.lists(values, min_size=1, max_size=3), st.lists(values, min_size=1, max_size=3)),
        min_size=1,
    ),
    st.sampled_from("*~^|:>!\\U"),
    st.sampled_from("*~^|:>!\\0"),
)
def test_delimiters_never_collide_with_data(
    rows: list[tuple[str, list[str], list[str]]], repetition: str, component: str
) -> None:
    rows = [
        (
            plan,
            [one.replace(repetition, "").replace("^", "") or "30" for one in types],
            [one.replace(component, "").replace(":", "") or "HC" for one in procedure],
        )
        for plan, types, procedure in rows
    ]
    sent_repetition = "^" if repetition == "U" else repetition
    sent_component = ":" if component == "0" else component
    benefits = [
        {"@EB03_x": sent_repetition.join(types), "@EB05_x": plan, "@EB13_x": sent_component.join(procedure)}
        for plan, types, procedure in rows
    ]
    isa = {"@ISA11_InterchangeStandardsIdentifier": repetition, "@ISA16_SubElementDelimeter": component}
    x12 = load(answer({"EB": benefits}, isa=isa)).x12
    out_repetition, out_component = separators(x12)
    assert len({x12[3:4].decode(), out_repetition, out_component, x12[-1:].decode()}) == 4
    written = [(eb[5], eb[3].split(out_repetition), eb[13].split(out_component)) for eb in of(x12, "EB")]
    assert written == rows


@given(st.dictionaries(st.integers(1, 20), values, min_size=1))
def test_every_value_stands_where_its_name_says(elements: dict[int, str]) -> None:
    node = {f"@NM1{number:02}_x": value for number, value in elements.items()}
    [nm1] = body(node, "NM1")
    assert nm1 == ["NM1", *(elements.get(number, "") for number in range(1, max(elements) + 1))]


def test_equal_documents_make_equal_sources() -> None:
    assert load(PPMD / "active.xml") == load(PPMD / "active.xml")
    assert isinstance(load(PPMD / "active.xml"), Source)
