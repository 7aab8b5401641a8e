//! Dates and reference numbers.

use super::words::{Rule, Word};
use super::{Candidate, Found, Reason, Why, chosen, element, found, lost, refused};
use crate::normalize::dates::{DTP, Dated, When, dated};
use crate::normalize::people::{BHT, answered};
use crate::normalize::preferences::holds;
use crate::normalize::record::reference_places;
use crate::normalize::rows::REF;

/// Where a DTP stands, seen from the field that it may give.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    StatusRow,
    ActiveSpan,
    Patient,
    Subscriber,
}

impl Why<'_, '_> {
    /// When coverage starts or ends.
    pub(super) fn window(&self, start: bool) -> Reason {
        let coverage = &self.record.coverage;
        let side = if start {
            coverage.window.start
        } else {
            coverage.window.end
        };
        let chosen_segment = side.map(|(_, segment)| segment);
        let either = coverage
            .window
            .start
            .or(coverage.window.end)
            .map(|(_, segment)| self.owner(segment));
        let status = coverage.row.map(|row| self.record.rows[row].node);
        let origin = match either {
            Some(node) if Some(node) == status => Place::StatusRow,
            Some(node) if Some(node) == self.patient.name() => Place::Patient,
            Some(_) => Place::ActiveSpan,
            None => Place::Patient,
        };
        let places = [
            (Place::StatusRow, status),
            (
                Place::ActiveSpan,
                either.filter(|_| origin == Place::ActiveSpan),
            ),
            (Place::Patient, self.patient.name()),
            (
                Place::Subscriber,
                self.patient
                    .subscriber_name
                    .filter(|_| self.patient.is_dependent()),
            ),
        ];
        let mut candidates = Vec::new();
        for (place, node) in places {
            let Some(node) = node else { continue };
            let readable = dated(
                self.context.document,
                self.context.tree.segments(node),
                self.context.preferences.tables(),
            );
            for segment in self.context.own(Some(node), DTP) {
                let date = readable.iter().find(|date| date.segment == segment);
                candidates.push(if chosen_segment == Some(segment) {
                    chosen(segment, Vec::new())
                } else {
                    self.passed_over(segment, date, start, place, origin)
                });
            }
        }
        let rule = match origin {
            Place::StatusRow => Rule::WindowOfStatusRow,
            Place::ActiveSpan => Rule::WindowOfActiveSpan,
            Place::Patient | Place::Subscriber => Rule::WindowOfPatient,
        };
        found(
            rule,
            chosen_segment
                .and_then(|segment| element(segment, 3))
                .into_iter()
                .collect(),
            candidates,
        )
    }

    /// Why a DTP did not give the start or end.
    fn passed_over(
        &self,
        segment: u32,
        date: Option<&Dated<'_>>,
        start: bool,
        place: Place,
        origin: Place,
    ) -> Candidate {
        let rules = &self.context.preferences.dates;
        let (order, names) = if start {
            (&rules.start, &rules.name_start)
        } else {
            (&rules.end, &rules.name_end)
        };
        let Some(date) = date else {
            return refused(segment, Word::Unreadable, element(segment, 3));
        };
        let of_name = place == Place::Patient && holds(names, date.qualifier);
        let qualifier = element(segment, 1);
        if place == Place::Subscriber {
            return refused(segment, Word::SubscribersDate, None);
        }
        if !holds(order, date.qualifier) && !of_name {
            return refused(segment, Word::OtherQualifier, qualifier);
        }
        if self
            .context
            .asked
            .is_echo(date, &self.context.preferences.tables().dates)
        {
            return refused(segment, Word::EchoOfQuestion, element(segment, 3));
        }
        match date.when {
            When::Day(_) if !start && holds(&rules.start_if_single, date.qualifier) => {
                refused(segment, Word::SingleDateIsStart, element(segment, 3))
            }
            _ if place != origin => lost(segment, Word::LaterPlace, None),
            When::Day(end) | When::Range(_, end) if !start && end.year >= rules.open_from_year => {
                refused(segment, Word::OpenEnd, element(segment, 3))
            }
            _ => lost(segment, Word::LaterQualifier, qualifier),
        }
    }

    pub(super) fn date_of_service(&self) -> Reason {
        match (self.record.day_at, self.record.day) {
            (None, Some(_)) => found(Rule::CallersDate, Vec::new(), Vec::new()),
            (at, _) => found(Rule::ImpliedDate, at.into_iter().collect(), self.days(at)),
        }
    }

