//! The binding: turns what the core found into Python objects, and nothing else.

mod benefits;
mod build;
mod columns;
mod document;
mod feed;
mod make;
mod models;
mod pieces;
mod places;
mod recent;
mod record;
mod sources;
mod texts;
mod values;

use crate::document::{Document as Read, Reader as Feed};
use crate::finding::CODES;
use crate::knowledge::Knowledge;
use crate::normalize::preferences::Preferences as Orders;
use crate::numbers::Date;
use crate::scan::Refusal;
use document::Document;
use pieces::{Cutter, Piece};
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use record::Record;
use std::sync::Arc;

create_exception!(
    _core,
    Refused,
    PyException,
    "The input cannot be read: (code, byte offset)."
);

#[pyclass(frozen, module = "x271._core")]
struct Engine {
    knowledge: Arc<Knowledge>,
}

#[pymethods]
impl Engine {
    #[new]
    fn new(description: &str) -> PyResult<Self> {
        let knowledge = Knowledge::compile(description)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Engine {
            knowledge: Arc::new(knowledge),
        })
    }

    /// Reads a whole input. With `loops` those of all transaction sets are found at once, else when somebody asks.
    #[pyo3(signature = (data, loops=true))]
    fn read(&self, py: Python<'_>, data: &Bound<'_, PyBytes>, loops: bool) -> PyResult<Document> {
        let input = data.as_bytes().to_vec();
        let knowledge = self.knowledge.clone();
        let document =
            py.detach(move || Read::read(input).map(|read| Document::of(read, knowledge, loops)));
        document.map_err(refused)
    }

    /// Gives a reader that takes the input in chunks.
    fn reader(&self) -> Reader {
        Reader {
            feed: std::sync::Mutex::new(Some(Feed::default())),
            knowledge: self.knowledge.clone(),
        }
    }

    /// Gives a cutter of a stream, whose pieces have about `size` bytes, and never more than `most`.
    fn cutter(&self, size: usize, most: usize) -> Cutter {
        Cutter::new(size, most, self.knowledge.clone())
    }
}

fn refused(refusal: Refusal) -> PyErr {
    Refused::new_err(match refusal {
        Refusal::BadEnvelope { offset } => ("BAD_ENVELOPE", offset),
        Refusal::TooLarge { offset } => ("TOO_LARGE", offset),
    })
}

/// Takes an input in chunks of any size.
#[pyclass(frozen, module = "x271._core")]
struct Reader {
    feed: std::sync::Mutex<Option<Feed>>,
    knowledge: Arc<Knowledge>,
}

#[pymethods]
impl Reader {
    fn feed(&self, chunk: &[u8]) -> PyResult<()> {
        let mut feed = self
            .feed
            .lock()
            .map_err(|_| PyValueError::new_err("the reader is broken"))?;
        match feed.as_mut() {
            Some(feed) => feed.feed(chunk).map_err(refused),
            None => Err(PyValueError::new_err("the reader is closed")),
        }
    }

    fn close(&self) -> PyResult<Document> {
        let mut feed = self
            .feed
            .lock()
            .map_err(|_| PyValueError::new_err("the reader is broken"))?;
        match feed.take() {
            Some(feed) => Ok(Document::of(
                feed.close().map_err(refused)?,
                self.knowledge.clone(),
                true,
            )),
            None => Err(PyValueError::new_err("the reader is closed")),
        }
    }
}

/// The compiled orders of preference.
#[pyclass(frozen, module = "x271._core")]
struct Preferences {
    orders: Arc<Orders>,
}

#[pymethods]
impl Preferences {
    #[new]
    fn new(description: &str) -> PyResult<Self> {
        let orders: Orders = serde_json::from_str(description)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Preferences {
            orders: Arc::new(orders),
        })
    }
}

/// A day as Python has it.
fn day_of(day: Option<(u16, u8, u8)>) -> Option<Date> {
    day.and_then(|(year, month, day)| Date::new(year, month, day))
}

/// Every code that the core may report.
#[pyfunction]
fn finding_codes() -> Vec<&'static str> {
    CODES.to_vec()
}

/// Every reason word that an explanation may hold.
#[pyfunction]
fn reason_words() -> Vec<&'static str> {
    crate::normalize::explain::words()
}

/// Every rule that an explanation may name.
#[pyfunction]
fn rule_names() -> Vec<&'static str> {
    crate::normalize::explain::rules()
}

/// The names of the money fields, in the order in which records hold them.
#[pyfunction]
fn amount_fields() -> Vec<&'static str> {
    crate::normalize::slot_rules::FIELDS.to_vec()
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Engine>()?;
    module.add_class::<Reader>()?;
    module.add_class::<Cutter>()?;
    module.add_class::<Piece>()?;
    module.add_class::<Preferences>()?;
    module.add_class::<Document>()?;
    module.add_class::<models::Models>()?;
    module.add_class::<Record>()?;
    module.add_class::<columns::Schema>()?;
    module.add_class::<columns::Batch>()?;
    module.add_class::<columns::Collector>()?;
    module.add_class::<sources::Tree>()?;
    module.add_class::<sources::Search>()?;
    module.add("Unreadable", module.py().get_type::<sources::Unreadable>())?;
    module.add("Refused", module.py().get_type::<Refused>())?;
    module.add_function(wrap_pyfunction!(finding_codes, module)?)?;
    module.add_function(wrap_pyfunction!(amount_fields, module)?)?;
    module.add_function(wrap_pyfunction!(sources::named_place, module)?)?;
    module.add_function(wrap_pyfunction!(sources::repeating_elements, module)?)?;
    module.add_function(wrap_pyfunction!(sources::composite_elements, module)?)?;
    module.add_function(wrap_pyfunction!(reason_words, module)?)?;
    module.add_function(wrap_pyfunction!(rule_names, module)?)?;
    Ok(())
}
