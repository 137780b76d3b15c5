//! Random filters and orders, answered by the database in use and by a model in memory: always alike.

use std::cmp::Ordering;

use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::support::{TestApp, each, text};

const GROUPS: [&str; 3] = ["PRIVATE", "FOREIGN", "COLLECTIVE"];
const DIVISIONS: [&str; 4] = ["130300", "130302", "130303", "130323"];
/// Of different lengths, scripts and cases, with characters that patterns know.
const PIECES: [&str; 10] = ["a", "A", "b", "%", "_", "\\", "厂", "é", "Z", "𠮷"];

struct Employer {
    id: String,
    name: String,
    industry: Option<&'static str>,
    group: &'static str,
    headcount: i32,
    division: &'static str,
    parent: Option<usize>,
}

fn some_text(dice: &mut ChaCha8Rng, most: usize) -> String {
    let count = dice.random_range(1..=most);
    (0..count).map(|_| *PIECES.choose(dice).unwrap()).collect()
}

fn some_employer(dice: &mut ChaCha8Rng, place: usize) -> Employer {
    Employer {
        id: String::new(),
        name: some_text(dice, 4),
        industry: [None, Some("C"), Some("C37"), Some("C3714"), Some("G")]
            .choose(dice)
            .copied()
            .unwrap(),
        group: GROUPS.choose(dice).unwrap(),
        headcount: dice.random_range(0..6),
        division: DIVISIONS.choose(dice).unwrap(),
        parent: (place > 0 && dice.random_bool(0.5)).then(|| dice.random_range(0..place)),
    }
}

type Holds = Box<dyn Fn(&[Employer], usize) -> bool>;

/// A filter, and what it means.
fn some_filter(dice: &mut ChaCha8Rng, depth: usize) -> (Value, Holds) {
    match dice.random_range(0..if depth == 0 { 9 } else { 15 }) {
        0 => {
            let part = some_text(dice, 2);
            (
                json!({ "name": { "contains": part } }),
                Box::new(move |all, it| all[it].name.contains(&part)),
            )
        }
        1 => {
            let part = some_text(dice, 2);
            (
                json!({ "name": { "startsWith": part } }),
                Box::new(move |all, it| all[it].name.starts_with(&part)),
            )
        }
        2 => {
            let parts = [some_text(dice, 1), some_text(dice, 2)];
            (
                json!({ "name": { "notIn": parts } }),
                Box::new(move |all, it| !parts.contains(&all[it].name)),
            )
        }
        3 => {
            let code = *["C", "C37", "X"].choose(dice).unwrap();
            (
                json!({ "industryCode": { "neq": code } }),
                Box::new(move |all, it| all[it].industry != Some(code)),
            )
        }
        4 => {
            let code = *["C", "C3", "G"].choose(dice).unwrap();
            (
                json!({ "industryCode": { "startsWith": code } }),
                Box::new(move |all, it| all[it].industry.is_some_and(|it| it.starts_with(code))),
            )
        }
        5 => {
            let is_null = dice.random_bool(0.5);
            (
                json!({ "industryCode": { "isNull": is_null } }),
                Box::new(move |all, it| all[it].industry.is_none() == is_null),
            )
        }
        6 => {
            let (from, to) = (dice.random_range(0..6), dice.random_range(0..6));
            (
                json!({ "headcount": { "between": [from, to] } }),
                Box::new(move |all, it| from <= all[it].headcount && all[it].headcount <= to),
            )
        }
        7 => {
            let group = *GROUPS.choose(dice).unwrap();
            (
                json!({ "ownershipGroup": { "in": [group] } }),
                Box::new(move |all, it| all[it].group == group),
            )
        }
        8 => {
            let division = *["130300", "130302", "130323"].choose(dice).unwrap();
            (
                json!({ "divisionCode": { "within": division } }),
                Box::new(move |all, it| division == "130300" || all[it].division == division),
            )
        }
        9 | 10 => {
            let (filter, holds) = some_filter(dice, depth - 1);
            (json!({ "not": filter }), Box::new(move |all, it| !holds(all, it)))
        }
        11 => {
            let ((a, holds_a), (b, holds_b)) =
                (some_filter(dice, depth - 1), some_filter(dice, depth - 1));
            (
                json!({ "and": [a, b] }),
                Box::new(move |all, it| holds_a(all, it) && holds_b(all, it)),
            )
        }
        12 | 13 => {
            let ((a, holds_a), (b, holds_b)) =
                (some_filter(dice, depth - 1), some_filter(dice, depth - 1));
            (json!({ "or": [a, b] }), Box::new(move |all, it| holds_a(all, it) || holds_b(all, it)))
        }
        _ => {
            let (filter, holds) = some_filter(dice, depth - 1);
            (
                json!({ "parent": filter }),
                Box::new(move |all, it| all[it].parent.is_some_and(|it| holds(all, it))),
            )
        }
    }
}

