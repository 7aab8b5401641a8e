//! XML and JSON for Python: trees, the answers in them, and what each answer becomes.

use super::feed;
use crate::sources::answer::{Made, make};
use crate::sources::find::{Answer, Search as Steps, Step, in_xml, unnamed};
use crate::sources::names::{COMPOSITE, Id, REPEATING, place};
use crate::sources::results::Said;
use crate::sources::tree::{Kind, Node, Tree as Read};
use crate::sources::{Refusal, json, xml};
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyIndexError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple, PyType};
use std::sync::{Arc, Mutex};

create_exception!(
    _core,
    Unreadable,
    PyException,
    "A tree or an answer in it cannot be read: (code, detail)."
);

/// What `PPMDResults` is, what its `Results` is, and where its segments are, by entries of the tree.
type At = (Option<Node>, Option<Node>, Node);

/// A document as XML or JSON has it.
#[pyclass(frozen, module = "x271._core")]
pub struct Tree {
    tree: Arc<Read>,
}

#[pymethods]
impl Tree {
    /// Reads XML in UTF-8 of at most so many levels. None: the text is not plain enough, and lxml must judge.
    #[staticmethod]
    fn of_xml(py: Python<'_>, data: &Bound<'_, PyBytes>, most_levels: usize) -> Option<Tree> {
        let input = data.as_bytes();
        py.detach(|| xml::read(input, most_levels)).map(Tree::of)
    }

    /// Reads one JSON document in UTF-8. None: the text is not plain enough, and `json` must judge.
    #[staticmethod]
    fn of_json(py: Python<'_>, data: &Bound<'_, PyBytes>) -> Option<Tree> {
        let input = data.as_bytes();
        py.detach(|| json::read(input)).map(Tree::of)
    }

    /// Takes XML elements in document order: level from 1, name, line, attributes, text before the first child.
    #[staticmethod]
    fn of_elements(elements: &Bound<'_, PyList>) -> PyResult<Tree> {
        feed::elements(elements).map(Tree::of)
    }

    /// Takes a JSON value as Python has it; of type `number` are the numbers of JSON text.
    #[staticmethod]
    fn of_value(value: &Bound<'_, PyAny>, number: &Bound<'_, PyType>) -> PyResult<Tree> {
        feed::value(value, number).map(Tree::of)
    }

    /// `object`, `list`, `text`, or empty for anything else.
    fn kind(&self, node: Node) -> PyResult<&'static str> {
        self.check(node)?;
        Ok(match self.tree.entry(node).kind {
            Kind::Object | Kind::TooDeep => "object",
            Kind::List => "list",
            Kind::Text => "text",
            _ => "",
        })
    }

    /// The entries that stand in a list.
    fn children(&self, node: Node) -> PyResult<Vec<Node>> {
        self.check(node)?;
        Ok(self.tree.children(node).collect())
    }

    /// A text as it was given, halves of characters included.
    fn text<'py>(&self, py: Python<'py>, node: Node) -> PyResult<Bound<'py, PyAny>> {
        self.check(node)?;
        match self.tree.original(node) {
            Some(bytes) => {
                PyBytes::new(py, bytes).call_method1("decode", ("utf-8", "surrogatepass"))
            }
            None => {
                let text = self.tree.str(self.tree.entry(node).value);
                Ok(PyString::new(py, text).into_any())
            }
        }
    }

    /// The answers of an XML document.
    fn answers(&self) -> PyResult<Vec<At>> {
        let found = in_xml(&self.tree).map_err(refused)?;
        Ok(found.into_iter().map(at).collect())
    }

    /// What a JSON record names: ("answer", answer, levels), ("text", entry, 0) or ("record", entry, levels).
    fn search(&self, record: Node, levels: usize, field: &str) -> PyResult<Search> {
        self.check(record)?;
        let steps = Steps::of(&self.tree, record, levels, field).map_err(refused)?;
        Ok(Search {
            tree: self.tree.clone(),
            steps: Mutex::new(steps),
        })
    }

    /// The answers of a JSON record that names none.
    fn unnamed(&self, record: Node) -> PyResult<Vec<At>> {
        self.check(record)?;
        let found = unnamed(&self.tree, record).map_err(refused)?;
        Ok(found.into_iter().map(at).collect())
    }

    /// An answer as (X12 or None, lines as 32-bit numbers or None, what the vendor says or None); the last is
    /// (attributes, None or (code, description) of a fault).
    fn make<'py>(
        &self,
        py: Python<'py>,
        answer: At,
        levels: usize,
        most_bytes: usize,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let (outer, inner, body) = answer;
        for node in [outer, inner, Some(body)].into_iter().flatten() {
            self.check(node)?;
        }
        let answer = Answer { outer, inner, body };
        let made = py
            .detach(|| make(&self.tree, answer, levels, most_bytes))
            .map_err(refused)?;
        let Made { x12, lines, said } = made;
        let x12 = x12.map(|bytes| PyBytes::new(py, &bytes));
        let lines = self.tree.is_xml.then(|| {
            let bytes: Vec<u8> = lines.into_iter().flat_map(u32::to_ne_bytes).collect();
            PyBytes::new(py, &bytes)
        });
        let said = said.map(|said| spoken(py, said)).transpose()?;
        (x12, lines, said).into_pyobject(py)
    }
}

