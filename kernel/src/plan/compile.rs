//! From a selection set to the columns, tables and pieces of an answer.

use std::{cell::RefCell, sync::atomic::AtomicUsize};

use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, Field as Node, Selection, SelectionSet},
};
use async_graphql_value::Value as InputValue;
use sea_orm::ColumnType;

use crate::{
    audit::Note,
    link::{Entry, Link, Source, relation},
    plan::{
        Answer, Definition, Field, Groups, Leaf, Loaded, Needs, One, Page, Parent, Piece, Plan,
        Rows, Selected, Table,
    },
    statement::Statements,
};

/// The interface that every record has.
const NODE: &str = "Node";

pub fn plan<'a>(definition: &Definition<'a>) -> Option<Plan> {
    let compiler = Compiler { definition, notes: RefCell::default() };
    let sets: [&'a SelectionSet; 1] = [&definition.operation.selection_set.node];
    let fields = compiler.fields(&sets, "Query")?;
    let fields = fields.into_iter().map(|field| {
        let answer = if field.name() == "__typename" {
            Answer::Text(quoted("Query"))
        } else {
            match (definition.entry)(field.name())? {
                Entry::One { target, by } => {
                    let mut rows = Rows::of(target);
                    let pieces = compiler.record(&mut rows, 0, &field.sets)?;
                    let given = field.node.arguments.clone();
                    Answer::One(One { by, given, rows, pieces })
                }
                Entry::Many { target } => {
                    let name = target.kind().name().to_owned();
                    Answer::Many(compiler.page(target, name, None, &field)?)
                }
                Entry::Groups { type_name, count } => {
                    let (names, pieces) = compiler.group(&type_name(), &field.sets)?;
                    let given = field.node.arguments.clone();
                    let statements = Statements::default();
                    Answer::Groups(Groups { count, given, names, pieces, statements })
                }
            }
        };
        Some(Field { key: key(field.key), name: field.key.to_owned(), pos: field.pos, answer })
    });
    let fields = fields.collect::<Option<_>>()?;
    Some(Plan { fields, notes: compiler.notes.take(), length: AtomicUsize::new(1024) })
}

struct Compiler<'d, 'a> {
    definition: &'d Definition<'a>,
    /// What is read of persons.
    notes: RefCell<Vec<Note>>,
}

/// A field of the answer: what the document says of it, in as many places as it says it.
struct Merged<'a> {
    key: &'a str,
    node: &'a Node,
    pos: async_graphql::Pos,
    sets: Vec<&'a SelectionSet>,
}

impl Merged<'_> {
    fn name(&self) -> &str {
        &self.node.name.node
    }

    fn is_leaf(&self) -> bool {
        self.sets.iter().all(|it| it.items.is_empty())
    }
}

