//! Secrets of the service's own: the keys that sign, sealed by the master key itself. They are few.

use anyhow::{Context, bail};
use data_encoding::{BASE64, HEXLOWER};
use sea_orm::{
    Condition, ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Error, Result,
    credential::signing_key::PRIVATE_KEY,
    database::Database,
    keyring::{Keyring, Place},
    setting::{SECRETS, VALUE},
};

/// Where some of them lie.
struct Own {
    what: &'static str,
    place: Place,
    /// The column that names each; its seal is bound to the name.
    name: &'static str,
    /// The rows that hold one, where not all do.
    names: Option<&'static [&'static str]>,
    /// How an earlier version wrote them.
    clear: fn(&str) -> Option<Vec<u8>>,
}

const OWN: [Own; 2] = [
    Own {
        what: "signing key",
        place: PRIVATE_KEY,
        name: "kid",
        names: None,
        clear: |it| BASE64.decode(it.as_bytes()).ok(),
    },
    Own {
        what: "setting",
        place: VALUE,
        name: "name",
        names: Some(&SECRETS),
        clear: |it| HEXLOWER.decode(it.as_bytes()).ok(),
    },
];

/// Each has so many bytes.
const LENGTH: usize = 32;

/// Seals those that an earlier version kept in clear; whether there were any. All have to open then.
pub async fn seal(database: &Database, keyring: &Keyring) -> anyhow::Result<bool> {
    let mut was_clear = false;
    for own in &OWN {
        for (name, text) in rows(database, own).await? {
            if text.contains('~') {
                if keyring.open_secret(own.place, &name, &text).is_err() {
                    bail!("the keyring does not open the {} {name} of this database", own.what);
                }
                continue;
            }
            let secret = (own.clear)(&text).filter(|it| it.len() == LENGTH);
            let secret = secret.with_context(|| format!("{} {name} cannot be read", own.what))?;
            let sealed = keyring.seal_secret(own.place, &name, &secret);
            replace(database, own, &name, &text, sealed).await?;
            was_clear = true;
        }
    }
    Ok(was_clear)
}

/// Brings all under the current master key; how many were not, and how many do not open.
pub async fn renew(database: &Database, keyring: &Keyring) -> Result<(u64, u64)> {
    let (mut done, mut failed) = (0, 0);
    for own in &OWN {
        for (name, text) in rows(database, own).await? {
            match keyring.resealed_secret(own.place, &name, &text) {
                Ok(None) => {}
                Ok(Some(sealed)) => done += replace(database, own, &name, &text, sealed).await?,
                Err(error) => {
                    tracing::error!(what = own.what, name, %error, "it stays under its key");
                    failed += 1;
                }
            }
        }
    }
    Ok((done, failed))
}

/// How many are not under the current master key.
pub async fn count_old(database: &Database, keyring: &Keyring) -> Result<u64> {
    let current = format!("{}~", keyring.current());
    let mut old = 0;
    for own in &OWN {
        let rows = rows(database, own).await?;
        old += rows.iter().filter(|(_, text)| !text.starts_with(&current)).count() as u64;
    }
    Ok(old)
}

/// The names and the texts.
async fn rows(database: &Database, own: &Own) -> Result<Vec<(String, String)>> {
    let mut select = Query::select();
    select.column(own.name).column(own.place.column).from(own.place.table);
    if let Some(names) = own.names {
        select.and_where(Expr::col(own.name).is_in(names.iter().copied()));
    }
    let rows = database.write().query_all(&select).await?;
    let row = |it: &sea_orm::QueryResult| {
        Ok::<_, Error>((it.try_get("", own.name)?, it.try_get("", own.place.column)?))
    };
    rows.iter().map(row).collect()
}

/// Unless another process did so before.
async fn replace(
    database: &Database,
    own: &Own,
    name: &str,
    before: &str,
    after: String,
) -> Result<u64> {
    let mut update = Query::update();
    let is_it = Condition::all()
        .add(Expr::col(own.name).eq(name))
        .add(Expr::col(own.place.column).eq(before));
    update.table(own.place.table).value(own.place.column, after).cond_where(is_it);
    Ok(database.write().execute(&update).await?.rows_affected())
}
