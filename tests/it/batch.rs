//! Many records in one mutation.

use serde_json::{Value, json};

use crate::{
    fixture::id_number,
    support::{Client, TestApp, on_postgres, refusals},
    writing::footprint,
};

const RESULTS: &str = "results { worker { id name version } userErrors { code path } }";

/// A worker with an external id of that number.
fn item(number: usize) -> Value {
    json!({
        "externalId": { "source": "hrss", "value": number.to_string() }, "name": "王芳",
        "divisionCode": "130302",
    })
}

/// A worker whose id number is wrong.
fn bad_item(number: usize) -> Value {
    let mut item = item(number);
    item["idNumber"] = json!("130399199001010000");
    item
}

async fn upsert(client: &Client, policy: &str, items: Vec<Value>) -> Value {
    let input = json!({ "items": items, "errorPolicy": policy });
    client.mutate("workerUpsertBatch", RESULTS, input).await
}

#[tokio::test]
async fn skipping_keeps_what_is_right_and_tells_of_each_in_the_order_given() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let before = footprint(&app, "worker").await;

    let items = vec![item(0), bad_item(1), item(2), bad_item(3), item(4)];
    let payload = upsert(&steward, "SKIP_FAILED", items).await;

    assert_eq!(refusals(&payload), [""; 0]);
    assert!(payload["changeCursor"].is_string());
    let results = payload["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for (place, result) in results.iter().enumerate() {
        if place % 2 == 1 {
            let path = json!(["input", "items", place.to_string(), "idNumber"]);
            let errors = json!([{ "code": "INVALID_VALUE", "path": path }]);
            assert_eq!(result, &json!({ "worker": null, "userErrors": errors }));
        } else {
            assert_eq!(result["userErrors"], json!([]));
            assert_eq!(result["worker"]["version"], 1);
        }
    }
    let [workers, names, changes, audits, keys] = before;
    let after = footprint(&app, "worker").await;
    assert_eq!(after, [workers + 3, names + 3, changes + 3, audits + 1, keys]);
}

#[tokio::test]
async fn all_or_nothing_keeps_nothing_when_one_is_wrong() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let [workers, names, changes, audits, keys] = footprint(&app, "worker").await;

    let input = json!({ "items": [item(0), bad_item(1), item(2)], "idempotencyKey": "k" });
    let payload = steward.mutate("workerUpsertBatch", RESULTS, input).await;

    assert_eq!(refusals(&payload), [""; 0]);
    assert_eq!(payload["changeCursor"], Value::Null);
    let path = ["input", "items", "1", "idNumber"];
    let expected = json!([
        { "worker": null, "userErrors": [] },
        { "worker": null, "userErrors": [{ "code": "INVALID_VALUE", "path": path }] },
        { "worker": null, "userErrors": [] },
    ]);
    assert_eq!(payload["results"], expected);
    assert_eq!(footprint(&app, "worker").await, [workers, names, changes, audits + 1, keys]);
    let refused = "SELECT COUNT(*) FROM audit_entry WHERE outcome = 'REFUSED' AND operation = 'workerUpsertBatch'";
    assert_eq!(app.count(refused).await, 1);
}

#[tokio::test]
async fn all_or_nothing_keeps_all_when_none_is_wrong() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let payload = upsert(&steward, "ALL_OR_NOTHING", (0..100).map(item).collect()).await;

    assert_eq!(refusals(&payload), [""; 0]);
    assert_eq!(payload["results"].as_array().unwrap().len(), 100);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 100);
}

#[tokio::test]
async fn what_the_database_refuses_is_one_item_of_the_batch() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let with_number = |number: usize| {
        let mut item = item(number);
        item["idNumber"] = json!(id_number("19900101", 1));
        item
    };

    let items = vec![with_number(0), with_number(1), item(2)];
    let payload = upsert(&steward, "SKIP_FAILED", items).await;

    let path = ["input", "items", "1", "idNumber"];
    assert_eq!(payload["results"][1]["userErrors"], json!([{ "code": "DUPLICATE", "path": path }]));
    assert_eq!(payload["results"][2]["userErrors"], json!([]));
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 2);
}