impl Tree {
    fn of(tree: Read) -> Tree {
        Tree {
            tree: Arc::new(tree),
        }
    }

    fn check(&self, node: Node) -> PyResult<()> {
        if (node as usize) < self.tree.len() {
            return Ok(());
        }
        Err(PyIndexError::new_err("no such entry"))
    }
}

/// A search that goes on when it is asked.
#[pyclass(frozen, module = "x271._core")]
pub struct Search {
    tree: Arc<Read>,
    steps: Mutex<Steps>,
}

#[pymethods]
impl Search {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let step = py.detach(|| {
            let mut steps = self.steps.lock().map_err(|_| None)?;
            steps.next(&self.tree).map_err(Some)
        });
        let step = step.map_err(|refusal| match refusal {
            Some(refusal) => refused(refusal),
            None => PyRuntimeError::new_err("the search is broken"),
        })?;
        step.map(|step| match step {
            Step::Answer(answer, levels) => ("answer", at(answer), levels).into_pyobject(py),
            Step::Text(node) => ("text", node, 0).into_pyobject(py),
            Step::Record(node, levels) => ("record", node, levels).into_pyobject(py),
        })
        .transpose()
    }
}

fn at(answer: Answer) -> At {
    (answer.outer, answer.inner, answer.body)
}

type Spoken<'py> = (Bound<'py, PyDict>, Option<(String, String)>);

fn spoken(py: Python<'_>, said: Said) -> PyResult<Spoken<'_>> {
    let attributes = PyDict::new(py);
    for (name, value) in said.attributes {
        attributes.set_item(name, value)?;
    }
    let fault = said.fault.map(|fault| (fault.code, fault.description));
    Ok((attributes, fault))
}

pub fn refused(refusal: Refusal) -> PyErr {
    let (code, detail) = match refusal {
        Refusal::TooDeep => ("TOO_DEEP", String::new()),
        Refusal::TooLarge => ("TOO_LARGE", String::new()),
        Refusal::NoDelimiter => ("MALFORMED_JSON", NO_DELIMITER.to_string()),
        Refusal::Unusable(detail) => ("BAD_INPUT_TYPE", detail),
    };
    Unreadable::new_err((code, detail))
}

/// XML cannot hold all characters that could be a delimiter, JSON can.
const NO_DELIMITER: &str = "its values leave no character to delimit segments with";

/// The place that a name means, as (segment, element, component); None for a name that means none.
#[pyfunction]
pub fn named_place(name: &str) -> Option<(String, u8, u8)> {
    let place = place(name)?;
    let segment = place.segment.as_str().to_string();
    Some((segment, place.element, place.component))
}

/// The elements of a 271 that may repeat, as (segment, element).
#[pyfunction]
pub fn repeating_elements() -> Vec<(String, u8)> {
    listed(REPEATING)
}

/// The elements of a 271 that are composites, as (segment, element).
#[pyfunction]
pub fn composite_elements() -> Vec<(String, u8)> {
    listed(COMPOSITE)
}

fn listed(places: &[(Id, u8)]) -> Vec<(String, u8)> {
    let places = places.iter();
    places
        .map(|(segment, element)| (segment.as_str().to_string(), *element))
        .collect()
}
