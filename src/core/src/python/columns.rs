//! Columns for Python: the Arrow PyCapsule interface.

use super::Engine;
use super::document::Document;
use super::{Preferences, day_of};
use crate::columns::{self, Asked, Given, Limits, Place, Progress, Table};
use crate::normalize::Question;
use crate::normalize::people::Traced;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::Mutex;

fn failed(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

fn table(name: &str) -> PyResult<Table> {
    Table::named(name).ok_or_else(|| PyValueError::new_err("there is no such table"))
}

type Capsule<'py> = PyResult<Bound<'py, PyCapsule>>;

/// The columns of one table.
#[pyclass(frozen, module = "x271._core")]
pub struct Schema {
    schema: SchemaRef,
}

#[pymethods]
impl Schema {
    #[new]
    fn new(name: &str) -> PyResult<Self> {
        let schema = columns::schema(table(name)?);
        Ok(Schema { schema })
    }

    fn names(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        let made = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(failed)?;
        PyCapsule::new_with_value(py, made, c"arrow_schema")
    }

    /// A stream of the batches that an iterator gives, each pulled when it is asked for.
    fn stream<'py>(&self, py: Python<'py>, batches: Py<PyAny>) -> Capsule<'py> {
        let pulled = Pulled {
            schema: self.schema.clone(),
            batches,
        };
        let made = FFI_ArrowArrayStream::new(Box::new(pulled));
        PyCapsule::new_with_value(py, made, c"arrow_array_stream")
    }
}

/// Batches that a Python iterator gives.
struct Pulled {
    schema: SchemaRef,
    batches: Py<PyAny>,
}

fn ended(why: String) -> ArrowError {
    ArrowError::ExternalError(why.into())
}

impl Iterator for Pulled {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let pulled = Python::try_attach(|py| {
            let mut batches = self
                .batches
                .bind(py)
                .try_iter()
                .map_err(|e| e.to_string())?;
            match batches.next() {
                None => Ok(None),
                Some(Ok(batch)) => match batch.cast::<Batch>() {
                    Ok(batch) => Ok(Some(batch.get().batch.clone())),
                    Err(_) => Err("that is no batch".to_string()),
                },
                Some(Err(error)) => Err(error.value(py).to_string()),
            }
        });
        match pulled {
            None => Some(Err(ended("the interpreter has ended".to_string()))),
            Some(Ok(None)) => None,
            Some(Ok(Some(batch))) => Some(Ok(batch)),
            Some(Err(why)) => Some(Err(ended(why))),
        }
    }
}

impl RecordBatchReader for Pulled {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// Rows of one table.
#[pyclass(frozen, module = "x271._core")]
pub struct Batch {
    batch: RecordBatch,
}

#[pymethods]
impl Batch {
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    #[getter]
    fn nbytes(&self) -> usize {
        self.batch.get_array_memory_size()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> Capsule<'py> {
        let schema = self.batch.schema();
        let made = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(failed)?;
        PyCapsule::new_with_value(py, made, c"arrow_schema")
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> Capsule<'py> {
        let _ = requested_schema;
        let only = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        let made = FFI_ArrowArrayStream::new(Box::new(only));
        PyCapsule::new_with_value(py, made, c"arrow_array_stream")
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        let _ = requested_schema;
        let rows = StructArray::from(self.batch.clone());
        let array = FFI_ArrowArray::new(&rows.to_data());
        let capsule = PyCapsule::new_with_value(py, array, c"arrow_array")?;
        Ok((self.__arrow_c_schema__(py)?, capsule))
    }
}

/// Fills the columns of the tables that are wanted.
#[pyclass(frozen, module = "x271._core")]
pub struct Collector {
    inner: Mutex<columns::Collector>,
}

fn broken<T>(_: T) -> PyErr {
    PyRuntimeError::new_err("the collector is broken")
}

/// (number of the answer, transaction sets before this piece of it)
type Origin = (usize, usize);
/// (date of service, its end, service types, trace number, its patients carry it)
type Wanted = (
    Option<(u16, u8, u8)>,
    Option<(u16, u8, u8)>,
    Vec<String>,
    Option<String>,
    bool,
);

#[pymethods]
impl Collector {
    /// `expected`: bytes that all answers together will have, as far as that is known; they make room at once.
    #[new]
    #[pyo3(signature = (engine, tables, expected=0))]
    fn new(engine: &Engine, tables: Vec<String>, expected: usize) -> PyResult<Self> {
        let wanted: PyResult<Vec<Table>> = tables.iter().map(|name| table(name)).collect();
        let made =
            columns::Collector::new(&engine.knowledge, &wanted?, expected).map_err(failed)?;
        Ok(Collector {
            inner: Mutex::new(made),
        })
    }

    /// Appends the patients of a document from a place (transaction set, patient) on, until a limit of rows or bytes
    /// is reached. Gives the place to go on from, or None, and the transaction sets' first segments (from 0) where a
    /// patient was left out because its rows are too many.
    #[pyo3(signature = (document, preferences, wanted, source, origin, lines, fault, start, limits))]
    #[allow(clippy::too_many_arguments)]
    fn add(
        &self,
        py: Python<'_>,
        document: &Document,
        preferences: &Preferences,
        wanted: Wanted,
        source: &str,
        origin: Origin,
        lines: Vec<u32>,
        fault: bool,
        start: Place,
        limits: (usize, usize),
    ) -> PyResult<(Option<Place>, Vec<usize>)> {
        let (day, until, service_types, trace, echoed) = wanted;
        let question = Question {
            date_of_service: day_of(day).map(|day| (day, day_of(until))),
            service_types: service_types.into_iter().map(String::into_bytes).collect(),
        };
        let (answer, before) = origin;
        let given = Given {
            source,
            answer,
            before,
            lines: &lines,
            fault,
        };
        let (inner, orders) = (&document.inner, &preferences.orders);
        let Progress { next, too_large } = py.detach(|| {
            let asked = Asked {
                preferences: orders,
                question: &question,
                trace: trace.as_deref().map(str::as_bytes),
                fit: if echoed {
                    Traced::Matches
                } else {
                    Traced::Unsaid
                },
            };
            let limits = Limits {
                rows: limits.0,
                bytes: limits.1,
            };
            let mut collector = self.inner.lock().map_err(broken)?;
            PyResult::Ok(collector.add(inner, &asked, &given, start, limits))
        })?;
        Ok((next, too_large))
    }

    /// Rows of the longest table.
    fn rows(&self) -> PyResult<usize> {
        Ok(self.inner.lock().map_err(broken)?.rows())
    }

    /// Rows of the table with one row per patient, if it is wanted.
    fn patients(&self) -> PyResult<usize> {
        Ok(self.inner.lock().map_err(broken)?.patients())
    }

    /// Bytes that the columns hold.
    fn nbytes(&self) -> PyResult<usize> {
        Ok(self.inner.lock().map_err(broken)?.size())
    }

    /// Gives the batches by their tables' names, and starts anew.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let taken = py.detach(|| {
            let mut collector = self.inner.lock().map_err(broken)?;
            collector.take().map_err(failed)
        })?;
        let made = PyDict::new(py);
        for (table, batch) in taken {
            made.set_item(table.name(), Batch { batch })?;
        }
        Ok(made)
    }
}
