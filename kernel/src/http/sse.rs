//! Answers that go on: server-sent events after the graphql-sse protocol (distinct connections),
//! and the parts of `multipart/mixed` that Apollo's clients read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep_until};

use super::accept::Media;
use super::answer::Answer;
use crate::app::App;
use crate::viewer::Viewer;

pub(super) fn respond(
    app: App,
    viewer: Arc<Viewer>,
    events: BoxStream<'static, Answer>,
    media: Media,
) -> Response {
    let limits = app.limits();
    let (keep_alive, revocation) = (limits.keep_alive_time, limits.revocation_time);
    let now = Instant::now();
    let open = Open {
        app,
        viewer,
        events,
        media,
        keep_alive,
        revocation,
        quiet_at: now + keep_alive,
        check_at: now + revocation,
    };
    let body = stream::once(async move { Bytes::from_static(media.opening()) })
        .chain(open.pieces(Counted::new()));
    let mut response =
        Response::new(Body::from_stream(body.map(Ok::<_, std::convert::Infallible>)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    // Proxies that gather answers before they pass them on are asked not to.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

struct Open {
    app: App,
    viewer: Arc<Viewer>,
    events: BoxStream<'static, Answer>,
    media: Media,
    keep_alive: Duration,
    revocation: Duration,
    quiet_at: Instant,
    check_at: Instant,
}

impl Open {
    fn pieces(self, counted: Counted) -> impl Stream<Item = Bytes> + Send + 'static {
        stream::unfold(Some((self, counted)), |open| async move {
            let (mut open, counted) = open?;
            let (piece, goes_on) = open.next().await?;
            Some((piece.into(), goes_on.then_some((open, counted))))
        })
    }

    /// The next piece, and whether another may follow. `None` ends the body without a last word: a
    /// client then knows that the subscription did not end, and connects again.
    async fn next(&mut self) -> Option<(String, bool)> {
        let shutdown = self.app.shutdown().clone();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return None,
                () = sleep_until(self.check_at) => {
                    self.check_at = Instant::now() + self.revocation;
                    if !self.app.still_valid(&self.viewer).await {
                        return None;
                    }
                }
                event = self.events.next() => {
                    self.quiet_at = Instant::now() + self.keep_alive;
                    return Some(match event {
                        Some(answer) => (self.media.piece(answer), true),
                        None => (self.media.closing().to_owned(), false),
                    });
                }
                () = sleep_until(self.quiet_at) => {
                    self.quiet_at = Instant::now() + self.keep_alive;
                    return Some((self.media.sign_of_life().to_owned(), true));
                }
            }
        }
    }
}

impl Media {
    fn opening(self) -> &'static [u8] {
        // A boundary stands after each part, too: clients read a part when they meet the boundary
        // behind it.
        if self == Media::Multipart { b"\r\n--graphql" } else { b":\n\n" }
    }

    fn piece(self, answer: Answer) -> String {
        match self {
            Media::Multipart => part(&format!(r#"{{"payload":{}}}"#, answer.json())),
            _ => format!("event: next\ndata: {}\n\n", answer.json()),
        }
    }

    fn sign_of_life(self) -> &'static str {
        if self == Media::Multipart {
            "\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql"
        } else {
            ":\n\n"
        }
    }

    fn closing(self) -> &'static str {
        if self == Media::Multipart { "--\r\n" } else { "event: complete\ndata: \n\n" }
    }
}

fn part(json: &str) -> String {
    format!("\r\ncontent-type: application/json\r\n\r\n{json}\r\n--graphql")
}

/// Counts the streams that are open.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("gongtu_open_streams").increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("gongtu_open_streams").decrement(1.0);
    }
}
