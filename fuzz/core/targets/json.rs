//! Text that the JSON reader takes is JSON by another parser, which finds the same values; each answer in it is X12, or refused.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use serde::de::Deserialize;
use serde_json::Value;
use x271_core::sources::find::{Search, Step, unnamed};
use x271_core::sources::json;
use x271_core::sources::tree::{Kind, Node, Role, Tree};
use x271_core_fuzz::make_and_read;

const LEVELS: usize = 100;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(tree) = json::read(data) else {
        return Corpus::Keep;
    };
    let mut parser = serde_json::Deserializer::from_slice(data);
    parser.disable_recursion_limit();
    let other = Value::deserialize(&mut parser).expect("taken, so it is JSON");
    parser.end().expect("taken, so nothing follows");
    same(&tree, 0, &other);
    if matches!(tree.entry(0).kind, Kind::Object) {
        search(&tree, 0, LEVELS, data.len(), 0);
    }
    Corpus::Keep
});

fn search(tree: &Tree, record: Node, levels: usize, size: usize, called: usize) {
    assert!(called <= LEVELS);
    let Ok(mut search_in) = Search::of(tree, record, levels, "raw_response") else {
        return;
    };
    let mut is_any = false;
    while let Ok(Some(step)) = search_in.next(tree) {
        is_any = true;
        match step {
            Step::Answer(answer, levels) => make_and_read(tree, answer, levels, size),
            Step::Text(node) => assert!(!tree.is_object(node)),
            Step::Record(node, levels) => search(tree, node, levels, size, called + 1),
        }
    }
    if !is_any {
        for answer in unnamed(tree, record).expect("JSON names are text") {
            make_and_read(tree, answer, levels, size);
        }
    }
}

/// A number with the exponent that the other parser writes.
fn plain(number: &str) -> String {
    number.to_lowercase().replace("e+", "e")
}

fn same(tree: &Tree, node: Node, other: &Value) {
    let said = || tree.scalar(node).expect("JSON text has nothing else");
    match (tree.entry(node).kind, other) {
        (Kind::Null, Value::Null) => {}
        (Kind::Scalar, Value::Bool(value)) => assert_eq!(said(), if *value { "true" } else { "false" }),
        (Kind::Number, Value::Number(value)) => assert_eq!(plain(said()), plain(value.as_str())),
        (Kind::Text, Value::String(value)) => assert_eq!(said(), value),
        (Kind::List, Value::Array(values)) => {
            let inside: Vec<_> = tree.children(node).collect();
            assert_eq!(inside.len(), values.len());
            for (one, value) in inside.into_iter().zip(values) {
                same(tree, one, value);
            }
        }
        (Kind::Object, Value::Object(values)) => {
            let inside: Vec<_> = tree.children(node).collect();
            assert_eq!(inside.len(), values.len());
            for one in inside {
                let mark = if tree.entry(one).role == Role::Attribute { "@" } else { "" };
                same(tree, one, &values[&format!("{mark}{}", tree.name(one))]);
            }
        }
        (kind, _) => panic!("{kind:?} is not what the other parser says"),
    }
}
