//! People and their addresses, and the primary care provider.

use super::words::{Rule, Word};
use super::{Candidate, Found, Reason, Why, chosen, element, found, lost, refused};
use crate::finding::NO_SEGMENT;
use crate::normalize::At;
use crate::normalize::payers::Related;
use crate::normalize::people::{DMG, INS, Party};
use crate::normalize::preferences::holds;
use crate::normalize::record::Person;

impl Why<'_, '_> {
    pub(super) fn named(&self, person: &Person, number: u8) -> Reason {
        self.element(
            person.party.said(self.context, number),
            person.party.name,
            number,
        )
    }

    pub(super) fn demographic(&self, at: Found, node: Option<u32>, number: u8) -> Reason {
        self.readable(at, self.context.own(node, DMG).next(), number)
    }

    pub(super) fn relationship(&self) -> Reason {
        if !self.patient.is_dependent() {
            return found(Rule::SubscriberIsSelf, Vec::new(), Vec::new());
        }
        self.element(
            self.record.relationship,
            self.context.own(self.patient.name(), INS).next(),
            2,
        )
    }

    /// The addresses of people.
    pub(super) fn address_field(&self, field: &str) -> Option<Reason> {
        let person = match field {
            "patientAddress" => &self.record.patient,
            "subscriberAddress" => &self.record.subscriber,
            _ => return None,
        };
        Some(self.address(&person.party, Rule::OwnAddress, Vec::new()))
    }

    /// Every element that the address is made of; without any, the name that has none.
    pub(super) fn address(
        &self,
        party: &Party,
        rule: Rule,
        mut candidates: Vec<Candidate>,
    ) -> Reason {
        let parts = [(party.street, 1..=2u8), (party.city, 1..=3u8)];
        let said = parts.into_iter().flat_map(|(segment, elements)| {
            elements.filter_map(move |element| {
                self.context.said(segment.unwrap_or(NO_SEGMENT), element)
            })
        });
        let sources: Vec<At> = said.collect();
        if let (true, Some(name)) = (sources.is_empty(), party.name) {
            candidates.retain(|one| one.segment != name);
            candidates.insert(0, refused(name, Word::NoAddress, None));
        }
        found(rule, sources, candidates)
    }

    /// An element of a related entity's NM1.
    pub(super) fn related(
        &self,
        related: Option<&Related>,
        number: u8,
        rule: Rule,
        mut candidates: Vec<Candidate>,
    ) -> Reason {
        let at = related.and_then(|related| related.party.said(self.context, number));
        if let (None, Some(related)) = (at, related) {
            let segment = self.entity(related.node);
            candidates.retain(|one| one.segment != segment);
            candidates.insert(
                0,
                refused(segment, Word::ElementEmpty, element(segment, number)),
            );
        }
        found(rule, at.into_iter().collect(), candidates)
    }

    pub(super) fn address_of(
        &self,
        related: Option<&Related>,
        rule: Rule,
        candidates: Vec<Candidate>,
    ) -> Reason {
        match related {
            Some(related) => self.address(&related.party, rule, candidates),
            None => found(rule, Vec::new(), candidates),
        }
    }

    /// A number of a related entity; `entities` are those that were looked at for it.
    pub(super) fn contact_of(
        &self,
        related: Option<&Related>,
        kinds: &[String],
        rule: Rule,
        mut entities: Vec<Candidate>,
    ) -> Reason {
        let Some(related) = related else {
            return found(rule, Vec::new(), entities);
        };
        let at = related.party.contact(self.context, kinds);
        let segment = self.entity(related.node);
        if at.is_none() && related.party.contacts.is_empty() {
            entities.retain(|one| one.segment != segment);
            entities.insert(0, refused(segment, Word::NoSuchNumber, None));
        }
        let mut candidates = self.contacts(&[&related.party], at, kinds);
        candidates.extend(
            entities
                .into_iter()
                .filter(|one| at.is_none() || one.segment != segment),
        );
        if at.is_none() {
            candidates.retain(|one| one.verdict != "chosen");
        }
        found(rule, at.into_iter().collect(), candidates)
    }

