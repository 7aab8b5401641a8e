//! What AdvancedMD says around an answer, as sent: the attributes of `PPMDResults` and `Results`, and a fault.

use super::Refusal;
use super::names::local;
use super::tree::{Kind, Node, Role, Tree, stripped};
use std::collections::HashMap;

/// What was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Local names and values, `PPMDResults` first; of a name that comes twice, the last counts.
    pub attributes: Vec<(String, String)>,
    pub fault: Option<Fault>,
}

/// The vendor's own error; both are empty if not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    pub code: String,
    pub description: String,
}

/// What `PPMDResults` (outer) and `Results` (inner) say. None if there is neither a `Results` nor an `Error`.
pub fn read(
    tree: &Tree,
    outer: Option<Node>,
    inner: Option<Node>,
) -> Result<Option<Said>, Refusal> {
    let mut errors = Vec::new();
    for node in [inner, outer].into_iter().flatten() {
        errors.extend(groups(tree, node, |child| tree.named(child, "error")));
    }
    if inner.is_none() && errors.is_empty() {
        return Ok(None);
    }
    let mut said = Said::default();
    for node in [outer, inner].into_iter().flatten() {
        for child in tree.children(node) {
            if tree.entry(child).role == Role::Attribute && !tree.name(child).starts_with("xmlns") {
                let value = tree.scalar(child)?.to_string();
                said.attributes
                    .push((local(tree.name(child)).to_string(), value));
            }
        }
    }
    for error in errors {
        said.fault = fault(tree, &error)?;
        if said.fault.is_some() {
            break;
        }
    }
    Ok(Some(said))
}

/// The wanted entries of an object. XML's children of one name are together, as its JSON twin has them; text is last.
fn groups(tree: &Tree, node: Node, is_wanted: impl Fn(Node) -> bool) -> Vec<Vec<Node>> {
    let mut found: Vec<Vec<Node>> = Vec::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    let mut text = None;
    for child in tree.children(node).filter(|child| is_wanted(*child)) {
        match tree.entry(child).role {
            Role::Content if tree.is_xml => text = Some(vec![child]),
            Role::Child if tree.is_xml => {
                let at = *by_name
                    .entry(local(tree.name(child)))
                    .or_insert(found.len());
                match found.get_mut(at) {
                    Some(group) => group.push(child),
                    None => found.push(vec![child]),
                }
            }
            _ => found.push(vec![child]),
        }
    }
    found.extend(text);
    found
}

/// A fault in any of its shapes: `Fault/detail/{code,description}`, attributes of these names, or text.
fn fault(tree: &Tree, error: &[Node]) -> Result<Option<Fault>, Refusal> {
    let mut words = Words::default();
    for node in error {
        words.take(tree, *node, "")?;
    }
    Ok(words.any.then(|| Fault {
        code: words.code.unwrap_or_default(),
        description: words.description.or(words.text).unwrap_or_default(),
    }))
}

/// The first text of each name below an `Error`.
#[derive(Default)]
struct Words {
    any: bool,
    code: Option<String>,
    description: Option<String>,
    /// The first that has no name.
    text: Option<String>,
}

impl Words {
    fn take(&mut self, tree: &Tree, node: Node, name: &str) -> Result<(), Refusal> {
        match tree.entry(node).kind {
            Kind::TooDeep => return Err(Refusal::TooDeep),
            Kind::List => {
                for one in tree.children(node) {
                    self.take(tree, one, name)?;
                }
            }
            Kind::Object => {
                for child in groups(tree, node, |_| true).into_iter().flatten() {
                    tree.check_name(child)?;
                    let own = tree.name(child);
                    match tree.entry(child).role {
                        Role::Attribute if own.starts_with("xmlns") => {}
                        Role::Content => self.take(tree, child, name)?,
                        _ => self.take(tree, child, local(own.trim_start_matches('@')))?,
                    }
                }
            }
            _ => self.word(name, stripped(tree.scalar(node)?)),
        }
        Ok(())
    }

    fn word(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.any = true;
        let place = match name {
            "" => &mut self.text,
            _ if name.eq_ignore_ascii_case("code") => &mut self.code,
            _ if name.eq_ignore_ascii_case("description") => &mut self.description,
            _ => return,
        };
        place.get_or_insert_with(|| text.to_string());
    }
}
