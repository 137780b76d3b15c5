use std::{cell::RefCell, collections::HashMap, path::PathBuf, sync::LazyLock};

use entity::{change_log, division, employer, union_organization, wage_recovery, worker};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait,
    QueryOrder, Statement,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use value::{CreditCode, IdNumber, PersonName, Phone, Rules, Sealed, Value};

use super::*;
use crate::{
    domain::worker::{ID_NUMBER, PHONE},
    keyring::{Closed, Suite},
};

mod systems;

const TABLES: usize = 93;

#[tokio::test]
async fn the_same_plan_gives_the_same_bytes() {
    let (first, second, other) = (File::new().await, File::new().await, File::new().await);
    fill(&first.db, &plan(5_000)).await;
    fill(&second.db, &plan(5_000)).await;
    fill(&other.db, &Plan { seed: 8, ..plan(5_000) }).await;

    let hash = hash(&first.db).await;
    assert_eq!(hash, self::hash(&second.db).await);
    assert!(opened_workers(&first.db).await == opened_workers(&second.db).await);
    assert_ne!(hash, self::hash(&other.db).await);
}

#[tokio::test]
async fn the_figures_come_out_on_sqlite() {
    let file = File::new().await;
    fill(&file.db, &plan(20_000)).await;
    figures(&file.db, 20_000).await;
    records_fit_together(&file.db).await;
}

#[tokio::test]
async fn the_figures_come_out_in_the_smallest_city() {
    let file = File::new().await;
    fill(&file.db, &plan(FEWEST_WORKERS)).await;
    figures(&file.db, FEWEST_WORKERS.into()).await;
    records_fit_together(&file.db).await;
}

#[tokio::test]
async fn the_figures_come_out_on_postgres_from_the_same_rows() {
    let file = File::new().await;
    fill(&file.db, &plan(5_000)).await;
    on_postgres(async move |postgres| {
        fill(&postgres, &plan(5_000)).await;
        figures(&postgres, 5_000).await;
        records_fit_together(&postgres).await;

        let lite = &file.db;
        assert_eq!(opened_workers(&postgres).await, opened_workers(lite).await);
        assert_eq!(recoveries(&postgres).await, recoveries(lite).await);
        assert_eq!(changes(&postgres).await, changes(lite).await);
    })
    .await;
}

#[tokio::test]
async fn postgres_has_its_indexes_back_after_a_large_load() {
    on_postgres(async |postgres| {
        let before = texts(&postgres, INDEXES).await;
        let lifted = ledger::Lifted::lift(&postgres, &plan(WHOLE_CITY), &["worker"]).await.unwrap();
        assert!(texts(&postgres, INDEXES).await.len() < before.len());

        lifted.put_back(&postgres).await.unwrap();

        assert_eq!(texts(&postgres, INDEXES).await, before);
    })
    .await;
}

const INDEXES: &str = "SELECT indexdef AS it FROM pg_indexes ORDER BY indexdef";

#[tokio::test]
async fn values_keep_every_rule_of_synthetic_data() {
    let file = File::new().await;
    fill(&file.db, &plan(20_000)).await;
    let rules = Rules { today: plan(0).today, synthetic: true };
    let codes: Vec<String> = division::Entity::find()
        .all(&file.db)
        .await
        .unwrap()
        .into_iter()
        .map(|it| it.code.to_string())
        .collect();

    let workers = workers(&file.db).await;
    for it in &workers {
        clean::<PersonName>(it.name.expose(), &rules);
        assert!(codes.contains(&it.division_code.to_string()));
        let [number, phone] = opened(it);
        if let Some(phone) = phone {
            clean::<Phone>(&phone, &rules);
            assert!(phone.starts_with("154"));
        }
        if let Some(number) = number {
            let number = clean::<IdNumber>(&number, &rules);
            assert!(("130391"..="130399").contains(&number.area()));
            assert_eq!(number.birth_date(), it.birth_on);
            assert_eq!(number.is_male(), it.sex == worker::Sex::Male);
            assert!((16..65).contains(&number.age_on(rules.today).unwrap()));
        }
    }
    let share = |of: &dyn Fn(&worker::Model) -> bool| workers.iter().filter(|it| of(it)).count();
    assert!((100..320).contains(&share(&|it| it.id_number.is_none())));
    assert!((900..1_100).contains(&share(&|it| it.phone.is_none())));
    assert!(share(&|it| it.name.expose().contains('·')) > 0);
    assert!(share(&|it| it.name.expose().contains(['䶮', '㛃', '𬭎', '𠮷', '喆', '堃'])) > 30);
    assert!((15..60).contains(&share(&|it| it.division_code.as_str() == "130323")));

    for it in employer::Entity::find().all(&file.db).await.unwrap() {
        let code = it.credit_code.unwrap();
        clean::<CreditCode>(code.as_str(), &rules);
        assert_eq!((code.division(), code.is_union()), ("130399", false));
        assert!(codes.contains(&it.division_code.to_string()));
        assert!(it.name.contains('拟'), "{}", it.name);
    }
    for it in union_organization::Entity::find().all(&file.db).await.unwrap() {
        let Some(code) = it.credit_code else { continue };
        clean::<CreditCode>(code.as_str(), &rules);
        assert!(code.as_str().starts_with("81130399"));
    }
}

