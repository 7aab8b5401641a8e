//! The payer's contacts, the second payer and the alternate payer.

use super::words::{Rule, Word};
use super::{Candidate, Found, Reason, Why, chosen, element, found, lost, refused, whole};
use crate::normalize::At;
use crate::normalize::dates::excluded;
use crate::normalize::payers::{kind, offered};
use crate::normalize::people::Party;
use crate::normalize::preferences::rank;

impl Why<'_, '_> {
    /// The payers that plan-level status rows name, beside the one that answered.
    fn named_payers(&self) -> Vec<Party> {
        let code = self.context.preferences.payers.second.first();
        let rows = self
            .record
            .coverage
            .plan_rows
            .iter()
            .map(|row| &self.record.rows[*row]);
        rows.flat_map(|row| row.entities(self.context))
            .filter(|node| code.is_some_and(|code| kind(self.context, *node) == code.as_bytes()))
            .map(|node| Party::of(self.context, Some(node)))
            .collect()
    }

    pub(super) fn payer_contact(&self, at: Found, kinds: &[String]) -> Reason {
        let others = self.named_payers();
        let parties: Vec<&Party> = std::iter::once(&self.record.payers.first)
            .chain(&others)
            .collect();
        found(
            Rule::PayerContact,
            at.into_iter().collect(),
            self.contacts(&parties, at, kinds),
        )
    }

    pub(super) fn payer_address(&self) -> Reason {
        let address = &self.record.payers.address;
        let parties = self.named_payers();
        let named = parties
            .iter()
            .filter_map(|party| Some((party, party.name?)));
        let candidates = named.map(|(party, segment)| match party.has_address(self.context) {
            _ if address.name == Some(segment) => chosen(segment, Vec::new()),
            true => lost(segment, Word::DocumentOrder, None),
            false => refused(segment, Word::NoAddress, None),
        });
        self.address(address, Rule::PayerAddress, candidates.collect())
    }

    pub(super) fn second_payers(&self) -> Vec<Candidate> {
        let leading = self
            .record
            .payers
            .second
            .as_ref()
            .map(|related| related.node);
        let order = &self.context.preferences.payers.second;
        let place = |node: u32| rank(order, kind(self.context, node));
        let best = leading.and_then(place);
        let mut candidates = Vec::new();
        let mut met = false;
        for (at, row) in self.record.rows.iter().enumerate() {
            for node in row.entities(self.context) {
                let segment = self.entity(node);
                let qualifier = element(segment, 1);
                if leading == Some(node) {
                    met = true;
                    candidates.push(chosen(segment, Vec::new()));
                } else if !self.record.coverage.plan_rows.contains(&at) {
                    if place(node).is_some() {
                        candidates.push(refused(
                            segment,
                            Word::NotOnAPlanRow,
                            element(row.segment, 1),
                        ));
                    }
                } else {
                    candidates.push(match (place(node), best) {
                        (None, _) => refused(segment, Word::OtherEntity, qualifier),
                        (Some(own), Some(best)) if own > best => {
                            lost(segment, Word::LaterEntity, qualifier)
                        }
                        // What comes after the chosen one of its own kind was not compared any more.
                        (Some(own), Some(best)) if own == best && met => {
                            lost(segment, Word::DocumentOrder, None)
                        }
                        (Some(_), _) => refused(segment, Word::SameAsPayer, element(segment, 9)),
                    });
                }
            }
        }
        candidates
    }

    pub(super) fn alternates(&self) -> Vec<Candidate> {
        let leading = self
            .record
            .payers
            .alternate
            .as_ref()
            .map(|related| related.node);
        let offered = offered(self.context, &self.record.rows);
        let best = offered
            .iter()
            .find(|one| Some(one.node) == leading)
            .and_then(|one| one.verdict.ok());
        let judged = offered.iter().map(|one| {
            let (segment, row) = (self.entity(one.node), self.row_segment(one.row));
            match (one.verdict, best) {
                _ if leading == Some(one.node) => chosen(segment, Vec::new()),
                (Err(reason), _) => self.no_alternate(segment, one.row, reason),
                (Ok(ranks), Some(best)) => {
                    match (0..ranks.len()).find(|at| ranks[*at] != best[*at]) {
                        Some(0) => lost(segment, Word::LaterInformationCode, element(row, 1)),
                        Some(1) => lost(segment, Word::LaterEntity, element(segment, 1)),
                        Some(_) => lost(segment, Word::LaterServiceType, element(row, 3)),
                        None => lost(segment, Word::DocumentOrder, None),
                    }
                }
                (Ok(_), None) => lost(segment, Word::DocumentOrder, None),
            }
        });
        judged.collect()
    }

    fn no_alternate(&self, segment: u32, row: usize, reason: &str) -> Candidate {
        let benefit = self.row_segment(row);
        let rules = &self.context.preferences.tables().dates;
        match reason {
            "never_a_payer" => refused(segment, Word::NeverAPayer, element(segment, 1)),
            "information_code" => refused(segment, Word::OtherInformationCode, element(benefit, 1)),
            "dated_elsewhere" => {
                let dates = &self.record.rows[row].dates;
                let by = excluded(dates, &rules.other_payer, rules, &self.context.asked);
                refused(segment, Word::DatedElsewhere, by.and_then(whole))
            }
            "service_type" => refused(segment, Word::OtherServiceType, element(benefit, 3)),
            _ => refused(segment, Word::OtherEntity, element(segment, 1)),
        }
    }

    /// EB04 of the alternate payer's row, and EB01 for where no table knows that.
    pub(super) fn alternate_type(&self) -> Reason {
        let Some(related) = &self.record.payers.alternate else {
            return found(Rule::AlternateType, Vec::new(), self.alternates());
        };
        let segment = self.row_segment(related.row);
        let sources: Vec<At> = [4u8, 1]
            .into_iter()
            .filter_map(|number| self.context.said(segment, number))
            .collect();
        found(Rule::AlternateType, sources, self.alternates())
    }
}
