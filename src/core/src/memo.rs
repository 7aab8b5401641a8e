//! What was found out about a short text, for when it comes again: answers repeat their codes and dates endlessly.

use crate::marks::{BLOCK, QUARTER, alike, alike_quarter};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes before the gap of a text, at most.
const MOST_BEFORE: usize = BLOCK;
/// Bytes behind it, at most.
const MOST_BEHIND: usize = QUARTER;

/// A short text, or what stands before and behind a gap in it.
#[derive(Clone, Copy)]
pub struct Key<'t> {
    before: &'t [u8; BLOCK],
    behind: &'t [u8; QUARTER],
    /// How many bytes of them count, and what else does.
    about: About,
    hash: u64,
}

/// The lengths before and behind the gap, and the sense in which the text is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
struct About {
    before: u8,
    behind: u8,
    sense: u32,
}

/// The first bytes of eight, without the others.
#[inline]
fn first(bytes: Option<&[u8; 8]>, count: usize) -> u64 {
    let word = bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    match count {
        0 => 0,
        1..8 => word & !(u64::MAX << (8 * count)),
        _ => word,
    }
}

impl<'t> Key<'t> {
    /// The first `length` bytes of a text without those in the gap. None if they are too many, or near the text's end.
    #[inline]
    pub fn of(text: &'t [u8], length: usize, gap: std::ops::Range<usize>) -> Option<Key<'t>> {
        let before: &[u8; BLOCK] = text.first_chunk()?;
        let behind: &[u8; QUARTER] = text.get(gap.end..)?.first_chunk()?;
        let left = length.checked_sub(gap.end)?;
        if gap.start > MOST_BEFORE || left > MOST_BEHIND {
            return None;
        }
        // The numbers are odd and have no pattern; the products do not wait for each other.
        let (words, _) = before.as_chunks::<8>();
        let word = |at: usize| first(words.get(at), gap.start.saturating_sub(8 * at));
        let hash = word(0)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(word(1).wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
            .wrapping_add(word(2).wrapping_mul(0x1656_67B1_9E37_79F9))
            .wrapping_add(word(3).wrapping_mul(0x27D4_EB2F_1656_67C5))
            .wrapping_add(first(behind.first_chunk(), left).wrapping_mul(0x85EB_CA77_C2B2_AE63));
        Some(Key {
            before,
            behind,
            about: About {
                before: gap.start as u8,
                behind: left as u8,
                sense: 0,
            },
            hash,
        })
    }

    /// The same text in this sense, which is its own key.
    #[inline]
    pub fn in_sense(mut self, sense: u32) -> Key<'t> {
        self.about.sense = sense;
        self
    }
}

/// A key that was put in, and what was found out about it.
struct Place<T> {
    before: [u8; BLOCK],
    behind: [u8; QUARTER],
    about: Option<About>,
    found: T,
    number: u64,
}

impl<T> Place<T> {
    #[inline]
    fn is_of(&self, key: &Key<'_>) -> bool {
        let differs = |alike: u64, count: u8| {
            let counted = if count as usize >= BLOCK {
                u64::MAX
            } else {
                !(u64::MAX << count)
            };
            !alike & counted != 0
        };
        self.about == Some(key.about)
            && !differs(alike(&self.before, key.before), key.about.before)
            && !differs(alike_quarter(&self.behind, key.behind), key.about.behind)
    }
}

/// What was found out about the keys that came last; each takes the place of another one.
pub struct Memo<T> {
    places: Vec<Place<T>>,
}

/// Places of a memo, as a power of two.
const PLACES: u32 = 9;

/// How many keys the memos have taken in.
static TAKEN: AtomicU64 = AtomicU64::new(1);

/// The number of no finding.
pub const UNKNOWN: u64 = 0;

impl<T: Copy> Memo<T> {
    /// Knows nothing; `blank` fills its places.
    pub fn new(blank: T) -> Memo<T> {
        let place = |_| Place {
            before: [0; BLOCK],
            behind: [0; QUARTER],
            about: None,
            found: blank,
            number: UNKNOWN,
        };
        Memo {
            places: (0..1 << PLACES).map(place).collect(),
        }
    }

    /// What is known of a key, or else is found out now.
    #[inline]
    pub fn get(&mut self, key: Key<'_>, find: impl FnOnce() -> T) -> T {
        self.numbered(key, find).0
    }

