//! The service put together: the graph, and the kernel that serves it.

use crate::{
    app::{App, Graph},
    clock::Clock,
    credential::Identity,
    custody,
    database::Database,
    guard::Limits,
    keyring::Keys,
    schema,
};

/// Starts over a database that is migrated.
///
/// # Errors
///
/// When the database does not answer, or a trusted document is not valid.
pub async fn start(
    database: Database,
    keys: Keys,
    clock: Clock,
    limits: Limits,
    identity: Identity,
) -> anyhow::Result<App> {
    let graph = Graph { executor: Box::new(schema::schema()), contract: schema::contract() };
    let apart = database.counted_apart();
    let app = App::start(graph, database, keys.clone(), clock, limits, identity).await?;
    app.work(|stop| async move { custody::follow(&apart, &keys, &stop).await });
    Ok(app)
}
