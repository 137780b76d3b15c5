mod audited;
mod external_id;
mod group_commit;
mod idempotency;
mod questions;
mod rounds;
mod unseen;

use std::{any::Any, mem, sync::Arc};

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::change_log::ChangeAction;
use futures_util::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    FromQueryResult, IdenStatic, IntoActiveModel, Iterable, ModelTrait, QueryFilter, QueryResult,
    QuerySelect, QueryTrait,
    sea_query::{Expr, InsertStatement, SelectStatement, UpdateStatement, ValueType},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use value::{DivisionCode, Rules};

use crate::{
    Error, Result,
    change_log::{Entry, Position},
    database::Transaction,
    error::{UserErrorCode, Violation, camel_case},
    keyring::Keyring,
    kind::Kind,
    link::Source,
    policy::Scope,
    repository::Repository,
    resource::{Draft, Id, Resource, Row, blank, common, current},
};

use audited::act;
pub use audited::note_write;
pub use external_id::{Claim, ExternalId, RecordOptions, has_name, wrong_source};
pub use group_commit::{Company, GroupCommit};
use group_commit::{Told, Turn};
pub use idempotency::prune_keys;
use idempotency::{Kept, keyed};
use questions::{
    Belongings, about_belongings, about_row, find_divisions, find_rows, locked, overlaid,
    read_rows, refer_to_rows, stored, write_row,
};
pub use rounds::Ended;
use rounds::{Access, Key, Purpose, Question};

/// What every mutation takes besides its own input.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WriteOptions {
    /// At most 128 characters. The same key with the same input answers the first answer again and
    /// changes nothing; with another input it is refused. Kept for 7 days. 幂等键
    pub idempotency_key: Option<String>,
    /// Run everything but the commit. 仅校验，不保存
    #[graphql(default)]
    pub validate_only: bool,
    /// Of the record that is made or changed, where the mutation takes [`RecordOptions`].
    #[graphql(skip)]
    pub external_ids: Option<Vec<ExternalId>>,
}

/// How a mutation ended.
#[derive(Clone, Debug)]
pub struct Outcome<T> {
    /// None when it was refused.
    pub result: Option<T>,
    pub user_errors: Vec<Violation>,
    pub warnings: Vec<Violation>,
    pub change_cursor: Option<String>,
    pub replayed: bool,
    /// The result says why nothing was kept: a batch, all or nothing.
    pub abandoned: bool,
}

/// A mutation, as it was called.
pub struct Call<'a> {
    /// The name of the mutation.
    pub operation: &'a str,
    /// What it takes to call it.
    pub scope: Scope,
    /// The kind of the record that it makes or changes.
    pub kind: Option<Kind>,
    /// Of the arguments, without the key. None where there is no key.
    pub request_hash: Option<String>,
    pub options: WriteOptions,
}

/// The only way to write: authorized when begun, checked and logged as it goes, kept when committed.
///
/// Dropped uncommitted, it leaves nothing behind.
#[must_use = "nothing is written until it is committed"]
pub struct UnitOfWork<'a> {
    repository: &'a Repository,
    access: Access<'a>,
    operation: &'a str,
    now: DateTime<Utc>,
    entries: Vec<Entry>,
    /// For the first record of that kind that is written.
    names: Option<(Kind, Vec<ExternalId>)>,
    /// Records that were given a name: a change, even where no column is.
    renamed: Vec<Uuid>,
    /// The row that the last claim of a name found.
    found: Option<Box<dyn Any + Send + Sync>>,
    /// The id of the record that the last claim took a name for, until it is made.
    claimed: Option<(Kind, Uuid)>,
    warnings: Vec<Violation>,
    abandoned: bool,
}

/// A transaction that lost a race is run again so many times.
const ATTEMPTS: u32 = 5;
const MAX_KEY: usize = 128;

/// What a mutation does: run again from its beginning where the transaction lost a race.
pub type Body<'b, T> =
    dyn for<'w> Fn(&'w mut UnitOfWork<'_>) -> BoxFuture<'w, Result<T>> + Send + Sync + 'b;

