//! What a row is to a money field: refused, and why, or ranked. SPEC 3.3.6 to 3.3.8 and the ranks of 3.4 and 3.5.

use super::Context;
use super::codes::Code;
use super::coverage::Coverage;
use super::dates::{Asked, DateRules, Dated, When, excluded};
use super::preferences::{Criterion, holds};
use super::rows::{Row, says};
use super::slot_rules::{Bits, Rule, Speciality};
use super::tables::{ACTIVE, GROUPS, MONEY, NOWHERE, Rank, Tables, best, message_state};
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
pub struct Facts<'r, 'a> {
    /// Its index.
    pub row: usize,
    of: &'r Row<'a>,
    pub base: u16,
    /// What its messages say.
    specialist: bool,
    primary_care: bool,
    places: [Rank; GROUPS],
    messages: [Rank; GROUPS],
}

/// The rows that speak of money at all, with what no field has to find out again. Without `all` those whose codes no rule
/// takes are left out.
#[inline(never)]
pub fn facts<'r, 'a>(
    context: &Context<'_>,
    rows: &'r [Row<'a>],
    coverage: &Coverage,
    all: bool,
) -> Vec<Facts<'r, 'a>> {
    let tables = context.preferences.tables();
    let plans = PlanFilter::of(context, rows, coverage);
    let mut facts = Vec::with_capacity(rows.len());
    let mut words = Vec::new();
    let mut days = Days {
        rules: &tables.dates,
        asked: &context.asked,
        latest: None,
    };
    for (at, row) in rows.iter().enumerate() {
        let kinds = row.said.meaning & MONEY;
        if kinds == 0 || !(all || row.said.fits != 0) {
            continue;
        }
        let mut base = 0;
        if row.is_procedure() {
            base |= bit(Refusal::Procedure);
        }
        if days.excludes(&row.dates) {
            base |= bit(Refusal::OtherDate);
        }
        if plans.refuses(row) {
            base |= bit(Refusal::OtherPlan);
        }
        let (mut specialist, mut primary_care) = (false, false);
        if row.has_message && kinds & tables.listening != 0 {
            row.words_into(context, &mut words);
            specialist = says(&words, &tables.specialist);
            primary_care = says(&words, &tables.primary_care);
        }
        facts.push(Facts {
            row: at,
            of: row,
            base,
            specialist,
            primary_care,
            places: places(context, tables, row),
            messages: tables.messages[message_state(row.has_message, primary_care)],
        });
    }
    facts
}

/// Which rows are about another day: most have one date, and many the same.
struct Days<'c> {
    rules: &'c DateRules,
    asked: &'c Asked,
    latest: Option<(Code, When, bool)>,
}

impl Days<'_> {
    fn excludes(&mut self, dates: &[Dated<'_>]) -> bool {
        let find = || excluded(dates, &[], self.rules, self.asked).is_some();
        let [only] = dates else {
            return !dates.is_empty() && find();
        };
        match self.latest {
            Some((code, when, known)) if code == only.code && when == only.when => known,
            _ => {
                let found = find();
                self.latest = Some((only.code, only.when, found));
                found
            }
        }
    }
}

/// The ranks of a row's places of service.
#[inline]
fn places(context: &Context<'_>, tables: &Tables, row: &Row<'_>) -> [Rank; GROUPS] {
    if row.below.is_empty() {
        return tables.places.absent;
    }
    let mut ranks = None;
    for place in row.places_below(context) {
        let ranks = ranks.get_or_insert(tables.places.other);
        let [qualifier, code] = context.elements(place).run(1);
        if qualifier == b"ZZ" {
            *ranks = best(*ranks, tables.places.codes.get(tables.code(code)));
        }
    }
    ranks.unwrap_or(tables.places.absent)
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
        let active = |row: &&Row<'_>| row.said.meaning & ACTIVE != 0;
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
        if !self.by_name && !self.by_type {
            return false;
        }
        let (insurance_type, name) = (row.element(4), row.element(5));
        (self.by_name && !name.is_empty() && name != self.name)
            || (self.by_type
                && !insurance_type.is_empty()
                && !self.same_type(insurance_type, self.insurance_type))
    }
}

