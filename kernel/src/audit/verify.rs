//! Whether the audit trail is what it was.
//!
//! The chain shows what was altered, removed or put in between; the signatures, that this installation
//! made it. Whoever can write the database can make all of that anew: checkpoints that were kept at
//! another place show it, and also that the end was cut off.

use std::{
    fmt,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use anyhow::Context;

use entity::{audit_checkpoint, audit_entry::Model, audit_seal};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};

use super::{
    chain::{GENESIS, Hash, Sealed, link},
    signer::{Keys, of_line},
};
use crate::{Result, database::Database};

type Checkpoint = audit_checkpoint::Model;

/// The trail as it is stored.
pub trait Trail {
    /// Entries that have their places after this one, by their places; at most so many.
    fn entries(&self, after: i64, limit: u64) -> impl Future<Output = Result<Vec<Sealed>>>;

    /// Checkpoints of the places after the first up to the last, by their places.
    fn checkpoints(&self, after: i64, to: i64) -> impl Future<Output = Result<Vec<Checkpoint>>>;

    /// The last position that the trail tells of. Where the end was cut off, a checkpoint may still do so.
    fn end(&self) -> impl Future<Output = Result<i64>>;

    fn counts(&self, to: i64) -> impl Future<Output = Result<Counts>>;
}

/// What there is up to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Places in the chain.
    pub seals: i64,
    /// Entries, but for those that have later places, and those that wait for theirs.
    pub entries: i64,
    pub checkpoints: i64,
}

/// What was found in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries in the chain.
    pub entries: i64,
    pub checkpoints: u64,
    /// Checkpoints from outside.
    pub outside: u64,
    /// The last position that a checkpoint covers: what comes after it could be cut off unseen.
    pub proven: i64,
    /// The last position that a checkpoint from outside covers.
    pub proven_outside: i64,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub position: i64,
    pub kind: FaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no entry at the position.
    Missing,
    /// The entry does not say what was sealed, or does not follow what is before it.
    Altered,
    /// The trail has more rows than positions.
    Surplus,
    /// A checkpoint is not signed by a key that is trusted.
    Unsigned { is_outside: bool },
    /// The chain is another than the one that was signed.
    Rechained { is_outside: bool },
    /// A checkpoint is known outside and missing inside.
    Removed,
    /// A checkpoint outside comes after one of a later position: the trail had begun anew.
    Unordered,
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.position;
        let place = |is_outside: bool| if is_outside { "outside" } else { "in the database" };
        match self.kind {
            FaultKind::Missing => write!(f, "there is no entry {position}, but later ones are"),
            FaultKind::Altered => {
                write!(f, "entry {position} is not what was sealed, or not where it was sealed")
            }
            FaultKind::Surplus => write!(f, "there are more rows than positions up to {position}"),
            FaultKind::Unsigned { is_outside } => {
                let place = place(is_outside);
                write!(f, "the checkpoint {place} at {position} is not signed by a trusted key")
            }
            FaultKind::Rechained { is_outside } => {
                let place = place(is_outside);
                write!(f, "the chain at {position} is not the one of the checkpoint {place}")
            }
            FaultKind::Removed => {
                write!(f, "the checkpoint at {position} is outside, and not in the database")
            }
            FaultKind::Unordered => {
                write!(f, "outside the checkpoint at {position} comes after a later one")
            }
        }
    }
}

const PAGE: u64 = 1_000;

/// Walks the trail up to where it ends now, page by page. `outside` are the checkpoints from another place,
/// in the order they were written. The inner result is what was found.
pub async fn verify(
    trail: &impl Trail,
    outside: impl IntoIterator<Item = anyhow::Result<Checkpoint>>,
    keys: &Keys,
) -> anyhow::Result<Result<Report, Fault>> {
    let mut outside = outside.into_iter();
    let mut walk = Walk { keys, position: 0, hash: GENESIS, report: Report::default() };
    let to = trail.end().await?;
    let mut next = outside.next().transpose()?;
    while walk.position < to {
        let entries = trail.entries(walk.position, PAGE).await?;
        let Some(last) = entries.last().map(|it| it.position) else { break };
        let inside = trail.checkpoints(walk.position, last.min(to)).await?;
        let mut inside = inside.iter().peekable();
        for entry in entries.iter().take_while(|it| it.position <= to) {
            if let Err(fault) = walk.entry(entry) {
                return Ok(Err(fault));
            }
            let here = inside.next_if(|it| it.position == walk.position);
            if let Some(checkpoint) = here
                && let Err(fault) = walk.checkpoint(checkpoint, false)
            {
                return Ok(Err(fault));
            }
            while let Some(checkpoint) = next.take_if(|it| it.position <= walk.position) {
                if let Err(fault) = walk.outside(&checkpoint, here) {
                    return Ok(Err(fault));
                }
                next = outside.next().transpose()?;
            }
        }
    }
    let fault = |position, kind| Ok(Err(Fault { position, kind }));
    if let Some(Checkpoint { position, .. }) = next {
        return fault(position.min(walk.position + 1), FaultKind::Missing);
    }
    if walk.position < to {
        return fault(walk.position + 1, FaultKind::Missing);
    }
    let Counts { seals, entries, checkpoints } = trail.counts(to).await?;
    if (seals, entries) != (walk.position, walk.position) {
        return fault(walk.position, FaultKind::Surplus);
    }
    if u64::try_from(checkpoints) != Ok(walk.report.checkpoints) {
        // Of a position that is not, or no more, in the chain.
        return fault(walk.position + 1, FaultKind::Missing);
    }
    Ok(Ok(walk.report))
}

