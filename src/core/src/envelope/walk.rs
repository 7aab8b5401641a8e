//! The walk over the segments of a document, or of a piece of a stream, that sorts them into their envelopes.

use super::{Envelope, Group, Interchange, Standing, Transaction};
use crate::document::Document;
use crate::finding::{Finding, Findings, MOST, NO_SEGMENT};
use crate::grammar::Versions;
use crate::scan::{BHT, GE, GS, HL, IEA, ISA, SE, ST, SegmentId};

const TA1: SegmentId = SegmentId::of(b"TA1");

/// Sorts the segments of a whole document into their envelopes.
pub fn walk(document: &Document, versions: &Versions) -> Envelope {
    let mut walk = Walk::new(document, versions);
    walk.take_all(0);
    walk.close_interchange(NO_SEGMENT);
    walk.envelope
}

/// Sorts the segments of a piece, whose copies are those that `standing` names. `next` is the segment that the next
/// piece begins with, if there is one; with the envelope comes what that piece stands in, its headers still numbered
/// as in this one.
pub fn walk_piece(
    document: &Document,
    versions: &Versions,
    standing: Standing,
    next: Option<SegmentId>,
) -> (Envelope, Standing) {
    let mut walk = Walk::new(document, versions);
    walk.resume(standing);
    walk.take_all(document.copies());
    match next {
        None | Some(ISA) => walk.close_interchange(NO_SEGMENT),
        Some(GS) => walk.close_group(NO_SEGMENT),
        Some(_) => walk.close_transaction(NO_SEGMENT),
    }
    let standing = match next {
        None | Some(ISA) => Standing::default(),
        Some(_) => walk.standing(),
    };
    (walk.envelope, standing)
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
    /// What earlier pieces hold of the last interchange and of its last group.
    groups_before: usize,
    transactions_before: usize,
    /// GS01 and GS08 of the last group, and ST02 of the last transaction set.
    group: [&'a [u8]; 2],
    control: &'a [u8],
    /// ST01 and ST03 of a transaction set of that group about which nothing was found.
    good: Option<([u8; 3], &'a [u8])>,
    /// What was found about the open group's header.
    about_group: Vec<(&'static str, u16)>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document, versions: &'a Versions) -> Walk<'a> {
        Walk {
            document,
            versions,
            envelope: Envelope::default(),
            open: None,
            in_group: false,
            in_interchange: false,
            groups_before: 0,
            transactions_before: 0,
            group: [b""; 2],
            control: b"",
            good: None,
            about_group: Vec::new(),
        }
    }

    /// The first elements of a segment; of none they are empty.
    fn sent<const N: usize>(&self, segment: u32) -> [&'a [u8]; N] {
        if segment == NO_SEGMENT {
            return [b""; N];
        }
        let separator = self.document.delimiters(segment).element;
        self.document.elements(segment, separator).run(1)
    }

    fn take_all(&mut self, first: u32) {
        let count = self.document.segments.len() as u32;
        let mut around = self.document.noted.around.iter();
        let mut index = first;
        while index < count {
            self.take(index);
            index += 1;
            if let Some(open) = self.open {
                // What is inside a transaction set needs no further look.
                let next = around.find(|next| **next >= index);
                index = next.copied().unwrap_or(count);
                self.envelope.transactions[open].end = index;
            }
        }
    }

    fn resume(&mut self, standing: Standing) {
        let Some(isa) = standing.isa else { return };
        self.open_interchange(isa);
        self.in_interchange = standing.in_interchange;
        if let Some(interchange) = self.envelope.interchanges.last_mut() {
            interchange.iea = standing.iea.unwrap_or(NO_SEGMENT);
        }
        self.groups_before = standing.groups;
        if standing.in_group {
            self.open_group(standing.gs.unwrap_or(NO_SEGMENT));
            self.transactions_before = standing.transactions;
        }
        let about = |found: &&Finding| Some(found.segment) == standing.gs;
        let found = standing.findings.iter().filter(about);
        self.about_group = found.map(|found| (found.code, found.element)).collect();
        self.envelope.earlier = standing.findings.len();
        self.envelope.findings = Findings::after(standing.findings, MOST);
    }

    fn standing(&self) -> Standing {
        let Some(interchange) = self.envelope.interchanges.last() else {
            return Standing::default();
        };
        let group = interchange.groups.last().filter(|_| self.in_group);
        let isa = Some(interchange.isa);
        let iea = Some(interchange.iea).filter(|iea| *iea != NO_SEGMENT);
        let gs = group.map(|group| group.gs).filter(|gs| *gs != NO_SEGMENT);
        let about = |found: &&Finding| [isa, gs, iea].contains(&Some(found.segment));
        Standing {
            isa,
            gs,
            iea,
            in_interchange: self.in_interchange,
            in_group: self.in_group,
            groups: self.groups_before + interchange.groups.len() - usize::from(group.is_some()),
            transactions: group.map_or(0, |group| {
                self.transactions_before + group.transactions.len()
            }),
            findings: self
                .envelope
                .findings
                .iter()
                .filter(about)
                .cloned()
                .collect(),
        }
    }

    fn take(&mut self, index: u32) {
        match self.document.segments[index as usize].id {
            ISA => {
                self.close_interchange(NO_SEGMENT);
                self.open_interchange(index);
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

    /// The same, but what concerns the group's own header once for all its transaction sets.
    fn find_in_header(&mut self, gs: u32, segment: u32, code: &'static str, element: u16) {
        if segment == gs {
            if self.about_group.contains(&(code, element)) {
                return;
            }
            self.about_group.push((code, element));
        }
        self.find(code, segment, element);
    }

    fn open_interchange(&mut self, isa: u32) {
        self.envelope.interchanges.push(Interchange {
            isa,
            iea: NO_SEGMENT,
            acknowledgements: Vec::new(),
            groups: Vec::new(),
            others: Vec::new(),
        });
        self.in_interchange = true;
        self.groups_before = 0;
    }

    fn open_group(&mut self, gs: u32) {
        self.transactions_before = 0;
        self.about_group.clear();
        self.good = None;
        let [identifier, .., version]: [&[u8]; 8] = self.sent(gs);
        self.group = [identifier, version];
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
        let [sent, control, version] = self.sent(st);
        self.control = control;
        let kind = self.kind(sent);
        let (sent, before) = ((kind, version), self.envelope.findings.len());
        let is_good = has_st && self.good == Some(sent);
        let read = is_good || self.check_version(&kind, index, (st, version), gs);
        if has_st && read && self.envelope.findings.len() == before {
            self.good = Some(sent);
        }
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
    fn kind(&self, sent: &[u8]) -> [u8; 3] {
        let mut kind = [b' '; 3];
        let text = match (sent, self.group[0]) {
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
    fn check_version(
        &mut self,
        kind: &[u8; 3],
        first: u32,
        (st, version): (u32, &[u8]),
        gs: u32,
    ) -> bool {
        let [identifier, version_of_group] = self.group;
        let header = [st, gs, first].into_iter().find(|at| *at != NO_SEGMENT);
        let header = header.unwrap_or(first);
        let Some(transaction) = self.versions.transaction(kind) else {
            self.find_in_header(gs, header, "UNSUPPORTED_TRANSACTION", 1);
            return false;
        };
        let mut named = false;
        for (segment, element, text) in [(st, 3, version), (gs, 8, version_of_group)] {
            let squeezed: Vec<u8>;
            let text = if text.contains(&b' ') {
                squeezed = text.iter().copied().filter(|byte| *byte != b' ').collect();
                squeezed.as_slice()
            } else {
                text
            };
            if text.is_empty() {
                continue;
            }
            match transaction.guide(text) {
                Some(Some(code)) => self.find_in_header(gs, segment, code, element),
                Some(None) => {}
                None if is_guide(text) => {
                    self.find_in_header(gs, segment, "UNSUPPORTED_TRANSACTION", element);
                    return false;
                }
                None => self.find_in_header(gs, segment, "UNKNOWN_VERSION", element),
            }
            named = true;
        }
        if !named {
            self.find_in_header(gs, header, "UNKNOWN_VERSION", 3);
        }
        if gs != NO_SEGMENT && identifier != transaction.functional_identifier.as_bytes() {
            self.find_in_header(gs, gs, "GROUP_MISMATCH", 1);
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
        let header = (st != NO_SEGMENT).then_some(self.control);
        self.check_trailer(se, count as usize, header);
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
        let count = count + self.transactions_before;
        self.in_group = false;
        if ge == NO_SEGMENT {
            if gs != NO_SEGMENT {
                self.find("MISSING_TRAILER", gs, 0);
            }
            return;
        }
        let [.., control]: [&[u8]; 6] = self.sent(gs);
        self.check_trailer(ge, count, (gs != NO_SEGMENT).then_some(control));
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
        let count = count + self.groups_before;
        if iea == NO_SEGMENT {
            self.find("MISSING_TRAILER", isa, 0);
            return;
        }
        let [.., control]: [&[u8]; 13] = self.sent(isa);
        self.check_trailer(iea, count, Some(control));
    }

    /// A trailer's count, and its control number, which is that of its header.
    fn check_trailer(&mut self, trailer: u32, counted: usize, header: Option<&[u8]>) {
        let [count, control] = self.sent(trailer);
        let count = std::str::from_utf8(count).ok();
        if count.and_then(|text| text.parse::<usize>().ok()) != Some(counted) {
            self.find("CONTROL_MISMATCH", trailer, 1);
        }
        if header.is_some_and(|header| header != control) {
            self.find("CONTROL_MISMATCH", trailer, 2);
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
