//! What a good segment looks like, so that the next one that looks like it is good as well.

use super::dates::read_when;
use super::part::{Part, STEP};
use crate::elements::{is_number, without};
use crate::input::LARGEST;
use crate::marks::{BLOCK, first_marks};
use crate::segment::{Segment, SegmentId};
use std::ops::Range;

/// Bytes before the gap of most forms, and of all, at most.
const SHORT: usize = 2 * STEP;
const BEFORE: usize = SHORT + STEP;

/// Bytes from a segment's start on that are looked at, at most.
pub const ROOM: usize = 96;

#[inline(always)]
fn room(text: &[u8], start: u32) -> Option<&[u8; ROOM]> {
    let start = start as usize;
    text.get(start..start + ROOM)?.first_chunk()
}

/// What may stand in the gap of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    Nothing,
    /// A short one without a sign.
    Number,
    /// To the segment's end.
    Anything,
    Date,
    /// So many elements; and fewer than so many behind what stands behind the gap, or with 0 nothing.
    Elements {
        skipped: u8,
        fewer: u8,
    },
}

/// What of a segment may be different in another one like it: places counted from the segment's start.
#[derive(Clone, Debug)]
pub struct Shape {
    pub gap: Range<usize>,
    pub free: Free,
    /// Where that ends which stands behind the gap and must be the same.
    pub end: usize,
}

impl Shape {
    /// Of a segment with this length, all of which must be the same.
    pub fn fixed(length: usize) -> Shape {
        Shape {
            gap: length..length,
            free: Free::Nothing,
            end: length,
        }
    }
}

/// What a good segment looks like.
#[derive(Clone, Copy)]
pub struct Form {
    before: Part<2>,
    behind: Part<1>,
    /// What follows before the gap where it begins late.
    late: Part<1>,
    kind: u64,
    /// Where the gap is, and how many bytes behind it must be the same.
    gap: usize,
    left: usize,
    /// A segment with fewer bytes from the gap on looks like it already; 0 if more must be seen.
    plain: usize,
    is_number: bool,
    free: Free,
    /// That of its segments in a course.
    pub number: u16,
}

/// A segment's identifier, and the sense in which it is taken: that of the delimiters.
#[inline(always)]
fn kind(id: SegmentId, sense: u32) -> u64 {
    u64::from(sense) << 32 | u64::from(id.0)
}

impl Form {
    /// No segment looks like it. `about` are the sense and the number.
    pub fn none(about: (u32, u16)) -> Form {
        let (sense, number) = about;
        Form {
            before: Part::NONE,
            behind: Part::NONE,
            late: Part::NONE,
            kind: kind(SegmentId::NONE, sense),
            gap: usize::MAX,
            left: 0,
            plain: 0,
            is_number: false,
            free: Free::Nothing,
            number,
        }
    }

    /// That of a segment of a text; None if it is long, or near the text's end.
    #[inline]
    pub fn of(
        text: &[u8],
        segment: &Segment,
        shape: &Shape,
        (sense, number): (u32, u16),
    ) -> Option<Form> {
        let Shape { gap, free, end } = shape;
        let start = gap.start.min(SHORT);
        let is_short = start == gap.start;
        let room = room(text, segment.start)?;
        let left = end.checked_sub(gap.end)?;
        Some(Form {
            before: Part::of(room, start)?,
            behind: Part::of(room.get(gap.end..)?, left)?,
            late: Part::of(room.get(start..)?, gap.start - start)?,
            kind: kind(segment.id, sense),
            gap: gap.start,
            left,
            plain: match free {
                Free::Nothing if is_short => 1,
                Free::Anything if is_short => LARGEST,
                _ => 0,
            },
            is_number: is_short && *free == Free::Number,
            free: *free,
            number,
        })
    }

    #[inline]
    pub fn sense(&self) -> u32 {
        (self.kind >> 32) as u32
    }

