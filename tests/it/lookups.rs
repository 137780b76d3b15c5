//! Look-ups by id that come at once share statements, and nobody can tell.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    support::{Client, TestApp},
    wire::seconds,
};

const MANY: usize = 40;
const WORKER: &str = "query($id: ID!) { worker(by: { id: $id }) { id name } }";

async fn create_workers(client: &Client, division: &str) -> Vec<String> {
    let worker = |_| json!({ "name": "王芳", "divisionCode": division });
    let workers = (0..MANY).map(worker).collect();
    client.upsert_many("workerUpsertBatch", "worker", workers).await
}

/// Looks all of them up while nothing can be read, and then lets it be read.
async fn look_up_at_once(app: &TestApp, asked: &[(&Client, &str)]) -> Vec<Value> {
    // The statement is made, the callers are known.
    for (client, id) in asked {
        client.data(WORKER, json!({ "id": id })).await;
    }
    let held = app.hold_reads().await;
    let answers = asked.iter().map(|(client, id)| client.data(WORKER, json!({ "id": id })));
    let release = async {
        tokio::time::sleep(seconds(0.4)).await;
        drop(held);
    };
    let (answers, ()) = tokio::join!(join_all(answers), release);
    answers.into_iter().map(|it| it["worker"].clone()).collect()
}

#[tokio::test]
async fn look_ups_that_come_at_once_take_few_statements_and_each_has_its_own_record() {
    let app = TestApp::quiet().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward, "130302").await;
    let asked: Vec<_> = workers.iter().map(|it| (&steward, it.as_str())).collect();

    let before = app.statements();
    let answers = look_up_at_once(&app, &asked).await;
    let statements = app.statements() - before;

    for (id, answer) in workers.iter().zip(&answers) {
        assert_eq!(answer["id"], **id, "{answer}");
    }
    // One for each of the first time, two that ran at once, one for all who waited.
    let most = (MANY + MANY / 4) as u64;
    assert!(statements < most, "{statements} statements for twice {MANY} look-ups");
}

#[tokio::test]
async fn several_who_ask_for_one_record_all_get_it_and_who_asks_for_none_gets_none() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let employer = steward.create_employer("唐山港集团", "130302").await;
    let nobody = employer.replace("employer_", "worker_");
    let asked = (0..MANY).map(|it| if it % 4 == 0 { &nobody } else { &worker });
    let asked: Vec<_> = asked.map(|it| (&steward, it.as_str())).collect();

    let answers = look_up_at_once(&app, &asked).await;

    for ((_, id), answer) in asked.iter().zip(&answers) {
        if *id == nobody {
            assert_eq!(*answer, Value::Null);
        } else {
            assert_eq!(*answer, json!({ "id": worker, "name": "王芳" }));
        }
    }
}

#[tokio::test]
async fn callers_who_see_other_records_have_no_company_of_each_other() {
    let app = TestApp::new().await;
    let (ours, theirs) = (app.county("130302").await, app.county("130303").await);
    let workers = create_workers(&ours, "130302").await;
    let asked = workers.iter().enumerate();
    let asked: Vec<_> =
        asked.map(|(place, id)| ([&ours, &theirs][place % 2], id.as_str())).collect();

    let answers = look_up_at_once(&app, &asked).await;

    for (place, (id, answer)) in workers.iter().zip(&answers).enumerate() {
        match place % 2 {
            0 => assert_eq!(answer["id"], **id, "{answer}"),
            _ => assert_eq!(*answer, Value::Null),
        }
    }
}

#[tokio::test]
async fn who_hangs_up_takes_nobody_along() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let workers = create_workers(&steward, "130302").await;
    let held = app.hold_reads().await;

    // The first run, the next wait for them, and all of these are gone before anything is read.
    let gone = workers[..6].iter().map(async |id| {
        let asked = steward.run(WORKER, json!({ "id": id }));
        assert!(tokio::time::timeout(seconds(0.4), asked).await.is_err(), "it was done too soon");
    });
    let stay = workers[6..].iter().map(|id| steward.data(WORKER, json!({ "id": id })));
    let release = async {
        tokio::time::sleep(seconds(0.8)).await;
        drop(held);
    };
    let (_, answers, ()) = tokio::join!(join_all(gone), join_all(stay), release);

    for (id, answer) in workers[6..].iter().zip(&answers) {
        assert_eq!(answer["worker"]["id"], **id, "{answer}");
    }
    // Nothing is left that would make the next one wait.
    let next = steward.data(WORKER, json!({ "id": workers[0] }));
    tokio::time::timeout(seconds(4.0), next).await.unwrap();
}
