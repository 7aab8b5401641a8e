//! Money and dates, exactly as sent: no floating point.

/// A decimal number: `digits` divided by ten to the power of `scale`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    pub digits: i128,
    pub scale: u32,
}

/// Digits in an amount; X12 allows 18 in EB07.
const MOST_DIGITS: usize = 18;

/// All bytes of a number are the same.
#[inline]
pub const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The number that eight digits write, the first one lowest.
#[inline]
pub fn written(digits: u64) -> i64 {
    // Each even byte, pair and quad becomes the number that it and the next write.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let quads = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    (quads.wrapping_mul(10_000).wrapping_add(quads >> 32) & 0xFFFF_FFFF) as i64
}

impl Decimal {
    /// Reads optional minus, digits, at most one point. None for anything else.
    pub fn read(text: &[u8]) -> Option<Decimal> {
        let (negative, body) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let (mut digits, mut count, mut scale) = (0i64, 0usize, None);
        for byte in body {
            match byte {
                b'0'..=b'9' => {
                    if count == MOST_DIGITS {
                        return None;
                    }
                    digits = digits * 10 + i64::from(byte - b'0');
                    count += 1;
                    scale = scale.map(|scale: u32| scale + 1);
                }
                b'.' if scale.is_none() => scale = Some(0),
                _ => return None,
            }
        }
        if count == 0 {
            return None;
        }
        Some(Decimal {
            digits: i128::from(if negative { -digits } else { digits }),
            scale: scale.unwrap_or(0),
        })
    }

    /// Reads the first bytes of eight, the first one lowest, if they are some digits and perhaps a point. What is not so may
    /// still be a number.
    #[inline]
    pub fn short(eight: u64, length: usize) -> Option<Decimal> {
        if length == 0 || length > 8 {
            return None;
        }
        // As if zeros stood before it.
        let mut digits = eight << (64 - 8 * length);
        let (mut zeros, mut scale) = (64 - 8 * length, 0);
        let differs = digits ^ each(b'.');
        let points = differs.wrapping_sub(each(1)) & !differs & each(0x80);
        if points != 0 {
            let point = u64::MAX << (points.trailing_zeros() - 7);
            scale = 7 - points.trailing_zeros() / 8;
            digits = (digits & !point) << 8 | digits & point << 8;
            zeros += 8;
        }
        if zeros == 64 {
            return None;
        }
        digits |= each(b'0') & !(u64::MAX << zeros);
        let is_low = digits.wrapping_add(each(6)) & each(0xF0) == each(b'0');
        let is_digits = is_low && digits & each(0xF0) == each(b'0');
        is_digits.then(|| Decimal {
            digits: written(digits ^ each(b'0')).into(),
            scale,
        })
    }

    fn aligned(self, other: Decimal) -> (i128, i128, u32) {
        let scale = self.scale.max(other.scale);
        let lift = |number: Decimal| number.digits * 10i128.pow(scale - number.scale);
        (lift(self), lift(other), scale)
    }

    pub fn same(self, other: Decimal) -> bool {
        let (left, right, _) = self.aligned(other);
        left == right
    }

    pub fn exceeds_one(self) -> bool {
        self.digits > 10i128.pow(self.scale)
    }

    /// What is left of this after `other`, never below zero.
    pub fn less(self, other: Decimal) -> Decimal {
        let (left, right, scale) = self.aligned(other);
        Decimal {
            digits: (left - right).max(0),
            scale,
        }
    }

    pub fn hundredfold(self) -> Decimal {
        Decimal {
            digits: self.digits * 100,
            scale: self.scale,
        }
    }

    /// With at least two decimals: `1500.00`.
    pub fn money(self) -> String {
        let mut number = self;
        while number.scale > 2 && number.digits % 10 == 0 {
            number = Decimal {
                digits: number.digits / 10,
                scale: number.scale - 1,
            };
        }
        if number.scale < 2 {
            number = Decimal {
                digits: number.digits * 10i128.pow(2 - number.scale),
                scale: 2,
            };
        }
        number.text()
    }

    /// Without trailing zeros: `20`, `12.5`.
    pub fn plain(self) -> String {
        let mut number = self;
        while number.scale > 0 && number.digits % 10 == 0 {
            number = Decimal {
                digits: number.digits / 10,
                scale: number.scale - 1,
            };
        }
        number.text()
    }

