//! How the databases go about what is asked most: by an index, and not through the whole table.

use std::sync::Arc;

use async_graphql::{InputType, Value as GraphQl};
use entity::worker::Column;
use gongtu::{
    aggregate, connection,
    domain::worker::{Worker, WorkerGroup, WorkerGroupField, WorkerOrderField, WorkerWhere},
    filter::{self, Narrowed},
    list::{Direction, List, OrderBy, Page},
    repository::{Repository, rows},
    statement::Statements,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait,
    sea_query::{
        PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder, Values, inject_parameters,
    },
};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, on_postgres, text};

async fn repository(app: &TestApp, client: &Client) -> Repository {
    let token = format!("Bearer {}", client.token.as_ref().unwrap());
    let viewer = app.app.authenticate(Some(&token)).await.unwrap();
    Repository {
        shared: app.app.shared().clone().into(),
        viewer,
        request_id: "plan".into(),
        operation: "plan".into(),
        reads: Arc::default(),
    }
}

fn grouped(
    repository: &Repository,
    narrowed: Narrowed,
    by: &[WorkerGroupField],
) -> (String, Values) {
    let kept = Statements::default();
    aggregate::statement::<WorkerGroup>(repository, narrowed, by, &Vec::new(), &kept)
}

fn narrowed_to(of: &Value) -> Option<WorkerWhere> {
    let value = GraphQl::from_json(of.clone()).unwrap();
    Option::parse(Some(value)).unwrap_or_else(|_| panic!("{of}"))
}

/// The plan of a statement, a step a line.
async fn plan(app: &TestApp, statement: &SelectStatement) -> Vec<String> {
    let sql = if on_postgres() {
        statement.to_string(PostgresQueryBuilder)
    } else {
        statement.to_string(SqliteQueryBuilder)
    };
    plan_with(app, (sql, Values(Vec::new()))).await
}

async fn plan_with(app: &TestApp, (sql, values): (String, Values)) -> Vec<String> {
    let (how, column) = if on_postgres() {
        ("EXPLAIN (COSTS OFF)", "QUERY PLAN")
    } else {
        ("EXPLAIN QUERY PLAN", "detail")
    };
    let read = app.app.shared().database.read();
    let rows = read.rows(format!("{how} {sql}"), values);
    rows.await.unwrap().iter().map(|it| it.try_get("", column).unwrap()).collect()
}

fn reads_the_whole_table(step: &str) -> bool {
    step.contains("Seq Scan on worker")
        || (step.starts_with("SCAN worker") && !step.contains("INDEX"))
}

#[tokio::test]
async fn no_page_count_or_group_of_workers_reads_the_whole_table() {
    let app = TestApp::demo().await;
    let analyze = if on_postgres() { "VACUUM ANALYZE worker" } else { "ANALYZE" };
    app.app.shared().database.write().execute_unprepared(analyze).await.unwrap();
    let orders = [
        None,
        Some(("NAME", WorkerOrderField::Name)),
        Some(("DIVISION_CODE", WorkerOrderField::DivisionCode)),
        Some(("CREATED_AT", WorkerOrderField::CreatedAt)),
        Some(("UPDATED_AT", WorkerOrderField::UpdatedAt)),
    ];
    let filters = [json!(null), json!({ "skillRank": { "eq": "SENIOR" } })];

    let mut offences = Vec::new();
    let mut check = |asked: String, plan: &[String]| {
        if plan.iter().any(|it| reads_the_whole_table(it.trim_start_matches([' ', '-', '>']))) {
            offences.push(format!("{asked}: {plan:?}"));
        }
    };
    for client in [app.steward().await, app.county("130303").await] {
        let repository = repository(&app, &client).await;
        // Workers without a number are not in the indexes of numbers.
        let mut numbered = rows::<Worker>(&repository.viewer);
        let halves = [Column::IdNumberIndexOdd, Column::IdNumberIndexEven];
        let halves = halves.iter().fold(Condition::any(), |any, it| any.add(it.eq("1~AQID")));
        numbered.column(Column::Id).cond_where(halves);
        check(format!("{} by number", client.name), &plan(&app, &numbered).await);
        for of in &filters {
            for (order, direction) in
                orders.iter().flat_map(|it| [(it, Direction::Asc), (it, Direction::Desc)])
            {
                let asked = format!("{} {of} {order:?} {direction:?}", client.name);
                let list = |after: Option<String>| {
                    let page = Page { first: Some(50), after, ..Page::default() };
                    let order = order.map(|(_, field)| vec![OrderBy { field, direction }]);
                    List::new(&repository, "Worker", narrowed_to(of), order, page).unwrap()
                };
                let statement = |after| connection::statement::<Worker>(&repository, &list(after));
                check(asked.clone(), &plan(&app, &statement(None)).await);
                let order = order.map_or(json!(null), |(name, _)| {
                    json!([{ "field": name, "direction": format!("{direction:?}").to_uppercase() }])
                });
                let query = "query($where: WorkerWhere, $order: [WorkerOrder!], $after: String) { \
                    workers(where: $where, orderBy: $order, first: 100, after: $after) { \
                    pageInfo { endCursor } } }";
                let mut after = Value::Null;
                for _ in 0..2 {
                    let variables = json!({ "where": of, "order": order, "after": after });
                    let page = client.data(query, variables).await;
                    let end = &page["workers"]["pageInfo"]["endCursor"];
                    if !end.is_null() {
                        after = end.clone();
                    }
                }
                // A few hundred records on.
                if !after.is_null() {
                    let deep = statement(Some(text(&after)));
                    check(format!("{asked} deep"), &plan(&app, &deep).await);
                }
            }
            let narrowed = filter::condition(&repository.viewer, narrowed_to(of)).unwrap();
            for by in [
                &[WorkerGroupField::SkillRank][..],
                &[WorkerGroupField::DivisionCode, WorkerGroupField::SkillRank],
            ] {
                let narrowed = narrowed.clone();
                let statement = grouped(&repository, narrowed, by);
                check(format!("{} {of} by {by:?}", client.name), &plan_with(&app, statement).await);
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[tokio::test]
async fn the_division_that_a_filter_names_is_asked_for_once() {
    let app = TestApp::new().await;
    let repository = repository(&app, &app.county("130303").await).await;
    let asked = |division: &str| {
        let narrowed = narrowed_to(&json!({ "divisionCode": { "eq": division } }));
        let narrowed = filter::condition(&repository.viewer, narrowed).unwrap();
        let by = &[WorkerGroupField::SkillRank];
        let (text, values) = grouped(&repository, narrowed, by);
        if on_postgres() {
            inject_parameters(&text, &values.0, &PostgresQueryBuilder)
        } else {
            inject_parameters(&text, &values.0, &SqliteQueryBuilder)
        }
    };

    // Twice the same value is two to PostgreSQL, which then compares the one with the other, row by row.
    let own = asked("130303");
    assert_eq!(own.matches("division_code").count(), 1, "{own}");
    let other = asked("130302");
    assert!(other.contains("FALSE"), "{other}");
}
