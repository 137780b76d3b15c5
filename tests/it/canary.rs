//! Ten thousand persons are registered, looked for, read, refused and told of. Then every byte that was
//! written is searched for their id numbers and phones.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::SystemTime,
};

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    fixture::id_number,
    support::{Client, TestApp, codes, each, on_postgres, refusals},
};

const PERSONS: usize = 10_000;
/// Written in clear on purpose, so that a scan that finds nothing can be told from one that does not
/// look.
const CONTROL: &str = "15479999999";

fn number(person: usize) -> String {
    id_number(&format!("19{}0101", 60 + person / 900), (person % 900 + 1) as u32)
}

fn phone(person: usize) -> String {
    format!("1547{:07}", 1_000_000 + person * 7)
}

fn item(person: usize) -> Value {
    json!({
        "externalId": { "source": "canary", "value": person.to_string() }, "name": "金丝雀",
        "divisionCode": "130302", "idNumber": number(person), "phone": phone(person),
    })
}

/// What was logged at any level, by whichever library.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "when files of the machine were written")]
async fn nothing_that_is_written_holds_an_id_number_or_a_phone() {
    let begun = SystemTime::now();
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    let listening =
        tracing::subscriber::set_default(lines.with_writer(move || writer.clone()).finish());
    let app = TestApp::without_budgets().await;

    live(&app).await;
    tracing::warn!("control {CONTROL}");
    drop(listening);

    let canaries: HashSet<String> =
        (0..PERSONS).flat_map(|it| [number(it), phone(it)]).chain([CONTROL.to_owned()]).collect();
    assert_eq!(canaries.len(), 2 * PERSONS + 1);
    let mut places = written(&app, begun).await;
    places.insert("the log".to_owned(), log.0.lock().unwrap().clone());
    let only = BTreeSet::from([CONTROL.to_owned()]);
    for (place, bytes) in &places {
        let found = found(bytes, &canaries);
        // What is written to several files is not in each of them.
        let is_there = ["the log", "tables", "the file"].contains(&place.as_str());
        assert!(
            found == only || (found.is_empty() && !is_there),
            "{place}: {:?}",
            found.iter().take(5).collect::<Vec<_>>()
        );
    }
    println!("{:?}", places.iter().map(|(it, bytes)| (it, bytes.len())).collect::<Vec<_>>());
}

/// All that may happen to a person.
async fn live(app: &TestApp) {
    let steward = app.steward().await;
    let county = app.county("130302").await;
    let sealed = "worker { id idNumber { value } phone { value } }";
    for first in (0..PERSONS).step_by(100) {
        let items: Vec<Value> = (first..first + 100).map(item).collect();
        let input = json!({ "items": items, "idempotencyKey": format!("canary-{first}") });
        let selection = format!("results {{ {sealed} userErrors {{ path }} }}");
        let payload = steward.done("workerUpsertBatch", &selection, input.clone()).await;
        assert_eq!(payload["results"][99]["worker"]["phone"]["value"], json!(phone(first + 99)));
        if first % 1_000 == 0 {
            let again = steward.done("workerUpsertBatch", &selection, input).await;
            assert_eq!(again["replayed"], true);
            assert_eq!(again["results"], payload["results"]);
        }
    }
    for first in (0..PERSONS).step_by(20) {
        let variables = (0..20).map(|it| format!("$n{it}: IdNumber!")).collect::<Vec<_>>();
        let fields = (0..20)
            .map(|it| format!("w{it}: worker(by: {{ idNumber: $n{it} }}) {{ phone {{ value }} }}"));
        let query = format!(
            "query({}) {{ {} }}",
            variables.join(" "),
            fields.collect::<Vec<_>>().join(" ")
        );
        let given = (0..20).map(|it| (format!("n{it}"), json!(number(first + it))));
        let found = steward.data(&query, Value::Object(given.collect())).await;
        assert_eq!(found["w7"]["phone"]["value"], json!(phone(first + 7)));
    }
    assert_eq!(read_all(&steward).await, (0..PERSONS).map(phone).collect::<BTreeSet<_>>());
    let masks = read_all(&county).await;
    assert!(masks.iter().all(|it| it.contains("****")), "{:?}", masks.first());
    refuse(app, &steward, &county).await;
    let control = json!({ "name": CONTROL, "divisionCode": "130302", "ownershipGroup": "PRIVATE" });
    steward.done("employerCreate", "employer { id }", control).await;
}

