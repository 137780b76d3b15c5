use std::sync::Arc;

use async_graphql::Context;
use entity::audit_entry::AuditAction;
use futures_util::future::BoxFuture;
use sea_orm::IdenStatic;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Error, Result,
    audit::{Act, DONE, Note, REFUSED, REPLAYED, VALIDATED},
    batch::ItemOutcome,
    connection::{self, Children, Connection},
    filter::{Filter, storable},
    keyring::Closed,
    kind::Kind,
    link::{Key, relation, sought},
    list::{List, OrderBy, OrderField, Page},
    policy::{ProtectedField, ProtectedText, Scope},
    repository::{ById, Repository, loaders},
    resource::{Column, Resource},
    unit_of_work::{
        self, Call, Company, ExternalId, GroupCommit, Outcome, UnitOfWork, WriteOptions,
    },
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

    /// A protected value of a record as the viewer may see it.
    fn show(&self, field: ProtectedField, closed: Closed<'_>) -> Result<ProtectedText>;

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

    /// Runs a mutation. The right is a kind of record that it writes, or a scope.
    fn write<'b, I, T, P>(
        &'b self,
        right: impl Into<Right>,
        options: impl Into<WriteOptions>,
        input: I,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'b,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'b,
        T: Answered + Serialize + DeserializeOwned + Send + Sync + 'static,
        P: From<Outcome<T>>;

    /// Runs an upsert of one record: as [`Self::write`], but those that come at once share a transaction.
    /// The name tells which of them are about the same record.
    fn upsert<'b, I, R, P>(
        &'b self,
        options: impl Into<WriteOptions>,
        item: I,
        name: fn(&I) -> ExternalId,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<R>>
        + Send
        + Sync
        + 'static,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'static,
        R: Resource + Serialize + DeserializeOwned,
        P: From<Outcome<R>>;
}

/// What a mutation answers with.
pub trait Answered {
    fn records(&self) -> Vec<(Kind, Uuid)>;
}

impl<R: Resource> Answered for R {
    fn records(&self) -> Vec<(Kind, Uuid)> {
        vec![(R::KIND, self.id())]
    }
}

impl<R: Resource> Answered for Vec<ItemOutcome<R>> {
    fn records(&self) -> Vec<(Kind, Uuid)> {
        self.iter().filter_map(|it| it.result.as_ref()).flat_map(Answered::records).collect()
    }
}

