//! Builds the typed models of a transaction set: which class holds what, the models themselves say (`models`).

use super::document::Document;
use super::make::{date, decimal_of};
use super::models::{Held, Kind, Models, Shape, SlotPlan};
use super::recent::Recent;
use super::texts::Texts;
use crate::document::nth;
use crate::finding::NO_SEGMENT;
use crate::inner::Inner;
use crate::loops::Tree;
use crate::numbers::{Date, Decimal};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

struct Builder<'py, 'd> {
    py: Python<'py>,
    models: &'d Models,
    inner: &'d Inner,
    texts: Texts<'d>,
    /// Of a whole transaction set.
    recent: Option<Recent<'py>>,
    empty: Bound<'py, PyString>,
    nothing: Bound<'py, PyTuple>,
    /// The parts of the segment at hand; kept for its room.
    parts: Vec<&'d [u8]>,
    /// What is made and not yet put into its loop, of all loops that are open.
    made: Vec<Bound<'py, PyAny>>,
}

type Object<'py> = PyResult<Bound<'py, PyAny>>;

/// The loops of a transaction set, and per loop of its grammar the number of its model.
#[derive(Clone, Copy)]
struct Loops<'a> {
    tree: &'a Tree,
    models: &'a [usize],
}

impl Loops<'_> {
    /// The number in `Models::loops` of a node's loop.
    fn number(self, node: u32) -> usize {
        self.models[self.tree.nodes[node as usize].of as usize]
    }
}

