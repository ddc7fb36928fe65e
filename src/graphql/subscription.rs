//! What is told when it happens.

use std::collections::HashSet;

use async_graphql::futures_util::stream::{BoxStream, StreamExt as _, try_unfold};
use async_graphql::{Context, Description, Object, Subscription};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, SubjectKind};
use uuid::Uuid;

use super::change::Change;
use super::group::Group;
use super::node::{self, Node};
use super::organisation::Organisation;
use super::person::Person;
use super::row::Row;
use crate::domain::change::{self, FOLLOWED, Feed, Told, Watch};
use crate::domain::view::View;
use crate::domain::{group, organisation, person};
use crate::error::{Code, Error, Subject};

/// How many groups, organisations or people one subscription follows at most.
const MAX_FOLLOWED: usize = 50;

/// Everything that can be followed. What is told is what was committed, to who may see it then.
#[derive(Description)]
pub struct Subscription;

#[Subscription(use_type_description)]
impl Subscription {
    /// Ändringar: what becomes of groups, organisations and people, as it is committed, each change once and in order. A change concerns what
    /// it changes and that to which this belongs: a membership's change its group, its person and the organisation that it is on behalf of. It
    /// is told to who sees what was changed, by their rights of that moment. Who may read the trail can leave out what they follow, and follows
    /// everything.
    #[graphql(name = "changed")]
    async fn changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What concerns one of these groups; 50 at most.")] groups: Option<Vec<GlobalId>>,
        #[graphql(desc = "What concerns one of these organisations; 50 at most.")] organisations: Option<Vec<GlobalId>>,
        #[graphql(desc = "What concerns one of these people; 50 at most.")] people: Option<Vec<GlobalId>>,
        #[graphql(desc = "A `cursor`: what came after it is told first. Without it, what comes from now on.")]
        since: Option<GlobalId>,
    ) -> Result<BoxStream<'static, Result<ChangeEvent, Error>>, Error> {
        let lists = [groups, organisations, people];
        let followed = if lists.iter().all(Option::is_none) { None } else { Some(followed(lists)?) };
        let since = since.map(place).transpose()?;
        let watch = Watch::new(ctx.data_unchecked::<Feed>(), ctx.data_unchecked::<View>(), followed, since).await?;
        let events = try_unfold(watch, |mut watch| async move {
            let (view, told) = watch.next().await?;
            Ok(Some((ChangeEvent(Row::single(&view, told)), watch)))
        });
        Ok(events.boxed())
    }
}

/// All that is followed.
fn followed(lists: [Option<Vec<GlobalId>>; 3]) -> Result<HashSet<Subject>, Error> {
    let mut all = HashSet::new();
    for (kind, ids) in FOLLOWED.into_iter().zip(lists) {
        let ids = ids.unwrap_or_default();
        if ids.len() > MAX_FOLLOWED {
            return Err(Error::invalid(Code::TooManyIds, format!("at most {MAX_FOLLOWED} of a kind can be followed")));
        }
        all.extend(ids.into_iter().map(|id| (kind, id.of(kind))));
    }
    Ok(all)
}

fn place(cursor: GlobalId) -> Result<i64, Error> {
    match cursor.kind {
        Some(SubjectKind::Change) => Ok(change::seq(cursor.id)),
        _ => Err(Error::invalid(Code::InvalidCursor, "since is no cursor of a change").at("since")),
    }
}

/// Händelse i flödet: a change, as it is told to somebody who follows what it concerns.
#[derive(Description)]
pub struct ChangeEvent(Row<Told>);

impl ChangeEvent {
    /// What of a kind was followed and is concerned.
    fn ids(&self, kind: SubjectKind) -> Vec<Uuid> {
        self.0.concerned.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect()
    }
}

#[Object(use_type_description)]
impl ChangeEvent {
    /// Where it is in the order of all changes: with it as `since`, a later subscription goes on after it.
    async fn cursor(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Change)
    }

    /// When.
    async fn at(&self) -> DateTime<FixedOffset> {
        self.0.row.at.local()
    }

    /// The groups that are followed and that it concerns, as they are now.
    async fn groups(&self) -> Result<Vec<Group>, Error> {
        let found = group::by_ids(self.0.view().clone(), self.ids(SubjectKind::Group)).await?;
        Ok(Row::batch(self.0.view(), found).into_iter().map(Group).collect())
    }

    /// The organisations that are followed and that it concerns, as they are now.
    async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        let found = organisation::by_ids(self.0.view().clone(), self.ids(SubjectKind::Organisation)).await?;
        Ok(Row::batch(self.0.view(), found).into_iter().map(Organisation).collect())
    }

    /// The people who are followed and whom it concerns, as they are now.
    async fn people(&self) -> Result<Vec<Person>, Error> {
        let found = person::by_ids(self.0.view().clone(), self.ids(SubjectKind::Person)).await?;
        Ok(Row::batch(self.0.view(), found).into_iter().map(Person).collect())
    }

    /// What the change was about, as it is now; absent when it is gone or not for the asker to see.
    async fn subject(&self) -> Result<Option<Node>, Error> {
        let id = |told: &Told| GlobalId { kind: Some(told.row.subject_kind), id: told.row.subject_id, lens: None };
        node::named(&self.0, "subject", id).await
    }

    /// The entry of the trail, for who made the change or may read the trail.
    async fn change(&self) -> Result<Option<Change>, Error> {
        Ok(self.0.one("change", |told| Some(change::id(told.row.seq)), change::by_ids).await?.map(Change))
    }
}
