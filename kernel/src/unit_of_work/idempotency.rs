//! The first answer to a mutation, for those who ask again.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::idempotency_record::{self, Column};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Error, Result,
    database::Transaction,
    error::{UserErrorCode, Violation},
    keyring::Place,
    repository::{Repository, Shared},
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

/// The keys of a transaction: what each was used for, to be claimed and to be kept.
pub(super) type Keyed = idempotency_record::ActiveModel;

/// What a call uses its key for, if it has one.
pub(super) fn keyed(
    repository: &Repository,
    call: &Call<'_>,
    at: DateTime<Utc>,
) -> Result<Option<Keyed>> {
    let Some(key) = &call.options.idempotency_key else { return Ok(None) };
    let credential_id = repository.viewer.credential_id.ok_or(Error::Unauthenticated)?;
    let hashes = hashes(repository, call);
    Ok(Some(Keyed {
        credential_id: Set(credential_id),
        key: Set(key.clone()),
        operation: Set(call.operation.to_owned()),
        request_hash: Set(hashes.into_iter().flatten().next().unwrap_or_default()),
        outcome: Set(serde_json::Value::Null),
        created_at: Set(at),
    }))
}

/// What was asked, so that it can be known again and not guessed: a number has few digits.
fn hashes(repository: &Repository, call: &Call<'_>) -> [Option<String>; 2] {
    let hash = call.request_hash.as_deref().unwrap_or_default();
    repository.shared.keys.now().index(REQUEST_HASH, hash)
}

/// Takes keys that are free; the answer is those that were. Whoever asks for one of them at the same
/// time waits for the end of the transaction.
#[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
pub(super) async fn claim(transaction: &Transaction, keys: Vec<Keyed>) -> Result<HashSet<String>> {
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let mut insert = idempotency_record::Entity::insert_many(keys).into_query();
    insert.on_conflict(taken().do_nothing().to_owned()).returning_col(Column::Key);
    let rows = transaction.query_all(&insert).await?;
    Ok(rows.iter().map(|it| it.try_get("", "key")).collect::<Result<_, _>>()?)
}

/// Keeps the answers to keys that were claimed.
#[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
pub(super) async fn keep(transaction: &Transaction, answered: Vec<Keyed>) -> Result<()> {
    if answered.is_empty() {
        return Ok(());
    }
    let mut insert = idempotency_record::Entity::insert_many(answered).into_query();
    insert.on_conflict(taken().update_column(Column::Outcome).to_owned());
    transaction.execute(&insert).await?;
    Ok(())
}

fn taken() -> OnConflict {
    OnConflict::columns([Column::CredentialId, Column::Key])
}

impl<T: Serialize> Kept<T> {
    pub(super) fn answers(&self, keyed: Keyed) -> Result<Keyed> {
        let outcome = serde_json::to_value(self).map_err(Error::internal)?;
        Ok(Keyed { outcome: Set(outcome), ..keyed })
    }
}

impl UnitOfWork<'_> {
    /// The answer that this key got first; nothing when the key is new, which it then is no more.
    #[expect(clippy::disallowed_methods, reason = "idempotency records are no resource")]
    pub(super) async fn first_answer<T: DeserializeOwned>(
        &self,
        keyed: &Keyed,
        call: &Call<'_>,
    ) -> Result<Option<Kept<T>>> {
        if !claim(self.transaction(), vec![keyed.clone()]).await?.is_empty() {
            return Ok(None);
        }
        let id = (*keyed.credential_id.as_ref(), keyed.key.as_ref().clone());
        let found = idempotency_record::Entity::find_by_id(id).one(self.transaction()).await?;
        let Some(found) = found else { return Err(Error::Unavailable) };
        let is_the_same = hashes(self.repository, call).contains(&Some(found.request_hash));
        if found.operation != call.operation || !is_the_same {
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
        let outcome = Expr::col(Column::Outcome).cast_as("TEXT");
        idempotency_record::Entity::delete_many()
            .filter(outcome.like(format!("%{record_id}%")))
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
        .filter(Column::CreatedAt.lt(old))
        .exec(shared.database.write())
        .await?;
    Ok(())
}
