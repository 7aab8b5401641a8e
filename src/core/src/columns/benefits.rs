//! One row per EB segment and code of EB03.

use super::build::{Builder, Columns, List, Put};
use super::cells::Cell;
use super::schema::{self, Kind, Table};
use super::told::Told;
use super::words::Dictionaries;
use crate::normalize::dates::DTP;
use crate::normalize::dates::{When, read_when};
use crate::normalize::people::Party;
use crate::normalize::rows::{HSD, MSG, PRV, REF, Row};
use crate::numbers::Decimal;
use arrow_schema::ArrowError;

/// One EB segment.
struct Benefit<'a> {
    told: &'a Told<'a>,
    row: &'a Row<'a>,
    /// Number of the EB segment among the patient's, from 0.
    index: usize,
}

type Fill = for<'a> fn(&Benefit<'a>) -> Cell<'a>;

/// The columns that each code of EB03 has of its own.
const OWN: [&str; 3] = ["repetition", "service_type", "service_type_description"];

/// The lists of segments.
struct Lists {
    deliveries: usize,
    references: usize,
    dates: usize,
    messages: usize,
    places: usize,
    injuries: usize,
    entities: usize,
    modifiers: usize,
    pointers: usize,
    raw: usize,
}

pub struct Benefits {
    pub columns: Columns,
    fills: Vec<(usize, Fill)>,
    own: [usize; 3],
    lists: Lists,
    names: Vec<&'static str>,
}

impl Benefits {
    pub fn new(dictionaries: &Dictionaries) -> Result<Benefits, ArrowError> {
        let listed = schema::columns(Table::Benefits);
        let mut fills = Vec::new();
        for (at, column) in listed.iter().enumerate() {
            let is_list = matches!(column.kind, Kind::List(_) | Kind::ListOf(_));
            if is_list || OWN.contains(&column.name) {
                continue;
            }
            let known = COLUMNS.iter().find(|(name, _)| *name == column.name);
            let (_, fill) = known.ok_or_else(|| schema::unknown(column.name))?;
            fills.push((at, *fill));
        }
        let place = |name| schema::place(&listed, name);
        Ok(Benefits {
            columns: Columns::new(&listed, dictionaries)?,
            fills,
            own: [place(OWN[0])?, place(OWN[1])?, place(OWN[2])?],
            lists: Lists {
                deliveries: place("deliveries")?,
                references: place("references")?,
                dates: place("dates")?,
                messages: place("messages")?,
                places: place("places_of_service")?,
                injuries: place("injuries")?,
                entities: place("entities")?,
                modifiers: place("procedure_modifiers")?,
                pointers: place("diagnosis_pointers")?,
                raw: place("raw_values")?,
            },
            names: listed.iter().map(|column| column.name).collect(),
        })
    }

