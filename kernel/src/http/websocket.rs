//! GraphQL over WebSocket: graphql-transport-ws, with the close codes of its specification and
//! nothing besides it.
//!
//! One task serves one socket and polls its operations, so that a client that reads slowly slows
//! its own operations and nothing is queued for it. Each operation goes the way of an HTTP request:
//! guard, executor, the same answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::ready;
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable};
use futures_util::{FutureExt, SinkExt, StreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep_until, timeout};

use super::accept::Media;
use super::answer::{Answer, RequestId};
use super::input::{self, Input};
use super::server::Peer;
use super::{graphql, observe, origin};
use crate::app::App;
use crate::error::Error;
use crate::guard::Admitted;
use crate::viewer::Viewer;

const PROTOCOL: &str = "graphql-transport-ws";

/// Why a socket is closed: a code, and a word for people.
type Close = (u16, &'static str);

const INVALID_MESSAGE: Close = (4400, "Invalid message");
const UNAUTHORIZED: Close = (4401, "Unauthorized");
const FORBIDDEN: Close = (4403, "Forbidden");
const UNACCEPTABLE: Close = (4406, "Subprotocol not acceptable");
const INIT_TIMEOUT: Close = (4408, "Connection initialisation timeout");
const DUPLICATE: Close = (4409, "Subscriber already exists");
const TOO_MANY_INITS: Close = (4429, "Too many initialisation requests");
const TOO_MANY_OPERATIONS: Close = (4429, "Too many operations");
const TOO_LARGE: Close = (1009, "Message too large");
const RESTART: Close = (1012, "Service restart");
const TRY_LATER: Close = (1013, "Try again later");

pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

pub(super) async fn open(app: App, id: RequestId, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if !origin::may_connect(&parts.headers, app.limits()) {
        let answer = Answer::fault(
            "FORBIDDEN",
            "This origin may not open a socket.",
            "该来源不能建立连接。",
            &id,
        );
        return answer.respond_with(StatusCode::FORBIDDEN, Media::Json);
    }
    let viewer = match graphql::authenticate(&app, &parts.headers, &id).await {
        Ok(viewer) => viewer,
        Err(answer) => return answer.respond(Media::GraphqlResponse),
    };
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &app).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let bytes = app.limits().message_bytes;
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(bytes).max_frame_size(bytes);
    // What the end of the process waits for, and what the number of connections counts.
    let held = (app.tasks().token(), parts.extensions.get::<Peer>().map(|it| it.place.clone()));
    let socket = |socket| async move {
        let _held = held;
        metrics::gauge!("gongtu_open_sockets").increment(1.0);
        Session::new(app, viewer, socket, id).serve().await;
        metrics::gauge!("gongtu_open_sockets").decrement(1.0);
    };
    let mut response = upgrade.on_upgrade(socket);
    // Some clients look for `Sec-WebSocket-Protocol` spelled so; the request's extensions hold its
    // spelling.
    response.extensions_mut().extend(parts.extensions);
    response
}

struct Session {
    app: App,
    viewer: Arc<Viewer>,
    socket: WebSocket,
    id: RequestId,
    state: State,
    running: HashMap<String, Running>,
    events: SelectAll<BoxStream<'static, (String, Event)>>,
    heard_at: Instant,
}

#[derive(PartialEq)]
enum State {
    Waiting,
    Open,
    /// Told to stop: what is answered once may finish.
    Draining,
}

struct Running {
    abort: AbortHandle,
    kind: OperationType,
    started: Instant,
    failed: bool,
}

enum Event {
    Answer(Answer),
    Complete,
}

impl Session {
    fn new(app: App, viewer: Arc<Viewer>, socket: WebSocket, id: RequestId) -> Self {
        let (running, events) = (HashMap::new(), SelectAll::new());
        Self {
            app,
            viewer,
            socket,
            id,
            state: State::Waiting,
            running,
            events,
            heard_at: Instant::now(),
        }
    }

    async fn serve(mut self) {
        let ending = match self.socket.protocol() {
            Some(protocol) if protocol.as_bytes() == PROTOCOL.as_bytes() => self.converse().await,
            _ => Some(UNACCEPTABLE),
        };
        for running in self.running.values() {
            running.abort.abort();
        }
        let Some((code, reason)) = ending else { return };
        metrics::counter!("gongtu_socket_closes_total", "code" => code.to_string()).increment(1);
        tracing::debug!(request_id = %self.id.0, code, "socket closed");
        let farewell = async {
            let _ = self
                .socket
                .send(Message::Close(Some(CloseFrame { code, reason: reason.into() })))
                .await;
            // The client's answer, so that it has read ours before the connection goes.
            while let Some(Ok(_)) = self.socket.recv().await {}
        };
        let _ = timeout(Duration::from_secs(2), farewell).await;
    }

