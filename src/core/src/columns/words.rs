//! Codes to the place of their description in a dictionary.

use crate::elements::Sent;
use crate::knowledge::Knowledge;
use crate::normalize::codes::{Code, CodeMap, LongCodes};
use arrow_array::StringArray;
use std::collections::HashMap;
use std::sync::Arc;

/// One table of codes.
pub struct Words {
    /// Each description once.
    pub texts: Arc<StringArray>,
    names: LongCodes,
    places: CodeMap<i16>,
}

/// The place of a description that is not there.
const NOWHERE: i16 = -1;

impl Words {
    /// A code whose description is empty has none.
    fn of(codes: &HashMap<String, String>, fallback: Option<&str>) -> Words {
        let mut texts: Vec<&str> = codes.values().map(String::as_str).chain(fallback).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.retain(|text| !text.is_empty());
        texts.truncate(i16::MAX as usize);
        let place = |text: &str| {
            let found = texts.binary_search(&text).ok();
            let found = found.and_then(|at| i16::try_from(at).ok());
            found.unwrap_or(NOWHERE)
        };
        let mut names = LongCodes::default();
        let places = codes.iter();
        let places = places.map(|(code, text)| (names.learn(code.as_bytes()), place(text)));
        Words {
            places: CodeMap::of(
                places.collect(),
                fallback.map_or(NOWHERE, place),
                |one, _| one,
            ),
            names,
            texts: Arc::new(StringArray::from(texts)),
        }
    }

    /// Where the description of a code stands; None if there is none.
    #[inline]
    pub fn place(&self, code: &[u8]) -> Option<i16> {
        self.place_of_code(self.code(code))
    }

    /// A code as `place_of_code` takes it.
    #[inline]
    pub fn code(&self, text: &[u8]) -> Code {
        self.names.code(text)
    }

    #[inline]
    pub fn place_of_code(&self, code: Code) -> Option<i16> {
        let place = self.places.get(code);
        (place != NOWHERE).then_some(place)
    }

    /// The same of an element.
    #[inline]
    pub fn place_of(&self, sent: &Sent<'_>) -> Option<i16> {
        let Some(word) = sent.word() else {
            return self.place(sent.bytes());
        };
        self.place_of_code(Code::of(word))
    }

    /// The description of a code; empty if there is none.
    pub fn text(&self, code: &[u8]) -> &str {
        self.place(code)
            .map_or("", |at| self.texts.value(at as usize))
    }
}

/// The dictionaries of all tables of codes, by name.
pub type Dictionaries = HashMap<&'static str, Arc<Words>>;

/// Those that the tables have columns for.
pub fn dictionaries(knowledge: &Knowledge, names: &[&'static str]) -> Dictionaries {
    let none = HashMap::new();
    let made = names.iter().map(|name| {
        let words = match *name {
            "eligibility_response" => Words::of(&knowledge.responses, Some(&knowledge.fallback)),
            "severity" => Words::of(&knowledge.severities(), None),
            "finding" => Words::of(&knowledge.meanings(), None),
            table => Words::of(knowledge.codes.get(table).unwrap_or(&none), None),
        };
        (*name, Arc::new(words))
    });
    made.collect()
}
