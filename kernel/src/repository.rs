use std::{
    collections::{HashMap, HashSet},
    hash,
    marker::PhantomData,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
    runtime::{Timer, TokioSpawner},
};
use futures_util::future::BoxFuture;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DynIden, EntityName, EntityTrait,
    QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;
use value::Rules;

use crate::{
    Error, Result,
    audit::{Caller, Journal, Reads},
    change_log::ChangeLog,
    clock::Clock,
    database::Database,
    keyring::Keys,
    quota::Quotas,
    resource::{Column, Resource, common, visible_to},
    viewer::Viewer,
};

/// What every request of the process shares.
#[derive(Clone)]
pub struct Shared {
    pub database: Database,
    pub keys: Keys,
    pub clock: Clock,
    pub change_log: ChangeLog,
    pub journal: Journal,
    pub divisions: KnownDivisions,
    pub quotas: Quotas,
    /// Signs cursors; the same on every replica.
    pub secret: Arc<[u8]>,
    /// True where the records are made up: only then are made-up id numbers accepted.
    pub synthetic: bool,
}

/// Codes of divisions that are there. A division is never removed, nor is its code changed: what is
/// known stays true. What is not known may have been added by another replica.
#[derive(Clone, Default)]
pub struct KnownDivisions(Arc<RwLock<HashSet<String>>>);

impl KnownDivisions {
    pub fn contains(&self, code: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(code)
    }

    pub fn insert(&self, code: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(code);
    }
}

/// The records as one viewer sees them. Made once per request.
#[derive(Clone)]
pub struct Repository {
    pub shared: Arc<Shared>,
    pub viewer: Arc<Viewer>,
    pub request_id: Arc<str>,
    /// What is asked, as the audit trail names it.
    pub operation: Arc<str>,
    /// What was read of persons so far.
    pub reads: Arc<Reads>,
}

/// Batches the look-ups of one request. Never shared by two: a batch must not mix two viewers. Nothing
/// is remembered: a subscription lives long, and a mutation may follow another in one document.
pub type Loaders = DataLoader<Repository>;

/// Where every read starts.
#[expect(clippy::disallowed_methods, reason = "the one place that starts a SELECT")]
pub fn select<R: Resource>(viewer: &Viewer) -> Select<R::Entity> {
    R::Entity::find().filter(visible_to::<R>(viewer))
}

/// As [`select`], with nothing selected yet.
pub fn rows<R: Resource>(viewer: &Viewer) -> SelectStatement {
    let mut rows = unseen_rows::<R>();
    rows.cond_where(visible_to::<R>(viewer));
    rows
}

/// As [`rows`], where what the viewer may see is filled in for each request.
pub fn unseen_rows<R: Resource>() -> SelectStatement {
    let mut rows = Query::select();
    rows.from(R::Entity::default().table_ref());
    rows
}

/// The loaders of a request.
pub fn loaders<'a>(ctx: &Context<'a>) -> &'a Loaders {
    ctx.data_unchecked::<Loaders>()
}

impl Repository {
    pub fn of<'a>(ctx: &Context<'a>) -> &'a Repository {
        loaders(ctx).loader()
    }

    pub fn into_loaders(self) -> Loaders {
        DataLoader::new(self, TokioSpawner::current(), Turns)
    }

    pub fn select<R: Resource>(&self) -> Select<R::Entity> {
        select::<R>(&self.viewer)
    }

    /// The context in which values are checked now.
    pub fn rules(&self) -> Rules {
        Rules { today: self.shared.clock.today(), synthetic: self.shared.synthetic }
    }

    /// The first of the visible rows that meet a condition.
    pub async fn find<R: Resource>(&self, condition: Condition) -> Result<Option<R>> {
        let select = self.select::<R>().filter(condition);
        let found = select.into_partial_model::<R>().one(self.shared.database.read()).await?;
        self.reads.rows(R::KIND, found.iter().map(Resource::id));
        Ok(found)
    }

    /// Who asks, for the audit trail.
    pub fn caller(&self) -> Caller<'_> {
        Caller { viewer: &self.viewer, request_id: &self.request_id }
    }

    /// Has what was read so far taken down. What was read may be told once that is done.
    pub async fn account(&self) -> Result<()> {
        self.shared.journal.take(self.caller(), &self.operation, self.reads.take()).await
    }
}

/// A batch waits until the tasks that are ready now have had their turns: no clock, no gap.
struct Turns;

impl Timer for Turns {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        })
    }
}

