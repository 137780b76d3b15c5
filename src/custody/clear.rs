//! Values that an earlier version kept in clear, and that the migration put aside.

use anyhow::Context;
use chrono::NaiveDate;
use entity::worker::{ActiveModel, Column};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    Condition, ConnectionTrait, DbBackend, IdenStatic, QueryResult, Statement,
    sea_query::{Expr, ExprTrait, ValueType},
};
use uuid::Uuid;
use value::{IdNumber, Phone, Rules, Sealed, Secret};

use super::rows::{Batch, count};
use crate::{database::Database, domain::worker::Worker, keyring::Keyring, resource::Resource};

const TABLE: &str = "worker";
const ID_NUMBER_ASIDE: &str = "id_number_clear";
const PHONE_ASIDE: &str = "phone_clear";
const ASIDE: [&str; 2] = [ID_NUMBER_ASIDE, PHONE_ASIDE];
/// What takes their place.
const COLUMNS: [Column; 5] = [
    Column::IdNumber,
    Column::IdNumberIndexOdd,
    Column::IdNumberIndexEven,
    Column::Phone,
    Column::DataKey,
];

/// Seals what is aside, and drops the columns it was in; whether there was any. Several replicas may do
/// it at once.
pub async fn seal(database: &Database, keyring: &Keyring) -> anyhow::Result<bool> {
    let aside = aside(database).await?;
    if aside.is_empty() {
        return Ok(false);
    }
    let wanted =
        aside.iter().fold(Condition::any(), |any, it| any.add(Expr::col(*it).is_not_null()));
    tracing::info!(rows = count(database, TABLE, &wanted).await?, "sealing what is in clear");
    let columns: Vec<&str> =
        COLUMNS.iter().map(IdenStatic::as_str).chain(aside.iter().copied()).collect();
    while let Some(batch) = Batch::next(database, TABLE, &wanted, Uuid::nil()).await? {
        let sealed = batch.rows.iter().map(|row| {
            let id = row.try_get("", "id")?;
            let mut values = sealed(keyring, id, row)
                .with_context(|| format!("worker {id} has a value that breaks the rules"))?;
            values.resize(columns.len(), None);
            Ok((id, values))
        });
        let sealed = sealed.collect::<anyhow::Result<_>>()?;
        batch.write(TABLE, &columns, sealed).await?;
    }
    for column in aside {
        let drop = match database.backend() {
            DbBackend::Postgres => format!("ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {column}"),
            _ => format!("ALTER TABLE {TABLE} DROP COLUMN {column}"),
        };
        database.write().execute_unprepared(&drop).await?;
    }
    Ok(true)
}

/// Leaves nothing of what was in clear in an SQLite file, nor in the log beside it.
pub async fn forget(database: &Database) -> anyhow::Result<()> {
    if database.backend() == DbBackend::Sqlite {
        database.write().execute_unprepared("VACUUM").await?;
        database.write().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    }
    Ok(())
}

/// The columns that are there of those that the migration put aside.
async fn aside(database: &Database) -> anyhow::Result<Vec<&'static str>> {
    let there = match database.backend() {
        DbBackend::Postgres => {
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = 'worker'"
        }
        _ => "SELECT name FROM pragma_table_info('worker')",
    };
    let there = Statement::from_string(database.backend(), there);
    let there = database.read().query_all_raw(there).await?;
    let there: Vec<String> =
        there.iter().map(|it| it.try_get("", "name")).collect::<Result<_, _>>()?;
    Ok(ASIDE.into_iter().filter(|it| there.iter().any(|there| there == it)).collect())
}

/// The values of [`COLUMNS`].
fn sealed(keyring: &Keyring, id: Uuid, row: &QueryResult) -> anyhow::Result<Vec<Option<String>>> {
    let mut draft = ActiveModel {
        id: Set(id),
        id_number: Set(checked::<IdNumber>(row, ID_NUMBER_ASIDE)?),
        phone: Set(checked::<Phone>(row, PHONE_ASIDE)?),
        ..Default::default()
    };
    Worker::seal(keyring, None, &mut draft)?;
    let text =
        |column| draft.get(column).into_value().and_then(<Option<String> as ValueType>::unwrap);
    Ok(COLUMNS.into_iter().map(text).collect())
}

fn checked<T: value::Value + Secret>(
    row: &QueryResult,
    column: &str,
) -> anyhow::Result<Option<Sealed<T>>> {
    // It was checked when it came; a demo has made-up numbers.
    let rules = Rules { today: NaiveDate::MAX, synthetic: true };
    let text: Option<String> = row.try_get("", column).unwrap_or_default();
    let checked = text.map(|it| T::check(&it, &rules)).transpose()?;
    Ok(checked.map(|it| Sealed::open(it.value)))
}
