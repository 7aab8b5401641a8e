//! Everything that is told about one patient, and the cells that several tables make of it.

use super::cells::{Cell, Encoding};
use crate::inner::{Found, Inner};
use crate::normalize::people::Party;
use crate::normalize::record::Record;
use crate::normalize::{At, Context};

/// What stood before a piece of an answer that was cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    pub transaction_sets: usize,
    pub segments: usize,
    pub bytes: usize,
}

/// Where an answer comes from.
pub struct Given<'a> {
    pub source: &'a str,
    /// Number of the answer in its source, from 1.
    pub answer: usize,
    pub before: Before,
    /// Of XML, the line of each segment's element; 0 for none.
    pub lines: &'a [u32],
    /// The vendor reports a fault beside the answer.
    pub fault: bool,
}

impl Given<'_> {
    /// Number of a segment in the whole answer, from 1.
    pub fn number(&self, inner: &Inner, segment: u32) -> Cell<'static> {
        Cell::Count(inner.read.index(segment) + 1 + self.before.segments)
    }

    /// Byte offset of a segment in the whole answer.
    pub fn offset(&self, inner: &Inner, segment: u32) -> Cell<'static> {
        Cell::Count(inner.read.offset(segment) + self.before.bytes)
    }
}

pub struct Told<'a> {
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

    pub fn party(&self, party: &Party, element: u8) -> Cell<'a> {
        self.at(party.said(self.context, element))
    }

    pub fn number(&self, segment: u32) -> Cell<'a> {
        self.given.number(self.inner, segment)
    }

    pub fn offset(&self, segment: u32) -> Cell<'a> {
        self.given.offset(self.inner, segment)
    }

    /// An address as Integrex has it: `5 OAK ST, RENO, NV 89501`.
    pub fn address(&self, party: &Party) -> Cell<'a> {
        if !party.has_address(self.context) {
            return Cell::Empty;
        }
        let text = |segment: Option<u32>, element: u8| {
            let at = segment.map(|segment| At { segment, element });
            let bytes = at.map_or(b"".as_slice(), |at| self.context.text(at));
            self.encoding.decode(bytes)
        };
        let street = [text(party.street, 1), text(party.street, 2)];
        let region = [text(party.city, 2), text(party.city, 3)];
        let joined = [
            joined(&street, " "),
            text(party.city, 1).into(),
            joined(&region, " "),
        ];
        Cell::Made(self::joined(&joined, ", "))
    }
}

/// The texts that are there.
fn joined(texts: &[impl AsRef<str>], between: &str) -> String {
    let mut made = String::new();
    for text in texts
        .iter()
        .map(AsRef::as_ref)
        .filter(|text| !text.is_empty())
    {
        if !made.is_empty() {
            made.push_str(between);
        }
        made.push_str(text);
    }
    made
}

/// A record, and what is told about its patient.
pub struct Recorded<'a> {
    pub told: &'a Told<'a>,
    pub record: &'a Record<'a>,
}
