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
    pub verdict: Verdict,
}

/// NM101 of an entity.
pub fn kind<'a>(context: &Context<'a>, node: u32) -> &'a [u8] {
    context.text(At {
        segment: context.tree.nodes[node as usize].opener,
        element: 1,
    })
}

/// An entity of a row, and what kind it is: NM101 and NM102.
#[derive(Clone, Copy)]
struct Entity<'a> {
    row: usize,
    node: u32,
    kind: &'a [u8],
    person: &'a [u8],
}

impl<'a> Entity<'a> {
    /// Those of all rows, in document order.
    fn all(context: &Context<'a>, rows: &[Row<'_>]) -> Vec<Entity<'a>> {
        let mut all = Vec::new();
        // Nearly all have none.
        let rows = rows.iter().enumerate();
        for (at, row) in rows.filter(|(_, row)| !row.below.is_empty()) {
            for node in row.entities(context) {
                let opener = context.tree.nodes[node as usize].opener;
                let [kind, person] = context.elements(opener).run(1);
                all.push(Entity {
                    row: at,
                    node,
                    kind,
                    person,
                });
            }
        }
        all
    }

    fn related(self, context: &Context<'_>) -> Related {
        Related {
            row: self.row,
            node: self.node,
            party: Party::of(context, Some(self.node)),
        }
    }

    fn opener(self, context: &Context<'_>) -> u32 {
        context.tree.nodes[self.node as usize].opener
    }
}

pub fn payers(
    context: &Context<'_>,
    patient: &Patient,
    rows: &[Row<'_>],
    coverage: &Coverage,
) -> Payers {
    let (rules, contacts) = (&context.preferences.payers, &context.preferences.contacts);
    let first = Party::of(context, patient.source_name);
    let entities = Entity::all(context, rows);
    let is_administrator = |kind: &[u8]| holds(&rules.administrators, kind);
    let own = first.name.filter(|name| {
        let [kind] = context.elements(*name).run(1);
        !kind.is_empty() && is_administrator(kind)
    });
    let other = || entities.iter().find(|one| is_administrator(one.kind));
    let administrator = own.or_else(|| Some(other()?.opener(context)));
    let administrator = administrator.map(|segment| At {
        segment,
        element: 1,
    });
    // The plan's rows are in document order.
    let is_of_plan = |one: &&Entity<'_>| coverage.plan_rows.binary_search(&one.row).is_ok();
    let of_plan: Vec<&Entity<'_>> = entities.iter().filter(is_of_plan).collect();
    let second = rules.second.iter().find_map(|code| {
        let must_differ = holds(&rules.second_must_differ, code.as_bytes());
        let mut fitting = of_plan.iter().filter(|one| is(code, one.kind));
        let found = fitting.find(|one| !must_differ || !is_same(context, &first, one.node))?;
        Some(found.related(context))
    });
    let payer_code = rules.second.first().map_or("", String::as_str);
    let parties = of_plan.iter().filter(|one| is(payer_code, one.kind));
    let parties: Vec<Party> = parties
        .map(|one| Party::of(context, Some(one.node)))
        .collect();
    let orders: [&[String]; 3] = [&contacts.phone, &contacts.fax, &contacts.website];
    let mut numbers = first.contacts(context, orders);
    for party in &parties {
        let others = party.contacts(context, orders);
        for (number, other) in numbers.iter_mut().zip(others) {
            *number = number.or(other);
        }
    }
    let [phone, fax, website] = numbers;
    let address = parties
        .into_iter()
        .find(|party| party.has_address(context))
        .unwrap_or_default();
    let (facility, primary_care) = primary_care(context, rows, &entities);
    Payers {
        first,
        administrator,
        second,
        phone,
        fax,
        website,
        address,
        alternate: alternate(context, rows, &entities),
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
    let entities = Entity::all(context, rows);
    let offered = verdicts(context, rows, &entities).map(|(one, verdict)| Offered {
        row: one.row,
        node: one.node,
        verdict,
    });
    offered.collect()
}

pub type Verdict = Result<[u8; 3], &'static str>;

/// Each entity, and whether it could be the alternate payer.
fn verdicts<'e, 'a>(
    context: &'e Context<'a>,
    rows: &'e [Row<'a>],
    entities: &'e [Entity<'a>],
) -> impl Iterator<Item = (Entity<'a>, Verdict)> {
    let never = &context.preferences.alternate_payer.never;
    // What the last row says: the entities of one follow each other.
    let mut known = None;
    entities.iter().map(move |one| {
        if holds(never, one.kind) {
            return (*one, Err("never_a_payer"));
        }
        let offer = match known {
            Some((row, offer)) if row == one.row => offer,
            _ => Offer::of(context, &rows[one.row]),
        };
        known = Some((one.row, offer));
        (*one, offer.verdict(context, one.kind))
    })
}

