//! Why a field has its value: where it stands, which rule chose it, and what else was looked at.

use super::coverage::{Decision, Status};
use super::dates::{DTP, dated};
use super::payers::{ALTERNATE_ORDER, Related, offered};
use super::people::{BHT, DMG, INS, Party, Patient, answered};
use super::preferences::{Criterion, holds, rank};
use super::record::{Person, Record};
use super::rows::{MSG, REF, Row};
use super::slots::{FIELDS, How, Refusal, Verdict, bit, choose, judge, lost_on, rule};
use super::{At, Context};
use crate::finding::NO_SEGMENT;

/// One place that could have given the value.
pub struct Candidate {
    pub segment: u32,
    /// chosen, tied, lost, refused or used.
    pub verdict: &'static str,
    /// What it lost on, or why it was refused.
    pub reasons: Vec<&'static str>,
}

pub struct Reason {
    pub rule: &'static str,
    pub sources: Vec<At>,
    pub candidates: Vec<Candidate>,
}

type Found = Option<At>;

/// None if there is no such field.
pub fn explain(context: &Context<'_>, patient: &Patient, record: &Record<'_>, field: &str) -> Option<Reason> {
    if let Some(slot) = FIELDS.iter().position(|name| *name == field) {
        return Some(amount(context, record, slot));
    }
    let why = Why { context, patient, record };
    let payers = &record.payers;
    let person = |person: &Person, element: u8| why.element(person.party.said(context, element), person.party.name);
    let party = |party: &Party, element: u8| why.element(party.said(context, element), party.name);
    let of_status = |element: u8| why.of_status(element);
    let care = payers.primary_care.as_ref();
    let other = payers.second.as_ref();
    Some(match field {
        "coverage" | "coverageStatusCode" | "coverageStatusDesc" => why.coverage(),
        "eligibility_response" | "requestStatusCode" | "requestStatus" => why.outcome(),
        "eligibility_text" => why.found("text_of_rejection", record.rejections.text.clone(), why.messages()),
        "patientLastName" => person(&record.patient, 3),
        "patientFirstName" => person(&record.patient, 4),
        "subLastName" => person(&record.subscriber, 3),
        "subFirstName" => person(&record.subscriber, 4),
        "patientDOB" => why.demographic(record.patient.birth.map(|(_, at)| at), patient.name(), 2),
        "patientGender" => why.demographic(record.patient.gender, patient.name(), 3),
        "subscriberDOB" => why.demographic(record.subscriber.birth.map(|(_, at)| at), patient.subscriber_name, 2),
        "subscriberGender" => why.demographic(record.subscriber.gender, patient.subscriber_name, 3),
        "sub.MemberID" => why.member_id(),
        "relationshipCode" | "relationshipDesc" => why.relationship(),
        "responseDate" => {
            let at = answered(context.document, context.tree).map(|(_, at)| at);
            why.element(at, context.own(Some(0), BHT).next())
        }
        "beginDOS" => why.date_of_service(),
        "coverageStartDate" => why.dates("window", record.coverage.window.start.map(|(_, segment)| segment), true),
        "coverageEndDate" => why.dates("window", record.coverage.window.end.map(|(_, segment)| segment), false),
        "groupNumber" => why.reference(record.group_number, &context.preferences.references.group_number),
        "planNumber" => why.reference(record.plan_number, &context.preferences.references.plan_number),
        "internalAccountNumber1" => why.reference(record.account_number, &context.preferences.references.account_number),
        "internalAccountNumber2" | "integrexId" => why.found("caller", Vec::new(), Vec::new()),
        "planTypeCode" | "planType" => of_status(4),
        "planTypeDescription" => of_status(5),
        "coverageLevelCode" | "coverageLevelDescription" => of_status(2),
        "benefitTypeCode" | "benefitTypeDesc" => of_status(3),
        "payerID1" => party(&payers.first, 9),
        "payerName1" => party(&payers.first, 3),
        "payerTPA" => why.found("administrator", payers.administrator.into_iter().collect(), Vec::new()),
        "payerID2" => why.related(other, 9, "second_payer", why.second_payers()),
        "payerName2" => why.related(other, 3, "second_payer", why.second_payers()),
        "payerPhone" => why.contact(payers.phone, "payer_contact", &payers.first),
        "payerFax" => why.contact(payers.fax, "payer_contact", &payers.first),
        "payerWebsite" => why.contact(payers.website, "payer_contact", &payers.first),
        "payerAddress" => why.address(&payers.address, "payer_address"),
        "altName" => why.related(payers.alternate.as_ref(), 3, "alternate_payer", why.alternates()),
        "altCategory" => why.related(payers.alternate.as_ref(), 1, "alternate_payer", why.alternates()),
        "altType" => why.alternate_type(),
        "altAddress" => why.address_of(payers.alternate.as_ref(), "alternate_payer"),
        "altPhone" => {
            let kinds = &context.preferences.contacts.entity_phone;
            why.contact_of(payers.alternate.as_ref(), kinds, "alternate_payer")
        }
        "primaryCareFacility" => why.related(payers.facility.as_ref(), 3, "primary_care", why.carers(b"2")),
        "pcpLastName" => why.related(care, 3, "primary_care", why.carers(b"1")),
        "pcpFirstName" => why.related(care, 4, "primary_care", why.carers(b"1")),
        "pcpNPI" => why.npi(),
        "pcpAddress" => why.address_of(care, "primary_care"),
        "pcpPhone" => why.contact_of(care, &context.preferences.contacts.entity_phone, "primary_care"),
        "pcpFax" => why.contact_of(care, &context.preferences.contacts.fax, "primary_care"),
        "patientAddress" => why.address(&record.patient.party, "own_address"),
        "subscriberAddress" => why.address(&record.subscriber.party, "own_address"),
        _ => return None,
    })
}

