//! The keyring and the database together: which keys the database knows, and how its rows come under
//! others while it is in use.
//!
//! The database keeps what tells each key from others, so that a wrong keyring or an incomplete one is
//! refused before it does harm. Rows are gone through in the order of their ids, some at a time; those
//! that a writer holds are left for the next round.

mod clear;
mod own;
mod rows;

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::{Context, bail, ensure};
use sea_orm::{
    Condition, QueryResult,
    sea_query::{Alias, Expr, ExprTrait},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Result,
    database::Database,
    domain::worker::ID_NUMBER,
    keyring::{Closed, KeyId, KeyKind, Keyring, Keys, Place, Suite},
    setting::{self, RETIRED},
};

use rows::{Batch, count};

/// A table in which each row has a data key.
struct Sealed {
    name: &'static str,
    /// The column that has blind indexes.
    indexed: Place,
}

const TABLES: [Sealed; 1] = [Sealed { name: "worker", indexed: ID_NUMBER }];
const SIDES: [&str; 2] = ["odd", "even"];
/// Rows that are held by others are come back to so often.
const MOST_ROUNDS: usize = 20;
/// The file of the keyring is looked at so often.
const LOOK: Duration = Duration::from_secs(1);

/// The keyring of a database that is migrated, made now for one in which nothing is sealed. What an
/// earlier version kept in clear is sealed, and the keyring has to open the keys of the service's own.
pub async fn open(database: &Database, path: &Path) -> anyhow::Result<Keys> {
    let keys = if path.exists() {
        Keys::load(path)?
    } else {
        let shown = path.display();
        ensure!(
            setting::keys(database).await?.is_empty(),
            "the database holds sealed values, and there is no keyring at {shown}: --keyring names it"
        );
        tracing::warn!(path = %shown, "a keyring was made: keep a copy of it, and not with the database");
        Keys::make(path, Suite::Aes256Gcm)?
    };
    admit(database, &keys.now()).await?;
    let keyring = keys.now();
    let was_clear =
        clear::seal(database, &keyring).await.context("values in clear cannot be sealed")?;
    if own::seal(database, &keyring).await? || was_clear {
        clear::forget(database).await?;
    }
    Ok(keys)
}

/// Takes over a keyring that was changed, until told to stop.
pub async fn follow(database: &Database, keys: &Keys, stop: &CancellationToken) {
    let stamp = || {
        let file = std::fs::metadata(keys.path()).ok()?;
        Some((file.modified().ok()?, file.len()))
    };
    let (mut taken, mut refused) = (stamp(), None);
    while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        let found = stamp();
        if found == taken {
            continue;
        }
        match take_over(database, keys).await {
            Ok(()) => taken = found,
            // It may become right: it is tried again, and told of once.
            Err(error) if refused != found => {
                tracing::error!(error = format!("{error:#}"), "the changed keyring is not taken");
                refused = found;
            }
            Err(_) => {}
        }
    }
}

async fn take_over(database: &Database, keys: &Keys) -> anyhow::Result<()> {
    let keyring = Keyring::load(keys.path())?;
    admit(database, &keyring).await?;
    keys.replace(keyring);
    tracing::info!("the changed keyring is taken");
    Ok(())
}

/// Enters the keys of a keyring into the database. It has to have all that are known there, and no other
/// in the place of one.
async fn admit(database: &Database, keyring: &Keyring) -> anyhow::Result<()> {
    let known = setting::keys(database).await?;
    let own: BTreeMap<String, String> =
        keyring.checks().map(|(kind, id, check)| (name(kind, id), check)).collect();
    for (name, check) in &known {
        match own.get(name) {
            _ if check == RETIRED => {}
            Some(it) if it == check => {}
            Some(_) => bail!("{name} of the keyring is not the {name} of this database"),
            None => bail!("the keyring lacks {name}, which this database needs"),
        }
    }
    for (name, check) in own {
        let entered = setting::ensure_key(database, &name, &check).await?;
        let is_own = entered == check || entered == RETIRED;
        ensure!(is_own, "{name} of the keyring is not the {name} of this database");
    }
    Ok(())
}

fn name(kind: KeyKind, id: KeyId) -> String {
    format!("{kind} key {id}")
}

/// Adds a key, which is in use only after [`rotate`]: other replicas can be given it before.
pub async fn add(
    database: &Database,
    keys: &Keys,
    kind: KeyKind,
    suite: Suite,
) -> anyhow::Result<KeyId> {
    let id = keys.change(|it| match kind {
        KeyKind::Master => Ok(it.add_master(suite)),
        KeyKind::Index => it.add_index(),
    })?;
    admit(database, &keys.now()).await?;
    Ok(id)
}

