//! Mutations that come at once share transactions, and nobody can tell.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, each, refusals, text};

const MANY: usize = 60;

fn worker(number: usize) -> Value {
    json!({
        "externalId": { "source": "hrss", "value": format!("W{number}") },
        "name": format!("职工{}", char::from_u32(0x4e00 + number as u32).unwrap()),
        "divisionCode": "130302",
    })
}

/// Upserts all of them at once; the answers are in the order of the inputs.
async fn upsert(client: &Client, inputs: Vec<Value>) -> Vec<Value> {
    let selection = "worker { id name version divisionCode }";
    join_all(inputs.into_iter().map(|it| client.mutate("workerUpsert", selection, it))).await
}

#[tokio::test]
async fn upserts_that_come_at_once_take_less_than_a_statement_each() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    // What a service learns once: that there is the division.
    upsert(&steward, vec![worker(MANY)]).await;

    for version in [1, 2] {
        let inputs = (0..MANY).map(|it| {
            let mut input = worker(it);
            input["isMigrantWorker"] = json!(version == 2);
            input
        });
        let before = app.statements();
        let answers = upsert(&steward, inputs.collect()).await;
        let statements = app.statements() - before;

        for (number, answer) in answers.iter().enumerate() {
            assert_eq!(answer["worker"]["name"], worker(number)["name"], "{answer}");
            assert_eq!(answer["worker"]["version"], version, "{answer}");
        }
        assert!(statements < MANY as u64, "{statements} statements for {MANY} upserts");
    }
}

#[tokio::test]
async fn each_that_had_company_has_its_own_entries_and_its_own_cursor() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let answers = upsert(&steward, (0..MANY).map(worker).collect()).await;

    let ids: BTreeSet<String> = answers.iter().map(|it| text(&it["worker"]["id"])).collect();
    assert_eq!(ids.len(), MANY);
    assert_eq!(app.count("SELECT count(*) FROM worker").await, MANY as i64);
    assert_eq!(app.count("SELECT count(*) FROM external_id").await, MANY as i64);
    let audited = "FROM audit_entry WHERE operation = 'workerUpsert' AND outcome = 'DONE' \
                   AND kinds = 'worker:1' AND length(records) = 16";
    let entries = app.count(&format!("SELECT count(*) {audited}")).await;
    let requests = app.count(&format!("SELECT count(DISTINCT request_id) {audited}")).await;
    let records = app.count(&format!("SELECT count(DISTINCT records) {audited}")).await;
    assert_eq!((entries, requests, records), (MANY as i64, MANY as i64, MANY as i64));
    let changes =
        "query($after: String) { changes(first: 100, after: $after) { nodes { recordId } } }";
    for answer in &answers {
        let after = json!({ "after": text(&answer["changeCursor"]) });
        let later = each(&steward.data(changes, after).await["changes"]["nodes"], "recordId");
        assert!(!later.contains(&answer["worker"]["id"]), "{answer}");
    }
    let all = each(&steward.data(changes, json!({})).await["changes"]["nodes"], "recordId");
    assert_eq!(all.len(), MANY);
}

#[tokio::test]
async fn those_who_are_refused_leave_their_company_as_it_is() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let county = app.county("130302").await;
    upsert(&county, (0..3).map(worker).collect()).await;
    let mut theirs = worker(1_000);
    theirs["divisionCode"] = json!("130303");
    upsert(&steward, vec![theirs.clone()]).await;

    let mut inputs: Vec<Value> = (0..MANY).map(worker).collect();
    // Out of the caller's divisions; another version than there is; known to others alone; no such code.
    inputs[20]["divisionCode"] = json!("130303");
    inputs[1]["expectedVersion"] = json!(7);
    inputs[30]["externalId"] = theirs["externalId"].clone();
    inputs[40]["divisionCode"] = json!("130399");
    let expected = |number: usize| match number {
        20 => vec!["OUT_OF_SCOPE"],
        1 => vec!["VERSION_CONFLICT"],
        30 => vec!["NOT_FOUND"],
        40 => vec!["NOT_FOUND"],
        _ => vec![],
    };
    let answers = upsert(&county, inputs).await;

    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(refusals(answer), expected(number), "{number}: {answer}");
        assert_eq!(answer["worker"].is_null(), !expected(number).is_empty(), "{answer}");
        for it in answer["userErrors"].as_array().unwrap() {
            assert_eq!(it["path"][0], "input", "{answer}");
        }
    }
    // Not one more and not one fewer than were told.
    assert_eq!(app.count("SELECT count(*) FROM worker").await, MANY as i64 - 3 + 1);
    assert_eq!(app.count("SELECT count(*) FROM external_id").await, MANY as i64 - 3 + 1);
    let refused = "SELECT count(*) FROM audit_entry WHERE outcome = 'REFUSED'";
    assert_eq!(app.count(refused).await, 4);
}

