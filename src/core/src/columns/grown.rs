//! What columns are made of: values, texts and bits that grow row by row.

use super::cells::Encoding;
use super::proven;
use super::short::Short;
use crate::elements::Sent;
use arrow_array::StringArray;
use arrow_buffer::{
    ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer,
};
use arrow_schema::ArrowError;
use std::ops::Range;

/// So many rows are put together, at most.
pub const TOGETHER: usize = 128;

/// Which of the rows that are put together say something, and how many they are.
#[derive(Clone, Copy)]
pub struct Bits {
    pub set: [u64; TOGETHER / 64],
    pub count: usize,
}

impl Bits {
    /// Of no row.
    pub const NONE: Bits = Bits {
        set: [0; TOGETHER / 64],
        count: 0,
    };

    /// Of so many rows.
    pub fn all(count: usize) -> Bits {
        let set = std::array::from_fn(|at| match count.saturating_sub(64 * at) {
            count @ 0..64 => !(u64::MAX << count),
            _ => u64::MAX,
        });
        Bits { set, count }
    }

    /// None of the rows says something.
    #[inline]
    pub fn is_none(&self) -> bool {
        self.set == Bits::NONE.set
    }

    /// It is quicker to put those alone that say something.
    #[inline]
    fn are_few(&self) -> bool {
        self.set.iter().map(|set| set.count_ones()).sum::<u32>() < self.count as u32 / 8
    }

    /// The rows that say something, the first one 0.
    pub fn rows(&self) -> impl Iterator<Item = usize> + use<> {
        let blocks = self.set.into_iter().zip((0..).step_by(64));
        blocks.flat_map(|(mut set, first)| {
            std::iter::from_fn(move || {
                let row = first + set.trailing_zeros() as usize;
                (set != 0).then(|| {
                    set &= set - 1;
                    row
                })
            })
        })
    }
}

/// Where short texts are put end to end.
pub type Room = [u8; TOGETHER * 8 + 8];

pub const NO_ROOM: Room = [0; TOGETHER * 8 + 8];

/// Which rows say something. As long as all do, it is a number.
#[derive(Default)]
pub struct Said {
    /// So many rows from the first on do.
    dense: usize,
    /// One bit per row, once a row was left out; those of the dense rows are not set.
    pub bits: Vec<u8>,
}

impl Said {
    #[inline]
    pub fn set(&mut self, row: usize) {
        if row == self.dense && self.bits.is_empty() {
            self.dense += 1;
            return;
        }
        let at = row >> 3;
        self.reach(at + 1);
        self.bits[at] |= 1 << (row & 7);
    }

    /// No row does.
    fn is_none(&self) -> bool {
        self.dense == 0 && self.bits.is_empty()
    }

    /// Makes the bits so many bytes at least.
    #[inline]
    fn reach(&mut self, length: usize) {
        if self.bits.len() < length {
            self.grow(length);
        }
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        self.bits.resize(length.max(self.bits.capacity()), 0);
    }

    /// Up to 64 rows that follow each other: those whose bit is set, the first row's lowest.
    pub fn set_bits(&mut self, first: usize, (set, count): (u64, usize)) {
        if first == self.dense && self.bits.is_empty() && set.trailing_ones() as usize >= count {
            self.dense += count;
            return;
        }
        if set == 0 {
            return;
        }
        let at = first >> 3;
        // Behind the rows there are none; what is too long is cut off in the end.
        let set = u128::from(set & (u64::MAX >> (64 - count.clamp(1, 64)))) << (first & 7);
        self.reach(at + size_of::<u128>());
        if let Some(bytes) = self.bits.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *bytes = (u128::from_le_bytes(*bytes) | set).to_le_bytes();
        }
    }

    /// Some of the rows that are put together.
    pub fn set_some(&mut self, first: usize, said: &Bits) {
        for (set, at) in said.set.into_iter().zip((0..said.count).step_by(64)) {
            self.set_bits(first + at, (set, (said.count - at).min(64)));
        }
    }

    /// Rows that follow each other.
    pub fn set_all(&mut self, rows: Range<usize>) {
        if rows.start == self.dense && self.bits.is_empty() {
            self.dense = rows.end;
            return;
        }
        for first in rows.clone().step_by(64) {
            let count = (rows.end - first).min(64);
            self.set_bits(first, (u64::MAX >> (64 - count), count));
        }
    }

    pub fn finish(mut self, rows: usize) -> BooleanBuffer {
        fill(&mut self.bits, rows.div_ceil(8));
        let whole = self.dense >> 3;
        self.bits[..whole].fill(0xFF);
        if let (Some(last), true) = (self.bits.get_mut(whole), self.dense & 7 > 0) {
            *last |= (1 << (self.dense & 7)) - 1;
        }
        BooleanBuffer::new(Buffer::from_vec(self.bits), 0, rows)
    }

    pub fn nulls(self, rows: usize) -> Option<NullBuffer> {
        if self.dense == rows {
            return None;
        }
        Some(NullBuffer::new(self.finish(rows)))
    }
}

