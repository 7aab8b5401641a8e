//! Interchanges, groups and transaction sets, whole and damaged.

mod common;

use common::{ISA, answered, codes, enveloped, walked};
use x271_core::finding::NO_SEGMENT;

#[test]
fn a_whole_envelope_has_no_findings() {
    let (_, envelope) = walked(&answered(&[]));
    assert_eq!(codes(envelope.findings.iter()), [""; 0]);
    let item = &envelope.transactions[0];
    assert_eq!(
        (&item.kind, item.read, item.first, item.end),
        (b"271", true, 2, 5)
    );
    assert_eq!(envelope.interchanges[0].groups[0].transactions, [0]);
}

#[test]
fn a_trailer_that_is_missing_is_reported_once() {
    let whole = answered(&[]);
    for (trailer, count) in [("SE*3*1~", 1), ("GE*1*1~", 1), ("IEA*1*000000001~", 1)] {
        let (_, envelope) = walked(&whole.replace(trailer, ""));
        let missing = envelope
            .findings
            .iter()
            .filter(|found| found.code == "MISSING_TRAILER");
        assert_eq!(missing.count(), count, "{trailer}");
        assert_eq!(envelope.transactions.len(), 1);
    }
    let (_, envelope) = walked(&(whole.replace("GE*1*1~", "") + &whole[106..]));
    assert_eq!(
        codes(envelope.findings.iter()),
        ["MISSING_TRAILER", "MISSING_HEADER", "MISPLACED_SEGMENT"]
    );
}

#[test]
fn what_has_no_header_is_read_and_reported() {
    let (_, envelope) = walked(&enveloped(&["BHT*0022*11", "HL*1**20*0", "SE*3*1"]));
    assert_eq!(codes(envelope.findings.iter()), ["MISSING_HEADER"]);
    assert_eq!(envelope.transactions[0].st, NO_SEGMENT);
    assert!(envelope.transactions[0].read);
}

#[test]
fn a_segment_outside_is_kept_with_what_is_open() {
    let (_, envelope) = walked(&enveloped(&["REF*1"]));
    assert_eq!(envelope.interchanges[0].groups[0].others, [2]);
    let (_, envelope) = walked(&format!("{ISA}~TA1*1~REF*1~IEA*0*000000001~"));
    assert_eq!(envelope.interchanges[0].acknowledgements, [1]);
    assert_eq!(envelope.interchanges[0].others, [2]);
}

#[test]
fn another_guide_is_not_read() {
    let (_, envelope) = walked(&answered(&[]).replace("005010X279A1", "005010X222A1"));
    assert!(!envelope.transactions[0].read);
    assert_eq!(codes(envelope.findings.iter()), ["UNSUPPORTED_TRANSACTION"]);
    let (_, envelope) = walked(&answered(&[]).replace("005010X279A1", "005010X279"));
    assert!(envelope.transactions[0].read);
    assert_eq!(
        codes(envelope.findings.iter()),
        ["VERSION_WITHOUT_ADDENDUM"; 2]
    );
}

#[test]
fn counts_and_control_numbers_are_compared() {
    for (right, wrong) in [
        ("SE*3*1", "SE*4*1"),
        ("SE*3*1", "SE*3*2"),
        ("GE*1*1", "GE**1"),
        ("IEA*1*000000001", "IEA*1*1"),
    ] {
        let (_, envelope) = walked(&answered(&[]).replace(right, wrong));
        assert_eq!(
            codes(envelope.findings.iter()),
            ["CONTROL_MISMATCH"],
            "{wrong}"
        );
    }
}

#[test]
fn each_set_of_a_group_is_judged_by_its_own_version() {
    let versions = [
        "005010X279A1",
        "005010X279A1",
        "005010X279",
        "005010X279A1",
        "",
        "005010X222A1",
        "005010X279A1",
        "OURS",
    ];
    let mut body = Vec::new();
    for version in versions {
        body.push(format!("ST*271*1*{version}"));
        body.push("BHT*0022*11".to_string());
        body.push("SE*3*1".to_string());
    }
    let body: Vec<&str> = body.iter().map(String::as_str).collect();
    let text = enveloped(&body).replace("GE*1*1", "GE*8*1");
    let (_, envelope) = walked(&text);
    let found: Vec<_> = envelope
        .findings
        .iter()
        .map(|one| (one.code, one.segment))
        .collect();
    let expected = [
        ("VERSION_WITHOUT_ADDENDUM", 8),
        ("UNSUPPORTED_TRANSACTION", 17),
        ("UNKNOWN_VERSION", 23),
    ];
    assert_eq!(found, expected);
    let read: Vec<bool> = envelope.transactions.iter().map(|one| one.read).collect();
    assert_eq!(read, [true, true, true, true, true, false, true, true]);
}
