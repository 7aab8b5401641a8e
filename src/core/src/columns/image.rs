//! What an EB says, ready for the columns.

use super::build::Builder;
use super::digits::digits;
use super::lines::{Lines, WHOLE};
use super::schema::{self, Column};
use super::short::Short;
use super::told::Told;
use super::words::Words;
use crate::elements::Sent;
use crate::normalize::rows::Row;
use crate::scan::Segment;
use arrow_schema::ArrowError;
use std::sync::Arc;

/// Elements with a description, EB03 third.
pub const CODED: [usize; 6] = [1, 2, 3, 4, 6, 9];
/// Of them the service type, of which each code is a row.
pub const SERVICE: usize = 2;
/// Elements that are codes: those, the authorization, and the network, which has our own words.
pub const CODES: [usize; 8] = [1, 2, 3, 4, 6, 9, 11, 12];
const NETWORK: usize = 7;

/// Of a code: it is there and short.
pub const SHORT: u32 = 1;
/// It is there and is not.
pub const LONG: u32 = 1 << 8;
/// It has a description.
pub const DESCRIBED: u32 = 1 << 16;
/// Of the quantity: it is there, and fits its column.
pub const QUANTITY: u32 = 1 << 22;
/// It is there as a text only.
pub const RAW: u32 = 1 << 23;
/// EB05, EB13 and EB14 are there.
pub const PLAN: u32 = 1 << 28;
pub const PROCEDURE: u32 = 1 << 29;
pub const POINTERS: u32 = 1 << 30;
/// EB03 has a separator.
const SEVERAL: u32 = 1 << 31;

/// What an EB says, but for amount and percent.
#[derive(Clone, Copy, Debug)]
pub struct Image {
    /// Codes; those that are not short are empty.
    pub texts: [Short; CODES.len()],
    /// Of each description in its dictionary; 0 if there is none.
    pub places: [i16; CODED.len()],
    /// Digits of the quantity as its column has them; 0 if there is none.
    pub quantity: i64,
    /// Bytes of EB03.
    types: u32,
    /// Which of them say something: the bits above, those of more than one moved by its place.
    pub says: u32,
}

impl Image {
    pub const BLANK: Image = Image {
        texts: [Short::EMPTY; CODES.len()],
        places: [0; CODED.len()],
        quantity: 0,
        types: 0,
        says: 0,
    };

    /// Bytes that a row comes to, about: what belongs to it, as often as there can be codes in EB03.
    #[inline]
    pub fn weight(&self, segments: &[Segment], told: &Told<'_>, row: &Row<'_>) -> usize {
        let begin = segments[row.segment as usize].start;
        let end = segments[row.last() as usize].end;
        let own = end.saturating_sub(begin) as usize + told.key.len();
        (self.types as usize / 2 + 1).saturating_mul(own)
    }

    /// Sets a code that is there.
    #[inline]
    fn set_text(&mut self, at: usize, text: Option<Short>) {
        self.texts[at] = text.unwrap_or(Short::EMPTY);
        self.says |= if text.is_some() { SHORT } else { LONG } << at;
    }

    #[inline]
    fn set_place(&mut self, at: usize, place: Option<i16>) {
        let Some(to) = self.places.get_mut(at) else {
            return;
        };
        *to = place.unwrap_or(0);
        self.says &= !(DESCRIBED << at);
        self.says |= u32::from(place.is_some()) << at << DESCRIBED.trailing_zeros();
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

/// A code of a row as it was sent, of EB03 all.
pub fn sent_code<'a>(row: &Row<'a>, at: usize) -> &'a [u8] {
    let sent = row.element(CODES[at]);
    if at == NETWORK {
        network_of(sent)
    } else {
        sent
    }
}

/// What makes images and lines of rows.
pub struct Coder {
    /// The descriptions of each code.
    words: [Arc<Words>; CODED.len()],
    /// Decimals of amount, percent and quantity.
    pub scales: [u8; 3],
    /// That of an EB without elements.
    blank: Image,
}

