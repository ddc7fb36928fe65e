//! Agreements: what organisations have agreed on, who is party to it, and what it asks of whom.

mod assignment;
mod commands;
mod party;
mod record;

use async_graphql::{InputObject, OneofObject};
use entity::values::{Audience, DateRange, GlobalId, PeriodState, SubjectKind};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::organisation::inside_one;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::view::View;
use crate::domain::{filter, reference};
use crate::error::Error;
use crate::policy::scope;

pub use assignment::{
    AddAssignmentInput, Assignment, RemoveAssignmentInput, UpdateAssignmentInput, assignments, assignments_by_ids,
};
pub use commands::{CreateAgreementInput, EndAgreementInput, UpdateAgreementInput};
pub use party::{
    ChangePartyInput, GiveNoticeInput, JoinAgreementInput, LeaveAgreementInput, Party, parties, parties_by_ids,
};
pub use record::{AgreementInput, AssignmentInput, PartyInput, put};

row! {
    /// An agreement, without its purpose, which may be long.
    Row { id, name: String, owner_id: Option<Uuid> => [owner], parent_id: Option<Uuid> => [parent], audience: Audience, version: i32 } dated
    ; needing nothing: purpose references parties children assignments sources
}

row! {
    /// What an agreement is for, read apart from it because it may be long.
    Purpose { id, purpose: String }
}

/// Names one agreement.
#[derive(Clone, Debug, OneofObject)]
pub enum AgreementBy {
    /// Its id.
    Id(GlobalId),
    /// One of its references, such as `RUN/659/2016`.
    Reference(String),
}

/// Which agreements are wanted; those that fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct AgreementFilter {
    /// Whose name contains this; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// Kept under this reference.
    pub reference: Option<String>,
    /// To which this organisation, or a unit of it, is, was or will be party.
    pub party: Option<GlobalId>,
    /// That ask something of this group.
    pub group: Option<GlobalId>,
    /// Owned by this organisation, or a unit of it: in whose register it is kept.
    pub owner: Option<GlobalId>,
    /// Directly under this agreement.
    pub parent: Option<GlobalId>,
    /// In one of these states on the day. Without it, and without the ranges below: those that hold.
    pub states: Option<Vec<PeriodState>>,
    /// That held on some day of this range.
    pub during: Option<DateRange>,
    /// That held on some day of this year.
    pub year: Option<i32>,
    /// Whose last day is in this range.
    pub ending: Option<DateRange>,
    /// To which some party gave notice on some day of this range.
    pub noticed: Option<DateRange>,
}

const BY_NAME: &[Key] = &[Key::Bytes("a.sort_key"), Key::Id("a.id")];

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "agreement by name",
        columns: Select::default().row::<Row>("a", &view.selection),
        main: "a",
        table: "agreement a",
        joins: Sql::default(),
        filter: filter.and(scope::agreement(&view.actor, "a")),
        keys: BY_NAME,
        descending: false,
        veiled: None,
    }
}

fn wanted(view: &View, wanted: &AgreementFilter) -> Result<Sql, Error> {
    // Who asks for an end asks for agreements that may have ended.
    let ends = wanted.ending.is_some() || wanted.noticed.is_some();
    let times = wanted.states.is_some() || wanted.during.is_some() || wanted.year.is_some();
    let period = match ends && !times {
        true => Sql::default(),
        false => filter::period_or_year(view, "a", wanted.states.as_deref(), wanted.during, wanted.year)?,
    };
    Ok(period
        .and_some(wanted.reference.as_ref(), |text| reference::names("a.id", text))
        .and_some(wanted.party, |id| {
            let parties = Sql::from("SELECT p.agreement_id FROM agreement_party p WHERE");
            Sql::among("a.id", parties.then(inside_one("p.organisation_id", id.of(SubjectKind::Organisation))))
        })
        .and_some(wanted.group, |id| {
            // A group that the asker does not see is none.
            let asked =
                "SELECT s.agreement_id FROM assignment s JOIN \"group\" vg ON vg.id = s.group_id WHERE s.group_id = ?";
            Sql::among("a.id", sql!(asked, id.of(SubjectKind::Group)).and(scope::group(&view.actor, "vg")))
        })
        .and_some(wanted.owner, |id| {
            filter::found("agreement", "a", inside_one("f.owner_id", id.of(SubjectKind::Organisation)))
        })
        .and_some(wanted.parent, |id| sql!("a.parent_id = ?", id.of(SubjectKind::Agreement)).and(has_parent(view)))
        .and_some(wanted.ending, |range| sql!("a.valid_until > ? AND a.valid_until <= ?", range.from.0, range.until.0))
        .and_some(wanted.noticed, |range| {
            let noticed = sql!(
                "SELECT p.agreement_id FROM agreement_party p WHERE p.notice_from < ? AND p.notice_until > ?",
                range.until.0,
                range.from.0
            );
            Sql::among("a.id", noticed)
        }))
}

