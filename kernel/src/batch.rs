//! Many records in one mutation.

use async_graphql::Enum;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    error::{UserErrorCode, Violation},
    unit_of_work::{Ended, UnitOfWork},
};

/// A batch holds at most so many items; more is an import.
const MAX_ITEMS: usize = 100;

/// What happens to a batch when an item of it is refused.
///
/// 批量操作的出错策略。
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum ErrorPolicy {
    /// Nothing is kept, and each refused item says why. 全部成功或全部放弃
    #[default]
    AllOrNothing,
    /// The refused items are left out, the others are kept. 跳过出错的记录
    SkipFailed,
}

/// What became of one item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemOutcome<R> {
    pub result: Option<R>,
    pub user_errors: Vec<Violation>,
}

/// Runs each item for itself, and answers in the order given. They run in step as far as the database
/// takes them all, so that a hundred take as many statements as one; else one by one, in the order
/// of their keys.
pub async fn run<I: Clone + Send, K: Ord, R: Send>(
    work: &mut UnitOfWork<'_>,
    policy: ErrorPolicy,
    items: Vec<I>,
    key: impl Fn(&I) -> K,
    body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<R>> + Send + Sync,
) -> Result<Vec<ItemOutcome<R>>> {
    if !(1..=MAX_ITEMS).contains(&items.len()) {
        return Err(Violation::new(
            UserErrorCode::InvalidValue,
            "items",
            format!("A batch holds 1 to {MAX_ITEMS} items."),
            format!("每批 1 至 {MAX_ITEMS} 条。"),
        )
        .into());
    }
    let mut items: Vec<(usize, I)> = items.into_iter().enumerate().collect();
    items.sort_by_cached_key(|(_, item)| key(item));
    let mut outcomes: Vec<(usize, ItemOutcome<R>)> = Vec::with_capacity(items.len());
    if in_step(work, policy, &mut items, &mut outcomes, &key, &body).await? == Step::Undone {
        for (place, item) in items {
            let ended = work.attempt(|work| body(work, item)).await;
            outcomes.push((place, outcome(place, ended)?));
        }
    }
    outcomes.sort_by_key(|(place, _)| *place);
    let mut outcomes: Vec<ItemOutcome<R>> = outcomes.into_iter().map(|(_, it)| it).collect();
    if policy == ErrorPolicy::AllOrNothing && outcomes.iter().any(ItemOutcome::is_refused) {
        work.abandon();
        for outcome in &mut outcomes {
            outcome.result = None;
        }
    }
    Ok(outcomes)
}

#[derive(PartialEq)]
enum Step {
    Done,
    /// What is left of the items is to be run one by one.
    Undone,
}

/// Those who are refused go out with their outcomes, and the others run again without them.
const RUNS: usize = 3;

async fn in_step<I: Clone + Send, K: Ord, R: Send>(
    work: &mut UnitOfWork<'_>,
    policy: ErrorPolicy,
    items: &mut Vec<(usize, I)>,
    outcomes: &mut Vec<(usize, ItemOutcome<R>)>,
    key: &impl Fn(&I) -> K,
    body: &(impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<R>> + Send + Sync),
) -> Result<Step> {
    for _ in 0..RUNS {
        if items.len() < 2 {
            break;
        }
        work.begin_part().await?;
        let ended = match in_waves(work, items, key, body).await {
            Ok(Some(ended)) => ended,
            Ok(None) => {
                work.undo_part().await?;
                break;
            }
            // It does not say whom of them it does not take.
            Err(Error::Invalid(_)) => {
                work.undo_part().await?;
                break;
            }
            Err(error) => return Err(error),
        };
        let is_refused = |it: &Ended<R>| it.result.is_err();
        if policy == ErrorPolicy::AllOrNothing || !ended.iter().any(is_refused) {
            work.keep_part().await?;
            for ((place, _), ended) in items.iter().zip(ended) {
                outcomes.push((*place, outcome(*place, work.take_over(ended))?));
            }
            return Ok(Step::Done);
        }
        work.undo_part().await?;
        let mut left = Vec::with_capacity(items.len());
        for ((place, item), ended) in std::mem::take(items).into_iter().zip(ended) {
            match ended.result {
                Ok(_) => left.push((place, item)),
                Err(error) => outcomes.push((place, outcome(place, Err(error))?)),
            }
        }
        *items = left;
    }
    Ok(Step::Undone)
}

/// Runs the items in step, but for those of one key, which see what the earlier of them did. Nothing
/// where an earlier one may have been refused: what it wrote is still there.
async fn in_waves<I: Clone + Send, K: Ord, R: Send>(
    work: &UnitOfWork<'_>,
    items: &[(usize, I)],
    key: &impl Fn(&I) -> K,
    body: &(impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<R>> + Send + Sync),
) -> Result<Option<Vec<Ended<R>>>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    let mut wave = 0;
    for (at, (_, item)) in items.iter().enumerate() {
        let is_same = at > 0 && key(&items[at - 1].1) == key(item);
        wave = if is_same { wave + 1 } else { 0 };
        if waves.len() == wave {
            waves.push(Vec::new());
        }
        waves[wave].push(at);
    }
    let mut all: Vec<Option<Ended<R>>> = items.iter().map(|_| None).collect();
    for wave in waves {
        if all.iter().flatten().any(|it| it.result.is_err()) {
            return Ok(None);
        }
        let taken = wave.iter().map(|at| items[*at].1.clone()).collect();
        for (at, ended) in wave.iter().zip(work.in_step(taken, body).await?) {
            all[*at] = Some(ended);
        }
    }
    Ok(Some(all.into_iter().flatten().collect()))
}

fn outcome<R>(place: usize, ended: Result<R>) -> Result<ItemOutcome<R>> {
    match ended {
        Ok(result) => Ok(ItemOutcome { result: Some(result), user_errors: Vec::new() }),
        Err(Error::Invalid(mut user_errors)) => {
            for it in &mut user_errors {
                let place = place.to_string();
                it.path.splice(0..0, ["input".to_owned(), "items".to_owned(), place]);
            }
            Ok(ItemOutcome { result: None, user_errors })
        }
        Err(error) => Err(error),
    }
}

impl<R> ItemOutcome<R> {
    fn is_refused(&self) -> bool {
        self.result.is_none()
    }
}
