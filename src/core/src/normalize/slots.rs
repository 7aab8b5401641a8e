//! Fills the twenty money fields. SPEC 3.4 and 3.5.

use super::Context;
use super::candidates::{Facts, shown, value};
use super::rows::Row;
use super::slot_rules::{AMOUNT_FIELDS, FIELD_BITS, FIELDS, RULES, Rule, applied_rule};
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
    /// The number that it gives.
    value: Decimal,
    key: u64,
    /// Another row is as good, if it gives a number.
    may_tie: bool,
}

impl Best {
    /// A row's number is read only if the row is better.
    #[inline]
    fn offer(&mut self, at: usize, key: u64, value: impl FnOnce() -> Option<Decimal>) {
        if self.at.is_none() || key < self.key {
            if let Some(value) = value() {
                *self = Best {
                    at: Some(at),
                    value,
                    key,
                    may_tie: false,
                };
            }
        } else if key == self.key {
            self.may_tie = true;
        }
    }

    /// The rows that are as good as the best and stand behind it.
    pub fn ties<'f>(
        &self,
        facts: &'f [Facts<'_, '_>],
        rule: &'f Rule,
        tables: &'f Tables,
    ) -> impl Iterator<Item = usize> + use<'f> {
        let (key, may_tie) = (self.key, self.may_tie);
        let behind = self.at.filter(|_| may_tie).map_or(facts.len(), |at| at + 1);
        facts[behind..]
            .iter()
            .filter(move |fact| fact.key(rule, tables) == Some(key) && fact.value(rule).is_some())
            .map(|fact| fact.row)
    }
}

/// The best row of one field.
pub fn choose(facts: &[Facts<'_, '_>], rule: &Rule, tables: &Tables) -> Best {
    let mut best = Best::default();
    for (at, fact) in facts.iter().enumerate() {
        if let Some(key) = fact.key(rule, tables) {
            best.offer(at, key, || fact.value(rule));
        }
    }
    best
}

/// The same for all fields, in one pass.
fn choose_all(facts: &[Facts<'_, '_>], tables: &Tables) -> [Best; FIELDS.len()] {
    let mut best = [Best::default(); FIELDS.len()];
    for (at, fact) in facts.iter().enumerate().filter(|(_, fact)| fact.base == 0) {
        let mut slots = fact.fits() & FIELD_BITS;
        while slots != 0 {
            let slot = slots.trailing_zeros() as usize;
            slots &= slots - 1;
            let rule = &RULES[slot];
            if let Some(key) = fact.key(rule, tables) {
                best[slot].offer(at, key, || fact.value(rule));
            }
        }
    }
    best
}

/// Fills all twenty fields.
#[inline(never)]
pub fn fill<'a>(
    context: &Context<'a>,
    rows: &[Row<'a>],
    facts: &[Facts<'_, 'a>],
    findings: &mut Vec<Finding>,
) -> Box<[Filled; FIELDS.len()]> {
    let bests = choose_all(facts, context.preferences.tables());
    let nines = context.preferences.amounts.placeholder_nines;
    let fillers = 10i128.checked_pow(u32::try_from(nines).unwrap_or(u32::MAX));
    let fields = Fields {
        context,
        rows,
        facts,
        nines,
        fillers: fillers.map_or(i128::MAX, |above| above - 1),
    };
    let mut filled = Box::new([EMPTY; FIELDS.len()]);
    for (slot, best) in bests.iter().enumerate() {
        let is_remaining = slot < AMOUNT_FIELDS && slot % 2 == 1;
        let total = if is_remaining {
            &filled[slot - 1]
        } else {
            &EMPTY
        };
        let this = match best.at {
            Some(at) => fields.sent(slot, total.how, best, facts[at].row, findings),
            None if total.value.is_none() => continue,
            None => fields.derived(slot, total, findings),
        };
        if let (Some(_), Some(row)) = (this.value, this.row)
            && rows[row].said.is_network_unspecified
        {
            findings.push(fields.finding(slot, "NETWORK_UNSPECIFIED", row, Vec::new()));
        }
        filled[slot] = this;
    }
    filled
}

