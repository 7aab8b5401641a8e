"""Where a segment stands: the loops around it, each with its repetition from the second on."""

from __future__ import annotations

import pytest
from hypothesis import given

import x271
from drawn import whole
from variants import BASE
from x12 import (
    ACTIVE,
    DEPENDENT,
    RECEIVER,
    SOURCE,
    SUBSCRIBER,
    SUBSCRIBER_ABOVE,
    interchange,
    transaction,
    written,
)
from x271.grammar.compiled import engine
from x271.testing import mangled

OTHER = ("HL*4*2*22*1", "TRN*2*T2*9CLEARING1", "NM1*IL*1*ROE*JIM****MI*W200")
CHILDREN = ("HL*5*4*23*0", "NM1*03*1*ROE*ANN", "HL*6*4*23*0", "NM1*03*1*ROE*BEN", ACTIVE)


def paths(data: bytes) -> dict[str, str | None]:
    """The path of each segment by its text; of the last of several."""
    read = engine().read(data)
    return {"*".join(parts): read.loop_path(index) for index, (_, _, parts) in enumerate(read.segments())}


def test_a_path_leads_from_the_transaction_set_to_the_loop() -> None:
    found = paths(BASE.read_bytes())
    assert found["BHT*0022*11*VAR0001*20261119*0815"] == "271"
    assert found["NM1*PR*2*MERIDIAN SAMPLE PLAN*****PI*MSP01"] == "271/2000A/2100A"
    assert found["TRN*2*VARIANT-0001*9RIVERBEND"] == "271/2000A/2000B/2000C"
    assert found["DMG*D8*19820620*F"] == "271/2000A/2000B/2000C/2100C"


def test_the_segments_of_the_envelope_have_no_path() -> None:
    found = paths(BASE.read_bytes())
    assert [found[name] for name in found if name.split("*")[0] in ("ISA", "GS", "GE", "IEA")] == [None] * 4


def test_a_repetition_is_counted_in_the_loop_around_it() -> None:
    found = paths(BASE.read_bytes())
    around = "271/2000A/2000B/2000C/2100C/"
    assert found["REF*18*PLN-0271"] == around + "2110C"
    assert found["EB*C*IND*30***23*1000*****Y"] == around + "2110C[2]"
    assert found["III*ZZ*11"] == around + "2110C[6]/2115C"
    assert found["PER*IC**TE*7755550110*FX*7755550111"] == around + "2110C[11]/2120C"
    assert found["NM1*FA*2*PRIMER EXAMPLE PRACTICE*****XX*2999000054"] == around + "2110C[11]/2120C[2]"


def test_levels_are_counted_by_their_parents() -> None:
    sets = transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, ACTIVE, *OTHER, *CHILDREN)
    found = paths(written(interchange(sets)))
    assert found["NM1*IL*1*DOE*JANE****MI*W100"] == "271/2000A/2000B/2000C/2100C"
    assert found["NM1*IL*1*ROE*JIM****MI*W200"] == "271/2000A/2000B/2000C[2]/2100C"
    assert found["NM1*03*1*ROE*ANN"] == "271/2000A/2000B/2000C[2]/2000D/2100D"
    assert found[ACTIVE] == "271/2000A/2000B/2000C[2]/2000D[2]/2100D/2110D"


def test_levels_that_mix_are_counted_by_their_parents_too() -> None:
    """HL02 decides whose child a level is, not the order."""
    later = ("HL*7*3*23*0", "NM1*03*1*DOE*LATE")
    sets = transaction(*SOURCE, *RECEIVER, *SUBSCRIBER_ABOVE, *DEPENDENT, *OTHER, *CHILDREN, *later)
    sets = [one.replace("HL*4*3*23*0", "HL*8*3*23*0") for one in sets]
    assert paths(written(interchange(sets)))["NM1*03*1*DOE*LATE"] == "271/2000A/2000B/2000C/2000D[2]/2100D"


def test_a_loop_without_its_first_segment_is_in_the_path() -> None:
    data = written(interchange(transaction(*SOURCE, *RECEIVER, "HL*3*2*22*0", "DMG*D8*19800101*F", ACTIVE)))
    assert paths(data)["DMG*D8*19800101*F"] == "271/2000A/2000B/2000C/2100C"


def test_each_transaction_set_counts_for_itself() -> None:
    sets = [transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, f"EB*{at}**30", number=f"000{at}") for at in (1, 6)]
    found = paths(written(interchange(*sets)))
    assert found["EB*1**30"] == found["EB*6**30"] == "271/2000A/2000B/2000C/2100C/2110C"


def test_findings_rejections_and_what_explains_a_field_have_it() -> None:
    rows = (ACTIVE, "EB*V**69", "AAA*N**70*N", "EB*ZZ**30")
    data = written(interchange(transaction(*SOURCE, *RECEIVER, *SUBSCRIBER, *rows)))
    for one in (x271.parse(data), x271.normalize(data), x271.validate(data)):
        (finding,) = (each for each in one.findings if each.code == "UNKNOWN_CODE")
        assert finding.position is not None
        assert finding.position.loop_path == "271/2000A/2000B/2000C/2100C/2110C[3]"
        assert "loop 271/2000A/2000B/2000C/2100C/2110C[3], " in str(finding)
    (rejection,) = x271.normalize(data).rejections
    assert rejection.position is not None
    assert rejection.position.loop_path == "271/2000A/2000B/2000C/2100C/2110C[2]"


def test_a_rejection_of_nobody_has_it() -> None:
    data = written(interchange(transaction(*SOURCE, "AAA*N**42*R")))
    with pytest.raises(x271.NoPatient) as caught:
        x271.normalize(data)
    (rejection,) = caught.value.rejections
    assert rejection.position is not None
    assert rejection.position.loop_path == "271/2000A/2100A"


@given(mangled(whole()))
def test_a_path_ends_with_the_loop_of_the_segment(data: bytes) -> None:
    try:
        findings = x271.validate(data).findings
    except x271.DataError:
        return
    for one in findings:
        place = one.position
        if place is not None:
            assert (place.loop is None) == (place.loop_path is None)
            assert place.loop is None or (place.loop_path or "").split("/")[-1].split("[")[0] == place.loop
