//! Dicts from places in one document: people, parties, codes, dates.

use super::texts::Texts;
use crate::inner::Inner;
use crate::normalize::dates::{DTP, When, Window};
use crate::normalize::people::Party;
use crate::normalize::record::{Person, shown_dates};
use crate::normalize::{At, Context};
use crate::numbers::{Date, Decimal};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static DATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

pub(super) fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    decimal_of(PyString::new(py, text).as_any())
}

pub(super) fn decimal_of<'py>(text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let class = DECIMAL.get_or_try_init(py, || {
        py.import("decimal")?.getattr("Decimal").map(Bound::unbind)
    })?;
    class.bind(py).call1((text,))
}

pub(super) fn date<'py>(py: Python<'py>, day: Option<Date>) -> PyResult<Bound<'py, PyAny>> {
    let Some(day) = day else {
        return Ok(py.None().into_bound(py));
    };
    let class = DATE.get_or_try_init(py, || {
        py.import("datetime")?.getattr("date").map(Bound::unbind)
    })?;
    class.bind(py).call1((day.year, day.month, day.day))
}

/// Makes dicts from places in one document.
pub(super) struct Maker<'py, 'd> {
    pub(super) py: Python<'py>,
    pub(super) inner: &'d Inner,
    pub(super) texts: Texts<'d>,
    pub(super) context: &'d Context<'d>,
}

pub(super) type Object<'py> = PyResult<Bound<'py, PyAny>>;

