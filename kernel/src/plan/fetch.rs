//! From a plan to rows: one statement for each list, whatever the number of its parents.

use std::collections::HashMap;

use async_graphql::{Value, Variables};
use futures_util::future::BoxFuture;
use sea_orm::{
    Condition, ConnectionTrait, JoinType, QueryResult,
    sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Result,
    audit::{DONE, Note},
    connection::{PARENT, count_of},
    link::{Arguments, Counted, Criterion, Sought, Source},
    list::{List, ROWS, Ties, key_name},
    plan::{Answer, Groups, Needs, One, Page, Rows, Table, compile::prefix},
    repository::{Repository, is_any_of, json_list},
    statement::{self, Filling, LookUp, Statement},
};

/// What an answer reads, with the arguments of this request: found right before anything is read.
pub enum Prepared<'a> {
    Text,
    One { sought: Sought, pages: Vec<PreparedPage> },
    Many(Box<PreparedPage>),
    Groups(Counted<'a>),
}

pub struct PreparedPage {
    list: List,
    pages: Vec<PreparedPage>,
}

/// What an answer was read into.
pub enum Fetched {
    Text,
    One(Filled),
    Many(Box<Pages>),
    /// Of each group what is asked of it.
    Groups(Vec<Vec<Value>>),
}

/// The rows of one statement, with the lists of their records.
#[derive(Default)]
pub struct Filled {
    pub rows: Vec<QueryResult>,
    pub pages: Vec<Pages>,
    pub loads: Vec<HashMap<Uuid, Value>>,
}

/// A list for each of its parents.
pub struct Pages {
    pub list: List,
    pub filled: Filled,
    /// Where the columns of the order are in a row.
    pub keys: Vec<usize>,
    pub by_parent: HashMap<Uuid, Slice>,
}

/// A page among the rows of its statement.
#[derive(Default)]
pub struct Slice {
    pub rows: Vec<usize>,
    pub goes_on: bool,
    /// How many there are on all pages; at most one more than the floor, if `floor` says so.
    pub count: Option<i64>,
    pub floor: Option<i64>,
}

impl Slice {
    fn set_count(&mut self, exact: bool, count: i64) {
        let place = if exact { &mut self.count } else { &mut self.floor };
        *place = Some(count);
    }
}

/// The parent of a list that has none.
pub const NOBODY: Uuid = Uuid::nil();

pub fn prepare<'a>(
    answer: &'a Answer,
    repository: &'a Repository,
    variables: &Variables,
) -> Result<Prepared<'a>> {
    Ok(match answer {
        Answer::Text(_) => Prepared::Text,
        Answer::One(one) => {
            let sought = (one.by)(repository, &Arguments { given: &one.given, variables })?;
            Prepared::One { sought, pages: prepare_pages(&one.rows, repository, variables)? }
        }
        Answer::Many(page) => Prepared::Many(Box::new(prepare_page(page, repository, variables)?)),
        Answer::Groups(Groups { count, given, names, statements, .. }) => {
            let given = Arguments { given, variables };
            Prepared::Groups(count(repository, &given, names, statements)?)
        }
    })
}

fn prepare_pages(
    rows: &Rows,
    repository: &Repository,
    variables: &Variables,
) -> Result<Vec<PreparedPage>> {
    rows.pages.iter().map(|page| prepare_page(page, repository, variables)).collect()
}

fn prepare_page(
    page: &Page,
    repository: &Repository,
    variables: &Variables,
) -> Result<PreparedPage> {
    let given = Arguments { given: &page.given, variables };
    let is_bound = page.needs.cursors || given.has("after") || given.has("before");
    let relation = is_bound.then_some(page.relation.as_str());
    let list = page.source.list(repository, relation, &given)?;
    Ok(PreparedPage { list, pages: prepare_pages(&page.rows, repository, variables)? })
}

