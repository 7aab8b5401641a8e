//! The twenty money fields: which row fills each, and why the others do not. SPEC 3.3 to 3.5.

use super::Context;
use super::coverage::Coverage;
use super::dates::excluded;
use super::preferences::{Criterion, Preferences, group_rank, holds, rank};
use super::rows::{MSG, Row, says};
use crate::finding::Finding;
use crate::numbers::{Decimal, is_placeholder};

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

/// What a message must or must not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speciality {
    Any,
    Without,
    Only,
}

/// How one field chooses among rows.
pub struct Rule<'p> {
    pub information: &'p [String],
    pub percent: bool,
    no_quantity: bool,
    service_types: &'p [String],
    pub networks: &'p [Vec<String>],
    levels: &'p [String],
    periods: &'p [String],
    not_periods: &'p [String],
    places: &'p [String],
    messages: &'p [String],
    speciality: Speciality,
    pub order: &'p [Criterion],
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

pub const FIELDS: [&str; 20] = [
    "oop($)IndivInNetwork",
    "oop($)IndivInNetworkRemaining",
    "oop($)FamilyInNetwork",
    "oop($)FamilyInNetworkRemaining",
    "oop($)IndivOutOfNetwork",
    "oop($)IndivOutOfNetworkRemaining",
    "oop($)FamilyOutOfNetwork",
    "oop($)FamilyOutOfNetworkRemaining",
    "ded($)IndivInNetwork",
    "ded($)IndivInNetworkRemaining",
    "ded($)FamilyInNetwork",
    "ded($)FamilyInNetworkRemaining",
    "ded($)IndivOutOfNetwork",
    "ded($)IndivOutOfNetworkRemaining",
    "ded($)FamilyOutOfNetwork",
    "ded($)FamilyOutOfNetworkRemaining",
    "coins(%)InNetwork",
    "coins(%)OutOfNetwork",
    "copay($)",
    "copay($)Specialist",
];
const AMOUNT_FIELDS: usize = 16;

/// The rule of field number `slot` of `FIELDS`.
pub fn rule(slot: usize, preferences: &Preferences) -> Rule<'_> {
    if slot < AMOUNT_FIELDS {
        let amounts = &preferences.amounts;
        let periods = if slot % 2 == 1 {
            &amounts.remaining
        } else {
            &amounts.total
        };
        return amount_rule(slot, periods, preferences);
    }
    let (shared, out_of_network, speciality) = match slot {
        16 => (&preferences.coinsurance, false, Speciality::Any),
        17 => (&preferences.coinsurance, true, Speciality::Any),
        18 => (&preferences.copay, false, Speciality::Without),
        _ => (&preferences.specialist_copay, false, Speciality::Only),
    };
    let networks = &preferences.networks;
    Rule {
        information: &shared.information,
        percent: slot < 18,
        no_quantity: false,
        service_types: &shared.service_types,
        networks: if out_of_network {
            &networks.out_of_network
        } else {
            &networks.in_network
        },
        levels: &shared.levels,
        periods: &shared.periods,
        not_periods: &shared.not_periods,
        places: &shared.places,
        messages: &shared.messages,
        speciality,
        order: &shared.order,
    }
}