/// Runs a mutation: all of it is kept, or nothing is. It may have company, where it comes with what that
/// takes.
pub async fn write<T: Serialize + DeserializeOwned + Send + 'static>(
    repository: &Repository,
    call: Call<'_>,
    body: &Body<'_, T>,
    company: Option<Company>,
) -> Result<Outcome<T>> {
    repository.viewer.require(call.scope)?;
    let key = call.options.idempotency_key.as_deref();
    if key.is_some_and(|it| it.is_empty() || it.len() > MAX_KEY || it.contains(char::is_control)) {
        let violation = Violation::new(
            UserErrorCode::InvalidValue,
            "input.idempotencyKey",
            "An idempotency key has 1 to 128 bytes, none of them a control character.",
            "幂等键长度为 1 至 128 字节，且不含控制字符。",
        );
        return Ok(Outcome::refused(vec![violation]));
    }
    // Kept until the end.
    let mut _place = None;
    let may_share = !call.options.validate_only && call.options.external_ids.is_none();
    if let Some(company) = company.filter(|_| may_share) {
        match company.turn(repository, &call).await? {
            Turn::Ended(told) => return refused(told.and_then(Told::outcome)),
            Turn::Alone(place) => _place = place,
        }
    }
    let mut attempt = 1;
    loop {
        let outcome = once(repository, &call, body).await;
        match outcome {
            Err(error) if error.is_transient() && attempt < ATTEMPTS => {
                let pause = 2_u64.pow(attempt) * 5 + u64::from(rand::random::<u8>() % 16);
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                attempt += 1;
            }
            // It lost every race: nothing is wrong with the request, and it may come again.
            Err(error) if error.is_transient() => return Err(Error::Unavailable),
            outcome => return refused(outcome),
        }
    }
}

/// What the caller can mend is an outcome, too.
fn refused<T>(outcome: Result<Outcome<T>>) -> Result<Outcome<T>> {
    let mut violations = match outcome {
        Err(Error::Invalid(violations)) => violations,
        outcome => return outcome,
    };
    for it in &mut violations {
        it.path.insert(0, "input".to_owned());
    }
    Ok(Outcome::refused(violations))
}

async fn once<T: Serialize + DeserializeOwned>(
    repository: &Repository,
    call: &Call<'_>,
    body: &Body<'_, T>,
) -> Result<Outcome<T>> {
    let shared = &repository.shared;
    let transaction = shared.database.begin().await?;
    let access = Access::Whole(transaction);
    let mut work = UnitOfWork::new(repository, access, call.operation, shared.clock.now());
    let keyed = if call.options.validate_only { None } else { keyed(repository, call, work.now)? };
    if let Some(keyed) = &keyed
        && let Some(kept) = work.first_answer::<T>(keyed, call).await?
    {
        work.roll_back().await?;
        // The first may still wait for the disk.
        shared.database.durable().await?;
        return Ok(Outcome {
            result: Some(kept.result),
            user_errors: Vec::new(),
            warnings: kept.warnings,
            change_cursor: kept.change_cursor,
            replayed: true,
            abandoned: false,
        });
    }
    work.names = call.kind.zip(call.options.external_ids.clone());
    // An early return drops the transaction, which rolls it back.
    let result = body(&mut work).await?;
    if work.names.is_some() || work.claimed.is_some() {
        return Err(Error::internal(std::io::Error::other(
            "no record was written to have the names",
        )));
    }
    let last = work.entries.last().map(|it| it.event_id);
    let change_cursor = last.map(|it| shared.change_log.cursor(Position::Event(it)));
    if call.options.validate_only || work.abandoned {
        let (warnings, abandoned) = (mem::take(&mut work.warnings), work.abandoned);
        work.roll_back().await?;
        return Ok(Outcome { warnings, abandoned, ..Outcome::done(result, None) });
    }
    let kept = Kept { result, warnings: work.warnings.clone(), change_cursor };
    if let Some(keyed) = keyed {
        idempotency::keep(work.transaction(), vec![kept.answers(keyed)?]).await?;
    }
    work.commit(call).await?;
    Ok(Outcome { warnings: kept.warnings, ..Outcome::done(kept.result, kept.change_cursor) })
}