    /// Adds the rows of one patient.
    pub fn add(&mut self, told: &Told<'_>, rows: &[Row<'_>]) {
        let mut cells = Vec::with_capacity(self.fills.len());
        for (index, row) in rows.iter().enumerate() {
            let benefit = Benefit { told, row, index };
            cells.clear();
            for (at, fill) in &self.fills {
                match fill(&benefit) {
                    Cell::Empty | Cell::Sent(b"") | Cell::Text("") => {}
                    cell => cells.push((*at, cell)),
                }
            }
            let mut types = row.service_types();
            let mut service_type = types.next();
            for repetition in 1.. {
                self.put(&benefit, &cells, repetition, service_type.unwrap_or(b""));
                service_type = types.next();
                if service_type.is_none() {
                    break;
                }
            }
        }
    }

    fn put(
        &mut self,
        benefit: &Benefit<'_>,
        cells: &[(usize, Cell<'_>)],
        repetition: usize,
        code: &[u8],
    ) {
        let at = self.columns.rows;
        self.columns.rows += 1;
        let encoding = benefit.told.encoding;
        for (column, cell) in cells {
            if self.columns.builders[*column].put(at, cell, encoding) == Put::DoesNotFit {
                self.put_raw(benefit, at, *column);
            }
        }
        let own = [Cell::Count(repetition), Cell::Sent(code), Cell::Sent(code)];
        for (column, cell) in self.own.iter().zip(&own) {
            self.columns.builders[*column].put(at, cell, encoding);
        }
        self.put_components(benefit, at);
        self.put_segments(benefit, at);
        for &node in &benefit.row.entities {
            if let Some(list) = self.columns.list(self.lists.entities) {
                put_entity(benefit.told, list, at, node);
            }
        }
    }

    /// Keeps as text a number that is not in its column.
    fn put_raw(&mut self, benefit: &Benefit<'_>, at: usize, column: usize) {
        let name = self.names[column];
        let element = match name {
            "amount" => 7,
            "percent" => 8,
            _ => 10,
        };
        let sent = Cell::Sent(benefit.row.element(element));
        if let Some(list) = self.columns.list(self.lists.raw) {
            let (item, into) = list.item(at);
            into[0].put(item, &Cell::Text(name), benefit.told.encoding);
            into[1].put(item, &sent, benefit.told.encoding);
        }
    }

    fn put_components(&mut self, benefit: &Benefit<'_>, at: usize) {
        let component = benefit
            .told
            .context
            .document
            .delimiters(benefit.row.segment)
            .component;
        for (list, element) in [(self.lists.modifiers, 13), (self.lists.pointers, 14)] {
            let sent = benefit.row.element(element);
            if sent.is_empty() {
                continue;
            }
            let parts = sent.split(|byte| *byte == component && component != 0);
            let skipped = if element == 13 { 2..6 } else { 0..usize::MAX };
            let parts = parts.skip(skipped.start).take(skipped.len());
            if let Some(list) = self.columns.list(list) {
                for part in parts.filter(|part| !part.is_empty()) {
                    let (item, into) = list.item(at);
                    into[0].put(item, &Cell::Sent(part), benefit.told.encoding);
                }
            }
        }
    }

    /// What hangs on the EB: one walk over its segments.
    fn put_segments(&mut self, benefit: &Benefit<'_>, at: usize) {
        let (told, row) = (benefit.told, benefit.row);
        let document = told.context.document;
        let segments = told.context.tree.segments(row.node);
        let separator = document.delimiters(row.segment).element;
        let encoding = told.encoding;
        for &segment in segments {
            let id = document.segments[segment as usize].id;
            let mut parts = document
                .bytes(segment)
                .split(|byte| *byte == separator)
                .skip(1);
            let (list, trim) = match id {
                HSD => (self.lists.deliveries, false),
                REF => (self.lists.references, true),
                MSG => (self.lists.messages, true),
                DTP => (self.lists.dates, true),
                _ => continue,
            };
            let Some(list) = self.columns.list(list) else {
                continue;
            };
            let (item, into) = list.item(at);
            if id == DTP {
                let qualifier = parts.next().unwrap_or(b"").trim_ascii();
                let when = parts.nth(1).and_then(|text| read_when(text.trim_ascii()));
                let (start, end) = match when {
                    Some(When::Day(day)) => (Some(day), None),
                    Some(When::Range(start, end)) => (Some(start), Some(end)),
                    None => (None, None),
                };
                into[0].put(item, &Cell::Sent(qualifier), encoding);
                into[1].put(item, &Cell::Date(start), encoding);
                into[2].put(item, &Cell::Date(end), encoding);
                continue;
            }
            if id == MSG {
                // A message that says nothing is still one.
                let said = parts.next().unwrap_or(b"").trim_ascii();
                put_text(&mut into[0], item, said, benefit);
                continue;
            }
            for (builder, part) in into.iter_mut().zip(parts) {
                let part = if trim { part.trim_ascii() } else { part };
                builder.put(item, &Cell::Sent(part), encoding);
            }
        }
        for &segment in &row.places {
            if told.context.document.element(segment, 1) == b"ZZ" {
                if let Some(list) = self.columns.list(self.lists.places) {
                    let (item, into) = list.item(at);
                    put_text(&mut into[0], item, document.element(segment, 2), benefit);
                }
            } else if let Some(list) = self.columns.list(self.lists.injuries) {
                let (item, into) = list.item(at);
                for (builder, element) in into.iter_mut().zip(1..) {
                    builder.put(item, &told.element(Some(segment), element), encoding);
                }
            }
        }
    }
}

/// A text of a list, which is never null.
fn put_text(into: &mut Builder, item: usize, text: &[u8], benefit: &Benefit<'_>) {
    into.put_always(item, text, benefit.told.encoding);
}

fn put_entity(told: &Told<'_>, list: &mut List, at: usize, node: u32) {
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
    let Some(Builder::List(contacts)) = into.get_mut(cells.len()) else {
        return;
    };
    for &segment in &party.contacts {
        for element in [3u8, 5, 7] {
            if context.said(segment, element).is_none() {
                continue;
            }
            let (at, into) = contacts.item(item);
            for (builder, element) in into.iter_mut().zip([2, element, element + 1]) {
                builder.put(at, &told.element(Some(segment), element), told.encoding);
            }
        }
    }
}

fn element<'a>(x: &Benefit<'a>, number: usize) -> Cell<'a> {
    Cell::Sent(x.row.element(number))
}

