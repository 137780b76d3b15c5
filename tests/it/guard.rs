//! The guard: what it lets through, and what it refuses before anything runs.

use gongtu::guard::{Admitted, Asked, Contract, Guard, Introspection, Limits, Refusal};
use serde_json::{Map, Value};

const SDL: &str = r#"
directive @oneOf on INPUT_OBJECT
directive @tag(name: String!) repeatable on FIELD | VARIABLE_DEFINITION
scalar JSON
interface Node { id: ID! }
type User implements Node { id: ID! name: String! age: Int friends(first: Int, after: String, last: Int): UserConnection! pet: Pet self: User! tags: [Tag!]! b(x: Int): Int }
type Tag { name: String! }
type UserConnection { edges: [UserEdge!]! nodes: [User!]! pageInfo: PageInfo! totalCount: Int! }
type UserEdge { cursor: String! node: User! }
type PageInfo { hasNextPage: Boolean! }
type Dog implements Node { id: ID! nick: String barks: Boolean owner: User }
type Cat implements Node { id: ID! nick: String! owner: User }
union Pet = Dog | Cat
enum Kind { DOG CAT }
input Sub { n: Int! s: String = "d" k: Kind l: [Int!] deep: Sub j: JSON }
input By @oneOf { id: ID name: String }
type Query { hello: String node(id: ID!): Node nodes(ids: [ID!]!): [Node]! user(id: ID): User pet: Pet int(v: Int): Int float(v: Float): Float ints(v: [Int!]): Int sub(v: Sub): Int by(v: By): Int json(v: JSON): JSON str(v: String): Int groups(by: [Kind!]!): [Tag!] }
type Mutation { put(v: Sub!): User }
type Subscription { ticks(n: Int): Int users: User }
"#;

pub fn contract() -> Contract {
    Contract::parse(SDL, |_| None).unwrap()
}

pub fn guard() -> Guard {
    Guard::new(contract(), Limits::default()).unwrap()
}

pub fn admit_with(guard: &Guard, query: &str, variables: &Value) -> Result<Admitted, Refusal> {
    let none = Map::new();
    let variables = variables.as_object().unwrap_or(&none);
    let operation_name =
        query.starts_with("query A ").then_some("A").filter(|_| query.contains("query B"));
    guard.admit(Asked {
        query: Some(query),
        sha256: None,
        operation_name,
        variables,
        introspection: Introspection::Allowed,
    })
}

pub fn admit(guard: &Guard, query: &str) -> Result<Admitted, Refusal> {
    admit_with(guard, query, &Value::Null)
}

pub fn code(judged: Result<Admitted, Refusal>) -> &'static str {
    judged.map_or_else(|it| it.code, |_| "")
}

#[test]
fn a_schema_that_is_closed_to_the_caller_is_not_told() {
    let guard = guard();
    let variables = Map::new();
    for (query, code) in [
        ("{ __schema { types { name } } }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "{ ...F } fragment F on Query { __type(name: \"User\") { name } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("{ __typename hello }", ""),
    ] {
        let introspection = Introspection::Refused;
        let judged = guard.admit(Asked {
            query: Some(query),
            sha256: None,
            operation_name: None,
            variables: &variables,
            introspection,
        });
        assert_eq!(judged.map_or_else(|it| it.code, |_| ""), code, "{query}");
    }
    let unknown = admit(&guard, "{ helo }").unwrap_err();
    assert!(!unknown.faults[0].message.contains("hello"), "{unknown:?}");
}

#[test]
fn a_known_document_costs_a_look_up_and_the_oldest_make_room() {
    let guard =
        Guard::new(contract(), Limits { document_cache_bytes: 100_000, ..Limits::default() })
            .unwrap();
    for number in 0..500 {
        assert_eq!(code(admit(&guard, &format!("{{ user {{ id name age }} }} # {number}"))), "");
    }
    let (bytes, documents) = guard.kept();

    assert!(bytes <= 100_000 && documents > 10, "{bytes} {documents}");
    assert_eq!(code(admit(&guard, "{ nope }")), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(guard.kept(), (bytes, documents));
}

#[test]
fn the_executor_is_given_one_operation_and_one_root_of_a_subscription() {
    let guard = guard();
    let variables = Map::new();
    let asked = |query, name| Asked {
        query: Some(query),
        sha256: None,
        operation_name: name,
        variables: &variables,
        introspection: Introspection::Allowed,
    };

    let two = "query A { ...F } query B { hello } fragment F on Query { hello }";
    let chosen = guard.admit(asked(two, Some("B"))).unwrap();
    assert_eq!(chosen.name(), Some("B"));
    assert_eq!(guard.admit(asked(two, None)).unwrap_err().code, "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(guard.admit(asked(two, Some("C"))).unwrap_err().code, "GRAPHQL_VALIDATION_FAILED");

    let mut merged = guard
        .admit(asked(
            "subscription { users { id } ...F } fragment F on Subscription { users { name } }",
            None,
        ))
        .unwrap()
        .into_request();
    let document = merged.parsed_query().unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    assert_eq!(operation.node.selection_set.node.items.len(), 1);
}
