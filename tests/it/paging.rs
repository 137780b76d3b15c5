//! Connections: pages, cursors, counts, lists in lists.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::support::{Client, TestApp, codes, each, text};

/// A key of an order, as records show it.
fn key(node: &Value, field: &str) -> Value {
    match &node[field] {
        Value::Object(money) => json!(money["fen"].as_str().unwrap().parse::<i64>().unwrap()),
        Value::String(text) if field.ends_with("At") => {
            json!(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros())
        }
        it => it.clone(),
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().unwrap().cmp(b.as_str().unwrap()),
    }
}

/// One list of one type, in one order.
struct Walk<'a> {
    client: &'a Client,
    list: &'a str,
    order_type: &'a str,
    /// The order field, the field that shows it, and whether it descends.
    order: Vec<(&'a str, &'a str, bool)>,
    filter: &'a str,
}

impl Walk<'_> {
    async fn page(&self, arguments: Value) -> Value {
        let fields: Vec<_> = self
            .order
            .iter()
            .map(|(_, field, _)| match *field {
                "claimed" | "paid" => format!("{field} {{ fen }}"),
                field => field.to_owned(),
            })
            .collect();
        let query = format!(
            "query($order: [{}!], $first: Int, $after: String, $last: Int, $before: String) {{ \
             it: {}(orderBy: $order, first: $first, after: $after, last: $last, before: $before{}) {{ \
             nodes {{ id {} }} edges {{ cursor node {{ id }} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}",
            self.order_type,
            self.list,
            self.filter,
            fields.join(" "),
        );
        let direction = |descends| if descends { "DESC" } else { "ASC" };
        let order: Vec<_> = self
            .order
            .iter()
            .map(
                |(field, _, descends)| json!({ "field": field, "direction": direction(*descends) }),
            )
            .collect();
        let mut variables = arguments;
        variables["order"] = json!(order);
        let page = self.client.data(&query, variables).await["it"].clone();
        assert_eq!(each(&page["nodes"], "id"), {
            let nodes = each(&page["edges"], "node");
            nodes.iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
        });
        let cursors = each(&page["edges"], "cursor");
        assert_eq!(page["pageInfo"]["startCursor"], cursors.first().cloned().unwrap_or_default());
        assert_eq!(page["pageInfo"]["endCursor"], cursors.last().cloned().unwrap_or_default());
        page
    }

    /// What the order makes of the whole list.
    fn sorted(&self, nodes: &Value) -> Vec<Value> {
        let mut nodes = nodes.as_array().unwrap().clone();
        nodes.sort_by(|a, b| {
            for (_, field, descends) in &self.order {
                let it = compare(&key(a, field), &key(b, field));
                if it != Ordering::Equal {
                    return if *descends { it.reverse() } else { it };
                }
            }
            let it = compare(&a["id"], &b["id"]);
            if self.order.last().is_some_and(|it| it.2) { it.reverse() } else { it }
        });
        each(&json!(nodes), "id")
    }

    /// Reads the list whole, from the front in pages and from the back in pages: always the same.
    async fn agrees(&self, size: usize, expected: usize) {
        let whole = self.page(json!({ "first": 100 })).await;
        let ids = each(&whole["nodes"], "id");
        assert_eq!(ids.len(), expected, "{} {:?}", self.list, self.order);
        assert_eq!(ids, self.sorted(&whole["nodes"]), "{} {:?}", self.list, self.order);

        let (mut forward, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = self.page(json!({ "first": size, "after": after })).await;
            forward.extend(each(&page["nodes"], "id"));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!after.is_null()));
            assert_eq!(page["pageInfo"]["hasNextPage"], json!(forward.len() < expected));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forward, ids, "{} {:?}", self.list, self.order);

        let (mut backward, mut before) = (Vec::new(), Value::Null);
        loop {
            let page = self.page(json!({ "last": size, "before": before })).await;
            backward.splice(0..0, each(&page["nodes"], "id"));
            assert_eq!(page["pageInfo"]["hasNextPage"], json!(!before.is_null()));
            assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(backward.len() < expected));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backward, ids, "{} {:?}", self.list, self.order);
    }
}