/// How many more rows are expected, as a multiple of those that there are.
#[derive(Clone, Copy, Debug)]
pub struct More {
    pub expected: usize,
    pub there: usize,
}

impl More {
    /// Makes room for that, at once instead of by doubling.
    pub fn reserve<T>(self, values: &mut Vec<T>) {
        let more = values.len().saturating_mul(self.expected) / self.there.max(1);
        values.reserve(more);
    }
}

/// Makes room for more values at once: as most columns grow by a few rows a thousand times, they grow by much when they
/// do, since all that there is may have to be copied.
#[inline]
fn make_room<T>(values: &mut Vec<T>, more: usize) {
    if values.capacity() - values.len() < more {
        grow(values, more);
    }
}

#[cold]
fn grow<T>(values: &mut Vec<T>, more: usize) {
    values.reserve(more.max(values.len().saturating_mul(3)));
}

/// Makes it so long. If nothing was put, the zeros come from the system, and cost nothing until somebody looks.
fn fill<T: Copy + Default>(values: &mut Vec<T>, length: usize) {
    if values.is_empty() {
        *values = vec![T::default(); length];
    } else {
        values.resize(length, T::default());
    }
}

/// Fixed-width values.
pub struct Fixed<T> {
    pub values: Vec<T>,
    said: Said,
}

impl<T: ArrowNativeType> Fixed<T> {
    pub fn new() -> Self {
        Fixed {
            values: Vec::new(),
            said: Said::default(),
        }
    }

    #[inline]
    pub fn push(&mut self, row: usize, value: T) {
        self.fill(row);
        self.values.push(value);
        self.said.set(row);
    }

    /// `push` for rows that follow each other.
    #[inline]
    pub fn push_all(&mut self, first: usize, values: impl ExactSizeIterator<Item = T>) {
        self.fill(first);
        make_room(&mut self.values, values.len());
        self.values.extend(values);
        self.said.set_all(first..self.values.len());
    }

    /// The same for some rows that say something.
    #[inline]
    pub fn push_some(&mut self, first: usize, values: impl Iterator<Item = T>, said: &Bits) {
        self.fill(first);
        make_room(&mut self.values, said.count);
        self.values.extend(values);
        self.said.set_some(first, said);
    }

    /// The rows before this one say nothing more.
    #[inline]
    fn fill(&mut self, row: usize) {
        if self.values.len() != row {
            self.fill_gap(row);
        }
    }

    #[inline(never)]
    fn fill_gap(&mut self, row: usize) {
        self.values.resize(row, T::default());
    }

    pub fn reserve(&mut self, more: More) {
        more.reserve(&mut self.values);
        more.reserve(&mut self.said.bits);
    }

    pub fn anew(&self) -> Self {
        Fixed {
            values: Vec::with_capacity(self.values.len()),
            said: Said::default(),
        }
    }

    pub fn finish(mut self, rows: usize) -> (ScalarBuffer<T>, Option<NullBuffer>) {
        fill(&mut self.values, rows);
        (self.values.into(), self.said.nulls(rows))
    }
}

/// Texts, end to end.
#[derive(Default)]
pub struct Texts {
    pub bytes: Vec<u8>,
    pub ends: Ends,
    said: Said,
}

