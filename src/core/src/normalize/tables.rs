//! The orders of preference compiled: what each code of a row means to every rule that may ask.

use super::codes::{Code, CodeMap, LongCodes};
use super::dates::DateRules;
use super::preferences::{CostShare, Criterion, Preferences};
use memchr::memmem::Finder;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Of the tables that are compiled next.
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// Where a code stands in an order; `NOWHERE` if the order does not take it.
pub type Rank = u8;
pub const NOWHERE: Rank = u8::MAX;

/// The kinds of money rows, each with the group of orders by which its fields choose.
pub const OUT_OF_POCKET: usize = 0;
pub const DEDUCTIBLE: usize = 1;
pub const COINSURANCE: usize = 2;
pub const COPAY: usize = 3;
pub const SPECIALIST: usize = 4;

pub const KINDS: usize = 5;

/// Fields that choose by the same orders of service types, places and messages.
pub const AMOUNTS: usize = 0;
pub const GROUPS: usize = 4;
pub const GROUP_OF_KIND: [usize; KINDS] = [AMOUNTS, AMOUNTS, 1, 2, 3];

/// Orders of levels: individual, family, then those of the groups behind the amounts.
pub const LEVELS: usize = 5;
pub const INDIVIDUAL: usize = 0;
pub const FAMILY: usize = 1;
/// Orders of periods: total, remaining, applied, then those of the groups behind the amounts.
pub const PERIODS: usize = 6;
pub const TOTAL: usize = 0;
pub const REMAINING: usize = 1;
pub const APPLIED: usize = 2;
pub const IN_NETWORK: usize = 0;
pub const OUT_OF_NETWORK: usize = 1;

/// What EB01 makes of a row, as bits; the lowest are the kinds of money.
pub type Meaning = u16;
pub const MONEY: Meaning = 0b1_1111;
pub const ACTIVE: Meaning = 1 << 5;
pub const INACTIVE: Meaning = 1 << 6;
pub const STATUS: Meaning = ACTIVE | INACTIVE;
pub const IMPLIES: Meaning = 1 << 7;
pub const NON_COVERED: Meaning = 1 << 8;
pub const TELLS: Meaning = 1 << 9;
pub const PRIMARY_CARE: Meaning = 1 << 10;

/// A service type in the orders of each group.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    pub ranks: [Rank; GROUPS],
    /// It is the plan itself.
    pub is_plan: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub ranks: [Rank; PERIODS],
    /// Groups, as bits, that refuse it.
    pub refused: u8,
}

/// Ranks by code, and by the words `""`, `*` and `requested`.
#[derive(Clone, Debug)]
pub struct Ranks<T> {
    pub codes: CodeMap<T>,
    pub absent: T,
    pub other: T,
    pub requested: T,
}

/// What a row's messages are to an order of messages: whether there are any, and whether they speak of primary care.
pub fn message_state(has_message: bool, primary_care: bool) -> usize {
    usize::from(has_message) + 2 * usize::from(primary_care)
}

#[derive(Clone, Debug)]
pub struct Tables {
    /// Tells these tables from all others.
    pub(super) number: usize,
    known: LongCodes,
    pub meanings: CodeMap<Meaning>,
    pub services: Ranks<Service>,
    pub places: Ranks<[Rank; GROUPS]>,
    pub levels: CodeMap<[Rank; LEVELS]>,
    pub networks: CodeMap<[Rank; 2]>,
    pub periods: CodeMap<Period>,
    /// Per `message_state` its rank for each group.
    pub messages: [[Rank; GROUPS]; 4],
    /// The kinds of money to whose groups it matters what a message says, as bits.
    pub listening: Meaning,
    /// Per group what each criterion weighs in a row's key, by which the smallest is the best.
    pub weights: [[u64; 6]; GROUPS],
    pub dates: DateRules,
    pub specialist: Vec<Finder<'static>>,
    pub primary_care: Vec<Finder<'static>>,
}

impl Tables {
    #[inline]
    pub fn code(&self, text: &[u8]) -> Code {
        self.known.code(text)
    }

