//! Some bytes that a text is compared with, all at once.

use wide::u8x16;

/// Bytes that are compared at once.
pub const STEP: usize = 16;

/// Bytes of a part, at most.
const LONGEST: usize = 2 * STEP;

/// As many ones as a part may have bytes, and as many zeros.
const ONES_AND_ZEROS: [u8; 2 * LONGEST] = {
    let mut bytes = [0; 2 * LONGEST];
    let mut at = 0;
    while at < LONGEST {
        bytes[at] = u8::MAX;
        at += 1;
    }
    bytes
};

/// Some bytes, at most `STEPS * STEP`.
#[derive(Clone, Copy)]
pub struct Part<const STEPS: usize> {
    bytes: [u8x16; STEPS],
    /// Ones where they count.
    counted: [u8x16; STEPS],
}

#[inline(always)]
fn steps<const STEPS: usize>(text: &[u8]) -> Option<[u8x16; STEPS]> {
    let (steps, _) = text.as_chunks::<STEP>();
    let steps = steps.first_chunk::<STEPS>()?;
    Some(steps.map(u8x16::new))
}

impl<const STEPS: usize> Part<STEPS> {
    /// None: every text begins so.
    pub const NONE: Part<STEPS> = Part {
        bytes: [u8x16::ZERO; STEPS],
        counted: [u8x16::ZERO; STEPS],
    };

    /// The first `length` bytes of a text; None if they are too many, or near the text's end.
    #[inline(always)]
    pub fn of(text: &[u8], length: usize) -> Option<Part<STEPS>> {
        if length > STEPS * STEP {
            return None;
        }
        let counted = steps(ONES_AND_ZEROS.get(LONGEST.checked_sub(length)?..)?)?;
        let text: [u8x16; STEPS] = steps(text)?;
        Some(Part {
            bytes: std::array::from_fn(|at| text[at] & counted[at]),
            counted,
        })
    }

    /// True if a text begins with it and does not end soon after.
    #[inline(always)]
    pub fn begins(&self, text: &[u8]) -> bool {
        let Some(text) = steps::<STEPS>(text) else {
            return false;
        };
        let differs = (0..STEPS).fold(u8x16::ZERO, |all, at| {
            all | (text[at] ^ self.bytes[at]) & self.counted[at]
        });
        differs.simd_eq(u8x16::ZERO).to_bitmask() == 0xFFFF
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_a_part_if_all_its_bytes_are_there() {
        let text: Vec<u8> = (1..=40).collect();
        for length in 0..=2 * STEP {
            let part = Part::<2>::of(&text, length);
            let begins = |text: &[u8]| part.map(|part| part.begins(text));
            for at in 0..2 * STEP {
                let mut other = text.clone();
                other[at] ^= 0x80;
                assert_eq!(begins(&other), Some(at >= length), "{length} {at}");
            }
            assert_eq!(begins(&text[..2 * STEP - 1]), Some(false));
        }
        assert!(Part::<2>::of(&text, 2 * STEP + 1).is_none());
        assert!(Part::<1>::of(&text, STEP + 1).is_none());
        assert!(Part::<2>::of(&text[..2 * STEP - 1], 1).is_none());
        assert!(Part::<2>::NONE.begins(&text));
    }
}
