//! Active, inactive or unknown. SPEC 5.2, and the plans of 5.4.

use super::Context;
use super::dates::{Window, serves, window};
use super::preferences::holds;
use super::rows::Row;
use super::tables::{ACTIVE, IMPLIES, NON_COVERED, STATUS};
use crate::finding::Finding;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    Inactive,
    Unknown,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Inactive => "inactive",
            Status::Unknown => "unknown",
        }
    }
}

/// Which rule decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    PlanStatus,
    ServiceStatus,
    Implied,
    NonCovered,
    Nothing,
}

/// One plan that the answer names.
pub struct Plan {
    /// Index of the row that speaks for it.
    pub row: usize,
    pub status: Status,
    pub window: Window,
}

pub struct Coverage {
    pub status: Status,
    pub reason: &'static str,
    pub pending: bool,
    pub decision: Decision,
    /// Index of the status row.
    pub row: Option<usize>,
    /// Indices of the plan-level status rows.
    pub plan_rows: Vec<usize>,
    tiers: Tiers,
    pub plans: Vec<Plan>,
    pub window: Window,
}

impl Coverage {
    /// The tier of a row, if that was looked at.
    pub fn tier(&self, row: usize) -> Option<u8> {
        self.tiers.get(row).copied().filter(|tier| *tier > 0)
    }
}

/// Per row its tier; 0 if that was not looked at.
type Tiers = Vec<u8>;

struct Judge<'c, 'a> {
    context: &'c Context<'a>,
    rows: &'c [Row<'a>],
    name_window: Window,
}

/// What a set of status rows says together.
struct Verdict {
    row: usize,
    status: Status,
    reason: &'static str,
    tier: u8,
}

impl Judge<'_, '_> {
    fn is_active(&self, row: usize) -> bool {
        self.rows[row].said.meaning & ACTIVE != 0
    }

    /// 1: about the day asked for; 3: about another time; 2: undated.
    fn tier(&self, row: usize) -> u8 {
        let day = self.context.asked.day;
        let rules = &self.context.preferences.tables().dates;
        let own = self.rows[row].window(self.context);
        let both = own.start.is_some() && own.end.is_some();
        if serves(&self.rows[row].dates, rules, &self.context.asked)
            || (own.covers(day) && (self.is_active(row) || both))
        {
            return 1;
        }
        let speaks = self.speaking_window(row);
        if speaks.ended_before(day) || speaks.starts_after(day) {
            3
        } else {
            2
        }
    }

    /// The window that can put a row into another time: its own, for an active row without one the patient's.
    fn speaking_window(&self, row: usize) -> Window {
        let own = self.rows[row].window(self.context);
        if own.exists() || !self.is_active(row) {
            own
        } else {
            self.name_window
        }
    }

    /// The first tier that has rows decides.
    fn decide(&self, rows: &[usize], tiers: &mut Tiers) -> Option<Verdict> {
        for &row in rows {
            if tiers[row] == 0 {
                tiers[row] = self.tier(row);
            }
        }
        for tier in 1..=3u8 {
            let here = || rows.iter().copied().filter(|row| tiers[*row] == tier);
            let Some(first) = here().next() else { continue };
            if tier < 3 {
                let active = here().find(|row| self.is_active(*row));
                let status = if active.is_some() {
                    Status::Active
                } else {
                    Status::Inactive
                };
                return Some(Verdict {
                    row: active.unwrap_or(first),
                    status,
                    reason: "",
                    tier,
                });
            }
            let window = self.speaking_window(first);
            let reason = match (
                self.is_active(first),
                window.ended_before(self.context.asked.day),
            ) {
                (false, _) => "",
                (true, true) => "TERMED",
                (true, false) => "FUTURE",
            };
            return Some(Verdict {
                row: first,
                status: Status::Inactive,
                reason,
                tier,
            });
        }
        None
    }

