//! What is asked of substitutions: add, end.

use async_graphql::InputObject;
use entity::values::{Date, GlobalId, Period, SubjectKind};
use entity::{Dated, meeting, membership, seat, sitting_group, substitution};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::domain::input::{self, seen};
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Code, Error, Said};
use crate::policy::{self, Action, Permit};

/// Who is to stand in for a member.
#[derive(Clone, Debug, InputObject)]
pub struct AddSubstitutionInput {
    /// For which membership.
    pub membership: GlobalId,
    /// Who.
    pub person: GlobalId,
    /// In which order: 1 stands in first; after the last when left out.
    pub order: Option<i32>,
    /// Whether the person may vote when standing in; as on the seat when left out.
    pub voting: Option<bool>,
    /// For one meeting of the group only.
    pub meeting: Option<GlobalId>,
    /// The first day. When left out that of the meeting, or today, or the membership's if that is later.
    pub from: Option<Date>,
    /// The day after the last. When left out that of the meeting, or of the membership.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which substitution is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct EndSubstitutionInput {
    /// Which.
    pub substitution: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for AddSubstitutionInput {
    how!(AddSubstitution);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Membership, self.membership.of(SubjectKind::Membership));
        let permit = policy::permit_on(&view.app, &view.actor, Action::AddSubstitution, subject).await;
        let permit = permit.map_err(|error| error.at("membership"))?;
        seen(view, self.person, SubjectKind::Person, "person").await?;
        if let Some(id) = self.meeting_id()
            && crate::domain::meeting::by_ids(view.clone(), vec![id]).await?.is_empty()
        {
            return Err(Error::NotFound.at("meeting"));
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let membership = self.membership.of(SubjectKind::Membership);
        let membership: membership::Model = writer.lock(membership).await?.ok_or(Error::NotFound)?;
        let seat: seat::Model = writer.find(membership.seat_id).await?.ok_or(Error::NotFound)?;
        let person_id = self.person.of(SubjectKind::Person);
        if person_id == membership.person_id {
            return Err(wrong("nobody stands in for themselves", "ingen ersätter sig själv").at("person"));
        }
        let (valid_from, valid_until, valid_precision) = self.period(writer, &membership, &seat).await?.columns();
        let id = writer.app().new_id();
        let row = substitution::Model {
            id,
            membership_id: membership.id,
            person_id,
            meeting_id: self.meeting_id(),
            ordinal: self.ordinal(writer, membership.id).await?,
            voting: self.voting.unwrap_or(seat.voting),
            valid_from,
            valid_until,
            valid_precision,
            version: 0,
        };
        settle(writer, row).await
    }
}

impl AddSubstitutionInput {
    fn meeting_id(&self) -> Option<Uuid> {
        self.meeting.map(|id| id.of(SubjectKind::Meeting))
    }

    async fn period(
        &self,
        writer: &Writer,
        membership: &membership::Model,
        seat: &seat::Model,
    ) -> Result<Period, Error> {
        let Some(id) = self.meeting_id() else {
            let from = self.from.unwrap_or(Date(writer.app().today().max(membership.valid_from)));
            return Ok(input::period(from, self.until)?.within(membership.period()));
        };
        let of_group = sitting_group::Entity::find()
            .filter(sitting_group::Column::MeetingId.eq(id))
            .filter(sitting_group::Column::GroupId.eq(seat.group_id));
        if of_group.one(writer.db()).await?.is_none() {
            return Err(wrong("this is no meeting of the group", "detta är inget möte i gruppen").at("meeting"));
        }
        let meeting: meeting::Model = writer.find(id).await?.ok_or(Error::NotFound)?;
        let last = meeting.ends_at.day();
        let from = self.from.unwrap_or(Date(meeting.starts_at.day()));
        input::period(from, self.until.or(Some(Date(last.succ_opt().unwrap_or(last)))))
    }

    async fn ordinal(&self, writer: &Writer, membership: Uuid) -> Result<i32, Error> {
        match self.order {
            Some(order) if order < 1 => Err(wrong("an order is at least 1", "en ordning är minst 1").at("order")),
            Some(order) => Ok(order),
            None => {
                let all = substitution::Entity::find().filter(substitution::Column::MembershipId.eq(membership));
                let last = all.all(writer.db()).await?.iter().map(|row| row.ordinal).max();
                Ok(last.map_or(1, |last| last.saturating_add(1)))
            }
        }
    }
}

fn wrong(english: &'static str, swedish: &'static str) -> Error {
    Error::invalid(Code::InvalidInput, Said::both(english, swedish))
}

impl Command for EndSubstitutionInput {
    how!(EndSubstitution);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Substitution, self.substitution.of(SubjectKind::Substitution));
        let permit = policy::permit_on(&view.app, &view.actor, Action::EndSubstitution, subject).await;
        permit.map_err(|error| error.at("substitution"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.substitution.of(SubjectKind::Substitution);
        let mut row: substitution::Model = writer.expect(SubjectKind::Substitution, id, self.expected_version).await?;
        row.set_period(input::ended(row.period(), self.until, writer.app().today())?);
        settle(writer, row).await
    }
}

async fn settle(writer: &mut Writer, row: substitution::Model) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::Substitution, id);
    writer.put(&mut entry, row).await?;
    writer.finish::<substitution::Model>(entry).await?;
    Ok(id)
}
