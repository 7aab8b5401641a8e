//! Codes that no table knows, dates and numbers that cannot be read.

use super::code_set::CodeSet;
use super::course::Course;
use super::good::tell;
use super::memory::Memory;
use super::segment_rules::{Check, Reading, Rules, Taken};
use crate::document::Document;
use crate::finding::Findings;
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::scan::SegmentId;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Of the checks that are compiled next.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

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

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    /// Tells these checks from all others.
    number: usize,
    rules: Vec<Rules>,
    /// A segment and the number of its rules, each in a place of its own.
    places: Vec<(SegmentId, u32)>,
    hash: Hash,
}

/// Gives each of some segments its own place.
#[derive(Clone, Copy, Default)]
struct Hash {
    factor: u32,
    /// Bits of the product that do not count.
    low: u32,
}

impl Hash {
    #[inline]
    fn place(self, segment: SegmentId) -> usize {
        (segment.0.wrapping_mul(self.factor) >> self.low) as usize
    }

    /// The first one found, with the number of places; they are many more than the segments, so it is found soon.
    fn of(segments: &[SegmentId]) -> (Hash, usize) {
        let mut bits = (8 * segments.len() + 1).ilog2() + 1;
        loop {
            let hash = |number: u32| Hash {
                factor: number.wrapping_mul(0x9E37_79B1),
                low: u32::BITS - bits,
            };
            let is_own = |hash: &Hash| {
                let mut taken = vec![false; 1 << bits];
                let mut places = segments.iter().map(|segment| hash.place(*segment));
                places.all(|place| !std::mem::replace(&mut taken[place], true))
            };
            if let Some(found) = (1..1000).map(hash).find(is_own) {
                return (found, 1 << bits);
            }
            bits += 1;
        }
    }
}

impl Checks {
    pub fn compile(descriptions: Vec<CheckDescription>) -> Checks {
        let mut by_segment: BTreeMap<SegmentId, Rules> = BTreeMap::new();
        for item in descriptions {
            let codes = |(name, codes)| (name, CodeSet::of(codes));
            let check = Check {
                element: item.element.into(),
                kind: item.kind,
                codes: CodeSet::of(item.codes),
                allowed: item.allowed.into_iter().map(codes).collect(),
            };
            let id = SegmentId::of(item.segment.as_bytes());
            by_segment.entry(id).or_default().checks.push(check);
        }
        by_segment.remove(&SegmentId::NONE);
        let segments: Vec<SegmentId> = by_segment.keys().copied().collect();
        let (hash, room) = Hash::of(&segments);
        let mut checks = Checks {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            rules: Vec::with_capacity(segments.len()),
            places: vec![(SegmentId::NONE, 0); room],
            hash,
        };
        for (id, mut rules) in by_segment {
            checks.places[hash.place(id)] = (id, checks.rules.len() as u32);
            rules.close();
            checks.rules.push(rules);
        }
        checks
    }

    #[inline]
    fn of(&self, segment: SegmentId) -> Option<&Rules> {
        let (of, number) = *self.places.get(self.hash.place(segment))?;
        let has_rules = of == segment && segment != SegmentId::NONE;
        self.rules.get(number as usize).filter(|_| has_rules)
    }

    /// Checks every segment of a transaction set.
    pub fn run(
        &self,
        document: &Document,
        grammar: &Grammar,
        tree: &Tree,
        memory: Option<&RefCell<Memory>>,
    ) -> Findings {
        let mut findings = Findings::default();
        if tree.count == 0 {
            return findings;
        }
        let mut memory = memory.map(RefCell::borrow_mut);
        let mut blind;
        let course = match &mut memory {
            Some(memory) => memory.course(self.number),
            None => {
                blind = Course::blind();
                &mut blind
            }
        };
        // A transaction set stands in one interchange.
        let read = Reading::of(document.delimiters(tree.first));
        course.start(read.sense);
        let first = tree.first as usize;
        let segments = document.segments.get(first..first + tree.count as usize);
        let (segments, text) = (segments.unwrap_or(&[]), document.text());
        let mut at = 0;
        while let Some(rest) = segments.get(at..) {
            at += course.goes_on(text, rest, |id| self.of(id).is_some());
            let Some(segment) = segments.get(at) else {
                break;
            };
            if !course.turns(text, segment) {
                let number = tree.first + at as u32;
                let name = || {
                    let of = tree.nodes[tree.owner(number) as usize].of;
                    grammar.loops[of as usize].id.as_str()
                };
                let good = self.of(segment.id).and_then(|rules| {
                    rules.check(Taken::of(text, segment), read, name, |check| {
                        findings.push(check.finding(number));
                    })
                });
                tell(good, course, text, segment, read.sense);
            }
            at += 1;
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
