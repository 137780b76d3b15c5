//! Characters that text may not hold, wherever it comes from and whatever the database.

use serde_json::{Value, json};

use crate::{
    support::{TestApp, codes, refusals},
    wire::{bearer, body_of},
};

/// Operations with a place for text, the text's type, and what becomes of a NUL there.
const PLACES: &[(&str, &str, &str)] = &[
    ("String", "{ it: workers(where: { name: { eq: $v } }) { nodes { id } } }", "BAD_USER_INPUT"),
    ("String", "{ it: workers(where: { name: { in: [$v] } }) { nodes { id } } }", "BAD_USER_INPUT"),
    (
        "String",
        "{ it: workers(where: { not: { name: { startsWith: $v } } }) { nodes { id } } }",
        "BAD_USER_INPUT",
    ),
    (
        "String",
        "{ it: divisions(where: { name: { contains: $v } }) { nodes { id } } }",
        "BAD_USER_INPUT",
    ),
    (
        "String",
        "{ it: divisions(where: { or: [{ name: { notIn: [$v] } }] }) { nodes { id } } }",
        "BAD_USER_INPUT",
    ),
    (
        "DivisionCode",
        "{ it: divisions(where: { code: { eq: $v } }) { nodes { id } } }",
        "BAD_USER_INPUT",
    ),
    ("DivisionCode", "{ it: division(by: { code: $v }) { id } }", "BAD_USER_INPUT"),
    ("String", "{ it: disputeCase(by: { caseNo: $v }) { id } }", "BAD_USER_INPUT"),
    ("String", "{ it: employer(by: { creditCode: $v }) { id } }", "BAD_USER_INPUT"),
    ("IdNumber", "{ it: worker(by: { idNumber: $v }) { id } }", "BAD_USER_INPUT"),
    (
        "String",
        "{ it: worker(by: { externalId: { source: $v, value: \"1\" } }) { id } }",
        "BAD_USER_INPUT",
    ),
    (
        "String",
        "{ it: worker(by: { externalId: { source: \"hr\", value: $v } }) { id } }",
        "BAD_USER_INPUT",
    ),
    ("ID", "{ it: node(id: $v) { id } }", ""),
    ("ID", "{ it: workers(where: { id: { in: [$v] } }) { nodes { id } } }", "BAD_USER_INPUT"),
    ("String", "{ it: workers(after: $v) { nodes { id } } }", "CURSOR_INVALID"),
    ("String", "{ it: changes(after: $v) { endCursor } }", "CURSOR_INVALID"),
    (
        "PersonName",
        "mutation { it: workerCreate(input: { name: $v, divisionCode: \"130302\" }) \
         { userErrors { code } } }",
        "INVALID_VALUE",
    ),
    (
        "DivisionCode",
        "mutation { it: workerCreate(input: { name: \"王芳\", divisionCode: $v }) \
         { userErrors { code } } }",
        "INVALID_VALUE",
    ),
    (
        "String",
        "mutation { it: workerCreate(input: { name: \"王芳\", divisionCode: \"130302\", \
         externalIds: [{ source: \"hr\", value: $v }] }) { userErrors { code } } }",
        "INVALID_VALUE",
    ),
    (
        "String",
        "mutation { it: workerCreate(input: { name: \"王芳\", divisionCode: \"130302\", \
         idempotencyKey: $v }) { userErrors { code } } }",
        "INVALID_VALUE",
    ),
];

/// The operation with a variable where the text stands.
fn with_variable(ty: &str, operation: &str) -> String {
    let (kind, selection) = match operation.strip_prefix("mutation") {
        Some(selection) => ("mutation", selection),
        None => ("query", operation),
    };
    format!("{kind}($v: {ty}!) {selection}")
}

/// The code of what is wrong; empty when nothing is.
fn outcome(answer: &Value) -> &str {
    let errors = codes(answer);
    errors.first().or(refusals(&answer["data"]["it"]).first()).copied().unwrap_or_default()
}

#[tokio::test]
async fn a_nul_is_no_fault_of_the_house_on_either_database() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    for (ty, operation, code) in PLACES {
        let literal = |text: &str| operation.replace("$v", text);
        let answers = [
            steward.run(&with_variable(ty, operation), json!({ "v": "a\0b" })).await,
            steward.run(&literal(r#""a\u0000b""#), Value::Null).await,
            steward.run(&literal(r#""\u{0}""#), Value::Null).await,
            steward.run(&literal("\"a\0\""), Value::Null).await,
        ];
        for answer in answers {
            assert_eq!(outcome(&answer), *code, "{operation}: {answer}");
        }
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM worker").await, 0);
}

#[tokio::test]
async fn no_other_character_is_a_fault_of_the_house() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let texts = ["", "\u{1}", "\u{7f}\u{85}", "\u{202e}\u{feff}", "\u{ffff}\u{10ffff}", "%_\\'\""];
    for (ty, operation, _) in PLACES {
        for text in texts {
            let answer = steward.run(&with_variable(ty, operation), json!({ "v": text })).await;

            let known = ["", "BAD_USER_INPUT", "CURSOR_INVALID", "INVALID_VALUE"];
            assert!(known.contains(&outcome(&answer)), "{operation}: {answer}");
        }
    }
}

#[tokio::test]
async fn half_a_character_is_no_text() {
    let app = TestApp::new().await;
    let token = bearer(&app.steward().await);
    let send = async |body: String| app.send(body, &[("authorization", &token)]).await;
    for half in [r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\ud83dx"] {
        let document = r#"{ workers(where: { name: { eq: "HALF" } }) { nodes { id } } }"#;
        let in_document = send(body_of(&document.replace("HALF", half))).await;
        let body = r#"{"query":"query($v: String) { __typename }","variables":{"v":"HALF"}}"#;
        let in_variable = send(body.replace("HALF", half)).await;

        let told = (in_document.status, in_document.code());
        assert_eq!(told, (400, "GRAPHQL_PARSE_FAILED".to_owned()), "{half}");
        let told = (in_variable.status, in_variable.code());
        assert_eq!(told, (400, "BAD_REQUEST".to_owned()), "{half}");
    }
    let by_address = app.at("/graphql?query=%7B__typename%7D%ED%A0%80").await;
    assert_eq!((by_address.status, by_address.code().as_str()), (400, "BAD_REQUEST"));
}
