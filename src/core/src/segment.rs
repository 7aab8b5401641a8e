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

    /// The same by the first bytes of a text, if it is two or three letters, the first of them a capital, and a separator
    /// follows it, as of nearly all segments; else `NONE`.
    fn at_head([one, two, three, four]: [u8; 4], element: u8) -> SegmentId {
        let packed = u32::from_be_bytes([one, two, three, four]);
        let is_letter = |byte: u8| LETTERS[byte as usize];
        let is_short = three == element;
        let is_it = (is_short || (four == element && is_letter(three)))
            && one.is_ascii_uppercase()
            && is_letter(two);
        match is_short {
            _ if !is_it => SegmentId::NONE,
            true => SegmentId(packed >> 16),
            false => SegmentId(packed >> 8),
        }
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

/// The identifiers of segments that begin and end nothing, by their first four bytes: those that came are not looked at
/// again.
pub(crate) struct Heads {
    element: u8,
    known: Box<[(u32, SegmentId); 256]>,
}

impl Default for Heads {
    fn default() -> Heads {
        Heads {
            element: 0,
            known: Box::new(Heads::NONE),
        }
    }
}

impl Heads {
    /// None is where it is looked for: 0 has its place at the start, 1 has not.
    const NONE: [(u32, SegmentId); 256] = {
        let mut none = [(0, SegmentId::NONE); 256];
        none[0].0 = 1;
        none
    };

    /// Forgets them if they are not of segments with this separator.
    pub fn use_for(&mut self, element: u8) {
        if self.element != element {
            self.element = element;
            *self.known = Heads::NONE;
        }
    }

    #[inline(always)]
    fn place(head: u32) -> usize {
        (head.wrapping_mul(0x9E37_79B1) >> 24) as usize
    }

    #[inline(always)]
    fn head(text: &[u8], start: u32) -> Option<u32> {
        let start = start as usize;
        let head = text.get(start..start + 4)?.first_chunk()?;
        Some(u32::from_le_bytes(*head))
    }

    /// The identifier of the segment that starts at `start`, if one came that starts like it.
    #[inline(always)]
    pub fn known(&self, text: &[u8], start: u32) -> Option<SegmentId> {
        let head = Heads::head(text, start)?;
        let (known, id) = self.known[Heads::place(head)];
        (known == head).then_some(id)
    }

    /// The identifier of the segment that starts at `start` and has these bytes.
    pub fn id(&mut self, text: &[u8], start: u32, body: &[u8]) -> SegmentId {
        let head = Heads::head(text, start);
        let id = head.map(|head| SegmentId::at_head(head.to_le_bytes(), self.element));
        match id.zip(head) {
            None | Some((SegmentId::NONE, _)) => SegmentId::at_start(body, self.element),
            Some((id, head)) => {
                if !is_around(id) && !matches!(id, BHT | HL) {
                    self.known[Heads::place(head)] = (head, id);
                }
                id
            }
        }
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

/// True for a segment that opens or closes an interchange, a group, or a transaction set.
pub(crate) fn is_around(id: SegmentId) -> bool {
    matches!(id, ISA | IEA | GS | GE | ST | SE)
}

pub const ISA: SegmentId = SegmentId::of(b"ISA");
pub const IEA: SegmentId = SegmentId::of(b"IEA");
pub const GS: SegmentId = SegmentId::of(b"GS");
pub const GE: SegmentId = SegmentId::of(b"GE");
pub const ST: SegmentId = SegmentId::of(b"ST");
pub const SE: SegmentId = SegmentId::of(b"SE");
pub const BHT: SegmentId = SegmentId::of(b"BHT");
pub const HL: SegmentId = SegmentId::of(b"HL");
