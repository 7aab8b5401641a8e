//! The tables' columns, from the package's own list.

use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

const LISTED: &str = include_str!("../../../x271/tables/columns.tsv");

/// Digits of every decimal.
pub const PRECISION: u8 = 18;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    Eligibility,
    Benefits,
    Rejections,
    Findings,
}

impl Table {
    pub const ALL: [Table; 4] = [
        Table::Eligibility,
        Table::Benefits,
        Table::Rejections,
        Table::Findings,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Table::Eligibility => "eligibility",
            Table::Benefits => "benefits",
            Table::Rejections => "rejections",
            Table::Findings => "findings",
        }
    }

    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Descriptions from this table of codes.
    Words(&'static str),
    /// A decimal number with so many decimals.
    Decimal(u8),
    Date,
    Flag,
    Count,
    Offset,
    /// Of structs if it has columns of its own, else of the one kind.
    List(Vec<Column>),
    ListOf(Box<Kind>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    about: [(&'static str, &'static str); 3],
}

fn kind(text: &'static str) -> Kind {
    match text.split_once(' ').unwrap_or((text, "")) {
        ("words", table) => Kind::Words(table),
        ("money", _) => Kind::Decimal(2),
        ("number", _) => Kind::Decimal(4),
        ("fraction", _) => Kind::Decimal(6),
        ("date", _) => Kind::Date,
        ("flag", _) => Kind::Flag,
        ("count", _) => Kind::Count,
        ("offset", _) => Kind::Offset,
        ("list", "") => Kind::List(Vec::new()),
        ("list", of) => Kind::ListOf(Box::new(kind(of))),
        _ => Kind::Text,
    }
}

/// The columns of a table, in their order.
pub fn columns(table: Table) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    let lines = LISTED
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines.skip(1) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        if cell() != table.name() {
            continue;
        }
        let (path, kind, _, x12) = (cell(), kind(cell()), cell(), cell());
        let about = [("x12", x12), ("integrex", cell()), ("description", cell())];
        let mut into = &mut found;
        let mut name = path;
        while let Some((outer, inner)) = name.split_once('.') {
            name = inner;
            let Some(at) = into.iter().position(|column| column.name == outer) else {
                break;
            };
            let Kind::List(inner) = &mut into[at].kind else {
                return found;
            };
            into = inner;
        }
        into.push(Column { name, kind, about });
    }
    found
}

impl Kind {
    pub fn data_type(&self) -> DataType {
        match self {
            Kind::Text => DataType::Utf8,
            Kind::Words(_) => {
                DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8))
            }
            Kind::Decimal(scale) => DataType::Decimal128(PRECISION, *scale as i8),
            Kind::Date => DataType::Date32,
            Kind::Flag => DataType::Boolean,
            Kind::Count => DataType::Int32,
            Kind::Offset => DataType::Int64,
            Kind::List(columns) => DataType::List(item(DataType::Struct(fields(columns)))),
            Kind::ListOf(kind) => DataType::List(item(kind.data_type())),
        }
    }
}

/// The field of a list's items, which are never null.
pub fn item(of: DataType) -> Arc<Field> {
    Arc::new(Field::new("item", of, false))
}

pub fn fields(columns: &[Column]) -> Fields {
    let field = |column: &Column| {
        let about = column.about.iter().filter(|(_, text)| !text.is_empty());
        let about: HashMap<String, String> = about
            .map(|(name, text)| (name.to_string(), text.to_string()))
            .collect();
        let nullable = !matches!(column.kind, Kind::List(_) | Kind::ListOf(_) | Kind::Flag);
        Field::new(column.name, column.kind.data_type(), nullable).with_metadata(about)
    };
    columns.iter().map(field).collect()
}

/// The schema of a table; each field's metadata say what it is and what Integrex calls it.
pub fn schema(table: Table) -> SchemaRef {
    static SCHEMAS: OnceLock<[SchemaRef; 4]> = OnceLock::new();
    let made = SCHEMAS.get_or_init(|| {
        Table::ALL.map(|table| {
            let about = HashMap::from([("x271.table".to_string(), table.name().to_string())]);
            Arc::new(Schema::new_with_metadata(fields(&columns(table)), about))
        })
    });
    made[table as usize].clone()
}

/// The place of a column in its table.
pub fn place(columns: &[Column], name: &str) -> Result<usize, ArrowError> {
    let found = columns.iter().position(|column| column.name == name);
    found.ok_or_else(|| unknown(name))
}

/// The list of columns and what fills them do not fit together.
pub fn unknown(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("nothing fills the column {name}"))
}

/// The columns of a table are these, in this order.
pub fn same(columns: &[Column], names: &[&str]) -> Result<(), ArrowError> {
    let pairs = columns.iter().map(Some).chain(std::iter::repeat(None));
    let wrong = pairs
        .zip(names)
        .find(|(column, name)| column.is_none_or(|column| column.name != **name));
    match wrong {
        Some((_, name)) => Err(unknown(name)),
        None if columns.len() > names.len() => Err(unknown(columns[names.len()].name)),
        None => Ok(()),
    }
}
