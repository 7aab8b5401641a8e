//! JSON text as a tree, in one pass, with the digits of numbers as they were written.
//!
//! What is taken is less than Python's `json` takes: no name twice in one object, no half of a character, no NaN, not
//! deeper than anybody reads. For anything else, JSON or not, the answer is None, and `json` judges.

use super::tree::{Kind, MOST_LEVELS, Role, Span, Tree};
use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{SliceLexer, str as string};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Up to so many names, each is compared with all others of its object.
const FEW_NAMES: usize = 16;

/// Reads one JSON value, and nothing behind it. None: this reader does not take it.
pub fn read(input: &[u8]) -> Option<Tree> {
    let text = std::str::from_utf8(input).ok()?;
    let mut reader = Reader {
        base: text.as_ptr() as usize,
        tree: Tree::over(text.to_string(), false)?,
        names: Vec::new(),
        hasher: RandomState::new(),
    };
    let mut lexer = SliceLexer::new(text.as_bytes());
    let read = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        reader.value(lexer, next, Role::Child, Span::default(), MOST_LEVELS)
    });
    read.ok().map(|()| reader.tree)
}

/// This reader does not take it.
struct Handed;

impl From<Expect> for Handed {
    fn from(_: Expect) -> Handed {
        Handed
    }
}

impl From<string::Error> for Handed {
    fn from(_: string::Error) -> Handed {
        Handed
    }
}

struct Reader {
    /// Where the input begins in memory, to tell a piece of it by its address.
    base: usize,
    tree: Tree,
    /// The names of the objects that are open.
    names: Vec<Span>,
    hasher: RandomState,
}

impl Reader {
    fn value(
        &mut self,
        lexer: &mut SliceLexer<'_>,
        next: u8,
        role: Role,
        name: Span,
        levels: usize,
    ) -> Result<(), Handed> {
        let (kind, span) = match next {
            b'"' => {
                let text = lexer.discarded().str_string()?;
                (Kind::Text, self.text(text)?)
            }
            b'{' | b'[' => return self.inside(lexer, next, role, name, levels),
            b'-' | b'0'..=b'9' => {
                let (text, _) = lexer.num_string().validated().map_err(|_| Handed)?;
                (Kind::Number, self.text(Cow::Borrowed(text))?)
            }
            _ => match lexer.null_or_bool().ok_or(Handed)? {
                None => (Kind::Null, Span::default()),
                Some(said) => {
                    let text = if said { "true" } else { "false" };
                    (Kind::Scalar, self.tree.keep(text).map_err(|_| Handed)?)
                }
            },
        };
        self.tree.add(role, name, kind, span);
        Ok(())
    }

    /// An object or a list.
    fn inside(
        &mut self,
        lexer: &mut SliceLexer<'_>,
        next: u8,
        role: Role,
        name: Span,
        levels: usize,
    ) -> Result<(), Handed> {
        let levels = levels.checked_sub(1).ok_or(Handed)?;
        let kind = if next == b'{' {
            Kind::Object
        } else {
            Kind::List
        };
        let node = self.tree.add(role, name, kind, Span::default());
        let peek = SliceLexer::ws_peek;
        if kind == Kind::List {
            lexer.discarded().seq(b']', peek, |next, lexer| {
                self.value(lexer, next, Role::Child, Span::default(), levels)
            })?;
        } else {
            let first = self.names.len();
            let mut hashes = HashSet::new();
            lexer.discarded().seq(b'}', peek, |next, lexer| {
                lexer.expect(|_| Some(next), b'"').ok_or(Handed)?;
                let name = lexer.str_string()?;
                let name = self.text(name)?;
                self.first_of_its_name(name, first, &mut hashes)?;
                lexer.expect(peek, b':').ok_or(Handed)?;
                let next = lexer.ws_peek().ok_or(Handed)?;
                let (role, name) = self.tree.role(name);
                self.value(lexer, next, role, name, levels)
            })?;
            self.names.truncate(first);
        }
        self.tree.close(node);
        Ok(())
    }

    /// Refuses a name that the object has already; its names begin at `first`.
    fn first_of_its_name(
        &mut self,
        name: Span,
        first: usize,
        hashes: &mut HashSet<u64>,
    ) -> Result<(), Handed> {
        let text = self.tree.str(name);
        let before = &self.names[first..];
        let is_new = if before.len() < FEW_NAMES {
            !before.iter().any(|other| self.tree.str(*other) == text)
        } else {
            if hashes.is_empty() {
                let hash = |other: &Span| self.hasher.hash_one(self.tree.str(*other));
                hashes.extend(before.iter().map(hash));
            }
            // Two names of one hash are handed over, too: that costs time, and nothing else.
            hashes.insert(self.hasher.hash_one(text))
        };
        self.names.push(name);
        if is_new { Ok(()) } else { Err(Handed) }
    }

    fn text(&mut self, text: Cow<'_, str>) -> Result<Span, Handed> {
        match text {
            Cow::Borrowed("") => Ok(Span::default()),
            Cow::Borrowed(text) => {
                let start = text.as_ptr() as usize - self.base;
                Ok(Tree::span(start, start + text.len()))
            }
            Cow::Owned(text) => self.tree.keep(&text).map_err(|_| Handed),
        }
    }
}
