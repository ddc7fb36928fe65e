//! What is asked of seats: open, update, close.

use async_graphql::{InputObject, MaybeUndefined};
use entity::values::{Date, GlobalId, SeatFill, SeatRole, SubjectKind};
use entity::{Dated, group, membership, seat};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{SeatInput, next_ordinal, placed, settle, write};
use crate::domain::input::{self, seen_if_given};
use crate::domain::narrow;
use crate::domain::view::View;
use crate::domain::write::{Command, Writer, how};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// What a new seat is. It comes after the last of its role in the group.
#[derive(Clone, Debug, InputObject)]
pub struct OpenSeatInput {
    /// In which group.
    pub group: GlobalId,
    /// What it is for.
    pub role: SeatRole,
    /// Whose seat it is; nobody's in particular when left out.
    pub organisation: Option<GlobalId>,
    /// Who names the members on it; the seat's own organisation when left out.
    pub appointer: Option<GlobalId>,
    /// How it is filled.
    #[graphql(default_with = "SeatFill::Appointed")]
    pub fill: SeatFill,
    /// The position that goes with it, when it is filled ex officio. Who holds the position comes to sit on the seat in the same step.
    pub position: Option<GlobalId>,
    /// How many may sit on it at once; null for any number.
    #[graphql(default_with = "Some(1)")]
    pub capacity: Option<i32>,
    /// Whether those who sit on it may vote. When left out: chairs, vice chairs and ordinary members do.
    pub voting: Option<bool>,
    /// The class of members that a source names.
    pub description: Option<String>,
    /// From which day on. When left out: today, or when the group begins if that is later; null for as long as the group.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; as long as the group and the organisation when left out.
    pub until: Option<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a seat; what is left out stays. It is so for the whole of the seat's time: what is different from a
/// day on is another seat.
#[derive(Clone, Debug, InputObject)]
pub struct UpdateSeatInput {
    /// Which.
    pub seat: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Whose seat it is; null for nobody's in particular. Where the organisation appoints to its own seat, the new one does from now on.
    pub organisation: MaybeUndefined<GlobalId>,
    /// Who names the members on it; null for the seat's own organisation.
    pub appointer: MaybeUndefined<GlobalId>,
    /// How it is filled.
    pub fill: Option<SeatFill>,
    /// The position that goes with it; null for none. A position by which people have sat on the seat stays.
    pub position: MaybeUndefined<GlobalId>,
    /// How many may sit on it at once; null for any number.
    pub capacity: MaybeUndefined<i32>,
    /// Whether those who sit on it may vote.
    pub voting: Option<bool>,
    /// The class of members that a source names; null for none.
    pub description: MaybeUndefined<String>,
    /// The first day; null for as long as the group.
    pub from: MaybeUndefined<Date>,
    /// The day after the last; null for as long as the group and the organisation.
    pub until: MaybeUndefined<Date>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which seat is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct CloseSeatInput {
    /// Which.
    pub seat: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl Command for OpenSeatInput {
    how!(OpenSeat);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let group = (SubjectKind::Group, self.group.of(SubjectKind::Group));
        let permit = policy::permit_on(&view.app, &view.actor, Action::OpenSeat, group).await;
        let permit = permit.map_err(|error| error.at("group"))?;
        seen_if_given(view, self.organisation, SubjectKind::Organisation, "organisation").await?;
        seen_if_given(view, self.appointer, SubjectKind::Organisation, "appointer").await?;
        seen_if_given(view, self.position, SubjectKind::Position, "position").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Seat);
        // Two who open seats at the same time come one after the other.
        let group = writer.lock::<group::Model>(self.group.of(SubjectKind::Group)).await?.ok_or(Error::NotFound)?;
        let input = SeatInput {
            group: group.id,
            role: self.role,
            organisation: self.organisation.map(|id| id.of(SubjectKind::Organisation)),
            appointer: self.appointer.map(|id| id.of(SubjectKind::Organisation)),
            fill: self.fill,
            position: self.position.map(|id| id.of(SubjectKind::Position)),
            capacity: self.capacity,
            voting: self.voting.unwrap_or_else(|| self.role.votes()),
            description: self.description.as_deref().map(|text| input::text(text, "description")).transpose()?,
            ordinal: next_ordinal(writer, group.id, self.role).await?,
            period: input::begun(&self.from, self.until, writer.app().today().max(group.valid_from))?,
            sources: Vec::new(),
        };
        write(writer, &mut entry, id, input).await?;
        writer.finish::<seat::Model>(entry).await?;
        Ok(id)
    }
}

impl Command for UpdateSeatInput {
    how!(UpdateSeat);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::UpdateSeat, self.seat).await?;
        seen_if_given(view, self.organisation.value().copied(), SubjectKind::Organisation, "organisation").await?;
        seen_if_given(view, self.appointer.value().copied(), SubjectKind::Organisation, "appointer").await?;
        seen_if_given(view, self.position.value().copied(), SubjectKind::Position, "position").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.seat.of(SubjectKind::Seat);
        let was: seat::Model = writer.expect(SubjectKind::Seat, id, self.expected_version).await?;
        let row = self.applied(was.clone())?;
        if row.position_id != was.position_id {
            nobody_has_sat_by_position(writer, &was).await?;
        }
        let mut entry = writer.entry(SubjectKind::Seat, id);
        let period = placed(writer, row.group_id, row.organisation_id, row.period()).await?;
        let mut row = row;
        row.set_period(period);
        settle(writer, &mut entry, row).await?;
        writer.finish::<seat::Model>(entry).await?;
        Ok(id)
    }
}

