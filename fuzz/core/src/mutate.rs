//! Mutations of X12 that plain bytes hardly ever come to: of segments, elements, components and codes.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// Whole segments that open loops, end envelopes, or stand where they must not.
const SEGMENTS: [&str; 44] = [
    "ST*271*0002*005010X279A1", "SE*9*0002", "GS*HB*A*B*20261121*0900*2*X*005010X279A1", "GE*1*2", "IEA*1*000000001",
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261121*0900*^*00501*000000001*0*P*:",
    "HL*1**20*1", "HL*2*1*21*1", "HL*3*2*22*0", "HL*3*2*22*1", "HL*4*3*23*0", "HL*9*9*23", "HL", "BHT*0022*11",
    "NM1*PR*2*ACME*****PI*1", "NM1*1P*2*C*****XX*1", "NM1*IL*1*D*J****MI*W", "NM1*03*1*B", "NM1*P3*1*C", "NM1*",
    "TRN*2*T1*9C", "DMG*D8*19800101*F", "DTP*291*RD8*20260101-20261231", "DTP*346*D8*20260101", "DTP*291*RD8*-",
    "EB*1**30*PR*GOLD", "EB*C*IND*30***23*500", "EB*A**98*****.2****Y", "EB*B**1^33^98***27*20", "EB*6", "EB*R", "EB",
    "EB*1**********Y*Y*CJ:1:2:3:4:5:6:7*1:2:3:4", "MSG*X", "LS*2120", "LE*2120", "III*ZZ*11", "AAA*N**72*C", "AAA*Y",
    "REF*18*1", "REF*6P*1*X", "HSD*VS*12***29", "PER*IC**TE*1", "N4*X*NY*1",
];

const VALUES: [&str; 24] = [
    "", "1", "30", "C", "IND", "29", "27", "0", "-1", "9999999999999999999999", "1e9", ".", "0.2", "20260101", "D8",
    "RD8", "20260101-20251231", "Y", "2120", "22", "23", "W", "XX", "00000000",
];

struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

/// Changes the document in `data[..size]` and gives its new size; None if it has no ISA to go by.
pub fn x12(data: &mut [u8], size: usize, most: usize, seed: u32) -> Option<usize> {
    let text = &data[..size];
    let at = text.windows(3).position(|three| three == b"ISA")?;
    let element = *text.get(at + 3)?;
    let terminator = *text.get(at + 105)?;
    let mut hasher = DefaultHasher::new();
    (seed, size).hash(&mut hasher);
    let mut dice = Dice(hasher.finish() | 1);
    let mut segments: Vec<Vec<u8>> = text.split(|byte| *byte == terminator).map(<[u8]>::to_vec).collect();
    for _ in 0..=dice.below(3) {
        change(&mut segments, &mut dice, element);
    }
    let made = segments.join(&terminator);
    let length = made.len().min(most).min(data.len());
    data[..length].copy_from_slice(&made[..length]);
    Some(length)
}

fn change(segments: &mut Vec<Vec<u8>>, dice: &mut Dice, element: u8) {
    let at = dice.below(segments.len());
    let other = dice.below(segments.len());
    match dice.below(9) {
        0 => segments.swap(at, other),
        1 => {
            segments.remove(at);
        }
        2 => segments.insert(other, segments[at].clone()),
        3 | 4 => {
            let known = SEGMENTS[dice.below(SEGMENTS.len())].bytes();
            let known = known.map(|byte| if byte == b'*' { element } else { byte });
            segments.insert(at, known.collect());
        }
        5 => {
            let (low, high) = (at.min(other), at.max(other).min(at.min(other) + 12));
            let several = segments[low..high].to_vec();
            let into = dice.below(segments.len());
            segments.splice(into..into, several);
        }
        6 => segments[at].extend_from_slice(&[b':', b'^', element, b' ', 0xC3][dice.below(5)..][..1]),
        _ => change_element(&mut segments[at], dice, element),
    }
    if segments.is_empty() {
        segments.push(Vec::new());
    }
}

fn change_element(segment: &mut Vec<u8>, dice: &mut Dice, element: u8) {
    let mut parts: Vec<Vec<u8>> = segment.split(|byte| *byte == element).map(<[u8]>::to_vec).collect();
    let at = dice.below(parts.len());
    let value = VALUES[dice.below(VALUES.len())].as_bytes().to_vec();
    match dice.below(5) {
        0 => parts.insert(at, value),
        1 => parts[at].extend([b"^".as_slice(), &value].concat()),
        2 => parts[at].extend([b":".as_slice(), &value].concat()),
        3 => parts.truncate(at.max(1)),
        _ => parts[at] = value,
    }
    *segment = parts.join(&element);
}
