//! The transports: GraphQL over HTTP, WebSocket and server-sent events, and what operators ask for.

mod accept;
mod answer;
mod graphql;
mod input;
mod observe;
mod oauth;
mod operations;
mod origin;
mod server;
mod sse;
mod websocket;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, NotForContentType, Predicate, SizeAbove};

use crate::app::App;
use crate::credential::TOKEN_PATH;
pub use answer::RequestId;

const GRAPHQL_PATH: &str = "/graphql";

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
///
/// Plain calls, not layers of the router: that would clone and box each of them for every request.
struct Service {
    app: App,
    compressible: Compressible,
    compression: CompressionLayer<Compressible>,
    /// All but the way of the operations.
    routes: Router,
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
            .route(TOKEN_PATH, post(oauth::token))
            .route("/.well-known/oauth-authorization-server", get(oauth::metadata))
            .route("/.well-known/jwks.json", get(oauth::keys))
            .route("/health", get(operations::health))
            .route("/ready", get(operations::ready))
            .route("/metrics", get(operations::metrics))
            .with_state(app.clone())
            .merge(pages)
            .fallback(operations::not_found);
        let compression = CompressionLayer::new().gzip(true).br(true);
        let compression = compression.compress_when(compressible.clone());
        Service { app, compressible, compression, routes }
    }

    async fn answer(&self, request: Request) -> Response {
        if !request.headers().contains_key(header::ACCEPT_ENCODING) {
            // A body that may be compressed has room for a compressor, and is moved with it.
            let mut response = self.observed(request).await;
            if self.compressible.should_compress(&response) {
                let vary = HeaderValue::from_static("accept-encoding");
                response.headers_mut().append(header::VARY, vary);
            }
            return response;
        }
        let plain = service_fn(async |request| Ok::<_, Infallible>(self.observed(request).await));
        let Ok(response) = self.compression.layer(plain).oneshot(request).await;
        response.map(Body::new)
    }

    async fn observed(&self, request: Request) -> Response {
        let shared = async |request, id| {
            let routed = async |request| self.routed(request, id).await;
            origin::share(self.app.limits(), request, routed).await
        };
        let mut response = observe::observe(request, shared).await;
        observe::secure(response.headers_mut());
        response
    }

    async fn routed(&self, mut request: Request, id: RequestId) -> Response {
        if request.uri().path() == GRAPHQL_PATH {
            // Boxed: it is large, and would be moved with each of those around it.
            return Box::pin(graphql::handle(self.app.clone(), id, request)).await;
        }
        request.extensions_mut().insert(id);
        let Ok(response) = self.routes.clone().oneshot(request).await;
        response
    }
}
