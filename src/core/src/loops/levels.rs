//! What HL segments say, and the nodes of the levels by what their HL calls itself.

use crate::elements::Elements;
use crate::grammar::Grammar;
use std::collections::BTreeMap;

/// What an HL calls a level. The same text is always the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name<'a> {
    /// A number above 0, written as one writes it.
    Number(u32),
    Text(&'a [u8]),
}

impl<'a> Name<'a> {
    pub const NONE: Name<'static> = Name::Text(b"");

    fn of(text: &'a [u8]) -> Name<'a> {
        let add = |number: u32, byte: &u8| {
            let digit = byte.wrapping_sub(b'0');
            (digit < 10).then(|| 10 * number + u32::from(digit))
        };
        let is_number = matches!(text, [b'1'..=b'9', ..]) && text.len() < 10;
        let number = is_number.then(|| text.iter().try_fold(0, add)).flatten();
        number.map_or(Name::Text(text), Name::Number)
    }

    /// The same for longer than its text is there.
    fn kept(self) -> Option<Name<'static>> {
        match self {
            Name::Number(number) => Some(Name::Number(number)),
            Name::Text(text) => text.is_empty().then_some(Name::NONE),
        }
    }
}

/// What an HL says.
#[derive(Clone, Copy, Debug)]
pub struct Hl<'a> {
    pub name: Name<'a>,
    /// The level that it stands in.
    pub above: Name<'a>,
    /// The loop that HL03 opens.
    pub of: Option<u16>,
    /// HL04: whether there are levels in it.
    pub promise: Option<bool>,
}

impl<'a> Hl<'a> {
    fn of(sent: Elements<'a>, grammar: &Grammar) -> Hl<'a> {
        let [name, above, code, children] = sent.run(1);
        Hl {
            name: Name::of(name),
            above: Name::of(above),
            of: grammar.level(code),
            promise: match children {
                b"1" => Some(true),
                b"0" => Some(false),
                _ => None,
            },
        }
    }

    fn kept(self) -> Option<Hl<'static>> {
        Some(Hl {
            name: self.name.kept()?,
            above: self.above.kept()?,
            ..self
        })
    }
}

/// What the first HL segments of the transaction set before said: those of the next say mostly the same.
#[derive(Default)]
pub struct Expected {
    sense: ([u8; 3], u8),
    hls: Vec<(u128, Hl<'static>)>,
}

/// More of them are not kept.
const KEPT: usize = 8;

impl Expected {
    /// Forgets what is not of the same kind of transaction set, with the same separator.
    pub fn start(&mut self, kind: [u8; 3], separator: u8) {
        if self.sense != (kind, separator) {
            self.sense = (kind, separator);
            self.hls.clear();
        }
    }

    /// What the HL says that is the `number`-th of its transaction set, from 0: the first bytes of a text.
    pub fn read<'a>(
        &mut self,
        number: usize,
        (text, length): (&'a [u8], usize),
        grammar: &Grammar,
    ) -> Hl<'a> {
        let bytes = text.first_chunk().filter(|_| (1..=16).contains(&length));
        let others = 128 - 8 * length.clamp(1, 16);
        let bytes = bytes.map(|bytes| u128::from_le_bytes(*bytes) << others);
        if let (Some(bytes), Some((expected, hl))) = (bytes, self.hls.get(number))
            && bytes == *expected
        {
            return *hl;
        }
        let hl = Hl::of(Elements::of(text, length, self.sense.1), grammar);
        if let (Some(bytes), Some(kept)) = (bytes, hl.kept()) {
            if let Some(expected) = self.hls.get_mut(number) {
                *expected = (bytes, kept);
            } else if number == self.hls.len() && number < KEPT {
                self.hls.push((bytes, kept));
            }
        }
        hl
    }
}

/// The latest node of each name.
#[derive(Default)]
pub struct Levels<'a> {
    /// Those whose names are the numbers from 1 on, as they should be.
    pub numbered: Vec<u32>,
    others: BTreeMap<Name<'a>, u32>,
}

impl<'a> Levels<'a> {
    /// In the memory of others.
    pub fn within(mut numbered: Vec<u32>) -> Levels<'a> {
        numbered.clear();
        let others = BTreeMap::new();
        Levels { numbered, others }
    }

    pub fn get(&self, name: Name<'_>) -> Option<u32> {
        let numbered = match name {
            Name::Number(number) => self.numbered.get(number as usize - 1),
            Name::Text(_) => None,
        };
        numbered.or_else(|| self.others.get(&name)).copied()
    }

    pub fn insert(&mut self, name: Name<'a>, node: u32) {
        let count = self.numbered.len();
        match name {
            Name::Number(number) if number as usize == count + 1 => self.numbered.push(node),
            Name::Number(number) if number as usize <= count => {
                self.numbered[number as usize - 1] = node;
            }
            _ => {
                self.others.insert(name, node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_a_name_is_found_whatever_the_names_are() {
        let names = [
            "1",
            "2",
            "3",
            "2",
            "01",
            "1 2",
            "",
            "0",
            "5",
            "4",
            "5",
            "x",
            "999999999",
            "9",
            "1",
            "x",
            "4294967297",
            "99999999999999999999",
            "+6",
            "6",
            "9",
            "1/",
            "1:",
        ];
        let mut levels = Levels::default();
        let mut plain = BTreeMap::new();
        for (name, node) in names.into_iter().zip(0..) {
            levels.insert(Name::of(name.as_bytes()), node);
            plain.insert(name, node);
            for name in names {
                let expected = plain.get(name).copied();
                assert_eq!(levels.get(Name::of(name.as_bytes())), expected, "{name}");
            }
        }
    }
}
