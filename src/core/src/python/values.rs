//! Everything of a record but its benefits, by the fields of `Eligibility`.

use super::make::{Maker, decimal};
use crate::normalize::coverage::Coverage;
use crate::normalize::payers::Related;
use crate::normalize::people::{Party, Patient};
use crate::normalize::preferences::holds;
use crate::normalize::record::Record as Built;
use crate::normalize::slot_rules::FIELDS;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

pub(super) fn put_outcome<'py>(
    make: &Maker<'py, '_>,
    built: &Built<'_>,
    dict: &Bound<'py, PyDict>,
) -> PyResult<()> {
    let py = make.py;
    dict.set_item("coverage", built.coverage.status.name())?;
    dict.set_item("coverage_reason", built.coverage.reason)?;
    dict.set_item("pending", built.coverage.pending)?;
    dict.set_item("rejected", built.rejections.primary.is_some())?;
    let mut rejections = Vec::new();
    for rejection in &built.rejections.all {
        let of = make.context.grammar.loops[rejection.of as usize]
            .id
            .as_str();
        rejections.push(make.rejection(rejection.segment, of)?);
    }
    dict.set_item("primary_rejection", built.rejections.primary)?;
    dict.set_item("rejections", PyTuple::new(py, rejections)?)?;
    dict.set_item(
        "eligibility_response_fallback",
        &make.inner.knowledge.fallback,
    )?;
    let words: Vec<_> = built
        .rejections
        .text
        .iter()
        .map(|at| make.texts.decode(make.context.text(*at)))
        .collect();
    dict.set_item("eligibility_text", words.join(" "))
}

pub(super) fn put_people<'py>(
    make: &Maker<'py, '_>,
    built: &Built<'_>,
    patient: &Patient,
    dict: &Bound<'py, PyDict>,
) -> PyResult<()> {
    let own_id = if patient.is_dependent() {
        None
    } else {
        built.member_id
    };
    dict.set_item(
        "subscriber",
        make.person(&built.subscriber, built.member_id)?,
    )?;
    dict.set_item("patient", make.person(&built.patient, own_id)?)?;
    let relationship = match (patient.is_dependent(), built.relationship) {
        (true, at) => make.code("INS02", at.map_or(b"", |at| make.context.text(at)))?,
        (false, _) => make.code("INS02", b"18")?,
    };
    dict.set_item("relationship", relationship)?;
    dict.set_item("is_dependent", patient.is_dependent())?;
    dict.set_item("identity_changed", built.identity_changed.is_some())?;
    dict.set_item("provider", make.party(&built.provider)?)
}

pub(super) fn put_plan<'py>(
    make: &Maker<'py, '_>,
    built: &Built<'_>,
    coverage: &Coverage,
    dict: &Bound<'py, PyDict>,
) -> PyResult<()> {
    let py = make.py;
    let row = coverage.row.map(|at| &built.rows[at]);
    let element = |number: usize| row.map_or(b"".as_slice(), |row| row.element(number));
    dict.set_item("status", make.code("EB01", element(1))?)?;
    dict.set_item("plan_type", make.code("EB04", element(4))?)?;
    dict.set_item("plan_description", make.texts.string(py, element(5)))?;
    dict.set_item("coverage_level", make.code("EB02", element(2))?)?;
    let plan_types = &make.context.preferences.coverage.plan_service_types;
    let service = row.and_then(|row| {
        let plan = row.service_types().find(|code| holds(plan_types, code));
        plan.or_else(|| row.service_types().next())
    });
    dict.set_item("benefit_type", make.code("EB03", service.unwrap_or(b""))?)?;
    make.window(dict, ["coverage_start", "coverage_end"], &coverage.window)?;
    dict.set_item("group_number", make.text(built.group_number))?;
    dict.set_item("plan_number", make.text(built.plan_number))?;
    dict.set_item("account_number", make.text(built.account_number))?;
    let mut plans = Vec::new();
    for plan in &coverage.plans {
        let row = &built.rows[plan.row];
        let entry = PyDict::new(py);
        entry.set_item("status", plan.status.name())?;
        entry.set_item("status_code", make.texts.string(py, row.element(1)))?;
        entry.set_item("insurance_type", make.texts.string(py, row.element(4)))?;
        entry.set_item(
            "insurance_type_description",
            make.described("EB04", row.element(4)),
        )?;
        entry.set_item("plan_description", make.texts.string(py, row.element(5)))?;
        make.window(&entry, ["start", "end"], &plan.window)?;
        plans.push(entry);
    }
    dict.set_item("plans", PyTuple::new(py, plans)?)?;
    let mut amounts = Vec::with_capacity(FIELDS.len());
    for (slot, filled) in built.amounts.iter().enumerate() {
        let is_percent = FIELDS[slot].starts_with("coins");
        amounts.push(match filled.value {
            Some(value) if is_percent => decimal(py, &value.plain())?,
            value => make.money(value)?,
        });
    }
    dict.set_item("amounts", PyTuple::new(py, amounts)?)
}

