//! Short codes to small numbers: what is looked up for every element must not cost a general hash.

use std::collections::HashMap;

/// A number for each code. Codes of up to four bytes stand in a table with open addressing.
#[derive(Default)]
pub struct CodeMap {
    /// Code and number; code 0 is free. The length is a power of two, and at least three quarters are free.
    short: Vec<(u64, i16)>,
    long: HashMap<Vec<u8>, i16>,
}

/// A short code as a number that is not 0.
#[inline]
fn packed(code: &[u8]) -> Option<u64> {
    let number = |bytes: [u8; 4]| u64::from(u32::from_be_bytes(bytes));
    let packed = match *code {
        [one] => number([0, 0, 0, one]),
        [one, two] => number([0, 0, one, two]),
        [one, two, three] => number([0, one, two, three]),
        [one, two, three, four] => number([one, two, three, four]),
        _ => return None,
    };
    Some(packed | (code.len() as u64) << 32)
}

#[inline]
fn start(key: u64, length: usize) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & (length - 1)
}

impl CodeMap {
    pub fn of<'a>(codes: impl ExactSizeIterator<Item = (&'a [u8], i16)>) -> CodeMap {
        let mut made = CodeMap {
            short: vec![(0, 0); (codes.len() * 4).next_power_of_two()],
            long: HashMap::new(),
        };
        for (code, number) in codes {
            let Some(key) = packed(code) else {
                made.long.insert(code.to_vec(), number);
                continue;
            };
            let mut slot = start(key, made.short.len());
            while made.short[slot].0 != 0 && made.short[slot].0 != key {
                slot = (slot + 1) & (made.short.len() - 1);
            }
            made.short[slot] = (key, number);
        }
        made
    }

    #[inline]
    pub fn get(&self, code: &[u8]) -> Option<i16> {
        let Some(key) = packed(code) else {
            return if self.long.is_empty() {
                None
            } else {
                self.long.get(code).copied()
            };
        };
        if self.short.is_empty() {
            return None;
        }
        let mut slot = start(key, self.short.len());
        while self.short[slot].0 != 0 {
            if self.short[slot].0 == key {
                return Some(self.short[slot].1);
            }
            slot = (slot + 1) & (self.short.len() - 1);
        }
        None
    }

    pub fn contains(&self, code: &[u8]) -> bool {
        self.get(code).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_number_and_others_have_none() {
        let codes = [
            "1", "01", "A", "AB", "ABC", "ABCD", "ABCDE", "", "\0", "\0\0",
        ];
        let pairs: Vec<(&[u8], i16)> = codes.iter().map(|code| code.as_bytes()).zip(0..).collect();
        let map = CodeMap::of(pairs.iter().copied());
        for (code, number) in &pairs {
            assert_eq!(map.get(code), Some(*number), "{code:?}");
        }
        for other in ["2", "001", "a", "BA", "ABCE", "ABCDEF", "\0\0\0"] {
            assert_eq!(map.get(other.as_bytes()), None, "{other}");
        }
        assert_eq!(CodeMap::default().get(b"A"), None);
        assert_eq!(CodeMap::of([].into_iter()).get(b"A"), None);
    }
}
