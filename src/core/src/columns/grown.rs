//! What columns are made of: values, texts and bits that grow row by row.

use arrow_array::StringArray;
use arrow_buffer::{
    ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer,
};
use arrow_schema::ArrowError;
use std::ops::Range;

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
        if self.bits.len() <= at {
            self.bits.resize((at + 1).max(self.bits.capacity()), 0);
        }
        self.bits[at] |= 1 << (row & 7);
    }

    /// Rows that follow each other.
    pub fn set_all(&mut self, rows: Range<usize>) {
        if rows.start == self.dense && self.bits.is_empty() {
            self.dense = rows.end;
        } else {
            rows.for_each(|row| self.set(row));
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
        if self.values.len() != row {
            self.values.resize(row, T::default());
        }
        self.values.push(value);
        self.said.set(row);
    }

    /// `push` for rows that follow each other; None says nothing.
    #[inline]
    pub fn push_all(&mut self, first: usize, values: impl Iterator<Item = Option<T>>) {
        if self.values.len() != first {
            self.values.resize(first, T::default());
        }
        let said = &mut self.said;
        let values = values.zip(first..).map(|(value, row)| {
            if value.is_some() {
                said.set(row);
            }
            value.unwrap_or_default()
        });
        self.values.extend(values);
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
        if self.0.len() != row + 1 {
            self.fill(row);
        }
        self.0.push(end as i32);
    }

    /// The rows before this one have nothing more.
    pub fn fill(&mut self, row: usize) {
        let last = self.0.last().copied().unwrap_or(0);
        self.0.resize(row + 1, last);
    }

    /// `total`: where the last row's part ends.
    pub fn finish(mut self, rows: usize, total: usize) -> Result<OffsetBuffer<i32>, ArrowError> {
        // The collector's bounds keep it from coming to that.
        if i32::try_from(total).is_err() {
            return Err(ArrowError::OffsetOverflowError(total));
        }
        if self.0.len() == 1 {
            self.0.clear();
            fill(&mut self.0, rows + 1);
        } else {
            self.fill(rows);
        }
        Ok(OffsetBuffer::new(self.0.into()))
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

    /// `push` for a text of some parts, which is null if all are empty.
    pub fn push_joined<'p>(&mut self, row: usize, parts: impl Iterator<Item = &'p [u8]>) {
        let before = self.bytes.len();
        parts.for_each(|part| add(&mut self.bytes, part));
        if self.bytes.len() > before {
            self.ends.push(row, self.bytes.len());
            self.said.set(row);
        }
    }

    /// `push` for rows that follow each other; empty texts are null.
    #[inline]
    pub fn push_all(&mut self, first: usize, texts: &[&[u8]]) {
        self.ends.fill(first);
        let (bytes, said) = (&mut self.bytes, &mut self.said);
        let ends = texts.iter().zip(first..).map(|(text, row)| {
            if !text.is_empty() {
                add(bytes, text);
                said.set(row);
            }
            bytes.len() as i32
        });
        self.ends.0.extend(ends);
    }
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
        self.bytes.reserve(count * text.len());
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

    pub fn finish(self, rows: usize) -> Result<StringArray, ArrowError> {
        let ends = self.ends.finish(rows, self.bytes.len())?;
        StringArray::try_new(ends, self.bytes.into(), self.said.nulls(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_texts_at_once_are_as_one_by_one() -> Result<(), ArrowError> {
        let cells: [&[u8]; 7] = [b"", b"30", b"", b"FAM", b"A LONG TEXT", b"", b"1"];
        let (mut one_by_one, mut at_once) = (Texts::default(), Texts::default());
        for first in [2, 9, 20] {
            at_once.push_all(first, &cells);
            for (row, text) in (first..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                one_by_one.push(row, text);
            }
        }
        assert_eq!(at_once.finish(30)?, one_by_one.finish(30)?);
        Ok(())
    }

    #[test]
    fn many_values_at_once_are_as_one_by_one() {
        let cells = [None, Some(1), Some(-2), None, Some(3)];
        let (mut one_by_one, mut at_once) = (Fixed::<i32>::new(), Fixed::<i32>::new());
        for first in [0, 5, 13] {
            at_once.push_all(first, cells.into_iter());
            for (row, value) in (first..).zip(cells) {
                value
                    .into_iter()
                    .for_each(|value| one_by_one.push(row, value));
            }
        }
        assert_eq!(at_once.finish(20), one_by_one.finish(20));
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
        let texts = Texts::default().finish(9)?;
        assert!(texts.iter().all(|text| text.is_none()));
        assert_eq!(texts.iter().count(), 9);
        let (values, nulls) = Fixed::<i64>::new().finish(9);
        assert_eq!(values.len(), 9);
        assert_eq!(nulls.map(|nulls| nulls.null_count()), Some(9));
        Ok(())
    }
}