#[tokio::test]
async fn a_load_is_done_once_and_never_over_other_rows() {
    let file = File::new().await;
    let heard = RefCell::new(HashMap::new());
    let hear = |table, done, of| {
        assert!(done <= of);
        heard.borrow_mut().insert(table, (done, of));
    };

    let loaded = load(&file.db, keyring(), &plan(5_000), &hear).await.unwrap();
    assert!(loaded.is_new());
    assert_eq!(loaded.tables.len(), TABLES);
    for (table, rows) in &loaded.tables {
        assert_eq!(heard.borrow()[table], (*rows, *rows));
        assert!(*rows > 0, "{table}");
    }

    assert!(!load(&file.db, keyring(), &plan(5_000), &|_, _, _| ()).await.unwrap().is_new());
    let refused = load(&file.db, keyring(), &plan(6_000), &|_, _, _| ()).await.unwrap_err();
    assert!(refused.to_string().contains("another database"), "{refused}");
    let later = Plan { today: plan(5_000).today + chrono::TimeDelta::days(1), ..plan(5_000) };
    assert!(!load(&file.db, keyring(), &later, &|_, _, _| ()).await.unwrap().is_new());

    setting::Entity::delete_many().exec(&file.db).await.unwrap();
    let refused = load(&file.db, keyring(), &plan(5_000), &|_, _, _| ()).await.unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
    assert!(load(&file.db, keyring(), &plan(4_999), &|_, _, _| ()).await.is_err());
}

