//! Answers in, record batches out.

use super::benefits::Benefits;
use super::build::Columns;
use super::cells::Encoding;
use super::eligibility::Eligibility;
use super::findings::Findings;
use super::grown::{More, NoEnds};
use super::rejections::Rejections;
use super::schema::{Table, schema};
pub use super::told::Given;
use super::told::{Controls, Headers, Told};
use super::words::dictionaries;
use crate::delimiters::Delimiters;
use crate::inner::{Found, Inner};
use crate::knowledge::Knowledge;
use crate::normalize::memory::Memory;
use crate::normalize::people::{Patient, Traced};
use crate::normalize::preferences::Preferences;
use crate::normalize::reading::Which;
use crate::normalize::record::{Answer, Record, scope};
use crate::normalize::rows::{AAA, Row};
use crate::normalize::{Context, Loops, Question};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use std::cell::RefCell;
use std::ops::Range;

/// Bytes that the benefits of one patient may come to; a hostile EB03 multiplies what hangs on its EB.
const HEAVIEST: usize = 512 << 20;

/// Transaction sets that say how large the columns will be.
const SAMPLE: usize = 8;

/// Bytes of columns that are expected of a byte of answer, at most.
const MOST_GROWTH: usize = 8;

/// Bytes of a patient's row in eligibility, about.
const OWN_WEIGHT: usize = 1 << 10;

/// What is asked of every answer.
pub struct Asked<'a> {
    pub preferences: &'a Preferences,
    pub question: &'a Question,
    pub trace: Option<&'a [u8]>,
    /// With a trace number: the patients who carry it, or those who carry none.
    pub fit: Traced,
}

/// When `add` stops and wants the columns taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub rows: usize,
    pub bytes: usize,
}

/// A patient of an answer: transaction set and patient, each from 0.
pub type Place = (usize, usize);

/// How far `add` came.
#[derive(Debug, Default)]
pub struct Progress {
    /// Where to go on once the columns are taken; None at the end.
    pub next: Option<Place>,
    /// First segments (in the answer, from 0) of transaction sets with a patient whose rows are too many.
    pub too_large: Vec<usize>,
}

/// A transaction set that is being added.
struct Set<'a> {
    inner: &'a Inner,
    given: &'a Given<'a>,
    answer: Answer<'a>,
    loops: Loops,
    encoding: Encoding,
    controls: Controls<'a>,
    delimiters: Delimiters,
}

impl<'a> Set<'a> {
    fn told<'t>(&'t self, context: &'t Context<'a>, found: &'t Found, key: &'t str) -> Told<'t> {
        Told {
            given: self.given,
            inner: self.inner,
            context,
            found,
            key,
            encoding: self.encoding,
            controls: &self.controls,
            delimiters: self.delimiters,
        }
    }
}

/// Fills the columns of the tables that are wanted.
pub struct Collector {
    eligibility: Option<Eligibility>,
    benefits: Option<Benefits>,
    rejections: Option<Rejections>,
    findings: Option<Findings>,
    /// What the patients since the last `take` weigh at most, about.
    weight: usize,
    /// Bytes that all answers together are expected to have; 0 if nobody knows.
    expected: usize,
    memory: Option<Box<RefCell<Memory>>>,
}

/// The tables of codes that descriptions come from.
const WORDS: [&str; 13] = [
    "EB01",
    "EB02",
    "EB03",
    "EB04",
    "EB06",
    "EB09",
    "INS02",
    "NM101",
    "AAA03",
    "AAA04",
    "eligibility_response",
    "severity",
    "finding",
];

impl Collector {
    pub fn new(
        knowledge: &Knowledge,
        wanted: &[Table],
        expected: usize,
    ) -> Result<Collector, ArrowError> {
        let words = knowledge
            .dictionaries
            .get_or_init(|| dictionaries(knowledge, &WORDS));
        let mut made = Collector {
            eligibility: None,
            benefits: None,
            rejections: None,
            findings: None,
            weight: 0,
            expected,
            memory: None,
        };
        for table in wanted {
            match table {
                Table::Eligibility => made.eligibility = Some(Eligibility::new(words)?),
                Table::Benefits => made.benefits = Some(Benefits::new(words)?),
                Table::Rejections => made.rejections = Some(Rejections::new(words)?),
                Table::Findings => made.findings = Some(Findings::new(words)?),
            }
        }
        Ok(made)
    }

