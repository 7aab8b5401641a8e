//! Pieces of XML text: names, references, line ends.

/// The longest value, text, comment or name that is taken; libxml2 has bounds of its own, far beyond.
pub const LONGEST: usize = 1_000_000;
const LONGEST_NAME: usize = 1_000;

/// What stands in a character's place: itself in a name, what begins a name, a blank.
const START: u8 = 1;
const INNER: u8 = 2;
const BLANK: u8 = 4;
/// What needs a closer look in an attribute's value.
const SPECIAL: u8 = 8;

const KINDS: [u8; 256] = {
    let mut kinds = [0u8; 256];
    let mut at = 0;
    while at < 256 {
        kinds[at] = match at as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => START | INNER,
            b'0'..=b'9' | b'-' | b'.' => INNER,
            b' ' => BLANK,
            b'\t' | b'\r' | b'\n' => BLANK | SPECIAL,
            b'&' | b'<' => SPECIAL,
            _ => 0,
        };
        at += 1;
    }
    kinds
};

pub fn is_blank(byte: u8) -> bool {
    KINDS[byte as usize] & BLANK != 0
}

pub fn is_special(byte: u8) -> bool {
    KINDS[byte as usize] & SPECIAL != 0
}

/// The length of the ASCII name that the text begins with, and where its prefix ends (0: none).
pub fn name(text: &[u8]) -> Option<(usize, usize)> {
    let mut length = part(text)?;
    let mut prefix = 0;
    if text.get(length) == Some(&b':') {
        prefix = length;
        length += 1 + part(&text[length + 1..])?;
    }
    // Other letters and a second colon are left to whoever knows them all.
    let ends = text
        .get(length)
        .is_none_or(|&byte| byte.is_ascii() && byte != b':');
    (ends && length <= LONGEST_NAME).then_some((length, prefix))
}

fn part(text: &[u8]) -> Option<usize> {
    if KINDS[*text.first()? as usize] & START == 0 {
        return None;
    }
    let inner = |byte: &u8| KINDS[*byte as usize] & INNER != 0;
    Some(text.iter().take_while(|byte| inner(byte)).count())
}

/// Whether all characters are such as XML allows; the text is UTF-8.
pub fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\r' | b'\n');
    // Counted, not searched: so the compiler takes many bytes at once.
    if bytes.iter().filter(|byte| control(byte)).count() > 0 {
        return false;
    }
    text.is_ascii() || !text.contains(['\u{fffe}', '\u{ffff}'])
}

/// An attribute's value as XML reads it: references resolved, each blank a space. None for a bad reference or `<`.
pub fn value(raw: &str) -> Option<String> {
    let mut made = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(is_special) {
        made.push_str(&rest[..at]);
        let length = match rest.as_bytes()[at] {
            b'&' => reference(&rest[at..], &mut made)?,
            b'<' => return None,
            b'\r' if rest[at + 1..].starts_with('\n') => {
                made.push(' ');
                2
            }
            _ => {
                made.push(' ');
                1
            }
        };
        rest = &rest[at + length..];
    }
    made.push_str(rest);
    Some(made)
}

/// Text between tags as XML reads it: references resolved (not in CDATA), each line end a line feed.
pub fn content(raw: &str, is_cdata: bool) -> Option<String> {
    let mut made = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r']) {
        made.push_str(&rest[..at]);
        let length = match rest.as_bytes()[at] {
            b'&' if !is_cdata => reference(&rest[at..], &mut made)?,
            b'&' => {
                made.push('&');
                1
            }
            _ => {
                if !rest[at + 1..].starts_with('\n') {
                    made.push('\n');
                }
                1
            }
        };
        rest = &rest[at + length..];
    }
    made.push_str(rest);
    Some(made)
}

/// Resolves the reference that the text begins with; gives its length.
fn reference(text: &str, made: &mut String) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let named = &text[1..end];
    let character = match named {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => numbered(named.strip_prefix('#')?)?,
    };
    made.push(character);
    Some(end + 1)
}

fn numbered(digits: &str) -> Option<char> {
    let (digits, radix) = match digits.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None; // `from_str_radix` takes a sign, too
    }
    let character = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    let allowed = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    allowed.then_some(character)
}
