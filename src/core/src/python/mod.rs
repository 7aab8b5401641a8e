//! The binding: turns what the core found into Python objects, and nothing else.

mod record;
mod texts;

use crate::document::{Document as Read, Reader as Feed};
use crate::envelope::{self, Envelope};
use crate::finding::{CODES, Finding, NO_SEGMENT};
use crate::grammar::{Description, Versions};
use crate::loops::{self, Tree};
use crate::normalize::check::{CheckDescription, Checks};
use crate::normalize::people::Traced;
use crate::normalize::preferences::Preferences as Orders;
use crate::normalize::record::select;
use crate::normalize::{Loops, Question};
use crate::numbers::Date;
use crate::scan::Refusal;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use record::Record;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use texts::Texts;

create_exception!(
    _core,
    Refused,
    PyException,
    "The input cannot be read: (code, byte offset)."
);

type CodeTables = HashMap<String, HashMap<String, String>>;

#[derive(Deserialize)]
struct EngineDescription {
    #[serde(flatten)]
    grammar: Description,
    checks: Vec<CheckDescription>,
    codes: CodeTables,
    eligibility_responses: HashMap<String, String>,
    eligibility_response_fallback: String,
}

/// What every document needs: grammar, checks and code tables.
struct Knowledge {
    versions: Versions,
    checks: Checks,
    codes: CodeTables,
    responses: HashMap<String, String>,
    fallback: String,
}

#[pyclass(frozen, module = "x271._core")]
struct Engine {
    knowledge: Arc<Knowledge>,
}

#[pymethods]
impl Engine {
    #[new]
    fn new(description: &str) -> PyResult<Self> {
        let description: EngineDescription = serde_json::from_str(description)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let knowledge = Knowledge {
            versions: Versions::compile(description.grammar),
            checks: Checks::compile(description.checks),
            codes: description.codes,
            responses: description.eligibility_responses,
            fallback: description.eligibility_response_fallback,
        };
        Ok(Engine {
            knowledge: Arc::new(knowledge),
        })
    }

    /// Reads a whole input.
    fn read(&self, py: Python<'_>, data: &Bound<'_, PyBytes>) -> PyResult<Document> {
        let input = data.as_bytes().to_vec();
        let knowledge = self.knowledge.clone();
        let document =
            py.detach(move || Read::read(input).map(|read| Document::of(read, knowledge)));
        document.map_err(refused)
    }

    /// Gives a reader that takes the input in chunks.
    fn reader(&self) -> Reader {
        Reader {
            feed: std::sync::Mutex::new(Some(Feed::default())),
            knowledge: self.knowledge.clone(),
        }
    }
}

