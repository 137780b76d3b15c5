//! Access tokens for clients that show who they are: OAuth 2.0 client credentials, RFC 6749 §4.4.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta};
use entity::{
    credential::{Column, Model},
    credential_secret::SecretKind,
    used_assertion,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait,
    sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Credentials, Rights,
    jwt::{self, KeySet},
    register::hash,
    signing_key::TOKEN_LIFE,
};
use crate::{
    Error, Result,
    kind::{decode_client_id, encode_client_id},
    policy::{Policy, Scope},
};

/// Where tokens are asked for.
pub const TOKEN_PATH: &str = "/oauth/token";

/// The types that an assertion may have, RFC 7523.
const ASSERTIONS: [&str; 3] = ["", "JWT", "client-authentication+jwt"];
/// No assertion is good for longer.
const ASSERTION_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Bytes of the name by which an assertion is known to be used.
const MAX_JTI: usize = 128;

/// How a client shows who it is.
pub enum Authentication {
    Secret {
        client_id: String,
        secret: String,
    },
    /// A JWT that it signed.
    Assertion {
        assertion: String,
        client_id: Option<String>,
    },
}

/// What a client gets.
pub struct Granted {
    pub access_token: String,
    /// In seconds.
    pub expires_in: i64,
    /// Scopes, with a space between.
    pub scope: String,
}

/// Why a client gets no token.
pub enum Refusal {
    /// It is not said what of it is wrong.
    Client,
    Scope,
    /// It failed too often; seconds to wait.
    TooOften(u64),
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Failed(error)
    }
}

impl Credentials {
    /// Gives a client a token, with all of its scopes or with those that it asks for.
    pub async fn grant(
        &self,
        address: IpAddr,
        authentication: Authentication,
        scope: Option<&str>,
    ) -> Result<Granted, Refusal> {
        let now = self.clock.now();
        // Whatever is no id of a client is counted as one client, which there is not.
        let id = authentication.client_id().unwrap_or_default();
        match self.attempts.wait(address, id, now) {
            0 => {}
            wait => return Err(Refusal::TooOften(wait)),
        }
        let row = match authentication {
            Authentication::Secret { secret, .. } => {
                let holding = self.holding(SecretKind::ClientSecret, &hash(&secret));
                self.open_row(holding.add(Column::Id.eq(id))).await?
            }
            Authentication::Assertion { assertion, .. } => self.asserted(id, &assertion).await?,
        };
        let Some(row) = row else {
            self.attempts.failed(address, id, now);
            return Err(Refusal::Client);
        };
        self.attempts.succeeded(address, id);
        self.issue(&row, scope).await
    }

    async fn issue(&self, row: &Model, scope: Option<&str>) -> Result<Granted, Refusal> {
        let (_, held) = Policy::standard().held(&row.held_roles(), row.granted().as_ref());
        let scopes: Vec<&str> = match scope {
            None => held.iter().copied().map(Scope::name).collect(),
            Some(asked) => {
                let named = |it| Scope::named(it).filter(|it| held.contains(it)).map(Scope::name);
                asked.split(' ').map(named).collect::<Option<_>>().ok_or(Refusal::Scope)?
            }
        };
        let (now, client_id) = (self.clock.now().timestamp(), encode_client_id(row.id));
        let scope = scopes.join(" ");
        let claims = json!({
            "iss": self.identity.issuer,
            "sub": client_id,
            "client_id": client_id,
            "aud": self.identity.audience(),
            "iat": now,
            "exp": now + TOKEN_LIFE.num_seconds(),
            "jti": Uuid::now_v7(),
            "scope": scope,
        });
        let access_token = self.keys.sign(&claims).await?;
        Ok(Granted { access_token, expires_in: TOKEN_LIFE.num_seconds(), scope })
    }

    /// The client that signed an assertion for us, now, and for the first time.
    async fn asserted(&self, id: Uuid, assertion: &str) -> Result<Option<Model>> {
        let Some(unverified) = jwt::read(assertion, &ASSERTIONS) else { return Ok(None) };
        let Some(row) = self.open_row(Column::Id.eq(id).into()).await? else { return Ok(None) };
        let keys = row.jwks.as_ref().and_then(|it| KeySet::of_client(it).ok());
        let key = keys.as_ref().and_then(|it| it.get(&unverified.kid));
        let Some(claims) = key.and_then(|it| it.claims(&unverified)) else { return Ok(None) };

        let (now, client_id) = (self.clock.now().timestamp(), encode_client_id(id));
        let issuer = &self.identity.issuer;
        let is_for_us =
            claims.aud.only().is_some_and(|it| it == issuer || it == self.token_endpoint());
        let is_of_client = claims.iss == client_id && claims.sub == client_id;
        let (Some(end), Some(jti)) = (claims.ends_at(), claims.jti.as_deref()) else {
            return Ok(None);
        };
        let is_usable = (1..=MAX_JTI).contains(&jti.len()) && !jti.contains('\0');
        if !(is_for_us && is_of_client && is_usable && claims.hold_at(now, ASSERTION_LIFE)) {
            return Ok(None);
        }
        Ok(self.is_first_use(id, jti, end).await?.then_some(row))
    }

    pub fn token_endpoint(&self) -> String {
        format!("{}{TOKEN_PATH}", self.identity.issuer)
    }

    /// Of two replicas that get the same assertion one may use it.
    #[expect(clippy::disallowed_methods, reason = "assertions are no resource")]
    async fn is_first_use(
        &self,
        credential_id: Uuid,
        jti: &str,
        expires_at: DateTime<chrono::Utc>,
    ) -> Result<bool> {
        use used_assertion::{ActiveModel, Column, Entity};
        let row = ActiveModel {
            credential_id: Set(credential_id),
            jti: Set(jti.to_owned()),
            expires_at: Set(expires_at),
        };
        let insert = Entity::insert(row)
            .on_conflict(
                OnConflict::columns([Column::CredentialId, Column::Jti]).do_nothing().to_owned(),
            )
            .into_query();
        Ok(self.database.write().execute(&insert).await?.rows_affected() > 0)
    }

    /// Does what has to be done from time to time: makes the next signing key, forgets what has ended.
    #[expect(clippy::disallowed_methods, reason = "assertions are no resource")]
    pub async fn tend(&self) -> Result<()> {
        use used_assertion::{Column, Entity};
        self.keys.tend().await?;
        let past = Column::ExpiresAt.lt(self.clock.now());
        Entity::delete_many().filter(past).exec(self.database.write()).await?;
        Ok(())
    }
}

impl Authentication {
    /// Who it says it is.
    fn client_id(&self) -> Option<Uuid> {
        match self {
            Authentication::Secret { client_id, .. } => decode_client_id(client_id),
            Authentication::Assertion { assertion, client_id } => {
                let issuer = jwt::issuer(assertion)?;
                let is_same = client_id.as_ref().is_none_or(|it| *it == issuer);
                is_same.then(|| decode_client_id(&issuer))?
            }
        }
    }
}
