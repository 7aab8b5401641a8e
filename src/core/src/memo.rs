//! What was found out about a short text, for when it comes again: answers repeat their codes and dates endlessly.

use std::sync::atomic::{AtomicU64, Ordering};
use wide::u8x16;

/// Bytes that are compared at once.
const BLOCK: usize = 16;
/// Bytes before the gap of a short text.
const SHORT: usize = 2 * BLOCK;
/// Bytes before the gap of a text, at most.
const MOST_BEFORE: usize = 2 * SHORT;
/// Bytes behind it, at most.
const MOST_BEHIND: usize = BLOCK;

/// Some bytes, zeros where there are none.
type Blocks<const COUNT: usize> = [u8x16; COUNT];

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

/// The bits that the first bytes of two blocks have, by their count.
const MASKS: [[[u8; BLOCK]; 2]; SHORT + 1] = {
    let mut masks = [[[0; BLOCK]; 2]; SHORT + 1];
    let mut count = 0;
    while count < SHORT {
        masks[count + 1] = masks[count];
        masks[count + 1][count / BLOCK][count % BLOCK] = 0xFF;
        count += 1;
    }
    masks
};

/// The first bytes of a text, at most `SHORT`; None if it ends soon behind them.
#[inline(always)]
fn first<const COUNT: usize>(text: &[u8], count: usize) -> Option<Blocks<COUNT>> {
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let blocks = blocks.first_chunk::<COUNT>()?;
    let masks = &MASKS[count.min(SHORT)];
    Some(std::array::from_fn(|at| {
        u8x16::new(blocks[at]) & u8x16::new(masks[at])
    }))
}

/// Those of the first `length` bytes that come behind the first blocks.
#[cold]
fn then(text: &[u8], length: usize) -> Option<Blocks<2>> {
    first(text.get(SHORT..)?, length.checked_sub(SHORT)?)
}

/// Bytes as two numbers.
#[inline(always)]
fn words(block: u8x16) -> [u64; 2] {
    let bytes = u128::from_le_bytes(block.to_array());
    [bytes as u64, (bytes >> u64::BITS) as u64]
}

impl Key<'_> {
    /// The bytes before and behind the gap; None if they are too many.
    #[inline]
    fn lengths(&self) -> Option<(u8, u8)> {
        let (start, end) = self.gap;
        let left = self.length.checked_sub(end)?;
        (start <= MOST_BEFORE && left <= MOST_BEHIND).then_some((start as u8, left as u8))
    }

    /// What stands before the gap, or the begin of that.
    #[inline(always)]
    fn before(&self) -> Option<Blocks<2>> {
        first(self.text, self.gap.0)
    }

    /// The rest of it.
    fn then(&self) -> Option<Blocks<2>> {
        match self.gap.0 {
            0..=SHORT => Some(NOTHING_MORE),
            start => then(self.text, start),
        }
    }

    /// What stands behind the gap.
    #[inline(always)]
    fn behind(&self) -> Option<Blocks<1>> {
        let (_, end) = self.gap;
        first(self.text.get(end..)?, self.length.checked_sub(end)?)
    }

    /// The place that it has in a memo; None if it is too long, or near the text's end.
    #[inline]
    fn place(&self) -> Option<usize> {
        self.lengths()?;
        let [[one, two], [three, four]] = self.before()?.map(words);
        let [[five, _]] = self.behind()?.map(words);
        // The numbers are odd and have no pattern; the products do not wait for each other.
        let mut hash = one
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(two.wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
            .wrapping_add(three.wrapping_mul(0x1656_67B1_9E37_79F9))
            .wrapping_add(four.wrapping_mul(0x27D4_EB2F_1656_67C5))
            .wrapping_add(five.wrapping_mul(0x85EB_CA77_C2B2_AE63));
        if self.gap.0 > SHORT {
            let words = self.then()?.map(words);
            let words = words.as_flattened().iter();
            let more = words.fold(0u64, |all, word| all.rotate_left(13) ^ word);
            hash = hash.wrapping_add(more.wrapping_mul(0x9E37_79B1_85EB_CA87));
        }
        Some((hash >> (u64::BITS - PLACES)) as usize)
    }
}