fn refused(refusal: Refusal) -> PyErr {
    let Refusal::BadEnvelope { offset } = refusal;
    Refused::new_err(("BAD_ENVELOPE", offset))
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

/// A document and everything that was found in it without asking what it means.
struct Inner {
    read: Read,
    envelope: Envelope,
    /// One per transaction set; None if it is read flat or not at all.
    trees: Vec<Option<Tree>>,
    /// True per transaction set if its text is UTF-8.
    utf8: Vec<bool>,
    checked: Vec<OnceLock<Vec<Finding>>>,
    /// Per transaction set the envelope's findings that concern it.
    by_transaction: Vec<Vec<u32>>,
    knowledge: Arc<Knowledge>,
}

impl Inner {
    fn grammar(&self, transaction: usize) -> Option<&crate::grammar::Grammar> {
        self.knowledge
            .versions
            .transaction(&self.envelope.transactions[transaction].kind)?
            .grammar
            .as_ref()
    }

    fn checked(&self, transaction: usize) -> &[Finding] {
        self.checked[transaction].get_or_init(|| {
            match (self.grammar(transaction), &self.trees[transaction]) {
                (Some(grammar), Some(tree)) => self.knowledge.checks.run(&self.read, grammar, tree),
                _ => Vec::new(),
            }
        })
    }

    fn texts(&self, transaction: usize) -> Texts<'_> {
        Texts {
            document: &self.read,
            utf8: self.utf8[transaction],
        }
    }

    /// The transaction set that a segment belongs to.
    fn transaction_of(&self, segment: u32) -> Option<usize> {
        let found = self
            .envelope
            .transactions
            .partition_point(|item| item.end <= segment);
        let item = self.envelope.transactions.get(found)?;
        (item.first <= segment).then_some(found)
    }

    /// What concerns a transaction set as a whole or parts of it: the input, its own envelope, its loops and codes.
    fn findings_of(&self, transaction: usize) -> Vec<&Finding> {
        let of_tree = self.trees[transaction]
            .iter()
            .flat_map(|tree| &tree.findings);
        let of_envelope = self.by_transaction[transaction]
            .iter()
            .map(|at| &self.envelope.findings[*at as usize]);
        let item = &self.envelope.transactions[transaction];
        let of_isa = self
            .read
            .findings
            .iter()
            .filter(|found| found.offset.is_some() || found.segment == item.isa);
        let mut all: Vec<&Finding> = of_isa
            .chain(of_envelope)
            .chain(of_tree)
            .chain(self.checked(transaction))
            .collect();
        self.sort(&mut all);
        all
    }

    fn sort(&self, findings: &mut [&Finding]) {
        findings.sort_by_key(|finding| match finding.offset {
            Some(offset) => (offset, 0),
            None => (self.read.offset(finding.segment), finding.element),
        });
    }

    /// What was found about the envelope, the loops and the codes, in document order.
    fn findings(&self) -> Vec<&Finding> {
        let trees = self.trees.iter().flatten().flat_map(|tree| &tree.findings);
        let checked = (0..self.trees.len()).flat_map(|at| self.checked(at));
        let mut all: Vec<&Finding> = self
            .read
            .findings
            .iter()
            .chain(&self.envelope.findings)
            .chain(trees)
            .chain(checked)
            .collect();
        self.sort(&mut all);
        all
    }

    /// Offset, segment from 1, element and loop of a place.
    fn position<'py>(
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
            segment as usize + 1,
            element,
            self.loop_of(segment),
        );
        Ok(place.into_pyobject(py)?.into_any())
    }

    /// The identifier of the loop that a segment belongs to.
    fn loop_of(&self, segment: u32) -> Option<&str> {
        let transaction = self.transaction_of(segment)?;
        let (tree, grammar) = (
            self.trees[transaction].as_ref()?,
            self.grammar(transaction)?,
        );
        let owner = tree.owner[(segment - tree.first) as usize];
        Some(
            grammar.loops[tree.nodes[owner as usize].of as usize]
                .id
                .as_str(),
        )
    }

    /// (code, field, position, the others' positions)
    fn finding<'py>(&self, py: Python<'py>, finding: &Finding) -> PyResult<Bound<'py, PyTuple>> {
        let position = match finding.offset {
            Some(offset) => (offset, None::<usize>, None::<u16>, None::<&str>)
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

#[pyclass(frozen, module = "x271._core")]
struct Document {
    inner: Arc<Inner>,
}

impl Document {
    fn of(read: Read, knowledge: Arc<Knowledge>) -> Document {
        let mut envelope = envelope::walk(&read, &knowledge.versions);
        let mut trees = Vec::with_capacity(envelope.transactions.len());
        let mut utf8 = Vec::with_capacity(envelope.transactions.len());
        for transaction in &envelope.transactions {
            let is_utf8 =
                std::str::from_utf8(read.span(transaction.first, transaction.end)).is_ok();
            if !is_utf8 {
                envelope
                    .findings
                    .push(Finding::at_segment("NOT_UTF8", transaction.first, 0));
            }
            utf8.push(is_utf8);
            let guides = knowledge
                .versions
                .transaction(&transaction.kind)
                .filter(|_| transaction.read);
            let grammar = guides.and_then(|guides| guides.grammar.as_ref());
            trees.push(grammar.map(|grammar| loops::walk(&read, transaction, grammar)));
        }
        let checked = trees.iter().map(|_| OnceLock::new()).collect();
        let by_transaction = envelope.findings_by_transaction();
        Document {
            inner: Arc::new(Inner {
                read,
                envelope,
                trees,
                utf8,
                checked,
                by_transaction,
                knowledge,
            }),
        }
    }
}

#[pymethods]
impl Document {
    /// Per segment: (identifier, byte offset, loop or None, elements as text).
    fn segments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let inner = &self.inner;
        let list = PyList::empty(py);
        for index in 0..inner.read.segments.len() as u32 {
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
            if let (Some(tree), Some(grammar)) = (&self.inner.trees[at], self.inner.grammar(at)) {
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

    /// Per transaction set: (ST01, first segment from 0, is read).
    fn kinds(&self) -> Vec<(String, u32, bool)> {
        let kind = |kind: &[u8; 3]| String::from_utf8_lossy(kind).trim().to_string();
        self.inner
            .envelope
            .transactions
            .iter()
            .map(|item| (kind(&item.kind), item.first, item.read))
            .collect()
    }

    /// Per finding: (code, field, position or None, other positions); a position is (byte offset, segment from 1 or
    /// None, element or None, loop or None).
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for finding in self.inner.findings() {
            list.append(self.inner.finding(py, finding)?)?;
        }
        Ok(list)
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
        let date = |day: Option<(u16, u8, u8)>| {
            day.and_then(|(year, month, day)| Date::new(year, month, day))
        };
        let question = Arc::new(Question {
            date_of_service: date(day).map(|day| (day, date(until))),
            service_types: service_types.into_iter().map(String::into_bytes).collect(),
        });
        let mut found = Vec::new();
        for (at, tree) in self.inner.trees.iter().enumerate() {
            let (Some(tree), Some(grammar)) = (tree, self.inner.grammar(at)) else {
                continue;
            };
            let Some(loops) = Loops::of(grammar) else {
                continue;
            };
            if self.inner.envelope.transactions[at].kind != *b"271" {
                continue;
            }
            for (index, (patient, fit)) in select(
                &self.inner.read,
                tree,
                loops,
                trace.as_deref().map(str::as_bytes),
            )
            .into_iter()
            .enumerate()
            {
                found.push((at, index, loops, patient, fit));
            }
        }
        let echoed = found.iter().any(|(.., fit)| *fit == Traced::Matches);
        let mut records = Vec::new();
        for (transaction, index, loops, patient, fit) in found {
            if echoed && fit != Traced::Matches {
                continue;
            }
            records.push(Py::new(
                py,
                Record {
                    inner: self.inner.clone(),
                    orders: preferences.orders.clone(),
                    question: question.clone(),
                    transaction,
                    index,
                    loops,
                    patient,
                    fit,
                },
            )?);
        }
        Ok((records, echoed))
    }
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
    crate::normalize::slots::FIELDS.to_vec()
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Engine>()?;
    module.add_class::<Reader>()?;
    module.add_class::<Preferences>()?;
    module.add_class::<Document>()?;
    module.add_class::<Record>()?;
    module.add("Refused", module.py().get_type::<Refused>())?;
    module.add_function(wrap_pyfunction!(finding_codes, module)?)?;
    module.add_function(wrap_pyfunction!(amount_fields, module)?)?;
    module.add_function(wrap_pyfunction!(reason_words, module)?)?;
    module.add_function(wrap_pyfunction!(rule_names, module)?)?;
    Ok(())
}
