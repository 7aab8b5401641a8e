//! A segment cut at its separators once, for those who ask for many of its elements.

use crate::document::nth;
use crate::marks::{BLOCK, first_marks};
use crate::memo::Key;
use crate::numbers::{Decimal, each, written};
use memchr::memchr;
use std::ops::Range;
use wide::u8x16;

/// A segment whose separators are known, if it is not long; element 0 is the identifier.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a> {
    /// The text from the segment's start on: what stands behind the segment is only there to be read past.
    text: &'a [u8],
    length: usize,
    /// A bit for each separator; none if the segment is longer than a block.
    marks: u64,
    separator: u8,
}

impl Elements<'_> {
    pub const NONE: Elements<'static> = Elements {
        text: b"",
        length: 0,
        marks: 0,
        separator: 0,
    };
}

/// Up to seven bytes in one number, the first one lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub bytes: u64,
    pub length: u32,
}

/// The elements of a segment one after the other, the identifier first.
pub struct Parts<'a> {
    text: &'a [u8],
    /// Of the segment.
    length: usize,
    /// Where the next element starts; behind the segment there is none.
    start: usize,
    /// Separators of the present block that were not passed yet, and where the block begins.
    marks: u64,
    base: usize,
    separator: u8,
}

impl<'a> Parts<'a> {
    /// Those of the first `length` bytes of a text.
    #[inline]
    pub fn of(text: &'a [u8], length: usize, separator: u8) -> Parts<'a> {
        Parts {
            text,
            length,
            start: 0,
            marks: first_marks(text, separator),
            base: 0,
            separator,
        }
    }

    /// Where the present element ends.
    #[inline]
    fn end(&mut self) -> usize {
        while self.marks == 0 && self.base + BLOCK < self.length {
            self.base += BLOCK;
            let block = self.text.get(self.base..).unwrap_or(b"");
            self.marks = first_marks(block, self.separator);
        }
        // There are 64 zeros in a number without bits.
        let end = self.base + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks.wrapping_sub(1);
        end.min(self.length)
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Sent<'a>;

    #[inline]
    fn next(&mut self) -> Option<Sent<'a>> {
        if self.start > self.length {
            return None;
        }
        let (start, end) = (self.start, self.end());
        self.start = end + 1;
        Some(Sent {
            text: self.text.get(start..)?,
            length: end - start,
        })
    }

    #[inline]
    fn nth(&mut self, mut passed: usize) -> Option<Sent<'a>> {
        // Where those end that are passed matters only of the last one.
        while passed > 1 && self.marks & self.marks.wrapping_sub(1) != 0 {
            self.marks &= self.marks - 1;
            passed -= 1;
        }
        while passed > 0 && self.start <= self.length {
            self.start = self.end() + 1;
            passed -= 1;
        }
        self.next()
    }
}

/// An element where it stands.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    /// The text from its start on, also what stands behind it.
    text: &'a [u8],
    length: usize,
}

/// How many blanks stand before a text, and its length without those around it. Two numbers, since a caller that gets a
/// `Sent` from here keeps all its own in memory.
#[cold]
fn without_blanks(text: &[u8]) -> (usize, usize) {
    let start = text.len() - text.trim_ascii_start().len();
    (start, text.trim_ascii().len())
}

impl<'a> Sent<'a> {
    pub const NONE: Sent<'static> = Sent {
        text: b"",
        length: 0,
    };

    #[inline]
    pub fn of(text: &'a [u8], start: usize, length: usize) -> Sent<'a> {
        match text.get(start..) {
            Some(text) => Sent { text, length },
            None => Sent::NONE,
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Its bytes, with the blanks around it.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.text.get(..self.length).unwrap_or(b"")
    }

    /// The bytes from its start on, also those behind it, unless they are too few.
    #[inline]
    pub fn block<const N: usize>(&self) -> Option<&'a [u8; N]> {
        self.text.first_chunk()
    }

    /// Without blanks around it.
    #[inline]
    pub fn trimmed(self) -> Sent<'a> {
        let is_bare = |byte: Option<&u8>| byte.is_some_and(|byte| (b'!'..=b'~').contains(byte));
        let last = self.length.wrapping_sub(1);
        if self.length == 0 || is_bare(self.text.first()) && is_bare(self.text.get(last)) {
            return self;
        }
        let (start, length) = without_blanks(self.bytes());
        Sent::of(self.text, start, length)
    }

    /// Its bytes as one number, also blanks; None if they are too many.
    #[inline]
    pub fn word(&self) -> Option<Word> {
        let bytes = self.text.first_chunk::<8>()?;
        let is_short = self.length <= Word::MOST;
        is_short.then(|| Word::of(u64::from_le_bytes(*bytes), self.length as u32))
    }
}

