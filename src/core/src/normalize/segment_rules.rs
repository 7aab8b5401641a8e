//! What is checked of a segment: codes by their tables, dates and numbers.

use super::check::Kind;
use super::code_set::CodeSet;
use super::course;
use super::dates::read_when;
use super::form::{Form, Free};
use super::memory::sense;
use crate::delimiters::Delimiters;
use crate::elements::{Elements, Parts, Sent};
use crate::finding::Finding;
use crate::numbers::Decimal;
use crate::scan::SegmentId;
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
    pub text: &'t [u8],
    pub length: usize,
    pub id: SegmentId,
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

/// What a good segment tells its course.
pub struct Good {
    codes: u64,
    /// What need not be the same in the next one.
    gap: Range<usize>,
    free: Free,
}

impl Good {
    /// What it looks like; nothing looks like one that is not good.
    #[inline]
    pub fn form(good: Option<Good>, segment: Taken<'_>, read: Reading) -> Form {
        let codes = good.as_ref().map_or(0, |good| good.codes);
        let about = (read.sense, course::number(segment.id, codes));
        match good {
            Some(Good { gap, free, .. }) => Form::of(segment, gap, free, about),
            None => Form::none(about.0, about.1),
        }
    }
}

impl Rules {
    /// Once all checks are there.
    pub fn close(&mut self) {
        self.checks.sort_by_key(|check| check.element);
        self.checks.dedup_by_key(|check| check.element);
    }

    /// Says what is not as it should be. `name` tells the segment's loop.
    #[inline]
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
        let Taken { text, length, .. } = segment;
        let mut sent = Elements::of(text, length, read.element).steps()?;
        let mut good = Good {
            codes: 0,
            gap: length..length,
            free: Free::Nothing,
        };
        for check in &self.checks {
            let Some(place) = sent.to(check.element) else {
                return Some(good);
            };
            if place.is_empty() {
                continue;
            }
            let sent = Sent::of(text, place.start, place.len());
            good.codes = course::mixed(good.codes, check.code(&sent, read)?);
            if check.kind == Kind::Number && good.free == Free::Nothing {
                (good.gap, good.free) = (place, Free::Number);
            }
        }
        let last = self.checks.last().map_or(0, |check| check.element);
        if good.free == Free::Nothing
            && let Some(rest) = sent.to(last + 1)
        {
            (good.gap.start, good.free) = (rest.start, Free::Anything);
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
