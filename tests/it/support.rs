//! The whole service on a fresh database, spoken to over HTTP as clients do.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use entity::{credential_secret::SecretKind, employer};
use futures_util::{SinkExt, StreamExt};
use gongtu::{
    app::App,
    audit::Settings,
    clock::Clock,
    credential::{Identity, NewCredential, provider::Provider},
    custody,
    database::{Connect, Database},
    demo,
    guard::Limits,
    http,
    migrate::migrate,
    policy::{Role, Scope},
    quota::Budgets,
    service, setting,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::OnceCell, task::JoinHandle};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};
use uuid::Uuid;
use value::{DivisionCode, Rules, Value as _};

/// What the service under test is called, wherever it listens.
pub const ISSUER: &str = "https://gongtu.example";

fn quiet() -> Limits {
    let audit = Settings { pause: Duration::from_hours(1), ..Settings::default() };
    Limits { audit, sequencer_pause: Duration::from_hours(1), ..Limits::default() }
}

fn identity() -> Identity {
    Identity { issuer: ISSUER.to_owned(), ..Identity::default() }
}

/// Where PostgreSQL is, for a run of all tests on it: `postgres://user@host/postgres`. Without it
/// they run on SQLite.
const POSTGRES: &str = "GONGTU_TEST_POSTGRES";

/// The service, serving on loopback.
pub struct TestApp {
    pub app: App,
    pub url: String,
    pub clock: Clock,
    pub http: reqwest::Client,
    /// Ends when the service has stopped.
    pub served: JoinHandle<anyhow::Result<()>>,
    credentials: AtomicU32,
    pub database: TestDatabase,
}

/// Sends requests as one credential.
#[derive(Clone)]
pub struct Client {
    pub name: String,
    pub token: Option<String>,
    /// What it says that it reads personal values for.
    pub purpose: Option<&'static str>,
    url: String,
    http: reqwest::Client,
}

