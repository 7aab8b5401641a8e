//! Bytes to segments, as offsets into the input. Resumable: whole input and chunks of any size give the same.

use crate::delimiters::{Delimiters, Header, WINDOW, read_isa, starts_isa};
use crate::finding::{Finding, Findings};
use memchr::{memchr, memchr2, memchr3, memmem};

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

    /// Packs an identifier; anything that is not one to three letters and digits is `NONE`.
    /// The identifier at the start of a segment, before the first separator.
    #[inline]
    fn at_start(body: &[u8], element: u8) -> SegmentId {
        let length = match body {
            [_, second, third, ..] if *second != element && *third == element => 2,
            [_, second, _, fourth, ..] if *second != element && *fourth == element => 3,
            _ => memchr(element, body).unwrap_or(body.len()),
        };
        SegmentId::of(&body[..length])
    }

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

pub const ISA: SegmentId = SegmentId::of(b"ISA");
pub const IEA: SegmentId = SegmentId::of(b"IEA");
pub const GS: SegmentId = SegmentId::of(b"GS");
pub const ST: SegmentId = SegmentId::of(b"ST");
pub const SE: SegmentId = SegmentId::of(b"SE");
pub const BHT: SegmentId = SegmentId::of(b"BHT");
pub const HL: SegmentId = SegmentId::of(b"HL");

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No ISA with usable delimiters anywhere.
    BadEnvelope { offset: usize },
    /// More than may be held at once, without a place where it can be cut.
    TooLarge { offset: usize },
}

/// Why the scan stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All that came is scanned as far as it goes.
    Waits,
    /// This next segment begins something, and stands where a piece may end.
    Boundary(SegmentId),
}

enum Taken {
    Yes,
    Waits,
    Boundary(SegmentId),
}

/// An interchange begins at this segment and has these delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    pub segment: u32,
    pub delimiters: Delimiters,
}

/// The state between two chunks.
pub struct Scanner {
    position: usize,
    /// Where the next search for an ISA begins, so that no byte is searched twice.
    search: usize,
    current: Option<Delimiters>,
    after_iea: bool,
    after_empty: bool,
    /// Segments that are copies, at the start of a piece.
    copies: usize,
    pub segments: Vec<Segment>,
    pub starts: Vec<Start>,
    pub findings: Findings,
}

/// What is odd about the input itself goes into every patient's record, so there is less room for it.
pub const MOST_FINDINGS: usize = 100;

/// Bytes of a segment, about, to make room for them at once.
const TYPICAL_LENGTH: usize = 32;

impl Default for Scanner {
    fn default() -> Self {
        Scanner {
            position: 0,
            search: 0,
            current: None,
            after_iea: false,
            after_empty: false,
            copies: 0,
            segments: Vec::new(),
            starts: Vec::new(),
            findings: Findings::at_most(MOST_FINDINGS),
        }
    }
}

impl Scanner {
    /// Scans as far as `text`, which begins where the input (or the piece) begins, allows; `last` says that no more
    /// comes. From offset `cut_from` on it stops before a segment that begins something.
    pub fn advance(&mut self, text: &[u8], last: bool, cut_from: usize) -> Result<Stop, Refusal> {
        if self.current.is_none() && self.starts.is_empty() && !self.find_first(text, last)? {
            return Ok(Stop::Waits);
        }
        self.segments
            .reserve((text.len() - self.position.min(text.len())) / TYPICAL_LENGTH);
        loop {
            self.take_plain(text, cut_from);
            let at = self.skip_blanks(text);
            if at == text.len() {
                return Ok(Stop::Waits);
            }
            let rest = &text[at..];
            let undecided = rest.len() < WINDOW && !last;
            let is_isa = starts_isa(rest);
            if (is_isa || rest.len() < 4) && undecided {
                return Ok(Stop::Waits);
            }
            let Some(delimiters) = self.current else {
                return Ok(Stop::Waits);
            };
            let cuts = at >= cut_from && self.segments.len() > self.copies;
            if let Some(header) = is_isa.then(|| read_isa(rest)).flatten() {
                if cuts {
                    return Ok(Stop::Boundary(ISA));
                }
                self.open_interchange(text, at, header);
                continue;
            }
            // A damaged ISA is cut with the delimiters at hand if they can be its own.
            let is_foreign = is_isa && rest[3] != delimiters.element;
            if is_foreign || (self.after_iea && !looks_like_segment(rest, delimiters)) {
                if !self.skip_to_isa(text, at, last) {
                    return Ok(Stop::Waits);
                }
                continue;
            }
            match self.take_segment(text, at, delimiters, last, cuts) {
                Taken::Yes => {}
                Taken::Waits => return Ok(Stop::Waits),
                Taken::Boundary(id) => return Ok(Stop::Boundary(id)),
            }
            if is_isa {
                let index = self.segments.len() as u32 - 1;
                self.findings
                    .push(Finding::at_segment("ISA_NOT_PADDED", index, 0));
            }
        }
    }