impl<T> Outcome<T> {
    fn done(result: T, change_cursor: Option<String>) -> Outcome<T> {
        Outcome {
            result: Some(result),
            user_errors: Vec::new(),
            warnings: Vec::new(),
            change_cursor,
            replayed: false,
            abandoned: false,
        }
    }

    pub fn refused(user_errors: Vec<Violation>) -> Outcome<T> {
        Outcome {
            result: None,
            user_errors,
            warnings: Vec::new(),
            change_cursor: None,
            replayed: false,
            abandoned: false,
        }
    }
}

impl<'a> UnitOfWork<'a> {
    fn new(
        repository: &'a Repository,
        access: Access<'a>,
        operation: &'a str,
        now: DateTime<Utc>,
    ) -> UnitOfWork<'a> {
        UnitOfWork {
            repository,
            access,
            operation,
            now,
            entries: Vec::new(),
            names: None,
            renamed: Vec::new(),
            found: None,
            claimed: None,
            warnings: Vec::new(),
            abandoned: false,
        }
    }
}

impl UnitOfWork<'_> {
    /// The context in which values are checked.
    pub fn rules(&self) -> Rules {
        self.repository.rules()
    }

    /// When all of it happens.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn keyring(&self) -> Arc<Keyring> {
        self.repository.shared.keys.now()
    }

    pub fn repository(&self) -> &Repository {
        self.repository
    }

    /// Answers, but keeps nothing.
    pub fn abandon(&mut self) {
        self.abandoned = true;
    }

    /// Something the caller should know that is no error.
    pub fn warn(&mut self, warnings: Vec<Violation>) {
        self.warnings.extend(warnings);
    }

    /// The transaction of the whole. An item has none to ask itself.
    fn transaction(&self) -> &Transaction {
        match &self.access {
            Access::Whole(transaction) => transaction,
            Access::Item(_) => unreachable!("an item is no whole"),
        }
    }

    async fn roll_back(self) -> Result<()> {
        if let Access::Whole(transaction) = self.access {
            transaction.rollback().await?;
        }
        Ok(())
    }

    async fn rows(&self, select: SelectStatement) -> Result<Vec<QueryResult>> {
        let statement = self.repository.shared.database.backend().build(&select);
        match &self.access {
            Access::Whole(transaction) => Ok(transaction.query_all_raw(statement).await?),
            Access::Item(rounds) => rounds.rows(statement).await,
        }
    }

    /// The row to change, locked, if the viewer may see it.
    pub async fn find<R: Resource>(&self, path: &str, id: Id<R>) -> Result<Row<R>> {
        let found = match &self.access {
            Access::Whole(_) => {
                self.find_by::<R>(Condition::all().add(common::<R>("id").eq(id.uuid()))).await?
            }
            Access::Item(rounds) => {
                let row = rounds.row(about_row::<R>(Purpose::Find, id.uuid(), find_rows::<R>));
                row.await?.map(|it| Row::<R>::from_query_result(&it, "")).transpose()?
            }
        };
        found.ok_or_else(|| Violation::not_found(path).into())
    }

    /// The row that a new record belongs to, locked: visible, and not archived.
    pub async fn find_current<R: Resource>(&self, path: &str, id: Id<R>) -> Result<Row<R>> {
        let row = self.find::<R>(path, id).await?;
        expect_current::<R>(path, &row)?;
        Ok(row)
    }

    /// The row to change, as long as it is the version that the caller knows, and not archived.
    pub async fn find_version<R: Resource>(&self, id: Id<R>, expected: i32) -> Result<Row<R>> {
        let row = self.find::<R>("id", id).await?;
        expect_version::<R>(&row, expected)?;
        expect_current::<R>("id", &row)?;
        Ok(row)
    }

    /// The first row that meets a condition, locked, if the viewer may see it.
    pub async fn find_by<R: Resource>(&self, condition: Condition) -> Result<Option<Row<R>>> {
        let select = locked::<R>(self.repository).filter(condition).limit(1);
        let row = self.rows(select.into_query()).await?.into_iter().next();
        Ok(row.map(|it| Row::<R>::from_query_result(&it, "")).transpose()?)
    }

    /// The rows that meet a condition, locked, as far as the viewer may see them.
    pub async fn find_all<R: Resource>(&self, condition: Condition) -> Result<Vec<Row<R>>> {
        let select = locked::<R>(self.repository).filter(condition);
        let rows = self.rows(select.into_query()).await?;
        Ok(rows.iter().map(|it| Row::<R>::from_query_result(it, "")).collect::<Result<_, _>>()?)
    }

    /// The rows that meet a condition, as far as the viewer may see them: to be looked at, not locked.
    pub async fn read_all<R: Resource>(&self, condition: Condition) -> Result<Vec<Row<R>>> {
        let select = self.repository.select::<R>().filter(condition);
        let rows = self.rows(select.into_query()).await?;
        Ok(rows.iter().map(|it| Row::<R>::from_query_result(it, "")).collect::<Result<_, _>>()?)
    }

    /// How many visible rows meet a condition.
    pub async fn count<R: Resource>(&self, condition: Condition) -> Result<i64> {
        let select = self
            .repository
            .select::<R>()
            .select_only()
            .column_as(common::<R>("id").count(), "count")
            .filter(condition);
        let row = self.rows(select.into_query()).await?.into_iter().next();
        Ok(row.map(|it| it.try_get("", "count")).transpose()?.unwrap_or(0))
    }

    /// Of which of some kinds there are records that refer to a record by a column, whoever may see them.
    pub async fn belongings<R: Resource>(
        &self,
        id: Id<R>,
        column: &'static str,
        kinds: &'static [Kind],
    ) -> Result<Vec<Kind>> {
        let question = about_belongings::<R>(id.uuid(), Belongings { column, kinds });
        let Some(row) = self.row(question).await? else { return Ok(Vec::new()) };
        let mut there = Vec::new();
        for kind in kinds {
            if row.try_get("", kind.prefix())? {
                there.push(*kind);
            }
        }
        Ok(there)
    }

    /// A record that the input refers to has to be there, for this viewer, and current.
    pub async fn refer<R: Resource>(&self, path: &str, id: Option<Id<R>>) -> Result<()> {
        let Some(id) = id else { return Ok(()) };
        let is_there = match &self.access {
            Access::Whole(_) => {
                let wanted = current::<R>().add(common::<R>("id").eq(id.uuid()));
                self.count::<R>(wanted).await? > 0
            }
            Access::Item(rounds) => {
                let question = about_row::<R>(Purpose::Refer, id.uuid(), refer_to_rows::<R>);
                rounds.is_there(question).await?
            }
        };
        if is_there { Ok(()) } else { Err(Violation::not_found(path).into()) }
    }

    /// As [`Self::refer`], where the input says of which kind the record is.
    pub async fn refer_to(&self, path: &str, source: &dyn Source, id: Uuid) -> Result<()> {
        use sea_orm::sea_query::ExprTrait;
        let column = |name| Expr::col(source.column(name));
        let mut rows = source.select(&self.repository.viewer);
        rows.expr(Expr::val(1)).and_where(column("id").eq(id));
        rows.and_where(column("archived_at").is_null());
        if self.rows(rows).await?.is_empty() {
            return Err(Violation::not_found(path).into());
        }
        Ok(())
    }

    pub async fn create<R: Resource>(&mut self, mut draft: Draft<R>) -> Result<R> {
        let claimed = self.claimed.take_if(|(kind, _)| *kind == R::KIND);
        let id = claimed.map_or_else(Uuid::now_v7, |(_, id)| id);
        draft.set(common::<R>("id"), id.into());
        self.require_fields::<R>(&draft)?;
        draft.set(common::<R>("version"), 1.into());
        draft.set(common::<R>("created_at"), self.now.into());
        draft.set(common::<R>("updated_at"), self.now.into());
        R::seal(&self.keyring(), None, &mut draft)?;
        let missing: Vec<Violation> = <R::Entity as EntityTrait>::Column::iter()
            .filter(|it| !it.def().is_null() && !draft.get(*it).is_set())
            .map(|it| Violation::required(&camel_case(it.as_str())))
            .collect();
        if !missing.is_empty() {
            return Err(Error::Invalid(missing));
        }
        self.check_division::<R>(&draft).await?;
        self.name(R::KIND, id).await?;
        let columns = written::<R>(&draft);
        let (row, record) = match &self.access {
            Access::Whole(transaction) => {
                let mut insert = insert::<R>([draft]);
                stored::<R>(transaction.query_one(insert.returning_all()).await?)?
            }
            Access::Item(rounds) => stored::<R>(rounds.row(write_row::<R>(draft)).await?)?,
        };
        self.accept::<R>(None, &row, ChangeAction::Created, columns)?;
        Ok(record)
    }

    /// Changes a row. Values that are what they were are no change; no change at all leaves the row,
    /// its version and the log as they are.
    pub async fn update<R: Resource>(&mut self, row: Row<R>, draft: Draft<R>) -> Result<R> {
        self.change::<R>(row, draft, ChangeAction::Updated).await
    }

    /// As [`Self::update`], but always a change.
    pub async fn touch<R: Resource>(&mut self, row: Row<R>, mut draft: Draft<R>) -> Result<R> {
        R::seal(&self.keyring(), Some(&row), &mut draft)?;
        self.change_to::<R>(row, draft, ChangeAction::Updated).await
    }

    /// Archives the row, as long as it is the version that the caller knows.
    pub async fn archive_version<R: Resource>(&mut self, id: Id<R>, expected: i32) -> Result<R> {
        let row = self.find_version::<R>(id, expected).await?;
        self.archive::<R>(row).await
    }

    /// Brings the row back, as long as it is the version that the caller knows.
    pub async fn restore_version<R: Resource>(&mut self, id: Id<R>, expected: i32) -> Result<R> {
        let row = self.find::<R>("id", id).await?;
        expect_version::<R>(&row, expected)?;
        self.restore::<R>(row).await
    }

    pub async fn archive<R: Resource>(&mut self, row: Row<R>) -> Result<R> {
        let mut draft = blank::<R>();
        draft.set(common::<R>("archived_at"), Some(self.now).into());
        self.change::<R>(row, draft, ChangeAction::Archived).await
    }

    pub async fn restore<R: Resource>(&mut self, row: Row<R>) -> Result<R> {
        let mut draft = blank::<R>();
        draft.set(common::<R>("archived_at"), None::<DateTime<Utc>>.into());
        self.change::<R>(row, draft, ChangeAction::Restored).await
    }

    /// Erases a person, archived or not: what the draft says takes the place of what is personal in the
    /// row, the names that others have for it go, and the answers that are kept to be given again.
    pub async fn erase<R: Resource>(
        &mut self,
        row: Row<R>,
        expected: i32,
        mut draft: Draft<R>,
    ) -> Result<R> {
        expect_version::<R>(&row, expected)?;
        let id = id_of::<R>(&row);
        self.unlink(R::KIND, id).await?;
        self.forget(id).await?;
        draft.set(common::<R>("archived_at"), Some(self.now).into());
        self.change::<R>(row, draft, ChangeAction::Archived).await
    }

    async fn change<R: Resource>(
        &mut self,
        row: Row<R>,
        mut draft: Draft<R>,
        action: ChangeAction,
    ) -> Result<R> {
        R::seal(&self.keyring(), Some(&row), &mut draft)?;
        let id = id_of::<R>(&row);
        self.name(R::KIND, id).await?;
        let mut changed = self.renamed.contains(&id);
        for column in <R::Entity as EntityTrait>::Column::iter() {
            if let ActiveValue::Set(value) = draft.get(column) {
                if row.get(column) == value {
                    draft.not_set(column);
                } else {
                    changed = true;
                }
            }
        }
        self.require_fields::<R>(&draft)?;
        self.check_division::<R>(&draft).await?;
        if !changed {
            return self.read::<R>(id).await;
        }
        self.change_to::<R>(row, draft, action).await
    }

    async fn change_to<R: Resource>(
        &mut self,
        row: Row<R>,
        mut draft: Draft<R>,
        action: ChangeAction,
    ) -> Result<R> {
        let (id, version) = (id_of::<R>(&row), version_of::<R>(&row));
        draft.not_set(common::<R>("id"));
        draft.set(common::<R>("version"), (version + 1).into());
        draft.set(common::<R>("updated_at"), self.now.into());
        let columns = written::<R>(&draft);
        let (after, record) = match &self.access {
            Access::Whole(transaction) => {
                let mut update = update::<R>(draft, id, version);
                stored::<R>(transaction.query_one(update.returning_all()).await?)?
            }
            Access::Item(rounds) => {
                let whole = overlaid::<R>(row.clone().into_active_model(), draft);
                stored::<R>(rounds.row(write_row::<R>(whole)).await?)?
            }
        };
        self.accept::<R>(Some(&row), &after, action, columns)?;
        Ok(record)
    }

    /// Refuses to set a field that takes a right which the writer lacks.
    fn require_fields<R: Resource>(&self, draft: &Draft<R>) -> Result<()> {
        let mut set =
            <R::Entity as EntityTrait>::Column::iter().filter(|it| draft.get(*it).is_set());
        set.try_for_each(|it| self.repository.viewer.require_write(R::KIND, it.as_str()))
    }

    /// A record lies in a division of the list.
    async fn check_division<R: Resource>(&self, draft: &Draft<R>) -> Result<()> {
        let ActiveValue::Set(code) = draft.get(common::<R>("division_code")) else { return Ok(()) };
        let code = String::unwrap(code);
        let divisions = &self.repository.shared.divisions;
        if R::KIND == Kind::Division || divisions.contains(&code) {
            return Ok(());
        }
        let question = Question {
            about: (Purpose::Division, Kind::Division.name()),
            key: Key::Text(code.clone()),
            part: None,
            statement: find_divisions,
            key_of: |it| Ok(Key::Text(it.try_get("", "code")?)),
        };
        let is_there = match &self.access {
            Access::Whole(transaction) => {
                let statement = find_divisions(self.repository, vec![question]);
                transaction.query_one_raw(statement).await?.is_some()
            }
            Access::Item(rounds) => rounds.is_there(question).await?,
        };
        if is_there {
            divisions.insert(code);
            return Ok(());
        }
        let violation = Violation::new(
            UserErrorCode::NotFound,
            "divisionCode",
            "No such division.",
            "行政区划代码不存在。",
        );
        Err(violation.into())
    }

    /// A record as it is in this transaction.
    pub async fn read<R: Resource>(&self, id: Uuid) -> Result<R> {
        let found = match &self.access {
            Access::Whole(transaction) => {
                let select = self.repository.select::<R>().filter(common::<R>("id").eq(id));
                select.into_partial_model::<R>().one(transaction).await?
            }
            Access::Item(rounds) => {
                let row = rounds.row(about_row::<R>(Purpose::Read, id, read_rows::<R>)).await?;
                row.map(|it| R::from_query_result(&it, "")).transpose()?
            }
        };
        found.ok_or_else(|| Violation::not_found("id").into())
    }

    /// What was stored has to keep the rules and lie within the writer's divisions; then it is logged.
    fn accept<R: Resource>(
        &mut self,
        before: Option<&Row<R>>,
        after: &Row<R>,
        action: ChangeAction,
        columns: Vec<&'static str>,
    ) -> Result<()> {
        let division_code = division_of::<R>(after);
        let viewer = &self.repository.viewer;
        // Also where everybody may read: to write takes the division. Persons write their own.
        let may_write = |row: &Row<R>| {
            viewer.territory().covers(division_of::<R>(row).as_str())
                || R::owner(row).is_some_and(|it| viewer.is_subject(it))
        };
        if !may_write(after) {
            return Err(Violation::new(
                UserErrorCode::OutOfScope,
                "divisionCode",
                "The record would lie outside your divisions.",
                "该记录不在您的管辖范围内。",
            )
            .into());
        }
        let violations = R::check(after);
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        if before.is_some_and(|it| !may_write(it)) {
            return Err(Violation::not_found("id").into());
        }
        let previous = before.map(division_of::<R>);
        self.entries.push(Entry {
            event_id: Uuid::now_v7(),
            kind: R::KIND,
            record_id: id_of::<R>(after),
            action,
            columns,
            record_version: version_of::<R>(after),
            operation: self.operation.to_owned(),
            actor: viewer.name.clone(),
            previous_division_code: previous.filter(|it| *it != division_code),
            division_code,
            at: self.now,
        });
        Ok(())
    }

    /// Runs a part that may fail for itself: what it wrote is then undone, and nothing else.
    pub async fn attempt<T>(
        &mut self,
        part: impl for<'w> FnOnce(&'w mut UnitOfWork<'_>) -> BoxFuture<'w, Result<T>>,
    ) -> Result<T> {
        self.begin_part().await?;
        let (entries, warnings) = (self.entries.len(), self.warnings.len());
        let ended = part(self).await;
        self.renamed.clear();
        if ended.is_ok() {
            self.keep_part().await?;
        } else {
            self.undo_part().await?;
            self.claimed = None;
            self.entries.truncate(entries);
            self.warnings.truncate(warnings);
        }
        ended
    }

    /// Begins what can be undone for itself.
    pub async fn begin_part(&self) -> Result<()> {
        Ok(self.transaction().begin_part().await?)
    }

    pub async fn keep_part(&self) -> Result<()> {
        Ok(self.transaction().keep_part().await?)
    }

    pub async fn undo_part(&self) -> Result<()> {
        Ok(self.transaction().undo_part().await?)
    }

    /// Keeps the rows with their change and audit entries, together.
    async fn commit(self, call: &Call<'_>) -> Result<()> {
        let Access::Whole(transaction) = self.access else { return Ok(()) };
        let shared = &self.repository.shared;
        let changed = !self.entries.is_empty();
        let audit = act(call.operation, &self.entries);
        let audit = audit.rows(self.repository.caller(), self.now);
        let last = shared.change_log.append(&transaction, self.entries, &audit).await?;
        transaction.commit().await?;
        if changed {
            shared.change_log.ring(last);
        }
        Ok(())
    }
}

