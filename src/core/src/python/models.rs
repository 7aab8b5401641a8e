//! What the models say of themselves (`grammar/`), compiled: which class holds what, and what makes its instances.

use crate::scan::SegmentId;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet, PyString, PyTuple};
use std::collections::HashMap;

/// How an element becomes a value.
pub(super) enum Kind {
    Text,
    Decimal,
    Integer,
    Date,
    Repetitions,
    Composite(Box<Shape>),
    Composites(Box<Shape>),
}

pub(super) struct FieldPlan {
    pub(super) name: Py<PyString>,
    /// From 1.
    pub(super) number: usize,
    pub(super) kind: Kind,
}

/// A model class and how its instances are made.
pub(super) struct Shape {
    /// Makes an instance of (its fields, None, the names of those that were set): `Model._maker`.
    maker: Py<PyAny>,
    /// The names, the same set for all instances: every field is set.
    fields_set: Py<PySet>,
    pub(super) fields: Vec<FieldPlan>,
    /// What the fields hold if nothing was sent: instances start as copies of it. The names are interned, so that
    /// they are found by identity.
    nothing_sent: Py<PyDict>,
}

impl Shape {
    /// The fields of a new instance, as if nothing was sent.
    pub(super) fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.nothing_sent.bind(py).copy()
    }

    /// An instance with these fields.
    pub(super) fn make<'py>(&self, values: Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let py = values.py();
        let state = (values, py.None(), self.fields_set.bind(py));
        self.maker.bind(py).call1((state,))
    }
}

/// What a field of a loop holds.
pub(super) enum Held {
    /// Segments of this name. Where several fields hold the same one, the first elements that send it here.
    Segment {
        id: SegmentId,
        shape: usize,
        /// The shape's, with the loop.
        nothing_sent: Py<PyDict>,
        qualifiers: Vec<String>,
    },
    /// Repetitions of the loop with this number in `Models::loops`.
    Loop(usize),
}

pub(super) struct SlotPlan {
    pub(super) name: Py<PyString>,
    pub(super) several: bool,
    pub(super) held: Held,
}

pub(super) struct LoopPlan {
    pub(super) name: Py<PyString>,
    pub(super) shape: Shape,
    pub(super) slots: Vec<SlotPlan>,
}

/// The models, compiled once.
#[pyclass(frozen, module = "x271._core")]
pub struct Models {
    /// The last is for segments that no model names.
    pub(super) shapes: Vec<(String, Shape)>,
    by_segment: HashMap<SegmentId, usize>,
    pub(super) loops: Vec<LoopPlan>,
    by_loop: HashMap<String, usize>,
}

impl Models {
    /// The number in `shapes` of what holds a segment.
    pub(super) fn shape_of(&self, segment: SegmentId) -> usize {
        let other = self.shapes.len() - 1;
        self.by_segment.get(&segment).copied().unwrap_or(other)
    }

    /// The number in `loops` of a loop.
    pub(super) fn loop_of(&self, id: &str) -> PyResult<usize> {
        self.by_loop
            .get(id)
            .copied()
            .ok_or_else(|| PyValueError::new_err("a loop has no model"))
    }
}

/// What makes instances, and the fields.
type Described<'py> = (Bound<'py, PyAny>, Bound<'py, PyList>);
/// Name, segment, loop, holds several, qualifiers.
type DescribedSlot<'py> = (Bound<'py, PyString>, String, String, bool, Vec<String>);

/// `nothing_sent`: what the fields hold that are no elements.
fn shape(described: Described<'_>, nothing_sent: Bound<'_, PyDict>) -> PyResult<Shape> {
    let (maker, fields) = described;
    let py = maker.py();
    let mut made = Vec::with_capacity(fields.len());
    for field in fields {
        let (name, number, kind, inner): (
            Bound<'_, PyString>,
            usize,
            String,
            Option<Described<'_>>,
        ) = field.extract()?;
        let inner = || match inner {
            Some(inner) => {
                let own = PyDict::new(py);
                own.set_item(intern!(py, "components"), PyTuple::empty(py))?;
                shape(inner, own).map(Box::new)
            }
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
        maker: maker.unbind(),
        fields_set: PySet::new(py, nothing_sent.keys())?.unbind(),
        fields: made,
        nothing_sent: nothing_sent.unbind(),
    })
}

fn segment_shape(identifier: &str, described: Described<'_>) -> PyResult<Shape> {
    let py = described.0.py();
    let own = PyDict::new(py);
    own.set_item(intern!(py, "segment_identifier"), identifier)?;
    own.set_item(intern!(py, "elements"), PyTuple::empty(py))?;
    own.set_item(intern!(py, "segment_number"), py.None())?;
    own.set_item(intern!(py, "segment_offset"), py.None())?;
    own.set_item(intern!(py, "segment_loop"), py.None())?;
    shape(described, own)
}

fn loop_shape(maker: Bound<'_, PyAny>, slots: &[SlotPlan]) -> PyResult<Shape> {
    let py = maker.py();
    let own = PyDict::new(py);
    for slot in slots {
        if slot.several {
            own.set_item(&slot.name, PyTuple::empty(py))?;
        } else {
            own.set_item(&slot.name, py.None())?;
        }
    }
    own.set_item(intern!(py, "others"), PyTuple::empty(py))?;
    shape((maker, PyList::empty(py)), own)
}

#[pymethods]
impl Models {
    /// segments: (identifier, (maker, fields)); other: the maker for the rest; loops: (loop, maker, slots). A maker
    /// makes an instance of (its fields, None, the names of those set). A field is (name, number, kind, (maker,
    /// fields) of a composite or None); a slot (name, segment, loop, several, qualifiers).
    #[new]
    fn new(
        segments: Vec<(String, Described<'_>)>,
        other: Bound<'_, PyAny>,
        loops: Vec<(String, Bound<'_, PyAny>, Vec<DescribedSlot<'_>>)>,
    ) -> PyResult<Self> {
        let py = other.py();
        let mut models = Models {
            shapes: Vec::with_capacity(segments.len() + 1),
            by_segment: HashMap::new(),
            loops: Vec::with_capacity(loops.len()),
            by_loop: HashMap::new(),
        };
        for (number, (identifier, described)) in segments.into_iter().enumerate() {
            let id = SegmentId::of(identifier.as_bytes());
            models.by_segment.insert(id, number);
            let shape = segment_shape(&identifier, described)?;
            models.shapes.push((identifier, shape));
        }
        let other = segment_shape("", (other, PyList::empty(py)))?;
        models.shapes.push((String::new(), other));
        for (number, (id, ..)) in loops.iter().enumerate() {
            models.by_loop.insert(id.clone(), number);
        }
        for (loop_id, maker, described) in loops {
            let loop_name = PyString::intern(py, &loop_id);
            let mut slots = Vec::with_capacity(described.len());
            for (name, segment, inner, several, qualifiers) in described {
                let id = SegmentId::of(segment.as_bytes());
                let held = if id == SegmentId::NONE {
                    Held::Loop(models.loop_of(&inner)?)
                } else {
                    let shape = models.shape_of(id);
                    let values = models.shapes[shape].1.values(py)?;
                    values.set_item(intern!(py, "segment_loop"), &loop_name)?;
                    Held::Segment {
                        id,
                        shape,
                        nothing_sent: values.unbind(),
                        qualifiers,
                    }
                };
                slots.push(SlotPlan {
                    name: name.unbind(),
                    several,
                    held,
                });
            }
            models.loops.push(LoopPlan {
                name: loop_name.unbind(),
                shape: loop_shape(maker, &slots)?,
                slots,
            });
        }
        Ok(models)
    }
}
