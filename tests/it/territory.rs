//! Divisions: what a county sees and writes, and what it is told of changes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Client, TestApp, each, refusals, text};

async fn names(client: &Client, list: &str) -> Vec<String> {
    let query = format!("{{ it: {list} {{ nodes {{ name }} }} }}");
    each(&client.data(&query, json!({})).await["it"]["nodes"], "name").iter().map(text).collect()
}

/// The changes that a client is told of, as soon as there are so many: the log is put in order a moment
/// after a write.
async fn changes(client: &Client, count: usize) -> Vec<Value> {
    let query = "{ changes(first: 500) { nodes { kind recordId action operation \
                 node { __typename ... on Worker { name } } } } }";
    let begun = Instant::now();
    loop {
        let nodes = client.data(query, json!({})).await["changes"]["nodes"].clone();
        let nodes = nodes.as_array().unwrap().clone();
        if nodes.len() >= count || begun.elapsed() > Duration::from_secs(30) {
            return nodes;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_county_sees_what_was_filed_under_the_code_it_had_before() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for (name, division) in
        [("甲", "130306"), ("乙", "130323"), ("丙", "130302"), ("丁", "130300"), ("戊", "130321")]
    {
        steward.create_employer(name, division).await;
    }

    assert_eq!(names(&app.county("130306").await, "employers").await, ["甲", "乙"]);
    assert_eq!(names(&app.county("130302").await, "employers").await, ["丙"]);
    assert_eq!(names(&app.county("130321").await, "employers").await, ["戊"]);
    // Who answered for the old county answers for no more than it.
    assert_eq!(names(&app.county("130323").await, "employers").await, ["乙"]);
    assert_eq!(names(&app.county("130300").await, "employers").await.len(), 5);
    assert_eq!(names(&app.county("130000").await, "employers").await.len(), 5);
    assert_eq!(names(&app.county("130400").await, "employers").await, [""; 0]);
}

#[tokio::test]
async fn a_county_writes_to_what_was_filed_under_the_code_it_had_before() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let county = app.county("130306").await;
    let worker = steward.create_worker("王芳", "130323").await;

    let input =
        json!({ "id": worker, "expectedVersion": 1, "name": "王方", "divisionCode": "130306" });
    let moved = county.done("workerUpdate", "worker { name divisionCode }", input).await;

    assert_eq!(moved["worker"], json!({ "name": "王方", "divisionCode": "130306" }));
}

#[tokio::test]
async fn a_write_outside_the_territory_is_refused_and_nothing_is_kept() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let county = app.county("130302").await;
    let own = county.create_worker("王芳", "130302").await;
    let union = json!({
        "name": "市总工会", "divisionCode": "130300", "kind": "FEDERATION", "level": "MUNICIPAL",
    });
    let union = steward.done("unionOrganizationCreate", "unionOrganization { id }", union).await;
    let union = &union["unionOrganization"]["id"];
    let sums = "SELECT CAST((SELECT count(*) + sum(version) FROM worker) * 10000 \
                + (SELECT count(*) + sum(version) FROM union_organization) * 100 \
                + (SELECT count(*) FROM external_id) AS bigint)";
    let before = app.count(sums).await;

    let name = json!({ "source": "hrss", "value": "W-1" });
    for (mutation, input) in [
        ("workerCreate", json!({ "name": "李娜", "divisionCode": "130303" })),
        (
            "workerCreate",
            json!({ "name": "李娜", "divisionCode": "130300", "externalIds": [name] }),
        ),
        ("workerUpsert", json!({ "name": "李娜", "divisionCode": "130304", "externalId": name })),
        ("workerUpdate", json!({ "id": own, "expectedVersion": 1, "divisionCode": "130303" })),
        // Seen by everybody, written by its own division.
        ("unionOrganizationUpdate", json!({ "id": union, "expectedVersion": 1, "name": "工会" })),
        ("unionOrganizationArchive", json!({ "id": union, "expectedVersion": 1 })),
    ] {
        let refused = county.mutate(mutation, "", input).await;
        assert_eq!(refusals(&refused), ["OUT_OF_SCOPE"], "{mutation} {refused}");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "divisionCode"]));
        assert_eq!(refused["changeCursor"], Value::Null);
    }
    let batch = json!({ "errorPolicy": "SKIP_FAILED", "items": [
        { "externalId": { "source": "hrss", "value": "W-2" }, "name": "李娜", "divisionCode": "130303" },
    ] });
    let batch = county
        .mutate("workerUpsertBatch", "results { worker { id } userErrors { code } }", batch)
        .await;

    assert_eq!(
        batch["results"][0],
        json!({ "worker": null, "userErrors": [{ "code": "OUT_OF_SCOPE" }] })
    );
    assert_eq!(app.count(sums).await, before);
}

