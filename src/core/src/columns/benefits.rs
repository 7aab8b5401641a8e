//! One row per EB segment and code of EB03.

use super::build::{Builder, Columns, Put};
use super::schema::{self, Table};
use super::told::{Parts, Told};
use super::words::Dictionaries;
use crate::document::nth;
use crate::normalize::dates::When;
use crate::normalize::people::Party;
use crate::normalize::rows::{HSD, MSG, PRV, REF, Row};
use crate::normalize::{At, dates::DTP};
use crate::numbers::Decimal;
use arrow_schema::ArrowError;

/// Where `loop` stands among the columns.
const LOOP: usize = 5;

/// The columns, in the order in which `put` takes them apart.
const COLUMNS: [&str; 37] = [
    "key",
    "benefit",
    "repetition",
    "segment",
    "offset",
    "loop",
    "information_code",
    "information",
    "coverage_level",
    "coverage_level_description",
    "service_type",
    "service_type_description",
    "insurance_type",
    "insurance_type_description",
    "plan_description",
    "time_period",
    "time_period_description",
    "amount",
    "percent",
    "quantity_qualifier",
    "quantity_qualifier_description",
    "quantity",
    "authorization",
    "network",
    "procedure_qualifier",
    "procedure_code",
    "procedure_modifiers",
    "procedure_description",
    "procedure_range_end",
    "diagnosis_pointers",
    "deliveries",
    "references",
    "dates",
    "messages",
    "places_of_service",
    "injuries",
    "entities",
    // raw_values is the last; see `put_raw`.
];

pub struct Benefits {
    pub columns: Columns,
}

/// One EB segment.
struct Benefit<'a> {
    told: &'a Told<'a>,
    row: &'a Row<'a>,
    /// Number of the EB segment among the patient's, from 1.
    number: usize,
}

impl<'a> Benefit<'a> {
    /// Element `number` of a segment, without blanks around it.
    fn element(&self, segment: u32, number: usize) -> &'a [u8] {
        let bytes = self.told.context.document.bytes(segment);
        nth(bytes, self.told.delimiters.element, number).trim_ascii()
    }
}

impl Benefits {
    pub fn new(dictionaries: &Dictionaries) -> Result<Benefits, ArrowError> {
        let listed = schema::columns(Table::Benefits);
        let mut names = COLUMNS.to_vec();
        names.push("raw_values");
        schema::same(&listed, &names)?;
        Ok(Benefits {
            columns: Columns::new(&listed, dictionaries)?,
        })
    }

