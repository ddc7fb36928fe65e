//! Server-sent events: each answer of a subscription is an event of one response, by the distinct connections mode of
//! [GraphQL over SSE](https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).

use std::pin::Pin;
use std::time::Duration;

use async_graphql::futures_util::stream::{self, Stream, StreamExt as _, unfold};
use poem::http::header;
use poem::{Body, Response};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::answer::Answer;
use super::session::Ending;

/// How often something is sent in any case, so that proxies do not take the connection for dead.
const BEAT: Duration = Duration::from_secs(12);
const BEAT_IS: &str = ":\n\n";
const COMPLETE: &str = "event: complete\ndata:\n\n";

type Answers = Pin<Box<dyn Stream<Item = Answer> + Send>>;
type Ended = Pin<Box<dyn Future<Output = Ending> + Send>>;

/// All that is told from now on, until it ends.
pub fn told(answers: Answers, ended: Ended) -> Response {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let events = unfold(Some(Telling { answers, ended, beat }), |telling| async {
        let mut telling = telling?;
        let (text, goes_on) = telling.next().await;
        Some((text, goes_on.then_some(telling)))
    });
    stream_of(events)
}

/// The one answer to what is no subscription.
pub fn once(answer: &Answer) -> Response {
    let text = next(answer) + COMPLETE;
    stream_of(stream::once(async { text }))
}

fn stream_of(events: impl Stream<Item = String> + Send + 'static) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        // Some proxies keep back what is short.
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(events.map(Ok::<_, std::io::Error>)))
}

struct Telling {
    answers: Answers,
    ended: Ended,
    beat: Interval,
}

impl Telling {
    /// What is sent next, and whether anything comes after it.
    async fn next(&mut self) -> (String, bool) {
        tokio::select! {
            biased;
            // Who is cut off without `complete` comes back.
            ending = &mut self.ended => match ending.answer() {
                Some(answer) => (next(&answer) + COMPLETE, false),
                None => (BEAT_IS.to_owned(), false),
            },
            answer = self.answers.next() => match answer {
                Some(answer) => (next(&answer), true),
                None => (COMPLETE.to_owned(), false),
            },
            _ = self.beat.tick() => (BEAT_IS.to_owned(), true),
        }
    }
}

fn next(answer: &Answer) -> String {
    format!("event: next\ndata: {}\n\n", answer.json())
}