#[tokio::test]
async fn a_county_is_told_of_its_own_changes_and_of_what_leaves_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let stays = steward.create_worker("王芳", "130302").await;
    let leaves = steward.create_worker("张伟", "130302").await;
    let other = steward.create_worker("李娜", "130303").await;
    let moved = json!({ "id": leaves, "expectedVersion": 1, "divisionCode": "130303" });
    steward.done("workerUpdate", "worker { id }", moved).await;
    let renamed = json!({ "id": leaves, "expectedVersion": 2, "name": "张维" });
    steward.done("workerUpdate", "worker { id }", renamed).await;
    let archived = json!({ "id": stays, "expectedVersion": 1 });
    steward.done("workerArchive", "worker { id }", archived).await;
    let all = changes(&steward, 6).await;

    let told = |changes: &[Value]| -> Vec<Value> {
        changes.iter().map(|it| json!([it["recordId"], it["action"], it["node"]["name"]])).collect()
    };
    let before = changes(&app.county("130302").await, 4).await;
    let after = changes(&app.county("130303").await, 3).await;
    let elsewhere = changes(&app.county("130304").await, 0).await;

    assert_eq!(all.len(), 6);
    assert_eq!(
        told(&before),
        [
            json!([stays, "CREATED", "王芳"]),
            // Made here; gone by now, so that there is nothing to show of it.
            json!([leaves, "CREATED", null]),
            json!([leaves, "LEFT", null]),
            json!([stays, "ARCHIVED", "王芳"]),
        ]
    );
    assert_eq!(
        told(&after),
        [
            json!([other, "CREATED", "李娜"]),
            json!([leaves, "UPDATED", "张维"]),
            json!([leaves, "UPDATED", "张维"]),
        ]
    );
    assert_eq!(elsewhere, [json!(null); 0]);
}

#[tokio::test]
async fn steps_of_records_that_a_viewer_may_not_see_are_hidden_too() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let union = json!({
        "name": "渤海工会", "divisionCode": "130302", "kind": "GRASSROOTS", "level": "GRASSROOTS",
    });
    let union = steward.done("unionOrganizationCreate", "unionOrganization { id }", union).await;
    let union =
        json!({ "id": union["unionOrganization"]["id"], "expectedVersion": 1, "note": "筹建" });
    steward.done("unionOrganizationApply", "unionOrganization { id }", union).await;
    let case = json!({
        "caseNo": "1号", "title": "欠薪", "divisionCode": "130302", "ground": "G1",
        "category": "UNPAID_WAGE", "channel": "WALK_IN", "registeredOn": "2026-03-02",
    });
    let case = steward.done("disputeCaseRegister", "disputeCase { id }", case).await;
    let case = json!({ "id": case["disputeCase"]["id"], "expectedVersion": 1, "note": "撤诉" });
    let closed = "disputeCase { transitions { nodes { id step note } } }";
    let closed = steward.done("disputeCaseClose", closed, case).await;
    let step = &closed["disputeCase"]["transitions"]["nodes"][0];
    let all = changes(&steward, 6).await;

    let partner = app.partner().await;
    let told = changes(&partner, 3).await;
    let node = "query($id: ID!) { node(id: $id) { ... on StateTransition { note } } }";
    let node_of = async |client: &Client| {
        client.data(node, json!({ "id": step["id"] })).await["node"].clone()
    };
    let recorded = "query($id: ID!) { changes(where: { recordId: $id }) { nodes { operation } } }";
    let recorded = partner.data(recorded, json!({ "id": step["id"] })).await;

    assert_eq!(step["note"], "撤诉");
    assert_eq!(all.len(), 6);
    let operations: Vec<String> = told.iter().map(|it| text(&it["operation"])).collect();
    assert_eq!(
        operations,
        ["unionOrganizationCreate", "unionOrganizationApply", "unionOrganizationApply"]
    );
    assert_eq!(recorded["changes"]["nodes"], json!([]));
    assert_eq!(node_of(&partner).await, Value::Null);
    assert_eq!(node_of(&app.county("130302").await).await, json!({ "note": "撤诉" }));
    assert_eq!(node_of(&app.county("130303").await).await, Value::Null);
}