/// An order, as it is asked for and as a comparison.
fn some_order(dice: &mut ChaCha8Rng) -> Vec<(&'static str, bool)> {
    let count = dice.random_range(0..=3);
    (0..count)
        .map(|_| (*["NAME", "HEADCOUNT"].choose(dice).unwrap(), dice.random_bool(0.5)))
        .collect()
}

fn compare(a: &Employer, b: &Employer, order: &[(&str, bool)]) -> Ordering {
    // Said twice, the first counts, but for the direction of the tie-break that last which orders something.
    let mut keys: Vec<(&str, bool)> = Vec::new();
    for (field, descends) in order {
        if !keys.iter().any(|it| it.0 == *field) {
            keys.push((field, *descends));
        }
    }
    keys.push(("ID", keys.last().is_some_and(|it| it.1)));
    for (field, descends) in keys {
        let it = match field {
            "NAME" => a.name.cmp(&b.name),
            "HEADCOUNT" => a.headcount.cmp(&b.headcount),
            _ => a.id.cmp(&b.id),
        };
        if it != Ordering::Equal {
            return if descends { it.reverse() } else { it };
        }
    }
    Ordering::Equal
}

#[tokio::test]
async fn random_filters_and_orders_answer_as_a_model_in_memory_does() {
    let seed = 20_261_122;
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut all: Vec<Employer> = (0..200).map(|place| some_employer(&mut dice, place)).collect();
    // A parent has to be there first: the second half refers to the first.
    for half in [0..100, 100..200] {
        let items = all[half.clone()].iter().map(|it| {
            let parent = it.parent.filter(|it| *it < half.start).map(|it| all[it].id.clone());
            json!({
                "name": it.name, "industryCode": it.industry, "ownershipGroup": it.group,
                "headcount": it.headcount, "divisionCode": it.division, "parentId": parent,
            })
        });
        let items = items.collect();
        let ids = steward.upsert_many("employerUpsertBatch", "employer", items).await;
        for (it, id) in all[half.clone()].iter_mut().zip(ids) {
            it.id = id;
            it.parent = it.parent.filter(|it| *it < half.start);
        }
    }
    let query = "query($where: EmployerWhere, $orderBy: [EmployerOrder!], $first: Int, $after: String, $last: Int) { \
        page: employers(where: $where, orderBy: $orderBy, first: $first, after: $after) { \
        nodes { id } totalCount pageInfo { hasNextPage endCursor } } \
        tail: employers(where: $where, orderBy: $orderBy, last: $last) { nodes { id } } }";

    for round in 0..120 {
        let (filter, holds) = some_filter(&mut dice, 3);
        let order = some_order(&mut dice);
        let size = dice.random_range(20..=100);
        let mut expected: Vec<&Employer> =
            (0..all.len()).filter(|it| holds(&all, *it)).map(|it| &all[it]).collect();
        expected.sort_by(|a, b| compare(a, b, &order));
        let expected: Vec<&str> = expected.iter().map(|it| it.id.as_str()).collect();
        let order_by: Vec<_> = order
            .iter()
            .map(|(field, descends)| {
                json!({ "field": field, "direction": if *descends { "DESC" } else { "ASC" } })
            })
            .collect();
        let told = format!("seed {seed} round {round}: {filter} {order:?} {size}");

        let mut ids = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({
                "where": filter, "orderBy": order_by, "first": size, "after": after, "last": 7,
            });
            let data = steward.data(query, variables).await;
            ids.extend(each(&data["page"]["nodes"], "id").iter().map(text));
            assert_eq!(data["page"]["totalCount"], expected.len(), "{told}");
            let tail: Vec<_> = each(&data["tail"]["nodes"], "id").iter().map(text).collect();
            assert_eq!(tail, expected[expected.len().saturating_sub(7)..], "{told}");
            after = data["page"]["pageInfo"]["endCursor"].clone();
            if data["page"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }

        assert_eq!(ids, expected, "{told}");
    }
}
