//! AAA segments: all on the patient's path, and which one is the primary. SPEC 4.3, 4.4.

use super::people::Patient;
use super::record::Scope;
use super::rows::{AAA, MSG, Row};
use super::tables::{STATUS, TELLS};
use super::{At, Context};

pub struct Rejection {
    /// Index of the loop in the grammar that it is reported under.
    pub of: u16,
    pub segment: u32,
    /// Number of the benefit that it is one of, from 0.
    pub benefit: Option<u32>,
}

pub struct Rejections {
    pub all: Vec<Rejection>,
    /// Index in `all`.
    pub primary: Option<usize>,
    /// Where the text stands.
    pub text: Vec<At>,
}

/// Collects them in the order of the levels, then document order.
pub fn rejections(
    context: &Context<'_>,
    patient: &Patient,
    scope: Scope,
    rows: &[Row<'_>],
) -> Rejections {
    let loops = context.loops;
    let rules = &context.preferences.rejections;
    // A level's own AAA is legal at the source only; elsewhere it is read as one of its name.
    let path = [
        (loops.source, patient.source),
        (loops.source_name, patient.source_name),
        (loops.receiver_name, patient.receiver),
        (loops.receiver_name, patient.receiver_name),
        (loops.subscriber_name, patient.subscriber),
        (loops.subscriber_name, patient.subscriber_name),
        (loops.dependent_name, patient.dependent),
        (loops.dependent_name, patient.dependent_name),
    ];
    let name = |of: u16| context.grammar.loops[of as usize].id.as_str();
    let mut all: Vec<Rejection> = Vec::new();
    for (of, node) in path.into_iter().filter(|_| context.rejects) {
        all.extend(context.own(node, AAA).map(|segment| Rejection {
            of,
            segment,
            benefit: None,
        }));
    }
    // Stable: inside one level document order stays.
    let unlisted = rules.levels.len();
    all.sort_by_key(|item| {
        rules
            .levels
            .iter()
            .position(|level| level == name(item.of))
            .unwrap_or(unlisted)
    });
    let primary = all
        .iter()
        .position(|item| rules.levels.iter().any(|level| level == name(item.of)));
    let above = all.len();
    let mut is_told = false;
    for row in rows {
        is_told |= tells(row);
        if row.has_rejection {
            let of = context.tree.nodes[row.node as usize].of;
            let own = row.own(context, AAA);
            all.extend(own.map(|segment| Rejection {
                of,
                segment,
                benefit: Some(row.number),
            }));
        }
    }
    let has_status = || rows.iter().any(|row| row.said.meaning & STATUS != 0);
    let primary = primary.or_else(|| {
        let counts = |item: &Rejection| {
            rules
                .benefit_levels
                .iter()
                .any(|level| level == name(item.of))
        };
        let first = all[above..].iter().position(counts);
        first.filter(|_| !has_status()).map(|at| above + at)
    });
    let mut said = Vec::new();
    if is_told || primary.is_some() {
        said = text(context, scope, rows, primary.is_some());
    }
    Rejections {
        all,
        primary,
        text: said,
    }
}

/// True if its messages say why.
#[inline]
fn tells(row: &Row<'_>) -> bool {
    row.has_message && row.said.meaning & TELLS != 0
}

/// All messages of the rows that say why; if there are none and the request is rejected, the first message at all.
fn text(context: &Context<'_>, scope: Scope, rows: &[Row<'_>], rejected: bool) -> Vec<At> {
    let said = |node: u32| {
        let messages = context.own(Some(node), MSG);
        messages.filter_map(|segment| context.said(segment, 1))
    };
    let telling = rows.iter().filter(|row| tells(row));
    let why: Vec<At> = telling.flat_map(|row| said(row.node)).collect();
    if !why.is_empty() || !rejected {
        return why;
    }
    scope.benefits(context).flat_map(said).take(1).collect()
}
