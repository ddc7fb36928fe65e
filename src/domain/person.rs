//! People.

mod commands;
mod merge;

use async_graphql::InputObject;
use entity::values::{Audience, GlobalId, SubjectKind, search_key, sort_key, sort_key_range};
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Select, row};
use crate::domain::filter;
use crate::domain::organisation::inside;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{Entry, Outcome, Verbs, Writer};
use crate::error::Error;
use crate::policy::scope;

pub use commands::{CreatePersonInput, MergePeopleInput, ProtectPersonInput, UpdatePersonInput};

row! {
    /// A person.
    Row { id, given_name: String => [name], family_name: String => [name], audience: Audience, version: i32 }
    ; needing nothing: tenures memberships meetings contact_points sources history card_url
}

impl Row {
    /// Given name and family name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// Which people are wanted; those who fit everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, InputObject)]
pub struct PersonFilter {
    /// Whose name contains this, given name first; case, accents, å, ä and ö are folded.
    pub text: Option<String>,
    /// Whose family name begins with this, as a register does: case and accents are folded, while å, ä and ö are letters of their own.
    pub family_name_starts_with: Option<String>,
    /// Who hold a position in this organisation, or in a unit of it, on the day.
    pub organisation: Option<GlobalId>,
}

fn all(view: &View, filter: Sql) -> List {
    List {
        name: "person by name",
        columns: Select::default().row::<Row>("h", &view.selection),
        main: "h",
        table: "person h",
        joins: Sql::default(),
        filter: filter.and(scope::person(&view.actor, "h")),
        keys: &[Key::Bytes("h.sort_key"), Key::Id("h.id")],
        descending: false,
        veiled: None,
    }
}

fn employed_inside(view: &View, organisation: impl Into<Sql>) -> Sql {
    let held = Sql::from("SELECT ht.person_id FROM tenure ht JOIN position hp ON hp.id = ht.position_id WHERE");
    Sql::among("h.id", held.then(view.current("ht")).and(inside("hp.organisation_id", organisation)))
}

/// The people with these ids whom the asker may see.
pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
    all(&view, Sql::from("h.id IN").then(Sql::list(ids))).all(&view, "").await
}

/// A page of the people who fit. Without signing in nobody lists people.
pub async fn list(view: &View, filter: &PersonFilter, descending: bool, page: &Page) -> Result<Slice<Row>, Error> {
    scope::may_list_people(&view.actor)?;
    let wanted = Sql::default()
        .and_some(filter.text.as_ref(), |text| filter::text(view, "person", "h", text))
        .and_some(filter.family_name_starts_with.as_ref(), |start| {
            let (from, until) = sort_key_range(start);
            sql!("h.sort_key >= ?", from).and_some(until, |until| sql!("h.sort_key < ?", until))
        })
        .and_some(filter.organisation, |id| employed_inside(view, sql!("?", id.of(SubjectKind::Organisation))));
    List { descending, ..all(view, wanted) }.page(view, page).await
}

/// The people who hold a position in each organisation, or in a unit of it, on the day.
pub async fn of_organisations(view: View, ids: Vec<Uuid>, page: Page) -> Result<Vec<Slice<Row>>, Error> {
    let parent = Parent::new("organisation", employed_inside(&view, "parent.id"));
    all(&view, Sql::default()).pages(&view, &parent, &ids, &page).await
}

/// A person, as a verb takes it.
#[derive(Clone, Debug)]
pub struct PersonInput {
    pub given_name: String,
    pub family_name: String,
    pub audience: Audience,
    pub sources: Vec<SourceInput>,
}

const VERBS: Verbs = Verbs { new: "createPerson", changed: "updatePerson", gone: "removePerson" };

/// Makes a person what it should be.
pub async fn put(writer: &mut Writer, id: Uuid, input: PersonInput) -> Result<Outcome, Error> {
    let mut entry = Entry::new(VERBS, SubjectKind::Person, id);
    let before = writer.find::<entity::person::Model>(id).await?;
    // Protection is a verb of its own; nothing else lifts it.
    let protected = before.is_some_and(|person| person.protected);
    let row = row(id, input.given_name, input.family_name, input.audience, protected);
    writer.put(&mut entry, row).await?;
    source::put(writer, &mut entry, (SubjectKind::Person, id), input.sources).await?;
    writer.finish::<entity::person::Model>(entry).await
}

/// A person's row, with all that it is found and ordered by.
pub(super) fn row(
    id: Uuid,
    given_name: String,
    family_name: String,
    audience: Audience,
    protected: bool,
) -> entity::person::Model {
    entity::person::Model {
        id,
        sort_key: sort_key(&[&family_name, &given_name]),
        search_key: search_key(&format!("{given_name} {family_name}")),
        given_name,
        family_name,
        audience,
        protected,
        version: 0,
    }
}
