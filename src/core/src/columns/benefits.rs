//! One row per EB segment and code of EB03.

use super::build::{Builder, Columns};
use super::digits::Digits;
use super::grown::Bits;
use super::hanging::{Hanging, put_pointers, put_procedure};
use super::image::{self, Coder, Image};
use super::lines::Lines;
use super::schema::{self, Table};
use super::told::Told;
use super::words::Dictionaries;
use crate::memo::Beside;
use crate::normalize::rows::Row;
use arrow_schema::ArrowError;

/// The columns, in the order in which `put` takes them apart.
const COLUMNS: [&str; 37] = [
    "key",
    "benefit",
    "repetition",
    "segment",
    "offset",
    "loop",
    "information_code",
    "information",
    "coverage_level",
    "coverage_level_description",
    "service_type",
    "service_type_description",
    "insurance_type",
    "insurance_type_description",
    "plan_description",
    "time_period",
    "time_period_description",
    "amount",
    "percent",
    "quantity_qualifier",
    "quantity_qualifier_description",
    "quantity",
    "authorization",
    "network",
    "procedure_qualifier",
    "procedure_code",
    "procedure_modifiers",
    "procedure_description",
    "procedure_range_end",
    "diagnosis_pointers",
    "deliveries",
    "references",
    "dates",
    "messages",
    "places_of_service",
    "injuries",
    "entities",
    // raw_values is the last; see `put_raw`.
];

pub struct Benefits {
    pub columns: Columns,
    coder: Coder,
    /// What EBs say that came before.
    images: Beside<Image>,
    /// Those that are put together next; empty between two patients.
    lines: Box<Lines>,
    hanging: Box<Hanging>,
    /// Their amounts and percents.
    numbers: Box<[Digits; 2]>,
}

impl Benefits {
    pub fn new(dictionaries: &Dictionaries) -> Result<Benefits, ArrowError> {
        let listed = schema::columns(Table::Benefits);
        let mut names = COLUMNS.to_vec();
        names.push("raw_values");
        schema::same(&listed, &names)?;
        let columns = Columns::new(&listed, dictionaries)?;
        let coder = Coder::of(&columns.builders, &listed)?;
        let [amounts_scale, percents_scale, _] = coder.scales;
        Ok(Benefits {
            coder,
            columns,
            images: Beside::new(Image::BLANK),
            lines: Box::new(Lines::new()),
            hanging: Box::new(Hanging::new()),
            numbers: Box::new([amounts_scale, percents_scale].map(Digits::new)),
        })
    }

    /// Adds the rows of one patient. Gives about how many bytes they come to; None, and adds nothing, if those are more
    /// than `most`.
    pub fn add(&mut self, told: &Told<'_>, rows: &[Row<'_>], most: usize) -> Option<usize> {
        let Benefits {
            columns,
            coder,
            images,
            lines,
            hanging,
            numbers,
        } = self;
        let segments = told.context.document.segments.as_slice();
        if most_weight(told, rows) > most {
            let exact = rows.iter().fold(0usize, |weight, row| {
                weight.saturating_add(coder.image(row).weight(segments, told, row))
            });
            if exact > most {
                return None;
            }
        }
        let mut put = |lines: &mut Lines| {
            let beside = (&mut **hanging, &mut **numbers);
            put(columns, told, rows, lines, beside);
            lines.clear();
        };
        let mut weight = 0usize;
        for (row, at) in rows.iter().zip(0..) {
            let image = images.get(row.known, || coder.image(row));
            // That of all is no more than `most`.
            weight = weight.wrapping_add(image.weight(segments, told, row));
            coder.add(lines, row, at, image, &mut put);
        }
        put(lines);
        Some(weight)
    }
}

/// No less than the rows weigh together: found at once, and for most patients little.
fn most_weight(told: &Told<'_>, rows: &[Row<'_>]) -> usize {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return 0;
    };
    let document = told.context.document;
    let begin = document.segments[first.segment as usize].start;
    let end = document.segments[last.last() as usize].end;
    let all = end.saturating_sub(begin) as usize;
    // The codes of an EB are no more than every other byte of what belongs to it, and one.
    (all / 2 + rows.len()).saturating_mul(all + rows.len() * told.key.len())
}

