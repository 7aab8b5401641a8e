//! One benefit (a 2110 loop) as a row of elements, with what hangs on it.

use super::Context;
use super::dates::{Dated, Window, dated, window};
use super::preferences::holds;
use crate::document::nth;
use crate::numbers::Decimal;
use crate::scan::SegmentId;

pub const NM1: SegmentId = SegmentId::of(b"NM1");
pub const N3: SegmentId = SegmentId::of(b"N3");
pub const N4: SegmentId = SegmentId::of(b"N4");
pub const PER: SegmentId = SegmentId::of(b"PER");
pub const REF: SegmentId = SegmentId::of(b"REF");
pub const AAA: SegmentId = SegmentId::of(b"AAA");
pub const MSG: SegmentId = SegmentId::of(b"MSG");
pub const HSD: SegmentId = SegmentId::of(b"HSD");
pub const III: SegmentId = SegmentId::of(b"III");
pub const PRV: SegmentId = SegmentId::of(b"PRV");

const ELEMENTS: usize = 15;

pub struct Row<'a> {
    pub node: u32,
    pub segment: u32,
    elements: [&'a [u8]; ELEMENTS],
    repetition: u8,
    pub dates: Vec<Dated<'a>>,
    /// The first 2115 loops' III segments.
    pub places: Vec<u32>,
    pub entities: Vec<u32>,
}

impl<'a> Row<'a> {
    /// Element EB`number`, trimmed.
    pub fn element(&self, number: usize) -> &'a [u8] {
        self.elements[number]
    }

    pub fn information(&self) -> &'a [u8] {
        self.elements[1]
    }

    /// The codes of EB03; none if it is absent.
    pub fn service_types(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.repetition;
        let parts = self.elements[3].split(move |byte| *byte == separator && separator != 0);
        parts
            .map(<[u8]>::trim_ascii)
            .filter(|code| !code.is_empty())
    }

    pub fn names_service(&self, code: &[u8]) -> bool {
        self.service_types().any(|sent| sent == code)
    }

    pub fn has_service_type(&self) -> bool {
        self.service_types().next().is_some()
    }

    pub fn amount(&self) -> Option<Decimal> {
        Decimal::read(self.elements[7])
    }

    pub fn percent(&self) -> Option<Decimal> {
        Decimal::read(self.elements[8])
    }

    /// True if EB13 is there: the row is about one procedure.
    pub fn is_procedure(&self) -> bool {
        !self.elements[13].is_empty()
    }

    /// True for a row about the plan itself.
    pub fn is_about_plan(&self, plan_service_types: &[String]) -> bool {
        !self.has_service_type()
            || self
                .service_types()
                .any(|code| holds(plan_service_types, code))
    }
}

/// The benefits directly under a 2100 loop, in document order.
pub fn rows<'a>(context: &Context<'a>, name: u32) -> Vec<Row<'a>> {
    let tree = context.tree;
    let mut rows = Vec::new();
    for &node in tree.children(name) {
        let of = tree.nodes[node as usize].of;
        let segment = tree.nodes[node as usize].opener;
        if of != context.loops.benefit && of != context.loops.dependent_benefit {
            continue;
        }
        let delimiters = context.document.delimiters(segment);
        let bytes = context.document.bytes(segment);
        let mut elements = [b"".as_slice(); ELEMENTS];
        let parts = bytes.split(|byte| *byte == delimiters.element);
        for (to, part) in elements.iter_mut().zip(parts) {
            *to = part.trim_ascii();
        }
        let (mut places, mut entities) = (Vec::new(), Vec::new());
        for &child in tree.children(node) {
            let node = &tree.nodes[child as usize];
            if context.document.segments[node.opener as usize].id == III {
                places.push(node.opener);
            } else {
                entities.push(child);
            }
        }
        let dates = dated(context.document, tree.segments(node));
        rows.push(Row {
            node,
            segment,
            elements,
            repetition: delimiters.repetition,
            dates,
            places,
            entities,
        });
    }
    rows
}

impl<'a> Row<'a> {
    /// The segments of this kind on the row itself.
    pub fn own(&self, context: &Context<'a>, id: SegmentId) -> impl Iterator<Item = u32> + use<'a> {
        let document = context.document;
        let tree = context.tree;
        tree.segments(self.node)
            .iter()
            .copied()
            .filter(move |at| document.segments[*at as usize].id == id)
    }

    pub fn window(&self, context: &Context<'a>) -> Window {
        let rules = &context.preferences.dates;
        window(
            &self.dates,
            &[&rules.start],
            &[&rules.end],
            rules,
            &context.asked,
        )
    }

    /// True if a place of service (III*ZZ) of the row is this one.
    pub fn is_at(&self, context: &Context<'a>, place: &[u8]) -> bool {
        self.places.iter().any(|&at| {
            context.document.element(at, 1) == b"ZZ" && context.document.element(at, 2) == place
        })
    }

    /// All messages of the row, upper-cased, with one blank between.
    pub fn words(&self, context: &Context<'a>) -> Vec<u8> {
        let mut words = Vec::new();
        for segment in self.own(context, MSG) {
            if !words.is_empty() {
                words.push(b' ');
            }
            let separator = context.document.delimiters(segment).element;
            words.extend(nth(context.document.bytes(segment), separator, 1).to_ascii_uppercase());
        }
        words
    }
}

/// True if one of the words stands in the text without NON- or "NON " directly before it.
pub fn says(text: &[u8], words: &[String]) -> bool {
    words.iter().any(|word| {
        memchr::memmem::find_iter(text, word.as_bytes())
            .any(|at| !text[..at].ends_with(b"NON-") && !text[..at].ends_with(b"NON "))
    })
}
