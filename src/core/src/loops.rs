//! Segments to loops: which loop each segment of a transaction set belongs to.

use crate::document::Document;
use crate::envelope::Transaction;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::{Grammar, ROOT, Role};
use crate::scan::{Segment, SegmentId};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const HL: SegmentId = SegmentId::of(b"HL");

/// One repetition of a loop.
#[derive(Clone, Debug)]
pub struct Node {
    /// Index of the loop in the grammar.
    pub of: u16,
    pub parent: u32,
    /// The segment that opened it; `NO_SEGMENT` if it is only implied.
    pub opener: u32,
    /// Its own segments in the tree's list of segments.
    own: Span,
    /// Its children in the tree's list of children.
    below: Span,
}

impl Node {
    fn of(of: u16, parent: u32, opener: u32) -> Node {
        let [own, below] = [Span::default(); 2];
        Node {
            of,
            parent,
            opener,
            own,
            below,
        }
    }
}

/// From one place in a list to before another.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    #[inline]
    fn of<T>(self, items: &[T]) -> &[T] {
        &items[self.start as usize..self.end as usize]
    }
}

/// The loops of one transaction set. Node 0 is the transaction set itself.
pub struct Tree {
    pub nodes: Vec<Node>,
    /// First segment of the transaction set.
    pub first: u32,
    /// The node of each segment, counted from `first`.
    pub owner: Vec<u32>,
    /// All from `first` on; behind them, once more, those of nodes whose own do not follow each other.
    segments: Vec<u32>,
    /// The nodes but the first, by their parents.
    children: Vec<u32>,
    /// Which repetition of its loop each node is, counted when a path is first asked for.
    repetitions: OnceLock<Vec<u32>>,
    /// The nodes that an HL opened.
    pub levels: Vec<u32>,
    pub findings: Findings,
}

impl Tree {
    /// The segments that belong to a node itself, in document order.
    pub fn segments(&self, node: u32) -> &[u32] {
        self.nodes[node as usize].own.of(&self.segments)
    }

    /// The nodes directly below a node, in document order.
    pub fn children(&self, node: u32) -> &[u32] {
        self.nodes[node as usize].below.of(&self.children)
    }

    /// The loops from the transaction set to a node, with the repetition from the second on:
    /// `271/2000A/2000B/2000C[2]/2100C/2110C[14]`.
    pub fn path(&self, grammar: &Grammar, node: u32) -> String {
        let repetitions = self.repetitions.get_or_init(|| self.count(grammar));
        let mut around = vec![node];
        let mut at = node;
        while at != 0 {
            at = self.nodes[at as usize].parent;
            around.push(at);
        }
        let mut path = String::with_capacity(around.len() * 8);
        for &at in around.iter().rev() {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(&grammar.loops[self.nodes[at as usize].of as usize].id);
            let number = repetitions[at as usize];
            if number > 1 {
                path.push('[');
                path.push_str(&number.to_string());
                path.push(']');
            }
        }
        path
    }

    /// Per node, the how many-eth of its loop in its parent it is.
    fn count(&self, grammar: &Grammar) -> Vec<u32> {
        let mut numbers = vec![1; self.nodes.len()];
        let mut counts = vec![0u32; grammar.loops.len()];
        for parent in 0..self.nodes.len() as u32 {
            let children = self.children(parent);
            for &child in children {
                let count = &mut counts[self.nodes[child as usize].of as usize];
                *count += 1;
                numbers[child as usize] = *count;
            }
            for &child in children {
                counts[self.nodes[child as usize].of as usize] = 0;
            }
        }
        numbers
    }
}

/// Walks the segments of one transaction set.
pub fn walk(document: &Document, transaction: &Transaction, grammar: &Grammar) -> Tree {
    let first = transaction.first;
    let own = &document.segments[first as usize..transaction.end as usize];
    let mut walk = Walk {
        document,
        grammar,
        first,
        nodes: Vec::with_capacity(own.len() / 2 + 1),
        open: vec![Open { node: 0, of: ROOT }],
        levels: BTreeMap::new(),
        level_nodes: Vec::new(),
        latest: vec![NO_SEGMENT; grammar.loops.len()],
        bound: NO_SEGMENT,
        late: Vec::new(),
        findings: Findings::default(),
    };
    walk.nodes.push(Node::of(ROOT, 0, first));
    let owner = walk.take_all(own);
    walk.close_bound();
    let segments = walk.segments(transaction.end);
    let mut tree = Tree {
        children: children(&mut walk.nodes),
        nodes: walk.nodes,
        first,
        owner,
        segments,
        repetitions: OnceLock::new(),
        levels: walk.level_nodes,
        findings: walk.findings,
    };
    check_children(document, grammar, &mut tree);
    tree.findings.sort_by_key(|finding| finding.segment);
    tree
}

