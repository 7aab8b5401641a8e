//! What every document needs: grammar, checks and code tables, told by Python as JSON, once.

use crate::grammar::{Description, Versions};
use crate::normalize::check::{CheckDescription, Checks};
use serde::Deserialize;
use std::collections::HashMap;
#[cfg(feature = "columns")]
use std::sync::OnceLock;

type CodeTables = HashMap<String, HashMap<String, String>>;

#[derive(Deserialize)]
struct EngineDescription {
    #[serde(flatten)]
    grammar: Description,
    checks: Vec<CheckDescription>,
    codes: CodeTables,
    eligibility_responses: HashMap<String, String>,
    eligibility_response_fallback: String,
    findings: HashMap<String, FindingDescription>,
}

#[derive(Deserialize)]
struct FindingDescription {
    severity: String,
    meaning: String,
}

pub struct Knowledge {
    pub versions: Versions,
    pub checks: Checks,
    pub codes: CodeTables,
    pub responses: HashMap<String, String>,
    pub fallback: String,
    findings: HashMap<String, FindingDescription>,
    /// What the columns of descriptions share, made when the first is.
    #[cfg(feature = "columns")]
    pub(crate) dictionaries: OnceLock<crate::columns::Dictionaries>,
}

impl Knowledge {
    /// Reads what Python says.
    pub fn compile(description: &str) -> Result<Knowledge, serde_json::Error> {
        let description: EngineDescription = serde_json::from_str(description)?;
        Ok(Knowledge {
            versions: Versions::compile(description.grammar),
            checks: Checks::compile(description.checks),
            codes: description.codes,
            responses: description.eligibility_responses,
            fallback: description.eligibility_response_fallback,
            findings: description.findings,
            #[cfg(feature = "columns")]
            dictionaries: OnceLock::new(),
        })
    }

    /// How grave each finding is.
    pub fn severities(&self) -> HashMap<String, String> {
        let found = self.findings.iter();
        found
            .map(|(code, about)| (code.clone(), about.severity.clone()))
            .collect()
    }

    /// What each finding means, in a sentence.
    pub fn meanings(&self) -> HashMap<String, String> {
        let found = self.findings.iter();
        found
            .map(|(code, about)| (code.clone(), about.meaning.clone()))
            .collect()
    }
}