    /// Adds the rows of one patient.
    pub fn add(&mut self, told: &Told<'_>, rows: &[Row<'_>]) {
        let first = self.columns.rows;
        for (row, number) in rows.iter().zip(1..) {
            let benefit = Benefit { told, row, number };
            let mut types = row.service_types();
            self.put(&benefit, 1, types.next().unwrap_or(b""));
            for (code, repetition) in types.zip(2..) {
                self.put(&benefit, repetition, code);
            }
        }
        let all = first..self.columns.rows;
        // The rows of a patient stand under one 2100 loop, so their 2110 loops are all C or all D.
        if let (Some(row), [key, .., _]) = (rows.first(), &mut self.columns.builders[..]) {
            key.repeat(all.clone(), told.key);
            let of = told.context.tree.nodes[row.node as usize].of;
            self.columns.builders[LOOP].repeat(all, &told.context.grammar.loops[of as usize].id);
        }
    }

    fn put(&mut self, benefit: &Benefit<'_>, repetition: usize, code: &[u8]) {
        let at = self.columns.next_row();
        let (told, eb) = (benefit.told, benefit.row);
        let encoding = told.encoding;
        let Some((
            [
                _, // key
                number,
                repeat,
                segment,
                offset,
                _, // loop
                information_code,
                information,
                coverage_level,
                coverage_level_description,
                service_type,
                service_type_description,
                insurance_type,
                insurance_type_description,
                plan_description,
                time_period,
                time_period_description,
                amount,
                percent,
                quantity_qualifier,
                quantity_qualifier_description,
                quantity,
                authorization,
                network,
                procedure @ ..,
            ],
            [raw, ..],
        )) = self.columns.builders.split_at_mut_checked(COLUMNS.len())
        else {
            return;
        };
        number.count(at, benefit.number);
        repeat.count(at, repetition);
        segment.count(at, told.given.number(told.inner, eb.segment));
        offset.count(at, told.given.offset(told.inner, eb.segment));
        let coded = |number: usize, code: &mut Builder, description: &mut Builder| {
            let sent = eb.element(number);
            if !sent.is_empty() {
                code.sent(at, sent, encoding);
                description.sent(at, sent, encoding);
            }
        };
        coded(1, information_code, information);
        coded(2, coverage_level, coverage_level_description);
        coded(4, insurance_type, insurance_type_description);
        coded(6, time_period, time_period_description);
        coded(9, quantity_qualifier, quantity_qualifier_description);
        if !code.is_empty() {
            service_type.sent(at, code, encoding);
            service_type_description.sent(at, code, encoding);
        }
        plan_description.sent(at, eb.element(5), encoding);
        authorization.sent(at, eb.element(11), encoding);
        network.text(at, network_of(eb.element(12)));
        for (column, element, name) in [
            (amount, 7, "amount"),
            (percent, 8, "percent"),
            (quantity, 10, "quantity"),
        ] {
            let sent = eb.element(element);
            if sent.is_empty() {
                continue;
            }
            let put = Decimal::read(sent).map(|number| column.number(at, number));
            if put != Some(Put::Done) {
                put_raw(raw, at, name, benefit, sent);
            }
        }
        if let [
            qualifier,
            code,
            modifiers,
            description,
            range_end,
            pointers,
            lists @ ..,
        ] = procedure
        {
            if eb.is_procedure() {
                let sent = [qualifier, code, modifiers, description, range_end];
                put_procedure(sent, at, benefit);
            }
            put_pointers(pointers, at, benefit);
            put_lists(lists, at, benefit);
        }
    }
}

fn network_of(code: &[u8]) -> &'static str {
    match code {
        b"Y" => "in",
        b"N" => "out",
        b"W" => "both",
        b"U" => "unknown",
        _ => "",
    }
}

/// Keeps as text a number that is not in its column.
#[cold]
fn put_raw(raw: &mut Builder, at: usize, name: &str, benefit: &Benefit<'_>, sent: &[u8]) {
    if let Some(list) = raw.list() {
        let (item, into) = list.item(at);
        into[0].text(item, name);
        into[1].sent(item, sent, benefit.told.encoding);
    }
}

/// Qualifier, code, modifiers, description and end of range.
fn put_procedure(into: [&mut Builder; 5], at: usize, benefit: &Benefit<'_>) {
    let encoding = benefit.told.encoding;
    let parts = Parts::of(benefit.row.element(13), benefit.told.delimiters.component);
    let [qualifier, code, modifiers, description, range_end] = into;
    qualifier.sent(at, parts.get(0), encoding);
    code.sent(at, parts.get(1), encoding);
    description.sent(at, parts.get(6), encoding);
    range_end.sent(at, parts.get(7), encoding);
    for number in 2..6 {
        put_item(modifiers, at, parts.get(number), benefit);
    }
}

fn put_pointers(into: &mut Builder, at: usize, benefit: &Benefit<'_>) {
    let separator = benefit.told.delimiters.component;
    let sent = benefit.row.element(14);
    for part in sent.split(|byte| *byte == separator && separator != 0) {
        put_item(into, at, part, benefit);
    }
}