impl TestApp {
    pub async fn new() -> TestApp {
        TestApp::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> TestApp {
        let database = TestDatabase::new(&EMPTY).await;
        TestApp::over(database, limits, identity()).await
    }

    /// Where nobody looks up too many persons.
    pub async fn without_budgets() -> TestApp {
        let (lookups_in_a_minute, lookups_in_a_day) = (u64::MAX, u64::MAX);
        let budgets = Budgets { lookups_in_a_minute, lookups_in_a_day, ..Budgets::default() };
        TestApp::with(Limits { budgets, ..Limits::default() }).await
    }

    /// With OpenID providers.
    pub async fn trusting(providers: Vec<Provider>) -> TestApp {
        let database = TestDatabase::new(&EMPTY).await;
        TestApp::over(database, Limits::default(), Identity { providers, ..identity() }).await
    }

    /// The service, doing nothing by itself: for those who count.
    pub async fn quiet() -> TestApp {
        TestApp::with(quiet()).await
    }

    /// The service over the demo records of the fewest workers, doing nothing by itself.
    pub async fn demo() -> TestApp {
        TestApp::over(TestDatabase::new(&DEMO).await, quiet(), identity()).await
    }

    /// A second replica on the same database.
    pub async fn replica(&self) -> TestApp {
        TestApp::over(self.database.share(), Limits::default(), identity()).await
    }

    /// The service over what is in a database already.
    pub async fn on(database: TestDatabase) -> TestApp {
        TestApp::over(database, Limits::default(), identity()).await
    }

    async fn over(test_database: TestDatabase, limits: Limits, identity: Identity) -> TestApp {
        let database = test_database.connect().await;
        let keys = custody::open(&database, &test_database.keyring()).await.unwrap();
        let clock = Clock::default();
        let app = service::start(database, keys, clock.clone(), limits, identity).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(http::serve(app.clone(), axum::Router::new(), listener));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let (credentials, database) = (AtomicU32::new(0), test_database);
        TestApp { app, url, clock, http, served, credentials, database }
    }

    /// What a page answers: its status and its text.
    pub async fn page(&self, path: &str) -> (u16, String) {
        let response = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// SQL statements run so far for requests.
    pub fn statements(&self) -> u64 {
        self.app.shared().database.statements()
    }

    /// How many rows a statement counts, past the service.
    pub async fn count(&self, sql: &str) -> i64 {
        let database = &self.app.shared().database;
        let statement = Statement::from_string(database.backend(), sql.to_owned());
        let row = database.read().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// The first value that a statement finds, as a text.
    pub async fn text(&self, sql: &str) -> String {
        let database = &self.app.shared().database;
        let statement = Statement::from_string(database.backend(), sql.to_owned());
        let row = database.read().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Another process on the same database.
    pub async fn connect(&self) -> Database {
        self.database.connect().await
    }

    pub fn keyring(&self) -> PathBuf {
        self.database.keyring()
    }

    /// The database, where it is a file.
    pub fn file(&self) -> Option<PathBuf> {
        self.database.url.strip_prefix("sqlite://").map(PathBuf::from)
    }

    /// Makes many employers past the service, each with a headcount of its own from 0.
    #[expect(clippy::disallowed_methods, reason = "many rows, past the service")]
    pub async fn fill_employers(&self, count: i32) {
        let database = &self.app.shared().database;
        let at = self.clock.now();
        for heads in (0..count).collect::<Vec<_>>().chunks(1_000) {
            let rows = heads.iter().map(|headcount| employer::ActiveModel {
                id: Set(Uuid::now_v7()),
                division_code: Set(division("130302")),
                version: Set(1),
                created_at: Set(at),
                updated_at: Set(at),
                archived_at: Set(None),
                name: Set(format!("单位{headcount}")),
                credit_code: Set(None),
                industry_code: Set(None),
                ownership_group: Set(employer::OwnershipGroup::Private),
                headcount: Set(*headcount),
                status: Set(employer::EmployerStatus::Active),
                parent_id: Set(None),
            });
            employer::Entity::insert_many(rows).exec(database.write()).await.unwrap();
        }
    }

    /// The data steward of the city.
    pub async fn steward(&self) -> Client {
        self.client(Role::Steward, Some("130300")).await
    }

    /// The union of a county.
    pub async fn county(&self, division: &str) -> Client {
        self.client(Role::County, Some(division)).await
    }

    pub async fn partner(&self) -> Client {
        self.client(Role::Partner, Some("130300")).await
    }

    pub async fn public(&self) -> Client {
        self.client(Role::Public, None).await
    }

    /// A worker, asking for themselves: whoever has no other purpose says none.
    pub async fn person(&self, worker: &str) -> Client {
        let (_, worker_id) = gongtu::kind::decode_id(worker).unwrap();
        let name = format!("worker-{}", Uuid::now_v7().simple());
        let new = NewCredential {
            name: name.clone(),
            roles: vec![Role::Worker],
            subject: gongtu::viewer::Subject { worker_id: Some(worker_id), ..Default::default() },
            secrets: vec![SecretKind::ApiToken],
            ..NewCredential::default()
        };
        let made = self.app.credentials().create(new).await.unwrap();
        let token = made.secrets.into_iter().next();
        Client { name, token, purpose: None, ..self.nobody() }
    }

    pub fn nobody(&self) -> Client {
        Client {
            name: "nobody".into(),
            token: None,
            purpose: Some("IDENTITY_CHECK"),
            url: format!("{}/graphql", self.url),
            http: self.http.clone(),
        }
    }

    pub async fn client(&self, role: Role, division: Option<&str>) -> Client {
        self.limited_client(role, division, None, None).await
    }

    /// A credential with fewer scopes than its role, or with an end.
    pub async fn limited_client(
        &self,
        role: Role,
        division: Option<&str>,
        scopes: Option<&[Scope]>,
        expires_at: Option<DateTime<Utc>>,
    ) -> Client {
        let number = self.credentials.fetch_add(1, Ordering::Relaxed);
        let name = format!(
            "{}-{number}-{}",
            role.name().to_lowercase(),
            &Uuid::now_v7().simple().to_string()[20..]
        );
        let division = division.map(self::division);
        let new = NewCredential {
            name: name.clone(),
            roles: vec![role],
            scopes: scopes.map(<[Scope]>::to_vec),
            division,
            expires_at,
            secrets: vec![SecretKind::ApiToken],
            ..NewCredential::default()
        };
        let made = self.app.credentials().create(new).await.unwrap();
        Client { name, token: made.secrets.into_iter().next(), ..self.nobody() }
    }
}

impl Client {
    /// Runs an operation; the answer is the body that clients see.
    pub async fn run(&self, query: &str, variables: Value) -> Value {
        let (_, body) = self.post(&json!({ "query": query, "variables": variables })).await;
        body
    }

    /// Runs an operation that must go well; the answer is its data.
    #[track_caller]
    pub fn data<'a>(
        &'a self,
        query: &'a str,
        variables: Value,
    ) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let body = self.run(query, variables).await;
            assert!(body["errors"].is_null(), "{caller}: {body}");
            body["data"].clone()
        }
    }

    /// Runs one mutation with one input; the answer is its payload.
    #[track_caller]
    pub fn mutate<'a>(
        &'a self,
        mutation: &'a str,
        selection: &'a str,
        input: Value,
    ) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let (first, rest) = mutation.split_at(1);
            let input_type = format!("{}{rest}Input", first.to_uppercase());
            let query = format!(
                "mutation($input: {input_type}!) {{ it: {mutation}(input: $input) {{ \
                 {selection} userErrors {{ code path rule message messageZh currentVersion \
                 openSteps }} warnings {{ rule }} changeCursor replayed }} }}"
            );
            let body = self.run(&query, json!({ "input": input })).await;
            assert!(body["errors"].is_null(), "{caller}: {body}");
            body["data"]["it"].clone()
        }
    }

    /// As [`Client::mutate`], and it must be done, not refused.
    #[track_caller]
    pub fn done<'a>(
        &'a self,
        mutation: &'a str,
        selection: &'a str,
        input: Value,
    ) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let payload = self.mutate(mutation, selection, input).await;
            assert_eq!(payload["userErrors"], json!([]), "{caller}: {payload}");
            payload
        }
    }

    /// What a body is answered with, as a text.
    pub async fn text(&self, body: &Value) -> String {
        self.request(body).send().await.unwrap().text().await.unwrap()
    }

    fn request(&self, body: &Value) -> reqwest::RequestBuilder {
        let mut request = self.http.post(&self.url).json(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(purpose) = self.purpose {
            request = request.header("gongtu-purpose", purpose);
        }
        request
    }

    /// Sends a body as it is.
    pub async fn post(&self, body: &Value) -> (u16, Value) {
        let response = self.request(body).send().await.unwrap();
        let (status, mut body) =
            (response.status().as_u16(), response.json::<Value>().await.unwrap());
        // What is left to a caller is another each time: without it answers can be compared.
        body.as_object_mut().map(|it| it.remove("extensions"));
        (status, body)
    }

    /// Registers a worker; the answer is its id.
    #[track_caller]
    pub fn create_worker<'a>(
        &'a self,
        name: &'a str,
        division: &'a str,
    ) -> impl Future<Output = String> + 'a {
        let input = json!({ "name": name, "divisionCode": division });
        let created = self.done("workerCreate", "worker { id }", input);
        async move { text(&created.await["worker"]["id"]) }
    }

    /// Registers an employer; the answer is its id.
    #[track_caller]
    pub fn create_employer<'a>(
        &'a self,
        name: &'a str,
        division: &'a str,
    ) -> impl Future<Output = String> + 'a {
        let input = json!({ "name": name, "divisionCode": division, "ownershipGroup": "PRIVATE" });
        let created = self.done("employerCreate", "employer { id }", input);
        async move { text(&created.await["employer"]["id"]) }
    }

    /// Makes records in batches, each with an external id of the source `test` unless it brings its own;
    /// the answer is their ids, in order.
    #[track_caller]
    pub fn upsert_many<'a>(
        &'a self,
        mutation: &'a str,
        record: &'a str,
        items: Vec<Value>,
    ) -> impl Future<Output = Vec<String>> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let selection =
                format!("results {{ {record} {{ id }} userErrors {{ path messageZh }} }}");
            let mut ids = Vec::with_capacity(items.len());
            for items in items.chunks(100) {
                let named = items.iter().map(|item| {
                    let mut item = item.clone();
                    if item["externalId"].is_null() {
                        let value = Uuid::now_v7().to_string();
                        item["externalId"] = json!({ "source": "test", "value": value });
                    }
                    item
                });
                let input = json!({ "items": named.collect::<Vec<_>>() });
                let payload = self.done(mutation, &selection, input).await;
                for result in payload["results"].as_array().unwrap() {
                    assert_eq!(result["userErrors"], json!([]), "{caller}");
                    ids.push(text(&result[record]["id"]));
                }
            }
            ids
        }
    }

    /// Opens a graphql-transport-ws socket and subscribes.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Subscription {
        let url = self.url.replace("http://", "ws://");
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let payload = match &self.token {
            Some(token) => json!({ "authorization": format!("Bearer {token}") }),
            None => json!({}),
        };
        send(&mut socket, json!({ "type": "connection_init", "payload": payload })).await;
        let payload = json!({ "query": query, "variables": variables });
        send(&mut socket, json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        Subscription { socket }
    }
}

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// What a subscription sends.
pub struct Subscription {
    socket: Socket,
}