/// The high bits of the first bytes of eight, by their count.
const HIGH: [u64; 9] = {
    let mut high = [0; 9];
    let mut count = 1;
    while count < 9 {
        high[count] = each(0x80) >> (8 * (8 - count));
        count += 1;
    }
    high
};

/// True if the first bytes of eight are digits, and perhaps a point between or next to them; false if they are none.
#[inline(always)]
pub fn is_number(bytes: u64, length: usize) -> bool {
    let Some(sent) = HIGH.get(length).filter(|_| length > 0) else {
        return false;
    };
    let low = bytes ^ each(b'0');
    let above_nine = (low & each(0x7F)).wrapping_add(each(0x80 - 10)) | low;
    let others = above_nine & sent;
    others == 0 || (length > 1 && is_point(bytes, others))
}

/// True if these high bits are those of one byte, which is a point.
#[inline(always)]
fn is_point(bytes: u64, bits: u64) -> bool {
    bits.is_power_of_two() && bytes >> (bits.trailing_zeros() - 7) & 0xFF == u64::from(b'.')
}

impl Word {
    /// The most bytes of a word.
    pub const MOST: usize = 7;

    /// `length` bytes of a text from `start` on; None if they are too many, or near the text's end.
    #[inline]
    pub fn between(text: &[u8], start: usize, length: usize) -> Option<Word> {
        let bytes = text.get(start..)?.first_chunk::<8>()?;
        let is_short = length <= Word::MOST;
        is_short.then(|| Word::of(u64::from_le_bytes(*bytes), length as u32))
    }

    /// The first bytes of eight, without the others.
    #[inline]
    fn of(bytes: u64, length: u32) -> Word {
        let others = u64::MAX << (8 * length);
        Word {
            bytes: bytes & !others,
            length,
        }
    }

    /// The bytes that are none, all set.
    #[inline]
    fn others(self) -> u64 {
        u64::MAX << (8 * self.length)
    }

    /// True if one of its bytes is a blank or a control character.
    #[inline]
    fn has_blank(self) -> bool {
        let bytes = self.bytes | self.others();
        bytes.wrapping_sub(each(b'!')) & !bytes & each(0x80) != 0
    }

    #[inline]
    pub fn has(self, byte: u8) -> bool {
        // The bytes that are none are not `byte` either: they differ from it in one bit at least.
        let differs = (self.bytes ^ each(byte)) | (self.others() & each(1));
        differs.wrapping_sub(each(1)) & !differs & each(0x80) != 0
    }

    /// True if it is some digits and perhaps a point. What is not so may still be a number.
    #[inline(always)]
    pub fn is_number(self) -> bool {
        is_number(self.bytes, self.length as usize)
    }

    /// True if it is some digits and nothing else.
    #[inline]
    pub fn is_digits(self) -> bool {
        let bytes = self.bytes | (self.others() & each(b'0'));
        let high = each(0xF0);
        let is_low = (bytes.wrapping_add(each(6)) | bytes) & high == each(b'0');
        self.length > 0 && bytes & high == each(b'0') && is_low
    }

    /// The number that some digits write, if it is nothing else.
    #[inline]
    pub fn number(self) -> Option<i64> {
        if !self.is_digits() {
            return None;
        }
        // Zeros before the first digit.
        Some(written((self.bytes & each(0x0F)) << (64 - 8 * self.length)))
    }
}

