//! Look-ups by id that come at once share a statement.
//!
//! Nobody waits for company: while few look-ups of a statement run, each runs for itself. Those that come
//! meanwhile wait, and run together once one of these has ended. The text of a statement says what its
//! viewers may see: whoever shares it sees the same rows, and what is shown of a row is for each to say.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::{
    Condition, DynIden, QueryResult,
    sea_query::{Expr, ExprTrait},
};
use tokio::{runtime::Handle, sync::oneshot, time::timeout};
use uuid::Uuid;

use super::{Filling, Statement};
use crate::{Result, database::Database, repository::is_any_of};

/// The look-ups of one statement.
#[derive(Default)]
pub struct Lookups(Mutex<Lane>);

#[derive(Default)]
struct Lane {
    running: usize,
    waiting: Vec<Waiting>,
}

/// A look-up that waits.
struct Waiting {
    id: Uuid,
    turn: oneshot::Sender<Turn>,
}

/// How a look-up goes on that waited.
enum Turn {
    /// It ran with others, and this is what it found.
    Read(Option<QueryResult>),
    /// It is to run by itself, and keeps this for as long.
    Alone(Option<Place>),
}

/// One of the few runs of a statement at a time; given back, those run who wait.
struct Place(LookUp);

/// A statement that finds records by their ids, which come first in its rows.
#[derive(Clone)]
pub struct LookUp {
    pub statement: Arc<Statement>,
    pub database: Database,
    /// Where the ids are.
    pub column: (DynIden, DynIden),
}

/// Statements at a time, those of single look-ups among them.
const PLACES: usize = 2;
/// Look-ups that share a statement.
const MAX_COMPANY: usize = 100;
/// Over a connection that hangs a statement does not end: nobody waits longer for others.
const PATIENCE: Duration = Duration::from_secs(5);

impl Lookups {
    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing for whoever may run at once; the others wait for their turn.
    fn enter(&self, id: Uuid) -> Option<oneshot::Receiver<Turn>> {
        let mut lane = self.lane();
        if lane.running < PLACES {
            lane.running += 1;
            return None;
        }
        let (turn, waited) = oneshot::channel();
        lane.waiting.push(Waiting { id, turn });
        Some(waited)
    }

    /// Those who run next: nobody, when nobody waits.
    fn next(&self) -> Vec<Waiting> {
        let mut lane = self.lane();
        let count = lane.waiting.len().min(MAX_COMPANY);
        if count == 0 {
            lane.running -= 1;
        }
        lane.waiting.drain(..count).collect()
    }
}

impl LookUp {
    /// The row of a record, if the viewers of the statement see one.
    pub async fn row(self, id: Uuid) -> Result<Option<QueryResult>> {
        let turn = match self.statement.lookups.enter(id) {
            None => Turn::Alone(Some(Place(self.clone()))),
            Some(waited) => match timeout(PATIENCE, waited).await {
                Ok(Ok(turn)) => turn,
                // Whoever was to run it did not come to the end of it.
                _ => Turn::Alone(None),
            },
        };
        match turn {
            Turn::Read(row) => Ok(row),
            Turn::Alone(_place) => {
                let it = Condition::all().add(Expr::col(self.column.clone()).eq(id));
                Ok(self.read(it, 1).await?.into_iter().next())
            }
        }
    }

    async fn read(&self, narrowing: Condition, limit: u64) -> Result<Vec<QueryResult>> {
        self.statement.read(&self.database, Filling::of(narrowing, limit)).await
    }

    /// The rows of several records, by their ids. There is one limit for all numbers of them, and so one
    /// text.
    async fn rows(&self, company: &[Waiting]) -> Result<HashMap<Uuid, QueryResult>> {
        let ids = company.iter().map(|it| it.id);
        let any = is_any_of(self.database.backend(), self.column.clone(), ids);
        let rows = self.read(Condition::all().add(any), MAX_COMPANY as u64).await?;
        rows.into_iter().map(|it| Ok((it.try_get_by_index(0)?, it))).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let company = self.0.statement.lookups.next();
        if company.is_empty() {
            return;
        }
        let place = Place(self.0.clone());
        // Without a runtime nobody waits any more.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(run(place, company));
        }
    }
}

impl Waiting {
    fn tell(self, turn: Turn) {
        // Who asked may be gone.
        let _ = self.turn.send(turn);
    }
}

async fn run(place: Place, mut company: Vec<Waiting>) {
    if company.len() == 1 {
        company.remove(0).tell(Turn::Alone(Some(place)));
        return;
    }
    let rows = timeout(PATIENCE, place.0.rows(&company)).await;
    let Ok(Ok(mut rows)) = rows else {
        // Each may find out why.
        for it in company {
            it.tell(Turn::Alone(None));
        }
        return;
    };
    metrics::counter!("gongtu_grouped_look_ups_total").increment(company.len() as u64);
    let mut told = HashSet::new();
    for it in company {
        // Of two who ask for one record the second reads it again: a row is of one answer.
        let turn =
            if told.insert(it.id) { Turn::Read(rows.remove(&it.id)) } else { Turn::Alone(None) };
        it.tell(turn);
    }
}
