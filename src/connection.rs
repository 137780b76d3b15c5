use std::{borrow::Cow, collections::HashMap, hash, sync::Arc};

use async_graphql::{
    Context, Enum, InputObject, InputType, Object, OutputType, SimpleObject, TypeName,
    dataloader::Loader,
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ColumnType, Condition, ConnectionTrait, DbBackend, EntityName, IdenStatic, Order,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, Statement, Value,
    sea_query::{
        Asterisk, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SelectStatement,
        SqliteQueryBuilder,
    },
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    Error, Result, cursor,
    repository::{ChildCount, Repository, grouped, json_list, loaders},
    resource::{Column, Resource, common},
};

const DEFAULT_SIZE: i32 = 20;
const MAX_SIZE: i32 = 100;

/// `totalCount` stops counting here unless it is told to be exact.
const COUNT_FLOOR: i64 = 10_000;

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

/// What to read: which rows, in which order, from where and how many.
pub struct List<R: Resource> {
    condition: Condition,
    keys: Vec<(Column<R>, Direction)>,
    after: Option<Vec<Value>>,
    before: Option<Vec<Value>>,
    limit: u64,
    backward: bool,
    /// What the list is apart from its page; cursors are bound to it.
    binding: Arc<str>,
    /// The list with its page: siblings with the same text are read together.
    fingerprint: Arc<str>,
}