    /// What could have given the date of service: the patient's dates and the date of the answer.
    fn days(&self, at: Found) -> Vec<Candidate> {
        let rules = &self.context.preferences.dates;
        let node = self.patient.name();
        let segments = node.map_or(&[] as &[u32], |node| self.context.tree.segments(node));
        let readable = dated(
            self.context.document,
            segments,
            self.context.preferences.tables(),
        );
        let mut candidates = Vec::new();
        for segment in self.context.own(node, DTP) {
            let date = readable.iter().find(|date| date.segment == segment);
            let qualifier = self.text_of(segment, 1);
            candidates.push(match date {
                _ if at.is_some_and(|at| at.segment == segment) => chosen(segment, Vec::new()),
                _ if !holds(&rules.date_of_service, qualifier) => {
                    refused(segment, Word::OtherQualifier, element(segment, 1))
                }
                None => refused(segment, Word::Unreadable, element(segment, 3)),
                Some(Dated {
                    when: When::Range(..),
                    ..
                }) if holds(&rules.start_if_single, qualifier) => {
                    refused(segment, Word::RangeIsThePlans, element(segment, 3))
                }
                Some(_) => lost(segment, Word::LaterQualifier, element(segment, 1)),
            });
        }
        for segment in self.context.own(Some(0), BHT).take(1) {
            let is_readable = answered(self.context.document, self.context.tree).is_some();
            candidates.push(match is_readable {
                _ if at.is_some_and(|at| at.segment == segment) => chosen(segment, Vec::new()),
                true => lost(segment, Word::LaterPlace, None),
                false if self.context.said(segment, 4).is_none() => {
                    refused(segment, Word::ElementEmpty, element(segment, 4))
                }
                false => refused(segment, Word::Unreadable, element(segment, 4)),
            });
        }
        candidates
    }

    /// A number of the status row, the patient or the subscriber.
    pub(super) fn reference(&self, at: Found, codes: &[String]) -> Reason {
        let status = self
            .record
            .coverage
            .row
            .map(|row| self.record.rows[row].node);
        let places = reference_places(self.context, self.patient, status).collect::<Vec<_>>();
        let candidates = self.references(&places, at, codes);
        found(Rule::Reference, at.into_iter().collect(), candidates)
    }

    pub(super) fn account_number(&self) -> Reason {
        let codes = &self.context.preferences.references.account_number;
        let at = self.record.account_number;
        let candidates = self.references(&[self.patient.subscriber_name], at, codes);
        found(Rule::AccountNumber, at.into_iter().collect(), candidates)
    }

    pub(super) fn member_id(&self) -> Reason {
        let rules = &self.context.preferences.references;
        let at = self.record.member_id;
        let mut candidates = Vec::new();
        if let Some(segment) = self.record.subscriber.party.name {
            candidates.push(match at {
                Some(at) if at.segment == segment => chosen(segment, Vec::new()),
                _ if self.context.said(segment, 9).is_none() => {
                    refused(segment, Word::ElementEmpty, element(segment, 9))
                }
                _ => refused(segment, Word::OtherQualifier, element(segment, 8)),
            });
        }
        candidates.extend(self.references(&[self.patient.subscriber_name], at, &rules.member_id));
        found(Rule::MemberId, at.into_iter().collect(), candidates)
    }

    /// The REF segments of some places, in the order in which those are searched.
    fn references(&self, places: &[Option<u32>], at: Found, codes: &[String]) -> Vec<Candidate> {
        let segments = places.iter().flat_map(|node| self.context.own(*node, REF));
        segments
            .map(|segment| self.passed_reference(segment, at, codes))
            .collect()
    }

    fn passed_reference(&self, segment: u32, at: Found, codes: &[String]) -> Candidate {
        let qualifier = self.text_of(segment, 1);
        let same_place = |at: u32| self.owner(at) == self.owner(segment);
        match at {
            Some(at) if at.segment == segment => chosen(segment, Vec::new()),
            _ if !holds(codes, qualifier) => {
                refused(segment, Word::OtherQualifier, element(segment, 1))
            }
            _ if self.context.said(segment, 2).is_none() => {
                refused(segment, Word::ElementEmpty, element(segment, 2))
            }
            Some(at)
                if !same_place(at.segment)
                    || self.text_of(at.segment, 0) != self.text_of(segment, 0) =>
            {
                lost(segment, Word::LaterPlace, None)
            }
            Some(at) if self.text_of(at.segment, 1) == qualifier => {
                lost(segment, Word::DocumentOrder, None)
            }
            _ => lost(segment, Word::LaterQualifier, element(segment, 1)),
        }
    }
}