    /// Cuts segments as long as they are whole and no header or trailer of an interchange, which is nearly all.
    fn take_plain(&mut self, text: &[u8], cut_from: usize) {
        let Some(delimiters) = self.current.filter(|_| !self.after_iea) else {
            return;
        };
        let end = text.len().min(cut_from);
        let mut at = self.position;
        while at < end {
            let rest = &text[at..];
            match rest {
                [b'I', b'S' | b'E', ..] | [b'I'] => break,
                [b'A'..=b'Z', ..] => {}
                [byte, ..] if is_padding(*byte, self.current) => {
                    at += 1;
                    continue;
                }
                _ => break,
            }
            let Some(length) = memchr(delimiters.terminator, rest) else {
                break;
            };
            self.segments.push(Segment {
                start: at as u32,
                end: (at + length) as u32,
                id: SegmentId::at_start(&rest[..length], delimiters.element),
            });
            self.after_empty = false;
            at += length + 1;
        }
        self.position = at;
    }

    /// Finds the first ISA that can be read. False: more bytes are needed.
    fn find_first(&mut self, text: &[u8], last: bool) -> Result<bool, Refusal> {
        if text.len() < WINDOW && !last {
            return Ok(false);
        }
        let mark = if text.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        let blanks = text[mark..]
            .iter()
            .take_while(|byte| is_blank(**byte))
            .count();
        let start = mark + blanks;
        self.search = self.search.max(start);
        while let Some(found) = self.next_isa(text) {
            if text.len() - found < WINDOW && !last {
                return Ok(false);
            }
            if let Some(header) = read_isa(&text[found..]) {
                if mark > 0 {
                    self.findings.push(Finding::at_offset("BYTE_ORDER_MARK", 0));
                }
                if found > start {
                    self.findings
                        .push(Finding::at_offset("LEADING_TEXT", start));
                } else if blanks > 0 {
                    self.findings
                        .push(Finding::at_offset("LEADING_BLANKS", mark));
                }
                self.open_interchange(text, found, header);
                return Ok(true);
            }
            self.search = found + 3;
        }
        if last {
            Err(Refusal::BadEnvelope {
                offset: start.min(text.len()),
            })
        } else {
            Ok(false)
        }
    }

    /// Takes the ISA at `at` and its delimiters.
    fn open_interchange(&mut self, text: &[u8], at: usize, header: Header) {
        let index = self.segments.len() as u32;
        self.segments.push(Segment {
            start: at as u32,
            end: (at + header.length) as u32,
            id: ISA,
        });
        self.starts.push(Start {
            segment: index,
            delimiters: header.delimiters,
        });
        let before_5010 = is_before_5010(&text[at..at + header.length], header.delimiters.element);
        for (code, element) in header.odd {
            // ISA11 was no separator before 005010 (it says U), so there it is not odd.
            if !(code == "BAD_REPETITION_SEPARATOR" && before_5010) {
                self.findings
                    .push(Finding::at_segment(code, index, element));
            }
        }
        self.current = Some(header.delimiters);
        self.after_iea = false;
        self.position = at + header.length + 1;
    }

    /// Passes over text that is no segment, up to the next ISA that can be read. False: the end was reached.
    fn skip_to_isa(&mut self, text: &[u8], at: usize, last: bool) -> bool {
        self.search = self.search.max(at);
        loop {
            let Some(found) = self.next_isa(text) else {
                if last {
                    self.findings.push(Finding::at_offset("TRAILING_TEXT", at));
                    self.position = text.len();
                }
                return false;
            };
            if text.len() - found < WINDOW && !last {
                return false;
            }
            if read_isa(&text[found..]).is_some() {
                self.findings.push(Finding::at_offset("TRAILING_TEXT", at));
                self.position = found;
                return true;
            }
            self.search = found + 3;
        }
    }

    /// The next place where ISA may start, from `search` on; moves `search` behind what holds none.
    fn next_isa(&mut self, text: &[u8]) -> Option<usize> {
        let from = self.search.min(text.len());
        let found = memmem::find(&text[from..], b"ISA").map(|found| from + found);
        self.search = found.unwrap_or_else(|| text.len().saturating_sub(2).max(from));
        found
    }

    /// Line ends after a terminator, blank lines and padding are no data.
    fn skip_blanks(&mut self, text: &[u8]) -> usize {
        while text
            .get(self.position)
            .is_some_and(|&byte| is_padding(byte, self.current))
        {
            self.position += 1;
        }
        self.position
    }

