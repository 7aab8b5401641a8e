//! One row per EB segment and code of EB03.

use super::build::{Builder, Columns};
use super::hanging::{put_lists, put_pointers, put_procedure};
use super::lines::{self, Coder, Image, Line};
use super::schema::{self, Table};
use super::told::Told;
use super::words::Dictionaries;
use crate::memo::Beside;
use crate::normalize::rows::Row;
use arrow_schema::ArrowError;

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
    coder: Coder,
    /// What EBs say that came before.
    images: Beside<Image>,
    /// Those that are put together next; empty between two patients.
    lines: Vec<Line>,
}

/// Lines that are put into the columns together: a hostile EB03 makes one of every other byte.
const MOST_LINES: usize = 1 << 10;

impl Benefits {
    pub fn new(dictionaries: &Dictionaries) -> Result<Benefits, ArrowError> {
        let listed = schema::columns(Table::Benefits);
        let mut names = COLUMNS.to_vec();
        names.push("raw_values");
        schema::same(&listed, &names)?;
        let columns = Columns::new(&listed, dictionaries)?;
        Ok(Benefits {
            coder: Coder::of(&columns.builders, &listed)?,
            columns,
            images: Beside::new(Image::BLANK),
            lines: Vec::new(),
        })
    }

    /// Adds the rows of one patient. Gives about how many bytes they come to; None, and adds nothing, if those are more
    /// than `most`.
    pub fn add(&mut self, told: &Told<'_>, rows: &[Row<'_>], most: usize) -> Option<usize> {
        let Benefits {
            columns,
            coder,
            images,
            lines,
        } = self;
        let mut weight = 0usize;
        for row in rows {
            let image = images.get(row.known, || coder.image(row));
            let own = row.length(told.context) + told.key.len();
            weight = weight.saturating_add(image.most_lines().saturating_mul(own));
        }
        if weight > most {
            return None;
        }
        for (at, row) in rows.iter().enumerate() {
            let image = images.get(row.known, || coder.image(row));
            let mut full = |lines: &mut Vec<Line>| {
                if lines.len() >= MOST_LINES {
                    put(columns, told, rows, lines);
                    lines.clear();
                }
            };
            coder.add(lines, row, at, image, &mut full);
            full(lines);
        }
        put(columns, told, rows, lines);
        lines.clear();
        Some(weight)
    }
}

/// Puts lines into the columns, a column at a time.
fn put(columns: &mut Columns, told: &Told<'_>, rows: &[Row<'_>], lines: &[Line]) {
    let Some(row) = rows.first().filter(|_| !lines.is_empty()) else {
        return;
    };
    let first = columns.rows;
    columns.rows += lines.len();
    let all = first..columns.rows;
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
    )) = columns.builders.split_at_mut_checked(COLUMNS.len())
    else {
        return;
    };
    key.repeat(all.clone(), told.key);
    // A patient's rows stand under one 2100 loop, so their own loops are all C or all D.
    let loop_of = told.context.tree.nodes[row.node as usize].of;
    let name = &told.context.grammar.loops[loop_of as usize].id;
    of.repeat(all, name);
    let (given, inner) = (told.given, told.inner);
    let row_of = |line: &Line| rows.get(line.row as usize).unwrap_or(row);
    number.counts(first, lines.iter().map(|line| line.row as usize + 1));
    repetition.counts(first, lines.iter().map(|line| line.repetition as usize));
    let places = lines.iter().map(|line| row_of(line).segment);
    segment.counts(first, places.clone().map(|at| given.number(inner, at)));
    offset.counts(first, places.map(|at| given.offset(inner, at)));
    let says = lines.iter().fold(0, |says, line| says | line.says());
    let codes = [
        information_code,
        coverage_level,
        service_type,
        insurance_type,
        time_period,
        quantity_qualifier,
        authorization,
        network,
    ];
    for (at, code) in codes.into_iter().enumerate() {
        if says & lines::LONG << at != 0 {
            let sent = lines.iter().map(|line| line.code(row_of(line), at));
            code.sent_all(first, sent, told.encoding);
        } else if says & lines::SHORT << at != 0 {
            code.short_texts(first, lines, |line| line.text(at));
        }
    }
    let descriptions = [
        information,
        coverage_level_description,
        service_type_description,
        insurance_type_description,
        time_period_description,
        quantity_qualifier_description,
    ];
    for (at, description) in descriptions.into_iter().enumerate() {
        if says & lines::DESCRIBED << at != 0 {
            description.places(first, lines, |line| line.place(at));
        }
    }
    for (at, column) in [amount, percent, quantity].into_iter().enumerate() {
        if says & lines::NUMBER << at != 0 {
            column.numbers(first, lines, |line| line.number(at));
        }
    }
    if says & lines::PLAN != 0 {
        let plans = lines.iter().map(|line| row_of(line).element(5));
        plan_description.sent_all(first, plans, told.encoding);
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
    let into = &mut [qualifier, code, modifiers, description, range_end];
    for (at, line) in (first..).zip(lines) {
        let row = row_of(line);
        if line.has(lines::ASIDE) {
            if line.has(lines::PROCEDURE) {
                put_procedure(into, at, told, row);
            }
            if line.has(lines::POINTERS) {
                put_pointers(pointers, at, told, row);
            }
            put_raw(raw, at, told, line, row);
        }
        put_lists(lists, at, told, row);
    }
}

/// The numbers that their columns cannot hold, as texts.
fn put_raw(raw: &mut Builder, at: usize, told: &Told<'_>, line: &Line, row: &Row<'_>) {
    let names = ["amount", "percent", "quantity"];
    for (number, (name, element)) in names.into_iter().zip(lines::NUMBERS).enumerate() {
        if let (Some(list), true) = (raw.list(), line.has(lines::RAW << number)) {
            let (item, into) = list.item(at);
            if let [column, value] = into {
                column.text(item, name);
                value.sent(item, row.element(element), told.encoding);
            }
        }
    }
}
