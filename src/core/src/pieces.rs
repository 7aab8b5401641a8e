//! A stream of any length in pieces: whole transaction sets, each piece with the headers that it stands under.
//!
//! A piece ends before an ISA, a GS or an ST (or before what opens a transaction set without ST), as soon as it has
//! its size; so where it ends does not depend on the chunks. It is a document of its own, begins with copies of the
//! ISA and GS that are open (and of an IEA that came before more transaction sets), and knows its place in the stream. What is found about the envelope comes with the piece
//! in which it is seen; what was found earlier about the input and about the copies is repeated for the records, and
//! marked as given already.

use crate::document::{Document, Origin};
use crate::envelope::{Envelope, Standing, walk_piece};
use crate::finding::{Finding, Findings};
use crate::grammar::Versions;
use crate::input::{Input, LARGEST};
use crate::scan::{MOST_FINDINGS, Refusal, Scanner, SegmentId, Stop};

/// Some transaction sets of a stream.
pub struct Piece {
    pub document: Document,
    pub envelope: Envelope,
}

/// Takes a stream in chunks of any size and gives it in pieces.
pub struct Cutter {
    input: Input,
    scanner: Scanner,
    standing: Standing,
    origin: Origin,
    /// What was found about the input as a whole, by its offsets there.
    of_input: Findings,
    size: usize,
    most: usize,
}

/// A chunk is taken in steps of this many bytes: it may be longer than what is held at once, and what of a step is behind
/// a piece is copied into the next.
const STEP: usize = 1 << 13;

/// Room is made at once for pieces of at most this size.
const ROOM: usize = 4 * STEP;

impl Cutter {
    /// Pieces end at the first place after `size` bytes. One that has no such place within `most` bytes is refused.
    pub fn new(size: usize, most: usize) -> Cutter {
        let room = size.min(most).min(ROOM);
        let mut scanner = Scanner::default();
        scanner.expect(room);
        Cutter {
            input: Input::with_room(room + room.min(STEP)),
            scanner,
            standing: Standing::default(),
            origin: Origin::default(),
            of_input: Findings::at_most(MOST_FINDINGS),
            size: size.max(1),
            most: most.min(LARGEST - STEP),
        }
    }

    /// Adds a chunk, and gives the pieces that are whole.
    pub fn feed(&mut self, chunk: &[u8], versions: &Versions) -> Result<Vec<Piece>, Refusal> {
        let mut pieces = Vec::new();
        for step in chunk.chunks(STEP) {
            self.input.add(step);
            self.step(false, versions, &mut pieces)?;
            if self.input.size() > self.most {
                return Err(Refusal::TooLarge {
                    offset: self.input.base(),
                });
            }
        }
        Ok(pieces)
    }

    /// Says that no more comes, and gives the rest. The last piece may have nothing but findings.
    pub fn close(mut self, versions: &Versions) -> Result<Vec<Piece>, Refusal> {
        let mut pieces = Vec::new();
        self.step(true, versions, &mut pieces)?;
        let document = Document::of(self.input.finish(), self.scanner.take(), self.origin);
        let (envelope, _) = walk_piece(&document, versions, self.standing, None);
        pieces.push(Piece { document, envelope });
        Ok(pieces)
    }

    fn step(
        &mut self,
        last: bool,
        versions: &Versions,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), Refusal> {
        let (decided, wrapped) = self.input.decide(last);
        if let Some(at) = wrapped {
            self.scanner
                .findings
                .push(Finding::at_offset("ISA_WRAPPED", at));
        }
        if !decided {
            return Ok(());
        }
        loop {
            let cut_from = self.input.prefix() + self.size;
            match self.scanner.advance(self.input.text(), last, cut_from)? {
                Stop::Waits => return Ok(()),
                Stop::Boundary(next) => pieces.push(self.cut(next, versions)),
            }
        }
    }

    /// Ends the present piece before the scanner's position, where the segment `next` stands.
    fn cut(&mut self, next: SegmentId, versions: &Versions) -> Piece {
        let at = self.scanner.position();
        let origin = std::mem::take(&mut self.origin);
        let mut document = Document::of(self.input.take(), self.scanner.take(), origin);
        let standing = std::mem::take(&mut self.standing);
        let (envelope, standing) = walk_piece(&document, versions, standing, Some(next));
        let (headers, standing) = standing.copied();
        self.standing = standing;
        for finding in document.own_findings() {
            if finding.offset.is_some() {
                self.of_input.push(finding.clone());
            }
        }
        let mut findings = self.of_input.to_vec();
        for (to, &from) in (0u32..).zip(&headers) {
            let about = document.findings.iter();
            let about = about.filter(|found| found.offset.is_none() && found.segment == from);
            findings.extend(about.cloned().map(|found| Finding {
                segment: to,
                ..found
            }));
        }
        let place = |header: &u32| (document.offset(*header), document.index(*header));
        self.origin = Origin {
            copies: headers.iter().map(place).collect(),
            segment: document.index(document.segments.len() as u32),
            findings: findings.len(),
        };
        let (rest, copies) = document.split_off(at, &headers);
        let prefix = rest.prefix;
        self.input.resume(rest);
        let findings = Findings::after(findings, MOST_FINDINGS);
        self.scanner.restart(copies, prefix, findings);
        self.scanner.expect(self.size.min(ROOM));
        Piece { document, envelope }
    }
}
