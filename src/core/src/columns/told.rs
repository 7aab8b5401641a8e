//! Everything that is told about one patient, and the cells that several tables make of it.

use super::cells::{Cell, Encoding};
use crate::delimiters::Delimiters;
use crate::document::{nth, parts};
use crate::envelope::Transaction;
use crate::finding::NO_SEGMENT;
use crate::inner::{Found, Inner};
use crate::normalize::people::Party;
use crate::normalize::record::Record;
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

    pub fn none() -> Parts<'a> {
        Parts([b""; MOST_PARTS])
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
    pub fn at(&self, at: Option<At>) -> Cell<'a> {
        at.map_or(Cell::Empty, |at| Cell::Sent(self.context.text(at)))
    }

    pub fn element(&self, segment: Option<u32>, element: u8) -> Cell<'a> {
        self.at(segment.map(|segment| At { segment, element }))
    }

    /// Element `number` of a segment of the transaction set, without blanks around it.
    #[inline]
    pub fn text(&self, segment: u32, number: usize) -> &'a [u8] {
        let bytes = self.context.document.bytes(segment);
        nth(bytes, self.delimiters.element, number).trim_ascii()
    }

    pub fn party(&self, party: &Party, element: u8) -> Cell<'a> {
        self.at(party.said(self.context, element))
    }

    pub fn number(&self, segment: u32) -> Cell<'a> {
        Cell::Count(self.given.number(self.inner, segment))
    }

    pub fn offset(&self, segment: u32) -> Cell<'a> {
        Cell::Count(self.given.offset(self.inner, segment))
    }

    /// An address as Integrex has it: `5 OAK ST, RENO, NV 89501`.
    pub fn address(&self, party: &Party) -> Cell<'a> {
        if party.street.is_none() && party.city.is_none() {
            return Cell::Empty;
        }
        let elements = |segment: Option<u32>| -> [&[u8]; 4] {
            let bytes = segment.map_or(b"".as_slice(), |at| self.context.document.bytes(at));
            parts(bytes, self.delimiters.element).map(<[u8]>::trim_ascii)
        };
        let [_, first, second, _] = elements(party.street);
        let [_, city, state, code] = elements(party.city);
        let mut made = String::with_capacity(64);
        for (bytes, before) in [
            (first, ""),
            (second, " "),
            (city, ", "),
            (state, ", "),
            (code, if state.is_empty() { ", " } else { " " }),
        ] {
            if bytes.is_empty() {
                continue;
            }
            if !made.is_empty() {
                made.push_str(before);
            }
            made.push_str(&self.encoding.decode(bytes));
        }
        if made.is_empty() {
            return Cell::Empty;
        }
        Cell::Made(made)
    }
}

/// The parts of NM1, and N3 and N4 as one line.
pub struct Named<'a> {
    pub name: Parts<'a>,
    pub address: String,
}

impl<'a> Named<'a> {
    fn of(told: &Told<'a>, party: &Party, address: &Party) -> Named<'a> {
        let document = told.context.document;
        let name = party.name.map_or(Parts::none(), |segment| {
            Parts::of(
                document.bytes(segment),
                document.delimiters(segment).element,
            )
        });
        let address = match told.address(address) {
            Cell::Made(text) => text,
            _ => String::new(),
        };
        Named { name, address }
    }
}

/// A record, and what is told about its patient.
pub struct Recorded<'a> {
    pub told: &'a Told<'a>,
    pub record: &'a Record<'a>,
    pub subscriber: Named<'a>,
    /// None for a subscriber.
    pub dependent: Option<Named<'a>>,
    pub payer: Named<'a>,
    pub provider: Parts<'a>,
}

impl<'a> Recorded<'a> {
    pub fn of(told: &'a Told<'a>, record: &'a Record<'a>) -> Recorded<'a> {
        let named = |party: &Party| Named::of(told, party, party);
        let is_dependent = told.found.patient.is_dependent();
        Recorded {
            told,
            record,
            subscriber: named(&record.subscriber.party),
            dependent: is_dependent.then(|| named(&record.patient.party)),
            payer: Named::of(told, &record.payers.first, &record.payers.address),
            provider: Named::of(told, &record.provider, &Party::default()).name,
        }
    }

    /// The patient's own.
    pub fn patient(&self) -> &Named<'a> {
        self.dependent.as_ref().unwrap_or(&self.subscriber)
    }
}
