use std::sync::Arc;

use async_graphql::Context;
use futures_util::future::BoxFuture;
use sea_orm::IdenStatic;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Error, Result,
    connection::{self, Children, Connection},
    filter::Filter,
    kind::Kind,
    link::{Key, found_by, relation},
    list::{List, OrderBy, OrderField, Page},
    repository::{ById, Repository, loaders},
    resource::{Column, Resource},
    unit_of_work::{self, Call, Outcome, UnitOfWork, WriteOptions},
    viewer::Viewer,
};

/// What a field that may be null answers: an error then nulls this field alone, not its parent.
pub type Nullable<T> = Option<Result<T>>;

/// What a resolver may ask of its request.
///
/// Each answer is boxed: the library keeps the futures of all fields of a type on one stack frame.
pub trait ContextExt<'a> {
    fn repository(&self) -> &'a Repository;

    fn viewer(&self) -> &'a Viewer;

    /// One resource, or nothing when it is missing or hidden.
    fn find<R: Resource>(&self, id: Option<impl Into<Uuid>>) -> BoxFuture<'_, Nullable<R>>;

    /// The resource that a key names, or nothing.
    fn find_by<K: Key + Send + 'static>(&self, key: K) -> BoxFuture<'_, Nullable<K::Resource>>;

    /// One page of resources.
    fn list<W: Filter + 'static, F: OrderField<Resource = W::Resource>>(
        &self,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> BoxFuture<'_, Nullable<Connection<W::Resource>>>;

    /// One page of the resources that refer to a parent by a column.
    fn children<W: Filter + 'static, F: OrderField<Resource = W::Resource>>(
        &self,
        parent: impl Into<Uuid>,
        foreign_key: Column<W::Resource>,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> BoxFuture<'_, Nullable<Connection<W::Resource>>>;

    /// Runs a mutation on a kind of record.
    fn write<'b, I, T, P>(
        &'b self,
        kind: Kind,
        options: WriteOptions,
        input: I,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'b,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'b,
        T: Serialize + DeserializeOwned + Send + Sync + 'b,
        P: From<Outcome<T>>;
}

impl<'a> ContextExt<'a> for Context<'a> {
    fn repository(&self) -> &'a Repository {
        Repository::of(self)
    }

    fn viewer(&self) -> &'a Viewer {
        &self.repository().viewer
    }

    fn find<R: Resource>(&self, id: Option<impl Into<Uuid>>) -> BoxFuture<'_, Nullable<R>> {
        let id = id.map(Into::into);
        Box::pin(async move { loaders(self).load_one(ById::<R>::new(id?)).await.transpose() })
    }

    fn find_by<K: Key + Send + 'static>(&self, key: K) -> BoxFuture<'_, Nullable<K::Resource>> {
        Box::pin(async move {
            match found_by(self.repository(), key) {
                Ok(condition) => self.repository().find(condition).await.transpose(),
                Err(error) => Some(Err(error)),
            }
        })
    }

    fn list<W: Filter + 'static, F: OrderField<Resource = W::Resource>>(
        &self,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> BoxFuture<'_, Nullable<Connection<W::Resource>>> {
        Box::pin(
            async move { Some(connection::read(self.repository(), filter, order, page).await) },
        )
    }

    fn children<W: Filter + 'static, F: OrderField<Resource = W::Resource>>(
        &self,
        parent: impl Into<Uuid>,
        foreign_key: Column<W::Resource>,
        filter: Option<W>,
        order: Option<Vec<OrderBy<F>>>,
        page: Page,
    ) -> BoxFuture<'_, Nullable<Connection<W::Resource>>> {
        let parent = parent.into();
        let children = || {
            let relation = relation(W::Resource::KIND, foreign_key.as_str());
            let list = List::new(self.repository(), &relation, filter, order, page)?;
            Ok(Children { parent, foreign_key, list: Arc::new(list) })
        };
        let children = children();
        Box::pin(async move {
            Some(match children {
                Ok(children) => children.read(self).await,
                Err(error) => Err(error),
            })
        })
    }

    fn write<'b, I, T, P>(
        &'b self,
        kind: Kind,
        options: WriteOptions,
        input: I,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'b,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'b,
        T: Serialize + DeserializeOwned + Send + Sync + 'b,
        P: From<Outcome<T>>,
    {
        Box::pin(async move {
            let repository = self.repository();
            let operation = self.field().name();
            let call = Call { operation, kind, request_hash: request_hash(self)?, options };
            let outcome = unit_of_work::write(repository, call, input, body).await;
            let refusal = match &outcome {
                Ok(outcome) if outcome.user_errors.is_empty() && !outcome.abandoned => None,
                Ok(_) => Some("REFUSED"),
                Err(error) => Some(error.code()),
            };
            if let Some(code) = refusal {
                // What was refused is worth knowing too; that it cannot be noted must not hide why.
                let database = repository.shared.database.write();
                let noted = unit_of_work::audit(repository, database, operation, code).await;
                if let Err(error) = noted {
                    tracing::error!(%error, operation, "a refused mutation was not audited");
                }
            }
            outcome.map(P::from)
        })
    }
}

fn unreadable(error: async_graphql::ServerError) -> Error {
    Error::bad_input(error.message, "参数无法解析。")
}

/// What was asked, apart from the key that makes asking again safe.
fn request_hash(ctx: &Context<'_>) -> Result<String> {
    let arguments = ctx.field().arguments().map_err(unreadable)?;
    let mut hash = Sha256::new();
    for (name, value) in arguments {
        let mut json = value.into_json().map_err(Error::internal)?;
        if let Some(input) = json.as_object_mut() {
            input.remove("idempotencyKey");
        }
        hash.update(name.as_bytes());
        // The keys of a JSON object are sorted here: the order they came in does not matter.
        hash.update(json.to_string().as_bytes());
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

/// Writes out the payload of a mutation: the same for all but the name of the record.
macro_rules! payload {
    ($Payload:ident { $field:ident: $Resource:ty }) => {
        /// What became of the mutation.
        ///
        /// 操作结果。
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $Payload {
            /// The record as it is after the mutation; null when it was refused. 操作后的记录
            $field: Option<$Resource>,
            /// What the caller can mend; empty when the mutation was done. 可由调用方改正的错误
            user_errors: Vec<crate::error::Violation>,
            /// What should be known of the values that were taken. 提示
            warnings: Vec<crate::error::Violation>,
            /// A place in the change log: whoever read on to it has seen this mutation. Null when
            /// nothing changed. 变更游标
            change_cursor: Option<String>,
            /// True when this is the first answer to the same idempotency key again. 是否为重放的结果
            replayed: bool,
        }

        impl From<crate::unit_of_work::Outcome<$Resource>> for $Payload {
            fn from(outcome: crate::unit_of_work::Outcome<$Resource>) -> $Payload {
                $Payload {
                    $field: outcome.result,
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
