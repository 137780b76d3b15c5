use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use entity::{
    audit_entry,
    change_log::{self, ChangeAction},
    outbox,
};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    QueryFilter, QuerySelect, QueryTrait, Statement, sea_query::InsertStatement,
};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use value::DivisionCode;

use crate::{
    Error, Result, audit,
    clock::Clock,
    cursor::Seal,
    database::{Database, Lease, Transaction},
    kind::Kind,
};

/// The log of changes: the table is the truth, this is the bell that tells it grew.
///
/// It has one order, in which every reader sees every entry once, and the changes of one record in
/// the order they were made. A serial number is not that order on PostgreSQL, where numbers are
/// taken before they can be seen; so writers there put their entries into an outbox, and one
/// sequencer moves them into the log with dense numbers. SQLite has one writer, which numbers.
#[derive(Clone, Debug)]
pub struct ChangeLog {
    /// The last sequence number that this process knows of.
    bell: watch::Sender<i64>,
    /// The last entry that is known to outlast a power cut.
    durable: Arc<AtomicI64>,
    /// Wakes the sequencer of this process.
    outbox: Arc<Notify>,
    /// Changes when the log begins anew, as after a restore: then no old cursor is good.
    epoch: Arc<str>,
    secret: Arc<[u8]>,
}

/// One change, as its transaction records it.
#[derive(Clone, Debug)]
pub struct Entry {
    pub event_id: Uuid,
    pub kind: Kind,
    pub record_id: Uuid,
    pub action: ChangeAction,
    /// The columns that were written, for the audit trail.
    pub columns: Vec<&'static str>,
    pub record_version: i32,
    pub operation: String,
    pub actor: String,
    pub division_code: DivisionCode,
    /// The division the record was in before, when that was another.
    pub previous_division_code: Option<DivisionCode>,
    pub at: DateTime<Utc>,
}

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// After the entry with this number; 0 is before the first.
    Sequence(i64),
    /// After the entry of this event, which may not have its number yet.
    Event(Uuid),
}

const BINDING: &str = "changes";
/// In the order they were made: by it the rows get their ids.
const TO_OUTBOX: &str = "INSERT INTO outbox (event_id, kind, record_id, action, record_version, \
    operation, actor, division_code, previous_division_code, at) \
    SELECT event_id, kind, record_id, action, record_version, operation, actor, division_code, \
    previous_division_code, at FROM json_to_recordset($3::json) AS it (event_id uuid, kind text, \
    record_id uuid, action text, record_version integer, operation text, actor text, \
    division_code text, previous_division_code text, at timestamptz)";
const BATCH: u64 = 1_000;
const WATCH: Duration = Duration::from_millis(200);
/// What is committed within so long a time gets its numbers in one transaction.
const GATHER: Duration = Duration::from_millis(20);

impl ChangeLog {
    pub fn new(epoch: &str, secret: Arc<[u8]>) -> ChangeLog {
        let bell = watch::Sender::new(0);
        ChangeLog {
            bell,
            durable: Arc::default(),
            outbox: Arc::default(),
            epoch: epoch.into(),
            secret,
        }
    }

    /// Appends inside the writer's transaction, after the records were locked, along with its entry
    /// of the audit trail. The number of the last entry, where it has one yet.
    pub async fn append(
        &self,
        transaction: &Transaction,
        entries: Vec<Entry>,
        audited: &[audit_entry::Model],
    ) -> Result<Option<i64>> {
        let mut numbered = None;
        let backend = transaction.get_database_backend();
        let statement = if entries.is_empty() {
            // Nothing to tell of but the attempt.
            audit::insert(backend, audited)
        } else if backend == DbBackend::Postgres {
            // Both in one statement, which is prepared once, however many they are.
            let outbox: Vec<_> = entries.iter().map(Entry::to_outbox).collect();
            let outbox = serde_json::Value::from(outbox).to_string();
            audit::insert_beside(TO_OUTBOX, outbox.into(), audited)
        } else {
            let last = last_sequence(transaction).await?;
            numbered = i64::try_from(entries.len()).ok().map(|it| last + it);
            let rows = (last + 1..).zip(entries).map(|(sequence, it)| it.into_log(sequence));
            transaction.execute(&insert(change_log::Entity, rows)).await?;
            audit::insert(backend, audited)
        };
        transaction.execute_raw(statement).await?;
        Ok(numbered)
    }