    /// Serves until the socket is to be closed with the answer, or is gone.
    async fn converse(&mut self) -> Option<Close> {
        let limits = self.app.limits().clone();
        let shutdown = self.app.shutdown().clone();
        let start = Instant::now();
        let (mut check_at, mut ping_at) =
            (start + limits.revocation_time, start + limits.keep_alive_time);
        let mut end_at = start + limits.init_time;
        loop {
            let ending = tokio::select! {
                biased;
                () = shutdown.cancelled(), if self.state != State::Draining => {
                    self.drain();
                    end_at = Instant::now() + limits.drain_time;
                    None
                }
                () = sleep_until(end_at), if self.state != State::Open => {
                    Some(if self.state == State::Waiting { INIT_TIMEOUT } else { RESTART })
                }
                () = sleep_until(check_at) => {
                    check_at = Instant::now() + limits.revocation_time;
                    (!self.app.still_valid(&self.viewer).await).then_some(FORBIDDEN)
                }
                () = sleep_until(ping_at) => {
                    ping_at = Instant::now() + limits.keep_alive_time;
                    if self.heard_at.elapsed() > limits.keep_alive_time * 3 {
                        return None;
                    }
                    self.send(Message::Ping(axum::body::Bytes::new())).await?;
                    None
                }
                message = self.socket.recv() => {
                    self.heard_at = Instant::now();
                    match message {
                        None => return None,
                        Some(Err(error)) => return is_too_large(&error).then_some(TOO_LARGE),
                        Some(Ok(Message::Close(_))) => return None,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
                        Some(Ok(Message::Binary(_))) => Some(INVALID_MESSAGE),
                        Some(Ok(Message::Text(text))) => self.message(text.as_bytes()).await?,
                    }
                }
                Some((id, event)) = self.events.next() => {
                    self.event(id, event).await?;
                    None
                }
            };
            if ending.is_some() {
                return ending;
            }
            if self.state == State::Draining && self.running.is_empty() {
                return Some(RESTART);
            }
        }
    }