/// What the fields are filled from.
struct Fields<'f, 'a> {
    context: &'f Context<'a>,
    rows: &'f [Row<'a>],
    facts: &'f [Facts<'f, 'a>],
    /// How many nines make a filler, and the least digits that one has.
    nines: usize,
    fillers: i128,
}

impl Fields<'_, '_> {
    fn finding(&self, slot: usize, code: &'static str, row: usize, others: Vec<u32>) -> Finding {
        Finding::about(code, FIELDS[slot], self.rows[row].segment, others)
    }

    /// With the best row's number; of a remaining amount, `total` says how its total came by its own.
    fn sent(
        &self,
        slot: usize,
        total: How,
        best: &Best,
        row: usize,
        findings: &mut Vec<Finding>,
    ) -> Filled {
        let rule = &RULES[slot];
        let mut this = Filled {
            value: Some(shown(best.value, rule)),
            row: Some(row),
            applied: None,
            how: How::Sent,
        };
        if best.may_tie {
            let others = self.others(rule, best, this.value);
            if !others.is_empty() {
                findings.push(self.finding(slot, "AMBIGUOUS", row, others));
            }
        }
        if total == How::Placeholder {
            this.value = None;
            this.how = How::PlaceholderTotal;
        } else if !rule.percent && best.value.digits >= self.fillers && self.is_filler(row) {
            findings.push(self.finding(slot, "PLACEHOLDER_AMOUNT", row, Vec::new()));
            this.value = None;
            this.how = How::Placeholder;
        } else if rule.percent && best.value.exceeds_one() {
            let segment = self.rows[row].segment;
            findings.push(Finding::about("PERCENT_SCALE", "", segment, Vec::new()));
        }
        this
    }

    fn is_filler(&self, row: usize) -> bool {
        is_placeholder(self.rows[row].sent_amount(), self.nines)
    }

    /// The segments of the rows that are as good as the best but say another number.
    fn others(&self, rule: &'static Rule, best: &Best, number: Option<Decimal>) -> Vec<u32> {
        let differs = |row: &usize| {
            let other = value(&self.rows[*row], rule).map(|value| shown(value, rule));
            !matches!((number, other), (Some(one), Some(other)) if one.same(other))
        };
        let ties = best.ties(self.facts, rule, self.context.preferences.tables());
        ties.filter(differs)
            .map(|row| self.rows[row].segment)
            .collect()
    }

    /// What is left of a total, by what was applied to it.
    fn derived(&self, slot: usize, total: &Filled, findings: &mut Vec<Finding>) -> Filled {
        let (Some(value), Some(row)) = (total.value, total.row) else {
            return EMPTY;
        };
        let Some((applied, amount)) = self.applied(slot, row) else {
            return EMPTY;
        };
        let others = vec![self.rows[applied].segment];
        findings.push(self.finding(slot, "DERIVED_REMAINING", row, others));
        Filled {
            value: Some(value.less(amount)),
            row: Some(row),
            applied: Some(applied),
            how: How::Derived,
        }
    }

    /// The row that says how much of a total was used, with the same level, network and service rank.
    fn applied(&self, slot: usize, total: usize) -> Option<(usize, Decimal)> {
        let (rows, facts) = (self.rows, self.facts);
        let tables = self.context.preferences.tables();
        let rule = applied_rule(slot);
        let mut best = Best::default();
        for (at, fact) in facts.iter().enumerate() {
            let row = &rows[fact.row];
            let Some(key) = fact.key(rule, tables) else {
                continue;
            };
            if is_alike(row, &rows[total]) && !self.is_filler(fact.row) {
                best.offer(at, key, || fact.value(rule));
            }
        }
        Some((facts[best.at?].row, best.value))
    }
}

/// True if two amounts are of one accumulator: the same level and network as sent, and the same service rank.
pub fn is_alike(row: &Row<'_>, total: &Row<'_>) -> bool {
    row.element(2) == total.element(2)
        && row.element(12) == total.element(12)
        && row.said.services.ranks[AMOUNTS] == total.said.services.ranks[AMOUNTS]
}