/// All nodes but the first by their parents, which know already how many theirs are.
fn children(nodes: &mut [Node]) -> Vec<u32> {
    let mut start = 0;
    for node in nodes.iter_mut() {
        let count = node.below.end;
        node.below = Span { start, end: start };
        start += count;
    }
    let mut children = vec![0; start as usize];
    for number in 1..nodes.len() {
        let parent = nodes[number].parent;
        let below = &mut nodes[parent as usize].below;
        children[below.end as usize] = number as u32;
        below.end += 1;
    }
    children
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
    /// First segment of the transaction set.
    first: u32,
    nodes: Vec<Node>,
    /// The open nodes, outermost first; never empty.
    open: Vec<Open>,
    /// HL01 to node, the latest of each.
    levels: BTreeMap<&'a [u8], u32>,
    /// The nodes that an HL opened.
    level_nodes: Vec<u32>,
    /// The latest node of each loop of the grammar.
    latest: Vec<u32>,
    /// The LS that is open.
    bound: u32,
    /// Segments that do not follow the others of their nodes, with those.
    late: Vec<(u32, u32)>,
    findings: Findings,
}

impl<'a> Walk<'a> {
    /// The node of each segment.
    #[inline(never)]
    fn take_all(&mut self, segments: &[Segment]) -> Vec<u32> {
        let mut owner = Vec::with_capacity(segments.len());
        let mut node = 0;
        let mut since = self.first;
        for (segment, index) in segments.iter().zip(self.first..) {
            let of_segment = self.take(index, segment.id);
            if of_segment != node {
                self.give(node, since, index);
                (node, since) = (of_segment, index);
            }
            owner.push(node);
        }
        self.give(node, since, self.first + segments.len() as u32);
        owner
    }

    /// Finds the node that a segment belongs to, opening and closing loops as it says.
    #[inline]
    fn take(&mut self, index: u32, id: SegmentId) -> u32 {
        if id == HL {
            return self.open_level(index);
        }
        let Some(column) = self.grammar.column(id) else {
            return self.take_unknown(index);
        };
        let Some(innermost) = self.open.last() else {
            return 0;
        };
        let step = self.grammar.step(innermost.of, column);
        match step.role {
            Role::Member if step.out == 0 => innermost.node,
            Role::Opens(child) if step.again => self.open_again(step.out, child, index),
            _ => self.place(index, column),
        }
    }

    #[cold]
    fn take_unknown(&mut self, index: u32) -> u32 {
        self.find("UNKNOWN_SEGMENT", index, 0);
        self.innermost()
    }

    /// Opens one more repetition of a loop of which any number may stand in the open node so far out.
    #[inline]
    fn open_again(&mut self, out: u16, child: u16, index: u32) -> u32 {
        self.close_bound();
        let node = self.nodes.len() as u32;
        self.open
            .truncate(self.open.len().saturating_sub(out.into()));
        let parent = self.innermost();
        self.nodes.push(Node::of(child, parent, index));
        if let Some(parent) = self.nodes.get_mut(parent as usize) {
            parent.below.end += 1;
        }
        self.open.push(Open { node, of: child });
        node
    }

    /// Finds the node of a segment that does not simply belong to the innermost one. What is rare is not inlined, so
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
            self.innermost()
        })
    }

    /// Notes that segments, from one to before another, are a node's own.
    #[inline]
    fn give(&mut self, node: u32, from: u32, to: u32) {
        let own = &mut self.nodes[node as usize].own;
        let (start, end) = (from - self.first, to - self.first);
        if own.start == own.end {
            *own = Span { start, end };
        } else {
            self.late.extend((from..to).map(|index| (node, index)));
        }
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

    fn innermost(&self) -> u32 {
        self.open.last().map_or(0, |open| open.node)
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
        let separator = self.document.delimiters(index).element;
        let sent = self.document.elements(index, separator);
        let named = self.levels.get(sent.get(2)).copied();
        let mut level = self.grammar.level(sent.get(3));
        if level.is_none() {
            self.find("BAD_HL", index, 3);
            let is_top = sent.get(2).is_empty();
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
        self.levels.insert(sent.get(1), node);
        self.level_nodes.push(node);
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
        let node = self.nodes.len() as u32;
        self.nodes.push(Node::of(of, parent, opener));
        self.nodes[parent as usize].below.end += 1;
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
fn check_children(document: &Document, grammar: &Grammar, tree: &mut Tree) {
    for &level in &tree.levels {
        let opener = tree.nodes[level as usize].opener;
        let has_children = tree
            .children(level)
            .iter()
            .any(|child| grammar.loops[tree.nodes[*child as usize].of as usize].is_level);
        let says = document.element(opener, 4);
        if (says == b"1" && !has_children) || (says == b"0" && has_children) {
            let finding = Finding::at_segment("HL_CHILD_MISMATCH", opener, 4);
            tree.findings.push(finding);
        }
    }
}