/// Each field both ways, and each two neighbours in opposite ways.
fn orders<'a>(fields: &[(&'a str, &'a str)]) -> Vec<Vec<(&'a str, &'a str, bool)>> {
    let mut orders = vec![vec![]];
    for (place, &(field, shown)) in fields.iter().enumerate() {
        let (other, other_shown) = fields[(place + 1) % fields.len()];
        orders.push(vec![(field, shown, false)]);
        orders.push(vec![(field, shown, true)]);
        orders.push(vec![(field, shown, true), (other, other_shown, false)]);
        orders.push(vec![(field, shown, false), (other, other_shown, true)]);
    }
    orders
}

async fn create_employers(client: &Client, count: usize) -> Vec<String> {
    let items = (0..count).map(|it| {
        let name = ["渤海玻璃厂", "Bohai Glass", "bohai glass", "燕山机械厂"][it % 4];
        let division = ["130302", "130303"][it % 2];
        json!({
            "name": name, "divisionCode": division, "ownershipGroup": "PRIVATE",
            "headcount": it * 7 % 5,
        })
    });
    client.upsert_many("employerUpsertBatch", "employer", items.collect()).await
}

#[tokio::test]
async fn employers_are_met_once_in_every_order_forward_and_backward() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward, 11).await;

    let fields = [
        ("NAME", "name"),
        ("HEADCOUNT", "headcount"),
        ("CREATED_AT", "createdAt"),
        ("UPDATED_AT", "updatedAt"),
    ];
    for order in orders(&fields) {
        let walk = Walk {
            client: &steward,
            list: "employers",
            order_type: "EmployerOrder",
            order,
            filter: "",
        };
        walk.agrees(3, 11).await;
    }
}

#[tokio::test]
async fn pages_of_a_filtered_list_meet_what_the_filter_lets_through() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward, 23).await;

    for order in [vec![], vec![("HEADCOUNT", "headcount", true), ("NAME", "name", false)]] {
        let walk = Walk {
            client: &steward,
            list: "employers",
            order_type: "EmployerOrder",
            order,
            filter: ", where: { divisionCode: { eq: \"130303\" }, headcount: { gte: 1 } }",
        };
        // Odd places, of which 1 in 5 has nobody.
        let expected = (0..23).filter(|it| it % 2 == 1 && it * 7 % 5 > 0).count();
        walk.agrees(2, expected).await;
    }
}

#[tokio::test]
async fn workers_are_met_once_in_every_order_forward_and_backward() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let items = (0..9).map(|it| {
        let name = ["王芳", "张伟", "李娜"][it % 3];
        json!({ "name": name, "divisionCode": (["130302", "130303"][it / 3 % 2]) })
    });
    steward.upsert_many("workerUpsertBatch", "worker", items.collect()).await;

    let fields = [
        ("NAME", "name"),
        ("DIVISION_CODE", "divisionCode"),
        ("CREATED_AT", "createdAt"),
        ("UPDATED_AT", "updatedAt"),
    ];
    for order in orders(&fields) {
        let walk = Walk {
            client: &steward,
            list: "workers",
            order_type: "WorkerOrder",
            order,
            filter: "",
        };
        walk.agrees(4, 9).await;
    }
}

#[tokio::test]
async fn cases_and_recoveries_are_met_once_in_every_order_forward_and_backward() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let items = (0..7).map(|it| {
        json!({
            "caseNo": format!("{}号", it * 3 % 7), "title": (["欠薪", "工伤"][it % 2]),
            "divisionCode": "130302", "ground": "G1", "category": "UNPAID_WAGE",
            "channel": "WALK_IN", "registeredOn": (["2026-03-02", "2026-02-03"][it / 2 % 2]),
            "workerCount": 1 + it % 3,
        })
    });
    let cases = steward.upsert_many("disputeCaseUpsertBatch", "disputeCase", items.collect()).await;
    // More than 32 bits, and more than a double holds.
    let fen = ["9007199254740993", "5", "9007199254740992", "5000000000", "5"];
    for (case, fen) in cases.iter().zip(fen) {
        let input = json!({ "caseId": case, "workerId": worker, "claimedFen": fen });
        steward.done("wageRecoveryClaim", "wageRecovery { id }", input).await;
    }

    let fields = [
        ("CASE_NO", "caseNo"),
        ("TITLE", "title"),
        ("WORKER_COUNT", "workerCount"),
        ("REGISTERED_ON", "registeredOn"),
    ];
    for order in orders(&fields) {
        let walk = Walk {
            client: &steward,
            list: "disputeCases",
            order_type: "DisputeCaseOrder",
            order,
            filter: "",
        };
        walk.agrees(3, 7).await;
    }
    for order in orders(&[("CLAIMED", "claimed"), ("PAID", "paid")]) {
        let walk = Walk {
            client: &steward,
            list: "wageRecoveries",
            order_type: "WageRecoveryOrder",
            order,
            filter: "",
        };
        walk.agrees(2, 5).await;
    }
}

