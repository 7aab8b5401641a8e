//! The twenty money fields.

use super::words::{Rule, Word};
use super::{
    Because, Candidate, Found, Reason, Why, because, chosen, element, found, lost, used, whole,
};
use crate::normalize::At;
use crate::normalize::candidates::{Refusal, Verdict, bit, facts, judge, lost_on};
use crate::normalize::dates::excluded;
use crate::normalize::preferences::{Criterion, holds};
use crate::normalize::rows::{MSG, Row};
use crate::normalize::slot_rules::RULES;
use crate::normalize::slots::{Filled, How, choose, is_alike};
use crate::numbers::is_placeholder;

const AMOUNT_FIELDS: usize = 16;

impl<'a> Why<'_, 'a> {
    /// The rows of the field's kind, each with what became of it.
    pub(super) fn amount(&self, slot: usize) -> Reason {
        let (context, record) = (self.context, self.record);
        let filled = &record.amounts[slot];
        let total = (slot < AMOUNT_FIELDS && slot % 2 == 1).then(|| &record.amounts[slot - 1]);
        let filler = total.filter(|total| total.how == How::Placeholder && filled.value.is_none());
        let rule = &RULES[slot];
        let number = if rule.percent { 8 } else { 7 };
        let tables = context.preferences.tables();
        let order = context.preferences.order(rule.group);
        let all = facts(context, &record.rows, &record.coverage, true);
        let best = choose(&all, rule, tables);
        let ties: Vec<usize> = best.ties(&all, rule, tables).collect();
        let leading = best.at.map(|at| &all[at]);
        let mut candidates = Vec::new();
        for facts in &all {
            let Some(verdict) = judge(facts, rule) else {
                continue;
            };
            let row = &record.rows[facts.row];
            let segment = row.segment;
            candidates.push(
                match (verdict, leading.and_then(|leading| judge(leading, rule))) {
                    _ if filled.how == How::Derived && filled.row == Some(facts.row) => {
                        used(segment, Word::Total)
                    }
                    _ if filled.applied == Some(facts.row) => used(segment, Word::Applied),
                    _ if filler.is_some_and(|total| total.row == Some(facts.row)) => refuse(
                        segment,
                        vec![because(Word::Placeholder, element(segment, number))],
                    ),
                    _ if leading.is_some_and(|leading| leading.row == facts.row) => {
                        self.best(segment, filled, filler)
                    }
                    _ if ties.contains(&facts.row) => Candidate {
                        segment,
                        verdict: "tied",
                        reasons: vec![because(Word::DocumentOrder, self.message(row))],
                    },
                    (Verdict::Ranked(ranks), Some(Verdict::Ranked(leading))) => {
                        match lost_on(order, &ranks, &leading) {
                            Some(criterion) => {
                                lost(segment, later(criterion), self.at_criterion(row, criterion))
                            }
                            None => lost(segment, Word::DocumentOrder, None),
                        }
                    }
                    (Verdict::Ranked(_), _) => lost(segment, Word::DocumentOrder, None),
                    (Verdict::Refused(bits), _) => {
                        let accumulator = total.map(|total| (total, best.at.is_some()));
                        refuse(segment, self.refusals(row, bits, number, accumulator))
                    }
                },
            );
        }
        let mut sources = Vec::new();
        if filled.value.is_some() {
            let rows = [filled.row, filled.applied].into_iter().flatten();
            sources.extend(rows.map(|row| At {
                segment: record.rows[row].segment,
                element: number,
            }));
        }
        let name = match (slot, filled.how) {
            (_, How::Derived) => Rule::DerivedRemaining,
            (_, How::Placeholder) => Rule::Placeholder,
            _ if filler.is_some() => Rule::PlaceholderTotal,
            (0..AMOUNT_FIELDS, _) if slot % 2 == 1 => Rule::RemainingAmount,
            (0..AMOUNT_FIELDS, _) => Rule::TotalAmount,
            (16 | 17, _) => Rule::Coinsurance,
            (18, _) => Rule::Copay,
            _ => Rule::SpecialistCopay,
        };
        found(name, sources, candidates)
    }

    /// The row that won; what it says may be a filler all the same.
    fn best(&self, segment: u32, filled: &Filled, filler: Option<&Filled>) -> Candidate {
        let total = filler
            .and_then(|total| total.row)
            .map(|row| self.row_segment(row));
        match (filled.value, total) {
            (Some(_), _) => chosen(segment, Vec::new()),
            (None, Some(total)) => refuse(
                segment,
                vec![because(Word::TotalIsPlaceholder, element(total, 7))],
            ),
            (None, None) => refuse(
                segment,
                vec![because(Word::Placeholder, element(segment, 7))],
            ),
        }
    }

    /// Why a row is refused; `accumulator` is, for a remaining amount, its total and whether one was sent.
    fn refusals(
        &self,
        row: &Row<'a>,
        bits: u16,
        number: u8,
        accumulator: Option<(&Filled, bool)>,
    ) -> Vec<Because> {
        let all: Vec<Refusal> = Refusal::ALL
            .into_iter()
            .filter(|refusal| bits & bit(*refusal) != 0)
            .collect();
        let applied = holds(&self.context.preferences.amounts.applied, row.element(6));
        if let ([Refusal::Period], true, Some((total, is_sent))) =
            (all.as_slice(), applied, accumulator)
        {
            let nines = self.context.preferences.amounts.placeholder_nines;
            let word = match total.row.filter(|_| total.value.is_some()) {
                _ if is_sent => Word::AppliedNotNeeded,
                None => Word::AppliedWithoutTotal,
                Some(at) if !is_alike(row, &self.record.rows[at]) => Word::AppliedUnlikeTotal,
                Some(_) if is_placeholder(row.sent_amount(), nines) => Word::Placeholder,
                Some(_) => Word::DocumentOrder,
            };
            return vec![
                because(Word::OtherPeriod, element(row.segment, 6)),
                because(word, None),
            ];
        }
        all.into_iter()
            .map(|refusal| because(word(refusal), self.at_refusal(row, refusal, number)))
            .collect()
    }

    /// What of the row, or of what hangs on it, the refusal is about.
    fn at_refusal(&self, row: &Row<'a>, refusal: Refusal, number: u8) -> Found {
        let rules = &self.context.preferences.tables().dates;
        match refusal {
            Refusal::NoNumber => element(row.segment, number),
            Refusal::Quantity => element(row.segment, 9),
            Refusal::Procedure => element(row.segment, 13),
            Refusal::OtherDate => {
                excluded(&row.dates, &[], rules, &self.context.asked).and_then(whole)
            }
            Refusal::OtherPlan => {
                element(row.segment, if self.differs_in_name(row) { 5 } else { 4 })
            }
            Refusal::ServiceType => element(row.segment, 3),
            Refusal::Network => element(row.segment, 12),
            Refusal::Level => element(row.segment, 2),
            Refusal::Period => element(row.segment, 6),
            Refusal::Place => self.place(row),
            Refusal::Message | Refusal::SpecialistOnly | Refusal::NoSpecialist => self.message(row),
        }
    }

    fn at_criterion(&self, row: &Row<'a>, criterion: Criterion) -> Found {
        match criterion {
            Criterion::ServiceType => element(row.segment, 3),
            Criterion::Network => element(row.segment, 12),
            Criterion::Level => element(row.segment, 2),
            Criterion::Period => element(row.segment, 6),
            Criterion::Place => self.place(row),
            Criterion::Message => self.message(row),
        }
    }

    fn place(&self, row: &Row<'a>) -> Found {
        row.places_below(self.context).next().and_then(whole)
    }

    fn message(&self, row: &Row<'a>) -> Found {
        row.own(self.context, MSG).next().and_then(whole)
    }

    /// True if plans are told apart by EB05 and this row's differs. SPEC 3.3.7.
    fn differs_in_name(&self, row: &Row<'a>) -> bool {
        let (rows, coverage) = (&self.record.rows, &self.record.coverage);
        let mut names = coverage
            .plan_rows
            .iter()
            .map(|at| rows[*at].element(5))
            .filter(|name| !name.is_empty());
        let first = names.next();
        let status = coverage
            .row
            .map_or(b"".as_slice(), |at| rows[at].element(5));
        names.any(|name| Some(name) != first)
            && !row.element(5).is_empty()
            && row.element(5) != status
    }
}

