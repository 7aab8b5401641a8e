//! Why a field has its value: where it stands, which rule chose it, and what else was looked at.

mod amounts;
mod coverage;
mod dates;
mod parties;
mod payers;
mod words;

use super::people::{BHT, Patient, answered};
use super::record::Record;
use super::slot_rules::FIELDS;
use super::{At, Context};
use words::{Rule, Word};

/// What speaks for or against a candidate, and where that stands (element 0 means the whole segment).
#[derive(Clone, Copy)]
pub struct Because {
    pub word: &'static str,
    pub at: Option<At>,
}

/// One place that could have given the value.
pub struct Candidate {
    pub segment: u32,
    /// chosen, tied, lost, refused or used.
    pub verdict: &'static str,
    /// What it won or lost on, or why it was refused.
    pub reasons: Vec<Because>,
}

pub struct Reason {
    pub rule: &'static str,
    pub sources: Vec<At>,
    pub candidates: Vec<Candidate>,
}

type Found = Option<At>;

/// None if there is no such field.
pub fn explain(
    context: &Context<'_>,
    patient: &Patient,
    record: &Record<'_>,
    field: &str,
) -> Option<Reason> {
    let why = Why {
        context,
        patient,
        record,
    };
    if let Some(slot) = FIELDS.iter().position(|name| *name == field) {
        return Some(why.amount(slot));
    }
    let references = &context.preferences.references;
    let contacts = &context.preferences.contacts;
    let payers = &record.payers;
    let alternate = payers.alternate.as_ref();
    Some(match field {
        "coverage" => why.coverage(),
        "coverageStatusCode" | "coverageStatusDesc" => why.status_code(),
        "eligibility_response" | "requestStatusCode" | "requestStatus" => why.outcome(),
        "eligibility_text" => why.text(),
        "patientLastName" => why.named(&record.patient, 3),
        "patientFirstName" => why.named(&record.patient, 4),
        "subLastName" => why.named(&record.subscriber, 3),
        "subFirstName" => why.named(&record.subscriber, 4),
        "patientDOB" => why.demographic(record.patient.birth.map(|(_, at)| at), patient.name(), 2),
        "patientGender" => why.demographic(record.patient.gender, patient.name(), 3),
        "subscriberDOB" => why.demographic(
            record.subscriber.birth.map(|(_, at)| at),
            patient.subscriber_name,
            2,
        ),
        "subscriberGender" => why.demographic(record.subscriber.gender, patient.subscriber_name, 3),
        "sub.MemberID" => why.member_id(),
        "relationshipCode" | "relationshipDesc" => why.relationship(),
        "responseDate" => {
            let at = answered(context.document, context.tree).map(|(_, at)| at);
            why.readable(at, context.own(Some(0), BHT).next(), 4)
        }
        "beginDOS" => why.date_of_service(),
        "coverageStartDate" => why.window(true),
        "coverageEndDate" => why.window(false),
        "groupNumber" => why.reference(record.group_number, &references.group_number),
        "planNumber" => why.reference(record.plan_number, &references.plan_number),
        "internalAccountNumber1" => why.account_number(),
        "internalAccountNumber2" | "integrexId" => found(Rule::CallerOnly, Vec::new(), Vec::new()),
        "planTypeCode" | "planType" => why.of_status(4),
        "planTypeDescription" => why.of_status(5),
        "coverageLevelCode" | "coverageLevelDescription" => why.of_status(2),
        "benefitTypeCode" | "benefitTypeDesc" => why.of_status(3),
        "payerID1" => why.element(payers.first.said(context, 9), payers.first.name, 9),
        "payerName1" => why.element(payers.first.said(context, 3), payers.first.name, 3),
        "payerTPA" => found(
            Rule::Administrator,
            payers.administrator.into_iter().collect(),
            Vec::new(),
        ),
        "payerID2" => why.related(
            payers.second.as_ref(),
            9,
            Rule::SecondPayer,
            why.second_payers(),
        ),
        "payerName2" => why.related(
            payers.second.as_ref(),
            3,
            Rule::SecondPayer,
            why.second_payers(),
        ),
        "payerPhone" => why.payer_contact(payers.phone, &contacts.phone),
        "payerFax" => why.payer_contact(payers.fax, &contacts.fax),
        "payerWebsite" => why.payer_contact(payers.website, &contacts.website),
        "payerAddress" => why.payer_address(),
        "altName" => why.related(alternate, 3, Rule::AlternatePayer, why.alternates()),
        "altCategory" => why.related(alternate, 1, Rule::AlternatePayer, why.alternates()),
        "altType" => why.alternate_type(),
        "altAddress" => why.address_of(alternate, Rule::AlternateAddress, why.alternates()),
        "altPhone" => why.contact_of(
            alternate,
            &contacts.entity_phone,
            Rule::AlternatePhone,
            why.alternates(),
        ),
        "primaryCareFacility" => why.related(
            payers.facility.as_ref(),
            3,
            Rule::Facility,
            why.carers(b"2"),
        ),
        _ => return why.carer(field).or_else(|| why.address_field(field)),
    })
}

