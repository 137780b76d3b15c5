//! What is done and what is read of persons is written down, and nobody can change what is written
//! without being found out. The tampering itself is in `audit_tampering.rs`.

use std::time::{Duration, Instant};

use entity::audit_entry::AuditAction;
use gongtu::{
    audit::{self, Act, Caller, DONE, Settings, Signer, verify::verify},
    guard::Limits,
    kind::encode_id,
    policy::{Role, Scope},
    repository::Shared,
    setting,
    viewer::Viewer,
};
use migration::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    fixture::{self, id_number},
    support::{Client, TestApp, codes, each, on_postgres, refusals, text},
};

const ENTRIES: &str = "query($where: AuditWhere, $first: Int, $after: String) { \
    auditEntries(where: $where, first: $first, after: $after) { endCursor hasNextPage nodes { \
    at action actor roles operation outcome requestId purpose caseNumber fields recordIds recordCount \
    isSealed position hash } } }";

/// The entries that are asked for, newest first, once there are so many.
async fn entries(steward: &Client, narrowed: Value, count: usize) -> Vec<Value> {
    for _ in 0..50 {
        let page = steward.data(ENTRIES, json!({ "where": narrowed, "first": 100 })).await;
        let found = page["auditEntries"]["nodes"].as_array().unwrap().clone();
        if found.len() >= count {
            assert_eq!(found.len(), count, "{found:#?}");
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there are not {count} entries of {narrowed}");
}

async fn none(steward: &Client, narrowed: Value) {
    // Longer than what waits in memory does.
    tokio::time::sleep(Duration::from_millis(600)).await;
    entries(steward, narrowed, 0).await;
}

/// Workers with id numbers; the answer is their ids, in order.
async fn workers(steward: &Client, count: u32) -> Vec<String> {
    let items = (0..count).map(|it| {
        json!({
            "name": "王芳", "divisionCode": "130302",
            "idNumber": id_number("19900101", 100 + it), "phone": "13800138000",
        })
    });
    let mut ids = steward.upsert_many("workerUpsertBatch", "worker", items.collect()).await;
    ids.sort_unstable();
    ids
}

fn sorted(ids: &Value) -> Vec<String> {
    let mut ids: Vec<String> = ids.as_array().unwrap().iter().map(text).collect();
    ids.sort_unstable();
    ids
}

/// Seals what waits, up to a checkpoint.
pub async fn sealed(app: &TestApp) {
    app.clock.advance(chrono::TimeDelta::seconds(2));
    let waiting = "SELECT (SELECT COUNT(*) FROM audit_waiting) \
                   + (SELECT coalesce(max(position), 0) FROM audit_seal) \
                   - (SELECT coalesce(max(position), 0) FROM audit_checkpoint)";
    for _ in 0..100 {
        if app.count(waiting).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the trail is not sealed");
}

pub async fn is_intact(app: &TestApp) -> bool {
    let Shared { database, keys, .. } = app.app.shared();
    let seed = setting::audit_seed(database, &keys.now()).await.unwrap();
    verify(database, [], &Signer::of(&seed).keys()).await.unwrap().is_ok()
}

/// Writes down what nobody did.
fn written_down(app: &TestApp, act: Act<'_>) -> Statement {
    let viewer = Viewer::default();
    let rows = act.rows(Caller { viewer: &viewer, request_id: "r" }, app.clock.now());
    audit::insert(app.app.shared().database.backend(), &rows)
}

/// The same of a mutation of this name, which wrote nothing.
fn entry_of(app: &TestApp, operation: &str) -> Statement {
    let (fields, records) = (String::new(), Vec::new());
    let act = Act { action: AuditAction::Write, operation, outcome: DONE, fields, records };
    written_down(app, act)
}

#[tokio::test]
async fn a_mutation_leaves_an_entry_however_it_ends() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let public = app.public().await;
    let input =
        |name: &str| json!({ "name": name, "divisionCode": "130302", "phone": "13800138000" });
    let of = |client: &Client| json!({ "actor": client.name, "actions": ["WRITE"] });

    let mut keyed = input("王芳");
    keyed["idempotencyKey"] = json!("k");
    let made = county.done("workerCreate", "worker { id }", keyed.clone()).await;
    let worker = text(&made["worker"]["id"]);
    let change = json!({ "id": worker, "expectedVersion": 1, "name": "王方" });
    county.done("workerUpdate", "worker { id }", change.clone()).await;
    county.mutate("workerUpdate", "worker { id }", change).await;
    county.done("workerCreate", "worker { id }", keyed).await;
    let mut only = input("李强");
    only["validateOnly"] = json!(true);
    county.done("workerCreate", "worker { id }", only).await;
    let forbidden = "mutation { workerCreate(input: { name: \"王芳\", divisionCode: \"130302\" }) { worker { id } } }";
    public.run(forbidden, json!({})).await;

    let told = entries(&steward, of(&county), 5).await;
    let ended: Vec<(String, String)> =
        told.iter().map(|it| (text(&it["operation"]), text(&it["outcome"]))).collect();
    let ended: Vec<_> = ended.iter().map(|(it, end)| (it.as_str(), end.as_str())).collect();
    assert_eq!(
        ended,
        [
            ("workerCreate", "VALIDATED"),
            ("workerCreate", "REPLAYED"),
            ("workerUpdate", "REFUSED"),
            ("workerUpdate", "DONE"),
            ("workerCreate", "DONE"),
        ]
    );
    assert_eq!(told[3]["fields"], json!(["Worker.name"]));
    assert_eq!(told[3]["recordIds"], json!([worker]));
    assert_eq!(told[3]["roles"], json!(["COUNTY"]));
    let fields = sorted(&told[4]["fields"]);
    assert!(fields.contains(&"Worker.phone".to_owned()), "{fields:?}");
    assert!(!fields.contains(&"Worker.idNumber".to_owned()), "{fields:?}");
    let told = entries(&steward, of(&public), 1).await;
    assert_eq!(told[0]["outcome"], "FORBIDDEN");
}

#[tokio::test]
async fn a_mutation_that_writes_records_of_several_kinds_names_them_all() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employer = fixture::employer(&steward).await;
    let input = json!({ "name": "王芳", "divisionCode": "130302", "employerId": employer });

    let made =
        steward.done("workerCreate", "worker { id employments { nodes { id } } }", input).await;

    let narrowed = json!({ "recordId": made["worker"]["id"], "fromAt": "2026-01-01T00:00:00Z" });
    let about = json!({ "recordId": made["worker"]["id"], "actions": ["WRITE"] });
    let unbounded = steward.run(ENTRIES, json!({ "where": about })).await;
    assert_eq!(codes(&unbounded), ["BAD_USER_INPUT"], "{unbounded} {narrowed}");
    let told = entries(&steward, json!({ "actions": ["WRITE"] }), 2).await;
    let relation = &made["worker"]["employments"]["nodes"][0]["id"];
    let expected = json!([made["worker"]["id"], relation]);
    assert_eq!(told[0]["recordIds"], expected);
    assert_eq!(told[0]["recordCount"], 2);
}

/// The same question, by a plan and by the executor.
const BOTH: [&str; 2] = ["", "viewer { name }"];

#[tokio::test]
async fn a_read_of_persons_leaves_the_same_entry_by_a_plan_and_by_the_executor() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ids = workers(&steward, 3).await;
    let county = app.county("130302").await;

    for (place, more) in BOTH.iter().enumerate() {
        let query = format!(
            "query Roster {{ {more} workers {{ nodes {{ name phone {{ value }} }} }} \
             few: workers(first: 1) {{ edges {{ node {{ name phone {{ isMasked }} }} }} }} \
             plain: workers {{ nodes {{ id skillRank }} }} }}"
        );
        county.data(&query, json!({})).await;

        let of = json!({ "actor": county.name, "actions": ["READ"] });
        let told = entries(&steward, of, place + 1).await;
        assert_eq!(told[0]["fields"], json!(["Worker.name", "Worker.phone"]));
        assert_eq!(sorted(&told[0]["recordIds"]), ids);
        assert_eq!(told[0]["outcome"], "DONE");
        assert!(text(&told[0]["operation"]).starts_with("Roster@"), "{told:?}");
    }
    // Masked is not whole.
    none(&steward, json!({ "actor": county.name, "actions": ["UNMASK"] })).await;
}

