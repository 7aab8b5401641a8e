//! What comes after what: a payer's answers go through alike segments again and again. A segment that looks like the
//! one that came after the same segments last time, which was good, need not be checked anew.

use super::form::Form;
use crate::segment::{Segment, SegmentId};

/// Without a pattern.
const ODD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Some codes in one number, and one code more.
#[inline]
pub fn mixed(codes: u64, code: u64) -> u64 {
    (codes.rotate_left(5) ^ code).wrapping_mul(ODD)
}

/// The number of a segment in a course: the same for the same codes, whatever else it says.
#[inline]
pub fn number(id: SegmentId, codes: u64) -> u16 {
    (mixed(codes, u64::from(id.0)) >> 48) as u16
}

/// Places of a course, as a power of two.
const PLACES: u32 = 13;

/// Which forms came last after the same four segments.
pub struct Course {
    /// At a hash of the four, or next to it: the number of what came.
    places: Vec<u16>,
    /// The first is none.
    known: Vec<Next>,
    /// What came last and what is expected, as numbers of what is known.
    last: u16,
    expected: u16,
    sense: u32,
}

/// What came after four segments.
#[derive(Clone, Copy)]
struct Next {
    form: Form,
    /// The numbers of the four.
    before: u64,
    /// What came after it; 0 if that must be looked for.
    then: u16,
    /// What else came instead of it, or 0.
    other: u16,
}

impl Next {
    fn new(before: u64, form: Form, other: u16) -> Next {
        Next {
            form,
            before,
            then: 0,
            other,
        }
    }
}

impl Default for Course {
    fn default() -> Course {
        // As many as an answer may have.
        Course::with_places(1 << PLACES, 200)
    }
}

impl Course {
    /// Knows nothing and learns nothing.
    pub fn blind() -> Course {
        Course::with_places(0, 1)
    }

    fn with_places(places: usize, room: usize) -> Course {
        let mut known = Vec::with_capacity(room);
        known.push(Next::new(u64::MAX, Form::none((0, 0)), 0));
        Course {
            places: vec![0; places],
            known,
            last: 0,
            expected: 0,
            sense: 0,
        }
    }

    /// Before the first segment of those that are taken in a sense, which is that of the delimiters.
    pub fn start(&mut self, sense: u32) {
        (self.sense, self.last, self.expected) = (sense, 0, 0);
    }

    /// How many of some segments of a text look like what came here last time, one after the other, or are of a kind that
    /// has no rules.
    #[inline(never)]
    pub fn goes_on(
        &mut self,
        text: &[u8],
        segments: &[Segment],
        has_rules: impl Fn(SegmentId) -> bool,
    ) -> usize {
        let (sense, known) = (self.sense, self.known.as_slice());
        let (mut last, mut expected) = (usize::from(self.last), usize::from(self.expected));
        let mut free = SegmentId::NONE;
        let is_other = |segment: &Segment| {
            let Some(next) = known.get(expected) else {
                return true;
            };
            if next.form.is_of(text, segment, sense) {
                (last, expected) = (expected, usize::from(next.then));
                return false;
            }
            if segment.id != free && has_rules(segment.id) {
                return true;
            }
            free = segment.id;
            false
        };
        let passed = segments.iter().position(is_other);
        (self.last, self.expected) = (last as u16, expected as u16);
        passed.unwrap_or(segments.len())
    }

    /// True if a segment looks like what else came here; then the course goes on with that.
    #[inline(never)]
    pub fn turns(&mut self, text: &[u8], segment: &Segment) -> bool {
        if self.places.is_empty() {
            return false;
        }
        let seen = self.expected;
        if seen == 0 {
            self.look();
        }
        let mut here = self.here().into_iter().filter(|at| *at != seen);
        let found = here.find(|at| {
            let next = self.next(*at);
            next.is_some_and(|next| next.form.is_of(text, segment, self.sense))
        });
        if let Some(at) = found {
            self.goes_by(at);
        }
        found.is_some()
    }

    /// Goes on with a segment that does not look like what came here before. Its form is what is expected from now on;
    /// `form` is given true if a segment with the same number came here before, which looked otherwise.
    #[inline]
    pub fn meets(&mut self, number: u16, form: impl FnOnce(bool) -> Form) {
        if self.places.is_empty() {
            return;
        }
        let is_like = |at: &u16| {
            let next = self.next(*at);
            next.is_some_and(|next| next.form.number == number)
        };
        let at = match self.here().into_iter().find(is_like) {
            Some(at) => {
                self.known[usize::from(at)].form = form(true);
                at
            }
            None => self.add(form(false)),
        };
        self.goes_by(at);
    }

    fn next(&self, number: u16) -> Option<&Next> {
        self.known.get(usize::from(number)).filter(|_| number > 0)
    }

    /// What is expected, and what else came here.
    fn here(&self) -> [u16; 2] {
        let expected = self.next(self.expected);
        [self.expected, expected.map_or(0, |next| next.other)]
    }

    /// Goes on with something known, which is what is expected here from now on.
    fn goes_by(&mut self, at: u16) {
        self.expected = at;
        self.link();
        (self.last, self.expected) = (at, self.next(at).map_or(0, |next| next.then));
    }

    /// What comes after the last one is looked for, and known from now on.
    #[cold]
    fn look(&mut self) {
        let (before, places) = self.places();
        let numbers = places.map(|place| self.number(place));
        let is_here = |at: &u16| {
            let next = self.next(*at);
            next.is_some_and(|next| next.before == before && next.form.sense() == self.sense)
        };
        self.expected = numbers.into_iter().find(is_here).unwrap_or(0);
        self.link();
    }