#[tokio::test]
async fn a_batch_holds_1_to_100_items() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for policy in ["SKIP_FAILED", "ALL_OR_NOTHING"] {
        for count in [0, 101] {
            let payload = upsert(&steward, policy, (0..count).map(item).collect()).await;

            assert_eq!(refusals(&payload), ["INVALID_VALUE"], "{count}");
            assert_eq!(payload["userErrors"][0]["path"], json!(["input", "items"]));
            assert_eq!(payload["results"], Value::Null);
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 0);
}

#[tokio::test]
async fn the_same_external_id_twice_is_one_record_changed_twice() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut again = item(0);
    again["name"] = json!("李强");

    let payload = upsert(&steward, "ALL_OR_NOTHING", vec![item(0), again]).await;

    let results = &payload["results"];
    assert_eq!(results[0]["worker"]["id"], results[1]["worker"]["id"]);
    assert_eq!(results[0]["worker"]["name"], "王芳");
    assert_eq!(results[1]["worker"]["name"], "李强");
    assert_eq!(results[1]["worker"]["version"], 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn a_batch_with_a_key_is_done_once() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input = json!({
        "items": [item(0), bad_item(1)], "errorPolicy": "SKIP_FAILED", "idempotencyKey": "k",
    });

    let first = steward.mutate("workerUpsertBatch", RESULTS, input.clone()).await;
    let before = footprint(&app, "worker").await;
    let again = steward.mutate("workerUpsertBatch", RESULTS, input).await;

    assert_eq!(first["replayed"], false);
    assert_eq!(again["replayed"], true);
    assert_eq!(again["results"], first["results"]);
    assert_eq!(again["changeCursor"], first["changeCursor"]);
    assert_eq!(footprint(&app, "worker").await, before);
}

#[tokio::test]
async fn validating_a_batch_only_keeps_nothing() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let before = footprint(&app, "worker").await;

    let input = json!({ "items": [item(0), item(1)], "validateOnly": true });
    let payload = steward.mutate("workerUpsertBatch", RESULTS, input).await;

    assert_eq!(payload["results"][1]["worker"]["version"], 1);
    assert_eq!(payload["changeCursor"], Value::Null);
    assert_eq!(footprint(&app, "worker").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_meet_in_opposite_order_are_all_done() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let run = |task: usize| {
        let client = steward.clone();
        tokio::spawn(async move {
            let numbers: Vec<usize> =
                if task.is_multiple_of(2) { (0..10).collect() } else { (0..10).rev().collect() };
            let items = numbers.into_iter().map(item).collect();
            upsert(&client, "ALL_OR_NOTHING", items).await
        })
    };

    let mut payloads = Vec::new();
    for task in (0..6).map(run).collect::<Vec<_>>() {
        payloads.push(task.await.unwrap());
    }

    for payload in payloads {
        assert_eq!(refusals(&payload), [""; 0]);
        for result in payload["results"].as_array().unwrap() {
            assert_eq!(result["userErrors"], json!([]), "{result}");
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 10);
}

#[tokio::test]
async fn a_hundred_items_take_as_many_statements_as_two() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let renamed = |number: usize, name: &str| {
        let mut item = item(number);
        item["name"] = json!(name);
        item
    };
    // A credential may be looked at again meanwhile: the least of several runs counts.
    let least = async |batches: Vec<Vec<Value>>| {
        let mut least = u64::MAX;
        for batch in batches {
            let before = app.statements();
            let payload = upsert(&steward, "SKIP_FAILED", batch).await;
            least = least.min(app.statements() - before);
            assert_eq!(payload["results"][1]["userErrors"], json!([]), "{payload}");
        }
        least
    };
    let batches = |batch: &dyn Fn(usize) -> Vec<Value>| (0..4).map(batch).collect::<Vec<_>>();

    for count in [2, 100] {
        let first = count * 10_000;
        let all_of = |run: usize| (0..count).map(move |it| first + run * 1_000 + it);
        let new = batches(&|run| all_of(run).map(item).collect());
        let known =
            batches(&|run| all_of(0).map(|it| renamed(it, ["李强", "张伟"][run % 2])).collect());
        let same = batches(&|_| all_of(0).map(|it| renamed(it, "张伟")).collect());
        let (registering, changing) = (least(new).await, least(known).await);
        let changing_nothing = least(same).await;

        // The names looked up, and claimed or the rows found; the rows; the log, after its last
        // number on SQLite, and the audit trail. What changes nothing is read once more.
        let taken = [registering, changing, changing_nothing];
        assert_eq!(taken, if on_postgres() { [4, 4, 4] } else { [6, 6, 4] }, "{count}");
    }
}

