//! What other systems call a record, of whatever kind it is: found by that name, and kept in step by it.

use std::sync::Mutex;

use futures_util::future::join_all;
use gongtu::{kind::Kind, schema::sdl};
use serde_json::{Value, json};

use crate::{
    fixture,
    support::{Client, TestApp, refusals, text},
    world::{make_each, record_field},
};

/// What is made, and never told anew: a request and an assignment take steps, a frozen figure stays.
const MADE_ONCE: [Kind; 3] =
    [Kind::DataSubjectRequest, Kind::DisputeAssignment, Kind::MetricSnapshot];

fn name(source: &str, kind: Kind) -> Value {
    json!({ "source": source, "value": kind.name() })
}

/// Makes a record by what its source calls it, and says it all again.
async fn sync(client: &Client, kind: Kind, input: Value) -> [Value; 3] {
    let field = record_field(kind);
    let upsert = format!("{field}Upsert");
    let selection = format!("{field} {{ id version externalIds {{ source value }} }}");
    let mut input = input;
    input["externalId"] = name("hrss", kind);
    let made = client.done(&upsert, &selection, input.clone()).await;
    let again = client.done(&upsert, &selection, input.clone()).await;
    input["externalIds"] = json!([name("union", kind)]);
    input["expectedVersion"] = again[&field]["version"].clone();
    let named = client.done(&upsert, &selection, input.clone()).await;
    input["expectedVersion"] = json!(99);
    let stale = client.mutate(&upsert, &selection, input).await;
    assert_eq!(refusals(&stale), ["VERSION_CONFLICT"], "{kind:?}: {stale}");
    [made, again, named].map(|it| it[&field].clone())
}

#[tokio::test]
async fn a_record_of_every_kind_is_made_once_and_kept_in_step_by_its_name() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let synced = Mutex::new(Vec::new());

    make_each(&steward, "130302", async |mutation, kind, input| {
        let field = record_field(kind);
        if MADE_ONCE.contains(&kind) {
            let made = steward.done(mutation, &format!("{field} {{ id }}"), input).await;
            return text(&made[&field]["id"]);
        }
        let before = app.count(&format!("SELECT count(*) FROM {}", kind.prefix())).await;
        let [made, again, named] = sync(&steward, kind, input).await;
        let after = app.count(&format!("SELECT count(*) FROM {}", kind.prefix())).await;

        assert_eq!(after, before + 1, "{kind:?}");
        assert_eq!(made["version"], 1, "{kind:?}");
        assert_eq!(again, made, "{kind:?}: said again, it is no change");
        assert_eq!(named["id"], made["id"], "{kind:?}");
        assert_eq!(named["version"], 2, "{kind:?}: a further name is a change");
        assert_eq!(
            named["externalIds"],
            json!([name("hrss", kind), name("union", kind)]),
            "{kind:?}"
        );
        synced.lock().unwrap().push(kind);
        text(&made["id"])
    })
    .await;

    let synced = synced.into_inner().unwrap();
    let sdl = sdl();
    let missing: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|it| !synced.contains(it) && !MADE_ONCE.contains(it))
        .filter(|it| sdl.contains(&format!("{}Upsert(", record_field(*it))))
        .collect();
    // An award needs a result first: `systems` makes one.
    assert_eq!(missing, [Kind::CompetitionAward]);
    for kind in synced {
        let field = record_field(kind);
        let query = format!("query($by: {}By!) {{ {field}(by: $by) {{ id }} }}", kind.name());
        for source in ["hrss", "union"] {
            let by = json!({ "externalId": name(source, kind) });
            let found = steward.data(&query, json!({ "by": by })).await;
            assert!(found[&field]["id"].is_string(), "{kind:?} {source}");
        }
    }
}

#[tokio::test]
async fn every_kind_has_external_ids_but_divisions_which_have_their_code_and_steps() {
    let sdl = sdl();
    for kind in Kind::ALL {
        let definition = |words: &str| {
            let start = sdl.find(words)?;
            let length = sdl[start..].find("\n}")?;
            Some(&sdl[start..start + length])
        };
        let ty = definition(&format!("\ntype {} ", kind.name())).expect("each is an object");
        let by = definition(&format!("\ninput {}By ", kind.name())).unwrap_or_default();
        let is_named = ![Kind::Division, Kind::StateTransition].contains(kind);
        assert_eq!(ty.contains("externalIds: [ExternalId!]"), is_named, "{kind:?}");
        assert_eq!(by.contains("externalId: ExternalIdInput"), is_named, "{kind:?}");
    }
}

#[tokio::test]
async fn of_many_who_name_a_record_at_once_one_makes_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let provider = |it: usize| {
        json!({
            "externalId": { "source": "hrss", "value": "T-1" }, "name": format!("技师学院{it}"),
            "kind": "TECHNICAL_COLLEGE", "divisionCode": "130302",
        })
    };

    let selection = "trainingProvider { id version }";
    let all = (0..16).map(|it| steward.done("trainingProviderUpsert", selection, provider(it)));
    let all = join_all(all).await;

    assert_eq!(app.count("SELECT count(*) FROM training_provider").await, 1);
    let mut versions: Vec<i64> = all
        .iter()
        .map(|it| {
            assert_eq!(it["trainingProvider"]["id"], all[0]["trainingProvider"]["id"]);
            it["trainingProvider"]["version"].as_i64().unwrap()
        })
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, (1..=16).collect::<Vec<_>>(), "each is a change of its own");
}

