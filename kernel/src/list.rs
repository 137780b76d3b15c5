//! What a list reads: which rows, in which order, from where and how many.

use std::{borrow::Cow, mem, sync::Arc};

use async_graphql::{Enum, InputObject, InputType, TypeName};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::{
    ColIdx, ColumnTrait, ColumnType, Condition, DbBackend, DynIden, IdenStatic, JoinType, Order,
    QueryResult, Value,
    sea_query::{ColumnRef, Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    cursor::Seal,
    filter::{self, Filter, Narrowed},
    repository::Repository,
    resource::{Column, Resource, common},
};

const DEFAULT_SIZE: i32 = 20;
const MAX_SIZE: i32 = 100;

/// The Relay paging arguments, as they arrive.
#[derive(Debug, Default)]
pub struct Page {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

/// A field that a list can be sorted by: its column has an index and no nulls.
pub trait OrderField: InputType + Copy + Send + Sync + 'static {
    type Resource: Resource;

    fn column(self) -> Column<Self::Resource>;
}

/// One key of the order; ties are broken by id.
///
/// 排序条件。
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name_type)]
pub struct OrderBy<F: InputType> {
    /// The field to sort by. 排序字段
    pub field: F,
    /// The direction; ascending unless told otherwise. 排序方向
    #[graphql(default)]
    pub direction: Direction,
}

impl<F: InputType> TypeName for OrderBy<F> {
    fn type_name() -> Cow<'static, str> {
        let name = F::type_name();
        name.strip_suffix("Field").unwrap_or(&name).to_owned().into()
    }
}

/// A direction of sorting.
///
/// 排序方向。
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Direction {
    /// Smallest, earliest first. 升序
    #[default]
    Asc,
    /// Largest, latest first. 降序
    Desc,
}

/// A list with its page, ready to be read. The same for all kinds of record.
pub struct List {
    /// Which rows, besides those that the viewer may not see.
    pub narrowed: Narrowed,
    /// How many the page holds at most.
    pub limit: u64,
    keys: Vec<Key>,
    after: Option<Vec<Value>>,
    before: Option<Vec<Value>>,
    backward: bool,
    bound: Option<Bound>,
}

/// The order of a list, or by what records are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    keys: Vec<(&'static str, Direction)>,
    backward: bool,
}

impl Shape {
    /// Groups by these columns.
    pub fn by(columns: impl Iterator<Item = &'static str>) -> Shape {
        Shape { keys: columns.map(|it| (it, Direction::Asc)).collect(), backward: false }
    }
}

/// What tells a list from another.
struct Bound {
    /// What the list is apart from its page; cursors are bound to it.
    binding: Arc<str>,
    /// The list with its page: siblings with the same text are read together.
    fingerprint: Arc<str>,
    seal: Seal,
}

/// A column of the order.
struct Key {
    name: &'static str,
    column: ColumnRef,
    column_type: ColumnType,
    direction: Direction,
}

impl Key {
    fn new(column: &impl ColumnTrait, direction: Direction) -> Key {
        Key {
            name: column.as_str(),
            column: column.as_column_ref().into_column_ref(),
            column_type: column.def().get_column_type().clone(),
            direction,
        }
    }
}

