//! The first answer to a mutation, for those who ask again.

use entity::idempotency_record;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Error, Result,
    error::{UserErrorCode, Violation},
    keyring::Place,
    repository::Shared,
    unit_of_work::{Call, UnitOfWork},
};

/// What is kept of a mutation, to be answered again.
#[derive(Serialize, serde::Deserialize)]
pub(super) struct Kept<T> {
    pub(super) result: T,
    pub(super) warnings: Vec<Violation>,
    pub(super) change_cursor: Option<String>,
}

const REQUEST_HASH: Place = Place { table: "idempotency_record", column: "request_hash" };

impl UnitOfWork<'_> {
    /// The answer that this key got first; nothing when the key is new, which it then is no more.
    #[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
    pub(super) async fn first_answer<T: DeserializeOwned>(
        &self,
        key: &str,
        call: &Call<'_>,
    ) -> Result<Option<Kept<T>>> {
        let credential_id = self.repository.viewer.credential_id.ok_or(Error::Unauthenticated)?;
        let hashes = self.keyed(&call.request_hash);
        let claim = idempotency_record::Entity::insert(idempotency_record::ActiveModel {
            credential_id: Set(credential_id),
            key: Set(key.to_owned()),
            operation: Set(call.operation.to_owned()),
            request_hash: Set(hashes.iter().flatten().next().cloned().unwrap_or_default()),
            outcome: Set(serde_json::Value::Null),
            created_at: Set(self.now),
        })
        .on_conflict(
            OnConflict::columns([
                idempotency_record::Column::CredentialId,
                idempotency_record::Column::Key,
            ])
            .do_nothing()
            .to_owned(),
        );
        if self.transaction().execute(&claim.into_query()).await?.rows_affected() == 1 {
            return Ok(None);
        }
        let found = idempotency_record::Entity::find_by_id((credential_id, key.to_owned()))
            .one(self.transaction())
            .await?;
        let Some(found) = found else { return Err(Error::Unavailable) };
        if found.operation != call.operation || !hashes.contains(&Some(found.request_hash)) {
            return Err(Violation::new(
                UserErrorCode::IdempotencyMismatch,
                "idempotencyKey",
                "This key was used for another input.",
                "该幂等键已用于其他输入。",
            )
            .into());
        }
        serde_json::from_value(found.outcome).map(Some).map_err(Error::internal)
    }

    /// Removes the answers that tell of a record.
    #[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
    pub(super) async fn forget(&self, record_id: Uuid) -> Result<()> {
        let outcome = Expr::col(idempotency_record::Column::Outcome).cast_as("TEXT");
        idempotency_record::Entity::delete_many()
            .filter(outcome.like(format!("%{record_id}%")))
            .exec(self.transaction())
            .await?;
        Ok(())
    }

    /// What was asked, so that it can be known again and not guessed: a number has few digits.
    fn keyed(&self, request_hash: &str) -> [Option<String>; 2] {
        self.keyring().index(REQUEST_HASH, request_hash)
    }

    #[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
    pub(super) async fn keep<T: Serialize>(&self, key: &str, kept: &Kept<T>) -> Result<()> {
        let outcome = serde_json::to_value(kept).map_err(Error::internal)?;
        idempotency_record::Entity::update_many()
            .col_expr(idempotency_record::Column::Outcome, outcome.into())
            .filter(
                idempotency_record::Column::CredentialId.eq(self.repository.viewer.credential_id),
            )
            .filter(idempotency_record::Column::Key.eq(key))
            .exec(self.transaction())
            .await?;
        Ok(())
    }
}

/// Removes the idempotency keys that are older than seven days.
#[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
pub async fn prune_keys(shared: &Shared) -> Result<()> {
    let old = shared.clock.now() - chrono::TimeDelta::days(7);
    idempotency_record::Entity::delete_many()
        .filter(idempotency_record::Column::CreatedAt.lt(old))
        .exec(shared.database.write())
        .await?;
    Ok(())
}
