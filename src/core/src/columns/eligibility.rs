//! One row per patient.

use super::build::{Builder, Columns, Put};
use super::cells::Encoding;
use super::line::{AMOUNTS, Line, NAMES};
use super::parties::{put_alternate, put_payer, put_people, put_primary_care};
use super::schema::{self, Table};
use super::told::Told;
use super::words::{Dictionaries, Words};
use crate::elements::{Elements, Sent};
use crate::normalize::preferences::holds;
use crate::normalize::record::Record;
use crate::normalize::slots::Filled;
use crate::numbers::Date;
use arrow_schema::ArrowError;
use std::sync::Arc;

pub struct Eligibility {
    pub columns: Columns,
    words: Descriptions,
}

/// Descriptions in columns of text: something of ours may stand there instead.
pub struct Descriptions {
    reject_reasons: Arc<Words>,
    pub insurance_types: Arc<Words>,
    pub information: Arc<Words>,
}

/// The row that is filled.
#[derive(Clone, Copy)]
pub struct Row {
    pub number: usize,
    encoding: Encoding,
}

impl Row {
    #[inline]
    pub fn sent(self, column: &mut Builder, sent: Sent<'_>) {
        if !sent.is_empty() {
            column.element(self.number, &sent, self.encoding);
        }
    }

    /// Elements that follow each other, from number `first` on; some have no column.
    pub fn run(self, mut columns: [Option<&mut Builder>; 7], from: Elements<'_>, first: usize) {
        let mut at = 0;
        from.each_from(first, |sent| {
            if !sent.is_empty()
                && let Some(Some(column)) = columns.get_mut(at)
            {
                self.sent(column, sent.trimmed());
            }
            at += 1;
        });
    }

    #[inline]
    pub fn bytes(self, column: &mut Builder, bytes: &[u8]) {
        column.sent(self.number, bytes, self.encoding);
    }

    /// A code and its description.
    #[inline]
    pub fn code(self, codes: &mut Builder, descriptions: &mut Builder, code: Sent<'_>) {
        self.sent(codes, code);
        self.bytes(descriptions, code.bytes());
    }

    #[inline]
    pub fn address(self, column: &mut Builder, address: &[u8]) {
        column.sent(self.number, address, Encoding::UTF8);
    }

    #[inline]
    pub fn text(self, column: &mut Builder, text: &str) {
        column.text(self.number, text);
    }

    #[inline]
    pub fn date<T>(self, column: &mut Builder, date: Option<(Date, T)>) {
        column.date(self.number, date.map(|(day, _)| day));
    }

    #[inline]
    pub fn flag(self, column: &mut Builder, flag: bool) {
        column.flag(self.number, flag);
    }

    #[inline]
    pub fn count(self, column: &mut Builder, count: usize) {
        column.count(self.number, count);
    }
}

impl Eligibility {
    pub fn new(dictionaries: &Dictionaries) -> Result<Eligibility, ArrowError> {
        let listed = schema::columns(Table::Eligibility);
        schema::same(&listed, NAMES)?;
        let words = |table: &'static str| {
            let words = dictionaries.get(table).cloned();
            words.ok_or_else(|| schema::unknown(table))
        };
        Ok(Eligibility {
            columns: Columns::new(&listed, dictionaries)?,
            words: Descriptions {
                reject_reasons: words("AAA03")?,
                insurance_types: words("EB04")?,
                information: words("EB01")?,
            },
        })
    }

    pub fn add(&mut self, told: &Told<'_>, record: &Record<'_>) {
        let row = Row {
            number: self.columns.rows,
            encoding: told.encoding,
        };
        self.columns.rows += 1;
        let Some(mut line) = Line::of(&mut self.columns.builders) else {
            return;
        };
        put_answer(row, &mut line, told);
        put_traces(row, &mut line, told, record);
        put_outcome(row, &mut line, told, record, &self.words);
        put_people(row, &mut line, told, record);
        put_status(row, &mut line, told, record);
        put_plans(row, line.plans, record);
        put_amounts(row, line.amounts, line.raw_values, &*record.amounts);
        put_payer(row, &mut line, told, record);
        put_alternate(row, &mut line, told, record, &self.words);
        put_primary_care(row, &mut line, told, &record.payers);
    }
}

fn put_answer(row: Row, line: &mut Line<'_>, told: &Told<'_>) {
    let (given, found) = (told.given, told.found);
    let first = told.context.transaction.first;
    row.text(line.key, told.key);
    row.text(line.source, given.source);
    row.count(line.answer, given.answer);
    row.count(line.transaction_set, given.before + found.transaction + 1);
    row.count(line.patient, found.index + 1);
    row.count(line.segment, given.number(told.inner, first));
    row.count(line.offset, given.offset(told.inner, first));
    let controls = told.controls;
    row.text(line.interchange_control_number, &controls.interchange);
    row.text(line.group_control_number, &controls.group);
    row.text(line.transaction_control_number, &controls.transaction_set);
}

