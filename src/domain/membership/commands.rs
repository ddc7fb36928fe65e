//! What is asked of memberships: add, change, end, replace.

use async_graphql::{InputObject, MaybeUndefined, OneofObject};
use chrono::NaiveDate;
use entity::values::{Date, GlobalId, Period, PeriodState, SeatFill, SeatRole, SubjectKind};
use entity::{Dated, membership, seat};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Decision, MembershipInput, write};
use crate::domain::input::{self, seen, seen_if_given};
use crate::domain::narrow;
use crate::domain::seat::{SeatInput, next_ordinal, write as write_seat};
use crate::domain::view::View;
use crate::domain::write::{Command, Entry, Writer, how};
use crate::error::{Code, Error, Rule, Said};
use crate::policy::{self, Action, Permit};

/// Names a seat to sit on.
#[derive(Clone, Debug, OneofObject)]
pub enum SeatBy {
    /// Its id.
    Id(GlobalId),
    /// Its group, role and organisation. A seat that is not there is opened.
    Place(SeatPlace),
}

/// Where a seat is and what it is for.
#[derive(Clone, Debug, InputObject)]
pub struct SeatPlace {
    /// In which group.
    pub group: GlobalId,
    /// What it is for.
    pub role: SeatRole,
    /// Whose seat it is; nobody's in particular when left out.
    pub organisation: Option<GlobalId>,
}

/// By which decision.
#[derive(Clone, Debug, InputObject)]
pub struct DecisionInput {
    /// Who decided.
    pub body: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// Its diary number or paragraph.
    pub reference: Option<String>,
}

/// Who is to sit where.
#[derive(Clone, Debug, InputObject)]
pub struct AddMemberInput {
    /// On which seat.
    pub seat: SeatBy,
    /// Who.
    pub person: GlobalId,
    /// For which organisation; the seat's own when left out.
    pub on_behalf_of: Option<GlobalId>,
    /// From which day on; today when left out.
    pub from: Option<Date>,
    /// The day after the last; as long as the seat when left out.
    pub until: Option<Date>,
    /// By which decision.
    pub decision: Option<DecisionInput>,
    /// From which membership this one takes over.
    pub replaces: Option<GlobalId>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// What is to be different about a membership; what is left out stays.
#[derive(Clone, Debug, InputObject)]
pub struct ChangeMembershipInput {
    /// Which.
    pub membership: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// For which organisation; null for none.
    pub on_behalf_of: MaybeUndefined<GlobalId>,
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last; null for as long as the seat.
    pub until: MaybeUndefined<Date>,
    /// By which decision; null for none.
    pub decision: MaybeUndefined<DecisionInput>,
    /// Why it ended; null for no reason.
    pub end_reason: MaybeUndefined<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Which membership is to end, and when.
#[derive(Clone, Debug, InputObject)]
pub struct EndMembershipInput {
    /// Which.
    pub membership: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// The day after the last; today when left out.
    pub until: Option<Date>,
    /// Why it ends.
    pub end_reason: Option<String>,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

/// Who is to sit instead of whom. The one ends and the other begins on the same day, in one step.
#[derive(Clone, Debug, InputObject)]
pub struct ReplaceMemberInput {
    /// The membership that ends.
    pub membership: GlobalId,
    /// The version that was seen.
    pub expected_version: i32,
    /// Who is to sit from then on.
    pub person: GlobalId,
    /// The first day of the new member; today when left out.
    pub on: Option<Date>,
    /// The day after the last of the new member; that of the old one when left out.
    pub until: Option<Date>,
    /// For which organisation; the same as before when left out.
    pub on_behalf_of: Option<GlobalId>,
    /// By which decision.
    pub decision: Option<DecisionInput>,
    /// Why the old membership ends.
    pub end_reason: Option<String>,
    /// Whether to say only what would change, and change nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// Why, for the trail.
    pub reason: Option<String>,
    /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
    pub idempotency_key: Option<String>,
}

impl From<DecisionInput> for Decision {
    fn from(input: DecisionInput) -> Self {
        Self { body: input.body, date: input.date.map(|date| date.0), reference: input.reference }
    }
}

impl Command for AddMemberInput {
    how!(AddMember);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = match &self.seat {
            SeatBy::Id(id) => {
                let seat = (SubjectKind::Seat, id.of(SubjectKind::Seat));
                policy::permit_on(&view.app, &view.actor, Action::AddMember, seat).await
            }
            SeatBy::Place(place) => place.permit(view, self.first_day(view.app.today())).await,
        };
        let permit = permit.map_err(|error| error.at("seat"))?;
        seen(view, self.person, SubjectKind::Person, "person").await?;
        seen_if_given(view, self.on_behalf_of, SubjectKind::Organisation, "onBehalfOf").await?;
        seen_if_given(view, self.replaces, SubjectKind::Membership, "replaces").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Membership);
        let from = self.first_day(writer.app().today());
        let seat = match &self.seat {
            SeatBy::Id(id) => writer.lock::<seat::Model>(id.of(SubjectKind::Seat)).await?.ok_or(Error::NotFound)?,
            SeatBy::Place(place) => place.find_or_open(writer, &mut entry, from).await?,
        };
        let input = MembershipInput {
            seat: seat.id,
            person: self.person.of(SubjectKind::Person),
            on_behalf_of: self.on_behalf_of.map(|id| id.of(SubjectKind::Organisation)),
            period: input::period(Date(from), self.until)?,
            decision: self.decision.clone().map(Decision::from).unwrap_or_default(),
            end_reason: None,
            replaces: self.replaces.map(|id| id.of(SubjectKind::Membership)),
            sources: Vec::new(),
        };
        write(writer, &mut entry, id, &seat, input).await?;
        writer.finish::<membership::Model>(entry).await?;
        Ok(id)
    }
}

impl AddMemberInput {
    fn first_day(&self, today: NaiveDate) -> NaiveDate {
        self.from.map_or(today, |from| from.0)
    }
}

/// Of seats in one place, the one that is there on a day.
fn there_on(seats: &[seat::Model], day: NaiveDate) -> Option<&seat::Model> {
    seats.iter().find(|seat| seat.period().state(day) == PeriodState::Current)
}

impl SeatPlace {
    /// To sit there; and to open a seat, where there is none.
    async fn permit(&self, view: &View, from: NaiveDate) -> Result<Permit, Error> {
        let group = (SubjectKind::Group, self.group.of(SubjectKind::Group));
        seen_if_given(view, self.organisation, SubjectKind::Organisation, "organisation").await?;
        if let Some(seat) = there_on(&self.seats(view.app.db.reader().await).await?, from) {
            if !policy::sees(&view.app, &view.actor, group).await? {
                return Err(Error::NotFound);
            }
            return policy::permit_on(&view.app, &view.actor, Action::AddMember, (SubjectKind::Seat, seat.id)).await;
        }
        policy::permit_on(&view.app, &view.actor, Action::OpenSeat, group).await?;
        policy::permit_on(&view.app, &view.actor, Action::AddMember, group).await
    }

