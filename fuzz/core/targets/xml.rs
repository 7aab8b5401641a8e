//! Text that the XML reader takes is well-formed by another parser, which finds the same elements, attributes, texts and lines; what is made of it is X12.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use roxmltree::{Node as Other, ParsingOptions};
use x271_core::sources::find::in_xml;
use x271_core::sources::names::local;
use x271_core::sources::tree::{Kind, Node, Role, Tree};
use x271_core::sources::xml;
use x271_core_fuzz::make_and_read;

const LEVELS: usize = 100;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some(tree) = xml::read(data, LEVELS) else {
        return Corpus::Keep;
    };
    let text = std::str::from_utf8(data).expect("it was taken");
    let text = text.trim_start_matches([' ', '\t', '\r', '\n']); // HTTP bodies have them before the declaration
    let other = roxmltree::Document::parse_with_options(text, ParsingOptions::default());
    let other = other.unwrap_or_else(|why| panic!("taken, but {why}"));
    same(&tree, 0, other.root_element());
    for answer in in_xml(&tree).expect("XML names are text") {
        make_and_read(&tree, answer, LEVELS, data.len());
    }
    Corpus::Keep
});

fn same(tree: &Tree, node: Node, other: Other<'_, '_>) {
    assert_eq!(local(tree.name(node)), other.tag_name().name());
    let of = |role| tree.children(node).filter(move |one| tree.entry(*one).role == role);
    let attributes: Vec<_> = of(Role::Attribute).map(|one| (local(tree.name(one)), value(tree, one))).collect();
    let others: Vec<_> = other.attributes().map(|one| (one.name(), one.value().to_string())).collect();
    assert_eq!(attributes, others);
    let inside: Vec<_> = of(Role::Child).collect();
    let elements: Vec<_> = other.children().filter(Other::is_element).collect();
    assert_eq!(inside.len(), elements.len());
    let said: String = of(Role::Content).map(|one| value(tree, one)).collect();
    let before = other.children().take_while(|one| !one.is_element());
    let text: String = before.filter_map(|one| one.text().filter(|_| one.is_text())).collect();
    let text = text.replace('\r', "\n"); // the other parser leaves it before a reference
    let said = said.replace('\r', "\n");
    let is_blank = |text: &str| text.chars().all(|one| matches!(one, ' ' | '\t' | '\n' | '\r'));
    assert!(said == text || said.is_empty() && is_blank(&text), "{} bytes and {}", said.len(), text.len());
    for (one, element) in inside.into_iter().zip(elements) {
        same(tree, one, element);
    }
}

fn value(tree: &Tree, node: Node) -> String {
    assert_eq!(tree.entry(node).kind, Kind::Text);
    tree.scalar(node).expect("XML holds text").to_string()
}
