//! The orders of preference, as Python read and validated them (`normalize/standard.toml` and profiles).

use super::tables::{AMOUNTS, Tables};
use serde::Deserialize;
use std::sync::OnceLock;

type Codes = Vec<String>;

#[derive(Clone, Debug, Deserialize)]
pub struct Preferences {
    pub coverage: Coverage,
    pub dates: Dates,
    pub networks: Networks,
    pub plans: Plans,
    pub words: Words,
    pub amounts: Amounts,
    pub coinsurance: CostShare,
    pub copay: CostShare,
    pub specialist_copay: CostShare,
    pub references: References,
    pub contacts: Contacts,
    pub payers: Payers,
    pub alternate_payer: AlternatePayer,
    pub primary_care: PrimaryCare,
    pub rejections: Rejections,
    #[serde(skip)]
    tables: OnceLock<Tables>,
}

impl Preferences {
    /// The orders compiled, at the first use.
    pub fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| Tables::of(self))
    }

    /// The order of criteria by which the fields of a group choose.
    pub fn order(&self, group: usize) -> &[Criterion] {
        let shares = [&self.coinsurance, &self.copay, &self.specialist_copay];
        match group.checked_sub(AMOUNTS + 1).and_then(|at| shares.get(at)) {
            Some(share) => &share.order,
            None => &self.amounts.order,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Coverage {
    pub active: Codes,
    pub inactive: Codes,
    pub pending: Codes,
    pub plan_service_types: Codes,
    pub implied_by: Codes,
    pub non_covered: Codes,
    pub non_covered_not_networks: Codes,
    pub text_from: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Dates {
    pub start: Codes,
    pub end: Codes,
    pub name_start: Codes,
    pub name_end: Codes,
    pub start_if_single: Codes,
    pub echo: Codes,
    pub service: Codes,
    pub date_of_service: Codes,
    pub benefit: Codes,
    pub benefit_pairs: Vec<(String, String)>,
    pub other_payer: Codes,
    pub open_from_year: u16,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Networks {
    pub in_network: Vec<Codes>,
    pub out_of_network: Vec<Codes>,
    pub unspecified: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Plans {
    pub same: Vec<Codes>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Words {
    pub specialist: Codes,
    pub primary_care: Codes,
}

/// What two candidate rows are compared by.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    ServiceType,
    Network,
    Level,
    Period,
    Place,
    Message,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Amounts {
    pub deductible: Codes,
    pub out_of_pocket: Codes,
    pub service_types: Codes,
    pub individual: Codes,
    pub family: Codes,
    pub total: Codes,
    pub remaining: Codes,
    pub applied: Codes,
    pub places: Codes,
    pub messages: Codes,
    pub order: Vec<Criterion>,
    pub placeholder_nines: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub struct CostShare {
    pub information: Codes,
    pub service_types: Codes,
    pub levels: Codes,
    pub not_periods: Codes,
    pub periods: Codes,
    pub places: Codes,
    pub messages: Codes,
    pub order: Vec<Criterion>,
}

/// Where a reference about the plan may stand.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum ReferencePlace {
    StatusRow,
    Patient,
    Subscriber,
}

#[derive(Clone, Debug, Deserialize)]
pub struct References {
    pub places: Vec<ReferencePlace>,
    pub group_number: Codes,
    pub plan_number: Codes,
    pub member_id: Codes,
    pub member_id_qualifiers: Codes,
    pub account_number: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Contacts {
    pub phone: Codes,
    pub fax: Codes,
    pub website: Codes,
    pub entity_phone: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Payers {
    pub second: Codes,
    pub second_must_differ: Codes,
    pub administrators: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct AlternatePayer {
    pub information: Codes,
    pub carve_out_information: Codes,
    pub entities: Codes,
    pub carve_out_entities: Codes,
    pub service_level_entities: Codes,
    pub never: Codes,
    pub service_types: Vec<Codes>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct PrimaryCare {
    pub information: Codes,
    pub entities: Codes,
    pub npi_qualifiers: Codes,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Rejections {
    pub levels: Codes,
    pub benefit_levels: Codes,
}

/// True if a text is this code. Codes are short: comparing bytes here is quicker than a call.
#[inline]
pub fn is(code: &str, text: &[u8]) -> bool {
    code.len() == text.len() && code.bytes().zip(text).all(|(one, other)| one == *other)
}

/// Where `code` stands in an order; `*` takes what stands nowhere else.
pub fn rank(order: &[String], code: &[u8]) -> Option<u8> {
    let exact = order.iter().position(|item| is(item, code));
    exact
        .or_else(|| order.iter().position(|item| item == "*"))
        .map(|at| at as u8)
}

pub fn holds(codes: &[String], code: &[u8]) -> bool {
    codes.iter().any(|item| is(item, code))
}
