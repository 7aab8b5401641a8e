//! Segments to loops: which loop each segment of a transaction set belongs to.

mod levels;
#[cfg(test)]
mod tests;
mod tree;

use crate::document::Document;
use crate::envelope::Transaction;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::{Grammar, Next, ROOT, Role};
use crate::scan::{HL, Segment};
use levels::{Expected, Levels, Name};
use std::mem::take;
use std::sync::OnceLock;
pub use tree::{Node, Tree};
use tree::{Span, children};

/// Walks the segments of transaction sets, one after the other, in the same memory. It is for one knowledge only.
#[derive(Default)]
pub struct Walker {
    open: Vec<Open>,
    numbered: Vec<u32>,
    promises: Vec<Option<bool>>,
    latest: Vec<u32>,
    late: Vec<(u32, u32)>,
    expected: Expected,
}

impl Walker {
    /// The loops of a transaction set.
    pub fn walk(
        &mut self,
        document: &Document,
        transaction: &Transaction,
        grammar: &Grammar,
    ) -> Tree {
        let first = transaction.first;
        let own = &document.segments[first as usize..transaction.end as usize];
        // A transaction set stands in one interchange.
        let separator = document.delimiters(first).element;
        self.expected.start(transaction.kind, separator);
        self.open.clear();
        self.open.push(Open { node: 0, of: ROOT });
        self.promises.clear();
        self.latest.clear();
        self.latest.resize(grammar.loops.len(), NO_SEGMENT);
        self.late.clear();
        let mut nodes = Vec::with_capacity(own.len() / 2 + 1);
        nodes.push(Node::of(ROOT, 0, first));
        let mut walk = Walk {
            document,
            grammar,
            first,
            nodes,
            levels: Levels::within(take(&mut self.numbered)),
            // Most answers name who pays, who asked and who is insured.
            level_nodes: Vec::with_capacity(4),
            bound: NO_SEGMENT,
            findings: Findings::default(),
            memory: self,
        };
        walk.take_all(own);
        walk.close_bound();
        let children = children(&mut walk.nodes);
        let segments = walk.segments(transaction.end);
        let Walk {
            nodes,
            levels,
            level_nodes,
            findings,
            ..
        } = walk;
        self.numbered = levels.numbered;
        let mut tree = Tree {
            children,
            nodes,
            first,
            count: own.len() as u32,
            segments,
            owners: OnceLock::new(),
            repetitions: OnceLock::new(),
            levels: level_nodes,
            findings,
        };
        check_children(grammar, &mut tree, &self.promises);
        tree.findings.sort_by_key(|finding| finding.segment);
        tree
    }
}

/// A node that is open, and its loop.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    of: u16,
}

/// Segments that belong to the innermost open node, from one on; counted from the first.
#[derive(Clone, Copy)]
struct Run {
    of: Open,
    since: u32,
}

struct Walk<'a, 'w> {
    document: &'a Document,
    grammar: &'a Grammar,
    /// First segment of the transaction set.
    first: u32,
    nodes: Vec<Node>,
    levels: Levels<'a>,
    /// The nodes that an HL opened.
    level_nodes: Vec<u32>,
    /// The LS that is open.
    bound: u32,
    findings: Findings,
    memory: &'w mut Walker,
}

