//! Codes that no table knows, dates and numbers that cannot be read.

use super::code_set::CodeSet;
use super::dates::read_when;
use super::memory::{Memory, sense};
use crate::delimiters::Delimiters;
use crate::document::Document;
use crate::elements::{Elements, Sent};
use crate::finding::{Finding, Findings};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::memo::Memo;
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
    element: u8,
    kind: Kind,
    /// No loop allows codes of its own.
    is_same_everywhere: bool,
    codes: CodeSet,
    allowed: HashMap<String, CodeSet>,
}

/// The first of some elements, and how many they are.
type Gap = (usize, usize);

/// What is checked of one segment.
#[derive(Default)]
struct Rules {
    checks: Vec<Check>,
    /// By element the number of its check, from 1; 0 for none.
    by_element: Vec<u8>,
    /// Elements in a row that are no codes or dates: of a segment that comes again, they mostly differ.
    gap: Gap,
    /// What is checked is the same in every loop.
    is_same_everywhere: bool,
}

impl Rules {
    fn close(&mut self) {
        let known = self.by_element.len();
        let kind = |at: usize| self.check(at).map(|check| check.kind);
        let varies = |at: &usize| matches!(kind(*at), None | Some(Kind::Number));
        let run = |first: usize| (first..known).take_while(varies).count();
        let runs = (1..=known).filter(|at| varies(at) && !(*at > 1 && varies(&(at - 1))));
        let mut runs: Vec<Gap> = runs.map(|first| (first, run(first))).collect();
        // One with numbers, if there is any; what stands behind all that is checked has no end.
        let has_number =
            |(first, count): &Gap| (*first..first + count).any(|at| kind(at).is_some());
        runs.sort_by_key(|gap| !has_number(gap));
        let (first, count) = runs.first().copied().unwrap_or((known.max(1), 0));
        let is_last = first + count >= known;
        self.gap = (first, if is_last { usize::MAX } else { count });
        self.is_same_everywhere = self.checks.iter().all(|check| check.is_same_everywhere);
    }

    /// The check of an element.
    #[inline]
    fn check(&self, element: usize) -> Option<&Check> {
        let number = *self.by_element.get(element)?;
        self.checks.get((number as usize).wrapping_sub(1))
    }

    /// True if a segment like it was good but for its numbers, and these are good as well.
    #[inline]
    fn is_known(&self, sent: &Elements<'_>, delimiters: Delimiters, memo: &mut Memo<bool>) -> bool {
        let (first, count) = self.gap;
        let key = sent.key_without(first, count, sense(delimiters));
        let Some(key) = key.filter(|_| self.is_same_everywhere) else {
            return false;
        };
        let known = self.by_element.len();
        let last = first.saturating_add(count).min(known);
        let others = || {
            let mut all = (1..first).chain(last..known);
            all.all(|at| self.is_fine(at, sent, delimiters.repetition))
        };
        if !memo.get(key, others) {
            return false;
        }
        (first..last).all(|at| {
            let digits = || {
                sent.word(at)
                    .is_some_and(|word| word.length == 0 || word.is_digits())
            };
            self.by_element[at] == 0 || digits() || self.is_fine(at, sent, delimiters.repetition)
        })
    }

    fn is_fine(&self, element: usize, sent: &Elements<'_>, repetition: u8) -> bool {
        let check = self.check(element);
        check.is_none_or(|check| check.is_fine(sent.get(element), repetition, || ""))
    }
}

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    /// Tells these checks from all others.
    number: usize,
    rules: Vec<(SegmentId, Rules)>,
    /// Open addressing: the number of a segment's rules from 1, 0 for none. At most half full.
    places: Vec<u16>,
}

impl Checks {
    pub fn compile(descriptions: Vec<CheckDescription>) -> Checks {
        let mut by_segment: BTreeMap<SegmentId, Rules> = BTreeMap::new();
        for item in descriptions {
            let is_same_everywhere = item.allowed.is_empty();
            let allowed = item.allowed.into_iter();
            let check = Check {
                element: item.element,
                kind: item.kind,
                is_same_everywhere,
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
        by_segment.values_mut().for_each(Rules::close);
        let rules: Vec<(SegmentId, Rules)> = by_segment.into_iter().collect();
        let mut checks = Checks {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
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
        let mut memo = memory.as_mut().map(|memory| memory.checks(self.number));
        // A transaction set stands in one interchange.
        let delimiters = document.delimiters(tree.first);
        for (owner, segment) in tree.owner.iter().zip(tree.first..) {
            let Some(rules) = self.of(document.segments[segment as usize].id) else {
                continue;
            };
            let name = || {
                grammar.loops[tree.nodes[*owner as usize].of as usize]
                    .id
                    .as_str()
            };
            if let Some(memo) = &mut memo {
                let sent = document.elements(segment, delimiters.element);
                if rules.is_known(&sent, delimiters, memo) {
                    continue;
                }
            }
            let parts = document.parts(segment, delimiters.element);
            for (sent, check) in parts.zip(&rules.by_element) {
                let check = rules.checks.get((*check as usize).wrapping_sub(1));
                let Some(check) = check.filter(|_| !sent.is_empty()) else {
                    continue;
                };
                if check.is_surely_fine(&sent, delimiters.repetition)
                    || check.is_fine(sent.bytes(), delimiters.repetition, name)
                {
                    continue;
                }
                findings.push(check.finding(segment));
            }
        }
        findings
    }
}

impl Check {
    /// True if what was sent is short and good, which it nearly always is.
    #[inline]
    fn is_surely_fine(&self, sent: &Sent<'_>, repetition: u8) -> bool {
        match (self.kind, sent.word()) {
            // No set has a code with blanks around it.
            (Kind::Code, Some(word)) => {
                let is_plain = self.is_same_everywhere && !repetition.is_ascii_alphanumeric();
                is_plain && self.codes.has_word(word)
            }
            (Kind::Number, Some(word)) => word.is_digits(),
            (Kind::Date, _) => read_when(sent.bytes()).is_some(),
            _ => false,
        }
    }

    fn finding(&self, segment: u32) -> Finding {
        let code = match self.kind {
            Kind::Code => "UNKNOWN_CODE",
            Kind::Date => "BAD_DATE",
            Kind::Number => "BAD_NUMBER",
        };
        Finding::at_segment(code, segment, self.element.into())
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
