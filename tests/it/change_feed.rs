use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::support::{Client, Subscription, TestApp, codes, on_postgres, refusals, text};

const PAGE: &str = "query($after: String, $first: Int, $where: ChangeWhere) {
    changes(after: $after, first: $first, where: $where) {
        nodes { cursor kind recordId action recordVersion operation }
        endCursor hasNextPage
    }
}";

const FEED: &str = "subscription($after: String, $first: Int, $where: ChangeWhere) {
    changes(after: $after, first: $first, where: $where) {
        cursor kind recordId action recordVersion operation
    }
}";

#[tokio::test]
async fn changes_come_in_the_order_they_were_made_and_archiving_is_one_of_them() {
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let worker = steward.create_worker("王芳", "130302").await;
    let at = |version: i32| json!({ "id": worker, "expectedVersion": version });
    let renamed = json!({ "id": worker, "expectedVersion": 1, "name": "王方" });
    steward.done("workerUpdate", "worker { id }", renamed).await;
    steward.done("workerArchive", "worker { id }", at(2)).await;
    let employer = steward.create_employer("模拟机械有限公司", "130303").await;
    let last = steward.done("workerRestore", "worker { id }", at(3)).await;

    let changes = read_to(&steward, &last).await;
    let told = changes.iter().map(|it| {
        let keys = ["kind", "recordId", "action", "recordVersion", "operation"];
        json!(keys.map(|key| &it[key]))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            json!(["WORKER", worker, "CREATED", 1, "workerCreate"]),
            json!(["WORKER", worker, "UPDATED", 2, "workerUpdate"]),
            json!(["WORKER", worker, "ARCHIVED", 3, "workerArchive"]),
            json!(["EMPLOYER", employer, "CREATED", 1, "employerCreate"]),
            json!(["WORKER", worker, "RESTORED", 4, "workerRestore"]),
        ]
    );
}

#[tokio::test]
async fn reading_goes_on_from_any_cursor_without_a_gap_or_a_repeat() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut last = Value::Null;
    for name in ["王芳", "李强", "张敏", "刘洋", "陈静"] {
        let input = json!({ "name": name, "divisionCode": "130302" });
        last = steward.done("workerCreate", "worker { id }", input).await;
    }

    let all = read_to(&steward, &last).await;
    let mut rests = Vec::new();
    for change in &all {
        rests.push(all_after(&steward, Some(text(&change["cursor"])), 2).await);
    }
    let nothing = page(&steward, json!({ "first": 0 })).await;
    let first = page(&steward, json!({ "first": 2 })).await;
    let end = page(&steward, json!({ "after": all[4]["cursor"] })).await;

    assert_eq!(all.len(), 5);
    for (place, rest) in rests.iter().enumerate() {
        assert_eq!(rest, &all[place + 1..], "after change {place}");
    }
    assert_eq!(nothing["nodes"], json!([]));
    assert_eq!(nothing["hasNextPage"], true);
    assert_eq!(all_after(&steward, Some(text(&nothing["endCursor"])), 100).await, all);
    assert_eq!(first["endCursor"], all[1]["cursor"]);
    assert_eq!(first["hasNextPage"], true);
    assert_eq!(end["nodes"], json!([]));
    assert_eq!(end["hasNextPage"], false);
    assert_eq!(end["endCursor"], all[4]["cursor"]);
}

#[tokio::test]
async fn an_empty_page_moves_on_past_what_is_not_for_the_reader() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130303").await);
    let start = text(&page(&county, json!({})).await["endCursor"]);
    let input = json!({ "name": "王芳", "divisionCode": "130302" });
    let elsewhere = steward.done("workerCreate", "worker { id }", input).await;
    read_to(&steward, &elsewhere).await;

    let empty = page(&county, json!({ "after": start })).await;
    let here = county.create_worker("李强", "130303").await;
    let next = read_until(&county, text(&empty["endCursor"]), 1).await;

    assert_eq!(empty["nodes"], json!([]));
    assert_eq!(empty["hasNextPage"], false);
    assert_ne!(empty["endCursor"], start);
    let head = steward.data("{ changeCursor }", json!({})).await["changeCursor"].clone();
    assert_eq!(next[0]["cursor"], head, "the cursor is past the change elsewhere");
    assert_eq!(next[0]["recordId"], here);
}

