//! Creating, changing, upserting, archiving and restoring, for each record that partners keep.

use serde_json::{Value, json};

use crate::{
    fixture::{self, id_number},
    support::{Client, TestApp, refusals, text},
};

/// One kind of record, and what can be said of it.
struct Subject {
    field: &'static str,
    table: &'static str,
    create: &'static str,
    /// All that has to be said, and nothing else.
    input: Value,
    /// A field that has to be there, and another value of it.
    required: (&'static str, Value),
    /// A field that may be missing, a value of it, and what reads it.
    optional: (&'static str, Value, &'static str),
}

async fn subjects(client: &Client) -> Vec<Subject> {
    let employer = fixture::employer(client).await;
    let employer_input =
        json!({ "name": "试验厂", "divisionCode": "130302", "ownershipGroup": "PRIVATE" });
    vec![
        Subject {
            field: "worker",
            table: "worker",
            create: "workerCreate",
            input: json!({ "name": "王芳", "divisionCode": "130302" }),
            required: ("name", json!("王方")),
            optional: ("skillRank", json!("SENIOR"), "skillRank"),
        },
        Subject {
            field: "employer",
            table: "employer",
            create: "employerCreate",
            input: employer_input,
            required: ("name", json!("新名")),
            optional: ("industryCode", json!("C33"), "industryCode"),
        },
        Subject {
            field: "unionOrganization",
            table: "union_organization",
            create: "unionOrganizationCreate",
            input: fixture::union_input(),
            required: ("name", json!("新名")),
            optional: ("employerId", json!(employer), "employer { id }"),
        },
        Subject {
            field: "pilotUnit",
            table: "pilot_unit",
            create: "pilotUnitNominate",
            input: fixture::pilot_unit_input(client).await,
            required: ("name", json!("新名")),
            optional: ("ownershipGroup", json!("PRIVATE"), "ownershipGroup"),
        },
        Subject {
            field: "competition",
            table: "competition",
            create: "competitionCreate",
            input: fixture::competition_input(),
            required: ("title", json!("新名")),
            optional: ("startedOn", json!("2024-05-01"), "startedOn"),
        },
        Subject {
            field: "innovationStudio",
            table: "innovation_studio",
            create: "innovationStudioCreate",
            input: fixture::studio_input(),
            required: ("field", json!("电工")),
            optional: ("hostEmployerId", json!(employer), "hostEmployer { id }"),
        },
        Subject {
            field: "disputeCase",
            table: "dispute_case",
            create: "disputeCaseRegister",
            input: fixture::case_input(),
            required: ("title", json!("新名")),
            optional: ("summary", json!("摘要"), "summary"),
        },
    ]
}

impl Subject {
    fn selection(&self) -> String {
        format!(
            "{} {{ id version updatedAt archivedAt required: {} optional: {} externalIds {{ source value }} }}",
            self.field, self.required.0, self.optional.2,
        )
    }

    fn mutation(&self, verb: &str) -> String {
        format!("{}{verb}", self.field)
    }

    fn input(&self, more: Value) -> Value {
        merged(self.input.clone(), more)
    }

    async fn create(&self, client: &Client, more: Value) -> Value {
        let payload = client.done(self.create, &self.selection(), self.input(more)).await;
        payload[self.field].clone()
    }

    /// Runs a mutation on the record.
    async fn run(&self, client: &Client, verb: &str, record: &Value, more: Value) -> Value {
        let input = json!({ "id": record["id"], "expectedVersion": record["version"] });
        client.mutate(&self.mutation(verb), &self.selection(), merged(input, more)).await
    }