/// The published figures, by queries over the records.
async fn figures(db: &DatabaseConnection, workers: i64) {
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM worker", workers),
        (
            "SELECT COUNT(DISTINCT worker_id) FROM employment_relation WHERE status = 'ACTIVE'",
            workers,
        ),
        ("SELECT CAST(SUM(headcount) AS BIGINT) FROM employer", workers),
        (
            "SELECT COUNT(*) FROM pilot_batch WHERE level = 'MUNICIPAL' AND ordinal < 3 AND status = 'CLOSED' AND started_on >= '2020-01-01'",
            2,
        ),
        (
            "SELECT COUNT(*) FROM pilot_unit WHERE kind = 'COUNTY_DISTRICT' AND designated_on IS NOT NULL AND batch_id = (SELECT id FROM pilot_batch WHERE ordinal = 3 AND status = 'ACTIVE')",
            2,
        ),
        (
            "SELECT COUNT(*) FROM pilot_unit WHERE kind = 'GRASSROOTS_UNIT' AND status IN ('DESIGNATED', 'SURVEYING', 'IMPLEMENTING') AND batch_id = (SELECT id FROM pilot_batch WHERE ordinal = 3)",
            15,
        ),
        ("SELECT COUNT(DISTINCT task) FROM pilot_measure", 5),
        ("SELECT COUNT(DISTINCT focus_area) FROM pilot_measure", 3),
        (
            "SELECT COUNT(*) FROM competition_event e JOIN competition c ON c.id = e.competition_id WHERE c.level = 'MUNICIPAL' AND competition_class = 'CLASS_I'",
            10,
        ),
        (
            "SELECT COUNT(*) FROM competition_event e JOIN competition c ON c.id = e.competition_id WHERE c.level = 'MUNICIPAL' AND competition_class = 'CLASS_II'",
            10,
        ),
        ("SELECT COUNT(*) FROM competition WHERE level = 'PROVINCIAL'", 1),
        ("SELECT COUNT(*) FROM competition_award WHERE tier = 'FIRST' AND bonus_fen = 500000", 20),
        ("SELECT COUNT(*) FROM competition_award WHERE tier = 'SECOND' AND bonus_fen = 300000", 40),
        ("SELECT COUNT(*) FROM competition_award WHERE tier = 'THIRD' AND bonus_fen = 200000", 60),
        (
            "SELECT COUNT(*) FROM (SELECT event_id FROM competition_entry GROUP BY event_id HAVING MAX(rank) <> COUNT(DISTINCT rank) OR COUNT(*) < 10 OR COUNT(*) > 40) gap",
            0,
        ),
        ("SELECT COUNT(*) FROM innovation_studio", 60),
        ("SELECT COUNT(*) FROM innovation_studio WHERE level = 'PROVINCIAL'", 10),
        ("SELECT COUNT(*) FROM studio_member WHERE role = 'LEADER'", 60),
        (
            "SELECT COUNT(*) FROM (SELECT studio_id FROM studio_member GROUP BY studio_id HAVING COUNT(*) < 5 OR COUNT(*) > 12) odd",
            0,
        ),
        (
            "SELECT COUNT(*) FROM studio_grant WHERE amount_fen = 1000000 AND status = 'PAID' AND selection_title = '十佳创新工作室'",
            10,
        ),
        ("SELECT COUNT(*) FROM studio_grant", 10),
        ("SELECT COUNT(*) FROM innovation_achievement", 600),
        ("SELECT COUNT(DISTINCT worker_id) FROM wage_recovery WHERE status = 'PAID'", 3_782),
        (
            "SELECT COUNT(*) FROM wage_recovery WHERE status = 'PAID' AND agreed_fen = paid_fen",
            3_782,
        ),
        ("SELECT COUNT(DISTINCT case_id) FROM wage_recovery WHERE status = 'PAID'", 420),
        ("SELECT CAST(SUM(paid_fen) AS BIGINT) FROM wage_recovery", 5_082_800_000),
        ("SELECT COUNT(*) FROM wage_recovery WHERE status NOT IN ('PAID', 'CLAIMED', 'AGREED')", 0),
        ("SELECT COUNT(*) - MAX(sequence) FROM change_log", 0),
    ] {
        assert_eq!(number(db, sql).await, expected, "{sql}");
    }
    assert!(number(db, "SELECT COUNT(*) FROM wage_recovery WHERE status <> 'PAID'").await > 0);
    systems::figures(db, workers).await;
}

