//! The connections to the database: each statement is one round trip, and whatever happens to one of
//! them, the next request has another.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use gongtu::database::{Connect, Database};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    support::{TestApp, codes, on_postgres, postgres_url},
    wire::{CREATE, seconds},
};

const WORKERS: &str = "{ workers { nodes { name } } }";

#[tokio::test]
async fn a_statement_is_one_round_trip() {
    let Some(url) = postgres_url() else {
        return println!("skipped: SQLite has no wire");
    };
    let relay = Relay::to(&url).await;
    let statement_timeout = Duration::from_secs(30);
    let connect = Connect { url: relay.url.clone(), pool: 2, statement_timeout };
    let database = Database::connect(&connect).await.unwrap();
    let ask = || Statement::from_sql_and_values(database.backend(), "SELECT $1 + 1", [1.into()]);
    // The first time, it is prepared.
    database.read().query_all_raw(ask()).await.unwrap();
    let (before, counted) = (relay.round_trips(), database.round_trips());

    for _ in 0..10 {
        database.read().query_all_raw(ask()).await.unwrap();
    }
    let transaction = database.begin().await.unwrap();
    transaction.query_all_raw(ask()).await.unwrap();
    transaction.commit().await.unwrap();
    // What would come after a statement has come by now.
    tokio::time::sleep(seconds(0.1)).await;

    assert_eq!(relay.round_trips() - before, 13, "BEGIN and COMMIT are round trips as well");
    assert_eq!(database.round_trips() - counted, 13);
    database.close().await.unwrap();
}

#[tokio::test]
async fn more_requests_than_connections_are_all_served() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let queries = (0..64).map(|_| steward.run(WORKERS, json!({})));
    let mutations = (0..16).map(|_| steward.run(CREATE, json!({})));
    let (queries, mutations) = tokio::join!(join_all(queries), join_all(mutations));

    for answer in queries.iter().chain(&mutations) {
        assert!(answer.get("errors").is_none(), "{answer}");
    }
    app.workers(16).await;
}

#[tokio::test]
async fn clients_that_hang_up_leave_all_connections_behind() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    steward.data(WORKERS, json!({})).await;
    let held = app.hold_reads().await;

    for _ in 0..12 {
        app.hang_up(&steward, WORKERS).await;
    }
    drop(held);

    // As many at once as there are connections: not one is missing, nor does one answer another's
    // question.
    let answers = join_all((0..8).map(|it| {
        let query = format!("{{ workers {{ nodes {{ name }} }} it{it}: viewer {{ name }} }}");
        let steward = steward.clone();
        async move { (it, steward.run(&query, json!({})).await) }
    }));
    for (it, answer) in answers.await {
        assert_eq!(answer["data"][format!("it{it}")]["name"], steward.name, "{answer}");
        assert_eq!(answer["data"]["workers"]["nodes"], json!([]), "{answer}");
    }
    let readers = app.hold_reads().await;
    assert!(!readers.is_empty(), "they can be had all at once");
}

#[tokio::test]
async fn connections_that_the_server_ends_are_replaced() {
    if !on_postgres() {
        return println!("skipped: nobody ends a connection to a file");
    }
    let app = TestApp::new().await;
    let steward = app.steward().await;
    join_all((0..8).map(|_| steward.run(WORKERS, json!({})))).await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";

    let operator = app.app.shared().database.orm().await.unwrap();
    operator.execute_unprepared(others).await.unwrap();
    operator.close().await.unwrap();
    let mut refused = 0;
    for _ in 0..24 {
        let answer = steward.run(WORKERS, json!({})).await;
        if answer.get("errors").is_some() {
            assert_eq!(codes(&answer), ["UNAVAILABLE"], "{answer}");
            refused += 1;
        }
    }
    let mutation = steward.run(CREATE, json!({})).await;

    assert!(refused <= 1, "one finds out for all, not {refused}");
    assert!(mutation.get("errors").is_none(), "{mutation}");
}

#[tokio::test]
async fn a_transaction_that_was_let_go_leaves_nothing_to_the_next() {
    let app = TestApp::new().await;
    let database = &app.app.shared().database;
    let begun = database.begin().await.unwrap();
    begun.execute_unprepared("DELETE FROM division").await.unwrap();
    drop(begun);
    // Let go with a statement under way.
    let begun = database.begin().await.unwrap();
    let delete = begun.execute_unprepared("DELETE FROM division");
    let _ = tokio::time::timeout(Duration::ZERO, delete).await;
    drop(begun);

    for _ in 0..10 {
        let next = database.begin().await.unwrap();
        next.execute_unprepared("DELETE FROM setting WHERE name = 'none'").await.unwrap();
        next.commit().await.unwrap();
    }

    assert!(app.count("SELECT count(*) FROM division").await > 0);
}

#[tokio::test]
async fn a_transaction_in_which_a_statement_failed_is_not_committed() {
    let app = TestApp::new().await;
    let database = &app.app.shared().database;

    let begun = database.begin().await.unwrap();
    begun.execute_unprepared("DELETE FROM division").await.unwrap();
    begun.execute_unprepared("DELETE FROM nothing").await.unwrap_err();
    let whole = begun.commit().await;
    let begun = database.begin().await.unwrap();
    begun.execute_unprepared("DELETE FROM setting WHERE name = 'synthetic'").await.unwrap();
    begun.begin_part().await.unwrap();
    begun.execute_unprepared("DELETE FROM nothing").await.unwrap_err();
    begun.undo_part().await.unwrap();
    let but_a_part = begun.commit().await;

    assert!(whole.is_err());
    assert!(app.count("SELECT count(*) FROM division").await > 0);
    assert!(but_a_part.is_ok());
    assert_eq!(app.count("SELECT count(*) FROM setting WHERE name = 'synthetic'").await, 0);
}

/// Stands between the service and PostgreSQL, and counts the messages after which the service waits.
struct Relay {
    url: String,
    round_trips: Arc<AtomicU64>,
}

impl Relay {
    async fn to(url: &str) -> Relay {
        let (head, rest) = url.split_once('@').expect("the address names a user");
        let (server, database) = rest.split_once('/').expect("the address names a database");
        let (server, listener) =
            (server.to_owned(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let address = listener.local_addr().unwrap();
        // Encrypted, the messages could not be told apart.
        let url = format!("{head}@{address}/{database}?sslmode=disable");
        let round_trips = Arc::new(AtomicU64::new(0));
        let counter = round_trips.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                let (mut from_server, to_server) = server.into_split();
                let (from_client, mut to_client) = client.into_split();
                tokio::spawn(async move {
                    let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
                });
                tokio::spawn(relay(from_client, to_server, counter.clone()));
            }
        });
        Relay { url, round_trips }
    }

    fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::Relaxed)
    }
}

async fn relay(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    round_trips: Arc<AtomicU64>,
) -> Option<()> {
    // The first message says who comes, and has no type.
    let mut is_greeted = false;
    loop {
        let mut head = vec![0; if is_greeted { 5 } else { 4 }];
        from.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes(head[head.len() - 4..].try_into().ok()?) as usize;
        let mut body = vec![0; length - 4];
        from.read_exact(&mut body).await.ok()?;
        to.write_all(&[head.as_slice(), &body].concat()).await.ok()?;
        if is_greeted {
            // Sync, and a query that is not prepared: the two that the server tells the end of.
            let waits = matches!(head[0], b'S' | b'Q');
            round_trips.fetch_add(u64::from(waits), Ordering::Relaxed);
        }
        is_greeted = true;
    }
}
