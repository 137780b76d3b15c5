use std::{
    cell::RefCell,
    io,
    sync::Once,
    time::{Duration, Instant},
};

use gongtu::{database::Database, migrate::migrate, unit_of_work::prune_keys};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::support::{TestApp, TestDatabase, codes, refusals, text};
use migration::MigratorTrait;

#[tokio::test]
async fn replicas_that_start_at_once_migrate_a_fresh_database_once() {
    let empty = TestDatabase::bare().await;
    let replicas = futures_util::future::join_all((0..3).map(|_| empty.connect())).await;

    let migrated = futures_util::future::join_all(replicas.iter().map(migrate)).await;
    let again = migrate(&replicas[0]).await;

    for it in migrated {
        it.expect("each replica goes on");
    }
    again.expect("there is nothing left to do");
    let applied = "SELECT count(*) FROM seaql_migrations";
    let once = "SELECT count(DISTINCT version) FROM seaql_migrations";
    let known = i64::try_from(migration::Migrator::migrations().len()).unwrap();
    assert_eq!(number(&replicas[0], applied).await, known);
    assert_eq!(number(&replicas[0], once).await, known);
}

#[tokio::test]
async fn keys_are_kept_for_seven_days() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let create = async |name: &str, key: &str| {
        let input = json!({ "name": name, "divisionCode": "130302", "idempotencyKey": key });
        steward.done("workerCreate", "worker { id }", input).await
    };
    create("王芳", "old").await;
    app.clock.advance(chrono::TimeDelta::days(2));
    let young = create("李强", "young").await;
    app.clock.advance(chrono::TimeDelta::days(5) + chrono::TimeDelta::minutes(1));

    prune_keys(app.app.shared()).await.unwrap();

    assert_eq!(app.count("SELECT count(*) FROM idempotency_record").await, 1);
    let again = create("李强", "young").await;
    assert_eq!((&again["replayed"], &again["worker"]), (&json!(true), &young["worker"]));
    let anew = create("王芳", "old").await;
    assert_eq!(anew["replayed"], false, "the key is free again");
}

#[tokio::test]
async fn a_replica_is_ready_only_while_the_schema_is_the_one_it_knows() {
    let app = TestApp::new().await;
    let health = app.page("/health").await;
    let ready = app.page("/ready").await;

    let last =
        "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
    app.app.shared().database.write().execute_unprepared(last).await.unwrap();
    let behind = app.page("/ready").await;
    let alive = app.page("/health").await;

    assert_eq!(health, (200, "ok".to_owned()));
    assert_eq!(ready, (200, "ready".to_owned()));
    assert_eq!(behind, (503, "unavailable".to_owned()), "it does not tell everybody why");
    assert_eq!(alive.0, 200, "a restart would mend nothing");
}

#[tokio::test]
async fn the_metrics_count_operations_and_name_nobody() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    app.page("/metrics").await;
    let counted = |text: &str, labels: &str| -> f64 {
        let line = format!("gongtu_operations_total{{{labels}}} ");
        text.lines().find_map(|it| it.strip_prefix(&line)).map_or(0.0, |it| it.parse().unwrap())
    };
    let before = app.page("/metrics").await.1;
    let id = steward.create_worker("王芳芳", "130302").await;
    steward.data("query Named { workers { nodes { name } } }", json!({})).await;
    steward.run("{ nothing }", json!({})).await;

    let (status, after) = app.page("/metrics").await;

    assert_eq!(status, 200);
    // Other tests of the process count too.
    for labels in [
        r#"kind="mutation",outcome="ok""#,
        r#"kind="query",outcome="ok""#,
        r#"kind="none",outcome="refused""#,
    ] {
        assert!(counted(&after, labels) > counted(&before, labels), "{labels}\n{after}");
    }
    assert!(after.contains("gongtu_operation_seconds_bucket"), "{after}");
    for value in ["王芳芳", steward.name.as_str(), "Named", &id, "130302"] {
        assert!(!after.contains(value), "{value} is in\n{after}");
    }
}

