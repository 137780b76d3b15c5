//! What the further systems refuse, whoever writes it.

use serde_json::{Value, json};

use gongtu::kind::Kind;

use crate::{
    fixture,
    support::{Client, TestApp, refusals, text},
    systems,
    world::one_of_each,
};

/// A kind, what is said of it beyond a good input, and where the refusal points.
fn bad_inputs() -> Vec<(Kind, Value, &'static str)> {
    vec![
        (
            Kind::PayReformMeasure,
            json!({ "kind": "THREE_FACTOR_PAY", "postValuePercent": 50, "competencePercent": 30, "performancePercent": 30 }),
            "performancePercent",
        ),
        (
            Kind::PayReformMeasure,
            json!({ "endedOn": "2020-01-01", "coverageHeads": -1 }),
            "coverageHeads",
        ),
        (Kind::PathwayRule, json!({ "skillRank": "INTERMEDIATE" }), "skillRank"),
        (Kind::PathwayRule, json!({ "validTo": "2000-01-01" }), "validTo"),
        (Kind::PathwayRecognition, json!({ "skillRank": "ELEMENTARY" }), "skillRank"),
        (Kind::SkillCertificate, json!({ "skillRank": "CHIEF_TECHNICIAN" }), "skillRank"),
        (Kind::SkillCertificate, json!({ "origin": "APPOINTMENT" }), "skillRank"),
        (Kind::HonourNomination, json!({ "category": null }), "category"),
        (Kind::HonourNomination, json!({ "teamName": "一班" }), "workerId"),
        (Kind::HonourAward, json!({ "workerId": null, "category": null }), "workerId"),
        (Kind::SelectionResult, json!({ "studioId": null }), "studioId"),
        (Kind::ExhibitionEntry, json!({ "subjectKind": "STUDIO" }), "subjectKind"),
        (Kind::ConversionAgreement, json!({ "receivedFen": "1" }), "receivedFen"),
        (Kind::AgreementParty, json!({ "employerId": null }), "employerId"),
        (Kind::AgreementReview, json!({ "opinion": "APPROVED" }), "opinionOn"),
        (
            Kind::AgreementReview,
            json!({ "opinion": "OBJECTED", "opinionOn": "2024-03-17" }),
            "opinionOn",
        ),
        (
            Kind::AgreementReview,
            json!({ "opinion": "DEEMED_EFFECTIVE", "opinionOn": "2024-03-16" }),
            "opinionOn",
        ),
        (Kind::TrainingProgram, json!({ "endedOn": "2024-02-01" }), "endedOn"),
        (Kind::WorkersCongress, json!({ "termNumber": 2, "delegatesTotal": 29 }), "delegatesTotal"),
        (
            Kind::WorkersCongress,
            json!({ "termNumber": 3, "form": "GENERAL_MEETING", "delegatesTotal": 100 }),
            "form",
        ),
        (
            Kind::CongressSession,
            json!({ "ordinal": 2, "delegatesPresent": 31 }),
            "delegatesPresent",
        ),
        (Kind::CongressSession, json!({ "ordinal": 3, "votesFor": 15 }), "votesFor"),
        (
            Kind::CongressSession,
            json!({ "ordinal": 4, "resolution": "草案", "votesFor": 21 }),
            "votesFor",
        ),
        (
            Kind::CongressSession,
            json!({ "ordinal": 5, "delegatesPresent": 19, "resolution": "草案", "votesFor": 19 }),
            "resolution",
        ),
        (
            Kind::RepresentationQuota,
            json!({ "industrialWorkerDelegates": 31 }),
            "industrialWorkerDelegates",
        ),
        (Kind::Proposal, json!({ "replyDueOn": "2024-02-01" }), "replyDueOn"),
        (Kind::Deadline, json!({ "extendedBy": 16 }), "extendedBy"),
        (Kind::WageArrearsCase, json!({ "caseId": null }), "projectName"),
        (Kind::ScoreComponent, json!({ "name": "理论", "passMarkCenti": 10_001 }), "passMarkCenti"),
        (Kind::ScoreSheet, json!({ "refereeNo": "R2", "rawScoreCenti": 10_001 }), "rawScoreCenti"),
        (Kind::PromotionRule, json!({ "rankFrom": 2, "rankTo": 1 }), "rankTo"),
        (Kind::PromotionRule, json!({ "grantIfAlready": "SENIOR" }), "grantIfAlready"),
        (Kind::ImportBatch, json!({ "source": "人社局" }), "source"),
        (Kind::ImportBatch, json!({ "fileHash": "12ab" }), "fileHash"),
        (Kind::ImportBatch, json!({ "rowsAnnounced": -1 }), "rowsAnnounced"),
        (Kind::RawRecord, json!({ "lineNumber": 0 }), "lineNumber"),
        (Kind::RawRecord, json!({ "fingerprint": "g".repeat(64) }), "fingerprint"),
        (Kind::RawRecord, json!({ "defectCode": "ID-02" }), "defectCode"),
        (Kind::RawRecord, json!({ "verdict": "OK", "defectMessage": "有误" }), "defectCode"),
        (Kind::QualityIssue, json!({ "rawRecordId": null }), "recordId"),
        (Kind::QualityIssue, json!({ "dueOn": "2024-02-01" }), "dueOn"),
    ]
}

