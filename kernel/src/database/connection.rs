//! One connection to one of the two databases.

use sea_orm::{
    ConnAcquireErr, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, SqlxError,
    SqlxPostgresError,
    sea_query::Values,
    sqlx::{
        self, AssertSqlSafe, ConnectOptions, Connection as _, Executor, PgConnection,
        SqliteConnection,
        postgres::{PgConnectOptions, PgSeverity},
        sqlite::SqliteConnectOptions,
    },
};
use sea_query_sqlx::SqlxValues;

/// Where the database is, and how a connection to it is set up.
pub enum Address {
    Sqlite { file: SqliteConnectOptions, writes: bool },
    Postgres(PgConnectOptions),
}

pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A statement, ready to run. Its text is what finds the prepared one again.
pub struct Prepared {
    pub sql: String,
    pub values: Values,
}

/// Why a statement failed.
pub enum Fault {
    /// The database refused it: the connection is as good as before.
    Refused(SqlxError),
    /// Nothing more can be had over this connection.
    Broken(SqlxError),
}

impl Address {
    pub fn backend(&self) -> DbBackend {
        match self {
            Address::Sqlite { .. } => DbBackend::Sqlite,
            Address::Postgres(_) => DbBackend::Postgres,
        }
    }

    /// How a transaction begins. On SQLite at once as the writer: a deferred transaction that turns
    /// into a write fails when another came first, whatever the busy time-out.
    pub fn begin(&self) -> &'static str {
        match self {
            Address::Sqlite { writes: true, .. } => "BEGIN IMMEDIATE",
            Address::Sqlite { writes: false, .. } | Address::Postgres(_) => "BEGIN",
        }
    }

    pub async fn connect(&self) -> Result<Connection, SqlxError> {
        Ok(match self {
            Address::Sqlite { file, .. } => Connection::Sqlite(file.connect().await?),
            Address::Postgres(server) => Connection::Postgres(server.connect().await?),
        })
    }
}

/// Runs the same call on either kind of connection.
macro_rules! on_either {
    ($self:ident, $it:ident => $run:expr) => {
        match $self {
            Connection::Sqlite($it) => $run,
            Connection::Postgres($it) => $run,
        }
    };
}

impl Connection {
    pub async fn execute(&mut self, statement: Prepared) -> Result<ExecResult, Fault> {
        let Prepared { sql, values } = statement;
        let (sql, values) = (AssertSqlSafe(sql), SqlxValues(values));
        on_either!(self, it => {
            sqlx::query_with(sql, values).execute(it).await.map(Into::into).map_err(Fault::of)
        })
    }

    /// The rows that a statement returns, all of them: the answer of the database is read to its
    /// end.
    pub async fn query(&mut self, statement: Prepared) -> Result<Vec<QueryResult>, Fault> {
        let Prepared { sql, values } = statement;
        let (sql, values) = (AssertSqlSafe(sql), SqlxValues(values));
        on_either!(self, it => {
            let rows = sqlx::query_with(sql, values).fetch_all(it).await.map_err(Fault::of)?;
            Ok(rows.into_iter().map(Into::into).collect())
        })
    }

    /// Runs statements without values in one message, which nothing prepares.
    pub async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, Fault> {
        let sql = AssertSqlSafe(sql.to_owned());
        on_either!(self, it => it.execute(sql).await.map(Into::into).map_err(Fault::of))
    }

    /// Reads what is left of an answer, and finds out whether somebody is at the other end.
    pub async fn ping(&mut self) -> Result<(), SqlxError> {
        on_either!(self, it => it.ping().await)
    }

    pub async fn close(self) -> Result<(), SqlxError> {
        on_either!(self, it => it.close().await)
    }
}

impl Fault {
    fn of(error: SqlxError) -> Fault {
        let broken = match &error {
            SqlxError::Database(error) => error
                .try_downcast_ref::<SqlxPostgresError>()
                .is_some_and(|it| matches!(it.severity(), PgSeverity::Fatal | PgSeverity::Panic)),
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::WorkerCrashed => true,
            _ => false,
        };
        if broken { Fault::Broken(error) } else { Fault::Refused(error) }
    }

    pub fn is_broken(&self) -> bool {
        matches!(self, Fault::Broken(_))
    }

    /// What the caller is told. Whoever asks again gets another connection.
    pub fn into_error(self, of: impl FnOnce(RuntimeErr) -> DbErr) -> DbErr {
        match self {
            // Of a message that cannot be: it is our fault, and will be the next time.
            Fault::Broken(error @ SqlxError::Protocol(_)) | Fault::Refused(error) => {
                of(RuntimeErr::SqlxError(error.into()))
            }
            Fault::Broken(error) => failed_to_connect(error),
        }
    }
}

pub fn failed_to_connect(error: SqlxError) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

pub fn timed_out() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

pub fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}