#[tokio::test]
async fn a_page_has_0_to_100_records_and_one_direction() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward, 101).await;
    let query = "query($first: Int, $last: Int) { employers(first: $first, last: $last) { \
                 nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } } }";

    for (page, length, next, previous) in [
        (json!({}), 20, true, false),
        (json!({ "first": 0 }), 0, false, false),
        (json!({ "first": 1 }), 1, true, false),
        (json!({ "first": 100 }), 100, true, false),
        (json!({ "last": 100 }), 100, false, true),
        (json!({ "last": 0 }), 0, false, false),
    ] {
        let list = steward.data(query, page.clone()).await["employers"].clone();
        assert_eq!(list["nodes"].as_array().unwrap().len(), length, "{page}");
        assert_eq!(list["pageInfo"]["hasNextPage"], next, "{page}");
        assert_eq!(list["pageInfo"]["hasPreviousPage"], previous, "{page}");
        assert_eq!(list["pageInfo"]["startCursor"].is_null(), length == 0, "{page}");
    }
    for page in [
        json!({ "first": 101 }),
        json!({ "first": -1 }),
        json!({ "last": 101 }),
        json!({ "last": -1 }),
        json!({ "first": 1, "last": 1 }),
        json!({ "first": i32::MAX }),
    ] {
        let body = steward.run(query, page.clone()).await;
        assert_eq!(codes(&body), ["BAD_USER_INPUT"], "{page}: {body}");
        assert!(body["errors"][0]["extensions"]["messageZh"].is_string());
    }
}

#[tokio::test]
async fn a_cursor_fits_its_own_list_order_and_filter_only() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employers = create_employers(&steward, 5).await;
    steward.create_worker("王芳", "130302").await;
    let nested = format!("it: employer(by: {{ id: \"{}\" }}) {{ workers", employers[0]);
    let cursor = async |list: &str| {
        let list = list.replace("AFTER", "");
        let query = format!("{{ {list} {{ edges {{ cursor }} }} }}");
        let data = steward.data(&query, json!({})).await;
        text(&data["it"]["edges"][0]["cursor"])
    };
    let own = "it: employers(orderBy: [{ field: NAME }], where: { headcount: { gte: 0 } } AFTER)";
    let own_cursor = cursor(own).await;
    let code = async |list: &str, cursor: &str| {
        let list = list.replace("AFTER", &format!(", after: \"{cursor}\""));
        let end = if list.contains('{') && list.starts_with("it: employer(") { " }" } else { "" };
        let query = format!("{{ {list} {{ nodes {{ id }} }}{end} }}");
        let body = steward.run(&query, json!({})).await;
        codes(&body).first().map(|it| (*it).to_owned())
    };

    let good = code(own, &own_cursor).await;
    let others = [
        "it: employers(orderBy: [{ field: NAME, direction: DESC }], where: { headcount: { gte: 0 } } AFTER)",
        "it: employers(orderBy: [{ field: HEADCOUNT }], where: { headcount: { gte: 0 } } AFTER)",
        "it: employers(orderBy: [{ field: NAME }, { field: HEADCOUNT }], where: { headcount: { gte: 0 } } AFTER)",
        "it: employers(where: { headcount: { gte: 0 } } AFTER)",
        "it: employers(orderBy: [{ field: NAME }], where: { headcount: { gte: 1 } } AFTER)",
        "it: employers(orderBy: [{ field: NAME }] AFTER)",
        "it: workers(orderBy: [{ field: NAME }] AFTER)",
    ];
    let mut refused = Vec::new();
    for other in others {
        refused.push(code(other, &own_cursor).await);
    }
    let workers = cursor("it: workers(first: 1 AFTER)").await;
    let nested = code(&format!("{nested}(first: 1 AFTER)"), &workers).await;

    let invalid = Some("CURSOR_INVALID".to_owned());
    assert_eq!(good, None);
    assert_eq!(refused, vec![invalid.clone(); others.len()]);
    assert_eq!(nested, invalid);
}

