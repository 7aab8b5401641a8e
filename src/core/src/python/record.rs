//! One patient's record as Python objects: dicts whose keys are the fields of the models in `normalize/record.py`.

use super::Inner;
use super::texts::Texts;
use crate::finding::Finding;
use crate::loops::Tree;
use crate::normalize::coverage::Coverage;
use crate::normalize::dates::{When, Window};
use crate::normalize::explain::{self, Reason};
use crate::normalize::payers::Related;
use crate::normalize::people::{Party, Patient, TRN, Traced};
use crate::normalize::preferences::Preferences as Orders;
use crate::normalize::record::{Answer, Person, Record as Built, shown_dates};
use crate::normalize::rows::{AAA, HSD, MSG, PRV, REF, Row};
use crate::normalize::slots::FIELDS;
use crate::normalize::{At, Context, Loops, Question};
use crate::numbers::{Date, Decimal};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
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

static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
static DATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

fn decimal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let class = DECIMAL.get_or_try_init(py, || {
        py.import("decimal")?.getattr("Decimal").map(Bound::unbind)
    })?;
    class.bind(py).call1((text,))
}

fn date<'py>(py: Python<'py>, day: Option<Date>) -> PyResult<Bound<'py, PyAny>> {
    let Some(day) = day else {
        return Ok(py.None().into_bound(py));
    };
    let class = DATE.get_or_try_init(py, || {
        py.import("datetime")?.getattr("date").map(Bound::unbind)
    })?;
    class.bind(py).call1((day.year, day.month, day.day))
}

/// Makes dicts from places in one document.
struct Maker<'py, 'd> {
    py: Python<'py>,
    inner: &'d Inner,
    texts: Texts<'d>,
    context: &'d Context<'d>,
}

type Object<'py> = PyResult<Bound<'py, PyAny>>;

impl<'py, 'd> Maker<'py, 'd> {
    fn none(&self) -> Bound<'py, PyAny> {
        self.py.None().into_bound(self.py)
    }

    fn text(&self, at: Option<At>) -> Bound<'py, PyString> {
        self.texts.at(self.py, at)
    }

    fn element(&self, segment: u32, element: u8) -> Bound<'py, PyString> {
        self.text(Some(At { segment, element }))
    }

    fn description(&self, table: &str, code: &str) -> &'d str {
        self.inner
            .knowledge
            .codes
            .get(table)
            .and_then(|codes| codes.get(code))
            .map_or("", String::as_str)
    }

    fn described(&self, table: &str, bytes: &'d [u8]) -> &'d str {
        self.description(table, &self.texts.decode(bytes))
    }

    fn code(&self, table: &str, bytes: &'d [u8]) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("code", self.texts.string(self.py, bytes))?;
        dict.set_item("description", self.described(table, bytes))?;
        Ok(dict)
    }

    fn money(&self, value: Option<Decimal>) -> Object<'py> {
        value.map_or_else(|| Ok(self.none()), |value| decimal(self.py, &value.money()))
    }

    fn address(&self, party: &Party) -> Object<'py> {
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

    fn person(&self, person: &Person, member_id: Option<At>) -> PyResult<Bound<'py, PyDict>> {
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
    fn party(&self, party: &Party) -> PyResult<Bound<'py, PyDict>> {
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

    fn contact(&self, segment: u32, element: u8) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(self.py);
        dict.set_item("name", self.element(segment, 2))?;
        dict.set_item("qualifier", self.element(segment, element))?;
        dict.set_item("number", self.element(segment, element + 1))?;
        Ok(dict)
    }

    fn window(&self, dict: &Bound<'py, PyDict>, names: [&str; 2], window: &Window) -> PyResult<()> {
        dict.set_item(names[0], date(self.py, window.start.map(|(day, _)| day))?)?;
        dict.set_item(names[1], date(self.py, window.end.map(|(day, _)| day))?)
    }

    fn rejection(&self, segment: u32, of: &str) -> PyResult<Bound<'py, PyDict>> {
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

    fn dates(&self, node: u32) -> PyResult<Bound<'py, PyTuple>> {
        let dates = shown_dates(self.context, node);
        let mut made = Vec::new();
        for segment in self.context.own(Some(node), crate::normalize::dates::DTP) {
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

impl Record {
    fn tree(&self) -> Option<&Tree> {
        self.inner.trees[self.transaction].as_ref()
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

    /// The findings that concern this patient: the document's own, those of its transaction set outside other
    /// patients' loops, and those of its meaning.
    fn findings<'py>(&self, py: Python<'py>, built: &Built<'_>) -> PyResult<Bound<'py, PyTuple>> {
        let mut made = Vec::new();
        for finding in self.inner.findings_of(self.transaction) {
            if self.concerns(finding) {
                made.push(self.inner.finding(py, finding)?);
            }
        }
        if self.fit == Traced::Unsaid {
            let level = self.patient.level().map_or(0, |node| {
                self.tree()
                    .map_or(0, |tree| tree.nodes[node as usize].opener)
            });
            made.push(self.inner.finding(
                py,
                &Finding::about("TRACE_NOT_ECHOED", "", level, Vec::new()),
            )?);
        }
        for finding in &built.findings {
            made.push(self.inner.finding(py, finding)?);
        }
        PyTuple::new(py, made)
    }

    fn concerns(&self, finding: &Finding) -> bool {
        let Some(tree) = self.tree() else { return true };
        let own = finding.offset.is_none() && finding.segment >= tree.first;
        let Some(&owner) = own
            .then(|| tree.owner.get((finding.segment - tree.first) as usize))
            .flatten()
        else {
            return true;
        };
        let mut node = owner;
        let path = [
            self.patient.source,
            self.patient.receiver,
            self.patient.subscriber,
            self.patient.dependent,
        ];
        loop {
            if node == 0 || path.contains(&Some(node)) {
                return true;
            }
            let is_level = self.inner.grammar(self.transaction).is_some_and(|grammar| {
                !grammar.loops[tree.nodes[node as usize].of as usize]
                    .level
                    .is_empty()
            });
            if is_level {
                return false;
            }
            node = tree.nodes[node as usize].parent;
        }
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

    /// Numbers that name the patient's subscriber: (transaction set, node of its level).
    fn subscriber_key(&self) -> (usize, Option<u32>, bool) {
        (
            self.transaction,
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

fn put_outcome<'py>(
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

fn put_people<'py>(
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

fn put_plan<'py>(
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
        let plan = row
            .service_types()
            .find(|code| crate::normalize::preferences::holds(plan_types, code));
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

fn put_payers<'py>(
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
    let is_npi = crate::normalize::preferences::holds(
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

/// What all service types of one EB have in common.
fn shared<'py>(make: &Maker<'py, '_>, row: &Row<'_>) -> PyResult<Bound<'py, PyDict>> {
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
    for &node in &row.entities {
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
    for &segment in &row.places {
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
