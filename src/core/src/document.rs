//! A document: the bytes as given, and what was cut from them.

use crate::delimiters::{Delimiters, WINDOW, is_wrapped, read_isa};
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::scan::{Refusal, Scanner, Segment, Start};
use memchr::{memchr, memmem};

/// The text without the line breaks that wrap it, and where those stood.
struct Unwrapped {
    text: Vec<u8>,
    removed: Vec<usize>,
}

/// Takes bytes in chunks of any size and cuts them.
#[derive(Default)]
pub struct Reader {
    raw: Vec<u8>,
    unwrapped: Option<Unwrapped>,
    decided: bool,
    searched: usize,
    scanner: Scanner,
}

impl Reader {
    /// Adds a chunk.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        let before = self.raw.len();
        self.raw.extend_from_slice(chunk);
        self.step(before, false)
    }

    /// Says that no more comes, and gives the document.
    pub fn close(mut self) -> Result<Document, Refusal> {
        let before = self.raw.len();
        self.step(before, true)?;
        let (text, removed) = match self.unwrapped {
            Some(unwrapped) => (unwrapped.text, unwrapped.removed),
            None => (self.raw, Vec::new()),
        };
        let Scanner {
            segments,
            starts,
            findings,
            ..
        } = self.scanner;
        let mut document = Document {
            text,
            removed,
            segments,
            starts,
            findings,
        };
        let mut findings = std::mem::take(&mut document.findings);
        for offset in findings
            .iter_mut()
            .filter_map(|finding| finding.offset.as_mut())
        {
            *offset = document.original_offset(*offset);
        }
        document.findings = findings;
        Ok(document)
    }

    fn step(&mut self, before: usize, last: bool) -> Result<(), Refusal> {
        if self.decided {
            if let Some(unwrapped) = &mut self.unwrapped {
                unwrap_from(&self.raw, before, unwrapped);
            }
        } else if !self.decide(last) {
            return Ok(());
        }
        let text = self
            .unwrapped
            .as_ref()
            .map_or(&self.raw, |unwrapped| &unwrapped.text);
        self.scanner.advance(text, last)
    }

    /// Decides by the first ISA that can be read whether the input is wrapped. False: more bytes are needed.
    fn decide(&mut self, last: bool) -> bool {
        while let Some(found) = memmem::find(&self.raw[self.searched..], b"ISA") {
            let at = self.searched + found;
            let rest = &self.raw[at..];
            if rest.len() < WINDOW && !last {
                return false;
            }
            let window = &rest[..rest.len().min(WINDOW)];
            if is_wrapped(window) {
                let mut start = Unwrapped {
                    text: Vec::new(),
                    removed: Vec::new(),
                };
                unwrap_from(window, 0, &mut start);
                if read_isa(&start.text).is_some() {
                    let mut unwrapped = Unwrapped {
                        text: self.raw[..at].to_vec(),
                        removed: Vec::new(),
                    };
                    unwrap_from(&self.raw, at, &mut unwrapped);
                    self.unwrapped = Some(unwrapped);
                    self.scanner
                        .findings
                        .push(Finding::at_offset("ISA_WRAPPED", at));
                    self.decided = true;
                    return true;
                }
            } else if read_isa(window).is_some() {
                self.decided = true;
                return true;
            }
            self.searched = at + 3;
        }
        self.searched = self.raw.len().saturating_sub(2).max(self.searched);
        self.decided = last;
        last
    }
}

fn unwrap_from(raw: &[u8], from: usize, unwrapped: &mut Unwrapped) {
    for (at, &byte) in raw.iter().enumerate().skip(from) {
        if matches!(byte, b'\r' | b'\n') {
            unwrapped.removed.push(at);
        } else {
            unwrapped.text.push(byte);
        }
    }
}

/// What was read from one input.
pub struct Document {
    /// What the segments' offsets point into.
    text: Vec<u8>,
    /// Offsets in the input of line breaks that were taken out, ascending.
    removed: Vec<usize>,
    pub segments: Vec<Segment>,
    pub starts: Vec<Start>,
    pub findings: Findings,
}

impl Document {
    /// Reads the whole input.
    pub fn read(input: Vec<u8>) -> Result<Document, Refusal> {
        let mut reader = Reader {
            raw: input,
            ..Reader::default()
        };
        reader.step(0, false)?;
        reader.close()
    }

    /// The bytes of a segment, without its terminator.
    pub fn bytes(&self, index: u32) -> &[u8] {
        let segment = self.segments[index as usize];
        &self.text[segment.start..segment.end]
    }

    /// Text between two segments' starts, for the encoding of a whole transaction.
    pub fn span(&self, first: u32, end: u32) -> &[u8] {
        if first >= end {
            return &[];
        }
        &self.text[self.segments[first as usize].start..self.segments[end as usize - 1].end]
    }

    /// The byte offset in the input of a segment's start.
    pub fn offset(&self, index: u32) -> usize {
        if index == NO_SEGMENT {
            return 0;
        }
        self.original_offset(self.segments[index as usize].start)
    }

    fn original_offset(&self, at: usize) -> usize {
        // The i-th removed byte stood before position removed[i] - i of the text without them.
        let mut low = 0;
        let mut high = self.removed.len();
        while low < high {
            let middle = (low + high) / 2;
            if self.removed[middle] - middle <= at {
                low = middle + 1
            } else {
                high = middle
            }
        }
        at + low
    }

    /// The delimiters that hold for a segment.
    pub fn delimiters(&self, index: u32) -> Delimiters {
        let at = self.starts.partition_point(|start| start.segment <= index);
        self.starts[at.saturating_sub(1)].delimiters
    }

    /// Element `number` (1 is the first after the identifier) of a segment, without blanks around it.
    pub fn element(&self, index: u32, number: usize) -> &[u8] {
        let delimiters = self.delimiters(index);
        nth(self.bytes(index), delimiters.element, number).trim_ascii()
    }
}

/// Part `number` (from 0) of `text` cut at `separator`; empty if there are fewer.
pub fn nth(text: &[u8], separator: u8, number: usize) -> &[u8] {
    let mut rest = text;
    for _ in 0..number {
        match memchr(separator, rest) {
            Some(at) => rest = &rest[at + 1..],
            None => return &[],
        }
    }
    &rest[..memchr(separator, rest).unwrap_or(rest.len())]
}