fn refuse(segment: u32, reasons: Vec<Because>) -> Candidate {
    Candidate {
        segment,
        verdict: "refused",
        reasons,
    }
}

fn word(refusal: Refusal) -> Word {
    match refusal {
        Refusal::NoNumber => Word::NoNumber,
        Refusal::Quantity => Word::Quantity,
        Refusal::Procedure => Word::Procedure,
        Refusal::OtherDate => Word::DatedElsewhere,
        Refusal::OtherPlan => Word::OtherPlan,
        Refusal::ServiceType => Word::OtherServiceType,
        Refusal::Network => Word::OtherNetwork,
        Refusal::Level => Word::OtherLevel,
        Refusal::Period => Word::OtherPeriod,
        Refusal::Place => Word::OtherPlace,
        Refusal::Message => Word::OtherMessage,
        Refusal::SpecialistOnly => Word::SpecialistOnly,
        Refusal::NoSpecialist => Word::NoSpecialist,
    }
}

fn later(criterion: Criterion) -> Word {
    match criterion {
        Criterion::ServiceType => Word::LaterServiceType,
        Criterion::Network => Word::LaterNetwork,
        Criterion::Level => Word::LaterLevel,
        Criterion::Period => Word::LaterPeriod,
        Criterion::Place => Word::LaterPlaceOfService,
        Criterion::Message => Word::LaterMessage,
    }
}
