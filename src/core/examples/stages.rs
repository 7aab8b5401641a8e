//! Where the time goes, stage by stage, from bytes to records, without Python: `benchmarks/stages.py` runs it.
//!
//! `stages ENGINE.json ORDERS.json ANSWERS.271 [ROUNDS [STAGE]]`: the shortest of so many rounds for each stage, in
//! nanoseconds per patient; only the stages that begin so, for a profiler.

use serde::Deserialize;
use std::cell::RefCell;
use std::hint::black_box;
use std::time::Instant;
use x271_core::document::Document;
use x271_core::envelope::{self, Envelope};
use x271_core::grammar::{Description, Grammar, Versions};
use x271_core::loops::{Tree, Walker};
use x271_core::normalize::check::{CheckDescription, Checks};
use x271_core::normalize::memory::Memory;
use x271_core::normalize::people::patients;
use x271_core::normalize::preferences::Preferences;
use x271_core::normalize::reading::Which;
use x271_core::normalize::record::Answer;
use x271_core::normalize::rows::AAA;
use x271_core::normalize::{Loops, Question};
use x271_core::scan;

#[derive(Deserialize)]
struct Engine {
    #[serde(flatten)]
    grammar: Description,
    checks: Vec<CheckDescription>,
}

struct Knowledge {
    versions: Versions,
    checks: Checks,
    orders: Preferences,
    question: Question,
    memory: RefCell<Memory>,
}

type Failure = Box<dyn std::error::Error>;

/// The shortest of some rounds, in nanoseconds.
fn shortest<T>(rounds: usize, mut work: impl FnMut() -> T) -> f64 {
    let time = |work: &mut dyn FnMut() -> T| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_nanos() as f64
    };
    (0..rounds)
        .map(|_| time(&mut work))
        .fold(f64::INFINITY, f64::min)
}

fn grammar<'k>(knowledge: &'k Knowledge, kind: &[u8; 3]) -> Option<&'k Grammar> {
    let guides = knowledge.versions.transaction(kind);
    guides.and_then(|guides| guides.grammar.as_ref())
}

fn trees(document: &Document, envelope: &Envelope, knowledge: &Knowledge) -> Vec<Tree> {
    let mut walker = Walker::default();
    let place = |transaction| {
        let grammar = grammar(knowledge, b"271")?;
        Some(walker.walk(document, transaction, grammar))
    };
    envelope.transactions.iter().filter_map(place).collect()
}

/// Normalizes every patient; gives how many there are.
fn records(
    document: &Document,
    envelope: &Envelope,
    trees: &[Tree],
    knowledge: &Knowledge,
) -> usize {
    let mut count = 0;
    for (transaction, tree) in envelope.transactions.iter().zip(trees) {
        let Some(grammar) = grammar(knowledge, &transaction.kind) else {
            continue;
        };
        let Some(loops) = Loops::of(grammar) else {
            continue;
        };
        let answer = Answer {
            document,
            transaction,
            grammar,
            tree,
            preferences: &knowledge.orders,
            question: &knowledge.question,
            which: Which::Read,
            rejects: document.has(transaction.first..transaction.end, AAA),
            memory: Some(&knowledge.memory),
        };
        patients(tree, loops, |patient| {
            black_box(answer.record(loops, &patient));
            count += 1;
        });
    }
    count
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    let text = |number: usize| std::fs::read_to_string(&arguments[number]);
    let engine: Engine = serde_json::from_str(&text(1)?)?;
    let knowledge = Knowledge {
        versions: Versions::compile(engine.grammar),
        checks: Checks::compile(engine.checks),
        orders: serde_json::from_str(&text(2)?)?,
        question: Question {
            service_types: vec![b"30".to_vec()],
            ..Question::default()
        },
        memory: RefCell::default(),
    };
    let data = std::fs::read(&arguments[3])?;
    let rounds = arguments.get(4).map_or(Ok(20), |text| text.parse())?;
    let document = Document::read(data.clone()).map_err(|why| format!("{why:?}"))?;
    let envelope = envelope::walk(&document, &knowledge.versions);
    let trees_made = trees(&document, &envelope, &knowledge);
    let patients = records(&document, &envelope, &trees_made, &knowledge);
    let check_all = || {
        let found = trees_made.iter().filter_map(|tree| {
            let grammar = grammar(&knowledge, b"271")?;
            Some(
                knowledge
                    .checks
                    .run(&document, grammar, tree, Some(&knowledge.memory))
                    .len(),
            )
        });
        found.sum::<usize>()
    };
    type Stage<'s> = (&'s str, &'s dyn Fn() -> usize);
    let stages: [Stage<'_>; 6] = [
        ("floor: count the terminators", &|| {
            memchr::memchr_iter(b'~', &data).count()
        }),
        ("scan: bytes to segments", &|| {
            scan::scan(&data).map_or(0, |found| found.segments.len())
        }),
        ("envelope", &|| {
            let envelope = envelope::walk(&document, &knowledge.versions);
            envelope.transactions.len()
        }),
        ("loops", &|| trees(&document, &envelope, &knowledge).len()),
        ("checks of codes, dates, numbers", &check_all),
        ("records", &|| {
            records(&document, &envelope, &trees_made, &knowledge)
        }),
    ];
    let bytes = data.len() as f64;
    println!(
        "{patients} patients, {} bytes, shortest of {rounds} rounds",
        data.len()
    );
    println!("{:34} {:>12} {:>8}", "stage", "ns/patient", "MB/s");
    let only = arguments.get(5).map_or("", String::as_str);
    for (name, work) in stages.iter().filter(|(name, _)| name.starts_with(only)) {
        let time = shortest(rounds, work);
        println!(
            "{name:34} {:12.0} {:8.0}",
            time / patients as f64,
            bytes / time * 1e3
        );
    }
    Ok(())
}