#[tokio::test]
async fn a_cursor_that_is_altered_by_one_character_is_refused() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    create_employers(&steward, 2).await;
    let query = "query($after: String) { employers(first: 1, after: $after) { \
                 pageInfo { endCursor } nodes { id } } }";
    let page = steward.data(query, json!({})).await;
    let cursor = text(&page["employers"]["pageInfo"]["endCursor"]);

    let mut altered: Vec<String> = (0..cursor.len())
        .map(|place| {
            let other = if &cursor[place..=place] == "A" { "B" } else { "A" };
            format!("{}{other}{}", &cursor[..place], &cursor[place + 1..])
        })
        .collect();
    altered.extend([String::new(), cursor[1..].to_owned(), format!("{cursor}A"), "=".into()]);

    for after in altered {
        let body = steward.run(query, json!({ "after": after })).await;
        assert_eq!(codes(&body), ["CURSOR_INVALID"], "{cursor} {after}");
    }
    let next = steward.data(query, json!({ "after": cursor })).await;
    assert_eq!(next["employers"]["nodes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn children_are_cut_for_each_parent_and_counted_for_each() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let employers = create_employers(&steward, 3).await;
    let workers = (0..8).map(|it| {
        let employer = &employers[[0, 0, 0, 0, 0, 1, 1, 1][it]];
        let name = ["一", "丁", "七", "三", "上", "方", "高", "麦"][it];
        json!({ "name": format!("{name}某"), "divisionCode": "130302", "employerId": employer })
    });
    steward.upsert_many("workerUpsertBatch", "worker", workers.collect()).await;
    let query = "query($after: String, $before: String) { employers { nodes { \
        firsts: workers(first: 2, orderBy: [{ field: NAME }]) { nodes { name } totalCount pageInfo { hasNextPage endCursor } } \
        lasts: workers(last: 2, orderBy: [{ field: NAME }]) { nodes { name } pageInfo { hasPreviousPage startCursor } } \
        after: workers(first: 2, after: $after, orderBy: [{ field: NAME }]) { nodes { name } pageInfo { hasNextPage } totalCount } \
        before: workers(last: 9, before: $before, orderBy: [{ field: NAME }]) { nodes { name } } \
        some: workers(where: { name: { startsWith: \"方\" } }) { nodes { name } totalCount } \
        none: workers(first: 0) { nodes { name } totalCount } } } }";

    let page = steward.data(query, json!({})).await;
    let nodes = &page["employers"]["nodes"];
    // A cursor is a place in the order: it serves every parent that has the same list.
    let cursor = &nodes[0]["firsts"]["pageInfo"]["endCursor"];
    let start = &nodes[0]["lasts"]["pageInfo"]["startCursor"];
    let next = steward.data(query, json!({ "after": cursor, "before": start })).await;

    let names = |it: &Value| -> Vec<String> {
        each(&it["nodes"], "name").iter().map(|it| text(it).replace('某', "")).collect()
    };
    assert_eq!(names(&nodes[0]["firsts"]), ["一", "丁"]);
    assert_eq!(names(&nodes[1]["firsts"]), ["方", "高"]);
    assert_eq!(names(&nodes[2]["firsts"]), [""; 0]);
    assert_eq!(names(&nodes[0]["lasts"]), ["三", "上"]);
    assert_eq!(names(&nodes[1]["lasts"]), ["高", "麦"]);
    for (place, total, next, some) in [(0, 5, true, 0), (1, 3, true, 1), (2, 0, false, 0)] {
        assert_eq!(nodes[place]["firsts"]["totalCount"], total);
        assert_eq!(nodes[place]["firsts"]["pageInfo"]["hasNextPage"], next);
        assert_eq!(nodes[place]["lasts"]["pageInfo"]["hasPreviousPage"], next);
        assert_eq!(nodes[place]["some"]["totalCount"], some);
        assert_eq!(nodes[place]["none"], json!({ "nodes": [], "totalCount": total }));
    }
    let nodes = &next["employers"]["nodes"];
    assert_eq!(names(&nodes[0]["after"]), ["七", "三"]);
    assert_eq!(nodes[0]["after"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(nodes[0]["after"]["totalCount"], 5);
    assert_eq!(names(&nodes[1]["after"]), ["方", "高"]);
    assert_eq!(names(&nodes[0]["before"]), ["一", "丁", "七"]);
}
