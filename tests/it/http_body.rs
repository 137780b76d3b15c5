//! Bodies: how long they may be, and what is said to those that are no request.

use gongtu::guard::Limits;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::{support::TestApp, wire::seconds};

#[tokio::test]
async fn a_body_is_taken_up_to_the_limit_and_not_a_byte_further() {
    let app = TestApp::with(Limits { body_bytes: 1_000, ..Limits::default() }).await;
    let body = |size: usize| {
        let bare = json!({ "query": "{ __typename }", "padding": "" }).to_string();
        json!({ "query": "{ __typename }", "padding": "x".repeat(size - bare.len()) }).to_string()
    };

    let (at, over) = (app.send(body(1_000), &[]).await, app.send(body(1_001), &[]).await);
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let chunks = format!("400\r\n{}\r\n", "x".repeat(1024)).repeat(40);
    let endless = app
        .raw(format!("{head}transfer-encoding: chunked\r\n\r\n{chunks}").as_bytes(), seconds(3.0))
        .await;
    let announced = app
        .raw(
            format!("{head}content-length: 40000\r\n\r\n{}", "x".repeat(40_000)).as_bytes(),
            seconds(3.0),
        )
        .await;

    for (size, status) in [(1_000, "HTTP/1.1 200"), (1_001, "HTTP/1.1 413")] {
        let body = body(size);
        let whole = format!(
            "{head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n"
        );
        let answer = app.raw(whole.as_bytes(), seconds(3.0)).await;
        assert!(answer.starts_with(status), "{size}: {answer}");
    }
    assert_eq!((at.status, over.status, over.code().as_str()), (200, 413, "BAD_REQUEST"));
    assert_eq!(over.header("connection"), "close");
    assert!(endless.starts_with("HTTP/1.1 413"), "{endless}");
    assert!(announced.starts_with("HTTP/1.1 413"), "{announced}");
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let app = TestApp::new().await;
    let mut stream = tokio::net::TcpStream::connect(app.address()).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));

    let mut sent = 0;
    while sent < 64 << 20 && stream.write_all(chunk.as_bytes()).await.is_ok() {
        sent += chunk.len();
    }

    // What the two kernels hold comes on top of what the service reads.
    assert!(sent < 16 << 20, "{sent}");
}

#[tokio::test]
async fn headers_are_taken_up_to_the_limit() {
    let app = TestApp::new().await;
    let body = r#"{"query":"{ __typename }"}"#;

    let (long, longer) = ("x".repeat(10_000), "x".repeat(20_000));

    assert_eq!(app.send(body, &[("x-long", &long)]).await.status, 200);
    assert_eq!(app.send(body, &[("x-long", &longer)]).await.status, 431);
}

const SECRET: &str = "130391199001011234";

/// JSON that is no request, or no JSON.
fn malformed() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        // Not an object.
        "",
        " ",
        "null",
        "true",
        "1",
        "-1",
        "\"x\"",
        "[]",
        "[{}]",
        "[{\"query\":\"{__typename}\"}]",
        // No query.
        "{}",
        "{\"query\":null}",
        "{\"Query\":\"{__typename}\"}",
        "{\"variables\":{}}",
        "{\"extensions\":{\"persistedQuery\":null}}",
        // Not JSON.
        "{",
        "}",
        "{]",
        "{,}",
        "{\"query\"}",
        "{\"query\":}",
        "{\"query\":\"{__typename}\",}",
        "{'query':'{__typename}'}",
        "{query:\"{__typename}\"}",
        "{\"query\":\"{__typename}\"} x",
        "{\"query\":\"{__typename}\"}{}",
        "{\"query\":\"{__typename}\"}\0",
        "{\"query\":\"{__typename}\" /**/}",
        "{\"query\":\"{__typename}\"} // x",
        "{\"query\":\"{__typename}\n\"}",
        "{\"query\":\"{__typename}\t\"}",
        "{\"query\":\"{__typename}\0\"}",
        "\u{FEFF}{\"query\":\"{__typename}\"}",
        "query={__typename}",
        "query: {__typename}",
        "{\"query\":\"{__typename}\";}",
        "query { __typename }",
        "<query/>",
        "undefined",
        // Names given twice.
        "{\"query\":\"{__typename}\",\"query\":\"{__typename}\"}",
        "{\"query\":\"{__typename}\",\"\\u0071uery\":\"{__typename}\"}",
        "{\"query\":\"{__typename}\",\"variables\":{\"a\":1,\"a\":2}}",
        "{\"query\":\"{__typename}\",\"variables\":{\"a\":[{\"b\":1,\"b\":1}]}}",
        "{\"query\":\"{__typename}\",\"extensions\":{\"a\":1,\"a\":2}}",
    ]
    .map(Vec::from)
    .into();
    let with = |name: &str, value: &str| {
        format!("{{\"query\":\"{{__typename}}\",\"{name}\":{value}}}").into_bytes()
    };
    for value in ["1", "1.5", "true", "[]", "{}"] {
        bodies.push(format!("{{\"query\":{value}}}").into_bytes());
        bodies.push(with("operationName", value));
    }
    for value in ["1", "1.5", "true", "\"{}\"", "[]", "[{}]"] {
        bodies.push(with("variables", value));
        bodies.push(with("extensions", value));
    }
    for value in [
        "1",
        "true",
        "\"x\"",
        "[]",
        "{}",
        "{\"version\":1}",
        "{\"sha256Hash\":\"ab\"}",
        "{\"version\":2,\"sha256Hash\":\"ab\"}",
        "{\"version\":\"1\",\"sha256Hash\":\"ab\"}",
        "{\"version\":1,\"sha256Hash\":1}",
        "{\"version\":1,\"sha256Hash\":\"ab\"}",
        "{\"version\":1,\"sha256Hash\":\"zz\"}",
        "{\"version\":1,\"sha256Hash\":\"\"}",
    ] {
        bodies.push(with("extensions", &format!("{{\"persistedQuery\":{value}}}")));
    }
    for value in [
        "NaN",
        "Infinity",
        "-",
        "01",
        "+1",
        "0x1",
        "1.",
        ".5",
        "1e",
        "1e999",
        "-1e999",
        "TRUE",
        "nul",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u{41}\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ude00\\ud83d\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\ud83dx\"",
        "{\"\\ud83d\":1}",
    ] {
        bodies.push(with("variables", &format!("{{\"a\":{value}}}")));
    }
    bodies
}