    async fn read(&self, client: &Client, id: &Value) -> Value {
        let selection = self.selection();
        let (field, fields) = selection.split_once(' ').unwrap();
        let query = format!("query($id: ID!) {{ {field}(by: {{ id: $id }}) {fields} }}");
        client.data(&query, json!({ "id": id })).await[self.field].clone()
    }
}

fn merged(mut input: Value, more: Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// Entries of the change log, also those still on the way into it.
async fn changes(app: &TestApp) -> i64 {
    app.count("SELECT (SELECT COUNT(*) FROM change_log) + (SELECT COUNT(*) FROM outbox)").await
}

/// How many rows there are of everything that a mutation writes.
pub async fn footprint(app: &TestApp, table: &str) -> [i64; 5] {
    [
        app.count(&format!("SELECT COUNT(*) FROM {table}")).await,
        app.count("SELECT COUNT(*) FROM external_id").await,
        changes(app).await,
        app.count(
            "SELECT COUNT(*) FROM audit_entry WHERE action = 'WRITE' \
             AND outcome NOT IN ('VALIDATED', 'REPLAYED')",
        )
        .await,
        app.count("SELECT COUNT(*) FROM idempotency_record").await,
    ]
}

#[tokio::test]
async fn absent_keeps_null_clears_and_a_value_sets() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let (required, value) = it.required.clone();
        let (optional, said, _) = it.optional.clone();
        let created = it.create(&steward, json!({ optional: said })).await;
        let kept = it.run(&steward, "Update", &created, json!({ required: value })).await;
        let cleared = it.run(&steward, "Update", &kept[it.field], json!({ optional: null })).await;
        let refused =
            it.run(&steward, "Update", &cleared[it.field], json!({ required: null })).await;

        assert_eq!(created["version"], 1, "{}", it.field);
        assert!(!created["optional"].is_null(), "{}", it.field);
        assert_eq!(kept[it.field]["required"], value, "{}", it.field);
        assert_eq!(kept[it.field]["optional"], created["optional"], "{}", it.field);
        assert_eq!(kept[it.field]["version"], 2, "{}", it.field);
        assert_eq!(cleared[it.field]["optional"], Value::Null, "{}", it.field);
        assert_eq!(cleared[it.field]["required"], value, "{}", it.field);
        assert_eq!(cleared[it.field]["version"], 3, "{}", it.field);
        assert_eq!(refusals(&refused), ["REQUIRED"], "{}", it.field);
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", required]), "{}", it.field);
        assert_eq!(it.read(&steward, &created["id"]).await, cleared[it.field], "{}", it.field);
    }
}

#[tokio::test]
async fn a_stale_version_changes_nothing_and_says_the_version_of_now() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let created = it.create(&steward, json!({})).await;
        let (required, value) = it.required.clone();
        let now = it.run(&steward, "Update", &created, json!({ required: value })).await[it.field]
            .clone();
        let logged = changes(&app).await;
        for verb in ["Update", "Archive", "Restore"] {
            let more = if verb == "Update" { json!({ required: "x" }) } else { json!({}) };
            let stale = it.run(&steward, verb, &created, more).await;

            assert_eq!(refusals(&stale), ["VERSION_CONFLICT"], "{} {verb}", it.field);
            let error = &stale["userErrors"][0];
            assert_eq!(error["currentVersion"], 2, "{} {verb}", it.field);
            assert_eq!(error["path"], json!(["input", "expectedVersion"]), "{} {verb}", it.field);
        }
        assert_eq!(it.read(&steward, &created["id"]).await, now, "{}", it.field);
        assert_eq!(changes(&app).await, logged, "{}", it.field);
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_keeps_the_version_and_logs_nothing() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let created = it.create(&steward, json!({})).await;
        let logged = changes(&app).await;
        let same = json!({ it.required.0: created["required"] });
        let updated = it.run(&steward, "Update", &created, same).await;
        let restored = it.run(&steward, "Restore", &created, json!({})).await;

        assert_eq!(updated[it.field], created, "{}", it.field);
        assert_eq!(updated["changeCursor"], Value::Null, "{}", it.field);
        assert_eq!(restored[it.field], created, "{}", it.field);
        assert_eq!(changes(&app).await, logged, "{}", it.field);
    }
}