#[tokio::test]
async fn what_is_refused_keeps_neither_the_record_nor_its_name() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let provider = |more: Value| {
        let mut input = json!({
            "externalId": { "source": "hrss", "value": "T-1" }, "name": "技师学院",
            "kind": "TECHNICAL_COLLEGE", "divisionCode": "130302",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let upsert = async |client: &Client, input: Value| {
        client.mutate("trainingProviderUpsert", "trainingProvider { id version }", input).await
    };
    let rows = async || {
        app.count(
            "SELECT (SELECT count(*) FROM training_provider) + (SELECT count(*) FROM external_id)",
        )
        .await
    };
    let before = rows().await;

    let nameless = upsert(&steward, provider(json!({ "name": "" }))).await;
    let crowded: Vec<Value> =
        (0..21).map(|it| json!({ "source": "union", "value": it.to_string() })).collect();
    let crowded = upsert(&steward, provider(json!({ "externalIds": crowded }))).await;
    let outside = upsert(&app.county("130303").await, provider(json!({}))).await;
    let only = upsert(&steward, provider(json!({ "validateOnly": true }))).await;

    assert_eq!(refusals(&nameless), ["INVALID_VALUE"], "{nameless}");
    assert_eq!(refusals(&crowded), ["INVALID_VALUE"], "{crowded}");
    assert_eq!(crowded["userErrors"][0]["path"], json!(["input", "externalIds"]));
    assert_eq!(refusals(&outside), ["OUT_OF_SCOPE"], "{outside}");
    assert_eq!(only["trainingProvider"]["version"], 1, "{only}");
    assert_eq!(rows().await, before);
}

#[tokio::test]
async fn a_name_that_is_told_again_keeps_what_is_absent_and_clears_what_is_null() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employer = fixture::employer(&steward).await;
    let base = json!({
        "externalId": { "source": "hrss", "value": "T-1" }, "name": "技师学院",
        "kind": "TECHNICAL_COLLEGE", "divisionCode": "130302",
    });
    let upsert = async |more: Value| {
        let mut input = base.clone();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let selection = "trainingProvider { name filingNo employer { id } divisionCode version }";
        steward.mutate("trainingProviderUpsert", selection, input).await
    };

    let made = upsert(json!({ "filingNo": "冀培〔1〕", "employerId": employer })).await;
    let kept = upsert(json!({ "name": "高级技师学院" })).await["trainingProvider"].clone();
    let cleared = upsert(json!({ "employerId": null, "divisionCode": "130303" })).await;
    let archive = "mutation($input: TrainingProviderArchiveInput!) \
                   { trainingProviderArchive(input: $input) { userErrors { code } } }";
    let by =
        "{ trainingProvider(by: { externalId: { source: \"hrss\", value: \"T-1\" } }) { id } }";
    let id = steward.data(by, json!({})).await["trainingProvider"]["id"].clone();
    steward.data(archive, json!({ "input": { "id": id, "expectedVersion": 3 } })).await;
    let archived = upsert(json!({})).await;

    assert_eq!(made["trainingProvider"]["filingNo"], "冀培〔1〕", "{made}");
    assert_eq!(
        (&kept["filingNo"], &kept["employer"]["id"], &kept["name"]),
        (&json!("冀培〔1〕"), &json!(employer), &json!("高级技师学院"))
    );
    let cleared = &cleared["trainingProvider"];
    assert_eq!(cleared["employer"], Value::Null, "{cleared}");
    assert_eq!(cleared["divisionCode"], "130302", "what only the creation takes stays");
    assert_eq!(cleared["version"], 3);
    assert_eq!(refusals(&archived), ["ARCHIVED"], "{archived}");
    assert_eq!(archived["userErrors"][0]["path"], json!(["input", "externalId"]));
}

#[tokio::test]
async fn the_name_of_a_hidden_record_is_neither_taken_nor_told_of() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let record = json!({
        "externalId": { "source": "hrss", "value": "A-1" }, "title": "焊枪", "kind": "FIVE_SMALLS",
        "divisionCode": "130302", "achievedOn": "2024-05-01",
    });
    steward
        .done("innovationAchievementUpsert", "innovationAchievement { id }", record.clone())
        .await;
    let neighbour = app.county("130303").await;
    let mut theirs = record;
    theirs["divisionCode"] = json!("130303");

    let taken = neighbour
        .mutate("innovationAchievementUpsert", "innovationAchievement { id }", theirs)
        .await;
    let by = "{ innovationAchievement(by: { externalId: { source: \"hrss\", value: \"A-1\" } }) { id } }";
    let seen = neighbour.data(by, json!({})).await;

    assert_eq!(refusals(&taken), ["NOT_FOUND"], "{taken}");
    assert_eq!(taken["userErrors"][0]["path"], json!(["input", "externalId"]));
    assert_eq!(seen["innovationAchievement"], Value::Null);
    assert_eq!(app.count("SELECT count(*) FROM innovation_achievement").await, 1);
}
