//! Any bytes are refused, or give segments, loops, findings, records, reasons and columns that point only into them, alike each time.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::cell::RefCell;
use std::collections::HashMap;
use x271_core::columns::{Asked, Collector, Given, Limits, Table};
use x271_core::document::Document;
use x271_core::finding::{Finding, NO_SEGMENT};
use x271_core::inner::Inner;
use x271_core::limits::{Most, beyond};
use x271_core::numbers::Date;
use x271_core::normalize::explain::explain;
use x271_core::normalize::people::Traced;
use x271_core::normalize::reading::Which;
use x271_core::normalize::record::Answer;
use x271_core::normalize::Question;
use x271_core_fuzz::{FIELDS, KNOWLEDGE, ORDERS, mutate};

thread_local! {
    /// Making one takes longer than filling it.
    static COLLECTOR: RefCell<Collector> =
        RefCell::new(Collector::new(&KNOWLEDGE, &Table::ALL, 0).expect("the tables are ours"));
}

/// Patients of one input that are looked at closely.
const MOST: usize = 20;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let made = (seed % 3 != 0).then(|| mutate::x12(data, size, max_size, seed)).flatten();
    made.unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(document) = Document::read(data.to_vec()) else {
        return Corpus::Reject;
    };
    let inner = Inner::of(document, KNOWLEDGE.clone());
    cut(&inner, data);
    placed(&inner);
    bounded(&inner);
    let question = Question {
        date_of_service: (data.len() % 2 == 0).then(|| (Date::new(2026, 7, 1).unwrap(), None)),
        service_types: vec![b"30".to_vec(), b"98".to_vec()],
    };
    let patients = records(&inner, &question, data.len());
    columns(&inner, &question, patients);
    Corpus::Keep
});

/// Segments stand one behind the other in the input, and hold no terminator.
fn cut(inner: &Inner, data: &[u8]) {
    let read = &inner.read;
    let count = read.segments.len() as u32;
    let mut end = 0;
    for at in 0..count {
        let (offset, text) = (read.offset(at), read.bytes(at));
        assert!(offset >= end && offset + text.len() <= data.len() && !text.is_empty());
        assert_eq!(read.index(at), at as usize);
        end = offset + text.len();
    }
    for pair in inner.envelope.transactions.windows(2) {
        assert!(pair[0].end <= pair[1].first);
    }
    for found in inner.findings() {
        about(inner, found, data.len());
    }
}

fn about(inner: &Inner, found: &Finding, size: usize) {
    let count = inner.read.segments.len() as u32;
    assert!(found.segment == NO_SEGMENT || found.segment < count, "{found:?}");
    assert!(found.offset.is_none_or(|offset| offset <= size), "{found:?}");
    assert!(found.others.iter().all(|other| *other < count), "{found:?}");
}

/// Each segment of a transaction set has one loop, whose parents lead to the set.
fn placed(inner: &Inner) {
    for (at, transaction) in inner.envelope.transactions.iter().enumerate() {
        assert!(transaction.first < transaction.end && transaction.end as usize <= inner.read.segments.len());
        let Some(tree) = inner.tree(at) else { continue };
        assert_eq!(tree.count, transaction.end - transaction.first);
        let mut segments = transaction.first..transaction.end;
        assert!(segments.all(|segment| (tree.owner(segment) as usize) < tree.nodes.len()));
        let mut held = 0;
        for node in 0..tree.nodes.len() as u32 {
            assert!(node == 0 || tree.nodes[node as usize].parent < node);
            held += tree.segments(node).len();
        }
        assert!(held <= tree.count as usize);
    }
}

/// What is too much of something says so at one of the segments, and an input of some kilobytes is not, by the defaults,
/// but for what it repeats.
fn bounded(inner: &Inner) {
    let segments = inner.read.segments.len();
    let most = |most: usize| Most {
        segments: most,
        elements: most,
        repetitions: most,
        levels: most,
        bytes: most << 20,
    };
    for limit in [1, 3, 100, 1000] {
        let found = beyond(inner, &most(limit));
        assert!(found.is_none_or(|found| (found.segment as usize) < segments));
        assert!(found.is_some() || segments <= limit);
    }
    assert!(beyond(inner, &most(1 << 24)).is_none());
}

/// How many patients there are.
fn records(inner: &Inner, question: &Question, size: usize) -> usize {
    let mut count = 0;
    let segments = inner.read.segments.len() as u32;
    for at in 0..inner.envelope.transactions.len() {
        let (Some((tree, loops)), Some(grammar)) = (inner.answer_loops(at), inner.grammar(at)) else {
            continue;
        };
        let answer = Answer {
            document: &inner.read,
            transaction: &inner.envelope.transactions[at],
            grammar,
            tree,
            preferences: &ORDERS,
            question,
            which: Which::All,
            rejects: true,
            memory: None,
        };
        for found in inner.patients(at, None) {
            count += 1;
            if count > MOST {
                continue; // the first ones are as good as all
            }
            let (context, record) = answer.record(loops, &found.patient);
            assert!(record.rows.iter().all(|row| row.segment < segments));
            for one in inner.findings_of_patient(at, &found.patient, found.fit, &record.findings) {
                about(inner, &one, size);
            }
            if count > MOST / 10 {
                continue; // explaining takes the most time
            }
            for field in FIELDS.iter() {
                let reason = explain(&context, &found.patient, &record, field).expect("a field of ours");
                assert!(reason.sources.iter().all(|at| at.segment < segments), "{field}");
                let mut looked = reason.candidates.iter();
                assert!(looked.all(|one| one.segment < segments
                    && one.reasons.iter().all(|why| why.at.is_none_or(|at| at.segment < segments))), "{field}");
            }
        }
    }
    count
}

/// The columns have each patient once, and are the same however many rows are taken at a time.
fn columns(inner: &Inner, question: &Question, patients: usize) {
    let whole = batches(inner, question, usize::MAX);
    assert!(whole["eligibility"] >= patients);
    assert_eq!(whole, batches(inner, question, 3));
}

/// Rows by table, taken so many at a time.
fn batches(inner: &Inner, question: &Question, rows: usize) -> HashMap<&'static str, usize> {
    COLLECTOR.with_borrow_mut(|collector| taken(collector, inner, question, rows))
}

fn taken(collector: &mut Collector, inner: &Inner, question: &Question, rows: usize) -> HashMap<&'static str, usize> {
    let asked = Asked {
        preferences: &ORDERS,
        question,
        trace: None,
        fit: Traced::Unsaid,
    };
    let given = Given {
        source: "fuzz",
        answer: 1,
        before: 0,
        lines: &[],
        fault: false,
    };
    let mut counts = HashMap::new();
    let mut next = Some((0, 0));
    while let Some(start) = next {
        let limits = Limits { rows, bytes: 1 << 28 };
        let progress = collector.add(inner, &asked, &given, start, limits);
        assert!(progress.next.is_none_or(|next| next > start));
        for (table, batch) in collector.take().expect("columns of one length") {
            *counts.entry(table.name()).or_insert(0) += batch.num_rows();
        }
        next = progress.next;
    }
    counts
}
