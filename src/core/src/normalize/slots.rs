//! Fills the twenty money fields. SPEC 3.4 and 3.5.

use super::Context;
use super::candidates::{Asking, Facts, shown, value};
use super::preferences::holds;
use super::rows::Row;
use super::slot_rules::{AMOUNT_FIELDS, FIELDS, Rule, applied_rule, rule};
use super::tables::{AMOUNTS, Tables};
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

/// The best row of a field among the facts.
#[derive(Clone, Copy, Default)]
pub struct Best {
    /// Index of its facts; None if no row fits.
    pub at: Option<usize>,
    key: u64,
    is_tied: bool,
}

impl Best {
    fn offer(&mut self, at: usize, key: u64) {
        if self.at.is_none() || key < self.key {
            *self = Best {
                at: Some(at),
                key,
                is_tied: false,
            };
        } else if key == self.key {
            self.is_tied = true;
        }
    }

    /// The rows that are as good as the best and stand behind it.
    pub fn ties<'f>(
        &self,
        facts: &'f [Facts],
        rule: Rule<'f>,
        tables: &'f Tables,
    ) -> impl Iterator<Item = usize> + use<'f> {
        let (key, is_tied) = (self.key, self.is_tied);
        let behind = self.at.filter(|_| is_tied).map_or(facts.len(), |at| at + 1);
        facts[behind..]
            .iter()
            .filter(move |fact| fact.key(&rule, tables) == Some(key))
            .map(|fact| fact.row)
    }
}

/// The best row of one field.
pub fn choose(facts: &[Facts], rule: &Rule<'_>, tables: &Tables) -> Best {
    let mut best = Best::default();
    for (at, fact) in facts.iter().enumerate() {
        if let Some(key) = fact.key(rule, tables) {
            best.offer(at, key);
        }
    }
    best
}

/// The same for all fields, in one pass.
fn choose_all(
    facts: &[Facts],
    rules: &[Rule<'_>; FIELDS.len()],
    tables: &Tables,
) -> [Best; FIELDS.len()] {
    let mut best = [Best::default(); FIELDS.len()];
    let asking = Asking::of(rules);
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.base == 0) {
        let mut slots = fact.slots(&asking);
        while slots != 0 {
            let slot = slots.trailing_zeros() as usize;
            slots &= slots - 1;
            if let Some(key) = fact.key(&rules[slot], tables) {
                best[slot].offer(at, key);
            }
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
    let tables = preferences.tables();
    let nines = preferences.amounts.placeholder_nines;
    let mut filled = [EMPTY; FIELDS.len()];
    let rules = std::array::from_fn(|slot| rule(slot, preferences));
    let bests = choose_all(facts, &rules, tables);
    for slot in 0..FIELDS.len() {
        let (rule, best) = (rules[slot], bests[slot]);
        let is_amount = slot < AMOUNT_FIELDS;
        let is_remaining = is_amount && slot % 2 == 1;
        let total = if is_remaining {
            filled[slot - 1]
        } else {
            EMPTY
        };
        let mut this = EMPTY;
        if let Some(row) = best.at.map(|at| facts[at].row) {
            this = Filled {
                value: value(&rows[row], &rule),
                row: Some(row),
                applied: None,
                how: How::Sent,
            };
            let differs =
                |other: &usize| match (shown(&rows[row], &rule), shown(&rows[*other], &rule)) {
                    (Some(one), Some(other)) => !one.same(other),
                    _ => true,
                };
            let ties = best.ties(facts, rule, tables);
            let others: Vec<u32> = ties.filter(differs).map(|row| rows[row].segment).collect();
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
        } else if let (true, Some(value), Some(row)) = (is_remaining, total.value, total.row)
            && let Some((applied, amount)) = applied(context, rows, facts, slot, row)
        {
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
        if let (true, Some(row)) = (this.how == How::Sent, this.row) {
            this.value = shown(&rows[row], &rule);
        }
        if let (Some(_), Some(row)) = (this.value, this.row)
            && holds(&preferences.networks.unspecified, rows[row].element(12))
        {
            findings.push(Finding::about(
                "NETWORK_UNSPECIFIED",
                FIELDS[slot],
                rows[row].segment,
                Vec::new(),
            ));
        }
        filled[slot] = this;
    }
    filled
}

/// True if two amounts are of one accumulator: the same level and network as sent, and the same service rank.
pub fn is_alike(row: &Row<'_>, total: &Row<'_>) -> bool {
    row.element(2) == total.element(2)
        && row.element(12) == total.element(12)
        && row.said.services.ranks[AMOUNTS] == total.said.services.ranks[AMOUNTS]
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
    let tables = context.preferences.tables();
    let rule = applied_rule(slot, context.preferences);
    let mut best = Best::default();
    for (at, fact) in facts.iter().enumerate() {
        let row = &rows[fact.row];
        let filler = || is_placeholder(row.element(7), amounts.placeholder_nines);
        let Some(key) = fact.key(&rule, tables) else {
            continue;
        };
        if is_alike(row, &rows[total]) && !filler() {
            best.offer(at, key);
        }
    }
    let row = facts[best.at?].row;
    Some((row, rows[row].amount()?))
}
