//! DTP segments: windows, echoes of the question, and what a date excludes.

use super::codes::{Code, LongCodes};
use super::preferences::Dates;
use super::tables::Tables;
use crate::document::Document;
use crate::elements::Elements;
use crate::numbers::Date;
use crate::scan::SegmentId;

pub const DTP: SegmentId = SegmentId::of(b"DTP");

/// What a DTP03 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Day(Date),
    Range(Date, Date),
}

/// One DTP segment whose date can be read.
#[derive(Clone, Copy, Debug)]
pub struct Dated<'a> {
    pub segment: u32,
    pub qualifier: &'a [u8],
    pub when: When,
    pub code: Code,
}

/// Reads CCYYMMDD or CCYYMMDD-CCYYMMDD, whatever the format qualifier promises.
pub fn read_when(text: &[u8]) -> Option<When> {
    match text.len() {
        8 => Date::read(text).map(When::Day),
        17 if text[8] == b'-' => Some(When::Range(
            Date::read(&text[..8])?,
            Date::read(&text[9..])?,
        )),
        _ => None,
    }
}

/// The readable dates among some segments.
pub fn dated<'a>(document: &'a Document, segments: &[u32], tables: &Tables) -> Vec<Dated<'a>> {
    let dtp = |at: &&u32| document.segments[**at as usize].id == DTP;
    let read = |at: &u32| {
        let sent = document.elements(*at, document.delimiters(*at).element);
        let known = read_dtp(&sent, tables)?;
        Some(Dated::of(*at, sent.get(1), &known))
    };
    segments.iter().filter(dtp).filter_map(read).collect()
}

/// What a DTP says.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its qualifier as the tables know it.
    pub code: Code,
    pub when: When,
}

/// None if its date cannot be read.
pub fn read_dtp(sent: &Elements<'_>, tables: &Tables) -> Option<Known> {
    let when = read_when(sent.get(3))?;
    let code = sent.word(1).map(Code::of);
    let code = code.unwrap_or_else(|| tables.code(sent.get(1)));
    Some(Known { code, when })
}

impl<'a> Dated<'a> {
    #[inline]
    pub fn of(segment: u32, qualifier: &'a [u8], known: &Known) -> Dated<'a> {
        Dated {
            segment,
            qualifier,
            when: known.when,
            code: known.code,
        }
    }
}

/// The orders of dates, compiled.
#[derive(Clone, Debug)]
pub struct DateRules {
    pub start: Vec<Code>,
    pub end: Vec<Code>,
    pub name_start: Vec<Code>,
    pub name_end: Vec<Code>,
    start_if_single: Vec<Code>,
    echo: Vec<Code>,
    service: Vec<Code>,
    benefit: Vec<Code>,
    benefit_pairs: Vec<(Code, Code)>,
    pub other_payer: Vec<Code>,
    open_from_year: u16,
}

impl DateRules {
    pub fn of(dates: &Dates, known: &mut LongCodes) -> DateRules {
        let mut codes = |list: &[String]| -> Vec<Code> {
            let codes = list.iter().map(|code| known.learn(code.as_bytes()));
            codes.collect()
        };
        let (begins, ends): (Vec<_>, Vec<_>) = dates.benefit_pairs.iter().cloned().unzip();
        DateRules {
            start: codes(&dates.start),
            end: codes(&dates.end),
            name_start: codes(&dates.name_start),
            name_end: codes(&dates.name_end),
            start_if_single: codes(&dates.start_if_single),
            echo: codes(&dates.echo),
            service: codes(&dates.service),
            benefit: codes(&dates.benefit),
            benefit_pairs: codes(&begins).into_iter().zip(codes(&ends)).collect(),
            other_payer: codes(&dates.other_payer),
            open_from_year: dates.open_from_year,
        }
    }
}

/// What the question was about, in time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Begin of the date of service.
    pub day: Option<Date>,
    /// End, if a range was asked for.
    pub until: Option<Date>,
    /// BHT04.
    pub answered: Option<Date>,
}

impl Asked {
    /// True if the payer only repeats what it was asked. [RFI 1557]
    pub fn is_echo(&self, date: &Dated<'_>, rules: &DateRules) -> bool {
        if !rules.echo.contains(&date.code) {
            return false;
        }
        match date.when {
            When::Day(day) => Some(day) == self.day || Some(day) == self.answered,
            When::Range(begin, end) => {
                begin == end
                    || (Some(begin) == self.day && self.until.is_some() && Some(end) == self.until)
            }
        }
    }
}