impl<'a> Compiler<'_, 'a> {
    /// The fields of an object, in the order of the answer; nothing when a directive is not known here.
    fn fields(&self, sets: &[&'a SelectionSet], type_name: &str) -> Option<Vec<Merged<'a>>> {
        let mut fields = Vec::new();
        for set in sets {
            self.collect(set, type_name, &mut fields)?;
        }
        Some(fields)
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        type_name: &str,
        fields: &mut Vec<Merged<'a>>,
    ) -> Option<()> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    if !self.is_included(&field.node.directives)? {
                        continue;
                    }
                    let node = &field.node;
                    let key = node.alias.as_ref().unwrap_or(&node.name).node.as_str();
                    let set = &node.selection_set.node;
                    match fields.iter_mut().find(|it| it.key == key) {
                        Some(known) => known.sets.push(set),
                        None => {
                            fields.push(Merged { key, node, pos: field.pos, sets: vec![set] });
                        }
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    let on = fragment.type_condition.as_ref().map(|it| &it.node.on.node);
                    if self.is_included(&fragment.directives)? && is_of(on, type_name) {
                        self.collect(&fragment.selection_set.node, type_name, fields)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = (self.definition.fragment)(&spread.node.fragment_name.node)?;
                    let on = Some(&fragment.type_condition.node.on.node);
                    if self.is_included(&spread.node.directives)? && is_of(on, type_name) {
                        self.collect(&fragment.selection_set.node, type_name, fields)?;
                    }
                }
            }
        }
        Some(())
    }

    /// What `@skip` and `@include` say.
    fn is_included(&self, directives: &[Positioned<Directive>]) -> Option<bool> {
        let mut is_included = true;
        for directive in directives {
            let (_, value) = directive.node.arguments.iter().find(|(name, _)| name.node == "if")?;
            let holds = match &value.node {
                InputValue::Boolean(it) => *it,
                InputValue::Variable(name) => (self.definition.flag)(name),
                _ => return None,
            };
            is_included &= match directive.node.name.node.as_str() {
                "include" => holds,
                "skip" => !holds,
                _ => return None,
            };
        }
        Some(is_included)
    }

    /// The pieces of a record.
    fn record(
        &self,
        rows: &mut Rows,
        table: usize,
        sets: &[&'a SelectionSet],
    ) -> Option<Vec<Piece>> {
        let source = rows.tables[table].source;
        let mut pieces = Pieces::default();
        let mut selected = Vec::new();
        let fields = self.fields(sets, source.kind().name())?;
        for field in &fields {
            pieces.key(field.key);
            selected.push((source.kind(), field.name()));
            if field.name() == "__typename" {
                pieces.text(&quoted(source.kind().name()));
                continue;
            }
            pieces.0.push(match source.link(field.name()) {
                None => {
                    let (column, leaf) = self.leaf(source, field)?;
                    Piece::Leaf(rows.column(table, column), leaf)
                }
                Some(Link::One { from, to, target }) => {
                    let joined = rows.join(table, from, to, target);
                    let marker = rows.column(joined, to);
                    Piece::One { marker, pieces: self.record(rows, joined, &field.sets)? }
                }
                Some(Link::Many { foreign_key, target }) => {
                    let parent = Parent { foreign_key, id: rows.column(table, "id") };
                    let name = relation(target.kind(), foreign_key);
                    rows.pages.push(self.page(target, name, Some(parent), field)?);
                    Piece::Page(rows.pages.len() - 1)
                }
                Some(Link::Protected(protected)) => {
                    let selected = self.selected(&field.sets, "ProtectedText")?;
                    let index = rows.column(table, protected.place().column);
                    let (id, data_key) = (rows.column(table, "id"), rows.column(table, "data_key"));
                    let is_told = selected.fields.iter().any(|(_, name)| name == "value");
                    let note = is_told.then(|| self.note(Note::unmask(protected)));
                    Piece::Protected { index, id, data_key, field: protected, selected, note }
                }
                Some(Link::Computed(compute)) => {
                    for column in source.columns() {
                        rows.column(table, column);
                    }
                    let selected = self.selected(&field.sets, "")?;
                    Piece::Computed { prefix: prefix(table), compute, selected }
                }
                Some(Link::Loaded { load, type_name }) => {
                    let id = rows.column(table, "id");
                    rows.loads.push(Loaded { load, id });
                    let selected = self.selected(&field.sets, type_name)?;
                    Piece::Loaded { place: rows.loads.len() - 1, selected }
                }
            });
        }
        let mut pieces = pieces.object();
        for note in Note::reads(&selected).iter() {
            let (id, note) = (rows.column(table, "id"), self.note(note.clone()));
            pieces.push(Piece::Noted { id, note });
        }
        Some(pieces)
    }

    /// Where a note stands among those of the plan.
    fn note(&self, note: Note) -> usize {
        let mut notes = self.notes.borrow_mut();
        notes.iter().position(|it| *it == note).unwrap_or_else(|| {
            notes.push(note);
            notes.len() - 1
        })
    }

    /// The column behind a field of the same name, and how it looks.
    fn leaf(
        &self,
        source: &'static dyn Source,
        field: &Merged<'a>,
    ) -> Option<(&'static str, Leaf)> {
        let mut name = snake_case(field.name());
        if !field.is_leaf() {
            name.push_str("_fen");
        }
        let column = source.columns().into_iter().find(|it| *it == name)?;
        let leaf = match (source.column_type(column)?, field.is_leaf()) {
            (ColumnType::BigInteger, false) => Leaf::Money(self.selected(&field.sets, "Money")?),
            (_, false) => return None,
            (ColumnType::Uuid, true) if column == "id" => Leaf::Id(source.kind()),
            (ColumnType::Text | ColumnType::String(_) | ColumnType::Char(_), true) => Leaf::Text,
            (ColumnType::Enum { .. }, true) => Leaf::Text,
            (ColumnType::Boolean, true) => Leaf::Boolean,
            (ColumnType::Integer, true) => Leaf::Integer,
            (ColumnType::Date, true) => Leaf::Date,
            (ColumnType::TimestampWithTimeZone, true) => Leaf::DateTime,
            _ => return None,
        };
        Some((column, leaf))
    }

    fn page(
        &self,
        source: &'static dyn Source,
        relation: String,
        parent: Option<Parent>,
        field: &Merged<'a>,
    ) -> Option<Page> {
        let mut page = Page {
            source,
            relation,
            parent,
            given: field.node.arguments.clone(),
            rows: Rows::of(source),
            pieces: Vec::new(),
            needs: Needs::default(),
        };
        let type_name = format!("{}Connection", source.kind().name());
        let mut pieces = Pieces::default();
        for field in self.fields(&field.sets, &type_name)? {
            pieces.key(field.key);
            let piece = match field.name() {
                "__typename" => Piece::Text(quoted(&type_name)),
                "edges" => Piece::Edges(self.edge(&mut page, &field)?),
                "nodes" => {
                    page.needs.rows = true;
                    Piece::Nodes(self.record(&mut page.rows, 0, &field.sets)?)
                }
                "pageInfo" => {
                    self.page_info(&mut page, &mut pieces, &field)?;
                    continue;
                }
                "totalCount" => {
                    let exact = is_exact(&field)?;
                    if exact {
                        page.needs.exact = true;
                    } else {
                        page.needs.floor = true;
                    }
                    Piece::TotalCount { exact }
                }
                "totalCountIsExact" => {
                    page.needs.floor = true;
                    Piece::TotalCountIsExact
                }
                _ => return None,
            };
            pieces.0.push(piece);
        }
        page.pieces = pieces.object();
        Some(page)
    }

    fn edge(&self, page: &mut Page, field: &Merged<'a>) -> Option<Vec<Piece>> {
        page.needs.rows = true;
        let type_name = format!("{}Edge", page.source.kind().name());
        let mut pieces = Pieces::default();
        for field in self.fields(&field.sets, &type_name)? {
            pieces.key(field.key);
            match field.name() {
                "__typename" => pieces.text(&quoted(&type_name)),
                "cursor" => {
                    page.needs.cursors = true;
                    pieces.0.push(Piece::Cursor);
                }
                "node" => {
                    for piece in self.record(&mut page.rows, 0, &field.sets)? {
                        pieces.push(piece);
                    }
                }
                _ => return None,
            }
        }
        Some(pieces.object())
    }

    fn page_info(&self, page: &mut Page, pieces: &mut Pieces, field: &Merged<'a>) -> Option<()> {
        page.needs.rows = true;
        let mut inner = Pieces::default();
        for field in self.fields(&field.sets, "PageInfo")? {
            inner.key(field.key);
            inner.push(match field.name() {
                "__typename" => Piece::Text(quoted("PageInfo")),
                "hasNextPage" => {
                    page.needs.neighbours = true;
                    Piece::HasNextPage
                }
                "hasPreviousPage" => {
                    page.needs.neighbours = true;
                    Piece::HasPreviousPage
                }
                "startCursor" => {
                    page.needs.cursors = true;
                    Piece::StartCursor
                }
                "endCursor" => {
                    page.needs.cursors = true;
                    Piece::EndCursor
                }
                _ => return None,
            });
        }
        for piece in inner.object() {
            pieces.push(piece);
        }
        Some(())
    }

    /// What is asked of a group, and the pieces of it.
    fn group(
        &self,
        type_name: &str,
        sets: &[&'a SelectionSet],
    ) -> Option<(Vec<String>, Vec<Piece>)> {
        let (mut names, mut pieces) = (Vec::new(), Pieces::default());
        for field in self.fields(sets, type_name)? {
            pieces.key(field.key);
            if field.name() == "__typename" {
                pieces.text(&quoted(type_name));
                continue;
            }
            pieces.push(Piece::Figure(names.len(), self.selected(&field.sets, "Money")?));
            names.push(snake_case(field.name()));
        }
        Some((names, pieces.object()))
    }

    /// What is selected of a value that is made in Rust.
    fn selected(&self, sets: &[&'a SelectionSet], type_name: &'static str) -> Option<Selected> {
        let mut selected = Selected { type_name, fields: Vec::new() };
        for field in self.fields(sets, type_name)? {
            // Such values are flat.
            if !field.is_leaf() {
                return None;
            }
            selected.fields.push((key(field.key), field.name().to_owned()));
        }
        Some(selected)
    }
}

/// `exact`, as the document has it: a variable is left to the executor.
fn is_exact(total_count: &Merged<'_>) -> Option<bool> {
    match total_count.node.arguments.first().map(|(_, value)| &value.node) {
        None | Some(InputValue::Null) => Some(false),
        Some(InputValue::Boolean(exact)) => Some(*exact),
        Some(_) => None,
    }
}

fn is_of(condition: Option<&Name>, type_name: &str) -> bool {
    condition.is_none_or(|it| it == type_name || it == NODE)
}

/// Pieces as they are gathered: texts that follow each other are one.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.text(&text),
            piece => self.0.push(piece),
        }
    }

    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    /// Begins the next field of the object.
    fn key(&mut self, name: &str) {
        self.text(if self.0.is_empty() { "{" } else { "," });
        self.text(&key(name));
    }

    /// Ends the object.
    fn object(mut self) -> Vec<Piece> {
        if self.0.is_empty() {
            self.text("{");
        }
        self.text("}");
        self.0
    }
}

