//! The twenty money fields and how each chooses among rows, by the orders of preference. SPEC 3.4 and 3.5.

use super::preferences::{Criterion, Preferences};
use super::tables::{
    AMOUNTS, APPLIED, COINSURANCE, COPAY, DEDUCTIBLE, FAMILY, GROUP_OF_KIND, IN_NETWORK,
    INDIVIDUAL, OUT_OF_NETWORK, OUT_OF_POCKET, REMAINING, SPECIALIST, TOTAL,
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
pub struct Rule<'p> {
    pub kind: usize,
    pub group: usize,
    pub network: usize,
    pub level: usize,
    pub period: usize,
    pub percent: bool,
    pub no_quantity: bool,
    pub speciality: Speciality,
    pub order: &'p [Criterion],
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

/// The rule of field number `slot` of `FIELDS`.
pub fn rule(slot: usize, preferences: &Preferences) -> Rule<'_> {
    if slot < AMOUNT_FIELDS {
        let period = if slot % 2 == 1 { REMAINING } else { TOTAL };
        return amount_rule(slot, period, preferences);
    }
    let (kind, shared, network, speciality) = match slot {
        16 => (
            COINSURANCE,
            &preferences.coinsurance,
            IN_NETWORK,
            Speciality::Any,
        ),
        17 => (
            COINSURANCE,
            &preferences.coinsurance,
            OUT_OF_NETWORK,
            Speciality::Any,
        ),
        18 => (COPAY, &preferences.copay, IN_NETWORK, Speciality::Without),
        _ => (
            SPECIALIST,
            &preferences.specialist_copay,
            IN_NETWORK,
            Speciality::Only,
        ),
    };
    let group = GROUP_OF_KIND[kind];
    Rule {
        kind,
        group,
        network,
        level: FAMILY + group,
        period: APPLIED + group,
        percent: kind == COINSURANCE,
        no_quantity: false,
        speciality,
        order: &shared.order,
    }
}

/// The rule by which the amount applied to the field's total is found.
pub fn applied_rule(slot: usize, preferences: &Preferences) -> Rule<'_> {
    amount_rule(slot, APPLIED, preferences)
}

fn amount_rule(slot: usize, period: usize, preferences: &Preferences) -> Rule<'_> {
    Rule {
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
        order: &preferences.amounts.order,
    }
}