#[tokio::test]
async fn what_breaks_a_rule_of_the_further_systems_is_refused_with_its_place() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = one_of_each(&steward, "130302").await;
    for (kind, bad, place) in bad_inputs() {
        let (mutation, mut input) = systems::input_of(&steward, kind, &world).await;
        input.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
        let payload = steward.mutate(mutation, "changeCursor", input).await;
        assert_eq!(refusals(&payload).len(), 1, "{kind:?} {bad}: {payload}");
        assert_eq!(payload["userErrors"][0]["path"], json!(["input", place]), "{kind:?} {bad}");
        assert_eq!(payload["changeCursor"], Value::Null, "{kind:?} {bad}");
    }
}

#[tokio::test]
async fn the_last_day_to_object_is_the_fifteenth_after_the_agreement_was_received() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = one_of_each(&steward, "130302").await;
    for (received, due) in [
        ("2024-03-01", "2024-03-16"),
        ("2024-02-20", "2024-03-06"),
        ("2023-02-20", "2023-03-07"),
        ("2023-12-25", "2024-01-09"),
    ] {
        let (mutation, mut input) =
            systems::input_of(&steward, Kind::AgreementReview, &world).await;
        input["receivedOn"] = json!(received);
        let made = steward.done(mutation, "agreementReview { dueOn }", input).await;
        assert_eq!(made["agreementReview"]["dueOn"], due, "{received}");
    }
}

#[tokio::test]
async fn a_code_that_has_expired_lets_nobody_in() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = one_of_each(&steward, "130302").await;
    let drive = json!({ "title": "入会", "unionOrganizationId": world[&Kind::UnionOrganization],
        "startedOn": "2024-03-01", "expiresOn": "2024-03-02" });
    let drive = steward.done("membershipDriveCreate", "membershipDrive { id }", drive).await;
    let (mutation, mut input) =
        systems::input_of(&steward, Kind::MembershipApplication, &world).await;
    input["driveId"] = drive["membershipDrive"]["id"].clone();
    let payload = steward.mutate(mutation, "changeCursor", input).await;
    assert_eq!(payload["userErrors"][0]["path"], json!(["input", "driveId"]), "{payload}");
}

/// An import, as somebody works at it.
struct Import<'a> {
    steward: &'a Client,
    id: String,
    version: usize,
    /// Its lines, each with its version.
    lines: Vec<(String, usize)>,
}

