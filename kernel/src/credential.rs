//! Who may call, and how a caller shows who it is: by a token of its own, by an access token that this
//! service signed, or by one of an OpenID provider. What the caller may do stands in its row alone.

mod attempts;
mod grant;
pub mod jwt;
pub mod provider;
mod register;
pub mod signing_key;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use entity::{
    credential::{Column, Entity, Model},
    credential_secret::{self, SecretKind},
    division,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use value::{DivisionCode, Rules, Value};

use crate::{
    Error, Result,
    clock::Clock,
    database::Database,
    keyring::Keys,
    kind::decode_client_id,
    policy::{Role, Scope},
    viewer::{Holder, Principal, Proof, Subject, Territory, Viewer},
};

use attempts::Attempts;
use provider::{Provider, Providers};
use register::{hash, open_secret};
use signing_key::{ACCESS_TOKEN, SigningKeys, TOKEN_LIFE};

pub use grant::{Authentication, Granted, Refusal, TOKEN_PATH};
pub use register::{Made, NewCredential};

/// A credential is looked up again after so long: what was revoked is refused by then.
const KEPT: TimeDelta = TimeDelta::seconds(1);
/// So many tokens are remembered at once.
const MAX_KEPT: usize = 10_000;
/// What the tokens begin with that are no JWT.
const API_TOKEN: &str = "gongtu_";
/// The types that providers give their tokens.
const PROVIDER_TOKENS: [&str; 4] = ["", "JWT", "at+jwt", "application/at+jwt"];
/// Nobody's token is good for longer.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(24);

/// What the service is called, and whose tokens it takes.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The address by which clients reach the service, without a slash at the end; the same for all
    /// replicas.
    pub issuer: String,
    pub providers: Vec<Provider>,
    /// How long a key signs before the next does.
    pub signing_key_life: Duration,
}

impl Default for Identity {
    fn default() -> Identity {
        Identity {
            issuer: "http://127.0.0.1:8080".to_owned(),
            providers: Vec::new(),
            signing_key_life: Duration::from_hours(30 * 24),
        }
    }
}

impl Identity {
    /// Whom an access token is for.
    pub fn audience(&self) -> String {
        format!("{}/graphql", self.issuer)
    }
}

/// Who holds which token.
#[derive(Clone)]
pub struct Credentials {
    database: Database,
    clock: Clock,
    identity: Arc<Identity>,
    keys: SigningKeys,
    providers: Providers,
    attempts: Arc<Attempts>,
    known: Arc<Mutex<HashMap<[u8; 32], Known>>>,
}

#[derive(Clone)]
struct Known {
    viewer: Arc<Viewer>,
    until: DateTime<Utc>,
}

