//! Records counted in groups: what the records say, for who may read them, in one statement.

use std::collections::BTreeMap;

use apollo_compiler::{Schema, schema::ExtendedType};
use gongtu::{kind::Kind, policy::Role};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    figures::pages,
    support::{Client, TestApp, codes},
    world::{LISTS, is_register, one_of_each},
};

/// A field of the root that counts in groups, as the contract has it.
struct Groups {
    field: String,
    list: &'static str,
    /// The keys, each with the values of its closed list.
    keys: Vec<(String, Vec<String>)>,
    /// The totals, and whether they are money.
    totals: Vec<(String, bool)>,
}

fn all_groups() -> Vec<Groups> {
    let schema = Schema::parse_and_validate(gongtu::schema::sdl(), "schema.graphql").unwrap();
    let ExtendedType::Object(query) = &schema.types["Query"] else { panic!("no queries") };
    let mut all = Vec::new();
    for (field, definition) in &query.fields {
        let Some(kind) = field.strip_suffix("Groups") else { continue };
        let kind = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        assert_eq!(definition.ty.to_string(), format!("[{kind}Group!]"));
        let (list, _) = LISTS.iter().find(|it| it.1.name() == kind).unwrap();
        let ExtendedType::Object(group) = &schema.types[format!("{kind}Group").as_str()] else {
            panic!("{kind}Group is no object")
        };
        let (mut keys, mut totals) = (Vec::new(), Vec::new());
        for (name, field) in &group.fields {
            if let Some(total) = name.strip_suffix("Total") {
                totals.push((total.to_owned(), field.ty.inner_named_type() == "Money"));
            } else if name != "count" {
                let values = match &schema.types[field.ty.inner_named_type()] {
                    ExtendedType::Enum(it) => it.values.keys().map(ToString::to_string).collect(),
                    _ => Vec::new(),
                };
                keys.push((name.to_string(), values));
            }
        }
        all.push(Groups { field: field.to_string(), list, keys, totals });
    }
    all
}

impl Groups {
    /// What a record has of a total: `claimed` of `claimedTotal`.
    fn column(total: &str) -> &str {
        if total == "worker" { "workerCount" } else { total }
    }

    fn totals(&self, name: impl Fn(&str) -> String) -> String {
        let totals = self.totals.iter().map(|(total, is_money)| {
            format!("{}{}", name(total), if *is_money { " { fen }" } else { "" })
        });
        totals.collect::<Vec<_>>().join(" ")
    }

    async fn records(&self, client: &Client) -> Vec<Value> {
        let keys: Vec<&str> = self.keys.iter().map(|it| it.0.as_str()).collect();
        let query = format!(
            "query($after: String) {{ {}(first: 100, after: $after) {{ nodes {{ {} {} }} \
             pageInfo {{ endCursor hasNextPage }} }} }}",
            self.list,
            keys.join(" "),
            self.totals(|it| Groups::column(it).to_owned()),
        );
        pages(client, &query, self.list).await
    }

    async fn asked(&self, client: &Client, by: &[&(String, Vec<String>)]) -> Value {
        let keys: Vec<&str> = by.iter().map(|it| it.0.as_str()).collect();
        let fields: Vec<String> = keys.iter().map(|it| shout(it)).collect();
        let query = format!(
            "{{ it: {}(by: [{}]) {{ {} count {} }} }}",
            self.field,
            fields.join(", "),
            keys.join(" "),
            self.totals(|it| format!("{it}Total")),
        );
        client.data(&query, json!({})).await["it"].clone()
    }

    /// The groups of records, as they should be answered.
    fn expected(&self, records: &[Value], by: &[&(String, Vec<String>)]) -> Value {
        let mut groups: BTreeMap<Vec<Rank>, (Value, i64, Vec<i64>)> = BTreeMap::new();
        for record in records {
            let key = by.iter().map(|(name, values)| rank(&record[name], values)).collect();
            let group =
                groups.entry(key).or_insert((record.clone(), 0, vec![0; self.totals.len()]));
            group.1 += 1;
            for ((total, is_money), sum) in self.totals.iter().zip(&mut group.2) {
                let value = &record[Groups::column(total)];
                *sum += match (is_money, value) {
                    (_, Value::Null) => 0,
                    (true, it) => it["fen"].as_str().unwrap().parse::<i64>().unwrap(),
                    (false, it) => it.as_i64().unwrap(),
                };
            }
        }
        let groups = groups.into_values().map(|(record, count, sums)| {
            let mut group = json!({ "count": count });
            for (name, _) in by {
                group[name] = record[name].clone();
            }
            for ((total, is_money), sum) in self.totals.iter().zip(sums) {
                group[format!("{total}Total")] =
                    if *is_money { json!({ "fen": sum.to_string() }) } else { json!(sum) };
            }
            group
        });
        groups.collect()
    }
}