#[tokio::test]
async fn an_archived_record_refuses_changes_until_it_is_restored() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let name = json!({ "source": "hrss", "value": "1" });
        let created = it.create(&steward, json!({ "externalIds": [name] })).await;
        let archived = it.run(&steward, "Archive", &created, json!({})).await[it.field].clone();
        let change = json!({ it.required.0: it.required.1 });
        let updated = it.run(&steward, "Update", &archived, change.clone()).await;
        let again = it.run(&steward, "Archive", &archived, json!({})).await;
        let upsert = merged(json!({ "externalId": name }), change.clone());
        let upserted = steward.mutate(&it.mutation("Upsert"), &it.selection(), upsert).await;
        let restored = it.run(&steward, "Restore", &archived, json!({})).await[it.field].clone();
        let changed = it.run(&steward, "Update", &restored, change).await;

        assert!(archived["archivedAt"].is_string(), "{}", it.field);
        assert_eq!(archived["version"], 2, "{}", it.field);
        for (refused, path) in [(updated, "id"), (again, "id"), (upserted, "externalId")] {
            assert_eq!(refusals(&refused), ["ARCHIVED"], "{} {refused}", it.field);
            assert_eq!(refused["userErrors"][0]["path"], json!(["input", path]), "{}", it.field);
        }
        assert_eq!(restored["archivedAt"], Value::Null, "{}", it.field);
        assert_eq!(restored["version"], 3, "{}", it.field);
        assert_eq!(changed[it.field]["version"], 4, "{} {changed}", it.field);
    }
}

#[tokio::test]
async fn validating_only_answers_the_record_as_it_would_be_and_keeps_nothing() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let created = it.create(&steward, json!({})).await;
        let before = footprint(&app, it.table).await;
        let only = json!({ "validateOnly": true, "idempotencyKey": "k" });
        let name = json!({ "source": "hrss", "value": "new" });
        let named = json!({ "externalIds": [name] });
        // A case number is unique: the record would be there already.
        let fresh =
            if it.field == "disputeCase" { json!({ "caseNo": "试案-甲" }) } else { json!({}) };
        let all = merged(it.input(merged(named.clone(), fresh.clone())), only.clone());
        let would_create = steward.done(it.create, &it.selection(), all).await;
        let change = merged(json!({ it.required.0: it.required.1 }), only.clone());
        let would_update = it.run(&steward, "Update", &created, merged(change, named)).await;
        let would_archive = it.run(&steward, "Archive", &created, only.clone()).await;
        let upsert = merged(it.input(merged(json!({ "externalId": name }), fresh)), only);
        let would_upsert = steward.done(&it.mutation("Upsert"), &it.selection(), upsert).await;

        assert_eq!(would_create[it.field]["version"], 1, "{}", it.field);
        assert_eq!(would_update[it.field]["version"], 2, "{would_update}");
        assert_eq!(would_update[it.field]["required"], it.required.1, "{}", it.field);
        assert!(would_archive[it.field]["archivedAt"].is_string(), "{}", it.field);
        assert_eq!(would_upsert[it.field]["version"], 1, "{}", it.field);
        for payload in [would_create, would_update, would_archive, would_upsert] {
            assert_eq!(payload["changeCursor"], Value::Null, "{}", it.field);
        }
        assert_eq!(footprint(&app, it.table).await, before, "{}", it.field);
        assert_eq!(it.read(&steward, &created["id"]).await, created, "{}", it.field);
    }
}

#[tokio::test]
async fn validating_only_refuses_what_would_be_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input = json!({ "name": "王芳", "divisionCode": "130302", "birthOn": "2024-01-01", "validateOnly": true });

    let payload = steward.mutate("workerCreate", "worker { id }", input).await;

    assert_eq!(refusals(&payload), ["INCONSISTENT"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 0);
}

#[tokio::test]
async fn a_record_has_several_external_ids_each_of_one_record_of_its_kind() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let names = json!([{ "source": "hrss", "value": "1" }, { "source": "union", "value": "1" }]);

    for it in subjects(&steward).await {
        let created = it.create(&steward, json!({ "externalIds": names })).await;
        let other = json!({ "externalIds": [{ "source": "hrss", "value": "2" }, names[1]] });
        let fresh =
            if it.field == "disputeCase" { json!({ "caseNo": "试案-乙" }) } else { json!({}) };
        let before = footprint(&app, it.table).await;
        let taken =
            steward.mutate(it.create, &it.selection(), it.input(merged(other, fresh))).await;
        let mut after = footprint(&app, it.table).await;
        let same = it.run(&steward, "Update", &created, json!({ "externalIds": [names[0]] })).await;

        assert_eq!(it.read(&steward, &created["id"]).await["externalIds"], names, "{}", it.field);
        assert_eq!(refusals(&taken), ["DUPLICATE"], "{}", it.field);
        assert_eq!(
            taken["userErrors"][0]["path"],
            json!(["input", "externalIds", "1"]),
            "{}",
            it.field
        );
        // The refusal is audited, and that is all.
        after[3] -= 1;
        assert_eq!(after, before, "{}", it.field);
        assert_eq!(same[it.field]["version"], 1, "{}", it.field);
    }
}