impl<'py, 'd> Builder<'py, 'd> {
    fn none(&self) -> Bound<'py, PyAny> {
        self.py.None().into_bound(self.py)
    }

    fn string(&self, bytes: &'d [u8]) -> Bound<'py, PyString> {
        let make = || self.texts.string(self.py, bytes);
        match &self.recent {
            _ if bytes.is_empty() => self.empty.clone(),
            Some(recent) => recent.string(bytes, make),
            None => make(),
        }
    }

    /// What a part says; `sent` is its text.
    fn value(
        &self,
        kind: &Kind,
        part: &'d [u8],
        sent: &Bound<'py, PyAny>,
        separators: (u8, u8),
    ) -> Object<'py> {
        let py = self.py;
        let trimmed = part.trim_ascii();
        let (repetition, component) = separators;
        let cut = |separator: u8| part.split(move |byte| *byte == separator && separator != 0);
        let text = |bytes: &'d [u8]| {
            if bytes.len() == part.len() {
                sent.clone()
            } else {
                self.string(bytes).into_any()
            }
        };
        Ok(match kind {
            Kind::Text => text(trimmed),
            Kind::Decimal => match Decimal::read(trimmed) {
                Some(_) => decimal_of(&text(trimmed))?,
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
                self.tuple(parts.map(text).collect())?.into_any()
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

    fn texts_of(&self, parts: &[&'d [u8]]) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(self.py, parts.iter().map(|part| self.string(part)))
    }

    /// Puts into `values` what the parts say, which are also there as texts.
    fn fill(
        &self,
        values: &Bound<'py, PyDict>,
        shape: &Shape,
        parts: &[&'d [u8]],
        texts: &Bound<'py, PyTuple>,
        separators: (u8, u8),
    ) -> PyResult<()> {
        for field in &shape.fields {
            let at = field.number - 1;
            let Some(part) = parts.get(at).filter(|part| !part.is_empty()) else {
                continue;
            };
            let sent = texts.get_borrowed_item(at)?;
            let value = self.value(&field.kind, part, &sent, separators)?;
            values.set_item(field.name.bind(self.py), value)?;
        }
        Ok(())
    }

    fn composite(&self, shape: &Shape, text: &'d [u8], separator: u8) -> Object<'py> {
        if text.trim_ascii().is_empty() {
            return Ok(self.none());
        }
        let parts: Vec<&[u8]> = text
            .split(|byte| *byte == separator && separator != 0)
            .collect();
        let values = shape.values(self.py)?;
        let texts = self.texts_of(&parts)?;
        self.fill(&values, shape, &parts, &texts, (0, 0))?;
        values.set_item(intern!(self.py, "components"), texts)?;
        shape.make(values)
    }

    /// A segment of no slot, in this loop.
    fn stray(&mut self, index: u32, of: Option<&Bound<'py, PyString>>) -> Object<'py> {
        let id = self.inner.read.segments[index as usize].id;
        let shape = self.models.shape_of(id);
        let values = self.models.shapes[shape].1.values(self.py)?;
        values.set_item(intern!(self.py, "segment_loop"), of)?;
        self.segment(index, shape, values)
    }

    /// `shape`: its number in `Models::shapes`; `values`: a copy of what it holds if nothing was sent, and the loop.
    fn segment(&mut self, index: u32, shape: usize, values: Bound<'py, PyDict>) -> Object<'py> {
        let py = self.py;
        let document = &self.inner.read;
        let delimiters = document.delimiters(index);
        let mut parts = std::mem::take(&mut self.parts);
        parts.clear();
        parts.extend(
            document
                .bytes(index)
                .split(|byte| *byte == delimiters.element),
        );
        let (identifier, shape) = &self.models.shapes[shape];
        if identifier.as_bytes() != parts[0] {
            let sent = self.string(parts[0]);
            values.set_item(intern!(py, "segment_identifier"), sent)?;
        }
        let elements = &parts[1..];
        let texts = self.texts_of(elements)?;
        let separators = (delimiters.repetition, delimiters.component);
        self.fill(&values, shape, elements, &texts, separators)?;
        values.set_item(intern!(py, "elements"), texts)?;
        values.set_item(intern!(py, "segment_number"), index + 1)?;
        values.set_item(intern!(py, "segment_offset"), document.offset(index))?;
        self.parts = parts;
        shape.make(values)
    }

    /// True if the first part of the segment's first element is one of these, or any will do.
    fn qualifies(&self, index: u32, qualifiers: &[String]) -> bool {
        if qualifiers.is_empty() {
            return true;
        }
        let delimiters = self.inner.read.delimiters(index);
        let first = self.inner.read.element(index, 1);
        let first = nth(
            nth(first, delimiters.repetition, 0),
            delimiters.component,
            0,
        )
        .trim_ascii();
        qualifiers.iter().any(|code| code.as_bytes() == first)
    }

    fn tuple(&self, items: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyTuple>> {
        if items.is_empty() {
            Ok(self.nothing.clone())
        } else {
            PyTuple::new(self.py, items)
        }
    }

    /// Makes what one field of a loop holds, onto `made`. `kept` marks the loop's own segments that a field has.
    fn hold(
        &mut self,
        slot: &SlotPlan,
        node: u32,
        loops: Loops<'_>,
        own: &[u32],
        kept: &mut [bool],
    ) -> PyResult<()> {
        match &slot.held {
            Held::Loop(number) => {
                for &child in loops.tree.children(node) {
                    if loops.number(child) == *number {
                        let made = self.loop_of(child, loops)?;
                        self.made.push(made);
                    }
                }
            }
            Held::Segment {
                id,
                shape,
                nothing_sent,
                qualifiers,
            } => {
                for (kept, &index) in kept.iter_mut().zip(own) {
                    let fits = !*kept && self.inner.read.segments[index as usize].id == *id;
                    if fits && self.qualifies(index, qualifiers) {
                        *kept = true;
                        let values = nothing_sent.bind(self.py).copy()?;
                        let made = self.segment(index, *shape, values)?;
                        self.made.push(made);
                        if !slot.several {
                            break;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn loop_of(&mut self, node: u32, loops: Loops<'_>) -> Object<'py> {
        let py = self.py;
        let plan = &self.models.loops[loops.number(node)];
        let own = loops.tree.segments(node);
        let mut kept = vec![false; own.len()];
        let values = plan.shape.values(py)?;
        let before = self.made.len();
        for slot in &plan.slots {
            self.hold(slot, node, loops, own, &mut kept)?;
            if self.made.len() == before {
                continue;
            }
            if slot.several {
                let all = PyTuple::new(py, self.made.drain(before..))?;
                values.set_item(slot.name.bind(py), all)?;
            } else {
                // Of a loop that stands here too often, the last.
                let only = self.made.pop();
                self.made.truncate(before);
                values.set_item(slot.name.bind(py), only)?;
            }
        }
        // What the guide has no place for, and what it has too often.
        for (&index, _) in own.iter().zip(&kept).filter(|(_, kept)| !**kept) {
            let made = self.stray(index, Some(plan.name.bind(py)))?;
            self.made.push(made);
        }
        if self.made.len() > before {
            let rest = PyTuple::new(py, self.made.drain(before..))?;
            values.set_item(intern!(py, "others"), rest)?;
        }
        plan.shape.make(values)
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
            recent: None,
            empty,
            nothing: PyTuple::empty(py),
            parts: Vec::new(),
            made: Vec::new(),
        }
    }

    /// The model of a transaction set's loops; None if it is read flat.
    pub(super) fn model<'py>(
        &self,
        py: Python<'py>,
        models: &Models,
        transaction: usize,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(tree) = self.inner.tree(transaction) else {
            return Ok(None);
        };
        let Some(grammar) = self.inner.grammar(transaction) else {
            return Ok(None);
        };
        let numbers: PyResult<Vec<_>> = grammar
            .loops
            .iter()
            .map(|item| models.loop_of(&item.id))
            .collect();
        let loops = Loops {
            tree,
            models: &numbers?,
        };
        let mut builder = self.builder(py, models, self.inner.utf8[transaction]);
        builder.recent = Some(Recent::new());
        builder.loop_of(0, loops).map(Some)
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
            made.push(self.builder(py, models, utf8).stray(index, of.as_ref())?);
        }
        PyTuple::new(py, made)
    }
}