impl<R: Resource> List<R> {
    /// Puts a list together. `relation` names the list among all of its type.
    pub fn new<F: OrderField<Resource = R>>(
        repository: &Repository,
        relation: &str,
        filter: (Condition, String),
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> Result<List<R>> {
        let (condition, filter_text) = filter;
        let (limit, backward) = page.limit()?;
        let mut keys: Vec<(Column<R>, Direction)> = Vec::new();
        for OrderBy { field, direction } in order.unwrap_or_default() {
            let column = field.column();
            // A column that is there already orders nothing.
            if !keys.iter().any(|(it, _)| it.as_str() == column.as_str()) {
                keys.push((column, direction));
            }
        }
        let tie_break = keys.last().map_or(Direction::Asc, |(_, direction)| *direction);
        keys.push((common::<R>("id"), tie_break));
        let order_text: Vec<String> =
            keys.iter().map(|(it, direction)| format!("{} {direction:?}", it.as_str())).collect();
        let binding = format!("{}|{}|{filter_text}", relation, order_text.join(","));
        let fingerprint =
            format!("{binding}|{limit}|{backward}|{:?}|{:?}", page.after, page.before);
        let read = |cursor: Option<String>| -> Result<Option<Vec<Value>>> {
            cursor
                .map(|it| read_cursor::<R>(&repository.shared.secret, &binding, &keys, &it))
                .transpose()
        };
        let (after, before) = (read(page.after)?, read(page.before)?);
        Ok(List {
            condition,
            after,
            before,
            limit,
            backward,
            binding: binding.into(),
            fingerprint: fingerprint.into(),
            keys,
        })
    }

    /// Reads the page of the rows that meet the condition.
    pub async fn read(self, repository: &Repository) -> Result<Connection<R>> {
        let rows = if self.limit == 0 {
            Vec::new()
        } else {
            repository.shared.database.read().query_all(&self.statement(repository)).await?
        };
        let rows = self.rows(&repository.shared.secret, rows)?;
        Ok(self.connection(rows, Total::Root { condition: self.condition.clone() }))
    }

    /// What [`List::read`] asks the database.
    pub fn statement(&self, repository: &Repository) -> SelectStatement {
        self.page(self.columns(repository.select::<R>())).into_query()
    }

    /// The columns of the object, and those of the order under names of their own.
    fn columns(&self, select: Select<R::Entity>) -> Select<R::Entity> {
        let mut select = R::select_cols(select.select_only());
        for (place, (column, _)) in self.keys.iter().enumerate() {
            select = select.column_as(*column, format!("k{place}"));
        }
        select
    }

    /// The rows of the page, one more than asked for: it tells whether the list goes on.
    fn page(&self, select: Select<R::Entity>) -> Select<R::Entity> {
        let select = select.filter(self.condition.clone());
        let select = match &self.after {
            Some(keys) => select.filter(self.beyond(keys, false)),
            None => select,
        };
        let select = match &self.before {
            Some(keys) => select.filter(self.beyond(keys, true)),
            None => select,
        };
        let select = self.keys.iter().fold(select, |select, (column, direction)| {
            select.order_by(*column, self.sql_order(*direction))
        });
        select.limit(self.limit + 1)
    }

    fn sql_order(&self, direction: Direction) -> Order {
        if (direction == Direction::Desc) == self.backward { Order::Asc } else { Order::Desc }
    }

    /// The rows on the far side of a cursor; on the near side with `before`.
    fn beyond(&self, keys: &[Value], before: bool) -> Condition {
        let greater = |direction: Direction| (direction == Direction::Asc) != before;
        let column = |place: usize| Expr::col(self.keys[place].0.as_column_ref());
        let same = self.keys.iter().all(|it| it.1 == self.keys[0].1);
        if same {
            // A row value is one index condition.
            let columns = Expr::tuple((0..self.keys.len()).map(column));
            let values = Expr::tuple(keys.iter().cloned().map(Expr::val));
            let beyond =
                if greater(self.keys[0].1) { columns.gt(values) } else { columns.lt(values) };
            return Condition::all().add(beyond);
        }
        let step = |place: usize| {
            let value = Expr::val(keys[place].clone());
            if greater(self.keys[place].1) {
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
            if greater(self.keys[0].1) { column(0).gte(first) } else { column(0).lte(first) };
        Condition::all().add(bound).add(any)
    }

    fn rows(&self, secret: &[u8], mut rows: Vec<QueryResult>) -> Result<Rows<R>> {
        let goes_on = rows.len() as u64 > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        if self.backward {
            rows.reverse();
        }
        let edges = rows
            .iter()
            .map(|row| {
                Ok(Edge { cursor: self.cursor(secret, row)?, node: R::from_query_result(row, "")? })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Rows { edges, goes_on })
    }

    fn connection(&self, rows: Rows<R>, total: Total<R>) -> Connection<R> {
        let (has_previous_page, has_next_page) = if self.backward {
            (rows.goes_on, self.before.is_some())
        } else {
            (self.after.is_some(), rows.goes_on)
        };
        Connection { edges: rows.edges, has_previous_page, has_next_page, total }
    }

    fn cursor(&self, secret: &[u8], row: &QueryResult) -> Result<String> {
        let mut keys = Vec::with_capacity(self.keys.len());
        for (place, (column, _)) in self.keys.iter().enumerate() {
            keys.push(read_key(row, &format!("k{place}"), column)?);
        }
        let keys = serde_json::to_vec(&keys).expect("JSON serializes");
        Ok(cursor::seal(secret, &self.binding, &keys))
    }
}

fn read_cursor<R: Resource>(
    secret: &[u8],
    binding: &str,
    keys: &[(Column<R>, Direction)],
    cursor: &str,
) -> Result<Vec<Value>> {
    let body = cursor::open(secret, binding, cursor)?;
    let values: Vec<Json> = serde_json::from_slice(&body).map_err(|_| Error::cursor())?;
    if values.len() != keys.len() {
        return Err(Error::cursor());
    }
    let read = keys.iter().zip(values).map(|((column, _), value)| key_value(column, value));
    read.collect::<Option<Vec<_>>>().ok_or_else(Error::cursor)
}

/// Reads a key of the order as JSON.
fn read_key(row: &QueryResult, name: &str, column: &impl ColumnTrait) -> Result<Json> {
    Ok(match column.def().get_column_type() {
        ColumnType::Uuid => Json::String(row.try_get::<Uuid>("", name)?.to_string()),
        ColumnType::Integer => Json::from(row.try_get::<i32>("", name)?),
        ColumnType::BigInteger => Json::from(row.try_get::<i64>("", name)?),
        ColumnType::Date => Json::String(row.try_get::<NaiveDate>("", name)?.to_string()),
        ColumnType::TimestampWithTimeZone => {
            Json::String(row.try_get::<DateTime<Utc>>("", name)?.to_rfc3339())
        }
        _ => Json::String(row.try_get::<String>("", name)?),
    })
}

/// Reads a key back from JSON, as the value that the column compares with.
fn key_value(column: &impl ColumnTrait, json: Json) -> Option<Value> {
    Some(match (column.def().get_column_type(), json) {
        (ColumnType::Uuid, Json::String(text)) => Uuid::parse_str(&text).ok()?.into(),
        (ColumnType::Integer, Json::Number(it)) => i32::try_from(it.as_i64()?).ok()?.into(),
        (ColumnType::BigInteger, Json::Number(it)) => it.as_i64()?.into(),
        (ColumnType::Date, Json::String(text)) => text.parse::<NaiveDate>().ok()?.into(),
        (ColumnType::TimestampWithTimeZone, Json::String(text)) => {
            DateTime::parse_from_rfc3339(&text).ok()?.with_timezone(&Utc).into()
        }
        (_, Json::String(text)) => text.into(),
        _ => return None,
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

/// One page of a list.
pub struct Connection<R: Resource> {
    edges: Vec<Edge<R>>,
    has_previous_page: bool,
    has_next_page: bool,
    total: Total<R>,
}

/// A record of a list, and its place in it.
///
/// 列表中的一条记录及其位置。
#[derive(Clone, SimpleObject)]
#[graphql(name_type)]
pub struct Edge<R: OutputType> {
    /// The place of the record in this list: opaque, and good for this order and filter only. 游标
    cursor: String,
    /// The record. 记录
    node: R,
}

impl<R: OutputType> TypeName for Edge<R> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", R::type_name()).into()
    }
}

impl<R: Resource> TypeName for Connection<R> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", R::type_name()).into()
    }
}

/// Where a page lies in its list.
///
/// 分页信息。
#[derive(Clone, SimpleObject)]
pub struct PageInfo {
    /// More records after this page? Known for certain when paging with `first`. 是否有下一页
    has_next_page: bool,
    /// More records before this page? Known for certain when paging with `last`. 是否有上一页
    has_previous_page: bool,
    /// The cursor of the first record; null on an empty page. 首条游标
    start_cursor: Option<String>,
    /// The cursor of the last record; null on an empty page. 末条游标
    end_cursor: Option<String>,
}

/// How the records of the whole list are counted.
enum Total<R: Resource> {
    Root { condition: Condition },
    Children { count: ChildCount<R> },
}

impl<R: Resource> Total<R> {
    async fn count(&self, ctx: &Context<'_>, exact: bool) -> Result<i64> {
        match self {
            Total::Root { condition } => {
                let repository = Repository::of(ctx);
                let mut rows = repository.select::<R>().select_only().filter(condition.clone());
                // Rows and not ids, which not every index holds.
                let select = if exact {
                    rows.column_as(Expr::col(Asterisk).count(), "count").into_query()
                } else {
                    rows = rows.expr_as(Expr::cust("1"), "one").limit(COUNT_FLOOR as u64 + 1);
                    Query::select()
                        .expr_as(Func::count(Expr::col(Asterisk)), "count")
                        .from_subquery(rows.into_query(), "rows")
                        .to_owned()
                };
                let row = repository.shared.database.read().query_one(&select).await?;
                Ok(row.map_or(Ok(0), |it| it.try_get("", "count"))?)
            }
            Total::Children { count } => {
                Ok(loaders(ctx).load_one(count.clone()).await?.unwrap_or(0))
            }
        }
    }
}

/// One page of a list.
///
/// 列表的一页。
#[Object(name_type)]
impl<R: Resource> Connection<R> {
    /// The records with their cursors. 记录及游标
    async fn edges(&self) -> &[Edge<R>] {
        &self.edges
    }

    /// The records. 记录
    async fn nodes(&self) -> Vec<&R> {
        self.edges.iter().map(|it| &it.node).collect()
    }

    /// Where the page lies. 分页信息
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.edges.first().map(|it| it.cursor.clone()),
            end_cursor: self.edges.last().map(|it| it.cursor.clone()),
        }
    }

    /// How many records the list has on all pages. A list of more than 10,000 answers 10,000 unless
    /// `exact` is true; see `totalCountIsExact`. 总数（超过一万时默认返回 10000）
    async fn total_count(
        &self,
        ctx: &Context<'_>,
        // Nullable, for generators that take a default for nothing.
        #[graphql(desc = "Count every record, however many; false by default. 精确计数")]
        exact: Option<bool>,
    ) -> Result<i32> {
        let exact = exact.unwrap_or_default();
        let count = self.total.count(ctx, exact).await?;
        let shown = if exact { count } else { Ord::min(count, COUNT_FLOOR) };
        Ok(i32::try_from(shown).unwrap_or(i32::MAX))
    }

    /// Whether `totalCount`, asked without `exact`, is the count itself and not a floor. 总数是否精确
    async fn total_count_is_exact(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.total.count(ctx, false).await? <= COUNT_FLOOR)
    }
}

