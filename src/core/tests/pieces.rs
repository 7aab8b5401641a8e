//! A stream in pieces says what the same input says as a whole.

mod common;

use common::{ISA, codes, read, versions};
use x271_core::document::Document;
use x271_core::envelope::{self, Envelope};
use x271_core::finding::{Finding, NO_SEGMENT};
use x271_core::pieces::{Cutter, Piece};
use x271_core::scan::Refusal;

fn pieces(text: &str, chunk: usize, size: usize) -> Vec<Piece> {
    let versions = versions();
    let mut cutter = Cutter::new(size, usize::MAX);
    let refused = |refusal: Refusal| -> Vec<Piece> { unreachable!("it is readable: {refusal:?}") };
    let mut found = Vec::new();
    for chunk in text.as_bytes().chunks(chunk) {
        found.extend(cutter.feed(chunk, &versions).unwrap_or_else(refused));
    }
    found.extend(cutter.close(&versions).unwrap_or_else(refused));
    found
}

/// Segments as offset, index and text.
fn places(document: &Document) -> Vec<(usize, usize, String)> {
    let own = document.copies()..document.segments.len() as u32;
    let text = |index| String::from_utf8_lossy(document.bytes(index)).into_owned();
    own.map(|index| (document.offset(index), document.index(index), text(index)))
        .collect()
}

