use serde_json::json;

use crate::support::{TestApp, refusals};

#[tokio::test]
async fn a_worker_is_registered_changed_and_archived() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = "worker { id version name sex birthOn idNumber { value isMasked } archivedAt }";

    let created = steward
        .done(
            "workerCreate",
            worker,
            json!({ "name": "王芳", "divisionCode": "130302", "idNumber": "130399199001010023" }),
        )
        .await;
    println!("{created}");
    let id = &created["worker"]["id"];
    let stale = steward
        .mutate("workerUpdate", worker, json!({ "id": id, "expectedVersion": 7, "name": "王方" }))
        .await;
    let changed = steward
        .done("workerUpdate", worker, json!({ "id": id, "expectedVersion": 1, "name": "王方" }))
        .await;

    assert_eq!(refusals(&stale), ["VERSION_CONFLICT"]);
    assert_eq!(stale["userErrors"][0]["currentVersion"], 1);
    assert_eq!(changed["worker"]["name"], "王方");
    assert_eq!(changed["worker"]["version"], 2);
}
