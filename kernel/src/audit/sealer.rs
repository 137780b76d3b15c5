//! Puts entries into the chain.
//!
//! Writers give no numbers: that would make them wait for each other. Whatever is committed and has no
//! place yet gets the next, in whatever order it is seen. One process does it, which holds a lease.

use std::{path::Path, time::Duration};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use entity::{audit_checkpoint, audit_entry::Model, audit_seal};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryOrder, QueryTrait, Statement,
};
use serde_json::json;
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncWriteExt, Stdout, stdout},
    sync::Mutex,
};
use tokio_util::sync::CancellationToken;

use super::{
    Settings,
    chain::{GENESIS, Hash, link},
    signer::{Signer, to_line},
};
use crate::{
    Error, Result,
    clock::Clock,
    database::{Database, Lease, Transaction},
};

/// The one who seals.
pub struct Sealer {
    database: Database,
    clock: Clock,
    signer: Signer,
    outside: Option<Mutex<Outside>>,
    lease: Lease,
    pause: Duration,
}

/// Where checkpoints go besides the database.
enum Outside {
    File(File),
    Standard(Stdout),
}

/// Where the chain stands.
struct End {
    position: i64,
    hash: Hash,
    /// The last checkpoint: the position it covers, and when it was made.
    proven: Option<(i64, DateTime<Utc>)>,
}

const BATCH: usize = 1_000;
/// Checkpoints are at least so far apart.
const APART: TimeDelta = TimeDelta::seconds(1);

impl Sealer {
    /// # Errors
    ///
    /// When checkpoints cannot be written where they should.
    pub async fn new(
        database: Database,
        clock: Clock,
        signer: Signer,
        settings: &Settings,
    ) -> anyhow::Result<Sealer> {
        let outside = match settings.checkpoints.as_deref() {
            None => None,
            Some(path) if path == Path::new("-") => Some(Outside::Standard(stdout())),
            Some(path) => {
                let file = OpenOptions::new().create(true).append(true).open(path).await;
                let shown = path.display();
                Some(Outside::File(
                    file.with_context(|| format!("audit_checkpoints: {shown} cannot be written"))?,
                ))
            }
        };
        let (outside, lease) = (outside.map(Mutex::new), Lease::new("sealer"));
        Ok(Sealer { database, clock, signer, outside, lease, pause: settings.pause })
    }

    /// Seals until it is told to stop.
    pub async fn run(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let sealed = self.seal().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the audit trail could not be sealed");
                0
            });
            if sealed < BATCH {
                stop.run_until_cancelled(tokio::time::sleep(self.pause)).await;
            }
        }
        self.lease.release(&self.database).await;
    }

    /// Seals a batch and signs where the chain stands, if there is something new. How many entries.
    async fn seal(&self) -> Result<usize> {
        let news = "SELECT 1 AS it WHERE EXISTS (SELECT 1 FROM audit_waiting) \
                    OR (SELECT coalesce(max(position), 0) FROM audit_seal) \
                    > (SELECT coalesce(max(position), 0) FROM audit_checkpoint)";
        let news = Statement::from_string(self.database.backend(), news);
        if self.database.read().query_one_raw(news).await?.is_none() {
            return Ok(0);
        }
        let transaction = self.database.begin().await?;
        let now = self.clock.now();
        if !self.lease.hold(&transaction, now).await? {
            transaction.rollback().await?;
            return Ok(0);
        }
        let mut end = end(&transaction).await?;
        let sealed = seal_entries(&transaction, &mut end).await?;
        let is_due = end
            .proven
            .is_none_or(|(position, at)| position < end.position && (now - at).abs() >= APART);
        let checkpoint = is_due.then(|| self.signer.sign(end.position, &end.hash, now));
        match checkpoint {
            // Only what outlasts a power cut may be told outside.
            Some(checkpoint) => {
                keep(&transaction, &checkpoint).await?;
                transaction.commit().await?;
                self.tell(&checkpoint).await;
            }
            None => transaction.commit_unsynced().await?,
        }
        metrics::gauge!("gongtu_audit_position").set(end.position as f64);
        Ok(sealed)
    }

    /// Writes a checkpoint outside. The next says all that one which is lost says.
    async fn tell(&self, checkpoint: &audit_checkpoint::Model) {
        let Some(outside) = &self.outside else { return };
        let line = format!("{}\n", to_line(checkpoint));
        let told = match &mut *outside.lock().await {
            Outside::File(file) => write(file, &line).await,
            Outside::Standard(stdout) => write(stdout, &line).await,
        };
        if let Err(error) = told {
            metrics::counter!("gongtu_audit_checkpoints_lost_total").increment(1);
            tracing::error!(%error, "a checkpoint could not be written outside");
        }
    }
}

