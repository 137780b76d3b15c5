//! The keys that sign access tokens: made when first needed, followed by new ones, known to every replica
//! before they sign.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::signing_key::{ActiveModel, Column, Entity, Model};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QueryTrait, sea_query::OnConflict,
};
use serde::Serialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::jwt::Key;
use crate::{
    Error, Result,
    clock::Clock,
    database::Database,
    keyring::{Keyring, Keys, Place},
};

/// Where a private key is kept, sealed.
pub const PRIVATE_KEY: Place = Place { table: "signing_key", column: "private_key" };

/// How long an access token is good.
pub const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(10);
/// So long a key is published before it signs.
const PUBLISHED_BEFORE: TimeDelta = TimeDelta::seconds(10);
/// So long a key is published after its successor took over: its last token has expired by then.
const PUBLISHED_AFTER: TimeDelta = TimeDelta::minutes(12);
/// What a replica knows of the keys is no older.
const KNOWN_FOR: TimeDelta = TimeDelta::seconds(1);

/// The type of an access token, RFC 9068.
pub const ACCESS_TOKEN: &str = "at+jwt";

/// The keys as all replicas know them.
#[derive(Clone)]
pub struct SigningKeys {
    database: Database,
    /// What the private keys are sealed with.
    keys: Keys,
    clock: Clock,
    /// How long a key signs.
    life: TimeDelta,
    known: Arc<Mutex<Known>>,
}

#[derive(Clone, Default)]
struct Known {
    /// In the order they were made.
    keys: Arc<[SigningKey]>,
    until: DateTime<Utc>,
}

pub struct SigningKey {
    pub kid: String,
    pub private: EncodingKey,
    pub public: Key,
    jwk: Jwk,
    generation: i32,
    signs_at: DateTime<Utc>,
}

impl SigningKeys {
    pub fn new(database: Database, keys: Keys, clock: Clock, life: Duration) -> SigningKeys {
        let life = TimeDelta::from_std(life).unwrap_or(TimeDelta::MAX);
        SigningKeys { database, keys, clock, life, known: Arc::default() }
    }

