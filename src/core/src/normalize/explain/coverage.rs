//! Coverage, the elements of the status row, and rejections.

use super::words::{Rule, Word};
use super::{
    Candidate, Found, Reason, Why, because, chosen, element, found, lost, refused, used, whole,
};
use crate::normalize::At;
use crate::normalize::coverage::{Decision, Status, name_window};
use crate::normalize::dates::serves;
use crate::normalize::preferences::holds;
use crate::normalize::rows::{MSG, Row};

impl Why<'_, '_> {
    pub(super) fn coverage(&self) -> Reason {
        let coverage = &self.record.coverage;
        let other_time = coverage.row.and_then(|row| coverage.tier(row)) == Some(3);
        let rule = match coverage.decision {
            Decision::PlanStatus if other_time => Rule::PlanStatusOfOtherTime,
            Decision::PlanStatus => Rule::PlanStatus,
            Decision::ServiceStatus if other_time => Rule::ServiceStatusOfOtherTime,
            Decision::ServiceStatus => Rule::ServiceStatus,
            Decision::Implied => Rule::Implied,
            Decision::NonCovered => Rule::NonCovered,
            Decision::Nothing => Rule::NoStatus,
        };
        let candidates = self.status_rows();
        let source = candidates.iter().find(|one| one.verdict == "chosen");
        let sources = source.map(|one| At {
            segment: one.segment,
            element: 1,
        });
        found(rule, sources.into_iter().collect(), candidates)
    }

    pub(super) fn status_code(&self) -> Reason {
        match self.record.coverage.row {
            Some(_) => Reason {
                rule: Rule::StatusCode.name(),
                ..self.coverage()
            },
            None => self.no_status_row(),
        }
    }

    /// An element of the status row.
    pub(super) fn of_status(&self, number: u8) -> Reason {
        let Some(row) = self.record.coverage.row else {
            return self.no_status_row();
        };
        let segment = self.row_segment(row);
        let reason = self.element(self.context.said(segment, number), Some(segment), number);
        Reason {
            rule: Rule::StatusRow.name(),
            ..reason
        }
    }

    fn no_status_row(&self) -> Reason {
        let rows = self.record.rows.iter();
        let candidates =
            rows.map(|row| refused(row.segment, Word::NotAStatus, element(row.segment, 1)));
        found(Rule::NoStatusRow, Vec::new(), candidates.collect())
    }

    fn status_rows(&self) -> Vec<Candidate> {
        let rows = &self.record.rows;
        let judge = |at: usize| match self.status_class(at) {
            Some(class) => Some(self.judged(at, class)),
            None => self.unclassed(at),
        };
        let mut all: Vec<Candidate> = (0..rows.len()).filter_map(judge).collect();
        if self.record.coverage.decision == Decision::Nothing {
            let rejections = self.record.rejections.all.iter();
            all.extend(rejections.map(|one| {
                refused(
                    one.segment,
                    Word::RejectionIsNoStatus,
                    element(one.segment, 3),
                )
            }));
        }
        all
    }

    /// What became of a row with a status code.
    fn judged(&self, at: usize, class: Status) -> Candidate {
        let coverage = &self.record.coverage;
        let segment = self.row_segment(at);
        let leading = coverage
            .row
            .and_then(|row| Some((self.status_class(row)?, coverage.tier(row)?)));
        match (coverage.tier(at), leading) {
            (Some(tier), _) if coverage.row == Some(at) => {
                let word = match tier {
                    1 => Word::CoversTheDay,
                    2 => Word::SaysNoOtherTime,
                    _ => Word::OtherTime,
                };
                chosen(segment, vec![because(word, self.at_tier(at, tier))])
            }
            (Some(tier), Some((status, best)))
                if tier == best && (tier == 3 || class == status) =>
            {
                lost(segment, Word::DocumentOrder, None)
            }
            (Some(tier), Some((_, best))) if tier == best => {
                lost(segment, Word::InactiveBesideActive, element(segment, 1))
            }
            (Some(3), _) => lost(segment, Word::OtherTime, self.at_tier(at, 3)),
            (Some(_), _) => lost(segment, Word::UndatedBesideDated, None),
            (None, _) if coverage.decision == Decision::ServiceStatus => {
                refused(segment, Word::NotRequested, element(segment, 3))
            }
            (None, _) => {
                let number = if self.record.rows[at].is_procedure() {
                    13
                } else {
                    3
                };
                refused(segment, Word::ServiceLevel, element(segment, number))
            }
        }
    }

