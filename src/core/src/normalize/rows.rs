//! One benefit (a 2110 loop) as a row of elements, with what hangs on it.

use super::Context;
use super::codes::Code;
use super::dates::{DTP, Dated, Window, read_dtp, window};
use super::memory::sense;
use super::preferences::holds;
use super::slot_rules::{Bits, fits};
use super::tables::{GROUPS, LEVELS, Meaning, NOWHERE, PERIODS, Rank, Tables, best};
use crate::delimiters::Delimiters;
use crate::document::{Document, nth};
use crate::elements::{Elements, Sent, Two, Word};
use crate::few::Few;
use crate::finding::NO_SEGMENT;
use crate::memo::UNKNOWN;
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
    /// Its own segments behind the EB.
    pub hanging: &'a [u32],
    elements: Elements<'a>,
    /// Where EB07 and EB08 stand, if the segment is not long.
    numbers: Option<Two>,
    repetition: u8,
    /// What its codes say.
    pub(super) said: Said,
    /// The number under which that is remembered, for all EBs that differ at most in amount and percent.
    pub known: u64,
    /// Kinds of segments that the row has: MSG and AAA.
    pub has_message: bool,
    pub has_rejection: bool,
    pub dates: Few<Dated<'a>>,
    /// The first 2115 loops' III segments.
    pub places: Few<u32>,
    pub entities: Few<u32>,
}

/// What a row is before it is read: it is filled where it stands, since moving it costs as much as reading it.
const BLANK: Row<'static> = Row {
    node: NO_SEGMENT,
    segment: NO_SEGMENT,
    hanging: &[],
    elements: Elements::NONE,
    numbers: None,
    repetition: 0,
    said: NOTHING,
    known: UNKNOWN,
    has_message: false,
    has_rejection: false,
    dates: Few::None,
    places: Few::None,
    entities: Few::None,
};

/// What the codes of an EB say to the rules: everything but its numbers and what hangs on it.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// What EB01 says.
    pub meaning: Meaning,
    /// What EB03 says.
    pub services: Services,
    pub levels: [Rank; LEVELS],
    pub networks: [Rank; 2],
    pub periods: [Rank; PERIODS],
    /// Groups, as bits, that refuse the period.
    pub not_period: u8,
    pub has_quantity: bool,
    /// EB13 is there: the row is about one procedure.
    pub is_procedure: bool,
    /// EB12 says that it does not say it.
    pub is_network_unspecified: bool,
    /// The rules of fields that such codes fit.
    pub fits: Bits,
}

/// What an EB without elements says before it is read.
pub(super) const NOTHING: Said = Said {
    meaning: 0,
    services: Services {
        ranks: [NOWHERE; GROUPS],
        about_plan: true,
        asked: false,
    },
    levels: [NOWHERE; LEVELS],
    networks: [NOWHERE; 2],
    periods: [NOWHERE; PERIODS],
    not_period: 0,
    has_quantity: false,
    is_procedure: false,
    is_network_unspecified: false,
    fits: 0,
};

/// EB07, which EB08 follows: numbers, which are of no account for what an EB says.
const AMOUNT: usize = 7;
const PERCENT: usize = AMOUNT + 1;

/// The service types of a row, as far as the rules ask.
#[derive(Clone, Copy, Debug)]
pub struct Services {
    /// The best rank of one of them in the orders of each group.
    pub ranks: [Rank; GROUPS],
    /// There is none, or one is the plan itself.
    pub about_plan: bool,
    /// One was asked for.
    pub asked: bool,
}

