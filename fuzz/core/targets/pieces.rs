//! A stream in pieces of any size and chunks of any size says what the whole says: the same segments, places, findings and transaction sets.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use x271_core::document::{Document, Reader};
use x271_core::envelope::{self, Envelope};
use x271_core::finding::{Finding, NO_SEGMENT};
use x271_core::pieces::{Cutter, Piece};
use x271_core_fuzz::{KNOWLEDGE, mutate};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let made = (seed % 3 != 0).then(|| mutate::x12(data, size, max_size, seed)).flatten();
    made.unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});

fuzz_target!(|data: &[u8]| -> Corpus {
    // The sizes come from the end, where the mutator of segments leaves them alone mostly.
    let (text, sizes) = data.split_at(data.len().saturating_sub(2));
    let &[size, chunk] = sizes else {
        return Corpus::Reject;
    };
    let (size, chunk) = (usize::from(size) * 7 + 1, usize::from(chunk) * 3 + 1);
    let whole = Document::read(text.to_vec());
    same_in_chunks(text, chunk, whole.as_ref().ok());
    let pieces = pieces(text, chunk, size);
    let (Ok(whole), Some(pieces)) = (&whole, &pieces) else {
        assert!(whole.is_err() && pieces.is_none());
        return Corpus::Keep;
    };
    let around = envelope::walk(whole, &KNOWLEDGE.versions);
    let each = || pieces.iter().map(|one| (&one.document, &one.envelope));
    let cut: Vec<_> = each().flat_map(|(one, _)| places(one)).collect();
    assert_eq!(cut, places(whole));
    let of_pieces: Vec<_> = each().flat_map(|(one, has)| sets(one, has)).collect();
    assert_eq!(of_pieces, sets(whole, &around));
    let mut found: Vec<_> = each().flat_map(|(one, has)| findings(one, has)).collect();
    let mut expected = findings(whole, &around);
    if !expected.iter().chain(&found).any(|one| one.0 == "FINDINGS_CUT") {
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }
    Corpus::Keep
});

fn same_in_chunks(text: &[u8], size: usize, whole: Option<&Document>) {
    let mut reader = Reader::default();
    let fed = text.chunks(size).all(|chunk| reader.feed(chunk).is_ok());
    let chunked = reader.close().ok().filter(|_| fed);
    assert_eq!(chunked.is_some(), whole.is_some());
    if let (Some(chunked), Some(whole)) = (chunked, whole) {
        assert_eq!(places(&chunked), places(whole));
        assert_eq!(*chunked.findings, *whole.findings);
        assert_eq!(chunked.starts, whole.starts);
    }
}

/// None: it was refused.
fn pieces(text: &[u8], chunk: usize, size: usize) -> Option<Vec<Piece>> {
    let mut cutter = Cutter::new(size, usize::MAX);
    let mut found = Vec::new();
    for chunk in text.chunks(chunk) {
        found.extend(cutter.feed(chunk, &KNOWLEDGE.versions).ok()?);
    }
    found.extend(cutter.close(&KNOWLEDGE.versions).ok()?);
    Some(found)
}

/// Segments as offset, index and text.
fn places(document: &Document) -> Vec<(usize, usize, &[u8])> {
    let own = document.copies()..document.segments.len() as u32;
    own.map(|at| (document.offset(at), document.index(at), document.bytes(at))).collect()
}

type Told = (&'static str, Option<usize>, Option<usize>, u16);

fn findings(document: &Document, envelope: &Envelope) -> Vec<Told> {
    let told = |found: &Finding| {
        let index = (found.segment != NO_SEGMENT).then(|| document.index(found.segment));
        (found.code, found.offset, index, found.element)
    };
    let all = document.own_findings().iter();
    all.chain(envelope.own_findings()).map(told).collect()
}

type Set = ([u8; 3], usize, usize, bool, Vec<u8>, Vec<u8>);

/// Transaction sets with their first and last segments and the numbers of their headers.
fn sets(document: &Document, envelope: &Envelope) -> Vec<Set> {
    let number = |at: u32, element: usize| match at {
        NO_SEGMENT => b"-".to_vec(),
        _ => document.element(at, element).to_vec(),
    };
    let set = |one: &envelope::Transaction| {
        let (first, last) = (document.index(one.first), document.index(one.end - 1));
        (one.kind, first, last, one.read, number(one.isa, 13), number(one.gs, 6))
    };
    envelope.transactions.iter().map(set).collect()
}
