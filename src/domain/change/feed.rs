//! The feed: what is committed to the trail, for those who follow it. Whoever follows asks for what comes after the entry that they have
//! seen last, when they are ready for it: a slow reader keeps nobody waiting and fills no queue. One task reads the trail for all of them,
//! as long as there are any.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::values::{Audience, SubjectKind};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::concern::Belongings;
use super::effect::{self, Effect};
use super::{COLUMNS, Row};
use crate::app::App;
use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns};
use crate::error::{Code, Error, Subject};
use crate::policy::{self, Actor};

/// Entries that are read at once.
const PAGE: usize = 100;
/// Entries that are kept for those who follow; who is further behind reads the trail.
const KEPT: usize = 1_000;
/// How long one waits with a database that fails.
const PAUSE: Duration = Duration::from_millis(250);
/// How long a right that has ended by its day may go on.
const LOOK: Duration = Duration::from_secs(60);

/// The trail as it grows. Cheap to clone.
#[derive(Clone)]
pub struct Feed(Arc<Shared>);

struct Shared {
    app: App,
    /// The place of the newest entry that is known.
    newest: watch::Sender<i64>,
    /// The place of the newest entry that gave somebody a right, or took one.
    rights: watch::Sender<i64>,
    recent: Mutex<Recent>,
}

/// The newest entries.
#[derive(Default)]
struct Recent {
    /// Whether they are being read.
    read: bool,
    /// They are all that come after this place.
    after: i64,
    entries: VecDeque<Arc<Committed>>,
}

/// An entry of the trail, and what it concerns.
pub struct Committed {
    pub row: Row,
    pub things: Vec<Thing>,
    /// Whether it gave somebody a right, or took one.
    about_rights: bool,
}

/// Something that a change did something to.
pub struct Thing {
    /// Who sees all of these may know of it.
    pub seen_by: Vec<Subject>,
    /// The same of who sees this much everywhere, when it is gone.
    pub audience: Option<Audience>,
    /// The groups, organisations and people that it is or belongs to.
    pub concerned: HashSet<Subject>,
}

impl Feed {
    /// Of an application. Nothing is read before somebody follows.
    pub fn new(app: App) -> Self {
        let (newest, rights, recent) = (watch::Sender::new(0), watch::Sender::new(0), Mutex::default());
        Self(Arc::new(Shared { app, newest, rights, recent }))
    }

    /// Follows from after a place in the trail, or from now on. A place where the trail has not been yet is [`Code::InvalidCursor`].
    pub async fn follow(&self, since: Option<i64>) -> Result<Follower, Error> {
        let newest = self.listen().await?;
        let end = end(&self.0.app).await?;
        match since {
            Some(since) if !(0..=end).contains(&since) => {
                Err(Error::invalid(Code::InvalidCursor, "since is no place in the trail").at("since"))
            }
            _ => Ok(Follower { feed: self.clone(), newest, at: since.unwrap_or(end), ready: VecDeque::new() }),
        }
    }

    /// Returns when the actor may no longer all that they could. What ends by its day alone is noticed a little later.
    pub async fn revoked(&self, actor: &Actor) {
        let mut rights = self.0.rights.subscribe();
        // While the trail cannot be read, one looks now and then.
        let _reading = self.listen().await;
        loop {
            if let Some(sign_in) = actor.sign_in()
                && let Ok(now) = policy::actor(&self.0.app.for_request(), sign_in.clone()).await
                && actor.rights().iter().any(|right| !now.rights().contains(right))
            {
                return;
            }
            // It fails when the feed is gone, which comes to the same.
            let _ = timeout(LOOK, rights.changed()).await;
        }
    }

    /// Has the trail read for as long as the receiver is there.
    async fn listen(&self) -> Result<watch::Receiver<i64>, Error> {
        let newest = self.0.newest.subscribe();
        if !self.recent().read {
            let end = end(&self.0.app).await?;
            let mut recent = self.recent();
            if !recent.read {
                *recent = Recent { read: true, after: end, entries: VecDeque::new() };
                self.0.newest.send_replace(end);
                tokio::spawn(self.clone().read());
            }
        }
        Ok(newest)
    }

    /// Reads the trail until nobody follows any more.
    async fn read(self) {
        let wake = self.0.app.db.wake();
        let mut at = self.recent().after;
        loop {
            match page(&self.0.app, at, i64::MAX).await {
                Ok(entries) => {
                    let full = entries.len() == PAGE;
                    at = entries.last().map_or(at, |entry| entry.row.seq);
                    self.keep(entries);
                    if full {
                        continue;
                    }
                }
                Err(error) => tracing::warn!(?error, "the trail cannot be read"),
            }
            {
                let mut recent = self.recent();
                if self.0.newest.is_closed() {
                    *recent = Recent::default();
                    return;
                }
            }
            wake.next().await;
        }
    }

