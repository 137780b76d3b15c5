//! The command line.

#[path = "main/audit.rs"]
mod audit;
#[path = "main/key.rs"]
mod key;

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand};
use entity::{credential, credential_secret::SecretKind};
use gongtu::{
    clock::Clock,
    config::{Config, Flags, LogFormat},
    credential::{Credentials, Identity, NewCredential, Rights, jwt::KeySet},
    custody,
    database::Database,
    demo, http,
    keyring::Keys,
    kind::{Kind, decode_id, encode_client_id},
    migrate::migrate,
    playground::{self, Credential},
    policy::{Role, Scope},
    schema, service, setting,
    viewer::Subject,
};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;
use tokio::net::TcpListener;
use uuid::Uuid;
use value::{DivisionCode, Rules, Value};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Gongtu 工图: the records of a city's trade unions as one GraphQL service
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Make demo records, print demo credentials and serve: the way to look around
    Demo(Demo),
    /// Serve the records of the database; its schema is brought up to date first
    Serve(Serve),
    /// Bring the schema of the database up to date, and end
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// The systems and persons that may call
    Client {
        #[command(subcommand)]
        command: Client,
    },
    /// The keys of the service: those that seal values about persons, which a server that runs takes up
    /// by itself, and those that sign access tokens
    Key {
        #[command(subcommand)]
        command: key::Command,
    },
    /// The audit trail
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "GONGTU_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Start without bringing the schema up to date: another process does that
    #[arg(long)]
    no_migrate: bool,
}

#[derive(Args)]
struct Demo {
    /// The port on this machine; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder for the SQLite database; not used with --database-url
    #[arg(long, default_value = "data", value_name = "DIR")]
    data_dir: PathBuf,
    /// How many workers to make: 5,000 to 1,000,000; the city has 680,000
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u32).range(5_000..=1_000_000))]
    workers: u32,
    /// Another number makes other records; the same number the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write the address and the credentials to this file, as JSON
    #[arg(long, value_name = "FILE")]
    credentials_file: Option<PathBuf>,
    /// Make the records and the credentials, and end
    #[arg(long)]
    load_only: bool,
}

#[derive(Subcommand)]
enum Client {
    /// Make a client; print its id, and its secrets this once
    Create(Box<NewClient>),
    /// Make a new secret and print it, this once; the old one stays good for a while
    Rotate {
        /// The name
        name: String,
        /// The API token, not the client secret
        #[arg(long)]
        api_token: bool,
        /// Hours for which the old one stays good
        #[arg(long, default_value_t = 24, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(0..=720))]
        overlap_hours: u32,
    },
    /// End a client; open sockets are closed within two seconds
    Revoke {
        /// The name
        name: String,
    },
    /// List the clients, without their secrets
    List,
}

#[derive(Args)]
struct NewClient {
    /// A name that is not taken yet
    name: String,
    /// What it may do: PUBLIC, WORKER, EMPLOYER, UNION, COUNTY, CITY, PROVINCE, PARTNER, HANDLER, STEWARD,
    /// SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR or AUDIT_ADMINISTRATOR; may be given several times
    #[arg(long, required = true, value_name = "ROLE")]
    role: Vec<String>,
    /// Fewer scopes than the roles allow, such as worker:read; may be given several times
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The division it answers for, six digits, with all below it
    #[arg(long, value_name = "CODE")]
    division: Option<String>,
    /// The worker it acts for
    #[arg(long, value_name = "ID")]
    worker: Option<String>,
    /// The employer it acts for
    #[arg(long, value_name = "ID")]
    employer: Option<String>,
    /// The union it acts for
    #[arg(long, value_name = "ID")]
    union: Option<String>,
    /// Days until it expires
    #[arg(long, value_name = "DAYS")]
    expires_in: Option<u32>,
    /// Make a token too that is sent as it is, for what cannot ask for tokens
    #[arg(long)]
    api_token: bool,
    /// It signs with keys of its own and gets no secret: a file with its public keys, a JWK set
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// It is a person of this OpenID provider and gets no secret
    #[arg(long, requires = "subject", value_name = "URL")]
    issuer: Option<String>,
    /// What the provider calls the person
    #[arg(long, requires = "issuer", value_name = "SUB")]
    subject: Option<String>,
}

