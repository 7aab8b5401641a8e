//! What comes after what: a payer's answers go through alike segments again and again. A segment that looks like the
//! one that came after the same segments last time, which was good, need not be checked anew.

use super::form::Form;
use crate::scan::SegmentId;

/// Without a pattern.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Some codes in one number, and one code more.
#[inline]
pub fn mixed(codes: u64, code: u64) -> u64 {
    (codes.rotate_left(5) ^ code).wrapping_mul(ODD)
}

/// The number of a segment in a course: the same for the same codes, whatever else it says.
#[inline]
pub fn number(id: SegmentId, codes: u64) -> u16 {
    (mixed(codes, u64::from(id.0)) >> 48) as u16
}

/// Places of a course, as a power of two.
const PLACES: u32 = 13;

/// Which form came last after the same four segments.
pub struct Course {
    /// At a hash of the four, or next to it: the number of what came.
    places: Vec<u16>,
    /// The first is none.
    known: Vec<Next>,
    /// The numbers of the last four.
    before: u64,
    /// What came last and what is expected, as numbers of what is known.
    last: u16,
    expected: u16,
    sense: u32,
}

/// What came after four segments.
#[derive(Clone, Copy)]
struct Next {
    /// As they are in its sense.
    before: u64,
    form: Form,
    /// What came after it; 0 if that must be looked for.
    then: u16,
}

impl Default for Course {
    fn default() -> Course {
        let none = Next {
            before: u64::MAX,
            form: Form::NONE,
            then: 0,
        };
        // As many as an answer may have.
        let mut known = Vec::with_capacity(200);
        known.push(none);
        Course {
            places: vec![0; 1 << PLACES],
            known,
            before: 0,
            last: 0,
            expected: 0,
            sense: 0,
        }
    }
}

impl Course {
    /// Before the first segment of those that are taken in a sense, which is that of the delimiters.
    pub fn start(&mut self, sense: u32) {
        (self.sense, self.before) = (sense, 0);
        self.goes_to(0);
    }

    /// True if the first `length` bytes of a text look like what came here last time; then the course goes on.
    #[inline(always)]
    pub fn goes_on(&mut self, text: &[u8], length: usize) -> bool {
        let next = self.known.get(usize::from(self.expected));
        let Some(next) = next.filter(|next| next.form.is_of(text, length, self.sense)) else {
            return false;
        };
        self.before = self.before << 16 | u64::from(next.form.number);
        if next.then == 0 {
            self.goes_to(self.expected);
        } else {
            (self.last, self.expected) = (self.expected, next.then);
        }
        true
    }

    /// Goes on with another segment than came here last time. Its form is what is expected from now on.
    pub fn meets(&mut self, number: u16, form: Option<Form>) {
        let at = form.map_or(0, |form| self.expect(form));
        self.before = self.before << 16 | u64::from(number);
        self.goes_to(at);
    }

    /// What comes after this is looked for, and known from now on.
    #[cold]
    fn goes_to(&mut self, last: u16) {
        let (before, places) = self.places();
        let numbers = places.map(|place| self.number(place));
        let expected = numbers.into_iter().find(|at| self.is_after(*at, before));
        (self.last, self.expected) = (last, expected.unwrap_or(0));
        self.link();
    }

    /// What came last is followed by what is expected.
    fn link(&mut self) {
        if let Some(last) = self
            .known
            .get_mut(usize::from(self.last))
            .filter(|_| self.last > 0)
        {
            last.then = self.expected;
        }
    }

    /// The last four in this sense, and where what comes after them may stand.
    fn places(&self) -> (u64, [usize; 2]) {
        let before = self.before ^ u64::from(self.sense).wrapping_mul(ODD);
        let place = (before.wrapping_mul(ODD) >> (u64::BITS - PLACES)) as usize;
        (before, [place, place ^ 1])
    }

    fn number(&self, place: usize) -> u16 {
        self.places.get(place).copied().unwrap_or(0)
    }

    fn is_after(&self, number: u16, before: u64) -> bool {
        let known = self.known.get(usize::from(number));
        known.is_some_and(|known| known.before == before)
    }

    /// Puts a form where it is looked for; gives its number.
    fn expect(&mut self, form: Form) -> u16 {
        let (before, places) = self.places();
        let numbers = places.map(|place| self.number(place));
        // Where something is expected already, or where nothing is, or in the place of something else.
        let at = numbers.iter().position(|at| self.is_after(*at, before));
        let at = at.or_else(|| numbers.iter().position(|number| *number == 0));
        let at = at.unwrap_or(0);
        let then = 0;
        let next = Next { before, form, then };
        self.expected = numbers[at];
        match self.known.get_mut(usize::from(numbers[at])) {
            Some(known) if numbers[at] > 0 => *known = next,
            _ => {
                self.expected = self.known.len() as u16;
                self.known.push(next);
                self.places[places[at]] = self.expected;
            }
        }
        self.link();
        self.expected
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::Free;
    use super::*;

    /// Text that stands behind the segments.
    const BEHIND: &[u8; 64] = &[b'?'; 64];

    #[test]
    fn a_course_expects_what_came_after_the_same_segments() {
        let answer = ["EB*1", "DTP*1", "EB*2", "DTP*1", "EB*3", "DTP*1", "EB*4"];
        let mut course = Course::default();
        for round in 0..3 {
            course.start(1);
            let header = format!("BHT*1*{round}");
            for (text, is_new) in [(header.as_str(), true)]
                .into_iter()
                .chain(answer.map(|text| (text, round == 0)))
            {
                let room = [text.as_bytes(), BEHIND].concat();
                let goes_on = course.goes_on(&room, text.len());
                assert_eq!(goes_on, !is_new, "{text}");
                if !goes_on {
                    let mut parts = text.as_bytes().split(|byte| *byte == b'*');
                    let [id, code] = [parts.next(), parts.next()].map(Option::unwrap_or_default);
                    let number = number(SegmentId::of(id), u64::from(code[0]));
                    let gap = text.len()..text.len();
                    let form = Form::of(&room, text.len(), gap, Free::Nothing, (1, number));
                    course.meets(number, form);
                }
            }
        }
        let room = [b"BHT*1*2", BEHIND.as_slice()].concat();
        course.start(2);
        assert!(!course.goes_on(&room, 7), "in another sense");
        course.start(1);
        assert!(course.goes_on(&room, 7));
    }
}
