//! What one row of the benefits says, ready for the columns: a code is a number with its length.

use super::build::Builder;
use super::cells::scaled;
use super::schema::{self, Column};
use super::short::Short;
use super::words::{NOWHERE, Words};
use crate::elements::{Sent, Word};
use crate::normalize::rows::Row;
use crate::numbers::Decimal;
use arrow_schema::ArrowError;
use std::sync::Arc;

/// Elements with a description, EB03 third.
const CODED: [usize; 6] = [1, 2, 3, 4, 6, 9];
/// Of them the service type, of which each code is a row.
const SERVICE: usize = 2;
/// Elements that are codes: those, the authorization, and the network, which has our own words.
const CODES: [usize; 8] = [1, 2, 3, 4, 6, 9, 11, 12];
const NETWORK: usize = 7;

/// Of a code: it is there and short.
pub const SHORT: u32 = 1;
/// It is there and is not.
pub const LONG: u32 = 1 << 8;
/// It has a description.
pub const DESCRIBED: u32 = 1 << 16;
/// Of amount, percent and quantity: it is there, and fits its column.
pub const NUMBER: u32 = 1 << 22;
/// It is there as a text only.
pub const RAW: u32 = 1 << 25;
/// EB05, EB13 and EB14 are there.
pub const PLAN: u32 = 1 << 28;
pub const PROCEDURE: u32 = 1 << 29;
pub const POINTERS: u32 = 1 << 30;
/// What is put line by line.
pub const ASIDE: u32 = PROCEDURE | POINTERS | RAW | RAW << 1 | RAW << 2;
/// EB03 has a separator.
const SEVERAL: u32 = 1 << 31;

/// EB07, EB08 and EB10.
pub const NUMBERS: [usize; 3] = [7, 8, 10];
const QUANTITY: usize = 2;

/// What an EB says, but for amount and percent.
#[derive(Clone, Copy, Debug)]
pub struct Image {
    texts: [Short; CODES.len()],
    /// Of each description in its dictionary.
    places: [i16; CODED.len()],
    numbers: [i64; NUMBERS.len()],
    /// Bytes of EB03.
    types: u32,
    /// Which of them say something: the bits above, those of more than one moved by its place.
    says: u32,
}

impl Image {
    pub const BLANK: Image = Image {
        texts: [Short::EMPTY; CODES.len()],
        places: [NOWHERE; CODED.len()],
        numbers: [0; NUMBERS.len()],
        types: 0,
        says: 0,
    };

    /// The most codes that can stand in EB03.
    #[inline]
    pub fn most_lines(&self) -> usize {
        self.types as usize / 2 + 1
    }

    fn set_text(&mut self, at: usize, text: &[u8]) {
        self.says &= !((SHORT | LONG) << at);
        self.texts[at] = Short::EMPTY;
        if text.is_empty() {
            return;
        }
        self.says |= match Short::of(text) {
            Some(short) => {
                self.texts[at] = short;
                SHORT << at
            }
            None => LONG << at,
        };
    }

    #[inline]
    fn set_number(&mut self, at: usize, sent: Sent<'_>, scale: u8) {
        if sent.is_empty() {
            return;
        }
        let whole = sent.word().and_then(Word::number);
        let number = match whole {
            Some(digits) => Some(Decimal {
                digits: digits.into(),
                scale: 0,
            }),
            None => Decimal::read(sent.bytes()),
        };
        match number.and_then(|number| scaled(number, scale)) {
            Some(digits) => {
                self.numbers[at] = digits;
                self.says |= NUMBER << at;
            }
            None => self.says |= RAW << at,
        }
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

/// An EB for one code of EB03: a row of the table.
#[derive(Clone, Copy)]
pub struct Line {
    pub image: Image,
    /// Index of the EB's row among the patient's.
    pub row: u32,
    /// Number of the code among those of EB03, from 1.
    pub repetition: u32,
    /// Where the code stands in EB03, and its length with the blanks around it; no end if it is the only one.
    code: (u32, u32),
}

impl Line {
    #[inline]
    pub fn has(&self, what: u32) -> bool {
        self.image.says & what != 0
    }

    #[inline]
    pub fn says(&self) -> u32 {
        self.image.says
    }

    /// A code; empty unless it is short.
    #[inline]
    pub fn text(&self, at: usize) -> Short {
        self.image.texts[at]
    }

    /// Where the description of a code stands; negative if there is none.
    #[inline]
    pub fn place(&self, at: usize) -> i16 {
        self.image.places[at]
    }

    #[inline]
    pub fn number(&self, at: usize) -> Option<i64> {
        self.has(NUMBER << at).then_some(self.image.numbers[at])
    }

    /// The text of a code as it was sent in this row.
    pub fn code<'a>(&self, row: &Row<'a>, at: usize) -> &'a [u8] {
        let sent = row.element(CODES[at]);
        if at == NETWORK {
            return network_of(sent);
        }
        if at != SERVICE {
            return sent;
        }
        let rest = sent.get(self.code.0 as usize..).unwrap_or(b"");
        let code = rest.get(..self.code.1 as usize).unwrap_or(rest);
        code.trim_ascii()
    }
}

