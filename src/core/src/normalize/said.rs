//! What the codes of an EB say to the rules.

use super::Context;
use super::codes::Code;
use super::preferences::holds;
use super::rows::codes;
use super::slot_rules::{Bits, fits};
use super::tables::{
    GROUPS, LEVELS, Meaning, NON_COVERED, NOWHERE, PERIODS, Rank, STATUS, TELLS, Tables, best,
};
use crate::elements::Elements;

/// What the codes of an EB say to the rules: everything but its numbers and what hangs on it.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// What EB01 says.
    pub meaning: Meaning,
    /// What EB03 says.
    pub services: Services,
    pub levels: [Rank; LEVELS],
    pub networks: [Rank; 2],
    pub periods: [Rank; PERIODS],
    /// Groups, as bits, that refuse the period.
    pub not_period: u8,
    pub has_quantity: bool,
    /// EB13 is there: the row is about one procedure.
    pub is_procedure: bool,
    /// EB12 says that it does not say it.
    pub is_network_unspecified: bool,
    /// The rules of fields that such codes fit.
    pub fits: Bits,
}

/// What an EB without elements says before it is read.
pub(super) const NOTHING: Said = Said {
    meaning: 0,
    services: Services {
        ranks: [NOWHERE; GROUPS],
        about_plan: true,
        asked: false,
    },
    levels: [NOWHERE; LEVELS],
    networks: [NOWHERE; 2],
    periods: [NOWHERE; PERIODS],
    not_period: 0,
    has_quantity: false,
    is_procedure: false,
    is_network_unspecified: false,
    fits: 0,
};

impl Said {
    /// True if a record can come to depend on the row, whatever else it says.
    #[inline]
    pub(super) fn is_read(&self) -> bool {
        self.fits != 0 || self.meaning & (STATUS | NON_COVERED | TELLS) != 0
    }
}

/// The service types of a row, as far as the rules ask.
#[derive(Clone, Copy, Debug)]
pub struct Services {
    /// The best rank of one of them in the orders of each group.
    pub ranks: [Rank; GROUPS],
    /// There is none, or one is the plan itself.
    pub about_plan: bool,
    /// One was asked for.
    pub asked: bool,
}

/// What the codes of an EB say.
pub(super) fn said(context: &Context<'_>, elements: Elements<'_>, repetition: u8) -> Said {
    let tables = context.preferences.tables();
    let code = |number: usize| match elements.word(number) {
        Some(word) => Code::of(word),
        None => tables.code(elements.get(number)),
    };
    let period = tables.periods.get(code(6));
    let networks = &context.preferences.networks;
    let mut said = Said {
        meaning: tables.meanings.get(code(1)),
        services: services(context, tables, elements, repetition),
        levels: tables.levels.get(code(2)),
        networks: tables.networks.get(code(12)),
        periods: period.ranks,
        not_period: period.refused,
        has_quantity: !elements.get(9).is_empty(),
        is_procedure: !elements.get(13).is_empty(),
        is_network_unspecified: holds(&networks.unspecified, elements.get(12)),
        fits: 0,
    };
    said.fits = fits(&said);
    said
}

/// What the service types of a row are to the orders.
fn services(
    context: &Context<'_>,
    tables: &Tables,
    elements: Elements<'_>,
    repetition: u8,
) -> Services {
    let mut services = Services {
        ranks: tables.services.other.ranks,
        about_plan: false,
        asked: false,
    };
    let mut add = |code: Code| {
        let one = tables.services.codes.get(code);
        services.ranks = best(services.ranks, one.ranks);
        services.about_plan |= one.is_plan;
        if context.asked_types.contains(&code) {
            services.asked = true;
            if !one.is_plan {
                services.ranks = best(services.ranks, tables.services.requested.ranks);
            }
        }
    };
    if let Some(word) = elements.word(3)
        && word.length > 0
        && !word.has(repetition)
    {
        add(Code::of(word));
        return services;
    }
    let mut is_any = false;
    for text in codes(elements.get(3), repetition) {
        is_any = true;
        add(tables.code(text));
    }
    if is_any {
        return services;
    }
    Services {
        ranks: tables.services.absent.ranks,
        about_plan: true,
        asked: false,
    }
}
