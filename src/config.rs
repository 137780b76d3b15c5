//! The settings: a file, then the environment, then flags; each overrides what came before.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;

use crate::{
    database::Connect,
    guard::{Limits, Trusted, trusted},
};

/// What `gongtu.toml` may hold. A name that is not listed is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub listen: Option<SocketAddr>,
    pub database_url: Option<String>,
    pub database_pool: Option<u32>,
    pub statement_timeout_s: Option<u64>,
    pub request_timeout_s: Option<u64>,
    pub origins: Option<Vec<String>>,
    pub trusted_documents: Option<PathBuf>,
    pub trusted_documents_only: Option<bool>,
    pub log: Option<LogFormat>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// The settings as flags and environment variables.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// A TOML file with settings; `gongtu.toml` in this folder is read if it is there
    #[arg(long, global = true, env = "GONGTU_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The database: `sqlite://gongtu.db` or `postgres://user:password@host/name`
    /// [default: sqlite://gongtu.db]
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// Connections to the database, 1 to 500 [default: 8]
    #[arg(long, global = true, env = "GONGTU_DATABASE_POOL", value_name = "N")]
    pub database_pool: Option<u32>,

    /// Seconds after which PostgreSQL ends a statement, 1 to 3600 [default: 30]
    #[arg(long, global = true, env = "GONGTU_STATEMENT_TIMEOUT", value_name = "SECONDS")]
    pub statement_timeout: Option<u64>,

    /// Seconds after which a request is given up, 1 to 600 [default: 30]
    #[arg(long, global = true, env = "GONGTU_REQUEST_TIMEOUT", value_name = "SECONDS")]
    pub request_timeout: Option<u64>,

    /// A browser origin that may call, such as `https://app.example`; may be given several times
    #[arg(
        long,
        global = true,
        env = "GONGTU_ORIGINS",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub origin: Vec<String>,

    /// A manifest of documents that may be asked for by their ids, as Apollo or Relay writes it
    #[arg(long, global = true, env = "GONGTU_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Run no document that is not in the manifest
    #[arg(long, global = true, env = "GONGTU_TRUSTED_DOCUMENTS_ONLY")]
    pub trusted_documents_only: bool,

    /// How log lines are written [default: text]
    #[arg(long, global = true, env = "GONGTU_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// The settings, read once.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub connect: Connect,
    pub limits: Limits,
    pub log: LogFormat,
}

const FILE: &str = "gongtu.toml";

impl Config {
    /// Puts the settings together. An error names the setting that is wrong.
    pub fn read(flags: &Flags, listen: Option<SocketAddr>) -> anyhow::Result<Config> {
        let file = match &flags.config {
            Some(path) => Some(path.clone()),
            None => Some(PathBuf::from(FILE)).filter(|it| it.exists()),
        };
        let file = match file {
            Some(path) => {
                let shown = path.display();
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("the settings file {shown} cannot be read"))?;
                toml::from_str(&text)
                    .with_context(|| format!("the settings file {shown} is not right"))?
            }
            None => File::default(),
        };
        let url = flags.database_url.clone().or(file.database_url);
        let url = url.unwrap_or_else(|| "sqlite://gongtu.db".to_owned());
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|it| url.starts_with(it)) {
            // The address may hold a password: it is not repeated.
            bail!("database_url has to begin with sqlite: or postgres:");
        }
        let pool =
            bounded("database_pool", flags.database_pool.or(file.database_pool), 8, 1..=500)?;
        let statement = flags.statement_timeout.or(file.statement_timeout_s);
        let statement = bounded("statement_timeout", statement, 30, 1..=3600)?;
        let request = flags.request_timeout.or(file.request_timeout_s);
        let request = bounded("request_timeout", request, 30, 1..=600)?;
        let origins = if flags.origin.is_empty() {
            file.origins.unwrap_or_default()
        } else {
            flags.origin.clone()
        };
        for origin in &origins {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            if host.is_none_or(|it| it.is_empty() || it.contains(['/', '*', ' '])) {
                bail!("origins: {origin:?} is not an origin such as https://app.example");
            }
        }
        let only = flags.trusted_documents_only || file.trusted_documents_only.unwrap_or_default();
        let manifest = flags.trusted_documents.clone().or(file.trusted_documents);
        let documents = match &manifest {
            Some(path) => {
                let shown = path.display();
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("trusted_documents: {shown} cannot be read"))?;
                trusted::documents(&text)
                    .with_context(|| format!("trusted_documents: {shown} is no manifest"))?
            }
            None if only => bail!("trusted_documents_only needs trusted_documents"),
            None => BTreeMap::new(),
        };
        Ok(Config {
            listen: listen
                .or(file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            connect: Connect { url, pool, statement_timeout: Duration::from_secs(statement) },
            limits: Limits {
                request_time: Duration::from_secs(request),
                origins,
                trusted: Trusted { documents, only },
                ..Limits::default()
            },
            log: flags.log_format.or(file.log).unwrap_or_default(),
        })
    }
}

fn bounded<T: PartialOrd + std::fmt::Display>(
    name: &str,
    value: Option<T>,
    default: T,
    bounds: std::ops::RangeInclusive<T>,
) -> anyhow::Result<T> {
    let value = value.unwrap_or(default);
    if !bounds.contains(&value) {
        bail!("{name} has to be from {} to {}, not {value}", bounds.start(), bounds.end());
    }
    Ok(value)
}
