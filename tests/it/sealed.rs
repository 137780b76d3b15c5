//! Values about persons are sealed in the database, each with its person's key.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use gongtu::{
    custody,
    keyring::{KeyKind, Suite},
    migrate::migrate,
    setting,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    fixture::{self, id_number},
    support::{Client, TestApp, TestDatabase, codes, each, refusals, text},
};

const SEALED: &str = "id version idNumber { value isMasked unmaskScope } phone { value isMasked }";

fn person(sequence: u32) -> Value {
    json!({
        "name": "王芳", "divisionCode": "130302", "idNumber": id_number("19900101", sequence),
        "phone": format!("154{sequence:08}"),
    })
}

async fn register(client: &Client, sequence: u32) -> Value {
    let selection = format!("worker {{ {SEALED} }}");
    client.done("workerCreate", &selection, person(sequence)).await["worker"].clone()
}

async fn read(client: &Client, worker: &Value) -> Value {
    let query = format!("query($id: ID!) {{ worker(by: {{ id: $id }}) {{ {SEALED} }} }}");
    client.data(&query, json!({ "id": worker["id"] })).await["worker"].clone()
}

async fn look_up(client: &Client, sequence: u32) -> Value {
    let query = "query($number: IdNumber!) { worker(by: { idNumber: $number }) { id } }";
    let number = id_number("19900101", sequence);
    client.data(query, json!({ "number": number })).await["worker"]["id"].clone()
}

async fn execute(app: &TestApp, sql: &str) {
    app.app.shared().database.write().execute_unprepared(sql).await.unwrap();
}

async fn stored(app: &TestApp, column: &str) -> String {
    app.text(&format!("SELECT {column} FROM worker")).await
}

/// The suite of an envelope.
fn suite(text: &str) -> u8 {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text.split_once('~').unwrap().1).unwrap()[0]
}

#[tokio::test]
async fn a_column_holds_the_mask_and_an_envelope() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let made = register(&steward, 1).await;
    let masked = read(&app.county("130302").await, &made).await;

    let number = id_number("19900101", 1);
    let mask = format!("130***********{}", &number[14..]);
    assert_eq!(
        made["idNumber"],
        json!({ "value": number, "isMasked": false, "unmaskScope": null })
    );
    assert_eq!(masked["idNumber"]["value"], json!(mask));
    assert_eq!(masked["phone"], json!({ "value": "154****0001", "isMasked": true }));
    for (column, shown) in
        [("id_number", mask.as_str()), ("phone", "154****0001"), ("data_key", "1")]
    {
        let text = stored(&app, column).await;
        assert!(text.starts_with(&format!("{shown}~")), "{text}");
        assert_eq!(suite(&text), Suite::Aes256Gcm as u8);
    }
    assert!(stored(&app, "id_number_index_odd").await.starts_with("1~"));
}

#[tokio::test]
async fn only_what_is_shown_whole_is_opened() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let made = register(&steward, 1).await;
    let openings = || app.app.shared().keys.openings();
    let list = "{ workers { nodes { phone { value } } } }";

    let before = openings();
    read(&county, &made).await;
    county.data(list, json!({})).await;
    steward.data("{ workers { nodes { name } } }", json!({})).await;
    look_up(&steward, 1).await;
    assert_eq!(openings(), before);
    read(&steward, &made).await;
    steward.data(list, json!({})).await;
    assert_eq!(openings(), before + 3);
}

#[tokio::test]
async fn the_same_values_again_are_no_change() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let made = register(&steward, 1).await;
    let (number, phone) = (stored(&app, "id_number").await, stored(&app, "phone").await);
    let update = async |version: i32, changes: Value| {
        let mut input = json!({ "id": made["id"], "expectedVersion": version });
        input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let payload = steward.done("workerUpdate", &format!("worker {{ {SEALED} }}"), input).await;
        (payload["worker"].clone(), payload["changeCursor"].is_string())
    };

    let (same, is_change) =
        update(1, json!({ "idNumber": id_number("19900101", 1), "phone": "154 0000 0001" })).await;
    assert_eq!((&same, is_change), (&made, false));
    assert_eq!((stored(&app, "id_number").await, stored(&app, "phone").await), (number, phone));

    let (other, is_change) = update(1, json!({ "phone": "15400000002" })).await;
    assert_eq!((&other["version"], is_change), (&json!(2), true));
    assert_eq!(other["phone"]["value"], "15400000002");
    assert_eq!(other["idNumber"], made["idNumber"]);

    let (without, _) = update(2, json!({ "idNumber": null })).await;
    assert_eq!((&without["idNumber"], look_up(&steward, 1).await), (&Value::Null, Value::Null));
    let (again, _) = update(3, json!({ "idNumber": id_number("19900101", 3) })).await;
    assert_eq!(again["idNumber"]["value"], json!(id_number("19900101", 3)));
    assert_eq!(look_up(&steward, 3).await, made["id"]);
}