impl Credentials {
    pub fn new(
        database: Database,
        keys: Keys,
        clock: Clock,
        mut identity: Identity,
    ) -> std::io::Result<Credentials> {
        let providers = Providers::new(std::mem::take(&mut identity.providers))?;
        let life = identity.signing_key_life;
        let keys = SigningKeys::new(database.clone(), keys, clock.clone(), life);
        Ok(Credentials {
            database,
            clock,
            identity: Arc::new(identity),
            keys,
            providers,
            attempts: Arc::default(),
            known: Arc::default(),
        })
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    pub fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    /// Who sent this token.
    pub async fn viewer(&self, token: &str) -> Result<Arc<Viewer>> {
        if token.len() > jwt::MAX_BYTES {
            return Err(Error::Unauthenticated);
        }
        let hash = hash(token);
        let known = self.known().get(&hash).cloned();
        // What it proved once, it proves to its end; only who that is may have changed.
        let proof = match known.and_then(|it| it.viewer.proof.clone()) {
            Some(proof) => proof,
            None => Arc::new(self.prove(token, hash).await?.ok_or(Error::Unauthenticated)?),
        };
        self.holder(&proof).await?.ok_or(Error::Unauthenticated)
    }

    /// Whether a viewer still is who it was, and may do what it might.
    pub async fn still_valid(&self, viewer: &Viewer) -> Result<bool> {
        let Some(proof) = &viewer.proof else { return Ok(true) };
        Ok(self.holder(proof).await?.is_some_and(|it| it.has_rights_of(viewer)))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<[u8; 32], Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever a proof names, unless it has ended: as the row is now, or was a second ago.
    async fn holder(&self, proof: &Arc<Proof>) -> Result<Option<Arc<Viewer>>> {
        let now = self.clock.now();
        if proof.ends_at.is_some_and(|it| it <= now) {
            return Ok(None);
        }
        let known = self.known().get(&proof.hash).filter(|it| now < it.until).cloned();
        if let Some(known) = known {
            return Ok(Some(known.viewer));
        }
        let viewer = self.look_up(proof).await?.map(Arc::new);
        let mut known = self.known();
        if known.len() >= MAX_KEPT {
            known.retain(|_, it| now < it.until);
        }
        match &viewer {
            // Tokens that nobody holds are not remembered: there is no end of them.
            None => drop(known.remove(&proof.hash)),
            Some(viewer) if known.len() < MAX_KEPT => {
                known.insert(proof.hash, Known { viewer: viewer.clone(), until: now + KEPT });
            }
            Some(_) => {}
        }
        Ok(viewer)
    }

    /// What a token proves by itself.
    async fn prove(&self, token: &str, hash: [u8; 32]) -> Result<Option<Proof>> {
        if token.starts_with(API_TOKEN) {
            return Ok(Some(Proof { hash, holder: Holder::Bearer, scopes: None, ends_at: None }));
        }
        let Some(issuer) = jwt::issuer(token) else { return Ok(None) };
        let proven = if issuer == self.identity.issuer {
            self.prove_client(token).await?
        } else {
            self.prove_person(token, issuer).await
        };
        Ok(proven.map(|(holder, scopes, end)| Proof { hash, holder, scopes, ends_at: Some(end) }))
    }

    /// Reads an access token of ours.
    async fn prove_client(&self, token: &str) -> Result<Option<Proven>> {
        let Some(unverified) = jwt::read(token, &[ACCESS_TOKEN]) else { return Ok(None) };
        let Some(key) = self.keys.find(&unverified.kid).await? else { return Ok(None) };
        let now = self.clock.now().timestamp();
        let claims = key.claims(&unverified).filter(|it| {
            it.hold_at(now, TOKEN_LIFE)
                && it.iss == self.identity.issuer
                && it.aud.only() == Some(&self.identity.audience())
                && it.client_id.as_ref() == Some(&it.sub)
                && it.iat.is_some()
                && it.jti.is_some()
        });
        let proven = claims.and_then(|it| {
            let holder = Holder::Client { id: decode_client_id(&it.sub)?, kid: unverified.kid };
            let scopes = it.scope.as_deref()?.split(' ').filter_map(Scope::named).collect();
            Some((holder, Some(scopes), it.ends_at()?))
        });
        Ok(proven)
    }

    /// Reads a token of a provider.
    async fn prove_person(&self, token: &str, issuer: String) -> Option<Proven> {
        let audience = self.providers.audience(&issuer)?;
        let unverified = jwt::read(token, &PROVIDER_TOKENS)?;
        let now = self.clock.now();
        let key = self.providers.key(&issuer, &unverified.kid, now).await?;
        let claims = key.claims(&unverified).filter(|it| {
            it.hold_at(now.timestamp(), LONGEST_LIFE)
                && it.iss == issuer
                && it.aud.names(audience)
                && it.iat.is_some()
                // PostgreSQL takes no text with it.
                && !it.sub.contains('\0')
        })?;
        let ends_at = claims.ends_at()?;
        Some((Holder::Person { issuer, subject: claims.sub }, None, ends_at))
    }

    async fn look_up(&self, proof: &Proof) -> Result<Option<Viewer>> {
        let named = match &proof.holder {
            Holder::Bearer => self.holding(SecretKind::ApiToken, &proof.hash),
            Holder::Client { kid, .. } if self.keys.find(kid).await?.is_none() => return Ok(None),
            Holder::Client { id, .. } => Column::Id.eq(*id).into(),
            Holder::Person { issuer, subject } => {
                let person = Column::Issuer.eq(issuer.as_str());
                Condition::all().add(person).add(Column::Subject.eq(subject.as_str()))
            }
        };
        let Some(row) = self.open_row(named).await? else { return Ok(None) };
        let mut granted = row.granted();
        if let Some(scopes) = &proof.scopes {
            granted = Some(match granted {
                Some(granted) => granted.intersection(scopes).copied().collect(),
                None => scopes.clone(),
            });
        }
        let division = row.division();
        let territory = match &division {
            Some(division) => self.territory(division).await?,
            None => Territory::default(),
        };
        let principal = Principal {
            credential_id: row.id,
            roles: row.held_roles(),
            granted,
            division,
            territory,
            subject: row.acts_for(),
            name: row.name,
        };
        let mut viewer = Viewer::new(principal, self.database.backend());
        viewer.proof = Some(Arc::new(proof.clone()));
        Ok(Some(viewer))
    }

    /// The credential that meets a condition, if it is good now.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    async fn open_row(&self, condition: Condition) -> Result<Option<Model>> {
        let row = Entity::find().filter(condition).one(self.database.read()).await?;
        let now = self.clock.now();
        Ok(row.filter(|it| it.revoked_at.is_none() && it.expires_at.is_none_or(|it| now < it)))
    }

    /// Credentials that hold this secret now.
    fn holding(&self, kind: SecretKind, hash: &[u8; 32]) -> Condition {
        Condition::all().add(Column::Id.in_subquery(self.secret(kind, hash)))
    }

    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    fn secret(&self, kind: SecretKind, hash: &[u8; 32]) -> SelectStatement {
        use credential_secret::{Column, Entity};
        Entity::find()
            .select_only()
            .column(Column::CredentialId)
            .filter(Column::Hash.eq(HEXLOWER.encode(hash)))
            .filter(Column::Kind.eq(kind))
            .filter(open_secret(self.clock.now()))
            .into_query()
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
                return Ok(covered);
            }
            predecessors.extend(found);
            covered = Territory::of(division, predecessors.iter().cloned());
        }
    }
}

