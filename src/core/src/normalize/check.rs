//! Codes that no table knows, dates and numbers that cannot be read.

use super::dates::read_when;
use crate::document::Document;
use crate::finding::{Finding, Findings};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::numbers::Decimal;
use crate::scan::SegmentId;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

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
    codes: HashSet<Box<[u8]>>,
    allowed: HashMap<String, HashSet<Box<[u8]>>>,
}

/// The checks by segment.
#[derive(Default)]
pub struct Checks {
    by_segment: HashMap<SegmentId, Vec<Check>>,
}

impl Checks {
    pub fn compile(descriptions: Vec<CheckDescription>) -> Checks {
        let set = |codes: Vec<String>| {
            codes
                .into_iter()
                .map(|code| code.into_bytes().into())
                .collect()
        };
        let mut checks = Checks::default();
        for item in descriptions {
            let allowed = item
                .allowed
                .into_iter()
                .map(|(name, codes)| (name, set(codes)))
                .collect();
            let check = Check {
                element: item.element,
                kind: item.kind,
                codes: set(item.codes),
                allowed,
            };
            checks
                .by_segment
                .entry(SegmentId::of(item.segment.as_bytes()))
                .or_default()
                .push(check);
        }
        checks
    }

    /// Checks every segment of a transaction set.
    pub fn run(&self, document: &Document, grammar: &Grammar, tree: &Tree) -> Findings {
        let mut findings = Findings::default();
        for (owner, segment) in tree.owner.iter().zip(tree.first..) {
            let Some(checks) = self.by_segment.get(&document.segments[segment as usize].id) else {
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
                let known = self.allowed.get(name).unwrap_or(&self.codes);
                let parts = text.split(|byte| *byte == repetition && repetition != 0);
                parts
                    .map(<[u8]>::trim_ascii)
                    .all(|code| code.is_empty() || known.contains(code))
            }
        }
    }
}
