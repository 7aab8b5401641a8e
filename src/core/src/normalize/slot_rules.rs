//! The twenty money fields and how each chooses among rows, by the orders of preference. SPEC 3.4 and 3.5.

use super::preferences::{Criterion, Preferences};

/// What a message must or must not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speciality {
    Any,
    Without,
    Only,
}

/// How one field chooses among rows.
pub struct Rule<'p> {
    pub information: &'p [String],
    pub percent: bool,
    pub no_quantity: bool,
    pub service_types: &'p [String],
    pub networks: &'p [Vec<String>],
    pub levels: &'p [String],
    pub periods: &'p [String],
    pub not_periods: &'p [String],
    pub places: &'p [String],
    pub messages: &'p [String],
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

pub fn amount_rule<'p>(
    slot: usize,
    periods: &'p [String],
    preferences: &'p Preferences,
) -> Rule<'p> {
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
