//! What a name says: `NM103_LastOrOrganizationalName` is segment NM1, element 03.
//!
//! Only the part before the first `_` counts. The words behind it differ between vendors and are misspelt in the only
//! sample there is (`HL04_HierarchicaChildCode`). `EB13_2_…` names component 2 of the composite EB13.

use memchr::memchr2;

/// A segment's identifier: two or three capital letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id([u8; 3]);

impl Id {
    pub const fn of(text: &[u8]) -> Id {
        let third = if text.len() > 2 { text[2] } else { 0 };
        Id([text[0], text[1], third])
    }

    pub fn as_str(&self) -> &str {
        let length = if self.0[2] == 0 { 2 } else { 3 };
        std::str::from_utf8(&self.0[..length]).unwrap_or("")
    }
}

/// Where a value stands: segment, element from 1, component from 1 (0: the whole element).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub segment: Id,
    pub element: u8,
    pub component: u8,
}

pub const ISA: Id = Id::of(b"ISA");
pub const GS: Id = Id::of(b"GS");
pub const ST: Id = Id::of(b"ST");
pub const SE: Id = Id::of(b"SE");
pub const GE: Id = Id::of(b"GE");
pub const IEA: Id = Id::of(b"IEA");
const TA1: Id = Id::of(b"TA1");
const ENVELOPE: [Id; 7] = [ISA, TA1, GS, ST, SE, GE, IEA];
const EB: Id = Id::of(b"EB");
const DMG: Id = Id::of(b"DMG");
const HI: Id = Id::of(b"HI");

/// The elements of a 271 that may repeat.
pub const REPEATING: &[(Id, u8)] = &[(EB, 3), (DMG, 5)];
/// The elements of a 271 that are composites.
pub const COMPOSITE: &[(Id, u8)] = &[
    (EB, 13),
    (EB, 14),
    (DMG, 5),
    (HI, 1),
    (HI, 2),
    (HI, 3),
    (HI, 4),
    (HI, 5),
    (HI, 6),
    (HI, 7),
    (HI, 8),
    (HI, 9),
    (HI, 10),
    (HI, 11),
    (HI, 12),
];

pub fn is_envelope(segment: Id) -> bool {
    ENVELOPE.contains(&segment)
}

pub fn may_repeat(segment: Id, element: u8) -> bool {
    REPEATING.contains(&(segment, element))
}

pub fn is_composite(segment: Id, element: u8) -> bool {
    COMPOSITE.contains(&(segment, element))
}

/// Whether an element of this segment may repeat or be a composite.
pub fn is_compound(segment: Id) -> bool {
    matches!(segment, EB | DMG | HI)
}

/// The local name: what stands behind a namespace (`{uri}name`) or a prefix (`p:name`).
pub fn local(name: &str) -> &str {
    let name = name.rfind('}').map_or(name, |at| &name[at + 1..]);
    name.rfind(':').map_or(name, |at| &name[at + 1..])
}

/// The place that a name means, or None for a name that means none.
pub fn place(name: &str) -> Option<Place> {
    if memchr2(b':', b'}', name.as_bytes()).is_none() {
        return place_at(name.as_bytes());
    }
    if name.starts_with("xmlns") {
        return None;
    }
    place_at(local(name).as_bytes())
}

fn place_at(name: &[u8]) -> Option<Place> {
    if !name.first()?.is_ascii_uppercase() || !is_capital(*name.get(1)?) {
        return None;
    }
    // The longer identifier first: `NM103_` is NM1, element 03.
    let length = if is_capital(*name.get(2)?) && number(name, 3).is_some() {
        3
    } else {
        2
    };
    let element = number(name, length)?;
    if element == 0 {
        return None;
    }
    Some(Place {
        segment: Id::of(&name[..length]),
        element,
        component: component(&name[length + 3..]),
    })
}

fn is_capital(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

/// Two digits and `_`.
fn number(name: &[u8], at: usize) -> Option<u8> {
    match name.get(at..at + 3)? {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', b'_'] => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    }
}

/// One or two digits and `_`, if the words begin so.
fn component(words: &[u8]) -> u8 {
    match words {
        [one @ b'0'..=b'9', b'_', ..] => one - b'0',
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', b'_', ..] => (tens - b'0') * 10 + ones - b'0',
        _ => 0,
    }
}
