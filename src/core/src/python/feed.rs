//! Trees from what Python holds: elements that lxml read, and JSON values.

use super::sources::refused;
use crate::sources::Refusal;
use crate::sources::tree::{Kind, MOST_LEVELS, Role, Span, Tree};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple, PyType,
};

/// Level from 1, name, line, attributes, text before the first child.
type Element<'py> = (
    usize,
    Bound<'py, PyString>,
    u32,
    Vec<(Bound<'py, PyString>, Bound<'py, PyString>)>,
    Option<Bound<'py, PyString>>,
);

/// A tree of XML elements in document order.
pub fn elements(elements: &Bound<'_, PyList>) -> PyResult<Tree> {
    let mut tree = empty(true)?;
    let mut open = Vec::new();
    for element in elements {
        let (level, name, line, attributes, text): Element<'_> = element.extract()?;
        for node in open.drain(open.len().min(level.saturating_sub(1))..).rev() {
            tree.close(node);
        }
        let name = keep(&mut tree, &name)?;
        let node = tree.add(Role::Child, name, Kind::Object, Span::default());
        tree.set_line(node, line);
        open.push(node);
        for (name, value) in attributes {
            let name = keep(&mut tree, &name)?;
            let value = keep(&mut tree, &value)?;
            tree.add(Role::Attribute, name, Kind::Text, value);
        }
        if let Some(text) = text {
            let text = keep(&mut tree, &text)?;
            tree.add(Role::Content, Span::default(), Kind::Text, text);
        }
    }
    for node in open.into_iter().rev() {
        tree.close(node);
    }
    Ok(tree)
}

/// A tree of a JSON value; `number` is the type of JSON text's numbers.
pub fn value(value: &Bound<'_, PyAny>, number: &Bound<'_, PyType>) -> PyResult<Tree> {
    let mut feed = Feed {
        tree: empty(false)?,
        number: number.clone(),
        decimal: value.py().import("decimal")?.getattr("Decimal")?,
        above: Vec::new(),
    };
    feed.value(value, Role::Child, Span::default())?;
    Ok(feed.tree)
}

struct Feed<'py> {
    tree: Tree,
    number: Bound<'py, PyType>,
    decimal: Bound<'py, PyAny>,
    /// The objects and lists that are open, by identity: one that holds itself is too deep.
    above: Vec<usize>,
}

impl<'py> Feed<'py> {
    fn value(&mut self, value: &Bound<'py, PyAny>, role: Role, name: Span) -> PyResult<()> {
        if let Ok(object) = value.cast::<PyDict>() {
            self.inside(value, role, name, Kind::Object, |feed| {
                object
                    .iter()
                    .try_for_each(|(name, value)| feed.pair(&name, &value))
            })
        } else if let Ok(text) = value.cast::<PyString>() {
            self.text(text, role, name)
        } else if value.is_none() {
            self.tree.add(role, name, Kind::Null, Span::default());
            Ok(())
        } else if let Ok(list) = value.cast::<PyList>() {
            self.inside(value, role, name, Kind::List, |feed| {
                list.iter()
                    .try_for_each(|one| feed.value(&one, Role::Child, Span::default()))
            })
        } else if let Ok(list) = value.cast::<PyTuple>() {
            self.inside(value, role, name, Kind::List, |feed| {
                list.iter()
                    .try_for_each(|one| feed.value(&one, Role::Child, Span::default()))
            })
        } else if let Ok(object) = value.cast::<PyMapping>() {
            self.inside(value, role, name, Kind::Object, |feed| {
                object.items()?.iter().try_for_each(|item| {
                    let (name, value): (Bound<'py, PyAny>, Bound<'py, PyAny>) = item.extract()?;
                    feed.pair(&name, &value)
                })
            })
        } else {
            self.scalar(value, role, name)
        }
    }

    fn inside(
        &mut self,
        value: &Bound<'py, PyAny>,
        role: Role,
        name: Span,
        kind: Kind,
        fill: impl FnOnce(&mut Self) -> PyResult<()>,
    ) -> PyResult<()> {
        let identity = value.as_ptr() as usize;
        if self.above.len() >= MOST_LEVELS || self.above.contains(&identity) {
            self.tree.add(role, name, Kind::TooDeep, Span::default());
            return Ok(());
        }
        let node = self.tree.add(role, name, kind, Span::default());
        self.above.push(identity);
        fill(self)?;
        self.above.pop();
        self.tree.close(node);
        Ok(())
    }

    fn pair(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let Ok(name) = name.cast::<PyString>() else {
            let detail = format!("{} as a name", name.get_type().name()?);
            let detail = self.tree.keep(&detail).map_err(refused)?;
            self.tree
                .add(Role::Child, Span::default(), Kind::Unnamed, detail);
            return Ok(());
        };
        let name = keep(&mut self.tree, name)?;
        let (role, name) = self.tree.role(name);
        self.value(value, role, name)
    }

    fn text(&mut self, text: &Bound<'py, PyString>, role: Role, name: Span) -> PyResult<()> {
        let kind = match text.is_instance(&self.number)? {
            true => Kind::Number,
            false => Kind::Text,
        };
        let span = keep(&mut self.tree, text)?;
        let node = self.tree.add(role, name, kind, span);
        if text.to_str().is_err() {
            let original = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
            let original = original.cast::<PyBytes>()?.as_bytes().to_vec();
            self.tree.set_original(node, original);
        }
        Ok(())
    }

    /// A number or a truth; what it is not, and what Python will not write, is kept by the name of its type.
    fn scalar(&mut self, value: &Bound<'py, PyAny>, role: Role, name: Span) -> PyResult<()> {
        let is_number = value.is_instance_of::<PyInt>()
            || value.is_instance_of::<PyFloat>()
            || value.is_instance(&self.decimal)?;
        let text = match value.cast::<PyBool>() {
            Ok(said) if said.is_true() => Some("true".to_string()),
            Ok(_) => Some("false".to_string()),
            Err(_) if is_number => value.str().and_then(|text| text.extract()).ok(),
            Err(_) => None,
        };
        let (kind, text) = match text {
            Some(text) => (Kind::Scalar, text),
            None => (Kind::Unusable, value.get_type().name()?.extract()?),
        };
        let span = self.tree.keep(&text).map_err(refused)?;
        self.tree.add(role, name, kind, span);
        Ok(())
    }
}

fn empty(is_xml: bool) -> PyResult<Tree> {
    Tree::over(String::new(), is_xml).ok_or_else(|| refused(Refusal::TooLarge))
}

/// A text as the tree can hold it: with `?` for half of a character.
fn keep(tree: &mut Tree, text: &Bound<'_, PyString>) -> PyResult<Span> {
    let kept = match text.to_str() {
        Ok(text) => tree.keep(text),
        Err(_) => {
            let bytes = text.call_method1("encode", ("utf-8", "replace"))?;
            tree.keep(&String::from_utf8_lossy(
                bytes.cast::<PyBytes>()?.as_bytes(),
            ))
        }
    };
    kept.map_err(refused)
}