async fn write(to: &mut (impl AsyncWriteExt + Unpin), line: &str) -> std::io::Result<()> {
    to.write_all(line.as_bytes()).await?;
    to.flush().await
}

#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
async fn end(transaction: &Transaction) -> Result<End> {
    let last = audit_seal::Entity::find()
        .order_by_desc(audit_seal::Column::Position)
        .one(transaction)
        .await?;
    let proven = audit_checkpoint::Entity::find()
        .order_by_desc(audit_checkpoint::Column::Position)
        .one(transaction)
        .await?;
    let (position, hash) = last.map_or((0, GENESIS.to_vec()), |it| (it.position, it.hash));
    // What somebody altered does not stop the log; whoever verifies it finds out.
    let hash = hash.try_into().unwrap_or(GENESIS);
    Ok(End { position, hash, proven: proven.map(|it| (it.position, it.at)) })
}

/// Gives entries their places: three statements, however many they are.
async fn seal_entries(transaction: &Transaction, end: &mut End) -> Result<usize> {
    let backend = transaction.get_database_backend();
    let waiting = Statement::from_sql_and_values(
        backend,
        "SELECT audit_entry.* FROM audit_waiting JOIN audit_entry ON audit_entry.id = audit_waiting.id \
         ORDER BY audit_waiting.id LIMIT $1",
        [i64::try_from(BATCH).unwrap_or(i64::MAX).into()],
    );
    let waiting = Model::find_by_statement(waiting).all(transaction).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let seals = waiting.iter().map(|entry| {
        end.position += 1;
        end.hash = link(&end.hash, end.position, entry);
        json!({
            "id": entry.id.simple().to_string(),
            "position": end.position,
            "hash": HEXLOWER.encode(&end.hash),
        })
    });
    let seals = seals.collect::<serde_json::Value>().to_string();
    // One bound value, however many: the statements are prepared once.
    let (place, release) = match backend {
        DbBackend::Postgres => (
            "INSERT INTO audit_seal (position, entry_id, hash) \
             SELECT position, id, decode(hash, 'hex') \
             FROM json_to_recordset($1::json) AS it (id uuid, position bigint, hash text)",
            "DELETE FROM audit_waiting USING json_to_recordset($1::json) AS it (id uuid) \
             WHERE audit_waiting.id = it.id",
        ),
        _ => (
            "INSERT INTO audit_seal (position, entry_id, hash) \
             SELECT value ->> 'position', unhex(value ->> 'id'), unhex(value ->> 'hash') \
             FROM json_each($1)",
            "DELETE FROM audit_waiting WHERE id IN (SELECT unhex(value ->> 'id') FROM json_each($1))",
        ),
    };
    for sql in [place, release] {
        let statement = Statement::from_sql_and_values(backend, sql, [seals.as_str().into()]);
        let done = transaction.execute_raw(statement).await?.rows_affected();
        if done != waiting.len() as u64 {
            return Err(Error::Unavailable);
        }
    }
    Ok(waiting.len())
}

#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
async fn keep(transaction: &Transaction, checkpoint: &audit_checkpoint::Model) -> Result<()> {
    let row = checkpoint.clone().into_active_model().reset_all();
    transaction.execute(&audit_checkpoint::Entity::insert(row).into_query()).await?;
    Ok(())
}