type Told = (&'static str, Option<usize>, Option<usize>, u16);

/// What a finding says, with its place in the stream.
fn told(document: &Document, finding: &Finding) -> Told {
    let index = (finding.segment != NO_SEGMENT).then(|| document.index(finding.segment));
    (finding.code, finding.offset, index, finding.element)
}

fn findings(document: &Document, envelope: &Envelope) -> Vec<Told> {
    let all = document.own_findings().iter();
    let all = all.chain(envelope.own_findings());
    all.map(|found| told(document, found)).collect()
}

/// ST01 and the numbers of the first and the last segment.
fn sets(document: &Document, envelope: &Envelope) -> Vec<([u8; 3], usize, usize, bool, String)> {
    let number = |at: u32, element: usize| {
        String::from_utf8_lossy(if at == NO_SEGMENT {
            b"-"
        } else {
            document.element(at, element)
        })
        .into_owned()
    };
    let all = envelope.transactions.iter();
    all.map(|one| {
        let (first, last) = (document.index(one.first), document.index(one.end - 1));
        let headers = number(one.isa, 13) + "/" + &number(one.gs, 6);
        (one.kind, first, last, one.read, headers)
    })
    .collect()
}

fn compare(text: &str) {
    let document = read(text);
    let whole = envelope::walk(&document, &versions());
    let mut expected = findings(&document, &whole);
    expected.sort();
    for size in [1, 40, 200, 350, 1000, 100_000] {
        for chunk in [1, 7, 130, 100_000] {
            let pieces = pieces(text, chunk, size);
            let each = || pieces.iter().map(|one| (&one.document, &one.envelope));
            let cut: Vec<_> = each().flat_map(|(one, _)| places(one)).collect();
            assert_eq!(cut, places(&document), "{size} {chunk}");
            let mut found: Vec<_> = each().flat_map(|(one, has)| findings(one, has)).collect();
            found.sort();
            assert_eq!(found, expected, "{size} {chunk}");
            let of_pieces: Vec<_> = each().flat_map(|(one, has)| sets(one, has)).collect();
            assert_eq!(of_pieces, sets(&document, &whole), "{size} {chunk}");
        }
    }
}

fn set(number: usize) -> String {
    let id = format!("{number:04}");
    format!("ST*271*{id}*005010X279A1~BHT*0022*11~HL*1**20*0~NM1*PR*2*ACME~SE*5*{id}~")
}

/// One group of this many transaction sets.
fn group(control: usize, sets: usize) -> String {
    let body: String = (1..=sets).map(set).collect();
    format!("GS*HB*A*B*20261121*0900*{control}*X*005010X279A1~{body}GE*{sets}*{control}~")
}

fn interchange(groups: &[String]) -> String {
    format!("{ISA}~{}IEA*{}*000000001~", groups.concat(), groups.len())
}

#[test]
fn a_sound_stream_gives_its_sets_with_their_places_and_headers() {
    compare(&interchange(&[group(1, 9)]));
    compare(&interchange(&[group(1, 3), group(2, 1), group(3, 4)]));
    compare(&interchange(&[group(1, 2)]).repeat(5));
}

#[test]
fn what_is_wrong_with_an_envelope_is_found_once_and_at_its_place() {
    let sound = interchange(&[group(1, 4), group(2, 3)]);
    for (right, wrong) in [
        ("GE*4*1", "GE*5*1"),
        ("GE*4*1", "GE*4*7"),
        ("IEA*2", "IEA*3"),
        ("IEA*2*000000001", "IEA*2*9"),
        ("GE*4*1~", ""),
        ("IEA*2*000000001~", ""),
        ("GE*3*2~IEA*2*000000001~", ""),
        ("SE*5*0002~", ""),
        ("SE*5*0004~", ""),
        ("SE*5*0003", "SE*6*0003"),
        ("ST*271*0002*005010X279A1~", ""),
        ("GS*HB*A*B*20261121*0900*2*X*005010X279A1~", ""),
        ("GS*HB*A", "GS*HS*A"),
        ("X279A1", "X279"),
        ("*^*", "*U*"),
        ("ISA*00*          *00*", "ISA*00**00*"),
        ("SE*5*0001~", "SE*5*0001~REF*STRAY~"),
        ("GE*4*1~", "GE*4*1~ST*271*0009*005010X279A1~SE*2*0009~"),
        ("ST*271*0003", "~~ST*271*0003"),
        ("ST*271*0003", "ISA*00*~ST*271*0003"),
        ("ST*271*0003", "TA1*1~ST*271*0003"),
    ] {
        assert!(sound.contains(right), "{right}");
        compare(&sound.replace(right, wrong));
        compare(&(sound.replace(right, wrong) + &sound));
        compare(&(sound.clone() + &sound.replace(right, wrong)));
    }
}

#[test]
fn line_ends_marks_and_text_around_are_told_once() {
    let sound = interchange(&[group(1, 5)]);
    compare(&sound.replace('~', "~\r\n"));
    compare(&sound.replace('~', "\n"));
    compare(&format!("\u{feff}\r\n{sound}VISA CARDS\n{sound}  \n"));
    compare(&format!("WORDS {sound}"));
    compare(&sound[..sound.len() - 1]);
    compare(&format!("{}{sound}", &sound[..sound.len() - 1]));
    let wrapped: String = sound
        .as_bytes()
        .chunks(80)
        .fold(String::new(), |text, line| {
            text + &String::from_utf8_lossy(line) + "\r\n"
        });
    compare(&wrapped);
}

#[test]
fn a_piece_knows_what_was_found_about_the_input_before_it() {
    let text = format!(
        "\u{feff}{}",
        interchange(&[group(1, 3)]).replace("*^*", "*U*")
    );
    let pieces = pieces(&text, 50, 1);
    assert_eq!(pieces.len(), 5); // at this size the headers are pieces, too
    for piece in &pieces[1..] {
        let found = codes(piece.document.findings.iter());
        assert_eq!(found, ["BYTE_ORDER_MARK", "BAD_REPETITION_SEPARATOR"]);
        assert!(piece.document.own_findings().is_empty());
    }
}

#[test]
fn a_piece_ends_where_a_set_ends_however_the_chunks_come() {
    let text = interchange(&[group(1, 40)]);
    let sizes = |chunk| -> Vec<usize> {
        let all = pieces(&text, chunk, 500);
        all.iter().map(|piece| piece.document.size()).collect()
    };
    assert!(sizes(text.len()).len() > 5);
    assert!(sizes(text.len()).iter().all(|size| *size < 700));
    for chunk in [1, 3, 99, 512, 2000] {
        assert_eq!(sizes(chunk), sizes(text.len()));
    }
}

#[test]
fn a_set_that_is_larger_than_may_be_is_refused_where_it_starts() {
    let mut text = interchange(&[group(1, 3)]);
    let start = text.find("ST*271*0002").unwrap_or(0);
    text.insert_str(start + 30, &"REF*1~".repeat(500_000));
    let mut cutter = Cutter::new(100, 1 << 20);
    let refused = cutter.feed(text.as_bytes(), &versions()).err();
    assert_eq!(refused, Some(Refusal::TooLarge { offset: start }));
}

#[test]
fn a_stream_without_an_envelope_is_refused() {
    for text in ["", "ISA", "no answer at all"] {
        let mut cutter = Cutter::new(1, usize::MAX);
        assert!(cutter.feed(text.as_bytes(), &versions()).is_ok());
        let refused = cutter.close(&versions()).err();
        assert_eq!(refused, Some(Refusal::BadEnvelope { offset: 0 }), "{text}");
    }
}

#[test]
fn a_group_tells_once_what_all_its_sets_would_tell() {
    let text = interchange(&[group(1, 20)]).replace("GS*HB", "GS*HS");
    let document = read(&text);
    let whole = envelope::walk(&document, &versions());
    assert_eq!(codes(whole.findings.iter()), ["GROUP_MISMATCH"]);
    let per_set = whole.findings_by_transaction();
    assert!(per_set.iter().all(|of_set| of_set.len() == 1));
}