    /// Signs claims with the key whose turn it is.
    pub async fn sign(&self, claims: &impl Serialize) -> Result<String> {
        let now = self.clock.now();
        let keys = self.keys().await?;
        let key = match keys.iter().rfind(|it| it.signs_at <= now) {
            Some(key) => key,
            None => keys.first().ok_or(Error::Unavailable)?,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(ACCESS_TOKEN.to_owned());
        header.kid = Some(key.kid.clone());
        jsonwebtoken::encode(&header, claims, &key.private).map_err(Error::internal)
    }

    /// The public key with this name, while it is published.
    pub async fn find(&self, kid: &str) -> Result<Option<Key>> {
        let keys = self.keys().await?;
        Ok(keys.iter().find(|it| it.kid == kid).map(|it| it.public.clone()))
    }

    /// What `/.well-known/jwks.json` answers.
    pub async fn published(&self) -> Result<Value> {
        let keys = self.keys().await?;
        Ok(json!({ "keys": keys.iter().map(|it| &it.jwk).collect::<Vec<_>>() }))
    }

    /// All keys that are published, the newest last. The first is made now if there is none.
    pub async fn keys(&self) -> Result<Arc<[SigningKey]>> {
        let now = self.clock.now();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if now < known.until {
            return Ok(known.keys);
        }
        let mut keys = self.load(now).await?;
        if keys.is_empty() {
            self.add(1, now).await?;
            keys = self.load(now).await?;
        }
        let known = Known { keys: keys.into(), until: now + KNOWN_FOR };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known.clone();
        Ok(known.keys)
    }

    /// Makes a successor of a key that signed for its time, and removes keys that are of no use any more.
    pub async fn tend(&self) -> Result<()> {
        let now = self.clock.now();
        let due = |it: &SigningKey| it.signs_at + self.life <= now;
        if self.keys().await?.last().is_some_and(due) {
            self.rotate().await?;
        }
        let keys = self.load(now).await?;
        match keys.first() {
            Some(first) => self.remove_before(first.generation).await,
            None => Ok(()),
        }
    }

    /// Makes a successor of the newest key: it signs as soon as every replica knows it.
    pub async fn rotate(&self) -> Result<()> {
        let now = self.clock.now();
        let newest = self.load(now).await?.last().map_or(0, |it| it.generation);
        self.add(newest + 1, now + PUBLISHED_BEFORE).await
    }

    /// Makes a key that signs at once, and removes all others with every token they signed: for when one
    /// became known.
    pub async fn replace(&self) -> Result<()> {
        let now = self.clock.now();
        let next = self.load(now).await?.last().map_or(0, |it| it.generation) + 1;
        self.add(next, now).await?;
        self.remove_before(next).await
    }

    #[expect(clippy::disallowed_methods, reason = "keys are no resource")]
    async fn load(&self, now: DateTime<Utc>) -> Result<Vec<SigningKey>> {
        let select = Entity::find().order_by_asc(Column::Generation);
        let rows = select.all(self.database.read()).await?;
        let keyring = self.keys.now();
        let mut keys: Vec<SigningKey> =
            rows.into_iter().map(|it| SigningKey::of(&keyring, it)).collect::<Result<_>>()?;
        let past = keys.iter().skip(1).take_while(|it| it.signs_at + PUBLISHED_AFTER <= now);
        let past = past.count();
        keys.drain(..past);
        Ok(keys)
    }

    /// Of two who make the same generation one wins.
    #[expect(clippy::disallowed_methods, reason = "keys are no resource")]
    async fn add(&self, generation: i32, signs_at: DateTime<Utc>) -> Result<()> {
        let seed = Zeroizing::new(rand::random::<[u8; 32]>());
        let kid = public(&private(&*seed))?.common.key_id.unwrap_or_default();
        let private_key = self.keys.now().seal_secret(PRIVATE_KEY, &kid, &*seed);
        let row = ActiveModel {
            generation: Set(generation),
            kid: Set(kid),
            algorithm: Set(format!("{:?}", Algorithm::EdDSA)),
            private_key: Set(private_key),
            created_at: Set(self.clock.now()),
            signs_at: Set(signs_at),
        };
        let insert = Entity::insert(row)
            .on_conflict(OnConflict::column(Column::Generation).do_nothing().to_owned())
            .into_query();
        self.database.write().execute(&insert).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).until = DateTime::default();
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "keys are no resource")]
    async fn remove_before(&self, generation: i32) -> Result<()> {
        Entity::delete_many()
            .filter(Column::Generation.lt(generation))
            .exec(self.database.write())
            .await?;
        Ok(())
    }
}

impl SigningKey {
    fn of(keyring: &Keyring, row: Model) -> Result<SigningKey> {
        let seed = keyring.open_secret(PRIVATE_KEY, &row.kid, &row.private_key)?;
        let private = private(&seed);
        let jwk = public(&private)?;
        let public = Key::new(&jwk, &[Algorithm::EdDSA])
            .map_err(|it| Error::internal(std::io::Error::other(it)))?;
        let Model { kid, generation, signs_at, .. } = row;
        Ok(SigningKey { kid, private, public, jwk, generation, signs_at })
    }
}

/// An Ed25519 key as PKCS #8 writes it (RFC 8410): this, and the 32 bytes of its seed.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

fn private(seed: &[u8]) -> EncodingKey {
    EncodingKey::from_ed_der(&Zeroizing::new([&PKCS8, seed].concat()))
}

fn public(private: &EncodingKey) -> Result<Jwk> {
    let mut jwk = Jwk::from_encoding_key(private, Algorithm::EdDSA).map_err(Error::internal)?;
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).map_err(Error::internal)?);
    Ok(jwk)
}
