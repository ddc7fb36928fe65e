//! Grants: what identities may do, and where.

mod commands;

use async_graphql::InputObject;
use entity::Dated;
use entity::values::{GlobalId, Period, PeriodState, Role, SubjectKind};
use uuid::Uuid;

use crate::app::App;
use crate::db::{Sql, sql};
use crate::domain::cells::row;
use crate::domain::filter;
use crate::domain::identity::entered;
use crate::domain::page::{Key, List, Page, Slice};
use crate::domain::view::View;
use crate::domain::write::{Entry, Writer};
use crate::error::Error;
use crate::policy::{self, Action, Actor, SignIn, scope};

pub use commands::{GrantRoleInput, RevokeRoleInput};

row! {
    /// A grant.
    Row { id, identity_id: Uuid, role: Role, group_id: Option<Uuid>, organisation_id: Option<Uuid>, version: i32 } dated
}

/// Which grants are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct GrantFilter {
    /// Of this identity.
    pub identity: Option<GlobalId>,
    /// Of one of these roles.
    pub roles: Option<Vec<Role>>,
    /// For this group.
    pub group: Option<GlobalId>,
    /// For this organisation.
    pub organisation: Option<GlobalId>,
    /// In one of these states on the day. Without it: those that hold.
    pub states: Option<Vec<PeriodState>>,
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "grant by start",
        columns: Row::columns("r").into(),
        main: "r",
        table: "\"grant\" r",
        joins: Sql::default(),
        filter: filter.and(scope::grant(&view.actor, "r")),
        keys: &[Key::Date("r.valid_from"), Key::Id("r.id")],
        descending: true,
        veiled: None,
    }
}

/// The grants with these ids that the asker may see: their own; auditors and administrators see all.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("r.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the grants that fit, the latest first. For auditors and administrators.
pub async fn list(view: &View, filter: &GrantFilter, page: &Page) -> Result<Slice<Row>, Error> {
    policy::callable(&view.actor, Action::ReadGrants)?;
    let wanted = filter::period(view, "r", filter.states.as_deref(), None)
        .and(filter::to_come(view, "grant", "r", filter.states.as_deref()))
        .and_some(filter.identity, |id| sql!("r.identity_id = ?", id.of(SubjectKind::Identity)))
        .and_some(filter.roles.as_ref(), |roles| Sql::from("r.role IN").then(Sql::terms(roles.iter().copied())))
        .and_some(filter.group, |id| sql!("r.group_id = ?", id.of(SubjectKind::Group)))
        .and_some(filter.organisation, |id| sql!("r.organisation_id = ?", id.of(SubjectKind::Organisation)));
    all(view, wanted).page(view, page).await
}

/// The grants of each identity that hold on the day.
pub async fn of_identities(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Row)>, Error> {
    let held = Sql::from("r.identity_id IN").then(Sql::list(ids)).and(view.current("r"));
    let found: Vec<Row> = all(&view, held).all(&view, "ORDER BY r.valid_from, r.id").await?;
    Ok(found.into_iter().map(|row| (row.identity_id, row)).collect())
}

/// A grant, as a verb takes it.
#[derive(Clone, Debug)]
pub struct GrantInput {
    pub sign_in: SignIn,
    pub role: Role,
    /// A coordinator's group.
    pub group: Option<Uuid>,
    /// A representative's organisation.
    pub organisation: Option<Uuid>,
    pub period: Period,
}

/// Gives a grant as whoever runs the server's commands: so the first administrator comes to be.
pub async fn give_by_command(app: &App, input: GrantInput) -> Result<Uuid, Error> {
    let permit = policy::permit(&Actor::operator("grant"), Action::GrantRole)?;
    let mut writer = Writer::begin(app, permit).await?;
    let id = give(&mut writer, input).await?;
    writer.commit().await?;
    Ok(id)
}

/// Lets a sign-in do something somewhere, whether it has been here before or not.
pub async fn give(writer: &mut Writer, input: GrantInput) -> Result<Uuid, Error> {
    let id = writer.app().new_id();
    let mut entry = writer.entry(SubjectKind::Grant, id);
    let identity = entered(writer, &mut entry, &input.sign_in).await?;
    write(writer, &mut entry, id, identity.id, &input).await?;
    writer.finish::<entity::grant::Model>(entry).await?;
    Ok(id)
}

async fn write(writer: &Writer, entry: &mut Entry, id: Uuid, identity: Uuid, input: &GrantInput) -> Result<(), Error> {
    let mut row = entity::grant::Model {
        id,
        identity_id: identity,
        role: input.role,
        group_id: input.group,
        organisation_id: input.organisation,
        valid_from: entity::values::START_OF_TIME,
        valid_until: entity::values::FOREVER,
        valid_precision: 0,
        version: 0,
    };
    row.set_period(input.period);
    writer.put(entry, row).await
}