/// The ends of rows that have nothing: those of many columns, made once.
#[derive(Default)]
pub struct NoEnds(Option<OffsetBuffer<i32>>);

impl NoEnds {
    fn of(&mut self, rows: usize) -> OffsetBuffer<i32> {
        match &self.0 {
            Some(known) if known.len() > rows => known.slice(0, rows),
            _ => self.0.insert(OffsetBuffer::new_zeroed(rows)).clone(),
        }
    }
}

/// Where each row's part of something ends, from the first's begin on.
pub struct Ends(pub Vec<i32>);

impl Default for Ends {
    fn default() -> Self {
        Ends(vec![0])
    }
}

impl Ends {
    #[inline]
    pub fn push(&mut self, row: usize, end: usize) {
        self.fill(row);
        self.0.push(end as i32);
    }

    /// `push` for rows that follow each other, of ends counted from the last one.
    pub fn push_all(&mut self, first: usize, ends: &[u32]) {
        self.fill(first);
        let last = self.0.last().copied().unwrap_or(0);
        make_room(&mut self.0, ends.len());
        self.0.extend(ends.iter().map(|end| last + *end as i32));
    }

    /// The rows before this one have nothing more.
    #[inline]
    pub fn fill(&mut self, row: usize) {
        if self.0.len() != row + 1 {
            self.fill_gap(row);
        }
    }

    #[inline(never)]
    fn fill_gap(&mut self, row: usize) {
        let last = self.0.last().copied().unwrap_or(0);
        self.0.resize(row + 1, last);
    }

    /// `total`: where the last row's part ends.
    pub fn finish(
        mut self,
        rows: usize,
        total: usize,
        none: &mut NoEnds,
    ) -> Result<OffsetBuffer<i32>, ArrowError> {
        // The collector's bounds keep it from coming to that.
        if i32::try_from(total).is_err() {
            return Err(ArrowError::OffsetOverflowError(total));
        }
        if total == 0 {
            return Ok(none.of(rows));
        }
        self.fill(rows);
        proven::offsets(self.0)
    }

    /// Empty, with room for as much.
    pub fn anew(&self) -> Ends {
        let mut ends = Vec::with_capacity(self.0.len());
        ends.push(0);
        Ends(ends)
    }
}

impl Texts {
    #[inline]
    pub fn push(&mut self, row: usize, text: &[u8]) {
        add(&mut self.bytes, text);
        self.ends.push(row, self.bytes.len());
        self.said.set(row);
    }

    /// `push` for rows that follow each other; those that say nothing are empty.
    pub fn push_short(&mut self, first: usize, texts: &[Short], said: &Bits, room: &mut Room) {
        make_room(&mut self.bytes, said.count * 8);
        if said.are_few() {
            for (row, text) in said.rows().filter_map(|row| Some((row, texts.get(row)?))) {
                self.push(first + row, &text.block()[..text.len()]);
            }
            return;
        }
        self.ends.fill(first);
        make_room(&mut self.ends.0, said.count);
        for block in texts.chunks(TOGETHER) {
            let (begin, mut at) = (self.bytes.len(), 0);
            self.ends.0.extend(block.iter().map(|text| {
                // Each is written whole: what is too much of it is written over by the next.
                let place = at % (TOGETHER * 8);
                room[place..place + 8].copy_from_slice(&text.block());
                at += text.len();
                (begin + at) as i32
            }));
            self.bytes.extend_from_slice(room.get(..at).unwrap_or(&[]));
        }
        self.said.set_some(first, said);
    }

    /// `push` for rows that follow each other: their texts end to end, and where each ends.
    pub fn push_gathered(&mut self, first: usize, texts: &[u8], ends: &[u32], said: &Bits) {
        self.ends.fill(first);
        make_room(&mut self.ends.0, ends.len());
        let begin = self.bytes.len();
        self.ends
            .0
            .extend(ends.iter().map(|end| (begin + *end as usize) as i32));
        make_room(&mut self.bytes, texts.len());
        self.bytes.extend_from_slice(texts);
        self.said.set_some(first, said);
    }

