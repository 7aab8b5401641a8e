//! The quick way of each segment leads where the plain one does.

use super::*;
use crate::envelope;
use crate::grammar::{Description, Versions};
use std::fmt::Write;

const GRAMMAR: &str = r#"{"transactions": {"271": {"functional_identifier": "HB", "guides": {}, "loops": [
    {"id": "271", "parent": "", "opener": "ST", "level": "", "segments": ["ST", "BHT", "SE"], "repeat": 1, "bounds": []},
    {"id": "A", "parent": "271", "opener": "HL", "level": "20", "segments": ["HL", "AAA"], "repeat": 0, "bounds": []},
    {"id": "AN", "parent": "A", "opener": "NM1", "level": "", "segments": ["NM1", "AAA"], "repeat": 1, "bounds": []},
    {"id": "C", "parent": "A", "opener": "HL", "level": "22", "segments": ["HL", "TRN"], "repeat": 0, "bounds": []},
    {"id": "CN", "parent": "C", "opener": "NM1", "level": "", "segments": ["NM1", "REF"], "repeat": 1, "bounds": []},
    {"id": "B", "parent": "CN", "opener": "EB", "level": "", "segments": ["EB", "MSG"], "repeat": 0, "bounds": []},
    {"id": "BI", "parent": "B", "opener": "III", "level": "", "segments": ["III"], "repeat": 10, "bounds": []},
    {"id": "BN", "parent": "B", "opener": "NM1", "level": "", "segments": ["NM1", "PER"], "repeat": 23,
     "bounds": ["LS", "LE"]}]}}}"#;

const SEGMENTS: [&str; 20] = [
    "HL*1**20*1",
    "HL*2*1*22*0",
    "HL*3*1*22",
    "HL*2*9*ZZ*0",
    "HL*x*1*22*1",
    "HL*4*x*22",
    "HL",
    "NM1*PR",
    "AAA*N",
    "TRN*2",
    "REF*6P",
    "EB*1",
    "EB*1",
    "EB*1",
    "MSG*A",
    "III*ZZ",
    "LS*2120",
    "LE*2120",
    "PER*IC",
    "ZZZ*1",
];

/// Numbers without order, from a seed.
fn next(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// Transaction sets of some of those segments.
fn sets(state: &mut u64) -> Document {
    let mut text = format!(
        "ISA*00*{:10}*00*{:10}*ZZ*{:15}*ZZ*{:15}*261121*0900*^*00501*000000001*0*P*:~GS*HB~",
        "", "", "A", "B"
    );
    for _ in 0..4 {
        text += "ST*271*1~HL*1**20*1~NM1*PR~HL*2*1*22*0~NM1*IL~";
        for _ in 0..next(state) % 40 {
            let _ = write!(text, "{}~", SEGMENTS[next(state) % SEGMENTS.len()]);
        }
        text += "SE*1*1~";
    }
    Document::read(text.into_bytes()).unwrap_or_else(|why| unreachable!("{why:?}"))
}

type Said = (
    Vec<(u16, u32, u32)>,
    Vec<Vec<u32>>,
    Vec<Vec<u32>>,
    Vec<u32>,
    Vec<u32>,
    Vec<Finding>,
);

/// All that a tree says.
fn said(tree: &Tree) -> Said {
    let nodes = || 0..tree.nodes.len() as u32;
    (
        tree.nodes
            .iter()
            .map(|node| (node.of, node.parent, node.opener))
            .collect(),
        nodes().map(|node| tree.segments(node).to_vec()).collect(),
        nodes().map(|node| tree.children(node).to_vec()).collect(),
        (0..tree.count)
            .map(|at| tree.owner(tree.first + at))
            .collect(),
        tree.levels.clone(),
        tree.findings.to_vec(),
    )
}

#[test]
fn the_quick_way_of_each_segment_leads_where_the_plain_one_does() {
    let read = || -> Description {
        serde_json::from_str(GRAMMAR).unwrap_or_else(|error| unreachable!("{error}"))
    };
    let (quick, mut plain) = (Versions::compile(read()), Versions::compile(read()));
    plain.forget_rows();
    let mut state = 271;
    let mut walker = Walker::default();
    for _ in 0..500 {
        let document = sets(&mut state);
        for set in &envelope::walk(&document, &quick).transactions {
            let trees = [&quick, &plain].map(|versions| {
                versions
                    .transaction(b"271")
                    .and_then(|one| one.grammar.as_ref())
            });
            let [Some(quick), Some(plain)] = trees else {
                unreachable!("there is a grammar")
            };
            let tree = walker.walk(&document, set, quick);
            let expected = Walker::default().walk(&document, set, plain);
            assert_eq!(
                said(&tree),
                said(&expected),
                "{:?}",
                String::from_utf8_lossy(document.span(set.first, set.end))
            );
            let owners = (set.first..set.end).map(|at| tree.owner(at));
            assert!(
                owners
                    .zip(set.first..)
                    .all(|(node, at)| tree.segments(node).contains(&at))
            );
        }
    }
}