/// Whom a token names, with which scopes at most, and until when.
type Proven = (Holder, Option<BTreeSet<Scope>>, DateTime<Utc>);

/// What a row says of rights. A role, scope or division that is not known any more gives nothing.
pub trait Rights {
    fn held_roles(&self) -> Vec<Role>;

    /// None for all that the roles allow.
    fn granted(&self) -> Option<BTreeSet<Scope>>;

    fn division(&self) -> Option<DivisionCode>;

    fn acts_for(&self) -> Subject;
}

impl Rights for Model {
    fn held_roles(&self) -> Vec<Role> {
        texts(&self.roles).iter().filter_map(|it| Role::named(it)).collect()
    }

    fn granted(&self) -> Option<BTreeSet<Scope>> {
        (!self.scopes.is_null())
            .then(|| texts(&self.scopes).iter().filter_map(|it| Scope::named(it)).collect())
    }

    fn division(&self) -> Option<DivisionCode> {
        let rules = Rules { today: chrono::NaiveDate::MAX, synthetic: true };
        Some(DivisionCode::check(self.division_code.as_deref()?, &rules).ok()?.value)
    }

    fn acts_for(&self) -> Subject {
        let Model { worker_id, employer_id, union_id, .. } = *self;
        Subject { worker_id, employer_id, union_id }
    }
}

fn texts(json: &serde_json::Value) -> Vec<String> {
    serde_json::from_value(json.clone()).unwrap_or_default()
}