#[tokio::test]
async fn an_altered_or_foreign_cursor_is_refused() {
    let (app, other) = (TestApp::new().await, TestApp::new().await);
    let (steward, stranger) = (app.steward().await, other.steward().await);
    steward.create_worker("王芳", "130302").await;
    let good = text(&page(&steward, json!({})).await["endCursor"]);
    let foreign = text(&page(&stranger, json!({})).await["endCursor"]);
    let list = steward.data("{ workers { pageInfo { endCursor } } }", json!({})).await;
    let of_a_list = text(&list["workers"]["pageInfo"]["endCursor"]);
    let mut altered = good.clone().into_bytes();
    let last = altered.len() - 3;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();

    for (case, cursor) in [
        ("altered", altered.as_str()),
        ("cut", &good[..good.len() - 4]),
        ("of another installation", &foreign),
        ("of a list", &of_a_list),
        ("a number", "1"),
        ("no cursor", "游标"),
    ] {
        let asked = steward.run(PAGE, json!({ "after": cursor })).await;
        let mut feed = steward.subscribe(FEED, json!({ "after": cursor })).await;
        let told = feed.next().await.expect("an answer");

        assert_eq!(codes(&asked), ["CURSOR_INVALID"], "{case}: {asked}");
        assert_eq!(codes(&told), ["CURSOR_INVALID"], "{case}: {told}");
    }
    assert!(page(&steward, json!({ "after": good })).await["endCursor"].is_string());
}

#[tokio::test]
async fn reading_on_from_the_cursor_of_a_mutation_leaves_it_out_and_what_follows_in() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let create = async |name: &str, key: &str| {
        let input = json!({ "name": name, "divisionCode": "130302", "idempotencyKey": key });
        steward.done("workerCreate", "worker { id }", input).await
    };

    let first = create("王芳", "one").await;
    let at_once = page(&steward, json!({ "after": first["changeCursor"] })).await;
    let second = create("李强", "two").await;
    let third = create("张敏", "three").await;
    let again = create("王芳", "one").await;
    let last = page(&steward, json!({ "after": third["changeCursor"] })).await;
    let rest = page(&steward, json!({ "after": first["changeCursor"] })).await;

    assert_eq!(at_once["nodes"], json!([]), "asked before anybody else wrote");
    assert_eq!(last["nodes"], json!([]));
    assert_eq!(ids(&rest["nodes"]), [&second["worker"]["id"], &third["worker"]["id"]]);
    assert_eq!(again["replayed"], true);
    assert_eq!(again["changeCursor"], first["changeCursor"]);
}

#[tokio::test]
async fn what_changes_nothing_has_no_cursor_and_no_entry() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;

    let tried = json!({ "name": "李强", "divisionCode": "130302", "validateOnly": true });
    let tried = steward.done("workerCreate", "worker { id }", tried).await;
    let same = json!({ "id": worker, "expectedVersion": 1, "name": "王芳" });
    let same = steward.done("workerUpdate", "worker { id version }", same).await;
    let stale = json!({ "id": worker, "expectedVersion": 9, "name": "王方" });
    let stale = steward.mutate("workerUpdate", "worker { id }", stale).await;
    let last = json!({ "id": worker, "expectedVersion": 1, "name": "王方" });
    let last = steward.done("workerUpdate", "worker { id }", last).await;

    assert_eq!(tried["changeCursor"], Value::Null);
    assert_eq!((&same["changeCursor"], &same["worker"]["version"]), (&Value::Null, &json!(1)));
    assert_eq!(
        (&stale["changeCursor"], refusals(&stale)),
        (&Value::Null, vec!["VERSION_CONFLICT"])
    );
    let versions = read_to(&steward, &last).await.iter().map(version).collect::<Vec<_>>();
    assert_eq!(versions, [1, 2]);
}