#[tokio::test]
async fn a_read_of_whole_values_is_kept_before_the_answer_leaves() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ids = workers(&steward, 2).await;
    let blank = steward.create_worker("李强", "130302").await;

    for (place, more) in BOTH.iter().enumerate() {
        let query = format!("{{ {more} workers {{ nodes {{ id idNumber {{ value }} }} }} }}");
        let answer = steward.data(&query, json!({})).await;

        // Asked of the database at once: nothing waits in memory.
        let kept = "SELECT COUNT(*) FROM audit_entry WHERE action = 'UNMASK'";
        assert_eq!(app.count(kept).await, i64::try_from(place).unwrap() + 1);
        let whole = answer["workers"]["nodes"].as_array().unwrap().iter();
        let whole = whole.filter(|it| !it["idNumber"].is_null()).count();
        let of = json!({ "actor": steward.name, "actions": ["UNMASK"] });
        let told = entries(&steward, of, place + 1).await;
        assert_eq!(told[0]["fields"], json!(["Worker.idNumber"]));
        assert_eq!(told[0]["recordCount"], whole, "a value that is not there is not told");
        assert_eq!(sorted(&told[0]["recordIds"]), ids);
        assert!(!ids.contains(&blank));
    }
    // That there is a value is no value.
    let query = "{ workers { nodes { idNumber { isMasked } } } }";
    steward.data(query, json!({})).await;
    entries(&steward, json!({ "actions": ["UNMASK"] }), 2).await;
}