impl Subscription {
    /// The next result; nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.socket.next());
            let message = message.await.expect("a message within 20 s")?.ok()?;
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["type"].as_str() {
                Some("next") => return Some(message["payload"].clone()),
                Some("error") => return Some(json!({ "errors": message["payload"] })),
                Some("complete") => return None,
                _ => {}
            }
        }
    }

    /// The code with which the server closes the socket; nothing when it goes without one.
    pub async fn closed(mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.socket.next());
            if let Message::Close(frame) = message.await.expect("an end within 20 s")?.ok()? {
                return frame.map(|it| it.code.into());
            }
        }
    }
}

async fn send(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

pub fn division(code: &str) -> DivisionCode {
    let rules = Rules { today: chrono::NaiveDate::MAX, synthetic: true };
    DivisionCode::check(code, &rules).unwrap().value
}

/// Error codes of a response, in order.
pub fn codes(body: &Value) -> Vec<&str> {
    let errors = body["errors"].as_array().into_iter().flatten();
    errors.map(|it| it["extensions"]["code"].as_str().unwrap_or("?")).collect()
}

/// Codes of the user errors of a payload, in order.
pub fn refusals(payload: &Value) -> Vec<&str> {
    let errors = payload["userErrors"].as_array().into_iter().flatten();
    errors.map(|it| it["code"].as_str().unwrap_or("?")).collect()
}

/// A field of each of a JSON list.
#[track_caller]
pub fn each(list: &Value, field: &str) -> Vec<Value> {
    let list = list.as_array().unwrap_or_else(|| panic!("not a list: {list}"));
    list.iter().map(|it| it[field].clone()).collect()
}

/// A JSON string.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a string: {value}")).to_owned()
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    postgres_url().is_some()
}