#[tokio::test]
async fn what_is_moved_to_another_record_is_shown_by_its_mask_and_nothing_fails() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let (one, other) = (register(&steward, 1).await, register(&steward, 2).await);
    for moved in ["phone", "data_key"] {
        let take = format!(
            "UPDATE worker SET {moved} = (SELECT max({moved}) FROM worker AS other \
             WHERE other.phone LIKE '154****0001%') WHERE phone LIKE '154****0002%'"
        );
        execute(&app, &take).await;
        // The second time it has the key as well.
        let whole = read(&steward, &other).await;
        assert_eq!(whole["phone"], json!({ "value": "154****0001", "isMasked": true }), "{moved}");
        let query =
            "query($id: ID!) { node(id: $id) { ... on Worker { phone { value unmaskScope } } } }";
        let resolved = steward.data(query, json!({ "id": other["id"] })).await;
        let mask = json!({ "phone": { "value": "154****0001", "unmaskScope": null } });
        assert_eq!(resolved["node"], mask, "{moved}");
    }
    assert_eq!(read(&steward, &one).await, one);
}

#[tokio::test]
async fn the_keys_of_another_database_are_refused() {
    let (app, other) = (TestApp::new().await, TestApp::new().await);
    let steward = app.steward().await;
    register(&steward, 1).await;
    let database = app.connect().await;
    let nowhere = app.keyring().with_file_name("nowhere.keyring");
    let refused = async |path: &Path| {
        let Err(error) = custody::open(&database, path).await else { panic!("it was taken") };
        format!("{error:#}")
    };

    assert!(refused(&other.keyring()).await.contains("key 1 of the keyring is not"));
    let missing = refused(&nowhere).await;
    assert!(
        missing.contains("there is no keyring at") && missing.contains("--keyring"),
        "{missing}"
    );
    assert!(!nowhere.exists(), "none is made in its place");
    let keys = custody::open(&database, &app.keyring()).await.unwrap();
    custody::add(&database, &keys, KeyKind::Master, Suite::Sm4Gcm).await.unwrap();
    let text = std::fs::read_to_string(app.keyring()).unwrap();
    let mut written: Value = serde_json::from_str(&text).unwrap();
    written["masters"].as_array_mut().unwrap().pop();
    std::fs::write(app.keyring(), written.to_string()).unwrap();
    assert!(refused(&app.keyring()).await.contains("lacks master key 2"));
    // A server that runs keeps the keys that it has.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(app.app.shared().keys.now().checks().count(), 2);
    register(&steward, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_rotated_while_records_are_written_and_read() {
    let app = TestApp::without_budgets().await;
    let steward = app.steward().await;
    let items: Vec<Value> = (1..=600).map(person).collect();
    let ids = steward.upsert_many("workerUpsertBatch", "worker", items).await;
    let (done, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let user = |user: u32| {
        let (client, ids) = (steward.clone(), ids.clone());
        let (done, over) = (done.clone(), over.clone());
        tokio::spawn(async move {
            let mut round = 0;
            while !over.load(Ordering::Relaxed) {
                round += 1;
                let at = (user * 151 + round) % 600;
                let id = &ids[at as usize];
                let by = json!({ "id": id });
                if user.is_multiple_of(2) {
                    let read = read(&client, &by).await;
                    assert_eq!(read["idNumber"]["value"], json!(id_number("19900101", at + 1)));
                    assert_eq!(read["phone"]["isMasked"], false);
                    assert_eq!(look_up(&client, at + 1).await, json!(id));
                } else {
                    let fresh = person(600 + user * 50 + round % 50);
                    let version = read(&client, &by).await["version"].clone();
                    let phone =
                        json!({ "id": id, "expectedVersion": version, "phone": fresh["phone"] });
                    client.done("workerUpdate", "worker { id }", phone).await;
                    // A number that another has is refused under whichever keys.
                    let taken =
                        client.mutate("workerCreate", "worker { id }", person(at + 1)).await;
                    assert_eq!(refusals(&taken), ["DUPLICATE"]);
                    assert_eq!(taken["userErrors"][0]["path"], json!(["input", "idNumber"]));
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let users: Vec<_> = (0..4).map(user).collect();
    until("users are at work", async || done.load(Ordering::Relaxed) > 40).await;
    let began = done.load(Ordering::Relaxed);

    // Another process, as an operator starts it.
    let database = app.connect().await;
    let keys = custody::open(&database, &app.keyring()).await.unwrap();
    for kind in [KeyKind::Master, KeyKind::Index] {
        assert_eq!(custody::add(&database, &keys, kind, Suite::Sm4Gcm).await.unwrap(), 2);
    }
    until("the new keys are taken", async || app.app.shared().keys.now().checks().count() == 4)
        .await;
    let (renewed, failed) = custody::rotate(&database, &keys, &|_| ()).await.unwrap();
    assert!(renewed >= 600 && failed == 0, "{renewed} {failed}");
    until("the new key is current", async || app.app.shared().keys.now().current() == 2).await;
    custody::rotate(&database, &keys, &|_| ()).await.unwrap();
    let before = done.load(Ordering::Relaxed);
    for kind in [KeyKind::Master, KeyKind::Index] {
        custody::retire(&database, &keys, kind, 1).await.unwrap();
    }
    until("the old keys are gone", async || app.app.shared().keys.now().checks().count() == 2)
        .await;
    until("users go on", async || done.load(Ordering::Relaxed) > before + 40).await;
    over.store(true, Ordering::Relaxed);
    for it in users {
        it.await.expect("no request fails");
    }

    assert!(before > began, "there was load: {began} to {before}");
    let all = app.count("SELECT count(*) FROM worker").await;
    let renewed = "SELECT count(*) FROM worker WHERE data_key LIKE '2~%' \
                   AND id_number_index_even LIKE '2~%' AND id_number_index_odd IS NULL";
    assert_eq!((all, app.count(renewed).await), (600, 600));
    for (at, id) in ids.iter().enumerate().step_by(7) {
        let read = read(&steward, &json!({ "id": id })).await;
        assert_eq!(read["idNumber"]["value"], json!(id_number("19900101", at as u32 + 1)));
        assert_eq!(read["phone"]["isMasked"], false);
    }
    // What is written now is written in the other suite.
    let made = register(&steward, 999).await;
    let newest = app.text("SELECT phone FROM worker ORDER BY id DESC LIMIT 1").await;
    assert_eq!(suite(&newest), Suite::Sm4Gcm as u8);
    assert_eq!(read(&steward, &made).await, made);
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..1_200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("within a minute: {what}");
}

#[tokio::test]
async fn a_key_that_rows_need_is_not_destroyed() {
    let app = TestApp::new().await;
    register(&app.steward().await, 1).await;
    let database = app.connect().await;
    let keys = custody::open(&database, &app.keyring()).await.unwrap();
    let retire = async |kind, id| {
        let refused = custody::retire(&database, &keys, kind, id).await.unwrap_err();
        format!("{refused:#}")
    };

    for kind in [KeyKind::Master, KeyKind::Index] {
        assert!(retire(kind, 1).await.contains("in use"));
        custody::add(&database, &keys, kind, Suite::Aes256Gcm).await.unwrap();
    }
    assert!(retire(KeyKind::Index, 1).await.contains("rotate first"));
    // Not current yet, the new one may go again.
    custody::retire(&database, &keys, KeyKind::Index, 2).await.unwrap_err();
    keys.change(|it| {
        it.advance();
        Ok(())
    })
    .unwrap();
    // The worker, and what signs cursors and checkpoints.
    assert!(retire(KeyKind::Master, 1).await.contains("3 rows are not under the other keys"));
    assert!(retire(KeyKind::Master, 7).await.contains("there is no key 7"));
    assert_eq!(custody::count_old(&database, &keys.now()).await.unwrap(), 3);
}

#[tokio::test]
async fn an_erased_person_is_nobody_for_good() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let name = json!({ "source": "hrss", "value": "A-17" });
    let mut input = person(1);
    input.as_object_mut().unwrap().extend(
        json!({ "externalIds": [name], "idempotencyKey": "first", "educationCode": "20" })
            .as_object()
            .unwrap()
            .clone(),
    );
    let made = steward.done("workerCreate", "worker { id }", input.clone()).await["worker"].clone();
    let key = stored(&app, "data_key").await;
    let erase = |version: i32| json!({ "id": made["id"], "expectedVersion": version, "ground": "CONSENT_WITHDRAWN" });
    let all = "worker { id version name sex birthOn educationCode idNumber { value } phone { value } \
               externalIds { value } erasedAt erasureGround archivedAt }";

    let stale = steward.mutate("workerErase", all, erase(7)).await;
    let payload = steward.done("workerErase", all, erase(1)).await;
    let erased = payload["worker"].clone();

    assert_eq!(refusals(&stale), ["VERSION_CONFLICT"]);
    assert!(erased["erasedAt"].is_string() && erased["archivedAt"].is_string(), "{erased}");
    let mut rest = erased.clone();
    rest["erasedAt"].take();
    rest["archivedAt"].take();
    assert_eq!(
        rest,
        json!({
            "id": made["id"], "version": 2, "name": "***", "sex": "NOT_STATED", "birthOn": null,
            "educationCode": null, "idNumber": null, "phone": null, "externalIds": [],
            "erasedAt": null, "erasureGround": "CONSENT_WITHDRAWN", "archivedAt": null,
        })
    );
    assert_eq!(look_up(&steward, 1).await, Value::Null);
    // To read on from it is to wait until it has its place.
    let query =
        format!("{{ changes(after: {}) {{ nodes {{ action }} }} }}", payload["changeCursor"]);
    steward.data(&query, json!({})).await;
    let changes = steward.data("{ changes { nodes { action recordVersion } } }", json!({})).await;
    assert_eq!(
        changes["changes"]["nodes"],
        json!([{ "action": "CREATED", "recordVersion": 1 }, { "action": "ARCHIVED", "recordVersion": 2 }])
    );
    // Nothing that the key is in is left, and no answer that would tell of the person.
    let kept = "SELECT count(*) FROM idempotency_record";
    assert_eq!(app.count(kept).await, 0);
    assert_eq!(
        app.count(&format!("SELECT count(*) FROM worker WHERE data_key = '{key}'")).await,
        0
    );
    for (mutation, input) in [
        ("workerRestore", json!({ "id": made["id"], "expectedVersion": 2 })),
        ("workerErase", erase(2)),
    ] {
        let refused = steward.mutate(mutation, "worker { id }", input).await;
        assert_eq!(refusals(&refused), ["INCONSISTENT"], "{mutation}");
    }
    let again = steward.done("workerCreate", "worker { id }", input).await;
    assert_ne!(again["worker"]["id"], made["id"], "the number and the name are free again");
}

#[tokio::test]
async fn who_is_employed_a_member_or_in_a_dispute_is_not_erased() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let erase = async |client: &Client, id: &str, version: i32| {
        let input = json!({ "id": id, "expectedVersion": version, "ground": "PURPOSE_ENDED" });
        client.mutate("workerErase", "worker { id }", input).await
    };
    let employed = fixture::worker(&steward).await;
    let employer = fixture::employer(&steward).await;
    let input = json!({ "id": employed, "expectedVersion": 1, "employerId": employer });
    steward.done("workerUpdate", "worker { id }", input).await;
    let disputing = fixture::worker(&steward).await;
    let case = fixture::dispute_case(&steward).await;
    let party = json!({ "caseId": case, "role": "APPLICANT", "workerId": disputing });
    steward.done("disputePartyAdd", "disputeParty { id }", party).await;
    let membership = fixture::union_membership(&steward).await;
    let query = "query($id: ID!) { unionMembership(by: { id: $id }) { worker { id } } }";
    let member = steward.data(query, json!({ "id": membership })).await;
    let member = text(&member["unionMembership"]["worker"]["id"]);

    // Also by one who does not see disputes.
    let scopes =
        ["worker:read", "worker:erase"].map(|it| gongtu::policy::Scope::named(it).unwrap());
    let role = gongtu::policy::Role::Steward;
    let eraser = app.limited_client(role, Some("130300"), Some(&scopes), None).await;
    for (id, version) in [(&employed, 2), (&disputing, 1), (&member, 1)] {
        for client in [&steward, &eraser] {
            let refused = erase(client, id, version).await;
            assert_eq!(refusals(&refused), ["INCONSISTENT"], "{refused}");
            assert_eq!(refused["userErrors"][0]["rule"], "ERASE-01");
        }
    }
    let input = json!({ "id": employed, "expectedVersion": 2, "employerId": null });
    steward.done("workerUpdate", "worker { id }", input).await;
    assert_eq!(refusals(&erase(&eraser, &employed, 3).await), [""; 0]);
    let elsewhere = app.client(role, Some("130400")).await;
    assert_eq!(refusals(&erase(&elsewhere, &disputing, 1).await), ["NOT_FOUND"]);
    let county = app.county("130302").await;
    let query = "mutation($i: WorkerEraseInput!) { workerErase(input: $i) { worker { id } } }";
    let input = json!({ "id": disputing, "expectedVersion": 1, "ground": "PURPOSE_ENDED" });
    assert_eq!(codes(&county.run(query, json!({ "i": input })).await), ["FORBIDDEN"]);
}

#[tokio::test]
async fn a_value_in_clear_has_no_way_into_the_table() {
    let app = TestApp::new().await;
    register(&app.steward().await, 1).await;

    for column in ["id_number", "phone", "data_key"] {
        let clear = format!("UPDATE worker SET {column} = '130399199001010023'");
        let refused = app.app.shared().database.write().execute_unprepared(&clear).await;
        assert!(refused.unwrap_err().to_string().to_lowercase().contains("check"), "{column}");
    }
}

#[tokio::test]
async fn what_an_earlier_version_kept_in_clear_is_sealed_before_it_is_served() {
    let test_database = TestDatabase::bare().await;
    let database = test_database.connect().await;
    migrate(&database).await.unwrap();
    setting::set_synthetic(&database).await.unwrap();
    // As the migration leaves it where there were workers.
    let execute = async |sql: &str| database.write().execute_unprepared(sql).await.unwrap();
    for column in ["id_number", "phone"] {
        execute(&format!("ALTER TABLE worker ADD COLUMN {column}_clear TEXT")).await;
    }
    for sequence in 1..=450 {
        let number = id_number("19900101", sequence);
        let id = format!("01939000-0000-7000-8000-{sequence:012}");
        let id = if crate::support::on_postgres() {
            format!("'{id}'")
        } else {
            format!("X'{}'", id.replace('-', ""))
        };
        execute(&format!(
            "INSERT INTO worker (id, division_code, version, created_at, updated_at, name, sex, \
             document_type, is_migrant_worker, is_industrial_worker, employment_status, \
             id_number_clear, phone_clear) VALUES ({id}, '130302', 1, '2026-01-01 00:00:00+00:00', \
             '2026-01-01 00:00:00+00:00', '王芳', 'FEMALE', 'RESIDENT_ID', false, false, 'EMPLOYED', \
             '{number}', '154{sequence:08}')"
        ))
        .await;
    }
    database.close().await.unwrap();

    let app = TestApp::on(test_database).await;

    let steward = app.steward().await;
    let query = "{ workers(first: 100) { nodes { id idNumber { value } phone { value } } } }";
    let page = steward.data(query, json!({})).await["workers"]["nodes"].clone();
    for (at, worker) in page.as_array().unwrap().iter().enumerate() {
        let sequence = at as u32 + 1;
        assert_eq!(worker["idNumber"]["value"], json!(id_number("19900101", sequence)));
        assert_eq!(worker["phone"]["value"], json!(format!("154{sequence:08}")));
        if sequence.is_multiple_of(5) {
            assert_eq!(look_up(&steward, sequence).await, worker["id"]);
        }
    }
    assert_eq!(each(&page, "id").len(), 100);
    let sealed = "SELECT count(*) FROM worker WHERE data_key LIKE '1~%' AND phone LIKE '%~%'";
    assert_eq!(app.count(sealed).await, 450);
    if let Some(file) = app.file() {
        for file in [file.clone(), file.with_extension("db-wal")] {
            let bytes = std::fs::read(file).unwrap();
            let number = id_number("19900101", 7);
            assert!(!bytes.windows(18).any(|it| it == number.as_bytes()), "it is in the file");
        }
    }
}
