//! The four delimiters, read from an ISA segment: fixed width if it is, else by its separators.

use memchr::{memchr_iter, memchr2};

/// The delimiters of one interchange. 0 stands for "there is none".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    pub element: u8,
    pub repetition: u8,
    pub component: u8,
    pub terminator: u8,
}

/// What reading an ISA gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub delimiters: Delimiters,
    /// Bytes of the ISA without its terminator.
    pub length: usize,
    /// Codes of what was odd, with the element number.
    pub odd: Vec<(&'static str, u16)>,
}

/// Bytes from the start of ISA that are enough to decide; a longer ISA is refused.
pub const WINDOW: usize = 512;
/// Width of an ISA that is padded as the standard says, without its terminator.
pub const ISA_WIDTH: usize = 105;
const SEPARATORS: [usize; 16] = [
    3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103,
];
const DEFAULT_REPETITION: u8 = b'^';
const DEFAULT_COMPONENT: u8 = b':';

/// True if an ISA starts here: the three letters and then something that can separate.
pub fn starts_isa(text: &[u8]) -> bool {
    text.len() > 3 && text.starts_with(b"ISA") && can_delimit(text[3])
}

/// True if a line break stands inside the ISA, so that the whole interchange is wrapped.
pub fn is_wrapped(text: &[u8]) -> bool {
    let window = &text[..text.len().min(WINDOW)];
    let Some(&separator) = window.get(3) else {
        return false;
    };
    if separator == b'\r' || separator == b'\n' {
        return false;
    }
    match (
        memchr_iter(separator, window).nth(15),
        memchr2(b'\r', b'\n', window),
    ) {
        (Some(last), Some(line_break)) => line_break < last,
        _ => false,
    }
}

/// Reads the ISA at the start of `text`. None if it gives no delimiters.
pub fn read_isa(text: &[u8]) -> Option<Header> {
    let window = &text[..text.len().min(WINDOW)];
    if !starts_isa(window) {
        return None;
    }
    let element = window[3];
    let mut odd = Vec::new();
    let padded = window.len() > ISA_WIDTH && SEPARATORS.iter().all(|&at| window[at] == element);
    let (last_separator, isa11) = if padded {
        (SEPARATORS[15], &window[82..83])
    } else {
        odd.push(("ISA_NOT_PADDED", 0));
        let found: Vec<usize> = memchr_iter(element, window).take(16).collect();
        if found.len() < 16 {
            return None;
        }
        (found[15], &window[found[10] + 1..found[11]])
    };
    let mut component = *window.get(last_separator + 1)?;
    let mut length = last_separator + 2;
    let mut terminator = window.get(length).copied().unwrap_or(0);
    let next_segment =
        terminator.is_ascii_alphabetic() || terminator == b'\r' || terminator == b'\n';
    if next_segment && !can_terminate(terminator, element) && can_terminate(component, element) {
        // ISA16 was left out: what stands there ends the segment already.
        terminator = component;
        length = last_separator + 1;
        component = b' ';
    } else if component == b'\r' || component == b'\n' {
        terminator = component;
        length = last_separator + 1;
        component = b' ';
    }
    if !can_terminate(terminator, element) {
        return None;
    }
    if !padded && window[..last_separator].contains(&terminator) {
        return None; // ISA ended before: what was counted on are separators of the segments behind it
    }
    let taken = |byte: u8| byte == element || byte == terminator;
    if !can_delimit(component) || taken(component) {
        odd.push(("BAD_COMPONENT_SEPARATOR", 16));
        component = if taken(DEFAULT_COMPONENT) {
            0
        } else {
            DEFAULT_COMPONENT
        };
    }
    let usable = |byte: u8| can_delimit(byte) && !taken(byte) && byte != component;
    let repetition = match isa11 {
        [byte] if usable(*byte) => *byte,
        _ => {
            odd.push(("BAD_REPETITION_SEPARATOR", 11));
            if usable(DEFAULT_REPETITION) {
                DEFAULT_REPETITION
            } else {
                0
            }
        }
    };
    Some(Header {
        delimiters: Delimiters {
            element,
            repetition,
            component,
            terminator,
        },
        length,
        odd,
    })
}

/// Letters, digits, blanks and bytes of multi-byte characters occur in data, so they separate nothing.
fn can_delimit(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b' ' && byte != 0
}

fn can_terminate(byte: u8, element: u8) -> bool {
    can_delimit(byte) && byte != element
}

#[cfg(test)]
mod tests {
    use super::*;

    const PADDED: &[u8] =
        b"ISA*00*          *00*          *ZZ*PAYERX         *ZZ*RECEIVER       *261121*0900*^*00501*000000001*0*P*:~GS";

    fn read(text: &[u8]) -> Header {
        read_isa(text).unwrap_or_else(|| unreachable!("the header is readable"))
    }

    #[test]
    fn a_padded_isa_gives_its_four_delimiters() {
        let header = read(PADDED);
        assert_eq!(
            header.delimiters,
            Delimiters {
                element: b'*',
                repetition: b'^',
                component: b':',
                terminator: b'~'
            }
        );
        assert_eq!((header.length, header.odd.is_empty()), (105, true));
    }

    #[test]
    fn a_letter_in_isa11_is_replaced_by_the_caret() {
        let mut text = PADDED.to_vec();
        text[82] = b'U';
        assert_eq!(read(&text).delimiters.repetition, b'^');
        assert_eq!(read(&text).odd, vec![("BAD_REPETITION_SEPARATOR", 11)]);
    }

    #[test]
    fn an_unpadded_isa_is_cut_at_its_separators() {
        let header = read(b"ISA|00||00||ZZ|A|ZZ|B|261121|0900|!|00501|1|0|P|>\nGS|");
        assert_eq!(
            header.delimiters,
            Delimiters {
                element: b'|',
                repetition: b'!',
                component: b'>',
                terminator: b'\n'
            }
        );
    }

    #[test]
    fn an_isa_without_terminator_is_refused() {
        assert_eq!(read_isa(&PADDED[..105]), None);
        assert_eq!(read_isa(b"ISA"), None);
        assert_eq!(read_isa(b""), None);
    }
}