/// The server that the tests run on, if they run on PostgreSQL.
pub fn postgres_url() -> Option<String> {
    std::env::var(POSTGRES).ok()
}

/// A database of one test; gone when the last who uses it is.
pub struct TestDatabase {
    url: String,
    rest: Arc<Rest>,
}

struct Rest {
    /// Of the keyring, and of an SQLite file.
    folder: PathBuf,
    /// A database of a server, and where to say that it is to go.
    postgres: Option<(String, String)>,
}

/// What a test's database begins with. Made once per run and copied for each test.
struct Template {
    name: &'static str,
    content: Content,
    made: OnceCell<String>,
}

#[derive(PartialEq)]
enum Content {
    /// Not even a schema.
    Nothing,
    Schema,
    Demo,
}

impl Template {
    const fn new(name: &'static str, content: Content) -> Template {
        Template { name, content, made: OnceCell::const_new() }
    }

    fn keyring(&self) -> PathBuf {
        let name = format!("gongtu-template-{}-{}.keyring", self.name, std::process::id());
        std::env::temp_dir().join(name)
    }

    /// A copy of the database opens with the same keys.
    fn give_keyring(&self, folder: &Path) {
        let keyring = self.keyring();
        if keyring.exists() {
            std::fs::copy(keyring, folder.join("gongtu.keyring")).unwrap();
        }
    }
}

