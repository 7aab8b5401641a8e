//! One benefit (a 2110 loop) as a row of elements, with what hangs on it.

use super::Context;
use super::dates::{Dated, Window, window};
use super::preferences::holds;
use super::said::Said;
use crate::document::{Document, nth};
use crate::elements::{Elements, Sent, Two};
use crate::few::Few;
use crate::loops::Tree;
use crate::numbers::Decimal;
use crate::scan::SegmentId;
use memchr::memmem::Finder;

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

pub struct Row<'a> {
    pub node: u32,
    pub segment: u32,
    /// Of its benefit among all of the 2100 loop, from 0.
    pub number: u32,
    /// The segment, and what stands behind it.
    pub(super) text: &'a [u8],
    pub(super) length: usize,
    /// Where EB07 and EB08 stand, if the segment is not long.
    pub(super) numbers: Option<Two>,
    pub(super) separator: u8,
    pub(super) repetition: u8,
    /// What its codes say.
    pub(super) said: Said,
    /// The number under which that is remembered, for all EBs that differ at most in amount and percent.
    pub known: u64,
    /// Its own segments behind the EB.
    pub hanging: &'a [u32],
    /// The loops below it: places (2115) and entities (2120).
    pub below: &'a [u32],
    /// Kinds of segments that the row has: MSG and AAA.
    pub has_message: bool,
    pub has_rejection: bool,
    pub dates: Few<Dated<'a>>,
}

/// EB07, which EB08 follows: numbers, which are of no account for what an EB says.
pub(super) const AMOUNT: usize = 7;
const PERCENT: usize = AMOUNT + 1;

impl<'a> Row<'a> {
    /// Element EB`number`, trimmed.
    #[inline]
    pub fn element(&self, number: usize) -> &'a [u8] {
        self.elements().get(number)
    }

    fn elements(&self) -> Elements<'a> {
        Elements::of(self.text, self.length, self.separator)
    }

    /// The elements from EB`first` on, trimmed.
    #[inline]
    pub fn places<const N: usize>(&self, first: usize) -> [Sent<'a>; N] {
        self.elements().places(first)
    }

    /// EB07 as sent.
    #[inline]
    pub fn sent_amount(&self) -> &'a [u8] {
        match self.numbers {
            Some(two) => two.text(self.text, false),
            None => self.element(AMOUNT),
        }
    }

    /// EB08 as sent.
    #[inline]
    pub fn sent_percent(&self) -> &'a [u8] {
        match self.numbers {
            Some(two) => two.text(self.text, true),
            None => self.element(PERCENT),
        }
    }

    /// EB07 and EB08 as sent, perhaps with blanks.
    #[inline]
    pub fn sent_numbers(&self) -> [Sent<'a>; 2] {
        match self.numbers {
            Some(two) => two.both(self.text),
            None => self.elements().places(AMOUNT),
        }
    }

    /// The first eight bytes of EB07 or EB08 and what follows it, and its length; None if that is not known at once.
    #[inline(always)]
    pub fn eight_of_number(&self, percent: bool) -> Option<(u64, usize)> {
        self.numbers.as_ref()?.eight(self.text, percent)
    }

    /// EB07, or EB08, if it is a number.
    #[inline]
    fn number(&self, percent: bool) -> Option<Decimal> {
        let short = self
            .numbers
            .and_then(|two| two.short_number(self.text, percent));
        short.or_else(|| self.odd_number(percent))
    }

    #[inline(never)]
    fn odd_number(&self, percent: bool) -> Option<Decimal> {
        let sent = if percent {
            self.sent_percent()
        } else {
            self.sent_amount()
        };
        Decimal::read(sent)
    }

    /// EB07, if it is a number.
    #[inline]
    pub fn amount(&self) -> Option<Decimal> {
        self.number(false)
    }

    /// EB08, if it is a number.
    #[inline]
    pub fn percent(&self) -> Option<Decimal> {
        self.number(true)
    }

    pub fn information(&self) -> &'a [u8] {
        self.element(1)
    }

    /// The repetitions of EB03 as sent; at least one.
    pub fn repetitions(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        split(self.element(3), self.repetition)
    }

    /// The codes of EB03; none if it is absent.
    pub fn service_types(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        codes(self.element(3), self.repetition)
    }

    pub fn names_service(&self, code: &[u8]) -> bool {
        self.service_types().any(|sent| sent == code)
    }

    pub fn has_service_type(&self) -> bool {
        self.service_types().next().is_some()
    }

    /// True if EB13 is there: the row is about one procedure.
    pub fn is_procedure(&self) -> bool {
        self.said.is_procedure
    }

    /// True for a row about the plan itself.
    pub fn is_about_plan(&self, plan_service_types: &[String]) -> bool {
        !self.has_service_type()
            || self
                .service_types()
                .any(|code| holds(plan_service_types, code))
    }
}