/// The phones of all, as a client is shown them.
async fn read_all(client: &Client) -> BTreeSet<String> {
    let query = "query($after: String) { workers(first: 100, after: $after) { \
                 nodes { idNumber { value } phone { value } } pageInfo { endCursor } } }";
    let (mut after, mut phones) = (Value::Null, BTreeSet::new());
    loop {
        let page = client.data(query, json!({ "after": after })).await["workers"].clone();
        let shown = each(&page["nodes"], "phone");
        if shown.is_empty() {
            return phones;
        }
        phones.extend(shown.iter().map(|it| it["value"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn refuse(app: &TestApp, steward: &Client, county: &Client) {
    let mut twice = item(3);
    twice["externalId"]["value"] = json!("another");
    let mut wrong = item(4);
    wrong["idNumber"] = json!(format!("{}0", &number(5)[..17]));
    wrong["phone"] = json!(format!("{}x", phone(5)));
    let input = json!({ "items": [twice, wrong], "errorPolicy": "SKIP_FAILED" });
    let selection = "results { userErrors { code path message messageZh } }";
    let refused = steward.done("workerUpsertBatch", selection, input).await;
    assert!(each(&refused["results"], "userErrors").iter().all(|it| *it != json!([])));
    let mut create = item(6);
    create.as_object_mut().unwrap().remove("externalId");
    let taken = steward.mutate("workerCreate", "worker { id }", create.clone()).await;
    assert_eq!(refusals(&taken), ["DUPLICATE"]);
    let literal = format!("{{ worker(by: {{ idNumber: \"{}\" }}) {{ name nothing }} }}", number(7));
    assert_eq!(codes(&steward.run(&literal, json!({})).await), ["GRAPHQL_VALIDATION_FAILED"]);
    let look_up = format!("{{ worker(by: {{ idNumber: \"{}\" }}) {{ name }} }}", number(8));
    assert_eq!(codes(&county.run(&look_up, json!({})).await), ["FORBIDDEN"]);
    let feed = "query($after: String) { changes(after: $after, first: 100) { \
                nodes { node { ... on Worker { idNumber { value } phone { value } } } } } }";
    let told = steward.data(feed, json!({ "after": "" })).await;
    assert_eq!(told["changes"]["nodes"][0]["node"]["phone"]["value"], json!(phone(0)));
    // A fault of the database, of which its driver tells with the row.
    let check = if on_postgres() {
        "ALTER TABLE worker ADD CONSTRAINT canary CHECK (name <> '金丝雀') NOT VALID"
    } else {
        "ALTER TABLE worker RENAME COLUMN birth_on TO born_on"
    };
    app.app.shared().database.write().execute_unprepared(check).await.unwrap();
    create["idNumber"] = json!(id_number("19590101", 1));
    create["phone"] = json!(phone(9));
    let query = "mutation($i: WorkerCreateInput!) { workerCreate(input: $i) { worker { id } } }";
    assert_eq!(codes(&steward.run(query, json!({ "i": create })).await), ["INTERNAL"]);
}

/// All that the database wrote: its tables as text, and its files.
pub async fn written(app: &TestApp, begun: SystemTime) -> BTreeMap<String, Vec<u8>> {
    let database = &app.app.shared().database;
    let mut places = BTreeMap::new();
    let texts = async |sql: String| -> Vec<String> {
        let rows = database.write().query_all_raw(Statement::from_string(database.backend(), sql));
        rows.await.unwrap().iter().map(|it| it.try_get_by_index(0).unwrap()).collect()
    };
    if let Some(file) = app.file() {
        places.insert("the log of the file".to_owned(), read(&file.with_extension("db-wal")));
        texts("PRAGMA journal_mode".to_owned()).await;
        database.write().execute_unprepared("PRAGMA wal_checkpoint(FULL)").await.unwrap();
        places.insert("the file".to_owned(), read(&file));
        places.insert("its memory".to_owned(), read(&file.with_extension("db-shm")));
        return places;
    }
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    let mut rows = String::new();
    for table in texts(tables.to_owned()).await {
        let all = texts(format!("SELECT it::text FROM \"{table}\" AS it")).await;
        rows.extend(all.into_iter().chain(["\n".to_owned()]));
    }
    places.insert("tables".to_owned(), rows.into_bytes());
    database.write().execute_unprepared("CHECKPOINT").await.unwrap();
    let folder = texts("SHOW data_directory".to_owned()).await.remove(0);
    let oid = "SELECT oid::text FROM pg_database WHERE datname = current_database()";
    let oid = texts(oid.to_owned()).await.remove(0);
    // Another machine's files, or another user's, are not to be had.
    for folder in [Path::new(&folder).join("pg_wal"), Path::new(&folder).join("base").join(oid)] {
        for file in files(&folder, begun) {
            places.insert(file.display().to_string(), read(&file));
        }
    }
    places
}

/// The files of a folder that were written since.
fn files(folder: &Path, since: SystemTime) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("not searched: {}", folder.display());
        return Vec::new();
    };
    let written = |it: &PathBuf| {
        let file = std::fs::metadata(it).ok().filter(std::fs::Metadata::is_file);
        file.and_then(|it| it.modified().ok()).is_some_and(|it| it >= since)
    };
    entries.filter_map(|it| Some(it.ok()?.path())).filter(written).collect()
}

fn read(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap_or_default()
}

/// The canaries in some bytes: 18 or 11 digits in a row, whatever is around them.
fn found(bytes: &[u8], canaries: &HashSet<String>) -> BTreeSet<String> {
    let runs = bytes.split(|it| !it.is_ascii_digit() && *it != b'X').filter(|it| it.len() >= 11);
    let windows = runs.flat_map(|run| run.windows(11).chain(run.windows(18)));
    let texts = windows.filter_map(|it| std::str::from_utf8(it).ok());
    texts.filter(|it| canaries.contains(*it)).map(str::to_owned).collect()
}

#[test]
fn the_scan_finds_what_is_there() {
    let canaries = HashSet::from([number(1), phone(1)]);
    let text = format!("a{}b 9{}9 154****7007", number(1), phone(1));

    assert_eq!(found(text.as_bytes(), &canaries).len(), 2);
    assert_eq!(found(&text.as_bytes()[3..20], &canaries).len(), 0);
}
