//! Subscriptions over HTTP: events and parts.

use std::time::{Duration, Instant};

use gongtu::guard::Limits;
use tokio::{
    io::AsyncWriteExt,
    net::TcpSocket,
    time::{sleep, timeout},
};

use crate::{
    support::TestApp,
    wire::{bearer, body_of, seconds},
};

#[tokio::test]
async fn a_subscription_is_a_stream_of_events_or_of_parts() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    steward.create_worker("王芳", "130302").await;
    steward.create_employer("海港纺织厂", "130302").await;
    let body = body_of("subscription { changes(after: \"\", first: 2) { operation } }");
    let token = bearer(&steward);
    let send = async |accept: &str| {
        app.send(body.as_str(), &[("authorization", &token), ("accept", accept)]).await
    };

    let events = send("text/event-stream").await;
    let parts =
        send("multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\", application/json")
            .await;
    let refused = send("application/json").await;

    let event = |operation: &str| {
        format!(
            "event: next\ndata: {{\"data\":{{\"changes\":{{\"operation\":\"{operation}\"}}}}}}\n\n"
        )
    };
    let (first, second) = (event("workerCreate"), event("employerCreate"));
    assert_eq!(events.text, format!(":\n\n{first}{second}event: complete\ndata: \n\n"));
    assert_eq!(
        (events.header("cache-control"), events.header("x-accel-buffering")),
        ("no-store", "no")
    );
    assert_eq!(parts.text.matches("{\"payload\":{\"data\":{\"changes\":").count(), 2);
    assert!(parts.text.ends_with("\r\n--graphql--\r\n"));
    assert_eq!((refused.status, refused.code().as_str()), (406, "BAD_REQUEST"));
}

#[tokio::test]
async fn more_streams_than_connections_end_although_each_looks_whether_it_still_may() {
    let limits = Limits { revocation_time: Duration::from_millis(5), ..Limits::default() };
    let app = TestApp::with(limits).await;
    let steward = app.steward().await;
    app.fill_employers(10).await;
    for name in ["甲", "乙", "丙", "丁"] {
        steward.create_employer(name, "130302").await;
    }
    let body = body_of("subscription { changes(after: \"\", first: 4) { cursor node { id } } }");
    let token = bearer(&steward);

    let headers = [("authorization", &*token), ("accept", "text/event-stream")];
    let streams = (0..24).map(|_| app.send(body.as_str(), &headers));
    let answers = timeout(Duration::from_secs(120), futures_util::future::join_all(streams));

    for answer in answers.await.expect("none waits for ever") {
        assert_eq!(answer.text.matches("event: next").count(), 4, "{}", answer.text);
        assert!(answer.text.ends_with("event: complete\ndata: \n\n"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_subscription_that_is_refused_ends_with_the_reason() {
    let app = TestApp::new().await;
    let accept = [("accept", "text/event-stream")];

    let forbidden = app.send(body_of("subscription { changes { operation } }"), &accept).await;
    let invalid = app.send(body_of("subscription { nope }"), &accept).await;

    for (answer, code) in [(forbidden, "UNAUTHENTICATED"), (invalid, "GRAPHQL_VALIDATION_FAILED")] {
        assert_eq!(answer.status, 200);
        assert!(answer.text.contains(&format!("\"code\":\"{code}\"")), "{}", answer.text);
        assert!(answer.text.ends_with("event: complete\ndata: \n\n"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_quiet_stream_shows_life_and_ends_when_the_credential_does() {
    let limits = Limits {
        keep_alive_time: seconds(0.2),
        revocation_time: seconds(0.2),
        ..Limits::default()
    };
    let app = TestApp::with(limits).await;
    let steward = app.steward().await;
    let (credentials, name) = (app.app.credentials().clone(), steward.name.clone());
    tokio::spawn(async move {
        sleep(seconds(1.2)).await;
        credentials.revoke(&name).await.unwrap();
    });
    let body = body_of("subscription { changes { operation } }");
    let headers = [("authorization", &*bearer(&steward)), ("accept", "text/event-stream")];

    let started = Instant::now();
    let events = app.send(body, &headers).await;

    assert!(events.text.matches(":\n\n").count() >= 4, "{}", events.text);
    assert!(!events.text.contains("complete"));
    assert!((seconds(1.0)..seconds(10.0)).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_client_that_does_not_read_is_let_go() {
    let limits = Limits { write_time: seconds(0.4), aliases: 1_000, ..Limits::default() };
    let mut app = TestApp::with(limits).await;
    let steward = app.steward().await;
    let body = body_of(&app.flood(&steward).await);
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n\
         authorization: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        bearer(&steward),
        body.len()
    );
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    let mut stream = socket.connect(app.address().parse().unwrap()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();

    sleep(seconds(2.5)).await;
    app.app.shutdown().cancel();

    // Nothing is left to wait for.
    let ended = timeout(seconds(6.0), &mut app.served).await;
    assert!(ended.is_ok_and(|it| it.is_ok()));
}
