//! Arrow arrays of parts that are checked here as strictly as Arrow checks them, but many values at once. This is the only
//! place with `unsafe`: each of its three calls stands right behind the check that Arrow would make.
#![allow(unsafe_code)]

use arrow_array::types::Int16Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int16Array, StringArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::ArrowError;

fn wrong(what: &str) -> ArrowError {
    ArrowError::InvalidArgumentError(what.to_string())
}

/// Where each row's part of something ends, from the first's begin on.
pub fn offsets(ends: Vec<i32>) -> Result<OffsetBuffer<i32>, ArrowError> {
    let Some((first, later)) = ends.split_first() else {
        return Err(wrong("there are no offsets"));
    };
    // No way out in between: so that some are compared by one instruction.
    let ascend = ends
        .iter()
        .zip(later)
        .fold(true, |all, (one, next)| all & (one <= next));
    if *first < 0 || !ascend {
        return Err(wrong("offsets do not ascend"));
    }
    // SAFETY: what is asked for is that there is an offset, that none is negative, and that none is less than the one
    // before it. The first is there and not negative, and `ascend` compared each of the others with the one before it.
    Ok(unsafe { OffsetBuffer::new_unchecked(ends.into()) })
}

/// Texts, end to end.
pub fn strings(
    ends: OffsetBuffer<i32>,
    bytes: Vec<u8>,
    nulls: Option<NullBuffer>,
) -> Result<StringArray, ArrowError> {
    let last = ends.last().and_then(|last| usize::try_from(*last).ok());
    let ends_inside = last.is_some_and(|last| last <= bytes.len());
    let nulls_fit = nulls
        .as_ref()
        .is_none_or(|nulls| nulls.len() + 1 == ends.len());
    if !(ends_inside && nulls_fit && bytes.is_ascii()) {
        return StringArray::try_new(ends, bytes.into(), nulls);
    }
    // SAFETY: what is asked for is that `try_new` would not fail. It wants UTF-8, which ASCII is; each offset inside the
    // bytes, where none is beyond the last; each between two characters, which any place in ASCII is; and one null bit
    // per row, which `nulls_fit` says.
    let made = unsafe { StringArray::new_unchecked(ends, bytes.into(), nulls) };
    debug_assert!(made.to_data().validate_full().is_ok());
    Ok(made)
}

/// Places in a list of words.
pub fn dictionary(
    places: Int16Array,
    words: ArrayRef,
) -> Result<DictionaryArray<Int16Type>, ArrowError> {
    let (least, most) = places
        .values()
        .iter()
        .fold((0, 0), |(least, most): (i16, i16), place| {
            (least.min(*place), most.max(*place))
        });
    if least < 0 || most as usize >= words.len() {
        return DictionaryArray::try_new(places, words);
    }
    // SAFETY: what is asked for is that `try_new` would not fail. It wants each place that is not null to be one of
    // `words`; all are, since none is negative and the highest is less than their number.
    let made = unsafe { DictionaryArray::new_unchecked(places, words) };
    debug_assert!(made.to_data().validate_full().is_ok());
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn offsets_ascend_from_nothing_on() -> Result<(), ArrowError> {
        assert_eq!(offsets(vec![0])?.len(), 1);
        for length in [1, 2, 3, 4, 5, 7, 8, 9, 64, 100] {
            let ends: Vec<i32> = (0..=length).map(|row| row / 2).collect();
            assert_eq!(
                offsets(ends.clone())?,
                OffsetBuffer::new(ends.clone().into())
            );
            for row in 0..length as usize {
                let mut descending = ends.clone();
                descending[row] = length;
                assert!(offsets(descending).is_err(), "{length} {row}");
            }
            let mut negative = ends;
            negative[0] = -1;
            assert!(offsets(negative).is_err());
        }
        assert!(offsets(Vec::new()).is_err());
        Ok(())
    }

    #[test]
    fn texts_are_taken_and_refused_as_arrow_does() -> Result<(), ArrowError> {
        let long = "A".repeat(100);
        let accented = format!("{long}\u{e9}{long}");
        let latin = [long.as_bytes(), b"\xE9", long.as_bytes()].concat();
        let cut = accented.as_bytes()[..101].to_vec();
        let all = [
            b"".to_vec(),
            long.into_bytes(),
            accented.into_bytes(),
            latin,
            cut,
        ];
        for bytes in all {
            for end in [0, 1, 99, 100, 101, 102, 201, 202, 203] {
                let ends = offsets(vec![0, 0, end, end])?;
                for rows in [2, 3, 4] {
                    let nulls = Some(NullBuffer::new_null(rows));
                    let theirs =
                        StringArray::try_new(ends.clone(), bytes.clone().into(), nulls.clone());
                    let ours = strings(ends.clone(), bytes.clone(), nulls);
                    assert_eq!(ours.ok(), theirs.ok(), "{end} {rows}");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn places_are_among_the_words() {
        let words: ArrayRef = Arc::new(StringArray::from(vec!["one", "two"]));
        let nothing: ArrayRef = Arc::new(StringArray::from(Vec::<&str>::new()));
        for place in [i16::MIN, -1, 0, 1, 2, i16::MAX] {
            for row in 0..40 {
                let mut places = vec![Some(0); 40];
                for sent in [Some(place), None] {
                    places[row] = sent;
                    for words in [&words, &nothing] {
                        let keys = Int16Array::from(places.clone());
                        let theirs = DictionaryArray::try_new(keys.clone(), words.clone());
                        let ours = dictionary(keys, words.clone());
                        assert_eq!(ours.is_ok(), theirs.is_ok(), "{place} {row}");
                    }
                }
            }
        }
    }
}
