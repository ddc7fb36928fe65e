//! Following: of all that is committed, what concerns the things that somebody follows, as far as they may know of it when it is told.

use std::collections::HashSet;

use uuid::Uuid;

use super::Row;
use super::feed::{Committed, Feed, Follower, Thing};
use crate::domain::cells::Identified;
use crate::domain::view::View;
use crate::error::{Error, Subject};
use crate::policy::{self, Action};

/// What somebody follows. One that waits keeps no connection to the database.
pub struct Watch {
    view: View,
    /// Everything, if nothing is named.
    followed: Option<HashSet<Subject>>,
    follower: Follower,
}

/// An entry as it is told to somebody who follows.
#[derive(Clone, Debug)]
pub struct Told {
    pub row: Row,
    /// What of that which they follow it concerns.
    pub concerned: Vec<Subject>,
}

impl Identified for Told {
    fn id(&self) -> Uuid {
        self.row.id()
    }
}

impl Watch {
    /// Follows these things, or everything, for who may read the trail ([`Action::ReadChanges`]). Begins after a place in the trail, or now.
    pub async fn new(
        feed: &Feed,
        view: &View,
        followed: Option<HashSet<Subject>>,
        since: Option<i64>,
    ) -> Result<Self, Error> {
        if followed.is_none() {
            policy::callable(&view.actor, Action::ReadChanges)?;
        }
        let follower = feed.follow(since).await?;
        let view = View::today(view.app.for_request(), view.actor.clone());
        Ok(Self { view, followed, follower })
    }

    /// What is told next, and the view of the asker at that moment: their rights are looked up for each entry.
    pub async fn next(&mut self) -> Result<(View, Told), Error> {
        loop {
            let entry = self.follower.next().await;
            if !self.followed.as_ref().is_none_or(|followed| concerns(&entry, followed)) {
                continue;
            }
            let app = self.view.app.for_request();
            let actor = match self.view.actor.sign_in() {
                Some(sign_in) => policy::actor(&app, sign_in.clone()).await?,
                None => self.view.actor.clone(),
            };
            let view = View::today(app, actor);
            if let Some(told) = told(&entry, &view, self.followed.as_ref()).await? {
                return Ok((view, told));
            }
        }
    }
}

/// Whether an entry concerns any of these, whoever sees it.
fn concerns(entry: &Committed, followed: &HashSet<Subject>) -> bool {
    entry.things.iter().any(|thing| !thing.concerned.is_disjoint(followed))
}

/// How an entry is told; not at all, when it concerns nothing that is followed and seen.
async fn told(entry: &Committed, view: &View, followed: Option<&HashSet<Subject>>) -> Result<Option<Told>, Error> {
    let Some(followed) = followed else {
        // Whose right is gone is told nothing, until [`Feed::revoked`] ends it.
        let may = policy::callable(&view.actor, Action::ReadChanges).is_ok();
        return Ok(may.then(|| Told { row: entry.row.clone(), concerned: Vec::new() }));
    };
    let may_be_told = |thing: &&Thing| {
        let audience = thing.audience.is_none_or(|audience| audience <= view.actor.sees());
        audience && !thing.concerned.is_disjoint(followed)
    };
    let things: Vec<&Thing> = entry.things.iter().filter(may_be_told).collect();
    if things.is_empty() {
        return Ok(None);
    }
    let named = things.iter().flat_map(|thing| thing.seen_by.iter().chain(thing.concerned.intersection(followed)));
    let named: Vec<Subject> = named.copied().collect();
    let visible = policy::visible_of(&view.app, &view.actor, named).await?;
    let seen = |thing: &&&Thing| !thing.seen_by.is_empty() && thing.seen_by.iter().all(|(_, id)| visible.contains(id));
    let seen = things.iter().filter(seen);
    let concerned = seen.flat_map(|thing| thing.concerned.intersection(followed));
    let concerned: HashSet<Subject> = concerned.filter(|(_, id)| visible.contains(id)).copied().collect();
    let mut concerned: Vec<Subject> = concerned.into_iter().collect();
    concerned.sort();
    Ok((!concerned.is_empty()).then(|| Told { row: entry.row.clone(), concerned }))
}
