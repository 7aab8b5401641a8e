//! What a row is to a money field: refused, and why, or ranked. SPEC 3.3.6 to 3.3.8 and the ranks of 3.4 and 3.5.

use super::Context;
use super::coverage::Coverage;
use super::dates::excluded;
use super::preferences::{Criterion, group_rank, holds, rank};
use super::rows::{MSG, Row, says};
use super::slot_rules::{Rule, Speciality};
use crate::numbers::Decimal;

/// Why a row cannot fill a field. A row can have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    NoNumber,
    Quantity,
    Procedure,
    OtherDate,
    OtherPlan,
    ServiceType,
    Network,
    Level,
    Period,
    Place,
    Message,
    SpecialistOnly,
    NoSpecialist,
}

impl Refusal {
    pub const ALL: [Refusal; 13] = [
        Refusal::NoNumber,
        Refusal::Quantity,
        Refusal::Procedure,
        Refusal::OtherDate,
        Refusal::OtherPlan,
        Refusal::ServiceType,
        Refusal::Network,
        Refusal::Level,
        Refusal::Period,
        Refusal::Place,
        Refusal::Message,
        Refusal::SpecialistOnly,
        Refusal::NoSpecialist,
    ];
}

/// What a row is to a field.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    /// Bits by `Refusal`.
    Refused(u16),
    /// Ranks by `Criterion`; smaller is better.
    Ranked([u8; 6]),
}

/// What is known of a money row before any field asks.
pub struct Facts {
    pub row: usize,
    pub base: u16,
    has_message: bool,
    /// What its messages say.
    specialist: bool,
    primary_care: bool,
}

/// The rows that speak of money at all, with what no field has to find out again.
pub fn facts(context: &Context<'_>, rows: &[Row<'_>], coverage: &Coverage) -> Vec<Facts> {
    let preferences = context.preferences;
    let plans = PlanFilter::of(context, rows, coverage);
    let mut facts = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let information = row.information();
        let of_money = [
            &preferences.amounts.deductible,
            &preferences.amounts.out_of_pocket,
        ]
        .into_iter()
        .chain(
            [
                &preferences.coinsurance,
                &preferences.copay,
                &preferences.specialist_copay,
            ]
            .map(|s| &s.information),
        )
        .any(|codes| holds(codes, information));
        if !of_money {
            continue;
        }
        let mut base = 0;
        if row.is_procedure() {
            base |= bit(Refusal::Procedure);
        }
        if excluded(&row.dates, &[], &preferences.dates, &context.asked).is_some() {
            base |= bit(Refusal::OtherDate);
        }
        if plans.refuses(row) {
            base |= bit(Refusal::OtherPlan);
        }
        let has_message = row.own(context, MSG).next().is_some();
        let words = if has_message {
            row.words(context)
        } else {
            Vec::new()
        };
        let specialist = says(&words, &preferences.words.specialist);
        let primary_care = says(&words, &preferences.words.primary_care);
        facts.push(Facts {
            row: at,
            base,
            has_message,
            specialist,
            primary_care,
        });
    }
    facts
}

pub fn bit(refusal: Refusal) -> u16 {
    1 << refusal as u8
}

/// Rows of another plan, where the answer names several. SPEC 3.3.7.
struct PlanFilter<'c, 'a> {
    context: &'c Context<'a>,
    by_type: bool,
    by_name: bool,
    insurance_type: &'a [u8],
    name: &'a [u8],
}