/// A key that was put in: what is compared first, in one line of the processor's cache.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Place {
    before: Blocks<2>,
    behind: Blocks<1>,
    sense: u32,
    /// Bytes before the gap, and behind it.
    start: u8,
    left: u8,
    /// The place of the key that came last time after this one.
    next: u16,
    /// Of what was found out about it.
    number: u64,
}

/// Behind the first bytes of a short text.
const NOTHING_MORE: Blocks<2> = [u8x16::ZERO; 2];

impl Place {
    /// Of no key: none has that many bytes.
    const NONE: Place = Place {
        before: NOTHING_MORE,
        behind: [u8x16::ZERO],
        sense: 0,
        start: u8::MAX,
        left: u8::MAX,
        next: 0,
        number: UNKNOWN,
    };

    #[inline(always)]
    fn says(&self, before: Blocks<2>, behind: Blocks<1>) -> bool {
        let is_same = before[0].simd_eq(self.before[0])
            & before[1].simd_eq(self.before[1])
            & behind[0].simd_eq(self.behind[0]);
        is_same.all()
    }
}

/// What is known of a key.
#[derive(Clone, Copy)]
struct Known<T> {
    place: Place,
    found: T,
}

/// What was found out about the keys that came last; each takes the place of another one.
pub struct Memo<T> {
    /// Behind the keys what comes before the first one of all.
    known: Vec<Known<T>>,
    /// Of longer texts.
    then: Vec<Blocks<2>>,
}

/// Which key came last, and which is expected, while some are looked for that mostly come after each other as they did
/// before.
#[derive(Clone, Copy)]
pub struct Trail {
    last: u16,
    expected: u16,
}

