//! Who is in a row of `eligibility`: the people, the payers and the primary care provider.

use super::build::Builder;
use super::eligibility::{Descriptions, Row};
use super::line::Line;
use super::told::Told;
use crate::elements::{Elements, Sent};
use crate::normalize::payers::Payers;
use crate::normalize::preferences::holds;
use crate::normalize::record::{Person, Record};
use crate::numbers::Date;

/// What a person's columns say.
struct Shown<'a> {
    /// NM1.
    name: Elements<'a>,
    birth: Option<Date>,
    gender: Sent<'a>,
    address: Vec<u8>,
}

impl<'a> Shown<'a> {
    fn of(told: &Told<'a>, person: &Person) -> Shown<'a> {
        Shown {
            name: told.elements(person.party.name),
            birth: person.birth.map(|(day, _)| day),
            gender: told.said(person.gender),
            address: told.address(&person.party),
        }
    }

    /// Fills the columns, which are in the order of the table.
    fn put(&self, row: Row, columns: [&mut Builder; 10], member_id: Sent<'_>) {
        let [
            last_name,
            first_name,
            middle_name,
            suffix,
            birth_date,
            gender,
            identifier_qualifier,
            identifier,
            member_ids,
            address,
        ] = columns;
        let name = [
            Some(last_name),
            Some(first_name),
            Some(middle_name),
            None,
            Some(suffix),
            Some(identifier_qualifier),
            Some(identifier),
        ];
        row.run(name, self.name, 3);
        birth_date.date(row.number, self.birth);
        row.sent(gender, self.gender);
        row.sent(member_ids, member_id);
        row.address(address, &self.address);
    }
}

pub fn put_people(row: Row, line: &mut Line<'_>, told: &Told<'_>, record: &Record<'_>) {
    let is_dependent = told.found.patient.is_dependent();
    let member_id = told.said(record.member_id);
    let subscriber = Shown::of(told, &record.subscriber);
    let dependent = is_dependent.then(|| Shown::of(told, &record.patient));
    let own_id = if is_dependent { Sent::NONE } else { member_id };
    dependent.as_ref().unwrap_or(&subscriber).put(
        row,
        [
            line.patient_last_name,
            line.patient_first_name,
            line.patient_middle_name,
            line.patient_suffix,
            line.patient_birth_date,
            line.patient_gender,
            line.patient_identifier_qualifier,
            line.patient_identifier,
            line.patient_member_id,
            line.patient_address,
        ],
        own_id,
    );
    subscriber.put(
        row,
        [
            line.subscriber_last_name,
            line.subscriber_first_name,
            line.subscriber_middle_name,
            line.subscriber_suffix,
            line.subscriber_birth_date,
            line.subscriber_gender,
            line.subscriber_identifier_qualifier,
            line.subscriber_identifier,
            line.subscriber_member_id,
            line.subscriber_address,
        ],
        member_id,
    );
    row.flag(line.is_dependent, is_dependent);
    let said = told.said(record.relationship);
    let relationship = if is_dependent { said.bytes() } else { b"18" };
    row.bytes(line.relationship_code, relationship);
    row.bytes(line.relationship, relationship);
    row.flag(line.identity_changed, record.identity_changed.is_some());
    row.sent(line.account_number, told.said(record.account_number));
}

pub fn put_payer(row: Row, line: &mut Line<'_>, told: &Told<'_>, record: &Record<'_>) {
    let payers = &record.payers;
    let name = [
        Some(&mut *line.payer_name),
        None,
        None,
        None,
        None,
        Some(&mut *line.payer_identifier_qualifier),
        Some(&mut *line.payer_identifier),
    ];
    row.run(name, told.elements(payers.first.name), 3);
    row.sent(line.payer_phone, told.said(payers.phone));
    row.sent(line.payer_fax, told.said(payers.fax));
    row.sent(line.payer_website, told.said(payers.website));
    row.address(line.payer_address, &told.address(&payers.address));
    row.flag(
        line.third_party_administrator,
        payers.administrator.is_some(),
    );
    let name = [
        Some(&mut *line.provider_name),
        Some(&mut *line.provider_first_name),
        None,
        None,
        None,
        Some(&mut *line.provider_identifier_qualifier),
        Some(&mut *line.provider_identifier),
    ];
    row.run(name, told.elements(record.provider.name), 3);
    if let Some(second) = &payers.second {
        let name = told.elements(second.party.name);
        row.sent(line.second_payer_name, name.sent(3));
        row.sent(line.second_payer_identifier, name.sent(9));
    }
}

pub fn put_alternate(
    row: Row,
    line: &mut Line<'_>,
    told: &Told<'_>,
    record: &Record<'_>,
    words: &Descriptions,
) {
    let Some(related) = &record.payers.alternate else {
        return;
    };
    let name = told.elements(related.party.name);
    row.sent(line.alternate_payer_name, name.sent(3));
    row.sent(line.alternate_payer_identifier, name.sent(9));
    row.code(
        line.alternate_payer_entity,
        line.alternate_payer_category,
        name.sent(1),
    );
    let of = &record.rows[related.row];
    let insurance_type = of.element(4);
    let mut kind = words.insurance_types.text(insurance_type);
    if kind.is_empty() {
        kind = words.information.text(of.information());
    }
    row.bytes(line.alternate_payer_type_code, insurance_type);
    row.text(line.alternate_payer_type, kind);
    row.address(line.alternate_payer_address, &told.address(&related.party));
    let phones = &told.context.preferences.contacts.entity_phone;
    let phone = related.party.contact(told.context, phones);
    row.sent(line.alternate_payer_phone, told.said(phone));
}

pub fn put_primary_care(row: Row, line: &mut Line<'_>, told: &Told<'_>, payers: &Payers) {
    if let Some(facility) = &payers.facility {
        row.sent(
            line.primary_care_facility,
            told.elements(facility.party.name).sent(3),
        );
    }
    let Some(related) = &payers.primary_care else {
        return;
    };
    let preferences = told.context.preferences;
    let [name, first_name, .., qualifier, identifier]: [_; 7] =
        told.elements(related.party.name).places(3);
    row.sent(line.primary_care_last_name, name);
    row.sent(line.primary_care_first_name, first_name);
    if holds(&preferences.primary_care.npi_qualifiers, qualifier.bytes()) {
        row.sent(line.primary_care_npi, identifier);
    }
    row.address(line.primary_care_address, &told.address(&related.party));
    let kinds: [&[String]; 2] = [
        &preferences.contacts.entity_phone,
        &preferences.contacts.fax,
    ];
    let [phone, fax] = related.party.contacts(told.context, kinds);
    row.sent(line.primary_care_phone, told.said(phone));
    row.sent(line.primary_care_fax, told.said(fax));
}
