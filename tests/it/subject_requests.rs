//! What persons ask about the records that are kept of them, and what they get.

use std::collections::BTreeSet;

use chrono::Days;
use gongtu::policy::{Role, Scope};
use serde_json::{Value, json};

use crate::{
    fixture::{self, id_number},
    support::{Client, TestApp, codes, each, refusals, text},
    world::one_of_each,
};

const REQUEST: &str = "dataSubjectRequest { id version status kind details receivedOn dueOn decidedOn reason \
                       openSteps worker { id } }";

async fn file(person: &Client, kind: &str, details: Option<&str>) -> Value {
    let mut input = json!({ "kind": kind });
    if let Some(details) = details {
        input["details"] = json!(details);
    }
    person.done("dataSubjectRequestFile", REQUEST, input).await["dataSubjectRequest"].clone()
}

async fn step(steward: &Client, request: &Value, step: &str, also: Value) -> Value {
    let mut input = json!({ "id": request["id"], "expectedVersion": request["version"] });
    input.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
    let mutation = format!("dataSubjectRequest{step}");
    steward.mutate(&mutation, REQUEST, input).await
}

/// A request in work.
async fn in_work(steward: &Client, request: &Value) -> Value {
    let known = step(steward, request, "VerifyIdentity", json!({})).await;
    let begun = step(steward, &known["dataSubjectRequest"], "Process", json!({})).await;
    assert_eq!(begun["dataSubjectRequest"]["status"], "PROCESSING", "{begun}");
    begun["dataSubjectRequest"].clone()
}

async fn listed(client: &Client) -> BTreeSet<String> {
    let told = client.data("{ dataSubjectRequests { nodes { id } } }", json!({})).await;
    each(&told["dataSubjectRequests"]["nodes"], "id").iter().map(text).collect()
}

fn ids(requests: &[&Value]) -> BTreeSet<String> {
    requests.iter().map(|it| text(&it["id"])).collect()
}

#[tokio::test]
async fn a_worker_files_for_themselves_and_is_answered_within_fifteen_days() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let person = app.person(&worker).await;
    let today = app.clock.today();

    let filed = file(&person, "CORRECT", Some("出生日期应为一月二日。")).await;

    assert_eq!(
        (&filed["status"], &filed["worker"]["id"], &filed["receivedOn"], &filed["dueOn"]),
        (&json!("RECEIVED"), &json!(worker), &json!(today), &json!(today + Days::new(15)))
    );
    assert_eq!(filed["openSteps"], json!(["VERIFY_IDENTITY", "REFUSE"]));
    // One of a kind at a time, and a correction says what is wrong.
    let again = json!({ "kind": "CORRECT", "details": "又一次" });
    let again = person.mutate("dataSubjectRequestFile", REQUEST, again).await;
    assert_eq!(refusals(&again), ["INCONSISTENT"]);
    assert_eq!(again["userErrors"][0]["path"], json!(["input", "kind"]));
    let other = app.person(&fixture::worker(&steward).await).await;
    for (details, code) in [(Value::Null, "REQUIRED"), (json!(""), "INVALID_VALUE")] {
        let input = json!({ "kind": "CORRECT", "details": details });
        let empty = other.mutate("dataSubjectRequestFile", REQUEST, input).await;
        assert_eq!(refusals(&empty), [code]);
        assert_eq!(empty["userErrors"][0]["path"], json!(["input", "details"]));
    }
    file(&person, "EXPORT", None).await;
    // It is in the change log, and the trail names the mutation.
    let written = "SELECT count(*) FROM audit_entry WHERE operation = 'dataSubjectRequestFile' \
                   AND outcome = 'DONE' AND actor LIKE 'worker-%'";
    assert_eq!(app.count(written).await, 2);
}

