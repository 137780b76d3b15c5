use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::Result;

/// The two databases, behind one face: where reads go, where writes go, how many statements ran.
///
/// SQLite has one writer and several readers on one file; PostgreSQL one pool for both.
#[derive(Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    statements: Arc<AtomicU64>,
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

impl Database {
    pub async fn connect(options: &Connect) -> Result<Database> {
        let statements = Arc::new(AtomicU64::new(0));
        let open = async |options: ConnectOptions| -> Result<DatabaseConnection, DbErr> {
            let mut connection = sea_orm::Database::connect(options).await?;
            let counter = statements.clone();
            connection.set_metric_callback(move |_| {
                counter.fetch_add(1, Ordering::Relaxed);
            });
            Ok(connection)
        };
        let (read, write) = if options.url.starts_with("sqlite:") {
            // The writer first: it makes the file.
            let write = open(sqlite(options, 1, false)).await?;
            (open(sqlite(options, options.pool, true)).await?, write)
        } else {
            let both = open(postgres(options)).await?;
            (both.clone(), both)
        };
        Ok(Database { read, write, statements })
    }

    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Only the unit of work, the sequencer and the commands that make a database write.
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Begins a write. On SQLite at once as the writer: a deferred transaction that turns into a
    /// write fails when another came first, whatever the busy time-out.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// SQL statements run so far, by everybody.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub async fn close(self) -> Result<()> {
        self.write.clone().close().await?;
        self.read.close().await?;
        Ok(())
    }
}

fn sqlite(options: &Connect, connections: u32, read_only: bool) -> ConnectOptions {
    let mut connect = ConnectOptions::new(&options.url);
    connect
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |it| {
            let it = it
                .create_if_missing(!read_only)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .statement_cache_capacity(256)
                .pragma("cache_size", "-65536")
                // As PostgreSQL does.
                .pragma("case_sensitive_like", "true");
            if read_only {
                it.pragma("query_only", "true")
            } else {
                it.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
            }
        });
    connect
}

fn postgres(options: &Connect) -> ConnectOptions {
    let mut connect = ConnectOptions::new(&options.url);
    let statement_timeout = options.statement_timeout.as_millis().to_string();
    connect
        .max_connections(options.pool)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .map_sqlx_postgres_opts(move |it| {
            it.application_name("gongtu").options([
                ("statement_timeout", statement_timeout.as_str()),
                ("lock_timeout", "5s"),
                ("idle_in_transaction_session_timeout", "30s"),
                // A query whose client hung up stops in the database too.
                ("client_connection_check_interval", "1s"),
            ])
        });
    connect
}