impl<'a> Walk<'a, '_> {
    /// Finds the node of each segment, run by run.
    #[inline(never)]
    fn take_all(&mut self, segments: &[Segment]) {
        let grammar = self.grammar;
        let mut run = Run {
            of: Open { node: 0, of: ROOT },
            since: 0,
        };
        let mut nexts = grammar.nexts(ROOT);
        let mut rest = segments.iter();
        while let Some(segment) = rest.find(|segment| !nexts.has(segment.id)) {
            let at = (segments.len() - rest.len() - 1) as u32;
            let next = nexts.get(segment.id);
            match next {
                Next::Repeats => {
                    let parent = self.give(run.of.node, run.since, at);
                    self.close_bound();
                    run.of.node = self.add_plain(run.of.of, parent, self.first + at);
                    run.since = at;
                }
                Next::Leaf(child) => {
                    self.give(run.of.node, run.since, at);
                    let leaf = self.add_plain(child, run.of.node, self.first + at);
                    run.since = at + 1;
                    self.give(leaf, at, run.since);
                }
                _ => {
                    run = self.turn(run, next, at);
                    nexts = grammar.nexts(run.of.of);
                }
            }
        }
        self.give(run.of.node, run.since, segments.len() as u32);
    }

    /// Takes a segment that ends a run, and says which one goes on behind it.
    #[inline(never)]
    fn turn(&mut self, run: Run, next: Next, at: u32) -> Run {
        let before = run.of.node;
        // It may be another repetition than the one with which the run began.
        if let Some(innermost) = self.memory.open.last_mut() {
            innermost.node = before;
        }
        let index = self.first + at;
        let node = match next {
            Next::Opens { out, child } => self.open_again(out, child, index),
            Next::Level => self.open_level(index),
            Next::Else(column) => self.place(index, column),
            _ => self.take(index),
        };
        let of = self.innermost();
        if node == before && node == of.node {
            return run;
        }
        self.give(before, run.since, at);
        let is_its_own = node != of.node;
        if is_its_own {
            self.give(node, at, at + 1);
        }
        Run {
            of,
            since: at + u32::from(is_its_own),
        }
    }

    /// The same for a segment of which not even its column is known.
    fn take(&mut self, index: u32) -> u32 {
        let id = self.document.segments[index as usize].id;
        if id == HL {
            return self.open_level(index);
        }
        match self.grammar.column(id) {
            Some(column) => self.place(index, column),
            None => self.take_unknown(index),
        }
    }

    #[cold]
    fn take_unknown(&mut self, index: u32) -> u32 {
        self.find("UNKNOWN_SEGMENT", index, 0);
        self.innermost().node
    }

    /// Opens one more repetition of a loop of which any number may stand in the open node so far out.
    #[inline]
    fn open_again(&mut self, out: u8, child: u16, index: u32) -> u32 {
        self.close_bound();
        let depth = self.memory.open.len().saturating_sub(out.into());
        self.memory.open.truncate(depth);
        let parent = self.innermost().node;
        let node = self.add_plain(child, parent, index);
        self.memory.open.push(Open { node, of: child });
        node
    }

    /// Adds a node of a loop whose latest one matters to none.
    #[inline]
    fn add_plain(&mut self, of: u16, parent: u32, opener: u32) -> u32 {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node::of(of, parent, opener));
        if let Some(parent) = self.nodes.get_mut(parent as usize) {
            parent.has_child();
        }
        node
    }

    /// Finds the node that a segment belongs to, opening and closing loops as it says. What is rare is not inlined, so
    /// that the rest runs in registers.
    #[inline(never)]
    fn place(&mut self, index: u32, column: u16) -> u32 {
        let mut depth = self.memory.open.len() - 1;
        loop {
            let step = self.grammar.step(self.memory.open[depth].of, column);
            if step.role == Role::None {
                break;
            }
            depth -= step.out as usize;
            let node = self.memory.open[depth].node;
            match step.role {
                Role::Opens(child) => match self.open_child(depth, child, index) {
                    Some(opened) => return opened,
                    None if depth == 0 => break,
                    None => depth -= 1,
                },
                Role::BoundOpens(_) => {
                    self.close_bound();
                    self.memory.open.truncate(depth + 1);
                    self.bound = index;
                    return node;
                }
                Role::BoundCloses(_) => {
                    if self.bound == NO_SEGMENT {
                        self.find("MISPLACED_SEGMENT", index, 0);
                    }
                    self.memory.open.truncate(depth + 1);
                    self.bound = NO_SEGMENT;
                    return node;
                }
                Role::Member | Role::None => return node,
            }
        }
        self.imply(index, column).unwrap_or_else(|| {
            self.find("MISPLACED_SEGMENT", index, 0);
            self.innermost().node
        })
    }

    /// Notes that segments, from one to before another, are a node's own; counted from the first. Gives its parent.
    #[inline]
    fn give(&mut self, number: u32, start: u32, end: u32) -> u32 {
        let node = &mut self.nodes[number as usize];
        let parent = node.parent;
        if node.own.start == node.own.end {
            node.own = Span { start, end };
        } else if start < end {
            self.give_late(number, start, end);
        }
        parent
    }

    #[inline(never)]
    fn give_late(&mut self, number: u32, start: u32, end: u32) {
        let late = self.first + start..self.first + end;
        self.memory.late.extend(late.map(|index| (number, index)));
    }

    /// The tree's list of segments.
    fn segments(&mut self, end: u32) -> Vec<u32> {
        let mut segments =
            Vec::with_capacity((end - self.first) as usize + 4 * self.memory.late.len());
        segments.extend(self.first..end);
        self.memory.late.sort_unstable();
        for late in self
            .memory
            .late
            .chunk_by(|(one, _), (other, _)| one == other)
        {
            let Some((node, _)) = late.first() else {
                continue;
            };
            let own = &mut self.nodes[*node as usize].own;
            let start = segments.len() as u32;
            segments.extend_from_within(own.start as usize..own.end as usize);
            segments.extend(late.iter().map(|(_, index)| *index));
            *own = Span {
                start,
                end: segments.len() as u32,
            };
        }
        segments
    }

    #[inline]
    fn innermost(&self) -> Open {
        let innermost = self.memory.open.last().copied();
        innermost.unwrap_or(Open { node: 0, of: ROOT })
    }

    #[cold]
    fn find(&mut self, code: &'static str, segment: u32, element: u16) {
        self.findings
            .push(Finding::at_segment(code, segment, element));
    }

    /// Opens loop `child` in the open node at `depth`. None if it stands there as often as it may.
    #[inline(never)]
    fn open_child(&mut self, depth: usize, child: u16, index: u32) -> Option<u32> {
        let parent = self.memory.open[depth].node;
        let of = &self.grammar.loops[child as usize];
        let latest = self.memory.latest[child as usize];
        let is_standing = || latest != NO_SEGMENT && self.nodes[latest as usize].parent == parent;
        if of.repeat == 1 && is_standing() {
            if self.nodes[latest as usize].opener != NO_SEGMENT {
                return None;
            }
            self.nodes[latest as usize].opener = index;
            self.memory.open.truncate(depth + 1);
            self.memory.open.push(Open {
                node: latest,
                of: child,
            });
            return Some(latest);
        }
        if of.bounded && self.bound == NO_SEGMENT {
            self.find("ENTITY_WITHOUT_LS", index, 0);
        }
        if !of.bounded && !of.leaf {
            self.close_bound();
        }
        let node = self.add(child, parent, index);
        if !of.leaf {
            self.memory.open.truncate(depth + 1);
            self.memory.open.push(Open { node, of: child });
        }
        Some(node)
    }

    /// Opens a loop whose opener did not come, because a segment of it or of a loop in it did.
    fn imply(&mut self, index: u32, column: u16) -> Option<u32> {
        let grammar = self.grammar;
        for depth in (0..self.memory.open.len()).rev() {
            let Open { node, of } = self.memory.open[depth];
            for &child in &grammar.loops[of as usize].children {
                let role = grammar.role(child, column);
                let is_level = grammar.loops[child as usize].is_level;
                if role == Role::None || is_level {
                    continue;
                }
                let latest = self.memory.latest[child as usize];
                let standing = latest != NO_SEGMENT && self.nodes[latest as usize].parent == node;
                if standing || grammar.loops[child as usize].repeat != 1 {
                    continue;
                }
                self.find("MISSING_NAME", index, 0);
                let implied = self.add(child, node, NO_SEGMENT);
                self.memory.open.truncate(depth + 1);
                self.memory.open.push(Open {
                    node: implied,
                    of: child,
                });
                return match role {
                    Role::Opens(inner) => self.open_child(depth + 1, inner, index),
                    _ => Some(implied),
                };
            }
        }
        None
    }

    #[inline(never)]
    fn open_level(&mut self, index: u32) -> u32 {
        self.close_bound();
        self.memory.open.truncate(1);
        let number = self.level_nodes.len();
        let text = self.document.text_at(index);
        let hl = self.memory.expected.read(number, text, self.grammar);
        let named = self.levels.get(hl.above);
        let mut level = hl.of;
        if level.is_none() {
            self.find("BAD_HL", index, 3);
            let is_top = hl.above == Name::NONE;
            let above = named
                .map(|node| self.nodes[node as usize].of)
                .or(is_top.then_some(ROOT));
            level = above.and_then(|of| self.grammar.level_below(of));
        }
        let Some(of) = level else { return 0 };
        let expected = self.grammar.loops[of as usize].parent;
        let mut parent = 0;
        if expected != ROOT {
            // A level may be left out (an answer need not name who asked), so any level above will do.
            let above = named.filter(|node| self.is_above(self.nodes[*node as usize].of, of));
            parent = above.unwrap_or_else(|| self.nearest(expected));
            if above.is_none() {
                self.find("BAD_HL", index, 2);
            }
        }
        let node = self.add(of, parent, index);
        self.levels.insert(hl.name, node);
        self.level_nodes.push(node);
        self.memory.promises.push(hl.promise);
        self.memory.open.push(Open { node, of });
        node
    }

    /// The latest node of a loop; if there is none, of the loop around it.
    fn nearest(&self, of: u16) -> u32 {
        let mut at = of;
        while at != ROOT {
            if self.memory.latest[at as usize] != NO_SEGMENT {
                return self.memory.latest[at as usize];
            }
            at = self.grammar.loops[at as usize].parent;
        }
        0
    }

    /// True if the grammar has loop `one` somewhere around loop `other`.
    fn is_above(&self, one: u16, other: u16) -> bool {
        let mut at = other;
        while at != ROOT {
            at = self.grammar.loops[at as usize].parent;
            if at == one {
                return true;
            }
        }
        false
    }

    fn add(&mut self, of: u16, parent: u32, opener: u32) -> u32 {
        let node = self.add_plain(of, parent, opener);
        self.memory.latest[of as usize] = node;
        node
    }

    #[inline]
    fn close_bound(&mut self) {
        if self.bound != NO_SEGMENT {
            self.find("LS_NOT_CLOSED", self.bound, 0);
            self.bound = NO_SEGMENT;
        }
    }
}

/// HL04 promises children or none; both can be wrong.
fn check_children(grammar: &Grammar, tree: &mut Tree, promises: &[Option<bool>]) {
    for (&level, promise) in tree.levels.iter().zip(promises) {
        let mut children = tree.children(level).iter();
        let has_children =
            children.any(|child| grammar.loops[tree.nodes[*child as usize].of as usize].is_level);
        if promise.is_some_and(|promise| promise != has_children) {
            let opener = tree.nodes[level as usize].opener;
            let finding = Finding::at_segment("HL_CHILD_MISMATCH", opener, 4);
            tree.findings.push(finding);
        }
    }
}
