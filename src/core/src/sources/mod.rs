//! PPMDResults XML and its JSON twin as X12.
//!
//! Each becomes one kind of tree; the rules about names, answers, envelope and delimiters are written once, above it.
//! The readers here take only what they are sure of; whoever calls them has another reader for the rest.

pub mod answer;
pub mod delimiters;
pub mod envelope;
pub mod find;
pub mod json;
pub mod names;
pub mod results;
pub mod segments;
pub mod tree;
pub mod xml;
mod xml_names;
mod xml_text;

/// Why a tree, or an answer in it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More levels than are allowed.
    TooDeep,
    /// More bytes than are allowed.
    TooLarge,
    /// The values leave no character to cut segments with.
    NoDelimiter,
    /// A value or a name that JSON does not have; says of which type.
    Unusable(String),
}
