//! The transports: GraphQL over HTTP, WebSocket and server-sent events, and what operators ask for.

mod accept;
mod answer;
mod graphql;
mod input;
mod observe;
mod oauth;
mod operations;
mod origin;
pub mod playground;
mod server;
mod sse;
mod websocket;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt};
use tower_http::compression::predicate::{And, NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{Compression, CompressionLayer};

use crate::app::App;
use crate::credential::TOKEN_PATH;
pub use answer::RequestId;

/// Serves until the application is told to stop, and then until what is in flight is done or the time for
/// it is over. `pages` are the playground's routes.
///
/// # Errors
///
/// When the process can serve no more.
pub async fn serve(app: App, pages: Router, listener: TcpListener) -> anyhow::Result<()> {
    operations::recorder();
    server::serve(Arc::new(Service::new(app, pages)), listener).await
}

/// The whole service: the routes, and what every request has around them.
struct Service {
    app: App,
    routes: Compression<Router, Compressible>,
}

/// Streams are sent as they come, so they are not held back for a compressor.
type Compressible =
    And<And<And<SizeAbove, NotForContentType>, NotForContentType>, NotForContentType>;

impl Service {
    fn new(app: App, pages: Router) -> Service {
        let compressible = SizeAbove::new(1024)
            .and(NotForContentType::SSE)
            .and(NotForContentType::const_new("multipart/mixed"))
            .and(NotForContentType::IMAGES);
        let routes = Router::new()
            .route("/graphql", any(graphql::handle))
            .route(TOKEN_PATH, post(oauth::token))
            .route("/.well-known/oauth-authorization-server", get(oauth::metadata))
            .route("/.well-known/jwks.json", get(oauth::keys))
            .route("/health", get(operations::health))
            .route("/ready", get(operations::ready))
            .route("/metrics", get(operations::metrics))
            .with_state(app.clone())
            .merge(pages)
            .fallback(operations::not_found);
        let compression = CompressionLayer::new().gzip(true).br(true).compress_when(compressible);
        Service { app, routes: compression.layer(routes) }
    }

    /// Plain calls, not layers of the router: that would clone and box each of them for every request.
    async fn answer(&self, request: Request) -> Response {
        let route = async |request| {
            let Ok(response) = self.routes.clone().oneshot(request).await;
            response.map(Body::new)
        };
        let share = async |request| origin::share(self.app.limits(), request, route).await;
        let mut response = observe::observe(request, share).await;
        observe::secure(response.headers_mut());
        response
    }
}
