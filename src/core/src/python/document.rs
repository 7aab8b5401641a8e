//! One input for Python: its segments, envelopes, loops, findings, and its patients' records.

use super::models::Models;
use super::pieces::kinds;
use super::record::Record;
use super::texts::Texts;
use super::{Preferences, day_of};
use crate::document::Document as Read;
use crate::envelope::Envelope;
use crate::finding::NO_SEGMENT;
use crate::inner::{Found, Inner};
use crate::knowledge::Knowledge;
use crate::limits::{Most, beyond};
use crate::normalize::Question;
use crate::normalize::people::Traced;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use std::sync::Arc;

#[pyclass(frozen, module = "x271._core")]
pub struct Document {
    pub(super) inner: Arc<Inner>,
}

impl Document {
    /// With `loops` those are found at once, else when somebody asks.
    pub(super) fn of(read: Read, knowledge: Arc<Knowledge>, loops: bool) -> Document {
        Document::made(Inner::of(read, knowledge), loops)
    }

    /// Of a piece of a stream, whose envelope was walked when it was cut.
    pub(super) fn with(
        read: Read,
        envelope: Envelope,
        knowledge: Arc<Knowledge>,
        loops: bool,
    ) -> Document {
        Document::made(Inner::with(read, envelope, knowledge), loops)
    }

    fn made(inner: Inner, loops: bool) -> Document {
        if loops {
            inner.place();
        }
        Document {
            inner: Arc::new(inner),
        }
    }
}

