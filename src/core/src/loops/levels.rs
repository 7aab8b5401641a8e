//! The nodes of the levels by what their HL calls itself.

use std::collections::BTreeMap;

/// HL01 to node, the latest of each.
#[derive(Default)]
pub struct Levels<'a> {
    /// Those whose HL01 are the numbers from 1 on, as they should be.
    numbered: Vec<u32>,
    others: BTreeMap<&'a [u8], u32>,
}

impl<'a> Levels<'a> {
    pub fn get(&self, name: &[u8]) -> Option<u32> {
        let numbered = number(name).and_then(|number| self.numbered.get(number - 1));
        // Without a look where there is none.
        numbered.or_else(|| self.others.get(name)).copied()
    }

    pub fn insert(&mut self, name: &'a [u8], node: u32) {
        match number(name) {
            Some(number) if number == self.numbered.len() + 1 => self.numbered.push(node),
            Some(number) if number <= self.numbered.len() => self.numbered[number - 1] = node,
            _ => {
                self.others.insert(name, node);
            }
        }
    }
}

/// The number above 0 that a text writes as one writes it: no other text is the same number.
fn number(name: &[u8]) -> Option<usize> {
    if name.len() > 9 || name.first() == Some(&b'0') {
        return None;
    }
    let add = |number: usize, byte: &u8| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| 10 * number + usize::from(digit))
    };
    let number = name.iter().try_fold(0, add)?;
    (number > 0).then_some(number)
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
            "4294967296",
            "9",
            "1",
            "x",
            "99999999999999999999",
            "+6",
            "6",
            "9",
        ];
        let mut levels = Levels::default();
        let mut plain = BTreeMap::new();
        for (name, node) in names.into_iter().zip(0..) {
            levels.insert(name.as_bytes(), node);
            plain.insert(name, node);
            for name in names {
                let expected = plain.get(name).copied();
                assert_eq!(levels.get(name.as_bytes()), expected, "{name}");
            }
        }
    }
}
