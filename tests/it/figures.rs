//! The published figures of the five records come out of queries, and follow the records.

use std::{collections::HashSet, fs, path::PathBuf};

use gongtu::kind::Kind;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, text};

const PILOT_COUNTIES: &str =
    "pilotUnits(where: { batch: { ordinal: { eq: 3 } }, kind: { eq: COUNTY_DISTRICT } })";
const PILOT_UNITS: &str =
    "pilotUnits(where: { batch: { ordinal: { eq: 3 } }, kind: { eq: GRASSROOTS_UNIT } })";
const EARLIER_BATCHES: &str =
    "pilotBatches(where: { startedOn: { gte: \"2020-01-01\" }, ordinal: { lt: 3 } })";
const CLASS_ONE: &str = "competitionEvents(where: { competition: { level: { eq: MUNICIPAL } }, competitionClass: { eq: CLASS_I } })";
const CLASS_TWO: &str = "competitionEvents(where: { competition: { level: { eq: MUNICIPAL } }, competitionClass: { eq: CLASS_II } })";
const PROVINCIAL: &str = "competitions(where: { level: { eq: PROVINCIAL } })";
const TEN_BEST: &str = "studioGrants(where: { selectionTitle: { eq: \"十佳创新工作室\" } })";
const TEN_BEST_PAID: &str = "studioGrants(where: { selectionTitle: { eq: \"十佳创新工作室\" }, status: { eq: PAID }, amountFen: { eq: \"1000000\" } })";
const PAID: &str = "status: { eq: PAID }";

#[tokio::test]
async fn the_published_figures_come_out_of_queries() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;

    let counts = [
        (PILOT_COUNTIES, 2),
        (PILOT_UNITS, 15),
        (EARLIER_BATCHES, 2),
        (CLASS_ONE, 10),
        (CLASS_TWO, 10),
        (PROVINCIAL, 1),
        (TEN_BEST, 10),
        (TEN_BEST_PAID, 10),
    ];
    for (list, expected) in counts {
        assert_eq!(count(&steward, list).await, expected, "{list}");
    }
    assert_eq!(recovered(&steward).await, (3_782, 5_082_800_000));
    let publicly = count(&app.public().await, PROVINCIAL).await;
    assert_eq!(publicly, 1, "competitions are a published register");
}

#[tokio::test]
async fn the_figures_follow_the_records() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    for (list, kind, archived) in [
        (PILOT_UNITS, "pilotUnit", 14),
        (CLASS_TWO, "competitionEvent", 9),
        (TEN_BEST_PAID, "studioGrant", 9),
    ] {
        let query = format!("{{ it: {list} {{ nodes {{ id version }} }} }}");
        let it = steward.data(&query, json!({})).await["it"]["nodes"][0].clone();
        let payload = format!("{kind} {{ version }}");
        let input = json!({ "id": it["id"], "expectedVersion": it["version"] });
        let gone = steward.done(&format!("{kind}Archive"), &payload, input).await;
        assert_eq!(count(&steward, list).await, archived, "{list}");

        let input = json!({ "id": it["id"], "expectedVersion": gone[kind]["version"] });
        steward.done(&format!("{kind}Restore"), &payload, input).await;
        assert_eq!(count(&steward, list).await, archived + 1, "{list}");
    }

    let before = recovered(&steward).await;
    let cases =
        "{ disputeCases(where: { status: { eq: IN_MEDIATION } }, first: 1) { nodes { id } } }";
    let case = steward.data(cases, json!({})).await["disputeCases"]["nodes"][0]["id"].clone();
    let worker = steward.create_worker("王芳", "130302").await;
    let claim = json!({ "caseId": case, "workerId": worker, "claimedFen": "250000" });
    let fields = "wageRecovery { id version status }";
    let claimed = steward.done("wageRecoveryClaim", fields, claim).await["wageRecovery"].clone();
    let step = |extra: Value, of: &Value| {
        let mut input = json!({ "id": of["id"], "expectedVersion": of["version"] });
        input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        input
    };
    let agree = step(json!({ "agreedFen": "200000" }), &claimed);
    let agreed = steward.done("wageRecoveryAgree", fields, agree).await["wageRecovery"].clone();
    assert_eq!(recovered(&steward).await, before, "what is agreed is not paid");
    let pay = step(json!({ "amountFen": "200000", "method": "BANK" }), &agreed);
    let paid = steward.done("wageRecoveryPay", fields, pay).await;

    assert_eq!(paid["wageRecovery"]["status"], "PAID");
    assert_eq!(recovered(&steward).await, (before.0 + 1, before.1 + 200_000));
}