    /// Tells readers and the sequencer that a transaction with changes was committed, and the number
    /// of its last entry, where it has one.
    pub fn ring(&self, last: Option<i64>) {
        match last {
            Some(last) => {
                // The commit was waited for, and with it all before it.
                self.durable.fetch_max(last, Ordering::Relaxed);
                self.heard(last);
            }
            None => self.outbox.notify_one(),
        }
    }

    /// The number of the last entry that may be told of; 0 when there is none.
    ///
    /// SQLite shows a row as soon as it is committed, a moment before it outlasts a power cut. Of
    /// records that is all the same. But the number of a lost entry would be given to another, which
    /// a reader who was told of the first would never see: so a new entry is waited for.
    pub async fn end(&self, database: &Database) -> Result<i64> {
        let last = last_sequence(database.read()).await?;
        if last > self.durable.load(Ordering::Relaxed) {
            database.durable().await?;
            self.durable.fetch_max(last, Ordering::Relaxed);
        }
        Ok(last)
    }

    pub fn listen(&self) -> watch::Receiver<i64> {
        self.bell.subscribe()
    }

    fn heard(&self, last: i64) {
        self.bell.send_if_modified(|known| {
            let news = *known < last;
            *known = last.max(*known);
            news
        });
    }

    pub fn cursor(&self, position: Position) -> String {
        let body = match position {
            Position::Sequence(number) => format!("{}s{number}", self.epoch),
            Position::Event(event) => format!("{}e{}", self.epoch, event.simple()),
        };
        Seal::new(&self.secret, BINDING).seal(body.as_bytes())
    }

    pub fn position(&self, text: &str) -> Result<Position> {
        let body = Seal::new(&self.secret, BINDING).open(text)?;
        let body = std::str::from_utf8(&body).map_err(|_| Error::cursor())?;
        let rest = body.strip_prefix(&*self.epoch).ok_or_else(Error::cursor)?;
        match rest.split_at_checked(1) {
            Some(("s", number)) => {
                number.parse().map(Position::Sequence).map_err(|_| Error::cursor())
            }
            Some(("e", event)) => {
                Uuid::try_parse(event).map(Position::Event).map_err(|_| Error::cursor())
            }
            _ => Err(Error::cursor()),
        }
    }

    /// The number to read on from. An event that waits for its number is waited for, a few seconds.
    pub async fn sequence(&self, database: &Database, position: Position) -> Result<i64> {
        let event = match position {
            Position::Sequence(number) => return Ok(number),
            Position::Event(event) => event,
        };
        for _ in 0..100 {
            if let Some(number) = sequence_of(database, event).await? {
                return Ok(number);
            }
            if !waits(database, event).await? {
                // It may have moved between the two looks.
                return sequence_of(database, event).await?.ok_or_else(Error::cursor);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Error::Unavailable)
    }

    /// Keeps the bell in step with the log while somebody listens, whichever replica writes.
    pub async fn watch(&self, database: &Database, stop: &CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(WATCH)).await.is_some() {
            if self.bell.receiver_count() == 0 {
                continue;
            }
            match self.end(database).await {
                Ok(last) => self.heard(last),
                Err(error) => tracing::warn!(%error, "the change log could not be read"),
            }
        }
    }