pub async fn run(
    answer: &Answer,
    prepared: Prepared<'_>,
    repository: &Repository,
) -> Result<Fetched> {
    Ok(match (answer, prepared) {
        (Answer::One(one), Prepared::One { sought, pages }) => {
            let rows = one.read(sought, repository).await?;
            let shown = 0..rows.len();
            Fetched::One(one.rows.fill(rows, shown, pages, repository).await?)
        }
        (Answer::Many(page), Prepared::Many(prepared)) => {
            Fetched::Many(Box::new(page.fetch(*prepared, &[NOBODY], repository).await?))
        }
        (Answer::Groups(_), Prepared::Groups(counted)) => Fetched::Groups(counted.await?),
        _ => Fetched::Text,
    })
}

impl One {
    /// The row of the record, if there is one.
    async fn read(&self, sought: Sought, repository: &Repository) -> Result<Vec<QueryResult>> {
        let statement = self.rows.statements.get(repository.viewer.sight(), None, false, || {
            let select = self.rows.select(repository, false, |rows| {
                rows.cond_where(statement::narrowing()).limit(statement::limit());
            });
            Statement::of(repository.shared.database.backend(), &select)
        });
        let database = &repository.shared.database;
        let rows = match sought.criterion {
            Criterion::Id(id) => {
                let column = self.rows.tables[0].source.column("id");
                let look_up = LookUp { statement, database: database.clone(), column };
                look_up.row(id).await?.into_iter().collect()
            }
            Criterion::Other(condition) => {
                statement.read(database, Filling::of(condition, 1)).await?
            }
        };
        if let Some(field) = sought.protected {
            // The id comes first.
            let found = rows.first().map(|it| it.try_get_by_index(0)).transpose()?;
            repository.reads.note(&Note::look_up(field, DONE), found);
        }
        Ok(rows)
    }
}

