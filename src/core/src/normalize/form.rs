//! What a good segment looks like, so that the next one that looks like it is good as well.

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
    /// In which it is good: that of the delimiters.
    sense: u32,
    /// That of its segments in a course.
    pub number: u16,
}

impl Form {
    /// Of no segment.
    pub const NONE: Form = Form {
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
    pub fn is_of(&self, text: &[u8], length: usize, sense: u32) -> bool {
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
}
