//! Reads as plans: a document's selection set, compiled once, becomes one statement for each list in
//! it, however many rows there are, and the answer is written straight from those rows.
//!
//! Every statement begins as a `SELECT` of what the viewer may see, at every hop; a mask is put on where
//! a value leaves its row. Resolvers say what a field means, and the executor still runs whatever is
//! not planned: a document with a field the planner does not know, and one whose arguments do not hold,
//! so that there is one place for what is said of a wrong argument.

mod compile;
mod fetch;
mod write;

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{
    Name, PathSegment, Pos, Positioned, ServerError, Variables,
    parser::types::{FragmentDefinition, OperationDefinition},
};
use async_graphql_value::Value as InputValue;

use crate::{
    audit::Note,
    error::{Error, add_code},
    kind::Kind,
    link::{By, Compute, Count, Entries, Load, Source},
    plan::write::Reader,
    policy::ProtectedField,
    repository::Repository,
    statement::Statements,
};

/// How to answer one operation. It depends neither on the viewer nor on the variables, but for those
/// that decide which fields are in the answer.
pub struct Plan {
    fields: Vec<Field>,
    /// What it reads of persons.
    notes: Vec<Note>,
    /// Of the last answer: the next is about as long.
    length: AtomicUsize,
}

/// An answer, or as much of it as there is.
#[derive(Debug)]
pub struct Planned {
    /// The JSON of `data`.
    pub data: String,
    pub errors: Vec<ServerError>,
}

/// Where the planner asks for what it is given.
pub struct Definition<'a> {
    pub operation: &'a OperationDefinition,
    pub fragment: &'a dyn Fn(&str) -> Option<&'a FragmentDefinition>,
    /// The field of the query that has this name.
    pub entry: Entries,
    /// The value of a variable that decides whether a field is in the answer.
    pub flag: &'a dyn Fn(&str) -> bool,
}

/// A field of the query.
struct Field {
    /// As it stands in JSON, with its colon.
    key: String,
    name: String,
    pos: Pos,
    answer: Answer,
}

enum Answer {
    Text(String),
    One(One),
    Many(Page),
    Groups(Groups),
}

type Given = Vec<(Positioned<Name>, Positioned<InputValue>)>;

/// One record.
struct One {
    by: By,
    given: Given,
    rows: Rows,
    pieces: Vec<Piece>,
}

/// A list, or a list for each of many parents.
struct Page {
    source: &'static dyn Source,
    /// Names the list among all of its type.
    relation: String,
    parent: Option<Parent>,
    given: Given,
    rows: Rows,
    pieces: Vec<Piece>,
    needs: Needs,
}

/// Records, counted by what they have in common.
struct Groups {
    count: Count,
    given: Given,
    /// What is asked of a group.
    names: Vec<String>,
    pieces: Vec<Piece>,
    statements: Statements,
}

/// How the records of a list refer to the record they belong to.
struct Parent {
    foreign_key: &'static str,
    /// Where the id of the parent stands in the parent's row.
    id: usize,
}

/// What of a list is asked for.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of a connection")]
struct Needs {
    rows: bool,
    cursors: bool,
    /// Whether the list goes on.
    neighbours: bool,
    floor: bool,
    exact: bool,
}

/// What one statement reads: the rows of a table, each with the records it refers to.
#[derive(Default)]
struct Rows {
    tables: Vec<Table>,
    /// The columns of the statement, each of a table.
    columns: Vec<(usize, &'static str)>,
    pages: Vec<Page>,
    loads: Vec<Loaded>,
    /// The texts of the statement that reads them.
    statements: Statements,
}

struct Table {
    source: &'static dyn Source,
    /// The table that refers to this one, the column it does that with, and the column here.
    join: Option<(usize, &'static str, &'static str)>,
}

struct Loaded {
    load: Load,
    id: usize,
}

/// A piece of the answer.
enum Piece {
    Text(String),
    Leaf(usize, Leaf),
    Protected {
        index: usize,
        id: usize,
        data_key: usize,
        field: ProtectedField,
        selected: Selected,
        /// What is noted of the record when the value is told.
        note: Option<usize>,
    },
    /// Writes nothing: personal fields of the record were read.
    Noted {
        id: usize,
        note: usize,
    },
    Computed {
        prefix: String,
        compute: Compute,
        selected: Selected,
    },
    Loaded {
        place: usize,
        selected: Selected,
    },
    /// The record in other columns of the row; null when there is none.
    One {
        marker: usize,
        pieces: Vec<Piece>,
    },
    /// A list of the record.
    Page(usize),
    // Of a list.
    Edges(Vec<Piece>),
    Nodes(Vec<Piece>),
    StartCursor,
    EndCursor,
    HasNextPage,
    HasPreviousPage,
    TotalCount {
        exact: bool,
    },
    TotalCountIsExact,
    // Of an edge.
    Cursor,
    // Of a group.
    Figure(usize, Selected),
}

/// How a column looks in JSON.
#[derive(Clone)]
enum Leaf {
    Id(Kind),
    Text,
    Boolean,
    Integer,
    Date,
    DateTime,
    Money(Selected),
}

/// What is selected of a small value.
#[derive(Clone, Default)]
struct Selected {
    type_name: &'static str,
    /// The key in JSON with its colon, and the name of the field.
    fields: Vec<(String, String)>,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.fields.iter().map(|it| &it.name)).finish()
    }
}

impl Field {
    /// The error of a field that could not be read; the field itself is null.
    fn failed(&self, error: Error) -> ServerError {
        let mut error = async_graphql::Error::from(error).into_server_error(self.pos);
        error.path = vec![PathSegment::Field(self.name.clone())];
        add_code(&mut error);
        error
    }
}

impl Plan {
    /// Compiles an operation; nothing when some of it is for the executor.
    pub fn of(definition: &Definition<'_>) -> Option<Plan> {
        compile::plan(definition)
    }

    /// Answers the operation; nothing when its arguments do not hold.
    pub async fn run(&self, repository: &Repository, variables: &Variables) -> Option<Planned> {
        let prepared: Vec<_> = self
            .fields
            .iter()
            .map(|field| fetch::prepare(&field.answer, repository, variables))
            .collect::<Result<_, _>>()
            .ok()?;
        let fetched = prepared.into_iter().zip(&self.fields);
        let fetched = fetched.map(|(it, field)| fetch::run(&field.answer, it, repository));
        let fetched = futures_util::future::join_all(fetched).await;
        let reader = Reader::new(repository, self.notes.len());
        let mut errors = Vec::new();
        // With room for what is put around it.
        let mut data = String::with_capacity(self.length.load(Ordering::Relaxed) + 128);
        for (place, (field, fetched)) in self.fields.iter().zip(fetched).enumerate() {
            data.push(if place == 0 { '{' } else { ',' });
            data.push_str(&field.key);
            let begun = data.len();
            let written =
                fetched.and_then(|it| write::answer(&mut data, &field.answer, &it, &reader));
            if let Err(error) = written {
                data.truncate(begun);
                data.push_str("null");
                errors.push(field.failed(error));
            }
        }
        data.push('}');
        self.length.store(data.len(), Ordering::Relaxed);
        for (note, ids) in self.notes.iter().zip(reader.noted()) {
            repository.reads.note(note, ids);
        }
        Some(Planned { data, errors })
    }
}
