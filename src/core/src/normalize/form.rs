//! What a good segment looks like, so that the next one that looks like it is good as well.

use super::segment_rules::Taken;
use crate::elements::is_number;
use crate::marks::BLOCK;
use crate::scan::SegmentId;
use std::ops::Range;
use wide::u8x16;

/// Bytes that are compared at once.
const STEP: usize = 16;

/// As many ones as a part may have bytes, and as many zeros.
const ONES_AND_ZEROS: [u8; 2 * BEFORE] = {
    let mut bytes = [0; 2 * BEFORE];
    let mut at = 0;
    while at < BEFORE {
        bytes[at] = u8::MAX;
        at += 1;
    }
    bytes
};

/// Bytes before a gap and behind it, at most.
const BEFORE: usize = 48;
const BEHIND: usize = STEP;

/// Some bytes, at most `STEPS * STEP`.
#[derive(Clone, Copy)]
struct Part<const STEPS: usize> {
    bytes: [u8x16; STEPS],
    /// Ones where they count.
    counted: [u8x16; STEPS],
    length: usize,
}

#[inline(always)]
fn steps<const STEPS: usize>(text: &[u8]) -> Option<[u8x16; STEPS]> {
    let (steps, _) = text.as_chunks::<STEP>();
    let steps = steps.first_chunk::<STEPS>()?;
    Some(steps.map(u8x16::new))
}

impl<const STEPS: usize> Part<STEPS> {
    const NONE: Part<STEPS> = Part {
        bytes: [u8x16::ZERO; STEPS],
        counted: [u8x16::ZERO; STEPS],
        length: usize::MAX,
    };

    /// The first `length` bytes of a text; None if they are too many, or near the text's end.
    #[inline(always)]
    fn of(text: &[u8], length: usize) -> Option<Part<STEPS>> {
        if length > STEPS * STEP {
            return None;
        }
        let counted = steps(ONES_AND_ZEROS.get(BEFORE.checked_sub(length)?..)?)?;
        let text: [u8x16; STEPS] = steps(text)?;
        Some(Part {
            bytes: std::array::from_fn(|at| text[at] & counted[at]),
            counted,
            length,
        })
    }

    /// True if a text begins with it and does not end soon after.
    #[inline(always)]
    fn begins(&self, text: &[u8]) -> bool {
        let Some(text) = steps::<STEPS>(text) else {
            return false;
        };
        let differs = (0..STEPS).fold(u8x16::ZERO, |all, at| {
            all | (text[at] ^ self.bytes[at]) & self.counted[at]
        });
        differs.simd_eq(u8x16::ZERO).to_bitmask() == 0xFFFF
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

/// What a good segment looks like.
#[derive(Clone, Copy)]
pub struct Form {
    before: Part<{ BEFORE / STEP }>,
    behind: Part<{ BEHIND / STEP }>,
    /// In which it is good: that of the delimiters.
    pub sense: u32,
    id: SegmentId,
    /// That of its segments in a course.
    pub number: u16,
    free: Free,
}

impl Form {
    /// No segment looks like it.
    pub const fn none(sense: u32, number: u16) -> Form {
        Form {
            before: Part::NONE,
            behind: Part::NONE,
            sense,
            id: SegmentId::NONE,
            number,
            free: Free::Nothing,
        }
    }

    /// A segment with something else in the gap; that of none if the segment is long, or near the text's end.
    #[inline(always)]
    pub fn of(
        segment: Taken<'_>,
        gap: Range<usize>,
        free: Free,
        (sense, number): (u32, u16),
    ) -> Form {
        let Taken { text, length, id } = segment;
        let before = Part::of(text, gap.start);
        let behind = text.get(gap.end..).zip(length.checked_sub(gap.end));
        let behind = behind.and_then(|(behind, length)| Part::of(behind, length));
        match before.zip(behind) {
            Some((before, behind)) => Form {
                before,
                behind,
                sense,
                id,
                number,
                free,
            },
            None => Form::none(sense, number),
        }
    }

    /// True if a segment looks like it.
    #[inline(always)]
    pub fn is_of(&self, segment: Taken<'_>, sense: u32) -> bool {
        let Taken { text, length, id } = segment;
        if self.id != id || self.sense != sense {
            return false;
        }
        let Some(room) = text.first_chunk::<BLOCK>() else {
            return false;
        };
        if !self.before.begins(room) {
            return false;
        }
        let start = self.before.length;
        match self.free {
            Free::Nothing => length == start,
            Free::Anything => length >= start,
            Free::Number => {
                let digits = length.wrapping_sub(start).wrapping_sub(self.behind.length);
                let number = room.get(start..).and_then(|text| text.first_chunk());
                let behind = text.get(start.wrapping_add(digits)..);
                number.is_some_and(|number| is_number(u64::from_le_bytes(*number), digits))
                    && behind.is_some_and(|behind| self.behind.begins(behind))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text that stands behind the segments.
    const BEHIND: &[u8; 64] = &[b'?'; 64];

    fn taken(text: &[u8], length: usize) -> Taken<'_> {
        let id = SegmentId(7);
        Taken { text, length, id }
    }

    fn is_of(form: &Form, text: &str) -> bool {
        let room = [text.as_bytes(), BEHIND].concat();
        form.is_of(taken(&room, text.len()), 1)
    }

    fn form(text: &str, gap: Range<usize>, free: Free) -> Form {
        let room = [text.as_bytes(), BEHIND].concat();
        Form::of(taken(&room, text.len()), gap, free, (1, 7))
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
        assert!(!is_of(&Form::none(1, 7), ""));
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
            ("EB*C*IND*30***23*12345.78*****Y", true),
            ("EB*C*IND*30***23*12345.789*****Y", false),
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
        let long = "A".repeat(48) + "12" + &"B".repeat(16);
        for (text, gap, has_form) in [
            (&long[..49], 49..49, false),
            (&long[..48], 48..48, true),
            (&long, 48..50, true),
            (&long, 48..49, false),
            (&long[..66], 49..50, false),
            (&long[..66], 48..99, false),
        ] {
            let free = if gap.is_empty() {
                Free::Nothing
            } else {
                Free::Number
            };
            assert_eq!(
                is_of(&form(text, gap.clone(), free), text),
                has_form,
                "{gap:?}"
            );
        }
        for (text, gap, free) in [
            ("EB*1", 4..4, Free::Nothing),
            ("EB*1*30", 5..7, Free::Number),
        ] {
            let one = form(text, gap.clone(), free);
            assert!(is_of(&one, text));
            let near = taken(text.as_bytes(), text.len());
            assert!(!one.is_of(near, 1));
            let near = Form::of(near, gap, free, (1, 7));
            assert!(!is_of(&near, text));
        }
    }

    #[test]
    fn a_form_is_of_one_kind_of_segment_in_one_sense() {
        let one = form("EB*1", 4..4, Free::Nothing);
        let room = [b"EB*1", BEHIND.as_slice()].concat();
        assert!(one.is_of(taken(&room, 4), 1));
        assert!(!one.is_of(taken(&room, 4), 2));
        let id = SegmentId(8);
        assert!(!one.is_of(
            Taken {
                id,
                ..taken(&room, 4)
            },
            1
        ));
    }
}