#[tokio::test]
async fn an_item_that_is_refused_costs_the_others_little() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let items = |from: usize| {
        (0..100).map(|it| if it == 7 { bad_item(from + it) } else { item(from + it) }).collect()
    };
    upsert(&steward, "SKIP_FAILED", items(0)).await;

    let before = app.statements();
    let payload = upsert(&steward, "SKIP_FAILED", items(1_000)).await;
    let statements = app.statements() - before;

    assert_eq!(payload["results"][7]["userErrors"][0]["code"], "INVALID_VALUE");
    assert!(statements <= 20, "{statements}");
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 198);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 198);
}

#[tokio::test]
async fn a_name_whose_first_item_is_refused_goes_to_the_second() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    // Refused when its row would be written, after it took the name.
    let mut young = item(0);
    young["birthOn"] = json!("2020-01-01");

    let mut second = item(0);
    second["name"] = json!("李强");

    let payload =
        upsert(&steward, "SKIP_FAILED", vec![young.clone(), second, item(1), young]).await;

    let results = payload["results"].as_array().unwrap();
    assert_eq!(results[0]["userErrors"][0]["code"], "INCONSISTENT", "{payload}");
    assert_eq!(results[1]["worker"]["version"], 1, "{payload}");
    assert_eq!(results[2]["worker"]["version"], 1, "{payload}");
    assert_eq!(results[3]["userErrors"][0]["code"], "INCONSISTENT", "{payload}");
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 2);
    let told = "SELECT (SELECT COUNT(*) FROM change_log) + (SELECT COUNT(*) FROM outbox)";
    assert_eq!(app.count(told).await, 2);
}

#[tokio::test]
async fn workers_change_their_employers_in_step() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (one, other) = (
        steward.create_employer("甲厂", "130302").await,
        steward.create_employer("乙厂", "130302").await,
    );
    let at = |employer: &str| -> Vec<Value> {
        let with_employer = |mut item: Value| {
            item["employerId"] = json!(employer);
            item
        };
        (0..10).map(item).map(with_employer).collect()
    };

    upsert(&steward, "ALL_OR_NOTHING", at(&one)).await;
    let payload = upsert(&steward, "ALL_OR_NOTHING", at(&other)).await;

    for result in payload["results"].as_array().unwrap() {
        assert_eq!((&result["userErrors"], &result["worker"]["version"]), (&json!([]), &json!(2)));
    }
    let active = "SELECT COUNT(*) FROM employment_relation WHERE status = 'ACTIVE'";
    let ended = "SELECT COUNT(*) FROM employment_relation WHERE status = 'ENDED'";
    assert_eq!((app.count(active).await, app.count(ended).await), (10, 10));
}

#[tokio::test]
async fn an_upsert_takes_few_statements() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let least = async |items: Vec<Value>| {
        let mut least = u64::MAX;
        for item in items {
            let before = app.statements();
            steward.done("workerUpsert", "worker { id }", item).await;
            least = least.min(app.statements() - before);
        }
        least
    };
    let renamed = |run: usize| {
        let mut item = item(0);
        item["name"] = json!(["李强", "张伟"][run % 2]);
        item
    };

    let registering = least((0..4).map(item).collect()).await;
    let changing = least((0..4).map(renamed).collect()).await;

    assert_eq!((registering, changing), if on_postgres() { (3, 3) } else { (6, 5) });
}

#[tokio::test]
async fn an_upsert_finds_or_takes_a_name_in_one_round_trip() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    steward.done("workerUpsert", "worker { id }", item(0)).await;
    // Only validated, it leaves nothing for the sequencer, and nobody else has anything to do.
    let least = async |number: usize| {
        let mut input = item(number);
        input["name"] = json!("李强");
        input["validateOnly"] = json!(true);
        let mut least = u64::MAX;
        for _ in 0..16 {
            let before = app.app.shared().database.round_trips();
            steward.done("workerUpsert", "worker { id }", input.clone()).await;
            least = least.min(app.app.shared().database.round_trips() - before);
        }
        least
    };

    let (changing, registering) = (least(0).await, least(1).await);

    // BEGIN, the name, the row, ROLLBACK. SQLite looks for the name first, and then takes it.
    assert_eq!(changing, 4);
    assert_eq!(registering, if on_postgres() { 4 } else { 5 });
}