#[tokio::test]
async fn changes_are_narrowed_by_kind_and_by_record() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let one = steward.create_worker("王芳", "130302").await;
    let other = steward.create_worker("李强", "130302").await;
    let employer = steward.create_employer("模拟机械有限公司", "130302").await;
    let last = json!({ "id": one, "expectedVersion": 1, "name": "王方" });
    let last = steward.done("workerUpdate", "worker { id }", last).await;
    read_to(&steward, &last).await;

    let nobody = one.replace("worker_", "employer_");
    for (filter, expected) in [
        (json!({ "kinds": ["EMPLOYER"] }), vec![&employer]),
        (json!({ "kinds": ["WORKER", "EMPLOYER"] }), vec![&one, &other, &employer, &one]),
        (json!({ "kinds": [] }), vec![]),
        (json!({ "recordId": one }), vec![&one, &one]),
        (json!({ "recordId": one, "kinds": ["EMPLOYER"] }), vec![]),
        (json!({ "recordId": nobody }), vec![]),
        (json!({ "recordId": "nonsense" }), vec![]),
    ] {
        let found = page(&steward, json!({ "where": filter })).await;
        let wanted = json!({ "where": filter, "after": "", "first": 4 });
        let mut feed = steward.subscribe(FEED, wanted).await;
        let told = take(&mut feed, expected.len()).await;

        assert_eq!(ids(&found["nodes"]), expected, "{filter}");
        assert_eq!(ids(&json!(told)), expected, "{filter}");
    }
    for filter in [json!({ "kinds": null }), json!({ "recordId": null })] {
        let refused = steward.run(PAGE, json!({ "where": filter })).await;
        assert_eq!(codes(&refused), ["BAD_USER_INPUT"], "{filter}: {refused}");
    }
}

#[tokio::test]
async fn a_subscription_ends_after_the_first_so_many() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let first = steward.create_worker("王芳", "130302").await;
    let mut feed = steward.subscribe(FEED, json!({ "after": "", "first": 2 })).await;
    let replayed = feed.next().await.expect("the change on record");
    let second = steward.create_worker("李强", "130302").await;
    steward.create_worker("张敏", "130302").await;
    let live = feed.next().await.expect("the change that was made");
    let end = feed.next().await;
    let mut refused = steward.subscribe(FEED, json!({ "first": 0 })).await;
    let refused = refused.next().await.expect("an answer");

    assert_eq!(replayed["data"]["changes"]["recordId"], first);
    assert_eq!(live["data"]["changes"]["recordId"], second);
    assert_eq!(end, None);
    assert_eq!(codes(&refused), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn a_subscription_without_a_cursor_tells_from_now_on() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let before = steward.done(
        "workerCreate",
        "worker { id }",
        json!({ "name": "王芳", "divisionCode": "130302" }),
    );
    let before = before.await;
    read_to(&steward, &before).await;
    let mut feed = steward.subscribe(FEED, json!({ "first": 2 })).await;

    // When the subscription has begun cannot be seen, but that it misses nothing from then on can.
    let writing = async {
        for number in 0.. {
            steward.create_worker(&name(number), "130302").await;
        }
    };
    let told = tokio::select! {
        () = writing => unreachable!("it writes on"),
        told = take(&mut feed, 2) => told,
    };

    let all = all_after(&steward, None, 100).await;
    let place = all.iter().position(|it| it["cursor"] == told[0]["cursor"]);
    let place = place.expect("what was told is on record");
    assert!(place > 0, "nothing from before");
    assert_eq!(told, all[place..place + 2]);
}

#[tokio::test]
async fn replay_turns_into_following_without_a_gap_at_the_seam() {
    const CHANGES: usize = 60;
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let writing = async {
        for number in 0..CHANGES as u32 {
            steward.create_worker(&name(number), "130302").await;
        }
    };
    // One after the other, so that each finds its seam at another place.
    let reading = (0..6).map(async |turn| {
        tokio::time::sleep(Duration::from_millis(turn * 60)).await;
        let mut feed = steward.subscribe(FEED, json!({ "after": "" })).await;
        take(&mut feed, CHANGES).await
    });
    let ((), told) = tokio::join!(writing, join_all(reading));

    let all = all_after(&steward, None, 100).await;
    assert_eq!(all.len(), CHANGES);
    for told in told {
        assert_eq!(told, all);
    }
}

