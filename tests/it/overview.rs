//! The figures: those of the article come out of the demo records, those of another city out of its own, and
//! all follow what is written.

use std::collections::BTreeMap;

use gongtu::policy::Role;
use rand::RngExt;
use serde_json::{Value, json};

use crate::{
    fixture::{make, worker},
    support::{Client, TestApp, text},
};

/// The golden values of the article that do not depend on how many workers are made (domain brief §1.5).
const GOLDEN: [(&str, &str); 27] = [
    ("F02", "2"),
    ("F03", "5"),
    ("F04A", "2"),
    ("F04B", "15"),
    ("F05", "20"),
    ("F07", "1"),
    ("F08", "0.72"),
    ("F09A", "10"),
    ("F09B", "10"),
    ("F10", "1"),
    ("F13", "50"),
    ("F14", "0.67"),
    ("F15", "8"),
    ("F16", "8"),
    ("F17A", "3782"),
    ("F17B", "50828000.00"),
    ("F18", "11"),
    ("F19", "200"),
    ("F20A", "10"),
    ("F20B", "100000.00"),
    ("F21", "10"),
    ("F22", "10"),
    ("F24A", "10"),
    ("F24B", "1"),
    ("F24C", "2"),
    ("F01", "5000"),
    ("F23", ""),
];

async fn values(client: &Client, division: &str, more: &str) -> BTreeMap<String, String> {
    let query = format!("{{ figures(division: \"{division}\"{more}) {{ code value }} }}");
    let data = client.data(&query, json!({})).await;
    let figures = data["figures"].as_array().unwrap().iter();
    figures
        .map(|it| (text(&it["code"]), it["value"].as_str().unwrap_or("null").to_owned()))
        .collect()
}

#[tokio::test]
async fn the_figures_of_the_article_come_out_of_the_demo_records() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    let told = values(&steward, "130300", "").await;
    let workers =
        steward.data("{ workers(first: 0) { totalCount(exact: true) } }", json!({})).await;
    for (code, golden) in GOLDEN {
        match code {
            "F01" => assert_eq!(told[code], workers["workers"]["totalCount"].to_string()),
            "F23" => {
                let yuan: f64 = told[code].parse().unwrap();
                assert!((90_000_000.0..100_000_000.0).contains(&yuan), "{yuan}");
            }
            _ => assert_eq!(told[code], golden, "{code}"),
        }
    }
    // What takes more workers than there are is smaller, and there.
    for code in ["F06", "F11", "F12"] {
        assert!(told[code].parse::<f64>().unwrap() > 0.0, "{code}: {}", told[code]);
    }
    let query = "{ figures(division: \"130300\", codes: [\"F08\", \"F14\"]) { numerator denominator unit } }";
    assert_eq!(
        steward.data(query, json!({})).await["figures"],
        json!([
            { "numerator": "36", "denominator": "50", "unit": "RATIO" },
            { "numerator": "50", "denominator": "30", "unit": "RATIO" },
        ])
    );
}

#[tokio::test]
async fn a_figure_names_the_query_of_its_records_and_falls_into_parts_that_add_up_to_it() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    let query = "{ figures(division: \"130300\") { code value unit query phrase \
                 division: breakdown(by: DIVISION) { key value } month: breakdown(by: MONTH) { key value } \
                 ownership: breakdown(by: OWNERSHIP) { key value } industry: breakdown(by: INDUSTRY) { key value } \
                 level: breakdown(by: LEVEL) { key value } } }";
    let data = steward.data(query, json!({})).await;
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for it in data["figures"].as_array().unwrap() {
        let code = text(&it["code"]);
        assert!(!it["phrase"].as_str().unwrap().is_empty(), "{code}");
        let drilled = steward.data(it["query"].as_str().unwrap(), json!({})).await;
        let list = drilled.as_object().unwrap().values().next().unwrap();
        if it["unit"] == "RECORD" && !["F03", "F18", "F21", "F22"].contains(&&*code) {
            assert_eq!(list["totalCount"].to_string(), it["value"].as_str().unwrap(), "{code}");
        }
        for by in ["division", "month", "ownership", "industry", "level"] {
            let Some(parts) = it[by].as_array() else { continue };
            *known.entry(by).or_default() +=
                usize::from(parts.iter().any(|it| it["key"].is_string()));
            // Persons and kinds may be in several parts.
            if !["F03", "F18", "F21", "F22"].contains(&&*code) {
                let cents =
                    |it: &Value| it.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
                let sum: i64 = parts.iter().map(|it| cents(&it["value"])).sum();
                assert_eq!(sum, cents(&it["value"]), "{code}: {parts:?}");
            }
        }
        if code == "F09A" {
            assert_eq!(it["level"], json!([{ "key": "MUNICIPAL", "value": "10" }]));
        }
    }
    // Figures of which some part is known.
    for (by, least) in
        [("division", 20), ("month", 10), ("ownership", 15), ("industry", 15), ("level", 8)]
    {
        assert!(known[by] >= least, "{by}: {known:?}");
    }
}

