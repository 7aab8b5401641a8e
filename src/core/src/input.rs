//! The text that is scanned: what came so far, without the line breaks that wrap it.

use crate::delimiters::{WINDOW, is_wrapped, read_isa};
use memchr::{memchr2_iter, memmem};
use std::ops::Range;

/// More is not held at once: offsets in a text are `u32`.
pub const LARGEST: usize = u32::MAX as usize - 2 * WINDOW;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Undecided,
    Plain,
    Wrapped,
}

/// Takes bytes in chunks of any size.
#[derive(Default)]
pub struct Input {
    part: Part,
    form: Form,
    /// Bytes that came so far.
    came: usize,
    searched: usize,
}

/// A stretch of the input as one text.
#[derive(Default)]
pub struct Part {
    pub text: Vec<u8>,
    /// Bytes at the start of the text that are copied from before the part.
    pub prefix: usize,
    /// Offset in the input of what follows them.
    pub base: usize,
    /// Offsets in the input of line breaks that were taken out, ascending.
    pub removed: Vec<usize>,
}

impl Part {
    /// The offset in the input of place `at` in the text, behind the copies.
    pub fn original(&self, at: usize) -> usize {
        // The i-th removed byte stood before position removed[i] - base - i of the text without them.
        let place = at - self.prefix.min(at);
        let mut low = 0;
        let mut high = self.removed.len();
        while low < high {
            let middle = (low + high) / 2;
            if self.removed[middle] - self.base - middle <= place {
                low = middle + 1
            } else {
                high = middle
            }
        }
        self.base + place + low
    }

    /// Takes away what follows place `at`, as a part that begins with copies of these stretches.
    pub fn split_off(&mut self, at: usize, copies: &[Range<usize>]) -> Part {
        let base = self.original(at);
        let mut text = Vec::with_capacity(self.text.capacity());
        for copy in copies {
            text.extend_from_slice(&self.text[copy.clone()]);
        }
        let prefix = text.len();
        text.extend_from_slice(&self.text[at..]);
        self.text.truncate(at);
        let kept = self.removed.partition_point(|one| *one < base);
        Part {
            text,
            prefix,
            base,
            removed: self.removed.split_off(kept),
        }
    }

    fn unwrap(&mut self, raw: &[u8], offset: usize) {
        let mut from = 0;
        for at in memchr2_iter(b'\r', b'\n', raw) {
            self.text.extend_from_slice(&raw[from..at]);
            self.removed.push(offset + at);
            from = at + 1;
        }
        self.text.extend_from_slice(&raw[from..]);
    }
}

impl Input {
    /// A whole input.
    pub fn of(text: Vec<u8>) -> Input {
        Input {
            came: text.len(),
            part: Part {
                text,
                ..Part::default()
            },
            ..Input::default()
        }
    }

    /// An input whose parts come to about so many bytes.
    pub fn with_room(bytes: usize) -> Input {
        let mut input = Input::default();
        input.part.text.reserve_exact(bytes);
        input
    }

    pub fn text(&self) -> &[u8] {
        &self.part.text
    }

    /// Bytes of the present part, its copies not counted.
    pub fn size(&self) -> usize {
        self.part.text.len() - self.part.prefix
    }

    pub fn prefix(&self) -> usize {
        self.part.prefix
    }

    /// Where the present part begins in the input.
    pub fn base(&self) -> usize {
        self.part.base
    }

    pub fn add(&mut self, chunk: &[u8]) {
        if self.form == Form::Wrapped {
            self.part.unwrap(chunk, self.came);
        } else {
            self.part.text.extend_from_slice(chunk);
        }
        self.came += chunk.len();
    }

    /// Decides by the first ISA that can be read whether the input is wrapped, and gives its offset if it is. False:
    /// more bytes are needed.
    pub fn decide(&mut self, last: bool) -> (bool, Option<usize>) {
        if self.form != Form::Undecided {
            return (true, None);
        }
        while let Some(found) = memmem::find(&self.part.text[self.searched..], b"ISA") {
            let at = self.searched + found;
            let rest = &self.part.text[at..];
            if rest.len() < WINDOW && !last {
                return (false, None);
            }
            let window = &rest[..rest.len().min(WINDOW)];
            if is_wrapped(window) {
                let mut start = Part::default();
                start.unwrap(window, 0);
                if read_isa(&start.text).is_some() {
                    let wrapped = self.part.text.split_off(at);
                    self.part.unwrap(&wrapped, at);
                    self.form = Form::Wrapped;
                    return (true, Some(at));
                }
            } else if read_isa(window).is_some() {
                self.form = Form::Plain;
                return (true, None);
            }
            self.searched = at + 3;
        }
        self.searched = self.part.text.len().saturating_sub(2).max(self.searched);
        if last {
            self.form = Form::Plain;
        }
        (last, None)
    }

    /// Hands over the present part; `resume` gives back the rest of it.
    pub fn take(&mut self) -> Part {
        std::mem::take(&mut self.part)
    }

    /// Goes on with the rest of a part.
    pub fn resume(&mut self, rest: Part) {
        self.part = rest;
    }

    pub fn finish(self) -> Part {
        self.part
    }
}
