//! Everything that is told about one patient, and the cells that several tables make of it.

use super::cells::Encoding;
use crate::delimiters::Delimiters;
use crate::elements::{Elements, Sent};
use crate::envelope::Transaction;
use crate::finding::NO_SEGMENT;
use crate::inner::{Found, Inner};
use crate::normalize::people::Party;
use crate::normalize::{At, Context};
use std::borrow::Cow;

/// Where an answer comes from.
pub struct Given<'a> {
    pub source: &'a str,
    /// Number of the answer in its source, from 1.
    pub answer: usize,
    /// Transaction sets of the answer that stand before this piece of it.
    pub before: usize,
    /// Of XML, the line of each segment's element; 0 for none.
    pub lines: &'a [u32],
    /// The vendor reports a fault beside the answer.
    pub fault: bool,
}

impl Given<'_> {
    /// Number of a segment in the whole answer, from 1.
    #[inline]
    pub fn number(&self, inner: &Inner, segment: u32) -> usize {
        inner.read.index(segment) + 1
    }

    /// What is added, with an overflow, to the index of each of some segments to give its number, and to its start to give
    /// its offset; None if that is not the same for all.
    pub fn shifts(&self, inner: &Inner, segments: &[u32]) -> Option<(usize, usize)> {
        let (index, offset) = inner.read.shifts()?;
        let copies = inner.read.copies();
        let are_own = segments.iter().all(|segment| *segment >= copies);
        are_own.then_some((index.wrapping_add(1), offset))
    }

    /// Byte offset of a segment in the whole answer.
    #[inline]
    pub fn offset(&self, inner: &Inner, segment: u32) -> usize {
        inner.read.offset(segment)
    }
}

/// The first parts of a text between separators.
pub struct Parts<'a>([&'a [u8]; MOST_PARTS]);

const MOST_PARTS: usize = 12;

impl<'a> Parts<'a> {
    pub fn of(text: &'a [u8], separator: u8) -> Parts<'a> {
        let mut parts = [b"".as_slice(); MOST_PARTS];
        let (mut at, mut begin) = (0, 0);
        if separator != 0 {
            for end in memchr::memchr_iter(separator, text) {
                parts[at] = &text[begin..end];
                (at, begin) = (at + 1, end + 1);
                if at == MOST_PARTS {
                    return Parts(parts);
                }
            }
        }
        parts[at] = &text[begin..];
        Parts(parts)
    }

    /// Part `number` from 0; empty if there are fewer.
    pub fn get(&self, number: usize) -> &'a [u8] {
        self.0.get(number).copied().unwrap_or(b"")
    }
}

/// Control numbers of the interchange, the group and the transaction set.
pub struct Controls<'a> {
    pub interchange: Cow<'a, str>,
    pub group: Cow<'a, str>,
    pub transaction_set: Cow<'a, str>,
}

/// Control numbers of the headers that were read last: most transaction sets stand under the same.
#[derive(Default)]
pub struct Headers<'a> {
    of: Option<(u32, u32, bool)>,
    interchange: Cow<'a, str>,
    group: Cow<'a, str>,
}

impl<'a> Controls<'a> {
    pub fn of(
        inner: &'a Inner,
        transaction: &Transaction,
        encoding: Encoding,
        headers: &mut Headers<'a>,
    ) -> Controls<'a> {
        let element = |segment: u32, number: usize| {
            if segment == NO_SEGMENT {
                return Cow::Borrowed("");
            }
            // Headers stand outside the transaction set, whose encoding says nothing of their bytes.
            encoding.decode(inner.read.element(segment, number))
        };
        let of = Some((transaction.isa, transaction.gs, encoding.utf8));
        if headers.of != of {
            *headers = Headers {
                of,
                interchange: element(transaction.isa, 13),
                group: element(transaction.gs, 6),
            };
        }
        Controls {
            interchange: headers.interchange.clone(),
            group: headers.group.clone(),
            transaction_set: element(transaction.st, 2),
        }
    }
}

pub struct Told<'a> {
    pub controls: &'a Controls<'a>,
    pub delimiters: Delimiters,
    pub given: &'a Given<'a>,
    pub inner: &'a Inner,
    pub context: &'a Context<'a>,
    pub found: &'a Found,
    pub key: &'a str,
    pub encoding: Encoding,
}

impl<'a> Told<'a> {
    /// A segment and its separators; without one, one that says nothing.
    #[inline(always)]
    pub fn elements(&self, segment: Option<u32>) -> Elements<'a> {
        segment.map_or(Elements::NONE, |segment| self.context.elements(segment))
    }

    /// What stands at a place.
    pub fn said(&self, at: Option<At>) -> Sent<'a> {
        at.map_or(Sent::NONE, |at| {
            self.context.elements(at.segment).sent(at.element.into())
        })
    }

    /// An address as Integrex has it, in UTF-8: `5 OAK ST, RENO, NV 89501`. Empty if there is none.
    pub fn address(&self, party: &Party) -> Vec<u8> {
        if party.street.is_none() && party.city.is_none() {
            return Vec::new();
        }
        let [first, second] = self.elements(party.street).run(1);
        let [city, state, code] = self.elements(party.city).run(1);
        let before_code: &[u8] = if state.is_empty() { b", " } else { b" " };
        let mut line = Vec::with_capacity(64);
        let mut add = |before: &[u8], part: &[u8]| {
            if part.is_empty() {
                return;
            }
            if !line.is_empty() {
                line.extend_from_slice(before);
            }
            if self.encoding.as_is {
                line.extend_from_slice(part);
            } else {
                line.extend_from_slice(self.encoding.decode(part).as_bytes());
            }
        };
        add(b"", first);
        add(b" ", second);
        add(b", ", city);
        add(b", ", state);
        add(before_code, code);
        line
    }
}