    /// True if a segment of a text looks like it.
    #[inline(always)]
    pub fn is_of(&self, text: &[u8], segment: &Segment, sense: u32) -> bool {
        let Segment { start, end, id } = *segment;
        if self.kind != kind(id, sense) {
            return false;
        }
        let Some(room) = room(text, start).filter(|room| self.before.begins(*room)) else {
            return false;
        };
        let left = (end.wrapping_sub(start) as usize).wrapping_sub(self.gap);
        if left < self.plain {
            return true;
        }
        if self.is_number {
            return self.has_number(room, left);
        }
        self.is_seldom(room, left)
    }

    /// True if a number stands in the gap of a segment with so many bytes from there on.
    #[inline(always)]
    fn has_number(&self, room: &[u8; ROOM], left: usize) -> bool {
        let digits = left.wrapping_sub(self.left);
        // At most the numbers that are looked at here: so much is known to be there.
        let gap = room.get(self.gap % (BEFORE + STEP)..).unwrap_or(&[]);
        let behind = gap.get(digits % STEP..).unwrap_or(&[]);
        let number = gap.first_chunk().copied().map(u64::from_le_bytes);
        self.behind.begins(behind) && number.is_some_and(|number| is_number(number, digits))
    }

    /// The rest of `is_of` for what comes seldom: a gap that begins late, dates and elements.
    #[inline(never)]
    fn is_seldom(&self, room: &[u8; ROOM], left: usize) -> bool {
        if self.gap > SHORT && !self.late.begins(&room[SHORT..]) {
            return false;
        }
        match self.free {
            Free::Nothing => left == 0,
            Free::Anything => left < LARGEST,
            Free::Number => self.has_number(room, left),
            Free::Date => self.has_date(room, left),
            Free::Elements { skipped, fewer } => self.has_elements(room, left, skipped, fewer),
        }
    }

    fn has_date(&self, room: &[u8; ROOM], left: usize) -> bool {
        let Some(length) = left.checked_sub(self.left) else {
            return false;
        };
        let rest = room.get(self.gap..).unwrap_or(&[]);
        let parts = rest.split_at_checked(length);
        parts.is_some_and(|(date, behind)| self.behind.begins(behind) && read_when(date).is_some())
    }

