//! What the walk makes: the loops of one transaction set.

use crate::finding::Findings;
use crate::grammar::Grammar;
use std::sync::OnceLock;

/// One repetition of a loop. Aligned so that its place in a list is one shift away.
#[derive(Clone, Debug)]
#[repr(align(8))]
pub struct Node {
    /// Index of the loop in the grammar.
    pub of: u16,
    pub parent: u32,
    /// The segment that opened it; `NO_SEGMENT` if it is only implied.
    pub opener: u32,
    /// Its own segments in the tree's list of segments.
    pub(super) own: Span,
    /// Its children in the tree's list of children; while they come, how many there are, as its start.
    below: Span,
}

impl Node {
    #[inline]
    pub(super) fn of(of: u16, parent: u32, opener: u32) -> Node {
        let [own, below] = [Span::default(); 2];
        Node {
            of,
            parent,
            opener,
            own,
            below,
        }
    }

    /// Notes that a node is below it.
    #[inline]
    pub(super) fn has_child(&mut self) {
        self.below.start += 1;
    }
}

/// From one place in a list to before another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
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
    /// How many segments it has.
    pub count: u32,
    /// All from `first` on; behind them, once more, those of nodes whose own do not follow each other.
    pub(super) segments: Vec<u32>,
    /// The nodes but the first, by their parents.
    pub(super) children: Vec<u32>,
    /// The node of each segment, looked for when one is first asked for.
    pub(super) owners: OnceLock<Vec<u32>>,
    /// Which repetition of its loop each node is, counted when a path is first asked for.
    pub(super) repetitions: OnceLock<Vec<u32>>,
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

    /// The node that a segment belongs to; the transaction set's for one that is none of its own.
    pub fn owner(&self, segment: u32) -> u32 {
        let owners = self.owners.get_or_init(|| self.find_owners());
        let at = segment.wrapping_sub(self.first);
        owners.get(at as usize).copied().unwrap_or(0)
    }

    fn find_owners(&self) -> Vec<u32> {
        let mut owners = vec![0; self.count as usize];
        for node in 0..self.nodes.len() as u32 {
            for segment in self.segments(node) {
                owners[(segment - self.first) as usize] = node;
            }
        }
        owners
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

/// All nodes but the first by their parents, which know already how many theirs are.
pub(super) fn children(nodes: &mut [Node]) -> Vec<u32> {
    let mut children = vec![0; nodes.len().saturating_sub(1)];
    let mut free = 0;
    // Mostly a node has the parent of the one before.
    let (mut parent, mut below) = (u32::MAX, Span::default());
    for number in 1..nodes.len() {
        let of = nodes[number].parent;
        if of != parent {
            if let Some(parent) = nodes.get_mut(parent as usize) {
                parent.below = below;
            }
            (parent, below) = (of, nodes[of as usize].below);
            if below.end == 0 {
                // Its first one: so far it says only how many.
                let count = below.start;
                below = Span {
                    start: free,
                    end: free,
                };
                free += count;
            }
        }
        children[below.end as usize] = number as u32;
        below.end += 1;
    }
    if let Some(parent) = nodes.get_mut(parent as usize) {
        parent.below = below;
    }
    children
}
