//! One answer of a tree, made X12.

use super::Refusal;
use super::delimiters::write;
use super::envelope::Envelope;
use super::find::Answer;
use super::results::{self, Said};
use super::segments;
use super::tree::Tree;

/// An answer as X12, and what the vendor says around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// None: there is no segment.
    pub x12: Option<Vec<u8>>,
    /// For each segment the line of its XML element; one that was made has its neighbour's.
    pub lines: Vec<u32>,
    pub said: Option<Said>,
}

/// Makes an answer X12; at most so many levels of objects and lists are read, and so many bytes written.
pub fn make(
    tree: &Tree,
    answer: Answer,
    levels: usize,
    most_bytes: usize,
) -> Result<Made, Refusal> {
    let found = segments::read(tree, answer.body, levels)?;
    let said = results::read(tree, answer.outer, answer.inner)?;
    if found.items.is_empty() {
        return Ok(Made {
            said,
            ..Made::default()
        });
    }
    let envelope = Envelope::around(&found);
    let lines = envelope.items.iter().map(|item| item.line).collect();
    let x12 = write(envelope)?;
    if x12.len() > most_bytes {
        return Err(Refusal::TooLarge);
    }
    Ok(Made {
        x12: Some(x12),
        lines,
        said,
    })
}
