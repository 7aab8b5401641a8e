//! Where the answers are in a tree: under `PPMDResults`, under `raw_response`, or the document itself.
//!
//! Only one sample shows that XML, so nothing hangs on the names of wrappers.

use super::Refusal;
use super::tree::{Kind, Node, Role, Tree, stripped};
use std::collections::VecDeque;

/// One answer: what `PPMDResults` and `Results` say, and where its segments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub outer: Option<Node>,
    pub inner: Option<Node>,
    pub body: Node,
}

/// The attributes of a `Results` that stands alone.
const MARKS: [&str; 3] = ["success", "eligibilityid", "eligibilitystatusid"];

/// The answers of an XML document: each `PPMDResults`, or each of its `Results` if it has several.
pub fn in_xml(tree: &Tree) -> Result<Vec<Answer>, Refusal> {
    let mut found = Vec::new();
    let mut at = 0;
    while (at as usize) < tree.len() {
        if is_element(tree, at) && tree.named(at, "ppmdresults") {
            found.extend(of(tree, at)?);
            at = tree.entry(at).end;
        } else {
            at += 1;
        }
    }
    if found.is_empty() && !tree.is_empty() {
        let is_results = tree.named(0, "results") && is_results(tree, 0)?;
        found.push(Answer {
            outer: None,
            inner: is_results.then_some(0),
            body: 0,
        });
    }
    Ok(found)
}

/// The answers of a JSON record without `PPMDResults`: what its `Results` say, or else its segments alone.
pub fn unnamed(tree: &Tree, record: Node) -> Result<Vec<Answer>, Refusal> {
    for inner in results_in(tree, record)? {
        if is_results(tree, inner)? {
            return of(tree, record);
        }
    }
    Ok(vec![Answer {
        outer: None,
        inner: None,
        body: record,
    }])
}

fn of(tree: &Tree, outer: Node) -> Result<Vec<Answer>, Refusal> {
    let inner = results_in(tree, outer)?;
    let several = inner.len() > 1;
    let answer = |inner: Option<Node>| Answer {
        outer: Some(outer),
        inner,
        body: inner.filter(|_| several).unwrap_or(outer),
    };
    Ok(match inner.is_empty() {
        true => vec![answer(None)],
        false => inner.into_iter().map(|one| answer(Some(one))).collect(),
    })
}

/// The objects that stand under `Results`.
fn results_in(tree: &Tree, outer: Node) -> Result<Vec<Node>, Refusal> {
    let mut found = Vec::new();
    for child in tree.children(outer) {
        tree.check_name(child)?;
        if tree.named(child, "results") {
            found.extend(tree.listed(child).filter(|one| is_record(tree, *one)));
        }
    }
    Ok(found)
}

/// An object; of XML an element that has more than text, since in JSON the others are text or null.
fn is_record(tree: &Tree, node: Node) -> bool {
    let mut inside = tree.children(node);
    tree.is_object(node)
        && (!tree.is_xml || inside.any(|one| tree.entry(one).role != Role::Content))
}

fn is_results(tree: &Tree, node: Node) -> Result<bool, Refusal> {
    for child in tree.children(node) {
        tree.check_name(child)?;
        let name = tree.name(child);
        let is_mark = MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark));
        if tree.entry(child).role == Role::Attribute && is_mark {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_element(tree: &Tree, node: Node) -> bool {
    tree.entry(node).kind == Kind::Object
}

/// What a record of JSON names, with how many levels may still come below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Answer(Answer, usize),
    /// A `raw_response` that is a text.
    Text(Node),
    /// A `raw_response` that is a record itself.
    Record(Node, usize),
}

/// Looks through a record in document order, one step at a time; an error ends it.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The name, beside `PPMDResults`, whose value is an answer.
    field: Box<str>,
    frames: Vec<Frame>,
    /// Answers of one `PPMDResults` that are found already.
    found: VecDeque<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    at: Node,
    end: Node,
    levels: usize,
    how: How,
}

#[derive(Clone, Copy, Debug)]
enum How {
    Object,
    List,
    Answers,
    RawResponses,
}

impl Search {
    /// Of a record, and at most so many levels of objects and lists. `field` is the name that holds an answer.
    pub fn of(tree: &Tree, record: Node, levels: usize, field: &str) -> Result<Search, Refusal> {
        let mut search = Search {
            field: field.into(),
            ..Search::default()
        };
        search.enter(tree, record, levels)?;
        Ok(search)
    }

    pub fn next(&mut self, tree: &Tree) -> Result<Option<Step>, Refusal> {
        let step = self.advance(tree);
        if step.is_err() {
            *self = Search::default();
        }
        step
    }

    fn advance(&mut self, tree: &Tree) -> Result<Option<Step>, Refusal> {
        loop {
            if let Some(step) = self.found.pop_front() {
                return Ok(Some(step));
            }
            let Some(frame) = self.frames.last_mut() else {
                return Ok(None);
            };
            if frame.at >= frame.end {
                self.frames.pop();
                continue;
            }
            let (node, levels, how) = (frame.at, frame.levels, frame.how);
            frame.at = tree.entry(node).end;
            match how {
                How::Object => self.named(tree, node, levels)?,
                How::List => self.enter(tree, node, levels - 1)?,
                How::Answers if tree.is_object(node) => {
                    let step = |answer| Step::Answer(answer, levels);
                    self.found.extend(of(tree, node)?.into_iter().map(step));
                }
                How::Answers => {}
                How::RawResponses => self.found.extend(raw_response(tree, node, levels)),
            }
        }
    }

    fn named(&mut self, tree: &Tree, node: Node, levels: usize) -> Result<(), Refusal> {
        tree.check_name(node)?;
        let how = if tree.named(node, "ppmdresults") {
            How::Answers
        } else if tree.named(node, &self.field) {
            How::RawResponses
        } else {
            return self.enter(tree, node, levels - 1);
        };
        let listed = tree.listed(node);
        self.frames.push(Frame {
            at: listed.at,
            end: listed.end,
            levels: levels - 1,
            how,
        });
        Ok(())
    }

    fn enter(&mut self, tree: &Tree, node: Node, levels: usize) -> Result<(), Refusal> {
        let how = match tree.entry(node).kind {
            Kind::Object => How::Object,
            Kind::List => How::List,
            Kind::TooDeep => return Err(Refusal::TooDeep),
            _ => return Ok(()),
        };
        if levels < 1 {
            return Err(Refusal::TooDeep);
        }
        self.frames.push(Frame {
            at: node + 1,
            end: tree.entry(node).end,
            levels,
            how,
        });
        Ok(())
    }
}

/// A step for a text that is not blank or an object that is not empty.
fn raw_response(tree: &Tree, node: Node, levels: usize) -> Option<Step> {
    let entry = tree.entry(node);
    match entry.kind {
        Kind::Text | Kind::Number if !stripped(tree.str(entry.value)).is_empty() => {
            Some(Step::Text(node))
        }
        Kind::Object if entry.end > node + 1 => Some(Step::Record(node, levels)),
        Kind::TooDeep => Some(Step::Record(node, levels)),
        _ => None,
    }
}