/// What must hold between records, whatever the figures.
async fn records_fit_together(db: &DatabaseConnection) {
    let last = "'2026-11-21'";
    for sql in [
        "SELECT COUNT(*) FROM employer e WHERE headcount <> (SELECT COUNT(*) FROM employment_relation r WHERE r.employer_id = e.id AND r.status = 'ACTIVE')".to_owned(),
        "SELECT COUNT(*) FROM worker w JOIN employment_relation r ON r.worker_id = w.id AND r.status = 'ACTIVE' WHERE r.employer_id <> w.employer_id".to_owned(),
        "SELECT COUNT(*) FROM employment_relation a JOIN employment_relation b ON b.worker_id = a.worker_id AND a.status = 'ENDED' AND b.status = 'ACTIVE' WHERE a.ended_on > b.started_on OR a.started_on >= a.ended_on".to_owned(),
        format!("SELECT COUNT(*) FROM employment_relation WHERE started_on > {last}"),
        format!("SELECT COUNT(*) FROM union_membership m JOIN employment_relation r ON r.worker_id = m.worker_id AND r.status = 'ACTIVE' WHERE m.joined_on < r.started_on OR m.joined_on > {last}"),
        "SELECT COUNT(*) FROM union_membership m JOIN worker w ON w.id = m.worker_id WHERE (m.status = 'RETAINED') <> (w.employment_status = 'LAID_OFF')".to_owned(),
        "SELECT COUNT(*) FROM union_organization u LEFT JOIN union_organization p ON p.id = u.parent_id WHERE p.id IS NULL AND u.level <> 'MUNICIPAL'".to_owned(),
        "SELECT COUNT(*) FROM employer e WHERE headcount > 25 AND NOT EXISTS (SELECT 1 FROM union_organization u WHERE u.employer_id = e.id)".to_owned(),
        format!("SELECT COUNT(*) FROM pilot_measure WHERE started_on > {last} OR ended_on < started_on"),
        format!("SELECT COUNT(*) FROM innovation_achievement WHERE achieved_on > {last}"),
        format!("SELECT COUNT(*) FROM dispute_case WHERE registered_on > {last} OR closed_on > {last} OR (status = 'CLOSED') <> (closed_on IS NOT NULL) OR (worker_count >= 10) <> is_collective"),
        format!("SELECT COUNT(*) FROM dispute_proceeding WHERE opened_on > {last} OR ended_on > {last} OR accepted_on < opened_on OR ended_on < accepted_on"),
        "SELECT COUNT(*) FROM dispute_case c WHERE (SELECT COUNT(*) FROM dispute_proceeding p WHERE p.case_id = c.id) NOT BETWEEN 1 AND 3".to_owned(),
        "SELECT COUNT(*) FROM dispute_case c WHERE (SELECT COUNT(*) FROM dispute_claim p WHERE p.case_id = c.id) NOT BETWEEN 1 AND 4".to_owned(),
        "SELECT COUNT(*) FROM dispute_case c WHERE worker_count <> (SELECT COUNT(*) FROM dispute_party p WHERE p.case_id = c.id AND p.worker_id IS NOT NULL)".to_owned(),
        "SELECT COUNT(*) FROM dispute_case c WHERE status = 'CLOSED' AND EXISTS (SELECT 1 FROM dispute_claim p WHERE p.case_id = c.id AND p.decision = 'PENDING')".to_owned(),
        "SELECT COUNT(*) FROM wage_recovery r JOIN dispute_case c ON c.id = r.case_id WHERE r.paid_on > c.closed_on OR r.paid_on < r.agreed_on OR r.claimed_fen < r.agreed_fen OR (r.status = 'PAID' AND c.status <> 'CLOSED')".to_owned(),
        "SELECT COUNT(*) FROM (SELECT worker_id FROM dispute_party WHERE worker_id IS NOT NULL GROUP BY worker_id HAVING COUNT(*) > 1) twice".to_owned(),
    ] {
        assert_eq!(number(db, &sql).await, 0, "{sql}");
    }
    systems::records_fit_together(db, last).await;
    for (table, kind) in KINDS {
        let missing = format!(
            "SELECT COUNT(*) FROM {table} r LEFT JOIN change_log c ON c.record_id = r.id AND c.kind = '{kind}' AND c.division_code = r.division_code AND c.record_version = r.version AND c.at = r.created_at WHERE c.sequence IS NULL OR r.version <> 1"
        );
        assert_eq!(number(db, &missing).await, 0, "{table}");
    }
    let names = "SELECT COUNT(*) FROM worker w LEFT JOIN external_id x ON x.record_id = w.id AND x.kind = 'Worker' AND x.source = 'demo-hrss' WHERE x.id IS NULL";
    assert_eq!(number(db, names).await, 0);
}

const KINDS: [(&str, &str); 13] = [
    ("worker", "Worker"),
    ("employer", "Employer"),
    ("employment_relation", "EmploymentRelation"),
    ("union_organization", "UnionOrganization"),
    ("union_membership", "UnionMembership"),
    ("competition_entry", "CompetitionEntry"),
    ("innovation_achievement", "InnovationAchievement"),
    ("wage_recovery", "WageRecovery"),
    ("honour_award", "HonourAward"),
    ("skill_certificate", "SkillCertificate"),
    ("training_subsidy_payment", "TrainingSubsidyPayment"),
    ("membership_application", "MembershipApplication"),
    ("volunteer_enrollment", "VolunteerEnrollment"),
];

fn plan(workers: u32) -> Plan {
    Plan { workers, seed: 7, today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() }
}

#[track_caller]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "as `Value::check` takes it")]
fn clean<T: Value>(text: &str, rules: &Rules) -> T {
    let checked = T::check(text, rules).unwrap();
    assert_eq!(checked.warnings, [], "{text}");
    checked.value
}

