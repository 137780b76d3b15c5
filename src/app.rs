use std::{sync::Arc, time::Duration};

use async_graphql::{Request, Response};
use futures_util::{FutureExt, StreamExt, stream::BoxStream};
use migration::{Migrator, MigratorTrait};
use sea_orm::DbBackend;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Error, Result,
    change_log::ChangeLog,
    clock::Clock,
    credential::Credentials,
    database::Database,
    guard::{Admitted, Guard, Introspection, Limits},
    plan::Planned,
    repository::{KnownDivisions, Repository, Shared},
    schema::{self, Schema},
    setting, unit_of_work,
    viewer::Viewer,
};

/// Idempotency keys are looked through for old ones so often.
const PRUNING: Duration = Duration::from_hours(1);

/// An operation that ran.
pub enum Executed {
    Planned(Planned),
    Response(Response),
}

/// The service: everything that lives as long as the process. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    shared: Shared,
    schema: Schema,
    guard: Guard,
    credentials: Credentials,
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
    pub async fn start(database: Database, clock: Clock, limits: Limits) -> anyhow::Result<App> {
        let secret: Arc<[u8]> = setting::secret(&database).await?.into();
        let epoch = setting::change_epoch(&database).await?;
        let credentials = Credentials::new(database.clone(), clock.clone());
        let shared = Shared {
            change_log: ChangeLog::new(&epoch, secret.clone()),
            divisions: KnownDivisions::default(),
            synthetic: setting::is_synthetic(&database).await?,
            database,
            clock,
            secret,
        };
        let schema = schema::schema();
        let guard = Guard::new(&schema.sdl(), limits)?;
        let app = App(Arc::new(Inner {
            shared,
            schema,
            guard,
            credentials,
            tasks: TaskTracker::new(),
            background: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            stop: CancellationToken::new(),
        }));
        app.work_in_background();
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
        let Some(authorization) = authorization else { return Ok(Arc::default()) };
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

    /// Answers a query or a mutation: by its plan where it has one, else by the executor.
    pub async fn execute(
        &self,
        viewer: Arc<Viewer>,
        request_id: &str,
        admitted: Admitted,
    ) -> Executed {
        let repository = self.repository(viewer, request_id);
        if let Some(plan) = admitted.plan()
            && let Some(planned) = plan.run(&repository, admitted.variables()).await
        {
            metrics::counter!("gongtu_plans_total", "outcome" => "planned").increment(1);
            return Executed::Planned(planned);
        }
        metrics::counter!("gongtu_plans_total", "outcome" => "executed").increment(1);
        let request = admitted.into_request().data(repository.into_loaders());
        Executed::Response(self.0.schema.execute(request).await)
    }

    pub fn execute_stream(
        &self,
        viewer: Arc<Viewer>,
        request_id: &str,
        request: Request,
    ) -> BoxStream<'static, Response> {
        let loaders = self.repository(viewer, request_id).into_loaders();
        self.0.schema.execute_stream(request.data(loaders)).boxed()
    }

    fn repository(&self, viewer: Arc<Viewer>, request_id: &str) -> Repository {
        Repository { shared: self.0.shared.clone(), viewer, request_id: request_id.into() }
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

    fn work_in_background(&self) {
        let Inner { shared, background, stop, .. } = &*self.0;
        let spawn = |work: futures_util::future::BoxFuture<'static, ()>| {
            background.spawn(work);
        };
        let (shared_, stop_) = (shared.clone(), stop.clone());
        spawn(async move { shared_.change_log.watch(&shared_.database, &stop_).await }.boxed());
        let (shared_, stop_) = (shared.clone(), stop.clone());
        spawn(
            async move {
                while stop_.run_until_cancelled(tokio::time::sleep(PRUNING)).await.is_some() {
                    if let Err(error) = unit_of_work::prune_keys(&shared_).await {
                        tracing::warn!(%error, "old idempotency keys could not be removed");
                    }
                }
            }
            .boxed(),
        );
        if shared.database.backend() == DbBackend::Postgres {
            let (shared_, stop_) = (shared.clone(), stop.clone());
            spawn(
                async move {
                    let Shared { change_log, database, clock, .. } = &shared_;
                    change_log.sequence_outbox(database, clock, &stop_).await;
                }
                .boxed(),
            );
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