    /// Cuts the segment that starts at `at`, if its end has come. With `cuts` it leaves one that begins something.
    fn take_segment(
        &mut self,
        text: &[u8],
        at: usize,
        delimiters: Delimiters,
        last: bool,
        cuts: bool,
    ) -> Taken {
        let rest = &text[at..];
        let is_iea = rest.starts_with(b"IEA");
        let found = if is_iea && !is_line_end(delimiters.element) {
            memchr3(delimiters.terminator, b'\r', b'\n', rest)
        } else {
            memchr(delimiters.terminator, rest)
        };
        let mut length = match found {
            Some(length) => length,
            None if !last => return Taken::Waits,
            None => rest.len(),
        };
        let mut next = (length + 1).min(rest.len());
        let mut terminated = found.is_some_and(|found| rest[found] == delimiters.terminator);
        if is_iea {
            match follower(rest, length, last) {
                Follower::Undecided => return Taken::Waits,
                Follower::None => {}
                Follower::At(isa) => (length, next, terminated) = (isa, isa, false),
            }
        }
        if !terminated {
            let padding = rest[..length]
                .iter()
                .rev()
                .take_while(|byte| is_padding(**byte, self.current));
            length -= padding.count();
        }
        let body = &rest[..length];
        let id = SegmentId::at_start(body, delimiters.element);
        if cuts && self.begins(id) {
            return Taken::Boundary(id);
        }
        self.position = at + next;
        if length == 0 {
            // One finding for terminators in a row.
            if !self.after_empty {
                self.findings.push(Finding::at_offset("EMPTY_SEGMENT", at));
            }
            self.after_empty = true;
            return Taken::Yes;
        }
        self.after_empty = false;
        if !terminated {
            let index = self.segments.len() as u32;
            self.findings
                .push(Finding::at_segment("UNTERMINATED_SEGMENT", index, 0));
        }
        self.after_iea = id == IEA;
        self.segments.push(Segment {
            start: at as u32,
            end: (at + length) as u32,
            id,
        });
        Taken::Yes
    }

    /// True for a segment that opens an interchange, a group, or a transaction set.
    fn begins(&self, id: SegmentId) -> bool {
        let after_set = || self.segments.last().is_some_and(|last| last.id == SE);
        matches!(id, ISA | GS | ST) || (matches!(id, BHT | HL) && after_set())
    }

    /// How far the text is scanned: the next segment starts here.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Hands over what was cut; `restart` must follow.
    pub fn take(&mut self) -> Cut {
        Cut {
            segments: std::mem::take(&mut self.segments),
            starts: std::mem::take(&mut self.starts),
            findings: std::mem::take(&mut self.findings),
        }
    }

    /// Goes on with a piece whose text begins with copies of segments, `prefix` bytes long, and goes on where this one
    /// stopped. `findings` are those that it takes over.
    pub fn restart(&mut self, copies: Vec<Segment>, prefix: usize, findings: Findings) {
        self.search = self.search.max(self.position) - self.position + prefix;
        self.position = prefix;
        self.copies = copies.len();
        self.segments = copies;
        self.starts = self
            .current
            .map(|delimiters| Start {
                segment: 0,
                delimiters,
            })
            .into_iter()
            .collect();
        self.findings = findings;
    }
}

/// What was cut from one text.
pub struct Cut {
    pub segments: Vec<Segment>,
    pub starts: Vec<Start>,
    pub findings: Findings,
}

/// Line ends, blanks, and what editors and transfers leave at the end of a file.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0 | 0x1A)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// True for a blank between segments that is no delimiter itself.
fn is_padding(byte: u8, delimiters: Option<Delimiters>) -> bool {
    let (element, terminator) =
        delimiters.map_or((0, 0), |found| (found.element, found.terminator));
    if is_line_end(terminator) && is_line_end(byte) {
        return byte != element;
    }
    is_blank(byte) && byte != element && byte != terminator
}

/// The ISA that stands inside an unterminated IEA.
enum Follower {
    Undecided,
    None,
    At(usize),
}

fn follower(iea: &[u8], length: usize, last: bool) -> Follower {
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

fn looks_like_segment(text: &[u8], delimiters: Delimiters) -> bool {
    let head = &text[..text.len().min(4)];
    match memchr2(delimiters.element, delimiters.terminator, head) {
        Some(length) => length >= 2 && SegmentId::of(&head[..length]) != SegmentId::NONE,
        None => false,
    }
}

fn is_before_5010(isa: &[u8], element: u8) -> bool {
    let version = isa.split(|&byte| byte == element).nth(12).unwrap_or(b"");
    version.len() == 5 && version.iter().all(u8::is_ascii_digit) && version < b"00402".as_slice()
}

/// Scans the whole text at once.
pub fn scan(text: &[u8]) -> Result<Scanner, Refusal> {
    let mut scanner = Scanner::default();
    scanner.advance(text, true, usize::MAX)?;
    Ok(scanner)
}