/// Every rule that may be named, so that Python's table can be checked.
pub fn rules() -> Vec<&'static str> {
    Rule::ALL.iter().map(|rule| rule.name()).collect()
}

/// Every reason that may be named.
pub fn words() -> Vec<&'static str> {
    Word::ALL.iter().map(|word| word.name()).collect()
}

struct Why<'w, 'a> {
    context: &'w Context<'a>,
    patient: &'w Patient,
    record: &'w Record<'a>,
}

fn found(rule: Rule, sources: Vec<At>, candidates: Vec<Candidate>) -> Reason {
    Reason {
        rule: rule.name(),
        sources,
        candidates,
    }
}

fn because(word: Word, at: Found) -> Because {
    Because {
        word: word.name(),
        at,
    }
}

fn chosen(segment: u32, reasons: Vec<Because>) -> Candidate {
    Candidate {
        segment,
        verdict: "chosen",
        reasons,
    }
}

fn used(segment: u32, word: Word) -> Candidate {
    Candidate {
        segment,
        verdict: "used",
        reasons: vec![because(word, None)],
    }
}

fn lost(segment: u32, word: Word, at: Found) -> Candidate {
    Candidate {
        segment,
        verdict: "lost",
        reasons: vec![because(word, at)],
    }
}

fn refused(segment: u32, word: Word, at: Found) -> Candidate {
    Candidate {
        segment,
        verdict: "refused",
        reasons: vec![because(word, at)],
    }
}

fn element(segment: u32, element: u8) -> Found {
    Some(At { segment, element })
}

fn whole(segment: u32) -> Found {
    Some(At {
        segment,
        element: 0,
    })
}

impl<'a> Why<'_, 'a> {
    /// An element that is copied; if it says nothing, the segment that was looked at.
    fn element(&self, at: Found, looked_at: Option<u32>, number: u8) -> Reason {
        let rule = if at.is_none() && looked_at.is_none() {
            Rule::NoSegment
        } else {
            Rule::Element
        };
        let candidates = match (at, looked_at) {
            (None, Some(segment)) => vec![refused(
                segment,
                Word::ElementEmpty,
                element(segment, number),
            )],
            _ => Vec::new(),
        };
        found(rule, at.into_iter().collect(), candidates)
    }

    /// The same for an element whose text must be readable.
    fn readable(&self, at: Found, looked_at: Option<u32>, number: u8) -> Reason {
        let mut reason = self.element(at, looked_at, number);
        if let (None, Some(segment)) = (at, looked_at)
            && let Some(said) = self.context.said(segment, number)
        {
            reason.candidates = vec![refused(segment, Word::Unreadable, Some(said))];
        }
        reason
    }

    fn text_of(&self, segment: u32, number: u8) -> &'a [u8] {
        self.context.text(At {
            segment,
            element: number,
        })
    }

    /// The node that a segment belongs to.
    fn owner(&self, segment: u32) -> u32 {
        self.context.tree.owner(segment)
    }

    fn row_segment(&self, row: usize) -> u32 {
        self.record.rows[row].segment
    }

    /// The NM1 of a 2120 loop.
    fn entity(&self, node: u32) -> u32 {
        self.context.tree.nodes[node as usize].opener
    }
}
