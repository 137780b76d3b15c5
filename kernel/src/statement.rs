//! The text of a statement, made once for all requests that differ in their values alone.

mod lookups;

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{
    Condition, DbBackend, QueryResult, Value,
    sea_query::{
        Expr, PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqliteQueryBuilder,
        Values,
    },
};

use self::lookups::Lookups;
use crate::{Result, database::Database, list::Shape, viewer::Sight};

pub use lookups::LookUp;

/// Statements of one place in a plan. Each is good for one sight, which it has inside, and one order.
#[derive(Default)]
pub struct Statements(Mutex<Vec<(Key, Arc<Statement>)>>);

type Key = (Sight, Option<Shape>, bool);

/// So many are kept at one place.
const MAX_KEPT: usize = 16;

/// The text of a statement with places for what a request puts in.
pub struct Statement {
    parts: Vec<Part>,
    lookups: Lookups,
}

enum Part {
    Text(String),
    Value(Value),
    Narrowing,
    Counted,
    Limit,
    Parents,
}

/// What a request puts in.
pub struct Filling {
    /// Which rows.
    pub narrowing: Condition,
    /// Which rows are counted, where the statement counts.
    pub counted: Condition,
    pub limit: u64,
    pub parents: String,
}

impl Filling {
    /// So many rows of a narrowing.
    pub fn of(narrowing: Condition, limit: u64) -> Filling {
        Filling { narrowing, counted: Condition::all(), limit, parents: String::new() }
    }
}

/// No text of ours has these.
const HOLE: &str = "\u{1}";
const COUNTED: &str = "\u{2}";
const LIMIT: u64 = u64::MAX;

/// Stands for the narrowing, until that is filled in.
pub fn narrowing() -> Condition {
    Condition::all().add(Expr::cust(HOLE))
}

/// Stands for which rows are counted.
pub fn counted() -> Condition {
    Condition::all().add(Expr::cust(COUNTED))
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
        let (text, values) = match backend {
            DbBackend::Postgres => select.build(PostgresQueryBuilder),
            _ => select.build(SqliteQueryBuilder),
        };
        let mut values = values.0.into_iter();
        let mut parts = Vec::new();
        for piece in pieces(&text) {
            let part = match piece {
                Piece::Text(text) => Part::Text(text.to_owned()),
                Piece::Narrowing => Part::Narrowing,
                Piece::Counted => Part::Counted,
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
        Statement { parts, lookups: Lookups::default() }
    }

    /// The rows of a request.
    pub async fn read(&self, database: &Database, filling: Filling) -> Result<Vec<QueryResult>> {
        let (text, values) = self.fill(database.backend(), filling);
        Ok(database.read().rows(text, values).await?)
    }

    /// The statement of a request.
    pub fn fill(&self, backend: DbBackend, filling: Filling) -> (String, Values) {
        let Filling { narrowing, counted, limit, mut parents } = filling;
        let (narrowing, counted) = (Expr::from(narrowing), Expr::from(counted));
        let mut filled =
            Filled { backend, text: String::with_capacity(1024), values: Vec::with_capacity(16) };
        for part in &self.parts {
            match part {
                Part::Text(part) => filled.text.push_str(part),
                Part::Value(value) => filled.place(value.clone()),
                // In the text: the database then knows how few rows are wanted.
                Part::Limit => write!(filled.text, "{limit}").expect("a string takes any text"),
                Part::Parents => filled.place(std::mem::take(&mut parents).into()),
                Part::Narrowing => filled.condition(&narrowing),
                Part::Counted => filled.condition(&counted),
            }
        }
        (filled.text, Values(filled.values))
    }
}

/// A statement as it is filled in.
struct Filled {
    backend: DbBackend,
    text: String,
    values: Vec<Value>,
}

impl Filled {
    /// Puts the next place of a value.
    fn place(&mut self, value: Value) {
        self.values.push(value);
        match self.backend {
            DbBackend::Postgres => {
                write!(self.text, "${}", self.values.len()).expect("a string takes any text");
            }
            _ => self.text.push('?'),
        }
    }

    fn condition(&mut self, condition: &Expr) {
        self.text.push('(');
        match self.backend {
            DbBackend::Postgres => PostgresQueryBuilder.prepare_expr(condition, self),
            _ => SqliteQueryBuilder.prepare_expr(condition, self),
        }
        self.text.push(')');
    }
}

impl Write for Filled {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.write_str(text)
    }
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl SqlWriter for Filled {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, _: &T) {
        self.place(value);
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

enum Piece<'a> {
    Text(&'a str),
    Value,
    Narrowing,
    Counted,
}

/// A statement's text, cut where a value or a condition is filled in. They come in their order.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        for (hole, piece) in [(HOLE, Piece::Narrowing), (COUNTED, Piece::Counted)] {
            if let Some(after) = rest.strip_prefix(hole) {
                rest = after;
                return Some(piece);
            }
        }
        let first = rest.bytes().next()?;
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
            (None, _) => matches!(byte, b'?' | b'$' | b'\x01' | b'\x02'),
        });
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(Piece::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{ExprTrait, Query};

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

    fn filling(narrowing: Condition, counted: Condition) -> Filling {
        Filling { narrowing, counted, limit: 21, parents: String::new() }
    }

    #[test]
    fn a_filled_statement_has_the_limit_in_its_text_and_the_rest_as_values() {
        for name in ["王芳", "\u{1}", "$9 ? '"] {
            let narrowing_of = || Condition::any().add(Expr::col("name").eq(name));
            let filled = |backend| {
                let statement = Statement::of(backend, &page(backend, narrowing(), limit()));
                statement.fill(backend, filling(narrowing_of(), Condition::all()))
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
    fn rows_and_their_count_are_narrowed_each_in_its_place() {
        let mut count = Query::select();
        count.expr(Expr::cust("COUNT(*)")).from("worker").cond_where(counted());
        let mut rows = page(DbBackend::Postgres, narrowing(), limit());
        rows.expr(Expr::from(count));
        let statement = Statement::of(DbBackend::Postgres, &rows);

        let after = Condition::all().add(Expr::col("name").gt("王芳"));
        let all = Condition::all().add(Expr::col("name").ne("李"));
        let (text, values) = statement.fill(DbBackend::Postgres, filling(after, all));

        assert!(
            text.contains("(SELECT COUNT(*) FROM \"worker\" WHERE (\"name\" <> $1)) FROM ("),
            "{text}"
        );
        assert!(text.contains("AND ((\"name\" > $2)) AND \"note\" <> $3 LIMIT 21"), "{text}");
        assert_eq!(values.0, ["李".into(), "王芳".into(), "a'? \" $1".into(), "x".into()]);
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
