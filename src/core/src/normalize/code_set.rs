//! Sets of codes that are asked millions of times.

use crate::elements::Word;
use std::collections::HashSet;

/// A set of codes: the short plain ones each as a number in a table, and the others.
pub struct CodeSet {
    /// Open addressing, at most half full; 0 where there is none.
    places: Vec<u64>,
    others: HashSet<Vec<u8>>,
}

/// A word as a number that no other word has; 0 for the empty one.
#[inline]
fn number(code: Word) -> u64 {
    code.bytes | u64::from(code.length) << (8 * Word::MOST)
}

/// The number of a code if it is short, and letters and digits only.
fn number_of(code: &[u8]) -> Option<u64> {
    let is_plain = code.len() <= Word::MOST && code.iter().all(u8::is_ascii_alphanumeric);
    is_plain.then(|| {
        let bytes = code.iter().rev();
        number(Word {
            bytes: bytes.fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
            length: code.len() as u32,
        })
    })
}

impl CodeSet {
    pub fn of(codes: Vec<String>) -> CodeSet {
        let mut known = CodeSet {
            places: vec![0; (2 * codes.len() + 2).next_power_of_two()],
            others: HashSet::new(),
        };
        for code in codes {
            match number_of(code.as_bytes()) {
                Some(number @ 1..) => {
                    let place = known.place(number);
                    known.places[place] = number;
                }
                _ => {
                    known.others.insert(code.into_bytes());
                }
            }
        }
        known
    }

    /// Where a number stands, or would stand.
    #[inline]
    fn place(&self, number: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.places[at] != number && self.places[at] != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// True if the code is one of letters and digits, and is in the set.
    #[inline]
    pub fn has_word(&self, code: Word) -> bool {
        let number = number(code);
        number != 0 && self.places[self.place(number)] == number
    }

    pub fn has(&self, code: &[u8]) -> bool {
        match number_of(code) {
            Some(number @ 1..) => self.places[self.place(number)] == number,
            _ => self.others.contains(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_codes_and_no_others() {
        let codes = [
            "1", "30", "FAM", "0022", "a", "A1", "", "\u{e9}", "1234567", "12345678", "A^B",
        ];
        let known = CodeSet::of(codes.map(String::from).to_vec());
        for code in codes {
            assert!(known.has(code.as_bytes()), "{code}");
        }
        for code in [
            "0",
            "3",
            "03",
            "FA",
            "FAMI",
            "AM",
            "b",
            "A",
            "1A",
            "A\0",
            "1\0",
            "\0",
            "0A1",
            "ZZZ",
            "123456",
            "123456789",
            "A^",
            "B",
        ] {
            assert!(!known.has(code.as_bytes()), "{code}");
        }
    }

    #[test]
    fn a_word_is_in_the_set_if_its_bytes_are_a_plain_code_of_it() {
        let known = CodeSet::of(
            ["1", "FAM", "1234567", "", "A^B"]
                .map(String::from)
                .to_vec(),
        );
        for (text, has) in [
            ("1", true),
            ("FAM", true),
            ("1234567", true),
            ("", false),
            ("1\0", false),
            ("\0", false),
            ("FA", false),
            ("A^B", false),
        ] {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            let word = Word {
                bytes: u64::from_le_bytes(bytes),
                length: text.len() as u32,
            };
            assert_eq!(known.has_word(word), has, "{text:?}");
        }
    }

    #[test]
    fn codes_have_a_number_of_their_own() {
        let letters = || (b'0'..=b'9').chain(b'A'..=b'Z');
        let mut numbers = HashSet::new();
        for one in letters() {
            assert!(numbers.insert(number_of(&[one])));
            for two in letters() {
                assert!(numbers.insert(number_of(&[one, two])));
                for three in letters() {
                    assert!(numbers.insert(number_of(&[one, two, three])));
                }
            }
        }
        assert!(!numbers.contains(&None) && !numbers.contains(&Some(0)));
    }
}