/// A part that is there as an item of a list of texts.
fn put_item(into: &mut Builder, at: usize, part: &[u8], benefit: &Benefit<'_>) {
    if let (Some(list), false) = (into.list(), part.is_empty()) {
        let (item, into) = list.item(at);
        into[0].sent(item, part, benefit.told.encoding);
    }
}

/// What hangs on the EB.
fn put_lists(lists: &mut [Builder], at: usize, benefit: &Benefit<'_>) {
    let [
        deliveries,
        references,
        dates,
        messages,
        places,
        injuries,
        entities,
    ] = lists
    else {
        return;
    };
    let (told, row) = (benefit.told, benefit.row);
    let (document, encoding) = (told.context.document, told.encoding);
    let segments = told.context.tree.segments(row.node);
    for &segment in segments.iter().skip(1) {
        let id = document.segments[segment as usize].id;
        let list = match id {
            DTP => dates.list(),
            MSG => messages.list(),
            REF => references.list(),
            HSD => deliveries.list(),
            _ => continue,
        };
        let Some(list) = list else { continue };
        let (item, into) = list.item(at);
        if id == DTP {
            let known = row.dates.iter().find(|date| date.segment == segment);
            let qualifier =
                known.map_or_else(|| benefit.element(segment, 1), |date| date.qualifier);
            let (start, end) = match known.map(|date| date.when) {
                Some(When::Day(day)) => (Some(day), None),
                Some(When::Range(start, end)) => (Some(start), Some(end)),
                None => (None, None),
            };
            into[0].sent(item, qualifier, encoding);
            into[1].date(item, start);
            into[2].date(item, end);
        } else if id == MSG {
            into[0].put_always(item, benefit.element(segment, 1), encoding);
        } else {
            let separator = told.delimiters.element;
            let parts = Parts::of(document.bytes(segment), separator);
            for (builder, number) in into.iter_mut().zip(1..) {
                let part = parts.get(number);
                let part = if id == REF { part.trim_ascii() } else { part };
                builder.sent(item, part, encoding);
            }
        }
    }
    for &segment in &row.places {
        let is_place = benefit.element(segment, 1) == b"ZZ";
        let list = if is_place {
            places.list()
        } else {
            injuries.list()
        };
        let Some(list) = list else { continue };
        let (item, into) = list.item(at);
        if is_place {
            into[0].put_always(item, benefit.element(segment, 2), encoding);
        } else {
            for (builder, number) in into.iter_mut().zip(1..) {
                builder.sent(item, benefit.element(segment, number), encoding);
            }
        }
    }
    for &node in &row.entities {
        put_entity(told, entities, at, node);
    }
}

fn put_entity(told: &Told<'_>, entities: &mut Builder, at: usize, node: u32) {
    let Some(list) = entities.list() else { return };
    let context = told.context;
    let party = Party::of(context, Some(node));
    let provider = context.own(Some(node), PRV).next();
    let (item, into) = list.item(at);
    let person = party.said(context, 2);
    let cells = [
        told.party(&party, 1),
        super::cells::Cell::Flag(person.is_some_and(|at| context.text(at) == b"1")),
        told.party(&party, 3),
        told.party(&party, 4),
        told.party(&party, 5),
        told.party(&party, 7),
        told.party(&party, 8),
        told.party(&party, 9),
        told.party(&party, 10),
        told.address(&party),
        told.element(provider, 1),
        told.element(provider, 3),
    ];
    for (builder, cell) in into.iter_mut().zip(&cells) {
        builder.put(item, cell, told.encoding);
    }
    let Some(contacts) = into.get_mut(cells.len()).and_then(Builder::list) else {
        return;
    };
    for &segment in &party.contacts {
        for element in [3u8, 5, 7] {
            if context.said(segment, element).is_none() {
                continue;
            }
            let (at, into) = contacts.item(item);
            for (builder, element) in into.iter_mut().zip([2, element, element + 1]) {
                let text = context.text(At { segment, element });
                builder.sent(at, text, told.encoding);
            }
        }
    }
}
