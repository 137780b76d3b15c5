//! The audit trail: who did what, when, why, to which records and fields; never a value.
//!
//! An entry is written once: of a mutation in its transaction, of a read before the answer leaves
//! ([`Journal`]). Afterwards one process of all gives the entries their places in a chain of hashes, and
//! signs where the chain stands ([`Sealer`]). Whoever has a signed checkpoint at another place finds
//! out what was altered, removed or put in since ([`verify`]).

pub mod chain;
mod journal;
mod read;
mod sealer;
pub mod signer;
pub mod verify;

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use entity::audit_entry::{AuditAction, Model};
use sea_orm::{ActiveEnum, DbBackend, Statement, Value};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use self::chain::Sealed;
use crate::{
    kind::{Kind, encode_id},
    policy::Role,
    viewer::Viewer,
};

pub use journal::Journal;
pub use read::{Note, Reads};
pub use sealer::Sealer;
pub use signer::{Keys, Signer};

/// How the audit trail is kept.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where checkpoints go too: a file at another place, or `-` for the standard output.
    pub checkpoints: Option<PathBuf>,
    /// Records of which one credential may read personal fields in an hour before an alert.
    pub read_alert: usize,
    /// Records of which one credential may see masked values whole, or look up, in an hour before an
    /// alert.
    pub unmask_alert: usize,
    /// Reads wait so long in memory, and entries for their places in the chain.
    pub pause: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        let pause = Duration::from_millis(200);
        Settings { checkpoints: None, read_alert: 200, unmask_alert: 20, pause }
    }
}

/// Who acts, what for, and in which request.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    pub viewer: &'a Viewer,
    pub request_id: &'a str,
}

/// What was done.
pub struct Act<'a> {
    pub action: AuditAction,
    pub operation: &'a str,
    /// [`DONE`] and the like, or the code of an error.
    pub outcome: &'a str,
    /// Separated by commas.
    pub fields: String,
    /// Records of one kind follow each other.
    pub records: Vec<(Kind, Uuid)>,
}

pub const DONE: &str = "DONE";
/// Of a mutation that did everything but keep it.
pub const VALIDATED: &str = "VALIDATED";
/// Of a mutation that gave its first answer again.
pub const REPLAYED: &str = "REPLAYED";
/// Of a mutation that the caller can mend.
pub const REFUSED: &str = "REFUSED";

/// What is between two names in a column.
pub const COMMA: &str = ",";
/// An entry holds so many ids; more of them are told in further entries.
const MAX_RECORDS: usize = 10_000;

impl Act<'_> {
    /// The rows that tell of it: one, unless there are very many records.
    pub fn rows(self, caller: Caller<'_>, at: DateTime<Utc>) -> Vec<Model> {
        with_records(&self.entry(caller, at), &self.records)
    }

    /// The entry, but for the records.
    fn entry(&self, caller: Caller<'_>, at: DateTime<Utc>) -> Model {
        let Caller { viewer, request_id } = caller;
        let purpose = viewer.purpose.as_ref();
        let roles: Vec<&str> = viewer.roles.iter().copied().map(Role::name).collect();
        Model {
            id: Uuid::now_v7(),
            at,
            action: self.action,
            actor: viewer.name.clone(),
            credential_id: viewer.credential_id,
            roles: roles.join(COMMA),
            operation: self.operation.to_owned(),
            outcome: self.outcome.to_owned(),
            request_id: request_id.to_owned(),
            purpose: purpose.map(|it| it.code.name().to_owned()),
            case_number: purpose.and_then(|it| it.case_number.clone()),
            fields: self.fields.clone(),
            kinds: String::new(),
            records: Vec::new(),
        }
    }
}

/// An entry with its records: one row, unless there are very many.
fn with_records(entry: &Model, records: &[(Kind, Uuid)]) -> Vec<Model> {
    let row = |(place, records): (usize, &[(Kind, Uuid)])| Model {
        id: if place == 0 { entry.id } else { Uuid::now_v7() },
        kinds: kinds(records),
        records: records.iter().flat_map(|(_, id)| *id.as_bytes()).collect(),
        ..entry.clone()
    };
    if records.is_empty() {
        return vec![row((0, &[]))];
    }
    records.chunks(MAX_RECORDS).enumerate().map(row).collect()
}

/// `worker:2,employer:1`.
fn kinds(records: &[(Kind, Uuid)]) -> String {
    let runs = records.chunk_by(|(one, _), (next, _)| one == next);
    let runs = runs.map(|it| format!("{}:{}", it[0].0.prefix(), it.len()));
    runs.collect::<Vec<_>>().join(COMMA)
}

/// The records of an entry, with their kinds. Of entries from before there was a chain only the ids
/// are known: they are left out.
pub fn records(kinds: &str, ids: &[u8]) -> Vec<(Kind, Uuid)> {
    let runs = kinds.split(COMMA).filter_map(|run| {
        let (kind, count) = run.split_once(':')?;
        Some(std::iter::repeat_n(Kind::from_prefix(kind)?, count.parse().ok()?))
    });
    let ids = ids.chunks_exact(16).filter_map(|it| Uuid::from_slice(it).ok());
    runs.flatten().zip(ids).collect()
}

