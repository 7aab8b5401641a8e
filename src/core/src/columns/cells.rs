//! What stands in one cell, before it is in a column.

use crate::numbers::{Date, Decimal};
use std::borrow::Cow;

#[derive(Clone, Debug)]
pub enum Cell<'a> {
    /// The answer does not say.
    Empty,
    /// Bytes of the document, without blanks around them.
    Sent(&'a [u8]),
    /// A text of ours.
    Text(&'a str),
    Flag(bool),
    Count(usize),
}

/// How the bytes of a transaction set become text.
#[derive(Clone, Copy)]
pub struct Encoding {
    pub utf8: bool,
    /// True if any part between delimiters is UTF-8 as it stands.
    pub as_is: bool,
}

impl Encoding {
    /// That of our own texts.
    pub const UTF8: Encoding = Encoding {
        utf8: true,
        as_is: true,
    };

    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        crate::inner::decode(bytes, self.utf8)
    }
}

/// Days of a year before each month, of years that begin in March, so that the leap day is the last of its year.
const BEFORE: [i32; 13] = [0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];

/// Days since 1970-01-01.
#[inline]
pub fn days(date: Date) -> i32 {
    let year = u32::from(date.year) - u32::from(date.month <= 2 && date.year > 0);
    let century = year / 100;
    let leap_days = year / 4 - century + century / 4;
    let before = BEFORE.get(usize::from(date.month)).copied().unwrap_or(0);
    (year * 365 + leap_days) as i32 + before + i32::from(date.day) - 719_469
}

const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A number's digits with `scale` decimals; None if that would not be the number, or has more than 18 digits.
#[inline]
pub fn scaled(number: Decimal, scale: u8) -> Option<i64> {
    let scale = u32::from(scale);
    let (mut digits, mut have) = (number.digits, number.scale);
    if have > scale {
        (digits, have) = shortened(number, scale);
    }
    // What is longer than this number of the machine's has more than 18 digits.
    lifted(i64::try_from(digits).ok()?, scale.checked_sub(have)?)
}

/// The digits of a whole number with so many decimals; None if they are more than 18.
#[inline]
pub fn lifted(digits: i64, decimals: u32) -> Option<i64> {
    let lifted = digits.checked_mul(*POWERS.get(decimals as usize)?)?;
    let most = POWERS[super::schema::PRECISION as usize];
    (lifted > -most && lifted < most).then_some(lifted)
}

/// Digits and their decimals without zeros at the end that are more decimals than `scale`.
#[cold]
fn shortened(number: Decimal, scale: u32) -> (i128, u32) {
    let (mut digits, mut have) = (number.digits, number.scale);
    while have > scale && digits % 10 == 0 {
        (digits, have) = (digits / 10, have - 1);
    }
    (digits, have)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        for (text, expected) in [
            ("19700101", 0),
            ("19691231", -1),
            ("20000229", 11016),
            ("20000301", 11017),
            ("19000228", -25509),
            ("19000301", -25508),
            ("00010101", -719_162),
            ("99991231", 2_932_896),
        ] {
            assert_eq!(
                Date::read(text.as_bytes()).map(days),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_none() {
        for (text, scale, expected) in [
            ("1500", 2, Some(150_000)),
            ("-.5", 2, Some(-50)),
            ("12.3400", 2, Some(1234)),
            ("12.345", 2, None),
            ("9999999999999999.99", 2, Some(999_999_999_999_999_999)),
            ("99999999999999999", 2, None),
            ("0", 6, Some(0)),
        ] {
            let found = Decimal::read(text.as_bytes()).and_then(|number| scaled(number, scale));
            assert_eq!(found, expected, "{text}");
        }
    }
}