#[tokio::test]
async fn another_city_has_its_own_figures_and_they_follow_its_records() {
    let app = TestApp::new().await;
    let steward = app.client(Role::Steward, Some("130000")).await;
    let dice = &mut rand::rng();
    let city = "130400";
    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    let union = make(
        &steward,
        "unionOrganizationCreate",
        "unionOrganization",
        json!({ "name": "市总工会", "level": "MUNICIPAL", "kind": "FEDERATION", "divisionCode": city }),
    )
    .await;

    let title = json!({ "code": "MOST_BEAUTIFUL_WORKER", "name": "最美工人", "awardeeKind": "PERSON",
        "level": "MUNICIPAL", "conferringBody": "市总工会", "divisionCode": city });
    let title = make(&steward, "honourTitleCreate", "honourTitle", title).await;
    let round = json!({ "titleId": title, "year": 2024, "ordinal": 1, "quota": 50 });
    let round = make(&steward, "honourRoundCreate", "honourRound", round).await;
    let winners = dice.random_range(1..6);
    for place in 0..winners + 2 {
        let award = json!({ "roundId": round, "workerId": worker(&steward).await,
            "category": "INDUSTRIAL_WORKER", "conferredOn": "2024-05-01",
            "rank": if place < winners { "WINNER" } else { "NOMINEE" } });
        make(&steward, "honourAwardConfer", "honourAward", award).await;
    }
    expected.insert("F05", winners);

    let granted = dice.random_range(1..4);
    for place in 0..=granted {
        let right = json!({ "title": "焊工竞赛", "level": "PROVINCIAL", "grantorName": "省总工会",
            "appliedOn": "2024-01-05", "applicantId": union });
        let right = make(&steward, "hostingRightApply", "hostingRight", right).await;
        if place < granted {
            let input = json!({ "id": right, "expectedVersion": 1 });
            steward.done("hostingRightGrant", "hostingRight { id }", input).await;
        }
    }
    expected.insert("F10", granted);

    let exhibition = json!({ "name": "交流大会", "level": "NATIONAL", "startedOn": "2024-07-28",
        "divisionCode": city });
    let exhibition = make(&steward, "exhibitionCreate", "exhibition", exhibition).await;
    let (shown, mut intended) = (dice.random_range(1..5), 0);
    let mut first_entry = String::new();
    for _ in 0..shown {
        let achievement = json!({ "title": "焊枪", "kind": "FIVE_SMALLS", "achievedOn": "2024-01-01",
            "divisionCode": city });
        let achievement =
            make(&steward, "innovationAchievementRegister", "innovationAchievement", achievement)
                .await;
        let entry = json!({ "exhibitionId": exhibition, "subjectKind": "ACHIEVEMENT",
            "achievementId": achievement });
        first_entry = make(&steward, "exhibitionEntryEnter", "exhibitionEntry", entry).await;
        for kind in ["LETTER_OF_INTENT", "CONTRACT"] {
            let amount: i64 = dice.random_range(1..1_000_000);
            intended += if kind == "CONTRACT" { 0 } else { amount };
            let agreement = json!({ "achievementId": achievement, "counterpartyName": "渤海公司",
                "kind": kind, "mode": "LICENSE", "amountFen": amount.to_string(), "signedOn": "2024-08-01" });
            make(&steward, "conversionAgreementSign", "conversionAgreement", agreement).await;
        }
    }
    expected.insert("F22", shown);

    let told = values(&steward, city, "").await;
    for (code, value) in &expected {
        assert_eq!(told[*code], value.to_string(), "{code}");
    }
    assert_eq!(told["F23"].replace('.', ""), format!("{intended:03}"), "intents, and no contract");
    // What no record is of is nothing, and divides nothing.
    assert_eq!(
        (told["F13"].as_str(), told["F14"].as_str(), told["F11"].as_str()),
        ("0", "null", "0.00")
    );
    // The city beside it has none of that.
    assert_eq!(values(&steward, "130300", "").await["F22"], "0");

    // Out of the period, or after the day that is asked for, it does not count.
    let before = ", period: { from: \"2024-06-01\", to: \"2024-12-31\" }";
    assert_eq!(values(&steward, city, before).await["F05"], "0");
    assert_eq!(values(&steward, city, ", asOf: \"2024-05-01\"").await["F05"], winners.to_string());
    assert_eq!(values(&steward, city, ", asOf: \"2024-04-30\"").await["F05"], "0");

    let archive = json!({ "id": first_entry, "expectedVersion": 1 });
    steward.done("exhibitionEntryArchive", "exhibitionEntry { id }", archive).await;
    assert_eq!(values(&steward, city, "").await["F22"], (shown - 1).to_string());
}