#[tokio::test]
async fn records_that_are_reached_in_other_ways_are_told_of_too() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let union = fixture::union_organization(&steward).await;
    let worker = fixture::worker(&steward).await;
    let member = json!({
        "workerId": worker, "unionOrganizationId": union, "memberNo": "1", "joinedOn": "2024-05-01",
    });
    steward.done("unionMembershipAdmit", "unionMembership { id }", member).await;
    let county = app.county("130302").await;
    let input = json!({ "id": worker, "expectedVersion": 1, "sex": "MALE" });
    let input = json!({ "input": input });

    let ways = [
        ("query($id: ID!) { node(id: $id) { ... on Worker { name } } }", json!({ "id": worker })),
        ("query($id: ID!) { worker(by: { id: $id }) { name } }", json!({ "id": worker })),
        ("{ viewer { name } unionMemberships { nodes { worker { name } } } }", json!({})),
        (
            "{ unionMemberships { nodes { worker { ...it } } } } fragment it on Worker { name }",
            json!({}),
        ),
        (
            "query($id: ID!) { viewer { name } unionOrganization(by: { id: $id }) { \
             memberships { nodes { worker { name } } } } }",
            json!({ "id": union }),
        ),
        ("{ changes { nodes { node { ... on Worker { name } } } } }", json!({})),
        (
            "mutation($input: WorkerUpdateInput!) { workerUpdate(input: $input) { worker { name } } }",
            input,
        ),
    ];
    for (place, (query, variables)) in ways.into_iter().enumerate() {
        county.data(query, variables).await;

        let of = json!({ "actor": county.name, "actions": ["READ"] });
        let told = entries(&steward, of, place + 1).await;
        assert_eq!(told[0]["recordIds"], json!([worker]), "{query}");
        assert_eq!(told[0]["fields"], json!(["Worker.name"]), "{query}");
    }
}

#[tokio::test]
async fn what_a_subscription_tells_of_persons_is_written_down_event_by_event() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let first = fixture::worker(&steward).await;
    let query = "subscription { changes(after: \"\") { node { ... on Worker { name } } } }";

    let mut changes = county.subscribe(query, json!({})).await;
    changes.next().await.unwrap();
    // Those of one moment would be one entry.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let second = fixture::worker(&steward).await;
    changes.next().await.unwrap();

    let told = entries(&steward, json!({ "actor": county.name, "actions": ["READ"] }), 2).await;
    assert_eq!(each(&json!(told), "recordIds"), [json!([second]), json!([first])]);
}

#[tokio::test]
async fn what_is_not_personal_leaves_no_entry() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    workers(&steward, 2).await;
    let county = app.county("130302").await;

    for more in BOTH {
        let query = format!(
            "{{ {more} workers {{ totalCount nodes {{ id skillRank division {{ name }} }} }} \
             employers {{ nodes {{ name }} }} workerGroups(by: [SEX]) {{ count }} }}"
        );
        county.data(&query, json!({})).await;
    }
    county.data("{ workers(first: 0) { nodes { name } } }", json!({})).await;

    none(&steward, json!({ "actor": county.name })).await;
}