    /// What a row without a status code did for the coverage, if anything.
    fn unclassed(&self, at: usize) -> Option<Candidate> {
        let rules = &self.context.preferences.coverage;
        let coverage = &self.record.coverage;
        let row = &self.record.rows[at];
        let is_first =
            |keeps: &dyn Fn(&Row<'_>) -> bool| self.record.rows.iter().position(keeps) == Some(at);
        let implies = |row: &Row<'_>| holds(&rules.implied_by, row.information());
        let non_covered = |row: &Row<'_>| holds(&rules.non_covered, row.information());
        let of_plan = |row: &Row<'_>| {
            non_covered(row)
                && !row.is_procedure()
                && row.is_about_plan(&rules.plan_service_types)
                && !holds(&rules.non_covered_not_networks, row.element(12))
        };
        match coverage.decision {
            Decision::Implied if implies(row) && is_first(&implies) => {
                Some(chosen(row.segment, Vec::new()))
            }
            Decision::Implied if implies(row) => Some(used(row.segment, Word::AlsoImplies)),
            Decision::NonCovered if of_plan(row) && is_first(&of_plan) => {
                Some(chosen(row.segment, Vec::new()))
            }
            Decision::NonCovered if of_plan(row) => {
                Some(lost(row.segment, Word::DocumentOrder, None))
            }
            _ if non_covered(row) => Some(refused(
                row.segment,
                Word::SpeaksOfServices,
                self.of_service(row),
            )),
            Decision::Nothing => Some(refused(
                row.segment,
                Word::NotAStatus,
                element(row.segment, 1),
            )),
            _ => None,
        }
    }

    /// By what a row speaks of a service or of one network.
    fn of_service(&self, row: &Row<'_>) -> Found {
        let rules = &self.context.preferences.coverage;
        match () {
            () if row.is_procedure() => element(row.segment, 13),
            () if !row.is_about_plan(&rules.plan_service_types) => element(row.segment, 3),
            () if holds(&rules.non_covered_not_networks, row.element(12)) => {
                element(row.segment, 12)
            }
            () => element(row.segment, 1),
        }
    }

    pub(super) fn status_class(&self, row: usize) -> Option<Status> {
        let rules = &self.context.preferences.coverage;
        let code = self.record.rows[row].information();
        if holds(&rules.active, code) {
            Some(Status::Active)
        } else if holds(&rules.inactive, code) {
            Some(Status::Inactive)
        } else {
            None
        }
    }

    /// The date by which a status row is about the day asked for, or about another time.
    fn at_tier(&self, at: usize, tier: u8) -> Found {
        let (row, rules, asked) = (
            &self.record.rows[at],
            &self.context.preferences.tables().dates,
            &self.context.asked,
        );
        let own = row.window(self.context);
        let segment = match tier {
            1 => {
                let service = row
                    .dates
                    .iter()
                    .find(|date| serves(&[**date], rules, asked));
                service
                    .map(|date| date.segment)
                    .or_else(|| own.start.or(own.end).map(|(_, segment)| segment))
            }
            3 => {
                let is_active = self.status_class(at) == Some(Status::Active);
                let window = if own.exists() || !is_active {
                    own
                } else {
                    name_window(self.context)
                };
                let side = if window.ended_before(asked.day) {
                    window.end
                } else {
                    window.start
                };
                side.map(|(_, segment)| segment)
            }
            _ => None,
        };
        segment.and_then(whole)
    }

    pub(super) fn outcome(&self) -> Reason {
        let rejections = &self.record.rejections;
        let rules = &self.context.preferences.rejections;
        let of = |at: usize| {
            self.context.grammar.loops[rejections.all[at].of as usize]
                .id
                .as_str()
        };
        let place = |at: usize| {
            rules
                .levels
                .iter()
                .position(|level| level == of(at))
                .unwrap_or(rules.levels.len())
        };
        let judge = |at: usize| {
            let segment = rejections.all[at].segment;
            match rejections.primary {
                Some(primary) if primary == at => chosen(segment, Vec::new()),
                Some(primary) if place(primary) == place(at) => {
                    lost(segment, Word::DocumentOrder, None)
                }
                Some(_) => lost(segment, Word::LaterLoop, None),
                None if rules.benefit_levels.iter().any(|level| level == of(at)) => {
                    refused(segment, Word::BenefitLevelBesideStatus, None)
                }
                None => refused(segment, Word::UnlistedLoop, None),
            }
        };
        let primary = rejections.primary.map(|at| At {
            segment: rejections.all[at].segment,
            element: 3,
        });
        let rule = if primary.is_some() {
            Rule::PrimaryRejection
        } else {
            Rule::NoRejection
        };
        found(
            rule,
            primary.into_iter().collect(),
            (0..rejections.all.len()).map(judge).collect(),
        )
    }

    /// The payer's words about the rejection, and the messages that are no such words.
    pub(super) fn text(&self) -> Reason {
        let sources = self.record.rejections.text.clone();
        let tells = &self.context.preferences.coverage.text_from;
        let mut rule = Rule::TextOfRejection;
        let mut candidates = Vec::new();
        for row in &self.record.rows {
            for segment in row.own(self.context, MSG) {
                let is_used = sources.iter().any(|at| at.segment == segment);
                if is_used && !holds(tells, row.information()) {
                    rule = Rule::FirstMessage;
                }
                candidates.push(match is_used {
                    true => chosen(segment, Vec::new()),
                    false if self.context.said(segment, 1).is_none() => {
                        refused(segment, Word::ElementEmpty, element(segment, 1))
                    }
                    false => refused(segment, Word::NotAboutTheRejection, element(row.segment, 1)),
                });
            }
        }
        found(rule, sources, candidates)
    }
}