/// One page of the children of one parent. Parents that ask for the same page are read together.
pub struct Children<R: Resource> {
    pub parent: Uuid,
    pub foreign_key: Column<R>,
    pub list: Arc<List<R>>,
}

impl<R: Resource> Children<R> {
    pub async fn read(self, ctx: &Context<'_>) -> Result<Connection<R>> {
        let count = ChildCount {
            parent: self.parent,
            foreign_key: self.foreign_key,
            fingerprint: self.list.binding.clone(),
            condition: self.list.condition.clone(),
        };
        let list = self.list.clone();
        let rows = if list.limit == 0 {
            Rows::default()
        } else {
            loaders(ctx).load_one(self).await?.unwrap_or_default()
        };
        Ok(list.connection(rows, Total::Children { count }))
    }
}

/// The rows of one page.
#[derive(Clone)]
pub struct Rows<R: Resource> {
    edges: Vec<Edge<R>>,
    goes_on: bool,
}

impl<R: Resource> Loader<Children<R>> for Repository {
    type Value = Rows<R>;
    type Error = Error;

    async fn load(&self, keys: &[Children<R>]) -> Result<HashMap<Children<R>, Rows<R>>> {
        let mut pages = HashMap::with_capacity(keys.len());
        for group in grouped(keys, |key| &key.list.fingerprint) {
            let list = &group[0].list;
            let statement = self.child_pages(&group);
            let mut rows: HashMap<Uuid, Vec<QueryResult>> = HashMap::with_capacity(group.len());
            for row in self.shared.database.read().query_all_raw(statement).await? {
                rows.entry(row.try_get("", "parent")?).or_default().push(row);
            }
            for key in group {
                let Some(rows) = rows.remove(&key.parent) else { continue };
                pages.insert(key.clone(), list.rows(&self.shared.secret, rows)?);
            }
        }
        Ok(pages)
    }
}

