//! Who is asking.

use async_graphql::{Context, Description, Object, SimpleObject};
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, Role, SubjectKind};

use super::Caller;
use super::calendar::Calendar;
use super::group::Group;
use super::identity::Identity;
use super::organisation::Organisation;
use super::person::Person;
use super::row::Row;
use crate::domain;
use crate::domain::budget::Standing;
use crate::domain::change;
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::{self, Action, Right};

/// Den som frågar: who is asking, and what they may.
#[derive(Description)]
pub struct Viewer(pub View);

/// Roll som gäller: a role that the asker has today, by a grant or by what their token carries.
#[derive(SimpleObject)]
pub struct HeldRole {
    /// What they may do.
    role: Role,
    /// A coordinator's group; those below it are meant too.
    group: Option<Group>,
    /// A representative's organisation; its units are meant too.
    organisation: Option<Organisation>,
    /// Whether the token carries it, and no grant.
    by_token: bool,
}

/// Kvot: how much may be asked for. A budget of points, from which each operation takes what it costs, and which fills up evenly within a
/// minute.
#[derive(SimpleObject)]
pub struct RateLimit {
    /// The points of a full budget.
    limit: i32,
    /// The points that are left after this operation.
    remaining: i32,
    /// When it will be full again, if nothing is asked.
    reset_at: DateTime<FixedOffset>,
}

#[Object(use_type_description)]
impl Viewer {
    /// Whether the asker has signed in.
    async fn signed_in(&self) -> bool {
        self.0.actor.sign_in().is_some()
    }

    /// Who issued the asker's token.
    async fn issuer(&self) -> Option<&str> {
        self.0.actor.sign_in().map(|sign_in| sign_in.issuer.as_str())
    }

    /// What the issuer calls the asker.
    async fn subject(&self) -> Option<&str> {
        self.0.actor.sign_in().map(|sign_in| sign_in.subject.as_str())
    }

    /// The asker's identity, once it has been given something or has changed something here.
    async fn identity(&self) -> Result<Option<Identity>, Error> {
        let ids = self.0.actor.sign_in().map(policy::SignIn::identity).into_iter().collect();
        let found = domain::identity::by_ids(self.0.clone(), ids).await?.pop();
        Ok(found.map(|row| Identity(Row::single(&self.0, row))))
    }

    /// Who the asker is, if their identity is linked to a person.
    async fn person(&self) -> Result<Option<Person>, Error> {
        let Some(person) = self.0.actor.person() else { return Ok(None) };
        let found = domain::person::by_ids(self.0.clone(), vec![person]).await?.pop();
        Ok(found.map(|row| Person(Row::single(&self.0, row))))
    }

    /// What the asker may today.
    async fn grants(&self) -> Result<Vec<HeldRole>, Error> {
        let rights = self.0.actor.rights();
        let groups = domain::group::by_ids(self.0.clone(), self.0.actor.places(Role::Coordinator)).await?;
        let organisations =
            domain::organisation::by_ids(self.0.clone(), self.0.actor.places(Role::Representative)).await?;
        let (groups, organisations) = (Row::batch(&self.0, groups), Row::batch(&self.0, organisations));
        let held = |right: &Right| HeldRole {
            role: right.role,
            group: groups.iter().find(|row| Some(row.id) == right.place).cloned().map(Group),
            organisation: organisations.iter().find(|row| Some(row.id) == right.place).cloned().map(Organisation),
            by_token: right.grant.is_none(),
        };
        Ok(rights.iter().map(held).collect())
    }

    /// The asker's calendars with a secret address, except those that have been revoked.
    async fn calendars(&self) -> Result<Vec<Calendar>, Error> {
        let found = domain::calendar::own(&self.0).await?;
        Ok(Row::batch(&self.0, found).into_iter().map(Calendar).collect())
    }

    /// What the asker may ask for: signed in, wherever they are, or else all who ask from the same network. Null where nobody counts.
    async fn rate_limit(&self, ctx: &Context<'_>) -> Option<RateLimit> {
        let Standing { limit, remaining, full_at } = ctx.data_opt::<Caller>()?.standing?;
        let points = |points: u64| i32::try_from(points).unwrap_or(i32::MAX);
        Some(RateLimit { limit: points(limit), remaining: points(remaining), reset_at: full_at.local() })
    }

    /// Where the order of all changes has come to: a subscription with it as `since` tells all that was changed after. Ask for it before the rest,
    /// and nothing is missed in between.
    async fn change_cursor(&self) -> Result<GlobalId, Error> {
        let id = change::id(change::end(&self.0.app).await?);
        Ok(GlobalId { kind: Some(SubjectKind::Change), id, lens: None })
    }

    /// Whether the asker may do something: to a thing, or, without one, at all. What they do not see they may do nothing to. To show or hide a
    /// button: whoever calls the mutation is asked again.
    async fn can(
        &self,
        #[graphql(desc = "What.")] action: Action,
        #[graphql(desc = "To which thing.")] on: Option<GlobalId>,
    ) -> Result<bool, Error> {
        let actor = &self.0.actor;
        let may = match on {
            None => policy::callable(actor, action),
            Some(GlobalId { kind: Some(kind), id, .. }) => {
                policy::permit_on(&self.0.app, actor, action, (kind, id)).await.map(|_| ())
            }
            Some(_) => Err(Error::NotFound),
        };
        match may {
            Ok(()) => Ok(true),
            Err(Error::NotFound | Error::NotAllowed(_) | Error::Denied(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
