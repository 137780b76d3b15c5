//! The rules of the records themselves.

use serde_json::{Value, json};

use crate::{
    fixture::{self, id_number, make, unique},
    support::{Client, TestApp, refusals},
};

/// What a worker is seen to have: the employer, and the relations with their ends.
async fn employment(client: &Client, worker: &str) -> Value {
    let query = "query($id: ID!) { it: worker(by: { id: $id }) { version divisionCode employer { id } \
                 employments(first: 10) { nodes { id version status endedOn endReason divisionCode \
                 employer { id } } } memberships(first: 10) { nodes { divisionCode } } } }";
    client.data(query, json!({ "id": worker })).await["it"].clone()
}

fn relation(worker: &str, employer: &str) -> Value {
    json!({
        "workerId": worker, "employerId": employer, "contractType": "OPEN_ENDED",
        "startedOn": "2024-01-01",
    })
}

#[track_caller]
fn expect_refusal(payload: &Value, code: &str, path: &str) {
    assert_eq!(refusals(payload), [code], "{payload}");
    assert_eq!(payload["userErrors"][0]["path"], json!(["input", path]), "{payload}");
}

#[tokio::test]
async fn a_worker_has_the_employer_of_the_active_relation() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (worker, employer) = (fixture::worker(&steward).await, fixture::employer(&steward).await);
    let input = relation(&worker, &employer);

    let id = make(&steward, "employmentRelationStart", "employmentRelation", input.clone()).await;
    let started = employment(&steward, &worker).await;
    let second =
        steward.mutate("employmentRelationStart", "employmentRelation { id }", input).await;
    let archived = json!({ "id": id, "expectedVersion": 1 });
    let archived =
        steward.mutate("employmentRelationArchive", "employmentRelation { id }", archived).await;
    let early =
        json!({ "id": id, "expectedVersion": 1, "endedOn": "2023-12-31", "endReason": "RESIGNED" });
    let early = steward.mutate("employmentRelationEnd", "employmentRelation { id }", early).await;
    let end =
        json!({ "id": id, "expectedVersion": 1, "endedOn": "2024-06-30", "endReason": "RESIGNED" });
    steward.done("employmentRelationEnd", "employmentRelation { id }", end).await;
    let ended = employment(&steward, &worker).await;
    let twice =
        json!({ "id": id, "expectedVersion": 2, "endedOn": "2024-07-01", "endReason": "RESIGNED" });
    let twice = steward.mutate("employmentRelationEnd", "employmentRelation { id }", twice).await;

    assert_eq!(started["employer"]["id"], json!(employer));
    expect_refusal(&second, "DUPLICATE", "workerId");
    expect_refusal(&archived, "INCONSISTENT", "id");
    expect_refusal(&early, "INCONSISTENT", "endedOn");
    assert_eq!(early["userErrors"][0]["rule"], "PERIOD-01");
    assert_eq!(ended["employer"], Value::Null);
    assert_eq!(ended["employments"]["nodes"][0]["status"], "ENDED");
    assert_eq!(ended["employments"]["nodes"][0]["endedOn"], "2024-06-30");
    expect_refusal(&twice, "INCONSISTENT", "id");
}