    /// Moves entries from the outbox into the log, as long as this process holds the lease.
    pub async fn sequence_outbox(
        &self,
        database: &Database,
        clock: &Clock,
        pause: Duration,
        stop: &CancellationToken,
    ) {
        let lease = Lease::new("sequencer");
        while !stop.is_cancelled() {
            let moved = match self.move_batch(database, clock, &lease).await {
                Ok(moved) => moved,
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be moved");
                    0
                }
            };
            if moved < BATCH {
                let idle = async {
                    tokio::select! {
                        () = self.outbox.notified() => tokio::time::sleep(GATHER).await,
                        () = tokio::time::sleep(pause) => {}
                    }
                };
                stop.run_until_cancelled(idle).await;
            }
        }
        lease.release(database).await;
    }

    async fn move_batch(&self, database: &Database, clock: &Clock, lease: &Lease) -> Result<u64> {
        let waiting =
            Statement::from_string(database.backend(), "SELECT 1 AS it FROM outbox LIMIT 1");
        if database.write().query_one_raw(waiting).await?.is_none() {
            return Ok(0);
        }
        let transaction = database.begin().await?;
        if !lease.hold(&transaction, clock.now()).await? {
            transaction.rollback().await?;
            return Ok(0);
        }
        let moved = Statement::from_sql_and_values(
            database.backend(),
            "WITH moved AS (DELETE FROM outbox WHERE id IN \
             (SELECT id FROM outbox ORDER BY id LIMIT $1) RETURNING *) \
             INSERT INTO change_log (sequence, event_id, kind, record_id, action, record_version, \
             operation, actor, division_code, previous_division_code, at) \
             SELECT (SELECT coalesce(max(sequence), 0) FROM change_log) \
             + row_number() OVER (ORDER BY id), event_id, kind, record_id, action, \
             record_version, operation, actor, division_code, previous_division_code, at FROM moved",
            [i64::try_from(BATCH).unwrap_or(i64::MAX).into()],
        );
        let moved = transaction.execute_raw(moved).await?.rows_affected();
        let last = last_sequence(&transaction).await?;
        transaction.commit().await?;
        self.heard(last);
        Ok(moved)
    }
}

#[expect(clippy::disallowed_methods, reason = "the log is no resource")]
fn insert<E: EntityTrait>(_: E, rows: impl IntoIterator<Item = E::ActiveModel>) -> InsertStatement {
    E::insert_many(rows).into_query()
}

/// The number of the last entry; 0 when there is none.
#[expect(clippy::disallowed_methods, reason = "the log is no resource")]
async fn last_sequence(database: &impl ConnectionTrait) -> Result<i64> {
    let last: Option<Option<i64>> = change_log::Entity::find()
        .select_only()
        .column_as(change_log::Column::Sequence.max(), "last")
        .into_tuple()
        .one(database)
        .await?;
    Ok(last.flatten().unwrap_or(0))
}

#[expect(clippy::disallowed_methods, reason = "the log is no resource")]
async fn sequence_of(database: &Database, event: Uuid) -> Result<Option<i64>> {
    let found = change_log::Entity::find()
        .select_only()
        .column(change_log::Column::Sequence)
        .filter(change_log::Column::EventId.eq(event))
        .into_tuple()
        .one(database.write())
        .await?;
    Ok(found)
}

#[expect(clippy::disallowed_methods, reason = "the log is no resource")]
async fn waits(database: &Database, event: Uuid) -> Result<bool> {
    let found: Option<i64> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .filter(outbox::Column::EventId.eq(event))
        .into_tuple()
        .one(database.write())
        .await?;
    Ok(found.is_some())
}

impl Entry {
    fn to_outbox(&self) -> serde_json::Value {
        json!({
            "event_id": self.event_id,
            "kind": self.kind.name(),
            "record_id": self.record_id,
            "action": self.action.to_value(),
            "record_version": self.record_version,
            "operation": self.operation,
            "actor": self.actor,
            "division_code": self.division_code.as_str(),
            "previous_division_code": self.previous_division_code.as_ref().map(DivisionCode::as_str),
            "at": self.at,
        })
    }

    fn into_log(self, sequence: i64) -> change_log::ActiveModel {
        change_log::ActiveModel {
            sequence: Set(sequence),
            event_id: Set(self.event_id),
            kind: Set(self.kind.name().to_owned()),
            record_id: Set(self.record_id),
            action: Set(self.action),
            record_version: Set(self.record_version),
            operation: Set(self.operation),
            actor: Set(self.actor),
            division_code: Set(self.division_code.to_string()),
            previous_division_code: Set(self.previous_division_code.map(|it| it.to_string())),
            at: Set(self.at),
        }
    }
}
