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
                    put_elements(references.more(), &sent, Sent::trimmed, encoding);
                }
                HSD => {
                    let sent = document.elements(segment, separator);
                    put_elements(deliveries.item(at), &sent, |sent| sent, encoding);
                }
                _ => {}
            }
        }
        for (counts, list) in counts.iter_mut().zip([&*references, dates, messages]) {
            counts[count % TOGETHER] = list.count() as i32;
        }
        count += 1;
        if row.below.is_empty() {
            continue;
        }
        for segment in row.places_below(told.context) {
            let sent = document.elements(segment, separator);
            let [qualifier, place] = sent.places(1);
            if qualifier.bytes() == b"ZZ" {
                let (item, into) = places.item(at);
                into[0].put_always(item, &place, encoding);
            } else {
                put_elements(injuries.item(at), &sent, Sent::trimmed, encoding);
            }
        }
        for node in row.entities(told.context) {
            put_entity(entities.item(at), told, node);
        }
    }
    for (counts, list) in counts.iter().zip([references, dates, messages]) {
        list.close(first, counts.get(..count).unwrap_or(&[]));
    }
}

/// The elements of a segment, each in its column.
#[inline]
fn put_elements<'a>(
    (item, into): (usize, &mut [Builder]),
    sent: &Elements<'a>,
    made: impl Fn(Sent<'a>) -> Sent<'a>,
    encoding: Encoding,
) {
    let mut columns = into.iter_mut();
    sent.each(|sent| {
        if let Some(column) = columns.next() {
            column.element(item, &made(sent), encoding);
        }
    });
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
    let elements = |segment: u32| {
        let separator = told.delimiters.element;
        context.document.elements(segment, separator)
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
    let mut name: [Option<&mut Builder>; 11] = [
        None,
        Some(entity),
        None,
        Some(last),
        Some(first),
        Some(middle),
        None,
        Some(suffix),
        Some(identifier_qualifier),
        Some(identifier),
        Some(relationship),
    ];
    if let Some(segment) = party.name {
        let mut number = 0;
        elements(segment).each(|sent| {
            number += 1;
            let sent = sent.trimmed();
            if number == 2 {
                is_person.flag(item, sent.bytes() == b"1");
            } else if let Some(Some(column)) = name.get_mut(number) {
                column.element(item, &sent, encoding);
            }
        });
    }
    if let Some(provider) = context.own(Some(node), PRV).next() {
        let [provider_role, _, code] = elements(provider).places(1);
        role.element(item, &provider_role, encoding);
        taxonomy.element(item, &code, encoding);
    }
    if party.street.is_some() || party.city.is_some() {
        address.sent(item, &told.address(&party), Encoding::UTF8);
    }
    let Builder::List(contacts) = contacts else {
        return;
    };
    for &segment in &party.contacts {
        let sent: [Sent<'_>; 8] = elements(segment).places(1);
        for kind in [3, 5, 7].into_iter().filter(|at| !sent[at - 1].is_empty()) {
            let (at, into) = contacts.item(item);
            for (column, number) in into.iter_mut().zip([2, kind, kind + 1]) {
                column.element(at, &sent[number - 1], encoding);
            }
        }
    }
}
