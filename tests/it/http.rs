//! The HTTP transport, from outside: forms of requests and answers.

use gongtu::guard::Limits;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    support::TestApp,
    wire::{Answered, CREATE, bearer, body_of},
};

#[tokio::test]
async fn the_media_type_decides_the_form_of_an_answer() {
    let app = TestApp::new().await;
    let body = json!({ "query": "{ __typename }" }).to_string();
    for (accept, content_type) in [
        ("", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
        (
            "application/graphql-response+json;q=0.5, application/json",
            "application/json; charset=utf-8",
        ),
        ("text/event-stream", "text/event-stream; charset=utf-8"),
        ("application/json, text/event-stream, multipart/mixed", "application/json; charset=utf-8"),
    ] {
        let answer = app.send(body.as_str(), &[("accept", accept)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{accept}");
    }

    let refused = app.send(body.as_str(), &[("accept", "image/png")]).await;

    assert_eq!((refused.status, refused.code().as_str()), (406, "BAD_REQUEST"));
}

#[tokio::test]
async fn what_did_not_run_has_no_data_and_says_so_by_its_status() {
    let app = TestApp::new().await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { divisions(first: $n) { nodes { id } } }", "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let newer = app.query(query).await;
        let older = app.send(body_of(query), &[("accept", "application/json")]).await;

        assert_eq!((newer.status, newer.code().as_str()), (400, code), "{query}");
        assert_eq!((older.status, older.code().as_str()), (200, code), "{query}");
        assert_eq!((newer.json().get("data"), older.json().get("data")), (None, None), "{query}");
    }

    let failed = app.query("{ changes { endCursor } }").await;

    assert_eq!((failed.status, failed.code().as_str()), (200, "UNAUTHENTICATED"));
    assert_eq!(failed.json()["data"], json!({ "changes": null }));
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_ask_and_a_cache_is_told_that_they_vary() {
    let app = TestApp::new().await;
    let (large, small) =
        (body_of("{ __schema { types { name description } } }"), body_of("{ __typename }"));
    for (asked, told) in [("", ""), ("identity", ""), ("gzip", "gzip"), ("gzip;q=0.5, br", "br")] {
        let answer = app.send(large.as_str(), &[("accept-encoding", asked)]).await;

        assert_eq!((answer.status, answer.header("content-encoding")), (200, told), "{asked}");
        assert_eq!(answer.text.starts_with("{\"data\""), told.is_empty(), "{asked}");
        let vary = answer.headers.get_all("vary").iter().any(|it| it == "accept-encoding");
        assert!(vary, "{asked}: {:?}", answer.headers);

        let answer = app.send(small.as_str(), &[("accept-encoding", asked)]).await;
        assert_eq!(answer.header("content-encoding"), "", "{asked}");
        assert_eq!(answer.json(), json!({ "data": { "__typename": "Query" } }), "{asked}");
    }
}

#[tokio::test]
async fn only_plain_json_is_taken_so_that_no_form_of_another_site_runs_anything() {
    let app = TestApp::new().await;
    let token = bearer(&app.steward().await);
    let send = async |name: &str, value: &str| {
        app.send(body_of(CREATE), &[("authorization", &token), (name, value)]).await
    };
    for content_type in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonp",
        "text/plain; application/json",
    ] {
        let answer = send("content-type", content_type).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "BAD_REQUEST"), "{content_type}");
    }
    let packed = send("content-encoding", "gzip").await;

    assert_eq!(packed.status, 415);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 0);
    assert_eq!(send("content-type", "application/JSON; charset=\"UTF-8\"").await.status, 200);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn a_mutation_by_get_is_refused_and_tells_what_is_allowed() {
    let app = TestApp::new().await;
    let token = bearer(&app.steward().await);
    let get = async |query: &str| {
        let request = app.http.get(app.endpoint()).query_pairs(query);
        Answered::from(request.header("authorization", &token).send().await.unwrap()).await
    };

    let (mutation, query) = (get(CREATE).await, get("{ __typename }").await);
    let put = Answered::from(app.http.put(app.endpoint()).send().await.unwrap()).await;

    assert_eq!((mutation.status, mutation.header("allow")), (405, "POST"));
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 0);
    assert_eq!((query.status, query.json()["data"]["__typename"].as_str()), (200, Some("Query")));
    assert!(query.header("cache-control").contains("private"));
    assert_eq!((put.status, put.header("allow")), (405, "GET, POST"));
}

trait QueryPairs {
    fn query_pairs(self, query: &str) -> Self;
}

impl QueryPairs for reqwest::RequestBuilder {
    fn query_pairs(self, query: &str) -> Self {
        let encoded: String = query.bytes().map(|it| format!("%{it:02X}")).collect();
        let (client, request) = self.build_split();
        let mut request = request.unwrap();
        request
            .url_mut()
            .set_query(Some(&format!("query={encoded}&operationName=&variables=%7B%7D")));
        reqwest::RequestBuilder::from_parts(client, request)
    }
}