#[tokio::test]
async fn a_look_up_by_number_is_told_of_whether_it_finds_somebody_or_not() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ids = workers(&steward, 1).await;
    let county = app.county("130302").await;
    let number = [id_number("19900101", 100), id_number("19900101", 999)];

    for (place, more) in BOTH.iter().enumerate() {
        let query = format!(
            "query($number: IdNumber!) {{ {more} worker(by: {{ idNumber: $number }}) {{ id }} }}"
        );
        steward.data(&query, json!({ "number": number[0] })).await;
        steward.data(&query, json!({ "number": number[1] })).await;
        county.run(&query, json!({ "number": number[0] })).await;

        let told = entries(&steward, json!({ "actions": ["LOOKUP"] }), 3 * (place + 1)).await;
        let [refused, nobody, found, ..] = &told[..] else { panic!("{told:?}") };
        assert_eq!(
            (&refused["outcome"], &refused["actor"]),
            (&json!("FORBIDDEN"), &json!(county.name))
        );
        assert_eq!((&nobody["outcome"], &nobody["recordCount"]), (&json!("DONE"), &json!(0)));
        assert_eq!(found["recordIds"], json!(ids));
        assert_eq!(found["fields"], json!(["Worker.idNumber"]));
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_told() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    workers(&steward, 1).await;
    let reader = app.steward().await;
    // Reads that came before are written.
    tokio::time::sleep(Duration::from_millis(400)).await;
    let rename = |from, to| format!("ALTER TABLE {from} RENAME TO {to}");
    let database = &app.app.shared().database;
    database.write().execute_unprepared(&rename("audit_entry", "away")).await.unwrap();

    for more in BOTH {
        let whole = format!("{{ {more} workers {{ nodes {{ idNumber {{ value }} }} }} }}");
        let answer = reader.run(&whole, json!({})).await;
        assert_eq!(codes(&answer), ["UNAVAILABLE"], "{answer}");
        assert!(answer["data"].is_null(), "{answer}");
        assert!(!answer.to_string().contains("19900101"), "{answer}");
    }
    // Of others five seconds are bridged, and no more.
    let personal = "{ workers { nodes { name } } }";
    reader.data(personal, json!({})).await;
    tokio::time::sleep(Duration::from_millis(5_600)).await;
    let answer = reader.run(personal, json!({})).await;
    assert_eq!(codes(&answer), ["UNAVAILABLE"], "{answer}");
    reader.data("{ workers { nodes { skillRank } } }", json!({})).await;

    database.write().execute_unprepared(&rename("away", "audit_entry")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    reader.data(personal, json!({})).await;
    entries(&steward, json!({ "actions": ["READ"], "actor": reader.name }), 2).await;
}

#[tokio::test]
async fn what_waits_in_memory_is_written_when_the_service_stops() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    workers(&steward, 1).await;
    let other = app.replica().await;
    let auditor = other.steward().await;

    steward.data("{ workers { nodes { name } } }", json!({})).await;
    app.app.clone().stop().await;

    entries(&auditor, json!({ "actor": steward.name, "actions": ["READ"] }), 1).await;
}

#[tokio::test]
async fn readers_who_keep_coming_leave_no_more_entries_than_there_are_pauses() {
    let audit = Settings { pause: Duration::from_millis(200), ..Settings::default() };
    let app = TestApp::with(Limits { audit, ..Limits::default() }).await;
    let steward = app.steward().await;
    let id = fixture::worker(&steward).await;
    let county = app.county("130302").await;
    let name = "query One($id: ID!) { worker(by: { id: $id }) { name } }";

    let started = Instant::now();
    let reader = async || {
        let mut reads = 0;
        while started.elapsed() < Duration::from_millis(1_500) {
            county.data(name, json!({ "id": id })).await;
            reads += 1;
        }
        reads
    };
    let reads: u128 =
        futures_util::future::join_all((0..8).map(|_| reader())).await.into_iter().sum();
    app.app.clone().stop().await;
    let pauses = started.elapsed().as_millis() / 200;

    let database = app.database.connect().await;
    let sql = format!(
        "SELECT COUNT(*) FROM audit_entry WHERE action = 'READ' AND actor = '{}'",
        county.name
    );
    let sql = Statement::from_string(database.backend(), sql);
    let row = database.read().query_one_raw(sql).await.unwrap().unwrap();
    let entries = u128::try_from(row.try_get_by_index::<i64>(0).unwrap()).unwrap();
    assert!(0 < entries && entries <= pauses + 2, "{entries} entries in {pauses} pauses");
    assert!(reads > 2 * entries, "{reads} reads, {entries} entries");
}

