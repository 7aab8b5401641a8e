//! Texts of some columns that are cut out of many segments before they are put, so that little is left to do for each.

use super::grown::{Bits, TOGETHER, Texts};
use crate::document::Document;
use crate::marks::{BLOCK, marks};
use memchr::memchr;

/// Bytes that are gathered for one column, at most.
const ROOM: usize = 2 * TOGETHER * BLOCK;

/// Some texts, end to end.
pub struct Gathered {
    /// What stands behind the last text does not count.
    bytes: [u8; ROOM + BLOCK],
    ends: [u32; TOGETHER],
    /// Which are not empty.
    said: Bits,
    length: usize,
}

impl Gathered {
    pub fn new() -> Gathered {
        Gathered {
            bytes: [0; ROOM + BLOCK],
            ends: [0; TOGETHER],
            said: Bits::NONE,
            length: 0,
        }
    }

    fn clear(&mut self) {
        (self.said, self.length) = (Bits::NONE, 0);
    }

    /// Adds the first bytes of a block. What does not fit is left out: then there are not all.
    #[inline(always)]
    fn add<const N: usize>(&mut self, block: &[u8; N], length: usize) {
        if let Some(room) = self.bytes.get_mut(self.length..)
            && let Some(room) = room.first_chunk_mut::<N>()
        {
            *room = *block;
        }
        self.length += length;
    }

    /// Ends text number `at`.
    #[inline(always)]
    fn end(&mut self, at: usize) {
        self.ends[at % TOGETHER] = self.length as u32;
    }

    #[inline(always)]
    fn set_said(&mut self, at: usize) {
        self.said.set[at / 64 % (TOGETHER / 64)] |= 1 << (at % 64);
    }

    /// All texts, if there was room for them.
    fn all(&self) -> Option<&[u8]> {
        self.bytes[..ROOM].get(..self.length)
    }

    /// Puts the texts into a column; those that are empty are null there.
    pub fn put(&self, into: &mut Texts, first: usize) {
        if self.length > 0 {
            into.push_gathered(first, self.all().unwrap_or(b""), self.ends(), &self.said);
        }
    }

    /// The same, and those that are empty are empty texts.
    pub fn put_always(&self, into: &mut Texts, first: usize) {
        let said = Bits::all(self.said.count);
        into.push_gathered(first, self.all().unwrap_or(b""), self.ends(), &said);
    }

    fn ends(&self) -> &[u32] {
        &self.ends[..self.said.count]
    }
}

/// True if a byte is no blank, and neither are others like it.
#[inline(always)]
fn is_bare(byte: u8) -> bool {
    (b'!'..=b'~').contains(&byte)
}

/// Gathers what stands behind the first so many bytes of segments: an identifier and a separator, or elements known
/// already. False if one is odd: more than one element stands there, or none, or one with blanks around it, or it is
/// near the text's end.
#[inline(never)]
pub fn gather_behind<const BEFORE: usize>(
    into: &mut Gathered,
    document: &Document,
    separator: u8,
    segments: &[u32],
) -> bool {
    into.clear();
    into.said.count = segments.len().min(TOGETHER);
    for (&segment, at) in segments.iter().zip(0..TOGETHER) {
        let (text, length) = document.text_of(&document.segments[segment as usize]);
        let (Some(first), Some(last)) = (text.get(BEFORE), text.get(length.wrapping_sub(1))) else {
            return false;
        };
        if length <= BEFORE || !is_bare(*first) || !is_bare(*last) {
            return false;
        }
        let (mut blocks, mut left) = (text.get(BEFORE..).unwrap_or(b""), length - BEFORE);
        while left > BLOCK {
            let Some((block, rest)) = blocks.split_first_chunk::<BLOCK>() else {
                return false;
            };
            into.add(block, BLOCK);
            (blocks, left) = (rest, left - BLOCK);
        }
        let Some(block) = blocks.first_chunk::<BLOCK>() else {
            return false;
        };
        into.add(block, left);
        into.end(at);
    }
    let all = into.all();
    all.is_some_and(|all| memchr(separator, all).is_none())
}