impl Facts<'_, '_> {
    /// Ranks by `Criterion`; smaller is better.
    #[inline]
    fn ranks(&self, rule: &Rule) -> [Rank; 6] {
        let said = &self.of.said;
        [
            said.services.ranks[rule.group],
            said.networks[rule.network],
            said.levels[rule.level],
            said.periods[rule.period],
            self.places[rule.group],
            self.messages[rule.group],
        ]
    }

    /// The rules that its codes fit.
    #[inline]
    pub fn fits(&self) -> Bits {
        self.of.said.fits
    }

    #[inline]
    fn is_of_kind(&self, rule: &Rule) -> bool {
        self.of.said.meaning >> rule.kind & 1 != 0
    }

    fn has_quantity(&self, rule: &Rule) -> bool {
        rule.no_quantity && self.of.said.has_quantity
    }

    fn has_refused_period(&self, rule: &Rule) -> bool {
        self.of.said.not_period >> rule.group & 1 != 0
    }

    /// What is wrong with what its messages say of specialists.
    #[inline]
    fn misses_speciality(&self, rule: &Rule) -> Option<Refusal> {
        match rule.speciality {
            Speciality::Without if self.specialist && !self.primary_care => {
                Some(Refusal::SpecialistOnly)
            }
            Speciality::Only if !self.specialist => Some(Refusal::NoSpecialist),
            _ => None,
        }
    }

    /// A number by which the best row for a field is the smallest. None if the row is not of the field's kind, or refused
    /// for something else than that it gives no number.
    #[inline]
    pub fn key(&self, rule: &Rule, tables: &Tables) -> Option<u64> {
        // Codes that do not fit are refused for their kind, or one of those ranks, or the quantity or the period.
        let refused = self.base != 0
            || self.fits() >> rule.number & 1 == 0
            || self.places[rule.group] == NOWHERE
            || self.messages[rule.group] == NOWHERE
            || self.misses_speciality(rule).is_some();
        if refused {
            return None;
        }
        let ranks = self.ranks(rule);
        let weighed = ranks.iter().zip(&tables.weights[rule.group]);
        let key = weighed.map(|(rank, weight)| u64::from(*rank) * weight);
        Some(key.sum())
    }

    /// The number that it gives a field.
    #[inline]
    pub fn value(&self, rule: &Rule) -> Option<Decimal> {
        value(self.of, rule)
    }

    /// Why the row cannot fill a field, as bits by `Refusal`.
    fn refusals(&self, rule: &Rule, ranks: &[Rank; 6]) -> u16 {
        let by_rank = [
            Refusal::ServiceType,
            Refusal::Network,
            Refusal::Level,
            Refusal::Period,
            Refusal::Place,
            Refusal::Message,
        ];
        let nowhere = by_rank
            .into_iter()
            .zip(ranks)
            .filter(|(_, rank)| **rank == NOWHERE);
        let others = [
            value(self.of, rule).is_none().then_some(Refusal::NoNumber),
            self.has_quantity(rule).then_some(Refusal::Quantity),
            self.has_refused_period(rule).then_some(Refusal::Period),
            self.misses_speciality(rule),
        ];
        let all = nowhere
            .map(|(refusal, _)| refusal)
            .chain(others.into_iter().flatten());
        all.fold(self.base, |all, refusal| all | bit(refusal))
    }
}

/// What a row is to a field. None if it is not of the field's kind (EB01).
pub fn judge(facts: &Facts<'_, '_>, rule: &Rule) -> Option<Verdict> {
    if !facts.is_of_kind(rule) {
        return None;
    }
    let ranks = facts.ranks(rule);
    Some(match facts.refusals(rule, &ranks) {
        0 => Verdict::Ranked(ranks),
        refused => Verdict::Refused(refused),
    })
}

/// The number that the row would give.
#[inline]
pub fn value(row: &Row<'_>, rule: &Rule) -> Option<Decimal> {
    if rule.percent {
        row.percent()
    } else {
        row.amount()
    }
}

/// The number as the field shows it: a share is a percentage, and one above 1 is one already.
pub fn shown(value: Decimal, rule: &Rule) -> Decimal {
    if rule.percent && !value.exceeds_one() {
        value.hundredfold()
    } else {
        value
    }
}

/// The first criterion in which a row with `ranks` loses against `best`; None for a tie.
pub fn lost_on(order: &[Criterion], ranks: &[u8; 6], best: &[u8; 6]) -> Option<Criterion> {
    order
        .iter()
        .copied()
        .find(|criterion| ranks[*criterion as usize] != best[*criterion as usize])
}