#[tokio::test]
async fn what_one_caller_reads_of_the_same_fields_in_a_moment_is_one_entry_that_misses_no_record() {
    let audit = Settings { pause: Duration::from_secs(3600), ..Settings::default() };
    let app = TestApp::with(Limits { audit, ..Limits::default() }).await;
    let steward = app.steward().await;
    let ids = workers(&steward, 6).await;
    let county = app.county("130302").await;
    let name = "query One($id: ID!) { worker(by: { id: $id }) { name } }";
    let phone = "query One($id: ID!) { worker(by: { id: $id }) { phone { value } } }";

    let each = ids.iter().map(|id| county.data(name, json!({ "id": id })));
    futures_util::future::join_all(each).await;
    for (client, query, id) in [
        (&county, name, &ids[0]),
        (&county, phone, &ids[1]),
        (&steward, name, &ids[2]),
        (&steward, name, &ids[3]),
    ] {
        client.data(query, json!({ "id": id })).await;
    }
    app.app.clone().stop().await;

    let database = app.database.connect().await;
    let sql = "SELECT actor, fields, kinds, records FROM audit_entry WHERE action = 'READ'";
    let rows = database.read();
    let rows = rows.query_all_raw(Statement::from_string(database.backend(), sql)).await.unwrap();
    let mut told: Vec<(String, String, Vec<String>)> = rows
        .iter()
        .map(|it| {
            let text = |column| it.try_get::<String>("", column).unwrap();
            let records: Vec<u8> = it.try_get("", "records").unwrap();
            let records = audit::records(&text("kinds"), &records);
            let records = records.into_iter().map(|(kind, id)| encode_id(kind, id));
            (text("actor"), text("fields"), records.collect())
        })
        .collect();
    told.sort();
    let mut expected = vec![
        (county.name.clone(), "Worker.name".to_owned(), ids.clone()),
        (county.name.clone(), "Worker.phone".to_owned(), vec![ids[1].clone()]),
        (steward.name.clone(), "Worker.name".to_owned(), ids[2..4].to_vec()),
    ];
    expected.sort();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_credential_that_reads_of_many_persons_is_told_of_once_an_hour() {
    let audit = Settings { read_alert: 5, unmask_alert: 3, ..Settings::default() };
    let app = TestApp::with(Limits { audit, ..Limits::default() }).await;
    let steward = app.steward().await;
    workers(&steward, 4).await;
    let reader = app.steward().await;
    let alerts = json!({ "actions": ["ALERT"] });

    let names = "{ workers(first: 3) { nodes { name } } }";
    reader.data(names, json!({})).await;
    none(&steward, alerts.clone()).await;
    reader.data(names, json!({})).await;
    reader.data(names, json!({})).await;
    let told = entries(&steward, alerts.clone(), 1).await;
    assert_eq!((&told[0]["actor"], &told[0]["outcome"]), (&json!(reader.name), &json!("L3")));
    reader.data("{ workers { nodes { idNumber { value } phone { value } } } }", json!({})).await;
    let told = entries(&steward, alerts.clone(), 2).await;
    assert_eq!(told[0]["outcome"], "L4");

    app.clock.advance(chrono::TimeDelta::hours(1));
    reader.data(names, json!({})).await;
    reader.data(names, json!({})).await;
    entries(&steward, alerts, 3).await;
}

#[tokio::test]
async fn the_trail_is_read_by_those_who_may_and_that_is_written_down() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let worker = fixture::worker(&steward).await;

    for query in ["{ auditEntries { nodes { actor } } }", "{ auditCheckpoints { position } }"] {
        assert_eq!(codes(&county.run(query, json!({})).await), ["FORBIDDEN"], "{query}");
        steward.data(query, json!({})).await;
    }
    let accesses = "query($id: ID!) { worker(by: { id: $id }) { accesses { nodes { action } } } }";
    let answer = county.run(accesses, json!({ "id": worker })).await;
    assert_eq!(codes(&answer), ["FORBIDDEN"], "{answer}");

    let page = steward.data(ENTRIES, json!({ "where": { "actions": ["READ"] } })).await;
    let told = each(&page["auditEntries"]["nodes"], "fields");
    assert_eq!(told, [json!(["Query.auditCheckpoints"]), json!(["Query.auditEntries"])]);
}

#[tokio::test]
async fn the_trail_is_read_page_by_page_and_by_record() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(json!([fixture::worker(&steward).await]));
    }
    all.reverse();

    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "where": { "actions": ["WRITE"] }, "first": 2, "after": after });
        let page = steward.data(ENTRIES, variables).await["auditEntries"].clone();
        found.extend(each(&page["nodes"], "recordIds"));
        if page["hasNextPage"] == false {
            break;
        }
        after = page["endCursor"].clone();
    }
    assert_eq!(found, all);

    let from = app.clock.now() - chrono::TimeDelta::days(1);
    let about = json!({ "recordId": all[3][0], "fromAt": from.to_rfc3339() });
    let told = entries(&steward, about, 1).await;
    assert_eq!(told[0]["recordIds"], all[3]);
    for (narrowed, code) in [
        (json!({ "recordId": "nobody" }), "INVALID_ID"),
        (json!({ "recordId": all[0][0] }), "BAD_USER_INPUT"),
        (json!({ "actor": null }), "BAD_USER_INPUT"),
    ] {
        let answer = steward.run(ENTRIES, json!({ "where": narrowed })).await;
        assert_eq!(codes(&answer), [code], "{answer}");
    }
    let answer = steward.run(ENTRIES, json!({ "after": "AAAA" })).await;
    assert_eq!(codes(&answer), ["CURSOR_INVALID"], "{answer}");
}

