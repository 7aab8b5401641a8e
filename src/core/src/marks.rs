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

/// All bits that some blocks' bytes have.
#[derive(Clone, Copy, Default)]
pub struct Bits(u8x16);

impl Bits {
    #[inline]
    pub fn add(&mut self, block: &[u8; BLOCK]) {
        let quarter = |at: usize| u8x16::new(std::array::from_fn(|byte| block[at + byte]));
        self.0 = self.0 | (quarter(0) | quarter(16)) | (quarter(32) | quarter(48));
    }

    pub fn are_ascii(self) -> bool {
        self.0.to_bitmask() == 0
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_where_a_plain_search_finds_the_byte() {
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
                let marks = first_marks(&text, b'~');
                for at in 0..BLOCK {
                    let is_there = text.get(at) == Some(&b'~');
                    assert_eq!(marks >> at & 1 != 0, is_there, "{length} {step} {at}");
                }
            }
        }
    }

    #[test]
    fn bits_are_ascii_until_a_byte_is_not() {
        for at in 0..BLOCK {
            let mut bits = Bits::default();
            let mut block = [0x7F; BLOCK];
            bits.add(&block);
            assert!(bits.are_ascii());
            block[at] = 0x80;
            bits.add(&block);
            bits.add(&[b'A'; BLOCK]);
            assert!(!bits.are_ascii(), "{at}");
        }
    }
}
