//! What takes long: work that outlives its client, clients that are slow, and the end of it all.

use std::time::Instant;

use gongtu::guard::Limits;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    support::{TestApp, codes},
    wire::{Answered, CREATE, bearer, body_of, seconds},
};

const WORKERS: &str = "{ workers { nodes { id } } }";

#[tokio::test]
async fn a_mutation_outlives_its_caller() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let held = app.hold_writes().await;

    app.hang_up(&steward, CREATE).await;
    let meanwhile = app.count("SELECT COUNT(*) FROM worker").await;
    held.rollback().await.unwrap();

    assert_eq!(meanwhile, 0);
    app.workers(1).await;
}

#[tokio::test]
async fn a_query_ends_with_its_caller() {
    let mut app = TestApp::new().await;
    let steward = app.steward().await;
    // Known from here on, for a second: the hold may keep the look-up of credentials waiting.
    steward.data("{ viewer { name } }", json!({})).await;
    let held = app.hold_reads().await;

    app.hang_up(&steward, WORKERS).await;
    app.app.shutdown().cancel();
    let ended = timeout(seconds(2.5), &mut app.served).await;

    // Nothing is left to wait for, although the query could not be answered yet.
    assert!(ended.is_ok());
    drop(held);
}

#[tokio::test]
async fn an_operation_has_only_so_much_time() {
    let app = TestApp::with(Limits { request_time: seconds(0.3), ..Limits::default() }).await;
    let steward = app.steward().await;
    let send =
        async |query: &str| app.send(body_of(query), &[("authorization", &bearer(&steward))]).await;

    send("{ viewer { name } }").await;
    let readers = app.hold_reads().await;
    let query = send(WORKERS).await;
    drop(readers);
    let writer = app.hold_writes().await;
    let mutation = send(CREATE).await;
    writer.rollback().await.unwrap();

    assert_eq!((query.status, query.code().as_str()), (503, "TIMEOUT"));
    assert_eq!((mutation.status, mutation.code().as_str()), (503, "TIMEOUT"));
    assert_eq!(mutation.header("retry-after"), "1");
    // What was begun is not cut in half.
    app.workers(1).await;
}

#[tokio::test]
async fn slow_heads_slow_bodies_and_idle_clients_are_let_go() {
    let limits = Limits {
        header_time: seconds(0.3),
        body_time: seconds(0.3),
        idle_time: seconds(1.0),
        ..Limits::default()
    };
    let app = TestApp::with(limits).await;
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let whole = format!("{head}content-length: 26\r\n\r\n{{\"query\":\"{{ __typename }}\"}}");
    for (bytes, begins, at_least, at_most) in [
        (String::new(), "", 0.2, 4.0),
        (head.to_owned(), "", 0.2, 4.0),
        (format!("{head}content-length: 90\r\n\r\n{{"), "HTTP/1.1 408", 0.2, 4.0),
        (whole.clone(), "HTTP/1.1 200", 0.8, 4.0),
        (format!("{whole}POST /gra"), "HTTP/1.1 200", 0.2, 4.0),
    ] {
        let started = Instant::now();
        let read = app.raw(bytes.as_bytes(), seconds(5.0)).await;
        let took = started.elapsed().as_secs_f64();

        assert!(read.starts_with(begins), "{bytes}: {read}");
        assert!((at_least..at_most).contains(&took), "{bytes}: {took}");
    }
}

#[tokio::test]
async fn a_stop_lets_work_finish_ends_streams_and_takes_no_more() {
    let mut app = TestApp::new().await;
    let steward = app.steward().await;
    assert_eq!(app.at("/ready").await.status, 200);
    let held = app.hold_writes().await;
    let waiting = tokio::spawn({
        let steward = steward.clone();
        async move { steward.run(CREATE, json!({})).await }
    });
    let stream = app.http.post(app.endpoint()).header("content-type", "application/json");
    let stream =
        stream.header("accept", "text/event-stream").bearer_auth(steward.token.as_deref().unwrap());
    let stream = stream.body(body_of("subscription { changes { operation } }"));
    let stream = tokio::spawn(async move { Answered::from(stream.send().await.unwrap()).await });
    app.hang_up(&steward, &CREATE.replace("王芳", "王方")).await;

    app.app.shutdown().cancel();
    let too_soon = timeout(seconds(0.5), &mut app.served).await;
    held.rollback().await.unwrap();
    let ended = timeout(seconds(4.0), &mut app.served).await;

    assert!(too_soon.is_err() && ended.is_ok_and(|it| it.unwrap().is_ok()));
    let waited = waiting.await.unwrap();
    assert_eq!(
        (codes(&waited).len(), &waited["data"]["workerCreate"]["worker"]["name"]),
        (0, &json!("王芳"))
    );
    assert_eq!(stream.await.unwrap().status, 200);
    app.workers(2).await;
    assert!(app.http.get(format!("{}/ready", app.url)).send().await.is_err());
}

#[tokio::test]
async fn connections_beyond_the_number_wait_for_a_place() {
    let app = TestApp::with(Limits {
        connections: 1,
        idle_time: seconds(0.6),
        header_time: seconds(0.6),
        ..Limits::default()
    })
    .await;
    let first = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    tokio::time::sleep(seconds(0.1)).await;

    let started = Instant::now();
    let answer = app.query("{ __typename }").await;

    assert_eq!(answer.status, 200);
    assert!(started.elapsed() > seconds(0.3), "{:?}", started.elapsed());
    drop(first);
}
