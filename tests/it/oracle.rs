//! Random questions of random callers, answered by the service and by a filter in memory.

use gongtu::{kind::Kind, policy::Policy};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Map, Value, json};

use crate::{
    authorization::{Caller, City, Graph, Record, ids},
    world::LISTS,
};

/// How many are asked, unless the environment says otherwise.
const QUERIES: u32 = 1_000;
const SEED: u64 = 20_261_125;

/// Lists of a record in a filter: of which kind, and by which field the others refer to it.
const MANY: [(Kind, &str, Kind, &str); 12] = [
    (Kind::Worker, "employments", Kind::EmploymentRelation, "worker"),
    (Kind::Worker, "memberships", Kind::UnionMembership, "worker"),
    (Kind::Employer, "employments", Kind::EmploymentRelation, "employer"),
    (Kind::DisputeCase, "parties", Kind::DisputeParty, "case"),
    (Kind::DisputeCase, "claims", Kind::DisputeClaim, "case"),
    (Kind::DisputeCase, "proceedings", Kind::DisputeProceeding, "case"),
    (Kind::DisputeCase, "wageRecoveries", Kind::WageRecovery, "case"),
    (Kind::InnovationStudio, "members", Kind::StudioMember, "studio"),
    (Kind::InnovationStudio, "grants", Kind::StudioGrant, "studio"),
    (Kind::InnovationStudio, "accreditations", Kind::StudioAccreditation, "studio"),
    (Kind::PilotUnit, "measures", Kind::PilotMeasure, "pilotUnit"),
    (Kind::PilotUnit, "bestPractices", Kind::BestPractice, "pilotUnit"),
];

/// Records that a filter can go on to by a field.
const ONE: [(Kind, &str, Kind); 12] = [
    (Kind::EmploymentRelation, "worker", Kind::Worker),
    (Kind::EmploymentRelation, "employer", Kind::Employer),
    (Kind::UnionMembership, "worker", Kind::Worker),
    (Kind::Worker, "employer", Kind::Employer),
    (Kind::CompetitionEntry, "worker", Kind::Worker),
    (Kind::StudioMember, "worker", Kind::Worker),
    (Kind::StudioMember, "studio", Kind::InnovationStudio),
    (Kind::DisputeParty, "case", Kind::DisputeCase),
    (Kind::DisputeParty, "worker", Kind::Worker),
    (Kind::DisputeParty, "employer", Kind::Employer),
    (Kind::DisputeClaim, "case", Kind::DisputeCase),
    (Kind::WageRecovery, "case", Kind::DisputeCase),
];

