//! What the database itself remembers: made when it is first used, the same for every replica.

use data_encoding::HEXLOWER;
use entity::setting::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryTrait, sea_query::OnConflict};

use crate::{Error, Result, database::Database};

/// The key that signs cursors.
pub async fn secret(database: &Database) -> Result<Vec<u8>> {
    let fresh = || HEXLOWER.encode(&rand::random::<[u8; 32]>());
    let text = ensure(database, "cursor_secret", fresh).await?;
    HEXLOWER.decode(text.as_bytes()).map_err(Error::internal)
}

/// The epoch of the change log. Take a new one after a restore: old cursors are then refused.
pub async fn change_epoch(database: &Database) -> Result<String> {
    ensure(database, "change_epoch", || HEXLOWER.encode(&rand::random::<[u8; 4]>())).await
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