    pub fn of(preferences: &Preferences) -> Tables {
        let mut known = LongCodes::default();
        let amounts = &preferences.amounts;
        let shares: [&CostShare; 3] = [
            &preferences.coinsurance,
            &preferences.copay,
            &preferences.specialist_copay,
        ];
        let by_group = |of_amounts, of_share: fn(&CostShare) -> &Vec<String>| {
            let [first, second, third] = shares.map(of_share);
            [of_amounts, first, second, third]
        };
        let service_types = by_group(&amounts.service_types, |share| &share.service_types);
        let places = by_group(&amounts.places, |share| &share.places);
        let messages = by_group(&amounts.messages, |share| &share.messages);
        let levels = [&amounts.individual, &amounts.family];
        let levels: Vec<_> = levels
            .into_iter()
            .chain(shares.map(|s| &s.levels))
            .collect();
        let periods = [&amounts.total, &amounts.remaining, &amounts.applied];
        let periods: Vec<_> = periods
            .into_iter()
            .chain(shares.map(|s| &s.periods))
            .collect();
        let not_periods = shares.map(|share| &share.not_periods);
        let orders = [
            &amounts.order,
            &shares[0].order,
            &shares[1].order,
            &shares[2].order,
        ];
        Tables {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            meanings: meanings(preferences, &mut known),
            services: services(&service_types, preferences, &mut known),
            places: words_apart(&places, &["", "*"], &mut known),
            levels: with_star(&levels, &mut known),
            networks: networks(preferences, &mut known),
            periods: with_refusals(&periods, &not_periods, &mut known),
            messages: message_ranks(&messages),
            listening: listening(&messages),
            weights: orders.map(|order| weights(order)),
            dates: DateRules::of(&preferences.dates, &mut known),
            specialist: finders(&preferences.words.specialist),
            primary_care: finders(&preferences.words.primary_care),
            known,
        }
    }
}

fn finders(words: &[String]) -> Vec<Finder<'static>> {
    let finder = |word: &String| Finder::new(word.as_bytes()).into_owned();
    words.iter().map(finder).collect()
}

fn position(order: &[String], word: &str) -> Rank {
    let found = order.iter().position(|item| item == word);
    found.map_or(NOWHERE, |at| at.min(NOWHERE as usize - 1) as Rank)
}

/// The better rank of two in each order.
pub fn best<const N: usize>(mut one: [Rank; N], other: [Rank; N]) -> [Rank; N] {
    for (rank, other) in one.iter_mut().zip(other) {
        *rank = (*rank).min(other);
    }
    one
}

/// Orders in which some words are no codes.
fn words_apart<const N: usize>(
    orders: &[&Vec<String>; N],
    words: &[&str],
    known: &mut LongCodes,
) -> Ranks<[Rank; N]> {
    let ranks = |item: &str| orders.map(|order| position(order, item));
    let all = orders.iter().flat_map(|order| order.iter());
    let codes = all.filter(|item| !words.contains(&item.as_str()));
    let entries = codes.map(|item| (known.learn(item.as_bytes()), ranks(item)));
    Ranks {
        absent: best(ranks(""), ranks("*")),
        other: ranks("*"),
        requested: ranks("requested"),
        codes: CodeMap::of(entries.collect(), [NOWHERE; N], best),
    }
}

/// Orders in which `*` takes what stands nowhere else.
fn with_star<const N: usize>(orders: &[&Vec<String>], known: &mut LongCodes) -> CodeMap<[Rank; N]> {
    let mut stars = [NOWHERE; N];
    for (star, order) in stars.iter_mut().zip(orders) {
        *star = position(order, "*");
    }
    let ranks = |item: &String| {
        let mut ranks = stars;
        for (rank, order) in ranks.iter_mut().zip(orders) {
            *rank = match position(order, item) {
                NOWHERE => *rank,
                exact => exact,
            };
        }
        ranks
    };
    let all = orders.iter().flat_map(|order| order.iter());
    let entries = all.map(|item| (known.learn(item.as_bytes()), ranks(item)));
    CodeMap::of(entries.collect(), stars, best)
}

fn with_refusals(
    orders: &[&Vec<String>],
    refused: &[&Vec<String>; 3],
    known: &mut LongCodes,
) -> CodeMap<Period> {
    let ranks: CodeMap<[Rank; PERIODS]> = with_star(orders, known);
    let lists = orders.iter().chain(refused);
    let entries = lists.flat_map(|list| list.iter()).map(|item| {
        let code = known.learn(item.as_bytes());
        let bit = |(at, list): (usize, &&Vec<String>)| u8::from(list.contains(item)) << (at + 1);
        let period = Period {
            ranks: ranks.get(code),
            refused: refused.iter().enumerate().map(bit).sum(),
        };
        (code, period)
    });
    let other = Period {
        ranks: ranks.other(),
        refused: 0,
    };
    CodeMap::of(entries.collect(), other, |one, _| one)
}

