//! Calendars: meetings for those who subscribe to them. Those of groups and organisations are found by their names and show what whoever asks
//! may see. Others hold a filter and have a secret address, which shows what their owner may see.

mod commands;
mod feed;

use async_graphql::InputType;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::values::Url;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, row};
use crate::domain::meeting::MeetingFilter;
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::{self, scope};

pub use commands::{CreateCalendarInput, RevokeCalendarInput};
pub use feed::{Bounds, Sitting, group_url, of_group, of_organisation, of_owner, organisation_url, shown};

/// Where calendars with a secret address are.
pub const CALENDARS: &str = "/calendars/";
/// Where organisations' calendars are.
pub const ORGANISATIONS: &str = "/organisations/";

row! {
    /// A calendar with a secret address.
    Row { id, identity_id: Uuid, name: String, filter: sea_orm::JsonValue, revoked: bool, version: i32 }
}

row! {
    /// What a calendar with a secret address holds.
    Owned { id, name: String, filter: sea_orm::JsonValue }
}

impl Row {
    /// Which meetings it holds.
    pub fn filter(&self) -> MeetingFilter {
        parsed(&self.filter)
    }
}

/// The calendars with these ids that the asker may see: their own; administrators see all.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let query = Sql::from(format!("SELECT {} FROM calendar x WHERE x.id IN", Row::columns("x"))).then(Sql::list(ids));
    view.rows(query.and(scope::calendar(&view.actor, "x")).then("ORDER BY x.id")).await
}

/// The asker's own calendars that have not been revoked, in the order in which they were made.
pub async fn own(view: &View) -> Result<Vec<Row>, Error> {
    let Some(sign_in) = view.actor.sign_in() else { return Ok(Vec::new()) };
    let query = Sql::from(format!("SELECT {} FROM calendar x WHERE", Row::columns("x")));
    let own = sql!("x.identity_id = ? AND x.revoked = ?", sign_in.identity(), false);
    view.rows(query.then(own).then("ORDER BY x.id")).await
}

/// The secret address of a calendar: made of its id with the directory's own key, so that it is kept nowhere.
pub fn url(app: &App, id: Uuid) -> Url {
    let mut secret = id.as_bytes().to_vec();
    secret.extend(app.mark(&message(id)));
    app.url(&format!("{CALENDARS}{}.ics", URL_SAFE_NO_PAD.encode(secret)))
}

/// The id that a secret holds, if the directory made it.
fn opened(app: &App, secret: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
    let (id, mark) = bytes.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    app.has_marked(&message(id), mark).then_some(id)
}

fn message(id: Uuid) -> Vec<u8> {
    format!("calendar {id}").into_bytes()
}

/// The calendar that a secret opens, as its owner sees it today, unless it has been revoked.
async fn owned(app: &App, secret: &str) -> Result<Option<(View, Owned)>, Error> {
    let Some(id) = opened(app, secret) else { return Ok(None) };
    let which = sql!("x.id = ? AND x.revoked = ?", id, false);
    let Some((owner, row)) = policy::owner(app, &Owned::columns("x"), "calendar", which).await? else {
        return Ok(None);
    };
    let found = Owned::read(&mut Cells::new(&row))?;
    Ok(Some((View::today(app.clone(), owner), found)))
}

fn parsed(filter: &sea_orm::JsonValue) -> MeetingFilter {
    let value = async_graphql::Value::from_json(filter.clone()).ok();
    // What was written by an older version and is not known any more narrows nothing down: it must not widen it either.
    MeetingFilter::parse(value).unwrap_or_else(|_| MeetingFilter { kinds: Some(Vec::new()), ..Default::default() })
}
