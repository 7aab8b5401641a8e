"""What each key of a profile changes: one small document per key, and a field before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from normalize.documents import DAY, SOURCE, SUBSCRIBER

_ACTIVE = "EB*1**30~"
_ENTITY = "LS*2120~{}~LE*2120"
_CRITERIA = ["service_type", "network", "period", "place", "message"]


@dataclass(frozen=True)
class Effect:
    """`field` is an Integrex name, an attribute of the record, or `!CODE` for whether a finding is there."""

    key: str
    value: Any
    rows: str
    field: str
    before: Any
    after: Any
    source: tuple[str, ...] = SOURCE
    subscriber: tuple[str, ...] = SUBSCRIBER
    day: str | None = DAY

    @property
    def profile(self) -> dict[str, Any]:
        table, key = self.key.split(".")
        return {table: {key: self.value}}


def _entity(row: str, *segments: str) -> str:
    return f"{row}~{_ENTITY.format('~'.join(segments))}"


def _share(table: str, code: str, value: str, field: str, shown: str, message: str = "") -> list[Effect]:
    """The eight keys of co-insurance and the copays."""

    def row(level: str = "", service: str = "98", period: str = "27", kind: str = code) -> str:
        return f"EB*{kind}*{level}*{service}***{period}*{value}****Y{message}"

    return [
        Effect(f"{table}.information", ["K"], row(kind="K"), field, "", shown),
        Effect(f"{table}.service_types", ["MH"], row(service="MH"), field, "", shown),
        Effect(f"{table}.levels", ["IND"], row("FAM"), field, shown, ""),
        Effect(f"{table}.not_periods", [], row(period="29"), field, "", shown),
        Effect(f"{table}.periods", ["27"], row(period="23"), field, shown, ""),
        Effect(f"{table}.places", [""], f"{row()}~III*ZZ*10", field, shown, ""),
        Effect(f"{table}.messages", ["primary_care"], row(), field, shown, ""),
        Effect(
            f"{table}.order",
            ["level", *_CRITERIA],
            f"{row('FAM', service='30')}~{row('IND', service='').replace('20', '70').replace('.2', '.7')}",
            field,
            shown,
            shown.replace("20", "70"),
        ),
    ]


_IN, _OUT = "ded($)IndivInNetwork", "ded($)IndivOutOfNetwork"
_NO_ID = (*SUBSCRIBER[:1], "NM1*IL*1*DOE*JANE", "REF*SY*S1")
_OTHER = "NM1*{}*2*OTHER"

EFFECTS: list[Effect] = [
    Effect("coverage.active", ["1"], "EB*5**30", "coverage", "active", "unknown"),
    Effect("coverage.inactive", ["6"], "EB*7**30", "coverage", "inactive", "unknown"),
    Effect("coverage.pending", [], "EB*5**30", "pending", True, False),
    Effect("coverage.plan_service_types", ["MH"], "EB*1**MH", "!SERVICE_LEVEL_STATUS", True, False),
    Effect("coverage.implied_by", [], "EB*B**98***27*20", "coverage", "active", "unknown"),
    Effect("coverage.non_covered", [], "EB*I**30", "coverage", "inactive", "unknown"),
    Effect("coverage.non_covered_not_networks", [], "EB*I**30*********N", "coverage", "unknown", "inactive"),
    Effect("coverage.text_from", ["W"], "EB*W**30~MSG*ASK", "eligibility_text", "", "ASK"),
    Effect(
        "dates.start",
        ["356"],
        _ACTIVE + "DTP*346*D8*20260101~DTP*356*D8*20250101",
        "coverageStartDate",
        "2026-01-01",
        "2025-01-01",
    ),
    Effect(
        "dates.end",
        ["357"],
        _ACTIVE + "DTP*347*D8*20261231~DTP*357*D8*20270630",
        "coverageEndDate",
        "2026-12-31",
        "2027-06-30",
    ),
    Effect(
        "dates.name_start",
        [],
        "EB*1**30",
        "coverageStartDate",
        "2026-02-01",
        "",
        subscriber=(*SUBSCRIBER, "DTP*382*D8*20260201"),
    ),
    Effect(
        "dates.name_end",
        [],
        "EB*1**30",
        "coverageEndDate",
        "2026-12-01",
        "",
        subscriber=(*SUBSCRIBER, "DTP*540*D8*20261201"),
    ),
    Effect("dates.start_if_single", [], _ACTIVE + "DTP*307*D8*20261231", "coverageEndDate", "", "2026-12-31"),
    Effect("dates.echo", [], _ACTIVE + "DTP*291*D8*20261121", "coverageStartDate", "", "2026-11-21"),
    Effect("dates.service", [], "EB*6**30~DTP*472*D8*20261121~EB*1**30", "coverage", "inactive", "active"),
    Effect(
        "dates.date_of_service",
        [],
        "EB*1**30",
        "beginDOS",
        "2026-11-01",
        "2026-11-21",
        subscriber=(*SUBSCRIBER, "DTP*472*D8*20261101"),
        day=None,
    ),
    Effect(
        "dates.benefit", [], "EB*C*IND*30***23*500*****Y~DTP*292*RD8*20250101-20251231", _IN, "", "500.00"
    ),
    Effect("dates.benefit_pairs", [], "EB*C*IND*30***23*500*****Y~DTP*193*D8*20270101", _IN, "", "500.00"),
    Effect(
        "dates.other_payer",
        [],
        _entity("EB*R**30~DTP*290*D8*20270101", _OTHER.format("PRP")),
        "altName",
        "",
        "OTHER",
    ),
    Effect(
        "dates.open_from_year", 9999, _ACTIVE + "DTP*347*D8*20991231", "coverageEndDate", "", "2099-12-31"
    ),
    Effect("networks.in_network", [["Y"]], "EB*C*IND*30***23*500", _IN, "500.00", ""),
    Effect("networks.out_of_network", [["N"]], "EB*C*IND*30***23*500*****W", _OUT, "500.00", ""),
    Effect("networks.unspecified", ["U"], "EB*C*IND*30***23*500", "!NETWORK_UNSPECIFIED", True, False),
    Effect("plans.same", [], "EB*1**30*MA~EB*1**30*MB~EB*C**30*MB**23*500", _IN, "500.00", ""),
    Effect(
        "words.specialist",
        ["SPEC"],
        "EB*B**98***27*60*****Y~MSG*SPEC ONLY",
        "copay($)Specialist",
        "",
        "60.00",
    ),
    Effect(
        "words.primary_care",
        ["FAMILY"],
        "EB*B**98***27*60*****Y~MSG*SPECIALIST OR FAMILY",
        "copay($)",
        "",
        "60.00",
    ),
    Effect("amounts.deductible", ["G"], "EB*G*IND*30***23*500*****Y", _IN, "", "500.00"),
    Effect(
        "amounts.out_of_pocket", ["C"], "EB*C*IND*30***23*500*****Y", "oop($)IndivInNetwork", "", "500.00"
    ),
    Effect("amounts.service_types", ["98"], "EB*C*IND*98***23*500*****Y", _IN, "", "500.00"),
    Effect("amounts.individual", ["ECH"], "EB*C*ECH*30***23*500*****Y", _IN, "", "500.00"),
    Effect("amounts.family", ["ECH"], "EB*C*ECH*30***23*500*****Y", "ded($)FamilyInNetwork", "", "500.00"),
    Effect(
        "amounts.total",
        ["25", "23"],
        "EB*C*IND*30***23*900*****Y~EB*C*IND*30***25*500*****Y",
        _IN,
        "900.00",
        "500.00",
    ),
    Effect("amounts.remaining", ["33"], "EB*C*IND*30***33*500*****Y", f"{_IN}Remaining", "", "500.00"),
    Effect(
        "amounts.applied",
        [],
        "EB*C*IND*30***23*100*****Y~EB*C*IND*30***24*40*****Y",
        f"{_IN}Remaining",
        "60.00",
        "",
    ),
    Effect("amounts.places", [""], "EB*C*IND*30***23*500*****Y~III*ZZ*10", _IN, "500.00", ""),
    Effect("amounts.messages", [""], "EB*C*IND*30***23*500*****Y~MSG*TIER 1", _IN, "500.00", ""),
    Effect(
        "amounts.order",
        ["level", *_CRITERIA],
        "EB*C*EMP*30***23*500*****Y~EB*C*IND****23*900*****Y",
        _IN,
        "500.00",
        "900.00",
    ),
    Effect("amounts.placeholder_nines", 9, "EB*C*IND*30***23*99999*****Y", _IN, "", "99999.00"),
    *_share("coinsurance", "A", "*.2", "coins(%)InNetwork", "20"),
    *_share("copay", "B", "20*", "copay($)", "20.00"),
    *_share("specialist_copay", "B", "20*", "copay($)Specialist", "20.00", "~MSG*SPECIALIST"),
    Effect(
        "references.places",
        ["patient", "status_row"],
        _ACTIVE + "REF*6P*ROW",
        "groupNumber",
        "ROW",
        "OWN",
        subscriber=(*SUBSCRIBER[:2], "REF*6P*OWN"),
    ),
    Effect("references.group_number", ["IG"], _ACTIVE + "REF*IG*G1", "groupNumber", "", "G1"),
    Effect("references.plan_number", ["N6"], _ACTIVE + "REF*N6*N1", "planNumber", "", "N1"),
    Effect("references.member_id", ["SY"], "EB*1**30", "sub.MemberID", "", "S1", subscriber=_NO_ID),
    Effect(
        "references.member_id_qualifiers",
        ["ZZ"],
        "EB*1**30",
        "sub.MemberID",
        "",
        "Z1",
        subscriber=(*SUBSCRIBER[:1], "NM1*IL*1*DOE*JANE****ZZ*Z1"),
    ),
    Effect(
        "references.account_number",
        ["D9"],
        "EB*1**30",
        "internalAccountNumber1",
        "",
        "A1",
        subscriber=(*SUBSCRIBER[:2], "REF*D9*A1"),
    ),
    Effect("contacts.phone", ["WP"], "EB*1**30", "payerPhone", "", "5", source=(*SOURCE, "PER*IC**WP*5")),
    Effect("contacts.fax", ["TE"], "EB*1**30", "payerFax", "", "5", source=(*SOURCE, "PER*IC**TE*5")),
    Effect("contacts.website", ["EM"], "EB*1**30", "payerWebsite", "", "5", source=(*SOURCE, "PER*IC**EM*5")),
    Effect(
        "contacts.entity_phone",
        ["EM"],
        _entity("EB*R**30", _OTHER.format("PRP"), "PER*IC**EM*5"),
        "altPhone",
        "",
        "5",
    ),
    Effect("payers.second", ["VER"], _entity("EB*1**30", _OTHER.format("PR")), "payerName2", "OTHER", ""),
    Effect(
        "payers.second_must_differ",
        [],
        _entity("EB*1**30", "NM1*PR*2*ACME HEALTH"),
        "payerName2",
        "",
        "ACME HEALTH",
    ),
    Effect(
        "payers.administrators", ["VN"], _entity("EB*1**30", _OTHER.format("VN")), "payerTPA", "False", "True"
    ),
    Effect(
        "alternate_payer.information", ["D"], _entity("EB*D**30", _OTHER.format("PR")), "altName", "", "OTHER"
    ),
    Effect(
        "alternate_payer.carve_out_information",
        [],
        _entity("EB*1**30", _OTHER.format("Y2")),
        "altName",
        "OTHER",
        "",
    ),
    Effect(
        "alternate_payer.entities", ["PRP"], _entity("EB*R**30", _OTHER.format("SEP")), "altName", "OTHER", ""
    ),
    Effect(
        "alternate_payer.carve_out_entities",
        [],
        _entity("EB*1**30", _OTHER.format("Y2")),
        "altName",
        "OTHER",
        "",
    ),
    Effect(
        "alternate_payer.service_level_entities",
        [],
        _entity("EB*1**MH", _OTHER.format("PR")),
        "altName",
        "OTHER",
        "",
    ),
    Effect("alternate_payer.never", [], _entity("EB*R**30", _OTHER.format("1P")), "altName", "", "OTHER"),
    Effect(
        "alternate_payer.service_types",
        [["30", ""]],
        _entity("EB*R**MH", _OTHER.format("PRP")),
        "altName",
        "OTHER",
        "",
    ),
    Effect(
        "primary_care.information", ["X"], _entity("EB*X**30", "NM1*1P*1*SMITH"), "pcpLastName", "", "SMITH"
    ),
    Effect(
        "primary_care.entities", ["1P"], _entity("EB*D**30", "NM1*1P*1*SMITH"), "pcpLastName", "", "SMITH"
    ),
    Effect(
        "primary_care.npi_qualifiers",
        ["SV"],
        _entity("EB*L**30", "NM1*P3*1*SMITH*****SV*998"),
        "pcpNPI",
        "",
        "998",
    ),
    Effect(
        "rejections.levels",
        ["2100C"],
        "EB*D**30",
        "requestStatusCode",
        "42",
        "72",
        source=(*SOURCE, "AAA*Y**42*R"),
        subscriber=(*SUBSCRIBER[:2], "AAA*N**72*C"),
    ),
    Effect("rejections.benefit_levels", [], "EB*D**30~AAA*N**70*N", "requestStatusCode", "70", ""),
]