#[tokio::test]
async fn requests_are_seen_by_the_person_and_by_the_stewards_of_the_division_alone() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (one, other) = (fixture::worker(&steward).await, fixture::worker(&steward).await);
    let (person, neighbour) = (app.person(&one).await, app.person(&other).await);

    let own = file(&person, "EXPORT", None).await;
    let theirs = file(&neighbour, "ERASE", None).await;

    assert_eq!(listed(&person).await, ids(&[&own]));
    assert_eq!(listed(&neighbour).await, ids(&[&theirs]));
    assert_eq!(listed(&steward).await, ids(&[&own, &theirs]));
    assert_eq!(listed(&app.client(Role::Steward, Some("130400")).await).await, ids(&[]));
    assert_eq!(listed(&app.county("130302").await).await, ids(&[]));
    // Who asks takes no step, nobody files for another, and a steward files for nobody.
    let query = |mutation: &str, input: &str| {
        format!("mutation {{ {mutation}(input: {input}) {{ userErrors {{ code }} }} }}")
    };
    let refuse = format!("{{ id: {}, expectedVersion: 1, reason: \"不\" }}", own["id"]);
    let register = format!("{{ workerId: \"{other}\", kind: ERASE }}");
    for (client, mutation, input) in [
        (&person, "dataSubjectRequestRefuse", refuse.as_str()),
        (&person, "dataSubjectRequestRegister", register.as_str()),
        (&steward, "dataSubjectRequestFile", "{ kind: EXPORT }"),
        (&app.county("130302").await, "dataSubjectRequestRegister", register.as_str()),
    ] {
        let told = client.run(&query(mutation, input), json!({})).await;
        assert_eq!(codes(&told), ["FORBIDDEN"], "{mutation}");
    }
    // A credential of the role that is for nobody.
    let nobody = app.client(Role::Worker, None).await;
    let told = nobody.run(&query("dataSubjectRequestFile", "{ kind: EXPORT }"), json!({})).await;
    assert_eq!(codes(&told), ["FORBIDDEN"]);
    // Nor is what a person may write of a worker more than a request.
    let rename = format!("{{ id: \"{one}\", expectedVersion: 1, name: \"李娜\" }}");
    let told = person.run(&query("workerUpdate", &rename), json!({})).await;
    assert_eq!(codes(&told), ["FORBIDDEN"]);
}

#[tokio::test]
async fn a_refusal_and_a_part_take_a_reason() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let person = app.person(&worker).await;
    let filed = file(&person, "ERASE", Some("不再需要。")).await;

    let empty = step(&steward, &filed, "Refuse", json!({ "reason": "" })).await;
    let refused = step(&steward, &filed, "Refuse", json!({ "reason": "身份无法核实" })).await;

    assert_eq!(refusals(&empty), ["INVALID_VALUE"]);
    assert_eq!(empty["userErrors"][0]["path"], json!(["input", "reason"]));
    let refused = &refused["dataSubjectRequest"];
    assert_eq!(
        (&refused["status"], &refused["reason"], &refused["decidedOn"]),
        (&json!("REFUSED"), &json!("身份无法核实"), &json!(app.clock.today()))
    );
    // Another may be filed then, and the person reads why.
    file(&person, "ERASE", None).await;
    let told = person.data("{ dataSubjectRequests { nodes { reason } } }", json!({})).await;
    assert_eq!(told["dataSubjectRequests"]["nodes"][0]["reason"], "身份无法核实");
    // A decision is not of a day before the request.
    let input = json!({ "workerId": worker, "kind": "EXPORT", "receivedOn": "2026-02-02" });
    let late = steward.done("dataSubjectRequestRegister", REQUEST, input).await;
    let input = json!({ "reason": "不", "occurredOn": "2026-02-01" });
    let early = step(&steward, &late["dataSubjectRequest"], "Refuse", input).await;
    assert_eq!(early["userErrors"][0]["path"], json!(["input", "occurredOn"]));
    assert_eq!(late["dataSubjectRequest"]["dueOn"], "2026-02-17");
}

