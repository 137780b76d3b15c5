//! Many records in one mutation.

use async_graphql::Enum;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    error::{UserErrorCode, Violation},
    unit_of_work::UnitOfWork,
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

/// Runs each item for itself. They run in the order of their keys, so that two batches with the same
/// records never wait for each other, and answer in the order given.
pub async fn run<I: Send, K: Ord, R: Send>(
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
    let mut refused = false;
    for (place, item) in items {
        match work.attempt(|work| body(work, item)).await {
            Ok(result) => {
                let outcome = ItemOutcome { result: Some(result), user_errors: Vec::new() };
                outcomes.push((place, outcome));
            }
            Err(Error::Invalid(mut user_errors)) => {
                refused = true;
                for it in &mut user_errors {
                    let place = place.to_string();
                    it.path.splice(0..0, ["input".to_owned(), "items".to_owned(), place]);
                }
                outcomes.push((place, ItemOutcome { result: None, user_errors }));
            }
            Err(error) => return Err(error),
        }
    }
    outcomes.sort_by_key(|(place, _)| *place);
    let mut outcomes: Vec<ItemOutcome<R>> = outcomes.into_iter().map(|(_, it)| it).collect();
    if refused && policy == ErrorPolicy::AllOrNothing {
        work.abandon();
        for outcome in &mut outcomes {
            outcome.result = None;
        }
    }
    Ok(outcomes)
}

/// Writes out the payload of a batch: the same for all but the name of the record.
macro_rules! payload {
    ($Payload:ident of $Item:ident { $field:ident: $Resource:ty }) => {
        /// What became of one item of the batch.
        ///
        /// 批量中一条记录的结果。
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $Item {
            /// The record as it is after the mutation; null when nothing of it was kept. 操作后的记录
            $field: Option<$Resource>,
            /// What the caller can mend. 可由调用方改正的错误
            user_errors: Vec<crate::error::Violation>,
        }

        /// What became of the batch.
        ///
        /// 批量操作结果。
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $Payload {
            /// One result per item, in the order given; null when the batch was refused whole. 逐条结果
            results: Option<Vec<$Item>>,
            /// What the caller can mend in the batch as a whole. 整批的错误
            user_errors: Vec<crate::error::Violation>,
            /// What should be known of the values that were taken. 提示
            warnings: Vec<crate::error::Violation>,
            /// A place in the change log: whoever read on to it has seen this mutation. Null when
            /// nothing changed. 变更游标
            change_cursor: Option<String>,
            /// True when this is the first answer to the same idempotency key again. 是否为重放的结果
            replayed: bool,
        }

        impl From<crate::unit_of_work::Outcome<Vec<crate::batch::ItemOutcome<$Resource>>>>
            for $Payload
        {
            fn from(
                outcome: crate::unit_of_work::Outcome<Vec<crate::batch::ItemOutcome<$Resource>>>,
            ) -> $Payload {
                let item = |it: crate::batch::ItemOutcome<$Resource>| $Item {
                    $field: it.result,
                    user_errors: it.user_errors,
                };
                $Payload {
                    results: outcome.result.map(|it| it.into_iter().map(item).collect()),
                    user_errors: outcome.user_errors,
                    warnings: outcome.warnings,
                    change_cursor: outcome.change_cursor,
                    replayed: outcome.replayed,
                }
            }
        }
    };
}

pub(crate) use payload;