    fn plan_key(&self, row: usize) -> (&[u8], &[u8]) {
        (self.rows[row].element(4), self.rows[row].element(5))
    }

    /// Brings rows that name the same plan together; each plan's stay in document order.
    fn sort_by_plan(&self, rows: &mut [usize]) {
        rows.sort_by_key(|row| self.plan_key(*row));
    }

    fn is_same_plan(&self, one: usize, other: usize) -> bool {
        self.plan_key(one) == self.plan_key(other)
    }

    /// The first active row of a tier beside which an inactive one names the same plan.
    fn conflict(&self, rows: &[usize], tier: u8, tiers: &Tiers) -> Option<Finding> {
        let here = rows.iter().copied().filter(|row| tiers[*row] == tier);
        if here.clone().all(|row| self.is_active(row)) {
            return None;
        }
        let mut here: Vec<usize> = here.collect();
        self.sort_by_plan(&mut here);
        let pair = |plan: &[usize]| {
            let one = plan.iter().find(|row| self.is_active(**row))?;
            let other = plan.iter().find(|row| !self.is_active(**row))?;
            Some((*one, *other))
        };
        let plans = here.chunk_by(|one, other| self.is_same_plan(*one, *other));
        let (one, other) = plans.filter_map(pair).min()?;
        Some(Finding::about(
            "CONFLICTING_STATUS",
            "",
            self.rows[one].segment,
            vec![self.rows[other].segment],
        ))
    }

    /// One entry per plan named, decided among the rows that name it: plans by their first rows.
    fn plans(&self, plan_rows: &[usize], tiers: &mut Tiers) -> Vec<Plan> {
        let mut plan = |same: &[usize]| {
            let verdict = self.decide(same, tiers)?;
            Some(Plan {
                row: verdict.row,
                status: verdict.status,
                window: self.rows[verdict.row].window(self.context),
            })
        };
        if plan_rows.len() < 2 {
            return plan(plan_rows).into_iter().collect();
        }
        let mut sorted = plan_rows.to_vec();
        self.sort_by_plan(&mut sorted);
        let same = sorted.chunk_by(|one, other| self.is_same_plan(*one, *other));
        let mut plans: Vec<&[usize]> = same.collect();
        plans.sort_by_key(|plan| plan.first().copied());
        plans.into_iter().filter_map(plan).collect()
    }
}

