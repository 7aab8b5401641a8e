//! What all service types of one EB have in common, by the fields of `Benefit`.

use super::make::{Maker, Object, decimal};
use crate::normalize::At;
use crate::normalize::people::Party;
use crate::normalize::rows::{AAA, HSD, MSG, PRV, REF, Row};
use crate::numbers::Decimal;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// What all service types of one EB have in common.
pub(super) fn shared<'py>(make: &Maker<'py, '_>, row: &Row<'_>) -> PyResult<Bound<'py, PyDict>> {
    let py = make.py;
    let context = make.context;
    let dict = PyDict::new(py);
    let of = context.tree.nodes[row.node as usize].of;
    let name = context.grammar.loops[of as usize].id.as_str();
    dict.set_item("loop", name)?;
    let coded = [
        ("information_code", "information", "EB01", 1),
        ("coverage_level", "coverage_level_description", "EB02", 2),
        ("insurance_type", "insurance_type_description", "EB04", 4),
        ("time_period", "time_period_description", "EB06", 6),
        (
            "quantity_qualifier",
            "quantity_qualifier_description",
            "EB09",
            9,
        ),
    ];
    for (field, description, table, number) in coded {
        dict.set_item(field, make.texts.string(py, row.element(number)))?;
        dict.set_item(description, make.described(table, row.element(number)))?;
    }
    dict.set_item("plan_description", make.texts.string(py, row.element(5)))?;
    dict.set_item("amount", make.money(row.amount())?)?;
    for (field, number) in [("percent", 8), ("quantity", 10)] {
        let value = match Decimal::read(row.element(number)) {
            Some(_) => decimal(py, &make.texts.decode(row.element(number)))?,
            None => make.none(),
        };
        dict.set_item(field, value)?;
    }
    dict.set_item("authorization", make.texts.string(py, row.element(11)))?;
    let network = match row.element(12) {
        b"Y" => "in",
        b"N" => "out",
        b"W" => "both",
        b"U" => "unknown",
        _ => "",
    };
    dict.set_item("network", network)?;
    dict.set_item("procedure", procedure(make, row)?)?;
    let component = context.document.delimiters(row.segment).component;
    let pointers = row
        .element(14)
        .split(|byte| *byte == component && component != 0)
        .filter(|part| !part.is_empty());
    let pointers: Vec<_> = pointers.map(|part| make.texts.string(py, part)).collect();
    dict.set_item("diagnosis_pointers", PyTuple::new(py, pointers)?)?;
    let mut deliveries = Vec::new();
    for segment in row.own(context, HSD) {
        let elements = make.texts.elements(py, segment)?;
        let delivery = PyDict::new(py);
        delivery.set_item("elements", elements.get_slice(1, elements.len()))?;
        deliveries.push(delivery);
    }
    dict.set_item("deliveries", PyTuple::new(py, deliveries)?)?;
    let mut references = Vec::new();
    for segment in row.own(context, REF) {
        let reference = PyDict::new(py);
        reference.set_item("qualifier", make.element(segment, 1))?;
        reference.set_item("value", make.element(segment, 2))?;
        reference.set_item("description", make.element(segment, 3))?;
        references.push(reference);
    }
    dict.set_item("references", PyTuple::new(py, references)?)?;
    dict.set_item("dates", make.dates(row.node)?)?;
    let mut rejections = Vec::new();
    for segment in row.own(context, AAA) {
        rejections.push(make.rejection(segment, name)?);
    }
    dict.set_item("rejections", PyTuple::new(py, rejections)?)?;
    let messages = row
        .own(context, MSG)
        .map(|segment| make.element(segment, 1));
    dict.set_item("messages", PyTuple::new(py, messages.collect::<Vec<_>>())?)?;
    put_places(make, row, &dict)?;
    let mut entities = Vec::new();
    for node in row.entities(context) {
        let entity = make.party(&Party::of(context, Some(node)))?;
        let provider = context.own(Some(node), PRV).next();
        let at = |element: u8| make.text(provider.map(|segment| At { segment, element }));
        entity.set_item("provider_role", at(1))?;
        entity.set_item("taxonomy", at(3))?;
        entities.push(entity);
    }
    dict.set_item("entities", PyTuple::new(py, entities)?)?;
    let mut segments = Vec::new();
    let mut nodes = vec![row.node];
    nodes.extend(context.tree.children(row.node));
    for node in nodes {
        segments.extend_from_slice(context.tree.segments(node));
    }
    segments.sort_unstable();
    let raw = segments
        .iter()
        .map(|segment| make.texts.string(py, context.document.bytes(*segment)));
    dict.set_item("segments", PyTuple::new(py, raw.collect::<Vec<_>>())?)?;
    dict.set_item("position", make.inner.position(py, row.segment, 0)?)?;
    Ok(dict)
}

fn procedure<'py>(make: &Maker<'py, '_>, row: &Row<'_>) -> Object<'py> {
    if !row.is_procedure() {
        return Ok(make.none());
    }
    let separator = make.context.document.delimiters(row.segment).component;
    let parts: Vec<&[u8]> = row
        .element(13)
        .split(|byte| *byte == separator && separator != 0)
        .collect();
    let part = |number: usize| {
        make.texts
            .string(make.py, parts.get(number - 1).copied().unwrap_or(b""))
    };
    let modifiers = (3..=6)
        .filter_map(|number| parts.get(number - 1).copied())
        .filter(|part| !part.is_empty());
    let dict = PyDict::new(make.py);
    dict.set_item("qualifier", part(1))?;
    dict.set_item("code", part(2))?;
    let modifiers: Vec<_> = modifiers
        .map(|part| make.texts.string(make.py, part))
        .collect();
    dict.set_item("modifiers", PyTuple::new(make.py, modifiers)?)?;
    dict.set_item("description", part(7))?;
    dict.set_item("range_end", part(8))?;
    Ok(dict.into_any())
}

fn put_places<'py>(
    make: &Maker<'py, '_>,
    row: &Row<'_>,
    dict: &Bound<'py, PyDict>,
) -> PyResult<()> {
    let (mut places, mut injuries) = (Vec::new(), Vec::new());
    for segment in row.places_below(make.context) {
        let said = |element: u8| make.context.text(At { segment, element });
        if said(1) == b"ZZ" {
            places.push(make.element(segment, 2));
        } else {
            let injury = PyDict::new(make.py);
            injury.set_item("qualifier", make.element(segment, 1))?;
            injury.set_item("code", make.element(segment, 2))?;
            injury.set_item("category", make.element(segment, 3))?;
            injury.set_item("body_part", make.element(segment, 4))?;
            injuries.push(injury);
        }
    }
    dict.set_item("places_of_service", PyTuple::new(make.py, places)?)?;
    dict.set_item("injuries", PyTuple::new(make.py, injuries)?)
}
