//! The segments that are whole and no header or trailer of an interchange, which are nearly all: many bytes at a time.

use super::Scanner;
use crate::between::is_padding;
use crate::delimiters::Delimiters;
use crate::marks::{BLOCK, Bits, marks};
use crate::scan::{LONG, Segment, SegmentId};
use crate::segment::is_around;

/// What is cut, and from which place on nothing that begins something.
#[derive(Clone, Copy)]
struct Run<'t> {
    text: &'t [u8],
    delimiters: Delimiters,
    cut_from: usize,
}

impl Scanner {
    /// Cuts segments as long as they are plain and a whole block of text is there; from offset `cut_from` on none that
    /// begins something.
    pub(super) fn take_plain(&mut self, text: &[u8], cut_from: usize) {
        let Some(delimiters) = self.current.filter(|_| !self.after_iea) else {
            return;
        };
        self.heads.use_for(delimiters.element);
        let before = self.segments.len();
        let run = Run {
            text,
            delimiters,
            cut_from,
        };
        self.position = self.take_blocks(&run) as usize;
        self.after_empty &= self.segments.len() == before;
    }

    /// Where the next segment starts that was not cut. A text's places are `u32`, as a segment holds them.
    #[inline(never)]
    fn take_blocks(&mut self, run: &Run<'_>) -> u32 {
        let text = run.text.get(self.position..).unwrap_or(b"");
        let (mut start, mut base) = (self.position as u32, self.position as u32);
        let mut bits = Bits::default();
        'blocks: for block in text.as_chunks::<BLOCK>().0 {
            bits.add(block);
            let mut marks = marks(block, run.delimiters.terminator);
            // Of the segments that end in one block only the first can be long.
            let mut may_be_long = true;
            while marks != 0 {
                let stop = base + marks.trailing_zeros();
                if may_be_long && stop.wrapping_sub(start) > LONG as u32 {
                    self.note_long();
                }
                may_be_long = false;
                marks &= marks - 1;
                let id = match self.heads.known(run.text, start) {
                    Some(id) => id,
                    None => {
                        let (from, id) = self.look(run, start, stop);
                        start = from;
                        match id {
                            Some(id) => id,
                            None => break 'blocks,
                        }
                    }
                };
                self.segments.push(Segment {
                    start,
                    end: stop,
                    id,
                });
                start = stop + 1;
            }
            base += BLOCK as u32;
        }
        self.noted.is_ascii &= bits.are_ascii();
        start
    }

    /// Where what ends at `stop` starts if it is not as simple as most, and its identifier if it is plain.
    #[inline(never)]
    fn look(&mut self, run: &Run<'_>, start: u32, stop: u32) -> (u32, Option<SegmentId>) {
        let (start, is_plain) = skip_to_plain(run, start as usize);
        let next = start as u32;
        // Padding may hold terminators, if those are line ends: what starts behind it does not end at this one.
        let body = run.text.get(start..stop as usize).filter(|_| is_plain);
        let Some(body) = body else {
            return (next, None);
        };
        let id = self.heads.id(run.text, next, body);
        if start >= run.cut_from && self.begins(id) {
            return (next, None);
        }
        if is_around(id) {
            self.noted.around.push(self.segments.len() as u32);
        }
        (next, Some(id))
    }
}

/// Passes over padding: where it ends, and whether a plain segment starts there.
fn skip_to_plain(run: &Run<'_>, mut start: usize) -> (usize, bool) {
    loop {
        match run.text.get(start..).unwrap_or(b"") {
            [b'I', b'S' | b'E', ..] | [b'I'] => return (start, false),
            [b'A'..=b'Z', ..] => return (start, true),
            [byte, ..] if is_padding(*byte, Some(run.delimiters)) => start += 1,
            _ => return (start, false),
        }
    }
}
