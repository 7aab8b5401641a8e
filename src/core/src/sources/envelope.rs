//! The envelope around the segments: an AdvancedMD answer has ISA, GS, ST, GE and IEA, and no SE.
//!
//! What is missing is made: a trailer counts what it closes, a header is as empty as X12 allows. What was sent stays
//! as sent, only ISA gets back the widths that XML took from it.

use super::names::{GE, GS, IEA, ISA, Id, SE, ST, is_envelope};
use super::segments::{Item, Parts, Segments};
use std::borrow::Cow;
use std::collections::BTreeMap;

const WIDTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];
const MADE_ISA: [&str; 16] = [
    "00",
    "",
    "00",
    "",
    "ZZ",
    "",
    "ZZ",
    "",
    "000000",
    "0000",
    "",
    "00501",
    "000000000",
    "0",
    "P",
    "",
];
const VERSION: &str = "005010X279A1";
const MADE_GS: [&str; 8] = ["HB", "", "", "", "", "0", "X", VERSION];
const MADE_ST: [&str; 3] = ["271", "0001", VERSION];
const MADE: [(Id, &[&str]); 3] = [(ISA, &MADE_ISA), (GS, &MADE_GS), (ST, &MADE_ST)];
const HEADERS: [Id; 3] = [ISA, GS, ST];
const TRAILERS: [Id; 3] = [IEA, GE, SE];

/// Segments in a whole envelope.
#[derive(Default)]
pub struct Envelope<'a> {
    /// All segments; ISA11 and ISA16 are empty, for whoever chooses the delimiters.
    pub items: Vec<Item>,
    pub values: Vec<Cow<'a, str>>,
    /// As in the segments, by the indexes of these items.
    pub parts: Parts<'a>,
    /// What each ISA was sent as, by its index.
    pub sent: BTreeMap<usize, Vec<&'a str>>,
    /// The interchange, group and set that are open, by the indexes of their headers.
    open: [Option<usize>; 3],
    /// Groups in the interchange, sets in the group.
    counts: [usize; 2],
}

impl<'a> Envelope<'a> {
    /// Puts segments into an envelope; a segment that is made has the line of its neighbour.
    pub fn around(found: &Segments<'a>) -> Envelope<'a> {
        let mut whole = Envelope::default();
        let mut start = 0;
        for (mark, item) in found.items.iter().enumerate() {
            if is_envelope(item.id) {
                whole.body(found, start, mark);
                whole.marked(item.id, &found.values[item.first..item.end], item.line);
                start = mark + 1;
            }
        }
        whole.body(found, start, found.items.len());
        whole.close(0, whole.items.last().map_or(0, |item| item.line));
        whole
    }

    fn body(&mut self, found: &Segments<'a>, start: usize, end: usize) {
        if start == end {
            return;
        }
        let line = found.items[start].line;
        if self.open[0].is_none() || (self.open[2].is_none() && self.counts[1] == 0) {
            self.open_down_to(3, line);
        }
        let shift = self.items.len();
        for item in &found.items[start..end] {
            let values = &found.values[item.first..item.end];
            self.add(
                item.id,
                values.iter().map(|value| Cow::Borrowed(*value)),
                item.line,
            );
        }
        let parts = found.parts.range((start, 0)..(end, 0));
        self.parts.extend(
            parts.map(|((index, element), values)| {
                ((index - start + shift, *element), values.clone())
            }),
        );
    }

    /// Adds a segment of the envelope.
    fn marked(&mut self, id: Id, values: &[&'a str], line: u32) {
        let borrowed = values.iter().map(|value| Cow::Borrowed(*value));
        if let Some(level) = HEADERS.iter().position(|header| *header == id) {
            self.close(level, line);
            self.open_down_to(level, line);
            self.header(level, values, line);
        } else if let Some(level) = TRAILERS.iter().position(|trailer| *trailer == id) {
            if self.items.is_empty() {
                self.open_down_to(1, line);
            }
            self.close(level + 1, line);
            self.open[level] = None;
            match id {
                IEA => self.add(id, values.iter().map(|value| in_one_line(value)), line),
                _ => self.add(id, borrowed, line),
            }
        } else {
            self.open_down_to(1, line);
            self.add(id, borrowed, line);
        }
    }

    fn header(&mut self, level: usize, values: &[&'a str], line: u32) {
        let index = self.items.len();
        match level {
            0 => {
                self.sent.insert(index, values.to_vec());
                self.counts = [0, 0];
            }
            1 => self.counts = [self.counts[0] + 1, 0],
            _ => self.counts[1] += 1,
        }
        self.open[level] = Some(index);
        if level == 0 {
            self.add(ISA, padded(values), line);
        } else {
            let values = values.iter().map(|value| Cow::Borrowed(*value));
            self.add(HEADERS[level], values, line);
        }
    }

    fn open_down_to(&mut self, level: usize, line: u32) {
        for (missing, (_, values)) in MADE.iter().enumerate().take(level) {
            if self.open[missing].is_none() {
                self.header(missing, values, line);
            }
        }
    }

    /// Closes what is open at this level and below.
    fn close(&mut self, level: usize, line: u32) {
        for opened in (level..3).rev() {
            let Some(header) = self.open[opened].take() else {
                continue;
            };
            let (count, number) = match opened {
                2 => (self.items.len() - header + 1, 2),
                1 => (self.counts[1], 6),
                _ => (self.counts[0], 13),
            };
            let item = self.items[header];
            let number =
                (item.len() >= number).then(|| self.values[item.first + number - 1].clone());
            let values = [Cow::Owned(count.to_string())].into_iter().chain(number);
            self.add(TRAILERS[opened], values, line);
        }
    }

    fn add(&mut self, id: Id, values: impl IntoIterator<Item = Cow<'a, str>>, line: u32) {
        let first = self.values.len();
        self.values.extend(values);
        let end = self.values.len();
        self.items.push(Item {
            id,
            first,
            end,
            line,
        });
    }
}

/// A value in ISA or IEA: a line break there would say that the interchange is wrapped, or ends, so it becomes a blank.
fn in_one_line(value: &str) -> Cow<'_, str> {
    if value.contains(['\r', '\n']) {
        Cow::Owned(value.replace(['\r', '\n'], " "))
    } else {
        Cow::Borrowed(value)
    }
}

/// An ISA with its fixed widths; what is too long stays.
fn padded<'a>(sent: &[&'a str]) -> Vec<Cow<'a, str>> {
    let made = MADE_ISA.iter().zip(WIDTHS).enumerate();
    made.map(|(at, (made, width))| {
        let value = sent.get(at).filter(|value| !value.is_empty());
        let value = in_one_line(value.map_or(*made, |value| value.trim_end_matches(' ')));
        match at {
            10 | 15 => Cow::Borrowed(""),
            _ if value.chars().count() >= width => value,
            _ => Cow::Owned(format!("{value:width$}")),
        }
    })
    .collect()
}
