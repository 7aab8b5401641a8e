//! One row per patient.

use super::build::{Columns, Put};
use super::cells::Cell;
use super::schema::{self, Kind, Table};
use super::told::{Parts, Recorded};
use super::words::Dictionaries;
use crate::normalize::At;
use crate::normalize::payers::Related;
use crate::normalize::preferences::holds;
use arrow_schema::ArrowError;

type Fill = for<'x, 'a> fn(&'x Recorded<'a>) -> Cell<'x>;

pub struct Eligibility {
    pub columns: Columns,
    fills: Vec<(usize, Fill)>,
    traces: usize,
    plans: usize,
    raw: usize,
    names: Vec<&'static str>,
}

impl Eligibility {
    pub fn new(dictionaries: &Dictionaries) -> Result<Eligibility, ArrowError> {
        let listed = schema::columns(Table::Eligibility);
        let mut fills = Vec::new();
        for (at, column) in listed.iter().enumerate() {
            if matches!(column.kind, Kind::List(_)) {
                continue;
            }
            let known = COLUMNS.iter().find(|(name, _)| *name == column.name);
            let (_, fill) = known.ok_or_else(|| schema::unknown(column.name))?;
            fills.push((at, *fill));
        }
        Ok(Eligibility {
            columns: Columns::new(&listed, dictionaries)?,
            fills,
            traces: schema::place(&listed, "traces")?,
            plans: schema::place(&listed, "plans")?,
            raw: schema::place(&listed, "raw_values")?,
            names: listed.iter().map(|column| column.name).collect(),
        })
    }

    pub fn add(&mut self, x: &Recorded<'_>) {
        let row = self.columns.rows;
        let encoding = x.told.encoding;
        self.columns.rows += 1;
        for (at, fill) in &self.fills {
            let cell = fill(x);
            if self.columns.builders[*at].put(row, &cell, encoding) == Put::DoesNotFit
                && let (Some(list), Cell::Number(Some(number))) =
                    (self.columns.builders[self.raw].list(), &cell)
            {
                let (item, into) = list.item(row);
                into[0].put(item, &Cell::Text(self.names[*at]), encoding);
                into[1].put(item, &Cell::Made(number.plain()), encoding);
            }
        }
        if let Some(list) = self.columns.builders[self.traces].list() {
            for &segment in &x.record.traces {
                let (item, into) = list.item(row);
                for (builder, element) in into.iter_mut().zip(1..) {
                    builder.put(item, &x.told.element(Some(segment), element), encoding);
                }
            }
        }
        let Some(list) = self.columns.builders[self.plans].list() else {
            return;
        };
        for plan in &x.record.coverage.plans {
            let (item, into) = list.item(row);
            let named = &x.record.rows[plan.row];
            let cells = [
                Cell::Text(plan.status.name()),
                Cell::Sent(named.element(1)),
                Cell::Sent(named.element(4)),
                Cell::Sent(named.element(5)),
                Cell::Date(plan.window.start.map(|(day, _)| day)),
                Cell::Date(plan.window.end.map(|(day, _)| day)),
            ];
            for (builder, cell) in into.iter_mut().zip(&cells) {
                builder.put(item, cell, encoding);
            }
        }
    }
}

fn part<'a>(parts: &Parts<'a>, number: usize) -> Cell<'a> {
    Cell::Sent(parts.get(number).trim_ascii())
}

fn status<'a>(x: &'a Recorded<'_>, element: usize) -> Cell<'a> {
    let row = x.record.coverage.row;
    row.map_or(Cell::Empty, |at| {
        Cell::Sent(x.record.rows[at].element(element))
    })
}

/// The service type of the status row: the plan's own if it is among them, else the first.
fn benefit_type<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    let Some(row) = x.record.coverage.row.map(|at| &x.record.rows[at]) else {
        return Cell::Empty;
    };
    let plan_types = &x.told.context.preferences.coverage.plan_service_types;
    let plan = row.service_types().find(|code| holds(plan_types, code));
    plan.or_else(|| row.service_types().next())
        .map_or(Cell::Empty, Cell::Sent)
}

fn relationship<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    if x.told.found.patient.is_dependent() {
        x.told.at(x.record.relationship)
    } else {
        Cell::Text("18")
    }
}

