//! Changes: the trail of who did what, when and why.

mod concern;
mod effect;
mod feed;
mod watch;

use async_graphql::InputObject;
use chrono::{DateTime, FixedOffset};
use entity::values::{GlobalId, Instant, SubjectKind};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified};
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::error::Error;
use crate::policy::{self, Action, scope};

pub use concern::FOLLOWED;
pub use effect::{Effect, FieldChange, effects, planned};
pub use feed::{Feed, end};
pub use watch::{Told, Watch};

/// An entry of the trail.
#[derive(Clone, Debug)]
pub struct Row {
    pub seq: i64,
    pub at: Instant,
    pub actor: String,
    pub verb: String,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    pub reason: Option<String>,
    pub person_id: Option<Uuid>,
    pub on_behalf_of_id: Option<Uuid>,
    pub request_id: Option<String>,
}

/// Which entries are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct ChangeFilter {
    /// By one of these mutations, such as `replaceMember`.
    pub verbs: Option<Vec<String>>,
    /// That changed something of this thing, whatever the entry is about.
    pub of: Option<GlobalId>,
    /// By this identity.
    pub identity: Option<GlobalId>,
    /// By an identity that was linked to this person then.
    pub person: Option<GlobalId>,
    /// By a representative for this organisation.
    pub on_behalf_of: Option<GlobalId>,
    /// By this command of the server, such as `load`.
    pub command: Option<String>,
    /// From this moment on.
    pub since: Option<DateTime<FixedOffset>>,
    /// Before this moment.
    pub before: Option<DateTime<FixedOffset>>,
}

const COLUMNS: &str = "c.seq, c.at, c.actor, c.verb, c.subject_kind, c.subject_id, c.reason, c.person_id, c.on_behalf_of_id, c.request_id";

impl Columns for Row {
    const WIDTH: usize = 10;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            seq: cells.take()?,
            at: cells.take()?,
            actor: cells.take()?,
            verb: cells.take()?,
            subject_kind: cells.take()?,
            subject_id: cells.take()?,
            reason: cells.take()?,
            person_id: cells.take()?,
            on_behalf_of_id: cells.take()?,
            request_id: cells.take()?,
        })
    }
}

impl Identified for Row {
    fn id(&self) -> Uuid {
        id(self.seq)
    }
}

impl Row {
    /// The identity that did it.
    pub fn identity_id(&self) -> Option<Uuid> {
        Uuid::parse_str(&self.actor).ok()
    }

    /// The command of the server that did it.
    pub fn command(&self) -> Option<&str> {
        self.actor.strip_prefix("command:")
    }
}

/// The id of the entry at a place in the trail.
pub fn id(seq: i64) -> Uuid {
    Uuid::from_u64_pair(0, seq.unsigned_abs())
}

/// The place in the trail of the entry with an id.
pub fn seq(id: Uuid) -> i64 {
    i64::try_from(id.as_u64_pair().1).unwrap_or_default()
}

fn all(filter: Sql) -> List {
    List {
        name: "change by place",
        columns: COLUMNS.into(),
        main: "c",
        table: "change c",
        joins: Sql::default(),
        filter,
        keys: &[Key::Number("c.seq")],
        descending: true,
        veiled: None,
    }
}

/// The entries with these ids that the asker may see: their own; auditors and administrators see all.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    let wanted = Sql::from("c.seq IN").then(Sql::list(ids.into_iter().map(seq)));
    all(wanted.and(scope::change(&view.actor, "c"))).all(&view, "").await
}

/// A page of the entries that fit, the latest first. For auditors and administrators.
pub async fn list(view: &View, filter: &ChangeFilter, page: &Page) -> Result<Slice<Row>, Error> {
    policy::callable(&view.actor, Action::ReadChanges)?;
    let instant = |time: DateTime<FixedOffset>| Instant::from(time.to_utc());
    let wanted = Sql::default()
        .and_some(filter.verbs.as_ref(), |verbs| Sql::from("c.verb IN").then(Sql::list(verbs.iter().cloned())))
        .and_some(filter.of, |thing| touching(sql!("?", thing.id)))
        .and_some(filter.identity, |id| sql!("c.actor = ?", id.of(SubjectKind::Identity).to_string()))
        .and_some(filter.person, |id| sql!("c.person_id = ?", id.of(SubjectKind::Person)))
        .and_some(filter.on_behalf_of, |id| sql!("c.on_behalf_of_id = ?", id.of(SubjectKind::Organisation)))
        .and_some(filter.command.as_ref(), |command| sql!("c.actor = ?", format!("command:{command}")))
        .and_some(filter.since, |time| sql!("c.at >= ?", instant(time)))
        .and_some(filter.before, |time| sql!("c.at < ?", instant(time)));
    all(wanted).page(view, page).await
}

/// What has been changed of each thing of a kind, the latest first, for who may change it.
async fn history(
    view: View,
    kind: SubjectKind,
    table: &'static str,
    ids: Vec<Uuid>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new(table, touching("parent.id"));
    all(Sql::default()).pages_of_changeable(&view, (kind, &parent), &ids, &page).await
}

macro_rules! histories {
    ($($name:ident: $kind:ident $table:literal,)+) => {$(
        #[doc = concat!("What has been changed of each row of ", $table, ", for who may change it.")]
        pub async fn $name(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
            history(view, SubjectKind::$kind, $table, ids, page).await
        }
    )+};
}

histories! {
    of_activities: Activity "activity",
    of_agreements: Agreement "agreement",
    of_events: Event "event",
    of_follow_up_items: FollowUpItem "follow_up_item",
    of_groups: Group "\"group\"",
    of_meetings: Meeting "meeting",
    of_memberships: Membership "membership",
    of_organisations: Organisation "organisation",
    of_people: Person "person",
    of_positions: Position "position",
    of_priorities: Priority "priority",
    of_projects: Project "project",
    of_results: Result "result",
    of_schedules: Schedule "schedule",
    of_seats: Seat "seat",
    of_tenures: Tenure "tenure",
}

/// That an entry changed the row with this id.
fn touching(id: impl Into<Sql>) -> Sql {
    Sql::among("c.seq", Sql::from("SELECT cv.seq FROM change_value cv WHERE cv.row_id =").then(id))
}