impl<'a> Import<'a> {
    async fn receive(steward: &'a Client, rows: usize) -> Import<'a> {
        let input = json!({ "source": "hrss", "fileName": "职工名册", "recordKind": "WORKER",
            "fileHash": systems::hash(&fixture::unique().to_string()), "rowsAnnounced": rows,
            "receivedOn": "2024-03-01", "divisionCode": "130302" });
        let id = fixture::make(steward, "importBatchReceive", "importBatch", input).await;
        Import { steward, id, version: 1, lines: Vec::new() }
    }

    async fn add_line(&mut self) {
        let number = self.lines.len() + 1;
        let input = json!({ "batchId": self.id, "lineNumber": number, "sourceKey": "W-1",
            "fingerprint": systems::hash(&number.to_string()) });
        let id = fixture::make(self.steward, "rawRecordRecord", "rawRecord", input).await;
        self.lines.push((id, 1));
    }

    /// Says more of a line, counted from 1.
    async fn say(&mut self, number: usize, more: Value) -> Value {
        let (id, version) = &mut self.lines[number - 1];
        let mut input = json!({ "id": id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let payload = self.steward.mutate("rawRecordUpdate", "rawRecord { recordId }", input).await;
        *version += usize::from(refusals(&payload).is_empty());
        payload
    }

    async fn said(&mut self, number: usize, more: Value) {
        let payload = self.say(number, more).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
    }

    async fn take(&mut self, step: &str) -> Value {
        let input = json!({ "id": self.id, "expectedVersion": self.version });
        let mutation = format!("importBatch{step}");
        let payload = self.steward.mutate(&mutation, "importBatch { status }", input).await;
        self.version += usize::from(refusals(&payload).is_empty());
        payload
    }

    async fn taken(&mut self, step: &str, status: &str) {
        let payload = self.take(step).await;
        assert_eq!(payload["importBatch"]["status"], status, "{payload}");
    }

    /// Takes every step up to where its lines stay as they are.
    async fn applied(&mut self) {
        for (step, status) in [
            ("Parse", "PARSED"),
            ("Validate", "VALIDATED"),
            ("Match", "MATCHED"),
            ("Review", "REVIEWED"),
            ("Apply", "APPLIED"),
        ] {
            self.taken(step, status).await;
        }
    }

    async fn expect_refused(&mut self, step: &str, rule: &str, message: &str) {
        let payload = self.take(step).await;
        assert_refused(&payload, "INCONSISTENT", &["input", "id"]);
        assert_eq!(payload["userErrors"][0]["rule"], rule, "{payload}");
        assert_eq!(payload["userErrors"][0]["message"], message, "{payload}");
    }
}

#[track_caller]
fn assert_refused(payload: &Value, code: &str, path: &[&str]) {
    assert_eq!(refusals(payload), [code], "{payload}");
    assert_eq!(payload["userErrors"][0]["path"], json!(path), "{payload}");
}

#[tokio::test]
async fn an_import_takes_a_step_once_its_lines_are_ready_for_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let other = fixture::worker(&steward).await;
    let mut import = Import::receive(&steward, 3).await;

    let missing = "Lines announced: 3, on record: 0, missing: 3.";
    import.expect_refused("Parse", "IMPORT-01", missing).await;
    for _ in 0..3 {
        import.add_line().await;
    }
    import.taken("Parse", "PARSED").await;

    import.said(1, json!({ "verdict": "OK" })).await;
    let missing = "Lines without a verdict: 2.";
    import.expect_refused("Validate", "IMPORT-02", missing).await;
    import.said(2, json!({ "verdict": "WARNING", "defectCode": "PHONE-01" })).await;
    let defect = json!({ "verdict": "ERROR", "defectCode": "ID-02", "defectMessage": "有误" });
    import.said(3, defect).await;
    import.taken("Validate", "VALIDATED").await;

    let missing = "Lines neither in error nor matched: 2.";
    import.expect_refused("Match", "IMPORT-03", missing).await;
    import.said(1, json!({ "matchedAs": "AUTO" })).await;
    import.said(2, json!({ "matchedAs": "CANDIDATE" })).await;
    import.taken("Match", "MATCHED").await;

    let missing = "Lines that are candidates still: 1.";
    import.expect_refused("Review", "IMPORT-04", missing).await;
    import.said(2, json!({ "matchedAs": "NEW" })).await;
    import.taken("Review", "REVIEWED").await;

    let missing = "Lines not in error that name no record: 2.";
    import.expect_refused("Apply", "IMPORT-05", missing).await;
    import.said(1, json!({ "recordId": worker })).await;
    import.said(2, json!({ "recordId": other })).await;
    import.taken("Apply", "APPLIED").await;
}

#[tokio::test]
async fn an_import_is_rolled_back_once_the_records_that_it_brought_are_archived() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (found, brought) = (fixture::worker(&steward).await, fixture::worker(&steward).await);
    let mut import = Import::receive(&steward, 2).await;
    for (number, (matched_as, record)) in [("AUTO", &found), ("NEW", &brought)].iter().enumerate() {
        import.add_line().await;
        let line = json!({ "verdict": "OK", "matchedAs": matched_as, "recordId": record });
        import.said(number + 1, line).await;
    }
    import.applied().await;

    let left = "Records that it brought and that are not archived: 1.";
    import.expect_refused("RollBack", "IMPORT-06", left).await;
    let brought = json!({ "id": brought, "expectedVersion": 1 });
    steward.done("workerArchive", "worker { id }", brought).await;
    import.taken("RollBack", "ROLLED_BACK").await;
}

#[tokio::test]
async fn what_a_step_asked_for_has_to_be_so_at_the_next_too() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut import = Import::receive(&steward, 1).await;
    import.add_line().await;
    import.taken("Parse", "PARSED").await;
    import.said(1, json!({ "verdict": "ERROR" })).await;
    import.taken("Validate", "VALIDATED").await;

