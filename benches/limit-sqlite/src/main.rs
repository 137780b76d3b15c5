//! The limit on SQLite: one hand-written, prepared statement an operation; no GraphQL, no rights, no checks.
//!
//! `DATABASE_FILE`, `PORT`, `POOL` (readers; there is one writer). `LIMIT_JSON=rows` has serde write the JSON
//! of the two worker pages from plain rows; else SQLite writes all JSON.
//! The body is `{"op": "q1", "variables": {…}}`; the answer has the shape of a GraphQL answer.

mod sql;

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router, body::Bytes, extract::State, http::header, response::IntoResponse, routing::post,
    serve::ListenerExt,
};
use sea_orm::sqlx::{
    self, ConnectOptions, Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::Semaphore;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn Error + Send + Sync>;

struct Limit {
    readers: Pool,
    writer: Pool,
    by_serde: bool,
    page: &'static str,
    page_with_total: &'static str,
}

/// Connections that are kept: taken, used, put back.
struct Pool {
    free: Mutex<Vec<SqliteConnection>>,
    permits: Semaphore,
}

impl Pool {
    fn new(connections: Vec<SqliteConnection>) -> Pool {
        Pool { permits: Semaphore::new(connections.len()), free: Mutex::new(connections) }
    }

    async fn with<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, Failure> {
        let _permit = self.permits.acquire().await?;
        let taken = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut lent = Lent { pool: self, connection: taken };
        let connection = lent.connection.as_mut().ok_or("no connection")?;
        Ok(work(connection).await?)
    }
}

/// Goes back also when the client hangs up.
struct Lent<'a> {
    pool: &'a Pool,
    connection: Option<SqliteConnection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut free = self.pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.extend(self.connection.take());
    }
}

#[derive(Deserialize)]
struct Body<'a> {
    op: &'a str,
    #[serde(borrow)]
    variables: &'a RawValue,
}

#[derive(Deserialize)]
struct ById<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct ByDivision<'a> {
    d: &'a str,
}

#[derive(Deserialize)]
struct ByLevel<'a> {
    d: &'a str,
    s: i64,
}

#[derive(Deserialize)]
struct Upsert<'a> {
    #[serde(borrow)]
    i: Worker<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Worker<'a> {
    source: &'a str,
    external_id: &'a str,
    name: &'a str,
    gender: &'a str,
    birth_date: &'a str,
    employer_id: &'a str,
    division_code: &'a str,
    employment_form: &'a str,
    education: &'a str,
    phone: &'a str,
    skill_level: i64,
    union_joined_on: &'a str,
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

#[derive(Serialize)]
struct Workers<T> {
    workers: Page<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    edges: Vec<Edge<T>>,
    page_info: PageInfo,
}

#[derive(Serialize)]
struct Edge<T> {
    cursor: String,
    node: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfEmployer<'a> {
    id: String,
    name: &'a str,
    gender: &'a str,
    skill_level: i64,
    union_joined_on: &'a str,
    employer: Named<'a>,
    division: Coded<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

#[derive(Serialize)]
struct Coded<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfDivision<'a> {
    id: String,
    name: &'a str,
    skill_level: i64,
    union_joined_on: &'a str,
    employment_form: &'a str,
}

fn page<'a, T: Serialize>(
    rows: &'a [SqliteRow],
    size: usize,
    edge: impl Fn(&'a SqliteRow) -> Edge<T>,
) -> Result<String, Failure> {
    let edges: Vec<_> = rows.iter().take(size).map(edge).collect();
    let end_cursor = edges.last().map(|it| it.cursor.clone());
    let page_info = PageInfo { has_next_page: rows.len() > size, end_cursor };
    Ok(serde_json::to_string(&Data { data: Workers { workers: Page { edges, page_info } } })?)
}

fn of_employer(row: &SqliteRow) -> Edge<OfEmployer<'_>> {
    let (id, name): (i64, &str) = (row.get(0), row.get(1));
    Edge {
        cursor: format!("{id}:{name}"),
        node: OfEmployer {
            id: id.to_string(),
            name,
            gender: row.get(2),
            skill_level: row.get(3),
            union_joined_on: row.get(4),
            employer: Named { id: row.get::<i64, _>(5).to_string(), name: row.get(6) },
            division: Coded { code: row.get(7), name: row.get(8) },
        },
    }
}

