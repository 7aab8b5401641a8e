//! What comes after what: a payer's answers go through alike segments again and again. A segment that looks like the
//! one that came after the same segments last time, which was good, need not be checked anew.

use crate::elements::Word;
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
    /// Tells it from most other forms.
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
        sense: u32,
    ) -> Option<Form> {
        let before: Part<BEFORE> = Part::of(text, gap.start)?;
        let behind: Part<BEHIND> = Part::of(text.get(gap.end..)?, length.checked_sub(gap.end)?)?;
        let words = before.words.iter().chain(&behind.words);
        let mixed = words.fold(0, |mixed: u64, word| {
            (mixed.rotate_left(5) ^ word).wrapping_mul(ODD)
        });
        Some(Form {
            before,
            behind,
            free,
            sense,
            number: (mixed >> 48) as u16,
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

/// Places of a course, as a power of two.
const PLACES: u32 = 12;

/// Which form came last after the same four forms.
pub struct Course {
    /// By a hash of the four: the number of the form that came.
    next: Vec<u16>,
    /// The first is none.
    forms: Vec<Form>,
    /// The numbers of the last four.
    before: u64,
}

impl Default for Course {
    fn default() -> Course {
        Course {
            next: vec![0; 1 << PLACES],
            forms: vec![Form::NONE],
            before: 0,
        }
    }
}

impl Course {
    /// Before the first segment.
    pub fn start(&mut self) {
        self.before = 0;
    }

    #[inline(always)]
    fn place(&self) -> usize {
        (self.before.wrapping_mul(ODD) >> (u64::BITS - PLACES)) as usize
    }

    /// True if the first `length` bytes of a text look like what came here last time; then the course goes on.
    #[inline(always)]
    pub fn goes_on(&mut self, text: &[u8], length: usize, sense: u32) -> bool {
        let form = self.next.get(self.place());
        let form = form.and_then(|number| self.forms.get(usize::from(*number)));
        let Some(form) = form.filter(|form| form.is_of(text, length, sense)) else {
            return false;
        };
        self.passes(form.number);
        true
    }

    /// Goes on with a form that is not what came here last time.
    pub fn learn(&mut self, form: Form) {
        let place = self.place();
        let Some(next) = self.next.get_mut(place) else {
            return;
        };
        if *next == 0 {
            *next = self.forms.len() as u16;
            self.forms.push(form);
        } else if let Some(known) = self.forms.get_mut(usize::from(*next)) {
            *known = form;
        }
        self.passes(form.number);
    }

    /// Goes on with a segment that is not kept.
    #[inline(always)]
    pub fn passes(&mut self, number: u16) {
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
        Form::of(&room, text.len(), gap, free, 1)
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
        assert!(Form::of(b"EB*1", 4, 4..4, Free::Nothing, 1).is_none());
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
            for text in answer {
                let room = [text.as_bytes(), BEHIND].concat();
                let goes_on = course.goes_on(&room, text.len(), 1);
                assert_eq!(goes_on, round > 0, "{text}");
                if !goes_on {
                    course.learn(form(text, text.len()..text.len(), Free::Nothing));
                }
            }
        }
        course.start();
        let room = [answer[0].as_bytes(), BEHIND].concat();
        assert!(!course.goes_on(&room, 4, 2), "in another sense");
    }
}