impl<'a> Row<'a> {
    /// The segments of this kind on the row itself.
    pub fn own(&self, context: &Context<'a>, id: SegmentId) -> impl Iterator<Item = u32> + use<'a> {
        let document = context.document;
        let hanging = self.hanging.iter().copied();
        hanging.filter(move |at| document.segments[*at as usize].id == id)
    }

    /// The row's last own segment.
    #[inline]
    pub fn last(&self) -> u32 {
        self.hanging.last().copied().unwrap_or(self.segment)
    }

    /// The III segments of its 2115 loops.
    pub fn places_below(&self, context: &Context<'a>) -> impl Iterator<Item = u32> + use<'a> {
        let (document, nodes) = (context.document, &context.tree.nodes);
        let openers = self.below.iter().map(|node| nodes[*node as usize].opener);
        openers.filter(|at| document.segments[*at as usize].id == III)
    }

    /// The nodes of its 2120 loops.
    pub fn entities(&self, context: &Context<'a>) -> impl Iterator<Item = u32> + use<'a> {
        let (document, tree) = (context.document, context.tree);
        let nodes = self.below.iter().copied();
        nodes.filter(|node| !is_place(document, tree, *node))
    }

    pub fn window(&self, context: &Context<'a>) -> Window {
        let rules = &context.preferences.tables().dates;
        window(
            &self.dates,
            &[&rules.start],
            &[&rules.end],
            rules,
            &context.asked,
        )
    }

    /// All messages of the row, upper-cased, with one blank between, into `words`.
    pub fn words_into(&self, context: &Context<'a>, words: &mut Vec<u8>) {
        words.clear();
        if !self.has_message {
            return;
        }
        for segment in self.own(context, MSG) {
            if !words.is_empty() {
                words.push(b' ');
            }
            let separator = context.document.delimiters(segment).element;
            let text = nth(context.document.bytes(segment), separator, 1);
            let start = words.len();
            words.extend_from_slice(text);
            words[start..].make_ascii_uppercase();
        }
    }
}

/// The parts of an EB03 as sent; at least one.
fn split(sent: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    sent.split(move |byte| *byte == separator && separator != 0)
}

/// Its codes; none if it is absent.
pub(super) fn codes(sent: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let codes = split(sent, separator).map(<[u8]>::trim_ascii);
    codes.filter(|code| !code.is_empty())
}

/// True for a 2115 loop; the other loops below a benefit are entities.
#[inline]
pub fn is_place(document: &Document, tree: &Tree, node: u32) -> bool {
    let opener = tree.nodes[node as usize].opener;
    document.segments[opener as usize].id == III
}

/// True if one of the words stands in the text without NON- or "NON " directly before it.
pub fn says(text: &[u8], words: &[Finder<'_>]) -> bool {
    words.iter().any(|word| {
        word.find_iter(text)
            .any(|at| !text[..at].ends_with(b"NON-") && !text[..at].ends_with(b"NON "))
    })
}
