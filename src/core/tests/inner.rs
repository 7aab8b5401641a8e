//! What is found in transaction sets, all at once or some at a time.

mod common;

use common::{codes, enveloped, knowledge, read};
use x271_core::finding::Finding;
use x271_core::inner::Inner;

/// So many transaction sets of twelve segments; in each seventh something is odd, and the last two are long.
fn answers(count: usize) -> String {
    let mut body = Vec::new();
    for number in 0..count {
        let hl = if number % 7 == 3 {
            "HL*2*9*22*0"
        } else {
            "HL*2*1*22*0"
        };
        let mut set = vec![
            "ST*271*1*005010X279A1",
            "BHT*0022*11",
            "HL*1**20*1",
            "NM1*PR",
            hl,
        ];
        set.extend(["TRN*2*1*9", "NM1*IL", "REF*18*1", "EB*1", "MSG*A", "EB*B"]);
        if number + 2 >= count {
            set.extend(["MSG*A"; 5000]);
        }
        let end = format!("SE*{}*1", set.len() + 1);
        body.extend(set.into_iter().map(String::from));
        body.push(end);
    }
    let body: Vec<&str> = body.iter().map(String::as_str).collect();
    enveloped(&body)
}

fn inner(text: &str) -> Inner {
    Inner::of(read(text), knowledge())
}

/// What is said of a transaction set.
fn said(inner: &Inner, set: usize) -> (usize, Vec<String>, Vec<&'static str>, Vec<String>) {
    let of = &inner.envelope.transactions[set];
    let loops = (of.first..of.end).filter_map(|segment| inner.path_of(segment));
    let shown = |finding: &&Finding| format!("{} {}", finding.code, finding.segment);
    let findings = inner.findings_of(set, &[]);
    (
        inner.patients(set, None).len(),
        loops.collect(),
        codes(findings.iter().copied()),
        inner
            .check(set, None)
            .iter()
            .map(|one| shown(&one))
            .collect(),
    )
}

#[test]
fn transaction_sets_in_parts_say_what_they_say_in_the_whole() {
    let text = answers(800);
    let whole = inner(&text);
    let parts = inner(&text);
    for from in [0, 1, 500, 798, 799, 800, 801] {
        let (mut seen, mut most) = (from, 0);
        let found = parts.in_parts(from, |part, sets| -> Option<()> {
            assert_eq!(sets.start, seen);
            assert!(!sets.is_empty());
            most = most.max(sets.len());
            seen = sets.end;
            for set in sets {
                assert_eq!(said(part, set), said(&whole, set), "{set}");
            }
            None
        });
        assert_eq!((found, seen), (None, from.max(800)));
        assert!(most < 400);
    }
}

#[test]
fn what_was_found_already_is_not_found_again() {
    let whole = inner(&answers(20));
    whole.place();
    let is_same = whole.in_parts(0, |part, _| Some(std::ptr::eq(part, &whole)));
    assert_eq!(is_same, Some(true));
}

#[test]
fn an_answer_ends_the_parts() {
    let whole = inner(&answers(800));
    let mut count = 0;
    let second = whole.in_parts(0, |_, sets| {
        count += 1;
        (count == 2).then_some(sets.start)
    });
    assert!(second.is_some_and(|start| start > 0));
    assert_eq!(count, 2);
}

#[test]
fn a_part_knows_nothing_of_other_transaction_sets() {
    let whole = inner(&answers(800));
    whole.in_parts(0, |part, sets| -> Option<()> {
        for other in [sets.start.wrapping_sub(1), sets.end] {
            assert!(part.tree(other).is_none());
            assert!(part.levels(other).is_none());
            assert!(part.check(other, None).is_empty());
        }
        None
    });
}
