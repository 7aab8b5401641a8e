//! One patient's record: everything but the benefits themselves, as places in the document and numbers.

use super::candidates::facts;
use super::codes::Code;
use super::coverage::{Coverage, coverage};
use super::dates::dated;
use super::memory::Memory;
use super::payers::{Payers, payers};
use super::people::{First, INS, Party, Patient, TRN, answered, asked, demographics, has_benefits};
use super::preferences::{Preferences, ReferencePlace, holds};
use super::reading::{Which, benefits, rows};
use super::rejections::{Rejections, rejections};
use super::rows::{AAA, REF, Row};
use super::slot_rules::FIELDS;
use super::slots::{Filled, fill};
use super::{At, Context, Loops, Question};
use crate::document::Document;
use crate::envelope::Transaction;
use crate::finding::{Finding, NO_SEGMENT};
use crate::grammar::Grammar;
use crate::loops::Tree;
use crate::numbers::Date;
use std::cell::RefCell;

/// A person as the answer names it.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub party: Party,
    pub birth: Option<(Date, At)>,
    pub gender: Option<At>,
}

pub struct Record<'a> {
    pub rows: Vec<Row<'a>>,
    pub day: Option<Date>,
    pub day_at: Option<At>,
    pub response_date: Option<(Date, At)>,
    pub coverage: Coverage,
    pub rejections: Rejections,
    pub payers: Payers,
    /// Where they were filled: they are too many to be moved with the record.
    pub amounts: Box<[Filled; FIELDS.len()]>,
    pub subscriber: Person,
    pub patient: Person,
    pub provider: Party,
    pub member_id: Option<At>,
    pub relationship: Option<At>,
    pub identity_changed: Option<At>,
    pub group_number: Option<At>,
    pub plan_number: Option<At>,
    pub account_number: Option<At>,
    /// TRN segments of the patient's level, or the subscriber's if it has none.
    pub traces: Vec<u32>,
    /// True if the rows are the subscriber's, borrowed.
    pub borrowed: bool,
    pub findings: Vec<Finding>,
}

/// What holds for every patient of a transaction set.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    pub document: &'a Document,
    pub transaction: &'a Transaction,
    pub grammar: &'a Grammar,
    pub tree: &'a Tree,
    pub preferences: &'a Preferences,
    pub question: &'a Question,
    pub which: Which,
    /// False if the transaction set surely has no AAA segment.
    pub rejects: bool,
    /// Where there are more answers: what was found out about segments that came before.
    pub memory: Option<&'a RefCell<Memory>>,
}

impl<'a> Answer<'a> {
    pub fn context(&self, loops: Loops) -> Context<'a> {
        let tables = self.preferences.tables();
        let asked_types = self.question.service_types.iter();
        let asked_types: Vec<Code> = asked_types.map(|code| tables.code(code)).collect();
        if let Some(memory) = self.memory {
            memory.borrow_mut().turn(tables, &asked_types);
        }
        Context {
            document: self.document,
            transaction: self.transaction,
            grammar: self.grammar,
            tree: self.tree,
            loops,
            preferences: self.preferences,
            question: self.question,
            which: self.which,
            rejects: self.rejects,
            asked: super::dates::Asked::default(),
            name_dates: Vec::new(),
            separator: self.document.delimiters(self.transaction.first).element,
            asked_types,
            memory: self.memory,
        }
    }

    /// The record of one patient, and the context that it was made in.
    pub fn record(&self, loops: Loops, patient: &Patient) -> (Context<'a>, Record<'a>) {
        let mut context = self.context(loops);
        if let Some(name) = patient.name() {
            context.name_dates = shown_dates(&context, name);
        }
        let answered = answered(self.document, self.tree);
        let (asked, day_at) = asked(&context, answered);
        context.asked = asked;
        let record = build(&context, patient, day_at, answered);
        (context, record)
    }
}

/// True if a dependent says nothing of its own, so that its subscriber's benefits must do.
pub fn borrows(context: &Context<'_>, patient: &Patient) -> bool {
    let tree = context.tree;
    let own_rows = patient
        .name()
        .is_some_and(|name| has_benefits(tree, name, context.loops));
    let own_aaa = [patient.dependent, patient.dependent_name]
        .into_iter()
        .any(|node| context.own(node, AAA).next().is_some());
    let other_rows = patient
        .subscriber_name
        .is_some_and(|name| has_benefits(tree, name, context.loops));
    patient.is_dependent() && !own_rows && !own_aaa && other_rows
}

/// The 2100 loop whose benefits speak for a patient.
pub fn scope(context: &Context<'_>, patient: &Patient) -> Scope {
    let borrowed = borrows(context, patient);
    let name = if borrowed {
        patient.subscriber_name
    } else {
        patient.name()
    };
    Scope { name, borrowed }
}

#[derive(Clone, Copy)]
pub struct Scope {
    pub name: Option<u32>,
    /// True if it is the subscriber's.
    pub borrowed: bool,
}