/// Where a key sorts: by number, place in its closed list or text; null last.
type Rank = (bool, i64, String);

fn rank(value: &Value, values: &[String]) -> Rank {
    match value {
        Value::Null => (true, 0, String::new()),
        Value::Bool(it) => (false, i64::from(*it), String::new()),
        Value::Number(it) => (false, it.as_i64().unwrap(), String::new()),
        it => {
            let text = it.as_str().unwrap();
            match values.iter().position(|it| it == text) {
                Some(place) => (false, i64::try_from(place).unwrap(), String::new()),
                None => (false, 0, text.to_owned()),
            }
        }
    }
}

/// `skillRank` → `SKILL_RANK`.
fn shout(name: &str) -> String {
    let letters = name.chars().map(|it| {
        if it.is_ascii_uppercase() { format!("_{it}") } else { it.to_ascii_uppercase().to_string() }
    });
    letters.collect()
}

#[tokio::test]
async fn groups_say_what_the_records_say() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;

    let mut without_a_key = 0;
    for groups in all_groups() {
        let records = groups.records(&steward).await;
        assert!(!records.is_empty(), "{}", groups.list);
        let keys: Vec<_> = groups.keys.iter().collect();
        let mut asked: Vec<Vec<_>> = keys.iter().map(|it| vec![*it]).collect();
        // Two and three at once, also against the order in which the contract lists them.
        asked.extend((2..=keys.len()).map(|it| keys[it - 2..it].iter().rev().copied().collect()));
        asked.extend((3..=keys.len()).map(|it| keys[it - 3..it].to_vec()));
        for by in asked {
            let told = groups.asked(&steward, &by).await;
            let expected = groups.expected(&records, &by);
            let names: Vec<&String> = by.iter().map(|it| &it.0).collect();
            assert_eq!(told, expected, "{} by {names:?}", groups.field);
            without_a_key +=
                usize::from(told.as_array().unwrap().last().unwrap()[names[0]].is_null());
        }
    }
    assert!(without_a_key > 5, "{without_a_key}");
}

#[tokio::test]
async fn who_is_shown_no_record_is_told_of_no_group() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    // Funing was a county of its own code.
    one_of_each(&steward, "130323").await;
    steward.create_worker("李娜", "130302").await;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();

    for client in [
        app.nobody(),
        app.public().await,
        app.partner().await,
        app.county("130302").await,
        app.county("130306").await,
        app.county("130303").await,
        app.client(Role::Steward, None).await,
        steward,
    ] {
        for groups in all_groups() {
            let query = format!(
                "{{ list: {}(first: 100) {{ nodes {{ divisionCode }} }} \
                 groups: {}(by: DIVISION_CODE) {{ divisionCode count }} }}",
                groups.list, groups.field,
            );
            let data = client.data(&query, json!({})).await;
            let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
            for it in data["list"]["nodes"].as_array().unwrap() {
                *expected.entry(it["divisionCode"].as_str().unwrap()).or_default() += 1;
            }
            let expected: Vec<Value> = expected
                .into_iter()
                .map(|(code, count)| json!({ "divisionCode": code, "count": count }))
                .collect();
            assert_eq!(data["groups"], json!(expected), "{} {}", client.name, groups.field);
            let role = client.name.split('-').next().unwrap().to_owned();
            *seen.entry(role).or_default() += usize::from(!expected.is_empty());
        }
    }

    let all = all_groups().len();
    assert!(all >= 40, "{all}");
    let kind = |list: &str| LISTS.iter().find(|it| it.0 == list).unwrap().1;
    let registers = all_groups().iter().filter(|it| is_register(kind(it.list))).count();
    assert_eq!(seen["nobody"], 0);
    assert_eq!(seen["public"], registers);
    // Workers, employers, employments, memberships, applications, transfers, officers and work for
    // platforms.
    assert_eq!(seen["partner"], registers + 8);
    // One county of everything but what other systems sent, one of a worker, and one of published
    // registers alone.
    let of_stewards = 3;
    assert_eq!(seen["county"], all - of_stewards + registers + 1 + registers);
}