/// The rows whose UUID column is one of many. One bound value, however many: the statement is
/// prepared once, and no database's limit on parameters is met.
pub fn is_any_of(
    backend: DbBackend,
    column: (DynIden, DynIden),
    ids: impl IntoIterator<Item = Uuid>,
) -> Expr {
    let column = Expr::col(column);
    match backend {
        DbBackend::Postgres => {
            let ids: Vec<String> = ids.into_iter().map(|it| it.to_string()).collect();
            let array = format!("{{{}}}", ids.join(","));
            Expr::cust_with_exprs("$1 = ANY($2::uuid[])", [column, Expr::val(array)])
        }
        _ => Expr::cust_with_exprs(
            "? IN (SELECT unhex(replace(value, '-', '')) FROM json_each(?))",
            [column, Expr::val(json_list(ids))],
        ),
    }
}

/// `["…","…"]`.
pub fn json_list(ids: impl IntoIterator<Item = Uuid>) -> String {
    serde_json::to_string(&ids.into_iter().collect::<Vec<_>>()).expect("UUIDs serialize")
}

/// A look-up by id. One loader serves every resource: the key carries the type.
pub struct ById<R>(Uuid, PhantomData<fn() -> R>);

impl<R> ById<R> {
    pub fn new(id: Uuid) -> ById<R> {
        ById(id, PhantomData)
    }
}

impl<R: Resource> Loader<ById<R>> for Repository {
    type Value = R;
    type Error = Error;

    async fn load(&self, keys: &[ById<R>]) -> Result<HashMap<ById<R>, R>> {
        let database = &self.shared.database;
        let ids = keys.iter().map(|key| key.0);
        let wanted = is_any_of(database.backend(), common::<R>("id").as_column_ref(), ids);
        let found = self
            .select::<R>()
            .filter(wanted)
            .into_partial_model::<R>()
            .all(database.read())
            .await?;
        self.reads.rows(R::KIND, found.iter().map(Resource::id));
        Ok(found.into_iter().map(|it| (ById::new(it.id()), it)).collect())
    }
}

/// How many children a parent has that meet a condition.
pub struct ChildCount<R: Resource> {
    pub parent: Uuid,
    pub foreign_key: Column<R>,
    /// Says what the condition is: counts of one request with the same text are one statement.
    pub fingerprint: Arc<str>,
    pub condition: Condition,
}

impl<R: Resource> Loader<ChildCount<R>> for Repository {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[ChildCount<R>]) -> Result<HashMap<ChildCount<R>, i64>> {
        let database = &self.shared.database;
        let mut counts = HashMap::with_capacity(keys.len());
        for group in grouped(keys, |key| &key.fingerprint) {
            let first = group[0];
            let parents = group.iter().map(|key| key.parent);
            let wanted = is_any_of(database.backend(), first.foreign_key.as_column_ref(), parents);
            let select: SelectStatement = self
                .select::<R>()
                .select_only()
                .column_as(first.foreign_key, "parent")
                .column_as(common::<R>("id").count(), "count")
                .filter(wanted)
                .filter(first.condition.clone())
                .group_by(first.foreign_key)
                .into_query();
            let mut found: HashMap<Uuid, i64> = HashMap::new();
            for row in database.read().query_all(&select).await? {
                found.insert(row.try_get("", "parent")?, row.try_get("", "count")?);
            }
            for key in group {
                counts.insert(key.clone(), found.get(&key.parent).copied().unwrap_or(0));
            }
        }
        Ok(counts)
    }
}

/// Splits keys into the groups that one statement can answer, in the order of their first members.
pub fn grouped<K>(keys: &[K], fingerprint: impl Fn(&K) -> &Arc<str>) -> Vec<Vec<&K>> {
    let mut groups: Vec<Vec<&K>> = Vec::new();
    for key in keys {
        let text = fingerprint(key);
        match groups.iter_mut().find(|group| fingerprint(group[0]) == text) {
            Some(group) => group.push(key),
            None => groups.push(vec![key]),
        }
    }
    groups
}

// Derives would demand the same of `R`.
impl<R> Clone for ById<R> {
    fn clone(&self) -> ById<R> {
        ById::new(self.0)
    }
}

impl<R> PartialEq for ById<R> {
    fn eq(&self, other: &ById<R>) -> bool {
        self.0 == other.0
    }
}

impl<R> Eq for ById<R> {}

impl<R> hash::Hash for ById<R> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<R: Resource> Clone for ChildCount<R> {
    fn clone(&self) -> ChildCount<R> {
        ChildCount {
            parent: self.parent,
            foreign_key: self.foreign_key,
            fingerprint: self.fingerprint.clone(),
            condition: self.condition.clone(),
        }
    }
}

impl<R: Resource> PartialEq for ChildCount<R> {
    fn eq(&self, other: &ChildCount<R>) -> bool {
        self.parent == other.parent && self.fingerprint == other.fingerprint
    }
}

impl<R: Resource> Eq for ChildCount<R> {}

impl<R: Resource> hash::Hash for ChildCount<R> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.parent.hash(state);
        self.fingerprint.hash(state);
    }
}
