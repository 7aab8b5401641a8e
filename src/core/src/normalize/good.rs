//! Segments that were found good, for when they come again: answers repeat their codes and dates endlessly.

use crate::marks::BLOCK;
use std::ops::Range;

/// What stands before and behind the gap of a segment, as words, with zeros for what is not part of it.
#[derive(Clone, Copy)]
struct Key<const BEFORE: usize> {
    before: [u64; BEFORE],
    behind: [u64; BEHIND],
    /// The lengths of both and the sense in which the segment is taken; never 0.
    about: u64,
}

/// Words behind a gap.
const BEHIND: usize = 2;
/// Words before it, of most segments and of all that have a key.
const FEW: usize = 4;
const MANY: usize = 8;

/// Numbers without a pattern, all odd.
const ODD: [u64; MANY + BEHIND + 1] = [
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0x27D4_EB2F_1656_67C5,
    0x85EB_CA77_C2B2_AE63,
    0xA076_1D64_78BD_642F,
    0xE703_7ED1_A0B4_28DB,
    0x8EBC_6AF0_9C88_C6E3,
    0x5899_65CC_7537_4CC3,
    0x1D8E_4E27_C47D_124F,
    0xEB44_ACCA_B455_D165,
];

/// Bytes before the last word of a key.
const BEFORE_LAST: usize = 8 * (MANY - 1);

/// The bytes that count of a word before which `at - BEFORE_LAST` bytes fewer than all that count stand.
const COUNTED: [u64; BEFORE_LAST + BLOCK + 1] = {
    let mut counted = [0; BEFORE_LAST + BLOCK + 1];
    let mut at = BEFORE_LAST;
    while at < counted.len() {
        let count = at - BEFORE_LAST;
        counted[at] = match count {
            0..8 => !(u64::MAX << (8 * count)),
            _ => u64::MAX,
        };
        at += 1;
    }
    counted
};

/// The first `count` bytes of a text as words; None if they are too many, or near the text's end.
#[inline(always)]
fn words<const WORDS: usize>(text: &[u8], count: usize) -> Option<[u64; WORDS]> {
    let (words, _) = text.as_chunks::<8>();
    let words: &[[u8; 8]; WORDS] = words.first_chunk()?;
    let counted: &[u64; BEFORE_LAST + 1] = COUNTED.get(count..)?.first_chunk()?;
    let word = |at: usize| u64::from_le_bytes(words[at]) & counted[BEFORE_LAST - 8 * at];
    (count <= 8 * WORDS).then(|| std::array::from_fn(word))
}

impl<const BEFORE: usize> Key<BEFORE> {
    /// The first `length` bytes of a text without those in the gap. None if they are too many, or near the text's end.
    #[inline(always)]
    fn of(text: &[u8], length: usize, gap: Range<usize>, sense: u32) -> Option<Key<BEFORE>> {
        let left = length.checked_sub(gap.end)?;
        let lengths = (gap.start << 8 | left) as u64;
        Some(Key {
            before: words(text, gap.start)?,
            // Most have nothing there.
            behind: if left == 0 {
                [0; BEHIND]
            } else {
                words(text.get(gap.end..)?, left)?
            },
            about: u64::from(sense) << 16 | lengths,
        })
    }

    #[inline(always)]
    fn hash(&self) -> u64 {
        let mut hash = self.about.wrapping_mul(ODD[MANY + BEHIND]);
        // The products do not wait for each other.
        for (word, odd) in self.before.iter().zip(ODD) {
            hash = hash.wrapping_add(word.wrapping_mul(odd));
        }
        for (word, odd) in self.behind.iter().zip(&ODD[MANY..]) {
            hash = hash.wrapping_add(word.wrapping_mul(*odd));
        }
        hash
    }

    #[inline(always)]
    fn is(&self, other: &Key<BEFORE>) -> bool {
        let mut differs = self.about ^ other.about;
        for (one, other) in self.before.iter().zip(&other.before) {
            differs |= one ^ other;
        }
        for (one, other) in self.behind.iter().zip(&other.behind) {
            differs |= one ^ other;
        }
        differs == 0
    }
}

/// The keys that came last; each takes the place of another one.
struct Keys<const BEFORE: usize> {
    places: Vec<Key<BEFORE>>,
    /// Bits of a hash that do not count: the low ones, which know little of the bytes.
    low: u32,
}

impl<const BEFORE: usize> Keys<BEFORE> {
    /// None, with this many places as a power of two.
    fn new(places: u32) -> Keys<BEFORE> {
        let none = Key {
            before: [0; BEFORE],
            behind: [0; BEHIND],
            about: 0,
        };
        Keys {
            places: vec![none; 1 << places],
            low: u64::BITS - places,
        }
    }

