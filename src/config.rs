//! The settings: a file, then the environment, then flags; each overrides what came before.

use std::{
    collections::BTreeMap, net::SocketAddr, ops::RangeInclusive, path::PathBuf, time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;

use crate::{
    audit,
    credential::{Identity, provider::Provider},
    database::Connect,
    guard::{Limits, Trusted, trusted},
    keyring::path_beside,
    quota::Budgets,
};

/// What `gongtu.toml` may hold. A name that is not listed is an error.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub listen: Option<SocketAddr>,
    pub database_url: Option<String>,
    pub database_pool: Option<u32>,
    pub keyring: Option<PathBuf>,
    pub statement_timeout_s: Option<u64>,
    pub request_timeout_s: Option<u64>,
    pub budget: Option<u64>,
    pub origins: Option<Vec<String>>,
    pub public_url: Option<String>,
    pub signing_key_days: Option<u64>,
    pub providers: Vec<Provider>,
    pub trusted_documents: Option<PathBuf>,
    pub trusted_documents_only: Option<bool>,
    pub audit_checkpoints: Option<PathBuf>,
    pub audit_read_alert: Option<usize>,
    pub audit_unmask_alert: Option<usize>,
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

    /// The keys that seal values about persons; made at the first start [default: beside an SQLite
    /// file, with the ending `.keyring`; else gongtu.keyring]
    #[arg(long, global = true, env = "GONGTU_KEYRING", value_name = "FILE")]
    pub keyring: Option<PathBuf>,

    /// Seconds after which PostgreSQL ends a statement, 1 to 3600 [default: 30]
    #[arg(long, global = true, env = "GONGTU_STATEMENT_TIMEOUT", value_name = "SECONDS")]
    pub statement_timeout: Option<u64>,

    /// Seconds after which a request is given up, 1 to 600 [default: 30]
    #[arg(long, global = true, env = "GONGTU_REQUEST_TIMEOUT", value_name = "SECONDS")]
    pub request_timeout: Option<u64>,

    /// Points of cost that one caller may spend a minute, 1,000 and more [default: 60000000]
    #[arg(long, global = true, env = "GONGTU_BUDGET", value_name = "POINTS")]
    pub budget: Option<u64>,

    /// A browser origin that may call, such as `https://app.example`; may be given several times
    #[arg(
        long,
        global = true,
        env = "GONGTU_ORIGINS",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub origin: Vec<String>,

    /// The address by which clients reach the service, such as `https://gongtu.example`: the issuer of
    /// its tokens, the same for all replicas [default: the address it listens on]
    #[arg(long, global = true, env = "GONGTU_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Days after which another key signs tokens, 1 to 365 [default: 30]
    #[arg(long, global = true, env = "GONGTU_SIGNING_KEY_DAYS", value_name = "DAYS")]
    pub signing_key_days: Option<u64>,

    /// A manifest of documents that may be asked for by their ids, as Apollo or Relay writes it
    #[arg(long, global = true, env = "GONGTU_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Run no document that is not in the manifest
    #[arg(long, global = true, env = "GONGTU_TRUSTED_DOCUMENTS_ONLY")]
    pub trusted_documents_only: bool,

    /// Where signed checkpoints of the audit trail go too: a file at another place, or `-`
    #[arg(long, global = true, env = "GONGTU_AUDIT_CHECKPOINTS", value_name = "FILE")]
    pub audit_checkpoints: Option<PathBuf>,

    /// Records of which one credential may read personal fields in an hour before an alert, 1 to 5,000
    /// [default: 200]
    #[arg(long, global = true, env = "GONGTU_AUDIT_READ_ALERT", value_name = "RECORDS")]
    pub audit_read_alert: Option<usize>,

    /// Records of which one credential may see numbers whole, or look up, in an hour before an alert,
    /// 1 to 500 [default: 20]
    #[arg(long, global = true, env = "GONGTU_AUDIT_UNMASK_ALERT", value_name = "RECORDS")]
    pub audit_unmask_alert: Option<usize>,

    /// How log lines are written [default: text]
    #[arg(long, global = true, env = "GONGTU_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// The settings, read once.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub connect: Connect,
    pub keyring: PathBuf,
    pub limits: Limits,
    /// None for the address that is listened on.
    pub public_url: Option<String>,
    pub signing_key_life: Duration,
    pub providers: Vec<Provider>,
    pub log: LogFormat,
}

const FILE: &str = "gongtu.toml";
/// An alert comes before a court would count the records (Fa Shi 2017 No. 10, art. 5): no setting turns
/// it off.
const READ_ALERTS: RangeInclusive<usize> = 1..=5_000;
const UNMASK_ALERTS: RangeInclusive<usize> = 1..=500;

