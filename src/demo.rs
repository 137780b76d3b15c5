//! Demo data: a city's records made from a seed, in which the published figures come out exactly.
//!
//! Nobody is in them. Identity numbers and credit codes carry county codes that were never
//! allocated, phones a prefix that no operator has, names come from lists of frequent characters,
//! and every firm has a word in its name that says it is simulated.

#![expect(clippy::disallowed_methods, reason = "runs before the service, on an empty database")]

use chrono::NaiveDate;
use entity::setting;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::keyring::Keyring;

mod dice;
mod place;
mod number;
mod word;
mod trade;
mod ledger;
mod employer;
mod union;
mod worker;
mod pilot;
mod competition;
mod studio;
mod dispute;
mod recovery;
mod reform;
mod honour;
mod skill;
mod training;
mod innovation;
mod agreement;
mod joining;
mod culture;
mod democracy;
mod rights;
mod coding;
mod intake;
#[cfg(test)]
mod tests;

use ledger::Ledger;

/// What the data are made from: the same plan gives the same rows, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers: at least [`FEWEST_WORKERS`], [`WHOLE_CITY`] for the city at full size.
    pub workers: u32,
    pub seed: u64,
    /// The day the data are made for; everything in them has happened before it.
    pub today: NaiveDate,
}

/// What was loaded: the tables with their rows, or nothing where the plan had been loaded before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub tables: Vec<(&'static str, u64)>,
}

/// Those whose pay was recovered, and as many again to be around them.
pub const FEWEST_WORKERS: u32 = 5_000;
pub const WHOLE_CITY: u32 = 680_000;

/// The setting that says a load was finished, and by which plan.
const SETTING: &str = "demo";
/// The third batch of pilots, which has begun eight months before, follows the two of 2020 and 2021.
const FIRST_YEAR: i32 = 2024;

impl Plan {
    /// What a number of the whole city comes to here.
    fn scaled(&self, in_city: u32) -> u32 {
        let scaled = u64::from(in_city) * u64::from(self.workers) / u64::from(WHOLE_CITY);
        u32::try_from(scaled).unwrap_or(u32::MAX)
    }

    fn is_whole_city(&self) -> bool {
        self.workers >= WHOLE_CITY
    }

    /// The day before `today`, the last on which something happened.
    fn yesterday(&self) -> NaiveDate {
        self.days_ago(1)
    }

    fn days_ago(&self, days: i64) -> NaiveDate {
        self.today - chrono::TimeDelta::days(days)
    }

    /// The year in which something happened last.
    fn year(&self) -> i32 {
        chrono::Datelike::year(&self.yesterday())
    }

    /// So many days ago, or the first day of that year where it began later.
    fn this_year(&self, days: i64) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(self.year(), 1, 1).unwrap_or_default();
        self.days_ago(days).max(first)
    }
}

impl Loaded {
    /// Whether rows were written; not so where the same plan had been loaded before.
    pub fn is_new(&self) -> bool {
        !self.tables.is_empty()
    }
}

/// Fills an empty, migrated database. `progress` hears of each table how many rows are written and
/// how many there will be.
///
/// Nobody else may write meanwhile. The rows go in by many transactions; the setting that names the
/// plan comes last. A load that broke off leaves rows without it, which the next one refuses.
pub async fn load(
    database: &DatabaseConnection,
    keyring: &Keyring,
    plan: &Plan,
    progress: &dyn Fn(&'static str, u64, u64),
) -> Result<Loaded, DbErr> {
    check(plan)?;
    let name = serde_json::to_string(plan).map_err(|it| DbErr::Json(it.to_string()))?;
    if let Some(present) = finished(database).await? {
        let before: Plan =
            serde_json::from_str(&present).map_err(|it| DbErr::Json(it.to_string()))?;
        // Made on another day they are as good: only the numbers are the caller's.
        return if (before.workers, before.seed) == (plan.workers, plan.seed) {
            Ok(Loaded { tables: Vec::new() })
        } else {
            Err(refuse(format!(
                "the database holds the demo data of {} workers and seed {}: choose another \
                 database",
                before.workers, before.seed
            )))
        };
    }
    ledger::check_empty(database).await?;

    let mut ledger = Ledger::open(database, plan, progress).await?;
    let employers = employer::make(plan, &mut ledger).await?;
    let unions = union::make(plan, &employers, &mut ledger).await?;
    let people = worker::make(plan, keyring, &employers, &unions, &mut ledger).await?;
    let pilots = pilot::make(plan, &employers, &mut ledger);
    let held = competition::make(plan, &employers, &people, &unions, &mut ledger).await?;
    let studios = studio::make(plan, &employers, &people, &mut ledger).await?;
    let handled = dispute::make(plan, &employers, &people, &unions, &mut ledger).await?;
    reform::make(plan, &pilots, &mut ledger);
    honour::make(plan, &employers, &people, &unions, &held, &mut ledger);
    skill::make(plan, &employers, &people, &mut ledger).await?;
    training::make(plan, &employers, &people, &mut ledger).await?;
    innovation::make(plan, &people, &held, &studios, &mut ledger).await?;
    agreement::make(plan, &employers, &unions, &mut ledger);
    joining::make(plan, &employers, &people, &unions, &mut ledger);
    culture::make(plan, &people, &mut ledger).await?;
    democracy::make(plan, &employers, &people, &unions, &mut ledger);
    rights::make(plan, &employers, &unions, &handled, &mut ledger);
    coding::make(&mut ledger);
    intake::make(plan, &employers, &people, &mut ledger);
    let tables = ledger.close().await?;

    setting::Entity::insert(setting::ActiveModel {
        name: Set(SETTING.to_owned()),
        value: Set(name),
    })
    .exec_without_returning(database)
    .await?;
    Ok(Loaded { tables })
}

fn check(plan: &Plan) -> Result<(), DbErr> {
    if plan.workers < FEWEST_WORKERS {
        return Err(refuse(format!("the demo data need at least {FEWEST_WORKERS} workers")));
    }
    if chrono::Datelike::year(&plan.today) < FIRST_YEAR {
        return Err(refuse(format!("the demo data need a day from {FIRST_YEAR} on")));
    }
    Ok(())
}

async fn finished(database: &DatabaseConnection) -> Result<Option<String>, DbErr> {
    setting::Entity::find()
        .select_only()
        .column(setting::Column::Value)
        .filter(setting::Column::Name.eq(SETTING))
        .into_tuple()
        .one(database)
        .await
}

fn refuse(message: String) -> DbErr {
    DbErr::Custom(message)
}