/// A parent that the asker does not see is none.
fn has_parent(view: &View) -> Sql {
    let parent = Sql::from("EXISTS (SELECT 1 FROM agreement up WHERE up.id = a.parent_id");
    parent.and(scope::agreement(&view.actor, "up")).then("LIMIT 1 OFFSET 0)")
}

async fn select(view: &View, condition: Sql) -> Result<Vec<Row>, Error> {
    all(view, condition).all(view, "").await
}

/// The agreements with these ids that the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    select(&view, Sql::from("a.id IN").then(Sql::list(ids))).await
}

/// One agreement.
pub async fn find(view: &View, by: AgreementBy) -> Result<Option<Row>, Error> {
    let condition = match by {
        AgreementBy::Id(id) => sql!("a.id = ?", id.of(SubjectKind::Agreement)),
        AgreementBy::Reference(text) => reference::names("a.id", &text),
    };
    Ok(select(view, condition).await?.pop())
}

/// A page of the agreements that fit, by name.
pub async fn list(view: &View, filter: &AgreementFilter, page: &Page) -> Result<Slice<Row>, Error> {
    let text = |text: &String| filter::text(view, "agreement", "a", text);
    let to_come = filter::to_come(view, "agreement", "a", filter.states.as_deref());
    all(view, wanted(view, filter)?.and(to_come).and_some(filter.text.as_ref(), text)).page(view, page).await
}

/// The agreements directly under each agreement.
pub async fn children(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    all(&view, Sql::default()).pages(&view, &Parent::new("agreement", "a.parent_id = parent.id"), &ids, &page).await
}

/// The agreements that ask something of each group, of those that are in one of the states on the day; by default those that hold.
pub async fn of_groups(
    view: View,
    ids: Vec<Uuid>,
    states: Option<Vec<PeriodState>>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let asked = "SELECT s.agreement_id FROM assignment s WHERE s.group_id = parent.id";
    let held = filter::period_or_year(&view, "a", states.as_deref(), None, None)?;
    all(&view, held).pages(&view, &Parent::of_found("\"group\"", "a.id", asked), &ids, &page).await
}

/// The agreements to which each organisation is party, of those whose time as a party is in one of the states on the day; by default now.
pub async fn of_organisations(
    view: View,
    ids: Vec<Uuid>,
    states: Option<Vec<PeriodState>>,
    page: Page,
) -> Result<Vec<Slice<Row>>, Error> {
    let party = Sql::from("SELECT p.agreement_id FROM agreement_party p WHERE p.organisation_id = parent.id");
    let party = party.and(filter::period(&view, "p", states.as_deref(), None));
    all(&view, Sql::default()).pages(&view, &Parent::of_found("organisation", "a.id", party), &ids, &page).await
}

/// What each agreement is for.
pub async fn purposes(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Purpose)>, Error> {
    let query = Sql::from("SELECT a.id, a.purpose FROM agreement a WHERE a.purpose IS NOT NULL AND a.id IN");
    Ok(view.rows::<Purpose>(query.then(Sql::list(ids))).await?.into_iter().map(|row| (row.id, row)).collect())
}
