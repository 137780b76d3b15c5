//! What an operation costs, how much a caller may spend, and what whole values are read for.

use chrono::Duration;
use gongtu::{guard::Limits, quota::Budgets};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, codes};

async fn cost(client: &Client, query: &str) -> Value {
    let body = client.text(&json!({ "query": query })).await;
    serde_json::from_str::<Value>(&body).unwrap()["extensions"]["cost"].clone()
}

#[tokio::test]
async fn an_operation_tells_what_it_cost_and_what_is_left() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let planned = cost(&steward, "{ workers(first: 50) { nodes { id } } }").await;
    let executed = cost(&steward, "{ workers(first: 50) { nodes { id } } viewer { name } }").await;

    assert!((50..70).contains(&planned["points"].as_i64().unwrap()), "{planned}");
    assert!(executed["points"].as_i64() >= planned["points"].as_i64(), "{executed}");
    let spent = planned["left"].as_i64().unwrap() - executed["left"].as_i64().unwrap();
    // A second fills up a million points.
    assert!(spent <= executed["points"].as_i64().unwrap(), "{planned} {executed}");
}

#[tokio::test]
async fn a_budget_that_is_spent_is_refused_until_it_fills_up_and_is_nobody_elses() {
    let budgets = Budgets { cost: 300, ..Budgets::default() };
    let app = TestApp::with(Limits { budgets, ..Limits::default() }).await;
    let (one, other) = (app.steward().await, app.steward().await);
    let query = json!({ "query": "{ workers(first: 100) { nodes { id } } }" });

    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(one.post(&query).await);
    }
    let (status, refused) = answers.pop().unwrap();
    let statuses: Vec<u16> = answers.iter().map(|it| it.0).collect();

    assert_eq!(statuses[..2], [200, 200]);
    assert_eq!((status, codes(&refused)), (429, vec!["RATE_LIMITED"]));
    assert_eq!(refused.get("data"), None);
    assert_eq!(other.post(&query).await.0, 200);
    app.clock.advance(Duration::minutes(1));
    assert_eq!(one.post(&query).await.0, 200);
}

#[tokio::test]
async fn persons_are_looked_up_by_number_sixty_times_a_minute() {
    let budgets = Budgets::default();
    let app = TestApp::with(Limits { budgets, ..Limits::default() }).await;
    let steward = app.steward().await;
    let query = "{ worker(by: { idNumber: \"130399199001010023\" }) { id } }";

    let mut refused = 0;
    for _ in 0..75 {
        let told = steward.run(query, json!({})).await;
        refused += i32::from(codes(&told) == ["RATE_LIMITED"]);
    }

    assert!((5..=15).contains(&refused), "{refused} of 75 in a few seconds");
}

#[tokio::test]
async fn a_value_is_shown_whole_for_a_purpose_and_the_rest_without() {
    let app = TestApp::new().await;
    let mut steward = app.steward().await;
    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": "130399199001010023" });
    steward.done("workerCreate", "worker { id }", input).await;
    let query = "{ workers(first: 5) { nodes { name idNumber { value } } } }";
    steward.purpose = None;
    let mut partner = app.partner().await;
    partner.purpose = None;
    let declared = async |purpose: Value| {
        let (_, body) =
            steward.post(&json!({ "query": query, "extensions": { "purpose": purpose } })).await;
        body
    };

    let without = steward.run(query, json!({})).await;
    let masked = partner.run(query, json!({})).await;
    let checked = declared(json!({ "code": "IDENTITY_CHECK" })).await;
    let case = declared(json!({ "code": "DISPUTE", "caseNumber": "（2026）冀0302民初1号" })).await;
    let no_case = declared(json!({ "code": "DISPUTE" })).await;
    let unknown = declared(json!({ "code": "CURIOSITY" })).await;

    assert_eq!(codes(&without), ["PURPOSE_REQUIRED"], "{without}");
    assert_eq!(without["errors"][0]["path"], json!(["workers", "nodes", 0, "idNumber"]));
    let node = &without["data"]["workers"]["nodes"][0];
    assert_eq!(*node, json!({ "name": "王芳", "idNumber": null }));
    assert_eq!(masked["data"]["workers"]["nodes"][0]["idNumber"]["value"], "130***********0023");
    for whole in [checked, case] {
        let value = &whole["data"]["workers"]["nodes"][0]["idNumber"]["value"];
        assert_eq!(value, "130399199001010023", "{whole}");
    }
    for wrong in [no_case, unknown] {
        assert_eq!(codes(&wrong), ["BAD_USER_INPUT"], "{wrong}");
        assert_eq!(wrong.get("data"), None);
    }
}

#[tokio::test]
async fn a_figure_and_its_parts_cost_what_groups_cost() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for (query, points) in [
        ("{ figures(division: \"130300\", codes: [\"F10\", \"F13\"]) { value } }", 201),
        (
            "{ figures(division: \"130300\", codes: [\"F10\"]) { breakdown(by: MONTH) { key } } }",
            201,
        ),
    ] {
        assert_eq!(cost(&steward, query).await["points"], points, "{query}");
    }
}