    /// The same, and the number of the finding, which no other one ever has.
    #[inline]
    pub fn numbered(&mut self, key: Key<'_>, find: impl FnOnce() -> T) -> (T, u64) {
        let at = (key.hash >> (u64::BITS - PLACES)) as usize;
        let place = &mut self.places[at];
        if !place.is_of(&key) {
            *place = Place {
                before: *key.before,
                behind: *key.behind,
                about: Some(key.about),
                found: find(),
                number: TAKEN.fetch_add(1, Ordering::Relaxed) << PLACES | at as u64,
            };
        }
        (place.found, place.number)
    }
}

/// What else was found out about keys, by the numbers of their findings in a memo.
pub struct Beside<T> {
    found: Vec<(u64, T)>,
}

impl<T: Copy> Beside<T> {
    /// Knows nothing; `blank` fills its places.
    pub fn new(blank: T) -> Beside<T> {
        Beside {
            found: vec![(UNKNOWN, blank); 1 << PLACES],
        }
    }

    /// What is known under a number, or else is found out now.
    #[inline]
    pub fn get(&mut self, number: u64, find: impl FnOnce() -> T) -> &T {
        let at = number as usize & ((1 << PLACES) - 1);
        let (known, found) = &mut self.found[at];
        if *known != number || number == UNKNOWN {
            (*known, *found) = (number, find());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;

    /// True if a memo takes two texts with gaps for the same.
    fn same(one: &str, gap: Range<usize>, other: &str, other_gap: Range<usize>) -> bool {
        let (one, other) = (
            (room(one), one.len(), gap),
            (room(other), other.len(), other_gap),
        );
        let mut memo = Memo::new(0);
        let mut put = |(text, length, gap): &(Vec<u8>, usize, Range<usize>), value| {
            Key::of(text, *length, gap.clone()).map(|key| memo.get(key, || value))
        };
        assert_eq!(put(&one, 1), Some(1));
        put(&other, 2) == Some(1)
    }

    fn room(text: &str) -> Vec<u8> {
        [text.as_bytes(), &[b'?'; 2 * BLOCK]].concat()
    }

    #[test]
    fn keys_are_the_same_only_if_the_texts_are() {
        let texts = [
            "",
            "A",
            "AB",
            "ABC",
            "ABCDEFGH",
            "ABCDEFGHI",
            "ABCDEFG",
            "\0",
            "\0\0",
            "B",
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
        assert!(!same("ABCD", 2..3, "ABCD", 3..3));
        assert!(!same("ABxCD", 2..3, "ABCxD", 3..4));
    }

    #[test]
    fn a_text_in_another_sense_is_another_key() {
        let text = room("AB");
        let mut memo = Memo::new(0);
        for round in 0..2 {
            for sense in 1..4 {
                let found =
                    Key::of(&text, 2, 2..2).map(|key| memo.get(key.in_sense(sense), || sense));
                assert_eq!(found, Some(sense), "{round}");
            }
        }
    }

    #[test]
    fn what_is_long_or_near_the_end_has_no_key() {
        let long = "A".repeat(BLOCK + 1);
        let long = (room(&long), long.len());
        assert!(Key::of(&long.0, long.1, 0..0).is_none());
        assert!(Key::of(&long.0, long.1, long.1..long.1).is_none());
        assert!(Key::of(b"A", 1, 1..1).is_none());
    }

    #[test]
    fn a_memo_gives_what_was_found_of_this_key() {
        let mut memo = Memo::new(0);
        for round in 0..2 {
            for number in 0..5000usize {
                let text = number.to_string();
                let (text, length) = (room(&text), text.len());
                let key = Key::of(&text, length, length..length);
                let found = key.map(|key| memo.get(key, || number));
                assert_eq!(found, Some(number), "{round}");
            }
        }
    }

    #[test]
    fn what_stands_beside_is_that_of_the_same_finding() {
        let mut memos = [Memo::new(0), Memo::new(0)];
        let mut beside = Beside::new(0);
        for round in 0..2 {
            for number in 0..2000usize {
                let text = number.to_string();
                let (text, length) = (room(&text), text.len());
                for (which, memo) in memos.iter_mut().enumerate() {
                    let key = Key::of(&text, length, length..length);
                    let (_, at) = key.map_or((0, UNKNOWN), |key| memo.numbered(key, || number));
                    let value = number + which;
                    assert_eq!(*beside.get(at, || value), value, "{round}");
                    assert_eq!(*beside.get(at, || usize::MAX), value, "{round}");
                }
            }
        }
        assert_eq!(*beside.get(UNKNOWN, || 1), 1);
        assert_eq!(*beside.get(UNKNOWN, || 2), 2);
    }
}
