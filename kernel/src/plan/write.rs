//! From rows to the text of the answer.

use std::{cell::RefCell, fmt::Write};

use async_graphql::Value;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use sea_orm::{
    QueryResult,
    sqlx::{Decode, Postgres, Row, Sqlite, Type, ValueRef},
};
use uuid::Uuid;
use value::Fen;

use crate::{
    Error, Result,
    connection::{COUNT_FLOOR, shown_count},
    keyring::Closed,
    kind::push_id,
    plan::{
        Answer, Leaf, Page, Piece, Rows, Selected,
        fetch::{Fetched, Filled, NOBODY, Pages, Slice},
    },
    repository::Repository,
};

/// Who is answered, and which records were read of for each note of the plan.
pub struct Reader<'a> {
    repository: &'a Repository,
    noted: RefCell<Vec<Vec<Uuid>>>,
}

impl Reader<'_> {
    pub fn new(repository: &Repository, notes: usize) -> Reader<'_> {
        Reader { repository, noted: RefCell::new(vec![Vec::new(); notes]) }
    }

    pub fn noted(self) -> Vec<Vec<Uuid>> {
        self.noted.into_inner()
    }
}

/// Writes the answer to a field of the query.
pub fn answer(
    out: &mut String,
    answer: &Answer,
    fetched: &Fetched,
    reader: &Reader<'_>,
) -> Result<()> {
    match (answer, fetched) {
        (Answer::Text(text), _) => out.push_str(text),
        (Answer::One(one), Fetched::One(filled)) => match filled.rows.first() {
            Some(row) => Record { rows: &one.rows, filled, row, reader }.write(out, &one.pieces)?,
            None => out.push_str("null"),
        },
        (Answer::Many(page), Fetched::Many(pages)) => {
            List::of(page, pages, NOBODY, reader).write(out)?;
        }
        (Answer::Groups(asked), Fetched::Groups(groups)) => {
            out.push('[');
            for (place, group) in groups.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                asked.pieces.iter().for_each(|it| group_piece(out, it, group));
            }
            out.push(']');
        }
        _ => unreachable!("an answer is fetched as what it is"),
    }
    Ok(())
}

fn group_piece(out: &mut String, piece: &Piece, group: &[Value]) {
    match piece {
        Piece::Text(text) => out.push_str(text),
        Piece::Figure(place, selected) => push_value(out, &group[*place], selected),
        _ => unreachable!("a piece of a record is not one of a group"),
    }
}

/// A record: a row of a statement, with the lists of its own.
#[derive(Clone, Copy)]
struct Record<'a> {
    rows: &'a Rows,
    filled: &'a Filled,
    row: &'a QueryResult,
    reader: &'a Reader<'a>,
}