    /// What came last is followed by what is expected.
    fn link(&mut self) {
        if self.last > 0
            && let Some(last) = self.known.get_mut(usize::from(self.last))
        {
            last.then = self.expected;
        }
    }

    /// The last four, and where what comes after them may stand.
    fn places(&self) -> (u64, [usize; 2]) {
        let before = self
            .next(self.last)
            .map_or(0, |last| last.before << 16 | u64::from(last.form.number));
        let place = mixed(before, u64::from(self.sense)) >> (u64::BITS - PLACES);
        (before, [place as usize, place as usize ^ 1])
    }

    fn number(&self, place: usize) -> u16 {
        self.places.get(place).copied().unwrap_or(0)
    }

    /// Puts in a form; gives its number.
    #[cold]
    fn add(&mut self, form: Form) -> u16 {
        let (before, places) = self.places();
        let new = self.known.len() as u16;
        match self.here() {
            [0, _] => {
                // Where nothing is, or in the place of something else.
                let numbers = places.map(|place| self.number(place));
                let at = numbers.iter().position(|number| *number == 0).unwrap_or(0);
                match self.known.get_mut(usize::from(numbers[at])) {
                    Some(known) if numbers[at] > 0 => {
                        *known = Next::new(before, form, known.other);
                        return numbers[at];
                    }
                    _ => {}
                }
                let Some(place) = self.places.get_mut(places[at]) else {
                    return 0;
                };
                *place = new;
                self.known.push(Next::new(before, form, 0));
            }
            [one, 0] => {
                self.known.push(Next::new(before, form, one));
                self.known[usize::from(one)].other = new;
            }
            [one, other] => {
                self.known[usize::from(other)] = Next::new(before, form, one);
                return other;
            }
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::{ROOM, Shape};
    use super::*;

    /// Text that stands behind the segments.
    const BEHIND: &[u8] = &[b'?'; ROOM];

    const MSG: SegmentId = SegmentId::of(b"MSG");

    /// Takes one segment; true if it looked like one that came here before.
    fn takes(course: &mut Course, text: &str) -> bool {
        let room = [text.as_bytes(), BEHIND].concat();
        let (id, code) = text.split_once('*').unwrap_or((text, ""));
        let segment = Segment {
            start: 0,
            end: text.len() as u32,
            id: SegmentId::of(id.as_bytes()),
        };
        let passed = course.goes_on(&room, &[segment], |id| id != MSG);
        let is_known = passed == 1 || course.turns(&room, &segment);
        if !is_known {
            let code = code
                .bytes()
                .fold(0, |code, byte| code << 8 | u64::from(byte));
            let about = (course.sense, number(segment.id, code));
            let shape = Shape::fixed(text.len());
            let form = Form::of(&room, &segment, &shape, about);
            course.meets(about.1, |_| form.unwrap_or(Form::none(about)));
        }
        is_known
    }

    /// Which segments of an answer are not known.
    fn new<'t>(course: &mut Course, answer: &[&'t str]) -> Vec<&'t str> {
        course.start(1);
        let answer = answer.iter().copied();
        answer.filter(|text| !takes(course, text)).collect()
    }

    #[test]
    fn a_course_expects_what_came_after_the_same_segments() {
        let mut answer = [
            "BHT*0", "EB*1", "MSG*1", "DTP*1", "EB*2", "DTP*1", "EB*3", "DTP*1", "EB*4",
        ];
        let mut course = Course::default();
        for (header, unknown) in [("BHT*0", 8), ("BHT*0", 0), ("BHT*0", 0), ("BHT*1", 5)] {
            // What comes after an unknown one is unknown as well, until four came that are known in this order.
            answer[0] = header;
            let checked = answer.into_iter().filter(|text| *text != "MSG*1");
            let unknown: Vec<&str> = checked.take(unknown).collect();
            assert_eq!(new(&mut course, &answer), unknown);
        }
        course.start(2);
        assert!(!takes(&mut course, "BHT*1"), "in another sense");
        course.start(1);
        assert!(takes(&mut course, "BHT*1"));
    }

    #[test]
    fn two_that_come_in_turns_are_both_known_and_of_three_the_last_two() {
        let mut course = Course::default();
        let mut is_known = |last: &str| {
            let unknown = new(&mut course, &["EB*1", last, "DTP*1"]);
            !unknown.contains(&last)
        };
        for (round, text) in ["EB*2", "EB*3"].repeat(3).into_iter().enumerate() {
            assert_eq!(is_known(text), round > 1, "{round}");
        }
        assert!(!is_known("EB*4"));
        assert!(is_known("EB*3"));
        assert!(is_known("EB*4"));
        assert!(!is_known("EB*2"));
    }

    #[test]
    fn a_course_learns_without_end_and_holds_no_more_than_its_places() {
        let mut course = Course::default();
        for round in 0..40_000 {
            course.start(round % 3);
            for text in [format!("EB*{round}"), format!("EB*{}", round % 7)] {
                takes(&mut course, &text);
            }
        }
        assert!(course.known.len() <= 2 << PLACES);
        assert_eq!(new(&mut course, &["EB*1", "EB*2"]).len(), 2);
        assert!(new(&mut course, &["EB*1", "EB*2"]).is_empty());
    }

    #[test]
    fn who_is_blind_expects_nothing() {
        let mut course = Course::blind();
        for _ in 0..3 {
            assert_eq!(new(&mut course, &["EB*1", "EB*2"]).len(), 2);
        }
    }
}
