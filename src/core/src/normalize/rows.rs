//! One benefit (a 2110 loop) as a row of elements, with what hangs on it.

use super::Context;
use super::dates::{DTP, Dated, Window, read_dated, window};
use super::preferences::holds;
use super::tables::{GROUPS, Meaning, NOWHERE, Rank, Tables, best};
use crate::document::nth;
use crate::few::Few;
use crate::finding::NO_SEGMENT;
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

/// EB01 to EB14, and one behind them.
const ENDS: usize = 16;

pub struct Row<'a> {
    pub node: u32,
    pub segment: u32,
    bytes: &'a [u8],
    /// Where each element ends; those that were not sent end before they start.
    ends: [u32; ENDS],
    repetition: u8,
    /// What EB01 says.
    pub(super) meaning: Meaning,
    /// What EB03 says.
    pub(super) services: Services,
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
    bytes: b"",
    ends: [0; ENDS],
    repetition: 0,
    meaning: 0,
    services: Services {
        ranks: [NOWHERE; GROUPS],
        about_plan: true,
        asked: false,
    },
    has_message: false,
    has_rejection: false,
    dates: Few::None,
    places: Few::None,
    entities: Few::None,
};

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
        let start = match number {
            0 => 0,
            _ => self.ends[number - 1] as usize + 1,
        };
        let bytes = self.bytes.get(start..self.ends[number] as usize);
        trimmed(bytes.unwrap_or(b""))
    }

    pub fn information(&self) -> &'a [u8] {
        self.element(1)
    }

    /// The codes of EB03; none if it is absent.
    pub fn service_types(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.repetition;
        let parts = self
            .element(3)
            .split(move |byte| *byte == separator && separator != 0);
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
        Decimal::read(self.element(7))
    }

    pub fn percent(&self) -> Option<Decimal> {
        Decimal::read(self.element(8))
    }

    /// True if EB13 is there: the row is about one procedure.
    pub fn is_procedure(&self) -> bool {
        !self.element(13).is_empty()
    }

    /// True for a row about the plan itself.
    pub fn is_about_plan(&self, plan_service_types: &[String]) -> bool {
        !self.has_service_type()
            || self
                .service_types()
                .any(|code| holds(plan_service_types, code))
    }
}

/// Without blanks around it, of which most elements have none.
#[inline]
fn trimmed(bytes: &[u8]) -> &[u8] {
    match bytes {
        bare @ ([b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~']) => bare,
        bytes => bytes.trim_ascii(),
    }
}

/// The benefits directly under a 2100 loop, in document order.
pub fn rows<'a>(context: &Context<'a>, name: u32) -> Vec<Row<'a>> {
    let (document, tree) = (context.document, context.tree);
    let tables = context.preferences.tables();
    let delimiters = document.delimiters(context.transaction.first);
    let none = Services {
        ranks: tables.services.absent.ranks,
        about_plan: true,
        asked: false,
    };
    let mut latest = (b"".as_slice(), none);
    let mut rows = Vec::with_capacity(tree.children(name).len());
    for &node in tree.children(name) {
        let of = tree.nodes[node as usize].of;
        let segment = tree.nodes[node as usize].opener;
        if of != context.loops.benefit && of != context.loops.dependent_benefit {
            continue;
        }
        let bytes = document.bytes(segment);
        rows.push(BLANK);
        let Some(row) = rows.last_mut() else { continue };
        (row.node, row.segment, row.bytes) = (node, segment, bytes);
        row.repetition = delimiters.repetition;
        find_ends(&mut row.ends, bytes, delimiters.element);
        row.meaning = tables.meanings.get(tables.code(row.element(1)));
        // Rows about the same services mostly follow each other.
        if latest.0 != row.element(3) {
            latest = (row.element(3), services(context, tables, row));
        }
        row.services = latest.1;
        for &own in tree.segments(node) {
            match document.segments[own as usize].id {
                DTP => {
                    if let Some(date) = read_dated(document, own, delimiters, tables) {
                        row.dates.push(date);
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

/// Writes where each element of a segment ends, the identifier first. `ends` is all zeros.
fn find_ends(ends: &mut [u32; ENDS], bytes: &[u8], separator: u8) {
    let mut number = 0;
    let mut add = |mut found: u64, start: usize| {
        while found != 0 {
            let Some(end) = ends.get_mut(number) else {
                return;
            };
            *end = start as u32 + found.trailing_zeros() / 8;
            number += 1;
            found &= found - 1;
        }
    };
    let (mut start, mut rest) = (0, bytes);
    while let Some((word, behind)) = rest.split_first_chunk::<8>() {
        add(equal_bytes(u64::from_le_bytes(*word), separator), start);
        (start, rest) = (start + 8, behind);
    }
    match bytes.last_chunk::<8>() {
        // The last eight bytes, without those that were in a word before.
        Some(last) if !rest.is_empty() => {
            let found = equal_bytes(u64::from_le_bytes(*last), separator);
            add(found >> (8 * (8 - rest.len())), start);
        }
        _ => {
            for (at, byte) in (start..).zip(rest) {
                add(u64::from(*byte == separator), at);
            }
        }
    }
    if let Some(end) = ends.get_mut(number) {
        *end = bytes.len() as u32;
    }
}

/// The high bit of each byte of a word that equals `byte`.
#[inline]
fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let differs = word ^ (u64::from(byte) * 0x0101_0101_0101_0101);
    !(((differs & LOW) + LOW) | differs | LOW)
}

/// What the service types of a row are to the orders.
fn services(context: &Context<'_>, tables: &Tables, row: &Row<'_>) -> Services {
    let mut services = Services {
        ranks: tables.services.other.ranks,
        about_plan: false,
        asked: false,
    };
    let mut add = |text: &[u8]| {
        let code = tables.code(text);
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
    let sent = row.element(3);
    if !sent.is_empty() && sent.iter().all(|byte| *byte != row.repetition) {
        add(sent);
        return services;
    }
    let mut is_any = false;
    for text in row.service_types() {
        is_any = true;
        add(text);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_end_at_their_separators_wherever_those_stand() {
        let many = "A*".repeat(40);
        for text in [
            "",
            "*",
            "EB",
            "EB*1",
            "EB*1**30",
            "EB*C*IND*30***23*1500*****Y",
            "EB*1*FAM*1^33^35^47^48^50^86^88^98^AL^MH^UC*PR*GOLD",
            "EB*\u{ff}*\u{aa}~*",
            "1234567*",
            "12345678*",
            many.as_str(),
        ] {
            let mut found = [0; ENDS];
            find_ends(&mut found, text.as_bytes(), b'*');
            let mut at = 0;
            for (number, part) in text.split('*').take(ENDS).enumerate() {
                assert_eq!(found[number] as usize, at + part.len(), "{text} {number}");
                at += part.len() + 1;
            }
        }
    }

    #[test]
    fn equal_bytes_are_marked_and_their_neighbours_are_not() {
        for byte in [b'*', 0, 0x7F, 0x80, 0xFF] {
            for other in [
                byte ^ 1,
                byte ^ 0x80,
                byte.wrapping_add(1),
                byte.wrapping_sub(1),
            ] {
                for bits in 0..256u32 {
                    let word =
                        std::array::from_fn(|at| if bits >> at & 1 == 1 { byte } else { other });
                    let marks = equal_bytes(u64::from_le_bytes(word), byte);
                    let expected = (0..8).filter(|at| bits >> at & 1 == 1);
                    assert_eq!(marks, expected.map(|at| 0x80 << (8 * at)).sum::<u64>());
                }
            }
        }
    }
}
