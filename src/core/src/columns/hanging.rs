//! What hangs on an EB: its procedure, the segments of its loop, and the loops below.

use super::build::{Builder, List};
use super::cells::{Encoding, days};
use super::entity::put_entity;
use super::grown::{Fixed, TOGETHER, Texts};
use super::short::Short;
use super::told::{Parts, Told};
use crate::elements::Sent;
use crate::normalize::dates::{DTP, Dated, When};
use crate::normalize::rows::{HSD, MSG, REF, Row};
use crate::numbers::Date;

/// Qualifier, code, modifiers, description and end of range.
pub fn put_procedure(into: &mut [&mut Builder; 5], at: usize, told: &Told<'_>, row: &Row<'_>) {
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

pub fn put_pointers(into: &mut Builder, at: usize, told: &Told<'_>, row: &Row<'_>) {
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

/// Segments of one kind that hang on the EBs of some lines.
struct Kind {
    segments: Vec<u32>,
    /// How many there are up to those of each line.
    ends: [u32; TOGETHER],
}

impl Kind {
    fn new() -> Kind {
        Kind {
            segments: Vec::new(),
            ends: [0; TOGETHER],
        }
    }

    /// Ends a list of so many lines, whose items these segments are, the first of them the list's next one.
    fn close(&self, list: &mut List, first: usize, lines: usize) {
        if !self.segments.is_empty() {
            list.add(self.segments.len(), first, &self.ends[..lines]);
        }
    }
}

/// What hangs on the EBs of some lines, sorted by kinds, so that each kind is put without thinking of the others.
pub struct Hanging {
    lines: usize,
    deliveries: Kind,
    references: Kind,
    dates: Kind,
    messages: Kind,
}

impl Hanging {
    pub fn new() -> Hanging {
        Hanging {
            lines: 0,
            deliveries: Kind::new(),
            references: Kind::new(),
            dates: Kind::new(),
            messages: Kind::new(),
        }
    }

    fn kinds(&mut self) -> [&mut Kind; 4] {
        [
            &mut self.deliveries,
            &mut self.references,
            &mut self.dates,
            &mut self.messages,
        ]
    }

    /// Takes the segments of some rows.
    #[inline(never)]
    fn sort<'r, 'a: 'r>(&mut self, told: &Told<'_>, rows: impl Iterator<Item = &'r Row<'a>>) {
        for kind in self.kinds() {
            kind.segments.clear();
        }
        let (document, tree) = (told.context.document, told.context.tree);
        self.lines = 0;
        for (row, line) in rows.zip(0..TOGETHER) {
            let own = tree.segments(row.node).split_first();
            for &segment in own.map_or(&[][..], |(_, hanging)| hanging) {
                let kind = match document.segments[segment as usize].id {
                    MSG => &mut self.messages,
                    DTP => &mut self.dates,
                    REF => &mut self.references,
                    HSD => &mut self.deliveries,
                    _ => continue,
                };
                kind.segments.push(segment);
            }
            for kind in self.kinds() {
                kind.ends[line] = kind.segments.len() as u32;
            }
            self.lines = line + 1;
        }
    }

    /// Puts what hangs on the EBs of rows that follow each other.
    pub fn put<'r, 'a: 'r>(
        &mut self,
        lists: &mut [Builder],
        first: usize,
        told: &Told<'_>,
        rows: impl Iterator<Item = &'r Row<'a>> + Clone,
    ) {
        let [
            Builder::List(deliveries),
            Builder::List(references),
            Builder::List(dates),
            Builder::List(messages),
            below @ ..,
        ] = lists
        else {
            return;
        };
        self.sort(told, rows.clone());
        put_elements(deliveries, told, &self.deliveries.segments, |sent| sent);
        put_elements(references, told, &self.references.segments, Sent::trimmed);
        self.put_dates(dates, told, rows.clone());
        put_firsts(messages, told, &self.messages.segments);
        let lists = [deliveries, references, dates, messages];
        let lines = self.lines;
        for (kind, list) in self.kinds().into_iter().zip(lists) {
            kind.close(list, first, lines);
        }
        for (row, at) in rows.take(lines).zip(first..) {
            if !row.places.is_none() || !row.entities.is_none() {
                put_below(below, at, told, row);
            }
        }
    }

    /// The qualifiers of the DTPs, and the day or days if they can be read.
    #[inline(never)]
    fn put_dates<'r, 'a: 'r>(
        &self,
        dates: &mut List,
        told: &Told<'_>,
        rows: impl Iterator<Item = &'r Row<'a>>,
    ) {
        let mut item = dates.count();
        let [
            Builder::Texts(qualifier),
            Builder::Date(start),
            Builder::Date(end),
        ] = dates.items.as_mut_slice()
        else {
            return;
        };
        let mut into = (qualifier, Days::of(start), Days::of(end));
        let mut begin = 0;
        for (row, end) in rows.zip(&self.dates.ends) {
            let all = self.dates.segments.get(begin..*end as usize);
            begin = *end as usize;
            let mut known = row.dates.iter().peekable();
            for &segment in all.unwrap_or(&[]) {
                // They stand in the same order.
                match known.next_if(|known| known.segment == segment) {
                    Some(known) => put_date(&mut into, item, told.encoding, known),
                    None => put_text(into.0, item, told.text(segment, 1), told.encoding),
                }
                item += 1;
            }
        }
    }
}

