//! A tree as segments, in document order and in one pass.
//!
//! Every attribute counts whose name is a segment's element, on whatever it stands and however deep. So does a child
//! of such a name that holds text: it is read as an attribute of its parent.

use super::Refusal;
use super::names::{Id, Place, may_repeat, place};
use super::tree::{Kind, Node, Role, Tree, stripped};
use std::collections::BTreeMap;

/// One segment; its elements are `values[first..end]` of whoever holds it.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub id: Id,
    pub first: usize,
    pub end: usize,
    /// The line of its XML element; 0 in JSON.
    pub line: u32,
}

impl Item {
    pub fn len(&self) -> usize {
        self.end - self.first
    }

    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }
}

/// The values of an element that has several, as (component, text); by segment and element.
pub type Parts<'a> = BTreeMap<(usize, u8), Vec<(u8, &'a str)>>;

/// Segments as they are found; no delimiter is chosen yet.
#[derive(Default)]
pub struct Segments<'a> {
    pub items: Vec<Item>,
    pub values: Vec<&'a str>,
    pub parts: Parts<'a>,
    /// The element whose segment the last item is.
    owner: Option<Owner>,
    /// How many items there were when a child was last read into one, and its element and component.
    valued: usize,
    last: (u8, u8),
    placed: Vec<(Place, &'a str)>,
}

/// The entry that values belong to; None is what stands above all.
type Owner = Option<Node>;

/// Reads an object and everything below it, at most so many levels of objects and lists.
pub fn read(tree: &Tree, body: Node, levels: usize) -> Result<Segments<'_>, Refusal> {
    let mut found = Segments::default();
    let named = if tree.is_xml {
        place(tree.name(body))
    } else {
        None
    };
    found.object(tree, body, named, None, levels)?;
    Ok(found)
}

impl<'a> Segments<'a> {
    /// `named` is the place that the object's own name means, `above` the owner of its parent.
    fn object(
        &mut self,
        tree: &'a Tree,
        node: Node,
        named: Option<Place>,
        above: Owner,
        levels: usize,
    ) -> Result<(), Refusal> {
        if levels < 1 || tree.entry(node).kind == Kind::TooDeep {
            return Err(Refusal::TooDeep);
        }
        // A composite's own element is passed over.
        let owner = if named.is_none() { Some(node) } else { above };
        let line = tree.entry(node).line;
        let mut text = None;
        let mut has_children = false;
        self.placed.clear();
        for child in tree.children(node) {
            tree.check_name(child)?;
            match tree.entry(child).role {
                Role::Child => has_children = true,
                Role::Content => text = Some(child),
                Role::Attribute => {
                    let means = place(tree.name(child));
                    for one in tree.listed(child) {
                        let value = tree.scalar(one)?;
                        self.placed.extend(means.map(|means| (means, value)));
                    }
                }
            }
        }
        let has_segments = !self.placed.is_empty();
        if has_segments {
            self.attributes(line, Some(node), owner);
        }
        if has_children {
            let children = tree.children(node);
            for child in children.filter(|child| tree.entry(*child).role == Role::Child) {
                self.child(tree, child, place(tree.name(child)), owner, levels)?;
            }
        } else if let (Some(named), Some(text), false) = (named, text, has_segments) {
            self.value(named, stripped(tree.scalar(text)?), line, above);
        }
        Ok(())
    }

    fn child(
        &mut self,
        tree: &'a Tree,
        node: Node,
        named: Option<Place>,
        owner: Owner,
        levels: usize,
    ) -> Result<(), Refusal> {
        match tree.entry(node).kind {
            Kind::Object | Kind::TooDeep => {
                self.object(tree, node, named, owner, levels.saturating_sub(1))?;
            }
            Kind::List => {
                if levels < 1 {
                    return Err(Refusal::TooDeep);
                }
                for one in tree.children(node) {
                    self.child(tree, one, named, owner, levels - 1)?;
                }
            }
            _ => {
                if let Some(named) = named {
                    self.value(named, stripped(tree.scalar(node)?), 0, owner);
                }
            }
        }
        Ok(())
    }

    /// Adds the segments that an element's attributes make: consecutive names of one segment make one.
    ///
    /// Their order within a segment does not matter, as XML gives none to attributes.
    fn attributes(&mut self, line: u32, element: Owner, above: Owner) {
        let mut placed = std::mem::take(&mut self.placed);
        for run in placed.chunk_by_mut(|one, next| one.0.segment == next.0.segment) {
            let mut seen = 0u128;
            let is_plain = run.iter().all(|(place, _)| {
                let bit = 1 << place.element;
                let is_new = seen & bit == 0;
                seen |= bit;
                place.component == 0 && is_new
            });
            if is_plain {
                self.plain(run, line, element);
            } else {
                run.sort_by_key(|(place, _)| (place.element, place.component));
                for (place, value) in run {
                    self.value(*place, value, line, above);
                }
            }
        }
        self.placed = placed;
    }

    /// Adds one segment, unless it says nothing.
    fn plain(&mut self, run: &[(Place, &'a str)], line: u32, element: Owner) {
        let filled = run.iter().filter(|(_, value)| !value.is_empty());
        let Some(most) = filled.map(|(place, _)| place.element).max() else {
            return;
        };
        let first = self.values.len();
        let end = first + most as usize;
        self.values.resize(end, "");
        for (place, value) in run.iter().filter(|(place, _)| place.element <= most) {
            self.values[first + place.element as usize - 1] = value;
        }
        self.items.push(Item {
            id: run[0].0.segment,
            first,
            end,
            line,
        });
        self.owner = Some(element);
    }

    /// Adds one value to the segment at hand if it can still take it, else starts a segment with it.
    fn value(&mut self, place: Place, text: &'a str, line: u32, owner: Owner) {
        if text.is_empty() {
            return;
        }
        let fits = self
            .items
            .last()
            .copied()
            .filter(|item| self.owner == Some(owner) && self.takes(item, place));
        let mut item = fits.unwrap_or_else(|| {
            let first = self.values.len();
            let (id, end) = (place.segment, first);
            let item = Item {
                id,
                first,
                end,
                line,
            };
            self.items.push(item);
            self.owner = Some(owner);
            item
        });
        let index = self.items.len() - 1;
        self.valued = self.items.len();
        self.last = (place.element, place.component);
        item.end = item.end.max(item.first + place.element as usize);
        self.values.resize(item.end, "");
        self.items[index].end = item.end;
        let slot = &mut self.values[item.first + place.element as usize - 1];
        if !slot.is_empty() || place.component != 0 {
            let already = || match *slot {
                "" => Vec::new(),
                text => vec![(0, text)],
            };
            let parts = self.parts.entry((index, place.element));
            parts.or_insert_with(already).push((place.component, text));
        }
        if slot.is_empty() {
            *slot = text;
        }
    }

    fn takes(&self, item: &Item, place: Place) -> bool {
        if item.id != place.segment {
            return false;
        }
        let last = if self.valued == self.items.len() {
            self.last
        } else {
            (0, 0)
        };
        let repeats = may_repeat(place.segment, place.element);
        if (place.element, place.component) < last {
            return last.0 == place.element && repeats;
        }
        let at = item.first + place.element as usize - 1;
        let is_filled = at < item.end && !self.values[at].is_empty();
        !is_filled || place.component > last.1 || repeats
    }
}
