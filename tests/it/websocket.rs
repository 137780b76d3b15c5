//! GraphQL over WebSocket, from outside.

use std::time::Instant;

use gongtu::guard::Limits;
use serde_json::json;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Error;

use crate::{
    support::TestApp,
    wire::{CREATE, bearer, seconds},
};

/// Says nothing as long as nothing changes.
const QUIET: &str = "subscription { changes { operation } }";
/// Says at once what has changed.
const LIVELY: &str = "subscription { changes(after: \"\") { operation } }";

#[tokio::test]
async fn each_wrong_step_closes_the_socket_with_its_code() {
    let app = TestApp::with(Limits { init_time: seconds(0.5), ..Limits::default() }).await;
    let token = bearer(&app.steward().await);
    let init = json!({ "type": "connection_init" });
    let query = json!({ "id": "1", "type": "subscribe", "payload": { "query": QUIET } });
    for (name, messages, code) in [
        ("nothing", vec![], 4408),
        ("a subscription first", vec![query.clone()], 4401),
        ("two greetings", vec![init.clone(), init.clone()], 4429),
        ("an id twice", vec![init.clone(), query.clone(), query.clone()], 4409),
        (
            "an operation without an id",
            vec![init.clone(), json!({ "type": "subscribe", "payload": { "query": QUIET } })],
            4400,
        ),
        (
            "an operation without a payload",
            vec![init.clone(), json!({ "id": "1", "type": "subscribe" })],
            4400,
        ),
        ("a list", vec![json!([init])], 4400),
        ("an unknown type", vec![init.clone(), json!({ "type": "start" })], 4400),
        (
            "a bad credential",
            vec![
                json!({ "type": "connection_init", "payload": { "authorization": "Bearer bad" } }),
            ],
            4403,
        ),
        (
            "a credential with a NUL",
            vec![json!({ "type": "connection_init", "payload": { "authorization": "Bearer \0" } })],
            4403,
        ),
        (
            "a credential that is no text",
            vec![json!({ "type": "connection_init", "payload": { "Authorization": 1 } })],
            4400,
        ),
    ] {
        let mut socket = app.socket(&[("authorization", &token)]).await.unwrap();
        for message in messages {
            socket.send(message).await;
        }
        assert_eq!(socket.close_code().await, code, "{name}");
    }
}

