//! The envelope: which segments make up an interchange, a group, a transaction set; counts and control numbers.

mod walk;

use crate::finding::{Finding, Findings, NO_SEGMENT};
use std::collections::HashMap;
pub use walk::{walk, walk_piece};

/// One ISA to IEA. Indices are of segments; `NO_SEGMENT` where there is none.
#[derive(Clone, Debug)]
pub struct Interchange {
    pub isa: u32,
    pub iea: u32,
    pub acknowledgements: Vec<u32>,
    pub groups: Vec<Group>,
    /// Segments that belong to no group.
    pub others: Vec<u32>,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub gs: u32,
    pub ge: u32,
    pub transactions: Vec<u32>,
    /// Segments that belong to no transaction set.
    pub others: Vec<u32>,
}

/// One ST to SE: segments `first` to before `end`.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub isa: u32,
    pub gs: u32,
    pub st: u32,
    pub se: u32,
    pub first: u32,
    pub end: u32,
    /// ST01, such as 271.
    pub kind: [u8; 3],
    pub read: bool,
}

#[derive(Default)]
pub struct Envelope {
    pub interchanges: Vec<Interchange>,
    pub transactions: Vec<Transaction>,
    pub findings: Findings,
    /// The first findings that earlier pieces of the stream gave already.
    earlier: usize,
}

/// What a piece of a stream stands in: the envelopes that are open where it begins, and what was counted in them.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The latest ISA, the GS that is open, and the IEA if it came already, as segments of the piece.
    pub isa: Option<u32>,
    pub gs: Option<u32>,
    pub iea: Option<u32>,
    in_interchange: bool,
    in_group: bool,
    /// Groups of the interchange before the open one, and transaction sets of the open one.
    groups: usize,
    transactions: usize,
    /// What was found about them.
    findings: Vec<Finding>,
}

impl Standing {
    /// The headers as the first segments of the next piece: what they are here, and the same with the numbers there.
    pub fn copied(mut self) -> (Vec<u32>, Standing) {
        let here: Vec<u32> = [self.isa, self.gs, self.iea]
            .into_iter()
            .flatten()
            .collect();
        let there = |segment: u32| {
            here.iter()
                .position(|at| *at == segment)
                .map(|at| at as u32)
        };
        self.isa = self.isa.and_then(there);
        self.gs = self.gs.and_then(there);
        self.iea = self.iea.and_then(there);
        for finding in &mut self.findings {
            finding.segment = there(finding.segment).unwrap_or(NO_SEGMENT);
        }
        (here, self)
    }
}

impl Envelope {
    /// The findings that no earlier piece gave.
    pub fn own_findings(&self) -> &[Finding] {
        &self.findings[self.earlier.min(self.findings.len())..]
    }

    /// Per transaction set the findings about it: on its own segments, and on the headers and trailers around it.
    pub fn findings_by_transaction(&self) -> Vec<Vec<u32>> {
        let mut by_segment: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut found = vec![Vec::new(); self.transactions.len()];
        for (at, finding) in self.findings.iter().enumerate() {
            let own = self
                .transactions
                .partition_point(|item| item.end <= finding.segment);
            match self.transactions.get(own) {
                Some(item) if item.first <= finding.segment => found[own].push(at as u32),
                _ => by_segment
                    .entry(finding.segment)
                    .or_default()
                    .push(at as u32),
            }
        }
        if by_segment.is_empty() {
            return found;
        }
        for interchange in &self.interchanges {
            for group in &interchange.groups {
                for &transaction in &group.transactions {
                    let around = [interchange.isa, group.gs, group.ge, interchange.iea];
                    for segment in around.into_iter().filter(|at| *at != NO_SEGMENT) {
                        found[transaction as usize]
                            .extend(by_segment.get(&segment).into_iter().flatten());
                    }
                }
            }
        }
        found
    }
}
