//! A document and everything that was found in it without asking what it means.

use super::Knowledge;
use super::texts::Texts;
use crate::document::Document as Read;
use crate::envelope::Envelope;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::Grammar;
use crate::loops::Tree;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// A document and everything that was found in it without asking what it means.
pub(super) struct Inner {
    pub(super) read: Read,
    pub(super) envelope: Envelope,
    /// One per transaction set; None if it is read flat or not at all.
    pub(super) trees: Vec<Option<Tree>>,
    /// True per transaction set if its text is UTF-8.
    pub(super) utf8: Vec<bool>,
    pub(super) checked: Vec<OnceLock<Findings>>,
    /// Per transaction set the envelope's findings that concern it.
    pub(super) by_transaction: Vec<Vec<u32>>,
    /// Per transaction set its findings by level, grouped when a record first asks.
    pub(super) by_level: Vec<OnceLock<HashMap<u32, Vec<Finding>>>>,
    pub(super) knowledge: Arc<Knowledge>,
}

impl Inner {
    pub(super) fn grammar(&self, transaction: usize) -> Option<&Grammar> {
        self.knowledge
            .versions
            .transaction(&self.envelope.transactions[transaction].kind)?
            .grammar
            .as_ref()
    }

    pub(super) fn checked(&self, transaction: usize) -> &Findings {
        self.checked[transaction].get_or_init(|| {
            match (self.grammar(transaction), &self.trees[transaction]) {
                (Some(grammar), Some(tree)) => self.knowledge.checks.run(&self.read, grammar, tree),
                _ => Findings::default(),
            }
        })
    }

    pub(super) fn texts(&self, transaction: usize) -> Texts<'_> {
        Texts {
            document: &self.read,
            utf8: self.utf8[transaction],
        }
    }

    /// The transaction set that a segment belongs to.
    pub(super) fn transaction_of(&self, segment: u32) -> Option<usize> {
        let found = self
            .envelope
            .transactions
            .partition_point(|item| item.end <= segment);
        let item = self.envelope.transactions.get(found)?;
        (item.first <= segment).then_some(found)
    }

    /// What concerns one patient: the input, the envelope around its transaction set, and the loops and codes of the
    /// levels on its path.
    pub(super) fn findings_of(&self, transaction: usize, path: &[Option<u32>]) -> Vec<&Finding> {
        let around = self.around(transaction);
        let of_input = self.read.findings.iter().filter(|found| {
            found.offset.is_some() || around.contains(&found.segment) || found.segment == NO_SEGMENT
        });
        let levels = self.by_level[transaction].get_or_init(|| self.group_by_level(transaction));
        let on_path = std::iter::once(0).chain(path.iter().flatten().copied());
        let of_levels = on_path.filter_map(|level| levels.get(&level)).flatten();
        let mut all: Vec<&Finding> = of_input.chain(of_levels).collect();
        self.sort(&mut all);
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
    fn group_by_level(&self, transaction: usize) -> HashMap<u32, Vec<Finding>> {
        let item = &self.envelope.transactions[transaction];
        let tree = self.trees[transaction].as_ref();
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
            .chain(self.checked(transaction).iter())
            .chain(of_scan)
        {
            let level = tree.map_or(0, |tree| self.level_of(transaction, tree, finding.segment));
            levels.entry(level).or_default().push(finding.clone());
        }
        levels
    }

    /// The level (HL) that a segment stands in, 0 for none.
    fn level_of(&self, transaction: usize, tree: &Tree, segment: u32) -> u32 {
        let owner = segment
            .checked_sub(tree.first)
            .and_then(|at| tree.owner.get(at as usize));
        let Some(grammar) = self.grammar(transaction) else {
            return 0;
        };
        let mut node = owner.copied().unwrap_or(0);
        while node != 0
            && grammar.loops[tree.nodes[node as usize].of as usize]
                .level
                .is_empty()
        {
            node = tree.nodes[node as usize].parent;
        }
        node
    }

    pub(super) fn sort(&self, findings: &mut [&Finding]) {
        findings.sort_by_key(|finding| match finding.offset {
            Some(offset) => (offset, 0),
            None => (self.read.offset(finding.segment), finding.element),
        });
    }

    /// What was found about the envelope, the loops and the codes, in document order; not what earlier pieces of the
    /// stream gave already.
    pub(super) fn findings(&self) -> Vec<&Finding> {
        let trees = self
            .trees
            .iter()
            .flatten()
            .flat_map(|tree| tree.findings.iter());
        let checked = (0..self.trees.len()).flat_map(|at| self.checked(at).iter());
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

    /// Offset, segment from 1, element and loop of a place.
    pub(super) fn position<'py>(
        &self,
        py: Python<'py>,
        segment: u32,
        element: u16,
    ) -> PyResult<Bound<'py, PyAny>> {
        if segment == NO_SEGMENT {
            return Ok(py.None().into_bound(py));
        }
        let element = if element == 0 { None } else { Some(element) };
        let place = (
            self.read.offset(segment),
            self.read.index(segment) + 1,
            element,
            self.loop_of(segment),
        );
        Ok(place.into_pyobject(py)?.into_any())
    }

    /// The identifier of the loop that a segment belongs to.
    pub(super) fn loop_of(&self, segment: u32) -> Option<&str> {
        let transaction = self.transaction_of(segment)?;
        let (tree, grammar) = (
            self.trees[transaction].as_ref()?,
            self.grammar(transaction)?,
        );
        let owner = tree.owner[(segment - tree.first) as usize];
        Some(
            grammar.loops[tree.nodes[owner as usize].of as usize]
                .id
                .as_str(),
        )
    }

    /// (code, field, position, the others' positions)
    pub(super) fn finding<'py>(
        &self,
        py: Python<'py>,
        finding: &Finding,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let position = match finding.offset {
            Some(offset) => (offset, None::<usize>, None::<u16>, None::<&str>)
                .into_pyobject(py)?
                .into_any(),
            None => self.position(py, finding.segment, finding.element)?,
        };
        let others = PyList::empty(py);
        for &other in &finding.others {
            others.append(self.position(py, other, 0)?)?;
        }
        (finding.code, finding.field, position, others).into_pyobject(py)
    }
}
