//! Segments to loops: which loop each segment of a transaction set belongs to.

mod levels;
mod tree;

use crate::document::Document;
use crate::envelope::Transaction;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::{Grammar, Next, ROOT, Role};
use crate::scan::{HL, Segment, SegmentId};
use levels::Levels;
use std::sync::OnceLock;
pub use tree::{Node, Tree};
use tree::{Span, children};

/// Walks the segments of one transaction set.
pub fn walk(document: &Document, transaction: &Transaction, grammar: &Grammar) -> Tree {
    let first = transaction.first;
    let own = &document.segments[first as usize..transaction.end as usize];
    let mut walk = Walk {
        document,
        grammar,
        // A transaction set stands in one interchange.
        separator: document.delimiters(first).element,
        first,
        nodes: Vec::with_capacity(own.len() / 2 + 1),
        open: Vec::with_capacity(grammar.depth + 1),
        levels: Levels::default(),
        level_nodes: Vec::new(),
        promises: Vec::new(),
        latest: vec![NO_SEGMENT; grammar.loops.len()],
        bound: NO_SEGMENT,
        late: Vec::new(),
        findings: Findings::default(),
    };
    walk.nodes.push(Node::of(ROOT, 0, first));
    walk.open.push(Open { node: 0, of: ROOT });
    walk.take_all(own);
    walk.close_bound();
    let children = children(&mut walk.nodes);
    let segments = walk.segments(transaction.end);
    let mut tree = Tree {
        children,
        nodes: walk.nodes,
        first,
        count: own.len() as u32,
        segments,
        owners: OnceLock::new(),
        repetitions: OnceLock::new(),
        levels: walk.level_nodes,
        findings: walk.findings,
    };
    check_children(grammar, &mut tree, &walk.promises);
    tree.findings.sort_by_key(|finding| finding.segment);
    tree
}

/// A node that is open, and its loop.
#[derive(Clone, Copy)]
struct Open {
    node: u32,
    of: u16,
}

struct Walk<'a> {
    document: &'a Document,
    grammar: &'a Grammar,
    /// What stands between elements.
    separator: u8,
    /// First segment of the transaction set.
    first: u32,
    nodes: Vec<Node>,
    /// The open nodes, outermost first; never empty.
    open: Vec<Open>,
    /// HL01 to node, the latest of each.
    levels: Levels<'a>,
    /// The nodes that an HL opened, and whether it says that there are children in it.
    level_nodes: Vec<u32>,
    promises: Vec<Option<bool>>,
    /// The latest node of each loop of the grammar.
    latest: Vec<u32>,
    /// The LS that is open.
    bound: u32,
    /// Segments that do not follow the others of their nodes, with those.
    late: Vec<(u32, u32)>,
    findings: Findings,
}

impl<'a> Walk<'a> {
    /// Finds the node of each segment. Those between two that are looked at belong to the innermost open one.
    #[inline(never)]
    fn take_all(&mut self, segments: &[Segment]) {
        let grammar = self.grammar;
        let mut innermost = Open { node: 0, of: ROOT };
        let mut nexts = grammar.nexts(ROOT);
        let mut since = 0;
        let mut rest = segments.iter();
        while let Some(segment) = rest.find(|segment| !nexts.has(segment.id)) {
            let at = (segments.len() - rest.len() - 1) as u32;
            let index = self.first + at;
            let next = nexts.get(segment.id);
            if next == Next::Repeats {
                let parent = self.give(innermost.node, since, at);
                self.close_bound();
                innermost.node = self.add_plain(innermost.of, parent, index);
                since = at;
                continue;
            }
            self.settle(innermost.node);
            let node = match next {
                Next::Opens { out, child } => self.open_again(out, child, index),
                Next::Leaf(child) => self.add_plain(child, innermost.node, index),
                Next::Level => self.open_level(index),
                Next::Else(column) => self.place(index, column),
                _ => self.take(index, segment.id),
            };
            let before = innermost;
            innermost = self.innermost();
            if innermost.of != before.of {
                nexts = grammar.nexts(innermost.of);
            }
            if node == before.node && node == innermost.node {
                continue;
            }
            self.give(before.node, since, at);
            since = at;
            if node != innermost.node {
                since += 1;
                self.give(node, at, since);
            }
        }
        self.give(innermost.node, since, segments.len() as u32);
    }

