//! What a unit of work asks of the database: of one row, and of many in one statement.

use std::fmt::Write;

use entity::division;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DbBackend, EntityName, EntityTrait,
    FromQueryResult, IdenStatic, Iterable, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select, Statement, Value,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, ValueType},
};
use uuid::Uuid;

use crate::{
    Result,
    error::Violation,
    kind::Kind,
    repository::{Repository, is_any_of, unseen_rows},
    resource::{Draft, Resource, Row, common, current},
    unit_of_work::{
        insert,
        rounds::{Key, Purpose, Question},
    },
};

/// Rows to change, locked where others may write at the same time.
pub(super) fn locked<R: Resource>(repository: &Repository) -> Select<R::Entity> {
    let select = repository.select::<R>();
    match repository.shared.database.backend() {
        DbBackend::Postgres => select.lock_exclusive(),
        _ => select,
    }
}

/// The row that a statement wrote.
pub(super) fn stored<R: Resource>(row: Option<QueryResult>) -> Result<(Row<R>, R)> {
    let row = row.ok_or_else(|| Violation::not_found("id"))?;
    Ok((Row::<R>::from_query_result(&row, "")?, R::from_query_result(&row, "")?))
}

/// A row, with what a draft sets in it.
pub(super) fn overlaid<R: Resource>(mut row: Draft<R>, draft: Draft<R>) -> Draft<R> {
    for column in <R::Entity as EntityTrait>::Column::iter() {
        if let ActiveValue::Set(value) = draft.get(column) {
            row.set(column, value);
        }
    }
    row
}

pub(super) fn about_row<R: Resource>(
    purpose: Purpose,
    id: Uuid,
    statement: fn(&Repository, Vec<Question>) -> Statement,
) -> Question {
    Question {
        about: (purpose, R::KIND.name()),
        key: Key::Id(id),
        part: None,
        statement,
        key_of: |it| Ok(Key::Id(it.try_get("", "id")?)),
    }
}

pub(super) fn write_row<R: Resource>(draft: Draft<R>) -> Question {
    let id = draft.get(common::<R>("id")).into_value().expect("a row that is written has its id");
    let mut question = about_row::<R>(Purpose::Write, Uuid::unwrap(id), write_rows::<R>);
    question.part = Some(Box::new(draft));
    question
}

pub(super) fn find_rows<R: Resource>(
    repository: &Repository,
    questions: Vec<Question>,
) -> Statement {
    let wanted = any_of::<R>(repository, questions);
    let select = locked::<R>(repository).filter(wanted).order_by_asc(common::<R>("id"));
    select.build(repository.shared.database.backend())
}

pub(super) fn read_rows<R: Resource>(
    repository: &Repository,
    questions: Vec<Question>,
) -> Statement {
    let wanted = any_of::<R>(repository, questions);
    repository.select::<R>().filter(wanted).build(repository.shared.database.backend())
}

pub(super) fn refer_to_rows<R: Resource>(
    repository: &Repository,
    questions: Vec<Question>,
) -> Statement {
    let wanted = current::<R>().add(any_of::<R>(repository, questions));
    let select = repository.select::<R>().select_only().column(common::<R>("id")).filter(wanted);
    select.build(repository.shared.database.backend())
}

fn any_of<R: Resource>(repository: &Repository, questions: Vec<Question>) -> Expr {
    let ids = questions.into_iter().filter_map(|it| match it.key {
        Key::Id(id) => Some(id),
        Key::Text(_) | Key::Name(..) => None,
    });
    is_any_of(repository.shared.database.backend(), common::<R>("id").as_column_ref(), ids)
}

/// Which kinds of record are looked for: those that refer to a record by this column.
#[derive(Clone, Copy)]
pub(super) struct Belongings {
    pub(super) column: &'static str,
    pub(super) kinds: &'static [Kind],
}

pub(super) fn about_belongings<R: Resource>(id: Uuid, wanted: Belongings) -> Question {
    let mut question = about_row::<R>(Purpose::Belongings, id, find_belongings::<R>);
    question.part = Some(Box::new(wanted));
    question
}

/// A row for each record, and in it whether there is one of each kind.
fn find_belongings<R: Resource>(repository: &Repository, questions: Vec<Question>) -> Statement {
    let wanted = questions.first().and_then(|it| it.part.as_ref()?.downcast_ref().copied());
    let Belongings { column, kinds } = wanted.unwrap_or(Belongings { column: "id", kinds: &[] });
    let id = common::<R>("id").as_column_ref();
    let mut rows = unseen_rows::<R>();
    rows.expr_as(Expr::col(id.clone()), "id").and_where(any_of::<R>(repository, questions));
    for kind in kinds {
        let mut one = Query::select();
        one.expr(Expr::val(1)).from(kind.prefix());
        one.and_where(Expr::col((kind.prefix(), column)).eq(Expr::col(id.clone())));
        rows.expr_as(Expr::exists(one), kind.prefix());
    }
    repository.shared.database.backend().build(&rows)
}

