//! The walk: which loop each segment belongs to.

mod common;

use common::{answered, codes, placed, versions};

const PAYER: [&str; 2] = ["HL*1**20*1", "NM1*PR"];

fn body<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    PAYER.iter().chain(rest).copied().collect()
}

fn walk(rest: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    let (places, tree) = placed(&answered(&body(rest)));
    let inside = places[4..places.len() - 1].to_vec();
    (inside, codes(tree.findings.iter()))
}

#[test]
fn segments_stand_in_the_innermost_open_loop_that_takes_them() {
    let (places, findings) = walk(&[
        "HL*2*1*22*0",
        "TRN*2",
        "NM1*IL",
        "EB*1",
        "III*ZZ",
        "MSG*A",
        "LS*2120",
        "NM1*P3",
        "PER*IC",
        "LE*2120",
        "MSG*B",
        "REF*6P",
        "EB*2",
    ]);
    let expected = [
        "2000C", "2000C", "2100C", "2110C", "2115C", "2110C", "2110C", "2120C", "2120C", "2110C",
        "2110C", "2100C", "2110C",
    ];
    assert_eq!(places, expected);
    assert_eq!(findings, [""; 0]);
}

#[test]
fn aaa_is_of_the_level_before_the_name_and_of_the_name_after_it() {
    let (places, tree) = placed(&answered(&["HL*1**20*0", "AAA*N", "NM1*PR", "AAA*Y"]));
    assert_eq!(places[2..6], ["2000A", "2000A", "2100A", "2100A"]);
    assert!(tree.findings.is_empty());
}

#[test]
fn a_related_entity_needs_no_ls_and_an_open_ls_is_closed() {
    assert_eq!(
        walk(&["HL*2*1*22*0", "NM1*IL", "EB*1", "NM1*PR"]).1,
        ["ENTITY_WITHOUT_LS"]
    );
    assert_eq!(
        walk(&["HL*2*1*22*0", "NM1*IL", "EB*1", "LS*2120", "EB*1"]).1,
        ["LS_NOT_CLOSED"]
    );
    assert_eq!(
        walk(&["HL*2*1*22*0", "NM1*IL", "EB*1", "LE*2120"]).1,
        ["MISPLACED_SEGMENT"]
    );
}

#[test]
fn a_name_that_is_missing_is_implied_and_filled_if_it_comes() {
    let (places, findings) = walk(&["HL*2*1*22*0", "REF*6P", "NM1*IL", "EB*1"]);
    assert_eq!(places, ["2000C", "2100C", "2100C", "2110C"]);
    assert_eq!(findings, ["MISSING_NAME"]);
    assert_eq!(walk(&["HL*2*1*22*0", "EB*1"]).0, ["2000C", "2110C"]);
}

#[test]
fn a_second_name_and_an_unknown_segment_are_kept_where_they_stand() {
    let (places, findings) = walk(&["HL*2*1*22*0", "NM1*IL", "NM1*IL", "ZZZ*1"]);
    assert_eq!(places, ["2000C", "2100C", "2100C", "2100C"]);
    assert_eq!(findings, ["MISPLACED_SEGMENT", "UNKNOWN_SEGMENT"]);
}

#[test]
fn a_bad_parent_or_level_gives_way_to_the_nearest() {
    assert_eq!(
        walk(&["HL*2*9*22*0", "NM1*IL", "EB*1"]).0,
        ["2000C", "2100C", "2110C"]
    );
    assert_eq!(walk(&["HL*2*1*ZZ*0", "NM1*IL"]).0, ["2000C", "2100C"]);
    for level in ["HL*2*9*22*0", "HL*2*1*ZZ*0", "HL*2*9*ZZ*0"] {
        assert!(walk(&[level]).1.contains(&"BAD_HL"), "{level}");
    }
    let (places, tree) = placed(&answered(&["HL*2*1*22*0", "NM1*IL"]));
    assert_eq!(places[2..4], ["2000C", "2100C"]);
    assert_eq!(tree.nodes[1].parent, 0);
}

#[test]
fn hl04_is_compared_with_the_children_that_came() {
    assert_eq!(walk(&[]).1, ["HL_CHILD_MISMATCH"]);
    assert_eq!(walk(&["HL*2*1*22*1"]).1, ["HL_CHILD_MISMATCH"]);
    assert_eq!(walk(&["HL*2*1*22"]).1, [""; 0]);
}

#[test]
fn every_segment_has_an_owner_and_every_owner_lists_it() {
    let (places, tree) = placed(&answered(&body(&[
        "HL*2*1*22*0",
        "EB*1",
        "ZZZ",
        "HL",
        "III*1",
        "SE",
    ])));
    assert_eq!(places.len(), tree.count as usize);
    for segment in tree.first..tree.first + tree.count {
        assert!(tree.segments(tree.owner(segment)).contains(&segment));
    }
    for (index, node) in (0u32..).zip(&tree.nodes).skip(1) {
        assert!(tree.children(node.parent).contains(&index));
    }
}

#[test]
fn no_loop_is_deeper_than_its_grammar() {
    let versions = versions();
    let grammar = versions
        .transaction(b"271")
        .and_then(|one| one.grammar.as_ref());
    assert_eq!(grammar.map(|grammar| grammar.depth), Some(5));
    let (_, tree) = placed(&answered(&body(&[
        "HL*2*9*22*0",
        "NM1*IL",
        "EB*1",
        "LS*2120",
        "NM1*P3",
        "HL*3*2*22*0",
        "EB*1",
        "III*ZZ",
    ])));
    let depth = |node: u32| {
        let above = std::iter::successors(Some(node), |at| Some(tree.nodes[*at as usize].parent));
        above.take_while(|at| *at != 0).count()
    };
    assert!((0..tree.nodes.len() as u32).all(|node| depth(node) <= 5));
}
