//! One segment of a text, and its identifier.

use memchr::memchr;

/// One segment: `[start, end)` in the text, its terminator not included. A text is never longer than `u32` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub start: u32,
    pub end: u32,
    /// The identifier's bytes, packed; 0 if it is no identifier.
    pub id: SegmentId,
}

/// Up to three letters and digits in one number, so that comparing is one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId(pub u32);

impl SegmentId {
    pub const NONE: SegmentId = SegmentId(0);

    /// The identifier at the start of a segment, before the first separator.
    pub(crate) fn at_start(body: &[u8], element: u8) -> SegmentId {
        let length = memchr(element, body).unwrap_or(body.len());
        SegmentId::of(&body[..length])
    }

    /// The same if it is two or three letters, the first of them a capital, and not that of an ISA or IEA, as of nearly all
    /// segments; else `NONE`.
    #[inline]
    pub(crate) fn if_plain(body: &[u8], element: u8) -> SegmentId {
        let Some(&[one, two, three, four]) = body.first_chunk() else {
            return SegmentId::NONE;
        };
        let packed = u32::from_be_bytes([one, two, three, four]);
        let is_letter = |byte: u8| LETTERS[byte as usize];
        let is_short = three == element;
        let id = SegmentId(if is_short { packed >> 16 } else { packed >> 8 });
        let is_plain = (is_short || (four == element && is_letter(three)))
            && one.is_ascii_uppercase()
            && is_letter(two)
            && two != element
            && id != ISA
            && id != IEA;
        if is_plain { id } else { SegmentId::NONE }
    }

    /// Packs an identifier; anything that is not one to three letters and digits is `NONE`.
    #[inline]
    pub const fn of(text: &[u8]) -> SegmentId {
        if text.is_empty() || text.len() > 3 {
            return SegmentId::NONE;
        }
        let mut packed = 0u32;
        let mut at = 0;
        while at < text.len() {
            if !text[at].is_ascii_alphanumeric() {
                return SegmentId::NONE;
            }
            packed = packed << 8 | text[at] as u32;
            at += 1;
        }
        SegmentId(packed)
    }
}

const LETTERS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut at = 0;
    while at < letters.len() {
        letters[at] = (at as u8).is_ascii_alphanumeric();
        at += 1;
    }
    letters
};

pub const ISA: SegmentId = SegmentId::of(b"ISA");
pub const IEA: SegmentId = SegmentId::of(b"IEA");
pub const GS: SegmentId = SegmentId::of(b"GS");
pub const ST: SegmentId = SegmentId::of(b"ST");
pub const SE: SegmentId = SegmentId::of(b"SE");
pub const BHT: SegmentId = SegmentId::of(b"BHT");
pub const HL: SegmentId = SegmentId::of(b"HL");