#[expect(clippy::disallowed_methods, reason = "every caller may know the list of divisions")]
pub(super) fn find_divisions(repository: &Repository, questions: Vec<Question>) -> Statement {
    let codes = questions.into_iter().filter_map(|it| match it.key {
        Key::Text(code) => Some(code),
        Key::Id(_) | Key::Name(..) => None,
    });
    division::Entity::find()
        .select_only()
        .column(division::Column::Code)
        .filter(division::Column::Code.is_in(codes))
        .build(repository.shared.database.backend())
}

/// New rows, and rows that are there, locked, in their next version.
pub(super) fn write_rows<R: Resource>(
    repository: &Repository,
    questions: Vec<Question>,
) -> Statement {
    let drafts = questions.into_iter().filter_map(|it| it.part?.downcast::<Draft<R>>().ok());
    let drafts: Vec<_> = drafts.collect();
    if repository.shared.database.backend() == DbBackend::Postgres
        && let Some(statement) = write_as_json::<R>(&drafts)
    {
        return statement;
    }
    let columns = <R::Entity as EntityTrait>::Column::iter();
    let version = |table: Alias| Expr::col((table, common::<R>("version")));
    let next = version(Alias::new("excluded")).sub(1);
    let table = Alias::new(<R::Entity as Default>::default().table_name());
    let mut conflict = OnConflict::column(common::<R>("id"));
    conflict
        .update_columns(columns.filter(|it| it.as_str() != "id"))
        .action_and_where(version(table).eq(next));
    let mut insert = insert::<R>(drafts.into_iter().map(|it| *it));
    repository.shared.database.backend().build(insert.on_conflict(conflict).returning_all())
}

/// The same for PostgreSQL as one bound value, however many rows: the statement is prepared once. Each
/// number of rows would be another, of a thousand values. Nothing where a value is not for JSON.
fn write_as_json<R: Resource>(drafts: &[Box<Draft<R>>]) -> Option<Statement> {
    let columns: Vec<_> = <R::Entity as EntityTrait>::Column::iter().collect();
    let mut rows = String::with_capacity(drafts.len() * columns.len() * 32);
    for draft in drafts {
        rows.push(if rows.is_empty() { '[' } else { ',' });
        let mut begin = '{';
        for column in &columns {
            // Without a value it is null.
            if let Some(value) = draft.get(*column).into_value() {
                write!(rows, "{begin}\"{}\":", column.as_str()).ok()?;
                push_json(&mut rows, &value)?;
                begin = ',';
            }
        }
        rows.push('}');
    }
    rows.push(']');
    let quoted = |it: &str| format!("\"{it}\"");
    let table = quoted(<R::Entity as Default>::default().table_name());
    let names: Vec<_> = columns.iter().map(|it| quoted(it.as_str())).collect();
    let set = names.iter().filter(|it| *it != "\"id\"").map(|it| format!("{it} = excluded.{it}"));
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, \
         $1::json) ON CONFLICT (id) DO UPDATE SET {set} \
         WHERE {table}.version = excluded.version - 1 RETURNING *",
        names = names.join(", "),
        set = set.collect::<Vec<_>>().join(", "),
    );
    Some(Statement::from_sql_and_values(DbBackend::Postgres, sql, [rows.into()]))
}

/// Writes a value as JSON, from which the type of its column reads it.
fn push_json(out: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Bool(Some(it)) => write!(out, "{it}"),
        Value::Int(Some(it)) => write!(out, "{it}"),
        Value::BigInt(Some(it)) => write!(out, "{it}"),
        Value::Uuid(Some(it)) => write!(out, "\"{it}\""),
        Value::ChronoDate(Some(it)) => write!(out, "\"{it}\""),
        Value::ChronoDateTimeUtc(Some(it)) => write!(out, "\"{}\"", it.format("%+")),
        Value::String(Some(it)) => write!(out, "{}", serde_json::to_string(it).ok()?),
        Value::Json(Some(it)) => write!(out, "{it}"),
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::String(None)
        | Value::Json(None) => write!(out, "null"),
        _ => return None,
    }
    .ok()
}