#[tokio::test]
async fn another_employer_ends_one_relation_and_begins_another() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (one, other) = (fixture::employer(&steward).await, fixture::employer(&steward).await);
    let input = json!({ "name": "王芳", "divisionCode": "130302", "employerId": one });
    let worker = make(&steward, "workerCreate", "worker", input).await;
    let change = async |employer: Value| {
        let version = employment(&steward, &worker).await["version"].clone();
        let input = json!({ "id": worker, "expectedVersion": version, "employerId": employer });
        steward.done("workerUpdate", "worker { id }", input).await;
        employment(&steward, &worker).await
    };

    let begun = employment(&steward, &worker).await;
    let moved = change(json!(other)).await;
    let same = change(json!(other)).await;
    let left = change(Value::Null).await;

    let today = json!(app.clock.today());
    assert_eq!(begun["employer"]["id"], json!(one));
    assert_eq!(begun["employments"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(moved["employer"]["id"], json!(other));
    let relations = moved["employments"]["nodes"].as_array().unwrap();
    assert_eq!(relations.len(), 2);
    assert_eq!(relations[0]["endedOn"], today);
    assert_eq!(relations[0]["endReason"], "CHANGED_EMPLOYER");
    assert_eq!(relations[1]["status"], "ACTIVE");
    assert_eq!(relations[1]["employer"]["id"], json!(other));
    assert_eq!(same, moved);
    assert_eq!(left["employer"], Value::Null);
    assert_eq!(left["employments"]["nodes"][1]["status"], "ENDED");
    assert_eq!(left["employments"]["nodes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_belongs_to_a_worker_moves_along_to_another_division() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (worker, employer) = (fixture::worker(&steward).await, fixture::employer(&steward).await);
    let relation = relation(&worker, &employer);
    make(&steward, "employmentRelationStart", "employmentRelation", relation).await;
    let member = json!({
        "workerId": worker, "unionOrganizationId": fixture::union_organization(&steward).await,
        "memberNo": "1", "joinedOn": "2024-01-01",
    });
    make(&steward, "unionMembershipAdmit", "unionMembership", member).await;
    let old = app.county("130302").await;

    let before = employment(&old, &worker).await;
    let input =
        json!({ "id": worker, "expectedVersion": before["version"], "divisionCode": "130303" });
    steward.done("workerUpdate", "worker { id }", input).await;
    let after = employment(&steward, &worker).await;

    assert_eq!(before["employments"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(after["divisionCode"], "130303");
    assert_eq!(after["employments"]["nodes"][0]["divisionCode"], "130303");
    assert_eq!(after["memberships"]["nodes"][0]["divisionCode"], "130303");
    assert_eq!(employment(&old, &worker).await, Value::Null);
    let query = "{ employmentRelations { nodes { id } } unionMemberships { nodes { id } } }";
    let seen = old.data(query, json!({})).await;
    assert_eq!(seen["employmentRelations"]["nodes"], json!([]));
    assert_eq!(seen["unionMemberships"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_case_is_closed_when_all_in_it_is_settled() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = fixture::dispute_case(&steward).await;
    let claim = json!({ "caseId": case, "category": "UNPAID_WAGE", "claimedFen": "500000" });
    let claim_id = make(&steward, "disputeClaimAdd", "disputeClaim", claim.clone()).await;
    let recovery = fixture::wage_recovery(&steward, &case).await;
    let proceeding = fixture::proceeding(&steward, &case, "COURT_FIRST").await;
    let close = async |version: i32| {
        let input = json!({ "id": case, "expectedVersion": version });
        steward.mutate("disputeCaseClose", "disputeCase { status version closedOn }", input).await
    };

    let none_settled = close(2).await;
    let decide = json!({ "id": claim_id, "expectedVersion": 1, "decision": "SUPPORTED" });
    steward.done("disputeClaimUpdate", "disputeClaim { id }", decide).await;
    let one_settled = close(2).await;
    // A judgment that nobody appeals against is an end.
    for (version, step) in [(1, "BeginTrial"), (2, "Judge")] {
        let input = json!({ "id": proceeding, "expectedVersion": version });
        steward.done(&format!("disputeProceeding{step}"), "disputeProceeding { id }", input).await;
    }
    let two_settled = close(2).await;
    let agree = json!({ "id": recovery, "expectedVersion": 1, "agreedFen": "1" });
    steward.done("wageRecoveryAgree", "wageRecovery { id }", agree).await;
    let default = json!({ "id": recovery, "expectedVersion": 2 });
    steward.done("wageRecoveryMarkDefaulted", "wageRecovery { id }", default).await;
    let closed = close(2).await;
    let late_claim = steward.mutate("disputeClaimAdd", "disputeClaim { id }", claim).await;
    let late =
        json!({ "caseId": case, "workerId": fixture::worker(&steward).await, "claimedFen": "1" });
    let late_wages = steward.mutate("wageRecoveryClaim", "wageRecovery { id }", late).await;
    let late = json!({ "caseId": case, "stage": "ARBITRATION", "body": "仲裁委", "openedOn": "2024-02-01" });
    let late_proceeding =
        steward.mutate("disputeProceedingOpen", "disputeProceeding { id }", late.clone()).await;
    let reopen = json!({ "id": case, "expectedVersion": 3 });
    let reopened =
        steward.done("disputeCaseReopen", "disputeCase { status closedOn }", reopen).await;
    steward.done("disputeProceedingOpen", "disputeProceeding { id }", late).await;

    assert_eq!(refusals(&none_settled), ["INCONSISTENT"; 3]);
    assert_eq!(refusals(&one_settled), ["INCONSISTENT"; 2]);
    assert_eq!(refusals(&two_settled), ["INCONSISTENT"; 1]);
    assert_eq!(two_settled["userErrors"][0]["path"], json!(["input", "id"]));
    let today = app.clock.today();
    assert_eq!(
        closed["disputeCase"],
        json!({ "status": "CLOSED", "version": 3, "closedOn": today })
    );
    for late in [late_claim, late_wages, late_proceeding] {
        expect_refusal(&late, "INCONSISTENT", "caseId");
    }
    assert_eq!(reopened["disputeCase"], json!({ "status": "REGISTERED", "closedOn": null }));
}

#[tokio::test]
async fn a_case_is_where_its_latest_proceeding_is() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = fixture::dispute_case(&steward).await;
    let stages = [
        ("NEGOTIATION", "IN_NEGOTIATION", "REQUESTED"),
        ("MEDIATION", "IN_MEDIATION", "APPLIED"),
        ("ARBITRATION", "IN_ARBITRATION", "APPLIED"),
        ("COURT_FIRST", "IN_COURT", "FILED"),
        ("COURT_SECOND", "IN_COURT", "FILED"),
        ("ENFORCEMENT", "IN_ENFORCEMENT", "APPLIED"),
        ("INSPECTION", "UNDER_INSPECTION", "REPORTED"),
    ];

    for (stage, status, state) in stages {
        let input =
            json!({ "caseId": case, "stage": stage, "body": "受理机构", "openedOn": "2024-02-01" });
        let selection = "disputeProceeding { state endedOn divisionCode case { status } }";
        let opened = steward.done("disputeProceedingOpen", selection, input).await;
        let expected = json!({
            "state": state, "endedOn": null, "divisionCode": "130302", "case": { "status": status },
        });
        assert_eq!(opened["disputeProceeding"], expected);
    }
}

#[tokio::test]
async fn wages_are_paid_up_to_what_was_agreed_and_no_more() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let recovery = fixture::wage_recovery(&steward, &fixture::dispute_case(&steward).await).await;
    let wages = "wageRecovery { status version agreed { fen } paid { fen } method }";
    let agree = async |fen: &str| {
        let input = json!({ "id": recovery, "expectedVersion": 1, "agreedFen": fen });
        steward.mutate("wageRecoveryAgree", wages, input).await
    };
    let pay = async |version: i32, fen: &str| {
        let input = json!({ "id": recovery, "expectedVersion": version, "amountFen": fen, "method": "BANK" });
        steward.mutate("wageRecoveryPay", wages, input).await
    };

    let unagreed = pay(1, "1").await;
    for fen in ["0", "-1"] {
        let refused = agree(fen).await;
        expect_refusal(&refused, "INVALID_VALUE", "agreedFen");
        assert_eq!(refused["userErrors"][0]["rule"], "MONEY-01");
    }
    let agreed = agree("300000").await;
    for fen in ["0", "-1"] {
        expect_refusal(&pay(2, fen).await, "INVALID_VALUE", "amountFen");
    }
    expect_refusal(&pay(2, "300001").await, "INCONSISTENT", "amountFen");
    expect_refusal(&pay(2, "9223372036854775807").await, "INCONSISTENT", "amountFen");
    let part = pay(2, "100000").await;
    expect_refusal(&pay(3, "200001").await, "INCONSISTENT", "amountFen");
    expect_refusal(&pay(3, "9223372036854775807").await, "INCONSISTENT", "amountFen");
    let rest = pay(3, "200000").await;
    let more = pay(4, "1").await;

    expect_refusal(&unagreed, "INVALID_TRANSITION", "id");
    assert_eq!(agreed["wageRecovery"]["status"], "AGREED");
    let expected = json!({
        "status": "PARTIALLY_PAID", "version": 3, "agreed": { "fen": "300000" },
        "paid": { "fen": "100000" }, "method": "BANK",
    });
    assert_eq!(part["wageRecovery"], expected);
    assert_eq!(rest["wageRecovery"]["status"], "PAID");
    assert_eq!(rest["wageRecovery"]["paid"], json!({ "fen": "300000" }));
    expect_refusal(&more, "INVALID_TRANSITION", "id");
}

#[tokio::test]
async fn an_award_is_for_an_entry_of_its_event_when_the_results_are_confirmed() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let competition = fixture::competition(&steward).await;
    let event = fixture::competition_event(&steward, &competition).await;
    let other = fixture::competition_event(&steward, &competition).await;
    let input =
        json!({ "eventId": event, "workerId": fixture::worker(&steward).await, "bibNo": "1" });
    let entry = make(&steward, "competitionEntryRegister", "competitionEntry", input).await;
    let award = async |event: &str| {
        let input = json!({
            "eventId": event, "entryId": entry, "tier": "FIRST", "title": "一等奖",
            "bonusFen": "100000", "awardedOn": "2024-06-01",
        });
        steward.mutate("competitionAwardCreate", "competitionAward { divisionCode }", input).await
    };

    let too_early = award(&event).await;
    let steps = [
        "Announce",
        "OpenRegistration",
        "BeginPreliminary",
        "BeginFinal",
        "LockScores",
        "OpenAppealWindow",
        "ConfirmResults",
    ];
    for (place, step) in steps.iter().enumerate() {
        let input = json!({ "id": competition, "expectedVersion": place + 1 });
        steward.done(&format!("competition{step}"), "competition { id }", input).await;
    }
    let of_another_event = award(&other).await;
    let awarded = award(&event).await;
    let twice = award(&event).await;

    expect_refusal(&too_early, "INCONSISTENT", "eventId");
    expect_refusal(&of_another_event, "INCONSISTENT", "entryId");
    assert_eq!(awarded["competitionAward"]["divisionCode"], "130302", "{awarded}");
    expect_refusal(&twice, "DUPLICATE", "tier");
}

#[tokio::test]
async fn a_party_is_one_worker_or_one_employer_or_one_name() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = fixture::dispute_case(&steward).await;
    let worker = fixture::worker(&steward).await;
    let employer = fixture::employer(&steward).await;
    let add = async |party: Value| {
        let mut input = json!({ "caseId": case, "role": "APPLICANT" });
        input.as_object_mut().unwrap().extend(party.as_object().unwrap().clone());
        steward.mutate("disputePartyAdd", "disputeParty { id version }", input).await
    };

    let none = add(json!({})).await;
    let two = add(json!({ "workerId": worker, "employerId": employer })).await;
    let three =
        add(json!({ "workerId": worker, "employerId": employer, "name": "某工程队" })).await;
    let one_each = [
        json!({ "workerId": worker }),
        json!({ "employerId": employer }),
        json!({ "name": "某工程队" }),
    ];
    let mut ids = Vec::new();
    for party in one_each {
        let added = add(party).await;
        assert_eq!(refusals(&added), [""; 0], "{added}");
        ids.push(added["disputeParty"]["id"].clone());
    }
    let input = json!({ "id": ids[0], "expectedVersion": 1, "workerId": null });
    let emptied = steward.mutate("disputePartyUpdate", "disputeParty { id }", input).await;

    for refused in [none, two, three, emptied] {
        expect_refusal(&refused, "INCONSISTENT", "name");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM dispute_party").await, 3);
}

#[tokio::test]
async fn a_period_does_not_end_before_it_begins() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut competition = fixture::competition_input();
    competition["startedOn"] = json!("2024-05-02");
    competition["endedOn"] = json!("2024-05-01");
    let batch = json!({
        "ordinal": 3, "level": "MUNICIPAL", "title": "试点", "issuer": "市总工会",
        "startedOn": "2024-05-02", "endedOn": "2024-05-01", "divisionCode": "130300",
    });
    let member = json!({
        "studioId": fixture::studio(&steward).await, "workerId": fixture::worker(&steward).await,
        "role": "CORE", "joinedOn": "2024-05-02", "leftOn": "2024-05-01",
    });
    let claim = json!({
        "caseId": fixture::dispute_case(&steward).await, "category": "UNPAID_WAGE", "claimedFen": "1",
        "periodFrom": "2024-05-02", "periodTo": "2024-05-01",
    });
    let measure = json!({
        "pilotUnitId": fixture::pilot_unit(&steward).await, "task": "QUALITY_IMPROVEMENT",
        "title": "举措", "startedOn": "2024-05-02", "endedOn": "2024-05-01",
    });
    let cases = [
        ("competitionCreate", "competition", competition, "startedOn", "endedOn"),
        ("pilotBatchCreate", "pilotBatch", batch, "startedOn", "endedOn"),
        ("studioMemberAdd", "studioMember", member, "joinedOn", "leftOn"),
        ("disputeClaimAdd", "disputeClaim", claim, "periodFrom", "periodTo"),
        ("pilotMeasureCreate", "pilotMeasure", measure, "startedOn", "endedOn"),
    ];

    for (mutation, field, mut input, first, last) in cases {
        let selection = format!("{field} {{ id }}");
        let refused = steward.mutate(mutation, &selection, input.clone()).await;
        input[first] = input[last].clone();

        expect_refusal(&refused, "INCONSISTENT", last);
        assert_eq!(refused["userErrors"][0]["rule"], "PERIOD-01", "{mutation}");
        steward.done(mutation, &selection, input).await;
    }
}

#[tokio::test]
async fn a_worker_is_at_least_sixteen_in_china() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let today = app.clock.today();
    let sixteen = today - chrono::Months::new(16 * 12);
    let register = async |birth: chrono::NaiveDate| {
        let input = json!({ "name": "王芳", "divisionCode": "130302", "birthOn": birth });
        steward.mutate("workerCreate", "worker { birthOn }", input).await
    };

    let too_young = register(sixteen.succ_opt().unwrap()).await;
    let unborn = register(today.succ_opt().unwrap()).await;
    let old_enough = register(sixteen).await;

    expect_refusal(&too_young, "INCONSISTENT", "birthOn");
    assert_eq!(too_young["userErrors"][0]["rule"], "ID-09");
    expect_refusal(&unborn, "INCONSISTENT", "birthOn");
    assert_eq!(unborn["userErrors"][0]["rule"], Value::Null);
    assert_eq!(old_enough["worker"]["birthOn"], json!(sixteen), "{old_enough}");
}

#[tokio::test]
async fn an_id_number_tells_birth_and_sex_and_warns_where_they_differ() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let register = async |more: Value| {
        let number = id_number("19900101", unique() * 2);
        let mut input = json!({ "name": "王芳", "divisionCode": "130302", "idNumber": number });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        steward.done("workerCreate", "worker { sex birthOn }", input).await
    };

    let taken = register(json!({})).await;
    let same = register(json!({ "sex": "FEMALE", "birthOn": "1990-01-01" })).await;
    let sex = register(json!({ "sex": "MALE" })).await;
    let birth = register(json!({ "birthOn": "1990-01-02" })).await;
    let both = register(json!({ "sex": "MALE", "birthOn": "1990-01-02" })).await;

    for agreed in [taken, same] {
        assert_eq!(agreed["worker"], json!({ "sex": "FEMALE", "birthOn": "1990-01-01" }));
        assert_eq!(agreed["warnings"], json!([]));
    }
    assert_eq!(sex["worker"]["sex"], "MALE");
    assert_eq!(sex["warnings"], json!([{ "rule": "ID-07" }]));
    assert_eq!(birth["worker"]["birthOn"], "1990-01-02");
    assert_eq!(birth["warnings"], json!([{ "rule": "ID-08" }]));
    let mut rules: Vec<&str> = both["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap())
        .collect();
    rules.sort_unstable();
    assert_eq!(rules, ["ID-07", "ID-08"]);
}

#[tokio::test]
async fn a_worker_enters_an_event_once_and_scores_within_bounds() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let event = fixture::competition_event(&steward, &fixture::competition(&steward).await).await;
    let worker = fixture::worker(&steward).await;
    let input = json!({ "eventId": event, "workerId": worker, "bibNo": "1" });
    let entry = make(&steward, "competitionEntryRegister", "competitionEntry", input.clone()).await;
    let score = async |scores: Value| {
        let mut input = json!({ "id": entry, "expectedVersion": 3, "totalScoreCenti": 0 });
        input.as_object_mut().unwrap().extend(scores.as_object().unwrap().clone());
        steward
            .mutate("competitionEntryScore", "competitionEntry { totalScoreCenti rank }", input)
            .await
    };
    let rank = async |rank: i32| {
        let input = json!({ "id": entry, "expectedVersion": 4, "rank": rank });
        steward.mutate("competitionEntryRank", "competitionEntry { rank }", input).await
    };

    let twice = steward.mutate("competitionEntryRegister", "competitionEntry { id }", input).await;
    for (version, step) in [(1, "Qualify"), (2, "MarkCompeted")] {
        let input = json!({ "id": entry, "expectedVersion": version });
        steward.done(&format!("competitionEntry{step}"), "competitionEntry { id }", input).await;
    }
    for field in ["theoryScoreCenti", "practiceScoreCenti", "totalScoreCenti"] {
        for points in [-1, 10_001] {
            expect_refusal(&score(json!({ field: points })).await, "INVALID_VALUE", field);
        }
    }
    let highest = score(json!({
        "theoryScoreCenti": 10_000, "practiceScoreCenti": 0, "totalScoreCenti": 10_000,
    }))
    .await;
    let no_rank = rank(0).await;
    let ranked = rank(1).await;

    assert_eq!(refusals(&twice), ["DUPLICATE"]);
    assert_eq!(twice["userErrors"][0]["path"], json!(["input", "workerId"]));
    assert_eq!(highest["competitionEntry"]["totalScoreCenti"], 10_000, "{highest}");
    expect_refusal(&no_rank, "INVALID_VALUE", "rank");
    assert_eq!(ranked["competitionEntry"]["rank"], 1);
}

#[tokio::test]
async fn nothing_new_belongs_to_an_archived_record() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (worker, employer) = (fixture::worker(&steward).await, fixture::employer(&steward).await);
    let case = fixture::dispute_case(&steward).await;
    for (mutation, id) in [("workerArchive", &worker), ("disputeCaseArchive", &case)] {
        let field = mutation.strip_suffix("Archive").unwrap();
        let input = json!({ "id": id, "expectedVersion": 1 });
        steward.done(mutation, &format!("{field} {{ id }}"), input).await;
    }

    let relation = relation(&worker, &employer);
    let relation =
        steward.mutate("employmentRelationStart", "employmentRelation { id }", relation).await;
    let claim = json!({ "caseId": case, "category": "UNPAID_WAGE", "claimedFen": "1" });
    let claim = steward.mutate("disputeClaimAdd", "disputeClaim { id }", claim).await;
    let opened =
        json!({ "caseId": case, "stage": "MEDIATION", "body": "调委会", "openedOn": "2024-02-01" });
    let opened = steward.mutate("disputeProceedingOpen", "disputeProceeding { id }", opened).await;

    expect_refusal(&relation, "ARCHIVED", "workerId");
    expect_refusal(&claim, "ARCHIVED", "caseId");
    expect_refusal(&opened, "ARCHIVED", "caseId");
}
