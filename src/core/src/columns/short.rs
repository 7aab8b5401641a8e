//! Short texts, which are written into a column faster than they are copied.

use crate::elements::Sent;
use crate::normalize::codes::Code;

/// An ASCII text of up to seven bytes in a number: the first byte lowest, their count highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short(u64);

/// The most bytes of a short text.
const MOST: usize = 7;

/// Bits that no byte of an ASCII text has.
const NOT_ASCII: u64 = 0x8080_8080_8080_8080;

impl Short {
    pub const EMPTY: Short = Short(0);

    /// None if it is long, or not ASCII.
    pub fn of(text: &[u8]) -> Option<Short> {
        if text.len() > MOST || !text.is_ascii() {
            return None;
        }
        let bytes = text.iter().rev();
        let packed = bytes.fold(0, |packed, byte| packed << 8 | u64::from(*byte));
        Some(Short(packed | (text.len() as u64) << 56))
    }

    /// The text of a code; None if it is long.
    #[inline]
    pub fn of_code(code: Code) -> Option<Short> {
        let short = Short(code.packed()?);
        (short.0 & NOT_ASCII == 0).then_some(short)
    }

    /// The same of an element.
    #[inline]
    pub fn of_sent(sent: &Sent<'_>) -> Option<Short> {
        let Some(word) = sent.word() else {
            return Short::of(sent.bytes());
        };
        let is_ascii = word.bytes & NOT_ASCII == 0;
        is_ascii.then_some(Short(word.bytes | u64::from(word.length) << 56))
    }

    #[inline]
    pub fn len(self) -> usize {
        (self.0 >> 56) as usize
    }

    /// Its bytes, and something behind them.
    #[inline]
    pub fn block(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elements::Elements;

    #[test]
    fn a_short_text_keeps_its_bytes_wherever_it_stands() {
        for text in ["", "1", "30", "FAM", "unknown", "EIGHT BY", "\u{e9}"] {
            let short = Short::of(text.as_bytes());
            let fits = text.len() <= MOST && text.is_ascii();
            assert_eq!(short.is_some(), fits, "{text}");
            for behind in ["", "*AND MORE THAN A BLOCK OF BYTES"] {
                let segment = format!("EB*{text}");
                let all = format!("{segment}{behind}");
                let sent = Elements::of(all.as_bytes(), segment.len(), b'*').sent(1);
                assert_eq!(Short::of_sent(&sent), short, "{text}");
            }
            if let Some(short) = short {
                assert_eq!(&short.block()[..short.len()], text.as_bytes());
            }
        }
    }
}
