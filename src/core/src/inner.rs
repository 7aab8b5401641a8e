//! A document and everything that was found in it without asking what it means.

use crate::document::Document as Read;
use crate::envelope::{self, Envelope, Transaction};
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::Grammar;
use crate::knowledge::Knowledge;
use crate::loops::{self, Tree};
use crate::normalize::Loops;
use crate::normalize::memory::Memory;
use crate::normalize::people::{Patient, Traced, patients, traced};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A document and everything that was found in it without asking what it means. Of a transaction set most is found out
/// when somebody asks.
pub struct Inner {
    pub read: Arc<Read>,
    pub envelope: Arc<Envelope>,
    /// True per transaction set if its text is UTF-8.
    pub utf8: Arc<Vec<bool>>,
    /// Per transaction set the envelope's findings that concern it.
    by_transaction: Arc<Vec<Vec<u32>>>,
    pub knowledge: Arc<Knowledge>,
    /// Number of the first transaction set that can be asked about: 0, but in a part.
    first: usize,
    sets: Vec<Set>,
}

/// What was found in one transaction set.
#[derive(Default)]
struct Set {
    /// None if it is read flat or not at all.
    tree: OnceLock<Option<Tree>>,
    checked: OnceLock<Findings>,
    /// Its findings by level.
    by_level: OnceLock<HashMap<u32, Vec<Finding>>>,
}

/// Segments of transaction sets that are asked about together; what is found in them stays in the cache.
const TOGETHER: u32 = 4096;

/// Bytes as text: UTF-8 if the whole transaction set is, else Latin-1, so that nothing is ever undecodable.
pub fn decode(bytes: &[u8], utf8: bool) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        // Cutting at ASCII delimiters keeps UTF-8 whole; a Latin-1 text may hold parts that look like UTF-8.
        Ok(text) if utf8 || text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// True for UTF-8. Most texts are ASCII, which a look at many bytes together tells sooner than at one after the other.
fn is_utf8(text: &[u8]) -> bool {
    let (blocks, rest) = text.as_chunks::<128>();
    let mut all = [0; 128];
    for block in blocks {
        all.iter_mut()
            .zip(block)
            .for_each(|(all, byte)| *all |= byte);
    }
    (all.is_ascii() && rest.is_ascii()) || std::str::from_utf8(text).is_ok()
}

/// One patient that an answer names.
pub struct Found {
    pub transaction: usize,
    /// Number of the patient in its transaction set, from 0.
    pub index: usize,
    pub loops: Loops,
    pub patient: Patient,
    pub fit: Traced,
}

impl Inner {
    /// Walks the envelope of what was cut.
    pub fn of(read: Read, knowledge: Arc<Knowledge>) -> Inner {
        let envelope = envelope::walk(&read, &knowledge.versions);
        Inner::with(read, envelope, knowledge)
    }

    pub fn with(read: Read, mut envelope: Envelope, knowledge: Arc<Knowledge>) -> Inner {
        let mut utf8 = Vec::with_capacity(envelope.transactions.len());
        for transaction in &envelope.transactions {
            let is_utf8 = is_utf8(read.span(transaction.first, transaction.end));
            if !is_utf8 {
                envelope
                    .findings
                    .push(Finding::at_segment("NOT_UTF8", transaction.first, 0));
            }
            utf8.push(is_utf8);
        }
        let sets = envelope.transactions.iter().map(|_| Set::default());
        Inner {
            sets: sets.collect(),
            first: 0,
            by_transaction: Arc::new(envelope.findings_by_transaction()),
            read: Arc::new(read),
            envelope: Arc::new(envelope),
            utf8: Arc::new(utf8),
            knowledge,
        }
    }

    /// Places the segments of all transaction sets in their loops, where that would be done later one by one.
    pub fn place(&self) {
        for transaction in 0..self.sets.len() {
            self.tree(self.first + transaction);
        }
    }

