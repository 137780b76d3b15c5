//! The list of principals: made, given new secrets, revoked. Of a secret only a hash is kept; 256 random
//! bits need no slow one.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use entity::{
    credential::{ActiveModel, Column, Entity, Model},
    credential_secret::{self, SecretKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, IntoCondition},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use value::DivisionCode;

use super::Credentials;
use crate::{
    Error, Result,
    database::Transaction,
    policy::{Role, Scope},
    viewer::Subject,
};

/// A credential to make.
#[derive(Clone, Debug, Default)]
pub struct NewCredential {
    pub name: String,
    pub roles: Vec<Role>,
    /// None for all that the roles allow.
    pub scopes: Option<Vec<Scope>>,
    pub division: Option<DivisionCode>,
    pub subject: Subject,
    pub expires_at: Option<DateTime<Utc>>,
    /// What to make for it.
    pub secrets: Vec<SecretKind>,
    /// Its public keys, as a JWK set that [`super::jwt::KeySet::of_client`] takes.
    pub jwks: Option<serde_json::Value>,
    /// The person: the issuer and the subject of a provider's tokens.
    pub person: Option<(String, String)>,
}

/// A credential that was made, with what is told this once.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: Uuid,
    /// In the order they were asked for.
    pub secrets: Vec<String>,
}

impl Credentials {
    /// Makes a credential.
    pub async fn create(&self, new: NewCredential) -> Result<Made> {
        let transaction = self.database.begin().await?;
        let made = self.create_in(&transaction, new).await?;
        transaction.commit().await?;
        Ok(made)
    }

    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn create_in(&self, database: &Transaction, new: NewCredential) -> Result<Made> {
        let names = |it: Vec<&'static str>| serde_json::to_value(it).map_err(Error::internal);
        let id = Uuid::now_v7();
        let (issuer, subject) = new.person.unzip();
        let row = ActiveModel {
            id: Set(id),
            name: Set(new.name),
            roles: Set(names(new.roles.iter().map(|it| it.name()).collect())?),
            scopes: Set(match new.scopes {
                Some(scopes) => names(scopes.iter().map(|it| it.name()).collect())?,
                None => serde_json::Value::Null,
            }),
            division_code: Set(new.division.map(|it| it.to_string())),
            worker_id: Set(new.subject.worker_id),
            employer_id: Set(new.subject.employer_id),
            union_id: Set(new.subject.union_id),
            jwks: Set(new.jwks),
            issuer: Set(issuer),
            subject: Set(subject),
            created_at: Set(self.clock.now()),
            expires_at: Set(new.expires_at),
            revoked_at: Set(None),
        };
        database.execute(&Entity::insert(row).into_query()).await?;
        let mut secrets = Vec::with_capacity(new.secrets.len());
        for kind in new.secrets {
            secrets.push(self.add_secret(database, id, kind).await?);
        }
        Ok(Made { id, secrets })
    }

    /// As [`Credentials::rotate_in`], by itself.
    pub async fn rotate(&self, id: Uuid, kind: SecretKind, overlap: TimeDelta) -> Result<String> {
        let transaction = self.database.begin().await?;
        let secret = self.rotate_in(&transaction, id, kind, overlap).await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Makes a new secret; those of its kind that are there are good for some time more.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn rotate_in(
        &self,
        database: &Transaction,
        id: Uuid,
        kind: SecretKind,
        overlap: TimeDelta,
    ) -> Result<String> {
        use credential_secret::Column;
        let end = self.clock.now() + overlap;
        credential_secret::Entity::update_many()
            .col_expr(Column::ExpiresAt, Expr::value(end))
            .filter(Column::CredentialId.eq(id))
            .filter(Column::Kind.eq(kind))
            // One that was replaced before ends no later than it was to.
            .filter(
                Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(end)),
            )
            .exec(database)
            .await?;
        self.add_secret(database, id, kind).await
    }

    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    async fn add_secret(
        &self,
        database: &Transaction,
        credential_id: Uuid,
        kind: SecretKind,
    ) -> Result<String> {
        let prefix = match kind {
            SecretKind::ClientSecret => "gongtu_secret_",
            SecretKind::ApiToken => super::API_TOKEN,
        };
        let secret = format!("{prefix}{}", BASE32_NOPAD.encode(&rand::random::<[u8; 32]>()));
        let row = credential_secret::ActiveModel {
            id: Set(Uuid::now_v7()),
            credential_id: Set(credential_id),
            kind: Set(kind),
            hash: Set(HEXLOWER.encode(&hash(&secret))),
            created_at: Set(self.clock.now()),
            expires_at: Set(None),
        };
        let insert = credential_secret::Entity::insert(row).into_query();
        database.execute(&insert).await?;
        Ok(secret)
    }

    /// Ends the credential with this name. False when there is none, or it has ended.
    pub async fn revoke(&self, name: &str) -> Result<bool> {
        self.revoke_in(self.database.write(), Column::Name.eq(name)).await
    }

    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn revoke_in(
        &self,
        database: &impl ConnectionTrait,
        which: impl IntoCondition,
    ) -> Result<bool> {
        let ended = Entity::update_many()
            .col_expr(Column::RevokedAt, self.clock.now().into())
            .filter(which)
            .filter(Column::RevokedAt.is_null())
            .exec(database)
            .await?;
        Ok(ended.rows_affected > 0)
    }

    /// Removes the credentials of an earlier demo.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn remove(&self, names: &[&str]) -> Result<()> {
        let database = self.database.write();
        let of_name = || Column::Name.is_in(names.iter().copied());
        let found = Entity::find().select_only().column(Column::Id).filter(of_name()).into_query();
        credential_secret::Entity::delete_many()
            .filter(credential_secret::Column::CredentialId.in_subquery(found))
            .exec(database)
            .await?;
        Entity::delete_many().filter(of_name()).exec(database).await?;
        Ok(())
    }

    /// The first credentials that meet a condition, by their names, from the one after this name.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn list(
        &self,
        condition: Condition,
        after: Option<&str>,
        first: u64,
    ) -> Result<Vec<Model>> {
        let after = after.map(|it| Column::Name.gt(it));
        let select = Entity::find()
            .filter(Condition::all().add(condition).add_option(after))
            .order_by_asc(Column::Name)
            .limit(first);
        Ok(select.all(self.database.read()).await?)
    }

    /// The kinds of secrets that these credentials hold now.
    #[expect(clippy::disallowed_methods, reason = "credentials are no resource")]
    pub async fn secrets_of(&self, id: Uuid) -> Result<Vec<SecretKind>> {
        use credential_secret::Column;
        let mut kinds: Vec<SecretKind> = credential_secret::Entity::find()
            .select_only()
            .column(Column::Kind)
            .filter(Column::CredentialId.eq(id))
            .filter(open_secret(self.clock.now()))
            .into_tuple()
            .all(self.database.read())
            .await?;
        kinds.sort_unstable();
        kinds.dedup();
        Ok(kinds)
    }
}

/// Secrets that are good now.
pub(super) fn open_secret(now: DateTime<Utc>) -> Condition {
    use credential_secret::Column;
    Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now))
}

pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
