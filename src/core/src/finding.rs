//! What is odd but survivable. Codes only; their words stand in `findings.tsv` on the Python side.

/// Segment index that means "none in particular".
pub const NO_SEGMENT: u32 = u32::MAX;

/// One oddity: a code of the catalogue, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: &'static str,
    /// Byte offset in the input, if no segment says it better.
    pub offset: Option<usize>,
    /// Index of the segment in the document, from 0, or `NO_SEGMENT`.
    pub segment: u32,
    /// Element number as X12 counts, 0 for the whole segment.
    pub element: u16,
    /// The other segments that the finding is about.
    pub others: Vec<u32>,
    /// The field of the record that it is about, or empty.
    pub field: &'static str,
}

impl Finding {
    pub fn at_segment(code: &'static str, segment: u32, element: u16) -> Self {
        Finding {
            code,
            offset: None,
            segment,
            element,
            others: Vec::new(),
            field: "",
        }
    }

    pub fn at_offset(code: &'static str, offset: usize) -> Self {
        Finding {
            code,
            offset: Some(offset),
            segment: NO_SEGMENT,
            element: 0,
            others: Vec::new(),
            field: "",
        }
    }

    pub fn about(code: &'static str, field: &'static str, segment: u32, others: Vec<u32>) -> Self {
        Finding {
            code,
            offset: None,
            segment,
            element: 0,
            others,
            field,
        }
    }
}

/// Findings up to a number; after it one that says so. A hostile input must not cost more than it weighs.
#[derive(Clone, Debug)]
pub struct Findings {
    items: Vec<Finding>,
    most: usize,
}

/// Findings of one kind in one document.
pub const MOST: usize = 10_000;

impl Findings {
    pub fn at_most(most: usize) -> Self {
        Findings {
            items: Vec::new(),
            most,
        }
    }

    /// Room for `more` behind those that are there already.
    pub fn after(items: Vec<Finding>, more: usize) -> Self {
        let most = items.len() + more;
        Findings { items, most }
    }

    pub fn push(&mut self, finding: Finding) {
        if self.items.len() < self.most {
            self.items.push(finding);
        } else if self.items.len() == self.most {
            self.items.push(Finding {
                code: "FINDINGS_CUT",
                field: "",
                others: Vec::new(),
                ..finding
            });
        }
    }
}

impl Default for Findings {
    fn default() -> Self {
        Findings::at_most(MOST)
    }
}

impl std::ops::Deref for Findings {
    type Target = Vec<Finding>;

    fn deref(&self) -> &Vec<Finding> {
        &self.items
    }
}

impl std::ops::DerefMut for Findings {
    fn deref_mut(&mut self) -> &mut Vec<Finding> {
        &mut self.items
    }
}

/// Every code that the core may report. A test holds the list against `findings.tsv`.
pub const CODES: &[&str] = &[
    "FINDINGS_CUT",
    "BYTE_ORDER_MARK",
    "LEADING_BLANKS",
    "LEADING_TEXT",
    "ISA_NOT_PADDED",
    "ISA_WRAPPED",
    "BAD_REPETITION_SEPARATOR",
    "BAD_COMPONENT_SEPARATOR",
    "CONTROL_MISMATCH",
    "MISSING_HEADER",
    "MISSING_TRAILER",
    "UNTERMINATED_SEGMENT",
    "EMPTY_SEGMENT",
    "NOT_UTF8",
    "TRAILING_TEXT",
    "OLD_VERSION",
    "UNKNOWN_VERSION",
    "VERSION_WITHOUT_ADDENDUM",
    "UNSUPPORTED_TRANSACTION",
    "GROUP_MISMATCH",
    "UNKNOWN_SEGMENT",
    "MISPLACED_SEGMENT",
    "ENTITY_WITHOUT_LS",
    "LS_NOT_CLOSED",
    "MISSING_NAME",
    "BAD_HL",
    "HL_CHILD_MISMATCH",
    "UNKNOWN_CODE",
    "BAD_DATE",
    "BAD_NUMBER",
    "SCOPE_FALLBACK_SUBSCRIBER",
    "TRACE_NOT_ECHOED",
    "CONFLICTING_STATUS",
    "MULTIPLE_PLANS",
    "TERMED",
    "FUTURE",
    "SERVICE_LEVEL_STATUS",
    "STATUS_IMPLIED_FROM_BENEFITS",
    "NON_COVERED_AS_PLAN_STATUS",
    "NETWORK_UNSPECIFIED",
    "AMBIGUOUS",
    "DERIVED_REMAINING",
    "PLACEHOLDER_AMOUNT",
    "PERCENT_SCALE",
];

/// The catalogue's own text for a code, if it is one.
pub fn intern(code: &str) -> Option<&'static str> {
    CODES.iter().copied().find(|known| *known == code)
}