#[tokio::test]
async fn what_the_database_refuses_is_refused_to_the_one_who_asked_for_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employer = |number: usize, code: Option<&str>| {
        json!({
            "externalId": { "source": "tax", "value": format!("E{number}") },
            "name": format!("单位{number}"), "divisionCode": "130302", "ownershipGroup": "PRIVATE",
            "creditCode": code,
        })
    };
    let code = "91130399MATE5T0175";
    let selection = "employer { id }";
    steward.done("employerUpsert", selection, employer(900, Some(code))).await;

    // The index of credit codes finds out that the code is taken, once all are written.
    let inputs = (0..MANY).map(|it| employer(it, (it == 30).then_some(code)));
    let answers = join_all(inputs.map(|it| steward.mutate("employerUpsert", selection, it))).await;

    for (number, answer) in answers.iter().enumerate() {
        let expected: &[&str] = if number == 30 { &["DUPLICATE"] } else { &[] };
        assert_eq!(refusals(answer), expected, "{number}: {answer}");
    }
    assert_eq!(app.count("SELECT count(*) FROM employer").await, MANY as i64);
}

#[tokio::test]
async fn a_name_that_comes_many_times_at_once_is_one_record_with_a_version_for_each() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    // Three times each of twenty, each time with something new.
    let inputs = (0..MANY).map(|it| {
        let mut input = worker(it % 20);
        input["name"] = worker(100 + it)["name"].clone();
        input
    });
    let answers = upsert(&steward, inputs.collect()).await;

    let versions: Vec<(String, i64)> = answers
        .iter()
        .map(|it| (text(&it["worker"]["id"]), it["worker"]["version"].as_i64().unwrap()))
        .collect();
    let told: BTreeSet<_> = versions.iter().cloned().collect();
    assert_eq!(told.len(), MANY, "each made a version of its own: {versions:?}");
    assert_eq!(app.count("SELECT count(*) FROM worker WHERE version = 3").await, 20);
    assert_eq!(app.count("SELECT count(*) FROM worker").await, 20);
}

#[tokio::test]
async fn callers_who_see_other_records_have_no_company_of_each_other() {
    let app = TestApp::new().await;
    let (one, other) = (app.county("130302").await, app.county("130303").await);
    let theirs = |number| {
        let mut input = worker(number);
        input["divisionCode"] = json!("130303");
        input
    };
    upsert(&one, (0..20).map(worker).collect()).await;

    let (ours, foreign) = tokio::join!(
        upsert(&one, (0..40).map(worker).collect()),
        upsert(&other, (0..40).map(theirs).collect()),
    );

    for number in 0..40 {
        let (ours, foreign) = (&ours[number], &foreign[number]);
        // Of a name that is free, one of them gets it, and the other must not hear whose it is.
        let got = [ours, foreign].map(|it| !it["worker"].is_null());
        if number < 20 {
            assert_eq!(got, [true, false], "{ours} {foreign}");
        } else {
            assert_eq!(got.iter().filter(|it| **it).count(), 1, "{ours} {foreign}");
        }
        for (answer, division) in [(ours, "130302"), (foreign, "130303")] {
            if answer["worker"].is_null() {
                assert_eq!(refusals(answer), ["NOT_FOUND"], "{answer}");
            } else {
                assert_eq!(answer["worker"]["divisionCode"], division, "{answer}");
            }
        }
    }
}