/// A good request, cut short after each byte and with each byte made one that UTF-8 has not.
fn damaged() -> Vec<Vec<u8>> {
    let good = json!({ "query": "{ __typename }", "variables": { "v": SECRET } }).to_string();
    let cut = (0..good.len()).map(|it| good.as_bytes()[..it].to_vec());
    let broken = (0..good.len()).map(|it| {
        let mut bytes = good.clone().into_bytes();
        bytes[it] = 0xFF;
        bytes
    });
    let wide = |bytes: fn(u16) -> [u8; 2]| good.encode_utf16().flat_map(bytes).collect();
    cut.chain(broken).chain([wide(u16::to_le_bytes), wide(u16::to_be_bytes)]).collect()
}

#[tokio::test]
async fn malformed_bodies_are_refused_and_not_echoed() {
    let app = TestApp::new().await;
    let mut bodies = malformed();
    assert!(bodies.len() >= 100, "{}", bodies.len());
    bodies.extend(damaged());
    bodies.push(format!("{{\"query\":\"{SECRET}").into_bytes());
    bodies.push(format!("{{\"{SECRET}\":1,\"{SECRET}\":2}}").into_bytes());

    for body in bodies {
        let shown = String::from_utf8_lossy(&body).into_owned();
        let answer = app.send(body, &[]).await;

        assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_REQUEST"), "{shown}");
        assert!(answer.text.len() < 1024 && !answer.text.contains(SECRET), "{}", answer.text);
        assert_eq!(answer.json().get("data"), None);
    }
}

#[tokio::test]
async fn what_is_wrong_inside_a_request_is_not_echoed_either() {
    let app = TestApp::new().await;
    for (query, code) in [
        (format!("{{ x(v: \"{SECRET}\") }}"), "GRAPHQL_VALIDATION_FAILED"),
        (format!("{{ divisions(first: \"{SECRET}\") {{ nodes {{ id }} }} }}"), ""),
        (format!("{{ __typename \"{SECRET}\" }}"), "GRAPHQL_PARSE_FAILED"),
        (format!("{{ __typename \"\\ud800{SECRET}\" }}"), "GRAPHQL_PARSE_FAILED"),
        (format!("{{ worker(by: {{ idNumber: {SECRET} }}) {{ id }} }}"), ""),
    ] {
        let answer = app.query(&query).await;

        assert!(!answer.text.contains(SECRET), "{query}: {}", answer.text);
        assert!(answer.code() == code || code.is_empty(), "{query}: {}", answer.text);
        assert_ne!(answer.code(), "", "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn long_lists_and_deep_nesting_are_too_complex() {
    let app = TestApp::new().await;
    let with = |value: Value| json!({ "query": "{ __typename }", "variables": value }).to_string();
    let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    for (name, body, status) in [
        ("a list at the limit", with(json!({ "v": vec![1; 1_000] })), 200),
        ("a list beyond it", with(json!({ "v": vec![1; 1_001] })), 400),
        ("nesting at the limit", with(json!({ "v": nested(64) })), 200),
        ("nesting beyond it", with(json!({ "v": nested(65) })), 400),
        ("brackets without end", "[".repeat(500_000), 400),
    ] {
        let answer = app.send(body, &[]).await;

        let code = if status == 200 { "" } else { "DOCUMENT_TOO_COMPLEX" };
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{name}");
    }
}
