//! What was found out about segments of answers, for those that come again.

use super::codes::Code;
use super::course::Course;
use super::said::{NOTHING, Said};
use super::tables::Tables;
use crate::delimiters::Delimiters;
use crate::memo::Memo;

/// What was found out by the same orders of preference for the same service types.
pub struct Memory {
    /// The number of the tables, and the types.
    of: Option<(usize, Vec<Code>)>,
    pub(super) rows: Memo<Said>,
    /// By the checks with a number: how good segments follow each other.
    course: Option<(usize, Course)>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory {
            of: None,
            rows: Memo::new(NOTHING),
            course: None,
        }
    }
}

impl Memory {
    /// Forgets everything that was found out by other orders or for other service types.
    pub(super) fn turn(&mut self, tables: &Tables, asked_types: &[Code]) {
        let is_same =
            |(number, types): &(usize, Vec<Code>)| *number == tables.number && types == asked_types;
        if !self.of.as_ref().is_some_and(is_same) {
            self.rows = Memo::new(NOTHING);
            self.of = Some((tables.number, asked_types.to_vec()));
        }
    }

    /// The course of what these checks found good.
    pub(super) fn course(&mut self, checks: usize) -> &mut Course {
        let known = self.course.take().filter(|(known, _)| *known == checks);
        let (_, course) = self
            .course
            .insert(known.unwrap_or_else(|| (checks, Course::default())));
        course
    }
}

/// The sense in which a segment with these delimiters is taken.
pub(super) fn sense(delimiters: Delimiters) -> u32 {
    let Delimiters {
        element,
        repetition,
        component,
        ..
    } = delimiters;
    u32::from_le_bytes([element, repetition, component, 0])
}
