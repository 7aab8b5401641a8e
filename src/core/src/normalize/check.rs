//! Codes that no table knows, dates and numbers that cannot be read.

use super::code_set::CodeSet;
use super::course::{self, Form, Free};
use super::dates::read_when;
use super::memory::{Memory, sense};
use crate::delimiters::Delimiters;
use crate::document::Document;
use crate::elements::{Elements, Parts, Sent};
use crate::finding::{Finding, Findings};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::numbers::Decimal;
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

/// A segment: the text from its start on, and its length.
#[derive(Clone, Copy)]
struct Taken<'t> {
    text: &'t [u8],
    length: usize,
    id: SegmentId,
}

/// What is checked of one segment.
#[derive(Default)]
struct Rules {
    /// In the order of the elements.
    checks: Vec<Check>,
    /// No loop allows codes of its own.
    are_same_everywhere: bool,
}

impl Rules {
    fn close(&mut self) {
        self.checks.sort_by_key(|check| check.element);
        self.checks.dedup_by_key(|check| check.element);
        let mut checks = self.checks.iter();
        self.are_same_everywhere = checks.all(|check| check.allowed.is_empty());
    }

    /// Says what is not as it should be. Gives the segment's number in a course, and if all is good its form. `name`
    /// tells its loop.
    #[inline(never)]
    fn check<'n>(
        &self,
        segment: Taken<'_>,
        read: Reading,
        name: impl Fn() -> &'n str,
        mut say: impl FnMut(&Check),
    ) -> (u16, Option<Form>) {
        let Taken { text, length, id } = segment;
        let sent = Elements::of(text, length, read.element);
        let codes = self.codes(&sent, read);
        let number = course::number(id, codes.unwrap_or(0));
        let mut is_good = true;
        if codes.is_none() {
            for check in bad(&self.checks, segment, read, name) {
                is_good = false;
                say(check);
            }
        }
        let form = is_good.then(|| self.form(&sent, segment, number, read.sense));
        (number, form.flatten())
    }

    /// A number for the codes of a segment; None if what is checked is much or not good.
    #[inline]
    fn codes(&self, sent: &Elements<'_>, read: Reading) -> Option<u64> {
        let mut sent = sent.forward()?;
        let mut codes = 0;
        for check in &self.checks {
            let sent = sent.element(check.element);
            if !sent.is_empty() {
                codes = course::mixed(codes, check.code(&sent, read)?);
            }
        }
        Some(codes)
    }

    /// What other good segments like this one look like; None if they hardly look like it.
    fn form(
        &self,
        sent: &Elements<'_>,
        segment: Taken<'_>,
        number: u16,
        sense: u32,
    ) -> Option<Form> {
        let Taken { text, length, .. } = segment;
        let last = self.checks.last().filter(|_| self.are_same_everywhere)?;
        let numbers = self
            .checks
            .iter()
            .filter(|check| check.kind == Kind::Number);
        let mut places = numbers.filter_map(|check| sent.range(check.element));
        let place = places.find(|place| !place.is_empty());
        let (gap, free) = match (place, sent.range(last.element + 1)?.start) {
            (Some(place), _) => (place, Free::Number),
            (None, start) if start == length => (start..length, Free::Nothing),
            (None, start) => (start..length, Free::Anything),
        };
        Form::of(text, length, gap, free, (sense, number))
    }
}

/// Of some checks of a segment, those that what was sent does not pass. `name` tells the segment's loop.
fn bad<'c, 'n>(
    checks: &'c [Check],
    segment: Taken<'_>,
    read: Reading,
    name: impl Fn() -> &'n str,
) -> impl Iterator<Item = &'c Check> {
    let mut parts = Parts::of(segment.text, segment.length, read.element);
    let mut passed = 0;
    checks.iter().filter(move |check| {
        let sent = parts.nth(check.element - passed);
        passed = check.element + 1;
        sent.is_some_and(|sent| !check.is_fine(sent.bytes(), read.repetition, &name))
    })
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
        let mut memory = memory.map(RefCell::borrow_mut);
        let mut course = memory.as_mut().map(|memory| memory.course(self.number));
        if tree.owner.is_empty() {
            return findings;
        }
        if let Some(course) = &mut course {
            course.start();
        }
        // A transaction set stands in one interchange.
        let read = Reading::of(document.delimiters(tree.first));
        let segments = document.segments.get(tree.first as usize..);
        for (at, segment) in (0..tree.owner.len()).zip(segments.unwrap_or(&[])) {
            let (text, length) = document.text_of(segment);
            let goes_on = course
                .as_mut()
                .is_some_and(|course| course.goes_on(text, length, read.sense));
            if goes_on {
                continue;
            }
            let Some(rules) = self.of(segment.id) else {
                continue;
            };
            let name = || {
                let of = tree.nodes[tree.owner[at] as usize].of;
                grammar.loops[of as usize].id.as_str()
            };
            let number = tree.first + at as u32;
            let id = segment.id;
            let (number, form) = rules.check(Taken { text, length, id }, read, name, |check| {
                findings.push(check.finding(number));
            });
            if let Some(course) = &mut course {
                course.meets(number, form);
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

    /// The code that was sent, or 0 for something else; None if it is much or not good.
    #[inline]
    fn code(&self, sent: &Sent<'_>, read: Reading) -> Option<u64> {
        let (code, is_good) = match (self.kind, sent.word()) {
            // No set has a code with blanks around it.
            (Kind::Code, Some(word)) => {
                let is_plain = read.is_plain && self.allowed.is_empty();
                (word.bytes, is_plain && self.codes.has_word(word))
            }
            (Kind::Number, Some(word)) => (0, word.is_number()),
            (Kind::Date, _) => (0, read_when(sent.bytes()).is_some()),
            _ => (0, false),
        };
        is_good.then_some(code)
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