#[tokio::test]
async fn a_message_that_is_no_json_closes_the_socket() {
    let app = TestApp::new().await;
    for text in
        ["", "{", "null", "\"ping\"", r#"{"type":"ping","type":"ping"}"#, r#"{"type":"\ud83d"}"#]
    {
        let mut socket = app.socket(&[]).await.unwrap();
        socket.text(text).await;
        assert_eq!(socket.close_code().await, 4400, "{text}");
    }
}

#[tokio::test]
async fn a_credential_comes_with_the_handshake_or_with_the_greeting() {
    let app = TestApp::new().await;
    let (wang, li) = (app.steward().await, app.county("130302").await);
    let mut by_header = app.socket(&[("authorization", &bearer(&wang))]).await.unwrap();
    let mut by_greeting = app.socket(&[]).await.unwrap();
    by_header.send(json!({ "type": "connection_init" })).await;
    let payload = json!({ "Authorization": bearer(&li) });
    by_greeting.send(json!({ "type": "connection_init", "payload": payload })).await;

    for (socket, client) in [(&mut by_header, &wang), (&mut by_greeting, &li)] {
        assert_eq!(socket.next().await["type"], "connection_ack");
        socket.subscribe("1", "{ viewer { name } }").await;
        assert_eq!(socket.next().await["payload"]["data"]["viewer"]["name"], client.name);
    }
    let refused = app.socket(&[("authorization", "Bearer gongtu_UNKNOWN")]).await;
    assert!(matches!(refused, Err(Error::Http(it)) if it.status() == 401));
}

#[tokio::test]
async fn a_page_of_another_origin_opens_no_socket() {
    let app = TestApp::with(Limits {
        origins: vec!["https://union.example".into()],
        ..Limits::default()
    })
    .await;
    let own = app.url.clone();
    for (origin, may) in [
        (own.as_str(), true),
        ("https://union.example", true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let socket = app.socket(&[("origin", origin)]).await;
        assert_eq!(socket.is_ok(), may, "{origin}");
    }
}

#[tokio::test]
async fn a_revoked_credential_closes_the_socket() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    steward.create_worker("王芳", "130302").await;
    let mut socket = app.opened(&steward).await;
    socket.subscribe("1", LIVELY).await;
    assert_eq!(socket.next().await["type"], "next");

    let started = Instant::now();
    app.app.credentials().revoke(&steward.name).await.unwrap();

    assert_eq!(socket.close_code().await, 4403);
    assert!(started.elapsed() < seconds(8.0), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_id_is_free_as_soon_as_the_client_lets_it_go() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for name in ["王芳", "王方", "王坊", "王舫"] {
        steward.create_worker(name, "130302").await;
    }
    let mut socket = app.opened(&steward).await;
    for _ in 0..50 {
        socket.subscribe("1", LIVELY).await;
        socket.send(json!({ "id": "1", "type": "complete" })).await;
    }
    socket.subscribe("1", LIVELY).await;

    // Were the end of an earlier one mistaken for the end of this, it would come now.
    for _ in 0..4 {
        let message = socket.next().await;
        assert_eq!(message["type"], "next", "{message}");
    }
}

#[tokio::test]
async fn a_socket_holds_operations_and_messages_up_to_the_limits() {
    let limits = Limits { operations_per_socket: 3, message_bytes: 2_000, ..Limits::default() };
    let app = TestApp::with(limits).await;
    let steward = app.steward().await;
    let mut crowded = app.opened(&steward).await;
    for id in ["1", "2", "3"] {
        crowded.subscribe(id, QUIET).await;
    }
    crowded.send(json!({ "type": "ping" })).await;
    assert_eq!(crowded.next().await["type"], "pong");
    crowded.subscribe("4", "{ __typename }").await;
    assert_eq!(crowded.close_code().await, 4429);

    let mut wordy = app.opened(&steward).await;
    wordy.subscribe("1", &format!("{{ __typename }} #{}", "x".repeat(1_000))).await;
    assert_eq!(wordy.next().await["type"], "next");
    assert_eq!(wordy.next().await["type"], "complete");
    wordy.subscribe("2", &format!("{{ __typename }} #{}", "x".repeat(3_000))).await;
    assert_eq!(wordy.close_code().await, 1009);
}

#[tokio::test]
async fn a_quiet_socket_is_no_slow_request() {
    let limits = Limits {
        header_time: seconds(0.2),
        idle_time: seconds(0.2),
        keep_alive_time: seconds(0.1),
        ..Limits::default()
    };
    let app = TestApp::with(limits).await;
    let mut socket = app.opened(&app.steward().await).await;

    for _ in 0..8 {
        // Reading answers the service's pings.
        let waited = timeout(seconds(0.2), socket.next()).await;
        assert!(waited.is_err(), "{waited:?}");
    }
    socket.subscribe("1", "{ __typename }").await;

    assert_eq!(socket.next().await["payload"]["data"]["__typename"], "Query");
}

#[tokio::test]
async fn a_client_that_went_silent_is_let_go() {
    let limits = Limits { keep_alive_time: seconds(0.1), ..Limits::default() };
    let mut app = TestApp::with(limits).await;
    let steward = app.steward().await;
    let socket = app.opened(&steward).await;

    // It answers no ping, for nobody reads.
    sleep(seconds(1.0)).await;

    let left = timeout(seconds(6.0), async {
        while !app.app.tasks().is_empty() {
            sleep(seconds(0.05)).await;
        }
    });
    assert!(left.await.is_ok());
    app.app.shutdown().cancel();
    assert!(timeout(seconds(4.0), &mut app.served).await.is_ok());
    drop(socket);
}

#[tokio::test]
async fn a_client_that_stops_reading_gets_no_more_once_it_may_not() {
    let limits = Limits { revocation_time: seconds(0.3), aliases: 1_000, ..Limits::default() };
    let app = TestApp::with(limits).await;
    let steward = app.steward().await;
    let flood = app.flood(&steward).await;
    let mut socket = app.opened(&steward).await;
    socket.subscribe("1", &flood).await;
    sleep(seconds(1.5)).await;
    assert!(!app.app.tasks().is_empty());

    app.app.credentials().revoke(&steward.name).await.unwrap();
    sleep(seconds(1.5)).await;

    // Its task is over, although nobody took what was sent.
    assert!(app.app.tasks().is_empty());
    drop(socket);
}

#[tokio::test]
async fn a_stop_ends_subscriptions_lets_the_rest_finish_and_says_restart() {
    let mut app = TestApp::new().await;
    let steward = app.steward().await;
    let mut socket = app.opened(&steward).await;
    let held = app.hold_writes().await;
    socket.subscribe("live", QUIET).await;
    socket.subscribe("work", CREATE).await;
    sleep(seconds(0.3)).await;

    app.app.shutdown().cancel();
    sleep(seconds(0.3)).await;
    held.rollback().await.unwrap();
    let mut heard = Vec::new();
    let code = loop {
        let message = socket.next().await;
        if let Some(code) = message.get("close") {
            break code.clone();
        }
        heard.push(format!("{} {}", message["id"], message["type"]));
    };

    assert_eq!(code, 1012);
    assert_eq!(heard, [r#""work" "next""#, r#""work" "complete""#]);
    app.workers(1).await;
    assert!(timeout(seconds(4.0), &mut app.served).await.is_ok());
}
