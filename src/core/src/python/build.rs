//! Builds the typed models of a transaction set: which class holds what, the models themselves say (`grammar/`).

use super::document::Document;
use super::make::{date, decimal};
use super::texts::Texts;
use crate::document::nth;
use crate::finding::NO_SEGMENT;
use crate::inner::Inner;
use crate::loops::Tree;
use crate::numbers::{Date, Decimal};
use crate::scan::SegmentId;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};
use std::collections::HashMap;

/// How an element becomes a value.
enum Kind {
    Text,
    Decimal,
    Integer,
    Date,
    Repetitions,
    Composite(Box<Shape>),
    Composites(Box<Shape>),
}

struct FieldPlan {
    name: Py<PyString>,
    number: usize,
    kind: Kind,
}

/// A model class and how its instances are made.
struct Shape {
    class: Py<PyType>,
    /// `__pydantic_fields_set__`, the same set for all: every field is set.
    fields_set: Py<PyAny>,
    fields: Vec<FieldPlan>,
    /// What the fields hold if nothing was sent: instances start as copies of it.
    nothing_sent: Py<PyDict>,
}

struct SlotPlan {
    name: Py<PyString>,
    /// `NONE` for a loop.
    segment: SegmentId,
    loop_id: String,
    several: bool,
    /// Where several slots hold the same segment: the first elements that send it to this one.
    qualifiers: Vec<String>,
}

struct LoopPlan {
    shape: Shape,
    slots: Vec<SlotPlan>,
}

/// The models, compiled once.
#[pyclass(frozen, module = "x271._core")]
pub struct Models {
    segments: HashMap<SegmentId, Shape>,
    /// For segments that no model names.
    other: Shape,
    loops: HashMap<String, LoopPlan>,
    /// `object.__new__` and `object.__setattr__`: the models are frozen, and nothing has to be checked again.
    new: Py<PyAny>,
    set: Py<PyAny>,
}

type DescribedSlot<'py> = (Bound<'py, PyString>, String, String, bool, Vec<String>);
type Described<'py> = (Bound<'py, PyType>, Bound<'py, PyList>);

fn shape(described: Described<'_>, more: &[&str]) -> PyResult<Shape> {
    let (class, fields) = described;
    let py = class.py();
    let names = pyo3::types::PySet::empty(py)?;
    for name in more {
        names.add(name)?;
    }
    let nothing_sent = PyDict::new(py);
    for name in more {
        nothing_sent.set_item(name, py.None())?;
    }
    let mut made = Vec::with_capacity(fields.len());
    for field in fields {
        let (name, number, kind, inner): (
            Bound<'_, PyString>,
            usize,
            String,
            Option<Described<'_>>,
        ) = field.extract()?;
        names.add(&name)?;
        let inner = || match inner {
            Some(inner) => shape(inner, &["components"]).map(Box::new),
            None => Err(PyValueError::new_err("a composite needs its class")),
        };
        let kind = match kind.as_str() {
            "decimal" => Kind::Decimal,
            "integer" => Kind::Integer,
            "date" => Kind::Date,
            "repetitions" => Kind::Repetitions,
            "composite" => Kind::Composite(inner()?),
            "composites" => Kind::Composites(inner()?),
            _ => Kind::Text,
        };
        match kind {
            Kind::Text => nothing_sent.set_item(&name, "")?,
            Kind::Repetitions | Kind::Composites(_) => {
                nothing_sent.set_item(&name, PyTuple::empty(py))?
            }
            _ => nothing_sent.set_item(&name, py.None())?,
        }
        made.push(FieldPlan {
            name: name.unbind(),
            number,
            kind,
        });
    }
    Ok(Shape {
        class: class.unbind(),
        fields_set: names.into_any().unbind(),
        fields: made,
        nothing_sent: nothing_sent.unbind(),
    })
}

const SEGMENT_FIELDS: [&str; 5] = [
    "segment_identifier",
    "elements",
    "segment_number",
    "segment_offset",
    "segment_loop",
];

