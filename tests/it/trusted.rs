//! Trusted documents: asked for by their ids, and where the operator says so, nothing else.

use gongtu::guard::{Guard, Limits, Trusted, trusted};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::TestApp;

const WHO: &str = "query Who { viewer { name } }";
const COUNT: &str = "query Count($by: [WorkerGroupField!]!) { workerGroups(by: $by) { count } }";

fn apollo() -> String {
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        { "id": "who-1", "body": WHO, "name": "Who", "type": "query" },
        { "id": "count-1", "body": COUNT, "name": "Count", "type": "query" },
    ] })
    .to_string()
}

fn limits(manifest: &str, only: bool) -> Limits {
    let documents = trusted::documents(manifest).unwrap();
    Limits { trusted: Trusted { documents, only }, ..Limits::default() }
}

fn hash(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text))
}

#[tokio::test]
async fn a_trusted_document_runs_by_its_id_however_a_client_names_it() {
    let relay = json!({ "who-1": WHO, "count-1": COUNT }).to_string();
    for manifest in [apollo(), relay] {
        let app = TestApp::with(limits(&manifest, false)).await;
        let persisted = |id: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": id } });
        let (text, prefixed) = (hash(WHO), format!("sha256:{}", hash(WHO)));
        for body in [
            json!({ "extensions": persisted("who-1") }),
            json!({ "extensions": persisted(&text) }),
            json!({ "documentId": "who-1" }),
            json!({ "documentId": prefixed }),
            json!({ "id": "who-1", "variables": {} }),
            json!({ "query": WHO }),
            json!({ "query": WHO, "id": 7 }),
        ] {
            let answer = app.send(body.to_string(), &[]).await;
            let expected = json!({ "data": { "viewer": { "name": null } } });
            assert_eq!((answer.status, answer.json()), (200, expected), "{body}");
        }
        for address in [
            "documentId=who-1".to_owned(),
            "id=who-1".to_owned(),
            format!("extensions={}", persisted("who-1").to_string().replace('"', "%22")),
        ] {
            let answer = app.at(&format!("/graphql?{address}")).await;
            assert_eq!(answer.json()["data"]["viewer"], json!({ "name": null }), "{address}");
        }
        let counted = json!({ "documentId": "count-1", "variables": { "by": ["SEX"] } });
        let counted = app.send(counted.to_string(), &[]).await;
        assert_eq!(counted.json(), json!({ "data": { "workerGroups": [] } }));
        for (body, code) in [
            (json!({ "documentId": hash("{ viewer { name } }") }), "PERSISTED_QUERY_NOT_FOUND"),
            (json!({ "documentId": "who-2" }), "PERSISTED_QUERY_NOT_FOUND"),
            (json!({ "documentId": "who-1", "query": WHO }), "BAD_REQUEST"),
            (json!({ "documentId": 7 }), "BAD_REQUEST"),
            (json!({ "documentId": "count-1" }), "BAD_USER_INPUT"),
            (
                json!({ "query": COUNT, "extensions": persisted("who-1") }),
                "PERSISTED_QUERY_MISMATCH",
            ),
        ] {
            let answer = app.send(body.to_string(), &[]).await;
            assert_eq!(answer.code(), code, "{body}");
        }
        // A text that is not in the manifest runs as before, and is known from then on.
        let other = "{ viewer { roles } }";
        let text = app.send(json!({ "query": other }).to_string(), &[]).await;
        let known =
            app.send(json!({ "extensions": persisted(&hash(other)) }).to_string(), &[]).await;
        assert_eq!((text.status, known.status), (200, 200));
    }
}

#[tokio::test]
async fn a_trusted_document_runs_on_a_socket() {
    let app = TestApp::with(limits(&apollo(), true)).await;
    let client = app.public().await;
    let mut socket = app.opened(&client).await;
    for (payload, kind) in [
        (json!({ "documentId": "who-1" }), "next"),
        (json!({ "id": "who-1" }), "next"),
        (json!({ "query": WHO }), "next"),
        (json!({ "query": "{ viewer { roles } }" }), "error"),
        (json!({ "documentId": hash("{ viewer { roles } }") }), "error"),
    ] {
        socket.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        let told = socket.next().await;
        assert_eq!(told["type"], kind, "{payload} {told}");
        if kind == "next" {
            assert_eq!(told["payload"]["data"]["viewer"], json!({ "name": client.name }));
            assert_eq!(socket.next().await["type"], "complete");
        } else {
            assert_eq!(told["payload"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
        }
    }
}

#[tokio::test]
async fn where_only_trusted_documents_run_no_other_text_does() {
    let app = TestApp::with(limits(&apollo(), true)).await;
    let persisted =
        |text: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } });
    let other = "{ viewer { roles } }";

    for body in [
        json!({ "query": other }),
        json!({ "query": other, "extensions": persisted(other) }),
        json!({ "extensions": persisted(other) }),
        json!({ "query": "{ __schema { types { name } } }" }),
        json!({ "query": "{ nope }" }),
        json!({ "query": format!("{WHO} ") }),
    ] {
        let answer = app.send(body.to_string(), &[]).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "PERSISTED_QUERY_NOT_FOUND"),
            "{body}"
        );
        assert_eq!(answer.json()["data"], Value::Null);
    }
    let known = app.send(json!({ "query": WHO }).to_string(), &[]).await;
    assert_eq!(known.status, 200);
}

#[test]
fn a_document_that_is_not_valid_is_named_at_the_start() {
    for (text, why) in [
        ("{ nope }", "nope"),
        ("{ viewer {", "line 1"),
        (&format!("{{ viewer {{ name }} }} #{}", "x".repeat(64 << 10)), "bytes"),
    ] {
        let manifest = json!({ "a": WHO, "bad-7": text }).to_string();
        let error = Guard::new(gongtu::schema::contract(), limits(&manifest, false)).err().unwrap();
        let told = error.to_string();
        assert!(told.contains("bad-7") && told.contains(why), "{told}");
    }
    for (manifest, why) in [
        ("nothing", "not JSON"),
        ("[]", "neither"),
        (r#"{ "a": 1 }"#, "neither"),
        (r#"{ "format": "apollo-persisted-query-manifest", "version": 2, "operations": [] }"#, "2"),
        (
            r#"{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
                { "id": "a", "body": "{ a }" }, { "id": "a", "body": "{ b }" }] }"#,
            "the id a",
        ),
    ] {
        let told = format!("{:#}", trusted::documents(manifest).unwrap_err());
        assert!(told.contains(why), "{manifest}: {told}");
    }
}

#[test]
fn trusted_documents_are_kept_however_many_others_come() {
    let manifest = json!({ "who-1": WHO }).to_string();
    let limits = Limits { document_cache_bytes: 20_000, ..limits(&manifest, false) };
    let guard = Guard::new(gongtu::schema::contract(), limits).unwrap();
    let variables = serde_json::Map::new();
    let ask = |query: Option<&str>, sha256: Option<&str>| {
        guard.admit(gongtu::guard::Asked {
            query,
            sha256,
            operation_name: None,
            variables: &variables,
            introspection: gongtu::guard::Introspection::Allowed,
        })
    };

    for number in 0..200 {
        ask(Some(&format!("{{ viewer {{ name roles }} }} # {number}")), None).unwrap();
    }

    assert!(guard.kept().1 < 200);
    assert_eq!(ask(None, Some("who-1")).unwrap().name(), Some("Who"));
}
