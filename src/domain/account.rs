//! What priorities, follow-up items, activities and results have in common: whose they are, under which assignment and when. They are kept,
//! told and changed alike; each noun has its own file.

mod commands;

use entity::account::{Account, Item};
use entity::values::{Period, PeriodState, SubjectKind};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::db::Sql;
use crate::domain::cells::{Select, row};
use crate::domain::filter;
use crate::domain::owner::Owner;
use crate::domain::page::{Key, List, Page, Parent, Slice};
use crate::domain::source::{self, SourceInput};
use crate::domain::view::View;
use crate::domain::write::{ById, Entry, Outcome, Verbs, Writable, Writer};
use crate::error::Error;
use crate::policy::scope;

pub(super) use commands::{Changes, New, change, commands, permit, record, remove, seen};

row! {
    /// One of the four, without its description, which may be long.
    Row {
        id, group_id: Option<Uuid> => [owner], organisation_id: Option<Uuid> => [owner], assignment_id: Option<Uuid> => [assignment],
        name: String, version: i32,
    } dated
    ; needing nothing: description figures sources history
}

row! {
    /// What more there is to say of it, read apart from it because it may be long.
    Description { id, description: String }
}

/// One of the four nouns.
#[derive(Clone, Copy, Debug)]
pub struct Noun {
    pub kind: SubjectKind,
    /// Names the order of its lists.
    pub name: &'static str,
    /// The table under its alias: `activity x`.
    pub aliased: &'static str,
    pub verbs: Verbs,
    /// Whether it is of a year, unless more is said.
    pub yearly: bool,
}

impl Noun {
    fn all(self, view: &View, filter: Sql) -> List {
        List {
            name: self.name,
            columns: Select::default().row::<Row>("x", &view.selection),
            main: "x",
            table: self.aliased,
            joins: Sql::default(),
            filter: filter.and(scope::owned(&view.actor, "x")),
            keys: &[Key::Date("x.valid_from"), Key::Number("x.ordinal"), Key::Id("x.id")],
            descending: false,
            veiled: None,
        }
    }

    /// Those with these ids that the asker may see.
    pub async fn by_ids(self, view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
        self.all(&view, Sql::from("x.id IN").then(Sql::list(ids))).all(&view, "").await
    }

    /// Those of each parent, in order of time and then in their owner's order: in one of the states, and of a year, as far as these are given.
    pub async fn of(
        self,
        view: View,
        (parent, ids): (Of, Vec<Uuid>),
        (states, year): (Option<Vec<PeriodState>>, Option<i32>),
        page: Page,
    ) -> Result<Vec<Slice<Row>>, Error> {
        let filter = filter::states_or_year(&view, "x", states.as_deref(), year)?;
        self.all(&view, filter).pages(&view, &parent.parent(), &ids, &page).await
    }

    /// What more there is to say of each.
    pub async fn descriptions(self, view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Description)>, Error> {
        let query =
            format!("SELECT x.id, x.description FROM {} WHERE x.description IS NOT NULL AND x.id IN", self.aliased);
        let found = view.rows::<Description>(Sql::from(query).then(Sql::list(ids))).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// Of what: a group, an organisation or an assignment.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Group,
    Organisation,
    Assignment,
}

impl Of {
    fn parent(self) -> Parent {
        match self {
            Self::Group => Parent::new("\"group\"", "x.group_id = parent.id"),
            Self::Organisation => Parent::new("organisation", "x.organisation_id = parent.id"),
            Self::Assignment => Parent::new("assignment", "x.assignment_id = parent.id"),
        }
    }
}

/// One of the four, as a verb takes it.
#[derive(Clone, Debug)]
pub struct ItemInput {
    pub owner: Owner,
    pub assignment: Option<Uuid>,
    pub ordinal: i32,
    pub name: String,
    pub description: Option<String>,
    pub period: Period,
    pub sources: Vec<SourceInput>,
}

/// Makes one of the four what it should be.
pub async fn put<M>(writer: &mut Writer, noun: Noun, id: Uuid, input: ItemInput) -> Result<Outcome, Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let mut entry = Entry::new(noun.verbs, noun.kind, id);
    write::<M>(writer, &mut entry, (noun.kind, id), input).await?;
    writer.finish::<M>(entry).await
}

