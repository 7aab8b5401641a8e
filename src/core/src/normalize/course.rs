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
    sense: u32,
    /// What makes them others in another sense.
    other: u64,
}

/// What came after four segments.
#[derive(Clone, Copy)]
struct Next {
    /// As they are in this sense.
    before: u64,
    form: Form,
}

impl Default for Course {
    fn default() -> Course {
        let none = Next {
            before: u64::MAX,
            form: Form::NONE,
        };
        // As many as an answer may have.
        let mut known = Vec::with_capacity(200);
        known.push(none);
        Course {
            places: vec![0; 1 << PLACES],
            known,
            before: 0,
            sense: 0,
            other: 0,
        }
    }
}

impl Course {
    /// Before the first segment of those that are taken in a sense, which is that of the delimiters.
    pub fn start(&mut self, sense: u32) {
        self.sense = sense;
        self.other = u64::from(sense).wrapping_mul(ODD);
        self.before = 0;
    }

    /// The last four in this sense.
    #[inline(always)]
    fn before(&self) -> u64 {
        self.before ^ self.other
    }

    /// The places where it may say what comes after these.
    #[inline(always)]
    fn places(before: u64) -> [usize; 2] {
        let place = (before.wrapping_mul(ODD) >> (u64::BITS - PLACES)) as usize;
        [place, place ^ 1]
    }

    #[inline(always)]
    fn at(&self, place: usize) -> Option<&Next> {
        self.known.get(usize::from(*self.places.get(place)?))
    }

    /// True if the first `length` bytes of a text look like what came here last time; then the course goes on.
    #[inline(always)]
    pub fn goes_on(&mut self, text: &[u8], length: usize) -> bool {
        let before = self.before();
        let [place, other] = Course::places(before);
        let is_next = |next: &&Next| next.before == before;
        let next = self.at(place).filter(is_next);
        let next = next.or_else(|| self.at(other).filter(is_next));
        let Some(next) = next.filter(|next| next.form.is_of(text, length, self.sense)) else {
            return false;
        };
        self.passes(next.form.number);
        true
    }

    /// Goes on with another segment than came here last time. Its form is what is expected from now on.
    pub fn meets(&mut self, number: u16, form: Option<Form>) {
        if let Some(form) = form {
            self.expect(form);
        }
        self.passes(number);
    }

    fn expect(&mut self, form: Form) {
        let before = self.before();
        let next = Next { before, form };
        let places = Course::places(before);
        let numbers = places.map(|place| self.places.get(place).copied().unwrap_or(0));
        let is_here = |number: u16| {
            let known = self.known.get(usize::from(number));
            known.is_some_and(|known| known.before == before)
        };
        // Where it is expected already, or where nothing is, or in the place of something else.
        let at = numbers.iter().position(|number| is_here(*number));
        let at = at.or_else(|| numbers.iter().position(|number| *number == 0));
        let at = at.unwrap_or(0);
        match self.known.get_mut(usize::from(numbers[at])) {
            Some(known) if numbers[at] > 0 => *known = next,
            _ => {
                if let Some(place) = self.places.get_mut(places[at]) {
                    *place = self.known.len() as u16;
                    self.known.push(next);
                }
            }
        }
    }

    #[inline(always)]
    fn passes(&mut self, number: u16) {
        self.before = self.before << 16 | u64::from(number);
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
