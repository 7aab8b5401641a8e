//! The envelope: which segments make up an interchange, a group, a transaction set; counts and control numbers.

use crate::document::Document;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::Versions;
use crate::scan::SegmentId;
use std::collections::HashMap;

const ISA: SegmentId = SegmentId::of(b"ISA");
const TA1: SegmentId = SegmentId::of(b"TA1");
const GS: SegmentId = SegmentId::of(b"GS");
const ST: SegmentId = SegmentId::of(b"ST");
const SE: SegmentId = SegmentId::of(b"SE");
const GE: SegmentId = SegmentId::of(b"GE");
const IEA: SegmentId = SegmentId::of(b"IEA");
const BHT: SegmentId = SegmentId::of(b"BHT");
const HL: SegmentId = SegmentId::of(b"HL");

/// One ISA to IEA. Indices are of segments; `NO_SEGMENT` where there is none.
#[derive(Clone, Debug)]
pub struct Interchange {
    pub isa: u32,
    pub iea: u32,
    pub acknowledgements: Vec<u32>,
    pub groups: Vec<Group>,
    /// Segments that belong to no group.
    pub others: Vec<u32>,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub gs: u32,
    pub ge: u32,
    pub transactions: Vec<u32>,
    /// Segments that belong to no transaction set.
    pub others: Vec<u32>,
}

/// One ST to SE: segments `first` to before `end`.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub isa: u32,
    pub gs: u32,
    pub st: u32,
    pub se: u32,
    pub first: u32,
    pub end: u32,
    /// ST01, such as 271.
    pub kind: [u8; 3],
    pub read: bool,
}

#[derive(Default)]
pub struct Envelope {
    pub interchanges: Vec<Interchange>,
    pub transactions: Vec<Transaction>,
    pub findings: Findings,
}

impl Envelope {
    /// Per transaction set the findings about it: on its own segments, and on the headers and trailers around it.
    pub fn findings_by_transaction(&self) -> Vec<Vec<u32>> {
        let mut by_segment: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut found = vec![Vec::new(); self.transactions.len()];
        for (at, finding) in self.findings.iter().enumerate() {
            let own = self
                .transactions
                .partition_point(|item| item.end <= finding.segment);
            match self.transactions.get(own) {
                Some(item) if item.first <= finding.segment => found[own].push(at as u32),
                _ => by_segment
                    .entry(finding.segment)
                    .or_default()
                    .push(at as u32),
            }
        }
        if by_segment.is_empty() {
            return found;
        }
        for interchange in &self.interchanges {
            for group in &interchange.groups {
                for &transaction in &group.transactions {
                    for segment in [interchange.isa, group.gs, group.ge, interchange.iea] {
                        found[transaction as usize]
                            .extend(by_segment.get(&segment).into_iter().flatten());
                    }
                }
            }
        }
        found
    }
}

/// Sorts the segments of a document into their envelopes.
pub fn walk(document: &Document, versions: &Versions) -> Envelope {
    let envelope = Envelope::default();
    let mut walk = Walk {
        document,
        versions,
        envelope,
        open: None,
        in_group: false,
        in_interchange: false,
    };
    for index in 0..document.segments.len() as u32 {
        walk.take(index);
    }
    walk.close_interchange(NO_SEGMENT);
    walk.envelope
}

struct Walk<'a> {
    document: &'a Document,
    versions: &'a Versions,
    envelope: Envelope,
    /// Index of the open transaction set.
    open: Option<usize>,
    /// True while the last group (the last interchange) is open.
    in_group: bool,
    in_interchange: bool,
}

