//! What is checked of a segment: codes by their tables, dates and numbers.

use super::check::Kind;
use super::code_set::CodeSet;
use super::course;
use super::dates::read_when;
use super::form::Free;
use super::good::Good;
use super::memory::sense;
use crate::delimiters::Delimiters;
use crate::elements::{Elements, Parts, Sent};
use crate::finding::Finding;
use crate::marks::BLOCK;
use crate::numbers::Decimal;
use crate::segment::Segment;
use std::collections::HashMap;
use std::ops::Range;

/// How the segments of a transaction set are read.
#[derive(Clone, Copy)]
pub struct Reading {
    element: u8,
    repetition: u8,
    /// A text of letters and digits does not repeat.
    is_plain: bool,
    pub sense: u32,
}

impl Reading {
    pub fn of(delimiters: Delimiters) -> Reading {
        Reading {
            element: delimiters.element,
            repetition: delimiters.repetition,
            is_plain: !delimiters.repetition.is_ascii_alphanumeric(),
            sense: sense(delimiters),
        }
    }
}

/// A segment: the text from its start on, and its length.
#[derive(Clone, Copy)]
pub struct Taken<'t> {
    text: &'t [u8],
    length: usize,
}

impl<'t> Taken<'t> {
    pub fn of(text: &'t [u8], segment: &Segment) -> Taken<'t> {
        let Segment { start, end, .. } = *segment;
        Taken {
            text: text.get(start as usize..).unwrap_or(b""),
            length: end.saturating_sub(start) as usize,
        }
    }
}

/// What is checked of one element.
pub struct Check {
    pub element: usize,
    pub kind: Kind,
    pub codes: CodeSet,
    /// By loop, where loops differ.
    pub allowed: HashMap<String, CodeSet>,
}

impl Check {
    pub fn finding(&self, segment: u32) -> Finding {
        let code = match self.kind {
            Kind::Code => "UNKNOWN_CODE",
            Kind::Date => "BAD_DATE",
            Kind::Number => "BAD_NUMBER",
        };
        Finding::at_segment(code, segment, self.element as u16)
    }

    /// The code that was sent, or 0 for something else; None if it is not good in every loop.
    #[inline]
    fn code(&self, sent: &Sent<'_>, read: Reading) -> Option<u64> {
        if !self.allowed.is_empty() {
            return None;
        }
        match (self.kind, sent.word()) {
            // No set has a code with blanks around it.
            (Kind::Code, Some(word)) if read.is_plain && self.codes.has_word(word) => {
                Some(word.bytes)
            }
            (Kind::Number, Some(word)) if word.is_number() => Some(0),
            _ => self
                .is_fine(sent.bytes(), read.repetition, || "")
                .then_some(0),
        }
    }

    fn is_fine<'n>(&self, text: &[u8], repetition: u8, name: impl Fn() -> &'n str) -> bool {
        let text = text.trim_ascii();
        if text.is_empty() {
            return true;
        }
        match self.kind {
            Kind::Date => read_when(text).is_some(),
            Kind::Number => Decimal::read(text).is_some(),
            Kind::Code => {
                let own = (!self.allowed.is_empty()).then(|| self.allowed.get(name()));
                let known = own.flatten().unwrap_or(&self.codes);
                if repetition == 0 || !text.contains(&repetition) {
                    return known.has(text);
                }
                let mut parts = text
                    .split(|byte| *byte == repetition)
                    .map(<[u8]>::trim_ascii);
                parts.all(|code| code.is_empty() || known.has(code))
            }
        }
    }
}

/// What is checked of one segment.
#[derive(Default)]
pub struct Rules {
    /// In the order of the elements once it is closed.
    pub checks: Vec<Check>,
}

impl Rules {
    /// Once all checks are there.
    pub fn close(&mut self) {
        self.checks.sort_by_key(|check| check.element);
        self.checks.dedup_by_key(|check| check.element);
    }

    /// Says what is not as it should be. `name` tells the segment's loop.
    #[inline(never)]
    pub fn check<'n>(
        &self,
        segment: Taken<'_>,
        read: Reading,
        name: impl Fn() -> &'n str,
        say: impl FnMut(&Check),
    ) -> Option<Good> {
        let good = self.good(segment, read);
        if good.is_none() {
            bad(&self.checks, segment, read, name).for_each(say);
        }
        good
    }

    /// What a segment tells if it is short and good in every loop.
    #[inline]
    fn good(&self, segment: Taken<'_>, read: Reading) -> Option<Good> {
        let Taken { text, length } = segment;
        let mut sent = Elements::of(text, length, read.element).steps()?;
        let mut good = Good::new(length);
        // The first element that was not looked at.
        let mut next = 1;
        for check in &self.checks {
            let Some(Range { start, .. }) = sent.to(next) else {
                return Some(good);
            };
            let count = check.element - next;
            let Some(place) = sent.to(check.element) else {
                good.ends(start, count);
                return Some(good);
            };
            if count > 0 {
                good.passes(start, count, place.start - 1);
            }
            next = check.element + 1;
            if place.is_empty() {
                continue;
            }
            let sent = Sent::of(text, place.start, place.len());
            good.codes = course::mixed(good.codes, check.code(&sent, read)?);
            let shape = match check.kind {
                Kind::Code => continue,
                Kind::Number => (&mut good.shape, Free::Number),
                Kind::Date => (&mut good.loose, Free::Date),
            };
            if shape.0.free == Free::Nothing {
                (shape.0.gap, shape.0.free) = (place, shape.1);
            }
        }
        if let Some(Range { start, .. }) = sent.to(next) {
            good.ends(start, BLOCK);
            if good.shape.free == Free::Nothing {
                (good.shape.gap.start, good.shape.free) = (start, Free::Anything);
            }
        }
        Some(good)
    }
}

/// Of some checks of a segment, those that what was sent does not pass. `name` tells the segment's loop.
fn bad<'c, 'n>(
    checks: &'c [Check],
    segment: Taken<'_>,
    read: Reading,
    name: impl Fn() -> &'n str,
) -> impl Iterator<Item = &'c Check> {
    let mut parts = Parts::of(segment.text, segment.length, read.element);
    let mut passed = 0;
    checks.iter().filter(move |check| {
        let sent = parts.nth(check.element - passed);
        passed = check.element + 1;
        sent.is_some_and(|sent| !check.is_fine(sent.bytes(), read.repetition, &name))
    })
}
