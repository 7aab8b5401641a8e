//! Cutting: delimiters, line ends, damage, chunks, and offsets in the input as it came.

mod common;

use common::{ISA, answered, codes, in_chunks, read, texts};
use x271_core::document::{Document, nth};
use x271_core::scan::{GE, GS, IEA, ISA as ISA_, LONG, Refusal, SE, ST, SegmentId, scan};

fn rows() -> String {
    answered(&["HL*1**20*0", "NM1*PR*2*ACME"])
}

#[test]
fn any_terminator_gives_the_same_segments() {
    let expected = texts(&read(&rows()));
    let lines = "\n".repeat(200);
    for terminator in [
        "~\n", "~\r\n", "\n", "\r", "\r\n", "\n\n", &lines, "\u{1d}", "'  ",
    ] {
        let document = read(&rows().replace('~', terminator));
        assert_eq!(texts(&document), expected, "{terminator:?}");
        assert!(document.findings.is_empty(), "{terminator:?}");
    }
}

#[test]
fn chunks_of_any_size_give_the_same() {
    let one = rows();
    let wrapped: String = one.as_bytes().chunks(80).fold(String::new(), |text, line| {
        text + &String::from_utf8_lossy(line) + "\r\n"
    });
    let damaged = one.replace("HL*1", "~~HL*1") + "REST" + &one[..one.len() - 1] + &one;
    for text in [one, wrapped, damaged] {
        let whole = read(&text);
        for size in 1..200 {
            let chunked = in_chunks(&text, size);
            assert_eq!(chunked.segments, whole.segments, "{size}");
            assert_eq!(chunked.starts, whole.starts, "{size}");
            assert_eq!(codes(chunked.findings.iter()), codes(whole.findings.iter()));
        }
    }
}

/// What the scan noted is what a look at every segment finds.
fn assert_noted(document: &Document) {
    let all = || (0u32..).zip(&document.segments);
    let around = [ISA_, IEA, GS, GE, ST, SE];
    let around: Vec<u32> = all()
        .filter(|(_, segment)| around.contains(&segment.id))
        .map(|(index, _)| index)
        .collect();
    assert_eq!(document.noted.around, around);
    let long = &document.noted.long;
    assert!(long.is_sorted_by(|one, next| one < next));
    for (index, segment) in all() {
        let is_long = (segment.end - segment.start) as usize > LONG;
        assert!(!is_long || long.contains(&index), "{index}");
    }
    let is_ascii = all().all(|(index, _)| document.bytes(index).is_ascii());
    assert!(is_ascii || !document.noted.is_ascii);
}

#[test]
fn what_the_scan_notes_of_segments_is_what_a_look_at_each_finds() {
    let name = |length: usize| format!("NM1*PR*2*{}", "X".repeat(length));
    let names: Vec<String> = (50..62).map(name).collect();
    let body: Vec<&str> = names.iter().flat_map(|name| [name, "HL*1**20*0"]).collect();
    let plain = answered(&body).repeat(2);
    assert!(read(&plain).noted.is_ascii);
    for text in [
        plain.replace('~', "~\r\n"),
        plain.replace("XX~HL", "XX~~  ~HL"),
        plain.replace("XX~HL", "XX~é~HL"),
        plain.replace("XX~", "Xé~"),
        plain.replace("GE*", "GEX*"),
        plain[..plain.len() - 1].to_string(),
        plain,
    ] {
        assert_noted(&read(&text));
        for size in [1, 7, 64, 65, 100, 513] {
            assert_noted(&in_chunks(&text, size));
        }
    }
    for blanks in 0..130 {
        let text = rows().replace("ACME", &(" ".repeat(blanks) + "É"));
        assert!(!read(&text).noted.is_ascii, "{blanks}");
    }
}

