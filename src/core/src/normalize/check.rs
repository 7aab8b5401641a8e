//! Codes that no table knows, dates and numbers that cannot be read.

use super::codes::{CodeMap, LongCodes};
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
    codes: Known,
    allowed: HashMap<String, Known>,
}

/// A set of codes.
struct Known {
    names: LongCodes,
    codes: CodeMap<bool>,
}

impl Known {
    fn of(codes: Vec<String>) -> Known {
        let mut names = LongCodes::default();
        let codes = codes
            .iter()
            .map(|code| (names.learn(code.as_bytes()), true));
        let codes = CodeMap::of(codes.collect(), false, |one, _| one);
        Known { names, codes }
    }

    fn has(&self, code: &[u8]) -> bool {
        self.codes.get(self.names.code(code))
    }
}

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    by_segment: Vec<(SegmentId, Vec<Check>)>,
}

impl Checks {
    pub fn compile(descriptions: Vec<CheckDescription>) -> Checks {
        let mut by_segment: BTreeMap<SegmentId, Vec<Check>> = BTreeMap::new();
        for item in descriptions {
            let allowed = item.allowed.into_iter();
            let check = Check {
                element: item.element,
                kind: item.kind,
                codes: Known::of(item.codes),
                allowed: allowed
                    .map(|(name, codes)| (name, Known::of(codes)))
                    .collect(),
            };
            let id = SegmentId::of(item.segment.as_bytes());
            by_segment.entry(id).or_default().push(check);
        }
        Checks {
            by_segment: by_segment.into_iter().collect(),
        }
    }

    fn of(&self, segment: SegmentId) -> Option<&[Check]> {
        let found = self
            .by_segment
            .binary_search_by_key(&segment, |(id, _)| *id);
        found.ok().map(|at| self.by_segment[at].1.as_slice())
    }

    /// Checks every segment of a transaction set.
    pub fn run(&self, document: &Document, grammar: &Grammar, tree: &Tree) -> Findings {
        let mut findings = Findings::default();
        for (owner, segment) in tree.owner.iter().zip(tree.first..) {
            let Some(checks) = self.of(document.segments[segment as usize].id) else {
                continue;
            };
            let delimiters = document.delimiters(segment);
            let name = &grammar.loops[tree.nodes[*owner as usize].of as usize].id;
            let mut parts = document
                .bytes(segment)
                .split(|byte| *byte == delimiters.element)
                .enumerate();
            let mut next = parts.next();
            for check in checks {
                while next
                    .as_ref()
                    .is_some_and(|(number, _)| *number < check.element as usize)
                {
                    next = parts.next();
                }
                let Some((number, text)) = &next else { break };
                let fine = *number != check.element as usize
                    || check.is_fine(text, delimiters.repetition, name);
                if !fine {
                    let code = match check.kind {
                        Kind::Code => "UNKNOWN_CODE",
                        Kind::Date => "BAD_DATE",
                        Kind::Number => "BAD_NUMBER",
                    };
                    findings.push(Finding::at_segment(code, segment, u16::from(check.element)));
                }
            }
        }
        findings
    }
}

impl Check {
    fn is_fine(&self, text: &[u8], repetition: u8, name: &str) -> bool {
        let text = text.trim_ascii();
        if text.is_empty() {
            return true;
        }
        match self.kind {
            Kind::Date => read_when(text).is_some(),
            Kind::Number => Decimal::read(text).is_some(),
            Kind::Code => {
                let own = (!self.allowed.is_empty()).then(|| self.allowed.get(name));
                let known = own.flatten().unwrap_or(&self.codes);
                let parts = text.split(|byte| *byte == repetition && repetition != 0);
                parts
                    .map(<[u8]>::trim_ascii)
                    .all(|code| code.is_empty() || known.has(code))
            }
        }
    }
}