impl<'c, 'a> PlanFilter<'c, 'a> {
    fn of(context: &'c Context<'a>, rows: &[Row<'a>], coverage: &Coverage) -> PlanFilter<'c, 'a> {
        let mut filter = PlanFilter {
            context,
            by_type: false,
            by_name: false,
            insurance_type: b"",
            name: b"",
        };
        let Some(chosen) = coverage.row else {
            return filter;
        };
        filter.insurance_type = rows[chosen].element(4);
        filter.name = rows[chosen].element(5);
        let plan_rows = || coverage.plan_rows.iter().map(|at| &rows[*at]);
        let mut names = plan_rows()
            .map(|row| row.element(5))
            .filter(|name| !name.is_empty());
        let first = names.next();
        filter.by_name = names.any(|name| Some(name) != first);
        let active =
            |row: &&Row<'_>| holds(&context.preferences.coverage.active, row.information());
        let mut types = plan_rows()
            .filter(active)
            .map(|row| row.element(4))
            .filter(|code| !code.is_empty());
        if let Some(first) = types.next() {
            filter.by_type = types.any(|code| !filter.same_type(code, first));
        }
        filter
    }

    fn same_type(&self, one: &[u8], other: &[u8]) -> bool {
        let together = |group: &Vec<String>| holds(group, one) && holds(group, other);
        one == other || self.context.preferences.plans.same.iter().any(together)
    }

    fn refuses(&self, row: &Row<'_>) -> bool {
        let (insurance_type, name) = (row.element(4), row.element(5));
        (self.by_name && !name.is_empty() && name != self.name)
            || (self.by_type
                && !insurance_type.is_empty()
                && !self.same_type(insurance_type, self.insurance_type))
    }
}

/// What a row is to a field. None if it is not of the field's kind (EB01).
pub fn judge(
    context: &Context<'_>,
    rows: &[Row<'_>],
    facts: &Facts,
    rule: &Rule<'_>,
) -> Option<Verdict> {
    let row = &rows[facts.row];
    if !holds(rule.information, row.information()) {
        return None;
    }
    let mut refused = facts.base;
    let mut refuse = |refusal: Refusal| {
        refused |= bit(refusal);
        0
    };
    if value(row, rule).is_none() {
        refuse(Refusal::NoNumber);
    }
    if rule.no_quantity && !row.element(9).is_empty() {
        refuse(Refusal::Quantity);
    }
    match (rule.speciality, facts.specialist) {
        (Speciality::Without, true) if !facts.primary_care => {
            refuse(Refusal::SpecialistOnly);
        }
        (Speciality::Only, false) => {
            refuse(Refusal::NoSpecialist);
        }
        _ => {}
    }
    if holds(rule.not_periods, row.element(6)) {
        refuse(Refusal::Period);
    }
    let mut rank_or =
        |found: Option<u8>, refusal: Refusal| found.unwrap_or_else(|| refuse(refusal));
    let ranks = [
        rank_or(
            service_rank(context, row, rule.service_types),
            Refusal::ServiceType,
        ),
        rank_or(group_rank(rule.networks, row.element(12)), Refusal::Network),
        rank_or(rank(rule.levels, row.element(2)), Refusal::Level),
        rank_or(rank(rule.periods, row.element(6)), Refusal::Period),
        rank_or(place_rank(context, row, rule.places), Refusal::Place),
        rank_or(message_rank(facts, rule.messages), Refusal::Message),
    ];
    Some(if refused == 0 {
        Verdict::Ranked(ranks)
    } else {
        Verdict::Refused(refused)
    })
}

/// The number that the row would give.
pub fn value(row: &Row<'_>, rule: &Rule<'_>) -> Option<Decimal> {
    if rule.percent {
        row.percent()
    } else {
        row.amount()
    }
}

/// The number as the field shows it: a share is a percentage, and one above 1 is one already.
pub fn shown(row: &Row<'_>, rule: &Rule<'_>) -> Option<Decimal> {
    let value = value(row, rule)?;
    Some(if rule.percent && !value.exceeds_one() {
        value.hundredfold()
    } else {
        value
    })
}

pub fn service_rank(context: &Context<'_>, row: &Row<'_>, order: &[String]) -> Option<u8> {
    let fits = |item: &String| match item.as_str() {
        "" => !row.has_service_type(),
        "*" => true,
        "requested" => row.service_types().any(|code| context.is_requested(code)),
        code => row.names_service(code.as_bytes()),
    };
    order.iter().position(fits).map(|at| at as u8)
}

fn place_rank(context: &Context<'_>, row: &Row<'_>, order: &[String]) -> Option<u8> {
    let fits = |item: &String| match item.as_str() {
        "" => row.places.is_empty(),
        "*" => true,
        place => row.is_at(context, place.as_bytes()),
    };
    order.iter().position(fits).map(|at| at as u8)
}

fn message_rank(facts: &Facts, order: &[String]) -> Option<u8> {
    let fits = |item: &String| match item.as_str() {
        "" => !facts.has_message,
        "primary_care" => facts.primary_care,
        _ => true,
    };
    order.iter().position(fits).map(|at| at as u8)
}

/// The first criterion in which a row with `ranks` loses against `best`; None for a tie.
pub fn lost_on(order: &[Criterion], ranks: &[u8; 6], best: &[u8; 6]) -> Option<Criterion> {
    order
        .iter()
        .copied()
        .find(|criterion| ranks[*criterion as usize] != best[*criterion as usize])
}

pub fn better(order: &[Criterion], ranks: &[u8; 6], best: &[u8; 6]) -> bool {
    lost_on(order, ranks, best).is_some_and(|at| ranks[at as usize] < best[at as usize])
}
