//! Chance that repeats itself: everything that is drawn follows from the seed.

use chrono::{Days, NaiveDate};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// Milliseconds since 1970 of the first id: 2024-01-01.
const FIRST: u64 = 1_704_067_200_000;

/// A source of chance.
pub struct Draw {
    chance: ChaCha8Rng,
    ids: u64,
}

impl Draw {
    /// The source that a seed gives.
    pub fn new(seed: u64) -> Self {
        Self { chance: ChaCha8Rng::seed_from_u64(seed), ids: 0 }
    }

    /// A new id; each is greater than the one before, as those of real rows are.
    pub fn id(&mut self) -> Uuid {
        let mut bytes = [0; 10];
        self.chance.fill_bytes(&mut bytes);
        self.ids += 1;
        uuid::Builder::from_unix_timestamp_millis(FIRST + self.ids, &bytes).into_uuid()
    }

    /// A number below this one, which is at least 1.
    pub fn below(&mut self, number: usize) -> usize {
        self.chance.random_range(0..number.max(1))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn one<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }
}

/// So many days later.
pub fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// So many days earlier.
pub fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}
