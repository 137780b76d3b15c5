//! SQLite and PostgreSQL hold the same tables, and every column of every entity fits its own.

#![expect(clippy::disallowed_methods, reason = "the tables are tested without the kernel")]

use std::collections::BTreeSet;
use std::future::Future;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, SqlErr, Statement,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

const A_WORKER: &str = "01939000-0000-7000-8000-000000000002";
const ANOTHER_WORKER: &str = "01939000-0000-7000-8000-000000000102";

#[tokio::test]
async fn sqlite_holds_every_entity() {
    every_entity_is_held(sqlite().await).await;
}

#[tokio::test]
async fn postgres_holds_every_entity() {
    on_postgres(every_entity_is_held).await;
}

#[tokio::test]
async fn sqlite_keeps_the_rules() {
    rules_are_kept(sqlite().await).await;
}

#[tokio::test]
async fn postgres_keeps_the_rules() {
    on_postgres(rules_are_kept).await;
}

#[tokio::test]
async fn sqlite_goes_down_and_up_again() {
    down_and_up_again(sqlite().await).await;
}

#[tokio::test]
async fn postgres_goes_down_and_up_again() {
    on_postgres(down_and_up_again).await;
}

/// Every mention of an identifier longer than PostgreSQL's 63 bytes would be cut, and differ here.
#[tokio::test]
async fn both_have_the_same_indexes() {
    let sqlite = sqlite().await;
    migrate(&sqlite).await;
    let here =
        names(&sqlite, r"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            .await;

    on_postgres(async move |postgres| {
        migrate(&postgres).await;
        let there = names(
            &postgres,
            r"SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE '_x\_%'",
        )
        .await;

        assert_eq!(here, there);
        assert!(here.len() > 200, "{}", here.len());
    })
    .await;
}

#[tokio::test]
async fn postgres_sorts_text_by_code_point() {
    on_postgres(async |postgres| {
        migrate(&postgres).await;

        let otherwise = names(
            &postgres,
            "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
             WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
        )
        .await;

        assert_eq!(otherwise, BTreeSet::new());
    })
    .await;
}

#[tokio::test]
async fn divisions_are_seeded() {
    let db = sqlite().await;
    migrate(&db).await;

    let divisions = entity::division::Entity::find().all(&db).await.unwrap();

    assert_eq!(divisions.len(), 68);
    let codes: BTreeSet<&str> = divisions.iter().map(|it| it.code.as_str()).collect();
    for division in &divisions {
        assert!(division.id.to_string().ends_with(division.code.as_str()), "{division:?}");
        assert_eq!(division.code, division.division_code);
        for other in [&division.parent_code, &division.successor_code].into_iter().flatten() {
            assert!(codes.contains(other.as_str()), "{division:?}");
        }
        assert!(division.valid_to.is_none_or(|it| it > division.valid_from), "{division:?}");
    }
    let funing = divisions.iter().find(|it| it.code.as_str() == "130323").unwrap();
    assert_eq!(funing.successor_code.as_ref().map(ToString::to_string).as_deref(), Some("130306"));
    assert_eq!(funing.valid_to.unwrap().to_string(), "2014-12-31");
}

#[expect(clippy::too_many_lines, reason = "a row of each table")]
async fn every_entity_is_held(db: DatabaseConnection) {
    migrate(&db).await;
    let when = json!("2026-11-22T08:30:00.123456Z");
    let event = json!({
        "event_id": Uuid::now_v7(), "kind": "Worker", "record_id": A_WORKER, "action": "UPDATED",
        "record_version": 2, "operation": "workerUpdate", "actor": "officer", "division_code": "130302",
        "previous_division_code": "130303", "at": when,
    });

    kept::<entity::external_id::Entity>(&db, json!({
        "id": Uuid::now_v7(), "kind": "Worker", "source": "hr", "value": "工-1", "record_id": A_WORKER,
        "created_at": when,
    })).await;
    kept::<entity::credential::Entity>(&db, json!({
        "id": id(90), "name": "hr", "roles": ["CLERK"], "scopes": ["worker:read"],
        "division_code": "130300", "worker_id": A_WORKER, "employer_id": id(1), "union_id": id(4),
        "jwks": { "keys": [] }, "issuer": "https://id.example", "subject": "a-person", "created_at": when,
        "expires_at": when, "revoked_at": when,
    })).await;
    kept::<entity::credential_secret::Entity>(&db, json!({
        "id": Uuid::now_v7(), "credential_id": id(90), "kind": "CLIENT_SECRET", "hash": "00ff", "created_at": when,
        "expires_at": when,
    })).await;
    kept::<entity::used_assertion::Entity>(
        &db,
        json!({
            "credential_id": Uuid::now_v7(), "jti": "j", "expires_at": when,
        }),
    )
    .await;
    kept::<entity::signing_key::Entity>(&db, json!({
        "generation": 1, "kid": "k", "algorithm": "EdDSA", "private_key": "sealed", "created_at": when,
        "signs_at": when,
    })).await;
    kept::<entity::idempotency_record::Entity>(&db, json!({
        "credential_id": Uuid::now_v7(), "key": "k", "operation": "workerCreate", "request_hash": "00ff",
        "outcome": { "node": null, "list": [1, 2.5, "中"] }, "created_at": when,
    })).await;
    kept::<entity::change_log::Entity>(&db, with(&event, json!({ "sequence": 1 }))).await;
    kept::<entity::outbox::Entity>(&db, with(&event, json!({ "id": 7 }))).await;
    kept::<entity::audit_entry::Entity>(&db, json!({
        "id": Uuid::now_v7(), "at": when, "action": "READ", "actor": "officer", "credential_id": Uuid::now_v7(),
        "roles": "COUNTY", "operation": "worker", "outcome": "DONE", "request_id": "r", "purpose": "MEDIATION",
        "case_number": "1号", "fields": "Worker.name", "kinds": "worker:1", "records": [1, 2], "position": 1,
        "hash": [3, 4],
    })).await;
    kept::<entity::audit_checkpoint::Entity>(
        &db,
        json!({
            "position": 1, "hash": [3, 4], "at": when, "key_id": "00ff", "signature": [5, 6],
        }),
    )
    .await;
    kept::<entity::lease::Entity>(
        &db,
        json!({
            "name": "sequencer", "owner": "a", "fence": 9_007_199_254_740_993_i64, "until": when,
        }),
    )
    .await;
    kept::<entity::setting::Entity>(&db, json!({ "name": "city", "value": "秦皇岛" })).await;

    kept::<entity::division::Entity>(&db, record(0, json!({
        "code": "130371013", "name": "腾飞路街道", "name_en": "Tengfei Road Subdistrict", "level": "TOWNSHIP",
        "kind": "STATISTICAL", "parent_code": "130371", "successor_code": null, "valid_from": "2022-10-31",
        "valid_to": "2030-12-31",
    }))).await;
    kept::<entity::employer::Entity>(&db, employer()).await;
    kept::<entity::worker::Entity>(&db, worker()).await;
    kept::<entity::employment_relation::Entity>(&db, employment_relation()).await;
    kept::<entity::union_organization::Entity>(&db, union_organization()).await;
    kept::<entity::union_membership::Entity>(&db, union_membership()).await;
    kept::<entity::pilot_batch::Entity>(&db, record(6, json!({
        "ordinal": 3, "level": "MUNICIPAL", "title": "第三批试点", "document_no": "秦工字〔2023〕1号",
        "issuer": "秦皇岛市总工会", "started_on": "2023-01-01", "ended_on": "2024-12-31", "status": "ACTIVE",
    }))).await;
    kept::<entity::pilot_unit::Entity>(&db, record(7, json!({
        "batch_id": id(6), "kind": "GRASSROOTS_UNIT", "name": "甲厂", "level": "MUNICIPAL", "employer_id": id(1),
        "ownership_group": "STATE_OWNED", "designated_on": "2023-02-01", "status": "MID_TERM_CHECK",
    }))).await;
    kept::<entity::pilot_measure::Entity>(&db, record(8, json!({
        "pilot_unit_id": id(7), "task": "QUALITY_IMPROVEMENT", "focus_area": "PAY_AND_BENEFITS", "title": "津贴",
        "summary": "s", "started_on": "2023-03-01", "ended_on": "2023-12-31",
    }))).await;
    kept::<entity::best_practice::Entity>(&db, record(9, json!({
        "pilot_unit_id": id(7), "title": "经验", "summary": "s", "published_on": "2024-01-01",
        "is_replicable": true,
    }))).await;
    kept::<entity::competition::Entity>(&db, record(10, json!({
        "title": "职工职业技能大赛", "kind": "SKILL", "level": "MUNICIPAL", "edition": 10, "year": 2023,
        "organizer_id": id(4), "organizer_name": "秦皇岛市总工会", "started_on": "2023-05-01",
        "ended_on": "2023-09-30", "status": "DOWNGRADED_TO_EXHIBITION",
    }))).await;
    kept::<entity::competition_event::Entity>(&db, record(11, json!({
        "competition_id": id(10), "title": "焊工", "occupation_code": "6-18-02-04", "competition_class": "CLASS_II",
        "format": "TEAM_OF_THREE", "participant_group": "EMPLOYEE", "min_teams": 8, "venue": "甲厂",
        "held_on": "2023-06-01",
    }))).await;
    kept::<entity::competition_entry::Entity>(&db, record(12, json!({
        "event_id": id(11), "worker_id": id(2), "bib_no": "017", "team_name": "甲队", "status": "RANKED",
        "theory_score_centi": 9050, "practice_score_centi": 8825, "total_score_centi": 8893, "rank": 1,
    }))).await;
    kept::<entity::competition_award::Entity>(&db, record(13, json!({
        "event_id": id(11), "entry_id": id(12), "tier": "FIRST", "rank": 1, "title": "一等奖",
        "bonus_fen": 9_000_000_000_i64, "awarded_on": "2023-10-01",
    }))).await;
    kept::<entity::innovation_studio::Entity>(&db, record(14, json!({
        "name": "张三创新工作室", "leader_id": id(2), "host_employer_id": id(1), "kind": "SINGLE", "field": "焊接",
        "level": "PROVINCIAL", "founded_on": "2018-05-01", "status": "ACTIVE",
    }))).await;
    kept::<entity::studio_accreditation::Entity>(&db, record(15, json!({
        "studio_id": id(14), "level": "PROVINCIAL", "batch": "第九批", "score_centi": 9150,
        "document_no": "冀工办〔2023〕1号", "named_on": "2023-02-01", "review_due_on": "2026-02-01",
        "grade": "EXCELLENT", "removed_on": "2027-01-01", "status": "LEADER_CHANGED",
    }))).await;
    kept::<entity::studio_member::Entity>(&db, record(16, json!({
        "studio_id": id(14), "worker_id": id(2), "role": "LEADER", "joined_on": "2018-05-01",
        "left_on": "2025-01-01",
    }))).await;
    kept::<entity::studio_grant::Entity>(&db, record(17, json!({
        "studio_id": id(14), "amount_fen": 1_000_000, "fund_source": "市总工会", "purpose": "设备",
        "selection_title": "十佳创新工作室", "granted_on": "2023-03-01", "status": "PAID",
    }))).await;
    kept::<entity::innovation_achievement::Entity>(&db, record(18, json!({
        "studio_id": id(14), "employer_id": id(1), "title": "焊接新法", "kind": "FIVE_SMALLS",
        "ip_no": "ZL202310000000.0", "achieved_on": "2023-04-01", "benefit_fen": 50_000_000,
        "status": "INTENT_SIGNED",
    }))).await;
    kept::<entity::dispute_case::Entity>(&db, record(19, json!({
        "case_no": "QHD-2026-0001", "title": "欠薪", "ground": "G5", "category": "UNPAID_WAGE",
        "is_collective": true, "worker_count": 12, "occurred_on": "2026-01-05", "known_on": "2026-01-06",
        "registered_on": "2026-01-10", "closed_on": "2026-03-01", "channel": "HOTLINE_12351", "handler_id": id(4),
        "sensitivity": "SENSITIVE", "summary": "s", "status": "UNDER_INSPECTION",
    }))).await;
    kept::<entity::dispute_party::Entity>(&db, record(20, json!({
        "case_id": id(19), "role": "APPLICANT", "worker_id": id(2), "employer_id": id(1), "name": "代理人",
    }))).await;
    kept::<entity::dispute_claim::Entity>(&db, record(21, json!({
        "case_id": id(19), "worker_id": id(2), "category": "OVERTIME_PAY", "claimed_fen": 300_000,
        "awarded_fen": 250_000, "paid_fen": 200_000, "period_from": "2025-01-01", "period_to": "2025-12-31",
        "decision": "PARTLY",
    }))).await;
    kept::<entity::dispute_proceeding::Entity>(&db, record(22, json!({
        "case_id": id(19), "stage": "ARBITRATION", "body": "仲裁委员会", "docket_no": "秦劳人仲案〔2026〕1号",
        "opened_on": "2026-01-11", "accepted_on": "2026-01-15", "due_on": "2026-03-01", "ended_on": "2026-02-20",
        "outcome": "裁决", "state": "AWARD_NON_FINAL",
    }))).await;
    kept::<entity::wage_recovery::Entity>(&db, record(23, json!({
        "case_id": id(19), "worker_id": id(2), "employer_id": id(1), "claimed_fen": 300_000,
        "agreed_fen": 280_000, "agreed_on": "2026-02-01", "paid_fen": 280_000, "paid_on": "2026-02-10",
        "method": "EMERGENCY_FUND", "status": "PAID",
    }))).await;
}

async fn rules_are_kept(db: DatabaseConnection) {
    migrate(&db).await;
    insert::<entity::employer::Entity>(&db, employer()).await.unwrap();
    insert::<entity::worker::Entity>(&db, worker()).await.unwrap();
    insert::<entity::union_organization::Entity>(&db, union_organization()).await.unwrap();
    insert::<entity::employment_relation::Entity>(&db, employment_relation()).await.unwrap();
    insert::<entity::union_membership::Entity>(&db, union_membership()).await.unwrap();

    let same_number = with(&worker(), json!({ "id": ANOTHER_WORKER, "id_number_index_odd": null }));
    refused(insert::<entity::worker::Entity>(&db, same_number.clone()).await, Rule::Unique);
    let same_number =
        with(&worker(), json!({ "id": ANOTHER_WORKER, "id_number_index_even": null }));
    refused(insert::<entity::worker::Entity>(&db, same_number.clone()).await, Rule::Unique);
    for number in [ANOTHER_WORKER, "01939000-0000-7000-8000-000000000202"] {
        let numberless = with(&same_number, json!({ "id": number, "id_number_index_odd": null }));
        insert::<entity::worker::Entity>(&db, numberless).await.unwrap();
    }
    for column in ["id_number", "phone", "data_key"] {
        let clear = format!("UPDATE worker SET {column} = '130399185006150191'");
        refused(db.execute_unprepared(&clear).await.map(drop), Rule::Check);
    }

    let second_job = with(&employment_relation(), json!({ "id": id(33) }));
    refused(
        insert::<entity::employment_relation::Entity>(&db, second_job.clone()).await,
        Rule::Unique,
    );
    let past_job = with(&second_job, json!({ "status": "ENDED" }));
    insert::<entity::employment_relation::Entity>(&db, past_job).await.unwrap();

    for status in ["ACTIVE", "RETAINED", "TRANSFERRING"] {
        let again = with(
            &union_membership(),
            json!({ "id": id(55), "member_no": "00000002", "status": status }),
        );
        refused(insert::<entity::union_membership::Entity>(&db, again).await, Rule::Unique);
    }
    let former = with(
        &union_membership(),
        json!({ "id": id(55), "member_no": "00000002", "status": "WITHDRAWN" }),
    );
    insert::<entity::union_membership::Entity>(&db, former).await.unwrap();
    let same_member_no =
        with(&union_membership(), json!({ "id": id(56), "worker_id": ANOTHER_WORKER }));
    refused(insert::<entity::union_membership::Entity>(&db, same_member_no).await, Rule::Unique);

    let nowhere = with(&past_job_of(ANOTHER_WORKER), json!({ "employer_id": id(99) }));
    refused(insert::<entity::employment_relation::Entity>(&db, nowhere).await, Rule::Reference);
    let negative = with(&employer(), json!({ "id": id(34), "credit_code": null, "headcount": -1 }));
    refused(insert::<entity::employer::Entity>(&db, negative).await, Rule::Check);
}

async fn down_and_up_again(db: DatabaseConnection) {
    migrate(&db).await;
    insert::<entity::employer::Entity>(&db, employer()).await.unwrap();

    Migrator::down(&db, None).await.unwrap();
    assert!(entity::employer::Entity::find().all(&db).await.is_err());
    assert!(entity::setting::Entity::find().all(&db).await.is_err());

    migrate(&db).await;
    assert_eq!(entity::employer::Entity::find().all(&db).await.unwrap(), []);
    assert_eq!(
        entity::division::Entity::find()
            .filter(entity::division::Column::ValidTo.is_null())
            .order_by_asc(entity::division::Column::Code)
            .all(&db)
            .await
            .unwrap()
            .first()
            .unwrap()
            .name,
        "北京市"
    );
}

fn employer() -> Value {
    record(
        1,
        json!({
            "name": "甲厂", "credit_code": "91130399MATE5T0175", "industry_code": "C37",
            "ownership_group": "MIXED_STATE_CONTROLLED", "headcount": 1200, "status": "MOVED_OUT", "parent_id": id(1),
        }),
    )
}

fn worker() -> Value {
    record(
        2,
        json!({
            "name": "阿依古丽·买买提", "sex": "NOT_STATED", "birth_on": "1850-06-15", "document_type": "FPR_2023",
            "id_number": "130***********0191~AQID", "id_number_index_odd": "1~AQID", "id_number_index_even": "2~AQID",
            "phone": "154****5678~AQID", "data_key": "1~AQID", "erased_at": "2026-11-22T08:30:02.5Z",
            "erasure_ground": "PURPOSE_ENDED", "ethnicity_code": "05", "education_code": "21",
            "political_status_code": "13", "is_migrant_worker": true, "is_industrial_worker": false,
            "employment_status": "LAID_OFF", "skill_rank": "SPECIAL_GRADE_TECHNICIAN", "employer_id": id(1),
        }),
    )
}

fn employment_relation() -> Value {
    record(
        3,
        json!({
            "worker_id": id(2), "employer_id": id(1), "contract_type": "OPEN_ENDED", "post_title": "焊工",
            "occupation_code": "6-18-02-04", "is_frontline": true, "started_on": "2020-01-01",
            "ended_on": "2026-01-01", "end_reason": "CHANGED_EMPLOYER", "status": "ACTIVE",
        }),
    )
}

fn past_job_of(worker: &str) -> Value {
    with(&employment_relation(), json!({ "id": id(35), "worker_id": worker, "status": "ENDED" }))
}

fn union_organization() -> Value {
    record(
        4,
        json!({
            "name": "甲厂工会", "credit_code": "81130399MATE5T0176", "level": "GRASSROOTS", "kind": "JOINT_GRASSROOTS",
            "parent_id": id(4), "employer_id": id(1), "established_on": "2001-05-01", "status": "LEGAL_PERSON",
        }),
    )
}

fn union_membership() -> Value {
    record(
        5,
        json!({
            "worker_id": id(2), "union_organization_id": id(4), "member_no": "00000001", "joined_on": "2020-02-01",
            "ended_on": "2026-01-01", "status": "ACTIVE", "change_reason": "调动",
        }),
    )
}

/// A row of a domain table, its common columns filled in.
fn record(number: u32, columns: Value) -> Value {
    with(
        &columns,
        json!({
            "id": id(number), "division_code": "130302", "version": 1, "created_at": "2026-11-22T08:30:00.123456Z",
            "updated_at": "2026-11-22T08:30:01Z", "archived_at": "2026-11-22T08:30:02.5Z",
        }),
    )
}

fn id(number: u32) -> String {
    format!("01939000-0000-7000-8000-{number:012}")
}

fn with(row: &Value, columns: Value) -> Value {
    let mut row = row.clone();
    row.as_object_mut().unwrap().extend(columns.as_object().unwrap().clone());
    row
}

/// What goes in comes out.
async fn kept<E>(db: &DatabaseConnection, row: Value)
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel> + PartialEq,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let row: E::Model = serde_json::from_value(row).unwrap();

    insert_model::<E>(db, row.clone()).await.unwrap();

    let found = E::find().all(db).await.unwrap();
    assert!(found.contains(&row), "{row:?} is not in {found:?}");
}

