//! What is asked of the four nouns alike: record, update, remove.

use async_graphql::MaybeUndefined;
use chrono::{Datelike, NaiveDate};
use entity::account::{Account, Item};
use entity::values::{Date, GlobalId, Period, SubjectKind};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, Order, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{ItemInput, Noun, write};
use crate::domain::figure;
use crate::domain::input::{self, seen_if_given};
use crate::domain::owner::{Owner, OwnerInput};
use crate::domain::source::{self, QuotedInput};
use crate::domain::view::View;
use crate::domain::write::{ById, Writable, Writer};
use crate::error::{Error, Rule};
use crate::policy::{self, Action, Permit};

/// What is recorded.
pub struct New<'a> {
    pub owner: OwnerInput,
    pub name: &'a str,
    pub description: Option<&'a String>,
    pub assignment: Option<GlobalId>,
    pub from: &'a MaybeUndefined<Date>,
    pub until: Option<Date>,
    pub sources: &'a [QuotedInput],
}

/// What is to be different.
pub struct Changes<'a> {
    pub owner: Option<OwnerInput>,
    pub name: Option<&'a String>,
    pub description: &'a MaybeUndefined<String>,
    pub assignment: &'a MaybeUndefined<GlobalId>,
    pub ordinal: Option<i32>,
    pub from: &'a MaybeUndefined<Date>,
    pub until: &'a MaybeUndefined<Date>,
    pub sources: Option<&'a Vec<QuotedInput>>,
}

/// The permit for something that is done to one of them, which the input names in a field.
pub async fn permit(
    view: &View,
    action: Action,
    noun: Noun,
    (field, id): (&'static str, GlobalId),
) -> Result<Permit, Error> {
    let subject = (noun.kind, id.of(noun.kind));
    policy::permit_on(&view.app, &view.actor, action, subject).await.map_err(|error| error.at(field))
}

/// That the asker sees the assignment.
pub async fn seen(view: &View, assignment: Option<GlobalId>) -> Result<(), Error> {
    seen_if_given(view, assignment, SubjectKind::Assignment, "assignment").await.map(|_| ())
}

/// Records one, after those that its owner has.
pub async fn record<M>(writer: &mut Writer, noun: Noun, new: New<'_>) -> Result<Uuid, Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let (id, mut entry) = writer.entry_of_new(noun.kind);
    let owner = Owner::from(new.owner);
    let input = ItemInput {
        owner,
        assignment: new.assignment.map(|id| id.of(SubjectKind::Assignment)),
        ordinal: next::<M>(writer, owner).await?,
        name: input::name(new.name, "name")?,
        description: input::text_if_given(new.description, "description")?,
        period: period(noun, &new, writer.app().today())?,
        sources: source::quoted(new.sources)?,
    };
    write::<M>(writer, &mut entry, (noun.kind, id), input).await?;
    writer.finish::<M>(entry).await?;
    Ok(id)
}

/// The period of what is recorded: what is done in a year does not go on into the next unless that is said.
fn period(noun: Noun, new: &New<'_>, today: NaiveDate) -> Result<Period, Error> {
    let begun = input::begun(new.from, new.until, today)?;
    let ends = begun.from().filter(|_| noun.yearly && new.until.is_none());
    match ends.and_then(|from| NaiveDate::from_ymd_opt(from.0.year() + 1, 1, 1)) {
        Some(end) => begun.ending(Some(end)).map_err(|_| Error::conflict(Rule::PeriodEmpty).at("until")),
        None => Ok(begun),
    }
}

/// The place after the last of an owner.
async fn next<M>(writer: &Writer, owner: Owner) -> Result<i32, Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let column = if matches!(owner, Owner::Group(_)) { "group_id" } else { "organisation_id" };
    let last = M::Entity::find().filter(Expr::col(column).eq(owner.id())).order_by(Expr::col("ordinal"), Order::Desc);
    Ok(last.one(writer.db()).await?.map_or(0, |row| row.item().ordinal) + 1)
}

/// Changes one.
pub async fn change<M>(
    writer: &mut Writer,
    noun: Noun,
    (id, version): (GlobalId, i32),
    changes: Changes<'_>,
) -> Result<Uuid, Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let id = id.of(noun.kind);
    let mut item: Item = writer.expect::<M>(noun.kind, id, version).await?.item();
    if let Some(owner) = changes.owner {
        (item.group_id, item.organisation_id) = Owner::columns(Some(owner.into()));
    }
    if let Some(name) = changes.name {
        item.name = input::name(name, "name")?;
    }
    item.description = input::changed_text(changes.description, item.description, "description")?;
    let assignment = changes.assignment.map_value(|id| id.of(SubjectKind::Assignment));
    item.assignment_id = input::changed(&assignment, item.assignment_id);
    item.ordinal = input::amount(changes.ordinal, "ordinal")?.unwrap_or(item.ordinal);
    let period: Result<Period, Error> = input::moved(item.period, input::first_day(changes.from), changes.until);
    item.period = period.map_err(|error| error.at("until"))?;
    let mut entry = writer.entry(noun.kind, id);
    writer.put(&mut entry, M::of(item, 0)).await?;
    if let Some(quoted) = changes.sources {
        source::put(writer, &mut entry, (noun.kind, id), source::quoted(quoted)?).await?;
    }
    writer.finish::<M>(entry).await?;
    Ok(id)
}

