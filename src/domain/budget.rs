//! Budgets: how much everybody may ask for. A budget is full to begin with, each operation takes what it costs, and evenly it fills up again
//! within a minute (the generic cell rate algorithm, ITU-T I.371). So all there is to keep of a budget is when it will be full. What an
//! operation turns out to take beyond its price is owed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::values::Instant;
use sea_orm::DbBackend;
use uuid::Uuid;

use crate::app::App;
use crate::db::sql;
use crate::error::Error;

const MINUTE: i64 = 60_000_000;
/// Where instances share budgets, each takes this part of one at a time, so that few operations ask the database.
const SHARES: u64 = 50;
/// How often another instance may be quicker.
const ATTEMPTS: usize = 20;
/// Budgets that are known before those that are full again are looked for and forgotten for the first time.
const KNOWN: usize = 10_000;

/// How an asker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Points in a minute.
    pub limit: u64,
    /// Points that can be asked for at once.
    pub remaining: u64,
    /// When the budget will be full again, if nothing is asked.
    pub full_at: Instant,
}

/// That there is not enough left, and how long it takes until there will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exhausted(pub Duration);

/// The budgets of everybody who has asked lately.
pub struct Budgets {
    per_minute: u64,
    known: Mutex<Known>,
    /// When this instance last looked for budgets that nobody needs any more.
    tidied: AtomicI64,
}

/// The budgets that this instance knows.
struct Known {
    budgets: HashMap<Uuid, Budget>,
    /// How many there may be before those that are full are forgotten: twice as many as were left the last time, so that looking through
    /// them costs each new one next to nothing.
    room: usize,
}

/// A budget, as this instance knows it.
#[derive(Clone, Copy)]
struct Budget {
    full_at: Instant,
    /// Points that this instance has taken and nobody has asked for yet.
    taken: u64,
}

impl Budgets {
    /// Everybody has so many points in a minute.
    pub fn new(per_minute: u64) -> Self {
        let known = Known { budgets: HashMap::new(), room: KNOWN };
        Self { per_minute, known: Mutex::new(known), tidied: AtomicI64::new(0) }
    }

    /// Takes points from a budget. On PostgreSQL all instances take from the same.
    pub async fn spend(&self, app: &App, holder: Uuid, points: u64) -> Result<Result<Standing, Exhausted>, Error> {
        let (now, shared) = (app.now(), app.db.backend() == DbBackend::Postgres);
        if let Some(spent) = self.spend_known(holder, points, now, shared) {
            return Ok(spent);
        }
        self.tidy(app, now).await?;
        let share = points.max(self.per_minute / SHARES);
        let (taken, points_taken) = match self.take_shared(app, holder, share).await? {
            Err(_) if share > points => (self.take_shared(app, holder, points).await?, points),
            taken => (taken, share),
        };
        Ok(taken.map(|full_at| {
            let mut known = self.known(now);
            let budget = known.budgets.entry(holder).or_insert(Budget { full_at, taken: 0 });
            *budget = Budget { full_at, taken: budget.taken + points_taken - points };
            self.standing(*budget, now)
        }))
    }

    /// Takes points that were not foretold, whether they are left or not: until they are back, whoever owes them waits. Nobody owes more than a
    /// whole budget.
    pub async fn owe(&self, app: &App, holder: Uuid, points: u64) -> Result<(), Error> {
        let (now, points) = (app.now(), points.min(self.per_minute));
        let at_most = Instant(now.0 + 2 * MINUTE);
        let owed = {
            let mut known = self.known(now);
            let budget = known.budgets.entry(holder).or_insert(Budget { full_at: now, taken: 0 });
            let owed = self.filled_in(points.saturating_sub(budget.taken));
            budget.taken = budget.taken.saturating_sub(points);
            budget.full_at = Instant(budget.full_at.0.max(now.0) + owed).min(at_most);
            owed
        };
        if owed > 0 && app.db.backend() == DbBackend::Postgres {
            let add = "INSERT INTO budget AS b (holder, full_at) VALUES (?, ?)
                ON CONFLICT (holder) DO UPDATE SET full_at = LEAST(GREATEST(b.full_at, ?) + ?, ?)";
            app.db.query(sql!(add, holder, Instant(now.0 + owed), now, owed, at_most)).await?;
        }
        Ok(())
    }