impl Repository {
    /// One page of children per parent, cut in the database: it reads no row that no page shows.
    fn child_pages<R: Resource>(&self, group: &[&Children<R>]) -> Statement {
        let (list, foreign_key) = (&group[0].list, group[0].foreign_key);
        let table = R::Entity::default().table_name().to_owned();
        let parents = json_list(group.iter().map(|key| key.parent));
        let order = |prefix: &str| -> String {
            let keys = list.keys.iter().enumerate().map(|(place, (_, direction))| {
                let direction = match list.sql_order(*direction) {
                    Order::Desc => "DESC",
                    _ => "ASC",
                };
                format!("{prefix}\"k{place}\" {direction}")
            });
            keys.collect::<Vec<_>>().join(", ")
        };
        let belongs =
            |parent: &str| Expr::col(foreign_key.as_column_ref()).eq(Expr::cust(parent.to_owned()));
        let backend = self.shared.database.backend();
        let (sql, values) = if backend == DbBackend::Postgres {
            let rows: SelectStatement = list
                .page(list.columns(self.select::<R>()).column_as(foreign_key, "parent"))
                .filter(belongs("q.value::uuid"))
                .into_query();
            let (rows, mut values) = rows.build(PostgresQueryBuilder);
            // The parents are bound last, so that the numbers of the inner statement stand.
            values.0.push(parents.into());
            let last = values.0.len();
            let sql = format!(
                "SELECT r.* FROM json_array_elements_text(${last}::json) AS q(value) \
                 CROSS JOIN LATERAL ({rows}) AS r ORDER BY {}",
                order("r."),
            );
            (sql, values)
        } else {
            // The inner FROM hides the outer table of the same name.
            let ids: SelectStatement = list
                .page(self.select::<R>().select_only().column(common::<R>("id")))
                .filter(belongs("unhex(replace(q.value, '-', ''))"))
                .into_query();
            let (ids, mut values) = ids.build(SqliteQueryBuilder);
            values.0.insert(0, parents.into());
            let rows: SelectStatement =
                list.columns(self.select::<R>()).column_as(foreign_key, "parent").into_query();
            let (columns, _) = rows.build(SqliteQueryBuilder);
            let (columns, _) = columns.split_once(" FROM ").expect("a SELECT has a FROM");
            let sql = format!(
                "{columns} FROM json_each(?) AS q CROSS JOIN \"{table}\" \
                 ON \"{table}\".\"id\" IN ({ids}) ORDER BY {}",
                order(""),
            );
            (sql, values)
        };
        Statement::from_sql_and_values(backend, sql, values)
    }
}

impl<R: Resource> Default for Rows<R> {
    fn default() -> Rows<R> {
        Rows { edges: Vec::new(), goes_on: false }
    }
}

// Derives would demand the same of `R`.
impl<R: Resource> Clone for Children<R> {
    fn clone(&self) -> Children<R> {
        Children { parent: self.parent, foreign_key: self.foreign_key, list: self.list.clone() }
    }
}

impl<R: Resource> PartialEq for Children<R> {
    fn eq(&self, other: &Children<R>) -> bool {
        self.parent == other.parent && self.list.fingerprint == other.list.fingerprint
    }
}

impl<R: Resource> Eq for Children<R> {}

impl<R: Resource> hash::Hash for Children<R> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.list.fingerprint.hash(state);
    }
}
