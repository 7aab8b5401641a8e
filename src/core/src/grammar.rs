//! The map that the walk follows, compiled from the models' description that Python hands over as JSON.

mod next;

use crate::finding::intern;
use crate::normalize::Loops;
use crate::scan::{HL, SegmentId};
use next::Rows;
pub use next::{Next, Nexts};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

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
    pub is_level: bool,
    pub repeat: u32,
    pub bounded: bool,
    /// True if it repeats and nothing but its opener belongs to it, so that it is never the current loop.
    pub leaf: bool,
    pub children: Vec<u16>,
}

/// The loops of one transaction set. Loop 0 is the transaction set itself.
pub struct Grammar {
    pub loops: Vec<Loop>,
    /// The segments, ascending; the place of each is its column.
    segments: Vec<SegmentId>,
    /// Of each loop one role per column.
    roles: Vec<Role>,
    /// The same with the loops around it.
    steps: Vec<Step>,
    /// The same for nearly all segments in one look.
    rows: Rows,
    /// The most loops that stand in each other, the transaction set not counted.
    pub depth: usize,
    /// The loops that the normalizer knows by name, looked up once.
    pub(crate) answer: OnceLock<Option<Loops>>,
}

/// Where a segment belongs that comes while a loop is the innermost open one: how many loops further out, and what it
/// is there.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub out: u16,
    pub role: Role,
}

/// How many loops stand around a loop and in the transaction set, itself counted.
fn depth(loops: &[Loop], of: u16) -> usize {
    let outer = |at: &u16| Some(loops[*at as usize].parent);
    let around = std::iter::successors(Some(of), outer);
    // One that stands in itself would not end.
    around
        .take(loops.len())
        .take_while(|at| *at != ROOT)
        .count()
}

/// A level stands open directly in the transaction set, whatever levels are around it.
fn steps(loops: &[Loop], roles: &[Role], columns: usize) -> Vec<Step> {
    let step = |innermost: usize, column: usize| {
        let (mut of, mut out) = (innermost, 0);
        loop {
            let role = roles[of * columns + column];
            if role != Role::None || of == ROOT as usize {
                return Step { out, role };
            }
            let is_level = loops[of].is_level;
            of = if is_level { ROOT } else { loops[of].parent } as usize;
            out += 1;
        }
    };
    let cells = (0..loops.len()).flat_map(|of| (0..columns).map(move |column| (of, column)));
    cells.map(|(of, column)| step(of, column)).collect()
}

pub const ROOT: u16 = 0;

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
        let names = description
            .iter()
            .flat_map(|item| item.segments.iter().chain(&item.bounds));
        let names = names.map(|name| SegmentId::of(name.as_bytes()));
        let mut segments: Vec<SegmentId> = names.filter(|name| *name != SegmentId::NONE).collect();
        segments.sort_unstable();
        segments.dedup();
        let mut roles = vec![Role::None; description.len() * segments.len()];
        let mut loops: Vec<Loop> = description
            .iter()
            .map(|item| Loop {
                id: item.id.clone(),
                parent: index.get(item.parent.as_str()).copied().unwrap_or(ROOT),
                opener: SegmentId::of(item.opener.as_bytes()),
                level: item.level.clone().into_bytes(),
                is_level: !item.level.is_empty(),
                repeat: item.repeat,
                bounded: !item.bounds.is_empty(),
                leaf: item.segments.len() == 1 && item.repeat != 1,
                children: Vec::new(),
            })
            .collect();
        let cell = |of: usize, name: &str| {
            let column = segments.binary_search(&SegmentId::of(name.as_bytes()));
            Some(of * segments.len() + column.ok()?)
        };
        for (at, item) in description.iter().enumerate() {
            // A loop's own opener opens the next repetition; only the transaction set has but one.
            for name in item
                .segments
                .iter()
                .filter(|name| at as u16 == ROOT || **name != item.opener)
            {
                if let Some(cell) = cell(at, name) {
                    roles[cell] = Role::Member;
                }
            }
            if at as u16 == ROOT {
                continue;
            }
            let parent = loops[at].parent as usize;
            loops[parent].children.push(at as u16);
            if let (Some(cell), true) = (cell(parent, &item.opener), item.level.is_empty()) {
                roles[cell] = Role::Opens(at as u16);
            }
            let bounds = [Role::BoundOpens(at as u16), Role::BoundCloses(at as u16)];
            for (name, role) in item.bounds.iter().zip(bounds) {
                if let Some(cell) = cell(parent, name) {
                    roles[cell] = role;
                }
            }
        }
        let steps = steps(&loops, &roles, segments.len());
        let rows = Rows::of(&segments, &steps, &loops);
        let depth = (0..loops.len() as u16).map(|of| depth(&loops, of));
        Some(Grammar {
            depth: depth.max().unwrap_or(0),
            loops,
            segments,
            roles,
            steps,
            rows,
            answer: OnceLock::new(),
        })
    }

    /// The column of a segment in the loops' roles; None for a segment that the guide does not have.
    #[inline]
    pub fn column(&self, id: SegmentId) -> Option<u16> {
        let found = self.segments.binary_search(&id);
        found.ok().map(|column| column as u16)
    }

    #[inline]
    pub fn role(&self, of: u16, column: u16) -> Role {
        self.roles[of as usize * self.segments.len() + column as usize]
    }

    /// The nearest loop outwards from the innermost open one in which a segment is anything. No role: there is none.
    #[inline]
    pub fn step(&self, innermost: u16, column: u16) -> Step {
        self.steps[innermost as usize * self.segments.len() + column as usize]
    }

    /// What segments do while this loop is the innermost open one.
    #[inline]
    pub fn nexts(&self, innermost: u16) -> Nexts<'_> {
        self.rows.get(innermost)
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
        below.find(|child| self.loops[*child as usize].is_level)
    }
}
