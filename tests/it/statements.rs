//! How many SQL statements an operation takes: a small number, the same for 3 parents and for 30.

use serde_json::json;

use crate::support::{Client, TestApp};

const PARENTS: usize = 30;

/// The statements of a query, when nobody else ran any: the service looks at its log and at credentials
/// now and then, so the least of several runs counts.
async fn statements(app: &TestApp, client: &Client, query: &str, first: usize) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = app.statements();
        let data = client.data(query, json!({ "first": first })).await;
        least = least.min(app.statements() - before);
        assert_eq!(data["it"]["nodes"].as_array().unwrap().len(), first);
    }
    least
}

async fn create_workers(client: &Client) -> Vec<String> {
    let employers = |parents: Option<Vec<String>>| {
        (0..PARENTS).map(move |it| {
            json!({
                "name": format!("单位{it}"), "ownershipGroup": "PRIVATE", "divisionCode": "130302",
                "parentId": parents.as_ref().map(|parents| parents[it].clone()),
            })
        })
    };
    let parents = employers(None).collect();
    let parents = client.upsert_many("employerUpsertBatch", "employer", parents).await;
    let employers = employers(Some(parents)).collect();
    let employers = client.upsert_many("employerUpsertBatch", "employer", employers).await;
    let workers = employers.iter().map(
        |employer| json!({ "name": "王芳", "divisionCode": "130302", "employerId": employer }),
    );
    client.upsert_many("workerUpsertBatch", "worker", workers.collect()).await
}

async fn create_unions(client: &Client) -> Vec<String> {
    let items = (0..PARENTS).map(|it| {
        json!({
            "name": format!("工会{it}"), "divisionCode": "130302", "kind": "GRASSROOTS",
            "level": "GRASSROOTS",
        })
    });
    client.upsert_many("unionOrganizationUpsertBatch", "unionOrganization", items.collect()).await
}

#[tokio::test]
async fn workers_with_employers_and_unions_take_few_statements_however_many() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward).await;
    for (worker, union) in workers.iter().zip(create_unions(&steward).await) {
        let input = json!({
            "workerId": worker, "unionOrganizationId": union, "memberNo": "1",
            "joinedOn": "2026-01-05",
        });
        steward.done("unionMembershipAdmit", "unionMembership { id }", input).await;
    }
    let parents = "query($first: Int) { it: workers(first: $first) { nodes { \
                   employer { name parent { name } } } } }";
    let unions = "query($first: Int) { it: workers(first: $first) { totalCount nodes { \
                  division { name } externalIds { value } employments(first: 3) { nodes { employer { name } } } \
                  memberships(first: 3) { totalCount nodes { unionOrganization { name } } } } } }";

    for first in [3, PARENTS] {
        // Workers with employers with parents.
        assert_eq!(statements(&app, &steward, parents, first).await, 1);
        // Workers with divisions and their count, external ids, employments with employers, memberships with
        // unions, their counts.
        assert_eq!(statements(&app, &steward, unions, first).await, 5);
    }
}

