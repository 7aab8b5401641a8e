//! One patient's record for Python, normalized anew whenever it is asked: that is cheaper than keeping it.

use super::benefits::shared;
use super::make::{Maker, date};
use super::values::{put_outcome, put_payers, put_people, put_plan};
use crate::inner::Inner;
use crate::loops::Tree;
use crate::normalize::explain::{self, Reason};
use crate::normalize::people::{Patient, TRN, Traced};
use crate::normalize::preferences::Preferences as Orders;
use crate::normalize::reading::Which;
use crate::normalize::record::{Answer, Record as Built};
use crate::normalize::{At, Loops, Question};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::sync::Arc;

/// One patient of one document, normalized anew whenever it is asked: that is cheaper than keeping it.
#[pyclass(frozen, module = "x271._core")]
pub struct Record {
    pub(super) inner: Arc<Inner>,
    pub(super) orders: Arc<Orders>,
    pub(super) question: Arc<Question>,
    pub(super) transaction: usize,
    /// Number of the patient in its transaction set, from 0.
    pub(super) index: usize,
    pub(super) loops: Loops,
    pub(super) patient: Patient,
    pub(super) fit: Traced,
}

impl Record {
    fn tree(&self) -> Option<&Tree> {
        self.inner.tree(self.transaction)
    }

    /// Normalizes, and hands the result to `then`.
    fn with<'py, T>(
        &self,
        py: Python<'py>,
        then: impl FnOnce(&Maker<'py, '_>, &Built<'_>) -> PyResult<T>,
    ) -> PyResult<T> {
        let (Some(tree), Some(grammar)) = (self.tree(), self.inner.grammar(self.transaction))
        else {
            return Err(pyo3::exceptions::PyValueError::new_err(
                "the transaction set has no loops",
            ));
        };
        let answer = Answer {
            document: &self.inner.read,
            transaction: &self.inner.envelope.transactions[self.transaction],
            grammar,
            tree,
            preferences: &self.orders,
            question: &self.question,
            which: Which::All,
            rejects: true,
            memory: None,
        };
        let (context, built) = answer.record(self.loops, &self.patient);
        let texts = self.inner.texts(self.transaction);
        then(
            &Maker {
                py,
                inner: &self.inner,
                texts,
                context: &context,
            },
            &built,
        )
    }

    fn findings<'py>(&self, py: Python<'py>, built: &Built<'_>) -> PyResult<Bound<'py, PyTuple>> {
        let found = self.inner.findings_of_patient(
            self.transaction,
            &self.patient,
            self.fit,
            &built.findings,
        );
        let made: PyResult<Vec<_>> = found
            .iter()
            .map(|finding| self.inner.finding(py, finding))
            .collect();
        PyTuple::new(py, made?)
    }
}