/// A number; one that cannot be read does not fit its column either.
fn number<'a>(x: &Benefit<'a>, number: usize) -> Cell<'a> {
    let sent = x.row.element(number);
    if sent.is_empty() {
        return Cell::Empty;
    }
    Decimal::read(sent).map_or(Cell::Unreadable, |number| Cell::Number(Some(number)))
}

fn component<'a>(x: &Benefit<'a>, number: usize) -> Cell<'a> {
    if !x.row.is_procedure() {
        return Cell::Empty;
    }
    let separator = x.told.context.document.delimiters(x.row.segment).component;
    let mut parts = x
        .row
        .element(13)
        .split(|byte| *byte == separator && separator != 0);
    parts.nth(number - 1).map_or(Cell::Empty, Cell::Sent)
}

/// Each column that is no list and that all codes of EB03 share.
const COLUMNS: &[(&str, Fill)] = &[
    ("key", |x| Cell::Text(x.told.key)),
    ("benefit", |x| Cell::Count(x.index + 1)),
    ("segment", |x| x.told.number(x.row.segment)),
    ("offset", |x| x.told.offset(x.row.segment)),
    ("loop", |x| {
        let of = x.told.context.tree.nodes[x.row.node as usize].of;
        Cell::Text(&x.told.context.grammar.loops[of as usize].id)
    }),
    ("information_code", |x| element(x, 1)),
    ("information", |x| element(x, 1)),
    ("coverage_level", |x| element(x, 2)),
    ("coverage_level_description", |x| element(x, 2)),
    ("insurance_type", |x| element(x, 4)),
    ("insurance_type_description", |x| element(x, 4)),
    ("plan_description", |x| element(x, 5)),
    ("time_period", |x| element(x, 6)),
    ("time_period_description", |x| element(x, 6)),
    ("amount", |x| number(x, 7)),
    ("percent", |x| number(x, 8)),
    ("quantity_qualifier", |x| element(x, 9)),
    ("quantity_qualifier_description", |x| element(x, 9)),
    ("quantity", |x| number(x, 10)),
    ("authorization", |x| element(x, 11)),
    ("network", |x| {
        Cell::Text(match x.row.element(12) {
            b"Y" => "in",
            b"N" => "out",
            b"W" => "both",
            b"U" => "unknown",
            _ => "",
        })
    }),
    ("procedure_qualifier", |x| component(x, 1)),
    ("procedure_code", |x| component(x, 2)),
    ("procedure_description", |x| component(x, 7)),
    ("procedure_range_end", |x| component(x, 8)),
];
