//! The connections that the process keeps.
//!
//! The pool of sqlx pings a connection each time it is given back: a second round trip for every
//! statement. Here a connection that has read its answer to the end goes back as it is.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, SqlxError, Statement,
    sea_query::Values,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    ACQUIRE_TIMEOUT, Meter,
    connection::{Address, Connection, Fault, Prepared, closed, failed_to_connect, timed_out},
    durability::Durability,
    transaction::{Transaction, rollback},
};

/// Connections to one database, opened as they are needed. Cheap to clone.
///
/// A statement takes a connection for as long as it runs.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
    meter: Arc<Meter>,
}

struct Inner {
    address: Address,
    /// The one that was used last on top: few connections stay warm, the others are left alone.
    idle: Mutex<Vec<Idle>>,
    /// One for each connection there may be. It is fair: who waits longest comes next.
    places: Arc<Semaphore>,
    size: u32,
    closed: AtomicBool,
    /// Of the writer of an SQLite file that has a log.
    durability: OnceLock<Durability>,
}

struct Idle {
    connection: Connection,
    since: Instant,
    /// Another connection broke meanwhile: this one may have as well.
    doubted: bool,
}

/// A connection, for one user at a time.
pub struct Lease {
    pool: Pool,
    /// None once it broke.
    connection: Option<Connection>,
    place: Option<OwnedSemaphorePermit>,
    /// A statement was sent and its answer has not been read to the end.
    busy: bool,
    /// A transaction may be open.
    pub in_transaction: bool,
    /// A statement failed.
    pub failed: bool,
}

/// A connection that idled so long is asked whether it is still there.
const PROVEN: Duration = Duration::from_secs(30);
/// What a user who left had asked for may take so long to end. A connection that takes longer is
/// closed, which ends a query of PostgreSQL as well.
const DRAIN: Duration = Duration::from_secs(1);

impl Pool {
    /// Opens one connection, to find out whether the database is there.
    pub(super) async fn open(
        address: Address,
        size: u32,
        meter: Arc<Meter>,
    ) -> Result<Pool, DbErr> {
        let inner = Arc::new(Inner {
            address,
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(size as usize)),
            size,
            closed: AtomicBool::new(false),
            durability: OnceLock::new(),
        });
        let pool = Pool { inner, meter };
        drop(pool.lease().await?);
        Ok(pool)
    }

    /// The same connections, for those whom another meter counts.
    pub(super) fn metered(&self, meter: Arc<Meter>) -> Pool {
        Pool { inner: self.inner.clone(), meter }
    }

    pub fn backend(&self) -> DbBackend {
        self.inner.address.backend()
    }

    pub(super) fn size(&self) -> u32 {
        self.inner.size
    }

    pub(super) fn address(&self) -> &Address {
        &self.inner.address
    }

    /// The rows of a statement, for those who have its text and values at hand.
    pub async fn rows(&self, sql: String, values: Values) -> Result<Vec<QueryResult>, DbErr> {
        self.lease().await?.rows(Prepared { sql, values }).await
    }

    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        Transaction::begin(self.lease().await?).await
    }

    pub(super) fn sync_with(&self, durability: Durability) {
        // It is set once, when the database is opened.
        let _ = self.inner.durability.set(durability);
    }

    pub(super) fn durability(&self) -> Option<&Durability> {
        self.inner.durability.get()
    }

    /// Waits until what was committed outlasts a power cut, where the commit did not. Not to be called
    /// with a connection in hand: the next writer waits for it.
    pub(super) async fn durable(&self) -> Result<(), DbErr> {
        match self.durability() {
            Some(durability) => durability.wait().await,
            None => Ok(()),
        }
    }

    pub(super) async fn close(&self) {
        self.inner.closed.store(true, Ordering::Release);
        // Those who have a connection give it back first.
        let all = self.inner.places.acquire_many(self.inner.size).await;
        let idle = std::mem::take(&mut *self.inner.idle());
        for it in idle {
            // It may be gone already, which is as good.
            let _ = it.connection.close().await;
        }
        drop(all);
    }

    async fn lease(&self) -> Result<Lease, DbErr> {
        if self.inner.closed.load(Ordering::Acquire) {
            return Err(closed());
        }
        self.durability().map_or(Ok(()), Durability::check)?;
        let leased = timeout(ACQUIRE_TIMEOUT, async {
            let place = self.inner.places.clone().acquire_owned().await.map_err(|_| closed())?;
            if self.inner.closed.load(Ordering::Acquire) {
                return Err(closed());
            }
            let connection = match self.proven().await {
                Some(connection) => connection,
                None => self.inner.connect().await?,
            };
            Ok(Lease {
                pool: self.clone(),
                connection: Some(connection),
                place: Some(place),
                busy: false,
                in_transaction: false,
                failed: false,
            })
        });
        leased.await.unwrap_or_else(|_| Err(timed_out()))
    }

    /// An idle connection that answers, if there is one.
    async fn proven(&self) -> Option<Connection> {
        loop {
            let idle = self.inner.idle().pop();
            let Idle { mut connection, since, doubted } = idle?;
            let is_proven = !doubted && since.elapsed() < PROVEN;
            if is_proven {
                return Some(connection);
            }
            self.meter.round_trips.fetch_add(1, Ordering::Relaxed);
            if connection.ping().await.is_ok() {
                return Some(connection);
            }
        }
    }
}