impl Rows {
    fn of(source: &'static dyn Source) -> Rows {
        let tables = vec![Table { source, join: None }];
        // The id is always there: it tells a record from none.
        Rows { tables, columns: vec![(0, "id")], ..Rows::default() }
    }

    /// Where a column stands in the statement.
    fn column(&mut self, table: usize, column: &'static str) -> usize {
        let wanted = (table, column);
        self.columns.iter().position(|it| *it == wanted).unwrap_or_else(|| {
            self.columns.push(wanted);
            self.columns.len() - 1
        })
    }

    /// The table of the records that a column refers to.
    fn join(
        &mut self,
        table: usize,
        from: &'static str,
        to: &'static str,
        source: &'static dyn Source,
    ) -> usize {
        let join = Some((table, from, to));
        let same = |it: &Table| it.join == join && it.source.kind() == source.kind();
        self.tables.iter().position(same).unwrap_or_else(|| {
            self.tables.push(Table { source, join });
            self.tables.len() - 1
        })
    }
}

/// What the names of a table's columns begin with in the statement.
pub fn prefix(table: usize) -> String {
    format!("t{table}_")
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// A name of GraphQL needs no escape.
fn key(name: &str) -> String {
    format!("\"{name}\":")
}

/// `idNumber` → `id_number`.
fn snake_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 4);
    for it in field.chars() {
        if it.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(it.to_ascii_lowercase());
    }
    name
}
