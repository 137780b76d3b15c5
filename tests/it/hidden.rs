//! A record that the viewer may not see answers as one that is not there, whichever way it is asked for.

use std::collections::BTreeMap;

use gongtu::{
    kind::{Kind, decode_id, encode_id},
    policy::{Policy, Rows, Standing},
};
use serde_json::{Value, json};

use crate::{
    support::{TestApp, refusals},
    world::{LISTS, Mutations, one_of_each, record_field},
};

/// What a county writes nothing of.
const OF_STEWARDS: [&str; 4] = ["dataSubjectRequest", "importBatch", "rawRecord", "qualityIssue"];

fn is_published(kind: Kind) -> bool {
    Policy::standard().kind(kind).rows(Standing::Territory) == &Rows::All
}

/// Ids of the same kinds that nobody has; those of published registers stay.
fn missing(world: &BTreeMap<Kind, String>) -> BTreeMap<Kind, String> {
    let other = |(kind, id): (&Kind, &String)| {
        let other = encode_id(*kind, uuid::Uuid::now_v7());
        (*kind, if is_published(*kind) { id.clone() } else { other })
    };
    world.iter().map(other).collect()
}

#[tokio::test]
async fn a_hidden_record_is_read_as_a_missing_one() {
    let app = TestApp::new().await;
    let world = one_of_each(&app.steward().await, "130302").await;
    let missing = missing(&world);
    let neighbour = app.county("130303").await;

    for (kind, id) in &world {
        if is_published(*kind) {
            continue;
        }
        let (list, _) = LISTS.iter().find(|it| it.1 == *kind).unwrap();
        let name = kind.name();
        let field = record_field(*kind);
        let list_type = format!("{name}Where");
        for query in [
            "query($id: ID!) { it: node(id: $id) { __typename id } }".to_owned(),
            "query($id: ID!) { it: nodes(ids: [$id, $id]) { __typename id } }".to_owned(),
            format!("query($id: ID!) {{ it: {field}(by: {{ id: $id }}) {{ id createdAt }} }}"),
            format!(
                "query($id: ID!) {{ it: {list}(where: {{ id: {{ in: [$id] }} }}) {{ nodes {{ id }} \
                 edges {{ cursor }} totalCount pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
            ),
            "query($id: ID!) { changes(where: { recordId: $id }) { nodes { recordId } } }"
                .to_owned(),
        ] {
            let hidden = neighbour.data(&query, json!({ "id": id })).await;
            let missing = neighbour.data(&query, json!({ "id": missing[kind] })).await;
            assert_eq!(hidden, missing, "{list_type} {query}");
        }
    }
}

#[tokio::test]
async fn a_hidden_record_is_written_to_and_referred_to_as_a_missing_one() {
    let app = TestApp::new().await;
    let world = one_of_each(&app.steward().await, "130302").await;
    let missing = missing(&world);
    let county = app.county("130303").await;
    let steward = app.client(gongtu::policy::Role::Steward, Some("130303")).await;
    let mutations = Mutations::of_the_schema();
    let tables: Vec<&str> = Kind::ALL.iter().map(|it| it.prefix()).collect();
    let rows = async || {
        let mut rows = Vec::new();
        for table in &tables {
            let sql = format!(
                "SELECT CAST(count(*) * 1000 + coalesce(sum(version), 0) AS bigint) FROM {table}"
            );
            rows.push(app.count(&sql).await);
        }
        rows
    };
    let before = rows().await;

    let mut compared = 0;
    for mutation in &mutations.all {
        let asks = |ids: &BTreeMap<Kind, String>| {
            let unmade = encode_id(Kind::CompetitionAward, uuid::Uuid::nil());
            mutations.input(mutation, &|kind| ids.get(&kind).unwrap_or(&unmade).clone())
        };
        let (mut hidden, mut missing) = (asks(&world), asks(&missing));
        for input in [&mut hidden, &mut missing] {
            // The same name for both, so that only the ids differ; nothing is kept of the first.
            if input["externalId"].is_object() {
                input["externalId"] = json!({ "source": "hidden", "value": mutation.name });
            }
            if input["items"].is_array() {
                input["items"][0]["externalId"] =
                    json!({ "source": "hidden", "value": mutation.name });
            }
        }
        let name = mutation.name.as_str();
        // A county does nothing to clients and erases nobody: `oauth.rs` and `sealed.rs` see to those.
        let is_apart = name.starts_with("competitionAward")
            || name.starts_with("client")
            || name.ends_with("Erase");
        if hidden == missing || is_apart {
            continue;
        }
        let selection = if mutation.name.ends_with("Batch") {
            "results { userErrors { code path } }"
        } else {
            ""
        };
        let is_of_stewards = OF_STEWARDS.iter().any(|it| name.starts_with(it));
        let neighbour = if is_of_stewards { &steward } else { &county };
        let hidden = neighbour.mutate(&mutation.name, selection, hidden).await;
        let missing = neighbour.mutate(&mutation.name, selection, missing).await;
        assert_eq!(hidden, missing, "{}", mutation.name);
        let refused = !refusals(&hidden).is_empty()
            || hidden["results"][0]["userErrors"].as_array().is_some_and(|it| !it.is_empty());
        assert!(refused, "{} {hidden}", mutation.name);
        compared += 1;
    }

    assert!(compared > 120, "{compared}");
    assert_eq!(rows().await, before, "nothing was written");
}

