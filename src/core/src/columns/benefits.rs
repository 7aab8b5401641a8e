//! One row per EB segment and code of EB03.

use super::build::{Builder, Columns, Put};
use super::cells::{Cell, Encoding};
use super::schema::{self, Table};
use super::told::{Parts, Told};
use super::words::Dictionaries;
use crate::normalize::dates::When;
use crate::normalize::people::Party;
use crate::normalize::rows::{HSD, MSG, PRV, REF, Row};
use crate::normalize::{At, dates::DTP};
use crate::numbers::Decimal;
use arrow_schema::ArrowError;

/// The columns, in the order in which `add` takes them apart.
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
    // raw_values is the last; see `put_number`.
];

pub struct Benefits {
    pub columns: Columns,
}

/// EB03, of which each code is a row.
const SERVICE_TYPE: usize = 3;

/// One EB segment for one code of EB03: a row of the table.
struct Line<'a> {
    row: &'a Row<'a>,
    /// Number of the EB segment among the patient's, from 1.
    number: usize,
    repetition: usize,
    code: &'a [u8],
}

fn lines<'a>(rows: &'a [Row<'a>]) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(rows.len() + rows.len() / 2);
    for (row, number) in rows.iter().zip(1..) {
        let mut codes = row.service_types();
        let first = codes.next().unwrap_or(b"");
        let codes = std::iter::once(first).chain(codes);
        lines.extend(codes.zip(1..).map(|(code, repetition)| Line {
            row,
            number,
            repetition,
            code,
        }));
    }
    lines
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

    /// Adds the rows of one patient, a column at a time.
    pub fn add(&mut self, told: &Told<'_>, rows: &[Row<'_>]) {
        let Some(row) = rows.first() else { return };
        let (lines, encoding) = (lines(rows), told.encoding);
        let first = self.columns.rows;
        self.columns.rows += lines.len();
        let Some((
            [
                key,
                number,
                repetition,
                segment,
                offset,
                of,
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
        key.repeat(first..self.columns.rows, told.key);
        // A patient's rows stand under one 2100 loop, so their own loops are all C or all D.
        let loop_of = told.context.tree.nodes[row.node as usize].of;
        let name = &told.context.grammar.loops[loop_of as usize].id;
        of.repeat(first..self.columns.rows, name);
        let (given, inner) = (told.given, told.inner);
        number.counts(first, lines.iter().map(|line| line.number));
        repetition.counts(first, lines.iter().map(|line| line.repetition));
        let places = lines.iter().map(|line| line.row.segment);
        segment.counts(first, places.clone().map(|at| given.number(inner, at)));
        offset.counts(first, places.map(|at| given.offset(inner, at)));
        let mut cells: Vec<&[u8]> = Vec::with_capacity(lines.len());
        let mut coded = |number: usize, code: &mut Builder, description: &mut Builder| {
            cells.clear();
            cells.extend(lines.iter().map(|line| match number {
                SERVICE_TYPE => line.code,
                _ => line.row.element(number),
            }));
            code.sent_all(first, &cells, encoding);
            description.sent_all(first, &cells, encoding);
        };
        coded(1, information_code, information);
        coded(2, coverage_level, coverage_level_description);
        coded(SERVICE_TYPE, service_type, service_type_description);
        coded(4, insurance_type, insurance_type_description);
        coded(6, time_period, time_period_description);
        coded(9, quantity_qualifier, quantity_qualifier_description);
        let mut plain = |number: usize, column: &mut Builder| {
            cells.clear();
            cells.extend(lines.iter().map(|line| line.row.element(number)));
            column.sent_all(first, &cells, encoding);
        };
        plain(5, plan_description);
        plain(11, authorization);
        cells.clear();
        cells.extend(lines.iter().map(|line| network_of(line.row.element(12))));
        network.sent_all(first, &cells, Encoding::ASCII);
        // Row by row, since `raw` takes no row before one that it has.
        for (at, line) in (first..).zip(&lines) {
            let mut number = |column: &mut Builder, number: usize, name: &str| {
                let sent = line.row.element(number);
                if !sent.is_empty() {
                    put_number(column, raw, at, name, sent, encoding);
                }
            };
            number(amount, 7, "amount");
            number(percent, 8, "percent");
            number(quantity, 10, "quantity");
        }
        let [
            qualifier,
            code,
            modifiers,
            description,
            range_end,
            pointers,
            lists @ ..,
        ] = procedure
        else {
            return;
        };
        for (at, line) in (first..).zip(&lines) {
            if line.row.is_procedure() {
                put_procedure(
                    [qualifier, code, modifiers, description, range_end],
                    at,
                    told,
                    line.row,
                );
            }
            put_pointers(pointers, at, told, line.row);
            put_lists(lists, at, told, line.row);
        }
    }
}

fn network_of(code: &[u8]) -> &'static [u8] {
    match code {
        b"Y" => b"in",
        b"N" => b"out",
        b"W" => b"both",
        b"U" => b"unknown",
        _ => b"",
    }
}

/// A number in its column, or as text in `raw` if the column cannot hold it.
#[inline]
fn put_number(
    column: &mut Builder,
    raw: &mut Builder,
    at: usize,
    name: &str,
    sent: &[u8],
    encoding: Encoding,
) {
    let put = Decimal::read(sent).map(|number| column.number(at, number));
    if put == Some(Put::Done) {
        return;
    }
    if let Some(list) = raw.list() {
        let (item, into) = list.item(at);
        into[0].text(item, name);
        into[1].sent(item, sent, encoding);
    }
}

/// Qualifier, code, modifiers, description and end of range.
fn put_procedure(into: [&mut Builder; 5], at: usize, told: &Told<'_>, row: &Row<'_>) {
    let encoding = told.encoding;
    let parts = Parts::of(row.element(13), told.delimiters.component);
    let [qualifier, code, modifiers, description, range_end] = into;
    qualifier.sent(at, parts.get(0), encoding);
    code.sent(at, parts.get(1), encoding);
    description.sent(at, parts.get(6), encoding);
    range_end.sent(at, parts.get(7), encoding);
    for number in 2..6 {
        put_item(modifiers, at, parts.get(number), encoding);
    }
}

fn put_pointers(into: &mut Builder, at: usize, told: &Told<'_>, row: &Row<'_>) {
    let separator = told.delimiters.component;
    let sent = row.element(14);
    for part in sent.split(|byte| *byte == separator && separator != 0) {
        put_item(into, at, part, told.encoding);
    }
}

/// A part that is there as an item of a list of texts.
fn put_item(into: &mut Builder, at: usize, part: &[u8], encoding: Encoding) {
    if let (Some(list), false) = (into.list(), part.is_empty()) {
        let (item, into) = list.item(at);
        into[0].sent(item, part, encoding);
    }
}

/// What hangs on the EB.
fn put_lists(lists: &mut [Builder], at: usize, told: &Told<'_>, row: &Row<'_>) {
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
            let qualifier = known.map_or_else(|| told.text(segment, 1), |date| date.qualifier);
            let (start, end) = match known.map(|date| date.when) {
                Some(When::Day(day)) => (Some(day), None),
                Some(When::Range(start, end)) => (Some(start), Some(end)),
                None => (None, None),
            };
            into[0].sent(item, qualifier, encoding);
            into[1].date(item, start);
            into[2].date(item, end);
        } else if id == MSG {
            into[0].put_always(item, told.text(segment, 1), encoding);
        } else {
            let separator = told.delimiters.element;
            let parts = document.bytes(segment).split(|byte| *byte == separator);
            for (builder, part) in into.iter_mut().zip(parts.skip(1)) {
                let part = if id == REF { part.trim_ascii() } else { part };
                builder.sent(item, part, encoding);
            }
        }
    }
    for &segment in &row.places {
        let is_place = told.text(segment, 1) == b"ZZ";
        let list = if is_place {
            places.list()
        } else {
            injuries.list()
        };
        let Some(list) = list else { continue };
        let (item, into) = list.item(at);
        if is_place {
            into[0].put_always(item, told.text(segment, 2), encoding);
        } else {
            for (builder, number) in into.iter_mut().zip(1..) {
                builder.sent(item, told.text(segment, number), encoding);
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
        Cell::Flag(person.is_some_and(|at| context.text(at) == b"1")),
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
