//! How much of everything the guard lets through, and what it costs to say no.

use std::time::Instant;

use gongtu::guard::{Guard, Limits};
use serde_json::{Value, json};

use crate::guard::{admit, admit_with, code, contract, guard};

/// Judges a document at a limit and one beyond it.
#[track_caller]
fn at_the_limit(name: &str, limit: usize, document: impl Fn(usize) -> String) {
    let guard = guard();
    let at = admit(&guard, &document(limit));
    assert!(at.is_ok(), "{name} at {limit}: {at:?}");
    let over = admit(&guard, &document(limit + 1)).expect_err(name);
    assert_eq!(over.code, "DOCUMENT_TOO_COMPLEX", "{name}");
    let told = &over.faults[0].message;
    assert!(told.ends_with(&format!("the limit is {limit}.")), "{name}: {told}");
    assert!(told.contains(&(limit + 1).to_string()), "{name}: {told}");
    assert!(over.faults[0].message_zh.contains(&format!("上限为 {limit}")), "{name}");
}

#[test]
fn every_limit_is_exact() {
    let limits = Limits::default();
    at_the_limit("bytes", limits.document_bytes, |size| {
        format!("{{ hello }} #{}", "x".repeat(size - 11))
    });
    at_the_limit("tokens", limits.tokens, |count| {
        format!("{{ ints(v: [{}]) }}", "1 ".repeat(count - 9))
    });
    at_the_limit("brackets", limits.brackets, |count| {
        format!("{{ json(v: {}{}) }}", "[".repeat(count - 2), "]".repeat(count - 2))
    });
    at_the_limit("operations", limits.operations, |count| {
        let more = (1..count).map(|it| format!("query B{it} {{ hello }} "));
        format!("query A {{ hello }} {}", more.collect::<String>())
    });
    at_the_limit("depth", 12, |depth| {
        format!("{{ user {{ {} id {} }} }}", "self {".repeat(depth - 2), "}".repeat(depth - 2))
    });
    at_the_limit("depth by fragments", 12, |depth| {
        let chain = (2..depth - 1)
            .map(|it| format!("fragment F{it} on User {{ self {{ ...F{} }} }} ", it + 1))
            .collect::<String>();
        format!(
            "{{ user {{ ...F2 }} }} {chain} fragment F{} on User {{ self {{ id }} }}",
            depth - 1
        )
    });
    at_the_limit("fields", 2_000, |count| format!("{{ user {{ {} }} }}", "id ".repeat(count - 1)));
    at_the_limit("fields by fragments", 2_000, |count| {
        // 1 + 19 × 100 + the rest.
        let rest = count - 1 - 19 * 100;
        format!(
            "{{ user {{ {} {} }} }} fragment F on User {{ {} }}",
            "...F ".repeat(19),
            "id ".repeat(rest),
            "name ".repeat(100)
        )
    });
    at_the_limit("aliases", 50, |count| {
        format!(
            "{{ user {{ {} }} }}",
            (0..count).map(|it| format!("a{it}: id ")).collect::<String>()
        )
    });
    at_the_limit("aliases by fragments", 50, |count| {
        let rest: String = (0..count - 48).map(|it| format!("b{it}: id ")).collect();
        format!(
            "{{ user {{ {} self {{ {rest} }} }} }} fragment F on User {{ a: id b: id }}",
            "...F ".repeat(24)
        )
    });
    at_the_limit("root fields", 20, |count| format!("{{ {} }}", "hello ".repeat(count)));
    at_the_limit("fragment uses", 2_000, |count| {
        let nested =
            |levels: usize| format!("{} id {}", "... {".repeat(levels), "}".repeat(levels));
        format!(
            "{{ user {{ {} {} }} }}",
            nested(10).repeat(count / 10 - 1),
            nested(count % 10 + 10)
        )
    });
    at_the_limit("directives", 50, |count| {
        format!("{{ user {{ {} }} }}", "id @skip(if: true) ".repeat(count))
    });
    at_the_limit("directives on a node", 4, |count| {
        format!("{{ hello {} }}", "@tag(name: \"a\") ".repeat(count))
    });
    at_the_limit("introspection fields", 500, |count| {
        format!("{{ __schema {{ queryType {{ {} }} }} }}", "name ".repeat(count - 2))
    });
    at_the_limit("introspection depth", 20, |depth| {
        format!(
            "{{ __type(name: \"A\") {{ {} name {} }} }}",
            "ofType {".repeat(depth - 2),
            "}".repeat(depth - 2)
        )
    });
}

