//! The benefits of a patient, read into rows.

use super::Context;
use super::dates::{DTP, Dated, read_dtp};
use super::memory::{Memory, sense};
use super::rows::{AAA, AMOUNT, MSG, Row, is_place};
use super::said::{Said, said};
use super::tables::{IMPLIES, Tables};
use crate::delimiters::Delimiters;
use crate::document::Document;
use crate::elements::{Elements, Two};
use crate::few::Few;
use crate::memo::{Trail, UNKNOWN};
use std::cell::{RefCell, RefMut};

/// Which benefits become rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those that a record can come to depend on.
    Read,
}

/// The benefits directly under a 2100 loop, in document order: their loops.
pub fn benefits<'a>(context: &Context<'a>, name: u32) -> impl Iterator<Item = u32> + use<'a> {
    let (tree, loops) = (context.tree, context.loops);
    let is_benefit = move |node: &u32| {
        let of = tree.nodes[*node as usize].of;
        of == loops.benefit || of == loops.dependent_benefit
    };
    tree.children(name).iter().copied().filter(is_benefit)
}

/// The same as rows.
#[inline(never)]
pub fn rows<'a>(context: &Context<'a>, name: u32) -> Vec<Row<'a>> {
    let (document, tree) = (context.document, context.tree);
    let delimiters = document.delimiters(context.transaction.first);
    let separator = delimiters.element;
    let sense = sense(delimiters);
    let mut memory = context.memory.map(RefCell::borrow_mut);
    let start = |memory: &RefMut<'_, Memory>| memory.rows.start();
    let mut trail = memory.as_ref().map_or(Trail::NONE, start);
    let mut hanging = Hanging::of(context, delimiters);
    let mut rows = Vec::with_capacity(tree.children(name).len());
    let mut meanings = 0;
    for (node, number) in benefits(context, name).zip(0..) {
        let segment = tree.nodes[node as usize].opener;
        let (text, length) = document.text_of(&document.segments[segment as usize]);
        let next = memory.as_ref().and_then(|memory| {
            let next = memory.rows.find_next(&mut trail, (text, length), sense);
            let (said, known, gap) = next?;
            Some((said, known, Two::within((text, length), gap, separator)?))
        });
        let found;
        let (said, known, numbers) = match next {
            Some((said, known, two)) => (said, known, Some(two)),
            None => {
                let elements = Elements::of(text, length, separator);
                found = find_said(
                    context,
                    memory.as_deref_mut(),
                    &mut trail,
                    elements,
                    delimiters,
                );
                (&found.0, found.1, found.2)
            }
        };
        // Of the rows that imply coverage only the first one counts.
        let is_read = context.which == Which::All
            || said.is_read()
            || said.meaning & !meanings & IMPLIES != 0
            || is_heavy(context, node);
        if !is_read {
            continue;
        }
        meanings |= said.meaning;
        rows.push(Row {
            node,
            segment,
            number,
            text,
            length,
            numbers,
            separator,
            repetition: delimiters.repetition,
            said: *said,
            known,
            hanging: tree.segments(node).get(1..).unwrap_or(&[]),
            below: tree.children(node),
            has_message: false,
            has_rejection: false,
            dates: Few::None,
        });
        if let Some(row) = rows.last_mut()
            && !row.hanging.is_empty()
        {
            hanging.put(row);
        }
    }
    rows
}

/// In a sense in which no other key is taken.
const ENDS_BEFORE: u32 = 1 << 24;

/// What the codes of an EB say that did not come after the same one last time, the number under which that is remembered,
/// and where EB07 and EB08 stand.
#[inline(never)]
fn find_said(
    context: &Context<'_>,
    memory: Option<&mut Memory>,
    trail: &mut Trail,
    elements: Elements<'_>,
    delimiters: Delimiters,
) -> (Said, u64, Option<Two>) {
    let numbers = elements.two(AMOUNT);
    let find = || said(context, elements, delimiters.repetition);
    let Some((memory, two)) = memory.zip(numbers) else {
        return (find(), UNKNOWN, numbers);
    };
    let mut key = elements.key_without_two(two, sense(delimiters));
    if key.gap.0 == key.length {
        // It ends before EB07: another EB may begin like it and say more, which is not to be taken for numbers.
        key.sense |= ENDS_BEFORE;
    }
    let (said, known) = match memory.rows.find(key) {
        Some((said, known)) => (*said, known),
        None => {
            let said = find();
            (said, memory.rows.put(key, said))
        }
    };
    memory.rows.came(trail, known);
    (said, known, numbers)
}

/// True for a benefit that names entities or is rejected.
#[inline]
fn is_heavy(context: &Context<'_>, node: u32) -> bool {
    let children = context.tree.children(node);
    children
        .iter()
        .any(|child| !is_place(context.document, context.tree, *child))
        || (context.rejects && context.own(Some(node), AAA).next().is_some())
}

/// Reads what hangs on rows.
struct Hanging<'c, 'a> {
    context: &'c Context<'a>,
    delimiters: Delimiters,
    /// The last DTP: rows that follow each other mostly have the same date.
    latest: (&'a [u8], Option<Dated<'a>>),
}

impl<'c, 'a> Hanging<'c, 'a> {
    fn of(context: &'c Context<'a>, delimiters: Delimiters) -> Hanging<'c, 'a> {
        Hanging {
            context,
            delimiters,
            latest: (b"", None),
        }
    }

    #[inline(never)]
    fn put(&mut self, row: &mut Row<'a>) {
        let document = self.context.document;
        for &segment in row.hanging {
            match document.segments[segment as usize].id {
                DTP => {
                    let sent = document.bytes(segment);
                    if sent != self.latest.0 {
                        let tables = self.context.preferences.tables();
                        self.latest = (sent, date(document, segment, self.delimiters, tables));
                    }
                    if let Some(date) = self.latest.1 {
                        row.dates.push(Dated { segment, ..date });
                    }
                }
                MSG => row.has_message = true,
                AAA => row.has_rejection = true,
                _ => {}
            }
        }
    }
}

/// A DTP whose date can be read.
fn date<'a>(
    document: &'a Document,
    segment: u32,
    delimiters: Delimiters,
    tables: &Tables,
) -> Option<Dated<'a>> {
    let sent = document.elements(segment, delimiters.element);
    let known = read_dtp(&sent, tables)?;
    Some(Dated::of(segment, sent.get(1), &known))
}