    async fn seats(&self, db: &impl sea_orm::ConnectionTrait) -> Result<Vec<seat::Model>, Error> {
        let organisation = self.organisation.map(|id| id.of(SubjectKind::Organisation));
        let of_organisation = match organisation {
            Some(id) => seat::Column::OrganisationId.eq(id),
            None => seat::Column::OrganisationId.is_null(),
        };
        let found = seat::Entity::find()
            .filter(seat::Column::GroupId.eq(self.group.of(SubjectKind::Group)))
            .filter(seat::Column::Role.eq(self.role))
            .filter(of_organisation)
            .filter(seat::Column::PositionId.is_null())
            .order_by_asc(seat::Column::Ordinal)
            .order_by_asc(seat::Column::Id);
        Ok(found.all(db).await?)
    }

    /// Two who come at the same time find the same seat: the group is locked meanwhile.
    async fn find_or_open(&self, writer: &Writer, entry: &mut Entry, from: NaiveDate) -> Result<seat::Model, Error> {
        let group = self.group.of(SubjectKind::Group);
        writer.lock::<entity::group::Model>(group).await?.ok_or(Error::NotFound)?;
        let there = self.seats(writer.db()).await?;
        if let Some(seat) = there_on(&there, from) {
            return writer.lock::<seat::Model>(seat.id).await?.ok_or(Error::NotFound);
        }
        let id = writer.app().new_id();
        let input = SeatInput {
            group,
            role: self.role,
            organisation: self.organisation.map(|id| id.of(SubjectKind::Organisation)),
            appointer: None,
            fill: SeatFill::Appointed,
            position: None,
            capacity: None,
            voting: self.role.votes(),
            description: None,
            ordinal: next_ordinal(writer, group, self.role).await?,
            // Where there was a seat at another time, this is another one.
            period: if there.is_empty() { Period::ALWAYS } else { input::period(Date(from), None)? },
            sources: Vec::new(),
        };
        write_seat(writer, entry, id, input).await?;
        writer.find::<seat::Model>(id).await?.ok_or(Error::NotFound)
    }
}

impl Command for ChangeMembershipInput {
    how!(ChangeMembership);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::ChangeMembership, self.membership).await?;
        seen_if_given(view, self.on_behalf_of.value().copied(), SubjectKind::Organisation, "onBehalfOf").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (was, seat) = sitting(writer, self.membership, self.expected_version).await?;
        let mut row = was.clone();
        let organisation = self.on_behalf_of.map_value(|id| id.of(SubjectKind::Organisation));
        row.on_behalf_of_id = input::changed(&organisation, was.on_behalf_of_id);
        row.end_reason = input::changed_text(&self.end_reason, was.end_reason.clone(), "endReason")?;
        if !self.decision.is_undefined() {
            let decision = self.decision.value().cloned().map(Decision::from).unwrap_or_default();
            (row.decision_body, row.decision_date, row.decision_reference) =
                (decision.body, decision.date, decision.reference);
        }
        let period = input::moved(was.period(), self.from, &self.until)?.within(seat.period());
        settle(writer, row, period).await
    }
}