/// What `demo` prints, as JSON.
#[derive(Serialize)]
struct Printed {
    url: String,
    credentials: Vec<Credential>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // A deep answer is resolved by recursion.
        .thread_stack_size(8 << 20)
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gongtu: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let flags = cli.flags;
    match cli.command {
        Command::Demo(demo) => run_demo(&flags, demo).await,
        Command::Serve(serve) => {
            let config = Config::read(&flags, serve.listen)?;
            log(config.log, "info");
            let database = connect(&config).await?;
            if !serve.no_migrate {
                migrate(&database).await.context("the schema cannot be brought up to date")?;
            }
            let keys = custody::open(&database, &config.keyring).await?;
            run_server(database, keys, &config, config.listen, Vec::new(), |_| Ok(())).await
        }
        Command::Migrate => {
            let config = Config::read(&flags, None)?;
            log(config.log, "info");
            let database = connect(&config).await?;
            migrate(&database).await.context("the schema cannot be brought up to date")?;
            println!("The schema of the database is up to date.");
            Ok(())
        }
        Command::Schema => {
            print!("{}", schema::sdl());
            Ok(())
        }
        Command::Client { command } => {
            let config = Config::read(&flags, None)?;
            run_client(&credentials(&config).await?, command).await
        }
        Command::Key { command } => {
            let config = Config::read(&flags, None)?;
            log(config.log, "warn");
            match command {
                key::Command::Sealing(command) => {
                    let database = connect(&config).await?;
                    let keys = custody::open(&database, &config.keyring).await?;
                    key::run_sealing(&database, &keys, command).await
                }
                key::Command::RotateSigning { now } => {
                    key::rotate_signing(&credentials(&config).await?, now).await
                }
            }
        }
        Command::Audit { command } => {
            let config = Config::read(&flags, None)?;
            audit::run(connect(&config).await?, &config.keyring, command).await
        }
    }
}

async fn run_demo(flags: &Flags, demo: Demo) -> anyhow::Result<()> {
    let mut flags = flags.clone();
    if flags.database_url.is_none() {
        std::fs::create_dir_all(&demo.data_dir)
            .with_context(|| format!("the folder {} cannot be made", demo.data_dir.display()))?;
        let file = demo.data_dir.join("gongtu.db");
        flags.database_url = Some(format!("sqlite://{}", file.display()));
    }
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, demo.port));
    let config = Config::read(&flags, Some(listen))?;
    log(config.log, "warn");
    let database = connect(&config).await?;
    migrate(&database).await.context("the schema cannot be brought up to date")?;
    let clock = Clock::default();
    setting::set_synthetic(&database).await?;
    let keys = custody::open(&database, &config.keyring).await?;
    load(&database, &keys, &clock, &demo).await?;
    let registry = Credentials::new(database.clone(), keys.clone(), clock, Identity::default())?;
    let credentials = demo_credentials(&registry).await?;
    let file = demo.credentials_file.clone();
    if demo.load_only {
        let printed = Printed { url: format!("http://{listen}"), credentials };
        return print(&printed, "The records are there; not serving now", file.as_ref());
    }
    let shown = credentials.clone();
    run_server(database, keys, &config, listen, credentials, move |address| {
        let printed = Printed { url: format!("http://{address}"), credentials: shown };
        let head = format!("Gongtu 工图 serves at {}", printed.url);
        print(&printed, &head, file.as_ref())?;
        println!("Stop with Ctrl-C.");
        Ok(())
    })
    .await
}

/// Makes the demo records, with a bar that says how far it is.
async fn load(database: &Database, keys: &Keys, clock: &Clock, demo: &Demo) -> anyhow::Result<()> {
    let plan = demo::Plan { workers: demo.workers, seed: demo.seed, today: clock.today() };
    let style = "{msg:26} {wide_bar} {human_pos:>11}/{human_len} rows {elapsed_precise}";
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template(style)?);
    let progress = |table: &'static str, done: u64, of: u64| {
        bar.set_message(table);
        bar.set_length(of);
        bar.set_position(done);
    };
    let connection = database.orm().await?;
    let loaded = demo::load(&connection, &keys.now(), &plan, &progress)
        .await
        .context("the demo records cannot be made")?;
    connection.close().await?;
    bar.finish_and_clear();
    let rows: u64 = loaded.tables.iter().map(|(_, rows)| rows).sum();
    if rows > 0 {
        eprintln!("{rows} demo rows made.");
    }
    Ok(())
}