    /// The same document, of which some transaction sets can be asked about; forgets what was found in them when dropped.
    fn part(&self, sets: Range<usize>) -> Inner {
        Inner {
            read: self.read.clone(),
            envelope: self.envelope.clone(),
            utf8: self.utf8.clone(),
            by_transaction: self.by_transaction.clone(),
            knowledge: self.knowledge.clone(),
            first: sets.start,
            sets: sets.map(|_| Set::default()).collect(),
        }
    }

    /// Hands out the transaction sets from number `from` on, some at a time, each time as numbers of what can be asked
    /// about them, until there is an answer. What was not found out before is forgotten again.
    pub fn in_parts<T>(
        &self,
        from: usize,
        mut each: impl FnMut(&Inner, Range<usize>) -> Option<T>,
    ) -> Option<T> {
        let mut rest = self.envelope.transactions.get(from..).unwrap_or(&[]);
        let mut first = from;
        while let Some(begin) = rest.first() {
            let is_near = |set: &&Transaction| set.first - begin.first < TOGETHER;
            let (part, others) = rest.split_at(rest.iter().take_while(is_near).count());
            let sets = first..first + part.len();
            (rest, first) = (others, sets.end);
            let is_known = |set: &Set| set.tree.get().is_some();
            let found = if self.set(sets.start).is_some_and(is_known) {
                each(self, sets)
            } else {
                each(&self.part(sets.clone()), sets)
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn set(&self, transaction: usize) -> Option<&Set> {
        self.sets.get(transaction.checked_sub(self.first)?)
    }

    /// The loops of a transaction set; None if it is read flat or not at all.
    pub fn tree(&self, transaction: usize) -> Option<&Tree> {
        let tree = &self.set(transaction)?.tree;
        tree.get_or_init(|| self.walk(transaction)).as_ref()
    }

    fn walk(&self, transaction: usize) -> Option<Tree> {
        let of = &self.envelope.transactions[transaction];
        let grammar = self.grammar(transaction).filter(|_| of.read)?;
        Some(loops::walk(&self.read, of, grammar))
    }

    /// True if nothing was found that concerns more than one transaction set.
    pub fn is_plain(&self) -> bool {
        let latin = self.utf8.iter().filter(|is_utf8| !**is_utf8);
        self.read.findings.is_empty() && self.envelope.findings.len() == latin.count()
    }

    /// The loops of a transaction set if it is an answer that is read.
    pub fn answer_loops(&self, transaction: usize) -> Option<(&Tree, Loops)> {
        let tree = self.tree(transaction)?;
        let loops = Loops::of(self.grammar(transaction)?)?;
        let is_answer = self.envelope.transactions[transaction].kind == *b"271";
        is_answer.then_some((tree, loops))
    }

    /// The patients of one transaction set, in document order; with a trace number those who carry it or carry none.
    pub fn patients(&self, transaction: usize, trace: Option<&[u8]>) -> Vec<Found> {
        let Some((tree, loops)) = self.answer_loops(transaction) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        patients(tree, loops, |patient| {
            let fit = trace.map(|trace| traced(&self.read, tree, &patient, trace));
            let fit = fit.unwrap_or(Traced::Matches);
            if fit != Traced::Differs {
                found.push(Found {
                    transaction,
                    index: found.len(),
                    loops,
                    patient,
                    fit,
                });
            }
        });
        found
    }

    pub fn grammar(&self, transaction: usize) -> Option<&Grammar> {
        self.knowledge
            .versions
            .transaction(&self.envelope.transactions[transaction].kind)?
            .grammar
            .as_ref()
    }

    fn checked(&self, transaction: usize) -> &[Finding] {
        self.check(transaction, None)
    }

    /// What is found in a transaction set by checking its segments, faster where there is a memory of other answers.
    pub fn check(&self, transaction: usize, memory: Option<&RefCell<Memory>>) -> &[Finding] {
        let Some(set) = self.set(transaction) else {
            return &[];
        };
        set.checked.get_or_init(
            || match (self.grammar(transaction), self.tree(transaction)) {
                (Some(grammar), Some(tree)) => {
                    let checks = &self.knowledge.checks;
                    checks.run(&self.read, grammar, tree, memory)
                }
                _ => Findings::default(),
            },
        )
    }

    /// The transaction set that a segment belongs to.
    pub fn transaction_of(&self, segment: u32) -> Option<usize> {
        let found = self
            .envelope
            .transactions
            .partition_point(|item| item.end <= segment);
        let item = self.envelope.transactions.get(found)?;
        (item.first <= segment).then_some(found)
    }

    /// What concerns one patient: the input, the envelope around its transaction set, and the loops and codes of the
    /// levels on its path.
    pub fn findings_of(&self, transaction: usize, path: &[Option<u32>]) -> Vec<&Finding> {
        if self.is_clean(transaction) {
            return Vec::new();
        }
        let around = self.around(transaction);
        let of_input = self.read.findings.iter().filter(|found| {
            found.offset.is_some() || around.contains(&found.segment) || found.segment == NO_SEGMENT
        });
        let levels = self.levels(transaction);
        let on_path = std::iter::once(0).chain(path.iter().flatten().copied());
        let of_levels = on_path.filter_map(|level| levels?.get(&level)).flatten();
        let mut all: Vec<&Finding> = of_input.chain(of_levels).collect();
        self.sort(&mut all);
        all
    }

    /// True if nothing was found about the input and a transaction set, as mostly.
    fn is_clean(&self, transaction: usize) -> bool {
        let tree = self.tree(transaction);
        self.read.findings.is_empty()
            && self.by_transaction[transaction].is_empty()
            && tree.is_none_or(|tree| tree.findings.is_empty())
            && self.checked(transaction).is_empty()
    }

    /// All findings that concern a patient: the document's own, those of its transaction set outside other patients'
    /// loops, and those of its meaning.
    pub fn findings_of_patient<'a>(
        &'a self,
        transaction: usize,
        patient: &Patient,
        fit: Traced,
        meaning: &'a [Finding],
    ) -> Vec<Cow<'a, Finding>> {
        let path = [
            patient.source,
            patient.receiver,
            patient.subscriber,
            patient.dependent,
        ];
        let found = self.findings_of(transaction, &path).into_iter();
        let mut all: Vec<Cow<'a, Finding>> = found.map(Cow::Borrowed).collect();
        if fit == Traced::Unsaid {
            let tree = self.tree(transaction);
            let level = patient.level().zip(tree);
            let segment = level.map_or(0, |(node, tree)| tree.nodes[node as usize].opener);
            all.push(Cow::Owned(Finding::about(
                "TRACE_NOT_ECHOED",
                "",
                segment,
                Vec::new(),
            )));
        }
        all.extend(meaning.iter().map(Cow::Borrowed));
        all
    }

    /// The headers and trailers around a transaction set.
    fn around(&self, transaction: usize) -> [u32; 4] {
        let item = &self.envelope.transactions[transaction];
        let mut around = [item.isa, item.gs, NO_SEGMENT, NO_SEGMENT];
        let interchanges = &self.envelope.interchanges;
        let at = interchanges.partition_point(|one| one.isa <= item.first);
        if let Some(interchange) = at.checked_sub(1).map(|at| &interchanges[at]) {
            around[2] = interchange.iea;
            let groups = &interchange.groups;
            around[3] = groups
                .iter()
                .find(|group| group.gs == item.gs)
                .map_or(NO_SEGMENT, |group| group.ge);
        }
        around
    }

    /// The findings of a transaction set by the level that they stand in; 0 is the set itself and its envelope.
    pub fn levels(&self, transaction: usize) -> Option<&HashMap<u32, Vec<Finding>>> {
        let by_level = &self.set(transaction)?.by_level;
        Some(by_level.get_or_init(|| self.group_by_level(transaction)))
    }

    fn group_by_level(&self, transaction: usize) -> HashMap<u32, Vec<Finding>> {
        let item = &self.envelope.transactions[transaction];
        let tree = self.tree(transaction);
        let of_tree = tree.iter().flat_map(|tree| tree.findings.iter());
        let of_envelope = self.by_transaction[transaction]
            .iter()
            .map(|at| &self.envelope.findings[*at as usize]);
        let inside = |found: &&Finding| {
            found.offset.is_none() && (item.first..item.end).contains(&found.segment)
        };
        let of_scan = self.read.findings.iter().filter(inside);
        let mut levels: HashMap<u32, Vec<Finding>> = HashMap::new();
        for finding in of_envelope
            .chain(of_tree)
            .chain(self.checked(transaction))
            .chain(of_scan)
        {
            let level = tree.map_or(0, |tree| self.level_of(transaction, tree, finding.segment));
            levels.entry(level).or_default().push(finding.clone());
        }
        levels
    }

    /// The level (HL) that a segment stands in, 0 for none.
    fn level_of(&self, transaction: usize, tree: &Tree, segment: u32) -> u32 {
        let Some(grammar) = self.grammar(transaction) else {
            return 0;
        };
        let mut node = tree.owner(segment);
        while node != 0
            && grammar.loops[tree.nodes[node as usize].of as usize]
                .level
                .is_empty()
        {
            node = tree.nodes[node as usize].parent;
        }
        node
    }

    pub fn sort(&self, findings: &mut [&Finding]) {
        findings.sort_by_key(|finding| match finding.offset {
            Some(offset) => (offset, 0),
            None => (self.read.offset(finding.segment), finding.element),
        });
    }

    /// What was found about the envelope, the loops and the codes, in document order; not what earlier pieces of the
    /// stream gave already.
    pub fn findings(&self) -> Vec<&Finding> {
        let sets = self.first..self.first + self.sets.len();
        let trees = sets.clone().filter_map(|at| self.tree(at));
        let trees = trees.flat_map(|tree| tree.findings.iter());
        let checked = sets.flat_map(|at| self.checked(at));
        let mut all: Vec<&Finding> = self
            .read
            .own_findings()
            .iter()
            .chain(self.envelope.own_findings())
            .chain(trees)
            .chain(checked)
            .collect();
        self.sort(&mut all);
        all
    }

    /// The loops of the transaction set that a segment belongs to, and the segment's node.
    fn node_of(&self, segment: u32) -> Option<(&Tree, &Grammar, u32)> {
        let transaction = self.transaction_of(segment)?;
        let tree = self.tree(transaction)?;
        Some((tree, self.grammar(transaction)?, tree.owner(segment)))
    }

    /// The identifier of the loop that a segment belongs to.
    pub fn loop_of(&self, segment: u32) -> Option<&str> {
        let (tree, grammar, node) = self.node_of(segment)?;
        let of = tree.nodes[node as usize].of;
        Some(grammar.loops[of as usize].id.as_str())
    }

    /// The loops around a segment, from the transaction set to its own.
    pub fn path_of(&self, segment: u32) -> Option<String> {
        let (tree, grammar, node) = self.node_of(segment)?;
        Some(tree.path(grammar, node))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_told_wherever_a_byte_stands() {
        for length in [1, 5, 127, 128, 129, 300] {
            let ascii = vec![b'A'; length];
            assert!(is_utf8(&ascii));
            for at in 0..length {
                let mut latin = ascii.clone();
                latin[at] = 0xE9;
                assert!(!is_utf8(&latin), "{length} {at}");
                let accented = [&ascii[..at], "\u{e9}".as_bytes(), &ascii[at..]].concat();
                assert!(is_utf8(&accented), "{length} {at}");
            }
        }
        assert!(is_utf8(b""));
    }
}
