//! What was found out about a short text, for when it comes again: answers repeat their codes and dates endlessly.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes before the gap that are compared at once.
const BLOCK: usize = 32;
/// Bytes before the gap of a text, at most.
const MOST_BEFORE: usize = 2 * BLOCK;
/// Bytes behind it, at most.
const MOST_BEHIND: usize = 16;

/// Some bytes as numbers, zeros where there are none.
type Words<const COUNT: usize> = [u64; COUNT];

/// The first bytes of a text but for a gap; what stands behind them is only there to be read past.
#[derive(Clone, Copy)]
pub struct Key<'t> {
    pub text: &'t [u8],
    pub length: usize,
    /// Where the gap starts and ends; both the length if there is none.
    pub gap: (usize, usize),
    /// The sense in which the text is taken: in another one it is another key.
    pub sense: u32,
}

/// What is compared of a key.
struct Sought {
    before: Words<4>,
    /// What follows in a longer text.
    then: Words<4>,
    behind: Words<2>,
    /// The lengths before and behind the gap, and the sense.
    about: u64,
    hash: u64,
}

/// The bits that the first bytes of a block have, by their count.
const MASKS: [Words<4>; BLOCK + 1] = {
    let mut masks = [[0; 4]; BLOCK + 1];
    let mut count = 0;
    while count < BLOCK {
        masks[count + 1] = masks[count];
        masks[count + 1][count / 8] |= 0xFF << (count % 8 * 8);
        count += 1;
    }
    masks
};

/// The first bytes of a block.
#[inline]
fn first<const COUNT: usize, const WORDS: usize>(
    block: &[u8; COUNT],
    count: usize,
) -> Words<WORDS> {
    let (words, _) = block.as_chunks::<8>();
    let mask = &MASKS[count.min(BLOCK)];
    std::array::from_fn(|at| u64::from_le_bytes(words[at]) & mask[at])
}

impl Sought {
    /// The place that it has in a memo.
    #[inline(always)]
    fn place(&self) -> usize {
        (self.hash >> (u64::BITS - PLACES)) as usize
    }
}

impl Key<'_> {
    /// None if it is too long, or near the text's end.
    #[inline(always)]
    fn sought(&self) -> Option<Sought> {
        let (start, end) = self.gap;
        let left = self.length.checked_sub(end)?;
        if start > MOST_BEFORE || left > MOST_BEHIND {
            return None;
        }
        let before = first(self.text.first_chunk::<BLOCK>()?, start);
        let behind = first(self.text.get(end..)?.first_chunk::<MOST_BEHIND>()?, left);
        // The numbers are odd and have no pattern; the products do not wait for each other.
        let mut hash = before[0]
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(before[1].wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
            .wrapping_add(before[2].wrapping_mul(0x1656_67B1_9E37_79F9))
            .wrapping_add(before[3].wrapping_mul(0x27D4_EB2F_1656_67C5))
            .wrapping_add(behind[0].wrapping_mul(0x85EB_CA77_C2B2_AE63));
        let mut then = [0; 4];
        if start > BLOCK {
            then = first(
                self.text.get(BLOCK..)?.first_chunk::<BLOCK>()?,
                start - BLOCK,
            );
            let more = then
                .iter()
                .fold(0u64, |all, word| all.rotate_left(13) ^ word);
            hash = hash.wrapping_add(more.wrapping_mul(0x9E37_79B1_85EB_CA87));
        }
        Some(Sought {
            before,
            then,
            behind,
            about: u64::from(self.sense) << 16 | (left << 8 | start) as u64,
            hash,
        })
    }
}

/// A key that was put in: what is compared first, in one line of the processor's cache.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Place {
    before: Words<4>,
    behind: Words<2>,
    about: u64,
    /// Of what was found out about it.
    number: u64,
}

/// What no key is about.
const NOTHING: u64 = u64::MAX;

#[inline(always)]
fn differs<const COUNT: usize>(one: &Words<COUNT>, other: &Words<COUNT>) -> u64 {
    let pairs = one.iter().zip(other);
    pairs.fold(0, |all, (one, other)| all | (one ^ other))
}

impl Place {
    #[inline(always)]
    fn is_of(&self, key: &Sought) -> bool {
        let differs_first = differs(&self.before, &key.before)
            | differs(&self.behind, &key.behind)
            | (self.about ^ key.about);
        differs_first == 0
    }
}

