//! Codes to the place of their description in a dictionary.

use crate::knowledge::Knowledge;
use arrow_array::StringArray;
use std::collections::HashMap;
use std::sync::Arc;

/// One table of codes.
pub struct Words {
    /// Each description once.
    pub texts: Arc<StringArray>,
    /// Short codes by their bytes in one number, in a table with open addressing; 0 is free.
    short: Vec<(u32, i16)>,
    long: HashMap<Vec<u8>, i16>,
    /// For a code that is not listed.
    fallback: Option<i16>,
}

/// Bytes in a short code.
const SHORT: usize = 4;

fn packed(code: &[u8]) -> u32 {
    code.iter()
        .fold(0, |packed, byte| packed << 8 | u32::from(*byte))
}

fn start(key: u32, length: usize) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 16) as usize & (length - 1)
}

impl Words {
    /// Codes whose description is empty, and what stands for those that are not listed.
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
        let mut short = vec![(0, 0); (codes.len() * 4).next_power_of_two()];
        let mut long = HashMap::new();
        for (code, text) in codes {
            let Some(at) = place(text) else { continue };
            let bytes = code.as_bytes();
            if bytes.len() > SHORT || bytes.is_empty() || bytes.contains(&0) {
                long.insert(bytes.to_vec(), at);
                continue;
            }
            let key = packed(bytes);
            let mut slot = start(key, short.len());
            while short[slot].0 != 0 {
                slot = (slot + 1) & (short.len() - 1);
            }
            short[slot] = (key, at);
        }
        Words {
            fallback: fallback.and_then(place),
            texts: Arc::new(StringArray::from(texts)),
            short,
            long,
        }
    }

    /// Where the description of a code stands; None if there is none.
    pub fn place(&self, code: &[u8]) -> Option<i16> {
        if code.len() > SHORT || code.is_empty() || code.contains(&0) {
            return self.long.get(code).copied().or(self.fallback);
        }
        let key = packed(code);
        let mut slot = start(key, self.short.len());
        while self.short[slot].0 != 0 {
            if self.short[slot].0 == key {
                return Some(self.short[slot].1);
            }
            slot = (slot + 1) & (self.short.len() - 1);
        }
        self.fallback
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
