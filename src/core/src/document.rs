//! A document: the bytes as given, and what was cut from them.

use crate::delimiters::Delimiters;
use crate::elements::{Elements, Parts};
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::input::{Input, LARGEST, Part};
use crate::scan::{Cut, Noted, Refusal, Scanner, Segment, SegmentId, Start};
use memchr::memchr;
use std::ops::Range;

/// Takes bytes in chunks of any size and cuts them.
#[derive(Default)]
pub struct Reader {
    input: Input,
    scanner: Scanner,
}

impl Reader {
    /// Adds a chunk.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), Refusal> {
        if chunk.len() > LARGEST - self.input.size() {
            return Err(Refusal::TooLarge { offset: 0 });
        }
        self.input.add(chunk);
        self.step(false)
    }

    /// Says that no more comes, and gives the document.
    pub fn close(mut self) -> Result<Document, Refusal> {
        self.step(true)?;
        Ok(Document::of(
            self.input.finish(),
            self.scanner.take(),
            Origin::default(),
        ))
    }

    fn step(&mut self, last: bool) -> Result<(), Refusal> {
        let (decided, wrapped) = self.input.decide(last);
        if let Some(at) = wrapped {
            self.scanner
                .findings
                .push(Finding::at_offset("ISA_WRAPPED", at));
        }
        if decided {
            self.scanner.advance(self.input.text(), last, usize::MAX)?;
        }
        Ok(())
    }
}

/// Where a piece of a stream begins. A whole input begins at 0 and has no copies.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The first segments of the piece that stand before it in the stream, each with its byte offset and index there.
    pub copies: Vec<(usize, usize)>,
    /// Index in the stream of the first segment behind the copies.
    pub segment: usize,
    /// The first findings of the piece that earlier pieces gave already.
    pub findings: usize,
}

/// What was read from one input, or from a piece of it.
pub struct Document {
    /// What the segments' offsets point into.
    part: Part,
    origin: Origin,
    pub segments: Vec<Segment>,
    pub starts: Vec<Start>,
    pub noted: Noted,
    pub findings: Findings,
}

impl Document {
    /// Reads the whole input.
    pub fn read(input: Vec<u8>) -> Result<Document, Refusal> {
        if input.len() > LARGEST {
            return Err(Refusal::TooLarge { offset: 0 });
        }
        let reader = Reader {
            input: Input::of(input),
            ..Reader::default()
        };
        reader.close()
    }

    pub(crate) fn of(part: Part, cut: Cut, origin: Origin) -> Document {
        let mut findings = cut.findings;
        for offset in findings
            .iter_mut()
            .skip(origin.findings)
            .filter_map(|finding| finding.offset.as_mut())
        {
            *offset = part.original(*offset);
        }
        Document {
            part,
            origin,
            segments: cut.segments,
            starts: cut.starts,
            noted: cut.noted,
            findings,
        }
    }

    /// Takes away the text from place `at` on, behind copies of these segments. With it come the copies' own segments.
    pub(crate) fn split_off(&mut self, at: usize, headers: &[u32]) -> (Part, Vec<Segment>) {
        let mut end = 0;
        let (mut ranges, mut copies) = (Vec::new(), Vec::new());
        for &header in headers {
            let Segment {
                start,
                end: stop,
                id,
            } = self.segments[header as usize];
            ranges.push(start as usize..stop as usize);
            copies.push(Segment {
                start: end,
                end: end + stop - start,
                id,
            });
            end += stop - start;
        }
        (self.part.split_off(at, &ranges), copies)
    }

    /// The bytes that the segments point into.
    pub fn text(&self) -> &[u8] {
        &self.part.text
    }

    /// The bytes of a segment, without its terminator.
    pub fn bytes(&self, index: u32) -> &[u8] {
        let segment = self.segments[index as usize];
        &self.part.text[segment.start as usize..segment.end as usize]
    }

    /// True if one of some segments is of this kind.
    pub fn has(&self, segments: Range<u32>, id: SegmentId) -> bool {
        let segments = segments.start as usize..segments.end as usize;
        let segments = self.segments.get(segments).unwrap_or(&[]);
        // Without a way out in between, which takes longer than the rest.
        segments
            .iter()
            .fold(false, |has, segment| has | (segment.id == id))
    }

