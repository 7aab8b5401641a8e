//! The twenty money fields and how each chooses among rows, by the orders of preference. SPEC 3.4 and 3.5.

use super::said::Said;
use super::tables::{
    AMOUNTS, APPLIED, COINSURANCE, COPAY, DEDUCTIBLE, FAMILY, GROUP_OF_KIND, GROUPS, IN_NETWORK,
    INDIVIDUAL, KINDS, LEVELS, MONEY, NOWHERE, OUT_OF_NETWORK, OUT_OF_POCKET, PERIODS, REMAINING,
    Rank, SPECIALIST, TOTAL,
};

/// What a message must or must not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speciality {
    Any,
    Without,
    Only,
}

/// How one field chooses among rows: which of the compiled orders are its own.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Its place among `RULES`.
    pub number: usize,
    pub kind: usize,
    pub group: usize,
    pub network: usize,
    pub level: usize,
    pub period: usize,
    pub percent: bool,
    pub no_quantity: bool,
    pub speciality: Speciality,
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
/// The first of them are amounts, each total followed by its remaining.
pub const AMOUNT_FIELDS: usize = 16;

/// The rules of the fields; behind them those by which the amounts applied to the totals are found.
pub const RULES: [Rule; FIELDS.len() + AMOUNT_FIELDS] = {
    let mut rules = [amount_rule(0, TOTAL); FIELDS.len() + AMOUNT_FIELDS];
    let mut slot = 0;
    while slot < AMOUNT_FIELDS {
        rules[slot] = amount_rule(slot, if slot % 2 == 1 { REMAINING } else { TOTAL });
        rules[FIELDS.len() + slot] = amount_rule(slot, APPLIED);
        slot += 1;
    }
    rules[16] = share_rule(COINSURANCE, IN_NETWORK, Speciality::Any);
    rules[17] = share_rule(COINSURANCE, OUT_OF_NETWORK, Speciality::Any);
    rules[18] = share_rule(COPAY, IN_NETWORK, Speciality::Without);
    rules[19] = share_rule(SPECIALIST, IN_NETWORK, Speciality::Only);
    let mut number = 0;
    while number < rules.len() {
        rules[number].number = number;
        number += 1;
    }
    rules
};

/// The rule by which the amount applied to the field's total is found.
pub fn applied_rule(slot: usize) -> &'static Rule {
    &RULES[FIELDS.len() + slot]
}

const fn share_rule(kind: usize, network: usize, speciality: Speciality) -> Rule {
    let group = GROUP_OF_KIND[kind];
    Rule {
        number: 0,
        kind,
        group,
        network,
        level: FAMILY + group,
        period: APPLIED + group,
        percent: kind == COINSURANCE,
        no_quantity: false,
        speciality,
    }
}

const fn amount_rule(slot: usize, period: usize) -> Rule {
    Rule {
        number: 0,
        kind: if slot < 8 { OUT_OF_POCKET } else { DEDUCTIBLE },
        group: AMOUNTS,
        network: if slot / 4 % 2 == 1 {
            OUT_OF_NETWORK
        } else {
            IN_NETWORK
        },
        level: if slot / 2 % 2 == 1 {
            FAMILY
        } else {
            INDIVIDUAL
        },
        period,
        percent: false,
        no_quantity: true,
        speciality: Speciality::Any,
    }
}

/// A bit for each of `RULES`.
pub type Bits = u64;

/// Those of the fields.
pub const FIELD_BITS: Bits = (1 << FIELDS.len()) - 1;

/// Which rules ask for each kind of money, and choose by each order.
struct Asking {
    kinds: [Bits; KINDS],
    groups: [Bits; GROUPS],
    levels: [Bits; LEVELS],
    networks: [Bits; 2],
    periods: [Bits; PERIODS],
    no_quantity: Bits,
}

const ASKING: Asking = {
    let mut asking = Asking {
        kinds: [0; KINDS],
        groups: [0; GROUPS],
        levels: [0; LEVELS],
        networks: [0; 2],
        periods: [0; PERIODS],
        no_quantity: 0,
    };
    let mut at = 0;
    while at < RULES.len() {
        let rule = RULES[at];
        asking.kinds[rule.kind] |= 1 << at;
        asking.groups[rule.group] |= 1 << at;
        asking.levels[rule.level] |= 1 << at;
        asking.networks[rule.network] |= 1 << at;
        asking.periods[rule.period] |= 1 << at;
        asking.no_quantity |= (rule.no_quantity as Bits) << at;
        at += 1;
    }
    asking
};

/// The rules whose order has a place for a row.
fn taken<const N: usize>(ranks: &[Rank; N], rules: &[Bits; N]) -> Bits {
    let each = ranks.iter().zip(rules);
    each.filter(|(rank, _)| **rank != NOWHERE)
        .fold(0, |all, (_, rules)| all | rules)
}

/// The rules whose bit in a number is set.
fn chosen<const N: usize>(bits: u8, rules: &[Bits; N]) -> Bits {
    let each = rules.iter().enumerate();
    each.filter(|(at, _)| bits >> at & 1 != 0)
        .fold(0, |all, (_, rules)| all | rules)
}

/// The rules that take a row with such codes, if its number, day, plan, places and messages fit as well.
pub fn fits(said: &Said) -> Bits {
    let kinds = (said.meaning & MONEY) as u8;
    if kinds == 0 || said.is_procedure {
        return 0;
    }
    let no_quantity = if said.has_quantity {
        ASKING.no_quantity
    } else {
        0
    };
    chosen(kinds, &ASKING.kinds)
        & taken(&said.services.ranks, &ASKING.groups)
        & taken(&said.levels, &ASKING.levels)
        & taken(&said.networks, &ASKING.networks)
        & taken(&said.periods, &ASKING.periods)
        & !chosen(said.not_period, &ASKING.groups)
        & !no_quantity
}
