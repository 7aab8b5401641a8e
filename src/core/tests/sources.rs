//! XML and JSON to X12: what is taken, what is handed over, and what becomes of it.

use x271_core::sources::answer::{Made, make};
use x271_core::sources::find::{Answer, Search, Step, in_xml, unnamed};
use x271_core::sources::names::{local, place};
use x271_core::sources::tree::{Kind, MOST_LEVELS, Tree, stripped};
use x271_core::sources::{Refusal, json, xml};

const LEVELS: usize = 100;

fn xml(text: &str) -> Tree {
    xml::read(text.as_bytes(), LEVELS).unwrap_or_else(|| unreachable!("handed over: {text}"))
}

fn json(text: &str) -> Tree {
    json::read(text.as_bytes()).unwrap_or_else(|| unreachable!("handed over: {text}"))
}

fn only(tree: &Tree) -> Made {
    let answers = match tree.is_xml {
        true => sure(in_xml(tree)),
        false => sure(named(tree, LEVELS)),
    };
    assert_eq!(answers.len(), 1);
    sure(make(tree, answers[0], LEVELS, usize::MAX))
}

/// What is there, in a document of which we know.
fn sure<T, E: std::fmt::Debug>(found: Result<T, E>) -> T {
    found.unwrap_or_else(|error| unreachable!("it is readable: {error:?}"))
}

fn there<T>(found: Option<T>) -> T {
    found.unwrap_or_else(|| unreachable!("it is there"))
}

/// The answers that a record of JSON names, or else the record itself.
fn named(tree: &Tree, levels: usize) -> Result<Vec<Answer>, Refusal> {
    let mut search = Search::of(tree, 0, levels, "raw_response")?;
    let mut found = Vec::new();
    while let Some(step) = search.next(tree)? {
        match step {
            Step::Answer(answer, _) => found.push(answer),
            other => unreachable!("not looked for: {other:?}"),
        }
    }
    if found.is_empty() {
        return unnamed(tree, 0);
    }
    Ok(found)
}

/// The segments between ST and SE, without delimiters of their own.
fn body(tree: &Tree) -> Vec<String> {
    let x12 = sure(String::from_utf8(there(only(tree).x12)));
    let all: Vec<&str> = x12.split('~').collect();
    let inner = all.iter().skip_while(|segment| !segment.starts_with("ST"));
    let inner = inner
        .skip(1)
        .take_while(|segment| !segment.starts_with("SE"));
    inner.map(|segment| segment.to_string()).collect()
}

#[test]
fn a_name_says_segment_element_and_component() {
    let said = |name: &str| {
        place(name).map(|at| (at.segment.as_str().to_string(), at.element, at.component))
    };
    let expect =
        |segment: &str, element, component| Some((segment.to_string(), element, component));
    assert_eq!(said("NM103_LastName"), expect("NM1", 3, 0));
    assert_eq!(said("EB03_"), expect("EB", 3, 0));
    assert_eq!(said("TA101_x"), expect("TA1", 1, 0));
    assert_eq!(said("EB13_2_Code"), expect("EB", 13, 2));
    assert_eq!(said("EB13_12_Code"), expect("EB", 13, 12));
    assert_eq!(said("EB13_123_Code"), expect("EB", 13, 0));
    assert_eq!(said("{urn:x}EB03_x"), expect("EB", 3, 0));
    assert_eq!(said("p:EB03_x"), expect("EB", 3, 0));
    for none in [
        "",
        "E",
        "EB",
        "EB03",
        "EB3_x",
        "eb03_x",
        "EB00_x",
        "E01_x",
        "EBXY01_x",
        "1B03_x",
        "xmlns:EB03_x",
        "EB03_x:y",
        "ÉB03_x",
        "EB0é_",
        "EB1003_",
    ] {
        assert_eq!(said(none), None, "{none}");
    }
    assert_eq!(
        (local("{u}a"), local("p:a"), local("a"), local("{u}p:a")),
        ("a", "a", "a", "a")
    );
}

