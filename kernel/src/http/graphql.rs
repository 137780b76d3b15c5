//! GraphQL over HTTP: one operation by POST of JSON, or a query by GET.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, future, stream};
use tokio::time::timeout;

use super::accept::{Accepted, Media};
use super::answer::{Answer, RequestId};
use super::input::{Input, is_json};
use super::observe::Ran;
use super::{sse, websocket};
use crate::app::{App, Executed};
use crate::guard::{Admitted, Limits, code};
use crate::viewer::Viewer;

pub(super) async fn handle(app: App, id: RequestId, request: Request) -> Response {
    if websocket::is_upgrade(request.headers()) {
        return Box::pin(websocket::open(app, id, request)).await;
    }
    let get = request.method() == Method::GET;
    let mut response = answered(app, id, request).await.unwrap_or_else(|refusal| *refusal);
    if get {
        let policy = HeaderValue::from_static("private, no-cache");
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(policy);
    }
    response
}

/// What the client gets instead of its operation. Boxed, for it is larger than what goes well.
type Refused = Box<Response>;

async fn answered(app: App, id: RequestId, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let limits = app.limits();
    let get = parts.method == Method::GET;
    if !get && parts.method != Method::POST {
        let answer = Answer::bad_request(
            "Only GET and POST are answered here.",
            "此处仅支持 GET 和 POST。",
            &id,
        );
        return Err(not_allowed(answer, Media::Json, "GET, POST"));
    }
    let Some(accepted) = Accepted::of(&parts.headers) else {
        let answer = Answer::bad_request(
            "None of the accepted media types can be served.",
            "无法提供所接受的媒体类型。",
            &id,
        );
        return refuse(answer, StatusCode::NOT_ACCEPTABLE, Media::Json);
    };
    let media = accepted.refusal();
    if !get && (is_encoded(&parts.headers) || !is_json(&parts.headers)) {
        let answer = Answer::bad_request(
            "The body must be plain JSON, sent as `application/json`.",
            "请求体必须是未压缩的 JSON，类型为 `application/json`。",
            &id,
        );
        return refuse(answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, media);
    }
    let viewer =
        authenticate(&app, &parts.headers, &id).await.map_err(|it| Box::new(it.respond(media)))?;
    let input = if get {
        Input::from_address(parts.uri.query().unwrap_or_default(), limits)
    } else {
        Input::from_body(&read(&parts.headers, body, media, limits, &id).await?, limits)
    };
    let refused = |it| Box::new(Answer::refused(it, &id, limits).respond(media));
    let input = input.map_err(refused)?;
    let asked = input.asked(app.introspection(&viewer));
    let viewer = match input.viewer(&viewer, &parts.headers) {
        Ok(viewer) => viewer,
        Err(refusal) => {
            app.refused(&viewer, &id.0, asked, refusal.code).await;
            return Err(refused(refusal));
        }
    };
    let admitted = match app.admit(&viewer, input.asked(app.introspection(&viewer))) {
        Ok(admitted) => admitted,
        Err(refusal) => {
            let asked = input.asked(app.introspection(&viewer));
            app.refused(&viewer, &id.0, asked, refusal.code).await;
            let answer = Answer::refused(refusal, &id, limits);
            return Ok(match accepted.single() {
                Some(media) => answer.respond(media),
                // A client that reads nothing but events is told by an event.
                None => sse::respond(
                    app,
                    viewer,
                    one(answer),
                    accepted.stream().unwrap_or(Media::EventStream),
                ),
            });
        }
    };
    if get && admitted.kind() == OperationType::Mutation {
        let asked = input.asked(app.introspection(&viewer));
        app.refused(&viewer, &id.0, asked, code::BAD_REQUEST).await;
        let answer =
            Answer::bad_request("A mutation must be sent by POST.", "变更操作必须使用 POST。", &id);
        return Err(not_allowed(answer, media, "POST"));
    }
    let ran = Ran {
        kind: kind(admitted.kind()),
        name: admitted.name().map(|it| it.chars().take(64).collect()),
        cost: admitted.cost(),
    };
    let mut response = run(app, id, viewer, admitted, &accepted).await?;
    response.extensions_mut().insert(ran);
    Ok(response)
}

async fn run(
    app: App,
    id: RequestId,
    viewer: Arc<Viewer>,
    admitted: Admitted,
    accepted: &Accepted,
) -> Result<Response, Refused> {
    match (admitted.kind(), accepted.stream()) {
        (OperationType::Subscription, Some(media)) => {
            let events = events(&app, viewer.clone(), admitted, &id);
            Ok(sse::respond(app, viewer, events, media))
        }
        (OperationType::Subscription, None) => {
            let answer = Answer::bad_request(
                "A subscription is answered as `text/event-stream`, as `multipart/mixed`, or on a WebSocket.",
                "订阅须以 `text/event-stream`、`multipart/mixed` 或 WebSocket 接收。",
                &id,
            );
            refuse(answer, StatusCode::NOT_ACCEPTABLE, accepted.refusal())
        }
        _ => {
            let answer = execute(&app, viewer.clone(), admitted, &id).await;
            Ok(match accepted.once() {
                Media::EventStream => sse::respond(app, viewer, one(answer), Media::EventStream),
                media => answer.respond(media),
            })
        }
    }
}