    /// After some transaction sets of a document, when the columns are new: makes room for what the others, and those
    /// of the answers behind it, will need if they are alike.
    fn expect(&mut self, inner: &Inner, done: usize, limits: Limits) {
        let rows = self.rows().max(1);
        let size = self.size().max(1);
        let bytes = inner.read.size().max(1);
        let all = self.expected.max(bytes);
        let sets = inner.envelope.transactions.len();
        let sets = (sets as u64).saturating_mul(all as u64) / bytes as u64;
        let sets = usize::try_from(sets).unwrap_or(usize::MAX);
        let room = limits.bytes.min(all.saturating_mul(MOST_GROWTH));
        // A little more than that, since they are not quite alike.
        let expected = sets.saturating_sub(done).saturating_mul(9) / 8;
        let by_rows = (limits.rows.saturating_add(limits.rows / 8) / rows).saturating_mul(done);
        let by_size = (room / size).saturating_mul(done);
        let more = More {
            expected: expected.min(by_rows).min(by_size),
            there: done,
        };
        let tables = [
            self.eligibility.as_mut().map(|table| &mut table.columns),
            self.benefits.as_mut().map(|table| &mut table.columns),
            self.rejections.as_mut().map(|table| &mut table.columns),
            self.findings.as_mut().map(|table| &mut table.columns),
        ];
        for columns in tables.into_iter().flatten() {
            columns.reserve(more);
        }
    }

    fn columns(&self) -> impl Iterator<Item = (Table, &Columns)> {
        let eligibility = self.eligibility.as_ref().map(|table| &table.columns);
        let benefits = self.benefits.as_ref().map(|table| &table.columns);
        let rejections = self.rejections.as_ref().map(|table| &table.columns);
        let findings = self.findings.as_ref().map(|table| &table.columns);
        let all = [eligibility, benefits, rejections, findings];
        Table::ALL
            .into_iter()
            .zip(all)
            .filter_map(|(table, columns)| Some((table, columns?)))
    }

    /// Rows of the longest table.
    pub fn rows(&self) -> usize {
        let rows = self.columns().map(|(_, columns)| columns.rows);
        rows.max().unwrap_or(0)
    }

    /// Rows of the table with one row per patient, if it is wanted.
    pub fn patients(&self) -> usize {
        let table = self.eligibility.as_ref();
        table.map_or(0, |table| table.columns.rows)
    }

    /// Bytes that the columns hold.
    pub fn size(&self) -> usize {
        self.columns().map(|(_, columns)| columns.size()).sum()
    }

    /// Gives what was collected and starts anew.
    pub fn take(&mut self) -> Result<Vec<(Table, RecordBatch)>, ArrowError> {
        let taken = [
            self.eligibility.as_mut().map(|table| table.columns.take()),
            self.benefits.as_mut().map(|table| table.columns.take()),
            self.rejections.as_mut().map(|table| table.columns.take()),
            self.findings.as_mut().map(|table| table.columns.take()),
        ];
        self.weight = 0;
        let mut batches = Vec::new();
        let mut none = NoEnds::default();
        for (table, columns) in Table::ALL.into_iter().zip(taken) {
            let Some(columns) = columns else { continue };
            let rows = columns.rows;
            let arrays: Result<Vec<_>, ArrowError> = columns
                .builders
                .into_iter()
                .map(|builder| builder.finish(rows, &mut none))
                .collect();
            batches.push((table, RecordBatch::try_new(schema(table), arrays?)?));
        }
        Ok(batches)
    }

    /// Appends the patients of an answer from `start` on, until a limit is reached.
    pub fn add(
        &mut self,
        inner: &Inner,
        asked: &Asked<'_>,
        given: &Given<'_>,
        start: Place,
        limits: Limits,
    ) -> Progress {
        let memory = self.memory.take().unwrap_or_default();
        let progress = self.add_with(&memory, inner, asked, given, start, limits);
        self.memory = Some(memory);
        progress
    }

    fn add_with(
        &mut self,
        memory: &RefCell<Memory>,
        inner: &Inner,
        asked: &Asked<'_>,
        given: &Given<'_>,
        start: Place,
        limits: Limits,
    ) -> Progress {
        let mut progress = Progress::default();
        let is_new = start == (0, 0) && self.rows() == 0;
        inner.in_parts(start.0, |part, sets| {
            self.add_sets(
                memory,
                (part, sets),
                asked,
                given,
                (start, limits, is_new),
                &mut progress,
            );
            progress.next
        });
        progress
    }