#[tokio::test]
async fn a_new_external_id_is_a_change_that_readers_of_the_log_see() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for it in subjects(&steward).await {
        let created = it.create(&steward, json!({})).await;
        let logged = changes(&app).await;
        let name = json!({ "source": "hrss", "value": "1" });
        let named = it.run(&steward, "Update", &created, json!({ "externalIds": [name] })).await;

        assert_eq!(named[it.field]["version"], 2, "{}", it.field);
        assert_eq!(
            it.read(&steward, &created["id"]).await["externalIds"],
            json!([name]),
            "{}",
            it.field
        );
        assert_eq!(changes(&app).await, logged + 1, "{}", it.field);
    }
}

#[tokio::test]
async fn a_record_has_at_most_twenty_external_ids() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let names = |range: std::ops::Range<u32>| -> Value {
        range.map(|it| json!({ "source": "hrss", "value": it.to_string() })).collect()
    };
    let create =
        |names: Value| json!({ "name": "王芳", "divisionCode": "130302", "externalIds": names });
    let worker = "worker { id version externalIds { value } }";

    let too_many = steward.mutate("workerCreate", worker, create(names(0..21))).await;
    let created = steward.done("workerCreate", worker, create(names(0..20))).await;
    let id = &created["worker"]["id"];
    let one_more = json!({ "id": id, "expectedVersion": 1, "externalIds": names(19..21) });
    let one_more = steward.mutate("workerUpdate", worker, one_more).await;

    for refused in [too_many, one_more] {
        assert_eq!(refusals(&refused), ["INVALID_VALUE"], "{refused}");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "externalIds"]));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 20);
    assert_eq!(app.count("SELECT CAST(version AS BIGINT) FROM worker").await, 1);
}

#[tokio::test]
async fn a_malformed_external_id_is_refused_where_it_is() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let long = "x".repeat(65);
    let cases = [
        ("", "1", "source"),
        ("a b", "1", "source"),
        ("人社", "1", "source"),
        (long.as_str(), "1", "source"),
        ("hrss", "", "value"),
        ("hrss", "a\nb", "value"),
    ];

    for (source, value, field) in cases {
        let name = json!({ "source": source, "value": value });
        let input = json!({ "name": "王芳", "divisionCode": "130302", "externalIds": [name] });
        let listed = steward.mutate("workerCreate", "worker { id }", input).await;
        let input = json!({ "name": "王芳", "divisionCode": "130302", "externalId": name });
        let named = steward.mutate("workerUpsert", "worker { id }", input).await;

        assert_eq!(refusals(&listed), ["INVALID_VALUE"], "{name}");
        assert_eq!(listed["userErrors"][0]["path"], json!(["input", "externalIds", "0", field]));
        assert_eq!(refusals(&named), ["INVALID_VALUE"], "{name}");
        assert_eq!(named["userErrors"][0]["path"], json!(["input", "externalId", field]));
    }
    assert_eq!(footprint(&app, "worker").await[..3], [0, 0, 0]);
}

