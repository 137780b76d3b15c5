//! Who signs checkpoints, and how they are told outside.

use anyhow::{Context, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use entity::audit_checkpoint::Model;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::chain::{Hash, instant};

/// The key of this installation (Ed25519).
pub struct Signer(SigningKey);

/// The keys whose signatures are trusted.
#[derive(Clone, Debug)]
pub struct Keys(Vec<VerifyingKey>);

/// A checkpoint as it stands on a line outside.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    position: i64,
    hash: String,
    at: String,
    key_id: String,
    signature: String,
}

impl Signer {
    pub fn of(seed: &[u8; 32]) -> Signer {
        Signer(SigningKey::from_bytes(seed))
    }

    pub fn sign(&self, position: i64, hash: &Hash, at: DateTime<Utc>) -> Model {
        let key_id = id(&self.0.verifying_key());
        let signature = self.0.sign(&statement(position, hash, at, &key_id));
        let (hash, signature) = (hash.to_vec(), signature.to_bytes().to_vec());
        Model { position, hash, at, key_id, signature }
    }

    /// What others need to trust the signatures: 64 hexadecimal digits.
    pub fn public_key(&self) -> String {
        HEXLOWER.encode(self.0.verifying_key().as_bytes())
    }

    pub fn keys(&self) -> Keys {
        Keys(vec![self.0.verifying_key()])
    }
}

impl Keys {
    /// Reads public keys, one a line, as [`Signer::public_key`] writes them.
    ///
    /// # Errors
    ///
    /// When a line is no key, or there is none.
    pub fn read(text: &str) -> anyhow::Result<Keys> {
        let key = |line: &str| {
            let bytes = HEXLOWER.decode(line.as_bytes()).ok()?;
            VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()
        };
        let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
        let keys: Option<Vec<_>> = lines.map(key).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Keys(keys)),
            _ => bail!("a public key is a line of 64 hexadecimal digits"),
        }
    }

    /// Whether one of the keys signed this.
    pub fn signed(&self, checkpoint: &Model) -> bool {
        let Model { position, hash, at, key_id, signature } = checkpoint;
        let (Ok(hash), Ok(signature)) =
            (hash.as_slice().try_into(), Signature::from_slice(signature))
        else {
            return false;
        };
        let statement = statement(*position, hash, *at, key_id);
        let mut keys = self.0.iter().filter(|it| id(it) == *key_id);
        keys.any(|it| it.verify_strict(&statement, &signature).is_ok())
    }
}

/// The beginning of the hash of a public key.
fn id(key: &VerifyingKey) -> String {
    HEXLOWER.encode(&Sha256::digest(key.as_bytes())[..8])
}

/// What is signed.
fn statement(position: i64, hash: &Hash, at: DateTime<Utc>, key_id: &str) -> Vec<u8> {
    let parts: [&[u8]; 5] = [
        b"gongtu audit checkpoint 1",
        &position.to_be_bytes(),
        hash,
        &instant(&at),
        key_id.as_bytes(),
    ];
    parts.concat()
}

/// A checkpoint as a line of JSON.
pub fn to_line(checkpoint: &Model) -> String {
    let line = Line {
        position: checkpoint.position,
        hash: HEXLOWER.encode(&checkpoint.hash),
        at: checkpoint.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        key_id: checkpoint.key_id.clone(),
        signature: HEXLOWER.encode(&checkpoint.signature),
    };
    serde_json::to_string(&line).expect("texts serialize")
}

/// The checkpoint of a line.
///
/// # Errors
///
/// When it is none.
pub fn of_line(line: &str) -> anyhow::Result<Model> {
    let line: Line = serde_json::from_str(line).context("it is no checkpoint")?;
    Ok(Model {
        position: line.position,
        hash: HEXLOWER.decode(line.hash.as_bytes())?,
        at: DateTime::parse_from_rfc3339(&line.at)?.to_utc(),
        key_id: line.key_id,
        signature: HEXLOWER.decode(line.signature.as_bytes())?,
    })
}
