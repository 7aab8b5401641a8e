//! Columns that grow row by row. A row that says nothing costs nothing: it is filled in when a later one says something.

use super::cells::{Cell, Encoding, days, scaled};
use super::schema::{self, Column, Kind, PRECISION};
use super::words::{Dictionaries, Words};
use arrow_array::types::Int16Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int16Array,
    Int32Array, Int64Array, ListArray, StringArray, StructArray,
};
use arrow_buffer::{
    ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer,
};
use arrow_schema::{ArrowError, Fields};
use std::sync::Arc;

/// One bit per row.
#[derive(Default)]
pub struct Bits(Vec<u8>);

impl Bits {
    fn set(&mut self, row: usize) {
        let at = row >> 3;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (row & 7);
    }

    fn finish(mut self, rows: usize) -> BooleanBuffer {
        self.0.resize(rows.div_ceil(8), 0);
        BooleanBuffer::new(Buffer::from_vec(self.0), 0, rows)
    }

    fn nulls(self, rows: usize) -> Option<NullBuffer> {
        Some(NullBuffer::new(self.finish(rows))).filter(|nulls| nulls.null_count() > 0)
    }
}

/// Fixed-width values.
pub struct Fixed<T> {
    values: Vec<T>,
    said: Bits,
}

impl<T: ArrowNativeType> Fixed<T> {
    fn new() -> Self {
        Fixed {
            values: Vec::new(),
            said: Bits::default(),
        }
    }

    fn push(&mut self, row: usize, value: T) {
        self.values.resize(row, T::default());
        self.values.push(value);
        self.said.set(row);
    }

    fn finish(mut self, rows: usize) -> (ScalarBuffer<T>, Option<NullBuffer>) {
        self.values.resize(rows, T::default());
        (self.values.into(), self.said.nulls(rows))
    }
}

/// Texts, end to end.
pub struct Texts {
    bytes: Vec<u8>,
    ends: Ends,
    said: Bits,
}

/// Where each row's part of something ends.
#[derive(Default)]
pub struct Ends(Vec<i32>);

impl Ends {
    fn last(&self) -> i32 {
        self.0.last().copied().unwrap_or(0)
    }

    fn push(&mut self, row: usize, end: usize) {
        self.0.resize(row, self.last());
        self.0.push(end as i32);
    }

    fn finish(mut self, rows: usize) -> Result<OffsetBuffer<i32>, ArrowError> {
        self.0.resize(rows, self.last());
        self.0.insert(0, 0);
        // What is longer than 2^31 has wrapped around; the collector's bounds keep it from coming to that.
        if self.0.is_sorted() {
            Ok(OffsetBuffer::new(self.0.into()))
        } else {
            Err(ArrowError::OffsetOverflowError(rows))
        }
    }
}

impl Texts {
    fn push(&mut self, row: usize, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(row, self.bytes.len());
        self.said.set(row);
    }
}

/// A list of texts or of structs per row.
pub struct List {
    pub items: Vec<Builder>,
    ends: Ends,
    count: usize,
    columns: Option<Fields>,
}

impl List {
    /// Adds an item to the list of a row; gives its number and its columns.
    pub fn item(&mut self, row: usize) -> (usize, &mut [Builder]) {
        let at = self.count;
        self.count += 1;
        if self.ends.0.len() > row {
            self.ends.0[row] = self.count as i32;
        } else {
            self.ends.push(row, self.count);
        }
        (at, &mut self.items)
    }
}

pub enum Builder {
    Texts(Texts),
    Words(Fixed<i16>, Arc<Words>),
    Decimal(Fixed<i128>, u8),
    Date(Fixed<i32>),
    /// False where nobody says that it is true.
    Flag(Bits),
    Count(Fixed<i32>),
    Offset(Fixed<i64>),
    List(List),
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    Done,
    /// The column cannot hold the number.
    DoesNotFit,
}

impl Builder {
    pub fn new(kind: &Kind, dictionaries: &Dictionaries) -> Result<Builder, ArrowError> {
        Ok(match kind {
            Kind::Text => Builder::Texts(Texts {
                bytes: Vec::new(),
                ends: Ends::default(),
                said: Bits::default(),
            }),
            Kind::Words(table) => {
                let words = dictionaries.get(table).cloned();
                let missing = || ArrowError::SchemaError(format!("there are no codes {table}"));
                Builder::Words(Fixed::new(), words.ok_or_else(missing)?)
            }
            Kind::Decimal(scale) => Builder::Decimal(Fixed::new(), *scale),
            Kind::Date => Builder::Date(Fixed::new()),
            Kind::Flag => Builder::Flag(Bits::default()),
            Kind::Count => Builder::Count(Fixed::new()),
            Kind::Offset => Builder::Offset(Fixed::new()),
            Kind::List(columns) => Builder::List(List {
                items: columns
                    .iter()
                    .map(|column| Builder::new(&column.kind, dictionaries))
                    .collect::<Result<_, _>>()?,
                ends: Ends::default(),
                count: 0,
                columns: Some(schema::fields(columns)),
            }),
            Kind::ListOf(kind) => Builder::List(List {
                items: vec![Builder::new(kind, dictionaries)?],
                ends: Ends::default(),
                count: 0,
                columns: None,
            }),
        })
    }