#[tokio::test]
async fn a_natural_key_that_another_record_has_is_a_duplicate_at_its_field() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let number = id_number("19900101", 1);
    let worker = json!({ "name": "王芳", "divisionCode": "130302", "idNumber": number });
    let code = "91130399MA00000009".to_owned();
    let employer = json!({
        "name": "试验厂", "divisionCode": "130302", "ownershipGroup": "PRIVATE",
        "creditCode": credit_code(&code[..17]),
    });
    let union =
        merged(fixture::union_input(), json!({ "creditCode": credit_code("81130399MA0000000") }));
    let cases = [
        ("workerCreate", "worker", worker, "idNumber"),
        ("employerCreate", "employer", employer, "creditCode"),
        ("unionOrganizationCreate", "unionOrganization", union, "creditCode"),
        ("disputeCaseRegister", "disputeCase", fixture::case_input(), "caseNo"),
    ];

    for (mutation, field, input, path) in cases {
        let selection = format!("{field} {{ id }}");
        steward.done(mutation, &selection, input.clone()).await;
        let twice = steward.mutate(mutation, &selection, input.clone()).await;
        let named = merged(input, json!({ "externalId": { "source": "s", "value": "v" } }));
        let upserted = steward.mutate(&format!("{field}Upsert"), &selection, named).await;

        for refused in [twice, upserted] {
            assert_eq!(refusals(&refused), ["DUPLICATE"], "{mutation}");
            assert_eq!(refused["userErrors"][0]["path"], json!(["input", path]), "{mutation}");
            assert!(!text(&refused["userErrors"][0]["message"]).contains(&number), "{mutation}");
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 0);
}

/// The code with its check character, MOD 31-3; the organisation's own check comes along.
fn credit_code(body: &str) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut code = body[..16].to_owned();
    let sum: u32 = code[8..]
        .chars()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(it, by)| it.to_digit(36).unwrap() * by)
        .sum();
    code.push(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap(),
    });
    let (mut weight, mut sum) = (1, 0);
    for it in code.bytes() {
        sum += ALPHABET.iter().position(|known| *known == it).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    code.push(char::from(ALPHABET[(31 - sum % 31) % 31]));
    code
}

#[tokio::test]
async fn a_refused_duplicate_by_a_key_of_several_fields_points_to_one_of_them() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let batch = json!({
        "ordinal": 3, "level": "MUNICIPAL", "title": "试点", "issuer": "市总工会",
        "startedOn": "2024-01-01", "divisionCode": "130300",
    });
    let membership = fixture::union_membership(&steward).await;
    let query = "query($id: ID!) { it: unionMembership(by: { id: $id }) { version worker { id } unionOrganization { id } } }";
    let it = steward.data(query, json!({ "id": membership })).await["it"].clone();
    let retain = json!({ "id": membership, "expectedVersion": 1 });
    let other = json!({
        "workerId": it["worker"]["id"], "unionOrganizationId": it["unionOrganization"]["id"],
        "memberNo": "other", "joinedOn": "2024-06-01",
    });

    steward.done("pilotBatchCreate", "pilotBatch { id }", batch.clone()).await;
    let batch = steward.mutate("pilotBatchCreate", "pilotBatch { id }", batch).await;
    steward.done("unionMembershipRetain", "unionMembership { id }", retain).await;
    let member = steward.mutate("unionMembershipAdmit", "unionMembership { id }", other).await;

    for (refused, path) in [(batch, "divisionCode"), (member, "unionOrganizationId")] {
        assert_eq!(refusals(&refused), ["DUPLICATE"]);
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", path]));
    }
}

