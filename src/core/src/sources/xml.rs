//! XML text as a tree, in one pass.
//!
//! What is taken is less than XML, so that nothing is taken that a full parser refuses: UTF-8, ASCII names, no
//! DOCTYPE, no entities but XML's own five. For anything else, well-formed or not, the answer is None, and lxml judges.

use super::tree::{Kind, Node, Role, Span, Tree};
use super::xml_names::{Names, Namespaces, declaration};
use super::xml_text::{self as text, LONGEST, is_blank, is_special};
use memchr::{memchr, memchr_iter, memmem};

/// Reads a document of at most so many levels. None: this reader does not take it.
pub fn read(input: &[u8], most_levels: usize) -> Option<Tree> {
    let text = std::str::from_utf8(input).ok()?;
    if !text::is_plain(text) {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        lines: (0, 1),
        tree: Tree::over(text.to_string(), true)?,
        open: Vec::new(),
        namespaces: Namespaces::default(),
        most_levels,
    };
    reader.prolog()?;
    reader.element()?;
    while !reader.open.is_empty() {
        reader.content()?;
    }
    reader.misc()?;
    (reader.at == text.len()).then_some(reader.tree)
}

/// An element that is not closed yet.
struct Open {
    node: Node,
    name: (usize, usize),
    /// How many namespaces were declared around it.
    namespaces: usize,
    text: Said,
}