    /// `push` of an element.
    #[inline(always)]
    pub fn push_sent(&mut self, row: usize, sent: &Sent<'_>, encoding: Encoding) {
        match (sent.block::<16>(), sent.block::<64>()) {
            _ if !encoding.as_is => {
                return self.push(row, encoding.decode(sent.bytes()).as_bytes());
            }
            (Some(block), _) if sent.len() <= block.len() => {
                add_block(&mut self.bytes, block, sent.len());
            }
            (_, Some(block)) if sent.len() <= block.len() => {
                add_block(&mut self.bytes, block, sent.len());
            }
            _ => self.push_long(sent.bytes()),
        }
        self.ends.push(row, self.bytes.len());
        self.said.set(row);
    }

    #[inline(never)]
    fn push_long(&mut self, text: &[u8]) {
        make_room(&mut self.bytes, text.len());
        self.bytes.extend_from_slice(text);
    }
}

/// Appends the first bytes of a block: a copy of a known length takes no call.
#[inline(always)]
fn add_block<const N: usize>(bytes: &mut Vec<u8>, block: &[u8; N], length: usize) {
    make_room(bytes, N);
    let end = bytes.len() + length;
    bytes.extend_from_slice(block);
    bytes.truncate(end);
}

/// Appends a text.
#[inline]
fn add(bytes: &mut Vec<u8>, text: &[u8]) {
    // Most texts are codes, and copying those by a call costs more than the rest.
    match *text {
        [one] => bytes.push(one),
        [one, two] => bytes.extend_from_slice(&[one, two]),
        [one, two, three] => bytes.extend_from_slice(&[one, two, three]),
        _ => bytes.extend_from_slice(text),
    }
}

impl Texts {
    /// The same text in rows that follow each other, copied in ever larger parts.
    pub fn repeat(&mut self, rows: Range<usize>, text: &[u8]) {
        let (count, begin) = (rows.len(), self.bytes.len());
        make_room(&mut self.bytes, count * text.len());
        make_room(&mut self.ends.0, count);
        self.bytes.extend_from_slice(text);
        let mut there = 1;
        while there < count {
            let more = there.min(count - there);
            self.bytes
                .extend_from_within(begin..begin + more * text.len());
            there += more;
        }
        self.ends.fill(rows.start);
        let ends = (1..=count).map(|number| (begin + number * text.len()) as i32);
        self.ends.0.extend(ends);
        self.said.set_all(rows);
    }

    pub fn reserve(&mut self, more: More) {
        more.reserve(&mut self.bytes);
        more.reserve(&mut self.ends.0);
        more.reserve(&mut self.said.bits);
    }

    /// Empty, with room for as much.
    pub fn anew(&self) -> Texts {
        Texts {
            bytes: Vec::with_capacity(self.bytes.len()),
            ends: self.ends.anew(),
            said: Said::default(),
        }
    }

