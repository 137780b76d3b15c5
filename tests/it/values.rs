//! The vectors of the domain brief (§10) over the API: what is taken, put right, warned of, refused.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, each, refusals, text};

/// Runs a mutation that must be refused for one field by one rule, in both languages, without an echo.
#[track_caller]
fn refused<'a>(
    client: &'a Client,
    mutation: &'a str,
    input: Value,
    field: &'a str,
    rule: &'a str,
) -> impl Future<Output = ()> + 'a {
    let caller = std::panic::Location::caller();
    async move {
        let sent = text(&input[field]);
        let payload = client.mutate(mutation, "", input).await;
        assert_eq!(refusals(&payload), ["INVALID_VALUE"], "{caller}: {sent:?} {payload}");
        let error = &payload["userErrors"][0];
        assert_eq!(error["rule"], rule, "{caller}: {sent:?}");
        assert_eq!(error["path"], json!(["input", field]), "{caller}: {sent:?}");
        let (message, message_zh) = (text(&error["message"]), text(&error["messageZh"]));
        assert!(!message.is_empty() && message.is_ascii(), "{caller}: {message}");
        assert!(message_zh.chars().any(|it| it >= '\u{4e00}'), "{caller}: {message_zh}");
        assert!(
            sent.trim().chars().count() < 11 || !payload.to_string().contains(&sent),
            "{caller}: {payload}"
        );
        assert_eq!(payload["changeCursor"], Value::Null);
    }
}

fn worker(field: &str, value: &str) -> Value {
    let mut input = json!({ "name": "王芳", "divisionCode": "130302" });
    input[field] = json!(value);
    input
}

fn employer(field: &str, value: &str) -> Value {
    let mut input =
        json!({ "name": "渤海玻璃厂", "divisionCode": "130302", "ownershipGroup": "PRIVATE" });
    input[field] = json!(value);
    input
}

fn union(field: &str, value: &str) -> Value {
    let mut input = json!({
        "name": "渤海工会", "divisionCode": "130302", "kind": "GRASSROOTS", "level": "GRASSROOTS",
    });
    input[field] = json!(value);
    input
}

fn rules(payload: &Value) -> Vec<String> {
    each(&payload["warnings"], "rule").iter().map(text).collect()
}

#[tokio::test]
async fn valid_id_numbers_are_taken_with_the_birth_and_sex_they_tell() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for (number, sex) in [
        ("130399185006150191", "MALE"),
        ("130399185006150060", "FEMALE"),
        ("13039918500615001X", "MALE"),
        ("130399185006150079", "MALE"),
        ("130399185006150028", "FEMALE"),
        ("130399185006150087", "FEMALE"),
        ("130399185006150036", "MALE"),
        ("130399185006150095", "MALE"),
        ("130399185006150044", "FEMALE"),
        ("130399185006150183", "FEMALE"),
        ("130399185006150052", "MALE"),
        ("13039918520229001X", "MALE"),
        ("130399189912319997", "MALE"),
        ("130323185103200026", "FEMALE"),
        ("130306185103200038", "MALE"),
        ("13272718510320005X", "MALE"),
        ("810000185006150013", "MALE"),
        ("820000185006150023", "FEMALE"),
        ("830000185006150033", "MALE"),
        // A foreigner's number says nothing certain of the sex.
        ("913840185006150014", "UNKNOWN"),
        ("913392185006150021", "UNKNOWN"),
    ] {
        let selection = "worker { sex birthOn idNumber { value } }";
        let created = steward.done("workerCreate", selection, worker("idNumber", number)).await;
        let birth = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
        assert_eq!(created["warnings"], json!([]), "{number}");
        assert_eq!(
            created["worker"],
            json!({ "sex": sex, "birthOn": birth, "idNumber": { "value": number } }),
            "{number}"
        );
    }
}