/// What makes images and lines of rows.
pub struct Coder {
    /// The descriptions of each code.
    words: [Arc<Words>; CODED.len()],
    /// Decimals of each number's column.
    scales: [u8; NUMBERS.len()],
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
        Ok(Coder {
            words: [
                words("information")?,
                words("coverage_level_description")?,
                words("service_type_description")?,
                words("insurance_type_description")?,
                words("time_period_description")?,
                words("quantity_qualifier_description")?,
            ],
            scales: [scale("amount")?, scale("percent")?, scale("quantity")?],
        })
    }

    /// What stands in an EB but for amount and percent, of which it depends in nothing.
    #[cold]
    pub fn image(&self, row: &Row<'_>) -> Image {
        let mut image = Image::BLANK;
        let sent: [Sent<'_>; 14] = row.places(1);
        let sent = |number: usize| sent[number - 1];
        image.types = sent(3).len() as u32;
        for (at, number) in CODES.into_iter().enumerate() {
            let code = sent(number).bytes();
            match at {
                NETWORK => image.set_text(at, network_of(code)),
                SERVICE if row.repetitions().nth(1).is_some() => image.says |= SEVERAL,
                _ => self.set_code(&mut image, at, code),
            }
        }
        image.set_number(QUANTITY, sent(NUMBERS[QUANTITY]), self.scales[QUANTITY]);
        for (number, what) in [(5, PLAN), (13, PROCEDURE), (14, POINTERS)] {
            if !sent(number).is_empty() {
                image.says |= what;
            }
        }
        image
    }

    fn set_code(&self, image: &mut Image, at: usize, code: &[u8]) {
        image.set_text(at, code);
        let Some(words) = self.words.get(at) else {
            return;
        };
        image.says &= !(DESCRIBED << at);
        image.places[at] = NOWHERE;
        if let Some(place) = words.place(code) {
            image.says |= DESCRIBED << at;
            image.places[at] = place;
        }
    }

    /// Puts the lines of a row one after the other: `full` takes them away when they are too many.
    #[inline]
    pub fn add(
        &self,
        lines: &mut Vec<Line>,
        row: &Row<'_>,
        at: usize,
        image: &Image,
        full: impl FnMut(&mut Vec<Line>),
    ) {
        let numbers: [Sent<'_>; QUANTITY] = row.places(NUMBERS[0]);
        lines.push(Line {
            image: *image,
            row: at as u32,
            repetition: 1,
            code: (0, u32::MAX),
        });
        let Some(line) = lines.last_mut() else { return };
        for (at, sent) in numbers.into_iter().enumerate() {
            line.image.set_number(at, sent, self.scales[at]);
        }
        if image.says & SEVERAL != 0 {
            self.several(lines, row, full);
        }
    }

    /// The same for an EB03 with repetitions, in place of the last line.
    #[cold]
    fn several(&self, lines: &mut Vec<Line>, row: &Row<'_>, mut full: impl FnMut(&mut Vec<Line>)) {
        let Some(mut line) = lines.pop() else { return };
        let mut start = 0;
        for part in row.repetitions() {
            line.code = (start, part.len() as u32);
            start += part.len() as u32 + 1;
            let code = part.trim_ascii();
            if code.is_empty() {
                continue;
            }
            self.set_code(&mut line.image, SERVICE, code);
            lines.push(line);
            line.repetition += 1;
            full(lines);
        }
        if line.repetition == 1 {
            line.code = (0, 0);
            self.set_code(&mut line.image, SERVICE, b"");
            lines.push(line);
        }
    }
}