#[tokio::test]
async fn to_fulfil_an_erasure_erases_unless_the_record_has_to_be_kept() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let employer = fixture::employer(&steward).await;
    let person = app.person(&worker).await;
    file(&person, "CORRECT", Some("我的电话是 15400000001")).await;
    let request = in_work(&steward, &file(&person, "ERASE", Some("请删除王芳")).await).await;
    let employ = |version: i32, employer: Value| json!({ "id": worker, "expectedVersion": version, "employerId": employer });
    steward.done("workerUpdate", "worker { id }", employ(1, json!(employer))).await;

    let refused = step(&steward, &request, "Fulfill", json!({})).await;

    assert_eq!(refusals(&refused), ["INCONSISTENT"], "{refused}");
    assert_eq!(refused["userErrors"][0]["rule"], "ERASE-01");
    let state = "SELECT status FROM data_subject_request WHERE kind = 'ERASE'";
    assert_eq!(app.text(state).await, "PROCESSING");
    let steps = "SELECT count(*) FROM state_transition WHERE record_kind = 'DataSubjectRequest'";
    assert_eq!(app.count(steps).await, 2, "the step is undone with the rest");
    let partly = step(
        &steward,
        &request,
        "FulfillPartly",
        json!({ "reason": "劳动关系尚未终止", "validateOnly": true }),
    )
    .await;
    assert_eq!(partly["dataSubjectRequest"]["status"], "PARTLY");

    steward.done("workerUpdate", "worker { id }", employ(2, Value::Null)).await;
    let scopes = [Scope::WorkerRead, Scope::SubjectRequestRead, Scope::SubjectRequestWrite];
    let weak = app.limited_client(Role::Steward, Some("130300"), Some(&scopes), None).await;
    let query = "mutation($i: DataSubjectRequestFulfillInput!) { dataSubjectRequestFulfill(input: $i) { replayed } }";
    let input = json!({ "id": request["id"], "expectedVersion": request["version"] });
    assert_eq!(codes(&weak.run(query, json!({ "i": input })).await), ["FORBIDDEN"]);
    let done = step(&steward, &request, "Fulfill", json!({ "ground": "PURPOSE_ENDED" })).await;

    let done = &done["dataSubjectRequest"];
    assert_eq!((&done["status"], &done["details"]), (&json!("FULFILLED"), &Value::Null));
    let query = "query($id: ID!) { worker(by: { id: $id }) { name erasureGround } }";
    let erased = steward.data(query, json!({ "id": worker })).await;
    assert_eq!(erased["worker"], json!({ "name": "***", "erasureGround": "PURPOSE_ENDED" }));
    let said = "SELECT count(*) FROM data_subject_request WHERE details IS NOT NULL";
    assert_eq!(app.count(said).await, 0, "nor is what the person said kept");
    let entry = "SELECT kinds FROM audit_entry WHERE operation = 'dataSubjectRequestFulfill' AND outcome = 'DONE'";
    let kinds = app.text(entry).await;
    assert!(kinds.contains("worker:1") && kinds.contains("data_subject_request:2"), "{kinds}");
}

const EXPORT: &str =
    "query($id: ID) { workerExport(requestId: $id) { workerId exportedAt document cutSections } }";

#[tokio::test]
async fn a_worker_has_all_that_is_kept_of_them_and_nothing_of_others() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (here, there) =
        (one_of_each(&steward, "130302").await, one_of_each(&steward, "130303").await);
    let of = |kind: &str| {
        let (_, id) = here.iter().find(|(it, _)| it.name() == kind).unwrap();
        id.as_str()
    };
    let worker = of("Worker");
    let query = "query($id: ID!) { worker(by: { id: $id }) { name } }";
    steward.data(query, json!({ "id": worker })).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let person = app.person(worker).await;

    let told = person.data(EXPORT, json!({})).await["workerExport"].clone();

    let document = &told["document"];
    assert_eq!((&told["workerId"], &told["cutSections"]), (&json!(worker), &json!([])));
    let own = &document["worker"];
    assert_eq!(own["idNumber"], id_number("19900101", 2));
    assert_eq!((&own["phone"], &own["name"]), (&json!("15412345678"), &json!("王芳")));
    assert_eq!((&own["id"], &own["divisionCode"]), (&json!(worker), &json!("130302")));
    for (section, kind) in [
        ("employments", "EmploymentRelation"),
        ("memberships", "UnionMembership"),
        ("competitionEntries", "CompetitionEntry"),
        ("studioMemberships", "StudioMember"),
        ("disputeParties", "DisputeParty"),
        ("wageRecoveries", "WageRecovery"),
        ("requests", "DataSubjectRequest"),
        ("skillCertificates", "SkillCertificate"),
        ("honours", "HonourAward"),
        ("trainings", "TrainingEnrollment"),
        ("volunteerEnrollments", "VolunteerEnrollment"),
        ("membershipApplications", "MembershipApplication"),
    ] {
        assert_eq!(each(&document[section], "id"), [json!(of(kind))], "{section}");
        assert_eq!(document[section][0]["workerId"], json!(worker), "{section}");
    }
    assert_eq!(document["employments"][0]["employerId"], json!(of("Employer")));
    assert_eq!(document["wageRecoveries"][0]["claimedFen"], json!(500_000));
    assert_eq!(document["requests"][0]["details"], "姓名有误");
    for section in ["externalIds", "competitionAwards", "ledStudios", "disputeClaims"] {
        assert_eq!(document[section], json!([]), "{section}");
    }
    assert!(each(&document["accesses"], "actor").contains(&json!(steward.name)), "{document}");
    let whole = document.to_string();
    assert!(!whole.contains('~') && !whole.contains("data_key"), "nothing as it is stored");
    // Whatever speaks of the worker is in it, of each kind that does.
    let mut own = 0;
    for (kind, id) in &here {
        if ["Worker", "DisputeAssignment"].contains(&kind.name()) {
            continue;
        }
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on {} {{ worker {{ id }} }} }} }}",
            kind.name()
        );
        let answer = steward.run(&query, json!({ "id": id })).await;
        if answer["data"]["node"]["worker"]["id"] == json!(worker) {
            own += 1;
            assert!(whole.contains(id.as_str()), "{}", kind.name());
        }
    }
    assert!(own > 20, "{own}");
    for id in there.values().filter(|it| !here.values().any(|own| own == *it)) {
        assert!(!whole.contains(id.as_str()), "{id}");
    }
    // To have it is a read of everything personal, and of the numbers whole.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let noted = |action: &str, field: &str| {
        format!(
            "SELECT count(*) FROM audit_entry WHERE actor = '{}' AND action = '{action}' AND fields LIKE '%{field}%'",
            person.name
        )
    };
    for (action, field) in [
        ("UNMASK", "Worker.idNumber"),
        ("UNMASK", "Worker.phone"),
        ("READ", "Worker.name"),
        ("READ", "EmploymentRelation.status"),
        ("READ", "WageRecovery.claimed"),
        ("READ", "DataSubjectRequest.details"),
    ] {
        assert_eq!(app.count(&noted(action, field)).await, 1, "{action} {field}");
    }
}