impl UpdateSeatInput {
    /// The seat as it is to be; open bounds are still open.
    fn applied(&self, was: seat::Model) -> Result<seat::Model, Error> {
        let of = |id: GlobalId| id.of(SubjectKind::Organisation);
        let organisation = input::changed(&self.organisation.map_value(of), was.organisation_id);
        let appointer = match self.appointer.map_value(of) {
            MaybeUndefined::Undefined if was.appointer_id == was.organisation_id => None,
            appointer => input::changed(&appointer, was.appointer_id),
        };
        let period = input::moved(was.period(), input::first_day(&self.from), &self.until)?;
        let mut row = seat::Model {
            organisation_id: organisation,
            appointer_id: appointer.or(organisation),
            fill: self.fill.unwrap_or(was.fill),
            position_id: input::changed(&self.position.map_value(|id| id.of(SubjectKind::Position)), was.position_id),
            capacity: input::changed(&self.capacity, was.capacity),
            voting: self.voting.unwrap_or(was.voting),
            description: input::changed_text(&self.description, was.description.clone(), "description")?,
            ..was
        };
        row.set_period(period);
        Ok(row)
    }
}

/// Whoever has sat on the seat by its position would never have sat there.
async fn nobody_has_sat_by_position(writer: &Writer, seat: &seat::Model) -> Result<(), Error> {
    let sat = membership::Entity::find()
        .filter(membership::Column::SeatId.eq(seat.id))
        .filter(membership::Column::TenureId.is_not_null())
        .filter(membership::Column::ValidFrom.lte(writer.app().today()));
    if sat.count(writer.db()).await? > 0 {
        return Err(Error::conflict_on(Rule::SeatHasHistory, SubjectKind::Seat, seat.id).at("position"));
    }
    Ok(())
}

impl Command for CloseSeatInput {
    how!(CloseSeat, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::CloseSeat, self.seat).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let id = self.seat.of(SubjectKind::Seat);
        let row: seat::Model = writer.expect(SubjectKind::Seat, id, self.expected_version).await?;
        let period = input::ended(row.period(), self.until, writer.app().today())?;
        let mut entry = writer.entry(SubjectKind::Seat, id);
        narrow::seat(writer, &mut entry, row, period).await?;
        writer.finish::<seat::Model>(entry).await?;
        Ok(id)
    }
}

async fn permit(view: &View, action: Action, seat: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Seat, seat.of(SubjectKind::Seat));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("seat"))
}