/// Reads the coverage of a patient from its rows.
#[inline(never)]
pub fn coverage(context: &Context<'_>, rows: &[Row<'_>], findings: &mut Vec<Finding>) -> Coverage {
    let rules = &context.preferences.coverage;
    let name_window = name_window(context);
    let judge = Judge {
        context,
        rows,
        name_window,
    };
    let is_status = |row: &Row<'_>| row.said.meaning & STATUS != 0;
    let is_plan = |row: &Row<'_>| row.said.services.about_plan && !row.is_procedure();
    let all = || {
        let all = rows.iter().enumerate();
        all.filter(|(_, row)| is_status(row))
    };
    let of_plan = all().filter(|(_, row)| is_plan(row));
    let plan_rows: Vec<usize> = of_plan.map(|(at, _)| at).collect();
    let mut tiers = vec![0; rows.len()];
    let mut decision = Decision::PlanStatus;
    let mut verdict = judge.decide(&plan_rows, &mut tiers);
    if verdict.is_none() {
        decision = Decision::ServiceStatus;
        let asked = all().filter(|(_, row)| row.said.services.asked);
        let mut among: Vec<usize> = asked.map(|(at, _)| at).collect();
        if among.is_empty() {
            among = all().map(|(at, _)| at).collect();
        }
        verdict = judge.decide(&among, &mut tiers);
        if let Some(verdict) = &verdict {
            findings.push(Finding::about(
                "SERVICE_LEVEL_STATUS",
                "",
                rows[verdict.row].segment,
                Vec::new(),
            ));
        }
    }
    let mut coverage = Coverage {
        status: Status::Unknown,
        reason: "",
        pending: false,
        decision: Decision::Nothing,
        row: None,
        plan_rows,
        tiers,
        plans: Vec::new(),
        window: name_window,
    };
    if let Some(verdict) = verdict {
        // Rows about different services do not contradict each other, nor do spans of other times.
        if decision == Decision::PlanStatus && verdict.tier < 3 {
            findings.extend(judge.conflict(&coverage.plan_rows, verdict.tier, &coverage.tiers));
        }
        let segment = rows[verdict.row].segment;
        if !verdict.reason.is_empty() {
            findings.push(Finding::about(verdict.reason, "", segment, Vec::new()));
        }
        coverage.status = verdict.status;
        coverage.reason = verdict.reason;
        coverage.pending = holds(&rules.pending, rows[verdict.row].information());
        coverage.decision = decision;
        coverage.row = Some(verdict.row);
    } else if let Some(row) = rows.iter().find(|row| row.said.meaning & IMPLIES != 0) {
        coverage.status = Status::Active;
        coverage.decision = Decision::Implied;
        findings.push(Finding::about(
            "STATUS_IMPLIED_FROM_BENEFITS",
            "",
            row.segment,
            Vec::new(),
        ));
    } else if let Some(row) = rows.iter().find(|row| {
        row.said.meaning & NON_COVERED != 0
            && is_plan(row)
            && !holds(&rules.non_covered_not_networks, row.element(12))
    }) {
        coverage.status = Status::Inactive;
        coverage.decision = Decision::NonCovered;
        findings.push(Finding::about(
            "NON_COVERED_AS_PLAN_STATUS",
            "",
            row.segment,
            Vec::new(),
        ));
    }
    coverage.plans = judge.plans(&coverage.plan_rows, &mut coverage.tiers);
    let active = coverage.plans.iter();
    let active = active.filter(|plan| plan.status == Status::Active);
    let mut active = active.map(|plan| rows[plan.row].segment);
    let first = active.next();
    let others: Vec<u32> = active.collect();
    if let Some(first) = first.filter(|_| !others.is_empty()) {
        findings.push(Finding::about("MULTIPLE_PLANS", "", first, others));
    }
    if let Some(row) = coverage.row {
        coverage.window = coverage_window(&judge, &coverage, row);
    }
    coverage
}

/// The window of the patient's 2100 loop.
pub fn name_window(context: &Context<'_>) -> Window {
    let rules = &context.preferences.tables().dates;
    window(
        &context.name_dates,
        &[&rules.start, &rules.name_start],
        &[&rules.end, &rules.name_end],
        rules,
        &context.asked,
    )
}

/// Fields 20 and 21: from when to when.
fn coverage_window(judge: &Judge<'_, '_>, coverage: &Coverage, row: usize) -> Window {
    let of_plan = coverage.plans.iter().find(|plan| plan.row == row);
    let own = of_plan.map_or_else(|| judge.rows[row].window(judge.context), |plan| plan.window);
    if own.exists() {
        return own;
    }
    if !judge.is_active(row) {
        // An inactive row without dates: the latest span in which the plan was active.
        let spans = coverage
            .plan_rows
            .iter()
            .filter(|at| {
                judge.is_active(**at) && judge.rows[**at].element(4) == judge.rows[row].element(4)
            })
            .map(|at| judge.rows[*at].window(judge.context))
            .filter(Window::exists);
        let key = |window: &Window| {
            (
                window.end.is_none(),
                window.end.map(|(end, _)| end),
                window.start.map(|(start, _)| start),
            )
        };
        let mut latest: Option<Window> = None;
        for span in spans {
            if latest.as_ref().is_none_or(|best| key(&span) > key(best)) {
                latest = Some(span);
            }
        }
        if let Some(latest) = latest {
            return latest;
        }
    }
    judge.name_window
}