#[tokio::test]
async fn the_workforce_falls_into_ownership_and_industry_and_former_codes_into_their_successors() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for (ownership, industry, division, workers) in [
        ("PRIVATE", json!("C3311"), "130306", 2),
        ("STATE_OWNED", json!("C25"), "130323", 1),
        ("PRIVATE", Value::Null, "130302", 3),
    ] {
        let employer = json!({ "name": "机械厂", "divisionCode": division,
            "ownershipGroup": ownership, "industryCode": industry });
        let employer = make(&steward, "employerCreate", "employer", employer).await;
        for _ in 0..workers {
            let relation = json!({ "workerId": worker(&steward).await, "employerId": employer,
                "contractType": "OPEN_ENDED", "startedOn": "2024-01-05" });
            make(&steward, "employmentRelationStart", "employmentRelation", relation).await;
        }
    }
    let parts = async |client: &Client, by: &str| {
        let query = format!(
            "{{ figures(division: \"130300\", codes: [\"F01\"]) {{ breakdown(by: {by}) {{ key value }} }} }}"
        );
        let data = client.data(&query, json!({})).await;
        let parts = data["figures"][0]["breakdown"].as_array().unwrap().iter();
        parts
            .map(|it| format!("{}={}", it["key"], text(&it["value"])))
            .collect::<Vec<_>>()
            .join(" ")
    };

    assert_eq!(parts(&steward, "OWNERSHIP").await, r#""PRIVATE"=5 "STATE_OWNED"=1"#);
    assert_eq!(parts(&steward, "INDUSTRY").await, r#"null=3 "C"=3"#);
    assert_eq!(parts(&steward, "DIVISION").await, r#""130302"=3 "130306"=3"#);
    let none =
        "{ figures(division: \"130300\", codes: [\"F01\"]) { breakdown(by: LEVEL) { key } } }";
    assert_eq!(steward.data(none, json!({})).await["figures"][0]["breakdown"], Value::Null);
    // Who answers for one county is told of its own.
    assert_eq!(parts(&app.county("130302").await, "OWNERSHIP").await, r#""PRIVATE"=3"#);
}

#[tokio::test]
async fn a_figure_of_records_that_the_caller_may_not_read_has_no_value_and_says_so() {
    let app = TestApp::new().await;
    let public = app.public().await;
    let query = "{ figures(division: \"130300\", codes: [\"F10\", \"F11\"]) { code value } }";
    let answer = public.run(query, json!({})).await;
    assert_eq!(
        answer["data"]["figures"],
        json!([{ "code": "F10", "value": "0" }, { "code": "F11", "value": null }])
    );
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(answer["errors"][0]["path"], json!(["figures", 1, "value"]));
}

#[tokio::test]
async fn what_is_asked_wrongly_of_figures_is_refused_in_both_languages() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for (arguments, code) in [
        ("division: \"130300\", codes: [\"F99\"]", "BAD_USER_INPUT"),
        ("division: \"139999\"", "BAD_USER_INPUT"),
        (
            "division: \"130300\", period: { from: \"2024-02-01\", to: \"2024-01-01\" }",
            "BAD_USER_INPUT",
        ),
    ] {
        let answer =
            steward.run(&format!("{{ figures({arguments}) {{ code }} }}"), json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{arguments}: {answer}");
        assert!(error["extensions"]["messageZh"].is_string(), "{answer}");
        assert_eq!(answer["data"]["figures"], Value::Null);
    }
}
