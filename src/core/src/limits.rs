//! What is too much of one thing. It is looked for once an input is cut and placed, where it costs next to nothing:
//! only a long segment can have too many elements, and only a set with many patients too many of what they share.

use crate::finding::Finding;
use crate::grammar::Grammar;
use crate::inner::{Found, Inner};
use crate::loops::Tree;
use crate::normalize::people::{Patient, has_benefits};
use crate::segment::{HL, SE, Segment, SegmentId};
use memchr::memchr_iter;
use std::collections::HashMap;

/// The most of each.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    pub segments: usize,
    /// Elements of a segment.
    pub elements: usize,
    /// Repetitions of an element, and components of one.
    pub repetitions: usize,
    /// Loops in each other.
    pub levels: usize,
    /// Bytes that the records come to, about: a benefit stands in them once for each of its service types, and what
    /// patients share once for each of them.
    pub bytes: usize,
}

/// What was too much, and at which segment and element (0: none in particular).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beyond {
    pub code: &'static str,
    pub segment: u32,
    pub element: u16,
}

/// Up to so many patients, what they share weighs little.
const FEW: usize = 64;

/// Bytes that a finding comes to, about, and a benefit beside what it says.
const OF_FINDING: usize = 200;
const OF_BENEFIT: usize = 1000;

const EB: SegmentId = SegmentId::of(b"EB");

/// The first thing of which there is too much.
pub fn beyond(inner: &Inner, most: &Most) -> Option<Beyond> {
    let own = inner.read.copies() as usize;
    if inner.read.segments.len() - own > most.segments {
        return Some(at("TOO_MANY_SEGMENTS", (own + most.segments) as u32, 0));
    }
    let mut weight = Weight {
        bytes: 0,
        most: most.bytes,
    };
    long_segments(inner, most, &mut weight).or_else(|| {
        let sets = 0..inner.envelope.transactions.len();
        let mut sets = sets.filter(|set| may_be_beyond(inner, *set, most));
        sets.find_map(|set| {
            let tree = inner.tree(set)?;
            too_deep(tree, most.levels).or_else(|| shared(inner, set, tree, &mut weight))
        })
    })
}

fn at(code: &'static str, segment: u32, element: u16) -> Beyond {
    Beyond {
        code,
        segment,
        element,
    }
}

/// What records come to so far.
struct Weight {
    bytes: usize,
    most: usize,
}

impl Weight {
    /// Adds what a segment is the cause of.
    fn add(&mut self, bytes: usize, times: usize, segment: u32) -> Option<Beyond> {
        self.bytes = self.bytes.saturating_add(bytes.saturating_mul(times));
        (self.bytes > self.most).then(|| at("TOO_REPETITIVE", segment, 0))
    }
}

