//! Codes to the place of their description in a dictionary.

use crate::code_map::CodeMap;
use crate::knowledge::Knowledge;
use arrow_array::StringArray;
use std::collections::HashMap;
use std::sync::Arc;

/// One table of codes.
pub struct Words {
    /// Each description once.
    pub texts: Arc<StringArray>,
    places: CodeMap,
    /// For a code that is not listed.
    fallback: Option<i16>,
}

impl Words {
    /// A code whose description is empty has none.
    fn of(codes: &HashMap<String, String>, fallback: Option<&str>) -> Words {
        let mut texts: Vec<&str> = codes.values().map(String::as_str).chain(fallback).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.retain(|text| !text.is_empty());
        texts.truncate(i16::MAX as usize);
        let place = |text: &str| {
            let found = texts.binary_search(&text).ok()?;
            i16::try_from(found).ok()
        };
        let places: Vec<(&[u8], i16)> = codes
            .iter()
            .filter_map(|(code, text)| Some((code.as_bytes(), place(text)?)))
            .collect();
        Words {
            places: CodeMap::of(places.into_iter()),
            fallback: fallback.and_then(place),
            texts: Arc::new(StringArray::from(texts)),
        }
    }

    /// Where the description of a code stands; None if there is none.
    #[inline]
    pub fn place(&self, code: &[u8]) -> Option<i16> {
        self.places.get(code).or(self.fallback)
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
