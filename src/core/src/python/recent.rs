//! The short texts that were made last. Most of an answer is codes, said again and again; made once, they take less
//! room.

use pyo3::prelude::*;
use pyo3::types::PyString;
use std::cell::RefCell;

const PLACES: usize = 256;
const LONGEST: usize = 7;

/// The bytes of a text in one, and the text.
type Place<'py> = Option<(u64, Bound<'py, PyString>)>;

/// Each text has one place, by a hash, where a later one takes over. Lives as long as one transaction set is being
/// made, so that nothing of a patient stays behind.
pub(super) struct Recent<'py> {
    made: RefCell<Vec<Place<'py>>>,
}

impl<'py> Recent<'py> {
    pub(super) fn new() -> Self {
        Recent {
            made: RefCell::new((0..PLACES).map(|_| None).collect()),
        }
    }

    /// The text of these bytes: one made before if it is still at its place, else what `make` gives.
    pub(super) fn string(
        &self,
        bytes: &[u8],
        make: impl FnOnce() -> Bound<'py, PyString>,
    ) -> Bound<'py, PyString> {
        let (Some(key), Ok(mut made)) = (key(bytes), self.made.try_borrow_mut()) else {
            return make();
        };
        let place = &mut made[(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize];
        match place {
            Some((known, text)) if *known == key => text.clone(),
            _ => {
                let text = make();
                *place = Some((key, text.clone()));
                text
            }
        }
    }
}

/// The bytes and their number in one; None if they are too many.
fn key(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= LONGEST).then(|| {
        bytes
            .iter()
            .fold(bytes.len() as u64, |key, byte| key << 8 | u64::from(*byte))
    })
}
