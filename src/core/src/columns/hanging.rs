//! What hangs on an EB: its procedure, the segments of its loop, and the loops below.

use super::build::{Builder, List};
use super::cells::{Encoding, days};
use super::entity::put_entity;
use super::gathered::{Gathered, gather, gather_behind};
use super::grown::{Bits, NO_ROOM, Room, TOGETHER, Texts};
use super::short::Short;
use super::told::{Parts, Told};
use crate::elements::Sent;
use crate::few::Few;
use crate::normalize::dates::{DTP, Dated, When};
use crate::normalize::rows::{HSD, III, MSG, REF, Row};
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

/// No segments are sorted together with more than so many that hang on one EB: a hostile one has as many as it likes.
const MANY: usize = 128;

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

    /// Ends the lists of so many lines, whose items these segments are, the first of them the list's next one.
    fn close(&self, list: &mut List, first: usize, lines: usize) {
        if !self.segments.is_empty() {
            list.add(self.segments.len(), first, &self.ends[..lines]);
        }
    }
}

/// The kinds, in the order of their lists.
const DELIVERY: usize = 0;
const REFERENCE: usize = 1;
const DATE: usize = 2;
const MESSAGE: usize = 3;
/// III segments that name a place of service, and those that do not.
const PLACE: usize = 4;
const INJURY: usize = 5;

/// What hangs on the EBs of some lines, sorted by kinds, so that each kind is put without thinking of the others.
pub struct Hanging {
    lines: usize,
    kinds: [Kind; 6],
    /// All places of service have their codes where almost all have them.
    are_plain: bool,
    /// Loops 2120 and their lines.
    entities: Vec<(usize, u32)>,
    pub room: Gathering,
}

/// Where columns are gathered.
pub struct Gathering {
    texts: [Gathered; 8],
    pub short: Room,
    codes: [Short; TOGETHER],
    days: [[i32; TOGETHER]; 2],
}

impl Hanging {
    pub fn new() -> Hanging {
        Hanging {
            lines: 0,
            kinds: std::array::from_fn(|_| Kind::new()),
            are_plain: true,
            entities: Vec::new(),
            room: Gathering {
                texts: std::array::from_fn(|_| Gathered::new()),
                short: NO_ROOM,
                codes: [Short::EMPTY; _],
                days: [[0; _]; _],
            },
        }
    }

