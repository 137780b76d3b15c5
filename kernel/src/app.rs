use std::{sync::Arc, time::Duration};

use async_graphql::{
    ObjectType, PathSegment, Pos, Request, Response, Schema, SubscriptionType, Value,
};
use entity::audit_entry::AuditAction;
use futures_util::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::DbBackend;
use tokio::sync::mpsc;
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

use crate::{
    Error, Result,
    audit::{Act, Caller, Journal, Reads, Sealer, Signer},
    change_log::ChangeLog,
    clock::Clock,
    credential::{Credentials, Identity},
    database::Database,
    error::add_code,
    guard::{Admitted, Asked, Contract, Guard, Introspection, Limits, Refusal, code},
    keyring::Keys,
    plan::Planned,
    quota::Quotas,
    repository::{KnownDivisions, Repository, Shared},
    setting,
    unit_of_work::{self, GroupCommit},
    viewer::Viewer,
};

/// What has had its time is looked for so often: idempotency keys, signing keys, used assertions.
const PRUNING: Duration = Duration::from_hours(1);

/// What is put into the service: what can be asked and done, and how that is judged and planned.
pub struct Graph {
    pub executor: Box<dyn Executor>,
    pub contract: Contract,
}

/// A schema, whatever its roots are.
pub trait Executor: Send + Sync {
    fn execute(&self, request: Request) -> BoxFuture<'_, Response>;
    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response>;
}

impl<Query, Mutation, Subscription> Executor for Schema<Query, Mutation, Subscription>
where
    Query: ObjectType + 'static,
    Mutation: ObjectType + 'static,
    Subscription: SubscriptionType + 'static,
{
    fn execute(&self, request: Request) -> BoxFuture<'_, Response> {
        Schema::execute(self, request).boxed()
    }

    fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        Schema::execute_stream(self, request).boxed()
    }
}

/// An operation that ran.
pub enum Executed {
    Planned(Planned),
    Response(Response),
}

/// The service: everything that lives as long as the process. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    executor: Box<dyn Executor>,
    guard: Guard,
    credentials: Credentials,
    group_commit: GroupCommit,
    /// Work that a client began and that goes on without the client.
    tasks: TaskTracker,
    /// Work of the service's own.
    background: TaskTracker,
    /// Ends what serves clients.
    shutdown: CancellationToken,
    /// Ends the background work, once the clients are served.
    stop: CancellationToken,
}

impl App {
    /// Puts the service together over a database that is migrated.
    pub async fn start(
        graph: Graph,
        database: Database,
        keys: Keys,
        clock: Clock,
        limits: Limits,
        identity: Identity,
    ) -> anyhow::Result<App> {
        let secret: Arc<[u8]> = setting::secret(&database, &keys.now()).await?.into();
        let epoch = setting::change_epoch(&database).await?;
        let credentials =
            Credentials::new(database.clone(), keys.clone(), clock.clone(), identity)?;
        let signer = Signer::of(&*setting::audit_seed(&database, &keys.now()).await?);
        let apart = database.counted_apart();
        let sealer = Sealer::new(apart, clock.clone(), signer, &limits.audit).await?;
        let shared = Shared {
            journal: Journal::new(database.clone(), clock.clone(), limits.audit.clone()),
            change_log: ChangeLog::new(&epoch, secret.clone()),
            divisions: KnownDivisions::default(),
            quotas: Quotas::new(clock.clone(), limits.budgets),
            synthetic: setting::is_synthetic(&database).await?,
            database,
            keys,
            clock,
            secret,
        };
        let guard = Guard::new(graph.contract, limits)?;
        let app = App(Arc::new(Inner {
            shared: Arc::new(shared),
            executor: graph.executor,
            guard,
            credentials,
            group_commit: GroupCommit::default(),
            tasks: TaskTracker::new(),
            background: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            stop: CancellationToken::new(),
        }));
        app.work_in_background(sealer);
        Ok(app)
    }

    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    pub fn limits(&self) -> &Limits {
        self.0.guard.limits()
    }

    pub fn shared(&self) -> &Shared {
        &self.0.shared
    }

    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    pub fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    pub fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// The contract is public: whoever may send a document may read what can be asked.
    pub fn introspection(&self, _: &Viewer) -> Introspection {
        Introspection::Allowed
    }