/// A text without blanks around it.
#[inline]
fn bare(sent: &[u8]) -> &[u8] {
    match sent {
        bare @ ([b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~']) => bare,
        sent => sent.trim_ascii(),
    }
}

/// Passes over some of the lowest bits.
#[inline]
pub fn without(mut marks: u64, count: usize) -> u64 {
    for _ in 0..count.min(BLOCK) {
        marks &= marks.wrapping_sub(1);
    }
    marks
}

/// Goes forward over the elements of a short segment.
pub struct Steps {
    length: usize,
    /// The separators from the one before element `next` on.
    marks: u64,
    next: usize,
}

impl Steps {
    /// Where an element stands that is none of those before the last one that was asked for; None if it was not sent.
    #[inline(always)]
    pub fn to(&mut self, element: usize) -> Option<Range<usize>> {
        while self.next < element && self.marks != 0 {
            self.marks &= self.marks - 1;
            self.next += 1;
        }
        if self.marks == 0 {
            return None;
        }
        let start = self.marks.trailing_zeros() as usize + 1;
        let then = self.marks & (self.marks - 1);
        Some(start..self.length.min(then.trailing_zeros() as usize))
    }
}

impl<'a> Elements<'a> {
    /// The first `length` bytes of a text. Inlined always: a caller that copies it waits for its last byte.
    #[inline(always)]
    pub fn of(text: &'a [u8], length: usize, separator: u8) -> Elements<'a> {
        let mut marks = 0;
        if length < BLOCK {
            marks = first_marks(text, separator) & !(u64::MAX << length);
        }
        Elements {
            text,
            length,
            marks,
            separator,
        }
    }

    /// Where an element of a short segment starts and ends; behind the segment if it was not sent.
    #[inline]
    fn place(&self, number: usize) -> (usize, usize) {
        let mut marks = self.marks;
        let mut start = 0;
        if let Some(before) = number.checked_sub(1) {
            marks = without(marks, before);
            start = marks.trailing_zeros() as usize + 1;
            marks &= marks.wrapping_sub(1);
        }
        (
            start.min(self.length),
            self.length.min(marks.trailing_zeros() as usize),
        )
    }

    #[inline]
    fn is_short(&self) -> bool {
        self.length < BLOCK
    }

    /// Element `number`, without blanks around it; empty if it was not sent.
    #[inline]
    pub fn get(&self, number: usize) -> &'a [u8] {
        let sent = if self.is_short() {
            let (start, end) = self.place(number);
            self.text.get(start..end)
        } else {
            let own = self.text.get(..self.length);
            own.map(|own| nth(own, self.separator, number))
        };
        bare(sent.unwrap_or(b""))
    }

    /// Element `number`, which is above 0, as `get` gives it, where it stands.
    #[inline]
    pub fn sent(&self, number: usize) -> Sent<'a> {
        if !self.is_short() {
            let [sent] = self.places(number);
            return sent;
        }
        let (start, end) = self.place(number);
        Sent::of(self.text, start, end.saturating_sub(start)).trimmed()
    }

    /// The elements from number `first` on, which is above 0, as `get` gives each.
    #[inline]
    pub fn run<const N: usize>(&self, first: usize) -> [&'a [u8]; N] {
        self.places(first).map(|sent| sent.bytes())
    }

    /// The elements from number `first` on, which is above 0, without blanks, where they stand.
    #[inline]
    pub fn places<const N: usize>(&self, first: usize) -> [Sent<'a>; N] {
        let mut found = [Sent::NONE; N];
        if !self.is_short() {
            let parts = Parts::of(self.text, self.length, self.separator);
            for (element, part) in found.iter_mut().zip(parts.skip(first)) {
                *element = part.trimmed();
            }
            return found;
        }
        let mut marks = without(self.marks, first - 1);
        for element in &mut found {
            if marks == 0 {
                break;
            }
            let start = marks.trailing_zeros() as usize + 1;
            marks &= marks - 1;
            let end = self.length.min(marks.trailing_zeros() as usize);
            if end > start {
                *element = Sent::of(self.text, start, end - start).trimmed();
            }
        }
        found
    }

    /// Gives all elements but the identifier one after the other, as they were sent.
    #[inline]
    pub fn each(&self, give: impl FnMut(Sent<'a>)) {
        self.each_from(1, give);
    }

    /// The same from number `first` on, which is above 0.
    #[inline]
    pub fn each_from(&self, first: usize, mut give: impl FnMut(Sent<'a>)) {
        if !self.is_short() {
            let parts = Parts::of(self.text, self.length, self.separator);
            parts.skip(first).for_each(give);
            return;
        }
        let mut marks = without(self.marks, first - 1);
        while marks != 0 {
            let start = marks.trailing_zeros() as usize + 1;
            marks &= marks - 1;
            let end = self.length.min(marks.trailing_zeros() as usize);
            give(Sent::of(self.text, start, end.saturating_sub(start)));
        }
    }

    /// Element 1, without blanks, also of a long segment.
    #[inline]
    pub fn first(&self) -> Sent<'a> {
        let mut marks = self.marks;
        if !self.is_short() {
            marks = first_marks(self.text, self.separator);
        }
        if marks == 0 {
            let [first] = self.places(1);
            return first;
        }
        let start = marks.trailing_zeros() as usize + 1;
        marks &= marks - 1;
        let end = if marks != 0 {
            marks.trailing_zeros() as usize
        } else if self.is_short() {
            self.length
        } else {
            let rest = self.text.get(BLOCK..self.length).unwrap_or(b"");
            memchr(self.separator, rest).map_or(self.length, |at| BLOCK + at)
        };
        Sent::of(self.text, start, end.saturating_sub(start)).trimmed()
    }

    /// Element `number` as one number; None if it is too long for that or has blanks, or the segment is long.
    #[inline]
    pub fn word(&self, number: usize) -> Option<Word> {
        if !self.is_short() {
            return None;
        }
        let (start, end) = self.place(number);
        let length = end
            .checked_sub(start)
            .filter(|length| *length <= Word::MOST)?;
        let bytes = self.text.get(start..)?.first_chunk::<8>()?;
        let word = Word::of(u64::from_le_bytes(*bytes), length as u32);
        (!word.has_blank()).then_some(word)
    }

    /// From its first element on; None if it is long.
    #[inline(always)]
    pub fn steps(&self) -> Option<Steps> {
        self.is_short().then_some(Steps {
            length: self.length,
            marks: self.marks,
            next: 1,
        })
    }

    /// Where two elements stand, the first of them not the identifier; None if the segment is long.
    #[inline]
    pub fn two(&self, first: usize) -> Option<Two> {
        if !self.is_short() {
            return None;
        }
        let mut marks = without(self.marks, first - 1);
        let mut next = || {
            let end = self.length.min(marks.trailing_zeros() as usize);
            marks &= marks.wrapping_sub(1);
            end as u8
        };
        Some(Two {
            start: next(),
            middle: next(),
            end: next(),
        })
    }

    /// All but two elements as a key.
    #[inline]
    pub fn key_without_two(&self, two: Two, sense: u32) -> Key<'a> {
        Key {
            text: self.text,
            length: self.length,
            gap: (two.start as usize, two.end as usize),
            sense,
        }
    }
}

/// Where two elements that follow each other stand: from the separator before the first to the one behind the second,
/// or the segment's end.
#[derive(Clone, Copy, Debug)]
pub struct Two {
    start: u8,
    middle: u8,
    end: u8,
}

impl Two {
    /// Those in a gap between other elements of a segment, or at its end: from the separator before the first to the one
    /// behind the second. None if it is long or holds more or less.
    #[inline(always)]
    pub fn within(
        (text, length): (&[u8], usize),
        (start, end): (usize, usize),
        separator: u8,
    ) -> Option<Two> {
        let width = end.checked_sub(start)?;
        let block = text.get(start..)?.first_chunk::<16>()?;
        if width >= block.len() {
            return None;
        }
        let marks = u8x16::new(*block).simd_eq(u8x16::splat(separator));
        let marks = marks.to_bitmask() & ((1 << width) - 1);
        let second = marks & marks.wrapping_sub(1);
        let is_two = if second == 0 {
            end == length && (marks == 1 || width == 0)
        } else {
            marks & 1 != 0 && second & (second - 1) == 0
        };
        let middle = start + width.min(second.trailing_zeros() as usize);
        is_two.then_some(Two {
            start: start as u8,
            middle: middle as u8,
            end: end as u8,
        })
    }

    /// The number that the first or the second is, without a sign; None if it is none, or long.
    #[inline]
    pub fn short_number(self, text: &[u8], second: bool) -> Option<Decimal> {
        let (eight, length) = self.eight(text, second)?;
        Decimal::short(eight, length)
    }

    /// The first eight bytes from the start of the first or the second, and its length; None if it is near the text's end.
    #[inline(always)]
    pub fn eight(&self, text: &[u8], second: bool) -> Option<(u64, usize)> {
        let (before, end) = self.range(second);
        if end <= before + 1 {
            return Some((0, 0));
        }
        let eight = text.get(before + 1..)?.first_chunk()?;
        Some((u64::from_le_bytes(*eight), end - before - 1))
    }

    /// The first or the second, without blanks around it.
    #[inline]
    pub fn text(self, text: &[u8], second: bool) -> &[u8] {
        let (before, end) = self.range(second);
        bare(text.get(before + 1..end).unwrap_or(b""))
    }

    /// Both, as they were sent.
    #[inline]
    pub fn both(self, text: &[u8]) -> [Sent<'_>; 2] {
        [(self.start, self.middle), (self.middle, self.end)].map(|(before, end)| {
            if end <= before {
                return Sent::NONE;
            }
            let (start, end) = (before as usize + 1, end as usize);
            Sent::of(text, start, end - start)
        })
    }

    /// The separator before one of them, and its end.
    #[inline]
    fn range(&self, second: bool) -> (usize, usize) {
        if second {
            (self.middle.into(), self.end.into())
        } else {
            (self.start.into(), self.middle.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEHIND: &[u8] =
        b"~EB*1**30~SE*130*0001~ and what else stands there, longer than a block of 64 bytes";

    #[test]
    fn elements_are_those_between_the_separators_wherever_those_stand() {
        let many = "A*".repeat(40);
        let long = format!("EB*{}*{}*2", "1^".repeat(50), "x".repeat(200));
        let longer = format!("EB*{}*{}*2", "1^".repeat(50), "x".repeat(1 << 16));
        for text in [
            "",
            "*",
            "EB",
            "EB*1",
            "EB*1**30",
            "EB*C*IND*30***23*1500*****Y",
            "EB*1*FAM*1^33^35^47^48^50^86^88^98^AL^MH^UC*PR*GOLD",
            "EB* \u{ff}*\u{aa}~* *",
            "1234567*",
            "12345678*",
            &many,
            &many[..63],
            &many[..64],
            &many[..65],
            &long,
            &longer,
        ] {
            let both = [text.as_bytes(), BEHIND].concat();
            for all in [text.as_bytes(), &both] {
                let elements = Elements::of(all, text.len(), b'*');
                let parts: Vec<&[u8]> = Parts::of(all, text.len(), b'*')
                    .map(|part| part.bytes())
                    .collect();
                let plain: Vec<&[u8]> = text.as_bytes().split(|byte| *byte == b'*').collect();
                assert_eq!(parts, plain);
                for stride in [1, 2, 5] {
                    let Some(mut steps) = elements.steps() else {
                        continue;
                    };
                    for number in (1..20).step_by(stride) {
                        let found = steps.to(number).map(|place| &text.as_bytes()[place]);
                        assert_eq!(found, plain.get(number).copied(), "{text} {number}");
                    }
                }
                assert_eq!(elements.first().bytes(), elements.get(1), "{text}");
                let mut each = Vec::new();
                elements.each(|sent| each.push(sent.bytes()));
                assert_eq!(each, plain[1..]);
                for passed in [0, 1, 2, 3, 7, 90] {
                    let mut parts = Parts::of(all, text.len(), b'*');
                    let found: [_; 3] = std::array::from_fn(|_| parts.nth(passed));
                    let mut plain = plain.iter();
                    let expected: [_; 3] = std::array::from_fn(|_| plain.nth(passed).copied());
                    assert_eq!(found.map(|part| part.map(|part| part.bytes())), expected);
                }
                for first in 1..20 {
                    let places: [Sent<'_>; 14] = elements.places(first);
                    let run: [&[u8]; 14] = elements.run(first);
                    for ((place, found), number) in places.iter().zip(run).zip(first..) {
                        let expected = elements.get(number);
                        assert_eq!([place.bytes(), found], [expected; 2], "{text} {number}");
                    }
                }
                let mut parts = text.split('*');
                for number in 0..20 {
                    let part = parts.next().unwrap_or("").as_bytes().trim_ascii();
                    assert_eq!(elements.get(number), part, "{text} {number}");
                    if number > 0 {
                        assert_eq!(elements.sent(number).bytes(), part, "{text} {number}");
                    }
                    if let Some(word) = elements.word(number) {
                        let bytes = &word.bytes.to_le_bytes()[..word.length as usize];
                        assert_eq!(bytes, part, "{text} {number}");
                    }
                }
            }
        }
    }

    #[test]
    fn two_elements_in_a_gap_are_those_of_the_segment() {
        let gaps = [
            "",
            "*",
            "**",
            "*1",
            "*1*",
            "**2",
            "*1500*",
            "*1500*2",
            "*15*.2",
            "1",
            "1*2",
            "***",
            "*1*2*",
            "*12345*67890123",
            "*123456*67890123",
        ];
        for before in ["EB*C*IND*30***23", "EB*1"] {
            for (gap, behind) in gaps
                .iter()
                .flat_map(|gap| ["", "*", "*****Y"].map(|end| (*gap, end)))
            {
                let text = format!("{before}{gap}{behind}");
                let room = [text.as_bytes(), BEHIND].concat();
                let (start, end) = (before.len(), before.len() + gap.len());
                let found = Two::within((&room, text.len()), (start, end), b'*');
                let elements = Elements::of(&room, text.len(), b'*');
                let first = before.matches('*').count() + 1;
                let places = |two: Two| (usize::from(two.start), usize::from(two.end));
                let two = elements
                    .two(first)
                    .filter(|two| places(*two) == (start, end));
                let expected = two.filter(|_| gap.len() < 16);
                let parts = |two: Two| [false, true].map(|second| two.text(&room, second));
                assert_eq!(found.map(parts), expected.map(parts), "{text} {gap}");
            }
        }
    }

    #[test]
    fn a_word_knows_its_bytes() {
        for text in [
            "", "1", "30", "007", "1500", "98765", "999999", "12.5", ".5", "5.", ".", "1.2.3",
            "-3", "+3", "1/2", "1:", "1234567", "A^B", "\0", "/", ":", "9a", "\u{7f}",
        ] {
            let both = [text.as_bytes(), BEHIND].concat();
            let elements = Elements::of(&both, text.len(), b'*');
            let Some(word) = elements.word(0) else {
                assert!(text.bytes().any(|byte| byte <= b' '), "{text}");
                continue;
            };
            let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            assert_eq!(word.is_digits(), is_digits, "{text}");
            let is_number = Decimal::read(text.as_bytes()).is_some() && !text.starts_with('-');
            assert_eq!(word.is_number(), is_number, "{text}");
            let number = text.parse::<i64>().ok().filter(|_| is_digits);
            assert_eq!(word.number(), number, "{text}");
            for byte in 0..=255 {
                assert_eq!(
                    word.has(byte),
                    text.as_bytes().contains(&byte),
                    "{text} {byte}"
                );
            }
        }
    }
}