    /// Takes what hangs on some rows, up to one on which `MANY` do. Of each DTP gives what it says, or None if that cannot
    /// be read.
    #[inline(never)]
    fn sort<'r, 'a: 'r>(
        &mut self,
        told: &Told<'_>,
        rows: impl ExactSizeIterator<Item = &'r Row<'a>>,
    ) -> Vec<Option<&'r Dated<'a>>> {
        for kind in &mut self.kinds {
            kind.segments.clear();
        }
        self.entities.clear();
        self.are_plain = true;
        let mut known = Vec::with_capacity(TOGETHER);
        self.lines = TOGETHER.min(rows.len());
        for (line, row) in (0..TOGETHER).zip(rows) {
            match (row.hanging, &row.dates) {
                ([], _) => {}
                // What hangs there alone is what the row has.
                ([only], _) if row.has_message => self.kinds[MESSAGE].segments.push(*only),
                ([only], Few::One(date)) => {
                    self.kinds[DATE].segments.push(*only);
                    known.push(Some(date));
                }
                _ => self.take_own(told, row, &mut known),
            }
            if !row.below.is_empty() {
                self.take_below(told, row, line);
            }
            let lengths = self.kinds.each_ref().map(|kind| kind.segments.len());
            for (kind, length) in self.kinds.iter_mut().zip(lengths) {
                kind.ends[line] = length as u32;
            }
            if row.hanging.len().max(row.below.len()) > MANY {
                self.lines = line + 1;
                break;
            }
        }
        known
    }

    #[inline(always)]
    fn take_own<'r, 'a>(
        &mut self,
        told: &Told<'_>,
        row: &'r Row<'a>,
        known: &mut Vec<Option<&'r Dated<'a>>>,
    ) {
        let segments = told.context.document.segments.as_slice();
        // They stand in the same order.
        let mut dated = 0;
        for &segment in row.hanging {
            match segments[segment as usize].id {
                MSG => self.kinds[MESSAGE].segments.push(segment),
                DTP => {
                    let date = row.dates.get(dated);
                    let date = date.filter(|date| date.segment == segment);
                    dated += usize::from(date.is_some());
                    known.push(date);
                    self.kinds[DATE].segments.push(segment);
                }
                REF => self.kinds[REFERENCE].segments.push(segment),
                HSD => self.kinds[DELIVERY].segments.push(segment),
                _ => {}
            }
        }
    }

    #[inline(never)]
    fn take_below(&mut self, told: &Told<'_>, row: &Row<'_>, line: usize) {
        let (document, separator) = (told.context.document, told.delimiters.element);
        let [.., places, injuries] = &mut self.kinds;
        // `III*ZZ*` as a number, without a byte behind it.
        let place = u64::from_le_bytes(*b"\0III\0ZZ\0");
        let place = place | u64::from(separator) << 32 | u64::from(separator) << 56;
        for &node in row.below {
            let segment = told.context.tree.nodes[node as usize].opener;
            let cut = &document.segments[segment as usize];
            if cut.id != III {
                self.entities.push((line, node));
                continue;
            }
            let (text, _) = document.text_of(cut);
            let is_plain = match text.first_chunk() {
                Some(first) => u64::from_le_bytes(*first) << 8 == place,
                None => false,
            };
            if is_plain {
                places.segments.push(segment);
            } else if document.elements(segment, separator).first().bytes() == b"ZZ" {
                self.are_plain = false;
                places.segments.push(segment);
            } else {
                injuries.segments.push(segment);
            }
        }
    }

    /// Puts what hangs on the EBs of rows that follow each other.
    pub fn put<'r, 'a: 'r>(
        &mut self,
        lists: &mut [Builder],
        mut first: usize,
        told: &Told<'_>,
        mut rows: impl ExactSizeIterator<Item = &'r Row<'a>> + Clone,
    ) {
        let [
            Builder::List(deliveries),
            Builder::List(references),
            Builder::List(dates),
            Builder::List(messages),
            Builder::List(places),
            Builder::List(injuries),
            Builder::List(entities),
        ] = lists
        else {
            return;
        };
        while rows.len() > 0 {
            let known = self.sort(told, rows.clone());
            rows.nth(self.lines.saturating_sub(1));
            let texts = &mut self.room.texts;
            let of = |kind: usize| self.kinds[kind].segments.as_slice();
            put_elements::<8, false>(texts, deliveries, told, of(DELIVERY));
            put_elements::<3, true>(texts, references, told, of(REFERENCE));
            put_elements::<4, true>(texts, injuries, told, of(INJURY));
            put_messages(texts, messages, told, of(MESSAGE));
            put_places(texts, places, told, of(PLACE), self.are_plain);
            put_dates(&mut self.room, dates, told, of(DATE), &known);
            for (line, node) in &self.entities {
                put_entity(entities.item(first + line), told, *node);
            }
            // In the order of the kinds.
            let lists = [
                &mut *deliveries,
                references,
                dates,
                messages,
                places,
                injuries,
            ];
            let lines = self.lines;
            for (kind, list) in self.kinds.iter().zip(lists) {
                kind.close(list, first, lines);
            }
            first += lines;
        }
    }
}

/// The elements of some segments, each in its column, where it is null if it is empty.
#[inline(never)]
fn put_elements<const N: usize, const TRIMS: bool>(
    room: &mut [Gathered],
    list: &mut List,
    told: &Told<'_>,
    segments: &[u32],
) {
    let (document, separator) = (told.context.document, told.delimiters.element);
    let mut first = list.count();
    for segments in segments.chunks(TOGETHER) {
        let is_plain =
            told.encoding.as_is && gather::<N, TRIMS>(room, document, separator, segments);
        for (column, at) in list.items.iter_mut().zip(0..N) {
            let Builder::Texts(texts) = column else {
                continue;
            };
            if is_plain {
                room[at].put(texts, first);
                continue;
            }
            for (item, sent) in (first..).zip(elements(told, segments, at + 1)) {
                let sent = if TRIMS { sent.trimmed() } else { sent };
                if !sent.is_empty() {
                    texts.push_sent(item, &sent, told.encoding);
                }
            }
        }
        first += segments.len();
    }
}

/// One element of each of some segments.
fn elements<'a>(
    told: &Told<'a>,
    segments: &[u32],
    number: usize,
) -> impl Iterator<Item = Sent<'a>> {
    let (document, separator) = (told.context.document, told.delimiters.element);
    segments.iter().map(move |segment| {
        let mut parts = document.parts(*segment, separator);
        parts.nth(number).unwrap_or(Sent::NONE)
    })
}