/// A column of days. Most are the same as the one before.
struct Days<'c> {
    column: &'c mut Fixed<i32>,
    latest: (Date, i32),
}

impl Days<'_> {
    fn of(column: &mut Fixed<i32>) -> Days<'_> {
        let first = Date {
            year: 1970,
            month: 1,
            day: 1,
        };
        Days {
            column,
            latest: (first, days(first)),
        }
    }

    #[inline]
    fn put(&mut self, item: usize, date: Date) {
        if date != self.latest.0 {
            self.latest = (date, days(date));
        }
        self.column.push(item, self.latest.1);
    }
}

#[inline(always)]
fn put_date(
    (qualifier, start, end): &mut (&mut Texts, Days<'_>, Days<'_>),
    item: usize,
    encoding: Encoding,
    known: &Dated<'_>,
) {
    match Short::of_code(known.code) {
        Some(Short::EMPTY) => {}
        Some(short) => qualifier.push_code(item, short),
        None => put_text(qualifier, item, known.qualifier, encoding),
    }
    match known.when {
        When::Day(day) => start.put(item, day),
        When::Range(first, last) => {
            start.put(item, first);
            end.put(item, last);
        }
    }
}

/// A text that is null if it is empty.
#[inline(never)]
fn put_text(into: &mut Texts, item: usize, text: &[u8], encoding: Encoding) {
    if !text.is_empty() {
        into.push(item, encoding.decode(text).as_bytes());
    }
}

/// The first elements of some segments, not null even if they are empty.
#[inline(never)]
fn put_firsts(list: &mut List, told: &Told<'_>, segments: &[u32]) {
    let first = list.count();
    let [Builder::Texts(texts)] = list.items.as_mut_slice() else {
        return;
    };
    let separator = told.delimiters.element;
    let document = told.context.document;
    for (&segment, item) in segments.iter().zip(first..) {
        let sent = document.elements(segment, separator).first();
        texts.push_sent(item, &sent, told.encoding);
    }
}

/// The elements of some segments, each in its column.
#[inline(never)]
fn put_elements<'a>(
    list: &mut List,
    told: &Told<'a>,
    segments: &[u32],
    made: impl Fn(Sent<'a>) -> Sent<'a>,
) {
    let (document, separator) = (told.context.document, told.delimiters.element);
    let first = list.count();
    for (&segment, item) in segments.iter().zip(first..) {
        let mut columns = list.items.iter_mut();
        document.elements(segment, separator).each(|sent| {
            let sent = made(sent);
            if let Some(Builder::Texts(texts)) = columns.next()
                && !sent.is_empty()
            {
                texts.push_sent(item, &sent, told.encoding);
            }
        });
    }
}

/// What is said in the loops below a row.
#[inline(never)]
fn put_below(lists: &mut [Builder], at: usize, told: &Told<'_>, row: &Row<'_>) {
    let [
        Builder::List(places),
        Builder::List(injuries),
        Builder::List(entities),
    ] = lists
    else {
        return;
    };
    let (document, separator) = (told.context.document, told.delimiters.element);
    for &segment in &row.places {
        let [qualifier, place] = document.elements(segment, separator).places(1);
        if qualifier.bytes() != b"ZZ" {
            put_elements(injuries, told, &[segment], Sent::trimmed);
            injuries.item(at);
        } else if let (item, [Builder::Texts(texts)]) = places.item(at) {
            texts.push_sent(item, &place, told.encoding);
        }
    }
    for &node in &row.entities {
        put_entity(entities.item(at), told, node);
    }
}
