//! Codes that no table knows, dates and numbers that cannot be read.

use super::code_set::CodeSet;
use super::dates::read_when;
use crate::document::Document;
use crate::finding::{Finding, Findings};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::numbers::Decimal;
use crate::scan::SegmentId;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What Python says about one element: its kind, and for codes their tables.
#[derive(Deserialize)]
pub struct CheckDescription {
    pub segment: String,
    pub element: u8,
    pub kind: Kind,
    #[serde(default)]
    pub codes: Vec<String>,
    /// Loop to the codes that it allows, where loops differ and that matters.
    #[serde(default)]
    pub allowed: HashMap<String, Vec<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Code,
    Date,
    Number,
}

struct Check {
    element: u8,
    kind: Kind,
    codes: CodeSet,
    allowed: HashMap<String, CodeSet>,
}

/// What is checked of one segment.
#[derive(Default)]
struct Rules {
    checks: Vec<Check>,
    /// By element the number of its check, from 1; 0 for none.
    by_element: Vec<u8>,
}

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    rules: Vec<(SegmentId, Rules)>,
    /// Open addressing: the number of a segment's rules from 1, 0 for none. At most half full.
    places: Vec<u16>,
}

impl Checks {
    pub fn compile(descriptions: Vec<CheckDescription>) -> Checks {
        let mut by_segment: BTreeMap<SegmentId, Rules> = BTreeMap::new();
        for item in descriptions {
            let allowed = item.allowed.into_iter();
            let check = Check {
                element: item.element,
                kind: item.kind,
                codes: CodeSet::of(item.codes),
                allowed: allowed
                    .map(|(name, codes)| (name, CodeSet::of(codes)))
                    .collect(),
            };
            let id = SegmentId::of(item.segment.as_bytes());
            let rules = by_segment.entry(id).or_default();
            let element = item.element as usize;
            if rules.by_element.len() <= element {
                rules.by_element.resize(element + 1, 0);
            }
            rules.checks.push(check);
            rules.by_element[element] = rules.checks.len() as u8;
        }
        let rules: Vec<(SegmentId, Rules)> = by_segment.into_iter().collect();
        let mut checks = Checks {
            places: vec![0; (2 * rules.len() + 2).next_power_of_two()],
            rules: Vec::new(),
        };
        for (id, rules) in rules {
            let place = checks.place(id);
            checks.rules.push((id, rules));
            checks.places[place] = checks.rules.len() as u16;
        }
        checks
    }

    /// Where the number of a segment's rules stands, or would stand.
    #[inline]
    fn place(&self, segment: SegmentId) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (segment.0.wrapping_mul(0x9E37_79B1) >> 16) as usize & mask;
        loop {
            match self.places[at] {
                0 => return at,
                number if self.rules[number as usize - 1].0 == segment => return at,
                _ => at = (at + 1) & mask,
            }
        }
    }

    #[inline]
    fn of(&self, segment: SegmentId) -> Option<&Rules> {
        let number = self.places.get(self.place(segment))?;
        let (_, rules) = self.rules.get((*number as usize).checked_sub(1)?)?;
        Some(rules)
    }

    /// Checks every segment of a transaction set.
    pub fn run(&self, document: &Document, grammar: &Grammar, tree: &Tree) -> Findings {
        let mut findings = Findings::default();
        if tree.owner.is_empty() || self.rules.is_empty() {
            return findings;
        }
        // A transaction set stands in one interchange.
        let delimiters = document.delimiters(tree.first);
        // Many dates of an answer are the same.
        let mut good_date = b"".as_slice();
        for (owner, segment) in tree.owner.iter().zip(tree.first..) {
            let Some(rules) = self.of(document.segments[segment as usize].id) else {
                continue;
            };
            let name = || {
                grammar.loops[tree.nodes[*owner as usize].of as usize]
                    .id
                    .as_str()
            };
            for (number, text) in Said::of(document.bytes(segment), delimiters.element) {
                let Some(check) = rules.by_element.get(number) else {
                    break;
                };
                let check = rules.checks.get((*check as usize).wrapping_sub(1));
                let Some(check) = check else { continue };
                let is_date = check.kind == Kind::Date;
                if is_date && text == good_date {
                    continue;
                }
                if check.is_fine(text, delimiters.repetition, name) {
                    good_date = if is_date { text } else { good_date };
                    continue;
                }
                let code = match check.kind {
                    Kind::Code => "UNKNOWN_CODE",
                    Kind::Date => "BAD_DATE",
                    Kind::Number => "BAD_NUMBER",
                };
                findings.push(Finding::at_segment(code, segment, u16::from(check.element)));
            }
        }
        findings
    }
}

/// The elements of a segment that are not empty, each with its number, the identifier (0) included.
struct Said<'t> {
    bytes: &'t [u8],
    separator: u8,
    number: usize,
    /// Where the next element starts.
    start: usize,
    /// Where the eight bytes are that were looked at last, and the separators among them that are left.
    from: usize,
    found: u64,
}

