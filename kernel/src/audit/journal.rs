//! Where reads are written down.
//!
//! A value that others see masked is told only once its entry is kept. Other reads of personal fields
//! wait in memory, for a fifth of a second: a process that is killed loses those. There is no third way:
//! what cannot be written down is not read. What one caller reads of the same fields by the same operation
//! while that waits is one entry, with the time and the request of the first.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_entry::{AuditAction, Model};
use sea_orm::ConnectionTrait;
use tokio::{
    sync::{Notify, Semaphore},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Act, Caller, Note, Settings, insert, with_records};
use crate::{Error, Result, clock::Clock, database::Database, policy::Role, viewer::Viewer};

/// The reads that wait to be written down. Cheap to clone.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    database: Database,
    clock: Clock,
    settings: Settings,
    waiting: Mutex<Waiting>,
    /// For so many more.
    room: Semaphore,
    /// The room is half full.
    enough: Notify,
    /// Since when they could not be written.
    failing: Mutex<Option<Instant>>,
    tallies: Mutex<HashMap<Uuid, Tally>>,
    /// When a refusal of somebody without a credential was taken down last.
    heard_of_nobody: Mutex<Option<DateTime<Utc>>>,
}

/// What is not written yet.
#[derive(Default)]
struct Waiting {
    /// Of each credential.
    reads: HashMap<Option<Uuid>, Vec<Read>>,
    others: Vec<Model>,
    /// What it takes of the room.
    room: usize,
}

/// What is on its way to the database. Rows that could not be written stay as they are: who knows whether
/// they were.
#[derive(Default)]
struct Leaving {
    rows: Vec<Model>,
    room: usize,
}

/// What one caller read of the same fields.
struct Read {
    roles: Vec<Role>,
    note: Note,
    /// The entry, but for the records.
    entry: Model,
    ids: Vec<Uuid>,
}

/// What one credential read within an hour.
struct Tally {
    since: DateTime<Utc>,
    levels: [Level; 2],
}

#[derive(Clone, Copy, Default)]
struct Level {
    records: usize,
    is_told: bool,
}

/// So many records that were read may wait; then readers wait.
const ROOM: usize = 100_000;
/// An entry takes as much room as so many records.
const ENTRY: usize = 16;
/// One statement takes so many entries.
const BATCH: usize = 500;
/// Readers wait so long for room, or for a database that takes nothing; then they are refused.
const PATIENCE: Duration = Duration::from_secs(5);
const HOUR: TimeDelta = TimeDelta::hours(1);
const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// So many credentials are counted; then those of an earlier hour are forgotten.
const MAX_TALLIES: usize = 10_000;

impl Journal {
    pub fn new(database: Database, clock: Clock, settings: Settings) -> Journal {
        Journal(Arc::new(Inner {
            database,
            clock,
            settings,
            waiting: Mutex::default(),
            room: Semaphore::new(ROOM),
            enough: Notify::new(),
            failing: Mutex::default(),
            tallies: Mutex::default(),
            heard_of_nobody: Mutex::default(),
        }))
    }

    /// Takes down what a request read. What is answered may be told once this is done.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], when it cannot be taken down: then it must not be told.
    pub async fn take(
        &self,
        caller: Caller<'_>,
        operation: &str,
        reads: Vec<(Note, Vec<Uuid>)>,
    ) -> Result<()> {
        if reads.is_empty() {
            return Ok(());
        }
        let at = self.0.clock.now();
        let mut rows = self.alerts(caller, operation, &reads, at);
        if reads.iter().all(|(it, _)| it.action == AuditAction::Read && it.kind.is_some()) {
            let records: usize = reads.iter().map(|(_, ids)| ids.len()).sum();
            let room = (rows.len() + reads.len()) * ENTRY + records;
            return self
                .wait(room, |waiting| {
                    waiting.others.append(&mut rows);
                    let known = waiting.reads.entry(caller.viewer.credential_id).or_default();
                    for (note, ids) in reads {
                        match known.iter_mut().find(|it| it.is_of(caller, operation, &note)) {
                            Some(read) => read.ids.extend(ids),
                            None => known.push(Read::new(caller, operation, note, ids, at)),
                        }
                    }
                })
                .await;
        }
        for (Note { action, kind, fields, outcome }, ids) in reads {
            let records = ids.into_iter().filter_map(|id| Some((kind?, id))).collect();
            let act = Act { action, operation, outcome, fields: fields.to_string(), records };
            rows.extend(act.rows(caller, at));
        }
        self.write(&rows).await
    }

    /// Whether a refusal is taken down: each of a credential; of those who show none, whom nobody could hold
    /// to account, one a minute. The others are counted.
    pub fn hears(&self, viewer: &Viewer) -> bool {
        if viewer.credential_id.is_some() {
            return true;
        }
        let now = self.0.clock.now();
        let mut heard = self.0.heard_of_nobody.lock().unwrap_or_else(PoisonError::into_inner);
        let is_heard = heard.is_none_or(|it| (now - it).abs() >= MINUTE);
        if is_heard {
            *heard = Some(now);
        } else {
            metrics::counter!("gongtu_unaudited_refusals_total").increment(1);
        }
        is_heard
    }

    /// Takes down, soon, what kept nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], when it cannot be taken down.
    pub async fn add(&self, caller: Caller<'_>, act: Act<'_>) -> Result<()> {
        let rows = act.rows(caller, self.0.clock.now());
        self.wait(rows.len() * ENTRY, |waiting| waiting.others.extend(rows)).await
    }

