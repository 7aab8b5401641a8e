//! Who the answer is about, and by whom and for whom it was written.

use super::dates::{Asked, When, read_when};
use super::preferences::is;
use super::rows::{N3, N4, NM1, PER};
use super::{At, Context, Loops};
use crate::document::Document;
use crate::few::Few;
use crate::finding::NO_SEGMENT;
use crate::grammar::ROOT;
use crate::loops::Tree;
use crate::numbers::Date;
use crate::scan::SegmentId;

pub const TRN: SegmentId = SegmentId::of(b"TRN");
pub const DMG: SegmentId = SegmentId::of(b"DMG");
pub const INS: SegmentId = SegmentId::of(b"INS");
pub const BHT: SegmentId = SegmentId::of(b"BHT");

/// The node of the transaction set, which is no level.
const ROOT_NODE: u32 = 0;

/// The levels and names above and at a patient; None where the answer has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patient {
    pub source: Option<u32>,
    pub source_name: Option<u32>,
    pub receiver: Option<u32>,
    pub receiver_name: Option<u32>,
    pub subscriber: Option<u32>,
    pub subscriber_name: Option<u32>,
    pub dependent: Option<u32>,
    pub dependent_name: Option<u32>,
}

impl Patient {
    pub fn is_dependent(&self) -> bool {
        self.dependent.is_some()
    }

    /// The patient's own level.
    pub fn level(&self) -> Option<u32> {
        self.dependent.or(self.subscriber)
    }

    /// The patient's own 2100 loop.
    pub fn name(&self) -> Option<u32> {
        if self.is_dependent() {
            self.dependent_name
        } else {
            self.subscriber_name
        }
    }
}

/// Gives the patients of a transaction set, in document order: subscribers without dependents, subscribers with benefits
/// of their own, and dependents.
pub fn patients(tree: &Tree, loops: Loops, mut each: impl FnMut(Patient)) {
    let child = |node: u32, of: u16| {
        tree.children(node)
            .iter()
            .copied()
            .find(|child| tree.nodes[*child as usize].of == of)
    };
    // The name of the last level of each kind: thousands may stand under one level, whose name is sought only once.
    let mut last = [(ROOT_NODE, None); 3];
    let mut named = |kind: usize, level: u32, of: u16| {
        if last[kind].0 != level {
            last[kind] = (level, child(level, of));
        }
        last[kind].1
    };
    for &index in &tree.levels {
        let node = &tree.nodes[index as usize];
        if node.of != loops.subscriber && node.of != loops.dependent {
            continue;
        }
        let mut patient = Patient::default();
        let mut level = index;
        if node.of == loops.dependent {
            patient.dependent = Some(index);
            patient.dependent_name = child(index, loops.dependent_name);
            level = node.parent;
        }
        // Up the levels; one that is missing leaves its place empty.
        while tree.nodes[level as usize].of != ROOT {
            let of = tree.nodes[level as usize].of;
            if of == loops.subscriber {
                patient.subscriber = Some(level);
                patient.subscriber_name = named(0, level, loops.subscriber_name);
            } else if of == loops.receiver {
                patient.receiver = Some(level);
                patient.receiver_name = named(1, level, loops.receiver_name);
            } else if of == loops.source {
                patient.source = Some(level);
                patient.source_name = named(2, level, loops.source_name);
            }
            level = tree.nodes[level as usize].parent;
        }
        let has_dependents = tree
            .children(index)
            .iter()
            .any(|child| tree.nodes[*child as usize].of == loops.dependent);
        let has_benefits = patient
            .name()
            .is_some_and(|name| has_benefits(tree, name, loops));
        if patient.is_dependent() || !has_dependents || has_benefits {
            each(patient);
        }
    }
}

pub fn has_benefits(tree: &Tree, name: u32, loops: Loops) -> bool {
    let is_benefit = |of: u16| of == loops.benefit || of == loops.dependent_benefit;
    tree.children(name)
        .iter()
        .any(|child| is_benefit(tree.nodes[*child as usize].of))
}

/// How a patient's trace numbers compare with the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traced {
    Matches,
    Differs,
    Unsaid,
}

/// TRN*2 at the patient's own level; a dependent without one has its subscriber's.
pub fn traced(document: &Document, tree: &Tree, patient: &Patient, trace: &[u8]) -> Traced {
    for level in [patient.level(), patient.subscriber].into_iter().flatten() {
        let echoes = tree.segments(level).iter().filter(|at| {
            document.segments[**at as usize].id == TRN && document.element(**at, 1) == b"2"
        });
        let mut said = false;
        for &echo in echoes {
            if document.element(echo, 2) == trace {
                return Traced::Matches;
            }
            said = true;
        }
        if said {
            return Traced::Differs;
        }
    }
    Traced::Unsaid
}

/// BHT04.
pub fn answered(document: &Document, tree: &Tree) -> Option<(Date, At)> {
    let bht = tree
        .segments(0)
        .iter()
        .copied()
        .find(|at| document.segments[*at as usize].id == BHT)?;
    Some((
        Date::read(document.element(bht, 4))?,
        At {
            segment: bht,
            element: 4,
        },
    ))
}