impl<'a> ContextExt<'a> for Context<'a> {
    fn repository(&self) -> &'a Repository {
        Repository::of(self)
    }

    fn viewer(&self) -> &'a Viewer {
        &self.repository().viewer
    }

    fn show(&self, field: ProtectedField, closed: Closed<'_>) -> Result<ProtectedText> {
        let (repository, id) = (self.repository(), closed.id);
        let shown = repository.viewer.show(field, &repository.shared.keys, closed)?;
        if !shown.is_masked && self.look_ahead().field("value").exists() {
            repository.reads.note(&Note::unmask(field), [id]);
        }
        Ok(shown)
    }

    fn find<R: Resource>(&self, id: Option<impl Into<Uuid>>) -> BoxFuture<'_, Nullable<R>> {
        let id = id.map(Into::into);
        Box::pin(async move { loaders(self).load_one(ById::<R>::new(id?)).await.transpose() })
    }

    fn find_by<K: Key + Send + 'static>(&self, key: K) -> BoxFuture<'_, Nullable<K::Resource>> {
        Box::pin(async move {
            let (repository, protected) = (self.repository(), key.protected());
            let sought = storable(&key.to_value()).and_then(|()| sought(repository, key));
            let found = match sought {
                Ok(sought) => repository.find(sought.criterion.condition::<K::Resource>()).await,
                Err(error) => Err(error),
            };
            if let Some(field) = protected {
                let outcome = found.as_ref().map_or_else(Error::code, |_| DONE);
                let id = found.iter().flatten().map(Resource::id);
                repository.reads.note(&Note::look_up(field, outcome), id);
            }
            found.transpose()
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
        right: impl Into<Right>,
        options: impl Into<WriteOptions>,
        input: I,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<T>> + Send + Sync + 'b,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'b,
        T: Answered + Serialize + DeserializeOwned + Send + Sync + 'static,
        P: From<Outcome<T>>,
    {
        let body: Box<unit_of_work::Body<'b, T>> = Box::new(move |work| body(work, input.clone()));
        let (right, options) = (right.into(), options.into());
        Box::pin(async move { written(self, right, options, &*body, None).await.map(P::from) })
    }

    fn upsert<'b, I, R, P>(
        &'b self,
        options: impl Into<WriteOptions>,
        item: I,
        name: fn(&I) -> ExternalId,
        body: impl for<'w> Fn(&'w mut UnitOfWork<'_>, I) -> BoxFuture<'w, Result<R>>
        + Send
        + Sync
        + 'static,
    ) -> BoxFuture<'b, Result<P>>
    where
        I: Clone + Send + Sync + 'static,
        R: Resource + Serialize + DeserializeOwned,
        P: From<Outcome<R>>,
    {
        let (name, options) = (name(&item), options.into());
        let body: Arc<unit_of_work::Body<'static, R>> =
            Arc::new(move |work| body(work, item.clone()));
        let group_commit = self.data_unchecked::<GroupCommit>().clone();
        let company = Company::new(group_commit, name, body.clone());
        Box::pin(async move {
            written(self, R::KIND.into(), options, &*body, Some(company)).await.map(P::from)
        })
    }
}

/// What a mutation takes: to write records of a kind, or a scope.
pub enum Right {
    Kind(Kind),
    Scope(Scope),
}

impl From<Kind> for Right {
    fn from(kind: Kind) -> Right {
        Right::Kind(kind)
    }
}

impl From<Scope> for Right {
    fn from(scope: Scope) -> Right {
        Right::Scope(scope)
    }
}

/// Runs a mutation, and notes what became of it. Made once for what it answers with, not once for each
/// mutation.
async fn written<T: Answered + Serialize + DeserializeOwned + Send + Sync + 'static>(
    ctx: &Context<'_>,
    right: Right,
    options: WriteOptions,
    body: &unit_of_work::Body<'_, T>,
    company: Option<Company>,
) -> Result<Outcome<T>> {
    let repository = ctx.repository();
    let operation = ctx.field().name();
    let (scope, kind) = match right {
        Right::Kind(kind) => (ctx.viewer().policy().kind(kind).write, Some(kind)),
        Right::Scope(scope) => (scope, None),
    };
    let validates = options.validate_only;
    let has_key = options.idempotency_key.is_some();
    let request_hash = has_key.then(|| request_hash(ctx)).transpose()?;
    let call = Call { operation, scope, kind, request_hash, options };
    let outcome = unit_of_work::write(repository, call, body, company).await;
    let refusal = match &outcome {
        Ok(outcome) if outcome.user_errors.is_empty() && !outcome.abandoned => None,
        Ok(_) => Some(REFUSED),
        Err(error) => Some(error.code()),
    };
    if let Some(code) = refusal {
        let database = repository.shared.database.write();
        // What was refused is worth knowing too; that it cannot be noted must not hide why.
        let noted = unit_of_work::note_write(repository, database, operation, code).await;
        if let Err(error) = noted {
            tracing::error!(%error, operation, "a refused mutation was not audited");
        }
    }
    if let Ok(Outcome { result: Some(result), replayed, .. }) = &outcome {
        let records = result.records();
        for (kind, id) in &records {
            repository.reads.rows(*kind, [*id]);
        }
        if refusal.is_none() && (validates || *replayed) {
            let outcome = if validates { VALIDATED } else { REPLAYED };
            let (action, fields) = (AuditAction::Write, String::new());
            let act = Act { action, operation, outcome, fields, records };
            repository.shared.journal.add(repository.caller(), act).await?;
        }
    }
    outcome
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