/// Takes one away, with the numbers that are stated of it.
pub async fn remove<M>(writer: &mut Writer, noun: Noun, (id, version): (GlobalId, i32)) -> Result<Uuid, Error>
where
    M: Writable + Account,
    M::Entity: ById + EntityTrait<Model = M>,
{
    let id = id.of(noun.kind);
    let row: M = writer.expect(noun.kind, id, version).await?;
    let mut entry = writer.entry(noun.kind, id);
    figure::remove_of(writer, &mut entry, id).await?;
    writer.remove(&mut entry, row).await?;
    writer.record(entry);
    Ok(id)
}

/// Declares the three commands of one of the four nouns.
macro_rules! commands {
    (
        $field:ident $path:literal: $record:ident $update:ident $remove:ident = $record_action:ident $update_action:ident $remove_action:ident;
        $new:literal $changed:literal $gone:literal $until:literal
    ) => {
        #[doc = $new]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $record {
            /// Whose it is.
            pub owner: OwnerInput,
            /// What it is, in few words.
            pub name: String,
            /// What more there is to say of it.
            pub description: Option<String>,
            /// The assignment of an agreement that it is part of.
            pub assignment: Option<GlobalId>,
            /// The first day; today when left out, null when nobody knows.
            pub from: MaybeUndefined<Date>,
            #[doc = $until]
            pub until: Option<Date>,
            /// Where this is taken from.
            #[graphql(default)]
            pub sources: Vec<QuotedInput>,
            /// Why, for the trail.
            pub reason: Option<String>,
            /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
            pub idempotency_key: Option<String>,
        }

        #[doc = $changed]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $update {
            /// Which.
            pub $field: GlobalId,
            /// The version that was seen.
            pub expected_version: i32,
            /// Whose it is: somebody for whom the asker may record such things.
            pub owner: Option<OwnerInput>,
            /// What it is, in few words.
            pub name: Option<String>,
            /// What more there is to say of it; null for nothing.
            pub description: MaybeUndefined<String>,
            /// The assignment of an agreement that it is part of; null for none.
            pub assignment: MaybeUndefined<GlobalId>,
            /// Its place among those of its owner that begin on the same day.
            pub ordinal: Option<i32>,
            /// The first day; null when nobody knows.
            pub from: MaybeUndefined<Date>,
            /// The day after the last; null for open.
            pub until: MaybeUndefined<Date>,
            /// Where this is taken from: all of it.
            pub sources: Option<Vec<QuotedInput>>,
            /// Whether to say only what would change, and change nothing.
            #[graphql(default)]
            pub dry_run: bool,
            /// Why, for the trail.
            pub reason: Option<String>,
            /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
            pub idempotency_key: Option<String>,
        }

        #[doc = $gone]
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $remove {
            /// Which.
            pub $field: GlobalId,
            /// The version that was seen.
            pub expected_version: i32,
            /// Why, for the trail.
            pub reason: Option<String>,
            /// Names this request: sent again with the same key and input within 24 hours, it gives the same answer and does nothing.
            pub idempotency_key: Option<String>,
        }

        impl Command for $record {
            how!($record_action);

            async fn permit(&self, view: &View) -> Result<Permit, Error> {
                let permit = self.owner.permit(view, Action::$record_action).await?;
                account::seen(view, self.assignment).await?;
                Ok(permit)
            }

            async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
                let new = account::New {
                    owner: self.owner,
                    name: &self.name,
                    description: self.description.as_ref(),
                    assignment: self.assignment,
                    from: &self.from,
                    until: self.until,
                    sources: &self.sources,
                };
                account::record::<Model>(writer, NOUN, new).await
            }
        }

        impl Command for $update {
            how!($update_action, dry_run);

            async fn permit(&self, view: &View) -> Result<Permit, Error> {
                let permit = account::permit(view, Action::$update_action, NOUN, ($path, self.$field)).await?;
                if let Some(owner) = self.owner {
                    owner.permit(view, Action::$record_action).await?;
                }
                account::seen(view, self.assignment.value().copied()).await?;
                Ok(permit)
            }

            async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
                let changes = account::Changes {
                    owner: self.owner,
                    name: self.name.as_ref(),
                    description: &self.description,
                    assignment: &self.assignment,
                    ordinal: self.ordinal,
                    from: &self.from,
                    until: &self.until,
                    sources: self.sources.as_ref(),
                };
                account::change::<Model>(writer, NOUN, (self.$field, self.expected_version), changes).await
            }
        }

        impl Command for $remove {
            how!($remove_action);

            async fn permit(&self, view: &View) -> Result<Permit, Error> {
                account::permit(view, Action::$remove_action, NOUN, ($path, self.$field)).await
            }

            async fn perform(&self, writer: &mut Writer) -> Result<Uuid, Error> {
                account::remove::<Model>(writer, NOUN, (self.$field, self.expected_version)).await
            }
        }
    };
}
pub(in crate::domain) use commands;
