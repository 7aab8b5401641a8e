//! Where one byte stands in a text: a bit for each of 64 bytes at a time.

use wide::u8x16;

/// Bytes that are looked at together.
pub const BLOCK: usize = 64;

/// A bit for each byte of a block that is `byte`, the first one lowest.
#[inline]
pub fn marks(block: &[u8; BLOCK], byte: u8) -> u64 {
    let sought = u8x16::splat(byte);
    let quarter = |at: usize| {
        let bytes = std::array::from_fn(|byte| block[at + byte]);
        u64::from(u8x16::new(bytes).simd_eq(sought).to_bitmask())
    };
    quarter(0) | quarter(16) << 16 | quarter(32) << 32 | quarter(48) << 48
}

/// `marks` of the first bytes of a text, of which there may be fewer.
#[inline]
pub fn first_marks(text: &[u8], byte: u8) -> u64 {
    match text.first_chunk::<BLOCK>() {
        Some(block) => marks(block, byte),
        None => marks_of_rest(text, byte),
    }
}

#[cold]
fn marks_of_rest(text: &[u8], byte: u8) -> u64 {
    let mut block = [!byte; BLOCK];
    block[..text.len()].copy_from_slice(text);
    marks(&block, byte)
}

/// A bit for each byte of a block that has this bit itself, the first one lowest.
#[inline]
pub fn with_bit(block: &[u8; BLOCK], bit: u32) -> u64 {
    let sought = u8x16::splat(1 << (bit & 7));
    let quarter = |at: usize| {
        let bytes = u8x16::new(std::array::from_fn(|byte| block[at + byte]));
        u64::from((bytes & sought).simd_eq(sought).to_bitmask())
    };
    quarter(0) | quarter(16) << 16 | quarter(32) << 32 | quarter(48) << 48
}

/// The places of a byte in a text, in order.
pub struct Places<'t> {
    text: &'t [u8],
    byte: u8,
    /// Where the present block begins.
    base: usize,
    /// Its places that were not given yet.
    marks: u64,
}

impl<'t> Places<'t> {
    /// Those from `start` on.
    pub fn of(text: &'t [u8], byte: u8, start: usize) -> Places<'t> {
        Places {
            text,
            byte,
            base: start,
            marks: first_marks(text.get(start..).unwrap_or(b""), byte),
        }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.marks == 0 {
            let base = self.base + BLOCK;
            let rest = self.text.get(base..).filter(|rest| !rest.is_empty())?;
            self.marks = first_marks(rest, self.byte);
            self.base = base;
        }
        let place = self.base + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_a_plain_search_finds() {
        for length in [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 200] {
            for step in [1, 2, 3, 7, 64, 65, 1000] {
                let byte = |at: usize| {
                    if at % step == step - 1 {
                        b'~'
                    } else {
                        b'~' ^ 0x80
                    }
                };
                let text: Vec<u8> = (0..length).map(byte).collect();
                for start in [0, 1, 5, 63, 64, 100, 300] {
                    let plain = (start..length).filter(|at| text[*at] == b'~');
                    assert!(
                        Places::of(&text, b'~', start).eq(plain),
                        "{length} {step} {start}"
                    );
                }
            }
        }
    }

    #[test]
    fn bytes_with_a_bit_are_marked() {
        let block: [u8; BLOCK] = std::array::from_fn(|at| (at * 37) as u8);
        for bit in 0..8 {
            let plain = (0..BLOCK).filter(|at| block[*at] >> bit & 1 == 1);
            let plain = plain.fold(0, |set, at| set | 1u64 << at);
            assert_eq!(with_bit(&block, bit), plain, "{bit}");
        }
    }
}
