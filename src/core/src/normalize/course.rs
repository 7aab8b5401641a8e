//! What comes after what: a payer's answers go through alike segments again and again. A segment that looks like the
//! one that came after the same segments last time, which was good, need not be checked anew.

use crate::elements::Word;
use crate::scan::SegmentId;
use std::ops::Range;

/// Some bytes as words, at most `8 * WORDS`.
#[derive(Clone, Copy)]
struct Part<const WORDS: usize> {
    words: [u64; WORDS],
    /// The bits of them that count.
    counted: [u64; WORDS],
    length: usize,
}

impl<const WORDS: usize> Part<WORDS> {
    const NONE: Part<WORDS> = Part {
        words: [0; WORDS],
        counted: [0; WORDS],
        length: 0,
    };

    /// The first `length` bytes of a text; None if they are too many, or near the text's end.
    fn of(text: &[u8], length: usize) -> Option<Part<WORDS>> {
        let (words, _) = text.as_chunks::<8>();
        let words = words
            .first_chunk::<WORDS>()
            .filter(|_| length <= 8 * WORDS)?;
        let counted = std::array::from_fn(|at| match length.saturating_sub(8 * at) {
            count @ 0..8 => !(u64::MAX << (8 * count)),
            _ => u64::MAX,
        });
        Some(Part {
            words: std::array::from_fn(|at| u64::from_le_bytes(words[at]) & counted[at]),
            counted,
            length,
        })
    }

    /// True if a text begins with it and does not end soon after.
    #[inline(always)]
    fn begins(&self, text: &[u8]) -> bool {
        let (words, _) = text.as_chunks::<8>();
        let Some(words) = words.first_chunk::<WORDS>() else {
            return false;
        };
        let mut differs = 0;
        for (at, word) in words.iter().enumerate() {
            differs |= (u64::from_le_bytes(*word) ^ self.words[at]) & self.counted[at];
        }
        differs == 0
    }
}

/// What may stand in the gap of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    Nothing,
    /// A short one without a sign.
    Number,
    /// To the segment's end.
    Anything,
}

/// Words before a gap and behind it, at most.
const BEFORE: usize = 6;
const BEHIND: usize = 2;

/// What a good segment looks like.
#[derive(Clone, Copy)]
pub struct Form {
    before: Part<BEFORE>,
    behind: Part<BEHIND>,
    free: Free,
    /// In which it is good.
    sense: u32,
    /// That of its segments in a course.
    number: u16,
}

impl Form {
    /// Of no segment.
    const NONE: Form = Form {
        before: Part {
            length: usize::MAX,
            ..Part::NONE
        },
        behind: Part::NONE,
        free: Free::Nothing,
        sense: 0,
        number: 0,
    };

    /// The first `length` bytes of a text, with something else in the gap; None if they are many, or near its end.
    pub fn of(
        text: &[u8],
        length: usize,
        gap: Range<usize>,
        free: Free,
        (sense, number): (u32, u16),
    ) -> Option<Form> {
        Some(Form {
            before: Part::of(text, gap.start)?,
            behind: Part::of(text.get(gap.end..)?, length.checked_sub(gap.end)?)?,
            free,
            sense,
            number,
        })
    }

    /// True if the first `length` bytes of a text look like it.
    #[inline(always)]
    fn is_of(&self, text: &[u8], length: usize, sense: u32) -> bool {
        if !self.before.begins(text) || self.sense != sense {
            return false;
        }
        let Some(left) = length.checked_sub(self.before.length) else {
            return false;
        };
        match self.free {
            Free::Nothing => left == 0,
            Free::Anything => true,
            Free::Number => {
                let Some(digits) = left.checked_sub(self.behind.length) else {
                    return false;
                };
                let behind = text.get(length - self.behind.length..);
                let number = Word::between(text, self.before.length, digits);
                behind.is_some_and(|behind| self.behind.begins(behind))
                    && number.is_some_and(Word::is_number)
            }
        }
    }
}

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
const PLACES: u32 = 12;

/// Which form came last after the same four segments.
pub struct Course {
    /// At a hash of the four, or next to it: the number of what came.
    places: Vec<u16>,
    /// The first is none.
    known: Vec<Next>,
    /// The numbers of the last four.
    before: u64,
}

/// What came after four segments.
#[derive(Clone, Copy)]
struct Next {
    before: u64,
    form: Form,
}

impl Default for Course {
    fn default() -> Course {
        Course {
            places: vec![0; 1 << PLACES],
            known: vec![Next {
                before: u64::MAX,
                form: Form::NONE,
            }],
            before: 0,
        }
    }
}

impl Course {
    /// Before the first segment.
    pub fn start(&mut self) {
        self.before = 0;
    }

    /// The places where it may say what comes now.
    #[inline(always)]
    fn places(&self) -> [usize; 2] {
        let place = (self.before.wrapping_mul(ODD) >> (u64::BITS - PLACES)) as usize;
        [place, place ^ 1]
    }

    #[inline(always)]
    fn at(&self, place: usize) -> Option<&Next> {
        self.known.get(usize::from(*self.places.get(place)?))
    }