impl<'a> Row<'a> {
    /// Element EB`number`, trimmed.
    #[inline]
    pub fn element(&self, number: usize) -> &'a [u8] {
        self.elements.get(number)
    }

    /// The elements from EB`first` on, trimmed.
    #[inline]
    pub fn places<const N: usize>(&self, first: usize) -> [Sent<'a>; N] {
        self.elements.places(first)
    }

    /// Element EB`number` as the tables know it.
    #[inline]
    pub(super) fn code(&self, number: usize, tables: &Tables) -> Code {
        match self.elements.word(number) {
            Some(word) => Code::of(word),
            None => tables.code(self.elements.get(number)),
        }
    }

    /// EB07 as sent.
    #[inline]
    pub fn sent_amount(&self) -> &'a [u8] {
        match self.numbers {
            Some(two) => self.elements.one_of(two, false),
            None => self.element(AMOUNT),
        }
    }

    /// EB08 as sent.
    #[inline]
    pub fn sent_percent(&self) -> &'a [u8] {
        match self.numbers {
            Some(two) => self.elements.one_of(two, true),
            None => self.element(PERCENT),
        }
    }

    /// EB07 and EB08 as sent, perhaps with blanks.
    #[inline]
    pub fn sent_numbers(&self) -> [Sent<'a>; 2] {
        match self.numbers {
            Some(two) => self.elements.both(two),
            None => self.elements.places(AMOUNT),
        }
    }

    /// The first eight bytes of EB07 or EB08 and what follows it, and its length; None if that is not known at once.
    #[inline(always)]
    pub fn eight_of_number(&self, percent: bool) -> Option<(u64, usize)> {
        self.elements.eight_of(self.numbers.as_ref()?, percent)
    }

    /// EB07, or EB08, if it is short.
    #[inline]
    fn digits(&self, percent: bool) -> Option<Word> {
        self.elements.word_of(self.numbers?, percent)
    }

    /// EB07, or EB08, if it is a short number without decimals.
    #[inline]
    fn whole(&self, percent: bool) -> Option<Decimal> {
        let digits = self.digits(percent)?.number()?.into();
        Some(Decimal { digits, scale: 0 })
    }

    /// True if EB07 is a number.
    #[inline]
    pub fn has_amount(&self) -> bool {
        self.digits(false).is_some_and(Word::is_digits)
            || Decimal::read(self.sent_amount()).is_some()
    }

    /// True if EB08 is a number.
    #[inline]
    pub fn has_percent(&self) -> bool {
        self.digits(true).is_some_and(Word::is_digits)
            || Decimal::read(self.sent_percent()).is_some()
    }

    pub fn information(&self) -> &'a [u8] {
        self.element(1)
    }

    /// The repetitions of EB03 as sent; at least one.
    pub fn repetitions(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.repetition;
        self.element(3)
            .split(move |byte| *byte == separator && separator != 0)
    }

    /// The codes of EB03; none if it is absent.
    pub fn service_types(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let codes = self.repetitions().map(<[u8]>::trim_ascii);
        codes.filter(|code| !code.is_empty())
    }

    pub fn names_service(&self, code: &[u8]) -> bool {
        self.service_types().any(|sent| sent == code)
    }

    pub fn has_service_type(&self) -> bool {
        self.service_types().next().is_some()
    }

    pub fn amount(&self) -> Option<Decimal> {
        self.whole(false)
            .or_else(|| Decimal::read(self.sent_amount()))
    }

    pub fn percent(&self) -> Option<Decimal> {
        self.whole(true)
            .or_else(|| Decimal::read(self.sent_percent()))
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

/// The benefits directly under a 2100 loop, in document order.
#[inline(never)]
pub fn rows<'a>(context: &Context<'a>, name: u32) -> Vec<Row<'a>> {
    let (document, tree) = (context.document, context.tree);
    let tables = context.preferences.tables();
    let delimiters = document.delimiters(context.transaction.first);
    let sense = sense(delimiters);
    let mut memory = context.memory.map(|memory| memory.borrow_mut());
    let mut rows = Vec::with_capacity(tree.children(name).len());
    // Rows that follow each other mostly have the same date.
    let mut latest: (&[u8], Option<Dated<'a>>) = (b"", None);
    for &node in tree.children(name) {
        let of = tree.nodes[node as usize].of;
        let segment = tree.nodes[node as usize].opener;
        if of != context.loops.benefit && of != context.loops.dependent_benefit {
            continue;
        }
        rows.push(BLANK);
        let Some(row) = rows.last_mut() else { continue };
        (row.node, row.segment) = (node, segment);
        row.repetition = delimiters.repetition;
        row.elements = document.elements(segment, delimiters.element);
        row.numbers = row.elements.two(AMOUNT);
        if let Some((memory, two)) = memory.as_mut().zip(row.numbers) {
            let key = row.elements.key_without_two(two, sense);
            if let Some((said, number)) = memory.rows.find(key) {
                (row.said, row.known) = (*said, number);
            } else {
                row.said = said(context, tables, row);
                row.known = memory.rows.put(key, row.said);
            }
        } else {
            row.said = said(context, tables, row);
        }
        row.hanging = tree.segments(node).get(1..).unwrap_or(&[]);
        for &own in row.hanging {
            match document.segments[own as usize].id {
                DTP => {
                    let sent = document.bytes(own);
                    if sent != latest.0 {
                        latest = (sent, date(document, own, delimiters, tables));
                    }
                    if let Some(date) = latest.1 {
                        row.dates.push(Dated {
                            segment: own,
                            ..date
                        });
                    }
                }
                MSG => row.has_message = true,
                AAA => row.has_rejection = true,
                _ => {}
            }
        }
        for &child in tree.children(node) {
            let node = &tree.nodes[child as usize];
            if document.segments[node.opener as usize].id == III {
                row.places.push(node.opener);
            } else {
                row.entities.push(child);
            }
        }
    }
    rows
}