/// Makes the newest master key current, and brings all rows under the present keys; how many were not
/// before, and how many could not be opened. `progress` hears how many are done.
pub async fn rotate(
    database: &Database,
    keys: &Keys,
    progress: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<(u64, u64)> {
    keys.change(|it| {
        it.advance();
        Ok(())
    })?;
    Ok(renew(database, &keys.now(), progress).await?)
}

/// Destroys a key, once no row needs it.
pub async fn retire(
    database: &Database,
    keys: &Keys,
    kind: KeyKind,
    id: KeyId,
) -> anyhow::Result<()> {
    let mut without = Keyring::clone(&*keys.now());
    without.remove(kind, id)?;
    let left = count_old(database, &without).await?;
    ensure!(left == 0, "{left} rows are not under the other keys yet: rotate first");
    setting::retire_key(database, &name(kind, id)).await?;
    keys.change(|it| it.remove(kind, id))?;
    // The indexes that it made tell nobody anything any more.
    renew(database, &keys.now(), &|_| ()).await?;
    Ok(())
}

/// How many rows are not under the present keys.
pub async fn count_old(database: &Database, keyring: &Keyring) -> Result<u64> {
    let mut all = own::count_old(database, keyring).await?;
    for table in &TABLES {
        all += count(database, table.name, &is_old(table, keyring)).await?;
    }
    Ok(all)
}

/// Brings all rows under the keys of a keyring; how many were not, and how many do not open.
async fn renew(
    database: &Database,
    keyring: &Keyring,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(u64, u64)> {
    let (own_done, own_failed) = own::renew(database, keyring).await?;
    let (mut done, mut failed) = (own_done, 0);
    for table in &TABLES {
        let wanted = is_old(table, keyring).add_option(has_left_over(table, keyring));
        for _ in 0..MOST_ROUNDS {
            failed = 0;
            let mut after = Uuid::nil();
            while let Some(batch) = Batch::next(database, table.name, &wanted, after).await? {
                let mut renewed = Vec::with_capacity(batch.rows.len());
                for row in &batch.rows {
                    after = row.try_get("", "id")?;
                    match renewed_row(keyring, table, after, row) {
                        Ok(values) => renewed.push((after, values)),
                        Err(error) => {
                            tracing::error!(id = %after, %error, "a row stays under its keys");
                            failed += 1;
                        }
                    }
                }
                done += renewed.len() as u64;
                let columns =
                    [&index_column(table, "odd"), &index_column(table, "even"), "data_key"];
                batch.write(table.name, &columns, renewed).await?;
                progress(done);
            }
            // What a writer held is still to be done.
            if count(database, table.name, &wanted).await? <= failed {
                break;
            }
        }
    }
    Ok((done, failed + own_failed))
}

/// The columns of a row as they are under the present keys: both indexes, then the data key.
fn renewed_row(
    keyring: &Keyring,
    table: &Sealed,
    id: Uuid,
    row: &QueryResult,
) -> Result<Vec<Option<String>>> {
    let text = |column: &str| row.try_get::<Option<String>>("", column);
    let data_key = text("data_key")?;
    let mut indexes = [None, None];
    if let Some(sealed) = text(table.indexed.column)? {
        let closed = Closed { id, data_key: data_key.as_deref(), text: &sealed };
        indexes = keyring.index(table.indexed, &keyring.open(table.indexed, closed)?);
    }
    let rewrapped = data_key.as_deref().map(|it| keyring.rewrapped(table.name, id, it));
    let data_key = rewrapped.transpose()?.flatten().or(data_key);
    Ok(indexes.into_iter().chain([data_key]).collect())
}

/// Rows whose data key is not wrapped by the current key, or that lack a blind index.
fn is_old(table: &Sealed, keyring: &Keyring) -> Condition {
    let current = format!("{}~%", keyring.current());
    let mut any = Condition::any().add(Expr::col("data_key").not_like(current));
    for id in keyring.index_keys() {
        let index = Expr::col(Alias::new(index_column(table, side(id))));
        let lacks = index.clone().is_null().or(index.not_like(format!("{id}~%")));
        any = any.add(Expr::col(table.indexed.column).is_not_null().and(lacks));
    }
    any
}

/// Rows that have a blind index of a key that is gone.
fn has_left_over(table: &Sealed, keyring: &Keyring) -> Option<Expr> {
    let sides: Vec<&str> = keyring.index_keys().map(side).collect();
    let gone = SIDES.into_iter().find(|it| !sides.contains(it))?;
    Some(Expr::col(Alias::new(index_column(table, gone))).is_not_null())
}

fn index_column(table: &Sealed, side: &str) -> String {
    format!("{}_index_{side}", table.indexed.column)
}

fn side(id: KeyId) -> &'static str {
    SIDES[usize::from(id.is_multiple_of(2))]
}
