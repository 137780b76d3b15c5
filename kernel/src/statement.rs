//! The text of a statement, made once for all requests that differ in their values alone.

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{
    Condition, DbBackend, Value,
    sea_query::{Expr, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder, Values},
};

use crate::{list::Shape, viewer::Sight};

/// Statements of one place in a plan. Each is good for one sight, which it has inside, and one order.
#[derive(Default)]
pub struct Statements(Mutex<Vec<(Key, Arc<Statement>)>>);

type Key = (Sight, Option<Shape>, bool);

/// So many are kept at one place.
const MAX_KEPT: usize = 16;

/// The text of a statement with places for what a request puts in.
pub struct Statement(Vec<Part>);

enum Part {
    Text(String),
    Value(Value),
    Narrowing,
    Limit,
    Parents,
}

/// What a request puts in.
pub struct Filling {
    pub narrowing: Condition,
    pub limit: u64,
    pub parents: String,
}

/// No text of ours has it.
const HOLE: &str = "\u{1}";
const LIMIT: u64 = u64::MAX;

/// Stands for the narrowing, until that is filled in.
pub fn narrowing() -> Condition {
    Condition::all().add(Expr::cust(HOLE))
}

/// Stands for the limit.
pub const fn limit() -> u64 {
    LIMIT
}

/// Stands for the list of the parents.
pub fn parents() -> String {
    HOLE.to_owned()
}

impl Statements {
    /// The statement that is kept, or the one that is made now.
    pub fn get(
        &self,
        sight: &Sight,
        shape: Option<Shape>,
        is_pinned: bool,
        make: impl FnOnce() -> Statement,
    ) -> Arc<Statement> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |(seen, order, pinned): &Key| seen == sight && *order == shape && *pinned == is_pinned;
        let known = kept.iter().find(|(key, _)| is_it(key));
        if let Some((_, statement)) = known {
            return statement.clone();
        }
        if kept.len() == MAX_KEPT {
            kept.remove(0);
        }
        let statement = Arc::new(make());
        kept.push(((sight.clone(), shape, is_pinned), statement.clone()));
        statement
    }
}

impl Statement {
    pub fn of(backend: DbBackend, select: &SelectStatement) -> Statement {
        let (text, values) = build(backend, select);
        let mut values = values.0.into_iter();
        let mut parts = Vec::new();
        for piece in pieces(&text) {
            let part = match piece {
                Piece::Text(text) => Part::Text(text.to_owned()),
                Piece::Hole => Part::Narrowing,
                Piece::Value => match values.next().expect("a value for each place") {
                    Value::BigUnsigned(Some(LIMIT)) => Part::Limit,
                    Value::String(Some(text)) if text == HOLE => Part::Parents,
                    value => Part::Value(value),
                },
            };
            match (parts.last_mut(), part) {
                (Some(Part::Text(last)), Part::Text(more)) => last.push_str(&more),
                (_, part) => parts.push(part),
            }
        }
        Statement(parts)
    }

    /// The statement of a request.
    pub fn fill(&self, backend: DbBackend, filling: Filling) -> (String, Values) {
        let Filling { narrowing, limit, parents } = filling;
        let mut narrowing = Some(narrowing);
        let mut parents = Some(parents);
        let mut text = String::with_capacity(1024);
        let mut values = Vec::with_capacity(16);
        let place = |text: &mut String, values: &mut Vec<Value>, value: Value| {
            values.push(value);
            match backend {
                DbBackend::Postgres => {
                    write!(text, "${}", values.len()).expect("a string takes any text");
                }
                _ => text.push('?'),
            }
        };
        for part in &self.0 {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Value(value) => place(&mut text, &mut values, value.clone()),
                // In the text: the database then knows how few rows are wanted.
                Part::Limit => write!(text, "{limit}").expect("a string takes any text"),
                Part::Parents => {
                    place(&mut text, &mut values, parents.take().unwrap_or_default().into());
                }
                Part::Narrowing => {
                    let mut select = Query::select();
                    select.cond_where(narrowing.take().unwrap_or_else(Condition::all));
                    let (condition, inner) = build(backend, &select);
                    let mut inner = inner.0.into_iter();
                    let condition = condition.split_once(" WHERE ").map_or("TRUE", |it| it.1);
                    text.push('(');
                    for piece in pieces(condition) {
                        match piece {
                            Piece::Text(part) => text.push_str(part),
                            Piece::Hole => unreachable!("nothing of a request has a hole"),
                            Piece::Value => {
                                let value = inner.next().expect("a value for each place");
                                place(&mut text, &mut values, value);
                            }
                        }
                    }
                    text.push(')');
                }
            }
        }
        (text, Values(values))
    }
}