impl Inner {
    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A database that starts, or has no connection to spare, is asked again until the time is up.
    async fn connect(&self) -> Result<Connection, DbErr> {
        let mut pause = Duration::from_millis(10);
        loop {
            match self.address.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) if is_passing(&error) => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
                Err(error) => return Err(failed_to_connect(error)),
            }
        }
    }

    fn give_back(&self, connection: Connection) {
        self.idle().push(Idle { connection, since: Instant::now(), doubted: false });
    }

    /// One broke: what ended it may have ended them all.
    fn doubt(&self) {
        for it in &mut *self.idle() {
            it.doubted = true;
        }
    }
}

fn is_passing(error: &SqlxError) -> bool {
    match error {
        SqlxError::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        SqlxError::Database(error) => error.is_transient_in_connect_phase(),
        _ => false,
    }
}

impl Lease {
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    pub async fn begin(&mut self) -> Result<(), DbErr> {
        // Before the statement: it may have begun even if its answer is never read.
        self.in_transaction = true;
        let begin = self.pool.address().begin();
        let begun = self.execute_unprepared(begin).await;
        self.in_transaction = begun.is_ok();
        begun.map(|_| ())
    }

    pub async fn execute(&mut self, statement: Prepared) -> Result<ExecResult, DbErr> {
        self.count();
        let ended = self.start()?.execute(statement).await;
        self.end(ended).map_err(|it| it.into_error(DbErr::Exec))
    }

    pub async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let ended = self.start()?.execute_unprepared(sql).await;
        self.end(ended).map_err(|it| it.into_error(DbErr::Exec))
    }

    pub async fn rows(&mut self, statement: Prepared) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        let ended = self.start()?.query(statement).await;
        self.end(ended).map_err(|it| it.into_error(DbErr::Query))
    }

    fn count(&self) {
        self.pool.meter.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn start(&mut self) -> Result<&mut Connection, DbErr> {
        self.pool.meter.round_trips.fetch_add(1, Ordering::Relaxed);
        self.busy = true;
        self.connection.as_mut().ok_or_else(closed)
    }

    fn end<T>(&mut self, ended: Result<T, Fault>) -> Result<T, Fault> {
        self.busy = false;
        self.failed |= ended.is_err();
        if ended.as_ref().is_err_and(Fault::is_broken) {
            self.connection = None;
            self.pool.inner.doubt();
        }
        ended
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if !self.busy && !self.in_transaction {
            return self.pool.inner.give_back(connection);
        }
        // Dropped, a connection is closed: so it is where nobody can clean it any more.
        let Ok(runtime) = Handle::try_current() else { return };
        let (pool, place, in_transaction) =
            (self.pool.clone(), self.place.take(), self.in_transaction);
        runtime.spawn(async move {
            let clean = async {
                if in_transaction {
                    rollback(&mut connection).await
                } else {
                    connection.ping().await.is_ok()
                }
            };
            if timeout(DRAIN, clean).await.unwrap_or(false) {
                pool.inner.give_back(connection);
            }
            drop(place);
        });
    }
}

impl From<Statement> for Prepared {
    fn from(statement: Statement) -> Prepared {
        let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
        Prepared { sql: statement.sql, values }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let done = self.lease().await?.execute(statement.into()).await?;
        self.durable().await?;
        Ok(done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = self.lease().await?.execute_unprepared(sql).await?;
        self.durable().await?;
        Ok(done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        // What is written may return rows.
        let reads = ["SELECT", "PRAGMA"].iter().any(|it| statement.sql.starts_with(it));
        let rows = self.lease().await?.rows(statement.into()).await?;
        if !reads {
            self.durable().await?;
        }
        Ok(rows)
    }
}