#[test]
fn cost_is_the_product_of_the_pages_that_are_asked_for() {
    let guard = guard();
    let cost = |query: &str, variables: Value| {
        admit_with(&guard, query, &variables).map(|it| it.cost()).map_err(|it| it.code)
    };

    // A user, her name and the page's wrapping: 1.1 points each, and the connection itself.
    assert_eq!(cost("{ user { id } }", Value::Null), Ok(2));
    assert_eq!(cost("{ user { friends(first: 100) { nodes { id } } } }", Value::Null), Ok(121));
    assert_eq!(cost("{ user { friends { nodes { id } } } }", Value::Null), Ok(25));
    let paged = "query($n: Int) { user { friends(first: $n) { nodes { id } } } }";
    assert_eq!(cost(paged, json!({ "n": 50 })), Ok(61));
    assert_eq!(cost(paged, json!({})), Ok(25));
    assert_eq!(cost(paged, json!({ "n": 1_000_000 })), Ok(121));
    assert_eq!(cost(paged, json!({ "n": -5 })), Ok(3));
    assert_eq!(
        cost(
            "query($n: Int = 50) { user { friends(last: $n) { edges { node { id } } } } }",
            json!({})
        ),
        Ok(66)
    );
    assert_eq!(
        cost("query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": ["a", "b", "c"] })),
        Ok(4)
    );
    assert_eq!(cost("{ user { tags { name } } }", Value::Null), Ok(12));
    // Groups cost the same however many there are, and by however many fields.
    assert_eq!(cost("{ groups(by: DOG) { name } }", Value::Null), Ok(101));
    let groups = "query($by: [Kind!]!) { a: groups(by: $by) { name } b: groups(by: $by) { name } }";
    assert_eq!(cost(groups, json!({ "by": ["DOG", "CAT", "DOG"] })), Ok(201));
    assert_eq!(cost("{ __schema { types { name fields { name } } } }", Value::Null), Ok(1));

    let nested = "query($n: Int!) { user { friends(first: 100) { nodes { friends(first: $n) { nodes { id } } } } } }";
    assert_eq!(cost(nested, json!({ "n": 82 })), Ok(9_951));
    assert_eq!(cost(nested, json!({ "n": 83 })), Err("DOCUMENT_TOO_COMPLEX"));
    for (limit, code) in [(9_951, None), (9_950, Some("DOCUMENT_TOO_COMPLEX"))] {
        let guard = Guard::new(contract(), Limits { cost: limit, ..Limits::default() }).unwrap();
        assert_eq!(admit_with(&guard, nested, &json!({ "n": 82 })).err().map(|it| it.code), code);
    }
    let shared = "{ user { ...A } } fragment A on User { friends(first: 100) { ...B } } fragment B on UserConnection { nodes { friends(first: 100) { nodes { id } } } }";
    assert_eq!(cost(shared, Value::Null), Err("DOCUMENT_TOO_COMPLEX"));
}

#[test]
fn variables_are_bounded_in_length_and_depth() {
    let guard = guard();
    let list = |count: usize| json!({ "v": vec![1; count] });
    let nested = |levels: usize| (1..levels).fold(json!([]), |inner, _| json!([inner]));
    let (ints, any) = ("query($v: [Int!]) { ints(v: $v) }", "query($v: JSON) { json(v: $v) }");

    assert_eq!(code(admit_with(&guard, ints, &list(1_000))), "");
    assert_eq!(code(admit_with(&guard, ints, &list(1_001))), "DOCUMENT_TOO_COMPLEX");
    assert_eq!(code(admit_with(&guard, any, &json!({ "v": nested(64) }))), "");
    assert_eq!(code(admit_with(&guard, any, &json!({ "v": nested(65) }))), "DOCUMENT_TOO_COMPLEX");
}

#[test]
fn hostile_documents_are_refused_before_they_cost_anything() {
    let guard = guard();
    let chain = |count: usize, spreads: usize| {
        let links = (0..count).map(|it| {
            let next = if it + 1 < count {
                format!("...F{} ", it + 1).repeat(spreads)
            } else {
                "id".into()
            };
            format!("fragment F{it} on User {{ {next} }} ")
        });
        format!("{{ user {{ ...F0 }} }} {}", links.collect::<String>())
    };
    for (name, document) in [
        ("two spreads on 60 levels", chain(60, 2)),
        ("ten spreads on 10 levels", chain(10, 10)),
        ("a thousand spreads on 5 levels", chain(5, 1_000)),
        ("a chain of 900", chain(900, 2)),
        ("a cycle of 900", chain(900, 1).replace("{ id }", "{ ...F0 }")),
        ("aliases", format!("{{ {} }}", (0..3_300).map(|it| format!("a{it}: hello ")).collect::<String>())),
        ("deep selections", format!("{}{}", "{ self ".repeat(5_000), "}".repeat(5_000))),
        ("deep values", format!("{{ json(v: {}{}) }}", "[".repeat(30_000), "]".repeat(30_000))),
        ("deep types", format!("query($v: {}Int{}) {{ hello }}", "[".repeat(4_000), "]".repeat(4_000))),
        ("directives", format!("{{ hello {} }}", "@tag(name: \"a\") ".repeat(1_600))),
        ("operations", (0..1_600).map(|it| format!("query A{it} {{ hello }} ")).collect()),
        ("a megabyte", "{".repeat(1 << 20)),
        ("pages in pages", "{ user { friends(first: 100) { nodes { friends(first: 100) { nodes { friends(first: 100) { nodes { id } } } } } } } }".into()),
    ] {
        let started = Instant::now();
        let judged = admit(&guard, &document);
        let took = started.elapsed();

        assert_eq!(code(judged), "DOCUMENT_TOO_COMPLEX", "{name}");
        // Generous: builds for tests are slow, and so are machines that do other things.
        assert!(took.as_millis() < 200, "{name}: {took:?}");
    }
}
