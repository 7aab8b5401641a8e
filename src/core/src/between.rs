//! What stands between segments and interchanges: blanks, damage, and what only looks like a segment.

use crate::delimiters::{Delimiters, WINDOW, read_isa};
use crate::segment::SegmentId;
use memchr::{memchr2, memmem};

/// Line ends, blanks, and what editors and transfers leave at the end of a file.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0 | 0x1A)
}

pub(crate) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// True for a blank between segments that is no delimiter itself.
pub(crate) fn is_padding(byte: u8, delimiters: Option<Delimiters>) -> bool {
    let (element, terminator) =
        delimiters.map_or((0, 0), |found| (found.element, found.terminator));
    if is_line_end(terminator) && is_line_end(byte) {
        return byte != element;
    }
    is_blank(byte) && byte != element && byte != terminator
}

/// The ISA that stands inside an unterminated IEA.
pub(crate) enum Follower {
    Undecided,
    None,
    At(usize),
}

pub(crate) fn follower(iea: &[u8], length: usize, last: bool) -> Follower {
    let mut from = 3;
    while let Some(found) = memmem::find(&iea[from..length], b"ISA") {
        let at = from + found;
        if iea.len() - at < WINDOW && !last {
            return Follower::Undecided;
        }
        if read_isa(&iea[at..]).is_some() {
            return Follower::At(at);
        }
        from = at + 3;
    }
    Follower::None
}

pub(crate) fn looks_like_segment(text: &[u8], delimiters: Delimiters) -> bool {
    let head = &text[..text.len().min(4)];
    match memchr2(delimiters.element, delimiters.terminator, head) {
        Some(length) => length >= 2 && SegmentId::of(&head[..length]) != SegmentId::NONE,
        None => false,
    }
}

pub(crate) fn is_before_5010(isa: &[u8], element: u8) -> bool {
    let version = isa.split(|&byte| byte == element).nth(12).unwrap_or(b"");
    version.len() == 5 && version.iter().all(u8::is_ascii_digit) && version < b"00402".as_slice()
}
