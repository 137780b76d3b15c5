//! Bearer credentials: stored hashed, each with roles, scopes and a division.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use entity::{credential, division};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use value::{DivisionCode, Rules, Value};

use crate::{
    Error, Result,
    clock::Clock,
    database::Database,
    policy::{Role, Scope},
    viewer::{Territory, Viewer},
};

/// A credential is looked up again after so long: what was revoked is refused by then.
const KEPT: TimeDelta = TimeDelta::seconds(1);
/// So many credentials are remembered at once.
const MAX_KEPT: usize = 10_000;

/// Who holds which token.
#[derive(Clone)]
pub struct Credentials {
    database: Database,
    clock: Clock,
    known: Arc<Mutex<HashMap<[u8; 32], Known>>>,
}

#[derive(Clone)]
struct Known {
    viewer: Option<Arc<Viewer>>,
    until: DateTime<Utc>,
}

/// A credential to make.
pub struct NewCredential {
    pub name: String,
    pub roles: Vec<Role>,
    /// None for all that the roles allow.
    pub scopes: Option<Vec<Scope>>,
    pub division: Option<DivisionCode>,
    pub expires_at: Option<DateTime<Utc>>,
}

impl Credentials {
    pub fn new(database: Database, clock: Clock) -> Credentials {
        Credentials { database, clock, known: Arc::default() }
    }

    /// Makes a credential and tells its token, this once: only a hash is stored. 256 random bits
    /// need no slow hash.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn create(&self, new: NewCredential) -> Result<String> {
        let token = format!("gongtu_{}", BASE32_NOPAD.encode(&rand::random::<[u8; 32]>()));
        let names = |it: Vec<&'static str>| serde_json::to_value(it).map_err(Error::internal);
        let row = credential::ActiveModel {
            id: Set(Uuid::now_v7()),
            name: Set(new.name),
            token_hash: Set(HEXLOWER.encode(&hash(&token))),
            roles: Set(names(new.roles.iter().map(|it| it.name()).collect())?),
            scopes: Set(match new.scopes {
                Some(scopes) => names(scopes.iter().map(|it| it.name()).collect())?,
                None => serde_json::Value::Null,
            }),
            division_code: Set(new.division.map(|it| it.to_string())),
            created_at: Set(self.clock.now()),
            expires_at: Set(new.expires_at),
            revoked_at: Set(None),
        };
        credential::Entity::insert(row)
            .exec_without_returning(self.database.write())
            .await
            .map_err(Error::from)?;
        Ok(token)
    }

    /// Ends a credential. False when none has the name.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn revoke(&self, name: &str) -> Result<bool> {
        let ended = credential::Entity::update_many()
            .col_expr(credential::Column::RevokedAt, self.clock.now().into())
            .filter(credential::Column::Name.eq(name))
            .exec(self.database.write())
            .await?;
        Ok(ended.rows_affected > 0)
    }

    /// Removes the credentials of an earlier demo.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn remove(&self, names: &[&str]) -> Result<()> {
        credential::Entity::delete_many()
            .filter(credential::Column::Name.is_in(names.iter().copied()))
            .exec(self.database.write())
            .await?;
        Ok(())
    }

    /// Every credential, without its hash.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn list(&self) -> Result<Vec<credential::Model>> {
        Ok(credential::Entity::find().all(self.database.read()).await?)
    }

    /// Who holds this token.
    pub async fn viewer(&self, token: &str) -> Result<Arc<Viewer>> {
        let hash = hash(token);
        let now = self.clock.now();
        let known = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&hash).filter(|it| now < it.until).cloned()
        };
        let viewer = match known {
            Some(known) => known.viewer,
            None => {
                let viewer = self.look_up(&HEXLOWER.encode(&hash)).await?.map(Arc::new);
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                if known.len() >= MAX_KEPT {
                    known.retain(|_, it| now < it.until);
                }
                // Tokens that nobody holds are not remembered: there is no end of them.
                if viewer.is_some() && known.len() < MAX_KEPT {
                    known.insert(hash, Known { viewer: viewer.clone(), until: now + KEPT });
                }
                viewer
            }
        };
        viewer.ok_or(Error::Unauthenticated)
    }

    /// Whether the credential of a viewer still is what it was.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn still_valid(&self, viewer: &Viewer) -> Result<bool> {
        let Some(id) = viewer.credential_id else { return Ok(true) };
        let row = credential::Entity::find_by_id(id).one(self.database.read()).await?;
        let now = self.clock.now();
        Ok(row.is_some_and(|it| is_open(&it, now)))
    }

    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    async fn look_up(&self, token_hash: &str) -> Result<Option<Viewer>> {
        let row = credential::Entity::find()
            .filter(credential::Column::TokenHash.eq(token_hash))
            .one(self.database.read())
            .await?;
        let now = self.clock.now();
        let Some(row) = row.filter(|it| is_open(it, now)) else { return Ok(None) };
        let texts = |json: &serde_json::Value| -> Vec<String> {
            serde_json::from_value(json.clone()).unwrap_or_default()
        };
        // A role or scope that is not known any more gives nothing.
        let roles = texts(&row.roles).iter().filter_map(|it| Role::named(it)).collect();
        let granted: Option<BTreeSet<Scope>> = (!row.scopes.is_null())
            .then(|| texts(&row.scopes).iter().filter_map(|it| Scope::named(it)).collect());
        let rules = Rules { today: self.clock.today(), synthetic: true };
        let division = row
            .division_code
            .as_deref()
            .and_then(|it| DivisionCode::check(it, &rules).ok())
            .map(|it| it.value);
        let territory = match &division {
            Some(division) => self.territory(division).await?,
            None => Territory::default(),
        };
        Ok(Some(Viewer::new(row.id, row.name, roles, granted.as_ref(), division, territory)))
    }

    /// A division with what lies below it and what it was before.
    #[expect(clippy::disallowed_methods, reason = "runs before there is a viewer")]
    async fn territory(&self, division: &DivisionCode) -> Result<Territory> {
        let mut covered = Territory::of(division, []);
        let mut predecessors: Vec<String> = Vec::new();
        // A predecessor of a predecessor is one too; the chain is short.
        loop {
            let found: Vec<String> = division::Entity::find()
                .select_only()
                .column(division::Column::Code)
                .filter(
                    Condition::all()
                        .add(covered.holds(division::Column::SuccessorCode))
                        .add(covered.holds(division::Column::Code).not()),
                )
                .into_tuple()
                .all(self.database.read())
                .await?;
            if found.is_empty() {
                return Ok(covered.asked_of(self.database.backend()));
            }
            predecessors.extend(found);
            covered = Territory::of(division, predecessors.iter().cloned());
        }
    }
}

fn is_open(row: &credential::Model, now: DateTime<Utc>) -> bool {
    row.revoked_at.is_none() && row.expires_at.is_none_or(|it| now < it)
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