/// What a list is narrowed by.
#[derive(Clone, Debug)]
enum Filter {
    Ids(Vec<String>),
    Division(String),
    Within(&'static str),
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    One(&'static str, Kind, Box<Filter>),
    Many(&'static str, Kind, &'static str, Quantity, Box<Filter>),
}

#[derive(Clone, Copy, Debug)]
enum Quantity {
    Some,
    None,
    Every,
}

impl Filter {
    fn random(dice: &mut StdRng, graph: &Graph, kind: Kind, depth: u32) -> Filter {
        let inner = |dice: &mut StdRng, kind| Filter::random(dice, graph, kind, depth - 1);
        let choices = if depth == 0 { 3 } else { 8 };
        match dice.random_range(0..choices) {
            0 => {
                let some = graph.all(kind).iter().filter(|_| dice.random_bool(0.4));
                Filter::Ids(some.map(|it| it.id.clone()).collect())
            }
            1 => Filter::Division(["130302", "130303", "130304"].choose(dice).unwrap().to_string()),
            2 => Filter::Within(["130300", "130302", "130303"].choose(dice).unwrap()),
            3 => Filter::And((0..dice.random_range(0..3)).map(|_| inner(dice, kind)).collect()),
            4 => Filter::Or((0..dice.random_range(0..3)).map(|_| inner(dice, kind)).collect()),
            5 => Filter::Not(Box::new(inner(dice, kind))),
            6 => {
                let ones: Vec<_> = ONE.iter().filter(|it| it.0 == kind).collect();
                match ones.choose(dice) {
                    Some((_, field, to)) => Filter::One(field, *to, Box::new(inner(dice, *to))),
                    None => inner(dice, kind),
                }
            }
            _ => {
                let lists: Vec<_> = MANY.iter().filter(|it| it.0 == kind).collect();
                let quantities = [Quantity::Some, Quantity::None, Quantity::Every];
                let quantity = *quantities.choose(dice).unwrap();
                match lists.choose(dice) {
                    Some((_, field, of, by)) => {
                        Filter::Many(field, *of, by, quantity, Box::new(inner(dice, *of)))
                    }
                    None => inner(dice, kind),
                }
            }
        }
    }

    /// As a client writes it.
    fn json(&self, kind: Kind) -> Value {
        // A division is named by its code.
        let division = if kind == Kind::Division { "code" } else { "divisionCode" };
        let list = |of: &[Filter]| of.iter().map(|it| it.json(kind)).collect::<Vec<_>>();
        let mut object = Map::new();
        let (field, value) = match self {
            Filter::Ids(ids) => ("id", json!({ "in": ids })),
            Filter::Division(code) => (division, json!({ "eq": code })),
            Filter::Within(code) => (division, json!({ "within": code })),
            Filter::And(of) => ("and", json!(list(of))),
            Filter::Or(of) => ("or", json!(list(of))),
            Filter::Not(of) => ("not", of.json(kind)),
            Filter::One(field, to, of) => (*field, of.json(*to)),
            Filter::Many(field, of, _, quantity, inner) => {
                let quantity = format!("{quantity:?}").to_lowercase();
                (*field, json!({ quantity: inner.json(*of) }))
            }
        };
        object.insert(field.to_owned(), value);
        Value::Object(object)
    }

    /// Whether a record meets it, for a caller: what is hidden from the caller is not there.
    fn holds(&self, graph: &Graph, caller: &Caller, it: &Record) -> bool {
        match self {
            Filter::Ids(ids) => ids.contains(&it.id),
            Filter::Division(code) => it.division == *code,
            Filter::Within(code) => it.division.starts_with(code.trim_end_matches("00")),
            Filter::And(of) => of.iter().all(|filter| filter.holds(graph, caller, it)),
            Filter::Or(of) => of.iter().any(|filter| filter.holds(graph, caller, it)),
            Filter::Not(of) => !of.holds(graph, caller, it),
            Filter::One(field, to, of) => graph.get(*to, it.of(field)).is_some_and(|other| {
                caller.sees(graph, *to, other) && of.holds(graph, caller, other)
            }),
            Filter::Many(_, of, by, quantity, inner) => {
                let mut others = graph
                    .all(*of)
                    .iter()
                    .filter(|other| other.of(by) == it.id && caller.sees(graph, *of, other))
                    .map(|other| inner.holds(graph, caller, other));
                match quantity {
                    Quantity::Some => others.any(|it| it),
                    Quantity::None => !others.any(|it| it),
                    Quantity::Every => others.all(|it| it),
                }
            }
        }
    }
}

#[tokio::test]
async fn random_questions_are_answered_as_by_a_filter_in_memory() {
    let city = City::new().await;
    let queries = std::env::var("GONGTU_ORACLE_QUERIES").ok();
    let queries = queries.map_or(QUERIES, |it| it.parse().expect("a number of queries"));
    let mut dice = StdRng::seed_from_u64(SEED);
    let (mut seen, mut narrowed) = (0, 0);

    for number in 0..queries {
        let caller = city.callers.choose(&mut dice).unwrap();
        let (list, kind) = *LISTS.choose(&mut dice).unwrap();
        let filter = Filter::random(&mut dice, &city.graph, kind, 2);
        let executor = if dice.random_bool(0.5) { " viewer { name }" } else { "" };
        let order = match kind {
            Kind::Division => "",
            _ if dice.random_bool(0.5) => ", orderBy: [{ field: CREATED_AT, direction: DESC }]",
            _ => "",
        };
        let query = format!(
            "query($where: {}Where!) {{ it: {list}(first: 100, where: $where{order}) \
             {{ totalCount nodes {{ id }} }}{executor} }}",
            kind.name()
        );
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        let variables = json!({ "where": filter.json(kind) });
        let told = city.ask(&viewer, &query, &variables).await;

        let all = city.graph.all(kind).iter();
        let expected = all.filter(|it| {
            caller.sees(&city.graph, kind, it) && filter.holds(&city.graph, caller, it)
        });
        let expected = expected.map(|it| it.id.clone()).collect();
        let asked = format!("{number}: {} {query} {variables}: {told}", caller.name);
        assert_eq!(ids(&told["it"]["nodes"]), expected, "{asked}");
        assert_eq!(told["it"]["totalCount"], expected.len(), "{asked}");
        seen += usize::from(!expected.is_empty());
        narrowed += usize::from(expected.len() < caller.visible(&city.graph, kind).len());
    }
    let queries = queries as usize;
    assert!(seen * 5 > queries && narrowed * 10 > queries, "{seen} and {narrowed} of {queries}");
}