fn candidate(segment: u32, verdict: &'static str, reasons: Vec<&'static str>) -> Candidate {
    Candidate { segment, verdict, reasons }
}

struct Why<'w, 'a> {
    context: &'w Context<'a>,
    patient: &'w Patient,
    record: &'w Record<'a>,
}

impl Why<'_, '_> {
    fn found(&self, rule: &'static str, sources: Vec<At>, candidates: Vec<Candidate>) -> Reason {
        Reason { rule, sources, candidates }
    }

    /// An element that is copied; if it says nothing, the segment that was looked at.
    fn element(&self, at: Found, looked_at: Option<u32>) -> Reason {
        let candidates = match (at, looked_at) {
            (None, Some(segment)) => vec![candidate(segment, "refused", vec!["element_empty"])],
            _ => Vec::new(),
        };
        self.found(if at.is_none() && looked_at.is_none() { "no_segment" } else { "element" }, at.into_iter().collect(), candidates)
    }

    fn demographic(&self, at: Found, node: Option<u32>, element: u8) -> Reason {
        let looked_at = self.context.own(node, DMG).next();
        let mut reason = self.element(at, looked_at);
        if let (None, Some(segment)) = (at, looked_at) {
            if self.context.said(segment, element).is_some() {
                reason.candidates = vec![candidate(segment, "refused", vec!["unreadable"])];
            }
        }
        reason
    }

    fn row_segment(&self, row: usize) -> u32 {
        self.record.rows[row].segment
    }

    fn of_status(&self, element: u8) -> Reason {
        let Some(row) = self.record.coverage.row else {
            return self.found("no_status_row", Vec::new(), self.coverage().candidates);
        };
        let segment = self.row_segment(row);
        let mut reason = self.element(self.context.said(segment, element), Some(segment));
        reason.rule = "status_row";
        reason
    }

