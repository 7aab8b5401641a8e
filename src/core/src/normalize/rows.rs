//! One benefit (a 2110 loop) as a row of elements, with what hangs on it.

use super::Context;
use super::codes::Code;
use super::dates::{DTP, Dated, Window, read_dtp, window};
use super::memory::sense;
use super::preferences::holds;
use super::tables::{GROUPS, LEVELS, Meaning, NOWHERE, PERIODS, Rank, Tables, best};
use crate::document::nth;
use crate::elements::{Elements, Sent, Word};
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
    elements: Elements<'a>,
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
    elements: Elements::NONE,
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
};

/// EB07 and EB08, the first of them and how many they are: numbers, which are of no account for what an EB says.
const NUMBERS: (usize, usize) = (7, 2);

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
    pub fn run<const N: usize>(&self, first: usize) -> [Sent<'a>; N] {
        self.elements.run(first)
    }

    /// Element EB`number` as the tables know it.
    #[inline]
    pub(super) fn code(&self, number: usize, tables: &Tables) -> Code {
        match self.elements.word(number) {
            Some(word) => Code::of(word),
            None => tables.code(self.elements.get(number)),
        }
    }

    /// True if an element is a number.
    #[inline]
    pub fn is_number(&self, number: usize) -> bool {
        let digits = self.elements.word(number).is_some_and(Word::is_digits);
        digits || Decimal::read(self.elements.get(number)).is_some()
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
        Decimal::read(self.element(7))
    }

    pub fn percent(&self) -> Option<Decimal> {
        Decimal::read(self.element(8))
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
pub fn rows<'a>(context: &Context<'a>, name: u32) -> Vec<Row<'a>> {
    let (document, tree) = (context.document, context.tree);
    let tables = context.preferences.tables();
    let delimiters = document.delimiters(context.transaction.first);
    let sense = sense(delimiters);
    let mut memory = context.memory.map(|memory| memory.borrow_mut());
    let mut rows = Vec::with_capacity(tree.children(name).len());
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
        (row.said, row.known) = match memory
            .as_mut()
            .zip(row.elements.key_without(NUMBERS.0, NUMBERS.1))
        {
            Some((memory, key)) => memory
                .rows
                .numbered(key.in_sense(sense), || said(context, tables, row)),
            None => (said(context, tables, row), UNKNOWN),
        };
        for &own in tree.segments(node) {
            match document.segments[own as usize].id {
                DTP => {
                    let sent = document.elements(own, delimiters.element);
                    let known = match memory.as_mut().zip(sent.key()) {
                        Some((memory, key)) => memory
                            .dates
                            .get(key.in_sense(sense), || read_dtp(&sent, tables)),
                        None => read_dtp(&sent, tables),
                    };
                    if let Some(known) = known {
                        row.dates.push(Dated::of(own, sent.get(1), known));
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

/// What the codes of a row say.
fn said(context: &Context<'_>, tables: &Tables, row: &Row<'_>) -> Said {
    let period = tables.periods.get(row.code(6, tables));
    Said {
        meaning: tables.meanings.get(row.code(1, tables)),
        services: services(context, tables, row),
        levels: tables.levels.get(row.code(2, tables)),
        networks: tables.networks.get(row.code(12, tables)),
        periods: period.ranks,
        not_period: period.refused,
        has_quantity: !row.element(9).is_empty(),
        is_procedure: !row.element(13).is_empty(),
    }
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
        let tree = context.tree;
        tree.segments(self.node)
            .iter()
            .copied()
            .filter(move |at| document.segments[*at as usize].id == id)
    }

    /// Bytes from the EB to the end of the row's last own segment.
    pub fn length(&self, context: &Context<'a>) -> usize {
        let own = context.tree.segments(self.node);
        let last = own.last().copied().unwrap_or(self.segment);
        context.document.span(self.segment, last + 1).len()
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

    /// True if a place of service (III*ZZ) of the row is this one.
    pub fn is_at(&self, context: &Context<'a>, place: &[u8]) -> bool {
        self.places.iter().any(|&at| {
            context.document.element(at, 1) == b"ZZ" && context.document.element(at, 2) == place
        })
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
