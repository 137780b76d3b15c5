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

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use entity::audit_entry::{ActiveModel, AuditAction, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, QueryTrait,
    sea_query::{InsertStatement, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

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
    pub fn rows(self, caller: Caller<'_>, at: DateTime<Utc>) -> Vec<ActiveModel> {
        let Caller { viewer, request_id } = caller;
        let purpose = viewer.purpose.as_ref();
        let roles: Vec<&str> = viewer.roles.iter().copied().map(Role::name).collect();
        let row = |records: &[(Kind, Uuid)]| ActiveModel {
            id: Set(Uuid::now_v7()),
            at: Set(at),
            action: Set(self.action),
            actor: Set(viewer.name.clone()),
            credential_id: Set(viewer.credential_id),
            roles: Set(roles.join(COMMA)),
            operation: Set(self.operation.to_owned()),
            outcome: Set(self.outcome.to_owned()),
            request_id: Set(request_id.to_owned()),
            purpose: Set(purpose.map(|it| it.code.name().to_owned())),
            case_number: Set(purpose.and_then(|it| it.case_number.clone())),
            fields: Set(self.fields.clone()),
            kinds: Set(kinds(records)),
            records: Set(records.iter().flat_map(|(_, id)| *id.as_bytes()).collect()),
            position: Set(None),
            hash: Set(None),
        };
        if self.records.is_empty() {
            return vec![row(&[])];
        }
        self.records.chunks(MAX_RECORDS).map(row).collect()
    }
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
pub fn to_json(entry: &Model) -> serde_json::Value {
    let names = |text: &str| -> Vec<String> {
        text.split(COMMA).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let ids = records(&entry.kinds, &entry.records).into_iter();
    json!({
        "position": entry.position,
        "hash": entry.hash.as_deref().map(|it| HEXLOWER.encode(it)),
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
#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
pub fn insert(rows: impl IntoIterator<Item = ActiveModel>) -> InsertStatement {
    let once = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).into_query()
}