#[pymethods]
impl Record {
    /// Everything but the benefits: a dict by the fields of `Eligibility`, and under `amounts` the twenty money fields.
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.with(py, |make, built| {
            let dict = PyDict::new(py);
            self.put_source(make, built, &dict)?;
            put_outcome(make, built, &dict)?;
            put_people(make, built, &self.patient, &dict)?;
            put_plan(make, built, &built.coverage, &dict)?;
            put_payers(make, built, &dict)?;
            dict.set_item("findings", self.findings(py, built)?)?;
            Ok(dict)
        })
    }

    /// Per EB what its service types share, and per service type (record id, code, description).
    fn benefits<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.with(py, |make, built| {
            let list = PyList::empty(py);
            let st = self.inner.envelope.transactions[self.transaction].st;
            let set = make.texts.decode(if st == u32::MAX {
                b""
            } else {
                make.context.document.element(st, 2)
            });
            for (at, row) in built.rows.iter().enumerate() {
                let codes: Vec<&[u8]> = row.service_types().collect();
                let shared = shared(make, row)?;
                let mut repeats = Vec::with_capacity(codes.len().max(1));
                for repeat in 0..codes.len().max(1) {
                    let code = codes.get(repeat).copied().unwrap_or(b"");
                    let id = format!("{set}-{}-{}-{}", self.index + 1, at + 1, repeat + 1);
                    repeats.push((
                        id,
                        make.texts.string(py, code),
                        make.described("EB03", code),
                    ));
                }
                list.append((shared, repeats))?;
            }
            Ok(list)
        })
    }

    /// Why a field has its value: (rule, sources, candidates). A source is (segment from 0, element); a candidate is
    /// (segment from 0, verdict, reasons); a reason is (word, where that stands: segment from 0, element or 0).
    fn explain<'py>(&self, py: Python<'py>, field: &str) -> PyResult<Option<Bound<'py, PyTuple>>> {
        self.with(py, |make, built| {
            let Some(reason) = explain::explain(make.context, &self.patient, built, field) else {
                return Ok(None);
            };
            let Reason {
                rule,
                sources,
                candidates,
            } = reason;
            let sources: Vec<(u32, u8)> = sources
                .into_iter()
                .map(|at| (at.segment, at.element))
                .collect();
            type Reasons = Vec<(&'static str, Option<(u32, u8)>)>;
            let candidates: Vec<(u32, &str, Reasons)> = candidates
                .into_iter()
                .map(|one| {
                    let place = |at: At| (at.segment, at.element);
                    let reasons = one
                        .reasons
                        .into_iter()
                        .map(|reason| (reason.word, reason.at.map(place)));
                    (one.segment, one.verdict, reasons.collect())
                })
                .collect();
            Ok(Some((rule, sources, candidates).into_pyobject(py)?))
        })
    }

    /// (byte offset, segment from 1, None, loop) and the text of a segment.
    fn segment<'py>(
        &self,
        py: Python<'py>,
        index: u32,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyString>)> {
        let texts = self.inner.texts(self.transaction);
        let text = texts.string(py, self.inner.read.bytes(index));
        Ok((self.inner.position(py, index, 0)?, text))
    }

    /// True if the rows are those of the subscriber, whom this dependent borrowed them from.
    fn borrowed(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, |_, built| Ok(built.borrowed))
    }

    /// Numbers that name the patient's subscriber: (first segment of the transaction set in the input, node of its
    /// level), and whether the patient is a dependent.
    fn subscriber_key(&self) -> (usize, Option<u32>, bool) {
        let first = self.inner.envelope.transactions[self.transaction].first;
        (
            self.inner.read.index(first),
            self.patient.subscriber,
            self.patient.is_dependent(),
        )
    }

    /// True if the trace number that was asked for stands at this patient; false if it stands nowhere.
    fn is_echoed(&self) -> bool {
        self.fit == Traced::Matches
    }
}

impl Record {
    fn put_source<'py>(
        &self,
        make: &Maker<'py, '_>,
        built: &Built<'_>,
        dict: &Bound<'py, PyDict>,
    ) -> PyResult<()> {
        let py = make.py;
        let transaction = &self.inner.envelope.transactions[self.transaction];
        let control = |segment: u32, element: u8| {
            make.text((segment != u32::MAX).then_some(At { segment, element }))
        };
        let source = PyDict::new(py);
        source.set_item("interchange_control_number", control(transaction.isa, 13))?;
        source.set_item("group_control_number", control(transaction.gs, 6))?;
        source.set_item("transaction_control_number", control(transaction.st, 2))?;
        source.set_item("patient", self.index + 1)?;
        source.set_item("position", self.inner.position(py, transaction.first, 0)?)?;
        dict.set_item("source", source)?;
        dict.set_item("date_of_service", date(py, built.day)?)?;
        dict.set_item(
            "response_date",
            date(py, built.response_date.map(|(day, _)| day))?,
        )?;
        let mut traces = Vec::new();
        for &segment in &built.traces {
            debug_assert!(make.context.document.segments[segment as usize].id == TRN);
            let trace = PyDict::new(py);
            trace.set_item("kind", make.element(segment, 1))?;
            trace.set_item("number", make.element(segment, 2))?;
            trace.set_item("originator", make.element(segment, 3))?;
            traces.push(trace);
        }
        dict.set_item("traces", PyTuple::new(py, traces)?)
    }
}
