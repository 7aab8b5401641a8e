//! Bytes to Python text.

use crate::document::Document;
use crate::inner::decode;
use crate::normalize::At;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::borrow::Cow;

pub struct Texts<'d> {
    pub document: &'d Document,
    pub utf8: bool,
}

impl<'d> Texts<'d> {
    pub fn decode(&self, bytes: &'d [u8]) -> Cow<'d, str> {
        decode(bytes, self.utf8)
    }

    pub fn string<'py>(&self, py: Python<'py>, bytes: &'d [u8]) -> Bound<'py, PyString> {
        if self.utf8
            && let Ok(text) = PyString::from_bytes(py, bytes)
        {
            return text;
        }
        PyString::new(py, &self.decode(bytes))
    }

    /// The trimmed text of an element; empty if there is none.
    pub fn at<'py>(&self, py: Python<'py>, at: Option<At>) -> Bound<'py, PyString> {
        let bytes = at.map_or(b"".as_slice(), |at| {
            self.document.element(at.segment, at.element as usize)
        });
        self.string(py, bytes)
    }

    /// The segment's parts as sent, the identifier first.
    pub fn elements<'py>(&self, py: Python<'py>, segment: u32) -> PyResult<Bound<'py, PyTuple>> {
        let separator = self.document.delimiters(segment).element;
        let parts: Vec<_> = self
            .document
            .bytes(segment)
            .split(|byte| *byte == separator)
            .map(|part| self.string(py, part))
            .collect();
        PyTuple::new(py, parts)
    }
}