#[pymethods]
impl Models {
    /// segments: (identifier, (class, fields)); other: the class for the rest; loops: (loop, class, slots).
    /// A field is (name, number, kind, (class, fields) of a composite or None); a slot (name, segment, loop, several,
    /// qualifiers).
    #[new]
    fn new(
        segments: Vec<(String, Described<'_>)>,
        other: Bound<'_, PyType>,
        loops: Vec<(String, Bound<'_, PyType>, Vec<DescribedSlot<'_>>)>,
    ) -> PyResult<Self> {
        let py = other.py();
        let object = py.import("builtins")?.getattr("object")?;
        let mut by_segment = HashMap::new();
        for (identifier, described) in segments {
            by_segment.insert(
                SegmentId::of(identifier.as_bytes()),
                shape(described, &SEGMENT_FIELDS)?,
            );
        }
        let mut by_loop = HashMap::new();
        for (id, class, slots) in loops {
            let names: Vec<String> = slots.iter().map(|(name, ..)| name.to_string()).collect();
            let mut more: Vec<&str> = names.iter().map(String::as_str).collect();
            more.push("others");
            let shape = shape((class, PyList::empty(py)), &more)?;
            let slots = slots
                .into_iter()
                .map(|(name, segment, loop_id, several, qualifiers)| SlotPlan {
                    name: name.unbind(),
                    segment: SegmentId::of(segment.as_bytes()),
                    loop_id,
                    several,
                    qualifiers,
                });
            by_loop.insert(
                id,
                LoopPlan {
                    shape,
                    slots: slots.collect(),
                },
            );
        }
        Ok(Models {
            segments: by_segment,
            other: shape((other, PyList::empty(py)), &SEGMENT_FIELDS)?,
            loops: by_loop,
            new: object.getattr("__new__")?.unbind(),
            set: object.getattr("__setattr__")?.unbind(),
        })
    }
}

struct Builder<'py, 'd> {
    py: Python<'py>,
    models: &'d Models,
    inner: &'d Inner,
    texts: Texts<'d>,
    empty: Bound<'py, PyString>,
    nothing: Bound<'py, PyTuple>,
}

type Object<'py> = PyResult<Bound<'py, PyAny>>;

impl<'py, 'd> Builder<'py, 'd> {
    fn none(&self) -> Bound<'py, PyAny> {
        self.py.None().into_bound(self.py)
    }

    fn make(&self, shape: &Shape, values: Bound<'py, PyDict>) -> Object<'py> {
        let py = self.py;
        let made = self.models.new.bind(py).call1((shape.class.bind(py),))?;
        let set = self.models.set.bind(py);
        set.call1((&made, intern!(py, "__dict__"), values))?;
        set.call1((
            &made,
            intern!(py, "__pydantic_fields_set__"),
            shape.fields_set.bind(py),
        ))?;
        set.call1((&made, intern!(py, "__pydantic_extra__"), py.None()))?;
        set.call1((&made, intern!(py, "__pydantic_private__"), py.None()))?;
        Ok(made)
    }

    fn string(&self, bytes: &'d [u8]) -> Bound<'py, PyString> {
        if bytes.is_empty() {
            self.empty.clone()
        } else {
            self.texts.string(self.py, bytes)
        }
    }

    /// What a part says; `sent` is its text if that is known already.
    fn text(&self, part: &'d [u8], sent: Option<&Bound<'py, PyString>>) -> Bound<'py, PyString> {
        let trimmed = part.trim_ascii();
        match sent {
            Some(sent) if trimmed.len() == part.len() => sent.clone(),
            _ => self.string(trimmed),
        }
    }

    fn value(
        &self,
        kind: &Kind,
        part: &'d [u8],
        sent: Option<&Bound<'py, PyString>>,
        separators: (u8, u8),
    ) -> Object<'py> {
        let py = self.py;
        let trimmed = part.trim_ascii();
        let (repetition, component) = separators;
        let cut = |separator: u8| part.split(move |byte| *byte == separator && separator != 0);
        Ok(match kind {
            Kind::Text => self.text(part, sent).into_any(),
            Kind::Decimal => match Decimal::read(trimmed) {
                Some(_) => decimal(py, &self.texts.decode(trimmed))?,
                None => self.none(),
            },
            Kind::Integer => {
                let digits = !trimmed.is_empty()
                    && trimmed.len() <= 18
                    && trimmed.iter().all(u8::is_ascii_digit);
                let number = trimmed.iter().fold(0u64, |sum, byte| {
                    sum.wrapping_mul(10).wrapping_add(u64::from(byte & 15))
                });
                digits.then_some(number).into_pyobject(py)?.into_any()
            }
            Kind::Date => date(py, Date::read(trimmed))?,
            Kind::Repetitions => {
                let parts = cut(repetition)
                    .map(<[u8]>::trim_ascii)
                    .filter(|part| !part.is_empty());
                self.tuple(parts.map(|part| self.string(part).into_any()).collect())?
                    .into_any()
            }
            Kind::Composite(shape) => self.composite(shape, part, component)?,
            Kind::Composites(shape) => {
                let parts = cut(repetition).filter(|part| !part.trim_ascii().is_empty());
                let made: PyResult<Vec<_>> = parts
                    .map(|part| self.composite(shape, part, component))
                    .collect();
                self.tuple(made?)?.into_any()
            }
        })
    }