    #[inline(never)]
    fn take(&mut self, index: u32, id: SegmentId) -> u32 {
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
        let depth = self.open.len().saturating_sub(out.into());
        self.open.truncate(depth);
        let parent = self.innermost().node;
        let node = self.add_plain(child, parent, index);
        self.open.push(Open { node, of: child });
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
        let mut depth = self.open.len() - 1;
        loop {
            let step = self.grammar.step(self.open[depth].of, column);
            if step.role == Role::None {
                break;
            }
            depth -= step.out as usize;
            let node = self.open[depth].node;
            match step.role {
                Role::Opens(child) => match self.open_child(depth, child, index) {
                    Some(opened) => return opened,
                    None if depth == 0 => break,
                    None => depth -= 1,
                },
                Role::BoundOpens(_) => {
                    self.close_bound();
                    self.open.truncate(depth + 1);
                    self.bound = index;
                    return node;
                }
                Role::BoundCloses(_) => {
                    if self.bound == NO_SEGMENT {
                        self.find("MISPLACED_SEGMENT", index, 0);
                    }
                    self.open.truncate(depth + 1);
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

    /// Says which node the innermost open one is.
    #[inline]
    fn settle(&mut self, node: u32) {
        if let Some(innermost) = self.open.last_mut() {
            innermost.node = node;
        }
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
        self.late.extend(late.map(|index| (number, index)));
    }

    /// The tree's list of segments.
    fn segments(&mut self, end: u32) -> Vec<u32> {
        let mut segments = Vec::with_capacity((end - self.first) as usize + 4 * self.late.len());
        segments.extend(self.first..end);
        self.late.sort_unstable();
        for late in self.late.chunk_by(|(one, _), (other, _)| one == other) {
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
        let innermost = self.open.last().copied();
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
        let parent = self.open[depth].node;
        let of = &self.grammar.loops[child as usize];
        let latest = self.latest[child as usize];
        let is_standing = || latest != NO_SEGMENT && self.nodes[latest as usize].parent == parent;
        if of.repeat == 1 && is_standing() {
            if self.nodes[latest as usize].opener != NO_SEGMENT {
                return None;
            }
            self.nodes[latest as usize].opener = index;
            self.open.truncate(depth + 1);
            self.open.push(Open {
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
            self.open.truncate(depth + 1);
            self.open.push(Open { node, of: child });
        }
        Some(node)
    }

    /// Opens a loop whose opener did not come, because a segment of it or of a loop in it did.
    fn imply(&mut self, index: u32, column: u16) -> Option<u32> {
        let grammar = self.grammar;
        for depth in (0..self.open.len()).rev() {
            let Open { node, of } = self.open[depth];
            for &child in &grammar.loops[of as usize].children {
                let role = grammar.role(child, column);
                let is_level = grammar.loops[child as usize].is_level;
                if role == Role::None || is_level {
                    continue;
                }
                let latest = self.latest[child as usize];
                let standing = latest != NO_SEGMENT && self.nodes[latest as usize].parent == node;
                if standing || grammar.loops[child as usize].repeat != 1 {
                    continue;
                }
                self.find("MISSING_NAME", index, 0);
                let implied = self.add(child, node, NO_SEGMENT);
                self.open.truncate(depth + 1);
                self.open.push(Open {
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
        self.open.truncate(1);
        let sent = self.document.elements(index, self.separator);
        let [name, of, code, children] = sent.run(1);
        let named = self.levels.get(of);
        let mut level = self.grammar.level(code);
        if level.is_none() {
            self.find("BAD_HL", index, 3);
            let is_top = of.is_empty();
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
        self.levels.insert(name, node);
        self.level_nodes.push(node);
        self.promises.push(match children {
            b"1" => Some(true),
            b"0" => Some(false),
            _ => None,
        });
        self.open.push(Open { node, of });
        node
    }

    /// The latest node of a loop; if there is none, of the loop around it.
    fn nearest(&self, of: u16) -> u32 {
        let mut at = of;
        while at != ROOT {
            if self.latest[at as usize] != NO_SEGMENT {
                return self.latest[at as usize];
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
        self.latest[of as usize] = node;
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