    fn coverage(&self) -> Reason {
        let coverage = &self.record.coverage;
        let mut candidates = Vec::new();
        let chosen_tier = coverage.row.and_then(|row| coverage.tiers.get(&row));
        for (at, row) in self.record.rows.iter().enumerate() {
            let tier = coverage.tiers.get(&at);
            let is_plan = coverage.plan_rows.contains(&at);
            let (verdict, reasons) = match (coverage.row == Some(at), tier) {
                (true, _) => ("chosen", Vec::new()),
                (false, Some(tier)) => match chosen_tier {
                    Some(chosen) if tier == chosen && self.class(at) == coverage.row.and_then(|row| self.class(row)) => {
                        ("lost", vec!["document_order"])
                    }
                    Some(chosen) if tier == chosen => ("lost", vec!["inactive_beside_active"]),
                    _ => ("lost", vec![if *tier == 3 { "other_time" } else { "undated_beside_dated" }]),
                },
                (false, None) if self.class(at).is_some() => {
                    ("refused", vec![if is_plan { "other_time" } else { "service_level" }])
                }
                _ => match self.implies(row) {
                    Some(reasons) => reasons,
                    None => continue,
                },
            };
            candidates.push(candidate(row.segment, verdict, reasons));
        }
        let sources = coverage.row.map(|row| At { segment: self.row_segment(row), element: 1 });
        self.found(coverage.decision.name(), sources.into_iter().collect(), candidates)
    }

    /// What a row without status class did for the coverage, if anything.
    fn implies(&self, row: &Row<'_>) -> Option<(&'static str, Vec<&'static str>)> {
        let rules = &self.context.preferences.coverage;
        let decision = self.record.coverage.decision;
        if holds(&rules.implied_by, row.information()) && decision == Decision::Implied {
            return Some(("used", Vec::new()));
        }
        if !holds(&rules.non_covered, row.information()) {
            return None;
        }
        Some(match decision {
            Decision::NonCovered => ("used", Vec::new()),
            Decision::Nothing => ("refused", vec!["service_level"]),
            _ => ("refused", vec!["speaks_of_services"]),
        })
    }