fn amount_rule<'p>(slot: usize, periods: &'p [String], preferences: &'p Preferences) -> Rule<'p> {
    let amounts = &preferences.amounts;
    let networks = &preferences.networks;
    Rule {
        information: if slot < 8 {
            &amounts.out_of_pocket
        } else {
            &amounts.deductible
        },
        percent: false,
        no_quantity: true,
        service_types: &amounts.service_types,
        networks: if slot / 4 % 2 == 1 {
            &networks.out_of_network
        } else {
            &networks.in_network
        },
        levels: if slot / 2 % 2 == 1 {
            &amounts.family
        } else {
            &amounts.individual
        },
        periods,
        not_periods: &[],
        places: &amounts.places,
        messages: &amounts.messages,
        speciality: Speciality::Any,
        order: &amounts.order,
    }
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
fn shown(row: &Row<'_>, rule: &Rule<'_>) -> Option<Decimal> {
    let value = value(row, rule)?;
    Some(if rule.percent && !value.exceeds_one() {
        value.hundredfold()
    } else {
        value
    })
}

fn service_rank(context: &Context<'_>, row: &Row<'_>, order: &[String]) -> Option<u8> {
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

fn better(order: &[Criterion], ranks: &[u8; 6], best: &[u8; 6]) -> bool {
    lost_on(order, ranks, best).is_some_and(|at| ranks[at as usize] < best[at as usize])
}

/// How a field came by its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Sent,
    Derived,
    Placeholder,
    PlaceholderTotal,
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub struct Filled {
    pub value: Option<Decimal>,
    /// Index of the row that was chosen.
    pub row: Option<usize>,
    /// Index of the row with the applied amount, for a derived value.
    pub applied: Option<usize>,
    pub how: How,
}

const EMPTY: Filled = Filled {
    value: None,
    row: None,
    applied: None,
    how: How::Nothing,
};

/// The best row of a field and the rows that tie with it.
pub fn choose(
    context: &Context<'_>,
    rows: &[Row<'_>],
    facts: &[Facts],
    rule: &Rule<'_>,
) -> Option<(usize, [u8; 6], Vec<usize>)> {
    let mut best: Option<(usize, [u8; 6], Vec<usize>)> = None;
    for fact in facts {
        let Some(Verdict::Ranked(ranks)) = judge(context, rows, fact, rule) else {
            continue;
        };
        match &mut best {
            Some((_, leading, ties)) if lost_on(rule.order, &ranks, leading).is_none() => {
                ties.push(fact.row)
            }
            Some((_, leading, _)) if !better(rule.order, &ranks, leading) => {}
            _ => best = Some((fact.row, ranks, Vec::new())),
        }
    }
    best
}

/// Fills all twenty fields.
pub fn fill(
    context: &Context<'_>,
    rows: &[Row<'_>],
    facts: &[Facts],
    findings: &mut Vec<Finding>,
) -> [Filled; FIELDS.len()] {
    let preferences = context.preferences;
    let nines = preferences.amounts.placeholder_nines;
    let mut filled = [EMPTY; FIELDS.len()];
    for slot in 0..FIELDS.len() {
        let rule = rule(slot, preferences);
        let is_amount = slot < AMOUNT_FIELDS;
        let is_remaining = is_amount && slot % 2 == 1;
        let total = if is_remaining {
            filled[slot - 1]
        } else {
            EMPTY
        };
        let mut this = EMPTY;
        if let Some((row, _, ties)) = choose(context, rows, facts, &rule) {
            this = Filled {
                value: value(&rows[row], &rule),
                row: Some(row),
                applied: None,
                how: How::Sent,
            };
            let differs =
                |other: &&usize| match (shown(&rows[row], &rule), shown(&rows[**other], &rule)) {
                    (Some(one), Some(other)) => !one.same(other),
                    _ => true,
                };
            let others: Vec<u32> = ties
                .iter()
                .filter(differs)
                .map(|row| rows[*row].segment)
                .collect();
            if !others.is_empty() {
                findings.push(Finding::about(
                    "AMBIGUOUS",
                    FIELDS[slot],
                    rows[row].segment,
                    others,
                ));
            }
            if total.how == How::Placeholder {
                this.value = None;
                this.how = How::PlaceholderTotal;
            } else if !rule.percent && is_placeholder(rows[row].element(7), nines) {
                findings.push(Finding::about(
                    "PLACEHOLDER_AMOUNT",
                    FIELDS[slot],
                    rows[row].segment,
                    Vec::new(),
                ));
                this.value = None;
                this.how = How::Placeholder;
            } else if this
                .value
                .is_some_and(|value| rule.percent && value.exceeds_one())
            {
                findings.push(Finding::about(
                    "PERCENT_SCALE",
                    "",
                    rows[row].segment,
                    Vec::new(),
                ));
            }
        } else if let (true, Some(value), Some(row)) = (is_remaining, total.value, total.row) {
            if let Some((applied, amount)) = applied(context, rows, facts, slot, row) {
                this = Filled {
                    value: Some(value.less(amount)),
                    row: Some(row),
                    applied: Some(applied),
                    how: How::Derived,
                };
                let others = vec![rows[applied].segment];
                findings.push(Finding::about(
                    "DERIVED_REMAINING",
                    FIELDS[slot],
                    rows[row].segment,
                    others,
                ));
            }
        }
        if let (true, Some(row)) = (this.how == How::Sent, this.row) {
            this.value = shown(&rows[row], &rule);
        }
        if let (Some(_), Some(row)) = (this.value, this.row) {
            if holds(&preferences.networks.unspecified, rows[row].element(12)) {
                findings.push(Finding::about(
                    "NETWORK_UNSPECIFIED",
                    FIELDS[slot],
                    rows[row].segment,
                    Vec::new(),
                ));
            }
        }
        filled[slot] = this;
    }
    filled
}

/// True if two amounts are of one accumulator: the same level and network as sent, and the same service rank.
pub fn is_alike(context: &Context<'_>, row: &Row<'_>, total: &Row<'_>) -> bool {
    let service =
        |row: &Row<'_>| service_rank(context, row, &context.preferences.amounts.service_types);
    row.element(2) == total.element(2)
        && row.element(12) == total.element(12)
        && service(row) == service(total)
}

/// The row that says how much of a total was used, with the same level, network and service rank.
fn applied(
    context: &Context<'_>,
    rows: &[Row<'_>],
    facts: &[Facts],
    slot: usize,
    total: usize,
) -> Option<(usize, Decimal)> {
    let amounts = &context.preferences.amounts;
    let rule = amount_rule(slot, &amounts.applied, context.preferences);
    let alike = |row: &Row<'_>| is_alike(context, row, &rows[total]);
    let mut best: Option<(usize, [u8; 6])> = None;
    let filler = |row: &Row<'_>| is_placeholder(row.element(7), amounts.placeholder_nines);
    for fact in facts
        .iter()
        .filter(|fact| alike(&rows[fact.row]) && !filler(&rows[fact.row]))
    {
        let Some(Verdict::Ranked(ranks)) = judge(context, rows, fact, &rule) else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|(_, leading)| better(rule.order, &ranks, leading))
        {
            best = Some((fact.row, ranks));
        }
    }
    let (row, _) = best?;
    Some((row, rows[row].amount()?))
}