/// The date of service that the answer itself implies, and where. SPEC 3.3.2.
fn default_day(context: &Context<'_>, answered: Option<(Date, At)>) -> Option<(Date, At)> {
    let rules = &context.preferences.dates;
    let dates = &context.name_dates;
    for code in &rules.date_of_service {
        for date in dates.iter().filter(|date| is(code, date.qualifier)) {
            let day = match date.when {
                When::Day(day) => Some(day),
                // A range of plan dates is the plan's, not the question's.
                When::Range(..)
                    if super::preferences::holds(&rules.start_if_single, date.qualifier) =>
                {
                    None
                }
                When::Range(begin, _) => Some(begin),
            };
            if let Some(day) = day {
                return Some((
                    day,
                    At {
                        segment: date.segment,
                        element: 3,
                    },
                ));
            }
        }
    }
    answered
}

/// What the question was about: the caller's date, else the answer's; and where the latter stands.
pub fn asked(context: &Context<'_>, answered: Option<(Date, At)>) -> (Asked, Option<At>) {
    let (day, until, at) = match context.question.date_of_service {
        Some((day, until)) => (Some(day), until, None),
        None => {
            let found = default_day(context, answered);
            (found.map(|(day, _)| day), None, found.map(|(_, at)| at))
        }
    };
    let asked = Asked {
        day,
        until,
        answered: answered.map(|(date, _)| date),
    };
    (asked, at)
}

/// The first value whose code comes first in an order.
pub struct First<'p> {
    /// The codes that are better than the one that was found.
    better: &'p [String],
    pub found: Option<At>,
}

impl<'p> First<'p> {
    pub fn of(order: &'p [String]) -> First<'p> {
        First {
            better: order,
            found: None,
        }
    }

    #[inline]
    pub fn offer(&mut self, code: &[u8], value: At) {
        if let Some(rank) = self.better.iter().position(|one| is(one, code)) {
            self.better = &self.better[..rank];
            self.found = Some(value);
        }
    }
}

/// A person's or organization's segments in a 2100 or 2120 loop.
#[derive(Clone, Debug, Default)]
pub struct Party {
    pub name: Option<u32>,
    pub street: Option<u32>,
    pub city: Option<u32>,
    pub contacts: Few<u32>,
}

impl Party {
    pub fn of(context: &Context<'_>, node: Option<u32>) -> Party {
        let mut party = Party::default();
        let segments = node.map_or(&[] as &[u32], |node| context.tree.segments(node));
        for &segment in segments {
            let place = match context.document.segments[segment as usize].id {
                NM1 => &mut party.name,
                N3 => &mut party.street,
                N4 => &mut party.city,
                PER => {
                    party.contacts.push(segment);
                    continue;
                }
                _ => continue,
            };
            place.get_or_insert(segment);
        }
        party
    }

    /// An element of NM1 if it says anything.
    pub fn said(&self, context: &Context<'_>, element: u8) -> Option<At> {
        context.said(self.name.unwrap_or(NO_SEGMENT), element)
    }

    /// The first number of a kind, by the order of kinds, for some orders: PER03/04, 05/06, 07/08.
    pub fn contacts<const N: usize>(
        &self,
        context: &Context<'_>,
        orders: [&[String]; N],
    ) -> [Option<At>; N] {
        let mut found = orders.map(First::of);
        for &segment in &self.contacts {
            let sent: [&[u8]; 6] = context.elements(segment).run(3);
            for (at, element) in [(0, 4), (2, 6), (4, 8)] {
                if !sent[at + 1].is_empty() {
                    let place = At { segment, element };
                    found
                        .iter_mut()
                        .for_each(|first| first.offer(sent[at], place));
                }
            }
        }
        found.map(|first| first.found)
    }

    /// The same for one order.
    pub fn contact(&self, context: &Context<'_>, kinds: &[String]) -> Option<At> {
        let [found] = self.contacts(context, [kinds]);
        found
    }

    pub fn has_address(&self, context: &Context<'_>) -> bool {
        let said = |segment: Option<u32>, elements: std::ops::RangeInclusive<u8>| {
            segment.is_some_and(|segment| {
                elements
                    .into_iter()
                    .any(|n| context.said(segment, n).is_some())
            })
        };
        said(self.street, 1..=2) || said(self.city, 1..=3)
    }
}

/// DMG: the date of birth and the gender.
pub fn demographics(context: &Context<'_>, node: Option<u32>) -> (Option<(Date, At)>, Option<At>) {
    let Some(segment) = context.own(node, DMG).next() else {
        return (None, None);
    };
    let [birth, gender] = context.elements(segment).run(2);
    let place = |element: u8| At { segment, element };
    let birth = match read_when(birth) {
        Some(When::Day(day)) => Some((day, place(2))),
        Some(When::Range(..)) | None => None,
    };
    (birth, (!gender.is_empty()).then(|| place(3)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_the_first_code_is_taken() {
        let order = ["TE", "WP", "CP"].map(String::from);
        for (sent, expected) in [
            (&["WP", "CP", "WP"][..], Some(0)),
            (&["CP", "FX", "TE", "TE"], Some(2)),
            (&["CP", "WP", "CP"], Some(1)),
            (&["FX", ""], None),
            (&[], None),
        ] {
            let mut first = First::of(&order);
            for (segment, code) in (0u32..).zip(sent) {
                let element = 4;
                first.offer(code.as_bytes(), At { segment, element });
            }
            assert_eq!(first.found.map(|at| at.segment), expected, "{sent:?}");
        }
    }
}
