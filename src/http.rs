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

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::app::App;
use crate::credential::TOKEN_PATH;
pub use answer::RequestId;
pub use server::serve;

/// The whole service; `pages` are the playground's routes.
pub fn router(app: App, pages: Router) -> Router {
    // Streams are sent as they come, so they are not held back for a compressor.
    let compressible = SizeAbove::new(1024)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("multipart/mixed"))
        .and(NotForContentType::IMAGES);
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route(TOKEN_PATH, post(oauth::token))
        .route("/.well-known/oauth-authorization-server", get(oauth::metadata))
        .route("/.well-known/jwks.json", get(oauth::keys))
        .route("/health", get(operations::health))
        .route("/ready", get(operations::ready))
        .route("/metrics", get(operations::metrics))
        .with_state(app.clone())
        .merge(pages)
        .fallback(operations::not_found)
        .layer(CompressionLayer::new().gzip(true).br(true).compress_when(compressible))
        .layer(from_fn_with_state(app.clone(), origin::share))
        .layer(from_fn_with_state(app, observe::observe))
        .layer(from_fn(observe::secure))
}