    #[inline(always)]
    fn has(&mut self, key: Option<Key<BEFORE>>, is_good: impl FnOnce() -> bool) -> bool {
        let Some(key) = key else { return false };
        let Some(place) = self.places.get_mut((key.hash() >> self.low) as usize) else {
            return false;
        };
        if place.is(&key) {
            return true;
        }
        let good = is_good();
        if good {
            *place = key;
        }
        good
    }
}

/// Segments that were found good, each without the bytes in a gap, which may be anything.
pub struct Good {
    few: Keys<FEW>,
    many: Keys<MANY>,
}

impl Default for Good {
    fn default() -> Good {
        Good {
            few: Keys::new(9),
            many: Keys::new(7),
        }
    }
}

impl Good {
    /// True if the first `length` bytes of a text, without those in the gap, are known or now found to be good. The
    /// gap is not at the start. False also if they are too many, or near the text's end.
    #[inline(always)]
    pub fn has(
        &mut self,
        text: &[u8],
        length: usize,
        gap: Range<usize>,
        sense: u32,
        is_good: impl FnOnce() -> bool,
    ) -> bool {
        if gap.start <= 8 * FEW {
            let key = Key::of(text, length, gap, sense);
            self.few.has(key, is_good)
        } else {
            let key = Key::of(text, length, gap, sense);
            self.many.has(key, is_good)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(text: &str) -> Vec<u8> {
        [text.as_bytes(), &[b'?'; 2 * BLOCK]].concat()
    }

    /// True if the second text is taken for the first, which is good.
    fn same(one: &str, gap: Range<usize>, other: &str, other_gap: Range<usize>) -> bool {
        let mut good = Good::default();
        assert!(good.has(&room(one), one.len(), gap, 1, || true), "{one}");
        good.has(&room(other), other.len(), other_gap, 1, || false)
    }

    #[test]
    fn a_segment_is_known_only_if_all_outside_the_gap_is_the_same() {
        let long = "EB*1**1^33^35^47^48^50^86^88^98^AL^MH^UC*";
        let longer = format!("{long}^A9");
        let texts = [
            "A",
            "B",
            "AB",
            "ABC",
            "A\0",
            "A\0\0",
            "ABCDEFG",
            "ABCDEFGH",
            "ABCDEFGHI",
            long,
            &longer,
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFH",
        ];
        for one in texts {
            for other in texts {
                let is_same = same(one, one.len()..one.len(), other, other.len()..other.len());
                assert_eq!(is_same, one == other, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_stands_in_the_gap_does_not_count_and_all_else_does() {
        assert!(same("EB*C*1500*Y", 5..9, "EB*C*20*Y", 5..7));
        assert!(!same("EB*C*1500*Y", 5..9, "EB*C*1500*N", 5..9));
        assert!(!same("EB*C*1500*Y", 5..9, "EB*B*1500*Y", 5..9));
        assert!(!same("EB*C*1500*Y", 5..9, "EB*C*1500*YY", 5..9));
        assert!(!same("ABCD", 2..3, "ABCD", 3..3));
        assert!(!same("ABxCD", 2..3, "ABCxD", 3..4));
    }

    #[test]
    fn what_was_not_good_is_asked_again_and_a_sense_is_its_own() {
        let mut good = Good::default();
        let text = room("EB*1");
        for (sense, is_good, found) in [
            (1, false, false),
            (1, true, true),
            (1, false, true),
            (2, false, false),
        ] {
            assert_eq!(good.has(&text, 4, 4..4, sense, || is_good), found);
        }
    }

    #[test]
    fn what_is_long_or_near_the_end_is_not_known() {
        let mut good = Good::default();
        let mut has = |text: &[u8], length, gap| good.has(text, length, gap, 1, || true);
        let text = room(&"A".repeat(BLOCK + 1));
        assert!(has(&text, BLOCK, BLOCK..BLOCK));
        assert!(!has(&text, BLOCK + 1, BLOCK + 1..BLOCK + 1));
        assert!(has(&text, 20, 2..4));
        assert!(!has(&text, 21, 2..4));
        assert!(!has(b"EB*1", 4, 4..4));
        assert!(!has(&text[..40], 39, 2..30));
    }

    #[test]
    fn each_of_many_segments_stays_itself() {
        let mut good = Good::default();
        for round in 0..2 {
            for number in 0..5000 {
                let text = format!("EB*{number}");
                let is_good = number % 3 == 0;
                let found = good.has(&room(&text), text.len(), text.len()..text.len(), 1, || {
                    is_good
                });
                assert_eq!(found, is_good, "{round} {text}");
            }
        }
    }
}