impl Command for EndMembershipInput {
    how!(EndMembership);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        permit(view, Action::EndMembership, self.membership).await
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (mut row, _) = sitting(writer, self.membership, self.expected_version).await?;
        let until = self.until.unwrap_or(Date(writer.app().today()));
        if until.0 > row.valid_until {
            return Err(over().at("until"));
        }
        if let Some(why) = &self.end_reason {
            row.end_reason = Some(input::text(why, "endReason")?);
        }
        let period =
            input::moved(row.period(), None, &MaybeUndefined::Value(until)).map_err(|error| error.at("until"))?;
        settle(writer, row, period).await
    }
}

impl Command for ReplaceMemberInput {
    how!(ReplaceMember, dry_run);

    async fn permit(&self, view: &View) -> Result<Permit, Error> {
        let permit = permit(view, Action::ReplaceMember, self.membership).await?;
        seen(view, self.person, SubjectKind::Person, "person").await?;
        seen_if_given(view, self.on_behalf_of, SubjectKind::Organisation, "onBehalfOf").await?;
        Ok(permit)
    }

    async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
        let (mut old, seat) = sitting(writer, self.membership, self.expected_version).await?;
        let on = self.on.unwrap_or(Date(writer.app().today()));
        if on.0 > old.valid_until {
            return Err(gap().at("on"));
        }
        let until = self.until.or_else(|| old.period().until().filter(|until| *until != on));
        let left = input::moved(old.period(), None, &MaybeUndefined::Value(on)).map_err(|error| error.at("on"))?;
        let (id, mut entry) = writer.entry_of_new(SubjectKind::Membership);
        let input = MembershipInput {
            seat: seat.id,
            person: self.person.of(SubjectKind::Person),
            on_behalf_of: self.on_behalf_of.map(|id| id.of(SubjectKind::Organisation)).or(old.on_behalf_of_id),
            period: input::period(on, until)?,
            decision: self.decision.clone().map(Decision::from).unwrap_or_default(),
            end_reason: None,
            replaces: Some(old.id),
            sources: Vec::new(),
        };
        if let Some(why) = &self.end_reason {
            old.end_reason = Some(input::text(why, "endReason")?);
        }
        narrow::membership(writer, &mut entry, old, left).await?;
        write(writer, &mut entry, id, &seat, input).await?;
        writer.finish::<membership::Model>(entry).await?;
        Ok(id)
    }
}

fn over() -> Error {
    Error::invalid(
        Code::InvalidInput,
        Said::both("the membership is over before that day", "medlemskapet är avslutat före den dagen"),
    )
}

fn gap() -> Error {
    Error::invalid(
        Code::InvalidInput,
        Said::both(
            "the membership has ended by then: add a member instead",
            "medlemskapet är avslutat då: utse en ledamot i stället",
        ),
    )
}

async fn permit(view: &View, action: Action, membership: GlobalId) -> Result<Permit, Error> {
    let subject = (SubjectKind::Membership, membership.of(SubjectKind::Membership));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at("membership"))
}

/// The membership as the asker has seen it, and its seat; both locked, the seat first. Who sits by a position changes with that alone.
async fn sitting(writer: &Writer, id: GlobalId, version: i32) -> Result<(membership::Model, seat::Model), Error> {
    let id = id.of(SubjectKind::Membership);
    let found: membership::Model = writer.find(id).await?.ok_or(Error::NotFound)?;
    let seat: seat::Model = writer.lock(found.seat_id).await?.ok_or(Error::NotFound)?;
    if let Some(position) = seat.position_id {
        return Err(Error::conflict_on(Rule::SeatGoesWithPosition, SubjectKind::Position, position));
    }
    Ok((writer.expect(SubjectKind::Membership, id, version).await?, seat))
}

/// Gives a membership another period, and whoever stands in with it.
async fn settle(writer: &mut Writer, row: membership::Model, period: Period) -> Result<Uuid, Error> {
    let id = row.id;
    let mut entry = writer.entry(SubjectKind::Membership, id);
    narrow::membership(writer, &mut entry, row, period).await?;
    writer.finish::<membership::Model>(entry).await?;
    Ok(id)
}