#[tokio::test]
async fn an_id_that_lies_across_two_others_is_not_found() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = fixture::worker(&steward).await;
    let (kind, id) = gongtu::kind::decode_id(&worker).unwrap();
    // The id of the worker, moved by a byte: its bytes are there, and it is not.
    let bytes = [&[0; 15][..], id.as_bytes(), &[0; 1]].concat();
    let across = bytes.chunks_exact(16).map(|it| (kind, uuid::Uuid::from_slice(it).unwrap()));
    let act = Act {
        action: AuditAction::Read,
        operation: "test",
        outcome: DONE,
        fields: "Worker.name".to_owned(),
        records: across.collect(),
    };
    let database = &app.app.shared().database;
    database.write().execute_raw(written_down(&app, act)).await.unwrap();

    let from = app.clock.now() - chrono::TimeDelta::days(1);
    let about = json!({ "recordId": worker, "fromAt": from.to_rfc3339() });

    let told = entries(&steward, about, 1).await;
    assert_eq!(told[0]["action"], "WRITE");
}

#[tokio::test]
async fn who_read_a_record_is_told_without_telling_of_others() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ids = workers(&steward, 3).await;
    let county = app.county("130302").await;
    county.data("{ workers { nodes { name } } }", json!({})).await;
    entries(&steward, json!({ "actions": ["READ"], "actor": county.name }), 1).await;

    let query = "query($id: ID!) { worker(by: { id: $id }) { \
                 accesses(first: 10) { nodes { action actor recordIds recordCount } } } }";
    let told = steward.data(query, json!({ "id": ids[1] })).await;

    let told = told["worker"]["accesses"]["nodes"].clone();
    assert_eq!(each(&told, "action"), [json!("READ"), json!("WRITE")]);
    assert_eq!(told[0]["actor"], json!(county.name));
    assert_eq!(told[0]["recordIds"], json!([ids[1]]));
    assert_eq!(told[1]["recordCount"], 1);
}

#[tokio::test]
async fn entries_get_their_places_in_one_chain_whichever_replica_writes_them() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let (one, other) = (app.steward().await, replica.steward().await);

    for _ in 0..10 {
        let (here, there) = tokio::join!(fixture::worker(&one), fixture::worker(&other));
        assert_ne!(here, there);
    }
    sealed(&app).await;

    assert!(is_intact(&app).await);
    let told = entries(&one, json!({ "actions": ["WRITE"] }), 20).await;
    assert!(told.iter().all(|it| it["isSealed"] == true && it["hash"].is_string()), "{told:?}");
    let checkpoints = "{ auditCheckpoints(first: 1) { position hash keyId signature } }";
    let last = one.data(checkpoints, json!({})).await["auditCheckpoints"][0].clone();
    let end = told.iter().find(|it| it["position"] == last["position"]).unwrap();
    assert_eq!(end["hash"], last["hash"]);
}

#[tokio::test]
async fn an_entry_that_is_committed_late_gets_its_place_all_the_same() {
    if !on_postgres() {
        return println!("skipped: SQLite has one writer");
    }
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let database = &app.app.shared().database;
    let late = database.begin().await.unwrap();
    late.execute_raw(entry_of(&app, "late")).await.unwrap();

    fixture::worker(&steward).await;
    sealed(&app).await;
    late.commit().await.unwrap();
    sealed(&app).await;

    let order = "SELECT COUNT(*) FROM audit_entry AS late \
                 JOIN audit_seal AS of_late ON of_late.entry_id = late.id \
                 JOIN audit_seal AS early ON early.entry_id > late.id AND early.position < of_late.position \
                 WHERE late.operation = 'late'";
    assert_eq!(app.count(order).await, 1);
    assert!(is_intact(&app).await);
}

#[tokio::test]
async fn what_a_killed_service_left_unsealed_is_sealed_by_the_next() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    fixture::worker(&steward).await;
    sealed(&app).await;
    let next = app.replica().await;
    next.app.clone().stop().await;
    app.app.clone().stop().await;
    // Nobody seals now.
    let database = app.database.connect().await;
    for _ in 0..1_500 {
        database.write().execute_raw(entry_of(&app, "workerCreate")).await.unwrap();
    }
    database.close().await.unwrap();

    let next = app.replica().await;
    sealed(&next).await;

    assert!(is_intact(&next).await);
    assert!(next.count("SELECT COUNT(*) FROM audit_seal WHERE position > 1500").await > 0);
}