impl Config {
    /// What the service is called that listens on this address.
    pub fn identity(&self, address: SocketAddr) -> Identity {
        Identity {
            issuer: self.public_url.clone().unwrap_or_else(|| format!("http://{address}")),
            providers: self.providers.clone(),
            signing_key_life: self.signing_key_life,
        }
    }

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
        let keyring = flags.keyring.clone().or(file.keyring);
        let keyring = keyring.unwrap_or_else(|| path_beside(&url));
        let pool =
            bounded("database_pool", flags.database_pool.or(file.database_pool), 8, 1..=500)?;
        let statement = flags.statement_timeout.or(file.statement_timeout_s);
        let statement = bounded("statement_timeout", statement, 30, 1..=3600)?;
        let request = flags.request_timeout.or(file.request_timeout_s);
        let request = bounded("request_timeout", request, 30, 1..=600)?;
        let budget = flags.budget.or(file.budget);
        let cost = bounded("budget", budget, Budgets::default().cost, 1_000..=u64::MAX)?;
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
        let public_url = flags.public_url.clone().or(file.public_url);
        if public_url.as_deref().is_some_and(|it| !is_address(it)) {
            bail!(
                "public_url has to be an address such as https://gongtu.example, no slash at its end"
            );
        }
        let days = flags.signing_key_days.or(file.signing_key_days);
        let days = bounded("signing_key_days", days, 30, 1..=365)?;
        for provider in &file.providers {
            if let Some(fault) = provider.fault() {
                bail!("providers: {:?}: {fault}", provider.issuer);
            }
        }
        let audit = audit::Settings::default();
        let read = flags.audit_read_alert.or(file.audit_read_alert);
        let read_alert = bounded("audit_read_alert", read, audit.read_alert, READ_ALERTS)?;
        let unmask = flags.audit_unmask_alert.or(file.audit_unmask_alert);
        let unmask_alert =
            bounded("audit_unmask_alert", unmask, audit.unmask_alert, UNMASK_ALERTS)?;
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
            keyring,
            limits: Limits {
                request_time: Duration::from_secs(request),
                origins,
                budgets: Budgets { cost, ..Budgets::default() },
                trusted: Trusted { documents, only },
                audit: audit::Settings {
                    checkpoints: flags.audit_checkpoints.clone().or(file.audit_checkpoints),
                    read_alert,
                    unmask_alert,
                    ..audit
                },
                ..Limits::default()
            },
            public_url,
            signing_key_life: Duration::from_hours(24 * days),
            providers: file.providers,
            log: flags.log_format.or(file.log).unwrap_or_default(),
        })
    }
}

/// Whether clients could find something there, and something below it.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|it| {
        !it.is_empty()
            && !it.starts_with('/')
            && !it.ends_with('/')
            && !it.contains(['?', '#', ' ', '*'])
    })
}

fn bounded<T: PartialOrd + std::fmt::Display>(
    name: &str,
    value: Option<T>,
    default: T,
    bounds: RangeInclusive<T>,
) -> anyhow::Result<T> {
    let value = value.unwrap_or(default);
    if !bounds.contains(&value) {
        bail!("{name} has to be from {} to {}, not {value}", bounds.start(), bounds.end());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// The thresholds of a file with this text, and flags.
    fn alerts(text: &str, flags: Flags) -> Result<(usize, usize), String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "gongtu-config-{}-{}.toml",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, text).unwrap();
        let read = Config::read(&Flags { config: Some(file.clone()), ..flags }, None);
        std::fs::remove_file(file).unwrap();
        let audit = read.map_err(|it| format!("{it:#}"))?.limits.audit;
        Ok((audit.read_alert, audit.unmask_alert))
    }

    #[test]
    fn alerts_are_of_the_file_or_the_flags_and_cannot_be_turned_off() {
        let flags = |read, unmask| Flags {
            audit_read_alert: read,
            audit_unmask_alert: unmask,
            ..Flags::default()
        };
        let file = "audit_read_alert = 300\naudit_unmask_alert = 30\n";

        assert_eq!(alerts("", flags(None, None)), Ok((200, 20)));
        assert_eq!(alerts(file, flags(None, None)), Ok((300, 30)));
        assert_eq!(alerts(file, flags(Some(5_000), Some(1))), Ok((5_000, 1)));
        for (read, unmask, told) in [
            (Some(0), None, "audit_read_alert has to be from 1 to 5000, not 0"),
            (Some(5_001), None, "audit_read_alert has to be from 1 to 5000, not 5001"),
            (None, Some(0), "audit_unmask_alert has to be from 1 to 500, not 0"),
            (None, Some(501), "audit_unmask_alert has to be from 1 to 500, not 501"),
        ] {
            assert_eq!(alerts(file, flags(read, unmask)), Err(told.to_owned()));
        }
    }
}