impl Walk<'_> {
    fn take(&mut self, index: u32) {
        match self.document.segments[index as usize].id {
            ISA => {
                self.close_interchange(NO_SEGMENT);
                self.envelope.interchanges.push(Interchange {
                    isa: index,
                    iea: NO_SEGMENT,
                    acknowledgements: Vec::new(),
                    groups: Vec::new(),
                    others: Vec::new(),
                });
                self.in_interchange = true;
            }
            IEA => self.close_interchange(index),
            TA1 if self.open.is_none() => {
                if let Some(interchange) = self.envelope.interchanges.last_mut() {
                    interchange.acknowledgements.push(index);
                }
            }
            GS => {
                self.close_group(NO_SEGMENT);
                if !self.in_interchange {
                    self.find("MISSING_HEADER", index, 0);
                }
                self.open_group(index);
            }
            GE => self.close_group(index),
            ST => {
                self.close_transaction(NO_SEGMENT);
                self.open_transaction(index, true);
            }
            SE => self.close_transaction(index),
            id => match self.open {
                Some(open) => self.envelope.transactions[open].end = index + 1,
                None if id == BHT || id == HL => self.open_transaction(index, false),
                None => self.stray(index, "MISPLACED_SEGMENT"),
            },
        }
    }

    fn find(&mut self, code: &'static str, segment: u32, element: u16) {
        self.envelope
            .findings
            .push(Finding::at_segment(code, segment, element));
    }

    fn stray(&mut self, index: u32, code: &'static str) {
        self.find(code, index, 0);
        if let Some(group) = self.current_group() {
            group.others.push(index);
        } else if let Some(interchange) = self.envelope.interchanges.last_mut() {
            interchange.others.push(index);
        }
    }

    fn open_group(&mut self, gs: u32) {
        if let Some(interchange) = self.envelope.interchanges.last_mut() {
            interchange.groups.push(Group {
                gs,
                ge: NO_SEGMENT,
                transactions: Vec::new(),
                others: Vec::new(),
            });
            self.in_group = true;
        }
    }

    fn current_group(&mut self) -> Option<&mut Group> {
        if !self.in_group {
            return None;
        }
        self.envelope.interchanges.last_mut()?.groups.last_mut()
    }

    fn open_transaction(&mut self, index: u32, has_st: bool) {
        if !has_st || self.current_group().is_none() {
            self.find("MISSING_HEADER", index, 0);
        }
        if self.current_group().is_none() {
            self.open_group(NO_SEGMENT);
        }
        let number = self.envelope.transactions.len();
        let isa = self
            .envelope
            .interchanges
            .last()
            .map_or(NO_SEGMENT, |interchange| interchange.isa);
        let Some(group) = self.current_group() else {
            return;
        };
        group.transactions.push(number as u32);
        let gs = group.gs;
        let st = if has_st { index } else { NO_SEGMENT };
        let kind = self.kind(st, gs);
        let read = self.check_version(&kind, st, gs);
        self.envelope.transactions.push(Transaction {
            isa,
            gs,
            st,
            se: NO_SEGMENT,
            first: index,
            end: index + 1,
            kind,
            read,
        });
        self.open = Some(number);
    }

    /// ST01; without ST what GS01 promises.
    fn kind(&self, st: u32, gs: u32) -> [u8; 3] {
        let mut kind = [b' '; 3];
        let sent = if st == NO_SEGMENT {
            &[]
        } else {
            self.document.element(st, 1)
        };
        let group = if gs == NO_SEGMENT {
            &[]
        } else {
            self.document.element(gs, 1)
        };
        let text = match (sent, group) {
            ([], b"HS") => b"270",
            ([], _) => b"271",
            (sent, _) => sent,
        };
        for (to, from) in kind.iter_mut().zip(text) {
            *to = *from;
        }
        kind
    }

    /// Reports what is odd about the version; false if the transaction set is not one that we read.
    fn check_version(&mut self, kind: &[u8; 3], st: u32, gs: u32) -> bool {
        let Some(transaction) = self.versions.transaction(kind) else {
            self.find(
                "UNSUPPORTED_TRANSACTION",
                if st == NO_SEGMENT { gs } else { st },
                1,
            );
            return false;
        };
        let mut named = false;
        for (segment, element) in [(st, 3), (gs, 8)] {
            if segment == NO_SEGMENT {
                continue;
            }
            let text: Vec<u8> = self
                .document
                .element(segment, element)
                .iter()
                .copied()
                .filter(|b| *b != b' ')
                .collect();
            if text.is_empty() {
                continue;
            }
            match transaction.guide(&text) {
                Some(Some(code)) => self.find(code, segment, element as u16),
                Some(None) => {}
                None if is_guide(&text) => {
                    self.find("UNSUPPORTED_TRANSACTION", segment, element as u16);
                    return false;
                }
                None => self.find("UNKNOWN_VERSION", segment, element as u16),
            }
            named = true;
        }
        if !named {
            self.find("UNKNOWN_VERSION", if st == NO_SEGMENT { gs } else { st }, 3);
        }
        if gs != NO_SEGMENT
            && self.document.element(gs, 1) != transaction.functional_identifier.as_bytes()
        {
            self.find("GROUP_MISMATCH", gs, 1);
        }
        true
    }

    fn close_transaction(&mut self, se: u32) {
        let Some(open) = self.open.take() else {
            if se != NO_SEGMENT {
                self.stray(se, "MISPLACED_SEGMENT");
            }
            return;
        };
        if se == NO_SEGMENT {
            let first = self.envelope.transactions[open].first;
            self.find("MISSING_TRAILER", first, 0);
            return;
        }
        let transaction = &mut self.envelope.transactions[open];
        transaction.se = se;
        transaction.end = se + 1;
        let (st, count) = (transaction.st, se - transaction.first + 1);
        self.check_count(se, 1, count as usize);
        if st != NO_SEGMENT {
            self.check_same(se, 2, st, 2);
        }
    }

    fn close_group(&mut self, ge: u32) {
        self.close_transaction(NO_SEGMENT);
        let Some(group) = self.current_group() else {
            if ge != NO_SEGMENT {
                self.stray(ge, "MISPLACED_SEGMENT");
            }
            return;
        };
        let (gs, count) = (group.gs, group.transactions.len());
        group.ge = ge;
        self.in_group = false;
        if ge == NO_SEGMENT {
            if gs != NO_SEGMENT {
                self.find("MISSING_TRAILER", gs, 0);
            }
            return;
        }
        self.check_count(ge, 1, count);
        if gs != NO_SEGMENT {
            self.check_same(ge, 2, gs, 6);
        }
    }

    fn close_interchange(&mut self, iea: u32) {
        self.close_group(NO_SEGMENT);
        if !self.in_interchange {
            if iea != NO_SEGMENT {
                self.stray(iea, "MISPLACED_SEGMENT");
            }
            return;
        }
        self.in_interchange = false;
        let Some(interchange) = self.envelope.interchanges.last_mut() else {
            return;
        };
        interchange.iea = iea;
        let (isa, count) = (interchange.isa, interchange.groups.len());
        if iea == NO_SEGMENT {
            self.find("MISSING_TRAILER", isa, 0);
            return;
        }
        self.check_count(iea, 1, count);
        self.check_same(iea, 2, isa, 13);
    }

    fn check_count(&mut self, segment: u32, element: u16, counted: usize) {
        let text = self.document.element(segment, element as usize);
        let sent = std::str::from_utf8(text)
            .ok()
            .and_then(|text| text.parse::<usize>().ok());
        if sent != Some(counted) {
            self.find("CONTROL_MISMATCH", segment, element);
        }
    }

    fn check_same(
        &mut self,
        trailer: u32,
        trailer_element: u16,
        header: u32,
        header_element: usize,
    ) {
        if self.document.element(trailer, trailer_element as usize)
            != self.document.element(header, header_element)
        {
            self.find("CONTROL_MISMATCH", trailer, trailer_element);
        }
    }
}

/// True for text shaped as the name of an implementation guide: 005010X222A1.
fn is_guide(text: &[u8]) -> bool {
    text.len() >= 10
        && text[..6].iter().all(u8::is_ascii_digit)
        && text[6] == b'X'
        && text[7..10].iter().all(u8::is_ascii_digit)
}