    /// What this instance can say alone. Where others take from the same budget, that is that there is too little left in any case, or that
    /// enough has been taken before.
    fn spend_known(
        &self,
        holder: Uuid,
        points: u64,
        now: Instant,
        shared: bool,
    ) -> Option<Result<Standing, Exhausted>> {
        let mut known = self.known(now);
        let budget = match shared {
            true => known.budgets.get_mut(&holder)?,
            false => known.budgets.entry(holder).or_insert(Budget { full_at: now, taken: 0 }),
        };
        match budget.taken.checked_sub(points) {
            Some(left) => budget.taken = left,
            None => match self.take(budget.full_at, now, points) {
                Err(exhausted) => return Some(Err(exhausted)),
                Ok(_) if shared => return None,
                Ok(full_at) => budget.full_at = full_at,
            },
        }
        Some(Ok(self.standing(*budget, now)))
    }

    /// When the budget will be full again once the points have been taken.
    fn take(&self, full_at: Instant, now: Instant, points: u64) -> Result<Instant, Exhausted> {
        let after = full_at.0.max(now.0).saturating_add(self.filled_in(points));
        match u64::try_from(after - now.0 - MINUTE) {
            Ok(wait @ 1..) => Err(Exhausted(Duration::from_micros(wait))),
            _ => Ok(Instant(after)),
        }
    }

    /// The same where all instances look. Whoever finds that another was quicker looks again.
    async fn take_shared(&self, app: &App, holder: Uuid, points: u64) -> Result<Result<Instant, Exhausted>, Error> {
        for _ in 0..ATTEMPTS {
            let found = app.db.query(sql!("SELECT full_at FROM budget WHERE holder = ?", holder)).await?;
            let kept: Option<Instant> = found.first().map(|row| row.try_get_by_index(0)).transpose()?;
            let (now, kept_or_full) = (app.now(), kept.unwrap_or(app.now()));
            let full_at = match self.take(kept_or_full, now, points) {
                Ok(full_at) => full_at,
                exhausted => {
                    // It fills up for all at the same pace: until then nobody here need ask again.
                    let unknown = Budget { full_at: kept_or_full, taken: 0 };
                    self.known(now).budgets.entry(holder).or_insert(unknown).full_at = kept_or_full;
                    return Ok(exhausted);
                }
            };
            let written = match kept {
                Some(kept) => {
                    let update = "UPDATE budget SET full_at = ? WHERE holder = ? AND full_at = ? RETURNING holder";
                    sql!(update, full_at, holder, kept)
                }
                None => {
                    let insert =
                        "INSERT INTO budget (holder, full_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING holder";
                    sql!(insert, holder, full_at)
                }
            };
            if !app.db.query(written).await?.is_empty() {
                return Ok(Ok(full_at));
            }
        }
        Err(Error::Busy)
    }

    fn standing(&self, budget: Budget, now: Instant) -> Standing {
        let missing = u64::try_from(budget.full_at.0 - now.0).unwrap_or_default();
        let missing = u128::from(missing) * u128::from(self.per_minute) / MINUTE.unsigned_abs() as u128;
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        let remaining = self.per_minute.saturating_sub(missing).saturating_add(budget.taken);
        Standing { limit: self.per_minute, remaining, full_at: Instant(budget.full_at.0.max(now.0)) }
    }

    /// Microseconds in which so many points come back.
    fn filled_in(&self, points: u64) -> i64 {
        let micros = u128::from(points) * MINUTE.unsigned_abs() as u128 / u128::from(self.per_minute.max(1));
        i64::try_from(micros).unwrap_or(i64::MAX)
    }

    fn known(&self, now: Instant) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.budgets.len() > known.room {
            known.budgets.retain(|_, budget| budget.full_at > now);
            known.room = KNOWN.max(known.budgets.len() * 2);
        }
        known
    }

    /// Forgets, once a minute, the budgets that are full.
    async fn tidy(&self, app: &App, now: Instant) -> Result<(), Error> {
        let last = self.tidied.load(Ordering::Relaxed);
        let due = now.0 - last > MINUTE;
        if due && self.tidied.compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            app.db.query(sql!("DELETE FROM budget WHERE full_at < ?", now)).await?;
        }
        Ok(())
    }
}
