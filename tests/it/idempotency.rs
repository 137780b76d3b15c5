//! A key makes asking again safe.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, refusals};

const WORKER: &str = "worker { id name version }";

fn input(key: &str, name: &str) -> Value {
    json!({ "name": name, "divisionCode": "130302", "idempotencyKey": key })
}

async fn create(client: &Client, key: &str, name: &str) -> Value {
    client.mutate("workerCreate", WORKER, input(key, name)).await
}

/// The payload, but for its mark.
fn unmarked(mut payload: Value) -> Value {
    payload["replayed"].take();
    payload
}

#[tokio::test]
async fn the_same_key_and_input_answer_the_first_answer_again() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let first = create(&steward, "k", "王芳").await;
    let again = create(&steward, "k", "王芳").await;
    let id = &first["worker"]["id"];
    let change = json!({ "id": id, "expectedVersion": 1, "name": "王方" });
    steward.done("workerUpdate", WORKER, change).await;
    let after_a_change = create(&steward, "k", "王芳").await;

    assert_eq!(refusals(&first), [""; 0]);
    assert_eq!(first["replayed"], false);
    assert!(first["changeCursor"].is_string());
    for replay in [again, after_a_change] {
        assert_eq!(replay["replayed"], true);
        assert_eq!(unmarked(replay), unmarked(first.clone()));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
    let done =
        "SELECT COUNT(*) FROM audit_entry WHERE operation = 'workerCreate' AND outcome = 'DONE'";
    assert_eq!(app.count(done).await, 1);
}

#[tokio::test]
async fn warnings_are_part_of_the_first_answer() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut input = input("k", "王芳");
    input["idNumber"] = json!(crate::fixture::id_number("19900101", 2));
    input["sex"] = json!("MALE");

    let first = steward.done("workerCreate", WORKER, input.clone()).await;
    let again = steward.done("workerCreate", WORKER, input).await;

    assert_eq!(first["warnings"], json!([{ "rule": "ID-07" }]));
    assert_eq!(again["replayed"], true);
    assert_eq!(again["warnings"], first["warnings"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_32_at_once_one_is_done_and_the_others_answer_what_it_answered() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let run = |_| {
        let client = steward.clone();
        tokio::spawn(async move { create(&client, "k", "王芳").await })
    };

    let mut payloads = Vec::new();
    for task in (0..32).map(run).collect::<Vec<_>>() {
        payloads.push(task.await.unwrap());
    }

    assert_eq!(payloads.iter().filter(|it| it["replayed"] == false).count(), 1);
    let first = unmarked(payloads[0].clone());
    assert!(first["worker"]["id"].is_string(), "{first}");
    assert!(payloads.into_iter().all(|it| unmarked(it) == first));
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn another_input_or_mutation_with_the_same_key_is_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create(&steward, "k", "王芳").await;

    let other_input = create(&steward, "k", "李强").await;
    let upsert = json!({ "externalId": { "source": "s", "value": "v" } });
    let mut upsert_input = input("k", "王芳");
    upsert_input.as_object_mut().unwrap().extend(upsert.as_object().unwrap().clone());
    let other_mutation = steward.mutate("workerUpsert", WORKER, upsert_input).await;

    for refused in [other_input, other_mutation] {
        assert_eq!(refusals(&refused), ["IDEMPOTENCY_MISMATCH"]);
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "idempotencyKey"]));
        assert_eq!(refused["replayed"], false);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn the_same_input_to_another_mutation_is_a_mismatch() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let id = crate::fixture::worker(&steward).await;
    let input = json!({ "id": id, "expectedVersion": 1, "idempotencyKey": "k" });

    steward.done("workerArchive", WORKER, input.clone()).await;
    let restored = steward.mutate("workerRestore", WORKER, input).await;

    assert_eq!(refusals(&restored), ["IDEMPOTENCY_MISMATCH"]);
}

#[tokio::test]
async fn a_key_is_that_of_one_credential() {
    let app = TestApp::new().await;
    let (one, other) = (app.steward().await, app.steward().await);

    create(&one, "k", "王芳").await;
    let payload = create(&other, "k", "李强").await;

    assert_eq!(refusals(&payload), [""; 0]);
    assert_eq!(payload["replayed"], false);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 2);
}

#[tokio::test]
async fn what_is_not_kept_does_not_use_the_key_up() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut only = input("k", "王芳");
    only["validateOnly"] = json!(true);
    let mut wrong = input("k", "王芳");
    wrong["birthOn"] = json!("2999-01-01");

    steward.done("workerCreate", WORKER, only).await;
    let refused = steward.mutate("workerCreate", WORKER, wrong).await;
    let done = create(&steward, "k", "李强").await;

    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(refusals(&done), [""; 0]);
    assert_eq!(done["replayed"], false);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn a_key_has_1_to_128_bytes() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for key in [String::new(), "k".repeat(129), "工".repeat(43)] {
        let refused = create(&steward, &key, "王芳").await;
        assert_eq!(refusals(&refused), ["INVALID_VALUE"], "{key}");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "idempotencyKey"]));
    }
    let longest = create(&steward, &"k".repeat(128), "王芳").await;

    assert_eq!(refusals(&longest), [""; 0]);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn neither_the_order_of_fields_nor_how_they_are_sent_makes_another_input() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let run = async |fields: &str| {
        let query = format!(
            "mutation {{ it: workerCreate(input: {{ {fields} }}) {{ replayed worker {{ id }} }} }}"
        );
        steward.data(&query, json!({})).await["it"].clone()
    };

    let first = create(&steward, "k", "王芳").await;
    let second = run("name: \"王芳\", idempotencyKey: \"k\", divisionCode: \"130302\"").await;
    let third = run("divisionCode: \"130302\", name: \"王芳\", idempotencyKey: \"k\"").await;

    assert_eq!(first["replayed"], false);
    for again in [second, third] {
        assert_eq!(again["replayed"], true);
        assert_eq!(again["worker"]["id"], first["worker"]["id"]);
    }
}

#[tokio::test]
async fn a_key_is_kept_for_seven_days() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let first = create(&steward, "k", "王芳").await;

    app.clock.advance(TimeDelta::days(7) - TimeDelta::minutes(1));
    gongtu::unit_of_work::prune_keys(app.app.shared()).await.unwrap();
    let kept = create(&steward, "k", "王芳").await;
    app.clock.advance(TimeDelta::minutes(2));
    gongtu::unit_of_work::prune_keys(app.app.shared()).await.unwrap();
    let forgotten = create(&steward, "k", "王芳").await;

    assert_eq!(kept["worker"], first["worker"]);
    assert_eq!(kept["replayed"], true);
    assert_eq!(forgotten["replayed"], false);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 2);
}