/// TRN; the trace is TRN02 of the first one that echoes the question's.
fn put_traces(row: Row, line: &mut Line<'_>, told: &Told<'_>, record: &Record<'_>) {
    let mut is_echoed = false;
    for &segment in &record.traces {
        let [kind, number, originator] = told.elements(Some(segment)).places(1);
        if kind.bytes() == b"2" && !is_echoed {
            is_echoed = true;
            row.sent(line.trace, number);
        }
        let Some(list) = line.traces.list() else {
            return;
        };
        let (item, into) = list.item(row.number);
        for (column, sent) in into.iter_mut().zip([kind, number, originator]) {
            column.element(item, &sent, row.encoding);
        }
    }
}

fn put_outcome(
    row: Row,
    line: &mut Line<'_>,
    told: &Told<'_>,
    record: &Record<'_>,
    words: &Descriptions,
) {
    let (coverage, rejections) = (&record.coverage, &record.rejections);
    line.date_of_service.date(row.number, record.day);
    row.date(line.response_date, record.response_date);
    row.text(line.coverage, coverage.status.name());
    row.text(line.coverage_reason, coverage.reason);
    row.flag(line.pending, coverage.pending);
    row.flag(line.rejected, rejections.primary.is_some());
    if let Some(primary) = rejections.primary {
        let code = told.elements(Some(rejections.all[primary].segment)).sent(3);
        row.sent(line.request_status_code, code);
        row.text(line.request_status, words.reject_reasons.text(code.bytes()));
        row.bytes(line.eligibility_response, code.bytes());
    } else {
        row.text(line.request_status, "Success");
        row.bytes(line.eligibility_response, b"");
    }
    if !rejections.text.is_empty() {
        let said = rejections.text.iter();
        let said: Vec<_> = said
            .map(|at| row.encoding.decode(told.context.text(*at)))
            .collect();
        row.text(line.eligibility_text, &said.join(" "));
    }
}

fn put_status(row: Row, line: &mut Line<'_>, told: &Told<'_>, record: &Record<'_>) {
    let window = &record.coverage.window;
    row.date(line.coverage_start, window.start);
    row.date(line.coverage_end, window.end);
    row.sent(line.group_number, told.said(record.group_number));
    row.sent(line.plan_number, told.said(record.plan_number));
    let Some(status) = record.coverage.row.map(|at| &record.rows[at]) else {
        return;
    };
    let [code, level, _, plan_type, description] = status.places(1);
    row.code(line.status_code, line.status, code);
    row.code(line.plan_type_code, line.plan_type, plan_type);
    row.sent(line.plan_description, description);
    row.code(line.coverage_level_code, line.coverage_level, level);
    // The plan's own service type if it is among them, else the first.
    let plan_types = &told.context.preferences.coverage.plan_service_types;
    let plan = status.service_types().find(|code| holds(plan_types, code));
    if let Some(code) = plan.or_else(|| status.service_types().next()) {
        row.bytes(line.benefit_type_code, code);
        row.bytes(line.benefit_type, code);
    }
}

fn put_plans(row: Row, plans: &mut Builder, record: &Record<'_>) {
    let Some(list) = plans.list() else { return };
    for plan in &record.coverage.plans {
        let (item, into) = list.item(row.number);
        let row = Row {
            number: item,
            ..row
        };
        let [
            status,
            status_code,
            insurance_type,
            plan_description,
            start,
            end,
        ] = into
        else {
            return;
        };
        let [code, _, _, plan_type, description] = record.rows[plan.row].places(1);
        row.text(status, plan.status.name());
        row.sent(status_code, code);
        row.sent(insurance_type, plan_type);
        row.sent(plan_description, description);
        row.date(start, plan.window.start);
        row.date(end, plan.window.end);
    }
}

/// The money fields; a number that its column cannot hold is written among the raw values.
fn put_amounts(row: Row, columns: &mut [Builder], raw: &mut Builder, amounts: &[Filled]) {
    for ((column, filled), name) in columns.iter_mut().zip(amounts).zip(AMOUNTS) {
        let Some(number) = filled.value else { continue };
        if column.number(row.number, number) == Put::DoesNotFit
            && let Some(list) = raw.list()
        {
            let (item, into) = list.item(row.number);
            into[0].text(item, name);
            into[1].text(item, &number.plain());
        }
    }
}
