//! Memberships and decisions as the schema shows them.

use async_graphql::{Description, Object, SimpleObject};
use entity::values::{Date, GlobalId, SeatRole, SubjectKind};

use super::change::Change;
use super::connection::connections;
use super::contact_point::ContactPoint;
use super::group::Group;
use super::organisation::Organisation;
use super::period::Period;
use super::person::Person;
use super::row::Row;
use super::seat::Seat;
use super::source::Source;
use super::substitution::Substitution;
use crate::domain::membership;
use crate::error::Error;

/// Medlemskap: a person on a seat for a period, on behalf of an organisation.
#[derive(Description, Clone)]
pub struct Membership(pub Row<membership::Row>);

impl From<Row<membership::Row>> for Membership {
    fn from(row: Row<membership::Row>) -> Self {
        Self(row)
    }
}

/// Beslut: the decision by which a membership came about.
#[derive(Clone, Debug, SimpleObject)]
pub struct Decision {
    /// Who decided.
    pub body: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// Its diary number or paragraph.
    pub reference: Option<String>,
}

#[Object(use_type_description)]
impl Membership {
    /// The membership's id.
    pub async fn id(&self) -> GlobalId {
        self.0.global_id(SubjectKind::Membership)
    }

    /// Who sits.
    async fn person(&self) -> Result<Person, Error> {
        self.0.part("person", |row| row.person.as_ref())?.map(Person).ok_or(Error::NotFound)
    }

    /// In which group.
    async fn group(&self) -> Result<Group, Error> {
        self.0.part("group", |row| row.group.as_ref())?.map(Group).ok_or(Error::NotFound)
    }

    /// On which seat.
    async fn seat(&self) -> Result<Seat, Error> {
        self.0.part("seat", |row| Some(&row.seat))?.map(Seat).ok_or(Error::NotFound)
    }

    /// As what: the role of the seat.
    async fn role(&self) -> SeatRole {
        self.0.seat.role
    }

    /// For which organisation.
    async fn on_behalf_of(&self) -> Result<Option<Organisation>, Error> {
        Ok(self.0.part("onBehalfOf", |row| row.on_behalf_of.as_ref())?.map(Organisation))
    }

    /// How long.
    async fn period(&self) -> Period {
        Period::new(self.0.membership.period, self.0.view().on())
    }

    /// By which decision.
    async fn decision(&self) -> Option<Decision> {
        let row = &self.0.membership;
        let decision = Decision {
            body: row.decision_body.clone(),
            date: row.decision_date.map(Date),
            reference: row.decision_reference.clone(),
        };
        let known = decision.body.is_some() || decision.date.is_some() || decision.reference.is_some();
        known.then_some(decision)
    }

    /// How to reach the person in this capacity: of each kind the nearest, the membership's own before the seat's, the position's and
    /// the person's; only what the asker may see.
    async fn contact_points(&self) -> Result<Vec<ContactPoint>, Error> {
        super::contact_point::effective(&self.0).await
    }

    /// Who may stand in on the day, in order.
    async fn substitutions(&self) -> Result<Vec<Substitution>, Error> {
        let found = self.0.many("substitutions", crate::domain::substitution::of_memberships).await?;
        Ok(found.into_iter().map(Substitution).collect())
    }

    /// The membership that this one took over from.
    async fn replaces(&self) -> Result<Option<Membership>, Error> {
        Ok(self.0.one("replaces", |row| row.membership.replaces_id, membership::by_ids).await?.map(Membership))
    }

    /// The membership that took over from this one.
    async fn replaced_by(&self) -> Result<Option<Membership>, Error> {
        let found = self.0.many("replacedBy", membership::replacing).await?;
        Ok(found.into_iter().next().map(Membership))
    }

    /// Why it ended.
    async fn end_reason(&self) -> Option<&str> {
        self.0.membership.end_reason.as_deref()
    }

    /// Counts the changes of the membership, from 1.
    async fn version(&self) -> i32 {
        self.0.membership.version
    }

    /// Where this was taken from.
    async fn sources(&self) -> Result<Vec<Source>, Error> {
        super::source::sources(&self.0).await
    }

    /// The lists that belong to it.
    #[graphql(flatten)]
    async fn lists(&self) -> MembershipLists {
        MembershipLists(self.0.clone())
    }
}

connections! {
    MembershipLists of membership::Row {
        /// What has been changed of it, the latest first, for who may change it, auditors and administrators; empty for others.
        history() -> Change by crate::domain::change::of_memberships;
    }
}
