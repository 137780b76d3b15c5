//! Mutations of one caller that come at once share a transaction and the statements in it.
//!
//! Nobody waits for company: while few mutations of a caller run, each runs for itself. Those that come
//! meanwhile wait, and run together once one of these has ended. Where something is wrong with one of
//! them, nothing of the others is kept either, and they run again without it, or each for itself:
//! whoever had company is answered as if alone.

use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tokio::{runtime::Handle, sync::oneshot};
use uuid::Uuid;

use super::{
    Body, Call, Entry, ExternalId, Kept, Outcome, UnitOfWork, act,
    idempotency::{Keyed, claim, keep, keyed},
    rounds::{Access, Ended, Rounds},
};
use crate::{
    Error, Result, change_log::Position, error::Violation, kind::Kind, repository::Repository,
    resource::Resource,
};

/// The mutations that wait for company, by caller. Cheap to clone.
#[derive(Clone, Default)]
pub struct GroupCommit(Arc<Mutex<HashMap<Uuid, Lane>>>);

/// The mutations of one caller.
#[derive(Default)]
struct Lane {
    running: usize,
    waiting: Vec<Member>,
}

/// A mutation that waits.
struct Member {
    repository: Repository,
    operation: String,
    keyed: Option<Keyed>,
    company: Company,
    turn: oneshot::Sender<Turn>,
}

/// What it takes to run in company.
pub struct Company {
    group_commit: GroupCommit,
    /// No two mutations on the same record share a transaction.
    about: (Kind, ExternalId),
    body: Box<Body<'static, Answer>>,
    /// What is kept for its idempotency key.
    kept: fn(&Told, Keyed) -> Result<Keyed>,
}

/// What mutations of all kinds answer with.
type Answer = Box<dyn Any + Send>;

impl Company {
    pub fn new<R: Resource + Serialize>(
        group_commit: GroupCommit,
        name: ExternalId,
        body: Arc<Body<'static, R>>,
    ) -> Company {
        let body: Box<Body<'static, Answer>> = Box::new(move |work| {
            let ended = body(work);
            Box::pin(async move { Ok(Box::new(ended.await?) as Answer) })
        });
        Company { group_commit, about: (R::KIND, name), body, kept: Told::kept::<R> }
    }

    /// Waits for the turn of a mutation; where few run, it is at once.
    pub async fn turn(self, repository: &Repository, call: &Call<'_>) -> Result<Turn> {
        let caller = repository.viewer.credential_id.ok_or(Error::Unauthenticated)?;
        let waited = {
            let group_commit = self.group_commit.clone();
            let mut lanes = group_commit.lanes();
            let lane = lanes.entry(caller).or_default();
            if lane.running < PLACES {
                lane.running += 1;
                return Ok(Turn::Alone(Some(Place { group_commit: self.group_commit, caller })));
            }
            let (turn, waited) = oneshot::channel();
            let keyed = keyed(repository, call, repository.shared.clock.now())?;
            let (repository, operation) = (repository.clone(), call.operation.to_owned());
            lane.waiting.push(Member { repository, operation, keyed, company: self, turn });
            waited
        };
        // Whoever was to run it did not come to the end of it.
        Ok(waited.await.unwrap_or(Turn::Alone(None)))
    }
}

/// How a mutation goes on that waited.
pub enum Turn {
    /// It ran with others.
    Ended(Result<Told>),
    /// It is to run by itself, and keeps this for as long.
    Alone(Option<Place>),
}

/// What became of a mutation that ran with others.
pub struct Told {
    answer: Answer,
    warnings: Vec<Violation>,
    change_cursor: Option<String>,
}

impl Told {
    fn kept<R: Resource + Serialize>(&self, keyed: Keyed) -> Result<Keyed> {
        let result = self.answer.downcast_ref::<R>().ok_or(Error::Unavailable)?;
        let (warnings, change_cursor) = (self.warnings.clone(), self.change_cursor.clone());
        Kept { result, warnings, change_cursor }.answers(keyed)
    }

    pub fn outcome<T: 'static>(self) -> Result<Outcome<T>> {
        let Told { answer, warnings, change_cursor } = self;
        let answer = answer.downcast::<T>().map_err(|_| Error::Unavailable)?;
        Ok(Outcome { warnings, ..Outcome::done(*answer, change_cursor) })
    }
}

/// One of the few runs of a caller at a time; given back, those run who wait.
pub struct Place {
    group_commit: GroupCommit,
    caller: Uuid,
}

/// Transactions of one caller at a time, those of single mutations among them.
const PLACES: usize = 2;
/// Mutations that share a transaction.
const MAX_MEMBERS: usize = 50;
/// Those who are refused go out, and the others run again without them, so often.
const RUNS: usize = 3;

impl GroupCommit {
    fn lanes(&self) -> MutexGuard<'_, HashMap<Uuid, Lane>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who run next: nobody, when nobody waits.
    fn next(&self, caller: Uuid) -> Vec<Member> {
        let mut lanes = self.lanes();
        let Some(lane) = lanes.get_mut(&caller) else { return Vec::new() };
        let members = lane.take();
        if members.is_empty() {
            lane.running -= 1;
            if lane.running == 0 {
                lanes.remove(&caller);
            }
        }
        members
    }
}