#[tokio::test]
async fn a_revoked_credential_is_refused_within_two_seconds_and_its_socket_closed() {
    let app = TestApp::new().await;
    let (steward, other) = (app.steward().await, app.steward().await);
    steward.data("{ viewer { name } }", json!({})).await;
    let feed = "subscription { changes { cursor } }";
    let (mut socket, bystander) =
        (steward.subscribe(feed, json!({})).await, other.subscribe(feed, json!({})).await);
    // The socket is in use when the credential goes.
    steward.create_worker("王芳", "130302").await;
    let first = tokio::time::timeout(Duration::from_millis(500), socket.next()).await;
    drop(first);

    assert!(app.app.credentials().revoke(&steward.name).await.unwrap());
    let revoked = Instant::now();
    let refused = async {
        loop {
            let (status, body) = steward.post(&json!({ "query": "{ viewer { name } }" })).await;
            if status == 401 {
                return (revoked.elapsed(), body);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let closed = async { (socket.closed().await, revoked.elapsed()) };
    let ((refused_after, body), (code, closed_after)) = tokio::join!(refused, closed);

    assert_eq!(codes(&body), ["UNAUTHENTICATED"]);
    assert!(refused_after < Duration::from_secs(2), "{refused_after:?}");
    assert_eq!(code, Some(4403));
    assert!(closed_after < Duration::from_millis(2_300), "{closed_after:?}");
    let still_open = tokio::time::timeout(Duration::from_millis(300), bystander.closed()).await;
    assert!(still_open.is_err(), "nobody else is cut off");
}

#[tokio::test]
async fn the_log_holds_no_personal_value() {
    const VALUES: [&str; 5] =
        ["欧阳若兰", "130399199001010023", "15400001234", "130399199001010024", "25400001234"];
    listen();
    let app = TestApp::new().await;
    let (steward, partner) = (app.steward().await, app.partner().await);

    let [name, id_number, phone, wrong_number, wrong_phone] = VALUES;
    let worker = |id_number: &str, phone: &str| json!({ "name": name, "divisionCode": "130302", "idNumber": id_number, "phone": phone });
    let created = steward.done("workerCreate", "worker { id }", worker(id_number, phone)).await;
    let twice = steward.mutate("workerCreate", "worker { id }", worker(id_number, phone)).await;
    let wrong = worker(wrong_number, wrong_phone);
    let wrong = steward.mutate("workerCreate", "worker { id }", wrong).await;
    let feed = steward.subscribe(
        "subscription { changes(after: \"\", first: 1) { node { ... on Worker { name } } } }",
        json!({}),
    );
    let told = feed.await.next().await.expect("the change");
    let by = json!({ "by": { "idNumber": id_number } });
    let query = "query($by: WorkerBy!) { worker(by: $by) { name phone { value } } }";
    let found = steward.data(query, by.clone()).await;
    let refused = partner.run(query, by).await;
    let literal = format!("{{ worker(by: {{ idNumber: \"{id_number}\" }}) {{ name nothing }} }}");
    let invalid = steward.run(&literal, json!({})).await;
    // A fault of the database, of which its driver tells.
    let away = "ALTER TABLE worker RENAME TO worker_away";
    app.app.shared().database.write().execute_unprepared(away).await.unwrap();
    let broken = steward.run(
        "mutation($it: WorkerCreateInput!) { workerCreate(input: $it) { worker { id } } }",
        json!({ "it": worker(id_number, phone) }),
    );
    let broken = broken.await;

    let log = heard();
    assert!(text(&created["worker"]["id"]).starts_with("worker_"));
    assert_eq!(refusals(&twice).len(), 1, "{twice}");
    assert_eq!(refusals(&wrong).len(), 2, "{wrong}");
    assert_eq!(told["data"]["changes"]["node"]["name"], name);
    assert_eq!(found["worker"]["phone"]["value"], phone);
    assert_eq!(codes(&refused), ["FORBIDDEN"]);
    assert_eq!(codes(&invalid), ["GRAPHQL_VALIDATION_FAILED"]);
    assert_eq!(codes(&broken), ["INTERNAL"]);
    assert!(log.matches(": request ").count() >= 7, "{log}");
    assert!(log.contains("ERROR"), "the fault is told: {log}");
    for value in VALUES {
        let lines: Vec<&str> = log.lines().filter(|it| it.contains(value)).collect();
        assert_eq!(lines, Vec::<&str>::new(), "{value}");
    }
}

async fn number(database: &Database, sql: &str) -> i64 {
    let statement = Statement::from_string(database.backend(), sql);
    let row = database.read().query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

thread_local! {
    /// What this thread logged, once it listens. A test runs on a thread of its own.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Listens to this thread. For the whole process at once: what is logged at a place is decided for
/// all threads together.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = EnvFilter::new("debug,gongtu=trace,tungstenite=off,tokio_tungstenite=off");
        let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
        lines.with_writer(|| Writer).init();
    });
    LOG.set(Some(Vec::new()));
}

fn heard() -> String {
    String::from_utf8(LOG.take().unwrap()).unwrap()
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = LOG.try_with(|log| {
            if let Some(log) = &mut *log.borrow_mut() {
                log.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