fn build(backend: DbBackend, select: &SelectStatement) -> (String, Values) {
    match backend {
        DbBackend::Postgres => select.build(PostgresQueryBuilder),
        _ => select.build(SqliteQueryBuilder),
    }
}

enum Piece<'a> {
    Text(&'a str),
    Value,
    Hole,
}

/// A statement's text, cut where a value or the narrowing stands. They come in their order.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.bytes().next()?;
        if first == HOLE.as_bytes()[0] {
            rest = &rest[1..];
            return Some(Piece::Hole);
        }
        if first == b'?' || first == b'$' {
            rest = rest[1..].trim_start_matches(|it: char| it.is_ascii_digit());
            return Some(Piece::Value);
        }
        let mut quote = None;
        let end = rest.bytes().position(|byte| match (quote, byte) {
            (Some(open), _) => {
                if byte == open {
                    quote = None;
                }
                false
            }
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                false
            }
            (None, _) => byte == b'?' || byte == b'$' || byte == HOLE.as_bytes()[0],
        });
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::ExprTrait;

    use super::*;

    fn page(backend: DbBackend, narrowing: Condition, limit: u64) -> SelectStatement {
        let mut rows = Query::select();
        rows.column("id")
            .from("worker")
            .and_where(Expr::col("division_code").eq(Expr::cust("'130300'")))
            .cond_where(narrowing)
            .and_where(Expr::col("note").ne("a'? \" $1"))
            .limit(limit);
        let mut select = Query::select();
        select.column(("t0", "id")).from_subquery(rows, "t0");
        if backend == DbBackend::Postgres {
            select.and_where(Expr::cust_with_values("$1::text = 'a$'", ["x"]));
        }
        select
    }

    #[test]
    fn a_filled_statement_has_the_limit_in_its_text_and_the_rest_as_values() {
        for name in ["王芳", "\u{1}", "$9 ? '"] {
            let narrowing_of = || Condition::any().add(Expr::col("name").eq(name));
            let filled = |backend| {
                let statement = Statement::of(backend, &page(backend, narrowing(), limit()));
                let narrowing = narrowing_of();
                statement.fill(backend, Filling { narrowing, limit: 21, parents: String::new() })
            };

            let (text, values) = filled(DbBackend::Postgres);
            assert_eq!(
                text,
                "SELECT \"t0\".\"id\" FROM (SELECT \"id\" FROM \"worker\" WHERE \"division_code\" = \
                 ('130300') AND ((\"name\" = $1)) AND \"note\" <> $2 LIMIT 21) AS \"t0\" \
                 WHERE $3::text = 'a$'"
            );
            assert_eq!(values.0, [name.into(), "a'? \" $1".into(), "x".into()]);
            let (text, values) = filled(DbBackend::Sqlite);
            assert_eq!(
                text,
                "SELECT \"t0\".\"id\" FROM (SELECT \"id\" FROM \"worker\" WHERE \"division_code\" = \
                 ('130300') AND ((\"name\" = ?)) AND \"note\" <> ? LIMIT 21) AS \"t0\""
            );
            assert_eq!(values.0, [name.into(), "a'? \" $1".into()]);
        }
    }

    #[test]
    fn another_sight_or_order_is_another_statement() {
        let statements = Statements::default();
        let make = || Statement::of(DbBackend::Sqlite, &page(DbBackend::Sqlite, narrowing(), 1));
        let city = Sight::default();
        let first = statements.get(&city, None, false, make);

        assert!(Arc::ptr_eq(&first, &statements.get(&city, None, false, make)));
        assert!(!Arc::ptr_eq(&first, &statements.get(&city, Some(Shape::default()), false, make)));
    }
}