#[tokio::test]
async fn broken_id_numbers_are_refused_by_rule() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for (number, rule) in [
        ("130399185006150192", "ID-02"),
        ("130399815006150079", "ID-02"),
        ("13039918500615001", "ID-01"),
        ("13039918500615001X0", "ID-01"),
        ("1303991850061500XX", "ID-01"),
        ("130399185102290012", "ID-03"),
        ("130399185013010015", "ID-03"),
        ("130399185004310016", "ID-03"),
        ("130399209901010017", "ID-03"),
        ("000000185006150012", "ID-04"),
        ("1.30399E+17", "DQ-ID-06"),
        ("130399185006150000", "ID-02"),
        ("l30399185006150191", "ID-01"),
        ("130399O85006150191", "ID-01"),
        ("١٣٠٣٩٩١٨٥٠٠٦١٥٠١٩١", "ID-01"),
        ("130399500615003", "ID-12"),
        ("130399\u{0}185006150191", "ID-01"),
        ("", "ID-01"),
    ] {
        refused(&steward, "workerCreate", worker("idNumber", number), "idNumber", rule).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM worker").await, 0);
}

#[tokio::test]
async fn written_forms_are_put_right_and_doubtful_numbers_warned_of() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for form in
        ["13039918500615001x", "１３０３９９１８５００６１５００１Ｘ", "130399 18500615 001X"]
    {
        let mut input = worker("idNumber", form);
        input["validateOnly"] = json!(true);
        let checked = steward.done("workerCreate", "worker { idNumber { value } }", input).await;
        assert_eq!(checked["worker"]["idNumber"]["value"], "13039918500615001X", "{form}");
    }
    for (number, rule) in [
        ("130399185006150001", "ID-06"),
        ("130399185006157000", "DQ-ID-06"),
        ("130371185006150013", "ID-04"),
    ] {
        let created =
            steward.done("workerCreate", "worker { id }", worker("idNumber", number)).await;
        assert_eq!(rules(&created), [rule], "{number}");
    }
    let foreign = worker("idNumber", "999999185006150010");
    assert_eq!(rules(&steward.done("workerCreate", "worker { id }", foreign).await), [""; 0]);
    let mut other = worker("idNumber", "130399185006150191");
    other["sex"] = json!("FEMALE");
    other["birthOn"] = json!("1850-06-16");
    let other = steward.done("workerCreate", "worker { sex birthOn }", other).await;
    assert_eq!(rules(&other), ["ID-08", "ID-07"]);
    assert_eq!(other["worker"], json!({ "sex": "FEMALE", "birthOn": "1850-06-16" }));
}

#[tokio::test]
async fn credit_codes_are_taken_by_employers_and_unions_each_their_own() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for code in [
        "91130399MATE5T0175",
        "92130399MATE5T0172",
        "93130399MATE5T017Y",
        "11130399MATE5T017D",
        "12130399MATE5T017A",
        "51130399MATE5T0179",
        "52130399MATE5T0176",
        "35130399MATE5T017Y",
        "N2130399MATE5T017L",
        "Y1130399MATE5T017F",
        "911303990000004650",
        "91130399000000107Y",
        "9113039900000006XK",
        "91130399000000190J",
    ] {
        let made = steward
            .done("employerCreate", "employer { creditCode }", employer("creditCode", code))
            .await;
        assert_eq!(made["employer"]["creditCode"], code);
        assert_eq!(made["warnings"], json!([]), "{code}");
        refused(
            &steward,
            "unionOrganizationCreate",
            union("creditCode", code),
            "creditCode",
            "USCC-06",
        )
        .await;
    }
    for code in ["81130399MATE5T0176", "89130399MATE5T017D"] {
        let selection = "unionOrganization { creditCode }";
        let made =
            steward.done("unionOrganizationCreate", selection, union("creditCode", code)).await;
        assert_eq!(made["unionOrganization"]["creditCode"], code);
        refused(&steward, "employerCreate", employer("creditCode", code), "creditCode", "USCC-06")
            .await;
    }
    for (code, rule) in [
        ("91130399MATE5T0176", "USCC-02"),
        ("91130399MAET5T0175", "USCC-02"),
        ("91130399IATE5T0175", "USCC-01"),
        ("91130399SATE5T0175", "USCC-01"),
        ("91130399MATE5T017", "USCC-01"),
        ("94130399MATE5T0175", "USCC-04"),
        ("", "USCC-01"),
    ] {
        refused(&steward, "employerCreate", employer("creditCode", code), "creditCode", rule).await;
    }
    for (code, rule) in [("91130399MATE5T010F", "USCC-03"), ("91000000MATE5T0175", "USCC-05")] {
        let made =
            steward.done("employerCreate", "employer { id }", employer("creditCode", code)).await;
        assert_eq!(rules(&made), [rule], "{code}");
    }
    let mut lower_case = employer("creditCode", "91130399mate5t0175");
    lower_case["validateOnly"] = json!(true);
    let taken = steward.mutate("employerCreate", "employer { id }", lower_case).await;
    assert_eq!(refusals(&taken), ["DUPLICATE"], "it is the first of the above: {taken}");
    assert_eq!(taken["userErrors"][0]["path"], json!(["input", "creditCode"]));
}

