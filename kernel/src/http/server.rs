//! Connections: accepted up to a number, given only so much time for each thing they do, and let go
//! in order.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::StatusCode;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Service;
use crate::guard::Limits;

/// As [`super::serve`].
pub(super) async fn serve(service: Arc<Service>, listener: TcpListener) -> anyhow::Result<()> {
    let app = &service.app;
    let limits = Arc::new(app.limits().clone());
    let places = Arc::new(Semaphore::new(limits.connections));
    let (connections, cut) = (TaskTracker::new(), CancellationToken::new());
    loop {
        // At the limit no more are accepted: they wait where the kernel keeps them.
        let place = tokio::select! {
            () = app.shutdown().cancelled() => break,
            place = places.clone().acquire_owned() => place?,
        };
        let (stream, address) = tokio::select! {
            () = app.shutdown().cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of descriptors, or a client that is gone already: neither is a reason to
                    // stop.
                    tracing::warn!(%error, "no connection accepted");
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let (service, limits, stop, cut) =
            (service.clone(), limits.clone(), app.shutdown().clone(), cut.clone());
        connections.spawn(async move {
            let peer = Peer { address: address.ip(), place: Arc::new(place) };
            tokio::select! {
                () = cut.cancelled() => {}
                () = converse(stream, service, &limits, &stop, peer) => {}
            }
        });
    }
    drop(listener);

    let end = Instant::now() + limits.drain_time;
    connections.close();
    app.tasks().close();
    let drained = timeout_at(end, async {
        connections.wait().await;
        app.tasks().wait().await;
    });
    if drained.await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            tasks = app.tasks().len(),
            "work was still in flight at the end"
        );
        cut.cancel();
    }
    Ok(())
}

/// Where a connection comes from: the caller, or a proxy before it.
#[derive(Clone)]
pub(super) struct Peer {
    pub address: IpAddr,
    /// Its place among the connections that may be open. A request carries it, for a WebSocket outlives
    /// its connection.
    pub place: Arc<OwnedSemaphorePermit>,
}

async fn converse(
    stream: TcpStream,
    service: Arc<Service>,
    limits: &Limits,
    stop: &CancellationToken,
    peer: Peer,
) {
    let _ = stream.set_nodelay(true);
    let pulse = Arc::new(Pulse::default());
    let io = TokioIo::new(Watched::new(stream, pulse.clone(), limits));
    let service =
        hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            let turn = Turn::begin(&pulse);
            request.extensions_mut().insert(peer.clone());
            let service = service.clone();
            async move {
                let answer = service.answer(request.map(axum::body::Body::new)).await;
                let status = answer.status();
                turn.0
                    .is_upgraded
                    .store(status == StatusCode::SWITCHING_PROTOCOLS, Ordering::Relaxed);
                turn.0.lingers.store(!status.is_success(), Ordering::Relaxed);
                drop(turn);
                Ok::<_, Infallible>(answer)
            }
        });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle_time)
        // For the handshake of WebSockets, which answers in the client's own spelling.
        .preserve_header_case(true)
        .max_buf_size(limits.header_bytes.max(8 << 10));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(Some(limits.idle_time / 3))
        .keep_alive_timeout(limits.idle_time / 3);
    let connection = builder.serve_connection_with_upgrades(io, service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}

/// What a connection's reader must know of its requests to tell a slow head from a slow body or an
/// idle client.
#[derive(Default)]
struct Pulse {
    begun: AtomicU64,
    in_flight: AtomicUsize,
    is_upgraded: AtomicBool,
    /// The last answer was a refusal: the client may still be sending what nobody will read.
    lingers: AtomicBool,
}

/// A request whose head has arrived and whose answer has not begun.
struct Turn(Arc<Pulse>);

impl Turn {
    fn begin(pulse: &Arc<Pulse>) -> Self {
        pulse.begun.fetch_add(1, Ordering::Relaxed);
        pulse.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(pulse.clone())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that fails when the first bytes of a request are not soon followed by the rest of its
/// head, or when written bytes are not read.
struct Watched<S> {
    stream: S,
    pulse: Arc<Pulse>,
    header_time: Duration,
    write_time: Duration,
    /// When the head that has begun to arrive must be complete, and how many were before it.
    head: Option<(Pin<Box<Sleep>>, u64)>,
    write: Option<Pin<Box<Sleep>>>,
    /// Once our side is closed: until when what still comes is thrown away, and how much of it
    /// there was.
    linger: Option<(Pin<Box<Sleep>>, usize)>,
    is_http2: bool,
    is_new: bool,
}

/// What is thrown away after a refusal, so that the client reads it before it meets a closed
/// connection.
const LINGER_BYTES: usize = 64 << 10;
const LINGER_TIME: Duration = Duration::from_secs(1);

impl<S> Watched<S> {
    fn new(stream: S, pulse: Arc<Pulse>, limits: &Limits) -> Self {
        let (header_time, write_time) = (limits.header_time, limits.write_time);
        let head = Some((Box::pin(sleep(header_time)), 0));
        Self {
            stream,
            pulse,
            header_time,
            write_time,
            head,
            write: None,
            linger: None,
            is_http2: false,
            is_new: true,
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        if std::mem::take(&mut self.is_new) {
            self.is_http2 = bytes.starts_with(b"PRI");
        }
        let begun = self.pulse.begun.load(Ordering::Relaxed);
        if self.head.as_ref().is_some_and(|(_, before)| *before != begun) {
            self.head = None;
        }
        let pulse = &self.pulse;
        let between = pulse.in_flight.load(Ordering::Relaxed) == 0
            && !pulse.is_upgraded.load(Ordering::Relaxed);
        if self.head.is_none() && between && !self.is_http2 && !bytes.is_empty() {
            self.head = Some((Box::pin(sleep_until(Instant::now() + self.header_time)), begun));
        }
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Some((end, before)) = &mut self.head else { return Ok(()) };
        if *before != self.pulse.begun.load(Ordering::Relaxed) || (self.is_http2 && !self.is_new) {
            self.head = None;
        } else if end.as_mut().poll(cx).is_ready() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }

    /// Lets a write wait, and not for ever.
    fn patient<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.write = None;
            return outcome;
        }
        let write_time = self.write_time;
        let end = self.write.get_or_insert_with(|| Box::pin(sleep(write_time)));
        ready!(end.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Pending => {
                self.poll_head(cx)?;
                Poll::Pending
            }
            Poll::Ready(outcome) => {
                self.read(&buffer.filled()[before..]);
                Poll::Ready(outcome)
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.patient(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.patient(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.patient(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            let outcome = Pin::new(&mut this.stream).poll_shutdown(cx);
            ready!(this.patient(cx, outcome))?;
        }
        if !this.pulse.lingers.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let (end, thrown) = this.linger.get_or_insert_with(|| (Box::pin(sleep(LINGER_TIME)), 0));
        while *thrown < LINGER_BYTES && end.as_mut().poll(cx).is_pending() {
            let mut bytes = [0; 4096];
            let mut buffer = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buffer))?;
            match buffer.filled().len() {
                0 => break,
                more => *thrown += more,
            }
        }
        Poll::Ready(Ok(()))
    }
}