    /// Acts on a message; `None` when the socket is gone.
    async fn message(&mut self, text: &[u8]) -> Option<Option<Close>> {
        let Ok(Value::Object(mut message)) = input::json(text, self.app.limits()) else {
            return Some(Some(INVALID_MESSAGE));
        };
        let ending = match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => return self.init(message.remove("payload")).await,
            Some("ping") => {
                let pong = match message.remove("payload") {
                    Some(payload @ Value::Object(_)) => {
                        json!({ "type": "pong", "payload": payload })
                    }
                    None | Some(Value::Null) => json!({ "type": "pong" }),
                    Some(_) => return Some(Some(INVALID_MESSAGE)),
                };
                self.tell(&pong).await?;
                None
            }
            Some("pong") => None,
            Some("subscribe") => return self.subscribe(message).await,
            Some("complete") => match message.get("id").and_then(Value::as_str) {
                Some(id) => {
                    if let Some(running) = self.running.remove(id) {
                        running.abort.abort();
                    }
                    None
                }
                None => Some(INVALID_MESSAGE),
            },
            _ => Some(INVALID_MESSAGE),
        };
        Some(ending)
    }

    async fn init(&mut self, payload: Option<Value>) -> Option<Option<Close>> {
        if self.state != State::Waiting {
            return Some(Some(TOO_MANY_INITS));
        }
        let payload = match payload {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(payload)) => payload,
            Some(_) => return Some(Some(INVALID_MESSAGE)),
        };
        match payload.get("authorization").or_else(|| payload.get("Authorization")) {
            None | Some(Value::Null) => {}
            Some(Value::String(credential)) => {
                match self.app.authenticate(Some(credential)).await {
                    Ok(viewer) => self.viewer = viewer,
                    Err(Error::Unauthenticated) => return Some(Some(FORBIDDEN)),
                    Err(_) => return Some(Some(TRY_LATER)),
                }
            }
            Some(_) => return Some(Some(INVALID_MESSAGE)),
        }
        self.state = State::Open;
        self.tell(&json!({ "type": "connection_ack" })).await?;
        Some(None)
    }

    async fn subscribe(&mut self, mut message: Map<String, Value>) -> Option<Option<Close>> {
        let (Some(Value::String(id)), Some(Value::Object(payload))) =
            (message.remove("id"), message.remove("payload"))
        else {
            return Some(Some(INVALID_MESSAGE));
        };
        if id.is_empty() || id.len() > 256 {
            return Some(Some(INVALID_MESSAGE));
        }
        let Ok(input) = Input::from_fields(payload) else { return Some(Some(INVALID_MESSAGE)) };
        match self.state {
            State::Waiting => return Some(Some(UNAUTHORIZED)),
            State::Draining => return Some(Some(RESTART)),
            State::Open => {}
        }
        if self.running.contains_key(&id) {
            return Some(Some(DUPLICATE));
        }
        if self.running.len() >= self.app.limits().operations_per_socket {
            return Some(Some(TOO_MANY_OPERATIONS));
        }
        let viewer = input.viewer(&self.viewer, &HeaderMap::new());
        let asked = input.asked(self.app.introspection(&self.viewer));
        let admitted = viewer.and_then(|viewer| Ok((self.app.admit(&viewer, asked)?, viewer)));
        match admitted {
            Ok((admitted, viewer)) => {
                let kind = admitted.kind();
                let events = self
                    .answers(viewer, admitted)
                    .map(Event::Answer)
                    .chain(stream::once(ready(Event::Complete)));
                // Cut off as a whole: its id may be taken by another operation at once.
                let (events, abort) = abortable(events);
                let name = id.clone();
                self.events.push(events.map(move |it| (name.clone(), it)).boxed());
                self.running
                    .insert(id, Running { abort, kind, started: Instant::now(), failed: false });
            }
            Err(refusal) => {
                self.app.refused(&self.viewer, &self.id.0, asked, refusal.code).await;
                let answer = Answer::refused(refusal, &self.id, self.app.limits());
                observe::count("none", false, true, Duration::ZERO);
                self.tell(&json!({ "id": id, "type": "error", "payload": answer.errors })).await?;
            }
        }
        Some(None)
    }

    fn answers(&self, viewer: Arc<Viewer>, admitted: Admitted) -> BoxStream<'static, Answer> {
        let (app, id) = (self.app.clone(), self.id.clone());
        if admitted.kind() == OperationType::Subscription {
            return graphql::events(&app, viewer, admitted, &id);
        }
        async move { graphql::execute(&app, viewer, admitted, &id).await }.into_stream().boxed()
    }

    /// Tells the client of an operation; `None` when the socket is gone.
    async fn event(&mut self, id: String, event: Event) -> Option<()> {
        let Some(running) = self.running.get_mut(&id) else { return Some(()) };
        match event {
            Event::Answer(answer) if answer.is_executed() => {
                running.failed |= !answer.errors.is_empty();
                let payload = answer.json();
                let id = Value::String(id);
                self.send(Message::text(format!(
                    r#"{{"id":{id},"type":"next","payload":{payload}}}"#
                )))
                .await
            }
            Event::Answer(answer) => {
                running.abort.abort();
                self.ended(&id, false);
                self.tell(&json!({ "id": id, "type": "error", "payload": answer.errors })).await
            }
            Event::Complete => {
                self.ended(&id, true);
                self.tell(&json!({ "id": id, "type": "complete" })).await
            }
        }
    }

    fn ended(&mut self, id: &str, executed: bool) {
        let Some(running) = self.running.remove(id) else { return };
        let (kind, took) = (graphql::kind(running.kind), running.started.elapsed());
        observe::count(kind, executed, running.failed, took);
        let milliseconds = took.as_secs_f64() * 1e3;
        tracing::info!(request_id = %self.id.0, kind, executed, failed = running.failed, milliseconds, "socket operation");
    }

    /// Ends the subscriptions, which have no end of their own.
    fn drain(&mut self) {
        self.state = State::Draining;
        self.running.retain(|_, running| {
            let ends = running.kind != OperationType::Subscription;
            if !ends {
                running.abort.abort();
            }
            ends
        });
    }

    async fn tell(&mut self, message: &Value) -> Option<()> {
        self.send(Message::text(message.to_string())).await
    }

    /// Waits until the client has taken the message: not for ever, and not when the client may have
    /// no more.
    async fn send(&mut self, message: Message) -> Option<()> {
        let limits = self.app.limits();
        let (pause, end) = (limits.revocation_time, Instant::now() + limits.write_time);
        self.socket.feed(message).await.ok()?;
        loop {
            match timeout(pause, self.socket.flush()).await {
                Ok(sent) => return sent.ok(),
                Err(_) if Instant::now() >= end || self.app.shutdown().is_cancelled() => {
                    return None;
                }
                Err(_) if !self.app.still_valid(&self.viewer).await => return None,
                Err(_) => {}
            }
        }
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("too long") || error.to_string().contains("too big") {
            return true;
        }
        cause = error.source();
    }
    false
}