    fn composite(&self, shape: &Shape, text: &'d [u8], separator: u8) -> Object<'py> {
        if text.trim_ascii().is_empty() {
            return Ok(self.none());
        }
        let parts: Vec<&[u8]> = text
            .split(|byte| *byte == separator && separator != 0)
            .collect();
        let values = shape.nothing_sent.bind(self.py).copy()?;
        let sent = parts
            .iter()
            .map(|part| self.string(part).into_any())
            .collect();
        values.set_item(intern!(self.py, "components"), self.tuple(sent)?)?;
        for field in &shape.fields {
            let Some(part) = parts.get(field.number - 1).filter(|part| !part.is_empty()) else {
                continue;
            };
            values.set_item(
                field.name.bind(self.py),
                self.value(&field.kind, part, None, (0, 0))?,
            )?;
        }
        self.make(shape, values)
    }

    fn segment(&self, index: u32, of: Option<&Bound<'py, PyString>>) -> Object<'py> {
        let py = self.py;
        let document = &self.inner.read;
        let delimiters = document.delimiters(index);
        let shape = self
            .models
            .segments
            .get(&document.segments[index as usize].id)
            .unwrap_or(&self.models.other);
        let parts: Vec<&[u8]> = document
            .bytes(index)
            .split(|byte| *byte == delimiters.element)
            .collect();
        let strings: Vec<Bound<'py, PyString>> =
            parts.iter().map(|part| self.string(part)).collect();
        let values = shape.nothing_sent.bind(py).copy()?;
        values.set_item(intern!(py, "segment_identifier"), &strings[0])?;
        values.set_item(intern!(py, "elements"), PyTuple::new(py, &strings[1..])?)?;
        values.set_item(intern!(py, "segment_number"), index + 1)?;
        values.set_item(intern!(py, "segment_offset"), document.offset(index))?;
        values.set_item(intern!(py, "segment_loop"), of)?;
        let separators = (delimiters.repetition, delimiters.component);
        for field in &shape.fields {
            let Some(part) = parts.get(field.number).filter(|part| !part.is_empty()) else {
                continue;
            };
            let value = self.value(&field.kind, part, strings.get(field.number), separators)?;
            values.set_item(field.name.bind(py), value)?;
        }
        self.make(shape, values)
    }

    /// True if the first part of the segment's first element is one of these, or any will do.
    fn qualifies(&self, index: u32, qualifiers: &[String]) -> bool {
        let delimiters = self.inner.read.delimiters(index);
        let first = self.inner.read.element(index, 1);
        let first = nth(
            nth(first, delimiters.repetition, 0),
            delimiters.component,
            0,
        )
        .trim_ascii();
        qualifiers.is_empty() || qualifiers.iter().any(|code| code.as_bytes() == first)
    }

    fn tuple(&self, items: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyTuple>> {
        if items.is_empty() {
            Ok(self.nothing.clone())
        } else {
            PyTuple::new(self.py, items)
        }
    }

    fn several(
        &self,
        segments: &[u32],
        of: Option<&Bound<'py, PyString>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let made: PyResult<Vec<_>> = segments
            .iter()
            .map(|index| self.segment(*index, of))
            .collect();
        self.tuple(made?)
    }

    fn loop_of(&self, tree: &Tree, node: u32, names: &[&str]) -> Object<'py> {
        let py = self.py;
        let of = names[tree.nodes[node as usize].of as usize];
        let Some(plan) = self.models.loops.get(of) else {
            return Err(PyValueError::new_err("a loop has no model"));
        };
        let name = PyString::intern(py, of);
        let own = tree.segments(node);
        let mut kept = vec![false; own.len()];
        let values = PyDict::new(py);
        for slot in &plan.slots {
            let mut found = Vec::new();
            if slot.segment == SegmentId::NONE {
                for &child in tree.children(node) {
                    if names[tree.nodes[child as usize].of as usize] == slot.loop_id {
                        found.push(self.loop_of(tree, child, names)?);
                    }
                }
            } else {
                for (at, &index) in own.iter().enumerate() {
                    let fits = self.inner.read.segments[index as usize].id == slot.segment;
                    let fits = fits && self.qualifies(index, &slot.qualifiers);
                    if fits && !kept[at] && (slot.several || found.is_empty()) {
                        kept[at] = true;
                        found.push(self.segment(index, Some(&name))?);
                    }
                }
            }
            let value = match (slot.several, found.pop()) {
                (false, Some(only)) => only,
                (false, None) => self.none(),
                (true, None) => self.nothing.clone().into_any(),
                (true, Some(last)) => {
                    found.push(last);
                    self.tuple(found)?.into_any()
                }
            };
            values.set_item(slot.name.bind(py), value)?;
        }
        // What the guide has no place for, and what it has too often.
        let rest: Vec<u32> = own
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| !**kept)
            .map(|(index, _)| *index)
            .collect();
        values.set_item(intern!(py, "others"), self.several(&rest, Some(&name))?)?;
        self.make(&plan.shape, values)
    }
}

impl Document {
    fn builder<'py, 'd>(
        &'d self,
        py: Python<'py>,
        models: &'d Models,
        utf8: bool,
    ) -> Builder<'py, 'd> {
        let texts = Texts {
            document: &self.inner.read,
            utf8,
        };
        let empty = PyString::intern(py, "");
        Builder {
            py,
            models,
            inner: &self.inner,
            texts,
            empty,
            nothing: PyTuple::empty(py),
        }
    }