/// The text of an element before its first child.
enum Said {
    None,
    /// As it stands in the input.
    Plain(usize, usize),
    Made(String),
    /// A child came, so no more text counts.
    Closed,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// An offset, and the line that it is in.
    lines: (usize, u32),
    tree: Tree,
    open: Vec<Open>,
    namespaces: Namespaces<'a>,
    most_levels: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        let found = self.rest().starts_with(expected.as_bytes());
        self.at += if found { expected.len() } else { 0 };
        found.then_some(())
    }

    /// Passes over blanks; gives how many.
    fn blanks(&mut self) -> usize {
        let count = self.rest().iter().take_while(|byte| is_blank(**byte));
        let count = count.count();
        self.at += count;
        count
    }

    fn line(&mut self) -> u32 {
        let (from, line) = self.lines;
        let more = memchr_iter(b'\n', &self.text.as_bytes()[from..self.at]).count();
        self.lines = (self.at, line.saturating_add(more as u32));
        self.lines.1
    }

    /// The declaration, and what may stand between it and the root. HTTP bodies have blanks before it.
    fn prolog(&mut self) -> Option<()> {
        self.blanks();
        if self.rest().starts_with(b"<?xml") && self.rest().get(5).copied().is_some_and(is_blank) {
            let length = memmem::find(self.rest(), b"?>").filter(|length| *length < 200)?;
            declaration(&self.text[self.at + 5..self.at + length])?;
            self.at += length + 2;
        }
        self.misc()
    }

    fn misc(&mut self) -> Option<()> {
        loop {
            self.blanks();
            if self.take("<!--").is_some() {
                self.comment()?;
            } else if self.take("<?").is_some() {
                self.instruction()?;
            } else {
                return Some(());
            }
        }
    }

    /// The rest of a comment.
    fn comment(&mut self) -> Option<()> {
        let length = memmem::find(self.rest(), b"--").filter(|length| *length < LONGEST)?;
        self.at += length;
        self.take("-->")
    }

    /// The rest of a processing instruction.
    fn instruction(&mut self) -> Option<()> {
        let (length, prefix) = text::name(self.rest())?;
        let target = &self.text[self.at..self.at + length];
        let follows = self.rest().get(length).copied()?;
        if prefix != 0
            || target.eq_ignore_ascii_case("xml")
            || !(is_blank(follows) || follows == b'?')
        {
            return None;
        }
        self.at += length;
        let length = memmem::find(self.rest(), b"?>").filter(|length| *length < LONGEST)?;
        if length != 0 && !is_blank(follows) {
            return None;
        }
        self.at += length + 2;
        Some(())
    }

    /// What comes next in the innermost open element.
    fn content(&mut self) -> Option<()> {
        let length = memchr(b'<', self.rest())?;
        if length > 0 {
            self.characters(self.at, self.at + length, false)?;
            self.at += length;
        }
        match self.rest().get(1)? {
            b'/' => self.close(),
            b'?' => {
                self.at += 2;
                self.instruction()
            }
            b'!' if self.take("<!--").is_some() => self.comment(),
            b'!' => {
                self.take("<![CDATA[")?;
                let length = memmem::find(self.rest(), b"]]>")?;
                self.characters(self.at, self.at + length, true)?;
                self.at += length + 3;
                Some(())
            }
            _ => {
                self.element()?;
                Some(())
            }
        }
    }

    /// Adds to the text of the innermost open element.
    fn characters(&mut self, start: usize, end: usize, is_cdata: bool) -> Option<()> {
        let raw = &self.text[start..end];
        let is_plain = !raw.bytes().any(|byte| matches!(byte, b'\r' | b'&' | b']'));
        let is_bad = !is_plain && !is_cdata && raw.contains("]]>");
        if is_bad || end - start > LONGEST {
            return None;
        }
        let made = if is_plain {
            None
        } else {
            Some(text::content(raw, is_cdata)?)
        };
        let said = &mut self.open.last_mut()?.text;
        *said = match (std::mem::replace(said, Said::None), made) {
            (Said::Closed, _) => Said::Closed,
            (Said::None, None) => Said::Plain(start, end),
            (Said::None, Some(made)) => Said::Made(made),
            (Said::Plain(from, to), made) => {
                Said::Made(self.text[from..to].to_string() + made.as_deref().unwrap_or(raw))
            }
            (Said::Made(before), made) => Said::Made(before + made.as_deref().unwrap_or(raw)),
        };
        match said {
            Said::Made(text) if text.len() > LONGEST => None,
            _ => Some(()),
        }
    }

    /// Puts the text of the innermost open element into the tree, unless it is blank.
    fn finish_text(&mut self) -> Option<()> {
        let Some(open) = self.open.last_mut() else {
            return Some(());
        };
        let span = match std::mem::replace(&mut open.text, Said::Closed) {
            Said::Plain(start, end) if !self.text[start..end].bytes().all(is_blank) => {
                Tree::span(start, end)
            }
            Said::Made(text) => self.tree.keep(&text).ok()?,
            _ => return Some(()),
        };
        self.tree
            .add(Role::Content, Span::default(), Kind::Text, span);
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        self.finish_text()?;
        let open = self.open.pop()?;
        self.at += 2;
        self.take(&self.text[open.name.0..open.name.1])?;
        self.blanks();
        self.take(">")?;
        self.namespaces.truncate(open.namespaces);
        self.tree.close(open.node);
        Some(())
    }

    /// A start tag with its attributes.
    fn element(&mut self) -> Option<()> {
        self.finish_text()?;
        if self.open.len() >= self.most_levels {
            return None;
        }
        self.take("<")?;
        let (length, prefix) = text::name(self.rest())?;
        let name = (self.at, self.at + length);
        let prefix = &self.text[self.at..self.at + prefix];
        self.at += length;
        let node = self.tree.add(
            Role::Child,
            Tree::span(name.0, name.1),
            Kind::Object,
            Span::default(),
        );
        let namespaces = self.namespaces.len();
        let mut names = Names::default();
        let is_empty = loop {
            let blanks = self.blanks();
            match *self.rest().first()? {
                b'>' => break false,
                b'/' => break true,
                _ if blanks == 0 => return None,
                _ => self.attribute(&mut names, namespaces)?,
            }
        };
        if !names
            .prefixes()
            .chain([prefix])
            .all(|one| self.namespaces.has(one))
        {
            return None;
        }
        let line = self.line();
        self.tree.set_line(node, line);
        if is_empty {
            self.take("/>")?;
            self.namespaces.truncate(namespaces);
            self.tree.close(node);
        } else {
            self.at += 1;
            self.open.push(Open {
                node,
                name,
                namespaces,
                text: Said::None,
            });
        }
        Some(())
    }

    fn attribute(&mut self, names: &mut Names<'a>, outer: usize) -> Option<()> {
        let start = self.at;
        let (length, prefix) = text::name(self.rest())?;
        let name = &self.text[start..start + length];
        self.at += length;
        self.blanks();
        self.take("=")?;
        self.blanks();
        let quote = *self.rest().first()?;
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        self.at += 1;
        let mut is_plain = true;
        let length = self.rest().iter().position(|&byte| {
            is_plain &= !is_special(byte);
            byte == quote
        })?;
        let raw = &self.text[self.at..self.at + length];
        let value = (self.at, self.at + length);
        self.at += length + 1;
        if length > LONGEST {
            return None;
        }
        let made = if is_plain {
            None
        } else {
            Some(text::value(raw)?)
        };
        if name.starts_with("xmlns") {
            return if made.is_none() {
                self.namespaces.declare(name, raw, outer)
            } else {
                None
            };
        }
        names.add(name, prefix)?;
        let value = match made {
            Some(made) => self.tree.keep(&made).ok()?,
            None => Tree::span(value.0, value.1),
        };
        let name = Tree::span(start, start + name.len());
        self.tree.add(Role::Attribute, name, Kind::Text, value);
        Some(())
    }
}