fn long_segments(inner: &Inner, most: &Most, weight: &mut Weight) -> Option<Beyond> {
    let read = &inner.read;
    let short = most.elements.min(most.repetitions);
    // Nearly none is long; shorter ones have few service types.
    let in_bytes = |most: usize| u32::try_from(most).unwrap_or(u32::MAX);
    let (few, many) = (in_bytes(FEW.min(short)), in_bytes(short));
    let is_long = |segment: &Segment| {
        let length = segment.end - segment.start;
        length > few && (length > many || segment.id == EB)
    };
    let mut rest = read.segments.iter();
    while let Some(segment) = rest.find(|segment| is_long(segment)) {
        let index = (read.segments.len() - rest.len() - 1) as u32;
        let length = (segment.end - segment.start) as usize;
        let found = (length > short).then(|| parts(inner, index, most));
        if let Some(Some(found)) = found {
            return Some(found);
        }
        if segment.id == EB && length > FEW {
            let found = weight.add(benefits(inner, index), 1, index);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn parts(inner: &Inner, index: u32, most: &Most) -> Option<Beyond> {
    let (text, marks) = (inner.read.bytes(index), inner.read.delimiters(index));
    let elements = text.split(|byte| *byte == marks.element);
    for (number, element) in elements.enumerate() {
        if number > most.elements {
            return Some(at("TOO_MANY_ELEMENTS", index, 0));
        }
        let count = |mark: u8| memchr_iter(mark, element).count();
        let is_long = element.len() >= most.repetitions;
        if is_long && count(marks.repetition).max(count(marks.component)) >= most.repetitions {
            let number = u16::try_from(number).unwrap_or(0);
            return Some(at("TOO_MANY_PARTS", index, number));
        }
    }
    None
}

/// Bytes that an EB comes to: all up to the next one, for each of its service types.
fn benefits(inner: &Inner, index: u32) -> usize {
    let read = &inner.read;
    let separator = read.delimiters(index).repetition;
    let types = memchr_iter(separator, read.element(index, 3)).count() + 1;
    let inside = read.segments[index as usize..].iter().skip(1);
    let last = inside
        .take_while(|one| !matches!(one.id, EB | HL | SE))
        .last();
    let first = &read.segments[index as usize];
    let extent = (last.unwrap_or(first).end - first.start) as usize;
    types.saturating_mul(extent + OF_BENEFIT)
}

/// False for nearly all transaction sets, without a look at their loops.
fn may_be_beyond(inner: &Inner, set: usize, most: &Most) -> bool {
    let may_be_deep = |grammar: &Grammar| grammar.depth > most.levels;
    let of = &inner.envelope.transactions[set];
    let segments = &inner.read.segments[of.first as usize..of.end as usize];
    let levels = segments.iter().filter(|segment| segment.id == HL);
    inner.grammar(set).is_some_and(may_be_deep) || levels.count() > FEW
}

fn too_deep(tree: &Tree, most: usize) -> Option<Beyond> {
    let mut levels = vec![0usize; tree.nodes.len()];
    for (node, of) in tree.nodes.iter().enumerate().skip(1) {
        levels[node] = levels[of.parent as usize] + 1;
        if levels[node] > most {
            return Some(at("TOO_DEEP", of.opener, 0));
        }
    }
    None
}

/// Whether the patients of a set share too much: a subscriber's benefits, or findings of the levels above.
fn shared(inner: &Inner, set: usize, tree: &Tree, weight: &mut Weight) -> Option<Beyond> {
    // Each patient is a level, and each level an HL.
    if tree.levels.len() <= FEW {
        return None;
    }
    let patients = inner.patients(set, None);
    if patients.len() <= FEW {
        return None;
    }
    let findings = inner.levels(set)?;
    let mut rows = HashMap::new();
    patients.iter().find_map(|found| {
        let segment = opener(tree, &found.patient);
        let about = on_path(findings, &found.patient);
        weight.add(about, OF_FINDING, segment).or_else(|| {
            let borrowed = borrowed(inner, tree, found, &mut rows);
            weight.add(borrowed, 1, segment)
        })
    })
}

fn opener(tree: &Tree, patient: &Patient) -> u32 {
    patient
        .level()
        .map_or(tree.first, |level| tree.nodes[level as usize].opener)
}

fn on_path(findings: &HashMap<u32, Vec<Finding>>, patient: &Patient) -> usize {
    let path = [
        Some(0),
        patient.source,
        patient.receiver,
        patient.subscriber,
        patient.dependent,
    ];
    let found = path
        .iter()
        .flatten()
        .filter_map(|level| findings.get(level));
    found.map(Vec::len).sum()
}

/// Bytes of the subscriber's benefits, for a dependent who has none.
fn borrowed(inner: &Inner, tree: &Tree, found: &Found, rows: &mut HashMap<u32, usize>) -> usize {
    let patient = &found.patient;
    let own = patient.name();
    if !patient.is_dependent() || own.is_some_and(|name| has_benefits(tree, name, found.loops)) {
        return 0;
    }
    let Some(name) = patient.subscriber_name else {
        return 0;
    };
    *rows.entry(name).or_insert_with(|| {
        let openers = tree.children(name).iter();
        let openers = openers.map(|node| tree.nodes[*node as usize].opener);
        openers.map(|opener| benefits(inner, opener)).sum()
    })
}
