//! Numbers of EBs as their columns have them.

use super::cells::scaled;
use super::grown::{Bits, TOGETHER};
use crate::elements::Sent;
use crate::normalize::rows::Row;
use crate::numbers::Decimal;

/// One number of some lines.
pub struct Digits {
    /// As many behind the point as the column has; 0 if there is none.
    digits: [i64; TOGETHER],
    /// Which lines have a number that fits the column.
    pub said: Bits,
    /// Which have something that is there as a text only.
    pub raw: Bits,
}

impl Digits {
    pub fn new() -> Digits {
        Digits {
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
        scales: [u8; 2],
    ) {
        let count = rows.len().min(TOGETHER);
        for digits in both.iter_mut() {
            (digits.said.set, digits.said.count) = (Bits::NONE.set, count);
            (digits.raw.set, digits.raw.count) = (Bits::NONE.set, count);
        }
        let [amounts, percents] = both;
        for (row, at) in rows.zip(0..TOGETHER) {
            amounts.take(at, row, false, scales[0]);
            percents.take(at, row, true, scales[1]);
        }
    }

    #[inline(always)]
    fn take(&mut self, at: usize, row: &Row<'_>, percent: bool, scale: u8) {
        self.digits[at] = 0;
        let eight = row.eight_of_number(percent);
        if matches!(eight, Some((_, 0))) {
            return;
        }
        match eight.and_then(|(bytes, length)| short_digits(bytes, length, scale)) {
            Some(number) => {
                self.digits[at] = number;
                self.said.set[at / 64] |= 1 << (at % 64);
            }
            None => self.put(at, row, percent, scale),
        }
    }

    #[cold]
    fn put(&mut self, at: usize, row: &Row<'_>, percent: bool, scale: u8) {
        let set = match digits(&row.sent_numbers()[usize::from(percent)], scale) {
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
