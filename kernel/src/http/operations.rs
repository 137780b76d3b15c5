//! What operators and their tools ask: is the process alive, may it be sent work, how does it fare.

use std::sync::OnceLock;

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::accept::Media;
use super::answer::{Answer, RequestId};
use crate::app::App;

/// Alive: the process answers. It says nothing of the database, so that a fault there restarts
/// nobody.
pub(super) async fn health() -> &'static str {
    "ok"
}

/// Ready: the database is reachable and current, and the process is not on its way out.
pub(super) async fn ready(State(app): State<App>) -> Response {
    if app.shutdown().is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining").into_response();
    }
    match app.ready().await {
        Ok(()) => "ready".into_response(),
        Err(reason) => {
            tracing::warn!(reason, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable").into_response()
        }
    }
}

/// Figures in Prometheus' text format.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let Some(recorder) = recorder() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let (bytes, documents) = app.guard().kept();
    metrics::gauge!("gongtu_document_cache_bytes").set(bytes as f64);
    metrics::gauge!("gongtu_document_cache_documents").set(documents as f64);
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
        .into_response()
}

pub(super) async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    let answer =
        Answer::fault("NOT_FOUND", "There is nothing at this address.", "此地址没有内容。", &id);
    answer.respond_with(StatusCode::NOT_FOUND, Media::Json)
}

/// The process' recorder. The first call installs it, so that figures of everything later are kept.
pub(super) fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let install = || {
        let seconds =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds);
        builder.ok()?.install_recorder().ok()
    };
    RECORDER.get_or_init(install).as_ref()
}
