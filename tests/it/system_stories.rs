//! What the rules of the further systems make of several records together.

use std::collections::BTreeMap;

use gongtu::kind::Kind;
use serde_json::{Value, json};

use crate::{
    fixture,
    support::{Client, TestApp, refusals, text},
    systems,
    world::one_of_each,
};

type World = BTreeMap<Kind, String>;

async fn city() -> (TestApp, Client, World) {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = one_of_each(&steward, "130302").await;
    (app, steward, world)
}

/// The input of another record, with more said of it.
async fn input(client: &Client, kind: Kind, world: &World, more: Value) -> Value {
    let (_, mut input) = systems::input_of(client, kind, world).await;
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

fn refused(payload: &Value) -> Vec<String> {
    refusals(payload).into_iter().map(str::to_owned).collect()
}

fn at(id: &str, version: usize) -> Value {
    json!({ "id": id, "expectedVersion": version })
}

/// Takes the steps of a record that has taken none, and says what the next version is.
async fn walk(client: &Client, field: &str, id: &str, steps: &[&str]) -> usize {
    for (place, step) in steps.iter().enumerate() {
        client
            .done(&format!("{field}{step}"), &format!("{field} {{ id }}"), at(id, place + 1))
            .await;
    }
    steps.len() + 1
}

#[tokio::test]
async fn a_session_resolves_with_more_than_half_of_all_delegates() {
    let (_app, steward, world) = city().await;
    for (ordinal, votes, is_passed) in [(2, 15, false), (3, 16, true)] {
        let vote = json!({ "ordinal": ordinal, "resolution": "草案", "votesFor": votes });
        let session = input(&steward, Kind::CongressSession, &world, vote).await;
        let selection = "congressSession { isQuorate isPassed }";
        let made = steward.done("congressSessionRecord", selection, session).await;
        assert_eq!(
            made["congressSession"],
            json!({ "isQuorate": true, "isPassed": is_passed }),
            "{votes}"
        );
    }
    let query =
        "{ congressSessions(where: { ordinal: { eq: 1 } }) { nodes { isQuorate isPassed } } }";
    let silent = steward.data(query, json!({})).await;
    assert_eq!(
        silent["congressSessions"]["nodes"],
        json!([{ "isQuorate": true, "isPassed": null }])
    );
}

#[tokio::test]
async fn at_most_a_fifth_of_the_delegates_are_managers() {
    let (_app, steward, world) = city().await;
    let mut counts = Vec::new();
    for _ in 0..7 {
        let manager = json!({ "category": "MANAGER" });
        let delegate = input(&steward, Kind::CongressDelegate, &world, manager).await;
        let payload = steward.mutate("congressDelegateElect", "changeCursor", delegate).await;
        counts.push(refusals(&payload).len());
    }
    assert_eq!(counts, [0, 0, 0, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_time_limit_ends_on_a_working_day_of_the_calendar() {
    let (_app, steward, world) = city().await;
    let limit = async |more: Value| {
        let limit = input(&steward, Kind::Deadline, &world, more).await;
        let selection = "deadline { id length unit dueOn calendarVersion }";
        steward.done("deadlineStart", selection, limit).await["deadline"].clone()
    };
    for (rule, started_on, due_on) in [
        ("ARBITRATION_AWARD", "2024-03-01", "2024-04-15"),
        ("LAWSUIT", "2024-03-01", "2024-03-18"),
        ("INSPECTION", "2024-03-01", "2024-05-27"),
        ("ORDINARY_TRIAL", "2024-03-15", "2024-09-16"),
    ] {
        let told = limit(json!({ "rule": rule, "startedOn": started_on })).await;
        assert_eq!(told["dueOn"], due_on, "{rule}");
        assert_eq!(told["calendarVersion"], "2024-130302", "{rule}");
    }
    let extended = limit(json!({ "extendedBy": 15 })).await;
    assert_eq!(extended["dueOn"], "2024-04-30");

    // A day off that is told later moves what is counted anew, and nothing else.
    let holiday = json!({ "observedOn": "2024-04-15", "name": "调休" });
    let holiday = input(&steward, Kind::Holiday, &world, holiday).await;
    steward.done("holidayCreate", "holiday { id }", holiday).await;
    let told = limit(json!({})).await;
    assert_eq!(told["dueOn"], "2024-04-16");
    let mut change = at(&text(&extended["id"]), 1);
    change["extendedBy"] = json!(0);
    let told = steward.done("deadlineUpdate", "deadline { dueOn }", change).await;
    assert_eq!(told["deadline"]["dueOn"], "2024-04-16");
}

#[tokio::test]
async fn an_employer_has_fifteen_working_days_to_answer_an_opinion() {
    let (_app, steward, world) = city().await;
    let notice = systems::another(&steward, Kind::UnionLegalNotice, &world).await;
    let version = walk(&steward, "unionLegalNotice", &notice, &["MarkOverdue"]).await;
    let mut opinion = at(&notice, version);
    opinion["occurredOn"] = json!("2024-04-12");
    let selection = "unionLegalNotice { opinionOn replyDueOn status }";
    let sent = steward.done("unionLegalNoticeSendOpinion", selection, opinion).await;
    assert_eq!(
        sent["unionLegalNotice"],
        json!({ "opinionOn": "2024-04-12", "replyDueOn": "2024-05-06", "status": "OPINION_SENT" })
    );
}

#[tokio::test]
async fn a_total_is_what_the_score_sheets_make_by_the_weights_of_their_parts() {
    let (_app, steward, world) = city().await;
    // One sheet of 90 of 100 is there; a second makes a mean of 85, by a weight of 70 %.
    let mut lighter = at(&world[&Kind::ScoreComponent], 1);
    lighter["weightBasisPoints"] = json!(7_000);
    steward.done("scoreComponentUpdate", "scoreComponent { id }", lighter).await;
    let second = json!({ "refereeNo": "R2", "rawScoreCenti": 8_000 });
    let second = input(&steward, Kind::ScoreSheet, &world, second).await;
    steward.done("scoreSheetSign", "scoreSheet { id }", second).await;
    let theory = json!({ "name": "理论", "weightBasisPoints": 3_000, "maxScoreCenti": 5_000 });
    let theory = input(&steward, Kind::ScoreComponent, &world, theory).await;
    let made = steward.done("scoreComponentCreate", "scoreComponent { id }", theory).await;
    let theory = made["scoreComponent"]["id"].clone();
    let entry = &world[&Kind::CompetitionEntry];
    let version = walk(&steward, "competitionEntry", entry, &["Qualify", "MarkCompeted"]).await;
    let selection = "competitionEntry { totalScoreCenti status }";

    let payload = steward.mutate("competitionEntryScore", selection, at(entry, version)).await;
    assert_eq!(refusals(&payload), ["INCONSISTENT"], "a part has no sheet");
    // 40 of 50, by a weight of 30 %.
    let sheet = json!({ "componentId": theory, "rawScoreCenti": 4_000 });
    let sheet = input(&steward, Kind::ScoreSheet, &world, sheet).await;
    steward.done("scoreSheetSign", "scoreSheet { id }", sheet).await;
    let mut told = at(entry, version);
    told["totalScoreCenti"] = json!(8_349);
    let payload = steward.mutate("competitionEntryScore", selection, told).await;
    assert_eq!(refusals(&payload), ["INCONSISTENT"], "the sheets make another");
    let scored = steward.done("competitionEntryScore", selection, at(entry, version)).await;

    let expected = json!({ "totalScoreCenti": 8_350, "status": "SCORED" });
    assert_eq!(scored["competitionEntry"], expected);
}

#[tokio::test]
async fn scores_are_locked_once_the_weights_add_up_and_then_stay() {
    let (_app, steward, world) = city().await;
    let competition = &world[&Kind::Competition];
    let mut lighter = at(&world[&Kind::ScoreComponent], 1);
    lighter["weightBasisPoints"] = json!(9_000);
    steward.done("scoreComponentUpdate", "scoreComponent { id }", lighter).await;
    let steps = ["Announce", "OpenRegistration", "BeginPreliminary", "BeginFinal"];
    let version = walk(&steward, "competition", competition, &steps).await;
    let selection = "competition { status }";

    let refused =
        steward.mutate("competitionLockScores", selection, at(competition, version)).await;
    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    let practice = json!({ "name": "理论", "weightBasisPoints": 1_000 });
    let practice = input(&steward, Kind::ScoreComponent, &world, practice).await;
    steward.done("scoreComponentCreate", "scoreComponent { id }", practice).await;
    let locked = steward.done("competitionLockScores", selection, at(competition, version)).await;
    assert_eq!(locked["competition"]["status"], "SCORES_LOCKED");

    let late = json!({ "refereeNo": "R9" });
    let late = input(&steward, Kind::ScoreSheet, &world, late).await;
    let payload = steward.mutate("scoreSheetSign", "changeCursor", late).await;
    assert_eq!(refusals(&payload), ["INCONSISTENT"]);
    for (kind, field) in
        [(Kind::ScoreComponent, "scoreComponent"), (Kind::ScoreSheet, "scoreSheet")]
    {
        for (verb, version) in [("Archive", 1), ("Restore", 1)] {
            let record = at(&world[&kind], version);
            let payload = steward.mutate(&format!("{field}{verb}"), "changeCursor", record).await;
            assert_eq!(refusals(&payload), ["INCONSISTENT"], "{field}{verb}");
        }
    }
    let entry = &world[&Kind::CompetitionEntry];
    let version = walk(&steward, "competitionEntry", entry, &["Qualify", "MarkCompeted"]).await;
    let mut score = at(entry, version);
    score["totalScoreCenti"] = json!(9_000);
    let payload = steward.mutate("competitionEntryScore", "changeCursor", score).await;
    assert_eq!(refusals(&payload), ["INCONSISTENT"]);
}

#[tokio::test]
async fn a_transfer_that_is_accepted_ends_one_membership_and_begins_another() {
    let (_app, steward, world) = city().await;
    let transfer = systems::another(&steward, Kind::MembershipTransfer, &world).await;
    let query = "query($id: ID!) { membershipTransfer(by: { id: $id }) { membership { id } } }";
    let told = steward.data(query, json!({ "id": transfer })).await;
    let twice = json!({ "membershipId": told["membershipTransfer"]["membership"]["id"] });
    let twice = input(&steward, Kind::MembershipTransfer, &world, twice).await;
    let payload = steward.mutate("membershipTransferRequest", "changeCursor", twice).await;
    assert_eq!(refusals(&payload), ["DUPLICATE"]);

    let mut accept = at(&transfer, 1);
    accept["memberNo"] = json!("T1");
    accept["occurredOn"] = json!("2024-03-05");
    let member = "status memberNo joinedOn endedOn";
    let selection = format!(
        "membershipTransfer {{ status decidedOn membership {{ {member} }} newMembership {{ {member} }} }}"
    );
    let accepted = steward.done("membershipTransferAccept", &selection, accept.clone()).await;
    let it = &accepted["membershipTransfer"];
    assert_eq!(it["status"], "ACCEPTED");
    assert_eq!(it["membership"]["status"], "TRANSFERRED");
    assert_eq!(it["membership"]["endedOn"], "2024-03-05");
    assert_eq!(
        it["newMembership"],
        json!({ "status": "ACTIVE", "memberNo": "T1", "joinedOn": "2024-03-05", "endedOn": null })
    );

    accept["expectedVersion"] = json!(2);
    let again = steward.mutate("membershipTransferAccept", "changeCursor", accept).await;
    assert_eq!(refusals(&again), ["INVALID_TRANSITION"]);
}

#[tokio::test]
async fn who_is_admitted_is_a_member_and_cannot_be_admitted_twice() {
    let (_app, steward, world) = city().await;
    let first = input(&steward, Kind::MembershipApplication, &world, json!({})).await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let selection = "membershipApplication { id worker { id } }";
        let made = steward.done("membershipApplicationDraft", selection, first.clone()).await;
        let id = text(&made["membershipApplication"]["id"]);
        let version = walk(&steward, "membershipApplication", &id, &["Submit", "Screen"]).await;
        let payload =
            steward.mutate("membershipApplicationApprove", "changeCursor", at(&id, version)).await;
        codes.push(refused(&payload));
    }
    assert_eq!(codes, [vec![], vec!["DUPLICATE".to_owned()]]);
    let query = "query($worker: ID!) { unionMemberships(where: { worker: { id: { eq: $worker } } }) \
        { nodes { status memberNo } } }";
    let found = steward.data(query, json!({ "worker": first["workerId"] })).await;
    assert_eq!(
        found["unionMemberships"]["nodes"],
        json!([{ "status": "ACTIVE", "memberNo": "00000002" }])
    );
}

#[tokio::test]
async fn a_selection_confers_no_more_than_its_quota() {
    let (_app, steward, world) = city().await;
    let round =
        json!({ "titleId": world[&Kind::HonourTitle], "year": 2021, "ordinal": 1, "quota": 1 });
    let round = steward.done("honourRoundCreate", "honourRound { id }", round).await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let of_round = json!({ "roundId": round["honourRound"]["id"] });
        let nominee = input(&steward, Kind::HonourNomination, &world, of_round).await;
        let made =
            steward.done("honourNominationRecommend", "honourNomination { id }", nominee).await;
        let id = text(&made["honourNomination"]["id"]);
        let steps = ["Review", "BeginLocalNotice", "ReviewAgain", "BeginFinalNotice"];
        let version = walk(&steward, "honourNomination", &id, &steps).await;
        let payload =
            steward.mutate("honourNominationConfer", "changeCursor", at(&id, version)).await;
        codes.push(refused(&payload));
    }
    assert_eq!(codes, [vec![], vec!["INCONSISTENT".to_owned()]]);
}

#[tokio::test]
async fn a_worker_is_subsidised_once_for_a_level_of_an_occupation() {
    let (_app, steward, world) = city().await;
    let worker = fixture::worker(&steward).await;
    let mut codes = Vec::new();
    for rank in ["SENIOR", "TECHNICIAN", "SENIOR"] {
        let of = json!({ "occupationCode": "6-18-02-04", "targetRank": rank });
        let program = input(&steward, Kind::TrainingProgram, &world, of).await;
        let program =
            steward.done("trainingProgramCreate", "trainingProgram { id }", program).await;
        let place = json!({ "programId": program["trainingProgram"]["id"], "workerId": worker });
        let place =
            steward.done("trainingEnrollmentEnroll", "trainingEnrollment { id }", place).await;
        let of_place = json!({ "enrollmentId": place["trainingEnrollment"]["id"] });
        let subsidy = input(&steward, Kind::TrainingSubsidyPayment, &world, of_place).await;
        let payload = steward.mutate("trainingSubsidyPaymentApply", "changeCursor", subsidy).await;
        codes.push(refused(&payload));
    }
    assert_eq!(codes, [vec![], vec![], vec!["DUPLICATE".to_owned()]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_subsidies_applied_for_at_once_for_the_same_level_one_is_granted() {
    let (app, steward, world) = city().await;
    let worker = fixture::worker(&steward).await;
    let mut applications = Vec::new();
    for _ in 0..8 {
        let of = json!({ "occupationCode": "6-18-02-04", "targetRank": "SENIOR" });
        let program = input(&steward, Kind::TrainingProgram, &world, of).await;
        let program = fixture::make(&steward, "trainingProgramCreate", "trainingProgram", program);
        let place = json!({ "programId": program.await, "workerId": worker });
        let place =
            fixture::make(&steward, "trainingEnrollmentEnroll", "trainingEnrollment", place);
        let of_place = json!({ "enrollmentId": place.await });
        applications.push(input(&steward, Kind::TrainingSubsidyPayment, &world, of_place).await);
    }
    let apply = applications.into_iter().map(|it| {
        steward.mutate("trainingSubsidyPaymentApply", "trainingSubsidyPayment { id }", it)
    });
    let answers = futures_util::future::join_all(apply).await;

    let granted: Vec<&Value> = answers.iter().filter(|it| refusals(it).is_empty()).collect();
    assert_eq!(granted.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| refusals(it).is_empty() || refusals(it) == ["DUPLICATE"]));
    let kept = "SELECT COUNT(*) FROM training_subsidy_payment";
    // One is of the world.
    assert_eq!(app.count(kept).await, 2);
}

#[tokio::test]
async fn a_subsidy_is_brought_back_only_while_no_other_was_applied_for() {
    let (_app, steward, world) = city().await;
    let first = world[&Kind::TrainingSubsidyPayment].clone();
    let set = json!({ "occupationCode": "6-18-02-04", "targetRank": "SENIOR" });
    let mut program = at(&world[&Kind::TrainingProgram], 1);
    program.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
    steward.done("trainingProgramUpdate", "trainingProgram { id }", program).await;
    let archive = |id: &str, version| {
        let record = at(id, version);
        steward.done("trainingSubsidyPaymentArchive", "trainingSubsidyPayment { id }", record)
    };

    archive(&first, 1).await;
    let program = input(&steward, Kind::TrainingProgram, &world, set).await;
    let program =
        fixture::make(&steward, "trainingProgramCreate", "trainingProgram", program).await;
    let place = json!({ "programId": program, "workerId": world[&Kind::Worker] });
    let place = fixture::make(&steward, "trainingEnrollmentEnroll", "trainingEnrollment", place);
    let of_place = json!({ "enrollmentId": place.await });
    let subsidy = input(&steward, Kind::TrainingSubsidyPayment, &world, of_place).await;
    let (mutation, field) = ("trainingSubsidyPaymentApply", "trainingSubsidyPayment");
    let second = fixture::make(&steward, mutation, field, subsidy).await;
    let restore = at(&first, 2);
    let payload =
        steward.mutate("trainingSubsidyPaymentRestore", "changeCursor", restore.clone()).await;
    assert_eq!(refusals(&payload), ["DUPLICATE"]);

    archive(&second, 1).await;
    steward.done("trainingSubsidyPaymentRestore", "trainingSubsidyPayment { id }", restore).await;
}

#[tokio::test]
async fn the_rank_of_a_worker_in_an_occupation_does_not_decrease() {
    let (_app, steward, world) = city().await;
    let worker = fixture::worker(&steward).await;
    let mut codes = Vec::new();
    for (rank, occupation) in [
        ("SENIOR", "6-18-02-04"),
        ("TECHNICIAN", "6-18-02-04"),
        ("SENIOR", "6-18-02-04"),
        ("SENIOR", "6-18-01-01"),
    ] {
        let of = json!({ "workerId": worker, "skillRank": rank, "occupationCode": occupation });
        let certificate = input(&steward, Kind::SkillCertificate, &world, of).await;
        let payload = steward.mutate("skillCertificateIssue", "changeCursor", certificate).await;
        codes.push(refused(&payload));
    }
    assert_eq!(codes, [vec![], vec![], vec!["INCONSISTENT".to_owned()], vec![]]);
}

#[tokio::test]
async fn what_belongs_to_a_worker_goes_where_the_worker_goes() {
    let (app, steward, world) = city().await;
    let (here, there) = (app.county("130302").await, app.county("130303").await);
    let query = "{ skillCertificates { nodes { id transitions { nodes { id } } } } \
                 professionalTitles { nodes { id } } pathwayRecognitions { nodes { id } } \
                 gigEngagements { nodes { id } } }";
    let before = here.data(query, json!({})).await;
    let certificate = at(&world[&Kind::SkillCertificate], 1);
    steward.done("skillCertificateConfirm", "skillCertificate { id }", certificate).await;
    let told = here.data(query, json!({})).await;
    assert_eq!(
        told["skillCertificates"]["nodes"][0]["transitions"]["nodes"].as_array().unwrap().len(),
        1
    );

    let version = steward
        .data(
            "query($id: ID!) { worker(by: { id: $id }) { version } }",
            json!({ "id": world[&Kind::Worker] }),
        )
        .await["worker"]["version"]
        .clone();
    let moved =
        json!({ "id": world[&Kind::Worker], "expectedVersion": version, "divisionCode": "130303" });
    steward.done("workerUpdate", "worker { id }", moved).await;

    let (left, come) = (here.data(query, json!({})).await, there.data(query, json!({})).await);
    for list in ["skillCertificates", "professionalTitles", "pathwayRecognitions", "gigEngagements"]
    {
        assert_eq!(before[list]["nodes"].as_array().unwrap().len(), 1, "{list}");
        assert_eq!(left[list]["nodes"], json!([]), "{list}");
        assert_eq!(come[list]["nodes"].as_array().unwrap().len(), 1, "{list}");
    }
    assert_eq!(come["skillCertificates"]["nodes"], told["skillCertificates"]["nodes"]);
}

#[tokio::test]
async fn a_code_is_read_as_one_of_its_list_or_kept_as_it_came() {
    let (_app, steward, world) = city().await;
    let selection = "codeMapping { id isMapped sourceCode target { value } }";
    let unknown = json!({ "sourceCode": "99", "targetId": null });
    let unknown = input(&steward, Kind::CodeMapping, &world, unknown).await;
    let made = steward.done("codeMappingSet", selection, unknown).await["codeMapping"].clone();
    assert_eq!(made["isMapped"], false);
    assert_eq!(made["target"], Value::Null);

    let mut known = at(&text(&made["id"]), 1);
    known["targetId"] = json!(world[&Kind::Code]);
    let made = steward.done("codeMappingUpdate", selection, known).await["codeMapping"].clone();
    assert_eq!(made["isMapped"], true);
    assert_eq!(made["target"], json!({ "value": "C39" }));

    let list = json!({ "code": "OTHER" });
    let list = input(&steward, Kind::CodeSystem, &world, list).await;
    let list = steward.done("codeSystemCreate", "codeSystem { id }", list).await;
    let foreign = json!({ "systemId": list["codeSystem"]["id"] });
    let foreign = input(&steward, Kind::CodeMapping, &world, foreign).await;
    let payload = steward.mutate("codeMappingSet", "changeCursor", foreign).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["input", "targetId"]));
}

#[tokio::test]
async fn a_figure_that_was_published_stays_when_the_records_change() {
    let (_app, steward, world) = city().await;
    let freeze =
        json!({ "figureCode": "F10", "divisionCode": "130302", "publishedOn": "2024-03-01" });
    let selection = "metricSnapshot { id figureCode value numerator publishedOn divisionCode }";
    let kept = steward.done("metricSnapshotFreeze", selection, freeze.clone()).await;
    assert_eq!(kept["metricSnapshot"]["value"], "0");
    assert_eq!(kept["metricSnapshot"]["publishedOn"], "2024-03-01");

    walk(&steward, "hostingRight", &world[&Kind::HostingRight], &["Grant"]).await;
    let query = "query($id: ID!) { figures(division: \"130302\", codes: [\"F10\"]) { value } \
        metricSnapshot(by: { id: $id }) { value } }";
    let told = steward.data(query, json!({ "id": kept["metricSnapshot"]["id"] })).await;
    assert_eq!(told["figures"], json!([{ "value": "1" }]));
    assert_eq!(told["metricSnapshot"], json!({ "value": "0" }));

    let unknown = json!({ "figureCode": "F99", "divisionCode": "130302" });
    let selection = "mutation($i: MetricSnapshotFreezeInput!) { metricSnapshotFreeze(input: $i) \
        { changeCursor } }";
    let refused = steward.run(selection, json!({ "i": unknown })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