fn of_division(row: &SqliteRow) -> Edge<OfDivision<'_>> {
    let (id, joined): (i64, &str) = (row.get(0), row.get(3));
    Edge {
        cursor: format!("{joined}:{id}"),
        node: OfDivision {
            id: id.to_string(),
            name: row.get(1),
            skill_level: row.get(2),
            union_joined_on: joined,
            employment_form: row.get(4),
        },
    }
}

impl Limit {
    async fn run(&self, body: &[u8]) -> Result<String, Failure> {
        let Body { op, variables } = serde_json::from_slice(body)?;
        let variables = variables.get();
        match op {
            "q1" => {
                let id: i64 = serde_json::from_str::<ById>(variables)?.id.parse()?;
                self.readers
                    .with(async |it| sqlx::query_scalar(sql::Q1).bind(id).fetch_one(it).await)
                    .await
            }
            "q2" => {
                let id: i64 = serde_json::from_str::<ById>(variables)?.id.parse()?;
                if self.by_serde {
                    let query = sqlx::query(sql::Q2_ROWS).bind(id);
                    let rows = self.readers.with(async |it| query.fetch_all(it).await).await?;
                    return page(&rows, 50, of_employer);
                }
                self.readers
                    .with(async |it| sqlx::query_scalar(sql::Q2).bind(id).fetch_one(it).await)
                    .await
            }
            "q3" | "q5" => {
                let ByDivision { d } = serde_json::from_str(variables)?;
                let text = if op == "q3" { sql::Q3 } else { sql::Q5 };
                let query = sqlx::query_scalar(text).bind(d.to_owned());
                self.readers.with(async |it| query.fetch_one(it).await).await
            }
            "q4" | "q4n" => {
                let ByLevel { d, s } = serde_json::from_str(variables)?;
                if self.by_serde && op == "q4n" {
                    let query = sqlx::query(sql::Q4N_ROWS).bind(d.to_owned()).bind(s);
                    let rows = self.readers.with(async |it| query.fetch_all(it).await).await?;
                    return page(&rows, 20, of_division);
                }
                let text = if op == "q4" { self.page_with_total } else { self.page };
                let query = sqlx::query_scalar(text).bind(d.to_owned()).bind(s);
                self.readers.with(async |it| query.fetch_one(it).await).await
            }
            "m1" => {
                let Upsert { i } = serde_json::from_str(variables)?;
                let query = sqlx::query_scalar(sql::M1)
                    .bind(i.source.to_owned())
                    .bind(i.external_id.to_owned())
                    .bind(i.name.to_owned())
                    .bind(i.gender.to_owned())
                    .bind(i.birth_date.to_owned())
                    .bind(i.employer_id.parse::<i64>()?)
                    .bind(i.division_code.to_owned())
                    .bind(i.employment_form.to_owned())
                    .bind(i.education.to_owned())
                    .bind(i.phone.to_owned())
                    .bind(i.skill_level)
                    .bind(i.union_joined_on.to_owned());
                self.writer.with(async |it| query.fetch_one(it).await).await
            }
            _ => Err("no such operation".into()),
        }
    }
}

async fn answer(State(limit): State<Arc<Limit>>, body: Bytes) -> impl IntoResponse {
    let text = match limit.run(&body).await {
        Ok(text) => text,
        Err(error) => format!(r#"{{"errors":[{{"message":{:?}}}]}}"#, error.to_string()),
    };
    ([(header::CONTENT_TYPE, "application/json")], text)
}

async fn connect(file: &str, is_writer: bool) -> Result<SqliteConnection, Failure> {
    // As the service opens its file.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .pragma("cache_size", "-65536")
        .statement_cache_capacity(16);
    let options = if is_writer {
        options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full)
    } else {
        options.pragma("query_only", "true")
    };
    let mut connection = options.disable_statement_logging().connect().await?;
    connection.ping().await?;
    Ok(connection)
}

fn setting(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| format!("{name} is not set").into())
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let file = setting("DATABASE_FILE")?;
    let writer = Pool::new(vec![connect(&file, true).await?]);
    let mut readers = Vec::new();
    for _ in 0..setting("POOL")?.parse::<usize>()? {
        readers.push(connect(&file, false).await?);
    }
    let limit = Arc::new(Limit {
        readers: Pool::new(readers),
        writer,
        by_serde: setting("LIMIT_JSON").is_ok_and(|it| it == "rows"),
        page: sql::page(false).leak(),
        page_with_total: sql::page(true).leak(),
    });
    let address = ("127.0.0.1", setting("PORT")?.parse::<u16>()?);
    let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|it| {
        let _ = it.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/graphql", post(answer)).with_state(limit)).await?;
    Ok(())
}
