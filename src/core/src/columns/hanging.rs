//! What hangs on an EB: its procedure, the segments of its loop, and the loops below.

use super::build::Builder;
use super::cells::Encoding;
use super::grown::TOGETHER;
use super::told::{Parts, Told};
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

/// What hangs on the EBs of rows that follow each other.
pub fn put_lists<'r, 'a: 'r>(
    lists: &mut [Builder],
    first: usize,
    told: &Told<'_>,
    rows: impl Iterator<Item = &'r Row<'a>>,
) {
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
    let (document, encoding) = (told.context.document, told.encoding);
    let separator = told.delimiters.element;
    // How many references, dates and messages there were after each row.
    let mut counts = [[0; TOGETHER]; 3];
    let mut count = 0;
    for (at, row) in (first..).zip(rows).take(TOGETHER) {
        let segments = told.context.tree.segments(row.node);
        // They stand in the same order.
        let mut dated = 0;
        for &segment in segments.iter().skip(1) {
            match document.segments[segment as usize].id {
                DTP => {
                    let known = row.dates.get(dated);
                    let known = known.filter(|date| date.segment == segment);
                    dated += usize::from(known.is_some());
                    put_date(dates.more(), told, segment, known);
                }
                MSG => {
                    let text = document.elements(segment, separator).first();
                    let (item, into) = messages.more();
                    into[0].put_always(item, &text, encoding);
                }
                REF => {
                    let sent = document.elements(segment, separator);
                    let sent: [Sent<'_>; 3] = sent.places(1);
                    put_elements(references.more(), &sent, encoding);
                }
                HSD => {
                    let sent = document.elements(segment, separator);
                    let sent: [Sent<'_>; 8] = sent.as_sent(1);
                    put_elements(deliveries.item(at), &sent, encoding);
                }
                _ => {}
            }
        }
        for (counts, list) in counts.iter_mut().zip([&*references, dates, messages]) {
            counts[count % TOGETHER] = list.count() as i32;
        }
        count += 1;
        if row.places.is_none() && row.entities.is_none() {
            continue;
        }
        for &segment in &row.places {
            let sent = document.elements(segment, separator);
            let [qualifier, place] = sent.places(1);
            if qualifier.bytes() == b"ZZ" {
                let (item, into) = places.item(at);
                into[0].put_always(item, &place, encoding);
            } else {
                let sent: [Sent<'_>; 4] = sent.places(1);
                put_elements(injuries.item(at), &sent, encoding);
            }
        }
        for &node in &row.entities {
            put_entity(entities.item(at), told, node);
        }
    }
    for (counts, list) in counts.iter().zip([references, dates, messages]) {
        list.close(first, counts.get(..count).unwrap_or(&[]));
    }
}

/// The elements of a segment, each in its column.
#[inline]
fn put_elements((item, into): (usize, &mut [Builder]), sent: &[Sent<'_>], encoding: Encoding) {
    for (builder, sent) in into.iter_mut().zip(sent) {
        builder.element(item, sent, encoding);
    }
}

/// A DTP: its qualifier, and the day or days if they can be read.
#[inline]
fn put_date(
    (item, into): (usize, &mut [Builder]),
    told: &Told<'_>,
    segment: u32,
    known: Option<&Dated<'_>>,
) {
    let [qualifier, start, end] = into else {
        return;
    };
    let Some(known) = known else {
        qualifier.sent(item, told.text(segment, 1), told.encoding);
        return;
    };
    match qualifier {
        Builder::Texts(qualifier) if told.encoding.as_is && !known.qualifier.is_empty() => {
            qualifier.push(item, known.qualifier);
        }
        other => other.sent(item, known.qualifier, told.encoding),
    }
    match known.when {
        When::Day(day) => start.date(item, Some(day)),
        When::Range(first, last) => {
            start.date(item, Some(first));
            end.date(item, Some(last));
        }
    }
}

/// A loop 2120.
fn put_entity((item, into): (usize, &mut [Builder]), told: &Told<'_>, node: u32) {
    let (context, encoding) = (told.context, told.encoding);
    let party = Party::of(context, Some(node));
    let provider = context.own(Some(node), PRV).next();
    let elements = |segment: Option<u32>| -> [Sent<'_>; 10] {
        let separator = told.delimiters.element;
        let sent = segment.map(|at| context.document.elements(at, separator));
        sent.unwrap_or(Elements::NONE).places(1)
    };
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
    let name = elements(party.name);
    is_person.flag(item, name[1].bytes() == b"1");
    for (builder, number) in [
        (entity, 1),
        (last, 3),
        (first, 4),
        (middle, 5),
        (suffix, 7),
        (identifier_qualifier, 8),
        (identifier, 9),
        (relationship, 10),
    ] {
        builder.element(item, &name[number - 1], encoding);
    }
    if provider.is_some() {
        let provider = elements(provider);
        role.element(item, &provider[0], encoding);
        taxonomy.element(item, &provider[2], encoding);
    }
    if party.street.is_some() || party.city.is_some() {
        address.sent(item, &told.address(&party), Encoding::UTF8);
    }
    let Builder::List(contacts) = contacts else {
        return;
    };
    for &segment in &party.contacts {
        let sent = elements(Some(segment));
        for kind in [3, 5, 7].into_iter().filter(|at| !sent[at - 1].is_empty()) {
            let contact = [sent[1], sent[kind - 1], sent[kind]];
            put_elements(contacts.item(item), &contact, encoding);
        }
    }
}