/// Gathers the first elements of segments, each into its column. False if a segment is odd: it is long, or near the
/// text's end, or has blanks around an element that are to be taken away.
#[inline(always)]
pub fn gather<const N: usize, const TRIMS: bool>(
    into: &mut [Gathered],
    document: &Document,
    separator: u8,
    segments: &[u32],
) -> bool {
    let Some(into) = into.first_chunk_mut::<N>() else {
        return false;
    };
    for column in &mut *into {
        column.clear();
        column.said.count = segments.len().min(TOGETHER);
    }
    for (&segment, at) in segments.iter().zip(0..TOGETHER) {
        let (text, length) = document.text_of(&document.segments[segment as usize]);
        // An element begins in the first block, and may be copied as a whole block.
        let Some(text) = text.first_chunk::<{ 2 * BLOCK }>() else {
            return false;
        };
        let (Some(block), true) = (text.first_chunk(), length < BLOCK) else {
            return false;
        };
        // One bit more for the segment's end.
        let mut marks = marks(block, separator) & !(u64::MAX << length) | 1 << length;
        let mut begin = marks.trailing_zeros() as usize + 1;
        for column in &mut *into {
            marks &= marks.wrapping_sub(1);
            // There are 64 zeros in a number without bits.
            let end = marks.trailing_zeros() as usize;
            if marks != 0 && end > begin {
                let element = &text[begin % BLOCK..];
                let last = text[(end - 1) % BLOCK];
                if TRIMS && !(is_bare(element[0]) && is_bare(last)) {
                    return false;
                }
                match (element.first_chunk::<16>(), element.first_chunk::<BLOCK>()) {
                    (Some(short), _) if end - begin <= short.len() => {
                        column.add(short, end - begin);
                    }
                    (_, Some(long)) => column.add(long, end - begin),
                    _ => return false,
                }
                column.set_said(at);
            }
            column.end(at);
            begin = end + 1;
        }
    }
    into.iter().all(|column| column.all().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "ISA*00*          *00*          *ZZ*EXAMPLEHUB     *ZZ*SAMPLEPRACTICE *261121*0900*^*00501\
                          *000000001*0*T*:~";

    fn document(segments: &[&str]) -> Document {
        let behind = "NTE*ADD*WHAT STANDS BEHIND IS LONGER THAN TWO BLOCKS OF BYTES~".repeat(3);
        let all = [HEADER, &segments.join("~"), "~", &behind].concat();
        Document::read(all.into_bytes()).unwrap_or_else(|why| unreachable!("{why:?}"))
    }

    /// The texts of a column, None where it says nothing.
    fn texts(column: &Gathered) -> Vec<Option<&str>> {
        let said = |at: usize| column.said.set[at / 64] >> (at % 64) & 1 == 1;
        let begins = std::iter::once(&0).chain(column.ends());
        let parts = begins.zip(column.ends()).enumerate();
        let text = |from: u32, to: u32| {
            let part = column
                .all()
                .and_then(|all| all.get(from as usize..to as usize));
            part.and_then(|part| std::str::from_utf8(part).ok())
        };
        parts
            .map(|(at, (from, to))| text(*from, *to).filter(|_| said(at)))
            .collect()
    }

    fn room<const N: usize>() -> Box<[Gathered; N]> {
        Box::new(std::array::from_fn(|_| Gathered::new()))
    }

    #[test]
    fn elements_are_gathered_by_columns() {
        let many = ["REF*18*PLAN"; 70];
        let odd = [
            "REF",
            "REF*",
            "REF**X",
            "REF*1*SEVENTEEN LETTERS.*3*4*5",
            "REF*A*B C*D",
        ];
        let segments = [&odd[..], &many].concat();
        let document = document(&segments);
        let numbers: Vec<u32> = (1..=segments.len() as u32).collect();
        let mut room = room::<3>();
        assert!(gather::<3, true>(&mut room[..], &document, b'*', &numbers));
        for (column, number) in room.iter().zip(1..) {
            let plain = segments.iter().map(|text| text.split('*').nth(number));
            let plain: Vec<_> = plain
                .map(|text| text.filter(|text| !text.is_empty()))
                .collect();
            assert_eq!(texts(column), plain, "{number}");
        }
    }

    #[test]
    fn segments_that_are_not_plain_are_not_gathered() {
        let long = format!("REF*{}", "X".repeat(60));
        for odd in ["REF* A", "REF*A ", "REF*A*\u{e9}", long.as_str()] {
            let document = document(&["REF*18*PLAN", odd]);
            let mut room = room::<3>();
            assert!(
                !gather::<3, true>(&mut room[..], &document, b'*', &[1, 2]),
                "{odd}"
            );
            let as_it_stands = gather::<3, false>(&mut room[..], &document, b'*', &[1, 2]);
            assert_eq!(as_it_stands, odd != long, "{odd}");
        }
        let at_end = Document::read([HEADER, "REF*1~"].concat().into_bytes());
        let mut room = room::<3>();
        assert!(at_end.is_ok_and(|document| !gather::<3, true>(
            &mut room[..],
            &document,
            b'*',
            &[1]
        )));
    }

    #[test]
    fn messages_are_gathered_whatever_their_length() {
        let texts_of = |length: usize| "MESSAGE, ".repeat(40)[..length].replace(' ', "-");
        let messages: Vec<String> = [1, 2, 63, 64, 65, 127, 128, 129, 264]
            .map(texts_of)
            .to_vec();
        let segments: Vec<String> = messages.iter().map(|text| format!("MSG*{text}")).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let all = document(&segments);
        let numbers: Vec<u32> = (1..=segments.len() as u32).collect();
        let mut room = room::<1>();
        assert!(gather_behind::<4>(&mut room[0], &all, b'*', &numbers));
        let column = &mut room[0];
        column.said = Bits::all(numbers.len());
        let plain: Vec<_> = messages.iter().map(|text| Some(text.as_str())).collect();
        assert_eq!(texts(column), plain);
        for odd in ["MSG", "MSG*", "MSG* A", "MSG*A ", "MSG*A*B", "MSG**B"] {
            let document = document(&["MSG*PLAIN", odd]);
            assert!(
                !gather_behind::<4>(&mut room[0], &document, b'*', &[1, 2]),
                "{odd}"
            );
        }
    }

    #[test]
    fn what_stands_behind_known_elements_is_gathered() {
        let all = document(&["III*ZZ*22", "III*ZZ*1"]);
        let mut room = room::<1>();
        assert!(gather_behind::<7>(&mut room[0], &all, b'*', &[1, 2]));
        let column = &mut room[0];
        column.said = Bits::all(2);
        assert_eq!(texts(column), [Some("22"), Some("1")]);
        for odd in ["III*ZZ", "III*ZZ*", "III*ZZ* A", "III*ZZ*22*X", "III"] {
            let document = document(&["III*ZZ*22", odd]);
            let is_plain = gather_behind::<7>(&mut room[0], &document, b'*', &[1, 2]);
            assert!(!is_plain, "{odd}");
        }
    }

    #[test]
    fn what_is_more_than_there_is_room_for_is_not_gathered() {
        let text = format!("MSG*{}", "X".repeat(250));
        let all = document(&[text.as_str(); TOGETHER]);
        let numbers: Vec<u32> = (1..=TOGETHER as u32).collect();
        let mut room = room::<1>();
        assert!(!gather_behind::<4>(&mut room[0], &all, b'*', &numbers));
        assert!(gather_behind::<4>(&mut room[0], &all, b'*', &numbers[..60]));
    }
}
