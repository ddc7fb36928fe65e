//! One connection: HTTP/1.1 over a socket, and how long the other end may take over its part.
//!
//! While a request is answered, whoever answers keeps the time. Besides that there are three things to wait for: the whole head of a
//! request, the next request, and that the other end takes what was written. Each has a deadline, and past it the connection is dropped.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use poem::http::StatusCode;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, Response};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::metrics::One;
use crate::config::Connections;

/// A request line and headers of more bytes are refused with 431: room for a token of 8 KiB and a document in the URL. Of headers there
/// may be a hundred, which is the library's own limit.
const MAX_HEAD: usize = 32 * 1024;
/// Bytes that are read away at once.
const UNWANTED: usize = 16 * 1024;

/// A socket that was accepted, and what is needed to answer on it.
pub struct Connection<E> {
    pub socket: TcpStream,
    pub peer: SocketAddr,
    pub local: SocketAddr,
    pub endpoint: Arc<E>,
    pub limits: Connections,
    /// Its place among all connections, kept for as long as the socket is open.
    pub place: (OwnedSemaphorePermit, One),
}

impl<E: Endpoint<Output = Response> + 'static> Connection<E> {
    /// Answers until the other end has had enough, or takes too long. From `closing` on, only what is under way is answered.
    pub async fn serve(self, mut closing: watch::Receiver<bool>) {
        let Self { socket, peer, local, endpoint, limits, place } = self;
        let deadlines = Arc::new(Deadlines::new(limits));
        let (local, remote) = (LocalAddr(Addr::from(local)), RemoteAddr(Addr::from(peer)));
        let service = service_fn(|request: hyper::Request<Incoming>| {
            deadlines.asked();
            let request = (request, local.clone(), remote.clone(), Scheme::HTTP).into();
            let (endpoint, deadlines) = (endpoint.clone(), deadlines.clone());
            async move {
                let response: hyper::Response<_> = endpoint.get_response(request).await.into();
                if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    deadlines.unwanted();
                }
                Ok::<_, Infallible>(response.map(|body| Answer { body, deadlines }))
            }
        });
        let io = TokioIo::new(Timed { socket, deadlines: deadlines.clone(), leaving: Leaving::NotYet, _place: place });
        let http = http1::Builder::new().max_header_size(MAX_HEAD).serve_connection(io, service).with_upgrades();
        let mut http = pin!(http);
        let mut overdue = pin!(deadlines.overdue());
        // What has arrived is read before anything else is looked at, so that no request is dropped that is already here.
        tokio::select! {
            biased;
            _ = http.as_mut() => return,
            () = overdue.as_mut() => return,
            // It fails when the server is gone, which comes to the same.
            _ = closing.wait_for(|closing| *closing) => {}
        }
        http.as_mut().graceful_shutdown();
        tokio::select! {
            biased;
            _ = http => {}
            () = overdue => {}
        }
    }
}

/// Until when the other end must have done its part.
struct Deadlines {
    limits: Connections,
    waiting: Mutex<Waiting>,
}

#[derive(Clone, Copy)]
struct Waiting {
    /// For the whole head of a request; for any of it where that is `idle`. Not while a request is answered.
    request: Option<Instant>,
    idle: bool,
    /// For any of what is written to be taken.
    write: Option<Instant>,
    /// Whether a body may be on its way that nobody wants.
    unwanted: bool,
}

impl Deadlines {
    fn new(limits: Connections) -> Self {
        let waiting =
            Waiting { request: Some(Instant::now() + limits.head), idle: false, write: None, unwanted: false };
        Self { limits, waiting: Mutex::new(waiting) }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something has arrived.
    fn received(&self) {
        let mut waiting = self.waiting();
        if waiting.idle {
            waiting.idle = false;
            waiting.request = Some(Instant::now() + self.limits.head);
        }
    }

    /// The head of a request is there.
    fn asked(&self) {
        let mut waiting = self.waiting();
        (waiting.idle, waiting.request) = (false, None);
    }

    /// The request is answered.
    fn answered(&self) {
        let mut waiting = self.waiting();
        (waiting.idle, waiting.request) = (true, Some(Instant::now() + self.limits.idle));
    }

    /// What still comes of the request is for nobody.
    fn unwanted(&self) {
        self.waiting().unwanted = true;
    }

    /// All is written.
    fn leaving(&self) -> Leaving {
        let mut waiting = self.waiting();
        waiting.request = Some(Instant::now() + self.limits.head);
        if waiting.unwanted { Leaving::ReadingAway } else { Leaving::Gone }
    }

    /// What came of an attempt to write.
    fn wrote(&self, result: &Poll<io::Result<usize>>) {
        let mut waiting = self.waiting();
        match result {
            Poll::Pending => _ = waiting.write.get_or_insert_with(|| Instant::now() + self.limits.stall),
            Poll::Ready(_) => waiting.write = None,
        }
    }

    /// Ends when a deadline has passed.
    async fn overdue(&self) {
        let Connections { head, idle, stall, .. } = self.limits;
        // No deadline that is set from now on comes earlier than this, so that nobody need be woken when one is.
        let shortest = head.min(idle).min(stall);
        loop {
            let now = Instant::now();
            let Waiting { request, write, .. } = *self.waiting();
            let next = request.into_iter().chain(write).min();
            if next.is_some_and(|deadline| deadline <= now) {
                return;
            }
            let look = now + shortest;
            sleep_until(next.map_or(look, |deadline| deadline.min(look))).await;
        }
    }
}

/// How far a connection is with its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaving {
    NotYet,
    /// All is written, and what still comes is read for nobody.
    ReadingAway,
    Gone,
}

/// A socket whose reading and writing sets the deadlines.
struct Timed {
    socket: TcpStream,
    deadlines: Arc<Deadlines>,
    leaving: Leaving,
    /// Here, because the socket may outlive its connection, as something else than HTTP.
    _place: (OwnedSemaphorePermit, One),
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.socket).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.deadlines.received();
        }
        result
    }
}

impl AsyncWrite for Timed {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.deadlines.wrote(&result);
        result
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.socket).poll_write_vectored(context, parts);
        self.deadlines.wrote(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    /// Ends what is written. Closed with bytes that were not read, the socket would be reset, and the answer lost to who has not read it yet:
    /// a body that nobody wanted is read away.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.leaving == Leaving::NotYet {
            ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
            self.leaving = self.deadlines.leaving();
        }
        while self.leaving == Leaving::ReadingAway {
            let mut space = [MaybeUninit::uninit(); UNWANTED];
            let mut read = ReadBuf::uninit(&mut space);
            let result = ready!(Pin::new(&mut self.socket).poll_read(context, &mut read));
            if result.is_err() || read.filled().is_empty() {
                self.leaving = Leaving::Gone;
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// The body of an answer. The request is answered when it is let go of.
struct Answer<B> {
    body: B,
    deadlines: Arc<Deadlines>,
}

impl<B: Body + Unpin> Body for Answer<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for Answer<B> {
    fn drop(&mut self) {
        self.deadlines.answered();
    }
}