const DEMO_CREDENTIALS: [(&str, Role, Option<&str>); 4] = [
    ("steward", Role::Steward, Some("130300")),
    ("partner", Role::Partner, Some("130300")),
    ("county", Role::County, Some("130302")),
    ("public", Role::Public, None),
];

/// New ones at every start: the tokens of an earlier start end.
async fn demo_credentials(credentials: &Credentials) -> anyhow::Result<Vec<Credential>> {
    credentials.remove(&DEMO_CREDENTIALS.map(|(name, ..)| name)).await?;
    let mut made = Vec::with_capacity(DEMO_CREDENTIALS.len());
    for (name, role, division) in DEMO_CREDENTIALS {
        let new = NewCredential {
            name: name.to_owned(),
            roles: vec![role],
            division: division.map(division_code).transpose()?,
            secrets: vec![SecretKind::ApiToken, SecretKind::ClientSecret],
            ..NewCredential::default()
        };
        let new = credentials.create(new).await?;
        let mut secrets = new.secrets.into_iter();
        made.push(Credential {
            name: name.to_owned(),
            token: secrets.next().unwrap_or_default(),
            client_id: encode_client_id(new.id),
            client_secret: secrets.next().unwrap_or_default(),
            roles: vec![role.name().to_owned()],
            division: division.map(str::to_owned),
        });
    }
    Ok(made)
}