/// The same mutation from many tasks at once; the payloads as they come.
async fn at_once(
    client: &Client,
    mutation: &'static str,
    selection: &'static str,
    inputs: Vec<Value>,
) -> Vec<Value> {
    let tasks: Vec<_> = inputs
        .into_iter()
        .map(|input| {
            let client = client.clone();
            tokio::spawn(async move { client.mutate(mutation, selection, input).await })
        })
        .collect();
    let mut payloads = Vec::new();
    for task in tasks {
        payloads.push(task.await.unwrap());
    }
    payloads
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_upserts_of_one_external_id_at_once_one_registers_and_none_fails() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let name = json!({ "source": "hrss", "value": "1" });
    let unit = fixture::pilot_unit_input(&steward).await;
    let worker = |it: usize| json!({ "externalId": name, "name": "王芳", "divisionCode": "130302", "phone": format!("154{it:08}") });
    let unit = |it: usize| {
        merged(unit.clone(), json!({ "externalId": name, "name": format!("单位{it}") }))
    };

    let workers = (0..64).map(worker).collect();
    let workers = at_once(&steward, "workerUpsert", "it: worker { id version }", workers).await;
    let units = (0..64).map(unit).collect();
    let units = at_once(&steward, "pilotUnitUpsert", "it: pilotUnit { id version }", units).await;

    for payloads in [workers, units] {
        let mut versions = Vec::new();
        for payload in &payloads {
            assert_eq!(payload["userErrors"], json!([]), "{payload}");
            assert_eq!(payload["it"]["id"], payloads[0]["it"]["id"]);
            versions.push(payload["it"]["version"].as_i64().unwrap());
        }
        versions.sort_unstable();
        assert_eq!(versions, (1..=64).collect::<Vec<i64>>());
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM pilot_unit").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_tasks_that_upsert_the_same_twenty_external_ids_make_twenty_records() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let run = |task: usize| {
        let client = steward.clone();
        tokio::spawn(async move {
            for place in 0..20 {
                // Each begins elsewhere, so that they meet on all of them.
                let number = (place + task * 5) % 20;
                let name = json!({ "source": "hrss", "value": number.to_string() });
                let input = json!({ "externalId": name, "name": "王芳", "divisionCode": "130302" });
                client.done("workerUpsert", "worker { id }", input).await;
            }
        })
    };

    for task in (0..8).map(run).collect::<Vec<_>>() {
        task.await.unwrap();
    }

    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 20);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 20);
    assert_eq!(app.count("SELECT CAST(MAX(version) AS BIGINT) FROM worker").await, 1);
    assert_eq!(changes(&app).await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_updates_of_one_version_one_wins() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let id = fixture::worker(&steward).await;
    let input =
        |it: usize| json!({ "id": id, "expectedVersion": 1, "phone": format!("154{it:08}") });

    let inputs = (0..16).map(input).collect();
    let payloads = at_once(&steward, "workerUpdate", "worker { version }", inputs).await;

    let won = payloads.iter().filter(|it| refusals(it).is_empty()).count();
    let lost = payloads.iter().filter(|it| refusals(it) == ["VERSION_CONFLICT"]).count();
    assert_eq!((won, lost), (1, 15));
    assert!(
        payloads
            .iter()
            .filter(|it| !refusals(it).is_empty())
            .all(|it| it["userErrors"][0]["currentVersion"] == 2)
    );
    assert_eq!(app.count("SELECT CAST(version AS BIGINT) FROM worker").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_workers_with_one_id_number_one_is_registered() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": id_number("19900101", 1) });

    let payloads = at_once(&steward, "workerCreate", "worker { id }", vec![input; 16]).await;

    let won = payloads.iter().filter(|it| refusals(it).is_empty()).count();
    let lost: Vec<&Value> = payloads.iter().filter(|it| refusals(it) == ["DUPLICATE"]).collect();
    assert_eq!((won, lost.len()), (1, 15));
    assert!(lost.iter().all(|it| it["userErrors"][0]["path"] == json!(["input", "idNumber"])));
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 1);
}

#[tokio::test]
async fn a_mutation_that_is_refused_late_leaves_an_audit_entry_and_nothing_else() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let name = |value: &str| json!({ "source": "hrss", "value": value });
    let employer = fixture::employer(&steward).await;
    let first = json!({ "externalId": name("1"), "name": "王芳", "divisionCode": "130302" });
    steward.done("workerUpsert", "worker { id }", first).await;
    let before = footprint(&app, "worker").await;
    let relations = app.count("SELECT COUNT(*) FROM employment_relation").await;

    // The worker, the relation and the first name are written by the time the second name is refused.
    let input = json!({
        "name": "李强", "divisionCode": "130302", "employerId": employer,
        "externalIds": [name("2"), name("1")], "idempotencyKey": "late",
    });
    let refused = steward.mutate("workerCreate", "worker { id }", input).await;

    assert_eq!(refusals(&refused), ["DUPLICATE"]);
    let [workers, names, changes, audits, keys] = before;
    assert_eq!(footprint(&app, "worker").await, [workers, names, changes, audits + 1, keys]);
    assert_eq!(app.count("SELECT COUNT(*) FROM employment_relation").await, relations);
    let refusals =
        "SELECT COUNT(*) FROM audit_entry WHERE outcome = 'REFUSED' AND operation = 'workerCreate'";
    assert_eq!(app.count(refusals).await, 1);
}

