//! Payers beside the one that answered, and the primary care provider. SPEC 3.6, fields 51 to 71.

use super::At;
use super::Context;
use super::coverage::Coverage;
use super::dates::excluded;
use super::people::{Party, Patient};
use super::preferences::{holds, is, rank};
use super::rows::Row;
use super::tables::PRIMARY_CARE;

/// An entity of a row (2120).
pub struct Related {
    pub row: usize,
    pub node: u32,
    pub party: Party,
}

#[derive(Default)]
pub struct Payers {
    pub first: Party,
    /// The entity that says so, where a third-party administrator is named.
    pub administrator: Option<At>,
    pub second: Option<Related>,
    pub phone: Option<At>,
    pub fax: Option<At>,
    pub website: Option<At>,
    /// The party whose address is the payer's.
    pub address: Party,
    pub alternate: Option<Related>,
    pub facility: Option<Related>,
    pub primary_care: Option<Related>,
}

/// One row's entity that was looked at for the alternate payer.
pub struct Offered {
    pub row: usize,
    pub node: u32,
    /// Ranks: kind of row, entity, service type. None with the reason why not.
    pub verdict: Result<[u8; 3], &'static str>,
}

/// NM101 of an entity.
pub fn kind<'a>(context: &Context<'a>, node: u32) -> &'a [u8] {
    context.text(At {
        segment: context.tree.nodes[node as usize].opener,
        element: 1,
    })
}

fn related(context: &Context<'_>, row: usize, node: u32) -> Related {
    Related {
        row,
        node,
        party: Party::of(context, Some(node)),
    }
}

pub fn payers(
    context: &Context<'_>,
    patient: &Patient,
    rows: &[Row<'_>],
    coverage: &Coverage,
) -> Payers {
    let rules = context.preferences;
    let first = Party::of(context, patient.source_name);
    let all = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.entities.is_empty());
    let entities: Vec<(usize, u32)> = all
        .flat_map(|(at, row)| row.entities.iter().map(move |node| (at, *node)))
        .collect();
    let administrator = first
        .said(context, 1)
        .filter(|at| holds(&rules.payers.administrators, context.text(*at)))
        .or_else(|| {
            let node = entities
                .iter()
                .map(|(_, node)| *node)
                .find(|node| holds(&rules.payers.administrators, kind(context, *node)))?;
            Some(At {
                segment: context.tree.nodes[node as usize].opener,
                element: 1,
            })
        });
    let of_plan = || {
        coverage
            .plan_rows
            .iter()
            .flat_map(|at| rows[*at].entities.iter().map(move |node| (*at, *node)))
    };
    let second = rules.payers.second.iter().find_map(|code| {
        let mut fitting = of_plan().filter(|(_, node)| is(code, kind(context, *node)));
        let must_differ = holds(&rules.payers.second_must_differ, code.as_bytes());
        let found = fitting.find(|(_, node)| !must_differ || !is_same(context, &first, *node))?;
        Some(related(context, found.0, found.1))
    });
    let payer_code = rules
        .payers
        .second
        .first()
        .map_or(b"".as_slice(), |code| code.as_bytes());
    let parties: Vec<Party> = of_plan()
        .filter(|(_, node)| kind(context, *node) == payer_code)
        .map(|(_, node)| Party::of(context, Some(node)))
        .collect();
    let contact = |kinds: &[String]| {
        first.contact(context, kinds).or_else(|| {
            parties
                .iter()
                .find_map(|party| party.contact(context, kinds))
        })
    };
    let (phone, fax, website) = (
        contact(&rules.contacts.phone),
        contact(&rules.contacts.fax),
        contact(&rules.contacts.website),
    );
    let address = parties
        .iter()
        .find(|party| party.has_address(context))
        .cloned()
        .unwrap_or_default();
    let alternate = alternate(context, rows).map(|(row, node)| related(context, row, node));
    let (facility, primary_care) = primary_care(context, rows, &entities);
    Payers {
        first,
        administrator,
        second,
        phone,
        fax,
        website,
        address,
        alternate,
        facility,
        primary_care,
    }
}

