//! What the tests of the core share: a small grammar of its own, and plain ways to look at a document.
#![allow(dead_code)] // each test file uses a part of it

use std::sync::Arc;
use x271_core::document::{Document, Reader};
use x271_core::envelope::{self, Envelope};
use x271_core::finding::Finding;
use x271_core::grammar::{Description, Versions};
use x271_core::knowledge::Knowledge;
use x271_core::loops::{self, Tree};

pub const ISA: &str = "ISA*00*          *00*          *ZZ*PAYERX         *ZZ*RECEIVER       \
*261121*0900*^*00501*000000001*0*P*:";

/// A 271 with just enough loops for every role that a segment can have.
const GRAMMAR: &str = r#"{"transactions": {"271": {
    "functional_identifier": "HB",
    "guides": {"005010X279A1": null, "005010X279": "VERSION_WITHOUT_ADDENDUM"},
    "loops": [
        {"id": "271", "parent": "", "opener": "ST", "level": "", "segments": ["ST", "BHT", "SE"],
         "repeat": 1, "bounds": []},
        {"id": "2000A", "parent": "271", "opener": "HL", "level": "20", "segments": ["HL", "AAA"],
         "repeat": 0, "bounds": []},
        {"id": "2100A", "parent": "2000A", "opener": "NM1", "level": "", "segments": ["NM1", "AAA"],
         "repeat": 1, "bounds": []},
        {"id": "2000C", "parent": "2000A", "opener": "HL", "level": "22", "segments": ["HL", "TRN"],
         "repeat": 0, "bounds": []},
        {"id": "2100C", "parent": "2000C", "opener": "NM1", "level": "", "segments": ["NM1", "REF"],
         "repeat": 1, "bounds": []},
        {"id": "2110C", "parent": "2100C", "opener": "EB", "level": "", "segments": ["EB", "MSG"],
         "repeat": 0, "bounds": []},
        {"id": "2115C", "parent": "2110C", "opener": "III", "level": "", "segments": ["III"],
         "repeat": 10, "bounds": []},
        {"id": "2120C", "parent": "2110C", "opener": "NM1", "level": "", "segments": ["NM1", "PER"],
         "repeat": 23, "bounds": ["LS", "LE"]}
    ]}}}"#;

pub fn versions() -> Versions {
    let description: Description = serde_json::from_str(GRAMMAR)
        .unwrap_or_else(|error| unreachable!("the grammar of the tests: {error}"));
    Versions::compile(description)
}

/// The grammar alone, without codes and checks.
pub fn knowledge() -> Arc<Knowledge> {
    let rest = r#", "checks": [], "codes": {}, "eligibility_responses": {}, "eligibility_response_fallback": "",
        "findings": {}}"#;
    let whole = GRAMMAR.strip_suffix('}').unwrap_or(GRAMMAR).to_string() + rest;
    let knowledge = Knowledge::compile(&whole);
    Arc::new(knowledge.unwrap_or_else(|error| unreachable!("the knowledge of the tests: {error}")))
}

pub fn read(text: &str) -> Document {
    Document::read(text.as_bytes().to_vec())
        .unwrap_or_else(|refusal| unreachable!("it is readable: {refusal:?}"))
}

/// The same in chunks of this size.
pub fn in_chunks(text: &str, size: usize) -> Document {
    let mut reader = Reader::default();
    for chunk in text.as_bytes().chunks(size) {
        reader
            .feed(chunk)
            .unwrap_or_else(|refusal| unreachable!("it is readable: {refusal:?}"));
    }
    reader
        .close()
        .unwrap_or_else(|refusal| unreachable!("it is readable: {refusal:?}"))
}

/// An interchange with a group around the segments.
pub fn enveloped(body: &[&str]) -> String {
    let head = [ISA, "GS*HB*A*B*20261121*0900*1*X*005010X279A1"];
    let tail = ["GE*1*1", "IEA*1*000000001"];
    let all = head.iter().chain(body).chain(&tail);
    all.map(|segment| format!("{segment}~")).collect()
}

/// A whole 271 around the segments, with SE counted.
pub fn answered(body: &[&str]) -> String {
    let end = format!("SE*{}*1", body.len() + 3);
    let mut all = vec!["ST*271*1*005010X279A1", "BHT*0022*11"];
    all.extend(body);
    all.push(&end);
    enveloped(&all)
}

pub fn texts(document: &Document) -> Vec<String> {
    let count = document.segments.len() as u32;
    let text = |index| String::from_utf8_lossy(document.bytes(index)).into_owned();
    (0..count).map(text).collect()
}

pub fn codes<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<&'static str> {
    findings.into_iter().map(|finding| finding.code).collect()
}

pub fn walked(text: &str) -> (Document, Envelope) {
    let document = read(text);
    let envelope = envelope::walk(&document, &versions());
    (document, envelope)
}

/// The loops of the first transaction set: the name of each segment's loop, and the tree.
pub fn placed(text: &str) -> (Vec<String>, Tree) {
    let versions = versions();
    let (document, envelope) = walked(text);
    let grammar = versions
        .transaction(b"271")
        .and_then(|guides| guides.grammar.as_ref())
        .unwrap_or_else(|| unreachable!("the tests have a grammar"));
    let tree = loops::walk(&document, &envelope.transactions[0], grammar);
    let name = |segment: u32| {
        let node = tree.owner(segment) as usize;
        grammar.loops[tree.nodes[node].of as usize].id.clone()
    };
    let segments = tree.first..tree.first + tree.count;
    (segments.map(name).collect(), tree)
}