#[tokio::test]
async fn a_hidden_record_is_not_met_from_one_that_is_seen() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let hidden = steward.create_employer("渤海玻璃厂", "130302").await;
    let seen = json!({
        "name": "分厂", "divisionCode": "130303", "ownershipGroup": "PRIVATE", "parentId": hidden,
    });
    let seen =
        steward.done("employerCreate", "employer { id }", seen).await["employer"]["id"].clone();
    let worker = |name: &str, division: &str, employer: &Value| json!({ "name": name, "divisionCode": division, "employerId": employer });
    let workers = vec![
        worker("王芳", "130303", &json!(hidden)),
        worker("张伟", "130303", &seen),
        worker("李娜", "130302", &seen),
    ];
    steward.upsert_many("workerUpsertBatch", "worker", workers).await;
    let county = app.county("130303").await;

    let query = "query($hidden: ID!) { \
        workers { nodes { name employer { name } employments { nodes { employer { name } } } } totalCount } \
        employers { nodes { name parent { name } workers { nodes { name } totalCount } \
            employments { nodes { worker { name } } totalCount } } totalCount } \
        byEmployer: workers(where: { employer: { id: { eq: $hidden } } }) { nodes { name } totalCount } \
        byName: workers(where: { employer: { name: { startsWith: \"渤\" } } }) { nodes { name } } \
        some: employers(where: { workers: { some: { name: { eq: \"李娜\" } } } }) { nodes { name } } \
        none: employers(where: { workers: { none: { name: { eq: \"李娜\" } } } }) { nodes { name } } \
        every: employers(where: { workers: { every: { name: { eq: \"张伟\" } } } }) { nodes { name } } \
        parent: employers(where: { not: { parent: {} } }) { nodes { name } } }";
    let data = county.data(query, json!({ "hidden": hidden })).await;

    assert_eq!(
        data["workers"],
        json!({
            "nodes": [
                { "name": "王芳", "employer": null, "employments": { "nodes": [{ "employer": null }] } },
                { "name": "张伟", "employer": { "name": "分厂" },
                  "employments": { "nodes": [{ "employer": { "name": "分厂" } }] } },
            ],
            "totalCount": 2,
        })
    );
    assert_eq!(
        data["employers"],
        json!({
            "nodes": [{
                "name": "分厂", "parent": null,
                "workers": { "nodes": [{ "name": "张伟" }], "totalCount": 1 },
                "employments": { "nodes": [{ "worker": { "name": "张伟" } }], "totalCount": 1 },
            }],
            "totalCount": 1,
        })
    );
    assert_eq!(data["byEmployer"], json!({ "nodes": [], "totalCount": 0 }));
    assert_eq!(data["byName"]["nodes"], json!([]));
    assert_eq!(data["some"]["nodes"], json!([]));
    let only = json!([{ "name": "分厂" }]);
    assert_eq!(data["none"]["nodes"], only);
    assert_eq!(data["every"]["nodes"], only);
    assert_eq!(data["parent"]["nodes"], only);
}

#[tokio::test]
async fn the_external_id_of_a_hidden_record_cannot_be_read_or_taken() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let name = json!({ "source": "hrss", "value": "W-1" });
    let worker = json!({ "externalId": name, "name": "王芳", "divisionCode": "130302" });
    let worker =
        steward.done("workerUpsert", "worker { id }", worker).await["worker"]["id"].clone();
    let county = app.county("130303").await;
    let query = "query($value: String!) { worker(by: { externalId: { source: \"hrss\", value: $value } }) { id } }";

    let hidden = county.run(query, json!({ "value": "W-1" })).await;
    let missing = county.run(query, json!({ "value": "W-2" })).await;
    let taken = json!({ "externalId": name, "name": "李娜", "divisionCode": "130303" });
    let upsert = county.mutate("workerUpsert", "worker { id }", taken).await;
    let create = json!({ "name": "李娜", "divisionCode": "130303", "externalIds": [name] });
    let create = county.mutate("workerCreate", "worker { id }", create).await;

    assert_eq!(hidden, missing);
    assert_eq!(hidden, json!({ "data": { "worker": null } }));
    assert_eq!(refusals(&upsert), ["NOT_FOUND"]);
    assert_eq!(upsert["userErrors"][0]["path"], json!(["input", "externalId"]));
    assert_eq!(refusals(&create), ["DUPLICATE"]);
    for payload in [&upsert, &create] {
        assert_eq!(payload["worker"], Value::Null);
        assert!(
            !payload
                .to_string()
                .contains(&decode_id(worker.as_str().unwrap()).unwrap().1.to_string())
        );
    }
    let kept = "query($id: ID!) { worker(by: { id: $id }) { name version divisionCode } workers { totalCount } }";
    let kept = steward.data(kept, json!({ "id": worker })).await;
    assert_eq!(kept["worker"], json!({ "name": "王芳", "version": 1, "divisionCode": "130302" }));
    assert_eq!(kept["workers"]["totalCount"], 1);
}
