//! What the database itself remembers: made when it is first used, the same for every replica.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use entity::setting::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait,
    sea_query::OnConflict,
};

use zeroize::Zeroizing;

use crate::{
    Error, Result,
    database::Database,
    keyring::{Keyring, Place},
};

/// Where a setting is kept.
pub const VALUE: Place = Place { table: "setting", column: "value" };
const CURSOR_SECRET: &str = "cursor_secret";
const AUDIT_SEED: &str = "audit_seed";
/// The settings that are sealed.
pub const SECRETS: [&str; 2] = [CURSOR_SECRET, AUDIT_SEED];

/// The key that signs cursors.
pub async fn secret(database: &Database, keyring: &Keyring) -> Result<Vec<u8>> {
    Ok(sealed(database, keyring, CURSOR_SECRET).await?.to_vec())
}

/// The epoch of the change log. Take a new one after a restore: old cursors are then refused.
pub async fn change_epoch(database: &Database) -> Result<String> {
    ensure(database, "change_epoch", || HEXLOWER.encode(&rand::random::<[u8; 4]>())).await
}

/// What the key that signs the checkpoints of the audit trail is made from.
pub async fn audit_seed(database: &Database, keyring: &Keyring) -> Result<Zeroizing<[u8; 32]>> {
    let seed = sealed(database, keyring, AUDIT_SEED).await?;
    let seed = seed.as_slice().try_into().map_err(|_| Error::Unavailable)?;
    Ok(Zeroizing::new(seed))
}

/// A secret of 256 bits, sealed under its name.
async fn sealed(database: &Database, keyring: &Keyring, name: &str) -> Result<Zeroizing<Vec<u8>>> {
    let fresh = || {
        let secret = Zeroizing::new(rand::random::<[u8; 32]>());
        keyring.seal_secret(VALUE, name, &*secret)
    };
    keyring.open_secret(VALUE, name, &ensure(database, name, fresh).await?)
}

const SYNTHETIC: &str = "synthetic";

/// Whether the records are made up, so that made-up id numbers are accepted.
pub async fn is_synthetic(database: &Database) -> Result<bool> {
    Ok(get(database, SYNTHETIC).await?.as_deref() == Some("true"))
}

/// Says that the records are made up.
pub async fn set_synthetic(database: &Database) -> Result<()> {
    ensure(database, SYNTHETIC, || "true".to_owned()).await?;
    Ok(())
}

/// What tells each key from others, by its name.
#[expect(clippy::disallowed_methods, reason = "settings are no resource")]
pub async fn keys(database: &Database) -> Result<BTreeMap<String, String>> {
    let keys = Entity::find().filter(Column::Name.like("% key %")).all(database.write()).await?;
    Ok(keys.into_iter().map(|it| (it.name, it.value)).collect())
}

/// Enters what tells a key from others, unless another of its name was entered before, which is the
/// answer then.
pub async fn ensure_key(database: &Database, name: &str, check: &str) -> Result<String> {
    ensure(database, name, || check.to_owned()).await
}

/// What stands in the place of a key that is destroyed. Its name stays taken: another process may still
/// have it.
pub const RETIRED: &str = "retired";

#[expect(clippy::disallowed_methods, reason = "settings are no resource")]
pub async fn retire_key(database: &Database, name: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Value, RETIRED.into())
        .filter(Column::Name.eq(name))
        .exec(database.write())
        .await?;
    Ok(())
}

/// The value of a setting, made now if it was not there. Of two who make it at once one wins.
#[expect(clippy::disallowed_methods, reason = "settings are no resource")]
async fn ensure(database: &Database, name: &str, fresh: impl FnOnce() -> String) -> Result<String> {
    if let Some(value) = get(database, name).await? {
        return Ok(value);
    }
    let row = ActiveModel { name: Set(name.to_owned()), value: Set(fresh()) };
    let insert = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
        .into_query();
    database.write().execute(&insert).await?;
    get(database, name).await?.ok_or(Error::Unavailable)
}

#[expect(clippy::disallowed_methods, reason = "settings are no resource")]
async fn get(database: &Database, name: &str) -> Result<Option<String>> {
    let found = Entity::find_by_id(name.to_owned()).one(database.write()).await?;
    Ok(found.map(|it| it.value))
}