/// What a row says about its entities as alternate payers.
#[derive(Clone, Copy)]
enum Offer {
    None(&'static str),
    Of {
        /// Rank of the row's kind; None if it is a carve-out.
        named: Option<u8>,
        about_plan: bool,
        service: Option<u8>,
    },
}

impl Offer {
    fn of(context: &Context<'_>, row: &Row<'_>) -> Offer {
        let rules = &context.preferences.alternate_payer;
        let named = rank(&rules.information, row.information());
        if named.is_none() && !holds(&rules.carve_out_information, row.information()) {
            return Offer::None("information_code");
        }
        let dates = &context.preferences.tables().dates;
        if excluded(&row.dates, &dates.other_payer, dates, &context.asked).is_some() {
            return Offer::None("dated_elsewhere");
        }
        let fits = |item: &String| match item.as_str() {
            "" => !row.has_service_type(),
            "*" => true,
            code => row.names_service(code.as_bytes()),
        };
        let mut groups = rules.service_types.iter();
        let service = groups.position(|group| group.iter().any(fits));
        Offer::Of {
            named,
            about_plan: row.said.services.about_plan && !row.is_procedure(),
            service: service.map(|at| at as u8),
        }
    }

    /// Of an entity of this kind.
    fn verdict(self, context: &Context<'_>, kind: &[u8]) -> Verdict {
        let rules = &context.preferences.alternate_payer;
        let (named, about_plan, service) = match self {
            Offer::None(reason) => return Err(reason),
            Offer::Of {
                named,
                about_plan,
                service,
            } => (named, about_plan, service),
        };
        let place = match named {
            Some(place) => rank_of_named(&rules.entities, place, kind),
            None => {
                let fits = holds(&rules.carve_out_entities, kind)
                    || (!about_plan && holds(&rules.service_level_entities, kind));
                fits.then_some((rules.information.len() as u8, 0))
            }
        };
        let (place, entity) = place.ok_or("entity")?;
        Ok([place, entity, service.ok_or("service_type")?])
    }
}

/// The order of entities holds within the first kind of row (other payers); in the others all are alike.
fn rank_of_named(entities: &[String], place: u8, code: &[u8]) -> Option<(u8, u8)> {
    if place == 0 {
        rank(entities, code).map(|entity| (0, entity))
    } else {
        Some((place, 0))
    }
}

fn alternate(context: &Context<'_>, rows: &[Row<'_>], entities: &[Entity<'_>]) -> Option<Related> {
    let judged = verdicts(context, rows, entities);
    let fitting = judged.filter_map(|(one, verdict)| Some((verdict.ok()?, one)));
    // min_by_key takes the first of equals: document order decides a tie.
    let best = fitting.min_by_key(|(ranks, _)| *ranks);
    best.map(|(_, one)| one.related(context))
}

/// The facility of primary care (under EB*L or an NM1*P3, in document order) and the person (under EB*L, else an
/// NM1*P3).
fn primary_care(
    context: &Context<'_>,
    rows: &[Row<'_>],
    entities: &[Entity<'_>],
) -> (Option<Related>, Option<Related>) {
    let rules = &context.preferences.primary_care;
    let under = |one: &&Entity<'_>| rows[one.row].said.meaning & PRIMARY_CARE != 0;
    let named = |one: &&Entity<'_>| holds(&rules.entities, one.kind);
    let of_type = |text: &'static [u8]| entities.iter().filter(move |one| one.person == text);
    let facility = of_type(b"2").find(|one| under(one) || named(one));
    let person = of_type(b"1")
        .find(under)
        .or_else(|| of_type(b"1").find(named));
    let [facility, person] = [facility, person].map(|one| one.map(|one| one.related(context)));
    (facility, person)
}