#[tokio::test]
async fn studios_with_members_and_achievements_take_few_statements_however_many() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward).await;
    let items = workers.iter().enumerate().map(|(it, leader)| {
        json!({
            "name": format!("工作室{it}"), "divisionCode": "130302", "kind": "SINGLE",
            "level": "MUNICIPAL", "field": "焊接", "foundedOn": "2020-05-01", "leaderId": leader,
        })
    });
    let studios = steward
        .upsert_many("innovationStudioUpsertBatch", "innovationStudio", items.collect())
        .await;
    for (it, studio) in studios.iter().enumerate() {
        for place in 0..2 {
            let input = json!({
                "studioId": studio, "workerId": workers[(it + place) % PARENTS], "role": "CORE",
                "joinedOn": "2021-05-01",
            });
            steward.done("studioMemberAdd", "studioMember { id }", input).await;
        }
        let input = json!({
            "studioId": studio, "title": "新焊枪", "kind": "FIVE_SMALLS", "divisionCode": "130302",
            "achievedOn": "2024-05-01",
        });
        steward.done("innovationAchievementRegister", "innovationAchievement { id }", input).await;
    }
    let query = "query($first: Int) { it: innovationStudios(first: $first) { nodes { name leader { name } \
                 members(first: 5) { nodes { role worker { name } } } \
                 achievements(first: 3) { nodes { title } } } } }";

    for first in [3, 20, PARENTS] {
        // Studios with leaders, members with workers, achievements.
        assert_eq!(statements(&app, &steward, query, first).await, 3);
    }
    let page = steward.data(query, json!({ "first": PARENTS })).await;
    for studio in page["it"]["nodes"].as_array().unwrap() {
        assert_eq!(studio["leader"]["name"], "王芳");
        assert_eq!(studio["members"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(studio["members"]["nodes"][1]["worker"]["name"], "王芳");
        assert_eq!(studio["achievements"]["nodes"], json!([{ "title": "新焊枪" }]));
    }
}

#[tokio::test]
async fn cases_with_parties_claims_and_recoveries_take_few_statements_however_many() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward).await;
    let employer = steward.create_employer("渤海玻璃厂", "130302").await;
    let items = (0..PARENTS).map(|it| {
        json!({
            "caseNo": format!("{it}号"), "title": "欠薪", "divisionCode": "130302", "ground": "G1",
            "category": "UNPAID_WAGE", "channel": "WALK_IN", "registeredOn": "2026-03-02",
        })
    });
    let cases = steward.upsert_many("disputeCaseUpsertBatch", "disputeCase", items.collect()).await;
    for (case, worker) in cases.iter().zip(&workers) {
        let party = json!({ "caseId": case, "role": "APPLICANT", "workerId": worker });
        steward.done("disputePartyAdd", "disputeParty { id }", party).await;
        let party = json!({ "caseId": case, "role": "RESPONDENT", "employerId": employer });
        steward.done("disputePartyAdd", "disputeParty { id }", party).await;
        let claim = json!({ "caseId": case, "category": "UNPAID_WAGE", "claimedFen": "500000" });
        steward.done("disputeClaimAdd", "disputeClaim { id }", claim).await;
        let recovery = json!({ "caseId": case, "workerId": worker, "claimedFen": "500000" });
        steward.done("wageRecoveryClaim", "wageRecovery { id }", recovery).await;
    }
    let query = "query($first: Int) { it: disputeCases(first: $first) { nodes { caseNo \
                 parties(first: 5) { nodes { role worker { name } employer { name } } } \
                 claims(first: 5) { nodes { claimed { yuan } } } \
                 wageRecoveries(first: 5) { totalCount nodes { paid { fen } worker { name } } } } } }";

    for first in [3, PARENTS] {
        // Cases, parties with workers and employers, claims, recoveries with workers and their counts.
        assert_eq!(statements(&app, &steward, query, first).await, 5);
    }
}

#[tokio::test]
async fn competitions_with_events_and_entries_take_few_statements_however_many() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward).await;
    let items = (0..PARENTS).map(|it| {
        json!({
            "title": format!("竞赛{it}"), "divisionCode": "130300", "kind": "SKILL",
            "level": "MUNICIPAL", "year": 2026, "edition": 1, "organizerName": "市总工会",
        })
    });
    let competitions =
        steward.upsert_many("competitionUpsertBatch", "competition", items.collect()).await;
    for (competition, worker) in competitions.iter().zip(&workers) {
        let event = json!({
            "competitionId": competition, "title": "焊工", "competitionClass": "CLASS_I",
            "format": "INDIVIDUAL", "participantGroup": "EMPLOYEE",
        });
        let event = steward.done("competitionEventCreate", "competitionEvent { id }", event).await;
        let entry = json!({
            "eventId": event["competitionEvent"]["id"], "workerId": worker, "bibNo": "7",
        });
        steward.done("competitionEntryRegister", "competitionEntry { id }", entry).await;
    }
    let query = "query($first: Int) { it: competitions(first: $first) { nodes { title \
                 events(first: 5) { nodes { title entries(first: 5) { nodes { bibNo worker { name } } } } } } } }";

    for first in [3, PARENTS] {
        // Competitions, events, entries with workers.
        assert_eq!(statements(&app, &steward, query, first).await, 3);
    }
    let page = steward.data(query, json!({ "first": 1 })).await;
    assert_eq!(
        page["it"]["nodes"][0]["events"]["nodes"][0]["entries"]["nodes"],
        json!([{ "bibNo": "7", "worker": { "name": "王芳" } }])
    );
}

