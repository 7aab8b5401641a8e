//! Codes as numbers, and tables by code: comparing is one instruction, looking up a few.

use crate::elements::Word;

/// Up to seven bytes of a code in one number, with their count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code(u64);

/// More bytes than this are told apart by a list of the codes that are known.
const SHORT: usize = Word::MOST;

impl Code {
    pub const EMPTY: Code = Code(0);
    /// A long text that is none of the known codes.
    const FOREIGN: Code = Code(u64::MAX);

    #[inline]
    fn short(text: &[u8]) -> Code {
        let packed = match *text {
            [one] => u64::from(one),
            [one, two] => u64::from(u16::from_le_bytes([one, two])),
            [one, two, three] => u64::from(u32::from_le_bytes([one, two, three, 0])),
            _ => {
                let bytes = text.iter().rev();
                bytes.fold(0, |packed, byte| packed << 8 | u64::from(*byte))
            }
        };
        Code(packed | (text.len() as u64) << 56)
    }

    #[inline]
    pub fn of(word: Word) -> Code {
        Code(word.bytes | u64::from(word.length) << 56)
    }

    /// Its bytes, the first one lowest, and their count highest; None if they are more than a number holds.
    #[inline]
    pub fn packed(self) -> Option<u64> {
        (self.0 >> 56 <= SHORT as u64).then_some(self.0)
    }

    fn long(number: usize) -> Code {
        Code(number as u64 | 0xFE << 56)
    }
}

/// The codes that are longer than a number holds.
#[derive(Clone, Debug, Default)]
pub struct LongCodes(Vec<Box<[u8]>>);

impl LongCodes {
    #[inline]
    pub fn code(&self, text: &[u8]) -> Code {
        if text.len() <= SHORT {
            return Code::short(text);
        }
        let found = self.0.iter().position(|known| **known == *text);
        found.map_or(Code::FOREIGN, Code::long)
    }

    /// The same, and the text is known from now on.
    pub fn learn(&mut self, text: &[u8]) -> Code {
        if text.len() > SHORT && !self.0.iter().any(|known| **known == *text) {
            self.0.push(text.into());
        }
        self.code(text)
    }
}

/// What each of some codes means; all others mean `other`. Open addressing in a table that is at most half full.
#[derive(Clone, Debug)]
pub struct CodeMap<T> {
    slots: Vec<(Code, T)>,
    shift: u32,
    other: T,
}

impl<T: Copy> CodeMap<T> {
    /// Codes that are there twice count once, with `merge`.
    pub fn of(entries: Vec<(Code, T)>, other: T, merge: impl Fn(T, T) -> T) -> CodeMap<T> {
        let bits = (2 * entries.len() + 2).next_power_of_two().trailing_zeros();
        let mut map = CodeMap {
            slots: vec![(Code::FOREIGN, other); 1 << bits],
            shift: 64 - bits,
            other,
        };
        for (code, value) in entries {
            let place = map.place(code);
            let (known, there) = map.slots[place];
            let value = if known == code {
                merge(there, value)
            } else {
                value
            };
            map.slots[place] = (code, value);
        }
        map
    }

    #[inline]
    fn place(&self, code: Code) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (code.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize & mask;
        while self.slots[at].0 != code && self.slots[at].0 != Code::FOREIGN {
            at = (at + 1) & mask;
        }
        at
    }

    /// What a code means that was not put in.
    pub fn other(&self) -> T {
        self.other
    }

    #[inline]
    pub fn get(&self, code: Code) -> T {
        let (known, value) = self.slots[self.place(code)];
        if known == code { value } else { self.other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_one_code_only_if_they_are_the_same() {
        let mut known = LongCodes::default();
        let long = known.learn(b"A LONG CODE");
        let texts: [&[u8]; 7] = [b"", b"\0", b"A", b"AA", b"\0A", b"1234567", b"12345678"];
        for (at, one) in texts.iter().enumerate() {
            for other in &texts[at + 1..] {
                assert_ne!(known.code(one), known.code(other), "{one:?} {other:?}");
            }
            assert_ne!(known.code(one), long);
        }
        assert_eq!(known.code(b"A LONG CODE"), long);
        assert_eq!(known.code(b""), Code::EMPTY);
        assert_ne!(known.code(b"ANOTHER LONG CODE"), long);
    }

    #[test]
    fn a_map_gives_what_was_put_in_and_else_what_others_are() {
        let known = LongCodes::default();
        let name = |number: u32| known.code(number.to_string().as_bytes());
        let entries = (0..1000).map(|number| (name(number), number)).collect();
        let map = CodeMap::of(entries, u32::MAX, |one, _| one);
        assert!((0..1000).all(|number| map.get(name(number)) == number));
        assert_eq!(map.get(name(1000)), u32::MAX);
        assert_eq!(map.get(Code::FOREIGN), u32::MAX);
        let empty = CodeMap::of(Vec::new(), 7, |one: i32, _| one);
        assert_eq!(empty.get(name(1)), 7);
    }
}