impl Coder {
    /// For the columns of the table.
    pub fn of(builders: &[Builder], listed: &[Column]) -> Result<Coder, ArrowError> {
        let builder = |name: &str| schema::place(listed, name).map(|at| &builders[at]);
        let words = |name: &str| match builder(name)? {
            Builder::Words(_, words) => Ok(words.clone()),
            _ => Err(schema::unknown(name)),
        };
        let scale = |name: &str| match builder(name)? {
            Builder::Decimal(_, scale) => Ok(*scale),
            _ => Err(schema::unknown(name)),
        };
        let words = [
            words("information")?,
            words("coverage_level_description")?,
            words("service_type_description")?,
            words("insurance_type_description")?,
            words("time_period_description")?,
            words("quantity_qualifier_description")?,
        ];
        let mut blank = Image::BLANK;
        for (at, words) in words.iter().enumerate() {
            blank.set_place(at, words.place(b""));
        }
        Ok(Coder {
            words,
            scales: [scale("amount")?, scale("percent")?, scale("quantity")?],
            blank,
        })
    }

    /// What stands in an EB but for amount and percent, of which it depends in nothing.
    #[cold]
    pub fn image(&self, row: &Row<'_>) -> Image {
        let mut image = self.blank;
        let sent: [Sent<'_>; 14] = row.places(1);
        let sent = |number: usize| &sent[number - 1];
        image.types = sent(3).len() as u32;
        let codes = CODES.into_iter().enumerate();
        for (at, number) in codes.filter(|(_, number)| !sent(*number).is_empty()) {
            let code = sent(number);
            if at == NETWORK {
                let network = network_of(code.bytes());
                if !network.is_empty() {
                    image.set_text(at, Short::of(network));
                }
            } else if at == SERVICE && row.repetitions().nth(1).is_some() {
                image.says |= SEVERAL;
            } else {
                image.set_text(at, Short::of_sent(code));
                let words = self.words.get(at);
                image.set_place(at, words.and_then(|words| words.place_of(code)));
            }
        }
        if let Some(digits) = digits(sent(10), self.scales[2]) {
            image.quantity = digits.unwrap_or(0);
            image.says |= if digits.is_some() { QUANTITY } else { RAW };
        }
        for (number, what) in [(5, PLAN), (13, PROCEDURE), (14, POINTERS)] {
            if !sent(number).is_empty() {
                image.says |= what;
            }
        }
        image
    }

    /// Puts the lines of a row one after the other: `full` takes them away when there is no room for more.
    #[inline]
    pub fn add(
        &self,
        lines: &mut Lines,
        row: &Row<'_>,
        at: u32,
        image: &Image,
        mut full: impl FnMut(&mut Lines),
    ) {
        if image.says & SEVERAL != 0 {
            return self.several(lines, row, at, *image, full);
        }
        lines.push(image, (at, row.segment), 1, WHOLE);
        if lines.is_full() {
            full(lines);
        }
    }

    /// The same for an EB03 with repetitions.
    #[cold]
    fn several(
        &self,
        lines: &mut Lines,
        row: &Row<'_>,
        at: u32,
        mut image: Image,
        mut full: impl FnMut(&mut Lines),
    ) {
        let (words, says) = (&self.words[SERVICE], image.says);
        let mut start = 0;
        let mut repetition = 0;
        for sent in row.repetitions() {
            let part = (start, sent.len() as u32);
            start += part.1 + 1;
            let code = sent.trim_ascii();
            if code.is_empty() {
                continue;
            }
            let code = words.code(code);
            image.says = says;
            image.set_text(SERVICE, Short::of_code(code));
            image.set_place(SERVICE, words.place_of_code(code));
            repetition += 1;
            lines.push(&image, (at, row.segment), repetition, part);
            if lines.is_full() {
                full(lines);
            }
        }
        if repetition == 0 {
            lines.push(&image, (at, row.segment), 1, (0, 0));
            if lines.is_full() {
                full(lines);
            }
        }
    }
}
