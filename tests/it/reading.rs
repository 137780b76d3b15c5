//! Reading one record, by each of its names.

use gongtu::kind::{decode_id, encode_id};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, codes, text};

/// What `field(by:)` answers.
async fn by(client: &Client, field: &str, by: Value) -> Value {
    let (first, rest) = field.split_at(1);
    let query = format!(
        "query($by: {}{rest}By!) {{ it: {field}(by: $by) {{ id }} }}",
        first.to_uppercase()
    );
    client.data(&query, json!({ "by": by })).await["it"].clone()
}

async fn register_case(client: &Client, case_no: &str, hotline: &str) -> String {
    let input = json!({
        "caseNo": case_no, "title": "拖欠工资", "divisionCode": "130302", "ground": "G1",
        "category": "UNPAID_WAGE", "channel": "WALK_IN", "registeredOn": "2026-03-02",
        "externalIds": [{ "source": "12351", "value": hotline }],
    });
    let registered = client.done("disputeCaseRegister", "disputeCase { id }", input).await;
    text(&registered["disputeCase"]["id"])
}

#[tokio::test]
async fn a_record_is_found_by_its_id_its_natural_key_and_its_external_id() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = register_case(&steward, "秦劳调〔2026〕1号", "H-1").await;
    register_case(&steward, "秦劳调〔2026〕2号", "H-2").await;
    let employer = steward
        .done(
            "employerCreate",
            "employer { id }",
            json!({
                "name": "渤海玻璃厂", "divisionCode": "130302", "ownershipGroup": "PRIVATE",
                "creditCode": "91130399MATE5T0175",
            }),
        )
        .await;
    steward.create_employer("燕山机械厂", "130302").await;
    let employer = employer["employer"]["id"].clone();
    let union = steward
        .done(
            "unionOrganizationCreate",
            "unionOrganization { id }",
            json!({
                "name": "渤海玻璃厂工会", "divisionCode": "130302", "kind": "GRASSROOTS",
                "level": "GRASSROOTS", "creditCode": "81130399MATE5T0176",
            }),
        )
        .await;
    let union = union["unionOrganization"]["id"].clone();

    let found = [
        ("disputeCase", json!({ "id": case })),
        ("disputeCase", json!({ "caseNo": "秦劳调〔2026〕1号" })),
        ("disputeCase", json!({ "externalId": { "source": "12351", "value": "H-1" } })),
        ("employer", json!({ "id": employer })),
        ("employer", json!({ "creditCode": "91130399MATE5T0175" })),
        ("unionOrganization", json!({ "creditCode": "81130399MATE5T0176" })),
        ("division", json!({ "code": "130306" })),
    ];
    let mut answers = Vec::new();
    for (field, names) in found {
        answers.push(by(&steward, field, names).await["id"].clone());
    }

    let division = answers.pop().unwrap();
    let case = json!(case);
    assert_eq!(answers, [&case, &case, &case, &employer, &employer, &union].map(Value::clone));
    let code = "query($id: ID!) { division(by: { id: $id }) { code predecessor: successorCode } }";
    let division = steward.data(code, json!({ "id": division })).await;
    assert_eq!(division["division"], json!({ "code": "130306", "predecessor": null }));
}

#[tokio::test]
async fn a_name_that_no_record_has_finds_nothing() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = register_case(&steward, "秦劳调〔2026〕1号", "H-1").await;
    let (kind, uuid) = decode_id(&case).unwrap();
    let unseen = encode_id(kind, uuid::Uuid::now_v7());
    let worker = encode_id(gongtu::kind::Kind::Worker, uuid);

    let missing = [
        ("disputeCase", json!({ "id": unseen })),
        ("disputeCase", json!({ "caseNo": "秦劳调〔2026〕3号" })),
        ("disputeCase", json!({ "externalId": { "source": "12351", "value": "H-2" } })),
        ("disputeCase", json!({ "externalId": { "source": "12345", "value": "H-1" } })),
        // The name belongs to a record of another kind.
        ("worker", json!({ "externalId": { "source": "12351", "value": "H-1" } })),
        ("worker", json!({ "id": worker })),
        ("division", json!({ "code": "130399" })),
    ];

    for (field, names) in missing {
        assert_eq!(by(&steward, field, names.clone()).await, Value::Null, "{field} {names}");
    }
}

