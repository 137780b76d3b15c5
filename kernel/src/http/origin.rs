//! Which pages of other origins may call: an exact list, empty unless it is configured.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::guard::Limits;

/// Answers the browser's question before a request, and marks the answers that a listed origin may
/// read.
pub(super) async fn share(
    limits: &Limits,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let listed = request.headers().get(header::ORIGIN).filter(|it| is_listed(it, limits)).cloned();
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks { answer(listed.is_some()) } else { next(request).await };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("retry-after, x-request-id"),
        );
    }
    response
}

/// Whether a browser may open a socket: the service's own page, a listed one, or a client that is
/// no browser.
pub(super) fn may_connect(headers: &HeaderMap, limits: &Limits) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let own = || {
        let host = headers.get(header::HOST)?.to_str().ok()?;
        let (_, authority) = origin.to_str().ok()?.split_once("://")?;
        Some(authority.eq_ignore_ascii_case(host))
    };
    is_listed(origin, limits) || own().unwrap_or(false)
}

fn is_listed(origin: &HeaderValue, limits: &Limits) -> bool {
    limits.origins.iter().any(|it| it.as_bytes() == origin.as_bytes())
}

fn answer(listed: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = if listed { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN };
    if listed {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        let allowed = "accept, authorization, content-type, x-request-id";
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    }
    response
}