impl Record<'_> {
    fn write(self, out: &mut String, pieces: &[Piece]) -> Result<()> {
        pieces.iter().try_for_each(|piece| self.piece(out, piece))
    }

    fn piece(self, out: &mut String, piece: &Piece) -> Result<()> {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Leaf(index, leaf) => self.leaf(out, *index, leaf)?,
            Piece::Protected { index, id, data_key, field, selected, note } => {
                let Some(sealed) = value(self.row, *index)? else {
                    out.push_str("null");
                    return Ok(());
                };
                let closed = Closed {
                    id: self.row.try_get_by_index(*id)?,
                    data_key: value(self.row, *data_key)?,
                    text: sealed,
                };
                let Repository { viewer, shared, .. } = self.reader.repository;
                let shown = viewer.show(*field, &shared.keys, closed)?;
                if let Some(note) = note.filter(|_| !shown.is_masked) {
                    self.note(*id, note)?;
                }
                selected.write(out, |out, name| match name {
                    "isMasked" => out.push_str(if shown.is_masked { "true" } else { "false" }),
                    "value" => push_text(out, &shown.value),
                    _ => push_option(out, shown.unmask_scope.as_deref()),
                });
            }
            Piece::Computed { prefix, compute, selected } => {
                push_value(out, &compute(self.row, prefix)?, selected);
            }
            Piece::Loaded { place, selected } => {
                let id: Option<Uuid> = self.row.try_get_by_index(self.rows.loads[*place].id)?;
                match id.and_then(|it| self.filled.loads[*place].get(&it)) {
                    Some(value) => push_value(out, value, selected),
                    None => out.push_str("[]"),
                }
            }
            Piece::Noted { id, note } => self.note(*id, *note)?,
            Piece::One { marker, pieces } => {
                if self.is_null(*marker)? {
                    out.push_str("null");
                } else {
                    self.write(out, pieces)?;
                }
            }
            Piece::Page(place) => {
                let page = &self.rows.pages[*place];
                let parent = page.parent.as_ref().map_or(0, |it| it.id);
                let parent: Uuid = self.row.try_get_by_index(parent)?;
                List::of(page, &self.filled.pages[*place], parent, self.reader).write(out)?;
            }
            _ => unreachable!("a piece of a list is not one of a record"),
        }
        Ok(())
    }

    fn note(self, id: usize, note: usize) -> Result<()> {
        let id = self.row.try_get_by_index(id)?;
        self.reader.noted.borrow_mut()[note].push(id);
        Ok(())
    }

    /// Whether a record is missing, by the column it is found by: an id or a code.
    fn is_null(self, column: usize) -> Result<bool> {
        match (self.row.try_as_pg_row(), self.row.try_as_sqlite_row()) {
            (Some(row), _) => row.try_get_raw(column).map(|it| it.is_null()),
            (_, Some(row)) => row.try_get_raw(column).map(|it| it.is_null()),
            _ => Ok(true),
        }
        .map_err(Error::internal)
    }

    fn leaf(self, out: &mut String, index: usize, leaf: &Leaf) -> Result<()> {
        let row = self.row;
        match leaf {
            Leaf::Text => push_option(out, value(row, index)?),
            Leaf::Id(kind) => match value::<Uuid>(row, index)? {
                Some(id) => {
                    out.push('"');
                    push_id(out, *kind, id);
                    out.push('"');
                }
                None => out.push_str("null"),
            },
            Leaf::Boolean => match value::<bool>(row, index)? {
                Some(it) => out.push_str(if it { "true" } else { "false" }),
                None => out.push_str("null"),
            },
            Leaf::Integer => match value::<i32>(row, index)? {
                Some(it) => push(out, format_args!("{it}")),
                None => out.push_str("null"),
            },
            Leaf::Date => match value::<NaiveDate>(row, index)? {
                Some(it) => push(out, format_args!("\"{it}\"")),
                None => out.push_str("null"),
            },
            Leaf::DateTime => match value::<DateTime<Utc>>(row, index)? {
                Some(it) => push_moment(out, it),
                None => out.push_str("null"),
            },
            Leaf::Money(selected) => match value::<i64>(row, index)? {
                Some(fen) => selected.write(out, |out, name| match name {
                    "fen" => push(out, format_args!("\"{fen}\"")),
                    _ => push(out, format_args!("\"{}\"", Fen(fen).yuan())),
                }),
                None => out.push_str("null"),
            },
        }
        Ok(())
    }
}

/// One page of a list.
#[derive(Clone, Copy)]
struct List<'a> {
    page: &'a Page,
    pages: &'a Pages,
    slice: &'a Slice,
    reader: &'a Reader<'a>,
}

/// The page of a parent of which nothing was read.
static NOTHING: Slice = Slice { rows: Vec::new(), goes_on: false, count: None, floor: None };

