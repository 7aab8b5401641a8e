//! The core of x271: bytes to segments to loops to records. Plain Rust below `python`, a thin binding.

mod between;
#[cfg(feature = "columns")]
pub mod columns;
pub mod delimiters;
pub mod document;
pub mod elements;
pub mod envelope;
mod few;
pub mod finding;
pub mod grammar;
pub mod inner;
pub mod input;
pub mod knowledge;
pub mod limits;
pub mod loops;
pub mod marks;
pub mod memo;
pub mod normalize;
pub mod numbers;
pub mod pieces;
#[cfg(feature = "python")]
mod python;
pub mod scan;
pub mod segment;
pub mod sources;

/// Many small lists come and go with every answer, and large columns with every batch.
#[cfg(feature = "python")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