impl Page {
    /// Reads the list for each of the parents.
    fn fetch<'a>(
        &'a self,
        prepared: PreparedPage,
        parents: &'a [Uuid],
        repository: &'a Repository,
    ) -> BoxFuture<'a, Result<Pages>> {
        Box::pin(async move {
            let PreparedPage { mut list, pages } = prepared;
            // Behind the columns comes the parent, where there is one, and then the rest of the order.
            let parent = self.rows.columns.len();
            let mut next = parent + usize::from(self.parent.is_some());
            let keys = list.keys().map(|key| {
                self.rows.place(key).unwrap_or_else(|| {
                    next += 1;
                    next - 1
                })
            });
            let keys: Vec<usize> = keys.collect();
            // Last come the counts.
            let counts = if self.needs.cursors { next } else { parent };
            let mut by_parent: HashMap<Uuid, Slice> =
                parents.iter().map(|it| (*it, Slice::default())).collect();
            let mut rows = Vec::new();
            if self.needs.rows && list.limit > 0 && !parents.is_empty() {
                let shape = Some(list.shape());
                let viewer = &repository.viewer;
                // The one division of a list is filled in, and with it what of it the viewer sees.
                let is_pinned = list.narrowed.division.is_some();
                let statement = self.rows.statements.get(viewer.sight(), shape, is_pinned, || {
                    let select = self.select(&list, repository);
                    Statement::of(repository.shared.database.backend(), &select)
                });
                let seen = is_pinned.then(|| self.source.visible_to(&list.narrowed.viewer(viewer)));
                let within = |rows: Condition| match &seen {
                    Some(seen) => Condition::all().add(seen.clone()).add(rows),
                    None => rows,
                };
                let (counted, narrowing) = if self.is_counted() {
                    (within(list.narrowed.condition.clone()), list.narrowing())
                } else {
                    (Condition::all(), list.take_narrowing())
                };
                let narrowing = within(narrowing);
                let limit = if self.needs.neighbours { list.rows() } else { list.limit };
                let parents = json_list(parents.iter().copied());
                let filling = Filling { narrowing, counted, limit, parents };
                rows = statement.read(&repository.shared.database, filling).await?;
            }
            for (place, row) in rows.iter().enumerate() {
                let parent = match self.parent {
                    Some(_) => row.try_get_by_index(parent)?,
                    None => NOBODY,
                };
                by_parent.entry(parent).or_default().rows.push(place);
            }
            for slice in by_parent.values_mut() {
                slice.goes_on = list.finish(&mut slice.rows);
            }
            match rows.first() {
                Some(row) if self.parent.is_none() => {
                    let slice = by_parent.entry(NOBODY).or_default();
                    for (place, exact) in self.counts().enumerate() {
                        slice.set_count(exact, row.try_get_by_index(counts + place)?);
                    }
                }
                // No row, nothing to tell it.
                _ => self.count(&list, &mut by_parent, repository).await?,
            }
            let shown = by_parent.values().flat_map(|it| it.rows.iter().copied());
            let shown: Vec<usize> = shown.collect();
            let filled = self.rows.fill(rows, shown.into_iter(), pages, repository).await?;
            Ok(Pages { list, filled, keys, by_parent })
        })
    }

    /// The counts that are asked for: the exact one, and the one that does not go beyond the floor.
    fn counts(&self) -> impl Iterator<Item = bool> {
        let Needs { exact, floor, .. } = self.needs;
        [(exact, true), (floor, false)].into_iter().filter(|it| it.0).map(|it| it.1)
    }

    fn is_counted(&self) -> bool {
        self.counts().next().is_some()
    }

    /// The statement, but for what a request fills in.
    fn select(&self, list: &List, repository: &Repository) -> SelectStatement {
        let cut = |rows: &mut SelectStatement| {
            list.cut_to(rows, statement::narrowing(), statement::limit());
        };
        let is_pinned = list.narrowed.division.is_some();
        let Some(parent) = &self.parent else {
            let mut select;
            if self.rows.is_flat() {
                select = self.rows.select(repository, is_pinned, cut);
                if self.needs.cursors {
                    list.add_keys(&mut select, |key| self.rows.place(key).is_none());
                }
            } else {
                select = self.rows.select(repository, is_pinned, |rows| {
                    list.add_keys(rows, |_| true);
                    cut(rows);
                });
                list.sort_by_keys(&mut select, ROWS);
                self.add_keys(list, &mut select);
            }
            for exact in self.counts() {
                let mut all = seen(self.source, repository, is_pinned);
                all.cond_where(statement::counted());
                select.expr(Expr::from(count_of(all, exact)));
            }
            return select;
        };
        let ties = Ties {
            id: self.source.column("id"),
            foreign_key: self.source.column(parent.foreign_key),
        };
        let mut rows = self.rows.of_table(0, repository, is_pinned);
        rows.expr_as(Expr::col(ties.foreign_key.clone()), PARENT);
        list.add_keys(&mut rows, |_| true);
        let backend = repository.shared.database.backend();
        let mut select = list.pages_of(backend, statement::parents(), rows, ties, cut);
        self.rows.finish(&mut select, repository);
        select.column((ROWS, PARENT));
        self.add_keys(list, &mut select);
        select
    }

    fn add_keys(&self, list: &List, select: &mut SelectStatement) {
        if self.needs.cursors {
            for (place, key) in list.keys().enumerate() {
                if self.rows.place(key).is_none() {
                    select.column((ROWS, key_name(place)));
                }
            }
        }
    }

    async fn count(
        &self,
        list: &List,
        by_parent: &mut HashMap<Uuid, Slice>,
        repository: &Repository,
    ) -> Result<()> {
        let database = &repository.shared.database;
        let rows = || {
            let mut rows = self.source.select(&list.narrowed.viewer(&repository.viewer));
            rows.cond_where(list.narrowed.condition.clone());
            rows
        };
        if !self.is_counted() || by_parent.is_empty() {
            return Ok(());
        }
        let Some(parent) = &self.parent else {
            for exact in self.counts() {
                let row = database.read().query_one(&count_of(rows(), exact)).await?;
                let count = row.map_or(Ok(0), |it| it.try_get_by_index(0))?;
                by_parent.entry(NOBODY).or_default().set_count(exact, count);
            }
            return Ok(());
        };
        let foreign_key = self.source.column(parent.foreign_key);
        let mut select = rows();
        let parents = by_parent.keys().copied();
        select
            .expr(Expr::col(foreign_key.clone()))
            .expr(Expr::col(Asterisk).count())
            .and_where(is_any_of(database.backend(), foreign_key.clone(), parents))
            .group_by_col(foreign_key);
        for row in database.read().query_all(&select).await? {
            let slice = by_parent.entry(row.try_get_by_index(0)?).or_default();
            let count = row.try_get_by_index(1)?;
            slice.set_count(true, count);
            slice.set_count(false, count);
        }
        Ok(())
    }
}