impl Lane {
    /// The first who wait: on different records, in the order of these, who all see the same.
    fn take(&mut self) -> Vec<Member> {
        let mut members = BTreeMap::new();
        let mut seen_as: Option<Repository> = None;
        for member in mem::take(&mut self.waiting) {
            let first = seen_as.get_or_insert_with(|| member.repository.clone());
            let fits = members.len() < MAX_MEMBERS
                && !members.contains_key(&member.company.about)
                && first.viewer.has_rights_of(&member.repository.viewer);
            if fits {
                members.insert(member.company.about.clone(), member);
            } else {
                self.waiting.push(member);
            }
        }
        members.into_values().collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let members = self.group_commit.next(self.caller);
        if members.is_empty() {
            return;
        }
        let place = Place { group_commit: self.group_commit.clone(), caller: self.caller };
        // Without a runtime nobody waits any more.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(run(place, members));
        }
    }
}

impl Member {
    fn tell(self, turn: Turn) {
        // Who asked may be gone.
        let _ = self.turn.send(turn);
    }
}

async fn run(place: Place, mut members: Vec<Member>) {
    for _ in 0..RUNS {
        if members.len() < 2 {
            break;
        }
        let ended = match together(&members).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::debug!(%error, "mutations that ran together run one by one");
                break;
            }
        };
        match ended {
            Together::Kept(told) => {
                metrics::counter!("gongtu_grouped_mutations_total").increment(members.len() as u64);
                for (member, told) in members.into_iter().zip(told) {
                    member.tell(Turn::Ended(Ok(told)));
                }
                return;
            }
            Together::Without(turns) => {
                for (member, turn) in mem::take(&mut members).into_iter().zip(turns) {
                    match turn {
                        Some(turn) => member.tell(turn),
                        None => members.push(member),
                    }
                }
            }
            Together::Unknown => {
                for member in members {
                    member.tell(Turn::Ended(Err(Error::Unavailable)));
                }
                return;
            }
        }
    }
    let mut place = Some(place);
    for member in members {
        member.tell(Turn::Alone(place.take()));
    }
}

/// How a transaction of several mutations ended.
enum Together {
    Kept(Vec<Told>),
    /// Nothing was kept. Those who have a turn here do not run again with the others.
    Without(Vec<Option<Turn>>),
    /// Nobody knows whether it was kept.
    Unknown,
}

/// Runs mutations in one transaction. An error says nothing of who is to blame; nothing was kept.
async fn together(members: &[Member]) -> Result<Together> {
    // All see the same: what one may see, the others may.
    let repository = &members[0].repository;
    let shared = &repository.shared;
    let transaction = shared.database.begin().await?;
    let now = shared.clock.now();
    let mut free =
        claim(&transaction, members.iter().filter_map(|it| it.keyed.clone()).collect()).await?;
    // A key that was used may be answered already: that is for the one to find out who has it.
    let alone = |it: &Member| {
        let is_used = it.keyed.as_ref().is_some_and(|it| !free.remove(it.key.as_ref()));
        is_used.then_some(Turn::Alone(None))
    };
    let used: Vec<_> = members.iter().map(alone).collect();
    if used.iter().any(Option::is_some) {
        transaction.rollback().await?;
        return Ok(Together::Without(used));
    }
    let rounds = Rounds::default();
    let running = members.iter().map(async |member| {
        let access = Access::Item(&rounds);
        let mut work = UnitOfWork::new(&member.repository, access, &member.operation, now);
        let result = (member.company.body)(&mut work).await;
        work.ended(result)
    });
    let ended: Vec<Ended<Answer>> =
        rounds.drive(repository, &transaction, running.collect()).await?;
    if ended.iter().any(|it| it.result.is_err()) {
        transaction.rollback().await?;
        let refused = ended.into_iter().map(|it| it.result.err().map(|it| Turn::Ended(Err(it))));
        return Ok(Together::Without(refused.collect()));
    }
    let (mut told, mut kept) = (Vec::new(), Vec::new());
    let (mut entries, mut audited) = (Vec::<Entry>::new(), Vec::new());
    for (member, ended) in members.iter().zip(ended) {
        let last = ended.entries.last().map(|it| it.event_id);
        let this = Told {
            answer: ended.result?,
            warnings: ended.warnings,
            change_cursor: last.map(|it| shared.change_log.cursor(Position::Event(it))),
        };
        if let Some(keyed) = member.keyed.clone() {
            kept.push((member.company.kept)(&this, keyed)?);
        }
        told.push(this);
        let act = act(&member.operation, &ended.entries);
        audited.extend(act.rows(member.repository.caller(), now));
        entries.extend(ended.entries);
    }
    keep(&transaction, kept).await?;
    let changed = !entries.is_empty();
    let last = shared.change_log.append(&transaction, entries, &audited).await?;
    if let Err(error) = transaction.commit().await {
        tracing::error!(%error, "a transaction of several mutations may not have been kept");
        return Ok(Together::Unknown);
    }
    if changed {
        shared.change_log.ring(last);
    }
    Ok(Together::Kept(told))
}