#[test]
fn offsets_are_of_the_input_with_its_line_breaks() {
    let flat = rows();
    let wrapped: Vec<String> = flat
        .as_bytes()
        .chunks(50)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let text = wrapped.join("\n");
    let document = read(&text);
    assert_eq!(texts(&document), texts(&read(&flat)));
    for (index, segment) in texts(&document).iter().enumerate() {
        let rest = text[document.offset(index as u32)..].replace('\n', "");
        assert!(rest.starts_with(segment.as_str()), "{segment}");
    }
}

#[test]
fn the_offset_of_a_finding_in_a_wrapped_input_is_of_that_input() {
    let flat = rows().replace("HL*1", "~HL*1");
    let text = format!("{}\n{}", &flat[..50], &flat[50..]);
    let empty: Vec<Option<usize>> = read(&text)
        .findings
        .iter()
        .filter(|finding| finding.code == "EMPTY_SEGMENT")
        .map(|finding| finding.offset)
        .collect();
    assert_eq!(empty, vec![text.find("~~").map(|at| at + 1)]);
}

#[test]
fn an_unterminated_segment_of_blanks_alone_is_no_segment() {
    for rest in ["\u{c}", "\u{b}\n", "\u{1a}", " \t\r\n"] {
        let document = read(&(rows() + rest));
        assert_eq!(texts(&document), texts(&read(&rows())));
        assert!(document.findings.is_empty(), "{rest:?}");
    }
}

#[test]
fn an_unterminated_iea_does_not_swallow_what_follows() {
    for between in ["", "\n", "\r\n"] {
        let one = rows();
        let document = read(&format!("{}{between}{one}", &one[..one.len() - 1]));
        assert_eq!(document.starts.len(), 2);
        assert_eq!(codes(document.findings.iter()), ["UNTERMINATED_SEGMENT"]);
    }
}

#[test]
fn a_damaged_isa_in_the_middle_keeps_the_delimiters_at_hand() {
    let one = rows();
    let document = read(&format!("{one}ISA*00*~{}", &one[106..]));
    assert_eq!(document.starts.len(), 1);
    assert_eq!(codes(document.findings.iter()), ["ISA_NOT_PADDED"]);
}

#[test]
fn text_that_is_no_segment_is_passed_over_to_the_next_isa() {
    let one = rows();
    let document = read(&format!("{one}VISA CARDS, ISA-271\n{one}"));
    assert_eq!(document.starts.len(), 2);
    assert_eq!(codes(document.findings.iter()), ["TRAILING_TEXT"]);
}

#[test]
fn what_has_no_readable_isa_is_refused_where_it_starts() {
    for (text, offset) in [
        ("", 0),
        ("ISA", 0),
        ("  ISA*00*", 2),
        (ISA, 0),
        ("\u{feff} no", 4),
    ] {
        let refused = scan(text.as_bytes()).map(|scanner| scanner.segments);
        assert_eq!(refused, Err(Refusal::BadEnvelope { offset }), "{text}");
        assert!(Document::read(text.as_bytes().to_vec()).is_err());
    }
}

#[test]
fn an_isa_does_not_borrow_separators_from_the_segments_behind_it() {
    let text = format!("ISA*00*~{}", &rows()[106..]);
    assert!(Document::read(text.into_bytes()).is_err());
}

#[test]
fn identifiers_are_one_to_three_letters_and_digits() {
    assert_eq!(SegmentId::of(b""), SegmentId::NONE);
    assert_eq!(SegmentId::of(b"NM12"), SegmentId::NONE);
    assert_eq!(SegmentId::of(b"N-1"), SegmentId::NONE);
    assert_ne!(SegmentId::of(b"N1"), SegmentId::of(b"NM1"));
}

#[test]
fn elements_are_trimmed_and_missing_ones_are_empty() {
    let document = read(&answered(&["NM1* PR *2**ACME"]));
    assert_eq!(document.element(4, 1), b"PR");
    assert_eq!(document.element(4, 3), b"");
    assert_eq!(document.element(4, 9), b"");
    assert_eq!(nth(b"a*b", b'*', 1), b"b");
    assert_eq!(nth(b"a*b", b'*', 2), b"");
}