fn primary<'a>(x: &'a Recorded<'_>) -> Option<Cell<'a>> {
    let primary = x.record.rejections.primary?;
    let segment = x.record.rejections.all[primary].segment;
    Some(x.told.element(Some(segment), 3))
}

/// What a code means, where a text of ours may stand instead.
fn described<'a>(x: &'a Recorded<'_>, table: &str, cell: &Cell<'a>) -> &'a str {
    let Cell::Sent(code) = cell else { return "" };
    let codes = x.told.inner.knowledge.codes.get(table);
    let code = x.told.encoding.decode(code);
    codes
        .and_then(|codes| codes.get(&*code))
        .map_or("", String::as_str)
}

fn text<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    let places = &x.record.rejections.text;
    if places.is_empty() {
        return Cell::Empty;
    }
    let said: Vec<_> = places
        .iter()
        .map(|at| x.told.encoding.decode(x.told.context.text(*at)))
        .collect();
    Cell::Made(said.join(" "))
}

/// TRN02 of the first trace that echoes the question's.
fn trace<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    let echoes = |segment: &&u32| {
        let at = At {
            segment: **segment,
            element: 1,
        };
        x.told.context.text(at) == b"2"
    };
    x.told
        .element(x.record.traces.iter().find(echoes).copied(), 2)
}

fn of<'a>(x: &'a Recorded<'_>, related: &Option<Related>, element: u8) -> Cell<'a> {
    related
        .as_ref()
        .map_or(Cell::Empty, |related| x.told.party(&related.party, element))
}

fn address_of<'a>(x: &'a Recorded<'_>, related: &Option<Related>) -> Cell<'a> {
    related
        .as_ref()
        .map_or(Cell::Empty, |related| x.told.address(&related.party))
}

fn contact<'a>(x: &'a Recorded<'_>, related: &Option<Related>, kinds: &[String]) -> Cell<'a> {
    let at = related
        .as_ref()
        .and_then(|related| related.party.contact(x.told.context, kinds));
    x.told.at(at)
}

fn alternate_type<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    let Some(related) = &x.record.payers.alternate else {
        return Cell::Empty;
    };
    let row = &x.record.rows[related.row];
    let kind = described(x, "EB04", &Cell::Sent(row.element(4)));
    Cell::Text(if kind.is_empty() {
        described(x, "EB01", &Cell::Sent(row.information()))
    } else {
        kind
    })
}

fn npi<'a>(x: &'a Recorded<'_>) -> Cell<'a> {
    let Some(related) = &x.record.payers.primary_care else {
        return Cell::Empty;
    };
    let context = x.told.context;
    let qualifier = related.party.said(context, 8);
    let qualifier = qualifier.map_or(b"".as_slice(), |at| context.text(at));
    if holds(&context.preferences.primary_care.npi_qualifiers, qualifier) {
        x.told.party(&related.party, 9)
    } else {
        Cell::Empty
    }
}

fn phones<'a>(x: &'a Recorded<'_>) -> &'a [String] {
    &x.told.context.preferences.contacts.entity_phone
}

