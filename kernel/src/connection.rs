//! Lists as clients page through them, and their pages as the executor reads them.

use std::{borrow::Cow, collections::HashMap, hash, sync::Arc};

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName, dataloader::Loader};
use sea_orm::{
    ColumnTrait, ConnectionTrait, QueryResult, QuerySelect, QueryTrait,
    sea_query::{Asterisk, Expr, ExprTrait, Func, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    filter::Filter,
    list::{List, OrderBy, OrderField, Page, ROWS, Ties},
    repository::{self, ChildCount, Repository, grouped, json_list, loaders, rows},
    resource::{Column, Resource, common},
};

/// `totalCount` stops counting here unless it is told to be exact.
pub const COUNT_FLOOR: i64 = 10_000;

/// What the column that refers to the parent is called, where many parents are read together.
pub const PARENT: &str = "parent";

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
    Root { rows: Box<SelectStatement> },
    Children { count: ChildCount<R> },
}

impl<R: Resource> Total<R> {
    async fn count(&self, ctx: &Context<'_>, exact: bool) -> Result<i64> {
        match self {
            Total::Root { rows } => {
                let repository = Repository::of(ctx);
                let select = count_of((**rows).clone(), exact);
                let row = repository.shared.database.read().query_one(&select).await?;
                Ok(row.map_or(Ok(0), |it| it.try_get("", "count"))?)
            }
            Total::Children { count } => {
                Ok(loaders(ctx).load_one(count.clone()).await?.unwrap_or(0))
            }
        }
    }
}

/// Counts rows of which nothing is selected yet; not beyond the floor, unless exactly.
pub fn count_of(mut rows: SelectStatement, exact: bool) -> SelectStatement {
    // Rows and not ids, which not every index holds.
    if exact {
        rows.expr_as(Expr::col(Asterisk).count(), "count");
        return rows;
    }
    rows.expr_as(Expr::cust("1"), "one").limit(COUNT_FLOOR as u64 + 1);
    Query::select()
        .expr_as(Func::count(Expr::col(Asterisk)), "count")
        .from_subquery(rows, "rows")
        .to_owned()
}

/// A count as `totalCount` tells it.
pub fn shown_count(count: i64, exact: bool) -> i32 {
    let shown = if exact { count } else { Ord::min(count, COUNT_FLOOR) };
    i32::try_from(shown).unwrap_or(i32::MAX)
}

/// One page of the list with this name among all of its type.
pub async fn read<W: Filter, F: OrderField<Resource = W::Resource>>(
    repository: &Repository,
    filter: Option<W>,
    order: Option<Vec<OrderBy<F>>>,
    page: Page,
) -> Result<Connection<W::Resource>> {
    let list = List::new(repository, W::Resource::KIND.name(), filter, order, page)?;
    let mut rows = Vec::new();
    if list.limit > 0 {
        let select = statement::<W::Resource>(repository, &list);
        rows = repository.shared.database.read().query_all(&select).await?;
    }
    let rows = Rows::of(&list, rows)?;
    rows.tell(repository);
    let mut all = self::rows::<W::Resource>(&list.narrowed.viewer(&repository.viewer));
    all.cond_where(list.narrowed.condition.clone());
    Ok(rows.connection(&list, Total::Root { rows: Box::new(all) }))
}

/// What [`read`] asks the database.
pub fn statement<R: Resource>(repository: &Repository, list: &List) -> SelectStatement {
    let mut select = selected::<R>(repository, list);
    list.cut(&mut select);
    select
}

/// The columns of the object, and those of the order.
fn selected<R: Resource>(repository: &Repository, list: &List) -> SelectStatement {
    let viewer = list.narrowed.viewer(&repository.viewer);
    let mut select = R::select_cols(repository::select::<R>(&viewer).select_only()).into_query();
    list.add_keys(&mut select, |_| true);
    select
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
        Ok(shown_count(count, exact))
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
    pub list: Arc<List>,
}

impl<R: Resource> Children<R> {
    pub async fn read(self, ctx: &Context<'_>) -> Result<Connection<R>> {
        let count = ChildCount {
            parent: self.parent,
            foreign_key: self.foreign_key,
            fingerprint: self.list.binding().clone(),
            condition: self.list.narrowed.condition.clone(),
        };
        let list = self.list.clone();
        let rows = if list.limit == 0 {
            Rows::default()
        } else {
            loaders(ctx).load_one(self).await?.unwrap_or_default()
        };
        Ok(rows.connection(&list, Total::Children { count }))
    }
}

/// The rows of one page.
#[derive(Clone)]
pub struct Rows<R: Resource> {
    edges: Vec<Edge<R>>,
    goes_on: bool,
}

impl<R: Resource> Rows<R> {
    fn of(list: &List, mut rows: Vec<QueryResult>) -> Result<Rows<R>> {
        let goes_on = list.finish(&mut rows);
        let edge = |row: &QueryResult| {
            let mut cursor = String::new();
            list.push_cursor(&mut cursor, row, None)?;
            Ok(Edge { cursor, node: R::from_query_result(row, "")? })
        };
        Ok(Rows { edges: rows.iter().map(edge).collect::<Result<_>>()?, goes_on })
    }

    fn tell(&self, repository: &Repository) {
        repository.reads.rows(R::KIND, self.edges.iter().map(|it| it.node.id()));
    }

    fn connection(self, list: &List, total: Total<R>) -> Connection<R> {
        let (has_previous_page, has_next_page) = list.neighbours(self.goes_on);
        Connection { edges: self.edges, has_previous_page, has_next_page, total }
    }
}

impl<R: Resource> Loader<Children<R>> for Repository {
    type Value = Rows<R>;
    type Error = Error;

    async fn load(&self, keys: &[Children<R>]) -> Result<HashMap<Children<R>, Rows<R>>> {
        let database = &self.shared.database;
        let mut pages = HashMap::with_capacity(keys.len());
        for group in grouped(keys, |key| key.list.fingerprint()) {
            let (list, foreign_key) = (&group[0].list, group[0].foreign_key);
            let mut rows = selected::<R>(self, list);
            rows.expr_as(Expr::col(foreign_key.as_column_ref()), PARENT);
            let parents = group.iter().map(|key| key.parent);
            let ties = Ties {
                id: common::<R>("id").as_column_ref(),
                foreign_key: foreign_key.as_column_ref(),
            };
            let parents = json_list(parents);
            let cut = |rows: &mut SelectStatement| list.cut(rows);
            let mut select = list.pages_of(database.backend(), parents, rows, ties, cut);
            select.column((ROWS, Asterisk));
            let mut rows: HashMap<Uuid, Vec<QueryResult>> = HashMap::with_capacity(group.len());
            for row in database.read().query_all(&select).await? {
                rows.entry(row.try_get("", PARENT)?).or_default().push(row);
            }
            for key in group {
                let Some(rows) = rows.remove(&key.parent) else { continue };
                let rows = Rows::of(list, rows)?;
                rows.tell(self);
                pages.insert(key.clone(), rows);
            }
        }
        Ok(pages)
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
        self.parent == other.parent && self.list.fingerprint() == other.list.fingerprint()
    }
}

impl<R: Resource> Eq for Children<R> {}

impl<R: Resource> hash::Hash for Children<R> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.list.fingerprint().hash(state);
    }
}
