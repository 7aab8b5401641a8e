//! Fills the twenty money fields. SPEC 3.4 and 3.5.

use super::Context;
use super::candidates::{Facts, Verdict, better, judge, lost_on, service_rank, shown, value};
use super::preferences::holds;
use super::rows::Row;
use super::slot_rules::{AMOUNT_FIELDS, FIELDS, Rule, amount_rule, rule};
use crate::finding::Finding;
use crate::numbers::{Decimal, is_placeholder};

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
