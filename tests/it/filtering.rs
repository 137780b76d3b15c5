//! `where`: each comparison, their logic, relations, and what is refused.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, codes, each, text};

/// What `field` is of the records of a list that meet a filter, in the order of their making.
async fn found(client: &Client, list: &str, field: &str, filter: Value) -> Vec<String> {
    let query = query_of(list, field);
    let data = client.data(&query, json!({ "where": filter })).await;
    let mut found = each(&data["it"]["nodes"], field);
    for it in &mut found {
        if it.is_object() {
            *it = it["fen"].clone();
        }
    }
    found.iter().map(text).collect()
}

fn query_of(list: &str, field: &str) -> String {
    let where_type = match list {
        "employers" => "EmployerWhere",
        "workers" => "WorkerWhere",
        "disputeCases" => "DisputeCaseWhere",
        "wageRecoveries" => "WageRecoveryWhere",
        _ => panic!("{list}"),
    };
    let field = if field == "claimed" { "claimed { fen }" } else { field };
    format!(
        "query($where: {where_type}) {{ it: {list}(where: $where, first: 100) {{ nodes {{ {field} }} }} }}"
    )
}

#[track_caller]
fn split(list: &str) -> Vec<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

/// Employers 甲 to 戊; 丙 to 戊 have no credit code.
async fn create_employers(client: &Client) -> Vec<String> {
    let items = json!([
        { "name": "甲", "headcount": 0, "ownershipGroup": "PRIVATE", "divisionCode": "130302",
          "creditCode": "91130399MATE5T0175" },
        { "name": "乙", "headcount": 1, "ownershipGroup": "FOREIGN", "divisionCode": "130303",
          "creditCode": "92130399MATE5T0172" },
        { "name": "丙", "headcount": 2, "ownershipGroup": "PRIVATE", "divisionCode": "130323" },
        { "name": "丁", "headcount": 2, "ownershipGroup": "COLLECTIVE", "divisionCode": "130306" },
        { "name": "戊", "headcount": 300, "ownershipGroup": "PRIVATE", "divisionCode": "130300" },
    ]);
    let items = items.as_array().unwrap().clone();
    client.upsert_many("employerUpsertBatch", "employer", items).await
}