#[tokio::test]
async fn credentials_and_faults_of_the_house_have_their_status() {
    let app = TestApp::new().await;
    let (known, other) = (app.steward().await, app.steward().await);
    let body = body_of("{ viewer { name } }");
    let send = async |token: &str| app.send(body.as_str(), &[("authorization", token)]).await;

    let (well, nobody) = (send(&bearer(&known)).await, send("").await);
    let unknown = [send("Bearer gongtu_UNKNOWN").await, send("Basic YTpi").await, send("x").await];
    app.app.shared().database.clone().close().await.unwrap();
    let down = send(&bearer(&other)).await;

    assert_eq!(well.json()["data"]["viewer"]["name"], known.name);
    assert_eq!(nobody.json()["data"]["viewer"]["name"], Value::Null);
    for answer in unknown {
        let told = (answer.status, answer.code(), answer.header("www-authenticate"));
        assert_eq!(told, (401, "UNAUTHENTICATED".to_owned(), "Bearer"));
    }
    assert_eq!(
        (down.status, down.code().as_str(), down.header("retry-after")),
        (503, "UNAVAILABLE", "1")
    );
}

#[tokio::test]
async fn every_answer_carries_the_identity_of_its_request() {
    let app = TestApp::new().await;
    let body = json!({ "query": "{ nope }" }).to_string();

    let given = app.send(body.as_str(), &[("x-request-id", "partner-7.a_b")]).await;
    let odd = app.send(body.as_str(), &[("x-request-id", "a b\"c")]).await;

    assert_eq!(given.header("x-request-id"), "partner-7.a_b");
    assert_eq!(given.json()["errors"][0]["extensions"]["requestId"], "partner-7.a_b");
    assert_eq!(odd.header("x-request-id").len(), 36);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(given.header(name), value);
    }
    assert!(given.header("content-security-policy").contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_persisted_document_is_known_once_it_was_sent_whole() {
    let app = TestApp::new().await;
    let text = "query Persisted { __typename }";
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text));
    let ask = |query: Value, hash: &str| {
        json!({ "query": query, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } }).to_string()
    };

    let unknown = app.send(ask(Value::Null, &hash), &[]).await;
    let mismatched = app.send(ask("{ __typename }".into(), &hash), &[]).await;
    let invalid_text = "{ nope }";
    let invalid_hash = data_encoding::HEXLOWER.encode(&Sha256::digest(invalid_text));
    app.send(ask(invalid_text.into(), &invalid_hash), &[]).await;
    let invalid = app.send(ask(Value::Null, &invalid_hash), &[]).await;
    let sent = app.send(ask(text.into(), &hash), &[]).await;
    let known = app.send(ask(Value::Null, &hash), &[]).await;

    assert_eq!((unknown.status, unknown.code().as_str()), (400, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!((mismatched.status, mismatched.code().as_str()), (400, "PERSISTED_QUERY_MISMATCH"));
    assert_eq!(invalid.code(), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(
        (sent.status, known.status, known.json()["data"]["__typename"].as_str()),
        (200, 200, Some("Query"))
    );
}

#[tokio::test]
async fn only_a_listed_origin_may_read_answers() {
    let app = TestApp::with(Limits {
        origins: vec!["https://union.example".into()],
        ..Limits::default()
    })
    .await;
    for (origin, shared) in [
        ("https://union.example", true),
        ("https://union.example.evil.example", false),
        ("https://evil.example", false),
        ("http://union.example", false),
        ("https://union.example:444", false),
        ("null", false),
    ] {
        let preflight = app.http.request(reqwest::Method::OPTIONS, app.endpoint());
        let preflight =
            preflight.header("origin", origin).header("access-control-request-method", "POST");
        let preflight = Answered::from(preflight.send().await.unwrap()).await;
        let answer = app.send(r#"{"query":"{ __typename }"}"#, &[("origin", origin)]).await;

        let told = if shared { origin } else { "" };
        assert_eq!(answer.header("access-control-allow-origin"), told, "{origin}");
        assert_eq!(preflight.header("access-control-allow-origin"), told, "{origin}");
        assert_eq!(preflight.status, if shared { 204 } else { 403 }, "{origin}");
    }
}

#[tokio::test]
async fn operators_see_life_readiness_and_figures_without_names_of_users() {
    let app = TestApp::new().await;
    app.query("query SecretName { __typename }").await;

    let (health, ready) = (app.at("/health").await, app.at("/ready").await);
    let figures = app.at("/metrics").await.text;
    app.app.shared().database.clone().close().await.unwrap();
    let (health_after, ready_after) = (app.at("/health").await, app.at("/ready").await);

    assert_eq!((health.text.as_str(), health_after.text.as_str()), ("ok", "ok"));
    assert_eq!((ready.status, ready_after.status), (200, 503));
    assert_eq!(app.at("/nothing").await.code(), "NOT_FOUND");
    let counted = "gongtu_operations_total{kind=\"query\",outcome=\"ok\"}";
    assert!(figures.contains(counted), "{figures}");
    assert!(!figures.contains("SecretName"));
}