static BARE: Template = Template::new("bare", Content::Nothing);
static EMPTY: Template = Template::new("empty", Content::Schema);
static DEMO: Template = Template::new("demo", Content::Demo);

impl TestDatabase {
    /// A database that was never migrated.
    pub async fn bare() -> TestDatabase {
        TestDatabase::new(&BARE).await
    }

    async fn new(template: &Template) -> TestDatabase {
        match std::env::var(POSTGRES) {
            Ok(admin) => TestDatabase::postgres(admin, template).await,
            Err(_) => TestDatabase::sqlite(template).await,
        }
    }

    fn share(&self) -> TestDatabase {
        TestDatabase { url: self.url.clone(), rest: self.rest.clone() }
    }

    pub async fn connect(&self) -> Database {
        connect(&self.url).await
    }

    pub fn keyring(&self) -> PathBuf {
        self.rest.folder.join("gongtu.keyring")
    }

    /// A copy of a file that is migrated once per run.
    async fn sqlite(template: &Template) -> TestDatabase {
        let folder = new_folder();
        let made = template
            .made
            .get_or_init(|| async {
                let file = folder.join("template.db");
                let database = connect(&format!("sqlite://{}", file.display())).await;
                prepare(&database, template).await;
                database.close().await.unwrap();
                let kept = format!("gongtu-template-{}-{}.db", template.name, std::process::id());
                let kept = std::env::temp_dir().join(kept);
                std::fs::rename(file, &kept).unwrap();
                kept.display().to_string()
            })
            .await;
        let file = folder.join("gongtu.db");
        std::fs::copy(made, &file).unwrap();
        template.give_keyring(&folder);
        let url = format!("sqlite://{}", file.display());
        TestDatabase { url, rest: Arc::new(Rest { folder, postgres: None }) }
    }

    /// A copy of a database that is migrated once per run.
    async fn postgres(admin: String, template: &Template) -> TestDatabase {
        let made = template
            .made
            .get_or_init(|| async {
                let name = format!("gongtu_template_{}_{}", template.name, std::process::id());
                execute(&admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
                execute(&admin, &format!("CREATE DATABASE {name}")).await;
                let database = connect(&with_name(&admin, &name)).await;
                prepare(&database, template).await;
                database.close().await.unwrap();
                name
            })
            .await;
        let name = format!("gongtu_test_{}", Uuid::now_v7().simple());
        // Only one at a time can copy the template.
        static COPYING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let copying = COPYING.lock().await;
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {made}")).await;
        drop(copying);
        let url = with_name(&admin, &name);
        let folder = new_folder();
        template.give_keyring(&folder);
        TestDatabase { url, rest: Arc::new(Rest { folder, postgres: Some((admin, name)) }) }
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let Some((admin, name)) = self.postgres.clone() else { return };
        // The test's own runtime is on its way out.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            runtime.unwrap().block_on(execute(&admin, &sql));
        });
        let _ = dropping.join();
    }
}

fn new_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gongtu-test-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

async fn prepare(database: &Database, template: &Template) {
    if template.content == Content::Nothing {
        return;
    }
    migrate(database).await.unwrap();
    setting::set_synthetic(database).await.unwrap();
    if template.content == Content::Demo {
        let today = Clock::default().today();
        let plan = demo::Plan { workers: demo::FEWEST_WORKERS, seed: 1, today };
        let keys = custody::open(database, &template.keyring()).await.unwrap();
        let connection = database.orm().await.unwrap();
        demo::load(&connection, &keys.now(), &plan, &|_, _, _| ()).await.unwrap();
        connection.close().await.unwrap();
    }
}

async fn connect(url: &str) -> Database {
    let statement_timeout = Duration::from_secs(30);
    let connect = Connect { url: url.to_owned(), pool: 8, statement_timeout };
    Database::connect(&connect).await.unwrap()
}

async fn execute(admin: &str, sql: &str) {
    let connection = sea_orm::Database::connect(admin).await.expect("PostgreSQL answers");
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// The same server, another database.
fn with_name(admin: &str, name: &str) -> String {
    let (server, _) = admin.rsplit_once('/').expect("the address names a database");
    format!("{server}/{name}")
}