#[test]
fn an_element_s_attributes_are_a_segment_in_any_order() {
    let tree = xml("<PPMDResults><x EB03_a='30' EB01_b='1' other='z' EB02_c=''/></PPMDResults>");
    assert_eq!(body(&tree), ["EB*1**30"]);
    let tree = json(r#"{"PPMDResults": {"x": {"@EB03_a": 30, "@EB01_b": "1", "EB07_c": 12.50}}}"#);
    assert_eq!(body(&tree), ["EB*1**30****12.50"]);
}

#[test]
fn text_is_put_together_and_stripped_and_references_are_resolved() {
    let tree = xml("<a><MSG01_x> a&amp;<![CDATA[<b>]]><!-- c -->&#x64;\r\ne\r </MSG01_x></a>");
    assert_eq!(body(&tree), ["MSG*a&<b>d\ne"]);
    let tree = xml("<a MSG01_x='&lt;a\r\n\tb&#10;c&quot;'/>");
    assert_eq!(body(&tree), ["MSG*<a  b\nc\""]);
    assert_eq!(stripped("\u{1c}\u{85} a \u{a0}\u{1f}"), "a");
}

#[test]
fn only_text_before_the_first_child_counts() {
    let tree = xml("<a><EB13_C>x<b MSG01_x='1'/>y</EB13_C></a>");
    assert_eq!(body(&tree), ["MSG*1"]);
}

#[test]
fn lines_are_those_where_start_tags_end() {
    let tree = xml("<?xml version='1.0'?>\n<a>\n<b\nMSG01_x='1'\n/>\r\n<c MSG01_x='2'></c></a>");
    let made = only(&tree);
    assert_eq!(made.lines, [5, 5, 5, 5, 6, 6, 6, 6]);
}

#[test]
fn json_keeps_numbers_and_decodes_escapes() {
    let tree = json("{\"@MSG01_x\": \"\\u0041\\ud83d\\ude00\\n\", \"@MSG02_x\": -0.10e+5}");
    assert_eq!(body(&tree), ["MSG*A\u{1f600}\n*-0.10e+5"]);
    let tree = json("{\"@EB11_x\": true, \"@EB12_x\": null, \"@EB03_x\": [\"30\", 35]}");
    assert_eq!(body(&tree), ["EB***30^35********true"]);
}

#[test]
fn names_by_the_hundred_are_compared_without_square_time() {
    let names: Vec<String> = (0..50_000).map(|at| format!("\"a{at}\":0")).collect();
    let once = format!("{{{}}}", names.join(","));
    assert!(json::read(once.as_bytes()).is_some());
    let twice = format!("{{{},\"a7\":1}}", names.join(","));
    assert!(json::read(twice.as_bytes()).is_none());
}

#[test]
fn levels_are_bounded() {
    let deep = |count: usize| "<a>".repeat(count) + &"</a>".repeat(count);
    assert!(xml::read(deep(LEVELS).as_bytes(), LEVELS).is_some());
    assert!(xml::read(deep(LEVELS + 1).as_bytes(), LEVELS).is_none());
    assert!(xml::read("<a>".repeat(1_000_000).as_bytes(), LEVELS).is_none());
    let deep = |count: usize| "[".repeat(count) + &"]".repeat(count);
    assert!(json::read(deep(MOST_LEVELS).as_bytes()).is_some());
    assert!(json::read(deep(MOST_LEVELS + 1).as_bytes()).is_none());
    assert!(json::read("[".repeat(1_000_000).as_bytes()).is_none());
}

#[test]
fn a_record_is_searched_as_deep_as_is_allowed() {
    let tree = json(r#"{"a": {"b": {"PPMDResults": {"@MSG01_x": "1"}}}}"#);
    assert_eq!(sure(named(&tree, 3)).len(), 1);
    assert_eq!(named(&tree, 2), Err(Refusal::TooDeep));
    let answer = sure(named(&tree, 3))[0];
    assert!(make(&tree, answer, 1, usize::MAX).is_ok());
    assert_eq!(make(&tree, answer, 0, usize::MAX), Err(Refusal::TooDeep));
}

#[test]
fn several_results_are_several_answers_and_each_has_its_own_segments() {
    let text = "<r><PPMDResults s='1'><Results success='1'><a MSG01_x='1'/></Results>\
                <Results><a MSG01_x='2'/></Results></PPMDResults><PPMDResults/></r>";
    let tree = xml(text);
    let answers = sure(in_xml(&tree));
    assert_eq!(answers.len(), 3);
    let x12 = |answer: &Answer| sure(make(&tree, *answer, LEVELS, usize::MAX)).x12;
    let has = |answer: &Answer, text: &str| {
        x12(answer).is_some_and(|x12| String::from_utf8_lossy(&x12).contains(text))
    };
    assert!(has(&answers[0], "MSG*1~") && !has(&answers[0], "MSG*2~"));
    assert!(has(&answers[1], "MSG*2~"));
    assert_eq!(x12(&answers[2]), None);
}

#[test]
fn what_the_vendor_says_is_kept_as_sent_and_a_fault_is_found() {
    let text = "<PPMDResults s='a'><Results success='0' dob='&#10;'/>\
                <Error><Fault><detail><code>7</code><description> d </description></detail></Fault></Error>\
                </PPMDResults>";
    for tree in [
        xml(text),
        json(
            r#"{"PPMDResults": {"@s": "a", "Results": {"@success": 0, "@dob": "\n"},
                "Error": {"Fault": {"detail": {"code": 7, "description": " d "}}}}}"#,
        ),
    ] {
        let said = there(only(&tree).said);
        let expected = [("s", "a"), ("success", "0"), ("dob", "\n")];
        let expected = expected.map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(said.attributes, expected);
        let fault = there(said.fault);
        assert_eq!(
            (fault.code.as_str(), fault.description.as_str()),
            ("7", "d")
        );
    }
}