#[tokio::test]
async fn phones_are_normalised_or_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    for (phone, stored) in [
        ("15412345678", "15412345678"),
        ("+86 154-1234-5678", "15412345678"),
        ("0086 154 1234 5678", "15412345678"),
        ("＋８６１５４１２３４５６７８", "15412345678"),
        ("+852 5123 4567", "+85251234567"),
    ] {
        let made = steward
            .done("workerCreate", "worker { phone { value } }", worker("phone", phone))
            .await;
        assert_eq!(made["worker"]["phone"]["value"], stored);
    }
    for phone in ["12345678901", "1541234567", "154123456789", "154****5678", "١٥٤١٢٣٤٥٦٧٨", ""]
    {
        refused(&steward, "workerCreate", worker("phone", phone), "phone", "PHONE-01").await;
    }
}

#[tokio::test]
async fn names_keep_their_characters_and_get_the_middle_dot() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let named = async |name: &str| {
        let made = steward.done("workerCreate", "worker { name }", worker("name", name)).await;
        text(&made["worker"]["name"])
    };

    for separator in ['\u{B7}', '\u{2022}', '\u{30FB}', '\u{FF0E}', '.'] {
        assert_eq!(named(&format!("阿依古丽{separator}买买提")).await, "阿依古丽\u{B7}买买提");
    }
    for name in ["𠮷野", "䶮", "MARIA SILVA", &"买".repeat(26), &"买".repeat(50)] {
        assert_eq!(named(name).await, *name);
    }
    assert_eq!(named("  王芳\u{3000}").await, "王芳");
}

#[tokio::test]
async fn names_with_hidden_or_too_much_text_are_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let long = "买".repeat(51);
    let huge = "买".repeat(200_000);

    for name in
        ["", " ", "王\0芳", "王\u{7}芳", "王\n芳", "王\u{202E}芳", "王\u{85}芳", &long, &huge]
    {
        for (mutation, input) in
            [("workerCreate", worker("name", name)), ("employerCreate", employer("name", name))]
        {
            // A unit's name may be longer than a person's.
            if mutation == "employerCreate" && name == long {
                continue;
            }
            let payload = steward.mutate(mutation, "", input).await;
            assert_eq!(refusals(&payload), ["INVALID_VALUE"], "{mutation} {payload}");
            let error = &payload["userErrors"][0];
            assert_eq!(error["path"], json!(["input", "name"]));
            assert!(error["rule"].is_string(), "{payload}");
            assert!(payload.to_string().len() < 1_000);
        }
    }
    let key = json!({ "name": "王芳", "divisionCode": "130302", "idempotencyKey": "a\0b" });
    let key = steward.mutate("workerCreate", "", key).await;
    assert_eq!(refusals(&key), ["INVALID_VALUE"]);
    assert_eq!(key["userErrors"][0]["path"], json!(["input", "idempotencyKey"]));
    let name = json!({ "source": "hrss", "value": "a\0b" });
    let external = json!({ "name": "王芳", "divisionCode": "130302", "externalIds": [name] });
    let external = steward.mutate("workerCreate", "", external).await;
    assert_eq!(refusals(&external), ["INVALID_VALUE"]);
    assert_eq!(external["userErrors"][0]["path"], json!(["input", "externalIds", "0", "value"]));
    assert_eq!(app.count("SELECT count(*) FROM worker").await, 0);
}

