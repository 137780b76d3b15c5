//! Which documents and variables the guard lets through: the rules of the specification.

use serde_json::{Value, json};

use crate::guard::{admit, admit_with, code, guard};

/// As graphql-js 16.15 judges them.
#[test]
fn documents_are_judged_as_the_reference_implementation_judges_them() {
    let guard = guard();
    for (valid, query) in [
        // Syntax.
        (true, "{ hello }"),
        (true, "\u{FEFF}{ hello }"),
        (true, "{hello,hello,,}"),
        (true, "{ hello # c\r}"),
        (true, "query query { hello }"),
        (true, "\"about\" query A(\"v\" $v: Int) { int(v: $v) }"),
        (false, "\"about\" { hello }"),
        (false, ""),
        (false, "{ }"),
        (false, "{ hello"),
        (false, "{ hello() }"),
        (false, "query() { hello }"),
        (false, "{ ...on }"),
        (false, "fragment on on Query { hello } { hello }"),
        (false, "{ hello\u{a0}}"),
        (false, "{ h\u{e9}llo }"),
        (false, "{ int(v: 01) }"),
        (false, "{ int(v: 1a) }"),
        (false, "{ float(v: 1.) }"),
        (false, "type X { a: Int } { hello }"),
        (false, "{ hello } extend type Query { x: Int }"),
        // Strings.
        (true, r#"{ str(v: "\u0041\n\/") }"#),
        (true, r#"{ str(v: "\uD83D\uDE00") }"#),
        (true, r#"{ str(v: "\u{1F600}") }"#),
        (false, r#"{ str(v: "\uD83D") }"#),
        (false, r#"{ str(v: "\uDE00\uD83D") }"#),
        (false, r#"{ str(v: "\u{110000}") }"#),
        (false, r#"{ str(v: "\u{000000041}") }"#),
        (false, r#"{ str(v: "\x41") }"#),
        (true, "{ str(v: \"\"\"a\n\\\"\"\" b\"\"\") }"),
        (false, "{ str(v: \"a\nb\") }"),
        (false, "{ str(v: 'a') }"),
        (true, "{ str(v: \"\u{1}\") }"),
        // Whether a text may hold it is for those to say who store it.
        (true, r#"{ str(v: "\u0000") }"#),
        // Fields and fragments.
        (false, "{ nope }"),
        (false, "{ user }"),
        (false, "{ hello { x } }"),
        (true, "{ user { __typename } }"),
        (false, "{ user { __schema { types { name } } } }"),
        (false, "{ ...F }"),
        (false, "{ hello } fragment F on Query { hello }"),
        (false, "{ ...F } fragment F on Query { ...F }"),
        (false, "{ user { ...F } } fragment F on User { self { ...F } }"),
        (false, "{ ...F } fragment F on Nope { hello }"),
        (false, "{ ...F } fragment F on Kind { hello }"),
        (false, "{ pet { ... on User { id } } }"),
        (true, "{ pet { ... on Node { id } } }"),
        (true, "{ user { ... @include(if: true) { id } } }"),
        (false, "{ ...F } fragment F on Query { hello } fragment F on Query { hello }"),
        (false, "{ hello } { hello }"),
        (false, "query A { hello } query A { hello }"),
        // Fields that must be one.
        (false, "{ user { a: id a: name } }"),
        (true, "{ user { a: id a: id } }"),
        (false, "{ user { b(x: 1) b(x: 2) } }"),
        (false, "{ user { b b(x: 1) } }"),
        (true, "{ pet { ... on Dog { x: id } ... on Cat { x: id } } }"),
        (false, "{ pet { ... on Dog { x: nick } ... on Cat { x: nick } } }"),
        (true, "{ pet { ... on Dog { owner { x: age } } ... on Cat { owner { x: age } } } }"),
        (false, "{ pet { ... on Dog { owner { x: age } } ... on Cat { owner { x: name } } } }"),
        (true, "{ sub(v: {n: 1, s: \"a\"}) sub(v: {s: \"a\", n: 1}) }"),
        (false, "{ ints(v: [1, 2]) ints(v: [2, 1]) }"),
        // Values.
        (true, "{ int(v: 2147483647) }"),
        (false, "{ int(v: 2147483648) }"),
        (false, "{ int(v: 1.0) }"),
        (false, "{ int(v: \"1\") }"),
        (true, "{ float(v: 1) }"),
        (true, "{ node(id: 4) { id } }"),
        (false, "{ node(id: 4.5) { id } }"),
        (true, "{ ints(v: 1) }"),
        (false, "{ ints(v: [null]) }"),
        (true, "{ ints(v: null) }"),
        (false, "{ node { id } }"),
        (false, "{ node(id: null) { id } }"),
        (true, "{ sub(v: {n: 1, k: DOG}) }"),
        (false, "{ sub(v: {n: 1, k: \"DOG\"}) }"),
        (false, "{ sub(v: {n: 1, k: COW}) }"),
        (false, "{ sub(v: {}) }"),
        (false, "{ sub(v: {n: 1, z: 1}) }"),
        (false, "{ sub(v: {n: 1, n: 2}) }"),
        (true, "{ json(v: {a: [1, null, {b: X}]}) }"),
        (false, "{ int(v: 1, v: 2) }"),
        (false, "{ int(w: 1) }"),
        (true, "{ by(v: {id: 1}) }"),
        (false, "{ by(v: {}) }"),
        (false, "{ by(v: {id: 1, name: \"a\"}) }"),
        (false, "{ by(v: {id: null}) }"),
        (false, "query($v: By = {}) { by(v: $v) }"),
        // Variables.
        (false, "{ int(v: $v) }"),
        (false, "query($v: Int) { hello }"),
        (false, "query($v: Int, $v: Int) { int(v: $v) }"),
        (false, "query($v: User) { hello }"),
        (false, "query($v: String) { int(v: $v) }"),
        (false, "query($v: Int) { ints(v: [$v]) }"),
        (true, "query($v: Int! = 1) { ints(v: [$v]) }"),
        (false, "query($v: Int) { sub(v: {n: $v}) }"),
        (true, "query($v: Int = 1) { sub(v: {n: $v}) }"),
        (true, "query($v: Int) { json(v: {a: $v}) }"),
        (false, "query($v: ID) { by(v: {id: $v}) }"),
        (true, "query($v: Int) { ...F } fragment F on Query { int(v: $v) }"),
        (false, "query($v: String) { ...F } fragment F on Query { int(v: $v) }"),
        (false, "query($v: Int = $v) { int(v: $v) }"),
        (false, "query($v: Int = \"x\") { int(v: $v) }"),
        // Directives.
        (false, "{ hello @nope }"),
        (false, "{ hello @skip }"),
        (false, "{ hello @skip(if: true) @skip(if: true) }"),
        (true, "{ hello @skip(if: true) @include(if: true) }"),
        (false, "{ hello @deprecated }"),
        (true, "{ hello @tag(name: \"a\") @tag(name: \"b\") }"),
        (false, "query @skip(if: true) { hello }"),
        (false, "query($v: Int @tag(name: 1)) { int(v: $v) }"),
        (true, "query($v: Boolean = true) { hello @skip(if: $v) }"),
        (false, "query($v: Boolean) { hello @skip(if: $v) }"),
        // Subscriptions.
        (true, "subscription { ticks }"),
        (true, "subscription { ticks ticks }"),
        (false, "subscription { a: ticks b: ticks }"),
        (false, "subscription { ticks users { id } }"),
        (false, "subscription { ...F } fragment F on Subscription { ticks users { id } }"),
        (false, "subscription { __typename }"),
        (true, "subscription { ticks users @skip(if: true) { id } }"),
        (false, "subscription($v: Boolean!) { ticks @include(if: $v) }"),
        // Introspection.
        (true, "{ __type(name: \"By\") { isOneOf fields { name type { fields { name } } } } }"),
        (
            false,
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        ),
    ] {
        let variables = json!({ "v": true });
        let judged = admit_with(
            &guard,
            query,
            if query.contains("Boolean!") { &variables } else { &Value::Null },
        );
        assert_eq!(judged.is_ok(), valid, "{query}: {judged:?}");
    }
}

#[test]
fn variables_are_coerced_by_their_types() {
    let guard = guard();
    for (valid, ty, field, value) in [
        (true, "Int", "int", json!(2.0)),
        (false, "Int", "int", json!(2.5)),
        (false, "Int", "int", json!(2_147_483_648_i64)),
        (false, "Int", "int", json!("1")),
        (true, "Int", "int", Value::Null),
        (false, "Int!", "int", Value::Null),
        (true, "Float", "float", json!(9_007_199_254_740_993_i64)),
        (true, "String", "str", json!("a")),
        (false, "String", "str", json!(1)),
        (true, "[Int!]", "ints", json!(1)),
        (true, "[Int!]", "ints", json!([1, 2])),
        (false, "[Int!]", "ints", json!([null])),
        (false, "[Int!]", "ints", json!([[1]])),
        (true, "Sub", "sub", json!({ "n": 1, "k": "DOG", "j": [{ "a": null }] })),
        (false, "Sub", "sub", json!({ "k": "DOG" })),
        (false, "Sub", "sub", json!({ "n": 1, "k": "COW" })),
        (false, "Sub", "sub", json!({ "n": 1, "z": 1 })),
        (false, "Sub", "sub", json!({ "n": null })),
        (false, "Sub", "sub", json!([{ "n": 1 }])),
        (true, "By", "by", json!({ "id": 1 })),
        (false, "By", "by", json!({})),
        (false, "By", "by", json!({ "id": "a", "name": "b" })),
        (false, "By", "by", json!({ "id": null })),
        (true, "JSON", "json", json!({ "a": [1] })),
    ] {
        let query = format!("query($v: {ty}) {{ {field}(v: $v) }}");
        let expected = if valid { "" } else { "BAD_USER_INPUT" };
        assert_eq!(
            code(admit_with(&guard, &query, &json!({ "v": value }))),
            expected,
            "{ty} {value}"
        );
    }
    assert_eq!(code(admit(&guard, "query($v: Int!) { int(v: $v) }")), "BAD_USER_INPUT");

    let secret =
        admit_with(&guard, "query($v: Int) { int(v: $v) }", &json!({ "v": "130391199001011234" }))
            .unwrap_err();
    assert_eq!(secret.faults[0].message, "The value of \"$v\" is not a value of Int.");
}