    /// Who sent this `Authorization` header; nobody without one.
    pub async fn authenticate(&self, authorization: Option<&str>) -> Result<Arc<Viewer>> {
        let Some(authorization) = authorization else {
            return Ok(Arc::default());
        };
        let (scheme, token) = authorization.split_once(' ').ok_or(Error::Unauthenticated)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::Unauthenticated);
        }
        self.0.credentials.viewer(token.trim()).await
    }

    /// Whether the credential of an open socket still is good. While the database cannot say, it is
    /// taken for what it was.
    pub async fn still_valid(&self, viewer: &Viewer) -> bool {
        self.0.credentials.still_valid(viewer).await.unwrap_or(true)
    }

    /// Judges what a viewer asks for: by itself, by what this viewer may read, and by what is left of
    /// the viewer's budget.
    pub fn admit(&self, viewer: &Viewer, asked: Asked<'_>) -> Result<Admitted, Refusal> {
        let mut admitted = self.0.guard.admit(asked)?;
        Refusal::unreadable(admitted.fields(), viewer)?;
        let left = self.0.shared.quotas.spend(viewer.credential_id, admitted.cost());
        admitted.left = left.map_err(|it| Refusal::of(&it))?;
        Ok(admitted)
    }

    /// Notes the mutations that were refused before they ran.
    pub async fn refused(&self, viewer: &Viewer, request_id: &str, asked: Asked<'_>, code: &str) {
        for operation in self.0.guard.mutations(asked) {
            self.note_refusal(Caller { viewer, request_id }, &operation, code).await;
        }
    }

    async fn note_refusal(&self, caller: Caller<'_>, operation: &str, outcome: &str) {
        let journal = &self.0.shared.journal;
        if !journal.hears(caller.viewer) {
            return;
        }
        let (action, fields, records) = (AuditAction::Write, String::new(), Vec::new());
        let act = Act { action, operation, outcome, fields, records };
        // That it cannot be noted must not hide why it was refused.
        if let Err(error) = journal.add(caller, act).await {
            tracing::error!(%error, operation, "a refused mutation was not audited");
        }
    }

    /// Notes the mutations whose arguments the executor refused: none of our code heard of them.
    async fn note_unheard(
        &self,
        repository: &Repository,
        mutations: &[(String, String)],
        response: &Response,
    ) {
        for error in &response.errors {
            let [PathSegment::Field(key)] = &error.path[..] else { continue };
            let Some((_, operation)) = mutations.iter().find(|it| it.0 == *key) else { continue };
            if !repository.reads.take_failed(operation) {
                let code = error.extensions.as_ref().and_then(|it| it.get("code"));
                let code = match code {
                    Some(Value::String(code)) => code.as_str(),
                    _ => code::BAD_USER_INPUT,
                };
                self.note_refusal(repository.caller(), operation, code).await;
            }
        }
    }

    /// Answers a query or a mutation: by its plan where it has one, else by the executor.
    pub async fn execute(
        &self,
        viewer: Arc<Viewer>,
        request_id: impl Into<Arc<str>>,
        admitted: Admitted,
    ) -> Executed {
        let repository = self.repository(viewer, request_id, &admitted);
        let executed = self.run(&repository, admitted).await;
        match repository.account().await {
            Ok(()) => executed,
            Err(error) => Executed::Response(untold(error)),
        }
    }

    async fn run(&self, repository: &Repository, admitted: Admitted) -> Executed {
        // Each such value then has an error of its own: the executor's to tell.
        let is_planned = !repository.viewer.lacks_purpose_for(admitted.fields());
        if is_planned
            && let Some(plan) = admitted.plan()
            && let Some(planned) = plan.run(repository, admitted.variables()).await
        {
            metrics::counter!("gongtu_plans_total", "outcome" => "planned").increment(1);
            return Executed::Planned(planned);
        }
        metrics::counter!("gongtu_plans_total", "outcome" => "executed").increment(1);
        let mutations = admitted.mutations();
        let request = self.request(repository, admitted).data(self.0.credentials.clone());
        let response = self.0.executor.execute(request).await;
        self.note_unheard(repository, &mutations, &response).await;
        Executed::Response(response)
    }

    pub fn execute_stream(
        &self,
        viewer: Arc<Viewer>,
        request_id: impl Into<Arc<str>>,
        admitted: Admitted,
    ) -> BoxStream<'static, Response> {
        let repository = self.repository(viewer, request_id, &admitted);
        let request = self.request(&repository, admitted);
        let answers = self.0.executor.execute_stream(request);
        let told = answers.then(move |response| {
            let repository = repository.clone();
            async move { repository.account().await.map_or_else(untold, |()| response) }
        });
        // A task of its own drives it: whoever waits for something else, such as whether the viewer still
        // may, does not poll it, and it would keep its connection to the database for as long.
        let (tell, heard) = mpsc::channel(1);
        let driven = AbortOnDropHandle::new(tokio::spawn(async move {
            let mut told = std::pin::pin!(told);
            while let Some(response) = told.next().await {
                if tell.send(response).await.is_err() {
                    return;
                }
            }
        }));
        stream::unfold((heard, driven), |(mut heard, driven)| async move {
            heard.recv().await.map(|it| (it, (heard, driven)))
        })
        .boxed()
    }

    /// What the executor is given.
    fn request(&self, repository: &Repository, admitted: Admitted) -> Request {
        let request = admitted.into_request().data(repository.clone().into_loaders());
        request.data(self.0.group_commit.clone())
    }

    fn repository(
        &self,
        viewer: Arc<Viewer>,
        request_id: impl Into<Arc<str>>,
        admitted: &Admitted,
    ) -> Repository {
        Repository {
            shared: self.0.shared.clone(),
            viewer,
            request_id: request_id.into(),
            operation: admitted.label(),
            reads: Arc::new(Reads::new(admitted.personal())),
        }
    }

    /// The database answers, and has the schema that this program knows.
    pub async fn ready(&self) -> Result<(), String> {
        let database = self.0.shared.database.write();
        match Migrator::get_pending_migrations(database).await {
            Ok(pending) if pending.is_empty() => Ok(()),
            Ok(pending) => Err(format!("{} migrations are pending", pending.len())),
            Err(_) => Err("the database does not answer".into()),
        }
    }

    /// Has work of the service's own done until it stops. It is given the token that tells so.
    pub fn work<F>(&self, work: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.0.background.spawn(work(self.0.stop.clone()));
    }

    fn work_in_background(&self, sealer: Sealer) {
        let Inner { shared, credentials, .. } = &*self.0;
        let shared = Shared { database: shared.database.counted_apart(), ..Shared::clone(shared) };
        let shared_ = shared.clone();
        self.work(|stop| async move { shared_.change_log.watch(&shared_.database, &stop).await });
        let journal = shared.journal.clone();
        self.work(|stop| async move { journal.run(&stop).await });
        self.work(|stop| async move { sealer.run(&stop).await });
        let (shared_, credentials) = (shared.clone(), credentials.clone());
        self.work(|stop| async move {
            while stop.run_until_cancelled(tokio::time::sleep(PRUNING)).await.is_some() {
                if let Err(error) = unit_of_work::prune_keys(&shared_).await {
                    tracing::warn!(%error, "old idempotency keys could not be removed");
                }
                if let Err(error) = credentials.tend().await {
                    tracing::warn!(%error, "signing keys could not be looked after");
                }
            }
        });
        if shared.database.backend() == DbBackend::Postgres {
            let pause = self.limits().sequencer_pause;
            self.work(|stop| async move {
                let Shared { change_log, database, clock, .. } = &shared;
                change_log.sequence_outbox(database, clock, pause, &stop).await;
            });
        }
    }

    /// Ends the background work and the connections, after the clients were served.
    pub async fn stop(self) {
        self.0.stop.cancel();
        self.0.background.close();
        self.0.background.wait().await;
        if let Err(error) = self.0.shared.database.clone().close().await {
            tracing::warn!(%error, "the database could not be closed");
        }
    }
}

/// In place of an answer whose reads could not be taken down.
fn untold(error: Error) -> Response {
    let mut error = async_graphql::Error::from(error).into_server_error(Pos::default());
    error.locations.clear();
    add_code(&mut error);
    Response::from_errors(vec![error])
}