#[tokio::test]
async fn a_look_up_takes_exactly_one_name() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let query = "query($by: DisputeCaseBy!) { disputeCase(by: $by) { id } }";
    let (case_no, id) = (json!("1号"), json!("dispute_case_01h455vb4pex5vsknk084sn02q"));

    for by in [
        json!({ "caseNo": case_no, "id": id }),
        json!({}),
        json!({ "caseNo": null }),
        json!({ "caseNo": case_no, "id": null }),
    ] {
        let (status, body) =
            steward.post(&json!({ "query": query, "variables": { "by": by } })).await;
        // The document is good, the variables are not: nothing is run, and there is no `data`.
        assert_eq!((status, codes(&body)), (200, vec!["BAD_USER_INPUT"]), "{by}: {body}");
        assert!(body.get("data").is_none());
    }
    let literal = r#"{ disputeCase(by: { caseNo: "1号", id: "x" }) { id } }"#;
    let (status, body) = steward.post(&json!({ "query": literal })).await;

    assert_eq!((status, codes(&body)), (200, vec!["GRAPHQL_VALIDATION_FAILED"]), "{body}");
}

#[tokio::test]
async fn an_id_of_another_kind_is_refused_where_a_kind_is_asked_for() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let query = "query($id: ID!) { employer(by: { id: $id }) { id } }";

    for id in [worker.as_str(), "worker", "", "employer_01h455vb4pex5vsknk084sn02"] {
        let body = steward.run(query, json!({ "id": id })).await;
        assert_eq!(codes(&body), ["INVALID_ID"], "{id}: {body}");
        assert_eq!(body["data"]["employer"], Value::Null);
    }
}

#[tokio::test]
async fn nodes_keep_their_order_and_are_null_where_there_is_nothing() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let employer = steward.create_employer("渤海玻璃厂", "130302").await;
    let (_, uuid) = decode_id(&worker).unwrap();
    let as_employer = encode_id(gongtu::kind::Kind::Employer, uuid);
    let unseen = encode_id(gongtu::kind::Kind::Worker, uuid::Uuid::now_v7());
    let upper_case = worker.to_uppercase();

    let ids = json!([
        employer,
        unseen,
        worker,
        "",
        "worker",
        upper_case,
        as_employer,
        employer,
        "nobody_0"
    ]);
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let answer = steward.data(query, json!({ "ids": ids })).await;
    let one = "query($id: ID!) { node(id: $id) { __typename id } }";
    let node = steward.data(one, json!({ "id": worker })).await;
    let malformed = steward.data(one, json!({ "id": "worker" })).await;

    let employer = json!({ "__typename": "Employer", "id": employer });
    let worker = json!({ "__typename": "Worker", "id": worker });
    let null = Value::Null;
    assert_eq!(
        answer["nodes"],
        json!([employer, null, worker, null, null, null, null, employer, null])
    );
    assert_eq!(node["node"], worker);
    assert_eq!(malformed["node"], null);
}

#[tokio::test]
async fn nodes_take_100_ids_and_no_more() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";

    let hundred = steward.data(query, json!({ "ids": vec![&worker; 100] })).await;
    let more = steward.run(query, json!({ "ids": vec![&worker; 101] })).await;
    let none = steward.data(query, json!({ "ids": [] })).await;

    assert_eq!(hundred["nodes"], json!(vec![json!({ "id": worker }); 100]));
    assert_eq!(codes(&more), ["BAD_USER_INPUT"]);
    assert_eq!(more["data"], Value::Null);
    assert_eq!(none["nodes"], json!([]));
}

#[tokio::test]
async fn text_with_nul_is_refused_alike_by_both_databases() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let asked = [
        ("query($it: String!) { x: employer(by: { creditCode: $it }) { id } }", "a\0b"),
        ("query($it: String!) { x: disputeCase(by: { caseNo: $it }) { id } }", "\0"),
        (
            "query($it: String!) { x: worker(by: { externalId: { source: $it, value: \"1\" } }) { id } }",
            "\0",
        ),
        (
            "query($it: String!) { x: employers(where: { name: { eq: $it } }) { nodes { id } } }",
            "\0",
        ),
        (
            "query($it: String!) { x: employers(where: { not: { name: { contains: $it } } }) { nodes { id } } }",
            "a\0",
        ),
        (
            "query($it: DivisionCode!) { x: workers(where: { divisionCode: { in: [$it] } }) { nodes { id } } }",
            "\0",
        ),
    ];

    for (query, nul) in asked {
        let body = steward.run(query, json!({ "it": nul })).await;
        assert_eq!(codes(&body), ["BAD_USER_INPUT"], "{query}: {body}");
        assert_eq!(body["data"], json!({ "x": null }));
    }
    let literal = r#"{ x: employer(by: { creditCode: "\u0000" }) { id } }"#;
    assert_eq!(codes(&steward.run(literal, json!({})).await), ["BAD_USER_INPUT"]);
}