    /// Text between two segments' starts, for the encoding of a whole transaction.
    pub fn span(&self, first: u32, end: u32) -> &[u8] {
        if first >= end {
            return &[];
        }
        let start = self.segments[first as usize].start as usize;
        &self.part.text[start..self.segments[end as usize - 1].end as usize]
    }

    /// The byte offset in the input of a segment's start.
    pub fn offset(&self, index: u32) -> usize {
        if index == NO_SEGMENT {
            return 0;
        }
        match self.origin.copies.get(index as usize) {
            Some((offset, _)) => *offset,
            None => self
                .part
                .original(self.segments[index as usize].start as usize),
        }
    }

    /// What is added, with an overflow, to the index of a segment that is no copy to give that in the input, and to its
    /// start to give its offset; None if that is not the same for all.
    pub fn shifts(&self) -> Option<(usize, usize)> {
        let part = &self.part;
        let index = self.origin.segment.wrapping_sub(self.origin.copies.len());
        let is_even = part.removed.is_empty();
        is_even.then(|| (index, part.base.wrapping_sub(part.prefix)))
    }

    /// A segment's index in the input, from 0.
    pub fn index(&self, index: u32) -> usize {
        let copies = &self.origin.copies;
        match copies.get(index as usize) {
            Some((_, index)) => *index,
            None => self.origin.segment + index as usize - copies.len(),
        }
    }

    /// Segments at the start that stand before this piece of the input; 0 for a whole input.
    pub fn copies(&self) -> u32 {
        self.origin.copies.len() as u32
    }

    /// The findings that no earlier piece gave.
    pub fn own_findings(&self) -> &[Finding] {
        &self.findings[self.origin.findings.min(self.findings.len())..]
    }

    /// Where the document begins: byte offset, and index of its first own segment.
    pub fn begins(&self) -> (usize, usize) {
        (self.part.base, self.origin.segment)
    }

    /// Bytes of the text, without copies and without the line breaks that wrap it.
    pub fn size(&self) -> usize {
        self.part.text.len() - self.part.prefix
    }

    /// The delimiters that hold for a segment.
    pub fn delimiters(&self, index: u32) -> Delimiters {
        if let [only] = self.starts.as_slice() {
            return only.delimiters;
        }
        let at = self.starts.partition_point(|start| start.segment <= index);
        self.starts[at.saturating_sub(1)].delimiters
    }

    /// The text from a segment's start on, and the segment's length.
    #[inline]
    pub fn text_of(&self, segment: &Segment) -> (&[u8], usize) {
        let length = segment.end.saturating_sub(segment.start) as usize;
        (&self.part.text[segment.start as usize..], length)
    }

    /// The same by the segment's index.
    #[inline]
    pub fn text_at(&self, index: u32) -> (&[u8], usize) {
        self.text_of(&self.segments[index as usize])
    }

    /// A segment and its separators.
    #[inline(always)]
    pub fn elements(&self, index: u32, separator: u8) -> Elements<'_> {
        let (text, length) = self.text_at(index);
        Elements::of(text, length, separator)
    }

    /// The elements of a segment, the identifier first.
    #[inline]
    pub fn parts(&self, index: u32, separator: u8) -> Parts<'_> {
        let (text, length) = self.text_at(index);
        Parts::of(text, length, separator)
    }

    /// Element `number` (1 is the first after the identifier) of a segment, without blanks around it.
    pub fn element(&self, index: u32, number: usize) -> &[u8] {
        let separator = self.delimiters(index).element;
        self.elements(index, separator).get(number)
    }
}

/// Part `number` (from 0) of `text` cut at `separator`; empty if there are fewer.
#[inline]
pub fn nth(text: &[u8], separator: u8, number: usize) -> &[u8] {
    // Parts are a few bytes long: a plain loop is quicker than a search for each separator.
    let mut rest = text;
    for _ in 0..number {
        match rest.iter().position(|byte| *byte == separator) {
            Some(at) => rest = &rest[at + 1..],
            None => return &[],
        }
    }
    &rest[..memchr(separator, rest).unwrap_or(rest.len())]
}