#[tokio::test]
async fn a_steward_has_it_for_a_request_that_is_in_work_and_says_what_for() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": id_number("19900101", 7) });
    let made = steward.done("workerCreate", "worker { id }", input).await;
    let worker = text(&made["worker"]["id"]);
    let person = app.person(&worker).await;
    let copy = file(&person, "EXPORT", None).await;
    let erase = in_work(&steward, &file(&person, "ERASE", None).await).await;
    let ask = async |client: &Client, id: &Value| client.run(EXPORT, json!({ "id": id })).await;

    for id in [&copy["id"], &erase["id"], &Value::Null] {
        assert_eq!(codes(&ask(&steward, id).await), ["BAD_USER_INPUT"], "{id}");
    }
    let copy = in_work(&steward, &copy).await;
    let mut silent = steward.clone();
    silent.purpose = None;
    assert_eq!(codes(&ask(&silent, &copy["id"]).await), ["PURPOSE_REQUIRED"]);
    let told = ask(&steward, &copy["id"]).await;

    let document = &told["data"]["workerExport"]["document"];
    assert_eq!(document["worker"]["idNumber"], id_number("19900101", 7));
    assert_eq!(document["requests"].as_array().unwrap().len(), 2);
    // A request that is hidden is answered as one that is missing, and others may not ask.
    let elsewhere = app.client(Role::Steward, Some("130400")).await;
    let stranger = app.person(&fixture::worker(&steward).await).await;
    // Also where there is no number to be shown.
    let plain = in_work(&steward, &file(&stranger, "EXPORT", None).await).await;
    assert_eq!(codes(&ask(&silent, &plain["id"]).await), ["PURPOSE_REQUIRED"]);
    let missing = json!("data_subject_request_01h455vb4pex5vsknk084sn02q");
    for client in [&elsewhere, &stranger] {
        let hidden = ask(client, &copy["id"]).await;
        assert_eq!(hidden, ask(client, &missing).await);
        assert_eq!(hidden["data"]["workerExport"], Value::Null);
    }
    assert_eq!(codes(&ask(&app.county("130302").await, &copy["id"]).await), ["FORBIDDEN"]);
    assert_eq!(codes(&ask(&app.nobody(), &copy["id"]).await), ["UNAUTHENTICATED"]);
    let scopes = [Scope::WorkerRead, Scope::SubjectRequestRead, Scope::AuditRead];
    let weak = app.limited_client(Role::Steward, Some("130300"), Some(&scopes), None).await;
    assert_eq!(codes(&ask(&weak, &copy["id"]).await), ["FORBIDDEN"]);
    // Once it is fulfilled there is no more of it; to oneself it is open at any time.
    step(&steward, &copy, "Fulfill", json!({})).await;
    assert_eq!(codes(&ask(&steward, &copy["id"]).await), ["BAD_USER_INPUT"]);
    assert!(ask(&person, &copy["id"]).await["data"]["workerExport"]["document"].is_object());
}