/// True if an entity gives no id and no name that differs from the payer's.
fn is_same(context: &Context<'_>, payer: &Party, node: u32) -> bool {
    let entity = Party::of(context, Some(node));
    [9u8, 3].into_iter().all(|element| {
        let text = |party: &Party| {
            party
                .said(context, element)
                .map_or(b"".as_slice(), |at| context.text(at))
        };
        text(&entity).is_empty() || text(&entity) == text(payer)
    })
}

/// Every entity that could be the alternate payer, with its ranks or why it cannot.
pub fn offered(context: &Context<'_>, rows: &[Row<'_>]) -> Vec<Offered> {
    let rules = &context.preferences.alternate_payer;
    let mut all = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if row.entities.is_empty() {
            continue;
        }
        let named = rank(&rules.information, row.information());
        let carved = holds(&rules.carve_out_information, row.information());
        let about_plan = row.said.services.about_plan && !row.is_procedure();
        let other = &context.preferences.tables().dates.other_payer;
        let elsewhere = excluded(
            &row.dates,
            other,
            &context.preferences.tables().dates,
            &context.asked,
        )
        .is_some();
        let fits = |item: &String| match item.as_str() {
            "" => !row.has_service_type(),
            "*" => true,
            code => row.names_service(code.as_bytes()),
        };
        let service = rules
            .service_types
            .iter()
            .position(|group| group.iter().any(fits));
        for &node in &row.entities {
            let code = kind(context, node);
            let place = match (named, carved) {
                (Some(place), _) => rank_of_named(&rules.entities, place, code),
                (None, true) => {
                    let fits = holds(&rules.carve_out_entities, code)
                        || (!about_plan && holds(&rules.service_level_entities, code));
                    fits.then_some((rules.information.len() as u8, 0))
                }
                (None, false) => None,
            };
            let verdict = if holds(&rules.never, code) {
                Err("never_a_payer")
            } else if named.is_none() && !carved {
                Err("information_code")
            } else if elsewhere {
                Err("dated_elsewhere")
            } else {
                match (place, service) {
                    (None, _) => Err("entity"),
                    (_, None) => Err("service_type"),
                    (Some((row, entity)), Some(service)) => Ok([row, entity, service as u8]),
                }
            };
            all.push(Offered {
                row: at,
                node,
                verdict,
            });
        }
    }
    all
}

/// The order of entities holds within the first kind of row (other payers); in the others all are alike.
fn rank_of_named(entities: &[String], place: u8, code: &[u8]) -> Option<(u8, u8)> {
    if place == 0 {
        rank(entities, code).map(|entity| (0, entity))
    } else {
        Some((place, 0))
    }
}

fn alternate(context: &Context<'_>, rows: &[Row<'_>]) -> Option<(usize, u32)> {
    let offered = offered(context, rows);
    let fitting = offered
        .iter()
        .filter_map(|one| Some((one.verdict.ok()?, one.row, one.node)));
    // min_by_key takes the first of equals: document order decides a tie.
    fitting
        .min_by_key(|(ranks, _, _)| *ranks)
        .map(|(_, row, node)| (row, node))
}

/// The facility of primary care (under EB*L or an NM1*P3, in document order) and the person (under EB*L, else an
/// NM1*P3).
fn primary_care(
    context: &Context<'_>,
    rows: &[Row<'_>],
    entities: &[(usize, u32)],
) -> (Option<Related>, Option<Related>) {
    let rules = &context.preferences.primary_care;
    let all = || entities.iter().copied();
    let type_of = |node: u32| {
        context.text(At {
            segment: context.tree.nodes[node as usize].opener,
            element: 2,
        })
    };
    let under = |row: usize| rows[row].said.meaning & PRIMARY_CARE != 0;
    let named = |node: u32| holds(&rules.entities, kind(context, node));
    let make = |(row, node): (usize, u32)| related(context, row, node);
    let facility =
        all().find(|(row, node)| type_of(*node) == b"2" && (under(*row) || named(*node)));
    let mut people = all().filter(|(_, node)| type_of(*node) == b"1");
    let person = people
        .clone()
        .find(|(row, _)| under(*row))
        .or_else(|| people.find(|(_, node)| named(*node)));
    (facility.map(make), person.map(make))
}