    fn keep(&self, entries: Vec<Arc<Committed>>) {
        let Some(last) = entries.last().map(|entry| entry.row.seq) else { return };
        let rights = entries.iter().rev().find(|entry| entry.about_rights).map(|entry| entry.row.seq);
        {
            let mut recent = self.recent();
            recent.entries.extend(entries);
            while recent.entries.len() > KEPT {
                recent.after = recent.entries.pop_front().map_or(last, |entry| entry.row.seq);
            }
        }
        self.0.newest.send_replace(last);
        if let Some(rights) = rights {
            self.0.rights.send_replace(rights);
        }
    }

    /// The entries after a place, the first ones, and up to where the trail has been looked at with them.
    async fn after(&self, at: i64) -> Result<(Vec<Arc<Committed>>, i64), Error> {
        let until = {
            let recent = self.recent();
            if at >= recent.after {
                let next = recent.entries.iter().filter(|entry| entry.row.seq > at).take(PAGE).cloned();
                return Ok((next.collect(), at));
            }
            recent.after
        };
        Ok((page(&self.0.app, at, until).await?, until))
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.0.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who follows the trail.
pub struct Follower {
    feed: Feed,
    newest: watch::Receiver<i64>,
    /// The place of the last entry that was given out.
    at: i64,
    ready: VecDeque<Arc<Committed>>,
}

impl Follower {
    /// The next entry, as soon as there is one. Each comes once, in the order of the trail.
    pub async fn next(&mut self) -> Arc<Committed> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                self.at = entry.row.seq;
                return entry;
            }
            let at = self.at;
            // It fails when the feed is gone; then nothing comes any more.
            if self.newest.wait_for(|newest| *newest > at).await.is_err() {
                std::future::pending::<()>().await;
            }
            match self.feed.after(at).await {
                Ok((entries, until)) if entries.is_empty() => self.at = until.max(at),
                Ok((entries, _)) => self.ready = entries.into(),
                Err(error) => {
                    tracing::warn!(?error, "the trail cannot be read");
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

impl Committed {
    /// Whether it concerns any of these, whoever sees it.
    pub fn concerns(&self, followed: &HashSet<Subject>) -> bool {
        self.things.iter().any(|thing| !thing.concerned.is_disjoint(followed))
    }
}

/// The place of the newest entry.
pub async fn end(app: &App) -> Result<i64, Error> {
    let found = app.db.query(Sql::text("SELECT COALESCE(MAX(c.seq), 0) FROM change c")).await?;
    found.first().map_or(Ok(0), |row| Ok(row.try_get_by_index(0)?))
}

/// The first entries after a place and up to another.
async fn page(app: &App, after: i64, until: i64) -> Result<Vec<Arc<Committed>>, Error> {
    let entries = sql!(format!("SELECT {COLUMNS} FROM change c WHERE c.seq > ? AND c.seq <= ?"), after, until);
    let entries = app.db.query(entries.then(format!("ORDER BY c.seq LIMIT {PAGE}"))).await?;
    let rows = entries.iter().map(|row| Row::read(&mut Cells::new(row)).map_err(Error::from));
    let rows = rows.collect::<Result<Vec<Row>, Error>>()?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let effects = effect::of_entries(app, &rows).await?;
    let named = effects.iter().flat_map(|(_, effect)| effect.subjects().into_iter().chain(effect.named()));
    let belongings = Belongings::of(app, named).await?;
    let committed = |row: Row| {
        let own = || effects.iter().filter(|(seq, _)| *seq == row.seq).map(|(_, effect)| effect);
        let things = own().map(|effect| thing(effect, &belongings)).collect();
        let about_rights = own().any(|effect| matches!(effect.table.as_str(), "grant" | "identity"));
        Arc::new(Committed { things, about_rights, row })
    };
    Ok(rows.into_iter().map(committed).collect())
}

fn thing(effect: &Effect, belongings: &Belongings) -> Thing {
    let mut seen_by = effect.subjects();
    let mut audience = None;
    if effect.is_gone() {
        // What is gone nobody can be seen to see: it belonged to what it named.
        seen_by = effect.named();
        audience = effect.audience();
    } else if effect.kind() == Some(SubjectKind::Figure) {
        // A figure is seen with what it is of.
        seen_by = seen_by.into_iter().flat_map(|figure| belongings.wholes(figure).collect::<Vec<_>>()).collect();
    }
    let concerned = belongings.concerned(effect.subjects().into_iter().chain(effect.named()));
    Thing { seen_by, audience, concerned }
}
