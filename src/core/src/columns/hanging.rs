//! What hangs on an EB: its procedure, the segments of its loop, and the loops below.

use super::build::{Builder, List};
use super::cells::Encoding;
use super::told::{Parts, Told};
use crate::document::parts;
use crate::elements::{Elements, Sent};
use crate::normalize::dates::{DTP, Dated, When};
use crate::normalize::people::Party;
use crate::normalize::rows::{HSD, MSG, PRV, REF, Row};

/// Qualifier, code, modifiers, description and end of range.
pub fn put_procedure(into: &mut [&mut Builder; 5], at: usize, told: &Told<'_>, row: &Row<'_>) {
    let encoding = told.encoding;
    let parts = Parts::of(row.element(13), told.delimiters.component);
    let [qualifier, code, modifiers, description, range_end] = into;
    qualifier.sent(at, parts.get(0), encoding);
    code.sent(at, parts.get(1), encoding);
    description.sent(at, parts.get(6), encoding);
    range_end.sent(at, parts.get(7), encoding);
    for number in 2..6 {
        put_item(modifiers, at, parts.get(number), encoding);
    }
}

pub fn put_pointers(into: &mut Builder, at: usize, told: &Told<'_>, row: &Row<'_>) {
    let separator = told.delimiters.component;
    let sent = row.element(14);
    for part in sent.split(|byte| *byte == separator && separator != 0) {
        put_item(into, at, part, told.encoding);
    }
}

/// A part that is there as an item of a list of texts.
fn put_item(into: &mut Builder, at: usize, part: &[u8], encoding: Encoding) {
    if let (Some(list), false) = (into.list(), part.is_empty()) {
        let (item, into) = list.item(at);
        into[0].sent(item, part, encoding);
    }
}

/// What hangs on the EB.
#[inline]
pub fn put_lists(lists: &mut [Builder], at: usize, told: &Told<'_>, row: &Row<'_>) {
    let [
        Builder::List(deliveries),
        Builder::List(references),
        Builder::List(dates),
        Builder::List(messages),
        Builder::List(places),
        Builder::List(injuries),
        Builder::List(entities),
    ] = lists
    else {
        return;
    };
    let document = told.context.document;
    let separator = told.delimiters.element;
    let segments = told.context.tree.segments(row.node);
    // They stand in the same order.
    let mut known = row.dates.iter().peekable();
    for &segment in segments.iter().skip(1) {
        match document.segments[segment as usize].id {
            DTP => {
                let known = known.next_if(|date| date.segment == segment);
                put_date(dates, at, told, segment, known);
            }
            MSG => {
                let [text] = document.elements(segment, separator).places(1);
                let (item, into) = messages.item(at);
                into[0].put_always(item, &text, told.encoding);
            }
            REF => {
                let sent = document.elements(segment, separator);
                put_elements(references, at, &sent, told.encoding);
            }
            HSD => {
                let (item, into) = deliveries.item(at);
                let parts = document.parts(segment, separator);
                for (builder, part) in into.iter_mut().zip(parts.skip(1)) {
                    builder.sent(item, part.bytes(), told.encoding);
                }
            }
            _ => {}
        }
    }
    for &segment in &row.places {
        let sent = document.elements(segment, separator);
        let [qualifier, place] = sent.places(1);
        if qualifier.bytes() == b"ZZ" {
            let (item, into) = places.item(at);
            into[0].put_always(item, &place, told.encoding);
        } else {
            put_elements(injuries, at, &sent, told.encoding);
        }
    }
    for &node in &row.entities {
        put_entity(told, entities, at, node);
    }
}

/// The first elements of a segment, as many as the list has columns.
fn put_elements(into: &mut List, at: usize, sent: &Elements<'_>, encoding: Encoding) {
    let (item, into) = into.item(at);
    let sent: [Sent<'_>; 4] = sent.places(1);
    for (builder, sent) in into.iter_mut().zip(&sent) {
        builder.element(item, sent, encoding);
    }
}

/// A DTP: its qualifier, and the day or days if they can be read.
#[inline]
fn put_date(into: &mut List, at: usize, told: &Told<'_>, segment: u32, known: Option<&Dated<'_>>) {
    let (item, [qualifier, start, end]) = into.item(at) else {
        return;
    };
    let Some(known) = known else {
        qualifier.sent(item, told.text(segment, 1), told.encoding);
        return;
    };
    qualifier.sent(item, known.qualifier, told.encoding);
    match known.when {
        When::Day(day) => start.date(item, Some(day)),
        When::Range(first, last) => {
            start.date(item, Some(first));
            end.date(item, Some(last));
        }
    }
}

/// A loop 2120.
fn put_entity(told: &Told<'_>, entities: &mut List, at: usize, node: u32) {
    let (context, encoding) = (told.context, told.encoding);
    let party = Party::of(context, Some(node));
    let provider = context.own(Some(node), PRV).next();
    let elements = |segment: Option<u32>| -> [&[u8]; 11] {
        let bytes = segment.map_or(b"".as_slice(), |at| context.document.bytes(at));
        parts(bytes, told.delimiters.element).map(<[u8]>::trim_ascii)
    };
    let name = elements(party.name);
    let provider = elements(provider);
    let (item, into) = entities.item(at);
    let [
        entity,
        is_person,
        last,
        first,
        middle,
        suffix,
        identifier_qualifier,
        identifier,
        relationship,
        address,
        role,
        taxonomy,
        contacts,
    ] = into
    else {
        return;
    };
    for (builder, sent) in [
        (entity, name[1]),
        (last, name[3]),
        (first, name[4]),
        (middle, name[5]),
        (suffix, name[7]),
        (identifier_qualifier, name[8]),
        (identifier, name[9]),
        (relationship, name[10]),
        (role, provider[1]),
        (taxonomy, provider[3]),
    ] {
        builder.sent(item, sent, encoding);
    }
    is_person.flag(item, name[2] == b"1");
    address.sent(item, &told.address(&party), Encoding::UTF8);
    let Some(contacts) = contacts.list() else {
        return;
    };
    for &segment in &party.contacts {
        let sent = elements(Some(segment));
        for number in [3, 5, 7].into_iter().filter(|at| !sent[*at].is_empty()) {
            let (at, into) = contacts.item(item);
            for (builder, number) in into.iter_mut().zip([2, number, number + 1]) {
                builder.sent(at, sent[number], encoding);
            }
        }
    }
}
