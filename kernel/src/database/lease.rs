use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::{Database, Transaction};
use crate::Result;

/// What only one process may do at a time, and who of them this is.
pub struct Lease {
    name: &'static str,
    owner: String,
}

/// A holder that is not heard of for so long has lost it.
const KEPT: TimeDelta = TimeDelta::seconds(10);

impl Lease {
    pub fn new(name: &'static str) -> Lease {
        Lease { name, owner: Uuid::now_v7().to_string() }
    }

    /// Takes the lease, or keeps it. False while another holds it.
    ///
    /// The row stays locked until the commit: nobody takes the lease over in between. A holder that
    /// lost it unawares finds another owner here.
    pub async fn hold(&self, transaction: &Transaction, now: DateTime<Utc>) -> Result<bool> {
        let lease = Statement::from_sql_and_values(
            transaction.get_database_backend(),
            "INSERT INTO lease (name, owner, fence, until) VALUES ($1, $2, 1, $3) \
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until, \
             fence = lease.fence + CASE WHEN lease.owner = excluded.owner THEN 0 ELSE 1 END \
             WHERE lease.owner = excluded.owner OR lease.until < $4 RETURNING fence",
            [self.name.into(), self.owner.clone().into(), (now + KEPT).into(), now.into()],
        );
        Ok(transaction.query_one_raw(lease).await?.is_some())
    }

    /// Lets another replica take over at once.
    pub async fn release(&self, database: &Database) {
        let release = Statement::from_sql_and_values(
            database.backend(),
            "UPDATE lease SET until = $1 WHERE name = $2 AND owner = $3",
            [DateTime::<Utc>::UNIX_EPOCH.into(), self.name.into(), self.owner.clone().into()],
        );
        if let Err(error) = database.write().execute_raw(release).await {
            tracing::warn!(%error, lease = self.name, "the lease could not be released");
        }
    }
}