#[test]
fn no_delimiter_is_a_value_s_text() {
    let tree = xml(
        "<a><ISA ISA11_x='^' ISA16_x=':'/><b MSG01_x='*~^:'/><c EB03_x='30^35' EB13_x='HC:1'/></a>",
    );
    let x12 = sure(String::from_utf8(there(only(&tree).x12)));
    let isa: Vec<&str> = x12.split('|').collect();
    assert!(x12.starts_with("ISA|00|") && x12.ends_with('\u{1c}'));
    let (repetition, component) = (isa[11], &isa[16][..1]);
    assert!(x12.contains("MSG|*~^:\u{1c}"));
    let eb = format!("EB|||30{repetition}35||||||||||HC{component}1\u{1c}");
    assert!(x12.contains(&eb), "{x12:?}");
}

#[test]
fn values_that_use_up_every_delimiter_are_refused() {
    let all: String = (1u8..128).map(|byte| format!("\\u{byte:04x}")).collect();
    let tree = json(&format!("{{\"@MSG01_x\": \"{all}\"}}"));
    let answer = sure(named(&tree, LEVELS))[0];
    assert_eq!(
        make(&tree, answer, LEVELS, usize::MAX),
        Err(Refusal::NoDelimiter)
    );
}

#[test]
fn what_is_written_is_bounded() {
    let tree = xml("<a MSG01_x='1'/>");
    let answer = sure(in_xml(&tree))[0];
    assert_eq!(make(&tree, answer, LEVELS, 50), Err(Refusal::TooLarge));
}

#[test]
fn a_json_value_that_is_no_object_is_what_it_is() {
    assert_eq!(json(" \"a\" ").entry(0).kind, Kind::Text);
    assert_eq!(json("[1, {}]").entry(0).kind, Kind::List);
    let tree = json("[1, {}]");
    let kinds: Vec<Kind> = tree.children(0).map(|node| tree.entry(node).kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Object]);
}

#[test]
fn any_text_gives_a_tree_or_nothing() {
    let whole =
        "<?xml version='1.0'?><a b='c&amp;' xmlns:p='u:x'><!--d--><p:e><![CDATA[f]]></p:e>g</a>";
    let other = r#"{"a": [1.5e3, "\u0041\"", {"@b": null}], "c": true}"#;
    for text in [whole, other] {
        for end in 0..=text.len() {
            let cut = &text.as_bytes()[..end];
            let is_read = xml::read(cut, LEVELS).is_some() || json::read(cut).is_some();
            assert_eq!(is_read, end == text.len(), "{end}");
            for byte in [
                b'<', b'>', b'"', b'\'', b'&', b'/', b'{', b'}', b'\\', 0, 0xff,
            ] {
                let mut damaged = text.as_bytes().to_vec();
                damaged.insert(end, byte);
                let _ = xml::read(&damaged, LEVELS).or_else(|| json::read(&damaged));
            }
        }
    }
}
