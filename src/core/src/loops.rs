//! Segments to loops: which loop each segment of a transaction set belongs to.

use crate::document::Document;
use crate::envelope::Transaction;
use crate::finding::{Finding, Findings, NO_SEGMENT};
use crate::grammar::{Grammar, ROOT, Role};
use crate::scan::SegmentId;
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
}

/// The loops of one transaction set. Node 0 is the transaction set itself.
pub struct Tree {
    pub nodes: Vec<Node>,
    /// First segment of the transaction set.
    pub first: u32,
    /// The node of each segment, counted from `first`.
    pub owner: Vec<u32>,
    segments: Lists,
    children: Lists,
    /// Which repetition of its loop each node is, counted when a path is first asked for.
    repetitions: OnceLock<Vec<u32>>,
    pub findings: Findings,
}

/// Many short lists in two arrays.
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// List `k` gets, in order, the items whose key is `k`.
    fn group(count: usize, keyed: impl ExactSizeIterator<Item = (u32, u32)> + Clone) -> Lists {
        let mut items = vec![0u32; keyed.len()];
        let mut ends = vec![0u32; count];
        for (key, _) in keyed.clone() {
            ends[key as usize] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            (start, *end) = (start + *end, start);
        }
        for (key, item) in keyed {
            let next = &mut ends[key as usize];
            items[*next as usize] = item;
            *next += 1;
        }
        Lists { ends, items }
    }

    fn get(&self, key: u32) -> &[u32] {
        let start = match key.checked_sub(1) {
            Some(before) => self.ends[before as usize],
            None => 0,
        };
        &self.items[start as usize..self.ends[key as usize] as usize]
    }
}

impl Tree {
    /// The segments that belong to a node itself, in document order.
    pub fn segments(&self, node: u32) -> &[u32] {
        self.segments.get(node)
    }

    /// The nodes directly below a node, in document order.
    pub fn children(&self, node: u32) -> &[u32] {
        self.children.get(node)
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
    let count = (transaction.end - transaction.first) as usize;
    let mut walk = Walk {
        document,
        grammar,
        nodes: Vec::with_capacity(count / 2 + 1),
        open: vec![Open { node: 0, of: ROOT }],
        levels: BTreeMap::new(),
        latest: vec![NO_SEGMENT; grammar.loops.len()],
        bound: NO_SEGMENT,
        findings: Findings::default(),
    };
    walk.nodes.push(Node {
        of: ROOT,
        parent: 0,
        opener: transaction.first,
    });
    let own = transaction.first as usize..transaction.end as usize;
    let own = document.segments[own].iter().zip(transaction.first..);
    let owner: Vec<u32> = own
        .map(|(segment, index)| walk.take(index, segment.id))
        .collect();
    walk.close_bound();
    let Walk {
        nodes,
        mut findings,
        ..
    } = walk;
    let first = transaction.first;
    let by_owner = owner.iter().enumerate();
    let by_owner = by_owner.map(|(at, &node)| (node, first + at as u32));
    let segments = Lists::group(nodes.len(), by_owner);
    let by_parent = nodes[1..].iter().enumerate();
    let by_parent = by_parent.map(|(at, node)| (node.parent, at as u32 + 1));
    let children = Lists::group(nodes.len(), by_parent);
    let mut tree = Tree {
        nodes,
        first,
        owner,
        segments,
        children,
        repetitions: OnceLock::new(),
        findings: Findings::default(),
    };
    check_children(document, grammar, &tree, &mut findings);
    findings.sort_by_key(|finding| finding.segment);
    tree.findings = findings;
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
    nodes: Vec<Node>,
    /// The open nodes, outermost first; never empty.
    open: Vec<Open>,
    /// HL01 to node, the latest of each.
    levels: BTreeMap<&'a [u8], u32>,
    /// The latest node of each loop of the grammar.
    latest: Vec<u32>,
    /// The LS that is open.
    bound: u32,
    findings: Findings,
}

impl<'a> Walk<'a> {
    /// Finds the node that a segment belongs to, opening and closing loops as it says.
    #[inline]
    fn take(&mut self, index: u32, id: SegmentId) -> u32 {
        if id == HL {
            return self.open_level(index);
        }
        let Some(column) = self.grammar.column(id) else {
            self.find("UNKNOWN_SEGMENT", index, 0);
            return self.innermost();
        };
        let mut depth = self.open.len() - 1;
        loop {
            let step = self
                .grammar
                .step(self.grammar.line(self.open[depth].of), column);
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

    fn innermost(&self) -> u32 {
        self.open.last().map_or(0, |open| open.node)
    }

    fn find(&mut self, code: &'static str, segment: u32, element: u16) {
        self.findings
            .push(Finding::at_segment(code, segment, element));
    }

    /// Opens loop `child` in the open node at `depth`. None if it stands there as often as it may.
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

    fn open_level(&mut self, index: u32) -> u32 {
        self.close_bound();
        self.open.truncate(1);
        let document = self.document;
        let named = self.levels.get(document.element(index, 2)).copied();
        let mut level = self.grammar.level(document.element(index, 3));
        if level.is_none() {
            self.find("BAD_HL", index, 3);
            let is_top = document.element(index, 2).is_empty();
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
        self.levels.insert(document.element(index, 1), node);
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
        self.nodes.push(Node { of, parent, opener });
        self.latest[of as usize] = node;
        node
    }

    fn close_bound(&mut self) {
        if self.bound != NO_SEGMENT {
            self.find("LS_NOT_CLOSED", self.bound, 0);
            self.bound = NO_SEGMENT;
        }
    }
}

/// HL04 promises children or none; both can be wrong.
fn check_children(document: &Document, grammar: &Grammar, tree: &Tree, findings: &mut Findings) {
    for (index, node) in tree.nodes.iter().enumerate() {
        if !grammar.loops[node.of as usize].is_level || node.opener == NO_SEGMENT {
            continue;
        }
        let below = tree.children(index as u32).iter();
        let has_children = below
            .into_iter()
            .any(|child| grammar.loops[tree.nodes[*child as usize].of as usize].is_level);
        let says = document.element(node.opener, 4);
        if (says == b"1" && !has_children) || (says == b"0" && has_children) {
            findings.push(Finding::at_segment("HL_CHILD_MISMATCH", node.opener, 4));
        }
    }
}