#[tokio::test]
async fn a_filter_narrows_what_is_counted_also_by_what_is_related() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let near = steward.create_employer("渤海玻璃厂", "130302").await;
    let far = steward.create_employer("山海关船厂", "130303").await;
    let worker = |name: &str, division: &str, employer: &str, rank: Option<&str>| json!({ "name": name, "divisionCode": division, "employerId": employer, "skillRank": rank });
    let workers = vec![
        worker("王芳", "130302", &near, Some("SENIOR")),
        worker("张伟", "130302", &near, Some("CHIEF_TECHNICIAN")),
        worker("李娜", "130302", &far, Some("APPRENTICE")),
        worker("刘洋", "130303", &far, None),
        worker("陈静", "130303", &near, Some("SENIOR")),
    ];
    let ids = steward.upsert_many("workerUpsertBatch", "worker", workers).await;
    let archive = json!({ "id": ids[4], "expectedVersion": 1 });
    steward.done("workerArchive", "worker { id }", archive).await;
    let query = "query($where: WorkerWhere) { it: workerGroups(where: $where, by: SKILL_RANK) { \
                 skillRank count sex } }";
    let county = app.county("130303").await;
    let near = json!({ "employer": { "name": { "startsWith": "渤海" } } });

    for (client, filter, expected) in [
        (&steward, json!(null), "APPRENTICE 1 SENIOR 1 CHIEF_TECHNICIAN 1 null 1"),
        (
            &steward,
            json!({ "archived": "INCLUDE" }),
            "APPRENTICE 1 SENIOR 2 CHIEF_TECHNICIAN 1 null 1",
        ),
        (&steward, json!({ "archived": "ONLY" }), "SENIOR 1"),
        (&steward, json!({ "name": { "startsWith": "王" } }), "SENIOR 1"),
        (&steward, near.clone(), "SENIOR 1 CHIEF_TECHNICIAN 1"),
        (&steward, json!({ "not": near }), "APPRENTICE 1 null 1"),
        (
            &steward,
            json!({ "employments": { "some": { "employer": { "name": { "eq": "山海关船厂" } } } } }),
            "APPRENTICE 1 null 1",
        ),
        (&steward, json!({ "name": { "eq": "nobody" } }), ""),
        (&steward, json!({ "skillRank": { "in": [] } }), ""),
        (&county, json!(null), "null 1"),
        (&county, json!({ "archived": "INCLUDE" }), "SENIOR 1 null 1"),
        // The employer is another county's: it narrows as one that is not there.
        (&county, json!({ "archived": "INCLUDE", "and": [near] }), ""),
    ] {
        let told = client.data(query, json!({ "where": filter })).await["it"].clone();
        let told: Vec<String> = told
            .as_array()
            .unwrap()
            .iter()
            .map(|it| {
                assert!(it["sex"].is_null(), "the groups are not by sex");
                format!("{} {}", it["skillRank"].as_str().unwrap_or("null"), it["count"])
            })
            .collect();
        assert_eq!(told.join(" "), expected, "{} {filter}", client.name);
    }
}

#[tokio::test]
async fn groups_are_by_one_to_three_fields_each_once() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    steward.create_worker("王芳", "130302").await;

    for (by, message) in [
        ("[]", "by takes 1 to 3 fields."),
        ("[SEX, SKILL_RANK, SEX]", "by names a field twice."),
        ("[SEX, SKILL_RANK, DIVISION_CODE, EDUCATION_CODE]", "by takes 1 to 3 fields."),
    ] {
        let query = format!(
            "{{ wrong: workerGroups(by: {by}) {{ count }} right: workerGroups(by: SEX) {{ count }} }}"
        );
        let body = steward.run(&query, json!({})).await;
        assert_eq!(codes(&body), ["BAD_USER_INPUT"], "{by}");
        assert_eq!(body["errors"][0]["message"], message);
        assert_eq!(body["data"], json!({ "wrong": null, "right": [{ "count": 1 }] }));
    }
    let wrong = "{ wrong: workerGroups(where: { name: { eq: null } }, by: SEX) { count } }";
    let body = steward.run(wrong, json!({})).await;
    assert_eq!(codes(&body), ["BAD_USER_INPUT"]);
    // What is masked, and what names a person, is nothing to group by.
    for field in ["ID_NUMBER", "PHONE", "NAME", "BIRTH_ON", "EMPLOYER_ID"] {
        let query = format!("{{ workerGroups(by: {field}) {{ count }} }}");
        let body = steward.run(&query, json!({})).await;
        assert_eq!(codes(&body), ["GRAPHQL_VALIDATION_FAILED"], "{field}");
    }
}