#[pymethods]
impl Document {
    /// Per segment: (identifier, byte offset, loop or None, elements as text).
    fn segments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let inner = &self.inner;
        let list = PyList::empty(py);
        for index in inner.read.copies()..inner.read.segments.len() as u32 {
            let transaction = inner.transaction_of(index);
            let texts = match transaction {
                Some(transaction) => inner.texts(transaction),
                None => Texts {
                    document: &inner.read,
                    utf8: std::str::from_utf8(inner.read.bytes(index)).is_ok(),
                },
            };
            let elements = texts.elements(py, index)?;
            list.append((inner.read.offset(index), inner.loop_of(index), elements))?;
        }
        Ok(list)
    }

    /// Per interchange: (segment ISA, segment IEA or None, TA1 segments, groups, other segments, delimiters); a group is
    /// (GS, GE, transaction sets, other segments). Segments count from 0.
    fn interchanges<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let some = |segment: u32| (segment != NO_SEGMENT).then_some(segment);
        let list = PyList::empty(py);
        for item in &self.inner.envelope.interchanges {
            let groups = PyList::empty(py);
            for group in &item.groups {
                groups.append((
                    some(group.gs),
                    some(group.ge),
                    group.transactions.clone(),
                    group.others.clone(),
                ))?;
            }
            let delimiters = self.inner.read.delimiters(item.isa);
            let delimiters = PyBytes::new(
                py,
                &[
                    delimiters.element,
                    delimiters.repetition,
                    delimiters.component,
                    delimiters.terminator,
                ],
            );
            list.append((
                item.isa,
                some(item.iea),
                item.acknowledgements.clone(),
                groups,
                item.others.clone(),
                delimiters,
            ))?;
        }
        Ok(list)
    }

    /// Per transaction set: (kind, first segment, segment after the last, is read, nodes); a node of its loops is
    /// (loop, parent node, segments). Nodes stand in document order; node 0 is the transaction set.
    fn transactions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for (at, item) in self.inner.envelope.transactions.iter().enumerate() {
            let nodes = PyList::empty(py);
            if let (Some(tree), Some(grammar)) = (self.inner.tree(at), self.inner.grammar(at)) {
                for (index, node) in tree.nodes.iter().enumerate() {
                    let of = grammar.loops[node.of as usize].id.as_str();
                    nodes.append((of, node.parent, tree.segments(index as u32).to_vec()))?;
                }
            }
            let kind = String::from_utf8_lossy(&item.kind).trim().to_string();
            list.append((kind, item.first, item.end, item.read, nodes))?;
        }
        Ok(list)
    }

    /// The loops around a segment (from 0), from the transaction set to its own; None outside the transaction sets.
    fn loop_path(&self, segment: u32) -> Option<String> {
        self.inner.path_of(segment)
    }

    /// A transaction set: (ST01, first segment from 0, segment after the last).
    fn span(&self, transaction: usize) -> Option<(String, u32, u32)> {
        let item = self.inner.envelope.transactions.get(transaction)?;
        Some((
            String::from_utf8_lossy(&item.kind).trim().to_string(),
            item.first,
            item.end,
        ))
    }

    /// The model of each transaction set's loops; None for one that is read flat.
    fn models<'py>(
        &self,
        py: Python<'py>,
        models: &Models,
        transaction: usize,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.model(py, models, transaction)
    }

    /// The models of single segments, by their index from 0.
    fn segment_models<'py>(
        &self,
        py: Python<'py>,
        models: &Models,
        segments: Vec<u32>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.models_of(py, models, &segments)
    }

    /// Per transaction set: (ST01, first segment from 0 in the input, is read).
    fn kinds(&self) -> Vec<(String, usize, bool)> {
        kinds(&self.inner.envelope, |segment| {
            self.inner.read.index(segment)
        })
    }

    /// Per finding: (code, field, position or None, other positions); a position is (byte offset, segment from 1 or
    /// None, element or None, loop or None, loop path or None).
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for finding in self.inner.findings() {
            list.append(self.inner.finding(py, finding)?)?;
        }
        Ok(list)
    }

    /// If nothing was found about the input and its envelopes so far: (segments up to the end of this document or piece,
    /// transaction sets in it that are not UTF-8).
    fn plain(&self) -> Option<(usize, usize)> {
        let inner = &self.inner;
        let latin = inner.utf8.iter().filter(|is_utf8| !**is_utf8).count();
        let segments = inner.read.index(inner.read.segments.len() as u32);
        inner.is_plain().then_some((segments, latin))
    }

    /// The first thing of which there is more than `most` (segments, elements, repetitions, levels, bytes) allows:
    /// (code, segment from 1, element or 0).
    fn beyond(
        &self,
        py: Python<'_>,
        most: (usize, usize, usize, usize, usize),
    ) -> Option<(&'static str, usize, u16)> {
        let (segments, elements, repetitions, levels, bytes) = most;
        let most = Most {
            segments,
            elements,
            repetitions,
            levels,
            bytes,
        };
        let found = py.detach(|| beyond(&self.inner, &most))?;
        let segment = self.inner.read.index(found.segment) + 1;
        Some((found.code, segment, found.element))
    }

    /// How many patients carry a trace number, and how many carry none.
    fn traced(&self, trace: &str) -> (usize, usize) {
        let (mut echoed, mut unsaid) = (0, 0);
        let trace = Some(trace.as_bytes());
        self.inner.in_parts(0, |part, sets| -> Option<()> {
            let all = sets.flat_map(|transaction| part.patients(transaction, trace));
            for one in all {
                match one.fit {
                    Traced::Matches => echoed += 1,
                    _ => unsaid += 1,
                }
            }
            None
        });
        (echoed, unsaid)
    }

    /// The records of the patients, in document order, and how many answers there are at all. With a trace number
    /// those that carry it; if none does, those that carry none, which the second item says.
    #[pyo3(signature = (preferences, day, until, service_types, trace))]
    fn records(
        &self,
        py: Python<'_>,
        preferences: &Preferences,
        day: Option<(u16, u8, u8)>,
        until: Option<(u16, u8, u8)>,
        service_types: Vec<String>,
        trace: Option<String>,
    ) -> PyResult<(Vec<Py<Record>>, bool)> {
        let question = Arc::new(Question {
            date_of_service: day_of(day).map(|day| (day, day_of(until))),
            service_types: service_types.into_iter().map(String::into_bytes).collect(),
        });
        let trace = trace.as_deref().map(str::as_bytes);
        let found: Vec<Found> = (0..self.inner.envelope.transactions.len())
            .flat_map(|transaction| self.inner.patients(transaction, trace))
            .collect();
        let echoed = found.iter().any(|one| one.fit == Traced::Matches);
        let mut records = Vec::new();
        for one in found {
            if echoed && one.fit != Traced::Matches {
                continue;
            }
            records.push(Py::new(
                py,
                Record {
                    inner: self.inner.clone(),
                    orders: preferences.orders.clone(),
                    question: question.clone(),
                    transaction: one.transaction,
                    index: one.index,
                    loops: one.loops,
                    patient: one.patient,
                    fit: one.fit,
                },
            )?);
        }
        Ok((records, echoed))
    }
}