#[tokio::test]
async fn of_a_record_that_left_the_readers_divisions_only_the_leaving_is_told() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let worker = steward.create_worker("王芳", "130302").await;
    let moves = async |version: i32, change: Value| {
        let mut input = json!({ "id": worker, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        steward.done("workerUpdate", "worker { id }", input).await
    };
    let query = "{ changes { nodes { action recordVersion node { id } } } }";

    moves(1, json!({ "divisionCode": "130303" })).await;
    moves(2, json!({ "name": "王方" })).await;
    let away = moves(3, json!({ "divisionCode": "130304" })).await;
    read_to(&steward, &away).await;
    let left = county.data(query, json!({})).await;
    let back = moves(4, json!({ "divisionCode": "130302" })).await;
    read_to(&steward, &back).await;
    let returned = county.data(query, json!({})).await;

    // The worker is elsewhere by now, so the change from before shows no record either.
    let told = |it: &Value| json!([it["action"], it["recordVersion"], it["node"]["id"]]);
    let nodes = |it: &Value| {
        it["changes"]["nodes"].as_array().unwrap().iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(nodes(&left), [json!(["CREATED", 1, null]), json!(["LEFT", 2, null])]);
    assert_eq!(
        nodes(&returned),
        [json!(["CREATED", 1, worker]), json!(["LEFT", 2, null]), json!(["UPDATED", 5, worker]),]
    );
}

const WRITERS: u32 = 8;
/// Of these, one in six is refused, rolled back or only tried.
const TURNS: u32 = 72;
const SHARED: u32 = 4;

#[tokio::test]
async fn eight_writers_and_readers_who_are_cut_off_agree_on_every_change() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    prepare(&steward).await;

    check(&app, &[&steward], &steward, &steward, async |_| ()).await;
}

#[tokio::test]
async fn replicas_that_write_at_once_agree_although_the_one_that_numbers_stops() {
    let first = TestApp::new().await;
    // It numbers from here on, for nobody else is there yet.
    prepare(&first.steward().await).await;
    let (one, other) = (first.replica().await, first.replica().await);
    let (steward, colleague) = (one.steward().await, other.steward().await);

    let stop = async |written: &AtomicU32| {
        while written.load(Ordering::Relaxed) < WRITERS * TURNS / 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        first.app.clone().stop().await;
    };
    check(&one, &[&steward, &colleague], &steward, &colleague, stop).await;

    if on_postgres() {
        assert!(
            one.count("SELECT fence FROM lease WHERE name = 'sequencer'").await > 1,
            "another took the lease over"
        );
    }
}

#[tokio::test]
async fn a_replica_that_stops_hands_the_numbering_over_at_once() {
    if !on_postgres() {
        return println!("skipped: SQLite has no sequencer");
    }
    let first = TestApp::new().await;
    prepare(&first.steward().await).await;
    let second = first.replica().await;
    let steward = second.steward().await;
    let before = second.count("SELECT fence FROM lease WHERE name = 'sequencer'").await;

    first.app.clone().stop().await;
    let started = Instant::now();
    let input = json!({ "name": "王芳", "divisionCode": "130302" });
    let created = steward.done("workerCreate", "worker { id }", input).await;
    let read = page(&steward, json!({ "after": created["changeCursor"] })).await;

    assert_eq!(read["nodes"], json!([]));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert_eq!(second.count("SELECT fence FROM lease WHERE name = 'sequencer'").await, before + 1);
}

#[tokio::test]
async fn the_lease_of_a_replica_that_vanished_lapses() {
    if !on_postgres() {
        return println!("skipped: SQLite has no sequencer");
    }
    let app = TestApp::new().await;
    let steward = app.steward().await;
    prepare(&steward).await;
    let database = app.app.shared().database.write();
    let vanished = "UPDATE lease SET owner = 'vanished', fence = fence + 1, \
                    until = now() + interval '10 seconds'";
    database.execute_unprepared(vanished).await.unwrap();
    let fence = app.count("SELECT fence FROM lease WHERE name = 'sequencer'").await;

    let input = json!({ "name": "王芳", "divisionCode": "130302" });
    let created = steward.done("workerCreate", "worker { id }", input).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let waiting = app.count("SELECT count(*) FROM outbox").await;
    app.clock.advance(chrono::TimeDelta::seconds(11));
    let read = page(&steward, json!({ "after": created["changeCursor"] })).await;

    assert_eq!(waiting, 1, "who holds no lease numbers nothing");
    assert_eq!(read["nodes"], json!([]));
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 0);
    assert_eq!(app.count("SELECT fence FROM lease WHERE name = 'sequencer'").await, fence + 1);
}