/// A DTP whose date can be read.
fn date<'a>(
    document: &'a Document,
    segment: u32,
    delimiters: Delimiters,
    tables: &Tables,
) -> Option<Dated<'a>> {
    let sent = document.elements(segment, delimiters.element);
    let known = read_dtp(&sent, tables)?;
    Some(Dated::of(segment, sent.get(1), &known))
}

/// What the codes of a row say.
fn said(context: &Context<'_>, tables: &Tables, row: &Row<'_>) -> Said {
    let period = tables.periods.get(row.code(6, tables));
    let networks = &context.preferences.networks;
    let mut said = Said {
        meaning: tables.meanings.get(row.code(1, tables)),
        services: services(context, tables, row),
        levels: tables.levels.get(row.code(2, tables)),
        networks: tables.networks.get(row.code(12, tables)),
        periods: period.ranks,
        not_period: period.refused,
        has_quantity: !row.element(9).is_empty(),
        is_procedure: !row.element(13).is_empty(),
        is_network_unspecified: holds(&networks.unspecified, row.element(12)),
        fits: 0,
    };
    said.fits = fits(&said);
    said
}

/// What the service types of a row are to the orders.
fn services(context: &Context<'_>, tables: &Tables, row: &Row<'_>) -> Services {
    let mut services = Services {
        ranks: tables.services.other.ranks,
        about_plan: false,
        asked: false,
    };
    let mut add = |code: Code| {
        let one = tables.services.codes.get(code);
        services.ranks = best(services.ranks, one.ranks);
        services.about_plan |= one.is_plan;
        if context.asked_types.contains(&code) {
            services.asked = true;
            if !one.is_plan {
                services.ranks = best(services.ranks, tables.services.requested.ranks);
            }
        }
    };
    if let Some(word) = row.elements.word(3)
        && word.length > 0
        && !word.has(row.repetition)
    {
        add(Code::of(word));
        return services;
    }
    let mut is_any = false;
    for text in row.service_types() {
        is_any = true;
        add(tables.code(text));
    }
    if is_any {
        return services;
    }
    Services {
        ranks: tables.services.absent.ranks,
        about_plan: true,
        asked: false,
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

/// True if one of the words stands in the text without NON- or "NON " directly before it.
pub fn says(text: &[u8], words: &[Finder<'_>]) -> bool {
    words.iter().any(|word| {
        word.find_iter(text)
            .any(|at| !text[..at].ends_with(b"NON-") && !text[..at].ends_with(b"NON "))
    })
}
