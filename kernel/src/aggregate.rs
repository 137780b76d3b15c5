//! Records counted by what they have in common: one statement, however many groups.

use std::cmp::Ordering;

use async_graphql::{Context, InputType, Name, OutputType, Value};
use futures_util::future::BoxFuture;
use sea_orm::{
    ColumnTrait, Condition, IdenStatic, QueryResult, TryGetable,
    sea_query::{Asterisk, Expr, ExprTrait, SelectStatement, Values},
};
use value::{Fen, Money};

use crate::{
    Error, Result,
    context::{ContextExt, Nullable},
    error::camel_case,
    filter::{self, Filter, Narrowed},
    link::{Arguments, Counted, Entry},
    list::Shape,
    repository::{Repository, rows, unseen_rows},
    resource::{Column, Resource, visible_to},
    statement::{self, Filling, Statement, Statements},
};

/// More groups than this are an error.
const MAX_GROUPS: usize = 1_000;

/// Records may be grouped by so many fields at once.
const MAX_FIELDS: usize = 3;

/// Records that have something in common. The implementor answers; [`count`] acts.
pub trait Group: OutputType + Sized + Send + Sync + 'static {
    type Resource: Resource;

    /// What the records can be grouped by: closed lists, codes and divisions, which every reader of
    /// the record sees as they are.
    type Field: InputType + Copy + PartialEq + Send + Sync + 'static;

    /// The columns that are added up, and the names of their totals.
    const TOTALS: &'static [(&'static str, Column<Self::Resource>)];

    fn column(field: Self::Field) -> Column<Self::Resource>;

    /// The group of a row, in groups by these fields.
    fn read(row: &QueryResult, by: &[Self::Field]) -> Result<Self>;

    /// Which of two groups comes first by a field.
    fn compare(&self, other: &Self, field: Self::Field) -> Ordering;

    /// A key, a total or the count, by its name.
    fn value(&self, name: &str) -> Value;
}

/// Counts the records of a filter by these fields.
pub fn count<'b, W: Filter + 'static, G: Group<Resource = W::Resource>>(
    ctx: &'b Context<'_>,
    filter: Option<W>,
    by: Vec<G::Field>,
) -> BoxFuture<'b, Nullable<Vec<G>>> {
    let repository = ctx.repository();
    let selected = ctx.look_ahead();
    let totals = totals::<G>(|name| selected.field(&camel_case(name)).exists());
    let narrowed = filter::as_given(filter.as_ref())
        .and_then(|_| filter::condition(&repository.viewer, filter));
    Box::pin(async move {
        Some(match narrowed {
            Ok(narrowed) => read(repository, narrowed, &by, &totals, &Statements::default()).await,
            Err(error) => Err(error),
        })
    })
}

/// The field of the query that answers with these groups, as data.
pub fn entry<W: Filter + 'static, G: Group<Resource = W::Resource>>() -> Entry {
    Entry::Groups { type_name: G::type_name, count: planned::<W, G> }
}

fn planned<'a, W: Filter + 'static, G: Group<Resource = W::Resource>>(
    repository: &'a Repository,
    given: &Arguments<'_>,
    names: &'a [String],
    statements: &'a Statements,
) -> Result<Counted<'a>> {
    let narrowed = filter::condition::<W>(&repository.viewer, given.get("where")?)?;
    let by: Vec<G::Field> = given.get("by")?;
    let totals = totals::<G>(|name| names.iter().any(|it| it == name));
    Ok(Box::pin(async move {
        let groups: Vec<G> = read(repository, narrowed, &by, &totals, statements).await?;
        let values = |it: &G| names.iter().map(|name| it.value(name)).collect();
        Ok(groups.iter().map(values).collect())
    }))
}

/// The totals that are asked for.
fn totals<G: Group>(is_asked: impl Fn(&str) -> bool) -> Totals<G> {
    G::TOTALS.iter().copied().filter(|(name, _)| is_asked(name)).collect()
}