#[tokio::test]
async fn a_mutation_that_is_kept_leaves_its_row_change_audit_and_key_together() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input = json!({
        "externalId": { "source": "hrss", "value": "1" }, "name": "王芳", "divisionCode": "130302",
        "idempotencyKey": "k",
    });
    let [workers, names, changes, audits, keys] = footprint(&app, "worker").await;

    steward.done("workerUpsert", "worker { id }", input).await;

    let after = footprint(&app, "worker").await;
    assert_eq!(after, [workers + 1, names + 1, changes + 1, audits + 1, keys + 1]);
    let kept =
        "SELECT COUNT(*) FROM audit_entry WHERE outcome = 'DONE' AND operation = 'workerUpsert'";
    assert_eq!(app.count(kept).await, 1);
}

#[tokio::test]
async fn a_mutation_without_the_right_is_audited_by_its_code() {
    let app = TestApp::new().await;
    let public = app.public().await;
    let query = "mutation { workerCreate(input: { name: \"王芳\", divisionCode: \"130302\" }) { worker { id } } }";

    let body = public.run(query, json!({})).await;

    assert_eq!(crate::support::codes(&body), ["FORBIDDEN"], "{body}");
    assert_eq!(footprint(&app, "worker").await, [0, 0, 0, 1, 0]);
    assert_eq!(app.count("SELECT COUNT(*) FROM audit_entry WHERE outcome = 'FORBIDDEN'").await, 1);
}

#[tokio::test]
async fn an_upsert_of_a_new_record_names_all_that_is_missing() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let input = json!({ "externalId": { "source": "hrss", "value": "1" } });
    let payload = steward.mutate("workerUpsert", "worker { id }", input).await;

    assert_eq!(refusals(&payload), ["REQUIRED", "REQUIRED"]);
    let mut paths: Vec<String> =
        payload["userErrors"].as_array().unwrap().iter().map(|it| text(&it["path"][1])).collect();
    paths.sort();
    assert_eq!(paths, ["divisionCode", "name"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 0);
}

#[tokio::test]
async fn an_upsert_with_a_stale_version_is_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input = json!({
        "externalId": { "source": "hrss", "value": "1" }, "name": "王芳", "divisionCode": "130302",
    });
    steward.done("workerUpsert", "worker { id }", input.clone()).await;

    let stale = merged(input.clone(), json!({ "name": "王方", "expectedVersion": 7 }));
    let stale = steward.mutate("workerUpsert", "worker { id }", stale).await;
    let known = merged(input, json!({ "name": "王方", "expectedVersion": 1 }));
    let known = steward.done("workerUpsert", "worker { name version }", known).await;

    assert_eq!(refusals(&stale), ["VERSION_CONFLICT"]);
    assert_eq!(stale["userErrors"][0]["currentVersion"], 1);
    assert_eq!(known["worker"], json!({ "name": "王方", "version": 2 }));
}

#[tokio::test]
async fn an_upsert_of_an_archived_record_is_refused_for_its_version_first() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input = json!({
        "externalId": { "source": "hrss", "value": "1" }, "name": "王芳", "divisionCode": "130302",
    });
    let id =
        steward.done("workerUpsert", "worker { id }", input.clone()).await["worker"]["id"].clone();
    let archive = json!({ "id": id, "expectedVersion": 1 });
    steward.done("workerArchive", "worker { id }", archive).await;

    let plain = steward.mutate("workerUpsert", "worker { id }", input.clone()).await;
    let stale = merged(input, json!({ "expectedVersion": 1 }));
    let stale = steward.mutate("workerUpsert", "worker { id }", stale).await;

    assert_eq!(refusals(&plain), ["ARCHIVED"]);
    assert_eq!(plain["userErrors"][0]["path"], json!(["input", "externalId"]));
    assert_eq!(refusals(&stale), ["VERSION_CONFLICT"]);
    assert_eq!(app.count("SELECT COUNT(*) FROM external_id").await, 1);
}