#[tokio::test]
async fn text_enums_numbers_and_divisions_are_compared() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward).await;

    for (filter, expected) in [
        (json!({}), "甲 乙 丙 丁 戊"),
        (json!({ "name": {} }), "甲 乙 丙 丁 戊"),
        (json!({ "name": { "eq": "乙" } }), "乙"),
        (json!({ "name": { "neq": "乙" } }), "甲 丙 丁 戊"),
        (json!({ "name": { "in": ["丁", "甲", "己"] } }), "甲 丁"),
        (json!({ "name": { "in": [] } }), ""),
        (json!({ "name": { "notIn": ["丁", "甲"] } }), "乙 丙 戊"),
        (json!({ "name": { "notIn": [] } }), "甲 乙 丙 丁 戊"),
        (json!({ "name": { "isNull": true } }), ""),
        (json!({ "name": { "isNull": false } }), "甲 乙 丙 丁 戊"),
        (json!({ "name": { "neq": "甲", "in": ["甲", "乙"] } }), "乙"),
        // A missing value is not equal to any.
        (json!({ "creditCode": { "eq": "91130399MATE5T0175" } }), "甲"),
        (json!({ "creditCode": { "neq": "91130399MATE5T0175" } }), "乙 丙 丁 戊"),
        (json!({ "creditCode": { "notIn": ["91130399MATE5T0175"] } }), "乙 丙 丁 戊"),
        (json!({ "creditCode": { "isNull": true } }), "丙 丁 戊"),
        (json!({ "creditCode": { "isNull": false } }), "甲 乙"),
        (json!({ "creditCode": { "startsWith": "92" } }), "乙"),
        (json!({ "creditCode": { "contains": "30399MATE5T0172" } }), "乙"),
        (json!({ "ownershipGroup": { "eq": "PRIVATE" } }), "甲 丙 戊"),
        (json!({ "ownershipGroup": { "neq": "PRIVATE" } }), "乙 丁"),
        (json!({ "ownershipGroup": { "in": ["FOREIGN", "COLLECTIVE"] } }), "乙 丁"),
        (json!({ "ownershipGroup": { "notIn": ["FOREIGN", "PRIVATE"] } }), "丁"),
        (json!({ "headcount": { "eq": 2 } }), "丙 丁"),
        (json!({ "headcount": { "neq": 2 } }), "甲 乙 戊"),
        (json!({ "headcount": { "in": [0, 300] } }), "甲 戊"),
        (json!({ "headcount": { "notIn": [0, 300] } }), "乙 丙 丁"),
        (json!({ "headcount": { "lt": 2 } }), "甲 乙"),
        (json!({ "headcount": { "lte": 2 } }), "甲 乙 丙 丁"),
        (json!({ "headcount": { "gt": 2 } }), "戊"),
        (json!({ "headcount": { "gte": 2 } }), "丙 丁 戊"),
        (json!({ "headcount": { "between": [1, 2] } }), "乙 丙 丁"),
        (json!({ "headcount": { "between": [2, 1] } }), ""),
        (json!({ "headcount": { "gt": 0, "lt": 2 } }), "乙"),
        (json!({ "divisionCode": { "eq": "130303" } }), "乙"),
        (json!({ "divisionCode": { "in": ["130303", "130323"] } }), "乙 丙"),
        (json!({ "divisionCode": { "in": [] } }), ""),
        (json!({ "divisionCode": { "within": "130300" } }), "甲 乙 丙 丁 戊"),
        (json!({ "divisionCode": { "within": "130000" } }), "甲 乙 丙 丁 戊"),
        (json!({ "divisionCode": { "within": "130303" } }), "乙"),
        (json!({ "divisionCode": { "within": "130400" } }), ""),
    ] {
        let found = found(&steward, "employers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn and_or_and_not_hold_for_missing_values_too() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward).await;
    let code = json!({ "creditCode": { "startsWith": "91" } });
    let many = json!({ "headcount": { "gte": 2 } });

    for (filter, expected) in [
        (json!({ "not": code }), "乙 丙 丁 戊"),
        (json!({ "not": { "not": code } }), "甲"),
        (json!({ "not": {} }), ""),
        (json!({ "and": [] }), "甲 乙 丙 丁 戊"),
        (json!({ "or": [] }), ""),
        (json!({ "not": { "or": [] } }), "甲 乙 丙 丁 戊"),
        (json!({ "or": [{}] }), "甲 乙 丙 丁 戊"),
        (json!({ "and": [code, many] }), ""),
        (json!({ "or": [code, many] }), "甲 丙 丁 戊"),
        (json!({ "or": [code, many], "name": { "neq": "戊" } }), "甲 丙 丁"),
        (json!({ "not": { "or": [code, many] } }), "乙"),
        (json!({ "not": { "and": [code, many] } }), "甲 乙 丙 丁 戊"),
        (json!({ "and": [{ "not": code }, { "not": many }] }), "乙"),
        (json!({ "or": [{ "and": [many, { "name": { "eq": "丙" } }] }, code] }), "甲 丙"),
        // Several fields of one alternative have to hold together.
        (json!({ "or": [{ "name": { "eq": "甲" }, "headcount": { "eq": 1 } }] }), ""),
    ] {
        let found = found(&steward, "employers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn percent_underscore_and_backslash_are_plain_text() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let names = ["a%b", "a_b", r"a\b", "axb", "AXB", r"a\%b", "a'b", "100%"];
    let items = names
        .map(|name| json!({ "name": name, "ownershipGroup": "PRIVATE", "divisionCode": "130302" }));
    steward.upsert_many("employerUpsertBatch", "employer", items.to_vec()).await;

    for pattern in
        ["%", "_", r"\", "a%", "a_", r"a\", "a", "A", "xb", "%b", r"\%", "'", "''", "a%b"]
    {
        let containing: Vec<_> = names.iter().copied().filter(|it| it.contains(pattern)).collect();
        let starting: Vec<_> = names.iter().copied().filter(|it| it.starts_with(pattern)).collect();
        let contains = json!({ "name": { "contains": pattern } });
        let starts = json!({ "name": { "startsWith": pattern } });
        assert_eq!(found(&steward, "employers", "name", contains).await, containing, "{pattern}");
        assert_eq!(found(&steward, "employers", "name", starts).await, starting, "{pattern}");
    }
    let all = json!({ "name": { "contains": "" } });
    assert_eq!(found(&steward, "employers", "name", all).await, names);
}

#[tokio::test]
async fn ids_match_records_of_their_own_kind() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ids = create_employers(&steward).await;
    let worker = steward.create_worker("王芳", "130302").await;
    // The same number under the name of another kind is no id of the record.
    let other = ids[0].replace("employer_", "worker_");

    for (filter, expected) in [
        (json!({ "id": { "eq": ids[1] } }), "乙"),
        (json!({ "id": { "in": [ids[3], ids[0], worker, "x"] } }), "甲 丁"),
        (json!({ "id": { "in": [] } }), ""),
        (json!({ "id": { "eq": worker } }), ""),
        (json!({ "id": { "eq": other } }), ""),
        (json!({ "id": { "in": [other] } }), ""),
        (json!({ "id": { "eq": "" } }), ""),
        (json!({ "not": { "id": { "in": [ids[0], other] } } }), "乙 丙 丁 戊"),
    ] {
        let found = found(&steward, "employers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn booleans_and_missing_enums_are_compared() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let items = json!([
        { "name": "甲某", "divisionCode": "130302", "isMigrantWorker": true, "skillRank": "SENIOR" },
        { "name": "乙某", "divisionCode": "130302", "isMigrantWorker": false },
        { "name": "丙某", "divisionCode": "130302", "skillRank": "TECHNICIAN", "sex": "FEMALE" },
    ]);
    let items = items.as_array().unwrap().clone();
    steward.upsert_many("workerUpsertBatch", "worker", items).await;

    for (filter, expected) in [
        (json!({ "isMigrantWorker": { "eq": true } }), "甲某"),
        (json!({ "isMigrantWorker": { "eq": false } }), "乙某 丙某"),
        (json!({ "isMigrantWorker": { "neq": true } }), "乙某 丙某"),
        (json!({ "isMigrantWorker": { "in": [true, false] } }), "甲某 乙某 丙某"),
        (json!({ "isMigrantWorker": { "isNull": true } }), ""),
        (json!({ "skillRank": { "eq": "SENIOR" } }), "甲某"),
        (json!({ "skillRank": { "neq": "SENIOR" } }), "乙某 丙某"),
        (json!({ "skillRank": { "in": ["SENIOR", "TECHNICIAN"] } }), "甲某 丙某"),
        (json!({ "skillRank": { "notIn": ["SENIOR"] } }), "乙某 丙某"),
        (json!({ "skillRank": { "isNull": true } }), "乙某"),
        (json!({ "not": { "skillRank": { "eq": "SENIOR" } } }), "乙某 丙某"),
        (json!({ "sex": { "eq": "FEMALE" } }), "丙某"),
        (json!({ "name": { "startsWith": "甲" } }), "甲某"),
        (json!({ "name": { "in": ["甲某", "丙某"], "startsWith": "丙" } }), "丙某"),
    ] {
        let found = found(&steward, "workers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn days_instants_and_amounts_are_compared() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let days = [Some("2026-02-28"), Some("2026-03-01"), None, Some("2025-12-31")];
    let items = ["甲", "乙", "丙", "丁"].iter().zip(days).map(|(name, day)| {
        json!({
            "caseNo": name, "title": name, "divisionCode": "130302", "ground": "G1",
            "category": "UNPAID_WAGE", "channel": "WALK_IN", "registeredOn": "2026-03-02",
            "occurredOn": day,
        })
    });
    let cases = steward.upsert_many("disputeCaseUpsertBatch", "disputeCase", items.collect()).await;
    for (case, fen) in cases.iter().zip(["5", "9007199254740993", "9007199254740992"]) {
        let input = json!({ "caseId": case, "workerId": worker, "claimedFen": fen });
        steward.done("wageRecoveryClaim", "wageRecovery { id }", input).await;
    }
    let query = "query($id: ID!) { disputeCase(by: { id: $id }) { createdAt } }";
    let made =
        steward.data(query, json!({ "id": cases[0] })).await["disputeCase"]["createdAt"].clone();

    for (filter, expected) in [
        (json!({ "occurredOn": { "eq": "2026-03-01" } }), "乙"),
        (json!({ "occurredOn": { "neq": "2026-03-01" } }), "甲 丙 丁"),
        (json!({ "occurredOn": { "lt": "2026-03-01" } }), "甲 丁"),
        (json!({ "occurredOn": { "lte": "2026-03-01" } }), "甲 乙 丁"),
        (json!({ "occurredOn": { "gt": "2026-02-28" } }), "乙"),
        (json!({ "occurredOn": { "gte": "2026-02-28" } }), "甲 乙"),
        (json!({ "occurredOn": { "between": ["2025-12-31", "2026-02-28"] } }), "甲 丁"),
        (json!({ "occurredOn": { "in": ["2026-02-28", "2026-02-27"] } }), "甲"),
        (json!({ "occurredOn": { "notIn": ["2026-02-28"] } }), "乙 丙 丁"),
        (json!({ "occurredOn": { "isNull": true } }), "丙"),
        (json!({ "not": { "occurredOn": { "lt": "2026-03-01" } } }), "乙 丙"),
        (json!({ "createdAt": { "eq": made } }), "甲 乙 丙 丁"),
        (json!({ "createdAt": { "lt": made } }), ""),
        (json!({ "createdAt": { "lte": made } }), "甲 乙 丙 丁"),
        (json!({ "createdAt": { "gt": "2020-01-01T08:00:00+08:00" } }), "甲 乙 丙 丁"),
    ] {
        let found = found(&steward, "disputeCases", "title", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
    for (filter, expected) in [
        (json!({ "eq": "9007199254740993" }), "9007199254740993"),
        (json!({ "gt": "9007199254740992" }), "9007199254740993"),
        (json!({ "lte": "9007199254740992" }), "5 9007199254740992"),
        (json!({ "between": ["5", "6"] }), "5"),
        (json!({ "in": ["5", "9007199254740992"] }), "5 9007199254740992"),
        (json!({ "notIn": ["5"] }), "9007199254740993 9007199254740992"),
    ] {
        let filter = json!({ "claimedFen": filter });
        let found = found(&steward, "wageRecoveries", "claimed", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn related_records_are_filtered_by_some_none_every_and_to_one() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employers = create_employers(&steward).await;
    let set_parent = json!({ "id": employers[1], "expectedVersion": 1, "parentId": employers[0] });
    steward.done("employerUpdate", "employer { id }", set_parent).await;
    let workers = [("子某", 0, true), ("丑某", 0, false), ("寅某", 1, true), ("卯某", 2, false)];
    let items = workers.map(|(name, employer, migrant)| {
        json!({
            "name": name, "divisionCode": "130302", "employerId": employers[employer],
            "isMigrantWorker": migrant,
        })
    });
    let workers = steward.upsert_many("workerUpsertBatch", "worker", items.to_vec()).await;
    let migrant = json!({ "isMigrantWorker": { "eq": true } });

    for (filter, expected) in [
        (json!({ "workers": { "some": migrant } }), "甲 乙"),
        (json!({ "workers": { "some": {} } }), "甲 乙 丙"),
        (json!({ "workers": { "none": migrant } }), "丙 丁 戊"),
        (json!({ "workers": { "none": {} } }), "丁 戊"),
        (json!({ "workers": { "every": migrant } }), "乙 丁 戊"),
        (json!({ "workers": { "every": migrant, "some": {} } }), "乙"),
        (json!({ "workers": { "every": { "skillRank": { "eq": "SENIOR" } } } }), "丁 戊"),
        (json!({ "not": { "workers": { "some": migrant } } }), "丙 丁 戊"),
        (json!({ "parent": { "name": { "eq": "甲" } } }), "乙"),
        (json!({ "parent": {} }), "乙"),
        (json!({ "not": { "parent": {} } }), "甲 丙 丁 戊"),
        (json!({ "employments": { "some": { "worker": { "name": { "eq": "卯某" } } } } }), "丙"),
    ] {
        let found = found(&steward, "employers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
    let by_employer =
        json!({ "employer": { "workers": { "some": { "name": { "eq": "子某" } } } } });
    assert_eq!(found(&steward, "workers", "name", by_employer).await, ["子某", "丑某"]);

    // An archived record is in no relation.
    let archive = json!({ "id": workers[2], "expectedVersion": 1 });
    steward.done("workerArchive", "worker { id }", archive).await;
    let some = json!({ "workers": { "some": migrant } });
    assert_eq!(found(&steward, "employers", "name", some).await, ["甲"]);
    let include = json!({ "workers": { "some": { "archived": "INCLUDE", "isMigrantWorker": { "eq": true } } } });
    assert_eq!(found(&steward, "employers", "name", include).await, ["甲", "乙"]);
}

#[tokio::test]
async fn archived_records_are_left_out_let_in_or_alone() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employers = create_employers(&steward).await;
    let archive = json!({ "id": employers[3], "expectedVersion": 1 });
    steward.done("employerArchive", "employer { id }", archive).await;

    for (filter, expected) in [
        (Value::Null, "甲 乙 丙 戊"),
        (json!({ "archived": "EXCLUDE" }), "甲 乙 丙 戊"),
        (json!({ "archived": "INCLUDE" }), "甲 乙 丙 丁 戊"),
        (json!({ "archived": "ONLY" }), "丁"),
        (json!({ "archived": "ONLY", "name": { "eq": "甲" } }), ""),
        (json!({ "archived": null }), "甲 乙 丙 戊"),
    ] {
        let found = found(&steward, "employers", "name", filter.clone()).await;
        assert_eq!(found, split(expected), "{filter}");
    }
}

#[tokio::test]
async fn null_is_not_compared_and_lists_have_bounds() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward).await;
    let comparisons =
        |count: usize| json!({ "and": vec![json!({ "headcount": { "gte": 0 } }); count] });
    let names = |count: usize| json!({ "name": { "in": vec!["甲"; count] } });
    let ids = |count: usize| json!({ "id": { "in": vec!["x"; count] } });

    for filter in [
        json!({ "name": { "eq": null } }),
        json!({ "name": { "in": null } }),
        json!({ "name": { "isNull": null } }),
        json!({ "headcount": { "gt": null } }),
        json!({ "headcount": { "between": null } }),
        json!({ "headcount": { "between": [1] } }),
        json!({ "headcount": { "between": [1, 2, 3] } }),
        json!({ "ownershipGroup": { "neq": null } }),
        json!({ "divisionCode": { "within": null } }),
        json!({ "divisionCode": { "within": "13" } }),
        json!({ "id": { "eq": null } }),
        json!({ "not": { "creditCode": { "startsWith": null } } }),
        json!({ "workers": { "none": { "isMigrantWorker": { "eq": null } } } }),
        // Each `and` is one, what is in it another.
        comparisons(51),
        json!({ "or": [comparisons(25), comparisons(25)] }),
        names(501),
        json!({ "name": { "notIn": vec!["甲"; 501] } }),
        ids(501),
    ] {
        let query = query_of("employers", "name");
        let body = steward.run(&query, json!({ "where": filter })).await;
        assert_eq!(codes(&body), ["BAD_USER_INPUT"], "{body}");
        assert_eq!(body["data"]["it"], Value::Null);
    }
    assert_eq!(found(&steward, "employers", "name", comparisons(50)).await.len(), 5);
    assert_eq!(found(&steward, "employers", "name", names(500)).await, ["甲"]);
    assert_eq!(found(&steward, "employers", "name", ids(500)).await, [""; 0]);
}

#[tokio::test]
async fn what_is_masked_is_in_no_filter_and_in_no_order() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for query in [
        r#"{ workers(where: { idNumber: { eq: "130399185006150191" } }) { nodes { id } } }"#,
        r#"{ workers(where: { phone: { startsWith: "154" } }) { nodes { id } } }"#,
        "{ workers(orderBy: [{ field: ID_NUMBER }]) { nodes { id } } }",
        "{ workers(orderBy: [{ field: PHONE }]) { nodes { id } } }",
        "{ workers(orderBy: [{ field: BIRTH_ON }]) { nodes { id } } }",
    ] {
        let (status, body) = steward.post(&json!({ "query": query })).await;
        assert_eq!(status, 200, "{query}");
        assert!(body.get("data").is_none());
        assert_eq!(codes(&body), ["GRAPHQL_VALIDATION_FAILED"], "{query}");
    }
}
