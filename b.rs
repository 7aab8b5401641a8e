#![crate_type="lib"]
#![forbid(unsafe_code)]
use std::arch::x86_64::*;
pub fn f(x: [u64;2], b: u8) -> u32 { let v=_mm_set_epi64x(x[1] as i64,x[0] as i64); _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(b as i8))) as u32 }
