//! What every request has: an identity, a line in the log, a count, and an answer even when code of
//! ours panics.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::FutureExt;
use uuid::Uuid;

use super::GRAPHQL_PATH;
use super::accept::Media;
use super::answer::{Answer, Outcome, RequestId};
use crate::credential::TOKEN_PATH;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a handler tells of the operation that it ran. A name is one that was parsed; the text of
/// documents, variables and whatever people wrote stay out of the log.
#[derive(Debug, Clone)]
pub(super) struct Ran {
    pub kind: &'static str,
    pub name: Option<String>,
    pub cost: u64,
}

pub(super) async fn observe(
    request: Request,
    next: impl AsyncFnOnce(Request, RequestId) -> Response,
) -> Response {
    let started = Instant::now();
    let id = identity(request.headers());
    let method = request.method().clone();
    let known = [GRAPHQL_PATH, "/health", "/ready", "/metrics", TOKEN_PATH];
    let path = known.into_iter().find(|it| *it == request.uri().path()).unwrap_or("other");

    let answered = AssertUnwindSafe(next(request, id.clone())).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| Answer::internal(&id).respond(Media::Json));

    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let took = started.elapsed();
    let ran = response.extensions_mut().remove::<Ran>();
    let outcome = response.extensions_mut().remove::<Outcome>();
    if path == GRAPHQL_PATH {
        let failed = outcome.as_ref().is_some_and(|it| it.code.is_some());
        let executed = outcome.as_ref().is_none_or(|it| it.executed);
        count(ran.as_ref().map_or("none", |it| it.kind), executed, failed, took);
    }
    let code = outcome.and_then(|it| it.code);
    let (kind, name, cost) = match &ran {
        Some(ran) => (ran.kind, ran.name.as_deref(), Some(ran.cost)),
        None => ("none", None, None),
    };
    let milliseconds = took.as_secs_f64() * 1e3;
    tracing::info!(request_id = %id.0, %method, path, status, kind, name, cost, code, milliseconds, "request");
    response
}

/// Headers that make an answer useless to a page that embeds or guesses it. A page of ours may
/// bring its own policy.
pub(super) fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

pub(super) fn count(kind: &'static str, executed: bool, failed: bool, took: Duration) {
    let outcome = match (executed, failed) {
        (true, false) => "ok",
        (true, true) => "error",
        (false, _) => "refused",
    };
    metrics::counter!("gongtu_operations_total", "kind" => kind, "outcome" => outcome).increment(1);
    metrics::histogram!("gongtu_operation_seconds", "kind" => kind).record(took.as_secs_f64());
}

/// The client's own token when it is a plain one, so that a call can be followed through its
/// systems and ours.
fn identity(headers: &HeaderMap) -> RequestId {
    let plain = |it: &&str| {
        (1..=64).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
    };
    let given = headers.get(REQUEST_ID).and_then(|it| it.to_str().ok()).filter(plain);
    RequestId(given.map_or_else(|| Uuid::now_v7().to_string(), ToOwned::to_owned).into())
}
