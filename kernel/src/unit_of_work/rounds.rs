//! The items of a batch, in step: what they ask of the database in one round is one statement for each
//! kind of question, however many they are.

use std::{
    any::Any,
    collections::{BTreeMap, HashMap},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use tokio::{sync::oneshot, task::unconstrained};
use uuid::Uuid;

use crate::{
    Error, Result,
    database::Transaction,
    repository::Repository,
    unit_of_work::{Entry, UnitOfWork, Violation},
};

/// Where a unit of work asks and writes.
pub(super) enum Access<'a> {
    /// A transaction of its own.
    Whole(Transaction),
    /// The transaction of a batch, in step with the other items.
    Item(&'a Rounds),
}

/// What the items wait for.
#[derive(Default)]
pub(super) struct Rounds(Mutex<Vec<Ask>>);

enum Ask {
    Alone(Statement, oneshot::Sender<Vec<QueryResult>>),
    Together(Question, oneshot::Sender<Reply>),
}

/// A question that is asked of many rows as well as of one.
pub(super) struct Question {
    pub(super) about: (Purpose, &'static str),
    pub(super) key: Key,
    /// What a row that is written is made of.
    pub(super) part: Option<Box<dyn Any + Send>>,
    pub(super) statement: fn(&Repository, Vec<Question>) -> Statement,
    /// Which question a row answers.
    pub(super) key_of: fn(&QueryResult) -> Result<Key, DbErr>,
}

/// In one round, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Division,
    Refer,
    LookUp,
    Claim,
    Find,
    Read,
    Write,
    Belongings,
}

#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Id(Uuid),
    Text(String),
    Name(String, String),
}

enum Reply {
    Row(Option<QueryResult>),
    IsThere(bool),
}

impl Purpose {
    /// Whether all that counts is that there is a row: then one answers everybody.
    fn asks_only_whether(self) -> bool {
        matches!(self, Purpose::Division | Purpose::Refer)
    }
}

impl Rounds {
    pub(super) async fn row(&self, question: Question) -> Result<Option<QueryResult>> {
        match self.together(question).await? {
            Reply::Row(row) => Ok(row),
            Reply::IsThere(_) => Ok(None),
        }
    }

    pub(super) async fn is_there(&self, question: Question) -> Result<bool> {
        match self.together(question).await? {
            Reply::Row(row) => Ok(row.is_some()),
            Reply::IsThere(is_there) => Ok(is_there),
        }
    }

    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        let (answer, answered) = oneshot::channel();
        self.asked().push(Ask::Alone(statement, answer));
        answered.await.map_err(|_| Error::Unavailable)
    }

    async fn together(&self, question: Question) -> Result<Reply> {
        let (answer, answered) = oneshot::channel();
        self.asked().push(Ask::Together(question, answer));
        answered.await.map_err(|_| Error::Unavailable)
    }

    /// Runs what asks here, all of it in step, to its end.
    pub(super) async fn drive<T>(
        &self,
        repository: &Repository,
        transaction: &Transaction,
        running: Vec<impl Future<Output = T>>,
    ) -> Result<Vec<T>> {
        // Nobody is made to wait for a turn: in a round everybody asks.
        let mut running: Vec<_> =
            running.into_iter().map(|it| Some(Box::pin(unconstrained(it)))).collect();
        let mut ended: Vec<Option<T>> = running.iter().map(|_| None).collect();
        loop {
            for (item, ended) in running.iter_mut().zip(&mut ended) {
                if let Some(work) = item
                    && let Some(it) = work.now_or_never()
                {
                    *ended = Some(it);
                    *item = None;
                }
            }
            if running.iter().all(Option::is_none) {
                break;
            }
            self.answer(repository, transaction).await?;
        }
        Ok(ended.into_iter().flatten().collect())
    }

    fn asked(&self) -> MutexGuard<'_, Vec<Ask>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers all that was asked so far.
    async fn answer(&self, repository: &Repository, transaction: &Transaction) -> Result<()> {
        let asked = mem::take(&mut *self.asked());
        let mut groups: BTreeMap<_, Vec<(Question, oneshot::Sender<Reply>)>> = BTreeMap::new();
        for ask in asked {
            match ask {
                Ask::Alone(statement, answer) => {
                    // Who asked may have been let go.
                    let _ = answer.send(transaction.query_all_raw(statement).await?);
                }
                Ask::Together(question, answer) => {
                    groups.entry(question.about).or_default().push((question, answer));
                }
            }
        }
        for ((purpose, _), mut group) in groups {
            // In the order of the keys: two batches never wait for each other.
            group.sort_by(|(one, _), (other, _)| one.key.cmp(&other.key));
            let (mut questions, mut waiting) = (Vec::new(), Vec::new());
            for (question, answer) in group {
                let key = question.key.clone();
                if questions.last().is_none_or(|it: &Question| it.key != key) {
                    questions.push(question);
                } else if !purpose.asks_only_whether() {
                    // A row is one answer's: the next round asks again.
                    self.asked().push(Ask::Together(question, answer));
                    continue;
                }
                waiting.push((key, answer));
            }
            let (statement, key_of) = (questions[0].statement, questions[0].key_of);
            let rows = transaction.query_all_raw(statement(repository, questions)).await?;
            let mut found = HashMap::with_capacity(rows.len());
            for row in rows {
                found.insert(key_of(&row)?, row);
            }
            for (key, answer) in waiting {
                let reply = if purpose.asks_only_whether() {
                    Reply::IsThere(found.contains_key(&key))
                } else {
                    Reply::Row(found.remove(&key))
                };
                let _ = answer.send(reply);
            }
        }
        Ok(())
    }
}

/// How one item ended, and what it leaves behind.
pub struct Ended<T> {
    pub result: Result<T>,
    pub(super) entries: Vec<Entry>,
    pub(super) warnings: Vec<Violation>,
}

impl UnitOfWork<'_> {
    /// Runs the items in step. They must not depend on each other. An error is of the database: it
    /// says nothing of who is to blame.
    pub async fn in_step<I: Send, T: Send>(
        &self,
        items: Vec<I>,
        body: &(impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<T>> + Send + Sync),
    ) -> Result<Vec<Ended<T>>> {
        let rounds = Rounds::default();
        let running = items.into_iter().map(async |item| {
            let access = Access::Item(&rounds);
            let mut work = UnitOfWork::new(self.repository, access, self.operation, self.now);
            let result = body(&mut work, item).await;
            work.ended(result)
        });
        rounds.drive(self.repository, self.transaction(), running.collect()).await
    }

    pub(super) fn ended<T>(self, result: Result<T>) -> Ended<T> {
        Ended { result, entries: self.entries, warnings: self.warnings }
    }

    /// Takes over what an item did.
    pub fn take_over<T>(&mut self, ended: Ended<T>) -> Result<T> {
        self.entries.extend(ended.entries);
        self.warnings.extend(ended.warnings);
        ended.result
    }
}
