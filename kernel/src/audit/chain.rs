//! What ties an entry to all before it.

use chrono::{DateTime, Utc};
use entity::audit_entry::Model;
use sea_orm::ActiveEnum;
use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// An entry at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed {
    /// From 1, without gaps.
    pub position: i64,
    /// As it is stored: [`link`] says what it has to be.
    pub hash: Vec<u8>,
    pub entry: Model,
}

/// What comes before the first entry.
pub const GENESIS: Hash = [0; 32];

/// The hash of an entry at its position: of the hash before it, the position, and everything it says.
/// Parts of any length follow their length, so that no two entries read the same.
pub fn link(before: &Hash, position: i64, entry: &Model) -> Hash {
    // Named one by one: a new column has to be thought of here.
    let Model {
        id,
        at,
        action,
        actor,
        credential_id,
        roles,
        operation,
        outcome,
        request_id,
        purpose,
        case_number,
        fields,
        kinds,
        records,
    } = entry;
    let mut hash = Sha256::new();
    hash.update(b"gongtu audit entry 1");
    hash.update(before);
    hash.update(position.to_be_bytes());
    hash.update(id.as_bytes());
    hash.update(instant(at));
    part(&mut hash, action.to_value().as_bytes());
    for text in [actor, roles, operation, outcome, request_id, fields, kinds] {
        part(&mut hash, text.as_bytes());
    }
    option(&mut hash, credential_id.as_ref().map(|it| it.as_bytes().as_slice()));
    option(&mut hash, purpose.as_deref().map(str::as_bytes));
    option(&mut hash, case_number.as_deref().map(str::as_bytes));
    part(&mut hash, records);
    hash.finalize().into()
}

/// Seconds and nanoseconds since 1970.
pub fn instant(at: &DateTime<Utc>) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&at.timestamp().to_be_bytes());
    bytes[8..].copy_from_slice(&at.timestamp_subsec_nanos().to_be_bytes());
    bytes
}

fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// Nothing is another than something empty.
fn option(hash: &mut Sha256, bytes: Option<&[u8]>) {
    hash.update([u8::from(bytes.is_some())]);
    part(hash, bytes.unwrap_or_default());
}
