//! What the fuzz targets share: the knowledge that Python tells the core, a mutator that knows segments, and XML and
//! JSON as X12.

pub mod mutate;

use std::path::Path;
use std::sync::{Arc, LazyLock};
use x271_core::delimiters::WINDOW;
use x271_core::document::Document;
use x271_core::knowledge::Knowledge;
use x271_core::normalize::preferences::Preferences;
use x271_core::sources::answer::make;
use x271_core::sources::find::Answer;
use x271_core::sources::tree::Tree;

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge").join(name);
    std::fs::read_to_string(path).expect("`python fuzz/knowledge.py` writes the knowledge")
}

/// Grammar, checks and code tables.
pub static KNOWLEDGE: LazyLock<Arc<Knowledge>> =
    LazyLock::new(|| Arc::new(Knowledge::compile(&text("engine.json")).expect("it is ours")));

/// The standard orders of preference.
pub static ORDERS: LazyLock<Preferences> =
    LazyLock::new(|| serde_json::from_str(&text("orders.json")).expect("they are ours"));

/// The fields that can be explained.
pub static FIELDS: LazyLock<Vec<String>> =
    LazyLock::new(|| serde_json::from_str(&text("fields.json")).expect("they are ours"));

/// Makes an answer X12: it is no larger than its tree allows, is read again, and has a line for each segment. Not
/// so with an ISA that is longer than any that is read, or with another one in a value of it or of the IEA.
pub fn make_and_read(tree: &Tree, answer: Answer, levels: usize, size: usize) {
    let Ok(made) = make(tree, answer, levels, usize::MAX) else {
        return;
    };
    let Some(x12) = made.x12 else { return };
    assert!(x12.len() <= 2000 + 120 * size, "{} bytes of {size}", x12.len());
    assert!(make(tree, answer, levels, 10).is_err());
    let terminator = x12.last().copied();
    let isas = x12.split(|byte| Some(*byte) == terminator).filter(|text| text.starts_with(b"ISA"));
    let lengths: Vec<usize> = isas.map(<[u8]>::len).collect();
    let named = x12.windows(3).filter(|three| three == b"ISA").count();
    if named == lengths.len() && lengths.iter().all(|length| *length < WINDOW - 1) {
        let document = Document::read(x12).expect("X12 that we wrote");
        assert_eq!(document.segments.len(), made.lines.len());
    }
}