/// From when to when something holds, each with the segment that says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    pub start: Option<(Date, u32)>,
    pub end: Option<(Date, u32)>,
}

impl Window {
    pub fn exists(&self) -> bool {
        self.start.is_some() || self.end.is_some()
    }

    pub fn ended_before(&self, day: Option<Date>) -> bool {
        matches!((self.end, day), (Some((end, _)), Some(day)) if end < day)
    }

    pub fn starts_after(&self, day: Option<Date>) -> bool {
        matches!((self.start, day), (Some((start, _)), Some(day)) if start > day)
    }

    pub fn covers(&self, day: Option<Date>) -> bool {
        day.is_some() && self.exists() && !self.ended_before(day) && !self.starts_after(day)
    }
}

/// Where a code stands in an order of several parts.
fn place(order: &[&[Code]], code: Code) -> Option<usize> {
    let mut before = 0;
    for part in order {
        if let Some(at) = part.iter().position(|one| *one == code) {
            return Some(before + at);
        }
        before += part.len();
    }
    None
}

/// The window that some dates give, by the orders of qualifiers.
pub fn window(
    dates: &[Dated<'_>],
    starts: &[&[Code]],
    ends: &[&[Code]],
    rules: &DateRules,
    asked: &Asked,
) -> Window {
    if dates.is_empty() {
        return Window::default();
    }
    let first = |order: &[&[Code]], take: &dyn Fn(&Dated<'_>) -> Option<Date>| {
        let mut best: Option<(usize, (Date, u32))> = None;
        for date in dates {
            let Some(place) = place(order, date.code) else {
                continue;
            };
            let is_behind = best.is_some_and(|(before, _)| before <= place);
            if is_behind || asked.is_echo(date, rules) {
                continue;
            }
            if let Some(day) = take(date) {
                best = Some((place, (day, date.segment)));
            }
        }
        best.map(|(_, found)| found)
    };
    let start = first(starts, &|date| match date.when {
        When::Day(day) | When::Range(day, _) => Some(day),
    });
    let end = first(ends, &|date| match date.when {
        When::Range(_, end) => Some(end),
        When::Day(_) if rules.start_if_single.contains(&date.code) => None,
        When::Day(day) => Some(day),
    });
    Window {
        start,
        end: end.filter(|(end, _)| end.year < rules.open_from_year),
    }
}

/// True if a date of service (not its window) says that the row is about this day.
pub fn serves(dates: &[Dated<'_>], rules: &DateRules, asked: &Asked) -> bool {
    let Some(day) = asked.day else { return false };
    dates
        .iter()
        .filter(|date| rules.service.contains(&date.code))
        .any(|date| match date.when {
            When::Day(only) => only == day,
            When::Range(begin, end) => begin <= day && day <= end,
        })
}

/// The segment by which some dates exclude the day asked about, if one does.
pub fn excluded(
    dates: &[Dated<'_>],
    also: &[Code],
    rules: &DateRules,
    asked: &Asked,
) -> Option<u32> {
    let day = asked.day?;
    if dates.is_empty() {
        return None;
    }
    let open = |end: Date| end.year >= rules.open_from_year;
    let includes = |date: &Dated<'_>| match date.when {
        When::Range(begin, end) => begin <= day && (day <= end || open(end)),
        When::Day(start) if rules.start_if_single.contains(&date.code) => start <= day,
        When::Day(only) => only == day,
    };
    // The first date of a code of which none includes the day.
    let outside = |code: &Code| {
        let mut first = None;
        for date in dates.iter().filter(|date| date.code == *code) {
            if asked.is_echo(date, rules) {
                continue;
            }
            if includes(date) {
                return None;
            }
            first = first.or(Some(date.segment));
        }
        first
    };
    for codes in [&rules.benefit, also] {
        for code in codes {
            if let Some(segment) = outside(code) {
                return Some(segment);
            }
        }
    }
    for (begin, end) in &rules.benefit_pairs {
        let find = |code: &Code| dates.iter().find(|date| date.code == *code);
        if let Some(date) = find(begin) {
            let (When::Day(start) | When::Range(start, _)) = date.when;
            if start > day {
                return Some(date.segment);
            }
        }
        if let Some(date) = find(end) {
            let (When::Day(stop) | When::Range(_, stop)) = date.when;
            if stop < day && !open(stop) {
                return Some(date.segment);
            }
        }
    }
    None
}