    async fn write(&self, rows: &[Model]) -> Result<()> {
        let insert = insert(self.0.database.backend(), rows);
        let written = self.0.database.write().execute_raw(insert).await;
        written.map_err(|error| {
            tracing::error!(%error, "reads could not be audited");
            Error::Unavailable
        })?;
        Ok(())
    }

    /// Has something wait, once there is room.
    async fn wait(&self, room: usize, put: impl FnOnce(&mut Waiting)) -> Result<()> {
        if self.failing().is_some_and(|since| since.elapsed() > PATIENCE) {
            return Err(Error::Unavailable);
        }
        let room = room.min(ROOM);
        let count = u32::try_from(room).unwrap_or(u32::MAX);
        let permits = timeout(PATIENCE, self.0.room.acquire_many(count)).await;
        permits.map_err(|_| Error::Unavailable)?.map_err(|_| Error::Unavailable)?.forget();
        let mut waiting = self.waiting();
        put(&mut waiting);
        waiting.room += room;
        if waiting.room >= ROOM / 2 {
            self.0.enough.notify_one();
        }
        Ok(())
    }

    /// Writes what waits, until it is told to stop; then the rest.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut leaving = Leaving::default();
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.0.enough.notified() => {}
                () = tokio::time::sleep(self.0.settings.pause) => {}
            }
            if self.flush(&mut leaving).await.is_err() {
                self.failing().get_or_insert_with(Instant::now);
            }
        }
    }

    /// Writes what waits now, after what could not be written before. What comes meanwhile waits for the
    /// next time, so that it is as few entries.
    async fn flush(&self, leaving: &mut Leaving) -> Result<()> {
        self.write_out(leaving).await?;
        let waiting = mem::take(&mut *self.waiting());
        *leaving = Leaving { room: waiting.room, rows: waiting.rows() };
        self.write_out(leaving).await
    }

    async fn write_out(&self, leaving: &mut Leaving) -> Result<()> {
        while !leaving.rows.is_empty() {
            let count = leaving.rows.len().min(BATCH);
            self.write(&leaving.rows[..count]).await?;
            leaving.rows.drain(..count);
            *self.failing() = None;
        }
        self.0.room.add_permits(mem::take(&mut leaving.room));
        Ok(())
    }

    /// Tells once an hour of a credential that reads of more records than is usual.
    fn alerts(
        &self,
        caller: Caller<'_>,
        operation: &str,
        reads: &[(Note, Vec<Uuid>)],
        at: DateTime<Utc>,
    ) -> Vec<Model> {
        let Some(credential) = caller.viewer.credential_id else { return Vec::new() };
        let records = |is_whole: bool| {
            let reads = reads.iter().filter(|(it, _)| (it.action != AuditAction::Read) == is_whole);
            let mut ids: Vec<&Uuid> = reads.flat_map(|(_, ids)| ids).collect();
            ids.sort_unstable();
            ids.dedup();
            ids.len()
        };
        let Settings { read_alert, unmask_alert, .. } = self.0.settings;
        let levels = [("L3", records(false), read_alert), ("L4", records(true), unmask_alert)];
        let mut tallies = self.0.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        if tallies.len() >= MAX_TALLIES {
            tallies.retain(|_, it| at - it.since < HOUR);
        }
        let fresh = || Tally { since: at, levels: [Level::default(); 2] };
        let tally = tallies.entry(credential).or_insert_with(fresh);
        if at - tally.since >= HOUR {
            *tally = fresh();
        }
        let mut rows = Vec::new();
        for (known, (level, records, usual)) in tally.levels.iter_mut().zip(levels) {
            known.records += records;
            if known.records > usual && !mem::replace(&mut known.is_told, true) {
                let actor = &caller.viewer.name;
                tracing::warn!(actor, level, usual, "a credential reads of many records");
                metrics::counter!("gongtu_audit_alerts_total", "level" => level).increment(1);
                let (action, fields, records) = (AuditAction::Alert, String::new(), Vec::new());
                let act = Act { action, operation, outcome: level, fields, records };
                rows.extend(act.rows(caller, at));
            }
        }
        rows
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failing(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn rows(self) -> Vec<Model> {
        let mut rows = self.others;
        rows.extend(self.reads.into_values().flatten().flat_map(Read::rows));
        rows
    }
}

impl Read {
    fn new(
        caller: Caller<'_>,
        operation: &str,
        note: Note,
        ids: Vec<Uuid>,
        at: DateTime<Utc>,
    ) -> Read {
        let (action, outcome, fields) = (note.action, note.outcome, note.fields.to_string());
        let act = Act { action, operation, outcome, fields, records: Vec::new() };
        Read { roles: caller.viewer.roles.clone(), entry: act.entry(caller, at), note, ids }
    }

    fn is_of(&self, caller: Caller<'_>, operation: &str, note: &Note) -> bool {
        let Caller { viewer, .. } = caller;
        let purpose = viewer.purpose.as_ref();
        self.entry.operation == operation
            && self.note == *note
            && self.roles == viewer.roles
            && self.entry.purpose.as_deref() == purpose.map(|it| it.code.name())
            && self.entry.case_number.as_deref() == purpose.and_then(|it| it.case_number.as_deref())
    }

    /// One, unless there are very many records; each record once.
    fn rows(mut self) -> Vec<Model> {
        self.ids.sort_unstable();
        self.ids.dedup();
        let records = self.ids.into_iter().filter_map(|id| Some((self.note.kind?, id)));
        with_records(&self.entry, &records.collect::<Vec<_>>())
    }
}