impl<'a> List<'a> {
    fn of(page: &'a Page, pages: &'a Pages, parent: Uuid, reader: &'a Reader<'a>) -> List<'a> {
        List { page, pages, slice: pages.by_parent.get(&parent).unwrap_or(&NOTHING), reader }
    }

    fn write(self, out: &mut String) -> Result<()> {
        let (has_previous, has_next) = self.pages.list.neighbours(self.slice.goes_on);
        for piece in &self.page.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Edges(pieces) | Piece::Nodes(pieces) => self.records(out, pieces)?,
                Piece::StartCursor => self.cursor(out, self.slice.rows.first())?,
                Piece::EndCursor => self.cursor(out, self.slice.rows.last())?,
                Piece::HasNextPage => out.push_str(if has_next { "true" } else { "false" }),
                Piece::HasPreviousPage => out.push_str(if has_previous { "true" } else { "false" }),
                Piece::TotalCount { exact: true } => {
                    let count = shown_count(self.slice.count.unwrap_or(0), true);
                    push(out, format_args!("{count}"));
                }
                Piece::TotalCount { exact: false } => {
                    let count = shown_count(self.slice.floor.unwrap_or(0), false);
                    push(out, format_args!("{count}"));
                }
                Piece::TotalCountIsExact => {
                    let is_exact = self.slice.floor.unwrap_or(0) <= COUNT_FLOOR;
                    out.push_str(if is_exact { "true" } else { "false" });
                }
                _ => unreachable!("a piece of a record is not one of a list"),
            }
        }
        Ok(())
    }

    fn records(self, out: &mut String, pieces: &[Piece]) -> Result<()> {
        out.push('[');
        for (order, place) in self.slice.rows.iter().enumerate() {
            if order > 0 {
                out.push(',');
            }
            let filled = &self.pages.filled;
            let row = &filled.rows[*place];
            let record = Record { rows: &self.page.rows, filled, row, reader: self.reader };
            for piece in pieces {
                match piece {
                    Piece::Cursor => self.cursor(out, Some(place))?,
                    piece => record.piece(out, piece)?,
                }
            }
        }
        out.push(']');
        Ok(())
    }

    fn cursor(self, out: &mut String, place: Option<&usize>) -> Result<()> {
        let Some(place) = place else {
            out.push_str("null");
            return Ok(());
        };
        let Pages { list, filled, keys, .. } = self.pages;
        // Base64 needs no escape.
        out.push('"');
        list.push_cursor(out, &filled.rows[*place], Some(keys))?;
        out.push('"');
        Ok(())
    }
}

impl Selected {
    /// Writes an object, given how its fields are written.
    fn write(&self, out: &mut String, mut field: impl FnMut(&mut String, &str)) {
        out.push('{');
        for (place, (key, name)) in self.fields.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(key);
            match name.as_str() {
                "__typename" => push_text(out, self.type_name),
                name => field(out, name),
            }
        }
        out.push('}');
    }
}

/// What is in a column, as it lies in the row. The plan knows of which type it is.
fn value<'r, T>(row: &'r QueryResult, index: usize) -> Result<Option<T>>
where
    T: Decode<'r, Postgres> + Decode<'r, Sqlite> + Type<Postgres> + Type<Sqlite>,
{
    match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => row.try_get_unchecked(index),
        (_, Some(row)) => row.try_get_unchecked(index),
        _ => Ok(None),
    }
    .map_err(Error::internal)
}

/// Writes a value; of its objects what is selected.
fn push_value(out: &mut String, value: &Value, selected: &Selected) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Number(it) => push(out, format_args!("{it}")),
        Value::String(text) => push_text(out, text),
        Value::Enum(name) => push_text(out, name),
        Value::Binary(_) => unreachable!("no value of the schema is binary"),
        Value::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                push_value(out, item, selected);
            }
            out.push(']');
        }
        Value::Object(fields) => selected.write(out, |out, name| match fields.get(name) {
            Some(value) => push_value(out, value, selected),
            None => out.push_str("null"),
        }),
    }
}

fn push_option(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => push_text(out, text),
        None => out.push_str("null"),
    }
}

/// Writes a text as JSON.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (place, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[from..place]);
        from = place + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            byte => push(out, format_args!("\\u{byte:04x}")),
        }
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Writes a moment. Most have a year of four digits and no part of a second.
fn push_moment(out: &mut String, at: DateTime<Utc>) {
    let (day, time) = (at.date_naive(), at.time());
    let year = u32::try_from(day.year()).ok().filter(|it| (1_000..10_000).contains(it));
    let (Some(year), 0) = (year, time.nanosecond()) else {
        return push(out, format_args!("\"{day}T{time}Z\""));
    };
    let mut text = *b"\"0000-00-00T00:00:00Z\"";
    let pairs = [year / 100, year % 100, day.month(), day.day()];
    let pairs = pairs.into_iter().chain([time.hour(), time.minute(), time.second()]);
    for (place, pair) in [1, 3, 6, 9, 12, 15, 18].into_iter().zip(pairs) {
        text[place] += (pair / 10) as u8;
        text[place + 1] += (pair % 10) as u8;
    }
    out.push_str(std::str::from_utf8(&text).expect("digits are ASCII"));
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes any text");
}