    import.said(1, json!({ "verdict": null })).await;
    let missing = "Lines without a verdict: 1.";
    import.expect_refused("Match", "IMPORT-02", missing).await;
    import.said(1, json!({ "verdict": "ERROR" })).await;
    import.add_line().await;
    let many = "Lines announced: 1, on record: 2, too many: 1.";
    import.expect_refused("Match", "IMPORT-01", many).await;
    let (line, version) = import.lines[1].clone();
    let archive = json!({ "id": line, "expectedVersion": version });
    steward.done("rawRecordArchive", "rawRecord { id }", archive).await;
    import.taken("Match", "MATCHED").await;
}

#[tokio::test]
async fn a_line_becomes_a_record_of_the_kind_that_its_import_brings() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (worker, employer) = (fixture::worker(&steward).await, fixture::employer(&steward).await);
    let unmade = gongtu::kind::encode_id(Kind::Worker, uuid::Uuid::now_v7());
    let mut import = Import::receive(&steward, 1).await;
    import.add_line().await;

    let of_record = ["input", "recordId"];
    let payload = import.say(1, json!({ "recordId": employer })).await;
    assert_refused(&payload, "INCONSISTENT", &of_record);
    let payload = import.say(1, json!({ "recordId": unmade })).await;
    assert_refused(&payload, "NOT_FOUND", &of_record);
    let payload = import.say(1, json!({ "verdict": "ERROR", "recordId": worker })).await;
    assert_refused(&payload, "INCONSISTENT", &of_record);
    let payload = import.say(1, json!({ "verdict": "OK", "recordId": worker })).await;
    assert_eq!(payload["rawRecord"]["recordId"], json!(worker), "{payload}");

    let query = "query($id: ID!) { importBatch(by: { id: $id }) { recordKind \
        rawRecords { nodes { recordId batch { id } } } } \
        importBatches(where: { recordKind: { eq: WORKER } }) { nodes { id } } }";
    let told = steward.data(query, json!({ "id": import.id })).await;
    assert_eq!(
        told,
        json!({
            "importBatch": { "recordKind": "WORKER", "rawRecords": { "nodes": [
                { "recordId": worker, "batch": { "id": import.id } },
            ] } },
            "importBatches": { "nodes": [{ "id": import.id }] },
        })
    );
}

#[tokio::test]
async fn the_lines_of_an_import_stay_as_they_are_once_it_is_applied() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut import = Import::receive(&steward, 1).await;
    import.add_line().await;
    import.said(1, json!({ "verdict": "ERROR" })).await;
    import.applied().await;

    let payload = import.say(1, json!({ "verdict": "OK" })).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "id"]);
    let (line, version) = import.lines[0].clone();
    for mutation in ["rawRecordArchive", "rawRecordRestore"] {
        let line = json!({ "id": line, "expectedVersion": version });
        let payload = steward.mutate(mutation, "changeCursor", line).await;
        assert_refused(&payload, "INCONSISTENT", &["input", "id"]);
    }
    let line = json!({ "batchId": import.id, "lineNumber": 2, "fingerprint": systems::hash("2") });
    let payload = steward.mutate("rawRecordRecord", "changeCursor", line).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "batchId"]);
    let batch = json!({ "id": import.id, "expectedVersion": import.version, "rowsAnnounced": 2 });
    let payload = steward.mutate("importBatchUpdate", "changeCursor", batch).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "id"]);
}

#[tokio::test]
async fn a_source_sends_a_file_once_unless_what_it_brought_was_taken_back() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let file = |source: &str| {
        json!({ "source": source, "fileName": "职工名册", "recordKind": "WORKER",
            "fileHash": systems::hash("file"), "rowsAnnounced": 0, "receivedOn": "2024-03-01",
            "divisionCode": "130302" })
    };
    let id = fixture::make(&steward, "importBatchReceive", "importBatch", file("hrss")).await;

    let again = steward.mutate("importBatchReceive", "changeCursor", file("hrss")).await;
    assert_refused(&again, "DUPLICATE", &["input", "fileHash"]);
    fixture::make(&steward, "importBatchReceive", "importBatch", file("tax")).await;

    let mut import = Import { steward: &steward, id, version: 1, lines: Vec::new() };
    for step in ["Parse", "Validate", "Match", "Review", "Apply", "RollBack"] {
        let payload = import.take(step).await;
        assert_eq!(payload["userErrors"], json!([]), "{step}");
    }
    fixture::make(&steward, "importBatchReceive", "importBatch", file("hrss")).await;

    // Archived, it is no longer in the way of its file, and comes back only while no other has come.
    let (first, version) = (import.id.clone(), import.version);
    let again = fixture::make(&steward, "importBatchReceive", "importBatch", file("tax2")).await;
    let archive = json!({ "id": again, "expectedVersion": 1 });
    steward.done("importBatchArchive", "importBatch { id }", archive).await;
    fixture::make(&steward, "importBatchReceive", "importBatch", file("tax2")).await;
    let restore = json!({ "id": again, "expectedVersion": 2 });
    let payload = steward.mutate("importBatchRestore", "changeCursor", restore).await;
    assert_refused(&payload, "DUPLICATE", &["input", "id"]);
    let archive = json!({ "id": first, "expectedVersion": version });
    steward.done("importBatchArchive", "importBatch { id }", archive).await;
    let restore = json!({ "id": first, "expectedVersion": version + 1 });
    steward.done("importBatchRestore", "importBatch { id }", restore).await;
}

