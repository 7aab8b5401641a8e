//! What a good segment tells its course.

use super::course::{self, Course};
use super::form::{Form, Free, Shape};
use crate::marks::BLOCK;
use crate::segment::Segment;

/// Bytes of a code that is not checked, at most; a course need not expect other ones.
const CODE: usize = 3;

/// What a good segment tells its course.
pub struct Good {
    /// Those that were sent, in one number.
    pub codes: u64,
    /// What is good as well: with another number, or other text behind all that is checked.
    pub shape: Shape,
    /// The same with other dates, or other text between what is checked. It takes longer to compare.
    pub loose: Shape,
}

impl Good {
    pub fn new(length: usize) -> Good {
        Good {
            codes: 0,
            shape: Shape::fixed(length),
            loose: Shape::fixed(length),
        }
    }

    /// Between two elements that are checked, so many stand from `start` on, to the separator at `end`.
    #[inline]
    pub fn passes(&mut self, start: usize, count: usize, end: usize) {
        if self.loose.free == Free::Nothing && end > start + count + CODE {
            let (skipped, fewer) = (count as u8, 0);
            self.loose.gap = start..end;
            self.loose.free = Free::Elements { skipped, fewer };
        }
    }

    /// From `start` on stand fewer elements than `count` that are not checked, and no others.
    #[inline]
    pub fn ends(&mut self, start: usize, count: usize) {
        let fewer = count.min(BLOCK) as u8;
        let skipped = match self.loose.free {
            Free::Nothing => 0,
            Free::Elements { skipped, .. } => skipped,
            _ => return,
        };
        if skipped == 0 {
            self.loose.gap = start..start;
        }
        self.loose.end = start;
        self.loose.free = Free::Elements { skipped, fewer };
    }

    /// What it looks like, also loosely.
    fn form(
        &self,
        text: &[u8],
        segment: &Segment,
        about: (u32, u16),
        loosely: bool,
    ) -> Option<Form> {
        let of = |shape| Form::of(text, segment, shape, about);
        let is_loose = loosely && self.shape.free == Free::Nothing;
        let loose = is_loose.then(|| of(&self.loose)).flatten();
        loose.or_else(|| of(&self.shape))
    }
}

/// A course goes on with a segment of a text. Nothing looks like one that is not good, or long.
#[inline(never)]
pub fn tell(good: Option<Good>, course: &mut Course, text: &[u8], segment: &Segment, sense: u32) {
    let codes = good.as_ref().map_or(0, |good| good.codes);
    let about = (sense, course::number(segment.id, codes));
    course.meets(about.1, |loosely| {
        let form = good.and_then(|good| good.form(text, segment, about, loosely));
        form.unwrap_or(Form::none(about))
    });
}
