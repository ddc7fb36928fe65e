//! What is asked of calendars: create, revoke.

use async_graphql::{InputObject, InputType};
use entity::calendar;
use entity::values::{GlobalId, SubjectKind};
use uuid::Uuid;

use crate::domain::identity::entered;
use crate::domain::input;
use crate::domain::meeting::MeetingFilter;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::Error;
use crate::policy::{self, Action, Permit};

/// A calendar to subscribe to by a secret address.
#[derive(Clone, Debug, InputObject)]
pub struct CreateCalendarInput {
    /// What it is to be called.
    pub name: String,
    /// Which meetings it is to hold: those of a person, a group, an organisation, of some kinds, and so on.
    pub filter: MeetingFilter,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which calendar is no longer to be read by its address.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeCalendarInput {
    /// Which.
    pub calendar: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for CreateCalendarInput {
    how!(CreateCalendar);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = policy::permit(&view.actor, Action::CreateCalendar)?;
        let MeetingFilter { group, person, organisation, schedule, .. } = &self.filter;
        for (id, kind, field) in [
            (group, SubjectKind::Group, "group"),
            (person, SubjectKind::Person, "person"),
            (organisation, SubjectKind::Organisation, "organisation"),
            (schedule, SubjectKind::Schedule, "schedule"),
        ] {
            let seen = input::seen_if_given(view, *id, kind, field).await;
            seen.map_err(|error| error.at("filter"))?;
        }
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let owner = writer.permit().actor().sign_in().cloned();
        let owner = owner.ok_or_else(|| Error::Denied("a calendar is somebody's".into()))?;
        let filter = self.filter.to_value().into_json().map_err(|error| Error::Internal(error.to_string()))?;
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Calendar);
        let identity_id = entered(writer, &mut entry, &owner).await?.id;
        let name = input::name(&self.name, "name")?;
        let row = calendar::Model { id, identity_id, name, filter, revoked: false, version: 0 };
        writer.put(&mut entry, row).await?;
        writer.finish::<calendar::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for RevokeCalendarInput {
    how!(RevokeCalendar);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let subject = (SubjectKind::Calendar, self.calendar.of(SubjectKind::Calendar));
        let permit = policy::permit_on(&view.app, &view.actor, Action::RevokeCalendar, subject).await;
        permit.map_err(|error| error.at("calendar"))
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.calendar.of(SubjectKind::Calendar);
        let row: calendar::Model = writer.expect(SubjectKind::Calendar, id, self.expected_version).await?;
        let mut entry = writer.entry(SubjectKind::Calendar, id);
        writer.put(&mut entry, calendar::Model { revoked: true, ..row }).await?;
        writer.finish::<calendar::Model>(entry).await?;
        Ok(id)
    }
}
