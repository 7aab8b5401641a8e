//! Numbers of EBs as their columns have them.

use super::cells::scaled;
use super::grown::{Bits, TOGETHER};
use crate::elements::Sent;
use crate::normalize::rows::Row;
use crate::numbers::Decimal;

/// One number of some lines.
pub struct Digits {
    /// Decimals of its column.
    scale: u8,
    /// Numbers that came before.
    known: [Known; 1 << KNOWN],
    /// As many behind the point as the column has; 0 if there is none.
    digits: [i64; TOGETHER],
    /// Which lines have a number that fits the column.
    pub said: Bits,
    /// Which have something that is there as a text only.
    pub raw: Bits,
}

/// A plain number of up to eight bytes, and its digits: amounts repeat themselves, and are sooner found than read.
#[derive(Clone, Copy)]
struct Known {
    /// Its bytes, the last one highest, and their count.
    text: (u64, usize),
    digits: i64,
}

/// Bits of the place where a number is kept.
const KNOWN: u32 = 6;

impl Known {
    /// No number has no bytes.
    const NONE: Known = Known {
        text: (0, 0),
        digits: 0,
    };

    /// The place of a number.
    #[inline(always)]
    fn place(text: u64) -> usize {
        (text.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - KNOWN)) as usize
    }
}

impl Digits {
    pub fn new(scale: u8) -> Digits {
        Digits {
            scale,
            known: [Known::NONE; _],
            digits: [0; TOGETHER],
            said: Bits::NONE,
            raw: Bits::NONE,
        }
    }

    pub fn all(&self) -> &[i64] {
        &self.digits[..self.said.count]
    }

    /// Reads EB07 and EB08 of some rows.
    #[inline(never)]
    pub fn read<'r, 'a: 'r>(
        both: &mut [Digits; 2],
        rows: impl ExactSizeIterator<Item = &'r Row<'a>>,
    ) {
        let count = rows.len().min(TOGETHER);
        for digits in both.iter_mut() {
            (digits.said.set, digits.said.count) = (Bits::NONE.set, count);
            (digits.raw.set, digits.raw.count) = (Bits::NONE.set, count);
        }
        let [amounts, percents] = both;
        for (row, at) in rows.zip(0..TOGETHER) {
            amounts.take(at, row, false);
            percents.take(at, row, true);
        }
    }

    #[inline(always)]
    fn take(&mut self, at: usize, row: &Row<'_>, percent: bool) {
        self.digits[at] = 0;
        let (bytes, length) = match row.eight_of_number(percent) {
            Some((_, 0)) => return,
            Some((bytes, length @ 1..=8)) => (bytes, length),
            _ => return self.put(at, row, percent),
        };
        let text = bytes << (64 - 8 * length);
        let known = &mut self.known[Known::place(text)];
        if known.text != (text, length) {
            let Some(digits) = short_digits(bytes, length, self.scale) else {
                return self.put(at, row, percent);
            };
            *known = Known {
                text: (text, length),
                digits,
            };
        }
        self.digits[at] = known.digits;
        self.said.set[at / 64] |= 1 << (at % 64);
    }

    #[cold]
    fn put(&mut self, at: usize, row: &Row<'_>, percent: bool) {
        let set = match digits(&row.sent_numbers()[usize::from(percent)], self.scale) {
            Some(Some(number)) => {
                self.digits[at] = number;
                &mut self.said.set
            }
            Some(None) => &mut self.raw.set,
            None => return,
        };
        set[at / 64] |= 1 << (at % 64);
    }
}

/// A number's digits as its column has them, None if it cannot have them; None if there is no number.
pub fn digits(sent: &Sent<'_>, scale: u8) -> Option<Option<i64>> {
    if sent.is_empty() {
        return None;
    }
    let bytes = sent.block().map(|block| u64::from_le_bytes(*block));
    match bytes.and_then(|bytes| short_digits(bytes, sent.len(), scale)) {
        Some(digits) => Some(Some(digits)),
        None => odd_digits(sent.trimmed().bytes(), scale),
    }
}

/// Those of a plain number that is no longer than eight bytes, the first of these; None if there are too many behind the
/// point, or it is no such number.
#[inline(never)]
fn short_digits(bytes: u64, length: usize, scale: u8) -> Option<i64> {
    let number = Decimal::short(bytes, length)?;
    // Of at most eight digits and so few decimals none is lost.
    let power = POWERS.get(u32::from(scale).checked_sub(number.scale)? as usize)?;
    Some(number.digits as i64 * power)
}

/// Powers of ten, up to that of the column with most decimals.
const POWERS: [i64; 7] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/// The same of what is not a plain number.
#[inline(never)]
fn odd_digits(sent: &[u8], scale: u8) -> Option<Option<i64>> {
    let digits = || Decimal::read(sent).and_then(|number| scaled(number, scale));
    (!sent.is_empty()).then(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elements::Elements;

    #[test]
    fn digits_are_those_that_the_number_has_in_its_column() {
        for text in [
            "",
            "  ",
            "0",
            "007",
            "1500",
            " 20 ",
            "1234567",
            "12345678",
            ".5",
            "-3",
            "12.345",
            "12.3400",
            "many",
            "999999999999999999",
            "1500.",
        ] {
            for behind in ["", "*Y*AND MORE THAN A BLOCK OF BYTES"] {
                let segment = format!("EB*{text}");
                let all = format!("{segment}{behind}");
                let mut sent = Sent::NONE;
                Elements::of(all.as_bytes(), segment.len(), b'*').each(|element| sent = element);
                for scale in [0, 2, 6] {
                    let number = Decimal::read(text.trim().as_bytes());
                    let plain = number.and_then(|number| scaled(number, scale));
                    let there = !text.trim().is_empty();
                    assert_eq!(
                        digits(&sent, scale),
                        there.then_some(plain),
                        "{text} {scale}"
                    );
                }
            }
        }
    }
}
