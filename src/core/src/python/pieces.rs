//! A stream in pieces, for Python. One thread feeds the cutter; the pieces may be read by others.

use super::document::Document;
use super::refused;
use crate::envelope::Envelope;
use crate::knowledge::Knowledge;
use crate::pieces::{Cutter as Cut, Piece as Whole};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Takes a stream in chunks of any size and gives it in pieces of whole transaction sets.
#[pyclass(frozen, module = "x271._core")]
pub struct Cutter {
    cutter: Mutex<Option<Cut>>,
    knowledge: Arc<Knowledge>,
}

/// Some transaction sets of a stream, with the headers that they stand under.
#[pyclass(frozen, module = "x271._core")]
pub struct Piece {
    piece: Mutex<Option<Whole>>,
    knowledge: Arc<Knowledge>,
    /// Byte offset in the stream at which it begins.
    #[pyo3(get)]
    offset: usize,
    /// Index of its first segment in the stream, from 0.
    #[pyo3(get)]
    segment: usize,
    /// Its bytes.
    #[pyo3(get)]
    size: usize,
    /// How many transaction sets it has.
    #[pyo3(get)]
    transactions: usize,
}

/// Per transaction set: (ST01, index of its first segment, is read).
pub(super) fn kinds(
    envelope: &Envelope,
    index: impl Fn(u32) -> usize,
) -> Vec<(String, usize, bool)> {
    let kind = |kind: &[u8; 3]| String::from_utf8_lossy(kind).trim().to_string();
    let sets = envelope.transactions.iter();
    sets.map(|set| (kind(&set.kind), index(set.first), set.read))
        .collect()
}

/// A thread that failed leaves nothing half done: what it took is gone.
fn locked<T>(mutex: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> PyErr {
    PyValueError::new_err("the cutter is closed")
}

impl Cutter {
    pub(super) fn new(size: usize, most: usize, knowledge: Arc<Knowledge>) -> Cutter {
        Cutter {
            cutter: Mutex::new(Some(Cut::new(size, most))),
            knowledge,
        }
    }

    fn pieces(&self, found: Vec<Whole>) -> Vec<Piece> {
        let pieces = found.into_iter().map(|piece| {
            let (offset, segment) = piece.document.begins();
            Piece {
                offset,
                segment,
                size: piece.document.size(),
                transactions: piece.envelope.transactions.len(),
                piece: Mutex::new(Some(piece)),
                knowledge: self.knowledge.clone(),
            }
        });
        pieces.collect()
    }
}

#[pymethods]
impl Cutter {
    /// Adds a chunk, or the bytes of it from `begin` to `end`, and gives the pieces that are whole. After an error it
    /// is closed.
    #[pyo3(signature = (chunk, begin=0, end=usize::MAX))]
    fn feed(&self, py: Python<'_>, chunk: &[u8], begin: usize, end: usize) -> PyResult<Vec<Piece>> {
        let chunk = chunk
            .get(begin..end.min(chunk.len()))
            .ok_or_else(|| PyValueError::new_err("there are no such bytes"))?;
        let found = py.detach(|| {
            let mut held = locked(&self.cutter);
            let cutter = held.as_mut().ok_or_else(closed)?;
            let found = cutter.feed(chunk, &self.knowledge.versions);
            if found.is_err() {
                *held = None;
            }
            found.map_err(refused)
        });
        Ok(self.pieces(found?))
    }

    /// Says that no more comes, and gives the rest. The last piece may have nothing but findings.
    fn close(&self, py: Python<'_>) -> PyResult<Vec<Piece>> {
        let found = py.detach(|| {
            let cutter = locked(&self.cutter).take().ok_or_else(closed)?;
            cutter.close(&self.knowledge.versions).map_err(refused)
        });
        Ok(self.pieces(found?))
    }
}

#[pymethods]
impl Piece {
    /// Per transaction set: (ST01, first segment from 0 in the stream, is read); nothing once the piece was read.
    fn kinds(&self) -> Vec<(String, usize, bool)> {
        locked(&self.piece).as_ref().map_or_else(Vec::new, |whole| {
            kinds(&whole.envelope, |segment| whole.document.index(segment))
        })
    }

    /// Its document, once: positions in it, and in what is made of it, are those in the stream. `loops` as in
    /// `Engine.read`.
    #[pyo3(signature = (loops=true))]
    fn read(&self, py: Python<'_>, loops: bool) -> PyResult<Document> {
        let read = py.detach(|| {
            let Whole { document, envelope } = locked(&self.piece).take()?;
            Some(Document::with(
                document,
                envelope,
                self.knowledge.clone(),
                loops,
            ))
        });
        read.ok_or_else(|| PyValueError::new_err("the piece was read already"))
    }
}
