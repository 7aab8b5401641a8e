//! A document as one flat list: each entry is followed by all that stands in it.
//!
//! XML and JSON give the same kind of tree, in xmltodict's sense: an element is an object, its attributes and its
//! text are named values of it. XML keeps its children in document order, so a name may come several times.

use super::Refusal;
use super::names::local;
use std::collections::HashMap;

/// A piece of the tree's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

/// What an entry is to the object that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A child, and everything in a list.
    Child,
    /// An attribute; its name goes without the `@`.
    Attribute,
    /// The text of an element.
    Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    /// True, false, or a number of the caller's own.
    Scalar,
    /// A number of JSON text, as it was written.
    Number,
    Text,
    Object,
    List,
    /// An object or a list below all levels that anybody may read.
    TooDeep,
    /// No value of JSON; the text says what.
    Unusable,
    /// Its name is no text; the value's text says what.
    Unnamed,
}

#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub name: Span,
    pub value: Span,
    /// The line of an XML element, from 1.
    pub line: u32,
    /// The index behind all that stands in it.
    pub end: u32,
    pub role: Role,
    pub kind: Kind,
}

/// The index of an entry; 0 is the root.
pub type Node = u32;

/// Levels below which nothing is kept: more than any limit allows.
pub const MOST_LEVELS: usize = 256;

#[derive(Clone, Debug)]
pub struct Tree {
    text: String,
    entries: Vec<Entry>,
    /// Texts that hold halves of characters, as Python's `surrogatepass` writes them; the entry itself has `?`.
    originals: HashMap<Node, Vec<u8>>,
    pub is_xml: bool,
}

impl Tree {
    /// An empty tree whose spans may point into `text`. None if that is too long for them.
    pub fn over(text: String, is_xml: bool) -> Option<Tree> {
        u32::try_from(text.len()).ok()?;
        Some(Tree {
            text,
            entries: Vec::new(),
            originals: HashMap::new(),
            is_xml,
        })
    }

    /// The span of a range of the text that the tree was made over.
    pub fn span(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    /// Keeps a text of its own.
    pub fn keep(&mut self, text: &str) -> Result<Span, Refusal> {
        let start = self.text.len();
        if u32::try_from(start + text.len()).is_err() {
            return Err(Refusal::TooLarge);
        }
        self.text.push_str(text);
        Ok(Tree::span(start, start + text.len()))
    }

    /// Adds a value without anything in it; of a name in JSON, `@` and `#text` say the role.
    pub fn add(&mut self, role: Role, name: Span, kind: Kind, value: Span) -> Node {
        let at = self.entries.len() as u32;
        self.entries.push(Entry {
            name,
            value,
            line: 0,
            end: at + 1,
            role,
            kind,
        });
        at
    }

    /// Says that all that was added since stands in this entry.
    pub fn close(&mut self, node: Node) {
        self.entries[node as usize].end = self.entries.len() as u32;
    }

    pub fn set_line(&mut self, node: Node, line: u32) {
        self.entries[node as usize].line = line;
    }

    pub fn set_original(&mut self, node: Node, original: Vec<u8>) {
        self.originals.insert(node, original);
    }

    /// A text that holds halves of characters, as it was given.
    pub fn original(&self, node: Node) -> Option<&[u8]> {
        self.originals.get(&node).map(Vec::as_slice)
    }

    /// What a JSON name says: its role, and the name without the mark.
    pub fn role(&self, name: Span) -> (Role, Span) {
        match self.str(name) {
            "#text" => (Role::Content, name),
            text if text.starts_with('@') => (
                Role::Attribute,
                Span {
                    start: name.start + 1,
                    end: name.end,
                },
            ),
            _ => (Role::Child, name),
        }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn entry(&self, node: Node) -> &Entry {
        &self.entries[node as usize]
    }

    pub fn str(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    pub fn name(&self, node: Node) -> &str {
        self.str(self.entry(node).name)
    }

    /// A value as the text of an attribute; null, lists and objects have none.
    pub fn scalar(&self, node: Node) -> Result<&str, Refusal> {
        let entry = self.entry(node);
        match entry.kind {
            Kind::Unusable => Err(Refusal::Unusable(self.str(entry.value).to_string())),
            _ => Ok(self.str(entry.value)),
        }
    }

    /// What stands in an object or a list.
    pub fn children(&self, node: Node) -> Children<'_> {
        Children {
            tree: self,
            at: node + 1,
            end: self.entry(node).end,
        }
    }

    /// A value as a list: several of one name are one already, a single one is not.
    pub fn listed(&self, node: Node) -> Children<'_> {
        let at = match self.entry(node).kind {
            Kind::List => node + 1,
            _ => node,
        };
        Children {
            tree: self,
            at,
            end: self.entry(node).end,
        }
    }

    /// Whether it is an object, or would be one if it were not so deep.
    pub fn is_object(&self, node: Node) -> bool {
        matches!(self.entry(node).kind, Kind::Object | Kind::TooDeep)
    }

    /// Whether the entry's local name is `wanted` (in lower case), whatever its case.
    pub fn named(&self, node: Node, wanted: &str) -> bool {
        let name = self.name(node);
        let short = local(name);
        // An attribute's `@` belongs to its local name if no prefix takes it away.
        let is_whole = self.entry(node).role == Role::Attribute && short.len() == name.len();
        !is_whole && short.eq_ignore_ascii_case(wanted)
    }

    /// Refuses a name that is no text.
    pub fn check_name(&self, node: Node) -> Result<(), Refusal> {
        let entry = self.entry(node);
        match entry.kind {
            Kind::Unnamed => Err(Refusal::Unusable(self.str(entry.value).to_string())),
            _ => Ok(()),
        }
    }
}

pub struct Children<'a> {
    tree: &'a Tree,
    pub at: Node,
    pub end: Node,
}

impl Iterator for Children<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        if self.at >= self.end {
            return None;
        }
        let at = self.at;
        self.at = self.tree.entry(at).end;
        Some(at)
    }
}

/// The text without blanks around it, as Python's `str.strip` takes them off.
pub fn stripped(text: &str) -> &str {
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
    })
}