async fn fill(db: &DatabaseConnection, plan: &Plan) {
    load(db, keyring(), plan, &|_, _, _| ()).await.unwrap();
}

/// The same for all tests.
fn keyring() -> &'static Keyring {
    static KEYRING: LazyLock<Keyring> = LazyLock::new(|| Keyring::new(Suite::Aes256Gcm));
    &KEYRING
}

/// What a worker has sealed: the id number and the phone.
fn opened(worker: &worker::Model) -> [Option<String>; 2] {
    let open = |place, text: Option<&str>| {
        let closed = Closed { id: worker.id, data_key: worker.data_key.as_deref(), text: text? };
        Some(keyring().open(place, closed).unwrap().to_string())
    };
    [
        open(ID_NUMBER, worker.id_number.as_ref().and_then(Sealed::as_text)),
        open(PHONE, worker.phone.as_ref().and_then(Sealed::as_text)),
    ]
}

async fn workers(db: &DatabaseConnection) -> Vec<worker::Model> {
    worker::Entity::find().order_by_asc(worker::Column::Id).all(db).await.unwrap()
}

/// The workers with what they have sealed, which is sealed otherwise each time.
async fn opened_workers(db: &DatabaseConnection) -> Vec<(worker::Model, [Option<String>; 2])> {
    let open = |mut worker: worker::Model| {
        let opened = opened(&worker);
        (worker.id_number, worker.phone, worker.data_key) = (None, None, None);
        (worker, opened)
    };
    workers(db).await.into_iter().map(open).collect()
}

async fn recoveries(db: &DatabaseConnection) -> Vec<wage_recovery::Model> {
    wage_recovery::Entity::find().order_by_asc(wage_recovery::Column::Id).all(db).await.unwrap()
}

async fn changes(db: &DatabaseConnection) -> Vec<change_log::Model> {
    change_log::Entity::find().order_by_asc(change_log::Column::Sequence).all(db).await.unwrap()
}

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter().map(|it| it.try_get_by_index(0).unwrap()).collect()
}

/// Over all rows of all tables of a SQLite file, but for when the migrations ran.
async fn hash(db: &DatabaseConnection) -> String {
    let mut hash = Sha256::new();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' \
        AND name NOT LIKE 'sqlite%' AND name <> 'seaql_migrations' ORDER BY name";
    for table in texts(db, tables).await {
        // A sealed value is another each time.
        let columns = format!(
            "SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}') \
             WHERE name NOT IN ('id_number', 'phone', 'data_key')"
        );
        let columns = texts(db, &columns).await.join(" || '|' || ");
        for row in texts(db, &format!("SELECT {columns} FROM {table} ORDER BY 1")).await {
            hash.update(row);
        }
    }
    hash.finalize().iter().map(|it| format!("{it:02x}")).collect()
}

/// A migrated database in a file of its own, which goes with it.
struct File {
    db: DatabaseConnection,
    path: PathBuf,
}

impl File {
    async fn new() -> File {
        let path = std::env::temp_dir().join(format!("gongtu-demo-{}.db", Uuid::now_v7()));
        let db = connect(&format!("sqlite://{}?mode=rwc", path.display())).await;
        Migrator::up(&db, None).await.unwrap();
        File { db, path }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
    }
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Runs a test on a migrated database of its own, which is dropped afterwards, come what may.
async fn on_postgres(test: impl AsyncFnOnce(DatabaseConnection) + 'static) {
    let Ok(server) = std::env::var("GONGTU_TEST_POSTGRES") else {
        eprintln!("not tried: GONGTU_TEST_POSTGRES does not say where PostgreSQL is");
        return;
    };
    let admin = connect(&server).await;
    let name = format!("gongtu_demo_{}", Uuid::now_v7().simple());
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (base, _) = server.rsplit_once('/').expect("a database in the address");
    let postgres = connect(&format!("{base}/{name}")).await;
    assert_eq!(postgres.get_database_backend(), DbBackend::Postgres);
    Migrator::up(&postgres, None).await.unwrap();

    // Not a task of its own, since the load is not `Send`; a panic is held until the end.
    let set = tokio::task::LocalSet::new();
    let outcome = set.run_until(async { tokio::task::spawn_local(test(postgres)).await }).await;

    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    outcome.unwrap();
}
