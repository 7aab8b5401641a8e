//! Rows of the benefits that are put into the columns together, column by column.

use super::grown::{Bits, TOGETHER};
use super::image::{CODED, CODES, Image, SERVICE, sent_code};
use super::short::Short;
use crate::marks::with_bit;
use crate::normalize::rows::Row;

/// What some lines say, an EB segment for one code of EB03 each.
pub struct Lines {
    count: usize,
    texts: [[Short; TOGETHER]; CODES.len()],
    places: [[i16; TOGETHER]; CODED.len()],
    quantities: [i64; TOGETHER],
    /// What of it each line says, a byte of the bits after the other.
    says: [[u8; TOGETHER]; 4],
    /// What any of them says.
    any: u32,
    /// Index of the EB's row among the patient's.
    rows: [u32; TOGETHER],
    /// Number of the code among those of EB03, from 1.
    repetitions: [u32; TOGETHER],
    /// The EB.
    segments: [u32; TOGETHER],
    /// Where the code stands in EB03.
    codes: [Part; TOGETHER],
}

/// A part of an element: where it begins, and how long it is.
pub type Part = (u32, u32);

/// All of an element.
pub const WHOLE: Part = (0, u32::MAX);

impl Lines {
    pub fn new() -> Lines {
        Lines {
            count: 0,
            texts: [[Short::EMPTY; TOGETHER]; _],
            places: [[0; TOGETHER]; _],
            quantities: [0; TOGETHER],
            says: [[0; TOGETHER]; _],
            any: 0,
            rows: [0; TOGETHER],
            repetitions: [0; TOGETHER],
            segments: [0; TOGETHER],
            codes: [WHOLE; TOGETHER],
        }
    }

    pub fn clear(&mut self) {
        (self.count, self.any) = (0, 0);
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_full(&self) -> bool {
        self.count == TOGETHER
    }

    /// Adds a line; there is none after the last that fits.
    #[inline(always)]
    pub fn push(&mut self, image: &Image, (row, segment): (u32, u32), repetition: u32, code: Part) {
        let at = self.count % TOGETHER;
        self.count = at + 1;
        for (texts, text) in self.texts.iter_mut().zip(image.texts) {
            texts[at] = text;
        }
        for (places, place) in self.places.iter_mut().zip(image.places) {
            places[at] = place;
        }
        self.quantities[at] = image.quantity;
        for (says, byte) in self.says.iter_mut().zip(image.says.to_le_bytes()) {
            says[at] = byte;
        }
        self.any |= image.says;
        self.rows[at] = row;
        self.repetitions[at] = repetition;
        self.segments[at] = segment;
        self.codes[at] = code;
    }

    /// True if any line says it.
    #[inline]
    pub fn any(&self, what: u32) -> bool {
        self.any & what != 0
    }

    /// True if a line says it.
    #[cfg(test)]
    fn has(&self, at: usize, what: u32) -> bool {
        let says = self.says.map(|byte| byte[at % TOGETHER]);
        u32::from_le_bytes(says) & what != 0
    }

    /// Which lines say it: one thing.
    #[inline]
    pub fn said(&self, what: u32) -> Bits {
        let bit = what.trailing_zeros();
        let says = &self.says[bit as usize / 8 % 4];
        let (blocks, _) = says.as_chunks::<64>();
        // What stands behind the last line is an earlier one's.
        let mut said = Bits::all(self.count);
        for (set, block) in said.set.iter_mut().zip(blocks) {
            *set &= with_bit(block, bit);
        }
        said
    }

    pub fn texts(&self, at: usize) -> &[Short] {
        &self.texts[at][..self.count]
    }

    pub fn places(&self, at: usize) -> &[i16] {
        &self.places[at][..self.count]
    }

    pub fn quantities(&self) -> &[i64] {
        &self.quantities[..self.count]
    }

    pub fn rows(&self) -> &[u32] {
        &self.rows[..self.count]
    }

    pub fn segments(&self) -> &[u32] {
        &self.segments[..self.count]
    }

    pub fn repetitions(&self) -> &[u32] {
        &self.repetitions[..self.count]
    }

    /// A code of each line as it was sent, also a long one.
    pub fn sent<'l, 'a>(
        &'l self,
        rows: &'l [Row<'a>],
        at: usize,
    ) -> impl Iterator<Item = &'a [u8]> + use<'l, 'a> {
        self.rows().iter().zip(&self.codes).map(move |(row, code)| {
            let sent = rows.get(*row as usize);
            let sent = sent.map_or(b"".as_slice(), |row| sent_code(row, at));
            if at != SERVICE {
                return sent;
            }
            let rest = sent.get(code.0 as usize..).unwrap_or(b"");
            rest.get(..code.1 as usize).unwrap_or(rest).trim_ascii()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lines_say_is_told_of_those_that_are_there() {
        let mut lines = Lines::new();
        for count in [TOGETHER, 70, 64, 3, 0, 65] {
            lines.clear();
            for line in 0..count {
                let mut image = Image::BLANK;
                image.says = (line as u32).wrapping_mul(0x9E37_79B9);
                lines.push(&image, (line as u32, 0), 1, WHOLE);
            }
            assert_eq!(lines.is_full(), count == TOGETHER);
            assert_eq!((lines.rows().len(), lines.len()), (count, count));
            for bit in 0..u32::BITS {
                let said = lines.said(1 << bit);
                let rows = (0..count).filter(|line| lines.has(*line, 1 << bit));
                assert!(said.rows().eq(rows), "{count} {bit}");
                for line in 0..TOGETHER {
                    let told = said.set[line / 64] >> (line % 64) & 1 == 1;
                    let is_said = line < count && lines.has(line, 1 << bit);
                    assert_eq!(told, is_said, "{count} {line} {bit}");
                    assert!(!is_said || lines.any(1 << bit));
                }
            }
        }
    }
}