#[tokio::test]
async fn industries_occupations_and_divisions_are_checked() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let competition = json!({
        "title": "竞赛", "divisionCode": "130300", "kind": "SKILL", "level": "MUNICIPAL", "year": 2026,
        "edition": 1, "organizerName": "市总工会",
    });
    let competition = steward.done("competitionCreate", "competition { id }", competition).await;
    let event = |code: &str| {
        json!({
            "competitionId": competition["competition"]["id"], "title": "焊工",
            "competitionClass": "CLASS_I", "format": "INDIVIDUAL", "participantGroup": "EMPLOYEE",
            "occupationCode": code,
        })
    };

    for (code, stored) in [("C3714", "C3714"), ("C37", "C37"), ("C", "C"), ("c371", "C371")] {
        let selection = "employer { industryCode }";
        let made = steward.done("employerCreate", selection, employer("industryCode", code)).await;
        assert_eq!(made["employer"]["industryCode"], stored);
    }
    for (code, rule) in [("D37", "INDUSTRY-02"), ("C3", "INDUSTRY-01"), ("37", "INDUSTRY-01")] {
        refused(&steward, "employerCreate", employer("industryCode", code), "industryCode", rule)
            .await;
    }
    let selection = "competitionEvent { occupationCode }";
    let made = steward.done("competitionEventCreate", selection, event("6-18-02-04")).await;
    assert_eq!(made["competitionEvent"]["occupationCode"], "6-18-02-04");
    for code in ["9-01-01-01", "6-18-02", "6180204"] {
        let rule = "OCCUPATION-01";
        refused(&steward, "competitionEventCreate", event(code), "occupationCode", rule).await;
    }
    // A county of the past still names where a record was filed.
    let past = "worker { divisionCode division { name validTo successorCode successor { name } } }";
    let past = steward.done("workerCreate", past, worker("divisionCode", "130323")).await;
    assert_eq!(past["worker"]["divisionCode"], "130323");
    assert_eq!(past["worker"]["division"]["successorCode"], "130306");
    assert!(past["worker"]["division"]["validTo"].is_string());
    for (code, rule) in
        [("13030", "DIVISION-01"), ("13030A", "DIVISION-01"), ("000000", "DIVISION-02")]
    {
        refused(&steward, "workerCreate", worker("divisionCode", code), "divisionCode", rule).await;
    }
}

#[tokio::test]
async fn every_bad_field_is_told_at_once() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let input = json!({
        "name": "", "divisionCode": "1", "idNumber": "130399185006150192", "phone": "1541234567",
        "ethnicityCode": "1", "educationCode": "学士", "politicalStatusCode": "130",
    });
    let payload = steward.mutate("workerCreate", "worker { id }", input).await;
    let batch = json!({ "errorPolicy": "SKIP_FAILED", "items": [
        { "externalId": { "source": "hrss", "value": "1" }, "name": "王芳", "divisionCode": "130302" },
        { "externalId": { "source": "hrss", "value": "2" }, "name": "", "phone": "1" },
    ] });
    let selection = "results { worker { name } userErrors { path rule } }";
    let batch = steward.mutate("workerUpsertBatch", selection, batch).await;

    assert_eq!(payload["worker"], Value::Null);
    let mut told: Vec<(String, String)> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (text(&it["path"][1]), text(&it["rule"])))
        .collect();
    told.sort();
    let expected = [
        ("divisionCode", "DIVISION-01"),
        ("educationCode", "CODE-01"),
        ("ethnicityCode", "CODE-01"),
        ("idNumber", "ID-02"),
        ("name", "NAME-02"),
        ("phone", "PHONE-01"),
        ("politicalStatusCode", "CODE-01"),
    ];
    let told: Vec<(&str, &str)> = told.iter().map(|(path, rule)| (&**path, &**rule)).collect();
    assert_eq!(told, expected);
    assert_eq!(batch["results"][0], json!({ "worker": { "name": "王芳" }, "userErrors": [] }));
    let paths = each(&batch["results"][1]["userErrors"], "path");
    assert_eq!(
        paths,
        [json!(["input", "items", "1", "name"]), json!(["input", "items", "1", "phone"])]
    );
}