fn print(printed: &Printed, head: &str, file: Option<&PathBuf>) -> anyhow::Result<()> {
    println!("\n{head}\n");
    for it in &printed.credentials {
        let division = it.division.as_deref().unwrap_or("-");
        println!("  {:<8} {:<8} {division:<7} {}", it.name, it.roles.join(","), it.token);
    }
    println!("\nThe tokens are good until the next start.");
    if let Some(file) = file {
        let json = serde_json::to_string_pretty(printed)?;
        write_secret(file, &json)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read.
fn write_secret(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

/// Clients that are read at once.
const PAGE: u64 = 100;

async fn run_client(credentials: &Credentials, command: Client) -> anyhow::Result<()> {
    match command {
        Client::Create(client) => {
            let new = client.read()?;
            let kinds = new.secrets.clone();
            let made = credentials.create(new).await?;
            println!("client_id\t{}", encode_client_id(made.id));
            for (kind, secret) in kinds.iter().zip(&made.secrets) {
                println!("{}\t{secret}", name_of(*kind));
            }
        }
        Client::Rotate { name, api_token, overlap_hours } => {
            let named = Condition::all().add(credential::Column::Name.eq(&name));
            let found = credentials.list(named, None, 1).await?.pop();
            let found = found.with_context(|| format!("there is no client {name:?}"))?;
            let kind = if api_token { SecretKind::ApiToken } else { SecretKind::ClientSecret };
            let overlap = TimeDelta::hours(overlap_hours.into());
            println!("{}\t{}", name_of(kind), credentials.rotate(found.id, kind, overlap).await?);
        }
        Client::Revoke { name } => {
            if !credentials.revoke(&name).await? {
                bail!("there is no open client {name:?}");
            }
            println!("{name} is revoked.");
        }
        Client::List => {
            let mut after = None;
            loop {
                let page = credentials.list(Condition::all(), after.as_deref(), PAGE).await?;
                for it in &page {
                    let state = match (it.revoked_at, it.expires_at) {
                        (Some(at), _) => format!("revoked {at}"),
                        (None, Some(at)) => format!("until {at}"),
                        (None, None) => "open".to_owned(),
                    };
                    let roles: Vec<&str> = it.held_roles().into_iter().map(Role::name).collect();
                    let (id, roles) = (encode_client_id(it.id), roles.join(","));
                    let division = it.division_code.as_deref().unwrap_or("-");
                    println!("{id}\t{}\t{roles}\t{division}\t{state}", it.name);
                }
                if (page.len() as u64) < PAGE {
                    break;
                }
                after = page.into_iter().next_back().map(|it| it.name);
            }
        }
    }
    Ok(())
}

fn name_of(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::ClientSecret => "client_secret",
        SecretKind::ApiToken => "api_token",
    }
}

impl NewClient {
    fn read(self) -> anyhow::Result<NewCredential> {
        let role = |it: &String| {
            Role::named(it).with_context(|| format!("--role: there is no role {it:?}"))
        };
        let scope = |it: &String| {
            Scope::named(it).with_context(|| format!("--scope: there is no scope {it:?}"))
        };
        let scopes: Vec<Scope> = self.scope.iter().map(scope).collect::<anyhow::Result<_>>()?;
        let jwks = match &self.jwks {
            Some(file) => {
                let shown = file.display();
                let text = std::fs::read(file)
                    .with_context(|| format!("--jwks: {shown} cannot be read"))?;
                let jwks = serde_json::from_slice(&text)
                    .with_context(|| format!("--jwks: {shown} is no JSON"))?;
                if let Err(fault) = KeySet::of_client(&jwks) {
                    bail!("--jwks: {fault}");
                }
                Some(jwks)
            }
            None => None,
        };
        let person = self.issuer.zip(self.subject);
        let mut secrets = Vec::new();
        if jwks.is_none() && person.is_none() {
            secrets.push(SecretKind::ClientSecret);
        }
        if self.api_token {
            secrets.push(SecretKind::ApiToken);
        }
        let days = |days: u32| Clock::default().now() + TimeDelta::days(days.into());
        Ok(NewCredential {
            name: self.name,
            roles: self.role.iter().map(role).collect::<anyhow::Result<_>>()?,
            scopes: (!scopes.is_empty()).then_some(scopes),
            division: self.division.as_deref().map(division_code).transpose()?,
            subject: Subject {
                worker_id: record("--worker", Kind::Worker, self.worker)?,
                employer_id: record("--employer", Kind::Employer, self.employer)?,
                union_id: record("--union", Kind::UnionOrganization, self.union)?,
            },
            expires_at: self.expires_in.map(days),
            secrets,
            jwks,
            person,
        })
    }
}

/// The record of a kind that an id names.
fn record(flag: &str, kind: Kind, id: Option<String>) -> anyhow::Result<Option<Uuid>> {
    let Some(id) = id else { return Ok(None) };
    match decode_id(&id) {
        Some((of, uuid)) if of == kind => Ok(Some(uuid)),
        _ => bail!("{flag}: {id:?} is no id of a {}", kind.name()),
    }
}

fn division_code(text: &str) -> anyhow::Result<DivisionCode> {
    let rules = Rules { today: chrono::NaiveDate::MAX, synthetic: true };
    match DivisionCode::check(text, &rules) {
        Ok(code) => Ok(code.value),
        Err(defect) => bail!("--division: {defect}"),
    }
}

async fn credentials(config: &Config) -> anyhow::Result<Credentials> {
    let database = connect(config).await?;
    let keys = custody::open(&database, &config.keyring).await?;
    Ok(Credentials::new(database, keys, Clock::default(), config.identity(config.listen))?)
}

async fn connect(config: &Config) -> anyhow::Result<Database> {
    Database::connect(&config.connect).await.context("database_url: no connection")
}

/// Serves until the process is told to end, then lets what was begun finish.
async fn run_server(
    database: Database,
    keys: Keys,
    config: &Config,
    listen: SocketAddr,
    credentials: Vec<Credential>,
    ready: impl FnOnce(SocketAddr) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listen: {listen} cannot be listened on"))?;
    let address = listener.local_addr()?;
    let (limits, identity) = (config.limits.clone(), config.identity(address));
    let app = service::start(database, keys, Clock::default(), limits, identity).await?;
    let pages = playground::routes(credentials);
    let shutdown = app.shutdown().clone();
    tokio::spawn(async move {
        told_to_end().await;
        tracing::info!("ending");
        shutdown.cancel();
    });
    tracing::info!(%address, "serving");
    ready(address)?;
    http::serve(app.clone(), pages, listener).await?;
    // What could not be ended in time must not keep the process.
    let _ = tokio::time::timeout(Duration::from_secs(10), app.stop()).await;
    Ok(())
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}

fn log(format: LogFormat, level: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("GONGTU_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}