    /// Appends the patients of some transaction sets.
    fn add_sets(
        &mut self,
        memory: &RefCell<Memory>,
        (inner, sets): (&Inner, Range<usize>),
        asked: &Asked<'_>,
        given: &Given<'_>,
        (start, limits, is_new): (Place, Limits, bool),
        progress: &mut Progress,
    ) {
        let mut headers = Headers::default();
        for transaction in sets {
            if is_new && transaction == SAMPLE {
                self.expect(inner, transaction, limits);
            }
            let Some((tree, loops)) = inner.answer_loops(transaction) else {
                continue;
            };
            let Some(grammar) = inner.grammar(transaction) else {
                continue;
            };
            if self.findings.is_some() {
                inner.check(transaction, Some(memory));
            }
            let first = if transaction == start.0 { start.1 } else { 0 };
            let patients = inner.patients(transaction, asked.trace);
            if patients.is_empty() && asked.trace.is_none() {
                self.add_nobody(inner, given, transaction);
            }
            let of = &inner.envelope.transactions[transaction];
            let delimiters = inner.read.delimiters(of.first);
            let encoding = encoding(inner.utf8[transaction], delimiters);
            let set = Set {
                inner,
                given,
                loops,
                encoding,
                delimiters,
                controls: Controls::of(inner, of, encoding, &mut headers),
                answer: Answer {
                    document: &inner.read,
                    transaction: of,
                    grammar,
                    tree,
                    preferences: asked.preferences,
                    question: asked.question,
                    which: match self.benefits {
                        Some(_) => Which::All,
                        None => Which::Read,
                    },
                    rejects: inner.read.has(of.first..of.end, AAA),
                    memory: Some(memory),
                },
            };
            for (at, found) in patients.iter().enumerate().skip(first) {
                if asked.trace.is_some() && found.fit != asked.fit {
                    continue;
                }
                if self.rows() >= limits.rows || self.weight >= limits.bytes {
                    progress.next = Some((transaction, at));
                    return;
                }
                self.weight += given.source.len() + OWN_WEIGHT;
                if !self.add_patient(&set, found) {
                    progress.too_large.push(inner.read.index(of.first));
                }
            }
        }
    }

    /// Appends what is wanted of one patient. False if its rows are too many.
    fn add_patient(&mut self, set: &Set<'_>, found: &Found) -> bool {
        let key = key(set.given, found.transaction, Some(found.index));
        let only_benefits =
            self.eligibility.is_none() && self.rejections.is_none() && self.findings.is_none();
        if only_benefits {
            let context = set.answer.context(set.loops);
            let rows = scope(&context, &found.patient).rows(&context);
            return self.add_benefits(&set.told(&context, found, &key), &rows);
        }
        let (context, record) = set.answer.record(set.loops, &found.patient);
        let told = set.told(&context, found, &key);
        if !self.add_benefits(&told, &record.rows) {
            return false;
        }
        self.add_record(&told, &record, &found.patient);
        true
    }

    fn add_record(&mut self, told: &Told<'_>, record: &Record<'_>, patient: &Patient) {
        if let Some(table) = &mut self.eligibility {
            table.add(told, record);
        }
        if let Some(table) = &mut self.rejections {
            table.add(told, record);
        }
        if let Some(table) = &mut self.findings {
            let found = &told.found;
            let all = told.inner.findings_of_patient(
                found.transaction,
                patient,
                found.fit,
                &record.findings,
            );
            table.add(
                told.inner,
                told.given,
                told.key,
                all.iter().map(AsRef::as_ref),
            );
        }
    }

    /// False if there are too many of them.
    fn add_benefits(&mut self, told: &Told<'_>, rows: &[Row<'_>]) -> bool {
        let Some(table) = &mut self.benefits else {
            return true;
        };
        let weight = table.add(told, rows, HEAVIEST);
        self.weight += weight.unwrap_or(0);
        weight.is_some()
    }

    /// What stands in an answer that names no patient: why it was refused.
    fn add_nobody(&mut self, inner: &Inner, given: &Given<'_>, transaction: usize) {
        let key = key(given, transaction, None);
        let first = inner.envelope.transactions[transaction].first;
        let encoding = encoding(inner.utf8[transaction], inner.read.delimiters(first));
        if let Some(table) = &mut self.rejections {
            table.add_of_nobody(inner, given, encoding, transaction, &key);
        }
        if let Some(table) = &mut self.findings {
            let found = inner.findings_of(transaction, &[]);
            table.add(inner, given, &key, found.into_iter());
        }
    }
}

/// What joins the tables: `source#answer.transaction set.patient`, numbers from 1.
fn key(given: &Given<'_>, transaction: usize, patient: Option<usize>) -> String {
    let mut key = String::with_capacity(given.source.len() + 16);
    key.push_str(given.source);
    key.push('#');
    push_number(&mut key, given.answer);
    key.push('.');
    push_number(&mut key, given.before + transaction + 1);
    if let Some(patient) = patient {
        key.push('.');
        push_number(&mut key, patient + 1);
    }
    key
}

/// Every row has some numbers in its key, and `write!` takes longer for one than the rest of the key.
fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

fn encoding(utf8: bool, delimiters: Delimiters) -> Encoding {
    let all = [
        delimiters.element,
        delimiters.repetition,
        delimiters.component,
        delimiters.terminator,
    ];
    Encoding {
        utf8,
        as_is: utf8 && all.iter().all(u8::is_ascii),
    }
}
