//! Codes that no table knows, dates and numbers that cannot be read.

use super::code_set::CodeSet;
use super::dates::read_when;
use super::good::Good;
use super::memory::{Memory, sense};
use crate::delimiters::Delimiters;
use crate::document::Document;
use crate::elements::{Elements, Parts, Sent, Word};
use crate::finding::{Finding, Findings};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::numbers::Decimal;
use crate::scan::SegmentId;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
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

struct Check {
    element: usize,
    kind: Kind,
    codes: CodeSet,
    allowed: HashMap<String, CodeSet>,
}

/// How the segments of a transaction set are read.
#[derive(Clone, Copy)]
struct Reading {
    element: u8,
    repetition: u8,
    /// A text of letters and digits does not repeat.
    is_plain: bool,
    sense: u32,
}

impl Reading {
    fn of(delimiters: Delimiters) -> Reading {
        Reading {
            element: delimiters.element,
            repetition: delimiters.repetition,
            is_plain: !delimiters.repetition.is_ascii_alphanumeric(),
            sense: sense(delimiters),
        }
    }
}

/// What is checked of one segment.
#[derive(Default)]
struct Rules {
    /// In the order of the elements.
    checks: Vec<Check>,
    /// Segments that are good are kept, for they will come again.
    are_kept: bool,
    /// Numbers in a row, which mostly differ when a segment comes again, and the elements that they are.
    numbers: Range<usize>,
    gap: Range<usize>,
}

impl Rules {
    fn close(&mut self) {
        self.checks.sort_by_key(|check| check.element);
        self.checks.dedup_by_key(|check| check.element);
        let is_number = |at: &usize| self.checks[*at].kind == Kind::Number;
        let count = self.checks.len();
        let first = (0..count).find(is_number).unwrap_or(count);
        self.numbers = first..first + (first..count).take_while(is_number).count();
        let of_gap = &self.checks[self.numbers.clone()];
        if let [first, .., last] | [first @ last] = of_gap {
            self.gap = first.element..last.element + 1;
        }
        // An element that is not checked, such as a name, is hardly ever the same.
        let elements = self.checks.last().map_or(0, |check| check.element);
        let is_same_everywhere = self.checks.iter().all(|check| check.allowed.is_empty());
        self.are_kept = is_same_everywhere && count > 2 && count * 4 >= elements * 3;
    }

    /// True if a segment like it was good but for its numbers, and these are good as well.
    #[inline(always)]
    fn is_known(&self, text: &[u8], length: usize, read: Reading, good: &mut Good) -> bool {
        let are_fine = |checks: &[Check]| bad(checks, text, length, read, || "").next().is_none();
        if self.numbers.is_empty() {
            let all = || are_fine(&self.checks);
            return good.has(text, length, length..length, read.sense, all);
        }
        let sent = Elements::of(text, length, read.element);
        let Some(gap) = sent.gap(self.gap.start, self.gap.len()) else {
            return false;
        };
        let Range { start, end } = self.numbers;
        let numbers = Word::between(text, gap.start + 1, gap.end);
        let are_numbers = numbers.is_some_and(|numbers| numbers.are_numbers(read.element));
        let others = || are_fine(&self.checks[..start]) && are_fine(&self.checks[end..]);
        (are_numbers || are_fine(&self.checks[start..end]))
            && good.has(text, length, gap, read.sense, others)
    }
}

/// Of some checks of a segment, those that what was sent does not pass. `name` tells the segment's loop.
#[inline]
fn bad<'c, 'n>(
    checks: &'c [Check],
    text: &[u8],
    length: usize,
    read: Reading,
    name: impl Fn() -> &'n str,
) -> impl Iterator<Item = &'c Check> {
    let mut parts = Parts::of(text, length, read.element);
    let mut passed = 0;
    checks.iter().filter(move |check| {
        let sent = parts.nth(check.element - passed);
        passed = check.element + 1;
        sent.is_some_and(|sent| !sent.is_empty() && !check.passes(&sent, read, &name))
    })
}

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    /// Tells these checks from all others.
    number: usize,
    rules: Vec<Rules>,
    /// Open addressing: a segment and the number of its rules. Most places are empty, so that most segments without
    /// rules have one of these.
    places: Vec<(SegmentId, u32)>,
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
        let room = (8 * by_segment.len()).next_power_of_two();
        let mut checks = Checks {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            places: vec![(SegmentId::NONE, 0); room],
            rules: Vec::with_capacity(by_segment.len()),
        };
        for (id, mut rules) in by_segment {
            let place = checks.place(id);
            checks.places[place] = (id, checks.rules.len() as u32);
            rules.close();
            checks.rules.push(rules);
        }
        checks
    }

    /// Where the number of a segment's rules stands, or would stand.
    #[inline]
    fn place(&self, segment: SegmentId) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (segment.0.wrapping_mul(0x9E37_79B1) >> 16) as usize & mask;
        while self.places[at].0 != segment && self.places[at].0 != SegmentId::NONE {
            at = (at + 1) & mask;
        }
        at
    }

    #[inline]
    fn of(&self, segment: SegmentId) -> Option<&Rules> {
        let (of, number) = *self.places.get(self.place(segment))?;
        if of == SegmentId::NONE {
            return None;
        }
        self.rules.get(number as usize)
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
        if tree.owner.is_empty() || self.rules.is_empty() {
            return findings;
        }
        let mut memory = memory.map(RefCell::borrow_mut);
        let mut good = memory.as_mut().map(|memory| memory.good(self.number));
        // A transaction set stands in one interchange.
        let read = Reading::of(document.delimiters(tree.first));
        for (owner, segment) in tree.owner.iter().zip(tree.first..) {
            let Some(rules) = self.of(document.segments[segment as usize].id) else {
                continue;
            };
            let (text, length) = document.from(segment);
            if let Some(good) = good.as_mut().filter(|_| rules.are_kept)
                && rules.is_known(text, length, read, good)
            {
                continue;
            }
            let of = || tree.nodes[*owner as usize].of as usize;
            let name = || grammar.loops[of()].id.as_str();
            for check in bad(&rules.checks, text, length, read, name) {
                findings.push(check.finding(segment));
            }
        }
        findings
    }
}

impl Check {
    fn finding(&self, segment: u32) -> Finding {
        let code = match self.kind {
            Kind::Code => "UNKNOWN_CODE",
            Kind::Date => "BAD_DATE",
            Kind::Number => "BAD_NUMBER",
        };
        Finding::at_segment(code, segment, self.element as u16)
    }

    /// True if something that was sent is short and good, which it nearly always is, or good at all.
    #[inline]
    fn passes<'n>(&self, sent: &Sent<'_>, read: Reading, name: impl Fn() -> &'n str) -> bool {
        let is_surely_fine = match (self.kind, sent.word()) {
            // No set has a code with blanks around it.
            (Kind::Code, Some(word)) => {
                read.is_plain && self.allowed.is_empty() && self.codes.has_word(word)
            }
            (Kind::Number, Some(word)) => word.is_digits(),
            (Kind::Date, _) => read_when(sent.bytes()).is_some(),
            _ => false,
        };
        is_surely_fine || self.is_fine(sent.bytes(), read.repetition, name)
    }

    fn is_fine<'n>(&self, text: &[u8], repetition: u8, name: impl Fn() -> &'n str) -> bool {
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
