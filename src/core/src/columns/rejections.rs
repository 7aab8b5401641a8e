//! One row per AAA segment on a patient's path.

use super::build::Columns;
use super::cells::{Cell, Encoding};
use super::schema::{self, Table};
use super::told::{Given, Told};
use super::words::Dictionaries;
use crate::inner::Inner;
use crate::normalize::record::Record;
use crate::normalize::rows::AAA;
use arrow_schema::ArrowError;

/// The columns, in the order in which `put` has the cells.
const COLUMNS: [&str; 13] = [
    "key",
    "rejection",
    "is_primary",
    "benefit",
    "segment",
    "offset",
    "loop",
    "valid_request",
    "code",
    "description",
    "follow_up_code",
    "follow_up",
    "eligibility_response",
];

pub struct Rejections {
    pub columns: Columns,
}

/// One AAA segment.
struct Rejection<'a> {
    key: &'a str,
    number: usize,
    is_primary: bool,
    benefit: Option<usize>,
    segment: u32,
    of: &'a str,
}

impl Rejections {
    pub fn new(dictionaries: &Dictionaries) -> Result<Rejections, ArrowError> {
        let listed = schema::columns(Table::Rejections);
        schema::same(&listed, &COLUMNS)?;
        Ok(Rejections {
            columns: Columns::new(&listed, dictionaries)?,
        })
    }

    /// Adds those of one patient.
    pub fn add(&mut self, told: &Told<'_>, record: &Record<'_>) {
        let context = told.context;
        for (at, rejection) in record.rejections.all.iter().enumerate() {
            let one = Rejection {
                key: told.key,
                number: at + 1,
                is_primary: record.rejections.primary == Some(at),
                benefit: rejection.benefit.map(|number| number as usize),
                segment: rejection.segment,
                of: &context.grammar.loops[rejection.of as usize].id,
            };
            self.put(told.inner, told.given, told.encoding, &one);
        }
    }

    /// Adds those of a transaction set that names no patient.
    pub fn add_of_nobody(
        &mut self,
        inner: &Inner,
        given: &Given<'_>,
        encoding: Encoding,
        transaction: usize,
        key: &str,
    ) {
        let set = &inner.envelope.transactions[transaction];
        let segments = set.first..set.end;
        let found = segments.filter(|at| inner.read.segments[*at as usize].id == AAA);
        for (at, segment) in found.enumerate() {
            let one = Rejection {
                key,
                number: at + 1,
                is_primary: false,
                benefit: None,
                segment,
                of: inner.loop_of(segment).unwrap_or(""),
            };
            self.put(inner, given, encoding, &one);
        }
    }

    fn put(&mut self, inner: &Inner, given: &Given<'_>, encoding: Encoding, one: &Rejection<'_>) {
        let row = self.columns.rows;
        self.columns.rows += 1;
        let element = |number: usize| Cell::Sent(inner.read.element(one.segment, number));
        let cells: [Cell<'_>; COLUMNS.len()] = [
            Cell::Text(one.key),
            Cell::Count(one.number),
            Cell::Flag(one.is_primary),
            one.benefit.map_or(Cell::Empty, |at| Cell::Count(at + 1)),
            Cell::Count(given.number(inner, one.segment)),
            Cell::Count(given.offset(inner, one.segment)),
            Cell::Text(one.of),
            element(1),
            element(3),
            element(3),
            element(4),
            element(4),
            element(3),
        ];
        for (builder, cell) in self.columns.builders.iter_mut().zip(&cells) {
            builder.put(row, cell, encoding);
        }
    }
}