/// Each column that is no list, and what fills it.
const COLUMNS: &[(&str, Fill)] = &[
    ("key", |x| Cell::Text(x.told.key)),
    ("source", |x| Cell::Text(x.told.given.source)),
    ("answer", |x| Cell::Count(x.told.given.answer)),
    ("transaction_set", |x| {
        Cell::Count(x.told.given.before + x.told.found.transaction + 1)
    }),
    ("patient", |x| Cell::Count(x.told.found.index + 1)),
    ("segment", |x| {
        x.told.number(x.told.context.transaction.first)
    }),
    ("offset", |x| {
        x.told.offset(x.told.context.transaction.first)
    }),
    ("interchange_control_number", |x| {
        Cell::Text(&x.told.controls.interchange)
    }),
    ("group_control_number", |x| {
        Cell::Text(&x.told.controls.group)
    }),
    ("transaction_control_number", |x| {
        Cell::Text(&x.told.controls.transaction_set)
    }),
    ("trace", trace),
    ("date_of_service", |x| Cell::Date(x.record.day)),
    ("response_date", |x| {
        Cell::Date(x.record.response_date.map(|(day, _)| day))
    }),
    ("coverage", |x| Cell::Text(x.record.coverage.status.name())),
    ("coverage_reason", |x| Cell::Text(x.record.coverage.reason)),
    ("pending", |x| Cell::Flag(x.record.coverage.pending)),
    ("rejected", |x| {
        Cell::Flag(x.record.rejections.primary.is_some())
    }),
    ("request_status_code", |x| primary(x).unwrap_or(Cell::Empty)),
    ("request_status", |x| {
        let code = primary(x);
        Cell::Text(code.map_or("Success", |code| described(x, "AAA03", &code)))
    }),
    ("eligibility_response", |x| {
        primary(x).unwrap_or(Cell::Sent(b""))
    }),
    ("eligibility_text", text),
    ("patient_last_name", |x| part(&x.patient().name, 3)),
    ("patient_first_name", |x| part(&x.patient().name, 4)),
    ("patient_middle_name", |x| part(&x.patient().name, 5)),
    ("patient_suffix", |x| part(&x.patient().name, 7)),
    ("patient_birth_date", |x| {
        Cell::Date(x.record.patient.birth.map(|(day, _)| day))
    }),
    ("patient_gender", |x| x.told.at(x.record.patient.gender)),
    ("patient_identifier_qualifier", |x| {
        part(&x.patient().name, 8)
    }),
    ("patient_identifier", |x| part(&x.patient().name, 9)),
    ("patient_member_id", |x| {
        let own = !x.told.found.patient.is_dependent();
        x.told.at(x.record.member_id.filter(|_| own))
    }),
    ("patient_address", |x| Cell::Text(&x.patient().address)),
    ("is_dependent", |x| {
        Cell::Flag(x.told.found.patient.is_dependent())
    }),
    ("relationship_code", relationship),
    ("relationship", relationship),
    ("identity_changed", |x| {
        Cell::Flag(x.record.identity_changed.is_some())
    }),
    ("subscriber_last_name", |x| part(&x.subscriber.name, 3)),
    ("subscriber_first_name", |x| part(&x.subscriber.name, 4)),
    ("subscriber_middle_name", |x| part(&x.subscriber.name, 5)),
    ("subscriber_suffix", |x| part(&x.subscriber.name, 7)),
    ("subscriber_birth_date", |x| {
        Cell::Date(x.record.subscriber.birth.map(|(day, _)| day))
    }),
    ("subscriber_gender", |x| {
        x.told.at(x.record.subscriber.gender)
    }),
    ("subscriber_identifier_qualifier", |x| {
        part(&x.subscriber.name, 8)
    }),
    ("subscriber_identifier", |x| part(&x.subscriber.name, 9)),
    ("subscriber_member_id", |x| x.told.at(x.record.member_id)),
    ("subscriber_address", |x| Cell::Text(&x.subscriber.address)),
    ("account_number", |x| x.told.at(x.record.account_number)),
    ("status_code", |x| status(x, 1)),
    ("status", |x| status(x, 1)),
    ("coverage_start", |x| {
        Cell::Date(x.record.coverage.window.start.map(|(day, _)| day))
    }),
    ("coverage_end", |x| {
        Cell::Date(x.record.coverage.window.end.map(|(day, _)| day))
    }),
    ("group_number", |x| x.told.at(x.record.group_number)),
    ("plan_number", |x| x.told.at(x.record.plan_number)),
    ("plan_type_code", |x| status(x, 4)),
    ("plan_type", |x| status(x, 4)),
    ("plan_description", |x| status(x, 5)),
    ("coverage_level_code", |x| status(x, 2)),
    ("coverage_level", |x| status(x, 2)),
    ("benefit_type_code", benefit_type),
    ("benefit_type", benefit_type),
    ("out_of_pocket_individual_in_network_total", |x| {
        Cell::Number(x.record.amounts[0].value)
    }),
    ("out_of_pocket_individual_in_network_remaining", |x| {
        Cell::Number(x.record.amounts[1].value)
    }),
    ("out_of_pocket_family_in_network_total", |x| {
        Cell::Number(x.record.amounts[2].value)
    }),
    ("out_of_pocket_family_in_network_remaining", |x| {
        Cell::Number(x.record.amounts[3].value)
    }),
    ("out_of_pocket_individual_out_of_network_total", |x| {
        Cell::Number(x.record.amounts[4].value)
    }),
    ("out_of_pocket_individual_out_of_network_remaining", |x| {
        Cell::Number(x.record.amounts[5].value)
    }),
    ("out_of_pocket_family_out_of_network_total", |x| {
        Cell::Number(x.record.amounts[6].value)
    }),
    ("out_of_pocket_family_out_of_network_remaining", |x| {
        Cell::Number(x.record.amounts[7].value)
    }),
    ("deductible_individual_in_network_total", |x| {
        Cell::Number(x.record.amounts[8].value)
    }),
    ("deductible_individual_in_network_remaining", |x| {
        Cell::Number(x.record.amounts[9].value)
    }),
    ("deductible_family_in_network_total", |x| {
        Cell::Number(x.record.amounts[10].value)
    }),
    ("deductible_family_in_network_remaining", |x| {
        Cell::Number(x.record.amounts[11].value)
    }),
    ("deductible_individual_out_of_network_total", |x| {
        Cell::Number(x.record.amounts[12].value)
    }),
    ("deductible_individual_out_of_network_remaining", |x| {
        Cell::Number(x.record.amounts[13].value)
    }),
    ("deductible_family_out_of_network_total", |x| {
        Cell::Number(x.record.amounts[14].value)
    }),
    ("deductible_family_out_of_network_remaining", |x| {
        Cell::Number(x.record.amounts[15].value)
    }),
    ("coinsurance_in_network", |x| {
        Cell::Number(x.record.amounts[16].value)
    }),
    ("coinsurance_out_of_network", |x| {
        Cell::Number(x.record.amounts[17].value)
    }),
    ("copay_office_visit", |x| {
        Cell::Number(x.record.amounts[18].value)
    }),
    ("copay_specialist", |x| {
        Cell::Number(x.record.amounts[19].value)
    }),
    ("payer_name", |x| part(&x.payer.name, 3)),
    ("payer_identifier_qualifier", |x| part(&x.payer.name, 8)),
    ("payer_identifier", |x| part(&x.payer.name, 9)),
    ("payer_phone", |x| x.told.at(x.record.payers.phone)),
    ("payer_fax", |x| x.told.at(x.record.payers.fax)),
    ("payer_website", |x| x.told.at(x.record.payers.website)),
    ("payer_address", |x| Cell::Text(&x.payer.address)),
    ("third_party_administrator", |x| {
        Cell::Flag(x.record.payers.administrator.is_some())
    }),
    ("provider_name", |x| part(&x.provider, 3)),
    ("provider_first_name", |x| part(&x.provider, 4)),
    ("provider_identifier_qualifier", |x| part(&x.provider, 8)),
    ("provider_identifier", |x| part(&x.provider, 9)),
    ("second_payer_name", |x| of(x, &x.record.payers.second, 3)),
    ("second_payer_identifier", |x| {
        of(x, &x.record.payers.second, 9)
    }),
    ("alternate_payer_name", |x| {
        of(x, &x.record.payers.alternate, 3)
    }),
    ("alternate_payer_identifier", |x| {
        of(x, &x.record.payers.alternate, 9)
    }),
    ("alternate_payer_entity", |x| {
        of(x, &x.record.payers.alternate, 1)
    }),
    ("alternate_payer_category", |x| {
        of(x, &x.record.payers.alternate, 1)
    }),
    ("alternate_payer_type_code", |x| {
        let related = x.record.payers.alternate.as_ref();
        related.map_or(Cell::Empty, |related| {
            Cell::Sent(x.record.rows[related.row].element(4))
        })
    }),
    ("alternate_payer_type", alternate_type),
    ("alternate_payer_address", |x| {
        address_of(x, &x.record.payers.alternate)
    }),
    ("alternate_payer_phone", |x| {
        contact(x, &x.record.payers.alternate, phones(x))
    }),
    ("primary_care_facility", |x| {
        of(x, &x.record.payers.facility, 3)
    }),
    ("primary_care_last_name", |x| {
        of(x, &x.record.payers.primary_care, 3)
    }),
    ("primary_care_first_name", |x| {
        of(x, &x.record.payers.primary_care, 4)
    }),
    ("primary_care_npi", npi),
    ("primary_care_address", |x| {
        address_of(x, &x.record.payers.primary_care)
    }),
    ("primary_care_phone", |x| {
        contact(x, &x.record.payers.primary_care, phones(x))
    }),
    ("primary_care_fax", |x| {
        let kinds = &x.told.context.preferences.contacts.fax;
        contact(x, &x.record.payers.primary_care, kinds)
    }),
];
