//! Planned answers are the executor's, byte for byte. An operation that also asks for the `viewer` is
//! left to the executor: so the two can be asked for the same.

use std::collections::BTreeSet;

use apollo_compiler::{
    Node, Schema,
    ast::{FieldDefinition, Type},
    schema::{ExtendedType, ObjectType},
    validation::Valid,
};
use gongtu::{
    guard::{Asked, Introspection},
    kind::Kind,
    policy::Role,
    schema::sdl,
};
use serde_json::{Value, json};

use crate::{
    support::{Client, TestApp, codes, text},
    world::{LISTS, record_field},
};

/// What the viewer's field adds to a document.
const EXECUTED: &str = " viewer { scopes }";

fn contract() -> Valid<Schema> {
    Schema::parse_and_validate(sdl(), "schema.graphql").unwrap()
}

fn is_planned(app: &TestApp, query: &str, variables: &Value) -> bool {
    let asked = Asked {
        query: Some(query),
        sha256: None,
        operation_name: None,
        variables: variables.as_object().unwrap(),
        introspection: Introspection::Allowed,
    };
    app.app.guard().admit(asked).unwrap().plan().is_some()
}

/// Asks for `fields` as they are and beside the viewer; the answers must be one text.
async fn same_either_way(
    app: &TestApp,
    client: &Client,
    head: &str,
    fields: &str,
    variables: Value,
) -> Value {
    let planned = format!("{head}{{ {fields} }}");
    let executed = format!("{head}{{ {fields} {EXECUTED} }}");
    assert!(is_planned(app, &planned, &variables), "not planned: {planned}");
    assert!(!is_planned(app, &executed, &variables), "planned: {executed}");

    let ask =
        async |query: String| client.text(&json!({ "query": query, "variables": variables })).await;
    let (planned_text, executed_text) = (ask(planned).await, ask(executed.clone()).await);

    let end = executed_text.find(r#","viewer":"#).unwrap_or_else(|| panic!("{executed_text}"));
    // What each cost is told behind, and not the same.
    let (planned_data, _) = planned_text.split_once(r#","extensions":"#).unwrap();
    assert_eq!(planned_data, format!("{}}}", &executed_text[..end]), "{}: {executed}", client.name);
    serde_json::from_str(&planned_text).unwrap()
}

/// The fields of an object with all that hangs on it, `depth` records deep, that these scopes open.
fn selection(
    schema: &Schema,
    object: &Node<ObjectType>,
    depth: usize,
    scopes: &[String],
) -> String {
    let fields = object.fields.values().filter_map(|field| field_of(schema, field, depth, scopes));
    format!("{{ __typename {} }}", fields.collect::<Vec<_>>().join(" "))
}

fn field_of(
    schema: &Schema,
    field: &Node<FieldDefinition>,
    depth: usize,
    scopes: &[String],
) -> Option<String> {
    let name = &field.name;
    let required = field.directives.get("requires").map(|it| it.arguments[0].value.to_string());
    if required.is_some_and(|it| !scopes.iter().any(|held| it == format!("\"{held}\""))) {
        return None;
    }
    let Some(object) = schema.get_object(field.ty.inner_named_type()) else {
        return Some(name.to_string());
    };
    let is_record = object.implements_interfaces.iter().any(|it| it == "Node");
    if is_record {
        return (depth > 0)
            .then(|| format!("{name} {}", selection(schema, object, depth - 1, scopes)));
    }
    let Some(nodes) = object.fields.get("nodes") else {
        // A small value, such as an amount.
        return Some(format!("{name} {}", selection(schema, object, 0, scopes)));
    };
    // A page of a log is the executor's.
    if depth == 0 || !object.fields.contains_key("edges") {
        return None;
    }
    let node = schema.get_object(nodes.ty.inner_named_type()).unwrap();
    let node = selection(schema, node, depth - 1, scopes);
    Some(format!(
        "{name}(first: 2) {{ __typename totalCount totalCountIsExact exact: totalCount(exact: true) \
         pageInfo {{ __typename hasNextPage hasPreviousPage startCursor endCursor }} \
         nodes {node} edges {{ __typename cursor node {{ id }} }} }}"
    ))
}

async fn scopes(client: &Client) -> Vec<String> {
    let told = client.data("{ viewer { scopes } }", json!({})).await;
    told["viewer"]["scopes"].as_array().unwrap().iter().map(text).collect()
}

/// Of all kinds the demo has records but of this one: a handler is a client.
async fn assign_and_ask(steward: &Client) {
    let asked = "{ viewer { clientId } disputeCases(first: 1) { nodes { id } } }";
    let told = steward.data(asked, json!({})).await;
    let input = json!({ "caseId": told["disputeCases"]["nodes"][0]["id"],
        "handlerClientId": told["viewer"]["clientId"], "function": "MEDIATOR" });
    steward.done("disputeAssignmentCreate", "disputeAssignment { id }", input).await;
    let told = steward.data("{ workers(first: 1) { nodes { id } } }", json!({})).await;
    let input = json!({ "workerId": told["workers"]["nodes"][0]["id"], "kind": "EXPORT" });
    steward.done("dataSubjectRequestRegister", "dataSubjectRequest { id }", input).await;
}

#[tokio::test]
async fn every_field_of_every_kind_answers_alike_for_every_role() {
    let app = TestApp::demo().await;
    let schema = contract();
    let clients = [
        app.steward().await,
        app.partner().await,
        app.county("130302").await,
        app.client(Role::County, None).await,
        app.public().await,
        app.nobody(),
    ];

    let mut rows = 0;
    for client in &clients {
        let scopes = scopes(client).await;
        for (list, kind) in LISTS {
            let selection = selection(&schema, schema.get_object(kind.name()).unwrap(), 1, &scopes);
            let fields = format!("{list}(first: 7) {{ totalCount nodes {selection} }}");
            let body = same_either_way(&app, client, "", &fields, json!({})).await;
            rows += body["data"][list]["nodes"].as_array().unwrap().len();
        }
    }
    assert!(rows > 24 * 7 * 2, "{rows} rows were compared");
}

#[tokio::test]
async fn a_record_by_its_key_answers_alike_seen_hidden_or_missing() {
    let app = TestApp::demo().await;
    let (steward, county) = (app.steward().await, app.county("130303").await);
    let schema = contract();
    let scopes = scopes(&steward).await;
    assign_and_ask(&steward).await;

    for (list, kind) in LISTS {
        let ids = format!("{{ it: {list}(last: 1) {{ nodes {{ id }} }} }}");
        let ids = steward.data(&ids, json!({})).await;
        let id = text(&ids["it"]["nodes"][0]["id"]);
        let missing = format!("{}0", &id[..id.len() - 1]);
        let (name, one) = (kind.name(), record_field(kind));
        let selection = selection(&schema, schema.get_object(name).unwrap(), 1, &scopes);
        for (client, id) in [(&steward, &id), (&county, &id), (&steward, &missing)] {
            let fields = format!("it: {one}(by: {{ id: $id }}) {selection}");
            same_either_way(&app, client, "query($id: ID!) ", &fields, json!({ "id": id })).await;
        }
    }
}

#[tokio::test]
async fn pages_in_either_direction_and_order_answer_alike() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    let orders = [
        "",
        "orderBy: [{ field: NAME }]",
        "orderBy: [{ field: NAME, direction: DESC }]",
        "orderBy: [{ field: DIVISION_CODE, direction: DESC }, { field: NAME }]",
        "orderBy: [{ field: CREATED_AT }, { field: CREATED_AT, direction: DESC }]",
    ];
    let page = "{ pageInfo { hasNextPage hasPreviousPage startCursor endCursor } \
                edges { cursor node { name division { name } } } \
                totalCount exact: totalCount(exact: true) totalCountIsExact }";

    for order in orders {
        let (mut after, mut before) = (None, None);
        for _ in 0..3 {
            let given = format!("first: 4, after: $at, {order}");
            let fields = format!("it: workers({given}) {page}");
            let at = json!({ "at": after });
            let body = same_either_way(&app, &steward, "query($at: String) ", &fields, at).await;
            after = Some(text(&body["data"]["it"]["pageInfo"]["endCursor"]));

            let given = format!("last: 4, before: $at, {order}");
            let fields = format!("it: workers({given}) {page}");
            let at = json!({ "at": before });
            let body = same_either_way(&app, &steward, "query($at: String) ", &fields, at).await;
            before = Some(text(&body["data"]["it"]["pageInfo"]["startCursor"]));
        }
    }
    // Counts beside the columns of one table, with cursors and without; of one division, of another's, of nothing.
    let counts = "totalCount exact: totalCount(exact: true)";
    for division in ["null", "{ eq: \"130303\" }", "{ eq: \"110000\" }"] {
        for edges in ["", "edges { cursor }"] {
            for name in ["null", "{ eq: \"nobody\" }"] {
                let filter = format!("where: {{ divisionCode: {division}, name: {name} }}");
                let given = format!("first: 2, orderBy: [{{ field: NAME }}], {filter}");
                let fields = format!("it: workers({given}) {{ nodes {{ sex }} {edges} {counts} }}");
                let body = same_either_way(&app, &steward, "", &fields, json!({})).await;
                let it = &body["data"]["it"];
                assert_eq!(it["nodes"] == json!([]), it["exact"] == 0, "{fields}");
            }
        }
    }
    // One goes on where the other stopped.
    let first = "it: workers(first: 2) { pageInfo { endCursor } }";
    let body = same_either_way(&app, &steward, "", first, json!({})).await;
    let at = json!({ "at": body["data"]["it"]["pageInfo"]["endCursor"] });
    let query = format!(
        "query($at: String) {{ workers(first: 2, after: $at) {{ nodes {{ id }} }} {EXECUTED} }}"
    );
    assert_eq!(steward.data(&query, at).await["workers"]["nodes"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn fragments_aliases_and_conditions_answer_alike() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    let fields = "a: workers(first: 3) { ...Page } b: workers(first: 2, where: $where) { ...Page } \
                  a: workers(first: 3) { nodes { version } } __typename kind: __typename \
                  c: employers(first: 2) { nodes { ... on Node { id } ... on Employer { n: name n: name } \
                  workers(first: 2, orderBy: $order) { nodes { employer { id parent { id } } } } \
                  again: workers(first: 1) { edges { node { employer { name } } } } } }";
    let head = "fragment Page on WorkerConnection { nodes { ...Who @include(if: $who) \
                ... @skip(if: $who) { sex } } totalCount @skip(if: $who) } \
                fragment Who on Worker { name ...Deep } \
                fragment Deep on Node { ... on Worker { birthOn phone { value } phone { isMasked } } } \
                query($who: Boolean = true, $where: WorkerWhere, $order: [WorkerOrder!]) ";

    for variables in [
        json!({}),
        json!({ "who": false }),
        json!({ "who": true, "where": { "sex": { "in": ["FEMALE"] } } }),
        json!({ "order": [{ "field": "NAME" }], "where": null }),
        json!({ "where": { "or": [], "archived": "INCLUDE" } }),
    ] {
        same_either_way(&app, &steward, head, fields, variables).await;
    }
}

#[tokio::test]
async fn every_group_by_every_field_answers_alike() {
    let app = TestApp::demo().await;
    let schema = contract();
    let groups = schema.get_object("Query").unwrap().fields.values();
    let groups: Vec<_> = groups.filter(|it| it.name.ends_with("Groups")).collect();

    let (mut asked, mut counted) = (0, 0);
    for client in [app.steward().await, app.county("130302").await] {
        let scopes = scopes(&client).await;
        for field in &groups {
            let by = field.argument_by_name("by").unwrap().ty.inner_named_type();
            let by: Vec<_> =
                schema.get_enum(by).unwrap().values.keys().map(ToString::to_string).collect();
            let group = schema.get_object(field.ty.inner_named_type()).unwrap();
            let requires = group.directives.get("requires").unwrap().arguments[0].value.to_string();
            if !scopes.iter().any(|held| requires == format!("\"{held}\"")) {
                continue;
            }
            let selection = selection(&schema, group, 0, &scopes);
            let all = by.chunks(3).map(|it| it.join(" "));
            let name = &field.name;
            let fields = by.iter().cloned().chain(all).enumerate().map(|(place, by)| {
                format!(
                    "it{place}: {name}(where: {{ archived: INCLUDE }}, by: [{by}]) {selection} "
                )
            });
            for fields in fields.collect::<Vec<_>>().chunks(9) {
                let body = same_either_way(&app, &client, "", &fields.concat(), json!({})).await;
                for groups in body["data"].as_object().unwrap().values() {
                    let groups = groups.as_array().unwrap_or_else(|| panic!("{body}"));
                    counted += groups.iter().map(|it| it["count"].as_i64().unwrap()).sum::<i64>();
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 500 && counted > 100_000, "{asked} {counted}");
}

#[tokio::test]
async fn a_cursor_is_good_however_the_filter_is_written() {
    let app = TestApp::demo().await;
    let steward = app.steward().await;
    let page = "pageInfo { endCursor } nodes { id }";
    let head = "query($where: WorkerWhere, $after: String)";
    let asked =
        json!({ "sex": { "in": ["FEMALE"] }, "skillRank": { "eq": "SENIOR" }, "employer": null });
    let first = format!("{head}{{ workers(where: $where, first: 3, after: $after) {{ {page} }} }}");
    let told = steward.data(&first, json!({ "where": asked })).await;
    let after = &told["workers"]["pageInfo"]["endCursor"];
    let next = steward.data(&first, json!({ "where": asked, "after": after })).await;

    for (variables, filter) in [
        ("", "{ sex: { in: [FEMALE] }, skillRank: { eq: SENIOR } }"),
        ("", "{ skillRank: { eq: SENIOR }, sex: { in: FEMALE } }"),
        (
            ", $sex: Sex!, $none: [SkillRank!]",
            "{ skillRank: { eq: SENIOR, in: $none }, sex: { in: [$sex] }, employer: null }",
        ),
    ] {
        for beside in ["", EXECUTED] {
            let query = format!(
                "query($after: String{variables}) {{ \
                 workers(where: {filter}, first: 3, after: $after) {{ {page} }} {beside} }}"
            );
            let variables = json!({ "sex": "FEMALE", "after": after });
            let again = steward.data(&query, variables).await;
            assert_eq!(again["workers"], next["workers"], "{query}");
        }
    }
    for other in [
        json!({ "sex": { "in": ["MALE"] }, "skillRank": { "eq": "SENIOR" } }),
        json!({ "sex": { "in": ["FEMALE"] } }),
        json!({ "sex": { "in": ["FEMALE", "MALE"] }, "skillRank": { "eq": "SENIOR" } }),
        json!(null),
    ] {
        let refused = steward.run(&first, json!({ "where": other, "after": after })).await;
        assert_eq!(codes(&refused), ["CURSOR_INVALID"], "{other}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_group_is_said_alike() {
    let app = TestApp::demo().await;
    let clients = [app.county("130302").await, app.public().await];
    let head = "query($by: [WorkerGroupField!]!, $where: WorkerWhere) ";
    let fields = "it: workerGroups(by: $by, where: $where) { count } ok: workerGroups(by: SEX) { sex count }";

    for (variables, code) in [
        (json!({ "by": [] }), "BAD_USER_INPUT"),
        (json!({ "by": ["SEX", "SEX"] }), "BAD_USER_INPUT"),
        (json!({ "by": ["SEX"], "where": { "sex": { "eq": null } } }), "BAD_USER_INPUT"),
    ] {
        for client in &clients {
            let planned = client.run(&format!("{head}{{ {fields} }}"), variables.clone()).await;
            let executed =
                client.run(&format!("{head}{{ {fields} {EXECUTED} }}"), variables.clone()).await;

            assert!(
                !codes(&planned).is_empty() && codes(&planned) == codes(&executed),
                "{planned}"
            );
            if client.name != "public" {
                assert_eq!(codes(&planned), [code], "{planned}");
            }
            assert_eq!(planned["errors"][0]["path"], executed["errors"][0]["path"]);
            assert_eq!(planned["errors"][0]["message"], executed["errors"][0]["message"]);
            assert_eq!(planned["data"]["it"], executed["data"]["it"]);
            assert_eq!(planned["data"]["ok"], executed["data"]["ok"]);
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_argument_is_said_alike() {
    let app = TestApp::demo().await;
    let (steward, partner) = (app.steward().await, app.partner().await);
    let head = "query($n: Int, $at: String, $where: WorkerWhere) ";
    let deep = "it: employers(first: 2) { nodes { name workers(first: $n, after: $at, where: $where) { nodes { id } } } }";
    let root = "it: workers(first: $n, after: $at, where: $where) { nodes { id } }";

    for (fields, variables, code) in [
        (root, json!({ "n": 101 }), "BAD_USER_INPUT"),
        (root, json!({ "n": -1 }), "BAD_USER_INPUT"),
        (root, json!({ "at": "AAAA" }), "CURSOR_INVALID"),
        (root, json!({ "where": { "sex": { "eq": null } } }), "BAD_USER_INPUT"),
        (root, json!({ "where": { "name": { "eq": "\u{0}" } } }), "BAD_USER_INPUT"),
        (deep, json!({ "n": 101 }), "BAD_USER_INPUT"),
        (deep, json!({ "at": "AAAA" }), "CURSOR_INVALID"),
        (deep, json!({ "where": { "name": { "startsWith": null } } }), "BAD_USER_INPUT"),
    ] {
        let planned = steward.run(&format!("{head}{{ {fields} }}"), variables.clone()).await;
        let executed = steward.run(&format!("{head}{{ {fields} {EXECUTED} }}"), variables).await;

        assert_eq!(codes(&planned)[0], code, "{planned}");
        assert_eq!(codes(&planned), codes(&executed));
        assert_eq!(planned["errors"][0]["path"], executed["errors"][0]["path"]);
        assert_eq!(planned["data"]["it"], executed["data"]["it"]);
    }
    let by_number = "{ worker(by: { idNumber: \"130399199001010023\" }) { id } }";
    assert_eq!(codes(&partner.run(by_number, json!({})).await), ["FORBIDDEN"]);
}

#[tokio::test]
async fn what_is_not_planned_is_known() {
    let app = TestApp::new().await;
    let schema = contract();
    let query = schema.get_object("Query").unwrap();
    let planned = |field: &Node<FieldDefinition>| {
        let given: Vec<String> = field
            .arguments
            .iter()
            .filter(|it| it.is_required())
            .map(|it| format!("{}: ${0}", it.name))
            .collect();
        let variables: Vec<String> = field
            .arguments
            .iter()
            .filter(|it| it.is_required())
            .map(|it| format!("${}: {}", it.name, it.ty))
            .collect();
        let list = |it: &[String]| {
            if it.is_empty() { String::new() } else { format!("({})", it.join(", ")) }
        };
        let selection = if schema.get_object(field.ty.inner_named_type()).is_some()
            || matches!(
                schema.types.get(field.ty.inner_named_type()),
                Some(ExtendedType::Interface(_))
            ) {
            "{ __typename }"
        } else {
            ""
        };
        let query =
            format!("query{} {{ {}{} {selection} }}", list(&variables), field.name, list(&given));
        let values = field.arguments.iter().filter(|it| it.is_required());
        let values = values
            .map(|it| (it.name.to_string(), example(&it.ty)))
            .collect::<serde_json::Map<_, _>>();
        is_planned(&app, &query, &Value::Object(values))
    };

    let executed: BTreeSet<&str> =
        query.fields.values().filter(|it| !planned(it)).map(|it| it.name.as_str()).collect();

    let logs = ["auditCheckpoints", "auditEntries", "changeCursor", "changes"];
    let few = ["client", "clients", "figures", "node", "nodes", "viewer", "workerExport"];
    let known = logs.into_iter().chain(few);
    assert_eq!(executed, known.collect());
    let groups = query.fields.keys().filter(|it| it.ends_with("Groups")).count();
    assert_eq!(groups, 63);
    assert_eq!(query.fields.len() - executed.len(), 2 * (Kind::ALL.len() - 1) + groups);
}

/// A value for a required argument.
fn example(ty: &Type) -> Value {
    match ty.inner_named_type().as_str() {
        _ if ty.is_list() => json!([]),
        "ID" => json!("worker_01h455vb4pex5vsknk084sn02q"),
        _ => json!({ "id": "worker_01h455vb4pex5vsknk084sn02q" }),
    }
}