/// Runs an operation that is answered once. A query ends with whoever asked; a mutation ends when
/// it is done.
pub(super) async fn execute(
    app: &App,
    viewer: Arc<Viewer>,
    admitted: Admitted,
    id: &RequestId,
) -> Answer {
    let mutation = admitted.kind() == OperationType::Mutation;
    let (owner, request_id) = (app.clone(), id.0.clone());
    let (cost, left) = (admitted.cost(), admitted.left);
    // Boxed, for the same reason as what handles it.
    let work = Box::pin(async move { owner.execute(viewer, request_id, admitted).await });
    let work = AssertUnwindSafe(work).catch_unwind();
    let limits = app.limits();
    let done = if mutation {
        let task = app.tasks().spawn(work);
        timeout(limits.request_time, task)
            .await
            .map(|it| it.unwrap_or_else(|panic| Err(Box::new(panic))))
    } else {
        timeout(limits.request_time, work).await
    };
    let answer = match done {
        Ok(Ok(Executed::Planned(planned))) => Answer::planned(planned, id, limits),
        Ok(Ok(Executed::Response(response))) => Answer::executed(response, id, limits),
        Ok(Err(_)) => Answer::internal(id),
        Err(_) => Answer::timeout(id),
    };
    answer.priced(cost, left)
}

/// Runs a subscription.
pub(super) fn events(
    app: &App,
    viewer: Arc<Viewer>,
    admitted: Admitted,
    id: &RequestId,
) -> BoxStream<'static, Answer> {
    let stream =
        AssertUnwindSafe(app.execute_stream(viewer, id.0.clone(), admitted)).catch_unwind();
    let (app, id) = (app.clone(), id.clone());
    let answers = stream.map(move |it| match it {
        Ok(executed) => Answer::executed(executed, &id, app.limits()),
        Err(_) => Answer::internal(&id),
    });
    answers.boxed()
}

pub(super) async fn authenticate(
    app: &App,
    headers: &HeaderMap,
    id: &RequestId,
) -> Result<Arc<Viewer>, Answer> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let credential = match (values.next().map(HeaderValue::to_str), values.next()) {
        (None, _) => Ok(None),
        (Some(Ok(value)), None) => Ok(Some(value)),
        _ => Err(Answer::failed(&crate::error::Error::Unauthenticated, id)),
    }?;
    app.authenticate(credential).await.map_err(|it| Answer::failed(&it, id))
}

pub(super) fn kind(ty: OperationType) -> &'static str {
    match ty {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

fn one(answer: Answer) -> BoxStream<'static, Answer> {
    stream::once(future::ready(answer)).boxed()
}

/// Reads no more of a body than the limit, and not for longer than the time, and then no more of
/// the connection.
async fn read(
    headers: &HeaderMap,
    body: Body,
    media: Media,
    limits: &Limits,
    id: &RequestId,
) -> Result<Bytes, Refused> {
    let limit = limits.body_bytes;
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    let read = if announced.is_some_and(|it| it > limit as u64) {
        None
    } else {
        match timeout(limits.body_time, to_bytes(body, limit)).await {
            Ok(Ok(body)) => return Ok(body),
            Ok(Err(error)) if is_too_long(&error) => None,
            Ok(Err(_)) => {
                Some((StatusCode::BAD_REQUEST, "The body ends too early.", "请求体不完整。"))
            }
            Err(_) => Some((
                StatusCode::REQUEST_TIMEOUT,
                "The body took too long to arrive.",
                "请求体接收超时。",
            )),
        }
    };
    let (status, answer) = match read {
        Some((status, message, message_zh)) => {
            (status, Answer::bad_request(message, message_zh, id))
        }
        None => {
            let message = format!("The body is larger than the limit of {limit} bytes.");
            let message_zh = format!("请求体超过 {limit} 字节的上限。");
            (StatusCode::PAYLOAD_TOO_LARGE, Answer::bad_request(&message, &message_zh, id))
        }
    };
    let mut response = answer.respond_with(status, media);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Err(Box::new(response))
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_ENCODING).iter().any(|it| it.as_bytes() != b"identity")
}

fn refuse<T>(answer: Answer, status: StatusCode, media: Media) -> Result<T, Refused> {
    Err(Box::new(answer.respond_with(status, media)))
}

fn not_allowed(answer: Answer, media: Media, allow: &'static str) -> Refused {
    let mut response = answer.respond_with(StatusCode::METHOD_NOT_ALLOWED, media);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    Box::new(response)
}