#[tokio::test]
async fn an_entry_that_neither_has_a_place_nor_waits_for_one_is_found() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    fixture::worker(&steward).await;
    sealed(&app).await;
    let database = &app.app.shared().database;

    // Put in by somebody who then takes it off the list, all at once: nobody seals it.
    let transaction = database.begin().await.unwrap();
    transaction.execute_raw(entry_of(&app, "workerCreate")).await.unwrap();
    transaction.execute_unprepared("DELETE FROM audit_waiting").await.unwrap();
    transaction.commit().await.unwrap();

    assert!(!is_intact(&app).await);
}

#[tokio::test]
async fn the_places_of_the_trail_outlast_the_way_back_to_an_earlier_schema() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    fixture::worker(&steward).await;
    sealed(&app).await;
    app.app.clone().stop().await;
    let schema = app.database.connect().await.orm().await.unwrap();
    let count = async |sql: &str| -> i64 {
        let statement = Statement::from_string(schema.get_database_backend(), sql.to_owned());
        let row = schema.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    };
    let refused = async |sql: &str| {
        let error = schema.execute_unprepared(sql).await.expect_err(sql).to_string();
        error.contains("append-only")
    };
    let before = count("SELECT COUNT(*) FROM audit_seal").await;

    let all = migration::Migrator::migrations();
    let since = all.iter().rev().position(|it| it.name().ends_with("seals")).unwrap() + 1;
    migration::Migrator::down(&schema, Some(u32::try_from(since).unwrap())).await.unwrap();
    let columns = "SELECT COUNT(*) FROM audit_entry WHERE position > 0 AND hash IS NOT NULL";
    let between = count(columns).await;
    assert!(refused("UPDATE audit_entry SET position = 0").await);
    migration::Migrator::up(&schema, None).await.unwrap();

    assert!(before > 0);
    assert_eq!(between, before);
    assert_eq!(count("SELECT COUNT(*) FROM audit_seal").await, before);
    assert!(refused("UPDATE audit_seal SET position = 0").await);
    schema.close().await.unwrap();
    let next = app.replica().await;
    fixture::worker(&next.steward().await).await;
    sealed(&next).await;
    assert!(is_intact(&next).await);
}

#[tokio::test]
async fn what_is_written_cannot_be_changed_by_accident() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    fixture::worker(&steward).await;
    sealed(&app).await;
    let database = &app.app.shared().database;

    for sql in [
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET position = 1 - position",
        "UPDATE audit_seal SET hash = records FROM audit_entry WHERE id = entry_id",
        "DELETE FROM audit_seal",
        "UPDATE audit_checkpoint SET key_id = 'another'",
        "DELETE FROM audit_checkpoint",
    ] {
        let changed = database.write().execute_unprepared(sql).await;
        let error = changed.expect_err(sql).to_string();
        assert!(error.contains("append-only"), "{error}");
    }
    assert!(is_intact(&app).await);
}

#[tokio::test]
async fn a_refusal_is_told_by_its_code_and_never_by_a_value() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": id_number("19900101", 77) });
    steward.done("workerCreate", "worker { id idNumber { value } }", input.clone()).await;
    let again = steward.mutate("workerCreate", "worker { id }", input).await;
    assert_eq!(refusals(&again), ["DUPLICATE"]);

    let told = entries(
        &steward,
        json!({ "actions": ["WRITE", "READ", "UNMASK"], "actor": steward.name }),
        4,
    )
    .await;

    let all = json!(told).to_string();
    assert!(!all.contains("19900101") && !all.contains("王芳"), "{all}");
}

