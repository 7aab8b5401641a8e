//! What an answer means: one record per patient. SPEC sections 3 to 5; the orders come from the preferences.

pub mod candidates;
pub mod check;
pub mod code_set;
pub mod codes;
pub mod course;
pub mod coverage;
pub mod dates;
pub mod explain;
pub mod form;
pub mod good;
pub mod memory;
pub mod part;
pub mod payers;
pub mod people;
pub mod preferences;
pub mod reading;
pub mod record;
pub mod rejections;
pub mod rows;
pub mod said;
pub mod segment_rules;
pub mod slot_rules;
pub mod slots;
pub mod tables;

use crate::document::Document;
use crate::elements::Elements;
use crate::envelope::Transaction;
use crate::grammar::Grammar;
use crate::loops::Tree;
use codes::Code;
use dates::{Asked, Dated};
use memory::Memory;
use preferences::Preferences;
use std::cell::RefCell;

/// An element of a segment: where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    pub segment: u32,
    pub element: u8,
}

/// The loops that the normalizer knows by name.
#[derive(Clone, Copy, Debug)]
pub struct Loops {
    pub source: u16,
    pub source_name: u16,
    pub receiver: u16,
    pub receiver_name: u16,
    pub subscriber: u16,
    pub subscriber_name: u16,
    pub benefit: u16,
    pub dependent: u16,
    pub dependent_name: u16,
    pub dependent_benefit: u16,
}

impl Loops {
    /// None if the grammar is not one of an answer.
    pub fn of(grammar: &Grammar) -> Option<Loops> {
        *grammar.answer.get_or_init(|| Loops::find(grammar))
    }

    fn find(grammar: &Grammar) -> Option<Loops> {
        let find = |id: &str| {
            grammar
                .loops
                .iter()
                .position(|item| item.id == id)
                .map(|at| at as u16)
        };
        Some(Loops {
            source: find("2000A")?,
            source_name: find("2100A")?,
            receiver: find("2000B")?,
            receiver_name: find("2100B")?,
            subscriber: find("2000C")?,
            subscriber_name: find("2100C")?,
            benefit: find("2110C")?,
            dependent: find("2000D")?,
            dependent_name: find("2100D")?,
            dependent_benefit: find("2110D")?,
        })
    }
}

/// What the caller asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub date_of_service: Option<(crate::numbers::Date, Option<crate::numbers::Date>)>,
    pub service_types: Vec<Vec<u8>>,
}

/// Everything that the rules look at for one patient.
pub struct Context<'a> {
    pub document: &'a Document,
    pub transaction: &'a Transaction,
    pub grammar: &'a Grammar,
    pub tree: &'a Tree,
    pub loops: Loops,
    pub preferences: &'a Preferences,
    pub question: &'a Question,
    /// Which benefits become rows.
    pub which: reading::Which,
    /// False if the transaction set surely has no AAA segment.
    pub rejects: bool,
    pub asked: Asked,
    /// The dates of the patient's 2100 loop.
    name_dates: Vec<Dated<'a>>,
    /// Between the elements of its segments.
    separator: u8,
    /// The service types that were asked for.
    asked_types: Vec<Code>,
    /// What was found out about segments that came before.
    memory: Option<&'a RefCell<Memory>>,
}

impl<'a> Context<'a> {
    /// A segment and its separators.
    #[inline(always)]
    pub fn elements(&self, segment: u32) -> Elements<'a> {
        self.document.elements(segment, self.separator)
    }

    pub fn text(&self, at: At) -> &'a [u8] {
        self.elements(at.segment).get(at.element as usize)
    }

    /// An element if it says anything.
    pub fn said(&self, segment: u32, element: u8) -> Option<At> {
        let at = At { segment, element };
        (segment != crate::finding::NO_SEGMENT && !self.text(at).is_empty()).then_some(at)
    }

    /// The first child of a node that repeats this loop.
    pub fn child(&self, node: u32, of: u16) -> Option<u32> {
        let tree = self.tree;
        tree.children(node)
            .iter()
            .copied()
            .find(|child| tree.nodes[*child as usize].of == of)
    }

    /// The segments of one kind that belong to a node itself.
    pub fn own(
        &self,
        node: Option<u32>,
        id: crate::scan::SegmentId,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let (document, tree) = (self.document, self.tree);
        let segments = node.map_or(&[] as &[u32], |node| tree.segments(node));
        segments
            .iter()
            .copied()
            .filter(move |at| document.segments[*at as usize].id == id)
    }
}
