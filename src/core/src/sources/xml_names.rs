//! What XML declares, and what may stand beside each other: the declaration, attributes, namespaces.

/// Beyond these, checking each against all others would take long.
const MOST_ATTRIBUTES: usize = 100;
const MOST_NAMESPACES: usize = 50;

/// The attributes of one element.
#[derive(Default)]
pub struct Names<'a> {
    /// Each with the length of its prefix.
    all: Vec<(&'a str, usize)>,
}

impl<'a> Names<'a> {
    /// None for a name that is there already, or might be the same in its namespace.
    pub fn add(&mut self, name: &'a str, prefix: usize) -> Option<()> {
        let local = if prefix == 0 {
            name
        } else {
            &name[prefix + 1..]
        };
        let is_same = |(other, length): &(&str, usize)| {
            other.len() == name.len() && *other == name
                || prefix != 0 && *length != 0 && &other[length + 1..] == local
        };
        if self.all.len() >= MOST_ATTRIBUTES || self.all.iter().any(is_same) {
            return None;
        }
        self.all.push((name, prefix));
        Some(())
    }

    /// The prefixes; empty for a name without one.
    pub fn prefixes(&self) -> impl Iterator<Item = &'a str> {
        self.all.iter().map(|(name, length)| &name[..*length])
    }
}

/// The namespaces that hold in an element.
#[derive(Default)]
pub struct Namespaces<'a> {
    /// Prefixes, the inner ones last.
    declared: Vec<&'a str>,
}

impl<'a> Namespaces<'a> {
    pub fn len(&self) -> usize {
        self.declared.len()
    }

    /// Forgets all but so many.
    pub fn truncate(&mut self, count: usize) {
        self.declared.truncate(count);
    }

    /// Whether a prefix is declared, or none.
    pub fn has(&self, prefix: &str) -> bool {
        prefix.is_empty() || self.declared.contains(&prefix)
    }

    /// Takes a namespace whose URI is surely one; `outer` were declared around this element.
    pub fn declare(&mut self, name: &'a str, uri: &str, outer: usize) -> Option<()> {
        let prefix = match name.strip_prefix("xmlns")? {
            "" => "",
            prefix => prefix.strip_prefix(':')?,
        };
        let is_twice = self.declared[outer..].contains(&prefix);
        let is_reserved =
            prefix.starts_with("xml") || uri.contains("www.w3.org/XML") || uri.contains("xmlns");
        let is_undone = uri.is_empty() && !prefix.is_empty();
        if is_twice
            || is_reserved
            || is_undone
            || !is_usual_uri(uri)
            || self.len() >= MOST_NAMESPACES
        {
            return None;
        }
        self.declared.push(prefix);
        Some(())
    }
}

/// `version`, then `encoding` and `standalone` if they are there, as everybody writes them.
pub fn declaration(said: &str) -> Option<()> {
    let mut expected = ["version", "encoding", "standalone"].into_iter();
    let mut rest = said.trim_ascii_end();
    let mut count = 0;
    while !rest.is_empty() {
        let from = rest.trim_ascii_start();
        let (name, value) = from.split_once('=')?;
        let quote = value
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, behind) = value[1..].split_once(quote)?;
        if from.len() == rest.len()
            || !expected.any(|one| one == name)
            || (count == 0) != (name == "version")
        {
            return None;
        }
        let is_usual = match name {
            "version" => value == "1.0",
            "encoding" => is_usual_encoding(value),
            _ => matches!(value, "yes" | "no"),
        };
        if !is_usual {
            return None;
        }
        count += 1;
        rest = behind;
    }
    (count > 0).then_some(())
}

/// What the text was before it was made UTF-8.
fn is_usual_encoding(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let rest = ["iso-8859-", "windows-125", "utf-"]
        .iter()
        .find_map(|start| name.strip_prefix(start));
    rest.is_some_and(|rest| rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit()))
        || name == "us-ascii"
}

/// A scheme and a path of plain characters, or nothing.
fn is_usual_uri(uri: &str) -> bool {
    let Some((scheme, path)) = uri.split_once(':') else {
        return uri.is_empty();
    };
    let mut letters = scheme.bytes();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric())
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_'))
}