impl List {
    /// Puts a list together. `relation` names the list among all of its type.
    pub fn new<W: Filter, F: OrderField<Resource = W::Resource>>(
        repository: &Repository,
        relation: &str,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> Result<List> {
        let told = filter::told(filter::as_given(filter.as_ref())?.as_ref());
        List::of(repository, Some((relation, told)), filter, order, page)
    }

    /// The same, given the relation and the filter as it was [told](filter::told): without them nobody asks
    /// for a cursor or goes on from one.
    pub fn of<W: Filter, F: OrderField<Resource = W::Resource>>(
        repository: &Repository,
        bound: Option<(&str, String)>,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> Result<List> {
        let narrowed = filter::condition(&repository.viewer, filter)?;
        let (limit, backward) = page.limit()?;
        let mut keys: Vec<Key> = Vec::new();
        for OrderBy { field, direction } in order.unwrap_or_default() {
            let column = field.column();
            let viewer = &repository.viewer;
            viewer.require_field(F::Resource::KIND, column.as_str(), |it| it.sort)?;
            // A column that is there already orders nothing.
            if !keys.iter().any(|it| it.name == column.as_str()) {
                keys.push(Key::new(&column, direction));
            }
        }
        let tie_break = keys.last().map_or(Direction::Asc, |it| it.direction);
        keys.push(Key::new(&common::<F::Resource>("id"), tie_break));
        let Some((relation, filter)) = bound else {
            let (after, before, bound) = (None, None, None);
            return Ok(List { narrowed, limit, keys, after, before, backward, bound });
        };
        let order_text: Vec<String> =
            keys.iter().map(|it| format!("{} {:?}", it.name, it.direction)).collect();
        let binding = format!("{relation}|{}|{filter}", order_text.join(","));
        let fingerprint =
            format!("{binding}|{limit}|{backward}|{:?}|{:?}", page.after, page.before);
        let seal = Seal::new(&repository.shared.secret, &binding);
        let read = |cursor: Option<String>| -> Result<Option<Vec<Value>>> {
            cursor.map(|it| read_cursor(&seal, &keys, &it)).transpose()
        };
        let (after, before) = (read(page.after)?, read(page.before)?);
        let bound = Some(Bound { binding: binding.into(), fingerprint: fingerprint.into(), seal });
        Ok(List { narrowed, limit, keys, after, before, backward, bound })
    }

    fn bound(&self) -> &Bound {
        self.bound.as_ref().expect("a list without cursors is not asked for one")
    }

    /// What the list is apart from its page.
    pub fn binding(&self) -> &Arc<str> {
        &self.bound().binding
    }

    /// What the list is with its page.
    pub fn fingerprint(&self) -> &Arc<str> {
        &self.bound().fingerprint
    }

    /// The columns of the order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|it| it.name)
    }

    /// Adds the columns of the order that are wanted, under names of their own.
    pub fn add_keys(&self, select: &mut SelectStatement, is_wanted: impl Fn(&str) -> bool) {
        for (place, key) in self.keys.iter().enumerate() {
            if is_wanted(key.name) {
                select.expr_as(Expr::col(key.column.clone()), key_name(place));
            }
        }
    }

    /// Sorts the rows of a finished page by the columns that [`Self::add_keys`] named.
    pub fn sort_by_keys(&self, select: &mut SelectStatement, table: &'static str) {
        for (place, key) in self.keys.iter().enumerate() {
            select.order_by((table, key_name(place)), self.sql_order(key.direction));
        }
    }

    /// Cuts the page out of the rows.
    pub fn cut(&self, select: &mut SelectStatement) {
        self.cut_to(select, self.narrowing(), self.rows());
    }

    /// Cuts so many rows of those that meet a condition, in the order of the list.
    pub fn cut_to(&self, select: &mut SelectStatement, narrowing: Condition, rows: u64) {
        select.cond_where(narrowing);
        for key in &self.keys {
            select.order_by(key.column.clone(), self.sql_order(key.direction));
        }
        select.limit(rows);
    }

    /// One more than the page holds: it tells whether the list goes on.
    pub fn rows(&self) -> u64 {
        self.limit + 1
    }

    /// Which rows, from where on.
    pub fn narrowing(&self) -> Condition {
        self.paged(self.narrowed.condition.clone())
    }

    /// The same of a list that is not asked again.
    pub fn take_narrowing(&mut self) -> Condition {
        let narrowing = mem::replace(&mut self.narrowed.condition, Condition::all());
        self.paged(narrowing)
    }

    fn paged(&self, mut narrowing: Condition) -> Condition {
        if let Some(keys) = &self.after {
            narrowing = Condition::all().add(narrowing).add(self.beyond(keys, false));
        }
        if let Some(keys) = &self.before {
            narrowing = Condition::all().add(narrowing).add(self.beyond(keys, true));
        }
        narrowing
    }

    /// What of the list is in the text of a statement that has the narrowing left out.
    pub fn shape(&self) -> Shape {
        let keys = self.keys.iter().map(|it| (it.name, it.direction)).collect();
        Shape { keys, backward: self.backward }
    }

    /// One page of `rows` for each of many parents, a JSON list of ids, cut in the database: it reads no
    /// row that no page shows. The pages stand under [`ROWS`], and what is selected of them is for the caller to say.
    pub fn pages_of(
        &self,
        backend: DbBackend,
        parents: String,
        mut rows: SelectStatement,
        ties: Ties,
        cut: impl FnOnce(&mut SelectStatement),
    ) -> SelectStatement {
        let parents = Expr::val(parents);
        let mut select = Query::select();
        if backend == DbBackend::Postgres {
            rows.and_where(Expr::col(ties.foreign_key).eq(Expr::cust("q.value::uuid")));
            cut(&mut rows);
            let parents = Func::cust("json_array_elements_text").arg(parents.cast_as("json"));
            select.from_function(parents, "q");
            select.join_lateral(JoinType::InnerJoin, rows, ROWS, Expr::cust("TRUE"));
        } else {
            // The inner table hides the outer one of the same name.
            let mut ids = rows.clone();
            ids.clear_selects().column(ties.id);
            let parent = Expr::cust("unhex(replace(q.value, '-', ''))");
            ids.and_where(Expr::col(ties.foreign_key).eq(parent));
            cut(&mut ids);
            select.from_function(Func::cust("json_each").arg(parents), "q");
            let cut = Expr::col((ROWS, "id")).in_subquery(ids);
            select.join_subquery(JoinType::CrossJoin, rows, ROWS, cut);
        }
        self.sort_by_keys(&mut select, ROWS);
        select
    }

    /// Brings the rows of a page into the order of the list. True when the list goes on.
    pub fn finish<T>(&self, rows: &mut Vec<T>) -> bool {
        let goes_on = rows.len() as u64 > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        if self.backward {
            rows.reverse();
        }
        goes_on
    }

    /// Whether there are pages before and after this one.
    pub fn neighbours(&self, goes_on: bool) -> (bool, bool) {
        if self.backward {
            (goes_on, self.before.is_some())
        } else {
            (self.after.is_some(), goes_on)
        }
    }

    /// Writes the cursor of a row, given where the columns of the order are; without that they have names.
    pub fn push_cursor(
        &self,
        out: &mut String,
        row: &QueryResult,
        places: Option<&[usize]>,
    ) -> Result<()> {
        let mut cursor = Seal::blank();
        for (place, Key { column_type, .. }) in self.keys.iter().enumerate() {
            match places {
                Some(places) => write_key(&mut cursor, row, places[place], column_type)?,
                None => write_key(&mut cursor, row, key_name(place).as_str(), column_type)?,
            }
        }
        self.bound().seal.push(out, &mut cursor);
        Ok(())
    }

    fn sql_order(&self, direction: Direction) -> Order {
        if (direction == Direction::Desc) == self.backward { Order::Asc } else { Order::Desc }
    }

    /// The rows on the far side of a cursor; on the near side with `before`.
    fn beyond(&self, keys: &[Value], before: bool) -> Condition {
        let greater = |key: &Key| (key.direction == Direction::Asc) != before;
        let column = |place: usize| Expr::col(self.keys[place].column.clone());
        if self.keys.iter().all(|it| it.direction == self.keys[0].direction) {
            // A row value is one index condition.
            let columns = Expr::tuple((0..self.keys.len()).map(column));
            let values = Expr::tuple(keys.iter().cloned().map(Expr::val));
            let beyond =
                if greater(&self.keys[0]) { columns.gt(values) } else { columns.lt(values) };
            return Condition::all().add(beyond);
        }
        let step = |place: usize| {
            let value = Expr::val(keys[place].clone());
            if greater(&self.keys[place]) {
                column(place).gt(value)
            } else {
                column(place).lt(value)
            }
        };
        let mut any = Condition::any();
        for place in 0..keys.len() {
            let mut all = Condition::all();
            for (earlier, key) in keys.iter().enumerate().take(place) {
                all = all.add(column(earlier).eq(Expr::val(key.clone())));
            }
            any = any.add(all.add(step(place)));
        }
        // Says nothing new, but is a range of the index: without it the database reads and throws
        // away everything before the cursor.
        let first = Expr::val(keys[0].clone());
        let bound =
            if greater(&self.keys[0]) { column(0).gte(first) } else { column(0).lte(first) };
        Condition::all().add(bound).add(any)
    }
}

/// What the rows of a page are called in the statement that reads them.
pub const ROWS: &str = "t0";

/// The columns that tie the rows of a list to their parents.
pub struct Ties {
    pub id: (DynIden, DynIden),
    pub foreign_key: (DynIden, DynIden),
}

/// What [`List::add_keys`] calls a column of the order.
pub fn key_name(place: usize) -> String {
    format!("k{place}")
}

/// A cursor holds the keys of a row one after the other, in bytes: numbers and instants (in
/// microseconds) as eight, ids as sixteen, texts with their length before them.
fn read_cursor(seal: &Seal, keys: &[Key], cursor: &str) -> Result<Vec<Value>> {
    let body = seal.open(cursor)?;
    let mut rest = body.as_slice();
    let read = keys.iter().map(|key| read_key(&mut rest, &key.column_type));
    let values = read.collect::<Option<Vec<_>>>().ok_or_else(Error::cursor)?;
    if rest.is_empty() { Ok(values) } else { Err(Error::cursor()) }
}

fn write_key(
    body: &mut Vec<u8>,
    row: &QueryResult,
    index: impl ColIdx,
    column_type: &ColumnType,
) -> Result<()> {
    let number = match column_type {
        ColumnType::Uuid => {
            body.extend_from_slice(row.try_get_by::<Uuid, _>(index)?.as_bytes());
            return Ok(());
        }
        ColumnType::Integer => row.try_get_by::<i32, _>(index)?.into(),
        ColumnType::BigInteger => row.try_get_by::<i64, _>(index)?,
        ColumnType::Date => row.try_get_by::<NaiveDate, _>(index)?.num_days_from_ce().into(),
        ColumnType::TimestampWithTimeZone => {
            row.try_get_by::<DateTime<Utc>, _>(index)?.timestamp_micros()
        }
        _ => {
            let text: String = row.try_get_by(index)?;
            body.extend_from_slice(&(text.len() as u64).to_be_bytes());
            body.extend_from_slice(text.as_bytes());
            return Ok(());
        }
    };
    body.extend_from_slice(&number.to_be_bytes());
    Ok(())
}

/// Reads a key back, as the value that the column compares with.
fn read_key(body: &mut &[u8], column_type: &ColumnType) -> Option<Value> {
    if *column_type == ColumnType::Uuid {
        return Some(Uuid::from_bytes(*body.split_off(..16)?.first_chunk()?).into());
    }
    let number = i64::from_be_bytes(*body.split_off(..8)?.first_chunk()?);
    Some(match column_type {
        ColumnType::Integer => i32::try_from(number).ok()?.into(),
        ColumnType::BigInteger => number.into(),
        ColumnType::Date => {
            NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?)?.into()
        }
        ColumnType::TimestampWithTimeZone => DateTime::from_timestamp_micros(number)?.into(),
        _ => {
            let text = body.split_off(..usize::try_from(number).ok()?)?;
            String::from_utf8(text.to_vec()).ok()?.into()
        }
    })
}

impl Page {
    fn limit(&self) -> Result<(u64, bool)> {
        let (name, size, backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(Error::bad_input(
                    "Use first or last, not both.",
                    "first 与 last 不能同时使用。",
                ));
            }
            (first, None) => ("first", first.unwrap_or(DEFAULT_SIZE), false),
            (None, Some(last)) => ("last", last, true),
        };
        match u64::try_from(size) {
            Ok(limit) if size <= MAX_SIZE => Ok((limit, backward)),
            _ => Err(Error::bad_input(
                format!("{name} must be between 0 and {MAX_SIZE}."),
                format!("{name} 必须在 0 到 {MAX_SIZE} 之间。"),
            )),
        }
    }
}