impl Scope {
    pub fn rows<'a>(self, context: &Context<'a>) -> Vec<Row<'a>> {
        self.name.map_or_else(Vec::new, |name| rows(context, name))
    }

    /// The loops of its benefits.
    pub fn benefits<'a>(self, context: &Context<'a>) -> impl Iterator<Item = u32> + use<'a> {
        let benefits = self.name.map(|name| benefits(context, name));
        benefits.into_iter().flatten()
    }
}

fn build<'a>(
    context: &Context<'a>,
    patient: &Patient,
    day_at: Option<At>,
    response_date: Option<(Date, At)>,
) -> Record<'a> {
    let mut findings = Vec::new();
    let scope = scope(context, patient);
    let rows = scope.rows(context);
    if scope.borrowed {
        let first = scope.benefits(context).next();
        let first = first.map_or(NO_SEGMENT, |node| context.tree.nodes[node as usize].opener);
        findings.push(Finding::about(
            "SCOPE_FALLBACK_SUBSCRIBER",
            "",
            first,
            Vec::new(),
        ));
    }
    let coverage = coverage(context, &rows, &mut findings);
    let rejections = rejections(context, patient, scope, &rows);
    let payers = payers(context, patient, &rows, &coverage);
    let facts = facts(context, &rows, &coverage, false);
    let amounts = fill(context, &rows, &facts, &mut findings);
    let subscriber = person(context, patient.subscriber_name);
    let own = if patient.name() == patient.subscriber_name {
        subscriber.clone()
    } else {
        person(context, patient.name())
    };
    let rules = &context.preferences.references;
    let status = coverage.row.map(|at| rows[at].node);
    let orders: [&[String]; 4] = [
        &rules.group_number,
        &rules.plan_number,
        &rules.member_id,
        &rules.account_number,
    ];
    let of_subscriber = references(context, patient.subscriber_name, orders);
    let [mut group_number, mut plan_number] = [None; 2];
    for node in reference_places(context, patient, status) {
        let found = if node == patient.subscriber_name {
            of_subscriber
        } else {
            references(context, node, orders)
        };
        group_number = group_number.or(found[0]);
        plan_number = plan_number.or(found[1]);
    }
    let [.., member_id, account_number] = of_subscriber;
    let id = subscriber.party.name.and_then(|segment| {
        let [qualifier, number] = context.elements(segment).run(8);
        let is_known = holds(&rules.member_id_qualifiers, qualifier);
        (is_known && !number.is_empty()).then_some(At {
            segment,
            element: 9,
        })
    });
    let member_id = id.or(member_id);
    let ins = context.own(patient.name(), INS).next();
    let (mut relationship, mut identity_changed) = (None, None);
    if let Some(segment) = ins {
        let [code, kind, reason] = context.elements(segment).run(2);
        let place = |element: u8| At { segment, element };
        relationship = (patient.is_dependent() && !code.is_empty()).then(|| place(2));
        identity_changed = (kind == b"001" && reason == b"25").then(|| place(3));
    }
    let mut traces: Vec<u32> = context.own(patient.level(), TRN).collect();
    if traces.is_empty() {
        traces = context.own(patient.subscriber, TRN).collect();
    }
    Record {
        day: context.asked.day,
        day_at,
        response_date,
        group_number,
        plan_number,
        account_number,
        member_id,
        relationship,
        identity_changed,
        provider: Party::of(context, patient.receiver_name),
        subscriber,
        patient: own,
        rows,
        coverage,
        rejections,
        payers,
        amounts,
        traces,
        borrowed: scope.borrowed,
        findings,
    }
}

fn person(context: &Context<'_>, node: Option<u32>) -> Person {
    let (birth, gender) = demographics(context, node);
    Person {
        party: Party::of(context, node),
        birth,
        gender,
    }
}

/// The loops that are searched for a reference about the plan, by the order of places. A subscriber's own loop counts
/// for its dependents.
pub fn reference_places(
    context: &Context<'_>,
    patient: &Patient,
    status_row: Option<u32>,
) -> impl Iterator<Item = Option<u32>> {
    let above = patient.subscriber_name.filter(|_| patient.is_dependent());
    let places = context.preferences.references.places.iter();
    places.map(move |place| match place {
        ReferencePlace::StatusRow => status_row,
        ReferencePlace::Patient => patient.name(),
        ReferencePlace::Subscriber => above,
    })
}

/// REF02 of the first REF by the order of qualifiers, then document order, for some orders.
fn references<const N: usize>(
    context: &Context<'_>,
    node: Option<u32>,
    orders: [&[String]; N],
) -> [Option<At>; N] {
    let mut found = orders.map(First::of);
    for segment in context.own(node, REF) {
        let [qualifier, number] = context.elements(segment).run(1);
        if !number.is_empty() {
            let place = At {
                segment,
                element: 2,
            };
            found
                .iter_mut()
                .for_each(|first| first.offer(qualifier, place));
        }
    }
    found.map(|first| first.found)
}

/// The readable dates of a row or loop.
pub fn shown_dates<'a>(context: &Context<'a>, node: u32) -> Vec<super::dates::Dated<'a>> {
    dated(
        context.document,
        context.tree.segments(node),
        context.preferences.tables(),
    )
}