    pub fn finish(self, rows: usize, none: &mut NoEnds) -> Result<StringArray, ArrowError> {
        if rows > 0 && self.said.is_none() {
            let nulls = Some(NullBuffer::new_null(rows));
            return proven::strings(none.of(rows), Vec::new(), nulls);
        }
        let ends = self.ends.finish(rows, self.bytes.len(), none)?;
        proven::strings(ends, self.bytes, self.said.nulls(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elements::Elements;

    /// Rows from which on something is put at once, and how many.
    const RUNS: [(usize, usize); 6] = [(0, 5), (5, 64), (69, 3), (80, 128), (208, 1), (300, 70)];

    fn bits(rows: Range<usize>, is_said: impl Fn(usize) -> bool) -> Bits {
        let (count, mut set) = (rows.len(), [0; TOGETHER / 64]);
        for (row, at) in rows.zip(0..) {
            set[at / 64] |= u64::from(is_said(row)) << (at % 64);
        }
        Bits { set, count }
    }

    #[test]
    fn columns_without_anything_share_ends_of_any_length() {
        let mut none = NoEnds::default();
        for rows in [5, 3, 9, 0, 9] {
            let ends = none.of(rows);
            assert_eq!(ends.len(), rows + 1);
            assert!(ends.iter().all(|end| *end == 0));
        }
    }

    #[test]
    fn many_texts_at_once_are_as_one_by_one() -> Result<(), ArrowError> {
        let some = ["", "30", "FAM", "1", "", "ANOTHER", "UC"];
        let all = ["BENEFIT", "1234567", "UNKNOWN"];
        let mut few = [""; 30];
        few[7] = "30";
        for texts in [&some[..], &all, &few] {
            let text = |row: usize| texts[row % texts.len()].as_bytes();
            let (mut one_by_one, mut at_once) = (Texts::default(), Texts::default());
            for (first, count) in RUNS {
                let rows = first..first + count;
                let short = rows.clone().filter_map(|row| Short::of(text(row)));
                let said = bits(rows.clone(), |row| !text(row).is_empty());
                let short: Vec<_> = short.collect();
                at_once.push_short(first, &short, &said, &mut NO_ROOM.clone());
                for row in rows.filter(|row| !text(*row).is_empty()) {
                    one_by_one.push(row, text(row));
                }
            }
            assert_eq!(
                at_once.finish(400, &mut NoEnds::default())?,
                one_by_one.finish(400, &mut NoEnds::default())?
            );
        }
        Ok(())
    }

    #[test]
    fn elements_are_put_as_texts_are() -> Result<(), ArrowError> {
        let segment = b"REF*1L**SIXTEEN BYTES ..*SEVENTEEN BYTES .* TRIMMED *LAST";
        let (mut ones, mut others) = (Texts::default(), Texts::default());
        for behind in [0, 64] {
            let text = [segment.as_slice(), &vec![b'~'; behind]].concat();
            let sent = Elements::of(&text, segment.len(), b'*');
            let run: [Sent<'_>; 7] = sent.places(1);
            for (row, element) in run.iter().enumerate() {
                others.push_sent(behind + row, element, Encoding::UTF8);
                ones.push(behind + row, sent.get(row + 1));
            }
        }
        assert_eq!(
            others.finish(80, &mut NoEnds::default())?,
            ones.finish(80, &mut NoEnds::default())?
        );
        Ok(())
    }

    #[test]
    fn many_values_at_once_are_as_one_by_one() {
        let cells = [None, Some(1), Some(-2), None, Some(3)];
        let value = |row: usize| cells[row % cells.len()];
        let [mut one_by_one, mut at_once, mut all] = [(); 3].map(|()| Fixed::<i32>::new());
        for (first, count) in RUNS {
            let rows = first..first + count;
            let values = rows.clone().map(|row| value(row).unwrap_or_default());
            let said = bits(rows.clone(), |row| value(row).is_some());
            at_once.push_some(first, values, &said);
            all.push_all(first, rows.clone().map(|row| row as i32));
            for (row, value) in rows.filter_map(|row| Some((row, value(row)?))) {
                one_by_one.push(row, value);
            }
        }
        assert_eq!(at_once.finish(400), one_by_one.finish(400));
        let (values, nulls) = all.finish(400);
        let is_said = |row: usize| {
            RUNS.iter()
                .any(|(first, count)| (*first..first + count).contains(&row))
        };
        for row in 0..400 {
            let there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
            assert_eq!(there, is_said(row), "{row}");
            assert!(!there || values[row] == row as i32, "{row}");
        }
    }

    #[test]
    fn room_is_made_in_proportion_and_for_nothing_if_there_is_nothing() {
        let mut values = vec![1u8; 100];
        let more = More {
            expected: 30,
            there: 10,
        };
        more.reserve(&mut values);
        assert!(values.capacity() >= 400);
        let mut none: Vec<u8> = Vec::new();
        more.reserve(&mut none);
        assert_eq!(none.capacity(), 0);
        let hostile = More {
            expected: 0,
            there: 0,
        };
        hostile.reserve(&mut values);
    }

    #[test]
    fn a_column_where_nothing_was_said_is_null_in_every_row() -> Result<(), ArrowError> {
        let texts = Texts::default().finish(9, &mut NoEnds::default())?;
        assert!(texts.iter().all(|text| text.is_none()));
        assert_eq!(texts.iter().count(), 9);
        let (values, nulls) = Fixed::<i64>::new().finish(9);
        assert_eq!(values.len(), 9);
        assert_eq!(nulls.map(|nulls| nulls.null_count()), Some(9));
        Ok(())
    }
}