/// The columns that are set, but for those that every write sets.
fn written<R: Resource>(draft: &Draft<R>) -> Vec<&'static str> {
    let set = <R::Entity as EntityTrait>::Column::iter().filter(|it| draft.get(*it).is_set());
    let names = set.map(|it| it.as_str());
    names.filter(|it| !["id", "version", "created_at", "updated_at"].contains(it)).collect()
}

/// Refuses a caller who knows another version of the row.
fn expect_version<R: Resource>(row: &Row<R>, expected: i32) -> Result<()> {
    let current = version_of::<R>(row);
    if current == expected {
        return Ok(());
    }
    let mut violation = Violation::new(
        UserErrorCode::VersionConflict,
        "expectedVersion",
        format!("The record has version {current} now."),
        format!("该记录当前版本为 {current}。"),
    );
    violation.current_version = Some(current);
    Err(violation.into())
}

/// Refuses a row that is archived. The path is where the input names it.
fn expect_current<R: Resource>(path: &str, row: &Row<R>) -> Result<()> {
    let archived: Option<DateTime<Utc>> = value_of::<R, _>(row, "archived_at");
    if archived.is_none() {
        return Ok(());
    }
    Err(Violation::new(
        UserErrorCode::Archived,
        path,
        "The record is archived: restore it first.",
        "该记录已归档，请先恢复。",
    )
    .into())
}

fn value_of<R: Resource, T: sea_orm::sea_query::ValueType>(
    row: &Row<R>,
    column: &'static str,
) -> T {
    T::unwrap(row.get(common::<R>(column)))
}

pub fn id_of<R: Resource>(row: &Row<R>) -> Uuid {
    value_of::<R, _>(row, "id")
}

pub fn version_of<R: Resource>(row: &Row<R>) -> i32 {
    value_of::<R, _>(row, "version")
}

pub fn division_of<R: Resource>(row: &Row<R>) -> DivisionCode {
    value_of::<R, _>(row, "division_code")
}

#[expect(clippy::disallowed_methods, reason = "the one place that writes a row")]
fn insert<R: Resource>(drafts: impl IntoIterator<Item = Draft<R>>) -> InsertStatement {
    R::Entity::insert_many(drafts).into_query()
}

#[expect(clippy::disallowed_methods, reason = "the one place that writes a row")]
fn update<R: Resource>(draft: Draft<R>, id: Uuid, version: i32) -> UpdateStatement {
    R::Entity::update_many()
        .set(draft)
        .filter(common::<R>("id").eq(id))
        .filter(common::<R>("version").eq(version))
        .into_query()
}
