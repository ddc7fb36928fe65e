//! What is said of what happens: lines on standard error, since standard output is for answers, and traces where somebody wants them.

use samverkan::config::Log;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt, registry};

use super::{Failure, Traces};

/// Which lines are written; or why that cannot be told.
pub fn filter(log: &Log) -> Result<EnvFilter, String> {
    EnvFilter::builder().parse(&log.filter).map_err(|error| error.to_string())
}

/// Writes lines and traces from now on. A panic is logged with its place and without its text, which may hold anything.
pub fn begin(log: &Log, traces: &Traces) -> Result<(), Failure> {
    let filter = filter(log).map_err(|error| Failure::usage(format!("log: {error}")))?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if log.json { lines.json().boxed() } else { lines.boxed() };
    registry().with(lines.with_filter(filter)).with(traces.layer()).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panic");
    }));
    Ok(())
}