#[tokio::test]
async fn every_demo_record_lies_in_a_division_that_exists() {
    let app = TestApp::demo().await;

    for kind in Kind::ALL {
        let table = kind.prefix();
        let lost = format!(
            "SELECT count(*) FROM {table} WHERE division_code NOT IN (SELECT code FROM division)"
        );
        assert_eq!(app.count(&lost).await, 0, "{table}");
        let some = app.count(&format!("SELECT count(*) FROM {table}")).await;
        // Steps are taken later, a handler is a client, and nobody asked for anything yet.
        let comes_later =
            [Kind::StateTransition, Kind::DisputeAssignment, Kind::DataSubjectRequest]
                .contains(kind);
        assert!(some > 0 || comes_later, "{table} is empty");
    }
}

#[tokio::test]
async fn demo_workers_are_nobody_and_masked_for_a_partner() {
    const QUERY: &str = "query($after: String) { workers(first: 100, after: $after) {
        nodes { idNumber { value isMasked } phone { value isMasked } }
        pageInfo { endCursor hasNextPage } } }";
    let app = TestApp::demo().await;
    let whole = pages(&app.steward().await, QUERY, "workers").await;
    let masked = pages(&app.partner().await, QUERY, "workers").await;

    assert_eq!((whole.len(), masked.len()), (5_000, 5_000));
    let mut numbers = HashSet::new();
    for (whole, masked) in whole.iter().zip(&masked) {
        if whole["idNumber"].is_null() || whole["phone"].is_null() {
            continue;
        }
        let number = text(&whole["idNumber"]["value"]);
        let county: u32 = number[..6].parse().unwrap();
        assert!((130_391..=130_399).contains(&county), "{number}");
        assert_eq!(number.len(), 18);
        assert_eq!(whole["idNumber"]["isMasked"], false);
        assert!(numbers.insert(number), "a number is one worker's");
        assert!(text(&whole["phone"]["value"]).starts_with("154"), "{whole}");
        for field in ["idNumber", "phone"] {
            let (value, mask) = (text(&whole[field]["value"]), text(&masked[field]["value"]));
            assert_eq!(masked[field]["isMasked"], true);
            assert!(mask.contains('*') && mask != value, "{mask}");
        }
    }
    assert!(numbers.len() > 4_000, "{}", numbers.len());
}

/// Who makes the records may know what is to come of them; who answers may not.
#[test]
fn no_figure_is_written_into_the_service() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("kernel/src")];
    let mut offences = Vec::new();
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
            if path.is_dir() {
                folders.extend((!path.ends_with("src/demo")).then_some(path));
                continue;
            }
            files += 1;
            let source = fs::read_to_string(&path).unwrap().replace('_', "");
            // The words of the article may be quoted, beside the query that answers them.
            let told = |line: &&str| !line.trim_start().starts_with("phrase: ");
            let source: String = source.lines().filter(told).collect::<Vec<_>>().join("\n");
            for figure in ["3782", "50828", "5082.8"] {
                if source.contains(figure) {
                    offences.push(format!("{figure} in {}", path.display()));
                }
            }
        }
    }
    assert!(files > 50);
    assert_eq!(offences, Vec::<String>::new());
}

async fn count(client: &Client, list: &str) -> i64 {
    let query = format!("{{ it: {list} {{ totalCount totalCountIsExact }} }}");
    let data = client.data(&query, json!({})).await;
    assert_eq!(data["it"]["totalCountIsExact"], true, "{list}");
    data["it"]["totalCount"].as_i64().unwrap()
}

/// Distinct workers whose pay was recovered, and the sum in fen.
async fn recovered(client: &Client) -> (usize, i64) {
    let query = format!(
        "query($after: String) {{ wageRecoveries(where: {{ {PAID} }}, first: 100, after: $after) {{
            nodes {{ paid {{ fen }} worker {{ id }} }} pageInfo {{ endCursor hasNextPage }} }} }}"
    );
    let rows = pages(client, &query, "wageRecoveries").await;
    let workers: HashSet<String> = rows.iter().map(|it| text(&it["worker"]["id"])).collect();
    let fen = |it: &Value| text(&it["paid"]["fen"]).parse::<i64>().unwrap();
    (workers.len(), rows.iter().map(fen).sum())
}

/// The nodes of all pages of a list.
pub async fn pages(client: &Client, query: &str, list: &str) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.data(query, json!({ "after": after })).await[list].clone();
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