    /// What became of each PER of some parties.
    pub(super) fn contacts(
        &self,
        parties: &[&Party],
        at: Found,
        kinds: &[String],
    ) -> Vec<Candidate> {
        let segments = parties
            .iter()
            .flat_map(|party| party.contacts.iter().copied());
        let kind_of = |at: At| self.text_of(at.segment, at.element - 1);
        let judge = |segment: u32| {
            let wanted = [3u8, 5, 7].into_iter().find(|number| {
                holds(kinds, self.text_of(segment, *number))
                    && self.context.said(segment, number + 1).is_some()
            });
            match (at, wanted) {
                (Some(at), _) if at.segment == segment => chosen(segment, Vec::new()),
                (Some(at), Some(number)) if kind_of(at) != self.text_of(segment, number) => {
                    lost(segment, Word::LaterQualifier, element(segment, number))
                }
                (_, Some(_)) => lost(segment, Word::DocumentOrder, None),
                (_, None) => refused(segment, Word::NoSuchNumber, None),
            }
        };
        segments.map(judge).collect()
    }

    /// The fields of the primary care provider.
    pub(super) fn carer(&self, field: &str) -> Option<Reason> {
        let care = self.record.payers.primary_care.as_ref();
        let contacts = &self.context.preferences.contacts;
        let people = || self.carers(b"1");
        Some(match field {
            "pcpLastName" => self.related(care, 3, Rule::PrimaryCare, people()),
            "pcpFirstName" => self.related(care, 4, Rule::PrimaryCare, people()),
            "pcpNPI" => self.npi(),
            "pcpAddress" => self.address_of(care, Rule::PrimaryCareAddress, people()),
            "pcpPhone" => self.contact_of(
                care,
                &contacts.entity_phone,
                Rule::PrimaryCareContact,
                people(),
            ),
            "pcpFax" => self.contact_of(care, &contacts.fax, Rule::PrimaryCareContact, people()),
            _ => return None,
        })
    }

    /// Every entity, as the person (NM102 is 1) or organization (2) that gives primary care.
    pub(super) fn carers(&self, person: &[u8]) -> Vec<Candidate> {
        let payers = &self.record.payers;
        let is_person = person == b"1";
        let leading = if is_person {
            &payers.primary_care
        } else {
            &payers.facility
        };
        let rules = &self.context.preferences.primary_care;
        let under = |row: usize| holds(&rules.information, self.record.rows[row].information());
        let leads_under = leading.as_ref().is_some_and(|related| under(related.row));
        let rows = self.record.rows.iter().enumerate();
        let all = rows.flat_map(|(at, row)| row.entities(self.context).map(move |node| (at, node)));
        all.map(|(row, node)| {
            let segment = self.entity(node);
            if leading.as_ref().is_some_and(|related| related.node == node) {
                chosen(segment, Vec::new())
            } else if !under(row) && !holds(&rules.entities, self.text_of(segment, 1)) {
                refused(segment, Word::NotPrimaryCare, element(segment, 1))
            } else if self.text_of(segment, 2) != person {
                let word = if is_person {
                    Word::NotAPerson
                } else {
                    Word::NotAnOrganization
                };
                refused(segment, word, element(segment, 2))
            } else if is_person && leads_under && !under(row) {
                lost(
                    segment,
                    Word::LaterInformationCode,
                    element(self.row_segment(row), 1),
                )
            } else {
                lost(segment, Word::DocumentOrder, None)
            }
        })
        .collect()
    }

    fn npi(&self) -> Reason {
        let mut candidates = self.carers(b"1");
        let Some(related) = &self.record.payers.primary_care else {
            return found(Rule::Npi, Vec::new(), candidates);
        };
        let segment = self.entity(related.node);
        let qualifier = self.text_of(segment, 8);
        if holds(
            &self.context.preferences.primary_care.npi_qualifiers,
            qualifier,
        ) {
            return self.related(Some(related), 9, Rule::Npi, candidates);
        }
        candidates.retain(|one| one.segment != segment);
        candidates.insert(
            0,
            refused(segment, Word::OtherQualifier, element(segment, 8)),
        );
        found(Rule::Npi, Vec::new(), candidates)
    }
}
