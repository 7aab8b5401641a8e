//! What one row of the benefits says, ready for the columns: a code is a number with its length.

use super::build::Builder;
use super::cells::scaled;
use super::schema::{self, Column};
use super::words::Words;
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
/// It is there and is no short ASCII text.
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
    /// The bytes of each code, the first one lowest; nothing behind its end.
    texts: [u64; CODES.len()],
    lengths: [u8; CODES.len()],
    /// Of each description in its dictionary.
    places: [i16; CODED.len()],
    numbers: [i64; NUMBERS.len()],
    /// Which of them say something: the bits above, those of more than one moved by its place.
    pub says: u32,
}

impl Image {
    pub const BLANK: Image = Image {
        texts: [0; CODES.len()],
        lengths: [0; CODES.len()],
        places: [0; CODED.len()],
        numbers: [0; NUMBERS.len()],
        says: 0,
    };

    #[inline]
    pub fn has(&self, what: u32) -> bool {
        self.says & what != 0
    }

    /// A code's bytes, and how many they are: 0 unless it is short.
    #[inline]
    pub fn text(&self, at: usize) -> (u64, usize) {
        (self.texts[at], self.lengths[at].into())
    }

    #[inline]
    pub fn place(&self, at: usize) -> Option<i16> {
        self.has(DESCRIBED << at).then_some(self.places[at])
    }

    #[inline]
    pub fn number(&self, at: usize) -> Option<i64> {
        self.has(NUMBER << at).then_some(self.numbers[at])
    }

    fn set_text(&mut self, at: usize, text: &[u8]) {
        self.says &= !((SHORT | LONG) << at);
        (self.texts[at], self.lengths[at]) = (0, 0);
        if text.is_empty() {
            return;
        }
        if text.len() > 8 || !text.is_ascii() {
            self.says |= LONG << at;
            return;
        }
        let bytes = text.iter().rev();
        self.texts[at] = bytes.fold(0, |packed, byte| packed << 8 | u64::from(*byte));
        self.lengths[at] = text.len() as u8;
        self.says |= SHORT << at;
    }

    #[inline]
    fn set_number(&mut self, at: usize, sent: &[u8], scale: u8) {
        let digits = Decimal::read(sent).and_then(|number| scaled(number, scale));
        match digits {
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
    pub fn image(&self, row: &Row<'_>) -> Image {
        let mut image = Image::BLANK;
        let sent: [&[u8]; 14] = row.run(1);
        let sent = |number: usize| sent[number - 1];
        for (at, number) in CODES.into_iter().enumerate() {
            let code = sent(number);
            match at {
                NETWORK => image.set_text(at, network_of(code)),
                SERVICE if row.repetitions().nth(1).is_some() => image.says |= SEVERAL,
                _ => self.set_code(&mut image, at, code),
            }
        }
        let quantity = sent(NUMBERS[QUANTITY]);
        if !quantity.is_empty() {
            image.set_number(QUANTITY, quantity, self.scales[QUANTITY]);
        }
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
        if let Some(place) = words.place(code) {
            image.says |= DESCRIBED << at;
            image.places[at] = place;
        }
    }

    /// The lines of a row, one after the other.
    #[inline]
    pub fn lines(&self, row: &Row<'_>, at: usize, image: &Image, mut put: impl FnMut(Line)) {
        let mut line = Line {
            image: *image,
            row: at as u32,
            repetition: 1,
            code: (0, u32::MAX),
        };
        let numbers: [&[u8]; QUANTITY] = row.run(NUMBERS[0]);
        for (at, sent) in numbers.into_iter().enumerate() {
            if !sent.is_empty() {
                line.image.set_number(at, sent, self.scales[at]);
            }
        }
        if !image.has(SEVERAL) {
            put(line);
            return;
        }
        self.several(row, line, put);
    }

    fn several(&self, row: &Row<'_>, mut line: Line, mut put: impl FnMut(Line)) {
        let mut start = 0;
        let mut is_any = false;
        for part in row.repetitions() {
            line.code = (start, part.len() as u32);
            start += part.len() as u32 + 1;
            let code = part.trim_ascii();
            if code.is_empty() {
                continue;
            }
            self.set_code(&mut line.image, SERVICE, code);
            put(line);
            line.repetition += 1;
            is_any = true;
        }
        if !is_any {
            line.code = (0, 0);
            self.set_code(&mut line.image, SERVICE, b"");
            put(line);
        }
    }
}