    /// Puts a cell into a row that is not before any row that was put.
    pub fn put(&mut self, row: usize, cell: &Cell<'_>, encoding: Encoding) -> Put {
        match (self, cell) {
            (Builder::Texts(texts), Cell::Sent(bytes)) if !bytes.is_empty() => {
                if encoding.as_is {
                    texts.push(row, bytes);
                } else {
                    texts.push(row, encoding.decode(bytes).as_bytes());
                }
            }
            (Builder::Texts(texts), Cell::Text(text)) if !text.is_empty() => {
                texts.push(row, text.as_bytes());
            }
            (Builder::Texts(texts), Cell::Made(text)) if !text.is_empty() => {
                texts.push(row, text.as_bytes());
            }
            (Builder::Words(places, words), Cell::Sent(code)) => {
                if let Some(place) = words.place(code) {
                    places.push(row, place);
                }
            }
            (Builder::Words(places, words), Cell::Text(code)) => {
                if let Some(place) = words.place(code.as_bytes()) {
                    places.push(row, place);
                }
            }
            (Builder::Decimal(numbers, scale), Cell::Number(Some(number))) => {
                match scaled(*number, *scale) {
                    Some(digits) => numbers.push(row, digits),
                    None => return Put::DoesNotFit,
                }
            }
            (Builder::Decimal(..), Cell::Unreadable) => return Put::DoesNotFit,
            (Builder::Date(dates), Cell::Date(Some(date))) => dates.push(row, days(*date)),
            (Builder::Flag(flags), Cell::Flag(true)) => flags.set(row),
            (Builder::Count(counts), Cell::Count(count)) => {
                counts.push(row, i32::try_from(*count).unwrap_or(i32::MAX));
            }
            (Builder::Offset(offsets), Cell::Count(count)) => offsets.push(row, *count as i64),
            _ => {}
        }
        Put::Done
    }

    /// Puts a text that is not null even if it is empty.
    pub fn put_always(&mut self, row: usize, text: &[u8], encoding: Encoding) {
        if let Builder::Texts(texts) = self {
            texts.push(row, encoding.decode(text).as_bytes());
        }
    }

    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        match self {
            Builder::Texts(texts) => texts.bytes.len() + texts.ends.0.len() * 4,
            Builder::Words(places, _) => places.values.len() * 2,
            Builder::Decimal(numbers, _) => numbers.values.len() * 16,
            Builder::Date(days) => days.values.len() * 4,
            Builder::Flag(flags) => flags.0.len(),
            Builder::Count(counts) => counts.values.len() * 4,
            Builder::Offset(offsets) => offsets.values.len() * 8,
            Builder::List(list) => {
                list.ends.0.len() * 4 + list.items.iter().map(Builder::size).sum::<usize>()
            }
        }
    }

    pub fn finish(self, rows: usize) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Builder::Texts(texts) => Arc::new(StringArray::try_new(
                texts.ends.finish(rows)?,
                texts.bytes.into(),
                texts.said.nulls(rows),
            )?),
            Builder::Words(places, words) => {
                let (values, nulls) = places.finish(rows);
                let keys = Int16Array::try_new(values, nulls)?;
                Arc::new(DictionaryArray::<Int16Type>::try_new(
                    keys,
                    words.texts.clone(),
                )?)
            }
            Builder::Decimal(numbers, scale) => {
                let (values, nulls) = numbers.finish(rows);
                let made = Decimal128Array::try_new(values, nulls)?;
                Arc::new(made.with_precision_and_scale(PRECISION, scale as i8)?)
            }
            Builder::Date(days) => {
                let (values, nulls) = days.finish(rows);
                Arc::new(Date32Array::try_new(values, nulls)?)
            }
            Builder::Flag(flags) => Arc::new(BooleanArray::new(flags.finish(rows), None)),
            Builder::Count(counts) => {
                let (values, nulls) = counts.finish(rows);
                Arc::new(Int32Array::try_new(values, nulls)?)
            }
            Builder::Offset(offsets) => {
                let (values, nulls) = offsets.finish(rows);
                Arc::new(Int64Array::try_new(values, nulls)?)
            }
            Builder::List(list) => {
                let count = list.count;
                let items: Result<Vec<ArrayRef>, ArrowError> = list
                    .items
                    .into_iter()
                    .map(|item| item.finish(count))
                    .collect();
                let mut items = items?;
                let values: ArrayRef = match list.columns {
                    Some(fields) => Arc::new(StructArray::try_new(fields, items, None)?),
                    None => items.remove(0),
                };
                let field = schema::item(values.data_type().clone());
                Arc::new(ListArray::try_new(
                    field,
                    list.ends.finish(rows)?,
                    values,
                    None,
                )?)
            }
        })
    }
}

/// The columns of one table, and how many rows they have.
pub struct Columns {
    pub builders: Vec<Builder>,
    pub rows: usize,
}

impl Columns {
    pub fn new(columns: &[Column], dictionaries: &Dictionaries) -> Result<Columns, ArrowError> {
        let builders = columns
            .iter()
            .map(|column| Builder::new(&column.kind, dictionaries));
        Ok(Columns {
            builders: builders.collect::<Result<_, _>>()?,
            rows: 0,
        })
    }

    pub fn size(&self) -> usize {
        self.builders.iter().map(Builder::size).sum()
    }

    pub fn list(&mut self, column: usize) -> Option<&mut List> {
        match self.builders.get_mut(column) {
            Some(Builder::List(list)) => Some(list),
            _ => None,
        }
    }
}