impl<'t> Said<'t> {
    #[inline]
    fn of(bytes: &'t [u8], separator: u8) -> Said<'t> {
        Said {
            bytes,
            separator,
            number: 0,
            start: 0,
            from: 0,
            found: marks(bytes, 0, separator),
        }
    }
}

impl<'t> Iterator for Said<'t> {
    type Item = (usize, &'t [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while self.found == 0 && self.from + 8 < self.bytes.len() {
                self.from += 8;
                self.found = marks(self.bytes, self.from, self.separator);
            }
            let end = match self.found {
                0 => self.bytes.len(),
                found => self.from + found.trailing_zeros() as usize / 8,
            };
            self.found &= self.found.wrapping_sub(1);
            let text = self.bytes.get(self.start..end)?;
            let number = self.number;
            (self.number, self.start) = (number + 1, end + 1);
            if !text.is_empty() {
                return Some((number, text));
            }
        }
    }
}

/// The high bit of each byte that equals `byte`, of the eight from a place on; fewer if there are no more.
#[inline]
fn marks(bytes: &[u8], from: usize, byte: u8) -> u64 {
    let (word, count) = match (bytes.get(from..), bytes.last_chunk()) {
        (Some([a, b, c, d, e, f, g, h, ..]), _) => {
            return equal_bytes(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), byte);
        }
        (Some(rest @ [_, ..]), Some(last)) => {
            let behind = 8 * (8 - rest.len());
            (u64::from_le_bytes(*last) >> behind, rest.len())
        }
        (Some(rest @ [_, ..]), None) => {
            let add = |word: u64, one: &u8| word << 8 | u64::from(*one);
            (rest.iter().rev().fold(0, add), rest.len())
        }
        _ => return 0,
    };
    equal_bytes(word, byte) & ((1 << (8 * count)) - 1)
}

/// The high bit of each byte of a word that equals `byte`.
#[inline]
fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    !(((differs & LOW) + LOW) | differs | LOW)
}

impl Check {
    fn is_fine<'n>(&self, text: &[u8], repetition: u8, name: impl Fn() -> &'n str) -> bool {
        // No set has a code with blanks around it.
        let is_plain = self.allowed.is_empty() && !repetition.is_ascii_alphanumeric();
        if self.kind == Kind::Code && is_plain && self.codes.has_short(text) {
            return true;
        }
        let text = text.trim_ascii();
        if text.is_empty() {
            return true;
        }
        match self.kind {
            Kind::Date => read_when(text).is_some(),
            Kind::Number => Decimal::read(text).is_some(),
            Kind::Code => {
                let own = (!self.allowed.is_empty()).then(|| self.allowed.get(name()));
                let known = own.flatten().unwrap_or(&self.codes);
                if repetition == 0 || !text.contains(&repetition) {
                    return known.has(text);
                }
                let mut parts = text
                    .split(|byte| *byte == repetition)
                    .map(<[u8]>::trim_ascii);
                parts.all(|code| code.is_empty() || known.has(code))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_that_say_something_come_with_their_numbers() {
        for text in [
            "",
            "*",
            "EB",
            "EB*",
            "EB*1",
            "EB*1**30",
            "EB*C*IND*30***23*1500*****Y",
            "EB*1**1^33^35^47^48^50^86^88^98^AL^MH^UC",
            "1234567*",
            "12345678*",
            "1234567**\u{ab}*\u{ff}",
        ] {
            for separator in [b'*', 0, 0x7F, 0xC2, 0xFF] {
                let text = text.replace('*', "\u{1}").into_bytes();
                let text: Vec<u8> = text
                    .iter()
                    .map(|byte| if *byte == 1 { separator } else { *byte })
                    .collect();
                let parts = text.split(|byte| *byte == separator).enumerate();
                let expected: Vec<_> = parts.filter(|(_, part)| !part.is_empty()).collect();
                let found: Vec<_> = Said::of(&text, separator).collect();
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }

    #[test]
    fn a_segment_finds_its_rules() {
        let one = |segment: &str| CheckDescription {
            segment: segment.to_string(),
            element: 3,
            kind: Kind::Date,
            codes: Vec::new(),
            allowed: HashMap::new(),
        };
        let names = ["EB", "DTP", "AAA", "HSD", "REF", "N4", "III", "PER"];
        let checks = Checks::compile(names.into_iter().map(one).collect());
        for name in names {
            assert!(
                checks.of(SegmentId::of(name.as_bytes())).is_some(),
                "{name}"
            );
        }
        for name in ["MSG", "E", "EBB", "BE", ""] {
            assert!(
                checks.of(SegmentId::of(name.as_bytes())).is_none(),
                "{name}"
            );
        }
        assert!(Checks::default().rules.is_empty());
    }
}
