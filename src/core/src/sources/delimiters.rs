//! Segments as X12 bytes, with delimiters that no value holds.
//!
//! A document's own separators (ISA11, ISA16) mean something in the few elements that repeat or are composites.
//! Anywhere else the same characters are text, and then another separator is written.

use super::Refusal;
use super::envelope::Envelope;
use super::names::{COMPOSITE, Id, REPEATING, is_composite, is_compound, may_repeat};
use super::tree::stripped;
use std::borrow::Cow;

// What is tried, the usual first; `?` is not among them, as half of a character is written so.
const ELEMENT: &[u8] = b"*|\x1d";
const TERMINATOR: &[u8] = b"~\x1c";
const REPETITION: &[u8] = b"^|\x1e";
const COMPONENT: &[u8] = b":^|\x1f";
const OTHERS: &[u8] = b"\x1f\x1e\x1d\x1c!%&;<=>@[]_{}#$`\\\"'\
    \x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x7f";

/// The interchange as X12 in UTF-8; each segment ends with the terminator and nothing else.
///
/// The document's own separators are kept where they are nothing else's text.
pub fn write(mut envelope: Envelope<'_>) -> Result<Vec<u8>, Refusal> {
    let mut in_use = InUse::of(&envelope);
    let mut own: Vec<(char, char)> = Vec::new();
    for sent in envelope.sent.values().map(|isa| separators(isa)) {
        if !own.contains(&sent) {
            own.push(sent);
        }
    }
    let (repetition_in, component_in) = own.first().copied().unwrap_or(('^', ':'));
    let element = in_use.free(ELEMENT, None)?;
    let terminator = in_use.free(TERMINATOR, None)?;
    let keep = envelope.parts.is_empty() && own.len() == 1;
    let keeps = |in_use: &InUse, places, separator| {
        keep && !in_use.is_taken(separator) && is_only_in(&envelope, places, separator)
    };
    let keep_repetition = keeps(&in_use, REPEATING, repetition_in);
    let repetition = match keep_repetition {
        true => in_use.take(repetition_in as u8),
        false => in_use.free(REPETITION, Some(component_in))?,
    };
    let keep_component = keeps(&in_use, COMPOSITE, component_in);
    let component = match keep_component {
        true => component_in as u8,
        false => in_use.free(COMPONENT, None)?,
    };
    if !(keep_repetition && keep_component) {
        translate(&mut envelope, repetition as char, component as char);
    }
    for isa in envelope.sent.keys() {
        let first = envelope.items[*isa].first;
        envelope.values[first + 10] = Cow::Owned((repetition as char).to_string());
        envelope.values[first + 15] = Cow::Owned((component as char).to_string());
    }
    let size = envelope
        .values
        .iter()
        .map(|value| value.len() + 1)
        .sum::<usize>();
    let mut made = Vec::with_capacity(size + 4 * envelope.items.len());
    for item in &envelope.items {
        made.extend_from_slice(item.id.as_str().as_bytes());
        for value in &envelope.values[item.first..item.end] {
            made.push(element);
            made.extend_from_slice(value.as_bytes());
        }
        made.push(terminator);
    }
    Ok(made)
}

/// The ASCII characters that cannot be a delimiter any more.
struct InUse {
    /// They stand in a value.
    text: [bool; 256],
    /// They are a delimiter.
    taken: [bool; 256],
}

impl InUse {
    fn of(envelope: &Envelope<'_>) -> InUse {
        let mut text = [false; 256];
        let parts = envelope.parts.values().flatten().map(|(_, value)| *value);
        let values = envelope.values.iter().map(|value| value.as_ref());
        for byte in values.chain(parts).flat_map(str::bytes) {
            text[byte as usize] = true;
        }
        InUse {
            text,
            taken: [false; 256],
        }
    }

    /// The first character that is neither in the text nor taken, nor the one to avoid; takes it.
    fn free(&mut self, wanted: &[u8], avoid: Option<char>) -> Result<u8, Refusal> {
        let is_free = |byte: &&u8| {
            let at = **byte as usize;
            !self.text[at] && !self.taken[at] && avoid != Some(**byte as char)
        };
        let found = wanted.iter().chain(OTHERS).find(is_free);
        found
            .map(|byte| self.take(*byte))
            .ok_or(Refusal::NoDelimiter)
    }

    fn take(&mut self, byte: u8) -> u8 {
        self.taken[byte as usize] = true;
        byte
    }

    fn is_taken(&self, character: char) -> bool {
        character.is_ascii() && self.taken[character as usize]
    }
}

/// Whether a separator is ASCII, and all of it that is in the text stands where it separates.
fn is_only_in(envelope: &Envelope<'_>, places: &[(Id, u8)], separator: char) -> bool {
    if !separator.is_ascii() || separator == '?' {
        return false;
    }
    let count = |value: &str| memchr::memchr_iter(separator as u8, value.as_bytes()).count();
    envelope.items.iter().all(|item| {
        let values = &envelope.values[item.first..item.end];
        values
            .iter()
            .zip(1u8..)
            .all(|(value, element)| count(value) == 0 || places.contains(&(item.id, element)))
    })
}

/// Writes the elements that repeat or are composites with these separators.
fn translate(envelope: &mut Envelope<'_>, repetition: char, component: char) {
    let mut own = ('^', ':');
    for (index, item) in envelope.items.iter().enumerate() {
        if let Some(isa) = envelope.sent.get(&index) {
            own = separators(isa);
        }
        if !is_compound(item.id) && envelope.parts.is_empty() {
            continue;
        }
        for (element, at) in (1u8..).zip(item.first..item.end) {
            let repeats = may_repeat(item.id, element).then_some(own.0);
            let composite = is_composite(item.id, element).then_some(own.1);
            let several = envelope.parts.get(&(index, element));
            let parts = match several {
                Some(parts) => parts.as_slice(),
                None if repeats.is_none() && composite.is_none() => continue,
                None => &[(0, envelope.values[at].as_ref())],
            };
            let values = values(parts, repeats, composite);
            let component = component.to_string();
            let written: Vec<String> = values.iter().map(|one| one.join(&component)).collect();
            envelope.values[at] = Cow::Owned(written.join(&repetition.to_string()));
        }
    }
}

/// An element's repetitions, each of its components.
fn values<'a>(
    parts: &[(u8, &'a str)],
    repetition: Option<char>,
    component: Option<char>,
) -> Vec<Vec<&'a str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut at = 0;
    for &(number, text) in parts {
        if number == 0 {
            for one in cut(text, repetition) {
                found.push(cut(one, component));
            }
        } else {
            let slot = number as usize - 1;
            let is_filled =
                |last: &Vec<&str>| last.get(slot).is_some_and(|value| !value.is_empty());
            if number <= at || found.last().is_none_or(is_filled) {
                found.push(Vec::new());
            }
            if let Some(last) = found.last_mut() {
                last.resize(last.len().max(slot + 1), "");
                last[slot] = text;
            }
        }
        at = number;
    }
    found
}

fn cut(text: &str, separator: Option<char>) -> Vec<&str> {
    match separator {
        Some(separator) => text.split(separator).collect(),
        None => vec![text],
    }
}

/// A document's own repetition and component separators; `^` and `:` if it names none that can be one.
fn separators(isa: &[&str]) -> (char, char) {
    let usable = |at: usize| {
        let mut characters = stripped(isa.get(at).copied().unwrap_or("")).chars();
        let only = characters.next().filter(|_| characters.next().is_none());
        only.filter(|character| !character.is_alphanumeric())
    };
    (usable(10).unwrap_or('^'), usable(15).unwrap_or(':'))
}
