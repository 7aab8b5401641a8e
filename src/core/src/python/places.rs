//! Positions and findings of a document for Python, and the texts of its transaction sets.

use super::texts::Texts;
use crate::finding::{Finding, NO_SEGMENT};
use crate::inner::Inner;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

impl Inner {
    pub(super) fn texts(&self, transaction: usize) -> Texts<'_> {
        Texts {
            document: &self.read,
            utf8: self.utf8[transaction],
        }
    }

    /// Offset, segment from 1, element, loop and loop path of a place.
    pub(super) fn position<'py>(
        &self,
        py: Python<'py>,
        segment: u32,
        element: u16,
    ) -> PyResult<Bound<'py, PyAny>> {
        if segment == NO_SEGMENT {
            return Ok(py.None().into_bound(py));
        }
        let element = if element == 0 { None } else { Some(element) };
        let place = (
            self.read.offset(segment),
            self.read.index(segment) + 1,
            element,
            self.loop_of(segment),
            self.path_of(segment),
        );
        Ok(place.into_pyobject(py)?.into_any())
    }

    /// (code, field, position, the others' positions)
    pub(super) fn finding<'py>(
        &self,
        py: Python<'py>,
        finding: &Finding,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let position = match finding.offset {
            Some(offset) => (
                offset,
                None::<usize>,
                None::<u16>,
                None::<&str>,
                None::<&str>,
            )
                .into_pyobject(py)?
                .into_any(),
            None => self.position(py, finding.segment, finding.element)?,
        };
        let others = PyList::empty(py);
        for &other in &finding.others {
            others.append(self.position(py, other, 0)?)?;
        }
        (finding.code, finding.field, position, others).into_pyobject(py)
    }
}