pub(super) fn put_payers<'py>(
    make: &Maker<'py, '_>,
    built: &Built<'_>,
    dict: &Bound<'py, PyDict>,
) -> PyResult<()> {
    let py = make.py;
    let payers = &built.payers;
    let contacts = &make.context.preferences.contacts;
    let payer = make.party(&payers.first)?;
    payer.set_item("phone", make.text(payers.phone))?;
    payer.set_item("fax", make.text(payers.fax))?;
    payer.set_item("website", make.text(payers.website))?;
    payer.set_item("address", make.address(&payers.address)?)?;
    payer.set_item("third_party_administrator", payers.administrator.is_some())?;
    dict.set_item("payer", payer)?;
    let optional = |related: &Option<Related>| match related {
        Some(related) => make.party(&related.party).map(Bound::into_any),
        None => Ok(make.none()),
    };
    dict.set_item("second_payer", optional(&payers.second)?)?;
    let alternate = optional(&payers.alternate)?;
    if let (Some(related), Ok(party)) = (&payers.alternate, alternate.cast::<PyDict>()) {
        let row = &built.rows[related.row];
        let kind = make.code("EB04", row.element(4))?;
        let text = make.described("EB04", row.element(4));
        let text = if text.is_empty() {
            make.described("EB01", row.information())
        } else {
            text
        };
        kind.set_item("description", text)?;
        party.set_item("kind", kind)?;
        party.set_item(
            "phone",
            make.text(related.party.contact(make.context, &contacts.entity_phone)),
        )?;
    }
    dict.set_item("alternate_payer", alternate)?;
    let care = PyDict::new(py);
    let empty = Party::default();
    let person = payers
        .primary_care
        .as_ref()
        .map_or(&empty, |related| &related.party);
    let facility = payers
        .facility
        .as_ref()
        .and_then(|related| related.party.said(make.context, 3));
    let qualifier = person
        .said(make.context, 8)
        .map_or(b"".as_slice(), |at| make.context.text(at));
    let is_npi = holds(
        &make.context.preferences.primary_care.npi_qualifiers,
        qualifier,
    );
    care.set_item("facility", make.text(facility))?;
    care.set_item("last_name", make.text(person.said(make.context, 3)))?;
    care.set_item("first_name", make.text(person.said(make.context, 4)))?;
    care.set_item(
        "npi",
        make.text(person.said(make.context, 9).filter(|_| is_npi)),
    )?;
    care.set_item("address", make.address(person)?)?;
    care.set_item(
        "phone",
        make.text(person.contact(make.context, &contacts.entity_phone)),
    )?;
    care.set_item(
        "fax",
        make.text(person.contact(make.context, &contacts.fax)),
    )?;
    dict.set_item("primary_care", care)
}
