//! Columns that grow row by row. A row that says nothing costs nothing: it is filled in when a later one says something.

use super::cells::{Cell, Encoding, days, scaled};
use super::grown::{Bits, Ends, Fixed, More, NoEnds, Room, Said, Texts};
use super::proven;
use super::schema::{self, Column, Kind, PRECISION};
use super::short::Short;
use super::words::{Dictionaries, Words};
use crate::elements::Sent;
use crate::numbers::{Date, Decimal};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int16Array, Int32Array, Int64Array,
    ListArray, StructArray,
};
use arrow_schema::{ArrowError, Fields};
use std::ops::Range;
use std::sync::Arc;

/// A list of texts or of structs per row.
pub struct List {
    pub items: Vec<Builder>,
    ends: Ends,
    count: usize,
    columns: Option<Fields>,
}

impl List {
    /// Adds an item to the list of a row; gives its number and its columns.
    #[inline]
    pub fn item(&mut self, row: usize) -> (usize, &mut [Builder]) {
        self.ends.fill(row + 1);
        if let Some(end) = self.ends.0.last_mut() {
            *end = self.count as i32 + 1;
        }
        let at = self.count;
        self.count += 1;
        (at, &mut self.items)
    }

    /// So many items there are.
    #[inline]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds items to the lists of rows that follow each other: how many they are up to each row's end.
    pub fn add(&mut self, count: usize, first: usize, ends: &[u32]) {
        self.ends.push_all(first, ends);
        self.count += count;
    }
}

pub enum Builder {
    Texts(Texts),
    Words(Fixed<i16>, Arc<Words>),
    Decimal(Fixed<i128>, u8),
    Date(Fixed<i32>),
    /// False where nobody says that it is true.
    Flag(Said),
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
            Kind::Text => Builder::Texts(Texts::default()),
            Kind::Words(table) => {
                let words = dictionaries.get(table).cloned();
                let missing = || ArrowError::SchemaError(format!("there are no codes {table}"));
                Builder::Words(Fixed::new(), words.ok_or_else(missing)?)
            }
            Kind::Decimal(scale) => Builder::Decimal(Fixed::new(), *scale),
            Kind::Date => Builder::Date(Fixed::new()),
            Kind::Flag => Builder::Flag(Said::default()),
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

    /// Makes room for more.
    fn reserve(&mut self, more: More) {
        match self {
            Builder::Texts(texts) => texts.reserve(more),
            Builder::Words(places, _) => places.reserve(more),
            Builder::Decimal(numbers, _) => numbers.reserve(more),
            Builder::Date(days) => days.reserve(more),
            Builder::Flag(flags) => more.reserve(&mut flags.bits),
            Builder::Count(counts) => counts.reserve(more),
            Builder::Offset(offsets) => offsets.reserve(more),
            Builder::List(list) => {
                more.reserve(&mut list.ends.0);
                for item in &mut list.items {
                    item.reserve(more);
                }
            }
        }
    }

    /// Empty, with room for as much.
    fn anew(&self) -> Builder {
        match self {
            Builder::Texts(texts) => Builder::Texts(texts.anew()),
            Builder::Words(places, words) => Builder::Words(places.anew(), words.clone()),
            Builder::Decimal(numbers, scale) => Builder::Decimal(numbers.anew(), *scale),
            Builder::Date(days) => Builder::Date(days.anew()),
            Builder::Flag(_) => Builder::Flag(Said::default()),
            Builder::Count(counts) => Builder::Count(counts.anew()),
            Builder::Offset(offsets) => Builder::Offset(offsets.anew()),
            Builder::List(list) => Builder::List(List {
                items: list.items.iter().map(Builder::anew).collect(),
                ends: list.ends.anew(),
                count: 0,
                columns: list.columns.clone(),
            }),
        }
    }

    /// Puts a cell into a row that is not before any row that was put.
    #[inline]
    pub fn put(&mut self, row: usize, cell: &Cell<'_>, encoding: Encoding) {
        match cell {
            Cell::Sent(bytes) => self.sent(row, bytes, encoding),
            Cell::Text(text) => self.text(row, text),
            Cell::Flag(flag) => self.flag(row, *flag),
            Cell::Count(count) => self.count(row, *count),
            Cell::Empty => {}
        }
    }

    /// Bytes of the document, or the description of the code that they are.
    #[inline]
    pub fn sent(&mut self, row: usize, bytes: &[u8], encoding: Encoding) {
        match self {
            Builder::Texts(texts) if !bytes.is_empty() => {
                if encoding.as_is {
                    texts.push(row, bytes);
                } else {
                    texts.push(row, encoding.decode(bytes).as_bytes());
                }
            }
            Builder::Words(places, words) => {
                if let Some(place) = words.place(bytes) {
                    places.push(row, place);
                }
            }
            _ => {}
        }
    }

    /// The same of an element without blanks around it, quicker than its bytes.
    #[inline]
    pub fn element(&mut self, row: usize, sent: &Sent<'_>, encoding: Encoding) {
        match self {
            Builder::Texts(texts) => {
                if !sent.is_empty() {
                    texts.push_sent(row, sent, encoding);
                }
            }
            other => other.sent(row, sent.bytes(), encoding),
        }
    }

    #[inline]
    pub fn text(&mut self, row: usize, text: &str) {
        self.sent(row, text.as_bytes(), Encoding::UTF8);
    }