    /// The model of a transaction set's loops; None if it is read flat.
    pub(super) fn model<'py>(
        &self,
        py: Python<'py>,
        models: &Models,
        transaction: usize,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(Some(tree)), Some(grammar)) = (
            self.inner.trees.get(transaction),
            self.inner.grammar(transaction),
        ) else {
            return Ok(None);
        };
        let names: Vec<&str> = grammar.loops.iter().map(|item| item.id.as_str()).collect();
        self.builder(py, models, self.inner.utf8[transaction])
            .loop_of(tree, 0, &names)
            .map(Some)
    }

    /// The models of single segments.
    pub(super) fn models_of<'py>(
        &self,
        py: Python<'py>,
        models: &Models,
        segments: &[u32],
    ) -> PyResult<Bound<'py, PyTuple>> {
        let known = self.inner.read.segments.len() as u32;
        if segments
            .iter()
            .any(|index| *index >= known || *index == NO_SEGMENT)
        {
            return Err(PyValueError::new_err("there is no such segment"));
        }
        let mut made = Vec::with_capacity(segments.len());
        for &index in segments {
            let utf8 = match self.inner.transaction_of(index) {
                Some(transaction) => self.inner.utf8[transaction],
                None => std::str::from_utf8(self.inner.read.bytes(index)).is_ok(),
            };
            let of = self.inner.loop_of(index).map(|of| PyString::intern(py, of));
            made.push(self.builder(py, models, utf8).segment(index, of.as_ref())?);
        }
        PyTuple::new(py, made)
    }
}