impl Trail {
    /// Through no memo.
    pub const NONE: Trail = Trail {
        last: 1 << PLACES,
        expected: 0,
    };
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
        let none = Known {
            place: Place::NONE,
            found: blank,
        };
        Memo {
            known: vec![none; 1 + (1 << PLACES)],
            then: vec![NOTHING_MORE; 1 << PLACES],
        }
    }

    /// What is known of a key, and the number of that finding, which no other one ever has.
    pub fn find(&self, key: Key<'_>) -> Option<(&T, u64)> {
        let at = key.place()?;
        let is_there = |at: &usize| self.is_at(*at, &key) == Some(true);
        let known = self.known.get([at, at ^ 1].into_iter().find(is_there)?)?;
        Some((&known.found, known.place.number))
    }

    fn is_at(&self, at: usize, key: &Key<'_>) -> Option<bool> {
        let place = &self.known.get(at)?.place;
        let is_begun = place.sense == key.sense
            && (place.start, place.left) == key.lengths()?
            && place.says(key.before()?, key.behind()?);
        Some(is_begun && (key.gap.0 <= SHORT || *self.then.get(at)? == key.then()?))
    }

    /// Before the first of some keys.
    pub fn start(&self) -> Trail {
        let none = self.known.get(usize::from(Trail::NONE.last));
        Trail {
            expected: none.map_or(0, |none| none.place.next),
            ..Trail::NONE
        }
    }

    /// What `find` gives of the key that is expected, if this text says the same but for the gap; and where that is. What it
    /// holds must still be looked at.
    #[inline(always)]
    pub fn find_next(
        &self,
        trail: &mut Trail,
        (text, length): (&[u8], usize),
        sense: u32,
    ) -> Option<(&T, u64, (usize, usize))> {
        let known = self.known.get(usize::from(trail.expected))?;
        let place = &known.place;
        let (start, left) = (usize::from(place.start), usize::from(place.left));
        let end = length.checked_sub(left)?;
        let (before, behind) = (first(text, start)?, first(text.get(end..)?, left)?);
        if place.sense != sense || !place.says(before, behind) {
            return None;
        }
        if start > SHORT && !self.goes_on(trail.expected, text, start) {
            return None;
        }
        trail.last = trail.expected;
        trail.expected = place.next;
        Some((&known.found, place.number, (start, end)))
    }

    #[cold]
    fn goes_on(&self, at: u16, text: &[u8], start: usize) -> bool {
        let known = self.then.get(usize::from(at));
        let sent = then(text, start).filter(|_| start <= MOST_BEFORE);
        known.zip(sent).is_some_and(|(known, sent)| *known == sent)
    }

    /// From now on the key of this finding is expected after the last one.
    pub fn came(&mut self, trail: &mut Trail, number: u64) {
        if number == UNKNOWN {
            return;
        }
        let place = number as u16 & ((1 << PLACES) - 1);
        if let Some(last) = self.known.get_mut(usize::from(trail.last)) {
            last.place.next = place;
        }
        let known = self.known.get(usize::from(place));
        *trail = Trail {
            last: place,
            expected: known.map_or(0, |known| known.place.next),
        };
    }

    /// Puts in what was found out about a key; gives the number of the finding, or `UNKNOWN` if the key is too long.
    #[cold]
    pub fn put(&mut self, key: Key<'_>, found: T) -> u64 {
        self.try_put(key, found).unwrap_or(UNKNOWN)
    }

    fn try_put(&mut self, key: Key<'_>, found: T) -> Option<u64> {
        let at = key.place()?;
        // In place of the older of two; the number of nothing is the smallest.
        let number = |at: &usize| self.known.get(*at).map(|known| known.place.number);
        let at = [at, at ^ 1].into_iter().min_by_key(number)?;
        let number = TAKEN.fetch_add(1, Ordering::Relaxed) << PLACES | at as u64;
        let (start, left) = key.lengths()?;
        let place = Place {
            before: key.before()?,
            behind: key.behind()?,
            sense: key.sense,
            start,
            left,
            next: 0,
            number,
        };
        *self.then.get_mut(at)? = key.then()?;
        *self.known.get_mut(at)? = Known { place, found };
        Some(number)
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
        [text.as_bytes(), &[b'?'; 8 * BLOCK]].concat()
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
    fn a_key_is_expected_where_it_came_last_time() {
        let long = "EB*1**1^33^35^47^48^50^86^88^98^AL^MH";
        let amounts = ["1500", "20", "7"];
        let forms = ["EB*C*#*Y", "EB*C*#*N", "EB*G*#*Y", "EB*B*#*Y", long];
        let gap = |text: &str| match text.match_indices('*').nth(1) {
            Some((start, _)) if text != long => start..text.len() - 2,
            _ => text.len()..text.len(),
        };
        let mut memo = Memo::new(0);
        for round in 0..3 {
            let mut trail = memo.start();
            for (number, form) in forms.into_iter().enumerate() {
                let text = form.replace('#', amounts[(round + number) % 3]);
                let (sent, gap) = (room(&text), gap(&text));
                let expected = memo.find_next(&mut trail, (&sent, text.len()), 0);
                let (found, place) = match expected {
                    Some((found, _, place)) => (Some(*found), place),
                    None => (None, (gap.start, gap.end)),
                };
                assert_eq!(found, (round > 0).then_some(number), "{text}");
                assert_eq!(place, (gap.start, gap.end), "{text}");
                if found.is_none() {
                    let key = key(&sent, text.len(), gap);
                    let number = match memo.find(key) {
                        Some((_, number)) => number,
                        None => memo.put(key, number),
                    };
                    memo.came(&mut trail, number);
                }
            }
            let mut trail = memo.start();
            let other = room("EB*C*1500*N");
            assert!(memo.find_next(&mut trail, (&other, 11), 0).is_none());
            let same = room("EB*C*1500*Y");
            assert!(memo.find_next(&mut trail, (&same, 11), 1).is_none());
            assert!(memo.find_next(&mut trail, (&same[..11], 11), 0).is_none());
            assert!(memo.find_next(&mut trail, (&same, 11), 0).is_some());
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