async fn insert<E>(db: &DatabaseConnection, row: Value) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: DeserializeOwned + IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    insert_model::<E>(db, serde_json::from_value(row).unwrap()).await
}

async fn insert_model<E>(db: &DatabaseConnection, row: E::Model) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    E::insert(row.into_active_model().reset_all()).exec_without_returning(db).await.map(drop)
}

enum Rule {
    Unique,
    Reference,
    Check,
}

#[track_caller]
fn refused(outcome: Result<(), DbErr>, rule: Rule) {
    let error = outcome.expect_err("should be refused");
    match (rule, error.sql_err()) {
        (Rule::Unique, Some(SqlErr::UniqueConstraintViolation(_)))
        | (Rule::Reference, Some(SqlErr::ForeignKeyConstraintViolation(_))) => {}
        (Rule::Check, _) if error.to_string().to_lowercase().contains("check") => {}
        _ => panic!("refused for another reason: {error}"),
    }
}

async fn migrate(db: &DatabaseConnection) {
    Migrator::up(db, None).await.unwrap();
}

async fn names(db: &DatabaseConnection, sql: &str) -> BTreeSet<String> {
    let rows =
        db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|it| it.try_get("", "name").unwrap()).collect()
}

async fn sqlite() -> DatabaseConnection {
    connect("sqlite::memory:").await
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// Runs a test on a database of its own, which is dropped afterwards, come what may. Without
/// PostgreSQL at `GONGTU_TEST_POSTGRES` there is nothing to run it on.
async fn on_postgres<F>(test: impl FnOnce(DatabaseConnection) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Ok(server) = std::env::var("GONGTU_TEST_POSTGRES") else {
        eprintln!("not tried: GONGTU_TEST_POSTGRES does not say where PostgreSQL is");
        return;
    };
    let admin = connect(&server).await;
    let name = format!("gongtu_migration_{}", Uuid::now_v7().simple());
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();

    let (base, _) = server.rsplit_once('/').expect("a database in the address");
    let outcome = tokio::spawn(test(connect(&format!("{base}/{name}")).await)).await;

    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    outcome.unwrap();
}
