//! What a segment does while a loop is the innermost open one, in one look by its identifier.

use super::{Loop, Role, Step};
use crate::scan::{HL, SegmentId};

/// What a segment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is the innermost loop's own.
    Member,
    /// It opens a loop, so many loops further out, of which any number may stand there; no level, and without bounds.
    Opens { out: u8, child: u16 },
    /// It opens the next repetition of the innermost loop, which is such a one.
    Repeats,
    /// It is the whole of such a loop in the innermost one.
    Leaf(u16),
    /// It opens a level.
    Level,
    /// Something else; this is its column.
    Else(u16),
    /// It was not found so quickly.
    Unsure,
}

impl Next {
    fn of(id: SegmentId, column: usize, innermost: usize, step: Step, loops: &[Loop]) -> Next {
        if id == HL {
            return Next::Level;
        }
        match (step.role, u8::try_from(step.out)) {
            (Role::Member, Ok(0)) => Next::Member,
            (Role::Opens(child), Ok(out)) => {
                let of = &loops[child as usize];
                match of.leaf {
                    _ if of.is_level || of.bounded || of.repeat == 1 => Next::Else(column as u16),
                    true if out == 0 => Next::Leaf(child),
                    true => Next::Else(column as u16),
                    false if out == 1 && child as usize == innermost => Next::Repeats,
                    false => Next::Opens { out, child },
                }
            }
            _ => Next::Else(column as u16),
        }
    }
}

/// A row has a place for each value of a byte.
const PLACES: usize = 256;

/// How the byte is made of an identifier.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    /// One by which no two segments have the same place, if there are not very many; so all are found.
    fn of(segments: &[SegmentId]) -> Hash {
        let factors = (0..10_000u32).map(|tried| Hash(0x9E37_79B1u32.wrapping_mul(2 * tried + 1)));
        let shared = |hash: &Hash| {
            let mut taken = [false; PLACES];
            let is_taken = |id: &&SegmentId| std::mem::replace(&mut taken[hash.place(**id)], true);
            segments.iter().filter(is_taken).count()
        };
        let mut least = (usize::MAX, Hash(1));
        for hash in factors {
            let shared = shared(&hash);
            if shared < least.0 {
                least = (shared, hash);
            }
            if shared == 0 {
                break;
            }
        }
        least.1
    }

    #[inline]
    fn place(self, id: SegmentId) -> usize {
        (id.0.wrapping_mul(self.0) >> 24) as usize
    }
}

type Row = [(SegmentId, Next); PLACES];

const NONE: Row = [(SegmentId(u32::MAX), Next::Unsure); PLACES];

/// For each loop what all segments do.
pub(super) struct Rows {
    hash: Hash,
    rows: Vec<Row>,
}

impl Rows {
    /// `steps` has one for each segment, of one loop after the other.
    pub fn of(segments: &[SegmentId], steps: &[Step], loops: &[Loop]) -> Rows {
        let hash = Hash::of(segments);
        let row = |(innermost, steps): (usize, &[Step])| {
            let mut row = NONE;
            for (column, (&id, step)) in segments.iter().zip(steps).enumerate() {
                row[hash.place(id)] = (id, Next::of(id, column, innermost, *step, loops));
            }
            row
        };
        let rows = steps.chunks_exact(segments.len().max(1));
        let rows = rows.enumerate().map(row).collect();
        Rows { hash, rows }
    }

    #[inline]
    pub fn get(&self, innermost: u16) -> Nexts<'_> {
        Nexts {
            hash: self.hash,
            row: self.rows.get(innermost as usize).unwrap_or(&NONE),
        }
    }
}

/// What each segment does while one loop is the innermost open one.
#[derive(Clone, Copy)]
pub struct Nexts<'g> {
    hash: Hash,
    row: &'g Row,
}

impl Nexts<'_> {
    /// True for a segment that is that loop's own, as most are.
    #[inline]
    pub fn has(&self, id: SegmentId) -> bool {
        let (known, next) = self.row[self.hash.place(id)];
        known == id && next == Next::Member
    }

    #[inline]
    pub fn get(&self, id: SegmentId) -> Next {
        let (known, next) = self.row[self.hash.place(id)];
        if known == id { next } else { Next::Unsure }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_have_places_of_their_own_unless_they_are_many() {
        let named = |number: u32| {
            let digits = format!("{number:03}");
            SegmentId::of(digits.as_bytes())
        };
        for count in [0, 1, 23, 40] {
            let segments: Vec<SegmentId> = (0..count).map(named).collect();
            let hash = Hash::of(&segments);
            let mut places: Vec<usize> = segments.iter().map(|id| hash.place(*id)).collect();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len(), segments.len());
        }
        let many: Vec<SegmentId> = (0..999).map(named).collect();
        let rows = Rows::of(
            &many,
            &vec![
                Step {
                    out: 0,
                    role: Role::Member
                };
                many.len()
            ],
            &[],
        );
        let found = many.iter().filter(|id| rows.get(0).has(**id)).count();
        assert!((100..=PLACES).contains(&found));
        assert!(
            many.iter()
                .all(|id| matches!(rows.get(0).get(*id), Next::Member | Next::Unsure))
        );
    }
}
