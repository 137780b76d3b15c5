mod connection;
mod durability;
mod lease;
mod pool;
mod transaction;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqlxPostgresConnector,
    SqlxSqliteConnector, Statement,
    sqlx::{
        self, ConnectOptions,
        pool::PoolOptions,
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::Result;

use connection::{Address, failed_to_connect};
use durability::Durability;
pub use lease::Lease;
pub use pool::Pool;
pub use transaction::Transaction;

/// The two databases, behind one face: where reads go, where writes go, how many statements ran.
///
/// SQLite has one writer and several readers on one file; PostgreSQL one pool for both.
#[derive(Clone)]
pub struct Database {
    read: Pool,
    write: Pool,
    meter: Arc<Meter>,
}

/// What was asked of the databases so far.
#[derive(Default)]
struct Meter {
    statements: AtomicU64,
    round_trips: AtomicU64,
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct Connect {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections to PostgreSQL, or readers of the SQLite file.
    pub pool: u32,
    /// A statement that runs longer is ended by PostgreSQL.
    pub statement_timeout: Duration,
}

/// A request waits this long for a connection, then is told to come again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements that a connection keeps prepared.
const PREPARED: usize = 256;

impl Database {
    pub async fn connect(options: &Connect) -> Result<Database> {
        let meter = Arc::<Meter>::default();
        let open = async |address: Address, connections: u32| -> Result<Pool, DbErr> {
            Pool::open(address, connections, meter.clone()).await
        };
        let (read, write) = if options.url.starts_with("sqlite:") {
            let file: SqliteConnectOptions = options.url.parse().map_err(failed_to_connect)?;
            // The writer first: it makes the file.
            let write = async |synchronous| {
                let file = writer(file.clone()).synchronous(synchronous);
                open(Address::Sqlite { file, writes: true }, 1).await
            };
            let write = match with_log(write(SqliteSynchronous::Normal).await?).await? {
                Some(with_log) => with_log,
                None => write(SqliteSynchronous::Full).await?,
            };
            let read = Address::Sqlite { file: reader(file.clone()), writes: false };
            (open(read, options.pool).await?, write)
        } else {
            let server: PgConnectOptions = options.url.parse().map_err(failed_to_connect)?;
            let server = postgres(server, options.statement_timeout);
            let both = open(Address::Postgres(server), options.pool).await?;
            (both.clone(), both)
        };
        Ok(Database { read, write, meter })
    }

    /// The same database, for work that is not done for a request: it counts what it asks for itself.
    pub fn counted_apart(&self) -> Database {
        let meter = Arc::<Meter>::default();
        let (read, write) = (self.read.metered(meter.clone()), self.write.metered(meter.clone()));
        Database { read, write, meter }
    }

    pub fn read(&self) -> &Pool {
        &self.read
    }

    /// Only the unit of work, the sequencer and the commands that make a database write.
    pub fn write(&self) -> &Pool {
        &self.write
    }

    pub fn backend(&self) -> DbBackend {
        self.read.backend()
    }

    /// Begins a write.
    pub async fn begin(&self) -> Result<Transaction> {
        Ok(self.write.begin().await?)
    }

    /// Connections of sea-orm's own, for the migrations and the loader of the demo, which take no
    /// others. They write; close them after use.
    pub async fn orm(&self) -> Result<DatabaseConnection> {
        Ok(match self.write.address() {
            Address::Sqlite { file, .. } => {
                // Nobody waits for a sync of theirs.
                let file = file.clone().synchronous(SqliteSynchronous::Full);
                let pool = pool_options(1).connect_with(file).await;
                SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.map_err(failed_to_connect)?)
            }
            Address::Postgres(server) => {
                let pool = pool_options(self.write.size()).connect_with(server.clone()).await;
                SqlxPostgresConnector::from_sqlx_postgres_pool(pool.map_err(failed_to_connect)?)
            }
        })
    }

    /// Waits until all that can be read now outlasts a power cut. On PostgreSQL it does already.
    pub async fn durable(&self) -> Result<()> {
        Ok(self.write.durable().await?)
    }

    /// How often a commit, or several at once, waited for the disk under an SQLite file.
    pub fn syncs(&self) -> u64 {
        self.write.durability().map_or(0, Durability::syncs)
    }

    /// SQL statements run so far over this handle and its clones. What bounds a transaction or a
    /// part of it is none: `BEGIN`, `COMMIT`, `SAVEPOINT`.
    pub fn statements(&self) -> u64 {
        self.meter.statements.load(Ordering::Relaxed)
    }

    /// How often somebody waited for the database: statements, and what bounds transactions. A
    /// statement that a connection meets first is prepared, which is once more, and not counted.
    pub fn round_trips(&self) -> u64 {
        self.meter.round_trips.load(Ordering::Relaxed)
    }

    /// Refuses new statements, lets those that run end, and closes all connections.
    pub async fn close(self) -> Result<()> {
        // The writer last: who closes the file last puts the log of changes into it.
        self.read.close().await;
        self.write.close().await;
        Ok(())
    }
}

fn pool_options<D: sqlx::Database>(connections: u32) -> PoolOptions<D> {
    PoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT)
}

fn writer(file: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What is written over is gone from its page.
        .pragma("secure_delete", "FAST")
}

/// The writer of a file, with the log that is synced for it. None where there is no log, as in memory:
/// there each commit has to see to itself.
async fn with_log(writer: Pool) -> Result<Option<Pool>, DbErr> {
    let ask =
        async |sql| writer.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
    // All that an earlier process left is written into the file, and that synced: the log alone might
    // be synced in name only, where its sync failed before.
    ask("PRAGMA wal_checkpoint(PASSIVE)").await?;
    let mode: Option<String> =
        ask("PRAGMA journal_mode").await?.map(|it| it.try_get_by_index(0)).transpose()?;
    let file: Option<String> =
        ask("PRAGMA database_list").await?.map(|it| it.try_get_by_index(2)).transpose()?;
    let log = file.map(|it| PathBuf::from(format!("{it}-wal"))).filter(|it| it.is_file());
    if let (Some("wal"), Some(log)) = (mode.as_deref(), log) {
        writer.sync_with(Durability::of_log(log));
        writer.durable().await?;
        return Ok(Some(writer));
    }
    writer.close().await;
    Ok(None)
}

fn reader(file: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite(file).create_if_missing(false).pragma("query_only", "true")
}

fn sqlite(file: SqliteConnectOptions) -> SqliteConnectOptions {
    file.disable_statement_logging()
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(PREPARED)
        // A page of a list comes over in one go.
        .row_buffer_size(256)
        // 8 MiB a connection: the file itself is in the system's cache.
        .pragma("cache_size", "-8192")
        // As PostgreSQL does.
        .pragma("case_sensitive_like", "true")
}

fn postgres(server: PgConnectOptions, statement_timeout: Duration) -> PgConnectOptions {
    let statement_timeout = statement_timeout.as_millis().to_string();
    server
        .disable_statement_logging()
        .statement_cache_capacity(PREPARED)
        .application_name("gongtu")
        .options([
            ("statement_timeout", statement_timeout.as_str()),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "30s"),
            // A query whose client hung up stops in the database too.
            ("client_connection_check_interval", "1s"),
        ])
}