fn networks(preferences: &Preferences, known: &mut LongCodes) -> CodeMap<[Rank; 2]> {
    let networks = &preferences.networks;
    let mut entries = Vec::new();
    for (order, groups) in [&networks.in_network, &networks.out_of_network]
        .into_iter()
        .enumerate()
    {
        for (at, group) in groups.iter().enumerate() {
            for item in group {
                let mut ranks = [NOWHERE; 2];
                ranks[order] = at.min(NOWHERE as usize - 1) as Rank;
                entries.push((known.learn(item.as_bytes()), ranks));
            }
        }
    }
    CodeMap::of(entries, [NOWHERE; 2], best)
}

fn services(
    orders: &[&Vec<String>; GROUPS],
    preferences: &Preferences,
    known: &mut LongCodes,
) -> Ranks<Service> {
    let plan = &preferences.coverage.plan_service_types;
    let ranks = words_apart(orders, &["", "*", "requested"], known);
    let service = |ranks: [Rank; GROUPS], is_plan: bool| Service { ranks, is_plan };
    let all = orders.iter().flat_map(|order| order.iter()).chain(plan);
    let entries = all.map(|item| {
        let code = known.learn(item.as_bytes());
        (code, service(ranks.codes.get(code), plan.contains(item)))
    });
    Ranks {
        codes: CodeMap::of(
            entries.collect(),
            service([NOWHERE; GROUPS], false),
            |one, _| one,
        ),
        absent: service(ranks.absent, true),
        other: service(ranks.other, false),
        requested: service(ranks.requested, false),
    }
}

fn meanings(preferences: &Preferences, known: &mut LongCodes) -> CodeMap<Meaning> {
    let coverage = &preferences.coverage;
    let lists: [(Meaning, &Vec<String>); 11] = [
        (1 << OUT_OF_POCKET, &preferences.amounts.out_of_pocket),
        (1 << DEDUCTIBLE, &preferences.amounts.deductible),
        (1 << COINSURANCE, &preferences.coinsurance.information),
        (1 << COPAY, &preferences.copay.information),
        (1 << SPECIALIST, &preferences.specialist_copay.information),
        (ACTIVE, &coverage.active),
        (INACTIVE, &coverage.inactive),
        (IMPLIES, &coverage.implied_by),
        (NON_COVERED, &coverage.non_covered),
        (TELLS, &coverage.text_from),
        (PRIMARY_CARE, &preferences.primary_care.information),
    ];
    let mut entries = Vec::new();
    for (meaning, list) in lists {
        for item in list {
            entries.push((known.learn(item.as_bytes()), meaning));
        }
    }
    CodeMap::of(entries, 0, |one, other| one | other)
}

fn message_ranks(orders: &[&Vec<String>; GROUPS]) -> [[Rank; GROUPS]; 4] {
    let mut ranks = [[NOWHERE; GROUPS]; 4];
    for (has_message, primary_care) in [(false, false), (true, false), (false, true), (true, true)]
    {
        let fits = |item: &String| match item.as_str() {
            "" => !has_message,
            "primary_care" => primary_care,
            _ => true,
        };
        let rank = |order: &&Vec<String>| order.iter().position(fits);
        ranks[message_state(has_message, primary_care)] =
            std::array::from_fn(|group| rank(&orders[group]).map_or(NOWHERE, |at| at as Rank));
    }
    ranks
}

fn listening(messages: &[&Vec<String>; GROUPS]) -> Meaning {
    let listens = |kind: &usize| {
        let order = messages[GROUP_OF_KIND[*kind]];
        [COPAY, SPECIALIST].contains(kind) || order.iter().any(|item| item == "primary_care")
    };
    let kinds = (0..KINDS).filter(listens);
    kinds.fold(0, |all, kind| all | 1 << kind)
}

/// The criteria in their order, each worth more than all behind it; those that are not in it weigh nothing.
fn weights(order: &[Criterion]) -> [u64; 6] {
    let mut weights = [0; 6];
    for (at, criterion) in order.iter().rev().enumerate() {
        weights[*criterion as usize] = 1 << (8 * at);
    }
    weights
}