#[tokio::test]
async fn a_mutation_that_is_refused_before_it_runs_leaves_an_entry_too() {
    let app = TestApp::new().await;
    let county = app.county("130302").await;
    let worker = fixture::worker(&county).await;
    let create = "workerCreate(input: { name: \"王芳\", divisionCode: \"130302\" })";
    let partner =
        app.limited_client(Role::Partner, Some("130300"), Some(&[Scope::WorkerWrite]), None).await;
    let many: String = (0..30).map(|it| format!(" a{it}: {create} {{ replayed }}")).collect();
    let mut silly = county.clone();
    silly.purpose = Some("CURIOSITY");
    for (client, query, variables, told) in [
        // By the guard: not valid, too much, no such variable, not to be read.
        (&county, format!("mutation {{ {create} {{ nothing }} }}"), json!({}), "GRAPHQL_VALIDATION_FAILED workerCreate"),
        (&county, "mutation { 王芳 }".to_owned(), json!({}), "GRAPHQL_PARSE_FAILED mutation"),
        (&county, "mutation { wangFang }".to_owned(), json!({}), "GRAPHQL_VALIDATION_FAILED mutation"),
        (&county, format!("mutation {{{many} }}"), json!({}), "DOCUMENT_TOO_COMPLEX workerCreate"),
        (
            &county,
            "mutation($i: WorkerArchiveInput!) { ...all } fragment all on Mutation { it: workerArchive(input: $i) { replayed } }".to_owned(),
            json!({ "i": { "id": worker } }),
            "BAD_USER_INPUT workerArchive",
        ),
        (
            &partner,
            format!("mutation {{ {create} {{ worker {{ birthOn }} }} }}"),
            json!({}),
            "FORBIDDEN workerCreate",
        ),
        (&silly, format!("mutation {{ {create} {{ replayed }} }}"), json!({}), "BAD_USER_INPUT workerCreate"),
        // By the executor, before any code of ours.
        (
            &county,
            "mutation($id: ID!) { workerArchive(input: { id: $id, expectedVersion: 1 }) { replayed } }".to_owned(),
            json!({ "id": "employer_01h455vb4pex5vsknk084sn02q" }),
            "INVALID_ID workerArchive",
        ),
    ] {
        let before = refused_by(&app, client).await.len();
        let answer = client.run(&query, variables).await;
        let code = codes(&answer).remove(0);
        let entries = refused_by(&app, client).await;
        assert_eq!(entries.len(), before + 1, "{query} {answer} {entries:?}");
        assert_eq!(entries[before], told, "{query}");
        assert!(told.starts_with(code), "{answer}");
    }
    // A query leaves none.
    let before = refused_by(&app, &county).await.len();
    county.run("{ workers { nodes { nothing } } }", json!({})).await;
    county.run("{ mutation }", json!({})).await;
    assert_eq!(refused_by(&app, &county).await.len(), before);
    // By GET.
    let query =
        format!("{}/graphql?query=mutation%7B{}%7Breplayed%7D%7D", app.url, encoded(create));
    let get = app.http.get(query).bearer_auth(county.token.clone().unwrap());
    get.send().await.unwrap();
    let told = refused_by(&app, &county).await;
    assert_eq!(told[before..], ["BAD_REQUEST workerCreate"]);
}

#[tokio::test]
async fn a_mutation_over_the_budget_leaves_an_entry() {
    let budgets = gongtu::quota::Budgets { cost: 30, ..Default::default() };
    let app = TestApp::with(Limits { budgets, ..Limits::default() }).await;
    let county = app.county("130302").await;
    let query = "mutation { workerCreate(input: { name: \"王芳\", divisionCode: \"130302\" }) { worker { id } } }";
    for _ in 0..20 {
        let answer = county.run(query, json!({})).await;
        if answer["errors"].is_array() {
            assert_eq!(codes(&answer), ["RATE_LIMITED"]);
            assert_eq!(refused_by(&app, &county).await, ["RATE_LIMITED workerCreate"]);
            return;
        }
    }
    panic!("the budget is never spent");
}

#[tokio::test]
async fn refusals_of_nobody_are_one_entry_a_minute() {
    let app = TestApp::new().await;
    let nobody = app.nobody();
    let query = "mutation { workerCreate(input: { name: \"王芳\", divisionCode: \"130302\" }) { worker { id birthOn } } }";
    let plain = query.replace(" birthOn", "");
    let all = "SELECT count(*) FROM audit_entry WHERE actor = ''";

    for _ in 0..5 {
        assert_eq!(codes(&nobody.run(query, json!({})).await), ["UNAUTHENTICATED"]);
        assert_eq!(codes(&nobody.run(&plain, json!({})).await), ["UNAUTHENTICATED"]);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(app.count(all).await, 1);
    app.clock.advance(chrono::TimeDelta::minutes(2));
    nobody.run(&plain, json!({})).await;
    assert_eq!(app.count(all).await, 2);
}

/// A text as an address has it.
fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

/// The codes and mutations of a client that came to nothing, as they were written.
async fn refused_by(app: &TestApp, client: &Client) -> Vec<String> {
    // Such entries wait for a fifth of a second.
    tokio::time::sleep(Duration::from_millis(450)).await;
    let rows = format!(
        "SELECT coalesce(group_concat(told, ';'), '') FROM (SELECT outcome || ' ' || operation AS told \
         FROM audit_entry WHERE actor = '{}' AND action = 'WRITE' \
         AND outcome NOT IN ('DONE', 'REFUSED') ORDER BY id) AS it",
        client.name
    );
    let rows = if on_postgres() { rows.replace("group_concat", "string_agg") } else { rows };
    let told = app.text(&rows).await;
    told.split(';').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}
