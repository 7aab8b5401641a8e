//! Sets of codes that are asked millions of times.

use crate::elements::Word;
use std::collections::HashSet;

/// A set of codes: a bit for each of up to three digits and capitals, and the others.
pub struct CodeSet {
    bits: Vec<u64>,
    others: HashSet<Vec<u8>>,
}

/// Digits and capitals from 1; 0 for all other bytes.
const PLACES: [u8; 256] = {
    let mut places = [0; 256];
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut at = 0;
    while at < letters.len() {
        places[letters[at] as usize] = at as u8 + 1;
        at += 1;
    }
    places
};

/// The bit of a code, if it has one.
#[inline]
fn bit(code: &[u8]) -> Option<usize> {
    let place = |byte: u8| PLACES[byte as usize] as usize;
    let (first, second, third) = match *code {
        [one] => (place(one), 1, 1),
        [one, two] => (place(one), 1 + place(two), 1),
        [one, two, three] => (place(one), 1 + place(two), 1 + place(three)),
        _ => return None,
    };
    let is_missing = |number: usize, at: usize| code.len() > at && number == 1;
    let none = first == 0 || is_missing(second, 1) || is_missing(third, 2);
    (!none).then(|| first + 37 * (second - 1) + 37 * 37 * (third - 1))
}

/// The same of a word; 0, which is no bit of a code, if it has none.
#[inline]
fn bit_of(word: Word) -> usize {
    let place = |at: u32| PLACES[(word.bytes >> (8 * at) & 0xFF) as usize] as usize;
    match word.length {
        1 => place(0),
        2 => match (place(0), place(1)) {
            (0, _) | (_, 0) => 0,
            (one, two) => one + 37 * two,
        },
        3 => match (place(0), place(1), place(2)) {
            (0, _, _) | (_, 0, _) | (_, _, 0) => 0,
            (one, two, three) => one + 37 * two + 37 * 37 * three,
        },
        _ => 0,
    }
}

impl CodeSet {
    pub fn of(codes: Vec<String>) -> CodeSet {
        let mut known = CodeSet {
            bits: Vec::new(),
            others: HashSet::new(),
        };
        for code in codes {
            let Some(bit) = bit(code.as_bytes()) else {
                known.others.insert(code.into_bytes());
                continue;
            };
            if known.bits.len() <= bit / 64 {
                known.bits.resize(bit / 64 + 1, 0);
            }
            known.bits[bit / 64] |= 1 << (bit % 64);
        }
        known
    }

    /// True if the code is one of those with a bit.
    #[inline]
    pub fn has_short(&self, code: &[u8]) -> bool {
        let word = |bit: usize| self.bits.get(bit / 64).copied().unwrap_or(0) >> (bit % 64);
        bit(code).is_some_and(|bit| word(bit) & 1 == 1)
    }

    /// The same of a word.
    #[inline]
    pub fn has_word(&self, code: Word) -> bool {
        let bit = bit_of(code);
        let bits = self.bits.get(bit / 64).copied().unwrap_or(0);
        bits >> (bit % 64) & 1 == 1
    }

    pub fn has(&self, code: &[u8]) -> bool {
        self.has_short(code) || self.others.contains(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_codes_and_no_others() {
        let codes = ["1", "30", "FAM", "0022", "a", "A1", "", "\u{e9}"];
        let known = CodeSet::of(codes.map(String::from).to_vec());
        for code in codes {
            assert!(known.has(code.as_bytes()), "{code}");
        }
        for code in [
            "0", "3", "03", "FA", "FAMI", "AM", "b", "A", "1A", "A\0", "\0", "0A1", "ZZZ",
        ] {
            assert!(!known.has(code.as_bytes()), "{code}");
        }
    }

    #[test]
    fn codes_have_a_bit_of_their_own() {
        let letters = || (b'0'..=b'9').chain(b'A'..=b'Z');
        let mut bits = HashSet::new();
        for one in letters() {
            assert!(bits.insert(bit(&[one])));
            for two in letters() {
                assert!(bits.insert(bit(&[one, two])));
                for three in letters() {
                    assert!(bits.insert(bit(&[one, two, three])));
                }
            }
        }
        assert!(!bits.contains(&None));
    }
}