impl Rows {
    /// Where a column of the first table is in a row.
    fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|it| *it == (0, column))
    }

    /// Whether one table has it all.
    fn is_flat(&self) -> bool {
        self.tables.len() == 1
    }

    /// The rows that the viewer may see of the first table, narrowed, with what they refer to.
    fn select(
        &self,
        repository: &Repository,
        is_pinned: bool,
        narrow: impl FnOnce(&mut SelectStatement),
    ) -> SelectStatement {
        if self.is_flat() {
            let source = self.tables[0].source;
            let mut select = seen(source, repository, is_pinned);
            for (table, column) in &self.columns {
                let named = format!("{}{column}", prefix(*table));
                select.expr_as(Expr::col(source.column(column)), named);
            }
            narrow(&mut select);
            return select;
        }
        let mut rows = self.of_table(0, repository, is_pinned);
        narrow(&mut rows);
        let mut select = Query::select();
        select.from_subquery(rows, ROWS);
        self.finish(&mut select, repository);
        select
    }

    /// The rows that the viewer may see of a table, with the columns that are needed of it.
    fn of_table(&self, table: usize, repository: &Repository, is_pinned: bool) -> SelectStatement {
        let source = self.tables[table].source;
        let mut select = seen(source, repository, is_pinned);
        let mut columns: Vec<&str> = Vec::new();
        let own = self.columns.iter().filter(|it| it.0 == table).map(|it| it.1);
        let referring = self.tables.iter().filter_map(|it| it.join);
        let referring = referring.filter(|it| it.0 == table).map(|it| it.1);
        let joined = self.tables[table].join.map(|it| it.2);
        for column in own.chain(referring).chain(joined) {
            if !columns.contains(&column) {
                columns.push(column);
                select.column(source.column(column));
            }
        }
        select
    }

    /// Joins the records that are referred to, as far as the viewer may see them, and selects.
    fn finish(&self, select: &mut SelectStatement, repository: &Repository) {
        for (place, Table { join, .. }) in self.tables.iter().enumerate() {
            let Some((table, from, to)) = *join else { continue };
            let on = Expr::col((name(table), from)).equals((name(place), to));
            let rows = self.of_table(place, repository, false);
            select.join_subquery(JoinType::LeftJoin, rows, name(place), on);
        }
        for (table, column) in &self.columns {
            let named = format!("{}{column}", prefix(*table));
            select.expr_as(Expr::col((name(*table), *column)), named);
        }
    }

    /// Reads the lists of the rows that are shown.
    async fn fill(
        &self,
        rows: Vec<QueryResult>,
        shown: impl Iterator<Item = usize> + Clone + Send,
        prepared: Vec<PreparedPage>,
        repository: &Repository,
    ) -> Result<Filled> {
        let mut filled = Filled { rows, ..Filled::default() };
        for (page, prepared) in self.pages.iter().zip(prepared) {
            let Some(parent) = &page.parent else { continue };
            let parents = filled.ids(shown.clone(), parent.id)?;
            filled.pages.push(page.fetch(prepared, &parents, repository).await?);
        }
        for loaded in &self.loads {
            let ids = filled.ids(shown.clone(), loaded.id)?;
            filled.loads.push((loaded.load)(repository, ids).await?);
        }
        Ok(filled)
    }
}

impl Filled {
    /// The ids in a column, each once; a record that is not there has none.
    fn ids(&self, shown: impl Iterator<Item = usize>, column: usize) -> Result<Vec<Uuid>> {
        let mut ids: Vec<Uuid> = Vec::new();
        for place in shown {
            let id: Option<Uuid> = self.rows[place].try_get_by_index(column)?;
            ids.extend(id);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

/// The rows that the viewer sees; of a list in one division that is filled in later.
fn seen(source: &dyn Source, repository: &Repository, is_pinned: bool) -> SelectStatement {
    if is_pinned { source.unseen() } else { source.select(&repository.viewer) }
}

fn name(table: usize) -> String {
    format!("t{table}")
}