/// Where the walk is.
struct Walk<'a> {
    keys: &'a Keys,
    position: i64,
    hash: Hash,
    report: Report,
}

impl Walk<'_> {
    fn entry(&mut self, sealed: &Sealed) -> Result<(), Fault> {
        let position = self.position + 1;
        if sealed.position != position {
            return Err(Fault { position, kind: FaultKind::Missing });
        }
        let hash = link(&self.hash, position, &sealed.entry);
        if sealed.hash != hash {
            return Err(Fault { position, kind: FaultKind::Altered });
        }
        (self.position, self.hash) = (position, hash);
        self.report.entries = position;
        Ok(())
    }

    /// A checkpoint of this very position.
    fn checkpoint(&mut self, checkpoint: &Checkpoint, is_outside: bool) -> Result<(), Fault> {
        let fault = |kind| Err(Fault { position: self.position, kind });
        if !self.keys.signed(checkpoint) {
            return fault(FaultKind::Unsigned { is_outside });
        }
        if checkpoint.hash != self.hash {
            return fault(FaultKind::Rechained { is_outside });
        }
        if is_outside {
            self.report.outside += 1;
            self.report.proven_outside = self.position;
        } else {
            self.report.checkpoints += 1;
        }
        self.report.proven = self.position;
        Ok(())
    }

    fn outside(
        &mut self,
        checkpoint: &Checkpoint,
        inside: Option<&Checkpoint>,
    ) -> Result<(), Fault> {
        let position = checkpoint.position;
        if position < self.position {
            return Err(Fault { position, kind: FaultKind::Unordered });
        }
        match inside {
            None => Err(Fault { position, kind: FaultKind::Removed }),
            // Its signature was found good.
            Some(inside) if inside == checkpoint => {
                self.report.outside += 1;
                self.report.proven_outside = position;
                Ok(())
            }
            Some(_) => self.checkpoint(checkpoint, true),
        }
    }
}

/// The checkpoints in a file, as the service wrote them; of a file that grows those that are there now.
///
/// # Errors
///
/// When the file cannot be opened; and for each line that is no checkpoint.
pub fn checkpoints_of(
    file: &Path,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Checkpoint>> + use<>> {
    let file = File::open(file)?;
    let length = file.metadata()?.len();
    let lines = BufReader::new(file.take(length)).lines().enumerate();
    Ok(lines.map(|(place, line)| {
        line.map_err(Into::into)
            .and_then(|it| of_line(&it))
            .with_context(|| format!("line {} of the checkpoints", place + 1))
    }))
}

/// How many entries wait for their seals.
pub async fn waiting(database: &Database) -> Result<i64> {
    let count = "SELECT count(*) AS it FROM audit_waiting";
    let row = database.read().query_one_raw(Statement::from_string(database.backend(), count));
    Ok(row.await?.map_or(Ok(0), |it| it.try_get("", "it"))?)
}

#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
impl Trail for Database {
    async fn entries(&self, after: i64, limit: u64) -> Result<Vec<Sealed>> {
        // Places of 0 and less are none: they are counted, and not walked.
        let page = Statement::from_sql_and_values(
            self.backend(),
            "SELECT audit_entry.*, audit_seal.position, audit_seal.hash FROM audit_seal \
             JOIN audit_entry ON audit_entry.id = audit_seal.entry_id \
             WHERE audit_seal.position > $1 ORDER BY audit_seal.position LIMIT $2",
            [after.into(), i64::try_from(limit).unwrap_or(i64::MAX).into()],
        );
        let rows = self.read().query_all_raw(page).await?;
        let sealed = rows.iter().map(|row| {
            let (position, hash) = (row.try_get("", "position")?, row.try_get("", "hash")?);
            Ok(Sealed { position, hash, entry: Model::from_query_result(row, "")? })
        });
        sealed.collect()
    }

    async fn checkpoints(&self, after: i64, to: i64) -> Result<Vec<Checkpoint>> {
        let position = audit_checkpoint::Column::Position;
        let checkpoints = audit_checkpoint::Entity::find()
            .filter(position.gt(after))
            .filter(position.lte(to))
            .order_by_asc(position);
        Ok(checkpoints.all(self.read()).await?)
    }

    async fn end(&self) -> Result<i64> {
        let last: Option<Option<i64>> = audit_seal::Entity::find()
            .select_only()
            .column_as(audit_seal::Column::Position.max(), "last")
            .into_tuple()
            .one(self.read())
            .await?;
        let signed: Option<Option<i64>> = audit_checkpoint::Entity::find()
            .select_only()
            .column_as(audit_checkpoint::Column::Position.max(), "last")
            .into_tuple()
            .one(self.read())
            .await?;
        Ok(last.flatten().max(signed.flatten()).unwrap_or(0))
    }

    async fn counts(&self, to: i64) -> Result<Counts> {
        // One statement, for entries are written meanwhile.
        let counts = Statement::from_sql_and_values(
            self.backend(),
            "SELECT (SELECT count(*) FROM audit_seal WHERE position <= $1) AS seals, \
             (SELECT count(*) FROM audit_entry) - (SELECT count(*) FROM audit_waiting) \
             - (SELECT count(*) FROM audit_seal WHERE position > $1) AS entries, \
             (SELECT count(*) FROM audit_checkpoint WHERE position <= $1) AS checkpoints",
            [to.into()],
        );
        let row = self.read().query_one_raw(counts).await?.ok_or(crate::Error::Unavailable)?;
        Ok(Counts::from_query_result(&row, "")?)
    }
}
