//! One row per finding that concerns a patient.

use super::build::{Builder, Columns};
use super::cells::{Cell, Encoding};
use super::schema::{self, Table};
use super::told::Given;
use super::words::Dictionaries;
use crate::finding::{Finding, NO_SEGMENT};
use crate::inner::Inner;
use arrow_schema::ArrowError;

/// The columns, in the order in which `put` has the cells; the last is a list.
const COLUMNS: [&str; 12] = [
    "key",
    "finding",
    "code",
    "severity",
    "message",
    "field",
    "segment",
    "element",
    "loop",
    "offset",
    "line",
    "other_segments",
];

pub struct Findings {
    pub columns: Columns,
}

impl Findings {
    pub fn new(dictionaries: &Dictionaries) -> Result<Findings, ArrowError> {
        let listed = schema::columns(Table::Findings);
        schema::same(&listed, &COLUMNS)?;
        Ok(Findings {
            columns: Columns::new(&listed, dictionaries)?,
        })
    }

    /// Adds those of one patient, or of a transaction set that names none.
    pub fn add<'f>(
        &mut self,
        inner: &Inner,
        given: &Given<'_>,
        key: &str,
        found: impl Iterator<Item = &'f Finding>,
    ) {
        let mut number = 0;
        for finding in found {
            number += 1;
            self.put(inner, given, key, number, finding);
        }
        if given.fault {
            let fault = Finding::at_segment("VENDOR_FAULT", NO_SEGMENT, 0);
            self.put(inner, given, key, number + 1, &fault);
        }
    }

    fn put(&mut self, inner: &Inner, given: &Given<'_>, key: &str, number: usize, one: &Finding) {
        let row = self.columns.rows;
        self.columns.rows += 1;
        let segment = Some(one.segment).filter(|at| *at != NO_SEGMENT && one.offset.is_none());
        let offset = match one.offset {
            Some(offset) => Cell::Count(offset),
            None => segment.map_or(Cell::Empty, |at| Cell::Count(given.offset(inner, at))),
        };
        let line = segment.and_then(|at| given.lines.get(at as usize));
        let count = |number: usize| {
            if number == 0 {
                Cell::Empty
            } else {
                Cell::Count(number)
            }
        };
        let cells = [
            Cell::Text(key),
            Cell::Count(number),
            Cell::Text(one.code),
            Cell::Text(one.code),
            Cell::Text(one.code),
            Cell::Text(one.field),
            segment.map_or(Cell::Empty, |at| Cell::Count(given.number(inner, at))),
            segment.map_or(Cell::Empty, |_| count(one.element as usize)),
            Cell::Text(segment.and_then(|at| inner.loop_of(at)).unwrap_or("")),
            offset,
            count(line.copied().unwrap_or(0) as usize),
        ];
        for (builder, cell) in self.columns.builders.iter_mut().zip(&cells) {
            builder.put(row, cell, Encoding::UTF8);
        }
        let Some(Builder::List(others)) = self.columns.builders.get_mut(cells.len()) else {
            return;
        };
        for &other in one.others.iter().filter(|at| **at != NO_SEGMENT) {
            let (item, into) = others.item(row);
            into[0].count(item, given.number(inner, other));
        }
    }
}
