//! What outlasts a power cut, on SQLite: a mutation is answered after a sync, which many share.

use std::time::Duration;

use futures_util::future::join_all;
use gongtu::database::{Connect, Database};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    support::{TestApp, TestDatabase, codes, on_postgres, refusals},
    wire::CREATE,
};

const CHANGES: &str = "{ changes { nodes { recordId } } }";

fn syncs(app: &TestApp) -> u64 {
    app.app.shared().database.syncs()
}

fn worker(more: Value) -> Value {
    let mut input = json!({ "name": "王芳", "divisionCode": "130302" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

#[tokio::test]
async fn whatever_writes_waits_for_one_sync_and_what_only_reads_for_none() {
    if on_postgres() {
        return println!("skipped: PostgreSQL syncs by itself");
    }
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    steward.data(CHANGES, json!({})).await;
    let taken = async |input: Value| {
        let before = syncs(&app);
        let payload = steward.mutate("workerCreate", "worker { id }", input).await;
        (refusals(&payload).len(), syncs(&app) - before)
    };

    assert_eq!(taken(worker(json!({ "idempotencyKey": "k" }))).await, (0, 1));
    assert_eq!(taken(worker(json!({ "idempotencyKey": "k" }))).await, (0, 1), "replayed");
    assert_eq!(taken(worker(json!({ "divisionCode": "999999" }))).await, (1, 1), "audited");
    assert_eq!(taken(worker(json!({ "validateOnly": true }))).await, (0, 0));
    let before = syncs(&app);
    let changes = steward.data(CHANGES, json!({})).await;
    assert_eq!(changes["changes"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(syncs(&app), before, "what this process wrote it knows to be durable");
}

/// How many share a sync depends on how long the disk takes; that they do is shown where the disk can be
/// held, in `database/durability.rs`.
#[tokio::test]
async fn mutations_at_once_take_no_more_than_a_sync_each_and_none_is_lost() {
    if on_postgres() {
        return println!("skipped: PostgreSQL syncs by itself");
    }
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let before = syncs(&app);

    let answers = join_all((0..200).map(|_| steward.run(CREATE, json!({})))).await;

    assert!(answers.iter().all(|it| it.get("errors").is_none()));
    app.workers(200).await;
    let taken = syncs(&app) - before;
    println!("{taken} syncs of 200 mutations");
    assert!((1..=200).contains(&taken), "{taken}");
}

#[tokio::test]
async fn a_change_is_told_after_a_sync_whoever_made_it() {
    if on_postgres() {
        return println!("skipped: PostgreSQL syncs by itself");
    }
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let other = app.replica().await;
    steward.create_worker("王芳", "130302").await;
    let reader = other.steward().await;
    let before = syncs(&other);

    for _ in 0..3 {
        let changes = reader.data(CHANGES, json!({})).await;
        assert_eq!(changes["changes"]["nodes"].as_array().unwrap().len(), 1);
    }

    assert_eq!(syncs(&other) - before, 1, "once it is known, it is known");
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_written_any_more() {
    if on_postgres() {
        return println!("skipped: PostgreSQL syncs by itself");
    }
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    steward.create_worker("王芳", "130302").await;
    let database = &app.app.shared().database;
    let list = Statement::from_string(database.backend(), "PRAGMA database_list");
    let row = database.read().query_one_raw(list).await.unwrap().unwrap();
    let log = format!("{}-wal", row.try_get_by_index::<String>(2).unwrap());
    // SQLite has the log open; the sync finds something else in its place.
    std::fs::rename(&log, format!("{log}.moved")).unwrap();
    std::fs::create_dir(&log).unwrap();

    let failed = steward.run(CREATE, json!({})).await;
    let workers = app.count("SELECT COUNT(*) FROM worker").await;
    std::fs::remove_dir(&log).unwrap();
    std::fs::rename(format!("{log}.moved"), &log).unwrap();
    let refused = steward.run(CREATE, json!({})).await;

    assert_eq!(codes(&failed), ["UNAVAILABLE"], "{failed}");
    assert_eq!(codes(&refused), ["UNAVAILABLE"], "{refused}");
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, workers);
    assert!(app.app.ready().await.is_err());
    let told = steward.run(CHANGES, json!({})).await;
    assert_eq!(codes(&told), ["UNAVAILABLE"], "{told}");
}

#[tokio::test]
async fn a_new_file_is_synced_as_well_and_memory_is_not() {
    if on_postgres() {
        return println!("skipped: PostgreSQL syncs by itself");
    }
    let file = TestDatabase::bare().await;
    let file = file.connect().await;
    let connect = Connect {
        url: "sqlite::memory:".to_owned(),
        pool: 1,
        statement_timeout: Duration::from_secs(30),
    };
    let memory = Database::connect(&connect).await.unwrap();
    let before = file.syncs();

    for database in [&file, &memory] {
        database.write().execute_unprepared("CREATE TABLE it (id INTEGER)").await.unwrap();
        let begun = database.begin().await.unwrap();
        begun.execute_unprepared("INSERT INTO it VALUES (1)").await.unwrap();
        begun.commit().await.unwrap();
    }

    assert_eq!((file.syncs() - before, memory.syncs()), (2, 0));
}
