use std::time::Duration;

use gongtu::playground::{Example, examples};
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

#[tokio::test]
async fn every_example_runs_over_the_demo_records() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;

    let mut faults = Vec::new();
    for example in examples() {
        let answer = run(&steward, &example).await;
        if let Some(fault) = answer.and_then(|it| fault_of(&it)) {
            faults.push(format!("{}: {fault}", example.name));
        }
    }

    assert_eq!(faults, Vec::<String>::new());
}

/// The answer; of a subscription the first, if there is one soon.
async fn run(steward: &Client, example: &Example) -> Option<Value> {
    let is_subscription = example.query.lines().any(|it| it.starts_with("subscription"));
    if !is_subscription {
        return Some(steward.run(&example.query, json!(example.variables)).await);
    }
    let mut feed = steward.subscribe(&example.query, json!(example.variables)).await;
    let first = tokio::time::timeout(Duration::from_millis(500), feed.next()).await;
    match first {
        Ok(None) => Some(json!({ "errors": "it ended without a word" })),
        Ok(first) => first,
        Err(_) => None,
    }
}

/// What is wrong with an answer: an error, something refused, or nothing in it at all.
fn fault_of(answer: &Value) -> Option<String> {
    let data = &answer["data"];
    if !answer["errors"].is_null() || !data.is_object() {
        return Some(answer.to_string());
    }
    let empty = data.as_object()?.values().any(Value::is_null);
    let refused = data
        .as_object()?
        .values()
        .any(|it| it["userErrors"].as_array().is_some_and(|it| !it.is_empty()));
    (empty || refused).then(|| answer.to_string())
}
