//! The map that the walk follows, compiled from the models' description that Python hands over as JSON.

use crate::finding::intern;
use crate::scan::SegmentId;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What Python says: per transaction set its guides and its loops.
#[derive(Deserialize)]
pub struct Description {
    pub transactions: BTreeMap<String, TransactionDescription>,
}

#[derive(Deserialize)]
pub struct TransactionDescription {
    pub functional_identifier: String,
    pub guides: BTreeMap<String, Option<String>>,
    pub loops: Vec<LoopDescription>,
}

#[derive(Deserialize)]
pub struct LoopDescription {
    pub id: String,
    /// Identifier of the loop around it; empty for the transaction set itself.
    pub parent: String,
    pub opener: String,
    /// HL03 that opens it; empty if it is not a level.
    pub level: String,
    pub segments: Vec<String>,
    /// How often it may stand in its parent; 0 is any number.
    pub repeat: u32,
    /// Segments that stand around its repetitions, such as LS and LE; empty if none.
    pub bounds: Vec<String>,
}

/// The transaction sets that are read.
pub struct Versions {
    known: Vec<([u8; 3], Guides)>,
}

pub struct Guides {
    pub functional_identifier: String,
    guides: Vec<(String, Option<&'static str>)>,
    pub grammar: Option<Grammar>,
}

impl Guides {
    /// Some(finding or none) if the guide is one that is read.
    pub fn guide(&self, text: &[u8]) -> Option<Option<&'static str>> {
        self.guides
            .iter()
            .find(|(name, _)| name.as_bytes() == text)
            .map(|(_, code)| *code)
    }
}

impl Versions {
    pub fn compile(description: Description) -> Versions {
        let known = description
            .transactions
            .into_iter()
            .map(|(kind, transaction)| {
                let mut name = [b' '; 3];
                for (to, from) in name.iter_mut().zip(kind.bytes()) {
                    *to = from;
                }
                let guides = transaction
                    .guides
                    .into_iter()
                    .map(|(guide, code)| (guide, code.and_then(|code| intern(&code))))
                    .collect();
                let grammar = Grammar::compile(&transaction.loops);
                (
                    name,
                    Guides {
                        functional_identifier: transaction.functional_identifier,
                        guides,
                        grammar,
                    },
                )
            });
        Versions {
            known: known.collect(),
        }
    }

    pub fn transaction(&self, kind: &[u8; 3]) -> Option<&Guides> {
        self.known
            .iter()
            .find(|(name, _)| name == kind)
            .map(|(_, guides)| guides)
    }
}

/// What a segment is to a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    None,
    Member,
    /// It opens the child loop with this index.
    Opens(u16),
    /// It opens or closes the room of the child loop with this index (LS, LE).
    BoundOpens(u16),
    BoundCloses(u16),
}

pub struct Loop {
    pub id: String,
    pub parent: u16,
    pub opener: SegmentId,
    pub level: Vec<u8>,
    pub repeat: u32,
    pub bounded: bool,
    /// True if it repeats and nothing but its opener belongs to it, so that it is never the current loop.
    pub leaf: bool,
    roles: Vec<Role>,
    pub children: Vec<u16>,
}

/// The loops of one transaction set. Loop 0 is the transaction set itself.
pub struct Grammar {
    pub loops: Vec<Loop>,
    segments: HashMap<SegmentId, u16>,
}

pub const ROOT: u16 = 0;
const HL: SegmentId = SegmentId::of(b"HL");

impl Grammar {
    /// None if there are no loops: such a transaction set is read flat.
    fn compile(description: &[LoopDescription]) -> Option<Grammar> {
        if description.is_empty() {
            return None;
        }
        let index: HashMap<&str, u16> = description
            .iter()
            .enumerate()
            .map(|(at, item)| (item.id.as_str(), at as u16))
            .collect();
        let mut segments = HashMap::new();
        let names = description
            .iter()
            .flat_map(|item| item.segments.iter().chain(&item.bounds));
        for name in names {
            let next = segments.len() as u16;
            segments
                .entry(SegmentId::of(name.as_bytes()))
                .or_insert(next);
        }
        let mut loops: Vec<Loop> = description
            .iter()
            .map(|item| Loop {
                id: item.id.clone(),
                parent: index.get(item.parent.as_str()).copied().unwrap_or(ROOT),
                opener: SegmentId::of(item.opener.as_bytes()),
                level: item.level.clone().into_bytes(),
                repeat: item.repeat,
                bounded: !item.bounds.is_empty(),
                leaf: item.segments.len() == 1 && item.repeat != 1,
                roles: vec![Role::None; segments.len()],
                children: Vec::new(),
            })
            .collect();
        let column = |name: &str| {
            segments
                .get(&SegmentId::of(name.as_bytes()))
                .map(|at| *at as usize)
        };
        for (at, item) in description.iter().enumerate() {
            // A loop's own opener opens the next repetition; only the transaction set has but one.
            for name in item
                .segments
                .iter()
                .filter(|name| at as u16 == ROOT || **name != item.opener)
            {
                if let Some(column) = column(name) {
                    loops[at].roles[column] = Role::Member;
                }
            }
            if at as u16 == ROOT {
                continue;
            }
            let parent = loops[at].parent as usize;
            loops[parent].children.push(at as u16);
            if let (Some(column), true) = (column(&item.opener), item.level.is_empty()) {
                loops[parent].roles[column] = Role::Opens(at as u16);
            }
            let roles = [Role::BoundOpens(at as u16), Role::BoundCloses(at as u16)];
            for (name, role) in item.bounds.iter().zip(roles) {
                if let Some(column) = column(name) {
                    loops[parent].roles[column] = role;
                }
            }
        }
        Some(Grammar { loops, segments })
    }

    /// The column of a segment in the loops' roles; None for a segment that the guide does not have.
    pub fn column(&self, id: SegmentId) -> Option<u16> {
        self.segments.get(&id).copied()
    }

    pub fn role(&self, of: u16, column: u16) -> Role {
        self.loops[of as usize].roles[column as usize]
    }

    /// The loop that an HL with this level code opens.
    pub fn level(&self, code: &[u8]) -> Option<u16> {
        let found = self
            .loops
            .iter()
            .position(|item| item.opener == HL && item.level == code);
        found.map(|at| at as u16)
    }

    /// The level that stands directly in a level.
    pub fn level_below(&self, of: u16) -> Option<u16> {
        let mut below = self.loops[of as usize].children.iter().copied();
        below.find(|child| !self.loops[*child as usize].level.is_empty())
    }
}
