//! Search: one text over organisations, groups, positions, people, agreements, projects, events and what owners say of their work. A hit is a folded substring, never mere likeness.

use async_graphql::Enum;
use entity::values::search_key;
use uuid::Uuid;

use crate::db::{Sql, sql};
use crate::domain::cells::{Cells, Columns, Identified};
use crate::domain::filter;
use crate::domain::page::{Key, List, Page, Slice};
use crate::domain::view::View;
use crate::error::{Code, Error};
use crate::policy::scope;

/// What search looks among.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum SearchType {
    /// Organisationer: by name and short name.
    Organisation,
    /// Grupper: by name and short name.
    Group,
    /// Befattningar: by title.
    Position,
    /// Personer: by name. Takes a sign-in.
    Person,
    /// Avtal: by name.
    Agreement,
    /// Projekt: by name.
    Project,
    /// Evenemang: by name.
    Event,
    /// Prioriteringar: by name.
    Priority,
    /// Balansposter: by name.
    FollowUpItem,
    /// Aktiviteter: by name.
    Activity,
    /// Resultat: by name.
    Result,
}

/// A hit.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What it is.
    pub kind: SearchType,
    /// Which one.
    pub id: Uuid,
}

impl Columns for Hit {
    const WIDTH: usize = 2;

    fn read(cells: &mut Cells<'_>) -> Result<Self, sea_orm::DbErr> {
        let kind = match cells.take::<i64>()? {
            1 => SearchType::Organisation,
            2 => SearchType::Group,
            3 => SearchType::Position,
            4 => SearchType::Person,
            5 => SearchType::Agreement,
            6 => SearchType::Project,
            7 => SearchType::Event,
            8 => SearchType::Priority,
            9 => SearchType::FollowUpItem,
            10 => SearchType::Activity,
            _ => SearchType::Result,
        };
        Ok(Self { kind, id: cells.take()? })
    }
}

impl Identified for Hit {
    fn id(&self) -> Uuid {
        self.id
    }
}

/// Everything that there is to search among.
pub const ALL: [SearchType; 11] = [
    SearchType::Organisation,
    SearchType::Group,
    SearchType::Position,
    SearchType::Person,
    SearchType::Agreement,
    SearchType::Project,
    SearchType::Event,
    SearchType::Priority,
    SearchType::FollowUpItem,
    SearchType::Activity,
    SearchType::Result,
];

/// A page of hits: those that are the text first, then those that begin with it, those with a word that begins with it, the others;
/// in Swedish order within each.
pub async fn search(view: &View, text: &str, types: Option<&[SearchType]>, page: &Page) -> Result<Slice<Hit>, Error> {
    let key = search_key(text);
    if key.is_empty() || key.chars().count() > 100 {
        return Err(Error::invalid(Code::InvalidSearch, "search takes a text with 1 to 100 letters or digits"));
    }
    match hits(view, &key, types.unwrap_or(&ALL)) {
        Some(hits) => hits.page(view, page).await,
        None => Ok(Slice::empty(page)),
    }
}

/// All hits, if there is anything that the actor may search among.
pub fn hits(view: &View, key: &str, types: &[SearchType]) -> Option<List> {
    let parts = ALL.iter().filter(|kind| types.contains(kind)).filter_map(|kind| part(view, *kind, key));
    let union = parts.reduce(|all, part| all.then("UNION ALL").then(part))?;
    Some(List {
        name: "search",
        columns: "hit.kind, hit.id".to_owned().into(),
        main: "hit",
        table: "",
        joins: Sql::from("(").then(union).then(") hit"),
        filter: Sql::default(),
        keys: &[Key::Number("hit.place"), Key::Bytes("hit.sort_key"), Key::Id("hit.id")],
        descending: false,
        veiled: None,
    })
}

fn part(view: &View, kind: SearchType, key: &str) -> Option<Sql> {
    let (number, table, of, id) = match kind {
        SearchType::Organisation => (1, "organisation_name", "n", "n.organisation_id"),
        SearchType::Group => (2, "group", "g", "g.id"),
        SearchType::Position => (3, "position", "q", "q.id"),
        SearchType::Person => (4, "person", "h", "h.id"),
        SearchType::Agreement => (5, "agreement", "a", "a.id"),
        SearchType::Project => (6, "project", "p", "p.id"),
        SearchType::Event => (7, "event", "e", "e.id"),
        SearchType::Priority => (8, "priority", "x", "x.id"),
        SearchType::FollowUpItem => (9, "follow_up_item", "x", "x.id"),
        SearchType::Activity => (10, "activity", "x", "x.id"),
        SearchType::Result => (11, "result", "x", "x.id"),
    };
    let (joined, seen) = match kind {
        SearchType::Organisation => {
            ("JOIN organisation o ON o.id = n.organisation_id", view.current("n").and(view.current("o")))
        }
        SearchType::Group => ("", view.current("g").and(scope::group(&view.actor, "g"))),
        SearchType::Position => ("", view.current("q")),
        SearchType::Agreement => ("", view.current("a").and(scope::agreement(&view.actor, "a"))),
        SearchType::Project => ("", view.current("p").and(scope::project(&view.actor, "p"))),
        SearchType::Priority | SearchType::FollowUpItem => ("", view.current("x").and(scope::owned(&view.actor, "x"))),
        // What has been is looked for when it is over.
        SearchType::Event => ("", begun(view, "e").and(scope::event(&view.actor, "e"))),
        SearchType::Activity | SearchType::Result => ("", begun(view, "x").and(scope::owned(&view.actor, "x"))),
        // Without signing in nobody searches people: there is nothing to find.
        SearchType::Person => ("", scope::may_list_people(&view.actor).ok().map(|()| scope::person(&view.actor, "h"))?),
    };
    Some(
        Sql::from(format!("SELECT CAST({number} AS bigint) AS kind, {id} AS id, {of}.sort_key AS sort_key,"))
            .then(filter::place(&format!("{of}.search_key"), key))
            .then(format!("AS place FROM \"{table}\" {of} {joined} WHERE"))
            .then(filter::containing(view, table, of, key))
            .and(seen),
    )
}

/// All, or as of a chosen day what had begun by then.
fn begun(view: &View, of: &str) -> Sql {
    Sql::default().and_some(view.lens.chosen(), |day| sql!(format!("{of}.valid_from <= ?"), day))
}