/// Makes the records that all writers change, and sees them numbered.
async fn prepare(steward: &Client) {
    let mut last = Value::Null;
    for shared in 0..SHARED {
        last = steward.done("workerUpsert", "worker { id }", upsert(shared, &name(shared))).await;
    }
    read_to(steward, &last).await;
}

/// Writes, reads by pages and reads by subscription, all at once; then compares the three.
async fn check(
    app: &TestApp,
    writers: &[&Client],
    poller: &Client,
    subscriber: &Client,
    meanwhile: impl AsyncFnOnce(&AtomicU32),
) {
    let (end, ended) = watch::channel(None);
    let written = AtomicU32::new(0);
    let writing = async {
        let writers =
            (0..WRITERS).map(|it| write(writers[it as usize % writers.len()], it, &written));
        let made = join_all(writers).await.concat();
        end.send(Some(made.len() + SHARED as usize)).unwrap();
        made
    };
    let (made, polled, (told, cuts), ()) = tokio::join!(
        writing,
        poll(poller, ended.clone()),
        follow(subscriber, ended.clone()),
        meanwhile(&written),
    );

    let all: Vec<(String, i64)> = polled.iter().map(change).collect();
    assert_eq!(told, polled, "the two readers");
    assert!(cuts >= 5, "cut off only {cuts} times");
    assert_eq!(all.len(), made.len() + SHARED as usize);
    let mut versions: HashMap<&str, i64> = HashMap::new();
    for (record, version) in &all {
        let known = versions.entry(record).or_default();
        assert_eq!(*version, *known + 1, "{record}");
        *known += 1;
    }
    // What the writers were answered is on record, and nothing else but what `prepare` made.
    let mut expected: BTreeMap<(String, i64), u32> = BTreeMap::new();
    for change in all.iter().skip(SHARED as usize) {
        *expected.entry(change.clone()).or_default() += 1;
    }
    let mut answered: BTreeMap<(String, i64), u32> = BTreeMap::new();
    for change in made {
        *answered.entry(change).or_default() += 1;
    }
    assert_eq!(answered, expected);
    let dense =
        "SELECT count(*) FROM change_log WHERE sequence <= (SELECT count(*) FROM change_log)";
    assert_eq!(app.count(dense).await, all.len() as i64);
    assert_eq!(app.count("SELECT min(sequence) FROM change_log").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM outbox").await, 0);
}

/// One writer's changes: the records and versions that it was answered.
async fn write(client: &Client, writer: u32, written: &AtomicU32) -> Vec<(String, i64)> {
    let mut made = Vec::new();
    let version = "worker { id version }";
    for turn in 0..TURNS {
        let name = name(1_000 + writer * TURNS + turn);
        let shared = turn % SHARED;
        match turn % 18 {
            2 => {
                let mut tried = upsert(shared, &name);
                tried["validateOnly"] = json!(true);
                client.done("workerUpsert", version, tried).await;
            }
            8 => {
                let mut stale = upsert(shared, &name);
                stale["expectedVersion"] = json!(1_000_000);
                let refused = client.mutate("workerUpsert", version, stale).await;
                assert_eq!(refusals(&refused), ["VERSION_CONFLICT"]);
            }
            // The first item is written before the second is refused.
            14 => {
                let items = json!([upsert(shared, &name), { "externalId": own(writer, turn) }]);
                let input = json!({ "items": items, "errorPolicy": "ALL_OR_NOTHING" });
                let results = "results { userErrors { code } }";
                let refused = client.mutate("workerUpsertBatch", results, input).await;
                assert_ne!(refused["results"][1]["userErrors"], json!([]), "{refused}");
                assert_eq!(refused["changeCursor"], Value::Null);
            }
            5 | 11 | 17 => {
                let input = json!({ "name": name, "divisionCode": "130302" });
                let created = client.done("workerCreate", version, input).await;
                made.push(record(&created["worker"]));
            }
            _ => {
                let changed = client.done("workerUpsert", version, upsert(shared, &name)).await;
                made.push(record(&changed["worker"]));
            }
        }
        written.fetch_add(1, Ordering::Relaxed);
    }
    made
}

fn upsert(shared: u32, name: &str) -> Value {
    let external_id = json!({ "source": "feed", "value": format!("shared-{shared}") });
    json!({ "externalId": external_id, "name": name, "divisionCode": "130302" })
}

fn own(writer: u32, turn: u32) -> Value {
    json!({ "source": "feed", "value": format!("{writer}-{turn}") })
}

/// Reads page after page while there is more to come.
async fn poll(client: &Client, ended: watch::Receiver<Option<usize>>) -> Vec<Value> {
    let mut seen = Vec::new();
    let mut after = Value::Null;
    let mut rounds_after_end = 0;
    loop {
        let page = page(client, json!({ "after": after, "first": 7 })).await;
        seen.extend(page["nodes"].as_array().unwrap().iter().cloned());
        after = page["endCursor"].clone();
        if page["hasNextPage"] == true {
            continue;
        }
        let total = *ended.borrow();
        if let Some(total) = total {
            // Nothing may come after the last one either.
            rounds_after_end += u32::from(seen.len() >= total);
            if rounds_after_end > 5 {
                return seen;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Follows the feed, dropping the socket again and again and going on from the last cursor.
async fn follow(client: &Client, ended: watch::Receiver<Option<usize>>) -> (Vec<Value>, u32) {
    let mut seen: Vec<Value> = Vec::new();
    let mut cuts = 0;
    loop {
        let after = seen.last().map_or_else(String::new, |it| text(&it["cursor"]));
        let mut feed = client.subscribe(FEED, json!({ "after": after })).await;
        // Another number each time, so that pages are cut anywhere.
        for _ in 0..13 + cuts * 17 {
            let next = tokio::time::timeout(Duration::from_millis(300), feed.next()).await;
            match next {
                Ok(next) => seen.push(next.expect("it goes on")["data"]["changes"].clone()),
                Err(_) if ended.borrow().is_some_and(|total| seen.len() >= total) => {
                    return (seen, cuts);
                }
                Err(_) => {}
            }
        }
        cuts += 1;
    }
}

/// Everything up to a mutation, which is waited for.
async fn read_to(client: &Client, payload: &Value) -> Vec<Value> {
    page(client, json!({ "after": payload["changeCursor"] })).await;
    all_after(client, None, 100).await
}

async fn all_after(client: &Client, after: Option<String>, size: i32) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), json!(after));
    loop {
        let page = page(client, json!({ "after": after, "first": size })).await;
        let nodes = page["nodes"].as_array().unwrap();
        assert!(nodes.len() <= size as usize);
        all.extend(nodes.iter().cloned());
        if page["hasNextPage"] == false {
            return all;
        }
        after = page["endCursor"].clone();
    }
}

/// Reads on until there are so many.
async fn read_until(client: &Client, after: String, count: usize) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let found = all_after(client, Some(after.clone()), 100).await;
        if found.len() >= count {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "only {found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[track_caller]
fn page(client: &Client, variables: Value) -> impl Future<Output = Value> {
    let data = client.data(PAGE, variables);
    async move { data.await["changes"].clone() }
}

async fn take(feed: &mut Subscription, count: usize) -> Vec<Value> {
    let mut told = Vec::new();
    for _ in 0..count {
        let next = feed.next().await.expect("it goes on");
        assert!(next["errors"].is_null(), "{next}");
        told.push(next["data"]["changes"].clone());
    }
    told
}

fn ids(changes: &Value) -> Vec<&Value> {
    changes.as_array().unwrap().iter().map(|it| &it["recordId"]).collect()
}

fn version(change: &Value) -> i64 {
    change["recordVersion"].as_i64().unwrap()
}

fn change(change: &Value) -> (String, i64) {
    (text(&change["recordId"]), version(change))
}

fn record(record: &Value) -> (String, i64) {
    (text(&record["id"]), record["version"].as_i64().unwrap())
}

/// A name for each number.
fn name(number: u32) -> String {
    format!("李{}", char::from_u32(0x4e00 + number).unwrap())
}