    fn text(self) -> String {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = padded.split_at(padded.len() - scale);
        format!("{sign}{whole}.{part}")
    }
}

/// True for a filler such as 99999 or 99999.99: at least `nines` nines, then perhaps a point and nines.
pub fn is_placeholder(text: &[u8], nines: usize) -> bool {
    if text.first() != Some(&b'9') {
        return false;
    }
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let whole = parts.next().unwrap_or(b"");
    let all_nines = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| *byte == b'9');
    whole.len() >= nines.max(1) && all_nines(whole) && parts.next().is_none_or(all_nines)
}

/// A day, ordered as days are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

impl Date {
    /// Reads CCYYMMDD; None if there is no such day.
    #[inline]
    pub fn read(text: &[u8]) -> Option<Date> {
        let digits = u64::from_le_bytes(<[u8; 8]>::try_from(text).ok()?);
        let (high, zeros) = (0xF0F0_F0F0_F0F0_F0F0, 0x3030_3030_3030_3030);
        let is_low = digits.wrapping_add(0x0606_0606_0606_0606) & high == zeros;
        if digits & high != zeros || !is_low {
            return None;
        }
        // Each even byte becomes the number that it and the next one write.
        let digits = digits - zeros;
        let pairs = (digits * 10).wrapping_add(digits >> 8);
        let [century, _, year, _, month, _, day, _] = pairs.to_le_bytes();
        Date::new(u16::from(century) * 100 + u16::from(year), month, day)
    }

    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        let exists = (1..=9999).contains(&year) && (1..=days).contains(&day);
        exists.then_some(Date { year, month, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::read(text.as_bytes()).unwrap_or_else(|| unreachable!("{text} is a number"))
    }

    #[test]
    fn amounts_are_read_as_sent_and_written_with_two_decimals() {
        for (sent, money, plain) in [
            ("1500", "1500.00", "1500"),
            (".2", "0.20", "0.2"),
            ("0", "0.00", "0"),
            ("12.345", "12.345", "12.345"),
            ("12.3400", "12.34", "12.34"),
            ("-5.", "-5.00", "-5"),
        ] {
            assert_eq!(
                (number(sent).money().as_str(), number(sent).plain().as_str()),
                (money, plain),
                "{sent}"
            );
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            ".",
            "-",
            "1O0",
            "1,000",
            "1.2.3",
            "+5",
            "1e3",
            "1234567890123456789",
        ] {
            assert!(Decimal::read(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_short_number_is_read_as_any_other() {
        let texts = [
            "",
            "0",
            "7",
            "1500",
            "56.35",
            ".5",
            "5.",
            ".",
            "..",
            "1.2.3",
            "24467.34",
            "98765432",
            "1234567.",
            ".1234567",
            "12-4",
            "-5",
            "1O0",
            "/",
            ":",
            "1:",
            "5/",
            "\0",
            "\u{b0}",
            "\u{ae}",
            "12345678.9",
        ];
        for text in texts {
            for behind in ["*", "\0", ".", "0", "\u{ff}"] {
                let room = [text, &behind.repeat(8)].concat();
                let eight = room.as_bytes().first_chunk().copied().unwrap_or_default();
                let short = Decimal::short(u64::from_le_bytes(eight), text.len());
                let number = Decimal::read(text.as_bytes());
                let is_short = text.len() <= 8 && !text.starts_with('-');
                let expected = number.filter(|_| is_short);
                let parts = |number: Option<Decimal>| number.map(|one| (one.digits, one.scale));
                assert_eq!(parts(short), parts(expected), "{text:?} {behind:?}");
            }
        }
    }

    #[test]
    fn fillers_are_nines_only() {
        for (text, filler) in [
            ("99999", true),
            ("99999.99", true),
            ("9999", false),
            ("99999.90", false),
            ("99999.", false),
            ("199999", false),
        ] {
            assert_eq!(is_placeholder(text.as_bytes(), 5), filler, "{text}");
        }
    }

    #[test]
    fn only_days_that_exist_are_dates() {
        assert_eq!(Date::read(b"20240229"), Date::new(2024, 2, 29));
        assert_eq!(Date::read(b"99991231"), Date::new(9999, 12, 31));
        for text in [
            "20230229",
            "20261301",
            "20260100",
            "00000101",
            "2026121",
            "2026-1-1",
            "202601:1",
            "2026010/",
            "\u{e9}260101",
        ] {
            assert!(Date::read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