async fn read<G: Group>(
    repository: &Repository,
    narrowed: Narrowed,
    by: &[G::Field],
    totals: &Totals<G>,
    statements: &Statements,
) -> Result<Vec<G>> {
    if by.is_empty() || by.len() > MAX_FIELDS {
        return Err(Error::bad_input(
            format!("by takes 1 to {MAX_FIELDS} fields."),
            format!("by 须为 1 至 {MAX_FIELDS} 个字段。"),
        ));
    }
    if (1..by.len()).any(|place| by[..place].contains(&by[place])) {
        return Err(Error::bad_input("by names a field twice.", "by 中有重复的字段。"));
    }
    let counted = by.iter().map(|it| G::column(*it)).chain(totals.iter().map(|it| it.1));
    for column in counted {
        repository.viewer.require_field(G::Resource::KIND, column.as_str(), |it| it.group)?;
    }
    let (text, values) = statement::<G>(repository, narrowed, by, totals, statements);
    let rows = repository.shared.database.read().rows(text, values).await;
    let rows =
        rows.map_err(Error::from).map_err(|it| if it.is_overflow() { overflow() } else { it })?;
    if rows.len() > MAX_GROUPS {
        return Err(Error::bad_input(
            format!(
                "There are more than {MAX_GROUPS} groups; narrow the filter or name fewer fields."
            ),
            format!("分组超过 {MAX_GROUPS} 个，请缩小筛选范围或减少分组字段。"),
        ));
    }
    let mut groups = rows.iter().map(|it| G::read(it, by)).collect::<Result<Vec<_>>>()?;
    // Here and not in the statement: a closed list sorts as it is listed, not by its words.
    groups.sort_by(|one, other| {
        by.iter().fold(Ordering::Equal, |order, it| order.then_with(|| one.compare(other, *it)))
    });
    Ok(groups)
}

/// Numbers that are added up: what each is called, and its column.
pub type Totals<G> = Vec<(&'static str, Column<<G as Group>::Resource>)>;

/// What [`count`] asks the database.
pub fn statement<G: Group>(
    repository: &Repository,
    narrowed: Narrowed,
    by: &[G::Field],
    totals: &Totals<G>,
    statements: &Statements,
) -> (String, Values) {
    let (backend, viewer) = (repository.shared.database.backend(), &repository.viewer);
    let shape = Shape::by(by.iter().map(|it| G::column(*it).as_str()));
    // As of a list: the one division is filled in, and with it what of it the viewer sees.
    let is_pinned = narrowed.division.is_some();
    let statement = statements.get(viewer.sight(), Some(shape), is_pinned, || {
        let mut rows =
            if is_pinned { unseen_rows::<G::Resource>() } else { rows::<G::Resource>(viewer) };
        rows.cond_where(statement::narrowing()).limit(statement::limit());
        Statement::of(backend, &grouped::<G>(rows, by, totals))
    });
    let seen = is_pinned.then(|| visible_to::<G::Resource>(&narrowed.viewer(viewer)));
    let narrowing = Condition::all().add_option(seen).add(narrowed.condition);
    statement.fill(backend, Filling::of(narrowing, MAX_GROUPS as u64 + 1))
}

/// Groups rows of which nothing is selected yet, and counts them. Nothing is added up that nobody asks for.
fn grouped<G: Group>(
    mut rows: SelectStatement,
    by: &[G::Field],
    totals: &Totals<G>,
) -> SelectStatement {
    rows.expr_as(Expr::col(Asterisk).count(), "count");
    for column in by.iter().map(|it| G::column(*it)) {
        rows.expr_as(Expr::col(column.as_column_ref()), column.as_str());
        rows.group_by_col(column.as_column_ref());
    }
    for (name, column) in totals {
        // PostgreSQL adds whole numbers up in a wider type.
        rows.expr_as(column.sum().cast_as("bigint"), *name);
    }
    rows
}

/// A key of a group: nothing where the groups are not by it, or its records have none.
pub fn key<F: PartialEq, T: TryGetable>(
    row: &QueryResult,
    by: &[F],
    field: F,
    name: &str,
) -> Result<Option<T>> {
    if by.contains(&field) { Ok(row.try_get("", name)?) } else { Ok(None) }
}

/// A number of a group; 0 where none of its records has one, or nobody asks for it.
pub fn total<T: Total>(row: &QueryResult, name: &str) -> Result<T> {
    let is_asked = row.column_names().iter().any(|it| it == name);
    let sum: Option<i64> = if is_asked { row.try_get("", name)? } else { None };
    T::of(sum.unwrap_or(0)).ok_or_else(overflow)
}

/// What the numbers of records add up to.
pub trait Total: Sized {
    /// Nothing when it does not fit.
    fn of(sum: i64) -> Option<Self>;

    fn to_value(&self) -> Value;
}

impl Total for i32 {
    fn of(sum: i64) -> Option<i32> {
        i32::try_from(sum).ok()
    }

    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl Total for Fen {
    fn of(sum: i64) -> Option<Fen> {
        Some(Fen(sum))
    }

    fn to_value(&self) -> Value {
        let Money { fen, yuan } = Money::from(*self);
        let fields = [("fen", fen.to_value()), ("yuan", yuan.to_value())];
        Value::Object(fields.map(|(name, it)| (Name::new(name), it)).into_iter().collect())
    }
}

/// Groups without the key come last.
pub fn by_key<T: Ord>(one: Option<&T>, other: Option<&T>) -> Ordering {
    one.is_none().cmp(&other.is_none()).then_with(|| one.cmp(&other))
}

fn overflow() -> Error {
    Error::bad_input(
        "A total is too large to be answered; narrow the filter.",
        "合计数值过大，请缩小筛选范围。",
    )
}