/// Puts lines into the columns, a column at a time.
fn put(
    columns: &mut Columns,
    told: &Told<'_>,
    rows: &[Row<'_>],
    lines: &Lines,
    (hanging, numbers): (&mut Hanging, &mut [Digits; 2]),
) {
    let Some(row) = rows.first().filter(|_| lines.len() > 0) else {
        return;
    };
    let first = columns.rows;
    columns.rows += lines.len();
    let all = first..columns.rows;
    let Some((
        [
            key,
            number,
            repetition,
            segment,
            offset,
            of,
            information_code,
            information,
            coverage_level,
            coverage_level_description,
            service_type,
            service_type_description,
            insurance_type,
            insurance_type_description,
            plan_description,
            time_period,
            time_period_description,
            amount,
            percent,
            quantity_qualifier,
            quantity_qualifier_description,
            quantity,
            authorization,
            network,
            procedure @ ..,
        ],
        [raw, ..],
    )) = columns.builders.split_at_mut_checked(COLUMNS.len())
    else {
        return;
    };
    key.repeat(all.clone(), told.key);
    // A patient's rows stand under one 2100 loop, so their own loops are all C or all D.
    let loop_of = told.context.tree.nodes[row.node as usize].of;
    let name = &told.context.grammar.loops[loop_of as usize].id;
    of.repeat(all, name);
    let (given, inner) = (told.given, told.inner);
    let row_of = |at: &u32| rows.get(*at as usize).unwrap_or(row);
    number.small_counts(first, lines.rows().iter().map(|row| row.saturating_add(1)));
    repetition.small_counts(first, lines.repetitions().iter().copied());
    let segments = lines.segments().iter();
    if let Some((to_number, to_offset)) = given.shifts(inner, lines.segments()) {
        let places = told.context.document.segments.as_slice();
        let start = |at: &u32| places[*at as usize].start as usize;
        if let Ok(to_number) = i32::try_from(to_number as isize) {
            let numbers = segments.clone();
            segment.small_counts(first, numbers.map(|at| at.wrapping_add_signed(to_number)));
        } else {
            let numbers = segments.clone();
            segment.counts(
                first,
                numbers.map(|at| (*at as usize).wrapping_add(to_number)),
            );
        }
        offset.counts(first, segments.map(|at| start(at).wrapping_add(to_offset)));
    } else {
        segment.counts(first, segments.clone().map(|at| given.number(inner, *at)));
        offset.counts(first, segments.map(|at| given.offset(inner, *at)));
    }
    let codes = [
        information_code,
        coverage_level,
        service_type,
        insurance_type,
        time_period,
        quantity_qualifier,
        authorization,
        network,
    ];
    for (at, code) in codes.into_iter().enumerate() {
        if lines.any(image::LONG << at) {
            code.sent_all(first, lines.sent(rows, at), told.encoding);
        } else if lines.any(image::SHORT << at) {
            let said = lines.said(image::SHORT << at);
            code.short_texts(first, lines.texts(at), &said, &mut hanging.room.short);
        }
    }
    let descriptions = [
        information,
        coverage_level_description,
        service_type_description,
        insurance_type_description,
        time_period_description,
        quantity_qualifier_description,
    ];
    for (at, description) in descriptions.into_iter().enumerate() {
        let what = image::DESCRIBED << at;
        if lines.any(what) {
            description.places(first, lines.places(at), &lines.said(what));
        }
    }
    Digits::read(numbers, lines.rows().iter().map(row_of));
    let [amounts, percents] = &*numbers;
    for (column, numbers) in [(amount, amounts), (percent, percents)] {
        if !numbers.said.is_none() {
            column.numbers(first, numbers.all(), &numbers.said);
        }
    }
    if lines.any(image::QUANTITY) {
        quantity.numbers(first, lines.quantities(), &lines.said(image::QUANTITY));
    }
    let [
        qualifier,
        code,
        modifiers,
        description,
        range_end,
        pointers,
        lists @ ..,
    ] = procedure
    else {
        return;
    };
    let those = |said: Bits| {
        said.rows().filter_map(|line| {
            let row = lines.rows().get(line)?;
            Some((first + line, row_of(row)))
        })
    };
    let saying = |what: u32| {
        those(if lines.any(what) {
            lines.said(what)
        } else {
            Bits::NONE
        })
    };
    for (at, row) in saying(image::PLAN) {
        plan_description.sent(at, row.element(5), told.encoding);
    }
    let into = &mut [qualifier, code, modifiers, description, range_end];
    for (at, row) in saying(image::PROCEDURE) {
        put_procedure(into, at, told, row);
    }
    for (at, row) in saying(image::POINTERS) {
        put_pointers(pointers, at, told, row);
    }
    let quantities = if lines.any(image::RAW) {
        lines.said(image::RAW)
    } else {
        Bits::NONE
    };
    let not_numbers = [amounts.raw, percents.raw, quantities];
    if !not_numbers.iter().all(Bits::is_none) {
        let numbers = not_numbers.into_iter().enumerate();
        put_raw(
            raw,
            told,
            numbers.flat_map(|(number, said)| those(said).map(move |(at, row)| (at, number, row))),
        );
    }
    hanging.put(lists, first, told, lines.rows().iter().map(row_of));
}

/// Numbers that their columns cannot hold, as texts.
fn put_raw<'r, 'a: 'r>(
    raw: &mut Builder,
    told: &Told<'_>,
    numbers: impl Iterator<Item = (usize, usize, &'r Row<'a>)>,
) {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable_by_key(|(at, number, _)| (*at, *number));
    let Some(list) = raw.list() else { return };
    for (at, number, row) in numbers {
        let (item, into) = list.item(at);
        if let [column, value] = into {
            let (element, name) = NUMBERS[number];
            column.text(item, name);
            value.sent(item, row.element(element), told.encoding);
        }
    }
}

/// EB07, EB08 and EB10, and their columns.
const NUMBERS: [(usize, &str); 3] = [(7, "amount"), (8, "percent"), (10, "quantity")];
