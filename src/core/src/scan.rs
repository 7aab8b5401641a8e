//! Bytes to segments, as offsets into the input. Resumable: whole input and chunks of any size give the same.

mod plain;

use crate::between::{
    Follower, follower, is_before_5010, is_blank, is_line_end, is_padding, looks_like_segment,
};
use crate::delimiters::{Delimiters, Header, WINDOW, read_isa, starts_isa};
use crate::finding::{Finding, Findings};
use crate::segment::Heads;
use crate::segment::is_around;
pub use crate::segment::{BHT, GE, GS, HL, IEA, ISA, SE, ST, Segment, SegmentId};
use memchr::{memchr, memchr3, memmem};

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
    /// How many segments the piece before had.
    before: usize,
    pub starts: Vec<Start>,
    pub noted: Noted,
    heads: Heads,
    pub findings: Findings,
}

/// What the scan saw of the segments, so that nobody has to look at all of them for it.
#[derive(Debug)]
pub struct Noted {
    /// Those that are headers and trailers, ascending.
    pub around: Vec<u32>,
    /// Those that may have more than `LONG` bytes: all that have, and some others; ascending.
    pub long: Vec<u32>,
    /// False if one may have a byte that is no ASCII.
    pub is_ascii: bool,
}

/// Bytes of a segment that is not long.
pub const LONG: usize = 64;

impl Default for Noted {
    fn default() -> Noted {
        Noted {
            around: Vec::new(),
            long: Vec::new(),
            is_ascii: true,
        }
    }
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
            before: 0,
            starts: Vec::new(),
            noted: Noted::default(),
            heads: Heads::default(),
            findings: Findings::at_most(MOST_FINDINGS),
        }
    }
}

impl Scanner {
    /// Makes room for the segments of so many bytes.
    pub fn expect(&mut self, bytes: usize) {
        self.segments.reserve(bytes / TYPICAL_LENGTH);
    }

    /// Scans as far as `text`, which begins where the input (or the piece) begins, allows; `last` says that no more
    /// comes. From offset `cut_from` on it stops before a segment that begins something.
    pub fn advance(&mut self, text: &[u8], last: bool, cut_from: usize) -> Result<Stop, Refusal> {
        if self.current.is_none() && self.starts.is_empty() && !self.find_first(text, last)? {
            return Ok(Stop::Waits);
        }
        self.expect(text.len().min(cut_from).saturating_sub(self.position));
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
        self.add(text, at, at + header.length, ISA);
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
        self.add(text, at, at + length, id);
        Taken::Yes
    }

    /// Adds a segment, with all that is noted of it.
    fn add(&mut self, text: &[u8], start: usize, end: usize, id: SegmentId) {
        self.noted.is_ascii &= text[start..end].is_ascii();
        self.note(end - start, id);
        self.segments.push(Segment {
            start: start as u32,
            end: end as u32,
            id,
        });
    }

    /// Notes what is to be known of the next segment.
    fn note(&mut self, length: usize, id: SegmentId) {
        if length > LONG {
            self.note_long();
        }
        if is_around(id) {
            self.noted.around.push(self.segments.len() as u32);
        }
    }

    /// Notes that the next segment may be long.
    #[inline(never)]
    fn note_long(&mut self) {
        let index = self.segments.len() as u32;
        if self.noted.long.last() != Some(&index) {
            self.noted.long.push(index);
        }
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
        self.before = self.segments.len();
        Cut {
            segments: std::mem::take(&mut self.segments),
            starts: std::mem::take(&mut self.starts),
            noted: std::mem::take(&mut self.noted),
            findings: std::mem::take(&mut self.findings),
        }
    }

    /// Goes on with a piece whose text begins with copies of segments, `prefix` bytes long, and goes on where this one
    /// stopped. `findings` are those that it takes over.
    pub fn restart(&mut self, copies: Vec<Segment>, prefix: usize, findings: Findings) {
        self.search = self.search.max(self.position) - self.position + prefix;
        self.position = prefix;
        self.copies = copies.len();
        // Pieces are alike, so there is room at once for as many and some more.
        self.segments = Vec::with_capacity(self.before / 8 * 9);
        for copy in copies {
            self.note((copy.end - copy.start) as usize, copy.id);
            self.segments.push(copy);
        }
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
    pub noted: Noted,
    pub findings: Findings,
}

/// Scans the whole text at once.
pub fn scan(text: &[u8]) -> Result<Scanner, Refusal> {
    let mut scanner = Scanner::default();
    scanner.advance(text, true, usize::MAX)?;
    Ok(scanner)
}
