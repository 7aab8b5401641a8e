//! Records as Arrow columns: four tables, filled from the places that the normalizer found.

mod benefits;
mod build;
mod cells;
mod collect;
mod digits;
mod eligibility;
mod entity;
mod findings;
mod gathered;
mod grown;
mod hanging;
mod image;
mod line;
mod lines;
mod parties;
mod proven;
mod rejections;
mod schema;
mod short;
mod told;
mod words;

pub use collect::{Asked, Collector, Given, Limits, Place, Progress};
pub use schema::{Table, schema};
pub(crate) use words::Dictionaries;
