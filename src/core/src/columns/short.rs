//! Short texts, which are written into a column faster than they are copied.

/// An ASCII text of up to seven bytes in a number: the first byte lowest, their count highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short(u64);

/// The most bytes of a short text.
const MOST: usize = 7;

impl Short {
    pub const EMPTY: Short = Short(0);

    pub fn of(text: &[u8]) -> Option<Short> {
        if text.len() > MOST || !text.is_ascii() {
            return None;
        }
        let bytes = text.iter().rev();
        let packed = bytes.fold(0, |packed, byte| packed << 8 | u64::from(*byte));
        Some(Short(packed | (text.len() as u64) << 56))
    }

    #[inline]
    pub fn len(self) -> usize {
        (self.0 >> 56) as usize
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its bytes, and something behind them.
    #[inline]
    pub fn block(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }
}

/// So many short texts are written together.
pub const TOGETHER: usize = 64;

/// What is written, and room for what is written behind its end.
pub type Room = [u8; TOGETHER * 8 + 8];

/// Bits that come one after the other, 64 at most.
#[derive(Default)]
pub struct Bits {
    /// The last one is the highest.
    set: u64,
    count: u32,
}

impl Bits {
    #[inline]
    pub fn push(&mut self, bit: bool) {
        self.set = (self.set | u64::from(bit)).rotate_right(1);
        self.count += 1;
    }

    /// They, the first one lowest, and how many they are.
    #[inline]
    pub fn all(&self) -> (u64, usize) {
        (self.set.rotate_left(self.count), self.count as usize)
    }
}