#[tokio::test]
async fn a_thousand_groups_are_told_and_one_more_is_an_error() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    // Past the service: so many codes are in no table of industries.
    app.fill_employers(1_001).await;
    execute(&app, "UPDATE employer SET industry_code = 'C' || (1000 + headcount)").await;
    let query = "query($where: EmployerWhere) { it: employerGroups(where: $where, by: INDUSTRY_CODE) { \
                 industryCode headcountTotal } }";

    let body = steward.run(query, json!({})).await;
    let few = json!({ "where": { "headcount": { "lt": 1000 } } });
    let few = steward.data(query, few).await["it"].clone();

    assert_eq!(codes(&body), ["BAD_USER_INPUT"]);
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("more than 1000 groups"), "{message}");
    assert_eq!(body["data"], json!({ "it": null }));
    assert_eq!(few.as_array().unwrap().len(), 1_000);
    assert_eq!(few[0], json!({ "industryCode": "C1000", "headcountTotal": 0 }));
    assert_eq!(few[999], json!({ "industryCode": "C1999", "headcountTotal": 999 }));
}

#[tokio::test]
async fn a_total_that_is_too_large_is_an_error_and_not_another_number() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = one_of_each(&steward, "130302").await;
    steward.create_employer("山海关船厂", "130303").await;
    let worker = steward.create_worker("李娜", "130302").await;
    let claim = json!({
        "caseId": world[&Kind::DisputeCase], "workerId": worker, "claimedFen": "1",
    });
    steward.done("wageRecoveryClaim", "wageRecovery { id }", claim).await;
    let heads = "{ it: employerGroups(by: STATUS) { count headcountTotal } }";
    let wages = "{ it: wageRecoveryGroups(by: STATUS) { claimedTotal { fen yuan } } }";
    for (sql, query) in [
        ("UPDATE employer SET headcount = 2147483647", heads),
        ("UPDATE wage_recovery SET claimed_fen = 9223372036854775807", wages),
    ] {
        execute(&app, sql).await;
        let body = steward.run(query, json!({})).await;
        assert_eq!(codes(&body), ["BAD_USER_INPUT"], "{body}");
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("too large"), "{body}");
        assert_eq!(body["data"], json!({ "it": null }));
    }
    // What nobody asks for is not added up.
    let counts =
        "{ employerGroups(by: STATUS) { count } wageRecoveryGroups(by: STATUS) { count } }";
    let told = steward.data(counts, json!({})).await;
    assert_eq!(told["employerGroups"], json!([{ "count": 2 }]));
    assert_eq!(told["wageRecoveryGroups"], json!([{ "count": 2 }]));

    // At the edge it still is told.
    execute(&app, "UPDATE employer SET headcount = 1073741823").await;
    execute(&app, "UPDATE wage_recovery SET claimed_fen = 4611686018427387903").await;
    let told = steward.data(heads, json!({})).await;
    assert_eq!(told["it"], json!([{ "count": 2, "headcountTotal": 2_147_483_646 }]));
    let told = steward.data(wages, json!({})).await;
    let edge = json!({ "fen": "9223372036854775806", "yuan": "92233720368547758.06" });
    assert_eq!(told["it"], json!([{ "claimedTotal": edge }]));
}

#[tokio::test]
async fn groups_take_one_statement_however_many() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;

    for by in ["SEX", "DIVISION_CODE, EDUCATION_CODE, SKILL_RANK"] {
        let query = format!(
            "{{ workerGroups(by: [{by}], where: {{ employer: {{ status: {{ eq: ACTIVE }} }} }}) {{ count }} }}"
        );
        // The service looks at its log and at credentials now and then: the least counts.
        let mut least = u64::MAX;
        for _ in 0..5 {
            let before = app.statements();
            steward.data(&query, json!({})).await;
            least = least.min(app.statements() - before);
        }
        assert_eq!(least, 1, "{by}");
    }
}

async fn execute(app: &TestApp, sql: &str) {
    app.app.shared().database.write().execute_unprepared(sql).await.unwrap();
}