    fn class(&self, row: usize) -> Option<Status> {
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

    fn outcome(&self) -> Reason {
        let rejections = &self.record.rejections;
        let of = |at: usize| self.context.grammar.loops[rejections.all[at].of as usize].id.as_str();
        let levels = &self.context.preferences.rejections.levels;
        let place = |at: usize| levels.iter().position(|level| level == of(at)).unwrap_or(levels.len());
        let mut candidates = Vec::new();
        for at in 0..rejections.all.len() {
            let verdict = match rejections.primary {
                Some(primary) if primary == at => ("chosen", Vec::new()),
                Some(primary) if place(primary) == place(at) => ("lost", vec!["document_order"]),
                Some(_) => ("lost", vec!["level_order"]),
                None => ("refused", vec!["benefit_level_beside_status"]),
            };
            candidates.push(candidate(rejections.all[at].segment, verdict.0, verdict.1));
        }
        let primary = rejections.primary.map(|at| At { segment: rejections.all[at].segment, element: 3 });
        let rule = if primary.is_some() { "primary_rejection" } else { "no_rejection" };
        self.found(rule, primary.into_iter().collect(), candidates)
    }

    fn messages(&self) -> Vec<Candidate> {
        let used: Vec<u32> = self.record.rejections.text.iter().map(|at| at.segment).collect();
        let all = self.record.rows.iter().flat_map(|row| row.own(self.context, MSG));
        all.filter(|segment| !used.contains(segment))
            .map(|segment| candidate(segment, "refused", vec!["not_about_the_rejection"]))
            .collect()
    }

    fn member_id(&self) -> Reason {
        let name = self.record.subscriber.party.name;
        let rule = match self.record.member_id {
            Some(at) if Some(at.segment) != name => "reference",
            _ => "element",
        };
        let mut candidates = Vec::new();
        if let (Some(segment), true) = (name, rule == "reference" || self.record.member_id.is_none()) {
            let empty = self.context.said(segment, 9).is_none();
            candidates.push(candidate(segment, "refused", vec![if empty { "element_empty" } else { "qualifier" }]));
        }
        self.found(rule, self.record.member_id.into_iter().collect(), candidates)
    }

    fn relationship(&self) -> Reason {
        if !self.patient.is_dependent() {
            return self.found("subscriber_is_self", Vec::new(), Vec::new());
        }
        self.element(self.record.relationship, self.context.own(self.patient.name(), INS).next())
    }

    fn date_of_service(&self) -> Reason {
        match (self.record.day_at, self.record.day) {
            (Some(at), _) => self.found("implied_date_of_service", vec![at], Vec::new()),
            (None, Some(_)) => self.found("caller", Vec::new(), Vec::new()),
            (None, None) => self.found("no_segment", Vec::new(), Vec::new()),
        }
    }

    /// The DTP segments of the status row and of the patient's name.
    fn dates(&self, rule: &'static str, chosen: Option<u32>, start: bool) -> Reason {
        let rules = &self.context.preferences.dates;
        let status = self.record.coverage.row.map(|row| self.record.rows[row].node);
        let mut candidates = Vec::new();
        for node in [status, self.patient.name()].into_iter().flatten() {
            let readable = dated(self.context.document, self.context.tree.segments(node));
            for segment in self.context.own(Some(node), DTP) {
                let qualifier = self.context.text(At { segment, element: 1 });
                let date = readable.iter().find(|date| date.segment == segment);
                let orders = if start { [&rules.start, &rules.name_start] } else { [&rules.end, &rules.name_end] };
                let reason = match date {
                    _ if chosen == Some(segment) => None,
                    None => Some("unreadable"),
                    Some(date) if self.context.asked.is_echo(date, rules) => Some("echo_of_question"),
                    Some(_) if !orders.iter().any(|codes| holds(codes, qualifier)) => Some("qualifier"),
                    Some(_) if chosen.is_some() => Some("order"),
                    Some(_) => Some("no_such_end"),
                };
                let verdict = match reason {
                    None => "chosen",
                    Some("order") => "lost",
                    Some(_) => "refused",
                };
                candidates.push(candidate(segment, verdict, reason.into_iter().collect()));
            }
        }
        let sources = chosen.map(|segment| At { segment, element: 3 });
        self.found(rule, sources.into_iter().collect(), candidates)
    }

    /// The REF segments of the status row, the patient and the subscriber.
    fn reference(&self, chosen: Found, codes: &[String]) -> Reason {
        let status = self.record.coverage.row.map(|row| self.record.rows[row].node);
        let above = self.patient.subscriber_name.filter(|_| self.patient.is_dependent());
        let mut candidates = Vec::new();
        for segment in [status, self.patient.name(), above].into_iter().flat_map(|node| self.context.own(node, REF)) {
            let qualifier = self.context.text(At { segment, element: 1 });
            candidates.push(match chosen {
                Some(at) if at.segment == segment => candidate(segment, "chosen", Vec::new()),
                _ if !holds(codes, qualifier) => candidate(segment, "refused", vec!["qualifier"]),
                _ if self.context.said(segment, 2).is_none() => candidate(segment, "refused", vec!["element_empty"]),
                _ => candidate(segment, "lost", vec!["order"]),
            });
        }
        self.found("reference", chosen.into_iter().collect(), candidates)
    }

    fn related(&self, related: Option<&Related>, element: u8, rule: &'static str, candidates: Vec<Candidate>) -> Reason {
        let at = related.and_then(|related| related.party.said(self.context, element));
        self.found(rule, at.into_iter().collect(), candidates)
    }

    fn contact(&self, at: Found, rule: &'static str, party: &Party) -> Reason {
        let others = party.contacts.iter().filter(|segment| at.is_none_or(|at| at.segment != **segment));
        let candidates = others.map(|segment| candidate(*segment, "refused", vec!["qualifier"])).collect();
        self.found(rule, at.into_iter().collect(), candidates)
    }

    fn contact_of(&self, related: Option<&Related>, kinds: &[String], rule: &'static str) -> Reason {
        match related {
            Some(related) => self.contact(related.party.contact(self.context, kinds), rule, &related.party),
            None => self.found(rule, Vec::new(), Vec::new()),
        }
    }

    fn address(&self, party: &Party, rule: &'static str) -> Reason {
        let parts = [(party.street, 1..=2u8), (party.city, 1..=3u8)];
        let said = parts.into_iter().flat_map(|(segment, elements)| {
            elements.filter_map(move |element| self.context.said(segment.unwrap_or(NO_SEGMENT), element))
        });
        self.found(rule, said.collect(), Vec::new())
    }

    fn address_of(&self, related: Option<&Related>, rule: &'static str) -> Reason {
        related.map_or_else(|| self.found(rule, Vec::new(), Vec::new()), |related| self.address(&related.party, rule))
    }

    fn entity(&self, node: u32) -> u32 {
        self.context.tree.nodes[node as usize].opener
    }

    fn second_payers(&self) -> Vec<Candidate> {
        let chosen = self.record.payers.second.as_ref().map(|related| related.node);
        let order = &self.context.preferences.payers.second;
        let rows = self.record.coverage.plan_rows.iter().flat_map(|row| &self.record.rows[*row].entities);
        rows.map(|&node| {
            let segment = self.entity(node);
            let kind = self.context.text(At { segment, element: 1 });
            match rank(order, kind) {
                _ if chosen == Some(node) => candidate(segment, "chosen", Vec::new()),
                None => candidate(segment, "refused", vec!["entity"]),
                Some(_) if chosen.is_some() => candidate(segment, "lost", vec!["order"]),
                Some(_) => candidate(segment, "refused", vec!["same_as_payer"]),
            }
        })
        .collect()
    }

    fn alternates(&self) -> Vec<Candidate> {
        let chosen = self.record.payers.alternate.as_ref().map(|related| related.node);
        let offered = offered(self.context, &self.record.rows);
        let best = offered.iter().find(|one| Some(one.node) == chosen).and_then(|one| one.verdict.ok());
        let judged = offered.iter().map(|one| {
            let segment = self.entity(one.node);
            match (one.verdict, best) {
                _ if chosen == Some(one.node) => candidate(segment, "chosen", Vec::new()),
                (Err(reason), _) => candidate(segment, "refused", vec![reason]),
                (Ok(ranks), Some(best)) => {
                    let lost = (0..ranks.len()).find(|at| ranks[*at] != best[*at]);
                    candidate(segment, "lost", vec![lost.map_or("document_order", |at| ALTERNATE_ORDER[at])])
                }
                (Ok(_), None) => candidate(segment, "lost", Vec::new()),
            }
        });
        judged.collect()
    }

    fn alternate_type(&self) -> Reason {
        let Some(related) = &self.record.payers.alternate else {
            return self.found("alternate_payer", Vec::new(), self.alternates());
        };
        let segment = self.row_segment(related.row);
        let at = self.context.said(segment, 4).or_else(|| self.context.said(segment, 1));
        self.found("alternate_payer", at.into_iter().collect(), self.alternates())
    }

    fn carers(&self, person: &[u8]) -> Vec<Candidate> {
        let payers = &self.record.payers;
        let chosen = if person == b"1" { &payers.primary_care } else { &payers.facility };
        let chosen = chosen.as_ref().map(|related| related.node);
        let rules = &self.context.preferences.primary_care;
        let all = self.record.rows.iter().flat_map(|row| row.entities.iter().map(move |node| (row, *node)));
        all.map(|(row, node)| {
            let segment = self.entity(node);
            let said = |element: u8| self.context.text(At { segment, element });
            let reason = if !holds(&rules.information, row.information()) && !holds(&rules.entities, said(1)) {
                "not_primary_care"
            } else if said(2) != person {
                if person == b"1" { "not_a_person" } else { "not_an_organization" }
            } else {
                "order"
            };
            match (chosen == Some(node), reason) {
                (true, _) => candidate(segment, "chosen", Vec::new()),
                (false, "order") => candidate(segment, "lost", vec![reason]),
                (false, _) => candidate(segment, "refused", vec![reason]),
            }
        })
        .collect()
    }

    fn npi(&self) -> Reason {
        let Some(related) = &self.record.payers.primary_care else {
            return self.found("primary_care", Vec::new(), self.carers(b"1"));
        };
        let segment = self.entity(related.node);
        let qualifier = self.context.text(At { segment, element: 8 });
        if holds(&self.context.preferences.primary_care.npi_qualifiers, qualifier) {
            return self.element(self.context.said(segment, 9), Some(segment));
        }
        self.found("primary_care", Vec::new(), vec![candidate(segment, "refused", vec!["qualifier"])])
    }
}

/// The rows of the field's kind, each with what became of it.
fn amount(context: &Context<'_>, record: &Record<'_>, slot: usize) -> Reason {
    let filled = &record.amounts[slot];
    let rule = rule(slot, context.preferences);
    let best = choose(context, &record.rows, &record.facts, &rule);
    let element = if rule.percent { 8 } else { 7 };
    let mut candidates = Vec::new();
    for facts in &record.facts {
        let Some(verdict) = judge(context, &record.rows, facts, &rule) else { continue };
        let segment = record.rows[facts.row].segment;
        candidates.push(match (verdict, &best) {
            _ if filled.how == How::Derived && filled.row == Some(facts.row) => candidate(segment, "used", vec!["total"]),
            _ if filled.applied == Some(facts.row) => candidate(segment, "used", vec!["applied"]),
            (_, Some((row, _, _))) if *row == facts.row && filled.value.is_none() => {
                candidate(segment, "refused", vec![filled.how.name()])
            }
            (_, Some((row, _, _))) if *row == facts.row => candidate(segment, "chosen", Vec::new()),
            (_, Some((_, _, ties))) if ties.contains(&facts.row) => candidate(segment, "tied", vec!["document_order"]),
            (Verdict::Ranked(ranks), Some((_, leading, _))) => {
                let lost = lost_on(rule.order, &ranks, leading).map_or("document_order", Criterion::name);
                candidate(segment, "lost", vec![lost])
            }
            (Verdict::Ranked(_), None) => candidate(segment, "lost", Vec::new()),
            (Verdict::Refused(bits), _) => {
                let all = Refusal::ALL.into_iter().filter(|refusal| bits & bit(*refusal) != 0);
                candidate(segment, "refused", all.map(Refusal::name).collect())
            }
        });
    }
    let mut sources = Vec::new();
    if filled.value.is_some() {
        let rows = [filled.row, filled.applied].into_iter().flatten();
        sources.extend(rows.map(|row| At { segment: record.rows[row].segment, element }));
    }
    let name = match (slot, filled.how) {
        (_, How::Derived) => How::Derived.name(),
        (_, How::Placeholder | How::PlaceholderTotal) => How::Placeholder.name(),
        (0..16, _) if slot % 2 == 1 => "remaining_amount",
        (0..16, _) => "total_amount",
        (16 | 17, _) => "coinsurance",
        (18, _) => "copay",
        _ => "specialist_copay",
    };
    Reason { rule: name, sources, candidates }
}

/// Every reason word that may appear, so that their texts can be checked against the table.
pub fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> = Refusal::ALL.into_iter().map(Refusal::name).collect();
    words.extend(Criterion::ALL.into_iter().map(Criterion::name));
    words.extend(ALTERNATE_ORDER);
    words.extend([
        "element_empty",
        "unreadable",
        "document_order",
        "inactive_beside_active",
        "other_time",
        "undated_beside_dated",
        "service_level",
        "speaks_of_services",
        "level_order",
        "benefit_level_beside_status",
        "not_about_the_rejection",
        "qualifier",
        "echo_of_question",
        "order",
        "no_such_end",
        "entity",
        "same_as_payer",
        "never_a_payer",
        "information_code",
        "not_primary_care",
        "not_a_person",
        "not_an_organization",
        "placeholder",
        "total",
        "applied",
    ]);
    words.sort_unstable();
    words.dedup();
    words
}