    /// True if the first `length` bytes of a text look like what came here last time; then the course goes on.
    #[inline(always)]
    pub fn goes_on(&mut self, text: &[u8], length: usize, sense: u32) -> bool {
        let [place, other] = self.places();
        let is_next = |next: &&Next| next.before == self.before;
        let next = self.at(place).filter(is_next);
        let next = next.or_else(|| self.at(other).filter(is_next));
        let Some(next) = next.filter(|next| next.form.is_of(text, length, sense)) else {
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
        let before = self.before;
        let next = Next { before, form };
        let places = self.places();
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
    use super::*;

    /// Text that stands behind the segments.
    const BEHIND: &[u8; 64] = &[b'?'; 64];

    fn is_of(form: &Form, text: &str) -> bool {
        let room = [text.as_bytes(), BEHIND].concat();
        form.is_of(&room, text.len(), 1)
    }

    fn try_form(text: &str, gap: Range<usize>, free: Free) -> Option<Form> {
        let room = [text.as_bytes(), BEHIND].concat();
        Form::of(&room, text.len(), gap, free, (1, 7))
    }

    fn form(text: &str, gap: Range<usize>, free: Free) -> Form {
        try_form(text, gap, free).unwrap_or(Form::NONE)
    }

    #[test]
    fn a_form_without_a_gap_is_of_one_text_only() {
        let texts = [
            "A",
            "B",
            "AB",
            "ABC",
            "A\0",
            "\0",
            "ABCDEFG",
            "ABCDEFGH",
            "ABCDEFGHI",
            "DTP*292*RD8*20260101-20261231",
            "DTP*292*RD8*20260101-20261230",
            "EB*1*IND*1^33^35^47^48^50^86^88^98^AL^MH^UC**A1",
            "EB*1*IND*1^33^35^47^48^50^86^88^98^AL^MH^UC**A2",
        ];
        for one in texts {
            let form = form(one, one.len()..one.len(), Free::Nothing);
            for other in texts {
                assert_eq!(is_of(&form, other), one == other, "{one:?} {other:?}");
            }
        }
        assert!(!is_of(&Form::NONE, ""));
    }

    #[test]
    fn a_number_may_be_another_and_all_else_may_not() {
        let one = form("EB*C*IND*30***23*1500*****Y", 17..21, Free::Number);
        for (text, is_like) in [
            ("EB*C*IND*30***23*1500*****Y", true),
            ("EB*C*IND*30***23*0*****Y", true),
            ("EB*C*IND*30***23*.5*****Y", true),
            ("EB*C*IND*30***23*12.50*****Y", true),
            ("EB*C*IND*30***23*1234567*****Y", true),
            ("EB*C*IND*30***23******Y", false),
            ("EB*C*IND*30***23*.*****Y", false),
            ("EB*C*IND*30***23*1.2.3*****Y", false),
            ("EB*C*IND*30***23*1O0*****Y", false),
            ("EB*C*IND*30***23*1*0*****Y", false),
            ("EB*C*IND*30***23*1500*****N", false),
            ("EB*C*IND*30***23*1500*****YY", false),
            ("EB*C*IND*30***23*1500****Y", false),
            ("EB*C*IND*30***24*1500*****Y", false),
            ("EB*C*IND*30***23", false),
            ("EB*C*IND*30***23*", false),
            ("EB*C*IND*30***23*1500", false),
            ("", false),
        ] {
            assert_eq!(is_of(&one, text), is_like, "{text}");
        }
    }

    #[test]
    fn anything_may_stand_at_the_end() {
        let one = form("REF*18*PLAN", 7..11, Free::Anything);
        for (text, is_like) in [
            ("REF*18*PLAN", true),
            ("REF*18*", true),
            ("REF*18*OTHER*WORDS", true),
            ("REF*18", false),
            ("REF*1L*PLAN", false),
        ] {
            assert_eq!(is_of(&one, text), is_like, "{text}");
        }
    }

    #[test]
    fn what_is_long_has_no_form_and_what_is_near_the_end_is_of_none() {
        let long = "A".repeat(49);
        assert!(try_form(&long, 49..49, Free::Nothing).is_none());
        assert!(try_form(&long, 0..32, Free::Number).is_none());
        assert!(try_form(&long, 50..50, Free::Number).is_none());
        assert!(try_form(&long, 0..33, Free::Number).is_some());
        assert!(Form::of(b"EB*1", 4, 4..4, Free::Nothing, (1, 7)).is_none());
        let one = form("EB*1", 4..4, Free::Nothing);
        assert!(!one.is_of(b"EB*1", 4, 1));
        let one = form("EB*1*30", 5..7, Free::Number);
        assert!(!one.is_of(b"EB*1*30", 7, 1));
    }

    #[test]
    fn a_course_expects_what_came_after_the_same_segments() {
        let answer = ["EB*1", "DTP*1", "EB*2", "DTP*1", "EB*3", "DTP*1", "EB*4"];
        let mut course = Course::default();
        for round in 0..3 {
            course.start();
            let header = format!("BHT*1*{round}");
            for (text, is_new) in [(header.as_str(), true)]
                .into_iter()
                .chain(answer.map(|text| (text, round == 0)))
            {
                let room = [text.as_bytes(), BEHIND].concat();
                let goes_on = course.goes_on(&room, text.len(), 1);
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
        course.start();
        let room = [b"BHT*1*2", BEHIND.as_slice()].concat();
        assert!(!course.goes_on(&room, 7, 2), "in another sense");
        assert!(course.goes_on(&room, 7, 1));
    }
}
