//! A loop 2120: somebody who has to do with a benefit.

use super::build::Builder;
use super::cells::Encoding;
use super::told::Told;
use crate::elements::Sent;
use crate::normalize::people::Party;
use crate::normalize::rows::PRV;

/// A loop 2120.
pub fn put_entity((item, into): (usize, &mut [Builder]), told: &Told<'_>, node: u32) {
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