/// MSG01, not null even if it is empty.
#[inline(never)]
fn put_messages(room: &mut [Gathered; 8], list: &mut List, told: &Told<'_>, segments: &[u32]) {
    let (document, separator) = (told.context.document, told.delimiters.element);
    let mut first = list.count();
    let ([room, ..], [Builder::Texts(texts)]) = (room, list.items.as_mut_slice()) else {
        return;
    };
    for segments in segments.chunks(TOGETHER) {
        if told.encoding.as_is && gather_behind::<4>(room, document, separator, segments) {
            room.put_always(texts, first);
        } else {
            put_always(texts, first, told, elements(told, segments, 1));
        }
        first += segments.len();
    }
}

/// III02, not null even if it is empty.
#[inline(never)]
fn put_places(
    room: &mut [Gathered; 8],
    list: &mut List,
    told: &Told<'_>,
    segments: &[u32],
    are_plain: bool,
) {
    let (document, separator) = (told.context.document, told.delimiters.element);
    let mut first = list.count();
    let [Builder::Texts(texts)] = list.items.as_mut_slice() else {
        return;
    };
    for segments in segments.chunks(TOGETHER) {
        let as_is = told.encoding.as_is;
        if as_is && are_plain && gather_behind::<7>(&mut room[0], document, separator, segments) {
            room[0].put_always(texts, first);
        } else if as_is && gather::<2, true>(room, document, separator, segments) {
            room[1].put_always(texts, first);
        } else {
            put_always(texts, first, told, elements(told, segments, 2));
        }
        first += segments.len();
    }
}

fn put_always<'a>(
    texts: &mut Texts,
    first: usize,
    told: &Told<'_>,
    elements: impl Iterator<Item = Sent<'a>>,
) {
    for (item, sent) in (first..).zip(elements) {
        texts.push_sent(item, &sent.trimmed(), told.encoding);
    }
}

/// The qualifiers of DTPs, and the day or days if they can be read.
#[inline(never)]
fn put_dates(
    room: &mut Gathering,
    list: &mut List,
    told: &Told<'_>,
    segments: &[u32],
    known: &[Option<&Dated<'_>>],
) {
    let mut first = list.count();
    let [
        Builder::Texts(qualifiers),
        Builder::Date(starts),
        Builder::Date(ends),
    ] = list.items.as_mut_slice()
    else {
        return;
    };
    for (segments, known) in segments.chunks(TOGETHER).zip(known.chunks(TOGETHER)) {
        let said = gather_dates(room, known);
        if said[0].count == known.len() {
            let codes = &room.codes[..known.len()];
            qualifiers.push_short(first, codes, &said[0], &mut room.short);
        } else {
            for ((item, known), sent) in (first..).zip(known).zip(elements(told, segments, 1)) {
                let sent = known.map_or(sent.trimmed().bytes(), |known| known.qualifier);
                if !sent.is_empty() {
                    qualifiers.push(item, told.encoding.decode(sent).as_bytes());
                }
            }
        }
        for ((column, days), said) in [&mut *starts, ends]
            .into_iter()
            .zip(&room.days)
            .zip(&said[1..])
        {
            column.push_some(first, days[..known.len()].iter().copied(), said);
        }
        first += known.len();
    }
}

/// Gathers what DTPs say: which of them have a qualifier, a first day and a last one. The qualifiers are fewer if one is
/// unknown or long.
#[inline(never)]
fn gather_dates(room: &mut Gathering, known: &[Option<&Dated<'_>>]) -> [Bits; 3] {
    let mut said = [Bits::NONE; 3];
    let first = Date {
        year: 1970,
        month: 1,
        day: 1,
    };
    let mut latest = [(first, 0); 2];
    for (known, at) in known.iter().zip(0..TOGETHER) {
        [room.days[0][at], room.days[1][at]] = [0; 2];
        let mut set = |what: usize| said[what].set[at / 64] |= 1 << (at % 64);
        let mut put = |what: usize, date: Date| {
            // Most are the same as the one before.
            if date != latest[what].0 {
                latest[what] = (date, days(date));
            }
            room.days[what][at] = latest[what].1;
            set(what + 1);
        };
        let Some(known) = known else { continue };
        match known.when {
            When::Day(day) => put(0, day),
            When::Range(first, last) => {
                put(0, first);
                put(1, last);
            }
        }
        if let Some(code) = Short::of_code(known.code) {
            room.codes[at] = code;
            if code != Short::EMPTY {
                set(0);
            }
            said[0].count += 1;
        }
    }
    [said[1].count, said[2].count] = [known.len(); 2];
    said
}