    fn has_elements(&self, room: &[u8; ROOM], left: usize, skipped: u8, fewer: u8) -> bool {
        let length = self.gap.wrapping_add(left);
        if left > BLOCK || length >= BLOCK {
            return false;
        }
        let [separator, ..] = self.sense().to_le_bytes();
        // The separators from the gap on.
        let marks = first_marks(room, separator) & !(u64::MAX << length);
        let mut marks = marks & u64::MAX << self.gap;
        let mut end = self.gap;
        if skipped > 0 {
            marks = without(marks, usize::from(skipped) - 1);
            let behind = room.get(marks.trailing_zeros() as usize..);
            if marks == 0 || !behind.is_some_and(|behind| self.behind.begins(behind)) {
                return false;
            }
            end = marks.trailing_zeros() as usize + self.left;
        }
        if fewer == 0 || end > length {
            return end == length;
        }
        without(marks & u64::MAX << end, usize::from(fewer) - 1) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text that stands behind the segments.
    const BEHIND: &[u8; ROOM] = &[b'?'; ROOM];

    const SENSE: u32 = b'*' as u32;

    /// The segment behind three bytes.
    fn segment(length: usize) -> Segment {
        Segment {
            start: 3,
            end: 3 + length as u32,
            id: SegmentId(7),
        }
    }

    fn text(segment: &str, behind: &[u8]) -> Vec<u8> {
        [b"???", segment.as_bytes(), behind].concat()
    }

    fn is_of(form: &Form, one: &str) -> bool {
        form.is_of(&text(one, BEHIND), &segment(one.len()), SENSE)
    }

    fn form(one: &str, gap: Range<usize>, free: Free) -> Form {
        form_of(one, gap, free, one.len())
    }

    fn form_of(one: &str, gap: Range<usize>, free: Free, end: usize) -> Form {
        let shape = Shape { gap, free, end };
        let form = Form::of(&text(one, BEHIND), &segment(one.len()), &shape, (SENSE, 7));
        form.unwrap_or(Form::none((SENSE, 7)))
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
        assert!(!is_of(&Form::none((SENSE, 7)), ""));
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
    fn a_date_may_be_another_one() {
        let one = form("DMG*D8*19950227*F", 7..15, Free::Date);
        for (text, is_like) in [
            ("DMG*D8*19950227*F", true),
            ("DMG*D8*20000101*F", true),
            ("DMG*D8*20000101-20261231*F", true),
            ("DMG*D8*20000101*M", false),
            ("DMG*D8*20000230*F", false),
            ("DMG*D8*2000010*F", false),
            ("DMG*D8*200001011*F", false),
            ("DMG*D8*20000101-*F", false),
            ("DMG*D8*20000101-2026123 *F", false),
            ("DMG*D8**F", false),
            ("DMG*D8*F", false),
            ("DMG*D8*", false),
            ("DMG*D8*20000101*F*", false),
            ("DMG*RD8*19950227*F", false),
        ] {
            assert_eq!(is_of(&one, text), is_like, "{text}");
        }
    }

    #[test]
    fn elements_may_be_others_but_not_fewer_or_more() {
        let (skipped, fewer) = (6, 1);
        let free = Free::Elements { skipped, fewer };
        let one = form_of("NM1*IL*1*DOE*JO****MI*W1", 7..18, free, 22);
        let free = Free::Elements { skipped, fewer: 0 };
        let other = form_of("NM1*IL*1*DOE*JO****MI", 7..18, free, 21);
        for (text, is_like, is_like_other) in [
            ("NM1*IL*1*DOE*JO****MI*W1", true, false),
            ("NM1*IL*1*ROE*RICHARD*Q***MI*W1234567890", true, false),
            ("NM1*IL*******MI*", true, false),
            ("NM1*IL*******MI", false, true),
            ("NM1*IL*1*MI*MI*MI*MI**MI", false, true),
            ("NM1*IL*1*DOE*JO****MI*W1*2", false, false),
            ("NM1*IL*1*DOE*JO****XX*W1", false, false),
            ("NM1*IL*1*DOE*JO***MI*W1", false, false),
            ("NM1*IL*1*DOE*JO*****MI*W1", false, false),
            ("NM1*IL*1*DOE*JO****MIX*W1", false, false),
            ("NM1*IL*1*DOE*JO***", false, false),
            ("NM1*IL*", false, false),
            ("NM1*IL", false, false),
            ("NM1*QC*1*DOE*JO****MI*W1", false, false),
            (
                "NM1*IL*1*A NAME THAT IS LONGER THAN OTHER NAMES USE*JOE****MI*W",
                true,
                false,
            ),
            (
                "NM1*IL*1*A NAME THAT IS LONGER THAN OTHER NAMES USE*JOE****MI*W1",
                false,
                false,
            ),
        ] {
            assert_eq!(is_of(&one, text), is_like, "{text}");
            assert_eq!(is_of(&other, text), is_like_other, "{text}");
        }
        let free = Free::Elements {
            skipped: 0,
            fewer: 2,
        };
        let one = form_of("III*ZZ*11*", 7..7, free, 7);
        for (text, is_like) in [
            ("III*ZZ*", true),
            ("III*ZZ*11", true),
            ("III*ZZ**A", true),
            ("III*ZZ***3", false),
            ("III*ZZ", false),
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
        for (one, gap, free) in [
            ("EB*1", 4..4, Free::Nothing),
            ("EB*1*30", 5..7, Free::Number),
        ] {
            let form = form(one, gap.clone(), free);
            assert!(is_of(&form, one));
            let (text, segment) = (text(one, &BEHIND[one.len() + 1..]), segment(one.len()));
            assert!(!form.is_of(&text, &segment, SENSE));
            let end = one.len();
            let near = Form::of(&text, &segment, &Shape { gap, free, end }, (SENSE, 7));
            assert!(near.is_none());
        }
    }

    #[test]
    fn a_form_is_of_one_kind_of_segment_in_one_sense() {
        let one = form("EB*1", 4..4, Free::Nothing);
        let (text, segment) = (text("EB*1", BEHIND), segment(4));
        assert!(one.is_of(&text, &segment, SENSE));
        assert!(!one.is_of(&text, &segment, 2));
        let id = SegmentId(8);
        assert!(!one.is_of(&text, &Segment { id, ..segment }, SENSE));
    }
}