#[tokio::test]
async fn batches_with_units_measures_and_practices_take_few_statements_however_many() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    for ordinal in 1..=PARENTS {
        let batch = json!({
            "title": format!("第{ordinal}批"), "divisionCode": "130300", "level": "MUNICIPAL",
            "ordinal": ordinal, "issuer": "市总工会", "startedOn": "2024-01-01",
        });
        let batch = steward.done("pilotBatchCreate", "pilotBatch { id }", batch).await;
        let unit = json!({
            "batchId": batch["pilotBatch"]["id"], "name": format!("单位{ordinal}"),
            "kind": "GRASSROOTS_UNIT", "level": "MUNICIPAL", "divisionCode": "130302",
        });
        let unit = steward.done("pilotUnitNominate", "pilotUnit { id }", unit).await;
        let unit = &unit["pilotUnit"]["id"];
        let measure = json!({
            "pilotUnitId": unit, "title": "师带徒", "task": "QUALITY_IMPROVEMENT",
            "startedOn": "2024-02-01",
        });
        steward.done("pilotMeasureCreate", "pilotMeasure { id }", measure).await;
        let practice = json!({
            "pilotUnitId": unit, "title": "经验", "summary": "一线工人成长通道。",
            "publishedOn": "2025-02-01", "isReplicable": true,
        });
        steward.done("bestPracticePublish", "bestPractice { id }", practice).await;
    }
    let query = "query($first: Int) { it: pilotBatches(first: $first) { nodes { title \
                 units(first: 5) { totalCount nodes { name measures(first: 5) { nodes { title } } \
                 bestPractices(first: 5) { nodes { title } } } } } } }";

    for first in [3, PARENTS] {
        // Batches, units and their counts, measures, practices.
        assert_eq!(statements(&app, &steward, query, first).await, 5);
    }
}

#[tokio::test]
async fn a_total_comes_with_the_rows_and_where_there_are_none_by_itself() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    create_workers(&steward).await;
    let plain = "query($first: Int) { it: workers(first: $first) { nodes { id } pageInfo { hasNextPage } } }";
    let floor = "query($first: Int) { it: workers(first: $first) { nodes { id } totalCount } }";
    let exact = "query($first: Int) { it: workers(first: $first) { nodes { id } \
                 totalCount(exact: true) totalCountIsExact } }";
    let nothing = "query($first: Int) { it: workers(first: $first) { nodes { id } } }";

    assert_eq!(statements(&app, &steward, plain, 3).await, 1);
    assert_eq!(statements(&app, &steward, floor, 3).await, 1);
    assert_eq!(statements(&app, &steward, exact, 3).await, 1);
    assert_eq!(statements(&app, &steward, exact, 0).await, 2);
    assert_eq!(statements(&app, &steward, nothing, 0).await, 0);
    let data = steward.data(exact, json!({ "first": 0 })).await;
    assert_eq!(data["it"], json!({ "nodes": [], "totalCount": 30, "totalCountIsExact": true }));
}

#[tokio::test]
async fn a_total_above_10_000_is_a_floor_and_says_so() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    // Past the service: 10,001 records by mutation would take minutes.
    app.fill_employers(10_001).await;
    let query =
        "{ employers(first: 0) { totalCount exact: totalCount(exact: true) totalCountIsExact } }";

    let all = steward.data(query, json!({})).await;
    let few = "{ employers(first: 0, where: { headcount: { lt: 10000 } }) { \
               totalCount exact: totalCount(exact: true) totalCountIsExact } }";
    let few = steward.data(few, json!({})).await;

    assert_eq!(
        all["employers"],
        json!({ "totalCount": 10_000, "exact": 10_001, "totalCountIsExact": false })
    );
    assert_eq!(
        few["employers"],
        json!({ "totalCount": 10_000, "exact": 10_000, "totalCountIsExact": true })
    );
}