/// A sealed entry as JSON.
pub fn to_json(Sealed { position, hash, entry }: &Sealed) -> serde_json::Value {
    let names = |text: &str| -> Vec<String> {
        text.split(COMMA).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let ids = records(&entry.kinds, &entry.records).into_iter();
    json!({
        "position": position,
        "hash": HEXLOWER.encode(hash),
        "id": entry.id,
        "at": entry.at,
        "action": entry.action,
        "actor": entry.actor,
        "credentialId": entry.credential_id,
        "roles": names(&entry.roles),
        "operation": entry.operation,
        "outcome": entry.outcome,
        "requestId": entry.request_id,
        "purpose": entry.purpose,
        "caseNumber": entry.case_number,
        "fields": names(&entry.fields),
        "recordIds": ids.map(|(kind, id)| encode_id(kind, id)).collect::<Vec<_>>(),
    })
}

/// Writes rows. Those that are there already stay as they are: whoever does not know whether a write
/// went well writes again.
pub fn insert(backend: DbBackend, rows: &[Model]) -> Statement {
    let sql = match backend {
        DbBackend::Postgres => format!("WITH {WRITTEN}"),
        _ => WRITTEN_SQLITE.to_owned(),
    };
    Statement::from_sql_and_values(backend, sql, told(rows))
}

/// The same on PostgreSQL, and in one statement with it another that writes: that has its value in the
/// third place.
pub fn insert_beside(other: &str, value: Value, rows: &[Model]) -> Statement {
    let sql = format!("WITH beside AS ({other}), {WRITTEN}");
    let values = told(rows).into_iter().chain([value]);
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// How rows are written that [`told`] tells of, and that they wait for their places; on SQLite a trigger
/// says the latter. They are two values, however many they are: the statement is prepared once.
const WRITTEN: &str = "written AS (INSERT INTO audit_entry (id, at, action, actor, credential_id, \
    roles, operation, outcome, request_id, purpose, case_number, fields, kinds, records) \
    SELECT it.id, it.at, alike.action, alike.actor, alike.credential_id, alike.roles, \
    alike.operation, alike.outcome, it.request_id, alike.purpose, alike.case_number, alike.fields, \
    alike.kinds, substring($2::bytea FROM it.first FOR it.bytes) \
    FROM json_to_recordset($1::json) AS alike (action text, actor text, credential_id uuid, \
    roles text, operation text, outcome text, purpose text, case_number text, fields text, \
    kinds text, entries json), \
    json_to_recordset(alike.entries) AS it (id uuid, at timestamptz, request_id text, \
    first integer, bytes integer) ON CONFLICT (id) DO NOTHING RETURNING id) \
    INSERT INTO audit_waiting (id) SELECT id FROM written";
/// To SQLite a part of nothing is null.
const WRITTEN_SQLITE: &str = "INSERT INTO audit_entry (id, at, action, actor, credential_id, roles, \
    operation, outcome, request_id, purpose, case_number, fields, kinds, records) \
    SELECT unhex(it.value ->> 'id'), it.value ->> 'at', alike.value ->> 'action', \
    alike.value ->> 'actor', unhex(alike.value ->> 'credential_id'), alike.value ->> 'roles', \
    alike.value ->> 'operation', alike.value ->> 'outcome', it.value ->> 'request_id', \
    alike.value ->> 'purpose', alike.value ->> 'case_number', alike.value ->> 'fields', \
    alike.value ->> 'kinds', \
    coalesce(substr($2, it.value ->> 'first', it.value ->> 'bytes'), x'') \
    FROM json_each($1) AS alike, json_each(alike.value -> 'entries') AS it \
    WHERE TRUE ON CONFLICT (id) DO NOTHING";

/// Rows that follow each other and differ in nothing but these, as most of a moment do.
#[derive(Serialize)]
struct Alike<'a> {
    action: String,
    actor: &'a str,
    credential_id: Option<String>,
    roles: &'a str,
    operation: &'a str,
    outcome: &'a str,
    purpose: Option<&'a str>,
    case_number: Option<&'a str>,
    fields: &'a str,
    kinds: &'a str,
    entries: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    id: String,
    at: String,
    request_id: &'a str,
    /// Where its records begin among those of all, counted from 1.
    first: usize,
    bytes: usize,
}

/// Rows as JSON, and the records of all of them.
fn told(rows: &[Model]) -> [Value; 2] {
    let mut records = Vec::new();
    let runs = rows.chunk_by(are_alike).filter_map(|run| {
        let first = run.first()?;
        let entries = run.iter().map(|it| {
            let first = records.len() + 1;
            records.extend_from_slice(&it.records);
            Told {
                id: it.id.simple().to_string(),
                // As sqlx writes it, for SQLite compares texts.
                at: it.at.to_rfc3339_opts(SecondsFormat::AutoSi, false),
                request_id: &it.request_id,
                first,
                bytes: it.records.len(),
            }
        });
        Some(Alike {
            action: first.action.to_value(),
            actor: &first.actor,
            credential_id: first.credential_id.map(|it| it.simple().to_string()),
            roles: &first.roles,
            operation: &first.operation,
            outcome: &first.outcome,
            purpose: first.purpose.as_deref(),
            case_number: first.case_number.as_deref(),
            fields: &first.fields,
            kinds: &first.kinds,
            entries: entries.collect(),
        })
    });
    let told = serde_json::to_string(&runs.collect::<Vec<_>>()).expect("texts serialize");
    [told.into(), records.into()]
}

fn are_alike(one: &Model, next: &Model) -> bool {
    (one.action, one.credential_id) == (next.action, next.credential_id)
        && (&one.operation, &one.fields, &one.kinds) == (&next.operation, &next.fields, &next.kinds)
        && (&one.actor, &one.roles, &one.outcome) == (&next.actor, &next.roles, &next.outcome)
        && (&one.purpose, &one.case_number) == (&next.purpose, &next.case_number)
}
