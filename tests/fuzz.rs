//! What reads what strangers send, against whatever bytes there are. Each runs for a second; with `BOLERO_RANDOM_TEST_TIME_MS` for
//! longer, and a fuzzer that sees which branches are taken can drive the same targets.

mod cursor;
mod guard;
mod token;

use std::time::Duration;

const TIME: Duration = Duration::from_secs(1);