#[tokio::test]
async fn what_another_system_calls_a_worker_goes_when_the_worker_is_erased() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let mut import = Import::receive(&steward, 1).await;
    import.add_line().await;
    import.said(1, json!({ "recordId": worker })).await;

    let query = format!("{{ worker(by: {{ id: \"{worker}\" }}) {{ version }} }}");
    let version = steward.data(&query, json!({})).await["worker"]["version"].clone();
    let erase = json!({ "id": worker, "expectedVersion": version, "ground": "PURPOSE_ENDED" });
    steward.done("workerErase", "worker { id }", erase).await;

    let told = steward.data("{ rawRecords { nodes { sourceKey recordId } } }", json!({})).await;
    let line = json!({ "sourceKey": null, "recordId": worker });
    assert_eq!(told["rawRecords"]["nodes"], json!([line]));
}

#[tokio::test]
async fn an_issue_is_assigned_to_a_unit_and_let_pass_for_a_reason() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employer = fixture::employer(&steward).await;
    let unmade = gongtu::kind::encode_id(Kind::Employer, uuid::Uuid::now_v7());
    let issue = |record: &str| {
        json!({ "ruleCode": "ORG-01", "severity": "HIGH", "description": "登记状态不一致。",
            "foundOn": "2024-03-01", "recordId": record, "divisionCode": "130302" })
    };
    let payload = steward.mutate("qualityIssueRaise", "changeCursor", issue(&unmade)).await;
    assert_refused(&payload, "NOT_FOUND", &["input", "recordId"]);
    let made = steward.done("qualityIssueRaise", "qualityIssue { id recordId }", issue(&employer));
    let made = made.await["qualityIssue"].clone();
    assert_eq!(made["recordId"], json!(employer));
    let id = text(&made["id"]);
    let at = |version: usize, more: Value| {
        let mut input = json!({ "id": id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };

    let payload = steward.mutate("qualityIssueAssign", "changeCursor", at(1, json!({}))).await;
    assert_refused(&payload, "REQUIRED", &["input", "assigneeName"]);
    let early = at(1, json!({ "assigneeName": "数据治理组", "dueOn": "2024-02-01" }));
    let payload = steward.mutate("qualityIssueAssign", "changeCursor", early).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "dueOn"]);
    let assign = at(1, json!({ "assigneeName": "数据治理组", "dueOn": "2024-03-15" }));
    let selection = "qualityIssue { status assigneeName dueOn openSteps }";
    let told = steward.done("qualityIssueAssign", selection, assign).await;
    let expected = json!({ "status": "ASSIGNED", "assigneeName": "数据治理组", "dueOn": "2024-03-15",
        "openSteps": ["FIX", "WAIVE", "DECLINE"] });
    assert_eq!(told["qualityIssue"], expected);

    let nobody = at(2, json!({ "assigneeName": null }));
    let payload = steward.mutate("qualityIssueUpdate", "changeCursor", nobody).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "assigneeName"]);
    for mutation in ["qualityIssueWaive", "qualityIssueDecline"] {
        let silent = at(2, json!({ "reason": "" }));
        let payload = steward.mutate(mutation, "changeCursor", silent).await;
        assert_refused(&payload, "INVALID_VALUE", &["input", "reason"]);
    }
    let early = at(2, json!({ "reason": "来源系统已停用", "occurredOn": "2024-02-01" }));
    let payload = steward.mutate("qualityIssueWaive", "changeCursor", early).await;
    assert_refused(&payload, "INCONSISTENT", &["input", "occurredOn"]);
    let waive = at(2, json!({ "reason": "来源系统已停用", "occurredOn": "2024-03-10" }));
    let selection = "qualityIssue { status reason closedOn openSteps }";
    let told = steward.done("qualityIssueWaive", selection, waive).await;
    let expected = json!({ "status": "WAIVED", "reason": "来源系统已停用", "closedOn": "2024-03-10",
        "openSteps": [] });
    assert_eq!(told["qualityIssue"], expected);
}