    /// `sent` for rows that follow each other.
    pub fn sent_all<'b>(
        &mut self,
        first: usize,
        items: impl Iterator<Item = &'b [u8]>,
        encoding: Encoding,
    ) {
        for (row, bytes) in (first..).zip(items) {
            self.sent(row, bytes, encoding);
        }
    }

    /// Short texts for rows that follow each other; those that say nothing are empty.
    pub fn short_texts(&mut self, first: usize, texts: &[Short], said: &Bits, room: &mut Room) {
        if let Builder::Texts(column) = self {
            column.push_short(first, texts, said, room);
        }
    }

    /// Places of descriptions in the dictionary for rows that follow each other; those that say nothing are 0.
    pub fn places(&mut self, first: usize, places: &[i16], said: &Bits) {
        if let Builder::Words(column, _) = self {
            column.push_some(first, places.iter().copied(), said);
        }
    }

    /// Digits of decimals, as many behind the point as the column has, for rows that follow each other; those that say
    /// nothing are 0.
    pub fn numbers(&mut self, first: usize, digits: &[i64], said: &Bits) {
        if let Builder::Decimal(column, _) = self {
            column.push_some(first, digits.iter().map(|digits| (*digits).into()), said);
        }
    }

    /// `count` for rows that follow each other.
    pub fn counts(&mut self, first: usize, counts: impl ExactSizeIterator<Item = usize>) {
        match self {
            Builder::Count(column) => {
                let counts = counts.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
                column.push_all(first, counts);
            }
            Builder::Offset(column) => {
                column.push_all(first, counts.map(|count| count as i64));
            }
            _ => {}
        }
    }

    /// The same of numbers that are known to be small.
    pub fn small_counts(&mut self, first: usize, counts: impl ExactSizeIterator<Item = u32>) {
        if let Builder::Count(column) = self {
            // Those of the upper half are negative for a moment: some numbers are compared by one instruction.
            let most = |count: i32| if count < 0 { i32::MAX } else { count };
            column.push_all(first, counts.map(|count| most(count as i32)));
        }
    }

    /// The same text in rows that follow each other and are behind all that were put.
    pub fn repeat(&mut self, rows: Range<usize>, text: &str) {
        if let (Builder::Texts(texts), false) = (self, rows.is_empty() || text.is_empty()) {
            texts.repeat(rows, text.as_bytes());
        }
    }

    #[inline]
    pub fn number(&mut self, row: usize, number: Decimal) -> Put {
        if let Builder::Decimal(numbers, scale) = self {
            let Some(digits) = scaled(number, *scale) else {
                return Put::DoesNotFit;
            };
            numbers.push(row, i128::from(digits));
        }
        Put::Done
    }

    #[inline]
    pub fn date(&mut self, row: usize, date: Option<Date>) {
        if let (Builder::Date(dates), Some(date)) = (self, date) {
            dates.push(row, days(date));
        }
    }

    #[inline]
    pub fn flag(&mut self, row: usize, flag: bool) {
        if let (Builder::Flag(flags), true) = (self, flag) {
            flags.set(row);
        }
    }

    #[inline]
    pub fn count(&mut self, row: usize, count: usize) {
        match self {
            Builder::Count(counts) => counts.push(row, i32::try_from(count).unwrap_or(i32::MAX)),
            Builder::Offset(offsets) => offsets.push(row, count as i64),
            _ => {}
        }
    }

    /// The list that it is.
    #[inline]
    pub fn list(&mut self) -> Option<&mut List> {
        match self {
            Builder::List(list) => Some(list),
            _ => None,
        }
    }

    /// Bytes that it holds.
    pub fn size(&self) -> usize {
        match self {
            Builder::Texts(texts) => texts.bytes.len() + texts.ends.0.len() * 4,
            Builder::Words(places, _) => places.values.len() * 2,
            Builder::Decimal(numbers, _) => numbers.values.len() * 16,
            Builder::Date(days) => days.values.len() * 4,
            Builder::Flag(flags) => flags.bits.len(),
            Builder::Count(counts) => counts.values.len() * 4,
            Builder::Offset(offsets) => offsets.values.len() * 8,
            Builder::List(list) => {
                list.ends.0.len() * 4 + list.items.iter().map(Builder::size).sum::<usize>()
            }
        }
    }

    pub fn finish(self, rows: usize, none: &mut NoEnds) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Builder::Texts(texts) => Arc::new(texts.finish(rows, none)?),
            Builder::Words(places, words) => {
                let (values, nulls) = places.finish(rows);
                let keys = Int16Array::try_new(values, nulls)?;
                Arc::new(proven::dictionary(keys, words.texts.clone())?)
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
                    .map(|item| item.finish(count, none))
                    .collect();
                let mut items = items?;
                let values: ArrayRef = match list.columns {
                    Some(fields) => Arc::new(StructArray::try_new(fields, items, None)?),
                    None => items.remove(0),
                };
                let field = schema::item(values.data_type().clone());
                Arc::new(ListArray::try_new(
                    field,
                    list.ends.finish(rows, count, none)?,
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

    /// Makes room for more rows like those that there are.
    pub fn reserve(&mut self, more: More) {
        for builder in &mut self.builders {
            builder.reserve(more);
        }
    }

    /// The columns so far; what stays is empty, with room for as much.
    pub fn take(&mut self) -> Columns {
        let anew = Columns {
            builders: self.builders.iter().map(Builder::anew).collect(),
            rows: 0,
        };
        std::mem::replace(self, anew)
    }

    pub fn size(&self) -> usize {
        self.builders.iter().map(Builder::size).sum()
    }
}