/// The same as part of the verb that the entry is of.
async fn write<M>(
    writer: &Writer,
    entry: &mut Entry,
    (kind, id): (SubjectKind, Uuid),
    input: ItemInput,
) -> Result<(), Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let (group_id, organisation_id) = Owner::columns(Some(input.owner));
    let item = Item {
        id,
        group_id,
        organisation_id,
        assignment_id: input.assignment,
        ordinal: input.ordinal,
        name: input.name,
        description: input.description,
        period: input.period,
    };
    writer.put(entry, M::of(item, 0)).await?;
    source::put(writer, entry, (kind, id), input.sources).await
}

/// Declares the finders and the verb of one of the four nouns. What is `lasting` is listed by the states of its period, those that hold unless
/// others are given; what is `yearly` by year.
macro_rules! account {
    ($kind:ident, $table:literal, $verbs:expr, $what:literal, lasting) => {
        $crate::domain::account::account!(@noun $kind, $table, $verbs, $what, false);
        $crate::domain::account::account!(@states of_groups Group "group" $what);
        $crate::domain::account::account!(@states of_organisations Organisation "organisation" $what);
    };
    ($kind:ident, $table:literal, $verbs:expr, $what:literal, yearly) => {
        $crate::domain::account::account!(@noun $kind, $table, $verbs, $what, true);
        $crate::domain::account::account!(@year of_groups Group "group" $what);
        $crate::domain::account::account!(@year of_organisations Organisation "organisation" $what);
    };
    (@noun $kind:ident, $table:literal, $verbs:expr, $what:literal, $yearly:literal) => {
        use entity::values::SubjectKind;
        use uuid::Uuid;

        use crate::domain::account::{ItemInput, Noun, Of};
        use crate::domain::page::{Page, Slice};
        use crate::domain::view::View;
        use crate::domain::write::{Outcome, Verbs, Writer};
        use crate::error::Error;

        pub use crate::domain::account::{Description, Row};

        pub(super) const NOUN: Noun = Noun {
            kind: SubjectKind::$kind,
            name: concat!($table, " by time"),
            aliased: concat!($table, " x"),
            verbs: $verbs,
            yearly: $yearly,
        };

        #[doc = concat!("The ", $what, " with these ids that the asker may see.")]
        pub async fn by_ids(view: View, ids: Vec<Uuid>) -> Result<Vec<Row>, Error> {
            NOUN.by_ids(view, ids).await
        }

        #[doc = concat!("What more there is to say of each of the ", $what, ".")]
        pub async fn descriptions(view: View, ids: Vec<Uuid>) -> Result<Vec<(Uuid, Description)>, Error> {
            NOUN.descriptions(view, ids).await
        }

        #[doc = concat!("The ", $what, " under each assignment, in order of time; of a year, if one is given.")]
        pub async fn of_assignments(
            view: View,
            ids: Vec<Uuid>,
            year: Option<i32>,
            page: Page,
        ) -> Result<Vec<Slice<Row>>, Error> {
            NOUN.of(view, (Of::Assignment, ids), (None, year), page).await
        }

        #[doc = concat!("Makes one of the ", $what, " what it should be.")]
        pub async fn put(writer: &mut Writer, id: Uuid, input: ItemInput) -> Result<Outcome, Error> {
            crate::domain::account::put::<Model>(writer, NOUN, id, input).await
        }
    };
    (@states $name:ident $of:ident $owner:literal $what:literal) => {
        #[doc = concat!("The ", $what, " of each ", $owner, ", in order of time; those that hold on the day, unless other states are given.")]
        pub async fn $name(
            view: View,
            ids: Vec<Uuid>,
            states: Option<Vec<entity::values::PeriodState>>,
            page: Page,
        ) -> Result<Vec<Slice<Row>>, Error> {
            let states = states.or(Some(vec![entity::values::PeriodState::Current]));
            NOUN.of(view, (Of::$of, ids), (states, None), page).await
        }
    };
    (@year $name:ident $of:ident $owner:literal $what:literal) => {
        #[doc = concat!("The ", $what, " of each ", $owner, ", in order of time; of a year, if one is given.")]
        pub async fn $name(
            view: View,
            ids: Vec<Uuid>,
            year: Option<i32>,
            page: Page,
        ) -> Result<Vec<Slice<Row>>, Error> {
            NOUN.of(view, (Of::$of, ids), (None, year), page).await
        }
    };
}
pub(super) use account;