/// What was found out about the keys that came last; each takes the place of another one.
pub struct Memo<T> {
    places: Vec<Place>,
    /// Of longer texts.
    then: Vec<Words<4>>,
    found: Vec<T>,
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
        let none = Place {
            before: [0; 4],
            behind: [0; 2],
            about: NOTHING,
            number: UNKNOWN,
        };
        Memo {
            places: vec![none; 1 << PLACES],
            then: vec![[0; 4]; 1 << PLACES],
            found: vec![blank; 1 << PLACES],
        }
    }

    /// What is known of a key, and the number of that finding, which no other one ever has.
    #[inline(always)]
    pub fn find(&self, key: Key<'_>) -> Option<(&T, u64)> {
        if key.gap.0 > BLOCK {
            return self.find_long(key);
        }
        let sought = key.sought()?;
        let at = sought.place();
        let place = self.places.get(at)?;
        if !place.is_of(&sought) {
            return None;
        }
        Some((self.found.get(at)?, place.number))
    }

    #[inline(never)]
    fn find_long(&self, key: Key<'_>) -> Option<(&T, u64)> {
        let sought = key.sought()?;
        let at = sought.place();
        let place = self.places.get(at)?;
        let is_same = place.is_of(&sought) && *self.then.get(at)? == sought.then;
        is_same.then_some((self.found.get(at)?, place.number))
    }

    /// Puts in what was found out about a key; gives the number of the finding, or `UNKNOWN` if the key is too long.
    #[cold]
    pub fn put(&mut self, key: Key<'_>, found: T) -> u64 {
        let Some(sought) = key.sought() else {
            return UNKNOWN;
        };
        let at = sought.place();
        let number = TAKEN.fetch_add(1, Ordering::Relaxed) << PLACES | at as u64;
        if let (Some(place), Some(then), Some(known)) = (
            self.places.get_mut(at),
            self.then.get_mut(at),
            self.found.get_mut(at),
        ) {
            *place = Place {
                before: sought.before,
                behind: sought.behind,
                about: sought.about,
                number,
            };
            (*then, *known) = (sought.then, found);
        }
        number
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

    /// What a memo knows of a key, or else is found out now, and the number of that.
    fn numbered<T: Copy>(memo: &mut Memo<T>, key: Key<'_>, find: impl FnOnce() -> T) -> (T, u64) {
        if let Some((known, number)) = memo.find(key) {
            return (*known, number);
        }
        let found = find();
        (found, memo.put(key, found))
    }

    fn key(text: &[u8], length: usize, gap: Range<usize>) -> Key<'_> {
        Key {
            text,
            length,
            gap: (gap.start, gap.end),
            sense: 0,
        }
    }

    /// True if a memo takes two texts with gaps for the same.
    fn same(one: &str, gap: Range<usize>, other: &str, other_gap: Range<usize>) -> bool {
        let (one, other) = (
            (room(one), one.len(), gap),
            (room(other), other.len(), other_gap),
        );
        let mut memo = Memo::new(0);
        let mut put = |(text, length, gap): &(Vec<u8>, usize, Range<usize>), value| {
            numbered(&mut memo, key(text, *length, gap.clone()), || value).0
        };
        assert_eq!(put(&one, 1), 1);
        put(&other, 2) == 1
    }

    fn room(text: &str) -> Vec<u8> {
        [text.as_bytes(), &[b'?'; 4 * BLOCK]].concat()
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
                let key = Key {
                    sense,
                    ..key(&text, 2, 2..2)
                };
                assert_eq!(numbered(&mut memo, key, || sense).0, sense, "{round}");
            }
        }
    }

    #[test]
    fn what_is_long_or_near_the_end_is_found_out_each_time() {
        let long = "A".repeat(MOST_BEFORE + 1);
        let long = (room(&long), long.len());
        for key in [
            key(&long.0, long.1, 0..0),
            key(&long.0, long.1, long.1..long.1),
            key(b"A", 1, 1..1),
        ] {
            let mut memo = Memo::new(0);
            assert_eq!(
                [1, 2].map(|number| numbered(&mut memo, key, || number).0),
                [1, 2]
            );
        }
    }

    #[test]
    fn a_memo_gives_what_was_found_of_this_key() {
        let mut memo = Memo::new(0);
        for round in 0..2 {
            for number in 0..5000usize {
                let text = number.to_string();
                let (text, length) = (room(&text), text.len());
                let found = numbered(&mut memo, key(&text, length, length..length), || number).0;
                assert_eq!(found, number, "{round}");
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
                    let (_, at) = numbered(memo, key(&text, length, length..length), || number);
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