impl<'py, 'd> Maker<'py, 'd> {
    pub(super) fn none(&self) -> Bound<'py, PyAny> {
        self.py.None().into_bound(self.py)
    }

    pub(super) fn text(&self, at: Option<At>) -> Bound<'py, PyString> {
        self.texts.at(self.py, at)
    }

    pub(super) fn element(&self, segment: u32, element: u8) -> Bound<'py, PyString> {
        self.text(Some(At { segment, element }))
    }

    pub(super) fn description(&self, table: &str, code: &str) -> &'d str {
        self.inner
            .knowledge
            .codes
            .get(table)
            .and_then(|codes| codes.get(code))
            .map_or("", String::as_str)
    }

    pub(super) fn described(&self, table: &str, bytes: &'d [u8]) -> &'d str {
        self.description(table, &self.texts.decode(bytes))
    }

    pub(super) fn code(&self, table: &str, bytes: &'d [u8]) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("code", self.texts.string(self.py, bytes))?;
        dict.set_item("description", self.described(table, bytes))?;
        Ok(dict)
    }

    pub(super) fn money(&self, value: Option<Decimal>) -> Object<'py> {
        value.map_or_else(|| Ok(self.none()), |value| decimal(self.py, &value.money()))
    }

    pub(super) fn address(&self, party: &Party) -> Object<'py> {
        if !party.has_address(self.context) {
            return Ok(self.none());
        }
        let part = |segment: Option<u32>, element: u8| {
            self.text(segment.map(|segment| At { segment, element }))
        };
        let mut lines = Vec::new();
        for element in [1u8, 2] {
            let line = part(party.street, element);
            if !line.is_empty()? {
                lines.push(line);
            }
        }
        let dict = PyDict::new(self.py);
        dict.set_item("lines", PyTuple::new(self.py, lines)?)?;
        dict.set_item("city", part(party.city, 1))?;
        dict.set_item("state", part(party.city, 2))?;
        dict.set_item("postal_code", part(party.city, 3))?;
        dict.set_item("country", part(party.city, 4))?;
        Ok(dict.into_any())
    }

    pub(super) fn person(
        &self,
        person: &Person,
        member_id: Option<At>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        let name = |element: u8| self.text(person.party.said(self.context, element));
        dict.set_item("last_name", name(3))?;
        dict.set_item("first_name", name(4))?;
        dict.set_item("middle_name", name(5))?;
        dict.set_item("suffix", name(7))?;
        dict.set_item("identifier_qualifier", name(8))?;
        dict.set_item("identifier", name(9))?;
        dict.set_item("member_id", self.text(member_id))?;
        dict.set_item(
            "birth_date",
            date(self.py, person.birth.map(|(day, _)| day))?,
        )?;
        dict.set_item("gender", self.text(person.gender))?;
        dict.set_item("address", self.address(&person.party)?)?;
        Ok(dict)
    }

    /// An organization or a person in a 2100A, 2100B or 2120 loop.
    pub(super) fn party(&self, party: &Party) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        let said = |element: u8| party.said(self.context, element);
        let kind = said(1).map_or(b"".as_slice(), |at| self.context.text(at));
        dict.set_item("entity", self.texts.string(self.py, kind))?;
        dict.set_item("entity_description", self.described("NM101", kind))?;
        dict.set_item(
            "is_person",
            said(2).is_some_and(|at| self.context.text(at) == b"1"),
        )?;
        dict.set_item("name", self.text(said(3)))?;
        dict.set_item("first_name", self.text(said(4)))?;
        dict.set_item("middle_name", self.text(said(5)))?;
        dict.set_item("suffix", self.text(said(7)))?;
        dict.set_item("identifier_qualifier", self.text(said(8)))?;
        dict.set_item("identifier", self.text(said(9)))?;
        dict.set_item("relationship", self.text(said(10)))?;
        dict.set_item("address", self.address(party)?)?;
        let contacts = PyList::empty(self.py);
        for &segment in &party.contacts {
            for element in [3u8, 5, 7] {
                if self.context.said(segment, element).is_some() {
                    contacts.append(self.contact(segment, element)?)?;
                }
            }
        }
        dict.set_item("contacts", contacts.to_tuple())?;
        Ok(dict)
    }

    pub(super) fn contact(&self, segment: u32, element: u8) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("name", self.element(segment, 2))?;
        dict.set_item("qualifier", self.element(segment, element))?;
        dict.set_item("number", self.element(segment, element + 1))?;
        Ok(dict)
    }

    pub(super) fn window(
        &self,
        dict: &Bound<'py, PyDict>,
        names: [&str; 2],
        window: &Window,
    ) -> PyResult<()> {
        dict.set_item(names[0], date(self.py, window.start.map(|(day, _)| day))?)?;
        dict.set_item(names[1], date(self.py, window.end.map(|(day, _)| day))?)
    }

    pub(super) fn rejection(&self, segment: u32, of: &str) -> PyResult<Bound<'py, PyDict>> {
        let at = |element: u8| {
            self.texts
                .decode(self.context.text(At { segment, element }))
        };
        let (code, action) = (at(3), at(4));
        let knowledge = &self.inner.knowledge;
        let dict = PyDict::new(self.py);
        dict.set_item("loop", of)?;
        dict.set_item("valid_request", at(1))?;
        dict.set_item("code", &*code)?;
        dict.set_item("description", self.description("AAA03", &code))?;
        dict.set_item("follow_up_code", &*action)?;
        dict.set_item("follow_up", self.description("AAA04", &action))?;
        dict.set_item(
            "eligibility_response",
            knowledge
                .responses
                .get(&*code)
                .unwrap_or(&knowledge.fallback),
        )?;
        dict.set_item("position", self.inner.position(self.py, segment, 0)?)?;
        Ok(dict)
    }

    pub(super) fn dates(&self, node: u32) -> PyResult<Bound<'py, PyTuple>> {
        let dates = shown_dates(self.context, node);
        let mut made = Vec::new();
        for segment in self.context.own(Some(node), DTP) {
            let when = dates
                .iter()
                .find(|date| date.segment == segment)
                .map(|date| date.when);
            let (start, end) = match when {
                Some(When::Day(day)) => (Some(day), None),
                Some(When::Range(start, end)) => (Some(start), Some(end)),
                None => (None, None),
            };
            let dict = PyDict::new(self.py);
            let qualifier = self.context.text(At {
                segment,
                element: 1,
            });
            dict.set_item("qualifier", self.texts.string(self.py, qualifier))?;
            dict.set_item("description", self.described("DTP01", qualifier))?;
            dict.set_item("start", date(self.py, start)?)?;
            dict.set_item("end", date(self.py, end)?)?;
            made.push(dict);
        }
        PyTuple::new(self.py, made)
    }
}
